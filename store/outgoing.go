package store

import (
	"time"

	"hark/access"
)

// Outgoing is one mail to one recipient. It is written in the transaction that decided to send it, under a key that is
// unique for ever, so deciding twice sends once.
//
// Workers take mails by lease. Taking one raises its lease number, and an outcome is stored only under the number it
// was taken with: a worker that slept through its lease cannot overwrite what the next one found (fencing).
type Outgoing struct {
	ID           int64
	Key          string
	Ticket       int64
	Comment      int64
	Audit        int64
	Template     string
	To           string
	ToName       string
	From         string
	EnvelopeFrom string
	Subject      string
	MessageID    string
	Raw          []byte // read back by [Tx.OutgoingRaw] and [Tx.ClaimOutgoing] only
	Automatic    bool
	State        OutgoingState
	Phase        string // how far the SMTP dialogue came
	Attempts     int64
	Lease        int64
	LeaseUntil   time.Time
	NextAt       time.Time // when a worker should look at it; zero when nothing is left to do
	LastError    string
	LastCode     string
	Host         string
	CreatedAt    time.Time
	SentAt       time.Time
	Results      []Attempt

	Was      OutgoingState // only from ClaimOutgoing: the state before
	WasPhase string        // and the phase
}

// OutgoingState is how a mail to be sent stands.
type OutgoingState string

const (
	HeldBack  OutgoingState = "held" // the sender may still undo it, until NextAt
	Queued    OutgoingState = "queued"
	Sending   OutgoingState = "sending"
	Sent      OutgoingState = "sent"
	Uncertain OutgoingState = "uncertain" // all was sent, and no answer came
	Deferred  OutgoingState = "deferred"
	Failed    OutgoingState = "failed"
	Cancelled OutgoingState = "cancelled"
)

// Attempt is one try to send a mail.
type Attempt struct {
	At    time.Time `json:"at"`
	Host  string    `json:"host,omitempty"`
	Phase string    `json:"phase,omitempty"`
	Code  string    `json:"code,omitempty"`
	Says  string    `json:"says,omitempty"`
}

// AddOutgoing stores a mail to be sent and sets its ID. When one with the same key is there it changes nothing, sets ID
// to that one's, and reports false.
func (tx *Tx) AddOutgoing(o *Outgoing) (added bool, err error) {
	if o.State == "" {
		o.State = Queued
	}
	if o.NextAt.IsZero() && (o.State == Queued || o.State == HeldBack) {
		o.NextAt = o.CreatedAt
	}
	o.ID, err = tx.insert(`
		INSERT INTO outgoing (
			key, ticket_id, comment_id, audit_id, template,
			to_address, to_name, from_address, envelope_from, subject, message_id,
			automatic, state, phase, next_at, last_error, last_code, host, created_at, sent_at, results)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (key) DO NOTHING
		RETURNING id`,
		o.Key, ref(o.Ticket), ref(o.Comment), ref(o.Audit), o.Template,
		o.To, o.ToName, o.From, o.EnvelopeFrom, o.Subject, o.MessageID,
		o.Automatic, o.State, o.Phase, o.NextAt, o.LastError, o.LastCode, o.Host, o.CreatedAt, o.SentAt, inJSON{results(o)})
	if err != nil {
		return false, err
	}
	if o.ID == 0 {
		_, err = tx.get([]any{&o.ID}, `SELECT id FROM outgoing WHERE key = $1`, o.Key)
		return false, err
	}
	if o.Raw == nil {
		return true, nil // to be set when it is known
	}
	return true, tx.keepRaw(o)
}

// HasOutgoing reports whether a mail of that key was planned, whatever has become of it.
func (tx *Tx) HasOutgoing(key string) (bool, error) {
	var id int64
	return tx.get([]any{&id}, `SELECT id FROM outgoing WHERE key = $1`, key)
}

func (tx *Tx) keepRaw(o *Outgoing) error {
	_, err := tx.exec(`
		INSERT INTO outgoing_raw (outgoing_id, raw)
		VALUES ($1, $2)
		ON CONFLICT (outgoing_id) DO UPDATE SET raw = excluded.raw`, o.ID, notNil(o.Raw))
	return err
}

func results(o *Outgoing) []Attempt {
	if o.Results == nil {
		return []Attempt{}
	}
	return o.Results
}

// SetOutgoingRaw stores the bytes, Message-ID and envelope sender of a mail that was added before they were known: its
// Message-ID may contain its id. It does so in the transaction that added it and never later.
func (tx *Tx) SetOutgoingRaw(o *Outgoing) error {
	_, err := tx.exec(`
		UPDATE outgoing SET message_id = $1, envelope_from = $2
		WHERE id = $3 AND attempts = 0`, o.MessageID, o.EnvelopeFrom, o.ID)
	if err != nil {
		return err
	}
	return tx.keepRaw(o)
}

// DropOutgoing removes a mail in the transaction that added it. One that a worker has taken stays.
func (tx *Tx) DropOutgoing(key string) error {
	if _, err := tx.exec(`DELETE FROM outgoing_raw WHERE outgoing_id = (SELECT id FROM outgoing WHERE key = $1 AND attempts = 0)`, key); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM outgoing WHERE key = $1 AND attempts = 0`, key)
	return err
}

const selectOutgoing = `
	SELECT
		o.id,
		o.key,
		o.ticket_id,
		o.comment_id,
		o.audit_id,
		o.template,
		o.to_address,
		o.to_name,
		o.from_address,
		o.envelope_from,
		o.subject,
		o.message_id,
		o.automatic,
		o.state,
		o.phase,
		o.attempts,
		o.lease,
		o.lease_until,
		o.next_at,
		o.last_error,
		o.last_code,
		o.host,
		o.created_at,
		o.sent_at,
		o.results
	FROM outgoing o
	`

func (tx *Tx) outgoing(q *query) (all []Outgoing, err error) {
	var o Outgoing
	err = tx.each([]any{
		&o.ID,
		&o.Key,
		&o.Ticket,
		&o.Comment,
		&o.Audit,
		&o.Template,
		&o.To,
		&o.ToName,
		&o.From,
		&o.EnvelopeFrom,
		&o.Subject,
		&o.MessageID,
		&o.Automatic,
		&o.State,
		&o.Phase,
		&o.Attempts,
		&o.Lease,
		&o.LeaseUntil,
		&o.NextAt,
		&o.LastError,
		&o.LastCode,
		&o.Host,
		&o.CreatedAt,
		&o.SentAt,
		outJSON{&o.Results},
	}, func() error { all = append(all, o); return nil }, q.String(), q.args...)
	return all, err
}

func (tx *Tx) oneOutgoing(q *query) (o Outgoing, err error) {
	all, err := tx.outgoing(q)
	if err == nil && len(all) == 0 {
		err = absent("mail")
	}
	if err != nil {
		return o, err
	}
	return all[0], nil
}

// ClaimOutgoing takes up to limit mails that are due, with their bytes, for leaseFor. Each is stored as sending under a
// new lease, with the attempt counted, before the caller touches the network.
//
// Was and WasPhase say how each stood before. Was sending means that a worker was lost, and WasPhase whether the mail
// may have gone out.
func (tx *Tx) ClaimOutgoing(now time.Time, limit int, leaseFor time.Duration) ([]Outgoing, error) {
	q := (&query{}).add(selectOutgoing+`
		WHERE o.next_at <= ?`, now).add(`
		ORDER BY o.next_at, o.id
		LIMIT ?`, limit)
	all, err := tx.outgoing(q.lock(tx, "SKIP LOCKED"))
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := tx.lease(&all[i], now.Add(leaseFor)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (tx *Tx) lease(o *Outgoing, until time.Time) (err error) {
	o.Was, o.WasPhase = o.State, o.Phase
	o.State, o.Phase = Sending, ""
	o.Lease++
	o.Attempts++
	o.LeaseUntil, o.NextAt = until, until
	_, err = tx.exec(`
		UPDATE outgoing SET
			state = 'sending', phase = '', lease = $1, attempts = $2, lease_until = $3, next_at = $3
		WHERE id = $4`, o.Lease, o.Attempts, until, o.ID)
	if err != nil {
		return err
	}
	o.Raw, err = tx.outgoingRaw(o.ID)
	return err
}

func (tx *Tx) outgoingRaw(id int64) (raw []byte, err error) {
	_, err = tx.get([]any{&raw}, `SELECT raw FROM outgoing_raw WHERE outgoing_id = $1`, id)
	return raw, err
}

// SaveOutgoing stores how a mail stands, if the lease it was taken under is still the last. It reports false, and
// stores nothing, when another worker has taken it since.
func (tx *Tx) SaveOutgoing(o *Outgoing, lease int64) (ok bool, err error) {
	n, err := tx.exec(`
		UPDATE outgoing SET
			state = $1, phase = $2, attempts = $3, lease_until = $4, next_at = $5,
			last_error = $6, last_code = $7, host = $8, sent_at = $9, results = $10
		WHERE id = $11 AND lease = $12`,
		o.State, o.Phase, o.Attempts, o.LeaseUntil, o.NextAt,
		o.LastError, o.LastCode, o.Host, o.SentAt, inJSON{results(o)}, o.ID, lease)
	return n == 1, err
}

// MarkOutgoing notes how far the dialogue about a mail has come. It reports false when the lease is no longer this one.
func (tx *Tx) MarkOutgoing(id, lease int64, phase string) (ok bool, err error) {
	n, err := tx.exec(`
		UPDATE outgoing SET phase = $1
		WHERE id = $2 AND lease = $3 AND state = 'sending'`, phase, id, lease)
	return n == 1, err
}

// KeepOutgoing makes a lease last longer. It reports false when another worker has taken the mail since.
func (tx *Tx) KeepOutgoing(id, lease int64, until time.Time) (ok bool, err error) {
	n, err := tx.exec(`
		UPDATE outgoing SET lease_until = $1, next_at = $1
		WHERE id = $2 AND lease = $3 AND state = 'sending'`, until, id, lease)
	return n == 1, err
}

// ReleaseOutgoing ends every lease, so that mails whose worker is known to be gone are looked at now.
func (tx *Tx) ReleaseOutgoing(now time.Time) error {
	_, err := tx.exec(`
		UPDATE outgoing SET lease_until = $1, next_at = $1
		WHERE state = 'sending'`, now)
	return err
}

// CancelOutgoing takes a mail back that no worker has taken yet. It reports false when it is too late.
func (tx *Tx) CancelOutgoing(id int64) (ok bool, err error) {
	n, err := tx.exec(`
		UPDATE outgoing SET state = 'cancelled', next_at = NULL
		WHERE id = $1 AND state IN ('held', 'queued', 'deferred')`, id)
	return n == 1, err
}

// NextOutgoing returns when the next mail should be looked at, or the zero time when none is left.
func (tx *Tx) NextOutgoing() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `
		SELECT next_at
		FROM outgoing
		WHERE next_at IS NOT NULL
		ORDER BY next_at
		LIMIT 1`)
	return at, err
}

// OutgoingByMessageID returns the mail that went out under that Message-ID, which is ours and unique.
func (tx *Tx) OutgoingByMessageID(messageID string) (Outgoing, error) {
	if messageID == "" {
		return Outgoing{}, absent("mail")
	}
	return tx.oneOutgoing((&query{}).add(selectOutgoing+`WHERE o.message_id = ? AND o.message_id <> '' ORDER BY o.id LIMIT 1`, messageID))
}

// OutgoingByID returns a mail for the desk's own use and on PostgreSQL keeps other nodes from it until the transaction
// ends.
func (tx *Tx) OutgoingByID(id int64) (Outgoing, error) {
	return tx.oneOutgoing((&query{}).add(selectOutgoing+`WHERE o.id = ?`, id).lock(tx, "OF o"))
}

// Outgoing returns one mail of the log to staff.
func (tx *Tx) Outgoing(a access.Actor, id int64) (Outgoing, error) {
	return tx.oneOutgoing((&query{}).add(selectOutgoing+`WHERE o.id = ? AND `, id).mailVisible(a, "o.ticket_id"))
}

// OutgoingRaw returns the bytes of a mail to staff.
func (tx *Tx) OutgoingRaw(a access.Actor, id int64) ([]byte, error) {
	if _, err := tx.Outgoing(a, id); err != nil {
		return nil, err
	}
	return tx.outgoingRaw(id)
}

// OutgoingOf returns a ticket's mails to staff, oldest first, without their bytes.
func (tx *Tx) OutgoingOf(a access.Actor, ticketID int64) ([]Outgoing, error) {
	q := (&query{}).add(selectOutgoing+`WHERE o.ticket_id = ? AND `, ticketID).mailVisible(a, "o.ticket_id")
	return tx.outgoing(q.add(" ORDER BY o.id"))
}

// OutgoingOfComment returns the mails a comment went out as, for the desk's own use.
func (tx *Tx) OutgoingOfComment(commentID int64) ([]Outgoing, error) {
	return tx.outgoing((&query{}).add(selectOutgoing+`WHERE o.comment_id = ? ORDER BY o.id`, commentID))
}

// OutgoingList returns one page of the log of mail to be sent, newest first.
func (tx *Tx) OutgoingList(a access.Actor, f MailFilter) (page Page[Outgoing], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	n := limit(f.Limit)
	q := (&query{}).add(selectOutgoing+`WHERE `).mailVisible(a, "o.ticket_id")
	if f.State != "" {
		q.add(" AND o.state = ?", f.State)
	}
	if f.Ticket != 0 {
		q.add(" AND o.ticket_id = ?", f.Ticket)
	}
	if at.ID != 0 {
		q.add(" AND o.id < ?", at.ID)
	}
	all, err := tx.outgoing(q.add(" ORDER BY o.id DESC LIMIT ?", n+1))
	return cut(all, n, func(o Outgoing) cursor { return cursor{ID: o.ID} }), err
}

// AutomaticTo counts the automatic mails to an address since then, whatever became of them: the second brake on loops.
func (tx *Tx) AutomaticTo(address string, ticketID int64, since time.Time) (n int64, err error) {
	q := (&query{}).add(`
		SELECT count(*)
		FROM outgoing
		WHERE to_address = ?`, address).add(` AND automatic AND state <> 'cancelled' AND created_at >= ?`, since)
	if ticketID != 0 {
		q.add(` AND ticket_id = ?`, ticketID)
	}
	_, err = tx.get([]any{&n}, q.String(), q.args...)
	return n, err
}
