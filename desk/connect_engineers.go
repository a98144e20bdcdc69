package desk

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"hark/access"
	"hark/engineers"
	"hark/fault"
	"hark/store"
)

// ConnectEngineers is a tracker of engineers that the desk is to speak with.
type ConnectEngineers struct {
	ID      int64          // of the one that is changed, 0 for a new one
	Brand   int64          // whose known problems go there, 0 for all brands that have none of their own
	Address string         // of the project, as somebody copies it out of a browser
	Kind    engineers.Kind // "" where the address says it
	User    string         // of Jira Cloud: the mail address to which the token belongs
	Token   string         // "" keeps the one that is stored
}

// ConnectEngineers connects a tracker, or changes one. The token is sealed and never shown again, and it goes to the project it was given
// for and to no other: whoever names another project names another token. Known problems whose address is an entry of the project are
// followed from now on. Values that cannot be kept are [fault.Invalid]; a brand that has a tracker already is [fault.Conflict].
func (d *Desk) ConnectEngineers(ctx context.Context, a access.Actor, in ConnectEngineers) (id int64, err error) {
	if err := may(a, access.Administer); err != nil {
		return 0, err
	}
	project, err := engineers.ProjectAt(in.Address, in.Kind)
	if err != nil {
		return 0, misfilled("address", "%s", fault.Says(err))
	}
	in.User, in.Token = strings.TrimSpace(in.User), strings.TrimSpace(in.Token)
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		id, err = d.connectEngineers(tx, a, in, project, now)
		return err
	})
	return id, err
}

func (d *Desk) connectEngineers(tx *store.Tx, a access.Actor, in ConnectEngineers, project engineers.Project, now time.Time) (int64, error) {
	if err := tx.Alone("engineers"); err != nil {
		return 0, err
	}
	t, err := d.trackerFor(tx, a, in, project, now)
	if err != nil {
		return 0, err
	}
	if in.Token != "" {
		t.Secret = d.Seal(sealedAs(project), []byte(in.Token))
	}
	if len(t.Secret) == 0 {
		return 0, misfilled("token", "an access token is needed; it may read and write issues of this project")
	}
	if t.ID == 0 {
		err = tx.AddTracker(&t)
	} else {
		err = tx.SaveTracker(t)
	}
	if err != nil {
		return 0, err
	}
	return t.ID, d.followAll(tx, a, t, now)
}

// trackerFor is the tracker that is to be stored. Another project is another tracker: the one before is taken out, with its token.
func (d *Desk) trackerFor(tx *store.Tx, a access.Actor, in ConnectEngineers, project engineers.Project, now time.Time) (t store.Tracker, err error) {
	fresh := store.Tracker{Brand: in.Brand, Project: project, User: in.User, Since: now, By: a.Person}
	if in.Brand != 0 {
		if _, err := tx.Brand(in.Brand); err != nil {
			return t, err
		}
	}
	if err := onlyTracker(tx, in); err != nil || in.ID == 0 {
		return fresh, err
	}
	if t, err = tx.Tracker(in.ID); err != nil {
		return t, err
	}
	if t.Project != project {
		return fresh, tx.EndTracker(t.ID, now)
	}
	t.Brand, t.User = in.Brand, cmp.Or(in.User, t.User)
	return t, nil
}

// onlyTracker refuses a second tracker of one brand.
func onlyTracker(tx *store.Tx, in ConnectEngineers) error {
	all, err := tx.Trackers()
	for _, other := range all {
		if err == nil && other.Brand == in.Brand && other.ID != in.ID {
			err = fault.New(fault.Conflict, "another project is connected there already: %s; change that one, or take it out", other.Project)
		}
	}
	return err
}

// followAll follows the known problems that have an entry of this tracker already.
func (d *Desk) followAll(tx *store.Tx, a access.Actor, t store.Tracker, now time.Time) error {
	all, err := tx.IssuesFollowed(t.Brand)
	if err != nil {
		return err
	}
	for _, i := range all {
		e, linked, err := tx.IssueEntry(i.ID)
		if err != nil {
			return err
		}
		if _, ours := t.Project.Entry(i.Tracker); !ours || linked && e.Tracker == t.ID {
			continue
		}
		if err := d.followEntry(tx, i, a.Person, now); err != nil {
			return err
		}
	}
	return nil
}

// DisconnectEngineers takes a tracker out and forgets its token. Known problems keep the addresses of their entries, and what was heard
// of them; nothing is said there or heard from there any more.
func (d *Desk) DisconnectEngineers(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.Administer); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Tracker(id); err != nil {
			return err
		}
		return tx.EndTracker(id, now)
	})
}

// TryEngineers asks a tracker one thing, and says in a sentence what it found.
func (d *Desk) TryEngineers(ctx context.Context, a access.Actor, id int64, open OpenEngineers) (says string, err error) {
	if err := may(a, access.Administer); err != nil {
		return "", err
	}
	var account engineers.Account
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tracker(id)
		if err == nil {
			account, err = d.account(t)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	there, err := open(account)
	if err != nil {
		return "", err
	}
	return there.Look(ctx)
}

// ConnectedEngineers is a tracker as an administrator reads it.
type ConnectedEngineers struct {
	ID      int64
	Brand   int64 // 0 for the house
	Project engineers.Project
	User    string
	Hook    string // where it sends what happens there
	Secret  string // what it signs with
	Since   time.Time
	Heard   time.Time // when a signed delivery came last, zero when none did
	Entries int64     // how many known problems have an entry there
	Trouble string    // what went wrong last, "" when the last errand went well
}

// ConnectedEngineers are the trackers that are connected, the one of the house first.
func (d *Desk) ConnectedEngineers(ctx context.Context, a access.Actor) (all []ConnectedEngineers, err error) {
	if err := may(a, access.Administer); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		trackers, err := tx.Trackers()
		for _, t := range trackers {
			c := ConnectedEngineers{ID: t.ID, Brand: t.Brand, Project: t.Project, User: t.User, Hook: d.url + EngineersPath(t.ID), Secret: d.engineersSecret(t.ID), Since: t.Since, Heard: t.Heard}
			var counted, told error
			c.Entries, counted = tx.CountIssueEntries(t.ID)
			c.Trouble, told = tx.TrackerTrouble(t.ID)
			err = errors.Join(err, counted, told)
			all = append(all, c)
		}
		return err
	})
	return all, err
}
