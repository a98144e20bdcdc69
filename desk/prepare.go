package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Preparation is how far the administrators of a new desk have come: what they answered, in which steps, and what they left
// for later. The policy it amounts to is the draft of whoever answers; nothing of it holds before it is published.
type Preparation struct {
	Answers   policy.Answers `json:"answers"`
	Answered  []int          `json:"answered"` // steps, by number
	Skipped   []int          `json:"skipped"`  // steps somebody left open on purpose
	Mail      []TriedWay     `json:"mail"`     // how the mailbox did when it was last tried
	Draft     string         `json:"draft"`    // what the answers wrote last, to notice when it was changed by hand
	Put       bool           `json:"put"`      // nobody wants to be led here again
	Published time.Time      `json:"published"`
	Begun     bool           `json:"-"` // somebody has answered, left open or put off anything
	Changed   bool           `json:"-"` // the actor has changed their draft by hand, so that it says something else than the answers
}

// TriedWay is one way of a mailbox, tried: receiving or sending.
type TriedWay struct {
	Way   string `json:"way"` // in, out
	Good  bool   `json:"good"`
	Says  string `json:"says"`  // the server's own words, or ours
	Where string `json:"where"` // imap, smtp, listener, direct: what the usual causes depend on
}

const preparationSetting = "preparation"

// Preparation returns how far the desk is prepared, and whether the actor's draft was changed by hand since.
func (d *Desk) Preparation(ctx context.Context, a access.Actor) (p Preparation, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return p, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = d.preparation(tx, a)
		return err
	})
	return p, err
}

func (d *Desk) preparation(tx *store.Tx, a access.Actor) (p Preparation, err error) {
	kept, err := tx.Setting(preparationSetting)
	if err != nil {
		return p, err
	}
	if p.Begun = kept != nil; p.Begun {
		if err := json.Unmarshal(kept, &p); err != nil {
			return p, err
		}
	}
	draft, err := d.keptDraft(tx, a)
	p.Changed = draft.Source != "" && draft.Source != p.Draft && draft.Mark() != draft.Prepared
	return p, err
}

// keptDraft is the actor's draft for the first brand; zero when there is none.
func (d *Desk) keptDraft(tx *store.Tx, a access.Actor) (draft PolicyDraft, err error) {
	brand, err := d.brandOr(tx, 0)
	if err != nil {
		return draft, err
	}
	kept, err := tx.Setting(draftName(brand, a.Person))
	if err != nil || kept == nil {
		return draft, err
	}
	return draft, json.Unmarshal(kept, &draft)
}

// Prepare lets one step of the preparation change what is kept, and writes the policy draft anew from all answers. A draft
// that was changed by hand is replaced only when the actor says so; else it is fault.Conflict and nothing is changed.
func (d *Desk) Prepare(ctx context.Context, a access.Actor, step int, replace bool, change func(*Preparation)) error {
	if err := may(a, access.ApplyPolicy); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := d.preparation(tx, a)
		if err != nil {
			return err
		}
		if p.Changed && !replace {
			return fault.New(fault.Conflict, "your draft of the policy was changed by hand since; going on here would write it anew from these answers")
		}
		p.take(step)
		change(&p)
		return d.keepPreparation(tx, a, p, now)
	})
}

// take counts a step as answered; change may say otherwise.
func (p *Preparation) take(step int) {
	p.Skipped = without(p.Skipped, step)
	p.Answered = append(without(p.Answered, step), step)
}

// LeaveOpen leaves a step open.
func (p *Preparation) LeaveOpen(step int) {
	p.Answered = without(p.Answered, step)
	p.Skipped = append(without(p.Skipped, step), step)
}

func without(steps []int, step int) []int {
	return slices.DeleteFunc(slices.Clone(steps), func(s int) bool { return s == step })
}

func (d *Desk) keepPreparation(tx *store.Tx, a access.Actor, p Preparation, now time.Time) error {
	zone, err := time.LoadLocation(p.Answers.Zone)
	if err != nil {
		zone = time.UTC
	}
	p.Draft = string(policy.Begin(p.Answers, calendar.DateOf(now, zone)))
	if err := keepJSON(tx, preparationSetting, p); err != nil {
		return err
	}
	brand, err := d.brandOr(tx, 0)
	if err != nil {
		return err
	}
	fresh, err := d.untouchedPolicy(tx, brand, now)
	if err != nil {
		return err
	}
	draft := PolicyDraft{Source: p.Draft, Base: fresh.Base, Saved: now}
	draft.Prepared = draft.Mark()
	return keepJSON(tx, draftName(brand, a.Person), draft)
}

func keepJSON(tx *store.Tx, name string, value any) error {
	kept, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.SetSetting(name, kept)
}

// PutOffPreparation remembers that nobody wants to be led to the preparation by itself any more.
func (d *Desk) PutOffPreparation(ctx context.Context, a access.Actor) error {
	return d.changePreparation(ctx, a, func(p *Preparation) { p.Put = true })
}

// NoteMail remembers how the mailbox did when it was tried.
func (d *Desk) NoteMail(ctx context.Context, a access.Actor, tried []TriedWay) error {
	return d.changePreparation(ctx, a, func(p *Preparation) { p.Mail = tried })
}

func (d *Desk) changePreparation(ctx context.Context, a access.Actor, change func(*Preparation)) error {
	if err := may(a, access.ApplyPolicy); err != nil {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := d.preparation(tx, a)
		if err != nil {
			return err
		}
		change(&p)
		return keepJSON(tx, preparationSetting, p)
	})
}

// The reasons kept with the versions that a preparation publishes: the first one, and those after it.
const (
	firstReason = "First policy"
	laterReason = "Answered anew in the setup"
)

// PublishPreparation applies what the answers amount to, whoever of the administrators gave them, or the actor's draft when they have
// changed it by hand: from now on it holds, and everybody can read it. A step that is missing is no obstacle; what is open stands in
// the policy as an assumption.
func (d *Desk) PublishPreparation(ctx context.Context, a access.Actor) error {
	p, err := d.Preparation(ctx, a)
	if err != nil {
		return err
	}
	draft, err := d.toPublish(ctx, a, p)
	if err != nil {
		return err
	}
	reason := firstReason
	if !p.Published.IsZero() {
		reason = laterReason
	}
	if _, err := d.ApplyPolicy(ctx, a, NewPolicy{File: "policy", Source: []byte(draft.Source), Reason: reason, Base: draft.Base}); err != nil {
		return err
	}
	now := d.now()
	return d.changePreparation(ctx, a, func(p *Preparation) {
		p.take(publishing)
		p.Published = now
	})
}

// toPublish is what the page of the last step shows, if it is not published yet.
func (d *Desk) toPublish(ctx context.Context, a access.Actor, p Preparation) (PolicyDraft, error) {
	draft, err := d.PolicyDraft(ctx, a, 0)
	if err != nil {
		return draft, err
	}
	own := !draft.Saved.IsZero() && (p.Changed || draft.Source == p.Draft)
	if !own {
		draft = PolicyDraft{Source: p.Draft} // a colleague's answers
	}
	versions, err := d.PolicyHistory(ctx, 0)
	if err != nil {
		return draft, err
	}
	before := slices.IndexFunc(versions, func(v store.PolicyVersion) bool { return v.Source == draft.Source })
	switch {
	case draft.Source == "":
		return draft, fault.New(fault.Conflict, "nobody has answered a question yet, so that there is nothing to publish")
	case before == 0:
		return draft, fault.New(fault.Conflict, "what stands here is published already, as version %s", versions[0].Version)
	case before > 0 && !own:
		return draft, fault.New(fault.Conflict, "these answers are published already, and version %s was applied since; answer a question anew to publish them again", versions[0].Version)
	case len(versions) > 0 && draft.Base == 0:
		draft.Base = versions[0].ID
	}
	return draft, nil
}

// publishing is the step that shows the finished page.
const publishing = 7

// StepTaken counts a step as answered that changes nothing in the policy.
func (d *Desk) StepTaken(ctx context.Context, a access.Actor, step int) error {
	return d.changePreparation(ctx, a, func(p *Preparation) { p.take(step) })
}

// Unprepared reports whether this is a desk nobody has prepared: no step was taken, and the policy that runs is the one it
// began with. Only to whoever may change that it is true.
func (d *Desk) Unprepared(ctx context.Context, a access.Actor) (unprepared bool, err error) {
	if !access.May(a, access.ApplyPolicy) {
		return false, nil
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		kept, err := tx.Setting(preparationSetting)
		if err != nil || kept != nil {
			return err
		}
		brand, err := d.brandOr(tx, 0)
		if err != nil {
			return err
		}
		versions, err := tx.PolicyVersions(brand)
		unprepared = len(versions) == 0 || len(versions) == 1 && versions[0].Reason == beginningSays
		return err
	})
	return unprepared, err
}
