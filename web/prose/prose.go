// Package prose is how people write at length for everybody: as Markdown (CommonMark, with tables and crossed-out words).
//
// What is written is kept as it was written and drawn anew for each reader. Drawn prose stands inside a page of ours, below a heading
// that the page has: its own headings begin two levels deeper. It holds text, lists, tables, quotes, code and links; no picture, nothing that
// runs, nothing that is loaded from elsewhere, and no markup besides Markdown's.
package prose

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// below is how much deeper than written a heading stands.
const below = 2

// markdown is safe to be used by several at once.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.Table))
})

// read is what was written, with its headings below those of the page.
func read(written []byte) ast.Node {
	document := markdown().Parser().Parse(text.NewReader(written))
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, is := n.(*ast.Heading); is && entering {
			h.Level = min(h.Level+below, 6)
		}
		return ast.WalkContinue, nil
	})
	return document
}

// allowed is what may stand in drawn prose. Links that leave us tell nobody where they were found, and vouch for nothing.
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,4}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
})

// HTML draws Markdown. Whatever was written, the result can stand inside a page of ours.
func HTML(written string) string {
	var b bytes.Buffer
	source := []byte(written)
	if err := markdown().Renderer().Render(&b, source, read(source)); err != nil {
		return "<p>" + html.EscapeString(written) + "</p>" // nothing that is written makes it fail; a broken writer would
	}
	return strings.TrimSpace(allowed().Sanitize(b.String()))
}

var (
	elements = regexp.MustCompile(`<[^>]*>`)
	spaces   = regexp.MustCompile(`\s+`)
)

// Beginning is how a text begins, in at most so many letters and without any markup: for a line in a list.
func Beginning(written string, letters int) string {
	plain := []rune(strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(elements.ReplaceAllString(HTML(written), " ")), " ")))
	if len(plain) <= letters {
		return string(plain)
	}
	cut := string(plain[:letters])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return cut + " …"
}
