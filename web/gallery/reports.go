package gallery

import (
	"strconv"

	"hark/web/reports"
	"hark/web/shared"
	"hark/web/wall"
)

func reportView() reports.View {
	list := func(what string) string { return "/reports/list?brand=1&period=90d&what=" + what }
	v := reports.View{
		Mailed: &reports.Mailed{Brand: "1", Email: "ana@harbourfield.example", Zone: "Europe/London", Says: "Every Monday at 08:00.", Days: []shared.Option{{Value: "1", Label: "Monday", Chosen: true}, {Value: "2", Label: "Tuesday"}}, Hours: []shared.Option{{Value: "8", Label: "08:00", Chosen: true}, {Value: "9", Label: "09:00"}}},
		Title:  "Last 90 days", From: at("", "Sat 22 Aug 2026, 09:31 EDT", "2026-08-22T09:31:00-04:00"), To: at("", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"),
		Earlier: "/reports?period=2026-11", Other: "/reports?view=tables", Wall: "/wall", Tickets: 1312, All: list("all"),
		Brands: []reports.Place{{Label: "Harbour & Field", URL: "/reports?brand=1", Current: true}, {Label: "Cork Cycles", URL: "/reports?brand=2"}},
		Lead:   reports.Lead{Value: "59 %", Says: "of 1309 tickets had an answer within 1 h", Published: []string{"The policy page says the same: 59 % of tickets get an answer within one hour (last 90 days, 1309 tickets)."}, Median: "48 min", Most: "21 h 40 min"},
		Steps:  reports.Chart{Title: "First answer", CSV: "/reports/export?what=answers"}, TargetsCSV: "/reports/export?what=targets", Ledger: "/reports/export?what=ledger", PhasesCSV: "/reports/export?what=phases", AgentsCSV: "/reports/export?what=agents",
		Months: reports.Chart{Title: "Month", CSV: "/reports/export?what=months"},
	}
	for i, c := range []reports.Column{
		{Label: "Within 15 minutes", Short: "15 min", Count: 268, Share: "20 %", Look: "within"}, {Label: "Within 1 hour", Short: "1 h", Count: 504, Share: "38 %", Look: "within"},
		{Label: "Within 4 hours", Short: "4 h", Count: 170, Share: "13 %", Look: "beyond"}, {Label: "Within 1 business day", Short: "1 day", Count: 281, Share: "21 %", Look: "beyond"},
		{Label: "Later", Short: "later", Count: 83, Share: "6 %", Look: "beyond"}, {Label: "Not yet", Short: "not yet", Count: 6, Share: "0 %", Look: "waiting"},
	} {
		c.URL = list("answer:" + strconv.Itoa(i))
		v.Steps.Columns = append(v.Steps.Columns, c)
	}
	v.Groups = []reports.Groups{{Title: "Kind", Limit: "Within 1 h", List: []reports.Group{
		{Label: "Question", Count: 871, URL: list("kind:question"), Within: "78 %", Median: "31 min", Most: "3 h 12 min"},
		{Label: "Work request", Count: 428, URL: list("kind:work"), Within: "22 %", Median: "19 h 4 min", Most: "2 days"},
		{Label: "Message about a running project", Count: 13, URL: list("kind:project"), Within: "4 of 13", Few: true, Median: "2 h 5 min", Most: "26 h"}}}}
	part := func(look, label string, n int) reports.Part {
		return reports.Part{Look: look, Label: label, Count: n, URL: list("promise:x:" + look)}
	}
	v.Targets = []reports.Target{
		{Label: "Answer within 1 business day", Strength: "Promised", Promise: true, Share: "96 %", Parts: []reports.Part{part("kept", "kept", 1240), part("missed", "missed", 52), part("running", "running", 14), part("paused", "paused", 2), part("excluded", "left out", 4)}},
		{Label: "Update within 3 business days", Strength: "Aimed at", Share: "81 %", Parts: []reports.Part{part("kept", "kept", 204), part("missed", "missed", 47), part("running", "running", 31), part("paused", "paused", 0), part("excluded", "left out", 118)}}}
	v.Phases = []reports.Phase{
		{Label: "Bugs: Ticket received", Count: 88, Planned: "3 days", Median: "1 day", Most: "3 days", PlannedAt: 30, MedianAt: 12, MostAt: 29},
		{Label: "Bugs: Under review by support", Count: 61, Planned: "14 days", Median: "8 days", Most: "17 days", Late: "9 took longer.", PlannedAt: 80, MedianAt: 46, MostAt: 98},
		{Label: "Bugs: Bug identified", Count: 7, Planned: "14 days", Median: "5 days", Most: "11 days", Few: true, PlannedAt: 80, MedianAt: 29, MostAt: 64}}
	v.After = []reports.Number{{Label: "Opened again", Count: 71, Share: "5 %", URL: list("reopened"), Says: "They were solved, and were not."}, {Label: "Closed without an answer", Count: 38, Share: "3 %", URL: list("tag:No Response"), Says: "Their customers never came back; tagged “No Response”."}, {Label: "Follow-ups", Count: 0, URL: list("follow-ups"), Says: "They continue a closed ticket."}}
	for i, n := range []int{388, 402, 361, 415, 440, 431, 470, 466, 392, 418, 455, 447, 410} {
		c := reports.Column{Label: monthNames[i] + " 2026", Short: monthNames[i][:3], Count: n, Look: "beyond", URL: list("all")}
		if i == 12 {
			c.Look, c.Mark = "within", "1–2"
		}
		v.Months.Columns = append(v.Months.Columns, c)
	}
	v.Versions = []reports.Version{{Mark: "1", Name: "2026-11-01", At: at("", "Sun 1 Nov 2026, 00:00 EDT", "2026-11-01T00:00:00-04:00"), URL: "/policy/versions/1"}, {Mark: "2", Name: "2026-11-16", At: at("", "Mon 16 Nov 2026, 09:00 EST", "2026-11-16T09:00:00-05:00"), URL: "/policy/versions/2"}}
	v.Agents = []reports.Number{{Label: "Ana Ruiz", Count: 520, URL: list("agent:1")}, {Label: "Ben Adler", Count: 431, URL: list("agent:2")}, {Label: "Cem Yıldız", Count: 355, URL: list("agent:3")}}
	v.Rated, v.Decided = ratedView(list), decidedView(list)
	return v
}

// ratedView is a quarter of ratings, of which nearly all are good.
func ratedView(list func(string) string) *reports.Rated {
	part := func(look, label string, n int, of string) reports.Part {
		return reports.Part{Look: look, Label: label, Count: n, URL: list("rating:" + look + of)}
	}
	r := &reports.Rated{
		Good: "93 %", Says: "of 482 ratings are good", Response: "482 of 1190 who were asked have answered, 41 %.", CSV: "/reports/export?what=ratings", Read: "/feedback?show=all",
		Parts: []reports.Part{part("good", "good", 448, ""), part("fair", "fair", 11, ""), part("bad", "bad", 23, ""), part("unanswered", "not answered", 708, "")},
	}
	for i, n := range []int{121, 130, 118, 142, 139, 151, 160, 148, 133, 144, 150, 156, 142} {
		c := reports.Column{Label: monthNames[i] + " 2026", Short: monthNames[i][:3], Count: n, Share: "93 %", Look: "beyond", URL: list("rating:good")}
		if i == 12 {
			c.Look = "within"
		}
		r.Months.Columns = append(r.Months.Columns, c)
	}
	r.Months.Title = "Good ratings by month"
	for _, a := range []struct {
		name              string
		asked, good, fair int
	}{{"Ana Ruiz", 480, 190, 3}, {"Ben Adler", 401, 140, 8}, {"Cem Yıldız", 309, 118, 0}} {
		r.Agents = append(r.Agents, reports.RatedAgent{Label: a.name, Asked: part("asked", "asked", a.asked, ":1"), Parts: []reports.Part{part("good", "good", a.good, ":1"), part("fair", "fair", a.fair, ":1"), part("bad", "bad", 7, ":1")}})
	}
	return r
}

// decidedView is a quarter in which support ended thirty-one times, mostly at another system.
func decidedView(list func(string) string) *reports.Decided {
	part := func(look, label string, n int) reports.Part {
		return reports.Part{Look: look, Label: label, Count: n, URL: list("scope:" + look)}
	}
	clause := func(id, label, says, reach string, n int) reports.Clause {
		return reports.Clause{Label: label, Says: says, Reach: reach, Tickets: reports.Part{Label: "tickets under " + label, Count: n, URL: list("scope:" + id)}}
	}
	d := &reports.Decided{Says: "118 tickets decided on, 31 of them declined or helped in part.", CSV: "/reports/export?what=scope",
		Parts: []reports.Part{part("inside", "inside", 87), part("partly", "in part", 19), part("outside", "outside", 12)},
		Clauses: []reports.Clause{
			clause("covers.configuration", "Configuration", "Adjusting it to what you need.", "Inside", 61),
			clause("covers.integration", "Integration", "Connecting it with other systems.", "Inside", 26),
			clause("limits.other-systems", "Other systems", "Where another system is the cause, we help to find that out or to rule our product out, and stop there.", "In part", 19),
			clause("limits.our-products", "Our products", "Support, on the phone too, is for using our own products and for problems in them.", "Outside", 12),
		}}
	for i, n := range []int{9, 11, 7, 8, 12, 10, 13, 9, 7, 11, 12, 10, 9} {
		c := reports.Column{Label: monthNames[i] + " 2026", Short: monthNames[i][:3], Count: n, Look: "beyond", URL: list("scope:declined")}
		if i == 12 {
			c.Look = "within"
		}
		d.Months.Columns = append(d.Months.Columns, c)
	}
	d.Months.Title = "Declined, or helped in part, by month"
	return d
}

var monthNames = []string{"November", "December", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"}

func reportTables() reports.View {
	v := reportView()
	v.Tables = true
	return v
}

// fewTickets is a first week: seventeen tickets, shown themselves.
func fewTickets() reports.View {
	v := reportView()
	v.Title, v.Tickets, v.Rows, v.Phases, v.Alone = "November 2026", 17, rows(), nil, true
	v.Later, v.Rolling = "/reports", "/reports"
	v.Lead.Few, v.Lead.Says, v.Lead.Published = true, "of 17 tickets had an answer within 1 h", []string{"The policy page says the same: 59 % of tickets get an answer within one hour (last 90 days, 17 tickets)."}
	v.Agents = v.Agents[:1]
	v.Rated.Few, v.Rated.Good, v.Rated.Says, v.Rated.Response, v.Rated.Agents = true, "5 of 6", "ratings are good", "6 of 14 who were asked have answered.", v.Rated.Agents[:1]
	for i := range v.Targets {
		v.Targets[i].Share = ""
	}
	return v
}

func noTickets() reports.View {
	v := reportView()
	return reports.View{Title: "August 2025", From: v.From, To: v.To, Earlier: v.Earlier, Later: v.Earlier, Rolling: v.Earlier, Other: v.Other, Wall: v.Wall, Months: v.Months}
}

func behindANumber() reports.List {
	return reports.List{Title: "Answer within 1 business day: missed", Says: "Last 90 days, the newest first", Back: "/reports", Rows: rows(), Pager: shared.Pager{Older: "/reports/list?after=1"}}
}

func wallView() wall.View {
	state := func(id, category, label string, n int) wall.Number {
		return wall.Number{Label: label, Count: n, Mark: &shared.Status{ID: id, Category: category, Label: label}}
	}
	return wall.View{Brand: "Harbour & Field", Clock: "09:31 EST", Open: "Open until 17:00 EST", Reports: "/reports", Here: "Ana, Ben and Cem",
		Broken: wall.Number{Count: 2, Note: "The oldest was due yesterday 16:30."}, Late: wall.Number{Count: 4, Note: "4 usual times passed as well; nobody was promised those."},
		States:   []wall.Number{state("new", "new", "New", 9), state("open", "open", "Open", 23), state("pending", "pending", "Waiting for you", 31), state("hold", "hold", "On hold", 4)},
		Soon:     []wall.Number{{Label: "1 hour", Count: 3, Note: "1 promise"}, {Label: "2 hours", Count: 5, Note: "2 promises"}, {Label: "4 hours", Count: 11, Note: "6 promises"}},
		Forecast: "About 4 of the 11 answers we owe will be late.",
		Oldest:   &wall.Oldest{Number: "4781", URL: "/tickets/4781", Since: at("", "Wed 18 Nov 2026, 16:12 EST", "2026-11-18T16:12:00-05:00"), Waits: "41 h 19 min"}}
}

// calmWall has nothing on it that anybody has to do.
func calmWall() wall.View {
	v := wallView()
	v.Broken, v.Late, v.Forecast, v.Oldest, v.Here = wall.Number{Note: "Every promise holds."}, wall.Number{}, "None of the 11 answers we owe should be late.", nil, ""
	return v
}
