package desk

import (
	"context"

	"hark/access"
	"hark/mail"
	"hark/store"
)

// Search finds tickets the actor may see by words, people, number and the operators of the store, newest first.
func (d *Desk) Search(ctx context.Context, a access.Actor, text, after string) (page store.Page[store.Row], err error) {
	err = d.db.Find(ctx, func(tx *store.Tx) error {
		page, err = tx.Search(a, text, after, 0)
		return err
	})
	return page, err
}

// ReadMail reads an accepted mail anew from its source, for somebody who decides about it.
func (d *Desk) ReadMail(ctx context.Context, a access.Actor, id int64) (*mail.Message, error) {
	_, raw, err := d.RawMail(ctx, a, id)
	if err != nil {
		return nil, err
	}
	return mail.Parse(raw)
}
