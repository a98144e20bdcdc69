package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hark/calendar"
	"hark/policy"
	"hark/web/policypage"
	"hark/web/shared"
)

// press sets a printed policy as pages draw it, for one reader.
type press struct {
	p    *policy.Policy
	edit func(path string) string   // where a rule is changed; nil for a reader who may not
	lead map[policy.SelfHelp]string // where help without us stands; what is nowhere leads nowhere
}

// page is a page of the policy, "" for its first, and its sections.
func (s press) page(id string, live policy.Live) (policy.PageView, []policypage.Section, error) {
	printed, err := s.p.Page(id, live)
	if err != nil {
		return printed, nil, err
	}
	var sections []policypage.Section
	for _, one := range printed.Sections {
		section := policypage.Section{ID: one.ID, Title: one.Title}
		for i, b := range one.Blocks {
			section.Blocks = append(section.Blocks, s.blocks(b, one.Title, fmt.Sprintf("%s-%d", one.ID, i))...)
		}
		sections = append(sections, section)
	}
	return printed, sections, nil
}

// answers are when whoever writes now hears from the company; they stand above the page.
func (s press) answers(printed policy.PageView) (lines []policypage.Line) {
	for i, line := range printed.Answers() {
		lines = append(lines, policypage.Line{Says: line.Text, Bound: s.bound(fmt.Sprintf("now-%d", i), line.Rule)})
	}
	return lines
}

// bound is what a mark opens: these rules as readers may know them. It is nil where the policy has none of them.
func (s press) bound(id string, paths ...string) *policypage.Bound {
	b := &policypage.Bound{ID: id}
	for _, path := range paths {
		if s.p.Line(path) == 0 {
			continue
		}
		rule := policypage.Rule{Name: s.p.RuleName(path), Says: cmp.Or(sentence(s.p.RuleSays(path, true)), "The sentence is printed from this part of the policy, and the desk runs on it."), Path: path}
		if s.edit != nil {
			rule.Edit = s.edit(path)
		}
		b.Rules = append(b.Rules, rule)
	}
	if len(b.Rules) == 0 {
		return nil
	}
	return b
}

// blocks are the parts of one block of the policy, as the page draws them. title is the section's; id names its popovers.
func (s press) blocks(b policy.BlockView, title, id string) []policypage.Block {
	var blocks []policypage.Block
	drawn := onlyFigures(b)
	for i, part := range b.Parts {
		if drawn && part.Text != nil {
			continue
		}
		blocks = append(blocks, s.block(part, b.Binds, title, fmt.Sprintf("%s-%d", id, i)))
		if scale := s.waitingScale(part.Diagram, id); scale != nil {
			blocks = append(blocks, policypage.Block{Scale: scale})
		}
	}
	if drawn {
		blocks = append(blocks, policypage.Block{Figures: s.figures(b.Figures, id)})
	}
	return append(blocks, s.now(b, drawn, id)...)
}

// now is what holds at this minute. When an answer comes stands above the page.
func (s press) now(b policy.BlockView, drawn bool, id string) (blocks []policypage.Block) {
	for i, now := range b.Now {
		switch {
		case now.Answers():
		case !strings.HasPrefix(now.Rule, "figures."):
			blocks = append(blocks, policypage.Block{Text: []policypage.Run{{Text: now.Text, Rule: now.Rule}}, Behind: s.bound(fmt.Sprintf("now-%s-%d", id, i), now.Rule)})
		case !drawn:
			blocks = append(blocks, policypage.Block{Note: figureNote(b.Figures, now.Rule), Rule: now.Rule})
		}
	}
	return blocks
}

// block is one part. rules are those that its block stands on.
func (s press) block(part policy.Part, rules []string, title, id string) policypage.Block {
	switch {
	case part.Diagram != nil:
		return policypage.Block{States: s.states(part.Diagram, id)}
	case part.Table != nil:
		table := &policypage.Table{Caption: title, Columns: part.Table.Columns}
		for i, row := range part.Table.Rows {
			table.Rows = append(table.Rows, s.row(row.Cells, fmt.Sprintf("%s-%d", id, i), row.Rule))
		}
		return policypage.Block{Table: table}
	case part.Phases != nil:
		return policypage.Block{Table: s.phases(part.Phases, title, id)}
	case part.List != nil || part.Steps != nil:
		table := &policypage.Table{Caption: title}
		for i, item := range append(part.List, part.Steps...) {
			table.Rows = append(table.Rows, s.row(cells(item), fmt.Sprintf("%s-%d", id, i), item.Rule))
		}
		return policypage.Block{Table: table}
	}
	runs := s.runs(part.Text, id)
	return policypage.Block{Text: runs, Behind: s.behind(runs, part.Text, rules, id)}
}

// phases is the way a ticket goes, with those columns in which anything stands.
func (s press) phases(all []policy.PhaseView, title, id string) *policypage.Table {
	table := &policypage.Table{Caption: title}
	for _, column := range []struct {
		title string
		of    func(policy.PhaseView) string
	}{
		{"Phase", func(p policy.PhaseView) string { return p.Label }}, {"What it means", func(p policy.PhaseView) string { return p.Means }},
		{"Usual time", func(p policy.PhaseView) string { return p.Usual }}, {"What comes next", func(p policy.PhaseView) string { return p.Next }},
	} {
		if !slices.ContainsFunc(all, func(p policy.PhaseView) bool { return column.of(p) != "" }) {
			continue
		}
		table.Columns = append(table.Columns, column.title)
		for i, phase := range all {
			if len(table.Columns) == 1 {
				table.Rows = append(table.Rows, s.row(nil, fmt.Sprintf("%s-%d", id, i), phase.Rule))
			}
			table.Rows[i].Cells = append(table.Rows[i].Cells, column.of(phase))
		}
	}
	return table
}

func (s press) row(cells []string, id, rule string) policypage.Row {
	return policypage.Row{Cells: cells, URL: s.leads(rule), Bound: s.bound("row-"+id, rule)}
}

// leads is where a row of the help without us leads.
func (s press) leads(rule string) string {
	for i, help := range s.p.Doc.SelfHelp {
		if rule == fmt.Sprintf("self_help.%d", i) {
			return s.lead[help]
		}
	}
	return ""
}

// cells are a list's item as a row; what has no title is one cell.
func cells(item policy.Item) []string {
	if item.Title == "" {
		return []string{item.Whole()}
	}
	return []string{item.Title, item.Whole()}
}

// runs are the pieces of a paragraph; a piece that was made from a rule leads to it, and so does the sentence around it.
func (s press) runs(spans []policy.Span, id string) []policypage.Run {
	var all []policypage.Run
	for i, span := range spans {
		run := policypage.Run{Text: span.Text}
		if len(span.From) > 0 {
			run.Rule = span.From[0]
		}
		if span.Rule != "" && span.Says != "" {
			run.Rule, run.Bound = span.Rule, s.bound(fmt.Sprintf("rule-%s-%d", id, i), span.Rule)
		}
		all = append(all, run)
	}
	return all
}

// behind is the mark at the end of a paragraph, for the rules that none of its numbers leads to.
func (s press) behind(runs []policypage.Run, spans []policy.Span, rules []string, id string) *policypage.Bound {
	var left []string
	for _, rule := range append(slices.Clone(rules), fromAll(spans)...) {
		marked := slices.ContainsFunc(runs, func(r policypage.Run) bool { return r.Bound != nil && policy.Rule(rule) == r.Rule })
		if !marked && !slices.Contains(left, rule) {
			left = append(left, rule)
		}
	}
	return s.bound("behind-"+id, left...)
}

func fromAll(spans []policy.Span) (rules []string) {
	for _, span := range spans {
		rules = append(rules, span.From...)
	}
	return rules
}

// states draws the life of a ticket: each state with what it means and every way out of it, as a list first.
func (s press) states(diagram []policy.StateView, id string) []policypage.State {
	var all []policypage.State
	for _, one := range diagram {
		state := policypage.State{ID: "state-" + one.ID, Status: shared.Status{ID: one.ID, Category: one.Category, Label: one.Label}, Text: []policypage.Run{{Text: one.Means, Rule: one.Rule}}}
		rules := []string{one.Rule}
		for _, way := range one.Ways() {
			text := way.Title
			if way.Text != "" {
				text += ": " + way.Text
			}
			state.Ways = append(state.Ways, policypage.Way{Says: sentence(text), Rule: way.Rule})
			rules = append(rules, way.Rule)
		}
		state.Bound = s.bound(fmt.Sprintf("behind-%s-%s", id, one.ID), rules...)
		all = append(all, state)
	}
	return all
}

// onlyFigures reports whether a block's sentences say figures and nothing else: then the figures are drawn in their place.
func onlyFigures(b policy.BlockView) bool {
	if len(b.Figures) == 0 {
		return false
	}
	for _, part := range b.Parts {
		for _, span := range part.Text {
			if strings.Trim(span.Text, " .,;") != "" && !strings.HasPrefix(span.Rule, "figures.") {
				return false
			}
		}
	}
	return true
}

func (s press) figures(measured []policy.FigureView, id string) []policypage.Figure {
	var all []policypage.Figure
	for i, f := range measured {
		all = append(all, policypage.Figure{
			Value: f.Value, Says: f.Says, Note: sentenceCase(f.Note), Share: share(s.p, f), Bound: s.bound(fmt.Sprintf("figure-%s-%d", id, i), f.Rule),
		})
	}
	return all
}

// share is a figure that is a part of a whole, in percent; 0 for others.
func share(p *policy.Policy, f policy.FigureView) (percent int) {
	i := slices.IndexFunc(p.Doc.Figures, func(known policy.Figure) bool { return "figures."+known.ID == f.Rule })
	if i < 0 || !slices.Contains([]string{"share_first_reply_within", "promises_kept"}, p.Doc.Figures[i].Metric) {
		return 0
	}
	if _, err := fmt.Sscanf(f.Value, "%d %%", &percent); err != nil || percent < 0 || percent > 100 {
		return 0
	}
	return percent
}

// figureNote is what a figure in a sentence rests on; it is named where there are several.
func figureNote(measured []policy.FigureView, rule string) string {
	for _, f := range measured {
		switch {
		case f.Rule == rule && len(measured) == 1:
			return sentence(f.Note)
		case f.Rule == rule:
			return sentence(f.Value + ": " + f.Note)
		}
	}
	return ""
}

// waitingScale is what happens by itself while we wait for an answer, on a line of time: every timer that counts from our
// last question. A line needs two of them.
func (s press) waitingScale(diagram []policy.StateView, id string) *policypage.Scale {
	for _, state := range diagram {
		scale := &policypage.Scale{Title: state.Label + ": what happens if we hear nothing", Marks: []policypage.Mark{{When: "At once", Says: "our question reaches you"}}}
		longest, rules := 0.0, []string(nil)
		for _, timer := range s.p.Doc.Lifecycle.Timers {
			if timer.In == state.ID && timer.Since == "last_agent_message" {
				longest, rules = max(longest, hours(timer.After)), append(rules, "lifecycle.timers."+timer.ID)
				scale.Marks = append(scale.Marks, policypage.Mark{At: hours(timer.After), When: timer.After.Says(), Says: timerSays(state, timer)})
			}
		}
		if len(scale.Marks) < 3 || longest == 0 {
			continue
		}
		for i := range scale.Marks {
			scale.Marks[i].At /= longest
		}
		scale.Bound = s.bound("scale-"+id, rules...)
		return scale
	}
	return nil
}

// timerSays is what a timer does, out of the state's own words.
func timerSays(state policy.StateView, timer policy.Timer) string {
	for _, move := range state.Moves {
		if move.Rule == "lifecycle.timers."+timer.ID {
			_, does, _ := strings.Cut(move.Says, ": ")
			return does
		}
	}
	return ""
}

// hours is about how long a duration is, to place it on a line.
func hours(d calendar.Duration) float64 { return float64(d.N) * unitHours[d.Unit] }

var unitHours = map[calendar.Unit]float64{
	calendar.Minutes: 1.0 / 60, calendar.BusinessMinutes: 1.0 / 60, calendar.Hours: 1, calendar.BusinessHours: 1,
	calendar.Days: 24, calendar.BusinessDays: 24, calendar.Weeks: 7 * 24,
}
