package e2e

import (
	"context"
	"fmt"
	"net/smtp"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hark/store"
)

// newcomer is somebody at a browser whose clicks and fields are counted.
type newcomer struct {
	*Browser
	clicks, fields int
}

func (n *newcomer) Press(text string) {
	n.t.Helper()
	n.clicks++
	n.Browser.Press(text)
}

func (n *newcomer) Type(selector, text string) {
	n.t.Helper()
	n.fields++
	n.Browser.Type(selector, text)
}

// choose picks from a list.
func (n *newcomer) choose(name, value string) {
	n.t.Helper()
	n.fields++
	n.until("the list "+name+" has "+value, func() bool {
		return n.eval(fmt.Sprintf(`(() => { const list = document.querySelector("select[name=%s]"); if (!list) return false; list.value = %q; return list.value === %q })()`, name, value, value)) == "true"
	})
}

var setUpLine = regexp.MustCompile(`set up \S+(/setup/\S+)`)

// Somebody who has the binary and nothing else gets to a desk that works: the token from the terminal, eight questions, a page
// that strangers read, a mail in, an answer out, and a ticket that is closed by the rules they chose.
func TestFromNothingToADeskInFifteenMinutes(t *testing.T) {
	began := time.Now()
	outside := OpenOutside(t, nil)
	server := Start(t, "serve", With("--smtp-out", "smtp://"+outside.Addr))
	link := ""
	Eventually(t, 10*time.Second, "the terminal prints the token", func() bool {
		if m := setUpLine.FindStringSubmatch(server.Output()); m != nil {
			link = m[1]
		}
		return link != ""
	})
	maya := &newcomer{Browser: Open(t)}
	maya.Visit(server.URL + link)
	maya.Type("input[name=company]", "Green Field")
	maya.Type("input[name=name]", "Maya Lind")
	maya.Type("input[name=email]", "maya@greenfield.example")
	maya.Type("input[name=password]", "a field of clover")
	maya.Click("form .button-primary")
	maya.clicks++

	answerEightQuestions(t, server, maya)
	Eventually(t, 20*time.Second, "Ben is invited", func() bool { return leftFor(outside, "ben@greenfield.example", "/join/") })
	if got := outside.Mails(); got != 1 {
		t.Errorf("%d mails left while the desk was set up; only the invitation should", got)
	}
	maya.See("One ticket, from beginning to end")
	maya.See("Your page is published.")
	maya.See("It is now: Closed")
	maya.Shot("begin-9-ready")
	maya.Axe("the end of the setup")
	maya.Press("Send it")
	maya.See("The test mail is on its way to you.")

	// A stranger reads what was published.
	stranger := Open(t)
	stranger.Visit(server.URL + "/support")
	for _, says := range []string{"Support for Allotment", "help@greenfield.example", "You have a first answer within 4 business hours", "That is a promise.", "We do not write texts for your site."} {
		stranger.See(says)
	}
	if strings.Contains(stranger.Text("body"), "Please confirm") {
		t.Error("a stranger is shown what is still to be confirmed")
	}
	stranger.Shot("begin-10-published")
	maya.Visit(server.URL + "/support")
	maya.See("Please confirm")

	// A mail comes in, is answered, and the answer leaves.
	maya.Visit(server.URL + "/inbox")
	maya.See("Left for later in the setup: who.")
	raw := "From: iris@bloom.example\r\nTo: help@greenfield.example\r\nSubject: The map is empty\r\nMessage-ID: <map@bloom.example>\r\nDate: " + time.Now().Format(time.RFC1123Z) + "\r\n\r\nHello, the map shows nothing.\r\n"
	if err := smtp.SendMail(server.SMTP, nil, "iris@bloom.example", []string{"help@greenfield.example"}, []byte(raw)); err != nil {
		t.Fatalf("the desk does not take mail: %v", err)
	}
	appears(t, maya.Browser, "The map is empty")
	maya.Shot("begin-11-inbox")
	maya.Press("The map is empty")
	maya.See("Conversation")
	ticket := maya.Path()
	answer(maya.Browser, "Which map do you mean?", "Send as Waiting for you")
	maya.See("Sending to")
	maya.clicks++
	Eventually(t, time.Minute, "the answer leaves", func() bool { return leftFor(outside, "iris@bloom.example", "Which map do you mean?") })
	took := time.Since(began)

	// Nobody answers. On a clock that is moved, the ticket is reminded once and closed after two weeks, as step 4 says.
	moveClock(t, server, "15d")
	for _, subject := range []string{"We are waiting for your answer", "Closed without an answer"} {
		Eventually(t, time.Minute, "Iris gets: "+subject, func() bool { return leftFor(outside, "iris@bloom.example", subject) })
	}
	maya.Visit(server.URL + ticket)
	maya.See("Closed")
	maya.Shot("begin-12-closed")
	t.Logf("from nothing to an answered mail in %.0f seconds of a script, with %d clicks and %d fields", took.Seconds(), maya.clicks, maya.fields)
	if took > 15*time.Minute {
		t.Errorf("it took %v", took)
	}
}

// answerEightQuestions answers them as Green Field does, leaves one open, and goes back once.
func answerEightQuestions(t *testing.T, server *Server, maya *newcomer) {
	t.Helper()
	step := func(n int, title string) {
		t.Helper()
		maya.See(fmt.Sprintf("Step %d of 8", n))
		maya.See(title)
		maya.Shot(fmt.Sprintf("begin-%d", n))
		maya.Axe(fmt.Sprintf("step %d", n))
	}
	step(1, "Whose desk is this?")
	maya.Type("input[name=product]", "Allotment")
	maya.Type("input[name=address]", "help@greenfield.example")
	maya.Do(chromedp.SendKeys(chromedp.CSS("input[name=address]"), kb.Enter)) // Enter goes on
	step(2, "How do people reach you?")
	maya.Press("Next")
	maya.See("Mail works, both ways")
	step(3, "When are you there?")
	maya.See("Your browser says it is ")
	maya.Type("#hours-fri", "9-12, 13-15")
	maya.Press("England and Wales")
	maya.Press("Next")
	step(4, "What do you promise?")
	maya.Press("Use it")
	maya.SeeIn(".begin-sheet", "After 7 days")
	maya.Press("A promise")
	for name, value := range map[string]string{"within": "4bh", "first": "3d", "second": "never", "close": "14d"} {
		maya.choose(name, value)
	}
	maya.Press("Next")
	step(5, "Who has support?")
	maya.SeeIn(".begin-sheet", "That is a promise.")
	maya.eval("history.back()") // what Alt and the left arrow do
	maya.See("Step 4 of 8")
	maya.until("the answer is still there", func() bool { return maya.eval(`document.querySelector("[name=reply]:checked").value`) == "promise" })
	maya.Visit(server.URL + "/admin/setup/5")
	maya.Press("Leave it open")
	step(6, "What can people ask for?")
	maya.Type("#limit-0", "We do not write texts for your site")
	maya.Type("#instead-0", "An editor of your choice can")
	maya.Press("Next")
	step(7, "This is your page")
	maya.See("Nobody has said who has support.")
	maya.Press("Publish")
	step(8, "Who works here with you?")
	maya.Type("#name-0", "Ben Adler")
	maya.Type("#email-0", "ben@greenfield.example")
	maya.Press("Invite and finish")
}

func leftFor(outside *Outside, to, words string) bool {
	outside.mu.Lock()
	defer outside.mu.Unlock()
	for _, copies := range outside.copies {
		for _, raw := range copies {
			if strings.Contains(raw, to) && strings.Contains(strings.ReplaceAll(raw, "=\r\n", ""), words) {
				return true
			}
		}
	}
	return false
}

// moveClock stops the server, gives the desk a clock that can be moved, and moves it.
func moveClock(t *testing.T, server *Server, by string) {
	t.Helper()
	server.Stop()
	db, err := store.Open(context.Background(), store.Config{Dir: server.Data})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(context.Background(), func(tx *store.Tx) error { return tx.SetSetting("demo", []byte("yes")) })
	if closed := db.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	server.Restart(t)
	server.Hark(t, "", "clock", "advance", by)
}
