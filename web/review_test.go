package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
)

// The review stands beside the case: its keys are on the page, each says what it does, and what came of it is on the ticket.
func TestS1_15_ACaseIsReviewedOnItsPage(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.under("ablecommerce-phone-procedures")
		_, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Level two", Members: []int64{o.ben.ID}})
		o.must(err)
		done, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Totals are wrong", Text: "By two cents, since Monday.", Kind: "other"})
		o.must(err)
		ben, page := o.as(o.ben), "/tickets/"+number(done.Ticket.ID)
		ben.get(page).reads(t, "Review of the case", "Find the user, find out the level of support", "Review it")
		shown := ben.get(page + "/review")
		shown.reads(t, "Review a new case", "version 2010-06-02", "Totals are wrong", "By two cents, since Monday.", "Is it a bug report?", "1 Bug report Gives it to level two.", "Never: give technical support")
		if !strings.Contains(shown.body, `data-key="1"`) || !strings.Contains(shown.body, `data-key="2"`) {
			t.Error("the choices have no keys")
		}
		base := fieldOf(shown.body, "base")
		if got := ben.post(page+"/review", form("step", "kind", "base", base, "key", "9")); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a key that is not on the screen answers %d", got.status)
		}
		if got := ben.post(page+"/review", form("step", "kind", "base", base, "key", "1")); got.status != http.StatusSeeOther {
			t.Fatalf("the key answers %d: %s", got.status, excerpt(got.body))
		}
		ben.get(page+"/review").reads(t, "Assigned to the second line", "Reviewed by Ben Okafor", "The next case")
		ben.get(page).reads(t, "Review of the case Reviewed by Ben Okafor", "Is it a bug report? Bug report", "reviewed this case: Who is it? Found.", "Given to level two.")
		ben.get("/inbox?queue="+number(done.Ticket.Brand)+".review").never(t, "Totals are wrong")
		if got := o.as(o.dora).post(page+"/review", form("step", "kind", "base", "0", "key", "1")); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
			t.Errorf("Dora, who reads along, answers it: %d", got.status)
		}
	})
}
