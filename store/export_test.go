package store

import (
	"context"
	"testing"
)

// Parts reads a backup's parts.
var Parts = parts

// TableNames lists the tables the database itself knows, except for the migrations' own and the search index.
func TableNames(ctx context.Context, t testing.TB, db *DB) (names []string) {
	query := `
		SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'comment_words%' AND name <> 'schema_versions'`
	if db.Dialect() == Postgres {
		query = `
			SELECT table_name FROM information_schema.tables
			WHERE table_schema = 'public' AND table_name <> 'schema_versions'`
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
