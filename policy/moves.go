package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hark/promise"
	"hark/ticket"
)

// Moves: how an event takes a ticket from one state to another. The first move that fits the event, the state, the
// facts and, where an agent chose a state, that choice, is the one that counts.

func (r *reaction) move(status string) (*Move, bool) {
	for i := range r.p.Doc.Lifecycle.Moves {
		m := &r.p.Doc.Lifecycle.Moves[i]
		if m.Event == string(r.e.Kind) && m.leaves(r.t.State) && r.allows(m, status) && r.holds(m.When) {
			return m, true
		}
	}
	return nil, false
}

// making lets something happen because of one of the moves, so that it can be said which.
func (r *reaction) making(m *Move, do func()) {
	was := r.moves
	r.moves = r.p.movePath(m)
	do()
	r.moves = was
}

// follow makes a move: the state it leads to, and what it does besides.
func (r *reaction) follow(m *Move) {
	r.making(m, func() {
		r.enter(m.To)
		r.do(m.Do)
	})
}

// movePath is where a move stands in the policy, "" for what is none.
func (p *Policy) movePath(m *Move) string {
	for i := range p.Doc.Lifecycle.Moves {
		if m == &p.Doc.Lifecycle.Moves[i] {
			return fmt.Sprintf("lifecycle.moves.%d", i)
		}
	}
	return ""
}

func (m *Move) leaves(state string) bool {
	return len(m.From) == 0 || slices.Contains(m.From, state)
}

// allows reports whether the move leads to the state an agent chose. For agents, the state a move leads to is a choice
// too: without a choice it is not taken. What others do moves the ticket by itself.
func (r *reaction) allows(m *Move, status string) bool {
	if status == "" {
		return !r.byAgent() || m.To == ""
	}
	return m.To == status || slices.Contains(m.MayChoose, status)
}

func (r *reaction) byAgent() bool {
	return r.e.Kind == ticket.AgentReplies || r.e.Kind == ticket.AgentSets
}

func (r *reaction) state() State { return r.p.Doc.Lifecycle.States[r.t.State] }

// locked reports whether the ticket can no longer be changed (seed 002, 2.27).
func (r *reaction) locked() bool { return r.state().Locked }

// done reports whether nobody is working on the ticket any more.
func (r *reaction) done() bool {
	return r.t.Category == ticket.Solved || r.t.Category == ticket.Closed
}

// mustBeOpen refuses whatever an agent wants to do with a locked ticket (S2-22).
func (r *reaction) mustBeOpen() bool {
	if r.locked() {
		r.refuse(Refusal{Because: IsLocked, Rule: "lifecycle.states." + r.t.State, From: strings.ToLower(r.state().Label)})
	}
	return !r.locked()
}

// enter brings the ticket into a state: what waited for the old one ends, what waits in the new one is planned.
func (r *reaction) enter(id string) {
	if id == "" || id == r.t.State {
		return
	}
	wasDone := r.done() && r.t.State != ""
	r.t.Memory.Asleep = false
	r.t.State = id
	r.t.Category = r.p.Category(id)
	r.t.Memory.Entered = r.at
	r.add(Entry{Kind: IsStatus, Status: id})
	r.planTimers()
	r.stopTimers()
	r.pauseTargets()
	r.pausePhase()
	r.finish(wasDone)
}

// finish is what reaching the end does, or coming back from it.
func (r *reaction) finish(wasDone bool) {
	switch {
	case r.locked():
		r.dropCall()
		r.leaveOut("the ticket was closed", func(t *promise.Target) bool { return t.State != promise.Missed })
	case r.t.Category == ticket.Solved:
		r.resolveTargets()
		r.startPhase("status_solved")
		if f := r.p.Doc.Feedback; f != nil && f.AskOn == r.t.State {
			r.under("feedback", r.at, r.askRating)
		}
	case wasDone:
		r.t.Memory.Reopened++
		r.reopenTargets()
		r.reopenPhase()
	}
}

// customerCreates begins a ticket: state, level, who gets it, what is answered at once, and the promises that start now.
func (r *reaction) customerCreates() {
	if r.t.State != "" {
		r.refuse(Refusal{Because: ExistsAlready})
		return
	}
	r.t.Kind = cmp.Or(r.e.TicketKind, r.t.Kind, r.told("ticket.kind"), r.p.DefaultKind())
	if !r.kindKnown(r.t.Kind) {
		return
	}
	r.t.Priority = cmp.Or(r.e.Priority, r.t.Priority, r.told("ticket.priority"))
	if r.t.Created.IsZero() {
		r.t.Created = r.at
	}
	r.begin()
}

func (r *reaction) begin() {
	m, ok := r.move("")
	if !ok {
		m = &Move{}
	}
	r.making(m, func() { r.enter(cmp.Or(m.To, r.p.Initial())) })
	r.weighLevel()
	if r.t.Assignee.Known() {
		r.add(Entry{Kind: IsAssign, To: address(r.t.Assignee)})
	} else {
		r.route()
	}
	r.startTarget("first_reply", "resolution", "call_offer")
	r.startPhase("ticket_created")
	r.making(m, func() { r.acknowledge(m.Do) })
	r.escalate("ticket_created")
	r.escalate("impact_is_high")
	r.weighScope()
	r.askForRegion()
	r.checkPlan()
}

// acknowledge answers a new ticket at once, day and night (S2-01): what the move says, and what the channel says unless
// the move has just said it. A follow-up is announced by its own message instead.
func (r *reaction) acknowledge(do []Action) {
	if r.t.FollowUpOf != 0 {
		if f := r.p.followUpRule(); f != nil && f.Acknowledge != "" {
			r.send(f.Acknowledge)
			return
		}
	}
	r.do(do)
	if id, c := r.p.channel(r.t.Channel); c.Acknowledge != "" && !r.sent(c.Acknowledge) {
		r.under("channels."+id, r.anchor, func() { r.send(c.Acknowledge) })
	}
}

func (r *reaction) sent(message string) bool {
	return slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Kind == IsSend && e.Message == message })
}

// channel finds a channel by its id, or else by its kind.
func (p *Policy) channel(via string) (string, Channel) {
	if c, ok := p.Doc.Channels[via]; ok {
		return via, c
	}
	for _, id := range p.Channels() {
		if p.Doc.Channels[id].Kind == via {
			return id, p.Doc.Channels[id]
		}
	}
	return "", Channel{}
}

// customerReplies ends every wait for an answer. A closed ticket stays as it is and is followed up, unless the closing
// came while the reply was already ours (S2-17, S2-18).
func (r *reaction) customerReplies() {
	if r.locked() {
		if !r.inTime() {
			r.followUp()
			return
		}
		r.undoClosing()
	}
	r.t.Memory.Unreachable, r.t.Memory.Stopped, r.t.Memory.Asleep = zero, zero, false
	m, moved := r.move("")
	if moved {
		r.making(m, func() { r.enter(m.To) })
	}
	r.questionAnswered()
	r.startTarget("next_reply")
	r.route()
	if moved {
		r.making(m, func() { r.do(m.Do) })
	}
}

// strangerReplies holds the message of somebody who is neither requester nor CC for an agent to accept (S2-31).
func (r *reaction) strangerReplies() {
	if r.locked() {
		r.refuse(Refusal{Because: StrangerAtLocked, Rule: "lifecycle.states." + r.t.State, From: strings.ToLower(r.state().Label)})
		return
	}
	r.add(Entry{Kind: IsNote, Says: "A message from somebody who is not on this ticket is held until an agent accepts it.", State: "held"})
}

// agentReplies is a public message by a person. Without a chosen state the ticket stays where it is; only a new ticket
// becomes open, because its first agent has now come.
func (r *reaction) agentReplies() {
	if !r.mustBeOpen() || !r.mayBecome(r.e.Status) || !r.kindKnown(r.e.TicketKind) {
		return
	}
	m, fits := r.move(r.e.Status)
	r.speak()
	r.change()
	r.answerTargets()
	r.making(m, func() { r.settle(m) })
	r.startTarget("update")
	if fits {
		r.making(m, func() { r.do(m.Do) })
	}
	if r.t.Category == ticket.Solved {
		r.startPhase("reply_sent")
	}
}

// settle brings the ticket into the state it has after a reply. Solving what is solved begins its time anew where the
// policy has such a move; asking again while an answer is awaited gives the new question its own waits (A3).
func (r *reaction) settle(m *Move) {
	switch next := r.nextState(m); {
	case next != r.t.State:
		r.enter(next)
	case m != nil && m.To == r.t.State:
		r.t.Memory.Entered = r.at
		r.planTimers()
	default:
		r.askedAgain()
	}
}

func (r *reaction) nextState(m *Move) string {
	if m != nil && r.e.Status == "" && r.state().Initial {
		open := slices.IndexFunc(m.MayChoose, func(s string) bool { return r.p.Category(s) == ticket.Open })
		if open >= 0 {
			return m.MayChoose[open]
		}
	}
	return cmp.Or(r.e.Status, r.t.State)
}

// speak remembers who wrote, and what: reminders repeat the question and are counted from it (A2).
func (r *reaction) speak() {
	m, by := &r.t.Memory, address(r.e.By)
	if m.FirstReply.IsZero() {
		m.FirstReply, m.FirstResponder = r.at, by
	}
	m.Asleep = false
	m.LastAgentMessage, m.LastPublic, m.LastQuestion = r.at, r.at, r.e.Text
	if !m.Scoped.At.IsZero() && m.Scoped.Told.IsZero() {
		m.Scoped.Told = r.at
	}
	m.LastAgent = cmp.Or(by, m.LastAgent)
	m.AgentReplies++
	if !r.t.Assignee.Known() && by != "" && r.e.Assignee == nil {
		r.assign(r.e.By)
	}
}

// agentSets changes fields without a message.
func (r *reaction) agentSets() {
	if !r.mustBeOpen() || !r.mayBecome(r.e.Status) || !r.kindKnown(r.e.TicketKind) {
		return
	}
	r.change()
	if m, fits := r.move(r.e.Status); fits && r.e.Status != "" && r.e.Status != r.t.State {
		r.making(m, func() {
			r.enter(r.e.Status)
			r.do(m.Do)
		})
	}
}

func (r *reaction) kindKnown(kind string) bool {
	if _, known := r.p.Doc.Kinds[kind]; kind != "" && !known {
		r.refuse(Refusal{Because: NoSuchKind, Rule: "kinds", About: inQuotes(kind), Instead: r.p.Kinds()})
	}
	return !r.refused()
}

// change sets tags, priority, assignee and kind.
func (r *reaction) change() {
	for _, tag := range r.e.Tags {
		r.tag(tag)
	}
	if len(r.e.Untag) > 0 {
		r.t.Tags = slices.DeleteFunc(slices.Clone(r.t.Tags), func(tag string) bool { return slices.Contains(r.e.Untag, tag) })
	}
	if r.e.Priority != "" {
		r.setPriority(r.e.Priority)
	}
	if r.e.Assignee != nil {
		r.assign(*r.e.Assignee)
	}
	r.setKind()
}

func (r *reaction) setKind() {
	if r.e.TicketKind == "" || r.e.TicketKind == r.t.Kind {
		return
	}
	r.t.Kind = r.e.TicketKind
	r.add(Entry{Kind: IsKind, TicketKind: r.t.Kind})
	r.changeTracker()
	r.reconsider()
}

// mayBecome refuses a state that an agent may not choose here, and says which they may (S2-23). Staying is no choice.
func (r *reaction) mayBecome(status string) bool {
	if status == "" || status == r.t.State {
		return true
	}
	if _, fits := r.move(status); fits {
		return r.writtenUp(status)
	}
	r.refuse(r.cannotBecome(status))
	return false
}

func (r *reaction) cannotBecome(status string) Refusal {
	chosen, known := r.p.Doc.Lifecycle.States[status]
	f := Refusal{Because: DoesNotFollow, Rule: "lifecycle.moves", About: chosen.Label, From: r.state().Label, Instead: r.choosable()}
	switch {
	case !known:
		f.Because, f.About = NoSuchState, inQuotes(status)
	case chosen.Locked:
		f.Because, f.Until = ComesByItself, r.p.comesBy(status)
	case r.e.Kind == ticket.AgentSets && r.withMessage(status):
		f.Because = NeedsMessage
	}
	return f
}

// writtenUp refuses to solve a ticket whose call is still booked or has not been written up, or whose phase has begun by itself
// and still lacks what an agent has to supply (S0-15).
func (r *reaction) writtenUp(status string) bool {
	if r.p.Category(status) != ticket.Solved {
		return true
	}
	if call := r.t.Memory.Call; !call.IsZero() {
		r.refuse(Refusal{Because: CallIsBooked, Rule: "calls", About: r.local(call), Fact: "call.time"})
		return false
	}
	if r.t.Memory.Unwritten && !r.complete("The record of the call", "calls.record", []string{"call.result", "call.outcome"}) {
		return false
	}
	t := r.tracker()
	if t == nil || t.phase(r.t.Memory.Phase.ID) < 0 {
		return true
	}
	phase := &t.Phases[t.phase(r.t.Memory.Phase.ID)]
	return r.complete("“"+phase.Label+"”", r.phaseRule(phase.ID), phase.Needs)
}

func (r *reaction) complete(what, rule string, needs []string) bool {
	for _, fact := range needs {
		if r.p.factNamed(fact).SetBy == "agent" && !r.supplied(fact) {
			r.refuse(Refusal{Because: NotWrittenUp, Rule: rule, From: what, About: r.p.needSays(fact), Fact: fact})
			return false
		}
	}
	return true
}

// withMessage reports whether the state may be chosen when something is written.
func (r *reaction) withMessage(status string) bool {
	as := *r
	as.e.Kind = ticket.AgentReplies
	_, fits := as.move(status)
	return fits
}

// choosable lists the states that the event may lead to from here.
func (r *reaction) choosable() []string {
	var labels []string
	for _, id := range r.choices() {
		labels = append(labels, r.p.Doc.Lifecycle.States[id].Label)
	}
	if len(labels) == 0 {
		return []string{"no other"}
	}
	return labels
}

func (r *reaction) choices() (ids []string) {
	for i := range r.p.Doc.Lifecycle.Moves {
		m := &r.p.Doc.Lifecycle.Moves[i]
		if m.Event != string(r.e.Kind) || !m.leaves(r.t.State) || !r.holds(m.When) {
			continue
		}
		for _, id := range append(slices.Clone(m.MayChoose), m.To) {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// comesBy says how a state that nobody chooses is reached: "it comes by itself 24 hours after Solved".
func (p *Policy) comesBy(status string) string {
	var ways []string
	for i := range p.Doc.Lifecycle.Timers {
		timer := &p.Doc.Lifecycle.Timers[i]
		if timer.leadsTo() == status {
			ways = append(ways, fmt.Sprintf("after %s in %s", timer.After.Says(), p.Doc.Lifecycle.States[timer.In].Label))
		}
	}
	if len(ways) == 0 {
		return "this policy has no way there for agents"
	}
	return "it comes by itself " + either(ways)
}
