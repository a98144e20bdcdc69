// Package simulate asks a policy "what if": it lets a made-up ticket live through a scenario and tells what happens.
//
// A scenario is a small file: the facts, what people do and when, and until when to look. Nothing is sent and nothing is
// stored; the clock is a number that jumps from one happening to the next. Every decision is made by [policy.React], the
// function that also runs the desk, so what the simulator tells is what the desk would do. The package reads no clock and
// no file.
package simulate

import (
	"slices"
	"time"

	"hark/policy"
	"hark/ticket"
)

// Result is what happened, in order of time.
type Result struct {
	Lines   []Line
	Stopped string // why the run ended before its time, "" when it did not
}

// Limits bound a run. The zero value stands for the limits that suit one scenario.
type Limits struct {
	Lines int         // at most so many lines; 0 is 100,000
	Stop  func() bool // asked now and then whether to give up, for a limit of time; nil never does
}

const mostLines = 100_000

// Run lets the scenario happen under a policy and returns what happened, line by line.
func Run(p *policy.Policy, s Scenario, limits Limits) Result {
	var lines []Line
	_, stopped := Watch(p, s, limits, func(number int64, t *ticket.Ticket, e policy.Entry) {
		line := Line{Entry: e, Ticket: number, Zone: s.Zone}
		if e.Kind == policy.IsSend {
			after := *t
			line.After = &after
		}
		lines = append(lines, line)
	})
	slices.SortStableFunc(lines, func(a, b Line) int { return a.Entry.At.Compare(b.Entry.At) })
	return Result{Lines: lines, Stopped: stopped}
}

// Watch lets the scenario happen under a policy and tells of each thing in the order of happening: the number of the
// ticket it happens to, that ticket as it is afterwards, and what it is. It returns the tickets the scenario ends with,
// follow-ups behind the first, and why it ended before its time, "" when it did not. Every simulation goes through it.
func Watch(p *policy.Policy, s Scenario, limits Limits, told func(number int64, t *ticket.Ticket, e policy.Entry)) (tickets []ticket.Ticket, stopped string) {
	if limits.Lines == 0 {
		limits.Lines = mostLines
	}
	r := run{p: p, s: s, limits: limits, told: told}
	r.begin()
	for _, e := range s.inOrder() {
		r.until(e.handled, policy.ByCustomer(e.Kind))
		r.happen(e)
	}
	r.until(s.Until, false)
	return r.tickets, r.stopped
}

// run is one scenario under way. The tickets are numbered from 1 by their place; those after the first are follow-ups.
type run struct {
	p       *policy.Policy
	s       Scenario
	limits  Limits
	told    func(number int64, t *ticket.Ticket, e policy.Entry)
	tickets []ticket.Ticket
	count   int // of what has been told
	stopped string
}

// begin makes the empty ticket. A scenario that does not create one takes place on a ticket that is open already.
func (r *run) begin() {
	t := r.s.Begins
	t.ID, t.Facts = 1, r.s.Facts
	if len(r.s.Events) > 0 && r.s.Events[0].Kind != ticket.CustomerCreates {
		t = r.openAlready(t, r.s.Events[0].At)
	}
	r.tickets = []ticket.Ticket{t}
}

func (r *run) openAlready(t ticket.Ticket, since time.Time) ticket.Ticket {
	t.State, t.Kind, t.Created = r.p.Initial(), r.p.DefaultKind(), since
	for _, id := range r.p.States() {
		if r.p.Category(id) == ticket.Open {
			t.State = id
			break
		}
	}
	t.Category = r.p.Category(t.State)
	t.Memory.Entered = since
	return t
}

// until lets time pass. Customers come before what is due at the same instant.
func (r *run) until(end time.Time, customerNext bool) {
	for r.stopped == "" {
		i, next := r.next()
		if next.IsZero() || next.After(end) || customerNext && next.Equal(end) {
			return
		}
		was := r.tickets[i].Next()
		r.take(i, r.p.React(r.tickets[i], ticket.Event{Kind: ticket.TimePasses}, next))
		if r.tickets[i].Next().Equal(was) {
			r.stopped = "the same thing is due again and again; this policy's timers need looking at"
		}
	}
}

// next is the ticket to which something happens soonest by itself, and when the server is up to do it.
func (r *run) next() (which int, at time.Time) {
	for i := range r.tickets {
		if due := r.tickets[i].Next(); !due.IsZero() {
			if due = r.s.up(due); at.IsZero() || due.Before(at) {
				which, at = i, due
			}
		}
	}
	return which, at
}

// happen lets one event of the scenario happen to the ticket that it concerns.
func (r *run) happen(e scheduled) {
	i := r.concerned(e.Kind)
	if !e.By.Known() {
		e.By = r.who(e.Kind, &r.tickets[i])
	}
	out := r.p.React(r.tickets[i], e.Event, e.handled)
	r.take(i, out)
	if joins := slices.IndexFunc(out.Entries, func(entry policy.Entry) bool { return entry.Joined }); joins >= 0 {
		i = int(out.Entries[joins].Ticket) - 1
		r.take(i, silent(r.p.React(r.tickets[i], e.Event, e.handled)))
	}
}

// concerned is the ticket an event is about: agents work on the newest; customers answer the first one, from where
// their message goes to the last ticket that was closed in turn.
func (r *run) concerned(kind ticket.EventKind) int {
	if kind != ticket.CustomerReplies {
		return len(r.tickets) - 1
	}
	i := 0
	for r.tickets[i].FollowedBy != 0 && r.tickets[r.tickets[i].FollowedBy-1].Category == ticket.Closed {
		i = int(r.tickets[i].FollowedBy) - 1
	}
	return i
}

// who acts is not told in a written scenario; an agent is taken for the one who has the ticket.
func (r *run) who(kind ticket.EventKind, t *ticket.Ticket) ticket.Person {
	switch kind {
	case ticket.AgentReplies, ticket.AgentSets, ticket.AgentNote, ticket.AgentMoves, ticket.ScopeRefused:
		return t.Assignee
	}
	return ticket.Person{}
}

// take keeps what came of a reaction, and begins the follow-up it may ask for.
func (r *run) take(i int, out policy.Outcome) {
	r.tickets[i] = out.Ticket
	for _, entry := range out.Entries {
		number := int64(len(r.tickets) + 1)
		if entry.FollowUp != nil {
			entry.Ticket = number
		}
		r.tell(i, entry)
		if entry.FollowUp != nil {
			r.tickets[i].FollowedBy = number
			r.follow(*entry.FollowUp, number, entry.At)
		}
	}
}

func (r *run) follow(t ticket.Ticket, number int64, at time.Time) {
	t.ID = number
	r.tickets = append(r.tickets, t)
	begun := r.p.React(t, ticket.Event{Kind: ticket.CustomerCreates, At: at}, at)
	r.take(len(r.tickets)-1, silent(begun))
}

// silent leaves out the event itself, which has been told of the first ticket it happened to.
func silent(out policy.Outcome) policy.Outcome {
	out.Entries = slices.DeleteFunc(out.Entries, func(e policy.Entry) bool { return e.Kind == policy.IsEvent })
	return out
}

func (r *run) tell(i int, entry policy.Entry) {
	switch {
	case r.stopped != "":
	case r.count >= r.limits.Lines:
		r.stopped = "there were more lines than the limit allows"
	case r.limits.Stop != nil && r.count%64 == 63 && r.limits.Stop():
		r.stopped = "it took longer than the limit allows"
	default:
		r.count++
		r.told(int64(i+1), &r.tickets[i], entry)
	}
}
