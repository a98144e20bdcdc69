package policy_test

import (
	"strings"
	"testing"

	"hark/policy"
	"hark/ticket"
)

// factsOf are the names of what is asked.
func factsOf(asks []policy.Ask) string {
	var names []string
	for _, a := range asks {
		names = append(names, a.Fact)
	}
	return strings.Join(names, " ")
}

// Agents are asked for what the policy wants from people: nothing that stands in records, and nothing that only other kinds need.
func TestAgentsAreAskedForWhatThePolicyWantsFromPeople(t *testing.T) {
	for _, x := range []struct{ policy, kind, want string }{
		{"piperocks-crm", "technical", "ticket.users_affected ticket.function_down ticket.topic"},
		{"piperocks-crm", "account", "ticket.topic"},
		{"soapbox-phone-support", "question", "ticket.wants_call ticket.cause ticket.scope ticket.needs_specialist issue.system_wide"},
		{"what-happens-next", "feature", "feature.decision feature.need ticket.training_could_help"},
		{"customer-support-center", "question", ""},
	} {
		got := factsOf(example(t, x.policy).Asks(ticket.Ticket{Kind: x.kind}))
		for _, fact := range strings.Fields(x.want) {
			if !strings.Contains(" "+got+" ", " "+fact+" ") {
				t.Errorf("%s, %s: %s is not asked: %s", x.policy, x.kind, fact, got)
			}
		}
		for _, never := range []string{"subscription.plan", "customer.region", "ticket.kind", "ticket.priority"} {
			if strings.Contains(" "+got+" ", " "+never+" ") {
				t.Errorf("%s, %s: %s is asked: %s", x.policy, x.kind, never, got)
			}
		}
	}
	p := example(t, "piperocks-crm")
	if got := factsOf(p.Asks(ticket.Ticket{Kind: "account"})); strings.Contains(got, "users_affected") {
		t.Errorf("a question about the account asks for %s", got)
	}
	if asks := p.Asks(ticket.Ticket{Kind: "account", Facts: map[string]any{"ticket.users_affected": 3.0}}); !strings.Contains(factsOf(asks), "users_affected") || asks[0].Value != "3" {
		t.Errorf("what was said before the kind changed is not shown: %+v", asks)
	}
}

func TestTheFormOfAKindAsksItsOwnQuestions(t *testing.T) {
	p := example(t, "piperocks-crm")
	if got := factsOf(p.FormAsks("technical")); got != "ticket.users_affected ticket.function_down" {
		t.Errorf("the form asks %s", got)
	}
	if got := factsOf(p.FormAsks("account")); got != "" {
		t.Errorf("another kind's form asks %s", got)
	}
	facts, wrong := p.FormFacts("technical", map[string]string{"ticket.users_affected": " 3 ", "ticket.function_down": "", "ticket.topic": "network", "subscription.plan": "enterprise"})
	if len(wrong) != 0 || len(facts) != 1 || facts["ticket.users_affected"] != 3 {
		t.Errorf("it takes %v (%v)", facts, wrong)
	}
	if _, wrong := p.FormFacts("technical", map[string]string{"ticket.users_affected": "many"}); !strings.Contains(wrong["ticket.users_affected"], "a whole number") {
		t.Errorf("“many” is answered with %q", wrong)
	}
	needed := changed(t, "piperocks-crm", "may_have: [ticket.users_affected, ticket.function_down]", "needs: [ticket.users_affected]")
	if _, wrong := needed.FormFacts("technical", nil); wrong["ticket.users_affected"] != "Please tell us the number of users who have the problem." {
		t.Errorf("what is needed and missing is answered with %q", wrong)
	}
}
