package store

import "hark/account"

const selectRoundTrip = `
	SELECT
		b.id,
		coalesce(r.outgoing_id, 0),
		coalesce(r.incoming_id, 0),
		r.sent_at,
		r.back_at,
		r.alarmed_at
	FROM mailboxes b
	LEFT JOIN round_trips r ON r.mailbox_id = b.id
	`

// RoundTrips returns the last round trip of every mailbox that is in use and has received a mail at least: until then nobody knows
// whether mail is meant to arrive here yet.
func (tx *Tx) RoundTrips() (all []account.RoundTrip, err error) {
	var r account.RoundTrip
	err = tx.each([]any{&r.Mailbox, &r.Outgoing, &r.Incoming, &r.Sent, &r.Back, &r.Alarmed}, func() error { all = append(all, r); return nil }, selectRoundTrip+`
		WHERE NOT b.paused AND EXISTS (SELECT 1 FROM incoming i WHERE i.mailbox_id = b.id)
		ORDER BY b.id`)
	return all, err
}

// SaveRoundTrip stores the last round trip of a mailbox.
func (tx *Tx) SaveRoundTrip(r account.RoundTrip) error {
	_, err := tx.exec(`
		INSERT INTO round_trips (mailbox_id, outgoing_id, incoming_id, sent_at, back_at, alarmed_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (mailbox_id) DO UPDATE SET
			outgoing_id = excluded.outgoing_id, incoming_id = excluded.incoming_id,
			sent_at = excluded.sent_at, back_at = excluded.back_at, alarmed_at = excluded.alarmed_at`,
		r.Mailbox, r.Outgoing, r.Incoming, r.Sent, r.Back, r.Alarmed)
	return err
}

// DropRoundTrip removes the two mails of a round trip from the logs: of twenty-four a day one says everything. Nobody else's mail
// can be named by it.
func (tx *Tx) DropRoundTrip(r account.RoundTrip) error {
	for _, drop := range []struct {
		query string
		id    int64
	}{
		{`DELETE FROM incoming_raw WHERE incoming_id = $1`, r.Incoming},
		{`DELETE FROM incoming WHERE id = $1`, r.Incoming},
		{`DELETE FROM outgoing_raw WHERE outgoing_id = $1`, r.Outgoing},
		{`DELETE FROM outgoing WHERE id = $1`, r.Outgoing},
	} {
		if _, err := tx.exec(drop.query, drop.id); err != nil {
			return err
		}
	}
	return nil
}
