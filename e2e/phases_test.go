package e2e

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A bug is reported by mail and moved twice. Its customer in Sydney follows it from the link in the mail, without an account, in their
// own days; each move is one mail (S4-01, S4-06, S4-08 on the running server).
func TestS4_06_ABugIsFollowedFromAnotherZone(t *testing.T) {
	server := Start(t, "demo")
	sendMailTo(t, server, "support@northbound.example", "mia@sydneyharbourcruises.example", "The export stops half way", "Hello,\n\nthe export ends after 500 lines.\n\nMia")
	ana := Open(t)
	signIn(ana, server, "ana@larkandfield.example")
	appears(t, ana, "The export stops half way")
	ana.Press("The export stops half way")
	ana.See("Where the customer sees it")
	ticket := ana.Path()
	ana.ready()
	ana.Click("button[popovertarget=set-kind]")
	ana.Press("Bug or wrong data")
	ana.See("Move to “Under review by support”")
	ana.SeeIn(".way", "Mails “Next phase” to mia@sydneyharbourcruises.example. Usually until")
	ana.Shot("phases-01-before")
	ana.oneComposer()
	ana.ready()
	ana.Do(chromedp.KeyEvent("m"))
	ana.See("took it to “Under review by support”")
	ana.Shot("phases-02-moved")
	server.Hark(t, "", "clock", "advance", "1m")
	link := linkIn(t, server, "Under review by support")

	mia := Open(t)
	tell(mia, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Australia/Sydney"})
	mia.Size(390, 844)
	mia.Visit(server.URL + link)
	mia.See("Time zone: Australia/Sydney")
	mia.SeeIn(".step-now", "Usually until")
	inSydney(t, mia, ".step-now time")
	mia.Axe("a request on its way")
	mia.Shot("phases-03-customer")

	plain := Open(t) // nothing of it needs a script
	plain.Script(false)
	plain.Visit(server.URL + link)
	plain.See("Under review by support. We usually move on by")
	plain.SeeIn(".tracker", "Bug identified")

	ana.Visit(server.URL + ticket)
	ana.ready()
	ana.Click(".composer-reply textarea[name=body]")
	ana.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "Hello Mia, half an answer"))
	ana.Press("Is it known?")
	ana.See("When it is linked: Mails “Next phase” to mia@sydneyharbourcruises.example.")
	ana.Type("#q", "umlaut")
	ana.SeeIn("#found", "Search does not find names with an umlaut")
	ana.Shot("phases-04-known")
	ana.Axe("a ticket looks for its known problem")
	ana.Press("Write a new one down")
	ana.Type("#title", "The export stops after 500 lines")
	ana.Type("#workaround", "Export month by month.")
	ana.Press("Keep it")
	ana.See("What its customers read")
	ana.Shot("phases-05-problem")
	ana.Axe("a known problem")
	problem := ana.Path()
	ana.Visit(server.URL + ticket)
	ana.See("took it to “Bug identified”")
	ana.ready()
	ana.oneComposer()
	ana.SeeIn(".composer", "Hello Mia, half an answer") // what was being written is there still, once
	ana.Press("Put it into the reply")
	ana.SeeIn(".composer", "Export month by month.")
	ana.Shot("phases-06-insert")
	server.Hark(t, "", "clock", "advance", "1m")
	linkIn(t, server, "Bug identified")
	mia.Visit(server.URL + link)
	mia.See("Bug identified. We usually move on by")
	mia.SeeIn(".problem", "Export month by month.")
	mia.Axe("a request of a known problem")
	inSydney(t, mia, ".step-now time")
	ana.ready()
	ana.Axe("a ticket on its way")
	if _, page := server.Get(t, "/demo/outbox"); strings.Count(page, "sydneyharbourcruises.example") != 3 {
		t.Errorf("Mia got %d mails, want one that it arrived and one of each move", strings.Count(page, "sydneyharbourcruises.example"))
	}

	ana.Visit(server.URL + problem)
	ana.ready()
	ana.Press("It works in production")
	ana.Press("Confirm the fix")
	ana.See("saw it work in production on")
	ana.See("Take it back")
	server.Hark(t, "", "clock", "advance", "1m")
	linkIn(t, server, "Fixed: The export stops after 500 lines") // S4-10
	mia.Visit(server.URL + link)
	mia.See("This is fixed")
	mia.Shot("phases-07-fixed")
}

var customersLink = regexp.MustCompile(`href="[^"]*(/t/[A-Za-z0-9_.-]+)[^"]*"`)

// linkIn is the customer's own link in the newest mail of a subject.
func linkIn(t *testing.T, server *Server, subject string) (link string) {
	t.Helper()
	letter := regexp.MustCompile(`(?s)href="(/demo/outbox/\d+)"[^>]*>\s*(?:<bdi[^>]*>)?` + regexp.QuoteMeta(subject))
	Eventually(t, 10*time.Second, "a mail says "+subject, func() bool {
		_, page := server.Get(t, "/demo/outbox")
		found := letter.FindStringSubmatch(page)
		if found == nil {
			return false
		}
		_, page = server.Get(t, found[1])
		if at := customersLink.FindStringSubmatch(page); at != nil {
			link = at[1]
		}
		return link != ""
	})
	return link
}

// inSydney checks that every day a selector finds is the day it is in Sydney at that instant.
func inSydney(t *testing.T, b *Browser, selector string) {
	t.Helper()
	quoted, _ := json.Marshal(selector)
	told, err := look[string](b, fmt.Sprintf(`[...document.querySelectorAll(%s)].map(e => e.dateTime + ' ' + e.innerText).join('\n')`, quoted))
	if err != nil || told == "" {
		t.Fatalf("no days are told: %v", err)
	}
	sydney, err := time.LoadLocation("Australia/Sydney")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(told, "\n") {
		instant, day, _ := strings.Cut(line, " ")
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		} else if want := at.In(sydney).Format("Mon 2 Jan"); !strings.HasPrefix(day, want) && !strings.Contains(at.In(sydney).Format("2006 15:04"), strings.Fields(day)[0]) {
			t.Errorf("%s is told as %q, and is %s in Sydney", instant, day, want)
		}
	}
}
