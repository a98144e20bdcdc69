package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/engineers"
	"hark/fault"
	"hark/issue"
	"hark/store"
)

// LogIssue has an entry opened with the engineers for a known problem (seed 000, 0.22). The letter is written now, as the page showed it,
// and a worker sends it; when the entry is there, its address comes back onto the record. Pressed twice it is one entry, and pressed after
// it has failed it is tried again. It refuses what is with the engineers already, what is fixed, and a brand without a tracker.
func (d *Desk) LogIssue(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.logIssue(tx, a, id, now) })
}

func (d *Desk) logIssue(tx *store.Tx, a access.Actor, id int64, now time.Time) error {
	i, err := tx.IssueForUpdate(id)
	if err != nil {
		return err
	}
	switch {
	case i.Tracker != "":
		return fault.New(fault.Conflict, "the engineers have it already: %s", i.Tracker)
	case i.IsFixed():
		return fault.New(fault.Refused, "it is fixed; when it is not after all, say so first")
	}
	t, found, err := tx.TrackerOf(i.Brand)
	if err == nil && !found {
		err = noTracker()
	}
	if err != nil {
		return err
	}
	before, tried, err := tx.LastErrand(i.ID, store.OpenThere)
	switch {
	case err != nil:
		return err
	case tried && !before.Due.IsZero():
		return nil // it is on its way
	case tried && before.IsGivenUp() && before.Tracker == t.ID:
		return d.logAgain(tx, i, before, now)
	}
	return d.logFirst(tx, a, i, t, now)
}

// logFirst plans the errand. Its key names the newest change of the record, so that a problem whose entry was taken out can be opened anew.
func (d *Desk) logFirst(tx *store.Tx, a access.Actor, i issue.Issue, t store.Tracker, now time.Time) error {
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	changes, err := tx.IssueChanges(i.ID, 1)
	if err != nil || len(changes) == 0 {
		return err
	}
	report, err := d.engineersReport(tx, i)
	if err != nil {
		return err
	}
	e := store.Errand{
		Key: store.OpenThere + "/" + itoa(i.ID) + "/" + itoa(changes[0].ID), Issue: i.ID, Tracker: t.ID, What: store.OpenThere,
		Letter: report.Open(newMark()), Person: by.ID, Tells: engineers.ToldOf(i), Created: now, Due: now,
	}
	if added, err := tx.AddErrand(&e); err != nil || !added {
		return err
	}
	return tx.AddIssueChanges(i.ID, by, now, issue.Change{What: "logged", Is: t.Project.String()})
}

// logAgain tries an errand again that was given up, with the words of today. Its mark stays, and so does when it was tried first: an
// earlier attempt may have arrived.
func (d *Desk) logAgain(tx *store.Tx, i issue.Issue, e store.Errand, now time.Time) error {
	report, err := d.engineersReport(tx, i)
	if err != nil {
		return err
	}
	since := e.Letter.Since
	e.Letter = report.Open(e.Letter.Mark)
	e.Letter.Since, e.Tells, e.Due, e.Tries, e.Trouble = since, engineers.ToldOf(i), now, 0, ""
	_, err = tx.SaveErrand(e, time.Time{})
	return err
}
