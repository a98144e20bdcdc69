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
		r.under("escalation."+step.ID, r.at, func() { r.takeStep(step) })
		taken = true
	}
	return taken
}

// takeStep does what an escalation says. What is sent then tells when there will be news (S3-14), so that promise runs from
// here, unless it is running already.
func (r *reaction) takeStep(step *Escalation) {
	if slices.ContainsFunc(step.Do, func(a Action) bool { return a.Send != "" }) {
		r.startTarget("update")
	}
	r.do(step.Do)
}

// raise gives the ticket to whoever looks at it a second time. They have it from the first time on, however often it is asked for.
func (r *reaction) raise(to string) {
	if r.t.Memory.Raised.To != to {
		r.t.Memory.Raised = ticket.Raised{At: r.at, To: to, Rule: r.rule}
	}
	r.add(Entry{Kind: IsAssign, To: to})
}

// flagged takes the steps that agents ask for by saying so in a fact.
func (r *reaction) flagged() {
	for i := range r.p.Doc.Escalation {
		if r.p.Doc.Escalation[i].Event == "agent_flags" && len(r.p.Doc.Escalation[i].When) > 0 {
			r.escalate("agent_flags")
			return
		}
	}
}

// customerAsks is a request for escalation. It is a message too, so a move of the policy may follow from it. Asking twice does
// nothing more (S3-14).
func (r *reaction) customerAsks() {
	if _, asks := find(r.p.Doc.Escalation, Escalation.asked); !asks {
		r.refuse(Refusal{Because: NoEscalation, Rule: "escalation"})
		return
	}
	if !r.mustBeOpen() {
		return
	}
	if !r.escalate(string(ticket.CustomerAsks)) {
		r.notYet()
		return
	}
	if m, moves := r.move(""); moves {
		r.follow(m)
	}
}

// asked reports whether customers ask for this step.
func (e Escalation) asked() bool { return e.Event == string(ticket.CustomerAsks) }

// notYet refuses a request for escalation whose condition does not hold yet. Asking again for what was done is no mistake.
func (r *reaction) notYet() {
	for i := range r.p.Doc.Escalation {
		if step := &r.p.Doc.Escalation[i]; step.asked() && !slices.Contains(r.t.Memory.Escalated, step.ID) {
			r.refuse(Refusal{Because: NotYet, Rule: "escalation." + step.ID, About: r.p.Says(step.When)})
		}
	}
}

// issueLinked ties the ticket to a known problem.
func (r *reaction) issueLinked() {
	if r.p.Doc.Issues == nil {
		r.refuse(Refusal{Because: NoIssues, Rule: "issues"})
		return
	}
	if r.locked() {
		return // it stays as it is; its reporter hears of the fix all the same
	}
	r.setFact("issue.link", true)
	r.startPhase("issue_linked")
}

// issueFixed reaches closed tickets too: their reporters were promised word, and the ticket itself stays as it is (S4-10).
func (r *reaction) issueFixed() {
	if r.p.Doc.Issues == nil {
		r.refuse(Refusal{Because: NoIssuesToFix, Rule: "issues"})
		return
	}
	r.setFact("issue.confirmed_in_production", r.e.Confirmed)
	r.settlePhase()
	if m, ok := r.move(""); ok && !r.followed(m) {
		r.follow(m)
	}
	r.startPhase("issue_fixed")
	if r.supplied("issue.announcement") {
		r.startPhase("announced")
	}
}

// followed reports whether a ticket that hears of its fix again has made the move already: one that did not wait for where the fix is
// announced is made once, so that nothing is said or solved a second time.
func (r *reaction) followed(m *Move) bool {
	return r.e.Again && m.When.Holds(notKnowing(r.facts(), "issue.announcement"))
}

// notKnowing are facts of which one is not known.
func notKnowing(facts Facts, name string) Facts {
	return func(asked string) (any, bool) {
		if asked == name {
			return nil, false
		}
		return facts(asked)
	}
}

// opensIssue reports whether the policy wants this logged with the engineers, and nobody has yet.
func (r *reaction) opensIssue() bool {
	i := r.p.Doc.Issues
	return i != nil && len(i.OpensWhen) > 0 && r.holds(i.OpensWhen) && !r.supplied("issue.link")
}

// logIssue asks for it when somebody has just said what makes it so (seed 000, 0.21 and 0.22).
func (r *reaction) logIssue(wasSo bool) {
	if !wasSo && !r.locked() && r.opensIssue() {
		r.under("issues.opens_when", r.at, func() {
			r.add(Entry{Kind: IsTask, Says: "Open an issue with the engineers and link it.", To: address(r.t.Assignee)})
		})
	}
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
