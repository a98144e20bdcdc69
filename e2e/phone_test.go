package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hark/desk"
)

// Somebody calls with a licence twelve days old and needs a key. Eve types the website and presses four keys; the mail arrives while
// she writes the line for the record, which stays as she wrote it.
func TestS1_03_FourKeysInTheBrowser(t *testing.T) {
	server := Start(t, "demo")
	eve := Open(t)
	signIn(eve, server, "eve@larkandfield.example")
	eve.See("Next for me")
	eve.ready()
	eve.key("c", `location.pathname === "/phone"`)
	eve.SeeIn(".phones-waiting", "Looks for the invoice of his support plan")
	eve.ready()
	eve.Shot("phone-01-list")
	eve.Axe("the list of calls")
	eve.key("\r", `location.pathname.startsWith("/phone/")`)
	eve.See("which licensed website are you calling about?")
	eve.SeeIn(".phone-never", "give technical support")
	eve.ready()

	keys := 0
	press := func(key, then string) {
		t.Helper()
		keys++
		eve.Do(chromedp.KeyEvent(key))
		eve.See(then)
		eve.ready()
	}
	eve.until("the field for the website has the focus", func() bool { return eve.eval(`document.activeElement.id`) == "said" })
	eve.Do(chromedp.KeyEvent("acme-shop"))
	eve.SeeIn("#found", "AbleCommerce 7.0.2")
	eve.SeeIn("#found", "Ordered within the last 30 days")
	eve.Shot("phone-02-typed")
	press("\r", "Find the account")
	press("1", "What is it about, in a few words?")
	eve.SeeIn(".phone-side", "Matched: they know what few know")
	eve.Shot("phone-03-about")
	press("1", "The mail I have just sent tells you how to get help.")
	eve.SeeIn(".phone-mails", "FAQ - How to request a key to rosa@acme-shop.example")
	press("1", "Thank you for your call.")
	if keys != 4 {
		t.Errorf("it took %d keys, want 4", keys)
	}
	eve.SeeIn(".phone-says", "Rosa Delgado · acme-shop.example · Active support plan · Licence key")

	eve.Do(chromedp.SendKeys(chromedp.CSS("#wrap-note"), "Spells it with two"))
	server.Hark(t, "", "clock", "advance", "1m")
	eve.SeeIn(".phone-mail-state", "Delivered at")
	eve.Do(chromedp.KeyEvent(" hyphens"))
	if got := eve.valueOf("#wrap-note"); got != "Spells it with two hyphens" {
		t.Errorf("the line for the record holds %q after the news", got)
	}
	eve.Shot("phone-04-delivered")
	eve.Axe("a call whose mail was delivered")
	if _, page := server.Get(t, "/demo/outbox"); !strings.Contains(page, "How to request a licence key") {
		t.Error("the mail is not in the letter box")
	}
	eve.Do(chromedp.KeyEvent("\x1b")) // gives the letters back
	eve.Do(chromedp.KeyEvent("e"))
	eve.SeeIn(".phone-record", "Instructions sent")
	eve.SeeIn(".phone-record", "Spells it with two hyphens")
	eve.SeeIn(".phone-record", "Eve Sandoval")
	eve.Shot("phone-05-record")
}

// The exchange says who rings. Ana is in the middle of an answer: the call is offered, and her page and her words stay.
func TestACallThatRingsOffersItselfAndTakesNothingAway(t *testing.T) {
	server := Start(t, "demo")
	secret := strings.TrimSpace(server.Hark(t, "", "keys", "secret", "exchange"))
	ana := Open(t)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.ready()
	ana.Click(".row-link")
	ana.See("Conversation")
	ana.ready()
	ticket := ana.Path()
	ana.Click(".composer-reply textarea[name=body]")
	ana.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "Half an answer"))
	ben := Open(t)
	signIn(ben, server, "ben@larkandfield.example")
	ben.See("Next for me")
	ben.ready()

	rings(t, server, secret, desk.CallTold{Call: "x-1", Event: "1", What: "ringing", At: time.Now(), From: "+15035550142", Agent: "ana@larkandfield.example"})
	ana.SeeIn("#toasts", "+15035550142 is calling")
	ana.SeeIn("[data-live-count=phone]", "2")
	if ana.Path() != ticket || !strings.Contains(ana.Text("trix-editor"), "Half an answer") {
		t.Errorf("Ana is at %s with %q", ana.Path(), ana.Text("trix-editor"))
	}
	if got := ana.eval(`document.activeElement.tagName`); got != "TRIX-EDITOR" {
		t.Errorf("the call took the hand from the answer to %s", got)
	}
	ana.Shot("phone-06-rings")
	ana.Axe("a page on which a call offers itself")
	rings(t, server, secret, desk.CallTold{Call: "x-2", Event: "1", What: "ringing", At: time.Now(), From: "+4722550142", Agent: "ben@larkandfield.example"})
	ben.SeeIn("#toasts", "+4722550142 is calling")
	if strings.Contains(ben.Text("#toasts"), "+15035550142") {
		t.Error("Ben is offered Ana's call")
	}
	rings(t, server, secret, desk.CallTold{Call: "x-2", Event: "2", What: "ended", At: time.Now()})
	ben.until("nobody is on the line, and nothing is offered", func() bool { return ben.Text("#toasts") == "" })

	ana.Click("#toasts a")
	ana.See("The telephone rings")
	ana.ready()
	ana.Press("Answer")
	ana.See("Who is calling?")
	ana.SeeIn("#found", "Rosa Delgado")
	ana.SeeIn(".phone-side", "Nobody is chosen yet")
	ana.SeeIn(".phone-head", "unverified")
	ana.Shot("phone-07-answered")
}

// Eve sits on the page of the calls and does nothing else. The call that rings at her opens by itself, and whoever may be calling is named.
func TestACallOpensBeforeWhoeverWaitsForIt(t *testing.T) {
	server := Start(t, "demo")
	secret := strings.TrimSpace(server.Hark(t, "", "keys", "secret", "exchange"))
	eve := Open(t)
	signIn(eve, server, "eve@larkandfield.example")
	eve.See("Next for me")
	eve.Visit(server.URL + "/phone")
	eve.See("Waits for you")
	eve.ready()
	rings(t, server, secret, desk.CallTold{Call: "x-9", Event: "1", What: "ringing", At: time.Now(), From: "+15035550142", Agent: "eve@larkandfield.example"})
	eve.See("The telephone rings")
	eve.ready()
	eve.Press("Answer")
	eve.SeeIn("#found", "Rosa Delgado")
	eve.SeeIn(".phone-side", "Nobody is chosen yet")
	eve.Shot("phone-08-opened")
}

// Maya looks how telephones are connected, and lets a call ring at herself to see what it looks like.
func TestTelephonesAreTriedInTheSettings(t *testing.T) {
	server := Start(t, "demo")
	maya := Open(t)
	signIn(maya, server, "maya@larkandfield.example")
	maya.See("Next for me")
	maya.Visit(server.URL + "/admin/telephones")
	maya.See("Your own exchange (SIP)")
	maya.ready()
	maya.Axe("how telephones are connected")
	maya.Press("Let a call ring at me")
	maya.SeeIn("#toasts", "Somebody is calling")
}

// rings tells the desk of a call as an exchange does.
func rings(t *testing.T, server *Server, secret string, told desk.CallTold) {
	t.Helper()
	body, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest("POST", server.URL+"/api/calls/events", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Hark-Timestamp", strconv.FormatInt(told.At.Unix(), 10))
	request.Header.Set("Hark-Signature", desk.SignExchange(secret, told.At, body))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Fatalf("the exchange is answered %d", answer.StatusCode)
	}
}
