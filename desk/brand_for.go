package desk

import (
	"context"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// brandFor returns the brand whose pages stand at a host name, the first brand for any other host, and the zero brand
// while there is none.
func brandFor(tx *store.Tx, host string) (brand account.Brand, err error) {
	host, _, _ = strings.Cut(host, ":")
	brands, err := tx.Brands()
	for i, b := range brands {
		if i == 0 || b.Host != "" && strings.EqualFold(b.Host, host) {
			brand = b
		}
	}
	return brand, err
}

// RunningFor returns the brand whose pages stand at a host name and the policy that holds for it now, nil while there is none.
func (d *Desk) RunningFor(ctx context.Context, host string) (p *policy.Policy, brand account.Brand, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = brandFor(tx, host); err != nil {
			return err
		}
		version, err := d.rules.running(tx, brand.ID, now)
		if fault.Is(err, fault.Refused) {
			return nil
		}
		if err == nil {
			p, err = d.rules.of(tx, version)
		}
		return err
	})
	return p, brand, err
}

// BrandAccent is the colour of a brand, "" for the desk's own.
func (d *Desk) BrandAccent(ctx context.Context, id int64) (accent string, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brand, err := tx.Brand(id)
		accent = brand.Accent
		return err
	})
	return accent, err
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
