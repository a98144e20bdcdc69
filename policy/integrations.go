package policy

import "strings"

// Integrations: which other systems support covers, by name (seed 003, 3.18). Each is a clause of the scope, so that a decision can name it.

// integrationClauses begins their ids among the clauses.
const integrationClauses = "integrations."

// Integrations are all of them in the order of the file.
func (p *Policy) Integrations() []Integration {
	if p.Doc.Scope == nil {
		return nil
	}
	return p.Doc.Scope.Integrations
}

func (p *Policy) integration(id string) (Integration, bool) {
	return find(p.Integrations(), func(i Integration) bool { return i.ID == id })
}

// Sentence is what a page and an answer say of it besides its name.
func (i Integration) Sentence() string {
	versions, outside := "", ""
	if i.Versions != "" {
		versions = "Versions: " + i.Versions + "."
	}
	if i.Outside {
		outside = "We do not support it."
	}
	return inOneLine([]string{outside, i.Says, versions})
}

func (i Integration) clause() Clause {
	c := Clause{ID: integrationClauses + i.ID, Reach: InScope, Label: i.Label, Says: i.Label + ". " + i.Sentence()}
	if i.Outside {
		c.Reach, c.Message = OutOfScope, i.ReplyWith
	}
	return c
}

// limit is an integration that is not supported, as messages speak of a limit.
func (i Integration) limit() Limit {
	return Limit{ID: i.ID, Says: i.Label + ". " + i.Sentence(), ReplyWith: i.ReplyWith}
}

// outsideIntegration is the unsupported integration that somebody has decided on.
func (p *Policy) outsideIntegration(facts Facts) (Integration, bool) {
	decided, _ := facts(ClauseFact)
	clause, _ := decided.(string)
	id, named := strings.CutPrefix(clause, integrationClauses)
	i, known := p.integration(id)
	return i, named && known && i.Outside
}
