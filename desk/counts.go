package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"hark/access"
	"hark/store"
)

// counts remembers how many tickets a view held for a reader, as long as nothing has changed: every page of the desk shows
// how many are next, and most pages are asked for when nothing has changed.
type counts struct {
	mu   sync.Mutex
	seen map[string]counted
}

type counted struct {
	count      store.Count
	generation uint64
	at         time.Time
}

const (
	countsHold = 5 * time.Second // what no change announces, such as the passing of time, shows after this at the latest
	mostCounts = 1000
)

func newCounts() *counts { return &counts{seen: map[string]counted{}} }

func (c *counts) known(key string, generation uint64, now time.Time) (store.Count, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, known := c.seen[key]
	age := now.Sub(one.at)
	return one.count, known && one.generation == generation && age >= 0 && age < countsHold
}

func (c *counts) remember(key string, one counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= mostCounts {
		clear(c.seen)
	}
	c.seen[key] = one
}

// Counts says how many tickets each view holds, up to a hundred.
func (d *Desk) Counts(ctx context.Context, a access.Actor, views ...store.View) (map[store.View]store.Count, error) {
	if slices.Equal(views, []store.View{store.Next}) {
		return d.countAgain(ctx, a, store.Next)
	}
	return d.countViews(ctx, a, views...)
}

// countAgain counts what stands on every page, which is the list of what is next, only when something has changed.
func (d *Desk) countAgain(ctx context.Context, a access.Actor, view store.View) (map[store.View]store.Count, error) {
	// The reader is part of the key with all their rights: whoever loses a group has another key.
	key, now, generation := fmt.Sprint(a, view), d.now(), d.db.Generation(ctx)
	if count, known := d.counts.known(key, generation, now); known {
		return map[store.View]store.Count{view: count}, nil
	}
	counts, err := d.countViews(ctx, a, view)
	if err == nil {
		d.counts.remember(key, counted{counts[view], generation, now})
	}
	return counts, err
}

func (d *Desk) countViews(ctx context.Context, a access.Actor, views ...store.View) (map[store.View]store.Count, error) {
	filters, counts, now := make([]store.Filter, len(views)), map[store.View]store.Count{}, d.now()
	for i, view := range views {
		filters[i] = store.Filter{View: view, Now: now}
	}
	err := d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.CountViews(a, filters...)
		for i, count := range all {
			counts[views[i]] = count
		}
		return err
	})
	return counts, err
}
