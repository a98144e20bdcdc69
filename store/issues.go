package store

import (
	"strings"
	"time"

	"hark/access"
	"hark/issue"
	"hark/ticket"
)

// Known problems. An issue is the desk's own record, which all colleagues may read; of its tickets each sees what they may see of any,
// and a customer nothing but what stands on their own ([Tx.IssueOf]).

const issueColumns = `
		i.id,
		i.brand_id,
		i.title,
		i.product,
		i.happens,
		i.reach,
		i.severity,
		i.workaround,
		i.plan,
		i.horizon,
		i.estimate,
		i.tracker,
		i.announcement,
		i.state,
		i.public,
		i.customers,
		i.tickets,
		i.opened_at,
		i.fixed_at,
		i.fixed_by, f.email, f.name,
		i.fixes`

const selectIssue = `
	SELECT` + issueColumns + `
	FROM issues i
	LEFT JOIN people f ON f.id = i.fixed_by
	`

func issueFields(i *issue.Issue) []any {
	return []any{
		&i.ID,
		&i.Brand,
		&i.Title,
		&i.Product,
		&i.Happens,
		&i.Reach,
		&i.Severity,
		&i.Workaround,
		&i.Plan,
		&i.Horizon,
		&i.Estimate,
		&i.Tracker,
		&i.Announcement,
		&i.State,
		&i.Public,
		&i.Customers,
		&i.Tickets,
		&i.Opened,
		&i.Fixed,
		&i.FixedBy.ID, &i.FixedBy.Address, &i.FixedBy.Name,
		&i.Fixes,
	}
}

func (tx *Tx) issues(q *query) (all []issue.Issue, err error) {
	var i issue.Issue
	err = tx.each(issueFields(&i), func() error { all = append(all, i); return nil }, q.String(), q.args...)
	return all, err
}

func (tx *Tx) oneIssue(q *query) (issue.Issue, error) {
	all, err := tx.issues(q)
	if err == nil && len(all) == 0 {
		err = absent("known problem")
	}
	return first(all), err
}

// issueWords are the words by which an issue is found.
func issueWords(i issue.Issue) string { return words(i.Title + " " + i.Product + " " + i.Happens) }

// AddIssue stores a known problem and sets its ID.
func (tx *Tx) AddIssue(i *issue.Issue) (err error) {
	i.ID, err = tx.insert(`
		INSERT INTO issues (brand_id, title, happens, reach, severity, workaround, plan, horizon, estimate, tracker, announcement, state, public, opened_at, words, product)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		RETURNING id`,
		i.Brand, i.Title, i.Happens, i.Reach, i.Severity, i.Workaround, i.Plan, i.Horizon, i.Estimate, i.Tracker, i.Announcement, i.State, i.Public, i.Opened, issueWords(*i), i.Product)
	return err
}

// SaveIssue stores what a known problem has become; who reports it is counted by [Tx.CountReporters].
func (tx *Tx) SaveIssue(i issue.Issue) error {
	_, err := tx.exec(`
		UPDATE issues SET
			title = $1, happens = $2, reach = $3, severity = $4, workaround = $5, plan = $6, horizon = $7, estimate = $8,
			tracker = $9, announcement = $10, state = $11, public = $12, fixed_at = $13, fixed_by = $14, fixes = $15, words = $16, product = $17
		WHERE id = $18`,
		i.Title, i.Happens, i.Reach, i.Severity, i.Workaround, i.Plan, i.Horizon, i.Estimate,
		i.Tracker, i.Announcement, i.State, i.Public, i.Fixed, ref(i.FixedBy.ID), i.Fixes, issueWords(i), i.Product, i.ID)
	return err
}

// Issue returns a known problem to staff; [fault.NotFound] when there is none.
func (tx *Tx) Issue(a access.Actor, id int64) (issue.Issue, error) {
	if !a.Staff() {
		return issue.Issue{}, absent("known problem")
	}
	return tx.oneIssue((&query{}).add(selectIssue+`WHERE i.id = ?`, id))
}

// IssueForUpdate returns a known problem and keeps every other transaction from changing it, and from linking tickets to it, until this
// one ends.
func (tx *Tx) IssueForUpdate(id int64) (issue.Issue, error) {
	return tx.oneIssue((&query{}).add(selectIssue+`WHERE i.id = ?`, id).lock(tx, "OF i"))
}

// IssueOf returns the known problem that a ticket belongs to; linked is false when it belongs to none. It is for whoever has read the
// ticket already.
func (tx *Tx) IssueOf(ticketID int64) (i issue.Issue, linked bool, err error) {
	linked, err = tx.get(issueFields(&i), selectIssue+`
		WHERE i.id = (SELECT issue_id FROM issue_tickets WHERE ticket_id = $1)`, ticketID)
	return i, linked, err
}

// IssueFilter says which known problems a list shows; the zero value shows all, the open ones first.
type IssueFilter struct {
	Brand   int64  // 0 for all
	Words   string // what somebody typed: each word stands in the title, the product or what happens, or begins one that does
	Product string // only those of this product, "" for all
	Open    bool   // only those that are still there
	After   string
	Limit   int
}

// The two stages of a list: what is still there by the number of customers, then what is fixed, the newest first.
var issueStages = []struct {
	state issue.State
	key   string
	of    func(issue.Issue) int64
}{
	{issue.Open, "i.customers", func(i issue.Issue) int64 { return i.Customers }},
	{issue.Fixed, "i.fixed_at", func(i issue.Issue) int64 { return i.Fixed.UnixMicro() }},
}

// Issues returns one page of known problems to staff: the open ones that most customers have first, then those that are fixed.
func (tx *Tx) Issues(a access.Actor, f IssueFilter) (page Page[issue.Issue], err error) {
	at, err := parseCursor(f.After)
	if err != nil || !a.Staff() {
		return page, err
	}
	n := limit(f.Limit)
	var found []issue.Issue
	for stage := at.Stage; stage < len(issueStages) && len(found) <= n; stage++ {
		s := issueStages[stage]
		if f.Open && s.state != issue.Open {
			break
		}
		q := (&query{}).add(selectIssue + `WHERE i.state = '` + string(s.state) + `'`).issueFits(f)
		if at.ID != 0 && stage == at.Stage {
			q.add(" AND ("+s.key+" < ? OR "+s.key+" = ? AND i.id < ?)", at.Key, at.Key, at.ID)
		}
		some, err := tx.issues(q.add(" ORDER BY "+s.key+" DESC, i.id DESC LIMIT ?", n+1-len(found)))
		if err != nil {
			return page, err
		}
		found = append(found, some...)
	}
	return cut(found, n, cursorOfIssue), nil
}

func cursorOfIssue(i issue.Issue) cursor {
	for stage, s := range issueStages {
		if s.state == i.State {
			return cursor{Stage: stage, Key: s.of(i), ID: i.ID}
		}
	}
	return cursor{ID: i.ID}
}

// issueFits is true for issues that a filter asks for. Their number is small: a fault that is known is written down once.
func (q *query) issueFits(f IssueFilter) *query {
	if f.Brand != 0 {
		q.add(" AND i.brand_id = ?", f.Brand)
	}
	if f.Product != "" {
		q.add(" AND i.product = ?", f.Product)
	}
	for _, word := range strings.Fields(words(f.Words)) {
		q.add(" AND ' ' || i.words LIKE ?", "% "+word+"%") // words are letters and digits, so nothing in them is a wildcard
	}
	return q
}

// LinkIssue makes a ticket belong to a known problem. It reports false when the ticket belongs to it, or to another one, already.
func (tx *Tx) LinkIssue(issueID, ticketID, by int64, now time.Time) (linked bool, err error) {
	n, err := tx.exec(`
		INSERT INTO issue_tickets (ticket_id, issue_id, linked_at, linked_by)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (ticket_id) DO NOTHING`, ticketID, issueID, now, ref(by))
	return n > 0, err
}

// UnlinkIssue makes a ticket belong to no known problem. It reports false when it did not belong to this one.
func (tx *Tx) UnlinkIssue(issueID, ticketID int64) (unlinked bool, err error) {
	n, err := tx.exec(`DELETE FROM issue_tickets WHERE ticket_id = $1 AND issue_id = $2`, ticketID, issueID)
	return n > 0, err
}

// CountReporters counts a known problem's tickets, and the people who have reported it, each once.
func (tx *Tx) CountReporters(issueID int64) error {
	_, err := tx.exec(`
		UPDATE issues SET
			tickets = (SELECT count(*) FROM issue_tickets WHERE issue_id = $1),
			customers = (SELECT count(DISTINCT t.requester_id) FROM issue_tickets l JOIN tickets t ON t.id = l.ticket_id WHERE l.issue_id = $1)
		WHERE id = $1`, issueID)
	return err
}

// IssueTickets returns one page of a known problem's tickets that the actor may see, the newest link's ticket first by number.
func (tx *Tx) IssueTickets(a access.Actor, issueID int64, after string, size int) (page Page[Row], err error) {
	at, err := parseCursor(after)
	if err != nil || !a.Staff() {
		return page, err
	}
	n := limit(size)
	q := (&query{}).add(`
		SELECT t.id AS id, t.id AS sort_key
		FROM issue_tickets l
		JOIN tickets t ON t.id = l.ticket_id
		WHERE l.issue_id = ? AND `, issueID).visible(a)
	if at.ID != 0 {
		q.add(" AND l.ticket_id < ?", at.ID)
	}
	rows, _, err := tx.rows(a, q.add(" ORDER BY l.ticket_id DESC LIMIT ?", n+1), " DESC")
	return cut(rows, n, func(r Row) cursor { return cursor{ID: r.ID} }), err
}

// OpenIssueTickets returns up to most of a known problem's tickets that the actor may see and that can still be answered, the oldest first:
// those after one of them, or with 0 from the first.
func (tx *Tx) OpenIssueTickets(a access.Actor, issueID, after int64, most int) ([]int64, error) {
	if !a.Staff() {
		return nil, nil
	}
	q := (&query{}).add(`
		SELECT t.id
		FROM issue_tickets l
		JOIN tickets t ON t.id = l.ticket_id
		WHERE l.issue_id = ? AND `+alive+` AND `, issueID).visible(a)
	q.add(" AND l.ticket_id > ?", after).add(" ORDER BY t.id LIMIT ?", most)
	return tx.ids(q.String(), q.args...)
}

// Telling of a fix. The rows are the queue: each link says from when its ticket's policy is to hear of the fix.

// QueueTelling lets all tickets of a known problem hear of its fix, in one statement however many they are.
func (tx *Tx) QueueTelling(issueID int64, now time.Time) error {
	_, err := tx.exec(`UPDATE issue_tickets SET tell_at = $1 WHERE issue_id = $2`, now, issueID)
	return err
}

// TakeBackTelling takes back what has not been told of a fix; the tickets that have heard of it are to hear that it does not hold.
func (tx *Tx) TakeBackTelling(issueID int64, fixed, now time.Time) error {
	_, err := tx.exec(`
		UPDATE issue_tickets SET tell_at = CASE WHEN told_at >= $1 THEN CAST($2 AS BIGINT) END
		WHERE issue_id = $3`, fixed, now, issueID)
	return err
}

// ToldOf is a ticket that is to hear of the fix of a known problem.
type ToldOf struct {
	Ticket, Issue int64
	Before        time.Time // when it heard of it last, zero when it never did
}

// ToTellOfFix returns the next tickets that are to hear of a fix, the longest waiting first. On PostgreSQL they are locked until the
// transaction ends and other nodes get others.
func (tx *Tx) ToTellOfFix(now time.Time, most int) (all []ToldOf, err error) {
	q := (&query{}).add(`
		SELECT ticket_id, issue_id, told_at
		FROM issue_tickets
		WHERE tell_at <= ?`, now)
	q.add(`
		ORDER BY tell_at, ticket_id
		LIMIT ?`, most).lock(tx, "SKIP LOCKED")
	var t ToldOf
	err = tx.each([]any{&t.Ticket, &t.Issue, &t.Before}, func() error { all = append(all, t); return nil }, q.String(), q.args...)
	return all, err
}

// ToldOfFix notes that a ticket has heard of the fix.
func (tx *Tx) ToldOfFix(ticketID int64, now time.Time) error {
	_, err := tx.exec(`UPDATE issue_tickets SET tell_at = NULL, told_at = $1 WHERE ticket_id = $2`, now, ticketID)
	return err
}

// TellOfFixFrom lets one ticket hear of the fix from an instant on.
func (tx *Tx) TellOfFixFrom(ticketID int64, at time.Time) error {
	_, err := tx.exec(`UPDATE issue_tickets SET tell_at = $1 WHERE ticket_id = $2`, at, ticketID)
	return err
}

// NextTelling returns when the next ticket is to hear of a fix, or the zero time when none is.
func (tx *Tx) NextTelling() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `
		SELECT tell_at
		FROM issue_tickets
		WHERE tell_at IS NOT NULL
		ORDER BY tell_at
		LIMIT 1`)
	return at, err
}

// WaitToHear counts a known problem's tickets that are still to hear of the fix.
func (tx *Tx) WaitToHear(issueID int64) (n int64, err error) {
	_, err = tx.get([]any{&n}, `SELECT count(*) FROM issue_tickets WHERE issue_id = $1 AND tell_at IS NOT NULL`, issueID)
	return n, err
}

// AddIssueChanges stores what became different about a known problem.
func (tx *Tx) AddIssueChanges(issueID int64, who ticket.Person, now time.Time, changes ...issue.Change) error {
	for _, c := range changes {
		_, err := tx.exec(`
			INSERT INTO issue_changes (issue_id, person_id, at, what, was, becomes)
			VALUES ($1, $2, $3, $4, $5, $6)`, issueID, ref(who.ID), now, c.What, c.Was, c.Is)
		if err != nil {
			return err
		}
	}
	return nil
}

// IssueChanges returns the newest changes of a known problem, the newest first.
func (tx *Tx) IssueChanges(issueID int64, most int) (all []issue.Change, err error) {
	var c issue.Change
	err = tx.each([]any{&c.ID, &c.Who.ID, &c.Who.Address, &c.Who.Name, &c.At, &c.What, &c.Was, &c.Is}, func() error { all = append(all, c); return nil }, `
		SELECT c.id, c.person_id, p.email, p.name, c.at, c.what, c.was, c.becomes
		FROM issue_changes c
		LEFT JOIN people p ON p.id = c.person_id
		WHERE c.issue_id = $1
		ORDER BY c.id DESC
		LIMIT $2`, issueID, most)
	return all, err
}
