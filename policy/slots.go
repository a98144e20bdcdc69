package policy

import (
	"slices"
	"sort"
	"time"

	"hark/calendar"
	"hark/fault"
)

// Slots: the times at which a call can be had (seed 000, 0.16; S0-03 to S0-09). They begin in steps from each opening, end by
// closing, keep the notice and the horizon of the policy, lie within the hours of whoever calls, and leave the gap that the policy
// wants on both sides of a call.

// Slot is one time on offer.
type Slot struct {
	Start time.Time
	End   time.Time
}

// Busy is a stretch of time in which the host has another call, or something else to do.
type Busy = calendar.Span

// SlotQuestion is what somebody wants to know about free times.
type SlotQuestion struct {
	Now    time.Time
	Day    calendar.Date     // on the reader's calendar; the zero Date asks for all days up to the horizon
	Length calendar.Duration // one of the policy's lengths; zero for its usual one
	Zone   *time.Location    // of the reader; nil for the company's
	Busy   []Busy            // of the host, in any order
	Hours  []calendar.Span   // in which the host can have calls, joined; they count when Own
	Own    bool              // the host has hours of their own; else those of calls are theirs
}

// Slots lists the times on offer, soonest first, a few thousand at most. Without any, why says why: a holiday, closed, too soon, all taken. The error
// says that the policy has no calls, or none of that length.
func (p *Policy) Slots(q SlotQuestion) (slots []Slot, why string, err error) {
	s, err := p.slotFinder(q)
	if err != nil {
		return nil, "", err
	}
	from, to := s.window()
	for d := calendar.DateOf(from, s.hours.Zone); len(slots) < mostSlots && !calendar.DateOf(to, s.hours.Zone).Before(d); d = d.Plus(1) {
		for _, opening := range s.openings(d) {
			slots = append(slots, s.within(opening, from, to)...)
		}
	}
	if len(slots) == 0 {
		why = s.whyNone()
	}
	return slots, why, nil
}

// Earliest is the soonest time on offer; ok is false when there is none up to the horizon.
func (p *Policy) Earliest(q SlotQuestion) (first Slot, ok bool, err error) {
	q.Day = calendar.Date{}
	slots, _, err := p.Slots(q)
	if err != nil || len(slots) == 0 {
		return Slot{}, false, err
	}
	return slots[0], true, nil
}

// mostSlots is how many times are listed at once, far more than anybody reads.
const mostSlots = 10_000

type slotFinder struct {
	q                 SlotQuestion
	hours             *calendar.Calendar
	length, step, gap time.Duration
	soonest, latest   time.Time
	taken             []calendar.Span // between whose ends no call may begin, in order, none meeting another
}

func (p *Policy) slotFinder(q SlotQuestion) (s slotFinder, err error) {
	c := p.Doc.Calls
	if c == nil {
		return s, fault.New(fault.Invalid, "policy %s has no calls", p.Name)
	}
	if s.hours, err = p.Calendar(c.Calendar); err != nil {
		return s, err
	}
	s.q, s.gap, s.step = q, minutesOr(c.GapAfter, 0), minutesOr(c.Step, usualStep)
	if s.q.Zone == nil {
		s.q.Zone = p.Zone
	}
	if s.length, err = p.lengthOf(q.Length); err != nil {
		return s, err
	}
	s.taken = s.startsTaken()
	return s, s.bounds(c)
}

// usualStep is how far apart calls begin where the policy does not say.
const usualStep = 15 * time.Minute

// minutesOr is a length of the policy, or another where it has none.
func minutesOr(d *calendar.Duration, other time.Duration) time.Duration {
	if d == nil || minutesOf(*d) <= 0 {
		return other
	}
	return minutesOf(*d)
}

// lengthOf is the length asked for, if calls have it.
func (p *Policy) lengthOf(asked calendar.Duration) (time.Duration, error) {
	if asked.IsZero() {
		if length := p.callLength(); length > 0 {
			return length, nil
		}
		return 0, fault.New(fault.Invalid, "policy %s does not say how long calls are; name a length", p.Name)
	}
	var lengths []string
	for _, l := range p.Doc.Calls.Lengths {
		if minutesOf(l) == minutesOf(asked) && asked.N > 0 {
			return minutesOf(l), nil
		}
		lengths = append(lengths, l.String())
	}
	return 0, fault.New(fault.Invalid, "calls do not last %s; they last %s", asked, listed(lengths))
}

// CallsBetween are the soonest and the latest instant at which a call can begin that is booked now. The error says that the policy has
// no calls.
func (p *Policy) CallsBetween(now time.Time) (soonest, latest time.Time, err error) {
	c := p.Doc.Calls
	if c == nil {
		return now, now, fault.New(fault.Invalid, "policy %s has no calls", p.Name)
	}
	s := slotFinder{q: SlotQuestion{Now: now}}
	if s.hours, err = p.Calendar(c.Calendar); err == nil {
		err = s.bounds(c)
	}
	return s.soonest, s.latest, err
}

// usualHorizon is how far ahead calls are booked where the policy does not say.
const usualHorizon = 90 * 24 * time.Hour

// bounds are the soonest and the latest instant at which a call may begin.
func (s *slotFinder) bounds(c *Calls) (err error) {
	s.soonest, s.latest = s.q.Now, s.q.Now.Add(usualHorizon)
	if c.Notice != nil {
		if s.soonest, err = s.hours.Add(s.q.Now, *c.Notice); err != nil {
			return err
		}
	}
	if c.Horizon != nil {
		s.latest, err = s.hours.Add(s.q.Now, *c.Horizon)
	}
	return err
}

// window is the day asked about on the reader's calendar, or everything up to the horizon.
func (s *slotFinder) window() (from, to time.Time) {
	if s.q.Day == (calendar.Date{}) {
		return s.soonest, s.latest
	}
	return calendar.Resolve(s.q.Day, 0, s.q.Zone), calendar.Resolve(s.q.Day.Plus(1), 0, s.q.Zone).Add(-time.Nanosecond)
}

// openings are the stretches of a date of the company in which calls take place.
func (s *slotFinder) openings(d calendar.Date) (list []Busy) {
	hours, _ := s.hours.HoursOn(d)
	for _, h := range hours {
		list = append(list, Busy{From: calendar.Resolve(d, calendar.ClockOf(0, h.Start), s.hours.Zone), To: calendar.Resolve(d, calendar.ClockOf(0, h.End), s.hours.Zone)})
	}
	return list
}

func (s *slotFinder) within(opening Busy, from, to time.Time) (slots []Slot) {
	for start := opening.From; !start.Add(s.length).After(opening.To); start = start.Add(s.step) {
		if !start.Before(from) && !start.After(to) && s.offers(start) {
			slots = append(slots, Slot{start, start.Add(s.length)})
		}
	}
	return slots
}

func (s *slotFinder) offers(start time.Time) bool {
	return !start.Before(s.soonest) && !start.After(s.latest) && s.free(start)
}

// startsTaken are the stretches within which no call may begin, because it or the gap after it would meet something, or the other way
// round (S0-09). Their ends do not belong to them.
func (s *slotFinder) startsTaken() (taken []calendar.Span) {
	for _, b := range s.q.Busy {
		taken = append(taken, calendar.Span{From: b.From.Add(-s.length - s.gap), To: b.To.Add(s.gap)})
	}
	slices.SortFunc(taken, func(a, b calendar.Span) int { return a.From.Compare(b.From) })
	apart := taken[:0]
	for _, t := range taken {
		if n := len(apart); n > 0 && t.From.Before(apart[n-1].To) {
			apart[n-1].To = later(apart[n-1].To, t.To)
		} else {
			apart = append(apart, t)
		}
	}
	return apart
}

// free reports whether a call that begins then lies within the host's hours and keeps away from everything else they do.
func (s *slotFinder) free(start time.Time) bool {
	if s.q.Own && !calendar.InOne(s.q.Hours, calendar.Span{From: start, To: start.Add(s.length)}) {
		return false
	}
	i := sort.Search(len(s.taken), func(i int) bool { return s.taken[i].To.After(start) })
	return i == len(s.taken) || !s.taken[i].From.Before(start)
}

// whyNone says why nothing is on offer on the day asked about.
func (s *slotFinder) whyNone() string {
	from, to := s.window()
	first, last := calendar.DateOf(from, s.hours.Zone), calendar.DateOf(to, s.hours.Zone)
	for d := first; !last.Before(d); d = d.Plus(1) {
		switch {
		case len(s.openings(d)) == 0:
			continue
		case to.Before(s.soonest):
			return "calls are booked from " + s.soonest.In(s.q.Zone).Format(whenFormat) + " on"
		case from.After(s.latest):
			return "calls are booked until " + s.latest.In(s.q.Zone).Format(whenFormat)
		}
		return "every time is taken, or too close to closing"
	}
	_, why := s.hours.HoursOn(first)
	return why
}
