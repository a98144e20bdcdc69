package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hark/store"
	"hark/store/storetest"
)

// subject is what somebody who looks now reads.
func subject(t *testing.T, ctx context.Context, db *store.DB, c *storetest.Cast, id int64) (says string) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) error {
		ticket, err := tx.Ticket(c.Ana.Actor(), id)
		says = ticket.Subject
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return says
}

func TestALookIsOfOneMoment(t *testing.T) {
	db := storetest.Postgres(t)
	c := storetest.NewCast(t, db)
	redirect := c.Ticket("Redirect")
	storetest.Write(t, db, func(tx *store.Tx) error { return tx.InsertTicket(&redirect) })
	rename := func(ctx context.Context, to string) error {
		return db.Write(ctx, func(tx *store.Tx) error {
			fresh, err := tx.TicketForUpdate(redirect.ID)
			if err != nil {
				return err
			}
			fresh.Subject = to
			tx.Changed(fresh.ID)
			return tx.SaveTicket(&fresh)
		})
	}
	look, end := db.Look(t.Context())
	defer end()
	generation := db.Generation(look)
	if says := subject(t, look, db, c, redirect.ID); says != "Redirect" {
		t.Errorf("it begins as %q", says)
	}
	if err := rename(t.Context(), "Redirect, again"); err != nil {
		t.Fatal(err)
	}
	if says := subject(t, look, db, c, redirect.ID); says != "Redirect" {
		t.Errorf("somebody renamed it, and a look that had begun reads %q", says)
	}
	if db.Generation(look) != generation || db.Generation(t.Context()) == generation {
		t.Error("what the look counts would be remembered as if it were of now")
	}
	if err := rename(look, "Redirect, mended"); err != nil {
		t.Fatal(err)
	}
	if says := subject(t, look, db, c, redirect.ID); says != "Redirect, mended" {
		t.Errorf("who has written reads %q", says)
	}
}

func TestALookThatHasEndedReadsAsEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		redirect := c.Ticket("Redirect")
		storetest.Write(t, db, func(tx *store.Tx) error { return tx.InsertTicket(&redirect) })
		look, end := db.Look(t.Context())
		subject(t, look, db, c, redirect.ID)
		end()
		end()
		if says := subject(t, look, db, c, redirect.ID); says != "Redirect" {
			t.Errorf("it reads %q", says)
		}
	})
}

// A page may look, and look again inside of a look, and read side by side; a hundred such pages share twenty connections.
func TestAHundredLooksShareTwentyConnections(t *testing.T) {
	db := storetest.Postgres(t)
	c := storetest.NewCast(t, db)
	redirect := c.Ticket("Redirect")
	storetest.Write(t, db, func(tx *store.Tx) error { return tx.InsertTicket(&redirect) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() {
			look, end := db.Look(ctx)
			defer end()
			subject(t, look, db, c, redirect.ID)
			var inside sync.WaitGroup
			for range 3 {
				inside.Go(func() { subject(t, look, db, c, redirect.ID) })
			}
			err := db.Write(look, func(tx *store.Tx) error { return tx.SetSetting(fmt.Sprint("look.", n), []byte("seen")) })
			if err != nil {
				t.Error(err)
			}
			inside.Wait()
		})
	}
	all.Wait()
}
