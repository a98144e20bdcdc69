package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// PolicyDraft is a policy somebody is working on. It is theirs alone, survives the end of their session, and is nowhere
// near what runs until it is applied.
type PolicyDraft struct {
	Source string    `json:"source"`
	Trial  string    `json:"trial"` // the scenario they try it on
	Base   int64     `json:"base"`  // the newest version when they began
	Saved  time.Time `json:"saved"` // zero: nobody has begun, and Source is what runs

	Before string `json:"before,omitempty"` // the text before the last thing a button did to it, to take that back
	Did    string `json:"did,omitempty"`    // and what that was

	Prepared string `json:"prepared,omitempty"` // the Mark of the text that the setup wrote, "" when it wrote none

	Was string `json:"-"` // when saving: the Mark of the text it was made from, "" to replace whatever is there
}

// Mark tells one text of a draft from another, so that a page can say which of them it shows.
func (p PolicyDraft) Mark() string {
	sum := sha256.Sum256([]byte(p.Source))
	return hex.EncodeToString(sum[:12])
}

func draftName(brand, person int64) string { return fmt.Sprintf("policy-draft/%d/%d", brand, person) }

// PolicyDraft returns what the actor is working on for a brand; without a draft it begins from what runs, and is empty
// when nothing runs yet.
func (d *Desk) PolicyDraft(ctx context.Context, a access.Actor, brand int64) (draft PolicyDraft, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return draft, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		draft, err = d.policyDraft(tx, brand, a.Person, now)
		return err
	})
	return draft, err
}

func (d *Desk) policyDraft(tx *store.Tx, brand, person int64, now time.Time) (draft PolicyDraft, err error) {
	kept, err := tx.Setting(draftName(brand, person))
	switch {
	case err != nil:
		return draft, err
	case kept == nil:
		return d.untouchedPolicy(tx, brand, now)
	}
	return draft, json.Unmarshal(kept, &draft)
}

// unchanged refuses what was made from a text that is not the draft any more: it would take back what was written since.
func (d *Desk) unchanged(tx *store.Tx, brand, person int64, was string, now time.Time) error {
	if was == "" {
		return nil
	}
	if err := tx.Alone(draftName(brand, person)); err != nil {
		return err
	}
	draft, err := d.policyDraft(tx, brand, person, now)
	if err == nil && draft.Mark() != was {
		err = fault.New(fault.Conflict, "your draft was changed on another page since this one was drawn")
	}
	return err
}

// untouchedPolicy is a draft nobody has touched: what runs.
func (d *Desk) untouchedPolicy(tx *store.Tx, brand int64, now time.Time) (PolicyDraft, error) {
	versions, err := tx.PolicyVersions(brand)
	if err != nil || len(versions) == 0 {
		return PolicyDraft{}, err
	}
	running, err := tx.PolicyAt(brand, now)
	if isNotFound(err) {
		running, err = versions[0].ID, nil
	}
	if err != nil {
		return PolicyDraft{}, err
	}
	version, err := tx.PolicyVersion(running)
	return PolicyDraft{Source: version.Source, Base: versions[0].ID}, err
}

// SavePolicyDraft keeps what the actor is working on. Anything may be in it; it is checked when somebody wants to know. A draft made
// from a text that is no longer there is [fault.Conflict], and changes nothing.
func (d *Desk) SavePolicyDraft(ctx context.Context, a access.Actor, brand int64, draft PolicyDraft) error {
	if err := may(a, access.ApplyPolicy); err != nil {
		return err
	}
	if len(draft.Source) > policy.MostBytes || len(draft.Before) > policy.MostBytes || len(draft.Trial) > policy.MostBytes {
		return fault.New(fault.TooLarge, "a policy has at most %d MB", policy.MostBytes>>20)
	}
	draft.Saved = d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, brand)
		if err != nil {
			return err
		}
		if err := d.unchanged(tx, brand, a.Person, draft.Was, draft.Saved); err != nil {
			return err
		}
		if draft.Base == 0 {
			fresh, err := d.untouchedPolicy(tx, brand, draft.Saved)
			if err != nil {
				return err
			}
			draft.Base = fresh.Base
		}
		kept, err := json.Marshal(draft)
		if err != nil {
			return err
		}
		return tx.SetSetting(draftName(brand, a.Person), kept)
	})
}

// DropPolicyDraft throws away what the actor was working on, if it is still the text with this Mark; [fault.Conflict] otherwise.
func (d *Desk) DropPolicyDraft(ctx context.Context, a access.Actor, brand int64, was string) error {
	if err := may(a, access.ApplyPolicy); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, brand)
		if err != nil {
			return err
		}
		if err := d.unchanged(tx, brand, a.Person, was, now); err != nil {
			return err
		}
		return tx.DropSetting(draftName(brand, a.Person))
	})
}

// PolicyVersion is one version by its number, for whoever may read it: what has begun to hold is public, what customers have been
// told of as well, and what else is still to come is for those who may apply policies. Anything else is [fault.NotFound].
func (d *Desk) PolicyVersion(ctx context.Context, a access.Actor, id int64) (version store.PolicyVersion, p *policy.Policy, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if version, err = tx.PolicyVersion(id); err != nil {
			return err
		}
		if version.Reason == beginningSays && !a.Staff() {
			return fault.New(fault.NotFound, "there is no such policy version")
		}
		if version.Effective.After(now) {
			if ok, err := mayRead(tx, a, version); err != nil || !ok {
				return orElse(err, fault.New(fault.NotFound, "there is no such policy version"))
			}
		}
		p, err = d.rules.of(tx, id)
		return err
	})
	return version, p, err
}
