package web_test

import (
	"regexp"
	"strings"
	"testing"

	"hark/desk"
	"hark/policy"
	"hark/store"
)

// Eve makes sure of Carla, in a browser without script: the button, the code in the mail, the field, and the record.
func TestACallerIsVerifiedOnTheScreen(t *testing.T) {
	o, eve := phoneOffice(t)
	v := o.as(eve)
	screen := v.post("/phone", form()).header.Get("Location")
	who := between(v.see(screen+"?q=acme-shop", "acme-shop.example"), `name="who" value="`, `"`)
	v.post(screen+"/choose", form("q", "acme-shop", "who", who))
	page := v.see(screen, "Make sure that it is them", "Send a code to c…@acme-shop.example", "The number they read out", `data-key="v"`)
	v.post(screen+"/code", form("key", between(page, `name="key" value="`, `"`)))
	page = v.see(screen, "A code went to c…@acme-shop.example. It counts until", "Send another", desk.CodeName, "On its way")
	code := o.codeTo("carla@acme-shop.example")
	if strings.Contains(page, code) || strings.Contains(page, code[:3]+" "+code[3:]) {
		t.Error("the screen shows the code")
	}
	if got := v.post(screen+"/verify", form("said", "12")); got.status != 422 || !strings.Contains(got.body, "A code from a mail has 6 digits") {
		t.Errorf("two digits are answered %d: %s", got.status, excerpt(got.body))
	}
	if got := v.post(screen+"/verify", form("said", otherDigit(code))); got.status != 422 || !strings.Contains(got.body, "4 tries are left") {
		t.Errorf("a wrong code is answered %d: %s", got.status, excerpt(got.body))
	}
	v.post(screen+"/verify", form("said", code))
	page = v.see(screen, "Verified: they have proved it")
	if strings.Contains(page, "Make sure that it is them") {
		t.Error("whoever is verified is still to be made sure of")
	}
	v.post(screen+"/end", form("outcome", "-", "note", ""))
	v.see(screen, "How sure", "Verified: they have proved it", "by a code in a mail to them", "Carla Acme has proved who they are")
	for _, m := range []string{"/mail/out", "/mail/out?show=queued"} {
		if log := v.get(m).body; strings.Contains(log, code) {
			t.Errorf("%s shows the code", m)
		}
	}
}

// Somebody has had Carla's address changed a minute ago. The screen says of both addresses what they are worth, and the code goes to the older.
func TestB1_TheScreenSaysThatAnAddressIsOfToday(t *testing.T) {
	o, eve := phoneOffice(t)
	found, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: "carla@acme-shop.example"})
	o.must(err)
	other := "carla@acme-shops.example"
	_, err = o.desk.ChangePerson(ctx, o.ana.Actor(), found.Items[0].ID, desk.PersonChange{Email: &other})
	o.must(err)
	v := o.as(eve)
	screen := v.post("/phone", form()).header.Get("Location")
	who := between(v.see(screen+"?q=acme-shop", "acme-shop.example"), `name="who" value="`, `"`)
	v.post(screen+"/choose", form("q", "acme-shop", "who", who))
	v.see(screen, "c…@acme-shops.example is on file since", "neither that address nor the number on their own page proves who calls", "A code goes to the older one.", "Send a code to c…@acme-shop.example")
}

func otherDigit(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

var codeLine = regexp.MustCompile(`(?m)^(\d{3}) (\d{3})\r?$`)

// codeTo is the code in the newest mail to an address, as its reader finds it.
func (o *office) codeTo(address string) string {
	o.t.Helper()
	found := codeLine.FindStringSubmatch(o.mailTo(address))
	if found == nil {
		o.t.Fatalf("no code went to %s", address)
	}
	return found[1] + found[2]
}

// Carla is signed in on her own page, presses the button there and reads what it shows.
func TestACallerIsVerifiedFromTheirOwnPage(t *testing.T) {
	o, eve := phoneOffice(t)
	carla, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: "carla@acme-shop.example"})
	o.must(err)
	hers := o.as(carla.Items[0])
	hers.see("/portal", "are asked who you are?", `href="/portal/phone"`)
	hers.see("/portal/phone", "press the button", "Read nothing out, and call us back")
	leads(t, hers.post("/portal/phone", form()), "/portal/phone")
	page := hers.see("/portal/phone", "Read this number to whoever you speak with")
	said := between(page, `class="spoken"><span aria-hidden="true">`, "<")
	v := o.as(eve)
	screen := v.post("/phone", form()).header.Get("Location")
	who := between(v.see(screen+"?q=acme-shop", "acme-shop.example"), `name="who" value="`, `"`)
	v.post(screen+"/choose", form("q", "acme-shop", "who", who))
	v.post(screen+"/verify", form("said", said))
	v.see(screen, "Verified: they have proved it")
	hers.see("/portal/phone", "Whoever you speak with knows now that it is you")
}

// A procedure is drawn and told, with its history; colleagues alone see it.
func TestAProcedureIsDrawnAndToldAlike(t *testing.T) {
	o, eve := phoneOffice(t)
	v := o.as(eve)
	path := between(v.see("/phone", "Answer a call, step by step"), `class="phones-script" href="`, `"`)
	page := v.see(strings.ReplaceAll(path, "&amp;", "&"), "Find the account", `id="step-goodbye"`, "Search orders and users by website in order notes", "Never:", "give technical support",
		"First procedures for phone support.", "2 Jun 2010", "KLR", "we answer the phone", "Review a new case")
	drawn, told := between(page, "<svg viewBox", "</svg>"), between(page, `class="procedure-steps"`, "</ol>")
	p := example(t, "ablecommerce-phone-procedures")
	flow, _ := p.Flow("inbound-call")
	for i, s := range flow.Steps {
		number := `<text class="flow-number" x="14"`
		if strings.Count(drawn, number) != len(flow.Steps) || !strings.Contains(drawn, ">"+s.Title+"<") || !strings.Contains(told, `id="step-`+s.ID+`"`) {
			t.Errorf("step %d, %s, is not in both", i+1, s.Title)
		}
	}
	carla, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: "carla@acme-shop.example"})
	o.must(err)
	for _, other := range []*visitor{o.stranger(), o.as(carla.Items[0])} {
		if got := other.get("/handbook/procedures/inbound-call"); got.status == 200 {
			t.Error("somebody who does not work here reads the procedure")
		}
	}
}

func example(t *testing.T, name string) *policy.Policy {
	t.Helper()
	source, _ := policy.Example(name)
	p, findings := policy.Parse(name, source)
	if findings.Errors() > 0 {
		t.Fatal(findings)
	}
	return p
}

// In a draft the drawing shows what leads nowhere, with the line to mend.
func TestADraftedProcedureSaysWhatLeadsNowhere(t *testing.T) {
	o, _ := phoneOffice(t)
	ana := o.as(o.ana)
	ana.see("/admin/policy/edit", `href="/admin/policy/procedures?brand=`)
	source, _ := policy.Example("ablecommerce-phone-procedures")
	text := strings.Replace(string(source), "- {label: Accepts, key: \"1\", go: goodbye}", "- {label: Accepts, key: \"1\"}", 1)
	text = strings.Replace(text, "go: aloud}", "go: stay}", 1)
	o.must(o.desk.SavePolicyDraft(ctx, o.ana.Actor(), 1, desk.PolicyDraft{Source: text}))
	page := ana.see("/admin/policy/procedures", "This choice leads nowhere.", "Nothing leads to the step aloud.", "Nothing leads here", "leads nowhere", "draft")
	line := lineOf(text, "- {label: Accepts")
	if !strings.Contains(page, "Line "+line) || !strings.Contains(page, "at="+line) {
		t.Errorf("the finding does not lead to line %s", line)
	}
	if got := o.as(o.ben).get("/admin/policy/procedures"); got.status != 404 {
		t.Errorf("Ben reads Ana's draft: %d", got.status)
	}
}

func lineOf(text, words string) string {
	before, _, _ := strings.Cut(text, words)
	return number(int64(strings.Count(before, "\n") + 1))
}
