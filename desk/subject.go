package desk

import "strings"

// longestSubject is how many characters of a subject a ticket carries. A list, a letter and a browser's title have room for
// less; what is cut off stands in the mail that brought it.
const longestSubject = 250

// subjectOr is what a ticket is called: the subject it came with, cut where it is too long, or words for none.
func subjectOr(subject string) string {
	if s := strings.TrimSpace(subject); s != "" {
		return shortened(s, longestSubject)
	}
	return "(no subject)"
}

// shortened cuts a text that is longer than most characters and says so by an ellipsis, which is one of them.
func shortened(s string, most int) string {
	seen := 0
	for at := range s {
		if seen++; seen > most {
			runes := []rune(s[:at])
			return strings.TrimSpace(string(runes[:most-1])) + "…"
		}
	}
	return s
}
