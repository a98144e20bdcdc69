package store

import (
	"time"

	"hark/access"
	"hark/fault"
	"hark/ticket"
)

// CallState says what a call is: a time kept for a moment, a booked call, one that took place, or one that did not.
type CallState string

const (
	CallHeld      CallState = "held"
	CallBooked    CallState = "booked"
	CallDone      CallState = "done"
	CallCancelled CallState = "cancelled"
)

// Call is one call that a ticket has led to. A host has one at a time, with the gap of the policy between two; a ticket has at
// most one that is booked and one that is held.
type Call struct {
	ID         int64
	Ticket     int64
	Host       int64
	Guest      int64
	State      CallState
	Start      time.Time
	End        time.Time
	Free       time.Time // when the host is free again: the end and the gap after it
	Until      time.Time // how long a held time is kept
	UID        string    // its name in calendars, for ever (RFC 5545, 3.8.4.7)
	Sequence   int64     // goes up with each change that calendars are told of (RFC 5546, 2.1.4)
	Phone      string    // the number that is called, as the guest wrote it
	Zone       string    // in which the guest reads clocks, "" when they did not say
	Exception  bool      // an agent gave it to somebody who could not have booked it
	Answer     string    // of the guest's calendar: accepted, tentative, declined; "" for none yet
	AnswerSays string    // what the guest wrote with it
	Proposed   time.Time // the time the guest would rather have
	Outcome    string    // of the policy
	Result     string
	Ended      time.Time
	Created    time.Time
}

// InTicket is a call with the ticket it belongs to.
type InTicket struct {
	Call
	Subject   string
	Brand     int64
	Requester ticket.Person
	HostName  string
}

const callColumns = `
		c.id,
		c.ticket_id,
		c.host_id,
		c.guest_id,
		c.state,
		c.start_at,
		c.end_at,
		c.free_at,
		c.until_at,
		c.uid,
		c.sequence,
		c.phone,
		c.zone,
		c.exception,
		c.answer,
		c.answer_says,
		c.proposed_at,
		c.outcome,
		c.result,
		c.ended_at,
		c.created_at`

func callFields(c *Call) []any {
	return []any{
		&c.ID,
		&c.Ticket,
		&c.Host,
		&c.Guest,
		&c.State,
		&c.Start,
		&c.End,
		&c.Free,
		&c.Until,
		&c.UID,
		&c.Sequence,
		&c.Phone,
		&c.Zone,
		&c.Exception,
		&c.Answer,
		&c.AnswerSays,
		&c.Proposed,
		&c.Outcome,
		&c.Result,
		&c.Ended,
		&c.Created,
	}
}

// AddCall stores a held or booked call and sets its ID. It reports false when the host has another call then, or the ticket one
// of the same state: on PostgreSQL a constraint decides that between nodes, on SQLite there is one writer (S0-10).
func (tx *Tx) AddCall(c *Call) (added bool, err error) {
	if taken, err := tx.callTaken(*c); err != nil || taken {
		return false, err
	}
	c.ID, err = tx.insert(`
		INSERT INTO calls (ticket_id, host_id, guest_id, state, start_at, end_at, free_at, until_at, uid, sequence, phone, zone, exception, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT DO NOTHING
		RETURNING id`,
		c.Ticket, c.Host, c.Guest, c.State, c.Start, c.End, c.Free, c.Until, c.UID, c.Sequence, c.Phone, c.Zone, c.Exception, c.Created)
	return c.ID != 0, err
}

// callTaken reports whether another call of the host, with the gap after it, meets this one and its gap.
func (tx *Tx) callTaken(c Call) (bool, error) {
	var id int64
	return tx.get([]any{&id}, `
		SELECT id
		FROM calls
		WHERE host_id = $1 AND id <> $2 AND state IN ('held', 'booked') AND start_at < $3 AND free_at > $4
		LIMIT 1`, c.Host, c.ID, c.Free, c.Start)
}

// SaveCall stores what became of a call. It reports false when its time is taken; then nothing is stored.
func (tx *Tx) SaveCall(c Call) (saved bool, err error) {
	if c.State == CallHeld || c.State == CallBooked {
		if taken, err := tx.callTaken(c); err != nil || taken {
			return false, err
		}
	}
	n, err := tx.exec(`
		UPDATE calls SET
			host_id = $1, state = $2, start_at = $3, end_at = $4, free_at = $5, until_at = $6, sequence = $7, phone = $8, zone = $9,
			exception = $10, answer = $11, answer_says = $12, proposed_at = $13, outcome = $14, result = $15, ended_at = $16
		WHERE id = $17`,
		c.Host, c.State, c.Start, c.End, c.Free, c.Until, c.Sequence, c.Phone, c.Zone,
		c.Exception, c.Answer, c.AnswerSays, c.Proposed, c.Outcome, c.Result, c.Ended, c.ID)
	if fault.Is(err, fault.Conflict) { // another node was faster
		return false, err
	}
	return n > 0, err
}

// DropHeldCalls forgets times that were kept long enough, and the one the ticket has; 0 drops those of no ticket but the old ones.
func (tx *Tx) DropHeldCalls(ticketID int64, now time.Time) error {
	_, err := tx.exec(`DELETE FROM calls WHERE state = 'held' AND (until_at <= $1 OR ticket_id = $2)`, now, ticketID)
	return err
}

// Calls returns the calls of a ticket that the actor may see, oldest first; held times are among them.
func (tx *Tx) Calls(a access.Actor, ticketID int64) ([]Call, error) {
	q := (&query{}).add(`SELECT `+callColumns+` FROM calls c JOIN tickets t ON t.id = c.ticket_id WHERE c.ticket_id = ? AND `, ticketID).visible(a)
	return tx.calls(q.add(" ORDER BY c.id"))
}

func (tx *Tx) calls(q *query) (all []Call, err error) {
	var c Call
	err = tx.each(callFields(&c), func() error { all = append(all, c); return nil }, q.String(), q.args...)
	return all, err
}

// CallsOfHosts returns the booked calls and the times that are still held, of these hosts, that begin before one instant and whose
// host is not free at another, soonest first. It serves to find free times and shows nothing of any ticket.
func (tx *Tx) CallsOfHosts(hosts []int64, from, to, now time.Time) ([]Call, error) {
	q := (&query{}).add(`SELECT `+callColumns+` FROM calls c WHERE c.state IN ('held', 'booked') AND c.start_at < ? AND c.free_at > ?`, to, from)
	q.add(` AND (c.state = 'booked' OR c.until_at > ?) AND `, now).in("c.host_id", hosts)
	return tx.calls(q.add(" ORDER BY c.start_at, c.id"))
}

// mostCalls is how many calls a list shows.
const mostCalls = 500

// CallsToCome returns the booked calls of tickets the actor may see that end after an instant, soonest first; a host of 0 means
// everybody's.
func (tx *Tx) CallsToCome(a access.Actor, host int64, after time.Time) ([]InTicket, error) {
	return tx.callsAfter(a, host, after, "c.state = 'booked'")
}

// CallsOfCalendar returns the same and behind them those that have ended, so that who subscribes to them keeps their history. Those
// that were called off are not among them.
func (tx *Tx) CallsOfCalendar(a access.Actor, host int64, after time.Time) ([]InTicket, error) {
	return tx.callsAfter(a, host, after, "c.state IN ('booked', 'done')")
}

func (tx *Tx) callsAfter(a access.Actor, host int64, after time.Time, states string) (all []InTicket, err error) {
	if !a.Staff() {
		return nil, nil
	}
	q := (&query{}).add(`
		SELECT `+callColumns+`, t.subject, t.brand_id, p.id, p.name, p.email, h.name
		FROM calls c
		JOIN tickets t ON t.id = c.ticket_id
		JOIN people p ON p.id = c.guest_id
		JOIN people h ON h.id = c.host_id
		WHERE `+states+` AND c.end_at > ? AND `, after).visible(a)
	if host != 0 {
		q.add(" AND c.host_id = ?", host)
	}
	q.add(" ORDER BY c.state = 'done', c.start_at, c.id LIMIT ?", mostCalls) // what has ended takes no room from what is to come
	var c InTicket
	fields := append(callFields(&c.Call), &c.Subject, &c.Brand, &c.Requester.ID, &c.Requester.Name, &c.Requester.Address, &c.HostName)
	err = tx.each(fields, func() error { all = append(all, c); return nil }, q.String(), q.args...)
	return all, err
}

// WantCalls returns the open tickets without a booked call that the actor may see and that ask for one, by their kind or by what their
// customers said, oldest first.
func (tx *Tx) WantCalls(a access.Actor, kinds []string) ([]int64, error) {
	if !a.Staff() {
		return nil, nil
	}
	q := (&query{}).add(`
		SELECT t.id
		FROM tickets t
		WHERE t.category IN ('new', 'open', 'pending') AND NOT EXISTS (SELECT 1 FROM calls c WHERE c.ticket_id = t.id AND c.state = 'booked')
			AND (t.facts LIKE '%"ticket.wants_call":true%' OR t.facts LIKE '%"call.offers":"2%'`)
	for _, kind := range kinds {
		q.add(" OR t.kind = ?", kind)
	}
	q.add(") AND ").visible(a)
	q.add(" ORDER BY t.id LIMIT ?", mostCalls)
	return tx.ids(q.String(), q.args...)
}

// SetCallFeed keeps the hash of a person's calendar address; the one before ends. A zero hash ends it without a new one.
func (tx *Tx) SetCallFeed(person int64, hash [32]byte, now time.Time) error {
	if hash == ([32]byte{}) {
		_, err := tx.exec(`DELETE FROM call_feeds WHERE person_id = $1`, person)
		return err
	}
	_, err := tx.exec(`
		INSERT INTO call_feeds (person_id, hash, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at`, person, hash, now)
	return err
}

// CallFeed returns whose calendar address this is; [fault.NotFound] when it is nobody's.
func (tx *Tx) CallFeed(hash [32]byte) (person int64, err error) {
	found, err := tx.get([]any{&person}, `SELECT person_id FROM call_feeds WHERE hash = $1`, hash)
	if err == nil && !found {
		err = absent("calendar")
	}
	return person, err
}

// CallFeedSince returns since when a person has a calendar address; zero when they have none.
func (tx *Tx) CallFeedSince(person int64) (since time.Time, err error) {
	_, err = tx.get([]any{&since}, `SELECT created_at FROM call_feeds WHERE person_id = $1`, person)
	return since, err
}
