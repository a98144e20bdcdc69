package desk

import (
	"context"
	"strings"
	"unicode"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
)

// ChangeMailbox changes how an address receives and sends. A password that is not given stays as it is, because the page
// that asks for it never knew it.
func (d *Desk) ChangeMailbox(ctx context.Context, a access.Actor, id int64, in NewMailbox) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	box, fresh, err := mailboxOf(in)
	if err != nil {
		return err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.Mailbox(id)
		if err != nil {
			return err
		}
		if box.Address != old.Address {
			if err := belongsToNobody(tx, box.Address); err != nil {
				return err
			}
		}
		kept, err := d.unsealSecrets(old.Address, old.Secret)
		if err != nil {
			return err
		}
		changed := box
		changed.ID, changed.Position, changed.Paused, changed.Since = old.ID, old.Position, old.Paused, old.Since
		if old.IMAP == "" {
			changed.Since = d.now() // from now on it is fetched
		}
		if changed.Brand, err = d.brandOr(tx, in.Brand); err != nil {
			return err
		}
		changed.Secret = d.sealSecrets(changed.Address, MailboxSecrets{IMAP: keptUnless(fresh.IMAP, kept.IMAP), SMTPOut: keptUnless(fresh.SMTPOut, kept.SMTPOut)})
		return tx.SaveMailbox(&changed)
	})
	d.doors.forget()
	return err
}

func keptUnless(fresh, kept string) string {
	if fresh != "" {
		return fresh
	}
	return kept
}

// SaveBrand adds a brand, or changes the name and the colour of one. A new one gets its short name from its name.
func (d *Desk) SaveBrand(ctx context.Context, a access.Actor, in account.Brand) (brand account.Brand, err error) {
	if in.ID == 0 {
		in.Slug = slug(in.Name)
		return d.AddBrand(ctx, a, in)
	}
	if err := may(a, access.Administer); err != nil {
		return brand, err
	}
	if in.Name = strings.TrimSpace(in.Name); in.Name == "" {
		return brand, fault.New(fault.Invalid, "a brand needs a name")
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if brand, err = tx.Brand(in.ID); err != nil {
			return err
		}
		brand.Name, brand.Accent = in.Name, in.Accent
		return tx.SaveBrand(&brand)
	})
	d.doors.forget()
	return brand, err
}

// slug is a name in small letters and hyphens, for addresses.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}
