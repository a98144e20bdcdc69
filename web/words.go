package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/k3a/html2text"

	"hark/web/when"
)

// sentenceCase gives a phrase its capital letter.
func sentenceCase(text string) string {
	letter, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(letter)) + text[size:]
}

// plain is the text of a draft that was written with marks, for the field without script.
func plain(html string) string { return strings.TrimSpace(html2text.HTML2Text(html)) }

func size(bytes int64) string { return when.Size(bytes) }
