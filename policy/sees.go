package policy

import (
	"slices"

	"hark/calendar"
	"hark/ticket"
)

// Facts a condition can see: those that follow from the ticket itself, then those it was given. Ages follow from dates.

func (r *reaction) holds(c Condition) bool { return len(c) == 0 || c.Holds(r.facts()) }

func (r *reaction) facts() Facts {
	if r.look == nil {
		r.look = r.p.WithAges(r.fact, r.e.At)
	}
	return r.look
}

// fact prefers what the ticket says to what it was told, and what it was told to silence.
func (r *reaction) fact(name string) (any, bool) {
	if value, known := TicketFact(&r.t, name); known {
		return value, true
	}
	if name == "ticket.is_existing" && r.t.Facts[name] != true {
		return r.e.Kind != ticket.CustomerCreates, true
	}
	value, known := r.t.Facts[name]
	return value, known
}

// told is a text that came as a fact.
func (r *reaction) told(name string) string {
	text, _ := r.t.Facts[name].(string)
	return text
}

// TicketFact is what a rule can see of a ticket without being told; the second value is false when the ticket says
// nothing about it.
func TicketFact(t *ticket.Ticket, name string) (value any, known bool) {
	var text string
	switch name {
	case "ticket.kind":
		text = t.Kind
	case "ticket.status", "ticket.state":
		text = t.State
	case "ticket.priority":
		text = t.Priority
	case "ticket.channel":
		text = t.Channel
	case "ticket.first_responder":
		text = t.Memory.FirstResponder
	case "ticket.assignee":
		text = address(t.Assignee)
	case "ticket.last_agent":
		text = t.Memory.LastAgent
	case "ticket.agent_replies":
		return t.Memory.AgentReplies, true
	case "ticket.level":
		text = t.Memory.Level
	case "ticket.tags":
		return slices.Clone(t.Tags), len(t.Tags) > 0
	}
	return text, text != ""
}

// FactsOf are the facts that a condition sees on a ticket: what the ticket says, then what it was told.
func FactsOf(t *ticket.Ticket) Facts {
	return func(name string) (any, bool) {
		if value, known := TicketFact(t, name); known {
			return value, true
		}
		value, known := t.Facts[name]
		return value, known
	}
}

// weighLevel says which level of support the facts give, when that is new.
func (r *reaction) weighLevel() {
	level, row, because := r.p.Level(r.facts(), r.e.At)
	if level == r.t.Memory.Level && row == r.t.Memory.Row {
		return
	}
	r.t.Memory.Level, r.t.Memory.Row = level, row
	r.under("levels."+row, r.anchor, func() { r.add(Entry{Kind: IsLevel, Level: level, Row: row, Because: because}) })
}

// calendar is the one a rule counts in: its own, in the customer's region; else the policy's only one when the duration
// needs opening hours; else just the clock of the policy's zone.
func (r *reaction) calendar(id string, d calendar.Duration) *calendar.Calendar {
	if id == "" && !d.NeedsCalendar() {
		return r.p.clock
	}
	cal, err := r.p.Calendar(id)
	if err != nil || cal == nil {
		return r.p.clock // the lint refuses such a policy; Add will say that this one never opens
	}
	if cal.By != "" {
		region, _ := r.facts()(cal.By)
		id, _ := region.(string)
		here, guessed := cal.ForRegion(id)
		if guessed {
			r.guessed = cal.By
		}
		return here
	}
	return cal
}

// askForRegion makes a task when times were counted in a region that nobody has said (A19).
func (r *reaction) askForRegion() {
	if r.guessed != "" {
		r.under("calendars", r.at, func() {
			r.add(Entry{Kind: IsTask, To: address(r.t.Assignee), Says: "Fill in the " + spaced(r.guessed) + "; until then times are counted in the default region."})
		})
	}
}
