package desk

import (
	"context"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/article"
	"hark/fault"
	"hark/store"
)

// HelpSections are the sections of a brand's help for whoever writes it.
func (d *Desk) HelpSections(ctx context.Context, a access.Actor, brand int64) (all []article.Section, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, brand, now)
		if err == nil {
			all, err = tx.HelpSections(h.brand.ID)
		}
		return err
	})
	return all, err
}

// Shelve is what somebody does to the sections of a brand's help: a new one, another name, one place up, or away.
type Shelve struct {
	Brand   int64
	Section int64  // 0 for a new one
	Name    string // "" leaves it
	Up      bool
	Drop    bool // only while nothing stands in it
}

// Shelve changes the sections of a brand's help.
func (d *Desk) Shelve(ctx context.Context, a access.Actor, in Shelve) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.authors(tx, a, in.Brand, now)
		if err != nil {
			return err
		}
		if err := tx.Alone("help/" + itoa(h.brand.ID)); err != nil {
			return err
		}
		all, err := tx.HelpSections(h.brand.ID)
		if err != nil {
			return err
		}
		return h.shelve(all, in)
	})
}

func (h helped) shelve(all []article.Section, in Shelve) error {
	name := strings.Join(strings.Fields(in.Name), " ")
	fits := name != "" && utf8.RuneCountInString(name) <= article.MostTitle
	if in.Section == 0 {
		if !fits {
			return noSectionName()
		}
		return h.tx.SaveHelpSection(&article.Section{Brand: h.brand.ID, Name: name, Slug: article.Slug(name), Position: len(all) + 1})
	}
	for i, s := range all {
		switch {
		case s.ID != in.Section:
		case in.Drop:
			return h.tx.DropHelpSection(h.brand.ID, s.ID)
		case in.Up:
			return h.swap(all, i)
		case fits:
			s.Name = name // its address stays, so that links to it do
			return h.tx.SaveHelpSection(&s)
		default:
			return noSectionName()
		}
	}
	return fault.New(fault.NotFound, "there is no such section")
}

func noSectionName() error {
	return fault.New(fault.Invalid, "a section needs a name of at most %d letters", article.MostTitle)
}

// swap puts a section before the one above it. All places are written anew, so that two that share one are parted.
func (h helped) swap(all []article.Section, i int) error {
	if i > 0 {
		all[i-1], all[i] = all[i], all[i-1]
	}
	for at, s := range all {
		s.Position = at + 1
		if err := h.tx.SaveHelpSection(&s); err != nil {
			return err
		}
	}
	return nil
}
