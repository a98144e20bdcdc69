package mail

import "strings"

// readThread reads when the mail was written and what it answers.
func (m *Message) readThread() {
	value, there := lookup(m.fields, "Date")
	m.Date = parseDate(value)
	if there && m.Date.IsZero() {
		m.defect("the date %s cannot be read", quote(value))
	}
	if id := messageIDs(first(m.fields, "Message-ID")); len(id) > 0 {
		m.MessageID = id[0]
	} else {
		m.defect("the mail has no Message-ID")
	}
	m.InReplyTo = m.limited("In-Reply-To")
	m.References = m.limited("References")
}

func (m *Message) limited(name string) []string {
	ids := messageIDs(first(m.fields, name))
	if len(ids) > MaxReferences {
		m.defect("%s names %d mails; the first and the last %d were read", name, len(ids), MaxReferences-1)
		ids = append(ids[:1:1], ids[len(ids)-MaxReferences+1:]...)
	}
	return ids
}

// messageIDs returns the ids of a field, with angle brackets. A bare word with an @ is taken as an id that lost its brackets.
func messageIDs(v string) (ids []string) {
	for v != "" {
		start := strings.IndexByte(v, '<')
		if start < 0 {
			break
		}
		v = v[start+1:]
		end := strings.IndexByte(v, '>')
		if end < 0 {
			break
		}
		if id := strings.Map(printable, v[:end]); id != "" {
			ids = append(ids, "<"+id+">")
		}
		v = v[end+1:]
	}
	if word := strings.TrimSpace(v); len(ids) == 0 && word != "" && !strings.ContainsAny(word, " \t<>") {
		ids = append(ids, "<"+strings.Map(printable, word)+">")
	}
	return ids
}

func printable(r rune) rune {
	if r <= ' ' || r >= 127 {
		return -1
	}
	return r
}
