package web

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/web/phone"
	"hark/web/shared"
	"hark/web/visit"
	"hark/web/when"
)

// What the screen of one call shows.

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
		ID: number(id), Title: callTitle(c), State: string(c.State), Mine: p.Mine, Takes: p.MayTake, Seen: c.Standing(), Elsewhere: c.Elsewhere(), Left: p.Left, Key: visit.Random(), Agent: c.AgentName, Since: number(p.Mark()),
		Began: h.since(v, c.Began), Length: lengthSays(c.Length(now)), Spoken: int(c.Length(now).Seconds()), Running: c.State == store.PhoneOpen && c.Ended.IsZero(),
		Direction: map[string]string{"in": "Incoming call", "out": "Outgoing call"}[c.Direction], Number: c.Number, Tel: "tel:" + c.Number,
		MayNumber: c.External == "" && c.Number == "", MustNot: p.Procedure.MustNot, Policy: procedureSays(p), Base: strconv.Itoa(p.Base),
		Query: p.Query, Search: query != "", Looked: p.Query != "", Note: c.Note, Reason: c.Reason,
		Ticked: walked(p.Policy, p.Run), Mails: h.callMails(v, p), Caller: callerView(p), Happens: h.happens(v, p),
	}
	if c.Number != "" && !c.Attested {
		view.Doubt = "number unverified"
	}
	view.Step = stepView(p)
	view.Sure = h.sureView(v, p)
	view.Found = foundView(p, view.Step)
	h.callAround(v, p, &view)
	return view, h.callEnd(v, p, &view)
}

// since is a time from which something goes on.
func (h *house) since(v *visit.Visit, at time.Time) shared.Time {
	said := h.time(v, at)
	said.Relative = when.Clock(at, h.desk.Now(), h.zone(v))
	return said
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

func stepView(p desk.PhonePage) *phone.Step {
	if p.Run.At == "" || p.Call.State == store.PhoneRecorded || p.Call.State == store.PhoneMissed {
		return nil
	}
	s := p.Run.Step
	step := &phone.Step{
		ID: p.Run.At, Title: cmp.Or(s.Title, "Next"), Say: policy.Spoken(s.Say), Hint: s.Hint, Back: p.Base > 0, Ended: p.Run.End != "", Files: stepFiles(p),
		Finds: s.Search != nil && p.Run.End == "",
	}
	if step.Locked = lockSays(p.Run.Needs); step.Locked != "" {
		step.Say, step.Hint, step.Files, step.Finds = nil, "", nil, false
		return step
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
		step.Choices = append(step.Choices, choiceView(p.Policy, p.Files, o))
	}
	if step.Finds && p.Call.Person == 0 && len(step.Choices) > 0 {
		step.Choices[0].Key = "0" // the other digits choose among the candidates
	}
	return step
}

// sureView is how the reader becomes sure of the caller.
func (h *house) sureView(v *visit.Visit, p desk.PhonePage) *phone.Sure {
	if !p.Mine || p.Call.Person == 0 || p.Call.Grade == policy.Verified || p.Call.State != store.PhoneOpen {
		return nil
	}
	sure := &phone.Sure{Address: p.Code.To, Key: visit.Random(), Here: p.Run.Needs == policy.Verified}
	if !p.Code.Until.IsZero() {
		sure.Until = p.Code.Until.In(h.zone(v)).Format("15:04")
	}
	if sure.Young = p.Code.Young; sure.Young != "" {
		sure.Since, sure.Rests = p.Code.Since.In(h.zone(v)).Format("Mon 2 Jan, 15:04"), p.Code.Rests.In(h.zone(v)).Format("Mon 2 Jan, 15:04")
	}
	for _, o := range p.Run.Offers {
		sure.Here = sure.Here || o.Needs == policy.Verified
	}
	return sure
}

// lockSays is why something cannot be had yet, and what opens it.
func lockSays(needs string) string {
	switch needs {
	case "":
		return ""
	case policy.Verified:
		return "Only for a caller who has proved who they are. Send a code to their address, and type what they read out."
	case policy.Matched:
		return "Only for a caller who was found by the website, an order number or a licence key. Look for them by one of these."
	}
	return "Only for a caller whom you have chosen. Look for them first."
}

func choiceView(p *policy.Policy, library []store.LibraryFile, o policy.Offer) phone.Choice {
	c := phone.Choice{Key: o.Key, Value: o.Key, Label: o.Label, Hint: o.Hint}
	for _, does := range o.Does {
		switch does.Kind {
		case policy.WalkSend:
			c.Does = append(c.Does, strings.TrimSpace("Sends “"+does.Name+"”"+carriedSays(library, does.Files)+". "+does.Because))
		case policy.WalkNote, policy.WalkTask:
			c.Does = append(c.Does, does.Says)
		case policy.WalkAssign:
			c.Does = append(c.Does, "Gives it to "+strings.NewReplacer("_", " ", "-", " ").Replace(does.To)+".")
		case policy.WalkStatus:
			c.Does = append(c.Does, "Sets it to "+cmp.Or(p.StateLabel(does.Status), does.Status)+".")
		}
	}
	c.Locked = lockSays(o.Needs)
	return c
}

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
		mail := phone.Mail{Files: mailFiles(m.Files), ID: number(m.ID), Message: m.Message, Name: m.Name, To: m.To, State: string(m.State), Says: h.callMailSays(v, m.Outgoing), Text: m.Text}
		if m.State == store.HeldBack {
			mail.Undo = max(1, int(m.NextAt.Sub(h.desk.Now()).Seconds()))
		}
		mail.Elsewhere = (m.State == store.Failed || m.State == store.Deferred) && i == len(p.Mails)-1
		all = append(all, mail)
	}
	for _, m := range p.Codes {
		all = append(all, phone.Mail{ID: number(m.ID), Name: m.Name, To: m.To, State: string(m.State), Says: h.callMailSays(v, m.Outgoing)})
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
	if id := p.Call.Ticket; id != 0 {
		view.Ticket = &phone.Link{Label: "#" + number(id), URL: "/tickets/" + number(id)}
	}
	view.Makes = p.Mine && p.Call.Ticket == 0 && p.Call.Person != 0 && access.May(v.Actor, access.ChangeTicket)
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
	add("How sure", sureSays[c.Grade], provedBy[c.SureBy])
	add("Number", c.Number, textIf(c.Number != "" && !c.Attested, "no network vouches for it"))
	add("Level of support", p.Policy.LevelLabel(c.Level), textIf(c.Row != "", c.Because+", row “"+c.Row+"” of the table"))
	add("Problem", c.Problem, "")
	var sent []string
	for _, m := range p.Mails {
		if m.State != store.Cancelled {
			sent = append(sent, m.Name)
		}
	}
	add("Messages", strings.Join(sent, ", "), "")
	add("Outcome", cmp.Or(outcomeLabel(p.Policy, c.Outcome), textIf(c.State == store.PhoneRecorded, "Not recorded")), "")
	add("Note", c.Note, "")
	if c.Ticket != 0 {
		add("Ticket", "#"+number(c.Ticket), "")
	}
	add("Began", h.time(v, c.Began).Exact, "")
	add("Length", lengthSays(c.Length(h.desk.Now())), "")
	add("Answered by", c.AgentName, "")
	add("Procedure", textIf(p.Procedure.Label != "", procedureSays(p)), "")
	return all
}

// textIf is a text where something holds, and nothing where it does not.
func textIf(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}
