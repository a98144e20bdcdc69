package calendar

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// A year is one year of a calendar worked out in advance, so that a question costs a few searches in short tables and
// no calendar arithmetic. All durations are distances from base, midnight UTC on 1 January.
type year struct {
	number     int
	base       time.Time
	periods    periods
	begin, end time.Duration // the local year
	spans      []span        // when the desk is open, in order, touching ones joined
	open       time.Duration // all of them together
	days       []day         // one for each date
	business   int           // how many of them the desk opens on
}

// A span is a stretch of time during which the desk is open; before is the opening time of the year before it.
type span struct {
	start, end time.Duration
	before     time.Duration
}

// A day holds when the desk first opens and last closes on a date (both 0 if it does not open), and how many business
// days the year has seen by its end.
type day struct {
	opens, closes time.Duration
	count         int
}

// year returns the table of a year, making it on first use. Two goroutines may make it at the same time; both come to
// the same table, and one of them is kept.
func (c *Calendar) year(number int) *year {
	kept := &c.years[number-firstYear]
	if y := kept.Load(); y != nil {
		return y
	}
	y := c.workOut(number)
	kept.Store(y)
	return y
}

func (c *Calendar) workOut(number int) *year {
	first, next := Date{number, time.January, 1}, Date{number + 1, time.January, 1}
	length := time.Duration(first.DaysUntil(next)) * day24
	y := &year{number: number, base: first.midnight(), days: make([]day, first.DaysUntil(next))}
	y.periods = periodsOf(c.Zone, y.base, length)
	y.begin, y.end = y.periods.instant(0), y.periods.instant(length)
	for i := range y.days {
		hours, _ := c.on(first.Plus(i))
		y.openOn(i, hours)
	}
	y.join()
	return y
}

// openOn enters the hours of date number i. The clock decides what is open, so each period in which the clock shows a
// part of the hours gives a span of its own.
func (y *year) openOn(i int, hours []Interval) {
	var today []span
	for _, h := range hours {
		start, end := wallOf(i, h.Start), wallOf(i, h.End)
		for _, p := range y.periods {
			if s := (span{start: max(start-p.offset, p.from), end: min(end-p.offset, p.until)}); s.start < s.end {
				today = append(today, s)
			}
		}
	}
	if len(today) > 0 {
		y.business++
		y.days[i].opens = slices.MinFunc(today, func(a, b span) int { return cmp.Compare(a.start, b.start) }).start
		y.days[i].closes = slices.MaxFunc(today, func(a, b span) int { return cmp.Compare(a.end, b.end) }).end
	}
	y.days[i].count = y.business
	y.spans = append(y.spans, today...)
}

// wallOf is what the wall shows on date number i at a minute of the day.
func wallOf(i, minute int) time.Duration {
	return time.Duration(i)*day24 + time.Duration(minute)*time.Minute
}

// join puts the spans in order, makes one of those that touch (24 hours a day is one long span) and adds them up.
func (y *year) join() {
	slices.SortFunc(y.spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	joined := y.spans[:0]
	for _, s := range y.spans {
		if n := len(joined); n > 0 && joined[n-1].end == s.start {
			joined[n-1].end = s.end
		} else {
			joined = append(joined, s)
		}
	}
	y.spans = joined
	for i := range y.spans {
		y.spans[i].before = y.open
		y.open += y.spans[i].end - y.spans[i].start
	}
}

// at turns a distance from base into an instant.
func (y *year) at(since time.Duration) time.Time { return y.base.Add(since) }

// local says which date of the year and what clock time it is. The bounds only matter for the few zones of the past
// that moved their clocks back over midnight on New Year's Day.
func (y *year) local(since time.Duration) (i int, clock time.Duration) {
	wall := y.periods.wall(since)
	i = min(max(int(wall/day24), 0), len(y.days)-1)
	return i, wall - time.Duration(i)*day24
}

// spanAfter is the number of the span that goes on at since, or else of the next one; len(spans) if there is none.
func (y *year) spanAfter(since time.Duration) int {
	return sort.Search(len(y.spans), func(i int) bool { return since < y.spans[i].end })
}

// elapsed is the opening time of the year up to since.
func (y *year) elapsed(since time.Duration) time.Duration {
	i := y.spanAfter(since)
	if i == len(y.spans) {
		return y.open
	}
	return y.spans[i].before + max(since-y.spans[i].start, 0)
}

// reach is the moment at which the desk has been open for so long this year; elapsed lies above 0 and not above open.
func (y *year) reach(elapsed time.Duration) time.Duration {
	i := sort.Search(len(y.spans), func(i int) bool { return elapsed <= y.spans[i].before+y.spans[i].end-y.spans[i].start })
	return y.spans[i].start + elapsed - y.spans[i].before
}

// businessDaysBefore is how many business days of the year come before date number i.
func (y *year) businessDaysBefore(i int) int {
	if i == 0 {
		return 0
	}
	return y.days[i-1].count
}

// businessDay is the number of the date that is the nth business day of the year, counted from 1.
func (y *year) businessDay(n int) int {
	return sort.Search(len(y.days), func(i int) bool { return n <= y.days[i].count })
}
