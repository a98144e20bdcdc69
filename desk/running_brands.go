package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/policy"
	"hark/store"
)

// RunningBrand is a brand and the policy that holds for it now.
type RunningBrand struct {
	Brand  account.Brand
	Policy *policy.Policy
}

// RunningBrands are the brands that have a policy, in their order: those for which a ticket can be written.
func (d *Desk) RunningBrands(ctx context.Context, a access.Actor) (all []RunningBrand, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err = d.runningBrands(tx, now)
		return err
	})
	return all, err
}

func (d *Desk) runningBrands(tx *store.Tx, now time.Time) (all []RunningBrand, err error) {
	brands, err := tx.Brands()
	for _, b := range brands {
		p, err := d.runningOf(tx, b.ID, now)
		if err != nil {
			return nil, err
		}
		if p != nil {
			all = append(all, RunningBrand{b, p})
		}
	}
	return all, err
}
