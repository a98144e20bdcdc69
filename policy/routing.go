package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/ticket"
)

// Routing: who gets a ticket. The first route whose condition holds decides. A route to an agent names a fact that holds
// the agent's address ("agent: project.lead"); when nobody is named there, or a fact of the same name with _away says
// until when they are away, its else counts. A route to a skill ("skill: ticket.topic") goes to whoever the desk found for it.
// Routing proposes: it never takes a ticket from somebody who has it (A6).

// givenByReview is what stands for a rule where somebody who reviewed a case chose.
const givenByReview = "intake.review"

// Give notes that somebody who reviewed a case gave it to a group. They have read it, so no rule proposes anything else afterwards.
func (p *Policy) Give(t *ticket.Ticket, group string) {
	t.Memory.Route, t.Memory.RouteBy = "group: "+group, givenByReview
}

// route chooses again and notes the choice when it has changed.
func (r *reaction) route() {
	if r.locked() || r.t.Memory.RouteBy == givenByReview {
		return
	}
	for i := range r.p.Doc.Routing {
		if rule := &r.p.Doc.Routing[i]; r.holds(rule.When) {
			r.under("routing."+rule.ID, r.anchor, func() { r.routeBy(rule) })
			return
		}
	}
}

func (r *reaction) routeBy(rule *Route) {
	to, note := r.whom(rule.To)
	if to == "" {
		to, _ = r.whom(rule.Else)
	}
	m, same := &r.t.Memory, to == r.t.Memory.Route
	if to == "" || same && m.RouteBy == rule.ID || r.t.Assignee.Known() && address(r.t.Assignee) != to {
		return
	}
	m.Route, m.RouteBy = to, rule.ID // the same goal by another rule has another reason
	if !same {
		r.add(Entry{Kind: IsRoute, To: to})
	}
	if note != "" {
		r.add(Entry{Kind: IsNote, Says: note})
	}
	if !same && isAgent(rule, to) && !r.t.Assignee.Known() {
		r.assign(r.person(to))
	}
}

// whom reads "agent: project.lead" as the address that the fact holds, "" when it holds none or the agent is away, with
// a note that says so. For a skill the note says why it is they. A pool or a group is itself.
func (r *reaction) whom(to string) (who, note string) {
	if fact, skill := strings.CutPrefix(to, bySkill); skill {
		return r.told(SkilledFact(fact)), r.told(WhySkilledFact(fact))
	}
	fact, isAgent := strings.CutPrefix(to, "agent: ")
	if !isAgent {
		return to, ""
	}
	value, known := r.facts()(fact)
	who, _ = value.(string)
	if until, isAway := r.facts()(fact + "_away"); known && isAway && until != false && until != "" {
		return "", fmt.Sprintf("%s %s is away %v", spaced(fact[strings.LastIndex(fact, ".")+1:]), who, until)
	}
	return who, ""
}

func isAgent(rule *Route, to string) bool {
	return (strings.HasPrefix(rule.To, "agent: ") || strings.HasPrefix(rule.To, bySkill)) && to != rule.Else
}

// assignTo is the action: to the agent a fact names, to the last one, or to whom is written there.
func (r *reaction) assignTo(to string) {
	if to == "last_agent" {
		to = r.t.Memory.LastAgent
	} else {
		to, _ = r.whom(to)
	}
	if to != "" {
		r.assign(r.person(to))
	}
}

// person is somebody whom a fact or a rule names. Whoever it is, if they are known already, they stay themselves.
func (r *reaction) person(who string) ticket.Person {
	for _, p := range []ticket.Person{r.t.Assignee, r.e.By} {
		if p.Address == who {
			return p
		}
	}
	return ticket.Person{Address: who}
}

// Answered is one ticket of a client in the past, for [UsualAgent]: who answered it, and when.
type Answered struct {
	Agent string
	At    time.Time
}

// UsualAgent finds the agent a client is used to (seed 002, 2.7; S2-27): who answered most of their tickets within
// lookBack before now, provided it was at least atLeast of them. With a tie it is who did so more recently. The second
// result says why, also when there is nobody.
func UsualAgent(history []Answered, lookBack calendar.Duration, atLeast int, zone *calendar.Calendar, now time.Time) (agent, why string) {
	recent := tally(history, lookBack, zone, now)
	if len(recent) == 0 {
		return "", fmt.Sprintf("nobody answered this client in the last %s", lookBack.Says())
	}
	most := slices.MaxFunc(recent, func(a, b count) int { return cmp.Or(cmp.Compare(a.n, b.n), a.last.Compare(b.last)) })
	if most.n < atLeast {
		return "", fmt.Sprintf("%s answered %d of this client's tickets in the last %s; fewer than %d do not count", most.agent, most.n, lookBack.Says(), atLeast)
	}
	return most.agent, fmt.Sprintf("%s answered %d of this client's tickets in the last %s", most.agent, most.n, lookBack.Says())
}

type count struct {
	agent string
	n     int
	last  time.Time
}

// tally counts the answers whose look-back time has not run out, by agent.
func tally(history []Answered, lookBack calendar.Duration, zone *calendar.Calendar, now time.Time) (counts []count) {
	for _, h := range history {
		until, err := zone.Add(h.At, lookBack)
		if err != nil || until.Before(now) || h.Agent == "" || h.At.After(now) {
			continue
		}
		i := slices.IndexFunc(counts, func(c count) bool { return c.agent == h.Agent })
		if i < 0 {
			i, counts = len(counts), append(counts, count{agent: h.Agent})
		}
		counts[i].n++
		counts[i].last = later(counts[i].last, h.At)
	}
	return counts
}
