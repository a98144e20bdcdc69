package desk

import (
	"context"
	"encoding/hex"

	"hark/access"
	"hark/fault"
	"hark/store"
)

// SignOut ends the session of a token. A token that is unknown or already ended is no error.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(hashToken(token)) })
}

// EndSession ends one of the actor's own sessions, by its ID in the list.
func (d *Desk) EndSession(ctx context.Context, a access.Actor, id string) error {
	if err := may(a, access.OwnAccount); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.Sessions(a.Person, now)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if hex.EncodeToString(row.Hash[:8]) == id {
				return tx.EndSession(row.Hash)
			}
		}
		return fault.New(fault.NotFound, "there is no such session of yours")
	})
}

// EndOtherSessions ends all of the actor's own sessions but the one whose token is given.
func (d *Desk) EndOtherSessions(ctx context.Context, a access.Actor, token string) error {
	if err := may(a, access.OwnAccount); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.EndSessions(a.Person, hashToken(token)) })
}
