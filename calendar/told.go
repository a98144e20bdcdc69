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
	each          *yearly // nil for one that begins only when starts says
}

// yearly is the rule by which clocks change in the same way each year.
type yearly struct {
	month time.Month
	nth   int          // the second Sunday is 2, the last one -1; 0 for every one that days allows
	day   time.Weekday // counts when on is set
	on    bool
	days  []int     // of the month; nil for all
	until time.Time // UTC; zero without end
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
func yearlyOf(rule string) (y *yearly, understood bool) {
	y, understood = &yearly{}, true
	for part := range strings.SplitSeq(strings.ToUpper(strings.TrimSpace(rule)), ";") {
		name, value, _ := strings.Cut(part, "=")
		understood = understood && y.part(name, value)
	}
	return y, understood && y.month != 0 && (y.on || len(y.days) > 0)
}

func (y *yearly) part(name, value string) bool {
	switch name {
	case "FREQ":
		return value == "YEARLY"
	case "INTERVAL":
		return value == "1"
	case "WKST":
		return true
	case "BYMONTH":
		n, err := strconv.Atoi(value)
		y.month = time.Month(n)
		return err == nil && n >= 1 && n <= 12
	case "BYMONTHDAY":
		return y.monthDays(value)
	case "BYDAY":
		return y.weekday(value)
	case "UNTIL":
		at, err := time.Parse("20060102T150405Z", value)
		y.until = at
		return err == nil
	}
	return false
}

func (y *yearly) monthDays(value string) bool {
	for one := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(one)
		if err != nil || n < 1 || n > 31 {
			return false
		}
		y.days = append(y.days, n)
	}
	return true
}

func (y *yearly) weekday(value string) bool {
	if len(value) < 2 {
		return false
	}
	nth, code := value[:len(value)-2], value[len(value)-2:]
	day := slices.Index(dayCodes[:], code)
	n, err := strconv.Atoi("0" + strings.TrimLeft(nth, "+-"))
	if strings.HasPrefix(nth, "-") {
		n = -n
	}
	y.nth, y.day, y.on = n, time.Weekday(day), true
	return err == nil && day >= 0 && n >= -5 && n <= 5
}

// in is the day of a year on which clocks change by this rule.
func (y *yearly) in(year int) (day Date, found bool) {
	var fits []Date
	for d := (Date{year, y.month, 1}); d.M == y.month; d = d.Plus(1) {
		if (!y.on || d.Weekday() == y.day) && (y.days == nil || slices.Contains(y.days, d.D)) {
			fits = append(fits, d)
		}
	}
	at := max(y.nth-1, 0)
	if y.nth < 0 {
		at = len(fits) + y.nth
	}
	if at < 0 || at >= len(fits) {
		return day, false
	}
	return fits[at], true
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
	first := o.starts[0]
	for n := year - 1; n <= year+1; n++ {
		day, found := o.each.in(n)
		at := day.midnight().Add(first.Sub(first.Truncate(day24)) - o.before)
		if found && at.Add(o.before).After(first) && (o.each.until.IsZero() || !at.After(o.each.until)) {
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
