package gallery_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hark/web/gallery"
)

// browser opens one headless browser for a test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 900))
	allocator, cancelAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() { cancel(); cancelAllocator() })
	// The first call starts chromium, which lives as long as this call's context. Each step after it has a minute.
	if _, err := chromedp.Run(ctx, chromedp.Location()); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return answer
}

// until waits for the page to make a script's answer true; what it waited for is in the failure.
func until(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(8*time.Second))); err != nil {
		t.Fatalf("the page never came to %s: %v", script, err)
	}
}

type violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// Every sample page keeps the rules of WCAG 2.2 AA that a machine can check, by day and by night.
func TestEveryPageIsAccessible(t *testing.T) {
	server := desk(t)
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing; run `npm ci --ignore-scripts` in web: %v", err)
	}
	ctx := browser(t)
	still(t, ctx)
	for _, s := range append(gallery.Samples(), gallery.Sample{Name: "", Title: "Gallery"}) {
		do(t, ctx, chromedp.Navigate(server.URL+"/gallery/"+s.Name+"?demo=1&theme=light"))
		_ = ask[bool](t, ctx, string(axe)+";true")
		report(t, s.Name+" by day", ask[string](t, ctx, `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(r.violations))`))
		_ = ask[bool](t, ctx, `document.documentElement.dataset.theme = "dark"; true`)
		report(t, s.Name+" by night", ask[string](t, ctx, `axe.run(document, {runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}}).then(r => JSON.stringify(r.violations))`))
	}
}

// still switches motion off, so that a colour is measured and not the way to it.
func still(t *testing.T, ctx context.Context) {
	t.Helper()
	reduced := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: reduced}); err != nil {
		t.Fatal(err)
	}
}

func report(t *testing.T, page, found string) {
	t.Helper()
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s: %s: %s\n  %s\n  %s", page, v.ID, v.Help, v.Nodes[0].HTML, strings.ReplaceAll(v.Nodes[0].FailureSummary, "\n", "\n  "))
	}
}

// Nothing hangs over the edge of a phone, nor of a page at 400 % zoom (a width of 320 px, WCAG 1.4.10).
func TestNoPageScrollsSideways(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	for _, width := range []int64{320, 390, 1024} {
		do(t, ctx, chromedp.EmulateViewport(width, 800))
		for _, s := range append(gallery.Samples(), gallery.Sample{Name: ""}) {
			do(t, ctx, chromedp.Navigate(server.URL+"/gallery/"+s.Name+"?demo=1"))
			if over := ask[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				who := ask[string](t, ctx, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-wrap, .tabs, pre, .unseen, .rail")).map(e => e.tagName + "." + e.className).slice(0, 4).join(", ")`)
				t.Errorf("%s at %d px is %d px too wide: %s", s.Name, width, over, who)
			}
		}
	}
}

// On a telephone the places of the desk are more than fit; whichever Ana is at stands in sight, each with its name on one line.
func TestAnasPlaceIsInSightOnATelephone(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	do(t, ctx, chromedp.EmulateViewport(390, 844))
	for _, page := range []string{"inbox", "reports", "mailboxes"} {
		do(t, ctx, chromedp.Navigate(server.URL+"/gallery/"+page))
		until(t, ctx, `(() => { const at = document.querySelector(".rail [aria-current]").getBoundingClientRect(); return at.left >= 0 && at.right <= innerWidth })()`)
		if tallest := ask[int](t, ctx, `Math.max(...[...document.querySelectorAll(".rail-label")].map(e => Math.round(e.offsetHeight)))`); tallest > 22 {
			t.Errorf("%s: the name of a place is %d px tall, which is two lines", page, tallest)
		}
	}
}

// Ana triages with the keyboard alone.
func TestTheInboxIsWorkedByKeys(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/gallery/inbox"))
	until(t, ctx, `Boolean(window.Stimulus || document.querySelector("[data-controller~=keys]"))`)
	press(t, ctx, "j", `document.activeElement.textContent === "The donation page sends people back to the start"`)
	press(t, ctx, "j", `document.activeElement.textContent === "New team photo for the about page"`)
	press(t, ctx, "k", `document.activeElement.id === "t4812"`)
	press(t, ctx, "x", `document.getElementById("t4812").closest(".row").querySelector(".row-box").checked && getComputedStyle(document.querySelector(".bulk")).display === "flex"`)
	press(t, ctx, "s", `document.getElementById("bulk-status").matches(":popover-open") && document.activeElement.closest("#bulk-status") !== null`)
	press(t, ctx, kb.Escape, `!document.getElementById("bulk-status").matches(":popover-open")`)
	press(t, ctx, "?", `document.getElementById("keys-help").open && document.getElementById("keys-help").innerText.includes("Next row")`)
}

// Thirty topics stay inside the window, on a phone too: the list scrolls, letters lead to an entry, and the arrows go on from there.
func TestThirtyTopicsAreReachedByKeys(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	for _, width := range []int64{1440, 390} {
		do(t, ctx, chromedp.EmulateViewport(width, 700), chromedp.Navigate(server.URL+"/gallery/inbox"))
		until(t, ctx, `Boolean(document.querySelector("[data-controller~=keys]"))`)
		const seen = ` && (e => { const a = e.getBoundingClientRect(), b = document.getElementById("queues").getBoundingClientRect(); return a.top >= b.top && a.bottom <= b.bottom && b.top >= 0 && b.bottom <= innerHeight && b.left >= 0 && b.right <= innerWidth })(document.activeElement)`
		press(t, ctx, "v", `true`)
		press(t, ctx, "q", `document.activeElement.textContent.includes("Review a new case")`+seen)
		press(t, ctx, "w", `document.activeElement.textContent.startsWith("Warranty")`+seen)
		press(t, ctx, "r", `document.activeElement.textContent.startsWith("Review a new case")`+seen)
		press(t, ctx, "r", `document.activeElement.textContent.startsWith("Repairs")`+seen)
		press(t, ctx, kb.ArrowDown, `document.activeElement.textContent.startsWith("Returns")`+seen)
		press(t, ctx, kb.Escape, `!document.getElementById("queues").matches(":popover-open")`)
	}
}

// The palette finds an action by its words and runs it.
func TestThePaletteFindsAndRuns(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/gallery/ticket"))
	until(t, ctx, `Boolean(document.querySelector("[data-controller~=keys]"))`)
	_ = ask[bool](t, ctx, `document.dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true, bubbles: true, cancelable: true}))`)
	until(t, ctx, `document.getElementById("palette").open && document.querySelectorAll("#palette-list li").length > 8`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#palette input"), "internal"))
	until(t, ctx, `document.querySelector("#palette-list li").textContent.startsWith("Internal note")`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#palette input"), "\r"))
	until(t, ctx, `document.activeElement.matches(".composer-note textarea")`)
}

// A half-typed reply survives what happens around it: the page refreshes itself in place and the words stay.
func TestAHalfTypedReplySurvivesARefresh(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/gallery/ticket"))
	until(t, ctx, `Boolean(document.querySelector("[data-controller~=keys]"))`)
	press(t, ctx, "r", `Boolean(document.querySelector("trix-editor")?.editor)`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("trix-editor"), "May we make a test donation"))
	until(t, ctx, `document.querySelector("[name=body_html]").value.includes("test donation") && document.querySelector("[name=body]").value.includes("test donation")`)
	_ = ask[bool](t, ctx, `(window.refreshed = false, document.addEventListener("turbo:render", () => window.refreshed = true), window.Turbo.session.refresh(location.href), true)`)
	until(t, ctx, `window.refreshed`)
	until(t, ctx, `document.querySelector("trix-editor").innerText.includes("May we make a test donation")`)
}

// News waits above the list until it is asked for; no row moves and the focus stays where it was.
func TestNewRowsWaitUntilTheyAreAskedFor(t *testing.T) {
	news := make(chan string)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(liveDesk(t, news)+"/gallery/inbox?live=1"))
	until(t, ctx, `document.activeElement === document.body && document.querySelector("[data-controller~=keys]") !== null`)
	news <- "event: counts\ndata: {\"inbox\":\"11\"}\n\n"
	until(t, ctx, `document.querySelector("[data-live-count=inbox]").textContent === "11"`)
	press(t, ctx, "j", `document.activeElement.id === "t4812"`)
	news <- "event: list\ndata: {\"view\":\"next\",\"count\":2}\n\n"
	until(t, ctx, `document.getElementById("new-rows").innerText.trim() === "2 new"`)
	if !ask[bool](t, ctx, `document.querySelectorAll(".row").length === 9 && document.activeElement.id === "t4812" && document.getElementById("news").textContent.includes("2")`) {
		t.Error("the list changed or the focus moved before anybody asked")
	}
}

// Somebody answers while Ana writes: the page shows it, her words stay, and the composer says that it will ask.
func TestAnAnswerArrivesWhileAnaWrites(t *testing.T) {
	news := make(chan string)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(liveDesk(t, news)+"/gallery/ticket?live=1"))
	until(t, ctx, `document.querySelector("[data-controller~=keys]") !== null`)
	press(t, ctx, "r", `Boolean(document.querySelector("trix-editor")?.editor)`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("trix-editor"), "One moment"))
	news <- "event: ticket\ndata: {\"id\":\"4812\",\"audit\":\"1209\",\"says\":\"Priya answered\"}\n\n"
	until(t, ctx, `!document.querySelector(".composer-news").hidden && document.querySelector("trix-editor").innerText.includes("One moment")`)
	until(t, ctx, `document.getElementById("news").textContent === "Priya answered"`)
}

// What Ben types is saved two seconds after his last key, with what the server needs to know about it.
func TestADraftIsSavedAsItIsTyped(t *testing.T) {
	saved := make(chan url.Values, 4)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(draftDesk(t, saved)+"/gallery/ticket"))
	until(t, ctx, `document.querySelector("[data-controller~=keys]") !== null`)
	do(t, ctx, chromedp.Click(chromedp.CSS(".composer-tab-note")), chromedp.SendKeys(chromedp.CSS(".composer-note textarea"), "Ask the finance team first"))
	until(t, ctx, `document.querySelector(".composer-state").textContent.startsWith("Draft saved")`)
	form := <-saved
	for name, want := range map[string]string{"note": "Ask the finance team first", "writing": "note", "base": "1207", "draft": "33", "body": "", "csrf": "sample"} {
		if got := form.Get(name); got != want {
			t.Errorf("the draft came with %s=%q, want %q", name, got, want)
		}
	}
}

// Ana asks why of one ticket, and of another before the first answer is here. The late answer does not take the place of the other.
func TestALateWhyReplacesNoOther(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(serve(t, gallery.Handler(built(t)))+"/gallery/inbox"))
	until(t, ctx, `document.querySelector("[data-controller~=keys]") !== null`)
	said := ask[string](t, ctx, `(async () => {
		const waiting = []
		window.fetch = () => new Promise(answer => waiting.push(says => answer(new Response("<p data-why-content>" + says + "</p>"))))
		const [one, other] = document.querySelectorAll("a[data-why]")
		one.click()
		other.click()
		const settle = async () => { for (let n = 0; n < 20; n++) await new Promise(requestAnimationFrame) }
		waiting[1]("the other")
		await settle()
		waiting[0]("the one")
		await settle()
		return document.querySelector("[data-why-content]").textContent
	})()`)
	if said != "the other" {
		t.Errorf("asked last for the other, Ana reads %q", said)
	}
}

// Without a connection the page is opened, which says in the browser's words what is wrong.
func TestWithoutAConnectionWhyIsAPage(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(serve(t, gallery.Handler(built(t)))+"/gallery/inbox"))
	until(t, ctx, `document.querySelector("[data-controller~=keys]") !== null`)
	ask[bool](t, ctx, `(() => {
		window.fetch = () => Promise.reject(new TypeError("no connection"))
		const link = document.querySelector("a[data-why]")
		link.href = "#opened" // a page that needs no connection
		link.click()
		return true
	})()`)
	until(t, ctx, `location.hash === "#opened"`)
}

// liveDesk is the gallery with a stream of events that a test speaks through.
func liveDesk(t *testing.T, news <-chan string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", gallery.Handler(built(t)))
	mux.HandleFunc("/gallery/live", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for {
			select {
			case <-r.Context().Done():
				return
			case event := <-news:
				_, _ = io.WriteString(w, event)
				_ = http.NewResponseController(w).Flush()
			}
		}
	})
	return serve(t, mux)
}

// draftDesk is the gallery with a place that takes drafts.
func draftDesk(t *testing.T, saved chan<- url.Values) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", gallery.Handler(built(t)))
	mux.HandleFunc("POST /tickets/4812/draft", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
		}
		saved <- r.PostForm
		w.WriteHeader(http.StatusNoContent)
	})
	return serve(t, mux)
}

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// Without script the two fields, the menus and the reasons still work: they are the browser's own.
func TestTheTicketWorksWithoutScript(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/gallery/ticket"),
		chromedp.WaitVisible(chromedp.CSS(".composer-reply textarea")),
		chromedp.WaitNotVisible(chromedp.CSS(".composer-note textarea")),
		chromedp.Click(chromedp.CSS(".composer-tab-note")),
		chromedp.WaitVisible(chromedp.CSS(".composer-note textarea")),
		chromedp.WaitNotVisible(chromedp.CSS(".composer-reply textarea")),
		chromedp.Click(chromedp.CSS(".ticket-line .due-open")),
		chromedp.WaitVisible(chromedp.CSS(".ticket-line .due-why")))
}

// No page makes the browser refuse something under the policy it is served with.
func TestNothingIsRefusedByThePolicy(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	for _, name := range []string{"inbox", "ticket", "request", "policy", "letter", "brand"} {
		do(t, ctx, chromedp.Navigate(server.URL+"/gallery/"+name))
		refused := ask[[]string](t, ctx, `new Promise(done => {
			const seen = []
			new ReportingObserver(reports => seen.push(...reports.map(r => r.body.effectiveDirective + " " + r.body.blockedURL)), {types: ["csp-violation"], buffered: true}).observe()
			document.querySelector(".composer-reply textarea")?.focus()
			setTimeout(() => done(seen), 400)
		})`)
		if len(refused) > 0 {
			t.Errorf("%s: %v", name, refused)
		}
	}
}

func press(t *testing.T, ctx context.Context, key, then string) {
	t.Helper()
	do(t, ctx, chromedp.KeyEvent(key))
	until(t, ctx, then)
}
