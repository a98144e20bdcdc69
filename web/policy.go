package web

import (
	"fmt"
	"strings"

	"hark/policy"
	"hark/web/policypage"
	"hark/web/shared"
	"hark/web/visit"
)

// policy is the public page: what customers may expect, every number from the rule that makes it true.
func (h *house) policy(v *visit.Visit) error {
	p, live, err := h.policyLive(v)
	if err != nil {
		return err
	}
	printed, err := p.Page("", live)
	if err != nil {
		return err
	}
	view := policypage.View{Title: printed.Title, Since: h.time(v, printed.Since), Version: printed.Version, JSON: "/policy.json"}
	if says := h.openSays(v, p); says != "" {
		view.Now = append(view.Now, says)
	}
	for _, s := range printed.Sections {
		section := policypage.Section{ID: s.ID, Title: s.Title}
		for i, b := range s.Blocks {
			section.Blocks = append(section.Blocks, h.blocks(p, b, fmt.Sprintf("%s-%d", s.ID, i))...)
		}
		view.Sections = append(view.Sections, section)
	}
	return h.show(v, policypage.Page(view))
}

func (h *house) block(p *policy.Policy, part policy.Part, id string) policypage.Block {
	switch {
	case part.Diagram != nil:
		return policypage.Block{States: h.states(p, part.Diagram)}
	case part.Table != nil:
		table := &policypage.Table{Columns: part.Table.Columns}
		for _, row := range part.Table.Rows {
			table.Rows = append(table.Rows, row.Cells)
		}
		return policypage.Block{Table: table}
	case part.Phases != nil:
		table := &policypage.Table{Columns: []string{"Phase", "What it means", "Usual time", "What comes next"}}
		for _, phase := range part.Phases {
			table.Rows = append(table.Rows, []string{phase.Label, phase.Means, phase.Usual, phase.Next})
		}
		return policypage.Block{Table: table}
	case part.List != nil || part.Steps != nil:
		table := &policypage.Table{}
		for _, item := range append(part.List, part.Steps...) {
			table.Rows = append(table.Rows, cells(item))
		}
		return policypage.Block{Table: table}
	}
	return policypage.Block{Text: runs(p, part.Text, id)}
}

// cells are a list's item as a row; what has no title is one cell.
func cells(item policy.Item) []string {
	if item.Title == "" {
		return []string{item.Text}
	}
	return []string{item.Title, item.Text}
}

// runs are the pieces of a paragraph; a piece that was made from a rule leads to it.
func runs(p *policy.Policy, spans []policy.Span, id string) []policypage.Run {
	var all []policypage.Run
	for i, span := range spans {
		run := policypage.Run{Text: span.Text}
		if span.Rule != "" && span.Says != "" {
			run.Bound = &policypage.Bound{ID: fmt.Sprintf("rule-%s-%d", id, i), Name: ruleName(span.Rule), Sentences: []string{sentence(span.Says)}, Rule: span.Rule}
		}
		all = append(all, run)
	}
	return all
}

// ruleName is the last part of a rule's path as words: "reminder-1" is "Reminder 1".
func ruleName(rule string) string {
	parts := strings.Split(rule, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		if name := parts[i]; name != "after" && name != "says" && name != "within" && name != "" {
			return sentenceCase(strings.NewReplacer("-", " ", "_", " ").Replace(name))
		}
	}
	return rule
}

// states draws the life of a ticket: each state with what it means and every way out of it, as a list first.
func (h *house) states(p *policy.Policy, diagram []policy.StateView) []policypage.State {
	var all []policypage.State
	for _, s := range diagram {
		state := policypage.State{ID: "state-" + s.ID, Status: shared.Status{ID: s.ID, Category: s.Category, Label: s.Label}, Text: []policypage.Run{{Text: s.Means}}}
		for _, way := range s.Ways() {
			text := way.Title
			if way.Text != "" {
				text += ": " + way.Text
			}
			state.Ways = append(state.Ways, sentence(text))
		}
		all = append(all, state)
	}
	return all
}
