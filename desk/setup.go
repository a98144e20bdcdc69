package desk

import (
	"context"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// SetupLink returns the address at which the first administrator introduces themselves, and "" once there is one. It is
// printed in the terminal: whoever can read that may set up the desk, and nobody else (F12). A newer link ends the older.
func (d *Desk) SetupLink(ctx context.Context) (link string, err error) {
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		link = ""
		if has, err := hasAdmin(tx); err != nil || has {
			return err
		}
		token, err := d.makeLink(tx, toSetUp, 0, now)
		link = d.url + linkPaths[toSetUp] + token
		return err
	})
	return link, err
}

// SetUp makes the first administrator and signs them in.
func (d *Desk) SetUp(ctx context.Context, token string, in NewPerson, from SignIn) (Session, error) {
	in.Role = access.Admin
	now := d.now()
	hash, err := d.hash(ctx, in.Password)
	if err != nil {
		return Session{}, err
	}
	var person account.Person
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if has, err := hasAdmin(tx); err != nil || has {
			return orElse(err, deadLink())
		}
		if _, err := d.useLink(tx, toSetUp, token, now); err != nil {
			return err
		}
		person, err = d.addPerson(tx, in, hash, now)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return d.startSession(ctx, person, from)
}

// orElse returns the first error that is one.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func hasAdmin(tx *store.Tx) (bool, error) {
	staff, err := tx.Staff()
	for _, p := range staff {
		if p.Role == access.Admin && !p.Suspended {
			return true, err
		}
	}
	return false, err
}

// notFoundIsNothing turns "there is no such thing" into no error.
func notFoundIsNothing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
