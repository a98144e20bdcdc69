package policy_test

import (
	"strings"
	"testing"
	"time"

	"hark/calendar"
	"hark/fault"
	"hark/policy"
)

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// slotsOn are the times on offer on a day, as the reader's clock shows them, asked on Monday 16 November at 09:00 in New York.
func slotsOn(t *testing.T, day, length string, zone *time.Location, busy ...policy.Busy) (times []string, why string) {
	t.Helper()
	d, err := calendar.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	q := policy.SlotQuestion{Now: time.Date(2026, 11, 16, 14, 0, 0, 0, time.UTC), Day: d, Zone: zone, Busy: busy}
	if length != "" {
		if q.Length, err = calendar.ParseDuration(length); err != nil {
			t.Fatal(err)
		}
	}
	slots, why, err := example(t, "soapbox-phone-support").Slots(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		times = append(times, s.Start.In(zone).Format("15:04"))
	}
	return times, why
}

func TestS0_03_TheTimesOnOffer(t *testing.T) {
	for length, want := range map[string]struct {
		n    int
		last string
	}{"30m": {35, "16:30"}, "": {35, "16:30"}, "60m": {33, "16:00"}, "15m": {36, "16:45"}} {
		times, _ := slotsOn(t, "2026-11-18", length, newYork(t))
		if len(times) != want.n || times[0] != "08:00" || times[len(times)-1] != want.last {
			t.Errorf("%s: %d times, from %v", length, len(times), times)
		}
	}
}

func TestS0_04_HolidayWeekendAndTheDayBetween(t *testing.T) {
	for day, want := range map[string]struct {
		n   int
		why string
	}{"2026-11-26": {0, "holiday: Thanksgiving Day"}, "2026-11-27": {35, ""}, "2026-11-28": {0, "closed on Saturdays"}} {
		times, why := slotsOn(t, day, "30m", newYork(t))
		if len(times) != want.n || why != want.why {
			t.Errorf("%s: %d times, %q", day, len(times), why)
		}
	}
}

func TestS0_09_GapsAroundABookedCall(t *testing.T) {
	zone := newYork(t)
	at := func(h, m int) time.Time { return time.Date(2026, 11, 18, h, m, 0, 0, zone) }
	times, _ := slotsOn(t, "2026-11-18", "30m", zone, policy.Busy{From: at(10, 0), To: at(10, 30)})
	if got := strings.Join(times[4:8], " "); got != "09:00 09:15 10:45 11:00" {
		t.Errorf("around the call are %s", got)
	}
}

func TestACallIsBookedWithNoticeAndNotTooFarAhead(t *testing.T) {
	times, _ := slotsOn(t, "2026-11-16", "30m", newYork(t)) // four business hours from 09:00
	if times[0] != "13:00" {
		t.Errorf("today from %s on", times[0])
	}
	if times, why := slotsOn(t, "2026-11-13", "30m", newYork(t)); len(times) > 0 || why != "calls are booked from Mon 16 Nov 13:00 on" {
		t.Errorf("%v, %q", times, why)
	}
	if times, why := slotsOn(t, "2026-12-17", "30m", newYork(t)); len(times) > 0 || why != "calls are booked until Wed 16 Dec 09:00" {
		t.Errorf("%v, %q", times, why)
	}
}

// Readers see their own days: Wednesday in Kolkata begins while it is Tuesday in New York.
func TestSlotsAreGroupedByTheReadersDay(t *testing.T) {
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	times, _ := slotsOn(t, "2026-11-18", "30m", kolkata)
	if times[0] != "00:00" || times[len(times)-1] != "23:45" || len(times) != 13+22 {
		t.Errorf("%d times: %v", len(times), times)
	}
}

// Every slot of every day lies inside opening hours and ends before closing, in whichever zone it is read, across both
// changes of the clocks.
func TestEverySlotLiesInsideOpeningHours(t *testing.T) {
	p := example(t, "soapbox-phone-support")
	hours := p.Calendars["phone"]
	for _, now := range []string{"2026-10-26T12:00:00Z", "2027-03-08T12:00:00Z"} {
		at, _ := time.Parse(time.RFC3339, now)
		slots, _, err := p.Slots(policy.SlotQuestion{Now: at})
		if err != nil || len(slots) < 500 {
			t.Fatalf("%d slots, %v", len(slots), err)
		}
		for i, s := range slots {
			if status := hours.At(s.Start); !status.Open || s.End.After(status.Until) || i > 0 && !slots[i-1].Start.Before(s.Start) {
				t.Errorf("%s to %s", s.Start, s.End)
			}
		}
	}
}

func TestTheEarliestSlot(t *testing.T) {
	p := example(t, "soapbox-phone-support")
	first, ok, err := p.Earliest(policy.SlotQuestion{Now: time.Date(2026, 11, 25, 21, 0, 0, 0, time.UTC)}) // an hour before closing, Thanksgiving follows
	if err != nil || !ok || first.Start.In(p.Zone).Format("Mon 2 Jan 15:04") != "Fri 27 Nov 11:00" {
		t.Errorf("%s, %v, %v", first.Start.In(p.Zone), ok, err)
	}
}

func TestSlotsThatCannotBeSayWhy(t *testing.T) {
	_, _, err := example(t, "piperocks-crm").Slots(policy.SlotQuestion{})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "piperocks-crm has no calls") {
		t.Error(err)
	}
	d, _ := calendar.ParseDuration("45m")
	_, _, err = example(t, "soapbox-phone-support").Slots(policy.SlotQuestion{Now: time.Date(2026, 11, 16, 14, 0, 0, 0, time.UTC), Length: d})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "calls do not last 45m; they last 15m, 30m or 60m") {
		t.Error(err)
	}
}
