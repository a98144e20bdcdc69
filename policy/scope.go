package policy

import (
	"slices"
	"strings"

	"hark/ticket"
)

// Scope: where support ends, and what the staff do for customers. The policy notices and prepares; a person declines or
// does it. Each rule is pointed out once in the life of a ticket (S0-25, S0-26, S3-16, S3-17).

// staffChange is the fact that names the change only the staff can make.
const staffChange = "ticket.staff_change"

func (r *reaction) weighScope() {
	if r.p.Doc.Scope == nil || r.locked() {
		return
	}
	for i := range r.p.Doc.Scope.Limits {
		if limit := &r.p.Doc.Scope.Limits[i]; r.p.declinedBy(limit, r.facts()) {
			r.notice("scope.limits."+limit.ID, r.p.declines(limit))
		}
	}
	for i := range r.p.Doc.Scope.StaffDoes {
		if task := &r.p.Doc.Scope.StaffDoes[i]; r.told(staffChange) == task.ID {
			r.notice("scope.staff_does."+task.ID, r.staffTask(task))
		}
	}
}

// notice gives the agent a task, unless this rule has given it before.
func (r *reaction) notice(rule, says string) {
	if slices.Contains(r.t.Memory.Noticed, rule) {
		return
	}
	r.t.Memory.Noticed = append(r.t.Memory.Noticed, rule)
	r.under(rule, r.at, func() { r.add(Entry{Kind: IsTask, Says: says, To: address(r.t.Assignee)}) })
}

// declines is what an agent reads about a limit: the reason, what is done all the same, where else to turn, and the
// answer that waits for them.
func (p *Policy) declines(l *Limit) string {
	reach := "Outside of what we support: "
	if clauseOf(l).Reach == PartlyInScope {
		reach = "We support this in part: "
	}
	parts := []string{reach + l.Says, l.WeStill, l.Instead}
	if l.ReplyWith != "" {
		parts = append(parts, p.messageSays(l.ReplyWith)+" is prepared; look at it and send it.")
	}
	return inOneLine(parts)
}

// staffTask is a change the staff make, as a list of what to write down; who may not ask for it is said first.
func (r *reaction) staffTask(s *StaffDoes) string {
	first, write := r.p.firstFor(s, r.facts()), ""
	if len(s.Note) > 0 {
		write = "Write down: " + strings.Join(s.Note, "; ") + "."
	}
	return inOneLine([]string{first, s.Says, write})
}

func inOneLine(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// scopeRefused is an agent confirming the answer that was prepared. It is an answer like one of their own words (S3-18).
func (r *reaction) scopeRefused() {
	m, ok := r.move("")
	switch {
	case !r.mustBeOpen():
	case !ok:
		r.refuse(Refusal{Because: NoDeclining, Rule: "lifecycle.moves", From: r.state().Label})
	default:
		r.speak()
		r.answerTargets()
		r.follow(m)
		r.startPhase(string(ticket.ScopeRefused))
	}
}

// Declined is the first limit of the scope that holds for these facts, as messages speak of it: scope.reason is its Says,
// scope.we_still and scope.alternatives are the rest.
func (p *Policy) Declined(facts Facts) (Limit, bool) {
	if p.Doc.Scope == nil {
		return Limit{}, false
	}
	if outside, decided := p.outsideIntegration(facts); decided {
		return outside.limit(), true
	}
	return find(p.Doc.Scope.Limits, func(l Limit) bool { return p.declinedBy(&l, facts) })
}

// declinedBy reports whether a limit holds because of something that somebody has said. That a fact is unknown, which for a
// yes-or-no fact counts as no, is never a reason to decline.
func (p *Policy) declinedBy(l *Limit, facts Facts) bool {
	if decided, _ := facts(ClauseFact); decided != nil {
		return decided == "limits."+l.ID
	}
	return l.When.Holds(facts) && anySaid(l.When, facts)
}

// anySaid reports whether somebody has said at least one of the facts that a condition looks at.
func anySaid(c Condition, facts Facts) bool {
	return slices.ContainsFunc(c.Facts(), func(fact string) bool {
		_, known := facts(fact)
		return known
	})
}
