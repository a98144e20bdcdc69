package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/issue"
	"hark/policy"
	"hark/store"
	"hark/web/portal"
	page "hark/web/problems"
	"hark/web/shared"
	ticketpage "hark/web/ticket"
	"hark/web/visit"
)

// Known problems: the list, the record, and what is done with many tickets at once.

func problemPath(id int64) string { return "/problems/" + number(id) }

// problems is the list of known problems; with words, those that have them.
func (h *house) problems(v *visit.Visit) error {
	view := page.List{Query: strings.TrimSpace(v.Query("q"))}
	has, err := h.desk.HasIssues(v.Context())
	if err != nil {
		return err
	}
	if !has {
		view.None = "No policy here speaks of known problems. With an issues section it says how you tell when one ends, and whether customers hear of the fix by mail."
		return h.show(v, page.ListPage(view))
	}
	found, err := h.desk.Issues(v.Context(), v.Actor, store.IssueFilter{Words: view.Query, After: v.Query("after")})
	if err != nil {
		return err
	}
	for _, i := range found.Items {
		if row := h.problemRow(v, i); i.IsFixed() {
			view.Fixed = append(view.Fixed, row)
		} else {
			view.Open = append(view.Open, row)
		}
	}
	if view.Query != "" && len(found.Items) > 0 {
		view.Says = counted(len(found.Items), "is like that", "are like that")
	}
	if access.May(v.Actor, access.ReplyPublicly) {
		view.New = "/problems/new"
	}
	view.Pager = pager(v, found.Next)
	return h.show(v, page.ListPage(view))
}

func (h *house) problemRow(v *visit.Visit, i issue.Issue) page.Row {
	r := page.Row{
		URL: problemPath(i.ID), Title: i.Title, Customers: number(i.Customers), Counted: "customers", Says: problemSays(i),
		Helps: i.Workaround != "" && !i.IsFixed(), When: sentenceCase(i.Horizon),
	}
	if i.Customers == 1 {
		r.Counted = "customer"
	}
	if !i.Estimate.IsZero() && r.When == "" {
		r.When = "Estimated for " + dayText(i.Estimate)
	}
	if i.IsFixed() {
		r.When = "Fixed " + h.day(v, i.Fixed).Relative
	}
	return r
}

// problemSays is "Serious, system-wide".
func problemSays(i issue.Issue) string {
	return sentenceCase(string(i.Severity)) + ", " + map[issue.Reach]string{issue.SystemWide: "system-wide", issue.Local: "one site only"}[i.Reach]
}

// problem is the record of one.
func (h *house) problem(v *visit.Visit) error { return h.problemPage(v, http.StatusOK, nil) }

func (h *house) problemPage(v *visit.Visit, status int, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	p, err := h.desk.IssuePage(v.Context(), v.Actor, id, v.Query("after"))
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	view := h.problemView(v, p)
	if refused != nil {
		view.Errors = []shared.FormError{{Says: sentence(fault.Says(refused))}}
	}
	return h.showStatus(v, status, page.RecordPage(view))
}

func (h *house) problemView(v *visit.Visit, p desk.IssuePage) page.Record {
	i := p.Issue
	view := page.Record{
		ID: number(i.ID), Title: i.Title, Says: problemSays(i) + ". Known since " + h.day(v, i.Opened).Relative + ".", Happens: i.Happens, Workaround: i.Workaround,
		When: sentenceCase(i.Horizon), Plan: i.Plan, Estimate: dayText(i.Estimate), Tracker: i.Tracker, Announcement: i.Announcement,
		Customers: reportedBy(i), Rows: h.rows(v, p.Tickets.Items), Pager: pager(v, p.Tickets.Next), Fix: h.fixOf(v, p),
	}
	if p.Policy != nil {
		view.WhyNoDates = p.Policy.WhyNoDates()
	}
	if seen := int64(len(p.Tickets.Items)); p.Tickets.Next == "" && v.Query("after") == "" && seen < i.Tickets {
		view.Hidden = counted(int(i.Tickets-seen), "ticket is in a group you are not in.", "tickets are in groups you are not in.")
	}
	if access.May(v.Actor, access.ReplyPublicly) {
		view.Change = problemPath(i.ID) + "/edit"
		if p.Answers > 0 && !i.IsFixed() {
			view.Answer, view.AnswerSays = problemPath(i.ID)+"/answer", "Answer "+counted(p.Answers, "ticket", "tickets")
		}
	}
	for _, c := range p.Changes {
		view.History = append(view.History, page.Entry{At: h.time(v, c.At), Who: cmp.Or(c.Who.Name, c.Who.Address), Says: problemChange(c)})
	}
	return view
}

// reportedBy is "12 customers, on 14 tickets".
func reportedBy(i issue.Issue) string {
	says := counted(int(i.Customers), "customer", "customers")
	if i.Tickets != i.Customers {
		says += ", on " + counted(int(i.Tickets), "ticket", "tickets")
	}
	return says
}

func (h *house) fixOf(v *visit.Visit, p desk.IssuePage) page.Fix {
	f := page.Fix{Act: access.May(v.Actor, access.ReplyPublicly)}
	switch {
	case p.Issue.IsFixed():
		f.Fixed = cmp.Or(p.Issue.FixedBy.Name, "Somebody") + " saw it work in production on " + h.time(v, p.Issue.Fixed).Exact + "."
		if p.Waits > 0 {
			f.Waits = counted(int(p.Waits), "ticket is still to hear of it.", "tickets are still to hear of it.")
		}
		if p.Issue.Announcement == "" && access.May(v.Actor, access.PublishNews) {
			f.Tell = withBrand("/whats-new/entries/new", p.Issue.Brand) + "&issue=" + number(p.Issue.ID)
		}
	case p.Fix.Mails != "":
		name, _, _ := strings.Cut(p.Fix.Mails, " to ")
		f.Follows = name + " to everybody who reported it, once: " + counted(int(p.Issue.Customers), "customer", "customers") + ". Closed tickets stay closed."
	case p.Issue.Tickets == 0:
		f.Follows = "Nobody has reported it, so nobody is mailed."
	default:
		f.Follows = "Nobody is mailed: this policy promises no mail about it. Its tickets show that it is fixed."
	}
	return f
}

// problemChange is one change as the end of a sentence: "set roughly when to weeks".
func problemChange(c issue.Change) string {
	switch c.What {
	case "opened":
		return "wrote it down"
	case "fixed":
		return "confirmed that it works in production"
	case "reopened":
		return "found that it is not fixed after all"
	case "answered":
		if c.Is == "1" {
			return "answered 1 ticket"
		}
		return "answered " + c.Is + " tickets at once"
	}
	name := map[string]string{
		"title": "the title", "happens": "what happens", "reach": "who is affected", "severity": "how bad it is", "workaround": "what helps", "plan": "how it is solved",
		"horizon": "roughly when", "estimate": "the estimate", "tracker": "the engineers' page", "announcement": "where it is announced",
	}[c.What]
	if c.Is == "" {
		return "took out " + name
	}
	if len(c.Is) > 80 {
		return "changed " + name
	}
	return "set " + name + ": " + c.Is
}

// newProblem is the form for one that is not known yet, from a ticket or without.
func (h *house) newProblem(v *visit.Visit) error {
	return h.problemForm(v, http.StatusOK, problemFields{Key: visit.Random(), Ticket: v.Query("ticket"), Reach: string(issue.SystemWide), Severity: string(issue.Serious)}, nil)
}

// problemFields is what the form sends, for a new problem and for one that is changed.
type problemFields struct {
	Key          string `form:"key"`
	Ticket       string `form:"ticket"`
	Brand        int64  `form:"brand"`
	Base         int64  `form:"base"`
	Title        string `form:"title"`
	Happens      string `form:"happens"`
	Reach        string `form:"reach"`
	Severity     string `form:"severity"`
	Workaround   string `form:"workaround"`
	Horizon      string `form:"horizon"`
	Plan         string `form:"plan"`
	Estimate     string `form:"estimate"`
	Tracker      string `form:"tracker"`
	Announcement string `form:"announcement"`
}

func (in problemFields) text() desk.IssueText {
	return desk.IssueText{Title: in.Title, Happens: in.Happens, Reach: in.Reach, Severity: in.Severity, Workaround: in.Workaround, Plan: in.Plan,
		Horizon: in.Horizon, Estimate: in.Estimate, Tracker: in.Tracker, Announcement: in.Announcement}
}

func fieldsOf(p desk.IssuePage) problemFields {
	i := p.Issue
	return problemFields{Base: p.Base, Title: i.Title, Happens: i.Happens, Reach: string(i.Reach), Severity: string(i.Severity), Workaround: i.Workaround,
		Horizon: i.Horizon, Plan: i.Plan, Estimate: isoDay(i.Estimate), Tracker: i.Tracker, Announcement: i.Announcement}
}

// openProblem writes one down.
func (h *house) openProblem(v *visit.Visit) error {
	var in problemFields
	if err := v.Form(&in); err != nil {
		return err
	}
	id, err := h.desk.OpenIssue(v.Context(), v.Actor, desk.OpenIssue{Ticket: ticketIn(in.Ticket), Brand: in.Brand, Text: in.text(), Key: in.Key})
	if again, shown := h.problemRefused(v, in, nil, err); again {
		return shown
	}
	return h.done(v, "problem-opened", problemPath(id))
}

func ticketIn(text string) (id int64) {
	_, _ = fmt.Sscan(text, &id)
	return id
}

// problemRefused shows the form again where a value cannot be kept; again is false when there is nothing to show.
func (h *house) problemRefused(v *visit.Visit, in problemFields, of *desk.IssuePage, err error) (again bool, shown error) {
	var wrong *issue.Wrong
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &wrong), fault.Is(err, fault.Refused), fault.Is(err, fault.Conflict):
		return true, h.problemForm(v, visit.Status(err), in, of, err)
	}
	return true, err
}

// problemForm shows the form with what was typed, and why it cannot be kept.
func (h *house) problemForm(v *visit.Visit, status int, in problemFields, of *desk.IssuePage, refused ...error) error {
	form := page.Form{Ticket: in.Ticket, Key: in.Key, Base: number(in.Base), Wrong: map[string]string{}, Values: map[string]string{
		"title": in.Title, "happens": in.Happens, "workaround": in.Workaround, "plan": in.Plan, "estimate": in.Estimate, "tracker": in.Tracker, "announcement": in.Announcement,
	}}
	p, err := h.problemRules(v, &form, in, of)
	if err != nil {
		return err
	}
	form.Reaches = []shared.Option{{Value: string(issue.SystemWide), Label: "Everybody", Chosen: in.Reach != string(issue.Local)}, {Value: string(issue.Local), Label: "One site only", Chosen: in.Reach == string(issue.Local)}}
	for _, s := range issue.Severities {
		form.Severities = append(form.Severities, shared.Option{Value: string(s), Label: severityLabels[s], Chosen: string(s) == in.Severity})
	}
	if words := p.Horizons(); len(words) > 0 {
		form.Horizons = []shared.Option{{Label: "Nobody can say yet", Chosen: in.Horizon == ""}}
		for _, word := range words {
			form.Horizons = append(form.Horizons, shared.Option{Value: word, Label: sentenceCase(word), Chosen: word == in.Horizon})
		}
		form.WhyNoDates = p.WhyNoDates()
	}
	form.GivesDates = p.GivesDates()
	for _, why := range refused {
		refuse(&form, why)
	}
	return h.showStatus(v, status, page.FormPage(form))
}

// refuse leads from the reason to the field that it is about.
func refuse(form *page.Form, why error) {
	if why == nil {
		return
	}
	says, field := sentence(fault.Says(why)), ""
	if wrong := (*issue.Wrong)(nil); errors.As(why, &wrong) {
		field = wrong.Field
		form.Wrong[field] = says
	}
	form.Errors = append(form.Errors, shared.FormError{Field: field, Says: says})
}

// problemRules is the policy under which the form asks: that of the ticket's brand, of the record's, or of the first that speaks of
// known problems.
func (h *house) problemRules(v *visit.Visit, form *page.Form, in problemFields, of *desk.IssuePage) (*policy.Policy, error) {
	brand := in.Brand
	switch {
	case of != nil:
		form.ID, form.Fixed, brand = number(of.Issue.ID), of.Issue.IsFixed(), of.Issue.Brand
	case ticketIn(in.Ticket) != 0:
		t, err := h.desk.TicketPage(v.Context(), v.Actor, ticketIn(in.Ticket))
		if err != nil {
			return nil, err
		}
		form.Subject, brand = subjectOr(t.Ticket.Subject), t.Ticket.Brand
	default:
		brands, err := h.desk.IssueBrands(v.Context(), v.Actor)
		if err != nil {
			return nil, err
		}
		for i, b := range brands {
			chosen := b.ID == in.Brand || in.Brand == 0 && i == 0
			form.Brands = append(form.Brands, shared.Option{Value: number(b.ID), Label: b.Name, Chosen: chosen})
			if chosen {
				brand = b.ID
			}
		}
	}
	return h.desk.IssueRules(v.Context(), v.Actor, brand)
}

// editProblem is the form with what is known.
func (h *house) editProblem(v *visit.Visit) error {
	p, err := h.problemNamed(v)
	if err != nil {
		return err
	}
	return h.problemForm(v, http.StatusOK, fieldsOf(p), &p)
}

func (h *house) problemNamed(v *visit.Visit) (p desk.IssuePage, err error) {
	id, err := v.Number("id")
	if err != nil {
		return p, err
	}
	return h.desk.IssuePage(v.Context(), v.Actor, id, "")
}

// changeProblem keeps what is known now.
func (h *house) changeProblem(v *visit.Visit) error {
	var in problemFields
	if err := v.Form(&in); err != nil {
		return err
	}
	p, err := h.problemNamed(v)
	if err != nil {
		return err
	}
	if in.Announcement == "" && !p.Issue.IsFixed() {
		in.Announcement = p.Issue.Announcement // the form asks for it once it is fixed
	}
	err = h.desk.ChangeIssue(v.Context(), v.Actor, desk.ChangeIssue{Issue: p.Issue.ID, Text: in.text(), Base: in.Base})
	if again, shown := h.problemRefused(v, in, &p, err); again {
		return shown
	}
	return h.done(v, "problem-kept", problemPath(p.Issue.ID))
}

// confirmFix ends a known problem.
func (h *house) confirmFix(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Announcement string `form:"announcement"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err = h.desk.ConfirmFix(v.Context(), v.Actor, desk.ConfirmFix{Issue: id, Announcement: in.Announcement})
	if fault.Is(err, fault.Invalid) {
		return h.problemPage(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return h.done(v, "problem-fixed", problemPath(id))
}

// reopenProblem says that the fix does not hold.
func (h *house) reopenProblem(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	if err := h.desk.ReopenIssue(v.Context(), v.Actor, id); err != nil {
		return err
	}
	return h.done(v, "problem-reopened", problemPath(id))
}

// mostKnown is how many known problems a ticket is offered; another word finds others.
const mostKnown = 8

// isItKnown looks for the known problem that a ticket reports.
func (h *house) isItKnown(v *visit.Visit) error { return h.linkPage(v, http.StatusOK, nil) }

func (h *house) linkPage(v *visit.Visit, status int, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	q := strings.TrimSpace(v.Query("q"))
	found, err := h.desk.TicketToLink(v.Context(), v.Actor, id, q, mostKnown)
	if err != nil {
		return err
	}
	view := page.Link{Ticket: number(id), Subject: subjectOr(found.Ticket.Subject), Query: q, Follows: linkSays(found.Follows)}
	for _, i := range found.Issues.Items {
		view.Hits, view.IDs = append(view.Hits, h.problemRow(v, i)), append(view.IDs, number(i.ID))
	}
	if refused != nil {
		view.Errors = []shared.FormError{{Says: sentence(fault.Says(refused))}}
	}
	return h.showStatus(v, status, page.LinkPage(view))
}

// linkSays is what comes of linking a ticket, before it is done.
func linkSays(f policy.Follows) string {
	if f.Refused != "" {
		return f.Refused
	}
	return strings.TrimSpace("When it is linked: " + cmp.Or(f.Mails, "Nobody is mailed.") + " " + f.Says)
}

// linkProblem links a ticket to a known problem, or takes it off.
func (h *house) linkProblem(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Problem int64 `form:"problem"`
		Unlink  int64 `form:"unlink"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	do, what, issueID := h.desk.LinkIssue, "problem-linked", in.Problem
	if in.Unlink != 0 {
		do, what, issueID = h.desk.UnlinkIssue, "problem-unlinked", in.Unlink
	}
	err = do(v.Context(), v.Actor, desk.LinkIssue{Issue: issueID, Ticket: id})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Refused) {
		return h.linkPage(v, visit.Status(err), err)
	}
	if err != nil {
		return err
	}
	return h.done(v, what, ticketPath(id, listOf(v, id))+"#problem")
}

// answerProblem is the last look before its tickets are answered.
func (h *house) answerProblem(v *visit.Visit) error {
	return h.answerPage(v, http.StatusOK, v.Query("phase"), v.Query("words") != "", "", v.Query("status"), nil)
}

func (h *house) answerPage(v *visit.Visit, status int, phase string, words bool, text, state string, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	all, err := h.desk.IssueAnswer(v.Context(), v.Actor, id, phase, state)
	if err == nil && phase == "" && !words && len(all.Phases) > 0 { // the policy has a way of its own
		phase = all.Phases[len(all.Phases)-1].Phase
		all, err = h.desk.IssueAnswer(v.Context(), v.Actor, id, phase, state)
	}
	if err != nil {
		return err
	}
	view := page.Answer{ID: number(id), Title: all.Issue.Title, Key: visit.Random(), Phase: phase, Text: cmp.Or(text, answerWords(all.Issue)), Status: state}
	for _, m := range all.Phases {
		view.Ways = append(view.Ways, page.Way{Label: "Move to “" + m.Label + "”", URL: "?phase=" + m.Phase, Current: m.Phase == phase})
	}
	view.Ways = append(view.Ways, page.Way{Label: "In your own words", URL: "?words=yes", Current: phase == ""})
	for i, s := range all.States {
		view.States = append(view.States, shared.Option{Value: s.State, Label: s.Label, Chosen: s.State == state || state == "" && i == 0})
	}
	h.whoIsAnswered(&view, all)
	if refused != nil {
		view.Errors = []shared.FormError{{Field: "body", Says: sentence(fault.Says(refused))}}
	}
	return h.showStatus(v, status, page.AnswerPage(view))
}

func (h *house) whoIsAnswered(view *page.Answer, all desk.IssueAnswer) {
	for _, t := range all.Tickets {
		view.Tickets = append(view.Tickets, page.AnswerTicket{
			Number: number(t.Ticket.ID), URL: "/tickets/" + number(t.Ticket.ID), Subject: subjectOr(t.Ticket.Subject),
			Who: cmp.Or(t.Ticket.Requester.Name, t.Ticket.Requester.Address), Follows: cmp.Or(t.Cannot, t.Follows), Cannot: t.Cannot != "",
		})
	}
	if all.More {
		view.More = fmt.Sprintf("These are the first %d. Answer them, then go on with the others.", desk.MostAnswered)
	}
	if len(all.Tickets) > 0 && !hasAble(all.Tickets) {
		view.Missing = all.Tickets[0].Cannot
	}
}

func hasAble(all []desk.TicketAnswer) bool {
	for _, t := range all {
		if t.Cannot == "" {
			return true
		}
	}
	return false
}

// answerWords are what an answer in one's own words begins with.
func answerWords(i issue.Issue) string {
	words := "Hello,\n\nwe know this problem: " + i.Title + "."
	if i.Workaround != "" {
		words += "\n\nUntil it is fixed: " + i.Workaround
	}
	if i.Horizon != "" {
		words += "\n\nRoughly when it is fixed: " + i.Horizon + "."
	}
	return words
}

// sendAnswers answers them all.
func (h *house) sendAnswers(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Key    string   `form:"key"`
		Phase  string   `form:"phase"`
		Body   string   `form:"body"`
		Status string   `form:"status"`
		Ticket []string `form:"ticket"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	tickets, err := ticketsIn(in.Ticket)
	if err != nil {
		return err
	}
	did, err := h.desk.AnswerIssue(v.Context(), v.Actor, desk.AnswerIssue{Issue: id, Tickets: tickets, Phase: in.Phase, Text: in.Body, Status: in.Status, Key: in.Key})
	if fault.Is(err, fault.Invalid) {
		return h.answerPage(v, http.StatusUnprocessableEntity, in.Phase, in.Phase == "", in.Body, in.Status, err)
	}
	if err != nil {
		return err
	}
	if did.Tickets == 0 {
		return v.SeeOther(problemPath(id))
	}
	return h.done(v, "problem-answered", problemPath(id))
}

// ticketProblem is the known problem beside a ticket's conversation.
func ticketProblem(v *visit.Visit, p desk.TicketPage) *ticketpage.Problem {
	act := access.May(v.Actor, access.ReplyPublicly)
	switch {
	case p.Issue.Linked:
		i := p.Issue.Issue
		view := &ticketpage.Problem{Title: i.Title, URL: problemPath(i.ID), Says: problemSays(i) + ". " + reportedBy(i) + ".", Workaround: i.Workaround}
		if i.Horizon != "" {
			view.Says += " Roughly when: " + i.Horizon + "."
		}
		if i.IsFixed() {
			view.Says += " Fixed."
		}
		if act {
			view.Unlink = number(i.ID)
		}
		return view
	case p.Policy.HasIssues() && act:
		return &ticketpage.Problem{}
	}
	return nil
}

// customersProblem is what whoever reported it reads of a known problem.
func (h *house) customersProblem(v *visit.Visit, p desk.TicketPage) *portal.Problem {
	if !p.Issue.Linked {
		return nil
	}
	i := p.Issue.Issue
	view := &portal.Problem{Title: i.Title, Workaround: i.Workaround, News: i.Announcement}
	switch {
	case p.Issue.Others == 1:
		view.Others = "One other customer has this too."
	case p.Issue.Others > 1:
		view.Others = number(p.Issue.Others) + " other customers have this too."
	}
	if i.Horizon != "" {
		view.When, view.Why = sentence(i.Horizon), p.Policy.WhyNoDates()
	}
	if i.IsFixed() {
		view.Fixed = h.time(v, i.Fixed)
	}
	return view
}

var severityLabels = map[issue.Severity]string{issue.Critical: "Critical: work stands still", issue.Serious: "Serious: something important does not work", issue.Minor: "Minor: it is in the way"}
