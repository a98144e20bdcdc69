package store

import (
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/promise"
	"hark/ticket"
)

// Ticket returns one ticket as the actor may see it: [fault.NotFound] when it is absent or none of theirs. A customer's
// copy lacks what is the desk's own business: tags, followers, the external id.
func (tx *Tx) Ticket(a access.Actor, id int64) (ticket.Ticket, error) {
	q := (&query{}).add(selectTicket+`WHERE t.id = ? AND `, id).visible(a)
	t, err := tx.ticket(q)
	if err == nil && !a.Staff() {
		t.Tags, t.Followers, t.ExternalID = nil, nil, ""
	}
	return t, err
}

// TicketForUpdate returns one ticket and keeps every other transaction from changing it until this one ends. Whoever
// changes a ticket begins with this.
func (tx *Tx) TicketForUpdate(id int64) (ticket.Ticket, error) {
	return tx.ticket((&query{}).add(selectTicket+`WHERE t.id = ?`, id).lock(tx, "OF t"))
}

const selectTicket = `
	SELECT
		t.id,
		t.subject,
		t.kind,
		t.state,
		t.category,
		t.priority,
		t.requester_id, r.email, r.name,
		t.submitter_id, s.email, s.name,
		t.assignee_id, a.email, a.name,
		t.team_id,
		t.organization_id,
		t.brand_id,
		t.channel,
		t.external_id,
		t.fields,
		t.follow_up_of,
		t.followed_by,
		t.policy_id,
		t.facts,
		t.memory,
		t.created_at,
		t.updated_at
	FROM tickets t
	JOIN people r ON r.id = t.requester_id
	LEFT JOIN people s ON s.id = t.submitter_id
	LEFT JOIN people a ON a.id = t.assignee_id
	`

func (tx *Tx) ticket(q *query) (t ticket.Ticket, err error) {
	found, err := tx.get([]any{
		&t.ID,
		&t.Subject,
		&t.Kind,
		&t.State,
		&t.Category,
		&t.Priority,
		&t.Requester.ID, &t.Requester.Address, &t.Requester.Name,
		&t.Submitter.ID, &t.Submitter.Address, &t.Submitter.Name,
		&t.Assignee.ID, &t.Assignee.Address, &t.Assignee.Name,
		&t.Group,
		&t.Organization,
		&t.Brand,
		&t.Channel,
		&t.ExternalID,
		outJSON{&t.Fields},
		&t.FollowUpOf,
		&t.FollowedBy,
		&t.Policy,
		outJSON{&t.Facts},
		outJSON{&t.Memory},
		&t.Created,
		&t.Updated,
	}, q.String(), q.args...)
	if err != nil {
		return t, err
	}
	if !found {
		return t, absent("ticket")
	}
	if t.Tags, err = tx.tags(t.ID); err != nil {
		return t, err
	}
	t.CCs, t.Followers, err = tx.participants(t.ID)
	return t, err
}

func (tx *Tx) tags(id int64) (tags []string, err error) {
	var tag string
	err = tx.each([]any{&tag}, func() error { tags = append(tags, tag); return nil }, `
		SELECT tag
		FROM ticket_tags
		WHERE ticket_id = $1
		ORDER BY position`, id)
	return tags, err
}

func (tx *Tx) participants(id int64) (ccs, followers []ticket.Person, err error) {
	var part string
	var p ticket.Person
	err = tx.each([]any{&part, &p.ID, &p.Address, &p.Name}, func() error {
		if part == "cc" {
			ccs = append(ccs, p)
		} else {
			followers = append(followers, p)
		}
		return nil
	}, `
		SELECT tp.part, p.id, p.email, p.name
		FROM ticket_people tp
		JOIN people p ON p.id = tp.person_id
		WHERE tp.ticket_id = $1
		ORDER BY tp.part, tp.position`, id)
	return ccs, followers, err
}

// InsertTicket stores a new ticket and sets its ID, which is its number. People may be named by address alone; the
// address must be known.
func (tx *Tx) InsertTicket(t *ticket.Ticket) error {
	row, err := tx.row(t)
	if err != nil {
		return err
	}
	t.ID, err = tx.insert(`
		INSERT INTO tickets (
			subject, kind, state, category, priority,
			requester_id, submitter_id, assignee_id, team_id, organization_id, brand_id,
			channel, external_id, fields, follow_up_of, followed_by, policy_id,
			facts, memory, created_at, updated_at, since, next_at,
			due_at, warn_at, due_strength, due_rule, first_reply_at, first_responder, level, reopened, route,
			clause, clause_at, topic)
		VALUES (
			$1, $2, $3, $4, $5,
			$6, $7, $8, $9, $10, $11,
			$12, $13, $14, $15, $16, $17,
			$18, $19, $20, $21, $22, $23,
			$24, $25, $26, $27, $28, $29, $30, $31, $32,
			$33, $34, $35)
		RETURNING id`, row...)
	if err != nil {
		return err
	}
	if err := tx.saveTags(t.ID, nil, t.Tags); err != nil {
		return err
	}
	if err := tx.saveGiven(t, nil, t.Ledger()); err != nil {
		return err
	}
	tx.concerned(t)
	return tx.saveParticipants(t, nil, nil)
}

// SaveTicket stores the ticket as it is now, with everything derived from it: when the policy wants to be asked again,
// the target the inbox shows, and its lines in the ledger.
func (tx *Tx) SaveTicket(t *ticket.Ticket) error {
	row, err := tx.row(t)
	if err != nil {
		return err
	}
	var subject string
	var requester int64
	if _, err := tx.get([]any{&subject, &requester}, `SELECT subject, requester_id FROM tickets WHERE id = $1`, t.ID); err != nil {
		return err
	}
	n, err := tx.exec(`
		UPDATE tickets SET
			subject = $1, kind = $2, state = $3, category = $4, priority = $5,
			requester_id = $6, submitter_id = $7, assignee_id = $8, team_id = $9, organization_id = $10, brand_id = $11,
			channel = $12, external_id = $13, fields = $14, follow_up_of = $15, followed_by = $16, policy_id = $17,
			facts = $18, memory = $19, created_at = $20, updated_at = $21, since = $22, next_at = $23,
			due_at = $24, warn_at = $25, due_strength = $26, due_rule = $27, first_reply_at = $28, first_responder = $29, level = $30, reopened = $31, route = $32,
			clause = $33, clause_at = $34, topic = $35
		WHERE id = $36`, append(row, t.ID)...)
	if err != nil {
		return err
	}
	if n == 0 {
		return absent("ticket")
	}
	tx.concerned(t)
	tags, err := tx.tags(t.ID)
	if err != nil {
		return err
	}
	if err := tx.saveTags(t.ID, tags, t.Tags); err != nil {
		return err
	}
	if err := tx.keepLedger(t); err != nil {
		return err
	}
	ccs, followers, err := tx.participants(t.ID)
	if err != nil {
		return err
	}
	if err := tx.saveParticipants(t, ccs, followers); err != nil {
		return err
	}
	if subject == t.Subject && requester == t.Requester.ID {
		return nil
	}
	return tx.reindex(t.ID)
}

// row is the ticket's columns in the order of InsertTicket and SaveTicket.
func (tx *Tx) row(t *ticket.Ticket) ([]any, error) {
	for _, p := range []*ticket.Person{&t.Requester, &t.Submitter, &t.Assignee} {
		if err := tx.identify(p); err != nil {
			return nil, err
		}
	}
	if t.Requester.ID == 0 {
		return nil, fault.New(fault.Invalid, "a ticket needs a requester")
	}
	due := shownTarget(t)
	clause, decided := t.Clause()
	since := t.Memory.Entered
	if since.IsZero() {
		since = t.Created
	}
	return []any{
		t.Subject,
		t.Kind,
		t.State,
		t.Category,
		t.Priority,
		ref(t.Requester.ID),
		ref(t.Submitter.ID),
		ref(t.Assignee.ID),
		ref(t.Group),
		ref(t.Organization),
		ref(t.Brand),
		t.Channel,
		t.ExternalID,
		inJSON{t.Fields},
		ref(t.FollowUpOf),
		ref(t.FollowedBy),
		ref(t.Policy),
		inJSON{t.Facts},
		inJSON{t.Memory},
		t.Created,
		t.Updated,
		since,
		t.Next(),
		due.Due,
		warnAt(due),
		absentWhenEmpty(string(due.Strength)),
		absentWhenEmpty(due.Rule),
		t.Memory.FirstReply,
		t.Memory.FirstResponder,
		t.Memory.Level,
		t.Memory.Reopened,
		t.Memory.Route,
		clause,
		decided,
		t.Topic(),
	}, nil
}

func absentWhenEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// identify fills in the id of a person who is known by address alone.
func (tx *Tx) identify(p *ticket.Person) error {
	if p.ID != 0 || p.Address == "" {
		return nil
	}
	known, err := tx.PersonByAddress(p.Address)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "nobody here has the address %s; add the person first", p.Address)
	}
	p.ID, p.Name = known.ID, known.Name
	return err
}

var byStrength = []promise.Strength{promise.Promise, promise.Aim, promise.Usual, promise.Unstated}

// shownTarget picks the one running target an inbox row shows: the strongest, and of those the soonest.
func shownTarget(t *ticket.Ticket) (shown promise.Target) {
	if t.Category == ticket.Closed {
		return shown
	}
	for _, target := range t.Memory.Targets {
		if !target.Owed() || target.Due.IsZero() {
			continue
		}
		stronger := slices.Index(byStrength, target.Strength) - slices.Index(byStrength, shown.Strength)
		if shown.Due.IsZero() || stronger < 0 || stronger == 0 && target.Due.Before(shown.Due) {
			shown = target
		}
	}
	return shown
}

// warnAt is when a target deserves attention: where the policy says so, and else when a quarter of the time is left.
func warnAt(t promise.Target) time.Time {
	if t.Due.IsZero() || !t.Warn.IsZero() {
		return t.Warn
	}
	return t.Due.Add(-t.Due.Sub(t.Started) / 4)
}

func (tx *Tx) saveTags(id int64, before, after []string) error {
	if slices.Equal(before, after) {
		return nil
	}
	if len(before) > 0 {
		if _, err := tx.exec(`DELETE FROM ticket_tags WHERE ticket_id = $1`, id); err != nil {
			return err
		}
	}
	for i, tag := range after {
		_, err := tx.exec(`
			INSERT INTO ticket_tags (ticket_id, tag, position)
			VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, id, tag, i)
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) saveParticipants(t *ticket.Ticket, ccs, followers []ticket.Person) error {
	if err := tx.saveParts(t.ID, "cc", ccs, t.CCs); err != nil {
		return err
	}
	return tx.saveParts(t.ID, "follower", followers, t.Followers)
}

func (tx *Tx) saveParts(id int64, part string, before, after []ticket.Person) error {
	for i := range after {
		if err := tx.identify(&after[i]); err != nil {
			return err
		}
	}
	same := func(a, b ticket.Person) bool { return a.ID == b.ID }
	if slices.EqualFunc(before, after, same) {
		return nil
	}
	if _, err := tx.exec(`DELETE FROM ticket_people WHERE ticket_id = $1 AND part = $2`, id, part); err != nil {
		return err
	}
	for i, p := range after {
		_, err := tx.exec(`
			INSERT INTO ticket_people (ticket_id, person_id, part, position)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, id, p.ID, part, i)
		if err != nil {
			return err
		}
	}
	return nil
}

// ImportedTicket returns the id of the ticket that was brought in under that name of another program, 0 when there is none.
func (tx *Tx) ImportedTicket(external string) (id int64, err error) {
	_, err = tx.get([]any{&id}, `
		SELECT id
		FROM tickets
		WHERE external_id = $1 AND external_id <> '' AND channel = 'import'
		ORDER BY id
		LIMIT 1`, external)
	return id, err
}

// DueTickets returns tickets whose policy wants to be asked, the longest waiting first. What another transaction
// has in hand on PostgreSQL just now is left out. Two nodes may still be given the same; [Tx.TicketForUpdate] says which of them is second.
func (tx *Tx) DueTickets(now time.Time, limit int) ([]int64, error) {
	q := (&query{}).add(`
		SELECT id
		FROM tickets
		WHERE next_at <= ?`, now)
	q.add(`
		ORDER BY next_at, id
		LIMIT ?`, limit).lock(tx, "SKIP LOCKED")
	return tx.ids(q.String(), q.args...)
}

// NextDue returns when the next ticket wants to be asked, or the zero time when none does.
func (tx *Tx) NextDue() (at time.Time, err error) {
	_, err = tx.get([]any{&at}, `
		SELECT next_at
		FROM tickets
		WHERE next_at IS NOT NULL
		ORDER BY next_at
		LIMIT 1`)
	return at, err
}

// OpenFollowUp returns the id of the newest ticket that continues this one and is not closed, or 0.
func (tx *Tx) OpenFollowUp(of int64) (id int64, err error) {
	_, err = tx.get([]any{&id}, `
		SELECT id
		FROM tickets
		WHERE follow_up_of = $1 AND category <> 'closed'
		ORDER BY id DESC
		LIMIT 1`, of)
	return id, err
}

// Unread reports whether the customer has written since the person last saw the ticket.
func (tx *Tx) Unread(ticketID, personID int64) (unread bool, err error) {
	_, err = tx.get([]any{&unread}, `
		SELECT t.customer_at IS NOT NULL AND t.customer_at > coalesce(d.read_at, 0)
		FROM tickets t
		LEFT JOIN ticket_reads d ON d.ticket_id = t.id AND d.person_id = $1
		WHERE t.id = $2`, personID, ticketID)
	return unread, err
}

// MarkRead remembers that the person has seen the ticket as it is at that time.
func (tx *Tx) MarkRead(ticketID, personID int64, at time.Time) error {
	_, err := tx.exec(`
		INSERT INTO ticket_reads (ticket_id, person_id, read_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (ticket_id, person_id) DO UPDATE SET read_at = excluded.read_at`, ticketID, personID, at)
	return err
}
