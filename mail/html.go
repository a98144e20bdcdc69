package mail

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHTML bounds the HTML that is sanitised: cleaning takes up to 150 bytes of memory for each of its own. Longer HTML is read as
// text and stays a file of the mail.
const maxHTML = 384 << 10

// Sanitise returns HTML that can stand inside a page of ours: text, tables, lists, links and images, and nothing that runs,
// asks for input, loads from elsewhere or escapes from its box.
//
//   - An image from the web keeps its address in data-remote-src, so that nothing is fetched until a reader asks (threat A14).
//     Images that came with the mail keep src="cid:...".
//   - What a sender hides (display:none and the like) is gone: a reader, a rule and a search see the same text (threat C13).
//   - Elements in which mail programs put the quoted mail carry class="quoted".
//
// The input is parsed, filtered by an allow-list and written anew (threat A2). The result is a fixed point: sanitising it
// again changes nothing. HTML that does not settle, or is nested beyond reason, comes back as plain text.
func Sanitise(s string) string {
	if len(s) > maxHTML {
		return asParagraph(textOfHTML(s))
	}
	s = clean(s)
	for range 4 {
		next, ok := sanitiseOnce(s)
		if !ok {
			break
		}
		if next == s {
			return s
		}
		s = next
	}
	return asParagraph(textOfHTML(s))
}

func sanitiseOnce(s string) (string, bool) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(allowed().Sanitize(s)), body)
	if err != nil {
		return "", false
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	tidy(body, false)
	return clean(children(body)), true // entities can bring controls back
}

// asParagraph is the last resort: text in which nothing is markup.
func asParagraph(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	return "<p>" + html.EscapeString(text) + "</p>"
}

// allowed is the list of elements, attributes and link schemes that may stay. The style attribute passes here and is
// filtered in tidy.
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("a", "abbr", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
		"colgroup", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins",
		"kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody",
		"td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr")
	p.AllowNoAttrs().OnElements("a", "font", "span", "img", "col", "colgroup", "bdo", "del", "ins", "q", "blockquote")
	p.AllowAttrs("style", "hidden", "class", "id").Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[a-zA-Z-]{2,20}$`)).Globally()
	p.AllowAttrs("align", "valign").Matching(regexp.MustCompile(`^[a-zA-Z]{1,10}$`)).Globally()
	p.AllowAttrs("width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "start", "span", "size").
		Matching(regexp.MustCompile(`^[0-9]{1,4}%?$`)).Globally()
	p.AllowAttrs("bgcolor", "color").Matching(regexp.MustCompile(`^(#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,20})$`)).Globally()
	p.AllowAttrs("alt", "title").Globally()
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src").OnElements("img")
	p.AllowAttrs("data-remote-src").Matching(regexp.MustCompile(`^https?://[^\s"'<>\\]+$`)).OnElements("img")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^(cite|[1aAiI]|disc|circle|square)$`)).OnElements("blockquote", "ol", "ul", "li")
	p.RequireParseableURLs(true)
	p.AllowURLSchemeWithCustomPolicy("http", namesOneHost)
	p.AllowURLSchemeWithCustomPolicy("https", namesOneHost)
	p.AllowURLSchemeWithCustomPolicy("data", isPicture)
	p.AllowURLSchemes("mailto", "tel", "cid")
	p.SkipElementsContent("svg", "math", "template", "select", "datalist", "audio", "video", "canvas", "xmp", "head", "applet")
	p.AllowElementsContent("noscript")
	p.AddSpaceWhenStrippingTag(true)
	return p
})

// namesOneHost refuses links that read as one host and lead to another: with a user name before the host, or without a host
// between the slashes (threat A4).
func namesOneHost(u *url.URL) bool {
	return u.Host != "" && u.User == nil && u.Opaque == "" && !strings.ContainsAny(u.Host, `\ `)
}

var picture = regexp.MustCompile(`^image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=]*$`)

func isPicture(u *url.URL) bool {
	return u.RawQuery == "" && u.Fragment == "" && picture.MatchString(u.Opaque)
}

// tidy walks the parsed tree, drops what the sender hid and rewrites the attributes that are left. Dark says that a background
// is known on which white text can be read.
func tidy(n *html.Node, dark bool) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type != html.TextNode && !isShown(c) {
			n.RemoveChild(c)
		} else {
			dark := backgroundOf(c, dark)
			c.Attr = tidyAttributes(c, dark)
			tidy(c, dark)
		}
		c = next
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

var hiding = regexp.MustCompile(`(?i)(^|[;\s])(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide\s*:\s*all|max-height\s*:\s*0(px)?\s*(;|!|$)|opacity\s*:\s*0(\.0+)?\s*(;|!|$))`)

// isShown reports whether a mail program would show the node. Pictures without a source show nothing.
func isShown(n *html.Node) bool {
	if n.Type != html.ElementNode || n.DataAtom == atom.Img && !has(n, "src") && !has(n, "data-remote-src") {
		return false
	}
	return !has(n, "hidden") && !hiding.MatchString(attribute(n, "style"))
}

// tidyAttributes returns the attributes in one order, so that a second pass finds nothing to do.
func tidyAttributes(n *html.Node, dark bool) []html.Attribute {
	var keep []html.Attribute
	for _, a := range n.Attr {
		keep = append(keep, tidyAttribute(n, a, dark)...)
	}
	if mark := quoteMark(n); mark != "" {
		keep = append(keep, html.Attribute{Key: "class", Val: mark})
	}
	slices.SortStableFunc(keep, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(keep, func(a, b html.Attribute) bool { return a.Key == b.Key })
}

// tidyAttribute returns what becomes of one attribute: itself, something safer, or nothing.
func tidyAttribute(n *html.Node, a html.Attribute, dark bool) []html.Attribute {
	switch a.Key {
	case "hidden", "class", "id", "rel", "target":
		return nil
	case "style":
		if a.Val = tidyStyle(a.Val, dark); a.Val == "" {
			return nil
		}
	case "color":
		if isUnseen(a.Val) && !dark {
			return nil
		}
	case "src":
		if isLocalImage(a.Val) {
			break
		}
		if a.Key = "data-remote-src"; has(n, a.Key) {
			return nil
		}
	case "href":
		if isLocalImage(a.Val) {
			return nil
		}
		return []html.Attribute{a, {Key: "rel", Val: "noopener noreferrer nofollow"}, {Key: "target", Val: "_blank"}}
	}
	return []html.Attribute{a}
}

// isLocalImage reports whether an address is part of the mail itself.
func isLocalImage(src string) bool {
	return strings.HasPrefix(src, "cid:") || strings.HasPrefix(src, "data:")
}

// styles are the properties that format text and tables. Nothing that positions, loads, animates or covers is among them.
var styles = set("color", "background-color", "font-weight", "font-style", "font-family", "font-size", "text-align", "text-decoration",
	"line-height", "vertical-align", "white-space", "direction", "list-style-type", "width", "height", "max-width",
	"margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
	"border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width", "border-collapse", "border-spacing",
	"border-top-color", "border-top-style", "border-top-width", "border-right-color", "border-right-style", "border-right-width",
	"border-bottom-color", "border-bottom-style", "border-bottom-width", "border-left-color", "border-left-style", "border-left-width")

var (
	styleValue  = regexp.MustCompile(`^[a-zA-Z0-9#%., '-]{1,100}$`)
	styleColour = regexp.MustCompile(`^rgba?\([0-9., %]{1,40}\)$`)
	tinyText    = regexp.MustCompile(`^(0*(\.[0-4][0-9]*)?(em|rem|ex)?|[0-3]?(\.[0-9]+)?(px|pt)|[0-4]?[0-9](\.[0-9]+)?%)$`)
)

// tidyStyle keeps harmless declarations, in one spelling.
func tidyStyle(style string, dark bool) string {
	var keep []string
	for declaration := range strings.SplitSeq(style, ";") {
		property, value, _ := strings.Cut(declaration, ":")
		property, value = strings.ToLower(strings.TrimSpace(property)), strings.TrimSpace(value)
		if styles[property] && isHarmless(property, value, dark) {
			keep = append(keep, property+": "+value)
		}
	}
	return strings.Join(keep, "; ")
}

// isHarmless refuses values that call anything, and those that would pull text out of its place or out of sight.
func isHarmless(property, value string, dark bool) bool {
	if !styleColour.MatchString(value) && (!styleValue.MatchString(value) || strings.HasPrefix(value, "-") || strings.Contains(value, " -")) {
		return false
	}
	switch property {
	case "color":
		return dark || !isUnseen(value)
	case "font-size", "line-height":
		return !tinyText.MatchString(value)
	}
	return true
}

// isUnseen reports colours that cannot be read on white.
func isUnseen(colour string) bool {
	colour = strings.ToLower(strings.ReplaceAll(colour, " ", ""))
	return unseen.MatchString(colour)
}

var unseen = regexp.MustCompile(`^(white|snow|ivory|transparent|whitesmoke|ghostwhite|#[ef][0-9a-f]?[ef][0-9a-f]?[ef][0-9a-f]?|rgba?\((2[3-5][0-9],){2}2[3-5][0-9][,)].*|rgba\(.*,0?(\.0*)?\))$`)

// backgroundOf reports whether white text can be read in an element whose parent has the given background.
func backgroundOf(n *html.Node, inherited bool) bool {
	colour := attribute(n, "bgcolor")
	for declaration := range strings.SplitSeq(attribute(n, "style"), ";") {
		property, value, _ := strings.Cut(declaration, ":")
		if property = strings.ToLower(strings.TrimSpace(property)); property == "background-color" || property == "background" {
			colour = strings.TrimSpace(value)
		}
	}
	if colour == "" {
		return inherited
	}
	return !isUnseen(colour)
}

// Sanitised HTML marks quoted mail by one of two classes.
const (
	quotedHere  = "quoted"       // this element is quoted mail
	quotedBelow = "quoted-below" // this element and everything behind it is
)

// quoteMarks are the classes and ids by which mail programs mark the mail that they quote.
var quoteMarks = map[string]string{
	quotedHere: quotedHere, "gmail_quote": quotedHere, "gmail_quote_container": quotedHere, "yahoo_quoted": quotedHere, "moz-cite-prefix": quotedHere,
	"protonmail_quote": quotedHere, "tutanota_quote": quotedHere, "zmail_extra": quotedHere, "isReplyContent": quotedHere,
	quotedBelow: quotedBelow, "divRplyFwdMsg": quotedBelow, "appendonsend": quotedBelow, "OLK_SRC_BODY_SECTION": quotedBelow, "reply-intro": quotedBelow,
	"mail-editor-reference-message-container": quotedBelow,
}

// outlookRule is the line that desktop Outlook draws above the mail it quotes.
var outlookRule = regexp.MustCompile(`(?i)border-top:\s*solid #(E1E1E1|B5C4DF) 1\.0pt`)

func quoteMark(n *html.Node) string {
	for word := range strings.FieldsSeq(attribute(n, "class") + " " + attribute(n, "id")) {
		if mark := quoteMarks[strings.TrimPrefix(word, "x_")]; mark != "" {
			return mark
		}
	}
	if outlookRule.MatchString(attribute(n, "style")) {
		return quotedBelow
	}
	return ""
}

// FoldQuoted splits sanitised HTML into what the sender wrote and the mail quoted behind it; both are whole HTML. Nothing is folded
// when own text follows, or when nothing would be left.
func FoldQuoted(sanitised string) (visible, quoted string) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(sanitised), body)
	if err != nil {
		return sanitised, ""
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	start := firstMarked(body)
	if start == nil {
		start = quoteStart(body)
	}
	if start == nil {
		return sanitised, ""
	}
	quoted = cutFrom(body, start)
	if strings.TrimSpace(nodeText(body)) == "" {
		return sanitised, ""
	}
	return children(body), quoted
}

// firstMarked finds the first element behind which everything is quoted.
func firstMarked(n *html.Node) *html.Node {
	if attribute(n, "class") == quotedBelow {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := firstMarked(c); found != nil {
			return found
		}
	}
	return nil
}

// quoteStart finds the element at which a quoted tail begins, with the line that introduces it; nil when there is none.
func quoteStart(n *html.Node) *html.Node {
	for c := n.LastChild; c != nil; c = c.PrevSibling {
		if isQuote(c) {
			return withAttribution(c)
		}
		if found := quoteStart(c); found != nil {
			return found
		}
		if strings.TrimSpace(nodeText(c)) != "" {
			return nil
		}
	}
	return nil
}

func isQuote(n *html.Node) bool {
	return n.Type == html.ElementNode && (n.DataAtom == atom.Blockquote || attribute(n, "class") == quotedHere)
}

// withAttribution steps back to the marked or worded line above a quote.
func withAttribution(n *html.Node) *html.Node {
	before := n.PrevSibling
	for before != nil && strings.TrimSpace(nodeText(before)) == "" {
		before = before.PrevSibling
	}
	if before != nil && (isQuote(before) || attribution(oneLine(nodeText(before)))) {
		return before
	}
	return n
}

// cutFrom takes start and everything behind it out of the tree and returns it as HTML.
func cutFrom(body, start *html.Node) string {
	var out strings.Builder
	for n := start; n != nil && n != body; {
		parent, after := n.Parent, n.NextSibling
		if n == start {
			parent.RemoveChild(n)
			_ = html.Render(&out, n)
		}
		for after != nil {
			next := after.NextSibling
			parent.RemoveChild(after)
			_ = html.Render(&out, after)
			after = next
		}
		n = parent
	}
	return strings.TrimSpace(out.String())
}

func children(n *html.Node) string {
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		_ = html.Render(&out, c) // a strings.Builder takes everything
	}
	return strings.TrimSpace(out.String())
}

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
