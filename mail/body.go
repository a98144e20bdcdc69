package mail

import (
	"slices"
	"strings"
)

// maxText bounds the text that is shown and searched. A longer text stays whole as an attachment.
const maxText = 1 << 20

// content is one readable piece of a mail: the same thing as plain text, as HTML, or as both.
type content struct {
	text, html string
}

// readBody finds the text among the parts and makes attachments of everything else.
func (m *Message) readBody(root *part) {
	var pieces []content
	if m.isBody(root) {
		pieces = append(pieces, m.textOf(root))
	} else {
		m.walk(root, &pieces)
	}
	var texts, htmls []string
	anyHTML := slices.ContainsFunc(pieces, func(c content) bool { return c.html != "" })
	for _, c := range pieces {
		text, markup := m.readPiece(c)
		texts = append(texts, strings.Trim(text, "\n"))
		if anyHTML && markup == "" {
			markup = textAsHTML(text)
		}
		htmls = append(htmls, markup)
	}
	m.Text = m.bounded(strings.TrimSpace(joinNonEmpty(texts, "\n\n")))
	if m.HTML = joinNonEmpty(htmls, "\n"); len(pieces) > 1 {
		m.HTML = Sanitise(m.HTML)
	}
	m.TextTrimmed, _ = TrimQuoted(m.Text)
	m.markInline()
}

// walk visits the parts in order. The texts of an alternative are one piece; other texts are pieces of their own.
func (m *Message) walk(p *part, pieces *[]content) {
	switch {
	case len(p.children) == 0 && m.isText(p):
		*pieces = append(*pieces, m.textOf(p))
	case len(p.children) == 0:
		m.attach(p)
	case p.kind == "multipart/alternative":
		*pieces = append(*pieces, m.alternative(p))
	default:
		for _, c := range p.children {
			m.walk(c, pieces)
		}
	}
}

// alternative reads versions of one content: the plain and the HTML one make a piece, others are attachments.
func (m *Message) alternative(p *part) content {
	var whole content
	for _, c := range p.children {
		var inner []content
		m.walk(c, &inner)
		for _, v := range inner {
			whole.text = joinNonEmpty([]string{whole.text, v.text}, "\n\n")
			whole.html = joinNonEmpty([]string{whole.html, v.html}, "\n")
		}
	}
	return whole
}

func joinNonEmpty(parts []string, with string) string {
	parts = slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, with)
}

// isBody reports whether the mail is one text. Then the text is to be read, even if its sender gave it a file name.
func (m *Message) isBody(root *part) bool {
	disposition, _ := parameters(first(root.fields, "Content-Disposition"))
	return len(root.children) == 0 && (root.kind == "text/plain" || root.kind == "text/html") && disposition != "attachment"
}

// isText reports whether a part is text to be read in place: plain or HTML, and not sent as a file.
func (m *Message) isText(p *part) bool {
	if p.kind != "text/plain" && p.kind != "text/html" {
		return false
	}
	disposition, params := parameters(first(p.fields, "Content-Disposition"))
	return disposition != "attachment" && params["filename"] == "" && p.params["name"] == ""
}

func (m *Message) textOf(p *part) content {
	b := m.decode(p)
	label := p.params["charset"]
	if label == "" && p.kind == "text/html" {
		label = metaCharset(b)
	}
	text, repaired := decodeCharset(b, label)
	if repaired != "" {
		m.defect("%s", repaired)
	}
	if p.kind == "text/html" {
		return content{html: text}
	}
	if strings.EqualFold(p.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.params["delsp"], "yes"))
	}
	return content{text: text}
}

// metaCharset finds the charset that an HTML text declares about itself in its first kilobyte.
func metaCharset(b []byte) string {
	head := strings.ToLower(string(b[:min(len(b), 1024)]))
	_, after, found := strings.Cut(head, "charset=")
	if !found {
		return ""
	}
	after = strings.TrimLeft(after, `"' `)
	if end := strings.IndexAny(after, `"' ;/>`); end > 0 {
		return after[:end]
	}
	return ""
}

// unflow joins the soft line breaks of format=flowed (RFC 3676): a line that ends in a blank goes on in the next one of the
// same quote depth.
func unflow(text string, delsp bool) string {
	var out strings.Builder
	lines := strings.Split(text, "\n")
	open, depth := false, 0
	for i, line := range lines {
		d := quoteDepth(line)
		rest := strings.TrimPrefix(line[d:], " ")
		if !open || d != depth {
			if i > 0 {
				out.WriteByte('\n')
			}
			out.WriteString(strings.Repeat(">", d))
			if d > 0 {
				out.WriteByte(' ')
			}
		}
		open, depth = strings.HasSuffix(rest, " ") && rest != "-- ", d
		if open && delsp {
			rest = strings.TrimSuffix(rest, " ")
		}
		out.WriteString(rest)
	}
	return out.String()
}

func quoteDepth(line string) int {
	return len(line) - len(strings.TrimLeft(line, ">"))
}

// decode undoes the transfer encoding of a part.
func (m *Message) decode(p *part) []byte {
	switch encoding := strings.ToLower(strings.Trim(first(p.fields, "Content-Transfer-Encoding"), " ;\t")); encoding {
	case "base64":
		return fromBase64(p.body)
	case "quoted-printable":
		return fromQuotedPrintable(p.body, true)
	case "", "7bit", "8bit", "binary":
	default:
		m.defect("the transfer encoding %s is unknown; the part was read as it came", quote(encoding))
	}
	return p.body
}

// readPiece returns the text and the sanitised HTML of one piece. When both are there and say different things, the text is
// taken from the HTML: that is what a reader is shown, and rules and searches have to see the same (threat C13).
func (m *Message) readPiece(c content) (text, html string) {
	if c.html == "" {
		return c.text, ""
	}
	if len(c.html) > maxHTML {
		m.defect("the HTML text has %d bytes; it is shown as plain text and attached whole", len(c.html))
		m.Attachments = append(m.Attachments, newAttachment("message.html", "text/html", []byte(c.html)))
		return textOfHTML(c.html), ""
	}
	html = Sanitise(c.html)
	shown := textOfHTML(html)
	switch {
	case strings.TrimSpace(c.text) == "":
		return shown, html
	case bodiesDiffer(c.text, shown):
		m.Warnings = append(m.Warnings, "bodies differ: the plain text of this mail says something else than its HTML; the HTML is shown")
		return shown, html
	}
	return c.text, html
}

// bounded keeps a text to a readable length; the whole text becomes an attachment, so nothing is lost.
func (m *Message) bounded(text string) string {
	if len(text) <= maxText {
		return text
	}
	m.defect("the text has %d bytes; the first %d are shown, all of it is attached", len(text), maxText)
	m.Attachments = append(m.Attachments, newAttachment("message.txt", "text/plain", []byte(text)))
	return strings.ToValidUTF8(text[:maxText], "")
}
