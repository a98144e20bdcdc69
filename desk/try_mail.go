package desk

import (
	"context"

	"hark/access"
	"hark/store"
)

var tryText = systemText{"try-mail", "A test from your support desk", "This mail left your desk, and it has reached you: sending works. What the desk sends is listed here:", "Answer it if you like to see a message arrive; it goes to the desk's address."}

// TryMail mails the actor a letter that only says that it arrived. Pressed again it is another letter.
func (d *Desk) TryMail(ctx context.Context, a access.Actor) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(a.Person)
		if err != nil {
			return err
		}
		return d.mailAlone(tx, person, tryText, d.url+"/mail/out#"+itoa(now.Unix()), now)
	})
}
