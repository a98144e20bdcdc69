package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

func mailOf(c *storetest.Cast, raw string) store.Incoming {
	return store.Incoming{
		Key: sha256.Sum256([]byte(raw)), MessageID: "<m1@greenfund.example>", ReceivedAt: monday,
		Mailbox: c.Mailbox.ID, Recipients: []string{"help@larkspur.example"}, EnvelopeFrom: "maria@greenfund.example",
		Remote: "192.0.2.1:4711", Raw: []byte(raw),
	}
}

func TestTheSameMailTwiceIsKeptOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		first, second, other := mailOf(c, "Subject: help"), mailOf(c, "Subject: help"), mailOf(c, "Subject: different")
		var box account.Mailbox
		write(t, db, func(tx *store.Tx) error {
			duplicate, err := tx.AddIncoming(&first)
			must(t, err)
			if duplicate {
				t.Error("the first mail is called a duplicate")
			}
			duplicate, err = tx.AddIncoming(&second)
			must(t, err)
			if !duplicate || second.ID != first.ID {
				t.Errorf("the same mail again is duplicate=%v with id %d, want the first's %d", duplicate, second.ID, first.ID)
			}
			if duplicate, err = tx.AddIncoming(&other); duplicate {
				t.Error("another mail with the same Message-ID was dropped")
			}
			must(t, err)
			box = account.Mailbox{Address: "billing@larkspur.example", Brand: c.Brand.ID}
			must(t, tx.SaveMailbox(&box))
			copy := mailOf(c, "Subject: help")
			copy.Mailbox = box.ID
			if duplicate, err = tx.AddIncoming(&copy); duplicate {
				t.Error("the copy for another mailbox was dropped")
			}
			return err
		})
		read(t, db, func(tx *store.Tx) error {
			linked, err := tx.LinkedByMessageID("<m1@greenfund.example>")
			must(t, err)
			if len(linked) != 3 {
				t.Errorf("%d mails have the Message-ID, want 3", len(linked))
			}
			pending, err := tx.PendingIncoming(monday, 10)
			if len(pending) != 3 || pending[0].ID != first.ID || pending[0].Key != first.Key || !slices.Equal(pending[0].Recipients, first.Recipients) {
				t.Errorf("pending are %+v", pending)
			}
			return err
		})
	})
}

func TestAMailKeepsItsBytesWhateverBecomesOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		small := mailOf(c, "Subject: caf\xe9 \x00 not UTF-8")
		large := mailOf(c, "Subject: large\n\n"+string(bytes.Repeat([]byte{'x'}, store.RowSize)))
		ticket := open(t, db, c, "Redirect")
		write(t, db, func(tx *store.Tx) error {
			for _, in := range []*store.Incoming{&small, &large} {
				if _, err := tx.AddIncoming(in); err != nil {
					return err
				}
			}
			small.State, small.Ticket, small.Reason = store.HeldMail, ticket.ID, "nobody on this ticket"
			small.Subject, small.FromAddress, small.Outcome = "café", "stranger@else.example", "held"
			return tx.SaveIncoming(&small)
		})
		if small.Blob != "" || large.Blob == "" {
			t.Errorf("the small mail is in blob %q, the large in %q", small.Blob, large.Blob)
		}
		read(t, db, func(tx *store.Tx) error {
			for _, in := range []store.Incoming{small, large} {
				raw, err := tx.IncomingRaw(c.Ben.Actor(), in.ID)
				must(t, err)
				if !bytes.Equal(raw, in.Raw) {
					t.Errorf("mail %d came back with %d bytes, not as it was", in.ID, len(raw))
				}
			}
			held, err := tx.HeldFor(c.Ben.Actor(), ticket.ID)
			must(t, err)
			if len(held) != 1 || held[0].Reason != "nobody on this ticket" {
				t.Errorf("held for the ticket: %+v", held)
			}
			page, err := tx.Tickets(c.Ben.Actor(), store.Filter{})
			must(t, err)
			if page.Items[0].Held != 1 {
				t.Errorf("the row shows %d held mails", page.Items[0].Held)
			}
			list, err := tx.IncomingList(c.Ben.Actor(), store.MailFilter{State: "received", Mailbox: c.Mailbox.ID})
			must(t, err)
			if len(list.Items) != 1 || list.Items[0].ID != large.ID {
				t.Errorf("received mails are %+v", list.Items)
			}
			for _, hidden := range []func() error{
				func() error { _, err := tx.IncomingRaw(c.Maria.Actor(), small.ID); return err },
				func() error { _, err := tx.Incoming(c.Cem.Actor(), small.ID); return err }, // the ticket is support's
				func() error { _, err := tx.IncomingRaw(c.Ben.Actor(), 999); return err },
			} {
				is(t, hidden(), fault.NotFound)
			}
			return nil
		})
	})
}

func mailTo(c *storetest.Cast, key string) store.Outgoing {
	return store.Outgoing{Key: key, To: c.Maria.Email, ToName: c.Maria.Name, From: "help@larkspur.example", Subject: "Re: Redirect", Raw: []byte("Subject: Re: Redirect\r\n\r\n" + key), CreatedAt: monday}
}

func TestAMailIsPlannedOnceForItsKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		first, again := mailTo(c, "reminder-1/7/0"), mailTo(c, "reminder-1/7/0")
		write(t, db, func(tx *store.Tx) error {
			added, err := tx.AddOutgoing(&first)
			must(t, err)
			if !added {
				t.Error("the first was not added")
			}
			added, err = tx.AddOutgoing(&again)
			if added || again.ID != first.ID {
				t.Errorf("planned again: added=%v id %d, want the first's %d", added, again.ID, first.ID)
			}
			return err
		})
		write(t, db, func(tx *store.Tx) error {
			claimed, err := tx.ClaimOutgoing(at(1), 10, time.Minute)
			if len(claimed) != 1 {
				t.Errorf("%d mails are sent, want 1", len(claimed))
			}
			return err
		})
	})
}

// What a server said about one mail is not readable any more: that mail goes out, and so do the others.
func TestOneUnreadableMailDoesNotStopTheOthers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		broken, whole := mailTo(c, "reply/1"), mailTo(c, "reply/2")
		write(t, db, func(tx *store.Tx) error {
			_, err := tx.AddOutgoing(&broken)
			must(t, err)
			_, err = tx.AddOutgoing(&whole)
			return err
		})
		store.Exec(t.Context(), t, db, `UPDATE outgoing SET results = '[{"says":"\ x' WHERE id = $1`, broken.ID)
		write(t, db, func(tx *store.Tx) error {
			claimed, err := tx.ClaimOutgoing(at(1), 10, time.Minute)
			if len(claimed) != 2 || !strings.Contains(claimed[0].Results[0].Says, "cannot be read") {
				t.Errorf("%d of two mails are sent: %+v", len(claimed), claimed)
			}
			return err
		})
	})
}

func TestAWorkerThatSleptThroughItsLeaseChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		o := mailTo(c, "reply/1")
		var slow, quick store.Outgoing
		claim := func(now time.Time) (got store.Outgoing) {
			write(t, db, func(tx *store.Tx) error {
				all, err := tx.ClaimOutgoing(now, 10, time.Minute)
				if len(all) > 0 {
					got = all[0]
				}
				return err
			})
			return got
		}
		write(t, db, func(tx *store.Tx) error { _, err := tx.AddOutgoing(&o); return err })
		slow = claim(at(0))
		if slow.ID != o.ID || slow.Was != store.Queued || slow.Attempts != 1 || !bytes.Equal(slow.Raw, o.Raw) {
			t.Fatalf("the first worker got %+v", slow)
		}
		if early := claim(at(0).Add(30 * time.Second)); early.ID != 0 {
			t.Error("a mail under a running lease was handed out again")
		}
		slow.Phase = "data"
		write(t, db, func(tx *store.Tx) error { _, err := tx.SaveOutgoing(&slow, slow.Lease); return err })
		quick = claim(at(0).Add(2 * time.Minute))
		if quick.ID != o.ID || quick.Was != store.Sending || quick.WasPhase != "data" {
			t.Fatalf("the second worker got %+v and cannot know that the mail may have gone out", quick)
		}
		quick.State, quick.NextAt = store.Uncertain, at(1)
		slow.State, slow.NextAt = store.Sent, time.Time{}
		write(t, db, func(tx *store.Tx) error {
			ok, err := tx.SaveOutgoing(&quick, quick.Lease)
			must(t, err)
			if !ok {
				t.Error("the worker with the lease could not store its outcome")
			}
			ok, err = tx.SaveOutgoing(&slow, slow.Lease)
			if ok {
				t.Error("the worker that slept overwrote the outcome of the next")
			}
			return err
		})
		read(t, db, func(tx *store.Tx) error {
			kept, err := tx.Outgoing(c.Ana.Actor(), o.ID)
			if kept.State != store.Uncertain {
				t.Errorf("the mail is %s", kept.State)
			}
			return err
		})
	})
}

func TestClaimsOfTwoWorkersNeverOverlap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		const mails = 200
		write(t, db, func(tx *store.Tx) error {
			for n := range mails {
				o := mailTo(c, "bulk/"+string(rune('A'+n)))
				if _, err := tx.AddOutgoing(&o); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		seen := map[int64]int{}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				for {
					var got []store.Outgoing
					err := db.Write(context.Background(), func(tx *store.Tx) (err error) {
						got, err = tx.ClaimOutgoing(at(1), 7, time.Hour)
						return err
					})
					if err != nil {
						t.Error(err)
					}
					if len(got) > 7 {
						t.Errorf("a claim of 7 took %d", len(got))
					}
					if len(got) == 0 {
						return
					}
					mu.Lock()
					for _, o := range got {
						seen[o.ID]++
					}
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		if len(seen) != mails {
			t.Errorf("%d of %d mails were claimed", len(seen), mails)
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("mail %d was claimed %d times", id, times)
			}
		}
	})
}

func TestAMailCanBeTakenBackUntilAWorkerHasIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		undone, gone := mailTo(c, "reply/1"), mailTo(c, "reply/2")
		undone.State, undone.NextAt = store.HeldBack, monday.Add(10*time.Second)
		write(t, db, func(tx *store.Tx) error {
			for _, o := range []*store.Outgoing{&undone, &gone} {
				if _, err := tx.AddOutgoing(o); err != nil {
					return err
				}
			}
			claimed, err := tx.ClaimOutgoing(monday, 10, time.Minute)
			must(t, err)
			if len(claimed) != 1 || claimed[0].ID != gone.ID {
				t.Errorf("a mail inside its undo time was claimed: %+v", claimed)
			}
			for id, want := range map[int64]bool{undone.ID: true, gone.ID: false} {
				ok, err := tx.CancelOutgoing(id)
				must(t, err)
				if ok != want {
					t.Errorf("taking back mail %d: %v, want %v", id, ok, want)
				}
			}
			next, err := tx.NextOutgoing()
			if !next.Equal(monday.Add(time.Minute)) {
				t.Errorf("the next mail to look at is at %v, want the end of the lease", next)
			}
			return err
		})
	})
}

func TestTheMailLogIsForStaffWhoMaySeeTheTicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		ticket := open(t, db, c, "Redirect")
		o := mailTo(c, "reply/1")
		o.Ticket, o.MessageID, o.Automatic = ticket.ID, "<out1@larkspur.example>", true
		write(t, db, func(tx *store.Tx) error {
			_, err := tx.AddOutgoing(&o)
			must(t, err)
			o.MessageID, o.Raw = "<out2@larkspur.example>", []byte("rendered")
			return tx.SetOutgoingRaw(&o)
		})
		read(t, db, func(tx *store.Tx) error {
			found, err := tx.OutgoingByMessageID("<out2@larkspur.example>")
			must(t, err)
			byID, err := tx.OutgoingByID(o.ID)
			must(t, err)
			if found.ID != o.ID || byID.Key != o.Key {
				t.Errorf("found %+v and %+v", found, byID)
			}
			n, err := tx.AutomaticTo(c.Maria.Email, ticket.ID, at(-1))
			must(t, err)
			if n != 1 {
				t.Errorf("%d automatic mails to Maria, want 1", n)
			}
			raw, err := tx.OutgoingRaw(c.Ben.Actor(), o.ID)
			must(t, err)
			if string(raw) != "rendered" {
				t.Errorf("its bytes are %q", raw)
			}
			for name, want := range map[string]struct {
				person account.Person
				mails  int
			}{"Ben": {c.Ben, 1}, "Cem": {c.Cem, 0}, "Maria": {c.Maria, 0}} {
				of, err := tx.OutgoingOf(want.person.Actor(), ticket.ID)
				must(t, err)
				list, err := tx.OutgoingList(want.person.Actor(), store.MailFilter{State: "queued", Ticket: ticket.ID})
				must(t, err)
				if len(of) != want.mails || len(list.Items) != want.mails {
					t.Errorf("%s sees %d and %d mails, want %d", name, len(of), len(list.Items), want.mails)
				}
			}
			none, err := tx.OutgoingOfComment(1)
			must(t, err)
			if len(none) != 0 {
				t.Errorf("comment 1 went out as %+v", none)
			}
			_, err = tx.OutgoingByMessageID("")
			is(t, err, fault.NotFound)
			return nil
		})
	})
}
