package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// along is how far a version has come with taking open tickets along. It is kept with every step, so that whoever is stopped in
// the middle is gone on from, by this node or another.
type along struct {
	After int64     `json:"after"`           // the last ticket that was looked at
	Aside []int64   `json:"aside,omitempty"` // tickets that failed and are tried again
	Again time.Time `json:"again,omitzero"`  // when the first of them is
}

// gone counts what became of open tickets.
type gone struct{ moved, stayed int }

func (g *gone) add(went bool) {
	if went {
		g.moved++
	} else {
		g.stayed++
	}
}

func alongSetting(version int64) string { return "along/" + itoa(version) }

func soFar(tx *store.Tx, version int64) (a along, err error) {
	if err := tx.Alone(alongSetting(version)); err != nil {
		return a, err
	}
	kept, err := tx.Setting(alongSetting(version))
	if err != nil || kept == nil {
		return a, err
	}
	return a, json.Unmarshal(kept, &a)
}

// takeAlong moves open tickets under versions that hold and were applied to take them along. A ticket that fails steps aside, and
// neither the others nor a reminder wait for it.
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
		var all gone
		all, err = d.takeAllAlong(ctx, r)
		moved += all.moved
	}
	return moved, err
}

func (d *Desk) takeAllAlong(ctx context.Context, r store.Running) (all gone, err error) {
	for more := true; more && err == nil; {
		var some gone
		some, more, err = d.takeSomeAlong(ctx, r)
		all.moved, all.stayed = all.moved+some.moved, all.stayed+some.stayed
	}
	if err == nil {
		err = d.tryAside(ctx, r)
	}
	return all, err
}

// takeSomeAlong takes a few at once, and each by itself when one of them fails.
func (d *Desk) takeSomeAlong(ctx context.Context, r store.Running) (some gone, more bool, err error) {
	var ids []int64
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		some, ids, err = d.fewAlong(tx, r)
		return err
	})
	if err == nil || len(ids) == 0 || notItsTrouble(ctx, err) {
		return some, len(ids) > 0, err
	}
	some = gone{}
	for _, id := range ids {
		went, err := d.aloneAlong(ctx, r, id)
		if err != nil {
			return some, false, err
		}
		some.add(went)
	}
	return some, true, nil
}

func (d *Desk) fewAlong(tx *store.Tx, r store.Running) (some gone, ids []int64, err error) {
	a, err := soFar(tx, r.Version)
	if err != nil {
		return some, nil, err
	}
	if ids, err = tx.OpenUnderOthers(r.Brand, r.Version, a.After, fewAtOnce); err != nil || len(ids) == 0 {
		return some, nil, err
	}
	p, err := d.rules.of(tx, r.Version)
	if err != nil {
		return some, nil, err
	}
	for _, id := range ids {
		went, err := d.moveOne(tx, id, p, r.Version, r.From)
		if err != nil {
			return some, ids, err
		}
		some.add(went)
	}
	a.After = ids[len(ids)-1]
	return some, ids, keepJSON(tx, alongSetting(r.Version), a)
}

// aloneAlong takes one ticket along by itself, or lets it step aside.
func (d *Desk) aloneAlong(ctx context.Context, r store.Running, id int64) (went bool, err error) {
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		p, err := d.rules.of(tx, r.Version)
		if err != nil {
			return err
		}
		if went, err = d.moveOne(tx, id, p, r.Version, r.From); err != nil {
			return err
		}
		if err := d.backInLine(tx, id, d.now()); err != nil {
			return err
		}
		return d.alongPast(tx, r.Version, id, time.Time{})
	})
	if err == nil || notItsTrouble(ctx, err) {
		return went, err
	}
	again, err := d.stepAside(ctx, id, err, d.now())
	if err != nil {
		return false, err
	}
	return false, d.db.Write(ctx, func(tx *store.Tx) error { return d.alongPast(tx, r.Version, id, again) })
}

// alongPast notes that a ticket was looked at, and when it is tried again; zero when it need not be.
func (d *Desk) alongPast(tx *store.Tx, version, id int64, again time.Time) error {
	a, err := soFar(tx, version)
	if err != nil {
		return err
	}
	a.After = max(a.After, id)
	a.Aside = slices.DeleteFunc(a.Aside, func(other int64) bool { return other == id })
	if !again.IsZero() {
		a.Aside = append(a.Aside, id)
		if a.Again.IsZero() || again.Before(a.Again) {
			a.Again = again
		}
	}
	return keepJSON(tx, alongSetting(version), a)
}

// tryAside tries the tickets again that have stepped aside, when their time has come, and marks the version when none is left.
func (d *Desk) tryAside(ctx context.Context, r store.Running) error {
	now := d.now()
	var turn []int64
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		a, err := soFar(tx, r.Version)
		switch {
		case err != nil:
			return err
		case len(a.Aside) == 0:
			return orElse(tx.MovesDone(r.Version), tx.DropSetting(alongSetting(r.Version)))
		case now.Before(a.Again):
			return nil
		}
		turn, a.Again = slices.Clone(a.Aside), time.Time{}
		return keepJSON(tx, alongSetting(r.Version), a)
	})
	for _, id := range turn {
		if err == nil {
			_, err = d.aloneAlong(ctx, r, id)
		}
	}
	return err
}

// notItsTrouble reports whether something failed that would have failed with any ticket: the desk is stopping, the disk is full.
func notItsTrouble(ctx context.Context, err error) bool {
	return ctx.Err() != nil || fault.Is(err, fault.Unavailable)
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
