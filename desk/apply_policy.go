package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/simulate"
	"hark/store"
)

// NewPolicy is a policy file that is to become the running one of a brand.
type NewPolicy struct {
	Brand    int64 // 0 for the first
	File     string
	Source   []byte
	Reason   string // why; kept with the version
	MoveOpen bool   // open tickets go on under the new version, from when it begins to hold, instead of the one they began with
	Rebook   bool   // somebody is asked to find another time for each booked call that the new hours do not allow (S0-22)
	Base     int64  // the version that must still be the newest, 0 when it does not matter
}

// PolicyRefused holds everything that is wrong with a policy file. The running policy is not touched.
type PolicyRefused struct {
	Findings policy.Findings
	Source   []byte
}

// Error is every finding with its line and a caret, beginning with what has to be mended.
func (e *PolicyRefused) Error() string { return e.Findings.ErrorsFirst().Carets(e.Source) }

// Unwrap gives it a kind: fault.Invalid.
func (e *PolicyRefused) Unwrap() error {
	return fault.New(fault.Invalid, "this policy has %d errors; the one that runs was not touched", e.Findings.Errors())
}

// CheckPolicy reads and checks a policy, and lets the scenarios it keeps happen. With any error in it, or a scenario that
// no longer comes true, the result is a *PolicyRefused.
func CheckPolicy(file string, source []byte) (*policy.Policy, policy.Findings, error) {
	p, findings := policy.Parse(file, source)
	if p != nil {
		findings = append(append(findings, p.Lint()...), simulate.Check(p)...)
	}
	if findings.Errors() > 0 {
		return nil, findings, &PolicyRefused{findings, source}
	}
	return p, findings, nil
}

// Applied is a policy that now runs.
type Applied struct {
	Version  int64
	Findings policy.Findings // warnings and notes
	Moved    int             // open tickets that went along at once; a version that holds later takes them along then
	Stayed   int             // open tickets that could not, each with the reason on it; those that cannot be read are named by hark doctor
	From     time.Time       // when it begins to hold
	Same     bool            // it is the newest version already, so that nothing has changed

	along *store.Running // the version that takes open tickets along at once, nil for none
}

// ApplyPolicy makes a policy the running one of a brand. A file with errors changes nothing. Versions are never altered:
// applying stores a new one with its reason, and notes how customers are to hear of it. Open tickets keep theirs unless they
// are to move (A32). The text of the newest version, applied again, changes nothing. Where it takes two people, nobody of the desk
// applies alone: see [Desk.ProposePolicy]. An operator on the host, who could replace the whole desk, is not asked for a second one.
func (d *Desk) ApplyPolicy(ctx context.Context, a access.Actor, in NewPolicy) (applied Applied, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return applied, err
	}
	p, findings, err := readyToApply(in)
	if err != nil {
		return applied, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := d.mayAlone(tx, a, in.Brand); err != nil {
			return err
		}
		applied, err = d.apply(tx, a.Person, a.Person, in, p)
		return err
	})
	if err != nil {
		return applied, err
	}
	applied.Findings = findings
	d.afterApplying(ctx, &applied)
	return applied, nil
}

// AppliedLast is the newest version of a brand, when the actor wrote it and its text has this [PolicyDraft.Mark]: what they press
// Apply for is applied already. Known is false when a colleague, or another text, was last.
func (d *Desk) AppliedLast(ctx context.Context, a access.Actor, brand int64, mark string) (version store.PolicyVersion, known bool, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return version, false, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		versions, err := tx.PolicyVersions(brand)
		if err != nil || len(versions) == 0 {
			return err
		}
		version, err = tx.PolicyVersion(versions[0].ID)
		return err
	})
	mine := a.Person != 0 && (version.AppliedBy == a.Person && version.WrittenBy == 0 || version.WrittenBy == a.Person)
	known = mine && PolicyDraft{Source: version.Source}.Mark() == mark
	return version, known, err
}

// readyToApply is a policy without errors, with a reason.
func readyToApply(in NewPolicy) (*policy.Policy, policy.Findings, error) {
	if strings.TrimSpace(in.Reason) == "" {
		return nil, nil, fault.New(fault.Invalid, "say why the policy changes; the reason is kept with the version")
	}
	return CheckPolicy(in.File, in.Source)
}

// afterApplying takes open tickets along and lets corrected calendars reach the others, a few in each transaction, so that nobody
// who writes meanwhile waits for long. The version is stored by now; what fails here is made up for when time passes.
func (d *Desk) afterApplying(ctx context.Context, applied *Applied) {
	if r := applied.along; r != nil {
		all, err := d.takeAllAlong(ctx, *r)
		applied.Moved, applied.Stayed = all.moved, all.stayed
		if err != nil {
			d.log.Warn("open tickets could not all be taken along yet", "error", err)
		}
	}
	if _, err := d.Correct(ctx); err != nil {
		d.log.Warn("due times could not be derived again yet", "error", err)
	}
}

// apply stores the version one person wrote and another, or the same, applies. It looks at the clock when nobody else applies any more: of
// two versions the one that is stored last begins last.
func (d *Desk) apply(tx *store.Tx, by, writer int64, in NewPolicy, p *policy.Policy) (Applied, error) {
	brand, err := d.brandOr(tx, in.Brand)
	if err != nil {
		return Applied{}, err
	}
	newest, err := d.nobodyWasFaster(tx, brand, in.Base)
	if err != nil {
		return Applied{}, err
	}
	now := d.now()
	if newest.Source == string(in.Source) && !in.MoveOpen && !in.Rebook {
		return Applied{Version: newest.ID, From: newest.Effective, Same: true}, d.dropApplied(tx, brand, writer, newest.Source, now)
	}
	from, before, err := d.beginning(tx, brand, p, now)
	if err != nil {
		return Applied{}, err
	}
	name, err := versionName(tx, brand, p.Version)
	if err != nil {
		return Applied{}, err
	}
	version := store.PolicyVersion{
		Brand: brand, Name: p.Name, Version: name, Source: string(in.Source), Effective: from, Applied: now, AppliedBy: by,
		Reason: strings.TrimSpace(in.Reason), Moves: in.MoveOpen,
	}
	if writer != by {
		version.WrittenBy = writer
	}
	if err := tx.AddPolicyVersion(&version); err != nil {
		return Applied{}, err
	}
	if err := d.dropApplied(tx, brand, writer, version.Source, now); err != nil {
		return Applied{}, err
	}
	if err := d.makeKnown(tx, version, p, before, now); err != nil {
		return Applied{}, err
	}
	if in.Rebook {
		if err := d.askToRebook(tx, version, p, now); err != nil {
			return Applied{}, err
		}
	}
	applied := Applied{Version: version.ID, From: from}
	if in.MoveOpen && !from.After(now) {
		applied.along = &store.Running{Brand: brand, Version: version.ID, From: from, Moves: true}
	}
	return applied, nil
}

// versionName is what a version is called that names itself like this: so, or when the brand had one of that name, with a number
// behind it, "2026-11-01.2". A name is given once and never changes, so that a sentence which names a version means one.
func versionName(tx *store.Tx, brand int64, wanted string) (string, error) {
	versions, err := tx.PolicyVersions(brand)
	taken := func(name string) bool {
		return slices.ContainsFunc(versions, func(v store.PolicyVersion) bool { return v.Version == name })
	}
	name := wanted
	for n := 2; taken(name); n++ {
		name = wanted + "." + strconv.Itoa(n)
	}
	return name, err
}

// dropApplied puts the draft away that has become a version. What its author has written since stays.
func (d *Desk) dropApplied(tx *store.Tx, brand, writer int64, source string, now time.Time) error {
	draft, err := d.policyDraft(tx, brand, writer, now)
	if err != nil || draft.Source != source {
		return err
	}
	return tx.DropSetting(draftName(brand, writer))
}

// oneAtATime lets one person at a time change a brand's policy, or decide on a proposal for it.
func oneAtATime(tx *store.Tx, brand int64) error { return tx.Alone("policy/" + itoa(brand)) }

// nobodyWasFaster refuses a policy that began from a version which is not the newest any more: applying it would take back what a
// colleague applied since. It returns the newest version, which has no ID where there is none.
func (d *Desk) nobodyWasFaster(tx *store.Tx, brand, base int64) (newest store.PolicyVersion, err error) {
	if err := oneAtATime(tx, brand); err != nil {
		return newest, err
	}
	versions, err := tx.PolicyVersions(brand)
	if err != nil || len(versions) == 0 {
		return newest, err
	}
	if base != 0 && versions[0].ID > base {
		return newest, fault.New(fault.Conflict, "version %s was applied since you began; look at what it changed, and begin from it", versions[0].Version)
	}
	return tx.PolicyVersion(versions[0].ID)
}

// beginning is when a policy begins to hold: at its own date, but never in the past, and the first one of a brand at once,
// because until then there would be none. With it comes the policy that holds before, nil for the first.
func (d *Desk) beginning(tx *store.Tx, brand int64, p *policy.Policy, now time.Time) (from time.Time, before *policy.Policy, err error) {
	_, err = tx.PolicyAt(brand, now)
	if isNotFound(err) {
		return now, nil, nil
	}
	if err != nil {
		return now, nil, err
	}
	from = latest(p.Effective, now)
	running, err := tx.PolicyAt(brand, from)
	if err != nil {
		return from, nil, err
	}
	before, err = d.rules.of(tx, running)
	return from, before, err
}

// ExportPolicy returns the source of what runs for a brand, as it was applied.
func (d *Desk) ExportPolicy(ctx context.Context, a access.Actor, brand int64) (version store.PolicyVersion, err error) {
	if !a.Staff() {
		return version, may(a, access.SeeTickets)
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		id, err := d.rules.running(tx, brand, now)
		if err != nil {
			return err
		}
		version, err = tx.PolicyVersion(id)
		return err
	})
	return version, err
}

// PolicyHistory lists every version of a brand, newest first.
func (d *Desk) PolicyHistory(ctx context.Context, brand int64) (versions []store.PolicyVersion, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if brand, err = d.brandOr(tx, brand); err != nil {
			return err
		}
		versions, err = tx.PolicyVersions(brand)
		return err
	})
	return versions, err
}
