package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hark/desk"
)

// app is a page of the company's own, on a server of its own, that carries the widget and says who is signed in on it.
func app(t *testing.T, server *Server) (page *httptest.Server, signedIn *string) {
	t.Helper()
	user := ""
	page = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+server.URL+"; frame-src "+server.URL)
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>The app</title><h1>The app</h1><p><a href="#">A link of its own</a></p><script src="%s/widget.js" data-user="%s" async></script>`, server.URL, user)
	}))
	t.Cleanup(page.Close)
	return page, &user
}

// Priya uses the company's app. The "?" in the corner opens the form with her own requests, Escape closes it again from inside of the frame,
// and the focus is back where it was; all of it by keys, on a page with a strict policy of its own, without a cookie of the desk.
func TestTheQuestionMarkOnAPageOfTheCompany(t *testing.T) {
	server := Start(t, "demo")
	page, user := app(t, server)
	maya := Open(t)
	maya.Size(1440, 900)
	signIn(maya, server, "maya@larkandfield.example")
	maya.See("Next for me")
	maya.Visit(server.URL + "/admin/brands/1")
	maya.See("A question mark on your own pages")
	maya.Type("textarea[name=sites]", page.URL)
	maya.Click("button[value=sites]")
	maya.See("Saved.")
	maya.Press("What these pages need")
	maya.Shot("widget-01-settings")
	maya.Axe("a brand with its widget")
	secret := strings.TrimSpace(maya.eval(`[...document.querySelectorAll(".widget-code")][1].innerText`))
	signed, err := desk.SignWidget(secret, desk.WidgetUser{Email: "priya@ramanandsons.example", Name: "Priya Raman", Version: "4.2", At: time.Now().Unix()})
	if err != nil {
		t.Fatal(err)
	}
	*user = signed

	priya := Open(t)
	priya.Visit(page.URL)
	const button, dialog = `document.querySelector("body > div:last-of-type").shadowRoot.querySelector(".ask")`, `document.querySelector("body > div:last-of-type").shadowRoot.querySelector("dialog")`
	priya.until("the question mark is there", func() bool {
		return priya.eval(`document.querySelector("body > div:last-of-type")?.shadowRoot?.querySelector(".ask")?.getAttribute("aria-label") ?? ""`) == "Help"
	})
	place := priya.eval(`(r => r.left < 40 && innerHeight - r.bottom < 40)(` + button + `.getBoundingClientRect())`)
	if place != "true" {
		t.Error("it is not in the lower left")
	}
	priya.eval(button + `.focus()`)
	priya.Do(chromedp.KeyEvent("\r"))
	priya.until("the form is open", func() bool { return priya.eval(dialog+`.open`) == "true" })
	priya.Shot("widget-02-open")
	priya.until("the frame has the focus", func() bool {
		priya.eval(dialog + `.querySelector("iframe").focus()`)
		return priya.eval(dialog+`.getRootNode().activeElement.localName`) == "iframe"
	})
	priya.until("Escape inside of the frame closes it", func() bool {
		priya.Do(chromedp.KeyEvent("\x1b"))
		return priya.eval(dialog+`.open`) == "false"
	})
	if focused := priya.eval(dialog + `.getRootNode().activeElement?.className ?? ""`); focused != "ask" {
		t.Errorf("the focus is at %q", focused)
	}

	frame := Open(t) // what stands in the frame, as large as it is there
	frame.Size(440, 680)
	frame.Visit(server.URL + "/widget?user=" + signed)
	frame.See("Your requests")
	frame.See("Invoice 2211 was paid twice")
	frame.Axe("the form in a frame")
	frame.Type("input[name=subject]", "The app is slow")
	frame.Type("textarea[name=body]", "Since this morning every page takes ten seconds.")
	frame.eval(`(() => {
		const from = new DataTransfer()
		from.items.add(new File(["a picture"], "slow.png", {type: "image/png"}))
		document.querySelector("textarea[name=body]").dispatchEvent(new ClipboardEvent("paste", {clipboardData: from, bubbles: true, cancelable: true}))
	})()`)
	if files := frame.eval(`[...document.querySelector("input[type=file]").files].map(f => f.name).join()`); files != "slow.png" {
		t.Errorf("what was pasted is %q", files)
	}
	frame.Shot("widget-03-form")
	frame.eval(`document.querySelector("textarea[name=body]").focus()`)
	frame.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	frame.See("We have it")
	frame.See("The app is slow")
	frame.Shot("widget-04-sent")
}

// A half-written request survives a reload, with its kind, in the writer's own browser, and being sent without a connection. It is forgotten
// when the desk has taken it.
func TestAHalfWrittenRequestIsKeptInTheBrowser(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Visit(server.URL + "/requests/new")
	b.See("Usual time until we begin")
	b.Shot("request-form")
	b.Axe("the request form")
	b.Type("textarea[name=body]", "Half a request, written on the train")
	b.eval(`document.querySelector("#kind-1").click()`)
	b.Visit(server.URL + "/portal")
	b.Visit(server.URL + "/requests/new")
	if words := b.valueOf("textarea[name=body]"); words != "Half a request, written on the train" {
		t.Errorf("what is left is %q", words)
	}
	if kind := b.eval(`document.querySelector("#kind-1").checked`); kind != "true" {
		t.Error("the kind is forgotten")
	}
	b.Type("input[name=subject]", "From the train")
	b.Type("input[name=name]", "Nadia Rahman")
	b.Type("input[name=email]", "nadia@train.example")
	server.Stop() // in a tunnel
	b.eval(`(document.querySelector("textarea[name=body]").form.requestSubmit(), 0)`)
	b.until("the browser says that it cannot reach the desk", func() bool { return b.eval(`document.querySelector("textarea") === null`) == "true" })
	server.Restart(t)
	b.Visit(server.URL + "/requests/new")
	if words := b.valueOf("textarea[name=body]"); words != "Half a request, written on the train" {
		t.Errorf("after the tunnel there is %q", words)
	}
	b.eval(`document.querySelector("textarea[name=body]").focus()`)
	b.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	b.See("Look into your mail")
	b.Visit(server.URL + "/requests/new")
	if words := b.eval(`document.querySelector("textarea[name=body]").value`); words != "" {
		t.Errorf("it is offered again: %q", words)
	}
}

// The customer of the brand that asks rates the help by the link of the mail; the agent's page hears of it and is glad.
func TestS0_14_ACustomerRatesTheHelp(t *testing.T) {
	server := Start(t, "demo")
	link := linkIn(t, server, "How did we do?")
	b := Open(t)
	b.Size(390, 844)
	b.Visit(server.URL + link)
	b.See("How did we do?")
	b.Shot("rating-01-request")
	b.Press("Good")
	b.See("What made it so?")
	b.Axe("how it went")
	b.Shot("rating-02-asked")
	b.Type("textarea[name=words]", "Quick, and easy to follow.")
	b.Click("form .button-primary")
	b.See("You said: Good")
	b.Shot("rating-03-thanks")
	ana := Open(t)
	ana.Size(1440, 900)
	signIn(ana, server, "ana@larkandfield.example")
	ana.See("Next for me")
	ana.Visit(server.URL + "/feedback")
	ana.See("Quick, and easy to follow.")
	ana.See("I had to ask twice")
	ana.Axe("complaints and compliments")
	ana.Shot("rating-04-feedback")
	ana.Press("Receipts go to the old address")
	ana.See("How it went for the customer")
	if ana.eval(`document.querySelector(".ticket-status").classList.contains("cheer")`) != "true" {
		t.Error("nobody is glad")
	}
	ana.Shot("rating-05-ticket")
	ana.Visit(server.URL + "/reports")
	ana.See("First answers")
	ana.Shot("rating-06-report")
}
