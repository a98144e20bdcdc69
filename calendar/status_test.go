package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestADeskSaysWhyItIsClosed(t *testing.T) {
	c := made(t, Spec{
		ID: "desk", Zone: "America/New_York", Holidays: []string{"us-federal"},
		Week: map[string][]string{"mon-fri": {"09:00-12:00", "13:00-17:00"}},
		Except: []ExceptSpec{
			{Date: "2026-11-27", Hours: []string{"closed"}, Why: "the day after Thanksgiving"},
			{Date: "2026-12-24", Hours: []string{"09:00-12:00"}, Why: "Christmas Eve"},
			{Date: "2026-12-28"},
			{Date: "2026-12-05", Hours: []string{"10:00-14:00"}},
		},
	})
	for _, x := range []struct{ at, why, until string }{
		{"2026-11-17 09:00", "", "Tue 2026-11-17 12:00"},
		{"2026-11-17 12:00", "outside opening hours", "Tue 2026-11-17 13:00"},
		{"2026-11-17 16:59", "", "Tue 2026-11-17 17:00"},
		{"2026-11-17 17:00", "outside opening hours", "Wed 2026-11-18 09:00"},
		{"2026-11-21 10:00", "closed on Saturdays", "Mon 2026-11-23 09:00"},
		{"2026-11-26 10:00", "holiday: Thanksgiving Day", "Mon 2026-11-30 09:00"},
		{"2026-11-27 10:00", "the day after Thanksgiving", "Mon 2026-11-30 09:00"},
		{"2026-12-05 10:00", "", "Sat 2026-12-05 14:00"},
		{"2026-12-24 13:30", "outside opening hours", "Tue 2026-12-29 09:00"},
		{"2026-12-28 10:00", "closed on this date", "Tue 2026-12-29 09:00"},
	} {
		s := c.At(instant(t, c.Zone, x.at))
		if until := s.Until.Format("Mon 2006-01-02 15:04"); s.Open != (x.why == "") || s.Why != x.why || until != x.until {
			t.Errorf("%s: open %v until %s (%s), want until %s (%s)", x.at, s.Open, until, s.Why, x.until, x.why)
		}
	}
}

func TestADeskThatNeverClosesHasNoEnd(t *testing.T) {
	c := made(t, Spec{ID: "always", Zone: "Europe/London", Week: map[string][]string{"mon-sun": {"00:00-24:00"}}})
	now := instant(t, c.Zone, "2026-11-17 10:00")
	if s := c.At(now); !s.Open || !s.Until.IsZero() {
		t.Errorf("open %v until %s", s.Open, s.Until)
	}
	check(t, c,
		figure{"2026-10-24 12:00", "24bh", "2026-10-25 11:00Z"}, // the hour that London shows twice is worked twice
		figure{"2026-10-24 12:00", "1bd", "2026-10-25 12:00Z"},
		figure{"2026-12-31 12:00", "1bd@close", "2027-01-02 00:00Z"},
		figure{"2026-10-25T01:30:00Z", "0bd", "2026-10-25 01:30Z"}, // the second 01:30 of that night does not become the first
		figure{"2026-10-25T01:30:00Z", "0d", "2026-10-25 01:30Z"},
		figure{"2026-10-25T01:30:00Z", "1d", "2026-10-26 01:30Z"})
}

func TestADeskOpenOverNewYearClosesWhenItDoes(t *testing.T) {
	c := made(t, Spec{ID: "night", Zone: "UTC", Week: map[string][]string{"mon-sun": {"00:00-06:00", "22:00-24:00"}}})
	if s := c.At(instant(t, c.Zone, "2026-12-31 23:00")); !s.Open || s.Until.Format(time.DateTime) != "2027-01-01 06:00:00" {
		t.Errorf("open %v until %s, want 06:00 on New Year's Day", s.Open, s.Until)
	}
}

func TestACalendarThatNeverOpensSaysSo(t *testing.T) {
	c := made(t, Spec{ID: "shut", Zone: "UTC"})
	now := instant(t, c.Zone, "2026-11-17 10:00")
	for _, text := range []string{"1bd", "4bh", "30bm", "0bd", "1bd@close"} {
		d, _ := ParseDuration(text)
		if _, err := c.Add(now, d); err == nil || !strings.Contains(err.Error(), `calendar "shut" does not open in the 10 years after 2026-11-17`) {
			t.Errorf("%s: the error is %v", text, err)
		}
	}
	if s := c.At(now); s.Open || !s.Until.IsZero() || s.Why != "closed on Tuesdays" {
		t.Errorf("open %v until %s (%s)", s.Open, s.Until, s.Why)
	}
	if open := c.Between(now, now.Add(1000*time.Hour)); open != 0 {
		t.Errorf("open for %s", open)
	}
}

// Times that nobody can have meant are refused before they cost anything.
func TestTimesOutOfReachAreRefused(t *testing.T) {
	once := made(t, Spec{ID: "once", Zone: "UTC", Except: []ExceptSpec{{Date: "2027-01-01", Hours: []string{"09:00-17:00"}}}})
	for _, x := range []struct{ from, duration, want string }{
		{"1850-01-01T00:00:00Z", "1bd", "the year 1850 is out of reach"},
		{"9999-01-01T00:00:00Z", "1h", "the year 9999 is out of reach"},
		{"2026-11-20T00:00:00Z", "9bh", "more than 50 years ahead"},
		{"2026-11-20T00:00:00Z", "1bd", "more than 50 years ahead"},
		{"2026-11-20T00:00:00Z", "99999999h", "more than 50 years ahead"},
		{"2026-11-20T00:00:00Z", "99999999w", "more than 50 years ahead"},
		{"2026-11-20T00:00:00Z", "", "the unit is missing"},
	} {
		d, _ := ParseDuration(x.duration)
		if _, err := once.Add(instant(t, time.UTC, x.from), d); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s from %s: the error is %v, want %q", x.duration, x.from, err, x.want)
		}
	}
	ancient, distant := time.Unix(-1<<40, 0), time.Unix(1<<40, 0)
	if open := office(t).Between(ancient, distant); open <= 0 {
		t.Errorf("open for %s", open)
	}
	office(t).At(ancient)
	office(t).At(distant)
}

// A time outside the hours of a short day stays where the promise puts it.
func TestABusinessDayKeepsTheClockTimeOnAShortDay(t *testing.T) {
	c := made(t, Spec{
		ID: "desk", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"09:00-12:00", "13:00-17:00"}},
		Except: []ExceptSpec{{Date: "2026-12-24", Hours: []string{"09:00-12:00"}}},
	})
	check(t, c,
		figure{"2026-12-23 15:00", "1bd", "2026-12-24 20:00Z"},
		figure{"2026-12-23 15:00", "1bd@close", "2026-12-24 17:00Z"},
		figure{"2026-12-23 15:00", "1bd@open", "2026-12-24 14:00Z"},
		figure{"2026-12-23 12:30", "1bd", "2026-12-24 18:00Z"}, // starts at 13:00, after lunch
		figure{"2026-12-23 16:00", "2bh", "2026-12-24 15:00Z"},
		figure{"2026-12-23 09:00", "7bh", "2026-12-23 22:00Z"}, // a count that runs out at closing ends there,
		figure{"2026-12-31 09:00", "7bh", "2026-12-31 22:00Z"}, // on the last day of the year too
		figure{"2026-12-24 10:00", "3d@close", "2026-12-28 22:00Z"})
}

func TestClosingsForThePolicyPage(t *testing.T) {
	c := made(t, Spec{
		ID: "desk", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"09:00-17:00"}}, Holidays: []string{"us-federal"},
		Except: []ExceptSpec{{Date: "2026-12-24", Hours: []string{"09:00-12:00"}, Why: "Christmas Eve"}, {Date: "2026-11-27", Hours: []string{"closed"}}},
	})
	var lines []string
	for _, x := range c.Closings(instant(t, c.Zone, "2026-11-20 10:00"), 5) {
		lines = append(lines, x.Date.String()+" "+hoursSay(x.Hours)+" "+x.Why)
	}
	want := `2026-11-26 closed holiday: Thanksgiving Day
2026-11-27 closed closed on this date
2026-12-24 09:00-12:00 Christmas Eve
2026-12-25 closed holiday: Christmas Day
2027-01-01 closed holiday: New Year's Day`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestS0_04_HolidayWeekendAndTheDayBetween(t *testing.T) {
	c := phone(t)
	for date, want := range map[string]string{"2026-11-26": "closed holiday: Thanksgiving Day", "2026-11-27": "08:00-17:00 ", "2026-11-28": "closed closed on Saturdays"} {
		d, _ := ParseDate(date)
		if hours, why := c.HoursOn(d); hoursSay(hours)+" "+why != want {
			t.Errorf("%s: %s %s, want %s", date, hoursSay(hours), why, want)
		}
	}
}

// 0bd from the first of January is the first opening of the quarter.
func TestS4_14_NotNowButLater(t *testing.T) {
	check(t, office(t), figure{"2027-01-01 00:00", "0bd", "2027-01-04 14:00Z"})
}

func TestRegionsHaveTheirOwnClockAndHolidays(t *testing.T) {
	c := regional(t)
	uk, err := c.Region("uk")
	if err != nil || uk.Zone.String() != "Europe/London" {
		t.Fatalf("%v %v", uk, err)
	}
	check(t, uk, figure{"2026-12-24 10:00", "1bd", "2026-12-29 10:00Z"}) // Boxing Day stands in on Monday
	if _, err := c.Region("mars"); err == nil || !strings.Contains(err.Error(), "it has australia-nsw, uk, us-east, us-west") {
		t.Errorf("the error is %v", err)
	}
	if east, err := c.Region(""); err != nil || east.Zone.String() != "America/New_York" {
		t.Errorf("the default is %v (%v)", east, err)
	}
	if same, usedDefault := office(t).ForRegion("uk"); usedDefault || same.Zone.String() != "America/New_York" {
		t.Errorf("a calendar without regions becomes %v", same)
	}
}

func TestLinesAreAnswered(t *testing.T) {
	c := regional(t)
	for line, want := range map[string]string{
		"2026-11-20T15:00 1bd":                        "2026-11-23T20:00:00Z",
		"2026-11-20T15:00 1bd us-west":                "2026-11-23T23:00:00Z",
		"2026-11-20T05:30:00Z\t1bd   australia-nsw\r": "2026-11-23T05:30:00Z",
		"2026-11-20T16:30:00.5-05:00 24h":             "2026-11-21T21:30:00.5Z",
		"2026-10-31T16:30:10 24h":                     "2026-11-01T20:30:10Z",
		"2026-11-01T01:30 0h":                         "2026-11-01T05:30:00Z",
		"2027-03-14T02:30 0h":                         "2027-03-14T07:30:00Z",
		"":                                            `error: "" is not a question; write FROM DURATION, or FROM DURATION REGION`,
		"2026-11-20T15:00":                            `error: "2026-11-20T15:00" is not a question; write FROM DURATION, or FROM DURATION REGION`,
		"2026-11-20T15:00 1bd uk please":              `error: "2026-11-20T15:00 1bd uk please" is not a question; write FROM DURATION, or FROM DURATION REGION`,
		"2026-11-20 1bd":                              `error: "2026-11-20" is not a time; write 2026-11-20T16:30 on the clock of America/New_York, or with an offset like 2026-11-20T16:30:00Z`,
		"2026-11-20T15:00 1bd mars":                   `error: calendar "regional" has no region "mars"; it has australia-nsw, uk, us-east, us-west`,
	} {
		if got := c.AnswerLine(line); got != want {
			t.Errorf("%q\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestEveryTimeSaysWhy(t *testing.T) {
	east, home := region(t, "us-east"), office(t)
	short := made(t, Spec{ID: "desk", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"09:00-12:00", "13:00-17:00"}},
		Except: []ExceptSpec{{Date: "2026-12-24", Hours: []string{"09:00-12:00"}}}})
	for _, x := range []struct {
		c                   *Calendar
		from, duration, why string
	}{
		{east, "2026-11-17 17:30", "1bd", "You wrote Tue 17:30, after closing (17:00). The clock starts Wed 18 Nov 09:00. One business day later is Thu 19 Nov 09:00."},
		{east, "2026-11-17 15:00", "1bd", "You wrote Tue 15:00. One business day later is Wed 18 Nov 15:00."},
		{east, "2026-11-17 06:00", "1bd", "You wrote Tue 06:00, before opening (09:00). The clock starts Tue 17 Nov 09:00. One business day later is Wed 18 Nov 09:00."},
		{east, "2026-11-21 11:00", "4bh", "You wrote Sat 11:00, when the desk is closed (closed on Saturdays). The clock starts Mon 23 Nov 09:00. Four business hours later is Mon 23 Nov 13:00."},
		{home, "2026-11-25 17:00", "1bd", "You wrote Wed 17:00, after closing (17:00). Thu 26 Nov does not count (holiday: Thanksgiving Day). The clock starts Fri 27 Nov 09:00. One business day later is Mon 30 Nov 09:00."},
		{home, "2026-11-25 10:00", "1bd@close", "You wrote Wed 10:00. Thu 26 Nov does not count (holiday: Thanksgiving Day). The close of the next business day is Fri 27 Nov 17:00."},
		{home, "2026-11-20 16:30", "5d", "You wrote Fri 16:30. Five days later is Wed 25 Nov 16:30."},
		{home, "2026-10-31 16:30", "24h", "You wrote Sat 16:30. The clocks go back on Sun 1 Nov. 24 hours later is Sun 1 Nov 15:30."},
		{home, "2027-03-13 16:30", "7d", "You wrote Sat 13 Mar 16:30. The clocks go forward on Sun 14 Mar. Seven days later is Sat 20 Mar 16:30."},
		{home, "2026-12-31 16:30", "1bd", "You wrote Thu 31 Dec 2026 16:30. Fri 1 Jan does not count (holiday: New Year's Day). One business day later is Mon 4 Jan 2027 16:30."},
		{short, "2026-12-23 12:30", "1bd", "You wrote Wed 12:30, between opening hours (09:00-12:00 and 13:00-17:00). The clock starts Wed 23 Dec 13:00. One business day later is Thu 24 Dec 13:00. The desk is open 09:00-12:00 that day."},
		{home, "2026-11-20 16:30", "250bd", "You wrote Fri 20 Nov 2026 16:30. Thu 26 Nov does not count (holiday: Thanksgiving Day). Fri 25 Dec does not count (holiday: Christmas Day). Fri 1 Jan does not count (holiday: New Year's Day). Mon 18 Jan does not count (holiday: Martin Luther King Jr. Day). Mon 15 Feb does not count (holiday: Washington's Birthday). So do not 6 more days. 250 business days later is Mon 22 Nov 2027 16:30."},
	} {
		d, _ := ParseDuration(x.duration)
		from := instant(t, x.c.Zone, x.from)
		at, steps, err := x.c.Explain(from, d)
		if why := steps.Sentence("You wrote"); err != nil || why != x.why {
			t.Errorf("%s from %s:\n got %s\nwant %s", x.duration, x.from, why, x.why)
		}
		if added, _ := x.c.Add(from, d); !at.Equal(added) {
			t.Errorf("%s from %s is explained as %s and counted as %s", x.duration, x.from, at, added)
		}
	}
}

func ExampleCalendar_Explain() {
	c, _ := New(Spec{ID: "office", Zone: "America/New_York", Week: map[string][]string{"mon-fri": {"09:00-17:00"}}})
	from := Resolve(Date{2026, time.November, 17}, ClockOf(17, 30), c.Zone)
	_, steps, _ := c.Explain(from, Duration{1, BusinessDays, NoEdge})
	fmt.Println(steps.Sentence("You wrote"))
	// Output: You wrote Tue 17:30, after closing (17:00). The clock starts Wed 18 Nov 09:00. One business day later is Thu 19 Nov 09:00.
}
