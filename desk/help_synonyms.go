package desk

import (
	"context"

	"hark/access"
	"hark/article"
	"hark/fault"
	"hark/store"
)

// HelpSynonyms are the words that mean the same in the help of a brand, for whoever writes it.
func (d *Desk) HelpSynonyms(ctx context.Context, a access.Actor, brand int64) (all article.Synonyms, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, brand, now)
		if err == nil {
			all, err = tx.Synonyms(h.brand.ID)
		}
		return err
	})
	return all, err
}

// KeepSynonyms is the list as somebody writes it: a line for each group, commas between its words.
type KeepSynonyms struct {
	Brand int64
	Text  string
	Was   string // the list that the page showed
}

// KeepSynonyms keeps the list. A line that cannot be read is [fault.Invalid]; a list that somebody else has changed meanwhile is
// [fault.Conflict], and takes nothing back.
func (d *Desk) KeepSynonyms(ctx context.Context, a access.Actor, in KeepSynonyms) error {
	all, err := article.ParseSynonyms(in.Text)
	if err != nil {
		return err
	}
	was, err := article.ParseSynonyms(in.Was)
	if err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, in.Brand, now)
		if err != nil {
			return err
		}
		if err := tx.Alone("help/" + itoa(h.brand.ID)); err != nil {
			return err
		}
		kept, err := tx.Synonyms(h.brand.ID)
		if err == nil && kept.String() != was.String() {
			err = fault.New(fault.Conflict, "somebody has changed this list meanwhile; what is kept stands on the page anew, put your lines to it")
		}
		if err != nil {
			return err
		}
		return tx.SaveSynonyms(h.brand.ID, all)
	})
}
