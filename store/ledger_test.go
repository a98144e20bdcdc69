package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/promise"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func promised(rule string, state promise.TargetState, started time.Time) func(*ticket.Ticket) {
	return func(tk *ticket.Ticket) {
		target := promise.Target{Rule: rule, Measure: "first_reply", Strength: promise.Promise, Started: started, Due: started.Add(time.Hour), State: state}
		if state == promise.Kept || state == promise.Missed {
			target.Done = started.Add(30 * time.Minute)
		}
		tk.Memory.Targets = append(tk.Memory.Targets, target)
	}
}

// lines is the ledger of a ticket.
func lines(t testing.TB, db *store.DB, id int64) (all string) {
	t.Helper()
	read(t, db, func(tx *store.Tx) error {
		given, err := tx.Given(id)
		for _, g := range given {
			all += fmt.Sprintf("%s %d %s %s; ", g.Measure, g.Number, g.Rule, g.State)
		}
		return err
	})
	return all
}

func TestTheLedgerIsWrittenWithTheTicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "one", promised("question", promise.Running, monday))
		if got := lines(t, db, tk.ID); got != "first_reply 1 question running; " {
			t.Errorf("a new ticket: %s", got)
		}
		before := tk
		before.Memory.Targets = slices.Clone(tk.Memory.Targets)
		tk.Memory.Targets[0].State, tk.Memory.Targets[0].Done = promise.Kept, at(0.5)
		promised("next", promise.Running, at(1))(&tk)
		write(t, db, func(tx *store.Tx) error { return tx.SaveTicket(&tk) })
		if got := lines(t, db, tk.ID); got != "first_reply 1 question kept; first_reply 2 next running; " {
			t.Errorf("after an answer and another question: %s", got)
		}
		write(t, db, func(tx *store.Tx) error { return tx.SaveTicket(&before) })
		if got := lines(t, db, tk.ID); got != "first_reply 1 question running; " {
			t.Errorf("after it was taken back: %s", got)
		}
	})
}

func TestTheDoctorMissesPromisesAndReindexBringsThemBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "one", promised("question", promise.Kept, monday))
		ledger := func() (found []store.Finding) {
			return slices.DeleteFunc(db.Doctor(t.Context(), monday), func(f store.Finding) bool { return f.What != "ledger" })
		}
		if found := ledger(); len(found) > 0 {
			t.Errorf("a whole ledger: %v", found)
		}
		store.Exec(t.Context(), t, db, "DELETE FROM promises")
		if found := ledger(); len(found) != 1 || !strings.Contains(found[0].Mend, "--reindex") {
			t.Errorf("a lost ledger: %v", found)
		}
		must(t, db.Reindex(t.Context()))
		if got := lines(t, db, tk.ID); got != "first_reply 1 question kept; " {
			t.Errorf("made again: %s", got)
		}
	})
}

// A desk that was used before there was a ledger has one after the first start of the new program.
func TestAnOlderDeskGetsItsLedgerAtTheFirstStart(t *testing.T) {
	config := store.Config{Dir: t.TempDir(), Unsafe: true}
	db, err := store.Open(t.Context(), config)
	must(t, err)
	c := storetest.NewCast(t, db)
	tk := open(t, db, c, "one", promised("question", promise.Missed, monday), func(tk *ticket.Ticket) { tk.Memory.Level, tk.Memory.Reopened = "active", 2 })
	must(t, db.Close())
	store.MigrateDown(t.Context(), t, config, 4) // before there was a ledger
	db, err = store.Open(t.Context(), config)
	must(t, err)
	defer db.Close()
	if got := lines(t, db, tk.ID); got != "first_reply 1 question missed; " {
		t.Errorf("the ledger: %s", got)
	}
	read(t, db, func(tx *store.Tx) error {
		waits, err := tx.Waits(access.Clock, store.Span{Brand: c.Brand.ID, From: at(-1), To: at(1)}, 100)
		if len(waits) != 1 || waits[0].Level != "active" {
			t.Errorf("what reports read: %+v", waits)
		}
		return err
	})
}

// Lists behind numbers are paged by key: every ticket once, whatever is answered in between.
func TestAListBehindANumberIsPaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		for n := range 7 {
			open(t, db, c, fmt.Sprint(n), promised("question", promise.Kept, at(float64(n))), func(tk *ticket.Ticket) { tk.Created, tk.Memory.Reopened = at(float64(n)), 1 })
		}
		span := store.Span{Brand: c.Brand.ID, From: at(-1), To: at(100)}
		read(t, db, func(tx *store.Tx) error {
			waits, err := tx.Waits(access.Clock, span, 100)
			must(t, err)
			var picked []int64
			for _, w := range waits {
				picked = append(picked, w.Ticket)
			}
			for name, b := range map[string]store.Behind{
				"reopened": {Reopened: true}, "kept": {Promise: &store.Kept{Measure: "first_reply", Rule: "question", State: promise.Kept}}, "picked": {Tickets: picked},
			} {
				var seen []string
				for after, pages := "", 0; pages == 0 || after != ""; pages++ {
					page, err := tx.Behind(access.Clock, span, b, after, 3)
					must(t, err)
					seen, after = append(seen, subjects(page.Items)...), page.Next
				}
				if got := strings.Join(seen, " "); got != "6 5 4 3 2 1 0" {
					t.Errorf("%s: %s", name, got)
				}
			}
			return nil
		})
	})
}
