package web

import (
	"fmt"
	"strconv"
	"strings"

	"hark/desk"
	"hark/policy"
	"hark/web/reports"
)

// reaches are how far support goes, in the order of a bar.
var reaches = []struct {
	reach policy.Reach
	label string
}{{policy.InScope, "inside"}, {policy.PartlyInScope, "in part"}, {policy.OutOfScope, "outside"}}

// decisions fills in where support ended, when anybody decided so.
func (a about) decisions(view *reports.View) {
	d := a.r.Decisions
	if d.Decided() == 0 {
		return
	}
	out := &reports.Decided{CSV: a.csv("scope"), Says: fmt.Sprintf("%s decided on, %d of them declined or helped in part.", plural(int(d.Decided()), "ticket"), d.Decided()-d.Reach[policy.InScope])}
	for _, r := range reaches {
		out.Parts = append(out.Parts, reports.Part{Look: string(r.reach), Label: r.label, Count: int(d.Reach[r.reach]), URL: a.list("scope:" + string(r.reach))})
	}
	for _, c := range d.Clauses {
		out.Clauses = append(out.Clauses, reports.Clause{Label: c.Label, Says: c.Says, Reach: reachLabel(c.Reach),
			Tickets: reports.Part{Label: "tickets under " + c.Label, Count: int(c.Tickets), URL: a.list("scope:" + c.ID)}})
	}
	out.Months = a.declinedMonths()
	view.Decided = out
}

func reachLabel(reach policy.Reach) string {
	for _, r := range reaches {
		if r.reach == reach {
			return sentenceCase(r.label)
		}
	}
	return ""
}

func (a about) declinedMonths() reports.Chart {
	chart := reports.Chart{Title: "Declined, or helped in part, by month"}
	for i, m := range a.r.Decisions.Months {
		column := reports.Column{Label: m.Period.Says(), Short: m.Period.Says()[:3], Count: int(m.Declined), URL: a.at("/reports/list", m.Period, "what", "scope:declined"), Look: "beyond"}
		if i == len(a.r.Decisions.Months)-1 || m.Period == a.r.Period {
			column.Look = "within"
		}
		chart.Columns = append(chart.Columns, column)
	}
	return chart
}

// decidedTitle heads the list behind one of these numbers.
func decidedTitle(p *policy.Policy, which string) string {
	for _, c := range p.Clauses() {
		if c.ID == which {
			return c.Label
		}
	}
	if title := map[string]string{"decided": "Decided whether we support it", "declined": "Declined, or helped in part"}[which]; title != "" {
		return title
	}
	if says := reachSays[policy.Reach(which)]; says != "" {
		return says
	}
	_, name, _ := strings.Cut(which, ".")
	return name
}

func scopeTable(r desk.Report) (head []string, rows [][]string) {
	for _, c := range r.Decisions.Clauses {
		rows = append(rows, []string{"clause", c.ID, string(c.Reach), c.Says, strconv.FormatInt(c.Tickets, 10)})
	}
	for _, one := range reaches {
		rows = append(rows, []string{"all", r.Period.Says(), string(one.reach), "", strconv.FormatInt(r.Decisions.Reach[one.reach], 10)})
	}
	for _, m := range r.Decisions.Months {
		rows = append(rows, []string{"month", m.Period.String(), "declined", "", strconv.FormatInt(m.Declined, 10)}, []string{"month", m.Period.String(), "decided", "", strconv.FormatInt(m.Decided, 10)})
	}
	return []string{"by", "name", "reach", "says", "tickets"}, rows
}
