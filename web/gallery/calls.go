package gallery

import (
	"fmt"
	"time"

	"hark/web/call"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/ticket"
)

func callSamples() []Sample {
	return []Sample{
		{Name: "call-pick", Title: "A customer chooses a time", Page: call.Page(callPicker()), Public: true},
		{Name: "call-taken", Title: "A time that was just taken", Page: call.Page(callTaken()), Public: true},
		{Name: "call-confirm", Title: "The last look before booking", Page: call.Page(callHeld()), Public: true},
		{Name: "call-booked", Title: "A booked call, for its customer", Page: call.Page(callBooked()), Public: true},
		{Name: "call-move", Title: "A call that moves", Page: call.Page(callMoving()), Public: true},
		{Name: "call-none", Title: "A customer without phone support", Page: call.Page(callRefused()), Public: true},
		{Name: "call-full", Title: "No times are free", Page: call.Page(callFull()), Public: true},
		{Name: "request-call", Title: "A request with a call", Page: portal.TicketPage(requestWithCall()), Public: true},
		{Name: "calls", Title: "Calls", Page: call.ListPage(callList())},
		{Name: "calls-empty", Title: "Calls, none", Page: call.ListPage(call.List{Says: "Calls that are booked through tickets appear here by day, and so do requests that wait for a time."})},
		{Name: "calls-feed", Title: "The address of one's calendar, shown once", Page: call.ListPage(callFeed())},
		{Name: "ticket-call", Title: "Ticket with a booked call", Page: ticket.Page(ticketWithCall())},
		{Name: "desk-call", Title: "A call whose time has come", Page: call.DeskPage(deskCall())},
		{Name: "desk-call-book", Title: "An agent books a call", Page: call.DeskPage(deskBooking())},
		{Name: "desk-call-move", Title: "An agent moves a call or hands it over", Page: call.DeskPage(deskMoving())},
		{Name: "desk-call-left", Title: "A call of a closed ticket", Page: call.DeskPage(deskLeft())},
		{Name: "desk-call-write", Title: "A call to write up", Page: call.DeskPage(deskWriting())},
	}
}

func picker() call.Picker {
	p := call.Picker{Day: "Wednesday 18 November"}
	day := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for n := range 5 {
		week := call.Week{Month: map[int]string{0: "November", 2: "November and December"}[n]}
		for range 7 {
			d := call.Day{Number: fmt.Sprint(day.Day()), Name: day.Format("Monday 2 January") + ", nothing free"}
			if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && day.Day() != 26 {
				d.Name, d.URL, d.Chosen = day.Format("Monday 2 January")+", 35 times", "/t/sample/call?day="+day.Format(time.DateOnly)+"#times", day.Day() == 18 && n == 0
			}
			week.Days = append(week.Days, d)
			day = day.AddDate(0, 0, 1)
		}
		p.Weeks = append(p.Weeks, week)
	}
	morning, afternoon := call.Part{Label: "Morning"}, call.Part{Label: "Afternoon"}
	for at := time.Date(2026, 11, 18, 7, 0, 0, 0, time.UTC); at.Hour() < 16; at = at.Add(15 * time.Minute) {
		one := call.Time{Value: at.Add(6 * time.Hour).Format(time.RFC3339), Here: at.Format("15:04"), Company: at.Add(time.Hour).Format("15:04") + " EST", Chosen: at.Hour() == 10 && at.Minute() == 0}
		if at.Hour() < 12 {
			morning.Times = append(morning.Times, one)
		} else {
			afternoon.Times = append(afternoon.Times, one)
		}
	}
	p.Parts = []call.Part{morning, afternoon}
	return p
}

func callPicker() call.View {
	return call.View{
		Base: "/t/sample/call", Back: "/t/sample", Number: "61", Subject: "The importer stops at row 200", Key: "k", Host: "Cem", Length: "30", Zone: "America/Chicago",
		Lengths: []shared.Option{{Value: "15", Label: "15 minutes"}, {Value: "30", Label: "30 minutes", Chosen: true}, {Value: "60", Label: "60 minutes"}},
		Zones:   []shared.Option{{Value: "America/Chicago", Label: "America/Chicago", Chosen: true}, {Value: "Europe/Berlin", Label: "Europe/Berlin"}},
		Picker:  picker(), Phone: "+1 555 0100", Asks: []call.Ask{{Name: "offer1"}, {Name: "offer2"}, {Name: "offer3"}},
	}
}

func callTaken() call.View {
	v := callPicker()
	v.Taken = true
	v.Picker.Nearby = []call.Time{{Value: "2026-11-18T18:15:00Z", Here: "Wed 18 Nov, 12:15"}, {Value: "2026-11-18T19:45:00Z", Here: "Wed 18 Nov, 13:45"}, {Value: "2026-11-18T20:00:00Z", Here: "Wed 18 Nov, 14:00"}}
	return v
}

func bookedCall() *call.Booked {
	return &call.Booked{Day: "Wednesday 18 November 2026", Time: "10:00 to 10:30", Zone: "Chicago time", Company: "11:00 EST for us", Host: "Cem calls you", With: "Cem", Phone: "+1 555 0100"}
}

func callHeld() call.View {
	v := callPicker()
	v.Held, v.Until, v.Start = bookedCall(), "09:05", "2026-11-18T16:00:00Z"
	v.Errors = []shared.FormError{{Field: "phone", Says: "Tell us which number we call."}}
	return v
}

func callBooked() call.View {
	v := callPicker()
	v.Booked, v.Changes, v.Download = bookedCall(), true, "/t/sample/call.ics"
	return v
}

func callMoving() call.View {
	v := callBooked()
	v.Moving = true
	return v
}

func callRefused() call.View {
	v := callPicker()
	v.Why, v.Picker = "Calls are part of Phone support, which is not on your account. We help you in this ticket.", call.Picker{}
	return v
}

func callFull() call.View {
	v := callPicker()
	v.Picker = call.Picker{None: "Every time is taken, or too close to closing."}
	v.Offered = []string{"Thursday 19 November, 14:00", "Friday 20 November, 09:00"}
	return v
}

func requestWithCall() portal.Ticket {
	v := customerTicket()
	v.Asks = nil
	v.Call = &portal.Call{Title: "Your call", Says: "Cem calls you on Wednesday 18 November, 10:00 CST.", Label: "See, move or call it off", URL: "/t/sample/call"}
	return v
}

func callList() call.List {
	return call.List{Days: []call.ListDay{
		{Name: "Today, Wednesday 18 November", Calls: []call.Row{
			{Time: "09:00", End: "09:30", Customer: "Priya Raman", Subject: "A second language for the newsletter", Number: "58", URL: "/tickets/58/call", Phone: "+44 20 7946 0018", Host: "Ana Ruiz", Over: true},
			{Time: "11:00", End: "11:30", Theirs: "10:00 CST", Customer: "Dana Reyes", Subject: "The importer stops at row 200", Number: "61", URL: "/tickets/61/call", Phone: "+1 555 0100", Host: "Cem Yildiz", Answer: "Accepted"},
		}},
		{Name: "Friday 20 November", Calls: []call.Row{{Time: "15:00", End: "15:15", Customer: "Omar Haddad", Subject: "Which plan fits us", Number: "63", URL: "/tickets/63/call", Host: "Ben Okafor", Answer: "No answer yet", Proposed: "Mon 23 Nov, 09:00"}}},
	}, Waiting: []call.Waiting{
		{Number: "64", URL: "/tickets/64/call", Subject: "Redirects after the move", Customer: "Lena Brandt", Since: at("2 h ago", "Wed 18 Nov 2026, 08:12 EST", "2026-11-18T08:12:00-05:00"), Offered: []call.Offer{{Here: "Thu 19 Nov, 09:00", Theirs: "15:00 CET"}, {Here: "Fri 20 Nov, 10:00", Theirs: "16:00 CET"}}},
		{Number: "65", URL: "/tickets/65/call", Subject: "Can somebody call us?", Customer: "Tomas Novak", Since: at("40 min ago", "Wed 18 Nov 2026, 09:32 EST", "2026-11-18T09:32:00-05:00")},
	}, Feed: "Mon 2 Nov 2026, 09:00 EST", Own: true}
}

func callFeed() call.List {
	v := callList()
	v.Days, v.Waiting = v.Days[:1], nil
	v.Address = "https://desk.example/calls/feed/4yJ0c7mEo0F3vK1a9Qm2Zt8Rxw5LbNdHsUeG6iPkTfY"
	v.Team = v.Address + "?whose=team"
	v.Troubled = []string{"Your calendar “Choir” cannot be read"}
	return v
}

func ticketWithCall() ticket.View {
	v := ticketView()
	v.Call = &call.SideView{Number: v.Number, When: "Wed 18 Nov 2026, 11:00 EST", Says: "Cem calls", Phone: "+1 555 0100", Answer: "The customer proposes Fri 20 Nov 2026, 15:00 EST.", Label: "Answer the proposal", Change: true}
	return v
}

func outcomeOptions() []shared.Option {
	return []shared.Option{{Value: "solved", Label: "Solved on the call", Chosen: true}, {Value: "more-work", Label: "More to do"}, {Value: "other-system", Label: "Another system is the cause"}, {Value: "bug", Label: "It is a bug"}, {Value: "no-answer", Label: "Nobody answered", Hint: "From 10 minutes after the start on"}}
}

func deskCall() call.Desk {
	booked := *bookedCall()
	booked.Time, booked.Zone, booked.Company, booked.Host = "11:00 to 11:30", "New York time", "Wed 10:00 CST for the customer", "Cem"
	return call.Desk{
		Number: "61", Subject: "The importer stops at row 200", Customer: "Dana Reyes", Key: "k", Booked: &booked, Begun: true, Answer: "Perhaps", AnswerSays: "I may still be on the train.",
		Proposed: "Fri 20 Nov 2026, 15:00 EST", Start: "2026-11-20T20:00:00Z", Reminders: "Tue 17 Nov 2026, 11:00 EST; Wed 18 Nov 2026, 10:00 EST", Outcomes: outcomeOptions(), Minutes: "24",
		Past: []call.Past{{At: "Mon 9 Nov 2026, 09:00", Outcome: "More to do", Length: "28 min"}},
	}
}

func deskBooking() call.Desk {
	return call.Desk{
		Number: "64", Subject: "Redirects after the move", Customer: "Lena Brandt", Key: "k", Plan: "Calls are part of Phone support, which this customer does not have. An agent can offer one as an exception.",
		Limits:  "At least 4 business hours ahead, at most 30 days ahead, 10 minutes free after each call.",
		Offered: []call.Time{{Value: "2026-11-19T14:00:00Z", Here: "Thu 19 Nov, 09:00 EST", Company: "15:00 CET for them"}, {Value: "2026-11-20T15:00:00Z", Here: "Fri 20 Nov, 10:00 EST", Company: "16:00 CET for them"}},
		Hosts:   []shared.Option{{Value: "0", Label: "Whoever is free", Chosen: true}, {Value: "3", Label: "Cem Yildiz"}},
		Lengths: callPicker().Lengths, Length: "30", Picker: picker(), Zone: "New York",
	}
}

func deskMoving() call.Desk {
	v := deskBooking()
	v.Booked, v.Moving, v.Plan, v.Offered = deskCall().Booked, true, "", nil
	v.Public, v.Hosts = "/tickets/61/customer", []shared.Option{{Value: "3", Label: "Cem Yildiz", Chosen: true}, {Value: "2", Label: "Ana Ruiz"}}
	return v
}

func deskLeft() call.Desk {
	v := deskCall()
	v.Closed, v.Proposed = true, ""
	return v
}

func deskWriting() call.Desk {
	v := deskCall()
	v.Booked, v.Unwritten = nil, true
	v.Errors = []shared.FormError{{Field: "result", Says: "Write what was said on the call, and choose how it went."}}
	return v
}
