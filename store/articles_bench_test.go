package store_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"hark/access"
	"hark/store"
	"hark/store/storetest"
)

// BenchmarkFindArticles measures a search of a large help as a stranger types it. "donation" stands in every article.
func BenchmarkFindArticles(b *testing.B) {
	for dialect, open := range map[string]func(testing.TB) *store.DB{store.SQLite: storetest.SQLite, store.Postgres: storetest.Postgres} {
		if on := os.Getenv("HARK_BENCH_ON"); on != "" && on != dialect {
			continue
		}
		b.Run(dialect, func(b *testing.B) {
			db := open(b)
			brand := filledHelp(b, db)
			reader := store.Reader{Actor: access.Actor{}, Today: day(b, "2026-11-16")}
			for name, typed := range map[string]string{"frequent": "donation", "two words": "donation word7", "beginning": "donat", "wrong letter": "donatoin", "a question": "how do I stop the donation of word12 and word77", "nothing": "zzyzx"} {
				b.Run(name, func(b *testing.B) {
					measured(b, db, func(tx *store.Tx) error {
						_, err := tx.FindArticles(reader, brand, typed, "", 0)
						return err
					})
				})
			}
			b.Run("home", func(b *testing.B) {
				measured(b, db, func(tx *store.Tx) error { _, err := tx.HelpCounts(reader, brand); return err })
			})
			b.Run("article", func(b *testing.B) {
				measured(b, db, func(tx *store.Tx) error { _, err := tx.ArticleAt(reader, brand, "article-2500"); return err })
			})
		})
	}
}

func filledHelp(b *testing.B, db *store.DB) (brand int64) {
	b.Helper()
	c := storetest.NewCast(b, db)
	must(b, storetest.FillHelp(b.Context(), db, c.Brand.ID, monday))
	write(b, db, func(tx *store.Tx) error { return tx.Analyze() })
	b.ResetTimer()
	return c.Brand.ID
}

// measured reports the median and the slowest hundredth of something that is read.
func measured(b *testing.B, db *store.DB, look func(tx *store.Tx) error) {
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		read(b, db, look)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
