package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/account"
)

// Finding customers (seed 001, 1.6 to 1.12): by part of a website, order number, name, company, mail address, licence key or
// telephone number. People type while somebody speaks, so each answer reads a few short stretches of an index that both databases
// walk alike, and costs the same on a desk of half a million licences.
//
// What a customer is found by becomes terms: for each word the phrase from there on, without anything between the words, so that
// "acme-sh", "acme sh" and "acmesh" all are the beginning of acme|shop. A site, a company and a number also get a term for each
// place inside a word, so that "shop" finds bookshop.example. Terms that begin with a word come before those inside one.

// CustomerHit is one thing a search found, with whose it is.
type CustomerHit struct {
	By           string // what was found: CustomerLicence, CustomerOrder, CustomerOrganization or CustomerPerson
	Licence      account.Licence
	Order        account.Order
	Person       account.Person // without groups; zero when only an organisation is known
	Organization account.Organization
	Near         bool // one letter differs from what was typed
}

// What customers are found by.
const (
	CustomerLicence      = licenceSubject
	CustomerOrder        = orderSubject
	CustomerOrganization = organizationSubject
	CustomerPerson       = personSubject
)

const (
	licenceSubject      = "licence"
	orderSubject        = "order"
	organizationSubject = "organization"
	personSubject       = "person"
)

// subjects is the order in which hits are shown: what a call is most likely about comes first.
var subjects = []string{licenceSubject, orderSubject, organizationSubject, personSubject}

// subject is something that can be found.
type subject struct {
	kind string
	id   int64
}

// term is one thing a subject is found by.
type term struct {
	text   string
	inside bool // it begins inside a word
}

// How long a term is, and how much of a word is worth finding.
const (
	termLength  = 24
	shortest    = 2 // letters of a search
	shortInside = 3 // letters of a search that may stand inside a word
)

// How a phrase becomes terms.
type phrase struct {
	text   string
	inside bool // terms begin inside words too
	domain bool // the last word is an ending like "com", which is no beginning of its own
}

// terms of a phrase.
func (p phrase) terms() (all []term) {
	have, ending := strings.Fields(words(p.text)), ""
	if last := len(have) - 1; p.domain && last > 0 {
		have, ending = have[:last], have[last]
	}
	for i, word := range have {
		rest := strings.Join(have[i:], "") + ending
		for at := range word {
			if at == 0 || p.inside && utf8.RuneCountInString(rest[at:]) >= shortInside {
				all = append(all, term{cutTerm(rest[at:]), at > 0})
			}
		}
	}
	return all
}

func cutTerm(text string) string {
	if runes := []rune(text); len(runes) > termLength {
		return string(runes[:termLength])
	}
	return text
}

// phrasesOf reads what a subject is found by. Staff are not found: they are no customers.
func (tx *Tx) phrasesOf(s subject) ([]phrase, error) {
	switch s.kind {
	case licenceSubject:
		var site, key string
		_, err := tx.get([]any{&site, &key}, `SELECT site, key_start FROM licences WHERE id = $1`, s.id)
		return []phrase{{site, true, true}, {key, false, false}}, err
	case orderSubject:
		var number, notes string
		_, err := tx.get([]any{&number, &notes}, `SELECT number, notes FROM orders WHERE id = $1`, s.id)
		return append(sitesIn(notes), phrase{number, false, false}), err
	case organizationSubject:
		var name string
		_, err := tx.get([]any{&name}, `SELECT name FROM organizations WHERE id = $1`, s.id)
		if err != nil {
			return nil, err
		}
		domains, err := tx.domains(s.id)
		return append(domainPhrases(domains), phrase{name, true, false}), err
	}
	return tx.personPhrases(s.id)
}

func (tx *Tx) personPhrases(id int64) (all []phrase, err error) {
	var name, address, number string
	found, err := tx.get([]any{&name}, `SELECT name FROM people WHERE id = $1 AND role = 'customer'`, id)
	if err != nil || !found {
		return nil, err
	}
	all = append(all, phrase{name, false, false})
	err = tx.each([]any{&address}, func() error { all = append(all, phrase{address, false, true}); return nil },
		`SELECT address FROM addresses WHERE person_id = $1`, id)
	if err != nil {
		return nil, err
	}
	err = tx.each([]any{&number}, func() error { all = append(all, phrase{number, true, false}); return nil },
		`SELECT value FROM contact_methods WHERE person_id = $1`, id)
	return all, err
}

// sitesIn are the websites that stand in the notes of an order, where a shop often puts them (1.10).
func sitesIn(notes string) (all []phrase) {
	const most = 5
	for _, word := range strings.Fields(notes) {
		if site := account.FoldSite(strings.Trim(word, ".,;:()<>\"'")); strings.Contains(site, ".") && len(all) < most {
			all = append(all, phrase{site, true, true})
		}
	}
	return all
}

func domainPhrases(domains []string) (all []phrase) {
	for _, d := range domains {
		all = append(all, phrase{d, true, true})
	}
	return all
}

// termsOf are all terms of a subject, each once.
func (tx *Tx) termsOf(s subject) (map[term]bool, error) {
	if s.id == 0 {
		return nil, nil
	}
	phrases, err := tx.phrasesOf(s)
	return termsIn(phrases), err
}

func termsIn(phrases []phrase) map[term]bool {
	all := map[term]bool{}
	for _, p := range phrases {
		for _, t := range p.terms() {
			all[t] = true
		}
	}
	return all
}

// newcomer makes somebody findable who was stored just now. Nothing needs to be read for that, and most of them come with a mail.
func (tx *Tx) newcomer(p account.Person) error {
	if p.Role != access.Customer {
		return nil
	}
	phrases := []phrase{{p.Name, false, false}}
	for _, address := range p.Addresses {
		phrases = append(phrases, phrase{address, false, true})
	}
	return tx.addTerms(subject{personSubject, p.ID}, termsIn(phrases))
}

// foundBy runs a change of something that can be found, whose id is 0 until it is stored, and lets the terms follow.
func (tx *Tx) foundBy(kind string, id *int64, change func() error) error {
	before, err := tx.termsOf(subject{kind, *id})
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := tx.termsOf(subject{kind, *id})
	if err != nil {
		return err
	}
	for t := range before {
		if after[t] {
			delete(after, t)
		} else if err := tx.dropTerm(subject{kind, *id}, t); err != nil {
			return err
		}
	}
	return tx.addTerms(subject{kind, *id}, after)
}

func (tx *Tx) dropTerm(s subject, t term) error {
	_, err := tx.exec(`DELETE FROM customer_terms WHERE inside = $1 AND term = $2 AND kind = $3 AND subject_id = $4`, t.inside, t.text, s.kind, s.id)
	return err
}

// addTerms stores terms together: on PostgreSQL each statement costs a way there and back.
func (tx *Tx) addTerms(s subject, terms map[term]bool) error {
	if len(terms) == 0 {
		return nil
	}
	q := (&query{}).add("INSERT INTO customer_terms (term, inside, kind, subject_id) VALUES ")
	separator := ""
	for t := range terms {
		q.add(separator+"(?, ?, ?, ?)", t.text, t.inside, s.kind, s.id)
		separator = ", "
	}
	q.add(" ON CONFLICT DO NOTHING")
	_, err := tx.exec(q.String(), q.args...)
	return err
}

// customersSince is the version of the schema from which customers are found by terms.
const customersSince = 10

// beginCustomers makes the customers findable whom a database knew before that.
func (db *DB) beginCustomers(ctx context.Context) error {
	if db.found == 0 || db.found >= customersSince {
		return nil
	}
	return db.engine.load(ctx, (*Tx).indexCustomers)
}

// indexCustomers makes every customer findable again.
func (tx *Tx) indexCustomers() error {
	if _, err := tx.exec(`DELETE FROM customer_terms`); err != nil {
		return err
	}
	for kind, table := range map[string]string{licenceSubject: "licences", orderSubject: "orders", organizationSubject: "organizations", personSubject: "people"} {
		if err := tx.indexSubjects(kind, table); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) indexSubjects(kind, table string) error {
	for last := int64(0); ; {
		ids, err := tx.ids("SELECT id FROM "+table+" WHERE id > $1 ORDER BY id LIMIT 1000", last)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			terms, err := tx.termsOf(subject{kind, id})
			if err != nil {
				return err
			}
			if err := tx.addTerms(subject{kind, id}, terms); err != nil {
				return err
			}
		}
		last = ids[len(ids)-1]
	}
}

// Searching.

// How much one search looks at: subjects of one word that are checked for the others, of a part of a word, and of the words beside a
// wrong one; how many words are looked up, and how many terms are compared with a wrong one.
const (
	customersChecked = 300
	halfChecked      = 40
	besideChecked    = 60
	wordsLookedUp    = 4
	termsCompared    = 2000
)

// SearchCustomers finds customers and what they own by what somebody types, the likeliest first. A whole licence key, or its first
// eight characters, finds its licence. Whoever may not see customers finds nothing.
func (tx *Tx) SearchCustomers(a access.Actor, text string, most int) ([]CustomerHit, error) {
	if !access.May(a, access.SeeCustomers) {
		return nil, nil
	}
	n := limit(cmp.Or(most, 20))
	typed := strings.Fields(words(typedPhrase(text)))
	joined := strings.Join(typed, "")
	if utf8.RuneCountInString(joined) < shortest {
		return nil, nil
	}
	ids, err := tx.byKey(text)
	if err != nil {
		return nil, err
	}
	if ids, err = tx.inOrder(a, ids, joined, n); err != nil {
		return nil, err
	}
	hits, err := tx.customerHits(a, ids)
	if err != nil || len(hits) >= n {
		return hits, err
	}
	if len(typed) > 1 {
		hits, err = tx.inAnyOrder(a, hits, typed, n)
	}
	if err != nil || len(hits) > 0 {
		return hits, err
	}
	return tx.nearly(a, typed, n)
}

// typedPhrase takes off what people paste with a website, and the zero that is only dialled at home.
func typedPhrase(text string) string {
	site := account.FoldSite(text)
	if strings.Contains(text, "://") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "www.") {
		return site
	}
	if strings.Trim(text, "0123456789 /-()+.") == "" && strings.HasPrefix(strings.TrimSpace(text), "0") {
		return strings.TrimLeft(strings.TrimSpace(text), "0")
	}
	return text
}

// byKey is the licence with that key, as a whole.
func (tx *Tx) byKey(text string) (all []subject, err error) {
	key := account.KeyOf(text)
	if len(key.Start) < 8 {
		return nil, nil
	}
	ids, err := tx.ids(`SELECT id FROM licences WHERE key_hash = $1 ORDER BY id LIMIT 10`, key.Hash)
	for _, id := range ids {
		all = append(all, subject{licenceSubject, id})
	}
	return all, err
}

// inOrder adds what has a term that begins with the letters: first those at the beginning of a word, then those inside one.
func (tx *Tx) inOrder(a access.Actor, found []subject, letters string, n int) ([]subject, error) {
	for _, inside := range []bool{false, true} {
		if len(found) >= n || inside && utf8.RuneCountInString(letters) < shortInside {
			break
		}
		more, err := tx.beginning(letters, inside, n)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(more, func(a, b subject) int {
			return cmp.Compare(slices.Index(subjects, a.kind), slices.Index(subjects, b.kind))
		})
		for _, s := range more {
			if !slices.Contains(found, s) {
				found = append(found, s)
			}
		}
	}
	return found[:min(n, len(found))], nil
}

const beginsWith = `
	SELECT kind, subject_id, term
	FROM customer_terms
	WHERE inside = $1 AND term >= $2 AND term < $3
	ORDER BY inside, term, kind, subject_id
	LIMIT $4`

// beginning is a stretch of the terms.
func (tx *Tx) beginning(letters string, inside bool, n int) (all []subject, err error) {
	letters = cutTerm(letters)
	var s subject
	var term string
	err = tx.each([]any{&s.kind, &s.id, &term}, func() error { all = append(all, s); return nil },
		beginsWith, inside, letters, letters+string(utf8.MaxRune), n)
	return all, err
}

// inAnyOrder adds hits that have all the words, wherever they stand.
func (tx *Tx) inAnyOrder(a access.Actor, hits []CustomerHit, typed []string, n int) ([]CustomerHit, error) {
	rarest, err := tx.rarest(a, typed)
	if err != nil {
		return nil, err
	}
	rarest = slices.DeleteFunc(rarest, func(s subject) bool {
		return slices.ContainsFunc(hits, func(h CustomerHit) bool { return h.subject() == s })
	})
	more, err := tx.customerHits(a, rarest)
	for _, h := range more {
		if len(hits) < n && hasAll(h.text(), typed) {
			hits = append(hits, h)
		}
	}
	return hits, err
}

// rarest is what the word finds that finds least; whoever has all the words is among them.
func (tx *Tx) rarest(a access.Actor, typed []string) (least []subject, err error) {
	for i, word := range typed[:min(len(typed), wordsLookedUp)] {
		found, err := tx.inOrder(a, nil, word, customersChecked)
		if err != nil {
			return nil, err
		}
		if i == 0 || len(found) < len(least) {
			least = found
		}
	}
	return least, nil
}

func (h CustomerHit) subject() subject {
	return subject{h.By, map[string]int64{licenceSubject: h.Licence.ID, orderSubject: h.Order.ID, organizationSubject: h.Organization.ID, personSubject: h.Person.ID}[h.By]}
}

// text is all that a hit shows, as words.
func (h CustomerHit) text() string {
	return words(strings.Join([]string{h.Licence.Site, h.Licence.Key.Start, h.Licence.OrderNumber, h.Order.Number, h.Order.Notes,
		h.Person.Name, h.Person.Email, strings.Join(h.Person.Addresses, " "), h.Organization.Name}, " "))
}

func hasAll(text string, typed []string) bool {
	return !slices.ContainsFunc(typed, func(word string) bool { return !strings.Contains(text, word) })
}

// shortestNear is how long a word must be for one of its letters to be wrong.
const shortestNear = 4

// nearly finds what has all words but for one letter of one of them.
func (tx *Tx) nearly(a access.Actor, typed []string, n int) (hits []CustomerHit, err error) {
	for i, word := range typed[:min(len(typed), wordsLookedUp)] {
		letters, rest := []rune(word), slices.Delete(slices.Clone(typed), i, i+1)
		if len(letters) < shortestNear {
			continue
		}
		found, err := tx.maybe(a, letters, rest)
		if err != nil {
			return nil, err
		}
		all, err := tx.customerHits(a, found)
		if err != nil {
			return nil, err
		}
		for _, h := range all {
			known := slices.ContainsFunc(hits, func(other CustomerHit) bool { return other.subject() == h.subject() })
			text := h.text()
			if !known && len(hits) < n && hasAll(text, rest) && hasNear(text, letters) {
				h.Near = true
				hits = append(hits, h)
			}
		}
	}
	return hits, nil
}

// maybe is what a wrong word may mean: what the other words find, else what shares a good part of it.
func (tx *Tx) maybe(a access.Actor, letters []rune, rest []string) ([]subject, error) {
	if len(rest) == 0 {
		return tx.halves(a, letters)
	}
	found, err := tx.rarest(a, rest)
	return found[:min(len(found), besideChecked)], err
}

// halves are the subjects that share a good part of a word, the longest parts first: what stands before the wrong letter, and
// what stands after it. What a term begins with is compared at once; what stands before a term is known only to its subject.
func (tx *Tx) halves(a access.Actor, letters []rune) (found []subject, err error) {
	for cut := len(letters) - 1; cut >= len(letters)/2; cut-- {
		if found, err = tx.nearBeginning(found, letters, cut); err != nil {
			return nil, err
		}
		if found, err = tx.inOrder(a, found, string(letters[len(letters)-cut:]), len(found)+halfChecked); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// nearBeginning adds what has a term that begins like a word but for one letter, the first cut letters of which are right.
func (tx *Tx) nearBeginning(found []subject, letters []rune, cut int) ([]subject, error) {
	part := string(letters[:cut])
	var s subject
	var term string
	err := tx.each([]any{&s.kind, &s.id, &term}, func() error {
		if len(found) < customersChecked && beginsNear(letters, []rune(term)) && !slices.Contains(found, s) {
			found = append(found, s)
		}
		return nil
	}, beginsWith, false, part, part+string(utf8.MaxRune), termsCompared)
	return found, err
}

// beginsNear reports whether a text begins with a word but for one letter.
func beginsNear(word, text []rune) bool {
	for _, long := range []int{len(word) - 1, len(word), len(word) + 1} {
		if long <= len(text) && oneApart(word, text[:long]) {
			return true
		}
	}
	return false
}

// hasNear reports whether some stretch of the text, from the beginning of a word or inside one, differs in one letter at most.
func hasNear(text string, word []rune) bool {
	for _, have := range strings.Fields(text) {
		text := []rune(have)
		for from := range text {
			if beginsNear(word, text[from:]) {
				return true
			}
		}
	}
	return false
}

// oneApart reports whether two words differ by one letter that is other, missing, too many, or has changed places with the next.
func oneApart(a, b []rune) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := func(r []rune, at int) string { return string(r[min(at, len(r)):]) }
	switch {
	case i == len(a) && i == len(b):
		return true
	case from(a, i+1) == from(b, i+1), from(a, i+1) == from(b, i), from(a, i) == from(b, i+1):
		return true
	}
	return i+1 < len(a) && i+1 < len(b) && a[i] == b[i+1] && a[i+1] == b[i] && from(a, i+2) == from(b, i+2)
}

// customerHits reads what was found, in the order in which it was, as far as the actor may know of it.
func (tx *Tx) customerHits(a access.Actor, found []subject) (hits []CustomerHit, err error) {
	ids := map[string][]int64{}
	for _, s := range found {
		ids[s.kind] = append(ids[s.kind], s.id)
	}
	by := map[subject]CustomerHit{}
	if err = tx.readLicences(a, ids[licenceSubject], by); err == nil {
		err = tx.readOrders(a, ids[orderSubject], by)
	}
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		h, read := by[s]
		switch s.kind {
		case organizationSubject:
			h, read = CustomerHit{By: s.kind, Organization: account.Organization{ID: s.id}}, true
		case personSubject:
			h, read = CustomerHit{By: s.kind, Person: account.Person{ID: s.id}}, true
		}
		if read {
			hits = append(hits, h)
		}
	}
	return tx.withOwners(a, hits)
}

func (tx *Tx) readLicences(a access.Actor, ids []int64, by map[subject]CustomerHit) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := tx.licences(func(q *query) { q.in("o.id", padded(ids)).add(" AND ").theirs(a) }, "")
	for _, l := range all {
		by[subject{licenceSubject, l.ID}] = CustomerHit{By: licenceSubject, Licence: l, Person: account.Person{ID: l.Person}, Organization: account.Organization{ID: l.Organization}}
	}
	return err
}

func (tx *Tx) readOrders(a access.Actor, ids []int64, by map[subject]CustomerHit) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := tx.orders(func(q *query) { q.in("o.id", padded(ids)).add(" AND ").theirs(a) })
	for _, o := range all {
		by[subject{orderSubject, o.ID}] = CustomerHit{By: orderSubject, Order: o, Person: account.Person{ID: o.Person}, Organization: account.Organization{ID: o.Organization}}
	}
	return err
}

// withOwners reads who the people and the organisations of hits are. A person brings their organisation along. What is gone
// meanwhile is left out.
func (tx *Tx) withOwners(a access.Actor, hits []CustomerHit) ([]CustomerHit, error) {
	people, err := tx.peopleBy(a, hits)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		if p, ok := people[hits[i].Person.ID]; ok {
			hits[i].Person = p
			hits[i].Organization.ID = cmp.Or(hits[i].Organization.ID, p.Organization)
		}
	}
	names, err := tx.organizationNames(a, hits)
	if err != nil {
		return nil, err
	}
	for i := range hits {
		hits[i].Organization.Name = names[hits[i].Organization.ID]
	}
	return slices.DeleteFunc(hits, func(h CustomerHit) bool {
		return h.By == personSubject && h.Person.Email == "" || h.By == organizationSubject && h.Organization.Name == ""
	}), nil
}

func (tx *Tx) peopleBy(a access.Actor, hits []CustomerHit) (map[int64]account.Person, error) {
	var ids []int64
	for _, h := range hits {
		ids = append(ids, h.Person.ID)
	}
	by := map[int64]account.Person{}
	if len(ids) == 0 || !access.May(a, access.SeeCustomers) {
		return by, nil
	}
	all, err := tx.people((&query{}).add(tx.selectPerson()+"WHERE ").in("p.id", padded(ids)))
	for _, p := range all {
		by[p.ID] = p
	}
	if err != nil {
		return nil, err
	}
	q := (&query{}).add("SELECT person_id, address FROM addresses WHERE ").in("person_id", padded(ids)).add(" ORDER BY person_id, position")
	var person int64
	var address string
	return by, tx.each([]any{&person, &address}, func() error {
		p := by[person]
		p.Addresses = append(p.Addresses, address)
		by[person] = p
		return nil
	}, q.String(), q.args...)
}

func (tx *Tx) organizationNames(a access.Actor, hits []CustomerHit) (map[int64]string, error) {
	var ids []int64
	for _, h := range hits {
		ids = append(ids, h.Organization.ID)
	}
	by := map[int64]string{}
	if len(ids) == 0 || !access.May(a, access.SeeCustomers) {
		return by, nil
	}
	q := (&query{}).add("SELECT id, name FROM organizations WHERE ").in("id", padded(ids))
	var id int64
	var name string
	return by, tx.each([]any{&id, &name}, func() error { by[id] = name; return nil }, q.String(), q.args...)
}

// padded repeats the last id until there is a round number of them, so that searches share their prepared statements.
func padded(ids []int64) []int64 {
	round := 8
	for round < len(ids) {
		round *= 2
	}
	ids = slices.Clone(ids)
	for len(ids) < round {
		ids = append(ids, ids[len(ids)-1])
	}
	return ids
}
