package desk

import (
	"context"
	"fmt"
	"math"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// Wall is what a team wants to see from across the room: what waits, what is broken, what will be. It names no customer, and
// nobody's work.
type Wall struct {
	Policy *policy.Policy
	Brand  int64
	Made   time.Time
	States []store.InState // what is not done, by state
	Broken []store.Due     // promises whose time has passed, the oldest first
	Late   int             // aims and usual times that have passed
	Soon   []Soon          // what is due in the next opening hours

	Awaited int // answers that are owed and not late yet
	Guessed int // of these, for how many there is anything to go by
	WillBe  int // about how many of them will be late

	Oldest int64 // the ticket that has waited longest for us, 0 when none does
	Since  time.Time

	generation uint64 // of the desk it was counted from
}

// Soon is how much is due before some opening hours have passed.
type Soon struct {
	Hours   int // opening hours from now
	Until   time.Time
	Due     int
	Promise int // of these, promises
}

// soon is how far a wall looks ahead, in opening hours.
var soon = []int{1, 2, 4}

const mostPast = 5000

// Wall counts what stands on the wall, of the tickets that the reader may see.
func (d *Desk) Wall(ctx context.Context, a access.Actor, brand int64) (w Wall, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return w, err
	}
	now, generation := d.now(), d.db.Generation(ctx)
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, err := d.beginReport(tx, ReportOn{Brand: brand}, now)
		if err != nil {
			return err
		}
		w = Wall{Policy: r.Policy, Brand: r.Brand, Made: now, generation: generation}
		if w.States, err = tx.Alive(a, w.Brand); err != nil {
			return err
		}
		if err := w.due(tx, a); err != nil {
			return err
		}
		if w.Oldest, w.Since, err = tx.LongestWaiting(a, w.Brand); err != nil {
			return err
		}
		return d.forecast(tx, a, &w)
	})
	return w, err
}

// due sorts what the inbox shows as due: broken, late, and due in the next opening hours.
func (w *Wall) due(tx *store.Tx, a access.Actor) error {
	for _, hours := range soon {
		w.Soon = append(w.Soon, Soon{Hours: hours, Until: w.after(hours)})
	}
	all, err := tx.DueUntil(a, w.Brand, w.Soon[len(w.Soon)-1].Until)
	for _, d := range all {
		switch {
		case d.At.Before(w.Made) && d.Strength == promise.Promise:
			w.Broken = append(w.Broken, d)
		case d.At.Before(w.Made):
			w.Late++
		default:
			w.ahead(d)
		}
	}
	return err
}

func (w *Wall) ahead(d store.Due) {
	for i := range w.Soon {
		if d.At.After(w.Soon[i].Until) {
			continue
		}
		if w.Soon[i].Due++; d.Strength == promise.Promise {
			w.Soon[i].Promise++
		}
	}
}

// after is when so many opening hours have passed, by the policy's first calendar; without one, hours.
func (w *Wall) after(hours int) time.Time {
	for _, id := range w.Policy.Keys("calendars") {
		if c, err := w.Policy.Calendar(id); err == nil {
			if at, err := c.AddOpen(w.Made, time.Duration(hours)*time.Hour); err == nil {
				return at.UTC()
			}
		}
	}
	return w.Made.Add(time.Duration(hours) * time.Hour)
}

// forecast says about how many of the answers that are owed will be late, from what answers took in the last ninety days.
func (d *Desk) forecast(tx *store.Tx, a access.Actor, w *Wall) error {
	owed, err := tx.Owed(a, w.Brand, w.Made)
	if err != nil {
		return err
	}
	past, err := d.pastCases(tx, a, w)
	if err != nil {
		return err
	}
	var awaited []promise.Awaited
	for _, o := range owed {
		c := asCase(o, w.Policy.Zone)
		c.Took = w.Made.Sub(o.At)
		awaited = append(awaited, promise.Awaited{Case: c, Left: o.Due.Sub(w.Made)})
	}
	late, guessed := promise.WillBeLate(awaited, past)
	w.Awaited, w.Guessed, w.WillBe = len(awaited), guessed, int(math.Round(late))
	return nil
}

func (d *Desk) pastCases(tx *store.Tx, a access.Actor, w *Wall) ([]promise.Case, error) {
	key := fmt.Sprint(a, w.Brand)
	if known, ok := d.past.known(key, w.generation, w.Made); ok {
		return known, nil
	}
	lasted, err := tx.Lasted(a, store.Span{Brand: w.Brand, From: w.Made.Add(-rolling), To: w.Made}, false, mostPast)
	if err != nil {
		return nil, err
	}
	cases := make([]promise.Case, len(lasted))
	for i, l := range lasted {
		cases[i] = asCase(l, w.Policy.Zone)
	}
	d.past.remember(key, worked[[]promise.Case]{cases, w.generation, w.Made})
	return cases, nil
}

func asCase(l store.Lasted, zone *time.Location) promise.Case {
	return promise.Case{Measure: l.Measure, Kind: l.Kind, Hour: calendar.HourOfWeek(l.At, zone), Took: l.Done.Sub(l.At)}
}
