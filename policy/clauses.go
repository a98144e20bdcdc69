package policy

import (
	"slices"
	"strings"
	"time"

	"hark/ticket"
)

// Clauses: the scope as a recorded decision. A person says under which sentence of the scope a request falls; whether it is inside,
// partly inside or outside follows from the sentence (seed 000, 0.12 and 0.15; seed 003, 3.20). Nothing is declined by a rule alone.

// ClauseFact is the fact that names the clause somebody has decided on: "limits.coding", "covers.technical".
const ClauseFact = ticket.ClauseFact

// Reach says how far support goes for what a clause speaks of.
type Reach string

const (
	InScope       Reach = "inside"
	PartlyInScope Reach = "partly" // something is done all the same, such as finding the cause
	OutOfScope    Reach = "outside"
)

// Clause is one sentence of the scope.
type Clause struct {
	ID      string
	Reach   Reach
	Label   string
	Says    string
	WeStill string // what is done all the same
	Instead string // where else to turn
	Message string // the answer that is ready, "" for none
}

// Clauses are all of them in the order of the file: what is covered, the integrations, then the limits.
func (p *Policy) Clauses() (all []Clause) {
	if p.Doc.Scope == nil {
		return nil
	}
	for _, c := range p.Doc.Scope.Covers {
		all = append(all, Clause{ID: "covers." + c.ID, Reach: InScope, Label: or(c.Label, spaced(c.ID)), Says: c.Says})
	}
	for _, i := range p.Doc.Scope.Integrations {
		all = append(all, i.clause())
	}
	for i := range p.Doc.Scope.Limits {
		all = append(all, clauseOf(&p.Doc.Scope.Limits[i]))
	}
	return all
}

func clauseOf(l *Limit) Clause {
	c := Clause{ID: "limits." + l.ID, Reach: OutOfScope, Label: upperFirst(spaced(l.ID)), Says: l.Says, WeStill: l.WeStill, Instead: l.Instead, Message: l.ReplyWith}
	if l.WeStill != "" {
		c.Reach = PartlyInScope
	}
	return c
}

func (p *Policy) clauseIDs() (ids []string) {
	for _, c := range p.Clauses() {
		ids = append(ids, c.ID)
	}
	return ids
}

// Scoping is how a ticket stands with the scope.
type Scoping struct {
	Clause  Clause    // the zero clause when nothing speaks for one
	Decided time.Time // when a person decided so; zero while the policy only points it out
	Told    time.Time // when a person wrote to the customer after that
	Asks    []Ask     // what the ready answer speaks of and an agent has to say: the other system
	Refuses string    // the state that declining leads to where the policy says so, as people call it; "" otherwise
}

// Scoping reports it. What the policy points out counts until somebody has decided.
func (p *Policy) Scoping(t ticket.Ticket) (s Scoping) {
	facts := p.WithAges(FactsOf(&t), zero)
	if id, _ := facts(ClauseFact); id != nil {
		s.Clause, _ = find(p.Clauses(), func(c Clause) bool { return c.ID == id })
		s.Decided, s.Told = t.Memory.Scoped.At, t.Memory.Scoped.Told
	} else if limit, declined := p.Declined(facts); declined {
		s.Clause = clauseOf(&limit)
	}
	if s.Clause.Message == "" {
		return s
	}
	for _, name := range p.Needs(s.Clause.Message) {
		if p.MaySay(name) {
			a := p.ask(name)
			a.Value = factText(t.Facts[name])
			s.Asks = append(s.Asks, a)
		}
	}
	r := p.reaction(t, ticket.Event{Kind: ticket.ScopeRefused}, zero)
	if m, ok := r.move(""); ok && s.Clause.Reach == OutOfScope {
		s.Refuses = p.Doc.Lifecycle.States[or(m.To, t.State)].Label
	}
	return s
}

// Implied are the facts that a clause stands for, besides itself: that the topic is custom code or setup, that another system is the cause.
// Only those are among them that people say on a ticket.
func (p *Policy) Implied(clause string) map[string]any {
	facts := map[string]any{}
	if cover, covered := strings.CutPrefix(clause, "covers."); covered && p.sortsByCovers() {
		facts[TopicFact] = cover
	}
	id, _ := strings.CutPrefix(clause, "limits.")
	if p.Doc.Scope == nil {
		return facts
	}
	limit, _ := find(p.Doc.Scope.Limits, func(l Limit) bool { return l.ID == id })
	for name, wanted := range limit.When {
		if _, plain := wanted.(string); (plain || wanted == true) && p.MaySay(name) {
			facts[name] = wanted
		}
	}
	return facts
}

// scoped remembers when somebody decided on a clause.
func (r *reaction) scoped(before map[string]any) {
	if clause, said := r.e.Facts[ClauseFact]; said && clause != before[ClauseFact] {
		r.t.Memory.Scoped = ticket.Scoped{}
		if clause != nil {
			r.t.Memory.Scoped.At = r.at
		}
	}
}

// StaffChange is a small change that only the staff can make, as an agent chooses it (seed 000, 0.11).
type StaffChange struct {
	ID     string
	Says   string
	Note   []string // what is written down with it
	First  string   // what comes first, because somebody asks who may not; "" when they may
	Marked bool     // the ticket is marked as asking for it
}

// StaffChanges is the catalogue, for one ticket.
func (p *Policy) StaffChanges(t ticket.Ticket) (all []StaffChange) {
	if p.Doc.Scope == nil {
		return nil
	}
	facts := p.WithAges(FactsOf(&t), zero)
	for i := range p.Doc.Scope.StaffDoes {
		s := &p.Doc.Scope.StaffDoes[i]
		all = append(all, StaffChange{ID: s.ID, Says: s.Says, Note: slices.Clone(s.Note), First: p.firstFor(s, facts), Marked: t.Facts[staffChange] == s.ID})
	}
	return all
}

// firstFor is what an agent does first when somebody asks for a change who may not.
func (p *Policy) firstFor(s *StaffDoes, facts Facts) string {
	if len(s.OnlyFor) == 0 || s.OnlyFor.Holds(facts) {
		return ""
	}
	return or(s.Otherwise, "This may only be asked for when "+p.Says(s.OnlyFor)+".")
}
