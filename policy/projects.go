package policy

import "slices"

// Projects. A ticket can be about one of those that are under way for its customer, and a route can lead to whoever leads it (seed 002, 2.8).

// The facts of a project. Which one a ticket is about is kept with it; the others are found anew with everything that happens.
const (
	ProjectFact = "project.number"
	ProjectName = "project.name"
	LeadFact    = "project.lead"
	ProjectGap  = "project.without_lead" // nobody leads it, so that the lead is whoever stands on the customer's record
)

// fromProject are the facts that follow from the project a ticket is about. Who leads it can stand on a record as well.
var fromProject = []string{ProjectFact, ProjectName, ProjectGap}

// ForgetProject takes out of facts what followed from a project, before the record is looked at again.
func ForgetProject(facts map[string]any) {
	if facts[ProjectName] == nil {
		return
	}
	for _, name := range []string{ProjectName, ProjectGap, LeadFact, LeadFact + "_away"} {
		delete(facts, name)
	}
}

// AboutProject reports whether tickets of a kind are about a project: a route of theirs leads to whoever leads it.
func (p *Policy) AboutProject(kind string) bool {
	known := FactsIn(map[string]any{"ticket.kind": kind})
	return slices.ContainsFunc(p.Doc.Routing, func(r Route) bool { return r.To == "agent: "+LeadFact && r.When.Holds(known) })
}

// LooksAtProjects reports whether it matters to anything in this policy which project a ticket is about.
func (p *Policy) LooksAtProjects() bool {
	return slices.Contains(p.colleagues(), LeadFact) || slices.ContainsFunc(p.Keys("facts"), func(name string) bool {
		return name == LeadFact || slices.Contains(fromProject, name)
	})
}

// seeksLead is a route to the lead of a project in words: by the project's name where it is known which one it is.
func (p *Policy) seeksLead(facts Facts) string {
	says, name := p.factNamed(LeadFact).Says, ""
	if value, known := facts(ProjectName); known {
		name, _ = value.(string)
	}
	gap, _ := facts(ProjectGap)
	switch {
	case name == "":
		return says
	case gap == true:
		return "the lead on the customer’s record (nobody leads the project “" + name + "”)"
	}
	return says + " “" + name + "”"
}
