package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/fault"
)

// maxText bounds the text that is shown and searched. A longer text stays whole as an attachment.
const maxText = 1 << 20

// Parse reads a raw mail. It fails only for what is kept raw: a mail beyond the limits of Scan (kind TooLarge), an empty one,
// or one on which a library gives up (kind Invalid). Everything else becomes a Message whose Defects say how it was read.
func Parse(raw []byte) (m *Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fault.New(fault.Invalid, "the mail cannot be read and is kept as it came: %v", p)
		}
	}()
	root, defects, err := read(raw)
	if err != nil {
		return nil, err
	}
	m = &Message{fields: readable(root), Defects: defects}
	m.readIdentity()
	m.readThread()
	m.readTrace()
	m.readBody(root)
	m.Warnings = append(m.Warnings, m.spoofs()...)
	m.Bounce = readBounce(root, m)
	m.Automatic, m.AutomaticWhy = Classify(m, Arrival{})
	return m, nil
}

// readable returns the header fields with bare 8-bit bytes read in the charset of the mail's text, which is the best hint there is.
func readable(root *part) []Field {
	for i, f := range root.fields {
		if !isASCII(f.Value) && !utf8.ValidString(f.Value) {
			root.fields[i].Value, _ = decodeCharset([]byte(f.Value), textCharset(root))
		}
	}
	return root.fields
}

// textCharset returns the charset of the first text that names one.
func textCharset(p *part) string {
	if strings.HasPrefix(p.kind, "text/") && p.params["charset"] != "" {
		return p.params["charset"]
	}
	for _, c := range p.children {
		if charset := textCharset(c); charset != "" {
			return charset
		}
	}
	return ""
}

func (m *Message) defect(format string, args ...any) {
	if what := fmt.Sprintf(format, args...); !slices.Contains(m.Defects, what) {
		m.Defects = append(m.Defects, what)
	}
}

// readIdentity reads who sent the mail to whom. When the mail answers that twice, the sender is ambiguous: servers that check
// a sender and programs that show one would pick different answers (threat C8).
func (m *Message) readIdentity() {
	from := m.addresses("From")
	m.From = m.only("From", from)
	m.Sender = m.only("Sender", m.addresses("Sender"))
	m.To, m.Cc, m.ReplyTo = m.addresses("To"), m.addresses("Cc"), m.addresses("Reply-To")
	m.Subject = decodeWords(first(m.fields, "Subject"))
	m.Ambiguous = m.ambiguity(from)
	for _, name := range []string{"Subject", "Cc", "Sender", "In-Reply-To", "References", "MIME-Version", "Content-Transfer-Encoding"} {
		if count(m.fields, name) > 1 {
			m.defect("the header %s stands there more than once; the first one was read", name)
		}
	}
}

// unique are the fields of which a second one makes two programs read two different mails.
var unique = []string{"From", "To", "Reply-To", "Message-ID", "Date", "Content-Type"}

func (m *Message) ambiguity(from []Address) string {
	for _, name := range unique {
		if count(m.fields, name) > 1 {
			return "the header " + name + " stands there more than once"
		}
	}
	switch value, there := lookup(m.fields, "From"); {
	case !there:
		return "the mail has no From"
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' }):
		return "From holds control characters"
	case len(from) > 1:
		return "From names more than one address"
	case len(from) == 0:
		return "From holds no valid address: " + quote(decodeWords(value))
	}
	if _, bad := addressList(first(m.fields, "From")); len(bad) > 0 {
		return "From holds more than one address, and not all are valid"
	}
	return ""
}

// addresses reads the first field of that name.
func (m *Message) addresses(name string) []Address {
	value, there := lookup(m.fields, name)
	if !there {
		return nil
	}
	list, bad := addressList(value)
	for _, err := range bad {
		m.defect("%s: %s", name, fault.Says(err))
		if len(m.Defects) > 50 {
			break
		}
	}
	return list
}

// only returns the first address for display; whether it may be trusted is for Ambiguous to say.
func (m *Message) only(name string, list []Address) *Address {
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		m.defect("%s names %d addresses", name, len(list))
	}
	return &list[0]
}

// readThread reads when the mail was written and what it answers.
func (m *Message) readThread() {
	value, there := lookup(m.fields, "Date")
	m.Date = parseDate(value)
	if there && m.Date.IsZero() {
		m.defect("the date %s cannot be read", quote(value))
	}
	if id := messageIDs(first(m.fields, "Message-ID")); len(id) > 0 {
		m.MessageID = id[0]
	} else {
		m.defect("the mail has no Message-ID")
	}
	m.InReplyTo = m.limited("In-Reply-To")
	m.References = m.limited("References")
}

func (m *Message) limited(name string) []string {
	ids := messageIDs(first(m.fields, name))
	if len(ids) > MaxReferences {
		m.defect("%s names %d mails; the first and the last %d were read", name, len(ids), MaxReferences-1)
		ids = append(ids[:1:1], ids[len(ids)-MaxReferences+1:]...)
	}
	return ids
}

// messageIDs returns the ids of a field, with angle brackets. A bare word with an @ is taken as an id that lost its brackets.
func messageIDs(v string) (ids []string) {
	for v != "" {
		start := strings.IndexByte(v, '<')
		if start < 0 {
			break
		}
		v = v[start+1:]
		end := strings.IndexByte(v, '>')
		if end < 0 {
			break
		}
		if id := strings.Map(printable, v[:end]); id != "" {
			ids = append(ids, "<"+id+">")
		}
		v = v[end+1:]
	}
	if word := strings.TrimSpace(v); len(ids) == 0 && word != "" && !strings.ContainsAny(word, " \t<>") {
		ids = append(ids, "<"+strings.Map(printable, word)+">")
	}
	return ids
}

func printable(r rune) rune {
	if r <= ' ' || r >= 127 {
		return -1
	}
	return r
}

// dateLayouts are spellings of dates beyond the standard that senders use.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05",
	"Mon, 2 Jan 06 15:04:05 -0700", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon Jan 2 15:04:05 2006 -0700",
	"Mon, 02-Jan-2006 15:04:05 MST", "Monday, 2 January 2006 15:04:05 -0700", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05", "Mon, 2 Jan 2006 15:04 -0700", "Mon, 2 Jan 2006 15.04.05 -0700",
}

// zones replaces names of time zones that net/mail would take for UTC.
var zones = strings.NewReplacer(" CEST", " +0200", " CET", " +0100", " EEST", " +0300", " EET", " +0200", " BST", " +0100", " WEST", " +0100", " MSK", " +0300",
	" JST", " +0900", " KST", " +0900", " HKT", " +0800", " AEST", " +1000", " AEDT", " +1100", " NZST", " +1200", " NZDT", " +1300")

// parseDate reads a date generously and returns it in UTC, zero when it cannot be read. Years beyond 1970 to 9999 are noise.
func parseDate(v string) time.Time {
	if at, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", strings.TrimSpace(v)); err == nil && at.Year() >= 1970 {
		return at.UTC()
	}
	v = strings.Join(strings.Fields(decodeWords(v)), " ")
	if len(v) > 100 {
		return time.Time{}
	}
	v = zones.Replace(v)
	at, err := mail.ParseDate(v)
	if bare, _, found := strings.Cut(v, " ("); err != nil && found {
		v = bare
	}
	for i := 0; err != nil && i < len(dateLayouts); i++ {
		at, err = time.Parse(dateLayouts[i], v)
	}
	if err != nil || at.Year() < 1970 || at.Year() > 9999 {
		return time.Time{}
	}
	return at.UTC()
}

// readTrace reads what servers on the way wrote on top.
func (m *Message) readTrace() {
	for _, f := range m.fields {
		if strings.EqualFold(f.Name, "Received") && len(m.Received) < MaxHeaders {
			m.Received = append(m.Received, readHop(f.Value))
		}
	}
	if v, there := lookup(m.fields, "Return-Path"); there {
		list, _ := addressList(v)
		path := ""
		if len(list) > 0 {
			path = list[0].Email
		}
		if path != "" || strings.Contains(v, "<>") {
			m.ReturnPath = &path
		}
	}
}

// AcceptedAt returns when our own server took the mail: the time in the newest Received field by that host. Date is only what the
// sender claims. It is false when the field is missing or unreadable.
func (m *Message) AcceptedAt(host string) (time.Time, bool) {
	for _, hop := range m.Received {
		if host != "" && hop.By == strings.ToLower(host) {
			return hop.At, !hop.At.IsZero()
		}
	}
	return time.Time{}, false
}

// readHop reads `from HOST (...) by HOST (...) with ... for <ADDRESS>; DATE`.
func readHop(v string) Hop {
	text, date := v, ""
	if i := strings.LastIndexByte(v, ';'); i >= 0 {
		text, date = v[:i], v[i+1:]
	}
	h := Hop{At: parseDate(date)}
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i++ {
		next := strings.Trim(words[i+1], "<>;,")
		switch strings.ToLower(words[i]) {
		case "from":
			h.From = firstOf(h.From, next)
		case "by":
			h.By = firstOf(h.By, strings.ToLower(next))
		case "for":
			h.For = firstOf(h.For, next)
		}
	}
	return h
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

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

// attach keeps a part as a file.
func (m *Message) attach(p *part) {
	_, params := parameters(first(p.fields, "Content-Disposition"))
	a := newAttachment(m.filename(p, params), p.kind, m.decode(p))
	a.ContentID = strings.Trim(oneLine(text8(first(p.fields, "Content-ID"))), "<> ")
	m.Attachments = append(m.Attachments, a)
	if p.kind == "application/pkcs7-mime" || p.kind == "application/x-pkcs7-mime" || p.kind == "application/pgp-encrypted" {
		m.defect("the mail is encrypted or sealed; its text is in the files")
	}
}

func newAttachment(name, kind string, content []byte) Attachment {
	sum := sha256.Sum256(content)
	return Attachment{Name: name, Type: kind, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), Content: content}
}

// filename names a part: as its sender did, or after its type.
func (m *Message) filename(p *part, disposition map[string]string) string {
	name := decodeWords(firstOf(disposition["filename"], p.params["name"]))
	if name == "" {
		name = m.unnamed(p)
	}
	if len(name) > MaxFilename {
		m.defect("the file name %s has %d bytes and was cut", quote(name), len(name))
		name = cutName(name)
	}
	return name
}

// cutName shortens a file name and keeps its ending.
func cutName(name string) string {
	end := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 12 {
		end = name[dot:]
	}
	return strings.ToValidUTF8(name[:MaxFilename-len(end)], "") + end
}

// extensions name files whose sender gave only a type.
var extensions = map[string]string{
	"message/rfc822": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "text/calendar": ".ics", "text/plain": ".txt",
	"text/html": ".html", "text/csv": ".csv", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
	"application/ms-tnef": ".dat", "application/zip": ".zip", "text/vcard": ".vcf", "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s",
}

func (m *Message) unnamed(p *part) string {
	end, known := extensions[p.kind]
	if !known {
		end = ".bin"
	}
	if p.kind == "message/rfc822" {
		fields, _, _ := header(m.decode(p))
		if subject := decodeWords(first(fields, "Subject")); subject != "" {
			return shortened(strings.Map(withoutSlash, subject)) + end
		}
	}
	return fmt.Sprintf("part-%d%s", len(m.Attachments)+1, end)
}

func withoutSlash(r rune) rune {
	if strings.ContainsRune(`/\:*?"<>|`, r) {
		return '-'
	}
	return r
}

func shortened(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s[:min(len(s), 80)], ""))
}

// markInline settles which attachments the HTML text shows. A part that only claims to be inline is an ordinary file.
func (m *Message) markInline() {
	shown := map[string]bool{}
	for _, src := range cidSource.FindAllStringSubmatch(m.HTML, MaxParts) {
		id := html.UnescapeString(src[1])
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
		shown[id] = true
	}
	for i := range m.Attachments {
		m.Attachments[i].Inline = shown[m.Attachments[i].ContentID]
	}
}

var cidSource = regexp.MustCompile(`src="cid:([^"]{1,500})"`)
