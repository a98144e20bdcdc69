package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// tab opens another tab of the same browser, with the same cookies and the same six connections.
func (b *Browser) tab() *Browser {
	b.t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	b.t.Cleanup(closeTab)
	if _, err := chromedp.Run(ctx, chromedp.Location()); err != nil {
		b.t.Fatal(err)
	}
	return &Browser{t: b.t, ctx: ctx}
}

// seen says to the page that it lies behind others, or is looked at again, as the browser does when one turns to a tab.
func (b *Browser) seen(yes bool) {
	b.t.Helper()
	hidden := map[bool]string{true: "false", false: "true"}[yes]
	b.eval(`(Object.defineProperty(document, "hidden", {configurable: true, value: ` + hidden + `}), document.dispatchEvent(new Event("visibilitychange")))`)
}

// Over plain HTTP a browser keeps six connections to the desk. The seventh tab opens all the same, because tabs that nobody looks at
// hold none, and the first tab shows what came meanwhile as soon as it is seen again.
func TestMoreTabsThanConnections(t *testing.T) {
	server := Start(t, "demo")
	first := Open(t)
	signIn(first, server, "ana@larkandfield.example")
	first.See("Next for me")
	first.Visit(server.URL + "/inbox?view=all")
	first.ready()
	last := first
	for range 7 {
		last.seen(false)
		last = first.tab()
		last.Visit(server.URL + "/inbox")
		last.See("Next for me")
		last.ready()
	}
	sendMail(t, server, "rosa@bloomandthistle.example", "The gate code has changed", "Please tell the drivers.")
	last.Visit(server.URL + "/inbox?view=all")
	last.until("the mail is there", func() bool {
		last.Visit(server.URL + "/inbox?view=all")
		return strings.Contains(last.Text("main"), "The gate code has changed")
	})
	if strings.Contains(first.Text("main"), "The gate code has changed") {
		t.Fatal("a tab that is not seen listens")
	}
	first.seen(true)
	first.See("The gate code has changed")
}

// Without a connection Send says that nothing was sent. The words stay, and go out when it is there again.
func TestSendWithoutAConnection(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	openTicket(ana, server)
	heard := ana.listen()
	ana.write("All twelve are back in the shop.")
	server.Stop()
	ana.Click(".composer-reply .split > .button-primary")
	ana.SeeIn(".composer-reply .unsent", "Not sent: no connection")
	if says := ana.Text("trix-editor"); !strings.Contains(says, "All twelve are back in the shop.") {
		t.Errorf("the composer holds %q", says)
	}
	for _, said := range heard.complaints() {
		if !strings.Contains(said, "ERR_CONNECTION_REFUSED") && !strings.Contains(said, "ERR_INCOMPLETE_CHUNKED_ENCODING") {
			t.Errorf("the browser said %s", said)
		}
	}
	ana.Axe("a reply that was not sent")
	for _, width := range []int64{390, 1440} {
		ana.Size(width, 900)
		ana.eval(`document.querySelector(".unsent").scrollIntoView({block: "center", behavior: "instant"})`)
		ana.Shot("unsent-" + map[bool]string{true: "wide", false: "narrow"}[width > 400])
	}
	ana.Click(".ticket-acts form button[name=later]")
	ana.SeeIn(".toasts-failed", "Not sent: no connection")
	server.Restart(t)
	ana.Click(".composer-reply .unsent button")
	ana.SeeIn(".talk", "All twelve are back in the shop.")
	ana.empty()
}

// Ana is signed out elsewhere while she writes, and sends at once. When she is back, so are her words.
func TestWordsSurviveASignOut(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	ticket := openTicket(ana, server)
	ana.write("All twelve are back in the shop.")
	ana.signedOut()
	ana.Click(".composer-reply .split > .button-primary")
	ana.See("Sign in")
	signIn(ana, server, "ana@larkandfield.example")
	ana.until("Ana is in", func() bool { return ana.Path() == "/inbox" })
	ana.Visit(server.URL + ticket)
	ana.SeeIn(".composer-state", "your words are back")
	if words := ana.words(); words != "All twelve are back in the shop." {
		t.Errorf("the reply holds %q", words)
	}
	ana.ready()
	ana.Click(".composer-reply .split > .button-primary")
	ana.SeeIn(".talk", "All twelve are back in the shop.")
	ana.empty()
}

// Whoever signs in after her in the same tab never sees them.
func TestWordsAreForgottenWhenAnotherPersonSignsIn(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	ticket := openTicket(b, server)
	b.write("All twelve are back in the shop.")
	b.signedOut()
	b.Click(".composer-reply .split > .button-primary")
	b.See("Sign in")
	if b.eval(`Object.keys(sessionStorage).some(key => key.startsWith("unsent:"))`) != "true" {
		t.Fatal("nothing is kept for Ana")
	}
	signIn(b, server, "ben@larkandfield.example")
	b.until("Ben is in", func() bool { return b.Path() == "/inbox" })
	b.Visit(server.URL + ticket)
	b.ready()
	if words := b.words(); words != "" {
		t.Errorf("Ben reads %q", words)
	}
	b.empty()
}

// openTicket signs Ana in and opens a ticket of hers.
func openTicket(b *Browser, server *Server) (path string) {
	b.t.Helper()
	path = "/tickets/" + story(b.t, server, "The shop says sold out, but we have twelve")
	signIn(b, server, "ana@larkandfield.example")
	b.See("Next for me")
	b.Visit(server.URL + path)
	b.ready()
	return path
}

// write types a reply, and is done before it is saved.
func (b *Browser) write(words string) {
	b.t.Helper()
	b.eval(`document.querySelector(".composer-reply textarea[name=body]").focus()`)
	b.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")))
	b.until("the field listens", func() bool { return b.eval(`Boolean(document.querySelector("trix-editor").editor)`) == "true" })
	b.eval(`fetch = (ask => (url, ...rest) => String(url).endsWith("/draft") ? Promise.reject(new TypeError("slow")) : ask(url, ...rest))(fetch)`)
	b.Do(chromedp.SendKeys(chromedp.CSS("trix-editor"), words))
}

// signedOut ends the session as the button in another tab does.
func (b *Browser) signedOut() {
	b.t.Helper()
	status, err := look[string](b, `fetch("/sign-out", {method: "POST", body: new URLSearchParams({csrf: document.querySelector("input[name=csrf]").value})}).then(answer => new URL(answer.url).pathname)`, chromedp.EvalAwaitPromise)
	if err != nil || status != "/sign-in" {
		b.t.Fatalf("signing out leads to %q: %v", status, err)
	}
}

// words are what stands in the reply.
func (b *Browser) words() string {
	return strings.TrimSpace(b.eval(`document.querySelector(".composer-reply textarea[name=body]").value`))
}

// empty waits until the tab keeps no words.
func (b *Browser) empty() {
	b.t.Helper()
	b.until("no words are kept", func() bool {
		return b.eval(`Object.keys(sessionStorage).some(key => key.startsWith("unsent:"))`) == "false"
	})
}

// Somebody finds what they looked for before the last search has answered. The page that they go to comes, and the ticket that they link
// is linked, although the answer comes meanwhile.
func TestLateResultsTakeNothingAway(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	openTicket(ana, server)
	path := "/tickets/" + story(t, server, "The totals on the invoice list are wrong") + "/problems"
	for _, next := range []struct{ press, then string }{{"Write a new one down", "A new known problem"}, {"Link it", "Not this one"}} {
		ana.Visit(server.URL + path)
		ana.ready()
		ana.eval(`(waiting = {}, document.addEventListener("turbo:before-fetch-request", event => {
			const search = event.detail.url.pathname === ` + quoted(path) + `
			event.preventDefault()
			waiting[search ? "search" : "page"] = event.detail.resume
		}))`)
		ana.Do(chromedp.SendKeys(chromedp.CSS("#q"), "umlaut"))
		ana.until("the search waits for its answer", func() bool { return ana.eval(`Boolean(waiting.search)`) == "true" })
		ana.Press(next.press)
		ana.until("the page waits too", func() bool { return ana.eval(`Boolean(waiting.page)`) == "true" })
		ana.eval(`(answered = false, document.addEventListener("turbo:frame-load", () => answered = true, {once: true}), waiting.search(), 0)`)
		ana.until("the search has answered", func() bool { return ana.eval(`answered`) == "true" })
		settle(ana)
		ana.eval(`(waiting.page(), 0)`)
		ana.See(next.then)
	}
}

// Ana takes two tickets from the list with keys, and gives them back. Mail that arrives while the desk hears of that does not end it.
func TestWhatIsSentIsNotEndedByNews(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.Visit(server.URL + "/inbox?view=unassigned")
	ana.ready()
	rows := func() int { n, _ := strconv.Atoi(ana.eval(`document.querySelectorAll(".row").length`)); return n }
	before := rows()
	for _, key := range []string{"j", "x", "j", "x", "A"} {
		ana.Do(chromedp.KeyEvent(key))
	}
	ana.See("2 tickets changed.")
	ana.ready()
	if now := rows(); now != before-2 {
		t.Fatalf("%d tickets have nobody, were %d", now, before)
	}
	ana.Shot("inbox-undo")
	release := ana.hold("*/inbox/bulk/undo")
	ana.Do(chromedp.KeyEvent("z"))
	ana.until("it is being taken back", func() bool { return ana.eval(`Boolean(document.querySelector("form[aria-busy]"))`) == "true" })
	news := ana.Text("#new-rows [data-count]")
	sendMail(t, server, "rosa@bloomandthistle.example", "The gate code has changed", "Please tell the drivers.")
	ana.until("the news is there", func() bool { return ana.Text("#new-rows [data-count]") != news })
	settle(ana)
	release()
	ana.See("Taken back. All is as it was.")
	if now := rows(); now != before+1 { // with the one that came
		t.Errorf("%d tickets have nobody, want the %d and the new one", now, before)
	}
}

// hold keeps requests to an address from leaving the browser until they are released.
func (b *Browser) hold(address string) (release func()) {
	b.t.Helper()
	held := make(chan fetch.RequestID, 10)
	if err := chromedp.Listen(b.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			held <- paused.RequestID
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	tell(b, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: address}}})
	return func() {
		b.t.Helper()
		select {
		case id := <-held:
			tell(b, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
		case <-time.After(10 * time.Second):
			b.t.Fatalf("nothing was sent to %s", address)
		}
	}
}

// Somebody who is quick cuts the fades between pages short. The browser has nothing to complain about.
func TestPagesFadeWithoutComplaint(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	heard := b.listen()
	signIn(b, server, "ana@larkandfield.example")
	b.until("the inbox is there", func() bool { return b.Path() == "/inbox" })
	b.Do(chromedp.Navigate(server.URL + "/tickets/1"))
	b.ready()
	b.eval(`(Turbo.visit("/inbox"), addEventListener("turbo:render", () => Turbo.visit("/tickets/2"), {once: true}))`)
	b.until("the ticket is there", func() bool { return b.Path() == "/tickets/2" })
	b.eval(`(document.startViewTransition(() => {}), document.startViewTransition(() => {}), 0)`)
	settle(b)
	b.eval(`location.href = "/wall"`)
	b.until("the wall is there", func() bool { return b.Path() == "/wall" })
	settle(b)
	for _, said := range heard.complaints() {
		t.Errorf("the browser said %s", said)
	}
}

// A sign that turns the direction of writing ends with the subject, and an endless subject leaves a phone's screen to what was written.
func TestASubjectTurnsAndFillsNothing(t *testing.T) {
	server := Start(t, "demo")
	ana := Open(t)
	ticket := openTicket(ana, server)
	for name, subject := range map[string]string{"turned": "Invoice \u202Egnorw", "endless": strings.Repeat("the invoice is wrong again and again ", 6)} {
		ana.eval(`document.querySelector(".ticket-rename input[name=subject]").value = ` + quoted(subject))
		ana.eval(`(document.querySelector(".ticket-rename").requestSubmit(), 0)`)
		ana.until("the subject is "+name, func() bool {
			return ana.Attribute("h1 .subject", "title") == strings.TrimSpace(strings.ReplaceAll(subject, "\u202e", ""))
		})
		ana.Size(390, 844)
		if ana.eval(widthsOfNumber) != "true" {
			t.Errorf("%s: the number is read backwards", name)
		}
		ana.Shot("subject-ticket-" + name)
		for _, page := range []string{ticket, "/inbox?view=all", ticket + "/why"} {
			ana.Visit(server.URL + page)
			if high := ana.eval(`Math.max(...[...document.querySelectorAll("h1, .row-link")].map(e => e.clientHeight)) > 140`); high == "true" || ana.wider() {
				t.Errorf("%s: the subject fills %s", name, page)
			}
			ana.Shot("subject-" + name + strings.ReplaceAll(page[:4], "/", "-"))
		}
		ana.Visit(server.URL + ticket)
		ana.ready()
	}
}

// widthsOfNumber asks whether the sign before a ticket's number stands on its left.
const widthsOfNumber = `(() => { const text = [...document.querySelector(".ticket-number").childNodes].find(n => n.data?.includes("#")); const at = n => { const r = document.createRange(); r.setStart(text, text.data.indexOf("#") + n); r.setEnd(text, text.data.indexOf("#") + n + 1); return r.getBoundingClientRect().left }; return at(0) < at(1) })()`

func quoted(text string) string { return strconv.QuoteToASCII(text) }
