package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A told zone is a zone as a file explains it (VTIMEZONE; RFC 5545, 3.6.5). Mail programs call zones what they like, "Eastern Standard
// Time" or a path of their own, and say in the file what its clocks show. What the file says counts, also when its name is one that
// everybody knows; a zone told in a way that is not understood in full is not guessed at.
type toldZone struct {
	observances []spell
	strange     bool // something in it is not understood
}

// zonesTold are the zones that a file explains, by what it calls them.
type zonesTold struct {
	named map[string]*toldZone
	last  *toldZone // that is being told
}

// begin is told of each part that begins, and take of each property inside of a zone: depth 2 is the zone's own, 3 that of an observance.
func (z *zonesTold) begin(part string) {
	switch part {
	case "VTIMEZONE":
		z.last = &toldZone{}
	case "STANDARD", "DAYLIGHT":
		if z.last != nil && len(z.last.observances) < mostSpells {
			z.last.observances = append(z.last.observances, spell{})
		} else if z.last != nil {
			z.last.strange = true
		}
	}
}

func (z *zonesTold) take(depth int, name, value string) {
	switch {
	case z.last == nil:
	case depth == 2 && name == "TZID":
		if z.named == nil {
			z.named = map[string]*toldZone{}
		}
		z.named[strings.TrimSpace(value)] = z.last
	case depth == 3 && len(z.last.observances) > 0:
		last := &z.last.observances[len(z.last.observances)-1]
		z.last.strange = !last.told(name, value) || z.last.strange
	}
}

// How much of a zone is read. The clocks of no place have changed so often; each time that is read looks at all of it.
const (
	mostSpells = 500
	mostStarts = 500 // of one spell
)

// spell is an observance: one distance from UTC that a zone's clocks keep, and when they begin to.
type spell struct {
	starts        []time.Time // as clocks showed it just before, written as if that were UTC
	before, after time.Duration
	each          *repetition // by which they change in the same way each year; nil for one that begins only when starts says
}

// told takes in one property of an observance.
func (o *spell) told(name, value string) (understood bool) {
	switch name {
	case "DTSTART":
		return o.begins(value)
	case "RDATE":
		return o.begins(strings.Split(value, ",")...)
	case "TZOFFSETFROM":
		o.before, understood = distanceOf(value)
	case "TZOFFSETTO":
		o.after, understood = distanceOf(value)
	case "RRULE":
		o.each, understood = yearlyOf(value)
	case "EXDATE", "EXRULE", "DURATION":
		return false
	default:
		return true // names and remarks
	}
	return understood
}

func (o *spell) begins(values ...string) bool {
	for _, value := range values {
		at, err := time.Parse("20060102T150405", strings.TrimSpace(value))
		if err != nil {
			return false
		}
		if len(o.starts) == mostStarts {
			return false
		}
		o.starts = append(o.starts, at)
	}
	return true
}

// distanceOf reads +0530, and -045602 of clocks long ago.
func distanceOf(value string) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if len(value) != 5 && len(value) != 7 || value[0] != '+' && value[0] != '-' {
		return 0, false
	}
	n, err := strconv.ParseUint((value[1:] + "00")[:6], 10, 32)
	if err != nil || n >= 240000 {
		return 0, false
	}
	d := time.Duration(n/10000)*time.Hour + time.Duration(n/100%100)*time.Minute + time.Duration(n%100)*time.Second
	if value[0] == '-' {
		d = -d
	}
	return d, true
}

// yearlyOf reads the rules by which clocks change: FREQ=YEARLY;BYMONTH=3;BYDAY=2SU, the days of the month beside it, and an end.
func yearlyOf(rule string) (each *repetition, understood bool) {
	r, err := readRepetition(rule)
	outside := func(n, most int) bool { return n < 1 || n > most }
	switch {
	case err != nil || r.every != "YEARLY" || r.interval != 1 || r.count != 0 || len(r.positions) > 0:
		return nil, false
	case len(r.months) != 1 || outside(r.months[0], 12) || len(r.days) > 1 || len(r.days)+len(r.monthDays) == 0:
		return nil, false
	case slices.ContainsFunc(r.monthDays, func(n int) bool { return outside(n, 31) }):
		return nil, false
	}
	_, ends := untilOf(r)
	return &r, ends == (r.until != "")
}

// untilOf is the instant at which a rule ends, which a zone has to give in UTC.
func untilOf(r repetition) (at time.Time, ends bool) {
	at, err := time.Parse("20060102T150405Z", r.until)
	return at, err == nil
}

// change is one instant at which clocks begin to keep another distance from UTC.
type change struct {
	at            time.Time
	before, after time.Duration
}

// changes are those of an observance that matter for the clocks of a year.
func (o spell) changes(year int) (all []change) {
	for _, start := range o.starts {
		all = append(all, change{start.Add(-o.before), o.before, o.after})
	}
	if o.each == nil || len(o.starts) == 0 {
		return all
	}
	first, left := o.starts[0], work(mostWork)
	days, _ := o.each.dates(DateOf(first, time.UTC), Date{year - 1, time.January, 1}, Date{year + 1, time.December, 31}, &left)
	until, ends := untilOf(*o.each)
	for _, day := range days {
		at := day.midnight().Add(first.Sub(first.Truncate(day24)) - o.before)
		if at.Add(o.before).After(first) && (!ends || !at.After(until)) {
			all = append(all, change{at, o.before, o.after})
		}
	}
	return all
}

// understood reports whether it can be said when the zone's clocks show a time.
func (z *toldZone) understood() bool {
	begins := func(o spell) bool { return len(o.starts) > 0 }
	return !z.strange && slices.ContainsFunc(z.observances, begins)
}

// at is when the zone's clocks show a date and time, written as if in UTC. Times that are skipped, or shown twice, are settled as in any
// zone.
func (z *toldZone) at(wall time.Time) time.Time {
	var all []change
	for _, o := range z.observances {
		all = append(all, o.changes(wall.Year())...)
	}
	slices.SortStableFunc(all, func(a, b change) int { return a.at.Compare(b.at) })
	base := DateOf(wall, time.UTC).midnight()
	return base.Add(periodsBetween(all, base).instant(wall.Sub(base)))
}

// lifetimes is farther than anybody makes an appointment.
const lifetimes = 200 * 365 * day24

// periodsBetween are the periods that changes of clocks make, as they lie around a day.
func periodsBetween(all []change, base time.Time) (list periods) {
	from, offset := base.Add(-lifetimes), all[0].before
	for _, c := range all {
		if at := c.at; at.After(from) {
			list = append(list, period{from.Sub(base), at.Sub(base), offset})
			from = at
		}
		offset = c.after
	}
	return append(list, period{from.Sub(base), lifetimes, offset})
}
