package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/fault"
)

// Interval is a stretch of opening hours in minutes after local midnight. Start belongs to it, End does not.
type Interval struct{ Start, End int }

const minutesOfDay = 24 * 60

// String prints the form that ParseInterval reads: 09:00-17:00.
func (i Interval) String() string {
	return ClockOf(0, i.Start).String() + "-" + ClockOf(0, i.End).String()
}

// ParseInterval reads "09:00-17:00": two-digit hours, the start before the end, at most 24:00.
func ParseInterval(s string) (Interval, error) {
	from, to, found := strings.Cut(s, "-")
	start, okStart := minuteOf(from)
	end, okEnd := minuteOf(to)
	switch {
	case !found || !okStart || !okEnd:
		return Interval{}, fault.New(fault.Invalid, `%q are not opening hours; write them with two digits, like 09:00-17:00`, clip(s))
	case start > end && end > 0:
		return Interval{}, fault.New(fault.Invalid, `%q ends before it begins; hours over midnight are written as %q and, on the next day, %q`, s, from+"-24:00", "00:00-"+to)
	case start >= end:
		return Interval{}, fault.New(fault.Invalid, `%q has no length; the end comes after the start, and midnight at the end of a day is written 24:00`, s)
	}
	return Interval{start, end}, nil
}

// minuteOf reads HH:MM from 00:00 to 24:00.
func minuteOf(s string) (minute int, ok bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	hour, okHour := twoDigits(s[:2])
	minute, okMinute := twoDigits(s[3:])
	total := hour*60 + minute
	return total, okHour && okMinute && minute < 60 && total <= minutesOfDay
}

func twoDigits(s string) (n int, ok bool) {
	tens, ones := s[0]-'0', s[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// ParseHours reads the hours of one day, in any order; intervals may touch but not overlap.
func ParseHours(texts ...string) ([]Interval, error) {
	var hours []Interval
	for _, s := range texts {
		i, err := ParseInterval(s)
		if err != nil {
			return nil, err
		}
		hours = append(hours, i)
	}
	slices.SortFunc(hours, func(a, b Interval) int { return cmp.Compare(a.Start, b.Start) })
	for i := 1; i < len(hours); i++ {
		if hours[i].Start < hours[i-1].End {
			return nil, fault.New(fault.Invalid, "%s and %s overlap; join them or move one", hours[i-1], hours[i])
		}
	}
	return hours, nil
}

var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWeekdays reads "mon" or "mon-fri". A range may go over the end of the week: "fri-mon" is four days.
func ParseWeekdays(s string) ([]time.Weekday, error) {
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	first, last := slices.Index(dayNames[:], from), slices.Index(dayNames[:], to)
	if first < 0 || last < 0 {
		return nil, fault.New(fault.Invalid, `%q names no days of the week; write mon, tue, wed, thu, fri, sat, sun or a range like mon-fri`, clip(s))
	}
	days := []time.Weekday{time.Weekday(first)}
	for d := first; d != last; {
		d = (d + 1) % 7
		days = append(days, time.Weekday(d))
	}
	return days, nil
}

// WeekSays prints the opening hours of a week for people, equal days together: "Monday to Friday 09:00-17:00".
func (c *Calendar) WeekSays() string {
	var parts []string
	for d := time.Monday; d <= time.Saturday+1; {
		first, hours := d, c.Week[d%7]
		for d++; d <= time.Saturday+1 && slices.Equal(c.Week[d%7], hours); d++ {
		}
		if len(hours) > 0 {
			parts = append(parts, daysSay(first, d-1)+" "+hoursSay(hours))
		}
	}
	if len(parts) == 0 {
		return "closed"
	}
	return strings.Join(parts, ", ")
}

func daysSay(first, last time.Weekday) string {
	switch last - first {
	case 0:
		return (first % 7).String()
	case 1:
		return fmt.Sprintf("%s and %s", first%7, last%7)
	}
	return fmt.Sprintf("%s to %s", first%7, last%7)
}

func hoursSay(hours []Interval) string {
	if len(hours) == 0 {
		return "closed"
	}
	texts := make([]string, len(hours))
	for i, h := range hours {
		texts[i] = h.String()
	}
	return strings.Join(texts, " and ")
}
