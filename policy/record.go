package policy

import (
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/ticket"
)

// What stands on a customer's record because a colleague writes it down, and rules look at: the region whose hours count for them
// (seed 003, 3.7), who represents them (3.10), who leads their project (seed 002, 2.8), their success manager (seed 004, 4.23).

// RecordAsk is one such fact.
type RecordAsk struct {
	Ask
	Colleague bool // its value is the address of a colleague
}

// RecordAsks are those that this policy looks at, in the order of the file. What follows from what customers own is none of them:
// plans, levels and versions are written down as what they are.
func (p *Policy) RecordAsks() (asks []RecordAsk) {
	for _, name := range p.recorded() {
		if slices.ContainsFunc(asks, func(a RecordAsk) bool { return a.Fact == name }) {
			continue
		}
		a := RecordAsk{Ask: p.ask(name), Colleague: p.namesColleague(name)}
		a.Labels = slices.Clone(a.Values)
		if _, c := p.regional(); c != nil && c.By == name {
			a.Values, a.Labels = nil, nil
			for _, region := range p.Regions() {
				a.Values, a.Labels = append(a.Values, region.ID), append(a.Labels, region.Label)
			}
		}
		asks = append(asks, a)
	}
	return asks
}

// recorded are the facts of the file that data says, and those that its rules name without declaring them.
func (p *Policy) recorded() (names []string) {
	names = append(p.Keys("facts"), p.colleagues()...)
	if p.Doc.Scope != nil {
		for _, s := range p.Doc.Scope.StaffDoes {
			names = append(names, s.OnlyFor.Facts()...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !p.onRecord(name) })
}

// followsElsewhere are the beginnings of facts that follow from something else than the record.
var followsElsewhere = []string{"ticket.", "licence.", "client.", "caller.", "call.", "issue.", "order."}

// onRecord reports whether a fact is data that nothing but a record says.
func (p *Policy) onRecord(name string) bool {
	if p.factNamed(name).SetBy != "data" || name == "customer.stage" || slices.Contains(fromOwned, name) || slices.Contains(fromProject, name) {
		return false
	}
	for _, plan := range p.Doc.Plans {
		if _, paid := plan.paidFacts()[name]; paid {
			return false
		}
	}
	return !slices.ContainsFunc(followsElsewhere, func(start string) bool { return strings.HasPrefix(name, start) })
}

// colleagues are the facts that name somebody who works here: whom a route leads to, whom a step tells.
func (p *Policy) colleagues() (names []string) {
	for _, r := range p.Doc.Routing {
		if fact, agent := strings.CutPrefix(r.To, "agent: "); agent {
			names = append(names, fact)
		}
	}
	for _, step := range p.Doc.Escalation {
		for _, a := range step.Do {
			if a.Notify != "" && p.knowsFact(a.Notify) {
				names = append(names, a.Notify)
			}
		}
	}
	return names
}

func (p *Policy) namesColleague(fact string) bool { return slices.Contains(p.colleagues(), fact) }

// Label is what a value is called.
func (a Ask) Label(value string) string {
	if i := slices.Index(a.Values, value); i >= 0 && i < len(a.Labels) {
		return a.Labels[i]
	}
	return value
}

// OpensAgain is when somebody is there again for a ticket that comes in now: on the hours of its channel, in its customer's region.
// It is zero within the hours, and where the channel has none.
func (p *Policy) OpensAgain(t ticket.Ticket, now time.Time) time.Time {
	_, channel := p.channel(t.Channel)
	if channel.Calendar == "" {
		return zero
	}
	r := p.reaction(t, ticket.Event{}, now)
	cal := r.calendar(channel.Calendar, calendar.Duration{})
	if cal == nil {
		return zero
	}
	if status := cal.At(now); !status.Open {
		return status.Until
	}
	return zero
}

// checkPlan points out that somebody wrote to the address of a plan that they do not have (seed 003, 3.11). It sends nothing.
func (r *reaction) checkPlan() {
	for _, plan := range r.p.Doc.Plans {
		if plan.AskAt == "" || !strings.EqualFold(plan.AskAt, r.told(AddressFact)) || r.holds(plan.HoldsWhen) {
			continue
		}
		says := "Written to " + plan.AskAt + ", the address of " + plan.Label + ", which this customer does not have. Tell them how to get it, or answer as usual."
		r.under("plans."+plan.ID, r.at, func() { r.add(Entry{Kind: IsTask, Says: says, To: address(r.t.Assignee)}) })
	}
}

// HasPlanAt reports whether a plan is to be had at an address.
func (p *Policy) HasPlanAt(address string) bool {
	return slices.ContainsFunc(p.Doc.Plans, func(plan Plan) bool { return plan.AskAt != "" && strings.EqualFold(plan.AskAt, address) })
}

// AddressFact is the address of ours to which a mail was written that began a ticket.
const AddressFact = "ticket.address"
