package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// ReportOn says which report is asked for.
type ReportOn struct {
	Brand  int64 // 0 for the first
	Period Period
}

// Report is how a brand keeps what it says, in one period, as far as its reader may see the tickets.
type Report struct {
	Policy   *policy.Policy // that runs now; its words name kinds, levels and targets
	Brand    int64
	Period   Period
	From, To time.Time
	Made     time.Time

	Limit     time.Duration // the time whose share the policy publishes
	Published []Published   // what the policy page says of it, in the same instant
	Answers   Answers
	Steps     [policy.AnswerSteps]int
	ByKind    []Group
	ByLevel   []Group
	ByTopic   []Group // of those where somebody said it

	Targets []Promised
	Phases  []PhaseTook

	Newest       int // of more tickets than this the newest are counted; 0 when all are
	NewestPhases int // the same of phases

	Reopened  int64
	FollowUps int64
	GivenUp   []GivenUp

	Rated     Rated     // what customers said about the help
	Decisions Decisions // where support ended

	Months   []Month // thirteen, the last one is the period's
	Agents   []Agent // everybody's for an administrator, else the reader's own
	Versions []store.PolicyVersion
}

// Published is a share as the policy page says it.
type Published struct {
	Says     string // "of tickets get an answer within one hour"
	Measured policy.Measured
	LookBack string
}

// Answers is how long some tickets waited for their first answer.
type Answers struct {
	Tickets int
	Percent int // answered within the limit, of Counted
	Counted int
	Median  time.Duration // of those that were answered
	Most    time.Duration // nine of ten took no longer
}

// Group is the tickets of one kind, level or topic.
type Group struct {
	ID, Label string
	Answers
}

// Promised is what came of everything that one target promised.
type Promised struct {
	Measure  string
	Rule     string
	Strength promise.Strength
	Counts   map[promise.TargetState]int
}

// Kept is the share that was kept, and of how many that is said.
func (p Promised) Kept() (percent, counted int) {
	return policy.ShareKept(p.Counts[promise.Kept], p.Counts[promise.Missed])
}

// PhaseTook is how long a phase was planned to take and how long it took.
type PhaseTook struct {
	Rule    string // "bug.review"
	Label   string
	Tickets int
	Planned time.Duration // the middle of the usual ends
	Median  time.Duration
	Most    time.Duration // nine of ten took no longer
	Late    int
}

// GivenUp counts tickets that were closed because their customer never answered, by the tag they got.
type GivenUp struct {
	Tag     string
	Tickets int64
}

// Month is how many tickets came in a month.
type Month struct {
	Period  Period
	From    time.Time
	Tickets int64
}

// Agent is how many tickets somebody answered first.
type Agent struct {
	Person  account.Person
	Tickets int64
}

// Report counts what became of a period, of the tickets that the reader may see. Numbers about single people are told to
// themselves and to administrators alone; the store keeps to that.
func (d *Desk) Report(ctx context.Context, a access.Actor, on ReportOn) (Report, error) {
	if err := may(a, access.SeeTickets); err != nil {
		return Report{}, err
	}
	// The reader is part of the key with all their rights: whoever loses a group has another key.
	key, now, generation := fmt.Sprint(a, on), d.now(), d.db.Generation(ctx)
	if report, known := d.reports.known(key, generation, now); known {
		return report, nil
	}
	report, err := d.report(ctx, a, on, now)
	if err == nil {
		d.reports.remember(key, worked[Report]{report, generation, now})
	}
	return report, err
}

func (d *Desk) report(ctx context.Context, a access.Actor, on ReportOn, now time.Time) (r Report, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if r, err = d.beginReport(tx, on, now); err != nil {
			return err
		}
		c := counting{d, tx, a, &r, now}
		for _, count := range []func() error{c.answers, c.targets, c.phases, c.endings, c.months, c.agents, c.rated, c.decisions} {
			if err := count(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	return r, d.published(ctx, &r)
}

func (d *Desk) beginReport(tx *store.Tx, on ReportOn, now time.Time) (Report, error) {
	brand, err := d.brandOr(tx, on.Brand)
	if err != nil {
		return Report{}, err
	}
	version, err := d.rules.running(tx, brand, now)
	if err != nil {
		return Report{}, err
	}
	p, err := d.rules.of(tx, version)
	if err != nil {
		return Report{}, err
	}
	r := Report{Policy: p, Brand: brand, Period: on.Period, Made: now}
	r.From, r.To = on.Period.span(now, p.Zone)
	r.Limit = now.Sub(back(p.AnswerLimit(), now))
	return r, nil
}

// published is what the policy page says at this moment, from the same function that the page asks.
func (d *Desk) published(ctx context.Context, r *Report) error {
	figures, err := d.Figures(ctx, r.Brand)
	for _, f := range r.Policy.Doc.Figures {
		if m, measured := figures[f.ID]; measured && f.Metric == "share_first_reply_within" {
			said := Published{Says: f.Says, Measured: m}
			if f.LookBack != nil {
				said.LookBack = f.LookBack.Says()
			}
			r.Published = append(r.Published, said)
		}
	}
	return err
}

// counting is a report being worked out.
type counting struct {
	d   *Desk
	tx  *store.Tx
	a   access.Actor
	r   *Report
	now time.Time
}

func (c counting) span() store.Span { return store.Span{Brand: c.r.Brand, From: c.r.From, To: c.r.To} }

func (c counting) answers() error {
	waits, more, err := atMost(c.d.caps.tickets, func(limit int) ([]store.Waited, error) { return c.tx.Waits(c.a, c.span(), limit) })
	if err != nil {
		return err
	}
	if more {
		c.r.Newest = len(waits)
	}
	c.r.Answers = c.r.summed(waits, c.now)
	for _, w := range waits {
		c.r.Steps[c.r.Policy.AnswerStep(firstReply(w))]++
		if w.Reopened > 0 {
			c.r.Reopened++
		}
		if w.FollowUp != 0 {
			c.r.FollowUps++
		}
	}
	c.r.ByKind = c.r.groups(waits, c.now, c.r.Policy.Kinds(), c.r.Policy.KindLabel, func(w store.Waited) string { return w.Kind })
	c.r.ByLevel = c.r.groups(waits, c.now, c.r.Policy.Levels(), c.r.Policy.LevelLabel, func(w store.Waited) string { return w.Level })
	c.r.ByTopic = c.r.groups(waits, c.now, c.r.Policy.Topics(), c.r.Policy.TopicLabel, func(w store.Waited) string { return w.Topic })
	return nil
}

func firstReply(w store.Waited) policy.FirstReply {
	return policy.FirstReply{Came: w.Created, Answered: w.Replied}
}

func (r *Report) summed(waits []store.Waited, now time.Time) Answers {
	sum := Answers{Tickets: len(waits)}
	replies, took := make([]policy.FirstReply, len(waits)), make([]time.Duration, 0, len(waits))
	for i, w := range waits {
		if replies[i] = firstReply(w); !w.Replied.IsZero() {
			took = append(took, w.Replied.Sub(w.Created))
		}
	}
	sum.Percent, sum.Counted = policy.ShareFirstReplyWithin(replies, r.Limit, now)
	sum.Median, sum.Most = policy.Quantile(took, 50), policy.Quantile(took, 90)
	return sum
}

// groups sorts tickets by what they are about, in the policy's order; what the policy does not know any more comes last.
func (r *Report) groups(waits []store.Waited, now time.Time, order []string, label func(string) string, of func(store.Waited) string) (all []Group) {
	sorted := map[string][]store.Waited{}
	for _, w := range waits {
		sorted[of(w)] = append(sorted[of(w)], w)
	}
	for _, id := range append(order, leftOver(order, sorted)...) {
		if some := sorted[id]; len(some) > 0 && id != "" {
			all = append(all, Group{id, label(id), r.summed(some, now)})
		}
	}
	return all
}

func (c counting) targets() error {
	ledger, err := c.tx.Ledger(c.a, c.span())
	if err != nil {
		return err
	}
	for _, k := range ledger {
		if k.Measure == promise.PhaseTime {
			continue
		}
		last := len(c.r.Targets) - 1
		if last < 0 || c.r.Targets[last].Rule != k.Rule || c.r.Targets[last].Measure != k.Measure || c.r.Targets[last].Strength != k.Strength {
			c.r.Targets = append(c.r.Targets, Promised{k.Measure, k.Rule, k.Strength, map[promise.TargetState]int{}})
			last++
		}
		c.r.Targets[last].Counts[k.State] += int(k.Promises)
	}
	return nil
}

// caps bound what one report is made of. Where one is reached the newest counts, and the report says so.
type caps struct {
	tickets int // whose first answers are counted
	phases  int // that are compared with what was planned
	lines   int // of the ledger that are handed out at once
	told    int // customers whom one version is mailed to; a desk with more of them announces on its website
}

func usualCaps() caps { return caps{tickets: 50_000, phases: 20_000, lines: 50_000, told: 20_000} }

// atMost asks for one more than is wanted, to know whether there are more.
func atMost[T any](most int, ask func(limit int) ([]T, error)) (all []T, more bool, err error) {
	all, err = ask(most + 1)
	if more = len(all) > most; more {
		all = all[:most]
	}
	return all, more, err
}

func (c counting) phases() error {
	lasted, more, err := atMost(c.d.caps.phases, func(limit int) ([]store.Lasted, error) { return c.tx.Lasted(c.a, c.span(), true, limit) })
	if err != nil {
		return err
	}
	if more {
		c.r.NewestPhases = len(lasted)
	}
	sorted := map[string][]store.Lasted{}
	for _, l := range lasted {
		sorted[l.Rule] = append(sorted[l.Rule], l)
	}
	order := c.r.Policy.PhaseIDs()
	for _, rule := range append(order, leftOver(order, sorted)...) {
		if some := sorted[rule]; len(some) > 0 {
			c.r.Phases = append(c.r.Phases, phaseTook(rule, c.r.Policy.PhaseLabel(rule), some))
		}
	}
	return nil
}

func phaseTook(rule, label string, lasted []store.Lasted) PhaseTook {
	out := PhaseTook{Rule: rule, Label: label, Tickets: len(lasted)}
	var planned, took []time.Duration
	for _, l := range lasted {
		planned, took = append(planned, l.Due.Sub(l.At)), append(took, l.Done.Sub(l.At))
		if l.Done.After(l.Due) {
			out.Late++
		}
	}
	out.Planned, out.Median, out.Most = policy.Quantile(planned, 50), policy.Quantile(took, 50), policy.Quantile(took, 90)
	return out
}

func (c counting) endings() error {
	for _, tag := range c.r.Policy.GivesUp() {
		n, err := c.tx.CountBehind(c.a, c.span(), store.Behind{Tag: tag})
		if err != nil {
			return err
		}
		c.r.GivenUp = append(c.r.GivenUp, GivenUp{tag, n})
	}
	return nil
}

func (c counting) months() error {
	periods, edges := c.r.Period.months(c.now, c.r.Policy.Zone)
	counts, err := c.tx.Came(c.a, c.r.Brand, edges)
	if err != nil {
		return err
	}
	for i, p := range periods {
		c.r.Months = append(c.r.Months, Month{p, edges[i], counts[i]})
	}
	c.r.Versions, err = c.tx.PolicyVersions(c.r.Brand)
	return err
}

func (c counting) agents() error {
	answerers, err := c.tx.Answerers(c.a, c.span())
	if err != nil {
		return err
	}
	for _, one := range answerers {
		person, err := c.tx.Person(one.Person)
		if err != nil {
			return err
		}
		if person.Actor().Staff() {
			c.r.Agents = append(c.r.Agents, Agent{person, one.Tickets})
		}
	}
	return nil
}

// ReportList is the tickets behind one number of a report. What is the number's name in its address:
//
//	answer:N                      first answers in step N of the distribution
//	promise:MEASURE:RULE:STATE    what came of a target
//	tag:TAG                       tickets with a tag
//	follow-ups, reopened          what happened afterwards
//	agent:ID                      what somebody answered first
//	rating:PART, rating:PART:ID   who was asked how it went: asked, answered, unanswered, good, fair, bad; ID is an agent
//	scope:CLAUSE, scope:PART      decisions on the scope: decided, declined, inside, partly, outside
//	kind:ID, level:ID, topic:ID   tickets of a kind, a level or a topic
//	all                           every ticket
type ReportList struct {
	ReportOn
	What  string
	After string
}

// ReportTickets lists them, as far as the reader may see them.
func (d *Desk) ReportTickets(ctx context.Context, a access.Actor, in ReportList) (page store.Page[store.Row], r Report, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, r, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if r, err = d.beginReport(tx, in.ReportOn, now); err != nil {
			return err
		}
		c := counting{d, tx, a, &r, now}
		page, err = c.list(in)
		return err
	})
	return page, r, err
}

func (c counting) list(in ReportList) (page store.Page[store.Row], err error) {
	if which, ok := strings.CutPrefix(in.What, "scope:"); ok {
		return c.decidedList(in.What, which, in.After)
	}
	behind, picked, err := parseBehind(in.What)
	if err != nil {
		return page, err
	}
	if picked == nil {
		return c.tx.Behind(c.a, c.span(), behind, in.After, 0)
	}
	waits, _, err := atMost(c.d.caps.tickets, func(limit int) ([]store.Waited, error) { return c.tx.Waits(c.a, c.span(), limit) })
	if err != nil {
		return page, err
	}
	for _, w := range waits {
		if picked(c.r, w) {
			behind.Tickets = append(behind.Tickets, w.Ticket)
		}
	}
	return c.tx.Behind(c.a, c.span(), behind, in.After, 0)
}

// Ledger is every promise that was given in a period, the newest first, on tickets that the reader may see. Of very many it is the
// newest, and more is true.
func (d *Desk) Ledger(ctx context.Context, a access.Actor, on ReportOn) (lines []store.GivenIn, more bool, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, false, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		r, err := d.beginReport(tx, on, now)
		if err != nil {
			return err
		}
		lines, more, err = atMost(d.caps.lines, func(limit int) ([]store.GivenIn, error) {
			return tx.Lines(a, store.Span{Brand: r.Brand, From: r.From, To: r.To}, limit)
		})
		return err
	})
	return lines, more, err
}

func noSuchNumber(what string) error {
	return fault.New(fault.NotFound, "no report has a number called %q", shortened(what, 60))
}
