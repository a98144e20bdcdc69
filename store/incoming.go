package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"hark/access"
)

// Incoming is one mail as it arrived, from before it was understood. Nothing of it is ever deleted by understanding it:
// what became of it is a state beside the untouched bytes.
type Incoming struct {
	ID           int64
	Key          [32]byte // SHA-256 of the mail without its trace headers; the same mail twice has the same key
	MessageID    string
	ReceivedAt   time.Time
	Mailbox      int64
	Recipients   []string // of the envelope
	EnvelopeFrom string
	Remote       string // who handed it over: "192.0.2.1:4711", "imap", "cli"
	Raw          []byte // the bytes; read back by [Tx.IncomingRaw] only
	Blob         string // where they are instead, when they are too many for a row
	Size         int64
	State        IncomingState
	Outcome      string // created, threaded, duplicate, held, unreadable, bounce
	Reason       string // in words
	Ticket       int64
	Comment      int64
	FromAddress  string
	Subject      string
	Tries        int64     // how often working on it failed
	Again        time.Time // when it is tried next after that, zero for at once
}

// IncomingState is what became of a mail.
type IncomingState string

const (
	Received    IncomingState = "received" // safe, not yet understood
	Done        IncomingState = "done"
	HeldMail    IncomingState = "held" // a stranger's; a person decides
	Unreadable  IncomingState = "unreadable"
	Duplicate   IncomingState = "duplicate"
	Quarantined IncomingState = "quarantined"
	BounceMail  IncomingState = "bounce"
	Ignored     IncomingState = "ignored"
)

// Waits reports whether a person has to decide about the mail: a stranger's on a ticket, or one that was set aside without.
func (in Incoming) Waits() bool { return in.State == HeldMail || in.State == Quarantined }

// waitsForAPerson is [Incoming.Waits] as a condition.
const waitsForAPerson = `state IN ('held', 'quarantined')`

// RowSize is the largest mail that is kept in the database itself.
const RowSize = 128 << 10

// KeepRaw puts a large mail into the blob store, so that AddIncoming has nothing slow left to do. Calling it before
// [DB.Write] keeps one large mail from delaying everybody else's commit.
func (db *DB) KeepRaw(ctx context.Context, in *Incoming) error {
	in.Size = int64(len(in.Raw))
	if len(in.Raw) <= RowSize || in.Blob != "" {
		return nil
	}
	sum, _, err := db.blobs.Put(ctx, bytes.NewReader(in.Raw))
	in.Blob = sum
	return err
}

// AddIncoming stores a mail that is not there yet, in state received unless another is set, and sets its ID. When the
// same mail is already in the same mailbox it stores nothing, sets ID to that mail's, and reports duplicate. Two mails
// with one Message-ID and different content are two mails.
func (tx *Tx) AddIncoming(in *Incoming) (duplicate bool, err error) {
	if err := tx.db.KeepRaw(tx.ctx, in); err != nil {
		return false, err
	}
	if in.State == "" {
		in.State = Received
	}
	in.ID, err = tx.insert(`
		INSERT INTO incoming (
			mailbox_id, key, message_id, received_at, recipients, envelope_from, remote, size, blob,
			state, outcome, reason, ticket_id, comment_id, from_address, subject)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (mailbox_id, key) DO NOTHING
		RETURNING id`,
		ref(in.Mailbox), in.Key, in.MessageID, in.ReceivedAt, inJSON{in.Recipients}, in.EnvelopeFrom, in.Remote, in.Size, absentWhenEmpty(in.Blob),
		in.State, in.Outcome, in.Reason, ref(in.Ticket), ref(in.Comment), in.FromAddress, in.Subject)
	if err != nil {
		return false, err
	}
	if in.ID == 0 {
		_, err = tx.get([]any{&in.ID}, `SELECT id FROM incoming WHERE mailbox_id = $1 AND key = $2`, in.Mailbox, in.Key)
		return true, err
	}
	if in.Blob == "" {
		_, err = tx.exec(`INSERT INTO incoming_raw (incoming_id, raw) VALUES ($1, $2)`, in.ID, notNil(in.Raw))
	}
	return false, err
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

const selectIncoming = `
	SELECT
		i.id,
		i.key,
		i.message_id,
		i.received_at,
		i.mailbox_id,
		i.recipients,
		i.envelope_from,
		i.remote,
		i.blob,
		i.size,
		i.state,
		i.outcome,
		i.reason,
		i.ticket_id,
		i.comment_id,
		i.from_address,
		i.subject,
		i.tries,
		i.again_at
	FROM incoming i
	`

func (tx *Tx) incoming(q *query) (all []Incoming, err error) {
	var in Incoming
	err = tx.each([]any{
		&in.ID,
		&in.Key,
		&in.MessageID,
		&in.ReceivedAt,
		&in.Mailbox,
		outJSON{&in.Recipients},
		&in.EnvelopeFrom,
		&in.Remote,
		&in.Blob,
		&in.Size,
		&in.State,
		&in.Outcome,
		&in.Reason,
		&in.Ticket,
		&in.Comment,
		&in.FromAddress,
		&in.Subject,
		&in.Tries,
		&in.Again,
	}, func() error { all = append(all, in); return nil }, q.String(), q.args...)
	return all, err
}

func (tx *Tx) oneIncoming(q *query) (in Incoming, err error) {
	all, err := tx.incoming(q)
	if err == nil && len(all) == 0 {
		err = absent("mail")
	}
	if err != nil {
		return in, err
	}
	return all[0], nil
}

// IncomingForUpdate returns one mail, for the desk's own use, and on PostgreSQL keeps other nodes from it until the
// transaction ends.
func (tx *Tx) IncomingForUpdate(id int64) (Incoming, error) {
	return tx.oneIncoming((&query{}).add(selectIncoming+`WHERE i.id = ?`, id).lock(tx, "OF i"))
}

// Incoming returns one mail of the log to staff; [fault.NotFound] to anybody else, and when it belongs to a ticket the
// actor may not see.
func (tx *Tx) Incoming(a access.Actor, id int64) (Incoming, error) {
	return tx.oneIncoming((&query{}).add(selectIncoming+`WHERE i.id = ? AND `, id).mailVisible(a, "i.ticket_id"))
}

// mailVisible limits a mail log: staff only, and of mails that belong to a ticket those whose ticket the actor may see.
func (q *query) mailVisible(a access.Actor, ticketColumn string) *query {
	if !a.Staff() {
		return q.add("1 = 0")
	}
	q.add("(" + ticketColumn + " IS NULL OR EXISTS (SELECT 1 FROM tickets t WHERE t.id = " + ticketColumn + " AND ")
	return q.visible(a).add("))")
}

// PendingIncoming returns mails that are safe and not yet understood, oldest first, without their bytes and without those that stand
// aside until later than now. Two nodes may be given the same; [Tx.IncomingForUpdate] says which of them is second.
func (tx *Tx) PendingIncoming(now time.Time, limit int) ([]Incoming, error) {
	q := (&query{}).add(selectIncoming+`
		WHERE i.state = 'received' AND (i.again_at IS NULL OR i.again_at <= ?)`, now).add(`
		ORDER BY i.id
		LIMIT ?`, limit)
	return tx.incoming(q)
}

// SaveIncoming stores what became of a mail. Its bytes, key and envelope stay as they were.
func (tx *Tx) SaveIncoming(in *Incoming) error {
	n, err := tx.exec(`
		UPDATE incoming SET
			state = $1, outcome = $2, reason = $3, ticket_id = $4, comment_id = $5,
			from_address = $6, subject = $7, message_id = $8, tries = $9, again_at = $10
		WHERE id = $11`,
		in.State, in.Outcome, in.Reason, ref(in.Ticket), ref(in.Comment),
		in.FromAddress, in.Subject, in.MessageID, in.Tries, in.Again, in.ID)
	if err == nil && n == 0 {
		err = absent("mail")
	}
	return err
}

// MailFilter says which mails a log shows; the zero value shows all.
type MailFilter struct {
	State   string // of incoming, "held" is all that waits for a person's decision
	Mailbox int64  // incoming only
	Ticket  int64
	After   string
	Limit   int
}

// IncomingList returns one page of the log of arrived mail, newest first.
func (tx *Tx) IncomingList(a access.Actor, f MailFilter) (page Page[Incoming], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	n := limit(f.Limit)
	q := (&query{}).add(selectIncoming+`WHERE `).mailVisible(a, "i.ticket_id")
	if f.State == string(HeldMail) {
		q.add(" AND i." + waitsForAPerson)
	} else if f.State != "" {
		q.add(" AND i.state = ?", f.State)
	}
	if f.Mailbox != 0 {
		q.add(" AND i.mailbox_id = ?", f.Mailbox)
	}
	if f.Ticket != 0 {
		q.add(" AND i.ticket_id = ?", f.Ticket)
	}
	if at.ID != 0 {
		q.add(" AND i.id < ?", at.ID)
	}
	all, err := tx.incoming(q.add(" ORDER BY i.id DESC LIMIT ?", n+1))
	return cut(all, n, func(in Incoming) cursor { return cursor{ID: in.ID} }), err
}

// CountHeld counts the mails that wait for a decision of the actor, as far as anybody wants to know.
func (tx *Tx) CountHeld(a access.Actor) (Count, error) {
	var n int64
	q := (&query{}).add("SELECT count(*) FROM (SELECT 1 FROM incoming i WHERE i."+waitsForAPerson+" AND ").mailVisible(a, "i.ticket_id")
	_, err := tx.get([]any{&n}, q.add(" LIMIT ?) counted", countedTo).String(), q.args...)
	return Count(n), err
}

// HeldFor returns the strangers' mails that wait for a decision on a ticket, oldest first; none to customers.
func (tx *Tx) HeldFor(a access.Actor, ticketID int64) ([]Incoming, error) {
	q := (&query{}).add(selectIncoming+`WHERE i.ticket_id = ? AND i.state = 'held' AND `, ticketID)
	return tx.incoming(q.mailVisible(a, "i.ticket_id").add(" ORDER BY i.id"))
}

// LinkedByMessageID returns all kept mails with that Message-ID, oldest first. There can be several: the sender chooses
// it, so it proves nothing.
func (tx *Tx) LinkedByMessageID(messageID string) ([]Incoming, error) {
	if messageID == "" {
		return nil, nil
	}
	return tx.incoming((&query{}).add(selectIncoming+`WHERE i.message_id = ? AND i.message_id <> '' ORDER BY i.id LIMIT 100`, messageID))
}

// IncomingRaw returns a mail's bytes to staff.
func (tx *Tx) IncomingRaw(a access.Actor, id int64) ([]byte, error) {
	in, err := tx.Incoming(a, id)
	if err != nil {
		return nil, err
	}
	if in.Blob != "" {
		return tx.db.readBlob(tx.ctx, in.Blob)
	}
	var raw []byte
	found, err := tx.get([]any{&raw}, `SELECT raw FROM incoming_raw WHERE incoming_id = $1`, id)
	if err == nil && !found {
		err = fmt.Errorf("mail %d has lost its source", id)
	}
	return raw, err
}

func (db *DB) readBlob(ctx context.Context, sum string) ([]byte, error) {
	r, err := db.blobs.Open(ctx, sum)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
