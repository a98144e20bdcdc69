package rota_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/rota"
)

func phoneSupport(t testing.TB) *policy.Policy {
	t.Helper()
	source, _ := policy.Example("soapbox-phone-support")
	p, findings := policy.Parse("phone.yaml", source)
	if p == nil {
		t.Fatal(findings)
	}
	return p
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// drawn is a colleague's rota as anybody might have written it, in a zone whose clocks stand at odd minutes or change soon.
func drawn(t *rapid.T, now time.Time) (rota.Rota, rota.Hours) {
	h := rota.Hours{
		Own:  rapid.Bool().Draw(t, "own"),
		Zone: rapid.SampledFrom([]string{"America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "Africa/Cairo", "Europe/London"}).Draw(t, "zone"),
	}
	ranges := rapid.SampledFrom([]string{"", "09:00-12:00", "09:10-11:50, 13:00-17:05", "00:00-24:00", "22:00-24:00", "00:00-02:30", "17:30-23:45", "08:00-08:40, 08:40-12:00"})
	for i := range h.Week {
		h.Week[i] = ranges.Draw(t, "day")
	}
	today := calendar.DateOf(now, time.UTC)
	for n := range rapid.IntRange(0, 3).Draw(t, "dates") {
		h.Dates = append(h.Dates, rota.Day{Date: today.Plus(7*n + rapid.IntRange(0, 6).Draw(t, "date")), Hours: ranges.Draw(t, "hours")})
	}
	c, err := h.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	r := rota.Rota{Clock: c.Zone, Hours: c}
	for range rapid.IntRange(0, 2).Draw(t, "absences") {
		from := today.Plus(rapid.IntRange(0, 30).Draw(t, "from"))
		r.Away = append(r.Away, rota.Absence{From: from, To: from.Plus(rapid.IntRange(0, 4).Draw(t, "length"))})
	}
	for range rapid.IntRange(0, 12).Draw(t, "busy") {
		from := now.Add(time.Duration(rapid.IntRange(0, 30*24*60).Draw(t, "at")) * time.Minute)
		r.Busy = append(r.Busy, calendar.Span{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 300).Draw(t, "lasts")) * time.Minute)})
	}
	r.Busy = calendar.Joined(r.Busy)
	return r, h
}

// Whatever a colleague writes, in whichever zone and across both changes of the clocks: each time on offer lies minute by minute within
// their hours and those of the company, ends before closing, and meets neither an absence nor anything else they do.
func TestS0_03_EveryTimeOnOfferLiesWithinEverybodysHours(t *testing.T) {
	p := phoneSupport(t)
	company := p.Calendars["phone"]
	rapid.Check(t, func(t *rapid.T) {
		now, _ := time.Parse(time.RFC3339, rapid.SampledFrom([]string{"2026-10-20T13:00:00Z", "2027-03-01T15:20:00Z", "2026-12-22T03:00:00Z", "2027-04-20T18:07:00Z"}).Draw(t, "now"))
		r, h := drawn(t, now)
		length := rapid.SampledFrom([]int{15, 30, 60}).Draw(t, "length")
		ask := policy.SlotQuestion{Now: now, Length: calendar.Duration{N: length, Unit: calendar.Minutes}, Busy: r.Busy, Own: true, Hours: r.Open(now, now.Add(45*24*time.Hour))}
		slots, _, err := p.Slots(ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slots {
			if status := company.At(s.Start); !status.Open || s.End.After(status.Until) || s.End.Sub(s.Start) != time.Duration(length)*time.Minute {
				t.Fatalf("%v to %v is not within the company's hours", s.Start, s.End)
			}
			for at := s.Start; at.Before(s.End); at = at.Add(time.Minute) {
				if why := whyNotAt(r, h, at); why != "" {
					t.Fatalf("%v to %v: at %s %s", s.Start, s.End, at.In(r.Clock).Format(time.RFC3339), why)
				}
			}
		}
	})
}

// whyNotAt looks at one minute as somebody with a wall clock, a paper calendar and a list would.
func whyNotAt(r rota.Rota, h rota.Hours, at time.Time) string {
	local := at.In(r.Clock)
	today, clock := calendar.DateOf(at, r.Clock), local.Hour()*60+local.Minute()
	text := "00:00-24:00"
	if h.Own {
		text = h.Week[(local.Weekday()+6)%7]
	}
	for i := len(h.Dates) - 1; i >= 0; i-- {
		if h.Dates[i].Date == today {
			text = h.Dates[i].Hours
		}
	}
	hours, _ := calendar.TypedHours(text)
	if !slices.ContainsFunc(hours, func(i calendar.Interval) bool { return i.Start <= clock && clock < i.End }) {
		return "the day has " + text
	}
	for _, a := range r.Away {
		if !today.Before(a.From) && !a.To.Before(today) {
			return "they are away " + a.DaysSay()
		}
	}
	for _, b := range r.Busy {
		if !at.Before(b.From) && at.Before(b.To) {
			return "they are busy"
		}
	}
	return ""
}

// Nothing is lost either: where a colleague has time for a call and the gaps around it, one is on offer.
func TestTimeThatIsFreeIsOnOffer(t *testing.T) {
	p, kolkata := phoneSupport(t), zone(t, "Asia/Kolkata")
	h := rota.Hours{Own: true, Zone: "Asia/Kolkata", Week: rota.Week{2: "18:30-22:00"}} // 08:00 to 11:30 in New York
	c, err := h.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 16, 14, 0, 0, 0, time.UTC)
	r := rota.Rota{Clock: kolkata, Hours: c, Busy: []calendar.Span{{From: now.Add(48 * time.Hour), To: now.Add(49 * time.Hour)}}} // 09:00 to 10:00
	slots, _, err := p.Slots(policy.SlotQuestion{Now: now, Day: day(t, "2026-11-18"), Busy: r.Busy, Own: true, Hours: r.Open(now, now.Add(7*24*time.Hour))})
	if err != nil {
		t.Fatal(err)
	}
	var times []string
	for _, s := range slots {
		times = append(times, s.Start.In(zone(t, "America/New_York")).Format("15:04"))
	}
	if got := strings.Join(times, " "); got != "08:00 08:15 10:15 10:30 10:45 11:00" {
		t.Errorf("on offer are %s", got)
	}
}

func TestHoursAreKeptInOneForm(t *testing.T) {
	h := rota.Hours{Own: true, Week: rota.Week{"13 – 17:30, 9-12", "closed", "", "9-12 and 13-16"}, Dates: []rota.Day{{Date: day(t, "2026-12-24"), Hours: "9-11"}, {Date: day(t, "2026-11-01")}}}
	tidy, err := h.Tidy(day(t, "2026-11-16"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%q %v", tidy.Week[:4], tidy.Dates); got != `["09:00-12:00, 13:00-17:30" "" "" "09:00-12:00, 13:00-16:00"] [{2026-12-24 09:00-11:00 }]` {
		t.Errorf("they are kept as %s", got)
	}
	h.Week[4] = "12-9"
	if _, err := h.Tidy(day(t, "2026-11-16")); !fault.Is(err, fault.Invalid) || len(calendar.MistakesIn(err)) != 1 || calendar.MistakesIn(err)[0].At != "week.fri" {
		t.Errorf("a mistake on Friday is told as %v", err)
	}
}

func TestAnAbsenceThatCannotBeSaysWhy(t *testing.T) {
	today := day(t, "2026-11-16")
	for want, a := range map[string]rota.Absence{
		"":                                 {From: today, To: today},
		"comes before the first":           {From: today.Plus(3), To: today.Plus(1)},
		"have passed":                      {From: today.Plus(-9), To: today.Plus(-1)},
		"write the first and the last day": {From: today},
		"somebody else has to stand in":    {Person: 3, StandIn: 3, From: today, To: today},
		"more than 400 days":               {From: today, To: today.Plus(500)},
		"a note has at most 200 letters":   {From: today, To: today, Note: strings.Repeat("é", 201)},
	} {
		if err := a.Check(today); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v is told %v, want %q", a, err, want)
		}
	}
}

func TestWhyAColleagueHasNoCallThen(t *testing.T) {
	newYork := zone(t, "America/New_York")
	h := rota.Hours{Own: true, Zone: newYork.String(), Week: rota.Week{"09:00-12:00", "09:00-12:00", "09:00-12:00"}}
	c, err := h.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	at := func(d, h, m int) calendar.Span {
		from := time.Date(2026, 11, d, h, m, 0, 0, newYork)
		return calendar.Span{From: from, To: from.Add(30 * time.Minute)}
	}
	r := rota.Rota{Clock: newYork, Hours: c, Away: []rota.Absence{{From: day(t, "2026-11-17"), To: day(t, "2026-11-17")}}, Busy: []calendar.Span{at(18, 9, 0)}}
	for want, span := range map[string]calendar.Span{"": at(16, 11, 30), "outside of their hours for calls": at(16, 11, 45), "away Tue 17 Nov": at(17, 9, 0), "busy in another calendar": at(18, 9, 15)} {
		if got := r.WhyNot(span); got != want {
			t.Errorf("at %v it says %q, want %q", span.From, got, want)
		}
	}
}
