package store

import (
	"time"

	"hark/access"
)

// Feedback is a compliment or a complaint: said with a rating, mailed to the address for it, or told on the phone. It belongs to
// one ticket or to one telephone call.
type Feedback struct {
	ID     int64
	Brand  int64
	Source string // rating, mail, call
	Ticket int64
	Call   int64
	Sense  string // good, fair, bad; "" while nobody has said which it is
	Words  string
	At     time.Time
	Done   time.Time // when somebody had dealt with it
	DoneBy int64

	Subject  string // of the ticket; read with it, never written
	From     string // who said it
	Agent    string // of whom it speaks, where a rating does
	DoneName string
}

// KeepFeedback stores feedback, or what it has become. One that says something else now waits to be looked at again.
func (tx *Tx) KeepFeedback(f Feedback) error {
	which, id := "ticket_id", f.Ticket
	if f.Call != 0 {
		which, id = "call_id", f.Call
	}
	n, err := tx.exec(`
		UPDATE feedback SET sense = $1, words = $2, at = $3, done_at = NULL, done_by = NULL
		WHERE `+which+` = $4 AND source = $5`, f.Sense, f.Words, f.At, id, f.Source)
	if err != nil || n > 0 {
		return err
	}
	_, err = tx.exec(`
		INSERT INTO feedback (brand_id, source, ticket_id, call_id, sense, words, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, f.Brand, f.Source, ref(f.Ticket), ref(f.Call), f.Sense, f.Words, f.At)
	return err
}

// DropFeedback forgets what a rating said, because it says nothing any more.
func (tx *Tx) DropFeedback(ticketID int64, source string) error {
	_, err := tx.exec(`DELETE FROM feedback WHERE ticket_id = $1 AND source = $2`, ticketID, source)
	return err
}

// FeedbackFilter says which of it a list shows; the zero value shows what waits to be looked at.
type FeedbackFilter struct {
	ID    int64
	Call  int64
	All   bool   // also what was dealt with
	Sense string // only of this sense
	After string
	Limit int
}

// hears appends the condition that decides who may read feedback (f): whoever may see its ticket (t), or hear of its call.
func (q *query) hears(a access.Actor) *query {
	if !a.Staff() {
		return q.add("1 = 0")
	}
	return q.add("(f.ticket_id IS NOT NULL AND ").visible(a).add(" OR f.call_id IS NOT NULL AND ").hearsCalls(a).add(")")
}

// Feedback returns one page of it, the newest first, as far as the actor may read it.
func (tx *Tx) Feedback(a access.Actor, f FeedbackFilter) (page Page[Feedback], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	n := limit(f.Limit)
	q := (&query{}).add(`
		SELECT
			f.id, f.brand_id, f.source, f.ticket_id, f.call_id, f.sense, f.words, f.at, f.done_at, f.done_by,
			coalesce(t.subject, ''),
			coalesce(nullif(r.name, ''), r.email, nullif(p.name, ''), p.email, nullif(c.number, ''), ''),
			coalesce(nullif(a.name, ''), a.email, ''),
			coalesce(nullif(d.name, ''), d.email, '')
		FROM feedback f
		LEFT JOIN tickets t ON t.id = f.ticket_id
		LEFT JOIN people r ON r.id = t.requester_id
		LEFT JOIN phone_calls c ON c.id = f.call_id
		LEFT JOIN people p ON p.id = c.person_id
		LEFT JOIN ratings g ON g.ticket_id = f.ticket_id AND f.source = 'rating'
		LEFT JOIN people a ON a.id = coalesce(g.agent_id, c.agent_id)
		LEFT JOIN people d ON d.id = f.done_by
		WHERE `).hears(a)
	f.narrow(q)
	if at.ID != 0 {
		q.add(" AND (f.at, f.id) < (?, ?)", at.Key, at.ID)
	}
	q.add(" ORDER BY f.at DESC, f.id DESC LIMIT ?", n+1)
	var one Feedback
	var all []Feedback
	err = tx.each([]any{
		&one.ID, &one.Brand, &one.Source, &one.Ticket, &one.Call, &one.Sense, &one.Words, &one.At, &one.Done, &one.DoneBy,
		&one.Subject, &one.From, &one.Agent, &one.DoneName,
	}, func() error { all = append(all, one); return nil }, q.String(), q.args...)
	return cut(all, n, func(f Feedback) cursor { return cursor{Key: f.At.UnixMicro(), ID: f.ID} }), err
}

func (f FeedbackFilter) narrow(q *query) {
	switch {
	case f.ID != 0:
		q.add(" AND f.id = ?", f.ID)
	case f.Call != 0:
		q.add(" AND f.call_id = ?", f.Call)
	case !f.All:
		q.add(" AND f.done_at IS NULL")
	}
	if f.Sense != "" {
		q.add(" AND f.sense = ?", f.Sense)
	}
}

// CountFeedback counts what waits to be looked at, as far as the actor may read it and as far as anybody wants to know.
func (tx *Tx) CountFeedback(a access.Actor) (n Count, err error) {
	var counted int64
	q := (&query{}).add("SELECT count(*) FROM (SELECT f.id FROM feedback f LEFT JOIN tickets t ON t.id = f.ticket_id WHERE f.done_at IS NULL AND ").hears(a)
	q.add(" LIMIT ?) counted", countedTo)
	_, err = tx.get([]any{&counted}, q.String(), q.args...)
	return Count(counted), err
}

// SettleFeedback notes who has dealt with it and when; nobody and no time take that back.
func (tx *Tx) SettleFeedback(id, person int64, at time.Time) error {
	_, err := tx.exec(`UPDATE feedback SET done_at = $1, done_by = $2 WHERE id = $3`, at, ref(person), id)
	return err
}
