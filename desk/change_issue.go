package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/issue"
	"hark/store"
)

// ChangeIssue is a known problem as it shall read from now on.
type ChangeIssue struct {
	Issue int64
	Text  IssueText
	Base  int64 // the newest change that the page showed; 0 does not ask
}

// ChangeIssue writes down what is known now. Nobody is mailed by it, but what linked customers see on their pages is the new text at
// once. It refuses with an [issue.Wrong] what cannot be kept, and with fault.Conflict what an older page would take back. Where a
// fix is announced after it was confirmed, tickets whose policy waits for that hear of it.
func (d *Desk) ChangeIssue(ctx context.Context, a access.Actor, in ChangeIssue) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.changeIssue(tx, a, in, now) })
}

func (d *Desk) changeIssue(tx *store.Tx, a access.Actor, in ChangeIssue, now time.Time) error {
	was, err := tx.IssueForUpdate(in.Issue)
	if err != nil {
		return err
	}
	if err := sawIssue(tx, was.ID, in.Base); err != nil {
		return err
	}
	p, err := d.issueRules(tx, was.Brand, now)
	if err != nil {
		return err
	}
	is, err := in.Text.written(was, p)
	if err == nil {
		err = ofKnownProduct(tx, was, is)
	}
	if err != nil {
		return err
	}
	return d.keepIssue(tx, a, was, is, now)
}

// keepIssue keeps what has become different. Where a fix is announced after it was confirmed, or elsewhere, tickets whose policy waits for
// that hear of it.
func (d *Desk) keepIssue(tx *store.Tx, a access.Actor, was, is issue.Issue, now time.Time) error {
	different := issue.Differences(was, is)
	if len(different) == 0 {
		return nil
	}
	if err := tx.SaveIssue(is); err != nil {
		return err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	if is.IsFixed() && is.Announcement != was.Announcement && is.Announcement != "" {
		if err := tx.QueueTelling(is.ID, latest(now, is.ToldFrom())); err != nil {
			return err
		}
	}
	if err := tx.AddIssueChanges(is.ID, by, now, different...); err != nil {
		return err
	}
	if is.Tracker != was.Tracker {
		return d.followEntry(tx, is, a.Person, now)
	}
	return d.tellEngineers(tx, is, now)
}
