package desk

import (
	"context"
	"sync"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/store"
)

// rules are the policies in use. A version never changes once it is stored, so each is read and compiled once; only
// which version runs is asked of the database every time.
type rules struct {
	mu        sync.Mutex
	versions  map[pair]*policy.Policy
	announced map[pair][]policy.Difference // what customers read differently in a version than in another
}

// pair is a version with the calendars of another; 0 means its own.
type pair struct{ version, calendars int64 }

func newRules() *rules {
	return &rules{versions: map[pair]*policy.Policy{}, announced: map[pair][]policy.Difference{}}
}

// differences are what customers read differently in a version than in the one before it. Neither ever changes, so it is worked
// out once.
func (r *rules) differences(tx *store.Tx, version, before int64) ([]policy.Difference, error) {
	which := pair{version, before}
	r.mu.Lock()
	known, done := r.announced[which]
	r.mu.Unlock()
	if done || before == 0 {
		return known, nil
	}
	p, err := r.of(tx, version)
	if err != nil {
		return nil, err
	}
	was, err := r.of(tx, before)
	if err != nil {
		return nil, err
	}
	differences := p.Announced(was)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.announced[which] = differences
	return differences, nil
}

// forTicket returns the rules a ticket lives by: those of the version it began with, and the calendars of the one that runs
// now, because the team is there when it is there (A32).
func (r *rules) forTicket(tx *store.Tx, version, brand int64, now time.Time) (*policy.Policy, error) {
	running, err := r.running(tx, brand, now)
	if err != nil || running == version {
		return r.orOf(tx, version, err)
	}
	return r.corrected(tx, version, running)
}

func (r *rules) orOf(tx *store.Tx, version int64, err error) (*policy.Policy, error) {
	if err != nil && !fault.Is(err, fault.Refused) {
		return nil, err
	}
	return r.of(tx, version)
}

// corrected is a version with the calendars of a later one.
func (r *rules) corrected(tx *store.Tx, version, later int64) (*policy.Policy, error) {
	if p := r.known(pair{version, later}); p != nil {
		return p, nil
	}
	old, err := r.of(tx, version)
	if err != nil {
		return nil, err
	}
	fresh, err := r.of(tx, later)
	if err != nil {
		return nil, err
	}
	p := old.WithCalendars(fresh)
	r.remember(pair{version, later}, p)
	return p, nil
}

// of returns a policy version as it was applied.
func (r *rules) of(tx *store.Tx, version int64) (*policy.Policy, error) {
	if p := r.known(pair{version: version}); p != nil {
		return p, nil
	}
	stored, err := tx.PolicyVersion(version)
	if err != nil {
		return nil, err
	}
	p, findings := policy.Parse(stored.Name+".yaml", []byte(stored.Source))
	if p == nil {
		return nil, fault.New(fault.Unavailable, "policy version %d can no longer be read: %s", version, findings[0])
	}
	p.Effective = stored.Effective // the file may name a day that had passed when it was applied
	p.Version = stored.Version     // and a name that another version had before
	r.remember(pair{version: version}, p)
	return p, nil
}

func (r *rules) known(which pair) *policy.Policy {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.versions[which]
}

func (r *rules) remember(which pair, p *policy.Policy) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions[which] = p
}

// running returns the number of the version that holds for a brand at an instant.
func (r *rules) running(tx *store.Tx, brand int64, at time.Time) (int64, error) {
	version, err := tx.PolicyAt(brand, at)
	if isNotFound(err) {
		return 0, fault.New(fault.Refused, "this brand has no policy yet; apply one with hark policy apply FILE")
	}
	return version, err
}

// Running returns the policy that holds for a brand now, and its version.
func (d *Desk) Running(ctx context.Context, brand int64) (p *policy.Policy, version int64, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if version, err = d.rules.running(tx, brand, now); err != nil {
			return err
		}
		p, err = d.rules.of(tx, version)
		return err
	})
	return p, version, err
}
