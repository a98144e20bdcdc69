package calendar

import (
	"time"

	"hark/fault"
)

const (
	patience = 10 // years without a single opening after which a calendar counts as closed for good
	horizon  = 50 // years ahead that a duration may reach
)

// Add returns the instant that lies d after from, in the calendar's zone.
//
//   - m and h are exact.
//   - d and w keep the clock time, whatever the clocks do in between.
//   - bm and bh count only while the desk is open. A count that runs out as the desk closes ends then, not at the next
//     opening.
//   - bd goes ahead to the nth business day and keeps the clock time. It does so even when that day has shorter hours
//     and the time lies outside them: moving it back would take time from the people who answer, moving it forward
//     would break the day that the customer was told. The same holds for a pause between two intervals.
//   - @open and @close take the first opening or the last close of the day reached. A day reached by d or w on which
//     the desk is closed gives way to the next business day.
//
// A business unit that begins while the desk is closed counts from the next opening: one business day from a Saturday
// begins on Monday at opening and ends on Tuesday at that time.
//
// The error says when the calendar never opens, or when from or the answer is so far away that nobody can have meant it.
func (c *Calendar) Add(from time.Time, d Duration) (time.Time, error) {
	if n := from.UTC().Year(); n < firstYear+1 || n > lastYear-horizon-1 {
		return time.Time{}, fault.New(fault.Invalid, "the year %d is out of reach: calendars count from %d to %d", n, firstYear+1, lastYear-horizon-1)
	}
	switch d.Unit {
	case Minutes, Hours:
		return c.addExactly(from, d)
	case Days, Weeks:
		return c.addDays(from, d)
	case BusinessMinutes, BusinessHours:
		return c.addOpen(from, d.exact(), d)
	case BusinessDays:
		return c.addBusinessDays(from, d)
	}
	return time.Time{}, unreadable(d.String(), "the unit is missing")
}

// AddOpen returns the instant at which the desk has been open for so long since from; it is bm and bh for lengths that
// are not whole minutes, such as three quarters of a target, or the time that a ticket spent waiting.
func (c *Calendar) AddOpen(from time.Time, open time.Duration) (time.Time, error) {
	return c.addOpen(from, open, Duration{int(open / time.Minute), BusinessMinutes, NoEdge})
}

// Between returns how long the desk is open between two instants; nothing when to does not come after from.
func (c *Calendar) Between(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	y, since := c.place(from)
	end, until := c.place(to)
	total := end.elapsed(until) - y.elapsed(since)
	for n := y.number; n < end.number; n++ {
		total += c.year(n).open
	}
	return total
}

// place finds the year that an instant belongs to by the calendar's own clock, and the distance from its base.
// Instants outside the years that calendars know are moved to their border.
func (c *Calendar) place(t time.Time) (*year, time.Duration) {
	y := c.year(min(max(t.UTC().Year(), firstYear), lastYear))
	since := t.Sub(y.base)
	if since < y.begin && y.number > firstYear {
		y = c.year(y.number - 1)
	} else if since >= y.end && y.number < lastYear {
		y = c.year(y.number + 1)
	}
	return y, min(max(t.Sub(y.base), y.begin), y.end)
}

// opening finds the moment from which business units count: from itself while the desk is open, else the next opening.
func (c *Calendar) opening(from time.Time) (*year, time.Duration, error) {
	y, since := c.place(from)
	for last := min(y.number+patience, lastYear); ; {
		if i := y.spanAfter(since); i < len(y.spans) {
			return y, max(since, y.spans[i].start), nil
		}
		if y.number == last {
			return nil, 0, fault.New(fault.Invalid, "calendar %q does not open in the %d years after %s; give it opening hours", c.ID, patience, DateOf(from, c.Zone))
		}
		y = c.year(y.number + 1)
		since = y.begin
	}
}

// next is the table of the year after y, as long as it lies within the horizon of from.
func (c *Calendar) next(y *year, from time.Time, d Duration) (*year, error) {
	if y.number >= from.UTC().Year()+horizon {
		return nil, c.tooFar(from, d)
	}
	return c.year(y.number + 1), nil
}

func (c *Calendar) tooFar(from time.Time, d Duration) error {
	return fault.New(fault.Invalid, "%s from %s reaches more than %d years ahead in calendar %q; write a shorter duration", d, DateOf(from, c.Zone), horizon, c.ID)
}

func (c *Calendar) addExactly(from time.Time, d Duration) (time.Time, error) {
	if d.exact() > horizon*366*day24 {
		return time.Time{}, c.tooFar(from, d)
	}
	return from.Add(d.exact()).In(c.Zone), nil
}

func (c *Calendar) addDays(from time.Time, d Duration) (at time.Time, err error) {
	if d.N == 0 {
		return from.In(c.Zone), nil // going through the clock would turn the second 01:30 of a night into the first
	}
	y, since := c.place(from)
	i, clock := y.local(since)
	for i += d.nominal(); i >= len(y.days); {
		i -= len(y.days)
		if y, err = c.next(y, from, d); err != nil {
			return time.Time{}, err
		}
	}
	if d.Edge != NoEdge {
		return c.businessDay(y, y.businessDaysBefore(i)+1, 0, from, d)
	}
	return y.at(y.periods.instant(time.Duration(i)*day24 + clock)).In(c.Zone), nil
}

func (c *Calendar) addOpen(from time.Time, open time.Duration, d Duration) (time.Time, error) {
	y, since, err := c.opening(from)
	if err != nil {
		return time.Time{}, err
	}
	if open <= 0 {
		return y.at(since).In(c.Zone), nil
	}
	need := y.elapsed(since) + open
	for need > y.open {
		need -= y.open
		if y, err = c.next(y, from, d); err != nil {
			return time.Time{}, err
		}
	}
	return y.at(y.reach(need)).In(c.Zone), nil
}

func (c *Calendar) addBusinessDays(from time.Time, d Duration) (time.Time, error) {
	y, since, err := c.opening(from)
	if err != nil {
		return time.Time{}, err
	}
	if d.N == 0 && d.Edge == NoEdge {
		return y.at(since).In(c.Zone), nil
	}
	i, clock := y.local(since)
	return c.businessDay(y, y.days[i].count+d.N, clock, from, d)
}

// businessDay finds the nth business day counted from the beginning of y, and on it the edge or the clock time asked for.
func (c *Calendar) businessDay(y *year, n int, clock time.Duration, from time.Time, d Duration) (at time.Time, err error) {
	for n > y.business {
		n -= y.business
		if y, err = c.next(y, from, d); err != nil {
			return time.Time{}, err
		}
	}
	i := y.businessDay(n)
	switch d.Edge {
	case Open:
		return y.at(y.days[i].opens).In(c.Zone), nil
	case Close:
		return y.at(y.days[i].closes).In(c.Zone), nil
	}
	return y.at(y.periods.instant(time.Duration(i)*day24 + clock)).In(c.Zone), nil
}
