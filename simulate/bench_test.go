package simulate

import (
	"testing"
)

// BenchmarkNinetyDays is a ticket that is created, asked, answered, asked again and left alone, and everything that comes of
// it in ninety days.
func BenchmarkNinetyDays(b *testing.B) {
	for _, id := range []string{"S2-06", "S2-19", "S0-16", "S3-15-no-news", "S4-09"} {
		b.Run(id, func(b *testing.B) {
			r := seeded(b, id)
			if len(r.Lines) == 0 {
				b.Fatal("nothing happens")
			}
			p, s := scenarioOf(b, id)
			b.ReportAllocs()
			for b.Loop() {
				Run(p, s, Limits{})
			}
		})
	}
}
