package policy

import (
	"fmt"
	"slices"
	"strings"
)

// What a page shows of the lifecycle: each state with everything that leads out of it.

// StateView is one state of the lifecycle with everything that leads out of it, in words. A drawing of the lifecycle
// has these as its text alternative: nothing is only in the picture.
type StateView struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Means    string     `json:"means,omitempty"`
	WaitsFor string     `json:"waits_for"` // us, you, something else, nobody
	Category string     `json:"category"`
	Final    bool       `json:"final,omitempty"`
	Moves    []MoveView `json:"moves,omitempty"`
	Rule     string     `json:"rule"`
}

// Ways are the ways out of a state as lines to read: equal causes once, with every state they may lead to.
func (s StateView) Ways() (lines []Item) {
	for _, m := range s.Moves {
		i := slices.IndexFunc(lines, func(have Item) bool { return have.Title == upperFirst(m.Says) })
		switch {
		case i < 0 && (m.Timer || m.To == ""):
			lines = append(lines, Item{Title: upperFirst(m.Says), Rule: m.Rule})
		case i < 0:
			lines = append(lines, Item{Title: upperFirst(m.Says), Text: m.ToLabel, Rule: m.Rule})
		default:
			lines[i].Text = strings.ReplaceAll(lines[i].Text, " or ", ", ") + " or " + m.ToLabel
		}
	}
	return lines
}

// MoveView is one way out of a state, or something that happens in it when To is empty.
type MoveView struct {
	To      string `json:"to,omitempty"`
	ToLabel string `json:"to_label,omitempty"`
	Says    string `json:"says"`            // "you answer", "after 24 hours, counted from our last question"
	Timer   bool   `json:"timer,omitempty"` // it happens by itself
	After   string `json:"after,omitempty"` // a timer's duration as written, for drawings to scale: "24h"
	Rule    string `json:"rule"`
}

// diagram lists the states with what leads out of each. Customers are spoken to; the staff read about the customer.
func (w writer) diagram() (states []StateView) {
	for _, id := range w.p.States() {
		s := w.p.Doc.Lifecycle.States[id]
		view := StateView{
			ID: id, Label: s.Label, Means: s.Means, WaitsFor: waitsSay[s.WaitsOn], Category: string(w.p.Category(id)), Final: s.Locked,
			Moves: append(w.movesFrom(id), w.p.timersIn(id)...), Rule: "lifecycle.states." + id,
		}
		if !w.public && s.WaitsOn == "customer" {
			view.WaitsFor = "the customer"
		}
		states = append(states, view)
	}
	return states
}

func (w writer) event(event string) string {
	if says, differs := staffSays[event]; differs && !w.public {
		return says
	}
	return EventSays(event)
}

func (w writer) movesFrom(state string) (views []MoveView) {
	p := w.p
	for i, m := range p.Doc.Lifecycle.Moves {
		if !slices.Contains(m.From, state) {
			continue
		}
		rule := fmt.Sprintf("lifecycle.moves.%d", i)
		says := w.event(m.Event)
		if len(m.When) > 0 {
			says += ", if " + p.Says(m.When)
		}
		for _, to := range append(m.MayChoose, m.To) {
			if to != "" && to != state {
				views = append(views, MoveView{To: to, ToLabel: p.Doc.Lifecycle.States[to].Label, Says: says, Rule: rule})
			}
		}
		if then := p.actionsSay(m.Do, true); then != "" && m.To == "" && len(m.MayChoose) == 0 {
			views = append(views, MoveView{Says: says + ": " + then, Rule: rule})
		}
	}
	return joined(views)
}

// joined puts ways to the same state together, so that "we answer" and "we decide" are one line; what the customer
// does stays apart from what we do.
func joined(views []MoveView) (list []MoveView) {
	for _, v := range views {
		i := slices.IndexFunc(list, func(have MoveView) bool {
			return v.To != "" && have.To == v.To && strings.HasPrefix(v.Says, "we ") == strings.HasPrefix(have.Says, "we ")
		})
		if i < 0 {
			list = append(list, v)
		} else if !strings.Contains(list[i].Says, v.Says) {
			list[i].Says += " or " + v.Says
		}
	}
	return list
}

func (p *Policy) timersIn(state string) (views []MoveView) {
	for _, t := range p.Doc.Lifecycle.Timers {
		if t.In != state {
			continue
		}
		v := MoveView{Timer: true, After: t.After.String(), Rule: "lifecycle.timers." + t.ID, Says: "after " + t.After.Says()}
		if t.Since == "last_agent_message" {
			v.Says += " from our last question"
		}
		if t.DeliverIn != "" {
			v.Says += ", in opening hours"
		}
		if then := p.actionsSay(t.Do, true); then != "" {
			v.Says += ": " + then
		}
		for _, a := range t.Do {
			if a.Status != "" {
				v.To, v.ToLabel = a.Status, p.Doc.Lifecycle.States[a.Status].Label
			}
		}
		views = append(views, v)
	}
	return views
}
