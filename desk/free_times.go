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

// hosts are those who can call: the one who was asked for, else whoever has the ticket, else everybody who answers for its group.
func (f finder) hosts() ([]account.Person, error) {
	staff, err := f.tx.Staff()
	if err != nil {
		return nil, err
	}
	staff = slices.DeleteFunc(staff, func(p account.Person) bool { return p.Suspended || !access.May(p.Actor(), access.ReplyPublicly) })
	for _, wanted := range []int64{f.host, f.ticket.Assignee.ID} {
		if i := slices.IndexFunc(staff, func(p account.Person) bool { return p.ID == wanted }); i >= 0 {
			return staff[i : i+1], nil
		}
	}
	if f.host != 0 {
		return nil, fault.New(fault.Invalid, "this person cannot have calls; choose somebody who answers tickets")
	}
	if f.ticket.Group == 0 {
		return staff, nil
	}
	return slices.DeleteFunc(staff, func(p account.Person) bool { return !slices.Contains(p.Groups, f.ticket.Group) }), nil
}

// times are all free times up to the horizon, soonest first, each with one host: the one who has the fewest calls to come. Without
// any, why says why.
func (f finder) times(ask policy.SlotQuestion) (free []FreeTime, why string, err error) {
	hosts, err := f.hosts()
	if err != nil || len(hosts) == 0 {
		return nil, "nobody who could call is here", err
	}
	busy, err := f.busy(hosts)
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(hosts, func(a, b account.Person) int { return cmp.Compare(len(busy[a.ID]), len(busy[b.ID])) })
	found := map[time.Time]bool{}
	for _, host := range hosts {
		ask.Busy = busy[host.ID]
		slots, none, err := f.policy.Slots(ask)
		if err != nil {
			return nil, "", err
		}
		why = cmp.Or(why, none)
		for _, s := range slots {
			if !found[s.Start] {
				found[s.Start] = true
				free = append(free, FreeTime{s.Start, s.End, host.ID})
			}
		}
	}
	slices.SortFunc(free, func(a, b FreeTime) int { return a.Start.Compare(b.Start) })
	return free, why, nil
}

// farAhead is further than any policy books.
const farAhead = 400 * 24 * time.Hour

// busy are the calls of each host, the times somebody thinks over, and their absence.
func (f finder) busy(hosts []account.Person) (map[int64][]policy.Busy, error) {
	ids := make([]int64, len(hosts))
	busy := map[int64][]policy.Busy{}
	for i, p := range hosts {
		ids[i] = p.ID
		if p.AwayUntil.After(f.now) {
			busy[p.ID] = append(busy[p.ID], policy.Busy{From: f.now.Add(-24 * time.Hour), To: p.AwayUntil})
		}
	}
	calls, err := f.tx.CallsOfHosts(ids, f.now.Add(-24*time.Hour), f.now.Add(farAhead), f.now)
	for _, c := range calls {
		if c.ID != f.but && !(c.State == store.CallHeld && c.Ticket == f.ticket.ID) {
			busy[c.Host] = append(busy[c.Host], policy.Busy{From: c.Start, To: c.End})
		}
	}
	return busy, err
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
