package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/ticket"
)

// AddComment stores a comment with its attachments and sets their ids. It counts it on the ticket, makes it findable,
// and, when a customer wrote it for all to see, shows how it begins in the inbox.
func (tx *Tx) AddComment(c *ticket.Comment) (err error) {
	if err := tx.identify(&c.Author); err != nil {
		return err
	}
	if err := tx.insertComment(c); err != nil {
		return err
	}
	for i := range c.Attachments {
		c.Attachments[i].Comment = c.ID
		if err := tx.addAttachment(&c.Attachments[i]); err != nil {
			return err
		}
	}
	if err := tx.countComment(c); err != nil {
		return err
	}
	return tx.index(c.ID)
}

// insertComment stores the row. On PostgreSQL its words are a column: added later, they would be a second copy of the row.
func (tx *Tx) insertComment(c *ticket.Comment) (err error) {
	column, value := "", ""
	args := []any{
		c.Ticket, ref(c.Audit), ref(c.Author.ID), c.Public,
		c.HTML, c.Text, c.Trimmed, c.Quoted,
		c.Automatic, c.Via, c.MessageID, ref(c.Mail),
		c.Unverified, c.ThirdParty, c.Created,
	}
	if tx.postgres() {
		heading, err := tx.heading(c.Ticket)
		if err != nil {
			return err
		}
		column, value, args = ", words", ", "+fmt.Sprintf(asWords, len(args)+1), append(args, words(heading+" "+shownText(*c)))
	}
	c.ID, err = tx.insert(`
		INSERT INTO comments (
			ticket_id, audit_id, author_id, public,
			html, text, trimmed, quoted,
			automatic, via, message_id, mail_id,
			unverified, third_party, created_at`+column+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15`+value+`)
		RETURNING id`, args...)
	return err
}

func (tx *Tx) addAttachment(f *ticket.Attachment) (err error) {
	f.ID, err = tx.insert(`
		INSERT INTO attachments (comment_id, name, type, size, sha256, inline, content_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, f.Comment, f.Name, f.Type, f.Size, f.SHA256, f.Inline, f.ContentID)
	return err
}

func (tx *Tx) countComment(c *ticket.Comment) error {
	if !c.Public {
		_, err := tx.exec(`UPDATE tickets SET comments = comments + 1 WHERE id = $1`, c.Ticket)
		return err
	}
	_, err := tx.exec(`
		UPDATE tickets SET
			comments = comments + 1,
			snippet = CASE WHEN p.role = 'customer' OR tickets.snippet = '' THEN $1 ELSE tickets.snippet END,
			customer_at = CASE WHEN p.role = 'customer' THEN $2 ELSE tickets.customer_at END
		FROM (SELECT coalesce((SELECT role FROM people WHERE id = $3), '') AS role) p
		WHERE tickets.id = $4`, snippet(shownText(*c)), c.Created.UnixMicro(), ref(c.Author.ID), c.Ticket)
	return err
}

// shownText is what people read first: without quoted mail, unless there is nothing else.
func shownText(c ticket.Comment) string {
	if strings.TrimSpace(c.Trimmed) != "" {
		return c.Trimmed
	}
	return c.Text
}

const snippetLength = 160

// snippet is the beginning of a text on one line.
func snippet(s string) string {
	if len(s) > 8*snippetLength {
		s = s[:8*snippetLength]
	}
	s = strings.Join(strings.Fields(clean(s)), " ")
	for i := range s {
		if utf8.RuneCountInString(s[:i]) == snippetLength {
			return s[:i] + "…"
		}
	}
	return s
}

// Comments returns a ticket's conversation, oldest first, with attachments. Whoever is not staff gets public comments
// only, and nothing at all of a ticket that is none of theirs.
func (tx *Tx) Comments(a access.Actor, ticketID int64) ([]ticket.Comment, error) {
	q := (&query{}).add(`
		SELECT
			c.id,
			c.ticket_id,
			c.audit_id,
			c.author_id, p.email, p.name,
			c.public,
			c.html,
			c.text,
			c.trimmed,
			c.quoted,
			c.automatic,
			c.via,
			c.message_id,
			c.mail_id,
			c.unverified,
			c.third_party,
			c.created_at
		FROM comments c
		JOIN tickets t ON t.id = c.ticket_id
		LEFT JOIN people p ON p.id = c.author_id
		WHERE c.ticket_id = ? AND `, ticketID).visible(a).public(a)
	q.add(" ORDER BY c.id")
	var c ticket.Comment
	var all []ticket.Comment
	err := tx.each([]any{
		&c.ID,
		&c.Ticket,
		&c.Audit,
		&c.Author.ID, &c.Author.Address, &c.Author.Name,
		&c.Public,
		&c.HTML,
		&c.Text,
		&c.Trimmed,
		&c.Quoted,
		&c.Automatic,
		&c.Via,
		&c.MessageID,
		&c.Mail,
		&c.Unverified,
		&c.ThirdParty,
		&c.Created,
	}, func() error { all = append(all, c); return nil }, q.String(), q.args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all, tx.attach(a, ticketID, all)
}

// public leaves internal comments to staff.
func (q *query) public(a access.Actor) *query {
	if a.Staff() {
		return q
	}
	return q.add(" AND c.public")
}

const selectAttachment = `
	SELECT
		f.id,
		f.comment_id,
		f.name,
		f.type,
		f.size,
		f.sha256,
		f.inline,
		f.content_id
	FROM attachments f
	JOIN comments c ON c.id = f.comment_id
	JOIN tickets t ON t.id = c.ticket_id
	`

func attachmentFields(f *ticket.Attachment) []any {
	return []any{
		&f.ID,
		&f.Comment,
		&f.Name,
		&f.Type,
		&f.Size,
		&f.SHA256,
		&f.Inline,
		&f.ContentID,
	}
}

func (tx *Tx) attach(a access.Actor, ticketID int64, comments []ticket.Comment) error {
	at := map[int64]int{}
	for i, c := range comments {
		at[c.ID] = i
	}
	var f ticket.Attachment
	q := (&query{}).add(selectAttachment+`WHERE c.ticket_id = ? AND `, ticketID).visible(a).public(a).add(" ORDER BY f.id")
	return tx.each(attachmentFields(&f), func() error {
		c := &comments[at[f.Comment]]
		c.Attachments = append(c.Attachments, f)
		return nil
	}, q.String(), q.args...)
}

// Attachment returns one file of a ticket. The file must belong to a comment of that very ticket that the actor may
// read; any other id is as good as absent.
func (tx *Tx) Attachment(a access.Actor, ticketID, id int64) (f ticket.Attachment, err error) {
	q := (&query{}).add(selectAttachment+`WHERE f.id = ? AND c.ticket_id = ? AND `, id, ticketID).visible(a).public(a)
	found, err := tx.get(attachmentFields(&f), q.String(), q.args...)
	if err == nil && !found {
		err = absent("file")
	}
	return f, err
}

// CommentByMessageID returns the comment that came or went out as that mail, and its ticket; zeros when there is none.
func (tx *Tx) CommentByMessageID(messageID string) (commentID, ticketID int64, err error) {
	if messageID == "" {
		return 0, 0, nil
	}
	_, err = tx.get([]any{&commentID, &ticketID}, `
		SELECT id, ticket_id
		FROM comments
		WHERE message_id = $1 AND message_id <> ''
		ORDER BY id
		LIMIT 1`, messageID)
	return commentID, ticketID, err
}

// SetCommentMessageID remembers the Message-ID a comment went out with, or 'public' mail's own.
func (tx *Tx) SetCommentMessageID(commentID int64, messageID string) error {
	_, err := tx.exec(`UPDATE comments SET message_id = $1 WHERE id = $2`, messageID, commentID)
	return err
}
