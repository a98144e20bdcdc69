package policy

import (
	"strconv"
	"strings"

	"hark/calendar"
	"hark/fault"
)

// builtin are the facts every ticket has; a file may use them without declaring them.
var builtin = map[string]Fact{
	"ticket.kind":                   {"text", "agent", "the kind"},
	"ticket.state":                  {"text", "data", "the state"},
	"ticket.priority":               {"text", "agent", "the priority"},
	"ticket.tags":                   {"list", "agent", "the tags"},
	"ticket.level":                  {"text", "data", "the level of support"},
	"ticket.channel":                {"text", "data", "the way it came in"},
	"ticket.is_existing":            {"bool", "data", "the message belongs to a ticket that exists already"},
	"ticket.first_responder":        {"text", "data", "the agent who answered first"},
	"ticket.last_agent":             {"text", "data", "the agent who answered last"},
	"ticket.agent_replies":          {"int", "data", "how many times an agent has answered"},
	"requester.organisation":        {"text", "data", "the organisation of the customer"},
	"customer.region":               {"text", "data", "the region on the customer's record"},
	"customer.representative":       {"text", "data", "the customer's own representative"},
	"customer.evaluation_began_on":  {"date", "data", "the day the evaluation began"},
	"customer.evaluation_age_days":  {"int", "data", "the number of days since the evaluation began"},
	"licence.ordered_on":            {"date", "data", "the day the licence was ordered"},
	"licence.order_age_days":        {"int", "data", "the number of days since the licence was ordered"},
	"client.usual_agent":            {"text", "data", "the agent who has answered this client most often"},
	"project.lead":                  {"text", "data", "the agent who leads the project"},
	"call.outcome":                  {"text", "agent", "how the call ended"},
	"issue.confirmed_in_production": {"bool", "agent", "somebody has seen the fix work in production"},
}

// factNamed is a fact as the file declares it, else as every policy knows it.
func (p *Policy) factNamed(name string) Fact {
	if f, ok := p.Doc.Facts[name]; ok {
		return f
	}
	return builtin[name]
}

func (p *Policy) knowsFact(name string) bool {
	_, declared := p.Doc.Facts[name]
	_, known := builtin[name]
	return declared || known
}

// FactValue reads a fact as somebody types it, by the type it is declared with: "true", "30", "2026-11-01", or a list
// separated by commas. The error says that there is no such fact, or what its values look like.
func (p *Policy) FactValue(name, text string) (any, error) {
	if !p.knowsFact(name) {
		return nil, fault.New(fault.Invalid, "policy %s knows no fact %q; it looks at %s", p.Name, clip(name), listed(p.Keys("facts")))
	}
	switch p.factNamed(name).Type {
	case "bool":
		if text == "true" || text == "false" {
			return text == "true", nil
		}
		return nil, fault.New(fault.Invalid, "%s is true or false, not %q", name, clip(text))
	case "int":
		if n, err := strconv.Atoi(text); err == nil {
			return n, nil
		}
		return nil, fault.New(fault.Invalid, "%s is a whole number, not %q", name, clip(text))
	case "date":
		if _, err := calendar.ParseDate(text); err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "%s is a date", name)
		}
	case "list":
		return strings.Split(text, ","), nil
	}
	return text, nil
}
