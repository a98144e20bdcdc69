package article

import (
	"strings"
	"unicode/utf8"

	"hark/fault"
)

// Synonyms are groups of words that mean the same to whoever searches: a bill is an invoice. Each word stands alone, as a search takes it.
type Synonyms [][]string

// The bounds of such a list. It is looked at with every search.
const (
	MostSynonyms   = 200 // groups
	mostInGroup    = 10
	longestSynonym = 40
)

// ParseSynonyms reads one group from each line, its words parted by commas. What cannot be read is [fault.Invalid], with its line.
func ParseSynonyms(text string) (all Synonyms, err error) {
	for n, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		group, says := synonymsIn(line)
		if says != "" {
			return nil, fault.New(fault.Invalid, "line %d: %s", n+1, says)
		}
		all = append(all, group)
	}
	if len(all) > MostSynonyms {
		return nil, fault.New(fault.Invalid, "there is room for %d lines; these are %d", MostSynonyms, len(all))
	}
	return all, nil
}

// synonymsIn reads a line, and says what is wrong with it.
func synonymsIn(line string) (group []string, wrong string) {
	for _, word := range strings.Split(line, ",") {
		switch word = strings.TrimSpace(word); {
		case word == "":
		case strings.ContainsAny(word, " \t"):
			return nil, "“" + clip(word, longestSynonym) + "” is several words; write one alone, or put a comma between them"
		case utf8.RuneCountInString(word) > longestSynonym:
			return nil, "“" + clip(word, longestSynonym) + "…” is too long for a word"
		default:
			group = append(group, word)
		}
	}
	switch {
	case len(group) < 2:
		return nil, "two words at least mean the same, with a comma between them"
	case len(group) > mostInGroup:
		return nil, "a line has room for ten words"
	}
	return group, ""
}

// String is the list as somebody writes it.
func (s Synonyms) String() string {
	lines := make([]string, len(s))
	for i, group := range s {
		lines[i] = strings.Join(group, ", ")
	}
	return strings.Join(lines, "\n")
}
