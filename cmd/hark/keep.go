package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

type backupCmd struct {
	File string `arg:"" help:"Where the backup is written; a file that is not there yet."`
}

// Run writes a backup while the server goes on working.
func (c *backupCmd) Run(out *Out, w *where) error {
	return w.stored(func(ctx context.Context, db *store.DB) error {
		if err := db.Backup(ctx, c.File); err != nil {
			return err
		}
		return out.Print(map[string]string{"file": c.File}, "backed up to "+c.File)
	})
}

type restoreCmd struct {
	File string `arg:"" help:"The backup."`
}

// Run fills an empty data directory or database from a backup: all of it, or nothing.
func (c *restoreCmd) Run(out *Out, w *where) error {
	ctx := context.Background()
	db, err := w.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Restore(ctx, c.File); err != nil {
		return err
	}
	return out.Print(map[string]string{"file": c.File}, "restored from "+c.File)
}

type doctorCmd struct {
	Reindex bool `help:"First make every comment findable again, and the ledger of promises anew."`
}

// Run says what is wrong and how to mend it, and ends with status 1 when something is.
func (c *doctorCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, _ access.Actor) error {
		if c.Reindex {
			if err := d.db.Reindex(ctx); err != nil {
				return err
			}
		}
		findings := append(d.db.Doctor(ctx, d.Now()), sweep(ctx, d, out)...)
		for _, f := range findings {
			if err := out.Print(f, fmt.Sprintf("%s: %s\n  mend: %s", f.What, f.Says, f.Mend)); err != nil {
				return err
			}
		}
		if len(findings) > 0 {
			return fault.New(fault.Invalid, "%s found", plural(len(findings), "problem"))
		}
		return out.Print(map[string]bool{"well": true}, "all is well")
	})
}

// sweep removes files that nothing names, says so when there were any, and finds what keeps it from that.
func sweep(ctx context.Context, d *opened, out *Out) []store.Finding {
	swept, err := d.db.Sweep(ctx, time.Now())
	if err == nil && swept.Files > 0 {
		err = out.Print(swept, fmt.Sprintf("removed %s that no mail and no ticket names, %d KiB", plural(swept.Files, "file"), swept.Bytes>>10))
	}
	if fault.Is(err, fault.Conflict) {
		return []store.Finding{{What: "files", Says: err.Error(), Mend: "give each desk a directory, a bucket or a prefix of its own; when the other desk is gone, remove its mark"}}
	}
	if err != nil {
		return []store.Finding{{What: "files", Says: "files that nothing names cannot be looked for: " + err.Error(), Mend: "look at the error; nothing is lost meanwhile"}}
	}
	return nil
}

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

type keysCmd struct {
	Rotate keysRotateCmd `cmd:"" help:"Make new keys for all that stands in mails; what the old ones made works for ninety days more."`
	Secret keysSecretCmd `cmd:"" help:"Show what a telephone exchange or a shop signs its events with. Whoever has it can tell this desk of calls and sales."`
}

type keysSecretCmd struct {
	Of string `arg:"" enum:"exchange,shop" help:"exchange or shop"`
}

// Run prints the secret alone, so that a script can take it.
func (c *keysSecretCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		read := map[string]func(context.Context, access.Actor) (string, error){"exchange": d.ExchangeSecret, "shop": d.ShopSecret}
		secret, err := read[c.Of](ctx, operator)
		if err != nil {
			return err
		}
		return out.Print(map[string]string{"of": c.Of, "secret": secret}, secret)
	})
}

type keysRotateCmd struct{}

// Run makes new keys, for when the old ones may be known to somebody.
func (keysRotateCmd) Run(out *Out, w *where) error {
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		if err := d.RotateKeys(ctx, operator); err != nil {
			return err
		}
		return out.Print(map[string]bool{"rotated": true}, "new keys take over in two hours; what the old ones made works for ninety days more")
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
	return w.look(func(ctx context.Context, d *opened, operator access.Actor) error {
		now, err := c.advance(ctx, d, operator)
		if err != nil {
			return err
		}
		time.Sleep(desk.ClockSpreads) // whoever looks at the desk after this command sees the new time
		return out.Print(map[string]time.Time{"now": now}, now.Format(time.RFC3339))
	})
}

func (c *clockAdvanceCmd) advance(ctx context.Context, d *opened, operator access.Actor) (time.Time, error) {
	if !d.demo {
		return d.Now(), fault.New(fault.Refused, "this is no demo: a desk in use runs on the real time, which nobody can move")
	}
	if strings.HasPrefix(c.To, "-") {
		return d.Now(), onlyForward(d.Now())
	}
	if c.To == "next" {
		return d.AdvanceToNext(ctx, operator)
	}
	zone, err := zoneOf(ctx, d, operator)
	if err != nil {
		return time.Time{}, err
	}
	to, err := target(c.To, d.Now(), zone)
	if err != nil {
		return to, err
	}
	if to.Before(d.Now()) {
		return to, onlyForward(d.Now().In(zone))
	}
	return d.AdvanceTo(ctx, operator, to)
}

func onlyForward(now time.Time) error {
	return fault.New(fault.Invalid, "the clock only goes forward, and it is %s; write 5h, next, or a later time", now.Format(time.RFC3339))
}

// zoneOf is the zone of the first brand's policy, in which people at a terminal mean their times.
func zoneOf(ctx context.Context, d *opened, operator access.Actor) (*time.Location, error) {
	house, err := d.House(ctx, operator)
	if err != nil {
		return nil, err
	}
	p, _, err := d.Running(ctx, house.Brands[0].ID)
	if err != nil {
		return nil, err
	}
	return p.Zone, nil
}
