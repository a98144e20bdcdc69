package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hark/desk"
)

// owned lets Ben write down what somebody owns.
func (o *office) owned(sale desk.Sale) string {
	o.t.Helper()
	sold, err := o.desk.Own(ctx, o.ben.Actor(), sale)
	o.must(err)
	return fmt.Sprint(sold.Project)
}

// Ben writes a project down on Maria's record, gives it another lead and ends it. It belongs to Green Fund, so its record shows it too.
// What cannot be taken is said at its field, and what was chosen stays.
func TestAProjectIsKeptOnTheRecord(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, record := o.as(o.ben), "/customers/"+fmt.Sprint(o.maria.ID)
		ben.get(record).reads(t, "Projects", "Write down a project")
		nameless := ben.post(record+"/owns", form("form", "project", "project", " ", "lead", o.cem.Email))
		if nameless.status != http.StatusUnprocessableEntity || !nameless.says(`href="#project-name"`, `<option value="cem@agency.example" selected>`) {
			t.Errorf("a project without a name is answered %d:\n%s", nameless.status, says(nameless))
		}
		nobody := ben.post(record+"/owns", form("form", "project", "project", "Spring catalogue", "lead", "maria@greenfund.example"))
		if nobody.status != http.StatusUnprocessableEntity || !nobody.says(`href="#project-lead"`, `value="Spring catalogue"`) {
			t.Errorf("Maria as lead is answered %d:\n%s", nobody.status, says(nobody))
		}
		if got := ben.post(record+"/owns", form("form", "project", "project", "Spring catalogue", "lead", o.cem.Email)); got.status != http.StatusSeeOther {
			t.Fatalf("answered %d: %s", got.status, says(got))
		}
		ben.get(record).reads(t, "Spring catalogue Cem Yildiz leads it", "Project Spring catalogue: added, by Ben Okafor")
		ben.get("/organizations/"+fmt.Sprint(o.maria.Organization)).reads(t, "Spring catalogue Cem Yildiz leads it")
		ben.post(record+"/owns", form("form", "project-1", "of-project", "1", "project", "Summer catalogue", "lead", o.ana.Email, "underway", "ended"))
		ben.get(record).reads(t, "Summer catalogue Ended; Ana Ruiz led it", "Project Summer catalogue: lead is Ana Ruiz, was Cem Yildiz, by Ben Okafor", "status is ended, was running")
		o.as(o.dora).get(record).reads(t, "Summer catalogue Ended; Ana Ruiz led it")
		if page := o.as(o.dora).get(record); strings.Contains(page.body, "Write down a project") {
			t.Error("Dora, who keeps no customers, is offered the form")
		}
	})
}

// Two projects of Maria's are running, and the form asks which one. It offers hers alone, and takes no other (B1); what she wrote stays.
func TestACustomerChoosesAmongTheirProjects(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria := o.as(o.maria)
		o.owned(desk.Sale{Organization: "Green Fund", Project: "Spring catalogue", Lead: "Ana Ruiz"})
		maria.get("/requests/new").lacks(t, "Which project it is about")
		site := o.owned(desk.Sale{Organization: "Green Fund", Project: "New website", Lead: "Cem Yildiz"})
		theirs := o.owned(desk.Sale{Email: "tomas@becker.example", Project: "Trade fair", Lead: "Ana Ruiz"})
		page := maria.get("/requests/new")
		page.reads(t, "Which project it is about", "I cannot say", "Spring catalogue", "New website")
		page.lacks(t, "Trade fair")
		o.stranger().get("/requests/new").lacks(t, "Which project it is about")
		asks := func(project, body string) answer {
			return maria.post("/requests/new", form("kind", "project", "fact", "project/project", "value", project, "subject", "Texts", "body", body, "key", nobodysToken+project))
		}
		refused := asks(theirs, "Here is the third round.")
		if refused.status != http.StatusBadRequest || !refused.says(`href="#fact-project-project"`, "Here is the third round.") || refused.says("Trade fair") {
			t.Errorf("Tomas's project is answered %d:\n%s", refused.status, says(refused))
		}
		sent := asks(site, "Here is the third round.")
		if sent.status != http.StatusSeeOther {
			t.Fatalf("answered %d: %s", sent.status, says(sent))
		}
		id := strings.TrimSuffix(strings.TrimPrefix(sent.header.Get("Location"), "/requests/"), "?arrived=yes")
		o.as(o.cem).get("/tickets/"+id).reads(t, "Project New website Cem Yildiz leads it.")
	})
}

// A mail is about one of two projects: the agent says which, beside the conversation. When its lead has left, the ticket and the record
// say so.
func TestAnAgentChoosesTheProjectBesideTheConversation(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, path := o.as(o.ben), "/tickets/"+fmt.Sprint(o.marias)
		o.owned(desk.Sale{Organization: "Green Fund", Project: "Spring catalogue", Lead: "Ana Ruiz"})
		site := o.owned(desk.Sale{Organization: "Green Fund", Project: "New website", Lead: "Cem Yildiz"})
		theirs := o.owned(desk.Sale{Email: "tomas@becker.example", Project: "Trade fair", Lead: "Ana Ruiz"})
		ben.get(path).lacks(t, "which project this is about") // it is a question
		ben.post(path+"/kind", form("kind", "project"))
		page := ben.get(path)
		page.reads(t, "Nobody has said which project this is about.", "Choose the project")
		page.lacks(t, "Trade fair")
		if got := ben.post(path+"/project", form("project", theirs)); got.status != http.StatusBadRequest {
			t.Errorf("Tomas's project is answered %d", got.status)
		}
		ben.post(path+"/project", form("project", site))
		ben.get(path).reads(t, "Project New website Cem Yildiz leads it.", "this is about the project New website")
		left := true
		_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.cem.ID, desk.PersonChange{Suspended: &left})
		o.must(err)
		ben.get(path).reads(t, "Cem Yildiz led it and answers no tickets any more; choose who leads it now.")
		ben.get("/customers/"+fmt.Sprint(o.maria.ID)).reads(t, "New website Cem Yildiz led it and answers no tickets any more; choose who leads it now")
	})
}
