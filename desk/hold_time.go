package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// HoldTime is a time that a customer thinks over.
type HoldTime struct {
	Ticket int64
	Start  time.Time
	Length time.Duration
	Zone   string
}

// HoldFor is how long a time is kept for whoever chose it.
const HoldFor = 5 * time.Minute

// HoldTime keeps a time for a ticket while its customer reads the last page. It replaces the one that was kept before, and runs out
// by itself. *Taken says that somebody was faster.
func (d *Desk) HoldTime(ctx context.Context, a access.Actor, in HoldTime) (call store.Call, err error) {
	if err := may(a, access.ArrangeCall); err != nil {
		return call, err
	}
	now := d.now()
	var f finder
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if f, err = d.findFor(tx, a, in.Ticket, now); err != nil {
			return err
		}
		f.length = in.Length
		call, err = d.holdTime(tx, a, f, in)
		return err
	})
	return call, d.taken(ctx, err, f)
}

func (d *Desk) holdTime(tx *store.Tx, a access.Actor, f finder, in HoldTime) (call store.Call, err error) {
	if why := f.policy.WhyNoCall(policy.FactsIn(f.ticket.Facts)); why != "" && !a.Staff() {
		return call, fault.New(fault.Refused, "%s", why)
	}
	if err := tx.DropHeldCalls(f.ticket.ID, f.now); err != nil {
		return call, err
	}
	at, err := f.at(in.Start)
	if err != nil {
		return call, err
	}
	call = d.newCall(f, at, BookCall{Zone: in.Zone}, a)
	call.State, call.Until = store.CallHeld, f.now.Add(HoldFor)
	if call.UID, err = d.callUID(tx, f.ticket.Brand); err != nil {
		return call, err
	}
	added, err := tx.AddCall(&call)
	if err == nil && !added {
		err = &Taken{At: in.Start}
	}
	return call, err
}
