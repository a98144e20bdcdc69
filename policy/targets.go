package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Targets: answers that are measured. Of all targets with one measure the first whose condition holds counts. Only a
// public message by a person answers; our own acknowledgements do not (S3-18).

// allowed is the time a target gives: the exact rule, or else the upper end of what people are told to expect.
func (t *Target) allowed() (d calendar.Duration, ok bool) {
	switch {
	case t.Within != nil:
		return *t.Within, true
	case t.Expect != nil && t.Expect.To != nil:
		return *t.Expect.To, true
	}
	return d, false
}

func (p *Policy) target(id string) *Target {
	i := slices.IndexFunc(p.Doc.Targets, func(t Target) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Doc.Targets[i]
}

// targetFor finds the rule that counts for a measure now.
func (r *reaction) targetFor(measure string) *Target {
	for i := range r.p.Doc.Targets {
		t := &r.p.Doc.Targets[i]
		if _, timed := t.allowed(); t.Measure == measure && r.holds(t.When) {
			if !timed {
				return nil
			}
			return t
		}
	}
	return nil
}

// running finds the target of a measure that is not answered yet.
func (r *reaction) running(measure string) int {
	return slices.IndexFunc(r.t.Memory.Targets, func(t promise.Target) bool { return t.Measure == measure && t.Done.IsZero() })
}

// startTarget starts what these measures promise, unless it is running.
func (r *reaction) startTarget(measures ...string) {
	for _, measure := range measures {
		r.startTargetAt(measure, r.at)
	}
}

func (r *reaction) startTargetAt(measure string, since time.Time) {
	rule := r.targetFor(measure)
	if rule == nil || r.running(measure) >= 0 || r.done() && measure == "update" {
		return
	}
	t := promise.Target{Rule: rule.ID, Measure: measure, Strength: promise.Strength(rule.Strength), Started: since, State: promise.Running, Policy: r.t.Policy}
	if slices.Contains(rule.PauseIn, r.t.State) {
		t.State, t.Paused = promise.Paused, r.at
	}
	if r.derive(rule, &t) {
		r.t.Memory.Targets = append(r.t.Memory.Targets, t)
		r.tellDue(&t)
	}
}

// derive works out when the target is due, and when it turns amber, from rule, start and the time it stood still.
func (r *reaction) derive(rule *Target, t *promise.Target) bool {
	d, _ := rule.allowed()
	c := clock{r.calendar(rule.Calendar, d), counts(d)}
	var steps calendar.Steps // explaining counts as well, so a new target is counted once
	var at time.Time
	var err error
	if t.Why == "" {
		at, steps, err = c.Explain(t.Started, d)
	} else {
		at, err = c.Add(t.Started, d)
	}
	if err != nil {
		r.add(Entry{Kind: IsTask, Says: "The target " + rule.ID + " cannot be planned: " + err.Error()})
		return false
	}
	was := t.Due
	t.Due, t.Warn = c.after(at, t.Stood), time.Time{}
	if share := percent(rule.WarnAt); share > 0 {
		t.Warn = c.after(c.after(t.Started, c.spent(t.Started, at)*time.Duration(share)/100), t.Stood)
	}
	t.Warned = t.Warned && !t.Warn.After(r.at)
	if t.Why == "" || !was.Equal(t.Due) {
		if steps == nil {
			_, steps, _ = c.Explain(t.Started, d)
		}
		t.Why = r.whyDue(rule, t, steps.Sentence(began[t.Measure]), c.Zone)
	}
	return true
}

var (
	began    = map[string]string{"first_reply": "You wrote", "next_reply": "You wrote", "update": "We wrote", "resolution": "You wrote", "call_offer": "You wrote", "call_after_booking": "You booked"}
	answered = map[string]string{"first_reply": "Answer", "next_reply": "Answer", "update": "Update", "resolution": "Solution", "call_offer": "Offer of a call", "call_after_booking": "Call"}
	meant    = map[promise.Strength]string{promise.Promise: "promised by", promise.Aim: "aimed at by", promise.Usual: "usual by", promise.Unstated: "meant by", "": "usual by"}
)

// whyDue is the whole explanation of a due time, as people read it.
func (r *reaction) whyDue(rule *Target, t *promise.Target, steps string, zone *time.Location) string {
	var b strings.Builder
	b.Grow(256)
	for _, part := range []string{answered[t.Measure], " ", meant[t.Strength], " ", t.Due.In(zone).Format(whenFormat), ". ", steps} {
		b.WriteString(part)
	}
	if t.Stood > 0 {
		fmt.Fprintf(&b, " While the ticket waited for you the clock stood still for %s.", lasts(t.Stood))
	}
	b.WriteByte(' ')
	b.WriteString(r.p.cites("targets."+rule.ID, r.p.ToldIn("targets."+rule.ID)))
	return b.String()
}

func (r *reaction) tellDue(t *promise.Target) {
	r.under("targets."+t.Rule, t.Started, func() {
		r.add(Entry{Kind: IsDue, Target: t.Rule, Due: t.Due, Warn: t.Warn, Strength: t.Strength, State: string(t.State), Why: t.Why})
	})
}

// answerTargets judges what a public message by a person answers.
// An update begins anew with every one that is sent (S3-15), and nobody needs a line about the one before.
func (r *reaction) answerTargets() {
	r.judge("first_reply", "next_reply")
	if i := r.running("update"); i >= 0 {
		r.conclude(&r.t.Memory.Targets[i])
	}
}

func (r *reaction) resolveTargets() {
	r.judge("resolution")
	r.leaveOut("the ticket was solved, and nothing more is to be told", func(t *promise.Target) bool { return t.Measure == "update" })
}

// judge says kept or missed. The due instant itself is in time; what stands still is in time.
func (r *reaction) judge(measures ...string) {
	for _, measure := range measures {
		i := r.running(measure)
		if i < 0 {
			continue
		}
		t := &r.t.Memory.Targets[i]
		wasMissed := t.State == promise.Missed
		r.conclude(t)
		if !wasMissed {
			r.tellDue(t)
		}
	}
}

// conclude ends a target with an answer, late or not.
func (r *reaction) conclude(t *promise.Target) {
	late := t.State == promise.Missed || t.Paused.IsZero() && r.at.After(t.Due)
	if t.State, t.Done = promise.Kept, r.at; late {
		t.State = promise.Missed
	}
	t.Paused = time.Time{}
}

// leaveOut ends targets that can neither be kept nor missed any more. They stay in memory with the reason, because what was
// promised once is not forgotten.
func (r *reaction) leaveOut(why string, which func(*promise.Target) bool) {
	for i := range r.t.Memory.Targets {
		t := &r.t.Memory.Targets[i]
		if !t.Done.IsZero() || !which(t) {
			continue
		}
		if t.Done, t.Paused = r.at, zero; t.State != promise.Missed {
			t.State, t.Left = promise.Excluded, why
		}
	}
}

// pauseTargets stops and starts the clocks of the targets that stand still in some states.
func (r *reaction) pauseTargets() {
	for i := range r.t.Memory.Targets {
		t := &r.t.Memory.Targets[i]
		rule := r.p.target(t.Rule)
		if rule == nil {
			continue
		}
		stands := slices.Contains(rule.PauseIn, r.t.State)
		switch {
		case t.State == promise.Running && stands:
			t.State, t.Paused = promise.Paused, r.at
			r.tellDue(t)
		case t.State == promise.Paused && !stands:
			r.goOn(rule, t, t.Paused)
		}
	}
}

// goOn moves the due time by the time that the target stood still since an instant.
func (r *reaction) goOn(rule *Target, t *promise.Target, since time.Time) {
	d, _ := rule.allowed()
	c := clock{r.calendar(rule.Calendar, d), counts(d)}
	t.Stood += c.spent(since, r.at)
	t.State, t.Paused = promise.Running, time.Time{}
	if r.derive(rule, t) {
		r.tellDue(t)
	}
}

// reopenTargets goes on with the promise of a solution when the ticket was not solved after all.
func (r *reaction) reopenTargets() {
	for i := range r.t.Memory.Targets {
		t := &r.t.Memory.Targets[i]
		if rule := r.p.target(t.Rule); rule != nil && t.Measure == "resolution" && t.State == promise.Kept {
			since := t.Done
			t.Done = time.Time{}
			r.goOn(rule, t, since)
		}
	}
}

// reconsiderTargets looks whether another rule counts now, or the same one leads elsewhere, for instance because the
// customer's region has been corrected.
func (r *reaction) reconsiderTargets() {
	for i := range r.t.Memory.Targets {
		t := &r.t.Memory.Targets[i]
		if rule := r.targetFor(t.Measure); rule != nil && t.Done.IsZero() {
			r.rederive(rule, t)
		}
	}
	r.leaveOut("no rule asks for it any more", func(t *promise.Target) bool { return r.targetFor(t.Measure) == nil })
	r.startUnpromised()
}

func (r *reaction) rederive(rule *Target, t *promise.Target) {
	was := *t
	if t.Rule != rule.ID {
		t.Why = "" // a sentence about the other rule
	}
	t.Rule, t.Strength, t.Policy = rule.ID, promise.Strength(rule.Strength), r.t.Policy
	if t.State == promise.Missed {
		t.State = promise.Running
	}
	if !r.derive(rule, t) || t.Rule == was.Rule && t.Due.Equal(was.Due) {
		t.State = was.State
		return
	}
	r.tellDue(t)
}

// startUnpromised starts a first reply that no rule asked for before the kind was known. Nobody here promised one on a ticket that
// began elsewhere.
func (r *reaction) startUnpromised() {
	if r.t.Channel != ticket.ViaImport && r.t.Memory.FirstReply.IsZero() && !r.t.Created.IsZero() && r.running("first_reply") < 0 {
		r.startTargetAt("first_reply", r.t.Created)
	}
}

// warn turns a target amber.
func (r *reaction) warn(i int) {
	t := &r.t.Memory.Targets[i]
	t.Warned = true
	if rule := r.p.target(t.Rule); rule != nil {
		r.under("targets."+t.Rule, t.Started, func() { r.do(rule.OnWarn) })
	}
}

// miss notes that the due time has passed. The target stays open: a late answer is still an answer.
func (r *reaction) miss(i int) {
	t := &r.t.Memory.Targets[i]
	t.State, t.Warned = promise.Missed, true
	missed := *t
	r.at = missed.Due
	r.tellDue(&missed)
	rule := r.p.target(missed.Rule)
	if rule == nil {
		return
	}
	r.under("targets."+missed.Rule, missed.Started, func() {
		r.add(Entry{Kind: IsOverdue, Target: missed.Rule, Due: missed.Due, Strength: missed.Strength})
		r.do(rule.OnMiss)
	})
}

// clock measures time the way a duration does: while the desk is open, or always.
type clock struct {
	*calendar.Calendar
	open bool
}

func counts(d calendar.Duration) bool {
	return d.Unit == calendar.BusinessMinutes || d.Unit == calendar.BusinessHours || d.Unit == calendar.BusinessDays
}

func (c clock) spent(from, to time.Time) time.Duration {
	if c.open {
		return c.Between(from, to)
	}
	return to.Sub(from)
}

func (c clock) after(from time.Time, d time.Duration) time.Time {
	if !c.open || d == 0 {
		return from.Add(d).UTC()
	}
	at, err := c.AddOpen(from, d)
	if err != nil {
		return from.Add(d).UTC()
	}
	return at.UTC()
}

func percent(s string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(s, "%"))
	return n
}

// lasts prints a length of time for people: "2 h 15 min".
func lasts(d time.Duration) string {
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}
