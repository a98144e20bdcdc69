package desk

import (
	"context"
	"time"

	"hark/store"
)

const (
	// longestRing is after how long nobody believes that a telephone still rings, whose exchange has said nothing more of it.
	longestRing = 5 * time.Minute
	// unrecorded is after how long nobody will confirm the record of a call any more: they have gone home since.
	unrecorded = 24 * time.Hour
)

// mergeSettles is for how long after a merge something may still come that was being written to the record that went.
const mergeSettles = time.Hour

// Forget removes what has ended and opens nothing any more: sessions, links, counted attempts, keys of forms, the ringing of calls whose
// end nobody told, the waiting of calls whose record nobody confirmed. It also hands over what reached a merged record at the moment of
// the merge, and reads the desk's keys again, in case another node has changed them. A worker calls it every ten minutes.
func (d *Desk) Forget(ctx context.Context) error {
	now := d.now()
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.GiveUpRinging(now.Add(-longestRing)); err != nil {
			return err
		}
		if _, err := tx.LeaveUnrecorded(now.Add(-unrecorded), now); err != nil {
			return err
		}
		if err := tx.FollowMerges(now.Add(-mergeSettles)); err != nil {
			return err
		}
		return tx.Forget(now)
	})
	if err != nil {
		return err
	}
	return d.readKeys(ctx, d.keys)
}
