package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// refuses opens a store that cannot be opened and checks that the error says so in those words.
func refuses(t *testing.T, c store.Config, kind fault.Kind, says string) {
	t.Helper()
	db, err := store.Open(t.Context(), c)
	if err == nil {
		db.Close()
		t.Fatal("it was opened")
	}
	is(t, err, kind)
	if !strings.Contains(err.Error(), says) {
		t.Errorf("it says %q, want %q in it", err.Error(), says)
	}
}

func TestADatabaseOfANewerHarkIsLeftAlone(t *testing.T) {
	for name, c := range map[string]store.Config{
		"sqlite":   {Dir: t.TempDir()},
		"postgres": {Dir: t.TempDir(), URL: storetest.Database(t)},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), c)
			must(t, err)
			store.Exec(t.Context(), t, db, `INSERT INTO schema_versions (version_id, is_applied) VALUES (99, $1)`, true)
			must(t, db.Close())
			refuses(t, c, fault.Unavailable, "newer Hark (schema 99")
		})
	}
}

func TestADamagedFileIsNamed(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "hark.db"), []byte(strings.Repeat("this is no database. ", 1000)), 0o600))
	refuses(t, store.Config{Dir: dir}, fault.Unavailable, "restore the last backup")
}

func TestALockedDatabaseIsNamed(t *testing.T) {
	store.BusyTimeout(t, 50*time.Millisecond)
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir})
	other, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "hark.db"))
	must(t, err)
	defer other.Close()
	holding, err := other.Conn(t.Context())
	must(t, err)
	_, err = holding.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)
	err = db.Write(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", nil) })
	is(t, err, fault.Unavailable)
	if !strings.Contains(err.Error(), "locked by another program") {
		t.Errorf("it says %q", err.Error())
	}
	read(t, db, func(tx *store.Tx) error { _, err := tx.Brands(); return err })
	_, err = holding.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
	write(t, db, func(tx *store.Tx) error { return tx.SetSetting("a", nil) })
}

func TestADirectoryThatCannotBeWrittenIsNamed(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	refuses(t, store.Config{Dir: filepath.Join(dir, "file", "data")}, fault.Unavailable, "cannot be made")
	refuses(t, store.Config{}, fault.Invalid, "name a data directory")
}

func TestAnUnusableAddressIsNamedWithoutItsPassword(t *testing.T) {
	dir := t.TempDir()
	for url, want := range map[string]fault.Kind{
		"postgres://hark:hunter2@127.0.0.1:1/hark":    fault.Unavailable,
		"postgres://hark:hunter2@127.0.0.1:nope/hark": fault.Invalid,
	} {
		_, err := store.Open(t.Context(), store.Config{Dir: dir, URL: url})
		is(t, err, want)
		if strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("the password is in %q", err)
		}
	}
	missing := strings.Replace(storetest.Database(t), "postgres:///t", "postgres:///absent", 1)
	refuses(t, store.Config{Dir: dir, URL: missing}, fault.Unavailable, "createdb")
}

// Several processes that start at once on a new database all come up, on one schema.
func TestManyStartAtOnce(t *testing.T) {
	for name, c := range map[string]store.Config{
		"sqlite":   {Dir: t.TempDir()},
		"postgres": {Dir: t.TempDir(), URL: storetest.EmptyDatabase(t)},
	} {
		t.Run(name, func(t *testing.T) {
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					db, err := store.Open(context.Background(), c)
					if err != nil {
						t.Error(err)
						return
					}
					have, want, err := db.SchemaVersion(context.Background())
					if err != nil || have != want || have == 0 {
						t.Errorf("schema %d of %d, %v", have, want, err)
					}
					db.Close()
				})
			}
			wait.Wait()
		})
	}
}

func TestTheFilesAreTheDesksUsersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	db := storetest.Open(t, store.Config{Dir: dir})
	write(t, db, func(tx *store.Tx) error { return tx.SetSetting("secret", []byte("sealed")) })
	_, _, err := db.Blobs().Put(t.Context(), strings.NewReader("invoice"))
	must(t, err)
	must(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %s", path, info.Mode())
		}
		return err
	}))
}

// smallDisk is a store on a disk of a few megabytes: a real one where the test may mount it, and else a database that
// is told how large it may grow. room makes the disk larger again.
func smallDisk(t *testing.T) (c store.Config, room func(db *store.DB)) {
	dir := t.TempDir()
	if os.Getuid() == 0 && syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=6m") == nil {
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
		return store.Config{Dir: dir}, func(*store.DB) { must(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=60m")) }
	}
	return store.Config{Dir: dir, Pages: 600}, func(db *store.DB) {
		read(t, db, func(*store.Tx) error { return nil })
		store.Exec(t.Context(), t, db, "PRAGMA max_page_count = 100000")
	}
}

// A full disk refuses what is new, keeps what is there, and is forgotten as soon as there is room.
func TestAFullDiskRefusesAndReadsGoOn(t *testing.T) {
	c, room := smallDisk(t)
	db, err := store.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	cast := storetest.NewCast(t, db)
	var mu sync.Mutex
	var kept []store.Incoming
	var refusal error
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for n := range 2000 {
				in := mailOf(cast, fmt.Sprintf("mail %d of %d\n%s", n, w, strings.Repeat("x", 3000)))
				err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err })
				mu.Lock()
				if err == nil {
					kept = append(kept, in)
				} else {
					refusal = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	is(t, refusal, fault.Unavailable)
	if !strings.Contains(refusal.Error(), "the disk is full") {
		t.Errorf("it says %q", refusal.Error())
	}
	if len(kept) < 50 {
		t.Fatalf("only %d mails were kept before the disk was full", len(kept))
	}
	check := func() {
		read(t, db, func(tx *store.Tx) error {
			for _, in := range kept {
				raw, err := tx.IncomingRaw(cast.Ana.Actor(), in.ID)
				must(t, err)
				if string(raw) != string(in.Raw) {
					t.Fatal("an acknowledged mail is not as it was")
				}
			}
			return nil
		})
	}
	check()
	room(db)
	in := mailOf(cast, "after the disk was full")
	write(t, db, func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err })
	kept = append(kept, in)
	check()
	if findings := db.Doctor(t.Context(), monday); len(findings) != 0 {
		t.Errorf("the doctor finds %+v", findings)
	}
}

// A disk that is mounted read-only refuses writes and is read.
func TestAReadOnlyDiskIsNamed(t *testing.T) {
	dir := t.TempDir()
	c := store.Config{Dir: dir}
	db, err := store.Open(t.Context(), c)
	must(t, err)
	storetest.NewCast(t, db)
	must(t, db.Close())
	if os.Getuid() == 0 {
		must(t, syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
		t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
		must(t, syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	} else {
		must(t, os.Chmod(filepath.Join(dir, "hark.db"), 0o400))
		must(t, os.Chmod(dir, 0o500))
		t.Cleanup(func() { os.Chmod(dir, 0o700) })
	}
	db, err = store.Open(t.Context(), c)
	if err == nil {
		err = db.Write(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", nil) })
		db.Close()
	}
	is(t, err, fault.Unavailable)
}

// What a constraint states cannot be stored, whoever tries.
func TestTheSchemaStatesTheInvariants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		for says, try := range map[string]func(tx *store.Tx) error{
			"a category is one of six":        func(tx *store.Tx) error { tk := tk; tk.Category = "limbo"; return tx.SaveTicket(&tk) },
			"a ticket has a requester":        func(tx *store.Tx) error { tk := tk; tk.Requester.ID = 4711; return tx.SaveTicket(&tk) },
			"a ticket has a brand":            func(tx *store.Tx) error { tk := tk; tk.Brand = 0; return tx.SaveTicket(&tk) },
			"a ticket does not follow itself": func(tx *store.Tx) error { tk := tk; tk.FollowUpOf = tk.ID; return tx.SaveTicket(&tk) },
			"an assignee is known": func(tx *store.Tx) error {
				tk := tk
				tk.Assignee.Address = "x@nowhere.example"
				return tx.SaveTicket(&tk)
			},
			"a role is one of four":   func(tx *store.Tx) error { p := c.Maria; p.Role = "owner"; return tx.SavePerson(&p) },
			"a person has an address": func(tx *store.Tx) error { p := c.Maria; p.Email, p.Addresses = " ", nil; return tx.SavePerson(&p) },
			"a mail to be sent is looked at again": func(tx *store.Tx) error {
				o := mailTo(c, "k")
				o.State = store.Deferred
				_, err := tx.AddOutgoing(&o)
				return err
			},
			"a mail has a key":               func(tx *store.Tx) error { o := mailTo(c, ""); _, err := tx.AddOutgoing(&o); return err },
			"a password hash is not a blank": func(tx *store.Tx) error { return tx.SetPassword(c.Ben.ID, " ") },
		} {
			if err := db.Write(t.Context(), try); err == nil {
				t.Errorf("%s: this was stored", says)
			}
		}
	})
}

// A desk that has run between two merges has a schema with a gap; what was numbered before and came after is caught up on.
func TestAGapInTheSchemaIsFilled(t *testing.T) {
	for name, c := range map[string]store.Config{
		"sqlite":   {Dir: t.TempDir()},
		"postgres": {Dir: t.TempDir(), URL: storetest.Database(t)},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), c)
			must(t, err)
			store.Exec(t.Context(), t, db, `DROP TABLE reply_later`)
			store.Exec(t.Context(), t, db, `DELETE FROM schema_versions WHERE version_id = 2`)
			must(t, db.Close())
			db, err = store.Open(t.Context(), c)
			must(t, err)
			defer db.Close()
			store.Exec(t.Context(), t, db, `DROP TABLE reply_later`) // fails when it is not there
		})
	}
}
