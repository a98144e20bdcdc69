package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/simulate"
	"hark/ticket"
	"hark/web/editor"
	"hark/web/shared"
)

// The form of a trial is a scenario, read and written field by field.

// tried is the form of a trial.
type tried struct {
	kind, start      string
	event, at, until []string // in threes
	fact, value      []string // in pairs
	ticket           string   // whose story it is
}

// text is the form as a scenario; "" when it does not say when the ticket comes in. The rules say what a fact's value may be;
// one that may not be is kept as it was written, and told of when it is tried.
func (in tried) text(rules *policy.Policy) string {
	if in.start == "" {
		return ""
	}
	events := []policy.ScenarioEvent{{At: sceneOf(in.start), Event: string(ticket.CustomerCreates), Kind: in.kind}}
	for i, event := range in.event {
		if event != "" && i < trialSteps && nth(in.at, i) != "" {
			events = append(events, eventOf(event, sceneOf(in.at[i]), sceneOf(nth(in.until, i))))
		}
	}
	slices.SortStableFunc(events[1:], func(a, b policy.ScenarioEvent) int { return strings.Compare(a.At, b.At) })
	return aboutTicket(in.ticket) + policy.StoryText("", "", in.facts(rules), events, "")
}

func (in tried) facts(rules *policy.Policy) map[string]any {
	facts := map[string]any{}
	for i, name := range in.fact {
		value := strings.TrimSpace(nth(in.value, i))
		if name == "" || value == "" || i == trialFacts {
			continue
		}
		facts[name] = value
		if rules == nil {
			continue
		}
		if typed, err := rules.FactValue(name, value); err == nil {
			facts[name] = typed
		}
	}
	return facts
}

func nth(texts []string, i int) string {
	if i < len(texts) {
		return texts[i]
	}
	return ""
}

// aboutTicket is the first line of a scenario that tells a real ticket's story, and storyTicket reads its number there.
func aboutTicket(number string) string {
	if number == "" {
		return ""
	}
	return "# ticket " + strings.Join(strings.Fields(number), "") + "\n"
}

func storyTicket(scenario string) int64 {
	line, _, _ := strings.Cut(scenario, "\n")
	number, _ := strings.CutPrefix(line, "# ticket ")
	id, _ := strconv.ParseInt(number, 10, 64)
	return id
}

// eventOf reads the value of a choice: "agent_replies:pending", or in full "agent_sets?kind=question&priority=high".
func eventOf(value, at, until string) policy.ScenarioEvent {
	name, status, _ := strings.Cut(value, ":")
	name, rest, full := strings.Cut(name, "?")
	e := policy.ScenarioEvent{At: at, Event: name, Status: status}
	if full {
		_, rest, _ = strings.Cut(value, "?")
		said, _ := url.ParseQuery(rest)
		e.Kind, e.Status, e.Tag, e.Priority, e.Assignee = said.Get("kind"), said.Get("status"), said.Get("tag"), said.Get("priority"), said.Get("assignee")
		e.Phase, e.Outcome, e.Host, e.Confirmed = said.Get("phase"), said.Get("outcome"), said.Get("host"), said.Get("confirmed") != ""
		if said.Get("permanent") == "no" {
			e.Permanent = new(bool)
		}
	}
	switch kind := ticket.EventKind(name); {
	case kind == ticket.ServerDown:
		e.Until = until
	case kind == ticket.CallBooked, kind == ticket.CallMoved:
		e.Start = until
	}
	return e
}

// eventValue is eventOf the other way round.
func eventValue(e ticket.Event) string {
	said := url.Values{}
	for name, value := range map[string]string{"kind": e.TicketKind, "tag": strings.Join(e.Tags, ""), "priority": e.Priority, "phase": e.Phase, "outcome": e.Outcome, "host": e.Host} {
		if value != "" {
			said.Set(name, value)
		}
	}
	if e.Assignee != nil {
		said.Set("assignee", cmp.Or(e.Assignee.Address, "nobody"))
	}
	if e.Confirmed {
		said.Set("confirmed", "yes")
	}
	if e.Kind == ticket.Bounce && !e.Permanent {
		said.Set("permanent", "no")
	}
	switch {
	case len(said) == 0 && e.Status != "":
		return string(e.Kind) + ":" + e.Status
	case len(said) == 0:
		return string(e.Kind)
	case e.Status != "":
		said.Set("status", e.Status)
	}
	return string(e.Kind) + "?" + said.Encode()
}

func sceneOf(formTime string) string { return strings.Replace(formTime, "T", " ", 1) }

// wrongFact says of the first fact that has a value it cannot have what is wrong with it.
func wrongFact(p *policy.Policy, facts map[string]any) string {
	for _, name := range p.Keys("facts") {
		if facts[name] == nil {
			continue
		}
		if _, err := p.FactValue(name, factText(facts[name])); err != nil {
			return sentence(fault.Says(err))
		}
	}
	return ""
}

func factText(value any) string {
	if list, ok := value.([]any); ok {
		texts := make([]string, len(list))
		for i, one := range list {
			texts[i] = fmt.Sprint(one)
		}
		return strings.Join(texts, ",")
	}
	return fmt.Sprint(value)
}

// fillTrial writes a scenario back into its form.
func (h *house) fillTrial(view *editor.Trial, p *policy.Policy, s simulate.Scenario) {
	events := s.Events
	kind := p.DefaultKind()
	if len(events) > 0 {
		view.Start = events[0].At.In(p.Zone).Format(formTime)
		kind = cmp.Or(events[0].TicketKind, kind)
		events = events[1:]
	}
	for _, id := range p.Kinds() {
		view.Kinds = append(view.Kinds, shared.Option{Value: id, Label: kindLabel(p, id), Chosen: id == kind})
	}
	may := trialEvents(p)
	for i := range min(trialSteps, len(events)+1) { // one more than there are
		step := editor.Step{Events: may}
		if i < len(events) {
			step.At = events[i].At.In(p.Zone).Format(formTime)
			step.Events = chosenOf(may, p, events[i])
			step.Until = secondTime(events[i], p.Zone)
		}
		view.Steps = append(view.Steps, step)
	}
	view.Facts = trialFactsOf(p, s.Facts)
}

// secondTime is until when an event lasts, or when its call is, "" for an event with one time.
func secondTime(e ticket.Event, zone *time.Location) string {
	for _, at := range []time.Time{e.Until, e.Start} {
		if !at.IsZero() {
			return at.In(zone).Format(formTime)
		}
	}
	return ""
}

// trialFactsOf are the facts that are given, and one more to choose.
func trialFactsOf(p *policy.Policy, given map[string]any) (rows []editor.Fact) {
	names := p.Keys("facts")
	if len(names) == 0 {
		return nil
	}
	row := func(chosen, value string) editor.Fact {
		options := []shared.Option{{Value: "", Label: "nothing more"}}
		for _, name := range names {
			options = append(options, shared.Option{Value: name, Label: shortened(p.Doc.Facts[name].Says, name), Chosen: name == chosen})
		}
		return editor.Fact{Names: options, Value: value}
	}
	for _, name := range names {
		if value, known := given[name]; known && len(rows) < trialFacts-1 {
			rows = append(rows, row(name, factText(value)))
		}
	}
	return append(rows, row("", ""))
}

// shortened is a fact in words that fit into a list.
func shortened(says, name string) string {
	const longest = 48
	says = strings.TrimSuffix(cmp.Or(says, name), ".")
	if letters := []rune(says); len(letters) > longest {
		return string(letters[:longest-1]) + "…"
	}
	return says
}

func kindLabel(p *policy.Policy, id string) string {
	if label := p.Doc.Kinds[id].Label; label != "" {
		return label
	}
	return sentenceCase(id)
}
