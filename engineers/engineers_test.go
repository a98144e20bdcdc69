package engineers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hark/engineers"
	"hark/fault"
	"hark/issue"
)

func project(t *testing.T, address string) engineers.Project {
	t.Helper()
	p, err := engineers.ProjectAt(address, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// An address copied out of a browser says which tracker it is and which project.
func TestAnAddressSaysWhichTrackerItIs(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/acme/shop":                                      "GitHub acme/shop at github.com",
		" https://GitHub.com/acme/shop.git ":                                "GitHub acme/shop at github.com",
		"https://github.com/acme/shop/issues?q=is%3Aopen":                   "GitHub acme/shop at github.com",
		"https://github.acme.example:8443/web/shop":                         "GitHub web/shop at github.acme.example:8443",
		"https://gitlab.com/acme/web/shop/-/issues":                         "GitLab acme/web/shop at gitlab.com",
		"https://code.acme.example/web/shop/-/boards":                       "GitLab web/shop at code.acme.example",
		"https://acme.atlassian.net/browse/SHOP":                            "Jira SHOP at acme.atlassian.net",
		"https://acme.atlassian.net/jira/software/c/projects/SHOP/boards/1": "Jira SHOP at acme.atlassian.net",
		"https://tools.acme.example/jira/browse/SHOP-812":                   "Jira SHOP at tools.acme.example",
	} {
		p := project(t, address)
		if got := p.Kind.Says() + " " + p.String(); got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
		if again, err := engineers.ProjectAt(p.URL(), p.Kind); err != nil || again != p {
			t.Errorf("%s leads to %s, which is %v (%v)", address, p.URL(), again, err)
		}
	}
	if p := project(t, "https://tools.acme.example/jira/browse/SHOP-812"); p.Base != "https://tools.acme.example/jira" {
		t.Errorf("one's own Jira lies at %s", p.Base)
	}
	if p, err := engineers.ProjectAt("https://code.acme.example/web/shop", engineers.GitLab); err != nil || p.Name != "web/shop" {
		t.Errorf("with the kind chosen: %v, %v", p, err)
	}
}

func TestWhatIsNoProjectIsRefused(t *testing.T) {
	for _, address := range []string{
		"", "acme/shop", "http://github.com/acme/shop", "https://github.com/acme", "https://ana:secret@github.com/acme/shop", "https://code.acme.example/web/shop",
		"https://github.com/../../etc", "https://github.com/acme/sh op", "https://acme.atlassian.net/jira/your-work", "javascript:alert(1)", "https:///x/y",
		"https://gitlab.com/-/issues", "https://github.com/acme/" + strings.Repeat("x", 600),
	} {
		if p, err := engineers.ProjectAt(address, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is %v (%v)", address, p, err)
		}
	}
	if _, err := engineers.ProjectAt("https://github.com/acme/shop", "trello"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a tracker we do not know: %v", err)
	}
}

// The address of an entry is told from any other: of another project, of a pull request, of a page like it elsewhere.
func TestAnEntryOfTheProjectIsRecognised(t *testing.T) {
	for address, want := range map[string]map[string]string{
		"https://github.com/acme/shop": {
			"https://github.com/acme/shop/issues/812": "812", "https://github.com/Acme/Shop/issues/812#issuecomment-1": "812",
			"https://github.com/acme/shop/pull/812": "", "https://github.com/acme/shop2/issues/812": "", "https://github.com.evil.example/acme/shop/issues/812": "",
			"https://github.com/acme/shop/issues": "", "https://github.com/acme/shop/issues/0": "", "": "",
		},
		"https://gitlab.com/acme/web/shop": {
			"https://gitlab.com/acme/web/shop/-/issues/812": "812", "https://gitlab.com/acme/web/shop/-/work_items/812": "812", "https://gitlab.com/acme/web/shop/issues/812": "812",
			"https://gitlab.com/acme/web/-/issues/812": "", "https://gitlab.com/acme/web/shop/-/merge_requests/812": "",
		},
		"https://acme.atlassian.net/browse/SHOP": {
			"https://acme.atlassian.net/browse/SHOP-812": "SHOP-812", "https://acme.atlassian.net/browse/shop-812": "SHOP-812", "https://acme.atlassian.net/browse/SHOP": "",
			"https://acme.atlassian.net/browse/SHOPS-812": "", "https://other.atlassian.net/browse/SHOP-812": "",
		},
	} {
		p := project(t, address)
		for entry, want := range want {
			name, ok := p.Entry(entry)
			if ok != (want != "") || ok && name != want {
				t.Errorf("%s: %s is %q (%v), want %q", p, entry, name, ok, want)
			}
		}
	}
}

var totals = issue.Issue{
	ID: 12, Title: "Totals are off by a few cents", Reach: issue.SystemWide, Severity: issue.Serious, Customers: 12, Tickets: 14, State: issue.Open,
	Happens:    "Maria Lopez (maria@greenfund.example, +1 206 555 0142) sees it since Monday.\n/close\n@acme/everybody look at [~admin]\r\nEach line is rounded first.",
	Workaround: "Export the list.",
}

// What the engineers read says what is wrong and how many have it, and not who. Words that would do something there do nothing.
func TestTheEngineersReadNothingOfWhoTheCustomersAre(t *testing.T) {
	l := engineers.Report{Issue: totals, Record: "https://desk.example/problems/12", Names: reporters(totals, "Maria Lopez", "Jo")}.Open("hark0123")
	for _, want := range []string{"since Monday", "> Export the list.", "Severity: serious. It affects everybody.", "Reported by 12 customers on 14 tickets.", "https://desk.example/problems/12 (hark0123)", "(a customer)"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the letter does not say %q:\n%s", want, l.Text)
		}
	}
	for _, never := range []string{"Maria", "greenfund", "555", "\n/close", "@acme", "[~admin", "\r"} {
		if strings.Contains(l.Text, never) {
			t.Errorf("the letter says %q:\n%s", never, l.Text)
		}
	}
	if l.Title != totals.Title {
		t.Errorf("its title is %q", l.Title)
	}
}

// reporters are people who have reported a known problem, of the Greenfund.
func reporters(i issue.Issue, people ...string) *engineers.Names {
	names := engineers.NamesIn(i)
	for _, name := range people {
		names.Add(name, "Greenfund GmbH", "green-fund.example")
	}
	return names
}

// Names are taken out as whole words, however somebody is called there; words in which they stand, numbers and days stay.
func TestNamesAreWholeWords(t *testing.T) {
	for text, want := range map[string]string{
		"Maria writes that customers lose cents.":             "(a customer) writes that customers lose cents.",
		"The issue is with maximum sums of Sue and of Max's.": "The issue is with maximum sums of (a customer) and of (a customer)'s.",
		"maria lopez and MARIA-LOPEZ see it, Mrs Lopez too":   "(a customer) and (a customer) see it, Mrs (a customer) too",
		"It will do, mark my words, say Will and Mark Wells.": "It will do, mark my words, say (a customer) and (a customer).",
		"José sees it, Joséphine does not.":                   "(a customer) sees it, Joséphine does not.",
		"Anna of the Berg family, not van den Berg":           "(a customer) of the (a customer) family, not van den (a customer)",
		"At Greenfund, greenfund and on green-fund.example":   "At (an organisation), (an organisation) and on (an organisation).example",
		"The Greenfunds are others.":                          "The Greenfunds are others.",
		"Call 0301 234567 or (030) 1234-567 in Berlin":        "Call (a telephone number) or (a telephone number) in Berlin",
		"Call +1 206 555 0142, 206-555-0142, 0049 30 1234567": "Call (a telephone number), (a telephone number), (a telephone number)",
		"Since 2026-11-05 10:30, 05/11/2026 and 01.02.2026":   "Since 2026-11-05 10:30, 05/11/2026 and 01.02.2026",
		"0.00000001 of 1204.50, order 100023, 10.0.0.1 fails": "0.00000001 of 1204.50, order 100023, 10.0.0.1 fails",
		"ana@greenfund.example and nobody else":               "(a mail address) and nobody else",
	} {
		i := issue.Issue{ID: 1, Title: text}
		names := reporters(i, "Maria Lopez", "Sue", "Max", "Will Mark Wells", "José", "Anna van den Berg")
		if got := (engineers.Report{Issue: i, Names: names}).Open("m").Title; strings.ReplaceAll(got, "\u200b", "") != want {
			t.Errorf("%q\nbecomes %q\nwant    %q", text, got, want)
		}
	}
}

// A comment says what is new, and fewer customers are no news.
func TestAnEngineerIsToldWhatIsNew(t *testing.T) {
	fewer, more := totals, totals
	fewer.Customers = 3
	if told := engineers.ToldOf(totals); told.IsNews(totals) || told.IsNews(fewer) {
		t.Error("the same, or less, is news")
	}
	more.Customers, more.Tickets, more.Severity, more.State = 40, 41, issue.Critical, issue.Fixed
	before := engineers.ToldOf(totals)
	if !before.IsNews(more) {
		t.Error("more customers are no news")
	}
	text := engineers.Report{Issue: more, Record: "https://desk.example/problems/12"}.Comment(before, "hark9").Text
	for _, want := range []string{"Reported by 40 customers on 41 tickets now; it was 12 customers", "Severity: critical. It was serious.", "seen it work in production", "(hark9)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the comment does not say %q:\n%s", want, text)
		}
	}
}

const secret = "5f2c0b8e4d6a91c3"

func delivery(body string, headers ...string) engineers.Delivery {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return engineers.Delivery{Body: []byte(body), Header: h.Get}
}

// A delivery counts when it was made with the secret, by the header of its own tracker.
func TestADeliveryIsSigned(t *testing.T) {
	const body = `{"issue":{}}`
	right := engineers.Sign([]byte(body), secret)
	for _, one := range []struct {
		address, header, value string
		signed                 bool
	}{
		{"https://github.com/acme/shop", "X-Hub-Signature-256", right, true},
		{"https://github.com/acme/shop", "X-Hub-Signature", right, false},
		{"https://github.com/acme/shop", "X-Hub-Signature-256", engineers.Sign([]byte(body+" "), secret), false},
		{"https://github.com/acme/shop", "X-Hub-Signature-256", engineers.Sign([]byte(body), ""), false},
		{"https://github.com/acme/shop", "X-Hub-Signature-256", "", false},
		{"https://github.com/acme/shop", "X-Gitlab-Token", secret, false},
		{"https://acme.atlassian.net/browse/SHOP", "X-Hub-Signature", right, true},
		{"https://acme.atlassian.net/browse/SHOP", "X-Hub-Signature", strings.TrimPrefix(right, "sha256="), false},
		{"https://gitlab.com/acme/shop", "X-Gitlab-Token", secret, true},
		{"https://gitlab.com/acme/shop", "X-Gitlab-Token", secret[1:], false},
		{"https://gitlab.com/acme/shop", "X-Gitlab-Token", "", false},
	} {
		if got := project(t, one.address).Signed(delivery(body, one.header, one.value), secret); got != one.signed {
			t.Errorf("%s with %s: %s is signed: %v", one.address, one.header, one.value, got)
		}
	}
}

// Closed is not always done: only where the tracker's words say otherwise was the work declined.
func TestWhatWasClosedAndNotDone(t *testing.T) {
	for says, declined := range map[string]bool{"closed as not planned": true, "closed as duplicate": true, "Won’t do": true, "closed as completed": false, "closed": false, "Done": false} {
		if got := (engineers.Entry{State: engineers.Closed, Says: says}).Declined(); got != declined {
			t.Errorf("“%s” is declined: %v", says, got)
		}
	}
	if (engineers.Entry{State: engineers.Open, Says: "Rejected"}).Declined() {
		t.Error("what is open is declined")
	}
}

// What each tracker says of an issue, in its own shape, as one entry.
func TestWhatATrackerTells(t *testing.T) {
	at := time.Date(2026, 11, 19, 22, 12, 0, 0, time.UTC)
	gitHub := func(state, reason string) string {
		return fmt.Sprintf(`{"action":"closed","issue":{"number":812,"state":%q,"state_reason":%s,"updated_at":"2026-11-19T22:12:00Z","html_url":"javascript:alert(1)"},"repository":{"full_name":"Acme/shop"}}`, state, reason)
	}
	for _, one := range []struct{ address, body, want string }{
		{"https://github.com/acme/shop", gitHub("closed", `"not_planned"`), "812 closed closed as not planned https://github.com/acme/shop/issues/812"},
		{"https://github.com/acme/shop", gitHub("open", "null"), "812 open open https://github.com/acme/shop/issues/812"},
		{"https://gitlab.com/acme/shop", `{"object_kind":"issue","project":{"path_with_namespace":"acme/shop"},"object_attributes":{"iid":812,"state":"closed","updated_at":"2026-11-19 22:12:00 UTC"}}`,
			"812 closed closed https://gitlab.com/acme/shop/-/issues/812"},
		{"https://acme.atlassian.net/browse/SHOP", `{"webhookEvent":"jira:issue_updated","timestamp":1795126320000,"issue":{"key":"SHOP-812","fields":{"status":{"name":" In\n review","statusCategory":{"key":"indeterminate"}}}}}`,
			"SHOP-812 open In review https://acme.atlassian.net/browse/SHOP-812"},
		{"https://acme.atlassian.net/browse/SHOP", `{"issue":{"key":"SHOP-812","fields":{"updated":"2026-11-19T17:12:00.000-0500","status":{"name":"Done","statusCategory":{"key":"done"}}}}}`,
			"SHOP-812 closed Done https://acme.atlassian.net/browse/SHOP-812"},
	} {
		e, about := project(t, one.address).Tells([]byte(one.body))
		if got := fmt.Sprint(e.Name, " ", e.State, " ", e.Says, " ", e.URL); !about || got != one.want || !e.At.Equal(at) {
			t.Errorf("%s says %q at %s (%v), want %q", one.address, got, e.At, about, one.want)
		}
	}
}

// Everything else says nothing of an entry of ours.
func TestWhatIsNotAboutAnEntryOfTheProject(t *testing.T) {
	for _, one := range []struct{ address, body string }{
		{"https://github.com/acme/shop", `{"zen":"Keep it logically awesome.","repository":{"full_name":"acme/shop"}}`},
		{"https://github.com/acme/shop", `{"issue":{"number":812,"state":"closed"},"repository":{"full_name":"acme/other"}}`},
		{"https://github.com/acme/shop", `{"issue":{"number":812,"state":"closed","pull_request":{}},"repository":{"full_name":"acme/shop"}}`},
		{"https://github.com/acme/shop", `{"issue":{"number":-1,"state":"closed"},"repository":{"full_name":"acme/shop"}}`},
		{"https://github.com/acme/shop", `{"issue":{"number":812,"state":"locked"},"repository":{"full_name":"acme/shop"}}`},
		{"https://github.com/acme/shop", `{"issue":`}, {"https://github.com/acme/shop", ``}, {"https://github.com/acme/shop", `[]`},
		{"https://gitlab.com/acme/shop", `{"object_kind":"merge_request","project":{"path_with_namespace":"acme/shop"},"object_attributes":{"iid":812,"state":"closed"}}`},
		{"https://gitlab.com/acme/shop", `{"object_kind":"issue","project":{"path_with_namespace":"acme/shop2"},"object_attributes":{"iid":812,"state":"closed"}}`},
		{"https://acme.atlassian.net/browse/SHOP", `{"issue":{"key":"OTHER-812","fields":{"status":{"statusCategory":{"key":"done"}}}}}`},
		{"https://acme.atlassian.net/browse/SHOP", `{"issue":{"key":"SHOP-8'--","fields":{"status":{"statusCategory":{"key":"done"}}}}}`},
	} {
		if e, about := project(t, one.address).Tells([]byte(one.body)); about {
			t.Errorf("%s: %s says %v", one.address, one.body, e)
		}
	}
}

// An account that is printed by mistake tells nothing.
func TestI8_AnAccountHidesItsToken(t *testing.T) {
	a := engineers.Account{Project: engineers.Project{Kind: engineers.GitHub, Base: "https://github.com", Name: "acme/shop"}, Token: secret}
	for _, printed := range []string{fmt.Sprint(a), fmt.Sprintf("%+v", a), fmt.Sprintf("%#v", a)} {
		if strings.Contains(printed, secret) {
			t.Errorf("it is printed as %s", printed)
		}
	}
}
