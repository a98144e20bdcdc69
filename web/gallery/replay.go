package gallery

import (
	"fmt"

	"hark/web/editor"
	"hark/web/replay"
	"hark/web/shared"
)

// replaySamples are the pages on which rules are tried on the last 90 days.
func replaySamples() []Sample {
	return []Sample{
		{Name: "replay-begin", Title: "Replay, an invitation", Page: replay.Page(replay.View{Brand: "1"})},
		{Name: "replay-running", Title: "Replay under way", Page: replay.Page(replay.View{Brand: "1", Running: &replay.Progress{Done: 3250, Of: 8214}})},
		{Name: "replay", Title: "Replay", Page: replay.Page(replay.View{Brand: "1", Result: replayResult()})},
		{Name: "replay-wrong", Title: "Replay of a draft with mistakes", Page: replay.Page(replay.View{Brand: "1", Wrong: "The draft has mistakes to mend first; then it can be replayed."})},
	}
}

func replayResult() *replay.Result {
	row := func(says string, part bool, today, draft, change string, old, new int) replay.Row {
		return replay.Row{Says: says, Part: part, Change: change, Bars: replay.Bars{Today: today, Draft: draft, OldShare: old, NewShare: new}}
	}
	r := &replay.Result{
		At: at("just now", "Fri 20 Nov 2026, 16:30 EST", "2026-11-20T16:30:00-05:00"), Says: "8,214 tickets that came in since 22 August 2026.",
		Stopped: "Stopped after 10 seconds: 8,214 of 12,500 tickets, the newest first.", Zone: "America/New_York",
		Rows: []replay.Row{
			row("Mails to customers", false, "14,902", "14,310", "−592", 1000, 960), row("of which reminders", true, "3,120", "2,528", "−592", 209, 170),
			row("Closings", false, "7,951", "7,951", "", 534, 534), row("Follow-ups of closed tickets", false, "212", "180", "−32", 14, 12),
			row("Tasks for colleagues", false, "38", "38", "", 3, 3), row("First answers in time", false, "6,770", "6,770", "", 454, 454),
			row("First answers late", false, "1,444", "1,444", "", 97, 97),
		},
		Answer: "1,204 of 8,214 tickets would close, or be due, at another time, and 592 fewer mails would leave.", More: "And 1,004 more, which are older.",
	}
	for i, name := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		old, new := []int{820, 940, 1000, 910, 870, 310, 280}[i], []int{990, 960, 1000, 910, 870, 90, 60}[i]
		r.Days = append(r.Days, replay.Bars{Label: name, Today: fmt.Sprint(old * 2), Draft: fmt.Sprint(new * 2), OldShare: old, NewShare: new})
	}
	for hour := range 24 {
		old := max(0, 1000-abs(hour-13)*110)
		r.Hours = append(r.Hours, replay.Bars{Label: fmt.Sprintf("%02d:00", hour), Today: fmt.Sprint(old), Draft: fmt.Sprint(old / 2), OldShare: old, NewShare: old / 2})
	}
	for _, m := range [][4]string{
		{"4812", "The donation page sends people back to the start", "Closing", "Sat 21 Nov 16:30"}, {"4809", "New team photo for the about page", "First answer due", "not planned"},
		{"4807", "طلب تعديل صفحة الكتب الجديدة", "Closing", "Fri 20 Nov 09:00"},
		{"4801", "Aktualisierungsbenachrichtigungsverzögerung bei der Veranstaltungskalenderübersicht", "Solution due", "Wed 18 Nov 17:00"},
	} {
		r.Moves = append(r.Moves, replay.Move{Number: m[0], URL: "/tickets/" + m[0], Subject: m[1], What: m[2], Before: m[3], After: "Mon 23 Nov 16:30", Try: "/admin/policy/edit?ticket=" + m[0]})
	}
	return r
}

func abs(n int) int { return max(n, -n) }

// tried is a ticket that exists, told again under a draft with a longer wait.
func tried() editor.Trial {
	event := func(value, label string, chosen bool) editor.Event {
		return editor.Event{Option: shared.Option{Value: value, Label: label, Chosen: chosen}}
	}
	may := func(chosen string) []editor.Group {
		return []editor.Group{
			{Label: "The customer", Events: []editor.Event{event("customer_replies", "the customer answers", chosen == "customer_replies")}},
			{Label: "We answer", Events: []editor.Event{event("agent_replies:pending", "we answer as Waiting for you", chosen == "agent_replies:pending"), event("agent_replies:solved", "we answer as Solved", false)}},
			{Label: "Around it", Events: []editor.Event{{Option: shared.Option{Value: "server_down", Label: "the desk is down", Chosen: chosen == "server_down"}, Twice: true}}},
		}
	}
	mail := &editor.Mail{Subject: "We are waiting for your answer [4812]", Body: "We cannot go on without your answer. We asked: May we make a test donation of one euro?"}
	line := func(at, says, kind string, minute int, new bool) editor.Line {
		l := editor.Line{At: at, Says: says, Kind: kind, Minute: minute, New: new}
		if kind == "send" {
			l.Mail = mail
		}
		return l
	}
	begin := []editor.Line{line("Fri 20 Nov 15:45", "The customer writes", "event", 0, false), line("Fri 20 Nov 15:45", "Mail: Received", "send", 0, false), line("Fri 20 Nov 16:30", "We answer", "event", 45, false)}
	return editor.Trial{
		Start: "2026-11-20T15:45", Zone: "EST (America/New_York)", Kinds: []shared.Option{{Value: "question", Label: "Question", Chosen: true}}, Ticket: "4812", About: "The donation page sends people back to the start",
		Steps: []editor.Step{{Events: may("agent_replies:pending"), At: "2026-11-20T16:30"}, {Events: may("server_down"), At: "2026-11-21T16:00", Until: "2026-11-21T18:00"}, {Events: may("")}},
		Facts: []editor.Fact{{Names: []shared.Option{{Value: "", Label: "nothing more"}, {Value: "project.lead", Label: "the agent who leads the project", Chosen: true}}, Value: "ben@harbourfield.example"},
			{Names: []shared.Option{{Value: "", Label: "nothing more"}, {Value: "project.lead", Label: "the agent who leads the project"}}}},
		Today: append(begin[:3:3], line("Sat 21 Nov 16:30", "Mail: Reminder 1", "send", 1485, true), line("Fri 27 Nov 16:30", "Becomes Closed", "status", 10125, false)),
		Draft: append(begin[:3:3], line("Mon 23 Nov 16:30", "Mail: Reminder 1", "send", 4365, true), line("Fri 27 Nov 16:30", "Becomes Closed", "status", 10125, false)),
		Span:  10125,
	}
}
