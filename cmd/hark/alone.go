package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"

	"hark/fault"
	"hark/store"
)

// alone makes sure that no other server works on the same SQLite file, and takes up what the one before left unfinished.
// The lock is the kernel's: it goes with the process, however that ends. On PostgreSQL several servers share the work and
// each mail waits out its lease.
func (o *opened) alone(ctx context.Context, dir string) (leave func(), err error) {
	if o.db.Dialect() != store.SQLite {
		return func() {}, nil
	}
	lock, err := os.OpenFile(filepath.Join(dir, "serve.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "the data directory %s cannot be written; let the desk's user own it", dir)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fault.Wrap(err, fault.Unavailable, "another server works on %s; stop it first, or keep the desk in PostgreSQL, which several may share (HARK_DATABASE_URL)", dir)
	}
	return func() { lock.Close() }, o.TakeUpMail(ctx)
}
