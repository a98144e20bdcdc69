package desk

import (
	"cmp"
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// NewCall is a call that somebody is in, or is about to make. Nothing in it has to be known.
type NewCall struct {
	Brand     int64  // 0: the brand whose policy has a procedure for calls
	Direction string // in (when empty), out
	Number    string // as somebody typed it, "" when nobody knows it
	Ticket    int64  // 0 for none
	Key       string // of the form (D7)
}

// BeginCall opens the record of a call that the actor is in and the first step of its procedure. The number, if there is one, is
// kept and makes nobody a person. A call that the actor was in before is parked.
func (d *Desk) BeginCall(ctx context.Context, a access.Actor, in NewCall) (id int64, err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return 0, err
	}
	now := d.now()
	call := store.PhoneCall{Direction: cmp.Or(in.Direction, "in"), State: store.PhoneOpen, Agent: a.Person, Began: now, Answered: now}
	if call.Direction != "in" && call.Direction != "out" {
		return 0, fault.New(fault.Invalid, "a call comes in or goes out, and is not %q", call.Direction)
	}
	if call.Number, err = wholeNumber(in.Number); err != nil {
		return 0, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		id, err = onceNumbered(tx, a, "begin-call", in.Key, now, func() (int64, error) {
			fresh := call
			if fresh.Ticket, err = visibleTicket(tx, a, in.Ticket); err != nil {
				return 0, err
			}
			if err := parkOthers(tx, a, 0, now); err != nil {
				return 0, err
			}
			fresh.Brand = in.Brand
			err = d.openCall(tx, a, &fresh, now)
			return fresh.ID, err
		})
		return err
	})
	return id, err
}

// openCall stores a new call with its run.
func (d *Desk) openCall(tx *store.Tx, a access.Actor, call *store.PhoneCall, now time.Time) error {
	brand, version, procedure, err := d.phoneBrand(tx, call.Brand, now)
	if err != nil {
		return err
	}
	call.Brand = brand
	wanted := *call // what is set once it has its number
	if err := tx.InsertPhoneCall(call); err != nil {
		return err
	}
	wanted.ID = call.ID
	if procedure != "" {
		run := store.ProcedureRun{Brand: brand, Policy: version, Procedure: procedure, Began: now}
		if err := tx.SaveProcedureRun(&run); err != nil {
			return err
		}
		wanted.Run = run.ID
	}
	*call = wanted
	if err := tx.AddPhoneEvent(&store.PhoneEvent{Call: call.ID, Author: a.Person, At: now, What: eventBegan, Says: callBegins(*call)}); err != nil {
		return err
	}
	c, err := d.calling(tx, a, *call, now)
	if err != nil {
		return err
	}
	return c.save()
}

func callBegins(c store.PhoneCall) string {
	says := map[string]string{"in": "Somebody calls", "out": "We call"}[c.Direction]
	if c.Number != "" {
		says += map[string]string{"in": " from ", "out": " "}[c.Direction] + c.Number
	}
	return says
}

// phoneBrand is the brand a call is for: the one that is named, else the first whose policy has a procedure for calls, else the
// first of all. version is the policy that the call goes by to its end (S1-21).
func (d *Desk) phoneBrand(tx *store.Tx, wanted int64, now time.Time) (brand, version int64, procedure string, err error) {
	brands, err := tx.Brands()
	if err != nil {
		return 0, 0, "", err
	}
	for _, b := range brands {
		if wanted != 0 && b.ID != wanted {
			continue
		}
		runs, err := d.rules.running(tx, b.ID, now)
		if fault.Is(err, fault.Refused) {
			continue
		}
		if err != nil {
			return 0, 0, "", err
		}
		p, err := d.rules.of(tx, runs)
		if err != nil {
			return 0, 0, "", err
		}
		if found := p.CallProcedure(); brand == 0 || procedure == "" && found != "" {
			brand, version, procedure = b.ID, runs, found
		}
	}
	if brand == 0 {
		return 0, 0, "", fault.New(fault.Refused, "no brand has a policy yet; apply one first")
	}
	return brand, version, procedure, nil
}

// parkOthers puts the actor's other calls aside, because nobody talks to two callers. Only one call at a time is begun or taken up by
// somebody, and what others do to a call meanwhile stays done.
func parkOthers(tx *store.Tx, a access.Actor, except int64, now time.Time) error {
	if err := tx.Alone("agent " + itoa(a.Person)); err != nil {
		return err
	}
	parked, err := tx.ParkPhoneCalls(a.Person, except, "another call")
	for _, id := range parked {
		if err := tx.AddPhoneEvent(&store.PhoneEvent{Call: id, Author: a.Person, At: now, What: eventParked, Says: "Parked for another call"}); err != nil {
			return err
		}
	}
	return err
}

// visibleTicket is the ticket a call belongs to, if the actor may know of it.
func visibleTicket(tx *store.Tx, a access.Actor, id int64) (int64, error) {
	if id == 0 {
		return 0, nil
	}
	sees, err := tx.MaySee(a, id)
	if err == nil && !sees {
		err = notYours()
	}
	return id, err
}
