package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/rota"
	page "hark/web/hours"
	"hark/web/shared"
	"hark/web/visit"
)

// When colleagues can have calls: everybody's own page, the same for an administrator, and the team's week.

// myHours is the visitor's own page.
func (h *house) myHours(v *visit.Visit) error {
	return h.hoursPage(v, http.StatusOK, 0, hoursForm{}, nil)
}

// hoursOf is an administrator's page of somebody's hours.
func (h *house) hoursOf(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.hoursPage(v, http.StatusOK, id, hoursForm{}, nil)
}

// hoursForm is what the forms of the page send.
type hoursForm struct {
	Do      string   `form:"do"`
	Own     string   `form:"own"`
	Days    []string `form:"days"`
	Zone    string   `form:"zone"`
	Date    string   `form:"date"`
	Hours   string   `form:"hours"`
	Why     string   `form:"why"`
	From    string   `form:"from"`
	To      string   `form:"to"`
	StandIn int64    `form:"stand_in"`
	Note    string   `form:"note"`
	ID      int64    `form:"id"`
	Address string   `form:"address"`
	Name    string   `form:"name"`
}

// changeMyHours takes every form of the visitor's own page.
func (h *house) changeMyHours(v *visit.Visit) error { return h.changeHours(v, 0, "/me/hours") }

// changeHoursOf takes those of an administrator's page. Calendars elsewhere are their owner's alone.
func (h *house) changeHoursOf(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.changeHours(v, id, hoursPath(id))
}

func hoursPath(person int64) string { return "/admin/people/" + number(person) + "/hours" }

func (h *house) changeHours(v *visit.Visit, person int64, path string) error {
	var in hoursForm
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.doToHours(v, person, in)
	if err == nil {
		return h.done(v, "hours-"+in.Do, path)
	}
	if visit.Status(err) >= 500 || isNotFound(err) || fault.Is(err, fault.Forbidden) {
		return err
	}
	return h.hoursPage(v, visit.Status(err), person, in, err)
}

func (h *house) doToHours(v *visit.Visit, person int64, in hoursForm) error {
	ctx, a := v.Context(), v.Actor
	date, _ := calendar.ParseDate(in.Date)
	switch in.Do {
	case "week":
		week := desk.Week{Person: person, Zone: in.Zone, Own: in.Own == "own"}
		copy(week.Days[:], in.Days)
		return h.desk.KeepWeek(ctx, a, week)
	case "day":
		return h.desk.KeepDay(ctx, a, person, rota.Day{Date: date, Hours: in.Hours, Why: in.Why})
	case "drop-day":
		return h.desk.DropDay(ctx, a, person, date)
	case "away":
		from, _ := calendar.ParseDate(in.From)
		to, _ := calendar.ParseDate(cmp.Or(in.To, in.From))
		return h.desk.GoAway(ctx, a, rota.Absence{Person: person, From: from, To: to, Note: in.Note, StandIn: in.StandIn})
	case "back":
		return h.desk.ComeBack(ctx, a, person, in.ID)
	}
	if person != 0 {
		return fault.New(fault.Invalid, "choose what to do")
	}
	return h.doToDiaries(v, in)
}

func (h *house) doToDiaries(v *visit.Visit, in hoursForm) error {
	switch in.Do {
	case "diary":
		return h.desk.AddDiary(v.Context(), v.Actor, desk.ReadDiary{Name: in.Name, Address: in.Address})
	case "read-diary":
		return h.desk.ReadDiaryNow(v.Context(), v.Actor, in.ID)
	case "drop-diary":
		return h.desk.DropDiary(v.Context(), v.Actor, in.ID)
	}
	return fault.New(fault.Invalid, "choose what to do")
}

// hoursPage shows what is kept; after a refusal what was typed, and what is wrong with it.
func (h *house) hoursPage(v *visit.Visit, status int, person int64, in hoursForm, wrong error) error {
	p, err := h.desk.HoursPage(v.Context(), v.Actor, person)
	if err != nil {
		return err
	}
	t := typedHours{in: in, wrong: map[string]string{}}
	view := page.View{Base: "/me/hours", Errors: hoursErrors(in.Do, wrong)}
	if p.Person.ID != v.Actor.Person {
		view.Base, view.Whose = hoursPath(person), p.Person.Display()
	}
	for _, e := range view.Errors {
		t.wrong[e.Field] = e.Says
	}
	t.week(&view, p)
	t.days(&view, p)
	t.away(&view, p)
	h.tellDiaries(v, &view, p)
	view.Diary = t.form("diary", map[string]string{"name": in.Name}) // an address that was refused is not sent back
	for _, c := range p.Outside {
		view.Outside = append(view.Outside, page.Outside{When: h.time(v, c.Start).Exact, Customer: cmp.Or(c.Requester.Name, c.Requester.Address), URL: callPath(v, c.Ticket), Why: c.Why})
	}
	return h.showStatus(v, status, page.Page(view))
}

// hoursField is the field of each form that a refusal is about when it names none.
var hoursField = map[string]string{"week": "own", "day": "date", "away": "from", "diary": "address"}

// hoursErrors puts each mistake at its field.
func hoursErrors(do string, wrong error) (all []shared.FormError) {
	if wrong == nil {
		return nil
	}
	for _, m := range calendar.MistakesIn(wrong) {
		field := "hours"
		if day, of := strings.CutPrefix(m.At, "week."); of {
			field = "hours-" + day
		} else if m.At == "zone" {
			field = "zone"
		}
		all = append(all, shared.FormError{Field: field, Says: sentence(m.Says)})
	}
	if len(all) == 0 {
		all = []shared.FormError{{Field: cmp.Or(desk.MisfilledField(wrong), hoursField[do], "week"), Says: sentence(fault.Says(wrong))}}
	}
	return all
}

// typedHours is what was typed into one of the forms, and what is wrong with it.
type typedHours struct {
	in    hoursForm
	wrong map[string]string
}

// form is a form with what was typed into it, if it was this one that was refused.
func (t typedHours) form(do string, typed map[string]string) page.Form {
	if t.in.Do != do || len(t.wrong) == 0 {
		return page.Form{}
	}
	return page.Form{Values: typed, Wrong: t.wrong}
}

func (t typedHours) week(view *page.View, p desk.HoursPage) {
	own, days, zone := p.Hours.Own, p.Hours.Week[:], p.Hours.Zone
	if t.in.Do == "week" && len(t.wrong) > 0 {
		own, days, zone = t.in.Own == "own", t.in.Days, t.in.Zone
	}
	view.Whoses = []shared.Option{
		{Value: "company", Label: "Those of the company", Chosen: !own},
		{Value: "own", Label: "Those below", Chosen: own},
	}
	for i, name := range dayNames {
		field := shared.Field{Name: "days", ID: "hours-" + dayFields[i], Label: name, Optional: true, Dir: "ltr", MaxLength: "120", Error: t.wrong["hours-"+dayFields[i]]}
		if i < len(days) {
			field.Value = days[i]
		}
		view.Days = append(view.Days, field)
	}
	hint := "On whose clock these hours and days are meant. Empty is that of the account, " + cityOf(p.Zone) + "."
	view.Zone = shared.Field{Name: "zone", Label: "Time zone", Hint: hint, Value: zone, Options: zones, Optional: true, Dir: "ltr", Error: t.wrong["zone"]}
	for _, c := range p.Company {
		says := "Calls are taken " + c.Says + ", on the clock of " + cityOf(c.Zone) + "."
		if len(p.Company) > 1 {
			says = c.Brand + ": " + lowerCase(says)
		}
		view.Company = append(view.Company, says)
	}
}

func (t typedHours) days(view *page.View, p desk.HoursPage) {
	view.Date = t.form("day", map[string]string{"date": t.in.Date, "hours": t.in.Hours, "why": t.in.Why})
	for _, d := range p.Hours.Dates {
		view.Dates = append(view.Dates, page.Date{Day: d.Date.Format("Mon 2 Jan"), Value: d.Date.String(), Says: cmp.Or(d.Hours, "No calls"), Why: d.Why})
	}
}

func (t typedHours) away(view *page.View, p desk.HoursPage) {
	view.Absence = t.form("away", map[string]string{"from": t.in.From, "to": t.in.To, "note": t.in.Note, "stand_in": number(t.in.StandIn)})
	names := map[int64]string{}
	view.StandIns = []shared.Option{{Value: "0", Label: "Nobody"}}
	for _, other := range p.Others {
		names[other.ID] = other.Display()
		view.StandIns = append(view.StandIns, shared.Option{Value: number(other.ID), Label: other.Display()})
	}
	for _, a := range p.Away {
		view.Away = append(view.Away, page.Absence{ID: number(a.ID), Days: a.DaysSay(), Note: a.Note, StandIn: names[a.StandIn], Now: !p.Today.Before(a.From)})
	}
}

func (h *house) tellDiaries(v *visit.Visit, view *page.View, p desk.HoursPage) {
	for _, d := range p.Diaries {
		row := page.Diary{ID: number(d.ID), Name: d.Name, Host: d.Host, Read: h.time(v, d.Read), Never: d.Read.IsZero()}
		if d.Tries > 0 {
			row.Trouble = sentence(d.Trouble)
		} else if d.Unread > 0 {
			row.Unread = fmt.Sprintf("%s could not be understood and %s left out: %s", counted(int(d.Unread), "entry", "entries"), map[bool]string{true: "is", false: "are"}[d.Unread == 1], sentence(d.Trouble))
		}
		view.Diaries = append(view.Diaries, row)
	}
	if !p.Feed.IsZero() {
		view.Feed = h.time(v, p.Feed).Exact
	}
}

// callWeek is the team's week.
func (h *house) callWeek(v *visit.Visit) error {
	zone := h.zone(v)
	monday := mondayOf(calendar.DateOf(h.desk.Now(), zone))
	ask := desk.RotaQuestion{Monday: monday, Zone: zone}
	if asked, err := calendar.ParseDate(v.Query("week")); err == nil && nearby(monday, asked) {
		ask.Monday = mondayOf(asked)
	}
	ask.After, _ = strconv.ParseInt(v.Query("after"), 10, 64) // what is no number is the first page
	w, err := h.desk.RotaWeek(v.Context(), v.Actor, ask)
	if err != nil {
		return err
	}
	view := page.Week{Name: weekName(ask.Monday), Zone: cityOf(zone), Own: access.May(v.Actor, access.ReplyPublicly), Next: weekPath(ask.Monday.Plus(7), 0)}
	if view.Off, err = h.noCalls(v); err != nil {
		return err
	}
	if monday.Before(ask.Monday) {
		view.Before = weekPath(ask.Monday.Plus(-7), 0)
	}
	if monday != ask.Monday {
		view.Now = weekPath(monday, 0)
	}
	if w.Next != 0 {
		view.More = weekPath(ask.Monday, w.Next)
	}
	r := rotaView{h: h, v: v, zone: zone, week: w, today: calendar.DateOf(h.desk.Now(), zone)}
	r.tell(&view)
	return h.show(v, page.WeekPage(view))
}

func mondayOf(d calendar.Date) calendar.Date { return d.Plus(-(int(d.Weekday()) + 6) % 7) }

// nearby reports whether a date is one that somebody plans for: from this week on, for two years.
func nearby(monday, asked calendar.Date) bool {
	days := monday.DaysUntil(asked)
	return days >= 0 && days < 2*366
}

func weekPath(monday calendar.Date, after int64) string {
	query := url.Values{"week": {monday.String()}}
	if after != 0 {
		query.Set("after", number(after))
	}
	return "/calls/week?" + query.Encode()
}

// weekName is a week in words: "16 to 22 November 2026".
func weekName(monday calendar.Date) string {
	sunday, from := monday.Plus(6), "2"
	if monday.M != sunday.M {
		from = "2 January"
	}
	if monday.Y != sunday.Y {
		from += " 2006"
	}
	return monday.Format(from) + " to " + sunday.Format("2 January 2006")
}

// rotaView turns a week into words and bars.
type rotaView struct {
	h     *house
	v     *visit.Visit
	zone  *time.Location
	week  desk.RotaWeek
	today calendar.Date
	shown []int         // the days that have a column
	from  time.Duration // what the bars show of each day
	to    time.Duration
}

func (r *rotaView) tell(view *page.Week) {
	r.choose()
	for _, i := range r.shown {
		d := r.week.Days[i]
		view.Days = append(view.Days, page.Day{Name: d.Date.Format("Mon 2"), Long: d.Date.Format("Monday 2 January"), Closed: sentenceCase(strings.TrimPrefix(d.Closed, "holiday: ")), Today: d.Date == r.today})
	}
	for _, l := range r.week.Lines {
		line := page.Line{Name: l.Person.Display(), Clock: r.clock(l), URL: r.hoursURL(l.Person)}
		for _, i := range r.shown {
			line.Cells = append(line.Cells, r.cell(i, l.Cells[i]))
		}
		view.Lines = append(view.Lines, line)
	}
}

// choose finds the days that have anything to show, and the hours that their bars show.
func (r *rotaView) choose() {
	r.from, r.to = 9*time.Hour, 17*time.Hour
	for i, day := range r.week.Days {
		something := len(day.Open) > 0 || day.Date.Weekday() != time.Saturday && day.Date.Weekday() != time.Sunday
		spans := slices.Clone(day.Open)
		for _, l := range r.week.Lines {
			for _, c := range l.Cells[i].Calls {
				spans = append(spans, calendar.Span{From: c.Start, To: c.End})
			}
		}
		for _, s := range spans {
			r.from, r.to = min(r.from, r.since(i, s.From).Truncate(time.Hour)), max(r.to, r.since(i, s.To))
		}
		if something || len(spans) > 0 {
			r.shown = append(r.shown, i)
		}
	}
}

// since is how long after the beginning of a day an instant is.
func (r *rotaView) since(day int, at time.Time) time.Duration {
	return at.Sub(calendar.Resolve(r.week.Days[day].Date, 0, r.zone))
}

// clock says what another colleague's clock shows when the reader's shows noon.
func (r *rotaView) clock(l desk.RotaLine) string {
	noon := calendar.Resolve(r.week.Days[0].Date, calendar.ClockOf(12, 0), r.zone)
	if theirs := noon.In(l.Clock).Format("15:04"); theirs != "12:00" {
		return "12:00 is " + theirs + " in " + cityOf(l.Clock)
	}
	return ""
}

func (r *rotaView) hoursURL(p account.Person) string {
	switch {
	case p.ID == r.v.Actor.Person:
		return "/me/hours"
	case access.May(r.v.Actor, access.Administer):
		return hoursPath(p.ID)
	}
	return ""
}

func (r *rotaView) cell(i int, c desk.RotaCell) page.Cell {
	out := page.Cell{Day: r.week.Days[i].Date.Format("Mon 2 Jan")}
	out.Bar = slices.Concat(r.bars(i, c.Can, "can"), r.bars(i, c.Busy, "busy"))
	for _, s := range c.Can {
		out.Says = append(out.Says, s.From.In(r.zone).Format("15:04")+" to "+clockEnd(s.To.In(r.zone)))
	}
	for _, call := range c.Calls {
		out.Calls = append(out.Calls, page.Call{Time: call.Start.In(r.zone).Format("15:04"), Customer: cmp.Or(call.Requester.Name, call.Requester.Address), URL: callPath(r.v, call.Ticket)})
		out.Bar = append(out.Bar, r.bars(i, []calendar.Span{{From: call.Start, To: call.End}}, "call")...)
	}
	if c.Away != nil {
		out.Away, out.Note = "Away", c.Away.Note
		if c.StandIn != "" {
			out.Away = "Away, " + c.StandIn + " stands in"
		}
	}
	if len(c.Can) == 0 {
		out.None = "No calls"
		if r.week.Days[i].Closed != "" {
			out.None = "Closed"
		}
	}
	return out
}

// clockEnd is the end of a stretch on a clock; midnight ends its day as 24:00.
func clockEnd(at time.Time) string {
	if says := at.Format("15:04"); says != "00:00" {
		return says
	}
	return "24:00"
}

// bars are stretches of a day as parts of its bar.
func (r *rotaView) bars(day int, spans []calendar.Span, kind string) (bars []page.Bar) {
	whole := r.to - r.from
	for _, s := range spans {
		from, to := max(r.since(day, s.From), r.from), min(r.since(day, s.To), r.to)
		if from < to {
			x := int((from - r.from) * page.BarWidth / whole)
			bars = append(bars, page.Bar{X: x, Width: max(int((to-r.from)*page.BarWidth/whole)-x, 1), Kind: kind})
		}
	}
	return bars
}
