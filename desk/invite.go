package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
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
		return d.mailWayIn(tx, person, false, now)
	})
	return person, err
}

// MailWayIn mails a colleague the way in: the invitation again to who has not joined yet, a link to choose a password to
// who has. It reports which. Earlier links of that kind die (F3). Somebody who is switched off is fault.Refused.
func (d *Desk) MailWayIn(ctx context.Context, a access.Actor, id int64) (joined bool, err error) {
	if err := may(a, access.Administer); err != nil {
		return false, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(id)
		if err != nil {
			return err
		}
		if person.Suspended {
			return fault.New(fault.Refused, "%s is switched off; switch them on again first", person.Display())
		}
		hash, err := tx.Password(id)
		if err != nil {
			return err
		}
		joined = hash != ""
		return d.mailWayIn(tx, person, joined, now)
	})
	return joined, err
}

func (d *Desk) mailWayIn(tx *store.Tx, person account.Person, joined bool, now time.Time) error {
	purpose, text := toJoin, inviteText
	if joined {
		purpose, text = toChoosePassword, passwordText
	}
	token, err := d.makeLink(tx, purpose, person.ID, now)
	if err != nil {
		return err
	}
	return d.mailAlone(tx, person, text, d.url+linkPaths[purpose]+token, now)
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
