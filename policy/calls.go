package policy

import (
	"slices"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Calls: what a booked call does to its ticket (seed 000). Which times are free is for another word to say.

func (r *reaction) hasCalls() bool {
	if r.p.Doc.Calls == nil {
		r.refuse("This policy has no calls.")
	}
	return r.p.Doc.Calls != nil && r.mustBeOpen()
}

func (r *reaction) callBooked() {
	if !r.hasCalls() {
		return
	}
	if r.e.Start.IsZero() {
		r.refuse("A call needs the time when it begins.")
		return
	}
	r.setFact("call.time", r.e.Start)
	r.setFact("call.host", r.host())
	r.planCall()
	r.judge("call_offer")
	r.startTarget("call_after_booking")
	r.followMove()
	r.startPhase("call_booked")
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
		r.enter(m.To)
		r.do(m.Do)
	}
}

func (r *reaction) callMoved() {
	switch {
	case !r.hasCalls():
	case r.t.Memory.Call.IsZero():
		r.refuse("No call is booked that could be moved.")
	case r.e.Start.IsZero():
		r.refuse("Moving a call needs the new time.")
	default:
		r.planCall()
		r.followMove()
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
	if !r.hasCalls() {
		return
	}
	outcomes := r.p.Doc.Calls.Outcomes
	i := slices.IndexFunc(outcomes, func(o CallOutcome) bool { return o.ID == r.e.Outcome })
	if i < 0 && r.e.Outcome != "" {
		r.refuse("There is no outcome %q of a call.", r.e.Outcome)
		return
	}
	r.endCall()
	r.judge("call_after_booking")
	r.followMove()
	r.startPhase("call_ended")
	if i >= 0 {
		r.under("calls.outcomes."+r.e.Outcome, r.at, func() { r.do(outcomes[i].Do) })
	}
}

func (r *reaction) endCall() {
	r.t.Memory.Call, r.t.Memory.Reminders = zero, nil
}

// callCancelled makes the ticket somebody's work again (S0-18).
func (r *reaction) callCancelled() {
	if !r.hasCalls() {
		return
	}
	if r.t.Memory.Call.IsZero() {
		r.refuse("No call is booked that could be cancelled.")
		return
	}
	r.endCall()
	if _, ok := r.move(""); ok {
		r.followMove()
	} else if open := r.p.stateOf(ticket.Open); open != "" && r.t.Category == ticket.Hold {
		r.enter(open)
	}
	r.add(Entry{Kind: IsTask, Says: "Find a new time for the call.", To: address(r.t.Assignee)})
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
