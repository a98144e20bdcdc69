package policy

// UsuallyBegins is how long it usually takes until somebody begins with a request of a kind, in the words of the policy: the first
// phase of its tracker, else the first answer that is meant for it. It is "" where the company states no time.
func (p *Policy) UsuallyBegins(kind string) string {
	if tracker, followed := p.Doc.Trackers[p.Doc.Kinds[kind].Tracker]; followed && len(tracker.Phases) > 0 {
		if says := tracker.Phases[0].Expect.Says(); says != "" {
			return says
		}
	}
	facts := FactsIn(map[string]any{"ticket.kind": kind})
	for i := range p.Doc.Targets {
		t := &p.Doc.Targets[i]
		if t.Measure != "first_reply" || t.Strength == "unstated" || !t.When.Holds(facts) {
			continue
		}
		if says := t.Expect.Says(); says != "" {
			return says
		}
		if d, timed := t.allowed(); timed {
			return "within " + length(d)
		}
	}
	return ""
}
