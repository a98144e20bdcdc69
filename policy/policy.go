package policy

import (
	"maps"
	"slices"
	"time"

	"hark/calendar"
	"hark/ticket"
)

// Policy is a document that has been read and compiled: calendars can be asked, rules can be found by their path, and
// the order in which the company wrote things down is kept. It does not change once it is made; any number of
// goroutines may use it.
type Policy struct {
	Doc       Document
	File      string // as given to Parse, for messages
	Name      string
	Version   string
	Zone      *time.Location // of the company; times without a calendar of their own are told in it
	Effective time.Time      // when it begins to hold
	Calendars map[string]*calendar.Calendar
	clock     *calendar.Calendar // of Zone, without opening hours: what days and weeks count in where no calendar is named

	root    *node
	nodes   map[string]*node
	initial string  // the state a ticket begins in
	bound   []bound // what the pages tell, in their order
}

// States are the ids of the ticket's states in the order of the file.
func (p *Policy) States() []string { return p.Keys("lifecycle.states") }

// Kinds are the ids of the kinds of ticket in the order of the file.
func (p *Policy) Kinds() []string { return p.Keys("kinds") }

// Channels are the ids of the ways to reach the desk in the order of the file.
func (p *Policy) Channels() []string { return p.Keys("channels") }

// Pages are the ids of the published pages in the order of the file.
func (p *Policy) Pages() []string { return p.Keys("pages") }

// Messages are the ids of the messages in the order of the file.
func (p *Policy) Messages() []string { return p.Keys("messages") }

// Keys are the names below a path, such as "lifecycle.states", in the order of the file; members of a list go by their
// id. Nil when the file has nothing there.
func (p *Policy) Keys(path string) []string {
	n := p.nodes[path]
	if n == nil {
		return nil
	}
	var names []string
	for i, e := range n.entries {
		name := e.name
		if n.kind == list {
			name = memberName(e, i)
		}
		names = append(names, name)
	}
	return names
}

// Line is where a path stands in the file, counted from 1, and 0 when it does not.
func (p *Policy) Line(path string) int {
	if n := p.nodes[path]; n != nil {
		return n.key.line
	}
	return 0
}

// Category is which of the six statuses every client knows a state belongs to. A state says so with category; otherwise
// a state named like one of the six is that one; otherwise it follows from the rest: locked is closed, the initial
// state is new, and then it depends on whom the ticket waits for: support is open, the customer is pending, something
// else is hold, nobody is solved. An unknown state counts as open, so that somebody looks at it.
func (p *Policy) Category(state string) ticket.Category {
	s, known := p.Doc.Lifecycle.States[state]
	switch {
	case !known:
		return ticket.Open
	case s.Category != "":
		return ticket.Category(s.Category)
	case isCategory(state):
		return ticket.Category(state)
	case s.Locked:
		return ticket.Closed
	case s.Initial:
		return ticket.New
	}
	return map[string]ticket.Category{"support": ticket.Open, "customer": ticket.Pending, "other": ticket.Hold, "nobody": ticket.Solved}[s.WaitsOn]
}

func isCategory(word string) bool {
	switch ticket.Category(word) {
	case ticket.New, ticket.Open, ticket.Pending, ticket.Hold, ticket.Solved, ticket.Closed:
		return true
	}
	return false
}

// closed is the state in which nothing can be changed any more, the first by name; "" when the policy closes nothing.
func (p *Policy) closed() string {
	for _, state := range slices.Sorted(maps.Keys(p.Doc.Lifecycle.States)) {
		if p.Category(state) == ticket.Closed {
			return state
		}
	}
	return ""
}

// Initial is the state a ticket begins in: the one marked initial, else the first of the file.
func (p *Policy) Initial() string { return p.initial }

func (p *Policy) findInitial() string {
	states := p.States()
	for _, id := range states {
		if p.Doc.Lifecycle.States[id].Initial {
			return id
		}
	}
	if len(states) == 0 {
		return ""
	}
	return states[0]
}

// DefaultKind is the kind a ticket has until somebody looks at it: what triage says, else the first of the file.
func (p *Policy) DefaultKind() string {
	if t := p.Doc.Intake.Triage; t != nil && t.DefaultKind != "" {
		return t.DefaultKind
	}
	if kinds := p.Kinds(); len(kinds) > 0 {
		return kinds[0]
	}
	return ""
}

// StateLabel is what customers read for a state; agents read the state's own label.
func (p *Policy) StateLabel(id string) string {
	s, known := p.Doc.Lifecycle.States[id]
	switch {
	case !known:
		return spaced(id)
	case s.PublicLabel != "":
		return s.PublicLabel
	}
	return s.Label
}

// Addresses are the mail addresses that open a ticket or a call, in the order of the file.
func (p *Policy) Addresses() []string {
	var list []string
	for _, id := range p.Channels() {
		if c := p.Doc.Channels[id]; c.Kind == "email" && c.Address != "" {
			list = append(list, c.Address)
		}
	}
	return list
}
