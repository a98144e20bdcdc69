package store

import (
	"strings"
	"time"

	"hark/access"
	"hark/article"
	"hark/fault"
)

// HelpSections are the sections of a brand's help in their order.
func (tx *Tx) HelpSections(brand int64) (all []article.Section, err error) {
	var s article.Section
	err = tx.each([]any{&s.ID, &s.Brand, &s.Name, &s.Slug, (*count)(&s.Position)}, func() error { all = append(all, s); return nil }, `
		SELECT id, brand_id, name, slug, position
		FROM help_sections
		WHERE brand_id = $1
		ORDER BY position, id`, brand)
	return all, err
}

// SaveHelpSection stores a section, new when ID is 0. Two of one brand with the same address are [fault.Conflict].
func (tx *Tx) SaveHelpSection(s *article.Section) (err error) {
	all, err := tx.HelpSections(s.Brand)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != s.ID && other.Slug == s.Slug {
			return fault.New(fault.Conflict, "there is a section “%s” already", other.Name)
		}
	}
	if s.ID == 0 {
		s.ID, err = tx.insert(`INSERT INTO help_sections (brand_id, name, slug, position) VALUES ($1, $2, $3, $4) RETURNING id`, s.Brand, s.Name, s.Slug, s.Position)
		return err
	}
	_, err = tx.exec(`UPDATE help_sections SET name = $1, slug = $2, position = $3 WHERE id = $4 AND brand_id = $5`, s.Name, s.Slug, s.Position, s.ID, s.Brand)
	return err
}

// DropHelpSection removes a section in which nothing stands; anything in it is [fault.Conflict].
func (tx *Tx) DropHelpSection(brand, id int64) error {
	var one int64
	used, err := tx.get([]any{&one}, `SELECT id FROM articles WHERE section_id = $1 LIMIT 1`, id)
	if err == nil && used {
		err = fault.New(fault.Conflict, "articles stand in this section; move them to another first")
	}
	if err == nil {
		_, err = tx.exec(`DELETE FROM help_sections WHERE id = $1 AND brand_id = $2`, id, brand)
	}
	return err
}

// HelpCounts is how many articles of each section somebody may read.
func (tx *Tx) HelpCounts(r Reader, brand int64) (map[int64]int, error) {
	counts := map[int64]int{}
	q := (&query{}).add("SELECT a.section_id, count(*) FROM articles a WHERE a.brand_id = ? AND ", brand).readable(r).add(" GROUP BY a.section_id")
	var id, n int64
	return counts, tx.each([]any{&id, &n}, func() error { counts[id] = int(n); return nil }, q.String(), q.args...)
}

// The piles of articles that authors look at.
const (
	AllArticles      = ""
	DraftArticles    = "drafts"    // what is being written
	ArticlesToReview = "review"    // what somebody should look at again by today
	DoubtedArticles  = "unhelpful" // those that helped fewer readers than not
)

// authored is the condition of each pile.
var authored = map[string]func(q *query, r Reader){
	AllArticles:      func(*query, Reader) {},
	DraftArticles:    func(q *query, _ Reader) { q.add(" AND (a.state = 'draft' OR a.draft <> '')") },
	ArticlesToReview: func(q *query, r Reader) { q.add(" AND a.state = 'published' AND a.review_on <= ?", r.Today) },
	DoubtedArticles:  func(q *query, _ Reader) { q.add(" AND a.unhelped > a.helped") },
}

// Authored is an article in its authors' list.
type Authored struct {
	article.Article
	Changed time.Time // when something was written that readers do not have yet; zero for nothing
	Waiting int       // comments that wait for somebody
}

// Articles is one page of a pile of a brand's articles for whoever writes them, the newest first.
func (tx *Tx) Articles(r Reader, brand int64, pile, after string, n int) (page Page[Authored], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	which, known := authored[pile]
	if !known {
		return page, absent("list of articles")
	}
	n = limit(n)
	q := (&query{}).add(strings.Replace(selectArticle, "p.name", `p.name,
		CASE WHEN a.draft <> '' THEN a.draft_at END,
		(SELECT count(*) FROM article_comments c WHERE c.article_id = a.id AND NOT c.shown AND c.decided_at IS NULL)`, 1)+"WHERE a.brand_id = ?", brand)
	which(q, r)
	if at.ID != 0 {
		q.add(" AND a.id < ?", at.ID)
	}
	q.add(" ORDER BY a.id DESC").first(n + 1)
	var a Authored
	var all []Authored
	err = tx.each(append(articleFields(&a.Article), &a.Changed, (*count)(&a.Waiting)), func() error { all = append(all, a); return nil }, q.String(), q.args...)
	return cut(all, n, func(a Authored) cursor { return cursor{ID: a.ID} }), err
}

// What readers say.

const selectSaid = `
	SELECT c.id, c.article_id, c.author_id, c.name, p.role, c.text, c.at, c.shown
	FROM article_comments c
	LEFT JOIN people p ON p.id = c.author_id
	`

func (tx *Tx) said(query string, args ...any) (all []article.Said, err error) {
	var s article.Said
	var role access.Role
	err = tx.each([]any{&s.ID, &s.Article, &s.Author, &s.Name, &role, &s.Text, &s.At, &s.Shown}, func() error {
		s.Staff = role != access.Nobody && role != access.Customer
		all = append(all, s)
		return nil
	}, query, args...)
	return all, err
}

// SaidOf are the comments below an article that everybody may read, the oldest first.
func (tx *Tx) SaidOf(id int64, limit int) ([]article.Said, error) {
	return tx.said(selectSaid+`WHERE c.article_id = $1 AND c.shown ORDER BY c.id LIMIT $2`, id, limit)
}

// SaidWaiting are the comments of an article that wait for somebody here.
func (tx *Tx) SaidWaiting(id int64, limit int) ([]article.Said, error) {
	return tx.said(selectSaid+`WHERE c.article_id = $1 AND NOT c.shown AND c.decided_at IS NULL ORDER BY c.id LIMIT $2`, id, limit)
}

// AddSaid stores a comment.
func (tx *Tx) AddSaid(s *article.Said) (err error) {
	s.ID, err = tx.insert(`
		INSERT INTO article_comments (article_id, author_id, name, text, at, shown)
		VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING id`, s.Article, ref(s.Author), s.Name, s.Text, s.At, s.Shown)
	return err
}

// DecideSaid shows a comment of an article, or takes it away; [fault.NotFound] when it is none of that article's.
func (tx *Tx) DecideSaid(id, comment int64, shown bool, at time.Time) error {
	n, err := tx.exec(`UPDATE article_comments SET shown = $1, decided_at = $2 WHERE article_id = $3 AND id = $4`, shown, at, id, comment)
	if err == nil && n == 0 {
		err = absent("comment")
	}
	return err
}

// Vote is whether an article helped one reader, and why.
type Vote struct {
	Article int64
	Reader  string
	Helped  bool
	Reason  string
	At      time.Time
}

// SaveVote keeps what a reader says of an article. Said again it replaces what they said before; a reason that is left out stays.
func (tx *Tx) SaveVote(v Vote) error {
	_, err := tx.exec(`
		INSERT INTO article_votes (article_id, reader, helped, reason, at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (article_id, reader) DO UPDATE
		SET helped = excluded.helped, at = excluded.at, reason = CASE WHEN excluded.reason = '' THEN article_votes.reason ELSE excluded.reason END`,
		v.Article, v.Reader, v.Helped, v.Reason, v.At)
	if err != nil {
		return err
	}
	return tx.countVotes(v.Article)
}

// countVotes counts anew whom an article helped.
func (tx *Tx) countVotes(article int64) error {
	_, err := tx.exec(`
		UPDATE articles
		SET helped = (SELECT count(*) FROM article_votes v WHERE v.article_id = $1 AND v.helped),
			unhelped = (SELECT count(*) FROM article_votes v WHERE v.article_id = $1 AND NOT v.helped)
		WHERE id = $1`, article)
	return err
}

// Reasons are what readers wrote with their judgement of an article, the newest first.
func (tx *Tx) Reasons(id int64, limit int) (all []Vote, err error) {
	v := Vote{Article: id}
	err = tx.each([]any{&v.Helped, &v.Reason, &v.At}, func() error { all = append(all, v); return nil }, `
		SELECT helped, reason, at
		FROM article_votes
		WHERE article_id = $1 AND reason <> ''
		ORDER BY at DESC, reader
		LIMIT $2`, id, limit)
	return all, err
}

// What was looked for in vain.

// Miss is what was looked for and not found.
type Miss struct {
	Words string
	Times int
	Asked int // how many wrote to us instead
	Last  time.Time
}

// missLength is how much of what was looked for is kept, and missesKept for how long after the last time.
const (
	missLength = 100
	missesKept = 90 * 24 * time.Hour
)

// MissWords are the words of a search as they are counted: folded, so that two spellings are one, and bounded.
func MissWords(text string) string {
	folded := words(text)
	if len(folded) > missLength {
		folded = strings.ToValidUTF8(folded[:missLength], "")
	}
	return strings.TrimSpace(folded)
}

// CountMiss counts a search that found nothing, or a request that followed one.
func (tx *Tx) CountMiss(brand int64, looked string, asked bool, now time.Time) error {
	folded, times, wrote := MissWords(looked), 1, 0
	if folded == "" {
		return nil
	}
	if asked {
		times, wrote = 0, 1
	}
	if _, err := tx.exec(`DELETE FROM help_misses WHERE brand_id = $1 AND last_at < $2`, brand, now.Add(-missesKept)); err != nil {
		return err
	}
	_, err := tx.exec(`
		INSERT INTO help_misses (brand_id, looked_for, times, asked, last_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (brand_id, looked_for) DO UPDATE
		SET times = help_misses.times + excluded.times, asked = help_misses.asked + excluded.asked, last_at = excluded.last_at`,
		brand, folded, times, wrote, now)
	return err
}

// Misses are what was looked for in vain most often.
func (tx *Tx) Misses(brand int64, limit int) (all []Miss, err error) {
	var m Miss
	err = tx.each([]any{&m.Words, (*count)(&m.Times), (*count)(&m.Asked), &m.Last}, func() error { all = append(all, m); return nil }, `
		SELECT looked_for, times, asked, last_at
		FROM help_misses
		WHERE brand_id = $1 AND times > 0
		ORDER BY times DESC, last_at DESC, looked_for
		LIMIT $2`, brand, limit)
	return all, err
}

// DropMiss forgets what was looked for, once there is an article for it or none is wanted.
func (tx *Tx) DropMiss(brand int64, looked string) error {
	_, err := tx.exec(`DELETE FROM help_misses WHERE brand_id = $1 AND looked_for = $2`, brand, looked)
	return err
}

// CameFrom notes the article from which somebody came when they wrote a ticket.
func (tx *Tx) CameFrom(ticketID, articleID int64) error {
	_, err := tx.exec(`INSERT INTO article_tickets (ticket_id, article_id) VALUES ($1, $2) ON CONFLICT (ticket_id) DO NOTHING`, ticketID, articleID)
	return err
}

// ArticleOf is the article from which the requester of a ticket came, zero for none.
func (tx *Tx) ArticleOf(ticketID int64) (article.Article, error) {
	all, err := tx.articles((&query{}).add(articleColumns+`article_tickets w
		JOIN articles a ON a.id = w.article_id`+articleJoins+`WHERE w.ticket_id = ?`, ticketID))
	return first(all), err
}
