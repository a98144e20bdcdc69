package mail

import (
	"cmp"
	"strings"
	"time"
)

// readTrace reads what servers on the way wrote on top.
func (m *Message) readTrace() {
	for _, f := range m.fields {
		if strings.EqualFold(f.Name, "Received") && len(m.Received) < MaxHeaders {
			m.Received = append(m.Received, readHop(f.Value))
		}
	}
	if v, there := lookup(m.fields, "Return-Path"); there {
		list, _ := addressList(v)
		path := ""
		if len(list) > 0 {
			path = list[0].Email
		}
		if path != "" || strings.Contains(v, "<>") {
			m.ReturnPath = &path
		}
	}
}

// AcceptedAt returns when our own server took the mail: the time in the newest Received field by that host. Date is only what the
// sender claims. It is false when the field is missing or unreadable.
func (m *Message) AcceptedAt(host string) (time.Time, bool) {
	for _, hop := range m.Received {
		if host != "" && hop.By == strings.ToLower(host) {
			return hop.At, !hop.At.IsZero()
		}
	}
	return time.Time{}, false
}

// readHop reads `from HOST (...) by HOST (...) with ... for <ADDRESS>; DATE`.
func readHop(v string) Hop {
	text, date := v, ""
	if i := strings.LastIndexByte(v, ';'); i >= 0 {
		text, date = v[:i], v[i+1:]
	}
	h := Hop{At: parseDate(date)}
	words := strings.Fields(text)
	for i := 0; i+1 < len(words); i++ {
		next := strings.Trim(words[i+1], "<>;,")
		switch strings.ToLower(words[i]) {
		case "from":
			h.From = cmp.Or(h.From, next)
		case "by":
			h.By = cmp.Or(h.By, strings.ToLower(next))
		case "for":
			h.For = cmp.Or(h.For, next)
		}
	}
	return h
}
