package main

import (
	"time"

	"hark/calendar"
	"hark/fault"
)

// target reads where a clock is to go: a duration from now (24h, 5d), or an instant as instant reads it.
func target(text string, now time.Time, zone *time.Location) (time.Time, error) {
	d, err := calendar.ParseDuration(text)
	if err != nil {
		return instant(text, zone)
	}
	if d.NeedsCalendar() {
		return now, fault.New(fault.Invalid, "%s is business time, and a clock has no business time; write 24h, 5d or an instant", text)
	}
	always, err := calendar.New(calendar.Spec{ID: "clock", Zone: zone.String()})
	if err != nil {
		return time.Time{}, err
	}
	return always.Add(now, d)
}
