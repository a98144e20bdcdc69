package store

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"hark/fault"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// migrate brings the schema up to what this program knows. A file that fails is undone as a whole. One program at a time
// does it and the others wait: on PostgreSQL for an advisory lock, on SQLite for that of the file ([sqlite.migrate]).
// It returns the version that was found, 0 for a new database. A file that came later than one of a higher number is run all the same:
// work on several things is numbered before it is joined.
func migrate(ctx context.Context, db *sql.DB, dialect string) (found int64, err error) {
	provider, err := provider(db, dialect)
	if err != nil {
		return 0, err
	}
	have, want, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return have, err
	case have > want:
		return have, fault.New(fault.Unavailable, "this database was last used by a newer Hark (schema %d; this program knows %d); install that version or restore a backup made by this one", have, want)
	}
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return have, err
	}
	_, err = provider.Up(ctx)
	return have, err
}

func provider(db *sql.DB, dialect string) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+dialect)
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithTableName("schema_versions"), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	if dialect == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, db, files, options...)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // look each second, for five minutes
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, append(options, goose.WithSessionLocker(locker))...)
}

// SchemaVersion returns the database's schema version and the one this program knows.
func (db *DB) SchemaVersion(ctx context.Context) (have, want int64, err error) {
	return schemaVersion(ctx, db.engine.handle(), db.Dialect())
}

func schemaVersion(ctx context.Context, db *sql.DB, dialect string) (have, want int64, err error) {
	p, err := provider(db, dialect)
	if err != nil {
		return 0, 0, err
	}
	return p.GetVersions(ctx)
}
