package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Feed is opening hours as a file that calendar programs read and subscribe to (iCalendar, RFC 5545): the week as repeating
// events, single days with other hours as events of their own, and days off as all-day events. It ends with To, because
// holidays are known only so far ahead; whoever subscribes asks again and sees further.
type Feed struct {
	Name     string    // what programs list it under: "PipeRocks: when we are there"
	Host     string    // makes the names of the events ours: "agency.example"
	Stamp    time.Time // since when these hours hold
	From, To Date      // the first and the last day it tells of
	Hours    []Opening
}

// Opening is one calendar in a feed. Says is what being open is called in it: "PipeRocks is there".
type Opening struct {
	ID       string // unique in the feed, and the same each time it is asked for
	Says     string
	Calendar *Calendar
}

// ICS is the feed as a file. The same feed is always the same bytes.
func (f Feed) ICS() []byte {
	var w ics
	w.add("BEGIN", "VCALENDAR")
	w.add("VERSION", "2.0")
	w.add("PRODID", "-//Hark//Opening hours//EN")
	w.add("CALSCALE", "GREGORIAN")
	w.add("METHOD", "PUBLISH")
	w.add("NAME", escaped(f.Name)) // RFC 7986
	w.add("X-WR-CALNAME", escaped(f.Name))
	w.add("REFRESH-INTERVAL;VALUE=DURATION", "P1D")
	f.zones(&w)
	for _, o := range f.Hours {
		f.week(&w, o)
		f.days(&w, o)
	}
	w.add("END", "VCALENDAR")
	return []byte(w.String())
}

// zones describes each zone once, by the changes of its clocks in the days of the feed: programs need not know zones by name.
func (f Feed) zones(w *ics) {
	var told []string
	for _, o := range f.Hours {
		if name := o.Calendar.Zone.String(); name != "UTC" && !slices.Contains(told, name) {
			told = append(told, name)
			f.zone(w, o.Calendar.Zone)
		}
	}
}

func (f Feed) zone(w *ics, zone *time.Location) {
	base := f.From.midnight()
	length := time.Duration(f.From.DaysUntil(f.To)+1) * day24
	w.add("BEGIN", "VTIMEZONE")
	w.add("TZID", zone.String())
	all := periodsOf(zone, base, length)
	since, before := began(base.Add(all[0].from).In(zone), all[0].offset)
	observance(w, since, before, all[0].offset)
	for i, p := range all[1:] {
		if was := all[i]; p.offset != was.offset {
			observance(w, base.Add(p.from).In(zone), was.offset, p.offset)
		}
	}
	w.add("END", "VTIMEZONE")
}

// began is when clocks began to keep the distance from UTC that they keep at t, and the one they kept before. Programs tell summer
// from winter by the difference, so the first change is the real one, however long ago; a zone that never changed has none.
func began(t time.Time, offset time.Duration) (since time.Time, before time.Duration) {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t, offset
	}
	_, seconds := start.Add(-time.Second).Zone()
	return start, time.Duration(seconds) * time.Second
}

// observance is one distance of a zone's clocks from UTC and since when they keep it, told in the time they showed before.
func observance(w *ics, since time.Time, before, offset time.Duration) {
	kind := "STANDARD"
	if since.IsDST() {
		kind = "DAYLIGHT"
	}
	name, _ := since.Zone()
	w.add("BEGIN", kind)
	w.add("DTSTART", since.UTC().Add(before).Format("20060102T150405"))
	w.add("TZOFFSETFROM", offsetSays(before))
	w.add("TZOFFSETTO", offsetSays(offset))
	w.add("TZNAME", escaped(name))
	w.add("END", kind)
}

func offsetSays(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "-", -d
	}
	says := fmt.Sprintf("%s%02d%02d", sign, d/time.Hour, d/time.Minute%60)
	if s := d / time.Second % 60; s != 0 {
		says += fmt.Sprintf("%02d", s)
	}
	return says
}

// weekly is one interval of opening hours and the days of the week that have it.
type weekly struct {
	interval Interval
	days     []time.Weekday
}

// weeklies are the intervals of a week in the order of their first day, from Monday on.
func (c *Calendar) weeklies() (all []weekly) {
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		for _, interval := range c.Week[day] {
			at := slices.IndexFunc(all, func(w weekly) bool { return w.interval == interval })
			if at < 0 {
				at, all = len(all), append(all, weekly{interval: interval})
			}
			all[at].days = append(all[at].days, day)
		}
	}
	return all
}

var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// week writes the hours that repeat, without the dates on which something else holds.
func (f Feed) week(w *ics, o Opening) {
	for _, rule := range o.Calendar.weeklies() {
		first, excluded, found := f.occurrences(o.Calendar, rule.days)
		if !found {
			continue
		}
		var codes []string
		for _, day := range rule.days {
			codes = append(codes, dayCodes[day])
		}
		last := Resolve(f.To.Plus(1), 0, o.Calendar.Zone).Add(-time.Second)
		f.begin(w, fmt.Sprintf("%s-%s-%04d", o.ID, strings.ToLower(codes[0]), rule.interval.Start), o.Says)
		f.span(w, o.Calendar.Zone, first, rule.interval)
		w.add("RRULE", "FREQ=WEEKLY;UNTIL="+utc(last)+";BYDAY="+strings.Join(codes, ","))
		for _, date := range excluded {
			w.local("EXDATE", date, rule.interval.Start, o.Calendar.Zone)
		}
		w.add("END", "VEVENT")
	}
}

// occurrences are the first ordinary date that has one of the days, and the dates after it on which other hours hold.
func (f Feed) occurrences(c *Calendar, days []time.Weekday) (first Date, excluded []Date, found bool) {
	for d := f.From; !f.To.Before(d); d = d.Plus(1) {
		switch {
		case !slices.Contains(days, d.Weekday()):
		case !c.differs(d) && !found:
			first, found = d, true
		case c.differs(d) && found:
			excluded = append(excluded, d)
		}
	}
	return first, excluded, found
}

// differs reports whether a date keeps other hours than its day of the week.
func (c *Calendar) differs(d Date) bool {
	hours, _ := c.on(d)
	return !slices.Equal(hours, c.Week[d.Weekday()])
}

// days writes the dates that differ: days off, and other hours.
func (f Feed) days(w *ics, o Opening) {
	for d := f.From; !f.To.Before(d); d = d.Plus(1) {
		if !o.Calendar.differs(d) {
			continue
		}
		hours, why := o.Calendar.on(d)
		why = strings.TrimPrefix(why, "holiday: ")
		if len(hours) == 0 {
			f.dayOff(w, o, d, why)
		}
		for _, h := range hours {
			f.begin(w, fmt.Sprintf("%s-%s-%04d", o.ID, compact(d), h.Start), withReason(o.Says, why))
			f.span(w, o.Calendar.Zone, d, h)
			w.add("END", "VEVENT")
		}
	}
}

func (f Feed) dayOff(w *ics, o Opening, d Date, why string) {
	f.begin(w, o.ID+"-"+compact(d)+"-off", withReason("Closed", why))
	w.add("DTSTART;VALUE=DATE", compact(d))
	w.add("DTEND;VALUE=DATE", compact(d.Plus(1)))
	w.add("END", "VEVENT")
}

func withReason(says, why string) string {
	if why == "" {
		return says
	}
	return says + ": " + why
}

func (f Feed) begin(w *ics, name, says string) {
	w.add("BEGIN", "VEVENT")
	w.add("UID", escaped(name+"@"+f.Host))
	w.add("DTSTAMP", utc(f.Stamp))
	w.add("SUMMARY", escaped(says))
	w.add("TRANSP", "TRANSPARENT") // it makes nobody busy
}

func (f Feed) span(w *ics, zone *time.Location, d Date, hours Interval) {
	w.local("DTSTART", d, hours.Start, zone)
	w.local("DTEND", d, hours.End, zone)
}

func compact(d Date) string { return fmt.Sprintf("%04d%02d%02d", d.Y, d.M, d.D) }

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// ics writes content lines: CRLF, and no line longer than 75 octets (RFC 5545, 3.1).
type ics struct{ strings.Builder }

const longestLine = 75

func (w *ics) add(name, value string) {
	line, room := name+":"+value, longestLine
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		w.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], longestLine-1
	}
	w.WriteString(line + "\r\n")
}

// local writes a clock time of a date in a zone; 24:00 is the midnight that ends it.
func (w *ics) local(name string, d Date, minute int, zone *time.Location) {
	value := fmt.Sprintf("%sT%02d%02d00", compact(d.Plus(minute/minutesOfDay)), minute%minutesOfDay/60, minute%60)
	if zone.String() == "UTC" {
		w.add(name, value+"Z")
		return
	}
	w.add(name+";TZID="+zone.String(), value)
}

// escaped is free text as a value; what cannot stand in one is left out (RFC 5545, 3.3.11).
func escaped(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}
