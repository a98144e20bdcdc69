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
