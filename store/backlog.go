package store

import "context"

// Backlog is what has not been done yet, for operators.
type Backlog struct {
	Received   int64 // accepted mails that nobody has read
	ToSend     int64 // mails that have not left
	Held       int64 // mails that wait for a person
	Unreadable int64
	Stuck      int64 // tickets whose turn came and failed
	Silent     int64 // mailboxes to which mail has stopped to arrive
}

// Backlog counts it. Each count runs over a partial index of what is open, never over all mail.
func (tx *Tx) Backlog() (b Backlog, err error) {
	for _, count := range []struct {
		into  *int64
		query string
	}{
		{&b.Received, `SELECT count(*) FROM incoming WHERE state = 'received'`},
		{&b.Held, `SELECT count(*) FROM incoming WHERE ` + waitsForAPerson},
		{&b.Unreadable, `SELECT count(*) FROM incoming WHERE state = 'unreadable'`},
		{&b.ToSend, `SELECT count(*) FROM outgoing WHERE next_at IS NOT NULL`},
		{&b.Stuck, `SELECT count(*) FROM stuck s JOIN tickets t ON t.id = s.ticket_id AND t.next_at = s.again_at`},
		{&b.Silent, `SELECT count(*) FROM round_trips WHERE alarmed_at IS NOT NULL`},
	} {
		if _, err = tx.get([]any{count.into}, count.query); err != nil {
			return b, err
		}
	}
	return b, nil
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		var one int64
		_, err := tx.get([]any{&one}, `SELECT 1`)
		return err
	})
}
