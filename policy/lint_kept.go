package policy

import (
	"fmt"
	"slices"
)

// kept looks for promises and switches that no rule keeps: what they say would never happen.
func (l *linter) kept() {
	l.fixes()
	l.announcement()
	if c := l.p.Doc.Calls; c != nil {
		for _, o := range c.Outcomes {
			if o.NoShow && c.NoShowAfter == nil {
				l.say("calls.outcomes."+o.ID+".no_show", Warning, "unkept", "it is not said how long the host waits for the customer", "add no_show_after: 10m to calls")
			}
		}
	}
	for _, e := range l.p.Doc.Escalation {
		if (e.Event == "agent_flags" || e.Event == "impact_is_high") && len(e.When) == 0 {
			l.say("escalation."+e.ID+".event", Warning, "unkept", fmt.Sprintf("the step %s does not say which fact brings it about", e.ID), "add when: {fact: value}")
		}
	}
}

// fixes compares what is said about fixed problems with what is sent when one is fixed (A31).
func (l *linter) fixes() {
	if l.p.Doc.Issues == nil {
		return
	}
	tells := slices.ContainsFunc(l.p.Doc.Lifecycle.Moves, func(m Move) bool {
		return m.Event == "issue_fixed" && slices.ContainsFunc(m.Do, func(a Action) bool { return a.Send != "" })
	})
	switch told := l.p.Doc.Issues.TellReportersWhenFixed; {
	case told && !tells:
		l.say("issues.tell_reporters_when_fixed", Warning, "unkept", "reporters are promised word of a fix, and nothing is sent then", "add a move {event: issue_fixed, do: [{send: ...}]}")
	case tells && !told:
		l.say("issues", Warning, "unkept", "reporters get a mail when their problem is fixed, and issues does not say so", "add tell_reporters_when_fixed: true")
	}
}

// asksFor are the places that name a fact which somebody supplies or holds.
var asksFor = map[string]bool{"Phase.needs": true, "Phase.may_have": true, "Step.ask": true, "Form.needs": true, "Form.may_have": true, "Action.notify": true}

// phaseNeeds checks that what a phase needs can be supplied.
func (l *linter) phaseNeeds() {
	l.p.walk(func(n *node) {
		if n.kind != scalar || !asksFor[n.place] {
			return
		}
		l.used["facts."+n.text] = true
		if (n.place == "Phase.needs" || n.place == "Phase.may_have") && !l.p.knowsFact(n.text) {
			l.put(n.at, Warning, "unknown-fact", fmt.Sprintf("the phase asks for the fact %q, which is not declared", clip(n.text)), suggest(n.text, l.p.factNames(), "facts"))
		}
	})
}

// announcement checks that the mail about a new version speaks of nothing but the policy and its reader: no ticket is meant.
func (l *linter) announcement() {
	id := l.p.changes().Send
	for _, name := range l.p.Needs(id) {
		if name != "policy.summary_of_changes" && name != "requester.name" && name != "company.name" {
			l.say("messages."+id+".body", Error, "placeholder", fmt.Sprintf("changes sends this message, which speaks of {{%s}}, and no ticket is meant then", name), "write {{policy.summary_of_changes}}, {{requester.name}} or {{company.name}}")
		}
	}
}
