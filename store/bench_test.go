package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
