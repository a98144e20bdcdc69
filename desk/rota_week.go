package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/rota"
	"hark/store"
)

// RotaQuestion asks for a week of the team.
type RotaQuestion struct {
	Monday calendar.Date
	Zone   *time.Location // in which the reader's days begin
	After  int64          // the last colleague of the page before, 0 for the first page
}

// RotaWeek is who can have calls in a week, what is booked in it, and who is away.
type RotaWeek struct {
	Days  []RotaDay // from Monday on
	Lines []RotaLine
	Next  int64 // the last colleague of this page when there are more, else 0
}

// RotaDay is one day of the reader's calendar.
type RotaDay struct {
	Date   calendar.Date
	Open   []calendar.Span // the company's hours for calls
	Closed string          // why there are none
}

// RotaLine is one colleague.
type RotaLine struct {
	Person account.Person
	Clock  *time.Location // on which their own days are meant
	Cells  []RotaCell     // for each day
}

// RotaCell is one colleague's day.
type RotaCell struct {
	Can     []calendar.Span  // when a call could be booked, were there none yet
	Busy    []calendar.Span  // in other calendars, and calls of tickets that the reader does not see
	Calls   []store.InTicket // those the reader may see
	Away    *rota.Absence
	StandIn string
}

// rotaPage is how many colleagues one page of a week has.
const rotaPage = 30

// RotaWeek reads a week. Calls are those of tickets that the actor may see; others only make their host busy.
func (d *Desk) RotaWeek(ctx context.Context, a access.Actor, q RotaQuestion) (week RotaWeek, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return week, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		week, err = d.rotaWeek(tx, a, q, now)
		return err
	})
	return week, err
}

func (d *Desk) rotaWeek(tx *store.Tx, a access.Actor, q RotaQuestion, now time.Time) (week RotaWeek, err error) {
	if week.Days, err = d.rotaDays(tx, q, now); err != nil {
		return week, err
	}
	everybody, err := callers(tx)
	if err != nil {
		return week, err
	}
	people := everybody[1+slices.IndexFunc(everybody, func(p account.Person) bool { return p.ID == q.After }):]
	if len(people) > rotaPage {
		people = people[:rotaPage]
		week.Next = people[rotaPage-1].ID
	}
	w := weekReader{days: week.Days, whole: calendar.Span{From: daySpan(q.Monday, q.Zone).From, To: daySpan(q.Monday.Plus(6), q.Zone).To}, zone: q.Zone, everybody: everybody}
	if err := w.read(d, tx, a, people, now); err != nil {
		return week, err
	}
	for _, p := range people {
		week.Lines = append(week.Lines, w.line(p))
	}
	return week, nil
}

// daySpan is a day of a calendar as a stretch of time.
func daySpan(d calendar.Date, zone *time.Location) calendar.Span {
	return calendar.Span{From: calendar.Resolve(d, 0, zone).UTC(), To: calendar.Resolve(d.Plus(1), 0, zone).UTC()}
}

// rotaDays are the days of the week, with the company's hours for calls on them: those of all brands together.
func (d *Desk) rotaDays(tx *store.Tx, q RotaQuestion, now time.Time) (days []RotaDay, err error) {
	brands, err := d.brandHours(tx, now)
	for i := range 7 {
		day := RotaDay{Date: q.Monday.Plus(i)}
		span := daySpan(day.Date, q.Zone)
		for _, b := range brands {
			day.Open = append(day.Open, b.hours.Open(span.From, span.To)...)
			if _, why := b.hours.HoursOn(day.Date); day.Closed == "" {
				day.Closed = why
			}
		}
		if day.Open = calendar.Joined(day.Open); len(day.Open) > 0 {
			day.Closed = ""
		}
		days = append(days, day)
	}
	return days, err
}

// weekReader holds what the lines of a week are made of.
type weekReader struct {
	days      []RotaDay
	whole     calendar.Span
	zone      *time.Location
	everybody []account.Person
	rotas     map[int64]rota.Rota
	seen      []store.InTicket
	others    []store.Call // of tickets the reader does not see
}

func (w *weekReader) read(d *Desk, tx *store.Tx, a access.Actor, people []account.Person, now time.Time) (err error) {
	company, err := d.callZone(tx, now)
	if err != nil {
		return err
	}
	if w.rotas, err = rotasOf(tx, people, company, w.whole); err != nil {
		return err
	}
	if w.seen, err = tx.CallsToCome(a, 0, w.whole.From); err != nil {
		return err
	}
	var ids []int64
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	w.others, err = tx.CallsOfHosts(ids, w.whole.From, w.whole.To, now)
	w.others = slices.DeleteFunc(w.others, func(c store.Call) bool {
		return slices.ContainsFunc(w.seen, func(s store.InTicket) bool { return s.ID == c.ID })
	})
	return err
}

func (w *weekReader) line(p account.Person) RotaLine {
	line := RotaLine{Person: p, Clock: w.rotas[p.ID].Clock}
	for _, day := range w.days {
		line.Cells = append(line.Cells, w.cell(p.ID, day))
	}
	return line
}

func (w *weekReader) cell(person int64, day RotaDay) (c RotaCell) {
	r, span := w.rotas[person], daySpan(day.Date, w.zone)
	c.Busy = calendar.Common(r.Busy, []calendar.Span{span})
	for _, call := range w.others {
		if one := (calendar.Span{From: call.Start, To: call.End}); call.Host == person && one.Meets(span) {
			c.Busy = append(c.Busy, one)
		}
	}
	c.Busy = calendar.Joined(c.Busy)
	c.Can = calendar.Without(calendar.Common(r.Open(span.From, span.To), day.Open), c.Busy)
	for _, call := range w.seen {
		if call.Host == person && !call.Start.Before(span.From) && call.Start.Before(span.To) {
			c.Calls = append(c.Calls, call)
		}
	}
	if away, is := r.AwayDuring(span); is {
		c.Away = &away
		if i := slices.IndexFunc(w.everybody, func(p account.Person) bool { return p.ID == away.StandIn }); i >= 0 {
			c.StandIn = firstName(w.everybody[i].Name)
		}
	}
	return c
}
