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
	At     time.Time `json:"at"`     // the derived instant
	Why    string    `json:"why,omitempty"`
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
)

// Target is one measured answer: from Started until Done, due at Due.
type Target struct {
	Rule     string      `json:"rule"`    // id of the target in the policy, "question"
	Measure  string      `json:"measure"` // first_reply, next_reply, update, resolution, ...
	Strength Strength    `json:"strength"`
	Started  time.Time   `json:"started"`
	Due      time.Time   `json:"due"`
	Warn     time.Time   `json:"warn,omitzero"` // amber from here, zero when the policy names no warning
	Warned   bool        `json:"warned,omitempty"`
	Paused   time.Time   `json:"paused,omitzero"` // since when it stands still, zero while running
	State    TargetState `json:"state"`
	Done     time.Time   `json:"done,omitzero"`
	Why      string      `json:"why,omitempty"`
}
