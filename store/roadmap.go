package store

import (
	"time"

	"hark/access"
	"hark/account"
)

// Card is one thing of a roadmap that customers have asked for.
type Card struct {
	ID       int64
	Brand    int64
	Title    string
	What     string
	Why      string
	State    CardState
	Estimate string    // roughly when, in words, "" when nobody can say
	Decided  time.Time // when it came to its state
	Review   time.Time // when it is to be weighed again; zero when not
	Created  time.Time
	Asking   int64 // how many people want it; read with it, never written
}

// CardState is how a card stands.
type CardState string

const (
	CardConsidered CardState = "considered"
	CardPlanned    CardState = "planned" // within the window of the roadmap
	CardProgress   CardState = "progress"
	CardDone       CardState = "done"
	CardNotNow     CardState = "not_now"
)

// askFor are the people who want the card c: who voted for it, who wrote a ticket that stands behind it, and who wrote or wants an idea of
// the community that was joined to it. Each counts once.
const askFor = `(
		SELECT person_id FROM roadmap_votes WHERE card_id = c.id
		UNION
		SELECT t.requester_id FROM roadmap_tickets j JOIN tickets t ON t.id = j.ticket_id WHERE j.card_id = c.id
		UNION
		SELECT i.author_id FROM community_posts i WHERE i.card_id = c.id AND i.state = 'shown'
		UNION
		SELECT v.person_id FROM community_posts i JOIN community_wants v ON v.thread_id = i.id WHERE i.card_id = c.id AND i.state = 'shown')`

const selectCard = `
	SELECT
		c.id, c.brand_id, c.title, c.what, c.why, c.state, c.estimate, c.decided_at, c.review_at, c.created_at,
		(SELECT count(*) FROM people p WHERE p.id IN ` + askFor + `)
	FROM roadmap_cards c
	WHERE `

func (tx *Tx) cards(q *query) (all []Card, err error) {
	var c Card
	err = tx.each([]any{&c.ID, &c.Brand, &c.Title, &c.What, &c.Why, &c.State, &c.Estimate, &c.Decided, &c.Review, &c.Created, &c.Asking},
		func() error { all = append(all, c); return nil }, q.String(), q.args...)
	return all, err
}

// Card returns a card; [fault.NotFound] when there is none. Everybody may know of every card.
func (tx *Tx) Card(id int64) (Card, error) {
	return tx.oneCard((&query{}).add(selectCard+`c.id = ?`, id))
}

// CardForUpdate is Card for somebody about to change it: on PostgreSQL others wait.
func (tx *Tx) CardForUpdate(id int64) (Card, error) {
	return tx.oneCard((&query{}).add(selectCard+`c.id = ?`, id).lock(tx, "OF c"))
}

func (tx *Tx) oneCard(q *query) (Card, error) {
	all, err := tx.cards(q)
	if err == nil && len(all) == 0 {
		err = absent("card")
	}
	return first(all), err
}

// SaveCard stores a card, new when ID is 0.
func (tx *Tx) SaveCard(c *Card) (err error) {
	if c.ID == 0 {
		c.ID, err = tx.insert(`
			INSERT INTO roadmap_cards (brand_id, title, what, why, state, estimate, decided_at, review_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			RETURNING id`, c.Brand, c.Title, c.What, c.Why, c.State, c.Estimate, c.Decided, c.Review, c.Created)
		return err
	}
	_, err = tx.exec(`
		UPDATE roadmap_cards SET title = $1, what = $2, why = $3, state = $4, estimate = $5, decided_at = $6, review_at = $7
		WHERE id = $8`, c.Title, c.What, c.Why, c.State, c.Estimate, c.Decided, c.Review, c.ID)
	return err
}

// HasCards reports whether a brand has a roadmap.
func (tx *Tx) HasCards(brand int64) (bool, error) {
	var id int64
	return tx.get([]any{&id}, `SELECT id FROM roadmap_cards WHERE brand_id = $1 LIMIT 1`, brand)
}

// CardFilter says which cards a list shows.
type CardFilter struct {
	Brand int64
	State CardState
	Since time.Time // decided then or later; zero for any
	After string
	Limit int
}

// Cards returns one page of a column of a roadmap, the newest decision first.
func (tx *Tx) Cards(f CardFilter) (page Page[Card], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	q := (&query{}).add(selectCard+`c.brand_id = ?`, f.Brand).add(` AND c.state = ?`, f.State)
	if !f.Since.IsZero() {
		q.add(" AND c.decided_at >= ?", f.Since)
	}
	if at.ID != 0 {
		q.add(" AND (c.decided_at < ?", at.Key).add(" OR c.decided_at = ?", at.Key).add(" AND c.id < ?)", at.ID)
	}
	n := limit(f.Limit)
	all, err := tx.cards(q.add(" ORDER BY c.decided_at DESC, c.id DESC").first(n + 1))
	return cut(all, n, func(c Card) cursor { return cursor{Key: c.Decided.UnixMicro(), ID: c.ID} }), err
}

// CardsToWeigh returns the cards of a brand that a review looks at: what was put off until now, and what was under consideration, planned
// or in progress before this review began and has not been decided since. What was put off comes first, then what has waited longest.
func (tx *Tx) CardsToWeigh(brand int64, began, now time.Time, most int) ([]Card, error) {
	q := (&query{}).add(selectCard+`c.brand_id = ?`, brand).add(` AND (c.review_at <= ?`, now)
	q.add(` OR c.state IN ('considered', 'planned', 'progress') AND c.decided_at < ?)`, began)
	return tx.cards(q.add(` ORDER BY c.review_at IS NULL, c.decided_at, c.id`).first(most))
}

// CardDecision is one decision about a card.
type CardDecision struct {
	ID     int64
	Card   int64
	Author int64
	Name   string // the author's, read with it
	State  CardState
	Reason string
	At     time.Time

	Mails   bool  // there may be more people to mail about it
	Reached int64 // up to whom it has come, in the order of their numbers
}

// AddCardDecision stores a decision. Whoever has not heard of the one before hears of this one only, also where it decides the same with
// another reason.
func (tx *Tx) AddCardDecision(d CardDecision) error {
	var was CardDecision
	waits, err := tx.get([]any{&was.State, &was.Reached}, `SELECT state, reached FROM roadmap_decisions WHERE card_id = $1 AND mails`, d.Card)
	if err != nil {
		return err
	}
	if waits && was.State == d.State {
		d.Mails, d.Reached = true, was.Reached
	}
	if _, err := tx.exec(`UPDATE roadmap_decisions SET mails = FALSE WHERE card_id = $1 AND mails`, d.Card); err != nil {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO roadmap_decisions (card_id, author_id, state, reason, at, mails, reached)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, d.Card, ref(d.Author), d.State, d.Reason, d.At, d.Mails, d.Reached)
	return err
}

// DecisionsMailing are the decisions that may still have people to mail, the oldest first.
func (tx *Tx) DecisionsMailing() ([]int64, error) {
	return tx.ids(`SELECT id FROM roadmap_decisions WHERE mails ORDER BY id`)
}

// CardDecision returns a decision; [fault.NotFound] when there is none.
func (tx *Tx) CardDecision(id int64) (d CardDecision, err error) {
	found, err := tx.get([]any{&d.ID, &d.Card, &d.State, &d.Reason, &d.At, &d.Mails, &d.Reached}, `
		SELECT id, card_id, state, reason, at, mails, reached FROM roadmap_decisions WHERE id = $1`, id)
	if err == nil && !found {
		err = absent("decision")
	}
	return d, err
}

// DecisionMailed notes up to whom a decision has come, and whether there may be more.
func (tx *Tx) DecisionMailed(d CardDecision) error {
	_, err := tx.exec(`UPDATE roadmap_decisions SET mails = $1, reached = $2 WHERE id = $3`, d.Mails, d.Reached, d.ID)
	return err
}

// WhoAsked returns the next people who want a card and whom mail reaches, in the order of their numbers.
func (tx *Tx) WhoAsked(card, after int64, most int) ([]int64, error) {
	return tx.ids(`
		SELECT p.id FROM people p, roadmap_cards c
		WHERE c.id = $1 AND p.id > $2 AND NOT p.suspended AND p.unreachable = '' AND p.id IN `+askFor+`
		ORDER BY p.id
		LIMIT $3`, card, after, most)
}

// CardDecisions returns the decisions about some cards, the newest first.
func (tx *Tx) CardDecisions(cards ...int64) (all []CardDecision, err error) {
	q := (&query{}).add(`
		SELECT d.id, d.card_id, d.author_id, coalesce(nullif(p.name, ''), p.email, ''), d.state, d.reason, d.at
		FROM roadmap_decisions d
		LEFT JOIN people p ON p.id = d.author_id
		WHERE `).in("d.card_id", cards).add(` ORDER BY d.id DESC`)
	var d CardDecision
	err = tx.each([]any{&d.ID, &d.Card, &d.Author, &d.Name, &d.State, &d.Reason, &d.At}, func() error { all = append(all, d); return nil }, q.String(), q.args...)
	return all, err
}

// JoinCard puts a ticket behind a card, wherever it stood before.
func (tx *Tx) JoinCard(ticketID, card int64, now time.Time) error {
	_, err := tx.exec(`
		INSERT INTO roadmap_tickets (ticket_id, card_id, joined_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (ticket_id) DO UPDATE SET card_id = excluded.card_id, joined_at = excluded.joined_at`, ticketID, card, now)
	return err
}

// LeaveCard takes a ticket away from behind its card.
func (tx *Tx) LeaveCard(ticketID int64) error {
	_, err := tx.exec(`DELETE FROM roadmap_tickets WHERE ticket_id = $1`, ticketID)
	return err
}

// CardOfTicket returns the card that a ticket stands behind; found is false when there is none.
func (tx *Tx) CardOfTicket(ticketID int64) (c Card, found bool, err error) {
	all, err := tx.cards((&query{}).add(selectCard+`c.id = (SELECT card_id FROM roadmap_tickets WHERE ticket_id = ?)`, ticketID))
	return first(all), len(all) > 0, err
}

// Vote notes that a person wants a card, once however often they say so; TakeBackVote that they do not.
func (tx *Tx) Vote(card, person int64, now time.Time) error {
	_, err := tx.exec(`INSERT INTO roadmap_votes (card_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, card, person, now)
	return err
}

// TakeBackVote takes a vote back.
func (tx *Tx) TakeBackVote(card, person int64) error {
	_, err := tx.exec(`DELETE FROM roadmap_votes WHERE card_id = $1 AND person_id = $2`, card, person)
	return err
}

// CardsVotedFor are the cards of a brand that a person has voted for.
func (tx *Tx) CardsVotedFor(brand, person int64) ([]int64, error) {
	return tx.ids(`
		SELECT v.card_id FROM roadmap_votes v
		JOIN roadmap_cards c ON c.id = v.card_id
		WHERE c.brand_id = $1 AND v.person_id = $2`, brand, person)
}

// CardsAskedFor are the cards of a brand that a person's own tickets stand behind, and their own ideas.
func (tx *Tx) CardsAskedFor(brand, person int64) ([]int64, error) {
	return tx.ids(`
		SELECT DISTINCT j.card_id FROM tickets t
		JOIN roadmap_tickets j ON j.ticket_id = t.id
		JOIN roadmap_cards c ON c.id = j.card_id
		WHERE c.brand_id = $1 AND t.requester_id = $2
		UNION
		SELECT i.card_id FROM community_posts i
		WHERE i.author_id = $2 AND i.brand_id = $1 AND i.card_id IS NOT NULL AND i.state = 'shown'`, brand, person)
}

// Asking is one person who wants a card, and the ticket they said it in.
type Asking struct {
	Person       account.Person // id, name, address and organisation alone
	Organization string
	Ticket       int64 // 0 for a vote
	Subject      string
}

// AskingFor returns one page of the people who want a card, in the order of their numbers: who voted, who wrote or
// wants an idea that was joined to it, and who wrote a ticket that the actor may see. Nobody but whoever works here is told anybody.
func (tx *Tx) AskingFor(a access.Actor, card int64, after string, most int) (page Page[Asking], err error) {
	at, err := parseCursor(after)
	if err != nil || !a.Staff() {
		return page, err
	}
	q := (&query{}).add(`
		SELECT p.id, p.name, p.email, p.organization_id, coalesce(o.name, ''), coalesce(t.id, 0), coalesce(t.subject, '')
		FROM (
			SELECT person_id, 0 AS ticket_id FROM roadmap_votes WHERE card_id = ?`, card)
	q.add(`
			UNION
			SELECT author_id, 0 FROM community_posts WHERE card_id = ? AND state = 'shown'`, card)
	q.add(`
			UNION
			SELECT v.person_id, 0 FROM community_posts i JOIN community_wants v ON v.thread_id = i.id WHERE i.card_id = ? AND i.state = 'shown'`, card)
	q.add(`
			UNION ALL
			SELECT t.requester_id, t.id FROM roadmap_tickets j JOIN tickets t ON t.id = j.ticket_id WHERE j.card_id = ? AND `, card).visible(a)
	q.add(`) w
		JOIN people p ON p.id = w.person_id
		LEFT JOIN organizations o ON o.id = p.organization_id
		LEFT JOIN tickets t ON t.id = w.ticket_id
		WHERE (p.id > ?`, at.Key).add(` OR p.id = ?`, at.Key).add(` AND w.ticket_id > ?) ORDER BY p.id, w.ticket_id`, at.ID-1)
	n := limit(most)
	var one Asking
	var all []Asking
	p := &one.Person
	err = tx.each([]any{&p.ID, &p.Name, &p.Email, &p.Organization, &one.Organization, &one.Ticket, &one.Subject},
		func() error { all = append(all, one); return nil }, q.first(n+1).String(), q.args...)
	return cut(all, n, func(one Asking) cursor { return cursor{Key: one.Person.ID, ID: one.Ticket + 1} }), err
}
