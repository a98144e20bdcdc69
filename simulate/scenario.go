package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/policy"
	"hark/ticket"
)

// Scenario is what should be tried: facts, what people do and when, and until when to look.
type Scenario struct {
	Zone   *time.Location // of the local times in the file, and of those in the answer
	Begins ticket.Ticket  // what else is known of the ticket before its first event; the zero value for one that is made up
	Facts  map[string]any
	Events []ticket.Event // in order of time
	Until  time.Time
}

// file is a scenario as written.
type file struct {
	Policy string                 `yaml:"policy,omitempty"`
	Zone   string                 `yaml:"zone,omitempty"`
	Facts  map[string]any         `yaml:"facts,omitempty"`
	Events []policy.ScenarioEvent `yaml:"events"`
	Until  string                 `yaml:"until,omitempty"`
}

// keys says what each event may be written with, besides at, event and facts.
var keys = map[ticket.EventKind][]string{
	ticket.CustomerCreates: {"kind", "priority"},
	ticket.CustomerReplies: nil,
	ticket.CustomerAsks:    nil,
	ticket.AgentReplies:    {"status"},
	ticket.AgentSets:       {"status", "tag", "priority", "kind", "assignee"},
	ticket.AgentNote:       nil,
	ticket.AutoReply:       nil,
	ticket.Bounce:          {"permanent"},
	ticket.StrangerReplies: nil,
	ticket.ReviewStarted:   nil,
	ticket.AgentMoves:      {"phase"},
	ticket.IssueLinked:     nil,
	ticket.IssueFixed:      {"confirmed"},
	ticket.CallBooked:      {"start", "host"},
	ticket.CallMoved:       {"start"},
	ticket.CallEnded:       {"outcome"},
	ticket.CallCancelled:   nil,
	ticket.FactChanged:     nil,
	ticket.ScopeRefused:    nil,
	ticket.TimersResumed:   nil,
	ticket.Merged:          nil,
	ticket.ServerDown:      {"until"},
}

// defaultSpan is how many days after the last event a scenario looks when it does not say until when.
const defaultSpan = 90

// PolicyIn is the policy that a scenario names, "" when it names none or cannot be read; Parse says what is wrong.
func PolicyIn(src []byte) string {
	var f file
	policy.Read("", src, "a scenario", &f)
	return f.Policy
}

// Parse reads a scenario strictly; the zone is the one its local times are in unless it names another. The findings
// hold every mistake with its place; the scenario may be run when there is none.
func Parse(name string, src []byte, zone *time.Location) (Scenario, policy.Findings) {
	var f file
	p := parser{src: policy.Read(name, src, "a scenario", &f), zone: zone}
	if len(p.src.Findings()) > 0 {
		return Scenario{}, p.src.Findings()
	}
	s := p.scenario(f)
	return s, p.src.Findings()
}

// parser makes a scenario of what is written, and says what is wrong with it, below the place where it stands.
type parser struct {
	src   *policy.Source
	zone  *time.Location
	under string // "" for a file, "scenarios.3." for the fourth one that a policy keeps
}

func (p *parser) scenario(f file) Scenario {
	p.readZone(f.Zone)
	s := Scenario{Zone: p.zone, Facts: f.Facts}
	for i, w := range f.Events {
		s.Events = append(s.Events, p.event(fmt.Sprintf("%sevents.%d", p.under, i), w))
	}
	p.inOrder(s.Events)
	s.Until = p.until(f.Until, s.Events)
	return s
}

func (p *parser) readZone(name string) {
	if name == "" {
		return
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		p.src.Found(p.under+"zone", "zone", fmt.Sprintf("%q is not a time zone", name), "write an IANA name like America/New_York, Europe/London or UTC")
		return
	}
	p.zone = zone
}

func (p *parser) event(path string, w policy.ScenarioEvent) ticket.Event {
	kind := ticket.EventKind(w.Event)
	p.check(path, kind, w)
	e := ticket.Event{Kind: kind, At: p.instant(path+".at", w.At), Status: w.Status, TicketKind: w.Kind, Priority: w.Priority, Phase: w.Phase, Facts: w.Facts, Host: w.Host, Outcome: w.Outcome, Confirmed: w.Confirmed}
	e.Permanent = kind == ticket.Bounce && (w.Permanent == nil || *w.Permanent)
	e.Start, e.Until = p.instant(path+".start", w.Start), p.instant(path+".until", w.Until)
	if w.Tag != "" {
		e.Tags = []string{w.Tag}
	}
	switch w.Assignee {
	case "":
	case "nobody":
		e.Assignee = &ticket.Person{}
	default:
		e.Assignee = &ticket.Person{Address: w.Assignee}
	}
	return e
}

// check finds unknown events and keys that the event does not have.
func (p *parser) check(path string, kind ticket.EventKind, w policy.ScenarioEvent) {
	may, known := keys[kind]
	if !known {
		p.src.Found(path+".event", "event", fmt.Sprintf("there is no event %q", w.Event), "write one of "+strings.Join(eventNames(), ", "))
		return
	}
	for _, key := range p.src.Keys(path) {
		if key != "at" && key != "event" && key != "facts" && !slices.Contains(may, key) {
			p.src.FoundKey(path+"."+key, "unknown-key", fmt.Sprintf("%s has no %s", kind, key), "its keys are "+strings.Join(append([]string{"at", "event", "facts"}, may...), ", "))
		}
	}
	if needs := map[ticket.EventKind]string{ticket.AgentMoves: "phase", ticket.CallBooked: "start", ticket.CallMoved: "start", ticket.ServerDown: "until"}[kind]; needs != "" && !slices.Contains(p.src.Keys(path), needs) {
		p.src.Found(path+".event", "missing-key", fmt.Sprintf("%s lacks the key %s", kind, needs), "add "+needs+": ...")
	}
}

func eventNames() (names []string) {
	for kind := range keys {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	return names
}

const howTimesAreWritten = `write "2026-11-20 16:30", with seconds if need be, or RFC 3339`

// instant reads a local time of the scenario's zone, or RFC 3339.
func (p *parser) instant(path, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC()
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if wall, err := time.Parse(layout, text); err == nil {
			clock := calendar.ClockOf(wall.Hour(), wall.Minute()) + calendar.Clock(time.Duration(wall.Second())*time.Second)
			return calendar.Resolve(calendar.DateOf(wall, time.UTC), clock, p.zone).UTC()
		}
	}
	p.src.Found(path, "time", fmt.Sprintf("%q is not a time", text), howTimesAreWritten)
	return time.Time{}
}

func (p *parser) inOrder(events []ticket.Event) {
	if len(events) == 0 {
		p.src.Found(p.under+"events", "missing-key", "nothing happens in this scenario", "write at least one event")
	}
	for i := 1; i < len(events); i++ {
		if !events[i].At.IsZero() && events[i].At.Before(events[i-1].At) {
			p.src.Found(fmt.Sprintf("%sevents.%d.at", p.under, i), "order", "this is earlier than the event before", "write the events in order of time")
		}
	}
}

func (p *parser) until(text string, events []ticket.Event) time.Time {
	if text != "" || len(events) == 0 {
		return p.instant(p.under+"until", text)
	}
	last := events[len(events)-1].At.In(p.zone)
	clock := calendar.ClockOf(last.Hour(), last.Minute()) + calendar.Clock(time.Duration(last.Second())*time.Second)
	return calendar.Resolve(calendar.DateOf(last, p.zone).Plus(defaultSpan), clock, p.zone).UTC()
}

// scheduled is an event and when the desk deals with it, which is later when the server was down.
type scheduled struct {
	ticket.Event
	handled time.Time
}

// inOrder puts the events in the order in which the desk deals with them. At one instant customers come first; timers
// come between them and everybody else, which [run.until] sees to.
func (s Scenario) inOrder() []scheduled {
	var list []scheduled
	for _, e := range s.Events {
		handled := e.At
		if e.Kind != ticket.ServerDown {
			handled = s.up(e.At)
		}
		list = append(list, scheduled{e, handled})
	}
	slices.SortStableFunc(list, func(a, b scheduled) int {
		return cmp.Or(a.handled.Compare(b.handled), cmp.Compare(turn(a.Kind), turn(b.Kind)))
	})
	return list
}

func turn(kind ticket.EventKind) int {
	if policy.ByCustomer(kind) {
		return 0
	}
	return 1
}

// up is the first instant from at on at which the server is up.
func (s Scenario) up(at time.Time) time.Time {
	for _, e := range s.Events {
		if e.Kind == ticket.ServerDown && !at.Before(e.At) && at.Before(e.Until) {
			at = e.Until
		}
	}
	return at
}
