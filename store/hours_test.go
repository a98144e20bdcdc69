package store_test

import (
	"fmt"
	"testing"
	"time"

	"hark/account"
	"hark/store"
	"hark/store/storetest"
)

// Until when somebody was away stood beside them. Ben, who was, has it among his days after the desk was brought up to date; whoever was not,
// or had come back before a day was over, has none.
func TestWhoWasAwayIsStillAwayAfterwards(t *testing.T) {
	for name, config := range map[string]store.Config{
		"sqlite":   {Dir: t.TempDir(), Unsafe: true},
		"postgres": {Dir: t.TempDir(), URL: storetest.Database(t), Unsafe: true},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), config)
			must(t, err)
			c := storetest.NewCast(t, db)
			away := func(who account.Person, until time.Time) {
				store.Exec(t.Context(), t, db, "UPDATE people SET away_until = $1 WHERE id = $2", until, who.ID)
			}
			began := c.Ben.Created
			away(c.Ben, began.Truncate(24*time.Hour).AddDate(0, 0, 12)) // midnight: the day before is the last one
			away(c.Ana, began.Truncate(24*time.Hour).AddDate(0, 0, 5).Add(15*time.Hour))
			away(c.Cem, began.Add(20*time.Hour))
			must(t, db.Close())
			store.MigrateDown(t.Context(), t, config, 24) // before there were days
			db = storetest.Open(t, config)
			read(t, db, func(tx *store.Tx) error {
				all, err := tx.Absences([]int64{c.Ben.ID, c.Ana.ID, c.Cem.ID, c.Maria.ID}, day(t, "2000-01-01"))
				got := map[int64]string{}
				for _, a := range all {
					got[a.Person] += fmt.Sprint(a.From, " to ", a.To)
				}
				first := began.UTC().Format(time.DateOnly)
				want := map[int64]string{
					c.Ben.ID: first + " to " + began.UTC().AddDate(0, 0, 11).Format(time.DateOnly),
					c.Ana.ID: first + " to " + began.UTC().AddDate(0, 0, 5).Format(time.DateOnly),
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("away are %v, want %v", got, want)
				}
				return err
			})
		})
	}
}
