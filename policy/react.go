package policy

import (
	"maps"
	"slices"
	"time"

	"hark/promise"
	"hark/ticket"
)

// React says what an event does to a ticket under this policy, now: the ticket as it is afterwards and everything that
// happens on the way, or why the policy does not allow it. It reads no clock, writes nothing, and leaves its arguments
// as they are. The server, the simulator and the tests all call it; there is no other implementation of a rule.
//
// What was due before the event happens first, each thing at its planned instant. At one instant customers come first,
// then timers, then agents (A5); so a reply that arrives at the very instant of a closing prevents it.
// [ticket.TimePasses] has nothing else to do. An event counts from its own At: for a mail, when our server accepted it.
//
// A new ticket is an event [ticket.CustomerCreates] on a ticket without a state; a follow-up is the ticket that an
// [IsFollowUp] entry carries, begun with the same event. Updated is the desk's to set.
func (p *Policy) React(t ticket.Ticket, e ticket.Event, now time.Time) Outcome {
	r := p.reaction(t, e, now)
	r.catchUp()
	if e.Kind != ticket.TimePasses {
		r.happen()
	}
	if r.refused() {
		says := r.refusal.Sentence()
		return Outcome{Ticket: t, Refused: says, Refusal: r.refusal, Entries: []Entry{{At: r.e.At, Kind: IsEvent, Event: e.Kind, Refused: says, Rule: r.refusal.Rule}}}
	}
	return Outcome{Ticket: r.t, Entries: r.entries}
}

// reaction is one event being worked out.
type reaction struct {
	p       *Policy
	t       ticket.Ticket // as it becomes
	e       ticket.Event
	now     time.Time
	at      time.Time // when what happens now happens: the event's instant, or the planned one of a timer
	rule    string    // which rule makes it happen
	moves   string    // which of the moves is being made, "lifecycle.moves.3"
	anchor  time.Time // and what that rule is counted from
	look    Facts
	guessed string // the fact that should name the region, when nothing does
	entries []Entry
	refusal Refusal
}

// reaction begins with copies of whatever may be changed in place. What is only appended to is clipped.
func (p *Policy) reaction(t ticket.Ticket, e ticket.Event, now time.Time) *reaction {
	if e.At.IsZero() || e.Kind == ticket.TimePasses {
		e.At = now
	}
	t.Tags = slices.Clip(t.Tags)
	t.Memory.Timers = slices.Clone(t.Memory.Timers)
	t.Memory.Targets = append(make([]promise.Target, 0, len(t.Memory.Targets)+2), t.Memory.Targets...) // room for those that begin
	t.Memory.Reminders = slices.Clone(t.Memory.Reminders)
	t.Memory.Escalated = slices.Clip(t.Memory.Escalated)
	t.Memory.Acted = slices.Clip(t.Memory.Acted)
	t.Memory.Noticed = slices.Clip(t.Memory.Noticed)
	t.Memory.Phases = slices.Clip(t.Memory.Phases)
	return &reaction{p: p, t: t, e: e, now: now, at: e.At, anchor: e.At, entries: make([]Entry, 0, 8+len(p.Doc.Escalation))}
}

// reactions is what each kind of event does.
var reactions map[ticket.EventKind]func(*reaction)

func init() { // not a literal: the functions reach back to it
	reactions = map[ticket.EventKind]func(*reaction){
		ticket.CustomerCreates: (*reaction).customerCreates,
		ticket.CustomerReplies: (*reaction).customerReplies,
		ticket.CustomerAsks:    (*reaction).customerAsks,
		ticket.StrangerReplies: (*reaction).strangerReplies,
		ticket.AgentReplies:    (*reaction).agentReplies,
		ticket.AgentSets:       (*reaction).agentSets,
		ticket.AgentNote:       (*reaction).agentNote,
		ticket.AgentMoves:      (*reaction).agentMoves,
		ticket.AutoReply:       (*reaction).nothing, // a machine's answer is no answer (A4)
		ticket.ServerDown:      (*reaction).nothing, // what that means is up to whoever keeps the time
		ticket.Bounce:          (*reaction).bounce,
		ticket.TimersResumed:   (*reaction).timersResumed,
		ticket.Merged:          (*reaction).merged,
		ticket.FactChanged:     (*reaction).factChanged,
		ticket.ReviewStarted:   (*reaction).reviewStarted,
		ticket.IssueLinked:     (*reaction).issueLinked,
		ticket.IssueFixed:      (*reaction).issueFixed,
		ticket.CallBooked:      (*reaction).callBooked,
		ticket.CallMoved:       (*reaction).callMoved,
		ticket.CallEnded:       (*reaction).callEnded,
		ticket.CallCancelled:   (*reaction).callCancelled,
		ticket.ScopeRefused:    (*reaction).scopeRefused,
	}
}

// happen lets the event itself happen, after what was due before it.
func (r *reaction) happen() {
	does, known := reactions[r.e.Kind]
	if !known {
		r.refuse(Refusal{Because: NoSuchEvent, About: inQuotes(string(r.e.Kind))})
		return
	}
	r.now, r.at, r.rule, r.anchor = later(r.now, r.e.At), r.e.At, "lifecycle.moves", r.e.At
	r.add(Entry{Kind: IsEvent, Event: r.e.Kind})
	r.entries[len(r.entries)-1].Rule = ""
	facts, wasLocked, wasIssue := r.t.Facts, r.locked(), r.opensIssue()
	changed := r.learn()
	r.fixHolds()
	r.scoped(facts)
	does(r)
	if r.e.Kind == ticket.FactChanged {
		r.callWritten(facts)
	}
	if wasLocked && r.locked() && r.e.Kind != ticket.IssueFixed {
		r.t.Facts = facts // what is learnt with a reply goes to the follow-up
	}
	if changed && !r.refused() && r.e.Kind != ticket.CustomerCreates {
		r.reconsider()
	}
	if r.e.Kind != ticket.CustomerCreates && !r.refused() {
		r.logIssue(wasIssue)
	}
}

func (r *reaction) nothing() {}

// merged closes a ticket that goes on in another one. Nobody is told: whoever waits is answered there.
func (r *reaction) merged() {
	if r.mustBeOpen() {
		r.enter(r.p.closed())
	}
}

func (r *reaction) agentNote() { r.mustBeOpen() }

// factChanged has done its work when the facts are learnt; a new address ends what a bounce began (S2-30).
func (r *reaction) factChanged() {
	if r.locked() {
		return
	}
	for _, fact := range []string{"customer.address", "customer.email", "requester.address", "requester.email"} {
		if _, changed := r.e.Facts[fact]; changed && !r.locked() {
			r.resume("the address has changed")
		}
	}
}

// learn sets the facts that came with the event, and says whether there were any.
func (r *reaction) learn() bool {
	if len(r.e.Facts) == 0 {
		return false
	}
	facts := make(map[string]any, len(r.t.Facts)+len(r.e.Facts))
	maps.Copy(facts, r.t.Facts)
	maps.Copy(facts, r.e.Facts)
	r.t.Facts = facts
	return true
}

// reconsider looks again at everything that hangs on facts: corrected facts apply at once (A32).
func (r *reaction) reconsider() {
	if r.locked() {
		return
	}
	r.weighLevel()
	r.route()
	r.escalate("impact_is_high")
	r.flagged()
	r.weighScope()
	r.keepsCall()
	r.planReview()
	if r.t.Memory.Asleep {
		return
	}
	r.replanTimers()
	r.reconsiderTargets()
}

// add notes one thing that happens, at the instant and by the rule that are at work.
func (r *reaction) add(e Entry) {
	e.At, e.Rule, e.Anchor = r.at, r.rule, r.anchor
	if r.rule == "lifecycle.moves" {
		e.Move = r.moves
	}
	r.entries = append(r.entries, e)
}

// under lets something happen by another rule than the one at work.
func (r *reaction) under(rule string, anchor time.Time, do func()) {
	was, since := r.rule, r.anchor
	r.rule, r.anchor = rule, anchor
	do()
	r.rule, r.anchor = was, since
}

// A dueKind is what can come due, in the order in which it happens at one instant.
type dueKind int

const (
	nothingDue dueKind = iota
	timerDue
	reminderDue
	warningDue
	targetDue
	phaseDue
	reviewDue
)

// due is the next thing to happen by itself.
type due struct {
	at   time.Time
	what dueKind
	i    int
}

func (d *due) or(at time.Time, what dueKind, i int) {
	if !at.IsZero() && (d.what == nothingDue || at.Before(d.at)) {
		*d = due{at, what, i}
	}
}

// soonest agrees with [ticket.Ticket.Next], and says what it is.
func (r *reaction) soonest() (d due) {
	m := &r.t.Memory
	for i := 0; i < len(m.Timers) && m.Stopped.IsZero(); i++ {
		d.or(m.Timers[i].At, timerDue, i)
	}
	for i := range m.Reminders {
		d.or(m.Reminders[i].At, reminderDue, i)
	}
	for i := range m.Targets {
		if m.Targets[i].State == promise.Running {
			if !m.Targets[i].Warned {
				d.or(m.Targets[i].Warn, warningDue, i)
			}
			d.or(promise.Passed(m.Targets[i].Due), targetDue, i)
		}
	}
	if m.Phase.Waiting.IsZero() && m.Phase.Fixed.IsZero() && !m.Phase.Late && !r.done() {
		d.or(promise.Passed(m.Phase.To), phaseDue, 0)
	}
	d.or(m.Review.At, reviewDue, 0)
	return d
}

// mostAtOnce bounds what can happen by itself in one reaction. A policy whose timers chase each other round in no time
// is stopped here; the lint finds it before.
const mostAtOnce = 500

// catchUp lets everything happen that is due before the event, in order of time.
func (r *reaction) catchUp() {
	for range mostAtOnce {
		d := r.soonest()
		if d.what == nothingDue || d.at.After(r.e.At) || d.at.Equal(r.e.At) && ByCustomer(r.e.Kind) {
			return
		}
		r.come(d)
	}
}

// ByCustomer reports whether an event is a customer's doing: at one instant it comes before timers, all others after (A5).
func ByCustomer(kind ticket.EventKind) bool {
	return kind == ticket.CustomerCreates || kind == ticket.CustomerReplies || kind == ticket.CustomerAsks
}

func (r *reaction) come(d due) {
	r.at = d.at
	switch d.what {
	case timerDue:
		r.fire(d.i)
	case reminderDue:
		r.remind(d.i)
	case warningDue:
		r.warn(d.i)
	case targetDue:
		r.miss(d.i)
	case phaseDue:
		r.overrun()
	case reviewDue:
		r.review()
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
