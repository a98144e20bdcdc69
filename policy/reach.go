package policy

import (
	"cmp"
	"time"
)

// Reach: whether our mail gets to the customer at all. Nobody is closed for not answering a question they never got; what
// does not wait for their answer goes on.

// bounce stops the timers when mail does not reach the requester for good; a temporary failure changes nothing, and a
// colleague's address only makes a task (S2-30).
func (r *reaction) bounce() {
	if !r.e.Permanent || r.locked() {
		return
	}
	r.rule = "lifecycle.timers"
	why := cmp.Or(r.e.Reason, "it came back")
	if to := r.e.Recipient; to != "" && r.t.Requester.Address != "" && to != r.t.Requester.Address {
		r.add(Entry{Kind: IsTask, To: address(r.t.Assignee), Says: "Mail does not reach " + to + ": " + why + "."})
		return
	}
	if r.t.Memory.Unreachable.IsZero() {
		r.t.Memory.Unreachable = r.at
	}
	r.stopTimers()
	r.add(Entry{Kind: IsTask, To: address(r.t.Assignee), Says: "Mail does not reach the customer: " + why + ". No timer that waits for their answer runs until the address changes or you resume the timers."})
}

// stopTimers lets the timers stand still in states that wait for the customer, as long as mail does not reach them.
func (r *reaction) stopTimers() {
	m := &r.t.Memory
	switch waits := r.state().WaitsOn == "customer" && !m.Unreachable.IsZero(); {
	case !waits:
		m.Stopped = zero
	case m.Stopped.IsZero():
		m.Stopped = r.at
	}
}

func (r *reaction) timersResumed() {
	if r.mustBeOpen() {
		r.resume("an agent resumed the timers")
	}
}

// resume lets the timers go on; each keeps the distance it had when they stopped.
func (r *reaction) resume(why string) {
	since := r.t.Memory.Stopped
	r.t.Memory.Unreachable, r.t.Memory.Stopped = zero, zero
	for i := range r.t.Memory.Timers {
		if !since.IsZero() {
			r.moveTimer(i, r.at.Sub(later(since, r.t.Memory.Timers[i].Anchor)), "moved because mail did not reach the customer; "+why)
		}
	}
}

func (r *reaction) moveTimer(i int, by time.Duration, why string) {
	t := &r.t.Memory.Timers[i]
	t.At, t.Delay, t.Why = t.At.Add(by), t.Delay+by, why
}
