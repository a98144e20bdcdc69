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
	fewArticles  = 200 // articles or threads that have a word
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
	if typed, err = tx.widened(brand, typed); err != nil {
		return found, err
	}
	c := inArticles.where(func(q *query) { q.add("a.brand_id = ? AND ", brand).readable(r) })
	ids, how, err := tx.find(c, typed, at, cmp.Or(n, foundAtOnce))
	if err != nil {
		return found, err
	}
	found.Next, found.Meant, found.Some = how.next, how.meant, how.some
	found.Items, err = tx.foundArticles(ids, cmp.Or(found.Meant, strings.ReplaceAll(strings.Join(typed, " "), or, " ")))
	return found, err
}

// corpus is what a search goes through: a table of words, the column that names whose they are where it has one, the table of those, and
// which of them may be found. Articles and what customers write to each other are searched alike.
type corpus struct {
	words, of, table string
	may              func(*query)   // a condition on the row a
	known            map[string]int // what one search has learnt about how many have words
}

// What can be searched.
var (
	inArticles  = corpus{words: "article_words", of: "article_id", table: "articles"}
	inCommunity = corpus{words: "community_words", of: "post_id", table: "community_posts"}
)

func (c corpus) where(may func(*query)) corpus {
	c.may, c.known = may, map[string]int{}
	return c
}

// sought is how a search went: where it goes on, what was searched instead, and whether what was found has only some of the words.
type sought struct {
	next, meant string
	some        bool
}

// find is a whole search: what has all words, else what has them nearly right, else what has the most of them.
func (tx *Tx) find(c corpus, typed []string, at cursor, n int) (ids []int64, how sought, err error) {
	if err := tx.planForWords(); err != nil {
		return nil, how, err
	}
	first := at == cursor{}
	ids, how.next, err = tx.withAll(c, typed, at, n)
	if err == nil && len(ids) == 0 && first {
		ids, how.meant, err = tx.meant(c, typed, n)
	}
	if err == nil && len(ids) == 0 && first {
		ids, err = tx.withMost(c, typed, n)
		how.some = len(ids) > 0
	}
	return ids, how, err
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

// withAll returns what has all words, stage after stage, and where to go on, "" at the end. When no text has them as they are,
// only those are asked for where the last word goes on.
func (tx *Tx) withAll(c corpus, typed []string, at cursor, n int) (ids []int64, next string, err error) {
	before := slices.Clip(articleStages[:min(at.Stage, len(articleStages))])
	if at == (cursor{}) {
		if some, err := tx.havingAll(c, typed, inText, nil, at, 1); err != nil {
			return nil, "", err
		} else if len(some) == 0 {
			at.Stage = goesOn
		}
	}
	for ; at.Stage < len(articleStages); at = (cursor{Stage: at.Stage + 1}) {
		more, err := tx.havingAll(c, typed, articleStages[at.Stage], before, at, n+1-len(ids))
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

// havingAll returns the next that have all words in one spot and in none of those before, the newest first.
func (tx *Tx) havingAll(c corpus, typed []string, in spot, before []spot, after cursor, n int) ([]int64, error) {
	q, id, err := tx.match(c, typed, in, before)
	if err != nil || q == nil {
		return nil, err
	}
	c.may(q.add(" AND "))
	if after.ID != 0 {
		q.add(" AND "+id+" < ?", after.ID)
	}
	q.add(" ORDER BY " + id + " DESC").first(n)
	return tx.ids(q.String(), q.args...)
}

// match begins to ask for what stands in one spot and in none of those before, and says how the words name whose they are. Both databases
// walk the words backwards and stop when they have enough: the joins are written so. Where few have them, PostgreSQL finds those
// in the index instead; left alone it would walk through every text there is. There is nothing to ask where it knows that none has them.
func (tx *Tx) match(c corpus, typed []string, in spot, before []spot) (q *query, id string, err error) {
	q = &query{}
	if !tx.postgres() {
		return q.add("SELECT a.id FROM "+c.words+" w CROSS JOIN "+c.table+" a WHERE a.id = w.rowid AND w."+c.words+" MATCH ?", in.ftsquery(typed, before)), "w.rowid", nil
	}
	many, err := tx.howMany(c, typed, in)
	if err != nil || many == 0 {
		return nil, "", err
	}
	has := in.column + " @@ CAST(? AS tsquery)"
	if many < fewArticles {
		q.add("WITH w AS MATERIALIZED (SELECT * FROM "+c.words+" WHERE "+has+") SELECT a.id FROM w, "+c.table+" a WHERE a.id = w."+c.of, in.tsquery(typed))
	} else {
		q.add("SELECT a.id FROM "+c.words+" w CROSS JOIN "+c.table+" a WHERE a.id = w."+c.of+" AND w."+has, in.tsquery(typed))
	}
	for _, b := range before {
		q.add(" AND NOT w."+b.column+" @@ CAST(? AS tsquery)", b.tsquery(typed))
	}
	return q, "w." + c.of, nil
}

// howMany is how many have all words in one spot, up to [fewArticles]. Words that few texts have are in no more titles and headings, and a
// search asks about each of them once: asking costs PostgreSQL as much as finding.
func (tx *Tx) howMany(c corpus, typed []string, in spot) (int, error) {
	asked := in.tsquery(typed)
	if n, known := c.known[in.column+asked]; known {
		return n, nil
	}
	if n, known := c.known[inText.column+asked]; known && n < fewArticles {
		return n, nil
	}
	some, err := tx.ids("SELECT "+c.of+" FROM "+c.words+" WHERE "+in.column+" @@ CAST($1 AS tsquery) LIMIT $2", asked, fewArticles)
	c.known[in.column+asked] = len(some)
	return len(some), err
}

// ftsquery asks FTS5 for all words there, each of them or one that means the same, and in none of the spots before.
func (s spot) ftsquery(typed []string, before []spot) string {
	match := s.column + " : (" + s.all(typed, " AND ", " OR ", `"`, "*") + ")"
	for _, b := range before {
		match = "(" + match + ") NOT (" + b.ftsquery(typed, nil) + ")"
	}
	return match
}

// tsquery asks PostgreSQL for all words there, in the same way.
func (s spot) tsquery(typed []string) string { return s.all(typed, " & ", " | ", "'", ":*") }

// all asks for each word, or one that means the same, in the language of a database. Where the spot says so the last word may go on.
func (s spot) all(typed []string, and, either, quote, on string) string {
	asked := make([]string, len(typed))
	for i, word := range typed {
		same := alternatives(word)
		for j := range same {
			same[j] = quote + same[j] + quote + map[bool]string{true: on}[s.goesOn && i == len(typed)-1]
		}
		asked[i] = "(" + strings.Join(same, either) + ")"
	}
	return strings.Join(asked, and)
}

// meant mends the words that stand in no article by those that nearly do, and returns what has them all.
func (tx *Tx) meant(c corpus, typed []string, n int) (ids []int64, said string, err error) {
	mended := slices.Clone(typed)
	for i, word := range typed {
		near, err := tx.nearWords(c, word)
		if err != nil {
			return nil, "", err
		}
		for _, other := range near {
			mended[i] = other
			if ids, _, err = tx.withAll(c, mended, cursor{}, n); err != nil || len(ids) > 0 {
				return ids, strings.Join(narrowed(mended), " "), err
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
func (tx *Tx) nearWords(c corpus, word string) (near []string, err error) {
	letters := []rune(alternatives(word)[0])
	if len(letters) < shortestNear {
		return nil, nil
	}
	if finds, err := tx.anyWith(c, word); err != nil || finds {
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
		if finds, err := tx.anyWith(c, other); err != nil {
			return nil, err
		} else if finds {
			near = append(near, other)
		}
	}
	return near, nil
}

// anyWith reports whether anything that may be found has a word.
func (tx *Tx) anyWith(c corpus, word string) (bool, error) {
	ids, err := tx.havingAll(c, []string{word}, inText, nil, cursor{}, 1)
	return len(ids) > 0, err
}

// wordWeighs is what a word counts where only some of those typed are found: in the title, in a heading, anywhere.
var wordWeighs = []struct {
	spot
	weighs int
}{{inText, 1}, {spot{"title", false}, 5}, {spot{"headings", false}, 3}}

// wordsLike are words that begin so, forwards or backwards.
func (tx *Tx) wordsLike(column, beginning string) (all []string, err error) {
	var word string
	err = tx.each([]any{&word}, func() error { all = append(all, word); return nil },
		"SELECT word FROM help_words WHERE "+column+" >= $1 AND "+column+" < $2 LIMIT $3", beginning, beginning+string(utf8.MaxRune), nearLooked)
	return all, err
}

// withMost returns what has the most of the words. A word that stands in few of them counts twice.
func (tx *Tx) withMost(c corpus, typed []string, n int) ([]int64, error) {
	score := map[int64]int{}
	for _, word := range typed {
		for _, at := range wordWeighs { // a text holds its title and its headings: what is not in it is nowhere
			ids, err := tx.havingAll(c, []string{word}, at.spot, nil, cursor{}, wordChecked)
			if err != nil {
				return nil, err
			}
			if len(ids) == 0 && at.spot == inText {
				break
			}
			weighs := at.weighs
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
