package policy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Progress is a ticket on its tracker, as its customer follows it: every phase with what it means, where the ticket stands
// and until when that is usual (seed 004, screen 7).
type Progress struct {
	Label  string // of the tracker
	Stages []Stage
	At     int // the stage that runs, -1 when none has begun
}

// Stage is one phase, and how far this ticket is with it.
type Stage struct {
	Phase
	State StageState
	Usual string    // how long it usually takes, in words; "" when the policy names no time
	Began time.Time // of what is done and of what runs
	Ended time.Time // of what is done

	// Of the stage that runs. While the ticket waits for the customer, once it takes longer than usual, once the fix of its
	// known problem is confirmed, and when nobody works on it any more, there are no dates: they would be wrong.
	From, To time.Time
	Waits    bool
	Late     bool
	Fixed    bool
	Says     string        // that it waits, takes longer than usual, or that the fix is confirmed
	Estimate calendar.Date // the day that an agent gave with it, zero when none was
}

// StageState is whether a phase is over.
type StageState string

// The states of a stage.
const (
	StageDone    StageState = "done"
	StageNow     StageState = "now"
	StageNext    StageState = "next"
	StageSkipped StageState = "skipped" // passed over: it was not needed
)

// Progress tells how far a ticket has come, seen from now. ok is false for tickets whose kind has no tracker.
func (p *Policy) Progress(t ticket.Ticket, now time.Time) (progress Progress, ok bool) {
	r := p.reaction(t, ticket.Event{}, now)
	tracker := r.tracker()
	if tracker == nil {
		return Progress{At: -1}, false
	}
	progress = Progress{Label: tracker.Label, At: tracker.phase(t.Memory.Phase.ID)}
	for i := range tracker.Phases {
		progress.Stages = append(progress.Stages, r.stage(tracker, i, progress.At))
	}
	return progress, true
}

// Now is the stage that runs; ok is false when none has begun.
func (g Progress) Now() (s Stage, ok bool) {
	if g.At < 0 || g.At >= len(g.Stages) {
		return s, false
	}
	return g.Stages[g.At], true
}

func (r *reaction) stage(t *Tracker, i, at int) Stage {
	phase := t.Phases[i]
	s := Stage{Phase: phase, State: StageNext, Usual: phase.Expect.Says()}
	switch {
	case i == at:
		r.runs(t, &s)
	case i > at && at >= 0 && !r.t.Memory.Phase.Fixed.IsZero():
		s.State = StageSkipped // it works: nothing that would have come is needed
	case i < at:
		s.State = StageSkipped
		if was, been := r.been(phase); been {
			s.State, s.Began, s.Ended = StageDone, was.Entered, was.Left
		}
	}
	return s
}

// runs tells of the stage that runs.
func (r *reaction) runs(t *Tracker, s *Stage) {
	m := r.t.Memory.Phase
	s.State, s.Began = StageNow, m.Entered
	if !m.Fixed.IsZero() { // what the phase means, and what would come next, holds no more
		s.Fixed, s.Says, s.Means, s.Next = true, fixedSays, "", ""
		return
	}
	if slices.Contains(s.MayHave, estimate) {
		s.Estimate = r.p.Estimate(r.t)
	}
	over := !m.To.IsZero() && !r.now.Before(promise.Passed(m.To))
	switch {
	case r.done():
	case !m.Waiting.IsZero():
		s.Waits, s.Says = true, waitingSays
	case m.Late || over:
		s.Late, s.Says = true, cmp.Or(t.LateSays, "Taking longer than usual")
	default:
		s.From, s.To = m.From, m.To
	}
}

// linked is the fact that a ticket belongs to a known problem.
const linked = "issue.link"

// estimate is the fact that holds an estimated day.
const estimate = "issue.estimate"

// Estimate is the day on which an agent expects a ticket's problem to be solved, zero when nobody has said one.
func (p *Policy) Estimate(t ticket.Ticket) calendar.Date {
	day, _ := calendar.ParseDate(factText(t.Facts[estimate]))
	return day
}

// been is when the ticket was last in a phase, or in the phase of the same meaning before its kind changed.
func (r *reaction) been(phase Phase) (was promise.Phase, been bool) {
	for _, m := range slices.Backward(r.t.Memory.Phases) {
		before := r.p.Doc.Trackers[m.Tracker]
		i := before.phase(m.ID)
		same := m.Tracker == r.p.Doc.Kinds[r.t.Kind].Tracker && m.ID == phase.ID
		if same || i >= 0 && phase.SameAs != "" && before.Phases[i].SameAs == phase.SameAs {
			return m, true
		}
	}
	return was, false
}

// PhaseMove is one phase to which a ticket may go next, and what follows from it.
type PhaseMove struct {
	Phase   string
	Label   string
	Begins  string // what makes it begin, in words: "we answer"; "" when an agent takes the ticket there
	Needs   []Ask  // what somebody has to say first, because the phase needs it
	May     []Ask  // what may be said with it
	Mails   string // "Mails “Next phase” to Maria Lopez.", "" when nobody is mailed
	Follows string // what else comes of it: "Usually until Wed 2 Dec 17:00."
}

// PhaseMoves is where a ticket may go from where it stands, in the order of the tracker. What follows is not described but found
// out, as in [Policy.Choices]: the move is made on a copy of the ticket, now. Moves that would be refused whatever an agent says
// are left out, but for those that begin by themselves.
func (p *Policy) PhaseMoves(t ticket.Ticket, now time.Time) (moves []PhaseMove) {
	r := p.reaction(t, ticket.Event{}, now)
	tracker := r.tracker()
	if tracker == nil {
		return nil
	}
	at := tracker.phase(t.Memory.Phase.ID)
	for i := range tracker.Phases {
		if i == at || at >= 0 && !tracker.mayGo(at, i) {
			continue
		}
		if move, may := r.moveTo(tracker.Phases[i]); may {
			moves = append(moves, move)
		}
	}
	return moves
}

func (r *reaction) moveTo(phase Phase) (move PhaseMove, may bool) {
	move = PhaseMove{Phase: phase.ID, Label: phase.Label}
	if !byHand(phase) {
		move.Begins = EventSays(phase.StartsOn)
		return move, !r.done()
	}
	if slices.Contains(phase.Needs, linked) && !r.supplied(linked) { // a record says so, and no agent by hand (S4-08)
		move.Begins = "the ticket is linked to a known problem"
		return move, !r.done()
	}
	move.Needs, move.May = r.lacks(phase.Needs), r.lacks(phase.MayHave)
	after := r.p.React(r.t, ticket.Event{Kind: ticket.AgentMoves, At: r.now, Phase: phase.ID, Facts: standIns(move.Needs)}, r.now)
	if after.Refused != "" {
		return move, false
	}
	move.Mails, move.Follows = r.p.moveFollows(after, r.now)
	return move, true
}

// byHand reports whether agents take tickets to a phase. The others begin with something that happens on the ticket: an answer, a
// call, a fix.
func byHand(phase Phase) bool {
	switch phase.StartsOn {
	case "", string(ticket.AgentMoves), string(ticket.ReviewStarted), string(ticket.IssueLinked), "ticket_created":
		return true
	}
	return false
}

// lacks are the facts among these that nobody has said yet. What records hold cannot be said by an agent; then the move itself says
// what is missing.
func (r *reaction) lacks(facts []string) (needs []Ask) {
	for _, fact := range facts {
		if !r.supplied(fact) && r.p.MaySay(fact) {
			needs = append(needs, r.p.ask(fact))
		}
	}
	return needs
}

// standIns are values with which a move can be tried before anybody has said what it needs.
func standIns(needs []Ask) map[string]any {
	facts := map[string]any{}
	for _, a := range needs {
		facts[a.Fact] = true
		if a.Type != "bool" {
			facts[a.Fact] = "…"
		}
		if len(a.Values) > 0 {
			facts[a.Fact] = a.Values[0]
		}
	}
	return facts
}

// moveFollows says what comes of a move beyond the move: who is mailed, what is passed over, what becomes of the ticket, and
// until when the new phase is usual.
func (p *Policy) moveFollows(after Outcome, now time.Time) (mailed, follows string) {
	var mails, skips, parts []string
	for _, e := range afterEvent(after.Entries) {
		switch {
		case e.Kind == IsSend:
			mails = append(mails, "“"+p.messageName(e.Message)+"”")
		case e.Kind == IsPhase && e.State == "skipped":
			skips = append(skips, "“"+e.Say+"”")
		case e.Kind == IsStatus:
			parts = append(parts, "The ticket becomes "+p.Doc.Lifecycle.States[e.Status].Label+".")
		}
	}
	t := after.Ticket
	if len(mails) > 0 {
		mailed = "Mails " + enumerate(mails) + " to " + cmp.Or(t.Requester.Name, t.Requester.Address, "the customer") + "."
	}
	if len(skips) > 0 {
		parts = append(parts, "Leaves out "+enumerate(skips)+".")
	}
	if m := t.Memory.Phase; !m.To.IsZero() && m.Waiting.IsZero() && m.Fixed.IsZero() {
		parts = append(parts, "Usually until "+p.day(m.To, now)+".")
	}
	return mailed, strings.Join(parts, " ")
}

// afterEvent leaves out what was due before the event.
func afterEvent(entries []Entry) []Entry {
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Kind == IsEvent })
	return entries[i+1:]
}
