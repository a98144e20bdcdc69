package store

import "hark/access"

// visible appends the condition that decides which tickets an actor may know of. Every query that shows tickets, or
// anything that belongs to one, contains it, with the ticket's table under the alias t; there is no second place that
// decides this. It looks only at what is true now: having written something gives no right to see it later.
//
// IS TRUE changes nothing about the answer. It keeps SQLite from collecting all tickets of each group through an index
// and sorting them, where walking the list's own order finds a page at once.
func (q *query) visible(a access.Actor) *query {
	switch {
	case seesAll(a):
		return q.add("1 = 1")
	case a.Ticket != 0: // a signed link
		return q.add("t.id = ?", a.Ticket)
	case a.Person == 0:
		return q.add("1 = 0")
	}
	switch a.Role {
	case access.Agent, access.LevelOne, access.Light:
		q.add("((")
		for i, way := range ways(a) {
			if i > 0 {
				q.add(" OR ")
			}
			way(q)
		}
		return q.add(") IS TRUE)")
	case access.Customer:
		q.add(`t.id IN (
			SELECT id FROM tickets WHERE requester_id = ?`, a.Person)
		return q.add(`
			UNION ALL
			SELECT ticket_id FROM ticket_people WHERE person_id = ? AND part = 'cc')`, a.Person)
	}
	return q.add("1 = 0")
}

// seesAll reports whether no ticket is hidden from the actor: the desk itself, and administrators who are signed in.
func seesAll(a access.Actor) bool {
	return a.Desk || a.Role == access.Admin && a.Ticket == 0 && a.Person != 0
}

// ways are the reasons for which an agent sees a ticket, each as a condition of its own: it has no group, it is in one
// of theirs, it is assigned to them, they follow it.
func ways(a access.Actor) []func(*query) {
	all := []func(*query){func(q *query) { q.add("t.team_id IS NULL") }}
	for _, group := range a.Groups {
		all = append(all, func(q *query) { q.add("t.team_id = ?", group) })
	}
	return append(all,
		func(q *query) { q.add("t.assignee_id = ?", a.Person) },
		func(q *query) {
			q.add("t.id IN (SELECT ticket_id FROM ticket_people WHERE person_id = ? AND part = 'follower')", a.Person)
		})
}

// few reports whether the actor sees so few tickets that the database should begin with those, whatever is asked.
func few(a access.Actor) bool { return !a.Staff() }

// MaySee reports whether the actor may know of the ticket.
func (tx *Tx) MaySee(a access.Actor, ticketID int64) (bool, error) {
	var id int64
	q := (&query{}).add(`SELECT t.id FROM tickets t WHERE t.id = ? AND `, ticketID).visible(a)
	return tx.get([]any{&id}, q.String(), q.args...)
}
