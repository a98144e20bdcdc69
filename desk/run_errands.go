package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/engineers"
	"hark/fault"
	"hark/issue"
	"hark/store"
	"hark/ticket"
)

const (
	errandsAtOnce = 8
	errandLease   = 3 * time.Minute // an attempt asks three questions at most, each of which ends after half a minute
	errandTime    = 2 * time.Minute
)

// errandWaits is how long after each attempt an errand is tried again that met with trouble that passes: eight attempts in about a day.
var errandWaits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// RunErrands does the next errands at the engineers' trackers and returns how many had their turn. Each is claimed first, in a transaction of its own, by
// which it is due again only when its worker must have stopped; then the tracker is asked; then what came of it is stored. Whoever
// was stopped in between may have been heard: the next attempt looks for the mark of the letter before it sends it again.
func (d *Desk) RunErrands(ctx context.Context, open OpenEngineers) (did int, err error) {
	claimed, err := d.claimErrands(ctx)
	for _, e := range claimed {
		if err := d.runErrand(ctx, open, e); err != nil {
			return did, err
		}
		did++
	}
	return did, err
}

// NextErrand is when the next errand is due, zero when none is.
func (d *Desk) NextErrand(ctx context.Context) (at time.Time, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		at, err = tx.NextErrand()
		return err
	})
	return at, err
}

// errand is one that was claimed, with what it takes.
type errand struct {
	store.Errand
	name    string // of the entry it is about
	account engineers.Account
	wrong   error     // why it cannot be tried
	since   time.Time // when it may have arrived already, zero when it cannot have
}

// claimErrands takes errands that are due, for one attempt each.
func (d *Desk) claimErrands(ctx context.Context) (claimed []errand, err error) {
	now := d.now()
	if next, err := d.NextErrand(ctx); err != nil || next.IsZero() || next.After(now) {
		return nil, err // looking costs no write
	}
	err = d.db.Write(store.Patiently(ctx), func(tx *store.Tx) error {
		claimed = nil
		due, err := tx.DueErrands(now, errandsAtOnce)
		if err != nil {
			return err
		}
		for _, e := range due {
			one, needed, err := d.claim(tx, e, now)
			if err != nil {
				return err
			}
			if needed {
				claimed = append(claimed, one)
			}
		}
		return nil
	})
	return claimed, err
}

// claim counts the attempt, and lets the errand be due again when its worker must have stopped. An errand that has become needless is
// done with.
func (d *Desk) claim(tx *store.Tx, e store.Errand, now time.Time) (one errand, needed bool, err error) {
	due := e.Due
	one = errand{Errand: e, since: e.Letter.Since}
	if needed, err = d.prepare(tx, &one, now); err != nil {
		return one, false, err
	}
	if !needed {
		one.Due, one.Done, one.Trouble = time.Time{}, now, ""
		_, err = tx.SaveErrand(one.Errand, due)
		return one, false, err
	}
	one.Tries++
	one.Due = now.Add(errandLease)
	if one.Letter.Since.IsZero() {
		one.Letter.Since = now
	}
	_, err = tx.SaveErrand(one.Errand, due)
	return one, true, err
}

// prepare reads what an errand takes, and writes a comment that has no words yet. It reports false when there is nothing to do any more.
func (d *Desk) prepare(tx *store.Tx, e *errand, now time.Time) (needed bool, err error) {
	i, err := tx.IssueForUpdate(e.Issue)
	if err != nil {
		return false, err
	}
	if t, err := tx.Tracker(e.Tracker); isNotFound(err) {
		e.wrong = fault.New(fault.Refused, "the tracker was taken out meanwhile")
	} else if err != nil {
		return false, err
	} else if e.account, err = d.account(t); err != nil {
		e.wrong = err
	}
	if e.What == store.OpenThere {
		return i.Tracker == "", nil // somebody has found an entry meanwhile
	}
	entry, found, err := tx.IssueEntry(e.Issue)
	if err != nil || !found || entry.Tracker != e.Tracker {
		return false, err
	}
	e.name = entry.Name
	if e.What == store.ReadThere || e.Letter.Text != "" {
		return true, nil
	}
	report, err := d.engineersReport(tx, i)
	e.Letter.Text, e.Tells = report.Comment(entry.Told, e.Letter.Mark).Text, engineers.ToldOf(i)
	return entry.Told.IsNews(i), err
}

// runErrand makes one attempt, and stores what came of it. What cannot be stored is the only error: the errand is then due again when
// its lease ends.
func (d *Desk) runErrand(ctx context.Context, open OpenEngineers, e errand) error {
	said, wrong := d.attempt(ctx, open, e)
	if ctx.Err() != nil {
		return ctx.Err() // we are stopping; whether it was heard is looked at by the next
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		lease, after := e.Due, e.Errand
		after.Due, after.Done, after.Trouble = time.Time{}, now, ""
		if wrong != nil {
			after.Due, after.Done, after.Trouble = tryAgainAt(e.Errand, wrong, now), time.Time{}, shortened(whyNot(wrong), 300)
		}
		ours, err := tx.SaveErrand(after, lease)
		if err != nil || !ours || wrong != nil {
			return err
		}
		return d.errandDone(tx, e, said, now)
	})
}

func (d *Desk) attempt(ctx context.Context, open OpenEngineers, e errand) (said engineers.Entry, err error) {
	if e.wrong != nil {
		return said, e.wrong
	}
	ctx, cancel := context.WithTimeout(ctx, errandTime)
	defer cancel()
	there, err := open(e.account)
	if err != nil {
		return said, err
	}
	letter := e.Letter
	letter.Since = e.since
	switch e.What {
	case store.OpenThere:
		return there.Open(ctx, letter)
	case store.CommentThere:
		return said, there.Comment(ctx, e.name, letter)
	}
	return there.Read(ctx, e.name)
}

// tryAgainAt is when an errand that met with trouble is tried again, zero when it is given up.
func tryAgainAt(e store.Errand, wrong error, now time.Time) time.Time {
	passes := fault.Is(wrong, fault.Unavailable) || fault.Is(wrong, fault.TooMany)
	if !passes || int(e.Tries) > len(errandWaits) {
		return time.Time{}
	}
	return now.Add(errandWaits[max(0, e.Tries-1)])
}

// whyNot is the trouble in words for colleagues.
func whyNot(err error) string {
	if says := fault.Says(err); says != "" {
		return says
	}
	return "something went wrong here; the log says more"
}

// errandDone notes on the known problem what an errand has led to.
func (d *Desk) errandDone(tx *store.Tx, e errand, said engineers.Entry, now time.Time) error {
	switch e.What {
	case store.OpenThere:
		return d.logged(tx, e, said, now)
	case store.CommentThere:
		return d.commented(tx, e, now)
	}
	return d.engineersSay(tx, e.Tracker, said, true, now)
}

// logged writes the address of the new entry into the record. When somebody has written another one there meanwhile, theirs stays, and
// the history tells of ours.
func (d *Desk) logged(tx *store.Tx, e errand, said engineers.Entry, now time.Time) error {
	was, err := tx.IssueForUpdate(e.Issue)
	if err != nil {
		return err
	}
	by := ticket.Person{ID: e.Person}
	if was.Tracker != "" {
		return tx.AddIssueChanges(was.ID, by, now, issue.Change{What: "logged", Is: said.URL})
	}
	is := was
	is.Tracker = said.URL
	entry := store.IssueEntry{Issue: is.ID, Tracker: e.Tracker, Entry: said, Told: e.Tells, ToldAt: now}
	for _, step := range []func() error{
		func() error { return tx.SaveIssue(is) },
		func() error { return tx.SaveIssueEntry(entry) },
		func() error { return tx.AddIssueChanges(is.ID, by, now, issue.Differences(was, is)...) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return d.tellEngineers(tx, is, now) // who came while the letter was on its way
}

// commented notes what the engineers know now.
func (d *Desk) commented(tx *store.Tx, e errand, now time.Time) error {
	i, err := tx.IssueForUpdate(e.Issue)
	if err != nil {
		return err
	}
	entry, found, err := tx.IssueEntry(e.Issue)
	if err != nil || !found || entry.Name != e.name {
		return err
	}
	entry.Told, entry.ToldAt, entry.Comments = e.Tells, now, entry.Comments+1
	if err := tx.SaveIssueEntry(entry); err != nil {
		return err
	}
	return d.tellEngineers(tx, i, now)
}

// engineersSay notes on every known problem with that entry how it stands there, as we asked or were told.
func (d *Desk) engineersSay(tx *store.Tx, tracker int64, said engineers.Entry, asked bool, now time.Time) error {
	entries, err := tx.EntriesNamed(tracker, said.Name)
	for _, e := range entries {
		if err == nil {
			err = d.entrySays(tx, e, said, asked, now)
		}
	}
	return err
}

// entrySays notes it on one of them. What is not newer than what is known changes nothing: trackers tell things twice and in any order.
// Their instants are whole seconds, in which a robot labels an entry and closes it: when two that were told are of one instant and differ,
// we ask which one holds, and what we are answered does. That an entry is closed asks a person to look; it never says by itself that a
// customer's trouble is over.
func (d *Desk) entrySays(tx *store.Tx, e store.IssueEntry, said engineers.Entry, asked bool, now time.Time) error {
	if said.At.After(now.Add(commentPause)) {
		said.At = now // no clock of theirs keeps later news out
	}
	switch same := said.At.Equal(e.At); {
	case e.State == engineers.Unheard, said.At.After(e.At), same && asked:
	case same && said.State != e.State:
		return askEngineers(tx, e.Issue, e.Tracker, 0, now)
	default:
		return nil
	}
	i, err := tx.Issue(access.Clock, e.Issue)
	if err != nil {
		return err
	}
	was := e.Entry
	e.State, e.Says, e.At = said.State, said.Says, said.At
	e.Asks = said.State == engineers.Closed && !i.IsFixed() && (e.Asks || was.State != engineers.Closed)
	if err := tx.SaveIssueEntry(e); err != nil || was.Says == e.Says {
		return err
	}
	return tx.AddIssueChanges(e.Issue, ticket.Person{}, now, issue.Change{What: "engineers", Was: was.Says, Is: e.Says})
}
