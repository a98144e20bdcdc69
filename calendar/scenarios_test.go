package calendar

import (
	"strings"
	"testing"
	"time"
)

// The figures of the acceptance scenarios that are a matter of calendars: from, duration, what must come out. Instants
// without a zone are on the desk's own clock; results are in UTC.
type figure struct{ from, duration, utc string }

func check(t *testing.T, c *Calendar, figures ...figure) {
	t.Helper()
	for _, f := range figures {
		d, err := ParseDuration(f.duration)
		if err != nil {
			t.Fatal(err)
		}
		at, err := c.Add(instant(t, c.Zone, f.from), d)
		if err != nil {
			t.Fatal(err)
		}
		if got := at.UTC().Format("2006-01-02 15:04Z"); got != f.utc {
			t.Errorf("%s from %s is %s, want %s", f.duration, f.from, got, f.utc)
		}
	}
}

// instant reads "2026-11-20 16:30" in zone, or RFC 3339.
func instant(t testing.TB, zone *time.Location, s string) time.Time {
	t.Helper()
	if strings.Contains(s, "T") {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func phone(t *testing.T) *Calendar  { return desk(t, "America/New_York", "08:00-17:00", "us-federal") }
func office(t *testing.T) *Calendar { return desk(t, "America/New_York", "09:00-17:00", "us-federal") }

// regional is the calendar of seed 003: one week of hours, four regions.
func regional(t testing.TB) *Calendar {
	return made(t, Spec{
		ID: "regional", Zone: "UTC", By: "customer.region", DefaultRegion: "us-east",
		Week: map[string][]string{"mon-fri": {"09:00-17:00"}},
		Regions: map[string]RegionSpec{
			"us-east":       {Zone: "America/New_York", Holidays: []string{"us-federal"}},
			"us-west":       {Zone: "America/Los_Angeles", Holidays: []string{"us-federal"}},
			"uk":            {Zone: "Europe/London", Holidays: []string{"gb-eng"}},
			"australia-nsw": {Zone: "Australia/Sydney", Holidays: []string{"au-nsw"}},
		},
	})
}

func region(t *testing.T, id string) *Calendar {
	c, usedDefault := regional(t).ForRegion(id)
	if usedDefault {
		t.Fatalf("region %q is unknown", id)
	}
	return c
}

func TestS0_01_ACallRequest(t *testing.T) {
	check(t, phone(t), figure{"2026-11-09 10:05", "1bd", "2026-11-10 15:05Z"})
}

func TestS0_02_WeekendAfterHoursAndHolidays(t *testing.T) {
	check(t, phone(t),
		figure{"2026-11-20 16:30", "1bd", "2026-11-23 21:30Z"},
		figure{"2026-11-21 09:00", "1bd", "2026-11-24 13:00Z"},
		figure{"2026-11-10 15:00", "1bd", "2026-11-12 20:00Z"},
		figure{"2026-11-25 17:00", "1bd", "2026-11-30 13:00Z"})
}

func TestS2_02_PendingOnAFridayAfternoon(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-20 16:30", "24h", "2026-11-21 21:30Z"},
		figure{"2026-11-20 16:30", "5d", "2026-11-25 21:30Z"},
		figure{"2026-11-20 16:30", "7d", "2026-11-27 21:30Z"})
}

func TestS2_03_AHolidayDoesNotDelayAReminder(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-25 10:00", "24h", "2026-11-26 15:00Z"},
		figure{"2026-11-25 10:00", "5d", "2026-11-30 15:00Z"},
		figure{"2026-11-25 10:00", "7d", "2026-12-02 15:00Z"})
}

func TestS2_10_ClocksGoBack(t *testing.T) {
	check(t, office(t),
		figure{"2026-10-31 16:30", "24h", "2026-11-01 20:30Z"},
		figure{"2026-10-31 16:30", "5d", "2026-11-05 21:30Z"},
		figure{"2026-10-31 16:30", "7d", "2026-11-07 21:30Z"})
}

func TestS2_11_ClocksGoForward(t *testing.T) {
	check(t, office(t),
		figure{"2027-03-13 16:30", "24h", "2027-03-14 21:30Z"},
		figure{"2027-03-13 16:30", "5d", "2027-03-18 20:30Z"},
		figure{"2027-03-13 16:30", "7d", "2027-03-20 20:30Z"})
}

func TestS2_24_TheNextBusinessDay(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-20 16:45", "1bd@close", "2026-11-23 22:00Z"},
		figure{"2026-11-20 17:30", "1bd@close", "2026-11-24 22:00Z"},
		figure{"2026-11-21 08:00", "1bd@close", "2026-11-24 22:00Z"},
		figure{"2026-11-25 10:00", "1bd@close", "2026-11-27 22:00Z"})
}

func TestS3_01_OneBusinessDayInsideOpeningHours(t *testing.T) {
	c := region(t, "us-east")
	check(t, c, figure{"2026-11-17 15:00", "1bd", "2026-11-18 20:00Z"})

	written, due := instant(t, c.Zone, "2026-11-17 15:00"), instant(t, c.Zone, "2026-11-18 15:00")
	amber, err := c.AddOpen(written, c.Between(written, due)*75/100)
	if err != nil || !amber.Equal(instant(t, c.Zone, "2026-11-18 13:00")) {
		t.Errorf("75 %% of the opening time is used up at %s (%v), want Wed 13:00", amber, err)
	}
}

func TestS3_02_FridaySaturdayEveningEarlyMorning(t *testing.T) {
	check(t, region(t, "us-east"),
		figure{"2026-11-20 15:00", "1bd", "2026-11-23 20:00Z"},
		figure{"2026-11-21 11:00", "1bd", "2026-11-24 14:00Z"},
		figure{"2026-11-17 17:30", "1bd", "2026-11-19 14:00Z"},
		figure{"2026-11-17 06:00", "1bd", "2026-11-18 14:00Z"})
}

func TestS3_04_Thanksgiving(t *testing.T) {
	check(t, region(t, "us-east"), figure{"2026-11-25 16:00", "1bd", "2026-11-27 21:00Z"})
}

func TestS3_07_Sydney(t *testing.T) {
	check(t, region(t, "australia-nsw"), figure{"2026-11-20T05:30:00Z", "1bd", "2026-11-23 05:30Z"})
}

func TestS3_10_Enterprise(t *testing.T) {
	check(t, region(t, "us-east"), figure{"2026-11-17 15:00", "4bh", "2026-11-18 16:00Z"})
	check(t, region(t, "us-west"), figure{"2026-11-20 16:30", "4bh", "2026-11-23 20:30Z"})
}

func TestS3_11_NoRegionOnTheCustomer(t *testing.T) {
	c, usedDefault := regional(t).ForRegion("")
	if !usedDefault {
		t.Error("nobody is told that the default stood in")
	}
	check(t, c, figure{"2026-11-17T20:00:00Z", "1bd", "2026-11-18 20:00Z"})
}

func TestS3_15_KeepingTheCustomerInformed(t *testing.T) {
	check(t, region(t, "us-east"), figure{"2026-11-17 10:00", "3bd", "2026-11-20 15:00Z"})
}

func TestS3_19_OpenNow(t *testing.T) {
	now := instant(t, time.UTC, "2026-11-17T14:00:00Z")
	east, west := region(t, "us-east").At(now), region(t, "us-west").At(now)
	if got := east.Until.Format("Mon 15:04"); !east.Open || got != "Tue 17:00" {
		t.Errorf("us-east: open %v until %s, want open until Tue 17:00", east.Open, got)
	}
	if got := west.Until.Format("Mon 15:04 MST"); west.Open || got != "Tue 09:00 PST" || west.Why != "outside opening hours" {
		t.Errorf("us-west: open %v until %s (%s), want closed until Tue 09:00 PST", west.Open, got, west.Why)
	}
}

func TestS4_01_BugPhase1(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-16 10:00", "2bh", "2026-11-16 17:00Z"},
		figure{"2026-11-16 10:00", "3bd@close", "2026-11-19 22:00Z"})
}

func TestS4_02_BugOnAFridayAfternoon(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-20 16:00", "2bh", "2026-11-23 15:00Z"},
		figure{"2026-11-20 16:00", "3bd@close", "2026-11-25 22:00Z"})
}

func TestS4_04_BugOnASaturday(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-21 10:00", "2bh", "2026-11-23 16:00Z"},
		figure{"2026-11-21 10:00", "3bd@close", "2026-11-27 22:00Z"})
}

func TestS4_06_BugPhase2(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-17 09:30", "4bd", "2026-11-23 14:30Z"},
		figure{"2026-11-17 09:30", "10bd@close", "2026-12-02 22:00Z"})
}

func TestS4_08_BugPhase3(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-23 14:00", "1bd", "2026-11-24 19:00Z"},
		figure{"2026-11-23 14:00", "10bd@close", "2026-12-08 22:00Z"})
}

func TestS4_12_FeatureRequestPhase1(t *testing.T) {
	check(t, office(t),
		figure{"2026-11-16 10:00", "1bd", "2026-11-17 15:00Z"},
		figure{"2026-11-16 10:00", "10bd@close", "2026-12-01 22:00Z"})
}

func TestS4_17_Reopening(t *testing.T) {
	check(t, office(t), figure{"2026-11-18 12:00", "14d", "2026-12-02 17:00Z"})
}
