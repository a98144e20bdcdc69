package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hark/fault"
)

func TestHoursOfADay(t *testing.T) {
	for _, x := range []struct {
		texts []string
		says  string
	}{
		{[]string{"09:00-17:00"}, "09:00-17:00"},
		{[]string{"13:00-17:30", "09:00-12:00"}, "09:00-12:00 and 13:00-17:30"},
		{[]string{"00:00-24:00"}, "00:00-24:00"},
		{[]string{"08:00-12:00", "12:00-16:00"}, "08:00-12:00 and 12:00-16:00"},
		{nil, "closed"},
	} {
		hours, err := ParseHours(x.texts...)
		if says := hoursSay(hours); err != nil || says != x.says {
			t.Errorf("%v is %s (%v), want %s", x.texts, says, err, x.says)
		}
	}
}

func TestHoursThatCannotBeAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"9:00-17:00":              "with two digits",
		"09:00":                   "with two digits",
		"09.00-17.00":             "with two digits",
		"09:00-17:60":             "with two digits",
		"09:00-24:01":             "with two digits",
		"09:00-17:00-18:00":       "with two digits",
		"closed":                  "with two digits",
		"17:00-09:00":             `"17:00-24:00" and, on the next day, "00:00-09:00"`,
		"09:00-09:00":             "no length",
		"22:00-00:00":             "written 24:00",
		"09:00-12:00,11:00-15:00": "09:00-12:00 and 11:00-15:00 overlap",
	} {
		if _, err := ParseHours(strings.Split(text, ",")...); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %s", text, err, want)
		}
	}
}

func TestDaysOfTheWeek(t *testing.T) {
	for text, want := range map[string]int{"mon": 1, "mon-fri": 5, "sat-sun": 2, "fri-mon": 4, "sun-sat": 7} {
		if days, err := ParseWeekdays(text); err != nil || len(days) != want {
			t.Errorf("%s are %v (%v), want %d", text, days, err, want)
		}
	}
	for _, text := range []string{"", "Mon", "monday", "mon-", "mon-fri-sat", "mo-fr"} {
		if _, err := ParseWeekdays(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is taken for days", text)
		}
	}
}

func TestAWeekIsSaidWithEqualDaysTogether(t *testing.T) {
	for _, x := range []struct {
		week map[string][]string
		says string
	}{
		{map[string][]string{"mon-fri": {"09:00-17:00"}}, "Monday to Friday 09:00-17:00"},
		{map[string][]string{"mon-thu": {"09:00-12:00", "13:00-17:00"}, "fri": {"09:00-12:00"}}, "Monday to Thursday 09:00-12:00 and 13:00-17:00, Friday 09:00-12:00"},
		{map[string][]string{"sat-sun": {"10:00-14:00"}}, "Saturday and Sunday 10:00-14:00"},
		{map[string][]string{"mon-sun": {"00:00-24:00"}}, "Monday to Sunday 00:00-24:00"},
		{nil, "closed"},
	} {
		if says := made(t, Spec{ID: "desk", Zone: "UTC", Week: x.week}).WeekSays(); says != x.says {
			t.Errorf("%v is said as %q, want %q", x.week, says, x.says)
		}
	}
}

// Everything that is wrong in a calendar is named at once, each with the path that a lint can turn into a line.
func TestEveryMistakeInACalendarIsNamed(t *testing.T) {
	_, err := New(Spec{
		ID: "desk", Zone: "America/Gotham",
		Week:          map[string][]string{"mon-fri": {"9:00-17:00"}, "tue": {"10:00-12:00"}, "funday": {"10:00-12:00"}},
		Holidays:      []string{"us-federal", "us-fedral"},
		Except:        []ExceptSpec{{Date: "2026-12-24", Hours: []string{"09:00-12:00"}}, {Date: "2026-12-24"}, {Date: "24 December"}, {Date: "2026-12-31", Hours: []string{"shut"}}},
		Regions:       map[string]RegionSpec{"uk": {Zone: "Europe/Londn", Holidays: []string{"gb"}}},
		DefaultRegion: "us",
	})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Says(err), `zone: "America/Gotham" is no time zone`) {
		t.Fatalf("the error is %v", err)
	}
	want := map[string]string{
		"zone": "IANA name", "week.mon-fri": "with two digits", "week.tue": "Tuesday is given twice, here and under mon-fri", "week.funday": "names no days",
		"holidays.1": "known are us-federal, gb-eng, au-nsw", "except.1.date": "given twice", "except.2.date": "2026-11-27", "except.3.hours": "or closed",
		"regions.uk.zone": "IANA name", "regions.uk.holidays.0": `"gb"`, "default_region": `no region "us"`,
	}
	for _, m := range MistakesIn(err) {
		if !strings.Contains(m.Says, want[m.At]) || want[m.At] == "" {
			t.Errorf("%s: %s", m.At, m.Says)
		}
		delete(want, m.At)
	}
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
	}
	if MistakesIn(errors.New("a broken disk")) != nil || MistakesIn(nil) != nil {
		t.Error("mistakes are seen where there are none")
	}
}

func FuzzParseHours(f *testing.F) {
	f.Add("09:00-17:00", "18:00-24:00")
	f.Add("00:00-00:00", "٠٩:٠٠-17:00")
	f.Fuzz(func(t *testing.T, a, b string) {
		hours, err := ParseHours(a, b)
		if err != nil {
			return
		}
		if hours[0].Start < 0 || hours[0].Start >= hours[0].End || hours[0].End > hours[1].Start || hours[1].Start >= hours[1].End || hours[1].End > minutesOfDay {
			t.Errorf("%q and %q are read as %v", a, b, hours)
		}
		if again, err := ParseHours(hours[0].String(), hours[1].String()); err != nil || again[0] != hours[0] || again[1] != hours[1] {
			t.Errorf("%v reads as %v (%v)", hours, again, err)
		}
	})
}

func FuzzLoadSet(f *testing.F) {
	f.Add("2026-12-24 Christmas Eve\n# ours\n")
	f.Fuzz(func(t *testing.T, text string) {
		if set, err := LoadSet("company", text); err == nil {
			set.On(Date{2026, time.December, 24})
		}
	})
}
