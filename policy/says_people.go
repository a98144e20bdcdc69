package policy

import (
	"fmt"
	"strings"
)

// Who can reach the desk how, and who answers, in words.

func (p *Policy) channelSays(id string) string {
	c := p.Doc.Channels[id]
	title, text := p.channelItem(c, id)
	if text == "" {
		return title + "."
	}
	return title + ": " + text + "."
}

func (p *Policy) channelItem(c Channel, id string) (title, text string) {
	var parts []string
	for _, part := range []string{c.Address, c.Where, c.Purpose} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(c.ForPlans) > 0 {
		parts = append(parts, "with "+enumerate(p.planLabels(c.ForPlans)))
	}
	return or(c.Label, spaced(id)), strings.Join(parts, "; ")
}

func (p *Policy) planLabels(ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = spaced(id)
		for _, plan := range p.Doc.Plans {
			if plan.ID == id {
				labels[i] = plan.Label
			}
		}
	}
	return labels
}

func (p *Policy) planSays(plan Plan) string {
	who := plan.Who
	if who == "" && len(plan.HoldsWhen) > 0 {
		who = "if " + p.Says(plan.HoldsWhen)
	}
	return plan.Label + ": " + or(who, "for everybody") + "."
}

func (p *Policy) routeSays(r Route) string {
	says := "Tickets"
	if len(r.When) > 0 {
		says += " for which " + p.Says(r.When)
	} else {
		says = "All others"
	}
	how := map[string]string{"usually": " usually", "may": " may"}[r.Strength]
	says += how + " go to " + p.whoSays(r.To)
	if r.LookBack != nil {
		says += ", counted over the last " + r.LookBack.Says()
	}
	if r.AtLeast > 0 {
		says += fmt.Sprintf(" from %d tickets on", r.AtLeast)
	}
	if r.Else != "" {
		says += "; otherwise to " + p.whoSays(r.Else)
	}
	return says + "."
}

// whoSays is a route's goal in words: "agent: project.lead" as "the agent who leads the project".
func (p *Policy) whoSays(to string) string {
	kind, who, _ := strings.Cut(to, ":")
	who = strings.TrimSpace(who)
	switch kind {
	case "agent":
		return or(p.factNamed(who).Says, "the "+spaced(who))
	case "skill":
		return "whoever knows about " + inWords{p}.fact(who)
	case "group":
		return "the group " + spaced(who)
	case "pool":
		return poolSays(who)
	}
	return to
}

// poolSays is a pool in words: "everyone, next available" as "the next available person".
func poolSays(pool string) string {
	name, how, _ := strings.Cut(pool, ",")
	person := strings.TrimSpace("the " + strings.TrimSpace(how) + " person")
	if name == "everyone" {
		return person
	}
	return person + " of " + spaced(name)
}
