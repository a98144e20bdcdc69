package desk

import (
	"fmt"
	"time"

	"hark/calendar"
)

// Period is the time a report is about: a month, or the last ninety days, which is what policies publish figures of. Its
// text stands in the report's address.
type Period struct {
	year  int
	month time.Month // 0 for the last ninety days
}

// rolling is how far back the period without a month looks.
const rolling = 90 * 24 * time.Hour

// ParsePeriod reads "2026-11"; anything else is the last ninety days.
func ParsePeriod(text string) Period {
	at, err := time.Parse("2006-01", text)
	if err != nil || at.Year() < 2000 || at.Year() > 2999 {
		return Period{}
	}
	return Period{at.Year(), at.Month()}
}

// String is the period as it stands in an address.
func (p Period) String() string {
	if p.month == 0 {
		return "90d"
	}
	return fmt.Sprintf("%04d-%02d", p.year, p.month)
}

// Says is the period in words.
func (p Period) Says() string {
	if p.month == 0 {
		return "Last 90 days"
	}
	return fmt.Sprintf("%s %d", p.month, p.year)
}

// Earlier is the period one step back: this month before the last ninety days, then month by month.
func (p Period) Earlier(now time.Time, zone *time.Location) Period {
	if p.month == 0 {
		return monthOf(now, zone)
	}
	return p.plus(-1)
}

// Later is one step forward, false at the end.
func (p Period) Later(now time.Time, zone *time.Location) (Period, bool) {
	switch this := monthOf(now, zone); {
	case p.month == 0:
		return p, false
	case p.year > this.year || p.year == this.year && p.month >= this.month:
		return Period{}, true
	}
	return p.plus(1), true
}

func (p Period) plus(months int) Period {
	n := p.year*12 + int(p.month) - 1 + months
	return Period{n / 12, time.Month(n%12 + 1)}
}

func monthOf(at time.Time, zone *time.Location) Period {
	d := calendar.DateOf(at, zone)
	return Period{d.Y, d.M}
}

// begins is the first instant of a month.
func (p Period) begins(zone *time.Location) time.Time {
	return calendar.Resolve(calendar.Date{Y: p.year, M: p.month, D: 1}, 0, zone).UTC()
}

// span is the period as instants, in the policy's zone: [from, to).
func (p Period) span(now time.Time, zone *time.Location) (from, to time.Time) {
	if p.month == 0 {
		return now.Add(-rolling), now.Add(time.Microsecond) // what happened at this very instant belongs to it
	}
	return p.begins(zone), p.plus(1).begins(zone)
}

// months are the edges of the thirteen months until the period's end.
func (p Period) months(now time.Time, zone *time.Location) (all []Period, edges []time.Time) {
	last := p
	if p.month == 0 {
		last = monthOf(now, zone)
	}
	for back := 12; back >= 0; back-- {
		all = append(all, last.plus(-back))
		edges = append(edges, last.plus(-back).begins(zone))
	}
	return all, append(edges, last.plus(1).begins(zone))
}
