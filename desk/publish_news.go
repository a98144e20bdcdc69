package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// ChangeNews is what somebody does to an entry as they saw it.
type ChangeNews struct {
	Entry int64
	Base  int64 // the newest change that the page showed
}

// PublishNews lets everybody read an entry from now on, closes the card of the roadmap it names, leads the tickets of the known problems
// it names to it, and lets it wait for the next letter to whoever reads news by mail. An entry that has been in a letter, and was taken back, is not mailed again.
func (d *Desk) PublishNews(ctx context.Context, a access.Actor, in ChangeNews) error {
	return d.changeNews(ctx, a, in, "published it", func(tx *store.Tx, e *store.NewsEntry, now time.Time) (err error) {
		if e.State == store.NewsPublished {
			return fault.New(fault.Refused, "this entry is published already")
		}
		if e.Due, err = d.letterLeaves(tx, *e, e.Brand, now); err != nil {
			return err
		}
		e.State, e.Published = store.NewsPublished, now
		if err := d.fixesAnnounced(tx, a, *e, now); err != nil {
			return err
		}
		return d.doneBy(tx, a, *e, now)
	})
}

// TakeBackNews hides an entry from everybody but whoever works here. Whoever was mailed it has it; a letter that has not left goes
// without it.
func (d *Desk) TakeBackNews(ctx context.Context, a access.Actor, in ChangeNews) error {
	return d.changeNews(ctx, a, in, "took it back", func(tx *store.Tx, e *store.NewsEntry, now time.Time) error {
		if e.State != store.NewsPublished {
			return fault.New(fault.Refused, "this entry is not published")
		}
		e.State = store.NewsWithdrawn
		if err := d.fixesUnannounced(tx, a, *e, now); err != nil {
			return err
		}
		return d.undoneBy(tx, a, *e, now)
	})
}

func (d *Desk) changeNews(ctx context.Context, a access.Actor, in ChangeNews, what string, change func(*store.Tx, *store.NewsEntry, time.Time) error) error {
	if err := may(a, access.PublishNews); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		e, err := entryAsShown(tx, a, in.Entry, in.Base)
		if err != nil {
			return err
		}
		if err := change(tx, &e, now); err != nil {
			return err
		}
		e.Changed = now
		if err := tx.SaveNewsEntry(&e); err != nil {
			return err
		}
		return tx.AddNewsChange(store.NewsChange{Entry: e.ID, Author: a.Person, What: what, At: now})
	})
}

// Letters leave once a week, when there is something in them: on Monday at nine, on the clocks of the brand's policy.
const (
	letterDay  = time.Monday
	letterHour = 9
)

// letterLeaves is when the letter leaves that an entry is to be in if it is published now, and zero when it has been in one.
func (d *Desk) letterLeaves(tx *store.Tx, e store.NewsEntry, brand int64, now time.Time) (time.Time, error) {
	if e.Letter != 0 {
		return time.Time{}, nil
	}
	zone, err := d.brandZone(tx, brand, now)
	return weekdayAfter(now, letterDay, letterHour, zone), err
}
