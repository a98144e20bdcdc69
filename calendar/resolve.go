package calendar

import "time"

// Resolve returns the instant at which a clock in zone shows the given date and time. RFC 5545, section 3.3.5, settles
// the two awkward cases: a time that is skipped when clocks go forward is read with the offset before the gap (02:30
// becomes 03:30), and a time that is shown twice when they go back is the first one. time.Date promises neither and
// differs from zone to zone, so nothing else in the project may turn local time into instants.
func Resolve(d Date, clock Clock, zone *time.Location) time.Time {
	base := d.midnight()
	return base.Add(periodsOf(zone, base, day24).instant(time.Duration(clock))).In(zone)
}

// midnight is 00:00 of d in UTC: a point to count from, the same for every zone. time.Date also carries a 31 February
// over into March.
func (d Date) midnight() time.Time { return time.Date(d.Y, d.M, d.D, 0, 0, 0, 0, time.UTC) }

// A period is a stretch of time during which a zone's clocks keep one distance from UTC. Instants and clock readings
// are given as distances from a base, a midnight in UTC: adding offset to an instant gives the reading.
type period struct {
	from, until time.Duration
	offset      time.Duration
}

type periods []period

// farthest is more than any zone differs from UTC, plus the longest jump: Samoa left out a whole day in 2011.
const farthest = 2 * day24

// periodsOf lists the periods that matter for clock readings between base and base+length.
func periodsOf(zone *time.Location, base time.Time, length time.Duration) periods {
	var list periods
	for t := base.Add(-farthest); t.Before(base.Add(length + farthest)); {
		_, seconds := t.In(zone).Zone()
		end := boundAfter(t, zone)
		list = append(list, period{t.Sub(base), end.Sub(base), time.Duration(seconds) * time.Second})
		t = end
	}
	return list
}

// boundAfter is where the period around t ends, or some point inside it: a period may come in several pieces. For dates
// beyond a zone's table, ZoneBounds of Go 1.26 takes every year for 365 days long, and on 31 December of a leap year
// names a bound that has passed. The next midnight in UTC then keeps the walk going.
func boundAfter(t time.Time, zone *time.Location) time.Time {
	_, end := t.In(zone).ZoneBounds()
	switch {
	case end.IsZero():
		return t.Add(400 * day24)
	case end.After(t):
		return end.UTC()
	}
	return t.Truncate(day24).Add(day24)
}

// instant finds when the clock first reads wall. The first period whose clocks show it wins; if it falls between two
// periods, no clock ever shows it and the earlier offset counts on.
func (p periods) instant(wall time.Duration) time.Duration {
	last := p[0]
	for _, at := range p {
		if wall-at.offset < at.from {
			break
		}
		if last = at; wall-at.offset < at.until {
			break
		}
	}
	return wall - last.offset
}

// wall is what the clock reads at an instant.
func (p periods) wall(instant time.Duration) time.Duration {
	i := len(p) - 1
	for i > 0 && instant < p[i].from {
		i--
	}
	return instant + p[i].offset
}
