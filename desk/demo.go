package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// Advance moves the demo's clock forward by a span. Everything that becomes due on the way happens at its own instant, in
// order, as if somebody had waited. It returns the new time.
func (d *Desk) Advance(ctx context.Context, a access.Actor, by time.Duration) (time.Time, error) {
	return d.AdvanceTo(ctx, a, d.now().Add(by))
}

// AdvanceTo moves the demo's clock forward to an instant. It is fault.Refused on a desk whose clock is the real one.
func (d *Desk) AdvanceTo(ctx context.Context, a access.Actor, to time.Time) (time.Time, error) {
	if err := may(a, access.MoveClock); err != nil {
		return d.now(), err
	}
	clock, movable := d.clock.(interface {
		MoveTo(context.Context, time.Time) error
	})
	if !movable {
		return d.now(), fault.New(fault.Refused, "this desk runs on the real time, which nobody can move")
	}
	var last time.Time
	for {
		next, err := d.NextDue(ctx)
		if err != nil || next.IsZero() || next.After(to) || next.Equal(last) {
			err = orElse(err, clock.MoveTo(ctx, to))
			return d.now(), err
		}
		last = next
		if err := d.step(ctx, clock.MoveTo, next); err != nil {
			return d.now(), err
		}
	}
}

// step moves the clock to the next due instant and lets it happen.
func (d *Desk) step(ctx context.Context, move func(context.Context, time.Time) error, to time.Time) error {
	if err := move(ctx, to); err != nil {
		return err
	}
	_, err := d.PassTime(ctx)
	return err
}

// AdvanceToNext moves the demo's clock to the next thing that happens by itself, and lets it happen.
func (d *Desk) AdvanceToNext(ctx context.Context, a access.Actor) (time.Time, error) {
	next, _, _, err := d.NextHappening(ctx)
	if err != nil {
		return d.now(), err
	}
	if next.IsZero() {
		return d.now(), fault.New(fault.Refused, "nothing is planned; answer a ticket as Pending or Solved first")
	}
	return d.AdvanceTo(ctx, a, next)
}

// NextHappening is the next thing that happens by itself: when, on which ticket, 0 for none, and what.
func (d *Desk) NextHappening(ctx context.Context) (at time.Time, id int64, says string, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if at, id, says, err = d.nextOnTickets(tx); err != nil {
			return err
		}
		others, err := d.comingUp(tx, now)
		for _, other := range others {
			if at.IsZero() || other.at.Before(at) {
				at, id, says = other.at, 0, other.says
			}
		}
		return err
	})
	return at, id, says, err
}

func (d *Desk) nextOnTickets(tx *store.Tx) (at time.Time, id int64, says string, err error) {
	if at, err = tx.NextDue(); err != nil || at.IsZero() {
		return at, 0, "", err
	}
	due, err := tx.DueTickets(at, 1)
	if err != nil || len(due) == 0 {
		return at, 0, "", err
	}
	t, err := tx.Ticket(access.Clock, due[0])
	if err != nil {
		return at, due[0], "", err
	}
	p, err := d.rules.of(tx, t.Policy)
	if err == nil {
		_, says = p.NextHappening(t)
	}
	return at, due[0], says, err
}
