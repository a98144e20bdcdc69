package store

import (
	"context"

	"hark/ticket"
)

// The words of a comment, on their way into the index.

// index makes a comment findable by the words of its text, of the ticket's subject, and of the requester's name and
// address.
func (tx *Tx) index(ticketID, commentID int64, text string) error {
	heading, err := tx.heading(ticketID)
	if err != nil {
		return err
	}
	return tx.putWords(commentID, words(heading+" "+text))
}

func (tx *Tx) heading(ticketID int64) (string, error) {
	var subject, name, email string
	_, err := tx.get([]any{&subject, &name, &email}, `
		SELECT t.subject, r.name, r.email
		FROM tickets t
		JOIN people r ON r.id = t.requester_id
		WHERE t.id = $1`, ticketID)
	return subject + " " + name + " " + email, err
}

// reindex makes all comments of a ticket findable again, after its subject or requester has changed.
func (tx *Tx) reindex(ticketID int64) error {
	heading, err := tx.heading(ticketID)
	if err != nil {
		return err
	}
	texts := map[int64]string{}
	var c ticket.Comment
	err = tx.each([]any{&c.ID, &c.Text, &c.Trimmed}, func() error { texts[c.ID] = shownText(c); return nil }, `
		SELECT id, text, trimmed
		FROM comments
		WHERE ticket_id = $1`, ticketID)
	if err != nil {
		return err
	}
	for id, text := range texts {
		if err := tx.putWords(id, words(heading+" "+text)); err != nil {
			return err
		}
	}
	return nil
}

// reindexOf makes a person's own tickets findable by the name and the address they have now.
func (tx *Tx) reindexOf(requester int64) error {
	ids, err := tx.ids(`SELECT id FROM tickets WHERE requester_id = $1`, requester)
	for _, id := range ids {
		if err := tx.reindex(id); err != nil {
			return err
		}
	}
	return err
}

// wording is a comment's searchable words on their way into the FTS5 table; without words the comment is taken out.
type wording struct {
	comment int64
	words   string
}

// putWords stores the searchable words of a comment: beside the comment on PostgreSQL, in the FTS5 table on SQLite.
// array_to_tsvector takes them as they are; to_tsvector would split them by rules of its own.
//
// The FTS5 table has to write out what it has gathered whenever a statement that checks references comes after it. So
// words wait until all else of a commit is done, and are written out once.
func (tx *Tx) putWords(commentID int64, words string) error {
	if tx.postgres() {
		_, err := tx.exec(`UPDATE comments SET words = array_to_tsvector(string_to_array($1, ' ')) WHERE id = $2`, words, commentID)
		return err
	}
	tx.words = append(tx.words, wording{commentID, words})
	return nil
}

// dropWords makes a comment that is being removed unfindable; on PostgreSQL its words go with its row.
func (tx *Tx) dropWords(commentID int64) {
	if !tx.postgres() {
		tx.words = append(tx.words, wording{comment: commentID})
	}
}

// writeWords puts words that wait into the FTS5 table.
func (tx *Tx) writeWords() (err error) {
	for _, w := range tx.words {
		if w.words == "" {
			_, err = tx.exec(`DELETE FROM comment_words WHERE rowid = $1`, w.comment)
		} else {
			_, err = tx.exec(`INSERT OR REPLACE INTO comment_words (rowid, words) VALUES ($1, $2)`, w.comment, w.words)
		}
		if err != nil {
			return err
		}
	}
	tx.words = nil
	return nil
}

// mergePages is how much one step merges, in pages of the index.
const mergePages = 64

// mergeWords merges some of the pieces that commits have added to the full-text index. FTS5 would do so in whichever commit
// comes next; here it is done in those that nobody waits for.
func (tx *Tx) mergeWords() error {
	_, err := tx.exec(`INSERT INTO comment_words (comment_words, rank) VALUES ('merge', $1)`, mergePages)
	return err
}

// crisis is how many pieces of one size FTS5 merges by itself after all, when no commit has been without somebody waiting
// for that long.
const crisis = 64

// mergeByOurselves tells FTS5, once for each file, to leave the merging to [Tx.mergeWords].
func (s *sqlite) mergeByOurselves() error {
	tx := &Tx{ctx: context.Background(), q: s.writer, dialect: SQLite}
	var set int64
	if _, err := tx.get([]any{&set}, `SELECT v FROM comment_words_config WHERE k = 'crisismerge'`); err != nil || set == crisis {
		return err
	}
	if _, err := tx.exec(`INSERT INTO comment_words (comment_words, rank) VALUES ('automerge', 0)`); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO comment_words (comment_words, rank) VALUES ('crisismerge', $1)`, crisis)
	return err
}
