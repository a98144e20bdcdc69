package store_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"hark/account"
	"hark/calendar"
	"hark/store"
	"hark/store/storetest"
)

// BenchmarkSearchCustomers measures what a technician types while somebody speaks, on a desk of HARK_BENCH_LICENCES (10,000)
// licences and twice as many orders. Half of the websites share the letters that are looked for most.
func BenchmarkSearchCustomers(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("HARK_BENCH_LICENCES"), "10000"))
	if err != nil {
		b.Fatal(err)
	}
	for dialect, open := range map[string]func(testing.TB) *store.DB{store.SQLite: storetest.SQLite, store.Postgres: storetest.Postgres} {
		if on := os.Getenv("HARK_BENCH_ON"); on != "" && on != dialect {
			continue
		}
		b.Run(dialect, func(b *testing.B) {
			db := open(b)
			ana := licensed(b, db, n)
			for name, typed := range map[string]string{
				"frequent": "shop", "part": "op-" + strconv.Itoa(n/2), "order": "AC-" + strconv.Itoa(n), "two words": "shop " + strconv.Itoa(n/3), "wrong letter": "shpo" + strconv.Itoa(n/4), "nothing": "zzyzx",
			} {
				b.Run(name, func(b *testing.B) { searched(b, db, ana, typed) })
			}
		})
	}
}

// searched reports the median and the slowest hundredth of the searches.
func searched(b *testing.B, db *store.DB, ana account.Person, typed string) {
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		read(b, db, func(tx *store.Tx) error {
			_, err := tx.SearchCustomers(ana.Actor(), typed, 20)
			return err
		})
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// licensed fills a store with licences and orders, a thousand at a time.
func licensed(b *testing.B, db *store.DB, n int) account.Person {
	c := storetest.NewCast(b, db)
	names := []string{"shop", "parts", "books", "shop", "garden", "shop"}
	for from := 0; from < n; from += 1000 {
		err := db.Write(context.Background(), func(tx *store.Tx) error {
			product, err := tx.EnsureProduct(c.Brand.ID, "AbleCommerce")
			for i := from; i < min(n, from+1000) && err == nil; i++ {
				err = licensedOne(tx, c, product, names[i%len(names)], i)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return c.Ana
}

func licensedOne(tx *store.Tx, c *storetest.Cast, product int64, name string, i int) error {
	day := calendar.Date{Y: 2020 + i%6, M: time.Month(1 + i%12), D: 1 + i%28}
	owner := account.Owner{Person: c.Maria.ID}
	for k := range 2 {
		o := account.Order{Brand: c.Brand.ID, Number: fmt.Sprintf("AC-%d", 2*i+k), Owner: owner, PlacedOn: day, Source: account.ByImport}
		if err := tx.SaveOrder(&o); err != nil {
			return err
		}
	}
	return tx.SaveLicence(&account.Licence{Brand: c.Brand.ID, Owner: owner, Product: product, Site: fmt.Sprintf("%s-%d.example", name, i), Key: account.KeyOf(fmt.Sprintf("KEY%09d", i)), OrderedOn: day})
}
