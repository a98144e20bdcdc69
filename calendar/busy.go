package calendar

import (
	"slices"
	"strings"
	"time"

	"hark/fault"
)

// BusyQuestion asks a file of a calendar program when its owner is busy.
type BusyQuestion struct {
	From, To time.Time
	Zone     *time.Location             // the owner's: whole days, and times without a zone, are meant there
	But      func(uid string) (is bool) // entries that count as nothing; nil for none
}

// BusyTimes is the answer. It holds times and nothing of what the entries say.
type BusyTimes struct {
	Spans   []Span // joined
	Entries int
	Unread  int    // entries that could not be understood
	Why     string // what was wrong with the first of them
}

// How much of a file is read. Somebody's whole calendar of ten years has about five thousand entries.
const (
	mostOfCalendar = 8 << 20
	mostEntries    = 20_000
	mostBusy       = 20_000    // stretches of time
	mostWork       = 5_000_000 // days that rules are tried on
)

// ReadBusy reads the entries of a file (iCalendar, RFC 5545) and the times of a window at which they make somebody busy: with all
// repetitions, exceptions and moved ones. What is cancelled or marked as free makes nobody busy. Single entries that cannot be read
// are counted; a file that is no calendar, is cut off or wants too much is [fault.Invalid].
func ReadBusy(ics []byte, q BusyQuestion) (b BusyTimes, err error) {
	if len(ics) > mostOfCalendar {
		return b, fault.New(fault.Invalid, "the calendar is larger than %d MB", mostOfCalendar>>20)
	}
	f := busyFile{q: q, zones: map[string]wallClock{}, moved: map[string]*omitted{}, left: mostWork}
	if err := f.read(unfolded(string(ics))); err != nil {
		return b, err
	}
	return f.busy()
}

// entry is one VEVENT, as far as it says when somebody is busy.
type entry struct {
	uid          string
	start, end   stamp
	length       string // instead of an end
	rule         string
	extra, left  []stamp // dates that come besides those of the rule, and dates that do not
	instead      stamp   // the date of another entry whose place this one takes
	free         bool
	unreadStamps string
}

// stamp is a date, or a date with a time, as a file writes it. Its wall is what a clock shows, as if in UTC.
type stamp struct {
	wall  time.Time
	zone  string
	utc   bool
	whole bool // a date alone
}

func (s stamp) isZero() bool { return s.wall.IsZero() }

// readStamp reads 20261116, 20261116T090000 or 20261116T140000Z.
func readStamp(value, zone string) (s stamp, ok bool) {
	for layout, kind := range map[string]stamp{"20060102": {whole: true}, "20060102T150405": {zone: zone}, "20060102T150405Z": {utc: true}} {
		if at, err := time.Parse(layout, strings.TrimSpace(value)); err == nil && at.Year() >= firstYear && at.Year() <= lastYear {
			kind.wall = at
			return kind, true
		}
	}
	return s, false
}

// busyFile takes in one property after the other, and then works out the times.
type busyFile struct {
	q         BusyQuestion
	within    []string
	calendars int
	entries   []entry
	free      []Span // of VFREEBUSY: stretches that it calls busy
	described zonesTold
	zones     map[string]wallClock
	moved     map[string]*omitted // by UID: dates whose place another entry takes
	left      work
	unread    int
	why       string
}

func (f *busyFile) read(lines []string) error {
	if len(lines) == 0 || !strings.EqualFold(strings.TrimSpace(lines[0]), "BEGIN:VCALENDAR") {
		return fault.New(fault.Invalid, "what is there is no calendar; its address is often called iCal or ICS")
	}
	for _, line := range lines {
		f.line(property(line))
		if len(f.within) > deepest {
			return fault.New(fault.Invalid, "the calendar has parts inside of parts, more than %d deep", deepest)
		}
		if len(f.entries) > mostEntries {
			return fault.New(fault.Invalid, "the calendar has more than %d entries", mostEntries)
		}
	}
	if len(f.within) > 0 {
		return fault.New(fault.Invalid, "the calendar ends in the middle")
	}
	return nil
}

func (f *busyFile) line(name string, params map[string]string, value string) {
	switch {
	case name == "BEGIN":
		f.begin(strings.ToUpper(strings.TrimSpace(value)))
		return
	case name == "END":
		f.within = f.within[:max(len(f.within)-1, 0)]
		return
	}
	switch strings.Join(f.within, "/") {
	case "VCALENDAR/VEVENT":
		f.entries[len(f.entries)-1].take(name, params, value)
	case "VCALENDAR/VFREEBUSY":
		f.takeFree(name, params, value)
	case "VCALENDAR/VTIMEZONE", "VCALENDAR/VTIMEZONE/STANDARD", "VCALENDAR/VTIMEZONE/DAYLIGHT":
		f.described.take(len(f.within), name, value)
	}
}

func (f *busyFile) begin(part string) {
	f.within = append(f.within, part)
	switch strings.Join(f.within, "/") {
	case "VCALENDAR/VEVENT":
		f.entries = append(f.entries, entry{})
	case "VCALENDAR/VTIMEZONE", "VCALENDAR/VTIMEZONE/STANDARD", "VCALENDAR/VTIMEZONE/DAYLIGHT":
		f.described.begin(part)
	}
}

func (e *entry) take(name string, params map[string]string, value string) {
	switch name {
	case "UID":
		e.uid = unescaped(value)
	case "DTSTART":
		e.start = e.stamp(value, params)
	case "DTEND":
		e.end = e.stamp(value, params)
	case "DURATION":
		e.length = value
	case "RRULE":
		e.rule = value
	case "EXDATE":
		e.left = append(e.left, e.stamps(value, params)...)
	case "RDATE":
		e.extra = append(e.extra, e.stamps(value, params)...)
	case "RECURRENCE-ID":
		e.instead = e.stamp(value, params)
	case "TRANSP":
		e.free = e.free || strings.EqualFold(strings.TrimSpace(value), "TRANSPARENT")
	case "STATUS":
		e.free = e.free || strings.EqualFold(strings.TrimSpace(value), "CANCELLED")
	case "X-MICROSOFT-CDO-BUSYSTATUS":
		e.free = e.free || strings.EqualFold(strings.TrimSpace(value), "FREE")
	}
}

func (e *entry) stamp(value string, params map[string]string) stamp {
	s, ok := readStamp(value, params["TZID"])
	if !ok {
		e.unreadStamps = value
	}
	return s
}

// stamps are several; of a period, which has an end of its own, the beginning.
func (e *entry) stamps(value string, params map[string]string) (all []stamp) {
	for one := range strings.SplitSeq(value, ",") {
		begin, _, _ := strings.Cut(one, "/")
		all = append(all, e.stamp(begin, params))
	}
	return all
}

// takeFree reads what an address that tells free from busy says: stretches in UTC.
func (f *busyFile) takeFree(name string, params map[string]string, value string) {
	if name != "FREEBUSY" || strings.EqualFold(params["FBTYPE"], "FREE") {
		return
	}
	for one := range strings.SplitSeq(value, ",") {
		begin, end, _ := strings.Cut(one, "/")
		from, ok := readStamp(begin, "")
		to, toThen := readStamp(end, "")
		if length, lasts := readLength(end); lasts {
			to, toThen = stamp{wall: from.wall.Add(length)}, true
		}
		if ok && toThen {
			f.free = append(f.free, Span{from.wall, to.wall})
		}
	}
}

// busy works out the times of all entries.
func (f *busyFile) busy() (b BusyTimes, err error) {
	for _, e := range f.entries {
		if !e.instead.isZero() {
			if f.moved[e.uid] == nil {
				f.moved[e.uid] = &omitted{}
			}
			f.omit(f.moved[e.uid], e.instead)
		}
	}
	spans := f.free
	for _, e := range f.entries {
		if e.free || f.q.But != nil && f.q.But(e.uid) {
			continue
		}
		found, err := f.spansOf(e)
		if err != nil {
			f.skip(err)
		}
		spans = append(spans, found...)
		if len(spans) > mostBusy || f.left < 0 {
			return b, fault.New(fault.Invalid, "the calendar repeats too much to be read")
		}
	}
	window := []Span{{f.q.From, f.q.To}}
	return BusyTimes{Spans: Common(Joined(spans), window), Entries: len(f.entries), Unread: f.unread, Why: f.why}, nil
}

func (f *busyFile) skip(err error) {
	if f.unread++; f.unread == 1 {
		f.why = fault.Says(err)
	}
}

// spansOf are the times at which one entry makes somebody busy, those about the window.
func (f *busyFile) spansOf(e entry) (spans []Span, err error) {
	if e.unreadStamps != "" || e.start.isZero() {
		return nil, fault.New(fault.Invalid, "when it begins or ends is not understood: %s", clip(e.unreadStamps))
	}
	clock, err := f.clock(e.start)
	if err != nil {
		return nil, err
	}
	length, err := f.lengthOf(e)
	if err != nil || length <= 0 {
		return nil, err // what lasts no time keeps nobody busy
	}
	walls, err := f.walls(e, clock, length)
	for _, wall := range walls {
		span := Span{From: clock.at(wall), To: clock.at(wall).Add(length)}
		if e.start.whole {
			span.To = clock.at(wall.Add(length))
		}
		spans = append(spans, span)
	}
	return spans, err
}

// lengthOf is how long an entry lasts, by the clock on the wall.
func (f *busyFile) lengthOf(e entry) (time.Duration, error) {
	length, lasts := readLength(e.length)
	switch {
	case lasts:
		return length, nil
	case e.end.isZero() && e.start.whole:
		return day24, nil
	case e.end.isZero():
		return 0, nil
	case e.end.zone == e.start.zone && e.end.utc == e.start.utc:
		return e.end.wall.Sub(e.start.wall), nil
	}
	from, err := f.instant(e.start)
	if err != nil {
		return 0, err
	}
	to, err := f.instant(e.end)
	return to.Sub(from), err
}

// walls are the readings of the clock at which an entry begins, about the window.
func (f *busyFile) walls(e entry, clock wallClock, length time.Duration) (walls []time.Time, err error) {
	about := Span{f.q.From.Add(-length - farthest), f.q.To.Add(farthest)}
	all, out := []time.Time{e.start.wall}, f.omittedBy(e)
	if e.rule != "" {
		if all, err = f.repeated(e, clock, about); err != nil {
			all = []time.Time{e.start.wall} // the first one is certain
		}
	}
	for _, s := range e.extra {
		wall, unread := f.reading(clock, s)
		if unread != nil {
			return nil, unread
		}
		all = append(all, wall)
	}
	for _, wall := range all {
		if !wall.Before(about.From) && wall.Before(about.To) && !slices.ContainsFunc(out, func(o *omitted) bool { return o.has(clock, wall) }) {
			walls = append(walls, wall)
		}
	}
	return walls, err
}

// reading is what a clock shows at a stamp, which another zone may have written. A date alone is the same on every clock.
func (f *busyFile) reading(clock wallClock, s stamp) (time.Time, error) {
	if s.whole {
		return s.wall, nil
	}
	at, err := f.instant(s)
	wall := at
	for range 2 { // once to be near, and once more where the clocks change in between
		wall = wall.Add(at.Sub(clock.at(wall)))
	}
	return wall, err
}

// repeated are the readings that follow from the rule of an entry.
func (f *busyFile) repeated(e entry, clock wallClock, about Span) (walls []time.Time, err error) {
	rule, err := readRepetition(e.rule)
	if err != nil {
		return nil, err
	}
	first := DateOf(e.start.wall, time.UTC)
	dates, _ := rule.dates(first, DateOf(about.From, time.UTC), DateOf(about.To, time.UTC), &f.left)
	end, ends := readStamp(rule.until, e.start.zone)
	for _, d := range dates {
		wall := d.midnight().Add(e.start.wall.Sub(first.midnight()))
		if ends && f.isAfter(clock, wall, end) {
			break
		}
		walls = append(walls, wall)
	}
	return walls, nil
}

// isAfter reports whether a reading comes after the end of a rule. A date alone ends with its day.
func (f *busyFile) isAfter(clock wallClock, wall time.Time, end stamp) bool {
	if end.utc {
		return clock.at(wall).After(end.wall)
	}
	if end.whole {
		return !wall.Before(end.wall.Add(day24))
	}
	return wall.After(end.wall)
}

// omitted are dates and instants at which an entry does not come.
type omitted struct {
	instants map[int64]bool
	dates    map[Date]bool
}

func (f *busyFile) omit(o *omitted, stamps ...stamp) {
	if o.instants == nil {
		o.instants, o.dates = map[int64]bool{}, map[Date]bool{}
	}
	for _, s := range stamps {
		if s.whole {
			o.dates[DateOf(s.wall, time.UTC)] = true
		} else if at, err := f.instant(s); err == nil {
			o.instants[at.Unix()] = true
		}
	}
}

func (o *omitted) has(clock wallClock, wall time.Time) bool {
	return o.dates[DateOf(wall, time.UTC)] || o.instants[clock.at(wall).Unix()]
}

// omittedBy is when an entry is left out, and when another one takes its place.
func (f *busyFile) omittedBy(e entry) (out []*omitted) {
	if !e.instead.isZero() {
		return nil
	}
	if moved := f.moved[e.uid]; moved != nil {
		out = append(out, moved)
	}
	if len(e.left) > 0 {
		own := &omitted{}
		f.omit(own, e.left...)
		out = append(out, own)
	}
	return out
}

func (f *busyFile) instant(s stamp) (time.Time, error) {
	clock, err := f.clock(s)
	if err != nil {
		return time.Time{}, err
	}
	return clock.at(s.wall), nil
}

// readLength reads P1D, PT1H30M, P2W (RFC 5545, 3.3.6). A length below zero is none.
func readLength(value string) (length time.Duration, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(value)), "+"), "P")
	if !ok || rest == "" {
		return 0, false
	}
	units := map[byte]time.Duration{'W': 7 * day24, 'D': day24, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	n := time.Duration(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case c >= '0' && c <= '9':
			n = min(n*10+time.Duration(c-'0'), 100_000)
		case units[c] > 0:
			length, n = length+n*units[c], 0
		case c != 'T':
			return 0, false
		}
	}
	return length, true
}
