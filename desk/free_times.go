package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/policy"
	"hark/rota"
	"hark/store"
	"hark/ticket"
)

// FreeTime is a time at which somebody can call.
type FreeTime struct {
	Start time.Time
	End   time.Time
	Host  int64
}

// Taken is returned instead of booking a time that went to somebody else. Free holds the nearest times that can still be had,
// three at most, soonest first (S0-10).
type Taken struct {
	At   time.Time
	Free []FreeTime
}

// Error says that nothing was booked.
func (t *Taken) Error() string { return "this time was just taken; nothing is booked" }

// Unwrap gives it a kind: fault.Conflict.
func (t *Taken) Unwrap() error { return fault.New(fault.Conflict, "%s", t.Error()) }

// finder looks for free times for one ticket.
type finder struct {
	tx     *store.Tx
	policy *policy.Policy
	ticket ticket.Ticket
	now    time.Time
	length time.Duration
	host   int64 // only this one; 0 for whoever can
	but    int64 // a call that is moving and stands in nobody's way
}

// host is somebody who can call; only, where it is not nil, are the stretches of time in which they stand in for somebody else.
type host struct {
	account.Person
	only []calendar.Span
}

// canHaveCalls reports whether somebody works here and answers tickets, and so can call.
func canHaveCalls(p account.Person) bool {
	return !p.Suspended && access.May(p.Actor(), access.ReplyPublicly)
}

// callers are all who can.
func callers(tx *store.Tx) ([]account.Person, error) {
	staff, err := tx.Staff()
	return slices.DeleteFunc(staff, func(p account.Person) bool { return !canHaveCalls(p) }), err
}

// hosts are those who can call: the one who was asked for, else whoever has the ticket and whoever stands in for them, else those
// with the skill that its routing asks for, else everybody who answers for its group.
func (f finder) hosts() ([]host, error) {
	staff, err := callers(f.tx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(staff, func(p account.Person) bool { return p.ID == f.host }); i >= 0 {
		return []host{{Person: staff[i]}}, nil
	}
	if f.host != 0 {
		return nil, fault.New(fault.Invalid, "this person cannot have calls; choose somebody who answers tickets")
	}
	if i := slices.IndexFunc(staff, func(p account.Person) bool { return p.ID == f.ticket.Assignee.ID }); i >= 0 {
		return f.withStandIns(staff[i], staff)
	}
	if fact, value := f.policy.SoughtSkill(f.ticket); value != "" {
		if able := knowing(f.policy, staff, fact, value); len(able) > 0 {
			return asHosts(able), nil
		}
	}
	var all []host
	for _, p := range staff {
		if f.ticket.Group == 0 || slices.Contains(p.Groups, f.ticket.Group) {
			all = append(all, host{Person: p})
		}
	}
	return all, nil
}

func asHosts(people []account.Person) (all []host) {
	for _, p := range people {
		all = append(all, host{Person: p})
	}
	return all
}

// withStandIns are a colleague and those who stand in while they are away. A call that moves stays with its host.
func (f finder) withStandIns(p account.Person, staff []account.Person) ([]host, error) {
	all := []host{{Person: p}}
	if f.but != 0 {
		return all, nil
	}
	rotas, err := rotasOf(f.tx, []account.Person{p}, f.policy.CallZone(), calendar.Span{From: f.now, To: f.now})
	if err != nil {
		return nil, err
	}
	own := rotas[p.ID]
	for _, other := range staff {
		away := slices.DeleteFunc(slices.Clone(own.Away), func(a rota.Absence) bool { return a.StandIn != other.ID })
		if len(away) > 0 {
			all = append(all, host{Person: other, only: own.Spans(away)})
		}
	}
	return all, nil
}

// times are all free times up to the horizon, soonest first, each with one host: the one who has the fewest calls to come. Without
// any, why says why.
func (f finder) times(ask policy.SlotQuestion) (free []FreeTime, why string, err error) {
	hosts, err := f.hosts()
	if err != nil || len(hosts) == 0 {
		return nil, "nobody who could call is here", err
	}
	_, latest, err := f.policy.CallsBetween(f.now)
	if err != nil {
		return nil, "", err
	}
	window := calendar.Span{From: f.now, To: latest.Add(dayAhead)}
	calls, rotas, err := f.busy(hosts, window)
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(hosts, func(a, b host) int { return cmp.Compare(len(calls[a.ID]), len(calls[b.ID])) })
	found := map[int64]bool{}
	for _, h := range hosts {
		slots, none, err := f.policy.Slots(h.asks(ask, calls[h.ID], rotas[h.ID], window))
		if err != nil {
			return nil, "", err
		}
		why = cmp.Or(why, none)
		for _, s := range slots {
			if at := s.Start.UnixMicro(); !found[at] {
				found[at] = true
				free = append(free, FreeTime{s.Start, s.End, h.ID})
			}
		}
	}
	slices.SortFunc(free, func(a, b FreeTime) int { return a.Start.Compare(b.Start) })
	return free, why, nil
}

// asks is the question for one host: with everything they do, and their own hours where they have some.
func (h host) asks(q policy.SlotQuestion, calls []policy.Busy, r rota.Rota, window calendar.Span) policy.SlotQuestion {
	q.Busy = slices.Concat(calls, r.Busy)
	if q.Own = r.Own() || h.only != nil; q.Own {
		q.Hours = r.Open(window.From, window.To)
	}
	if h.only != nil {
		q.Hours = calendar.Common(q.Hours, h.only)
	}
	return q
}

// dayAhead is how much further than the last time on offer anything matters: a call has to end as well.
const dayAhead = 24 * time.Hour

// busy are the calls of each host and the times somebody thinks over, and when each can have calls at all.
func (f finder) busy(hosts []host, window calendar.Span) (map[int64][]policy.Busy, map[int64]rota.Rota, error) {
	var ids []int64
	var people []account.Person
	for _, h := range hosts {
		ids, people = append(ids, h.ID), append(people, h.Person)
	}
	calls, err := f.tx.CallsOfHosts(ids, window.From.Add(-dayAhead), window.To, f.now)
	if err != nil {
		return nil, nil, err
	}
	busy := map[int64][]policy.Busy{}
	for _, c := range calls {
		if c.ID != f.but && !(c.State == store.CallHeld && c.Ticket == f.ticket.ID) {
			busy[c.Host] = append(busy[c.Host], policy.Busy{From: c.Start, To: c.End})
		}
	}
	rotas, err := rotasOf(f.tx, people, f.policy.CallZone(), window)
	return busy, rotas, err
}

// question asks the policy for times of this length.
func (f finder) question() policy.SlotQuestion {
	q := policy.SlotQuestion{Now: f.now}
	if usual, _ := f.policy.CallLength(); f.length != 0 && f.length != usual {
		q.Length = calendar.Duration{N: int(f.length / time.Minute), Unit: calendar.Minutes}
	}
	return q
}

// at is the free time that begins at an instant. When there is none, the error is *Taken if somebody else has it, and else says
// what the policy has against it: closed, too soon, too far ahead.
func (f finder) at(start time.Time) (FreeTime, error) {
	free, _, err := f.times(f.question())
	if err != nil {
		return FreeTime{}, err
	}
	if i := slices.IndexFunc(free, func(one FreeTime) bool { return one.Start.Equal(start) }); i >= 0 {
		return free[i], nil
	}
	return FreeTime{}, f.whyNot(start, free)
}

func (f finder) whyNot(start time.Time, free []FreeTime) error {
	ask := f.question()
	ask.Day = calendar.DateOf(start, f.policy.CallZone())
	slots, why, err := f.policy.Slots(ask)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(slots, func(s policy.Slot) bool { return s.Start.Equal(start) }) {
		return &Taken{start, nearest(free, start)}
	}
	if refusal, possible := f.policy.MayCall(policy.FactsIn(f.ticket.Facts), start, f.now); !possible {
		return fault.New(fault.Refused, "%s", refusal.Sentence())
	}
	if why != "" {
		return fault.New(fault.Refused, "This time cannot be had: %s.", why)
	}
	return fault.New(fault.Refused, "This time cannot be had; choose one of those on offer.")
}

// mostNearest is how many other times somebody is offered whose time was taken.
const mostNearest = 3

func nearest(free []FreeTime, start time.Time) []FreeTime {
	near := slices.Clone(free)
	slices.SortStableFunc(near, func(a, b FreeTime) int { return cmp.Compare(a.Start.Sub(start).Abs(), b.Start.Sub(start).Abs()) })
	near = near[:min(len(near), mostNearest)]
	slices.SortFunc(near, func(a, b FreeTime) int { return a.Start.Compare(b.Start) })
	return near
}

// taken completes a refusal for want of a free time, outside of the transaction that failed.
func (d *Desk) taken(ctx context.Context, err error, f finder) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	taken, is := asTaken(err)
	if !is || len(taken.Free) > 0 {
		return err
	}
	readErr := d.db.Read(ctx, func(tx *store.Tx) error {
		f.tx = tx
		free, _, err := f.times(f.question())
		taken.Free = nearest(free, taken.At)
		return err
	})
	return orElse(readErr, taken)
}
