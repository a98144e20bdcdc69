package desk

import (
	"context"
	"net/url"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// NewMailbox is an address the desk is to receive for. Passwords stand in the addresses of the servers, as
// imaps://user:password@host; they are taken out, sealed, and never shown again.
type NewMailbox struct {
	Address string
	Brand   int64 // 0 for the first
	Group   int64
	IMAP    string // where mail is fetched; "" when it comes to our own listener
	SMTPOut string // where mail leaves; "" for the desk's default
}

// MailboxSecrets are the passwords of a mailbox, sealed as one.
type MailboxSecrets struct {
	IMAP    string `json:"imap,omitempty"`
	SMTPOut string `json:"smtp_out,omitempty"`
}

// AddMailbox lets the desk receive for an address and answer from it. An address that belongs to a person cannot also be
// the desk's (D5).
func (d *Desk) AddMailbox(ctx context.Context, a access.Actor, in NewMailbox) (box account.Mailbox, err error) {
	if err := may(a, access.Administer); err != nil {
		return box, err
	}
	box, secrets, err := mailboxOf(in)
	if err != nil {
		return box, err
	}
	box.Since = d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		box.ID = 0
		if box.Brand, err = d.brandOr(tx, in.Brand); err != nil {
			return err
		}
		if err := belongsToNobody(tx, box.Address); err != nil {
			return err
		}
		if err := knownGroup(tx, in.Group); err != nil {
			return err
		}
		box.Secret = d.sealSecrets(box.Address, secrets)
		return tx.SaveMailbox(&box)
	})
	d.doors.forget()
	box.Secret = nil
	return box, err
}

func mailboxOf(in NewMailbox) (box account.Mailbox, secrets MailboxSecrets, err error) {
	address, err := mail.NewAddress(in.Address)
	if err != nil {
		return box, secrets, err
	}
	if local, _, _ := strings.Cut(address, "@"); strings.EqualFold(local, bounceLocal) || strings.Contains(local, "+") {
		return box, secrets, fault.New(fault.Invalid, "%s cannot be a mailbox: bounce@ and addresses with a + are the desk's own", address)
	}
	box = account.Mailbox{Address: account.FoldAddress(address), Group: in.Group}
	if box.IMAP, secrets.IMAP, err = withoutPassword(in.IMAP, "imap", "imaps"); err != nil {
		return box, secrets, err
	}
	box.SMTPOut, secrets.SMTPOut, err = withoutPassword(in.SMTPOut, "smtp", "smtps")
	return box, secrets, err
}

// withoutPassword takes the password out of a server's address.
func withoutPassword(server string, schemes ...string) (public, password string, err error) {
	if server == "" {
		return "", "", nil
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != schemes[0] && u.Scheme != schemes[1] {
		return "", "", fault.New(fault.Invalid, "write the server as %s://user:password@host:port", schemes[0])
	}
	if u.User != nil {
		password, _ = u.User.Password()
		u.User = url.User(u.User.Username())
	}
	return u.String(), password, nil
}

func belongsToNobody(tx *store.Tx, address string) error {
	person, err := tx.PersonByAddress(address)
	if err == nil {
		return fault.New(fault.Conflict, "%s belongs to %s; a mailbox needs an address that is nobody's", address, person.Display())
	}
	return notFoundIsNothing(err)
}

// AddBrand adds a name the desk speaks as.
func (d *Desk) AddBrand(ctx context.Context, a access.Actor, brand account.Brand) (account.Brand, error) {
	if err := may(a, access.Administer); err != nil {
		return brand, err
	}
	brand.Name, brand.Slug = strings.TrimSpace(brand.Name), strings.ToLower(strings.TrimSpace(brand.Slug))
	if brand.Name == "" || brand.Slug == "" {
		return brand, fault.New(fault.Invalid, "a brand needs a name and a short name for its addresses")
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.SaveBrand(&brand) })
	return brand, err
}

// SaveGroup adds a team of agents, or changes its name and members.
func (d *Desk) SaveGroup(ctx context.Context, a access.Actor, group account.Group) (account.Group, error) {
	if err := may(a, access.Administer); err != nil {
		return group, err
	}
	if group.Name = strings.TrimSpace(group.Name); group.Name == "" {
		return group, fault.New(fault.Invalid, "a group needs a name")
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.SaveGroup(&group) })
	return group, err
}

// SaveOrganization adds a customer company, or changes its name, its domains and what rules know about it.
func (d *Desk) SaveOrganization(ctx context.Context, a access.Actor, o account.Organization) (account.Organization, error) {
	if err := may(a, access.Administer); err != nil {
		return o, err
	}
	if o.Name = strings.TrimSpace(o.Name); o.Name == "" {
		return o, fault.New(fault.Invalid, "an organisation needs a name")
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.SaveOrganization(&o) })
	return o, err
}

// Mailboxes are all mailboxes with their opened passwords, for the workers that fetch and send; never for a page.
func (d *Desk) Mailboxes(ctx context.Context) (boxes []account.Mailbox, secrets []MailboxSecrets, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		boxes, err = tx.Mailboxes()
		return err
	})
	for _, box := range boxes {
		opened, err := d.unsealSecrets(box.Address, box.Secret)
		if err != nil {
			return nil, nil, err
		}
		secrets = append(secrets, opened)
	}
	return boxes, secrets, err
}

// MailboxPosition remembers how far an IMAP mailbox has been read, and what troubles it.
func (d *Desk) MailboxPosition(ctx context.Context, id int64, position, trouble string) error {
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.MailboxPosition(id, position, trouble) })
}
