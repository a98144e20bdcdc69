package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func setting(tx *store.Tx, name string) string {
	value, _ := tx.Setting(name)
	return string(value)
}

// Writes that arrive together are committed together, and still each stands or falls alone.
func TestEachWriteStandsOrFallsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		refused := errors.New("refused")
		var wait sync.WaitGroup
		for n := range 200 {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					if err := tx.SetSetting(fmt.Sprint("n", n), []byte("stored")); err != nil {
						return err
					}
					switch n % 4 {
					case 1:
						return refused
					case 2:
						panic("a mistake of ours")
					case 3:
						return tx.MarkRead(4711, 4711, monday) // refers to nothing: the database refuses it
					}
					return nil
				})
				if n%4 == 0 && err != nil || n%4 == 1 && err != refused || n%4 > 1 && err == nil {
					t.Errorf("write %d returned %v", n, err)
				}
				read(t, db, func(tx *store.Tx) error {
					if got := setting(tx, fmt.Sprint("n", n)); (got == "stored") != (n%4 == 0) {
						t.Errorf("write %d answered and %q is stored", n, got)
					}
					return nil
				})
			})
		}
		wait.Wait()
	})
}

func TestAGoroutineThatEndsInAWriteHurtsNobody(t *testing.T) {
	db := storetest.SQLite(t)
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		tx.SetSetting("half", []byte("done"))
		runtime.Goexit() // as t.FailNow does
		return nil
	})
	if err == nil {
		t.Error("the write was acknowledged")
	}
	write(t, db, func(tx *store.Tx) error {
		if setting(tx, "half") != "" {
			t.Error("half of it was stored")
		}
		return tx.SetSetting("next", []byte("stored"))
	})
}

func TestAWriteThatNobodyWaitsForIsNotBegun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		gone, leave := context.WithCancel(t.Context())
		leave()
		ran := false
		err := db.Write(gone, func(tx *store.Tx) error { ran = true; return nil })
		if ran || !errors.Is(err, context.Canceled) {
			t.Errorf("ran=%v, %v", ran, err)
		}
	})
}

func TestAWriteThatHasBegunEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		leaving, leave := context.WithCancel(t.Context())
		err := db.Write(leaving, func(tx *store.Tx) error {
			leave()
			return tx.SetSetting("begun", []byte("stored"))
		})
		must(t, err)
		read(t, db, func(tx *store.Tx) error {
			if setting(tx, "begun") != "stored" {
				t.Error("it was acknowledged and is not there")
			}
			return nil
		})
	})
}

func TestAReadSeesOneMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, func(tx *store.Tx) error { return tx.SetSetting("clock", []byte("one")) })
		read(t, db, func(tx *store.Tx) error {
			first := setting(tx, "clock")
			write(t, db, func(tx *store.Tx) error { return tx.SetSetting("clock", []byte("two")) })
			if second := setting(tx, "clock"); first != "one" || second != "one" {
				t.Errorf("one read saw %q and then %q", first, second)
			}
			return nil
		})
	})
}

func TestNothingIsWrittenInARead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := db.Read(t.Context(), func(tx *store.Tx) error { return tx.SetSetting("a", []byte("b")) }); err == nil {
			t.Error("a read wrote")
		}
	})
}

func TestAClosedStoreSaysSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		changes := db.Changes(t.Context())
		must(t, db.Close())
		is(t, db.Write(t.Context(), func(tx *store.Tx) error { return nil }), fault.Unavailable)
		is(t, db.Read(t.Context(), func(tx *store.Tx) error { return nil }), fault.Unavailable)
		if _, open := <-changes; open {
			t.Error("subscribers are not told that it ended")
		}
		must(t, db.Close())
	})
}

// Two people who change one ticket at once both find the other's change.
func TestChangesOfOneTicketFollowEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		var wait sync.WaitGroup
		for n := range 20 {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					tk, err := tx.TicketForUpdate(tk.ID)
					if err != nil {
						return err
					}
					tk.Tags = append(tk.Tags, fmt.Sprint("tag-", n))
					return tx.SaveTicket(&tk)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		read(t, db, func(tx *store.Tx) error {
			tk, err := tx.Ticket(c.Ana.Actor(), tk.ID)
			if len(tk.Tags) != 20 {
				t.Errorf("%d of 20 changes are left: %v", len(tk.Tags), tk.Tags)
			}
			return err
		})
	})
}

// A deadlock on PostgreSQL is resolved by running one of the two again.
func TestWritesThatBlockEachOtherAreRunAgain(t *testing.T) {
	db := storetest.Postgres(t)
	c := storetest.NewCast(t, db)
	a, b := open(t, db, c, "A"), open(t, db, c, "B")
	var runs atomic.Int64
	both := make(chan bool, 2)
	lock := func(first, second int64) error {
		return db.Write(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.TicketForUpdate(first); err != nil {
				return err
			}
			if runs.Add(1) <= 2 { // each waits, the first time, until the other has its lock
				both <- true
				for len(both) < 2 {
					time.Sleep(time.Millisecond)
				}
			}
			_, err := tx.TicketForUpdate(second)
			return err
		})
	}
	errs := make(chan error, 2)
	go func() { errs <- lock(a.ID, b.ID) }()
	go func() { errs <- lock(b.ID, a.ID) }()
	must(t, <-errs)
	must(t, <-errs)
	if runs.Load() < 3 {
		t.Errorf("there were %d runs; nothing was blocked", runs.Load())
	}
}

func TestTextThatNoDatabaseKeepsIsCleaned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "caf\xe9 \x00 bar", func(tk *ticket.Ticket) {
			tk.Tags = []string{"a\x00b"}
			tk.Facts = map[string]any{"customer.note": "x\x00y\xff"}
		})
		read(t, db, func(tx *store.Tx) error {
			got, err := tx.Ticket(c.Ana.Actor(), tk.ID)
			must(t, err)
			if got.Subject != "caf\uFFFD  bar" || got.Tags[0] != "ab" || strings.Contains(got.Facts["customer.note"].(string), "\x00") {
				t.Errorf("kept as %q %q %q", got.Subject, got.Tags, got.Facts)
			}
			return nil
		})
	})
}

// Somebody writes about a NUL, and means the six characters of its escape.
func TestTheEscapeOfANULIsWordsLikeOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		const typed = `C:\u0000 and \\u0000, why?`
		tk := open(t, db, c, typed, func(tk *ticket.Ticket) { tk.Facts = map[string]any{"customer.note": typed + "\x00"} })
		read(t, db, func(tx *store.Tx) error {
			got, err := tx.Ticket(c.Ana.Actor(), tk.ID)
			must(t, err)
			if got.Subject != typed || got.Facts["customer.note"] != typed {
				t.Errorf("kept as %q %q", got.Subject, got.Facts)
			}
			return nil
		})
	})
}

// What another program writes to the file (hark ticket, hark mail ingest) is announced too.
func TestWhatAnotherProcessWritesIsNoticed(t *testing.T) {
	configs := map[string]store.Config{
		"sqlite":   {Dir: t.TempDir(), Unsafe: true},
		"postgres": {Dir: t.TempDir(), URL: storetest.Database(t), Unsafe: true},
	}
	for name, config := range configs {
		t.Run(name, func(t *testing.T) {
			server, command := storetest.Open(t, config), storetest.Open(t, config)
			c := storetest.NewCast(t, server)
			tk := open(t, server, c, "Redirect")
			changes := server.Changes(t.Context())
			write(t, command, func(tx *store.Tx) error { tx.Changed(tk.ID); return tx.MarkRead(tk.ID, c.Ben.ID, monday) })
			if change := hear(t, changes); !change.Missed && change.Ticket != tk.ID {
				t.Errorf("heard %+v", change)
			}
		})
	}
}

// A subscriber that does not read loses changes, and knows it.
func TestASlowSubscriberIsToldThatItMissedSomething(t *testing.T) {
	db := storetest.SQLite(t)
	c := storetest.NewCast(t, db)
	tk := open(t, db, c, "Redirect")
	changes := db.Changes(t.Context())
	for range 400 {
		write(t, db, func(tx *store.Tx) error { tx.Changed(tk.ID); return nil })
	}
	missed, count := false, 0
	for !missed {
		missed = hear(t, changes).Missed
		count++
	}
	if count >= 400 {
		t.Errorf("it heard %d changes", count)
	}
	write(t, db, func(tx *store.Tx) error { tx.Changed(tk.ID); return nil })
	if change := hear(t, changes); change.Ticket != tk.ID {
		t.Errorf("after catching up it hears %+v", change)
	}
}

// When PostgreSQL drops every connection, the next writes work, and subscribers look at everything again.
func TestALostConnectionIsMadeAgain(t *testing.T) {
	db := storetest.Postgres(t)
	c := storetest.NewCast(t, db)
	tk := open(t, db, c, "Redirect")
	changes := db.Changes(t.Context())
	_ = db.Write(t.Context(), func(tx *store.Tx) error { return store.CutConnections(tx) })
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.MarkRead(tk.ID, c.Ben.ID, monday) })
		if err == nil {
			break
		}
		is(t, err, fault.Unavailable)
		if time.Now().After(deadline) {
			t.Fatal("the store does not come back")
		}
	}
	if change := hear(t, changes); !change.Missed {
		t.Errorf("heard %+v, want to be told that something was missed", change)
	}
}
