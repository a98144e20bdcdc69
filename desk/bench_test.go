package desk_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/store"
	"hark/store/storetest"
)

// busy is an office whose store is as durable as a real one's.
func busy(b *testing.B) *office {
	b.Helper()
	o := &office{t: b, db: storetest.Durable(b), clock: desktest.At(when("2026-11-20 16:00"))}
	o.furnish()
	return o
}

// BenchmarkAccept is how fast mail is safe: eight servers deliver at once.
func BenchmarkAccept(b *testing.B) {
	o := busy(b)
	var n atomic.Int64
	b.ResetTimer()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
				raw := fmt.Appendf(nil, "From: c%d@customers.example\r\nTo: %s\r\nMessage-ID: <%d@customers.example>\r\nSubject: Question %d\r\n\r\nPlease have a look at number %d.\r\n", i%997, support, i, i, i)
				if _, err := o.desk.Accept(ctx, desk.Envelope{From: fmt.Sprintf("c%d@customers.example", i%997), To: []string{support}}, raw); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// BenchmarkReceive is how fast accepted mail becomes tickets: parsed, threaded, indexed, acknowledged.
func BenchmarkReceive(b *testing.B) {
	o := busy(b)
	for i := range b.N {
		raw := fmt.Appendf(nil, "From: c%d@customers.example\r\nTo: %s\r\nMessage-ID: <%d@customers.example>\r\nSubject: Question %d\r\n\r\nPlease have a look at number %d.\r\n", i%997, support, i, i, i)
		if _, err := o.desk.Accept(ctx, desk.Envelope{From: fmt.Sprintf("c%d@customers.example", i%997), To: []string{support}}, raw); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for taken := 0; taken < b.N; {
		n, err := o.desk.ReceivePending(ctx, 500)
		if err != nil {
			b.Fatal(err)
		}
		taken += n
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tickets/s")
	b.StopTimer()
	if m := o.last(int64(b.N)); m.template != "received" {
		b.Errorf("the last ticket was acknowledged with %q", m.template)
	}
}

// BenchmarkReport measures the last ninety days of a desk of HARK_BENCH_TICKETS (100,000) tickets, worked out anew each time, and
// the wall beside it.
func BenchmarkReport(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("HARK_BENCH_TICKETS"), "100000"))
	if err != nil {
		b.Fatal(err)
	}
	config := store.Config{Dir: b.TempDir(), Unsafe: true}
	db, err := store.Open(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := storetest.Fill(b.Context(), config, n); err != nil {
		b.Fatal(err)
	}
	clock := desktest.At(time.Date(2025, 12, 30, 15, 0, 0, 0, time.UTC))
	d := desktest.Open(b, db, clock)
	for name, a := range map[string]access.Actor{"admin": {Person: 1, Role: access.Admin}, "agent": {Person: 2, Role: access.Agent, Groups: []int64{2}}} {
		b.Run("report/"+name, func(b *testing.B) {
			for b.Loop() {
				clock.Pass(2 * time.Minute)
				r, err := d.Report(b.Context(), a, desk.ReportOn{})
				if err != nil || r.Answers.Tickets == 0 {
					b.Fatal(err, r.Answers, r.From, r.To, r.Brand, r.Months)
				}
			}
		})
		b.Run("wall/"+name, func(b *testing.B) {
			for b.Loop() {
				clock.Pass(time.Second)
				if _, err := d.Wall(b.Context(), a, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCheckPolicy is what the editor does after each key: read, check, and let the scenarios happen.
func BenchmarkCheckPolicy(b *testing.B) {
	src := example(b, "ablecommerce-phone-procedures")
	for b.Loop() {
		if _, _, err := desk.CheckPolicy("x.yaml", src); err != nil {
			b.Fatal(err)
		}
	}
}
