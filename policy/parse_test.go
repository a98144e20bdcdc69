package policy_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"hark/internal/effort"
	"hark/policy"
)

var update = flag.Bool("update", false, "write what is found into the test data instead of comparing")

func example(t testing.TB, name string) *policy.Policy {
	t.Helper()
	src, ok := policy.Example(name)
	if !ok {
		t.Fatalf("there is no example %s", name)
	}
	return parsed(t, name, src)
}

func parsed(t testing.TB, name string, src []byte) *policy.Policy {
	t.Helper()
	p, findings := policy.Parse(name+".yaml", src)
	if p == nil {
		t.Fatal(findings.Carets(src))
	}
	return p
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// edited is an example with some words replaced; each must be there.
func edited(t testing.TB, name string, pairs ...string) []byte {
	t.Helper()
	src, _ := policy.Example(name)
	text := string(src)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s does not say %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

func TestTheSupportCentreIsReadInItsOwnOrder(t *testing.T) {
	p := example(t, "customer-support-center")
	if got := p.States(); !slices.Equal(got, []string{"new", "open", "pending", "hold", "solved", "closed"}) {
		t.Errorf("states come in the order of the file, got %v", got)
	}
	if p.Initial() != "new" || p.DefaultKind() != "question" {
		t.Errorf("a ticket begins as %s %s", p.Initial(), p.DefaultKind())
	}
	if got := p.Addresses(); !slices.Equal(got, []string{"support@example.com"}) {
		t.Errorf("mail comes to %v", got)
	}
	if want := "2026-11-01 00:00 -0400"; p.Effective.Format("2006-01-02 15:04 -0700") != want {
		t.Errorf("it holds from %s, wanted %s", p.Effective, want)
	}
}

// TestBrokenPolicies reads every file of testdata/broken. Its first comment lines say what must be found, errors and
// warnings, each as LINE:COLUMN severity rule: message; mend.
func TestBrokenPolicies(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("the broken policies are missing: %d found, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src := read(t, file)
			wanted, rest := header(src)
			if *update {
				rewrite(t, file, rest)
				return
			}
			got := found(src)
			if !slices.Equal(got, wanted) {
				t.Errorf("found\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
			}
		})
	}
}

// found is everything but the notes.
func found(src []byte) (lines []string) {
	p, findings := policy.Parse("x.yaml", src)
	if p != nil {
		findings = append(findings, p.Lint()...)
	}
	for _, f := range findings {
		if f.Severity != policy.Note {
			lines = append(lines, fmt.Sprintf("%d:%d %s %s: %s; %s", f.Line, f.Column, f.Severity, f.Rule, f.Message, f.Mend))
		}
	}
	return lines
}

const wantedLine = "# wanted:"

func header(src []byte) (wanted []string, rest string) {
	text := string(src)
	for strings.HasPrefix(text, wantedLine) {
		line, after, _ := strings.Cut(text, "\n")
		if line = strings.TrimSpace(strings.TrimPrefix(line, wantedLine)); line != "" {
			wanted = append(wanted, line)
		}
		text = after
	}
	return wanted, text
}

// rewrite finds out how many lines the header needs, because the header moves the lines below it.
func rewrite(t *testing.T, file, rest string) {
	lines := found([]byte(rest))
	lines = found([]byte(strings.Repeat(wantedLine+"\n", len(lines)) + rest))
	var out strings.Builder
	for _, line := range lines {
		out.WriteString(wantedLine + " " + line + "\n")
	}
	if err := os.WriteFile(file, []byte(out.String()+rest), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheSmallestPolicyHasNothingWrong(t *testing.T) {
	if lines := found(read(t, "testdata/small.yaml")); len(lines) > 0 {
		t.Errorf("the broken policies are made from this one, so it must be sound:\n%s", strings.Join(lines, "\n"))
	}
}

func TestACaretStandsUnderTheWordsAtFault(t *testing.T) {
	src := edited(t, "customer-support-center", "reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 24 hours")
	_, findings := policy.Parse("p.yaml", src)
	if len(findings) != 1 {
		t.Fatalf("one mistake, %d findings", len(findings))
	}
	lines := strings.Split(findings[0].Caret(src), "\n")
	if !strings.HasPrefix(lines[0], "p.yaml:") || !strings.Contains(lines[0], "24 hours") {
		t.Errorf("the first line says where and what: %s", lines[0])
	}
	from := strings.Index(lines[1], "24 hours")
	if got := strings.Index(lines[2], "^"); from < 0 || got != from || strings.Count(lines[2], "^") != len("24 hours") {
		t.Errorf("the carets do not stand under the words:\n%s\n%s", lines[1], lines[2])
	}
	if !strings.Contains(lines[3], `mend: write a whole number and a unit`) {
		t.Errorf("the last line says how to mend it: %s", lines[3])
	}
}

func TestCaretsSurviveLongLinesAndControlCharacters(t *testing.T) {
	src := []byte("name: " + strings.Repeat("é", 300) + "\x1b[31m: x\n")
	_, findings := policy.Parse("p.yaml", src)
	text := findings.Carets(src)
	if strings.Contains(text, "\x1b") {
		t.Error("an escape sequence of the file reaches the terminal")
	}
	for _, line := range strings.Split(text, "\n") {
		if len([]rune(line)) > 200 {
			t.Errorf("a line of %d characters", len([]rune(line)))
		}
	}
}

func TestJSONOfTheSameDocumentIsTheSamePolicy(t *testing.T) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		asJSON, err := yaml.YAMLToJSON(src)
		if err != nil {
			t.Fatal(err)
		}
		if differences := policy.Differences(parsed(t, name, src), parsed(t, name, asJSON)); len(differences) > 0 {
			t.Errorf("%s: %s", name, differences[0].Says())
		}
	}
}

// TestH11_AmbiguousJSONIsRefused: the same key twice, more text behind the end, bytes that are no text.
func TestH11_AmbiguousJSONIsRefused(t *testing.T) {
	src, _ := policy.Example("customer-support-center")
	asJSON, err := yaml.YAMLToJSON(src)
	if err != nil {
		t.Fatal(err)
	}
	asJSON = bytes.TrimSpace(asJSON)
	parsed(t, "sound", asJSON)
	for name, broken := range map[string][]byte{
		"a key twice":      append([]byte(`{"name": "other", `), asJSON[1:]...),
		"text behind it":   append(slices.Clone(asJSON), []byte(` {"more": 1}`)...),
		"not UTF-8":        bytes.Replace(asJSON, []byte("Customer"), []byte("Cust\xffmer"), 1),
		"a NUL byte":       bytes.Replace(asJSON, []byte("Customer"), []byte("Cust\x00mer"), 1),
		"not closed":       asJSON[:len(asJSON)-1],
		"a missing comma":  bytes.Replace(asJSON, []byte(`", "`), []byte(`" "`), 1),
		"a number as text": bytes.Replace(asJSON, []byte(`"version": "2026-11-01"`), []byte(`"version": 20261101`), 1),
	} {
		if p, _ := policy.Parse("x.json", broken); p != nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// TestHostileFilesCostOnlyAMoment: what would keep a parser busy for minutes is refused, with a reason.
func TestHostileFilesCostOnlyAMoment(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 10), ", "))
	}
	var keys strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&keys, "k%d: v\n", i)
	}
	for name, src := range map[string]string{
		"billion laughs":    bomb,
		"a loop":            "a: &a [*a]\n",
		"open brackets":     strings.Repeat("[", 200_000),
		"open braces":       strings.Repeat("{a: ", 100_000),
		"nested dashes":     strings.Repeat("- ", 200_000),
		"question marks":    strings.Repeat("? ", 200_000),
		"thousands of keys": keys.String(),
		"deep indentation": func() string {
			var b strings.Builder
			for i := range 1000 {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}(),
		"many anchors":   strings.Repeat("&a ", 100_000),
		"a large file":   strings.Repeat("# nothing\n", 200_000),
		"many documents": strings.Repeat("---\na: 1\n", 20_000),
		"a long list":    "kinds: [" + strings.Repeat("a,", 40_000) + "a]",
		"a long text":    "title: " + strings.Repeat("a", 500_000),
	} {
		var p *policy.Policy
		var findings policy.Findings
		work := effort.Of(func() { p, findings = policy.Parse("x.yaml", []byte(src)) })
		if p != nil || findings.Errors() == 0 {
			t.Errorf("%s is accepted", name)
		}
		if len(findings) > 100 {
			t.Errorf("%s: %d findings; nobody reads so many", name, len(findings))
		}
		if work > 3*time.Second {
			t.Errorf("%s took %s", name, work)
		}
	}
}

func TestEditorsMayLeaveTheirMarks(t *testing.T) {
	plain := edited(t, "customer-support-center", "reminder-1, in: pending, after: 24h", "reminder-1, in: pending, after: 24x")
	_, wanted := policy.Parse("p.yaml", plain)
	for name, src := range map[string][]byte{
		"line ends of two characters": bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
		"a byte order mark":           append([]byte("\ufeff"), plain...),
	} {
		_, got := policy.Parse("p.yaml", src)
		if !slices.Equal(got, wanted) || got.Carets(src) != wanted.Carets(plain) {
			t.Errorf("%s move the finding:\n%s\n%s", name, got.Carets(src), wanted.Carets(plain))
		}
	}
}

func TestAnAliasStandsForItsValue(t *testing.T) {
	src := bytes.Replace(read(t, "testdata/small.yaml"), []byte("from: [new, open, pending], may_choose: [open, pending]"), []byte("from: [new, open, pending], may_choose: &both [open, pending]}\n    - {event: agent_sets, from: [new], may_choose: *both"), 1)
	p := parsed(t, "small", src)
	if got := p.Doc.Lifecycle.Moves[2].MayChoose; !slices.Equal(got, []string{"open", "pending"}) {
		t.Errorf("the alias reads as %v", got)
	}
}

func TestEveryFindingIsDataForOtherPrograms(t *testing.T) {
	_, findings := policy.Parse("x.yaml", read(t, "testdata/broken/unknown-key.yaml"))
	line, err := json.Marshal(findings[0])
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(line, &fields); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"file", "line", "column", "severity", "rule", "message", "mend"} {
		if fields[key] == nil || fields[key] == "" {
			t.Errorf("a finding without %s: %s", key, line)
		}
	}
	if len(fields) != 7 {
		t.Errorf("a finding has seven fields: %s", line)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range policy.Examples() {
		src, _ := policy.Example(name)
		f.Add(src)
	}
	files, _ := filepath.Glob("testdata/broken/*.yaml")
	for _, file := range files {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		began := time.Now()
		p, findings := policy.Parse("x.yaml", src)
		if (p == nil) != (findings.Errors() > 0) {
			t.Fatal("a policy comes exactly when there is no error")
		}
		_ = findings.Carets(src)
		if out, err := policy.Format(src); err == nil {
			if again, err := policy.Format(out); err != nil || !bytes.Equal(again, out) {
				t.Fatalf("formatting twice differs: %v\n%s\n---\n%s", err, out, again)
			}
		}
		if p != nil {
			_ = append(p.Lint(), findings...).Carets(src)
			for _, page := range p.Pages() {
				if _, err := p.Print(page, "html", policy.Live{At: time.Unix(1_800_000_000, 0)}); err != nil {
					t.Fatal(err)
				}
			}
			for _, id := range p.Keys("procedures") {
				_, _ = p.Walk(id, nil, []string{"1", "1", "1"}, time.Unix(1_800_000_000, 0))
			}
			_, _, _ = p.Slots(policy.SlotQuestion{Now: time.Unix(1_800_000_000, 0)})
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("took %s", took)
		}
	})
}

func BenchmarkParseAndLint(b *testing.B) {
	src, _ := policy.Example("ablecommerce-phone-procedures")
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		p, _ := policy.Parse("x.yaml", src)
		p.Lint()
	}
}

func TestTheLargestExampleIsCheckedWhileOneTypes(t *testing.T) {
	src, _ := policy.Example("ablecommerce-phone-procedures")
	least := effort.Least(10, func() {
		p, _ := policy.Parse("x.yaml", src)
		p.Lint()
	})
	if least > 20*time.Millisecond {
		t.Errorf("reading and checking it takes %s", least)
	}
}
