package desk_test

import (
	"hark/account"
	"hark/calendar"
	"hark/store"
)

// owns makes somebody a customer with one licence, ordered on a day.
func (p *telephone) owns(name, email, site, version, ordered string) (customer account.Person) {
	p.t.Helper()
	day, err := calendar.ParseDate(ordered)
	p.must(err)
	p.must(p.db.Write(ctx, func(tx *store.Tx) error {
		customer, err = tx.EnsureCustomer(email, name, p.brand.ID, p.clock.Now())
		if err != nil {
			return err
		}
		product, err := tx.EnsureProduct(p.brand.ID, "AbleCommerce")
		if err != nil {
			return err
		}
		release, err := tx.EnsureVersion(product, version)
		if err != nil {
			return err
		}
		return tx.SaveLicence(&account.Licence{Brand: p.brand.ID, Owner: account.Owner{Person: customer.ID}, Product: product, Version: release, Site: site, OrderedOn: day, Status: account.Active})
	}))
	return customer
}

// evaluates makes somebody a customer who has tried the product since a day.
func (p *telephone) evaluates(name, email, since string) (customer account.Person) {
	p.t.Helper()
	day, err := calendar.ParseDate(since)
	p.must(err)
	p.must(p.db.Write(ctx, func(tx *store.Tx) error {
		customer, err = tx.EnsureCustomer(email, name, p.brand.ID, p.clock.Now())
		if err != nil {
			return err
		}
		product, err := tx.EnsureProduct(p.brand.ID, "AbleCommerce")
		if err != nil {
			return err
		}
		return tx.SaveEvaluation(&account.Evaluation{Brand: p.brand.ID, Person: customer.ID, Product: product, BeganOn: day})
	}))
	return customer
}

// has gives somebody a telephone number.
func (p *telephone) has(customer account.Person, number string, shared bool) {
	p.t.Helper()
	p.must(p.db.Write(ctx, func(tx *store.Tx) error {
		return tx.SaveContact(&account.Contact{Person: customer.ID, Kind: account.Phone, Value: number, Shared: shared})
	}))
}
