package store_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// A crash between a file and its row leaves a file that nothing names. A day later it is gone, and no other.
func TestAFileThatNoRowNamesIsSweptAfterADay(t *testing.T) {
	for name, url := range map[string]func() string{store.SQLite: func() string { return "" }, store.Postgres: func() string { return storetest.Database(t) }} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db := storetest.Open(t, store.Config{Dir: dir, URL: url(), Unsafe: true})
			c := storetest.NewCast(t, db)
			mailed := keepMail(t, db, c, "a long mail")
			attached := keep(t, db, "an invoice")
			attach(t, db, c, attached)
			lost, young := keep(t, db, "of a crash"), keep(t, db, "of a moment ago")
			half := filepath.Join(dir, "blobs", "new-HALF")
			must(t, os.WriteFile(half, []byte("half"), 0o600))
			must(t, os.WriteFile(filepath.Join(dir, "blobs", "README"), []byte("an administrator's note"), 0o600))
			sweeps(t, db, 0) // leaves the desk's mark
			yesterday(t, dir)
			must(t, refreshed(dir, young))
			sweeps(t, db, 2)
			for sum, want := range map[string]bool{mailed: true, attached: true, young: true, lost: false} {
				if there, err := db.Blobs().Has(t.Context(), sum); there != want || err != nil {
					t.Errorf("%s is there: %v (%v), want %v", sum, there, err, want)
				}
			}
			if _, err := os.Stat(half); err == nil {
				t.Error("the half-written file is still there")
			}
			if _, err := os.Stat(filepath.Join(dir, "blobs", "README")); err != nil {
				t.Error("what is not the desk's was removed")
			}
			sweeps(t, db, 0)
		})
	}
}

// The same invoice is stored again while an old copy of it, which nothing names any more, is about to be swept.
func TestASweepNeverTakesWhatIsBeingStored(t *testing.T) {
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir, Unsafe: true})
	sweeps(t, db, 0)
	t.Run("it was stored before the sweep looks", func(t *testing.T) {
		sum := keep(t, db, "invoice")
		yesterday(t, dir)
		storing := store.Enter(t, db)
		swept := begin(func() error { _, err := db.Sweep(context.Background(), time.Now()); return err })
		swept.orMoment()
		must(t, refreshed(dir, sum)) // as storing it does
		storing()
		must(t, swept.wait())
		kept(t, db, sum)
	})
	t.Run("it is stored after the sweep has looked", func(t *testing.T) {
		sum := keep(t, db, "invoice")
		sweeping := store.Shut(t, db)
		stored := begin(func() error {
			_, _, err := db.Blobs().Put(context.Background(), strings.NewReader("invoice"))
			return err
		})
		stored.orMoment()
		must(t, db.Blobs().Remove(t.Context(), sum)) // as the sweep does
		sweeping()
		must(t, stored.wait())
		kept(t, db, sum)
	})
}

// work is something that goes on beside a test.
type work chan error

func begin(do func() error) work {
	w := make(work, 1)
	go func() { w <- do() }()
	return w
}

// orMoment waits until the work is done, or for a moment in which it would have been done if nothing kept it.
func (w work) orMoment() {
	select {
	case err := <-w:
		w <- err
	case <-time.After(300 * time.Millisecond):
	}
}

func (w work) wait() error { return <-w }

func kept(t *testing.T, db *store.DB, sum string) {
	t.Helper()
	if there, err := db.Blobs().Has(t.Context(), sum); !there || err != nil {
		t.Errorf("the file was stored and is gone (%v)", err)
	}
}

// Two desks keep their files in one place. Neither knows what the other needs, so both leave everything.
func TestNothingIsSweptBesideAnotherDesk(t *testing.T) {
	dir := t.TempDir()
	one := storetest.Open(t, store.Config{Dir: dir, Unsafe: true})
	lost := keep(t, one, "of a crash")
	sweeps(t, one, 0)
	two := storetest.Open(t, store.Config{Dir: dir, URL: storetest.Database(t), Unsafe: true})
	if _, err := two.Sweep(t.Context(), time.Now()); !fault.Is(err, fault.Conflict) {
		t.Errorf("the second desk hears %v", err)
	}
	yesterday(t, dir)
	if _, err := one.Sweep(t.Context(), time.Now()); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "desk-") {
		t.Errorf("the first desk hears %v", err)
	}
	if there, err := one.Blobs().Has(t.Context(), lost); !there || err != nil {
		t.Errorf("the file is gone (%v)", err)
	}
}

// Before its mark has stood for a day, a desk cannot know of others.
func TestAFreshMarkSweepsNothing(t *testing.T) {
	dir := t.TempDir()
	db := storetest.Open(t, store.Config{Dir: dir, Unsafe: true})
	lost := keep(t, db, "of a crash")
	yesterday(t, dir)
	sweeps(t, db, 0)
	if there, err := db.Blobs().Has(t.Context(), lost); !there || err != nil {
		t.Errorf("the file is gone (%v)", err)
	}
}

func keep(t *testing.T, db *store.DB, content string) (sum string) {
	t.Helper()
	sum, _, err := db.Blobs().Put(t.Context(), strings.NewReader(content))
	must(t, err)
	return sum
}

func keepMail(t *testing.T, db *store.DB, c *storetest.Cast, text string) (sum string) {
	t.Helper()
	in := store.Incoming{Mailbox: c.Mailbox.ID, Key: [32]byte{1}, ReceivedAt: monday, Raw: append([]byte(text), bytes.Repeat([]byte("x"), store.RowSize)...)}
	must(t, db.KeepRaw(t.Context(), &in))
	write(t, db, func(tx *store.Tx) error { _, err := tx.AddIncoming(&in); return err })
	return in.Blob
}

func attach(t *testing.T, db *store.DB, c *storetest.Cast, sum string) {
	t.Helper()
	tk := open(t, db, c, "Invoice")
	write(t, db, func(tx *store.Tx) error {
		audit := ticket.Audit{Ticket: tk.ID, At: monday, Via: "email", Author: tk.Requester}
		must(t, tx.AddAudit(&audit))
		return tx.AddComment(&ticket.Comment{
			Ticket: tk.ID, Audit: audit.ID, Author: tk.Requester, Public: true, Text: "See the file.", Via: "email", Created: monday,
			Attachments: []ticket.Attachment{{Name: "invoice.pdf", Type: "application/pdf", Size: 10, SHA256: sum}},
		})
	})
}

func sweeps(t *testing.T, db *store.DB, want int) {
	t.Helper()
	sweepsAt(t, db, time.Now(), want)
}

func sweepsAt(t *testing.T, db *store.DB, now time.Time, want int) {
	t.Helper()
	swept, err := db.Sweep(t.Context(), now)
	if err != nil || swept.Files != want {
		t.Errorf("swept %+v (%v), want %d files", swept, err, want)
	}
}

// yesterday makes everything below blobs more than a day old.
func yesterday(t *testing.T, dir string) {
	t.Helper()
	then := time.Now().Add(-25 * time.Hour)
	must(t, filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chtimes(path, then, then)
	}))
}

func refreshed(dir, sum string) error {
	return os.Chtimes(filepath.Join(dir, "blobs", sum[:2], sum), time.Now(), time.Now())
}
