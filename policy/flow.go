package policy

import "slices"

// Flows: a procedure as a map of itself, for whoever writes it and whoever learns it. Every step stands in it, also one that nothing leads
// to and one that leads nowhere, because these are what its author looks for (seed 001, 1.4).

// Flow is a procedure with where each step leads.
type Flow struct {
	ID      string
	Label   string
	About   string
	Role    string
	MustNot []string
	Steps   []FlowStep // the first one first, then in the order of the file
}

// FlowStep is one step of a flow.
type FlowStep struct {
	ID      string
	Title   string
	Text    string // with whom it is gone into, what is said, asked, looked for and done, in words
	Needs   string // how sure one must be of the caller, "" for anybody
	Ways    []FlowWay
	End     string // how it ends here, in words; "" where it goes on
	Reached bool   // something leads to it
	Line    int    // where it stands in the file
}

// FlowWay is one way out of a step: a choice, a level of support, or simply what comes next.
type FlowWay struct {
	Key   string // that is pressed; "" for a level and for what comes next
	Label string // "" for what comes next
	Text  string // for whom it is, and what it sends and does, in words
	Needs string
	To    int // the place of its step in the flow; -1 when it leads nowhere
}

// Procedures are the ids of the policy's procedures, in the order of the file.
func (p *Policy) Procedures() []string { return p.Keys("procedures") }

// Flow is a procedure as a map; false when there is none of that name.
func (p *Policy) Flow(id string) (Flow, bool) {
	proc, ok := p.Doc.Procedures[id]
	steps := p.nodes["procedures."+id+".steps"]
	if !ok || steps == nil {
		return Flow{}, false
	}
	m := drawing{p: p, proc: proc, places: map[string]int{}, reached: map[string]bool{}}
	(&linter{p: p}).follow(proc, proc.Start, m.reached)
	entries := startFirst(steps.entries, proc.Start)
	for i, e := range entries {
		m.places[e.name] = i
	}
	f := Flow{ID: id, Label: or(proc.Label, spaced(id)), About: proc.About, Role: spaced(proc.Role), MustNot: proc.MustNot}
	for _, e := range entries {
		f.Steps = append(f.Steps, m.step(e))
	}
	return f, true
}

func startFirst(steps []*node, start string) []*node {
	i := slices.IndexFunc(steps, func(e *node) bool { return e.name == start })
	if i <= 0 {
		return steps
	}
	return slices.Concat(steps[i:i+1], steps[:i], steps[i+1:])
}

// drawing is one flow being made.
type drawing struct {
	p       *Policy
	proc    Procedure
	places  map[string]int
	reached map[string]bool
}

func (m drawing) step(e *node) FlowStep {
	s := m.proc.Steps[e.name]
	return FlowStep{
		ID: e.name, Title: or(s.Title, spaced(e.name)), Text: inOneLine(writer{p: m.p}.stepSays(e)), Needs: s.NeedsCaller, Ways: m.ways(s, e),
		End: spaced(s.End), Reached: m.reached[e.name], Line: e.key.line,
	}
}

// ways are the ways out of a step. An end has none, whatever is written beside it.
func (m drawing) ways(s Step, e *node) (ways []FlowWay) {
	switch levels := e.entry("go_by_level"); {
	case s.End != "":
		return nil
	case levels != nil && len(s.GoByLevel) > 0:
		for _, level := range levels.entries {
			label, _ := m.p.levelNamed(level.name)
			ways = append(ways, FlowWay{Label: or(label, spaced(level.name)), To: m.place(s.GoByLevel[level.name])})
		}
		return ways
	case len(s.Choices) == 0 && s.Go != "":
		return []FlowWay{{To: m.place(s.Go)}}
	}
	for _, c := range s.Choices {
		ways = append(ways, FlowWay{Key: c.Key, Label: c.Label, Text: writer{p: m.p}.choice(c, ""), Needs: c.NeedsCaller, To: m.place(or(c.Go, s.Go))})
	}
	return ways
}

// place is where a step stands in the flow; -1 when there is no such step.
func (m drawing) place(id string) int {
	if at, there := m.places[id]; there {
		return at
	}
	return -1
}

// SameProcedure reports whether a procedure is the same in two policies: comments and spelling are no difference. One that neither
// has is the same; before the first policy, nil, there was none.
func SameProcedure(a, b *Policy, id string) bool {
	was, is := a.procedure(id), b.procedure(id)
	if was == nil || is == nil {
		return was == is
	}
	return canonical(was) == canonical(is)
}

func (p *Policy) procedure(id string) *node {
	if p == nil {
		return nil
	}
	return p.nodes["procedures."+id]
}
