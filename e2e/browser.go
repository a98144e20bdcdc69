package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Browser is one window of a real chromium with its own cookies.
type Browser struct {
	t   testing.TB
	ctx context.Context
}

// Open starts a browser window; it is closed with the test. Debian's chromium is required, never skipped.
func Open(t testing.TB, more ...chromedp.ExecAllocatorOption) *Browser {
	t.Helper()
	chromium := "/usr/bin/chromium"
	if _, err := os.Stat(chromium); err != nil {
		t.Fatal("chromium is missing: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1440, 900),
	)
	options = append(options, more...)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeWindow := chromedp.NewContext(allocator)
	t.Cleanup(closeWindow)
	// The first call starts chromium, which lives as long as this call's context: it must not have a deadline of its own.
	if _, err := chromedp.Run(ctx, chromedp.Location()); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	b := &Browser{t: t, ctx: ctx}
	// Each window behaves as the one a person looks at; otherwise only one of several would hear of focus.
	tell(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return b
}

// Do runs browser actions; a failure ends the test with a picture of what was seen.
func (b *Browser) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
		b.t.Fatalf("in the browser: %v\nthe page said: %.1500s", err, b.Text("body"))
	}
}

// look asks the page something, a minute at most: a page that does not answer must not hold all that comes after.
func look[T any](b *Browser, script string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
}

// eval is what the page's script says to an expression, as text.
func (b *Browser) eval(script string) string {
	value, _ := look[string](b, `String(`+script+`)`)
	return value
}

// Visit opens an address and waits for the page.
func (b *Browser) Visit(url string) {
	b.t.Helper()
	b.Do(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("body")))
}

// Click presses what a selector finds, once it stands still: a page that scrolls or unfolds would have the click beside it.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	quoted, _ := json.Marshal(selector)
	b.until(selector+" is in sight", func() bool {
		return b.eval(fmt.Sprintf(`(document.querySelector(%s)?.scrollIntoView({block: "nearest", behavior: "instant"}), true)`, quoted)) == "true"
	})
	before := ""
	b.until(selector+" stands still", func() bool {
		now := b.eval(fmt.Sprintf(`JSON.stringify(document.querySelector(%s)?.getBoundingClientRect() ?? "")`, quoted))
		stands := now == before && now != `""`
		before = now
		return stands
	})
	b.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Press clicks the visible button or link with this text.
func (b *Browser) Press(text string) {
	b.t.Helper()
	quoted, _ := json.Marshal(text)
	find := fmt.Sprintf(`(() => { const want = %s.toLowerCase(); const all = [...document.querySelectorAll('button, a, summary, [role=tab], [role=menuitem], label')].filter(e => e.offsetParent !== null || e.getClientRects().length);
		const says = e => (e.innerText || e.value || '').trim().toLowerCase().replace(/\s+/g, ' ');
		const hit = all.find(e => says(e) === want) || all.find(e => says(e).startsWith(want)) || all.find(e => says(e).includes(want)); if (!hit) return false; hit.scrollIntoView({block: 'center'}); hit.click(); return true })()`, quoted)
	b.until("there is something to press that says "+text, func() bool {
		found, err := look[bool](b, find)
		return err == nil && found
	})
}

// Type writes into a field, in place of what stands there, until it stands there: on a busy machine a page can still be on
// its way when the first key comes.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	quoted, _ := json.Marshal(selector)
	wanted, _ := json.Marshal(text)
	b.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	b.until("the field "+selector+" holds what was typed", func() bool {
		_, err := look[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector(%s); f.focus(); if ('select' in f) f.select(); return true })()`, quoted))
		if err != nil || chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.CSS(selector), text)) != nil {
			return false
		}
		holds, err := look[bool](b, fmt.Sprintf(`document.querySelector(%s)?.value === %s`, quoted, wanted))
		return err == nil && holds
	})
}

// Text is the visible text of an element, "" when there is none.
func (b *Browser) Text(selector string) string {
	quoted, _ := json.Marshal(selector)
	text, _ := look[string](b, fmt.Sprintf(`(document.querySelector(%s)?.innerText) || ''`, quoted))
	return text
}

// See waits until the page shows a text, at most ten seconds, without reloading.
func (b *Browser) See(text string) {
	b.t.Helper()
	folded := strings.ToLower(strings.Join(strings.Fields(text), " "))
	b.until("the page shows "+text, func() bool {
		return strings.Contains(strings.ToLower(strings.Join(strings.Fields(b.Text("body")), " ")), folded)
	})
}

func (b *Browser) until(what string, holds func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		if holds() {
			return
		}
		if time.Now().After(deadline) {
			b.Shot("failed-" + strings.ReplaceAll(b.t.Name(), "/", "-"))
			b.t.Fatalf("not within ten seconds: %s\nthe page said: %.3000s", what, b.Text("body"))
		}
		pause := time.NewTimer(50 * time.Millisecond)
		<-pause.C
	}
}

// Size sets the window's inner size; Dark chooses the colour scheme.
func (b *Browser) Size(width, height int64) {
	b.Do(chromedp.EmulateViewport(width, height))
}

// Dark switches between the dark and the light scheme.
func (b *Browser) Dark(dark bool) {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Script switches JavaScript on or off for the pages that follow.
func (b *Browser) Script(on bool) {
	tell(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// tell gives the browser a command of its protocol.
func tell[P, R any](b *Browser, command cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.t.Fatal(err)
	}
}

// Shot saves a picture of the whole page under tmp/shots in the repository.
func (b *Browser) Shot(name string) {
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	folder := filepath.Join("..", "tmp", "shots")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// Axe fails the test when axe-core finds a violation of WCAG 2.2 A or AA on the page.
func (b *Browser) Axe(name string) {
	b.t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		b.t.Fatalf("axe-core is missing: run make pages (%v)", err)
	}
	ask := `(async () => {
		const look = () => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => r.violations.map(v => v.id + ': ' + v.help + '\n' + v.nodes.slice(0, 5).map(n => '    ' + n.html.slice(0, 160) + ' ' + (n.failureSummary || '').split('\n').slice(1, 3).join(' ')).join('\n')).join('\n'))
		const root = document.documentElement // busy while a page is asked for: then there are two to look at, and it looks again
		for (let tries = 0; tries < 20; tries++) {
			let moved = root.hasAttribute("aria-busy")
			const watch = new MutationObserver(() => moved = true)
			watch.observe(root, {attributes: true, attributeFilter: ["aria-busy"]})
			const says = await look()
			watch.disconnect()
			if (!moved) return says
			await new Promise(resume => setTimeout(resume, 200))
		}
		return "the page does not come to rest"
	})()`
	if _, err := look[int](b, string(source)+"; 0"); err != nil {
		b.t.Fatal(err)
	}
	found, err := look[string](b, ask, chromedp.EvalAwaitPromise)
	if err != nil {
		b.t.Fatal(err)
	}
	if found != "" {
		b.t.Errorf("axe on %s:\n%s", name, found)
	}
}

// SeeIn waits until an element shows a text, at most ten seconds, without reloading.
func (b *Browser) SeeIn(selector, text string) {
	b.t.Helper()
	b.until(selector+" shows "+text, func() bool {
		return strings.Contains(strings.ToLower(strings.Join(strings.Fields(b.Source(selector)+b.Text(selector)), " ")), strings.ToLower(text))
	})
}

// Source is the HTML of all elements a selector finds, also of what is folded away.
func (b *Browser) Source(selector string) string {
	quoted, _ := json.Marshal(selector)
	source, _ := look[string](b, fmt.Sprintf(`[...document.querySelectorAll(%s)].map(e => e.outerHTML).join('\n')`, quoted))
	return source
}

// Attribute is an attribute of an element, "" when there is none.
func (b *Browser) Attribute(selector, name string) string {
	element, _ := json.Marshal(selector)
	attribute, _ := json.Marshal(name)
	value, _ := look[string](b, fmt.Sprintf(`document.querySelector(%s)?.getAttribute(%s) || ''`, element, attribute))
	return value
}

// Path is the path of the page's address.
func (b *Browser) Path() string {
	path, _ := look[string](b, `location.pathname`)
	return path
}
