package desk

import (
	"context"

	"hark/store"
)

// Forget removes what has ended and opens nothing any more: sessions, links, counted attempts, keys of forms. It also reads
// the desk's keys again, in case another node has changed them. A worker calls it once an hour.
func (d *Desk) Forget(ctx context.Context) error {
	now := d.now()
	if err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.Forget(now) }); err != nil {
		return err
	}
	return d.readKeys(ctx, d.keys)
}
