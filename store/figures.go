package store

import "time"

// firstHand is true of tickets that came to this desk itself. What was brought in from a past elsewhere counts in no figure.
const firstHand = "channel <> 'import'"

// Answered is how long one ticket waited for the first public message by a person.
type Answered struct {
	Ticket  int64
	Kind    string
	Created time.Time
	Replied time.Time // zero when nobody has answered yet
}

// mostFigures bounds what one figure is made of: of a busier desk the newest tickets speak.
const mostFigures = 50_000

// FirstReplies returns the tickets of a brand that were created in [from, to), newest first, with their first reply. What was
// imported is older than the desk and counts in no figure.
// Tickets nobody has answered are among them: leaving them out would make silence improve the figure (A33).
func (tx *Tx) FirstReplies(brand int64, from, to time.Time) (all []Answered, err error) {
	var a Answered
	err = tx.each([]any{
		&a.Ticket,
		&a.Kind,
		&a.Created,
		&a.Replied,
	}, func() error { all = append(all, a); return nil }, `
		SELECT id, kind, created_at, first_reply_at
		FROM tickets
		WHERE created_at >= $1 AND created_at < $2 AND brand_id = $3 AND `+firstHand+`
		ORDER BY created_at DESC
		LIMIT $4`, from, to, brand, mostFigures)
	return all, err
}

// CreatedBetween counts the tickets of a brand that were created in [from, to).
func (tx *Tx) CreatedBetween(brand int64, from, to time.Time) (n int64, err error) {
	_, err = tx.get([]any{&n}, `
		SELECT count(*)
		FROM tickets
		WHERE created_at >= $1 AND created_at < $2 AND brand_id = $3 AND `+firstHand, from, to, brand)
	return n, err
}

// FirstCreated is when the first ticket of a brand came, zero when there is none.
func (tx *Tx) FirstCreated(brand int64) (first time.Time, err error) {
	_, err = tx.get([]any{&first}, `
		SELECT created_at
		FROM tickets
		WHERE brand_id = $1 AND `+firstHand+`
		ORDER BY created_at
		LIMIT 1`, brand)
	return first, err
}

// AnswererCount is how many people answered a ticket first that a brand got in [from, to). It names nobody.
func (tx *Tx) AnswererCount(brand int64, from, to time.Time) (n int64, err error) {
	_, err = tx.get([]any{&n}, `
		SELECT count(DISTINCT lower(first_responder))
		FROM tickets
		WHERE created_at >= $1 AND created_at < $2 AND brand_id = $3 AND first_reply_at IS NOT NULL AND `+firstHand, from, to, brand)
	return n, err
}

// Responder is somebody who answers a customer, and how many of the customer's tickets they answered first.
type Responder struct {
	Person  int64
	Tickets int64
	Last    time.Time
}

// UsualResponders returns who answered the requester's tickets since then, the one who answered most of them first, and
// of equals the one who did so last.
func (tx *Tx) UsualResponders(requester int64, since time.Time) (all []Responder, err error) {
	var r Responder
	err = tx.each([]any{
		&r.Person,
		&r.Tickets,
		&r.Last,
	}, func() error { all = append(all, r); return nil }, `
		SELECT d.person_id, count(*), max(t.first_reply_at)
		FROM tickets t
		JOIN addresses d ON d.address = lower(t.first_responder)
		WHERE t.requester_id = $1 AND t.first_reply_at >= $2
		GROUP BY d.person_id
		ORDER BY count(*) DESC, max(t.first_reply_at) DESC`, requester, since)
	return all, err
}
