package web_test

import (
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// A machine writes to a closed ticket, and Ana discards what a stranger wrote. The mail log says so, and that nothing waits there.
func TestTheMailLogSaysHeldOnlyOfWhatWaits(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	waits := "/mail/in/" + number(o.held)
	if page := ana.get(waits); !strings.Contains(page.body, "Held: ") || !strings.Contains(page.body, "Discard") {
		t.Fatalf("the stranger's mail is shown as %s", excerpt(page.body))
	}
	o.must(o.desk.DiscardHeld(ctx, o.ana.Actor(), o.held))
	_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.marias, Text: "Done.", Status: "solved"})
	o.must(err)
	o.advance(60 * 24 * time.Hour)
	ours := o.page(o.marias).Outgoing
	machine := o.arrives("Maria Lopez <maria@greenfund.example>", "Automatic reply", "Auto-Submitted: auto-replied\r\nIn-Reply-To: "+ours[len(ours)-1].MessageID+"\r\n", "I am away.")
	ana = o.as(o.ana) // two months later
	for path, says := range map[string]string{waits: "Nothing to decide: discarded by Ana", "/mail/in/" + number(machine.ID): "Nothing to decide: a machine wrote to a closed ticket"} {
		if page := ana.get(path); !strings.Contains(page.body, says) || strings.Contains(page.body, "Held: ") {
			t.Errorf("%s does not say %q: %s", path, says, excerpt(page.body))
		}
	}
	if list := ana.get("/mail/in"); strings.Count(list.body, "Nothing to decide: ") != 2 || strings.Contains(list.body, "Held: ") {
		t.Errorf("the list: %s", excerpt(list.body))
	}
}
