package store

import (
	"hark/access"
	"hark/ticket"
)

// AddAudit stores one change of a ticket and sets its ID. Audits are only ever added: no method alters one, and only
// [Tx.TakeBack] removes one, within the seconds in which an answer can still be undone.
func (tx *Tx) AddAudit(audit *ticket.Audit) (err error) {
	if err := tx.identify(&audit.Author); err != nil {
		return err
	}
	if audit.Events == nil {
		audit.Events = []ticket.AuditEvent{}
	}
	audit.ID, err = tx.insert(`
		INSERT INTO audits (ticket_id, author_id, at, via, events)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, audit.Ticket, ref(audit.Author.ID), audit.At, audit.Via, inJSON{audit.Events})
	return err
}

// Audits returns what happened to a ticket, oldest first. Customers get what happened in public: the creation of their
// ticket, its states, public comments and mails to themselves; an audit with nothing of that is left out.
func (tx *Tx) Audits(a access.Actor, ticketID int64) ([]ticket.Audit, error) {
	q := (&query{}).add(`
		SELECT
			u.id,
			u.ticket_id,
			u.author_id, p.email, p.name,
			u.at,
			u.via,
			u.events
		FROM audits u
		JOIN tickets t ON t.id = u.ticket_id
		LEFT JOIN people p ON p.id = u.author_id
		WHERE u.ticket_id = ? AND `, ticketID).visible(a).add(" ORDER BY u.id")
	var u ticket.Audit
	var all []ticket.Audit
	err := tx.each([]any{
		&u.ID,
		&u.Ticket,
		&u.Author.ID, &u.Author.Address, &u.Author.Name,
		&u.At,
		&u.Via,
		outJSON{&u.Events},
	}, func() error {
		if !a.Staff() {
			u.Events = publicEvents(u.Events)
		}
		if len(u.Events) > 0 || a.Staff() {
			all = append(all, u)
		}
		return nil
	}, q.String(), q.args...)
	return all, err
}

// publicFields are the fields whose changes a customer may know of. Everything else is the desk's own business, and a
// field that is added later is too until somebody lists it here.
var publicFields = map[string]bool{"subject": true, "status": true, "state": true}

func publicEvents(events []ticket.AuditEvent) []ticket.AuditEvent {
	var shown []ticket.AuditEvent
	for _, e := range events {
		if publicEvent(e) {
			e.Recipients, e.Mail, e.Rule = nil, 0, ""
			shown = append(shown, e)
		}
	}
	return shown
}

func publicEvent(e ticket.AuditEvent) bool {
	switch {
	case e.Internal:
		return false
	case e.Type == ticket.CommentAdded:
		return e.Public
	case e.Type == ticket.Create, e.Type == ticket.Change:
		return publicFields[e.Field]
	}
	return e.Type == ticket.FollowedUp || e.Type == ticket.Notification && e.Public
}

// LastAudit returns the id of the ticket's newest audit, or 0: a reply names the one it was written against.
func (tx *Tx) LastAudit(ticketID int64) (id int64, err error) {
	_, err = tx.get([]any{&id}, `
		SELECT id
		FROM audits
		WHERE ticket_id = $1
		ORDER BY id DESC
		LIMIT 1`, ticketID)
	return id, err
}
