package calendar

import (
	"fmt"
	"time"

	"hark/fault"
)

// Date is a day on the wall calendar, in no zone.
type Date struct {
	Y int
	M time.Month
	D int
}

// Clock is what a clock shows, as the distance from 00:00. 24:00 is allowed: it is 00:00 of the next day.
type Clock time.Duration

const day24 = 24 * time.Hour // a day on paper; real ones may be an hour or so longer or shorter

// ClockOf returns what a clock shows at hour and minute.
func ClockOf(hour, minute int) Clock {
	return Clock(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// String prints hours and minutes, and seconds when there are any: 09:00, 16:29:59.
func (c Clock) String() string {
	d := time.Duration(c)
	text := fmt.Sprintf("%02d:%02d", d/time.Hour, d/time.Minute%60)
	if s := d / time.Second % 60; s != 0 {
		text += fmt.Sprintf(":%02d", s)
	}
	return text
}

// DateOf returns the date that the calendar on the wall of zone shows at t.
func DateOf(t time.Time, zone *time.Location) Date {
	y, m, d := t.In(zone).Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fault.New(fault.Invalid, "%q is not a date; write the year, month and day like 2026-11-27", s)
	}
	return DateOf(t, time.UTC), nil
}

// IsZero reports whether this is no date at all.
func (d Date) IsZero() bool { return d == Date{} }

// String prints YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Y, d.M, d.D) }

// Format prints the date in a layout of package time that speaks of days, months and years only.
func (d Date) Format(layout string) string { return d.midnight().Format(layout) }

// Weekday says which day of the week d is.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// Plus returns the date n days later, or earlier when n is negative.
func (d Date) Plus(n int) Date { return DateOf(d.midnight().Add(time.Duration(n)*day24), time.UTC) }

// Before reports whether d comes before other.
func (d Date) Before(other Date) bool { return d.midnight().Before(other.midnight()) }

// DaysUntil counts the days from d to other; negative when other comes first.
func (d Date) DaysUntil(other Date) int {
	return int(other.midnight().Sub(d.midnight()) / day24)
}

// Age counts the whole days from a date to the date that the wall shows in zone at t. The day itself has age 0, so
// "within the last 30 days" includes age 30 (scenario A25).
func Age(from Date, at time.Time, zone *time.Location) int {
	return from.DaysUntil(DateOf(at, zone))
}

// HourOfWeek is the hour of the week that clocks in zone show at t: 0 is Sunday at 00:00, 167 Saturday at 23:00.
func HourOfWeek(t time.Time, zone *time.Location) int {
	local := t.In(zone)
	return int(local.Weekday())*24 + local.Hour()
}
