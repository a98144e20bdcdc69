package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// callCast is a host with tickets of as many customers as are asked for.
func callCast(t *testing.T, db *store.DB, guests int) (host int64, tickets []ticket.Ticket) {
	t.Helper()
	storetest.Write(t, db, func(tx *store.Tx) error {
		brand := account.Brand{Name: "PICnet", Slug: "picnet"}
		if err := tx.SaveBrand(&brand); err != nil {
			return err
		}
		cem := account.Person{Email: "cem@agency.example", Name: "Cem", Role: access.Agent, Created: monday}
		if err := tx.SavePerson(&cem); err != nil {
			return err
		}
		host = cem.ID
		for n := range guests {
			guest, err := tx.EnsureCustomer(fmt.Sprintf("guest-%d@client.example", n), "", brand.ID, monday)
			if err != nil {
				return err
			}
			one := ticket.Ticket{Subject: "A call, please", State: "open", Category: ticket.Open, Brand: brand.ID, Requester: ticket.Person{ID: guest.ID}, Submitter: ticket.Person{ID: guest.ID}, Created: monday, Updated: monday}
			if err := tx.InsertTicket(&one); err != nil {
				return err
			}
			tickets = append(tickets, one)
		}
		return nil
	})
	return host, tickets
}

func callAt(host int64, t ticket.Ticket, start time.Time) store.Call {
	return store.Call{
		Ticket: t.ID, Host: host, Guest: t.Requester.ID, State: store.CallBooked, Start: start, End: start.Add(30 * time.Minute), Free: start.Add(40 * time.Minute),
		UID: fmt.Sprintf("call-%d-%d", t.ID, start.Unix()), Created: monday,
	}
}

// Twenty customers press Book at once for the same host and time: one has it, and everybody else is told, by whichever database.
func TestS0_10_OneTimeIsBookedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		host, tickets := callCast(t, db, 20)
		at := monday.Add(48 * time.Hour)
		var won, lost atomic.Int32
		var wait sync.WaitGroup
		for n, one := range tickets {
			wait.Go(func() {
				call := callAt(host, one, at.Add(time.Duration(n%3)*15*time.Minute)) // the same time, or one that meets it
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					added, err := tx.AddCall(&call)
					if err == nil && added {
						won.Add(1)
					} else if err == nil {
						lost.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		storetest.Read(t, db, func(tx *store.Tx) error {
			booked, err := tx.CallsOfHosts([]int64{host}, at.Add(-time.Hour), at.Add(2*time.Hour), at)
			if len(booked) != 1 || lost.Load() < 19 {
				t.Errorf("%d calls are booked, %d were told that it is theirs, %d that it is taken", len(booked), won.Load(), lost.Load())
			}
			return err
		})
	})
}

// Between two calls of a host lies the gap; a time that is kept for somebody counts until it has run out; a moved call frees its old time.
func TestCallsKeepApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		host, tickets := callCast(t, db, 4)
		ten := monday.Add(48 * time.Hour)
		add := func(n int, at time.Time, state store.CallState) (added bool) {
			call := callAt(host, tickets[n], at)
			if call.State = state; state == store.CallHeld {
				call.Until = ten.Add(-time.Hour)
			}
			storetest.Write(t, db, func(tx *store.Tx) (err error) { added, err = tx.AddCall(&call); return err })
			return added
		}
		for _, step := range []struct {
			says  string
			guest int
			at    time.Time
			state store.CallState
			want  bool
		}{
			{"the first at ten", 0, ten, store.CallBooked, true},
			{"in the gap after it", 1, ten.Add(30 * time.Minute), store.CallBooked, false},
			{"right after the gap", 1, ten.Add(40 * time.Minute), store.CallBooked, true},
			{"so early that its gap meets the first", 2, ten.Add(-35 * time.Minute), store.CallBooked, false},
			{"early enough, kept for somebody", 2, ten.Add(-40 * time.Minute), store.CallHeld, true},
			{"where somebody thinks it over", 3, ten.Add(-40 * time.Minute), store.CallBooked, false},
		} {
			if got := add(step.guest, step.at, step.state); got != step.want {
				t.Errorf("%s: booked %v", step.says, got)
			}
		}
		storetest.Write(t, db, func(tx *store.Tx) error {
			if err := tx.DropHeldCalls(0, ten.Add(-time.Hour)); err != nil {
				return err
			}
			calls, err := tx.Calls(access.Clock, tickets[0].ID)
			if err != nil || len(calls) != 1 {
				t.Fatalf("the ticket has %v, %v", calls, err)
			}
			first := calls[0]
			first.Start, first.End, first.Free, first.Sequence = ten.Add(-40*time.Minute), ten.Add(-10*time.Minute), ten, 1
			if saved, err := tx.SaveCall(first); err != nil || !saved {
				t.Errorf("moving to where nobody thinks any more: %v, %v", saved, err)
			}
			return nil
		})
		if !add(3, ten, store.CallBooked) {
			t.Error("the old time of a moved call is not free")
		}
	})
}

// Two nodes move two calls to one time at the same instant. What a check beforehand cannot see, the constraint does.
func TestS0_16_TwoCallsMoveToOneTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		host, tickets := callCast(t, db, 8)
		at := monday.Add(48 * time.Hour)
		var calls []store.Call
		for n, one := range tickets {
			call := callAt(host, one, at.Add(time.Duration(n+2)*time.Hour))
			storetest.Write(t, db, func(tx *store.Tx) error { _, err := tx.AddCall(&call); return err })
			calls = append(calls, call)
		}
		var moved atomic.Int32
		var wait sync.WaitGroup
		for _, call := range calls {
			wait.Go(func() {
				call.Start, call.End, call.Free = at, at.Add(30*time.Minute), at.Add(40*time.Minute)
				saved := false
				err := db.Write(context.Background(), func(tx *store.Tx) (err error) { saved, err = tx.SaveCall(call); return err })
				if err == nil && saved {
					moved.Add(1)
				}
			})
		}
		wait.Wait()
		if moved.Load() != 1 {
			t.Errorf("%d calls were moved to the same time", moved.Load())
		}
	})
}
