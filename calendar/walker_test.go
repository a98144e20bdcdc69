package calendar

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The walker is a second opinion that shares nothing with the package but the types: it looks at the clock of the zone
// minute by minute, notes whether the desk is open, and counts. Slow, and too simple to be wrong in the same way.
type walker struct {
	c      *Calendar
	start  time.Time
	open   []bool
	before []int // open minutes before each minute
	days   []walked
	byDate map[Date]int // days, by date
}

// walked is one date that the clock showed.
type walked struct {
	date        Date
	first, last int // the first open minute and the one after the last; equal when there is none
}

func walk(c *Calendar, start time.Time, minutes int) *walker {
	w := &walker{c: c, start: start, before: make([]int, 1, minutes+1), byDate: map[Date]int{}}
	for i := range minutes {
		now := start.Add(time.Duration(i) * time.Minute).In(c.Zone)
		open := w.opens(now)
		w.open = append(w.open, open)
		w.before = append(w.before, w.before[i])
		if open {
			w.before[i+1]++
		}
		w.note(now, i, open)
	}
	return w
}

func (w *walker) opens(now time.Time) bool {
	y, m, d := now.Date()
	hours := w.c.Week[now.Weekday()]
	for _, e := range w.c.Except {
		if e.Date == (Date{y, m, d}) {
			hours = e.Hours
		}
	}
	for _, h := range hours {
		if minute := now.Hour()*60 + now.Minute(); h.Start <= minute && minute < h.End {
			return true
		}
	}
	return false
}

func (w *walker) note(now time.Time, i int, open bool) {
	y, m, d := now.Date()
	n, known := w.byDate[Date{y, m, d}]
	if !known {
		n = len(w.days)
		w.byDate[Date{y, m, d}], w.days = n, append(w.days, walked{date: Date{y, m, d}})
	}
	if open && w.days[n].first == w.days[n].last {
		w.days[n].first = i
	}
	if open {
		w.days[n].last = i + 1
	}
}

func (w *walker) time(minute int) time.Time {
	return w.start.Add(time.Duration(minute) * time.Minute)
}

// elapsed is the opening time from the start of the walk to t.
func (w *walker) elapsed(t time.Time) time.Duration {
	i := int(t.Sub(w.start) / time.Minute)
	total := time.Duration(w.before[i]) * time.Minute
	if i < len(w.open) && w.open[i] {
		total += t.Sub(w.time(i))
	}
	return total
}

// opening is the first open moment from t on; false when the walk ends before it.
func (w *walker) opening(t time.Time) (time.Time, bool) {
	i := int(t.Sub(w.start) / time.Minute)
	if i < len(w.open) && w.open[i] {
		return t, true
	}
	for ; i < len(w.open); i++ {
		if w.open[i] {
			return w.time(i), true
		}
	}
	return time.Time{}, false
}

// after is the moment at which so much opening time has passed since the start of the walk.
func (w *walker) after(open time.Duration) (time.Time, bool) {
	whole, rest := int(open/time.Minute), open%time.Minute
	if rest > 0 {
		i := sort.SearchInts(w.before, whole+1)
		return w.time(i - 1).Add(rest), i < len(w.before)
	}
	i := sort.SearchInts(w.before, whole)
	return w.time(i), i < len(w.before)
}

// shows is the first instant at which the clock reads wall, or would if it had not jumped over it.
func (w *walker) shows(date Date, clock time.Duration) (time.Time, bool) {
	wanted := date.midnight().Add(clock)
	reading := func(t time.Time) time.Time {
		_, o := t.In(w.c.Zone).Zone()
		return t.UTC().Add(time.Duration(o) * time.Second)
	}
	for t := wanted.Add(-30 * time.Hour); t.Before(wanted.Add(30 * time.Hour)); t = t.Add(time.Minute) {
		now, next := reading(t), reading(t.Add(time.Minute))
		if ahead := wanted.Sub(now); ahead == 0 || ahead > 0 && wanted.Before(next) {
			return t.Add(ahead), true // within the coming minute, or in the gap that it leaps over
		}
	}
	return time.Time{}, false
}

// add is Add as the scenarios define it.
func (w *walker) add(from time.Time, d Duration) (time.Time, bool) {
	switch d.Unit {
	case Minutes, Hours:
		return from.Add(d.exact()), true
	case Days, Weeks:
		return w.addDays(from, d)
	}
	from, ok := w.opening(from)
	switch {
	case !ok || d.N == 0 && d.Edge == NoEdge:
		return from, ok
	case d.Unit != BusinessDays:
		return w.after(w.elapsed(from) + d.exact())
	}
	date, clock := read(from, w.c.Zone)
	return w.onBusinessDay(w.byDate[date], d.N, clock, d.Edge)
}

func read(t time.Time, zone *time.Location) (Date, time.Duration) {
	y, m, d := t.In(zone).Date()
	h, min, s := t.In(zone).Clock()
	return Date{y, m, d}, time.Duration(h*3600+min*60+s)*time.Second + time.Duration(t.Nanosecond())
}

func (w *walker) addDays(from time.Time, d Duration) (time.Time, bool) {
	date, clock := read(from, w.c.Zone)
	date = date.Plus(d.nominal())
	switch {
	case d.N == 0:
		return from, true
	case d.Edge == NoEdge:
		return w.shows(date, clock)
	}
	for i, day := range w.days {
		if !day.date.Before(date) {
			return w.onBusinessDay(i-1, 1, clock, d.Edge)
		}
	}
	return time.Time{}, false
}

// onBusinessDay is on the nth business day after days[i].
func (w *walker) onBusinessDay(i, n int, clock time.Duration, edge Edge) (time.Time, bool) {
	for n > 0 {
		if i++; i >= len(w.days)-1 {
			return time.Time{}, false // the last date may not have been walked to its end
		}
		if w.days[i].first < w.days[i].last {
			n--
		}
	}
	switch edge {
	case Open:
		return w.time(w.days[i].first), i > 0
	case Close:
		return w.time(w.days[i].last), i < len(w.days)-1
	}
	return w.shows(w.days[i].date, clock)
}

// The zones are chosen for their trouble: a half-hour shift (Lord Howe), winter time in Ramadan (Casablanca, Gaza),
// changes at midnight (Havana, Cairo, Sao Paulo, Santiago), three quarters of an hour (Kathmandu), a lost day (Apia).
var zones = []string{
	"America/New_York", "Europe/London", "Australia/Sydney", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana",
	"Africa/Cairo", "America/Sao_Paulo", "America/Santiago", "Asia/Gaza", "Asia/Kathmandu", "Pacific/Apia", "UTC",
	"Australia/Adelaide", "Asia/Beirut", "Pacific/Chatham", "Asia/Kolkata",
}

const windowDays = 40

func interval() *rapid.Generator[[]Interval] {
	return rapid.Custom(func(t *rapid.T) []Interval {
		var hours []Interval
		for from := 0; len(hours) < 4 && from < minutesOfDay && rapid.IntRange(0, 2).Draw(t, "more") > 0; {
			start := rapid.OneOf(rapid.Just(from), rapid.IntRange(from, minutesOfDay-1)).Draw(t, "start")
			end := rapid.OneOf(rapid.Just(minutesOfDay), rapid.IntRange(start+1, minutesOfDay)).Draw(t, "end")
			hours, from = append(hours, Interval{start, end}), end
		}
		return hours
	})
}

// windowIn chooses where to walk: around a change of the clocks every other time.
func windowIn(t *rapid.T, zone *time.Location) time.Time {
	from := time.Unix(rapid.Int64Range(1514764800, 2240524800).Draw(t, "from")/60*60, 0).UTC() // 2018 to 2040
	if rapid.Bool().Draw(t, "clocks change") {
		if _, change := from.In(zone).ZoneBounds(); !change.IsZero() {
			from = change.UTC()
		}
	}
	if zone.String() == "Pacific/Apia" && rapid.Bool().Draw(t, "lost day") {
		from = Date{2011, time.December, 30}.midnight()
	}
	return from.Truncate(time.Minute).Add(-windowDays * 12 * time.Hour)
}

func calendarIn(t *rapid.T, zone *time.Location, start time.Time) *Calendar {
	c := &Calendar{ID: "desk", Zone: zone, except: map[Date]Exception{}}
	for i := range c.Week {
		c.Week[i] = interval().Draw(t, "hours")
	}
	for range rapid.IntRange(0, 6).Draw(t, "exceptions") {
		d := DateOf(start, zone).Plus(rapid.IntRange(0, windowDays).Draw(t, "date"))
		if _, twice := c.except[d]; !twice {
			e := Exception{d, interval().Draw(t, "other hours"), ""}
			c.Except, c.except[d] = append(c.Except, e), e
		}
	}
	return c
}

// questions is how many instants each calendar is asked about. HARK_CASES sets the number of all cases together:
// HARK_CASES=1000000 is the run before a release.
func questions(t *testing.T) int {
	cases, err := strconv.Atoi(os.Getenv("HARK_CASES"))
	if err != nil {
		cases = 40_000
	}
	return cases/100 + 1
}

func walks(t *testing.T, ask func(t *rapid.T, w *walker, r *rand.Rand)) {
	n := questions(t)
	rapid.Check(t, func(t *rapid.T) { walkOnce(t, n, ask) })
}

// walkOnce makes up a calendar in some zone, walks through forty days of it, and asks n times.
func walkOnce(t *rapid.T, n int, ask func(t *rapid.T, w *walker, r *rand.Rand)) {
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	start := windowIn(t, zone)
	w := walk(calendarIn(t, zone, start), start, windowDays*24*60)
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for range n {
		ask(t, w, r)
	}
}

// moment is an instant of the walk, mostly on the minute and often next to a change of some kind.
func (w *walker) moment(r *rand.Rand) time.Time {
	i := r.IntN(len(w.open))
	if r.IntN(3) == 0 {
		for i < len(w.open)-1 && w.open[i] == w.open[i+1] {
			i++
		}
		i = min(i+r.IntN(3), len(w.open)-1)
	}
	if r.IntN(4) == 0 {
		return w.time(i).Add(time.Duration(r.Int64N(int64(time.Minute))))
	}
	return w.time(i)
}

func (w *walker) String() string {
	return fmt.Sprintf("zone %s, week %v, except %v", w.c.Zone, w.c.Week, w.c.Except)
}

func TestBetweenAgreesWithAWalkThroughEveryMinute(t *testing.T) {
	walks(t, func(t *rapid.T, w *walker, r *rand.Rand) {
		from, to := w.moment(r), w.moment(r)
		if want, got := max(w.elapsed(to)-w.elapsed(from), 0), w.c.Between(from, to); got != want {
			t.Fatalf("from %s to %s the desk is open %s, want %s (%s)", from, to, got, want, w)
		}
	})
}

func TestOpenAgreesWithAWalkThroughEveryMinute(t *testing.T) {
	walks(t, func(t *rapid.T, w *walker, r *rand.Rand) {
		at := w.moment(r)
		i := int(at.Sub(w.start) / time.Minute)
		s := w.c.At(at)
		if s.Open != w.open[i] {
			t.Fatalf("at %s open is %v (%s)", at, s.Open, w)
		}
		for i++; i < len(w.open) && w.open[i] == s.Open; i++ {
		}
		if i < len(w.open) && !s.Until.Equal(w.time(i)) {
			t.Fatalf("at %s open %v until %s, want %s (%s)", at, s.Open, s.Until, w.time(i), w)
		}
	})
}

var units = []Unit{Minutes, Hours, Days, Weeks, BusinessMinutes, BusinessHours, BusinessDays}

func duration(r *rand.Rand) Duration {
	d := Duration{r.IntN(30), units[r.IntN(len(units))], NoEdge}
	if d.Unit == BusinessMinutes {
		d.N *= 37
	}
	if edged := (Duration{d.N, d.Unit, []Edge{Open, Close}[r.IntN(2)]}); r.IntN(2) == 0 && edged.sensible() == nil {
		return edged
	}
	return d
}

func TestAddAgreesWithAWalkThroughEveryMinute(t *testing.T) {
	answered := 0
	walks(t, func(t *rapid.T, w *walker, r *rand.Rand) {
		if w.agrees(t, r) {
			answered++
		}
	})
	if answered < questions(t)*20 {
		t.Errorf("only %d questions had an answer within the walk", answered)
	}
}

// agrees adds some duration to some instant both ways; false when the answer lies beyond the walk.
func (w *walker) agrees(t *rapid.T, r *rand.Rand) bool {
	from, d := w.moment(r), duration(r)
	want, ok := w.add(from, d)
	if !ok {
		return false
	}
	got, err := w.c.Add(from, d)
	if err != nil || !got.Equal(want) {
		t.Fatalf("%s from %s is %s (%v), want %s (%s)", d, from, got, err, want.In(w.c.Zone), w)
	}
	return true
}

// FuzzAdd lets the fuzzer choose calendars, zones and instants where chance does not get to.
func FuzzAdd(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		walkOnce(t, 200, func(t *rapid.T, w *walker, r *rand.Rand) { w.agrees(t, r) })
	}))
}

// A desk that answers later for someone who wrote earlier would be unfair.
func TestWhoWritesEarlierIsAnsweredNoLater(t *testing.T) {
	walks(t, func(t *rapid.T, w *walker, r *rand.Rand) {
		first, second, d := w.moment(r), w.moment(r), duration(r)
		if second.Before(first) {
			first, second = second, first
		}
		a, errA := w.c.Add(first, d)
		b, errB := w.c.Add(second, d)
		fair := d.Unit == BusinessMinutes || d.Unit == BusinessHours || d.Unit == BusinessDays && !w.clocksChange(first, a, b)
		if errA == nil && errB == nil && fair && b.Before(a) {
			t.Fatalf("%s from %s is %s, but from %s already %s (%s)", d, first, a, second, b, w)
		}
	})
}

// clocksChange reports whether the zone's clocks change between first and a day after the later of the results: a clock
// that is turned back shows the earlier time to the later writer.
func (w *walker) clocksChange(first, a, b time.Time) bool {
	_, change := first.Add(-day24).In(w.c.Zone).ZoneBounds()
	return !change.IsZero() && (change.Before(a.Add(day24)) || change.Before(b.Add(day24)))
}
