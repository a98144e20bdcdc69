package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/us"
)

// days lists the holidays of a set in a year by date: "01-01 02-15 ...". Weekends are left out unless asked for.
func days(set string, year int, weekends bool) string {
	var list []string
	for d := (Date{year, time.January, 1}); d.Y == year; d = d.Plus(1) {
		_, ok := HolidayOn(set, d)
		weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		if ok && (weekends || !weekend) {
			list = append(list, d.String()[5:])
		}
	}
	return strings.Join(list, " ")
}

// The weekdays on which offices are closed, as published by the Office of Personnel Management.
func TestUSFederalHolidaysAsPublished(t *testing.T) {
	for year, want := range map[int]string{
		2020: "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
		2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
		2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
		2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
		2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
		2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
	} {
		if got := days("us-federal", year, false); got != want {
			t.Errorf("%d:\n got %s\nwant %s", year, got, want)
		}
	}
}

// The bank holidays of England and Wales as published on gov.uk, weekends left out.
func TestBankHolidaysAsPublished(t *testing.T) {
	for year, want := range map[int]string{
		1995: "01-02 04-14 04-17 05-08 05-29 08-28 12-25 12-26",
		1999: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28 12-31",
		2002: "01-01 03-29 04-01 05-06 06-03 06-04 08-26 12-25 12-26",
		2011: "01-03 04-22 04-25 04-29 05-02 05-30 08-29 12-26 12-27",
		2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
		2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
		2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
		2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
		2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
		2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
		2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
	} {
		if got := days("gb-eng", year, false); got != want {
			t.Errorf("%d:\n got %s\nwant %s", year, got, want)
		}
	}
}

// The public holidays of New South Wales as published by the state, weekends included.
func TestNewSouthWalesHolidaysAsPublished(t *testing.T) {
	for year, want := range map[int]string{
		2019: "01-01 01-28 04-19 04-20 04-21 04-22 04-25 06-10 10-07 12-25 12-26",
		2020: "01-01 01-27 04-10 04-11 04-12 04-13 04-25 06-08 10-05 12-25 12-26 12-28",
		2021: "01-01 01-26 04-02 04-03 04-04 04-05 04-25 06-14 10-04 12-25 12-26 12-27 12-28",
		2022: "01-01 01-03 01-26 04-15 04-16 04-17 04-18 04-25 06-13 09-22 10-03 12-25 12-26 12-27",
		2023: "01-01 01-02 01-26 04-07 04-08 04-09 04-10 04-25 06-12 10-02 12-25 12-26",
		2026: "01-01 01-26 04-03 04-04 04-05 04-06 04-25 04-27 06-08 10-05 12-25 12-26 12-28",
		2027: "01-01 01-26 03-26 03-27 03-28 03-29 04-25 04-26 06-14 10-04 12-25 12-26 12-27 12-28",
	} {
		if got := days("au-nsw", year, true); got != want {
			t.Errorf("%d:\n got %s\nwant %s", year, got, want)
		}
	}
}

// published lists the weekdays of a year that the other library calls holidays, observed ones included.
func published(list []*cal.Holiday, year int) string {
	var days []string
	for y := year; y <= year+1; y++ { // New Year's Day may be observed the year before
		for _, h := range list {
			actual, observed := h.Calc(y)
			for _, d := range []time.Time{actual, observed} {
				if d.Year() == year && d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
					days = append(days, d.Format("01-02"))
				}
			}
		}
	}
	slices.Sort(days)
	return strings.Join(slices.Compact(days), " ")
}

// An independent list, year by year, where it is right: it lacks most British days that were moved or added for
// one year, and neither of the Mondays that New South Wales added to Anzac Day.
func TestHolidaysAgreeWithAnotherLibrary(t *testing.T) {
	for _, x := range []struct {
		set    string
		list   []*cal.Holiday
		except []int
	}{
		{"us-federal", us.Holidays, nil},
		{"gb-eng", gb.Holidays, []int{1995, 1999, 2002, 2011, 2012, 2022}},
		{"au-nsw", au.HolidaysNSW, []int{2011, 2026, 2027}},
	} {
		for year := 1990; year <= 2050; year++ {
			if got, want := days(x.set, year, false), published(x.list, year); got != want && !slices.Contains(x.except, year) {
				t.Errorf("%s %d:\n got %s\nwant %s", x.set, year, got, want)
			}
		}
	}
}

func TestHolidaysHaveTheNamesPeopleKnow(t *testing.T) {
	for _, x := range []struct{ set, date, name string }{
		{"us-federal", "2026-11-26", "Thanksgiving Day"},
		{"us-federal", "2026-07-03", "Independence Day (observed)"},
		{"us-federal", "2026-07-04", "Independence Day"},
		{"us-federal", "2021-12-31", "New Year's Day (observed)"},
		{"us-federal", "2020-06-19", ""}, // a holiday since 2021
		{"us-federal", "2026-11-27", ""}, // the Friday after Thanksgiving is not federal
		{"gb-eng", "2026-12-28", "Boxing Day (substitute day)"},
		{"gb-eng", "2022-12-26", "Boxing Day"},
		{"gb-eng", "2022-12-27", "Christmas Day (substitute day)"},
		{"au-nsw", "2026-04-27", "Additional public holiday for Anzac Day"},
		{"au-nsw", "2022-06-13", "Queen's Birthday"},
		{"au-nsw", "2026-06-08", "King's Birthday"},
		{"au-nsw", "2026-08-03", ""}, // the Bank Holiday is not a public one
		{"atlantis", "2026-12-25", ""},
	} {
		d, err := ParseDate(x.date)
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := HolidayOn(x.set, d); name != x.name || ok != (x.name != "") {
			t.Errorf("%s on %s: %q, want %q", x.set, x.date, name, x.name)
		}
	}
}

func TestHolidaysComeFromFilesToo(t *testing.T) {
	set, err := LoadSet("company", "# our own\n\n2026-12-24 Christmas Eve\r\n2026-12-31  New Year's Eve\n")
	if err != nil {
		t.Fatal(err)
	}
	c := made(t, Spec{ID: "desk", Zone: "UTC", Week: map[string][]string{"mon-fri": {"09:00-17:00"}}, Holidays: []string{"us-federal", "company"}, Sets: []*Set{set}})
	check(t, c, figure{"2026-12-23 10:00", "1bd", "2026-12-28 10:00Z"})
	if why := c.At(instant(t, c.Zone, "2026-12-31 12:00")).Why; why != "holiday: New Year's Eve" {
		t.Errorf("closed because: %s", why)
	}
	for text, want := range map[string]string{
		"2026-12-24 Christmas Eve\n24.12.2026 Christmas Eve": "line 2",
		"2026-12-24":             "2026-12-24 Christmas Eve",
		"2026-02-30 No such day": "line 1",
	} {
		if _, err := LoadSet("company", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want one that names %q", text, err, want)
		}
	}
}

func ExampleHolidayOn() {
	fmt.Println(Sets())
	name, ok := HolidayOn("us-federal", Date{2026, time.November, 26})
	fmt.Println(name, ok)
	// Output:
	// [us-federal gb-eng au-nsw]
	// Thanksgiving Day true
}
