// Package promise holds what a desk owes at a point in time: timers and targets.
//
// A timer does something when its instant comes (a reminder, a closing). A target measures whether somebody answered
// in time. Both are planned as a rule, an anchor and a duration, and the instant is derived from them: when a calendar
// is corrected or a country moves its clock change, the instant is derived again and the rule stays what was promised
// (scenario X-06). Nothing in here reads a clock.
package promise

import (
	"strconv"
	"time"
)

// Timer is one planned act: at At, the policy's timer Rule does what it says.
type Timer struct {
	Rule   string    `json:"rule"`   // id of the lifecycle timer, "reminder-1"
	Anchor time.Time `json:"anchor"` // the instant it is counted from
	At     time.Time `json:"at"`     // the derived instant, Delay included
	// Delay is how much later than its rule says the timer acts: a warning before it went out late, or it stood still
	// while mail could not reach the customer. Deriving the instant again adds it again (S2-28, S2-30).
	Delay time.Duration `json:"delay,omitempty"`
	Why   string        `json:"why,omitempty"` // why there is a delay, in words
}

// Key names the timer's effect once and for all: the same rule, ticket and anchor never act twice.
func Key(rule string, ticket int64, anchor time.Time) string {
	return rule + "/" + strconv.FormatInt(ticket, 10) + "/" + strconv.FormatInt(anchor.UnixMicro(), 10)
}

// Strength says how much a time means. Only a promise can be broken; aim and usual turn amber; unstated is never shown to customers.
type Strength string

const (
	Promise  Strength = "promise"
	Aim      Strength = "aim"
	Usual    Strength = "usual"
	Unstated Strength = "unstated"
)

// TargetState is where a target stands.
type TargetState string

const (
	Running TargetState = "running"
	Paused  TargetState = "paused" // the ticket waits for the customer; the due time moves when work goes on
	Kept    TargetState = "kept"
	Missed  TargetState = "missed"

	// Excluded counts neither way: before it was due there was nobody left to answer, or no rule asked for it any more.
	Excluded TargetState = "excluded"
)

// Target is one measured answer: from Started until Done, due at Due.
type Target struct {
	Rule     string    `json:"rule"`    // id of the target in the policy, "question"
	Measure  string    `json:"measure"` // first_reply, next_reply, update, resolution, ...
	Strength Strength  `json:"strength"`
	Started  time.Time `json:"started"`
	Due      time.Time `json:"due"`
	Warn     time.Time `json:"warn,omitzero"` // amber from here, zero when the policy names no warning
	Warned   bool      `json:"warned,omitempty"`
	Paused   time.Time `json:"paused,omitzero"` // since when it stands still, zero while running
	// Stood is how long it has stood still before, in opening time when the target counts opening time, else in plain time.
	// It is part of Due.
	Stood time.Duration `json:"stood,omitempty"`
	State TargetState   `json:"state"`
	Done  time.Time     `json:"done,omitzero"`
	Why   string        `json:"why,omitempty"`

	Policy int64  `json:"policy,omitempty"` // the version under which it was given
	Left   string `json:"left,omitempty"`   // why it was left out, when it was
}

// Phase is where a ticket stands on the line that its tracker shows to the customer, and when the next phase is usual.
type Phase struct {
	Tracker string        `json:"tracker,omitempty"`
	ID      string        `json:"id,omitempty"`
	Entered time.Time     `json:"entered,omitzero"`
	From    time.Time     `json:"from,omitzero"`    // earliest usual end; nothing happens then (A21)
	To      time.Time     `json:"to,omitzero"`      // latest usual end, zero when none is stated
	Waiting time.Time     `json:"waiting,omitzero"` // since when the customer has the word; the end moves by it (A22)
	Stood   time.Duration `json:"stood,omitempty"`  // opening time spent waiting before, part of To
	Late    bool          `json:"late,omitempty"`   // the end has passed and was noticed
	Fixed   time.Time     `json:"fixed,omitzero"`   // when the fix of its known problem was confirmed: nothing is usual or late any more
	Left    time.Time     `json:"left,omitzero"`    // when the ticket went on to another phase
	Policy  int64         `json:"policy,omitempty"` // the version under which it was entered
}

// Passed is the first instant at which a due time has been missed. A due time itself still counts as in time (A33), and
// a microsecond is the smallest step that the desk stores.
func Passed(due time.Time) time.Time {
	if due.IsZero() {
		return due
	}
	return due.Add(time.Microsecond)
}

// Owed reports whether somebody still waits for this: it runs, or it has been missed and nobody has answered since.
func (t Target) Owed() bool { return t.State == Running || t.State == Missed && t.Done.IsZero() }
