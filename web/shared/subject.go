package shared

import "strings"

// Straight takes out the signs that turn the direction of what follows: with them "exe.png" reads as what it is not. Text that runs from
// right to left needs none of them, because everything that somebody wrote stands in a bdi of its own.
func Straight(words string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, words)
}
