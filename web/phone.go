package web

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/web/phone"
	"hark/web/shared"
	"hark/web/visit"
)

// call shows the screen of one telephone call.
func (h *house) call(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	view, err := h.phoneView(v, id)
	if err != nil {
		return err
	}
	return h.show(v, phone.Page(view))
}

// callersFound is the part of the screen that names candidates, for somebody who types.
func (h *house) callersFound(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	view, err := h.phoneView(v, id)
	if err != nil {
		return err
	}
	frame, err := h.frame(v)
	if err != nil {
		return err
	}
	v.Request = v.Request.WithContext(shared.With(v.Context(), frame))
	return v.Render(phone.Found(view))
}

// beginCall opens the screen of a new call.
func (h *house) beginCall(v *visit.Visit) error {
	var in struct {
		Brand     int64  `form:"brand"`
		Direction string `form:"direction"`
		Number    string `form:"number"`
		Ticket    int64  `form:"ticket"`
		Key       string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	id, err := h.desk.BeginCall(v.Context(), v.Actor, desk.NewCall{Brand: in.Brand, Direction: in.Direction, Number: in.Number, Ticket: in.Ticket, Key: in.Key})
	if err != nil {
		return err
	}
	return v.SeeOther("/phone/" + number(id))
}

// onLine answers a form of the call's screen: what was refused stands above the step, everything else leads back to it.
func (h *house) onLine(do func(v *visit.Visit, id int64) error) visit.Handler {
	return func(v *visit.Visit) error {
		id, err := v.Number("id")
		if err != nil {
			return err
		}
		err = do(v, id)
		if errors.Is(err, visit.ErrForm) {
			return err
		}
		if kind := fault.KindOf(err); kind == fault.Refused || kind == fault.Invalid || kind == fault.Conflict {
			view, viewErr := h.phoneView(v, id)
			if viewErr != nil {
				return viewErr
			}
			view.Wrong = sentence(fault.Says(err))
			view.Typed(v.Request.PostFormValue("note"))
			return h.showStatus(v, http.StatusUnprocessableEntity, phone.Page(view))
		}
		if err != nil {
			return err
		}
		return v.SeeOther("/phone/" + number(id))
	}
}

// simply is a form without fields.
func simply(v *visit.Visit) error { return v.Form(&struct{}{}) }

func (h *house) answerCall(v *visit.Visit, id int64) error {
	var in struct {
		Step string `form:"step"`
		Base int64  `form:"base"`
		Key  string `form:"key"`
		Said string `form:"said"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.AnswerStep(v.Context(), v.Actor, desk.StepAnswer{Call: id, Step: in.Step, Base: int(in.Base), Key: in.Key, Said: in.Said})
}

func (h *house) stepBack(v *visit.Visit, id int64) error {
	var in struct {
		Base int64 `form:"base"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.StepBack(v.Context(), v.Actor, id, int(in.Base))
}

func (h *house) chooseCaller(v *visit.Visit, id int64) error {
	var in struct {
		Query string `form:"q"`
		Who   string `form:"who"` // the person's number and what it is about: "12/licence:3"
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	person, about, _ := strings.Cut(in.Who, "/")
	n, err := strconv.ParseInt(person, 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	return h.desk.ChooseCaller(v.Context(), v.Actor, desk.Chosen{Call: id, Query: in.Query, Person: n, About: about})
}

func (h *house) takeBackMail(v *visit.Visit, id int64) error {
	var in struct {
		Mail int64 `form:"mail"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.TakeBackPhoneMail(v.Context(), v.Actor, id, in.Mail)
}

func (h *house) sendElsewhere(v *visit.Visit, id int64) error {
	var in struct {
		Message string `form:"message"`
		Address string `form:"address"`
		Key     string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.SendElsewhere(v.Context(), v.Actor, desk.Elsewhere{Call: id, Message: in.Message, Address: in.Address, Key: in.Key})
}

func (h *house) noteCall(v *visit.Visit, id int64) error {
	var in struct {
		Note string `form:"note"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.NoteCall(v.Context(), v.Actor, id, in.Note)
}

func (h *house) numberCall(v *visit.Visit, id int64) error {
	var in struct {
		Number string `form:"number"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.CallNumber(v.Context(), v.Actor, id, in.Number)
}

func (h *house) parkCall(v *visit.Visit, id int64) error {
	var in struct {
		Reason string `form:"reason"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.ParkCall(v.Context(), v.Actor, id, in.Reason)
}

func (h *house) handOverCall(v *visit.Visit, id int64) error {
	var in struct {
		To     string `form:"to"` // "group:3" or "person:7"
		Reason string `form:"reason"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	kind, text, _ := strings.Cut(in.To, ":")
	to, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "choose to whom the call goes")
	}
	handed := desk.HandedCall{Call: id, Reason: in.Reason, Person: to}
	if kind == "group" {
		handed.Group, handed.Person = to, 0
	}
	return h.desk.HandOverCall(v.Context(), v.Actor, handed)
}

func (h *house) takeUpCall(v *visit.Visit, id int64) error {
	if err := simply(v); err != nil {
		return err
	}
	return h.desk.TakeUpCall(v.Context(), v.Actor, id)
}

func (h *house) hangUp(v *visit.Visit, id int64) error {
	if err := simply(v); err != nil {
		return err
	}
	return h.desk.HangUp(v.Context(), v.Actor, id)
}

func (h *house) endCall(v *visit.Visit, id int64) error {
	var in struct {
		Outcome string `form:"outcome"`
		Note    string `form:"note"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	return h.desk.KeepCall(v.Context(), v.Actor, desk.CallRecord{Call: id, Outcome: orAnything(in.Outcome), None: in.Outcome == anything, Note: in.Note})
}

func (h *house) passOnCall(v *visit.Visit, id int64) error {
	if err := simply(v); err != nil {
		return err
	}
	return h.desk.PassOnCall(v.Context(), v.Actor, id)
}

// mostTold is how large an exchange's event may be.
const mostTold = 16 << 10

// hearExchange takes an event of a telephone exchange. The signature is the only proof; whoever sends it is nobody to us.
func (h *house) hearExchange(v *visit.Visit) error {
	body, err := io.ReadAll(io.LimitReader(v.Request.Body, mostTold+1))
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "the event did not come whole")
	}
	if len(body) > mostTold {
		return fault.New(fault.TooLarge, "an event has at most %d kB", mostTold>>10)
	}
	header := v.Request.Header
	if _, err := h.desk.HearExchange(v.Context(), body, header.Get("Hark-Timestamp"), header.Get("Hark-Signature")); err != nil {
		return err
	}
	v.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

// callView is the screen of a call for whoever looks at it.
func (h *house) phoneView(v *visit.Visit, id int64) (phone.View, error) {
	query := ""
	if v.Request.Method != "POST" {
		query = v.Query("q")
	}
	p, err := h.desk.PhonePage(v.Context(), v.Actor, id, query)
	if err != nil {
		return phone.View{}, err
	}
	c, now := p.Call, h.desk.Now()
	view := phone.View{
		ID: number(id), Title: callTitle(c), State: string(c.State), Mine: p.Mine, Takes: p.MayTake, Elsewhere: c.Elsewhere(), Left: p.Left, Key: visit.Random(), Agent: c.AgentName, Since: number(p.Mark()),
		Began: h.time(v, c.Began), Length: lengthSays(c.Length(now)), Spoken: int(c.Length(now).Seconds()), Running: c.State == store.PhoneOpen && c.Ended.IsZero(),
		Direction: map[string]string{"in": "Incoming call", "out": "Outgoing call"}[c.Direction], Number: c.Number, Tel: "tel:" + c.Number,
		MayNumber: c.External == "" && c.Number == "", MustNot: p.Procedure.MustNot, Policy: procedureSays(p), Base: strconv.Itoa(p.Base),
		Query: p.Query, Search: query != "", Looked: p.Query != "", Note: c.Note, Reason: c.Reason,
		Ticked: ticked(p), Mails: h.callMails(v, p), Caller: callerView(p), Happens: h.happens(v, p),
	}
	if c.Number != "" && !c.Attested {
		view.Doubt = "unverified"
	}
	view.Step = stepView(p)
	view.Found = foundView(p, view.Step)
	h.callAround(v, p, &view)
	return view, h.callEnd(v, p, &view)
}

func callTitle(c store.PhoneCall) string {
	switch {
	case c.Caller != "":
		return "Call with " + c.Caller
	case c.Number != "":
		return "Call with " + c.Number
	}
	return "Call"
}

func procedureSays(p desk.PhonePage) string {
	return p.Procedure.Label + ", " + p.Policy.Doc.Title + ", version " + p.Policy.Version
}

// lengthSays is how long somebody spoke: "42 s", "3 min 10 s".
func lengthSays(d time.Duration) string {
	s := int(d.Seconds())
	if s < 60 {
		return strconv.Itoa(s) + " s"
	}
	return fmt.Sprintf("%d min %d s", s/60, s%60)
}

// ticked are the steps that are behind, with what was answered.
func ticked(p desk.PhonePage) (all []phone.Ticked) {
	for _, l := range p.Run.Lines {
		switch l.Kind {
		case policy.WalkStep:
			all = append(all, phone.Ticked{Title: cmp.Or(l.Title, l.Step), Known: l.Known})
		case policy.WalkChoice:
			all[len(all)-1].Answer = l.Label
		case policy.WalkLevel:
			all[len(all)-1].Answer = p.Policy.LevelLabel(l.Level)
		}
	}
	return all[:max(0, len(all)-1)] // the last one is where the call stands
}

func stepView(p desk.PhonePage) *phone.Step {
	if p.Run.At == "" || p.Call.State == store.PhoneRecorded || p.Call.State == store.PhoneMissed {
		return nil
	}
	s := p.Run.Step
	step := &phone.Step{
		ID: p.Run.At, Title: cmp.Or(s.Title, "Next"), Say: policy.Spoken(s.Say), Hint: s.Hint, Back: p.Base > 0, Ended: p.Run.End != "",
		Finds: s.Search != nil && p.Run.End == "",
	}
	if p.Policy.AsksFact(s.Ask) {
		step.Field = sentenceCase(p.Policy.FactSays(s.Ask))
	} else {
		step.Ask = s.Ask
	}
	for i, o := range p.Run.Offers {
		if step.Finds && p.Call.Person == 0 && i == 0 {
			continue // choosing somebody is this choice
		}
		step.Choices = append(step.Choices, choiceView(p, o))
	}
	if step.Finds && p.Call.Person == 0 && len(step.Choices) > 0 {
		step.Choices[0].Key = "0" // the other digits choose among the candidates
	}
	return step
}

func choiceView(p desk.PhonePage, o policy.Offer) phone.Choice {
	c := phone.Choice{Key: o.Key, Value: o.Key, Label: o.Label, Hint: o.Hint}
	for _, does := range o.Does {
		switch does.Kind {
		case policy.WalkSend:
			c.Does = append(c.Does, strings.TrimSpace("Sends “"+does.Name+"”. "+does.Because))
		case policy.WalkNote, policy.WalkTask:
			c.Does = append(c.Does, does.Says)
		}
	}
	if o.Needs == policy.Matched {
		c.Locked = "Only for a caller who was found by the website, an order number or a licence key. Look for them by one of these."
	} else if o.Needs != "" {
		c.Locked = "Only for a caller who has proved who they are."
	}
	return c
}

var foundBy = map[string]string{"website": "by the website", "order": "by an order number", "key": "by a licence key", "number": "by the number that calls", "name": "by name"}

func foundView(p desk.PhonePage, step *phone.Step) (all []phone.Candidate) {
	keys := step != nil && step.Finds && p.Call.Person == 0
	for i, one := range p.Found {
		c := phone.Candidate{
			Person: number(one.Person.ID), About: one.About.String(), Name: one.Person.Display(), Company: one.Company, Site: one.Site, Says: one.Says, Doubt: sentenceCase(one.Doubt()),
			Found: foundBy[one.FoundBy], Shared: one.Shared, Level: levelView(p.Policy, one.Level, one.Because, one.Row),
		}
		if keys {
			c.Key = strconv.Itoa(i + 1)
		}
		all = append(all, c)
	}
	return all
}

func levelView(p *policy.Policy, level, because, row string) phone.Level {
	if level == "" {
		return phone.Level{}
	}
	return phone.Level{Label: p.LevelLabel(level), Support: p.Doc.Levels != nil && p.Doc.Levels.Meaning[level].Support, Because: because, Rule: "levels.table." + row}
}

var sureSays = map[string]string{
	policy.Claimed: "Claimed: they say so", policy.Matched: "Matched: they know what few know", policy.Verified: "Verified: they have proved it",
}

func callerView(p desk.PhonePage) *phone.Caller {
	if p.Call.Person == 0 {
		return nil
	}
	c := &phone.Caller{Person: person(p.Person), Company: p.Company, Site: p.Call.Site, Grade: p.Call.Grade, Sure: sureSays[p.Call.Grade]}
	c.Level = levelView(p.Policy, p.Call.Level, p.Call.Because, p.Call.Row)
	return c
}

// callMails are the mails of a call as somebody on the phone wants to hear of them, and what could not be sent at all.
func (h *house) callMails(v *visit.Visit, p desk.PhonePage) (all []phone.Mail) {
	for i, m := range p.Mails {
		mail := phone.Mail{ID: number(m.ID), Message: m.Message, Name: m.Name, To: m.To, State: string(m.State), Says: h.callMailSays(v, m.Outgoing), Text: m.Text}
		if m.State == store.HeldBack {
			mail.Undo = max(1, int(m.NextAt.Sub(h.desk.Now()).Seconds()))
		}
		mail.Elsewhere = (m.State == store.Failed || m.State == store.Deferred) && i == len(p.Mails)-1
		all = append(all, mail)
	}
	if last := len(p.Events) - 1; p.Unsent {
		for ; last >= 0 && p.Events[last].What != "unsent"; last-- {
		}
		all = append(all, phone.Mail{ID: "unsent", Message: p.Message, Name: p.Policy.MessageName(p.Message), To: cmp.Or(p.Person.Email, "nobody"), State: "unsent", Says: p.Events[last].Says, Elsewhere: p.Call.Person != 0, Text: p.Text})
	}
	return all
}

func (h *house) callMailSays(v *visit.Visit, m store.Outgoing) string {
	switch m.State {
	case store.Sent:
		return "Delivered at " + m.SentAt.In(h.zone(v)).Format("15:04:05")
	case store.HeldBack:
		return "Leaves in a moment"
	case store.Queued, store.Sending:
		return "On its way"
	case store.Deferred:
		return "Not delivered yet: " + m.LastError
	case store.Uncertain:
		return "Perhaps delivered: the other server fell silent"
	case store.Failed:
		return "Rejected: " + m.LastError
	case store.Cancelled:
		return "Taken back"
	}
	return string(m.State)
}

func (h *house) happens(v *visit.Visit, p desk.PhonePage) (all []phone.Line) {
	for _, e := range p.Events {
		at := h.time(v, e.At)
		at.Relative = e.At.In(h.zone(v)).Format("15:04:05")
		all = append(all, phone.Line{At: at, Who: e.Name, Says: e.Says})
	}
	return all
}

// callAround is what stands beside the call: the caller's tickets and earlier calls.
func (h *house) callAround(v *visit.Visit, p desk.PhonePage, view *phone.View) {
	for _, e := range p.Earlier {
		view.Earlier = append(view.Earlier, phone.Earlier{URL: "/phone/" + number(e.ID), When: h.time(v, e.Began).Relative, Says: cmp.Or(e.Problem, outcomeLabel(p.Policy, e.Outcome), "Call")})
	}
	for _, t := range p.Tickets {
		view.Tickets = append(view.Tickets, phone.Ticket{Number: number(t.ID), Subject: subjectOr(t.Subject), Status: h.status(p.Policy, t.State)})
	}
}

// callEnd is the end of a call: what is to be confirmed, or the record that was.
func (h *house) callEnd(v *visit.Visit, p desk.PhonePage, view *phone.View) (err error) {
	c := p.Call
	switch {
	case c.State == store.PhoneRecorded || c.State == store.PhoneMissed:
		view.Record = h.callRecord(v, p)
		if c.Task != "" && c.TaskDone.IsZero() {
			view.Task = c.Task
		} else if c.Task != "" {
			view.Done = "Passed on " + h.time(v, c.TaskDone).Exact + "."
		}
		return nil
	case p.Run.End != "" || c.State == store.PhoneOver:
		view.Wrap = &phone.Wrap{Says: wrapSays(p, h.desk.Now()), Outcomes: phoneOutcomes(p.Policy, c.Outcome, "No outcome")}
	}
	if p.Mine {
		view.Groups, err = h.callPlaces(v)
	}
	return err
}

func wrapSays(p desk.PhonePage, now time.Time) string {
	parts := []string{cmp.Or(p.Call.Caller, "Nobody was identified"), p.Call.Site, p.Policy.LevelLabel(p.Call.Level), p.Call.Problem}
	for _, m := range p.Mails {
		if m.State != store.Cancelled {
			parts = append(parts, "“"+m.Name+"”")
		}
	}
	parts = append(parts, lengthSays(p.Call.Length(now)))
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

func phoneOutcomes(p *policy.Policy, chosen, none string) []shared.Option {
	all := []shared.Option{{Value: anything, Label: none, Chosen: chosen == ""}}
	if p == nil || p.Doc.Calls == nil {
		return all
	}
	for _, o := range p.Doc.Calls.Outcomes {
		all = append(all, shared.Option{Value: o.ID, Label: o.Label, Chosen: o.ID == chosen})
	}
	return all
}

func outcomeLabel(p *policy.Policy, id string) string {
	if p.Doc.Calls == nil || id == "" {
		return ""
	}
	for _, o := range p.Doc.Calls.Outcomes {
		if o.ID == id {
			return o.Label
		}
	}
	return id
}

func (h *house) callPlaces(v *visit.Visit) ([]shared.Option, error) {
	groups, people, err := h.desk.CallTeams(v.Context(), v.Actor)
	var all []shared.Option
	for _, g := range groups {
		all = append(all, shared.Option{Value: "group:" + number(g.ID), Label: g.Name})
	}
	for _, one := range people {
		all = append(all, shared.Option{Value: "person:" + number(one.ID), Label: one.Name})
	}
	return all, err
}

// callRecord is everything that is kept of a call.
func (h *house) callRecord(v *visit.Visit, p desk.PhonePage) (all []phone.Fact) {
	add := func(name, value, note string) {
		if value != "" {
			all = append(all, phone.Fact{Name: name, Value: value, Note: note})
		}
	}
	c := p.Call
	add("Caller", cmp.Or(c.Caller, "Not identified"), strings.TrimSpace(p.Company))
	add("About", c.Site, foundBy[c.FoundBy])
	add("How sure", sureSays[c.Grade], "")
	add("Number", c.Number, view(c.Number != "" && !c.Attested, "unverified"))
	add("Level of support", p.Policy.LevelLabel(c.Level), view(c.Row != "", c.Because+", row “"+c.Row+"” of the table"))
	add("Problem", c.Problem, "")
	var sent []string
	for _, m := range p.Mails {
		if m.State != store.Cancelled {
			sent = append(sent, m.Name)
		}
	}
	add("Messages", strings.Join(sent, ", "), "")
	add("Outcome", cmp.Or(outcomeLabel(p.Policy, c.Outcome), view(c.State == store.PhoneRecorded, "Not recorded")), "")
	add("Note", c.Note, "")
	if c.Ticket != 0 {
		add("Ticket", "#"+number(c.Ticket), "")
	}
	add("Began", h.time(v, c.Began).Exact, "")
	add("Length", lengthSays(c.Length(h.desk.Now())), "")
	add("Answered by", c.AgentName, "")
	add("Procedure", view(p.Procedure.Label != "", procedureSays(p)), "")
	return all
}

// view is a text where something holds, and nothing where it does not.
func view(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

// anything is what a choice sends that chooses nothing in particular.
const anything = "-"

func orAnything(value string) string {
	if value == anything {
		return ""
	}
	return value
}

// callsTabs are the ways to look at the list.
var callsTabs = []struct {
	id, label string
	filter    store.PhoneFilter
}{
	{"", "All", store.PhoneFilter{}},
	{"mine", "Mine", store.PhoneFilter{}},
	{"missed", "Missed", store.PhoneFilter{Unheard: true}},
	{"tasks", "To pass on", store.PhoneFilter{Tasks: true}},
}

// calls is the list of calls, what waits for the reader, and what became of the calls of a month.
func (h *house) phoneCalls(v *visit.Visit) error {
	show := v.Query("show")
	list := phone.List{Tab: show, Key: visit.Random()}
	filter := store.PhoneFilter{}
	for _, t := range callsTabs {
		list.Tabs = append(list.Tabs, phone.Tab{Label: t.label, URL: "/phone?show=" + t.id, Current: t.id == show})
		if t.id == show {
			filter = t.filter
		}
	}
	if show == "mine" {
		filter.Agent = v.Actor.Person
	}
	filter.Outcome, filter.Level, filter.After = orAnything(v.Query("outcome")), orAnything(v.Query("level")), v.Query("after")
	page, err := h.desk.PhoneCalls(v.Context(), v.Actor, filter)
	if err != nil {
		return err
	}
	waiting, err := h.desk.OpenPhoneCalls(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	brands, err := h.desk.PhoneBrands(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := policyOfCalls(brands)
	for _, c := range page.Items {
		list.Rows = append(list.Rows, h.callRow(v, p, c))
	}
	for _, c := range waiting {
		list.Waiting = append(list.Waiting, h.phoneWaiting(v, p, c))
	}
	for i, b := range brands {
		list.Brands = append(list.Brands, shared.Option{Value: number(b.Brand.ID), Label: b.Brand.Name, Chosen: i == 0})
	}
	list.Outcomes, list.Levels = phoneOutcomes(p, filter.Outcome, "Any outcome"), levels(p, filter.Level)
	list.Pager = callPager(v, page.Next)
	if filter.After == "" && len(brands) > 0 {
		if err := h.countCalls(v, brands[0], &list); err != nil {
			return err
		}
	}
	if list.Exchange, err = h.exchange(v); err != nil {
		return err
	}
	return h.show(v, phone.ListPage(list))
}

// exchange is how to connect one, for an administrator; nobody else is shown that there is a secret.
func (h *house) exchange(v *visit.Visit) (*phone.Exchange, error) {
	secret, err := h.desk.ExchangeSecret(v.Context(), v.Actor)
	if fault.Is(err, fault.Forbidden) {
		return nil, nil
	}
	return &phone.Exchange{URL: h.desk.URL() + "/api/calls/events", Secret: secret}, err
}

func policyOfCalls(brands []desk.PhoneBrand) *policy.Policy {
	if len(brands) == 0 {
		return nil
	}
	return brands[0].Policy
}

func callPager(v *visit.Visit, next string) shared.Pager {
	if next == "" {
		return shared.Pager{}
	}
	q := v.Request.URL.Query()
	q.Set("after", next)
	return shared.Pager{Older: "/phone?" + q.Encode()}
}

func levels(p *policy.Policy, chosen string) []shared.Option {
	all := []shared.Option{{Value: anything, Label: "Any level", Chosen: chosen == ""}}
	if p == nil || p.Doc.Levels == nil {
		return all
	}
	for _, id := range p.Keys("levels.meaning") {
		all = append(all, shared.Option{Value: id, Label: p.LevelLabel(id), Chosen: id == chosen})
	}
	return all
}

func (h *house) callRow(v *visit.Visit, p *policy.Policy, c store.PhoneCall) phone.Row {
	r := phone.Row{
		URL: "/phone/" + number(c.ID), At: h.time(v, c.Began), Caller: c.Caller, Site: c.Site, Number: c.Number, Problem: c.Problem, Agent: c.AgentName,
		Length: lengthSays(c.Length(h.desk.Now())), State: callStates[c.State],
	}
	if c.Elsewhere() {
		r.State = "Answered elsewhere"
	}
	if p != nil {
		r.Level, r.Outcome = p.LevelLabel(c.Level), cmp.Or(outcomeLabel(p, c.Outcome), "Not recorded")
	}
	if c.Task != "" && c.TaskDone.IsZero() {
		r.Task = c.Task
	}
	return r
}

var callStates = map[store.PhoneState]string{store.PhoneRinging: "Rings", store.PhoneOpen: "On the line", store.PhoneParked: "Parked", store.PhoneOver: "To be recorded", store.PhoneMissed: "Missed"}

func (h *house) phoneWaiting(v *visit.Visit, p *policy.Policy, c store.PhoneCall) phone.Row {
	r := h.callRow(v, p, c)
	r.Why = c.Reason
	if c.State == store.PhoneParked || c.State == store.PhoneRinging {
		r.Take = "/phone/" + number(c.ID) + "/take"
	}
	return r
}

// countCalls is what became of the calls of the last thirty days.
func (h *house) countCalls(v *visit.Visit, b desk.PhoneBrand, list *phone.List) error {
	counts, err := h.desk.CountPhoneCalls(v.Context(), v.Actor, b.Brand.ID)
	if err != nil {
		return err
	}
	var all, without int64
	for _, c := range counts {
		all, without = all+c.Calls, without+c.Unticked
	}
	for _, c := range counts {
		list.Counts = append(list.Counts, phone.Count{
			Outcome: cmp.Or(outcomeLabel(b.Policy, c.Outcome), "Not recorded"), Level: cmp.Or(b.Policy.LevelLabel(c.Level), "Not decided"), Calls: number(c.Calls),
			Share: fmt.Sprintf("%d %%", 100*c.Calls/all), Length: lengthSays(c.Spoken / time.Duration(c.Calls)), Without: number(c.Unticked),
		})
	}
	list.Says = fmt.Sprintf("Of %s, %d needed no ticket.", plural(int(all), "call"), without)
	return nil
}
