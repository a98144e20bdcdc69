package store

import (
	"time"

	"hark/access"
	"hark/promise"
	"hark/ticket"
)

// View is a list of tickets with its own order.
type View string

const (
	Next       View = "next"       // what this agent should do, in that order; each row says why
	Mine       View = "mine"       // assigned to me and not done
	Team       View = "team"       // waits for an agent, in my groups
	Unassigned View = "unassigned" // waits for an agent and has none, oldest first
	Waiting    View = "waiting"    // waits for a customer or for something else
	All        View = "all"        // everything the actor may see, newest change first
	Queue      View = "queue"      // waits for an agent where the policy's routing sent it, the oldest first
	Later      View = "later"      // what I mean to answer later, the longest waiting first
	Requester  View = "requester"  // all tickets of Filter.Requester
)

// Filter says which tickets a list shows. The zero value shows all that the actor may see.
type Filter struct {
	View      View
	Category  ticket.Category
	Group     int64
	Assignee  int64
	Kind      string
	Topic     string
	Tag       string
	Route     string // of a Queue: whom the policy's routing chose
	Unseen    bool   // of a Queue: only cases that nobody has reviewed
	Requester int64
	Brand     int64
	Query     string    // what somebody typed: words and operators, see [Tx.Search]
	Now       time.Time // for Next: which warnings have been reached
	After     string    // Page.Next of the page before
	Limit     int       // 50 when 0, never more than 200

	operators []operator // of Query
}

// Row is what one line of an inbox shows.
type Row struct {
	ID           int64
	Brand        int64 // whose words its state and kind have
	Subject      string
	Snippet      string // how the customer's newest message begins
	Requester    ticket.Person
	Organization string
	Kind         string
	State        string
	Category     ticket.Category
	Priority     string
	Assignee     ticket.Person
	Group        int64
	Due          time.Time // zero when nothing is due
	Warn         time.Time // from here it deserves attention
	Strength     promise.Strength
	Rule         string
	Channel      string
	Comments     int64
	Unread       bool  // the customer wrote since the actor last looked
	Held         int64 // strangers' mails that wait for a decision; always 0 for customers
	Since        time.Time
	Created      time.Time
	Updated      time.Time
	Reason       string // Next: "promise", "reply", "due" or "unassigned"
	Comment      int64  // Search: the comment that was found
	Later        bool   // on the actor's own pile; the desk says so, see [Tx.Pile]
}

// stage is one part of a view: rows that satisfy where, in the order of column. A ticket is in the first stage that
// fits and in no other.
type stage struct {
	reason string
	where  func(q *query, a access.Actor, f Filter)
	column string
	desc   bool
	wide   bool // reaches over all years, so that an agent of a small group would walk past everybody else's
}

func (s stage) direction() string {
	if s.desc {
		return " DESC"
	}
	return ""
}

// The literal text of these conditions is that of the partial indexes in the migrations; SQLite uses such an index only
// when the query repeats its condition.
const (
	alive   = "t.category NOT IN ('solved', 'closed')"
	working = "t.category IN ('new', 'open')"
	resting = "t.category IN ('pending', 'hold')"
)

var views = map[View][]stage{
	Next: {
		{reason: "promise", where: promised, column: "due_at"},
		{reason: "reply", where: replied, column: "since"},
		{reason: "due", where: dueSoon, column: "due_at"},
		{reason: "unassigned", where: unassigned, column: "since"},
	},
	Mine:       {{where: mine, column: "since", desc: true}},
	Team:       {{where: team, column: "updated_at", desc: true}},
	Unassigned: {{where: unassigned, column: "since"}},
	Waiting:    {{where: waiting, column: "updated_at", desc: true}},
	All:        {{where: everything, column: "updated_at", desc: true, wide: true}},
	Queue:      {{where: queued, column: "since"}},
	Later:      {{where: piled, column: "since"}},
	Requester:  {{where: everything, column: "updated_at", desc: true}},
}

func promised(q *query, a access.Actor, f Filter) {
	q.add("t.due_strength = 'promise' AND " + alive + " AND ").reached(f.Now).add(" AND ").concerns(a)
}

func replied(q *query, a access.Actor, f Filter) {
	q.add(alive+" AND t.category = 'open' AND t.assignee_id = ?", a.Person)
}

func dueSoon(q *query, a access.Actor, f Filter) {
	q.add("t.due_at IS NOT NULL AND " + alive + " AND ").reached(f.Now).add(" AND ").concerns(a)
}

func unassigned(q *query, a access.Actor, f Filter) {
	q.add("t.assignee_id IS NULL AND " + working + " AND ").ours(a)
}

func mine(q *query, a access.Actor, f Filter)    { q.add(alive+" AND t.assignee_id = ?", a.Person) }
func team(q *query, a access.Actor, f Filter)    { q.add(working + " AND ").ours(a) }
func waiting(q *query, a access.Actor, f Filter) { q.add(resting) }
func queued(q *query, _ access.Actor, f Filter) {
	q.add(working)
	if f.Route != "" {
		q.add(" AND t.route = ?", f.Route)
	}
	if f.Unseen {
		q.add(" AND NOT EXISTS (SELECT 1 FROM procedure_runs r WHERE r.ticket_id = t.id AND r.ended <> '')")
	}
}
func piled(q *query, a access.Actor, _ Filter) {
	q.add(alive+" AND t.id IN (SELECT ticket_id FROM reply_later WHERE person_id = ?)", own(a))
}
func everything(q *query, _ access.Actor, _ Filter) { q.add("1 = 1") }

// reached is true from a target's warning on.
func (q *query) reached(now time.Time) *query {
	if now.IsZero() {
		return q.add("t.warn_at IS NOT NULL")
	}
	return q.add("t.warn_at <= ?", now)
}

// ours is true for tickets of the actor's groups and of no group. An administrator who is in no group looks after all.
func (q *query) ours(a access.Actor) *query {
	if a.Desk || a.Role == access.Admin && len(a.Groups) == 0 {
		return q.add("1 = 1")
	}
	return q.add("((t.team_id IS NULL OR ").in("t.team_id", a.Groups).add(") IS TRUE)")
}

// concerns is true for the actor's own tickets and for those of their groups that nobody has taken.
func (q *query) concerns(a access.Actor) *query {
	return q.add("((t.assignee_id = ? OR t.assignee_id IS NULL AND ", a.Person).ours(a).add(") IS TRUE)")
}

// Tickets returns one page of what the filter asks for and the actor may see.
func (tx *Tx) Tickets(a access.Actor, f Filter) (page Page[Row], err error) {
	if f.Query != "" {
		s, err := parseSearch(f.Query)
		if err != nil {
			return page, err
		}
		if f.operators = s.operators; len(s.operators) == 0 || len(s.words) > 0 {
			return tx.found(a, f, s)
		}
	}
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	limit := limit(f.Limit)
	stages := stagesOf(f.View)
	var rows []Row
	var ends []cursor
	for s := at.Stage; s < len(stages) && len(rows) <= limit; s++ {
		q := (&query{}).stage(a, f, s, at, limit+1-len(rows))
		more, keys, err := tx.rows(a, q, stages[s].direction())
		if err != nil {
			return page, err
		}
		for i, row := range more {
			row.Reason = stages[s].reason
			rows = append(rows, row)
			ends = append(ends, cursor{Stage: s, Key: keys[i], ID: row.ID})
		}
		at = cursor{}
	}
	page.Items = rows
	if len(rows) > limit {
		page.Items, page.Next = rows[:limit], ends[limit-1].String()
	}
	return page, nil
}

func stagesOf(v View) []stage {
	if stages := views[v]; stages != nil {
		return stages
	}
	return views[All]
}

// stage appends the ids and sort keys of one stage of a view, at most n of them after the cursor.
//
// For an agent a wide stage takes the first n for each reason they may see a ticket, and the first n of those: each
// reason has an index in the order of the list, and all of them together have none.
func (q *query) stage(a access.Actor, f Filter, number int, after cursor, n int) *query {
	s := stagesOf(f.View)[number]
	if !s.wide || a.Desk || a.Ticket != 0 || !a.Staff() || a.Role == access.Admin {
		return q.top(a, f, number, after, n, func(q *query) { q.visible(a) })
	}
	q.add("SELECT id, sort_key FROM (")
	for i, way := range ways(a) {
		if i > 0 {
			q.add(" UNION ")
		}
		q.add("SELECT id, sort_key FROM (").top(a, f, number, after, n, way).add(") way")
	}
	return q.add(") ways ORDER BY sort_key" + s.direction() + ", id" + s.direction()).first(n)
}

// top appends the first n tickets of a stage after the cursor, of those that are seen.
func (q *query) top(a access.Actor, f Filter, number int, after cursor, n int, seen func(*query)) *query {
	s := stagesOf(f.View)[number]
	key, direction, beyond := "t."+s.column, s.direction(), ">"
	if s.desc {
		beyond = "<"
	}
	if few(a) {
		key += " + 0" // so that SQLite starts from the actor's own tickets and not from the newest of all
	}
	q.add("SELECT t.id, t." + s.column + " AS sort_key FROM tickets t WHERE ")
	seen(q)
	q.members(a, f, number)
	if after.ID != 0 {
		q.add(" AND ("+key+", t.id) "+beyond+" (?, ?)", after.Key, after.ID)
	}
	return q.add(" ORDER BY " + key + direction + ", t.id" + direction).first(n)
}

// members appends what a stage holds and what the filter asks of it.
func (q *query) members(a access.Actor, f Filter, number int) *query {
	stages := stagesOf(f.View)
	q.add(" AND ")
	stages[number].where(q, a, f)
	for _, earlier := range stages[:number] {
		q.add(" AND (")
		earlier.where(q, a, f)
		q.add(") IS NOT TRUE")
	}
	return q.filter(a, f)
}

func (q *query) filter(a access.Actor, f Filter) *query {
	and := func(condition string, value any) {
		if few(a) {
			condition = "(" + condition + ") IS TRUE" // not by this column's index: begin with the actor's own tickets
		}
		q.add(" AND "+condition, value)
	}
	if f.Category != "" {
		and(shelf(f.Category)+"t.category = ?", string(f.Category))
	}
	if f.Group != 0 {
		and("t.team_id = ?", f.Group)
	}
	if f.Assignee != 0 {
		and("t.assignee_id = ?", f.Assignee)
	}
	if f.Kind != "" {
		and("t.kind = ?", f.Kind)
	}
	if f.Topic != "" {
		and("t.topic <> '' AND t.topic = ?", f.Topic)
	}
	if f.Tag != "" {
		and("t.id IN (SELECT ticket_id FROM ticket_tags WHERE tag = ?)", f.Tag)
	}
	if f.Requester != 0 || f.View == Requester {
		and("t.requester_id = ?", f.Requester)
	}
	if f.Brand != 0 {
		and("t.brand_id = ?", f.Brand)
	}
	for _, o := range f.operators {
		o.where(q.add(" AND ("), a, o.value)
		q.add(")")
		if few(a) {
			q.add(" IS TRUE")
		}
	}
	return q
}

// shelves are the partial indexes that hold the tickets of a category. A database sees that one will do when the condition of
// the index stands in the query word by word.
var shelves = map[ticket.Category]string{
	ticket.New: working, ticket.Open: working, ticket.Pending: resting, ticket.Hold: resting, ticket.Solved: "t.category = 'solved'",
}

// shelf names the index of a category, for in front of what is asked of the category itself.
func shelf(c ticket.Category) string {
	if shelves[c] == "" {
		return "" // nearly all tickets are closed
	}
	return shelves[c] + " AND "
}

// rows reads what inbox lines show, for the ids and sort keys that page selects, in the given direction.
func (tx *Tx) rows(a access.Actor, page *query, direction string) (rows []Row, keys []int64, err error) {
	q := (&query{}).add("WITH page AS (")
	q.WriteString(page.String())
	q.args = append(q.args, page.args...)
	q.add(`)
		SELECT
			t.id,
			t.brand_id,
			t.subject,
			t.snippet,
			r.id, r.email, r.name,
			o.name,
			t.kind,
			t.state,
			t.category,
			t.priority,
			a.id, a.email, a.name,
			t.team_id,
			t.due_at,
			t.warn_at,
			t.due_strength,
			t.due_rule,
			t.channel,
			t.comments,
			t.customer_at IS NOT NULL AND t.customer_at > coalesce(d.read_at, 0),
			(SELECT count(*) FROM incoming i WHERE i.ticket_id = t.id AND i.state = 'held'),
			t.since,
			t.created_at,
			t.updated_at,
			page.sort_key
		FROM page
		JOIN tickets t ON t.id = page.id
		JOIN people r ON r.id = t.requester_id
		LEFT JOIN people a ON a.id = t.assignee_id
		LEFT JOIN organizations o ON o.id = t.organization_id
		LEFT JOIN ticket_reads d ON d.ticket_id = t.id AND d.person_id = ?
		ORDER BY page.sort_key`+direction+`, page.id`+direction, a.Person)
	var row Row
	var key int64
	err = tx.each([]any{
		&row.ID,
		&row.Brand,
		&row.Subject,
		&row.Snippet,
		&row.Requester.ID, &row.Requester.Address, &row.Requester.Name,
		&row.Organization,
		&row.Kind,
		&row.State,
		&row.Category,
		&row.Priority,
		&row.Assignee.ID, &row.Assignee.Address, &row.Assignee.Name,
		&row.Group,
		&row.Due,
		&row.Warn,
		&row.Strength,
		&row.Rule,
		&row.Channel,
		&row.Comments,
		&row.Unread,
		&row.Held,
		&row.Since,
		&row.Created,
		&row.Updated,
		&key,
	}, func() error {
		if !a.Staff() {
			row.Held = 0
		}
		if !a.Staff() && row.Strength == promise.Unstated {
			row.Due, row.Warn, row.Strength, row.Rule = time.Time{}, time.Time{}, "", ""
		}
		rows, keys = append(rows, row), append(keys, key)
		return nil
	}, q.String(), q.args...)
	return rows, keys, err
}

// CountView counts a view as far as anybody wants to know, which is to a hundred.
func (tx *Tx) CountView(a access.Actor, f Filter) (n Count, err error) {
	if f.Query != "" {
		f.After, f.Limit = "", countedTo
		page, err := tx.Tickets(a, f)
		return Count(len(page.Items)), err
	}
	counts, err := tx.CountViews(a, f)
	return counts[0], err
}

// CountViews is CountView for several at once, in one statement. None of them is searched by words.
func (tx *Tx) CountViews(a access.Actor, filters ...Filter) ([]Count, error) {
	q := (&query{}).add("SELECT ")
	of, between := []int{}, ""
	for i, f := range filters {
		for s := range stagesOf(f.View) {
			q.add(between+"(SELECT count(*) FROM (").stage(a, f, s, cursor{}, countedTo).add(") counted)")
			of, between = append(of, i), ", "
		}
	}
	parts, dest := make([]int64, len(of)), make([]any, len(of))
	for i := range parts {
		dest[i] = &parts[i]
	}
	_, err := tx.get(dest, q.String(), q.args...)
	counts := make([]Count, len(filters))
	for i, n := range parts {
		counts[of[i]] = min(counts[of[i]]+Count(n), countedTo)
	}
	return counts, err
}

// TicketsOfRequester returns the person's tickets that the actor may see, newest change first.
func (tx *Tx) TicketsOfRequester(a access.Actor, person int64, limit int) ([]Row, error) {
	page, err := tx.Tickets(a, Filter{View: Requester, Requester: person, Limit: limit})
	return page.Items, err
}
