package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// icsReader is a calendar program of its own: it knows the rules of RFC 5545 that a feed may use, and nothing of this package.
type icsReader struct {
	t      *testing.T
	zones  map[string][]icsClock
	open   [][2]time.Time // UTC
	off    []string       // all-day events: "20261126 Closed: Thanksgiving Day"
	events []map[string]string
}

// icsClock is an observance: from a local time on, clocks keep a distance from UTC.
type icsClock struct {
	onset  string
	offset time.Duration
}

var icsLine = regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)$`)

// readICS reads a file strictly: CRLF, lines of at most 75 octets, every event named once and complete.
func readICS(t *testing.T, file []byte) *icsReader {
	t.Helper()
	r := &icsReader{t: t, zones: map[string][]icsClock{}}
	for _, line := range strings.SplitAfter(string(file), "\n") {
		if line != "" && (!strings.HasSuffix(line, "\r\n") || len(line) > 77) {
			t.Fatalf("a line of %d octets, or one without CRLF: %q", len(line)-2, line)
		}
	}
	var inside []string
	var event map[string]string
	var clock icsClock
	zone := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(string(file), "\r\n ", ""), "\r\n"), "\r\n") {
		m := icsLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("no content line: %q", line)
		}
		name, parameters, value := m[1], m[2], m[3]
		switch {
		case name == "BEGIN":
			inside = append(inside, value)
			event = map[string]string{}
		case name == "END":
			if last := len(inside) - 1; inside[last] != value {
				t.Fatalf("%s ends inside %s", value, inside[last])
			}
			inside = inside[:len(inside)-1]
			if value == "STANDARD" || value == "DAYLIGHT" {
				r.zones[zone] = append(r.zones[zone], clock)
			}
			if value == "VEVENT" {
				r.event(event)
			}
		case name == "TZID":
			zone = value
		case name == "TZOFFSETTO":
			clock.offset = icsOffset(t, value)
		case name == "DTSTART" && slices.Contains([]string{"STANDARD", "DAYLIGHT"}, inside[len(inside)-1]):
			clock.onset = value
		case name == "EXDATE":
			event["EXDATE"] += parameters + ":" + value + "\n"
		default:
			if _, twice := event[name]; twice {
				t.Errorf("%s stands twice in an event", name)
			}
			event[name] = strings.TrimPrefix(parameters+":"+value, ":")
		}
	}
	if len(inside) > 0 {
		t.Errorf("%v does not end", inside)
	}
	return r
}

func icsOffset(t *testing.T, value string) time.Duration {
	hours, err := strconv.Atoi(value[1:3])
	minutes, err2 := strconv.Atoi(value[3:5])
	if err != nil || err2 != nil {
		t.Fatalf("%q is no distance from UTC", value)
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if value[0] == '-' {
		return -d
	}
	return d
}

// event enters what an event says: the days it covers, or each time it repeats.
func (r *icsReader) event(e map[string]string) {
	for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} {
		if e[name] == "" {
			r.t.Errorf("an event has no %s: %v", name, e)
		}
	}
	if slices.ContainsFunc(r.events, func(other map[string]string) bool { return other["UID"] == e["UID"] }) {
		r.t.Errorf("two events are called %s", e["UID"])
	}
	r.events = append(r.events, e)
	if day, whole := strings.CutPrefix(e["DTSTART"], ";VALUE=DATE:"); whole {
		r.off = append(r.off, day+" "+e["SUMMARY"])
		return
	}
	from, to := r.local(e["DTSTART"]), r.local(e["DTEND"])
	if e["RRULE"] == "" {
		r.opens(from, to, e["DTSTART"])
		return
	}
	rule := map[string]string{}
	for part := range strings.SplitSeq(e["RRULE"], ";") {
		key, value, _ := strings.Cut(part, "=")
		rule[key] = value
	}
	until, err := time.Parse("20060102T150405Z", rule["UNTIL"])
	if err != nil || rule["FREQ"] != "WEEKLY" {
		r.t.Fatalf("a rule that this reader does not know: %q", e["RRULE"])
	}
	codes := strings.Split(rule["BYDAY"], ",")
	if !slices.Contains(codes, strings.ToUpper(from.Weekday().String()[:2])) {
		r.t.Errorf("the first day, %s, is none of the rule's: %v", from, codes)
	}
	for ; !r.instant(from, e["DTSTART"]).After(until); from, to = from.Add(24*time.Hour), to.Add(24*time.Hour) {
		excluded := strings.Contains(e["EXDATE"], ":"+from.Format("20060102T150405")+"\n") || strings.Contains(e["EXDATE"], ":"+from.Format("20060102T150405")+"Z\n")
		if slices.Contains(codes, strings.ToUpper(from.Weekday().String()[:2])) && !excluded {
			r.opens(from, to, e["DTSTART"])
		}
	}
}

// local reads a clock time, as if its zone were UTC.
func (r *icsReader) local(value string) time.Time {
	t, err := time.Parse("20060102T150405", strings.TrimSuffix(value[strings.LastIndex(":"+value, ":"):], "Z"))
	if err != nil {
		r.t.Fatal(err)
	}
	return t
}

// instant turns a clock time into an instant by the zone that the file itself describes.
func (r *icsReader) instant(local time.Time, like string) time.Time {
	zone, _, _ := strings.Cut(strings.TrimPrefix(like, ";TZID="), ":")
	if strings.HasSuffix(like, "Z") {
		return local
	}
	clocks, known := r.zones[zone]
	if !known {
		r.t.Fatalf("the zone %q is not described", zone)
	}
	offset, found := time.Duration(0), false
	for _, c := range clocks {
		if c.onset <= local.Format("20060102T150405") {
			offset, found = c.offset, true
		}
	}
	if !found {
		r.t.Fatalf("nobody says what clocks in %s show on %s", zone, local)
	}
	return local.Add(-offset)
}

func (r *icsReader) opens(from, to time.Time, like string) {
	r.open = append(r.open, [2]time.Time{r.instant(from, like), r.instant(to, like)})
}

func (r *icsReader) isOpen(at time.Time) bool {
	return slices.ContainsFunc(r.open, func(s [2]time.Time) bool { return !at.Before(s[0]) && at.Before(s[1]) })
}

// Whoever subscribes sees the desk open exactly when it is: over two years, in five zones, with two intervals a day, a shorter
// Christmas Eve, an open Saturday, a desk that works to midnight, holidays and days off.
func TestAFeedIsOpenWhenTheDeskIs(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/London", "Australia/Sydney", "Asia/Kolkata", "UTC"} {
		c := made(t, Spec{
			ID: "office", Zone: zone, Holidays: []string{"us-federal"},
			Week: map[string][]string{"mon-thu": {"09:00-12:00", "13:00-17:30"}, "fri": {"09:00-12:00"}, "sun": {"20:00-24:00"}},
			Except: []ExceptSpec{
				{Date: "2026-11-02", Why: "we move"},
				{Date: "2026-12-24", Hours: []string{"09:00-11:00"}, Why: "Christmas Eve"},
				{Date: "2026-12-05", Hours: []string{"10:00-14:00"}},
			},
		})
		from, to := Date{2026, time.November, 1}, Date{2027, time.December, 31}
		read := readICS(t, Feed{Name: "Agency: hours", Host: "agency.example", Stamp: from.midnight(), From: from, To: to, Hours: []Opening{{"office", "Open", c}}}.ICS())
		for at := Resolve(from, 0, c.Zone); at.Before(Resolve(to.Plus(1), 0, c.Zone)); at = at.Add(30 * time.Minute) {
			if got, want := read.isOpen(at), c.At(at).Open; got != want {
				t.Fatalf("%s: at %s the feed says open %v, the desk %v", zone, at.In(c.Zone), got, want)
			}
		}
		for _, want := range []string{"20261102 Closed: we move", "20261126 Closed: Thanksgiving Day", "20270101 Closed: New Year's Day"} {
			if !slices.Contains(read.off, want) {
				t.Errorf("%s: no day off %q in %v", zone, want, read.off)
			}
		}
		if slices.ContainsFunc(read.off, func(d string) bool { return strings.HasPrefix(d, "20261205") }) {
			t.Errorf("an open Saturday is a day off")
		}
	}
}

// H8 for calendars: what a company calls itself cannot end a line and begin another, and long names are folded between letters.
func TestAFeedHoldsNothingButWhatItSays(t *testing.T) {
	c := made(t, Spec{ID: "office", Zone: "Europe/London", Week: map[string][]string{"mon": {"09:00-17:00"}}})
	name := "Ångström; Söhne, \\ & Co\r\nATTACH:https://elsewhere.example/" + strings.Repeat("ü", 80)
	day := Date{2026, time.November, 2}
	file := Feed{Name: name, Host: "agency.example", Stamp: day.midnight(), From: day, To: day.Plus(30), Hours: []Opening{{"office", name, c}}}.ICS()
	read := readICS(t, file)
	if len(read.events) != 1 || read.events[0]["ATTACH"] != "" {
		t.Fatalf("the name became %d events: %v", len(read.events), read.events)
	}
	want := `Ångström\; Söhne\, \\ & Co\nATTACH:https://elsewhere.example/` + strings.Repeat("ü", 80)
	if got := read.events[0]["SUMMARY"]; got != want {
		t.Errorf("the name reads %q, want %q", got, want)
	}
}

// Two feeds that do not differ are the same bytes: programs then see that nothing has changed.
func TestAFeedIsTheSameEachTime(t *testing.T) {
	c := made(t, Spec{ID: "office", Zone: "Europe/London", Holidays: []string{"gb-eng"}, Week: map[string][]string{"mon-fri": {"09:00-17:00"}, "sat": {"10:00-12:00"}}})
	day := Date{2026, time.November, 2}
	f := Feed{Name: "Hours", Host: "agency.example", Stamp: day.midnight(), From: day, To: day.Plus(365), Hours: []Opening{{"office", "Open", c}}}
	if first, second := string(f.ICS()), string(f.ICS()); first != second {
		t.Error("the same hours are written in two ways")
	}
}

// Programs tell summer from winter by what clocks showed before, so the change before the feed begins is told as it was.
func TestAFeedTellsTheLastChangeOfTheClocks(t *testing.T) {
	c := made(t, Spec{ID: "office", Zone: "Australia/Sydney", Week: map[string][]string{"mon-fri": {"09:00-17:00"}}})
	day := Date{2026, time.November, 17}
	file := string(Feed{Name: "Hours", Host: "agency.example", Stamp: day.midnight(), From: day, To: day.Plus(30), Hours: []Opening{{"office", "Open", c}}}.ICS())
	if want := "BEGIN:DAYLIGHT\r\nDTSTART:20261004T020000\r\nTZOFFSETFROM:+1000\r\nTZOFFSETTO:+1100\r\n"; !strings.Contains(file, want) {
		t.Errorf("the file does not tell that summer began on 4 October:\n%s", file)
	}
}
