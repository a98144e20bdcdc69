package ticket

import "time"

// EventKind is the policy's own vocabulary for what can happen to a ticket. The scenario files use the same words.
type EventKind string

const (
	CustomerCreates EventKind = "customer_creates"
	CustomerReplies EventKind = "customer_replies" // the requester or a CC (A4)
	CustomerAsks    EventKind = "customer_asks"    // asks for escalation
	AgentReplies    EventKind = "agent_replies"    // a public message by a person, with the status they chose
	AgentSets       EventKind = "agent_sets"       // status, tag, priority, kind or assignee without a message
	AgentNote       EventKind = "agent_note"       // internal
	AutoReply       EventKind = "auto_reply"       // a machine answered (RFC 3834)
	Bounce          EventKind = "bounce"           // our mail came back (RFC 3464)
	StrangerReplies EventKind = "stranger_replies" // neither requester nor CC
	ReviewStarted   EventKind = "review_started"
	AgentMoves      EventKind = "agent_moves" // to a phase
	IssueLinked     EventKind = "issue_linked"
	IssueFixed      EventKind = "issue_fixed"
	CallBooked      EventKind = "call_booked"
	CallMoved       EventKind = "call_moved"
	CallEnded       EventKind = "call_ended"
	CallCancelled   EventKind = "call_cancelled"
	FactChanged     EventKind = "fact_changed"
	ServerDown      EventKind = "server_down"    // simulation only: timers wait until Until
	TimePasses      EventKind = "time_passes"    // ask which timers and targets are due
	ScopeRefused    EventKind = "scope_refused"  // an agent says that this is outside of what is supported (S3-16)
	Merged          EventKind = "merged"         // it goes on in another ticket about the same thing
	TimersResumed   EventKind = "timers_resumed" // the address works again, or an agent says so (S2-30)
)

// Event is one thing that happened to a ticket. At is when it really happened: for a mail, when our own mail server
// accepted it (A8), for a reply, when the agent pressed Send (S2-32).
type Event struct {
	Kind       EventKind
	At         time.Time
	By         Person
	Status     string         // agent's choice of state, "" when none
	Text       string         // what was written, trimmed of quotes; a pending question is repeated in reminders
	TicketKind string         // new kind
	Priority   string         // new priority
	Tags       []string       // tags to add
	Untag      []string       // tags to remove
	Assignee   *Person        // new assignee; a Person that is not Known means "nobody"
	Phase      string         // agent_moves
	Facts      map[string]any // set from this instant on
	Start      time.Time      // call_booked, call_moved
	Length     time.Duration  // call_booked, call_moved; 0 is the policy's usual one
	Host       string         // call_booked, and call_moved to somebody else
	Outcome    string         // call_ended
	Until      time.Time      // server_down
	Confirmed  bool           // issue_fixed
	Again      bool           // issue_fixed: the ticket has heard of this fix, and hears now where it is announced
	Permanent  bool           // bounce: 5.x.x
	Recipient  string         // bounce: whose address
	Reason     string         // bounce, hold: in words
}
