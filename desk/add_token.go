package desk

import (
	"context"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// tokenPrefix lets people and secret scanners see what a leaked string is.
const tokenPrefix = "hark_"

// AddToken makes an API token for a person. It is returned once; the store keeps its SHA-256, because a random token of
// 256 bits needs no slow hash and every request looks it up.
func (d *Desk) AddToken(ctx context.Context, a access.Actor, email, name string) (token string, err error) {
	if err := may(a, access.Administer); err != nil {
		return "", err
	}
	now, secret := d.now(), newToken()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.PersonByAddress(account.FoldAddress(email))
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "nobody has the address %s; add the person first", email)
		}
		if err != nil {
			return err
		}
		return tx.AddToken(&store.Token{Hash: hashToken(secret), Person: person.ID, Name: name, Created: now})
	})
	return tokenPrefix + secret, err
}

// TokenActor returns the person a token acts for, with the rights they have at this moment. Anything else is fault.Unsigned.
func (d *Desk) TokenActor(ctx context.Context, token string) (person account.Person, a access.Actor, err error) {
	secret, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok {
		return person, a, unknownToken()
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		row, err := tx.Token(hashToken(secret))
		if err != nil {
			return err
		}
		person, err = tx.Person(row.Person)
		return err
	})
	if err != nil {
		return account.Person{}, access.Actor{}, err
	}
	return person, person.Actor(), err
}

func unknownToken() error { return fault.New(fault.Unsigned, "this API token is not known here") }
