package policy

import (
	"slices"
	"strconv"
	"strings"

	"hark/calendar"
	"hark/fault"
)

// builtin are the facts every ticket has; a file may use them without declaring them.
var builtin = map[string]Fact{
	"ticket.kind":                   {Type: "text", SetBy: "agent", Says: "the kind"},
	"ticket.state":                  {Type: "text", SetBy: "data", Says: "the state"},
	"ticket.priority":               {Type: "text", SetBy: "agent", Says: "the priority"},
	"ticket.tags":                   {Type: "list", SetBy: "agent", Says: "the tags"},
	"ticket.level":                  {Type: "text", SetBy: "data", Says: "the level of support"},
	AddressFact:                     {Type: "text", SetBy: "data", Says: "the address of ours it was written to"},
	"ticket.channel":                {Type: "text", SetBy: "data", Says: "the way it came in"},
	"ticket.is_existing":            {Type: "bool", SetBy: "data", Says: "the message belongs to a ticket that exists already"},
	"ticket.first_responder":        {Type: "text", SetBy: "data", Says: "the agent who answered first"},
	"ticket.last_agent":             {Type: "text", SetBy: "data", Says: "the agent who answered last"},
	"ticket.agent_replies":          {Type: "int", SetBy: "data", Says: "the number of answers by an agent"},
	"ticket.staff_change":           {Type: "text", SetBy: "agent", Says: "the change that only our team can make"},
	"requester.organisation":        {Type: "text", SetBy: "data", Says: "the organisation of the customer"},
	"requester.is_administrator":    {Type: "bool", SetBy: "data", Says: "the customer is an administrator of the account"},
	"customer.region":               {Type: "text", SetBy: "data", Says: "the region on the customer's record"},
	"customer.representative":       {Type: "text", SetBy: "data", Says: "the customer's own representative"},
	"customer.evaluation_began_on":  {Type: "date", SetBy: "data", Says: "the day the evaluation began"},
	"customer.evaluation_age_days":  {Type: "int", SetBy: "data", Says: "the number of days since the evaluation began"},
	"order.about":                   {Type: "text", SetBy: "data", Says: "the licence, order or evaluation this is about"},
	"licence.site":                  {Type: "text", SetBy: "data", Says: "the website of the licence"},
	"licence.product":               {Type: "text", SetBy: "data", Says: "the product of the licence"},
	"licence.version":               {Type: "text", SetBy: "data", Says: "the version of the licence"},
	"licence.version_supported":     {Type: "bool", SetBy: "data", Says: "the version of the licence is still supported"},
	VersionFact:                     {Type: "text", SetBy: "data", Says: "the version that the app of the customer says it is"},
	versionMajor:                    {Type: "int", SetBy: "data", Says: "the major version that the app of the customer says it is"},
	"licence.ordered_on":            {Type: "date", SetBy: "data", Says: "the day the licence was ordered"},
	"licence.order_age_days":        {Type: "int", SetBy: "data", Says: "the number of days since the licence was ordered"},
	"client.usual_agent":            {Type: "text", SetBy: "data", Says: "the agent who has answered this client most often"},
	LeadFact:                        {Type: "text", SetBy: "data", Says: "the agent who leads the project"},
	ProjectFact:                     {Type: "text", SetBy: "data", Says: "the number of the project"},
	ProjectName:                     {Type: "text", SetBy: "data", Says: "the name of the project"},
	ProjectGap:                      {Type: "bool", SetBy: "data", Says: "nobody leads the project any more"},
	"caller.known":                  {Type: "bool", SetBy: "data", Says: "it is known who calls"},
	"caller.grade":                  {Type: "text", SetBy: "data", Says: "how sure we are of the caller", OneOf: grades[1:]},
	"call.mail":                     {Type: "text", SetBy: "data", Says: "the newest mail of the call", OneOf: []string{"leaving", "delivered", "delayed", "rejected"}},
	"call.time":                     {Type: "text", SetBy: "data", Says: "when the call begins"},
	"call.host":                     {Type: "text", SetBy: "data", Says: "who calls"},
	"call.result":                   {Type: "text", SetBy: "agent", Says: "what came of the call"},
	"call.outcome":                  {Type: "text", SetBy: "agent", Says: "the outcome of the call"},
	"call.exception":                {Type: "bool", SetBy: "agent", Says: "the call is offered as an exception"},
	TopicFact:                       {Type: "text", SetBy: "agent", Says: "the topic"},
	ClauseFact:                      {Type: "text", SetBy: "agent", Says: "the clause of the scope it falls under"},
	"issue.link":                    {Type: "bool", SetBy: "data", Says: "it belongs to a known problem"},
	"issue.title":                   {Type: "text", SetBy: "data", Says: "what the known problem is called"},
	"issue.severity":                {Type: "text", SetBy: "data", Says: "how severe the known problem is", OneOf: []string{"critical", "serious", "minor"}},
	"issue.customers":               {Type: "int", SetBy: "data", Says: "the number of customers who have the known problem"},
	"issue.plan":                    {Type: "text", SetBy: "agent", Says: "how it will be solved"},
	"issue.horizon":                 {Type: "text", SetBy: "agent", Says: "roughly when it will be solved"},
	"issue.estimate":                {Type: "date", SetBy: "agent", Says: "an estimate of the day on which it is solved"},
	"issue.workaround":              {Type: "text", SetBy: "agent", Says: "what helps until then"},
	"issue.announcement":            {Type: "text", SetBy: "data", Says: "where it was announced"},
	"issue.confirmed_in_production": {Type: "bool", SetBy: "data", Says: "somebody has seen the fix work in production"},
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

// valuesOf are the values that a fact can have, nil when any will do. How long a known problem takes is told in the
// policy's own words only (seed 000, 0.23).
func (p *Policy) valuesOf(name string) []string {
	switch {
	case name == "issue.horizon" && p.Doc.Issues != nil:
		return p.Doc.Issues.Horizons
	case name == ClauseFact:
		return p.clauseIDs()
	case name == TopicFact:
		return p.Topics()
	}
	return p.factNamed(name).OneOf
}

// FactValue reads a fact as somebody types it, by the type it is declared with: "true", "30", "2026-11-01", or a list
// separated by commas. The error says that there is no such fact, or what its values look like.
func (p *Policy) FactValue(name, text string) (any, error) {
	if !p.knowsFact(name) {
		return nil, fault.New(fault.Invalid, "policy %s knows no fact %q; it looks at %s", p.Name, clip(name), listed(p.Keys("facts")))
	}
	if values := p.valuesOf(name); len(values) > 0 && !slices.Contains(values, text) {
		return nil, fault.New(fault.Invalid, "%s is %s, not %q", name, either(values), clip(text))
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
