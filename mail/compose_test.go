package mail

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"hark/fault"
)

// answer is Ana's reply to Marta on ticket 88.
func answer(t testing.TB) Draft {
	ring := keys(t)
	return Draft{
		From:         Address{"Ana at Desk", "support@desk.example"},
		To:           Address{"Märta Lindqvist", "marta@kunde.example"},
		ReplyTo:      Address{"Desk", ring.ReplyAddress("support@desk.example", 88, 7)},
		EnvelopeFrom: ring.BounceAddress("desk.example", 512),
		Subject:      "Re: [#88] Import stops at row 2,000",
		Text:         "Hello Märta,\n\nplease try again.\n\nAna\n",
		HTML:         `<p>Hello Märta,</p><p>please try <b>again</b>. <img src="cid:logo@desk"></p>`,
		MessageID:    ring.MessageID(Stamp{Outbox: 512, Ticket: 88, Person: 7, Random: 99}, "desk.example"),
		InReplyTo:    "<q@kunde.example>",
		References:   []string{"<root@kunde.example>", "<q@kunde.example>"},
		Date:         monday,
		Attachments: []Attachment{
			{Name: "logo.png", Type: "image/png", Inline: true, ContentID: "logo@desk", Content: []byte("\x89PNG")},
			{Name: "Angebot für Märta \"neu\".pdf", Type: "application/pdf", Content: bytes.Repeat([]byte("%PDF "), 100)},
		},
	}
}

func composed(t testing.TB, d Draft) []byte {
	t.Helper()
	raw, err := Compose(d)
	if err != nil {
		t.Fatalf("Compose: %v", err)
	}
	return raw
}

func TestAComposedMailReadsBackAsItWasWritten(t *testing.T) {
	d := answer(t)
	m := parsed(t, composed(t, d))
	if *m.From != d.From || m.To[0] != d.To || m.ReplyTo[0] != d.ReplyTo || m.Subject != d.Subject || m.MessageID != d.MessageID || !m.Date.Equal(d.Date) {
		t.Errorf("the head reads %v %v %v %q %s %s", m.From, m.To, m.ReplyTo, m.Subject, m.MessageID, m.Date)
	}
	if m.InReplyTo[0] != d.InReplyTo || len(m.References) != 2 || m.Text != strings.TrimSpace(d.Text) || !strings.Contains(m.HTML, "<b>again</b>") {
		t.Errorf("the body reads %q, %q", m.Text, m.HTML)
	}
	if len(m.Attachments) != 2 || !m.Attachments[0].Inline || m.Attachments[1].Name != d.Attachments[1].Name || !bytes.Equal(m.Attachments[1].Content, d.Attachments[1].Content) {
		t.Errorf("the files read %v", m.Attachments)
	}
	if len(m.Defects) > 0 || len(m.Warnings) > 0 || m.Ambiguous != "" || m.Automatic != AutoNo {
		t.Errorf("our own mail reads with %v %v %q %s", m.Defects, m.Warnings, m.Ambiguous, m.Automatic)
	}
}

// Another reader has to agree: net/mail and mime/multipart of the standard library, which are strict.
func TestAComposedMailIsStandard(t *testing.T) {
	raw := composed(t, answer(t))
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	to, err := msg.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Märta Lindqvist" {
		t.Errorf("To reads %v, %v", to, err)
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []string{"multipart/related", "application/pdf"} {
		p, err := parts.NextPart()
		if err != nil || !strings.HasPrefix(p.Header.Get("Content-Type"), want) {
			t.Fatalf("part %v, %v, want %s", p, err, want)
		}
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") || !isASCII(line) {
			t.Errorf("line %d cannot be sent: %q", i+1, line)
		}
	}
	if again := composed(t, answer(t)); !bytes.Equal(raw, again) {
		t.Errorf("the same draft rendered to different bytes")
	}
}

func TestLongAndAwkwardTextsSurvive(t *testing.T) {
	for _, text := range []string{strings.Repeat("word ", 2_000), strings.Repeat("x", 5_000), strings.Repeat("日本", 2_000), ".", "..\n.", "From here on\nFrom there", "trailing blank \nx", "a\r\nb\rc", "=3D =\n", "tab\tx"} {
		d := answer(t)
		d.Text, d.HTML, d.Attachments = text, "", nil
		raw := composed(t, d)
		want := strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
		if m := parsed(t, raw); m.Text != want {
			t.Errorf("%.40q reads back as %.60q", want, m.Text)
		}
		for line := range strings.SplitSeq(string(raw), "\r\n") {
			if len(line) > 998 || strings.HasPrefix(line, "From ") || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%.40q gives the line %.80q", text, line)
			}
		}
	}
}

// fieldsOf lists the header names of rendered bytes, without our own reader.
func fieldsOf(raw []byte) (names []string) {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			name, _, _ := strings.Cut(line, ":")
			names = append(names, name)
		}
	}
	return names
}

func TestH8_HeadersCannotBeBroken(t *testing.T) {
	want := len(fieldsOf(composed(t, answer(t))))
	places := map[string]func(d *Draft, s string){
		"Subject":      func(d *Draft, s string) { d.Subject = s },
		"From name":    func(d *Draft, s string) { d.From.Name = s },
		"From":         func(d *Draft, s string) { d.From.Email = "a" + s + "@desk.example" },
		"To name":      func(d *Draft, s string) { d.To.Name = s },
		"To":           func(d *Draft, s string) { d.To.Email = "a@b.example" + s },
		"Reply-To":     func(d *Draft, s string) { d.ReplyTo.Email = s + "a@b.example" },
		"Message-ID":   func(d *Draft, s string) { d.MessageID = "<a" + s + "@b>" },
		"In-Reply-To":  func(d *Draft, s string) { d.InReplyTo = "<a" + s + "@b>" },
		"References":   func(d *Draft, s string) { d.References = []string{"<a" + s + "@b>"} },
		"Automatic":    func(d *Draft, s string) { d.Automatic = s },
		"Unsubscribe":  func(d *Draft, s string) { d.Unsubscribe = "https://desk.example/" + s },
		"header value": func(d *Draft, s string) { d.Headers = []Field{{"X-Ticket", s}} },
		"header name":  func(d *Draft, s string) { d.Headers = []Field{{"X-T" + s, "1"}} },
		"file name":    func(d *Draft, s string) { d.Attachments[1].Name = s },
		"file type":    func(d *Draft, s string) { d.Attachments[1].Type = "a/b" + s },
		"content id":   func(d *Draft, s string) { d.Attachments[0].ContentID = "a" + s },
		"calendar":     func(d *Draft, s string) { d.Calendar = &Calendar{Method: "REQUEST" + s} },
		"HTML":         func(d *Draft, s string) { d.HTML += s },
		"Text":         func(d *Draft, s string) { d.Text += s },
	}
	for place, put := range places {
		for _, s := range []string{"\r\nBcc: evil@evil.example", "\nBcc: evil@evil.example", "\rBcc: evil@evil.example", "\r\n\r\n<script>", "\x00", "\u2028Bcc: x", "\u0085Bcc: x", strings.Repeat("x", 2_000), strings.Repeat("ä", 2_000), "\x01", "\xff\xfe"} {
			d := answer(t)
			put(&d, s)
			raw, err := Compose(d)
			if err != nil {
				if !fault.Is(err, fault.Invalid) || fault.Says(err) == "" {
					t.Errorf("%s with %.20q: %v", place, s, err)
				}
				continue
			}
			more := map[string]int{"header value": 1, "header name": 1, "Unsubscribe": 2}[place]
			less := map[string]int{"In-Reply-To": 1, "References": 1}[place]
			if got := len(fieldsOf(raw)); got != want+more && got != want-less {
				t.Errorf("%s with %.20q gives %d fields instead of %d: %v", place, s, got, want+more, fieldsOf(raw))
			}
			if bytes.Contains(raw, []byte("\nBcc:")) && place != "Text" && place != "HTML" {
				t.Errorf("%s with %.20q adds a recipient", place, s)
			}
		}
	}
	for _, place := range []string{"Subject", "From name", "To name", "header value", "file name", "In-Reply-To", "References", "Message-ID"} {
		for _, s := range []string{"a\rb", "a\nb", "a\r\nb", "a\x00b"} {
			d := answer(t)
			places[place](&d, s)
			if raw, err := Compose(d); err == nil {
				t.Errorf("%s with %q was sent:\n%s", place, s, raw[:min(len(raw), 600)])
			}
		}
	}
}

func TestHeadersOfOursCannotBeSetTwice(t *testing.T) {
	for _, name := range []string{"Bcc", "to", "SUBJECT", "Message-Id", "X-Mailer", "User-Agent", "Received", "Content-Type", "Auto-Submitted", "DKIM-Signature"} {
		d := answer(t)
		d.Headers = []Field{{name, "x"}}
		if _, err := Compose(d); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	d := answer(t)
	d.Headers = []Field{{"X-Ticket", "1"}, {"x-ticket", "2"}}
	if _, err := Compose(d); err == nil {
		t.Errorf("a header was written twice")
	}
}

func TestI2_OneRecipientAndNothingAboutUs(t *testing.T) {
	raw := composed(t, answer(t))
	m := parsed(t, raw)
	if len(m.To) != 1 || len(m.Cc) != 0 {
		t.Errorf("to %v, cc %v", m.To, m.Cc)
	}
	for _, name := range fieldsOf(raw) {
		switch strings.ToLower(name) {
		case "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version", "content-type":
		default:
			t.Errorf("the header %s tells more than needed", name)
		}
	}
	for _, to := range []string{"a@b.example, c@d.example", "a@b.example;c@d.example", "a@b.example c@d.example", "Team: a@b.example;", "<a@b.example>", ""} {
		d := answer(t)
		d.To.Email = to
		if raw, err := Compose(d); err == nil {
			t.Errorf("%q was accepted as one recipient:\n%s", to, raw[:200])
		}
	}
}

func TestAutomaticMailSaysSo(t *testing.T) {
	d := answer(t)
	d.Automatic = "auto-replied"
	m := parsed(t, composed(t, d))
	if from, _ := d.Envelope(); from != "" {
		t.Errorf("an automatic answer leaves with the sender %q", from)
	}
	if m.Automatic != AutoReply || m.Header("X-Auto-Response-Suppress")[0] != "All" || m.Header("Precedence") != nil || m.Header("List-Unsubscribe") != nil {
		t.Errorf("%s, %v", m.Automatic, m.fields)
	}
	d.Automatic, d.Bulk, d.Unsubscribe = "auto-generated", true, "https://desk.example/u/abc"
	m = parsed(t, composed(t, d))
	if from, to := d.Envelope(); from != d.EnvelopeFrom || to != d.To.Email {
		t.Errorf("a reminder leaves with %q to %q", from, to)
	}
	if m.Automatic != AutoGenerated || m.Header("Precedence")[0] != "bulk" || m.Header("List-Unsubscribe")[0] != "<https://desk.example/u/abc>" || m.Header("List-Unsubscribe-Post")[0] != "List-Unsubscribe=One-Click" {
		t.Errorf("%s, %v", m.Automatic, m.fields)
	}
	d = answer(t)
	if from, _ := d.Envelope(); from != d.EnvelopeFrom {
		t.Errorf("a person's answer leaves with %q", from)
	}
	if m := parsed(t, composed(t, d)); m.Header("Auto-Submitted") != nil {
		t.Errorf("a person's answer says it is automatic")
	}
}

func TestI6_OutgoingHTMLLoadsNothing(t *testing.T) {
	d := answer(t)
	d.Attachments = nil
	d.HTML = `<p>Hi<img src="https://desk.example/open.gif"><script>x</script><img src=//evil.example/x><link href=https://evil.example></p>`
	raw := composed(t, d)
	for _, bad := range []string{"open.gif", "evil", "script", "data-remote-src"} {
		if bytes.Contains(raw, []byte(bad)) {
			t.Errorf("%s is in the mail", bad)
		}
	}
}

func TestAnInvitationIsAPartOfItsOwn(t *testing.T) {
	d := answer(t)
	d.HTML, d.Attachments = "", nil
	d.Calendar = &Calendar{"REQUEST", []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")}
	raw := composed(t, d)
	if !bytes.Contains(raw, []byte("multipart/alternative")) || !bytes.Contains(raw, []byte("text/calendar; charset=utf-8; method=REQUEST\r\n")) {
		t.Errorf("%s", raw)
	}
	if m := parsed(t, raw); string(m.Attachments[0].Content) != string(d.Calendar.Content) {
		t.Errorf("%q", m.Attachments[0].Content)
	}
}

func TestTextIsMadeFromHTMLWhenThereIsNone(t *testing.T) {
	d := answer(t)
	d.Text = ""
	if m := parsed(t, composed(t, d)); m.Text != "Hello Märta,\n\nplease try again." {
		t.Errorf("%q", m.Text)
	}
	d.HTML = ""
	if _, err := Compose(d); err == nil {
		t.Errorf("an empty mail was written")
	}
}

func TestSignaturesVerify(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]string{
		"r._domainkey.desk.example": "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(spki(t, rsaKey)),
		"e._domainkey.desk.example": "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public),
	}
	look := &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if record, ok := records[name]; ok {
			return []string{record}, nil
		}
		return nil, fmt.Errorf("no record %s", name)
	}}
	raw := composed(t, answer(t))
	one, err := SigningKey{"desk.example", "r", rsaKey}.Sign(raw)
	if err != nil {
		t.Fatal(err)
	}
	two, err := SigningKey{"desk.example", "e", private}.Sign(one)
	if err != nil {
		t.Fatal(err)
	}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(two), look)
	if err != nil || len(found) != 2 || found[0].Err != nil || found[1].Err != nil {
		t.Errorf("the signatures do not verify: %v, %v", found, err)
	}
	for _, change := range [][2]string{{"please try", "please cry"}, {"Subject: Re:", "Subject: Fw:"}, {"\r\nFrom: ", "\r\nFrom: eve@evil.example\r\nFrom: "}} {
		broken := bytes.Replace(two, []byte(change[0]), []byte(change[1]), 1)
		found, err := dkim.VerifyWithOptions(bytes.NewReader(broken), look)
		if err == nil && found[0].Err == nil {
			t.Errorf("a mail with %q verifies", change[1])
		}
	}
	if _, err := (SigningKey{"", "", rsaKey}).Sign(raw); err == nil {
		t.Errorf("a mail was signed for nobody")
	}
}

// spki returns the public half as it stands in the domain name system.
func spki(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return b
}
