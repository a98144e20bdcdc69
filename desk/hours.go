package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/rota"
	"hark/store"
	"hark/ticket"
)

// When colleagues can have calls: what they write themselves, and an administrator for somebody who is ill. The free times, the booking
// of a call and the team's week all look at the same rota.

// rotasOf are the rotas of some colleagues, by person, about a stretch of time. Whoever names no zone lives by the company's clock.
func rotasOf(tx *store.Tx, people []account.Person, company *time.Location, about calendar.Span) (map[int64]rota.Rota, error) {
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	hours, err := tx.CallHours(ids)
	if err != nil {
		return nil, err
	}
	away, err := tx.Absences(ids, calendar.DateOf(about.From, time.UTC).Plus(-2))
	if err != nil {
		return nil, err
	}
	busy, err := tx.BusyElsewhere(ids, about.From.Add(-dayAhead), about.To.Add(dayAhead))
	if err != nil {
		return nil, err
	}
	all := make(map[int64]rota.Rota, len(people))
	for _, p := range people {
		r := rota.Rota{Clock: clockOf(p, hours[p.ID], company), Busy: busy[p.ID]}
		if h, wrote := hours[p.ID]; wrote && (h.Own || len(h.Dates) > 0) {
			h.Zone = r.Clock.String()
			if r.Hours, err = h.Calendar(); err != nil {
				return nil, err
			}
		}
		r.Away = slices.DeleteFunc(slices.Clone(away), func(a rota.Absence) bool { return a.Person != p.ID })
		all[p.ID] = r
	}
	return all, nil
}

// clockOf is the clock on which a colleague's days are meant: the one they named for their hours, that of their account, or the company's.
func clockOf(p account.Person, h rota.Hours, company *time.Location) *time.Location {
	for _, name := range []string{h.Zone, p.Zone} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			return zone
		}
	}
	return company
}

// Week is what a colleague writes about the days of their week.
type Week struct {
	Person int64  // whose; 0 for the actor's own
	Zone   string // "" for that of their account
	Own    bool   // they have hours of their own; else the company's
	Days   rota.Week
}

// KeepWeek stores somebody's hours for calls. Calls that are booked stay where they are; the page of the hours names those outside of
// them. Mistakes are [fault.Invalid] and say of which day they are ([calendar.MistakesIn]).
func (d *Desk) KeepWeek(ctx context.Context, a access.Actor, in Week) error {
	return d.changeHours(ctx, a, in.Person, func(h *rota.Hours, _ calendar.Date) error {
		h.Zone, h.Own = strings.TrimSpace(in.Zone), in.Own
		if in.Own {
			h.Week = in.Days
		}
		return nil
	})
}

// KeepDay stores other hours for one date in place of any that it had.
func (d *Desk) KeepDay(ctx context.Context, a access.Actor, person int64, day rota.Day) error {
	day.Why = strings.Join(strings.Fields(day.Why), " ")
	return d.changeHours(ctx, a, person, func(h *rota.Hours, today calendar.Date) error {
		switch {
		case day.Date.IsZero():
			return misfilled("date", "write a date")
		case day.Date.Before(today):
			return misfilled("date", "this date has passed")
		case len([]rune(day.Why)) > rota.MostNote:
			return misfilled("why", "a note has at most %d letters", rota.MostNote)
		}
		h.Dates = append(withoutDay(h.Dates, day.Date), day)
		return nil
	})
}

// DropDay lets the week count again on a date.
func (d *Desk) DropDay(ctx context.Context, a access.Actor, person int64, date calendar.Date) error {
	return d.changeHours(ctx, a, person, func(h *rota.Hours, _ calendar.Date) error {
		h.Dates = withoutDay(h.Dates, date)
		return nil
	})
}

func withoutDay(days []rota.Day, date calendar.Date) []rota.Day {
	return slices.DeleteFunc(slices.Clone(days), func(other rota.Day) bool { return other.Date == date })
}

// changeHours changes what somebody wrote. One change waits for the other, so that nothing is lost between two pages.
func (d *Desk) changeHours(ctx context.Context, a access.Actor, person int64, change func(h *rota.Hours, today calendar.Date) error) error {
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := whoseHours(tx, a, person)
		if err != nil {
			return err
		}
		known, err := tx.CallHours([]int64{p.ID})
		if err != nil {
			return err
		}
		h := known[p.ID]
		today, err := d.dateOn(tx, p, h, now)
		if err != nil {
			return err
		}
		if err := change(&h, today); err != nil {
			return err
		}
		if h, err = h.Tidy(today); err != nil {
			return err
		}
		return tx.SaveCallHours(p.ID, h, now)
	})
}

// whoseHours is the person whose hours the actor may change: their own, or as an administrator those of anybody who can have calls.
func whoseHours(tx *store.Tx, a access.Actor, person int64) (p account.Person, err error) {
	right := access.ReplyPublicly
	if person != 0 && person != a.Person {
		right = access.Administer
	}
	if err := may(a, right); err != nil {
		return p, err
	}
	p, err = tx.PersonForUpdate(cmp.Or(person, a.Person))
	if err == nil && !canHaveCalls(p) {
		err = fault.New(fault.NotFound, "this person has no calls")
	}
	return p, err
}

// dateOn is the date on a colleague's own clock.
func (d *Desk) dateOn(tx *store.Tx, p account.Person, h rota.Hours, now time.Time) (calendar.Date, error) {
	company, err := d.callZone(tx, now)
	return calendar.DateOf(now, clockOf(p, h, company)), err
}

// brandHours are the hours for calls of a brand that has calls.
type brandHours struct {
	brand account.Brand
	hours *calendar.Calendar
}

func (d *Desk) brandHours(tx *store.Tx, now time.Time) (all []brandHours, err error) {
	brands, err := tx.Brands()
	for _, brand := range brands {
		p, err := d.runningRules(tx, brand.ID, now)
		if err != nil {
			return nil, err
		}
		if p == nil || p.Doc.Calls == nil {
			continue
		}
		hours, err := p.Calendar(p.Doc.Calls.Calendar)
		if err != nil {
			return nil, err
		}
		all = append(all, brandHours{brand, hours})
	}
	return all, err
}

// callZone is the zone in which the company tells the times of calls: that of the first brand that has any.
func (d *Desk) callZone(tx *store.Tx, now time.Time) (*time.Location, error) {
	all, err := d.brandHours(tx, now)
	if err != nil || len(all) == 0 {
		return time.UTC, err
	}
	return all[0].hours.Zone, nil
}

// GoAway notes when somebody is away. Nobody can book a call with them on these days; whoever stands in has their calls meanwhile. What is
// booked with them already stands, and its ticket asks for somebody else.
func (d *Desk) GoAway(ctx context.Context, a access.Actor, in rota.Absence) error {
	in.Note = strings.Join(strings.Fields(in.Note), " ")
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := whoseHours(tx, a, in.Person)
		if err != nil {
			return err
		}
		in.Person = p.ID
		hours, err := tx.CallHours([]int64{p.ID})
		if err != nil {
			return err
		}
		company, err := d.callZone(tx, now)
		if err != nil {
			return err
		}
		clock := clockOf(p, hours[p.ID], company)
		today := calendar.DateOf(now, clock)
		if err := in.Check(today); err != nil {
			return err
		}
		if err := standInExists(tx, in.StandIn); err != nil {
			return err
		}
		known, err := tx.Absences([]int64{p.ID}, today)
		if err == nil && len(known) >= rota.MostAway {
			err = fault.New(fault.Invalid, "absences are kept up to %d; remove one that is not needed", rota.MostAway)
		}
		if err != nil {
			return err
		}
		if err := tx.AddAbsence(&in, now); err != nil {
			return err
		}
		return d.askForOthers(tx, a, p, in.Span(clock), now)
	})
}

// askForOthers gives the ticket of each call that somebody cannot have now the task to find another host or another time. The customer
// has been promised a call, and nobody else would see that it is not made.
func (d *Desk) askForOthers(tx *store.Tx, a access.Actor, host account.Person, away calendar.Span, now time.Time) error {
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	calls, err := tx.CallsToCome(access.Clock, host.ID, now)
	if err != nil {
		return err
	}
	for _, c := range calls {
		if !away.Meets(calendar.Span{From: c.Start, To: c.End}) {
			continue
		}
		if err := askForOther(tx, by, host, c, now); err != nil {
			return err
		}
	}
	return nil
}

func askForOther(tx *store.Tx, by ticket.Person, host account.Person, c store.InTicket, now time.Time) error {
	says := host.Display() + " is away when this call is booked. Find another host or another time."
	added, err := tx.AddTask(&store.Task{Key: "away/" + itoa(c.ID) + "/" + itoa(c.Sequence), Ticket: c.Ticket, Says: says, Rule: "calls", Created: now})
	if err != nil || !added {
		return err
	}
	tx.Changed(c.Ticket)
	return tx.AddAudit(&ticket.Audit{Ticket: c.Ticket, Author: by, At: now, Via: viaOr(""), Events: internally(ticket.TaskAdded, "calls", says)})
}

func standInExists(tx *store.Tx, id int64) error {
	if id == 0 {
		return nil
	}
	p, err := tx.Person(id)
	if isNotFound(err) || err == nil && !canHaveCalls(p) {
		return misfilled("stand_in", "choose somebody who answers tickets")
	}
	return err
}

// ComeBack takes an absence out, of the actor or, by an administrator, of a person.
func (d *Desk) ComeBack(ctx context.Context, a access.Actor, person, id int64) error {
	return d.db.Write(ctx, func(tx *store.Tx) error {
		p, err := whoseHours(tx, a, person)
		if err != nil {
			return err
		}
		dropped, err := tx.DropAbsence(p.ID, id)
		if err == nil && !dropped {
			err = fault.New(fault.NotFound, "there is no such absence any more")
		}
		return err
	})
}

// HoursPage is everything about when somebody can have calls, for themselves or for an administrator.
type HoursPage struct {
	Person  account.Person
	Hours   rota.Hours
	Zone    *time.Location // the clock on which it is meant
	Today   calendar.Date  // on that clock
	Company []CompanyHours
	Away    []rota.Absence
	Others  []account.Person // who could stand in
	Diaries []store.Diary    // of the actor's own page alone
	Outside []OutsideCall
	Feed    time.Time // since when their calls have an address for calendar programs, zero without one
}

// CompanyHours are the hours for calls of one brand.
type CompanyHours struct {
	Brand string
	Says  string // "Monday to Friday 08:00-17:00"
	Zone  *time.Location
}

// OutsideCall is a booked call that does not fit what somebody has written since, and why.
type OutsideCall struct {
	store.InTicket
	Why string
}

// HoursPage reads it. Calls are those of tickets that the actor may see.
func (d *Desk) HoursPage(ctx context.Context, a access.Actor, person int64) (page HoursPage, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = d.hoursPage(tx, a, person, now)
		return err
	})
	return page, err
}

func (d *Desk) hoursPage(tx *store.Tx, a access.Actor, person int64, now time.Time) (page HoursPage, err error) {
	if page.Person, err = whoseHours(tx, a, person); err != nil {
		return page, err
	}
	id := page.Person.ID
	company, err := d.callZone(tx, now)
	if err != nil {
		return page, err
	}
	hours, err := tx.CallHours([]int64{id})
	if err != nil {
		return page, err
	}
	page.Hours = hours[id]
	rotas, err := rotasOf(tx, []account.Person{page.Person}, company, calendar.Span{From: now, To: now.Add(farAhead)})
	if err != nil {
		return page, err
	}
	own := rotas[id]
	page.Zone = own.Clock
	page.Today = calendar.DateOf(now, own.Clock)
	page.Away = slices.DeleteFunc(own.Away, func(a rota.Absence) bool { return a.To.Before(page.Today) })
	page.Hours.Dates = slices.DeleteFunc(page.Hours.Dates, func(day rota.Day) bool { return day.Date.Before(page.Today) })
	if page.Outside, err = outside(tx, a, id, own, now); err != nil {
		return page, err
	}
	brands, err := d.brandHours(tx, now)
	if err != nil {
		return page, err
	}
	for _, b := range brands {
		page.Company = append(page.Company, CompanyHours{b.brand.Name, b.hours.WeekSays(), b.hours.Zone})
	}
	if page.Others, err = callers(tx); err != nil {
		return page, err
	}
	page.Others = slices.DeleteFunc(page.Others, func(p account.Person) bool { return p.ID == id })
	return page, page.ownThings(tx, a)
}

// farAhead is further than anybody books.
const farAhead = 400 * 24 * time.Hour

// ownThings are what only their owner sees.
func (p *HoursPage) ownThings(tx *store.Tx, a access.Actor) (err error) {
	if p.Person.ID != a.Person {
		return nil
	}
	if p.Diaries, err = tx.Diaries(a.Person); err != nil {
		return err
	}
	p.Feed, err = tx.CallFeedSince(a.Person)
	return err
}

// outside are the booked calls to come that do not fit what somebody wrote. What stands in another calendar is not held against them:
// many keep their calls there as well.
func outside(tx *store.Tx, a access.Actor, id int64, own rota.Rota, now time.Time) (all []OutsideCall, err error) {
	own.Busy = nil
	calls, err := tx.CallsToCome(a, id, now)
	for _, c := range calls {
		if why := own.WhyNot(calendar.Span{From: c.Start, To: c.End}); why != "" {
			all = append(all, OutsideCall{c, why})
		}
	}
	return all, err
}
