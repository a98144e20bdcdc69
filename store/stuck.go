package store

import "time"

// Stuck is a ticket whose turn came and failed for a reason nobody foresaw. It steps aside, so that the others have their
// turn, and is tried again later and later.
type Stuck struct {
	Ticket int64
	Tries  int64     // so far
	Since  time.Time // the first of them
	Again  time.Time // the next
	Says   string    // what the last one failed with, for operators
}

// Stuck returns what is remembered of a ticket's failures; without any, nothing but its id.
func (tx *Tx) Stuck(ticketID int64) (Stuck, error) {
	all, err := tx.stuck((&query{}).add(selectStuck+`WHERE s.ticket_id = ?`, ticketID))
	if err != nil || len(all) == 0 {
		return Stuck{Ticket: ticketID}, err
	}
	return all[0], nil
}

// StuckTickets returns up to limit tickets that have stepped aside, the longest failing first.
func (tx *Tx) StuckTickets(limit int) ([]Stuck, error) {
	return tx.stuck((&query{}).add(selectStuck+`
		WHERE t.next_at = s.again_at
		ORDER BY s.since, s.ticket_id
		LIMIT ?`, limit))
}

const selectStuck = `
	SELECT s.ticket_id, s.tries, s.since, s.again_at, s.says
	FROM stuck s
	JOIN tickets t ON t.id = s.ticket_id
	`

func (tx *Tx) stuck(q *query) (all []Stuck, err error) {
	var s Stuck
	err = tx.each([]any{&s.Ticket, &s.Tries, &s.Since, &s.Again, &s.Says}, func() error { all = append(all, s); return nil }, q.String(), q.args...)
	return all, err
}

// StepAside remembers a failure, and makes the ticket due again at s.Again. It reads nothing of the ticket, because that
// may be what failed.
func (tx *Tx) StepAside(s Stuck) error {
	_, err := tx.exec(`
		INSERT INTO stuck (ticket_id, tries, since, again_at, says)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ticket_id) DO UPDATE SET
			tries = excluded.tries, since = excluded.since, again_at = excluded.again_at, says = excluded.says`,
		s.Ticket, s.Tries, s.Since, s.Again, s.Says)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE tickets SET next_at = $1 WHERE id = $2`, s.Again, s.Ticket)
	return err
}

// Unstick forgets a ticket's failures.
func (tx *Tx) Unstick(ticketID int64) error {
	_, err := tx.exec(`DELETE FROM stuck WHERE ticket_id = $1`, ticketID)
	return err
}
