package calendar

import (
	"strconv"
	"strings"
	"time"
)

// StepKind says what a step of an explanation tells.
type StepKind string

// The steps, in the order in which they can come.
const (
	Began     StepKind = "began"      // the instant counted from; Why says why the desk was closed then
	Starts    StepKind = "starts"     // the clock starts later, at the next opening
	Skips     StepKind = "skips"      // a date that does not count although the week would have it open; Why names it
	Clocks    StepKind = "clocks"     // the clocks change in between, which shows in the result
	Ends      StepKind = "ends"       // the result
	Outside   StepKind = "outside"    // the result lies outside that day's hours; Why says which
	SkipsMore StepKind = "skips_more" // N further dates that do not count
)

// Step is one step on the way from an instant to the one that a duration leads to. At is in the calendar's zone.
type Step struct {
	Kind StepKind
	At   time.Time
	Why  string
	N    int
	Of   Duration
}

// Steps is an explanation as data; Sentence prints it.
type Steps []Step

// mostSkips is how many days that do not count are named one by one.
const mostSkips = 5

// Explain returns what Add returns, and the steps that lead there.
func (c *Calendar) Explain(from time.Time, d Duration) (at time.Time, steps Steps, err error) {
	if at, err = c.Add(from, d); err != nil {
		return at, nil, err
	}
	from = from.In(c.Zone)
	steps = append(make(Steps, 0, 4), Step{Kind: Began, At: from, Of: d})
	if d.counts() {
		steps = c.explainStart(steps)
		steps = append(steps, c.skipped(steps.end(), at)...)
	}
	if !d.counts() && d.Edge == NoEdge {
		steps = c.explainClocks(steps, from, at)
	}
	steps = append(steps, Step{Kind: Ends, At: at, Of: d})
	return at, c.explainEnd(steps, at, d), nil
}

// counts reports whether the unit counts opening time.
func (d Duration) counts() bool {
	return d.Unit == BusinessMinutes || d.Unit == BusinessHours || d.Unit == BusinessDays
}

// explainStart adds why the clock does not start at once, if it does not.
func (c *Calendar) explainStart(steps Steps) Steps {
	now := c.At(steps[0].At)
	if now.Open {
		return steps
	}
	steps[0].Why = c.closedSays(steps[0].At, now)
	steps = append(steps, c.skipped(steps[0].At, now.Until)...)
	return append(steps, Step{Kind: Starts, At: now.Until, Of: steps[0].Of})
}

// closedSays prints why the desk is closed at t, as it follows "You wrote Tue 17:30, ".
func (c *Calendar) closedSays(t time.Time, now Status) string {
	hours, _ := c.on(DateOf(t, c.Zone))
	if len(hours) == 0 {
		return "when the desk is closed (" + now.Why + ")"
	}
	minute := t.Hour()*60 + t.Minute()
	opens, closes := ClockOf(0, hours[0].Start), ClockOf(0, hours[len(hours)-1].End)
	switch {
	case minute < hours[0].Start:
		return "before opening (" + opens.String() + ")"
	case minute >= hours[len(hours)-1].End:
		return "after closing (" + closes.String() + ")"
	}
	return "between opening hours (" + hoursSay(hours) + ")"
}

// skipped lists the dates between two instants, theirs left out, that the week would count and that do not count.
func (c *Calendar) skipped(from, to time.Time) (steps Steps) {
	end, more := DateOf(to, c.Zone), 0
	for d := DateOf(from, c.Zone).Plus(1); d.Before(end); d = d.Plus(1) {
		hours, _ := c.on(d)
		switch {
		case len(hours) > 0 || len(c.Week[d.Weekday()]) == 0:
		case len(steps) < mostSkips:
			steps = append(steps, Step{Kind: Skips, At: Resolve(d, 0, c.Zone), Why: c.whyClosed(d)})
		default:
			more++
		}
	}
	if more > 0 {
		steps = append(steps, Step{Kind: SkipsMore, At: to, N: more})
	}
	return steps
}

// explainClocks adds that the clocks change, which makes hours end at another clock time and days longer or shorter.
func (c *Calendar) explainClocks(steps Steps, from, to time.Time) Steps {
	_, before := from.Zone()
	_, after := to.Zone()
	if before == after {
		return steps
	}
	change := from
	for _, offset := change.Zone(); offset == before; _, offset = change.Zone() {
		change = boundAfter(change, c.Zone).In(c.Zone)
	}
	why := "forward"
	if after < before {
		why = "back"
	}
	return append(steps, Step{Kind: Clocks, At: change, Why: why})
}

// explainEnd adds that nobody is there at the result of a business day with shorter hours.
func (c *Calendar) explainEnd(steps Steps, at time.Time, d Duration) Steps {
	if d.Unit != BusinessDays || d.Edge != NoEdge {
		return steps
	}
	hours, _ := c.on(DateOf(at, c.Zone))
	if s := c.At(at); !s.Open && len(hours) > 0 {
		steps = append(steps, Step{Kind: Outside, At: at, Why: hoursSay(hours)})
	}
	return steps
}

// Sentence prints the steps for a reader. Began opens the first sentence, as in "You wrote"; the rest follows from it:
// "You wrote Tue 17:30, after closing (17:00). The clock starts Wed 18 Nov 09:00. One business day later is Thu 19 Nov 09:00."
func (s Steps) Sentence(began string) string {
	var b strings.Builder
	for i, step := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(step.says(began, s))
		b.WriteByte('.')
	}
	return b.String()
}

func (s Step) says(began string, all Steps) string {
	switch s.Kind {
	case Began:
		return strings.TrimSuffix(began+" "+all.moment(s.At, true)+", "+s.Why, ", ")
	case Starts:
		return "The clock starts " + all.moment(s.At, false)
	case Skips:
		return s.At.Format("Mon 2 Jan") + " does not count (" + s.Why + ")"
	case SkipsMore:
		return "So do not " + strconv.Itoa(s.N) + " more days"
	case Clocks:
		return "The clocks go " + s.Why + " on " + s.At.Format("Mon 2 Jan")
	case Outside:
		return "The desk is open " + s.Why + " that day"
	}
	return s.Of.later() + " is " + all.moment(s.At, false)
}

// moment prints a time as short as it stays clear: the weekday alone for a beginning less than a week before the end, the
// year when it is not the same throughout.
func (s Steps) moment(t time.Time, beginning bool) string {
	first, end := s[0].At, s.end()
	switch {
	case first.Year() != end.Year():
		return t.Format("Mon 2 Jan 2006 15:04")
	case beginning && end.Sub(first) < 6*day24:
		return t.Format("Mon 15:04")
	}
	return t.Format("Mon 2 Jan 15:04")
}

func (s Steps) end() time.Time { return s[len(s)-1].At }
