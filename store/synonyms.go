package store

import (
	"slices"
	"strconv"
	"strings"

	"hark/article"
)

// Words that mean the same in the help of a brand. A search asks for a word or any that means the same, so that an article is found by
// the words its readers have.

func synonymsName(brand int64) string { return "help-synonyms/" + strconv.FormatInt(brand, 10) }

// Synonyms are the words that mean the same in the help of a brand.
func (tx *Tx) Synonyms(brand int64) (article.Synonyms, error) {
	kept, err := tx.Setting(synonymsName(brand))
	if err != nil || len(kept) == 0 {
		return nil, err
	}
	return article.ParseSynonyms(string(kept))
}

// SaveSynonyms keeps them.
func (tx *Tx) SaveSynonyms(brand int64, all article.Synonyms) error {
	return tx.SetSetting(synonymsName(brand), []byte(all.String()))
}

// or parts a word of a search from those that mean the same. Words are letters and digits, so it stands in none.
const or = "|"

// widened are the words of a search, each with those that mean the same.
func (tx *Tx) widened(brand int64, typed []string) ([]string, error) {
	all, err := tx.Synonyms(brand)
	if err != nil || len(all) == 0 {
		return typed, err
	}
	wide := slices.Clone(typed)
	for _, group := range all {
		folded := strings.Fields(words(strings.Join(group, " ")))
		for i, word := range typed {
			if !slices.Contains(folded, word) {
				continue
			}
			for _, other := range folded {
				if !slices.Contains(alternatives(wide[i]), other) {
					wide[i] += or + other
				}
			}
		}
	}
	return wide, nil
}

// alternatives are a word of a search and those that mean the same.
func alternatives(word string) []string { return strings.Split(word, or) }

// narrowed are the words as they were typed.
func narrowed(wide []string) (typed []string) {
	for _, word := range wide {
		typed = append(typed, alternatives(word)[0])
	}
	return typed
}
