package policy

import (
	"slices"
	"time"

	"hark/promise"
	"hark/ticket"
)

// Timers: what happens by itself while a ticket stays in a state. They are planned on entering it, counted from then or
// from the last message of an agent in it, never from each other (A2), and end with it.

var zero time.Time

// late is how far behind its instant a timer may act before the delay is the customer's concern.
const late = time.Minute

func (p *Policy) timer(id string) *Timer {
	i := slices.IndexFunc(p.Doc.Lifecycle.Timers, func(t Timer) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Doc.Lifecycle.Timers[i]
}

// leadsTo is the state that the timer brings the ticket into, "" when it leaves it where it is.
func (t *Timer) leadsTo() string {
	if t == nil {
		return ""
	}
	for i := range t.Do {
		if t.Do[i].Status != "" {
			return t.Do[i].Status
		}
	}
	return ""
}

// warns reports whether the timer writes to the customer and leaves the state as it is.
func (t *Timer) warns() bool {
	return t != nil && t.leadsTo() == "" && slices.ContainsFunc(t.Do, func(a Action) bool { return a.Send != "" })
}

// planTimers plans the timers of the state just entered and forgets those of the old one.
func (r *reaction) planTimers() {
	r.t.Memory.Acted = nil
	r.planAll()
}

func (r *reaction) planAll() {
	r.t.Memory.Timers = r.t.Memory.Timers[:0]
	for i := range r.p.Doc.Lifecycle.Timers {
		r.planTimer(&r.p.Doc.Lifecycle.Timers[i])
	}
	r.sortTimers()
}

func (r *reaction) planTimer(rule *Timer) {
	if rule.In != r.t.State || !r.holds(rule.When) {
		return
	}
	anchor := r.anchorOf(rule)
	at, err := r.calendar(rule.Calendar, rule.After).Add(anchor, rule.After)
	if err != nil {
		r.add(Entry{Kind: IsTask, Says: "The timer " + rule.ID + " cannot be planned: " + err.Error()})
		return
	}
	t := promise.Timer{Rule: rule.ID, Anchor: anchor, At: at.UTC()}
	r.waitForOpening(rule, &t)
	r.t.Memory.Timers = append(r.t.Memory.Timers, t)
}

// waitForOpening lets a timer that is delivered in opening hours wait for them.
func (r *reaction) waitForOpening(rule *Timer, t *promise.Timer) {
	if rule.DeliverIn == "" {
		return
	}
	if now := r.calendar(rule.DeliverIn, businessDay).At(t.At); !now.Open && !now.Until.IsZero() {
		t.At, t.Why = now.Until.UTC(), "nobody is there at "+r.local(t.At)+" ("+now.Why+"), so it waits until "+r.local(now.Until)
	}
}

// sortTimers puts the soonest first; timers of one instant keep the order of the file, in which they act.
func (r *reaction) sortTimers() {
	slices.SortStableFunc(r.t.Memory.Timers, func(a, b promise.Timer) int { return a.At.Compare(b.At) })
}

// anchorOf is the last question asked in this state, or, when there was none, the moment it was entered.
func (r *reaction) anchorOf(rule *Timer) time.Time {
	m := &r.t.Memory
	if rule.Since == "last_agent_message" && !m.LastAgentMessage.Before(m.Entered) {
		return m.LastAgentMessage
	}
	return m.Entered
}

// askedAgain gives the question just asked its own full set of waits (A3); what counts from entering the state goes on.
func (r *reaction) askedAgain() {
	r.questionAnswered()
	var acted []string
	for _, id := range r.t.Memory.Acted {
		if rule := r.p.timer(id); rule != nil && rule.Since != "last_agent_message" {
			acted = append(acted, id)
		}
	}
	r.t.Memory.Acted = acted
	for i := range r.p.Doc.Lifecycle.Timers {
		if rule := &r.p.Doc.Lifecycle.Timers[i]; rule.Since == "last_agent_message" {
			r.planTimer(rule)
		}
	}
	r.sortTimers()
}

// questionAnswered ends the waits for an answer of a ticket that has not changed its state.
func (r *reaction) questionAnswered() {
	r.t.Memory.Timers = slices.DeleteFunc(r.t.Memory.Timers, func(t promise.Timer) bool {
		rule := r.p.timer(t.Rule)
		return rule == nil || rule.Since == "last_agent_message"
	})
}

// replanTimers derives every timer again, drops those whose condition no longer holds and adds those whose condition now
// does, unless they have acted or their instant has passed.
func (r *reaction) replanTimers() {
	old := slices.Clone(r.t.Memory.Timers)
	r.planAll()
	r.t.Memory.Timers = slices.DeleteFunc(r.t.Memory.Timers, func(t promise.Timer) bool {
		return counterpart(old, t) < 0 && (!t.At.After(r.at) || slices.Contains(r.t.Memory.Acted, t.Rule))
	})
	for i := range r.t.Memory.Timers {
		if j := counterpart(old, r.t.Memory.Timers[i]); j >= 0 && old[j].Delay > 0 {
			r.moveTimer(i, old[j].Delay, old[j].Why)
		}
	}
	r.sortTimers()
}

// counterpart finds the timer of the same rule and anchor.
func counterpart(old []promise.Timer, t promise.Timer) int {
	return slices.IndexFunc(old, func(o promise.Timer) bool { return o.Rule == t.Rule && o.Anchor.Equal(t.Anchor) })
}

// fire lets timer i act, at its planned instant. A warning that comes more than a minute late is not sent in a burst
// with others, and what follows it keeps its distance (S2-28).
func (r *reaction) fire(i int) {
	t := r.t.Memory.Timers[i]
	r.t.Memory.Timers = slices.Delete(r.t.Memory.Timers, i, i+1)
	rule := r.p.timer(t.Rule)
	if rule == nil {
		return // the policy that knew it is gone
	}
	r.t.Memory.Acted = append(r.t.Memory.Acted, t.Rule)
	r.rule, r.anchor = "lifecycle.timers."+t.Rule, t.Anchor
	if delay := r.now.Sub(t.At); rule.warns() && delay > late {
		r.fireLate(rule, t, delay)
		return
	}
	r.act(rule)
}

func (r *reaction) fireLate(rule *Timer, t promise.Timer, delay time.Duration) {
	r.at = r.now
	why := "moved because " + rule.ID + " went out late"
	switch {
	case r.e.Kind == ticket.CustomerReplies:
		r.skip(rule, "the customer had answered before it could be sent")
		r.delay(delay, why, func(t promise.Timer) bool { return !t.At.After(r.now) && !r.p.timer(t.Rule).warns() })
	case r.overtaken():
		r.skip(rule, "it was due at "+r.local(t.At)+" and a later one is due as well")
	default: // what follows is counted from the one that is sent
		r.act(rule)
		r.delay(delay, why, func(promise.Timer) bool { return true })
	}
}

func (r *reaction) skip(rule *Timer, why string) {
	r.add(Entry{Kind: IsSkipped, Message: rule.Do[0].Send, Why: rule.ID + " skipped: " + why})
}

// overtaken reports whether another warning is overdue before anything else would happen.
func (r *reaction) overtaken() bool {
	if len(r.t.Memory.Timers) == 0 || r.t.Memory.Timers[0].At.After(r.e.At) {
		return false
	}
	return r.p.timer(r.t.Memory.Timers[0].Rule).warns()
}

// delay moves timers of the state.
func (r *reaction) delay(by time.Duration, why string, which func(promise.Timer) bool) {
	for i := range r.t.Memory.Timers {
		if which(r.t.Memory.Timers[i]) {
			r.moveTimer(i, by, why)
		}
	}
	r.sortTimers()
}

// act does what the timer says, and remembers what a closing closed, in case a reply turns out to have been in time.
func (r *reaction) act(rule *Timer) {
	was := ticket.Reopen{At: r.at, State: r.t.State, Tags: r.t.Tags}
	wasLocked := r.locked()
	r.do(rule.Do)
	if r.locked() && !wasLocked {
		r.t.Memory.ClosedBefore = &was
	}
}

func (r *reaction) local(t time.Time) string { return t.In(r.p.Zone).Format(whenFormat) }
