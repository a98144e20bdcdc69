package ticket

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hark/web/shared"
)

// Scope is whether a ticket is supported: what somebody has decided, or what the policy points out; the answer that is ready; and the
// small changes that only the staff can make.
type Scope struct {
	Title    string // "Outside of what we support", "" while nothing speaks for a clause
	Says     string // the clause
	Still    string // what is done all the same
	Instead  string // where else to turn
	Outside  bool   // wholly or in part
	Decided  bool   // a person has said so
	Answered bool   // the customer has been written to since
	May      bool   // the reader may decide
	Options  []shared.Option
	Answer   *ScopeAnswer // nil where none is ready, or not the reader's to send
	Change   *Change      // the change that is being made
	Changes  []Change     // the catalogue
}

// ScopeAnswer is the policy's answer for a clause. It waits; a person sends it.
type ScopeAnswer struct {
	Message  string
	Name     string // "Outside of standard support"
	Text     string
	Files    string // that it carries, "" for none
	Needs    []Need // what it speaks of and somebody has to say
	Statuses []shared.Option
	Own      bool // the reader may add words of their own
	Empty    bool // nothing is half written in the composer
	Base     string
	Draft    string
}

// Change is a small change that only the staff can make, with what has to be written down.
type Change struct {
	ID    string
	Says  string
	Note  []string
	First string // what comes first, because whoever asks may not
	Noted []string
	Word  string
	Wrong string
}

// noted is what was typed for one line of the list.
func (c Change) noted(i int) string {
	if i < len(c.Noted) {
		return c.Noted[i]
	}
	return ""
}

// decision is the button that shows what was decided and opens the clauses.
func (s Scope) decision() string {
	for _, o := range s.Options {
		if o.Chosen {
			return o.Label
		}
	}
	return "Nobody has decided"
}

// words are the clause with what is done all the same and where else to turn.
func (s Scope) words() string {
	return strings.TrimSpace(strings.Join(strings.Fields(s.Says+" "+s.Still+" "+s.Instead), " "))
}

// choose is what the catalogue's button says.
func (s Scope) choose() string {
	if s.Change != nil {
		return "Another change"
	}
	return "Choose a change"
}

// label is a line of the list as a label.
func (c Change) label(what string) string {
	r, size := utf8.DecodeRuneInString(what)
	return string(unicode.ToUpper(r)) + what[size:]
}
