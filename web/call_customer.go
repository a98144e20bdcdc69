package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	"hark/web/call"
	"hark/web/shared"
	"hark/web/visit"
)

// callPage is the call of a signed-in customer's own request.
func (h *house) callPage(v *visit.Visit) error { return h.ofOwn(v, h.customerCall) }

// linkedCall is the call of the request that a signed link opens.
func (h *house) linkedCall(v *visit.Visit) error { return h.behindLink(v, h.customerCall) }

// picking is one look at the free times: what the reader asked to see, and on which clock.
type picking struct {
	page   desk.CallPage
	base   string // address of the page, "/t/TOKEN/call"
	query  url.Values
	zone   *time.Location
	length time.Duration
	day    string // 2026-11-18
	moving bool
}

// picks reads what a visitor wants to see from the address of the page.
func (h *house) picks(v *visit.Visit, a access.Actor, id int64, base string) (p picking, err error) {
	query := v.Request.URL.Query()
	p = picking{base: base, query: query, day: query.Get("day"), moving: query.Get("move") == "yes", length: minutesOf(query.Get("length"))}
	p.page, err = h.desk.CallPage(v.Context(), a, id, desk.CallQuestion{Length: p.length})
	if fault.Is(err, fault.Invalid) { // a length that calls do not have
		p.length = 0
		p.page, err = h.desk.CallPage(v.Context(), a, id, desk.CallQuestion{})
	}
	if err != nil {
		return p, err
	}
	if err := h.inBrand(v, p.page.Brand); err != nil {
		return p, err
	}
	p.zone = zoneNamed(query.Get("zone"), v.Zone(zoneNamed(p.page.Zone, p.page.Policy.CallZone())))
	return p, nil
}

func minutesOf(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 || n > 24*60 {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// zoneNamed is a zone by its name, else another.
func zoneNamed(name string, otherwise *time.Location) *time.Location {
	if name == "" || name == "Local" || strings.ContainsAny(name, ".\\") {
		return otherwise
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return otherwise
}

func (h *house) customerCall(v *visit.Visit, a access.Actor, id int64, back string) error {
	p, err := h.picks(v, a, id, back+"/call")
	if err != nil {
		return err
	}
	return h.show(v, call.Page(h.callView(p, back)))
}

// callView is the page in the state that the call is in.
func (h *house) callView(p picking, back string) call.View {
	t := p.page.Ticket
	view := call.View{
		Base: p.base, Back: back, Number: number(t.ID), Subject: subjectOr(t.Subject), Key: visit.Random(), Why: p.page.Why, Host: p.page.Host, Phone: p.page.Phone,
		Length: lengthText(p.page.Length), Zone: p.zone.String(), Zones: zoneOptions(p.zone), Download: p.base + ".ics", Moving: p.moving && p.page.Booked.ID != 0,
		Changes: len(p.page.Free) > 0, Asks: callForm{}.asks(),
	}
	if t.Category == ticket.Closed {
		view.Why = "This request is closed. Write to us, and a new one begins in which a call can be booked."
	}
	if p.page.Booked.ID != 0 {
		view.Booked, view.Begun = pointer(p.says(p.page.Booked)), p.page.Begun
	}
	if held := p.page.Held; held.ID != 0 && p.query.Get("pick") == "" && view.Booked == nil {
		view.Held, view.Start, view.Length = pointer(p.says(held)), held.Start.Format(time.RFC3339), lengthText(held.End.Sub(held.Start))
		view.Until = held.Until.In(p.zone).Format("15:04")
	}
	for _, length := range p.page.Policy.CallLengths() {
		view.Lengths = append(view.Lengths, shared.Option{Value: lengthText(length), Label: lengthText(length) + " minutes", Chosen: length == p.page.Length})
	}
	slices.SortFunc(view.Lengths, func(a, b shared.Option) int { return cmp.Compare(minutesOf(a.Value), minutesOf(b.Value)) })
	for _, at := range p.page.Offered {
		view.Offered = append(view.Offered, at.In(p.zone).Format("Monday 2 January, 15:04"))
	}
	view.Picker = p.picker(p.address)
	return view
}

func lengthText(length time.Duration) string { return strconv.Itoa(int(length / time.Minute)) }

// says is a call in the words of the page.
func (p picking) says(c store.Call) call.Booked {
	start, end := c.Start.In(p.zone), c.End.In(p.zone)
	b := call.Booked{
		Day: start.Format("Monday 2 January 2006"), Time: start.Format("15:04") + " to " + end.Format("15:04"), Zone: cityOf(p.zone) + " time",
		Host: cmp.Or(p.page.Host, "Somebody of us") + " calls you", With: p.page.Host, Phone: c.Phone,
	}
	if company := c.Start.In(p.page.Policy.CallZone()); company.Format("15:04") != start.Format("15:04") {
		b.Company = company.Format("15:04 MST") + " for us"
		if company.Day() != start.Day() {
			b.Company = company.Format("Monday, 15:04 MST") + " for us"
		}
	}
	return b
}

// cityOf is how people call a zone: by its city.
func cityOf(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

// address is the page with another day, and everything else as it is.
func (p picking) address(day string) string {
	query := url.Values{"day": {day}, "zone": {p.zone.String()}}
	if p.length != 0 {
		query.Set("length", lengthText(p.length))
	}
	if p.moving {
		query.Set("move", "yes")
	}
	for _, name := range []string{"host", "pick"} {
		if value := p.query.Get(name); value != "" {
			query.Set(name, value)
		}
	}
	return p.base + "?" + query.Encode() + "#times"
}

// picker groups the free times by the reader's days and shows one of them.
func (p picking) picker(address func(day string) string) call.Picker {
	days := map[calendar.Date][]desk.FreeTime{}
	for _, free := range p.page.Free {
		if day := calendar.DateOf(free.Start, p.zone); !p.isBooked(free) {
			days[day] = append(days[day], free)
		}
	}
	if len(days) == 0 {
		return call.Picker{None: sentence(cmp.Or(p.page.None, "Every time is taken"))}
	}
	first, last := p.page.Free[0].Start, p.page.Free[len(p.page.Free)-1].Start
	chosen := calendar.DateOf(first, p.zone)
	for day := range days {
		if day.String() == p.asked() {
			chosen = day
		}
	}
	if len(days[chosen]) == 0 { // the only time of the first day is the booked one
		chosen = slices.MinFunc(slices.Collect(mapsKeys(days)), func(a, b calendar.Date) int { return cmp.Compare(a.String(), b.String()) })
	}
	picker := call.Picker{Day: dayName(chosen), Weeks: weeks(days, chosen, calendar.DateOf(first, p.zone), calendar.DateOf(last, p.zone), address)}
	picker.Parts = p.parts(days[chosen])
	return picker
}

// asked is the day that the reader wants to see. Whoever moves a call begins where it is: most calls move by hours, or to somebody else.
func (p picking) asked() string {
	if p.day == "" && p.moving && p.page.Booked.ID != 0 {
		return calendar.DateOf(p.page.Booked.Start, p.zone).String()
	}
	return p.day
}

// isBooked reports whether a free time is the one that the call has already.
func (p picking) isBooked(free desk.FreeTime) bool {
	return free.Start.Equal(p.page.Booked.Start) && free.Host == p.page.Booked.Host
}

func mapsKeys[K comparable, T any](m map[K]T) func(func(K) bool) {
	return func(yield func(K) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func dayName(d calendar.Date) string {
	return calendar.Resolve(d, 0, time.UTC).Format("Monday 2 January")
}

// weeks are whole weeks from the first day with free times to the last. A month is named where it begins; a week that begins in the month
// before is named by both.
func weeks(days map[calendar.Date][]desk.FreeTime, chosen, first, last calendar.Date, address func(string) string) (all []call.Week) {
	monday := first.Plus(-(int(first.Weekday()) + 6) % 7)
	month := time.Month(0)
	for d := monday; !last.Before(d); d = d.Plus(7) {
		var week call.Week
		for n := range 7 {
			day := d.Plus(n)
			if day.M != month && (n == 6 || !day.Before(first)) {
				week.Month = day.M.String()
				if n > 0 && month != 0 {
					week.Month = month.String() + " and " + week.Month
				}
				month = day.M
			}
			week.Days = append(week.Days, dayOf(day, len(days[day]), day == chosen, day.Before(first) || last.Before(day), address))
		}
		all = append(all, week)
	}
	return all
}

func dayOf(d calendar.Date, times int, chosen, outside bool, address func(string) string) call.Day {
	day := call.Day{Number: strconv.Itoa(d.D), Name: fmt.Sprintf("%s, %d times", dayName(d), times), Chosen: chosen}
	switch {
	case times == 1:
		day.Name = dayName(d) + ", one time"
	case times == 0:
		day.Name = dayName(d) + ", nothing free"
	}
	if times > 0 {
		day.URL = address(d.String())
	}
	if outside {
		day = call.Day{}
	}
	return day
}

// parts are the morning, the afternoon and the evening of one day.
func (p picking) parts(free []desk.FreeTime) (parts []call.Part) {
	for _, one := range free {
		here := one.Start.In(p.zone)
		label := "Morning"
		if here.Hour() >= 18 {
			label = "Evening"
		} else if here.Hour() >= 12 {
			label = "Afternoon"
		}
		if len(parts) == 0 || parts[len(parts)-1].Label != label {
			parts = append(parts, call.Part{Label: label})
		}
		last := &parts[len(parts)-1]
		last.Times = append(last.Times, p.time(one.Start, "15:04"))
	}
	return parts
}

func (p picking) time(at time.Time, format string) call.Time {
	t := call.Time{Value: at.UTC().Format(time.RFC3339), Here: at.In(p.zone).Format(format)}
	if company := at.In(p.page.Policy.CallZone()); company.Format("15:04") != at.In(p.zone).Format("15:04") {
		t.Company = company.Format("15:04 MST")
	}
	return t
}

// zoneOptions are zones to choose from; the reader's own is among them.
func zoneOptions(own *time.Location) (all []shared.Option) {
	names := []string{own.String()}
	for _, o := range zones {
		if o.Value != own.String() {
			names = append(names, o.Value)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		all = append(all, shared.Option{Value: name, Label: strings.ReplaceAll(name, "_", " "), Chosen: name == own.String()})
	}
	return all
}

// arrangeCall is what a signed-in customer does with the call of their request.
func (h *house) arrangeCall(v *visit.Visit) error { return h.ofOwn(v, h.customerArranges) }

func (h *house) linkedArrangeCall(v *visit.Visit) error { return h.behindLink(v, h.customerArranges) }

// callForm is what a customer's forms about a call send.
type callForm struct {
	Do     string `form:"do"`
	Start  string `form:"start"`
	Length string `form:"length"`
	Zone   string `form:"zone"`
	Phone  string `form:"phone"`
	Offer1 string `form:"offer1"`
	Offer2 string `form:"offer2"`
	Offer3 string `form:"offer3"`
	Words  string `form:"words"`
	Key    string `form:"key"`
}

// asks are the fields for times that somebody offers, with what stands in them.
func (f callForm) asks() []call.Ask {
	return []call.Ask{{Name: "offer1", Value: f.Offer1}, {Name: "offer2", Value: f.Offer2}, {Name: "offer3", Value: f.Offer3}}
}

func (f callForm) start() time.Time {
	return instantOf(f.Start)
}

// instantOf reads the value of a time on offer; the zero time is none.
func instantOf(said string) time.Time {
	at, err := time.Parse(time.RFC3339, said)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// noTime is the answer to a form in which no time was chosen.
func noTime() error { return fault.New(fault.Invalid, "choose one of the times") }

// customerArranges takes every form of the customer's page. What went to somebody else is answered with the nearest free times.
func (h *house) customerArranges(v *visit.Visit, a access.Actor, id int64, back string) error {
	var in callForm
	if err := v.Form(&in); err != nil {
		return err
	}
	base := back + "/call"
	err := h.customerDoes(v, a, id, in)
	if err == nil {
		return v.SeeOther(base)
	}
	if visit.Status(err) >= 500 || isNotFound(err) {
		return err
	}
	return h.callAgain(v, a, id, back, in, err)
}

func (h *house) customerDoes(v *visit.Visit, a access.Actor, id int64, in callForm) (err error) {
	ctx, key := v.Context(), formKey("call-"+in.Do, id, in.Key, in.Start)
	if in.start().IsZero() && (in.Do == "hold" || in.Do == "book" || in.Do == "move") {
		return noTime()
	}
	switch in.Do {
	case "hold":
		_, err = h.desk.HoldTime(ctx, a, desk.HoldTime{Ticket: id, Start: in.start(), Length: minutesOf(in.Length), Zone: in.Zone})
	case "book":
		if strings.TrimSpace(in.Phone) == "" {
			return fault.New(fault.Invalid, "tell us which number we call")
		}
		_, err = h.desk.BookCall(ctx, a, desk.BookCall{Ticket: id, Start: in.start(), Length: minutesOf(in.Length), Phone: in.Phone, Zone: in.Zone, Key: key})
	case "move":
		_, err = h.desk.MoveCall(ctx, a, desk.MoveCall{Ticket: id, Start: in.start(), Zone: in.Zone, Key: key})
	case "cancel":
		_, err = h.desk.CancelCall(ctx, a, desk.CancelCall{Ticket: id, Key: key})
	case "offer":
		times, unread := in.offers()
		if unread != nil {
			return unread
		}
		_, err = h.desk.OfferTimes(ctx, a, desk.OfferTimes{Ticket: id, Times: times, Phone: in.Phone, Zone: in.Zone, Words: shortWords(in.Words), Key: key})
	default:
		err = fault.New(fault.Invalid, "choose what to do with the call")
	}
	return err
}

// longestWords is how much can be written beside times.
const longestWords = 2000

func shortWords(text string) string {
	if runes := []rune(text); len(runes) > longestWords {
		return string(runes[:longestWords])
	}
	return text
}

// offers are the times somebody wrote, on their own clock. One that cannot be read is a fault that repeats it: nothing written is dropped.
func (f callForm) offers() (times []time.Time, err error) {
	zone := zoneNamed(f.Zone, time.UTC)
	for _, said := range []string{f.Offer1, f.Offer2, f.Offer3} {
		at, ok := localTime(said, zone)
		switch {
		case ok:
			times = append(times, at)
		case strings.TrimSpace(said) != "":
			return nil, unreadTime(said)
		}
	}
	return times, nil
}

// unreadTime is the answer to a time that cannot be read.
func unreadTime(said string) error {
	said = strings.TrimSpace(said)
	if runes := []rune(said); len(runes) > longestOffer {
		said = string(runes[:longestOffer]) + "…"
	}
	return fault.New(fault.Invalid, "we cannot read “%s” as a time; write a date and a time, like 2026-11-25 15:00", said)
}

// longestOffer is how much is repeated of a time that cannot be read.
const longestOffer = 60

// localTime reads what a browser's field for date and time holds, and what somebody types where it is a plain field: 2026-11-25 15:00.
func localTime(said string, zone *time.Location) (time.Time, bool) {
	at, err := time.Parse("2006-01-02T15:04", strings.Replace(strings.TrimSpace(said), " ", "T", 1))
	if err != nil {
		return time.Time{}, false
	}
	return calendar.Resolve(calendar.Date{Y: at.Year(), M: at.Month(), D: at.Day()}, calendar.ClockOf(at.Hour(), at.Minute()), zone).UTC(), true
}

// callAgain shows the page with what was wrong, or with the times that are left.
func (h *house) callAgain(v *visit.Visit, a access.Actor, id int64, back string, in callForm, wrong error) error {
	p := picking{base: back + "/call", query: url.Values{}, length: minutesOf(in.Length), moving: in.Do == "move"}
	var err error
	if p.page, err = h.desk.CallPage(v.Context(), a, id, desk.CallQuestion{Length: p.length}); err != nil {
		p.page, err = h.desk.CallPage(v.Context(), a, id, desk.CallQuestion{})
	}
	if err != nil {
		return err
	}
	p.zone = zoneNamed(in.Zone, v.Zone(p.page.Policy.CallZone()))
	if at := in.start(); !at.IsZero() {
		p.day = calendar.DateOf(at, p.zone).String()
	}
	view := h.callView(p, back)
	view.Phone = cmp.Or(in.Phone, view.Phone)
	if in.Do == "offer" {
		view.Offering, view.Asks, view.Words = true, in.asks(), in.Words
	}
	if taken := (*desk.Taken)(nil); errors.As(wrong, &taken) {
		view.Taken = true
		for _, free := range taken.Free {
			view.Picker.Nearby = append(view.Picker.Nearby, p.time(free.Start, "Mon 2 Jan, 15:04"))
		}
		return h.showStatus(v, http.StatusConflict, call.Page(view))
	}
	view.Errors = []shared.FormError{{Field: fieldOf(in.Do), Says: sentence(fault.Says(wrong))}}
	return h.showStatus(v, visit.Status(wrong), call.Page(view))
}

// fieldOf is where the mistake of a form is mended.
func fieldOf(do string) string {
	return map[string]string{"book": "phone", "offer": "offer-phone"}[do] + map[bool]string{true: "times"}[do != "book" && do != "offer"]
}

// callFile is the booked call for a calendar program.
func (h *house) callFile(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.sendCallFile(v, v.Actor, id, "")
}

func (h *house) linkedCallFile(v *visit.Visit) error { return h.behindLink(v, h.sendCallFile) }

func (h *house) sendCallFile(v *visit.Visit, a access.Actor, id int64, _ string) error {
	ics, err := h.desk.CallFile(v.Context(), a, id)
	if err != nil {
		return err
	}
	return serveICS(v, "call.ics", ics)
}

// serveICS hands out a file for calendar programs.
func serveICS(v *visit.Visit, name string, ics []byte) error {
	header := v.Writer.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	header.Set("Cache-Control", "no-store")
	if v.Request.Method == http.MethodHead {
		return nil
	}
	_, err := v.Writer.Write(ics)
	return err
}
