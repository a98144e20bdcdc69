package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hark/desk"
)

var seenMark = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// marked is what a page of a merge says was looked at.
func marked(t *testing.T, a answer) string {
	t.Helper()
	found := seenMark.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("the page has no form: %s", says(a))
	}
	return found[1]
}

// Ben finds the second record of Maria, reads what is on both and what comes of it, gives a reason, and lands on the one record.
func TestTwoRecordsAreMergedOnTheirPage(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@home.example", Name: "Maria Lopez", Phone: "+1 503 555 0142"})
		o.must(err)
		home := o.customer("maria@home.example")
		ben, path, other := o.as(o.ben), "/customers/"+number(o.maria.ID), "/customers/"+number(home.ID)
		if got := ben.get(path); !strings.Contains(got.body, `href="`+path+`/merge"`) {
			t.Errorf("nothing leads from the record to merging it: %s", says(got))
		}
		if got := ben.get(path + "/merge"); !strings.Contains(got.body, path+"/merge?with="+number(home.ID)) {
			t.Errorf("the record of the same name is not offered: %s", says(got))
		}
		both := ben.get(path + "/merge?with=" + number(home.ID))
		both.sees(t, "Stays", "Becomes part of it", "maria@home.example", "+15035550142", "Mail goes to maria@greenfund.example.", "This cannot be undone.")
		seen := marked(t, both)
		if got := ben.post(path+"/merge", form("with", number(home.ID), "reason", " ", "seen", seen)); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity || !strings.Contains(says(got), "Say why these two are one person") {
			t.Errorf("without a reason: %d, %s", got.status, says(got))
		}
		if got := ben.post(path+"/merge", form("with", number(home.ID), "reason", "She told me", "seen", "old")); got.status != http.StatusConflict || !strings.Contains(got.body, "She told me") {
			t.Errorf("what was looked at long ago: %d, %s", got.status, says(got))
		}
		if got := ben.post(path+"/merge", form("with", number(home.ID), "reason", "She told me", "seen", seen)); got.status != http.StatusSeeOther {
			t.Fatalf("merging answers %d: %s", got.status, says(got))
		}
		ben.get(path).sees(t, "maria@home.example", "+15035550142", "Merged with Maria Lopez (maria@home.example): She told me, by Ben")
		if got := ben.get(other); got.status != http.StatusSeeOther {
			t.Errorf("the record that went answers %d: %s", got.status, says(got))
		}
		if got := o.as(o.maria).get(path + "/merge"); got.status != http.StatusNotFound && got.status != http.StatusForbidden {
			t.Errorf("Maria gets %d", got.status)
		}
	})
}

// Ben merges a second ticket of Maria's into her first, and reads on each where the other one is.
func TestTwoTicketsAreMergedOnTheirPage(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		second := o.asks("Tomas Becker <tomas@becker.example>", "Is the donation page down?", 0)
		first := o.asks("Maria Lopez <maria@greenfund.example>", "Donations fail", 0)
		ben, path := o.as(o.ben), "/tickets/"+number(second)
		if got := ben.get(path); !strings.Contains(got.body, `href="`+path+`/merge"`) {
			t.Errorf("nothing leads from the ticket to merging it: %s", says(got))
		}
		ben.get(path+"/merge?q=Donations").sees(t, "#"+number(first)+" Donations fail")
		both := ben.get(path + "/merge?with=" + number(first))
		both.sees(t, "Donations fail", "reads nothing of #"+number(first)+" unless you put them on copy", "nobody is mailed", "This cannot be undone.")
		if got := ben.post(path+"/merge", form("with", number(first), "reason", "One fault", "copy", "yes", "seen", marked(t, both))); got.status != http.StatusSeeOther {
			t.Fatalf("merging answers %d: %s", got.status, says(got))
		}
		ben.get("/tickets/"+number(first)).sees(t, "#"+number(second)+" was merged into this", "merged #"+number(second)+" into this: One fault")
		ben.get(path).sees(t, "Goes on in #"+number(first))
		o.as(o.tomas).get("/requests/"+number(second)).sees(t, "It goes on in request #"+number(first))
		if got := o.as(o.tomas).get("/requests/" + number(second)); strings.Contains(got.body, "One fault") {
			t.Error("Tomas reads colleagues' words")
		}
	})
}

// Ben hands a ticket to billing, with what he has heard; he does not see it afterwards and lands in his inbox. Without a reason he keeps
// what he chose.
func TestSeed001_1_3_ATicketIsHandedOverOnItsPage(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		id := o.asks("Maria Lopez <maria@greenfund.example>", "The invoice is wrong", 0)
		ben, path := o.as(o.ben), "/tickets/"+number(id)+"/hand"
		ben.get("/tickets/"+number(id)).sees(t, `href="`+path+`"`)
		page := ben.get(path)
		page.sees(t, "Hand it over", "Billing", "You are not in it")
		if got := ben.post(path, form("group", number(o.billing.ID), "reason", " ", "key", "k1")); got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity || !strings.Contains(says(got), "Say why you hand it over") {
			t.Errorf("without a reason: %d, %s", got.status, says(got))
		}
		if got := ben.post(path, form("group", number(o.billing.ID), "reason", "She was charged twice.", "key", "k1")); got.status != http.StatusSeeOther {
			t.Fatalf("handing over answers %d: %s", got.status, says(got))
		}
		o.as(o.cem).get("/tickets/"+number(id)).sees(t, "For Billing: She was charged twice.")
		if got := ben.get("/tickets/" + number(id)); got.status != http.StatusNotFound {
			t.Errorf("Ben still sees it: %d", got.status)
		}
	})
}
