package store

import (
	"time"

	"hark/access"
)

// DraftKind says what a draft will be.
type DraftKind string

const (
	ReplyDraft DraftKind = "reply"
	NoteDraft  DraftKind = "note"
)

// Draft is what somebody is writing on a ticket. BaseAudit is the ticket's last audit when they began: an answer that
// was written against an older ticket is stopped.
type Draft struct {
	Ticket    int64
	Person    int64
	Kind      DraftKind
	Body      string
	State     string // the status to send it with
	BaseAudit int64
	Updated   time.Time
}

// SaveDraft stores the person's draft of that kind on a ticket in place of the one before.
func (tx *Tx) SaveDraft(d Draft) error {
	_, err := tx.exec(`
		INSERT INTO drafts (ticket_id, person_id, kind, body, state, base_audit, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ticket_id, person_id, kind) DO UPDATE SET
			body = excluded.body,
			state = excluded.state,
			base_audit = excluded.base_audit,
			updated_at = excluded.updated_at`,
		ref(d.Ticket), ref(d.Person), d.Kind, d.Body, d.State, d.BaseAudit, d.Updated)
	return err
}

const selectDraft = `
	SELECT
		d.ticket_id,
		d.person_id,
		d.kind,
		d.body,
		d.state,
		d.base_audit,
		d.updated_at
	FROM drafts d
	JOIN tickets t ON t.id = d.ticket_id
	`

func (tx *Tx) drafts(q *query) (all []Draft, err error) {
	var d Draft
	err = tx.each([]any{
		&d.Ticket,
		&d.Person,
		&d.Kind,
		&d.Body,
		&d.State,
		&d.BaseAudit,
		&d.Updated,
	}, func() error { all = append(all, d); return nil }, q.String(), q.args...)
	return all, err
}

// Draft returns the actor's own draft of that kind on a ticket they may still see. It reports false when there is none.
func (tx *Tx) Draft(a access.Actor, ticketID int64, kind DraftKind) (Draft, bool, error) {
	q := (&query{}).add(selectDraft+`WHERE d.ticket_id = ? AND d.person_id = ? AND d.kind = ? AND `, ticketID, own(a), string(kind)).visible(a)
	all, err := tx.drafts(q)
	if err != nil || len(all) == 0 {
		return Draft{}, false, err
	}
	return all[0], true, nil
}

// Drafts returns the actor's own drafts on tickets they may still see, the newest first.
func (tx *Tx) Drafts(a access.Actor) ([]Draft, error) {
	q := (&query{}).add(selectDraft+`WHERE d.person_id = ? AND `, own(a)).visible(a)
	return tx.drafts(q.add(" ORDER BY d.updated_at DESC LIMIT ?", mostLimit))
}

// DropDraft removes a draft: it was sent or discarded.
func (tx *Tx) DropDraft(ticketID, person int64, kind DraftKind) error {
	_, err := tx.exec(`DELETE FROM drafts WHERE ticket_id = $1 AND person_id = $2 AND kind = $3`, ticketID, person, kind)
	return err
}
