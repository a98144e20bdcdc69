package web_test

import (
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
