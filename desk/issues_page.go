package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// What pages read about known problems. All colleagues may read them, and of their tickets each those they may see.

// Issues is one page of known problems: the open ones that most customers have first.
func (d *Desk) Issues(ctx context.Context, a access.Actor, f store.IssueFilter) (page store.Page[issue.Issue], err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.Issues(a, f)
		return err
	})
	return page, err
}

// IssueBrands are the brands that speak of known problems.
func (d *Desk) IssueBrands(ctx context.Context, a access.Actor) (all []account.Brand, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		for _, b := range brands {
			p, err := d.runningRules(tx, b.ID, now)
			if err != nil {
				return err
			}
			if p != nil && p.HasIssues() {
				all = append(all, b)
			}
		}
		return err
	})
	return all, err
}

// IssueRules is the policy under which a brand speaks of known problems, 0 for the first brand; fault.Refused when it does not.
func (d *Desk) IssueRules(ctx context.Context, a access.Actor, brand int64) (p *policy.Policy, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = d.issueRules(tx, brand, now)
		return err
	})
	return p, err
}

// IssuePage is everything that the page of a known problem shows.
type IssuePage struct {
	Issue   issue.Issue
	Policy  *policy.Policy // of its brand, as it runs now
	Brand   account.Brand
	Tickets store.Page[store.Row] // those the reader may see, the newest first
	Changes []issue.Change        // the newest first
	Base    int64                 // the newest of them: a change is written against it
	Waits   int64                 // how many tickets are still to hear of the fix
	From    time.Time             // when they begin to, zero once they do
	Fix     policy.Follows        // what confirming the fix would do for one of its tickets; empty without one
	There   IssueEngineers        // how it stands with the engineers
	News    store.NewsEntry       // the entry that tells of its fix, zero when none does
	Answers int                   // how many of its tickets the reader could answer now, at most [MostAnswered]
}

// mostIssueChanges is how much of its history a page shows.
const mostIssueChanges = 50

// IssuePage reads a known problem; fault.NotFound when there is none. after continues the list of its tickets.
func (d *Desk) IssuePage(ctx context.Context, a access.Actor, id int64, after string) (page IssuePage, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = d.issuePage(tx, a, id, after, now)
		return err
	})
	return page, err
}

func (d *Desk) issuePage(tx *store.Tx, a access.Actor, id int64, after string, now time.Time) (page IssuePage, err error) {
	if page.Issue, err = tx.Issue(a, id); err != nil {
		return page, err
	}
	var open []int64
	for _, read := range []func() error{
		func() error { page.Policy, err = d.runningRules(tx, page.Issue.Brand, now); return err },
		func() error { page.Brand, err = tx.Brand(page.Issue.Brand); return err },
		func() error { page.Tickets, err = tx.IssueTickets(a, id, after, 0); return err },
		func() error { page.Changes, err = tx.IssueChanges(id, mostIssueChanges); return err },
		func() error { page.Waits, err = tx.WaitToHear(id); page.From = yetToBegin(page.Issue, now); return err },
		func() error { open, err = tx.OpenIssueTickets(a, id, 0, MostAnswered); return err },
		func() error { page.Fix, err = d.fixFollows(tx, a, page, now); return err },
		func() error { page.News, _, err = tx.EntryOfFix(id); return err },
		func() error { page.There, err = d.issueEngineers(tx, page.Issue); return err },
	} {
		if err := read(); err != nil {
			return page, err
		}
	}
	if page.Answers = len(open); len(page.Changes) > 0 {
		page.Base = page.Changes[0].ID
	}
	return page, nil
}

// fixFollows tries the confirmation on one of the tickets; the others do alike, or have nothing to do.
func (d *Desk) fixFollows(tx *store.Tx, a access.Actor, page IssuePage, now time.Time) (f policy.Follows, err error) {
	if page.Issue.IsFixed() || len(page.Tickets.Items) == 0 {
		return f, nil
	}
	t, p, err := d.issueTicket(tx, a, page.Issue, page.Tickets.Items[0].ID, now)
	if err != nil {
		return f, err
	}
	return p.FixFollows(t, now), nil
}

// issueTicket is a ticket with what its known problem supplies, and the policy it runs under.
func (d *Desk) issueTicket(tx *store.Tx, a access.Actor, i issue.Issue, id int64, now time.Time) (t ticket.Ticket, p *policy.Policy, err error) {
	if t, err = tx.Ticket(a, id); err != nil {
		return t, nil, err
	}
	t.Facts = withIssue(t.Facts, TicketIssue{Issue: i, Linked: true})
	p, err = d.rules.forTicket(tx, t.Policy, t.Brand, now)
	return t, p, err
}

// TicketToLink is a ticket, what would come of linking it to a known problem now, and the known problems of its brand.
type TicketToLink struct {
	Ticket  ticket.Ticket
	Follows policy.Follows
	Issues  []issue.Issue
}

// TicketToLink looks for the known problem of a ticket: by words, and without any among those that most customers have. Those of its product
// come first.
func (d *Desk) TicketToLink(ctx context.Context, a access.Actor, id int64, words string, most int) (found TicketToLink, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return found, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, p, err := d.issueTicket(tx, a, issue.Issue{}, id, now)
		if err != nil {
			return err
		}
		found.Ticket, found.Follows = t, p.LinkFollows(t, now)
		found.Issues, err = knownFor(tx, a, t, words, most)
		return err
	})
	return found, err
}
