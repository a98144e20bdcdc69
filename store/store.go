// Package store is the desk's memory: every ticket, comment, person, mail and plan, in SQLite (one file, the default)
// or PostgreSQL (several nodes), and attachments in a directory or S3.
//
// Reading happens inside [DB.Read], which shows one unchanging snapshot, and writing inside [DB.Write], which is one
// transaction: all of it is on the disk when Write returns nil, or none of it is anywhere. Both hand out a [Tx], and
// everything that can be read or written is a method of Tx, one file for each noun. A method that shows tickets to
// somebody takes the [access.Actor] first, and the one function visible puts the limits of what that actor may see
// into the SQL, so that no list, count or search can show more than a page would.
//
// The two databases run the same statements. What must differ stands in sqlite.go and postgres.go with the reason, and
// the same tests run on both (package storetest).
//
// Only package desk writes through this package. The store decides nothing about policy: it keeps promises about
// durability, uniqueness and visibility, and states them as constraints where a database can.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"hark/fault"
)

// Config says where the desk's memory is.
type Config struct {
	Dir   string // directory of the SQLite file hark.db and of blobs/; made when it is missing
	URL   string // postgres://...; when set, rows live there and Dir holds only blobs
	S3    S3     // when Bucket is set, blobs live there
	Pages int    // SQLite: the most pages the file may have, 0 for no limit; for tests of a full disk

	// Unsafe lets a test's database skip fsync. It is never set outside tests.
	Unsafe bool
}

// DB is an open store. It is safe for use by many goroutines.
type DB struct {
	engine  engine
	blobs   Blobs
	feed    *feed
	config  Config
	found   int64 // the schema's version before it was brought up to date, 0 for a new database
	closing sync.Once
}

// engine is what differs between the databases.
type engine interface {
	dialect() string
	handle() *sql.DB // to look at the schema's version
	read(ctx context.Context, fn func(*Tx) error) error
	write(ctx context.Context, fn func(*Tx) error) error
	load(ctx context.Context, fn func(*Tx) error) error // one write that may take hours
	findable(ctx context.Context)                       // lets the search know what was written so far
	check(ctx context.Context) []Finding
	close() error
}

// The names of the databases, as [DB.Dialect] returns them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Open opens the store, checks it and brings its schema up to date.
//
// It fails with [fault.Unavailable] when the database is locked, missing, damaged, read-only or newer than this
// program, and says how to mend it.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{feed: newFeed(), config: c}
	blobs, err := openBlobs(c)
	if err != nil {
		return nil, err
	}
	db.blobs = blobs
	if c.URL != "" {
		db.engine, err = openPostgres(ctx, db, c)
	} else {
		db.engine, err = openSQLite(ctx, db, c)
	}
	if err != nil {
		return nil, err
	}
	blobs.behind(db.gate())
	if err := db.beginLedger(ctx); err != nil {
		return nil, fmt.Errorf("filling the ledger of promises: %w", errors.Join(err, db.Close()))
	}
	if err := db.beginCustomers(ctx); err != nil {
		return nil, fmt.Errorf("making customers findable: %w", errors.Join(err, db.Close()))
	}
	return db, nil
}

// gate is where whoever stores a file and whoever sweeps meet: nodes that share a bucket only share the database.
func (db *DB) gate() gate {
	if p, ok := db.engine.(*postgres); ok && db.config.S3.Bucket != "" {
		return rowGate{p}
	}
	return fileGate{filepath.Join(db.config.Dir, "files.lock")}
}

// Close ends the store. Writes that were accepted finish first; later ones get [fault.Unavailable].
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		err = db.engine.close()
		db.feed.close()
		if closer, ok := db.blobs.(interface{ Close() error }); ok {
			closer.Close()
		}
	})
	return err
}

// Dialect is [SQLite] or [Postgres].
func (db *DB) Dialect() string { return db.engine.dialect() }

// Blobs is where files and large mails are kept.
func (db *DB) Blobs() Blobs { return db.blobs }

// Read runs fn on one snapshot: nothing changes underneath it, however long it takes.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	return db.engine.read(ctx, fn)
}

// Find is Read for searching by words: whatever was written before it is found in it.
func (db *DB) Find(ctx context.Context, fn func(*Tx) error) error {
	db.engine.findable(ctx)
	return db.engine.read(ctx, fn)
}

// Write runs fn as one transaction and returns when it is durable. An error from fn undoes all that fn did, and is
// returned as it is.
//
// fn may run twice, so it does nothing outside the store, and it must not call Write itself. ctx is honoured until fn
// starts; a started write ends either way. A full disk or a lost database is [fault.Unavailable].
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return db.engine.write(ctx, fn)
}

// Patiently marks writes that nobody waits for, such as reading accepted mail. Others go first, and a share is theirs all the same:
// of the one writer's time on SQLite, of the connections on PostgreSQL.
func Patiently(ctx context.Context) context.Context {
	return context.WithValue(ctx, patience{}, true)
}

type patience struct{}

func isPatient(ctx context.Context) bool { return ctx.Value(patience{}) != nil }

var errClosed = fault.New(fault.Unavailable, "the desk is shutting down; try again in a moment")
