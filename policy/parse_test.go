package policy_test

import (
	"testing"

	"hark/policy"
)

func example(t *testing.T, name string) *policy.Policy {
	t.Helper()
	src, ok := policy.Example(name)
	if !ok {
		t.Fatalf("there is no example %s", name)
	}
	p, findings := policy.Parse(name+".yaml", src)
	if p == nil {
		t.Fatal(findings.Carets(src))
	}
	return p
}

func TestTheSupportCentreIsReadInItsOwnOrder(t *testing.T) {
	p := example(t, "customer-support-center")
	if got := p.States(); len(got) != 6 || got[0] != "new" || got[5] != "closed" {
		t.Errorf("states come in the order of the file, got %v", got)
	}
	if p.Initial() != "new" || p.DefaultKind() != "question" {
		t.Errorf("a ticket begins as %s %s", p.Initial(), p.DefaultKind())
	}
}
