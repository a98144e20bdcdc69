package store

import (
	"slices"
	"time"

	"hark/access"
	"hark/promise"
)

// What reports count. Every one of these takes the actor and counts only the tickets that they may see, so that behind each
// number there is the list of its tickets, and none that somebody else would have to open.

// Span is what a report is about: what came to a brand, or was promised by it, in [From, To).
type Span struct {
	Brand    int64
	From, To time.Time
}

// came limits tickets (t) to those that came in the span, and not with a past that was brought in.
func (q *query) came(s Span) *query {
	return q.add("t.brand_id = ?", s.Brand).add(" AND t.created_at >= ?", s.From).add(" AND t.created_at < ? AND t."+firstHand, s.To)
}

// given limits promises (p) to those that were given in the span.
func (q *query) given(s Span) *query {
	return q.add("p.brand_id = ?", s.Brand).add(" AND p.given_at >= ?", s.From).add(" AND p.given_at < ?", s.To)
}

// ticketsOf joins promises with their tickets, whose columns say who may see them; nobody needs that who sees all.
func (q *query) ticketsOf(a access.Actor) *query {
	if seesAll(a) {
		return q
	}
	return q.add(" JOIN tickets t ON t.id = p.ticket_id")
}

// personal limits numbers about single people: administrators lead and see everybody's, all others their own.
func (q *query) personal(a access.Actor, column string) *query {
	if seesAll(a) {
		return q
	}
	return q.add(" AND "+column+" = ?", own(a))
}

// Waited is how long one ticket waited for its first answer, and what it was about.
type Waited struct {
	Ticket  int64
	Kind    string
	Level   string
	Topic   string // "" while nobody has said
	Created time.Time
	Replied time.Time // zero when nobody has answered yet

	Reopened int   // how many times it was solved and was not
	FollowUp int64 // the closed ticket it continues, 0 for none
}

// Waits returns up to limit tickets of a span, the newest first, answered or not.
func (tx *Tx) Waits(a access.Actor, s Span, limit int) (all []Waited, err error) {
	q := (&query{}).add("SELECT t.id, t.kind, t.level, t.topic, t.created_at, t.first_reply_at, t.reopened, t.follow_up_of FROM tickets t WHERE ").came(s).add(" AND ").visible(a)
	q.add(" ORDER BY t.created_at DESC LIMIT ?", limit)
	var w Waited
	err = tx.each([]any{
		&w.Ticket,
		&w.Kind,
		&w.Level,
		&w.Topic,
		&w.Created,
		&w.Replied,
		&w.Reopened,
		&w.FollowUp,
	}, func() error { all = append(all, w); return nil }, q.String(), q.args...)
	return all, err
}

// Kept is what came of the promises of one rule, under one version of the policy.
type Kept struct {
	Measure  string
	Rule     string
	Strength promise.Strength
	State    promise.TargetState
	Promises int64
}

// Ledger counts the promises that were given in a span, by rule and by what came of them.
func (tx *Tx) Ledger(a access.Actor, s Span) (all []Kept, err error) {
	q := (&query{}).add("SELECT p.measure, p.rule, p.strength, p.state, count(*) FROM promises p").ticketsOf(a).add(" WHERE ").given(s).add(" AND ").visible(a)
	q.add(" GROUP BY p.measure, p.rule, p.strength, p.state ORDER BY p.measure, p.rule")
	var k Kept
	err = tx.each([]any{
		&k.Measure,
		&k.Rule,
		&k.Strength,
		&k.State,
		&k.Promises,
	}, func() error { all = append(all, k); return nil }, q.String(), q.args...)
	return all, err
}

// Lasted is one promise that is over, or still runs when Done is zero.
type Lasted struct {
	Ticket  int64
	Measure string
	Rule    string
	Kind    string
	At      time.Time
	Due     time.Time
	Done    time.Time
}

// Lasted returns the promises of a span that were answered, the newest first, at most limit of them: phases only, or all but
// those.
func (tx *Tx) Lasted(a access.Actor, s Span, phases bool, limit int) ([]Lasted, error) {
	q := (&query{}).add(selectLasted + "WHERE ").given(s).add(" AND p.done_at IS NOT NULL AND p.state IN ('kept', 'missed') AND ").phases(phases).add(" AND ").visible(a)
	return tx.lasted(q.add(" ORDER BY p.given_at DESC LIMIT ?", limit))
}

const selectLasted = "SELECT p.ticket_id, p.measure, p.rule, t.kind, p.given_at, p.due_at, p.done_at FROM promises p JOIN tickets t ON t.id = p.ticket_id "

func (q *query) phases(yes bool) *query {
	if yes {
		return q.add("p.measure = ?", promise.PhaseTime)
	}
	return q.add("p.measure <> ?", promise.PhaseTime)
}

func (tx *Tx) lasted(q *query) (all []Lasted, err error) {
	var l Lasted
	err = tx.each([]any{
		&l.Ticket,
		&l.Measure,
		&l.Rule,
		&l.Kind,
		&l.At,
		&l.Due,
		&l.Done,
	}, func() error { all = append(all, l); return nil }, q.String(), q.args...)
	return all, err
}

// Owed returns the answers that a brand owes just now and that are not late yet.
func (tx *Tx) Owed(a access.Actor, brand int64, now time.Time) ([]Lasted, error) {
	q := (&query{}).add(selectLasted+"WHERE "+working+touched+" AND p.state = 'running' AND p.due_at >= ?", now).add(" AND (t.brand_id = ?) IS TRUE", brand)
	return tx.lasted(q.add(" AND ").phases(false).add(" AND ").visible(a).add(" ORDER BY p.due_at LIMIT ?", mostOwed))
}

const mostOwed = 5000

// Came counts tickets between each two neighbouring instants.
func (tx *Tx) Came(a access.Actor, brand int64, edges []time.Time) (counts []int64, err error) {
	for i := range len(edges) - 1 {
		q := (&query{}).add("SELECT count(*) FROM tickets t WHERE ").came(Span{brand, edges[i], edges[i+1]}).add(" AND ").visible(a)
		var n int64
		if _, err := tx.get([]any{&n}, q.String(), q.args...); err != nil {
			return nil, err
		}
		counts = append(counts, n)
	}
	return counts, nil
}

// Answerers counts the tickets of a span by who answered them first. Everybody but an administrator is told their own.
func (tx *Tx) Answerers(a access.Actor, s Span) (all []Responder, err error) {
	q := (&query{}).add("SELECT d.person_id, CAST(sum(who.tickets) AS BIGINT), max(who.latest) FROM (SELECT lower(t.first_responder) AS address, count(*) AS tickets, max(t.first_reply_at) AS latest FROM tickets t WHERE ").came(s)
	q.add(" AND t.first_reply_at IS NOT NULL AND ").visible(a).add(" GROUP BY lower(t.first_responder)) who JOIN addresses d ON d.address = who.address WHERE 1 = 1").personal(a, "d.person_id")
	q.add(" GROUP BY d.person_id ORDER BY sum(who.tickets) DESC, d.person_id")
	var r Responder
	err = tx.each([]any{&r.Person, &r.Tickets, &r.Last}, func() error { all = append(all, r); return nil }, q.String(), q.args...)
	return all, err
}

// Behind says which tickets stand behind a number of a report. Exactly one of its parts is set.
type Behind struct {
	Tickets   []int64 // these very ones, the newest first
	Promise   *Kept   // whose promise of this rule came to this
	Tag       string
	FollowUps bool
	Reopened  bool
	Answerer  int64
	Rating    *BehindRating // asked in the span, and what came of it
	Clauses   []string      // decided in the span to fall under one of these clauses of the scope
}

// CountBehind is how many tickets stand behind a number.
func (tx *Tx) CountBehind(a access.Actor, s Span, b Behind) (n int64, err error) {
	q := (&query{}).add("SELECT count(*) ").behind(a, s, b)
	_, err = tx.get([]any{&n}, q.String(), q.args...)
	return n, err
}

// Behind returns one page of the tickets behind a number, the newest first.
func (tx *Tx) Behind(a access.Actor, s Span, b Behind, after string, most int) (page Page[Row], err error) {
	at, err := parseCursor(after)
	if err != nil {
		return page, err
	}
	key := "t.created_at"
	switch {
	case b.Promise != nil:
		key = "p.given_at"
	case b.Rating != nil:
		key = "g.asked_at"
	case b.Clauses != nil:
		key = "t.clause_at"
	}
	most = limit(most)
	b.Tickets = following(b.Tickets, at.ID, most+1)
	q := (&query{}).add("SELECT t.id, "+key+" AS sort_key ").behind(a, s, b)
	if at.ID != 0 {
		q.add(" AND ("+key+", t.id) < (?, ?)", at.Key, at.ID)
	}
	q.add(" ORDER BY "+key+" DESC, t.id DESC LIMIT ?", most+1)
	rows, keys, err := tx.rows(a, q, " DESC")
	if page.Items = rows; len(rows) > most {
		page.Items, page.Next = rows[:most], cursor{Key: keys[most-1], ID: rows[most-1].ID}.String()
	}
	return page, err
}

// mostNamed is how many tickets one statement names.
const mostNamed = 30_000

// following are the n tickets after the one with that id. When it is not among them any more, the statement looks for the place.
func following(all []int64, id int64, n int) []int64 {
	if at := slices.Index(all, id); at >= 0 || id == 0 {
		return all[at+1 : min(len(all), at+1+n)]
	}
	return all[:min(len(all), mostNamed)]
}

// behind appends from where the tickets behind a number come, and which they are.
func (q *query) behind(a access.Actor, s Span, b Behind) *query {
	switch {
	case b.Rating != nil:
		return q.rated(a, s, *b.Rating)
	case b.Clauses != nil:
		return q.decided(a, s).add(" AND ").anyOf("t.clause", b.Clauses)
	case b.Promise != nil:
		q.add("FROM promises p JOIN tickets t ON t.id = p.ticket_id WHERE ").given(s)
		q.add(" AND p.measure = ?", b.Promise.Measure).add(" AND p.rule = ?", b.Promise.Rule).add(" AND p.state = ?", b.Promise.State)
	case b.Answerer != 0:
		q.add("FROM tickets t JOIN addresses d ON d.address = lower(t.first_responder) WHERE ").came(s)
		q.add(" AND t.first_reply_at IS NOT NULL AND d.person_id = ?", b.Answerer).personal(a, "d.person_id")
	default:
		q.add("FROM tickets t WHERE ").came(s).some(b)
	}
	return q.add(" AND ").visible(a)
}

func (q *query) some(b Behind) *query {
	switch {
	case b.Tag != "":
		return q.add(" AND t.id IN (SELECT ticket_id FROM ticket_tags WHERE tag = ?)", b.Tag)
	case b.FollowUps:
		return q.add(" AND t.follow_up_of IS NOT NULL")
	case b.Reopened:
		return q.add(" AND t.reopened > 0")
	}
	return q.add(" AND ").in("t.id", b.Tickets)
}

// What a wall shows.

// touched is true of every ticket. It lets SQLite read the small index of those that are worked on, or that wait, which are sorted
// by their last change, where it would otherwise read all tickets of all years.
const touched = " AND t.updated_at > 0"

// InState is how many tickets of a brand stand in a state.
type InState struct {
	State   string
	Tickets int64
}

// Alive counts a brand's tickets that are not done, by state.
func (tx *Tx) Alive(a access.Actor, brand int64) (all []InState, err error) {
	q := (&query{}).add("SELECT state, count(*) FROM (")
	for i, part := range []string{working, resting} {
		if i > 0 {
			q.add(" UNION ALL ")
		}
		q.add("SELECT t.state AS state FROM tickets t WHERE "+part+touched+" AND (t.brand_id = ?) IS TRUE AND ", brand).visible(a)
	}
	q.add(") living GROUP BY state")
	var s InState
	err = tx.each([]any{&s.State, &s.Tickets}, func() error { all = append(all, s); return nil }, q.String(), q.args...)
	return all, err
}

// Due is the time that a ticket's inbox line shows.
type Due struct {
	Ticket   int64
	At       time.Time
	Strength promise.Strength
}

// DueUntil returns what a brand's tickets have due until then, what is late before all, the oldest first.
func (tx *Tx) DueUntil(a access.Actor, brand int64, until time.Time) (all []Due, err error) {
	q := (&query{}).add("SELECT t.id, t.due_at, t.due_strength FROM tickets t WHERE t.due_at IS NOT NULL AND "+alive+" AND t.due_at <= ?", until)
	q.add(" AND (t.brand_id = ?) IS TRUE AND ", brand).visible(a).add(" ORDER BY t.due_at, t.id LIMIT ?", mostOwed)
	var d Due
	err = tx.each([]any{&d.Ticket, &d.At, &d.Strength}, func() error { all = append(all, d); return nil }, q.String(), q.args...)
	return all, err
}

// LongestWaiting is the ticket that has waited longest for us, and since when; 0 when none does.
func (tx *Tx) LongestWaiting(a access.Actor, brand int64) (id int64, since time.Time, err error) {
	q := (&query{}).add("SELECT t.id, t.since FROM tickets t WHERE "+working+touched+" AND (t.brand_id = ?) IS TRUE AND ", brand).visible(a)
	q.add(" ORDER BY t.since, t.id LIMIT 1")
	_, err = tx.get([]any{&id, &since}, q.String(), q.args...)
	return id, since, err
}
