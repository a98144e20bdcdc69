package policy

import (
	"testing"

	"hark/ticket"
)

// broughtIn is a ticket that was brought in from elsewhere while it waited there: nobody here has promised anything on it.
func broughtIn(t *testing.T, state string) *life {
	l := &life{TB: t, p: supportCenter(t)}
	since := at(t, "2026-11-18 10:00")
	l.t = ticket.Ticket{
		ID: 7, Subject: "From before", Kind: "question", State: state, Category: l.p.Category(state), Requester: paula, Assignee: ana, Channel: ticket.ViaImport,
		Created: at(t, "2025-03-03 09:00"), Updated: since, Memory: ticket.Memory{Entered: since, Asleep: true},
	}
	return l
}

func (l *life) owesNothing(when string) {
	l.Helper()
	if len(l.t.Memory.Timers)+len(l.t.Memory.Targets) > 0 || !l.t.Next().IsZero() {
		l.Errorf("%s: planned are %v, owed %v", when, l.t.Memory.Timers, l.t.Memory.Targets)
	}
}

// Whatever is learnt, sorted or applied, nothing is planned on a ticket of the past, in whichever state it waits.
func TestATicketOfThePastSleepsUntilSomebodyWrites(t *testing.T) {
	for _, state := range []string{"new", "open", "pending", "solved"} {
		l := broughtIn(t, state)
		l.event("2026-11-18 11:00", ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"project.lead": "ben@desk.example"}})
		l.owesNothing("a fact in " + state)
		l.event("2026-11-18 11:05", ticket.Event{Kind: ticket.AgentSets, By: ana, Tags: []string{"old"}, Priority: "high", TicketKind: "project"})
		l.event("2026-11-18 11:10", ticket.Event{Kind: ticket.AgentNote, By: ana, Text: "We knew them."})
		if l.owesNothing("sorting in " + state); l.t.Kind != "project" || l.t.Priority != "high" {
			t.Errorf("in %s it cannot be sorted: %v", state, l.t)
		}
		l.t = longer(t).Adopt(l.t, at(t, "2026-11-18 12:00")).Ticket
		l.owesNothing("another version in " + state)
	}
}

func TestATicketOfThePastWakesWhenSomebodyWrites(t *testing.T) {
	asked := broughtIn(t, "open").event("2026-11-20 10:00", ticket.Event{Kind: ticket.AgentReplies, By: ana, Status: "pending", Text: "Which page?"})
	if asked.t.Memory.Asleep || len(asked.t.Memory.Timers) == 0 {
		t.Errorf("a question plans no reminder: %+v", asked.t.Memory)
	}
	answered := broughtIn(t, "pending").event("2026-11-20 10:00", ticket.Event{Kind: ticket.CustomerReplies, By: paula, Text: "The first one."})
	if answered.t.Memory.Asleep || answered.t.Category != ticket.Open {
		t.Errorf("a reply leaves it %s: %+v", answered.t.State, answered.t.Memory)
	}
	// What was never promised here is not late: there is no first reply to a ticket that began elsewhere.
	answered.event("2026-11-20 11:00", ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"project.lead": "ben@desk.example"}})
	for _, target := range answered.t.Memory.Targets {
		if target.Measure == "first_reply" {
			t.Errorf("a first reply is owed since %s", target.Started)
		}
	}
	solved := broughtIn(t, "open").event("2026-11-20 10:00", ticket.Event{Kind: ticket.AgentSets, By: ana, Status: "solved"})
	if solved.t.Memory.Asleep {
		t.Error("solving it by hand leaves it asleep")
	}
}
