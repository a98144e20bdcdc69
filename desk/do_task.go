package desk

import (
	"context"

	"hark/access"
	"hark/store"
)

// DoTask marks a task of a ticket as done by the actor.
func (d *Desk) DoTask(ctx context.Context, a access.Actor, ticketID, task int64) error {
	if err := may(a, access.ChangeTicket); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Ticket(a, ticketID); err != nil {
			return err
		}
		tx.Changed(ticketID)
		return tx.DoTask(ticketID, task, a.Person, now)
	})
}

// Tasks is one page of open tasks on tickets the actor may see.
func (d *Desk) Tasks(ctx context.Context, a access.Actor, after string, limit int) (page store.Page[store.Task], err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.OpenTasks(a, after, limit)
		return err
	})
	return page, err
}
