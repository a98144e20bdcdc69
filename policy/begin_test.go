package policy

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/calendar"
)

var firstDay = calendar.Date{Y: 2026, M: time.November, D: 25}

// greenField is a small company that has answered everything.
func greenField() Answers {
	return Answers{
		Company: "Green Field", Product: "Allotment", Address: "help@greenfield.example", Mail: "yes", Portal: "yes", Phone: "no",
		Zone: "Europe/London", Hours: []string{"9-17", "9-17", "9-17", "9-17", "9:00-12:30, 13-16", "", ""}, Holidays: "gb-eng",
		Reply: "usual", Within: "4bh", First: "2d", Second: "5d", Close: "10d", Reopen: "14d", Whom: "everyone", Asked: true,
		Kinds:  []AskedFor{{"Question", "something you would like to know"}, {"Broken link", ""}},
		Limits: []Outside{{"We do not write texts for your site", "An editor of your choice can."}},
	}
}

// firstPolicyOf begins a policy and fails when it could not be applied.
func firstPolicyOf(t interface {
	Helper()
	Fatalf(string, ...any)
}, a Answers) *Policy {
	t.Helper()
	source := Begin(a, firstDay)
	p, findings := Parse("policy", source)
	if p != nil {
		findings = append(findings, p.Lint()...)
	}
	for _, f := range findings {
		if f.Severity != Note {
			t.Fatalf("%s\n%s", f, source)
		}
	}
	return p
}

func TestAFirstPolicySaysWhatWasAnswered(t *testing.T) {
	p := firstPolicyOf(t, greenField())
	if len(p.Doc.Assumptions) > 0 {
		t.Errorf("everything was answered, and still to confirm: %v", p.Doc.Assumptions)
	}
	page := pageText(t, p)
	for _, says := range []string{
		"help@greenfield.example", "Monday to Thursday 09:00-17:00, Friday 09:00-12:30", "London time",
		"You usually have a first answer within 4 business hours", "we remind you after 2 days and again after 5 days", "After 10 days without an answer it is closed",
		"For 14 days an answer opens the ticket again", "Broken link", "We do not write texts for your site. An editor of your choice can.",
	} {
		if !strings.Contains(page, says) {
			t.Errorf("the page does not say %q:\n%s", says, page)
		}
	}
}

func TestEachAnswerIsOneSentenceOfThePage(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Answers)
		says   []string
		silent []string
	}{
		{"a promise", func(a *Answers) { a.Reply, a.Within = "promise", "1bd" }, []string{"within 1 business day", "That is a promise."}, []string{"not a promise"}},
		{"no time at all", func(a *Answers) { a.Reply = "none" }, []string{"We name no time"}, []string{"business hours"}},
		{"no reminders", func(a *Answers) { a.First, a.Second, a.Close = Never, Never, Never }, []string{"While it waits for you, nothing happens by itself"}, []string{"remind"}},
		{"closing alone", func(a *Answers) { a.First, a.Second = Never, Never }, []string{"hear nothing for 10 days, it is closed"}, []string{"we remind"}},
		{"reminding alone", func(a *Answers) { a.Close = Never }, []string{"It stays open."}, []string{"without an answer it is closed"}},
		{"a telephone", func(a *Answers) { a.Phone, a.Number = "yes", "+44 20 7946 0018" }, []string{"+44 20 7946 0018"}, []string{"booked"}},
		{"calls as an extra", func(a *Answers) { a.Phone = "add-on" }, []string{"Phone support is an extra", "30 minutes", "4 business hours notice"}, nil},
		{"by order", func(a *Answers) { a.Whom, a.Days = "ordered", 365 }, []string{"Ordered within the last 365 days", "Ordered earlier"}, nil},
		{"by plan", func(a *Answers) { a.Whom, a.Plans = "plan", []string{"Team", "Company"} }, []string{"Support is part of Team or Company"}, nil},
		{"by version", func(a *Answers) { a.Whom, a.Versions = "version", 5 }, []string{"Version 5 or newer", "An older version"}, nil},
		{"no form", func(a *Answers) { a.Portal = "no" }, []string{"help@greenfield.example"}, []string{"form on our pages"}},
		{"no mail", func(a *Answers) { a.Mail = "no" }, []string{"form on our pages"}, []string{"help@greenfield.example"}},
		{"no holidays", func(a *Answers) { a.Holidays = "none" }, []string{"London time."}, []string{"except"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := greenField()
			c.change(&a)
			p := firstPolicyOf(t, a)
			page := pageText(t, p)
			for _, says := range c.says {
				if !strings.Contains(page, says) {
					t.Errorf("the page does not say %q:\n%s", says, page)
				}
			}
			for _, says := range c.silent {
				if strings.Contains(page, says) {
					t.Errorf("the page still says %q", says)
				}
			}
		})
	}
}

func TestWhatIsNotAnsweredIsAnAssumption(t *testing.T) {
	p := firstPolicyOf(t, Answers{})
	if len(p.Doc.Assumptions) < 10 {
		t.Errorf("nothing was answered, and only this is to be confirmed: %v", p.Doc.Assumptions)
	}
	for _, a := range p.Doc.Assumptions {
		if p.nodes[a.About] == nil {
			t.Errorf("nobody can look up %q (%s)", a.About, a.Says)
		}
	}
}

func TestAFirstPolicyIsWrittenAsAPersonWould(t *testing.T) {
	source := Begin(greenField(), firstDay)
	if tidy, err := Format(source); err != nil || string(tidy) != string(source) {
		t.Errorf("it is not in the canonical form: %v", err)
	}
	if !strings.HasPrefix(string(source), "# What Green Field promises") || strings.Count(string(source), "\n# ") < 5 {
		t.Errorf("it lost its comments:\n%s", source)
	}
}

func TestAnswersThatCannotBeMeantAreNamed(t *testing.T) {
	for field, change := range map[string]func(*Answers){
		"address":   func(a *Answers) { a.Address = "help at greenfield" },
		"number":    func(a *Answers) { a.Phone, a.Number = "yes", " " },
		"zone":      func(a *Answers) { a.Zone = "Middle/Earth" },
		"close":     func(a *Answers) { a.Second, a.Close = "7d", "5d" },
		"days":      func(a *Answers) { a.Whom = "ordered" },
		"plans":     func(a *Answers) { a.Whom, a.Plans = "plan", []string{" "} },
		"versions":  func(a *Answers) { a.Whom, a.Versions = "version", -1 },
		"hours-tue": func(a *Answers) { a.Hours[1] = "from nine" },
		"hours-fri": func(a *Answers) { a.Hours[4] = "09:00-12:00, 11:00-17:00" },
	} {
		a := greenField()
		change(&a)
		if wrong := a.Wrong(); len(wrong) != 1 || wrong[field] == "" {
			t.Errorf("%s: %v", field, wrong)
		}
	}
	if wrong := greenField().Wrong(); len(wrong) > 0 {
		t.Errorf("nothing is wrong here: %v", wrong)
	}
}

func pageText(t testing.TB, p *Policy) string {
	t.Helper()
	page, err := p.Page("", Live{})
	if err != nil {
		t.Fatal(err)
	}
	return string(page.Markdown())
}

// anything is what people type, and what nobody should.
func anything(t *rapid.T, name string) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "Ärzte & Söhne GmbH", "{{ticket.number}}", "<<end>>", `a "quoted" name: # no comment`, "two\nlines", "1.10", "yes", "null", "- list", "{a: b}", "‮right to left", "\x00\x1b[31m",
			"{{{{.}}}}", "O'Brien", "123", "2026-11-25", strings.Repeat("long ", 100),
		}), rapid.String()).Draw(t, name)
}

func anyAnswers(t *rapid.T) Answers {
	one := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	some := func(name string, most int) (list []string) {
		for range rapid.IntRange(0, most).Draw(t, name) {
			list = append(list, anything(t, name))
		}
		return list
	}
	wait := append([]string{"", Never, "soon"}, Waits...)
	a := Answers{
		Company: anything(t, "company"), Product: anything(t, "product"), Address: one("address", "", "help@greenfield.example", "nonsense", "a@b.c {{x}}"),
		Mail: one("mail", "", "yes", "no"), Portal: one("portal", "", "yes", "no"), Phone: one("phone", "", "yes", "no", "add-on"), Number: anything(t, "number"),
		Zone: one("zone", "", "Europe/London", "Nowhere"), Holidays: one("holidays", "", "none", "us-federal", "au-nsw", "mars"),
		Reply: one("reply", "", "none", "usual", "promise"), Within: one("within", append([]string{"", "1y"}, ReplyTimes...)...),
		First: one("first", wait...), Second: one("second", wait...), Close: one("close", wait...), Reopen: one("reopen", wait...),
		Whom: one("whom", "", "everyone", "ordered", "plan", "version"), Days: rapid.IntRange(-1, 400).Draw(t, "days"), Versions: rapid.IntRange(-1, 12).Draw(t, "versions"),
		Plans: some("plans", 3), Asked: rapid.Bool().Draw(t, "asked"),
	}
	for _, day := range some("days of the week", 7) {
		a.Hours = append(a.Hours, rapid.SampledFrom([]string{"", "9-17", "08:00-12:00, 13:00-18:00", "00:00-24:00", day}).Draw(t, "hours"))
	}
	for _, label := range some("kinds", 4) {
		a.Kinds = append(a.Kinds, AskedFor{label, anything(t, "means")})
	}
	for _, says := range some("limits", 4) {
		a.Limits = append(a.Limits, Outside{says, anything(t, "instead")})
	}
	return a
}

// TestEveryFirstPolicyCanBeApplied holds for whatever is answered: the text parses, has no error, is in the canonical form and
// prints a page.
func TestEveryFirstPolicyCanBeApplied(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		source := Begin(a, firstDay)
		p, findings := Parse("policy", source)
		if p != nil {
			findings = append(findings, p.Lint()...)
		}
		if findings.Errors() > 0 {
			t.Fatalf("%s\n%s", findings[0], source)
		}
		if tidy, err := Format(source); err != nil || string(tidy) != string(source) {
			t.Fatalf("not in the canonical form (%v):\n%s", err, source)
		}
		if page, err := p.Page("", Live{}); err != nil || len(page.Markdown()) == 0 {
			t.Fatalf("no page: %v", err)
		}
	})
}

// A company may be called anything. Nothing is ever filled into a name.
func TestACompanyCalledLikeAPlaceholder(t *testing.T) {
	a := greenField()
	a.Company, a.Product = "{{x}}", ""
	source := Begin(a, firstDay)
	p, findings := Parse("policy", source)
	if p == nil {
		t.Fatal(findings.Carets(source))
	}
	if all := p.Lint(); all.Errors() > 0 {
		t.Error(all.Carets(source))
	}
	page, err := p.Page("", Live{})
	if err != nil || page.Title != "Support at {{x}}" || page.Company != "{{x}}" {
		t.Errorf("the page is called %q by %q (%v)", page.Title, page.Company, err)
	}
}

func TestWrongHoursAreMendedInTheFormsOwnWords(t *testing.T) {
	a := greenField()
	a.Hours = []string{"nine to five"}
	for _, says := range a.Wrong() {
		if strings.Contains(says, "quotes") || !strings.Contains(says, "like 09:00-17:00") {
			t.Errorf("the form says %q", says)
		}
	}
}
