package desk

import (
	"context"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// ChangePassword changes the actor's own password. The current one is needed, and every other session ends (F9).
func (d *Desk) ChangePassword(ctx context.Context, a access.Actor, session, current, next string) error {
	if err := may(a, access.OwnAccount); err != nil {
		return err
	}
	if err := d.limit(ctx, limit{"password/" + itoa(a.Person), 10, lifetimes[toChoosePassword]}); err != nil {
		return err
	}
	if err := d.checkCurrent(ctx, a.Person, current); err != nil {
		return err
	}
	hash, err := d.hash(ctx, next)
	if err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetPassword(a.Person, hash); err != nil {
			return err
		}
		return tx.EndSessions(a.Person, hashToken(session))
	})
}

func (d *Desk) checkCurrent(ctx context.Context, person int64, current string) error {
	if len(current) > longestPassword {
		return fault.New(fault.Invalid, "the password is longer than %d bytes", longestPassword)
	}
	var stored string
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		stored, err = tx.Password(person)
		return notFoundIsNothing(err)
	})
	if err != nil {
		return err
	}
	fits, err := d.fits(ctx, stored, current)
	if err == nil && !fits {
		return fault.New(fault.Forbidden, "the current password is not right; nothing was changed")
	}
	return err
}

// choosePassword spends a one-time link and sets the password of its person.
func (d *Desk) choosePassword(ctx context.Context, purpose, token, password string, from SignIn) (Session, error) {
	now := d.now()
	hash, err := d.hash(ctx, password)
	if err != nil {
		return Session{}, err
	}
	var person account.Person
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		link, err := d.useLink(tx, purpose, token, now)
		if err != nil {
			return err
		}
		if person, err = d.verified(tx, link.Person); err != nil {
			return err
		}
		if err := tx.SetPassword(person.ID, hash); err != nil {
			return err
		}
		return tx.EndSessions(person.ID, [32]byte{})
	})
	if err != nil {
		return Session{}, err
	}
	return d.startSession(ctx, person, from)
}
