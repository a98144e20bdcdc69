package desk

import (
	"cmp"
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// MoveCall is another time for the booked call of a ticket, or somebody else to have it. Its length stays.
type MoveCall struct {
	Ticket    int64
	Start     time.Time
	Host      int64  // by an agent: who has it from now on, 0 leaves it to whoever has it
	Zone      string // of the customer's clock, "" leaves what is known
	Exception bool   // by an agent: at short notice, or between two steps
	Key       string
	Via       string
}

// MoveCall moves the booked call; the old time is free at once and both calendars get an update of the same entry (S0-16). A
// host who has it no longer is told that it is called off for them. It refuses like BookCall.
func (d *Desk) MoveCall(ctx context.Context, a access.Actor, in MoveCall) (result Done, err error) {
	if err := may(a, access.ArrangeCall); err != nil {
		return result, err
	}
	if in.Exception && !a.Staff() {
		return result, fault.New(fault.Forbidden, "only an agent can make an exception")
	}
	if in.Host != 0 && !a.Staff() {
		return result, fault.New(fault.Forbidden, "only an agent can give a call to somebody else")
	}
	var f finder
	result, err = d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) {
		if f, err = d.findFor(tx, a, in.Ticket, now); err != nil {
			return Done{}, err
		}
		return d.moveCall(tx, a, &f, in)
	})
	return result, d.taken(ctx, err, f)
}

func (d *Desk) moveCall(tx *store.Tx, a access.Actor, f *finder, in MoveCall) (Done, error) {
	call, err := bookedCall(tx, f.ticket.ID, f.now)
	if err != nil {
		return Done{}, err
	}
	f.length, f.host, f.but = call.End.Sub(call.Start), cmp.Or(in.Host, call.Host), call.ID
	if in.Start.Equal(call.Start) && f.host == call.Host {
		return Done{Ticket: f.ticket}, nil
	}
	at, err := f.atOrByHand(in.Start, in.Exception, a)
	if err != nil {
		return Done{}, err
	}
	if err := tx.DropHeldCalls(f.ticket.ID, f.now); err != nil {
		return Done{}, err
	}
	e := ticket.Event{Kind: ticket.CallMoved, Start: at.Start, Length: f.length}
	if at.Host != call.Host {
		host, err := tx.Person(at.Host)
		if err != nil {
			return Done{}, err
		}
		e.Host = host.Email
	}
	return d.arrange(tx, a, *f, e, moved(call, at, in.Zone), in.Via)
}

// moved is a call at another time, or with somebody else. What its guest had answered was about the old time.
func moved(call store.Call, at FreeTime, zone string) store.Call {
	if !at.Start.Equal(call.Start) {
		call.Answer, call.AnswerSays, call.Proposed = "", "", time.Time{}
	}
	call.Free = at.End.Add(call.Free.Sub(call.End))
	call.Start, call.End, call.Host = at.Start, at.End, at.Host
	call.Sequence++
	if zone = knownZone(zone); zone != "" {
		call.Zone = zone
	}
	return call
}

// bookedCall is the call of a ticket that is to come.
func bookedCall(tx *store.Tx, ticketID int64, now time.Time) (store.Call, error) {
	call, _, err := callsNow(tx, ticketID, now)
	if err == nil && call.ID == 0 {
		err = fault.New(fault.Conflict, "no call is booked on this ticket any more")
	}
	return call, err
}
