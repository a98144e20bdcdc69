package calendar

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"hark/fault"
)

// wallClock turns what a clock shows, written as if in UTC, into the instant.
type wallClock interface {
	at(wall time.Time) time.Time
}

// clock is the one on which a stamp of a file is read: a zone by its name, as the file itself describes it, or the owner's own.
func (f *busyFile) clock(s stamp) (wallClock, error) {
	switch {
	case s.utc:
		return namedZone{time.UTC}, nil
	case s.whole || s.zone == "":
		return namedZone{f.q.Zone}, nil
	}
	if known, ok := f.zones[s.zone]; ok {
		return known, nil
	}
	clock := f.zoneOf(s.zone)
	if clock == nil {
		return nil, fault.New(fault.Invalid, "the time zone %s is described nowhere", clip(s.zone))
	}
	f.zones[s.zone] = clock
	return clock, nil
}

// zoneOf finds a zone by its name, of which programs put a path of their own in front: /example.org/Olson/America/New_York.
func (f *busyFile) zoneOf(name string) wallClock {
	parts := strings.Split(strings.Trim(name, "/"), "/")
	for n := min(len(parts), 3); n > 0; n-- {
		if zone, err := time.LoadLocation(strings.Join(parts[len(parts)-n:], "/")); err == nil && zone != time.Local && zone.String() != "" {
			return namedZone{zone}
		}
	}
	if described := f.described[name]; len(described) > 0 {
		return f.describedZone(described)
	}
	return nil
}

// namedZone is a zone of the database of zones.
type namedZone struct{ zone *time.Location }

func (z namedZone) at(wall time.Time) time.Time {
	d := DateOf(wall, time.UTC)
	return Resolve(d, Clock(wall.Sub(d.midnight())), z.zone).UTC()
}

// keeping is one distance from UTC that a zone of a file keeps, and since when: a STANDARD or DAYLIGHT part (RFC 5545, 3.6.5).
type keeping struct {
	begins   time.Time // by the clock as it went before
	from, to time.Duration
	rule     string
	dates    []time.Time
}

func (o *keeping) take(name, value string) {
	switch name {
	case "DTSTART":
		s, _ := readStamp(value, "")
		o.begins = s.wall
	case "TZOFFSETFROM":
		o.from = readOffset(value)
	case "TZOFFSETTO":
		o.to = readOffset(value)
	case "RRULE":
		o.rule = value
	case "RDATE":
		for one := range strings.SplitSeq(value, ",") {
			if s, ok := readStamp(one, ""); ok {
				o.dates = append(o.dates, s.wall)
			}
		}
	}
}

// readOffset reads +0530, -0500 or +001730.
func readOffset(value string) (d time.Duration) {
	value = strings.TrimSpace(value)
	digits := strings.TrimLeft(value, "+-")
	units := []time.Duration{10 * time.Hour, time.Hour, 10 * time.Minute, time.Minute, 10 * time.Second, time.Second}
	for i := range min(len(digits), len(units)) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0
		}
		d += time.Duration(digits[i]-'0') * units[i]
	}
	if strings.HasPrefix(value, "-") {
		return -d
	}
	return d
}

// describedZone is a zone as a file describes it: the changes of its clocks about the window.
type describedZone []change

// change is one change of a clock: what it showed when it happened, and its distance from UTC before and after.
type change struct {
	wall     time.Time
	from, to time.Duration
}

// windowOfZone is how much further than the window itself a zone is looked at: one of its changes lies before.
const windowOfZone = 800 * day24

func (f *busyFile) describedZone(all []keeping) describedZone {
	var zone describedZone
	for _, o := range all {
		for _, wall := range f.onsets(o) {
			zone = append(zone, change{wall, o.from, o.to})
		}
	}
	slices.SortFunc(zone, func(a, b change) int { return cmp.Or(a.wall.Compare(b.wall), cmp.Compare(a.to, b.to)) })
	return zone
}

// onsets are when a clock begins to keep a distance.
func (f *busyFile) onsets(o keeping) []time.Time {
	all := append([]time.Time{o.begins}, o.dates...)
	rule, err := readRepetition(o.rule)
	if err != nil {
		return all
	}
	first := DateOf(o.begins, time.UTC)
	dates, _ := rule.dates(first, DateOf(f.q.From.Add(-windowOfZone), time.UTC), DateOf(f.q.To.Add(windowOfZone), time.UTC), &f.left)
	end, ends := readStamp(rule.until, "")
	for _, d := range dates {
		wall := d.midnight().Add(o.begins.Sub(first.midnight()))
		if ends && wall.Add(-o.from).After(end.wall) {
			break
		}
		all = append(all, wall)
	}
	return all
}

// at follows the rule of [Resolve]: a time that is skipped is read with the distance before, one that is shown twice is the first.
func (z describedZone) at(wall time.Time) time.Time {
	if len(z) == 0 {
		return wall
	}
	last := sort.Search(len(z), func(i int) bool { return z[i].wall.After(wall) }) - 1
	switch {
	case last < 0:
		return wall.Add(-z[0].from)
	case wall.Before(z[last].wall.Add(z[last].to - z[last].from)):
		return wall.Add(-z[last].from)
	}
	return wall.Add(-z[last].to)
}
