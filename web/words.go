package web

import (
	"strings"

	"github.com/k3a/html2text"

	"hark/policy"
	"hark/web/when"
)

// sentenceCase gives a phrase its capital letter, unless it begins with a name that is written small.
func sentenceCase(text string) string { return policy.Capitalized(text) }

// plain is the text of a draft that was written with marks, for the field without script.
func plain(html string) string { return strings.TrimSpace(html2text.HTML2Text(html)) }

func size(bytes int64) string { return when.Size(bytes) }
