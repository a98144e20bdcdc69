package policy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hark/policy"
)

func printed(t *testing.T, p *policy.Policy, format string, live policy.Live) string {
	t.Helper()
	out, err := p.Print("", format, live)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func says(t *testing.T, page string, sentences ...string) {
	t.Helper()
	for _, s := range sentences {
		if !strings.Contains(page, s) {
			t.Errorf("the page does not say %q:\n%s", s, page)
		}
	}
}

// TestChangingOneDurationChangesThePage: the same edit that makes the reminder wait for a business day is read by
// customers, because the sentence takes its number from the rule.
func TestChangingOneDurationChangesThePage(t *testing.T) {
	before := printed(t, example(t, "customer-support-center"), "markdown", policy.Live{})
	says(t, before, "Without an answer we remind you after 24 hours and again after 5 days. After 7 days the ticket is marked “No Response” and closed.")
	edit := edited(t, "customer-support-center", "reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 1bd")
	after := printed(t, parsed(t, "edited", edit), "markdown", policy.Live{})
	says(t, after, "Without an answer we remind you after 1 business day and again after 5 days.", "After 1 business day from our last question: we send “First reminder”.")
	if strings.Contains(after, "remind you after 24 hours") {
		t.Error("the old number is still there")
	}
}

func TestEveryNumberOfTheSupportCentresPageComesFromARule(t *testing.T) {
	p := example(t, "customer-support-center")
	for _, f := range p.Lint() {
		if f.Rule == "typed-number" {
			t.Errorf("a typed number: %s", f)
		}
	}
	says(t, printed(t, p, "html", policy.Live{}),
		`<span data-rule="lifecycle.timers.reminder-1" title="After 24 hours in Pending, counted from our last question: we send “First reminder”.">24 hours</span>`)
}

func TestTheLifecycleIsAListBeforeItIsADrawing(t *testing.T) {
	page := printed(t, example(t, "customer-support-center"), "markdown", policy.Live{})
	says(t, page,
		"- **Pending**: We asked you something and wait for your answer. It waits for you.\n  - You answer: Open.",
		"  - After 7 days from our last question: it is marked “No Response”, it becomes Closed and we send “Closed without an answer”.",
		"- **Closed**: It can no longer be changed.\n  - You answer: a new ticket begins that names this one.")
}

// TestS2_25_TheFigureIsPrintedWithItsDateAndSample: counting is the desk's; the page says what it rests on.
func TestS2_25_TheFigureIsPrintedWithItsDateAndSample(t *testing.T) {
	at := time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC)
	live := policy.Live{At: at, Figures: map[string]policy.Measured{"first-hour": {Value: "59 %", Sample: 17, At: at}}}
	says(t, printed(t, example(t, "customer-support-center"), "markdown", live),
		"59 % of tickets get an answer within one hour.",
		"59 %: measured on 17 November 2026, last 90 days, 17 tickets.",
		"24 to 30 hours: our own estimate, not measured yet.")
}

// A desk that opened in August has not counted a year, whatever its policy looks back on.
func TestAFigureSaysTheTimeItWasReallyCountedOver(t *testing.T) {
	at, since := time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC), time.Date(2026, 8, 14, 9, 0, 0, 0, time.UTC)
	live := policy.Live{At: at, Figures: map[string]policy.Measured{"volume": {Value: "50", Sample: 162, At: at, Since: since}}}
	page := printed(t, example(t, "customer-support-center"), "markdown", live)
	says(t, page, "50: measured on 17 November 2026, since 14 August 2026, 162 tickets.")
	if strings.Contains(page, "last 365 days, 162") {
		t.Error("the page says that a year was counted")
	}
}

// TestS3_19_OpenNow: Tuesday 14:00 in London is morning in New York and night in Los Angeles.
func TestS3_19_OpenNow(t *testing.T) {
	p := example(t, "piperocks-crm")
	at := time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct{ region, zone, want string }{
		{"us-east", "America/New_York", "Open now, until Tue 17 Nov 17:00 EST."},
		{"us-west", "America/Los_Angeles", "Closed now (outside opening hours), opens Tue 17 Nov 09:00 PST."},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		says(t, printed(t, p, "markdown", policy.Live{At: at, Zone: zone, Region: c.region}), c.want)
	}
	east, _ := time.LoadLocation("America/New_York")
	says(t, printed(t, p, "markdown", policy.Live{At: at.Add(6 * time.Hour), Zone: east, Region: "us-east"}),
		"If you write now, you usually hear from us by Wed 18 Nov 15:00 EST.")
}

func TestWithoutAnInstantNothingIsSaidAboutNow(t *testing.T) {
	page := printed(t, example(t, "piperocks-crm"), "markdown", policy.Live{})
	if strings.Contains(page, "now") && strings.Contains(page, "Open now") {
		t.Errorf("nobody said when the page is read:\n%s", page)
	}
}

func TestPhasesAndLevelsArePrinted(t *testing.T) {
	says(t, printed(t, example(t, "what-happens-next"), "markdown", policy.Live{}),
		"1. **Request received**: Your request has reached the support team. Usual time: 2 business hours to 3 business days.",
		"4. **Plan made**:", "Usual time: none.")
	says(t, printed(t, example(t, "ablecommerce-phone-procedures"), "markdown", policy.Live{}),
		"| The number of days since the licence was ordered is at most 30 | Active support plan | Ordered within the last 30 days |",
		"| Nothing above fits | No active support plan |")
}

func TestThePageIsSemanticAndEscaped(t *testing.T) {
	src := edited(t, "customer-support-center", "title: Customer support center\n    path", "title: \"<script>alert(1)</script> & [x](y)\"\n    path")
	page := printed(t, parsed(t, "hostile", src), "html", policy.Live{})
	if strings.Contains(page, "<script") {
		t.Error("a title becomes a script")
	}
	says(t, page, "<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; [x](y)</h1>", `<article class="policy" lang="en"`, `<h2>The life of a ticket</h2>`,
		`<dl class="lifecycle">`, `<nav aria-label="Contents">`, `<section id="who-answers">`, `data-rule="lifecycle.states lifecycle.moves"`)
	for _, tag := range []string{"article", "section", "div", "p", "ul", "ol", "li", "dl", "dt", "dd", "span", "nav", "h1", "h2"} {
		if open, closed := strings.Count(page, "<"+tag+" ")+strings.Count(page, "<"+tag+">"), strings.Count(page, "</"+tag+">"); open != closed {
			t.Errorf("%d times <%s>, %d times </%s>", open, tag, closed, tag)
		}
	}
	says(t, printed(t, parsed(t, "hostile", src), "markdown", policy.Live{}), `# \<script>alert(1)\</script> & \[x](y)`)
}

func TestEveryPageOfEveryExamplePrints(t *testing.T) {
	live := policy.Live{At: time.Date(2026, 11, 17, 14, 0, 0, 0, time.UTC)}
	for _, name := range policy.Examples() {
		p := example(t, name)
		for _, page := range p.Pages() {
			for _, format := range []string{"html", "markdown", "json"} {
				out, err := p.Print(page, format, live)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(out), "{{") {
					t.Errorf("%s, %s as %s: a placeholder is left", name, page, format)
				}
				if format == "json" && !json.Valid(out) {
					t.Errorf("%s, %s: not JSON", name, page)
				}
			}
		}
	}
}

func TestAPageNobodyWroteIsAnError(t *testing.T) {
	p := example(t, "customer-support-center")
	if _, err := p.Print("imprint", "html", policy.Live{}); err == nil || !strings.Contains(err.Error(), "it has support-center") {
		t.Errorf("the error names the pages there are: %v", err)
	}
	if _, err := p.Print("", "pdf", policy.Live{}); err == nil {
		t.Error("a page is printed as pdf")
	}
}

func TestChannelsThatAreNotPublicStayInside(t *testing.T) {
	src := edited(t, "customer-support-center", "acknowledge: received\n    public: true\n  portal", "acknowledge: received\n    public: false\n  portal")
	if page := printed(t, parsed(t, "inside", src), "markdown", policy.Live{}); strings.Contains(page, "support@example.com") {
		t.Error("an address that is not public is printed")
	}
}

// plainPage is a page as a reader of the text sees it, without marks.
func plainPage(t *testing.T, name string) string {
	t.Helper()
	return strings.NewReplacer("**", "", "\n", " ").Replace(printed(t, example(t, name), "markdown", policy.Live{}))
}

// The pages of the examples read like their sources: somebody who knows the source finds every rule of it.

func TestTheSoapboxPageSaysWhatItsSourceSays(t *testing.T) {
	says(t, plainPage(t, "soapbox-phone-support"),
		"with phone support added to your account, submit a ticket and we arrange a call",
		"Phone support is for customers and people trying the product who have added phone support.",
		"Monday to Friday 08:00-17:00, Eastern Time, except US federal holidays.",
		"Submit a ticket at http://support.picnet.net. Describe the problem or the question, say that you would like a call, and offer several times.",
		"Where writing turns out to be quicker, we solve it in the ticket.",
		"The same as standard support", "Setup:", "Configuration:", "Integration:", "Features:", "Troubleshooting:", "Documentation:",
		"Some changes in Soapbox Engage only our team can make", "HTML or CSS of your template", "Redirects of special addresses", "administrator rights", "The time zone of your account",
		"Support, on the phone too, is for using our own products and for problems in them.",
		"Where another system is the cause, we help to find that out or to rule our product out, and stop there. For example Salesforce.com or a payment gateway.",
		"We read what you wrote and the times you offered, see whether a specialist should take it and whether it is something we support.",
		"Somebody who knows this part calls you, to understand the problem and to look for a way out together.",
		"Your ticket says what was talked about", "We try, you look, and we talk again, as often as it takes.", "there is dancing", "ask how we did",
		"We find out whether others are affected too.", "A fault that affects others too is logged with our engineers.",
		"We tell you roughly when it will be mended, and how to manage until then if there is a sensible way. Then your ticket is closed.",
		"immediately, weeks, months and not in the foreseeable future. We name no dates, because the service changes too quickly",
		"The fault is gone.", "Our release announcements say that it is fixed.",
		"Do you have more questions? Submit a request", "closed for comments")
}

func TestTheProceduresPageSaysWhatItsSourceSays(t *testing.T) {
	says(t, plainPage(t, "ablecommerce-phone-procedures"),
		"For technicians of level one. It applies to all versions of AbleCommerce.", "Valid since 2 June 2010",
		"You do not give technical support; the second line does that.",
		"Find the account, find out the level of support, send the right instructions.",
		"one signs in to an account, which people evaluating have too, chooses the order, and describes the problem well",
		"customers who pay for priority support; everybody with an active plan, new customers and people evaluating among them; and bug reports",
		"which licensed website are you calling about?” (wait) “An order number will do as well, or a name, a company or an email address.”",
		"Is evaluating: ask for the name under which it was downloaded", "Please ask the person who bought AbleCommerce to contact us.",
		"website in order notes, order number, name, company, email or licence key; a part of it is enough", "The search for users looks at more fields.",
		"the history shows all purchases and what is still active",
		"Ordered within the last 30 days", "Is evaluating", "Has been evaluating for several months", "Is hosted by us", "Ordered more than 30 days ago, and no other plan", "Version 5 or older; all support has to be paid for",
		"Licence key: send “FAQ - How to request a key” if the caller has bought a licence", "send “FAQ - How to open a support case”", "Customization: send “FAQ - Development resources”",
		"Hosting or website: send “FAQ - How to open a hosting ticket”", "Wants to report a bug: send “FAQ - How to report a bug”", "send “FAQ - Available support resources”",
		"tells you how to get help. Is there anything else?", "See that the mail arrives, and go through its steps together.",
		"no active support plan", "FAQ - What are my priority support options", "FAQ - Support for versions 5.x and older",
		"support-admin@ablecommerce.com is for compliments or complaints.", "attachments", "2010-06-02: First procedures for phone support. (KLR)")
}

func TestThePiperocksPageSaysWhatItsSourceSays(t *testing.T) {
	says(t, plainPage(t, "piperocks-crm"),
		"the question mark at the lower left, in the sidebar", "help@piperocks.com; for questions from outside the platform", "enterprise@piperocks.com",
		"you usually hear from us within 1 business day", "Often it is there before the time below.", "We keep you informed all the while",
		"Settings of your account, bills, subscriptions and upgrades.", "errors, and setting up integrations", "What features, modules and tools do", "Basic advice on the settings that suit your business.",
		"We do not write code for you, or customize at length. That is not part of Standard support.",
		"Monday to Friday 09:00-17:00 in the local time of your region, except its public holidays. What reaches us outside these hours is taken up at the next opening.",
		"For customers with the Enterprise plan: faster answers, and a representative of your own. Ask at enterprise@piperocks.com.",
		"Submit a ticket or write to us.", "ask for escalation inside the ticket. A senior technician reviews the case.", "A problem of several users, or of a critical function, we put first and escalate ourselves.",
		"Guides, tutorials and answers to frequent questions.", "Videos on setting up", "A forum where users help each other.",
		"Problems of other companies' applications, except the integrations we support.", "Development, scripts and advanced programming.", "Problems of your network that do not come from the platform.", "Versions of the platform that are no longer supported.",
		"We may change this policy at any time, to serve you better. Changes are announced on our website and in the product")
	if page := plainPage(t, "piperocks-crm"); strings.Contains(page, "4 business hours") || strings.Contains(page, "nobody has measured") {
		t.Error("the page tells a time that nobody has confirmed, or a figure that nobody has measured")
	}
}

func TestThePhasesPageSaysWhatItsSourceSays(t *testing.T) {
	says(t, plainPage(t, "what-happens-next"),
		"Bug or wrong data, Feature request and Other question",
		"2 business hours to 3 business days", "4 to 10 business days", "1 to 10 business days", "5 to 10 business days", "4 business hours to 3 business days", "2 to 3 business days", "Usual time: none.",
		"We write to you when we begin to review it, and ask what we need to know.", "You may get questions that narrow it down. Once we know enough we move on.",
		"As soon as there is a plan, you know it.", "how it will be solved, and when, where we can say that", "We write to you when the fix is seen to work in production.", "What's new lists it too.",
		"Say what you need it for, and give examples.", "Then it is considered for the quarter, or decided at once.", "we find out how large it is",
		"whether it goes onto the roadmap of this quarter", "Rough times can move", "The roadmap covers 6 months and is reviewed quarterly. What does not get onto it now can come up again at a later review.",
		"neither a bug nor a feature request", "we ask your customer success manager to suggest some", "To ask further, open the ticket again by answering.",
		"All times are general guidelines.", "how much there is to do, how severe and how deep a problem is, how many customers have it, and whether there is a way around it", "we cannot promise a time")
}

// A sentence that only tells a figure waits until there is one.
func TestAFigureNobodyKnowsIsNotPrinted(t *testing.T) {
	p := example(t, "piperocks-crm")
	measured := policy.Live{Figures: map[string]policy.Measured{"first-answer": {Value: "3 hours", Sample: 40, At: time.Date(2026, 11, 17, 12, 0, 0, 0, time.UTC)}}}
	says(t, printed(t, p, "markdown", measured), "3 hours is how long a first answer usually takes.", "last 90 days, 40 tickets")
}

// A first answer that is stated is told for whoever writes now, by its own clock; what is only expected is told while somebody is
// there, what is not stated never, and news of work that goes on is no answer.
func TestIfYouWriteNow(t *testing.T) {
	friday, saturday := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC), time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	berlin, _ := time.LoadLocation("Europe/Berlin")
	for _, c := range []struct {
		example string
		live    policy.Live
		want    []string
	}{
		{"customer-support-center", policy.Live{At: friday, Zone: berlin, Own: true}, []string{
			"Question: if you write now, you usually hear from us by Fri 20 Nov 17:00 CET, your time.",
			"Work request or Message about a running project: if you write now, you usually hear from us by Mon 23 Nov 23:00 CET, your time."}},
		{"customer-support-center", policy.Live{At: saturday}, []string{"Work request or Message about a running project: if you write now, you usually hear from us by Tue 24 Nov 17:00 EST."}},
		{"piperocks-crm", policy.Live{At: friday, Region: "us-east"}, []string{"If you write now, you usually hear from us by Mon 23 Nov 15:00 UTC."}},
		{"soapbox-phone-support", policy.Live{At: friday}, nil},
		{"what-happens-next", policy.Live{At: friday}, nil},
		{"ablecommerce-phone-procedures", policy.Live{At: friday}, nil},
	} {
		page, err := example(t, c.example).Page("", c.live)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, line := range page.Answers() {
			told = append(told, line.Text)
		}
		if strings.Join(told, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s tells %q, want %q", c.example, told, c.want)
		}
	}
}

// A sentence knows the rules it was printed from: those its words are taken from, else those its block is bound to.
func TestASentenceKnowsItsRules(t *testing.T) {
	from := map[string]string{}
	for _, name := range []string{"customer-support-center", "soapbox-phone-support"} {
		page, err := example(t, name).Page("", policy.Live{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Sections {
			for _, b := range s.Blocks {
				for _, part := range b.Parts {
					for _, span := range part.Text {
						from[strings.TrimSpace(span.Text)] = strings.Join(span.From, " ")
					}
				}
			}
		}
	}
	for words, rules := range map[string]string{
		"After":                              "lifecycle.timers.no-response",
		"Pending: we mailed you a question.": "lifecycle.timers.reminder-1 lifecycle.timers.reminder-2 lifecycle.timers.no-response",
		"A ticket you already have stays with the agent who answered it first.": "routing.existing",
		"Come here first when something should be done, mended or explained.":   "",
		"Where writing turns out to be quicker, we solve it in the ticket.":     "calls",
	} {
		if got, printed := from[words]; !printed || got != rules {
			t.Errorf("%q comes from %q (printed: %v), want %q", words, got, printed, rules)
		}
	}
}

// Nobody binds by hand what is taken from a rule.
func TestASentenceThatTakesItsNumberFromARuleIsBound(t *testing.T) {
	p := parsed(t, "unbound", edited(t, "customer-support-center", ", binds: [lifecycle.timers.lock-solved, messages.solved]", ""))
	for _, f := range p.Lint() {
		if f.Severity == policy.Error {
			t.Errorf("%s", f)
		}
	}
	if told := p.ToldIn("lifecycle.timers.lock-solved"); told.Page == "" {
		t.Error("nobody knows where the page tells of it")
	}
}
