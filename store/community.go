package store

import (
	"strings"
	"time"

	"hark/access"
	"hark/article"
	"hark/community"
	"hark/fault"
)

// heard appends the condition that decides who may know of a post, which has the alias: everybody of what is shown, its author of what
// waits or was taken off, and whoever looks posts through of all that was not taken back.
func (q *query) heard(alias string, a access.Actor) *query {
	switch {
	case access.May(a, access.Moderate):
		return q.add(alias + ".state <> 'back'")
	case a.Person != 0 && a.Ticket == 0:
		return q.add("("+alias+".state = 'shown' OR "+alias+".state IN ('waiting', 'hidden') AND "+alias+".author_id = ?)", a.Person)
	}
	return q.add(alias + ".state = 'shown'")
}

const selectPost = `
	SELECT
		c.id, c.brand_id, coalesce(c.thread_id, c.id), c.kind, c.title, c.body, c.author_id, c.name, p.role, c.at, c.state, c.reason, c.corrected_at,
		(SELECT k.ticket_id FROM community_tickets k WHERE k.post_id = c.id),
		c.locked, c.accepted_id, c.mails, c.card_id, c.article_id,
		(SELECT count(*) FROM community_posts r WHERE r.thread_id = c.id AND r.state = 'shown'),
		(SELECT count(*) FROM community_wants w WHERE w.thread_id = c.id AND w.person_id <> c.author_id) + CASE WHEN c.kind = 'idea' THEN 1 ELSE 0 END
	FROM community_posts c
	JOIN people p ON p.id = c.author_id
	WHERE `

func (tx *Tx) posts(q *query) (all []community.Post, err error) {
	var p community.Post
	var role access.Role
	err = tx.each([]any{&p.ID, &p.Brand, &p.Thread, &p.Kind, &p.Title, &p.Body, &p.Author, &p.Name, &role, &p.At, &p.State, &p.Reason, &p.Corrected,
		&p.Ticket, &p.Locked, &p.Accepted, &p.Mails, &p.Card, &p.Article, (*count)(&p.Answers), (*count)(&p.Wants)}, func() error {
		p.Staff = role != access.Customer
		all = append(all, p)
		return nil
	}, q.String(), q.args...)
	return all, err
}

func (tx *Tx) onePost(q *query) (community.Post, error) {
	all, err := tx.posts(q)
	if err == nil && len(all) == 0 {
		err = absent("post")
	}
	return first(all), err
}

// Post is a post of a brand that the actor may know of: [fault.NotFound] when there is none, or none for them. An answer is only there
// while its thread is.
func (tx *Tx) Post(a access.Actor, brand, id int64) (community.Post, error) {
	return tx.onePost((&query{}).add(selectPost+`c.id = ? AND `, id).inThread(a).add(` AND c.brand_id = ?`, brand))
}

// PostForUpdate is Post for somebody about to change it: on PostgreSQL others wait, also those who change another post of its thread. A
// thread is found by the words of all its posts, so two who change some of them at once would each index it without the other's. The first
// post is held first, so that nobody waits crosswise.
func (tx *Tx) PostForUpdate(a access.Actor, brand, id int64) (p community.Post, err error) {
	thread := (&query{}).add(`SELECT id FROM community_posts WHERE id = (SELECT coalesce(thread_id, id) FROM community_posts WHERE id = ?)`, id)
	if err := tx.hold(thread); err != nil {
		return p, err
	}
	return tx.onePost((&query{}).add(selectPost+`c.id = ? AND `, id).inThread(a).add(` AND c.brand_id = ?`, brand).lock(tx, "OF c"))
}

// inThread is heard for the post c, and for the first one of its thread.
func (q *query) inThread(a access.Actor) *query {
	q.heard("c", a).add(" AND (c.thread_id IS NULL OR EXISTS (SELECT 1 FROM community_posts f WHERE f.id = c.thread_id AND ")
	return q.heard("f", a).add("))")
}

// BrandOfPost is whose community a post stands in; [fault.NotFound] when there is no such post.
func (tx *Tx) BrandOfPost(id int64) (brand int64, err error) {
	found, err := tx.get([]any{&brand}, `SELECT brand_id FROM community_posts WHERE id = $1`, id)
	if err == nil && !found {
		err = absent("post")
	}
	return brand, err
}

// SavePost stores a post, new when ID is 0, and makes its thread found by its words while everybody may read it. Whoever changes a thread
// that is there has read it with [Tx.PostForUpdate].
func (tx *Tx) SavePost(p *community.Post) (err error) {
	if p.ID == 0 {
		thread := p.Thread
		p.ID, err = tx.insert(`
			INSERT INTO community_posts (brand_id, thread_id, kind, title, body, author_id, name, at, state, mails)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			RETURNING id`, p.Brand, ref(thread), p.Kind, p.Title, p.Body, p.Author, p.Name, p.At, p.State, p.Mails)
		if thread == 0 {
			p.Thread = p.ID
		}
	} else {
		_, err = tx.exec(`
			UPDATE community_posts
			SET title = $1, body = $2, state = $3, reason = $4, corrected_at = $5, locked = $6, accepted_id = $7, mails = $8, card_id = $9, article_id = $10
			WHERE id = $11`, p.Title, p.Body, p.State, p.Reason, p.Corrected, p.Locked, ref(p.Accepted), p.Mails, ref(p.Card), ref(p.Article), p.ID)
	}
	if err != nil {
		return err
	}
	return tx.indexThread(p.Thread)
}

// PostDecided notes who decided about a post last.
func (tx *Tx) PostDecided(id, by int64, at time.Time) error {
	_, err := tx.exec(`UPDATE community_posts SET decided_at = $1, decided_by = $2 WHERE id = $3`, at, ref(by), id)
	return err
}

// PastOf is what became of what somebody else than this wrote in a brand's community.
func (tx *Tx) PastOf(brand, author, except int64) (past community.Past, err error) {
	_, err = tx.get([]any{(*count)(&past.Shown), (*count)(&past.Hidden)}, `
		SELECT count(CASE WHEN state = 'shown' THEN 1 END), count(CASE WHEN state = 'hidden' THEN 1 END)
		FROM community_posts
		WHERE author_id = $1 AND brand_id = $2 AND id <> $3`, author, brand, except)
	return past, err
}

// NameIn is by which name somebody was known last in a brand's community, "" when they have not written yet.
func (tx *Tx) NameIn(brand, author int64) (name string, err error) {
	_, err = tx.get([]any{&name}, `
		SELECT name
		FROM community_posts
		WHERE author_id = $1 AND brand_id = $2
		ORDER BY id DESC
		LIMIT 1`, author, brand)
	return name, err
}

// ThreadFilter says which threads a list shows.
type ThreadFilter struct {
	Brand    int64
	Standing community.Standing // "" for all
	After    string
	Limit    int
}

// standings are the conditions of each list.
var standings = map[community.Standing]string{
	"":                   "",
	community.Unanswered: " AND c.kind = 'question' AND c.accepted_id IS NULL",
	community.Answered:   " AND c.kind = 'question' AND c.accepted_id IS NOT NULL",
	community.IdeaStands: " AND c.kind = 'idea'",
}

// Threads is one page of the threads that everybody may read, the newest first. A standing that there is not is [fault.NotFound].
func (tx *Tx) Threads(f ThreadFilter) (page Page[community.Post], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	which, known := standings[f.Standing]
	if !known {
		return page, absent("list of threads")
	}
	q := (&query{}).add(selectPost+`c.brand_id = ? AND c.thread_id IS NULL AND c.state = 'shown'`+which, f.Brand)
	return tx.postPage(q, at, f.Limit, "<", " ORDER BY c.id DESC")
}

// Answers is one page of the answers of a thread that the actor may know of, the oldest first.
func (tx *Tx) Answers(a access.Actor, thread int64, after string, n int) (page Page[community.Post], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	return tx.postPage((&query{}).add(selectPost+`c.thread_id = ? AND `, thread).heard("c", a), at, n, ">", " ORDER BY c.id")
}

func (tx *Tx) postPage(q *query, at cursor, most int, beyond, order string) (page Page[community.Post], err error) {
	if at.ID != 0 {
		q.add(" AND c.id "+beyond+" ?", at.ID)
	}
	n := limit(most)
	all, err := tx.posts(q.add(order).first(n + 1))
	return cut(all, n, func(p community.Post) cursor { return cursor{ID: p.ID} }), err
}

// Want notes that somebody wants an idea, once however often they say so; TakeBackWant that they do not.
func (tx *Tx) Want(thread, person int64, now time.Time) error {
	_, err := tx.exec(`INSERT INTO community_wants (thread_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, thread, person, now)
	return err
}

// TakeBackWant takes it back.
func (tx *Tx) TakeBackWant(thread, person int64) error {
	_, err := tx.exec(`DELETE FROM community_wants WHERE thread_id = $1 AND person_id = $2`, thread, person)
	return err
}

// Wanted reports whether somebody wants an idea.
func (tx *Tx) Wanted(thread, person int64) (bool, error) {
	var id int64
	return tx.get([]any{&id}, `SELECT person_id FROM community_wants WHERE thread_id = $1 AND person_id = $2`, thread, person)
}

// HearsOfAnswers reports whether somebody hears of answers to anything they have written in a brand's community.
func (tx *Tx) HearsOfAnswers(brand, author int64) (bool, error) {
	var one int64
	return tx.get([]any{&one}, `SELECT id FROM community_posts WHERE author_id = $1 AND brand_id = $2 AND mails = $3 LIMIT 1`, author, brand, true)
}

// EndAnswers ends the mail about answers to whatever somebody has asked in a brand's community. It reports false when there was none.
func (tx *Tx) EndAnswers(brand, author int64) (ended bool, err error) {
	n, err := tx.exec(`UPDATE community_posts SET mails = $1 WHERE author_id = $2 AND brand_id = $3 AND mails = $4`, false, author, brand, true)
	return n > 0, err
}

// PostReport is what somebody found wrong with a post.
type PostReport struct {
	Post   int64
	Person int64
	Reason string
	At     time.Time
}

// ReportPost keeps a report, once a person; what they say later replaces it.
func (tx *Tx) ReportPost(r PostReport) error {
	_, err := tx.exec(`
		INSERT INTO community_reports (post_id, person_id, reason, at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (post_id, person_id) DO UPDATE SET reason = excluded.reason, at = excluded.at, settled_at = NULL`, r.Post, r.Person, r.Reason, r.At)
	return err
}

// SettleReports notes that somebody has looked at what was reported of a post.
func (tx *Tx) SettleReports(post int64, at time.Time) error {
	_, err := tx.exec(`UPDATE community_reports SET settled_at = $1 WHERE post_id = $2 AND settled_at IS NULL`, at, post)
	return err
}

// OpenReports are the reports about some posts that nobody has looked at, the oldest first.
func (tx *Tx) OpenReports(posts ...int64) (all []PostReport, err error) {
	var r PostReport
	q := (&query{}).add(`SELECT r.post_id, r.person_id, r.reason, r.at FROM community_reports r WHERE r.settled_at IS NULL AND `).in("r.post_id", posts).add(" ORDER BY r.at, r.person_id")
	err = tx.each([]any{&r.Post, &r.Person, &r.Reason, &r.At}, func() error { all = append(all, r); return nil }, q.String(), q.args...)
	return all, err
}

// The piles of posts that somebody looks through.
const (
	PostsWaiting  = ""
	PostsReported = "reported"
	PostsHidden   = "hidden"
)

var postPiles = map[string]string{
	PostsWaiting:  "c.state = 'waiting'",
	PostsReported: "c.state = 'shown' AND c.id IN (SELECT post_id FROM community_reports WHERE settled_at IS NULL)",
	PostsHidden:   "c.state = 'hidden'",
}

// PostPile is one page of a pile of a brand's posts: what waits the longest first, everything else the newest first.
func (tx *Tx) PostPile(brand int64, pile, after string) (page Page[community.Post], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	which, known := postPiles[pile]
	if !known {
		return page, absent("list of posts")
	}
	q := (&query{}).add(selectPost+`c.brand_id = ? AND `+which, brand)
	if pile == PostsWaiting {
		return tx.postPage(q, at, 0, ">", " ORDER BY c.id")
	}
	return tx.postPage(q, at, 0, "<", " ORDER BY c.id DESC")
}

// PostsToLookAt is how many posts of a brand wait or were reported, counted no further than a list shows.
func (tx *Tx) PostsToLookAt(brand int64) (n Count, err error) {
	_, err = tx.get([]any{(*count)(&n)}, `
		SELECT count(*) FROM (
			SELECT c.id FROM community_posts c
			WHERE c.brand_id = $1 AND (`+postPiles[PostsWaiting]+` OR `+postPiles[PostsReported]+`)
			LIMIT 100) w`, brand)
	return n, err
}

// TicketOfPost notes which post a ticket was made of; a post that has one already is [fault.Conflict].
func (tx *Tx) TicketOfPost(post, ticketID int64) error {
	_, err := tx.exec(`INSERT INTO community_tickets (ticket_id, post_id) VALUES ($1, $2)`, ticketID, post)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "there is a ticket of this post already")
	}
	return err
}

// PostOfTicket is the post that a ticket was made of, zero for none.
func (tx *Tx) PostOfTicket(ticketID int64) (community.Post, error) {
	all, err := tx.posts((&query{}).add(selectPost+`c.id = (SELECT post_id FROM community_tickets WHERE ticket_id = ?)`, ticketID))
	return first(all), err
}

// Words, and finding threads by them.

// mostIndexed is how many answers of a thread it is found by.
const mostIndexed = 50

// indexThread makes a thread found by its words while everybody may read it, and by none while not.
func (tx *Tx) indexThread(id int64) error {
	thread, err := tx.onePost((&query{}).add(selectPost+`c.id = ?`, id))
	if err != nil {
		return err
	}
	if thread.State != community.Shown {
		return tx.dropWordsOf(inCommunity, id)
	}
	answers, err := tx.Answers(access.Actor{}, id, "", mostIndexed)
	if err != nil {
		return err
	}
	all := []string{thread.Title, article.Outline(thread.Body).Plain}
	for _, a := range answers.Items {
		all = append(all, article.Outline(a.Body).Plain)
	}
	return tx.putWordsOf(inCommunity, id, words(thread.Title), "", words(strings.Join(all, " ")))
}

// indexThreads makes every thread found again.
func (tx *Tx) indexThreads() error {
	for last := int64(0); ; {
		ids, err := tx.ids(`SELECT id FROM community_posts WHERE thread_id IS NULL AND id > $1 ORDER BY id LIMIT 200`, last)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := tx.indexThread(id); err != nil {
				return err
			}
			last = id
		}
	}
}

// FoundThread is a thread that was found, with where the words stand.
type FoundThread struct {
	community.Post
	Snippet string
}

// FoundThreads is one page of a search.
type FoundThreads struct {
	Page[FoundThread]
	Meant string // as for [FoundArticles]
	Some  bool
}

// FindThreads searches what everybody may read of a brand's community; with answered, only questions with an answer that helped. It finds
// as [Tx.FindArticles] does.
func (tx *Tx) FindThreads(brand int64, text string, answered bool, after string, n int) (found FoundThreads, err error) {
	at, err := parseCursor(after)
	if err != nil {
		return found, err
	}
	typed := telling(strings.Fields(words(text)))
	if len(typed) == 0 {
		return found, nil
	}
	in := inCommunity.where(func(q *query) {
		q.add("a.brand_id = ? AND a.state = 'shown'", brand)
		if answered {
			q.add(" AND a.accepted_id IS NOT NULL")
		}
	})
	if n == 0 {
		n = foundAtOnce
	}
	ids, how, err := tx.find(in, typed, at, n)
	if err != nil {
		return found, err
	}
	found.Next, found.Meant, found.Some = how.next, how.meant, how.some
	if how.meant != "" {
		typed = strings.Fields(how.meant)
	}
	found.Items, err = tx.foundThreads(ids, typed)
	return found, err
}

// foundThreads reads what was found, in the order in which it was.
func (tx *Tx) foundThreads(ids []int64, typed []string) (found []FoundThread, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := tx.posts((&query{}).add(selectPost).in("c.id", padded(ids)))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		for _, p := range all {
			if p.ID == id {
				found = append(found, FoundThread{p, around(article.Outline(p.Body).Plain, typed)})
			}
		}
	}
	return found, nil
}
