package policy

import (
	"cmp"
	"slices"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Calls: what a booked call does to its ticket (seed 000). Which times are free is for another word to say.

func (r *reaction) hasCalls() bool {
	if r.p.Doc.Calls == nil {
		r.refuse(Refusal{Because: NoCalls})
	}
	return r.p.Doc.Calls != nil && r.mustBeOpen()
}

func (r *reaction) callBooked() {
	switch {
	case !r.hasCalls():
	case r.e.Start.IsZero():
		r.refuse(Refusal{Because: CallWithoutTime, Rule: "calls"})
	case r.mayHaveCall() && r.isOpenFor(r.e.Start):
		r.bookCall()
	}
}

func (r *reaction) bookCall() {
	r.setFact("call.time", r.e.Start)
	r.setFact("call.host", r.host())
	r.setFact("call.result", "") // of the call before
	r.setFact("call.outcome", "")
	r.t.Memory.Unwritten = false
	r.planCall()
	r.judge("call_offer")
	r.startTarget("call_after_booking")
	r.followMove()
	r.startPhase("call_booked")
}

// mayHaveCall refuses a call to whom the policy sells none (S0-11, S0-12). It is asked when booking only: a promised call is
// kept (A30). Where nobody has said whether the customer pays for calls, the call is booked and somebody is asked to find
// out; and an agent may make an exception, which is noted.
func (r *reaction) mayHaveCall() bool {
	plan, has, known := r.callPlan()
	exception, _ := r.facts()("call.exception")
	switch {
	case has:
	case exception == true:
		r.under("calls.for_plans", r.at, func() {
			r.add(Entry{Kind: IsNote, Says: "The call is an exception: the customer does not have " + plan + "."})
		})
	case known:
		r.refuse(Refusal{Because: NoPlan, Rule: "calls.for_plans", About: plan})
		return false
	default:
		r.under("calls.for_plans", r.at, func() {
			r.add(Entry{Kind: IsTask, Says: "Find out whether the customer has " + plan + "; nobody has said so.", To: address(r.t.Assignee)})
		})
	}
	return true
}

// callPlan says which plans have calls, whether the customer has one of them, and whether anything is known about that.
func (r *reaction) callPlan() (plans string, has, known bool) {
	ids := r.p.Doc.Calls.ForPlans
	if len(ids) == 0 {
		return "", true, false // calls are for everybody
	}
	for _, id := range ids {
		plan, _ := find(r.p.Doc.Plans, func(p Plan) bool { return p.ID == id })
		has = has || plan.HoldsWhen.Holds(r.facts())
		known = known || anySaid(plan.HoldsWhen, r.facts())
	}
	return either(r.p.planLabels(ids)), has, known
}

// MayBookCalls reports whether a customer of whom these facts are known may book a call alone. Whoever sells calls does not
// give them away for want of a record; an agent still may (S0-11).
func (p *Policy) MayBookCalls(facts Facts) bool {
	if p.Doc.Calls == nil {
		return false
	}
	r := reaction{p: p, look: facts}
	_, has, _ := r.callPlan()
	return has
}

// WhyNoCall is why a customer of whom these facts are known may not book a call alone, in words; "" when they may.
func (p *Policy) WhyNoCall(facts Facts) string {
	if p.Doc.Calls == nil {
		return Refusal{Because: NoCalls}.Sentence()
	}
	r := reaction{p: p, look: facts}
	if plans, has, _ := r.callPlan(); !has {
		return "Calls are part of " + plans + ", which is not on your account. We help you in this ticket."
	}
	return ""
}

// CallPlanMissing is the same for whoever works at the desk.
func (p *Policy) CallPlanMissing(facts Facts) string {
	r := reaction{p: p, look: facts}
	if p.Doc.Calls == nil {
		return ""
	}
	if plans, has, _ := r.callPlan(); !has {
		return Refusal{Because: NoPlan, About: plans}.Sentence()
	}
	return ""
}

// CallLength is how long a call is unless somebody chooses otherwise, and how long the policy waits after one; 0 where it does
// not say.
func (p *Policy) CallLength() (length, gap time.Duration) {
	if p.Doc.Calls == nil {
		return 0, 0
	}
	return p.callLength(), minutesOr(p.Doc.Calls.GapAfter, 0)
}

// CallLengths are the lengths a call can have, the usual one first.
func (p *Policy) CallLengths() (all []time.Duration) {
	if p.Doc.Calls == nil {
		return nil
	}
	all = append(all, p.callLength())
	for _, d := range p.Doc.Calls.Lengths {
		if length := minutesOf(d); !slices.Contains(all, length) {
			all = append(all, length)
		}
	}
	return all
}

// CallKinds are the kinds of tickets that ask for a call: those whose phases lead through one.
func (p *Policy) CallKinds() (kinds []string) {
	for _, id := range p.Kinds() {
		t := p.Doc.Trackers[p.Doc.Kinds[id].Tracker]
		if p.Doc.Calls != nil && slices.ContainsFunc(t.Phases, func(one Phase) bool { return one.StartsOn == string(ticket.CallBooked) }) {
			kinds = append(kinds, id)
		}
	}
	return kinds
}

// WantsCall reports whether a ticket waits for the time of a call: its customer wants one, none is booked, and nobody has decided to
// solve it in writing or talked about it already.
func (p *Policy) WantsCall(t ticket.Ticket) bool {
	if p.Doc.Calls == nil || !t.Memory.Call.IsZero() || t.Category == ticket.Solved || t.Category == ticket.Closed || p.hadCall(t) {
		return false
	}
	r := reaction{p: p, t: t}
	if _, has, known := r.callPlan(); known && !has {
		return false // it is answered in writing, like any other (S0-11)
	}
	tracker := p.Doc.Trackers[t.Memory.Phase.Tracker]
	now := tracker.phase(t.Memory.Phase.ID)
	return now < 0 || tracker.Phases[now].StartsOn == "ticket_created"
}

// hadCall reports whether the last call of a ticket took place.
func (p *Policy) hadCall(t ticket.Ticket) bool {
	said, _ := t.Facts["call.outcome"].(string)
	outcome, known := find(p.Doc.Calls.Outcomes, func(o CallOutcome) bool { return o.ID == said })
	return t.Memory.Unwritten || known && !outcome.NoShow
}

// CallZone is the zone in which the company tells the times of calls.
func (p *Policy) CallZone() *time.Location {
	if p.Doc.Calls != nil {
		if hours, err := p.Calendar(p.Doc.Calls.Calendar); err == nil {
			return hours.Zone
		}
	}
	return p.Zone
}

// isOpenFor refuses a call that does not begin and end within the hours of calls (S0-22).
func (r *reaction) isOpenFor(start time.Time) bool {
	hours := r.calendar(r.p.Doc.Calls.Calendar, businessDay)
	if r.p.Doc.Calls.Calendar == "" && len(r.p.Calendars) != 1 {
		return true
	}
	now := hours.At(start)
	if now.Open && (now.Until.IsZero() || !start.Add(cmp.Or(r.e.Length, r.p.callLength())).After(now.Until)) {
		return true
	}
	f := Refusal{Because: NoCallsThen, Rule: "calls.calendar", About: r.local(start), Until: now.Why}
	if now.Open {
		f.Until = "the call would not end by closing, " + r.local(now.Until)
	}
	r.refuse(f)
	return false
}

// callLength is how long a call is unless somebody chooses otherwise.
func (p *Policy) callLength() time.Duration {
	if d := p.Doc.Calls.DefaultLength; d != nil {
		return minutesOf(*d)
	}
	if lengths := p.Doc.Calls.Lengths; len(lengths) > 0 {
		return minutesOf(lengths[0])
	}
	return 0
}

// minutesOf is a length of minutes or hours.
func minutesOf(d calendar.Duration) time.Duration {
	if d.Unit == calendar.Hours {
		return time.Duration(d.N) * time.Hour
	}
	return time.Duration(d.N) * time.Minute
}

// host is whoever was named, else whoever has the ticket.
func (r *reaction) host() string {
	if r.e.Host != "" {
		return r.e.Host
	}
	return address(r.t.Assignee)
}

func (r *reaction) followMove() {
	if m, ok := r.move(""); ok {
		r.follow(m)
	}
}

func (r *reaction) callMoved() {
	switch {
	case !r.hasCalls():
	case r.t.Memory.Call.IsZero():
		r.refuse(Refusal{Because: NothingToMove, Rule: "calls"})
	case r.e.Start.IsZero():
		r.refuse(Refusal{Because: MoveWithoutTime, Rule: "calls"})
	case r.isOpenFor(r.e.Start):
		r.noteMove()
		r.setFact("call.time", r.e.Start)
		if r.e.Host != "" {
			r.setFact("call.host", r.e.Host)
		}
		r.planCall()
		r.followMove()
	}
}

// noteMove writes down what changes of a call: its time, who has it, or both.
func (r *reaction) noteMove() {
	if !r.e.Start.Equal(r.t.Memory.Call) {
		r.add(Entry{Kind: IsNote, Says: "The call moves from " + r.local(r.t.Memory.Call) + " to " + r.local(r.e.Start) + "."})
	}
	if r.e.Host != "" {
		r.add(Entry{Kind: IsNote, Says: "The call of " + r.local(r.e.Start) + " goes to " + r.e.Host + "."})
	}
}

// planCall sets the call and its reminders; those whose time has passed are left out.
func (r *reaction) planCall() {
	r.t.Memory.Call = r.e.Start
	r.t.Memory.Reminders = r.t.Memory.Reminders[:0]
	for _, before := range r.p.Doc.Calls.Reminders {
		at := r.before(r.e.Start, before)
		if at.After(r.at) {
			r.t.Memory.Reminders = append(r.t.Memory.Reminders, promise.Timer{Rule: before.String(), Anchor: r.e.Start, At: at})
		}
	}
	slices.SortFunc(r.t.Memory.Reminders, func(a, b promise.Timer) int { return a.At.Compare(b.At) })
}

// before counts back: hours and minutes exactly, days at the same clock time.
func (r *reaction) before(start time.Time, d calendar.Duration) time.Time {
	zone := r.calendar(r.p.Doc.Calls.Calendar, calendar.Duration{Unit: calendar.Hours}).Zone
	switch d.Unit {
	case calendar.Days:
		local := start.In(zone)
		return calendar.Resolve(calendar.DateOf(start, zone).Plus(-d.N), calendar.ClockOf(local.Hour(), local.Minute()), zone).UTC()
	case calendar.Hours:
		return start.Add(-time.Duration(d.N) * time.Hour)
	}
	return start.Add(-time.Duration(d.N) * time.Minute)
}

func (r *reaction) remind(i int) {
	t := r.t.Memory.Reminders[i]
	r.t.Memory.Reminders = slices.Delete(r.t.Memory.Reminders, i, i+1)
	r.under("calls.reminders."+t.Rule, t.Anchor, func() { r.add(Entry{Kind: IsReminder, To: "requester", Due: t.Anchor}) })
}

// callEnded does what the outcome says.
func (r *reaction) callEnded() {
	if r.overCall() || !r.hasCalls() {
		return
	}
	outcome, known := find(r.p.Doc.Calls.Outcomes, func(o CallOutcome) bool { return o.ID == r.e.Outcome })
	switch {
	case !known && r.e.Outcome != "":
		r.refuse(Refusal{Because: NoSuchOutcome, Rule: "calls.outcomes", About: inQuotes(r.e.Outcome)})
	case r.hasWaited(&outcome):
		r.finishCall(&outcome)
	}
}

// finishCall does what the end of a call means, and then what its outcome says; an outcome that nobody has said does nothing.
func (r *reaction) finishCall(o *CallOutcome) {
	if o.ID != "" {
		r.setFact("call.outcome", o.ID)
	}
	r.t.Memory.Unwritten = slices.Contains(r.p.Doc.Calls.Record, "result") && !o.NoShow
	r.endCall()
	r.judge("call_after_booking")
	r.followMove()
	if o.NoShow {
		r.backFromCall()
	} else {
		r.startPhase("call_ended")
	}
	r.under("calls.outcomes."+o.ID, r.at, func() { r.do(o.Do) })
}

// callWritten does what the outcome of an ended call says when its record is complete at last (S0-15). One that was said when the call
// ended was done then.
func (r *reaction) callWritten(before map[string]any) {
	if r.locked() || r.refused() || !r.t.Memory.Unwritten || !r.supplied("call.result") || !r.supplied("call.outcome") {
		return
	}
	r.t.Memory.Unwritten = false
	said := r.t.Facts["call.outcome"]
	outcome, known := find(r.p.Doc.Calls.Outcomes, func(o CallOutcome) bool { return o.ID == said })
	if !known || before["call.outcome"] == said {
		return
	}
	if outcome.NoShow {
		r.backFromCall()
	}
	r.under("calls.outcomes."+outcome.ID, r.at, func() { r.do(outcome.Do) })
}

// hasWaited refuses to give a customer up before the policy does (S0-21).
func (r *reaction) hasWaited(o *CallOutcome) bool {
	wait := r.p.Doc.Calls.NoShowAfter
	if !o.NoShow || wait == nil || r.t.Memory.Call.IsZero() {
		return true
	}
	if from := r.t.Memory.Call.Add(minutesOf(*wait)); r.at.Before(from) {
		r.refuse(Refusal{Because: TooEarly, Rule: "calls.no_show_after", About: "“" + o.Label + "”", Until: r.clockSays(from)})
	}
	return !r.refused()
}

// keepsCall cancels a booked call whose plan has ended, where the policy says so; otherwise a promised call is kept (S0-13).
func (r *reaction) keepsCall() {
	if r.p.Doc.Calls == nil || r.p.Doc.Calls.IfPlanEnds != "cancel" || r.t.Memory.Call.IsZero() {
		return
	}
	if plan, has, known := r.callPlan(); known && !has {
		r.under("calls.if_plan_ends", r.at, func() {
			r.endCall()
			r.reopenFromCall()
			r.add(Entry{Kind: IsTask, Says: "Tell the customer that the call does not take place: " + plan + " has ended.", To: address(r.t.Assignee)})
		})
	}
}

func (r *reaction) endCall() {
	r.t.Memory.Call, r.t.Memory.Reminders = zero, nil
}

// dropCall calls off what was still to come when its ticket closed. A call whose time has passed stays until somebody says how it
// went, because it may have taken place; nobody is reminded of it.
func (r *reaction) dropCall() {
	call := r.t.Memory.Call
	r.t.Memory.Reminders = nil
	if !call.After(r.at) {
		return
	}
	r.endCall()
	r.under("calls", r.at, func() {
		r.add(Entry{Kind: IsNote, Says: "The call of " + r.local(call) + " does not take place: the ticket was closed."})
	})
}

// overCall ends or calls off the call that a closed ticket still has, and reports whether there was one. Nothing else happens: such
// a ticket is nobody's work any more.
func (r *reaction) overCall() bool {
	over := r.locked() && !r.t.Memory.Call.IsZero()
	if over {
		r.endCall()
	}
	return over
}

// callCancelled makes the ticket somebody's work again (S0-18).
func (r *reaction) callCancelled() {
	if r.overCall() || !r.hasCalls() {
		return
	}
	if r.t.Memory.Call.IsZero() {
		r.refuse(Refusal{Because: NothingToCancel, Rule: "calls"})
		return
	}
	r.endCall()
	if _, ok := r.move(""); ok {
		r.followMove()
	} else {
		r.reopenFromCall()
	}
	r.backFromCall()
	if !slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Kind == IsTask }) {
		r.add(Entry{Kind: IsTask, Says: "Find a new time for the call.", To: address(r.t.Assignee)})
	}
}

// reopenFromCall makes a ticket that only waited for its call somebody's turn again.
func (r *reaction) reopenFromCall() {
	if open := r.p.stateOf(ticket.Open); open != "" && r.t.Category == ticket.Hold {
		r.enter(open)
	}
}

// backFromCall takes the tracker back to where a request begins, when the call it waited for did not take place.
func (r *reaction) backFromCall() {
	t := r.tracker()
	if t == nil {
		return
	}
	now := t.phase(r.t.Memory.Phase.ID)
	first := slices.IndexFunc(t.Phases, func(p Phase) bool { return p.StartsOn == "ticket_created" })
	if now >= 0 && first >= 0 && t.Phases[now].StartsOn == string(ticket.CallBooked) {
		r.enterPhase(t, first)
	}
}

// stateOf is the first state of a category in the order of the file.
func (p *Policy) stateOf(c ticket.Category) string {
	for _, id := range p.States() {
		if p.Category(id) == c {
			return id
		}
	}
	return ""
}
