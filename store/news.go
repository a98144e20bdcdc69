package store

import (
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/issue"
)

// NewsEntry is one entry of What's New: what has become new, has changed or is fixed.
type NewsEntry struct {
	ID        int64
	Brand     int64
	UID       string // in feeds; it never changes
	State     NewsState
	Kind      string // new, changed, fixed
	Title     string
	Product   string
	Version   string
	Body      string // Markdown
	Day       calendar.Date
	Card      int64         // the card of the roadmap that is done with it, 0 for none
	Banner    string        // said above customers' pages, "" for nothing
	From      calendar.Date // the banner's first day
	Until     calendar.Date // and its last
	Due       time.Time     // when the letter leaves that it is to be in
	Letter    int64         // the letter it was in
	Published time.Time
	Changed   time.Time
	Created   time.Time
}

// NewsState is how an entry stands.
type NewsState string

const (
	NewsDraft     NewsState = "draft"
	NewsPublished NewsState = "published"
	NewsWithdrawn NewsState = "withdrawn"
)

const selectNewsEntry = `
	SELECT
		e.id, e.brand_id, e.uid, e.state, e.kind, e.title, e.product, e.version, e.body, e.day, e.card_id,
		e.banner, e.banner_from, e.banner_until, e.letter_at, e.letter_id, e.published_at, e.changed_at, e.created_at
	FROM news_entries e
	WHERE `

func (tx *Tx) newsEntries(q *query) (all []NewsEntry, err error) {
	var e NewsEntry
	err = tx.each([]any{
		&e.ID, &e.Brand, &e.UID, &e.State, &e.Kind, &e.Title, &e.Product, &e.Version, &e.Body, &e.Day, &e.Card,
		&e.Banner, &e.From, &e.Until, &e.Due, &e.Letter, &e.Published, &e.Changed, &e.Created,
	}, func() error { all = append(all, e); return nil }, q.String(), q.args...)
	return all, err
}

// tellsNews appends the condition that decides who may know of an entry: everybody of what is published, and whoever works here of
// drafts and of what was taken back.
func (q *query) tellsNews(a access.Actor) *query {
	if a.Staff() {
		return q.add("1 = 1")
	}
	return q.add("e.state = 'published'")
}

// NewsEntry returns an entry the actor may read; [fault.NotFound] when there is none.
func (tx *Tx) NewsEntry(a access.Actor, id int64) (NewsEntry, error) {
	return tx.oneNewsEntry((&query{}).add(selectNewsEntry+`e.id = ? AND `, id).tellsNews(a))
}

// NewsEntryForUpdate is NewsEntry for somebody about to change it: on PostgreSQL others wait.
func (tx *Tx) NewsEntryForUpdate(a access.Actor, id int64) (NewsEntry, error) {
	return tx.oneNewsEntry((&query{}).add(selectNewsEntry+`e.id = ? AND `, id).tellsNews(a).lock(tx, "OF e"))
}

func (tx *Tx) oneNewsEntry(q *query) (e NewsEntry, err error) {
	all, err := tx.newsEntries(q)
	if err == nil && len(all) == 0 {
		err = absent("entry")
	}
	return first(all), err
}

// SaveNewsEntry stores an entry, new when ID is 0.
func (tx *Tx) SaveNewsEntry(e *NewsEntry) (err error) {
	if e.ID == 0 {
		e.ID, err = tx.insert(`
			INSERT INTO news_entries (brand_id, uid, state, kind, title, product, version, body, day, card_id, banner, banner_from, banner_until, changed_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
			RETURNING id`,
			e.Brand, e.UID, e.State, e.Kind, e.Title, e.Product, e.Version, e.Body, e.Day, ref(e.Card), e.Banner, e.From, e.Until, e.Changed, e.Created)
		return err
	}
	_, err = tx.exec(`
		UPDATE news_entries
		SET state = $1, kind = $2, title = $3, product = $4, version = $5, body = $6, day = $7, card_id = $8,
			banner = $9, banner_from = $10, banner_until = $11, letter_at = $12, published_at = $13, changed_at = $14
		WHERE id = $15`,
		e.State, e.Kind, e.Title, e.Product, e.Version, e.Body, e.Day, ref(e.Card), e.Banner, e.From, e.Until, e.Due, e.Published, e.Changed, e.ID)
	return err
}

// NewsFilter says which entries a list shows.
type NewsFilter struct {
	Brand   int64
	States  []NewsState // any of these; all when there are none
	Product string      // "" for any
	After   string
	Limit   int
}

// NewsEntries returns one page of the entries of a brand that the actor may read, the newest day first.
func (tx *Tx) NewsEntries(a access.Actor, f NewsFilter) (page Page[NewsEntry], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	q := (&query{}).add(selectNewsEntry+`e.brand_id = ? AND `, f.Brand).tellsNews(a).oneOf("e.state", f.States)
	if f.Product != "" {
		q.add(" AND e.product = ?", f.Product)
	}
	if at.ID != 0 {
		q.add(" AND (e.day < ?", dayOfKey(at.Key)).add(" OR e.day = ?", dayOfKey(at.Key)).add(" AND e.id < ?)", at.ID)
	}
	n := limit(f.Limit)
	all, err := tx.newsEntries(q.add(" ORDER BY e.day DESC, e.id DESC").first(n + 1))
	return cut(all, n, func(e NewsEntry) cursor { return cursor{Key: keyOfDay(e.Day), ID: e.ID} }), err
}

// oneOf appends that a column holds one of some states; nothing when there are none.
func (q *query) oneOf(column string, states []NewsState) *query {
	for i, s := range states {
		if i == 0 {
			q.add(" AND "+column+" IN (?", s)
		} else {
			q.add(", ?", s)
		}
	}
	if len(states) > 0 {
		q.add(")")
	}
	return q
}

// keyOfDay is a day as a number that sorts like it: 20261126.
func keyOfDay(d calendar.Date) int64 {
	n, _ := strconv.ParseInt(strings.ReplaceAll(d.String(), "-", ""), 10, 64)
	return n
}

func dayOfKey(n int64) string {
	return calendar.Date{Y: int(n / 10000), M: time.Month(n / 100 % 100), D: int(n % 100)}.String()
}

// HasNews reports whether a brand has published anything.
func (tx *Tx) HasNews(brand int64) (bool, error) {
	var id int64
	return tx.get([]any{&id}, `SELECT id FROM news_entries WHERE brand_id = $1 AND state = 'published' LIMIT 1`, brand)
}

// NewsProducts are the products that entries of a brand have named, by name.
func (tx *Tx) NewsProducts(brand int64) (all []string, err error) {
	var name string
	err = tx.each([]any{&name}, func() error { all = append(all, name); return nil }, `
		SELECT DISTINCT product FROM news_entries
		WHERE brand_id = $1 AND product <> ''
		ORDER BY product
		LIMIT 50`, brand)
	return all, err
}

// NewsBanner returns the newest entry of a brand that says something above customers' pages on a day; found is false when none does.
func (tx *Tx) NewsBanner(brand int64, on calendar.Date) (e NewsEntry, found bool, err error) {
	q := (&query{}).add(selectNewsEntry+`e.brand_id = ? AND e.state = 'published' AND e.banner <> ''`, brand)
	q.add(` AND e.banner_from <= ?`, on).add(` AND e.banner_until >= ?`, on).add(` ORDER BY e.published_at DESC, e.id DESC LIMIT 1`)
	all, err := tx.newsEntries(q)
	return first(all), len(all) > 0, err
}

// NewsEntryOfCard returns the entry that told of a card, published; found is false when there is none.
func (tx *Tx) NewsEntryOfCard(card int64) (e NewsEntry, found bool, err error) {
	all, err := tx.newsEntries((&query{}).add(selectNewsEntry+`e.card_id = ? AND e.state = 'published' ORDER BY e.id DESC LIMIT 1`, card))
	return first(all), len(all) > 0, err
}

// TellOf makes an entry tell of the fixes of these known problems, and of no others.
func (tx *Tx) TellOf(entry int64, issues []int64) error {
	if _, err := tx.exec(`DELETE FROM news_issues WHERE entry_id = $1`, entry); err != nil {
		return err
	}
	for _, id := range issues {
		if _, err := tx.exec(`INSERT INTO news_issues (entry_id, issue_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, entry, id); err != nil {
			return err
		}
	}
	return nil
}

// ToldOf returns the known problems whose fix an entry tells of.
func (tx *Tx) ToldOf(entry int64) ([]issue.Issue, error) {
	return tx.issues((&query{}).add(selectIssue+`WHERE i.id IN (SELECT issue_id FROM news_issues WHERE entry_id = ?) ORDER BY i.id`, entry))
}

// EntryOfFix returns the newest entry that tells of the fix of a known problem and was not taken back; found is false when there is none.
func (tx *Tx) EntryOfFix(issueID int64) (e NewsEntry, found bool, err error) {
	q := (&query{}).add(selectNewsEntry+`e.id IN (SELECT entry_id FROM news_issues WHERE issue_id = ?) AND e.state <> 'withdrawn'`, issueID)
	all, err := tx.newsEntries(q.add(` ORDER BY e.id DESC`).first(1))
	return first(all), len(all) > 0, err
}

// Fixes returns the known problems of a brand that were fixed last.
func (tx *Tx) Fixes(brand int64, most int) ([]issue.Issue, error) {
	return tx.issues((&query{}).add(selectIssue+`WHERE i.state = 'fixed' AND i.brand_id = ? ORDER BY i.fixed_at DESC, i.id DESC`, brand).first(most))
}

// NewsChange is one thing that was done to an entry or to a card, and what it was before.
type NewsChange struct {
	ID     int64
	Entry  int64
	Card   int64
	Author int64
	Name   string // the author's, read with it
	What   string
	Was    string
	At     time.Time
}

// AddNewsChange stores what was done.
func (tx *Tx) AddNewsChange(c NewsChange) error {
	_, err := tx.exec(`
		INSERT INTO news_changes (entry_id, card_id, author_id, what, was, at)
		VALUES ($1, $2, $3, $4, $5, $6)`, ref(c.Entry), ref(c.Card), ref(c.Author), c.What, c.Was, c.At)
	return err
}

// NewsStands is the newest thing that was done to what a brand has published or taken back, 0 for nothing: as long as it is the same, so is
// what everybody reads.
func (tx *Tx) NewsStands(brand int64) (last int64, err error) {
	_, err = tx.get([]any{&last}, `
		SELECT coalesce(max(c.id), 0)
		FROM news_entries e
		JOIN news_changes c ON c.entry_id = e.id
		WHERE e.brand_id = $1 AND e.state <> 'draft'`, brand)
	return last, err
}

// NewsChanges returns what was done to an entry, the newest first.
func (tx *Tx) NewsChanges(entry int64) ([]NewsChange, error) {
	return tx.newsChanges(`c.entry_id = $1`, entry)
}

// CardChanges returns what was done to a card, the newest first.
func (tx *Tx) CardChanges(card int64) ([]NewsChange, error) {
	return tx.newsChanges(`c.card_id = $1`, card)
}

func (tx *Tx) newsChanges(where string, id int64) (all []NewsChange, err error) {
	var c NewsChange
	err = tx.each([]any{&c.ID, &c.Entry, &c.Card, &c.Author, &c.Name, &c.What, &c.Was, &c.At}, func() error { all = append(all, c); return nil }, `
		SELECT c.id, c.entry_id, c.card_id, c.author_id, coalesce(nullif(p.name, ''), p.email, ''), c.what, c.was, c.at
		FROM news_changes c
		LEFT JOIN people p ON p.id = c.author_id
		WHERE `+where+`
		ORDER BY c.id DESC
		LIMIT 200`, id)
	return all, err
}
