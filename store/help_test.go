package store_test

import (
	"testing"
	"time"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

var monday = storetest.Monday

// write and read run fn and fail the test with what it says.
func write(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	storetest.Write(t, db, fn)
}

func read(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	storetest.Read(t, db, fn)
}

// find is read after the words of all comments have been written.
func find(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) {
	t.Helper()
	if err := db.Find(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// must ends the test when err is not nil; it is for calls inside a transaction whose failure is the test's.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("got %v, want a fault of kind %s", err, kind)
	}
}

// open stores a ticket of Maria's for the support group, changed by the given functions, with a first message.
func open(t testing.TB, db *store.DB, c *storetest.Cast, subject string, change ...func(*ticket.Ticket)) ticket.Ticket {
	t.Helper()
	tk := c.Ticket(subject)
	for _, f := range change {
		f(&tk)
	}
	write(t, db, func(tx *store.Tx) error {
		must(t, tx.InsertTicket(&tk))
		audit := ticket.Audit{Ticket: tk.ID, At: tk.Created, Via: "email", Author: tk.Requester}
		must(t, tx.AddAudit(&audit))
		return tx.AddComment(&ticket.Comment{
			Ticket: tk.ID, Audit: audit.ID, Author: tk.Requester, Public: true,
			Text: "First message about " + subject, Via: "email", Created: tk.Created,
		})
	})
	return tk
}

func at(hours float64) time.Time { return monday.Add(time.Duration(hours * float64(time.Hour))) }

func subjects(rows []store.Row) (all []string) {
	for _, row := range rows {
		all = append(all, row.Subject)
	}
	return all
}
