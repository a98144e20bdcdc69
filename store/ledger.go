package store

import (
	"context"
	"fmt"
	"slices"

	"hark/access"
	"hark/promise"
	"hark/ticket"
)

// The ledger holds one row for every time that a customer was given. A row repeats what stands in the ticket's memory, is
// written with it, and can be made again from it; so the ledger cannot say anything else than the tickets do.

// ledgerSince is the version of the schema from which there is a ledger.
const ledgerSince = 5

const selectGiven = `
	SELECT measure, number, rule, strength, policy_id, given_at, due_at, done_at, state, why
	FROM promises `

// Given returns what a ticket's customer was promised, as the ledger has it. Pages read it from the ticket itself.
func (tx *Tx) Given(ticketID int64) (all []promise.Given, err error) {
	var g promise.Given
	err = tx.each([]any{
		&g.Measure,
		&g.Number,
		&g.Rule,
		&g.Strength,
		&g.Policy,
		&g.At,
		&g.Due,
		&g.Done,
		&g.State,
		&g.Why,
	}, func() error { all = append(all, g); return nil }, selectGiven+`
		WHERE ticket_id = $1
		ORDER BY given_at, measure, number`, ticketID)
	return all, err
}

// GivenIn is one line of the ledger: what was given on which ticket.
type GivenIn struct {
	Ticket int64
	promise.Given
}

// Lines returns the lines of a span that belong to tickets the actor may see, the newest first, at most limit of them.
func (tx *Tx) Lines(a access.Actor, s Span, limit int) (all []GivenIn, err error) {
	q := (&query{}).add(`
		SELECT p.ticket_id, p.measure, p.number, p.rule, p.strength, p.policy_id, p.given_at, p.due_at, p.done_at, p.state, p.why
		FROM promises p
		JOIN tickets t ON t.id = p.ticket_id
		WHERE `).given(s).add(" AND ").visible(a)
	q.add(" ORDER BY p.given_at DESC, p.ticket_id DESC LIMIT ?", limit)
	var g GivenIn
	err = tx.each([]any{
		&g.Ticket,
		&g.Measure,
		&g.Number,
		&g.Rule,
		&g.Strength,
		&g.Policy,
		&g.At,
		&g.Due,
		&g.Done,
		&g.State,
		&g.Why,
	}, func() error { all = append(all, g); return nil }, q.String(), q.args...)
	return all, err
}

// keepLedger writes the lines of a ticket that have changed. What an undo has taken back goes.
func (tx *Tx) keepLedger(t *ticket.Ticket) error {
	was, err := tx.Given(t.ID)
	if err != nil {
		return err
	}
	is := t.Ledger()
	for _, g := range was {
		if slices.ContainsFunc(is, func(one promise.Given) bool { return one.Measure == g.Measure && one.Number == g.Number }) {
			continue
		}
		if _, err := tx.exec(`DELETE FROM promises WHERE ticket_id = $1 AND measure = $2 AND number = $3`, t.ID, g.Measure, g.Number); err != nil {
			return err
		}
	}
	return tx.saveGiven(t, was, is)
}

func (tx *Tx) saveGiven(t *ticket.Ticket, was, is []promise.Given) error {
	for _, g := range is {
		if slices.ContainsFunc(was, func(one promise.Given) bool { return sameGiven(one, g) }) {
			continue
		}
		_, err := tx.exec(`
			INSERT INTO promises (ticket_id, measure, number, brand_id, rule, strength, policy_id, given_at, due_at, done_at, state, why)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
			ON CONFLICT (ticket_id, measure, number) DO UPDATE SET
				brand_id = excluded.brand_id, rule = excluded.rule, strength = excluded.strength, policy_id = excluded.policy_id,
				given_at = excluded.given_at, due_at = excluded.due_at, done_at = excluded.done_at, state = excluded.state, why = excluded.why`,
			t.ID, g.Measure, g.Number, t.Brand, g.Rule, g.Strength, ref(g.Policy), g.At, g.Due, g.Done, g.State, g.Why)
		if err != nil {
			return err
		}
	}
	return nil
}

// sameGiven compares as the database keeps it: instants to the microsecond.
func sameGiven(a, b promise.Given) bool {
	same := a.At.UnixMicro() == b.At.UnixMicro() && a.Due.UnixMicro() == b.Due.UnixMicro() && a.Done.UnixMicro() == b.Done.UnixMicro()
	a.At, a.Due, a.Done = b.At, b.Due, b.Done
	return same && a == b
}

// beginLedger fills the ledger of a database that had none before this start.
func (db *DB) beginLedger(ctx context.Context) error {
	if db.found == 0 || db.found >= ledgerSince {
		return nil
	}
	return db.engine.load(ctx, func(tx *Tx) error { return tx.writeLedger() })
}

// writeLedger makes every line again, and what reports read of a ticket beside it.
func (tx *Tx) writeLedger() error {
	if _, err := tx.exec(`DELETE FROM promises`); err != nil {
		return err
	}
	for last := int64(0); ; {
		tickets, err := tx.remembered(last)
		if err != nil || len(tickets) == 0 {
			return err
		}
		for i := range tickets {
			t := &tickets[i]
			if _, err := tx.exec(`UPDATE tickets SET level = $1, reopened = $2 WHERE id = $3`, t.Memory.Level, t.Memory.Reopened, t.ID); err != nil {
				return err
			}
			if err := tx.saveGiven(t, nil, t.Ledger()); err != nil {
				return err
			}
		}
		last = tickets[len(tickets)-1].ID
	}
}

// remembered are the next tickets after a number, with what the ledger is made from.
func (tx *Tx) remembered(after int64) (all []ticket.Ticket, err error) {
	var t ticket.Ticket
	err = tx.each([]any{
		&t.ID,
		&t.Brand,
		&t.Category,
		&t.Policy,
		outJSON{&t.Memory},
	}, func() error { all = append(all, t); return nil }, `
		SELECT id, brand_id, category, policy_id, memory
		FROM tickets
		WHERE id > $1
		ORDER BY id
		LIMIT 1000`, after)
	return all, err
}

// checkLedger looks for tickets whose memory holds a promise that the ledger does not.
func (tx *Tx) checkLedger() ([]Finding, error) {
	var n int64
	_, err := tx.get([]any{&n}, `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM tickets t
			WHERE t.memory LIKE '%"targets":[{%' AND NOT EXISTS (SELECT 1 FROM promises p WHERE p.ticket_id = t.id)
			LIMIT 1000) n`)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Finding{{"ledger", fmt.Sprintf("the promises of %d tickets are missing in the reports", n), "run hark doctor --reindex"}}, nil
}
