// Package storetest gives tests a real store: a SQLite file and a PostgreSQL database, empty for each test.
//
// [Each] runs a test once on either. PostgreSQL is a throw-away cluster that the test process makes with initdb when the
// first test asks for it; it listens on a Unix socket only and dies with the process, even when that is killed. A
// package whose tests use it hands its TestMain to [Main].
//
// The databases skip fsync, except for those that [Durable] makes: nobody pulls the plug during a test.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hark/store"
)

// Each runs the test on SQLite and on PostgreSQL, with an empty store of its own.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Main runs a package's tests, does what is to be done after them, and ends the clusters:
// func TestMain(m *testing.M) { storetest.Main(m) }.
func Main(m *testing.M, after ...func()) { os.Exit(Run(m, after...)) }

// Run is Main for whoever has more to end: it returns the exit status.
func Run(m *testing.M, after ...func()) int {
	code := m.Run()
	for _, do := range after {
		do()
	}
	shared.stop()
	lasting.stop()
	return code
}

// SQLite opens an empty store in a file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	dir := t.TempDir()
	file, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "hark.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return Open(t, store.Config{Dir: dir, Unsafe: true})
}

// Durable opens an empty store in a file as a real desk has it: nothing is acknowledged before it is on the disk.
func Durable(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, store.Config{Dir: t.TempDir()})
}

// Postgres opens an empty store in a database of its own.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, store.Config{Dir: t.TempDir(), URL: Database(t), Unsafe: true})
}

// Open opens a store and closes it when the test ends.
func Open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// migrated is an empty SQLite file with the present schema, made once.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hark-empty-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), store.Config{Dir: dir, Unsafe: true})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "hark.db"))
})

// Write runs fn in a transaction and fails the test when it fails.
func Write(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// Read runs fn on a snapshot and fails the test when it fails.
func Read(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Read(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}
