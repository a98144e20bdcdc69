package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/issue"
	"hark/store"
)

// OpenIssue is a fault that becomes known, from a ticket or without one.
type OpenIssue struct {
	Ticket int64 // the first that reports it; 0 for none
	Brand  int64 // without a ticket; 0 for the first
	Text   IssueText
	Key    string
}

// OpenIssue writes a known problem down and links the ticket it was found on. The error of a value that cannot be kept is an
// [issue.Wrong].
func (d *Desk) OpenIssue(ctx context.Context, a access.Actor, in OpenIssue) (id int64, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return 0, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		id, err = onceNumbered(tx, a, "open-issue", in.Key, now, func() (int64, error) { return d.openIssue(tx, a, in, now) })
		return err
	})
	return id, err
}

func (d *Desk) openIssue(tx *store.Tx, a access.Actor, in OpenIssue, now time.Time) (int64, error) {
	brand := in.Brand
	if in.Ticket != 0 {
		t, err := d.load(tx, a, in.Ticket)
		if err != nil {
			return 0, err
		}
		brand = t.Brand
	}
	brand, err := d.brandOr(tx, brand)
	if err != nil {
		return 0, err
	}
	p, err := d.issueRules(tx, brand, now)
	if err != nil {
		return 0, err
	}
	i, err := in.Text.written(issue.Issue{Brand: brand, Opened: now}, p)
	if err != nil {
		return 0, err
	}
	if err := ofKnownProduct(tx, issue.Issue{}, i); err != nil {
		return 0, err
	}
	if err := tx.AddIssue(&i); err != nil {
		return 0, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return 0, err
	}
	if err := tx.AddIssueChanges(i.ID, by, now, issue.Change{What: "opened"}); err != nil {
		return 0, err
	}
	if in.Ticket != 0 {
		if err := d.linkIssue(tx, a, LinkIssue{Issue: i.ID, Ticket: in.Ticket}, now); err != nil {
			return 0, err
		}
	}
	return i.ID, d.followNew(tx, a, i.ID, now)
}

// followNew follows the entry that a new problem has already, and whoever has reported it is no news there.
func (d *Desk) followNew(tx *store.Tx, a access.Actor, id int64, now time.Time) error {
	i, err := tx.Issue(access.Clock, id)
	if err != nil || i.Tracker == "" {
		return err
	}
	return d.followEntry(tx, i, a.Person, now)
}
