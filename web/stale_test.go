package web_test

import (
	"regexp"
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
)

// A reply that was stopped keeps its formatting and names its files; kept as a draft it is what was written.
func TestD8_AStoppedReplyKeepsItsFormattingAndNamesItsFiles(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, err := o.desk.Answer(ctx, o.ana.Actor(), desk.Answer{Ticket: o.marias, Text: "The page about us."})
		o.must(err)
		path, rich := "/tickets/"+decimal(o.marias)+"/reply", "<p>Please <strong>wait</strong>.</p>"
		ben := o.as(o.ben)
		stopped := ben.upload(path, form("body", "Please wait.", "body_html", rich, "status", "pending", "base", decimal(o.audit)), "plan.pdf", "a plan", 1)
		if stopped.status != 409 {
			t.Fatalf("the reply answered %d: %s", stopped.status, excerpt(stopped.body))
		}
		stopped.reads(t, "Add your files again: plan.pdf")
		stopped.holds(t, `name="body_html" value="&lt;p&gt;Please &lt;strong&gt;wait`, `name="was" value="Please wait."`)
		draft := func(body string) string {
			got := ben.post(path, form("body", body, "was", "Please wait.", "body_html", rich, "base", "1", "do", "keep"))
			if got.status != 303 || o.draft(o.ben.Actor(), o.marias) == "" {
				t.Fatalf("keeping it answered %d: %s", got.status, excerpt(got.body))
			}
			return o.draft(o.ben.Actor(), o.marias)
		}
		if kept := draft("Please wait."); !strings.Contains(kept, "<strong>") {
			t.Errorf("the draft is %q, want its formatting", kept)
		}
		if kept := draft("Please come."); kept != "Please come." {
			t.Errorf("the draft is %q, want the changed words", kept)
		}
	})
}

var hiddenField = regexp.MustCompile(`type="hidden" name="(base|draft)" value="([^"]*)"`)

// Without script nothing keeps Ben from pressing twice on the page that stopped his reply. It goes out once, and both presses say so.
func TestD7_AStoppedReplyThatIsPressedTwiceGoesOutOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, err := o.desk.Answer(ctx, o.ana.Actor(), desk.Answer{Ticket: o.marias, Text: "The page about us."})
		o.must(err)
		ben, path := o.as(o.ben), "/tickets/"+decimal(o.marias)+"/reply"
		stopped := ben.post(path, form("body", "Please wait.", "status", "pending", "base", decimal(o.audit), "draft", decimal(o.audit)))
		again := []string{"body", "Please wait.", "status", "pending"}
		_, aside, _ := strings.Cut(stopped.body, `<section class="stale"`)
		for _, field := range hiddenField.FindAllStringSubmatch(aside, 2) {
			again = append(again, field[1], field[2])
		}
		said := len(o.page(o.marias).Comments)
		for press := range 2 {
			if got := ben.post(path, form(again...)); got.status != 303 {
				t.Errorf("press %d answered %d: %s", press+1, got.status, excerpt(got.body))
			}
		}
		if now := len(o.page(o.marias).Comments); now != said+1 {
			t.Errorf("the reply was said %d times", now-said)
		}
	})
}

// draft is what somebody has begun to answer on a ticket.
func (o *office) draft(a access.Actor, id int64) string {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, a, id)
	o.must(err)
	if page.Draft == nil {
		return ""
	}
	return page.Draft.Body
}

// What a page saves by itself can be on its way when its writer sends it, and arrive later. It is no draft any more: it would stand in the
// composer to be sent again. What they wrote besides is kept.
func TestASaveThatComesAfterTheSendingIsNoDraft(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, path := o.as(o.ben), "/tickets/"+decimal(o.marias)
		save := func(base int64, reply, note string) int {
			return ben.post(path+"/draft", form("base", decimal(base), "body", reply, "note", note)).status
		}
		page, err := o.desk.TicketPage(ctx, o.ben.Actor(), o.marias)
		o.must(err)
		base := page.Last
		if status := save(base, "Please wa", "Maria waits"); status != 204 || o.draft(o.ben.Actor(), o.marias) != "Please wa" {
			t.Fatalf("a save while one writes answers %d", status)
		}
		ben.post(path+"/reply", form("body", "Please wait.", "status", "pending", "base", decimal(base), "draft", "1"))
		if status := save(base, "Please wait.", "Maria waits for us"); status != 409 {
			t.Errorf("a save that comes late answers %d", status)
		}
		page, err = o.desk.TicketPage(ctx, o.ben.Actor(), o.marias)
		o.must(err)
		if page.Draft != nil || page.Note == nil || page.Note.Body != "Maria waits for us" {
			t.Errorf("the composer holds the reply %v and the note %v", page.Draft, page.Note)
		}
		if status := save(page.Last, "And one more thing.", ""); status != 204 || o.draft(o.ben.Actor(), o.marias) != "And one more thing." {
			t.Errorf("the next message's save answers %d", status)
		}
	})
}

// Undo that is pressed twice answers as if it had been pressed once. The words are in the composer again, and the files that went with them
// are named: a draft holds none.
func TestS2_32_UndoTwiceAndTheFilesThatWentWithIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, path := o.as(o.ben), "/tickets/"+decimal(o.marias)
		ben.upload(path+"/reply", form("body", "Here is the plan.", "status", "pending", "draft", "1"), "plan.pdf", "a plan", 1)
		page, err := o.desk.TicketPage(ctx, o.ben.Actor(), o.marias)
		o.must(err)
		for range 2 {
			back := ben.post(path+"/undo/"+decimal(page.Undo.Audit), form())
			if back.status != 303 || !strings.Contains(back.header.Get("Set-Cookie"), "said=files-again") {
				t.Fatalf("undo answers %d: %s", back.status, excerpt(back.body))
			}
		}
		ben.get(path).sees(t, "Here is the plan.", "taken back before it was sent, with plan.pdf")
	})
}
