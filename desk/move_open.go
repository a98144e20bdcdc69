package desk

import (
	"context"
	"time"

	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// moveOpen lets every open ticket of the brand go on under a version that holds from now on.
func (d *Desk) moveOpen(tx *store.Tx, brand int64, p *policy.Policy, version int64, now time.Time) (moved, stayed int, err error) {
	ids, err := tx.OpenTickets(brand)
	if err != nil {
		return 0, 0, err
	}
	for _, id := range ids {
		went, err := d.moveOne(tx, id, p, version, now)
		if err != nil {
			return moved, stayed, err
		}
		if went {
			moved++
		} else {
			stayed++
		}
	}
	return moved, stayed, nil
}

// moveOne lets one ticket go on under another version from an instant on. What was due before it happens first, under the rules
// of before. A ticket that the version has no place for stays as it is, and says why.
func (d *Desk) moveOne(tx *store.Tx, id int64, p *policy.Policy, version int64, at time.Time) (went bool, err error) {
	t, err := d.caughtUp(tx, id, at)
	if err != nil || t.Category == ticket.Closed || t.Policy == version {
		return false, err
	}
	at = latest(at, t.Updated)
	out := p.Adopt(t, at)
	says := "goes on under policy " + p.Version
	if went = out.Refused == ""; went {
		out.Ticket.Policy = version
	} else {
		out, says = policy.Outcome{Ticket: t}, "stays under the policy it began with and not "+p.Version+". "+out.Refused
	}
	_, err = d.keep(tx, p, t, out, happening{event: ticket.Event{At: at}, now: at, via: viaRule, notes: internally(ticket.Change, "", says)})
	return went, err
}

// caughtUp is a ticket after everything that was due on it before an instant.
func (d *Desk) caughtUp(tx *store.Tx, id int64, at time.Time) (ticket.Ticket, error) {
	t, err := tx.TicketForUpdate(id)
	if next := t.Next(); err != nil || next.IsZero() || !next.Before(at) {
		return t, err
	}
	did, err := d.happen(tx, t, happening{event: ticket.Event{Kind: ticket.TimePasses, At: at}, now: at, via: viaRule})
	return did.ticket, err
}

// takeAlong moves open tickets under versions that have begun to hold and were applied to take them along. It takes a few at
// once and marks the version last, so that whoever is stopped in the middle is gone on from.
func (d *Desk) takeAlong(ctx context.Context) (moved int, err error) {
	now := d.now()
	var running []store.Running
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		running, _, err = tx.RunningPolicies(now)
		return err
	})
	for _, r := range running {
		if err != nil || !r.Moves {
			continue
		}
		n := 0
		n, err = d.takeAllAlong(ctx, r)
		moved += n
	}
	return moved, err
}

func (d *Desk) takeAllAlong(ctx context.Context, r store.Running) (moved int, err error) {
	last, more := int64(0), true
	for more && err == nil {
		var some int
		after := last
		err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
			some, last, more, err = d.takeSomeAlong(tx, r, after)
			return err
		})
		moved += some
	}
	return moved, err
}

func (d *Desk) takeSomeAlong(tx *store.Tx, r store.Running, after int64) (moved int, last int64, more bool, err error) {
	p, err := d.rules.of(tx, r.Version)
	if err != nil {
		return 0, after, false, err
	}
	ids, err := tx.OpenUnderOthers(r.Brand, r.Version, after, fewAtOnce)
	if err != nil || len(ids) == 0 {
		return 0, after, false, orElse(err, tx.MovesDone(r.Version))
	}
	for _, id := range ids {
		went, err := d.moveOne(tx, id, p, r.Version, r.From)
		if err != nil {
			return moved, after, false, err
		}
		if went {
			moved++
		}
	}
	return moved, ids[len(ids)-1], true, nil
}
