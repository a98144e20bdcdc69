package desk

import (
	"context"
	"slices"

	"hark/access"
	"hark/store"
)

// ReplyLater puts a ticket on the actor's own pile of what they mean to answer, or takes it off. The ticket itself does
// not change, and nobody else sees the pile. An answer takes the ticket off by itself.
func (d *Desk) ReplyLater(ctx context.Context, a access.Actor, ticketID int64, later bool) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Ticket(a, ticketID); err != nil {
			return err
		}
		if later {
			return tx.ReplyLater(a.Person, ticketID, now)
		}
		return tx.NotLater(a.Person, ticketID)
	})
}

// markPile says of each row whether it is on the actor's pile.
func markPile(tx *store.Tx, a access.Actor, rows []store.Row) error {
	if !a.Staff() || len(rows) == 0 {
		return nil
	}
	pile, err := tx.Pile(a)
	for i := range rows {
		rows[i].Later = slices.Contains(pile, rows[i].ID)
	}
	return err
}

func onPile(tx *store.Tx, a access.Actor, ticketID int64) (bool, error) {
	pile, err := tx.Pile(a)
	return slices.Contains(pile, ticketID), err
}
