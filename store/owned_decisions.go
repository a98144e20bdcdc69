package store

import (
	"time"

	"hark/account"
)

// What was decided from what customers own, and who changed it.

// AddDecision stores a decision.
func (tx *Tx) AddDecision(d *account.Decision) (err error) {
	d.ID, err = tx.insert(`
		INSERT INTO decisions (ticket_id, person_id, about, policy_id, level, row_id, because, facts, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		RETURNING id`, ref(d.Ticket), d.Person, d.About.String(), d.Policy, d.Level, d.Row, d.Because, inJSON{d.Facts}, d.At)
	return err
}

// DecisionsOf returns the newest decisions about a person, the newest first.
func (tx *Tx) DecisionsOf(person int64, most int) ([]account.Decision, error) {
	return tx.decisions(`person_id = $1 ORDER BY id DESC LIMIT $2`, person, most)
}

// DecisionFor returns the newest decision about a ticket; the zero Decision when there is none.
func (tx *Tx) DecisionFor(ticketID int64) (account.Decision, error) {
	all, err := tx.decisions(`ticket_id = $1 ORDER BY id DESC LIMIT 1`, ticketID)
	return first(all), err
}

func (tx *Tx) decisions(where string, args ...any) (all []account.Decision, err error) {
	var d account.Decision
	var about string
	err = tx.each([]any{&d.ID, &d.Ticket, &d.Person, &about, &d.Policy, &d.Level, &d.Row, &d.Because, outJSON{&d.Facts}, &d.At}, func() error {
		d.About = account.ParseAbout(about)
		all = append(all, d)
		return nil
	}, `
		SELECT id, ticket_id, person_id, about, policy_id, level, row_id, because, facts, at
		FROM decisions
		WHERE `+where, args...)
	return all, err
}

// AddChange stores one change of what a customer owns.
func (tx *Tx) AddChange(c account.Change) error {
	_, err := tx.exec(`
		INSERT INTO owned_changes (about, what, was, becomes, source, person_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, c.About, c.What, c.Was, c.Is, c.Source, ref(c.By), c.At)
	return err
}

// CorrectedSince is what a colleague has changed by hand about something after an instant, as the changes call it.
func (tx *Tx) CorrectedSince(about string, after time.Time) (all []string, err error) {
	var what string
	err = tx.each([]any{&what}, func() error { all = append(all, what); return nil }, `
		SELECT DISTINCT what
		FROM owned_changes
		WHERE about = $1 AND source = $2 AND at > $3`, about, account.ByHand, after)
	return all, err
}

// ChangesOf returns the newest changes of orders, licences and subscriptions, which are named like licence:12; the newest first.
func (tx *Tx) ChangesOf(abouts []string, most int) (all []account.Change, err error) {
	if len(abouts) == 0 {
		return nil, nil
	}
	q := (&query{}).add("SELECT c.about, c.what, c.was, c.becomes, c.source, c.person_id, p.name, c.at FROM owned_changes c LEFT JOIN people p ON p.id = c.person_id WHERE c.about IN (")
	for i, about := range abouts {
		if i > 0 {
			q.add(", ")
		}
		q.add("?", about)
	}
	q.add(") ORDER BY c.id DESC").first(most)
	var c account.Change
	err = tx.each([]any{&c.About, &c.What, &c.Was, &c.Is, &c.Source, &c.By, &c.ByName, &c.At}, func() error { all = append(all, c); return nil }, q.String(), q.args...)
	return all, err
}
