package web

import (
	"fmt"
	"strings"
	"time"

	"hark/policy"
	"hark/simulate"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/shared"
)

// A trial is a scenario of `hark simulate`, asked in a form: when a ticket comes in, and what people do then. It is run
// under what holds today and under the draft. Nothing is sent and nothing is stored.

const (
	formTime   = "2006-01-02T15:04" // of a datetime-local field
	sceneTime  = "2006-01-02 15:04" // of a scenario
	trialSteps = 8
	trialLines = 200
)

// written is the form as a scenario.
func written(kind, start string, events, at []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "events:\n  - {at: %q, event: customer_creates", sceneOf(start))
	if kind != "" {
		fmt.Fprintf(&b, ", kind: %q", kind)
	}
	b.WriteString("}\n")
	for i, event := range events {
		if event == "" || i >= len(at) || at[i] == "" || i == trialSteps {
			continue
		}
		name, status, _ := strings.Cut(event, ":")
		fmt.Fprintf(&b, "  - {at: %q, event: %q", sceneOf(at[i]), name)
		if status != "" {
			fmt.Fprintf(&b, ", status: %q", status)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func sceneOf(formTime string) string { return strings.Replace(formTime, "T", " ", 1) }

// trial runs the scenario under what holds and under the draft; p is nil while the draft has errors, running before anything
// runs.
func (h *house) trial(scenario string, p, running *policy.Policy) editor.Trial {
	rules := p
	if rules == nil {
		rules = running
	}
	if rules == nil {
		return editor.Trial{}
	}
	if scenario == "" {
		scenario = usualTrial(rules, h.desk.Now())
	}
	s, findings := simulate.Parse("trial", []byte(scenario), rules.Zone)
	view := editor.Trial{Zone: zoneSays(rules.Zone, h.desk.Now())}
	h.fillTrial(&view, rules, s)
	if len(findings) > 0 {
		view.Wrong = sentence(findings[0].Message + "; " + findings[0].Mend)
		return view
	}
	if p != nil {
		view.Draft, view.Stopped = trialSide(p, s)
	}
	if running != nil {
		view.Today, _ = trialSide(running, s)
	}
	compareSides(&view)
	return view
}

// usualTrial is a question of this afternoon that is answered, and then waits for the customer.
func usualTrial(p *policy.Policy, now time.Time) string {
	day := now.In(p.Zone).Format("2006-01-02")
	return written(p.DefaultKind(), day+"T15:00", []string{"agent_replies:" + stateOf(p, ticket.Pending)}, []string{day + "T16:30"})
}

// stateOf is the policy's first state of a category, "" when it has none.
func stateOf(p *policy.Policy, category ticket.Category) string {
	for _, id := range p.States() {
		if p.Category(id) == category {
			return id
		}
	}
	return ""
}

func zoneSays(zone *time.Location, at time.Time) string {
	return at.In(zone).Format("MST") + " (" + zone.String() + ")"
}

// fillTrial writes a scenario back into its form.
func (h *house) fillTrial(view *editor.Trial, p *policy.Policy, s simulate.Scenario) {
	events := s.Events
	kind := p.DefaultKind()
	if len(events) > 0 {
		view.Start = events[0].At.In(p.Zone).Format(formTime)
		if events[0].TicketKind != "" {
			kind = events[0].TicketKind
		}
		events = events[1:]
	}
	for _, id := range p.Kinds() {
		view.Kinds = append(view.Kinds, shared.Option{Value: id, Label: kindLabel(p, id), Chosen: id == kind})
	}
	for i := range min(trialSteps, len(events)+1) { // one more than there are
		step := editor.Step{}
		chosen := ""
		if i < len(events) {
			step.At, chosen = events[i].At.In(p.Zone).Format(formTime), eventValue(events[i])
		}
		step.Events = trialEvents(p, chosen)
		view.Steps = append(view.Steps, step)
	}
}

func eventValue(e ticket.Event) string {
	if e.Status != "" {
		return string(e.Kind) + ":" + e.Status
	}
	return string(e.Kind)
}

func kindLabel(p *policy.Policy, id string) string {
	if label := p.Doc.Kinds[id].Label; label != "" {
		return label
	}
	return sentenceCase(id)
}

// trialEvents is what can happen next.
func trialEvents(p *policy.Policy, chosen string) []shared.Option {
	options := []shared.Option{{Value: "", Label: "nothing more"}, {Value: "customer_replies", Label: "the customer answers"}}
	for _, state := range p.States() {
		if c := p.Category(state); c != ticket.New && c != ticket.Closed {
			options = append(options, shared.Option{Value: "agent_replies:" + state, Label: "we answer as " + p.StateLabel(state)})
		}
	}
	options = append(options,
		shared.Option{Value: "agent_note", Label: "a colleague writes a note"},
		shared.Option{Value: "customer_asks", Label: "the customer asks for escalation"},
		shared.Option{Value: "auto_reply", Label: "an automatic answer arrives"},
		shared.Option{Value: "bounce", Label: "our mail comes back"},
	)
	for i := range options {
		options[i].Chosen = options[i].Value == chosen
	}
	return options
}

// trialSide is what happens under one policy.
func trialSide(p *policy.Policy, s simulate.Scenario) (lines []editor.Line, stopped string) {
	result := simulate.Run(p, s, simulate.Limits{Lines: trialLines})
	for _, l := range result.Lines {
		if !l.Shown() {
			continue
		}
		lines = append(lines, editor.Line{
			At: l.At.In(p.Zone).Format("Mon 2 Jan 15:04"), Minute: int(l.At.Sub(result.Lines[0].At).Minutes()),
			Says: trialSays(p, l), Kind: string(l.Kind), Rule: l.Rule,
		})
	}
	if result.Stopped != "" {
		stopped = sentence(result.Stopped)
	}
	return lines, stopped
}

// happeningSays is each event in the words of somebody who watches.
var happeningSays = map[ticket.EventKind]string{
	ticket.CustomerCreates: "The customer writes", ticket.CustomerReplies: "The customer answers", ticket.CustomerAsks: "The customer asks for escalation",
	ticket.AgentReplies: "We answer", ticket.AgentNote: "A colleague writes a note", ticket.AutoReply: "An automatic answer arrives", ticket.Bounce: "Our mail comes back",
}

// trialSays is a line in the policy's own words, short enough for a column.
func trialSays(p *policy.Policy, l simulate.Line) string {
	switch {
	case l.Kind == policy.IsEvent && l.Refused == "" && happeningSays[l.Event] != "":
		return happeningSays[l.Event]
	case l.Kind == policy.IsStatus:
		return "Becomes " + p.StateLabel(l.Status)
	case l.Kind == policy.IsSend:
		return "Mail: " + sentenceCase(strings.ReplaceAll(l.Message, "-", " "))
	case l.Kind == policy.IsDue && l.State == "running" && l.Why != "":
		first, _, _ := strings.Cut(l.Why, ". ")
		return first
	}
	return strings.TrimSuffix(sentence(l.Words()), ".")
}

// compareSides marks what only one of the two does, or does at another time.
func compareSides(view *editor.Trial) {
	mark := func(lines, others []editor.Line) (marked int) {
		known := map[string]bool{}
		for _, l := range others {
			known[l.At+l.Says] = true
		}
		for i := range lines {
			if lines[i].New = !known[lines[i].At+lines[i].Says]; lines[i].New {
				marked++
			}
		}
		return marked
	}
	today, draft := mark(view.Today, view.Draft), mark(view.Draft, view.Today)
	view.Same = today+draft == 0
	if view.Today == nil {
		view.Same = true
		mark(view.Draft, view.Draft)
	}
	for _, l := range append(view.Today, view.Draft...) {
		view.Span = max(view.Span, l.Minute)
	}
}
