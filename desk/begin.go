package desk

import (
	"context"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// firstPolicy is the example a new desk begins with, so that the first mail already finds rules. It is meant to be changed.
const (
	firstPolicy   = "customer-support-center"
	beginningSays = "The policy a new desk begins with." // the reason it is kept with
)

// Begin makes a new desk ready for its first mail: a brand to speak as, and a policy to run. A desk that has them stays as
// it is, so every command may call it.
func (d *Desk) Begin(ctx context.Context) error {
	brand, err := d.firstBrand(ctx)
	if err != nil {
		return err
	}
	if _, _, err = d.Running(ctx, brand.ID); !fault.Is(err, fault.Refused) {
		return err
	}
	source, _ := policy.Example(firstPolicy)
	_, err = d.ApplyPolicy(ctx, access.Clock, NewPolicy{Brand: brand.ID, File: firstPolicy + ".yaml", Source: source, Reason: beginningSays})
	return err
}

func (d *Desk) firstBrand(ctx context.Context) (brand account.Brand, err error) {
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		brands, err := tx.Brands()
		if err != nil {
			return err
		}
		if len(brands) > 0 {
			brand = brands[0]
			return nil
		}
		brand = account.Brand{Name: "Support", Slug: "support"}
		return tx.SaveBrand(&brand)
	})
	return brand, err
}
