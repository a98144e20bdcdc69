package mail

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, path := range mails(f) {
		f.Add(sample(f, strings.TrimSuffix(strings.TrimPrefix(path, "testdata/"), ".eml")))
	}
	f.Add(nested(5))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if (Scan(raw) == nil) != (err == nil) {
			t.Fatalf("Scan and Parse disagree: %v", err)
		}
		_ = Key(raw)
		if err != nil {
			return
		}
		for _, s := range append([]string{m.Text, m.TextTrimmed, m.HTML, m.Subject, m.AutomaticWhy, m.Ambiguous}, append(m.Defects, m.Warnings...)...) {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
				t.Fatalf("cannot be stored: %q", s)
			}
		}
		if m.Text != "" && m.TextTrimmed == "" {
			t.Fatalf("the trimmed text lost everything of %q", m.Text)
		}
		if bad := forbidden(m.HTML); bad != "" {
			t.Fatalf("the HTML keeps %s", bad)
		}
		for _, a := range append(append(append([]Address{}, m.To...), m.Cc...), m.ReplyTo...) {
			if again, err := NewAddress(a.Email); err != nil || again != a.Email {
				t.Fatalf("%q is no settled address: %q, %v", a.Email, again, err)
			}
		}
		for _, a := range m.Attachments {
			if len(a.Name) > MaxFilename || a.Name == "" || !utf8.ValidString(a.Name) || strings.ContainsAny(a.Name, "\r\n\x00") {
				t.Fatalf("the file name %q", a.Name)
			}
		}
		if (m.Automatic == AutoNo) != (m.AutomaticWhy == "") {
			t.Fatalf("%q because %q", m.Automatic, m.AutomaticWhy)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range awkward {
		f.Add(s)
		f.Add("Name <" + s + ">")
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := addressList(s)
		if email, err := NewAddress(s); err == nil {
			list = append(list, Address{Email: email})
		}
		for _, a := range list {
			local, domain, ok := cutAt(a.Email)
			if again, err := NewAddress(a.Email); err != nil || again != a.Email || !ok || len(a.Email) > 254 || len(local) > 64 || !isPlainHost(domain) {
				t.Fatalf("%q gives %q (%q, %v)", s, a.Email, again, err)
			}
			if strings.ContainsAny(a.Name, "\r\n\x00") || !utf8.ValidString(a.Name) {
				t.Fatalf("%q gives the name %q", s, a.Name)
			}
		}
	})
}

func FuzzSanitise(f *testing.F) {
	for _, p := range payloads {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Sanitise(s)
		if bad := forbidden(once); bad != "" {
			t.Fatalf("%q keeps %s: %q", s, bad, once)
		}
		if twice := Sanitise(once); twice != once {
			t.Fatalf("%q settles late: %q then %q", s, once, twice)
		}
		visible, quoted := FoldQuoted(once)
		if bad := forbidden(visible + quoted); bad != "" {
			t.Fatalf("folding %q brings %s", once, bad)
		}
	})
}

func FuzzTrimQuoted(f *testing.F) {
	f.Add("Yes.\n\nOn Mon, Nov 23, 2026 at 4:02 PM Ben <ben@desk.example> wrote:\n> ok?\n-- \nIda")
	f.Add("> a\nb\n> c\n\nSent from my iPhone")
	f.Add("From: a\nSent: b\nTo: c\n\nx")
	f.Fuzz(func(t *testing.T, s string) {
		s = clean(s)
		trimmed, quoted := TrimQuoted(s)
		if trimmed == "" && strings.TrimSpace(s) != "" {
			t.Fatalf("%q lost everything", s)
		}
		if got, want := len(strings.Join(strings.Fields(trimmed+quoted), "")), len(strings.Join(strings.Fields(s), "")); got != want {
			t.Fatalf("%q became %q and %q", s, trimmed, quoted)
		}
		if again, _ := TrimQuoted(trimmed); !strings.Contains(trimmed, again) {
			t.Fatalf("%q then %q", trimmed, again)
		}
	})
}

func FuzzBounce(f *testing.F) {
	for _, path := range mails(f) {
		if strings.Contains(path, "bounce-") {
			f.Add(sample(f, strings.TrimSuffix(strings.TrimPrefix(path, "testdata/"), ".eml")))
		}
	}
	ring := keys(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err != nil || m.Bounce == nil {
			return
		}
		if outbox, ok := ring.Bounced(m, Arrival{}, monday); ok {
			t.Fatalf("a report without proof reached mail %d", outbox)
		}
		b := m.Bounce
		if email, err := NewAddress(b.Recipient); b.Recipient != "" && (err != nil || email != b.Recipient) {
			t.Fatalf("the recipient %q", b.Recipient)
		}
		if b.Status != "" && !enhanced.MatchString(b.Status) || b.Hard() && b.Action != "failed" {
			t.Fatalf("status %q, action %q", b.Status, b.Action)
		}
	})
}

func FuzzToken(f *testing.F) {
	ring := keys(f)
	f.Add(ring.ReplyAddress("support@desk.example", 88, 7))
	f.Add(ring.BounceAddress("desk.example", 512))
	f.Add(ring.MessageID(Stamp{Outbox: 512, Ticket: 88, Person: 7, Random: 99}, "desk.example"))
	f.Fuzz(func(t *testing.T, s string) {
		if ticket, person, ok := ring.ReadReply(s, monday); ok && plusPart(s) != plusPart(made(ring, s, ticket, person)) {
			t.Fatalf("%q was not made by us", s)
		}
		if outbox, ok := ring.ReadBounce(s, monday); ok && !strings.HasPrefix(s, strings.TrimSuffix(ring.BounceAddress("", outbox), "@")) && !strings.HasPrefix(s, strings.TrimSuffix(ring[1:].BounceAddress("", outbox), "@")) {
			t.Fatalf("%q was not made by us", s)
		}
		if st, ok := ring.ReadMessageID(s, monday); ok {
			_, domain, _ := strings.Cut(strings.TrimSuffix(s, ">"), "@")
			if s != ring.MessageID(st, domain) && s != ring[1:].MessageID(st, domain) {
				t.Fatalf("%q was not made by us", s)
			}
		}
	})
}

// made returns the address that one of the two living secrets makes for these ids.
func made(ring Keyring, s string, ticket, person int64) string {
	if a := ring.ReplyAddress("x@y", ticket, person); plusPart(a) == plusPart(s) {
		return a
	}
	return ring[1:].ReplyAddress("x@y", ticket, person)
}

func FuzzCompose(f *testing.F) {
	f.Add("Subject", "Name", "Text", "<p>HTML</p>", "file.txt", "value")
	f.Add("Sub\r\nBcc: x", "N\"ame", ".\r\n.", "<img src=x>", "a\nb", "x\x00")
	f.Fuzz(func(t *testing.T, subject, name, text, markup, file, value string) {
		d := answer(t)
		want := len(fieldsOf(composed(t, d))) + 1
		d.Subject, d.To.Name, d.Text, d.HTML, d.Headers = subject, name, text, markup, []Field{{"X-Ticket", value}}
		d.Attachments[1].Name = file
		raw, err := Compose(d)
		if err != nil {
			return
		}
		if got := len(fieldsOf(raw)); got != want {
			t.Fatalf("%d header fields instead of %d:\n%s", got, want, raw)
		}
		for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || !isASCIIBytes(line) {
				t.Fatalf("the line %q", line)
			}
		}
		m, err := Parse(raw)
		if err != nil || m.Ambiguous != "" || len(m.To) != 1 || m.To[0].Email != d.To.Email {
			t.Fatalf("our own mail reads %v, %q, %v", err, m.Ambiguous, m.To)
		}
	})
}
