package simulate

import (
	"maps"
	"slices"
	"strings"
	"time"

	"hark/policy"
	"hark/promise"
	"hark/ticket"
)

// Tally is what a policy did to many tickets, in numbers.
type Tally struct {
	Mails     int                `json:"mails"`
	Reminders int                `json:"reminders"`  // mails by which a timer asked again
	Closings  int                `json:"closings"`   // by whatever rule
	FollowUps int                `json:"follow_ups"` // tickets made because an answer came after the closing
	Tasks     int                `json:"tasks"`      // what colleagues were asked to do
	Broken    int                `json:"broken"`     // promises whose time passed
	Answers   map[string]Answers `json:"answers"`    // by what is measured: first_reply, resolution, ...
	Hours     [7][24]int         `json:"hours"`      // mails by weekday, Monday first, and hour of the company's zone
}

// Answers is how many targets were reached in time and how many were not.
type Answers struct {
	Kept   int `json:"kept"`
	Missed int `json:"missed"`
}

// Add adds what another tally counted under the same policy.
func (t *Tally) Add(other Tally) {
	t.Mails, t.Reminders, t.Closings = t.Mails+other.Mails, t.Reminders+other.Reminders, t.Closings+other.Closings
	t.FollowUps, t.Tasks, t.Broken = t.FollowUps+other.FollowUps, t.Tasks+other.Tasks, t.Broken+other.Broken
	for measure, a := range other.Answers {
		t.measuredIn(measure, a)
	}
	for day := range other.Hours {
		for hour, n := range other.Hours[day] {
			t.Hours[day][hour] += n
		}
	}
}

func (t *Tally) measuredIn(measure string, a Answers) {
	if t.Answers == nil {
		t.Answers = map[string]Answers{}
	}
	sum := t.Answers[measure]
	t.Answers[measure] = Answers{sum.Kept + a.Kept, sum.Missed + a.Missed}
}

// Counter lets stories happen under one policy, one after the other, and counts what comes of them.
type Counter struct {
	Tally
	Rest     time.Duration // a customer has at most one automatic answer about a ticket in so long (D4); 0 lets all go
	p        *policy.Policy
	measures map[string]string // by target
	event    ticket.EventKind  // what people did last
	answered map[int64]time.Time
}

// NewCounter begins to count under a policy.
func NewCounter(p *policy.Policy) *Counter {
	c := &Counter{p: p, measures: map[string]string{}}
	for _, t := range p.Doc.Targets {
		c.measures[t.ID] = t.Measure
	}
	return c
}

// Course is when a ticket closes, planned or done, and when its answers are due, in the order in which that was said.
type Course struct {
	Closes time.Time // zero: it neither closed nor is going to by itself
	Dues   map[string][]time.Time
}

// Tell lets one story happen, counts what comes of it, and returns the course its ticket takes.
func (c *Counter) Tell(s Scenario, limits Limits) Course {
	course := Course{}
	c.event, c.answered = "", nil
	tickets, _ := Watch(c.p, s, limits, func(number int64, t *ticket.Ticket, e policy.Entry) {
		c.count(number, t, e)
		if number == 1 {
			c.follow(&course, e)
		}
	})
	if first := tickets[0]; first.Category != ticket.Closed {
		course.Closes = c.p.ClosesAt(first)
	}
	return course
}

func (c *Counter) count(number int64, t *ticket.Ticket, e policy.Entry) {
	switch e.Kind {
	case policy.IsEvent:
		c.event = e.Event
	case policy.IsSend:
		if !c.rests(number, e) {
			c.mail(t, e)
		}
	case policy.IsStatus:
		if c.p.Category(e.Status) == ticket.Closed {
			c.Closings++
		}
	case policy.IsFollowUp:
		if !e.Joined {
			c.FollowUps++
		}
	case policy.IsTask, policy.IsNotify:
		c.Tasks++
	case policy.IsDue:
		c.judged(e)
	}
}

// rests reports whether a mail is an automatic answer too soon after the last one.
func (c *Counter) rests(number int64, e policy.Entry) bool {
	if c.Rest == 0 || !policy.ByCustomer(c.event) || byTimer(e) {
		return false
	}
	if last, answered := c.answered[number]; answered && e.At.Sub(last) <= c.Rest {
		return true
	}
	if c.answered == nil {
		c.answered = map[int64]time.Time{}
	}
	c.answered[number] = e.At
	return false
}

func byTimer(e policy.Entry) bool { return strings.HasPrefix(e.Rule, "lifecycle.timers.") }

func (c *Counter) mail(t *ticket.Ticket, e policy.Entry) {
	c.Mails++
	if byTimer(e) && t.Category != ticket.Closed {
		c.Reminders++
	}
	at := e.At.In(c.p.Zone)
	c.Hours[(int(at.Weekday())+6)%7][at.Hour()]++
}

func (c *Counter) judged(e policy.Entry) {
	switch promise.TargetState(e.State) {
	case promise.Kept:
		c.measuredIn(c.measures[e.Target], Answers{Kept: 1})
	case promise.Missed:
		c.measuredIn(c.measures[e.Target], Answers{Missed: 1})
		if e.Strength == promise.Promise {
			c.Broken++
		}
	}
}

func (c *Counter) follow(course *Course, e policy.Entry) {
	switch {
	case e.Kind == policy.IsStatus && c.p.Category(e.Status) == ticket.Closed:
		course.Closes = e.At
	case e.Kind == policy.IsDue && e.State == string(promise.Running):
		if course.Dues == nil {
			course.Dues = map[string][]time.Time{}
		}
		measure := c.measures[e.Target]
		course.Dues[measure] = append(course.Dues[measure], e.Due)
	}
}

// Shift is one time of a ticket that another policy moves; a zero time is one that is not planned.
type Shift struct {
	What string    `json:"what"` // closing, or what is measured: first_reply, ...
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Shifts says which times of a ticket another course moves: its closing, and of each measure the first due time that differs.
func (c Course) Shifts(to Course) (all []Shift) {
	if !c.Closes.Equal(to.Closes) {
		all = append(all, Shift{"closing", c.Closes, to.Closes})
	}
	measures := slices.Sorted(maps.Keys(c.Dues))
	for measure := range to.Dues {
		if _, known := c.Dues[measure]; !known {
			measures = append(measures, measure)
		}
	}
	for _, measure := range measures {
		if from, to, differ := firstDifference(c.Dues[measure], to.Dues[measure]); differ {
			all = append(all, Shift{measure, from, to})
		}
	}
	return all
}

func firstDifference(was, is []time.Time) (from, to time.Time, differ bool) {
	for i := range max(len(was), len(is)) {
		from, to = timeAt(was, i), timeAt(is, i)
		if !from.Equal(to) {
			return from, to, true
		}
	}
	return from, to, false
}

func timeAt(times []time.Time, i int) time.Time {
	if i < len(times) {
		return times[i]
	}
	return time.Time{}
}

// Row is one figure under two policies.
type Row struct {
	Says string // "Reminders"
	Part bool   // it is part of the row before
	Old  int
	New  int
}

// measured names what is measured, for people, in the order in which they ask.
var measured = []struct{ measure, many, one string }{
	{"first_reply", "First answers", "First answer due"}, {"next_reply", "Further answers", "Next answer due"}, {"update", "Updates", "Update due"},
	{"resolution", "Solutions", "Solution due"}, {"call_offer", "Offers of a call", "Offer of a call due"}, {"call_after_booking", "Calls", "Call due"},
}

// Measured names what a [Shift] is about: "Closing", "First answer due".
func Measured(what string) string {
	for _, m := range measured {
		if m.measure == what {
			return m.one
		}
	}
	return "Closing"
}

// Compare puts two tallies beside each other, figure by figure. What neither policy measures is left out.
func Compare(old, new Tally) []Row {
	rows := []Row{
		{"Mails to customers", false, old.Mails, new.Mails}, {"of which reminders", true, old.Reminders, new.Reminders},
		{"Closings", false, old.Closings, new.Closings}, {"Follow-ups of closed tickets", false, old.FollowUps, new.FollowUps},
		{"Tasks for colleagues", false, old.Tasks, new.Tasks},
	}
	for _, m := range measured {
		was, is := old.Answers[m.measure], new.Answers[m.measure]
		if was != (Answers{}) || is != (Answers{}) {
			rows = append(rows, Row{m.many + " in time", false, was.Kept, is.Kept}, Row{m.many + " late", false, was.Missed, is.Missed})
		}
	}
	if old.Broken+new.Broken > 0 {
		rows = append(rows, Row{"Promises not kept", false, old.Broken, new.Broken})
	}
	return rows
}
