package desk

import (
	"context"
	"time"

	"hark/store"
	"hark/ticket"
)

// BookForTest lets a call be booked on a ticket: the event that a booking page sends.
func (d *Desk) BookForTest(ctx context.Context, id int64, start time.Time) (t ticket.Ticket, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if t, err = tx.TicketForUpdate(id); err != nil {
			return err
		}
		did, err := d.happen(tx, t, happening{event: ticket.Event{Kind: ticket.CallBooked, At: now, Start: start, Facts: map[string]any{"call.exception": true}}, now: now, via: viaRule})
		t = did.ticket
		return err
	})
	return t, err
}

// CallEndsForTest lets a booked call end: the event that a call screen sends.
func (d *Desk) CallEndsForTest(ctx context.Context, id int64) (t ticket.Ticket, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if t, err = tx.TicketForUpdate(id); err != nil {
			return err
		}
		did, err := d.happen(tx, t, happening{event: ticket.Event{Kind: ticket.CallEnded, At: now}, now: now, via: viaRule})
		t = did.ticket
		return err
	})
	return t, err
}

// CapForTest lets a report, and the mails about one version, end after so many.
func (d *Desk) CapForTest(most int) { d.caps = caps{most, most, most, most} }

// At is a desk that knows nothing but its address.
func At(address string) *Desk { return &Desk{url: address} }
