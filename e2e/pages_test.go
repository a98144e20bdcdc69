package e2e

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// ear hears what the browser complains about, and weighs what it loads.
type ear struct {
	mu    sync.Mutex
	said  []string
	bytes float64
}

func (b *Browser) listen() *ear {
	b.t.Helper()
	e := &ear{}
	if err := chromedp.Listen(b.ctx, e.hear); err != nil {
		b.t.Fatal(err)
	}
	tell(b, network.Enable, network.EnableParams{})
	return e
}

func (e *ear) hear(event any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		e.said = append(e.said, "exception: "+event.ExceptionDetails.Text+" "+thrown(event.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if event.Type == runtime.ConsoleAPICalledTypeError || event.Type == runtime.ConsoleAPICalledTypeWarning {
			e.said = append(e.said, fmt.Sprintf("console: %s", event.Args[0].Value))
		}
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError {
			e.said = append(e.said, event.Entry.Text+" "+event.Entry.URL)
		}
	case *network.EventLoadingFinished:
		e.bytes += event.EncodedDataLength
	}
}

// thrown is what an exception says of itself.
func thrown(details *runtime.ExceptionDetails) string {
	if details.Exception == nil {
		return ""
	}
	return details.Exception.Description
}

// complaints are what was said since the last time somebody asked.
func (e *ear) complaints() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	said := e.said
	e.said = nil
	return said
}

// weight is what was loaded so far, as it went over the wire.
func (e *ear) weight() float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.bytes
}

// pages are all that can be looked at, by who looks. {ticket} and the like are filled with what the demo's day has left.
var pages = map[string][]string{
	"stranger": {"/demo", "/sign-in", "/portal", "/portal/code", "/requests/new", "/support", "/demo/outbox", "/demo/outbox/3", "/nowhere", "/sign-in/forgot", "/setup/token", "/join/token", "/confirm/token", "/sign-in/link/token", "{link}", "/t/nonsense"},
	"agent":    {"/inbox", "/inbox?view=all", "/inbox?view=waiting", "/inbox?view=later", "/tickets/{The shop says sold out, but we have twelve}?view=next", "/tickets/{Old opening hours in the footer}", "/tickets/{Programmheft 2027}", "/tickets/{Programmheft 2027}/why", "/tickets/new", "/reports", "/reports?view=tables", "/reports/list?what=all", "/wall", "/phone", "/phone?show=missed", "/phone/1", "/calls", "/customers", "/customers?q=acme", "/customers?q=nobody-at-all", "/tickets/{The importer stops at row 200}", "/tickets/{The importer stops at row 200}/call", "/me", "/search?q=photo", "/search?q=nothingatall", "/search?q=", "/mail/out", "/mail/out/3", "/nowhere"},
	"customer": {"/portal", "/requests/{Old opening hours in the footer}", "/requests/{How do I add a colleague?}", "/requests/new", "/me", "/support", "/tickets/{How do I add a colleague?}"},
	"admin":    {"/admin/policy", "/admin/policy/edit", "/admin/policy/plan", "/policy/versions/1", "/mail/in", "/mail/in?show=held", "/mail/in/1", "/admin/mailboxes", "/admin/mailboxes/1", "/admin/mailboxes/new", "/admin/people", "/admin/people/2", "/admin/groups", "/admin/groups/new", "/admin/brands", "/admin/brands/1", "/admin/import"},
}

var signs = map[string]string{"agent": "ana@larkandfield.example", "admin": "maya@larkandfield.example"}

func TestEveryPageIsAccessibleAndQuiet(t *testing.T) {
	server := Start(t, "demo")
	for who, paths := range pages {
		t.Run(who, func(t *testing.T) {
			b := Open(t)
			if address := signs[who]; address != "" {
				signIn(b, server, address)
				b.See("Next for me")
			}
			if who == "customer" {
				signInByMail(t, b, server, "harriet@bloomandthistle.example")
			}
			settle(b) // leaving while the page still fades in is no page's fault
			heard := b.listen()
			for _, path := range paths {
				path = place(t, server, path)
				for _, width := range []int64{1440, 390} {
					for _, dark := range []bool{false, true} {
						b.Size(width, 900)
						b.Dark(dark)
						b.Visit(server.URL + path)
						name := fmt.Sprintf("%s %s at %d, %s", who, path, width, map[bool]string{true: "dark", false: "light"}[dark])
						b.Axe(name)
						if wide := b.Text("html") != "" && b.wider(); wide {
							t.Errorf("%s scrolls sideways", name)
						}
						b.Shot("page-" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(who+path[:min(len(path), 30)]) + fmt.Sprintf("-%d-%v", width, dark))
						for _, said := range heard.complaints() {
							if strings.Contains(said, "404") && (strings.Contains(path, "now") || strings.Contains(path, "nonsense") || who == "customer" && strings.HasPrefix(path, "/tickets/")) {
								continue
							}
							t.Errorf("%s: the browser said %s", name, said)
						}
					}
				}
			}
		})
	}
}

// signInByMail signs a customer in as they do: they ask for a link, and it comes.
func signInByMail(t *testing.T, b *Browser, server *Server, address string) {
	t.Helper()
	b.Visit(server.URL + "/portal/code")
	b.Type("input[name=email]", address)
	b.Click("form .button-primary")
	b.See("Look into your mail")
	b.Visit(server.URL + mailedLink(t, server, "/sign-in/link/"))
	b.Click("form .button-primary")
	b.See("Your requests")
}

// The page that stops a reply is looked at where it arises: the customer writes while Ana does.
func TestTheStoppedReplyIsAccessibleAndKeepsTheWords(t *testing.T) {
	server := Start(t, "demo")
	ana, mateo := Open(t), Open(t)
	mateo.Script(false)
	ana.Script(false)
	signIn(ana, server, signs["agent"])
	ana.See("Next for me")
	ana.Press("The shop says sold out, but we have twelve")
	ana.See("Conversation")
	signInByMail(t, mateo, server, "mateo@silvaguitars.example")
	mateo.Visit(server.URL + strings.Replace(strings.SplitN(ana.path(), "?", 2)[0], "/tickets/", "/requests/", 1))
	mateo.Type("textarea[name=body]", "Thirteen, I found another.")
	mateo.Click("#answer .button-primary")
	mateo.See("Thirteen, I found another.")
	ana.Script(true)
	ana.Type(".composer-reply textarea[name=body]", "All twelve are back in the shop.")
	ana.Click(".composer-reply .split > .button-primary")
	ana.See("Not sent yet")
	ana.See("Thirteen, I found another.")
	if kept := ana.eval(`document.querySelector(".stale textarea").value.trim()`); kept != "All twelve are back in the shop." {
		t.Errorf("the stopped reply holds %q", kept)
	}
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{1440, 390} {
			ana.Dark(dark)
			ana.Size(width, 900)
			settle(ana) // colours change over a moment
			ana.Axe(fmt.Sprintf("the stopped reply at %d, dark %v", width, dark))
			ana.Shot(fmt.Sprintf("stale-%d-%v", width, dark))
			if ana.wider() {
				t.Errorf("at %d the stopped reply scrolls sideways", width)
			}
		}
	}
}

// wider reports whether the page is wider than its window.
func (b *Browser) wider() bool {
	wide, _ := look[bool](b, `document.documentElement.scrollWidth > innerWidth + 1`)
	return wide
}

// story is the number of the demo's ticket whose subject begins so: {Invoice 2211} in a path is such a ticket.
func story(t testing.TB, server *Server, subject string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(server.Data, "hark.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var number string
	if err := db.QueryRow("SELECT max(id) FROM tickets WHERE substr(subject, 1, length($1)) = $1", subject).Scan(&number); err != nil {
		t.Fatalf("the demo has no ticket %q: %v", subject, err)
	}
	return number
}

var inBraces = regexp.MustCompile(`\{([^{}]+)\}`)

// place is a path with its tickets and links filled in.
func place(t testing.TB, server *Server, path string) string {
	return inBraces.ReplaceAllStringFunc(path, func(name string) string {
		if name == "{link}" {
			return customerLink(t, server)
		}
		return story(t, server, strings.Trim(name, "{}"))
	})
}

var letterPath = regexp.MustCompile(`/demo/outbox/(\d+)`)

// newestLetter is the number of the newest mail in the letter box.
func newestLetter(t testing.TB, server *Server) int {
	t.Helper()
	_, page := server.Get(t, "/demo/outbox")
	newest := 0
	for _, found := range letterPath.FindAllStringSubmatch(page, -1) {
		id, _ := strconv.Atoi(found[1])
		newest = max(newest, id)
	}
	return newest
}

// customerLink is the path of the newest signed link in the letter box.
func customerLink(t testing.TB, server *Server) string {
	t.Helper()
	for id := newestLetter(t, server); id > 0; id-- {
		_, page := server.Get(t, fmt.Sprintf("/demo/outbox/%d", id))
		if i := strings.Index(page, `href="/t/`); i >= 0 {
			link, _, _ := strings.Cut(page[i+6:], `"`)
			return link
		}
	}
	t.Fatal("no letter holds a link")
	return ""
}

// What a first visit weighs, with styles, scripts, icons and every font its names need: the demo's inbox has a Wiśniewski.
func TestPagesAreLight(t *testing.T) {
	server := Start(t, "demo")
	for path, limit := range map[string]float64{"/sign-in": 40_000, "/portal": 42_000, "/requests/new": 42_000, "/support": 60_000, customerLink(t, server): 40_000} {
		b := Open(t)
		heard := b.listen()
		b.Visit(server.URL + path)
		settle(b)
		weighs(t, path, heard.weight(), limit)
	}
	for _, path := range []string{"/inbox", "/inbox?view=all", "/tickets/{Can we see how many people read the newsletter?}"} {
		b := Open(t)
		signIn(b, server, signs["agent"])
		b.See("Next for me")
		settle(b)
		tell(b, network.ClearBrowserCache, cdp.Empty{})
		heard := b.listen()
		b.Visit(server.URL + place(t, server, path))
		b.See("Wiśniewski")
		settle(b)
		weighs(t, path, heard.weight(), 150_000)
	}
}

func weighs(t *testing.T, path string, bytes, limit float64) {
	t.Helper()
	t.Logf("%s weighs %.1f kB", path, bytes/1000)
	if bytes > limit || bytes == 0 {
		t.Errorf("%s weighs %.0f bytes, at most %.0f are promised", path, bytes, limit)
	}
}

// settle waits until the page has loaded what it loads by itself.
func settle(b *Browser) {
	b.until("the page has loaded", func() bool {
		done, _ := look[bool](b, `document.readyState === 'complete' && document.fonts.status === 'loaded'`)
		return done
	})
	pause := time.NewTimer(300 * time.Millisecond) // fonts and prefetches are asked for after that
	<-pause.C
}

// All of the desk's work and all of a customer's, with script switched off.
func TestEverythingWorksWithoutScript(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	b.Script(false)
	signIn(b, server, signs["agent"])
	b.See("Next for me")
	b.Press("The shop says sold out, but we have twelve")
	b.See("Conversation")
	path := b.path()
	b.Type(".composer-reply textarea[name=body]", "Hello Mateo, which one exactly?")
	b.Press("Send with another status")
	b.Press("Send as Pending")
	b.See("Hello Mateo, which one exactly?")
	b.See("Pending")
	b.Visit(server.URL + path)
	b.Press("Internal note")
	b.Type(".composer-note textarea[name=body]", "He counted twice.")
	b.Click(".composer-note .button")
	b.See("He counted twice.")
	b.Shot("noscript-ticket")
	server.Hark(t, "", "clock", "advance", "8d")
	b.Visit(server.URL + path)
	b.See("Start a follow-up")
	b.Click(".ticket-closed .button-primary")
	b.See("Continues #")
	b.Shot("noscript-follow-up")

	customer := Open(t)
	customer.Script(false)
	customer.Visit(server.URL + "/portal")
	customer.Click("main a[href='/requests/new']")
	customer.Type("input[name=subject]", "Our logo is blurred")
	customer.Type("textarea[name=body]", "On the start page, since today.")
	customer.Type("input[name=name]", "Noor Haddad")
	customer.Type("input[name=email]", "noor@haddadbakery.example")
	customer.Click("main form .button-primary")
	customer.See("Look into your mail")
	customer.Visit(server.URL + mailedLink(t, server, "/confirm/"))
	customer.Click("main form .button-primary")
	customer.See("Our logo is blurred")
	customer.See("We have it")
	customer.Type("textarea[name=body]", "It is the one at the top.")
	customer.until("the answer stands in the conversation", func() bool {
		customer.Do(chromedp.Click(chromedp.CSS("#answer .button-primary")))
		return strings.Contains(customer.Text(".portal-talk"), "It is the one at the top.")
	})
	customer.Shot("noscript-customer")
}

// path is where the window is, also with script switched off.
func (b *Browser) path() string {
	location, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		b.t.Fatal(err)
	}
	return "/" + strings.SplitN(location, "/", 4)[3]
}

// mailedLink is the path of the newest link of a kind in the letter box.
func mailedLink(t testing.TB, server *Server, kind string) string {
	t.Helper()
	for id := newestLetter(t, server); id > 0; id-- {
		_, page := server.Get(t, fmt.Sprintf("/demo/outbox/%d", id))
		if i := strings.Index(page, kind); i >= 0 {
			link := strings.FieldsFunc(page[i:], func(r rune) bool { return strings.ContainsRune(" \r\n<\"&", r) })[0]
			return link
		}
	}
	t.Fatalf("no letter holds a link %s", kind)
	return ""
}

// A morning with the keyboard alone.
func TestTheDeskIsWorkedByKeys(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t)
	signIn(b, server, signs["agent"])
	b.See("Next for me")
	b.ready()
	b.key("j", `document.activeElement.matches(".row-link")`)
	first := b.eval(`document.activeElement.textContent`)
	b.key("j", fmt.Sprintf(`document.activeElement.matches(".row-link") && document.activeElement.textContent !== %q`, first))
	b.key("k", fmt.Sprintf(`document.activeElement.textContent === %q`, first))
	b.key("\r", `location.pathname.startsWith("/tickets/")`)
	b.See("Conversation")
	b.ready()
	b.key("r", `document.activeElement.matches("trix-editor, .composer-reply textarea")`)
	b.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "Written without a mouse."))
	b.Do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	b.SeeIn(".talk", "Written without a mouse.")
	b.oneComposer()
	b.ready()
	b.key("g", `true`)
	b.key("i", `location.pathname === "/inbox"`)
	b.See("Next for me")
	b.ready()
	b.key("j", `document.activeElement.matches(".row-link")`)
	kept := b.eval(`document.activeElement.textContent`)
	b.key("l", `document.querySelector(".row .row-number .icon") !== null`)
	b.Visit(server.URL + "/inbox?view=later")
	b.See(kept)
	b.Visit(server.URL + "/inbox?view=unassigned")
	b.ready()
	b.key("j", `document.activeElement.matches(".row-link")`)
	b.key("\r", `location.pathname.startsWith("/tickets/")`)
	b.See("Conversation")
	b.ready()
	here := b.eval(`location.pathname`)
	b.key("]", fmt.Sprintf(`location.pathname.startsWith("/tickets/") && location.pathname !== %q`, here))
	b.See("Conversation")
	b.ready()
	next := b.eval(`location.pathname`)
	b.key("[", fmt.Sprintf(`location.pathname === %q`, here))
	b.See("Conversation")
	b.ready()
	b.key("r", `document.activeElement.matches("trix-editor, .composer-reply textarea")`)
	b.Do(chromedp.WaitVisible(chromedp.CSS("trix-editor")), chromedp.SendKeys(chromedp.CSS("trix-editor"), "And on to the next."))
	b.eval(theLastLetters)
	b.until("sending led on to the next ticket", func() bool { return b.eval(`location.pathname`) == next })
	b.See("Conversation")
	b.Visit(server.URL + here)
	b.SeeIn(".talk", "And on to the next. It is on its way.")
	b.Visit(server.URL + "/inbox")
	b.See("Next for me")
	b.ready()
	b.key("?", `document.getElementById("keys-help").open`)
	b.See("Next row")
	b.Do(chromedp.KeyEvent("\x1b"))
	b.until("the key help is closed", func() bool { return b.eval(`document.getElementById("keys-help").open`) == "false" })
	b.Do(chromedp.KeyEvent("k", chromedp.KeyModifiers(2)))
	b.until("the palette is open", func() bool { return b.eval(`document.getElementById("palette").open`) == "true" })
	b.Do(chromedp.KeyEvent("waiting"), chromedp.KeyEvent("\r"))
	b.until("the palette led on", func() bool { return b.eval(`location.search`) == "?view=waiting" })
}

// theLastLetters writes and sends before the browser has drawn what was written, as quick fingers on a slow machine do.
const theLastLetters = `(() => {
	const field = document.activeElement
	field.dispatchEvent(new InputEvent("beforeinput", { inputType: "insertText", data: " It is on its way.", bubbles: true, cancelable: true }))
	field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }))
})()`

// oneComposer waits until the page that came after sending has settled, with one place to write in.
func (b *Browser) oneComposer() {
	b.t.Helper()
	b.until("there is one composer", func() bool { return b.eval(`document.querySelectorAll(".composer").length`) == "1" })
}

// ready waits until the page's script listens.
func (b *Browser) ready() {
	b.until("the script listens", func() bool {
		return b.eval(`document.readyState === "complete" && Boolean(window.Turbo || document.querySelector("[data-controller]")) && !document.documentElement.hasAttribute("data-turbo-preview") && !document.documentElement.hasAttribute("aria-busy")`) == "true"
	})
	pause := time.NewTimer(300 * time.Millisecond)
	<-pause.C
}

// key presses a key, and waits for what it does. A key goes down with its letter, as from a keyboard: whoever takes the key takes the
// letter as well. (chromedp's own KeyEvent sends the letter in any case.)
func (b *Browser) key(key, then string) {
	b.t.Helper()
	b.Do(chromedp.KeyEvent(key, func(e *input.DispatchKeyEventParams) {
		if e.Type == input.DispatchKeyEventTypeKeyDown {
			e.Text = key
		} else if e.Type == input.DispatchKeyEventTypeChar {
			e.Type = input.DispatchKeyEventTypeKeyUp
		}
	}))
	b.until("after "+key+" it holds that "+then, func() bool { return b.eval(then) == "true" })
}

// The column beside a ticket scrolls up and down only, also where scroll bars take room.
func TestTheSideColumnDoesNotScrollSideways(t *testing.T) {
	server := Start(t, "demo")
	b := Open(t, chromedp.Flag("hide-scrollbars", false))
	signIn(b, server, signs["agent"])
	b.See("Next for me")
	b.Size(1440, 420)
	for _, path := range []string{"/tickets/{Invoice 2211 was paid twice}", "/tickets/{How do I add a colleague?}"} {
		path = place(t, server, path)
		b.Visit(server.URL + path)
		b.See("Customer")
		settle(b)
		if b.eval(`document.querySelector(".ticket-side").scrollHeight > document.querySelector(".ticket-side").clientHeight`) != "true" {
			t.Errorf("%s: the column has no need to scroll, so this shows nothing", path)
		}
		if wide := b.eval(`[...document.querySelectorAll(".ticket-side, .ticket-side *")].filter(e => !e.closest("[popover], .unseen, .others a") && e.getBoundingClientRect().right > document.querySelector(".ticket-side").getBoundingClientRect().right).map(e => e.className).join()`); wide != "" {
			t.Errorf("%s: these reach out of the column: %s", path, wide)
		}
		if b.eval(`document.querySelector(".ticket-side").scrollWidth > document.querySelector(".ticket-side").clientWidth`) == "true" {
			t.Errorf("%s scrolls sideways", path)
		}
		b.Shot("side" + strings.ReplaceAll(path, "/", "-"))
	}
}
