package policy_test

import (
	"slices"
	"strings"
	"testing"

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
