package policy

import (
	"slices"
	"strings"

	"hark/ticket"
)

// Skills: a route can ask for somebody who knows about what a ticket is about (seed 000, 0.14). "skill: ticket.topic" is whoever of the
// desk has a skill that is called like the fact's value and is here; the desk knows who that is, and says so in a fact.

// bySkill begins the goal of such a route.
const bySkill = "skill: "

// SkillFacts are the facts by whose values routes ask for a skill.
func (p *Policy) SkillFacts() (names []string) {
	for _, rule := range p.Doc.Routing {
		for _, to := range []string{rule.To, rule.Else} {
			if fact, is := strings.CutPrefix(to, bySkill); is && !slices.Contains(names, fact) {
				names = append(names, fact)
			}
		}
	}
	return names
}

// SkilledFact names the fact that holds the address of who knows about the value of another fact, and WhySkilledFact the one that says
// why it is they, or why nobody.
func SkilledFact(fact string) string { return fact + "_skilled" }

// WhySkilledFact is described at [SkilledFact].
func WhySkilledFact(fact string) string { return fact + "_skilled_why" }

// SoughtSkill is the fact by whose value the rule that routed a ticket asks for a skill, and this value; "" when it asks for none.
func (p *Policy) SoughtSkill(t ticket.Ticket) (fact, value string) {
	rule, _ := find(p.Doc.Routing, func(r Route) bool { return r.ID == t.Memory.RouteBy })
	fact, is := strings.CutPrefix(rule.To, bySkill)
	if !is {
		return "", ""
	}
	known, _ := FactsOf(&t)(fact)
	value, _ = known.(string)
	return fact, value
}

// Knows reports whether a skill is called like a fact's value, by its id or by its label.
func (p *Policy) Knows(skill, fact, value string) bool {
	return SameName(value, skill) || SameName(p.Called(fact, value), skill)
}

// Called is the value of a fact in the words of the policy: "Setup" for the topic setup.
func (p *Policy) Called(fact string, value any) string { return inWords{p}.value(fact, value) }

// seeks is the goal of a route for one ticket: a skill by what it has to be here.
func (p *Policy) seeks(to string, facts Facts) string {
	fact, is := strings.CutPrefix(to, bySkill)
	if value, known := facts(fact); is && known {
		return "somebody who knows about " + p.Called(fact, value)
	}
	if to == "agent: "+LeadFact {
		return p.seeksLead(facts)
	}
	return p.whoSays(to)
}
