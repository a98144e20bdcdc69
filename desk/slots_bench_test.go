package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/store/storetest"
)

// BenchmarkFreeTimes is the page that offers a customer the free times of 30 days: twenty colleagues can call, and have a hundred calls
// between them. It reports the slowest hundredth of the looks.
func BenchmarkFreeTimes(b *testing.B) {
	for name, open := range map[string]func() *office{
		"sqlite":   func() *office { return &office{t: b, db: storetest.SQLite(b)} },
		"postgres": func() *office { return &office{t: b, db: storetest.Postgres(b)} },
	} {
		b.Run(name, func(b *testing.B) {
			o := open()
			o.t, o.clock, o.begins = b, desktest.At(when("2026-11-16 09:00")), "soapbox-phone-support"
			o.furnish()
			for n := range 18 {
				o.hire(fmt.Sprintf("host%d@agency.example", n), fmt.Sprintf("Host %d", n), access.Agent)
			}
			for n := range 100 {
				o.books(o.hopesForCall(fmt.Sprintf("Dana %d <dana%d@quayside.example>", n, n)), fmt.Sprintf("2026-12-%02d %02d:00", []int{1, 2, 3, 4, 7, 8, 9, 10, 11, 14}[n/10], 9+n%8))
			}
			id := o.hopesForCall(dana)
			took := lookAgain(b, o, id)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// hopesForCall is a request of somebody who pays for phone support, and nobody has it yet.
func (o *office) hopesForCall(who string) int64 {
	id := o.asks(who, "The importer")
	o.knows(o.ticket(id).Requester.ID, map[string]any{"subscription.phone_support": true, "customer.stage": "active"})
	kind := "call"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
	o.must(err)
	return id
}

func lookAgain(b *testing.B, o *office, id int64) (took []time.Duration) {
	reader := o.linkOf(id)
	for b.Loop() {
		began := time.Now()
		page, err := o.desk.CallPage(ctx, reader, id, desk.CallQuestion{})
		if err != nil || len(page.Free) < 500 {
			b.Fatal(len(page.Free), page.Why, err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took
}
