package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"hark/ticket"
)

// The words of a comment, on their way into the index: those of its text, of the ticket's subject, and of the requester's
// name and address.
//
// PostgreSQL keeps them beside the comment, and they are written with it. SQLite has an FTS5 table for them. What a commit
// adds to that becomes a piece of the index, and merging many small pieces costs several times what writing a few larger ones
// does. So a commit only notes which comments are due, in comment_words_due, and a moment later their words are written
// together, patiently. Whoever searches has them written first.

// index makes a comment findable by its words; on PostgreSQL they came with its row.
func (tx *Tx) index(commentID int64) error {
	if tx.postgres() {
		return nil
	}
	return tx.reword("c.id = $1", commentID)
}

// reindex makes all comments of a ticket findable again, after its subject or requester has changed.
func (tx *Tx) reindex(ticketID int64) error { return tx.reword("c.ticket_id = $1", ticketID) }

// reindexOf makes a person's own tickets findable by the name and the address they have now.
func (tx *Tx) reindexOf(requester int64) error { return tx.reword("t.requester_id = $1", requester) }

func (tx *Tx) reword(which string, id int64) error {
	if !tx.postgres() {
		_, err := tx.exec(`
			INSERT OR IGNORE INTO comment_words_due (comment_id)
			SELECT c.id
			FROM comments c
			JOIN tickets t ON t.id = c.ticket_id
			WHERE `+which, id)
		return err
	}
	all, err := tx.wordings(which, id)
	if err != nil {
		return err
	}
	return tx.putWords(all)
}

// dropWords makes a comment that is being removed unfindable; on PostgreSQL its words go with its row.
func (tx *Tx) dropWords(commentID int64) error {
	if tx.postgres() {
		return nil
	}
	_, err := tx.exec(`INSERT OR IGNORE INTO comment_words_due (comment_id) VALUES ($1)`, commentID)
	return err
}

// heading is what all comments of a ticket are found by.
func (tx *Tx) heading(ticketID int64) (string, error) {
	var subject, name, email string
	_, err := tx.get([]any{&subject, &name, &email}, `
		SELECT t.subject, r.name, r.email
		FROM tickets t
		JOIN people r ON r.id = t.requester_id
		WHERE t.id = $1`, ticketID)
	return subject + " " + name + " " + email, err
}

// wording is a comment's searchable words.
type wording struct {
	comment int64
	words   string
}

// wordings reads comments and finds their words.
func (tx *Tx) wordings(which string, args ...any) (all []wording, err error) {
	var id int64
	var subject, name, email, text, trimmed string
	err = tx.each([]any{&id, &subject, &name, &email, &text, &trimmed}, func() error {
		all = append(all, wording{id, words(subject + " " + name + " " + email + " " + shownText(ticket.Comment{Text: text, Trimmed: trimmed}))})
		return nil
	}, `
		SELECT c.id, t.subject, r.name, r.email, c.text, c.trimmed
		FROM comments c
		JOIN tickets t ON t.id = c.ticket_id
		JOIN people r ON r.id = t.requester_id
		WHERE `+which, args...)
	return all, err
}

// asWords is what PostgreSQL indexes of a parameter: array_to_tsvector takes words as they are; to_tsvector would split them by rules
// of its own.
const asWords = "array_to_tsvector(string_to_array($%d, ' '))"

// putWords writes words into the index.
func (tx *Tx) putWords(all []wording) error {
	statement := `INSERT OR REPLACE INTO comment_words (words, rowid) VALUES ($1, $2)`
	if tx.postgres() {
		statement = "UPDATE comments SET words = " + fmt.Sprintf(asWords, 1) + " WHERE id = $2"
	}
	for _, w := range all {
		if _, err := tx.exec(statement, w.words, w.comment); err != nil {
			return err
		}
	}
	return nil
}

// How the words follow the comments on SQLite.
const (
	together = 32                     // comments in one commit, a few milliseconds
	behind   = 250 * time.Millisecond // how far, at most, while the desk has time
	tidyings = 8                      // how often the pieces of the index are merged after words were last written
)

// follow writes words that are due for as long as the store is open, and merges the pieces of the index when there are none.
func (s *sqlite) follow() {
	defer close(s.followed)
	look := time.NewTicker(behind)
	defer look.Stop()
	for untidy := 0; ; {
		wrote, err := s.writeDue(Patiently(context.Background()))
		switch {
		case err == nil && wrote > 0:
			untidy = tidyings
		case err == nil && untidy > 0:
			err = s.write(Patiently(context.Background()), (*Tx).mergeWords)
			untidy--
		}
		if err != nil {
			slog.Debug("words of comments wait for the index", "error", err) // whoever writes something else hears of it louder
		}
		if err == nil && wrote == together {
			continue
		}
		select {
		case <-s.ending:
			return
		case <-look.C:
		}
	}
}

// findable writes all words that are due when it is called. What cannot be written is not found yet; looking goes on.
func (s *sqlite) findable(ctx context.Context) {
	for rounds := 0; rounds < 100; rounds++ {
		if wrote, err := s.writeDue(ctx); err != nil || wrote < together {
			return
		}
	}
}

func (s *sqlite) writeDue(ctx context.Context) (wrote int, err error) {
	var due []int64
	err = s.read(ctx, func(tx *Tx) error { due, err = tx.due(); return err })
	if err != nil || len(due) == 0 {
		return 0, err // looking costs no write, and this is asked four times a second
	}
	err = s.write(ctx, func(tx *Tx) error { wrote, err = tx.writeDue(); return err })
	return wrote, err
}

func (tx *Tx) due() ([]int64, error) {
	return tx.ids(`SELECT comment_id FROM comment_words_due ORDER BY comment_id LIMIT $1`, together)
}

// writeDue writes the words of the first comments that are due. Comments that are gone are taken out.
func (tx *Tx) writeDue() (int, error) {
	due, err := tx.due()
	if err != nil || len(due) == 0 {
		return 0, err
	}
	all, err := tx.wordings("c.id IN (SELECT comment_id FROM comment_words_due ORDER BY comment_id LIMIT $1)", together)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		if slices.ContainsFunc(all, func(w wording) bool { return w.comment == id }) {
			continue
		}
		if _, err := tx.exec(`DELETE FROM comment_words WHERE rowid = $1`, id); err != nil {
			return 0, err
		}
	}
	if _, err := tx.exec(`DELETE FROM comment_words_due WHERE comment_id <= $1`, due[len(due)-1]); err != nil {
		return 0, err
	}
	return len(due), tx.putWords(all)
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
