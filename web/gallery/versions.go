package gallery

import (
	"hark/web/admin"
	"hark/web/editor"
	"hark/web/inbox"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/ticket"
)

// versionSamples are the pages on which a policy's version comes to hold.
func versionSamples() []Sample {
	return []Sample{
		{Name: "policy-plan", Title: "What a new version would do", Page: editor.PlanPage(plan())},
		{Name: "policy-apart", Title: "A page of the editor that has become old", Page: editor.ApartPage(apart())},
		{Name: "policy-proposal", Title: "A colleague's version, to apply", Page: editor.ProposalPage(proposal())},
		{Name: "policy-sent-back", Title: "One's own version, sent back", Page: editor.ProposalPage(sentBack())},
		{Name: "policy-files", Title: "The files that procedures and messages name", Page: editor.LibraryPage(editor.Library{Brand: "1", Files: []editor.LibraryFile{
			{ID: "3", Name: "Finding an account.pdf", Size: "184 kB", Changed: "Ana Kuhn, 3 days ago"}, {ID: "4", Name: "Prices.xlsx", Size: "21 kB", Changed: "Ana Kuhn, yesterday"},
		}})},
		{Name: "policy-files-refused", Title: "A new version of a file that cannot be taken", Page: editor.LibraryPage(editor.Library{Brand: "1", Files: []editor.LibraryFile{
			{ID: "3", Name: "Finding an account.pdf", Size: "184 kB", Changed: "Ana Kuhn, 3 days ago", Wrong: "Accounts.docx is not of the same kind as Finding an account.pdf; add it under its own name, and name that in the policy."}, {ID: "4", Name: "Prices.xlsx", Size: "21 kB", Changed: "Ana Kuhn, yesterday"},
		}})},
		{Name: "policy-home", Title: "The policy, with a colleague who waits", Page: editor.HomePage(policyHome())},
		{Name: "brand-two", Title: "A brand whose policy takes two", Page: admin.BrandPage(brandOfTwo())},
		{Name: "inbox-news", Title: "Inbox, after the policy has changed", Page: inbox.Page(inboxView()), News: true},
		{Name: "ticket-asks", Title: "Ticket with facts to say, one of them missing", Page: ticket.Page(askingTicket())},
		{Name: "request-asks", Title: "New request with questions of its kind", Page: portal.NewPage(askingRequest()), Public: true},
		{Name: "portal-news", Title: "My requests, after the policy has changed", Page: portal.HomePage(portalHome()), News: true, Public: true},
	}
}

func news() *shared.News {
	return &shared.News{ID: "4", Says: "Our support policy changes on 1 December 2026.", Label: "Read what is different", URL: "/policy/versions/4"}
}

func plan() editor.Plan {
	return editor.Plan{
		Brand: "1", Version: "2026-12-01", From: "Holds from Tue 1 Dec 2026, 00:00 EST.", Begins: "Tue 1 Dec 2026, 00:00 EST", Later: true, Keeps: true,
		Rules:     []shared.Change{{Where: "First reminder", Before: "24 hours", After: "1 business day"}, {Where: "Opening hours office, except 2026-12-24", After: "closed"}},
		Sentences: []shared.Change{{Where: "Page “The Customer Support Center”, The life of a request", Before: "Without an answer we remind you after 24 hours.", After: "Without an answer we remind you after 1 business day."}},
		Told:      []string{"A banner on every page customers read, for 14 days.", "A notice for everybody who is signed in, for 14 days.", "A mail to 37 customers: whoever has an open ticket, or wrote within 90 days."},
		Open:      "12 tickets are open.",
		Moves:     []editor.Move{{Number: "4812", URL: "/tickets/4812", Subject: "The donation page sends people back to the start", What: "Reminder 1", Before: "Sat 5 Dec 2026, 16:30 EST", After: "Mon 7 Dec 2026, 16:30 EST"}},
		Stay:      []editor.Stay{{Number: "4790", URL: "/tickets/4790", Subject: "Photos for the annual report", Why: "This policy has no state parts, in which the ticket is."}},
		Calls:     []editor.Call{{Number: "4801", URL: "/tickets/4801", Subject: "طلب مكالمة", At: "Thu 24 Dec 2026, 10:00 EST", Why: "There are no calls at Thu 2026-12-24 10:00 EST: Christmas Eve."}},
	}
}

func apart() editor.Apart {
	source, _ := editedText()
	return editor.Apart{
		Brand: "1", Drawn: "5f2c", Source: source, Fresh: "/admin/policy/edit?brand=1", Trial: []editor.Field{{Name: "kind", Value: "question"}},
		Changes: []shared.Change{{Where: "First reminder, after", Before: "36 hours", After: "1 business day"}},
		There:   editor.Place{First: 61, Last: 61, Excerpt: "    - {id: reminder-1, in: pending, after: 36h, since: last_agent_question, does: [{send: reminder-1}]}"},
		Here:    editor.Place{First: 61, Last: 61, Excerpt: "    - {id: reminder-1, in: pending, after: 1bd, since: last_agent_question, does: [{send: reminder-1}]}"},
		Wrong:   "There is no place lifecycle.timers.reminder-9 in this text.",
	}
}

func asked() *editor.Asked {
	return &editor.Asked{
		ID: "5f2c", Brand: "1", Version: "2026-12-01", By: "Ben Adler", At: at("today 09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"),
		Reason: "People want a weekend before we remind them.", URL: "/admin/policy/proposal?brand=1", Moves: true, Rebook: true,
	}
}

func proposal() editor.Plan {
	v := plan()
	v.Asked = asked()
	return v
}

func sentBack() editor.Plan {
	v := proposal()
	v.Asked.Mine, v.Asked.Word, v.Asked.BackBy = true, "Thirty-six hours are enough, and Christmas Eve is not decided yet.", "Ana Ruiz"
	v.Moves, v.Stay, v.Calls, v.Told = nil, nil, nil, nil
	return v
}

func policyHome() editor.Home {
	since := at("1 Nov", "Sun 1 Nov 2026, 00:00 EDT", "2026-11-01T00:00:00-04:00")
	return editor.Home{Brand: "1", Page: "/support", Asked: asked(), Versions: []editor.Version{
		{ID: "3", Name: "2026-11-01", Since: since, By: "written by Ben Adler, applied by Ana Ruiz", Reason: "A weekend is no day of waiting.", Current: true, URL: "/policy/versions/3", Changes: []shared.Change{{Where: "Second reminder", Before: "4 days", After: "5 days"}}},
	}, Examples: []editor.Example{{Name: "piperocks-crm", Says: "The support policy of a product for customers in several regions."}}}
}

func brandOfTwo() admin.BrandForm {
	v := brandForm()
	v.Two, v.LessCare = true, "Ben Adler"
	return v
}

func askingTicket() ticket.View {
	v := ticketView()
	v.Asks = []ticket.Ask{
		{ID: "fact-ticket-users-affected", Fact: "ticket.users_affected", Label: "The number of users who have the problem", Says: "3", Type: "number"},
		{ID: "fact-ticket-topic", Fact: "ticket.topic", Label: "The topic", Says: "Custom code", Options: []shared.Option{{Label: "Nobody has said"}, {Value: "account", Label: "Account"}, {Value: "custom_code", Label: "Custom code", Chosen: true}}},
		{ID: "fact-ticket-function-down", Fact: "ticket.function_down", Label: "A critical function does not work", Options: []shared.Option{{Label: "Nobody has said", Chosen: true}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}},
		{ID: "fact-call-result", Fact: "call.result", Label: "What came of the call", Type: "text", Missing: true},
	}
	v.Missing = &ticket.Missing{Says: "The record of the call is not complete: call result is missing. Write it down, then solve the ticket.", Label: "What came of the call", URL: "#fact-call-result"}
	return v
}

func askingRequest() portal.New {
	v := newRequest()
	ask := func(name, label string, f shared.Field) portal.AskField {
		f.Name, f.ID, f.Label, f.Optional = "value", name, label, true
		return portal.AskField{Fact: name, Field: f}
	}
	v.Asks = []portal.KindAsks{
		{Place: 0, Kind: "A question", Advice: "Tell us how many people have the problem. What stops several of you we put first.", Fields: []portal.AskField{
			ask("fact-users", "The number of users who have the problem", shared.Field{Type: "number"}),
			ask("fact-down", "A critical function does not work", shared.Field{Type: "select", Options: []shared.Option{{Label: "I cannot say"}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}}),
		}},
		{Place: 1, Kind: "Something to be made or changed", Fields: []portal.AskField{ask("fact-need", "What you need it for, with examples", shared.Field{Type: "textarea", Rows: 3})}},
	}
	return v
}
