package calendar

import (
	"testing"
	"time"

	"hark/internal/effort"
)

// One core answers a million questions in a second: every one of these stays under 1,000 ns.
func BenchmarkAdd(b *testing.B) {
	c := desk(b, "America/New_York", "09:00-17:00", "us-federal")
	base := instant(b, c.Zone, "2026-01-01 00:00")
	for _, text := range []string{"24h", "5d", "4bh", "90bm", "1bd", "10bd@close", "100bd"} {
		d, err := ParseDuration(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				if _, err := c.Add(base.Add(time.Duration(i%500_000)*time.Minute), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAMillionAdditions mixes what a desk adds, over eleven years and a calendar with holidays, in bulk on one core; the
// figure to look at is additions/s.
func BenchmarkAMillionAdditions(b *testing.B) {
	c := desk(b, "America/New_York", "09:00-17:00", "us-federal")
	base := instant(b, c.Zone, "2024-01-01 00:00")
	var mixed []Duration
	for _, text := range []string{"24h", "5d", "7d", "4bh", "1bd", "1bd@close", "10bd@close", "3bd"} {
		d, err := ParseDuration(text)
		if err != nil {
			b.Fatal(err)
		}
		mixed = append(mixed, d)
	}
	before := effort.Spent()
	b.ReportAllocs()
	for b.Loop() {
		for i := range 1_000_000 {
			if _, err := c.Add(base.Add(time.Duration(i*5)*time.Minute), mixed[i%len(mixed)]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N)*1e6/b.Elapsed().Seconds(), "additions/s")
	b.ReportMetric(float64(b.N)*1e6/(effort.Spent()-before).Seconds(), "additions/cpu-s")
}

func BenchmarkBetween(b *testing.B) {
	c := desk(b, "America/New_York", "09:00-17:00", "us-federal")
	base := instant(b, c.Zone, "2026-01-01 00:00")
	b.ReportAllocs()
	for i := range b.N {
		from := base.Add(time.Duration(i%500_000) * time.Minute)
		c.Between(from, from.Add(100*time.Hour))
	}
}

func BenchmarkAnswerLine(b *testing.B) {
	c := regional(b)
	for _, line := range []string{"2026-11-20T16:30 1bd@close uk", "2026-11-20T16:30:00Z 4bh", "2026-11-20T16:30 x"} {
		b.Run(line, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				c.AnswerLine(line)
			}
		})
	}
}

// Working out the year of a calendar happens once a year and calendar.
func BenchmarkYear(b *testing.B) {
	c := desk(b, "America/New_York", "09:00-17:00", "us-federal")
	b.ReportAllocs()
	for range b.N {
		c.workOut(2026)
	}
}

// Many people ask a fresh calendar at once; run with -race.
func TestACalendarMayBeAskedByManyAtOnce(t *testing.T) {
	c := regional(t)
	done := make(chan string)
	for range 8 {
		go func() {
			for year := 2020; year < 2040; year++ {
				c.AnswerLine(Date{year, time.November, 20}.String() + "T16:30 300bd uk")
			}
			done <- c.AnswerLine("2026-11-20T16:30 1bd uk")
		}()
	}
	for range 8 {
		if got := <-done; got != "2026-11-23T16:30:00Z" {
			t.Error(got)
		}
	}
}
