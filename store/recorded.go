package store

import (
	"cmp"
	"time"

	"hark/access"
	"hark/ticket"
)

// Recorded is a ticket as it is on record: what it is, what happened to it, and which comments people wrote. It is what a
// story can be told again from; texts, files and mails are not in it.
type Recorded struct {
	Ticket   ticket.Ticket // without tags, people on copy and memory
	Audits   []ticket.Audit
	Comments map[int64]Written // by the comment's id
	Wrong    error             // why the record cannot be read; nil when it can
}

// Written is who wrote a comment, when, and for whom to read.
type Written struct {
	At        time.Time // for a mail, when it was accepted
	By        ticket.Person
	Customer  bool // written by a customer, or by somebody who is not known here
	Public    bool
	Automatic bool // by a machine
}

// RecordedPlace is where a page of recorded tickets ended; the zero value is before the first.
type RecordedPlace struct {
	created time.Time
	id      int64
}

// Recorded returns tickets of a brand that came in since an instant, the newest first, without those that were imported,
// continuing after a place, and the place where it stopped. There are fewer than the limit only at the end. One that cannot be read
// says so, and hides none of the others.
func (tx *Tx) Recorded(a access.Actor, brand int64, since time.Time, after RecordedPlace, limit int) ([]Recorded, RecordedPlace, error) {
	q := (&query{}).add(selectRecorded+`WHERE t.brand_id = ? AND t.created_at >= ? AND t.`+firstHand+` AND `, brand, since).visible(a)
	if after.id != 0 {
		q.add(` AND (t.created_at < ? OR t.created_at = ? AND t.id < ?)`, after.created, after.created, after.id)
	}
	q.add(`
		ORDER BY t.created_at DESC, t.id DESC
		LIMIT ?`, limit)
	all, err := tx.recorded(q)
	if err == nil && len(all) > 0 {
		last := all[len(all)-1].Ticket
		after = RecordedPlace{last.Created, last.ID}
	}
	return all, after, err
}

// RecordedTicket returns one ticket as it is on record, [fault.NotFound] when the actor may not know of it.
func (tx *Tx) RecordedTicket(a access.Actor, id int64) (Recorded, error) {
	all, err := tx.recorded((&query{}).add(selectRecorded+`WHERE t.id = ? AND `, id).visible(a))
	if err != nil {
		return Recorded{}, err
	}
	if len(all) == 0 {
		return Recorded{}, absent("ticket")
	}
	return all[0], all[0].Wrong
}

const selectRecorded = `
	SELECT
		t.id,
		t.subject,
		t.kind,
		t.state,
		t.category,
		t.channel,
		t.brand_id,
		t.requester_id, r.email, r.name,
		t.follow_up_of,
		t.policy_id,
		t.facts,
		t.created_at
	FROM tickets t
	JOIN people r ON r.id = t.requester_id
	`

func (tx *Tx) recorded(q *query) (all []Recorded, err error) {
	var t ticket.Ticket
	var wrong error
	err = tx.each([]any{
		&t.ID,
		&t.Subject,
		&t.Kind,
		&t.State,
		&t.Category,
		&t.Channel,
		&t.Brand,
		&t.Requester.ID, &t.Requester.Address, &t.Requester.Name,
		&t.FollowUpOf,
		&t.Policy,
		triedJSON{outJSON{&t.Facts}, &wrong},
		&t.Created,
	}, func() error {
		all = append(all, Recorded{Ticket: t, Comments: map[int64]Written{}, Wrong: wrong})
		return nil
	}, q.String(), q.args...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	places, ids := map[int64]int{}, make([]int64, len(all))
	for i, r := range all {
		places[r.Ticket.ID], ids[i] = i, r.Ticket.ID
	}
	if err := tx.recordedAudits(all, places, ids); err != nil {
		return nil, err
	}
	return all, tx.recordedComments(all, places, ids)
}

func (tx *Tx) recordedAudits(all []Recorded, places map[int64]int, ids []int64) error {
	q := (&query{}).add(`
		SELECT
			u.id,
			u.ticket_id,
			u.author_id, p.email, p.name,
			u.at,
			u.via,
			u.events
		FROM audits u
		LEFT JOIN people p ON p.id = u.author_id
		WHERE `).in("u.ticket_id", ids).add(" ORDER BY u.ticket_id, u.id")
	var u ticket.Audit
	var wrong error
	return tx.each([]any{
		&u.ID,
		&u.Ticket,
		&u.Author.ID, &u.Author.Address, &u.Author.Name,
		&u.At,
		&u.Via,
		triedJSON{outJSON{&u.Events}, &wrong},
	}, func() error {
		r := &all[places[u.Ticket]]
		r.Wrong = cmp.Or(r.Wrong, wrong)
		r.Audits = append(r.Audits, u)
		return nil
	}, q.String(), q.args...)
}

// recordedComments adds who wrote what. What was imported without an author left from an address of the desk.
func (tx *Tx) recordedComments(all []Recorded, places map[int64]int, ids []int64) error {
	q := (&query{}).add(`
		SELECT
			c.id,
			c.ticket_id,
			c.author_id, p.email, p.name,
			coalesce(p.role, CASE WHEN c.via = 'import' THEN 'agent' ELSE 'customer' END) = 'customer',
			c.public,
			c.automatic NOT IN ('', 'no'),
			c.created_at
		FROM comments c
		LEFT JOIN people p ON p.id = c.author_id
		WHERE `).in("c.ticket_id", ids)
	var id, of int64
	var w Written
	return tx.each([]any{
		&id,
		&of,
		&w.By.ID, &w.By.Address, &w.By.Name,
		&w.Customer,
		&w.Public,
		&w.Automatic,
		&w.At,
	}, func() error {
		all[places[of]].Comments[id] = w
		return nil
	}, q.String(), q.args...)
}
