package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/fault"
)

// repetition is how an entry of a calendar comes again (RFC 5545, 3.3.10), day by day: by date, week, month or year. What comes again
// within a day, or by the number of a week, is refused. It is asked for the dates of a window and goes straight there, so an entry
// that began decades ago, or a rule that fits no date at all, costs no more than the days of the window.
type repetition struct {
	every     string // one of the keys of periodDays
	interval  int
	count     int    // how often in all, 0 for without end
	until     string // as it is written: what it means depends on the zone of the entry
	days      []dayOf
	monthDays []int // counted from the end when negative, as everything below
	months    []int
	positions []int // which of the dates of one period
	begins    time.Weekday
}

// dayOf is a day of the week; with a number the so manieth of a month or year.
type dayOf struct {
	day time.Weekday
	n   int
}

// farthestInterval keeps a rule from leaping over the end of all years.
const farthestInterval = 10_000

// readRepetition reads the value of an RRULE.
func readRepetition(value string) (r repetition, err error) {
	r = repetition{interval: 1, begins: time.Monday}
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(value)), ";") {
		name, said, _ := strings.Cut(part, "=")
		if err := r.take(name, said); err != nil {
			return r, err
		}
	}
	if !slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, r.every) || r.interval < 1 || r.interval > farthestInterval || r.count < 0 {
		return r, unreadRule(value)
	}
	return r, nil
}

func unreadRule(value string) error {
	return fault.New(fault.Invalid, "how it repeats is not understood: %s", clip(value))
}

func (r *repetition) take(name, said string) (err error) {
	switch name {
	case "FREQ":
		r.every = said
	case "UNTIL":
		r.until = said
	case "INTERVAL":
		r.interval, err = strconv.Atoi(said)
	case "COUNT":
		r.count, err = strconv.Atoi(said)
	case "WKST":
		r.begins, err = dayCoded(said)
	case "BYDAY":
		r.days, err = daysOf(said)
	case "BYMONTHDAY":
		r.monthDays, err = numbersOf(said)
	case "BYMONTH":
		r.months, err = numbersOf(said)
	case "BYSETPOS":
		r.positions, err = numbersOf(said)
	case "BYHOUR", "BYMINUTE", "BYSECOND":
		_, err = strconv.Atoi(said) // one is the time at which the entry begins anyway; several are another kind of rule
	case "":
	default:
		return unreadRule(name)
	}
	if err != nil {
		return unreadRule(name + "=" + said)
	}
	return nil
}

func numbersOf(list string) (all []int, err error) {
	for one := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(one)
		if err != nil || n == 0 {
			return nil, unreadRule(list)
		}
		all = append(all, n)
	}
	return all, nil
}

func daysOf(list string) (all []dayOf, err error) {
	for one := range strings.SplitSeq(list, ",") {
		cut := max(len(one)-2, 0)
		d := dayOf{}
		if d.day, err = dayCoded(one[cut:]); err != nil {
			return nil, err
		}
		if d.n, err = strconv.Atoi(one[:cut]); err != nil && cut > 0 {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func dayCoded(code string) (time.Weekday, error) {
	day := slices.Index(dayCodes[:], code)
	if day < 0 {
		return 0, unreadRule(code)
	}
	return time.Weekday(day), nil
}

// work is how many days may still be looked at. A file that wants more is not read on.
type work int

func (w *work) spend(days int) bool {
	*w -= work(days)
	return *w >= 0
}

// dates are those on which an entry comes that first came on a date, of a window, in order; the first one counts as one of them. It
// reports false when there was too much to look at.
func (r repetition) dates(first, from, to Date, w *work) (all []Date, done bool) {
	came := 1
	if !first.Before(from) && !to.Before(first) {
		all = append(all, first)
	}
	for p := r.begin(first, from); !to.Before(p); p = r.plus(p, r.interval) {
		length := r.daysIn(p)
		if !w.spend(length) {
			return nil, false
		}
		for _, d := range r.period(p, length, first) {
			switch {
			case !first.Before(d):
				continue
			case r.count > 0 && came >= r.count, to.Before(d):
				return all, true
			case !d.Before(from):
				all = append(all, d)
			}
			came++
		}
	}
	return all, true
}

// begin is where the period begins from which on dates matter. Whoever counts has to begin with the first.
func (r repetition) begin(first, from Date) Date {
	p := r.periodOf(first)
	if r.count > 0 {
		return p
	}
	return r.plus(p, max(0, r.between(p, from)/r.interval)*r.interval)
}

func (r repetition) periodOf(d Date) Date {
	switch r.every {
	case "WEEKLY":
		return d.Plus(-int(d.Weekday()-r.begins+7) % 7)
	case "MONTHLY":
		return Date{d.Y, d.M, 1}
	case "YEARLY":
		return Date{d.Y, time.January, 1}
	}
	return d
}

// between is how many periods begin between the beginning of one and a date.
func (r repetition) between(p, d Date) int {
	switch r.every {
	case "WEEKLY":
		return p.DaysUntil(d) / 7
	case "MONTHLY":
		return (d.Y-p.Y)*12 + int(d.M-p.M)
	case "YEARLY":
		return d.Y - p.Y
	}
	return p.DaysUntil(d)
}

// plus is the beginning of the period that comes so many later.
func (r repetition) plus(p Date, n int) Date {
	switch r.every {
	case "WEEKLY":
		return p.Plus(7 * n)
	case "MONTHLY":
		months := int(p.M) - 1 + n
		return Date{p.Y + months/12, time.Month(months%12 + 1), 1}
	case "YEARLY":
		return Date{p.Y + n, time.January, 1}
	}
	return p.Plus(n)
}

func (r repetition) daysIn(p Date) int { return p.DaysUntil(r.plus(p, 1)) }

// period are the dates of one period that fit.
func (r repetition) period(p Date, length int, first Date) (fit []Date) {
	for i := range length {
		if d := p.Plus(i); r.fits(d, first) {
			fit = append(fit, d)
		}
	}
	if len(r.positions) == 0 {
		return fit
	}
	return slices.DeleteFunc(slices.Clone(fit), func(d Date) bool {
		at := slices.Index(fit, d)
		return !slices.Contains(r.positions, at+1) && !slices.Contains(r.positions, at-len(fit))
	})
}

// fits reports whether a date is one of those that the rule names; what it does not name is as on the first date.
func (r repetition) fits(d, first Date) bool {
	plain := len(r.days) == 0 && len(r.monthDays) == 0
	switch {
	case len(r.months) > 0 && !slices.Contains(r.months, int(d.M)):
		return false
	case len(r.monthDays) > 0 && !slices.Contains(r.monthDays, d.D) && !slices.Contains(r.monthDays, d.D-d.lastOfMonth()-1):
		return false
	case len(r.days) > 0 && !slices.ContainsFunc(r.days, func(n dayOf) bool { return r.isDay(d, n) }):
		return false
	case plain && r.every == "WEEKLY":
		return d.Weekday() == first.Weekday()
	case plain && r.every == "MONTHLY":
		return d.D == first.D
	case plain && r.every == "YEARLY":
		return d.D == first.D && (len(r.months) > 0 || d.M == first.M)
	}
	return true
}

// isDay reports whether a date is the day of the week, and the so manieth of its month; of its year where the rule names no months.
func (r repetition) isDay(d Date, n dayOf) bool {
	if d.Weekday() != n.day {
		return false
	}
	if n.n == 0 || r.every != "MONTHLY" && r.every != "YEARLY" {
		return true
	}
	at, last := d.D, d.lastOfMonth()
	if r.every == "YEARLY" && len(r.months) == 0 {
		january := Date{d.Y, time.January, 1}
		at, last = january.DaysUntil(d)+1, january.DaysUntil(Date{d.Y + 1, time.January, 1})
	}
	return (at-1)/7+1 == n.n || -(last-at)/7-1 == n.n
}

// lastOfMonth is the number of the last day of the month of a date.
func (d Date) lastOfMonth() int { return Date{d.Y, d.M + 1, 0}.midnight().Day() }
