package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// Where feedback comes from: the sentence of a rating, a mail to the policy's address for it, a telephone call (seed 001, 1.34).
const (
	fromRating = "rating"
	fromMail   = "mail"
	fromCall   = "call"
)

// Feedback is one page of the compliments and complaints that the actor may read, the newest first: what waits to be looked at, or all.
func (d *Desk) Feedback(ctx context.Context, a access.Actor, f store.FeedbackFilter) (page store.Page[store.Feedback], err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.Feedback(a, f)
		return err
	})
	return page, err
}

// FeedbackWaits counts what waits to be looked at, for the same reader.
func (d *Desk) FeedbackWaits(ctx context.Context, a access.Actor) (n store.Count, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return n, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		n, err = tx.CountFeedback(a)
		return err
	})
	return n, err
}

// SettleFeedback notes that somebody has dealt with a compliment or a complaint, or takes that back. What the actor may not read is
// fault.NotFound.
func (d *Desk) SettleFeedback(ctx context.Context, a access.Actor, id int64, settled bool) error {
	if err := may(a, access.WriteNote); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		page, err := tx.Feedback(a, store.FeedbackFilter{ID: id, Limit: 1})
		if err == nil && len(page.Items) == 0 {
			err = fault.New(fault.NotFound, "there is no such compliment or complaint")
		}
		if err != nil || page.Items[0].Done.IsZero() != settled {
			return err
		}
		if !settled {
			return tx.SettleFeedback(id, 0, time.Time{})
		}
		return tx.SettleFeedback(id, a.Person, now)
	})
}

// toComplaints keeps a new ticket as feedback when it was written to the policy's address for compliments and complaints. Which of
// the two it is, its reader sees.
func (r *receiving) toComplaints() error {
	p, err := r.d.rules.forTicket(r.tx, r.ticket.Policy, r.ticket.Brand, r.in.ReceivedAt)
	if err != nil || p.ComplaintsTo() == "" || account.FoldAddress(p.ComplaintsTo()) != account.FoldAddress(r.box.Address) {
		return err
	}
	return r.tx.KeepFeedback(store.Feedback{Brand: r.ticket.Brand, Source: fromMail, Ticket: r.in.Ticket, Words: shortened(r.mail.TextTrimmed, longestRating), At: r.in.ReceivedAt})
}

// heardOut keeps a call that was a compliment or a complaint, when its outcome goes to the policy's address for them (S1-23).
func (c *calling) heardOut() error {
	if c.forwardTo() == "" {
		return nil
	}
	return c.tx.KeepFeedback(store.Feedback{Brand: c.call.Brand, Source: fromCall, Call: c.call.ID, Words: c.call.Note, At: c.now})
}

// saidOn settles the feedback of a call whose record was passed on.
func (c *calling) saidOn() error {
	page, err := c.tx.Feedback(access.Clock, store.FeedbackFilter{Call: c.call.ID, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	return c.tx.SettleFeedback(page.Items[0].ID, c.a.Person, c.now)
}
