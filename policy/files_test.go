package policy_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/policy"
)

func TestAProcedureOnPaperNamesTheFilesOfItsSteps(t *testing.T) {
	source, known := policy.Example("ablecommerce-phone-procedures")
	if !known {
		t.Fatal("there is no such example")
	}
	text := strings.Replace(string(source), "        ask: caller.site\n", "        files: [Who is calling.pdf, Prices.pdf]\n        ask: caller.site\n", 1)
	p, findings := policy.Parse("policy.yaml", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings)
	}
	printed, err := p.Print("phone-procedures", "markdown", policy.Live{})
	if err != nil || !strings.Contains(string(printed), "Files: Who is calling.pdf, Prices.pdf.") {
		t.Errorf("%v: it does not name them: %s", err, printed)
	}
	flow, _ := p.Flow("inbound-call")
	if !strings.Contains(flow.Steps[0].Text, "Files: Who is calling.pdf, Prices.pdf.") {
		t.Errorf("the drawing says %q", flow.Steps[0].Text)
	}
	missing := p.FilesMissing(func(name string) bool { return name == "Prices.pdf" })
	if !slices.Equal(missing, []string{"Who is calling.pdf"}) {
		t.Errorf("missing are %q", missing)
	}
}

// withFiles is the procedures of seed 001, whose message about keys carries files.
func withFiles(t *testing.T, files string) []byte {
	t.Helper()
	source, known := policy.Example("ablecommerce-phone-procedures")
	if !known {
		t.Fatal("there is no such example")
	}
	const message = "subject: \"How to request a licence key\","
	return []byte(strings.Replace(string(source), message, message+" files: ["+files+"],", 1))
}

// Seed 001: "use system email 'FAQ-How to request a key'", and "Attachments?".
func TestAProcedureOnPaperNamesTheFilesOfItsMessages(t *testing.T) {
	p, findings := policy.Parse("policy.yaml", withFiles(t, "Request a key.pdf, Prices.pdf"))
	if findings.Errors() > 0 {
		t.Fatal(findings)
	}
	const says = "“FAQ - How to request a key” with Request a key.pdf and Prices.pdf"
	printed, err := p.Print("phone-procedures", "markdown", policy.Live{})
	if err != nil || !strings.Contains(string(printed), "send "+says) {
		t.Errorf("%v: the page does not name them: %s", err, printed)
	}
	lines, err := p.Walk("inbound-call", map[string]any{policy.CallerKnown: true, "caller.site": "acme-shop.example", "caller.is_customer": true, "licence.order_age_days": 3}, []string{"1", "1", "1"}, time.Date(2026, 11, 17, 13, 0, 0, 0, time.UTC))
	if told := walked(lines); !strings.Contains(told, "sends "+says+".") {
		t.Errorf("%v: the walk tells %s", err, told)
	}
	if missing := p.FilesMissing(func(name string) bool { return name == "Prices.pdf" }); !slices.Equal(missing, []string{"Request a key.pdf"}) {
		t.Errorf("missing are %q", missing)
	}
}

func walked(lines []policy.WalkLine) string {
	var told strings.Builder
	for _, l := range lines {
		told.WriteString(l.Text() + "\n")
	}
	return told.String()
}

func TestFilesGoOnlyWhereAPersonSendsThem(t *testing.T) {
	finds := func(text []byte, line, says string) {
		t.Helper()
		p, findings := policy.Parse("policy.yaml", text)
		if findings.Errors() > 0 {
			t.Fatal(findings)
		}
		found := p.Lint()
		i := slices.IndexFunc(found, func(f policy.Finding) bool { return f.Rule == "files" })
		switch {
		case says == "" && i >= 0:
			t.Errorf("it finds %s", found[i])
		case says != "" && (i < 0 || found[i].Severity != policy.Error || !strings.Contains(found[i].Message, says)):
			t.Errorf("it finds %v instead of %q", found, says)
		case says != "" && !strings.Contains(strings.Split(string(text), "\n")[found[i].Line-1], line):
			t.Errorf("it stands at line %d", found[i].Line)
		}
	}
	finds(withFiles(t, "Request a key.pdf"), "", "")
	finds(withFiles(t, "Prices.pdf, Prices.pdf"), "files: [Prices.pdf", `"Prices.pdf" is named twice`)
	byItself := bytes.Replace(withFiles(t, "Prices.pdf"), []byte("acknowledge: received"), []byte("acknowledge: request-key"), 1)
	finds(byItself, "acknowledge: request-key", "carries files, and goes by itself here")
	declined := bytes.Replace(withFiles(t, "Prices.pdf"), []byte("reply_with: old-versions"), []byte("reply_with: request-key"), 1)
	finds(declined, "", "")
}
