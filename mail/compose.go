package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime/quotedprintable"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hark/fault"
)

// Draft is everything that makes a mail. Two equal drafts render to equal bytes.
type Draft struct {
	From         Address
	To           Address // one recipient: nobody learns of others (threat I2)
	ReplyTo      Address // usually a ReplyAddress; zero for none
	EnvelopeFrom string  // usually a BounceAddress; see Envelope
	Subject      string
	Text         string // if empty, made from HTML
	HTML         string // sanitised on the way out; "" for a mail of plain text
	MessageID    string // from Keyring.MessageID
	InReplyTo    string
	References   []string // from QuoteReferences
	Date         time.Time
	Automatic    string // "", "auto-replied" for answers of the machine, "auto-generated" for reminders and surveys (RFC 3834)
	Bulk         bool   // announcements and surveys
	Unsubscribe  string // an https link that unsubscribes by one POST (RFC 8058); only for announcements and surveys
	Headers      []Field
	Calendar     *Calendar
	Attachments  []Attachment
}

// Calendar is an invitation or its withdrawal, shown by mail programs as such (RFC 6047).
type Calendar struct {
	Method  string // REQUEST, CANCEL and so on
	Content []byte
}

// Envelope returns sender and recipient for the dialogue with the next server. Automatic answers leave with the null sender, so
// that no machine answers them (RFC 3834, 3.3).
func (d Draft) Envelope() (from, to string) {
	if d.Automatic == "auto-replied" {
		return "", d.To.Email
	}
	return cmp.Or(d.EnvelopeFrom, d.From.Email), d.To.Email
}

// Compose renders a draft: CRLF line ends, lines of at most 998 octets, ASCII only. Errors of kind Invalid name the field that
// cannot be sent; a line end or NUL in a header value is refused, never repaired (threat H8).
func Compose(d Draft) ([]byte, error) {
	w := &writer{boundarySeed: d.MessageID}
	w.address("From", d.From)
	w.address("To", d.To)
	if d.ReplyTo.Email != "" {
		w.address("Reply-To", d.ReplyTo)
	}
	w.text("Subject", d.Subject)
	w.date(d.Date)
	w.ids("Message-ID", true, d.MessageID)
	w.ids("In-Reply-To", false, d.InReplyTo)
	w.ids("References", false, d.References...)
	w.automatic(d)
	w.unsubscribe(d.Unsubscribe)
	w.extra(d.Headers)
	w.field("MIME-Version", "1.0")
	w.body(d)
	if w.err != nil {
		return nil, w.err
	}
	return w.out.Bytes(), nil
}

// writer writes a mail and keeps the first error.
type writer struct {
	out          bytes.Buffer
	boundarySeed string
	boundaries   byte
	written      []string // names of header fields so far
	err          error
}

func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fault.New(fault.Invalid, format, args...)
	}
}

// field writes one header field whose value is ASCII, folded at blanks.
func (w *writer) field(name, value string) {
	switch {
	case strings.ContainsAny(value, "\r\n\x00"):
		w.fail("the header %s holds a line end or a NUL; take it out and send again", name)
		return
	case !isASCII(value) || strings.ContainsFunc(value, unicode.IsControl):
		w.fail("the header %s holds characters that cannot be sent", name)
		return
	}
	w.written = append(w.written, strings.ToLower(name))
	w.out.WriteString(name + ":")
	column := len(name) + 1
	for word := range strings.FieldsSeq(value) {
		if column+1+len(word) > 76 && column > 0 && !(column == len(name)+1) {
			w.out.WriteString("\r\n")
			column = 0
		}
		w.out.WriteString(" " + word)
		if column += 1 + len(word); column > 990 {
			w.fail("the header %s holds a word of more than 990 characters", name)
		}
	}
	w.out.WriteString("\r\n")
}

// text writes free text for people.
func (w *writer) text(name, value string) {
	if strings.ContainsAny(value, "\r\n\x00") {
		w.fail("the header %s holds a line end or a NUL; take it out and send again", name)
		return
	}
	w.field(name, headerText(value))
}

// headerText encodes what is not plain ASCII, or could be mistaken for encoded, as words of UTF-8 (RFC 2047).
func headerText(s string) string {
	if isPlainLine(s) && !strings.Contains(s, "=?") && !slices.ContainsFunc(strings.Fields(s), func(word string) bool { return len(word) > 70 }) {
		return s
	}
	var words []string
	for s = strings.ToValidUTF8(s, "\uFFFD"); s != ""; {
		n := min(len(s), 42)
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

func (w *writer) address(name string, a Address) {
	email, err := NewAddress(a.Email)
	switch {
	case err != nil:
		w.fail("%s: %s", name, fault.Says(err))
	case strings.ContainsAny(a.Name, "\r\n\x00"):
		w.fail("the name in %s holds a line end or a NUL; take it out and send again", name)
	case a.Name == "":
		w.field(name, "<"+email+">")
	default:
		w.field(name, phrase(a.Name)+" <"+email+">")
	}
}

// phrase writes a display name: quoted when it is plain, encoded otherwise.
func phrase(name string) string {
	if coded := headerText(name); coded != name {
		return coded
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
}

func (w *writer) date(at time.Time) {
	if at.IsZero() {
		w.fail("the mail has no date")
	}
	w.field("Date", at.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000"))
}

var idForm = regexp.MustCompile(`^<[!-;=?-~]{1,480}>$`)

// ids writes message ids. Those of others are left out when they cannot be sent; our own has to be right.
func (w *writer) ids(name string, needed bool, ids ...string) {
	good := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !idForm.MatchString(id) })
	switch {
	case strings.ContainsAny(strings.Join(ids, ""), "\r\n\x00"):
		w.fail("the header %s holds a line end or a NUL; take it out and send again", name)
	case len(good) > 0:
		w.field(name, strings.Join(good, " "))
	case needed:
		w.fail("the mail has no Message-ID that can be sent")
	}
}

// automatic writes the headers by which other machines know not to answer (RFC 3834, and what Exchange reads).
func (w *writer) automatic(d Draft) {
	switch d.Automatic {
	case "":
	case "auto-replied", "auto-generated":
		w.field("Auto-Submitted", d.Automatic)
		w.field("X-Auto-Response-Suppress", "All")
	default:
		w.fail("%s is no kind of automatic mail; it is auto-replied or auto-generated", quote(d.Automatic))
	}
	if d.Bulk {
		w.field("Precedence", "bulk")
	}
}

var httpsLink = regexp.MustCompile(`^https://[!-;=?-~]{1,900}$`)

func (w *writer) unsubscribe(link string) {
	switch {
	case link == "":
	case !httpsLink.MatchString(link):
		w.fail("the link to unsubscribe has to be an https address")
	default:
		w.field("List-Unsubscribe", "<"+link+">")
		w.field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}

var fieldForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,75}$`)

// reserved are fields that Compose writes itself, or that would say more than a recipient should know.
var reserved = []string{
	"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted", "precedence",
	"list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type", "content-transfer-encoding", "return-path", "received", "dkim-signature",
	"x-mailer", "user-agent", "x-originating-ip",
}

func (w *writer) extra(fields []Field) {
	for _, f := range fields {
		name := strings.ToLower(f.Name)
		switch {
		case !fieldForm.MatchString(f.Name):
			w.fail("%s is no name of a header", quote(f.Name))
		case slices.Contains(reserved, name) || slices.Contains(w.written, name):
			w.fail("the header %s cannot be set twice", f.Name)
		default:
			w.text(f.Name, f.Value)
		}
	}
}

// body writes the parts: mixed(related(alternative(text, html, calendar), images), files), without the layers that hold one part.
func (w *writer) body(d Draft) {
	markup, text := outgoing(d.HTML), clean(d.Text)
	if strings.TrimSpace(text) == "" {
		text = textOfHTML(markup)
	}
	if strings.TrimSpace(text) == "" {
		w.fail("the mail has no text")
	}
	versions := []func(){func() { w.plain("text/plain", text) }}
	if markup != "" {
		versions = append(versions, func() { w.plain("text/html", markup) })
	}
	if d.Calendar != nil {
		versions = append(versions, func() { w.calendar(*d.Calendar) })
	}
	var images, files []func()
	for _, a := range d.Attachments {
		if a.Inline && a.ContentID != "" && markup != "" {
			images = append(images, func() { w.attachment(a) })
		} else {
			a.Inline = false
			files = append(files, func() { w.attachment(a) })
		}
	}
	related := append([]func(){func() { w.multipart("alternative", versions) }}, images...)
	mixed := append([]func(){func() { w.multipart("related", related) }}, files...)
	w.multipart("mixed", mixed)
}

var remoteImage = regexp.MustCompile(` data-remote-src="[^"]*"`)

// outgoing makes HTML fit to be sent: nothing in it loads from elsewhere (threat I6).
func outgoing(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	s = remoteImage.ReplaceAllString(Sanitise(s), "")
	return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>` + s + `</body></html>`
}

// multipart writes parts between boundaries; a single part needs none. The boundary follows from the Message-ID, so rendering
// twice gives equal bytes; it begins with "=_", which no encoded part can hold.
func (w *writer) multipart(kind string, parts []func()) {
	if len(parts) == 1 {
		parts[0]()
		return
	}
	w.boundaries++
	sum := sha256.Sum256(append([]byte(w.boundarySeed), w.boundaries))
	mark := "=_" + hex.EncodeToString(sum[:16])
	w.out.WriteString("Content-Type: multipart/" + kind + ";\r\n boundary=\"" + mark + "\"\r\n\r\n")
	for _, part := range parts {
		w.out.WriteString("--" + mark + "\r\n")
		part()
		w.out.WriteString("\r\n")
	}
	w.out.WriteString("--" + mark + "--\r\n")
}

// plain writes text, as it is when that is safe, else quoted-printable.
func (w *writer) plain(kind, text string) {
	text = strings.TrimRight(text, "\n") + "\n"
	if isASCII(text) && !hasLongLine(text) {
		w.out.WriteString("Content-Type: " + kind + "; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n")
		w.out.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
		return
	}
	w.out.WriteString("Content-Type: " + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	var coded strings.Builder
	q := quotedprintable.NewWriter(&coded)
	_, _ = q.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n"))) // a strings.Builder takes everything
	_ = q.Close()
	w.out.WriteString(strings.TrimPrefix(tempting.Replace("\r\n"+coded.String()), "\r\n"))
}

// tempting are line beginnings that servers on the way change: "From " becomes ">From ", a dot may be lost.
var tempting = strings.NewReplacer("\r\nFrom ", "\r\n=46rom ", "\r\n.", "\r\n=2E")

// hasLongLine finds lines beyond what old programs take, and those that servers on the way change: "From " and a dot.
func hasLongLine(text string) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > 78 || strings.HasPrefix(line, "From ") || strings.HasPrefix(line, ".") || strings.HasSuffix(line, " ") {
			return true
		}
	}
	return false
}

var methodForm = regexp.MustCompile(`^[A-Z]{3,15}$`)

func (w *writer) calendar(c Calendar) {
	if !methodForm.MatchString(c.Method) {
		w.fail("%s is no method of a calendar file", quote(c.Method))
	}
	w.out.WriteString("Content-Type: text/calendar; charset=utf-8; method=" + c.Method + "\r\n")
	w.base64(c.Content)
}

var typeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}$`)

// attachment writes a file. Whole mails and unknown types go as plain bytes.
func (w *writer) attachment(a Attachment) {
	kind := strings.ToLower(a.Type)
	if !typeForm.MatchString(kind) || strings.HasPrefix(kind, "message/") || strings.HasPrefix(kind, "multipart/") {
		kind = "application/octet-stream"
	}
	if strings.ContainsAny(a.Name+a.ContentID, "\r\n\x00") {
		w.fail("the file name %s holds a line end or a NUL; rename the file and send again", quote(a.Name))
		return
	}
	disposition := "attachment"
	w.out.WriteString("Content-Type: " + kind + "\r\n")
	if a.Inline {
		disposition = "inline"
		if id := "<" + a.ContentID + ">"; idForm.MatchString(id) {
			w.out.WriteString("Content-ID: " + id + "\r\n")
		} else {
			w.fail("the content id %s cannot be sent", quote(a.ContentID))
		}
	}
	w.out.WriteString("Content-Disposition: " + disposition + filenames(a.Name) + "\r\n")
	w.base64(a.Content)
}

// filenames writes a name twice when it has to: in ASCII for old programs, and in full (RFC 2231, RFC 6266).
func filenames(name string) string {
	if len(name) > MaxFilename {
		name = cutName(name)
	}
	if name == "" {
		return ""
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	out := ";\r\n filename=\"" + plain + "\""
	if plain != name {
		out += ";\r\n filename*=UTF-8''" + percent(name)
	}
	return out
}

func percent(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if isAlphanumeric(rune(s[i])) || s[i] == '.' || s[i] == '-' || s[i] == '_' {
			out.WriteByte(s[i])
		} else {
			out.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{s[i]})))
		}
	}
	return out.String()
}

func (w *writer) base64(content []byte) {
	w.out.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	const perLine = 57 // 76 characters
	for line := range slices.Chunk(content, perLine) {
		w.out.WriteString(base64.StdEncoding.EncodeToString(line) + "\r\n")
	}
}
