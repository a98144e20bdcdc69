package gallery

import (
	"github.com/a-h/templ"

	"hark/web/call"
	"hark/web/hours"
	"hark/web/shared"
)

func hoursSamples() []Sample {
	return []Sample{
		{Name: "hours", Title: "When one can have calls", Page: hours.Page(ownHours())},
		{Name: "hours-wrong", Title: "Hours that cannot be read", Page: hours.Page(mistypedHours())},
		{Name: "hours-company", Title: "Hours, none of one's own", Page: hours.Page(companyHours())},
		{Name: "hours-other", Title: "A colleague's hours, for an administrator", Page: hours.Page(othersHours())},
		{Name: "rota", Title: "The team's week", Page: hours.WeekPage(teamWeek())},
		{Name: "rota-off", Title: "The team's week without calls", Page: hours.WeekPage(hours.Week{Name: "16 to 22 November 2026", Next: "/calls/week?week=2026-11-23", Off: true})},
	}
}

func dayFieldsOf(days ...string) (all []shared.Field) {
	for i, name := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		all = append(all, shared.Field{Name: "days", ID: "hours-" + []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}[i], Label: name, Value: days[i], Optional: true, Dir: "ltr"})
	}
	return all
}

func ownHours() hours.View {
	return hours.View{
		Base: "/me/hours", Company: []string{"Calls are taken Monday to Friday 08:00-17:00, on the clock of New York."},
		Whoses: []shared.Option{{Value: "company", Label: "Those of the company"}, {Value: "own", Label: "Those below", Chosen: true}},
		Days:   dayFieldsOf("09:00-12:00, 13:30-17:00", "09:00-12:00", "09:00-12:00, 13:30-17:00", "09:00-12:00, 13:30-17:00", "09:00-13:00", "", ""),
		Zone:   shared.Field{Name: "zone", Label: "Time zone", Hint: "On whose clock these hours and days are meant. Empty is that of the account, New York.", Value: "Europe/Lisbon", Optional: true, Dir: "ltr", Options: []shared.Option{{Value: "Europe/Lisbon"}}},
		Dates:  []hours.Date{{Day: "Tue 24 Nov", Value: "2026-11-24", Says: "10:00-11:30", Why: "School play"}, {Day: "Fri 27 Nov", Value: "2026-11-27", Says: "No calls"}},
		Away: []hours.Absence{
			{ID: "4", Days: "Wed 18 to Thu 19 Nov", Note: "At the donor forum", StandIn: "Ana Ruiz", Now: true},
			{ID: "7", Days: "Wed 23 Dec to Fri 1 Jan"},
		},
		StandIns: []shared.Option{{Value: "0", Label: "Nobody"}, {Value: "1", Label: "Ana Ruiz"}, {Value: "3", Label: "Cem Yıldız"}},
		Diaries: []hours.Diary{
			{ID: "1", Name: "Home", Host: "calendar.example", Read: at("4 min ago", "Wed 18 Nov 2026, 10:08 EST", "2026-11-18T10:08:00-05:00"), Unread: "1 entry could not be understood and is left out: The time zone Nowhere/Else is described nowhere."},
			{ID: "2", Name: "Choir", Host: "choir.example", Read: at("2 d ago", "Mon 16 Nov 2026, 09:00 EST", "2026-11-16T09:00:00-05:00"), Trouble: "choir.example has no calendar at this address any more; enter its new one."},
			{ID: "3", Name: "club.example", Host: "club.example", Never: true},
		},
		Outside: []hours.Outside{{When: "Thu 19 Nov 2026, 11:00 EST", Customer: "Dana Reyes", URL: "/tickets/61/call", Why: "away Wed 18 to Thu 19 Nov"}},
		Feed:    "Mon 2 Nov 2026, 09:00 EST",
	}
}

func mistypedHours() hours.View {
	v := ownHours()
	v.Outside = nil
	v.Days[1].Value, v.Days[1].Error = "12-9", "“12:00-09:00” ends before it begins."
	v.Absence = hours.Form{Values: map[string]string{"from": "2026-11-20", "to": "2026-11-18"}, Wrong: map[string]string{"from": "The last day you are away comes before the first."}}
	v.Errors = []shared.FormError{{Field: "hours-tue", Says: v.Days[1].Error}, {Field: "from", Says: v.Absence.Wrong["from"]}}
	return v
}

func companyHours() hours.View {
	v := ownHours()
	v.Whoses[0].Chosen, v.Whoses[1].Chosen = true, false
	v.Days, v.Dates, v.Away, v.Diaries, v.Outside, v.Feed, v.Zone.Value = dayFieldsOf("", "", "", "", "", "", ""), nil, nil, nil, nil, "", ""
	return v
}

func othersHours() hours.View {
	v := ownHours()
	v.Base, v.Whose, v.Diaries, v.Feed = "/admin/people/2/hours", "Ben Adler", nil, ""
	return v
}

func teamWeek() hours.Week {
	day := func(name, long string) hours.Day { return hours.Day{Name: name, Long: long} }
	w := hours.Week{Name: "23 to 29 November 2026", Before: "/calls/week?week=2026-11-16", Now: "/calls/week?week=2026-11-16", Next: "/calls/week?week=2026-11-30", Zone: "New York", Own: true, More: "/calls/week?week=2026-11-23&after=30",
		Days: []hours.Day{day("Mon 23", "Monday 23 November"), day("Tue 24", "Tuesday 24 November"), day("Wed 25", "Wednesday 25 November"), {Name: "Thu 26", Long: "Thursday 26 November", Closed: "Thanksgiving Day"}, day("Fri 27", "Friday 27 November")}}
	w.Days[0].Today = true
	closed := hours.Cell{Day: "Thu 26 Nov", None: "Closed"}
	whole := func(name string) hours.Cell {
		return hours.Cell{Day: name, Says: []string{"08:00 to 17:00"}, Bar: []hours.Bar{{X: 0, Width: 960, Kind: "can"}}}
	}
	morning := func(name string) hours.Cell {
		return hours.Cell{Day: name, Says: []string{"09:00 to 12:00"}, Bar: []hours.Bar{{X: 107, Width: 320, Kind: "can"}}}
	}
	away := hours.Cell{Day: "Wed 25 Nov", Away: "Away, Cem stands in", Note: "At the donor forum", None: "No calls"}
	booked := whole("Tue 24 Nov")
	booked.Calls = []hours.Call{{Time: "10:00", Customer: "Dana Reyes", URL: "/tickets/61/call"}, {Time: "15:00", Customer: long.Name, URL: "/tickets/63/call"}}
	booked.Bar = append(booked.Bar, hours.Bar{X: 213, Width: 53, Kind: "call"}, hours.Bar{X: 747, Width: 53, Kind: "call"})
	busy := hours.Cell{Day: "Tue 24 Nov", Says: []string{"08:00 to 12:00", "13:00 to 14:00", "15:00 to 17:00"}, Calls: []hours.Call{{Time: "09:00", Customer: leila.Name, URL: "/tickets/64/call"}},
		Bar: []hours.Bar{{X: 0, Width: 427, Kind: "can"}, {X: 533, Width: 107, Kind: "can"}, {X: 747, Width: 213, Kind: "can"}, {X: 640, Width: 107, Kind: "busy"}, {X: 107, Width: 53, Kind: "call"}}}
	w.Lines = []hours.Line{
		{Name: ana.Name, URL: "/me/hours", Cells: []hours.Cell{whole("Mon 23 Nov"), booked, away, closed, whole("Fri 27 Nov")}},
		{Name: ben.Name, URL: "/admin/people/2/hours", Clock: "12:00 is 17:00 in Lisbon", Cells: []hours.Cell{morning("Mon 23 Nov"), morning("Tue 24 Nov"), morning("Wed 25 Nov"), closed, {Day: "Fri 27 Nov", None: "No calls"}}},
		{Name: cem.Name, Cells: []hours.Cell{whole("Mon 23 Nov"), busy, whole("Wed 25 Nov"), closed, whole("Fri 27 Nov")}},
		{Name: long.Name, Cells: []hours.Cell{{Day: "Mon 23 Nov", None: "No calls"}, whole("Tue 24 Nov"), whole("Wed 25 Nov"), closed, whole("Fri 27 Nov")}},
	}
	return w
}

// hostileHours are the pages of hours with one text wherever somebody can write one.
func hostileHours(text string) map[string]templ.Component {
	v := companyHours()
	v.Whose = text
	v.Dates, v.Away = []hours.Date{{Day: text, Says: text, Why: text}}, []hours.Absence{{ID: "1", Days: text, Note: text, StandIn: text}}
	v.Date, v.Absence = hours.Form{Values: map[string]string{"why": text, "hours": text}}, hours.Form{Values: map[string]string{"note": text}}
	v.Outside, v.Days[0].Value, v.Zone.Value = []hours.Outside{{When: text, Customer: text, URL: "/tickets/1/call", Why: text}}, text, text
	own := companyHours()
	own.Diaries, own.Diary = []hours.Diary{{ID: "1", Name: text, Host: text, Trouble: text, Unread: text}}, hours.Form{Values: map[string]string{"name": text}}
	return map[string]templ.Component{
		"hours": hours.Page(v), "diaries": hours.Page(own), "troubled": call.ListPage(call.List{Troubled: []string{text, text, text}}),
		"rota": hours.WeekPage(hours.Week{Name: text, Days: []hours.Day{{Name: text, Long: text, Closed: text}}, Lines: []hours.Line{{Name: text, Clock: text, Cells: []hours.Cell{{Day: text, Away: text, Note: text, Says: []string{text}, Calls: []hours.Call{{Time: text, Customer: text, URL: "/tickets/1/call"}}}}}}}),
	}
}
