package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
)

const (
	takeover = 2 * time.Hour       // until then every node has read the new key, because each does so once an hour
	grace    = 90 * 24 * time.Hour // how long answers to older mails still find their ticket
)

// RotateKeys makes a new key for everything that stands in mails: reply addresses, Message-IDs, bounce addresses, ticket
// links. It takes over in two hours. What the present key made is accepted for ninety days more, and what the one before it made
// ends with the takeover (C4).
func (d *Desk) RotateKeys(ctx context.Context, a access.Actor) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	now := d.now()
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		set, err := d.storedKeys(tx, now)
		if err != nil {
			return err
		}
		if set, err = rotated(set, now); err != nil {
			return err
		}
		return tx.SetSetting(keysSetting, d.sealKeys(set))
	})
	if err != nil {
		return err
	}
	return d.readKeys(ctx, d.keys)
}

// rotated adds a root. The present one gets an end, and the one before it an earlier one.
func rotated(set keySet, now time.Time) (keySet, error) {
	present := len(set.Roots) - 1
	from := now.Add(takeover)
	if set.Roots[present].From.After(now) {
		return set, fault.New(fault.Refused, "a new key was made a moment ago and has not taken over yet")
	}
	if set.Roots[present].Version == 255 {
		return set, fault.New(fault.Refused, "keys cannot be changed more often than 255 times")
	}
	var kept []root
	for i, r := range set.Roots {
		switch {
		case i == present:
			r.Until = from.Add(grace)
		case r.Until.After(from):
			r.Until = from
		}
		if r.Until.After(now) {
			kept = append(kept, r)
		}
	}
	set.Roots = append(kept, root{Version: set.Roots[present].Version + 1, Key: random(keySize), From: from})
	return set, nil
}
