package desk

import (
	"context"
	"sync"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/store"
)

// published are the figures that pages have shown lately. Counting them reads every ticket of three months, and a policy page is
// asked for far more often than its figures could be read differently: each says on how many tickets it rests, and when it was counted.
type published struct {
	mu   sync.Mutex
	kept map[int64]measuredFigures // by brand
}

type measuredFigures struct {
	version int64
	at      time.Time
	figures map[string]policy.Measured
}

// figuresHold is how old a figure on a page can be.
const figuresHold = time.Minute

func newPublished() *published { return &published{kept: map[int64]measuredFigures{}} }

func (p *published) known(brand, version int64, now time.Time) (map[string]policy.Measured, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one, known := p.kept[brand]
	age := now.Sub(one.at)
	return one.figures, known && one.version == version && age >= 0 && age < figuresHold
}

func (p *published) remember(brand int64, one measuredFigures) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept[brand] = one
}

// Figures are the numbers a brand publishes about itself, from its own tickets (seed 002, 2.4), at most a minute old: how many
// tickets get an answer within a time, how long an answer usually takes, how many tickets come in a month. Each says on how many
// tickets it rests and when it was counted. Another version of the policy is counted at once.
func (d *Desk) Figures(ctx context.Context, brand int64) (figures map[string]policy.Measured, err error) {
	now := d.now()
	var version int64
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		version, err = d.rules.running(tx, brand, now)
		return err
	})
	if fault.Is(err, fault.Refused) { // no policy yet, so nothing is published
		return map[string]policy.Measured{}, nil
	}
	if err != nil {
		return nil, err
	}
	if figures, known := d.published.known(brand, version, now); known {
		return figures, nil
	}
	if figures, err = d.countFigures(ctx, brand, now); err == nil {
		d.published.remember(brand, measuredFigures{version, now, figures})
	}
	return figures, err
}
