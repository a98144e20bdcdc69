package policy

import (
	"maps"
	"time"

	"hark/calendar"
	"hark/ticket"
)

// Adopt lets an open ticket that began under another version go on under this one: what is planned for it is planned again by
// the rules of this policy, from the same anchors. What has already happened is not done again. It is refused when the
// ticket stands in a state that this policy does not have. The caller lets everything happen first that was due before now
//
func (p *Policy) Adopt(t ticket.Ticket, now time.Time) Outcome {
	r := p.reaction(t, ticket.Event{Kind: ticket.FactChanged, At: now}, now)
	if _, known := p.Doc.Lifecycle.States[t.State]; !known {
		return Outcome{Ticket: t, Refused: "This policy has no state " + t.State + ", in which the ticket is."}
	}
	r.rule = "lifecycle"
	r.t.Category = p.Category(t.State)
	if !r.locked() {
		for i := range r.t.Memory.Targets {
			r.t.Memory.Targets[i].Why = "" // it names the version before
		}
		r.replanTimers()
		r.reconsiderTargets()
	}
	return Outcome{Ticket: r.t, Entries: r.entries}
}

// WithCalendars is this policy with the calendars of a later version where both have one of the same name: rules stay what they
// were promised, and days on which nobody will be there are corrected at once (A32, X-09).
func (p *Policy) WithCalendars(later *Policy) *Policy {
	corrected := *p
	corrected.Calendars = make(map[string]*calendar.Calendar, len(p.Calendars))
	maps.Copy(corrected.Calendars, p.Calendars)
	for id := range p.Calendars {
		if c, ok := later.Calendars[id]; ok {
			corrected.Calendars[id] = c
		}
	}
	return &corrected
}
