package gallery_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"hark/web/gallery"
)

// browser opens one headless browser for a test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1280, 900))
	allocator, cancelAllocator := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	ctx, cancelTimeout := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(func() { cancelTimeout(); cancel(); cancelAllocator() })
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
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

// Ana triages with the keyboard alone.
func TestTheInboxIsWorkedByKeys(t *testing.T) {
	server := desk(t)
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/gallery/inbox"))
	until(t, ctx, `Boolean(window.Stimulus || document.querySelector("[data-controller~=keys]"))`)
	press(t, ctx, "j", `document.activeElement.textContent === "The donation page sends people back to the start"`)
	press(t, ctx, "j", `document.activeElement.textContent === "New team photo for the about page"`)
	press(t, ctx, "k", `document.activeElement.closest(".row").id === "row-4812"`)
	press(t, ctx, "x", `document.querySelector("#row-4812 .row-box").checked && getComputedStyle(document.querySelector(".bulk")).display === "flex"`)
	press(t, ctx, "?", `document.getElementById("keys-help").open && document.getElementById("keys-help").innerText.includes("Next row")`)
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
