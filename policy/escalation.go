package policy

import (
	"slices"

	"hark/ticket"
)

// Escalation, issues: what makes more of a ticket than an answer.

// escalate takes the steps that begin with this and whose condition holds, each once in the life of a ticket.
func (r *reaction) escalate(event string) (taken bool) {
	for i := range r.p.Doc.Escalation {
		step := &r.p.Doc.Escalation[i]
		if step.Event != event || slices.Contains(r.t.Memory.Escalated, step.ID) || !r.holds(step.When) {
			continue
		}
		r.t.Memory.Escalated = append(r.t.Memory.Escalated, step.ID)
		r.under("escalation."+step.ID, r.at, func() { r.do(step.Do) })
		taken = true
	}
	return taken
}

// customerAsks is a request for escalation. Asking twice does nothing more (S3-14).
func (r *reaction) customerAsks() {
	asked := func(e Escalation) bool { return e.Event == string(ticket.CustomerAsks) }
	if !slices.ContainsFunc(r.p.Doc.Escalation, asked) {
		r.refuse("This policy has no escalation that customers can ask for.")
		return
	}
	if r.mustBeOpen() {
		r.escalate(string(ticket.CustomerAsks))
	}
}

// issueLinked ties the ticket to a known problem.
func (r *reaction) issueLinked() {
	if r.p.Doc.Issues == nil {
		r.refuse("This policy has no issues to link.")
		return
	}
	if r.mustBeOpen() {
		r.setFact("issue.link", true)
		r.startPhase("issue_linked")
	}
}

// issueFixed reaches closed tickets too: their reporters were promised word, and the ticket itself stays as it is (S4-10).
func (r *reaction) issueFixed() {
	if r.p.Doc.Issues == nil {
		r.refuse("This policy has no issues that could be fixed.")
		return
	}
	r.setFact("issue.confirmed_in_production", r.e.Confirmed)
	if m, ok := r.move(""); ok {
		r.enter(m.To)
		r.do(m.Do)
	}
	r.startPhase("issue_fixed")
}

// setFact sets a fact that the event itself implies, unless it came with a value.
func (r *reaction) setFact(fact string, value any) {
	if _, given := r.e.Facts[fact]; !given {
		facts := make(map[string]any, len(r.t.Facts)+1)
		for k, v := range r.t.Facts {
			facts[k] = v
		}
		facts[fact] = value
		r.t.Facts = facts
	}
}
