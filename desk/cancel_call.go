package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/store"
	"hark/ticket"
)

// CancelCall calls the booked call of a ticket off.
type CancelCall struct {
	Ticket int64
	Key    string
	Via    string
}

// CancelCall calls it off: the time is free, both calendars are told, and the ticket is somebody's work again (S0-18).
func (d *Desk) CancelCall(ctx context.Context, a access.Actor, in CancelCall) (result Done, err error) {
	if err := may(a, access.ArrangeCall); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) {
		f, err := d.findFor(tx, a, in.Ticket, now)
		if err != nil {
			return Done{}, err
		}
		call, err := bookedCall(tx, in.Ticket, now)
		if err != nil {
			return Done{}, err
		}
		return d.arrange(tx, a, f, ticket.Event{Kind: ticket.CallCancelled}, cancelled(call), in.Via)
	})
}

func cancelled(call store.Call) store.Call {
	call.State = store.CallCancelled
	call.Sequence++
	return call
}
