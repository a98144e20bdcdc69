package mail

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"strings"
	"testing"
)

func TestC8_ASenderWhoIsNamedTwiceIsAmbiguous(t *testing.T) {
	base := map[string]string{
		"From": "ana@real.example", "To": "support@desk.example", "Reply-To": "ana@real.example", "Message-ID": "<1@real.example>",
		"Date": "Tue, 24 Nov 2026 10:00:00 +0000", "Content-Type": "text/plain",
	}
	var whole string
	for name, value := range base {
		whole += name + ": " + value + "\n"
	}
	if m := parsed(t, []byte(whole+"\nx")); m.Ambiguous != "" {
		t.Fatalf("a proper mail is ambiguous: %s", m.Ambiguous)
	}
	for name, value := range base {
		for _, second := range []string{name + ": " + value, strings.ToUpper(name) + ": other@evil.example", name + " : other@evil.example", name + ":\n other@evil.example"} {
			if m := parsed(t, []byte(whole+second+"\n\nx")); !strings.Contains(m.Ambiguous, name) {
				t.Errorf("a second %q is not noticed: %q", second, m.Ambiguous)
			}
		}
	}
	senders := []string{
		"From: ana@real.example, eve@evil.example", "From: ana@real.example; eve@evil.example", "From: <ana@real.example> <eve@evil.example>", "From: Team: ana@real.example, eve@evil.example;",
		`From: "ana@real.example"@evil.example`, "From: ana@real.example, nonsense@", "From: nonsense", "From:", "Subject: no sender at all", "From: <>",
	}
	for _, from := range senders {
		if m := parsed(t, []byte(from+"\nTo: support@desk.example\n\nx")); m.Ambiguous == "" {
			t.Errorf("%q gives a sender: %v", from, m.From)
		}
	}
}

func TestC10_ControlHeadersOfStrangersHaveNoEffect(t *testing.T) {
	raw := sample(t, "through-a-relay-with-results")
	m := parsed(t, raw)
	if got := m.Header("X-Hark-Verified"); got != nil {
		t.Errorf("a stranger's control header is read: %v", got)
	}
	if got := m.Header("x-hark-verified"); got != nil {
		t.Errorf("a stranger's control header is read: %v", got)
	}
	arrived := Disown(raw, "mx.desk.example")
	for _, gone := range []string{"X-Hark-Verified", "Authentication-Results: mx.desk.example"} {
		if bytes.Contains(arrived, []byte(gone)) {
			t.Errorf("%s stays in an arriving mail", gone)
		}
	}
	if !bytes.Contains(arrived, []byte("Authentication-Results: mx.evil.example")) || !bytes.HasSuffix(arrived, []byte("Please send the statement.\n")) {
		t.Errorf("more was taken than ours:\n%s", arrived)
	}
	folded := "X-HARK-Public:\n yes\nAuthentication-Results: (c) \"MX.desk.example\" 1;\n dmarc=pass\nFrom: a@b.example\n\nX-Hark-Body: stays\n"
	if got := string(Disown([]byte(folded), "mx.desk.example")); got != "From: a@b.example\n\nX-Hark-Body: stays\n" {
		t.Errorf("%q", got)
	}
	if m := parsed(t, withHeader(ida+"Auto-Submitted: auto-replied\nX-Hark-Automatic: no\n")); m.Automatic != AutoReply {
		t.Errorf("a control header changed the verdict: %s", m.Automatic)
	}
}

func TestVerdictIsOnlyOurOwnTopmostResult(t *testing.T) {
	m := parsed(t, sample(t, "through-a-relay-with-results"))
	if v := m.Verdict("mx.desk.example"); v != (Verdict{SPF: "pass", DKIM: "fail", DMARC: "fail"}) {
		t.Errorf("%+v", v)
	}
	for _, name := range []string{"", "mx.nobody.example", "desk.example"} {
		if v := m.Verdict(name); v != (Verdict{}) {
			t.Errorf("%q gives %+v", name, v)
		}
	}
}

func TestC15_NamesThatMisleadAreMarked(t *testing.T) {
	cases := map[string]string{
		"spoof-display-name":    "shows the address ana@desk.example",
		"spoof-homograph":       "mixes scripts",
		"spoof-direction-marks": "invisible",
		"mailing-list":          "in the name of",
	}
	for name, want := range cases {
		if m := parsed(t, sample(t, name)); !strings.Contains(strings.Join(m.Warnings, "\n"), want) {
			t.Errorf("%s: %v", name, m.Warnings)
		}
	}
	for _, from := range []string{"Иван Петров <ivan@pochta.example>", "Ελένη Παππά <eleni@post.example>", "山田 Taro <taro@kaisha.example>", "Łukasz Ziółkowski <l@poczta.example>", "jan@bücher.example", "\"ana@real.example\" <Ana@real.example>"} {
		if m := parsed(t, []byte("From: "+from+"\n\nx")); len(m.Warnings) > 0 {
			t.Errorf("%s: %v", from, m.Warnings)
		}
	}
	for _, from := range []string{"x@\u0430\u0440\u0440\u04cf\u0435.example", "x@ex\u0430mple.example", "PayPa\u04cf <x@y.example>", "ana＠real.example <x@evil.example>", "=?utf-8?q?ana=40real.example?= <x@evil.example>"} {
		if m := parsed(t, []byte("From: "+from+"\n\nx")); len(m.Warnings) == 0 {
			t.Errorf("%s is not marked (%v)", from, m.From)
		}
	}
}

func TestTheSameMailTwiceHasOneKey(t *testing.T) {
	mail := "From: ida@kunde.example\nSubject: S\nX-Priority: 1\n\nHello\nIda\n"
	same := []string{
		mail,
		strings.ReplaceAll(mail, "\n", "\r\n"),
		"Return-Path: <ida@kunde.example>\nReceived: from a by b;\n\tTue, 24 Nov 2026 10:00:00 +0000\nDelivered-To: support@desk.example\n" + mail,
		"From ida@kunde.example Tue Nov 24 10:00:00 2026\nX-Spam-Status: No\nX-Original-To: x@y\n" + mail + "\n\n",
		"X-Hark-Own: 1\nAuthentication-Results: x; spf=pass\nARC-Seal: i=1\n" + mail,
	}
	for i, raw := range same {
		if Key([]byte(raw)) != Key([]byte(mail)) {
			t.Errorf("delivery %d has another key", i)
		}
	}
	for i, other := range []string{strings.Replace(mail, "Hello", "hello", 1), strings.Replace(mail, "S\n", "T\n", 1), strings.Replace(mail, "X-Priority: 1\n", "", 1), strings.Replace(mail, "\nIda", " Ida", 1), mail + "PS\n", ""} {
		if Key([]byte(other)) == Key([]byte(mail)) {
			t.Errorf("mail %d has the key of another mail", i)
		}
	}
	split := "From: ida@kunde.example\nSubject: S\nX-Priority: 1\nHello: x\n\nIda\n"
	if Key([]byte(split)) == Key([]byte("From: ida@kunde.example\nSubject: S\nX-Priority: 1\n\nHello: x\n\nIda\n")) {
		t.Errorf("header and body run together in the key")
	}
}

// An archive that holds four gigabytes of nothing and a picture that says it is 50,000 pixels wide are files like any other:
// they are kept as they came, and reading the mail costs what the mail is large.
func TestH6_FilesAreKeptAndNotOpened(t *testing.T) {
	var archive bytes.Buffer
	packed, err := flate.NewWriter(&archive, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	for range 64 {
		_, _ = packed.Write(make([]byte, 1<<20))
	}
	_ = packed.Close()
	picture := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x06\x00\x00\x00"), archive.Bytes()...)
	for kind, content := range map[string][]byte{"application/zip": archive.Bytes(), "application/gzip": archive.Bytes(), "image/png": picture} {
		raw := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\nContent-Type: " + kind + "; name=file\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(content) + "\r\n--b--\r\n"
		m, err := Parse([]byte(raw))
		if err != nil || len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Content, content) {
			t.Errorf("%s: %v, %d files; want one, as it came", kind, err, len(m.Attachments))
		}
		if _, memory, _ := cost([]byte(raw)); memory > 16<<20 {
			t.Errorf("%s of %d kB took %d MB to read", kind, len(content)>>10, memory>>20)
		}
	}
}
