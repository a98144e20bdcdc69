package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/rota"
)

// The team's own hours for calls. Ben is in the office in the mornings, Cem keeps another calendar, and Ana goes away.

// CemsDiary is the address of the calendar that Cem keeps elsewhere. Only the demo knows it.
const CemsDiary = "https://calendar.example/cem/private-9f27c1/basic.ics"

// writeHours lets each write down when they can have calls.
func (p *play) writeHours(ctx context.Context) error {
	today := calendar.DateOf(p.end, time.UTC)
	monday := today.Plus((8 - int(today.Weekday())) % 7)
	weeks := map[string]rota.Week{
		ben: {"09:00-12:00", "09:00-12:00", "09:00-12:00, 13:30-16:00", "09:00-12:00", "09:00-12:00"},
		cem: {"08:00-12:00, 13:00-17:00", "08:00-12:00, 13:00-17:00", "08:00-12:00, 13:00-17:00", "08:00-12:00, 13:00-17:00", "08:00-13:00"},
	}
	for who, days := range weeks {
		if err := p.desk.KeepWeek(ctx, p.staff[who].Actor(), desk.Week{Own: true, Days: days}); err != nil {
			return err
		}
	}
	if err := p.desk.KeepDay(ctx, p.staff[ben].Actor(), 0, rota.Day{Date: monday.Plus(1), Hours: "10:00-11:30", Why: "School play"}); err != nil {
		return err
	}
	away := rota.Absence{From: monday.Plus(3), To: monday.Plus(4), Note: "At the donor forum", StandIn: p.staff[cem].ID}
	if err := p.desk.GoAway(ctx, p.staff[ana].Actor(), away); err != nil {
		return err
	}
	return p.keepsDiary(ctx, p.staff[cem].Actor())
}

// keepsDiary lets Cem's other calendar be read.
func (p *play) keepsDiary(ctx context.Context, a access.Actor) error {
	if err := p.desk.AddDiary(ctx, a, desk.ReadDiary{Name: "My own calendar", Address: CemsDiary}); err != nil {
		return err
	}
	_, err := p.desk.ReadDiaries(ctx, func(_ context.Context, address string) ([]byte, error) { return Diary(address, p.end) })
	return err
}

// Diary is what stands at an address in the demo: Cem's calendar, with a meeting each week, the dentist and a day off.
func Diary(address string, now time.Time) ([]byte, error) {
	if address != CemsDiary {
		return nil, fault.New(fault.Invalid, "in the demo nothing is fetched from elsewhere; a desk of your own reads this address")
	}
	began := calendar.DateOf(now, time.UTC).Plus(-70)
	tuesday := began.Plus((9 - int(began.Weekday())) % 7)
	next := tuesday.Plus(77)
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Demo//EN",
		"BEGIN:VEVENT", "UID:weekly@calendar.example", "SUMMARY:Planning", "DTSTART;TZID=America/New_York:" + stamp(tuesday, "140000"), "DTEND;TZID=America/New_York:" + stamp(tuesday, "150000"), "RRULE:FREQ=WEEKLY;BYDAY=TU", "END:VEVENT",
		"BEGIN:VEVENT", "UID:dentist@calendar.example", "SUMMARY:Dentist", "DTSTART;TZID=America/New_York:" + stamp(next.Plus(1), "093000"), "DURATION:PT1H30M", "END:VEVENT",
		"END:VCALENDAR", "",
	}
	return []byte(strings.Join(lines, "\r\n")), nil
}

func stamp(d calendar.Date, clock string) string {
	return fmt.Sprintf("%04d%02d%02dT%s", d.Y, d.M, d.D, clock)
}
