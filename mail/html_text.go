package mail

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func nodeText(n *html.Node) string {
	var out strings.Builder
	collect(n, &out)
	return out.String()
}

func collect(n *html.Node, out *strings.Builder) {
	if n.Type == html.TextNode {
		out.WriteString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		collect(c, out)
	}
}

// textOfHTML writes HTML as plain text: blocks become lines, list items get a dash, quoted mail gets ">" in front, links
// show where they lead. It is one pass over the tokens, so no nesting can hurt it.
func textOfHTML(s string) string {
	w := &textWriter{}
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return w.String()
		case html.TextToken:
			if w.silent == 0 {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			w.open(atom.Lookup(name), linkOf(z, more))
		case html.EndTagToken:
			name, _ := z.TagName()
			w.close(atom.Lookup(name))
		}
	}
}

func linkOf(z *html.Tokenizer, more bool) string {
	for more {
		var key, value []byte
		if key, value, more = z.TagAttr(); string(key) == "href" {
			return string(value)
		}
	}
	return ""
}

// textWriter collects the words of an HTML text and the line breaks between them.
type textWriter struct {
	out    strings.Builder
	line   strings.Builder
	breaks int // line ends wanted before the next word
	ends   int // line ends already written behind the last line
	quote  int // depth of quotation
	silent int // depth of elements whose text is for machines
	pre    int
	space  bool
	link   string
	label  strings.Builder
}

func (w *textWriter) String() string {
	w.endLine()
	text := strings.ReplaceAll(clean(w.out.String()), "\u00a0", " ")
	return strings.TrimSpace(blankLines.ReplaceAllString(text, "\n\n"))
}

var blankLines = regexp.MustCompile(`\n([ \t]*\n){2,}`)

func (w *textWriter) text(s string) {
	if w.link != "" {
		w.label.WriteString(s)
	}
	if w.pre > 0 {
		w.preformatted(s)
		return
	}
	for s != "" {
		i := strings.IndexAny(s, " \t\n\r\f")
		switch {
		case i < 0:
			w.word(s)
			return
		case i > 0:
			w.word(s[:i])
		}
		w.space = true
		s = s[i+1:]
	}
}

func (w *textWriter) preformatted(s string) {
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			w.lineBreak()
		}
		if line != "" {
			w.word(line)
		}
	}
}

func (w *textWriter) word(s string) {
	w.breakLine()
	if w.space && w.line.Len() > 0 {
		w.line.WriteByte(' ')
	}
	w.space = false
	w.line.WriteString(s)
}

// newline asks for at least n line ends before the next word.
func (w *textWriter) newline(n int) {
	if n > 0 {
		w.breaks, w.space = max(w.breaks, n), false
	}
}

// breakLine writes the finished line and the line ends that are still missing behind it.
func (w *textWriter) breakLine() {
	if w.breaks == 0 {
		return
	}
	w.endLine()
	for ; w.ends < w.breaks && w.out.Len() > 0; w.ends++ {
		w.out.WriteByte('\n')
	}
	w.breaks = 0
}

// endLine writes the line with the marks of its quotation.
func (w *textWriter) endLine() {
	if w.line.Len() > 0 {
		w.out.WriteString(strings.Repeat("> ", min(w.quote, 5)))
		w.out.WriteString(w.line.String())
		w.line.Reset()
		w.ends = 0
	}
}

// lineBreak ends the line here and now; two of them make an empty line.
func (w *textWriter) lineBreak() {
	w.breakLine()
	w.endLine()
	w.out.WriteByte('\n')
	w.ends++
	w.space = false
}

// requote changes the depth of quotation behind the finished line.
func (w *textWriter) requote(by int) {
	w.newline(1)
	w.breakLine()
	w.quote = max(0, w.quote+by)
}

func (w *textWriter) open(a atom.Atom, href string) {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
		w.silent++
	case atom.Br:
		w.lineBreak()
	case atom.Blockquote:
		w.requote(1)
	case atom.Li:
		w.newline(1)
		w.word("- ")
	case atom.Td, atom.Th:
		w.space = true
	case atom.Pre:
		w.newline(1)
		w.pre++
	case atom.A:
		w.link = href
		w.label.Reset()
	default:
		w.newline(breaksAround(a))
	}
}

func (w *textWriter) close(a atom.Atom) {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
		w.silent = max(0, w.silent-1)
	case atom.Blockquote:
		w.requote(-1)
	case atom.Pre:
		w.pre = max(0, w.pre-1)
		w.newline(1)
	case atom.A:
		w.closeLink()
	default:
		w.newline(breaksAround(a))
	}
}

// closeLink writes the target of a link behind its text, unless the text already is the target.
func (w *textWriter) closeLink() {
	target, label := w.link, strings.TrimSpace(w.label.String())
	w.link = ""
	bare := strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:")
	if strings.HasPrefix(target, "#") || target == "" || label == "" || label == bare || strings.TrimSuffix(bare, "/") == strings.TrimSuffix(label, "/") {
		return
	}
	w.space = true
	w.word("<" + bare + ">")
}

func breaksAround(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl:
		return 2
	case atom.Div, atom.Tr, atom.Table, atom.Center, atom.Hr, atom.Dt, atom.Dd, atom.Body, atom.Html, atom.Article, atom.Section, atom.Header, atom.Footer, atom.Li:
		return 1
	}
	return 0
}
