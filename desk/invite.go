package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/store"
)

// Invite makes a colleague known and mails them a link with which they choose their password. Inviting somebody again
// mails a new link, and the old one dies (F3).
func (d *Desk) Invite(ctx context.Context, a access.Actor, in NewPerson) (person account.Person, err error) {
	if err := may(a, access.Administer); err != nil {
		return person, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if person, err = d.invited(tx, in, now); err != nil {
			return err
		}
		token, err := d.makeLink(tx, toJoin, person.ID, now)
		if err != nil {
			return err
		}
		return d.mailAlone(tx, person, inviteText, d.url+linkPaths[toJoin]+token, now)
	})
	return person, err
}

// Join spends an invitation: the colleague chooses a password and is signed in.
func (d *Desk) Join(ctx context.Context, token, password string, from SignIn) (Session, error) {
	return d.choosePassword(ctx, toJoin, token, password, from)
}

// ChoosePassword spends a password link. All other sessions of the person end.
func (d *Desk) ChoosePassword(ctx context.Context, token, password string, from SignIn) (Session, error) {
	return d.choosePassword(ctx, toChoosePassword, token, password, from)
}

// invited is the colleague an invitation is for: new, or one who has not joined yet.
func (d *Desk) invited(tx *store.Tx, in NewPerson, now time.Time) (account.Person, error) {
	known, err := tx.PersonByAddress(account.FoldAddress(in.Email))
	if err == nil && known.Role == in.Role && known.Role != access.Customer {
		if hash, err := tx.Password(known.ID); err != nil || hash == "" {
			return known, err
		}
	}
	if notFoundIsNothing(err) != nil {
		return known, err
	}
	return d.addPerson(tx, in, "", now)
}
