package calendar

import (
	"testing"
	"time"
)

// Clock times that do not exist or exist twice, and what RFC 5545 makes of them. The first six are those for which
// time.Date was found to differ from zone to zone.
func TestResolveSettlesMissingAndDoubleTimes(t *testing.T) {
	for _, x := range []struct{ zone, local, utc, shown string }{
		{"America/New_York", "2027-03-14T02:30", "07:30", "03:30 EDT"},
		{"Europe/London", "2027-03-28T01:30", "01:30", "02:30 BST"},
		{"Australia/Sydney", "2026-10-04T02:30", "16:30", "03:30 AEDT"},
		{"America/New_York", "2026-11-01T01:30", "05:30", "01:30 EDT"},
		{"Europe/London", "2026-10-25T01:30", "00:30", "01:30 BST"},
		{"Australia/Sydney", "2027-04-04T02:30", "15:30", "02:30 AEDT"},

		{"America/New_York", "2026-03-08T01:59", "06:59", "01:59 EST"}, // the last minute before the gap
		{"America/New_York", "2026-03-08T03:00", "07:00", "03:00 EDT"}, // the first one after it
		{"America/New_York", "2026-11-01T02:00", "07:00", "02:00 EST"}, // the first one shown once again
		{"Australia/Lord_Howe", "2026-10-04T02:15", "15:45", "02:45 +11"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "14:45", "01:45 +11"},
		{"Africa/Casablanca", "2026-02-15T02:30", "01:30", "02:30 +01"},
		{"Africa/Casablanca", "2026-03-22T02:30", "02:30", "03:30 +01"},
		{"America/Havana", "2026-03-08T00:00", "05:00", "01:00 CDT"},
		{"America/Havana", "2026-11-01T00:30", "04:30", "00:30 CDT"},
		{"Africa/Cairo", "2026-04-24T00:00", "22:00", "01:00 EEST"},
		{"Africa/Cairo", "2026-10-29T23:30", "20:30", "23:30 EEST"},
		{"America/Sao_Paulo", "2018-11-04T00:00", "03:00", "01:00 -02"},
		{"America/Santiago", "2026-04-04T23:30", "02:30", "23:30 -03"},
		{"America/Santiago", "2026-09-06T00:30", "04:30", "01:30 -03"},
		{"Asia/Kathmandu", "2026-11-20T09:00", "03:15", "09:00 +0545"},
		{"Pacific/Apia", "2011-12-30T09:00", "19:00", "09:00 +14"}, // Samoa went from the 29th to the 31st
		{"America/New_York", "2040-12-31T23:30", "04:30", "23:30 EST"},
	} {
		wall, _ := wallTime(x.local)
		zone, err := time.LoadLocation(x.zone)
		if err != nil {
			t.Fatal(err)
		}
		d := DateOf(wall, time.UTC)
		got := Resolve(d, ClockOf(wall.Hour(), wall.Minute()), zone)
		if utc, shown := got.UTC().Format("15:04"), got.Format("15:04 MST"); utc != x.utc || shown != x.shown {
			t.Errorf("%s in %s is %sZ, shown as %s; want %sZ, shown as %s", x.local, x.zone, utc, shown, x.utc, x.shown)
		}
		c := &Calendar{Zone: zone}
		if table := c.resolve(wall); !table.Equal(got) {
			t.Errorf("%s in %s is %s by the calendar's table and %s by Resolve", x.local, x.zone, table, got)
		}
	}
}

func TestTwentyFourHundredIsTheNextMidnight(t *testing.T) {
	got := Resolve(Date{2026, time.December, 31}, ClockOf(24, 0), time.UTC)
	if want := Resolve(Date{2027, time.January, 1}, 0, time.UTC); !got.Equal(want) {
		t.Errorf("24:00 on New Year's Eve is %s, want %s", got, want)
	}
}

// The tables must know the same offsets as Go does, to the end of the years that calendars count, past the point where
// the zone files end and their rule takes over (2037), and on the last day of leap years.
func TestOffsetsInTheTablesAreThoseOfTheZone(t *testing.T) {
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		c := &Calendar{Zone: zone}
		for at := (Date{1999, 1, 1}).midnight(); at.Year() < lastYear; at = at.Add(5*time.Hour + 7*time.Minute) {
			y, since := c.place(at)
			_, want := at.In(zone).Zone()
			if got := y.periods.wall(since) - since; got != time.Duration(want)*time.Second {
				t.Fatalf("%s at %s: the offset is %s, want %d s", name, at, got, want)
			}
		}
	}
}

func TestAge(t *testing.T) {
	pacific, _ := time.LoadLocation("America/Los_Angeles")
	now := instant(t, pacific, "2026-11-17 22:00") // already the 18th in UTC
	for ordered, want := range map[string]int{"2026-11-17": 0, "2026-10-18": 30, "2026-10-17": 31, "2026-11-18": -1} {
		d, err := ParseDate(ordered)
		if err != nil {
			t.Fatal(err)
		}
		if got := Age(d, now, pacific); got != want {
			t.Errorf("ordered on %s: %d days, want %d", ordered, got, want)
		}
	}
}
