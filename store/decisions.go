package store

import "hark/access"

// What reports count of the scope. A decision belongs to the time in which somebody made it, whenever its ticket came.

// Decided is how many tickets somebody decided to fall under a clause of the scope.
type Decided struct {
	Clause  string // as the policy calls it: "limits.coding"
	Tickets int64
}

// Decisions counts the decisions of a span by clause, on tickets that the actor may see. A decision that was taken back counts no more,
// and one that was changed counts as it is now.
func (tx *Tx) Decisions(a access.Actor, s Span) (all []Decided, err error) {
	q := (&query{}).add("SELECT t.clause, count(*) ").decided(a, s).add(" GROUP BY t.clause ORDER BY t.clause")
	var d Decided
	err = tx.each([]any{&d.Clause, &d.Tickets}, func() error { all = append(all, d); return nil }, q.String(), q.args...)
	return all, err
}

// decided limits tickets (t) to those of a span's decisions that the actor may see.
func (q *query) decided(a access.Actor, s Span) *query {
	q.add("FROM tickets t WHERE t.clause <> '' AND t.brand_id = ?", s.Brand)
	return q.add(" AND t.clause_at >= ?", s.From).add(" AND t.clause_at < ? AND ", s.To).visible(a)
}

// anyOf is true where a column is one of some words; never, when there are none.
func (q *query) anyOf(column string, words []string) *query {
	q.add("(1 = 0")
	for _, word := range words {
		q.add(" OR "+column+" = ?", word)
	}
	return q.add(")")
}
