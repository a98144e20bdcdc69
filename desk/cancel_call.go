package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// CancelCall calls the booked call of a ticket off.
type CancelCall struct {
	Ticket int64
	Key    string
	Via    string
}

// CancelCall calls it off: the time is free, both calendars are told, and the ticket is somebody's work again (S0-18). A customer can do
// so until the call begins: then it may take place, and whoever calls says how it went.
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
		if !a.Staff() && begun(call, now) {
			return Done{}, fault.New(fault.Refused, "this call has begun; if nobody has called you, answer in your request")
		}
		return d.arrange(tx, a, f, ticket.Event{Kind: ticket.CallCancelled}, cancelled(call), in.Via)
	})
}

// begun reports whether the time of a call has come.
func begun(call store.Call, at time.Time) bool { return !at.Before(call.Start) }

func cancelled(call store.Call) store.Call {
	call.State = store.CallCancelled
	call.Sequence++
	return call
}
