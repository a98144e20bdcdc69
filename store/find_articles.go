package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"hark/article"
)

// Finding articles by words. First come those with all words in the title, then in the headings, then anywhere; then those where the
// last word goes on; each time the newest first. Nothing else is looked at while these fill a page. When no article has all words,
// words whose letters are nearly right are mended, and then what has most of the words counts. Every step costs the same however
// often a word is used, and each has the condition of what its reader may read inside.

// FoundArticle is an article that was found, with where the words stand.
type FoundArticle struct {
	article.Article
	Snippet string
}

// FoundArticles is one page of a search.
type FoundArticles struct {
	Page[FoundArticle]
	Meant string // the words that were searched instead of nearly the same ones, "" when they were right
	Some  bool   // no article has all of the words; these have the most
}

// A spot is where all words of a search stand, and whether the last of them may go on.
type spot struct {
	column string
	goesOn bool
}

// articleStages are the spots that are asked one after the other. A text holds its title and its headings.
var (
	articleStages = []spot{{"title", false}, {"headings", false}, inText, {"title", true}, {"words", true}}
	inText        = spot{"words", false}
)

// goesOn is the first stage in which the last word may go on.
const goesOn = 3

// How much a search looks at.
const (
	mostSearched = 6   // words
	foundAtOnce  = 20  // articles on a page
	wordChecked  = 60  // articles of each word, when some of the words are enough
	nearLooked   = 400 // words that share a half with one that is wrong
	fewArticles  = 200 // articles that have a word
	nearTried    = 3   // of those that differ in one letter
)

// FindArticles searches what somebody may read of a brand's help. A search without a word finds nothing.
func (tx *Tx) FindArticles(r Reader, brand int64, text, after string, n int) (found FoundArticles, err error) {
	at, err := parseCursor(after)
	if err != nil {
		return found, err
	}
	typed := telling(strings.Fields(words(text)))
	if len(typed) == 0 {
		return found, nil
	}
	if err := tx.planForWords(); err != nil {
		return found, err
	}
	n = cmp.Or(n, foundAtOnce)
	ids, next, err := tx.withAll(r, brand, typed, at, n)
	if err == nil && len(ids) == 0 && after == "" {
		ids, found.Meant, err = tx.meant(r, brand, typed, n)
	}
	if err == nil && len(ids) == 0 && after == "" {
		ids, err = tx.withMost(r, brand, typed, n)
		found.Some = len(ids) > 0
	}
	if err != nil {
		return found, err
	}
	found.Next = next
	found.Items, err = tx.foundArticles(ids, cmp.Or(found.Meant, strings.Join(typed, " ")))
	return found, err
}

// silent are words that say nothing about what somebody looks for.
var silent = strings.Fields("a about an and are at be by can cannot could did do does for from get has have how i if in is it me my not of on or our please should that the there this to us was we what when where which who why will with would you your")

// telling are the words of a search that say something; all of them when none does.
func telling(typed []string) (some []string) {
	for _, word := range typed {
		if !slices.Contains(silent, word) && !slices.Contains(some, word) {
			some = append(some, word)
		}
	}
	if len(some) == 0 {
		some = slices.Compact(slices.Clone(typed))
	}
	return some[:min(len(some), mostSearched)]
}

// withAll returns articles that have all words, stage after stage, and where to go on, "" at the end. When no text has them as they are,
// only those are asked for where the last word goes on.
func (tx *Tx) withAll(r Reader, brand int64, typed []string, at cursor, n int) (ids []int64, next string, err error) {
	before := slices.Clip(articleStages[:at.Stage])
	if at == (cursor{}) {
		if some, err := tx.articlesIn(r, brand, typed, inText, nil, at, 1); err != nil {
			return nil, "", err
		} else if len(some) == 0 {
			at.Stage = goesOn
		}
	}
	for ; at.Stage < len(articleStages); at = (cursor{Stage: at.Stage + 1}) {
		more, err := tx.articlesIn(r, brand, typed, articleStages[at.Stage], before, at, n+1-len(ids))
		if err != nil {
			return nil, "", err
		}
		if ids = append(ids, more...); len(ids) > n {
			return ids[:n], cursor{Stage: at.Stage, ID: ids[n] + 1}.String(), nil
		}
		if len(more) > 0 || at.ID != 0 {
			before = append(before, articleStages[at.Stage])
		}
	}
	return ids, "", nil
}

// articlesIn returns the next articles that have all words in one spot and in none of those before, the newest first.
func (tx *Tx) articlesIn(r Reader, brand int64, typed []string, in spot, before []spot, after cursor, n int) ([]int64, error) {
	q, id, err := tx.match(typed, in, before)
	if err != nil {
		return nil, err
	}
	q.add(" AND a.brand_id = ? AND ", brand).readable(r)
	if after.ID != 0 {
		q.add(" AND "+id+" < ?", after.ID)
	}
	q.add(" ORDER BY " + id + " DESC").first(n)
	return tx.ids(q.String(), q.args...)
}

// match begins to ask for what stands in one spot and in none of those before, and says how the words name their article. Both databases
// walk the words backwards and stop when they have enough: the joins are written so. Where few articles have them, PostgreSQL finds those
// in the index instead; left alone it would walk through every text there is.
func (tx *Tx) match(typed []string, in spot, before []spot) (q *query, id string, err error) {
	q = &query{}
	if !tx.postgres() {
		return q.add("SELECT a.id FROM article_words w CROSS JOIN articles a WHERE a.id = w.rowid AND w.article_words MATCH ?", in.ftsquery(typed, before)), "w.rowid", nil
	}
	rare, err := tx.inFew(typed, in)
	if err != nil {
		return nil, "", err
	}
	has := in.column + " @@ CAST(? AS tsquery)"
	if rare {
		q.add("WITH w AS MATERIALIZED (SELECT * FROM article_words WHERE "+has+") SELECT a.id FROM w, articles a WHERE a.id = w.article_id", in.tsquery(typed))
	} else {
		q.add("SELECT a.id FROM article_words w CROSS JOIN articles a WHERE a.id = w.article_id AND w."+has, in.tsquery(typed))
	}
	for _, b := range before {
		q.add(" AND NOT w."+b.column+" @@ CAST(? AS tsquery)", b.tsquery(typed))
	}
	return q, "w.article_id", nil
}

// inFew reports whether few articles have all words in one spot.
func (tx *Tx) inFew(typed []string, in spot) (bool, error) {
	some, err := tx.ids("SELECT article_id FROM article_words WHERE "+in.column+" @@ CAST($1 AS tsquery) LIMIT $2", in.tsquery(typed), fewArticles)
	return len(some) < fewArticles, err
}

// ftsquery asks FTS5 for all words there, and in none of the spots before.
func (s spot) ftsquery(typed []string, before []spot) string {
	match := s.column + ` : ("` + strings.Join(typed, `" AND "`) + `"` + map[bool]string{true: "*"}[s.goesOn] + ")"
	for _, b := range before {
		match = "(" + match + ") NOT (" + b.ftsquery(typed, nil) + ")"
	}
	return match
}

// tsquery asks PostgreSQL for all words there.
func (s spot) tsquery(typed []string) string {
	return "'" + strings.Join(typed, "' & '") + "'" + map[bool]string{true: ":*"}[s.goesOn]
}

// meant mends the words that stand in no article by those that nearly do, and returns what has them all.
func (tx *Tx) meant(r Reader, brand int64, typed []string, n int) (ids []int64, said string, err error) {
	mended := slices.Clone(typed)
	for i, word := range typed {
		near, err := tx.nearWords(r, brand, word)
		if err != nil {
			return nil, "", err
		}
		for _, other := range near {
			mended[i] = other
			if ids, _, err = tx.withAll(r, brand, mended, cursor{}, n); err != nil || len(ids) > 0 {
				return ids, strings.Join(mended, " "), err
			}
		}
		if len(near) > 0 {
			mended[i] = near[0]
		}
	}
	return nil, "", nil
}

// nearWords are the words of articles that differ from one in a letter and that somebody may find; none when it is itself such a word.
// One wrong letter leaves either the first half of a word as it is, or the second.
func (tx *Tx) nearWords(r Reader, brand int64, word string) (near []string, err error) {
	letters := []rune(word)
	if len(letters) < shortestNear {
		return nil, nil
	}
	if finds, err := tx.anyWith(r, brand, word); err != nil || finds {
		return nil, err
	}
	half := len(letters) / 2
	candidates, err := tx.wordsLike("word", string(letters[:half]))
	if err != nil {
		return nil, err
	}
	others, err := tx.wordsLike("backwards", backwards(string(letters[len(letters)-half:])))
	if err != nil {
		return nil, err
	}
	for _, other := range append(candidates, others...) {
		if len(near) == nearTried {
			break
		}
		if !oneApart(letters, []rune(other)) || slices.Contains(near, other) {
			continue
		}
		if finds, err := tx.anyWith(r, brand, other); err != nil {
			return nil, err
		} else if finds {
			near = append(near, other)
		}
	}
	return near, nil
}

// anyWith reports whether somebody may read an article that has a word.
func (tx *Tx) anyWith(r Reader, brand int64, word string) (bool, error) {
	ids, err := tx.articlesIn(r, brand, []string{word}, inText, nil, cursor{}, 1)
	return len(ids) > 0, err
}

// wordWeighs is what a word counts where only some of those typed are found: more in the title than anywhere else.
var wordWeighs = map[spot]int{{"title", false}: 5, inText: 1}

// wordsLike are words that begin so, forwards or backwards.
func (tx *Tx) wordsLike(column, beginning string) (all []string, err error) {
	var word string
	err = tx.each([]any{&word}, func() error { all = append(all, word); return nil },
		"SELECT word FROM help_words WHERE "+column+" >= $1 AND "+column+" < $2 LIMIT $3", beginning, beginning+string(utf8.MaxRune), nearLooked)
	return all, err
}

// withMost returns the articles that have the most of the words. A word that stands in few of them counts twice.
func (tx *Tx) withMost(r Reader, brand int64, typed []string, n int) ([]int64, error) {
	score := map[int64]int{}
	for _, word := range typed {
		for in, weighs := range wordWeighs {
			ids, err := tx.articlesIn(r, brand, []string{word}, in, nil, cursor{}, wordChecked)
			if err != nil {
				return nil, err
			}
			if len(ids) < wordChecked {
				weighs *= 2
			}
			for _, id := range ids {
				score[id] += weighs
			}
		}
	}
	best := slices.SortedFunc(maps.Keys(score), func(a, b int64) int { return cmp.Or(score[b]-score[a], int(b-a)) })
	return best[:min(len(best), n)], nil
}

// foundArticles reads what was found, in the order in which it was.
func (tx *Tx) foundArticles(ids []int64, typed string) ([]FoundArticle, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := tx.articles((&query{}).add(selectArticle+"WHERE ").in("a.id", padded(ids)))
	if err != nil {
		return nil, err
	}
	var found []FoundArticle
	for _, id := range ids {
		if i := slices.IndexFunc(all, func(a article.Article) bool { return a.ID == id }); i >= 0 {
			found = append(found, FoundArticle{all[i], around(article.Outline(all[i].Body).Plain, strings.Fields(typed))})
		}
	}
	return found, nil
}
