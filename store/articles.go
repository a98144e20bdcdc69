package store

import (
	"time"

	"hark/access"
	"hark/article"
	"hark/calendar"
	"hark/fault"
)

// The help of a brand. Whoever reads passes the actor, and the condition of what they may read stands in the SQL, so that a list, a
// count and a search can show no more than a page would. Whoever writes sees all of it; the desk asks for their right first.

// Reader is who reads, and on which day of the company's calendar: plans begin and end on days.
type Reader struct {
	access.Actor
	Today calendar.Date
}

// readable appends the condition that decides which articles somebody may read; articles have the alias a. Whoever holds a link to one
// ticket reads what everybody reads.
func (q *query) readable(r Reader) *query {
	q.add("a.state = 'published' AND ")
	switch {
	case r.Staff():
		return q.add("1 = 1")
	case r.Ticket != 0 || r.Person == 0 || r.Role != access.Customer:
		return q.add("a.audience = 'public'")
	}
	return q.add(`(a.audience IN ('public', 'signed_in') OR a.audience = 'plan' AND EXISTS (
		SELECT 1
		FROM subscriptions o
		WHERE o.brand_id = a.brand_id AND (a.plan = '' OR o.plan = a.plan)
			AND o.begins_on <= ? AND (o.ends_on IS NULL OR o.ends_on >= ?) AND `, r.Today, r.Today).theirs(r.Actor).add("))")
}

const articleColumns = `
	SELECT
		a.id,
		a.brand_id,
		a.title,
		a.slug,
		a.section_id,
		a.position,
		a.body,
		a.audience,
		a.plan,
		a.comments,
		a.product,
		a.product_version,
		a.videos,
		a.owner_id,
		a.review_on,
		a.state,
		a.published_at,
		a.checked_at,
		a.version_id,
		a.helped,
		a.unhelped,
		s.id,
		s.brand_id,
		s.name,
		s.slug,
		s.position,
		p.name
	FROM `

const articleJoins = `
	LEFT JOIN help_sections s ON s.id = a.section_id
	LEFT JOIN people p ON p.id = a.owner_id
	`

const selectArticle = articleColumns + "articles a" + articleJoins

func articleFields(a *article.Article) []any {
	return []any{
		&a.ID, &a.Brand, &a.Title, &a.Slug, &a.Section, (*count)(&a.Position), &a.Body, &a.Audience, &a.Plan, &a.Comments, &a.Product, &a.Release,
		outJSON{&a.Videos}, &a.Owner, &a.Review, &a.State, &a.Published, &a.Checked, &a.Version, (*count)(&a.Helped), (*count)(&a.Unhelped),
		&a.Shelf.ID, &a.Shelf.Brand, &a.Shelf.Name, &a.Shelf.Slug, (*count)(&a.Shelf.Position), &a.OwnerName,
	}
}

// count is a small number that is 0 where the database has none.
type count int

// Scan takes what either driver gives.
func (p *count) Scan(v any) error {
	n := int64(0)
	err := number{&n}.Scan(v)
	*p = count(n)
	return err
}

func (tx *Tx) articles(q *query) (all []article.Article, err error) {
	var a article.Article
	err = tx.each(articleFields(&a), func() error { all = append(all, a); return nil }, q.String(), q.args...)
	return all, err
}

func (tx *Tx) oneArticle(q *query) (article.Article, error) {
	all, err := tx.articles(q)
	if err == nil && len(all) == 0 {
		err = absent("article")
	}
	return first(all), err
}

// ArticleAt is the article that stands or stood at an address of a brand's help, for whoever may read it: where it stands now is its
// Slug. What is absent and what may not be read are the same [fault.NotFound].
func (tx *Tx) ArticleAt(r Reader, brand int64, slug string) (article.Article, error) {
	return tx.oneArticle((&query{}).add(articleColumns+`article_paths w
		JOIN articles a ON a.id = w.article_id`+articleJoins+`WHERE w.brand_id = ? AND w.slug = ? AND `, brand, slug).readable(r))
}

// Article is an article by its number, in whatever state, for whoever writes them.
func (tx *Tx) Article(id int64) (article.Article, error) {
	return tx.oneArticle((&query{}).add(selectArticle+"WHERE a.id = ?", id))
}

// ReadableArticle is an article by its number for whoever may read it.
func (tx *Tx) ReadableArticle(r Reader, id int64) (article.Article, error) {
	return tx.oneArticle((&query{}).add(selectArticle+"WHERE a.id = ? AND ", id).readable(r))
}

// ArticlesIn is one page of what stands in a section, as far as somebody may read it, in the order its authors gave it.
func (tx *Tx) ArticlesIn(r Reader, section int64, after string, n int) (page Page[article.Article], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	n = limit(n)
	q := (&query{}).add(selectArticle+"WHERE a.section_id = ? AND ", section).readable(r)
	if at.ID != 0 {
		q.add(" AND (a.position > ? OR a.position = ? AND a.id > ?)", at.Key, at.Key, at.ID)
	}
	all, err := tx.articles(q.add(" ORDER BY a.position, a.id").first(n + 1))
	return cut(all, n, func(a article.Article) cursor { return cursor{Key: int64(a.Position), ID: a.ID} }), err
}

// SaveArticle stores what holds of an article, new when ID is 0, and makes it found by its words when it is published. An address that
// leads to another article is [fault.Conflict].
func (tx *Tx) SaveArticle(a *article.Article) (err error) {
	if a.ID == 0 {
		a.ID, err = tx.insert(`
			INSERT INTO articles (brand_id, state, title, slug, body, audience)
			VALUES ($1, $2, '', '', '', $3)
			RETURNING id`, a.Brand, article.Draft, article.ForAll)
		if err != nil {
			return err
		}
	}
	if err := tx.takePath(*a); err != nil {
		return err
	}
	_, err = tx.exec(`
		UPDATE articles
		SET section_id = $1, position = $2, state = $3, title = $4, slug = $5, body = $6, audience = $7, plan = $8, comments = $9, product = $10,
			product_version = $11, videos = $12, owner_id = $13, review_on = $14, version_id = $15, published_at = $16, checked_at = $17
		WHERE id = $18`,
		ref(a.Section), a.Position, a.State, a.Title, a.Slug, a.Body, a.Audience, a.Plan, a.Comments, a.Product,
		a.Release, inJSON{videosOr(a.Videos)}, ref(a.Owner), a.Review, ref(a.Version), a.Published, a.Checked, a.ID)
	if err != nil {
		return err
	}
	return tx.indexArticle(*a)
}

func videosOr(all []article.Video) []article.Video {
	if all == nil {
		return []article.Video{}
	}
	return all
}

// takePath makes an address lead to an article. It keeps leading there when the article gets another.
func (tx *Tx) takePath(a article.Article) error {
	if a.Slug == "" {
		return nil
	}
	var has int64
	found, err := tx.get([]any{&has}, `SELECT article_id FROM article_paths WHERE brand_id = $1 AND slug = $2`, a.Brand, a.Slug)
	switch {
	case err != nil:
		return err
	case found && has != a.ID:
		return fault.New(fault.Conflict, "the address %q leads to another article; choose another one", a.Slug)
	case found:
		return nil
	}
	_, err = tx.exec(`INSERT INTO article_paths (brand_id, slug, article_id) VALUES ($1, $2, $3)`, a.Brand, a.Slug, a.ID)
	return err
}

// FreeSlug is the address itself, or one with a number behind it that leads to no other article.
func (tx *Tx) FreeSlug(brand, id int64, slug string, numbered func(slug string, n int) string) (string, error) {
	for n := 1; ; n++ {
		candidate := numbered(slug, n)
		var has int64
		found, err := tx.get([]any{&has}, `SELECT article_id FROM article_paths WHERE brand_id = $1 AND slug = $2`, brand, candidate)
		if err != nil || !found || has == id {
			return candidate, err
		}
	}
}

// WrittenDraft is what is being written on an article; Text is "" while that is what holds.
type WrittenDraft struct {
	Text string
	By   int64
	Name string // of who wrote last
	At   time.Time
}

// ArticleDraft is what is being written on an article.
func (tx *Tx) ArticleDraft(id int64) (d WrittenDraft, err error) {
	found, err := tx.get([]any{&d.Text, &d.By, &d.Name, &d.At}, `
		SELECT a.draft, a.draft_by, p.name, a.draft_at
		FROM articles a
		LEFT JOIN people p ON p.id = a.draft_by
		WHERE a.id = $1`, id)
	if err == nil && !found {
		err = absent("article")
	}
	return d, err
}

// SaveArticleDraft keeps what is being written on an article.
func (tx *Tx) SaveArticleDraft(id int64, d WrittenDraft) error {
	_, err := tx.exec(`UPDATE articles SET draft = $1, draft_by = $2, draft_at = $3 WHERE id = $4`, d.Text, ref(d.By), d.At, id)
	return err
}

// ArticleChecked notes that somebody looked whether an article is still true, and when to look next.
func (tx *Tx) ArticleChecked(id int64, at time.Time, review calendar.Date) error {
	_, err := tx.exec(`UPDATE articles SET checked_at = $1, review_on = $2 WHERE id = $3`, at, review, id)
	return err
}

// ArticleVersion is an article as it was published once.
type ArticleVersion struct {
	ID      int64
	Article int64
	Content article.Content
	Author  int64
	Name    string // of the author
	At      time.Time
}

// AddArticleVersion keeps what is published.
func (tx *Tx) AddArticleVersion(v *ArticleVersion) (err error) {
	v.ID, err = tx.insert(`
		INSERT INTO article_versions (article_id, content, author_id, published_at)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, v.Article, inJSON{v.Content}, ref(v.Author), v.At)
	return err
}

// ArticleVersions are the versions of an article, the newest first; a bounded number of them.
func (tx *Tx) ArticleVersions(id int64, limit int) (all []ArticleVersion, err error) {
	var v ArticleVersion
	err = tx.each([]any{&v.ID, &v.Article, outJSON{&v.Content}, &v.Author, &v.Name, &v.At}, func() error { all = append(all, v); return nil }, `
		SELECT v.id, v.article_id, v.content, v.author_id, p.name, v.published_at
		FROM article_versions v
		LEFT JOIN people p ON p.id = v.author_id
		WHERE v.article_id = $1
		ORDER BY v.id DESC
		LIMIT $2`, id, limit)
	return all, err
}

// ArticleVersion is one version of an article; [fault.NotFound] when it is none of that article's.
func (tx *Tx) ArticleVersion(id, version int64) (v ArticleVersion, err error) {
	found, err := tx.get([]any{&v.ID, &v.Article, outJSON{&v.Content}, &v.Author, &v.At}, `
		SELECT id, article_id, content, author_id, published_at
		FROM article_versions
		WHERE article_id = $1 AND id = $2`, id, version)
	if err == nil && !found {
		err = absent("version")
	}
	return v, err
}
