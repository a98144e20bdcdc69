// Package ticket is the piece of work a customer and a desk share: one subject, one requester, a conversation, and a
// status that says whose turn it is.
//
// The vocabulary is Zendesk's, because the public API has that shape and agents know the words: integer ids, requester,
// submitter, assignee, group, organisation, six status categories, comments that are public or internal, and for every
// change one audit made of events. A policy may name its own states ("waiting for parts"); each belongs to one of the
// six categories, so that every client understands it. Closed is final: what comes afterwards is a follow-up ticket
// that names its source (seed 002, 2.27 and 2.28).
package ticket

import (
	"time"

	"hark/promise"
)

// Category is one of Zendesk's six statuses. A policy's own states each fall into one.
type Category string

const (
	New     Category = "new"     // received; waits for the first agent
	Open    Category = "open"    // waits for an agent
	Pending Category = "pending" // waits for the customer's answer
	Hold    Category = "hold"    // waits for something else, silently
	Solved  Category = "solved"  // we consider it done; an answer reopens it
	Closed  Category = "closed"  // final
)

// ViaImport is the channel, and the way, of what is older than the desk: it was brought in and counts in no figure.
const ViaImport = "import"

// Person is somebody by id and mail address. In a simulation only the address (or just a name) is known and ID is 0;
// on the desk the address identifies the person wherever a policy speaks of one.
type Person struct {
	ID      int64  `json:"id,omitempty"`
	Address string `json:"address,omitempty"`
	Name    string `json:"name,omitempty"`
}

// Known reports whether this is anybody at all.
func (p Person) Known() bool { return p.ID != 0 || p.Address != "" }

// Ticket is one ticket as it stands. ID is also its number.
type Ticket struct {
	ID           int64
	Subject      string
	Kind         string   // the policy's kind: "question"
	State        string   // the policy's state: "pending"
	Category     Category // the category of State
	Priority     string   // "", low, normal, high, urgent
	Tags         []string // in the order they were set
	Requester    Person   // whose problem it is
	Submitter    Person   // who wrote it down
	Assignee     Person   // who answers next
	Group        int64
	Organization int64
	Brand        int64
	CCs          []Person          // copied customers; their answer counts as the requester's (S2-31)
	Followers    []Person          // copied colleagues; they see notes
	Channel      string            // via: email, portal, api, phone_in, ...
	ExternalID   string            // another program's name for this ticket
	Fields       map[string]string // custom fields
	FollowUpOf   int64             // the closed ticket this one continues
	FollowedBy   int64             // the open follow-up that further replies join (S2-19)
	Policy       int64             // the policy version it began with (A32)
	Facts        map[string]any    // what rules may look at, beyond the fields above
	Memory       Memory
	Created      time.Time
	Updated      time.Time
}

// Memory is what the policy engine must remember between two events of one ticket. Only package policy writes it.
type Memory struct {
	Entered          time.Time        `json:"entered"`                   // when State was entered
	LastAgentMessage time.Time        `json:"last_agent_message"`        // the question reminders are counted from
	LastPublic       time.Time        `json:"last_public,omitzero"`      // last public message by us, for update promises
	LastQuestion     string           `json:"last_question,omitempty"`   // its text, quoted in reminders
	FirstReply       time.Time        `json:"first_reply,omitzero"`      // first public message by a person of ours
	FirstResponder   string           `json:"first_responder,omitempty"` // address of who wrote it
	LastAgent        string           `json:"last_agent,omitempty"`      // address of who wrote last
	AgentReplies     int              `json:"agent_replies,omitempty"`   // how many public messages we wrote
	Timers           []promise.Timer  `json:"timers,omitempty"`          // planned, soonest first
	Acted            []string         `json:"acted,omitempty"`           // timers that have done their work since the question, or since State was entered
	Targets          []promise.Target `json:"targets,omitempty"`
	Unreachable      time.Time        `json:"unreachable,omitzero"` // since when our mail does not reach the customer (S2-30)
	Stopped          time.Time        `json:"stopped,omitzero"`     // since when the timers stand still because of it
	ClosedBefore     *Reopen          `json:"closed_before,omitempty"`
	Asleep           bool             `json:"asleep,omitempty"` // brought in from elsewhere: nothing is owed or planned until somebody writes
	Level            string           `json:"level,omitempty"`
	Row              string           `json:"row,omitempty"`       // the row of the level table that decided
	Route            string           `json:"route,omitempty"`     // whom routing chose last: "Ana", "pool: everyone, next available"
	RouteBy          string           `json:"route_by,omitempty"`  // the rule that chose
	Phase            promise.Phase    `json:"phase,omitzero"`      // where the customer sees it stand
	Phases           []promise.Phase  `json:"phases,omitempty"`    // where it stood before
	Reopened         int              `json:"reopened,omitempty"`  // how many times it was solved and was not
	Escalated        []string         `json:"escalated,omitempty"` // steps of the escalation that were taken
	Raised           Raised           `json:"raised,omitzero"`     // to whom it was given for a second look
	Scoped           Scoped           `json:"scoped,omitzero"`     // when somebody decided whether it is supported
	Noticed          []string         `json:"noticed,omitempty"`   // rules of the scope that were pointed out to the agent
	Review           promise.Timer    `json:"review,omitzero"`     // when a request that was put off is weighed again
	Reminders        []promise.Timer  `json:"reminders,omitempty"` // of a booked call
	Call             time.Time        `json:"call,omitzero"`       // when the booked call begins
	Unwritten        bool             `json:"unwritten,omitempty"` // a call has ended whose result must be written down
	Extra            map[string]any   `json:"extra,omitempty"`
}

// Raised is a second look at a ticket: by whom, since when, and which rule asked for it (seed 003, 3.13).
type Raised struct {
	At   time.Time `json:"at"`
	To   string    `json:"to"`   // as the policy calls them: "senior_technicians"
	Rule string    `json:"rule"` // "escalation.ask"
}

// Scoped is when somebody decided under which clause of the scope a ticket falls, and when the customer was written to after that.
type Scoped struct {
	At   time.Time `json:"at"`
	Told time.Time `json:"told,omitzero"`
}

// ClauseFact is the fact that names the clause of the scope somebody has decided on.
const ClauseFact = "scope.clause"

// Clause is the clause of the scope that somebody decided on, and when; "" while nobody has.
func (t *Ticket) Clause() (id string, at time.Time) {
	if id, _ = t.Facts[ClauseFact].(string); id == "" || t.Memory.Scoped.At.IsZero() {
		return "", time.Time{}
	}
	return id, t.Memory.Scoped.At
}

// TopicFact is the fact that says of which of the policy's kinds of questions a ticket is.
const TopicFact = "ticket.topic"

// Topic is what somebody said that a ticket is about, "" while nobody has.
func (t *Ticket) Topic() string {
	topic, _ := t.Facts[TopicFact].(string)
	return topic
}

// Reopen is what is needed to undo a closing when a mail turns out to have been accepted before it (S2-18).
type Reopen struct {
	At    time.Time `json:"at"`    // when the closing happened
	State string    `json:"state"` // what the state was
	Tags  []string  `json:"tags"`
}

// Next returns the soonest instant at which the policy wants to be asked again, or the zero time.
func (t *Ticket) Next() time.Time {
	var next time.Time
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	if t.Memory.Stopped.IsZero() { // else the timers stand still until the address works again
		for _, timer := range t.Memory.Timers {
			sooner(timer.At)
		}
	}
	for _, reminder := range t.Memory.Reminders {
		sooner(reminder.At)
	}
	sooner(t.Memory.Review.At)
	for _, target := range t.Memory.Targets {
		if target.State != promise.Running {
			continue
		}
		if !target.Warned {
			sooner(target.Warn)
		}
		sooner(promise.Passed(target.Due))
	}
	if phase := t.Memory.Phase; phase.Waiting.IsZero() && phase.Fixed.IsZero() && !phase.Late && t.Category != Solved && t.Category != Closed {
		sooner(promise.Passed(phase.To))
	}
	return next
}
