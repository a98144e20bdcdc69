// Package catcher is the demo's letter box: every mail the desk would have sent, which nobody receives.
// It shows the message as it would have left, with its headers and both bodies, and lets a reader answer it, so that both sides of a conversation can be played in one browser. It exists in the demo only.
package catcher

import (
	"slices"
	"strings"

	"hark/web/shared"
)

// View is the letter box.
type View struct {
	List  []Mail
	Pager shared.Pager
}

// Mail is one caught mail.
type Mail struct {
	ID      string
	URL     string
	At      shared.Time
	From    string
	To      string
	Subject string
	Line    string // how it begins
	Why     string // "First reminder", "Answer by Ana Ruiz"
	Current bool
}

// Letter is one caught mail, opened.
type Letter struct {
	Mail
	Headers []Header
	HTMLURL string // address of its HTML part, served with a policy of its own; "" when it has none
	Text    string
	Source  string
	Ticket  string // the customer's page, "" for none
	Reply   string // POST address: answers it as the customer would
	Older   string // the mail before, the mail after
	Newer   string
}

// Header is one line of a mail's head.
type Header struct {
	Name  string
	Value string
}

// head is the part of the head that a reader looks for; everything else stands in the source.
func (l Letter) head() []Header {
	return slices.DeleteFunc(slices.Clone(l.Headers), func(h Header) bool {
		return !slices.Contains([]string{"from", "to", "cc", "reply-to", "date", "sent"}, strings.ToLower(h.Name))
	})
}
