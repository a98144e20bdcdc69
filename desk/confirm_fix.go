package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/issue"
	"hark/store"
	"hark/ticket"
)

// ConfirmFix is somebody saying that they have seen the fix of a known problem work in production.
type ConfirmFix struct {
	Issue        int64
	Announcement string // where it is announced, an address; "" leaves what is known
}

// ConfirmFix ends a known problem, and lets all its tickets hear of it, the closed ones too. What that means for each is its policy's:
// a mail, a phase, or nothing. Here they are only queued, in one statement however many they are; [Desk.TellOfFix] goes through
// them, a minute later: a button that was pressed by mistake is taken back before anybody hears ([Desk.ReopenIssue]). Confirming it twice is
// confirming it once.
func (d *Desk) ConfirmFix(ctx context.Context, a access.Actor, in ConfirmFix) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.confirmFix(tx, a, in, now) })
}

func (d *Desk) confirmFix(tx *store.Tx, a access.Actor, in ConfirmFix, now time.Time) error {
	i, err := tx.IssueForUpdate(in.Issue)
	if err != nil || i.IsFixed() {
		return err
	}
	was := i
	if i.FixedBy, err = d.person(tx, a); err != nil {
		return err
	}
	i.State, i.Fixed, i.Fixes = issue.Fixed, now, i.Fixes+1
	if in.Announcement != "" {
		i.Announcement = in.Announcement
	}
	if i.Announcement == "" {
		if i.Announcement, err = d.announcedAt(tx, i); err != nil {
			return err
		}
	}
	i = i.Tidy()
	for _, step := range []func() error{
		i.Check,
		func() error { return tx.SaveIssue(i) },
		func() error { return tx.QueueTelling(i.ID, i.ToldFrom()) },
		func() error { return d.looked(tx, i, now) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return tx.AddIssueChanges(i.ID, i.FixedBy, now, append(issue.Differences(was, i), issue.Change{What: "fixed"})...)
}

// yetToBegin is when it does, zero where it has begun or there is nothing to tell.
func yetToBegin(i issue.Issue, now time.Time) (from time.Time) {
	if i.IsFixed() && !i.IsTold(now) {
		from = i.ToldFrom()
	}
	return from
}

// ReopenIssue is the fix not holding: the problem is known again. Whoever has not been told of the fix yet is not told any more, and
// the tickets that have heard of it go on where they stood; a later confirmation tells everybody anew.
func (d *Desk) ReopenIssue(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.ReplyPublicly); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.IssueForUpdate(id)
		if err != nil || !i.IsFixed() {
			return err
		}
		by, err := d.person(tx, a)
		if err != nil {
			return err
		}
		was := i
		i.State, i.Fixed, i.FixedBy, i.Announcement = issue.Open, time.Time{}, ticket.Person{}, ""
		if err := tx.SaveIssue(i); err != nil {
			return err
		}
		if err := orElse(tx.TakeBackTelling(i.ID, was.Fixed, now), d.looked(tx, i, now)); err != nil {
			return err
		}
		return tx.AddIssueChanges(i.ID, by, now, append(issue.Differences(was, i), issue.Change{What: "reopened"})...)
	})
}

// looked notes that somebody has looked whether a known problem is fixed; the engineers hear what they found.
func (d *Desk) looked(tx *store.Tx, i issue.Issue, now time.Time) error {
	return orElse(tx.StopAsking(i.ID), d.tellEngineers(tx, i, now))
}

// tellRounds is how many batches one round of time tells of fixes, so that no reminder waits behind ten thousand of them.
const tellRounds = 8

// tellOfFixes tells the next few tickets of the fixes of their known problems.
func (d *Desk) tellOfFixes(ctx context.Context) (told int, err error) {
	for range tellRounds {
		n, err := d.TellOfFix(ctx)
		if told += n; err != nil || n == 0 {
			return told, err
		}
	}
	return told, nil
}

// TellOfFix lets the next few tickets hear that their known problem is fixed, and returns how many had their turn. What a ticket's
// policy does then, and that it has had its turn, are stored together: whoever is stopped in between is gone on from, and several
// nodes take different ones. A person who reported it on two tickets is mailed about one of them ([keeping.send]). A ticket that
// fails, or whose reader cannot be mailed just now, is tried again later and holds up nobody.
func (d *Desk) TellOfFix(ctx context.Context) (told int, err error) {
	now := d.now()
	if due, err := d.fixesWait(ctx, now); err != nil || !due {
		return 0, err
	}
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		told = 0
		next, err := tx.ToTellOfFix(now, tellAtOnce)
		if err != nil {
			return err
		}
		for _, one := range next {
			if err := d.tellTicket(ctx, tx, one, now); err != nil {
				return err
			}
		}
		told = len(next)
		return nil
	})
	return told, err
}

// fixesWait looks without a write whether any ticket is to hear of a fix: it is asked after every change.
func (d *Desk) fixesWait(ctx context.Context, now time.Time) (due bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		at, err := tx.NextTelling()
		due = !at.IsZero() && !at.After(now)
		return err
	})
	return due, err
}

func (d *Desk) tellTicket(ctx context.Context, tx *store.Tx, one store.ToldOf, now time.Time) error {
	wrong := tx.Try(func() error { return d.fixReaches(tx, one, now) })
	switch {
	case wrong == nil:
		return tx.ToldOfFix(one.Ticket, now)
	case fault.Is(wrong, fault.Refused): // nothing can be mailed to them just now
		return tx.TellOfFixFrom(one.Ticket, now.Add(mailPause))
	case stops(ctx, wrong):
		return wrong
	}
	d.log.ErrorContext(ctx, "a ticket could not hear of a fix", "ticket", one.Ticket, "issue", one.Issue, "error", wrong)
	return tx.TellOfFixFrom(one.Ticket, now.Add(longestPause))
}

// fixReaches is the fix happening to one ticket.
func (d *Desk) fixReaches(tx *store.Tx, one store.ToldOf, now time.Time) error {
	i, err := tx.Issue(access.Clock, one.Issue)
	if err != nil {
		return err
	}
	t, err := tx.TicketForUpdate(one.Ticket)
	if err != nil {
		return err
	}
	if !i.IsFixed() {
		return d.fixDoesNotHold(tx, t, i, now)
	}
	again := !one.Before.IsZero() && !one.Before.Before(i.Fixed)
	e := ticket.Event{Kind: ticket.IssueFixed, At: now, By: i.FixedBy, Confirmed: true, Again: again}
	h := happening{event: e, now: now, via: viaRule, fixed: &i, notes: []ticket.AuditEvent{tellFix(i, again)}}
	did, err := d.happen(tx, t, h)
	if did.refused != "" { // the policy has nothing to say to this ticket
		return nil
	}
	return err
}

// fixDoesNotHold lets a ticket that has heard of a fix know that there is none: its phase runs on, and the customer is mailed nothing.
func (d *Desk) fixDoesNotHold(tx *store.Tx, t ticket.Ticket, i issue.Issue, now time.Time) error {
	e := ticket.Event{Kind: ticket.FactChanged, At: now, Facts: map[string]any{"issue.confirmed_in_production": nil}}
	_, err := d.happen(tx, t, happening{event: e, now: now, via: viaRule, notes: []ticket.AuditEvent{tellIssue(i, 0, 0, "noted that this is not fixed after all:")}})
	return err
}

// tellFix is the line about the fix on a ticket; one that has heard of it before hears where it is announced.
func tellFix(i issue.Issue, again bool) ticket.AuditEvent {
	e := tellIssue(i, i.ID, i.ID, "confirmed that this works in production now:")
	if again {
		e = tellIssue(i, i.ID, i.ID, "announced the fix of")
		e.From = "fixed"
	}
	e.To = "fixed"
	return e
}

// fixKey is the one mail of a sort that a person gets about one fix, however many tickets of theirs report the problem.
func fixKey(i issue.Issue, person int64, message string) string {
	return "issue-fixed/" + itoa(i.ID) + "/" + itoa(i.Fixes) + "/" + itoa(person) + "/" + message
}
