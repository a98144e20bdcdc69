package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hark/access"
)

// Finding customers although a letter is wrong.

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
