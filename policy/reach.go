package policy

import (
	"cmp"
	"time"
)

// Reach: whether our mail gets to the customer at all. Nobody is closed for not answering a question they never got.

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
	r.add(Entry{Kind: IsTask, To: address(r.t.Assignee), Says: "Mail does not reach the customer: " + why + ". Nothing more happens by itself until the address changes or you resume the timers."})
	if r.t.Memory.Unreachable.IsZero() {
		r.t.Memory.Unreachable = r.at
	}
}

func (r *reaction) timersResumed() {
	if r.mustBeOpen() {
		r.resume("an agent resumed the timers")
	}
}

// resume lets the timers go on; each keeps the distance it had when they stopped.
func (r *reaction) resume(why string) {
	since := r.t.Memory.Unreachable
	if since.IsZero() {
		return
	}
	r.t.Memory.Unreachable = zero
	for i := range r.t.Memory.Timers {
		stood := r.at.Sub(later(since, r.t.Memory.Timers[i].Anchor))
		r.moveTimer(i, stood, "moved because mail did not reach the customer; "+why)
	}
}

func (r *reaction) moveTimer(i int, by time.Duration, why string) {
	t := &r.t.Memory.Timers[i]
	t.At, t.Delay, t.Why = t.At.Add(by), t.Delay+by, why
}
