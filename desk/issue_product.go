package desk

import (
	"context"
	"slices"

	"hark/access"
	"hark/account"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Of which product a known problem is. The products are those of the records: what customers have licences for, try or have bought.

// IssueProducts are the names of a brand's products, of which a known problem can name one. Where there is only one, nobody is asked.
func (d *Desk) IssueProducts(ctx context.Context, a access.Actor, brand int64) (names []string, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		names, err = productNames(tx, brand)
		return err
	})
	if len(names) == 1 {
		names = nil
	}
	return names, err
}

func productNames(tx *store.Tx, brand int64) (names []string, err error) {
	products, err := tx.Products(brand)
	for _, p := range products {
		names = append(names, p.Name)
	}
	return names, err
}

// ofKnownProduct refuses a product that the brand does not have. One that stood there before may stay.
func ofKnownProduct(tx *store.Tx, was, is issue.Issue) error {
	if is.Product == was.Product {
		return nil
	}
	names, err := productNames(tx, is.Brand)
	if err == nil && is.Product != "" && !slices.Contains(names, is.Product) {
		err = issue.Wrongly("product", "this brand has no product called %q; choose one of the list", shortened(is.Product, 60))
	}
	return err
}

// knownFor are the known problems that a ticket may report: those of its product that are still there, then all others. Somebody who looks
// for words finds what has them.
func knownFor(tx *store.Tx, a access.Actor, t ticket.Ticket, words string, most int) (found []issue.Issue, err error) {
	product, err := productOf(tx, t)
	if err != nil {
		return nil, err
	}
	filters := []store.IssueFilter{{Product: product, Open: true}, {}}
	if product == "" {
		filters = filters[1:]
	}
	for _, f := range filters {
		f.Brand, f.Words, f.Limit = t.Brand, words, most
		page, err := tx.Issues(a, f)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Items {
			if len(found) < most && !slices.Contains(idsOf(found), i.ID) {
				found = append(found, i)
			}
		}
	}
	return found, nil
}

// productOf is the product that a ticket is about, "" when nobody knows.
func productOf(tx *store.Tx, t ticket.Ticket) (string, error) {
	requester, err := tx.Person(t.Requester.ID)
	if err != nil {
		return "", err
	}
	owned, err := tx.Owned(access.Clock, store.OwnerOf(requester), t.Brand)
	about, _ := t.Facts[aboutFact].(string)
	return owned.ProductOf(policy.Only(owned, account.ParseAbout(about))), err
}
