package policy

import (
	"fmt"
	"strings"
)

// Conditions in the words of a policy.

// Says is a condition in the words of this policy: facts by what the file says they are, kinds and states by their labels.
func (p *Policy) Says(c Condition) string { return c.says(inWords{p}) }

type inWords struct{ p *Policy }

func (w inWords) fact(name string) string {
	switch fact, declared := w.p.Doc.Facts[name]; {
	case declared && fact.Type != "bool" && fact.Says != "":
		return fact.Says
	case !declared && strings.HasPrefix(builtin[name].Says, "the "):
		return builtin[name].Says
	}
	return "the " + spaced(name)
}

func (w inWords) yes(name string) string {
	if fact := w.p.factNamed(name); fact.Type == "bool" {
		return fact.Says
	}
	return ""
}

func (w inWords) value(fact string, v any) string {
	id := fmt.Sprint(v)
	switch fact {
	case "ticket.kind":
		if k, ok := w.p.Doc.Kinds[id]; ok {
			return k.Label
		}
	case TopicFact:
		return w.p.TopicLabel(id)
	case "ticket.level":
		if l, ok := w.p.levelNamed(id); ok {
			return l
		}
	}
	return spaced(id)
}

func (p *Policy) levelNamed(id string) (string, bool) {
	if p.Doc.Levels == nil {
		return "", false
	}
	meaning, ok := p.Doc.Levels.Meaning[id]
	return meaning.Label, ok && meaning.Label != ""
}
