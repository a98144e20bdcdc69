package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"syscall"
	"time"

	"hark/fault"
)

// A file is stored before the row that names it, so a program that ends in between leaves a file that no row names. The
// sweep removes such files once a day. It must never remove one that a row is about to name, so three things hold:
//
//   - A file that is stored again is as young as a new one, and only files older than a day are swept.
//   - A file is looked at and removed while nobody can store one (gate). Whoever stores it afterwards stores it anew.
//   - Every desk leaves a mark beside its files. Where there is another desk's mark, rows of ours say nothing about what
//     is needed, and nothing is swept.

// sweepAge is how old a file must be: nobody takes that long from storing a file to naming it.
const sweepAge = 24 * time.Hour

// Swept is what a sweep removed.
type Swept struct {
	Files int   `json:"files_swept"`
	Bytes int64 `json:"bytes"`
}

// Sweep removes files that no row names and that are older than a day. now is the machine's time, also in a demo, because that
// is what files go by. It is [fault.Conflict] when another desk keeps its files in the same place.
func (db *DB) Sweep(ctx context.Context, now time.Time) (swept Swept, err error) {
	if err := db.leaveMark(ctx); err != nil {
		return swept, err
	}
	old, marked, err := db.oldFiles(ctx, now.Add(-sweepAge))
	if err != nil || !marked || len(old) == 0 {
		return swept, err
	}
	if err := db.spareNamed(ctx, old); err != nil {
		return swept, err
	}
	for name, size := range old {
		gone, err := db.blobs.removeOld(ctx, name, now.Add(-sweepAge))
		if err != nil {
			return swept, err
		}
		if gone {
			swept.Files, swept.Bytes = swept.Files+1, swept.Bytes+size
		}
	}
	return swept, nil
}

// fileMark is the setting that says which mark is ours. A restored backup is another desk and gets another.
const fileMark = "files.mark"

const markPrefix = "desk-"

func (db *DB) leaveMark(ctx context.Context) error {
	mark, err := db.mark(ctx)
	if err != nil {
		return err
	}
	return db.blobs.leave(ctx, mark)
}

func (db *DB) mark(ctx context.Context) (mark string, err error) {
	err = db.Read(ctx, func(tx *Tx) error { mark, err = tx.textSetting(fileMark); return err })
	if err != nil || mark != "" {
		return mark, err
	}
	err = db.Write(ctx, func(tx *Tx) error {
		kept, err := tx.AddSetting(fileMark, []byte(markPrefix+rand.Text()))
		mark = string(kept)
		return err
	})
	return mark, err
}

func (tx *Tx) textSetting(name string) (string, error) {
	value, err := tx.Setting(name)
	return string(value), err
}

// oldFiles lists the files that are old enough, with their sizes, and reports whether our mark is old enough too: within that
// time every other desk has left its own.
func (db *DB) oldFiles(ctx context.Context, before time.Time) (old map[string]int64, marked bool, err error) {
	own, err := db.mark(ctx)
	if err != nil {
		return nil, false, err
	}
	old = map[string]int64{}
	err = db.blobs.each(ctx, func(name string, size int64, at time.Time) error {
		switch {
		case name == own:
			marked = at.Before(before)
		case strings.HasPrefix(name, markPrefix):
			return fault.New(fault.Conflict, "another desk keeps its files in the same place (its mark is %s), so files that nothing names are not removed", name)
		case at.Before(before):
			old[name] = size
		}
		return nil
	})
	return old, marked, err
}

// spareNamed takes out of old what a row names.
func (db *DB) spareNamed(ctx context.Context, old map[string]int64) error {
	return db.Read(ctx, func(tx *Tx) error {
		named, err := tx.blobsNamed()
		for _, sum := range named {
			delete(old, sum)
		}
		return err
	})
}

// gate keeps the arrival of files and their removal apart, between all programs that work on the same files.
type gate interface {
	enter(ctx context.Context) (leave func(), err error) // many may arrive at a time
	shut(ctx context.Context) (open func(), err error)   // one may remove, while nobody arrives
}

// fileGate is a lock on a file of the data directory. The kernel opens it when a program ends, however it does.
type fileGate struct{ path string }

func (g fileGate) enter(ctx context.Context) (func(), error) { return g.lock(ctx, syscall.LOCK_SH) }
func (g fileGate) shut(ctx context.Context) (func(), error)  { return g.lock(ctx, syscall.LOCK_EX) }

func (g fileGate) lock(_ context.Context, how int) (func(), error) {
	fd, err := syscall.Open(g.path, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, explain(fmt.Errorf("opening %s: %w", g.path, err))
	}
	for {
		if err = syscall.Flock(fd, how); err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		syscall.Close(fd)
		return nil, fmt.Errorf("locking %s: %w", g.path, err)
	}
	return func() { syscall.Close(fd) }, nil
}

// rowGate is a lock of PostgreSQL, for nodes that share a bucket. The server opens it when a connection ends.
type rowGate struct{ p *postgres }

// gateKey is the number of the lock; it only has to be unlike others in the same database.
const gateKey = 4_871_302_115

func (g rowGate) enter(ctx context.Context) (func(), error) { return g.lock(ctx, "_shared") }
func (g rowGate) shut(ctx context.Context) (func(), error)  { return g.lock(ctx, "") }

func (g rowGate) lock(ctx context.Context, how string) (func(), error) {
	tx, err := g.p.pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, explainClosed(err)
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock"+how+"($1)", int64(gateKey)); err != nil {
		_ = tx.Rollback()
		return nil, explain(err)
	}
	return func() { _ = tx.Rollback() }, nil
}
