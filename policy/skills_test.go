package policy_test

import (
	"strings"
	"testing"
)

// A route by skill is printed as a sentence, and one by what is no text, or by what nobody declared, is found.
func TestARouteBySkillIsPrintedAndChecked(t *testing.T) {
	p := example(t, "soapbox-phone-support")
	if says := p.RuleSays("routing.specialist", true); !strings.Contains(says, "go to whoever knows about the kind of question; otherwise to the group specialists.") {
		t.Errorf("it says %q", says)
	}
	for wrong, rule := range map[string]string{"skill: ticket.wants_call": "route", "skill: ticket.tpoic": "route", "skills: ticket.topic": "route"} {
		if f := only(t, lintOf(t, "soapbox-phone-support", `"skill: ticket.topic"`, `"`+wrong+`"`), rule); f.Mend == "" {
			t.Errorf("%s: %+v", wrong, f)
		}
	}
}
