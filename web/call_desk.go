package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	"hark/web/call"
	"hark/web/shared"
	"hark/web/visit"
)

// deskCall is a ticket's call for an agent.
func (h *house) deskCall(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	host, _ := strconv.ParseInt(v.Query("host"), 10, 64) // what is no number is nobody in particular
	view, _, err := h.deskCallView(v, id, desk.CallQuestion{Length: minutesOf(v.Query("length")), Host: host})
	if err != nil {
		return err
	}
	return h.show(v, call.DeskPage(view))
}

func (h *house) deskCallView(v *visit.Visit, id int64, ask desk.CallQuestion) (view call.Desk, p picking, err error) {
	query := v.Request.URL.Query()
	p = picking{base: "/tickets/" + number(id) + "/call", query: query, day: query.Get("day"), moving: query.Get("move") == "yes", length: ask.Length, zone: h.zone(v)}
	p.page, err = h.desk.CallPage(v.Context(), v.Actor, id, ask)
	if err != nil {
		return view, p, err
	}
	if p.page.Policy.Doc.Calls == nil && len(p.page.Past) == 0 {
		return view, p, fault.New(fault.NotFound, "The policy of this ticket has no calls.")
	}
	t := p.page.Ticket
	view = call.Desk{
		Number: number(id), Subject: subjectOr(t.Subject), Key: visit.Random(), Customer: cmp.Or(t.Requester.Name, t.Requester.Address), Plan: p.page.Why,
		Public: "/tickets/" + number(id) + "/customer", Length: lengthText(p.page.Length), Phone: p.page.Phone, Closed: t.Category == ticket.Closed,
		Moving: p.moving && p.page.Booked.ID != 0, Zone: cityOf(p.page.Policy.CallZone()), Picker: p.picker(p.address), Unwritten: t.Memory.Unwritten,
	}
	view.Limits, view.Outcomes, view.Hosts = limitsSay(p), outcomes(p), hostOptions(p, ask.Host)
	for _, length := range p.page.Policy.CallLengths() {
		view.Lengths = append(view.Lengths, shared.Option{Value: lengthText(length), Label: lengthText(length) + " minutes", Chosen: length == p.page.Length})
	}
	for _, at := range p.page.Offered {
		view.Offered = append(view.Offered, p.onBothClocks(at))
	}
	h.tellBooked(v, &view, p)
	h.tellPast(&view, p)
	return view, p, nil
}

// onBothClocks is a time the customer has offered: on the agent's clock, and on theirs.
func (p picking) onBothClocks(at time.Time) call.Time {
	t := call.Time{Value: at.UTC().Format(time.RFC3339), Here: at.In(p.zone).Format("Mon 2 Jan, 15:04 MST")}
	if theirs := at.In(zoneNamed(p.page.Zone, p.zone)); theirs.Format("15:04") != at.In(p.zone).Format("15:04") {
		t.Company = theirs.Format("15:04 MST") + " for them"
	}
	return t
}

func (h *house) tellBooked(v *visit.Visit, view *call.Desk, p picking) {
	c := p.page.Booked
	if c.ID == 0 {
		return
	}
	booked := p.says(c)
	booked.Host, booked.Company = p.page.Host, ""
	if theirs := c.Start.In(zoneNamed(c.Zone, p.zone)); theirs.Format("15:04") != c.Start.In(p.zone).Format("15:04") {
		booked.Company = theirs.Format("Mon 15:04 MST") + " for the customer"
	}
	view.Booked, view.Begun = &booked, !h.desk.Now().Before(c.Start)
	view.Answer, view.AnswerSays = answerLabel(c.Answer), c.AnswerSays
	if view.Minutes = ""; view.Begun {
		view.Minutes = lengthText(desk.CallTook(c, 0, h.desk.Now()))
	}
	if !c.Proposed.IsZero() {
		view.Proposed, view.Start = h.time(v, c.Proposed).Exact, c.Proposed.UTC().Format(time.RFC3339)
	}
	var reminders []string
	for _, r := range p.page.Ticket.Memory.Reminders {
		reminders = append(reminders, h.time(v, r.At).Exact)
	}
	view.Reminders = strings.Join(reminders, "; ")
}

func (h *house) tellPast(view *call.Desk, p picking) {
	for _, c := range p.page.Past {
		label := "Not written up"
		for _, o := range p.page.Policy.Doc.Calls.Outcomes {
			if o.ID == c.Outcome {
				label = o.Label
			}
		}
		view.Past = append(view.Past, call.Past{At: c.Start.In(p.zone).Format("Mon 2 Jan 2006, 15:04"), Outcome: label, Length: lengthText(c.Ended.Sub(c.Start)) + " min"})
		if view.Unwritten {
			view.Minutes = lengthText(c.Ended.Sub(c.Start))
		}
	}
}

func answerLabel(answer string) string {
	return cmp.Or(map[string]string{"accepted": "Accepted", "tentative": "Perhaps", "declined": "Declined"}[answer], "No answer yet")
}

// limitsSay is what the policy says about calls, and who is away, in a line.
func limitsSay(p picking) string {
	if p.page.Policy.Doc.Calls == nil {
		return ""
	}
	c := p.page.Policy.Doc.Calls
	var says []string
	if c.Notice != nil {
		says = append(says, "at least "+c.Notice.Says()+" ahead")
	}
	if c.Horizon != nil {
		says = append(says, "at most "+c.Horizon.Says()+" ahead")
	}
	if c.GapAfter != nil {
		says = append(says, c.GapAfter.Says()+" free after each call")
	}
	all := []string{sentence(strings.Join(says, ", "))}
	for _, away := range p.page.Away {
		all = append(all, sentence(away))
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

func outcomes(p picking) (all []shared.Option) {
	if p.page.Policy.Doc.Calls == nil {
		return nil
	}
	for _, o := range p.page.Policy.Doc.Calls.Outcomes {
		option := shared.Option{Value: o.ID, Label: o.Label}
		if wait := p.page.Policy.Doc.Calls.NoShowAfter; o.NoShow && wait != nil {
			option.Hint = "From " + wait.Says() + " after the start on"
		}
		all = append(all, option)
	}
	return all
}

// hostOptions are who could have the call; one that is booked goes to somebody by name.
func hostOptions(p picking, chosen int64) []shared.Option {
	if booked := p.page.Booked; booked.ID != 0 {
		return someOf(p.page.Callers, cmp.Or(chosen, booked.Host))
	}
	all := []shared.Option{{Value: "0", Label: "Whoever is free", Chosen: chosen == 0}}
	if len(p.page.Hosts) == 1 && chosen == 0 {
		return []shared.Option{{Value: number(p.page.Hosts[0].ID), Label: p.page.Hosts[0].Display(), Chosen: true}}
	}
	return append(all, someOf(p.page.Hosts, chosen)...)
}

func someOf(hosts []account.Person, chosen int64) (all []shared.Option) {
	for _, host := range hosts {
		all = append(all, shared.Option{Value: number(host.ID), Label: host.Display(), Chosen: host.ID == chosen})
	}
	return all
}

// deskCallForm is what an agent's forms about a call send.
type deskCallForm struct {
	Do        string `form:"do"`
	Start     string `form:"start"`
	Length    string `form:"length"`
	Phone     string `form:"phone"`
	Host      int64  `form:"host"`
	Exception string `form:"exception"`
	At        string `form:"at"` // of an exception, on the company's clock
	Outcome   string `form:"outcome"`
	Result    string `form:"result"`
	Minutes   string `form:"minutes"`
	Key       string `form:"key"`
}

// deskArranges takes every form of an agent's page about a call.
func (h *house) deskArranges(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in deskCallForm
	if err := v.Form(&in); err != nil {
		return err
	}
	what, err := h.agentDoes(v, id, in)
	if err == nil {
		return h.done(v, what, "/tickets/"+number(id)+map[bool]string{true: "/call"}[what == "call-ended"])
	}
	if visit.Status(err) >= 500 || isNotFound(err) {
		return err
	}
	return h.deskCallAgain(v, id, in, err)
}

func (h *house) agentDoes(v *visit.Visit, id int64, in deskCallForm) (what string, err error) {
	ctx, a, key := v.Context(), v.Actor, formKey("call-"+in.Do, id, in.Key, in.Start, in.At)
	start, exception := instantOf(in.Start), in.Exception == "yes"
	if in.At != "" {
		if start, err = h.byHand(v, id, in.At); err != nil {
			return "", err
		}
	}
	if start.IsZero() && (in.Do == "book" || in.Do == "move") {
		return "", noTime()
	}
	switch in.Do {
	case "book":
		_, err = h.desk.BookCall(ctx, a, desk.BookCall{Ticket: id, Start: start, Length: minutesOf(in.Length), Host: in.Host, Phone: in.Phone, Exception: exception, Key: key})
	case "move":
		_, err = h.desk.MoveCall(ctx, a, desk.MoveCall{Ticket: id, Start: start, Host: in.Host, Exception: exception, Key: key})
	case "cancel":
		_, err = h.desk.CancelCall(ctx, a, desk.CancelCall{Ticket: id, Key: key})
	case "keep":
		_, err = h.desk.KeepTime(ctx, a, id)
	case "end":
		_, err = h.desk.EndCall(ctx, a, desk.EndCall{Ticket: id, Outcome: in.Outcome, Result: in.Result, Length: minutesOf(in.Minutes), Key: key})
	case "write":
		_, err = h.desk.WriteUpCall(ctx, a, desk.EndCall{Ticket: id, Outcome: in.Outcome, Result: in.Result, Length: minutesOf(in.Minutes), Key: key})
	default:
		err = fault.New(fault.Invalid, "choose what to do with the call")
	}
	return callDone[in.Do], err
}

// callDone is what is said after each form.
var callDone = map[string]string{
	"book": "call-booked", "move": "call-moved", "cancel": "call-off", "keep": "call-kept", "end": "call-ended", "write": "call-written",
}

// byHand is a time an agent wrote, on the company's clock.
func (h *house) byHand(v *visit.Visit, id int64, said string) (time.Time, error) {
	page, err := h.desk.CallPage(v.Context(), v.Actor, id, desk.CallQuestion{})
	if err != nil {
		return time.Time{}, err
	}
	at, ok := localTime(said, page.Policy.CallZone())
	if !ok {
		return at, fault.New(fault.Invalid, "write a date and a time")
	}
	return at, nil
}

func (h *house) deskCallAgain(v *visit.Visit, id int64, in deskCallForm, wrong error) error {
	view, p, err := h.deskCallView(v, id, desk.CallQuestion{Length: minutesOf(in.Length), Host: in.Host})
	if err != nil {
		return err
	}
	view.Moving = in.Do == "move" && view.Booked != nil
	view.Phone, view.Result, view.Minutes = cmp.Or(in.Phone, view.Phone), in.Result, cmp.Or(in.Minutes, view.Minutes)
	for i := range view.Outcomes {
		view.Outcomes[i].Chosen = view.Outcomes[i].Value == in.Outcome
	}
	if taken := (*desk.Taken)(nil); errors.As(wrong, &taken) && len(taken.Free) > 0 {
		for _, free := range taken.Free {
			view.Picker.Nearby = append(view.Picker.Nearby, p.onBothClocks(free.Start))
		}
		return h.showStatus(v, http.StatusConflict, call.DeskPage(view))
	}
	view.Errors = []shared.FormError{{Field: cmp.Or(map[string]string{"end": "outcome", "write": "result"}[in.Do], "times"), Says: sentence(fault.Says(wrong))}}
	return h.showStatus(v, visit.Status(wrong), call.DeskPage(view))
}

// sideCall is the call beside a ticket's conversation; nil where there is nothing to say.
func (h *house) sideCall(v *visit.Visit, p desk.TicketPage) *call.SideView {
	c := p.Call
	if c == nil || c.Booked.ID == 0 && (p.Ticket.Category == ticket.Closed || !c.Wants && !c.Unwritten && !c.May) {
		return nil
	}
	side := &call.SideView{Number: number(p.Ticket.ID), Label: "Book a call", Change: access.May(v.Actor, access.ReplyPublicly)}
	switch {
	case c.Booked.ID != 0:
		side.When, side.Says, side.Phone, side.Answer = h.time(v, c.Booked.Start).Exact, c.Host+" calls", c.Booked.Phone, answerLabel(c.Booked.Answer)
		side.Label = "Move, call off, end"
		if !c.Booked.Proposed.IsZero() {
			side.Answer, side.Label = "The customer proposes "+h.time(v, c.Booked.Proposed).Exact+".", "Answer the proposal"
		} else if !h.desk.Now().Before(c.Booked.Start) {
			side.Label = "End the call"
		}
	case c.Unwritten:
		side.Says, side.Label = "A call has ended and is not written up.", "Write it up"
	case len(c.Offered) > 0:
		side.Says = "The customer has offered times: " + h.timesSay(v, c.Offered) + "."
	case c.Wants && c.Asked:
		side.Says = "The customer would like a call and has offered no times."
	default:
		side.Says = "None is booked."
	}
	return side
}

func (h *house) timesSay(v *visit.Visit, times []time.Time) string {
	var all []string
	for _, at := range times {
		all = append(all, at.In(h.zone(v)).Format("Mon 2 Jan 15:04"))
	}
	return strings.Join(all, ", ")
}

// calls is the list of calls to come and of requests that wait for a time.
func (h *house) calls(v *visit.Visit) error {
	return h.callList(v, http.StatusOK, "")
}

func (h *house) callList(v *visit.Visit, status int, token string) error {
	mine := v.Query("whose") == "mine"
	p, err := h.desk.CallsPage(v.Context(), v.Actor, mine)
	if err != nil {
		return err
	}
	list := call.List{Mine: mine}
	for _, c := range p.Calls {
		h.addCall(v, &list, c)
	}
	for _, w := range p.Waiting {
		list.Waiting = append(list.Waiting, h.waitingRow(v, w))
	}
	list.Says = listSays(len(p.Calls), len(p.Waiting))
	if list.Off, err = h.noCalls(v); err != nil {
		return err
	}
	if list.Off {
		list.Says = "No policy here has calls. An administrator switches them on in the policy, under Calls: their hours, their lengths, and who may have them."
	}
	if err := h.tellOwn(v, &list); err != nil {
		return err
	}
	if !p.Feed.IsZero() {
		list.Feed = h.time(v, p.Feed).Exact
	}
	if token != "" {
		list.Address = h.desk.URL() + "/calls/feed/" + url.PathEscape(token)
		list.Team = list.Address + "?whose=team"
	}
	return h.showStatus(v, status, call.ListPage(list))
}

// tellOwn adds what only whoever has calls themselves needs: the way to their hours, and which calendars of theirs cannot be read.
func (h *house) tellOwn(v *visit.Visit, list *call.List) (err error) {
	if list.Own, err = h.hasHours(v); err != nil || !list.Own {
		return err
	}
	troubled, err := h.desk.TroubledDiaries(v.Context(), v.Actor)
	for _, d := range troubled {
		list.Troubled = append(list.Troubled, "Your calendar “"+d.Name+"” cannot be read")
	}
	return err
}

// hasHours reports whether the visitor can have calls, and so hours for them.
func (h *house) hasHours(v *visit.Visit) (bool, error) {
	if !access.May(v.Actor, access.ReplyPublicly) {
		return false, nil
	}
	return h.desk.HasCalls(v.Context())
}

func listSays(calls, waiting int) string {
	switch {
	case calls == 0 && waiting == 0:
		return "Calls that are booked through tickets appear here by day, and so do requests that wait for a time."
	case calls == 0 && waiting == 1:
		return "No calls to come. One request waits for a time."
	case calls == 0:
		return "No calls to come. " + strconv.Itoa(waiting) + " requests wait for a time."
	}
	return ""
}

func (h *house) addCall(v *visit.Visit, list *call.List, c store.InTicket) {
	here, now := c.Start.In(h.zone(v)), h.desk.Now()
	name := here.Format("Monday 2 January")
	if here.Format(time.DateOnly) == now.In(h.zone(v)).Format(time.DateOnly) {
		name = "Today, " + name
	}
	if n := len(list.Days); n == 0 || list.Days[n-1].Name != name {
		list.Days = append(list.Days, call.ListDay{Name: name})
	}
	row := call.Row{
		Time: here.Format("15:04"), End: c.End.In(h.zone(v)).Format("15:04"), Customer: cmp.Or(c.Requester.Name, c.Requester.Address), Subject: subjectOr(c.Subject),
		Number: number(c.Ticket), URL: callPath(v, c.Ticket), Phone: c.Phone, Host: c.HostName, Answer: answerLabel(c.Answer), Over: !now.Before(c.End),
	}
	if theirs := c.Start.In(zoneNamed(c.Zone, h.zone(v))); theirs.Format("15:04") != row.Time {
		row.Theirs = theirs.Format("15:04 MST")
	}
	if !c.Proposed.IsZero() {
		row.Proposed = c.Proposed.In(h.zone(v)).Format("Mon 2 Jan, 15:04")
	}
	day := &list.Days[len(list.Days)-1]
	day.Calls = append(day.Calls, row)
}

// callPath is where a reader of the list may go: to the call, or to the ticket when they may not work on its call.
func callPath(v *visit.Visit, id int64) string {
	if access.May(v.Actor, access.ReplyPublicly) {
		return "/tickets/" + number(id) + "/call"
	}
	return "/tickets/" + number(id)
}

func (h *house) waitingRow(v *visit.Visit, w desk.Waiting) call.Waiting {
	row := call.Waiting{Number: number(w.Ticket.ID), URL: callPath(v, w.Ticket.ID), Subject: subjectOr(w.Ticket.Subject), Customer: cmp.Or(w.Ticket.Requester.Name, w.Ticket.Requester.Address), Since: h.time(v, w.Ticket.Created)}
	for _, at := range w.Offered {
		offer := call.Offer{Here: at.In(h.zone(v)).Format("Mon 2 Jan, 15:04")}
		if theirs := at.In(w.Guests); theirs.Format("15:04") != at.In(h.zone(v)).Format("15:04") {
			offer.Theirs = theirs.Format("15:04 MST")
		}
		row.Offered = append(row.Offered, offer)
	}
	return row
}

// noCalls reports whether no brand has calls.
func (h *house) noCalls(v *visit.Visit) (bool, error) {
	has, err := h.desk.HasCalls(v.Context())
	return !has, err
}

// changeFeed makes or ends the secret address of the visitor's calendar. A new one is shown once.
func (h *house) changeFeed(v *visit.Visit) error {
	var in struct {
		Do string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "end" {
		if err := h.desk.EndCallFeed(v.Context(), v.Actor); err != nil {
			return err
		}
		return h.done(v, "feed-ended", "/calls")
	}
	token, err := h.desk.NewCallFeed(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Writer.Header().Set("Cache-Control", "no-store")
	return h.callList(v, http.StatusOK, token)
}

// feed is a calendar behind its secret address, for programs.
func (h *house) feed(v *visit.Visit) error {
	ics, err := h.desk.CallFeed(v.Context(), v.Path("token"), v.Query("whose") == "team")
	if err != nil {
		return err
	}
	return serveICS(v, "calls.ics", ics)
}

// callOnRequest is what a customer's page of a request says about its call.
func (h *house) callOnRequest(v *visit.Visit, p desk.TicketPage, base string) (title, says, label, address string) {
	c := p.Call
	switch {
	case c == nil || p.Ticket.Category == ticket.Closed:
		return "", "", "", ""
	case c.Booked.ID != 0:
		zone := zoneNamed(c.Booked.Zone, v.Zone(p.Policy.CallZone()))
		return "Your call", c.Host + " calls you on " + c.Booked.Start.In(zone).Format("Monday 2 January, 15:04 MST") + ".", "See, move or call it off", base + "/call"
	case c.May && p.Ticket.Category != ticket.Solved:
		return "Talk it through", "You can have a call about this. Choose a time that suits you.", "Choose a time", base + "/call"
	}
	return "", "", "", ""
}
