package store

import (
	"time"
)

// What the desk needs to take something back, and a few questions only it asks.

// FormResult returns what FinishForm kept under a key, and "" when the key was never used.
func (tx *Tx) FormResult(key [32]byte) (result string, err error) {
	_, err = tx.get([]any{&result}, `SELECT result FROM forms WHERE key = $1`, key)
	return result, err
}

// TakeBack removes the newest change of a ticket as if it had never been: its audits, comments and tasks. It is the one
// exception to "only ever added", and only the desk's undo within seconds of the change uses it, while no mail has left.
// The ticket's own row is the caller's to restore.
func (tx *Tx) TakeBack(ticketID int64, audits, comments, tasks []int64) error {
	for _, id := range comments {
		if err := tx.removeComment(ticketID, id); err != nil {
			return err
		}
	}
	for _, id := range tasks {
		if _, err := tx.exec(`DELETE FROM tasks WHERE id = $1 AND ticket_id = $2`, id, ticketID); err != nil {
			return err
		}
	}
	for _, id := range audits {
		if _, err := tx.exec(`UPDATE outgoing SET audit_id = NULL WHERE audit_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM audits WHERE id = $1 AND ticket_id = $2`, id, ticketID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) removeComment(ticketID, id int64) error {
	if err := tx.dropWords(id); err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE outgoing SET comment_id = NULL WHERE comment_id = $1`,
		`DELETE FROM attachments WHERE comment_id = $1`,
		`DELETE FROM comments WHERE id = $1`,
	} {
		if _, err := tx.exec(statement, id); err != nil {
			return err
		}
	}
	_, err := tx.exec(`UPDATE tickets SET comments = comments - 1 WHERE id = $1`, ticketID)
	return err
}

// OpenTickets returns the numbers of a brand's tickets that are not closed, oldest first.
func (tx *Tx) OpenTickets(brand int64) ([]int64, error) {
	return tx.ids(`
		SELECT id
		FROM tickets
		WHERE brand_id = $1 AND category <> 'closed'
		ORDER BY id`, brand)
}

// OpenTicketsOf returns the numbers of a person's tickets that are not closed, oldest first.
func (tx *Tx) OpenTicketsOf(requester int64) ([]int64, error) {
	return tx.ids(`
		SELECT id
		FROM tickets
		WHERE requester_id = $1 AND category <> 'closed'
		ORDER BY id`, requester)
}

// AnswersTo counts the automatic answers to an address about a ticket since then, whatever became of them. They are the
// automatic mails with the null sender.
func (tx *Tx) AnswersTo(address string, ticketID int64, since time.Time) (n int64, err error) {
	_, err = tx.get([]any{&n}, `
		SELECT count(*)
		FROM outgoing
		WHERE to_address = $1 AND ticket_id = $2 AND created_at >= $3 AND automatic AND envelope_from = '' AND state <> 'cancelled'`,
		address, ticketID, since)
	return n, err
}

// FailuresTo counts the mails to an address of since then that will not arrive any more.
func (tx *Tx) FailuresTo(address string, since time.Time) (n int64, err error) {
	_, err = tx.get([]any{&n}, `
		SELECT count(*)
		FROM outgoing
		WHERE to_address = $1 AND created_at >= $2 AND state = 'failed'`, address, since)
	return n, err
}
