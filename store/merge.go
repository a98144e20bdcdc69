package store

import (
	"strconv"
	"time"

	"hark/access"
	"hark/account"
	"hark/ticket"
)

// Two records of one customer become one. Whatever named the one that goes names the one that stays afterwards, in one transaction; the
// row of the one that goes remains as a signpost without an address, and is suspended, so that every door that asks for that stays shut.
//
// A link that was signed for them before names a ticket and their number. It goes on opening the tickets in which they took part then,
// which merged_tickets keeps, and no ticket of the one that stays (threat B3).

// moves hand over what belongs to $2 to $1. What both have stays as $1 has it.
var moves = []string{
	`UPDATE tickets SET requester_id = $1 WHERE requester_id = $2`,
	`UPDATE tickets SET submitter_id = $1 WHERE submitter_id = $2 AND id IN (SELECT ticket_id FROM merged_tickets WHERE person_id = $2)`,
	`UPDATE ticket_people SET person_id = $1 WHERE person_id = $2 AND ticket_id NOT IN (SELECT ticket_id FROM ticket_people WHERE person_id = $1)`,
	`UPDATE comments SET author_id = $1 WHERE author_id = $2 AND ticket_id IN (SELECT ticket_id FROM merged_tickets WHERE person_id = $2)`,
	`UPDATE audits SET author_id = $1 WHERE author_id = $2 AND ticket_id IN (SELECT ticket_id FROM merged_tickets WHERE person_id = $2)`,
	`UPDATE calls SET guest_id = $1 WHERE guest_id = $2 AND ticket_id IN (SELECT ticket_id FROM merged_tickets WHERE person_id = $2)`,
	`UPDATE orders SET person_id = $1 WHERE person_id = $2`,
	`UPDATE licences SET person_id = $1 WHERE person_id = $2`,
	`UPDATE subscriptions SET person_id = $1 WHERE person_id = $2`,
	`UPDATE projects SET person_id = $1 WHERE person_id = $2`,
	`UPDATE evaluations SET person_id = $1 WHERE person_id = $2 AND product_id NOT IN (SELECT product_id FROM evaluations WHERE person_id = $1)`,
	`UPDATE contact_methods SET person_id = $1 WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM contact_methods c WHERE c.person_id = $1 AND c.kind = contact_methods.kind AND c.value = contact_methods.value)`,
	`UPDATE decisions SET person_id = $1 WHERE person_id = $2`,
	// Who is on the line proved to be the one; as the other they have only said so.
	`UPDATE phone_calls SET person_id = $1, sure_by = CASE WHEN state IN ('recorded', 'missed') THEN sure_by ELSE '' END,
		grade = CASE WHEN state IN ('recorded', 'missed') OR grade = '' THEN grade ELSE 'claimed' END WHERE person_id = $2`,
	`UPDATE roadmap_votes SET person_id = $1 WHERE person_id = $2 AND card_id NOT IN (SELECT card_id FROM roadmap_votes WHERE person_id = $1)`,
	`UPDATE news_readers SET confirmed_at = (SELECT g.confirmed_at FROM news_readers g WHERE g.person_id = $2 AND g.brand_id = news_readers.brand_id)
		WHERE person_id = $1 AND confirmed_at IS NULL AND brand_id IN (SELECT brand_id FROM news_readers WHERE person_id = $2)`,
	`UPDATE news_readers SET person_id = $1 WHERE person_id = $2 AND brand_id NOT IN (SELECT brand_id FROM news_readers WHERE person_id = $1)`,
	`UPDATE community_posts SET author_id = $1 WHERE author_id = $2`,
	`UPDATE community_wants SET person_id = $1 WHERE person_id = $2 AND thread_id NOT IN (SELECT thread_id FROM community_wants WHERE person_id = $1)`,
	`UPDATE community_reports SET person_id = $1 WHERE person_id = $2 AND post_id NOT IN (SELECT post_id FROM community_reports WHERE person_id = $1)`,
	`UPDATE article_comments SET author_id = $1 WHERE author_id = $2`,
	`UPDATE links SET person_id = $1 WHERE person_id = $2 AND purpose IN ('confirm', 'news-confirm') AND used_at IS NULL`,
	`UPDATE people SET merged_into = $1 WHERE merged_into = $2`,
}

// doubles are what $1, who goes, had as well as the one that stays.
var doubles = []string{
	`DELETE FROM ticket_people WHERE person_id = $1`,
	`DELETE FROM contact_methods WHERE person_id = $1`,
	`DELETE FROM roadmap_votes WHERE person_id = $1`,
	`DELETE FROM news_readers WHERE person_id = $1`,
	`DELETE FROM community_wants WHERE person_id = $1`,
	`DELETE FROM community_reports WHERE person_id = $1`,
	`DELETE FROM sessions WHERE person_id = $1`,
	`DELETE FROM addresses WHERE person_id = $1`,
}

// MergePeople makes what belongs to one customer belong to another, stays, who is saved as they are given: with the addresses of both,
// those of the other since now.
// It returns the tickets that moved. Whether the two may be merged is for the caller to know.
func (tx *Tx) MergePeople(stays *account.Person, goes int64, now time.Time) (moved []int64, err error) {
	if err = tx.keepSignpost(goes, stays.ID, now); err != nil {
		return nil, err
	}
	if moved, err = tx.moveAll(stays.ID, goes); err != nil {
		return nil, err
	}
	tx.rightsChanged(stays.ID, goes)
	if err := tx.SaveReaddressed(stays, now); err != nil {
		return nil, err
	}
	return moved, tx.reindexOf(stays.ID)
}

// keepSignpost leaves of somebody's row what leads on. It comes first: on PostgreSQL it waits for whatever is just being written to them.
func (tx *Tx) keepSignpost(goes, stays int64, now time.Time) error {
	return tx.foundBy(personSubject, &goes, func() error {
		_, err := tx.exec(`
			UPDATE people SET merged_into = $1, merged_at = $2, email = $3, name = CASE WHEN name = '' THEN email ELSE name END,
				suspended = $4, password = NULL, second_factor = NULL, organization_id = NULL
			WHERE id = $5`, stays, now, "merged:"+strconv.FormatInt(goes, 10), true, goes)
		return err
	})
}

func (tx *Tx) moveAll(stays, goes int64) (moved []int64, err error) {
	if moved, err = tx.noteTickets(goes); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return tx.moveEvaluations(stays, goes) },
		func() error { return tx.moveArticleVotes(stays, goes) },
		func() error { return tx.run(moves, stays, goes) },
		func() error { return tx.foundBy(personSubject, &goes, func() error { return tx.run(doubles, goes) }) },
		func() error { return tx.uncopyRequester(stays) },
		func() error { return tx.recountReporters(goes) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, id := range moved {
		tx.Changed(id)
	}
	return moved, nil
}

func (tx *Tx) run(statements []string, args ...any) error {
	for _, sql := range statements {
		if _, err := tx.exec(sql, args...); err != nil {
			return err
		}
	}
	return nil
}

// noteTickets keeps in which tickets somebody takes part, and returns them.
func (tx *Tx) noteTickets(person int64) ([]int64, error) {
	const part = `
		SELECT requester_id, id FROM tickets WHERE requester_id = $1
		UNION
		SELECT person_id, ticket_id FROM ticket_people WHERE person_id = $1 AND part = 'cc'`
	if _, err := tx.exec(`INSERT INTO merged_tickets (person_id, ticket_id)`+part+` ON CONFLICT DO NOTHING`, person); err != nil {
		return nil, err
	}
	return tx.ids(`SELECT ticket_id FROM merged_tickets WHERE person_id = $1 ORDER BY ticket_id`, person)
}

// AuditMerged adds one audit to every ticket in which somebody took part who was merged. They can be many, so it is one statement.
func (tx *Tx) AuditMerged(goes int64, audit ticket.Audit) error {
	_, err := tx.exec(`
		INSERT INTO audits (ticket_id, author_id, at, via, events)
		SELECT m.ticket_id, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT)
		FROM merged_tickets m
		WHERE m.person_id = $5
		ORDER BY m.ticket_id`, ref(audit.Author.ID), audit.At, audit.Via, inJSON{audit.Events}, goes)
	return err
}

// uncopyRequester takes the requester of a ticket off its copies.
func (tx *Tx) uncopyRequester(person int64) error {
	_, err := tx.exec(`DELETE FROM ticket_people WHERE person_id = $1 AND part = 'cc' AND ticket_id IN (SELECT id FROM tickets WHERE requester_id = $1)`, person)
	return err
}

// moveEvaluations lets the earlier of two evaluations of one product count, and everything that was about the other be about it.
func (tx *Tx) moveEvaluations(stays, goes int64) error {
	type pair struct {
		kept, gone int64
		began      string
	}
	var p pair
	var pairs []pair
	err := tx.each([]any{&p.kept, &p.gone, &p.began}, func() error { pairs = append(pairs, p); return nil }, `
		SELECT s.id, g.id, CASE WHEN g.began_on < s.began_on THEN g.began_on ELSE s.began_on END
		FROM evaluations s
		JOIN evaluations g ON g.product_id = s.product_id
		WHERE s.person_id = $1 AND g.person_id = $2`, stays, goes)
	for _, p := range pairs {
		if err == nil {
			err = tx.joinEvaluations(goes, p.kept, p.gone, p.began)
		}
	}
	return err
}

func (tx *Tx) joinEvaluations(person, kept, gone int64, began string) error {
	is, was := evaluationName(kept), evaluationName(gone)
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`UPDATE evaluations SET began_on = $1 WHERE id = $2`, []any{began, kept}},
		{`UPDATE tickets SET facts = REPLACE(facts, $1, $2) WHERE id IN (SELECT ticket_id FROM merged_tickets WHERE person_id = $3)`, []any{strconv.Quote(was), strconv.Quote(is), person}},
		{`UPDATE decisions SET about = $1 WHERE about = $2 AND person_id = $3`, []any{is, was, person}},
		{`UPDATE phone_calls SET about = $1 WHERE about = $2 AND person_id = $3`, []any{is, was, person}},
		{`DELETE FROM evaluations WHERE id = $1`, []any{gone}},
	} {
		if _, err := tx.exec(step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

func evaluationName(id int64) string {
	return account.About{Kind: account.AboutEvaluation, ID: id}.String()
}

// moveArticleVotes lets somebody's judgements of articles be the other's. Of an article that both judged, the judgement of the one that
// stays counts.
func (tx *Tx) moveArticleVotes(stays, goes int64) error {
	is, was := "person:"+strconv.FormatInt(stays, 10), "person:"+strconv.FormatInt(goes, 10)
	both, err := tx.ids(`SELECT article_id FROM article_votes WHERE reader = $1 AND article_id IN (SELECT article_id FROM article_votes WHERE reader = $2) ORDER BY article_id`, was, is)
	if err != nil {
		return err
	}
	for _, id := range both {
		if _, err := tx.exec(`DELETE FROM article_votes WHERE article_id = $1 AND reader = $2`, id, was); err != nil {
			return err
		}
		if err := tx.countVotes(id); err != nil {
			return err
		}
	}
	_, err = tx.exec(`UPDATE article_votes SET reader = $1 WHERE reader = $2`, is, was)
	return err
}

// recountReporters counts the people again who have reported the known problems of somebody's tickets: two of them are one now.
func (tx *Tx) recountReporters(person int64) error {
	issues, err := tx.ids(`SELECT DISTINCT l.issue_id FROM issue_tickets l JOIN merged_tickets m ON m.ticket_id = l.ticket_id WHERE m.person_id = $1 ORDER BY l.issue_id`, person)
	for _, id := range issues {
		if err == nil {
			err = tx.CountReporters(id)
		}
	}
	return err
}

// FollowMerges hands over what was being written to somebody at the moment in which they were merged, and so came a moment late. It looks
// at merges since then.
func (tx *Tx) FollowMerges(since time.Time) error {
	type merge struct{ goes, stays int64 }
	var m merge
	var all []merge
	err := tx.each([]any{&m.goes, &m.stays}, func() error { all = append(all, m); return nil },
		`SELECT id, merged_into FROM people WHERE merged_into IS NOT NULL AND merged_at > $1 AND (
			EXISTS (SELECT 1 FROM tickets t WHERE t.requester_id = people.id) OR EXISTS (SELECT 1 FROM ticket_people c WHERE c.person_id = people.id)) ORDER BY id`, since)
	for _, m := range all {
		if err == nil {
			_, err = tx.moveAll(m.stays, m.goes)
		}
	}
	return err
}

// MergedInto returns who holds the link to a ticket that was made for somebody: themselves, or who they are now, when they took part in
// that ticket while they were merged; 0 when nobody does.
func (tx *Tx) MergedInto(person, ticketID int64) (is int64, err error) {
	_, err = tx.get([]any{&is}, `
		SELECT p.merged_into
		FROM people p
		JOIN merged_tickets m ON m.person_id = p.id
		WHERE p.id = $1 AND m.ticket_id = $2`, person, ticketID)
	return is, err
}

// MergedPeople returns the numbers that somebody had before records were merged.
func (tx *Tx) MergedPeople(person int64) ([]int64, error) {
	return tx.ids(`SELECT id FROM people WHERE merged_into = $1 ORDER BY id`, person)
}

// Holdings is how much belongs to a customer, counted before two are merged.
type Holdings struct {
	Tickets, Copies, Hidden   int64 // theirs, those they are copied on, and those of both that the actor may not see
	Calls, Telephone          int64 // booked ones to come, and on the telephone
	Votes, Wants, Posts, News int64 // on the roadmap and in the community; letters they get
	Sessions                  int64 // browsers that are signed in
}

// Holdings counts what belongs to a customer.
func (tx *Tx) Holdings(a access.Actor, person int64, now time.Time) (h Holdings, err error) {
	_, err = tx.get([]any{&h.Tickets, &h.Copies, &h.Calls, &h.Telephone, &h.Votes, &h.Wants, &h.Posts, &h.News, &h.Sessions}, `
		SELECT
			(SELECT count(*) FROM tickets WHERE requester_id = $1),
			(SELECT count(*) FROM ticket_people WHERE person_id = $1 AND part = 'cc'),
			(SELECT count(*) FROM calls c JOIN tickets t ON t.id = c.ticket_id WHERE t.requester_id = $1 AND c.guest_id = $1 AND c.state = 'booked'),
			(SELECT count(*) FROM phone_calls WHERE person_id = $1),
			(SELECT count(*) FROM roadmap_votes WHERE person_id = $1),
			(SELECT count(*) FROM community_wants WHERE person_id = $1),
			(SELECT count(*) FROM community_posts WHERE author_id = $1),
			(SELECT count(*) FROM news_readers WHERE person_id = $1 AND confirmed_at IS NOT NULL),
			(SELECT count(*) FROM sessions WHERE person_id = $1 AND expires_at > $2)`, person, now)
	if err != nil {
		return h, err
	}
	q := (&query{}).add(`
		SELECT count(*)
		FROM tickets t
		WHERE t.id IN (
			SELECT id FROM tickets WHERE requester_id = ?`, person).add(`
			UNION ALL
			SELECT ticket_id FROM ticket_people WHERE person_id = ? AND part = 'cc') AND NOT (`, person).visible(a).add(")")
	_, err = tx.get([]any{&h.Hidden}, q.String(), q.args...)
	return h, err
}
