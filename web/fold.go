package web

import (
	"strings"

	"hark/ticket"
	"hark/web/shared"
	"hark/web/visit"
)

// How much of one message stands on a page. A log that somebody pasted into a mail has more lines than a person reads, and
// a page with all of them is too heavy to be opened on a phone.
const (
	mostLines = 200
	mostText  = 16 << 10 // bytes
	mostHTML  = 64 << 10
)

// folded is a message of which only the beginning is shown when it is long, with the address that shows all of it: the same
// page, asked for this message.
func folded(v *visit.Visit, m shared.Message, c ticket.Comment) shared.Message {
	if v.Query("all") == number(c.ID) {
		return m
	}
	text, cut := beginning(m.Text)
	if len(m.HTML) > mostHTML {
		m.HTML, cut = "", true // HTML cannot be cut in the middle; its text can
	}
	quoted, cutQuoted := beginning(m.Quoted)
	if m.HTML != "" {
		text, cut = m.Text, false
	}
	if m.Text, m.Quoted = text, quoted; cut || cutQuoted {
		m.All = "?all=" + number(c.ID) + "#" + m.ID
	}
	return m
}

// beginning is the first lines of a text, whole characters only, and whether there are more.
func beginning(text string) (start string, cut bool) {
	lines := 0
	end := strings.IndexFunc(text[:min(len(text), mostText)], func(r rune) bool {
		if r == '\n' {
			lines++
		}
		return lines == mostLines
	})
	switch {
	case end >= 0:
		return text[:end], strings.TrimSpace(text[end:]) != ""
	case len(text) > mostText:
		return strings.ToValidUTF8(text[:mostText], ""), true
	}
	return text, false
}
