package desk

import (
	"context"
	"strings"

	"hark/access"
	"hark/account"
	"hark/store"
)

// BrandFor returns the brand whose pages stand at a host name, the first brand for any other host, and the zero brand
// while there is none.
func (d *Desk) BrandFor(ctx context.Context, host string) (brand account.Brand, err error) {
	host, _, _ = strings.Cut(host, ":")
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		for i, b := range brands {
			if i == 0 || b.Host != "" && strings.EqualFold(b.Host, host) {
				brand = b
			}
		}
		return err
	})
	return brand, err
}

// NameFirstBrand gives the desk's first brand the name its first administrator chose; an empty name leaves it.
func (d *Desk) NameFirstBrand(ctx context.Context, a access.Actor, name string) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	defer d.doors.forget()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		if err != nil || len(brands) == 0 || name == "" {
			return err
		}
		brands[0].Name = name
		return tx.SaveBrand(&brands[0])
	})
}
