package store

import (
	"hark/access"
	"hark/ticket"
)

// Standings returns what the progress of these tickets follows from: kind, state, brand, policy and memory. Nothing else of them is
// read, and none that the actor may not know of.
func (tx *Tx) Standings(a access.Actor, ids []int64) (map[int64]ticket.Ticket, error) {
	stands := map[int64]ticket.Ticket{}
	if len(ids) == 0 {
		return stands, nil
	}
	q := (&query{}).add(`
		SELECT t.id, t.kind, t.state, t.category, t.brand_id, t.policy_id, t.memory
		FROM tickets t
		WHERE `).in("t.id", ids).add(" AND ").visible(a)
	var t ticket.Ticket
	err := tx.each([]any{&t.ID, &t.Kind, &t.State, &t.Category, &t.Brand, &t.Policy, outJSON{&t.Memory}}, func() error {
		stands[t.ID] = t
		t = ticket.Ticket{}
		return nil
	}, q.String(), q.args...)
	return stands, err
}
