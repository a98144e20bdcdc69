package desk

import (
	"fmt"
	"time"

	"hark/calendar"
)

// Period is the time a report is about: a month, seven days, or the last ninety days, which is what policies publish figures of.
// Its text stands in the report's address.
type Period struct {
	year  int
	month time.Month // 0 for the last ninety days
	day   int        // the first of seven; 0 for the whole month
}

// rolling is how far back the period without a month looks.
const rolling = 90 * 24 * time.Hour

// ParsePeriod reads "2026-11", and "2026-11-16" as seven days from that one on; anything else is the last ninety days.
func ParsePeriod(text string) Period {
	at, err := time.Parse("2006-01", text)
	if err == nil && at.Year() >= 2000 && at.Year() <= 2999 {
		return Period{year: at.Year(), month: at.Month()}
	}
	if at, err = time.Parse("2006-01-02", text); err == nil && at.Year() >= 2000 && at.Year() <= 2999 {
		return Period{at.Year(), at.Month(), at.Day()}
	}
	return Period{}
}

// weekBefore is the seven days before the one on which a clock in a zone shows an instant.
func weekBefore(at time.Time, zone *time.Location) Period {
	return weekFrom(calendar.DateOf(at, zone).Plus(-7))
}

func weekFrom(d calendar.Date) Period { return Period{d.Y, d.M, d.D} }

func (p Period) first() calendar.Date { return calendar.Date{Y: p.year, M: p.month, D: max(1, p.day)} }

// String is the period as it stands in an address.
func (p Period) String() string {
	if p.month == 0 {
		return "90d"
	}
	if p.day != 0 {
		return p.first().String()
	}
	return fmt.Sprintf("%04d-%02d", p.year, p.month)
}

// Says is the period in words.
func (p Period) Says() string {
	if p.month == 0 {
		return "Last 90 days"
	}
	if p.day != 0 {
		return p.daysSay()
	}
	return fmt.Sprintf("%s %d", p.month, p.year)
}

// daysSay names the first and the last of seven days: "13 to 19 November 2026".
func (p Period) daysSay() string {
	from, to := p.first(), p.first().Plus(6)
	begins := fmt.Sprint(from.D)
	if from.M != to.M {
		begins += " " + from.M.String()
	}
	if from.Y != to.Y {
		begins += fmt.Sprintf(" %d", from.Y)
	}
	return fmt.Sprintf("%s to %d %s %d", begins, to.D, to.M, to.Y)
}

// Earlier is the period one step back: this month before the last ninety days, then month by month, or week by week.
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
	case p.day != 0:
		return p.plus(1), p.plus(1).begins(zone).Before(now)
	case p.year > this.year || p.year == this.year && p.month >= this.month:
		return Period{}, true
	}
	return p.plus(1), true
}

// plus is the period so many of its own length later.
func (p Period) plus(steps int) Period {
	if p.day != 0 {
		return weekFrom(p.first().Plus(7 * steps))
	}
	n := p.year*12 + int(p.month) - 1 + steps
	return Period{year: n / 12, month: time.Month(n%12 + 1)}
}

func monthOf(at time.Time, zone *time.Location) Period {
	d := calendar.DateOf(at, zone)
	return Period{year: d.Y, month: d.M}
}

// begins is the first instant of a month, or of seven days.
func (p Period) begins(zone *time.Location) time.Time {
	return calendar.Resolve(p.first(), 0, zone).UTC()
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
	switch {
	case p.month == 0:
		last = monthOf(now, zone)
	case p.day != 0:
		last = monthOf(p.begins(zone), zone)
	}
	for back := 12; back >= 0; back-- {
		all = append(all, last.plus(-back))
		edges = append(edges, last.plus(-back).begins(zone))
	}
	return all, append(edges, last.plus(1).begins(zone))
}
