package store

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"hark/fault"
)

// explain turns a driver's error into a fault that says what to do. Errors it does not know stay as they are: those
// are our own mistakes, and people see only that something went wrong.
func explain(err error) error {
	if err == nil || fault.KindOf(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite *sqlitedriver.Error
	if errors.As(err, &lite) {
		return explainSQLite(err, lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return explainPostgres(err, pg)
	}
	var away net.Error
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) || errors.As(err, &away) || pgconn.SafeToRetry(err) {
		return fault.ForOperators(err, "the database does not answer; check that PostgreSQL runs and that HARK_DATABASE_URL is right")
	}
	if errors.Is(err, syscall.ENOSPC) {
		return full(err)
	}
	return err
}

func full(err error) error {
	return fault.ForOperators(err, "the disk is full; free some space and the desk goes on by itself")
}

// explainSQLite reads SQLite's primary result codes (sqlite.org/rescode.html).
func explainSQLite(err error, code int) error {
	switch code & 0xff {
	case sqlitecode.SQLITE_FULL:
		return full(err)
	case sqlitecode.SQLITE_BUSY, sqlitecode.SQLITE_LOCKED:
		return fault.ForOperators(err, "the database is locked by another program; end it or wait until it is done")
	case sqlitecode.SQLITE_READONLY, sqlitecode.SQLITE_PERM:
		return fault.ForOperators(err, "the database cannot be written; let the desk's user own hark.db and its directory, and mount the disk writable")
	case sqlitecode.SQLITE_CANTOPEN:
		return fault.ForOperators(err, "the database file cannot be opened; check that its directory exists and that the desk's user may write there")
	case sqlitecode.SQLITE_CORRUPT, sqlitecode.SQLITE_NOTADB:
		return fault.ForOperators(err, "the database file is damaged; stop the desk, keep the file, and restore the last backup with hark restore")
	case sqlitecode.SQLITE_IOERR:
		return fault.ForOperators(err, "the disk cannot be read or written; look at the machine's own log")
	case sqlitecode.SQLITE_CONSTRAINT:
		return constraint(err, code == sqlitecode.SQLITE_CONSTRAINT_UNIQUE || code == sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY)
	}
	return err
}

// explainPostgres reads PostgreSQL's error classes (appendix A of its manual).
func explainPostgres(err error, pg *pgconn.PgError) error {
	switch {
	case pg.Code == "53100":
		return full(err)
	case pg.Code == "25006":
		return fault.ForOperators(err, "the database is read-only; connect to the primary (target_session_attrs=read-write)")
	case strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "58"):
		return fault.ForOperators(err, "the database cannot work just now (%s)", pg.Message)
	case pg.Code == "3D000":
		return fault.ForOperators(err, "the database named in HARK_DATABASE_URL does not exist; create it with createdb")
	case strings.HasPrefix(pg.Code, "28"):
		return fault.ForOperators(err, "the database refuses the sign-in; check user and password in HARK_DATABASE_URL")
	case strings.HasPrefix(pg.Code, "23"):
		return constraint(err, pg.Code == "23505" || pg.Code == "23P01") // unique, or apart from others
	}
	return err
}

// constraint tells a value that is taken from a row that breaks a rule of the schema; the second is our own mistake.
func constraint(err error, unique bool) error {
	if unique {
		return fault.Wrap(err, fault.Conflict, "this exists already")
	}
	return err
}

// AsksAgain reports whether the database asks for the whole transaction to be run once more. [Tx.Try] cannot make good for that: whoever
// takes many things at once returns it, and [DB.Write] begins anew.
func AsksAgain(err error) bool { return again(err) }

// again reports whether PostgreSQL asks for the transaction to be run once more: serialization failure or deadlock.
func again(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
