package store

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"
)

// Parts reads a backup's parts.
var Parts = parts

// TableNames lists the tables the database itself knows, except for the migrations' own and the search indexes.
func TableNames(ctx context.Context, t testing.TB, db *DB) (names []string) {
	query := `
		SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'comment_words%' AND name NOT LIKE 'article_words%' AND name NOT LIKE 'community_words%' AND name NOT IN ('customer_terms', 'help_words', 'schema_versions')`
	if db.Dialect() == Postgres {
		query = `
			SELECT table_name FROM information_schema.tables
			WHERE table_schema = 'public' AND table_name NOT IN ('schema_versions', 'customer_terms', 'article_words', 'community_words', 'help_words')`
	}
	err := db.Read(ctx, func(tx *Tx) error {
		var name string
		return tx.each([]any{&name}, func() error { names = append(names, name); return nil }, query)
	})
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	return names
}

// BusyTimeout changes how long a write waits for another program, until the test ends.
func BusyTimeout(t testing.TB, d time.Duration) {
	before := busyTimeout
	busyTimeout = d
	t.Cleanup(func() { busyTimeout = before })
}

// Enter stands for another program that is storing a file, until it leaves.
func Enter(t testing.TB, db *DB) (leave func()) {
	t.Helper()
	leave, err := db.gate().enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return leave
}

// Shut stands for another program that is about to remove a file, until it opens the gate again.
func Shut(t testing.TB, db *DB) (open func()) {
	t.Helper()
	open, err := db.gate().shut(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return open
}

// Exec runs a statement that the store itself has no method for, as somebody with another program could.
func Exec(ctx context.Context, t testing.TB, db *DB, query string, args ...any) {
	t.Helper()
	if err := db.Write(ctx, func(tx *Tx) error { _, err := tx.exec(query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

// CutConnections ends every connection to the database of a PostgreSQL store, the caller's last.
func CutConnections(tx *Tx) error {
	_, err := tx.exec(`
		SELECT pg_terminate_backend(pid)
		FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		return err
	}
	_, err = tx.exec(`SELECT pg_terminate_backend(pg_backend_pid())`)
	return err
}

// MigrateDown takes the schema of a desk that nobody has open back to an earlier version, as an older program left it.
func MigrateDown(ctx context.Context, t testing.TB, c Config, to int64) {
	t.Helper()
	dialect := SQLite
	db, err := sqliteHandle(filepath.Join(c.Dir, "hark.db"), "", nil)
	if c.URL != "" {
		dialect = Postgres
		db, err = sql.Open("pgx", c.URL)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := provider(db, dialect)
	if err == nil {
		_, err = p.DownTo(ctx, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Analyze lets PostgreSQL look at what a table holds, as it does by itself after a while.
func (tx *Tx) Analyze() error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("ANALYZE")
	return err
}
