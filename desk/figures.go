package desk

import (
	"context"
	"fmt"
	"time"

	"hark/policy"
	"hark/store"
)

// Figures measures the numbers a brand publishes about itself, from its own tickets (seed 002, 2.4): how many tickets get
// an answer within a time, how long an answer usually takes, how many tickets come in a month. Each says on how many
// tickets it rests and when it was counted.
func (d *Desk) Figures(ctx context.Context, brand int64) (figures map[string]policy.Measured, err error) {
	now := d.now()
	figures = map[string]policy.Measured{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		version, err := d.rules.running(tx, brand, now)
		if err != nil {
			return err
		}
		p, err := d.rules.of(tx, version)
		if err != nil {
			return err
		}
		for _, f := range p.Doc.Figures {
			if measure := measures[f.Metric]; measure != nil && f.Live {
				if figures[f.ID], err = measure(tx, brand, f, now); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return figures, err
}

var measures = map[string]func(*store.Tx, int64, policy.Figure, time.Time) (policy.Measured, error){
	"share_first_reply_within": shareWithin,
	"usual_first_reply":        usualFirstReply,
	"tickets_per_month":        ticketsPerMonth,
}

// shareWithin counts tickets answered in time against all that have been answered or have waited longer than that. A
// ticket that is still inside its time is left out; one that waits longer counts against, so that silence does not
// improve the number (A33).
func shareWithin(tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	m := policy.Measured{At: now}
	within, err := exactly(f.Within)
	if err != nil {
		return m, err
	}
	replies, err := tx.FirstReplies(brand, since(f, now), now)
	kept := 0
	for _, r := range replies {
		switch {
		case r.Waited == 0 && now.Sub(r.Created) <= within:
			continue
		case r.Waited != 0 && r.Waited <= within:
			kept++
		}
		m.Sample++
	}
	if m.Sample > 0 {
		m.Value = fmt.Sprintf("%d %%", (200*kept+m.Sample)/(2*m.Sample))
	}
	return m, err
}
