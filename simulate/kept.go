package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/policy"
	"hark/ticket"
)

// The bounds of the scenarios that a policy keeps: they run with every change, while somebody types.
const (
	mostKept      = 20    // lines that Keep writes down
	mostKeptLines = 6_000 // lines of all scenarios of a policy together
)

// Check lets every scenario that a policy keeps happen under it. A finding says which line was expected and did not come,
// and what came instead, at the place where the scenario says so; or that a scenario cannot be read.
func Check(p *policy.Policy) policy.Findings {
	src, left := p.Places(), mostKeptLines
	for i, kept := range p.Doc.Scenarios {
		under := fmt.Sprintf("scenarios.%d", i)
		switch {
		case i == policy.MostScenarios:
			src.FoundKey("scenarios", "too-large", fmt.Sprintf("a policy keeps at most %d scenarios; here are %d", policy.MostScenarios, len(p.Doc.Scenarios)), "remove those that say nothing new")
			return src.Findings()
		case left <= 0:
			src.Found(under, "too-large", fmt.Sprintf("the scenarios before this one have %d lines together; this one was not run", mostKeptLines), "give them an earlier until, or fewer events")
			return src.Findings()
		}
		left -= check(p, src, under, kept, left)
	}
	return src.Findings()
}

// check runs one scenario and returns how many lines it took.
func check(p *policy.Policy, src *policy.Source, under string, kept policy.Scenario, most int) int {
	wrong := len(src.Findings())
	read := parser{src: src, zone: p.Zone, under: under + "."}
	s := read.scenario(file{Zone: kept.Zone, Facts: kept.Facts, Events: kept.Events, Until: kept.Until})
	if len(kept.Expect) == 0 {
		src.Found(under+".name", "missing-key", fmt.Sprintf("the scenario %q expects nothing", kept.Name), "add what must come of it: expect: [{at: ..., kind: send, message: ...}]")
	}
	if len(src.Findings()) > wrong {
		return 0
	}
	result := Run(p, s, Limits{Lines: most})
	for i, e := range kept.Expect {
		place := fmt.Sprintf("%s.expect.%d", under, i)
		want := expected{e, read.instant(place+".at", e.At), read.instant(place+".due", e.Due)}
		if says := want.missed(result); says != "" {
			src.Found(place, "scenario", fmt.Sprintf("%q expects %s; %s", kept.Name, want.says(result), says), "correct the rule, or what is expected if it is meant to change")
		}
	}
	if result.Stopped != "" {
		src.Found(under+".name", "scenario", fmt.Sprintf("the scenario %q does not come to an end: %s", kept.Name, result.Stopped), "give it an earlier until, or look at the rules that repeat")
	}
	return max(1, len(result.Lines))
}

// expected is an expectation whose times have been read.
type expected struct {
	policy.Expectation
	at, due time.Time
}

// fits reports whether a line is the expected one, but for its time.
func (e expected) fits(l Line) bool {
	kind := string(l.Kind)
	if other, ok := shownAs[l.Kind]; ok {
		kind = other
	}
	return l.Shown() && kind == e.Kind && same(e.Message, l.Message) && same(e.Status, l.Status) && same(e.Tag, l.Tag) && same(e.To, l.To) &&
		same(e.Priority, l.Priority) && same(e.Target, l.Target) && same(e.State, l.State) && same(e.Phase, l.Phase) && same(e.Level, l.Level)
}

func same(wanted, is string) bool { return wanted == "" || wanted == is }

// onTime reports whether it comes when it is expected, and is due when that is expected.
func (e expected) onTime(l Line) bool { return meets(e.At, e.at, l.At) && meets(e.Due, e.due, l.Due) }

// meets compares an instant with one that was written to the minute or more exactly.
func meets(written string, wanted, is time.Time) bool {
	if len(written) == len("2006-01-02 15:04") {
		is = is.Truncate(time.Minute)
	}
	return written == "" || wanted.Equal(is)
}

// missed says what came instead of what was expected, "" when it came, or rightly did not.
func (e expected) missed(r Result) string {
	like := slices.DeleteFunc(slices.Clone(r.Lines), func(l Line) bool { return !e.fits(l) })
	i := slices.IndexFunc(like, e.onTime)
	switch {
	case e.Never && i >= 0:
		return "it comes on " + like[i].Local()
	case e.Never || i >= 0:
		return ""
	case len(like) > 0:
		return e.elsewhere(like)
	}
	return e.instead(r)
}

// elsewhere tells when the like of it comes.
func (e expected) elsewhere(like []Line) string {
	var times []string
	for _, l := range like[:min(3, len(like))] {
		if e.Due != "" {
			times = append(times, l.local(l.Due))
		} else {
			times = append(times, l.Local())
		}
	}
	if e.Due != "" {
		return "it is due " + strings.Join(times, ", then ")
	}
	return "it comes on " + strings.Join(times, ", and on ")
}

// instead tells what comes at that time.
func (e expected) instead(r Result) string {
	var came []string
	for _, l := range r.Lines {
		if e.At != "" && l.Shown() && l.Kind != policy.IsEvent && meets(e.At, e.at, l.At) {
			came = append(came, l.Words())
		}
	}
	if len(came) == 0 {
		return "nothing like it comes"
	}
	return "what comes then is " + strings.Join(came[:min(4, len(came))], ", ")
}

// says is what is expected: "send reminder-1 on Sat 2026-11-21 16:30 EST".
func (e expected) says(r Result) string {
	parts := []string{e.Kind}
	for _, part := range []string{e.Message, e.Status, e.Tag, e.To, e.Priority, e.Target, e.State, e.Phase, e.Level} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	zone := time.UTC
	if len(r.Lines) > 0 {
		zone = r.Lines[0].Zone
	}
	if e.Due != "" {
		parts = append(parts, "due "+localIn(e.due, zone))
	}
	if e.At != "" {
		parts = append(parts, "on "+localIn(e.at, zone))
	}
	if e.Never {
		parts = append([]string{"never"}, parts...)
	}
	return strings.Join(parts, " ")
}

func localIn(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2006-01-02 15:04 MST")
}

// Keep makes a scenario that a policy can keep out of one that has been tried: it expects what happens under this policy
// now, in mails, states, tags and follow-ups. The findings say why the text cannot be run.
func Keep(p *policy.Policy, name string, src []byte) (policy.Scenario, policy.Findings) {
	var f file
	policy.Read("trial", src, "a scenario", &f)
	s, findings := Parse("trial", src, p.Zone)
	if findings.Errors() > 0 {
		return policy.Scenario{}, findings
	}
	kept := policy.Scenario{Name: strings.Join(strings.Fields(name), " "), Zone: f.Zone, Facts: f.Facts, Events: f.Events, Until: f.Until}
	for _, l := range Run(p, s, Limits{Lines: mostKeptLines}).Lines {
		if worthKeeping[l.Kind] && len(kept.Expect) < mostKept {
			kept.Expect = append(kept.Expect, policy.Expectation{
				At: written(l.At, s.Zone), Kind: string(l.Kind), Message: l.Message, Status: l.Status, Tag: l.Tag, Target: l.Target,
			})
		}
	}
	return kept, nil
}

// worthKeeping is what customers feel, or see.
var worthKeeping = map[policy.EntryKind]bool{policy.IsStatus: true, policy.IsSend: true, policy.IsTag: true, policy.IsFollowUp: true, policy.IsOverdue: true}

// written is an instant as a scenario writes it.
func written(at time.Time, zone *time.Location) string {
	layout := "2006-01-02 15:04"
	switch local := at.In(zone); {
	case at.IsZero():
		return ""
	case local.Nanosecond() != 0:
		return at.UTC().Format(time.RFC3339Nano)
	case local.Second() != 0:
		layout += ":05"
	}
	return at.In(zone).Format(layout)
}

// Text writes a scenario as a file for hark simulate has it, so that it can be tried, changed and kept.
func (s Scenario) Text() string {
	var events []policy.ScenarioEvent
	for _, e := range s.Events {
		events = append(events, s.written(e)...)
	}
	return policy.StoryText("", "", s.Facts, events, written(s.Until, s.Zone))
}

// written is an event as a scenario writes it: one line, and another for every further tag.
func (s Scenario) written(e ticket.Event) []policy.ScenarioEvent {
	w := policy.ScenarioEvent{
		At: written(e.At, s.Zone), Event: string(e.Kind), Kind: e.TicketKind, Status: e.Status, Priority: e.Priority, Phase: e.Phase,
		Start: written(e.Start, s.Zone), Host: e.Host, Outcome: e.Outcome, Until: written(e.Until, s.Zone), Confirmed: e.Confirmed, Facts: e.Facts,
	}
	if e.Assignee != nil {
		w.Assignee = cmp.Or(e.Assignee.Address, "nobody")
	}
	if e.Kind == ticket.Bounce && !e.Permanent {
		w.Permanent = new(bool)
	}
	all := []policy.ScenarioEvent{w}
	for i, tag := range e.Tags {
		if i > 0 {
			all = append(all, policy.ScenarioEvent{At: w.At, Event: w.Event})
		}
		all[i].Tag = tag
	}
	return all
}
