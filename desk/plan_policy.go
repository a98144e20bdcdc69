package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/policy"
	"hark/promise"
	"hark/store"
	"hark/ticket"
)

// Move is one deadline of an open ticket that another policy changes. A zero time is "not planned".
type Move struct {
	Ticket  int64
	Subject string
	Rule    string
	From    time.Time
	To      time.Time
}

// Stay is an open ticket that cannot go along with another policy, and why.
type Stay struct {
	Ticket  int64
	Subject string
	Why     string
}

// Told is how customers and colleagues will hear of a version.
type Told struct {
	policy.Announcement
	Until       time.Time // banner and notice end
	People      int       // who gets a mail
	More        bool      // there are more, who get none: one version is mailed to so many and no more
	Differences []policy.Difference
}

// Plan is what applying a policy would do.
type Plan struct {
	Findings  policy.Findings
	Version   string    // what the version will be called
	From      time.Time // when it begins to hold
	Later     bool      // that is not now: what moves moves then, and not before
	Open      int       // open tickets of the brand
	Moves     []Move    // deadlines that move when open tickets move too
	Stay      []Stay    // open tickets that cannot move
	Corrected []Move    // deadlines that move in any case, because a calendar is corrected
	Calls     []Call    // booked calls that the new hours do not allow (S0-22)
	Told      Told
	NoFiles   []string // files that it names and the brand's library does not have
	Heavy     []string // messages whose files are too large together to be mailed
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
		plan = Plan{Findings: findings}
		return d.planAll(ctx, tx, &plan, p, brand, now)
	})
	return plan, err
}

func (d *Desk) planAll(ctx context.Context, tx *store.Tx, plan *Plan, p *policy.Policy, brand int64, now time.Time) error {
	from, before, err := d.beginning(tx, brand, p, now)
	if err != nil {
		return err
	}
	plan.From, plan.Later = from, from.After(now)
	if plan.Version, err = versionName(tx, brand, p.Version); err != nil {
		return err
	}
	if plan.Told, err = d.told(tx, brand, p, before, from, now); err != nil {
		return err
	}
	library, err := tx.LibraryFiles(brand)
	if err != nil {
		return err
	}
	plan.NoFiles = p.FilesMissing(func(name string) bool {
		_, has := libraryFile(library, name)
		return has
	})
	plan.Heavy = heavy(p, library)
	ids, err := tx.OpenTickets(brand)
	plan.Open = len(ids)
	for _, id := range ids {
		err := d.planOne(tx, plan, p, id)
		if err != nil && notItsTrouble(ctx, err) {
			return err
		}
		if err != nil {
			plan.Stay = append(plan.Stay, Stay{id, "", "It cannot be worked on: " + shortened(err.Error(), 300) + ". It is tried again by itself."})
		}
	}
	return err
}

// planOne says what becomes of one open ticket. What is due before the policy begins happens by the rules of before.
func (d *Desk) planOne(tx *store.Tx, plan *Plan, p *policy.Policy, id int64) error {
	t, err := tx.Ticket(access.Clock, id)
	if err != nil {
		return err
	}
	own, err := d.rules.of(tx, t.Policy)
	if err != nil {
		return err
	}
	out := p.Adopt(t, plan.From)
	if out.Refused != "" {
		plan.Stay = append(plan.Stay, Stay{t.ID, t.Subject, out.Refused})
	} else {
		plan.Moves = append(plan.Moves, movesAfter(plan.From, moves(t, out.Ticket))...)
	}
	plan.Corrected = append(plan.Corrected, planned(movesAfter(plan.From, moves(t, own.WithCalendars(p).Adopt(t, plan.From).Ticket)))...)
	if call, troubled := troubledCall(own, p, t, plan.From); troubled {
		plan.Calls = append(plan.Calls, call)
	}
	return nil
}

// movesAfter leaves out what has come due by then under the rules of before.
func movesAfter(from time.Time, all []Move) []Move {
	return slices.DeleteFunc(all, func(m Move) bool { return !m.From.IsZero() && m.From.Before(from) })
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
