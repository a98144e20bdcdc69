package policy

import (
	"strings"
	"testing"
)

// What is planned is planned for as far as the policy's roadmap reaches, and the column on the roadmap says so.
func TestTheRoadmapsColumnIsNamedByItsWindow(t *testing.T) {
	source, _ := Example("what-happens-next")
	for window, want := range map[string]string{
		"6 months": "In the next six months", "3 months": "In the next three months", "18 months": "In the next 18 months",
		"quarter": "In the next quarter", "a quarter": "In the next quarter", "1 year": "In the next year",
	} {
		p, findings := Parse("policy.yaml", []byte(strings.Replace(string(source), "window: 6 months", "window: "+window, 1)))
		if p == nil {
			t.Errorf("a roadmap of %s is refused: %v", window, findings)
		} else if got := p.PlannedSays(); got != want {
			t.Errorf("with a roadmap of %s it is called %q, want %q", window, got, want)
		}
	}
}
