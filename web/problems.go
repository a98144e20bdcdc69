package web

import (
	"cmp"
	"net/http"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/engineers"
	"hark/fault"
	"hark/issue"
	"hark/store"
	page "hark/web/problems"
	"hark/web/shared"
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
	there, err := h.desk.EngineersOf(v.Context(), v.Actor, idsOfIssues(found.Items))
	if err != nil {
		return err
	}
	for _, i := range found.Items {
		row := h.problemRow(v, i)
		if there[i.ID].Asks {
			row.Asks = engineersAsk(there[i.ID].Entry).inRow
		}
		if i.IsFixed() {
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

func idsOfIssues(issues []issue.Issue) (ids []int64) {
	for _, i := range issues {
		ids = append(ids, i.ID)
	}
	return ids
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

// problemSays is "Serious, system-wide", behind the product where somebody has said one.
func problemSays(i issue.Issue) string {
	of := ""
	if i.Product != "" {
		of = i.Product + ". "
	}
	return of + sentenceCase(string(i.Severity)) + ", " + map[issue.Reach]string{issue.SystemWide: "system-wide", issue.Local: "one site only"}[i.Reach]
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
		Customers: reportedBy(i), Readers: readersOf(i), Rows: h.rows(v, p.Tickets.Items), Pager: pager(v, p.Tickets.Next), Fix: h.fixOf(v, p), There: h.thereOf(v, p),
	}
	if view.There.Waits != "" && view.There.Wrong == "" {
		v.Writer.Header().Set("Refresh", "3") // its address comes within seconds
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
		view.History = append(view.History, page.Entry{At: h.time(v, c.At), Who: changedBy(c), Says: problemChange(c)})
	}
	return view
}

func changedBy(c issue.Change) string {
	if c.What == "engineers" {
		return "The engineers"
	}
	return cmp.Or(c.Who.Name, c.Who.Address)
}

// readersOf says who reads of a known problem.
func readersOf(i issue.Issue) string {
	if i.Public {
		return "Whoever is about to ask about it reads of it first."
	}
	return "Only whoever has reported it reads of it."
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
	if !p.Issue.IsFixed() && p.News.State == store.NewsPublished {
		f.StillTold, f.Entry = p.News.Title, "/whats-new/entries/"+number(p.News.ID)
	}
	switch {
	case p.Issue.IsFixed():
		f.Fixed = cmp.Or(p.Issue.FixedBy.Name, "Somebody") + " saw it work in production on " + h.time(v, p.Issue.Fixed).Exact + "."
		f.Back = "It is not fixed after all"
		if p.Waits > 0 && !p.From.IsZero() {
			f.Waits, f.Back = "From "+h.time(v, p.From).Exact+" everybody who reported it hears of it, as the policy says.", "Take it back"
		} else if p.Waits > 0 {
			f.Waits = counted(int(p.Waits), "ticket is still to hear of it.", "tickets are still to hear of it.")
		}
		if p.Issue.Announcement == "" && access.May(v.Actor, access.PublishNews) {
			f.Tell = withBrand("/whats-new/entries/new", p.Issue.Brand) + "&issue=" + number(p.Issue.ID)
			if p.News.ID != 0 {
				f.Tell = "/whats-new/entries/" + number(p.News.ID)
			}
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

// engineersQuestion is what colleagues are asked once an entry is closed, in the places where they meet it.
type engineersQuestion struct{ title, says, inRow, beside string }

// engineersAsk is whether the fix works, or, where they will not make one, what customers hear.
func engineersAsk(e engineers.Entry) engineersQuestion {
	if e.Declined() {
		return engineersQuestion{
			title:  "The engineers will not do it. What do customers hear?",
			says:   "They say: " + e.Says + ". Nobody is told yet. Write to the customers what helps instead, or to the engineers what they have overlooked.",
			inRow:  "The engineers will not do it: what do customers hear?",
			beside: "The engineers will not do it; its customers have not heard of that yet.",
		}
	}
	return engineersQuestion{
		title:  "The engineers closed it. Does it work for customers?",
		says:   "Nobody is told yet. See it work in production, then confirm it; if it does not, write to them.",
		inRow:  "The engineers closed it: does it work?",
		beside: "The engineers closed it; nobody has seen it work yet.",
	}
}

// thereOf is how a problem stands with the engineers.
func (h *house) thereOf(v *visit.Visit, p desk.IssuePage) page.There {
	there, act := page.There{}, access.May(v.Actor, access.ReplyPublicly)
	e := p.There
	switch {
	case e.Linked:
		there.URL, there.Name, there.State, there.Closed, there.Asks = e.Entry.URL, entryName(e.Entry.Entry), sentenceCase(e.Entry.Says), e.Entry.State == engineers.Closed, e.Entry.Asks
		asks := engineersAsk(e.Entry.Entry)
		there.Asked, there.Says, there.Declined = asks.title, asks.says, e.Entry.Declined()
		if !e.Entry.At.IsZero() {
			there.Since = h.day(v, e.Entry.At)
		}
	case e.Project.Name == "":
	case !e.Errand.Due.IsZero():
		there.Waits, there.Wrong = e.Project.String(), sentence(e.Errand.Trouble)
	case act:
		there.Log = &page.Log{Where: e.Project.String(), Title: e.Letter.Title, Text: e.Letter.Text}
		if e.Errand.IsGivenUp() && e.Errand.ID != 0 {
			there.Wrong = sentence(e.Errand.Trouble)
		}
	}
	return there
}

// entryName is "#812", and of Jira "SHOP-812".
func entryName(e engineers.Entry) string {
	if strings.Contains(e.Name, "-") {
		return e.Name
	}
	return "#" + e.Name
}

// logProblem has it logged with the engineers.
func (h *house) logProblem(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	err = h.desk.LogIssue(v.Context(), v.Actor, id)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Refused) {
		return h.problemPage(v, visit.Status(err), err)
	}
	if err != nil {
		return err
	}
	return h.done(v, "problem-logged", problemPath(id))
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
	case "logged":
		return "had it logged with the engineers: " + c.Is
	case "engineers":
		return "say: " + c.Is
	case "answered":
		if c.Is == "1" {
			return "answered 1 ticket"
		}
		return "answered " + c.Is + " tickets at once"
	}
	if c.What == "public" {
		return map[bool]string{true: "let everybody read of it", false: "let only its customers read of it"}[c.Is == "yes"]
	}
	name := map[string]string{
		"title": "the title", "product": "the product", "happens": "what happens", "reach": "who is affected", "severity": "how bad it is", "workaround": "what helps", "plan": "how it is solved",
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

var severityLabels = map[issue.Severity]string{issue.Critical: "Critical: work stands still", issue.Serious: "Serious: something important does not work", issue.Minor: "Minor: it is in the way"}
