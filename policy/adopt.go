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
		r.planAgain()
	}
	if m := &r.t.Memory.Review; !m.At.IsZero() {
		m.At = r.nextReview(m.Anchor).UTC()
	}
	return Outcome{Ticket: r.t, Entries: r.entries}
}

// planAgain derives everything that is planned from its rule and anchor.
func (r *reaction) planAgain() {
	if r.t.Memory.Asleep {
		return
	}
	for i := range r.t.Memory.Targets {
		r.t.Memory.Targets[i].Why = "" // it names the version before
	}
	r.replanTimers()
	if r.t.Category != ticket.Solved { // nothing is owed any more
		r.reconsiderTargets()
	}
	r.rederivePhase()
	r.rederiveReminders()
}

// rederivePhase works out the usual time of the phase again, from when it began; a tracker or a phase that this policy does
// not have is left behind (S4-19).
func (r *reaction) rederivePhase() {
	m, t := &r.t.Memory.Phase, r.tracker()
	if m.ID == "" || t == nil || t.phase(m.ID) < 0 || !m.Fixed.IsZero() || r.done() {
		return
	}
	was := m.To
	if r.derivePhase(t, t.phase(m.ID)); was.Equal(m.To) {
		return
	}
	m.Late = m.Late && !m.To.After(r.at)
	r.tellPhaseNow(t, t.phase(m.ID))
}

// rederiveReminders counts back from the call again.
func (r *reaction) rederiveReminders() {
	for i := range r.t.Memory.Reminders {
		m := &r.t.Memory.Reminders[i]
		if before, err := calendar.ParseDuration(m.Rule); err == nil && r.p.Doc.Calls != nil {
			m.At = r.before(m.Anchor, before)
		}
	}
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
