package desk

import (
	"context"

	"hark/access"
	"hark/store"
)

// SignOut ends the session of a token. A token that is unknown or already ended is no error.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(hashToken(token)) })
}

// EndSession ends one of the actor's own sessions, by its number in the list.
func (d *Desk) EndSession(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.OwnAccount); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSessionOf(a.Person, id) })
}
