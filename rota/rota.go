// Package rota says when a colleague can have calls.
//
// The company's hours for calls stand in its policy; customers read them. Whoever calls has hours of their own within them: the ranges
// of their week on their own clock, single dates with other ranges, and days on which they are away, with somebody who stands in
// perhaps. What else they have to do stands in calendars elsewhere, which are read for their times alone. A call can be had when all of
// these agree.
//
// Whoever writes no hours has those of the company. Nothing here knows a policy or a call: stretches of time go in and come out.
package rota

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/calendar"
	"hark/fault"
)

// Hours are one colleague's, as they wrote them.
type Hours struct {
	Zone  string // IANA name of the clock on which they are meant; "" for that of their account
	Own   bool   // they have a week of their own; else only the dates count, and the week is the company's
	Week  Week
	Dates []Day // in order, those to come
}

// Week is what is written for each day from Monday on: "09:00-12:00, 13:00-17:00", or nothing for a day without calls.
type Week [7]string

// Day is one date with other ranges than usual; without any there are no calls.
type Day struct {
	Date  calendar.Date
	Hours string
	Why   string // for colleagues
}

// How much one colleague can write down.
const (
	MostDates  = 60
	MostAway   = 30
	MostNote   = 200 // letters of a note
	longestOff = 400 // days somebody is away at once
)

// weekdays are the keys of a week in a calendar, from Monday on.
var weekdays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// always is the week of whoever has no hours of their own.
var always = map[string][]string{"mon-sun": {"00:00-24:00"}}

// Calendar makes a calendar of the hours. Its mistakes are [fault.Invalid], and carry the path of each: "zone", "week.mon", "except.2.hours".
func (h Hours) Calendar() (*calendar.Calendar, error) {
	spec := calendar.Spec{ID: "hours", Zone: cmp.Or(h.Zone, "UTC"), Week: always} // without a zone they are checked, on any clock
	if h.Own {
		spec.Week = map[string][]string{}
		for i, day := range weekdays {
			spec.Week[day] = ranges(h.Week[i])
		}
	}
	for _, d := range h.Dates {
		spec.Except = append(spec.Except, calendar.ExceptSpec{Date: d.Date.String(), Hours: ranges(d.Hours), Why: d.Why})
	}
	return calendar.New(spec)
}

// ranges are the single ranges of a text as a calendar takes them. What cannot be read stays as it is, so that the calendar names it.
func ranges(text string) []string {
	hours, err := calendar.TypedHours(text)
	if err != nil {
		return []string{text}
	}
	var all []string
	for _, h := range hours {
		all = append(all, h.String())
	}
	return all
}

// Tidy is the hours as they are kept: each range in the one form, and only the dates that are still to come.
func (h Hours) Tidy(today calendar.Date) (Hours, error) {
	h.Dates = slices.DeleteFunc(slices.Clone(h.Dates), func(d Day) bool { return d.Date.Before(today) })
	slices.SortStableFunc(h.Dates, func(a, b Day) int { return cmp.Compare(a.Date.String(), b.Date.String()) })
	if _, err := h.Calendar(); err != nil {
		return h, err
	}
	for i := range h.Week {
		h.Week[i] = inOrder(h.Week[i])
	}
	for i := range h.Dates {
		h.Dates[i].Hours = inOrder(h.Dates[i].Hours)
	}
	if len(h.Dates) > MostDates {
		return h, fault.New(fault.Invalid, "single dates are kept up to %d; remove one that is not needed", MostDates)
	}
	return h, nil
}

func inOrder(text string) string { return strings.Join(ranges(text), ", ") }

// Absence is when a colleague is away: whole days of their own calendar, the last one included.
type Absence struct {
	ID       int64
	Person   int64
	From, To calendar.Date
	Note     string // for colleagues; customers never read it
	StandIn  int64  // who has their calls meanwhile, 0 for nobody
}

// Check says what is wrong with an absence that somebody writes down, if anything.
func (a Absence) Check(today calendar.Date) error {
	switch {
	case a.From.IsZero() || a.To.IsZero():
		return fault.New(fault.Invalid, "write the first and the last day you are away")
	case a.To.Before(a.From):
		return fault.New(fault.Invalid, "the last day you are away comes before the first")
	case a.To.Before(today):
		return fault.New(fault.Invalid, "these days have passed")
	case a.From.DaysUntil(a.To) > longestOff:
		return fault.New(fault.Invalid, "somebody who is away for more than %d days is better switched off by an administrator", longestOff)
	case a.StandIn == a.Person && a.Person != 0:
		return fault.New(fault.Invalid, "somebody else has to stand in")
	case len([]rune(a.Note)) > MostNote:
		return fault.New(fault.Invalid, "a note has at most %d letters", MostNote)
	}
	return nil
}

// Span is the absence as a stretch of time on a clock.
func (a Absence) Span(zone *time.Location) calendar.Span {
	return calendar.Span{From: calendar.Resolve(a.From, 0, zone).UTC(), To: calendar.Resolve(a.To.Plus(1), 0, zone).UTC()}
}

// DaysSay is the absence in words: "Mon 16 Nov" or "Mon 16 to Fri 20 Nov".
func (a Absence) DaysSay() string {
	switch {
	case a.From == a.To:
		return a.From.Format("Mon 2 Jan")
	case a.From.M == a.To.M && a.From.Y == a.To.Y:
		return fmt.Sprintf("%s to %s", a.From.Format("Mon 2"), a.To.Format("Mon 2 Jan"))
	}
	return fmt.Sprintf("%s to %s", a.From.Format("Mon 2 Jan"), a.To.Format("Mon 2 Jan"))
}

// Rota is everything that decides when one colleague can have calls.
type Rota struct {
	Clock *time.Location     // on which their days are meant
	Hours *calendar.Calendar // nil: those of the company
	Away  []Absence
	Busy  []calendar.Span // joined: what else they do
}

// Own reports whether anything but what the colleague does elsewhere decides when they can have calls.
func (r Rota) Own() bool { return r.Hours != nil || len(r.Away) > 0 }

// Open are the stretches between two instants in which the colleague has calls: their hours without the days they are away. What they
// do elsewhere is not taken out, because calls keep a distance from it.
func (r Rota) Open(from, to time.Time) []calendar.Span {
	open := []calendar.Span{{From: from, To: to}}
	if r.Hours != nil {
		open = r.Hours.Open(from, to)
	}
	return calendar.Without(open, r.Spans(r.Away))
}

// Spans are absences as stretches of time, joined.
func (r Rota) Spans(away []Absence) (spans []calendar.Span) {
	for _, a := range away {
		spans = append(spans, a.Span(r.Clock))
	}
	return calendar.Joined(spans)
}

// AwayDuring is the first absence that meets a stretch of time.
func (r Rota) AwayDuring(span calendar.Span) (a Absence, away bool) {
	i := slices.IndexFunc(r.Away, func(a Absence) bool { return a.Span(r.Clock).Meets(span) })
	if i < 0 {
		return a, false
	}
	return r.Away[i], true
}

// WhyNot says why the colleague cannot have a call at that time; "" when they can.
func (r Rota) WhyNot(call calendar.Span) string {
	if a, away := r.AwayDuring(call); away {
		return "away " + a.DaysSay()
	}
	if r.Hours != nil && !calendar.InOne(r.Hours.Open(call.From.Add(-dayAndMore), call.To.Add(dayAndMore)), call) {
		return "outside of their hours for calls"
	}
	if slices.ContainsFunc(r.Busy, call.Meets) {
		return "busy in another calendar"
	}
	return ""
}

// dayAndMore is how far around a call hours are looked at: a stretch that goes on is seen as one.
const dayAndMore = 48 * time.Hour
