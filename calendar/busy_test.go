package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/calendar"
	"hark/fault"
)

var newYorkZone = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

// diary is a file with these entries, one a string, its lines parted by bars.
func diary(entries ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n")
	for i, e := range entries {
		if strings.HasPrefix(e, "BEGIN:") {
			b.WriteString(strings.ReplaceAll(e, "|", "\r\n") + "\r\n")
			continue
		}
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@calendar.example\r\nSUMMARY:Private\r\n%s\r\nEND:VEVENT\r\n", i, strings.ReplaceAll(e, "|", "\r\n"))
	}
	return []byte(b.String() + "END:VCALENDAR\r\n")
}

// busyWeek is what a file says of the week from Monday 16 November 2026, on Cem's clock in New York.
func busyWeek(t *testing.T, ics []byte) (says string, times calendar.BusyTimes) {
	t.Helper()
	from := time.Date(2026, 11, 16, 5, 0, 0, 0, time.UTC)
	times, err := calendar.ReadBusy(ics, calendar.BusyQuestion{From: from, To: from.Add(7 * 24 * time.Hour), Zone: newYorkZone, But: func(uid string) bool { return strings.HasPrefix(uid, "call-") }})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range times.Spans {
		all = append(all, s.From.In(newYorkZone).Format("Mon 15:04")+" to "+s.To.In(newYorkZone).Format("Mon 15:04"))
	}
	return strings.Join(all, ", "), times
}

func TestACalendarElsewhereSaysWhenItsOwnerIsBusy(t *testing.T) {
	for name, c := range map[string]struct {
		entries []string
		want    string
	}{
		"in a zone by name":                {[]string{"DTSTART;TZID=Europe/Berlin:20261117T150000|DTEND;TZID=Europe/Berlin:20261117T160000"}, "Tue 09:00 to Tue 10:00"},
		"behind a program's own path":      {[]string{"DTSTART;TZID=/example.org/Olson/Europe/Berlin:20261117T150000|DURATION:PT30M"}, "Tue 09:00 to Tue 09:30"},
		"in UTC":                           {[]string{"DTSTART:20261117T140000Z|DTEND:20261117T150000Z"}, "Tue 09:00 to Tue 10:00"},
		"on the owner's clock":             {[]string{"DTSTART:20261117T090000|DTEND:20261117T100000"}, "Tue 09:00 to Tue 10:00"},
		"a whole day":                      {[]string{"DTSTART;VALUE=DATE:20261118"}, "Wed 00:00 to Thu 00:00"},
		"several whole days":               {[]string{"DTSTART;VALUE=DATE:20261118|DTEND;VALUE=DATE:20261120"}, "Wed 00:00 to Fri 00:00"},
		"marked as free":                   {[]string{"DTSTART;VALUE=DATE:20261118|TRANSP:TRANSPARENT", "DTSTART:20261117T140000Z|DURATION:PT1H|X-MICROSOFT-CDO-BUSYSTATUS:FREE"}, ""},
		"cancelled":                        {[]string{"DTSTART:20261117T140000Z|DURATION:PT1H|STATUS:CANCELLED"}, ""},
		"what lasts no time":               {[]string{"DTSTART:20261117T140000Z"}, ""},
		"an alarm has a length of its own": {[]string{"DTSTART:20261117T140000Z|DTEND:20261117T150000Z|BEGIN:VALARM|TRIGGER:-PT15M|DURATION:PT8H|END:VALARM"}, "Tue 09:00 to Tue 10:00"},
		"what meets is one stretch":        {[]string{"DTSTART:20261117T140000Z|DURATION:PT1H", "DTSTART:20261117T143000Z|DURATION:PT1H", "DTSTART:20261117T153000Z|DURATION:PT30M"}, "Tue 09:00 to Tue 11:00"},
		"free or busy alone":               {[]string{"BEGIN:VFREEBUSY|FREEBUSY:20261117T140000Z/20261117T150000Z,20261118T140000Z/PT30M|FREEBUSY;FBTYPE=FREE:20261119T140000Z/PT1H|END:VFREEBUSY"}, "Tue 09:00 to Tue 10:00, Wed 09:00 to Wed 09:30"},
	} {
		if got, _ := busyWeek(t, diary(c.entries...)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A meeting that began years ago comes at the same clock time in summer and winter, does not come where it is left out, and where
// one was moved it is at its new time and not at the old one.
func TestWhatRepeatsIsReadWithItsExceptions(t *testing.T) {
	weekdays := "DTSTART;TZID=America/New_York:20190701T090000|DTEND;TZID=America/New_York:20190701T091500|RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
	for name, c := range map[string]struct {
		entries []string
		want    string
	}{
		"each day of the week": {[]string{weekdays}, "Mon 09:00 to Mon 09:15, Tue 09:00 to Tue 09:15, Wed 09:00 to Wed 09:15, Thu 09:00 to Thu 09:15, Fri 09:00 to Fri 09:15"},
		"left out":             {[]string{weekdays + "|EXDATE;TZID=America/New_York:20261117T090000,20261119T090000|EXDATE:20261118T140000Z|EXDATE;VALUE=DATE:20261120"}, "Mon 09:00 to Mon 09:15"},
		"moved, and one called off": {[]string{
			"DTSTART;TZID=America/New_York:20190702T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;BYDAY=TU,TH|UID:m",
			"UID:m|RECURRENCE-ID;TZID=America/New_York:20261117T090000|DTSTART;TZID=America/New_York:20261118T100000|DURATION:PT2H",
			"UID:m|RECURRENCE-ID;TZID=America/New_York:20261119T090000|DTSTART;TZID=America/New_York:20261119T090000|DURATION:PT1H|STATUS:CANCELLED",
		}, "Wed 10:00 to Wed 12:00"},
		"until yesterday, in UTC":    {[]string{"DTSTART;TZID=America/New_York:20261109T090000|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20261117T140000Z"}, "Mon 09:00 to Mon 10:00, Tue 09:00 to Tue 10:00"},
		"until a day, that included": {[]string{"DTSTART;VALUE=DATE:20261109|RRULE:FREQ=DAILY;UNTIL=20261116"}, "Mon 00:00 to Tue 00:00"},
		"so often in all":            {[]string{"DTSTART:20261114T140000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=4"}, "Mon 09:00 to Mon 10:00, Tue 09:00 to Tue 10:00"},
		"on other dates as well":     {[]string{"DTSTART:20261001T140000Z|DURATION:PT1H|RDATE:20261117T150000Z,20261118T150000Z/PT3H"}, "Tue 10:00 to Tue 11:00, Wed 10:00 to Wed 11:00"},
		"on other dates, in other zones": {[]string{"DTSTART;TZID=America/New_York:20261001T090000|DURATION:PT1H|RDATE:20261117T150000Z|RDATE;TZID=Europe/London:20261118T160000|RDATE;TZID=America/New_York:20261119T120000"},
			"Tue 10:00 to Tue 11:00, Wed 11:00 to Wed 12:00, Thu 12:00 to Thu 13:00"},
		"a night over midnight": {[]string{"DTSTART;TZID=America/New_York:20260101T220000|DURATION:PT8H|RRULE:FREQ=WEEKLY;BYDAY=TH"}, "Thu 22:00 to Fri 06:00"},
	} {
		if got, _ := busyWeek(t, diary(c.entries...)); got != c.want {
			t.Errorf("%s:\n  %s\nwant\n  %s", name, got, c.want)
		}
	}
}

// Outlook calls zones by names of its own and describes them in the file. Their clocks change as the file says.
func TestAZoneThatOnlyTheFileKnows(t *testing.T) {
	described := "BEGIN:VTIMEZONE|TZID:Customized Time Zone|BEGIN:STANDARD|DTSTART:16010101T020000|TZOFFSETFROM:-0400|TZOFFSETTO:-0500|RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11|END:STANDARD|BEGIN:DAYLIGHT|DTSTART:16010101T020000|TZOFFSETFROM:-0500|TZOFFSETTO:-0400|RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3|END:DAYLIGHT|END:VTIMEZONE"
	entry := "DTSTART;TZID=Customized Time Zone:20260601T090000|DTEND;TZID=Customized Time Zone:20260601T100000|RRULE:FREQ=WEEKLY;BYDAY=MO"
	from := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
	times, err := calendar.ReadBusy(diary(entry, described), calendar.BusyQuestion{From: from, To: from.Add(14 * 24 * time.Hour), Zone: time.UTC})
	if err != nil || len(times.Spans) != 2 {
		t.Fatalf("%+v, %v", times, err)
	}
	for i, want := range []string{"2026-10-26T13:00:00Z", "2026-11-02T14:00:00Z"} {
		if got := times.Spans[i].From.Format(time.RFC3339); got != want {
			t.Errorf("it begins at %s, want %s", got, want)
		}
	}
}

// A zone whose clocks change more often than anybody's is not understood, and costs nothing: else each of its entries would look at all of it.
func TestAZoneThatChangesWithoutEndIsNotUnderstood(t *testing.T) {
	endless := "BEGIN:VTIMEZONE|TZID:x|BEGIN:STANDARD|DTSTART:20000101T000000|TZOFFSETFROM:+0000|TZOFFSETTO:+0100" + strings.Repeat("|RDATE:20010101T000000,20020101T000000", 300) + "|END:STANDARD|END:VTIMEZONE"
	if got, times := busyWeek(t, diary(endless, "DTSTART;TZID=x:20261117T090000|DURATION:PT1H")); got != "" || times.Unread != 1 {
		t.Errorf("busy %s, %+v", got, times)
	}
}

// Our own calls come back in the calendar of whoever has accepted their invitation. They are calls, not something else to do.
func TestOurOwnCallsKeepNobodyBusy(t *testing.T) {
	if got, _ := busyWeek(t, diary("UID:call-0123@desk.example|DTSTART:20261117T140000Z|DURATION:PT1H")); got != "" {
		t.Errorf("busy %s", got)
	}
}

// One entry that nobody understands is counted and named; all others count.
func TestWhatCannotBeReadIsNamed(t *testing.T) {
	got, times := busyWeek(t, diary(
		"DTSTART;TZID=Nowhere/Else:20261117T090000|DURATION:PT1H", "DTSTART:soon", "DTSTART:20261118T140000Z|DURATION:PT1H|RRULE:FREQ=HOURLY", "DTSTART:20261119T140000Z|DURATION:PT1H"))
	if got != "Wed 09:00 to Wed 10:00, Thu 09:00 to Thu 10:00" || times.Entries != 4 || times.Unread != 3 || times.Why != "the time zone Nowhere/Else is described nowhere" {
		t.Errorf("%s, %+v", got, times)
	}
}

// What is no calendar, is cut off, or wants more than anybody's calendar does is refused as a whole, and quickly.
func TestFilesThatAreNoCalendarAreRefused(t *testing.T) {
	whole := string(diary("DTSTART:20261117T140000Z|DURATION:PT1H"))
	greedy := make([]string, 600)
	for i := range greedy {
		greedy[i] = "DTSTART:19010101T000000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=90000;BYMONTH=2;BYMONTHDAY=30"
	}
	for name, ics := range map[string]string{
		"a page": "<!doctype html><title>Sign in</title>", "nothing": "", "half": whole[:len(whole)-20], "too large": whole + strings.Repeat("X", 9<<20), "greedy": string(diary(greedy...)),
		"deep": string(diary(strings.Repeat("BEGIN:VEVENT|", 20) + strings.Repeat("END:VEVENT|", 20))),
	} {
		times, err := calendar.ReadBusy([]byte(ics), calendar.BusyQuestion{From: time.Unix(1_790_000_000, 0), To: time.Unix(1_800_000_000, 0), Zone: newYorkZone})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is read: %+v, %v", name, times, err)
		}
	}
}

func FuzzReadBusy(f *testing.F) {
	f.Add(string(diary("DTSTART;TZID=America/New_York:20190701T090000|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=1|EXDATE;VALUE=DATE:20261120")))
	f.Add(string(diary("BEGIN:VTIMEZONE|TZID:x|BEGIN:STANDARD|DTSTART:16010101T020000|TZOFFSETFROM:-0400|TZOFFSETTO:+99|RDATE:20260101T000000|END:STANDARD|END:VTIMEZONE", "DTSTART;TZID=x:20261117T090000|DTEND:20261117T150000Z")))
	f.Add(string(diary("BEGIN:VFREEBUSY|FREEBUSY:20261117T140000Z/PT1H|END:VFREEBUSY")))
	from := time.Date(2026, 11, 16, 5, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, ics string) {
		q := calendar.BusyQuestion{From: from, To: from.Add(400 * 24 * time.Hour), Zone: newYorkZone}
		times, err := calendar.ReadBusy([]byte(ics), q)
		if err != nil && fault.Says(err) == "" {
			t.Fatalf("%v is said to nobody", err)
		}
		for i, s := range times.Spans {
			if !s.From.Before(s.To) || s.From.Before(q.From) || s.To.After(q.To) || i > 0 && !times.Spans[i-1].To.Before(s.From) {
				t.Fatalf("span %d is %v of %v", i, s, times.Spans)
			}
		}
	})
}
