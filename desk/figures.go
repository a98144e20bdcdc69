package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// Figures measures the numbers a brand publishes about itself, from its own tickets (seed 002, 2.4): how many tickets get
// an answer within a time, how long an answer usually takes, how many tickets come in a month. Each says on how many
// tickets it rests and when it was counted. They are a few seconds old at most, a minute when nothing has changed.
func (d *Desk) Figures(ctx context.Context, brand int64) (figures map[string]policy.Measured, err error) {
	now, generation := d.now(), d.db.Generation(ctx)
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
	key := fmt.Sprint(brand, version) // another version is counted at once
	if known, ok := d.figures.known(key, generation, now); ok {
		return known, nil
	}
	if figures, err = d.measure(ctx, brand, now); err == nil {
		d.figures.remember(key, worked[map[string]policy.Measured]{figures, generation, now})
	}
	return figures, err
}

func (d *Desk) measure(ctx context.Context, brand int64, now time.Time) (figures map[string]policy.Measured, err error) {
	figures = map[string]policy.Measured{}
	seen := replies{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		version, err := d.rules.running(tx, brand, now)
		if fault.Is(err, fault.Refused) { // no policy yet, so nothing is published
			return nil
		}
		if err != nil {
			return err
		}
		p, err := d.rules.of(tx, version)
		if err != nil {
			return err
		}
		for _, f := range p.Doc.Figures {
			measure := measures[f.Metric]
			if measure == nil || !f.Live {
				continue
			}
			m, err := measure(seen, tx, brand, f, now)
			if err != nil {
				return err
			}
			if m.Sample > 0 { // what nothing stands behind stays what the policy says itself
				figures[f.ID] = m
			}
		}
		return nil
	})
	return figures, err
}

var measures = map[string]func(replies, *store.Tx, int64, policy.Figure, time.Time) (policy.Measured, error){
	"share_first_reply_within": shareWithin,
	"usual_first_reply":        usualFirstReply,
	"tickets_per_month":        ticketsPerMonth,
	"tickets_per_agent":        ticketsPerAgent,
	"promises_kept":            promisesKept,
	"usual_phase":              usualPhase,
}

// shareWithin is the share of tickets with a first answer in time, and of how many that is said (A33).
func shareWithin(seen replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	if f.Within == nil {
		return policy.Measured{At: now}, nil
	}
	replies, err := seen.of(tx, brand, f, now)
	within := now.Sub(back(*f.Within, now))
	percent, counted := policy.ShareFirstReplyWithin(replies, within, now)
	return policy.Measured{Value: fmt.Sprintf("%d %%", percent), Sample: counted, At: now}, err
}

// replies are the first answers that were read already, by where the time looked back over begins: most figures look back over
// the same.
type replies map[time.Time][]policy.FirstReply

func (r replies) of(tx *store.Tx, brand int64, f policy.Figure, now time.Time) ([]policy.FirstReply, error) {
	from := since(f, now)
	if known, ok := r[from]; ok {
		return known, nil
	}
	answered, err := tx.FirstReplies(brand, from, now)
	all := make([]policy.FirstReply, len(answered))
	for i, a := range answered {
		all[i] = policy.FirstReply{Came: a.Created, Answered: a.Replied}
	}
	r[from] = all
	return all, err
}

// since is where the time a figure looks back over begins; 90 days when the policy does not say.
func since(f policy.Figure, now time.Time) time.Time {
	if f.LookBack == nil {
		return now.Add(-90 * 24 * time.Hour)
	}
	return back(*f.LookBack, now)
}

// usualFirstReply is the range in which the middle half of the first answers came, leaving out those within f.Within.
func usualFirstReply(seen replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	replies, err := seen.of(tx, brand, f, now)
	if err != nil {
		return policy.Measured{At: now}, err
	}
	var quick time.Duration // "all others" are those that took longer than what another figure counts as quick
	if f.Within != nil {
		quick = now.Sub(back(*f.Within, now))
	}
	var waits []time.Duration
	for _, r := range replies {
		if waited := r.Answered.Sub(r.Came); !r.Answered.IsZero() && waited > quick {
			waits = append(waits, waited)
		}
	}
	return middleHalf(waits, now), err
}

// middleHalf is the range in which the middle half of some lengths of time lies.
func middleHalf(lengths []time.Duration, now time.Time) policy.Measured {
	m := policy.Measured{Sample: len(lengths), At: now}
	if len(lengths) > 0 {
		slices.Sort(lengths)
		m.Value = rangeInWords(lengths[len(lengths)/4], lengths[len(lengths)*3/4])
	}
	return m
}

// usualPhase is how long a phase has usually taken, of the tickets that went through it (seed 004, 4.10).
func usualPhase(_ replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	lasted, err := tx.Lasted(access.Clock, store.Span{Brand: brand, From: since(f, now), To: now}, true, usualCaps().phases)
	var took []time.Duration
	for _, l := range lasted {
		if l.Rule == f.Phase {
			took = append(took, l.Done.Sub(l.At))
		}
	}
	return middleHalf(took, now), err
}

// rangeInWords says how long something takes, in minutes, hours or days.
func rangeInWords(from, to time.Duration) string {
	unit, name := time.Hour, "hours"
	switch {
	case to < 2*time.Hour:
		unit, name = time.Minute, "minutes"
	case to > 4*24*time.Hour:
		unit, name = 24*time.Hour, "days"
	}
	a, b := int(from/unit), int((to+unit-1)/unit)
	if a == b {
		return fmt.Sprintf("%d %s", b, name)
	}
	return fmt.Sprintf("%d-%d %s", a, b, name)
}

// month is what a number of tickets a month is counted in, and the least that has to be seen before one is told.
const month = 30 * 24 * time.Hour

// ticketsPerMonth is how many tickets came in thirty days, on average over the time looked back on, or over the time since
// the first ticket when that is shorter.
func ticketsPerMonth(_ replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	return perMonth(tx, brand, f, now, 1)
}

// ticketsPerAgent is the same for each of those who answered any, on average: it says how much one person does, and of nobody
// in particular (seed 002, 2.10).
func ticketsPerAgent(_ replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	agents, err := tx.AnswererCount(brand, since(f, now), now)
	if err != nil || agents == 0 {
		return policy.Measured{At: now}, err
	}
	return perMonth(tx, brand, f, now, agents)
}

func perMonth(tx *store.Tx, brand int64, f policy.Figure, now time.Time, shared int64) (policy.Measured, error) {
	first, err := tx.FirstCreated(brand)
	from := latest(since(f, now), first)
	if err != nil || now.Sub(from) < month {
		return policy.Measured{At: now}, err
	}
	n, err := tx.CreatedBetween(brand, from, now)
	months := now.Sub(from).Hours() / month.Hours()
	m := policy.Measured{Value: number(int(float64(n)/months/float64(shared) + 0.5)), Sample: int(n), At: now}
	if from.Equal(first) {
		m.Since = first
	}
	return m, err
}

// promisesKept is the share of what was promised that was kept, of one target or of everything that is a promise.
func promisesKept(_ replies, tx *store.Tx, brand int64, f policy.Figure, now time.Time) (policy.Measured, error) {
	ledger, err := tx.Ledger(access.Clock, store.Span{Brand: brand, From: since(f, now), To: now})
	counts := map[promise.TargetState]int{}
	for _, k := range ledger {
		if f.Target == k.Rule && k.Measure != promise.PhaseTime || f.Target == "" && k.Strength == promise.Promise {
			counts[k.State] += int(k.Promises)
		}
	}
	percent, counted := policy.ShareKept(counts[promise.Kept], counts[promise.Missed])
	return policy.Measured{Value: fmt.Sprintf("%d %%", percent), Sample: counted, At: now}, err
}
