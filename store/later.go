package store

import (
	"time"

	"hark/access"
)

// ReplyLater puts a ticket on the person's own pile; one that is there already stays where it is.
func (tx *Tx) ReplyLater(person, ticketID int64, now time.Time) error {
	_, err := tx.exec(`
		INSERT INTO reply_later (person_id, ticket_id, added_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id, ticket_id) DO NOTHING`, person, ticketID, now)
	return err
}

// NotLater takes a ticket off the person's pile. One that is not there is no error.
func (tx *Tx) NotLater(person, ticketID int64) error {
	_, err := tx.exec(`DELETE FROM reply_later WHERE person_id = $1 AND ticket_id = $2`, person, ticketID)
	return err
}

// Pile returns the tickets on the actor's own pile, the first added first, at most as many as a list can show.
func (tx *Tx) Pile(a access.Actor) (tickets []int64, err error) {
	var id int64
	err = tx.each([]any{&id}, func() error { tickets = append(tickets, id); return nil }, `
		SELECT ticket_id
		FROM reply_later
		WHERE person_id = $1
		ORDER BY added_at, ticket_id
		LIMIT $2`, own(a), mostLimit)
	return tickets, err
}
