package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// index makes a comment findable by the words of its text, of the ticket's subject, and of the requester's name and
// address.
func (tx *Tx) index(ticketID, commentID int64, text string) error {
	var subject, name, email string
	_, err := tx.get([]any{&subject, &name, &email}, `
		SELECT t.subject, r.name, r.email
		FROM tickets t
		JOIN people r ON r.id = t.requester_id
		WHERE t.id = $1`, ticketID)
	if err != nil {
		return err
	}
	return tx.putWords(commentID, words(subject+" "+name+" "+email+" "+text))
}

// putWords stores the searchable words of a comment: beside the comment on PostgreSQL, in the FTS5 table on SQLite.
func (tx *Tx) putWords(commentID int64, words string) (err error) {
	if tx.postgres() {
		_, err = tx.exec(`UPDATE comments SET words = to_tsvector('simple', $1) WHERE id = $2`, words, commentID)
		return err
	}
	_, err = tx.exec(`INSERT OR REPLACE INTO comment_words (rowid, words) VALUES ($1, $2)`, commentID, words)
	return err
}

// indexedLength bounds what is indexed of one text; PostgreSQL refuses a tsvector of more than 1 MiB.
const indexedLength = 100_000

// words folds a text into the plain words both databases index: lower case, without accents, split at everything that
// is neither letter nor digit. Folding here, and not in the databases, makes both find the same.
func words(text string) string {
	if len(text) > indexedLength {
		text = strings.ToValidUTF8(text[:indexedLength], "")
	}
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		default:
			gap = true
		}
	}
	return b.String()
}
