package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"hark/access"
	"hark/desk"
	"hark/policy"
)

// mainPages are the pages of the five examples: what customers read, and of a policy for colleagues what they read.
var mainPages = map[string]string{
	"ablecommerce-phone-procedures": "/handbook/phone", "customer-support-center": "/support", "piperocks-crm": "/support/policy",
	"soapbox-phone-support": "/support/phone", "what-happens-next": "/support/what-happens-next",
}

// fivePages goes through them as somebody of the staff who may not change them.
func fivePages(t *testing.T, look func(t *testing.T, o *office, example, path string)) {
	each(t, func(t *testing.T, o *office) {
		for _, example := range policy.Examples() {
			o.runs(example)
			t.Run(example, func(t *testing.T) { look(t, o, example, mainPages[example]) })
		}
	})
}

var saysAFigure = regexp.MustCompile(`(?i)[0-9]|\b(minutes?|hours?|days?|weeks?|months?|quarter(ly)?|years?)\b`)

// Whatever a page states in figures or times was printed from a rule, and leads to it: the words know the path, and a mark beside
// them opens the rule in words.
func TestX05_EverySentenceWithAFigureLeadsToItsRule(t *testing.T) {
	fivePages(t, func(t *testing.T, o *office, example, path string) {
		p, _, err := o.desk.Running(ctx, 1)
		o.must(err)
		page := o.as(o.ben).get(path)
		if page.status != 200 {
			t.Fatalf("%s answers %d", path, page.status)
		}
		found := 0
		for _, said := range sentencesOn(t, page.body) {
			if !saysAFigure.MatchString(said.words) {
				continue
			}
			found++
			if said.rule == "" {
				t.Errorf("%q leads to no rule", said.words)
				continue
			}
			if p.Line(said.rule) == 0 {
				t.Errorf("%q leads to %s, which is not in the policy", said.words, said.rule)
			}
			if !strings.Contains(page.body, `<code class="why-name">`+said.rule+`</code>`) {
				t.Errorf("%q: no mark opens %s", said.words, said.rule)
			}
		}
		if found < 3 {
			t.Errorf("only %d sentences with a figure were found", found)
		}
		if strings.Contains(page.body, "/admin/policy") {
			t.Error("somebody who may not change the policy is led to its editor")
		}
	})
}

// What states no rule says so by leading nowhere.
func TestAGreetingLeadsToNoRule(t *testing.T) {
	o := opened(t, sqlite(t), func(*office) {})
	for _, said := range sentencesOn(t, o.as(o.ben).get("/support").body) {
		if strings.HasPrefix(said.words, "Come here first") && said.rule != "" {
			t.Errorf("the welcome leads to %s", said.rule)
		}
	}
}

// One click from the sentence, the editor stands at the lines of its rule.
func TestAnAdministratorChangesARuleFromItsSentence(t *testing.T) {
	fivePages(t, func(t *testing.T, o *office, example, path string) {
		ana := o.as(o.ana)
		links := regexp.MustCompile(`href="(/admin/policy/edit\?at=[^"]+)"`).FindAllStringSubmatch(ana.get(path).body, -1)
		if len(links) < 5 {
			t.Fatalf("%d rules can be changed from the page", len(links))
		}
		for _, link := range []string{links[0][1], links[len(links)-1][1]} {
			address, _, _ := strings.Cut(html.UnescapeString(link), "#")
			if got := ana.get(address); got.status != 200 || !strings.Contains(got.body, "data-place") {
				t.Errorf("%s answers %d and shows no lines", address, got.status)
			}
		}
	})
}

// Who reads the page asks first: are they there, and when would I hear from them. Both are told on the reader's clock; a policy
// that states no first answer has none invented.
func TestEveryPageSaysWhatHoldsNow(t *testing.T) {
	answers := map[string][]string{
		"customer-support-center": {"Question: if you write now, you usually hear from us by Mon 23 Nov 17:00 CET, your time.", "you usually hear from us by Tue 24 Nov 23:00 CET, your time."},
		"piperocks-crm":           {"If you write now, you usually hear from us by Tue 24 Nov 16:00 CET, your time."},
	}
	fivePages(t, func(t *testing.T, o *office, example, path string) {
		o.until(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)) // Monday, 10:00 in New York
		reader := o.as(o.ben)
		if example != "ablecommerce-phone-procedures" {
			reader = o.stranger()
			reader.cookie = &http.Cookie{Name: "zone", Value: "Europe/Berlin"}
		}
		aside := regexp.MustCompile(`(?s)<aside class="policy-now".*?</aside>`).FindString(reader.get(path).body)
		now := visible(aside)
		if !regexp.MustCompile(`(Open|Closed)( now)?`).MatchString(now) {
			t.Errorf("it does not say whether anybody is there: %s", now)
		}
		for _, want := range answers[example] {
			if !strings.Contains(now, want) {
				t.Errorf("it does not say %q: %s", want, now)
			}
		}
		if len(answers[example]) == 0 && strings.Contains(strings.ToLower(now), "if you write") {
			t.Errorf("a first answer is told that the policy does not state: %s", now)
		}
	})
}

// until moves the clock to an instant, where it is not there yet.
func (o *office) until(at time.Time) {
	if by := at.Sub(o.clock.Now()); by > 0 {
		o.advance(by)
	}
}

// said is one sentence of a page and the rule it leads to.
type said struct{ words, rule string }

// sentencesOn are the texts in the sections of a policy's page and above them, without headings and what marks open.
func sentencesOn(t *testing.T, page string) (all []said) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node, inside bool, rule string)
	walk = func(n *html.Node, inside bool, rule string) {
		if n.Type == html.TextNode && inside && strings.TrimSpace(n.Data) != "" {
			all = append(all, said{strings.Join(strings.Fields(n.Data), " "), rule})
		}
		class := attr(n, "class")
		if slices.Contains([]string{"h2", "button", "nav", "svg", "select", "thead", "caption"}, n.Data) && n.Type == html.ElementNode || strings.HasPrefix(class, "popover") {
			return
		}
		inside = inside || class == "policy-section" || class == "policy-now"
		if own := attr(n, "data-rule"); own != "" {
			rule = own
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside, rule)
		}
	}
	walk(doc, false, "")
	return all
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Ana presses Apply twice, where no script holds the second press back. It is one version, and she reads it.
func TestApplyPressedTwiceLeadsToTheVersion(t *testing.T) {
	changed := func(o *office, ana rules) string {
		ana.send("/admin/policy/edit", "source", strings.Replace(ana.source(), "after: 24h, since", "after: 1bd, since", 1), "do", "check")
		return ana.drawn()
	}
	each(t, func(t *testing.T, o *office) {
		ana := rules{o.as(o.ana)}
		drawn := changed(o, ana)
		press := func() answer {
			return ana.sendFrom(drawn, "/admin/policy/apply", "open", "keep", "reason", "Weekends are for resting.")
		}
		first := press()
		versions, err := o.desk.PolicyHistory(ctx, 1)
		o.must(err)
		second := press()
		if to := second.header.Get("Location"); first.status != 303 || second.status != 303 || to != desk.VersionPath(versions[0].ID) {
			t.Fatalf("the presses are answered %d and %d, leading to %q", first.status, second.status, to)
		}
		ana.cookie = (&http.Response{Header: second.header}).Cookies()[0]
		ana.follow(second).reads(t, "You applied it already. It is in force.", "after 1 business day")
		if again, _ := o.desk.PolicyHistory(ctx, 1); len(again) != len(versions) {
			t.Errorf("there are %d versions, want %d", len(again), len(versions))
		}
	})
	each(t, func(t *testing.T, o *office) { // a colleague was faster
		ana := rules{o.as(o.ana)}
		drawn := changed(o, ana)
		source, _ := policy.Example("customer-support-center")
		elif := o.hire("elif@harbourfield.example", "Elif Demir", access.Admin)
		_, err := o.desk.ApplyPolicy(ctx, elif.Actor(), desk.NewPolicy{Brand: 1, File: "p.yaml", Source: []byte(strings.Replace(string(source), "after: 5d", "after: 6d", 1)), Reason: "Six days."})
		o.must(err)
		got := ana.sendFrom(drawn, "/admin/policy/apply", "open", "keep", "reason", "Weekends are for resting.")
		if got.status != 409 {
			t.Fatalf("answered %d, want 409", got.status)
		}
		got.reads(t, "was applied since you began")
		got.sees(t, `value="Weekends are for resting."`)
	})
}

// Whatever a sentence begins with keeps the letters it is written in.
func TestASentenceLeavesNamesAsTheyAreWritten(t *testing.T) {
	o := open(t, sqlite(t))
	ana := rules{o.as(o.ana)}
	ana.send("/admin/policy/edit", "source", strings.Replace(ana.source(), "policy: hark/v1\n", "mood: good\n", 1), "do", "check").
		reads(t, "This file does not say that it is a policy.", "Begin it with policy: hark/v1.", "Write one of the keys that hark policy schema lists.")
	source, _ := policy.Example("customer-support-center")
	ana.send("/admin/policy/edit", "source", strings.Replace(string(source), "binds: [lifecycle.timers.lock-solved, messages.solved]", "binds: [messages.solved]", 1), "do", "check").
		reads(t, "lifecycle.timers.lock-solved affects customers and is not on the page.")
}
