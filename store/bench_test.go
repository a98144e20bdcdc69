package store_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/access"
	"hark/store"
	"hark/store/storetest"
)

// BenchmarkAccept stores small mails durably from eight goroutines at once, as the SMTP listener does.
func BenchmarkAccept(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *store.DB{"sqlite": storetest.Durable, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			c := storetest.NewCast(b, db)
			raw := []byte("From: maria@greenfund.example\r\n\r\n" + string(make([]byte, 4000)))
			var next atomic.Int64
			var wait sync.WaitGroup
			b.ResetTimer()
			for range 8 {
				wait.Go(func() {
					for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
						in := store.Incoming{Key: sha256.Sum256(fmt.Append(nil, n)), Mailbox: c.Mailbox.ID, ReceivedAt: time.Now(), Raw: raw}
						if err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err }); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wait.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}

// filled opens a store with n tickets.
func filled(b testing.TB, dialect string, n int) (*store.DB, storetest.Filled) {
	b.Helper()
	c := store.Config{Dir: b.TempDir(), Unsafe: true}
	if dialect == store.Postgres {
		c.URL = storetest.Database(b)
	}
	db := storetest.Open(b, c)
	started := time.Now()
	f, err := storetest.Fill(b.Context(), c, n)
	must(b, err)
	b.Logf("%s: %d tickets filled in %v", dialect, n, time.Since(started).Round(time.Second))
	return db, f
}

// BenchmarkReading measures what agents and customers do all day on a desk of HARK_BENCH_TICKETS (100,000) tickets.
func BenchmarkReading(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("HARK_BENCH_TICKETS"), "100000"))
	must(b, err)
	for _, dialect := range []string{store.SQLite, store.Postgres} {
		b.Run(dialect, func(b *testing.B) { readingOf(b, dialect, n) })
	}
}

func readingOf(b *testing.B, dialect string, n int) {
	db, f := filled(b, dialect, n)
	admin := access.Actor{Person: 1, Role: access.Admin}
	agent := access.Actor{Person: 2, Role: access.Agent, Groups: []int64{2}}
	customer := access.Actor{Person: 200, Role: access.Customer}
	now := time.Now()
	for _, view := range []store.View{store.Next, store.Mine, store.Team, store.Unassigned, store.Waiting, store.All} {
		reading(b, db, "inbox "+string(view), func(tx *store.Tx) error { _, err := tx.Tickets(agent, store.Filter{View: view, Now: now}); return err })
	}
	groupless := access.Actor{Person: 31, Role: access.Agent, Groups: []int64{11}}
	reading(b, db, "inbox all, few to see", func(tx *store.Tx) error {
		_, err := tx.Tickets(groupless, store.Filter{View: store.All, Kind: "question"})
		return err
	})
	reading(b, db, "admin all", func(tx *store.Tx) error { _, err := tx.Tickets(admin, store.Filter{View: store.All}); return err })
	reading(b, db, "admin next", func(tx *store.Tx) error {
		_, err := tx.Tickets(admin, store.Filter{View: store.Next, Now: now})
		return err
	})
	reading(b, db, "counts", func(tx *store.Tx) error {
		for _, view := range []store.View{store.Next, store.Mine, store.Team, store.Unassigned, store.Waiting} {
			if _, err := tx.CountView(agent, store.Filter{View: view, Now: now}); err != nil {
				return err
			}
		}
		return nil
	})
	reading(b, db, "customer's own", func(tx *store.Tx) error { _, err := tx.Tickets(customer, store.Filter{View: store.All}); return err })
	reading(b, db, "20 comments", func(tx *store.Tx) error {
		if _, err := tx.Ticket(admin, f.Long); err != nil {
			return err
		}
		if _, err := tx.Comments(admin, f.Long); err != nil {
			return err
		}
		_, err := tx.Audits(admin, f.Long)
		return err
	})
	for name, a := range map[string]access.Actor{"admin": admin, "agent": agent, "customer": customer} {
		for _, word := range []string{storetest.Rare, storetest.Frequent, "bab", "bacece dibace", "nothinglikethis", "status:closed " + storetest.Frequent, "status:new " + storetest.Frequent, "tag:tag-1", "status:open"} {
			reading(b, db, "search/"+name+"/"+word, func(tx *store.Tx) error { _, err := tx.Search(a, word, "", 50); return err })
		}
	}
	reading(b, db, "number", func(tx *store.Tx) error { _, err := tx.Search(agent, "#4712", "", 50); return err })
}

// reading reports the middle and the 99th percentile of a read.
func reading(b *testing.B, db *store.DB, name string, fn func(tx *store.Tx) error) {
	b.Run(name, func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			started := time.Now()
			read(b, db, fn)
			took = append(took, time.Since(started))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(0, "ns/op")
	})
}
