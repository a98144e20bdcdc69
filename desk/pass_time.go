package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// atOnce is how many due tickets one round takes.
const atOnce = 100

// PassTime lets everything happen that is due by now: versions that have begun take open tickets along, corrected calendars
// reach the others, customers are told of a changed policy and of fixes, then reminders go, closings and due times that pass. It returns how
// many tickets something happened to. Several nodes may do this at once: each due ticket is locked when its turn comes, and what it
// plans has a key, so everything happens once.
//
// A ticket that fails steps aside and is no error of this: hark doctor and the metrics name it. An error means that nothing
// can be stored just now.
func (d *Desk) PassTime(ctx context.Context) (fired int, err error) {
	now := d.now()
	moved, versions := d.versionsBegin(ctx) // what fails there is tried again, and no reminder waits for it
	if next, err := d.NextDue(ctx); err != nil || next.IsZero() || next.After(now) {
		return moved, errors.Join(versions, err) // looking costs no write, and this is asked after every change
	}
	fired, err = d.fireDue(ctx, now)
	return moved + fired, errors.Join(versions, err)
}

// versionsBegin does what follows from no ticket: versions of policies that begin, reports and letters of news whose hour has come, decisions about cards.
func (d *Desk) versionsBegin(ctx context.Context) (did int, err error) {
	for _, step := range []func(context.Context) (int, error){d.takeAlong, d.correct, d.tellCustomers, d.mailReports, d.tellOfFixes, d.mailNews, d.mailDecisions} {
		n, wrong := step(ctx)
		did, err = did+n, errors.Join(err, wrong)
	}
	return did, err
}

func (d *Desk) fireDue(ctx context.Context, now time.Time) (fired int, err error) {
	for {
		due, err := d.due(ctx, now)
		if err != nil || len(due) == 0 {
			return fired, err
		}
		n, aside, err := d.fireAll(ctx, due, now)
		if fired += n; err != nil || n+aside == 0 {
			return fired, err
		}
	}
}

func (d *Desk) due(ctx context.Context, now time.Time) (ids []int64, err error) {
	err = d.db.Write(ctx, func(tx *store.Tx) error { // a write, because on PostgreSQL only a write can tell what others have in hand
		ids, err = tx.DueTickets(now, atOnce)
		return err
	})
	return ids, err
}

// fireAll goes on when one ticket fails, so that a single one that cannot be worked on does not stop the clock of all others.
func (d *Desk) fireAll(ctx context.Context, due []int64, now time.Time) (fired, aside int, err error) {
	for _, id := range due {
		did, err := d.fire(ctx, id, now)
		if did {
			fired++
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return fired, aside, ctx.Err()
		}
		if _, err := d.stepAside(ctx, id, err, now); err != nil {
			return fired, aside, fmt.Errorf("ticket %d: %w", id, err)
		}
		aside++
	}
	return fired, aside, nil
}

// The first and the longest pause before a ticket that failed is tried again.
const (
	firstPause   = time.Minute
	longestPause = 6 * time.Hour
)

// stepAside lets a ticket that failed wait, each time twice as long, so that it is behind those that have their turn. What
// is not the ticket's own trouble, a full disk or an absent database, does not make it wait longer. It returns when it is tried again.
func (d *Desk) stepAside(ctx context.Context, id int64, cause error, now time.Time) (again time.Time, err error) {
	d.log.ErrorContext(ctx, "a ticket's turn came and failed", "ticket", id, "error", cause)
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Stuck(id)
		if err != nil {
			return err
		}
		if s.Tries == 0 {
			s.Since = now
		}
		s.Again = now.Add(min(firstPause<<min(s.Tries, 20), longestPause))
		if fault.Is(cause, fault.Unavailable) {
			s.Again = now.Add(firstPause)
		}
		s.Tries++
		s.Says, again = shortened(cause.Error(), 300), s.Again
		return tx.StepAside(s)
	})
	return again, err
}

// backInLine forgets that a ticket stood aside, and makes up for what passed it by meanwhile: a calendar that was corrected. Its next
// turn is the policy's again.
func (d *Desk) backInLine(tx *store.Tx, id int64, now time.Time) error {
	s, err := tx.Stuck(id)
	if err != nil || s.Tries == 0 {
		return err
	}
	if _, err := d.derive(tx, id, "it stood aside while a calendar may have been corrected", now); err != nil {
		return err
	}
	t, err := tx.TicketForUpdate(id)
	if err != nil {
		return err
	}
	return orElse(tx.SaveTicket(&t), tx.Unstick(id))
}

// fire asks the policy about one ticket, unless another node has done so in the meantime.
func (d *Desk) fire(ctx context.Context, id int64, now time.Time) (fired bool, err error) {
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		t, err := tx.TicketForUpdate(id)
		if err != nil {
			return err
		}
		next := t.Next()
		if fired = !next.IsZero() && !next.After(now); fired {
			_, err = d.happen(tx, t, happening{event: ticket.Event{Kind: ticket.TimePasses, At: now}, now: now, via: viaRule})
		}
		if err != nil {
			return err
		}
		return d.backInLine(tx, id, now)
	})
	return fired && err == nil, err
}

// NextDue is when something happens by itself next: the policy wants to be asked about a ticket, another version of a policy
// begins to hold, a report or a letter of news is mailed. The zero time when nothing is planned.
func (d *Desk) NextDue(ctx context.Context) (next time.Time, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if next, err = tx.NextDue(); err != nil {
			return err
		}
		others, err := d.comingUp(tx, now)
		for _, other := range others {
			if next.IsZero() || other.at.Before(next) {
				next = other.at
			}
		}
		return err
	})
	return next, err
}

// comingUp is what will happen by itself and concerns no ticket.
type comingUp struct {
	at   time.Time
	says string
}

func (d *Desk) comingUp(tx *store.Tx, now time.Time) (all []comingUp, err error) {
	_, begins, err := tx.RunningPolicies(now)
	if err != nil {
		return nil, err
	}
	report, err := d.nextReport(tx, now)
	if err != nil {
		return nil, err
	}
	fix, err := tx.NextTelling()
	if err != nil {
		return nil, err
	}
	news, err := tx.NextNews()
	for _, one := range []comingUp{{begins, "another version of a policy begins to hold"}, {report, "the weekly report is mailed"}, {fix, "customers hear of a fix"}, {news, "the letter with what is new is mailed"}} {
		if !one.at.IsZero() {
			all = append(all, one)
		}
	}
	return all, err
}
