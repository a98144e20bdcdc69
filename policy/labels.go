package policy

import (
	"cmp"
	"strings"

	"hark/calendar"
)

// What reports call things: the policy's own words, or the name itself where an earlier version knew it and this one does not.

// KindLabel is what a kind of ticket is called.
func (p *Policy) KindLabel(id string) string { return cmp.Or(p.Doc.Kinds[id].Label, spaced(id)) }

// Levels are the levels of support in the order in which the table names them first.
func (p *Policy) Levels() (ids []string) {
	if p.Doc.Levels == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, row := range p.Doc.Levels.Table {
		if !seen[row.Level] {
			ids = append(ids, row.Level)
		}
		seen[row.Level] = true
	}
	return ids
}

// LevelLabel is what a level of support is called.
func (p *Policy) LevelLabel(id string) string {
	if p.Doc.Levels == nil {
		return spaced(id)
	}
	return cmp.Or(p.Doc.Levels.Meaning[id].Label, spaced(id))
}

// PhaseIDs are all phases of all trackers, "bug.review", in the order in which customers pass through them.
func (p *Policy) PhaseIDs() (ids []string) {
	for _, tracker := range p.Keys("trackers") {
		for _, phase := range p.Doc.Trackers[tracker].Phases {
			ids = append(ids, tracker+"."+phase.ID)
		}
	}
	return ids
}

// PhaseLabel is what a phase is called, after its tracker: "Bug: under review".
func (p *Policy) PhaseLabel(rule string) string {
	tracker, phase, _ := strings.Cut(rule, ".")
	t := p.Doc.Trackers[tracker]
	if i := t.phase(phase); i >= 0 {
		return t.Label + ": " + t.Phases[i].Label
	}
	return spaced(tracker) + ": " + spaced(phase)
}

// TargetSays is what a target promises, in a few words: "Answer within 1 business day".
func (p *Policy) TargetSays(measure, id string) string {
	says := answered[measure]
	if says == "" {
		says = spaced(measure)
	}
	if t := p.target(id); t != nil {
		switch d, timed := t.allowed(); {
		case timed && d.Edge != calendar.NoEdge:
			return says + " by " + d.Says()
		case timed:
			return says + " within " + d.Says()
		}
	}
	return says
}
