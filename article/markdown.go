package article

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// Text is Markdown as a page shows it.
type Text struct {
	HTML     string    // safe to stand in a page of ours
	Headings []Heading // the contents; without places for what stands beside others
	Plain    string    // the words alone, for search and for a first line
}

// Heading is an entry of the contents. Level 2 is the highest: the title of the page is level 1.
type Heading struct {
	ID    string
	Title string
	Level int
}

// markdown knows CommonMark with tables, struck-out text and bare addresses. HTML in a text is left out.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))

// allowed is the list of what may stand in an article's HTML, whatever the Markdown said. There are two brakes: HTML in the text is not
// passed on, and what comes out is filtered by this list (threat A1).
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + notOurs + "$")).OnElements("a")
	p.AllowAttrs("src").Matching(ours).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("id").Matching(bluemonday.SpaceSeparatedTokens).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowURLSchemeWithCustomPolicy("http", namesItsHost)
	p.AllowURLSchemeWithCustomPolicy("https", namesItsHost)
	p.AllowURLSchemes("mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
})

// namesItsHost refuses addresses that read as one host and lead to another (threat A4).
func namesItsHost(u *url.URL) bool { return u.Host != "" && u.User == nil }

// Read turns Markdown into HTML for a page, its contents and its words. Whatever the text says, nothing in the HTML runs, loads or asks
// for input. Pictures of ours are shown; others become links to where they are: pages of ours load nothing from elsewhere.
func Read(source string) Text { return read(source, aPage) }

// Beside is Read for a text that stands in a page with others, each under a heading of its own: an entry of What's New. Its headings
// begin a level deeper, and are no places to lead to.
func Beside(source string) Text { return read(source, anEntry) }

// OfReaders is Beside for a text that a customer wrote for others: whoever searches the web is told that its links are not ours.
func OfReaders(source string) Text { return read(source, aPost) }

const notOurs = "nofollow ugc noopener"

// place says how a text stands in its page.
type place struct {
	top    int // the level of its highest heading
	places bool
	rel    string // what its links say of themselves, "" for nothing
}

var aPage, anEntry, aPost = place{2, true, ""}, place{3, false, ""}, place{3, false, notOurs}

func read(source string, in place) Text {
	t, root, raw := outline(source, in)
	if in.rel != "" {
		markLinks(root, in.rel)
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, raw, root); err != nil {
		return t // writing to memory does not fail; a text that is not drawn is still found
	}
	t.HTML = strings.TrimSpace(allowed().Sanitize(out.String()))
	return t
}

// Outline is [Read] without the HTML, for whoever wants the words alone.
func Outline(source string) Text {
	t, _, _ := outline(source, aPage)
	return t
}

func outline(source string, in place) (t Text, root ast.Node, raw []byte) {
	raw = []byte(clip(source, MostBody))
	root = markdown.Parser().Parse(text.NewReader(raw))
	return Text{Headings: shape(root, raw, in), Plain: words(root, raw)}, root, raw
}

// clip cuts a text between two letters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// shape gives headings their ids and their place below the title, and makes links of pictures. It returns the contents.
func shape(root ast.Node, source []byte, in place) (all []Heading) {
	used := map[string]int{}
	var pictures []*ast.Image
	lowest := highest(root)
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				n.Level = min(n.Level-lowest+in.top, 6)
				h := Heading{Title: strings.TrimSpace(words(n, source)), Level: n.Level}
				if in.places {
					h.ID = anchor(h.Title, used)
					n.SetAttributeString("id", []byte(h.ID))
				}
				all = append(all, h)
			}
		case *ast.Image:
			if entering {
				pictures = append(pictures, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, p := range pictures {
		if !in.places || !ours.Match(p.Destination) {
			asLink(p)
		}
	}
	return all
}

// highest is the level of the highest heading of a text: whoever begins with ## means the same as whoever begins with #.
func highest(root ast.Node) int {
	level := 6
	_ = ast.Walk(root, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok {
			level = min(level, h.Level)
		}
		return ast.WalkContinue, nil
	})
	return level
}

// anchor is the id of a heading, another one for each that says the same.
func anchor(title string, used map[string]int) string {
	id := "on-" + Slug(title)
	if used[id]++; used[id] > 1 {
		id += "-" + strconv.Itoa(used[id])
	}
	return id
}

func asLink(p *ast.Image) {
	link := ast.NewLink()
	link.Destination, link.Title = p.Destination, p.Title
	for c := p.FirstChild(); c != nil; {
		next := c.NextSibling()
		link.AppendChild(link, c)
		c = next
	}
	if link.FirstChild() == nil {
		link.AppendChild(link, ast.NewString([]byte("Picture")))
	}
	p.Parent().ReplaceChild(p.Parent(), p, link)
}

// markLinks lets every link say what it is.
func markLinks(root ast.Node, rel string) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *ast.Link, *ast.AutoLink:
			if entering {
				n.SetAttributeString("rel", []byte(rel))
			}
		}
		return ast.WalkContinue, nil
	})
}

// words are the text of a node without its signs, paragraphs on lines of their own.
func words(root ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(source))
			}
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			if entering {
				b.Write(n.Lines().Value(source))
			}
		}
		if !entering && n.Type() == ast.TypeBlock && b.Len() > 0 {
			b.WriteByte('\n')
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// Beginning is the first line of a text that says something, at most so many letters, for a list.
func (t Text) Beginning(letters int) string {
	for _, line := range strings.Split(t.Plain, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" || slices.ContainsFunc(t.Headings, func(h Heading) bool { return h.Title == line }) {
			continue
		}
		if runes := []rune(line); len(runes) > letters {
			cut := string(runes[:letters])
			if space := strings.LastIndexByte(cut, ' '); space > 0 {
				cut = cut[:space]
			}
			return strings.TrimRight(cut, " ,.;:") + "…"
		}
		return line
	}
	return ""
}
