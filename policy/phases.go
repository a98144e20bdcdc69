package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Phases: where customers see their ticket stand (seed 004). A tracker hangs on the kind of ticket. Each phase has a
// usual time, counted from its own beginning (A20); its lower end triggers nothing (A21), waiting for the customer moves
// its upper end (A22), and passing that is no breach (A23).

// waitingSays is what a tracker shows while the ticket waits for the customer.
const waitingSays = "We need something from you"

func (r *reaction) tracker() *Tracker {
	if t, ok := r.p.Doc.Trackers[r.p.Doc.Kinds[r.t.Kind].Tracker]; ok {
		return &t
	}
	return nil
}

// phase is the index of a phase in the tracker, -1 when it has none of that name.
func (t *Tracker) phase(id string) int {
	return slices.IndexFunc(t.Phases, func(p Phase) bool { return p.ID == id })
}

// startPhase goes to the phase that begins with this, if the ticket may go there from where it stands.
func (r *reaction) startPhase(what string) bool {
	t := r.tracker()
	if t == nil {
		return false
	}
	now := t.phase(r.t.Memory.Phase.ID)
	for i := range t.Phases {
		if t.Phases[i].StartsOn == what && i != now && (now < 0 || t.mayGo(now, i)) {
			r.enterPhase(t, i)
			return true
		}
	}
	return false
}

func (t *Tracker) mayGo(from, to int) bool {
	return slices.Contains(t.Phases[from].MayGoTo, t.Phases[to].ID)
}

// goToPhase is the action: a rule knows where to go.
func (r *reaction) goToPhase(id string) {
	if t := r.tracker(); t != nil && t.phase(id) >= 0 && id != r.t.Memory.Phase.ID {
		r.enterPhase(t, t.phase(id))
	}
}

// agentMoves is an agent taking the ticket to another phase, as far as the tracker allows it.
func (r *reaction) agentMoves() {
	t := r.tracker()
	switch {
	case t == nil:
		r.refuse(r.noPhases())
	case t.phase(r.e.Phase) < 0:
		r.refuse(Refusal{Because: NoSuchPhase, Rule: "trackers." + r.p.Doc.Kinds[r.t.Kind].Tracker, About: inQuotes(r.e.Phase), From: inQuotes(t.Label), Instead: t.names()})
	case t.phase(r.e.Phase) == t.phase(r.t.Memory.Phase.ID):
		r.mayGoOn() // it stands there already: two agents had the same thought, and the customer hears of it once
	case r.mayGoOn() && r.mayEnter(t, t.phase(r.e.Phase)):
		r.change()
		r.enterPhase(t, t.phase(r.e.Phase))
	}
}

func (r *reaction) noPhases() Refusal {
	return Refusal{Because: NoPhases, Rule: "kinds." + r.t.Kind, About: inQuotes(r.t.Kind)}
}

// mayGoOn refuses to move a locked ticket, unless it belongs to a known problem: that lives on after its ticket is closed,
// and its reporter goes on seeing how it stands (S0-24, S4-10).
func (r *reaction) mayGoOn() bool {
	return r.locked() && r.supplied("issue.link") || r.mustBeOpen()
}

func (t *Tracker) names() []string {
	var ids []string
	for _, p := range t.Phases {
		ids = append(ids, p.ID)
	}
	return ids
}

// mayEnter refuses a phase that does not follow, or whose needs nobody has supplied.
func (r *reaction) mayEnter(t *Tracker, i int) bool {
	to := &t.Phases[i]
	if now := t.phase(r.t.Memory.Phase.ID); now >= 0 && !t.mayGo(now, i) {
		r.refuse(Refusal{Because: PhaseNotNext, Rule: r.phaseRule(t.Phases[now].ID), About: inQuotes(to.Label), From: inQuotes(t.Phases[now].Label), Instead: t.Phases[now].MayGoTo})
		return false
	}
	for _, fact := range to.Needs {
		if !r.supplied(fact) {
			r.refuse(Refusal{Because: r.p.needs(fact), Rule: r.phaseRule(to.ID), About: r.p.phaseNeedSays(fact), From: inQuotes(to.Label), Instead: r.p.valuesOf(fact), Fact: fact})
			return false
		}
	}
	return true
}

// supplied reports whether somebody has said a fact, and said one of the values there are. What is said not to be so supplies nothing.
func (r *reaction) supplied(fact string) bool {
	value, known := r.facts()(fact)
	values := r.p.valuesOf(fact)
	return known && value != nil && value != "" && value != false && (len(values) == 0 || slices.Contains(values, fmt.Sprint(value)))
}

func (p *Policy) needs(fact string) Because {
	if len(p.valuesOf(fact)) > 0 {
		return NeedsOneOf
	}
	if p.factNamed(fact).Type == "text" {
		return NeedsWords
	}
	return NeedsFact
}

// needSays is a fact that somebody has to supply, by its name: "issue link".
func (p *Policy) needSays(fact string) string { return strings.ReplaceAll(fact, ".", " ") }

// phaseNeedSays is the same before a phase: what is written in words is called by what it says, "how it will be solved".
func (p *Policy) phaseNeedSays(fact string) string {
	if p.needs(fact) == NeedsWords {
		return p.factNamed(fact).Says
	}
	return p.needSays(fact)
}

// enterPhase ends the phase before, greys what was passed over, and says how long the new one usually takes.
func (r *reaction) enterPhase(t *Tracker, i int) {
	was := r.t.Memory.Phase
	if now := t.phase(was.ID); now >= 0 && now != i {
		r.tellPhase(t, was.ID, "done")
		for skipped := now + 1; skipped < i; skipped++ {
			r.tellPhase(t, t.Phases[skipped].ID, "skipped")
		}
	}
	r.leavePhase()
	r.t.Memory.Phase = promise.Phase{Tracker: r.p.Doc.Kinds[r.t.Kind].Tracker, ID: t.Phases[i].ID, Entered: r.at, Policy: r.t.Policy}
	r.derivePhase(t, i)
	if slices.Contains(t.PauseIn, r.t.State) {
		r.t.Memory.Phase.Waiting = r.at
	}
	r.tellPhaseNow(t, i)
	r.under(r.phaseRule(t.Phases[i].ID), r.at, func() { r.do(t.Phases[i].Do) })
}

// derivePhase works out the usual time of the phase.
func (r *reaction) derivePhase(t *Tracker, i int) {
	m := &r.t.Memory.Phase
	m.From, m.To = zero, zero
	e := t.Phases[i].Expect
	if e == nil || e.None {
		return
	}
	for _, end := range []struct {
		d  *calendar.Duration
		at *time.Time
	}{{e.From, &m.From}, {e.To, &m.To}} {
		if end.d == nil {
			continue
		}
		c := clock{r.calendar(t.Calendar, *end.d), counts(*end.d)}
		if at, err := c.Add(m.Entered, *end.d); err == nil {
			*end.at = c.after(at, m.Stood)
		}
	}
}

// leavePhase keeps the phase that ends now, with how long it took.
func (r *reaction) leavePhase() {
	if was := r.t.Memory.Phase; was.ID != "" {
		was.Left, was.Waiting = r.at, zero
		r.t.Memory.Phases = append(r.t.Memory.Phases, was)
	}
	r.t.Memory.Phase = promise.Phase{}
}

func (r *reaction) tellPhase(t *Tracker, id, state string) {
	r.under(r.phaseRule(id), r.at, func() {
		r.add(Entry{Kind: IsPhase, Tracker: r.t.Memory.Phase.Tracker, Phase: id, State: state, Say: t.Phases[t.phase(id)].Label})
	})
}

func (r *reaction) phaseRule(id string) string {
	return "trackers." + r.p.Doc.Kinds[r.t.Kind].Tracker + "." + id
}

// tellPhaseNow says where the ticket stands, and until when that is usual.
func (r *reaction) tellPhaseNow(t *Tracker, i int) {
	m := r.t.Memory.Phase
	e := Entry{Kind: IsPhase, Tracker: m.Tracker, Phase: m.ID, State: "running"}
	e.Say = t.Phases[i].Expect.Says()
	if !m.From.IsZero() {
		e.From = &m.From
	}
	if !m.To.IsZero() {
		e.Until = &m.To
	}
	if !m.Waiting.IsZero() {
		e.State, e.Say, e.Until = "waiting", waitingSays, nil
	}
	r.under(r.phaseRule(m.ID), m.Entered, func() { r.add(e) })
}

// pausePhase stops the phase while the customer has the word, and moves its end when work goes on.
func (r *reaction) pausePhase() {
	t, m := r.tracker(), &r.t.Memory.Phase
	if t == nil || t.phase(m.ID) < 0 || len(t.PauseIn) == 0 || !m.Fixed.IsZero() {
		return
	}
	i := t.phase(m.ID)
	waits := slices.Contains(t.PauseIn, r.t.State)
	switch {
	case waits && m.Waiting.IsZero():
		m.Waiting = r.at
	case !waits && !m.Waiting.IsZero():
		c := clock{r.calendar(t.Calendar, businessDay), true}
		m.Stood, m.Waiting = m.Stood+c.spent(m.Waiting, r.at), zero
		m.Late = m.Late && m.To.IsZero()
		r.derivePhase(t, i)
	default:
		return
	}
	r.tellPhaseNow(t, i)
}

// fixedSays is what a tracker shows once the fix of its known problem is confirmed.
const fixedSays = "Fixed: we saw it work in production"

// settlePhase is the fix of its known problem being confirmed: nothing of the phase that runs is usual or late any more. A phase that
// begins with the fix runs on.
func (r *reaction) settlePhase() {
	t, m := r.tracker(), &r.t.Memory.Phase
	if t == nil || t.phase(m.ID) < 0 || !r.e.Confirmed || r.e.Again {
		return
	}
	if begins := t.Phases[t.phase(m.ID)].StartsOn; begins != "issue_fixed" && begins != "announced" {
		m.Fixed = r.at
	}
}

// fixHolds lets the phase run on when the fix turns out not to hold, or the ticket belonged to another problem.
func (r *reaction) fixHolds() {
	if !r.t.Memory.Phase.Fixed.IsZero() && !r.supplied("issue.confirmed_in_production") {
		r.unsettlePhase()
	}
}

func (r *reaction) unsettlePhase() {
	r.t.Memory.Phase.Fixed = zero
	r.pausePhase()
}

var businessDay = calendar.Duration{N: 1, Unit: calendar.BusinessDays}

// overrun notes that the phase takes longer than usual.
func (r *reaction) overrun() {
	t, m := r.tracker(), &r.t.Memory.Phase
	m.Late = true
	if t == nil {
		return
	}
	r.at = m.To
	r.under(r.phaseRule(m.ID), m.Entered, func() {
		r.add(Entry{Kind: IsOverdue, Tracker: m.Tracker, Phase: m.ID, Due: m.To, Say: t.LateSays})
		r.do(t.OnLate)
	})
}

// changeTracker takes a ticket whose kind has changed to the phase of the same meaning, which keeps its dates; without
// one it goes to the last that both share, which begins now.
func (r *reaction) changeTracker() {
	was := r.t.Memory.Phase
	old, shared := r.p.Doc.Trackers[was.Tracker], -1
	t := r.tracker()
	if t == nil {
		r.leavePhase()
		return
	}
	from := old.phase(was.ID)
	for i := from; i >= 0 && shared < 0; i-- {
		shared = t.sameAs(old.Phases[i].SameAs)
		if i == from && shared >= 0 {
			r.carryPhase(t, shared)
			return
		}
	}
	r.leavePhase()
	r.enterPhase(t, max(shared, 0))
}

func (t *Tracker) sameAs(meaning string) int {
	return slices.IndexFunc(t.Phases, func(p Phase) bool { return meaning != "" && p.SameAs == meaning })
}

func (r *reaction) carryPhase(t *Tracker, i int) {
	m := &r.t.Memory.Phase
	m.Tracker, m.ID, m.Late = r.p.Doc.Kinds[r.t.Kind].Tracker, t.Phases[i].ID, false
	r.derivePhase(t, i)
	r.tellPhaseNow(t, i)
}

// reopenPhase goes back to the review when a solved ticket is taken up again (S4-17).
func (r *reaction) reopenPhase() {
	t := r.tracker()
	if t == nil || r.e.Kind != ticket.CustomerReplies {
		return
	}
	r.unsettlePhase() // whoever takes it up again does not find it fixed
	review := slices.IndexFunc(t.Phases, func(p Phase) bool { return p.StartsOn == string(ticket.ReviewStarted) })
	if review >= 0 && t.phase(r.t.Memory.Phase.ID) > review {
		r.enterPhase(t, review)
	}
}

// reviewStarted is support beginning to look into it.
func (r *reaction) reviewStarted() {
	if r.tracker() == nil {
		r.refuse(r.noPhases())
		return
	}
	if r.mustBeOpen() && !r.startPhase(string(ticket.ReviewStarted)) {
		r.refuse(Refusal{Because: NoReview, Rule: r.phaseRule(r.t.Memory.Phase.ID), From: inQuotes(r.t.Memory.Phase.ID)})
	}
}
