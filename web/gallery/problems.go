package gallery

import (
	"hark/web/portal"
	"hark/web/problems"
	"hark/web/shared"
	"hark/web/ticket"
)

const (
	helps   = "Export the list as a spreadsheet; it adds up right there. The invoices themselves are correct."
	noDates = "We name no dates, because the service changes too quickly to keep them."
)

func knownProblems() problems.List {
	return problems.List{New: "/problems/new", Open: []problems.Row{
		{URL: "/problems/12", Title: "Totals under the invoice list are off by a few cents", Customers: "128", Counted: "customers", Says: "Serious, system-wide", When: "Weeks", Helps: true},
		{URL: "/problems/14", Title: "Search does not find names with an umlaut", Customers: "11", Counted: "customers", Says: "Minor, system-wide", When: "Estimated for 15 Jan 2027", Asks: "The engineers closed it: does it work?"},
		{URL: "/problems/15", Title: "الحجز من الهاتف لا يفتح التقويم", Customers: "1", Counted: "customer", Says: "Critical, one site only", Helps: true},
	}, Fixed: []problems.Row{
		{URL: "/problems/9", Title: "Members see a white page after they press “Book this boat” on a telephone that is older than three years", Customers: "43", Counted: "customers", Says: "Critical, system-wide", When: "Fixed Wed 18 Nov"},
	}, Pager: shared.Pager{Older: "/problems?after=sample"}}
}

func knownProblem() problems.Record {
	entry := func(relative, iso, who, says string) problems.Entry {
		return problems.Entry{At: at(relative, relative+" EST", iso), Who: who, Says: says}
	}
	return problems.Record{
		ID: "12", Title: "Totals under the invoice list are off by a few cents", Says: "Serious, system-wide. Known since Mon 16 Nov.", Customers: "128 customers, on 131 tickets", Readers: "Whoever is about to ask about it reads of it first.",
		Happens:    "Each line is rounded before it is added, since the release of 12 November. Everybody with more than about twenty lines sees it.\n\nThe ledger and the invoices are right; only the sum under the list is wrong.",
		Workaround: helps, When: "Weeks", WhyNoDates: noDates, Tracker: "https://tracker.harbourfield.example/issues/812", Change: "/problems/12/edit", Answer: "/problems/12/answer", AnswerSays: "Answer 64 tickets",
		Rows: rows()[:4], Pager: shared.Pager{Older: "/problems/12?after=sample"}, Fix: problems.Fix{Act: true, StillTold: "Totals under the invoice list add up", Entry: "/whats-new/entries/7", Follows: "Mails “Fixed” to everybody who reported it, once: 128 customers. Closed tickets stay closed."},
		History: []problems.Entry{entry("14:02", "2026-11-20T14:02:00-05:00", ana.Name, "answered 12 tickets at once"), entry("13:58", "2026-11-20T13:58:00-05:00", ana.Name, "set roughly when: weeks"),
			entry("Mon 09:31", "2026-11-16T09:31:00-05:00", "Ben Okafor", "wrote it down")},
	}
}

func fixedProblem() problems.Record {
	v := knownProblem()
	v.Answer, v.Announcement, v.Hidden = "", "https://harbourfield.example/new#2027-1", "2 tickets are in groups you are not in."
	v.Fix = problems.Fix{Act: true, Fixed: "Ben Okafor saw it work in production on Mon 11 Jan 2027, 15:20 EST.", Waits: "87 tickets are still to hear of it.", Back: "It is not fixed after all"}
	v.History = append([]problems.Entry{{At: at("15:20", "Mon 11 Jan 2027, 15:20 EST", "2027-01-11T15:20:00-05:00"), Who: "Ben Okafor", Says: "confirmed that it works in production"}}, v.History...)
	return v
}

func problemForm() problems.Form {
	return problems.Form{Ticket: "4812", Subject: "The donation page sends people back to the start", Key: "sample", Values: map[string]string{}, WhyNoDates: noDates,
		Products:   []shared.Option{{Label: "All of them, or nobody has said", Chosen: true}, {Value: "Harbour Invoices", Label: "Harbour Invoices"}, {Value: "Harbour Mail", Label: "Harbour Mail"}},
		Readers:    []shared.Option{{Value: "no", Label: "Whoever has reported it", Chosen: true}, {Value: "yes", Label: "Whoever is about to ask about it", Hint: "It stands beside the request form while they type, and in the search of the help. They can say “This is it”."}},
		Reaches:    []shared.Option{{Value: "system-wide", Label: "Everybody", Chosen: true}, {Value: "local", Label: "One site only"}},
		Severities: []shared.Option{{Value: "critical", Label: "Critical: work stands still"}, {Value: "serious", Label: "Serious: something important does not work", Chosen: true}, {Value: "minor", Label: "Minor: it is in the way"}},
		Horizons:   []shared.Option{{Label: "Nobody can say yet", Chosen: true}, {Value: "immediately", Label: "Immediately"}, {Value: "weeks", Label: "Weeks"}, {Value: "months", Label: "Months"}, {Value: "not in the foreseeable future", Label: "Not in the foreseeable future"}}}
}

func refusedProblem() problems.Form {
	v := problemForm()
	v.ID, v.Ticket, v.Subject, v.Base, v.GivesDates, v.Horizons, v.Fixed = "12", "", "", "40", true, nil, true
	v.Values = map[string]string{"workaround": helps, "tracker": "issue 812"}
	v.Errors = []shared.FormError{{Field: "title", Says: "A known problem needs a title; customers read it when it is fixed."}, {Field: "tracker", Says: "This is no address of a page; one begins with https:// or http://."}}
	v.Wrong = map[string]string{"title": v.Errors[0].Says, "tracker": v.Errors[1].Says}
	return v
}

func answerMany() problems.Answer {
	follows := "Mails “What to expect” to "
	return problems.Answer{ID: "12", Title: "Totals under the invoice list are off by a few cents", Key: "sample", Phase: "answered",
		Ways: []problems.Way{{Label: "Move to “You know what to expect”", URL: "?phase=answered", Current: true}, {Label: "In your own words", URL: "?words=yes"}},
		More: "These are the first 100. Answer them, then go on with the others.",
		Tickets: []problems.AnswerTicket{
			{Number: "4812", URL: "/tickets/4812", Subject: "The totals do not add up", Who: priya.Name, Follows: follows + priya.Name + ". The ticket becomes Solved."},
			{Number: "4807", URL: "/tickets/4807", Subject: "طلب تعديل صفحة الكتب الجديدة", Who: leila.Name, Follows: follows + leila.Name + ". The ticket becomes Solved."},
			{Number: "4801", URL: "/tickets/4801", Subject: "Cents are missing", Who: long.Name, Follows: "Nobody is mailed: mail does not reach this address. The ticket becomes Solved."},
			{Number: "4788", URL: "/tickets/4788", Subject: "Wrong sum", Who: "Olga Petrova", Follows: "It stands there already.", Cannot: true},
		}}
}

func answerInWords() problems.Answer {
	v := answerMany()
	v.Phase, v.More, v.Ways[0].Current, v.Ways[1].Current = "", "", false, true
	v.Text = "Hello,\n\nwe know this problem: totals under the invoice list are off by a few cents.\n\nUntil it is fixed: " + helps
	v.States = []shared.Option{{Value: "open", Label: "Open", Chosen: true}, {Value: "pending", Label: "Waiting for you"}, {Value: "solved", Label: "Solved"}}
	for i := range v.Tickets {
		v.Tickets[i].Cannot, v.Tickets[i].Follows = false, "Mails your words to "+v.Tickets[i].Who+". Then: nothing happens by itself."
	}
	return v
}

func isItKnown() problems.Link {
	return problems.Link{Ticket: "4812", Subject: "The totals do not add up", Query: "totals", Follows: "When it is linked: Mails “Next phase” to Priya Raman. Usually until Fri 4 Dec 17:00.",
		Hits: knownProblems().Open[:2], IDs: []string{"12", "14"}}
}

// ticketOfProblem is a ticket that reports a known problem, with what helps ready for the reply.
func ticketOfProblem() ticket.View {
	v := ticketView()
	v.Problem = &ticket.Problem{Title: "Totals under the invoice list are off by a few cents", URL: "/problems/12", Says: "Serious, system-wide. 128 customers, on 131 tickets. Roughly when: weeks.", Workaround: helps, Unlink: "12"}
	return v
}

func customerKnows() portal.Ticket {
	v := customerFollows()
	v.Problem = &portal.Problem{Title: "Totals under the invoice list are off by a few cents", Product: "Harbour Invoices", Others: "127 other customers have this too.", Workaround: helps, When: "Weeks.", Why: noDates}
	return v
}

func customerFixed() portal.Ticket {
	v := customerClosed()
	v.Problem = &portal.Problem{Title: "Totals under the invoice list are off by a few cents", Fixed: at("11 Jan", "Mon 11 Jan 2027, 15:20 EST", "2027-01-11T15:20:00-05:00"), News: "https://harbourfield.example/new#2027-1"}
	return v
}
