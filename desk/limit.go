package desk

import (
	"context"
	"time"

	"hark/fault"
	"hark/store"
)

// limit is how often something may happen in a window of time. Windows are fixed and counted in the database, so they
// hold across nodes and restarts; nothing ever resets a count (D6).
type limit struct {
	key    string
	most   int64
	window time.Duration
}

func signInLimits(address, remote string) []limit {
	return []limit{
		{"sign-in/account/" + address, 10, 15 * time.Minute},
		{"sign-in/source/" + remote, 60, 15 * time.Minute},
	}
}

// mailedLinkLimits hold for every mail that a stranger can cause by typing an address.
func mailedLinkLimits(address, remote string) []limit {
	return []limit{
		{"mailed-link/account/" + address, 3, time.Hour},
		{"mailed-link/source/" + remote, 30, time.Hour},
	}
}

// askLimits hold for the form anybody can fill in (D1); how often one address is written to is counted apart.
func askLimits(remote string) []limit {
	return []limit{
		{"ask/source/" + remote, 20, time.Hour},
		{"ask/all", 500, time.Hour},
	}
}

// limit counts one attempt against every limit and refuses when one is used up.
func (d *Desk) limit(ctx context.Context, limits ...limit) error {
	var over []limit
	now := d.now()
	err := d.db.Write(ctx, func(tx *store.Tx) (err error) {
		over, err = overLimit(tx, now, limits...)
		return err
	})
	if err != nil {
		return err
	}
	if len(over) > 0 {
		return fault.New(fault.TooMany, "too many attempts; wait %s and try again", inWords(over[0].window))
	}
	return nil
}

// overLimit counts one attempt against every limit and returns those that are used up.
func overLimit(tx *store.Tx, now time.Time, limits ...limit) (over []limit, err error) {
	for _, l := range limits {
		count, err := tx.CountAttempt(l.key, l.window, now)
		if err != nil {
			return nil, err
		}
		if count > l.most {
			over = append(over, l)
		}
	}
	return over, nil
}

// inWords says a window as people do.
func inWords(window time.Duration) string {
	switch {
	case window >= 24*time.Hour:
		return "a day"
	case window >= time.Hour:
		return "an hour"
	}
	return "a quarter of an hour"
}
