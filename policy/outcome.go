package policy

import (
	"cmp"
	"time"

	"hark/promise"
	"hark/ticket"
)

// Outcome is what an event does to a ticket under a policy: the ticket as it is afterwards, and everything that
// happened on the way, in order. The desk stores the ticket and turns each entry into rows; the simulator prints them.
type Outcome struct {
	Ticket  ticket.Ticket
	Entries []Entry
	Refused string  // in words, when the policy does not allow the event; then nothing else changed
	Refusal Refusal // the same as data
}

// EntryKind says what an entry is about. The words are those of the simulator's output.
type EntryKind string

const (
	IsEvent    EntryKind = "event"
	IsStatus   EntryKind = "status"
	IsSend     EntryKind = "send"
	IsTag      EntryKind = "tag"
	IsAssign   EntryKind = "assign"
	IsPriority EntryKind = "priority"
	IsKind     EntryKind = "kind"
	IsTask     EntryKind = "task"
	IsNote     EntryKind = "note"
	IsNotify   EntryKind = "notify"
	IsFollowUp EntryKind = "follow_up"
	IsPublish  EntryKind = "publish"
	IsRating   EntryKind = "rating"
	IsDue      EntryKind = "due"
	IsPhase    EntryKind = "phase"
	IsOverdue  EntryKind = "overdue"
	IsLevel    EntryKind = "level"
	IsRoute    EntryKind = "route"
	IsReminder EntryKind = "reminder"
	IsSkipped  EntryKind = "skipped" // a planned act that is left out, with the reason in Why (S2-28)
	IsUndone   EntryKind = "undone"  // a closing taken back, with the reason in Why (S2-18)
)

// Entry is one thing that happened. Only the fields of its kind are set.
type Entry struct {
	At         time.Time        `json:"-"` // the planned instant, which is what is mailed, stored and shown
	Kind       EntryKind        `json:"kind"`
	Event      ticket.EventKind `json:"event,omitempty"`
	Refused    string           `json:"refused,omitempty"`
	Status     string           `json:"status,omitempty"`  // status: the policy's state
	Message    string           `json:"message,omitempty"` // send: the policy's message id
	To         string           `json:"to,omitempty"`      // send: "requester"; route and assign: whom
	Tag        string           `json:"tag,omitempty"`
	Priority   string           `json:"priority,omitempty"`
	TicketKind string           `json:"ticket_kind,omitempty"`
	Says       string           `json:"says,omitempty"` // task, note, notify, publish: the text
	Target     string           `json:"target,omitempty"`
	Due        time.Time        `json:"due,omitzero"`
	Warn       time.Time        `json:"warn,omitzero"` // due: amber from here
	Strength   promise.Strength `json:"strength,omitempty"`
	State      string           `json:"state,omitempty"` // due: running, paused, kept, missed; phase: running, waiting, done, skipped
	Why        string           `json:"why,omitempty"`
	Level      string           `json:"level,omitempty"`
	Row        string           `json:"row,omitempty"`
	Because    string           `json:"because,omitempty"`
	Tracker    string           `json:"tracker,omitempty"`
	Phase      string           `json:"phase,omitempty"`
	From       *time.Time       `json:"from,omitempty"`
	Until      *time.Time       `json:"-"`
	Say        string           `json:"say,omitempty"`
	Ticket     int64            `json:"ticket,omitempty"` // follow_up: the new ticket's number, where one is known
	FollowUp   *ticket.Ticket   `json:"-"`                // follow_up: the ticket to make, without a number
	Joined     bool             `json:"joined,omitempty"` // follow_up: the message joins an open one instead (S2-19)
	Rule       string           `json:"rule,omitempty"`   // where in the policy this comes from, "lifecycle.timers.reminder-1"
	Move       string           `json:"-"`                // which of the moves did it, "lifecycle.moves.3"; "" when none did
	Anchor     time.Time        `json:"-"`                // what the rule was counted from; with rule and ticket it makes the effect's key
}

// By is what brought the entry about, as narrow as it is known: the one move rather than all of them.
func (e Entry) By() string { return cmp.Or(e.Move, e.Rule) }

// Key names the entry's effect for ever, so that it can be planned any number of times and happens once. It is made of
// the rule, what the rule does (one rule may send two messages), the ticket and the anchor.
func (e Entry) Key(ticketID int64) string {
	what := cmp.Or(e.Message, e.Tag, e.Status, e.Target, e.Says)
	return promise.Key(e.Rule+"/"+string(e.Kind)+"/"+what, ticketID, e.Anchor)
}
