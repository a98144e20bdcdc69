package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/web"
)

func leads(t *testing.T, got answer, to string) {
	t.Helper()
	if got.status != 303 || got.header.Get("Location") != to {
		t.Fatalf("answered %d to %q, want 303 to %q: %s", got.status, got.header.Get("Location"), to, excerpt(got.body))
	}
}

func TestAMailboxThatDoesNotWorkIsShownWithItsUsualCauses(t *testing.T) {
	o := opened(t, sqlite(t), func(o *office) {
		o.begin()
		o.options.Try = func(_ context.Context, address, recipient string) []desk.TriedWay {
			return []desk.TriedWay{{Way: "in", Where: "imap", Says: "mail.example does not let " + address + " in: NO [AUTHENTICATIONFAILED]"}, {Way: "out", Where: "smtp", Good: true, Says: "mail.example takes mail to " + recipient}}
		}
	})
	ana := o.as(o.ana)
	leads(t, ana.post("/admin/setup/1", form("company", "The Agency", "product", "", "address", "help@agency.example", "do", "next")), "/admin/setup/2")
	leads(t, ana.post("/admin/setup/2", form("mail", "yes", "portal", "yes", "phone", "no", "number", "", "imap", "imaps://help@mail.example", "imap_password", "a secret of ours", "do", "next")), "/admin/setup/2")
	page := ana.get("/admin/setup/2")
	page.sees(t, "Receiving does not work yet", "NO [AUTHENTICATIONFAILED]", "app password", "IMAP is switched off", "port 993", "Sending works", "ana@agency.example", "Go on without it")
	if strings.Contains(page.body, "a secret of ours") {
		t.Error("the password is sent back to the page")
	}
	leads(t, ana.post("/admin/setup/2", form("do", "anyway")), "/admin/setup/3")
}

func TestAnswersAreKeptAndTheDraftFollowsThem(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	leads(t, ana.get("/admin/setup"), "/admin/setup/1")
	ana.post("/admin/setup/1", form("company", "Green Field", "product", "Allotment", "address", "help@agency.example", "do", "next"))
	leads(t, ana.post("/admin/setup/2", form("do", "leave")), "/admin/setup/3")
	leads(t, ana.get("/admin/setup"), "/admin/setup/3")
	wrong := ana.post("/admin/setup/3", form("zone", "Middle/Earth", "hours", "from nine", "holidays", "none", "do", "next"))
	if wrong.status != 422 {
		t.Fatalf("nonsense is answered with %d", wrong.status)
	}
	wrong.sees(t, "There is no such time zone", "from nine", "Middle/Earth", "Write it like 09:00-17:00")
	leads(t, ana.post("/admin/setup/3", form("zone", "Europe/London", "hours", "9-12", "holidays", "gb-eng", "do", "next")), "/admin/setup/4")
	leads(t, ana.post("/admin/setup/4", form("like", "first-line")), "/admin/setup/4")
	ana.get("/admin/setup/4").sees(t, "Support for Allotment", "Monday 09:00-12:00", "That is a promise.")
	ana.get("/admin/setup/1").sees(t, `value="Green Field"`)
	ana.get("/admin/setup/7").sees(t, "Please confirm", "Nobody has said who has support.")
	if page := o.stranger().get("/support"); strings.Contains(page.body, "Allotment") {
		t.Error("the page is public before it was published")
	}
	leads(t, ana.post("/admin/setup/7", form("do", "next")), "/admin/setup/8")
	o.stranger().get("/support").sees(t, "Support for Allotment", "That is a promise.")
	if page := o.stranger().get("/support"); strings.Contains(page.body, "Please confirm") {
		t.Error("customers read what is not decided")
	}
	ana.get("/support").sees(t, "Please confirm", "Nobody has said who has support.")
	leads(t, ana.post("/admin/setup/8", form("name", "Eva Roth", "email", "eva@agency.example", "role", "agent", "do", "next")), "/admin/setup/ready")
	ana.get("/admin/setup/ready").sees(t, "Your page is published.", "Maria writes", "It is now: Closed", "We have your message", "You hear from us by")
}

// Who writes after the page is published is answered by what it says, and no longer by the policy a new desk begins with.
func TestTheFirstAnswerFollowsThePublishedSetup(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := o.as(o.ana)
		ana.post("/admin/setup/1", form("company", "Green Field", "product", "Allotment", "address", address, "do", "next"))
		ana.post("/admin/setup/3", form("zone", "America/Los_Angeles", "hours", "9-17", "holidays", "none", "do", "next"))
		leads(t, ana.post("/admin/setup/7", form("do", "next")), "/admin/setup/8")
		o.arrives("Iris Bloom <iris@bloom.example>", "Where is my plot?", "", "I cannot find it.")
		if mail := o.mailTo("iris@bloom.example"); !strings.Contains(mail, "somebody will read it") || strings.Contains(mail, "An agent takes it on shortly") {
			t.Errorf("Iris reads %s", mail)
		}
	})
}

func TestADraftChangedByHandIsNotWrittenOverUnasked(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	ana.post("/admin/setup/1", form("company", "Green Field", "product", "", "address", "", "do", "next"))
	o.must(o.desk.SavePolicyDraft(ctx, o.ana.Actor(), 0, desk.PolicyDraft{Source: "policy: hark/v1"}))
	leads(t, ana.post("/admin/setup/3", form("zone", "UTC", "hours", "9-17", "holidays", "none", "do", "next")), "/admin/setup/3")
	ana.get("/admin/setup/3").sees(t, "You have changed the policy by hand", `name="replace"`)
	draft, err := o.desk.PolicyDraft(ctx, o.ana.Actor(), 0)
	o.must(err)
	if draft.Source != "policy: hark/v1" {
		t.Error("what was written by hand is lost")
	}
	leads(t, ana.post("/admin/setup/3", form("zone", "UTC", "hours", "9-17", "holidays", "none", "do", "next", "replace", "yes")), "/admin/setup/4")
}

func TestOldMailIsImportedBehindThePage(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	box := "From iris\nFrom: iris@bloom.example\nTo: " + address + "\nSubject: An old question\nMessage-ID: <old@bloom.example>\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n\nIs it old?\n"
	leads(t, ana.upload("/admin/import/mail", form(), "old.mbox", box, 1), "/admin/import")
	deadline := time.Now().Add(20 * time.Second)
	page := ana.get("/admin/import")
	for strings.Contains(page.body, "Under way") && time.Now().Before(deadline) {
		page = ana.get("/admin/import")
	}
	page.sees(t, "1 mail read: 1 new ticket")
	ana.get("/search?q=old").sees(t, "An old question")
}

func TestATableOfCustomersIsLookedAtBeforeItIsImported(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	table := "Contact;Address\nIris <b>;iris@bloom.example\nNobody;nowhere\n"
	look := ana.post("/admin/import/customers", form("table", table, "email", "1", "name", "0", "organization", "-1", "do", "look"))
	look.sees(t, "Nothing is stored yet. 2 lines read: 1 new customer", "Iris &lt;b&gt;", "nowhere&#34; is no address")
	if _, err := o.desk.Person(ctx, o.ana.Actor(), 99); err == nil {
		t.Error("looking stored somebody")
	}
	done := ana.post("/admin/import/customers", form("table", table, "email", "1", "name", "0", "organization", "-1", "do", "import"))
	done.sees(t, "2 lines read: 1 new customer, 0 added to what was there, 0 known already, 1 left out.")
	ana.post("/admin/import/customers", form("table", "", "do", "look")).sees(t, "Choose a file first.")
}

// A spreadsheet's own letters come through the page that shows them first.
func TestATableInAnotherEncodingKeepsItsLetters(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	look := ana.upload("/admin/import/customers", form("do", "look"), "customers.csv", "Name;E-mail\nJ\xf6rg M\xfcller;joerg@mueller.example\n", 1)
	look.sees(t, "Nothing is stored yet. 1 line read: 1 new customer")
	table := between(look.body, `<textarea name="table" hidden>`, "</textarea>")
	ana.post("/admin/import/customers", form("table", table, "email", "1", "name", "0", "organization", "-1", "do", "import")).sees(t, "1 new customer")
	ana.get("/customers?q=joerg%40mueller.example").sees(t, "Jörg Müller")
}

// One of three addresses is wrong. The first colleague is invited and named, the rows of the others stay as they were typed.
func TestAWrongAddressEmptiesNoRow(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	stopped := ana.post("/admin/setup/8", form("name", "Eva Roth", "email", "eva@agency.example", "role", "agent",
		"name", "Noor Haddad", "email", "noor at agency", "role", "admin", "name", "Ida Holm", "email", "ida@agency.example", "role", "light", "do", "next"))
	if stopped.status != 422 {
		t.Fatalf("answered %d, want 422", stopped.status)
	}
	stopped.sees(t, "noor at agency: ", `value="Noor Haddad"`, `value="noor at agency"`, `value="admin" selected`)
	for _, invited := range []string{"Eva Roth", "Ida Holm"} {
		stopped.sees(t, invited)
		if strings.Contains(stopped.body, `value="`+invited+`"`) {
			t.Errorf("%s is invited and still stands in a row", invited)
		}
	}
	leads(t, ana.post("/admin/setup/8", form("name", "Noor Haddad", "email", "noor@agency.example", "role", "admin", "do", "next")), "/admin/setup/ready")
}

// The second question is stopped because of a number. The servers that were typed stay; passwords are never sent back.
func TestTheSecondQuestionKeepsWhatWasTyped(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	leads(t, ana.post("/admin/setup/1", form("company", "The Agency", "product", "", "address", "help@agency.example", "do", "next")), "/admin/setup/2")
	stopped := ana.post("/admin/setup/2", form("mail", "yes", "portal", "no", "phone", "yes", "number", "", "imap", "imaps://help@mail.example", "imap_password", "a secret of ours", "smtp", "smtp://help@mail.example:587", "do", "next"))
	if stopped.status != 422 {
		t.Fatalf("answered %d, want 422", stopped.status)
	}
	stopped.sees(t, `value="imaps://help@mail.example"`, `value="smtp://help@mail.example:587"`)
	if strings.Contains(stopped.body, "a secret of ours") {
		t.Error("the password is sent back to the page")
	}
	stopped = ana.post("/admin/setup/2", form("mail", "yes", "portal", "no", "phone", "no", "number", "", "imap", "pop3://mail.example", "do", "next"))
	stopped.sees(t, `value="pop3://mail.example"`)
	if stopped.status < 400 || stopped.status > 499 {
		t.Errorf("a server that cannot be one is answered %d", stopped.status)
	}
}

// Ana has answered, Eva goes on. Nobody has changed anything by hand, so nobody is told so; and what Ana answered is published by
// Eva, who is told the truth when there is nothing left to publish.
func TestTwoAdministratorsPrepareOneDesk(t *testing.T) {
	o := open(t, sqlite(t))
	ana, eva := o.as(o.ana), o.as(o.hire("eva@agency.example", "Eva Roth", "admin"))
	ana.post("/admin/setup/1", form("company", "Green Field", "product", "Allotment", "address", "", "do", "next"))
	leads(t, eva.post("/admin/setup/3", form("zone", "Europe/London", "hours", "9-12", "holidays", "gb-eng", "do", "next")), "/admin/setup/4")
	leads(t, ana.post("/admin/setup/4", form("like", "first-line")), "/admin/setup/4")
	if page := eva.get("/admin/setup/5"); strings.Contains(page.body, "by hand") {
		t.Error("Eva is told that she has changed something by hand")
	}
	leads(t, eva.post("/admin/setup/7", form("do", "next")), "/admin/setup/8")
	o.stranger().get("/support").sees(t, "Support for Allotment", "That is a promise.", "Monday 09:00-12:00")
	for _, who := range []*visitor{ana, eva} {
		again := who.post("/admin/setup/7", form("do", "next"))
		if again.status != 409 {
			t.Errorf("publishing again is answered %d, want 409", again.status)
		}
		again.sees(t, "published already, as version")
	}
}

func TestAWeekWithoutAnOpenDayIsNoWeek(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	closed := ana.post("/admin/setup/3", form("zone", "America/Sao_Paulo", "hours", "", "hours", "", "hours", "", "hours", "", "hours", "", "hours", "", "hours", "", "holidays", "none", "do", "next"))
	if closed.status != 422 {
		t.Errorf("answered %d, want 422", closed.status)
	}
	closed.sees(t, "Name a day on which somebody is there")
}

func TestHolidaysAreThoseOfTheCountry(t *testing.T) {
	for zone, want := range map[string]string{
		"America/Sao_Paulo": "none", "America/Toronto": "none", "America/Mexico_City": "none", "America/New_York": "us-federal", "America/Indiana/Knox": "us-federal",
		"Pacific/Honolulu": "us-federal", "Europe/London": "gb-eng", "Europe/Berlin": "none", "Australia/Sydney": "au-nsw", "America/Chicagoland": "none",
	} {
		if got := web.HolidaysIn(zone); got != want {
			t.Errorf("%s keeps %s, want %s", zone, got, want)
		}
	}
}

func TestAPictureIsNoMailbox(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	refused := ana.upload("/admin/import/mail", form(), "photo.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 1)
	if refused.status != 400 && refused.status != 422 {
		t.Errorf("answered %d", refused.status)
	}
	refused.sees(t, "This is a picture; a mailbox file (mbox) is text")
}
