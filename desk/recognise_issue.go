package desk

import (
	"context"
	"time"

	"hark/account"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Known problems that customers recognise before they send a request. Which ones everybody may read of, a colleague decides for each;
// all others are found by nobody, whatever they type.

// recognisable is how many known problems stand beside a form: more would be a list to work through.
const recognisable = 2

// RecogniseIssues are the known problems that may be what somebody begins to describe, with what customers may know of them, and the
// policy that says how the brand speaks of when. None where the brand's policy speaks of no known problems.
func (d *Desk) RecogniseIssues(ctx context.Context, brand int64, description string) (found []issue.Issue, p *policy.Policy, err error) {
	err = d.readPublicIssues(ctx, brand, func(tx *store.Tx, rules *policy.Policy, brand int64, now time.Time) (err error) {
		p = rules
		found, err = tx.IssuesLike(brand, description, recognisable, now)
		for i := range found {
			found[i] = publicIssue(found[i], now)
		}
		return err
	})
	return found, p, err
}

// PublicIssue is one that everybody may read of and that is still there; any other is [fault.NotFound].
func (d *Desk) PublicIssue(ctx context.Context, brand, id int64) (found issue.Issue, p *policy.Policy, err error) {
	err = d.readPublicIssues(ctx, brand, func(tx *store.Tx, rules *policy.Policy, brand int64, now time.Time) (err error) {
		p = rules
		found, err = tx.PublicIssue(brand, id, now)
		found = publicIssue(found, now)
		return err
	})
	if err == nil && p == nil {
		err = fault.New(fault.NotFound, "there is no such known problem")
	}
	return found, p, err
}

// HasPublicIssues reports whether there is anything to recognise at a brand.
func (d *Desk) HasPublicIssues(ctx context.Context, brand int64) (has bool, err error) {
	err = d.readPublicIssues(ctx, brand, func(tx *store.Tx, _ *policy.Policy, brand int64, now time.Time) (err error) {
		has, err = tx.HasPublicIssues(brand, now)
		return err
	})
	return has, err
}

// readPublicIssues reads at a brand whose policy speaks of known problems, and nothing at any other.
func (d *Desk) readPublicIssues(ctx context.Context, brand int64, read func(*store.Tx, *policy.Policy, int64, time.Time) error) error {
	now := d.now()
	return d.db.Read(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, brand)
		if err != nil {
			return err
		}
		p, err := d.runningRules(tx, brand, now)
		if err != nil || p == nil || !p.HasIssues() {
			return err
		}
		return read(tx, p, brand, now)
	})
}

// recognise links a new request to the known problem that its writer recognised in the form. One that is fixed by
// now, or that everybody may read of no longer, is nothing to be linked to; the request is made all the same.
func (d *Desk) recognise(tx *store.Tx, t ticket.Ticket, in Request, requester account.Person, now time.Time) error {
	if in.Problem == 0 {
		return nil
	}
	p, err := d.runningRules(tx, t.Brand, now)
	if err != nil || p == nil || !p.HasIssues() {
		return err
	}
	_, err = tx.PublicIssue(t.Brand, in.Problem, now)
	if isNotFound(err) {
		return nil
	}
	if err == nil {
		err = d.linkIssue(tx, requester.Actor(), LinkIssue{Issue: in.Problem, Ticket: t.ID}, now)
	}
	return err
}
