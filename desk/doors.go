package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/account"
	"hark/mail"
	"hark/store"
)

// doors are the addresses under which mail reaches the desk. They are asked for with every recipient of every mail and
// change a few times a year, so each process remembers them for a moment; a change made here is seen at once.
type doors struct {
	mu      sync.Mutex
	read    time.Time
	boxes   []account.Mailbox
	byName  map[string]account.Mailbox // by folded address
	brands  map[int64]account.Brand
	reading time.Duration
}

func newDoors() *doors { return &doors{reading: 2 * time.Second} }

// mailboxes returns all of them, at most two seconds old.
func (d *Desk) mailboxes(tx *store.Tx) ([]account.Mailbox, error) {
	d.doors.mu.Lock()
	defer d.doors.mu.Unlock()
	if time.Since(d.doors.read) < d.doors.reading && len(d.doors.boxes) > 0 {
		return d.doors.boxes, nil
	}
	boxes, err := tx.Mailboxes()
	if err != nil {
		return nil, err
	}
	brands, err := tx.Brands()
	if err != nil {
		return nil, err
	}
	d.doors.remember(boxes, brands)
	return boxes, nil
}

func (o *doors) remember(boxes []account.Mailbox, brands []account.Brand) {
	o.boxes, o.byName, o.brands, o.read = boxes, map[string]account.Mailbox{}, map[int64]account.Brand{}, time.Now()
	for _, box := range boxes {
		o.byName[account.FoldAddress(box.Address)] = box
	}
	for _, brand := range brands {
		o.brands[brand.ID] = brand
	}
}

// doorOf returns a mailbox by its number.
func (d *Desk) doorOf(tx *store.Tx, id int64) (account.Mailbox, error) {
	boxes, err := d.mailboxes(tx)
	if err != nil {
		return account.Mailbox{}, err
	}
	if i := slices.IndexFunc(boxes, func(b account.Mailbox) bool { return b.ID == id }); i >= 0 {
		return boxes[i], nil
	}
	return tx.Mailbox(id) // another node has just added it
}

// brand is a brand as it was remembered; the zero brand when it was not.
func (o *doors) brand(id int64) account.Brand {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.brands[id]
}

// forget makes the next question ask the database.
func (o *doors) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.read = time.Time{}
}

// door returns the mailbox an address leads to: its own address or any plus form of it, in any case.
func (d *Desk) door(tx *store.Tx, address string) (account.Mailbox, bool, error) {
	if _, err := d.mailboxes(tx); err != nil {
		return account.Mailbox{}, false, err
	}
	d.doors.mu.Lock()
	defer d.doors.mu.Unlock()
	folded := account.FoldAddress(address)
	if box, ok := d.doors.byName[folded]; ok {
		return box, true, nil
	}
	local, domain, _ := strings.Cut(folded, "@")
	base, _, plus := strings.Cut(local, "+")
	if !plus {
		return account.Mailbox{}, false, nil
	}
	if box, ok := d.doors.byName[base+"@"+domain]; ok {
		return box, true, nil
	}
	return d.doors.returning(base, domain)
}

// returning finds the mailbox whose mail comes back to a bounce address, which is bounce+TOKEN at the mailbox's domain.
func (o *doors) returning(base, domain string) (account.Mailbox, bool, error) {
	if base != bounceLocal {
		return account.Mailbox{}, false, nil
	}
	for _, box := range o.boxes {
		if strings.EqualFold(mail.Domain(box.Address), domain) {
			return box, true, nil
		}
	}
	return account.Mailbox{}, false, nil
}

// bounceLocal is the local part of envelope senders.
const bounceLocal = "bounce"

// isOwn reports whether an address is the desk's own, in any of its forms (D5).
func (d *Desk) isOwn(tx *store.Tx, address string) (bool, error) {
	_, own, err := d.door(tx, address)
	return own, err
}

// WritesFrom returns the address from which a brand writes, "" while it has none.
func (d *Desk) WritesFrom(ctx context.Context, brand int64) (address string, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		boxes, err := d.mailboxes(tx)
		if i := slices.IndexFunc(boxes, func(b account.Mailbox) bool { return b.Brand == brand }); i >= 0 {
			address = boxes[i].Address
		}
		return err
	})
	return address, err
}

// KnownRecipient reports whether mail to this address is taken: a mailbox, a plus form of one, or a bounce address. An
// error means that nobody can say just now.
func (d *Desk) KnownRecipient(ctx context.Context, address string) (known bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		_, known, err = d.door(tx, address)
		return err
	})
	return known, err
}

// ownAddresses are the addresses of all mailboxes.
func (d *Desk) ownAddresses(tx *store.Tx) ([]string, error) {
	boxes, err := d.mailboxes(tx)
	own := make([]string, len(boxes))
	for i, box := range boxes {
		own[i] = box.Address
	}
	return own, err
}
