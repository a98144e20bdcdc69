package desk

import (
	"context"
	"slices"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// Draft is what somebody has begun to write and not sent. It is saved every few seconds and survives the session.
type Draft struct {
	Ticket int64
	Kind   store.DraftKind
	Body   string // HTML, sanitised when it is sent
	Status string // as which it is to be sent
	Base   int64  // the newest audit when it was begun
	Page   int64  // the newest audit on the page that saves it by itself; 0 when a person keeps it
}

// SaveDraft keeps the actor's draft; an empty body removes it. The ticket is not touched, and nobody else sees it. It refuses with
// fault.Conflict what comes from a page from which the actor has sent something since.
func (d *Desk) SaveDraft(ctx context.Context, a access.Actor, in Draft) error {
	if err := may(a, access.WriteNote); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Ticket(a, in.Ticket); err != nil {
			return err
		}
		if sent, err := sentSince(tx, a, in); err != nil || sent {
			return orElse(err, fault.New(fault.Conflict, "you have sent a message on this ticket since this page was loaded; load it anew to write another"))
		}
		if in.Body == "" {
			return tx.DropDraft(in.Ticket, a.Person, in.Kind)
		}
		return tx.SaveDraft(store.Draft{Ticket: in.Ticket, Person: a.Person, Kind: in.Kind, Body: in.Body, State: in.Status, BaseAudit: in.Base, Updated: now})
	})
}

// sentSince reports whether the writer has sent something of the draft's kind since their page. Words that were on their way to be saved
// when they were sent are no draft any more, in whichever order the two arrive: they would stand in the composer to be sent again.
func sentSince(tx *store.Tx, a access.Actor, in Draft) (bool, error) {
	if in.Page == 0 {
		return false, nil
	}
	if last, err := tx.LastAudit(in.Ticket); err != nil || last <= in.Page {
		return false, err // nothing has happened at all, as nearly always
	}
	audits, err := tx.Audits(access.Clock, in.Ticket)
	return slices.ContainsFunc(audits, func(audit ticket.Audit) bool {
		return audit.ID > in.Page && audit.Author.ID == a.Person && tells(audit, in.Kind == store.ReplyDraft)
	}), err
}

func tells(audit ticket.Audit, publicly bool) bool {
	return slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return e.Type == ticket.CommentAdded && e.Public == publicly })
}
