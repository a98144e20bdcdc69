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
