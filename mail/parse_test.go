package mail

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

var update = flag.Bool("update", false, "write the golden files anew")

// mails returns the paths of the sample mails.
func mails(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(paths) < 40 {
		t.Fatalf("the sample mails are missing: %d found, %v", len(paths), err)
	}
	return paths
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func parsed(t testing.TB, raw []byte) *Message {
	t.Helper()
	m, err := Parse(raw)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return m
}

// golden is what a reader sees of a mail, with the fold of its HTML.
type golden struct {
	View
	HTMLFolded string `json:"html_folded,omitempty"`
}

func TestEverySampleReadsAsItsGoldenFileSays(t *testing.T) {
	for _, path := range mails(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".eml")
		t.Run(name, func(t *testing.T) {
			m := parsed(t, sample(t, name))
			_, folded := FoldQuoted(m.HTML)
			got := encode(t, golden{m.View(), folded})
			file := filepath.Join("testdata", "golden", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s reads differently.\ngot:\n%s\nwant:\n%s", name, got, want)
			}
		})
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// peculiar are the samples on which enmime has another opinion on purpose: it lets some broken mails go, guesses charsets by
// statistics, or refuses what we show.
var peculiar = []string{
	"broken-", "charset-", "rtl-", "absence-", "two-faced", "html-only", "hostile-", "eight-bit", "digest", "nested", "mbox", "bounce-", "outlook-web",
	"newsletter", "mailing-list", "iphone-", "receipt", "complaint", "calendar", "signed", "winmail",
}

// A well-formed mail has to read alike in an independent parser: same text, same files.
func TestWellFormedMailsReadAsInAnotherParser(t *testing.T) {
	compared := 0
	for _, path := range mails(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".eml")
		if slices.ContainsFunc(peculiar, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		compared++
		raw := sample(t, name)
		other, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		if err != nil {
			t.Errorf("%s: the other parser says %v", name, err)
			continue
		}
		m := parsed(t, raw)
		if got, want := squeeze(m.Text), squeeze(other.Text); got != want && !strings.Contains(string(raw), "format=flowed") && !strings.Contains(string(raw), "related") {
			t.Errorf("%s: the text is %q, in the other parser %q", name, got, want)
		}
		if got, want := len(m.Attachments), len(other.Attachments)+len(other.Inlines)+len(other.OtherParts); got != want {
			t.Errorf("%s: %d files, in the other parser %d", name, got, want)
		}
		if got, want := m.Subject, oneLine(other.GetHeader("Subject")); got != want {
			t.Errorf("%s: the subject is %q, in the other parser %q", name, got, want)
		}
	}
	if compared < 15 {
		t.Errorf("only %d mails were compared", compared)
	}
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestAttachmentsKeepTheirBytes(t *testing.T) {
	m := parsed(t, sample(t, "nested-rfc822"))
	inner := parsed(t, m.Attachments[0].Content)
	if inner.Subject != "Offer: 10/20 cups" || inner.Text != "Ten cups for the price of twenty." {
		t.Errorf("the attached mail reads %q, %q", inner.Subject, inner.Text)
	}
	ics := parsed(t, sample(t, "calendar-reply")).Attachments[0]
	if !bytes.Contains(ics.Content, []byte("PARTSTAT=ACCEPTED")) || ics.Type != "text/calendar" {
		t.Errorf("the answer to the invitation reads %q as %s", ics.Content, ics.Type)
	}
	tnef := parsed(t, sample(t, "winmail")).Attachments[0]
	if tnef.Name != "winmail.dat" || tnef.Content[0] != 0x78 || tnef.Content[1] != 0x9f {
		t.Errorf("winmail.dat came as %q, %x", tnef.Name, tnef.Content)
	}
}

func TestALongTextIsCutForReadingAndAttachedWhole(t *testing.T) {
	long := strings.Repeat("Every line of this log counts.\n", 60_000)
	m := parsed(t, []byte("From: ida@kunde.example\n\n"+long))
	if len(m.Text) > maxText || len(m.Attachments) != 1 || m.Attachments[0].Size < int64(len(long)-2) {
		t.Errorf("text of %d bytes, files %v", len(m.Text), m.Attachments)
	}
}

func TestTheTimeOfAMailIsOurServersTime(t *testing.T) {
	m := parsed(t, sample(t, "through-a-relay-with-results"))
	if at, ok := m.AcceptedAt("mx.desk.example"); !ok || at.Format("15:04:05") != "18:20:14" {
		t.Errorf("accepted at %s, %v", at, ok)
	}
	if at, ok := m.AcceptedAt("mx.elsewhere.example"); ok {
		t.Errorf("a host that is not there took the mail at %s", at)
	}
}

func TestAMailThatIsOneTextIsReadEvenWithAFileName(t *testing.T) {
	m := parsed(t, []byte("From: a@b.example\nContent-Type: text/plain; name=body.txt\n\nHello\n"))
	if m.Text != "Hello" || len(m.Attachments) != 0 {
		t.Errorf("%q, %v", m.Text, m.Attachments)
	}
	m = parsed(t, []byte("From: a@b.example\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nHello\n"))
	if m.Text != "" || len(m.Attachments) != 1 {
		t.Errorf("%q, %v", m.Text, m.Attachments)
	}
}

func TestAnEmptyMailIsKeptRaw(t *testing.T) {
	for _, raw := range []string{"", "\r\n", "   \n\n"} {
		if _, err := Parse([]byte(raw)); err == nil {
			t.Errorf("%q was read", raw)
		}
	}
}

func TestTheViewHasTheFieldsOperatorsScript(t *testing.T) {
	var got map[string]any
	if err := json.Unmarshal(encode(t, parsed(t, sample(t, "bounce-postfix")).View()), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"from", "sender", "to", "cc", "reply_to", "subject", "date", "message_id", "in_reply_to", "references", "text", "text_trimmed",
		"html", "attachments", "automatic", "bounce", "defects"} {
		if _, there := got[name]; !there {
			t.Errorf("the field %s is missing", name)
		}
	}
	for _, name := range []string{"name", "type", "size", "sha256", "inline", "content_id"} {
		if _, there := got["attachments"].([]any)[0].(map[string]any)[name]; !there {
			t.Errorf("the field %s of attachments is missing", name)
		}
	}
	bounce := got["bounce"].(map[string]any)
	if bounce["recipient"] != "nobody@kunde.example" || bounce["status"] != "5.1.1" || bounce["action"] != "failed" || bounce["original_message_id"] == "" {
		t.Errorf("the bounce reads %v", bounce)
	}
	if got["cc"] == nil || got["references"] == nil {
		t.Errorf("lists without entries are null")
	}
}

func BenchmarkParseTypicalMail(b *testing.B) {
	raw := sample(b, "gmail-reply")
	raw = append(bytes.Clone(raw), bytes.Repeat([]byte(" "), max(0, 4096-len(raw)))...)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePlainMail(b *testing.B) {
	raw := []byte("From: Ida Holm <ida@kunde.example>\nTo: support@desk.example\nSubject: Question\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <a@b>\n\n" +
		strings.Repeat("A sentence of a customer who writes some more of them.\n", 70))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
