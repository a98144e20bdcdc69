package store

import (
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/ticket"
)

// A desk that has run for years has a million closed tickets and a few thousand others. What is asked for on every page
// reads an index of the few, whatever SQLite would rather do.
func TestEveryPageReadsWhatIsAliveAndNotAll(t *testing.T) {
	db, err := Open(t.Context(), Config{Dir: t.TempDir(), Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	indexes := map[View][]string{
		Next:       {"tickets_promised", "tickets_mine", "tickets_due", "tickets_unassigned"},
		Mine:       {"tickets_mine"},
		Team:       {"tickets_working"},
		Unassigned: {"tickets_unassigned"},
		Waiting:    {"tickets_waiting"},
	}
	for _, ana := range []access.Actor{{Person: 3, Role: access.Admin}, {Person: 3, Role: access.Agent, Groups: []int64{1}}} {
		for view, names := range indexes {
			for stage, name := range names {
				q := (&query{}).stage(ana, Filter{View: view, Now: time.Now()}, stage, cursor{}, 50)
				planned(t, db, name, q.String(), q.args...)
			}
		}
	}
	for category, name := range map[string]string{"open": "tickets_working", "pending": "tickets_waiting", "solved": "tickets_solved"} {
		q := (&query{}).stage(access.Actor{Person: 3, Role: access.Admin}, Filter{View: All, Category: ticket.Category(category)}, 0, cursor{}, 50)
		planned(t, db, name, q.String(), q.args...)
	}
	planned(t, db, "people_staff", everybody[SQLite]+"WHERE p.role <> 'customer'") // and then by name
	for _, inside := range []bool{false, true} {
		planned(t, db, "PRIMARY KEY (inside=? AND term>? AND term<?)", beginsWith, inside, "acme", "acme~", 20)
	}
	planned(t, db, "licences_by_key", "SELECT id FROM licences WHERE key_hash = $1 ORDER BY id LIMIT 10", [32]byte{1})
}

// planned is an error when a query does not begin with an index, or looks at a whole table besides.
func planned(t *testing.T, db *DB, index, query string, args ...any) {
	t.Helper()
	var plan []string
	err := db.Read(t.Context(), func(tx *Tx) error {
		var id, parent, unused int64
		var detail string
		return tx.each([]any{&id, &parent, &unused, &detail}, func() error { plan = append(plan, detail); return nil }, "EXPLAIN QUERY PLAN "+query, args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan[0], "USING") || !strings.Contains(plan[0], index) || strings.Contains(strings.Join(plan, "\n"), "USE TEMP B-TREE FOR ORDER BY") {
		t.Errorf("%s should read %s, and does this:\n%s", query, index, strings.Join(plan, "\n"))
	}
}
