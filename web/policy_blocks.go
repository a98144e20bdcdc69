package web

import (
	"fmt"
	"slices"
	"strings"

	"hark/calendar"
	"hark/policy"
	"hark/web/policypage"
)

// blocks are the parts of one block of the policy, as the page draws them. id names its popovers.
func (h *house) blocks(p *policy.Policy, b policy.BlockView, id string) []policypage.Block {
	var blocks []policypage.Block
	drawn := onlyFigures(b)
	for i, part := range b.Parts {
		if drawn && part.Text != nil {
			continue
		}
		blocks = append(blocks, h.block(p, part, fmt.Sprintf("%s-%d", id, i)))
		if scale := waitingScale(p, part.Diagram); scale != nil {
			blocks = append(blocks, policypage.Block{Scale: scale})
		}
	}
	if drawn {
		blocks = append(blocks, policypage.Block{Figures: figures(p, b.Figures, id)})
	}
	for _, now := range b.Now {
		switch {
		case !strings.HasPrefix(now.Rule, "figures."):
			blocks = append(blocks, policypage.Block{Text: []policypage.Run{{Text: now.Text}}})
		case !drawn:
			blocks = append(blocks, policypage.Block{Note: figureNote(b.Figures, now.Rule)})
		}
	}
	return blocks
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

func figures(p *policy.Policy, measured []policy.FigureView, id string) []policypage.Figure {
	var all []policypage.Figure
	for i, f := range measured {
		all = append(all, policypage.Figure{
			Value: f.Value, Says: f.Says, Note: sentenceCase(f.Note), Share: share(p, f),
			Bound: &policypage.Bound{ID: fmt.Sprintf("figure-%s-%d", id, i), Name: ruleName(f.Rule), Sentences: []string{sentence(p.RuleSays(f.Rule, true))}, Rule: f.Rule},
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
func waitingScale(p *policy.Policy, diagram []policy.StateView) *policypage.Scale {
	for _, state := range diagram {
		scale := &policypage.Scale{Title: state.Label + ": what happens if we hear nothing", Marks: []policypage.Mark{{When: "At once", Says: "our question reaches you"}}}
		longest := 0.0
		for _, timer := range p.Doc.Lifecycle.Timers {
			if timer.In == state.ID && timer.Since == "last_agent_message" {
				longest = max(longest, hours(timer.After))
				scale.Marks = append(scale.Marks, policypage.Mark{At: hours(timer.After), When: timer.After.Says(), Says: timerSays(state, timer)})
			}
		}
		if len(scale.Marks) < 3 || longest == 0 {
			continue
		}
		for i := range scale.Marks {
			scale.Marks[i].At /= longest
		}
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
