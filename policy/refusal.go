package policy

import (
	"fmt"
	"strings"
	"time"
)

// Refusal is why a policy does not allow an event: data first, the sentence is printed from it. The zero Refusal is none.
type Refusal struct {
	Because Because
	Rule    string   // the rule that stands against it, "" where it is the way of all policies
	About   string   // what was asked for: a state, a phase, a fact, a plan, as people call it
	From    string   // where the ticket stands
	Instead []string // what is possible instead, as people call it
	Until   string   // from when on it is possible, or why it is not then
	Fact    string   // the fact that somebody has to say first, "" where that is not the reason
}

// Because is the kind of reason for a refusal.
type Because string

// The reasons there are.
const (
	NoSuchEvent      Because = "no_such_event"
	IsLocked         Because = "is_locked"
	StrangerAtLocked Because = "stranger_at_locked"
	NoFollowUp       Because = "no_follow_up"
	ExistsAlready    Because = "exists_already"
	NoSuchKind       Because = "no_such_kind"
	NoSuchState      Because = "no_such_state"
	ComesByItself    Because = "comes_by_itself"
	NeedsMessage     Because = "needs_message"
	DoesNotFollow    Because = "does_not_follow"
	NoPhases         Because = "no_phases"
	NoSuchPhase      Because = "no_such_phase"
	PhaseNotNext     Because = "phase_not_next"
	NoReview         Because = "no_review"
	NeedsFact        Because = "needs_fact"
	NeedsOneOf       Because = "needs_one_of"
	NeedsWords       Because = "needs_words"
	NotWrittenUp     Because = "not_written_up"
	CallIsBooked     Because = "call_is_booked"
	NoEscalation     Because = "no_escalation"
	NotYet           Because = "not_yet"
	NoIssues         Because = "no_issues"
	NoIssuesToFix    Because = "no_issues_to_fix"
	NoCalls          Because = "no_calls"
	NoPlan           Because = "no_plan"
	NoCallsThen      Because = "no_calls_then"
	CallWithoutTime  Because = "call_without_time"
	MoveWithoutTime  Because = "move_without_time"
	NothingToMove    Because = "nothing_to_move"
	NothingToCancel  Because = "nothing_to_cancel"
	NoSuchOutcome    Because = "no_such_outcome"
	TooEarly         Because = "too_early"
	NoDeclining      Because = "no_declining"
)

// refusalSays is the sentence of each reason. Names in braces are the fields of the refusal.
var refusalSays = map[Because]string{
	NoSuchEvent:      "There is no event {about}.",
	IsLocked:         "This ticket is {from} and can no longer be changed. Start a follow-up instead.",
	StrangerAtLocked: "This ticket is {from}; a stranger's message cannot be held on it.",
	NoFollowUp:       "This ticket is {from}, and this policy makes no follow-up of a reply to it.",
	ExistsAlready:    "This ticket exists already; a new message to it is a reply.",
	NoSuchKind:       "There is no kind of ticket {about}; there are: {list}.",
	NoSuchState:      "There is no status {about}; from {from} you may choose {instead}.",
	ComesByItself:    "{about} cannot be chosen: {until}.",
	NeedsMessage:     "{about} cannot be set from {from} without a message: write to the customer and send it as {about}.",
	DoesNotFollow:    "{about} cannot be chosen from {from}; you may choose {instead}.",
	NoPhases:         "This policy has no phases for tickets of the kind {about}.",
	NoSuchPhase:      "There is no phase {about} in {from}; there are {list}.",
	PhaseNotNext:     "{about} does not follow {from}; from there it goes to {instead}.",
	NoReview:         "No review follows the phase {from}.",
	NeedsFact:        "{from} needs {about} first.",
	NeedsWords:       "{from} needs this in words first: {about}.",
	NeedsOneOf:       "{from} needs {about} first: {instead}.",
	NotWrittenUp:     "{from} is not complete: {about} is missing. Write it down, then solve the ticket.",
	CallIsBooked:     "A call is booked for {about}. End it, move it or call it off first, then solve the ticket.",
	NoEscalation:     "This policy has no escalation that customers can ask for.",
	NotYet:           "Escalation can be asked for when {about}.",
	NoIssues:         "This policy has no issues to link.",
	NoIssuesToFix:    "This policy has no issues that could be fixed.",
	NoCalls:          "This policy has no calls.",
	NoPlan:           "Calls are part of {about}, which this customer does not have. An agent can offer one as an exception.",
	NoCallsThen:      "There are no calls at {about}: {until}.",
	CallWithoutTime:  "A call needs the time when it begins.",
	MoveWithoutTime:  "Moving a call needs the new time.",
	NothingToMove:    "No call is booked that could be moved.",
	NothingToCancel:  "No call is booked that could be cancelled.",
	NoSuchOutcome:    "There is no outcome {about} of a call.",
	NoDeclining:      "This policy does not say how a request is declined in {from}; answer it in your own words.",
	TooEarly:         "{about} can be said from {until} on: that long the policy waits for the customer.",
}

// Sentence is the refusal in words, "" when there is none.
func (f Refusal) Sentence() string {
	instead := "nothing else"
	if len(f.Instead) > 0 {
		instead = either(f.Instead)
	}
	fill := strings.NewReplacer("{about}", f.About, "{from}", f.From, "{instead}", instead, "{list}", strings.Join(f.Instead, ", "), "{until}", f.Until)
	return fill.Replace(refusalSays[f.Because])
}

// refuse keeps the first reason.
func (r *reaction) refuse(f Refusal) {
	if r.refusal.Because == "" {
		r.refusal = f
	}
}

func (r *reaction) refused() bool { return r.refusal.Because != "" }

func inQuotes(name string) string { return fmt.Sprintf("%q", name) }

// clockSays is an instant in the policy's zone, for a sentence of today or of another day.
func (r *reaction) clockSays(t time.Time) string {
	if t.In(r.p.Zone).Format(time.DateOnly) == r.at.In(r.p.Zone).Format(time.DateOnly) {
		return t.In(r.p.Zone).Format("15:04")
	}
	return r.local(t)
}
