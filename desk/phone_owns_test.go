package desk_test

import (
	"strings"

	"hark/account"
	"hark/store"
)

// owns makes somebody a customer with one licence, ordered on a day.
func (p *telephone) owns(name, email, site, version, ordered string) (customer account.Person) {
	p.t.Helper()
	p.must(p.db.Write(ctx, func(tx *store.Tx) (err error) {
		customer, err = tx.EnsureCustomer(email, name, p.brand.ID, p.clock.Now())
		if err != nil {
			return err
		}
		customer.Facts = map[string]any{"licence.site": site, "licence.version_major": int(version[0] - '0'), "licence.ordered_on": ordered}
		return tx.SavePerson(&customer)
	}))
	_ = strings.TrimSpace
	return customer
}
