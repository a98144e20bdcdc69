package desk

import (
	"context"

	"hark/store"
)

// Forget removes what has ended and opens nothing any more: sessions, links, counted attempts, keys of forms. A worker
// calls it once an hour.
func (d *Desk) Forget(ctx context.Context) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return tx.Forget(now) })
}
