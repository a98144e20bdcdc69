package desk

import (
	"context"

	"hark/access"
	"hark/store"
)

// Draft is what somebody has begun to write and not sent. It is saved every few seconds and survives the session.
type Draft struct {
	Ticket int64
	Kind   store.DraftKind
	Body   string // HTML, sanitised when it is sent
	Status string // as which it is to be sent
	Base   int64  // the newest audit when it was begun
}

// SaveDraft keeps the actor's draft; an empty body removes it. The ticket is not touched, and nobody else sees it.
func (d *Desk) SaveDraft(ctx context.Context, a access.Actor, in Draft) error {
	if err := may(a, access.WriteNote); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Ticket(a, in.Ticket); err != nil {
			return err
		}
		if in.Body == "" {
			return tx.DropDraft(in.Ticket, a.Person, in.Kind)
		}
		return tx.SaveDraft(store.Draft{Ticket: in.Ticket, Person: a.Person, Kind: in.Kind, Body: in.Body, State: in.Status, BaseAudit: in.Base, Updated: now})
	})
}
