package web

import (
	"strings"
	"testing"

	"hark/calendar"
)

// The last days of a month stand under its name, also in the week in which the next one begins.
func TestAWeekOfTwoMonthsIsNamedByBoth(t *testing.T) {
	day := func(text string) calendar.Date {
		d, err := calendar.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var named []string
	for _, w := range weeks(nil, calendar.Date{}, day("2026-12-14"), day("2027-02-03"), func(string) string { return "" }) {
		named = append(named, w.Month)
	}
	if got := strings.Join(named, ","); got != "December,,December and January,,,,,February" {
		t.Errorf("the weeks are named %q", got)
	}
}
