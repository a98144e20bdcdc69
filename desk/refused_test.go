package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
	"hark/policy"
)

// Whoever is refused reads first what to mend, and then what the policy assumes.
func TestARefusedPolicySaysItsErrorsFirst(t *testing.T) {
	refused := desk.PolicyRefused{Source: []byte("zone: Europe/Berlin\n"), Findings: policy.Findings{
		{File: "policy.yaml", Line: 1, Column: 1, Severity: policy.Note, Message: "it is assumed that the company is there"},
		{File: "policy.yaml", Line: 1, Column: 1, Severity: policy.Error, Message: "nobody answers on Mondays"},
	}}
	if first, _, _ := strings.Cut(refused.Error(), "\n"); !strings.Contains(first, "nobody answers on Mondays") {
		t.Errorf("it begins with %q", first)
	}
}
