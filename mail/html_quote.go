package mail

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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
