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
	mu       sync.Mutex
	versions map[int64]*policy.Policy
}

func newRules() *rules { return &rules{versions: map[int64]*policy.Policy{}} }

// of returns the policy version a ticket began with.
func (r *rules) of(tx *store.Tx, version int64) (*policy.Policy, error) {
	if p := r.known(version); p != nil {
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
	r.remember(version, p)
	return p, nil
}

func (r *rules) known(version int64) *policy.Policy {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.versions[version]
}

func (r *rules) remember(version int64, p *policy.Policy) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.versions[version] = p
}

// running returns the number of the version that holds for a brand at an instant.
func (r *rules) running(tx *store.Tx, brand int64, at time.Time) (int64, error) {
	version, err := tx.PolicyAt(brand, at)
	if isNotFound(err) {
		return 0, fault.New(fault.Refused, "this brand has no policy yet; apply one with hark policy apply FILE")
	}
	return version.ID, err
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
