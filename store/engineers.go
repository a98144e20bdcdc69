package store

import (
	"time"

	"hark/engineers"
	"hark/issue"
)

// Tracker is a tracker of engineers that the desk speaks with.
type Tracker struct {
	ID      int64
	Brand   int64 // 0 for all brands that have none of their own
	Project engineers.Project
	User    string
	Secret  []byte // the token, sealed
	Since   time.Time
	By      int64     // who connected it
	Heard   time.Time // when a signed delivery came last, zero when none did
	Ended   time.Time // when it was taken out
}

const selectTracker = `SELECT id, brand_id, kind, base, project, account, secret, since, since_by, heard_at, ended_at FROM trackers WHERE `

func (t *Tracker) fields() []any {
	return []any{&t.ID, &t.Brand, &t.Project.Kind, &t.Project.Base, &t.Project.Name, &t.User, &t.Secret, &t.Since, &t.By, &t.Heard, &t.Ended}
}

// AddTracker stores a tracker and sets its ID. A brand that has one already is [fault.Conflict].
func (tx *Tx) AddTracker(t *Tracker) (err error) {
	t.ID, err = tx.insert(`
		INSERT INTO trackers (brand_id, kind, base, project, account, secret, since, since_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, ref(t.Brand), t.Project.Kind, t.Project.Base, t.Project.Name, t.User, t.Secret, t.Since, ref(t.By))
	return err
}

// SaveTracker stores what opens a tracker now, and whose it is.
func (tx *Tx) SaveTracker(t Tracker) error {
	_, err := tx.exec(`UPDATE trackers SET brand_id = $1, account = $2, secret = $3 WHERE id = $4`, ref(t.Brand), t.User, t.Secret, t.ID)
	return err
}

// EndTracker takes a tracker out, and forgets its token. What is known through it stays.
func (tx *Tx) EndTracker(id int64, now time.Time) error {
	_, err := tx.exec(`UPDATE trackers SET ended_at = $1, secret = NULL, account = '' WHERE id = $2`, now, id)
	return err
}

// Tracker returns a tracker that is connected; [fault.NotFound] when there is none, or it was taken out.
func (tx *Tx) Tracker(id int64) (t Tracker, err error) {
	found, err := tx.get(t.fields(), selectTracker+`id = $1 AND ended_at IS NULL`, id)
	if err == nil && !found {
		err = absent("tracker")
	}
	return t, err
}

// Trackers are those that are connected, the one of the house first.
func (tx *Tx) Trackers() (all []Tracker, err error) {
	var t Tracker
	err = tx.each(t.fields(), func() error { all = append(all, t); t = Tracker{}; return nil }, selectTracker+`ended_at IS NULL ORDER BY coalesce(brand_id, 0), id`)
	return all, err
}

// TrackerOf returns the tracker of a brand, which is its own or that of the house; found is false when there is neither.
func (tx *Tx) TrackerOf(brand int64) (t Tracker, found bool, err error) {
	found, err = tx.get(t.fields(), selectTracker+`ended_at IS NULL AND coalesce(brand_id, 0) IN (0, $1) ORDER BY coalesce(brand_id, 0) DESC LIMIT 1`, brand)
	return t, found, err
}

// oftenHeard is how often it is noted that a tracker was heard of.
const oftenHeard = time.Minute

// HeardTracker notes that a signed delivery came.
func (tx *Tx) HeardTracker(id int64, now time.Time) error {
	_, err := tx.exec(`UPDATE trackers SET heard_at = $1 WHERE id = $2 AND coalesce(heard_at, 0) < $3`, now, id, now.Add(-oftenHeard))
	return err
}

// IssueEntry is what a known problem is called at a tracker, and how it stands there.
type IssueEntry struct {
	Issue, Tracker int64
	engineers.Entry
	Asks     bool // closed there, and nobody has looked yet whether it works
	Told     engineers.Told
	ToldAt   time.Time
	Comments int64 // how often we commented
}

const selectIssueEntry = `
	SELECT issue_id, tracker_id, name, url, state, says, at, asks, told_customers, told_severity, told_state, told_at, comments
	FROM issue_entries WHERE `

func (e *IssueEntry) fields() []any {
	return []any{&e.Issue, &e.Tracker, &e.Name, &e.URL, &e.State, &e.Says, &e.At, &e.Asks, &e.Told.Customers, &e.Told.Severity, &e.Told.State, &e.ToldAt, &e.Comments}
}

func (tx *Tx) issueEntries(q *query) (all []IssueEntry, err error) {
	var e IssueEntry
	err = tx.each(e.fields(), func() error { all = append(all, e); return nil }, q.String(), q.args...)
	return all, err
}

// IssueEntry returns the entry of a known problem, and in a write keeps others from changing it; found is false when it has none.
func (tx *Tx) IssueEntry(issueID int64) (e IssueEntry, found bool, err error) {
	all, err := tx.issueEntries((&query{}).add(selectIssueEntry+`issue_id = ?`, issueID).lock(tx, ""))
	return first(all), len(all) > 0, err
}

// IssueEntries returns the entries that some known problems have.
func (tx *Tx) IssueEntries(issues []int64) ([]IssueEntry, error) {
	return tx.issueEntries((&query{}).add(selectIssueEntry).in("issue_id", issues))
}

// EntriesNamed returns the entries of known problems that have a name at a tracker, and keeps others from changing them. A Jira's names
// are written in capitals, all others are numbers.
func (tx *Tx) EntriesNamed(tracker int64, name string) ([]IssueEntry, error) {
	return tx.issueEntries((&query{}).add(selectIssueEntry+`tracker_id = ? AND name = ? ORDER BY issue_id`, tracker, name).lock(tx, ""))
}

// SaveIssueEntry stores the entry of a known problem in place of any that it had.
func (tx *Tx) SaveIssueEntry(e IssueEntry) error {
	_, err := tx.exec(`
		INSERT INTO issue_entries (issue_id, tracker_id, name, url, state, says, at, asks, told_customers, told_severity, told_state, told_at, comments)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (issue_id) DO UPDATE SET
			tracker_id = excluded.tracker_id, name = excluded.name, url = excluded.url, state = excluded.state, says = excluded.says, at = excluded.at,
			asks = excluded.asks, told_customers = excluded.told_customers, told_severity = excluded.told_severity, told_state = excluded.told_state,
			told_at = excluded.told_at, comments = excluded.comments`,
		e.Issue, e.Tracker, e.Name, e.URL, e.State, e.Says, e.At, e.Asks, e.Told.Customers, e.Told.Severity, e.Told.State, e.ToldAt, e.Comments)
	return err
}

// DropIssueEntry forgets what a known problem is called at a tracker.
func (tx *Tx) DropIssueEntry(issueID int64) error {
	_, err := tx.exec(`DELETE FROM issue_entries WHERE issue_id = $1`, issueID)
	return err
}

// StopAsking notes that somebody has looked whether a known problem is fixed.
func (tx *Tx) StopAsking(issueID int64) error {
	_, err := tx.exec(`UPDATE issue_entries SET asks = $1 WHERE issue_id = $2`, false, issueID)
	return err
}

// IssuesFollowed are the known problems that somebody has given the address of a page of the engineers, of a brand or, with 0, of all.
func (tx *Tx) IssuesFollowed(brand int64) ([]issue.Issue, error) {
	q := (&query{}).add(selectIssue + `WHERE i.tracker <> ''`)
	if brand != 0 {
		q.add(` AND i.brand_id = ?`, brand)
	}
	return tx.issues(q.add(` ORDER BY i.id`))
}

// EachReporter tells who has reported a known problem, one after another and each at least once: the name of the person, of their
// organisation, and a domain of it; "" for what there is not. None of them is kept, however many they are.
func (tx *Tx) EachReporter(issueID int64, do func(person, organisation, domain string)) error {
	var person, organisation, domain string
	return tx.each([]any{&person, &organisation, &domain}, func() error { do(person, organisation, domain); return nil }, `
		SELECT DISTINCT p.name, coalesce(o.name, ''), coalesce(d.domain, '')
		FROM issue_tickets l
		JOIN tickets t ON t.id = l.ticket_id
		JOIN people p ON p.id = t.requester_id
		LEFT JOIN organizations o ON o.id = coalesce(t.organization_id, p.organization_id)
		LEFT JOIN organization_domains d ON d.organization_id = o.id
		WHERE l.issue_id = $1`, issueID)
}

// What an errand is about.
const (
	OpenThere    = "open"    // a new entry
	ReadThere    = "read"    // how an entry stands
	CommentThere = "comment" // below an entry
)

// Errand is something that is still to be said or asked at a tracker. Its key is unique, so planned twice it is there once.
type Errand struct {
	ID      int64
	Key     string
	Issue   int64
	Tracker int64
	What    string
	Letter  engineers.Letter // its Since is when the errand was tried first
	Person  int64            // who wants it, 0 for the desk itself
	Tells   engineers.Told   // how the problem stood when the letter was written
	Created time.Time
	Due     time.Time // zero when there is nothing left to do
	Tries   int64
	Done    time.Time // zero while it is not
	Trouble string    // what went wrong last
}

// IsGivenUp reports whether it failed and is not tried again by itself.
func (e Errand) IsGivenUp() bool { return e.Due.IsZero() && e.Done.IsZero() }

const selectErrand = `
	SELECT id, key, issue_id, tracker_id, what, title, text, mark, person_id, customers, severity, state, created_at, due_at, tries, tried_at, done_at, trouble
	FROM errands WHERE `

func (e *Errand) fields() []any {
	return []any{&e.ID, &e.Key, &e.Issue, &e.Tracker, &e.What, &e.Letter.Title, &e.Letter.Text, &e.Letter.Mark, &e.Person,
		&e.Tells.Customers, &e.Tells.Severity, &e.Tells.State, &e.Created, &e.Due, &e.Tries, &e.Letter.Since, &e.Done, &e.Trouble}
}

func (tx *Tx) errands(q *query) (all []Errand, err error) {
	var e Errand
	err = tx.each(e.fields(), func() error { all = append(all, e); return nil }, q.String(), q.args...)
	return all, err
}

// AddErrand stores an errand and sets its ID. It reports false when one with the same key is there.
func (tx *Tx) AddErrand(e *Errand) (added bool, err error) {
	e.ID, err = tx.insert(`
		INSERT INTO errands (key, issue_id, tracker_id, what, title, text, mark, person_id, customers, severity, state, created_at, due_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (key) DO NOTHING
		RETURNING id`,
		e.Key, e.Issue, e.Tracker, e.What, e.Letter.Title, e.Letter.Text, e.Letter.Mark, ref(e.Person), e.Tells.Customers, e.Tells.Severity, e.Tells.State, e.Created, e.Due)
	return e.ID != 0, err
}

// ReviveErrand makes the errand with this key due again that was given up, or that had become needless. The latter is written anew, and is
// another letter with another mark: by the old one something else might be found there, and nothing would be said.
func (tx *Tx) ReviveErrand(e Errand) error {
	_, err := tx.exec(`
		UPDATE errands SET
			due_at = $1, tries = 0, trouble = '',
			mark = CASE WHEN done_at IS NULL THEN mark ELSE $2 END,
			text = CASE WHEN done_at IS NULL THEN text ELSE '' END,
			tried_at = CASE WHEN done_at IS NULL THEN tried_at ELSE NULL END,
			done_at = NULL
		WHERE key = $3 AND due_at IS NULL`, e.Due, e.Letter.Mark, e.Key)
	return err
}

// DueErrands returns the next errands, the longest waiting first. On PostgreSQL they are locked until the transaction ends and other
// nodes get others.
func (tx *Tx) DueErrands(now time.Time, most int) ([]Errand, error) {
	return tx.errands((&query{}).add(selectErrand+`due_at <= ? ORDER BY due_at, id LIMIT ?`, now, most).lock(tx, "SKIP LOCKED"))
}

// SaveErrand stores how an errand stands. It reports false, and stores nothing, when it is not due at the instant that the caller
// knows: another worker has it, or it is done.
func (tx *Tx) SaveErrand(e Errand, due time.Time) (ours bool, err error) {
	n, err := tx.exec(`
		UPDATE errands SET title = $1, text = $2, customers = $3, severity = $4, state = $5, due_at = $6, tries = $7, tried_at = $8, done_at = $9, trouble = $10
		WHERE id = $11 AND coalesce(due_at, 0) = $12`,
		e.Letter.Title, e.Letter.Text, e.Tells.Customers, e.Tells.Severity, e.Tells.State, e.Due, e.Tries, e.Letter.Since, e.Done, e.Trouble, e.ID, micro(due))
	return n > 0, err
}

// micro is an instant as it is kept, 0 for none.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// NextErrand is when the next errand is due, zero when none is.
func (tx *Tx) NextErrand() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `SELECT due_at FROM errands WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1`)
	return at, err
}

// LastErrand is the newest errand of one sort about a known problem; found is false when there was none.
func (tx *Tx) LastErrand(issueID int64, what string) (e Errand, found bool, err error) {
	found, err = tx.get(e.fields(), selectErrand+`issue_id = $1 AND what = $2 ORDER BY id DESC LIMIT 1`, issueID, what)
	return e, found, err
}

// TrackerTrouble is what went wrong last at a tracker, "" when nothing did since something went well.
func (tx *Tx) TrackerTrouble(id int64) (says string, err error) {
	_, err = tx.get([]any{&says}, `SELECT trouble FROM errands WHERE tracker_id = $1 AND tried_at IS NOT NULL ORDER BY tried_at DESC, id DESC LIMIT 1`, id)
	return says, err
}

// CountIssueEntries counts the known problems that have an entry at a tracker.
func (tx *Tx) CountIssueEntries(tracker int64) (n int64, err error) {
	_, err = tx.get([]any{&n}, `SELECT count(*) FROM issue_entries WHERE tracker_id = $1`, tracker)
	return n, err
}
