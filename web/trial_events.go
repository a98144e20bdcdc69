package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"hark/policy"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/shared"
)

// What can happen next in a trial: what people may do under this policy.

// trialEvents is what can happen next, by who does it; only what this policy has rules for.
func trialEvents(p *policy.Policy) []editor.Group {
	groups := []editor.Group{
		{Label: "The customer", Events: []editor.Event{event("customer_replies", "the customer answers"), event("customer_asks", "the customer asks for escalation")}},
		{Label: "We answer", Events: perState(p, "agent_replies:", "we answer as ")},
		{Label: "We change", Events: append(perState(p, "agent_sets:", "we set it to "), changesOf(p)...)},
	}
	if phases := phasesOf(p); len(phases) > 0 {
		groups = append(groups, editor.Group{Label: "Phases", Events: phases})
	}
	if p.Doc.Calls != nil {
		groups = append(groups, editor.Group{Label: "Calls", Events: callsOf(p)})
	}
	return append(groups, editor.Group{Label: "Around it", Events: []editor.Event{
		event("auto_reply", "an automatic answer arrives"), event("bounce", "our mail comes back"), event("stranger_replies", "a stranger writes"),
		{Option: shared.Option{Value: "server_down", Label: "the desk is down"}, Twice: true},
	}})
}

func event(value, label string) editor.Event {
	return editor.Event{Option: shared.Option{Value: value, Label: label}}
}

func perState(p *policy.Policy, value, label string) (events []editor.Event) {
	for _, state := range p.States() {
		if c := p.Category(state); c != ticket.New && c != ticket.Closed {
			events = append(events, event(value+state, label+p.StateLabel(state)))
		}
	}
	return events
}

func changesOf(p *policy.Policy) (events []editor.Event) {
	for _, kind := range p.Kinds() {
		events = append(events, event("agent_sets?kind="+url.QueryEscape(kind), "the kind becomes "+kindLabel(p, kind)))
	}
	return append(events, event("agent_sets?priority=high", "the priority becomes high"), event("agent_sets?priority=urgent", "the priority becomes urgent"), event("agent_note", "a colleague writes a note"))
}

func phasesOf(p *policy.Policy) (events []editor.Event) {
	for _, id := range p.Keys("trackers") {
		for _, phase := range p.Doc.Trackers[id].Phases {
			value := "agent_moves?phase=" + url.QueryEscape(phase.ID)
			if !slices.ContainsFunc(events, func(e editor.Event) bool { return e.Value == value }) {
				events = append(events, event(value, "we move it to “"+cmp.Or(phase.Label, phase.ID)+"”"))
			}
		}
	}
	return events
}

func callsOf(p *policy.Policy) []editor.Event {
	events := []editor.Event{
		{Option: shared.Option{Value: "call_booked", Label: "a call is booked"}, Twice: true},
		{Option: shared.Option{Value: "call_moved", Label: "the call is moved"}, Twice: true},
		event("call_cancelled", "the call is cancelled"),
	}
	for _, o := range p.Doc.Calls.Outcomes {
		events = append(events, event("call_ended?outcome="+url.QueryEscape(o.ID), "the call ends: "+cmp.Or(o.Label, o.ID)))
	}
	return events
}

// chosenOf marks what happens, and adds it when it is nothing one could choose.
func chosenOf(may []editor.Group, p *policy.Policy, e ticket.Event) []editor.Group {
	value, found := eventValue(e), false
	groups := slices.Clone(may)
	for i := range groups {
		groups[i].Events = slices.Clone(groups[i].Events)
		for j := range groups[i].Events {
			if one := &groups[i].Events[j]; one.Value == value {
				one.Chosen, found = true, true
			}
		}
	}
	if found {
		return groups
	}
	other := editor.Event{Option: shared.Option{Value: value, Label: stepSays(p, e), Chosen: true}}
	return append([]editor.Group{{Label: "As it was", Events: []editor.Event{other}}}, groups...)
}

// stepSays is an event in a few words: "we set kind Question, priority high".
func stepSays(p *policy.Policy, e ticket.Event) string {
	says := cmp.Or(happeningSays[e.Kind], sentenceCase(strings.ReplaceAll(string(e.Kind), "_", " ")))
	var parts []string
	for _, part := range []struct{ name, value string }{
		{"status", e.Status}, {"kind", e.TicketKind}, {"priority", e.Priority}, {"tag", strings.Join(e.Tags, ", ")}, {"phase", e.Phase}, {"outcome", e.Outcome},
	} {
		if part.value != "" {
			parts = append(parts, part.name+" "+part.value)
		}
	}
	if e.Assignee != nil {
		parts = append(parts, "assigned to "+cmp.Or(e.Assignee.Name, e.Assignee.Address, "nobody"))
	}
	if len(parts) == 0 {
		return says
	}
	return says + ": " + strings.Join(parts, ", ")
}
