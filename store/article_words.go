package store

import (
	"fmt"
	"slices"
	"strings"

	"hark/article"
)

// The words of what is published, and how they follow it. Title and headings have indexes of their own, because what stands there says
// more about an article than what stands somewhere in it.

// indexArticle makes an article found by its words while it is published, and by none while it is not.
func (tx *Tx) indexArticle(a article.Article) error {
	if a.State != article.Published {
		return tx.dropWordsOf(inArticles, a.ID)
	}
	title, headings, all := articleWords(a.Content)
	return tx.putWordsOf(inArticles, a.ID, title, headings, all)
}

// putWordsOf makes something found by these words and by no others.
func (tx *Tx) putWordsOf(in corpus, id int64, title, headings, all string) error {
	if err := tx.dropWordsOf(in, id); err != nil {
		return err
	}
	if err := tx.addHelpWords(all); err != nil {
		return err
	}
	if tx.postgres() {
		_, err := tx.exec("INSERT INTO "+in.words+" ("+in.of+", title, headings, words) VALUES ($1, "+
			fmt.Sprintf(asWords, 2)+", "+fmt.Sprintf(asWords, 3)+", "+fmt.Sprintf(asWords, 4)+")", id, title, headings, all)
		return err
	}
	_, err := tx.exec("INSERT INTO "+in.words+" (rowid, title, headings, words) VALUES ($1, $2, $3, $4)", id, title, headings, all)
	return err
}

// dropWordsOf makes something found by no words any more.
func (tx *Tx) dropWordsOf(in corpus, id int64) error {
	of := "rowid"
	if tx.postgres() {
		of = in.of
	}
	_, err := tx.exec("DELETE FROM "+in.words+" WHERE "+of+" = $1", id)
	return err
}

// articleWords are the words of the title, of the headings, and of all there is.
func articleWords(c article.Content) (title, headings, all string) {
	text := article.Outline(c.Body)
	var heads, rest []string
	for _, h := range text.Headings {
		heads = append(heads, h.Title)
	}
	for _, v := range c.Videos {
		rest = append(rest, v.Title, v.Transcript)
	}
	title, headings = words(c.Title), words(strings.Join(heads, " "))
	return title, headings, words(strings.Join(append(rest, c.Title, c.Product, c.Release, text.Plain), " "))
}

// addHelpWords keeps the words that are new. Words that stand in no article any more stay: they lead to nothing.
func (tx *Tx) addHelpWords(folded string) error {
	known := strings.Fields(folded)
	slices.Sort(known)
	statement := `
		INSERT OR IGNORE INTO help_words (word, backwards)
		SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
		FROM json_each($1)`
	if tx.postgres() {
		statement = `
		INSERT INTO help_words (word, backwards)
		SELECT value ->> 0, value ->> 1
		FROM jsonb_array_elements($1::text::jsonb)
		ON CONFLICT DO NOTHING`
	}
	var pairs [][2]string
	for _, word := range slices.Compact(known) {
		if len(word) >= shortestNear {
			pairs = append(pairs, [2]string{word, backwards(word)})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	_, err := tx.exec(statement, inJSON{pairs})
	return err
}

func backwards(word string) string {
	letters := []rune(word)
	slices.Reverse(letters)
	return string(letters)
}

// indexArticles makes every published article found again.
func (tx *Tx) indexArticles() error {
	for last := int64(0); ; {
		all, err := tx.articles((&query{}).add(selectArticle+"WHERE a.state = 'published' AND a.id > ? ORDER BY a.id LIMIT 200", last))
		if err != nil || len(all) == 0 {
			return err
		}
		for _, a := range all {
			if err := tx.indexArticle(a); err != nil {
				return err
			}
			last = a.ID
		}
	}
}
