package desk

import (
	"context"
	"slices"

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

// Borrowed reports whether a brand still runs on the policy a new desk begins with. What that one says of hours, times and
// numbers is another company's, so nobody outside is told of it until somebody has applied a policy.
func (d *Desk) Borrowed(ctx context.Context, brand int64) (borrowed bool, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		version, err := d.rules.running(tx, brand, now)
		if fault.Is(err, fault.Refused) { // no policy at all
			return nil
		}
		if err != nil {
			return err
		}
		reason, err := tx.PolicyReason(version)
		borrowed = reason == beginningSays
		return err
	})
	return borrowed, err
}

// ownVersions leaves out the version a new desk began with.
func ownVersions(all []store.PolicyVersion) []store.PolicyVersion {
	return slices.DeleteFunc(all, func(v store.PolicyVersion) bool { return v.Reason == beginningSays })
}
