package desk

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"hark/access"
	"hark/account"
	"hark/policy"
	"hark/store"
)

// policyChanged is the template of the mails about a version.
const policyChanged = "policy-changed"

// tellAtOnce is how many mails one transaction plans.
const tellAtOnce = 25

// told says how customers would hear of a policy that begins to hold then.
func (d *Desk) told(tx *store.Tx, brand int64, p, before *policy.Policy, from, now time.Time) (t Told, err error) {
	if before == nil {
		return t, nil
	}
	t.Announcement, t.Differences = p.Announce(before), p.Announced(before)
	if !t.Any() {
		return t, nil
	}
	t.Until = p.After(from, t.ShowFor)
	if t.Mail {
		n, err := tx.CountToTell(store.Announcement{Brand: brand, Said: now, Since: back(t.Since, now)}, d.caps.told+1)
		t.People, t.More = min(int(n), d.caps.told), int(n) > d.caps.told
		return t, err
	}
	return t, nil
}

// makeKnown notes how customers are to hear of a version that was just applied. The banner stands from this instant on; mails are
// planned when time passes, a few at once.
func (d *Desk) makeKnown(tx *store.Tx, version store.PolicyVersion, p, before *policy.Policy, now time.Time) error {
	t, err := d.told(tx, version.Brand, p, before, version.Effective, now)
	if err != nil || !t.Any() {
		return err
	}
	return tx.AddAnnouncement(store.Announcement{
		Version: version.ID, Brand: version.Brand, Website: t.Website, InApp: t.InApp, Mails: t.Mail, Said: now, Until: t.Until, Since: back(t.Since, now),
	})
}

// tellCustomers plans the mails of announcements that still have people to reach. A mail's key names the version and the person,
// and how far it has come is stored with the mails, so that nobody is told twice and whoever is stopped in the middle is gone on from.
func (d *Desk) tellCustomers(ctx context.Context) (mailed int, err error) {
	announced, err := d.mailing(ctx)
	if err != nil {
		return 0, err
	}
	var waiting []int64
	for _, a := range announced {
		waiting = append(waiting, a.Version)
	}
	return mailOut(ctx, waiting, d.TellSome)
}

func (d *Desk) mailing(ctx context.Context) (waiting []store.Announcement, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		waiting, err = tx.Mailing()
		return err
	})
	return waiting, err
}

// TellSome plans the next few mails about a changed policy, and reports whether there may be more. While the desk has no mailbox
// to write from, they wait.
func (d *Desk) TellSome(ctx context.Context, version int64) (mailed int, more bool, err error) {
	return d.mailSome(ctx, func(tx *store.Tx, now time.Time) (int, bool, error) { return d.tellSome(ctx, tx, version, now) })
}

func (d *Desk) tellSome(ctx context.Context, tx *store.Tx, version int64, now time.Time) (mailed int, more bool, err error) {
	if err := tx.Alone("announce/" + itoa(version)); err != nil {
		return 0, false, err
	}
	a, err := tx.Announcement(version) // another node may have gone on meanwhile
	if err != nil || !a.Mails {
		return 0, false, err
	}
	people, err := tx.ToTell(a, min(tellAtOnce, d.caps.told-int(a.Mailed)))
	if err != nil {
		return 0, false, err
	}
	mailed, err = d.mailEach(ctx, tx, people, func(id int64) (bool, error) { return d.tellOne(tx, a, id, now) })
	if err != nil {
		return 0, false, err
	}
	a.Mailed, a.Reached = a.Mailed+int64(mailed), lastOr(people, a.Reached)
	a.Mails = len(people) > 0 && int(a.Mailed) < d.caps.told
	return mailed, a.Mails, tx.Mailed(a)
}

// tellOne plans the mail to one customer, through the gate that every automatic mail passes.
func (d *Desk) tellOne(tx *store.Tx, a store.Announcement, id int64, now time.Time) (sent bool, err error) {
	to, err := tx.Person(id)
	if err != nil {
		return false, err
	}
	subject, text, err := d.announcement(tx, a, to)
	if err != nil {
		return false, err
	}
	return d.mailToMany(tx, to, a.Brand, notice{key: policyChanged + "/" + itoa(a.Version) + "/" + itoa(id), template: policyChanged, subject: subject, text: text}, now)
}

// announcement is what one customer reads: the policy's own message where it names one, and the way to the differences.
func (d *Desk) announcement(tx *store.Tx, a store.Announcement, to account.Person) (subject, text string, err error) {
	p, err := d.rules.of(tx, a.Version)
	if err != nil {
		return "", "", err
	}
	before, differences, err := d.changesOf(tx, a)
	if err != nil {
		return "", "", err
	}
	summary := policy.SummaryOfChanges(differences)
	subject = "Our support policy changes on " + p.Effective.In(p.Zone).Format("2 January 2006")
	text = "Our support policy changes:\n\n" + summary
	if send := p.Announce(before).Send; send != "" {
		data := map[string]string{"policy.summary_of_changes": summary, "requester.name": to.Display(), "company.name": p.Doc.Company}
		if s, t, err := p.Message(send, data); err == nil { // else a placeholder has no value here, and our own words are better than none
			subject, text = s, t
		}
	}
	home, err := d.brandHome(tx, a.Brand)
	return subject, text + "\n\n--\nRead what is different:\n" + home + VersionPath(a.Version) + "\n", err
}

// VersionPath is where a version of a policy stands for ever, with what is different in it.
func VersionPath(version int64) string { return "/policy/versions/" + strconv.FormatInt(version, 10) }

// changesOf is the policy before an announced version, and what customers read differently since.
func (d *Desk) changesOf(tx *store.Tx, a store.Announcement) (before *policy.Policy, differences []policy.Difference, err error) {
	all, err := tx.PolicyVersions(a.Brand)
	if err != nil {
		return nil, nil, err
	}
	id := versionBefore(all, a.Version)
	if differences, err = d.rules.differences(tx, a.Version, id); err != nil {
		return nil, nil, err
	}
	before, err = d.rules.of(tx, id)
	return before, differences, err
}

// versionBefore is the version that held, or would have held, before another of the brand began, among all of them, the newest
// applied first: of those applied earlier, the one that began last. 0 for the first.
func versionBefore(all []store.PolicyVersion, version int64) (before int64) {
	var from, held time.Time
	for _, v := range all {
		switch {
		case v.ID == version:
			from = v.Effective
		case v.ID < version && !v.Effective.After(from) && (before == 0 || v.Effective.After(held)):
			before, held = v.ID, v.Effective
		}
	}
	return before
}

// News is that the policy of a brand has changed or is about to.
type News struct {
	Version int64
	Begins  time.Time
	Website bool
	InApp   bool
}

// PolicyNews is what is to be said of a changed policy just now; the zero News when nothing is.
func (d *Desk) PolicyNews(ctx context.Context, brand int64) (news News, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		a, found, err := tx.ShownAnnouncement(brand, now)
		if err != nil || !found {
			return err
		}
		v, err := tx.PolicyVersion(a.Version)
		news = News{a.Version, v.Effective, a.Website, a.InApp}
		return err
	})
	return news, err
}

// PublicVersion is a version as everybody may know it, with what reads differently in it.
type PublicVersion struct {
	ID      int64
	Name    string
	Begins  time.Time
	Before  string // the name of the version before it, "" for the first
	Changes []policy.Difference
}

// mostCompared is how many versions of a history are told with their differences: the newest, where people look.
const mostCompared = 10

// PublicVersions is the history of a brand's policy for everybody, the newest first: what has held, what holds, and what customers
// have been told is to come. The version a new desk began with was never told.
func (d *Desk) PublicVersions(ctx context.Context, brand int64) (list []PublicVersion, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		list = nil
		all, err := tx.PolicyVersions(brand)
		all = ownVersions(all)
		for _, v := range all {
			if err != nil {
				return err
			}
			public := !v.Effective.After(now)
			if !public {
				public, err = mayRead(tx, access.Actor{}, v)
			}
			if public && err == nil {
				var one PublicVersion
				one, err = d.publicVersion(tx, all, v, len(list) < mostCompared)
				list = append(list, one)
			}
		}
		return err
	})
	return list, err
}

func (d *Desk) publicVersion(tx *store.Tx, all []store.PolicyVersion, v store.PolicyVersion, compare bool) (one PublicVersion, err error) {
	one = PublicVersion{ID: v.ID, Name: cmp.Or(v.Version, v.Name), Begins: v.Effective}
	before := versionBefore(all, v.ID)
	for _, other := range all {
		if other.ID == before {
			one.Before = cmp.Or(other.Version, other.Name)
		}
	}
	if compare {
		one.Changes, err = d.rules.differences(tx, v.ID, before)
	}
	return one, err
}

// ComparedVersion is one version with what reads differently in it, for whoever may read it.
func (d *Desk) ComparedVersion(ctx context.Context, a access.Actor, id int64) (one PublicVersion, err error) {
	version, _, err := d.PolicyVersion(ctx, a, id)
	if err != nil {
		return one, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.PolicyVersions(version.Brand)
		if err != nil {
			return err
		}
		one, err = d.publicVersion(tx, all, version, true)
		return err
	})
	return one, err
}

// mayRead says whether a version that has not begun yet may be read: by whoever may apply policies, and by everybody once customers
// have been told of it.
func mayRead(tx *store.Tx, a access.Actor, v store.PolicyVersion) (bool, error) {
	if access.May(a, access.ApplyPolicy) {
		return true, nil
	}
	_, err := tx.Announcement(v.ID)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
