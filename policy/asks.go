package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hark/calendar"
	"hark/fault"
	"hark/ticket"
)

// What the policy asks people for: facts that no record holds, which an agent finds out or a customer tells with their request.

// Ask is one fact that a person is asked for.
type Ask struct {
	Fact   string   // "ticket.users_affected"
	Says   string   // what it is, as the policy says it: "the number of users who have the problem"
	Type   string   // bool int text list date
	Values []string // the values there are, none when any will do
	Labels []string // what each of them is called, none when they are words themselves
	Value  string   // what somebody has said, "" when nobody has
	Needed bool     // a form cannot be sent without it
}

// Asks are the facts that agents are asked for on a ticket, in the order of the file: those the policy declares for a person to
// say, and those the ticket's next phases or its last call need. What only tickets of other kinds need is left out.
func (p *Policy) Asks(t ticket.Ticket) (asks []Ask) {
	needed, elsewhere := p.needed(t)
	for _, name := range append(p.Keys("facts"), needed...) {
		said := factText(t.Facts[name])
		if p.MaySay(name) && (said != "" || slices.Contains(needed, name) || !elsewhere[name]) && !slices.ContainsFunc(asks, func(a Ask) bool { return a.Fact == name }) {
			a := p.ask(name)
			a.Value = said
			asks = append(asks, a)
		}
	}
	return asks
}

// MaySay reports whether an agent may say a fact: the policy asks a person for it, rather than finding it in its data, and it is
// none of the fields that a ticket has anyway.
func (p *Policy) MaySay(name string) bool {
	if builtin[name].SetBy == "data" && strings.HasPrefix(name, "issue.") {
		return false // the record of the known problem says it, whatever a file declares
	}
	by := p.factNamed(name).SetBy
	_, declared := p.Doc.Facts[name]
	if name == ClauseFact && p.Doc.Scope == nil {
		return false
	}
	return (by == "agent" || by == "customer") && (declared || !strings.HasPrefix(name, "ticket."))
}

// FactSays is what a fact is, in the policy's words: "the number of users who have the problem".
func (p *Policy) FactSays(name string) string { return p.ask(name).Says }

func (p *Policy) ask(name string) Ask {
	f := p.factNamed(name)
	a := Ask{Fact: name, Says: or(f.Says, spaced(name)), Type: or(f.Type, "text"), Values: p.valuesOf(name)}
	if name == TopicFact {
		for _, id := range a.Values {
			a.Labels = append(a.Labels, p.TopicLabel(id))
		}
	}
	return a
}

// needed are the facts that this ticket's phases or its call need, and all that phases and forms of other kinds speak of.
func (p *Policy) needed(t ticket.Ticket) (here []string, elsewhere map[string]bool) {
	elsewhere = map[string]bool{}
	own := p.Doc.Kinds[t.Kind]
	for id, tracker := range p.Doc.Trackers {
		for _, phase := range tracker.Phases {
			for _, fact := range append(slices.Clone(phase.Needs), phase.MayHave...) {
				elsewhere[fact] = true
				if id == own.Tracker {
					here = append(here, fact)
				}
			}
		}
	}
	for id, form := range p.Doc.Intake.Forms {
		for _, fact := range append(slices.Clone(form.Needs), form.MayHave...) {
			elsewhere[fact] = true
			if id == own.Form {
				here = append(here, fact)
			}
		}
	}
	if t.Memory.Unwritten {
		here = append(here, "call.result", "call.outcome")
	}
	slices.Sort(here)
	return slices.Compact(here), elsewhere
}

// FormAsks are the facts that the request form of a kind asks customers for, those it needs first.
func (p *Policy) FormAsks(kind string) (asks []Ask) {
	form := p.Doc.Intake.Forms[p.Doc.Kinds[kind].Form]
	for i, name := range append(slices.Clone(form.Needs), form.MayHave...) {
		if p.Doc.Facts[name].SetBy == "customer" {
			a := p.ask(name)
			a.Needed = i < len(form.Needs)
			asks = append(asks, a)
		}
	}
	return asks
}

// FormAdvice is what the request form of a kind tells whoever fills it in, "" for nothing.
func (p *Policy) FormAdvice(kind string) string {
	return p.Doc.Intake.Forms[p.Doc.Kinds[kind].Form].Advice
}

// longestFact is how many letters a person can say in one fact.
const longestFact = 4000

// Said reads one fact as a person typed or chose it; "" takes it back, and the value is nil then.
func (p *Policy) Said(name, text string) (any, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, nil
	case utf8.RuneCountInString(text) > longestFact:
		return nil, fault.New(fault.Invalid, "%s has at most %d characters", p.ask(name).Says, longestFact)
	}
	return p.FactValue(name, text)
}

// FormFacts reads what a customer said in the form of a kind. wrong says for each fact why it cannot be taken. What the form does
// not ask for is left out.
func (p *Policy) FormFacts(kind string, said map[string]string) (facts map[string]any, wrong map[string]string) {
	facts, wrong = map[string]any{}, map[string]string{}
	for _, a := range p.FormAsks(kind) {
		value, err := p.Said(a.Fact, said[a.Fact])
		switch {
		case err != nil:
			wrong[a.Fact] = a.expects()
		case value != nil:
			facts[a.Fact] = value
		case a.Needed:
			wrong[a.Fact] = "Please tell us " + a.Says + "."
		}
	}
	return facts, wrong
}

func (a Ask) expects() string {
	switch a.Type {
	case "int":
		return upperFirst(a.Says) + ": please write a whole number, such as 3."
	case "date":
		return upperFirst(a.Says) + ": please write a date, such as 2026-11-27."
	}
	return upperFirst(a.Says) + ": this cannot be taken; please choose or shorten it."
}

// FactText is a fact as a message tells it: as it was typed or chosen, yes or no.
func (p *Policy) FactText(name string, value any) string {
	if p.factNamed(name).Type == "bool" {
		return map[bool]string{true: "yes", false: "no"}[value == true]
	}
	return factText(value)
}

// factText is a fact as a person would type it; "" when nobody has said it.
func factText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(v, ",")
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = factText(one)
		}
		return strings.Join(parts, ",")
	case calendar.Date:
		return v.String()
	}
	return fmt.Sprint(value)
}
