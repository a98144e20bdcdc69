package e2e

import (
	"encoding/json"
	"fmt"
	"net/smtp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.path != "" {
		_ = os.RemoveAll(binary.path[:len(binary.path)-len("/hark")])
	}
	os.Exit(code)
}

const deskAddress = "support@larkandfield.example"

// What somebody does who has never seen the product, in their order: a mail becomes a ticket, is answered, reminded and
// closed, goes on in a follow-up, and the policy that did all this is changed. Real binary, real SMTP, real browser.
func TestANewcomerPlaysTheDemo(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	ana.Visit(server.URL + "/demo")
	ana.See("A support desk, in the middle of its day")
	ana.Shot("story-01-demo")

	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.Shot("story-02-inbox")

	// A mail over SMTP stands in the open inbox within a second.
	sendMail(t, server, "iris@bloomandthistle.example", "The map shows the old address", "Hello,\n\nthe map still shows Mill Lane.\n\nIris")
	appears(t, ana, "The map shows the old address")
	ana.Shot("story-03-arrived")

	// So does one from the demo page's form, which somebody else fills in meanwhile.
	newcomer := Open(t)
	newcomer.Visit(server.URL + "/demo")
	newcomer.Type("input[name=subject]", "Our phone number has changed")
	newcomer.Press("Send to " + deskAddress)
	newcomer.See("Your mail is ticket #")
	appears(t, ana, "Our phone number has changed")
	newcomer.Shot("story-04-form-sent")

	// Answer as Pending; ten seconds to take it back.
	ana.Press("The map shows the old address")
	ana.See("Conversation")
	ticket := ana.Path()
	ana.Shot("story-05-ticket")
	answer(ana, "Hello Iris, is the new address 8 Orchard Street?", "Send as Pending")
	ana.See("Sending to")
	ana.oneComposer()
	ana.Shot("story-06-undo")
	server.Hark(t, "", "clock", "advance", "1m")

	// The customer's copy lies in the letter box.
	Eventually(t, 10*time.Second, "the customer's copy is in the outbox", func() bool {
		_, page := server.Get(t, "/demo/outbox")
		return strings.Contains(page, "Re: The map shows the old address")
	})
	ana.Visit(server.URL + "/demo/outbox")
	ana.Press("Re: The map shows the old address")
	ana.SeeIn("main", "is the new address 8 Orchard Street?")
	ana.Shot("story-07-copy")

	// The clock jumps from one thing to the next, each explained.
	asked := lastMessage(t, server, ticket).In(newYork(t)) // 24 hours are hours, and 5 days are days of the clock on the wall
	for _, jump := range []struct {
		due      time.Time
		says     string
		rule     string
		mail     string
		picture  string
		finished string
	}{
		{asked.Add(24 * time.Hour), "mailed “First reminder”", "lifecycle.timers.reminder-1", "We are waiting for your answer", "story-08-reminder-1", "Pending"},
		{asked.AddDate(0, 0, 5), "mailed “Second reminder”", "lifecycle.timers.reminder-2", "Your ticket closes without an answer", "story-09-reminder-2", "Pending"},
		{asked.AddDate(0, 0, 7), "mailed “Closed without an answer”", "lifecycle.timers.no-response", "Closed without an answer", "story-10-closed", "No Response"},
	} {
		ana.Visit(server.URL + ticket)
		ana.Press("What happens next")
		ana.SeeIn(".talk", jump.says)
		ana.See(jump.finished)
		why := ana.Source(".talk")
		if !strings.Contains(why, jump.rule) {
			t.Errorf("%s is not explained by %s", jump.says, jump.rule)
		}
		if late := ana.clock(t).Sub(jump.due); late.Abs() > time.Minute {
			t.Errorf("%s came %v after %s", jump.says, late, jump.due)
		}
		if _, page := server.Get(t, "/demo/outbox"); !strings.Contains(page, jump.mail) {
			t.Errorf("the outbox does not show %q", jump.mail)
		}
		ana.Shot(jump.picture)
	}
	ana.See("Start a follow-up")

	// A reply to the closed ticket, from the letter box, opens a linked follow-up.
	ana.Visit(server.URL + "/demo/outbox")
	ana.Press("Closed without an answer")
	ana.See("Answer as the customer")
	link := ana.Attribute("a[href^='/t/']", "href")
	ana.Type("textarea[name=body]", "Sorry, I was away. Yes, 8 Orchard Street.")
	ana.Press("Send this answer")
	ana.See("Continues " + strings.Replace(ticket, "/tickets/", "#", 1))
	ana.See("Yes, 8 Orchard Street")
	ana.Shot("story-11-follow-up")

	// The signed link opens one ticket for whoever holds it, without signing in.
	customer := Open(t)
	customer.Visit(server.URL + link)
	customer.See("The map shows the old address")
	customer.See("is the new address 8 Orchard Street?")
	customer.Shot("story-12-customer-link")

	// The policy page promises 24 hours; the file is changed; page and behaviour are changed.
	customer.Visit(server.URL + "/support")
	customer.See("24 hours")
	customer.Shot("story-13-policy")
	file := filepath.Join(t.TempDir(), "policy.yaml")
	exported := server.Hark(t, "", "policy", "export")
	changed := strings.Replace(exported, "{id: reminder-1, in: pending, after: 24h", "{id: reminder-1, in: pending, after: 1bd", 1)
	if changed == exported {
		t.Fatal("the exported policy has no reminder-1 after 24h")
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	server.Hark(t, "", "policy", "apply", file, "--reason", "Customers said a day is too soon on weekends")
	customer.Visit(server.URL + "/support")
	customer.See("1 business day")
	customer.Shot("story-14-policy-changed")

	sendMail(t, server, "iris@bloomandthistle.example", "A new photo for the front page", "Hello,\n\nplease use the attached one.\n\nIris")
	ana.Visit(server.URL + "/inbox?view=all")
	appears(t, ana, "A new photo for the front page")
	ana.Press("A new photo for the front page")
	answer(ana, "Hello Iris, I see no photo. Could you send it again?", "Send as Pending")
	ana.See("Sending to")
	later := ana.Path()
	ana.Visit(server.URL + later + "/why")
	ana.See("One business day later is")
	ana.Shot("story-15-why-changed")
}

// signIn signs somebody of the demo's cast in by the form.
func signIn(b *Browser, server *Server, address string) {
	b.t.Helper()
	b.Visit(server.URL + "/sign-in")
	b.Type("input[name=email]", address)
	b.Type("input[name=password]", "lark and field")
	b.Press("Sign in")
}

// sendMail hands a mail to the desk's own listener, as any mail server would.
func sendMail(t testing.TB, server *Server, from, subject, body string) {
	t.Helper()
	sendMailTo(t, server, deskAddress, from, subject, body)
}

func sendMailTo(t testing.TB, server *Server, to, from, subject, body string) {
	t.Helper()
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%d@bloomandthistle.example>\r\nDate: %s\r\n\r\n%s\r\n",
		from, to, subject, time.Now().UnixNano(), time.Now().Format(time.RFC1123Z), strings.ReplaceAll(body, "\n", "\r\n"))
	if err := smtp.SendMail(server.SMTP, nil, from, []string{to}, []byte(raw)); err != nil {
		t.Fatalf("the mail listener refused: %v", err)
	}
}

// appears waits for a row in the open list, and says how long it took. A second is what is promised; a busy machine that
// runs every other test beside this one gets two more.
func appears(t *testing.T, b *Browser, subject string) {
	t.Helper()
	began := time.Now()
	b.SeeIn(".rows", subject)
	took := time.Since(began)
	t.Logf("%q stood in the inbox %v after it was sent", subject, took.Round(time.Millisecond))
	if took > 3*time.Second {
		t.Errorf("%q needed %v to appear", subject, took)
	}
}

// answer writes a reply in the rich text field and sends it with the named button.
func answer(b *Browser, text, button string) {
	b.t.Helper()
	b.ready()
	b.Click(".composer-reply textarea[name=body]")
	b.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), text))
	b.SeeIn("trix-editor", text)
	if !strings.HasPrefix(strings.TrimSpace(b.Text(".composer-reply .button-primary")), button) {
		b.Click(".composer-reply .split [popovertarget]")
	}
	b.Press(button)
}

var isoTime = regexp.MustCompile(`<time datetime="([^"]+)"`)

// clock is the demo's time as its bar says it.
func (b *Browser) clock(t *testing.T) time.Time {
	t.Helper()
	found := isoTime.FindStringSubmatch(b.Source(".demo"))
	if found == nil {
		t.Fatal("the page shows no demo clock")
	}
	at, err := time.Parse(time.RFC3339, found[1])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// lastMessage is when the newest message of a ticket was written, as operators see it.
func lastMessage(t *testing.T, server *Server, path string) (last time.Time) {
	t.Helper()
	var shown struct {
		Comments []struct{ At time.Time }
	}
	out := server.Hark(t, "", "ticket", "show", strings.TrimPrefix(path, "/tickets/"), "--json")
	if err := json.Unmarshal([]byte(out), &shown); err != nil || len(shown.Comments) == 0 {
		t.Fatalf("hark ticket show: %v\n%s", err, out)
	}
	return shown.Comments[len(shown.Comments)-1].At
}
