package promise

import "time"

// PhaseTime is the measure of a phase's usual time; the measures of targets are the policy's.
const PhaseTime = "phase"

// Given is one time that a customer was given, as the ledger keeps it: what was said, how firmly, by when, and what came of
// it. A ticket's memory holds all of them, and the ledger is read from there (ticket.Ledger).
type Given struct {
	Measure  string   // first_reply, next_reply, update, resolution, ...; PhaseTime for a phase
	Number   int      // the first, second, ... of its measure on the ticket
	Rule     string   // id of the target in the policy; of a phase "bug.review"
	Strength Strength //
	Policy   int64    // the version under which it was given
	At       time.Time
	Due      time.Time
	Done     time.Time // zero while it is owed
	State    TargetState
	Why      string // why it is excluded, "" when it is not
}

// Took is how long it took, of what is done.
func (g Given) Took() time.Duration { return g.Done.Sub(g.At) }
