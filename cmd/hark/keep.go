package main

import (
	"context"
	"fmt"
	"time"

	"hark/access"
)

type migrateCmd struct{}

// Run brings the schema up to this binary.
func (migrateCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, _ access.Actor) error {
		have, want, err := d.db.SchemaVersion(ctx)
		if err != nil {
			return err
		}
		return out.Print(map[string]int64{"version": have}, fmt.Sprintf("schema %d of %d", have, want))
	})
}

type clockCmd struct {
	Advance clockAdvanceCmd `cmd:"" help:"Move the demo's clock: by a duration (24h, 5d), to what happens next (next), or to an instant."`
}

type clockAdvanceCmd struct {
	To string `arg:"" help:"24h, 5d, next, or 2026-11-27T16:30 or RFC 3339."`
}

// Run moves the clock of a demo and prints the new time.
func (c *clockAdvanceCmd) Run(out *Out, w *where) error {
	return w.on(func(ctx context.Context, d *opened, operator access.Actor) error {
		now, err := c.advance(ctx, d, operator)
		if err != nil {
			return err
		}
		return out.Print(map[string]time.Time{"now": now}, now.Format(time.RFC3339))
	})
}

func (c *clockAdvanceCmd) advance(ctx context.Context, d *opened, operator access.Actor) (time.Time, error) {
	if c.To == "next" {
		return d.AdvanceToNext(ctx, operator)
	}
	p, _, err := d.Running(ctx, 0)
	if err != nil {
		return time.Time{}, err
	}
	to, err := target(c.To, d.Now(), p.Zone)
	if err != nil {
		return to, err
	}
	return d.AdvanceTo(ctx, operator, to)
}
