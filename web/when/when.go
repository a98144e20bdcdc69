// Package when says instants as people read them: short where one scans, exact where one decides, always in the
// reader's zone and always with that zone's name beside the exact form.
package when

import (
	"fmt"
	"time"

	"hark/web/shared"
)

// Say returns at for a reader in zone, seen from now.
func Say(at, now time.Time, zone *time.Location) shared.Time {
	if at.IsZero() {
		return shared.Time{}
	}
	return shared.Time{Relative: Relative(at, now, zone), Exact: Exact(at, zone), ISO: at.UTC().Format(time.RFC3339)}
}

// Exact is "Wed 25 Nov 2026, 17:00 EST".
func Exact(at time.Time, zone *time.Location) string {
	return at.In(zone).Format("Mon 2 Jan 2006, 15:04 MST")
}

// Relative is "in 35 min", "20 min ago", "15:20", "tomorrow 16:30", "Fri 16:30", "27 Nov" or "27 Nov 2025".
// Within four hours the distance is said, because that is what one plans by; beyond that, the day and the clock.
func Relative(at, now time.Time, zone *time.Location) string {
	distance := at.Sub(now)
	switch {
	case distance.Abs() < time.Minute:
		return "now"
	case distance > 0 && distance < 4*time.Hour:
		return "in " + Span(distance)
	case distance < 0 && distance > -4*time.Hour:
		return Span(-distance) + " ago"
	}
	return day(at.In(zone), now.In(zone))
}

// Clock is the day and the clock whatever the distance, for a time since when something goes on: "15:20" or "yesterday 15:20".
func Clock(at, now time.Time, zone *time.Location) string { return day(at.In(zone), now.In(zone)) }

// Day is "Wed 2 Dec", with its year when that is not this one.
func Day(at, now time.Time, zone *time.Location) string {
	local := at.In(zone)
	if local.Year() != now.In(zone).Year() {
		return local.Format("Mon 2 Jan 2006")
	}
	return local.Format("Mon 2 Jan")
}

func day(at, now time.Time) string {
	clock := at.Format("15:04")
	switch days := daysBetween(now, at); {
	case days == 0:
		return clock
	case days == 1:
		return "tomorrow " + clock
	case days == -1:
		return "yesterday " + clock
	case days > 1 && days < 7:
		return at.Format("Mon ") + clock
	case days < -1 && days > -7:
		return at.Format("Mon ") + clock
	case at.Year() == now.Year():
		return at.Format("2 Jan")
	}
	return at.Format("2 Jan 2006")
}

// daysBetween counts midnights from one local day to another.
func daysBetween(from, to time.Time) int {
	return number(to) - number(from)
}

// number is the Julian day number of a local date (Fliegel and Van Flandern, 1968); it needs no time.Date.
func number(t time.Time) int {
	year, month, day := t.Date()
	a := (14 - int(month)) / 12
	y := year + 4800 - a
	m := int(month) + 12*a - 3
	return day + (153*m+2)/5 + 365*y + y/4 - y/100 + y/400 - 32045
}

// Span is a length of time in its largest fitting unit: "35 min", "2 h", "2 h 20 min", "3 days".
func Span(d time.Duration) string {
	d = d.Round(time.Minute)
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour && d%time.Hour != 0:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int((d % time.Hour).Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d < 48*time.Hour:
		return "1 day"
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
}

// Size is a number of bytes for people: "48 kB".
func Size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
