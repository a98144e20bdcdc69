package gallery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"

	"hark/web"
	"hark/web/gallery"
	"hark/web/shared"
)

// desk serves the gallery with the built assets; without a build there is nothing to look at, and the test says how to make one.
func desk(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(gallery.Handler(built(t)))
	t.Cleanup(server.Close)
	return server
}

func built(t *testing.T) shared.Assets {
	t.Helper()
	assets, err := web.Assets()
	if err != nil {
		t.Fatal(err)
	}
	if assets.URL("agent.css") == "" {
		t.Fatal("web/dist is empty; run `npm ci --ignore-scripts` in web, then `go run ./web/build`")
	}
	return assets
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// each calls look with every element of every sample page.
func each(t *testing.T, look func(page string, element *html.Node)) {
	t.Helper()
	server := httptest.NewServer(gallery.Handler(shared.Assets{}))
	defer server.Close()
	for _, s := range append(gallery.Samples(), gallery.Sample{}) {
		root, err := html.Parse(bytes.NewReader(get(t, server.URL+"/gallery/"+s.Name+"?demo=1")))
		if err != nil {
			t.Fatal(err)
		}
		for element := range root.Descendants() {
			if element.Type == html.ElementNode {
				look(s.Name, element)
			}
		}
	}
}

func attribute(element *html.Node, name string) (string, bool) {
	for _, a := range element.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// The policy of every page forbids inline script and style; no part may need them.
func TestNoPageHasInlineScriptOrStyle(t *testing.T) {
	each(t, func(page string, e *html.Node) {
		for _, a := range e.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", page, e.Data, a.Key, a.Val)
			}
		}
		_, file := attribute(e, "src")
		if e.Data == "style" || e.Data == "script" && !file {
			t.Errorf("%s: inline <%s>", page, e.Data)
		}
	})
}

// "tried12 minutes ago": between a word and the time, the name or the link that follows it stands a space.
func TestNothingSticksToTheWordBeforeIt(t *testing.T) {
	each(t, func(page string, e *html.Node) {
		before := e.PrevSibling
		if before == nil || before.Type != html.TextNode || !slices.Contains([]string{"time", "bdi", "a"}, e.Data) {
			return
		}
		last, _ := utf8.DecodeLastRuneInString(before.Data)
		if unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(".,:;", last) {
			t.Errorf("%s: <%s> sticks to %q", page, e.Data, strings.TrimSpace(before.Data))
		}
	})
}

// A form that changes something carries the hidden field that other sites cannot know.
func TestEveryPostCarriesTheToken(t *testing.T) {
	each(t, func(page string, e *html.Node) {
		method, _ := attribute(e, "method")
		if e.Data != "form" || strings.ToLower(method) != "post" {
			return
		}
		for inside := range e.Descendants() {
			if name, _ := attribute(inside, "name"); name == "csrf" {
				return
			}
		}
		action, _ := attribute(e, "action")
		t.Errorf("%s: the form to %q has no csrf field", page, action)
	})
}

// A browser presses a form's first button when somebody presses Enter in a field of it; that button must be the one meant.
func TestEnterInAFieldPressesTheButtonThatIsMeant(t *testing.T) {
	pressed := ""
	each(t, func(page string, e *html.Node) {
		if id, _ := attribute(e, "id"); page != "inbox" || e.Data != "form" || id != "bulk" {
			return
		}
		for inside := range e.Descendants() {
			if kind, _ := attribute(inside, "type"); inside.Data == "button" && kind == "submit" && pressed == "" {
				pressed = words(inside)
			}
		}
	})
	if pressed != "Add the tag" {
		t.Errorf("Enter in the tag field of the bulk bar presses %q", pressed)
	}
}

// words is what a reader sees of an element.
func words(e *html.Node) string {
	var all strings.Builder
	for n := range e.Descendants() {
		if n.Type == html.TextNode {
			all.WriteString(n.Data)
		}
	}
	return strings.TrimSpace(all.String())
}

// TestA1_MailFieldsAreHostileEverywhere puts markup into every field a mail can fill; lists and tickets show it as text.
func TestA1_MailFieldsAreHostileEverywhere(t *testing.T) {
	for name, page := range gallery.Hostile(`<img src=x onerror=alert(1)>"'><script>alert(1)</script>`) {
		var out bytes.Buffer
		if err := page.Render(shared.With(context.Background(), shared.Frame{}), &out); err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(&out)
		if err != nil {
			t.Fatal(err)
		}
		shown := 0
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				shown += strings.Count(n.Data, "onerror=alert(1)")
			}
			if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script") {
				t.Errorf("%s: the mail's <%s> became an element", name, n.Data)
			}
		}
		if shown < 3 {
			t.Errorf("%s: the hostile text is shown %d times; the sample does not reach the page", name, shown)
		}
	}
}

// What a first visit transfers, in bytes after brotli: the page, its styles and script, its fonts and the icons. The
// rich text field is not counted: it is fetched when somebody begins to write.
func TestPagesAreLight(t *testing.T) {
	server := desk(t)
	for _, s := range gallery.Samples() {
		limit := 150_000
		if s.Public {
			limit = 45_000
		}
		if strings.HasPrefix(s.Name, "request") {
			limit = 40_000 // where a customer follows a ticket, often on a telephone
		}
		total := transferred(t, server.URL, "/gallery/"+s.Name)
		t.Logf("%-16s %6d bytes of %d", s.Name, total, limit)
		if total > limit {
			t.Errorf("%s transfers %d bytes, more than %d", s.Name, total, limit)
		}
	}
}

func transferred(t *testing.T, server, page string) int {
	t.Helper()
	body := get(t, server+page)
	total, links := packed(body), assetsOf(t, body)
	for _, asset := range links {
		raw := get(t, server+asset)
		if strings.HasSuffix(asset, ".woff2") {
			total += len(raw)
		} else {
			total += packed(raw)
		}
	}
	return total
}

func packed(body []byte) int {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.DefaultCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Len()
}

func assetsOf(t *testing.T, page []byte) (links []string) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for e := range root.Descendants() {
		for _, name := range []string{"src", "href"} {
			link, _ := attribute(e, name)
			link, _, _ = strings.Cut(link, "#")
			if strings.HasPrefix(link, shared.AssetPath) && !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
	}
	return links
}

// A list of fifty rows is small as it is written, before anything packs it.
func TestAListOfFiftyRowsIsUnder60kB(t *testing.T) {
	var out bytes.Buffer
	if err := gallery.FullList().Render(shared.With(context.Background(), shared.Frame{}), &out); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out.Bytes(), []byte(`<tr class="row`)); n != 50 {
		t.Fatalf("the list has %d rows", n)
	}
	t.Logf("fifty rows are %.1f kB of HTML", float64(out.Len())/1000)
	if out.Len() > 60_000 {
		t.Errorf("fifty rows are %d bytes of HTML, at most 60,000 are promised", out.Len())
	}
}

// In a fresh clone there is no build: pages come without style and script and still say everything.
func TestPagesStandWithoutABuild(t *testing.T) {
	server := httptest.NewServer(gallery.Handler(shared.Assets{}))
	defer server.Close()
	page := string(get(t, server.URL+"/gallery/ticket"))
	for _, want := range []string{"Send as Pending", "First reminder", "Internal note", `action="/tickets/4812/reply"`} {
		if !strings.Contains(page, want) {
			t.Errorf("without a build the ticket does not have %q", want)
		}
	}
	if strings.Contains(page, shared.AssetPath) {
		t.Error("without a build the page refers to built files")
	}
}

// Enter in a field of the trial looks what happens; it does not throw the draft away.
func TestEnterInATrialThrowsNothingAway(t *testing.T) {
	first := ""
	each(t, func(page string, e *html.Node) {
		if class, _ := attribute(e, "class"); page != "rules-trial" || class != "rules-editor" {
			return
		}
		for inside := range e.Descendants() {
			if kind, _ := attribute(inside, "type"); inside.Data == "button" && kind == "submit" && first == "" {
				first, _ = attribute(inside, "value")
			}
		}
	})
	if first != "check" {
		t.Errorf("Enter in a field of the editor presses %q", first)
	}
}
