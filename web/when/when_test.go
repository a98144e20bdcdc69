package when

import (
	"testing"
	"time"
)

func TestRelativeSaysWhatOnePlansBy(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now, _ := time.ParseInLocation("2006-01-02 15:04", "2026-11-25 17:00", zone)
	for local, want := range map[string]string{
		"2026-11-25 17:00": "now",
		"2026-11-25 17:35": "in 35 min",
		"2026-11-25 16:40": "20 min ago",
		"2026-11-25 19:20": "in 2 h 20 min",
		"2026-11-25 23:30": "23:30",
		"2026-11-26 16:30": "tomorrow 16:30",
		"2026-11-24 15:20": "yesterday 15:20",
		"2026-11-27 16:30": "Fri 16:30",
		"2026-12-02 10:00": "2 Dec",
		"2027-01-04 09:00": "4 Jan 2027",
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", local, zone)
		if got := Relative(at, now, zone); got != want {
			t.Errorf("%s is said %q, want %q", local, got, want)
		}
	}
	if got := Clock(now.Add(-3*time.Minute), now, zone); got != "16:57" {
		t.Errorf("since when: %q", got)
	}
	if got := Exact(now, zone); got != "Wed 25 Nov 2026, 17:00 EST" {
		t.Errorf("exact: %q", got)
	}
}

func TestSizesAreShort(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 B", 999: "999 B", 48_200: "48 kB", 2_400_000: "2.4 MB"} {
		if got := Size(bytes); got != want {
			t.Errorf("%d is said %q, want %q", bytes, got, want)
		}
	}
}
