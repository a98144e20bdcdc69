package web

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
	"hark/web/reports"
	"hark/web/sheet"
	"hark/web/visit"
	"hark/web/when"
)

// report shows what became of a period.
func (h *house) report(v *visit.Visit) error {
	on, house, err := h.reportOn(v)
	if err != nil {
		return err
	}
	r, err := h.desk.Report(v.Context(), v.Actor, on)
	if err != nil {
		return err
	}
	view, err := h.reportView(v, r, house)
	if err != nil {
		return err
	}
	if view.Mailed, err = h.reportMailed(v, r); err != nil {
		return err
	}
	return h.show(v, reports.Page(view))
}

// reportOn is the report that the address asks for.
func (h *house) reportOn(v *visit.Visit) (desk.ReportOn, desk.House, error) {
	brand, house, err := h.brandAsked(v)
	return desk.ReportOn{Brand: brand, Period: desk.ParsePeriod(v.Query("period"))}, house, err
}

// about is an address about a report: the page itself, a list behind one of its numbers, one of its tables.
type about struct{ r desk.Report }

func (a about) at(path string, period desk.Period, pairs ...string) string {
	q := url.Values{"brand": {number(a.r.Brand)}, "period": {period.String()}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + q.Encode()
}

func (a about) list(what string) string { return a.at("/reports/list", a.r.Period, "what", what) }

func (a about) csv(what string) string { return a.at("/reports/export", a.r.Period, "what", what) }

func (h *house) reportView(v *visit.Visit, r desk.Report, house desk.House) (reports.View, error) {
	a, tables := about{r}, v.Query("view") == "tables"
	form := map[bool]string{true: "tables"}[tables]
	page := func(p desk.Period, view string) string { return a.at("/reports", p, "view", view) }
	view := reports.View{
		Title: r.Period.Says(), From: h.time(v, r.From), To: h.time(v, earlier(r.To, r.Made)), Tables: tables,
		Earlier: page(r.Period.Earlier(r.Made, r.Policy.Zone), form), Other: page(r.Period, map[bool]string{false: "tables"}[tables]),
		Wall: "/wall?brand=" + number(r.Brand), Tickets: r.Answers.Tickets, All: a.list("all"),
		Newest: newestSays(r.Newest, "tickets"), Recent: newestSays(r.NewestPhases, "phases"),
	}
	if next, more := r.Period.Later(r.Made, r.Policy.Zone); more {
		view.Later = page(next, form)
	}
	if r.Period != (desk.Period{}) {
		view.Rolling = page(desk.Period{}, form)
	}
	for _, b := range house.Brands {
		view.Brands = append(view.Brands, reports.Place{Label: b.Name, Current: b.ID == r.Brand, URL: "/reports?" + url.Values{"brand": {number(b.ID)}, "period": {r.Period.String()}, "view": {form}}.Encode()})
	}
	a.answers(&view)
	a.promises(&view)
	a.phases(&view)
	a.afterwards(&view)
	a.rated(&view)
	a.decisions(&view)
	h.months(v, a, &view)
	a.agents(&view, v.Person.ID, v.Actor.Role)
	if n := view.Tickets; n == 0 || n >= reports.Few {
		return view, nil
	}
	few, _, err := h.desk.ReportTickets(v.Context(), v.Actor, desk.ReportList{ReportOn: desk.ReportOn{Brand: r.Brand, Period: r.Period}, What: "all"})
	view.Rows = h.rows(v, few.Items)
	return view, err
}

// newestSays tells that a number is made of the newest only, "" when it is made of all.
func newestSays(n int, of string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("There are more: the newest %s %s are counted.", desk.Thousands(n), of)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// answerSteps name the parts of the distribution below their columns.
var answerSteps = [policy.AnswerSteps]string{"15 min", "1 h", "4 h", "1 day", "later", "not yet"}

func (a about) answers(view *reports.View) {
	sum := a.r.Answers
	view.Lead = reports.Lead{
		Value: inPercent(sum.Percent), Few: sum.Counted < reports.Few,
		Says:   fmt.Sprintf("of %s had an answer within %s", plural(sum.Counted, "ticket"), when.Span(a.r.Limit)),
		Median: when.Span(sum.Median), Most: when.Span(sum.Most),
	}
	for _, p := range a.r.Published {
		view.Lead.Published = append(view.Lead.Published, publishedSays(p, sum))
	}
	view.Steps = reports.Chart{Title: "First answer", CSV: a.csv("answers")}
	for i, n := range a.r.Steps {
		column := reports.Column{Label: desk.AnswerSteps[i], Short: answerSteps[i], Count: n, URL: a.list("answer:" + strconv.Itoa(i)), Look: look(i, a.r.Limit)}
		if sum.Tickets >= reports.Few {
			column.Share = inPercent((200*n + sum.Tickets) / (2 * sum.Tickets))
		}
		view.Steps.Columns = append(view.Steps.Columns, column)
	}
	limit := "Within " + when.Span(a.r.Limit)
	for _, g := range []struct {
		title, what string
		list        []desk.Group
	}{{"Kind", "kind:", a.r.ByKind}, {"Level", "level:", a.r.ByLevel}, {"Topic", "topic:", a.r.ByTopic}} {
		if len(g.list) == 0 {
			continue
		}
		group := reports.Groups{Title: g.title, Limit: limit}
		for _, one := range g.list {
			group.List = append(group.List, a.group(one, g.what))
		}
		view.Groups = append(view.Groups, group)
	}
}

// publishedSays is what the policy page says at this moment, and whether this report says the same.
func publishedSays(p desk.Published, here desk.Answers) string {
	says := p.Measured.Value + " " + p.Says
	if p.LookBack != "" {
		says += " (last " + p.LookBack + ", " + plural(p.Measured.Sample, "ticket") + ")"
	}
	if p.Measured.Value == inPercent(here.Percent) && p.Measured.Sample == here.Counted {
		return "The policy page says the same: " + says + "."
	}
	return "The policy page says " + says + "."
}

// look is how a step is drawn: whether it lies within the time that is published.
func look(step int, limit time.Duration) string {
	upTo := [...]time.Duration{policy.QuarterHour: 15 * time.Minute, policy.OneHour: time.Hour, policy.FourHours: 4 * time.Hour, policy.OneDay: 24 * time.Hour}
	switch {
	case step == policy.Unanswered:
		return "waiting"
	case step < len(upTo) && upTo[step] <= limit:
		return "within"
	}
	return "beyond"
}

func (a about) group(g desk.Group, what string) reports.Group {
	out := reports.Group{Label: g.Label, Count: g.Tickets, URL: a.list(what + g.ID), Few: g.Tickets < reports.Few, Median: span(g.Median), Most: span(g.Most)}
	if out.Within = inPercent(g.Percent); out.Few {
		out.Within = fmt.Sprintf("%d of %d", (g.Percent*g.Counted+50)/100, g.Counted)
	}
	return out
}

func span(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return when.Span(d)
}

func inPercent(percent int) string { return strconv.Itoa(percent) + " %" }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

var strengthSays = map[promise.Strength]string{promise.Promise: "Promised", promise.Aim: "Aimed at", promise.Usual: "Usual", promise.Unstated: "Not told to customers"}

// states are the ways a promise can stand, in the order of a bar.
var states = []struct {
	state promise.TargetState
	label string
}{{promise.Kept, "kept"}, {promise.Missed, "missed"}, {promise.Running, "running"}, {promise.Paused, "paused"}, {promise.Excluded, "left out"}}

func (a about) promises(view *reports.View) {
	view.TargetsCSV, view.Ledger = a.csv("targets"), a.csv("ledger")
	for _, t := range a.r.Targets {
		target := reports.Target{Label: a.r.Policy.TargetSays(t.Measure, t.Rule), Strength: strengthSays[t.Strength], Promise: t.Strength == promise.Promise}
		if percent, counted := t.Kept(); counted >= reports.Few {
			target.Share = inPercent(percent)
		}
		for _, s := range states {
			target.Parts = append(target.Parts, reports.Part{Look: string(s.state), Label: s.label, Count: t.Counts[s.state], URL: a.list(strings.Join([]string{"promise", t.Measure, t.Rule, string(s.state)}, ":"))})
		}
		view.Targets = append(view.Targets, target)
	}
}

func (a about) phases(view *reports.View) {
	view.PhasesCSV = a.csv("phases")
	longest := time.Minute
	for _, p := range a.r.Phases {
		longest = max(longest, p.Planned, p.Most)
	}
	at := func(d time.Duration) float64 { return 2 + 96*float64(d)/float64(longest) }
	for _, p := range a.r.Phases {
		phase := reports.Phase{Label: p.Label, Count: p.Tickets, Planned: span(p.Planned), Median: span(p.Median), Most: span(p.Most), Few: p.Tickets < reports.Few, PlannedAt: at(p.Planned), MedianAt: at(p.Median), MostAt: at(p.Most)}
		if p.Late > 0 {
			phase.Late = strconv.Itoa(p.Late) + " took longer."
		}
		view.Phases = append(view.Phases, phase)
	}
}

func (a about) afterwards(view *reports.View) {
	add := func(label, says, what string, n int64) {
		number := reports.Number{Label: label, Count: int(n), Says: says, URL: a.list(what)}
		if a.r.Answers.Tickets >= reports.Few {
			number.Share = inPercent((200*int(n) + a.r.Answers.Tickets) / (2 * a.r.Answers.Tickets))
		}
		view.After = append(view.After, number)
	}
	add("Opened again", "They were solved, and were not.", "reopened", a.r.Reopened)
	for _, g := range a.r.GivenUp {
		add("Closed without an answer", "Their customers never came back; tagged “"+g.Tag+"”.", "tag:"+g.Tag, g.Tickets)
	}
	add("Follow-ups", "They continue a closed ticket.", "follow-ups", a.r.FollowUps)
}

func (h *house) months(v *visit.Visit, a about, view *reports.View) {
	view.Months = reports.Chart{Title: "Month", CSV: a.csv("months")}
	for i, m := range a.r.Months {
		column := reports.Column{Label: m.Period.Says(), Short: m.Period.Says()[:3], Count: int(m.Tickets), URL: a.at("/reports/list", m.Period, "what", "all"), Look: "beyond"}
		if i == len(a.r.Months)-1 || m.Period == a.r.Period {
			column.Look = "within"
		}
		for i, version := range a.begun(m.From, i) {
			mark := strconv.Itoa(len(view.Versions) + 1)
			if i > 0 {
				first, _, _ := strings.Cut(column.Mark, "–")
				column.Mark = first + "–" + mark
			} else {
				column.Mark = mark
			}
			view.Versions = append(view.Versions, reports.Version{Mark: mark, Name: version.Version, At: h.time(v, version.Effective), URL: "/policy/versions/" + number(version.ID)})
		}
		view.Months.Columns = append(view.Months.Columns, column)
	}
}

// begun are the policy versions that began to hold in a month, the oldest first.
func (a about) begun(from time.Time, month int) (all []store.PolicyVersion) {
	until := a.r.Made
	if month+1 < len(a.r.Months) {
		until = a.r.Months[month+1].From
	}
	for _, version := range slices.Backward(a.r.Versions) {
		if !version.Effective.Before(from) && version.Effective.Before(until) {
			all = append(all, version)
		}
	}
	return all
}

func (a about) agents(view *reports.View, reader int64, role access.Role) {
	view.AgentsCSV, view.Alone = a.csv("agents"), role != access.Admin
	for _, one := range a.r.Agents {
		view.Agents = append(view.Agents, reports.Number{Label: one.Person.Display(), Count: int(one.Tickets), URL: a.list("agent:" + number(one.Person.ID))})
	}
}

// reportList shows the tickets behind one number.
func (h *house) reportList(v *visit.Visit) error {
	on, _, err := h.reportOn(v)
	if err != nil {
		return err
	}
	page, r, err := h.desk.ReportTickets(v.Context(), v.Actor, desk.ReportList{ReportOn: on, What: v.Query("what"), After: v.Query("after")})
	if err != nil {
		return err
	}
	view := reports.List{Title: h.numberSays(v, r, v.Query("what")), Says: r.Period.Says() + ", the newest first", Back: about{r}.at("/reports", r.Period), Rows: h.rows(v, page.Items), Pager: pager(v, page.Next)}
	return h.show(v, reports.ListPage(view))
}

// numberSays names a number as its list is headed.
func (h *house) numberSays(v *visit.Visit, r desk.Report, what string) string {
	name, rest, _ := strings.Cut(what, ":")
	switch name {
	case "answer":
		step, _ := strconv.Atoi(rest)
		return "First answer: " + strings.ToLower(desk.AnswerSteps[step])
	case "kind":
		return r.Policy.KindLabel(rest)
	case "level":
		return r.Policy.LevelLabel(rest)
	case "topic":
		return r.Policy.TopicLabel(rest)
	case "tag":
		return "Tagged “" + rest + "”"
	case "reopened":
		return "Opened again"
	case "follow-ups":
		return "Follow-ups"
	case "scope":
		return decidedTitle(r.Policy, rest)
	case "rating":
		return ratedTitle(rest, func(id string) string { return h.agentSays(v, id) })
	case "agent":
		return "Answered first by " + h.agentSays(v, rest)
	case "promise":
		parts := strings.Split(rest, ":")
		return r.Policy.TargetSays(parts[0], parts[1]) + ": " + stateSays(parts[2])
	}
	return "All tickets"
}

// agentSays names somebody the reader may read numbers of: themselves, or anybody for an administrator.
func (h *house) agentSays(v *visit.Visit, id string) string {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && (n == v.Person.ID || v.Actor.Role == access.Admin) {
		if person, err := h.desk.Person(v.Context(), v.Actor, n); err == nil {
			return person.Display()
		}
	}
	return "somebody else"
}

func stateSays(state string) string {
	for _, s := range states {
		if string(s.state) == state {
			return s.label
		}
	}
	return state
}

// exports are the tables of a report, by their name in the address.
var exports = map[string]func(desk.Report) (head []string, rows [][]string){
	"answers": answerTable,
	"targets": targetTable,
	"phases":  phaseTable,
	"months":  monthTable,
	"agents":  agentTable,
	"ratings": ratingTable,
	"scope":   scopeTable,
}

// reportExport hands out a table of the report for a spreadsheet.
func (h *house) reportExport(v *visit.Visit) error {
	on, _, err := h.reportOn(v)
	if err != nil {
		return err
	}
	what := v.Query("what")
	r, err := h.desk.Report(v.Context(), v.Actor, on)
	if err != nil {
		return err
	}
	if what == "ledger" {
		return h.exportLedger(v, r, on)
	}
	table, known := exports[what]
	if !known {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	head, rows := table(r)
	if note := map[string]string{"answers": newestSays(r.Newest, "tickets"), "phases": newestSays(r.NewestPhases, "phases")}[what]; note != "" {
		rows = append(rows, noteRow(note, head))
	}
	return asSheet(v, what+"-"+r.Period.String(), head, rows)
}

// asSheet answers with a table as a file.
func asSheet(v *visit.Visit, name string, head []string, rows [][]string) error {
	var body bytes.Buffer
	if err := sheet.Write(&body, head, rows); err != nil {
		return err
	}
	header := v.Writer.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	header.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	_, err := body.WriteTo(v.Writer)
	return err
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Minute).Minutes())) }

func answerTable(r desk.Report) ([]string, [][]string) {
	var rows [][]string
	for i, n := range r.Steps {
		rows = append(rows, []string{"first answer", desk.AnswerSteps[i], strconv.Itoa(n), "", "", "", ""})
	}
	row := func(by, label string, a desk.Answers) {
		rows = append(rows, []string{by, label, strconv.Itoa(a.Tickets), strconv.Itoa(a.Percent), strconv.Itoa(a.Counted), minutes(a.Median), minutes(a.Most)})
	}
	row("all", "", r.Answers)
	for _, g := range r.ByKind {
		row("kind", g.Label, g.Answers)
	}
	for _, g := range r.ByLevel {
		row("level", g.Label, g.Answers)
	}
	for _, g := range r.ByTopic {
		row("topic", g.Label, g.Answers)
	}
	return []string{"by", "name", "tickets", "percent within " + when.Span(r.Limit), "counted", "median minutes", "90 % minutes"}, rows
}

func targetTable(r desk.Report) (head []string, rows [][]string) {
	head = []string{"target", "measure", "strength"}
	for _, s := range states {
		head = append(head, s.label)
	}
	for _, t := range r.Targets {
		row := []string{t.Rule, t.Measure, string(t.Strength)}
		for _, s := range states {
			row = append(row, strconv.Itoa(t.Counts[s.state]))
		}
		rows = append(rows, row)
	}
	return head, rows
}

func phaseTable(r desk.Report) ([]string, [][]string) {
	var rows [][]string
	for _, p := range r.Phases {
		rows = append(rows, []string{p.Label, strconv.Itoa(p.Tickets), minutes(p.Planned), minutes(p.Median), minutes(p.Most), strconv.Itoa(p.Late)})
	}
	return []string{"phase", "tickets", "planned minutes", "median minutes", "90 % minutes", "longer than usual"}, rows
}

func monthTable(r desk.Report) ([]string, [][]string) {
	var rows [][]string
	for _, m := range r.Months {
		rows = append(rows, []string{m.Period.String(), strconv.FormatInt(m.Tickets, 10)})
	}
	return []string{"month", "tickets"}, rows
}

func agentTable(r desk.Report) ([]string, [][]string) {
	var rows [][]string
	for _, one := range r.Agents {
		rows = append(rows, []string{one.Person.Display(), strconv.FormatInt(one.Tickets, 10)})
	}
	return []string{"answered first by", "tickets"}, rows
}

// exportLedger hands out every promise of the period as a line.
func (h *house) exportLedger(v *visit.Visit, r desk.Report, on desk.ReportOn) error {
	lines, more, err := h.desk.Ledger(v.Context(), v.Actor, on)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, l := range lines {
		rows = append(rows, []string{number(l.Ticket), l.Measure, l.Rule, string(l.Strength), number(l.Policy), stamp(l.At), stamp(l.Due), stamp(l.Done), string(l.State), l.Why})
	}
	head := []string{"ticket", "measure", "rule", "strength", "policy version", "given", "due", "done", "state", "why"}
	if more {
		rows = append(rows, noteRow(fmt.Sprintf("There are more: these are the newest %s lines.", desk.Thousands(len(lines))), head))
	}
	return asSheet(v, "ledger-"+r.Period.String(), head, rows)
}

// noteRow is a line of a table that holds a sentence, as wide as the others.
func noteRow(says string, head []string) []string {
	row := make([]string, len(head))
	row[0] = says
	return row
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
