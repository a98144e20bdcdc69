package web

import (
	"fmt"
	"strconv"
	"strings"

	"hark/desk"
	"hark/store"
	"hark/web/reports"
)

// ratedParts are those who were asked, by what came of it, in the order of a bar.
var ratedParts = []struct {
	name, label string
	of          func(store.Rated) int64
}{
	{"good", "good", func(r store.Rated) int64 { return r.Good }},
	{"fair", "fair", func(r store.Rated) int64 { return r.Fair }},
	{"bad", "bad", func(r store.Rated) int64 { return r.Bad }},
	{"unanswered", "not answered", func(r store.Rated) int64 { return r.Asked - r.Answered() }},
}

// rated fills in what customers said, when anybody was asked.
func (a about) rated(view *reports.View) {
	r := a.r.Rated
	if r.Asked == 0 {
		return
	}
	few := r.Answered() < reports.Few
	out := &reports.Rated{
		Good: shareSays(r.Good, r.Answered()), Few: few, Says: "of " + plural(int(r.Answered()), "rating") + " are good", CSV: a.csv("ratings"), Read: "/feedback?show=all",
		Response: fmt.Sprintf("%d of %d who were asked have answered, %s.", r.Answered(), r.Asked, inPercent(percentOf(r.Answered(), r.Asked))),
	}
	if few {
		out.Says, out.Response = "ratings are good", fmt.Sprintf("%d of %d who were asked have answered.", r.Answered(), r.Asked)
	}
	for _, p := range ratedParts {
		out.Parts = append(out.Parts, a.ratedPart(p.name, p.label, "", p.of(r.Rated)))
	}
	out.Months = a.ratedMonths()
	for _, one := range r.Agents {
		out.Agents = append(out.Agents, a.ratedAgent(one))
	}
	view.Rated = out
}

func (a about) ratedPart(name, label, agent string, n int64) reports.Part {
	return reports.Part{Look: name, Label: label, Count: int(n), URL: a.list("rating:" + name + agent)}
}

func (a about) ratedMonths() reports.Chart {
	chart := reports.Chart{Title: "Good ratings by month"}
	for i, m := range a.r.Rated.Months {
		column := reports.Column{Label: m.Period.Says(), Short: m.Period.Says()[:3], Count: int(m.Good), URL: a.at("/reports/list", m.Period, "what", "rating:good"), Look: "beyond"}
		if i == len(a.r.Rated.Months)-1 || m.Period == a.r.Period {
			column.Look = "within"
		}
		column.Share = shareSays(m.Good, m.Answered())
		chart.Columns = append(chart.Columns, column)
	}
	return chart
}

func (a about) ratedAgent(one desk.RatedAgent) reports.RatedAgent {
	of := ":" + number(one.Person.ID)
	out := reports.RatedAgent{Label: one.Person.Display(), Asked: a.ratedPart("asked", "asked", of, one.Asked)}
	for _, p := range ratedParts[:3] {
		out.Parts = append(out.Parts, a.ratedPart(p.name, p.label, of, p.of(one.Rated)))
	}
	return out
}

// shareSays is a share where there are enough to have one, else the two numbers.
func shareSays(n, of int64) string {
	switch {
	case of == 0:
		return "None"
	case of < reports.Few:
		return fmt.Sprintf("%d of %d", n, of)
	}
	return inPercent(percentOf(n, of))
}

func percentOf(n, of int64) int { return int((200*n + of) / (2 * of)) }

// ratedTitle heads the list behind one of these numbers.
func ratedTitle(rest string, who func(string) string) string {
	part, agent, of := strings.Cut(rest, ":")
	title := map[string]string{"asked": "Asked how it went", "answered": "Rated", "unanswered": "Asked, and not answered", "good": "Rated good", "fair": "Rated fair", "bad": "Rated bad"}[part]
	if of {
		title += ", tickets of " + who(agent)
	}
	return title
}

func ratingTable(r desk.Report) (head []string, rows [][]string) {
	line := func(by, name string, c store.Rated) {
		row := []string{by, name}
		for _, n := range []int64{c.Asked, c.Answered(), c.Good, c.Fair, c.Bad} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		rows = append(rows, row)
	}
	line("all", r.Period.Says(), r.Rated.Rated)
	for _, m := range r.Rated.Months {
		line("month", m.Period.String(), m.Rated)
	}
	for _, one := range r.Rated.Agents {
		line("agent", one.Person.Display(), one.Rated)
	}
	return []string{"by", "name", "asked", "answered", "good", "fair", "bad"}, rows
}
