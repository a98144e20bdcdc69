package desk

import (
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// An entry of What's New can tell of the fixes of known problems (seed 000, 0.26; S0-24). It tells of no fix that nobody has confirmed: what
// customers read is what was seen to work in production. When it is published, the page of every ticket that reported one of them leads
// to it, and what else follows is each ticket's policy's: a phase, a mail, or nothing. Whoever was mailed of the fix is not mailed again.

// publish is the policy wanting something announced. Of a fix that is announced nowhere yet it leaves the draft of an entry, one however many
// tickets report it, because what customers read somebody has read before; of anything else, a task.
func (k *keeping) publish(e policy.Entry) ([]ticket.AuditEvent, error) {
	if k.h.fixed == nil {
		e.Says = "Announce this in What’s new."
		return k.task(e)
	}
	if k.h.fixed.Announcement != "" {
		return nil, nil
	}
	return nil, k.d.draftFix(k.tx, *k.h.fixed, k.h.now)
}

// draftFix begins the entry that tells of a fix, unless one does already.
func (d *Desk) draftFix(tx *store.Tx, i issue.Issue, now time.Time) error {
	if err := tx.Alone("draft-fix/" + itoa(i.ID)); err != nil {
		return err
	}
	if _, found, err := tx.EntryOfFix(i.ID); err != nil || found {
		return err
	}
	today, err := d.today(tx, i.Brand, now)
	if err != nil {
		return err
	}
	e := store.NewsEntry{UID: newUID(), Brand: i.Brand, State: store.NewsDraft, Kind: "fixed", Title: i.Title, Day: today, Created: now, Changed: now}
	if err := tx.SaveNewsEntry(&e); err != nil {
		return err
	}
	return orElse(tx.TellOf(e.ID, []int64{i.ID}), tx.AddNewsChange(store.NewsChange{Entry: e.ID, Author: i.FixedBy.ID, What: "confirmed the fix, which began the draft", At: now}))
}

// announcedAt is where a published entry tells of a fix already: one that did not hold, and does now. "" when none does.
func (d *Desk) announcedAt(tx *store.Tx, i issue.Issue) (string, error) {
	e, found, err := tx.EntryOfFix(i.ID)
	if err != nil || !found || e.State != store.NewsPublished {
		return "", err
	}
	home, err := d.brandHome(tx, e.Brand)
	return home + NewsEntryPath(e.ID), err
}

// fixesTold are the known problems that an entry told of, and those that it tells of now.
type fixesTold struct{ before, now []issue.Issue }

func idsOf(issues []issue.Issue) (ids []int64) {
	for _, i := range issues {
		ids = append(ids, i.ID)
	}
	return ids
}

// differ reports whether they are others.
func (f fixesTold) differ() bool { return !slices.Equal(idsOf(f.before), idsOf(f.now)) }

// fixesToTell reads them, and refuses what an entry cannot tell of: another brand's problem, or one that is not fixed.
func fixesToTell(tx *store.Tx, e store.NewsEntry, ids []int64) (f fixesTold, err error) {
	if f.before, err = tx.ToldOf(e.ID); err != nil {
		return f, err
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		i, err := tx.Issue(access.Clock, id)
		if isNotFound(err) || err == nil && i.Brand != e.Brand {
			return f, misfilled("issue", "choose among the known problems of this brand")
		}
		if err == nil && !i.IsFixed() {
			return f, misfilled("issue", "nobody has confirmed yet that “%s” is fixed; confirm it first, or leave it out", i.Title)
		}
		if err != nil {
			return f, err
		}
		f.now = append(f.now, i)
	}
	return f, nil
}

// tellFixes keeps what an entry tells of. Where it is published already, that becomes known at once.
func (d *Desk) tellFixes(tx *store.Tx, a access.Actor, e store.NewsEntry, f fixesTold, now time.Time) error {
	if err := tx.TellOf(e.ID, idsOf(f.now)); err != nil || e.State != store.NewsPublished {
		return err
	}
	for _, i := range f.before {
		if !slices.Contains(idsOf(f.now), i.ID) {
			if err := d.announceAt(tx, a, e, i.ID, "", now); err != nil {
				return err
			}
		}
	}
	return d.fixesAnnounced(tx, a, e, now)
}

// fixesAnnounced leads the tickets of what an entry tells of to it. Everybody reads an entry, so it waits until the fix is told.
func (d *Desk) fixesAnnounced(tx *store.Tx, a access.Actor, e store.NewsEntry, now time.Time) error {
	home, err := d.brandHome(tx, e.Brand)
	if err != nil {
		return err
	}
	told, err := tx.ToldOf(e.ID)
	for _, i := range told {
		switch {
		case err != nil:
		case !i.IsFixed():
			err = fault.New(fault.Refused, "“%s” is not fixed any more; leave it out, or confirm its fix again", i.Title)
		case !i.IsTold(now):
			err = fault.New(fault.Refused, "the fix of “%s” was confirmed less than a minute ago, and can still be taken back; publish this in a minute", i.Title)
		}
		if err == nil {
			err = d.announceAt(tx, a, e, i.ID, home+NewsEntryPath(e.ID), now)
		}
	}
	return err
}

// fixesUnannounced takes the way to an entry back that nobody can read any more.
func (d *Desk) fixesUnannounced(tx *store.Tx, a access.Actor, e store.NewsEntry, now time.Time) error {
	told, err := tx.ToldOf(e.ID)
	for _, i := range told {
		if err == nil {
			err = d.announceAt(tx, a, e, i.ID, "", now)
		}
	}
	return err
}

// announceAt notes where the fix of a known problem is announced. "" takes this entry's own address back, and leaves any other.
func (d *Desk) announceAt(tx *store.Tx, a access.Actor, e store.NewsEntry, id int64, address string, now time.Time) error {
	home, err := d.brandHome(tx, e.Brand)
	if err != nil {
		return err
	}
	was, err := tx.IssueForUpdate(id)
	if err != nil || address == "" && was.Announcement != home+NewsEntryPath(e.ID) {
		return err
	}
	is := was
	is.Announcement = address
	return d.keepIssue(tx, a, was, is, now)
}
