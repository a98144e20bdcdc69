package desk

import (
	"context"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/simulate"
	"hark/store"
	"hark/ticket"
)

// NewPolicy is a policy file that is to become the running one of a brand.
type NewPolicy struct {
	Brand    int64 // 0 for the first
	File     string
	Source   []byte
	Reason   string // why; kept with the version
	MoveOpen bool   // open tickets go on under the new version instead of the one they began with
	Base     int64  // the version that must still be the newest, 0 when it does not matter
}

// PolicyRefused holds everything that is wrong with a policy file. The running policy is not touched.
type PolicyRefused struct {
	Findings policy.Findings
	Source   []byte
}

// Error is every finding with its line and a caret.
func (e *PolicyRefused) Error() string { return e.Findings.Carets(e.Source) }

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

// Move is one deadline of an open ticket that another policy changes. A zero time is "not planned".
type Move struct {
	Ticket  int64
	Subject string
	Rule    string
	From    time.Time
	To      time.Time
}

// Plan is what applying a policy would do.
type Plan struct {
	Findings  policy.Findings
	Open      int    // open tickets of the brand
	Moves     []Move // deadlines that move when open tickets move too
	Corrected []Move // deadlines that move in any case, because a calendar is corrected
}

// PlanApply says what would happen, and changes nothing: every deadline of every open ticket that would move.
func (d *Desk) PlanApply(ctx context.Context, a access.Actor, in NewPolicy) (plan Plan, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return plan, err
	}
	p, findings, err := CheckPolicy(in.File, in.Source)
	if plan.Findings = findings; err != nil {
		return plan, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		brand, err := d.brandOr(tx, in.Brand)
		if err != nil {
			return err
		}
		ids, err := tx.OpenTickets(brand)
		plan.Open, plan.Moves, plan.Corrected = len(ids), nil, nil
		for _, id := range ids {
			if err := d.planOne(tx, &plan, p, id, now); err != nil {
				return err
			}
		}
		return err
	})
	return plan, err
}

func (d *Desk) planOne(tx *store.Tx, plan *Plan, p *policy.Policy, id int64, now time.Time) error {
	t, err := tx.Ticket(access.Clock, id)
	if err != nil {
		return err
	}
	own, err := d.rules.of(tx, t.Policy)
	if err != nil {
		return err
	}
	plan.Moves = append(plan.Moves, moves(t, p.Adopt(t, now).Ticket)...)
	plan.Corrected = append(plan.Corrected, moves(t, own.WithCalendars(p).Adopt(t, now).Ticket)...)
	return nil
}

// moves compares what is planned for a ticket before and after.
func moves(before, after ticket.Ticket) (all []Move) {
	was, is := deadlines(before.Memory), deadlines(after.Memory)
	for _, d := range was {
		to := at(is, d.rule)
		if !to.Equal(d.at) {
			all = append(all, Move{before.ID, before.Subject, d.rule, d.at, to})
		}
	}
	for _, d := range is {
		if at(was, d.rule).IsZero() {
			all = append(all, Move{before.ID, before.Subject, d.rule, time.Time{}, d.at})
		}
	}
	return all
}

type deadline struct {
	rule string
	at   time.Time
}

func deadlines(m ticket.Memory) (all []deadline) {
	for _, t := range m.Timers {
		all = append(all, deadline{"lifecycle.timers." + t.Rule, t.At})
	}
	for _, t := range m.Targets {
		if t.State == promise.Running {
			all = append(all, deadline{"targets." + t.Rule, t.Due})
		}
	}
	if phase := m.Phase; !phase.To.IsZero() && phase.Waiting.IsZero() {
		all = append(all, deadline{"trackers." + phase.Tracker + ".phases." + phase.ID, phase.To})
	}
	for _, t := range m.Reminders {
		all = append(all, deadline{"calls.reminders." + t.Rule, t.At})
	}
	return all
}

func at(all []deadline, rule string) time.Time {
	for _, d := range all {
		if d.rule == rule {
			return d.at
		}
	}
	return time.Time{}
}

// Applied is a policy that now runs.
type Applied struct {
	Version  int64
	Findings policy.Findings // warnings and notes
	Moved    int             // open tickets that went along
}

// ApplyPolicy makes a policy the running one of a brand. A file with errors changes nothing. Versions are never altered:
// applying stores a new one with its reason. Open tickets keep theirs unless they are to move (A32).
func (d *Desk) ApplyPolicy(ctx context.Context, a access.Actor, in NewPolicy) (applied Applied, err error) {
	if err := may(a, access.ApplyPolicy); err != nil {
		return applied, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return applied, fault.New(fault.Invalid, "say why the policy changes; the reason is kept with the version")
	}
	p, findings, err := CheckPolicy(in.File, in.Source)
	if err != nil {
		return applied, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		applied, err = d.apply(tx, a, in, p, now)
		applied.Findings = findings
		return err
	})
	if err != nil {
		return applied, err
	}
	if _, err := d.Correct(ctx); err != nil { // it holds at once; what fails now is made up for when time passes
		d.log.Warn("due times could not be derived again yet", "error", err)
	}
	return applied, nil
}

func (d *Desk) apply(tx *store.Tx, a access.Actor, in NewPolicy, p *policy.Policy, now time.Time) (Applied, error) {
	brand, err := d.brandOr(tx, in.Brand)
	if err != nil {
		return Applied{}, err
	}
	if err := d.nobodyWasFaster(tx, brand, in.Base); err != nil {
		return Applied{}, err
	}
	from, err := d.beginning(tx, brand, p, now)
	if err != nil {
		return Applied{}, err
	}
	version := store.PolicyVersion{
		Brand: brand, Name: p.Name, Version: p.Version, Source: string(in.Source), Effective: from,
		Applied: now, AppliedBy: a.Person, Reason: strings.TrimSpace(in.Reason),
	}
	if err := tx.AddPolicyVersion(&version); err != nil {
		return Applied{}, err
	}
	if err := tx.DropSetting(draftName(brand, a.Person)); err != nil {
		return Applied{}, err
	}
	if !in.MoveOpen {
		return Applied{Version: version.ID}, nil
	}
	moved, err := d.moveOpen(tx, brand, p, version.ID, now)
	return Applied{Version: version.ID, Moved: moved}, err
}

// nobodyWasFaster refuses a policy that began from a version which is not the newest any more: applying it would take back what a
// colleague applied since.
func (d *Desk) nobodyWasFaster(tx *store.Tx, brand, base int64) error {
	if base == 0 {
		return nil
	}
	versions, err := tx.PolicyVersions(brand)
	if err != nil || len(versions) == 0 || versions[0].ID <= base {
		return err
	}
	return fault.New(fault.Conflict, "version %s was applied since you began; look at what it changed, and begin from it", versions[0].Version)
}

// beginning is when a policy begins to hold: at its own date, but never in the past, and the first one of a brand at once,
// because until then there would be none.
func (d *Desk) beginning(tx *store.Tx, brand int64, p *policy.Policy, now time.Time) (time.Time, error) {
	_, err := tx.PolicyAt(brand, now)
	if isNotFound(err) {
		return now, nil
	}
	return latest(p.Effective, now), err
}

// moveOpen lets every open ticket of the brand go on under a new version.
func (d *Desk) moveOpen(tx *store.Tx, brand int64, p *policy.Policy, version int64, now time.Time) (moved int, err error) {
	ids, err := tx.OpenTickets(brand)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		t, err := tx.TicketForUpdate(id)
		if err != nil {
			return moved, err
		}
		t.Policy = version
		out := p.Adopt(t, now)
		h := happening{event: ticket.Event{At: now}, now: now, via: viaRule, notes: internally(ticket.Change, "", "goes on under policy "+p.Version)}
		if _, err := d.keep(tx, p, t, out, h); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
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
