package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"hark/fault"
)

// Scenario is a story that a policy promises to go on telling: what people do and when, and what must come of it. It has
// the form of a file for hark simulate, and in addition a name and expectations. Package simulate lets it happen, with
// every check of the policy.
type Scenario struct {
	Name   string          `yaml:"name"`
	Zone   string          `yaml:"zone,omitempty"` // of its local times; the policy's when it says nothing
	Facts  map[string]any  `yaml:"facts,omitempty"`
	Events []ScenarioEvent `yaml:"events"`
	Until  string          `yaml:"until,omitempty"`
	Expect []Expectation   `yaml:"expect"`
}

// ScenarioEvent is one thing that somebody does, as a scenario writes it. Which keys an event may have depends on the
// event; package simulate has the table.
type ScenarioEvent struct {
	At        string         `yaml:"at"`
	Event     string         `yaml:"event"`
	Kind      string         `yaml:"kind,omitempty"`
	Status    string         `yaml:"status,omitempty"`
	Tag       string         `yaml:"tag,omitempty"`
	Priority  string         `yaml:"priority,omitempty"`
	Assignee  string         `yaml:"assignee,omitempty"`
	Phase     string         `yaml:"phase,omitempty"`
	Start     string         `yaml:"start,omitempty"`
	Host      string         `yaml:"host,omitempty"`
	Outcome   string         `yaml:"outcome,omitempty"`
	Until     string         `yaml:"until,omitempty"`
	Confirmed bool           `yaml:"confirmed,omitempty"`
	Permanent *bool          `yaml:"permanent,omitempty"`
	Facts     map[string]any `yaml:"facts,omitempty"`
}

// Expectation is one line that must come, in the words of the simulator's output: whatever of it is written has to be
// so. With never it is a line that must not come at all.
type Expectation struct {
	At       string `yaml:"at,omitempty"` // to the minute, unless seconds are written
	Kind     string `yaml:"kind"`
	Message  string `yaml:"message,omitempty"`
	Status   string `yaml:"status,omitempty"`
	Tag      string `yaml:"tag,omitempty"`
	To       string `yaml:"to,omitempty"`
	Priority string `yaml:"priority,omitempty"`
	Target   string `yaml:"target,omitempty"`
	Due      string `yaml:"due,omitempty"` // of a target, to the minute
	State    string `yaml:"state,omitempty"`
	Phase    string `yaml:"phase,omitempty"`
	Level    string `yaml:"level,omitempty"`
	Never    bool   `yaml:"never,omitempty"`
}

// MostScenarios is how many scenarios a policy can keep: each runs again with every change.
const MostScenarios = 100

// Places finds places of the policy's own file, so that what is found out about it later, such as a scenario that has
// stopped coming true, can be shown with its line.
func (p *Policy) Places() *Source {
	return &Source{reader{file: p.File, nodes: p.nodes}, "a policy"}
}

// KeepScenario adds a scenario to the text of a policy, behind those it keeps, and changes nothing else of it.
func KeepScenario(source []byte, s Scenario) ([]byte, error) {
	before, findings := Parse("policy", source)
	switch {
	case before == nil:
		return nil, fault.New(fault.Invalid, "the text has mistakes to mend first: %s", findings[0].Message)
	case strings.TrimSpace(s.Name) == "":
		return nil, fault.New(fault.Invalid, "a scenario needs a name; say in a few words what it shows")
	case slices.ContainsFunc(before.Doc.Scenarios, func(kept Scenario) bool { return kept.Name == s.Name }):
		return nil, fault.New(fault.Invalid, "the policy keeps a scenario called %q already; choose another name", s.Name)
	case len(before.Doc.Scenarios) >= MostScenarios:
		return nil, fault.New(fault.Invalid, "a policy keeps at most %d scenarios; remove one that says nothing new", MostScenarios)
	}
	t, err := ReadText(source)
	if err != nil {
		return nil, err
	}
	kept, err := t.insert("scenarios."+strconv.Itoa(len(before.Doc.Scenarios)), scenarioText(s, t.inside("scenarios")))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the scenarios of this text are written in a way that cannot be added to; write each after a - on a line of its own")
	}
	return kept, nil
}

// inside is the indent of what stands in a member of a list, on the lines after its first.
func (t *Text) inside(path string) string {
	if n := t.p.nodes[path]; n != nil && n.kind == list && len(n.entries) > 0 && !t.flow(n) {
		return strings.Repeat(" ", len(t.margin(n)))
	}
	return "    "
}

// scenarioText writes a scenario the way a formatted file has it, as a member of a list: all its lines but the first behind an indent.
func scenarioText(s Scenario, indent string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\n", quote(s.Name))
	b.WriteString(StoryText(indent, s.Zone, s.Facts, s.Events, s.Until))
	b.WriteString(indent + "expect:")
	for _, e := range s.Expect {
		b.WriteString("\n" + indent + "  - " + onOneLine(reflect.ValueOf(e)))
	}
	return b.String()
}

// StoryText writes what a scenario and a file for hark simulate have in common, each line behind an indent.
func StoryText(indent, zone string, facts map[string]any, events []ScenarioEvent, until string) string {
	var b strings.Builder
	if zone != "" {
		fmt.Fprintf(&b, "%szone: %s\n", indent, quote(zone))
	}
	if len(facts) > 0 {
		fmt.Fprintf(&b, "%sfacts: %s\n", indent, onOneLine(reflect.ValueOf(facts)))
	}
	fmt.Fprintf(&b, "%sevents:\n", indent)
	for _, e := range events {
		fmt.Fprintf(&b, "%s  - %s\n", indent, onOneLine(reflect.ValueOf(e)))
	}
	if until != "" {
		fmt.Fprintf(&b, "%suntil: %s\n", indent, quote(until))
	}
	return b.String()
}

// onOneLine writes a value of the document's types so that every program reads the same; what is empty is left out.
func onOneLine(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "null"
		}
		return onOneLine(v.Elem())
	case reflect.Struct:
		var parts []string
		for _, f := range fieldsOf(v.Type()) {
			if field := v.Field(f.index); !field.IsZero() {
				parts = append(parts, f.name+": "+onOneLine(field))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case reflect.Map:
		var parts []string
		for _, key := range v.MapKeys() {
			parts = append(parts, keySays(key.String())+": "+onOneLine(v.MapIndex(key)))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = onOneLine(v.Index(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case reflect.String:
		if text := v.String(); !bareText.MatchString(text) || misread(text) {
			return quote(text)
		}
	}
	return fmt.Sprint(v.Interface())
}
