package desk

import (
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/issue"
	"hark/store"
)

// An entry of What's New can tell of the fixes of known problems (seed 000, 0.26; S0-24). It tells of no fix that nobody has confirmed: what
// customers read is what was seen to work in production. When it is published, the page of every ticket that reported one of them leads
// to it, and what else follows is each ticket's policy's: a phase, a mail, or nothing. Whoever was mailed of the fix is not mailed again.

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

// fixesAnnounced leads the tickets of what an entry tells of to it.
func (d *Desk) fixesAnnounced(tx *store.Tx, a access.Actor, e store.NewsEntry, now time.Time) error {
	home, err := d.brandHome(tx, e.Brand)
	if err != nil {
		return err
	}
	told, err := tx.ToldOf(e.ID)
	for _, i := range told {
		if err == nil && !i.IsFixed() {
			err = fault.New(fault.Refused, "“%s” is not fixed any more; leave it out, or confirm its fix again", i.Title)
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
