package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// OwnRequest is one ticket in its customer's own list, and how far it has come.
type OwnRequest struct {
	store.Row
	Progress policy.Progress
	Followed bool // there is a tracker; Progress is empty without one
}

// OwnRequests is one page of the actor's own tickets, the newest change first, each as far as it has come by the policy it began with.
func (d *Desk) OwnRequests(ctx context.Context, a access.Actor, after string) (page store.Page[OwnRequest], err error) {
	rows, err := d.Inbox(ctx, a, store.Filter{View: store.Requester, Requester: a.Person, After: after})
	if err != nil {
		return page, err
	}
	page.Next = rows.Next
	for _, row := range rows.Items {
		page.Items = append(page.Items, OwnRequest{Row: row})
	}
	now := d.now()
	return page, d.db.Read(ctx, func(tx *store.Tx) error { return d.follow(tx, a, page.Items, now) })
}

// follow says of each request in a list how far it has come.
func (d *Desk) follow(tx *store.Tx, a access.Actor, list []OwnRequest, now time.Time) error {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	stands, err := tx.Standings(a, ids)
	for i := range list {
		if t, known := stands[list[i].ID]; known && err == nil {
			err = d.followOne(tx, &list[i], t, now)
		}
	}
	return err
}

func (d *Desk) followOne(tx *store.Tx, r *OwnRequest, t ticket.Ticket, now time.Time) error {
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err == nil {
		r.Progress, r.Followed = p.Progress(t, now)
	}
	return err
}
