package store

import (
	"cmp"
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

// typedPhrase takes off what people paste with a website, which is the page that they looked at too, and the zero that is only dialled at home.
func typedPhrase(text string) string {
	host, _, page := strings.Cut(account.FoldSite(text), "/")
	if strings.Contains(text, "://") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "www.") || page && strings.Contains(host, ".") {
		return host
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
	return by, err
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
