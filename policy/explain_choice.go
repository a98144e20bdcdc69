package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/ticket"
)

// Why somebody has a level of support and why a ticket goes to whom: data first, and the sentence printed from it.

// FactSaid is a fact that a decision looked at, with its value; Known is false when nobody has said.
type FactSaid struct {
	Name  string `json:"name"`
	Says  string `json:"says"` // the fact in words: "the number of days since the licence was ordered"
	Value any    `json:"value,omitempty"`
	Known bool   `json:"known"`
}

// LevelReason is why a ticket has its level of support (seed 001, 1.20).
type LevelReason struct {
	Level    string     `json:"level"`
	Label    string     `json:"label"`
	Row      string     `json:"row"`
	Because  string     `json:"because"`
	Passed   []string   `json:"passed,omitempty"` // the rows above, which did not fit
	Facts    []FactSaid `json:"facts,omitempty"`  // what the row looked at
	Told     Told       `json:"-"`
	Sentence string     `json:"sentence"`
}

// ExplainLevel says which level these facts give at an instant, and why; ok is false where the policy gives none.
func (p *Policy) ExplainLevel(facts Facts, now time.Time) (why LevelReason, ok bool) {
	level, row, because := p.Level(facts, now)
	if row == "" {
		return why, false
	}
	i := slices.IndexFunc(p.Doc.Levels.Table, func(r LevelRow) bool { return r.ID == row })
	why = LevelReason{Level: level, Row: row, Because: because, Label: level, Told: p.ToldIn("levels.table." + row)}
	if label, named := p.levelNamed(level); named {
		why.Label = label
	}
	for _, above := range p.Doc.Levels.Table[:i] {
		why.Passed = append(why.Passed, above.ID)
	}
	why.Facts = p.factsOf(p.Doc.Levels.Table[i].When, p.WithAges(facts, now))
	why.Sentence = inOneLine([]string{why.Label + ": " + strings.TrimSuffix(because, ".") + ".", p.factsSay(why.Facts), p.cites("levels.table."+row, why.Told)})
	return why, true
}

// RouteReason is why a ticket goes to whom.
type RouteReason struct {
	Rule     string     `json:"rule"` // "routing.project"
	To       string     `json:"to"`   // as Memory.Route has it
	Else     bool       `json:"else,omitempty"`
	Facts    []FactSaid `json:"facts,omitempty"`
	Told     Told       `json:"-"`
	Sentence string     `json:"sentence"`
}

// ExplainRoute says why routing chose whom it chose last for a ticket; ok is false when it has chosen nobody.
func (p *Policy) ExplainRoute(t ticket.Ticket, now time.Time) (why RouteReason, ok bool) {
	i := slices.IndexFunc(p.Doc.Routing, func(r Route) bool { return r.ID == t.Memory.RouteBy })
	if i < 0 || t.Memory.Route == "" {
		return why, false
	}
	rule := &p.Doc.Routing[i]
	name := "routing." + rule.ID
	r := p.reaction(t, ticket.Event{}, now)
	why = RouteReason{Rule: name, To: t.Memory.Route, Else: rule.Else != "" && t.Memory.Route == rule.Else && rule.Else != rule.To, Told: p.ToldIn(name)}
	why.Facts = p.factsOf(rule.When, r.facts())
	why.Sentence = inOneLine([]string{p.goesTo(rule, why, p.seeks(rule.To, r.facts())), p.cites(name, why.Told)})
	return why, true
}

func (p *Policy) goesTo(rule *Route, why RouteReason, sought string) string {
	because := "no other rule fits"
	if len(rule.When) > 0 {
		because = p.Says(rule.When)
	}
	switch {
	case why.Else && strings.HasPrefix(rule.To, bySkill):
		return fmt.Sprintf("It goes to %s: %s would be next, because %s, and nobody who does is here.", p.whoSays(why.To), sought, because)
	case why.Else:
		return fmt.Sprintf("It goes to %s: %s would be next, because %s, and nobody is there under that name.", p.whoSays(why.To), sought, because)
	case why.To == rule.To:
		return fmt.Sprintf("It goes to %s, because %s.", p.whoSays(rule.To), because)
	}
	return fmt.Sprintf("It goes to %s, %s, because %s.", why.To, sought, because)
}

// factsOf are the facts a condition looks at, with what is known of them.
func (p *Policy) factsOf(c Condition, facts Facts) (said []FactSaid) {
	for _, name := range c.Facts() {
		value, known := facts(name)
		said = append(said, FactSaid{name, inWords{p}.factOrYes(name), value, known})
	}
	return said
}

func (w inWords) factOrYes(name string) string { return or(w.yes(name), w.fact(name)) }

// factsSay prints the facts that are numbers or texts; a yes-or-no fact is in the reason already.
func (p *Policy) factsSay(facts []FactSaid) string {
	var parts []string
	for _, f := range facts {
		if p.factNamed(f.Name).Type != "bool" && f.Known {
			parts = append(parts, f.Says+" is "+inWords{p}.value(f.Name, f.Value))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return upperFirst(enumerate(parts)) + "."
}

// WhyRefused is a refusal in words, with the rule that stands against it and where customers read of it.
func (p *Policy) WhyRefused(f Refusal) string {
	if f.Rule == "" || f.Because == "" {
		return f.Sentence()
	}
	return f.Sentence() + " " + p.cites(f.Rule, p.ToldIn(f.Rule))
}
