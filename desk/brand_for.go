package desk

import (
	"context"
	"strings"

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
