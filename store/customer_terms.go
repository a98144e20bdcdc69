package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"hark/access"
	"hark/account"
)

// The terms that customers are found by, and how they follow what they are made of.

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
	found, err := tx.get([]any{&name}, `SELECT name FROM people WHERE id = $1 AND role = 'customer' AND merged_into IS NULL`, id)
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
