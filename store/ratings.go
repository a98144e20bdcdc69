package store

import (
	"time"

	"hark/access"
)

// Rating is what a requester was asked about a ticket, and what they answered. There is one for each ticket that was ever asked
// about.
type Rating struct {
	Ticket  int64
	Brand   int64
	Agent   int64     // who had the ticket when it was solved, 0 for nobody
	Asked   time.Time //
	Rated   time.Time // when it was first answered, zero while it is not
	Changed time.Time // when it was last answered
	Score   string    // as the policy's scale names it
	Sense   string    // good, fair, bad; "" while nobody has answered
	Words   string
}

// AskRating notes that a requester is asked. It reports false when they were asked about this ticket before.
func (tx *Tx) AskRating(r Rating) (first bool, err error) {
	n, err := tx.exec(`
		INSERT INTO ratings (ticket_id, brand_id, agent_id, asked_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (ticket_id) DO NOTHING`, r.Ticket, r.Brand, ref(r.Agent), r.Asked)
	return n > 0, err
}

// UnaskRating forgets that somebody was asked, while they have not answered: the solving was taken back.
func (tx *Tx) UnaskRating(ticketID int64) error {
	_, err := tx.exec(`DELETE FROM ratings WHERE ticket_id = $1 AND rated_at IS NULL`, ticketID)
	return err
}

// Rating returns what was asked about a ticket that the actor may see, and false when nobody was asked.
func (tx *Tx) Rating(a access.Actor, ticketID int64) (r Rating, asked bool, err error) {
	q := (&query{}).add(`
		SELECT
			g.ticket_id,
			g.brand_id,
			g.agent_id,
			g.asked_at,
			g.rated_at,
			g.changed_at,
			g.score,
			g.sense,
			g.words
		FROM ratings g
		JOIN tickets t ON t.id = g.ticket_id
		WHERE g.ticket_id = ? AND `, ticketID).visible(a)
	asked, err = tx.get([]any{
		&r.Ticket,
		&r.Brand,
		&r.Agent,
		&r.Asked,
		&r.Rated,
		&r.Changed,
		&r.Score,
		&r.Sense,
		&r.Words,
	}, q.String(), q.args...)
	return r, asked, err
}

// SaveRating stores an answer. Whoever saves one has read its ticket for an update.
func (tx *Tx) SaveRating(r Rating) error {
	n, err := tx.exec(`
		UPDATE ratings SET rated_at = $1, changed_at = $2, score = $3, sense = $4, words = $5
		WHERE ticket_id = $6`, r.Rated, r.Changed, r.Score, r.Sense, r.Words, r.Ticket)
	if err == nil && n == 0 {
		err = absent("rating")
	}
	return err
}

// What reports count of ratings. A rating belongs to the time in which it was asked for, so that those who answered and those who
// did not add up.

// Rated counts what came of the questions that were asked.
type Rated struct {
	Asked, Good, Fair, Bad int64
}

// Answered is how many were answered.
func (r Rated) Answered() int64 { return r.Good + r.Fair + r.Bad }

const countRated = "count(*), count(CASE WHEN g.sense = 'good' THEN 1 END), count(CASE WHEN g.sense = 'fair' THEN 1 END), count(CASE WHEN g.sense = 'bad' THEN 1 END)"

func (r *Rated) fields() []any { return []any{&r.Asked, &r.Good, &r.Fair, &r.Bad} }

// asked limits ratings (g) to those of a span that the actor may see.
func (q *query) asked(a access.Actor, s Span) *query {
	q.add(" FROM ratings g JOIN tickets t ON t.id = g.ticket_id WHERE g.brand_id = ?", s.Brand)
	return q.add(" AND g.asked_at >= ?", s.From).add(" AND g.asked_at < ? AND ", s.To).visible(a)
}

// Ratings counts what came of the questions of a span.
func (tx *Tx) Ratings(a access.Actor, s Span) (r Rated, err error) {
	q := (&query{}).add("SELECT "+countRated).asked(a, s)
	_, err = tx.get(r.fields(), q.String(), q.args...)
	return r, err
}

// AgentRated is what came of the questions about tickets that one person had.
type AgentRated struct {
	Person int64
	Rated
}

// RatingsByAgent counts the questions of a span by who had the ticket when it was solved. Everybody but an administrator is told
// their own.
func (tx *Tx) RatingsByAgent(a access.Actor, s Span) (all []AgentRated, err error) {
	q := (&query{}).add("SELECT g.agent_id, "+countRated).asked(a, s).add(" AND g.agent_id IS NOT NULL").personal(a, "g.agent_id")
	q.add(" GROUP BY g.agent_id ORDER BY count(*) DESC, g.agent_id")
	var one AgentRated
	err = tx.each(append([]any{&one.Person}, one.fields()...), func() error { all = append(all, one); return nil }, q.String(), q.args...)
	return all, err
}

// BehindRating says which questions stand behind a number: those with an answer of this sense, all that are "answered" or
// "unanswered", or every one; of one agent when it names one.
type BehindRating struct {
	Sense string
	Agent int64
}

func (q *query) rated(a access.Actor, s Span, b BehindRating) *query {
	q.asked(a, s)
	switch b.Sense {
	case "":
	case "answered":
		q.add(" AND g.rated_at IS NOT NULL")
	case "unanswered":
		q.add(" AND g.rated_at IS NULL")
	default:
		q.add(" AND g.sense = ?", b.Sense)
	}
	if b.Agent != 0 {
		q.add(" AND g.agent_id = ?", b.Agent).personal(a, "g.agent_id")
	}
	return q
}
