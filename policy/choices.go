package policy

import (
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// SendAs is one way to send a reply: the state the ticket has afterwards, and what follows from it.
type SendAs struct {
	State    string
	Label    string
	Category ticket.Category
	Follows  string // "first reminder tomorrow 16:30, closes Fri 27 Nov 16:30", or that nothing happens by itself
	Timers   []promise.Timer
}

// Choices is what an agent may send a reply as, in the order of the policy. What follows is not described but found
// out: the reply is made on a copy of the ticket, now.
func (p *Policy) Choices(t ticket.Ticket, now time.Time) []SendAs {
	r := p.reaction(t, ticket.Event{Kind: ticket.AgentReplies}, now)
	if r.locked() {
		return nil
	}
	states := r.choices()
	if !r.state().Initial && !slices.Contains(states, t.State) {
		states = append(states, t.State) // staying is always possible
	}
	var all []SendAs
	for _, id := range states {
		after := p.React(t, ticket.Event{Kind: ticket.AgentReplies, At: now, Status: id}, now)
		if after.Refused == "" {
			all = append(all, SendAs{id, p.Doc.Lifecycle.States[id].Label, p.Category(id), p.follows(after.Ticket, now), after.Ticket.Memory.Timers})
		}
	}
	return all
}

// follows says what happens by itself to a ticket, and when, seen from now.
func (p *Policy) follows(t ticket.Ticket, now time.Time) string {
	var parts []string
	for _, timer := range t.Memory.Timers {
		if rule := p.timer(timer.Rule); rule != nil {
			parts = append(parts, p.does(rule)+" "+p.day(timer.At, now))
		}
	}
	if len(parts) == 0 {
		return "nothing happens by itself"
	}
	return strings.Join(parts, ", ")
}

// day prints a moment as seen from now: "today 16:30", "tomorrow 16:30", "Fri 27 Nov 16:30".
func (p *Policy) day(at, now time.Time) string {
	at = at.In(p.Zone)
	switch calendar.DateOf(now, p.Zone).DaysUntil(calendar.DateOf(at, p.Zone)) {
	case 0:
		return at.Format("today 15:04")
	case 1:
		return at.Format("tomorrow 15:04")
	}
	return at.Format(whenFormat)
}
