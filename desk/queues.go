package desk

import (
	"context"
	"strconv"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Queue is a list of work that the running policy of a brand names.
type Queue struct {
	policy.Queue
	Brand account.Brand
}

// Name is how an address names it: "2.level_two".
func (q Queue) Name() string { return itoa(q.Brand.ID) + "." + q.ID }

// Filter is which tickets are in it.
func (q Queue) Filter() store.Filter {
	f := store.Filter{View: store.Queue, Brand: q.Brand.ID, Route: q.Route, Topic: q.Topic}
	if q.New {
		f.Category, f.Unseen = ticket.New, true
	}
	return f
}

// Queues are the lists of work of all brands, and whether any of them hears compliments and complaints.
func (d *Desk) Queues(ctx context.Context, a access.Actor) (all []Queue, hears bool, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, false, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		for _, b := range brands {
			if err != nil {
				return err
			}
			p, wrong := d.runningOf(tx, b.ID, now)
			if err = wrong; p == nil {
				continue
			}
			hears = hears || p.Doc.Feedback != nil
			for _, q := range p.Queues() {
				all = append(all, Queue{q, b})
			}
		}
		return err
	})
	return all, hears, err
}

// QueueNamed is one of them by its name; fault.NotFound when the running policy of that brand names none like it.
func (d *Desk) QueueNamed(ctx context.Context, a access.Actor, name string) (q Queue, err error) {
	brand, id, _ := strings.Cut(name, ".")
	number, wrong := strconv.ParseInt(brand, 10, 64)
	missing := fault.New(fault.NotFound, "there is no such queue")
	if wrong != nil || number <= 0 {
		return q, missing
	}
	if err := may(a, access.SeeTickets); err != nil {
		return q, err
	}
	p, of, err := d.RunningOf(ctx, number)
	if err != nil || p == nil {
		return q, orElse(err, missing)
	}
	named, known := p.Queue(id)
	if !known {
		return q, missing
	}
	return Queue{named, of}, nil
}

// CountQueues counts what is in some queues, in their order, up to a hundred each.
func (d *Desk) CountQueues(ctx context.Context, a access.Actor, queues []Queue) (counts []store.Count, err error) {
	if len(queues) == 0 {
		return nil, nil
	}
	lists := make([]store.Filter, len(queues))
	for i, q := range queues {
		lists[i] = q.Filter()
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		counts, err = tx.CountViews(a, lists...)
		return err
	})
	return counts, err
}
