package desk

import (
	"context"

	"hark/access"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// dkimSelector names our key in DNS, under SELECTOR._domainkey.DOMAIN.
const dkimSelector = "hark"

// SignMail lets the desk sign what it writes from a domain (DKIM, RFC 6376), and returns the key whose public half has to
// be published in DNS. Asking again returns the same key. Signing begins at once; publish the record first.
func (d *Desk) SignMail(ctx context.Context, a access.Actor, domain string) (key mail.SigningKey, err error) {
	if err := may(a, access.Administer); err != nil {
		return key, err
	}
	fresh, err := mail.NewSigningKey(domain, dkimSelector)
	if err != nil {
		return key, err
	}
	text, err := fresh.PEM()
	if err != nil {
		return key, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := isOwnDomain(tx, domain); err != nil {
			return err
		}
		name := dkimSetting(domain)
		sealed, err := tx.AddSetting(name, d.Seal(name, text))
		if err != nil {
			return err
		}
		key, err = d.openSigningKey(domain, sealed)
		return err
	})
	d.signers.Delete(domain)
	return key, err
}

func isOwnDomain(tx *store.Tx, domain string) error {
	boxes, err := tx.Mailboxes()
	for _, box := range boxes {
		if mail.Domain(box.Address) == domain {
			return err
		}
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, "the desk writes from no address at %s; add a mailbox first", domain)
}

func dkimSetting(domain string) string { return "dkim/" + domain }

func (d *Desk) openSigningKey(domain string, sealed []byte) (mail.SigningKey, error) {
	text, err := d.Unseal(dkimSetting(domain), sealed)
	if err != nil {
		return mail.SigningKey{}, err
	}
	return mail.ParseSigningKey(domain, dkimSelector, text)
}

// signed signs a rendered mail when its domain has a key. It happens once, when the mail is rendered, so that a mail that
// has to be sent again is the same octets.
func (d *Desk) signed(tx *store.Tx, domain string, raw []byte) ([]byte, error) {
	if known, ok := d.signers.Load(domain); ok {
		key := known.(*mail.SigningKey)
		if key == nil {
			return raw, nil
		}
		return key.Sign(raw)
	}
	sealed, err := tx.Setting(dkimSetting(domain))
	if err != nil {
		return nil, err
	}
	if sealed == nil {
		d.signers.Store(domain, (*mail.SigningKey)(nil))
		return raw, nil
	}
	key, err := d.openSigningKey(domain, sealed)
	if err != nil {
		return nil, err
	}
	d.signers.Store(domain, &key)
	return key.Sign(raw)
}
