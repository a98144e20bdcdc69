package desk

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"hark/access"
	"hark/engineers"
	"hark/fault"
	"hark/issue"
	"hark/store"
)

// What the desk has to do with the engineers' tracker. A known problem can have an entry there. What the desk says to the tracker or asks
// it is an errand: a row with a key, written in the transaction of what caused it and done by a worker ([Desk.RunErrands]). What the
// tracker says by itself comes signed ([Desk.HearEngineers]).

// Engineers is the tracker of the engineers, one project of it; package tracker speaks with one.
//
// Its errors have kinds: [fault.Unavailable] and [fault.TooMany] pass by themselves, all others need somebody.
type Engineers interface {
	Look(ctx context.Context) (says string, err error)                     // what is there, in a sentence
	Open(ctx context.Context, l engineers.Letter) (engineers.Entry, error) // once for one mark
	Read(ctx context.Context, name string) (engineers.Entry, error)        // how an entry stands
	Comment(ctx context.Context, name string, l engineers.Letter) error    // once for one mark
}

// OpenEngineers opens a tracker with an account. What cannot be one is [fault.Invalid].
type OpenEngineers func(engineers.Account) (Engineers, error)

// EngineersPath is where a tracker sends what happens there.
func EngineersPath(tracker int64) string { return "/api/engineers/" + itoa(tracker) }

// engineersSecret is what a tracker signs with. It is derived from the desk's own key, so it is the same on every node and stands in
// no table; a tracker that is taken out and connected again has another.
func (d *Desk) engineersSecret(tracker int64) string {
	return hex.EncodeToString(d.Key("engineers/" + itoa(tracker)))
}

// sealedAs is the name under which the token of a project is sealed: it opens for that project alone.
func sealedAs(p engineers.Project) string { return "engineers/" + p.URL() }

// account is a tracker with its opened token, for workers; never for a page.
func (d *Desk) account(t store.Tracker) (engineers.Account, error) {
	token, err := d.Unseal(sealedAs(t.Project), t.Secret)
	return engineers.Account{Project: t.Project, User: t.User, Token: string(token)}, err
}

// IssueEngineers is how a known problem stands with the engineers.
type IssueEngineers struct {
	Entry   store.IssueEntry
	Linked  bool              // it has an entry
	Project engineers.Project // where it would be opened; zero when no tracker is connected
	Letter  engineers.Letter  // what they would read
	Errand  store.Errand      // the last time that somebody had it opened; zero when nobody did
}

// issueEngineers reads it for colleagues.
func (d *Desk) issueEngineers(tx *store.Tx, i issue.Issue) (e IssueEngineers, err error) {
	if e.Entry, e.Linked, err = tx.IssueEntry(i.ID); err != nil || e.Linked {
		return e, err
	}
	t, found, err := tx.TrackerOf(i.Brand)
	if err != nil || !found || i.Tracker != "" || i.IsFixed() {
		return e, err
	}
	e.Project = t.Project
	if e.Errand, _, err = tx.LastErrand(i.ID, store.OpenThere); err != nil {
		return e, err
	}
	report, err := d.engineersReport(tx, i)
	e.Letter = report.Open("its mark")
	return e, err
}

// engineersReport is what the engineers can be told of a known problem, with the names that must not stand in it.
func (d *Desk) engineersReport(tx *store.Tx, i issue.Issue) (engineers.Report, error) {
	names := engineers.NamesIn(i)
	err := tx.EachReporter(i.ID, names.Add)
	return engineers.Report{Issue: i, Record: d.url + "/problems/" + itoa(i.ID), Names: names}, err
}

// newMark is by which a letter is found again: one word of letters and digits, so that every search takes it whole.
func newMark() string { return "hark" + hex.EncodeToString(random(8)) }

// followEntry looks whether the address of a known problem is an entry of its brand's tracker. Then the desk asks how it stands, and hears of
// it from now on; any other address is a plain link.
func (d *Desk) followEntry(tx *store.Tx, i issue.Issue, by int64, now time.Time) error {
	t, found, err := tx.TrackerOf(i.Brand)
	if err != nil {
		return err
	}
	name, ok := "", false
	if found {
		name, ok = t.Project.Entry(i.Tracker)
	}
	if !ok {
		return tx.DropIssueEntry(i.ID)
	}
	entry := engineers.Entry{Name: name, URL: t.Project.EntryURL(name)}
	if err := tx.SaveIssueEntry(store.IssueEntry{Issue: i.ID, Tracker: t.ID, Entry: entry, Told: engineers.ToldOf(i), ToldAt: now}); err != nil {
		return err
	}
	return askEngineers(tx, i.ID, t.ID, by, now)
}

// askEngineers plans to ask how the entry of a known problem stands; by is who wants to know, 0 for the desk itself.
func askEngineers(tx *store.Tx, issueID, tracker, by int64, now time.Time) error {
	mark := newMark()
	_, err := tx.AddErrand(&store.Errand{Key: store.ReadThere + "/" + mark, Issue: issueID, Tracker: tracker, What: store.ReadThere, Letter: engineers.Letter{Mark: mark}, Person: by, Created: now, Due: now})
	return err
}

// The engineers are told of a known problem that grows: an hour later, so that ten customers are one comment, and once a day at most.
const (
	gather       = time.Hour
	commentPause = 24 * time.Hour
)

// tellEngineers plans the comment that says what is new about a known problem. The next one waits for this one, whatever happens
// meanwhile; its words are written when it leaves. The key says after which telling it comes, and at which tracker: an entry that is
// followed anew, because its tracker was connected again or its address came back, begins to count anew.
func (d *Desk) tellEngineers(tx *store.Tx, i issue.Issue, now time.Time) error {
	e, found, err := tx.IssueEntry(i.ID)
	if err != nil || !found || !e.Told.IsNews(i) {
		return err
	}
	after := strings.Join([]string{itoa(i.ID), itoa(e.Tracker), e.Name, itoa(e.Comments), itoa(e.ToldAt.UnixMicro())}, "/")
	errand := store.Errand{
		Key: store.CommentThere + "/" + after, Issue: i.ID, Tracker: e.Tracker, What: store.CommentThere,
		Letter: engineers.Letter{Mark: newMark()}, Created: now, Due: latest(now.Add(gather), e.ToldAt.Add(commentPause)),
	}
	if added, err := tx.AddErrand(&errand); err != nil || added {
		return err
	}
	return tx.ReviveErrand(errand)
}

// EngineersOf are the entries that some known problems have with the engineers, by the problem.
func (d *Desk) EngineersOf(ctx context.Context, a access.Actor, issues []int64) (by map[int64]store.IssueEntry, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	by = map[int64]store.IssueEntry{}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.IssueEntries(issues)
		for _, e := range all {
			by[e.Issue] = e
		}
		return err
	})
	return by, err
}

// noTracker is the refusal where no tracker is connected.
func noTracker() error {
	return fault.New(fault.Refused, "no tracker of the engineers is connected for this brand; an administrator connects one under Settings, Engineers")
}
