package ticket

import (
	"cmp"

	"hark/promise"
)

// Ledger is every time that was given on this ticket, in the order in which it was: each target that ever ran, each phase
// that has a usual time. Nothing is ever taken out of a ticket's memory but by an undo, so that what was promised can be
// counted years later (S2-32 takes a whole change back, and its promises with it).
func (t *Ticket) Ledger() []promise.Given {
	counted := map[string]int{}
	var all []promise.Given
	add := func(g promise.Given) {
		counted[g.Measure]++
		g.Number, g.Policy = counted[g.Measure], cmp.Or(g.Policy, t.Policy)
		all = append(all, g)
	}
	for _, m := range t.Memory.Targets {
		if m.Due.IsZero() {
			continue
		}
		add(promise.Given{Measure: m.Measure, Rule: m.Rule, Strength: m.Strength, Policy: m.Policy, At: m.Started, Due: m.Due, Done: m.Done, State: m.State, Why: m.Left})
	}
	for _, phase := range append(t.Memory.Phases[:len(t.Memory.Phases):len(t.Memory.Phases)], t.Memory.Phase) {
		if !phase.To.IsZero() {
			add(t.given(phase))
		}
	}
	return all
}

// given is a phase as the ledger keeps it. It ends when the next one begins, and when the ticket is solved.
func (t *Ticket) given(phase promise.Phase) promise.Given {
	g := promise.Given{Measure: promise.PhaseTime, Rule: phase.Tracker + "." + phase.ID, Strength: promise.Usual, Policy: phase.Policy, At: phase.Entered, Due: phase.To, Done: phase.Left, State: promise.Running}
	if g.Done.IsZero() && (t.Category == Solved || t.Category == Closed) {
		g.Done = t.Memory.Entered
	}
	switch {
	case phase.Late || g.Done.After(g.Due):
		g.State = promise.Missed
	case !g.Done.IsZero():
		g.State = promise.Kept
	case !phase.Waiting.IsZero():
		g.State = promise.Paused
	}
	return g
}
