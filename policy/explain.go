package policy

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Explanation is why something happens to a ticket when it does: data first, and the sentence printed from it.
type Explanation struct {
	Rule     string // "lifecycle.timers.reminder-1", "targets.other"
	Does     string // what happens then, in a few words: "First reminder", "closes", "Answer"
	At       time.Time
	Anchor   time.Time         // what it is counted from
	After    calendar.Duration // how far from there
	Delay    time.Duration     // how much later than that, because something stood still or went out late
	Stopped  time.Time         // since when a timer stands still, zero when it runs
	Strength promise.Strength  // of a target, "" for a timer
	State    promise.TargetState
	Told     Told   // where customers read about it
	Sentence string // all of it in words

	owed bool
}

// Owed reports whether this is still to come: every timer is, and a target until somebody has answered.
func (e Explanation) Owed() bool { return e.Strength == "" || e.State == promise.Paused || e.owed }

// Explain says why, for everything that is planned for a ticket: its timers, soonest first, then its targets.
func (p *Policy) Explain(t ticket.Ticket) []Explanation {
	r := p.reaction(t, ticket.Event{}, zero)
	var all []Explanation
	for _, timer := range t.Memory.Timers {
		if rule := p.timer(timer.Rule); rule != nil {
			all = append(all, r.explainTimer(rule, timer))
		}
	}
	for _, target := range t.Memory.Targets {
		if rule := p.target(target.Rule); rule != nil && told(target) {
			all = append(all, r.explainTarget(rule, target))
		}
	}
	return append(append(all, r.explainPhase()...), r.explainLater()...)
}

// told leaves out what nobody asks about afterwards: updates that were sent, and times that came to nothing.
func told(t promise.Target) bool {
	return t.State != promise.Excluded && (t.Done.IsZero() || t.Measure != "update")
}

// explainPhase says until when the phase of a ticket is usual. While the ticket waits for the customer there is no such time.
func (r *reaction) explainPhase() []Explanation {
	t, m := r.tracker(), r.t.Memory.Phase
	if t == nil || t.phase(m.ID) < 0 || m.To.IsZero() || !m.Waiting.IsZero() || !m.Fixed.IsZero() || r.done() {
		return nil
	}
	phase := &t.Phases[t.phase(m.ID)]
	if phase.Expect == nil || phase.Expect.To == nil {
		return nil
	}
	rule := "trackers." + m.Tracker + ".phases." + m.ID
	e := Explanation{Rule: rule, Does: phase.Label, At: m.To, Anchor: m.Entered, After: *phase.Expect.To, Delay: m.Stood, Strength: promise.Usual, State: promise.Running, Told: r.p.ToldIn(rule), owed: true}
	if m.Late {
		e.State = promise.Missed
	}
	e.Sentence = r.phaseSays(e, r.calendar(t.Calendar, e.After))
	return []Explanation{e}
}

func (r *reaction) phaseSays(e Explanation, cal *calendar.Calendar) string {
	parts := []string{e.Does + ": usually until " + e.At.In(cal.Zone).Format(whenFormat) + "."}
	if _, steps, err := cal.Explain(e.Anchor, e.After); err == nil {
		parts = append(parts, steps.Sentence("It began"))
	}
	if e.Delay > 0 {
		parts = append(parts, "While the ticket waited for the customer the clock stood still for "+lasts(e.Delay)+".")
	}
	return inOneLine(append(parts, r.p.cites(e.Rule, e.Told)))
}

// explainLater are the reminders of a booked call and the review of a request that was put off.
func (r *reaction) explainLater() (all []Explanation) {
	m := &r.t.Memory
	for _, t := range m.Reminders {
		before, _ := calendar.ParseDuration(t.Rule)
		says := "Reminder of the call " + r.local(t.At) + ". The call begins " + r.local(t.Anchor) + ", and the reminder goes out " + before.Says() + " before."
		all = append(all, r.explainOther("calls.reminders", "reminder of the call", t, says))
	}
	if !m.Review.At.IsZero() {
		says := "Weighed again " + r.local(m.Review.At) + ", when the next quarterly review begins. It was put off " + r.local(m.Review.Anchor) + "."
		all = append(all, r.explainOther("issues.roadmap", "weighed again", m.Review, says))
	}
	return all
}

func (r *reaction) explainOther(rule, does string, t promise.Timer, says string) Explanation {
	told := r.p.ToldIn(rule)
	return Explanation{Rule: rule, Does: does, At: t.At, Anchor: t.Anchor, Told: told, Sentence: says + " " + r.p.cites(rule, told)}
}

func (r *reaction) explainTimer(rule *Timer, t promise.Timer) Explanation {
	e := Explanation{Rule: "lifecycle.timers." + rule.ID, Does: r.p.does(rule), At: t.At, Anchor: t.Anchor, After: rule.After, Delay: t.Delay}
	e.Told = r.p.ToldIn(e.Rule)
	began := "We asked"
	if rule.Since != "last_agent_message" || !t.Anchor.Equal(r.t.Memory.LastAgentMessage) {
		began = "The ticket became " + r.p.Doc.Lifecycle.States[rule.In].Label
	}
	cal := r.calendar(rule.Calendar, rule.After)
	e.Sentence = upperFirst(e.Does) + " " + e.At.In(cal.Zone).Format(whenFormat) + "."
	if _, steps, err := cal.Explain(t.Anchor, rule.After); err == nil {
		e.Sentence += " " + steps.Sentence(began)
	}
	if e.Stopped = r.t.Memory.Stopped; !e.Stopped.IsZero() {
		e.Sentence += " It has stood still since " + e.Stopped.In(cal.Zone).Format(whenFormat) + ", because mail does not reach the customer."
	}
	if t.Why != "" {
		e.Sentence += " " + upperFirst(t.Why) + "."
	}
	e.Sentence += " " + r.p.cites(e.Rule, e.Told)
	return e
}

func (r *reaction) explainTarget(rule *Target, t promise.Target) Explanation {
	after, _ := rule.allowed()
	name := "targets." + rule.ID
	return Explanation{Rule: name, Does: answered[t.Measure], At: t.Due, Anchor: t.Started, After: after, Delay: t.Stood, Strength: t.Strength, State: t.State, Told: r.p.ToldIn(name), Sentence: t.Why, owed: t.Owed()}
}

// whenFormat is a moment as people read it, in the zone that counts.
const whenFormat = "Mon 2 Jan 15:04"

// cites names the rule behind a time, and where customers read about it.
func (p *Policy) cites(rule string, told Told) string {
	if told.Number == 0 {
		return "Rule: " + rule + ", policy " + p.Version + "."
	}
	return "Rule: " + rule + ", policy " + p.Version + ", page section " + strconv.Itoa(told.Number) + "."
}

// does says what a timer does, in a few words: a state tells more than the message that goes with it.
func (p *Policy) does(rule *Timer) string {
	if to := rule.leadsTo(); to != "" {
		if s := p.Doc.Lifecycle.States[to]; !s.Locked {
			return "becomes " + s.Label
		}
		return "closes"
	}
	for _, a := range rule.Do {
		if a.Send != "" {
			return lowerFirst(cmp.Or(p.Doc.Messages[a.Send].Name, a.Send))
		}
	}
	return rule.ID
}

// Told is where on the pages a rule is told: the page, and the section with its number from 1. Number 0 is nowhere.
type Told struct {
	Page    string
	Number  int
	Section string
}

// ToldIn finds the first block bound to a rule; a block bound to a group of rules, such as "lifecycle.moves", counts
// for each of them.
func (p *Policy) ToldIn(rule string) Told {
	for i := range p.bound {
		if within(rule, p.bound[i].rule) {
			return p.bound[i].told
		}
	}
	return Told{}
}

// bound is a rule, and where a page tells of it.
type bound struct {
	rule string
	told Told
}

func (p *Policy) findBound() (list []bound) {
	for _, id := range p.Pages() {
		for i, section := range p.Doc.Pages[id].Sections {
			for _, block := range section.Blocks {
				for _, rule := range p.standsOn(block) {
					list = append(list, bound{rule, Told{id, i + 1, section.Section}})
				}
			}
		}
	}
	return list
}

func within(rule, bound string) bool {
	return rule == bound || strings.HasPrefix(rule, bound) && rule[len(bound)] == '.'
}

// ClosesAt is when the ticket locks if nothing else happens, zero when it does not.
func (p *Policy) ClosesAt(t ticket.Ticket) time.Time {
	for _, timer := range t.Memory.Timers {
		if rule := p.timer(timer.Rule); rule != nil && p.Doc.Lifecycle.States[rule.leadsTo()].Locked {
			return timer.At
		}
	}
	return zero
}

// NextHappening is the soonest thing that happens to a ticket by itself, and what that is; the zero time when nothing
// does, as long as nobody acts.
func (p *Policy) NextHappening(t ticket.Ticket) (at time.Time, says string) {
	r := p.reaction(t, ticket.Event{}, zero)
	d := r.soonest()
	switch d.what {
	case timerDue:
		if rule := p.timer(t.Memory.Timers[d.i].Rule); rule != nil {
			says = p.does(rule)
		}
	case reminderDue:
		says = "reminder of the call"
	case warningDue, targetDue:
		says = lowerFirst(answered[t.Memory.Targets[d.i].Measure]) + " due"
	case phaseDue:
		says = "phase takes longer than usual"
	case reviewDue:
		says = "request is weighed again"
	}
	return d.at, says
}
