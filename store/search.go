package store

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/ticket"
)

// Search finds tickets by what was written in them, newest match first; each row's Comment and Snippet show where. A
// ticket's number, with or without "#", finds the ticket.
//
// All words must stand in one comment, or in the subject or the requester's name and address; the last one may be the
// beginning of a word. Whoever is not staff finds public comments only. Operators narrow the search: status:open,
// assignee:me, assignee:none, assignee:ADDRESS, requester:ADDRESS, tag:T, kind:K,
// topic:T, rating:good, rating:none. Any other is [fault.Invalid].
//
// A page can hold fewer rows than asked for, even none, and still have a Next: one request looks at a bounded number of
// matches.
func (tx *Tx) Search(a access.Actor, text, after string, limit int) (Page[Row], error) {
	return tx.Tickets(a, Filter{View: All, Query: text, After: after, Limit: limit})
}

// search is a query as somebody typed it, taken apart.
type search struct {
	words     []string
	number    int64 // 0 when it is not a ticket's number
	operators []operator
}

// operator is one name:value of a search.
type operator struct {
	where func(q *query, a access.Actor, value string)
	value string
}

// operators is every operator there is; a name that is not here finds nothing but an error.
var operators = map[string]func(q *query, a access.Actor, value string){
	"status": func(q *query, _ access.Actor, value string) {
		column := "t.state"
		if slices.Contains(categories, ticket.Category(value)) {
			column = shelf(ticket.Category(value)) + "t.category"
		}
		q.add(column+" = ?", value)
	},
	"assignee": func(q *query, a access.Actor, value string) {
		switch value {
		case "me":
			q.add("t.assignee_id = ?", a.Person)
		case "none":
			q.add("t.assignee_id IS NULL")
		default:
			q.add("t.assignee_id IN (SELECT person_id FROM addresses WHERE address = ?)", account.FoldAddress(value))
		}
	},
	"requester": func(q *query, a access.Actor, value string) {
		if value == "me" {
			q.add("t.requester_id = ?", a.Person)
			return
		}
		q.add("t.requester_id IN (SELECT person_id FROM addresses WHERE address = ?)", account.FoldAddress(value))
	},
	"tag": func(q *query, _ access.Actor, value string) {
		q.add("t.id IN (SELECT ticket_id FROM ticket_tags WHERE tag = ?)", value)
	},
	"kind": func(q *query, _ access.Actor, value string) {
		q.add("t.kind = ?", value)
	},
	"topic": func(q *query, _ access.Actor, value string) {
		q.add("t.topic <> '' AND t.topic = ?", value)
	},
	"rating": func(q *query, _ access.Actor, value string) {
		if value == "none" {
			q.add("t.id IN (SELECT ticket_id FROM ratings WHERE rated_at IS NULL)")
			return
		}
		q.add("t.id IN (SELECT ticket_id FROM ratings WHERE (sense = ? OR score = ?) AND sense <> '')", value, value)
	},
}

// categories are what status: means by these words; any other word is one of the policy's own states.
var categories = []ticket.Category{ticket.New, ticket.Open, ticket.Pending, ticket.Hold, ticket.Solved, ticket.Closed}

func parseSearch(text string) (s search, err error) {
	for _, term := range terms(text) {
		name, value, isOperator := operatorOf(term)
		if !isOperator {
			s.words = append(s.words, strings.Fields(words(term))...)
			continue
		}
		where := operators[name]
		if where == nil {
			return s, fault.New(fault.Invalid, "the search does not know %q; it knows status: assignee: requester: tag: kind: topic: rating:, and what stands in quotation marks is a word", name+":")
		}
		s.operators = append(s.operators, operator{where, value})
	}
	if len(s.operators) == 0 {
		s.number, _ = strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "#"), 10, 64)
	}
	return s, nil
}

// terms splits what was typed at spaces, except inside quotation marks, which stay as a mark that the term is words.
func terms(text string) []string {
	quoted := false
	return strings.FieldsFunc(clean(text), func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return unicode.IsSpace(r) && !quoted
	})
}

// operatorOf takes name:value apart. A link such as https://… and a term in quotation marks are words.
func operatorOf(term string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(term, ":")
	if !ok || name == "" || strings.HasPrefix(value, "//") {
		return "", "", false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && r != '_' {
			return "", "", false
		}
	}
	return strings.ToLower(name), strings.Trim(value, `"`), true
}

// How many matches one request looks at, how many at first and at most at a time, and how many of their own comments a
// customer can search.
const (
	searchBudget = 5_000
	firstBatch   = 200
	largestBatch = 1_000
	ownComments  = 5_000
)

// hit is a comment that matches, in a ticket that fits.
type hit struct{ comment, ticket int64 }

// Matches come in two stages: first the comments that have all words as they are typed, then those where the last one
// goes on. Nearly every search ends in the first, which the index answers without collecting anything.
const (
	wholeWords = iota
	beginnings
	noStage
)

// found returns one page of the tickets in which the words were found.
func (tx *Tx) found(a access.Actor, f Filter, s search) (page Page[Row], err error) {
	at, err := parseCursor(f.After)
	if err != nil {
		return page, err
	}
	n := limit(f.Limit)
	var hits []hit
	if s.number != 0 && at.ID == 0 {
		if hits, err = tx.byNumber(a, f, s.number); err != nil {
			return page, err
		}
	}
	hits, next, err := tx.hits(a, f, s, at, n, hits)
	if err != nil {
		return page, err
	}
	page.Items, err = tx.foundRows(a, s, hits)
	if next.Stage != noStage {
		page.Next = next.String()
	}
	return page, err
}

// byNumber is the ticket with that number, as a hit without a comment.
func (tx *Tx) byNumber(a access.Actor, f Filter, number int64) (hits []hit, err error) {
	q := (&query{}).add("SELECT t.id FROM tickets t WHERE t.id = ? AND ", number).fits(a, f)
	ids, err := tx.ids(q.String(), q.args...)
	for _, id := range ids {
		hits = append(hits, hit{ticket: id})
	}
	return hits, err
}

// planForWords has PostgreSQL make a plan for every search until the transaction ends, and use its indexes: a plan made for any word is
// wrong for the rare or for the frequent ones, and what unpacking a text costs it does not know.
func (tx *Tx) planForWords() error {
	if !tx.postgres() {
		return nil
	}
	_, err := tx.exec("SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)")
	return err
}

// hits adds tickets to hits until there are n, and returns where to go on.
func (tx *Tx) hits(a access.Actor, f Filter, s search, from cursor, n int, hits []hit) (_ []hit, next cursor, err error) {
	next = cursor{Stage: noStage}
	if len(s.words) == 0 {
		return hits, next, nil
	}
	if err := tx.planForWords(); err != nil {
		return nil, next, err
	}
	at := from
	for looked, size := 0, firstBatch; at.Stage < noStage; looked, size = looked+size, min(size*4, largestBatch) {
		if looked >= searchBudget {
			return hits, at, nil
		}
		batch, last, err := tx.matches(a, f, s, at, size)
		if err != nil {
			return nil, next, err
		}
		for _, h := range batch {
			known, err := tx.shown(a, s, h, hits, cursor{Stage: at.Stage, ID: from.ID})
			if err != nil {
				return nil, next, err
			}
			if known {
				continue
			}
			if len(hits) == n {
				return hits, cursor{Stage: at.Stage, ID: max(hits[n-1].comment, h.comment+1)}, nil
			}
			hits = append(hits, h)
		}
		if at.ID = last; last == 0 {
			at.Stage, from.ID = at.Stage+1, 0
		}
	}
	return hits, next, nil
}

// matches returns the next comments that match and whose tickets fit, newest first, and the last comment it looked at,
// or 0 at the end of the stage.
func (tx *Tx) matches(a access.Actor, f Filter, s search, at cursor, size int) ([]hit, int64, error) {
	if few(a) {
		hits, err := tx.ownMatches(a, f, s, at)
		return hits, 0, err
	}
	q := (&query{}).add("WITH hits AS (")
	tx.selectWords(q, s.words, at.Stage)
	if at.ID != 0 {
		q.add(" AND "+tx.wordsID()+" < ?", at.ID)
	}
	q.add(" ORDER BY "+tx.wordsID()+" DESC LIMIT ?", size)
	q.add(") SELECT hits.id, t.id, (").fits(a, f)
	q.add(`) IS TRUE
		FROM hits
		JOIN comments c ON c.id = hits.id
		JOIN tickets t ON t.id = c.ticket_id
		ORDER BY hits.id DESC`)
	var h hit
	var fits bool
	var hits []hit
	seen := 0
	err := tx.each([]any{&h.comment, &h.ticket, &fits}, func() error {
		if seen++; fits {
			hits = append(hits, h)
		}
		return nil
	}, q.String(), q.args...)
	if seen < size {
		h.comment = 0
	}
	return hits, h.comment, err
}

// fits is true for tickets that the actor may see and the filter asks for.
func (q *query) fits(a access.Actor, f Filter) *query {
	q.visible(a).add(" AND (")
	for i, stage := range stagesOf(f.View) {
		if i > 0 {
			q.add(" OR ")
		}
		q.add("(")
		stage.where(q, a, f)
		q.add(")")
	}
	return q.add(")").filter(a, f)
}

// ownMatches reads the public comments of the actor's own tickets and looks for the words in them. A customer has few,
// so this costs nothing for what all others wrote, and what others wrote cannot be told from how long it takes.
func (tx *Tx) ownMatches(a access.Actor, f Filter, s search, at cursor) ([]hit, error) {
	q := (&query{}).add("WHERE ").fits(a, f).public(a)
	if at.ID != 0 {
		q.add(" AND c.id < ?", at.ID)
	}
	return tx.reading(s, at.Stage, q.add(" ORDER BY c.id + 0 DESC LIMIT ?", ownComments))
}

// shown reports whether the hit's ticket is among hits or on a page before: for a newer comment of the same stage, or
// for any of the first stage when this is the second.
func (tx *Tx) shown(a access.Actor, s search, h hit, hits []hit, from cursor) (bool, error) {
	if slices.ContainsFunc(hits, func(known hit) bool { return known.ticket == h.ticket }) {
		return true, nil
	}
	if from.Stage == beginnings {
		q := (&query{}).add("WHERE c.ticket_id = ?", h.ticket).public(a)
		if before, err := tx.reading(s, wholeWords, q); err != nil || len(before) > 0 {
			return true, err
		}
	}
	if from.ID == 0 {
		return false, nil
	}
	q := (&query{}).add("WHERE c.ticket_id = ? AND c.id >= ?", h.ticket, from.ID).public(a)
	before, err := tx.reading(s, from.Stage, q)
	return len(before) > 0, err
}

// reading returns the comments of a few tickets that match, by reading them.
func (tx *Tx) reading(s search, stage int, where *query) (hits []hit, err error) {
	q := (&query{}).add(`
		SELECT c.id, c.ticket_id, t.subject, r.name, r.email, c.text, c.trimmed
		FROM comments c
		JOIN tickets t ON t.id = c.ticket_id
		JOIN people r ON r.id = t.requester_id
		`)
	q.WriteString(where.String())
	q.args = where.args
	var c ticket.Comment
	var subject, name, email string
	err = tx.each([]any{&c.ID, &c.Ticket, &subject, &name, &email, &c.Text, &c.Trimmed}, func() error {
		if s.in(words(subject+" "+name+" "+email+" "+shownText(c)), stage) {
			hits = append(hits, hit{c.ID, c.Ticket})
		}
		return nil
	}, q.String(), q.args...)
	return hits, err
}

// in reports whether a folded text matches in the stage's sense.
func (s search) in(text string, stage int) bool {
	have := strings.Fields(text)
	last := len(s.words) - 1
	for _, word := range s.words[:last] {
		if !slices.Contains(have, word) {
			return false
		}
	}
	if whole := slices.Contains(have, s.words[last]); whole || stage == wholeWords {
		return whole && stage == wholeWords
	}
	return slices.ContainsFunc(have, func(w string) bool { return strings.HasPrefix(w, s.words[last]) })
}

// foundRows reads the rows of hits, in their order, and shows in each where the words stand.
func (tx *Tx) foundRows(a access.Actor, s search, hits []hit) ([]Row, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	q := &query{}
	for i, h := range hits {
		if i > 0 {
			q.add(" UNION ALL ")
		}
		q.add("SELECT CAST(? AS BIGINT) AS id, CAST(? AS BIGINT) AS sort_key", h.ticket, i)
	}
	rows, _, err := tx.rows(a, q, "")
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if rows[i].Comment = hits[i].comment; rows[i].Comment != 0 {
			if err := tx.excerpt(&rows[i], s.words); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

const excerptFrom = 20_000 // characters of a comment in which the words are looked for

func (tx *Tx) excerpt(row *Row, words []string) error {
	var text string
	_, err := tx.get([]any{&text}, `
		SELECT substr(CASE WHEN trimmed <> '' THEN trimmed ELSE text END, 1, $1)
		FROM comments
		WHERE id = $2`, excerptFrom, row.Comment)
	row.Snippet = around(text, words)
	return err
}

// around cuts a text down to where the first of the words stands.
func around(text string, words []string) string {
	const lead = 40
	lower := strings.ToLower(text)
	for _, word := range words {
		at := strings.Index(lower, word)
		if at <= lead || len(lower) != len(text) {
			continue
		}
		for at -= lead; at > 0 && !utf8.RuneStart(text[at]); {
			at--
		}
		return "…" + snippet(text[at:])
	}
	return snippet(text)
}

// How words are asked for.

// wordsID is the comment's id where the words are.
func (tx *Tx) wordsID() string {
	if tx.postgres() {
		return "w.id"
	}
	return "w.rowid"
}

// selectWords appends the choice of all comments that match.
func (tx *Tx) selectWords(q *query, words []string, stage int) {
	if tx.postgres() {
		q.add("SELECT w.id FROM comments w WHERE w.words @@ CAST(? AS tsquery)", tsquery(words, stage))
		return
	}
	q.add("SELECT w.rowid AS id FROM comment_words w WHERE w.comment_words MATCH ?", ftsquery(words, stage))
}

// ftsquery and tsquery say the same to FTS5 and to PostgreSQL: all words; in the second stage the last one goes on, and
// what the first stage found is left out. Words are letters and digits only, so nothing in them means anything to either.
func ftsquery(words []string, stage int) string {
	whole := `"` + strings.Join(words, `" "`) + `"`
	if stage == wholeWords {
		return whole
	}
	return "(" + whole + "*) NOT (" + whole + ")"
}

func tsquery(words []string, stage int) string {
	whole := `'` + strings.Join(words, `' & '`) + `'`
	if stage == wholeWords {
		return whole
	}
	return whole + ":* & !(" + whole + ")"
}

// indexedLength bounds what is indexed of one text, and wordLength what is compared of one word.
const (
	indexedLength = 100_000
	wordLength    = 50
)

// words folds a text into the plain words both databases index: lower case, without accents, split at everything that
// is neither letter, mark nor digit. Scripts that are written without spaces become a word per sign. Folding here, and
// not in the databases, makes both find the same.
func words(text string) string {
	if len(text) > indexedLength {
		text = strings.ToValidUTF8(text[:indexedLength], "")
	}
	var b strings.Builder
	b.Grow(len(text))
	length, gap := 0, false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r >= 0x300 && r <= 0x36f: // accents
			continue
		case !unicode.In(r, unicode.L, unicode.M, unicode.Nd):
			gap = true
			continue
		}
		alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
		if (gap || alone) && b.Len() > 0 {
			b.WriteByte(' ')
			length = 0
		}
		if gap = alone; length < wordLength {
			b.WriteString(plain(unicode.ToLower(r)))
		}
		length++
	}
	return b.String()
}

// plainLetters are those that lose no accent and that people still type without their stroke or ligature.
var plainLetters = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}

func plain(lower rune) string {
	if letters, ok := plainLetters[lower]; ok {
		return letters
	}
	return string(lower)
}
