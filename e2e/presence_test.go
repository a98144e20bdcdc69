package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Ana and Ben have the same ticket open, each in a window of their own. Each sees that the other is there, and Ana sees that
// Ben writes before she does the same work a second time.
func TestTwoColleaguesSeeEachOtherOnATicket(t *testing.T) {
	server := Start(t, "demo")
	ana, ben := Open(t), Open(t)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	signIn(ben, server, "ben@larkandfield.example")
	ben.See("Next for me")

	ana.Click(".row-link")
	ana.See("Conversation")
	ben.Visit(server.URL + ana.Path())
	ben.SeeIn(".ticket-presence", "Ana is here")
	ana.SeeIn(".ticket-presence", "Ben is here")

	ben.ready()
	ben.Click(".composer-reply textarea[name=body]")
	ben.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "Good morning, "))
	ana.SeeIn(".ticket-presence", "Ben is writing")
	ana.Shot("presence")

	ben.Visit(server.URL + "/inbox")
	ana.until("nobody else is there any more", func() bool { return ana.Text(".ticket-presence") == "" })
}
