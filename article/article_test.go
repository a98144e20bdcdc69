package article_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hark/article"
)

func TestAnAddressIsMadeOfATitle(t *testing.T) {
	for title, want := range map[string]string{
		"How to sign in":             "how-to-sign-in",
		"  Où est l'entrée ? ":       "ou-est-lentree",
		"Größe & Preis — 2. Auflage": "gro-e-preis-2-auflage",
		"印刷":                         "article",
		"Versions":                   "about-versions",
		"":                           "article",
	} {
		if got := article.Slug(title); got != want {
			t.Errorf("%q stands at %q, want %q", title, got, want)
		}
	}
	if got := article.Slug(strings.Repeat("long ", 50)); len(got) > 80 || strings.HasSuffix(got, "-") {
		t.Errorf("a long title stands at %q", got)
	}
}

func TestMarkdownBecomesAPage(t *testing.T) {
	text := article.Read("# First\n\nA **strong** word, and https://desk.example.\n\n## Below\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n# First\n\n- one\n- two\n")
	for _, want := range []string{`<h2 id="on-first">First</h2>`, "<strong>strong</strong>", `<a href="https://desk.example">`, `<h3 id="on-below">Below</h3>`, "<td>1</td>", `<h2 id="on-first-2">`, "<li>one</li>"} {
		if !strings.Contains(text.HTML, want) {
			t.Errorf("%s is missing in %s", want, text.HTML)
		}
	}
	var levels []int
	for _, h := range text.Headings {
		levels = append(levels, h.Level)
	}
	if !slices.Equal(levels, []int{2, 3, 2}) {
		t.Errorf("the contents have the levels %v", levels)
	}
	if !strings.Contains(text.Plain, "A strong word") || strings.Contains(text.Plain, "*") {
		t.Errorf("its words are %q", text.Plain)
	}
	if got := text.Beginning(15); got != "A strong word…" {
		t.Errorf("it begins with %q", got)
	}
}

// An entry of What's New stands below a heading of its page, beside others that may say the same.
func TestATextBesideOthersStandsBelowTheirHeadings(t *testing.T) {
	for written, want := range map[string]string{
		"# Columns\n\n- name\n- day":           "<h3>Columns</h3>\n<ul>\n<li>name</li>\n<li>day</li>\n</ul>",
		"## Columns\n\n### Deep":               "<h3>Columns</h3>\n<h4>Deep</h4>",
		"~~Eleven~~ twelve":                    "<p><del>Eleven</del> twelve</p>",
		"3. third":                             "<ol start=\"3\">\n<li>third</li>\n</ol>",
		"![the list](https://x.example/a.png)": `<p><a href="https://x.example/a.png">the list</a></p>`,
		"":                                     "",
	} {
		if got := article.Beside(written).HTML; got != want {
			t.Errorf("%q is drawn as\n%s\nwant\n%s", written, got, want)
		}
	}
}

// What customers write for each other stands as an entry does, and its links say that they are theirs: there is nothing to win by leading
// searchers elsewhere.
func TestLinksOfReadersAreNotOurs(t *testing.T) {
	for written, want := range map[string]string{
		"# See [this](https://x.example/a)":    `<h3>See <a href="https://x.example/a" rel="nofollow ugc noopener">this</a></h3>`,
		"https://x.example/b":                  `<p><a href="https://x.example/b" rel="nofollow ugc noopener">https://x.example/b</a></p>`,
		"![the list](https://x.example/a.png)": `<p><a href="https://x.example/a.png" rel="nofollow ugc noopener">the list</a></p>`,
		"No link.":                             "<p>No link.</p>",
	} {
		if got := article.OfReaders(written).HTML; got != want {
			t.Errorf("%q is drawn as\n%s\nwant\n%s", written, got, want)
		}
	}
}

// Whatever an author, or somebody in their place, writes: nothing in the page runs, loads, asks for input or leads to another host than it
// says.
func TestA1_NothingInAnArticleRuns(t *testing.T) {
	for _, hostile := range []string{
		`<script>canary()</script>`, `<img src=x onerror=canary()>`, `<svg onload=canary()>`, `<iframe src="https://evil.example"></iframe>`,
		`<form action="https://evil.example"><input name=password></form>`, `<style>body{display:none}</style>`, `<a href="javascript:canary()">x</a>`,
		`[x](javascript:canary())`, `[x](JaVaScRiPt:canary())`, `[x](data:text/html;base64,PHNjcmlwdD4=)`, `[x](vbscript:canary())`, `<javascript:canary()>`,
		`![x](https://evil.example/pixel.png)`, `![x](x" onerror="canary())`, `[x](https://desk.example@evil.example/)`, `[x](x "onmouseover=canary()")`,
		"# x <script>canary()</script>", "`<script>canary()</script>`", "```\n<script>canary()</script>\n```", "| <img src=x onerror=canary()> |\n|---|\n| <b onclick=canary()>x</b> |",
		"<!-- <script>canary()</script> -->", "[x]: javascript:canary()\n\n[x]", `<base href="https://evil.example/">`, `<meta http-equiv=refresh content="0;url=https://evil.example">`,
		strings.Repeat("[", 2000) + "<svg/onload=canary()>",
	} {
		root, err := html.Parse(strings.NewReader(article.Read(hostile).HTML + article.Beside(hostile).HTML + article.OfReaders(hostile).HTML))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "img", "svg", "iframe", "form", "input", "style", "base", "meta", "object", "embed"}, n.Data) {
				t.Errorf("%s makes a <%s>", hostile, n.Data)
			}
			for _, a := range n.Attr {
				value := strings.ToLower(a.Val)
				if strings.HasPrefix(a.Key, "on") || strings.Contains(value, "script:") || strings.HasPrefix(value, "data:") || strings.Contains(value, "@evil") {
					t.Errorf("%s makes <%s %s=%q>", hostile, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestWhatKeepsAnArticleFromBeingPublished(t *testing.T) {
	good := article.Content{Title: "How to sign in", Section: 1, Body: "# One\n\n## Two\n\nWords."}
	for what, c := range map[string]struct {
		change func(*article.Content)
		says   string
		stops  bool
	}{
		"nothing":    {func(*article.Content) {}, "", false},
		"no title":   {func(c *article.Content) { c.Title = " " }, "needs a title", true},
		"no text":    {func(c *article.Content) { c.Body = "" }, "nothing to read", true},
		"no section": {func(c *article.Content) { c.Section = 0 }, "section", true},
		"a video without a transcript": {func(c *article.Content) {
			c.Videos = []article.Video{{Title: "Signing in", URL: "https://video.example/1"}}
		}, "transcript", true},
		"a video at a strange place": {func(c *article.Content) {
			c.Videos = []article.Video{{Title: "Signing in", URL: "javascript:canary()", Transcript: "Words"}}
		}, "https://", true},
		"a picture without words": {func(c *article.Content) { c.Body += "\n\n![](https://pictures.example/1.png)" }, "what it shows", true},
		"a level left out":        {func(c *article.Content) { c.Body = "# One\n\n### Three\n\nWords." }, "leaves out a level", false},
		"HTML":                    {func(c *article.Content) { c.Body += "\n\n<b>x</b>" }, "HTML is left out", false},
	} {
		content := good
		c.change(&content)
		all := article.Findings(content)
		if c.says == "" {
			if len(all) > 0 {
				t.Errorf("%s: %+v", what, all)
			}
			continue
		}
		if !slices.ContainsFunc(all, func(f article.Finding) bool { return strings.Contains(f.Says, c.says) && f.Stops == c.stops }) {
			t.Errorf("%s: %+v, want %q", what, all, c.says)
		}
	}
}

func TestDifferencesAreToldByParagraphs(t *testing.T) {
	was := article.Content{Title: "Signing in", Body: "Ask for a link.\n\n# No mail\n\nWait.\n\nThen look again."}
	is := article.Content{Title: "How to sign in", Body: "Ask for a link.\n\n# No mail\n\nLook into the other folder.\n\nThen look again.\n\nStill nothing? Write to us."}
	got := article.Differences(was, is)
	want := []article.Difference{
		{Where: "Title", Was: "Signing in", Is: "How to sign in"},
		{Where: "No mail", Was: "Wait.", Is: "Look into the other folder."},
		{Where: "No mail", Is: "Still nothing? Write to us."},
	}
	if !slices.Equal(got, want) {
		t.Errorf("differences are %+v", got)
	}
	if same := article.Differences(was, was); len(same) > 0 {
		t.Errorf("a text differs from itself: %+v", same)
	}
}

func TestTheArticleSaysWhoMayComment(t *testing.T) {
	for _, c := range []struct{ own, policy, want article.Comments }{
		{article.AsPolicy, article.AsPolicy, article.Closed}, {article.AsPolicy, article.SignIn, article.SignIn},
		{article.Closed, article.Open, article.Closed}, {article.Open, article.Closed, article.Open},
	} {
		if got := (article.Content{Comments: c.own}).Allowed(c.policy); got != c.want {
			t.Errorf("%q under %q allows %q", c.own, c.policy, got)
		}
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add("# x\n\n| a |\n|---|\n")
	f.Fuzz(func(t *testing.T, source string) {
		if strings.Contains(strings.ToLower(article.Read(source).HTML), "<script") {
			t.Errorf("%q makes a script", source)
		}
	})
}
