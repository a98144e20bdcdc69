package gallery

import (
	"strings"

	"hark/web/catcher"
	"hark/web/demo"
	"hark/web/policypage"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/signin"
)

var (
	publicOpen    = shared.Status{Category: "open", Label: "Open / New"}
	publicPending = shared.Status{Category: "pending", Label: "Pending"}
	publicClosed  = shared.Status{Category: "closed", Label: "Closed"}
)

func steps() []shared.Step {
	return []shared.Step{
		{Title: "Request received", At: at("Fri 20 Nov 09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"), State: "done"},
		{Title: "Answered", At: at("Fri 20 Nov 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), State: "done"},
		{Title: "Waits for your answer", At: at("since 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), State: "now", Says: "Ana asked two questions. We remind you once tomorrow and once on Wednesday."},
		{Title: "Closes, if we hear nothing", At: at("Fri 27 Nov 16:30", "Fri 27 Nov 2026, 16:30 EST", "2026-11-27T16:30:00-05:00"), State: "next"},
		{Title: "Estimate", State: "skipped"},
	}
}

func requests() []portal.Request {
	return []portal.Request{
		{Number: "4812", Subject: "The donation page sends people back to the start", URL: "/t/sample", Status: publicPending, Says: "Ana asked you two questions.", Asks: true, Updated: at("today 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00")},
		{Number: "4799", Subject: "Second language for the newsletter", URL: "/t/sample", Status: publicOpen, Says: "You usually hear from us by Mon 23 Nov, 17:00.", Updated: at("yesterday", "Thu 19 Nov 2026, 14:02 EST", "2026-11-19T14:02:00-05:00")},
	}
}

func portalHome() portal.Home {
	closed := portal.Request{Number: "4655", Subject: "Logo in the footer is blurred on phones", URL: "/t/sample", Status: publicClosed, Says: "Done on Wed 4 Nov.", Updated: at("5 Nov", "Thu 5 Nov 2026, 16:30 EST", "2026-11-05T16:30:00-05:00")}
	return portal.Home{State: "We are here until 17:00 Eastern, that is 23:00 where you are.", SignedIn: true, Phone: true, Requests: requests(), Closed: []portal.Request{closed}}
}

func visitorHome() portal.Home {
	return portal.Home{State: "We are here until 17:00 Eastern.", Ask: "A question is usually answered within one hour, anything else by the next business day."}
}

func newRequest() portal.New {
	return portal.New{MaxFiles: "Up to 10 files, 25 MB together.", Kinds: []shared.Option{
		{Value: "question", Label: "A question", Hint: "Usual time until we begin: often within the hour.", Chosen: true},
		{Value: "work_request", Label: "Something to be made or changed", Hint: "Usual time until we begin: 24 to 30 hours, which is the next business day."},
		{Value: "project", Label: "A project under way", Hint: "Goes straight to its lead"},
	}}
}

func refusedRequest() portal.New {
	v := newRequest()
	v.Subject, v.Email = "Contact form", "priya@greenway"
	v.Errors = []shared.FormError{{Field: "body", Says: "Tell us what happened"}, {Field: "email", Says: "The mail address needs an ending"}}
	v.Wrong = map[string]string{"body": "A sentence is enough.", "email": "An address needs an ending, such as priya@greenway.example."}
	return v
}

func customerTicket() portal.Ticket {
	first, answer, reply := messages.first, messages.answer, messages.reply
	first.Via, first.Source, answer.Delivery, reply.Unread, reply.Source, reply.Via = "", "", nil, false, "", ""
	first.Files, first.From.URL = first.Files[:2], ""
	answer.From = shared.Person{Name: "Ana Ruiz", Initials: "AR", Agent: true} // a colleague's own address is nobody's business
	return portal.Ticket{Number: "4812", Kind: "Question", Subject: "The donation page sends people back to the start", Status: publicPending,
		Asks: &portal.Asks{Title: "We need something from you", Says: "Ana asked two questions today at 09:31. Without an answer this closes on Fri 27 Nov at 16:30."},
		Talk: []shared.Message{first, answer}, Reply: "/t/sample/reply", MaxFiles: "Up to 10 files, 25 MB together."}
}

// way is a bug under review, as its customer follows it.
func way() *shared.Tracker {
	received := at("Mon 16 Nov", "Mon 16 Nov 2026, 10:00 EST", "2026-11-16T10:00:00-05:00")
	began := at("Tue 17 Nov", "Tue 17 Nov 2026, 09:30 EST", "2026-11-17T09:30:00-05:00")
	return &shared.Tracker{About: "/support", Zone: "America/New York", Stages: []shared.Stage{
		{Title: "Request received", State: "done", Usual: "2 business hours to 3 business days", Began: received},
		{Title: "Under review by support", State: "now", Began: began, Until: at("Wed 2 Dec", "Wed 2 Dec 2026, 17:00 EST", "2026-12-02T17:00:00-05:00"), From: at("Mon 23 Nov", "Mon 23 Nov 2026, 09:30 EST", "2026-11-23T09:30:00-05:00"),
			Means: "We read, write down and examine the problem.", Next: "You may get questions that narrow it down. Once we know enough we move on.",
			Heard: &shared.Heard{Who: "Ana", At: at("09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), URL: "#comment-91"}},
		{Title: "Bug identified", State: "next", Usual: "1 to 10 business days"},
		{Title: "Plan made", State: "next"},
	}}
}

func customerFollows() portal.Ticket {
	v := customerTicket()
	v.Kind, v.Status, v.Asks, v.Way = "Bug or wrong data", publicOpen, nil, way()
	v.Says = "Under review by support. We usually move on by Wed 2 Dec."
	return v
}

// customerWaits is a wish of which one phase was not needed, and that waits for its customer.
func customerWaits() portal.Ticket {
	v := customerTicket()
	v.Kind, v.Subject, v.Way = "Feature request", "Second language for the newsletter", way()
	v.Asks.Says = "Please answer below."
	v.Way.Stages[1].Until, v.Way.Stages[1].From = shared.Time{}, shared.Time{}
	v.Way.Stages[1].Says = "We need something from you. The time stands still until you answer."
	v.Way.Stages[2] = shared.Stage{Title: "Considered for the quarter", State: "next", Usual: "5 to 10 business days"}
	v.Way.Stages[3].Title = "Review complete"
	return v
}

// customerLate is a bug that takes longer than usual.
func customerLate() portal.Ticket {
	v := customerFollows()
	now := &v.Way.Stages[1]
	now.Until, now.From, now.Says = shared.Time{}, shared.Time{}, "Taking longer than usual."
	v.Says = "Under review by support. Taking longer than usual."
	return v
}

// customerDone is a wish on which was decided, with a phase that was left out.
func customerDone() portal.Ticket {
	v := customerWaits()
	began, ended := v.Way.Stages[1].Began, at("Fri 20 Nov", "Fri 20 Nov 2026, 10:00 EST", "2026-11-20T10:00:00-05:00")
	v.Asks, v.Status = nil, publicOpen
	v.Way.Stages[1] = shared.Stage{Title: "Under review by support", State: "done", Began: began}
	v.Way.Stages[2] = shared.Stage{Title: "Considered for the quarter", State: "skipped"}
	v.Way.Stages[3] = shared.Stage{Title: "Review complete", State: "now", Began: ended, Means: "We have decided whether it goes onto the roadmap of this quarter.", Next: "You hear the decision and, where there is one, a rough time. Rough times can move: other work comes first, or it turns out to be larger."}
	v.Way.Stages[3].Estimate = "Fri 15 Jan 2027"
	v.Says = "Review complete."
	return v
}

func customerClosed() portal.Ticket {
	v := customerTicket()
	v.Asks, v.Status = nil, publicClosed
	v.Closed, v.Next, v.NextURL = "It goes on in request #4711. What you write here goes there.", "Open #4711", "/requests/4711"
	return v
}

func run(parts ...any) []policypage.Run {
	var all []policypage.Run
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			all = append(all, policypage.Run{Text: p})
		case policypage.Run:
			all = append(all, p)
		}
	}
	return all
}

func number(id, text, name, rule string, why ...string) policypage.Run {
	return policypage.Run{Text: text, Rule: rule, Bound: behind(id, name, rule, why...)}
}

func behind(id, name, rule string, why ...string) *policypage.Bound {
	return &policypage.Bound{ID: id, Rules: []policypage.Rule{{Name: name, Path: rule, Says: strings.Join(why, " ")}}}
}

func draftPolicy() policypage.View {
	v := policyView()
	v.Draft = true
	return v
}

func policyView() policypage.View {
	since := at("1 Nov 2026", "Sun 1 Nov 2026", "2026-11-01T00:00:00-04:00")
	text := func(parts ...any) policypage.Block { return policypage.Block{Text: run(parts...)} }
	regions := &policypage.Regions{Path: "/support", Options: []shared.Option{{Value: "us-east", Label: "Eastern United States", Chosen: true}, {Value: "uk", Label: "United Kingdom"}, {Value: "australia-nsw", Label: "New South Wales"}}}
	return policypage.View{
		Regions: regions,
		Title:   "The Customer Support Center", Since: since, Version: "2026-11-01", JSON: "/policy.json", Hours: "/hours.ics",
		Now: []policypage.Line{
			{Says: "Open now until 17:00 Eastern, Fri 23:00 your time", Bound: behind("now-open", "Opening hours office", "calendars.office", "Monday to Friday 09:00-17:00, Eastern Time.")},
			{Says: "If you write now, you usually hear from us by Mon 23 Nov 22:30 CET, your time.", Bound: behind("now-0", "First answer", "targets.answer", "First answer: usually within 1 business day.")},
		},
		Sections: []policypage.Section{
			{ID: "start", Title: "Start here", Blocks: []policypage.Block{
				text("This is the first stop when you need something done or fixed: send a mail, or sign in and add a request or a question.")}},
			{ID: "what", Title: "What we do with it", Blocks: []policypage.Block{
				{Behind: behind("b-new", "Who gets it (new)", "routing.new", "All others go to the next available person."), Text: run("We read each request and sort it as a question, a work request or a message about a project under way. New questions go to whoever is free, who answers or passes it on. A request you already have stays with the person who answered first.")},
				{Figures: []policypage.Figure{
					{Value: "59 %", Says: "of requests get an answer within one hour, typically questions", Note: "of 1 204 requests, 90 days to 20 Nov 2026"},
					{Value: "24 to 30 h", Says: "for all others, in practice the next business day", Note: "the middle half, same requests"},
					{Value: "438", Says: "requests a month, between all of us", Note: "12 months to 20 Nov 2026"}}}}},
			{ID: "life", Title: "The life of a request", Blocks: []policypage.Block{
				{States: []policypage.State{
					{ID: "open", Status: publicOpen, Text: run("Stays open until one of us answers; the oldest are taken first. You get a mail that we have it.")},
					{ID: "pending", Status: publicPending, Text: run("We asked you something and you got it by mail at once. No answer after ",
						number("r1", "24 hours", "First reminder", "lifecycle.timers.reminder-1", "We remind you 24 hours after our question, day or night.", "An answer calls it off."), ": a reminder. After ",
						number("r2", "5 days", "Second reminder", "lifecycle.timers.reminder-2", "Counted from our question, not from the first reminder."), ": a second one. After ",
						number("r3", "7 days", "No response", "lifecycle.timers.no-response", "The request is tagged \"No Response\" and closed. Writing again starts a new one."), ": closed.")},
					{ID: "solved", Status: shared.Status{Category: "solved", Label: "Solved"}, Text: run("We think it is done and tell you. You have ", number("s1", "24 hours", "Closing a solved request", "lifecycle.timers.lock-solved", "A reply within 24 hours opens it again.", "Solving it again starts a new 24 hours."), " to add something before it closes.")},
					{ID: "closed", Status: publicClosed, Text: run("Can no longer be changed."), Ways: []policypage.Way{{Says: "You write to it: a new request is made, linked to this one.", Rule: "lifecycle.moves.3"}}, Bound: behind("s-closed", "State Closed", "lifecycle.states.closed", "Closed: can no longer be changed.")},
					{ID: "hold", Status: statusHold, Text: run("Rare: you are collecting material we need.")},
				}},
				{Scale: &policypage.Scale{Title: "If we ask and hear nothing", Marks: []policypage.Mark{{At: 0, When: "Our question", Says: "by mail, at once"}, {At: 1.0 / 7, When: "24 hours", Says: "a reminder"}, {At: 5.0 / 7, When: "5 days", Says: "a second one"}, {At: 1, When: "7 days", Says: "closed"}}}},
			}},
			{ID: "hours", Title: "When we are here", Blocks: []policypage.Block{{Table: &policypage.Table{Caption: "Opening hours", Columns: []string{"Days", "Hours, Eastern Time"}, Rows: policypage.Rows([]string{"Monday to Friday", "09:00 to 17:00"}, []string{"Saturday and Sunday", "closed"}, []string{"US federal holidays", "closed"})}}}},
		},
		Versions: []policypage.Version{
			{Name: "2026-11-01", Since: since, URL: "/support/2026-11-01", Current: true, Changes: []shared.Change{{Where: "Second reminder", Before: "after 4 days", After: "after 5 days"}}},
			{Name: "2026-02-01", Since: at("1 Feb 2026", "Sun 1 Feb 2026", "2026-02-01T00:00:00-05:00"), URL: "/support/2026-02-01"}},
	}
}

func oldPolicy() policypage.View {
	v := policyView()
	v.Old, v.OldTitle, v.OldURL, v.Now, v.Regions = "It holds from Tue 1 Dec 2026.", "Not in force yet", "/support", nil, nil
	v.Coming, v.Compared = true, "2026-11-01"
	v.Changes = []shared.Change{
		{Where: "The life of a request", Before: "Pending: without an answer we remind you after 24 hours.", After: "Pending: without an answer we remind you after 1 business day."},
		{Where: "When we are here", After: "On Christmas Eve we are here until noon."},
	}
	v.Open = []string{"No place is named; Eastern Time stands in.", "24 hours, 5 days and 7 days are calendar time."}
	return v
}

func letters() catcher.View {
	letter := func(id, why, to, subject, line, when string) catcher.Mail {
		return catcher.Mail{ID: id, URL: "/demo/outbox/" + id, Why: why, To: to, Subject: subject, Line: line, From: "support@harbourfield.example", At: at(when, "Fri 20 Nov 2026, "+when+" EST", "2026-11-20T"+when+":00-05:00")}
	}
	return catcher.View{List: []catcher.Mail{
		letter("91", "Answer by Ana Ruiz", "priya@greenway.example", "Re: The donation page sends people back to the start [#4812]", "Good morning Priya, we can see it too, thank you for the pictures.", "09:31"),
		letter("90", "Received", "priya@greenway.example", "We have your request [#4812]", "Your request has arrived and an agent will be assigned shortly.", "09:12"),
		letter("89", "Answer by Ben Adler", "leila@noor-press.example", "رد: طلب تعديل صفحة الكتب الجديدة [#4807]", "شكرا، وصلت الصور.", "08:58"),
	}}
}

func letter() catcher.Letter {
	return catcher.Letter{Mail: letters().List[0], HTMLURL: "/gallery/letter.html", Text: "Good morning Priya,\n\nwe can see it too, thank you for the pictures.", Source: "From: Ana Ruiz <support@harbourfield.example>\r\nTo: priya@greenway.example\r\nSubject: Re: The donation page\r\n\r\n...",
		Headers: []catcher.Header{{Name: "From", Value: "Ana Ruiz, Harbour & Field <support@harbourfield.example>"}, {Name: "To", Value: "priya@greenway.example"}, {Name: "Sent", Value: "Fri 20 Nov 2026, 09:31 EST"}},
		Ticket:  "/t/sample", Reply: "/demo/outbox/91/reply", Older: "/demo/outbox/90"}
}

// letterHTML is a sample of what the mail edge composes.
const letterHTML = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Mail</title><body style="font:16px/1.6 Georgia,serif;color:#222;margin:24px;max-width:560px">
<p>Good morning Priya,</p><p>we can see it too, thank you for the pictures. Two quick questions:</p><ol><li>Did anybody change the address of the thank-you page?</li><li>May we make a test donation of one dollar and give it back?</li></ol><p>Ana</p>
<p style="color:#666;border-top:1px solid #ddd;padding-top:12px">Request #4812. Answer this mail, or <a href="#">open it in your browser</a>.</p></body></html>`

func welcome() demo.View {
	return demo.View{
		Doors: []demo.Door{{Name: "The desk", Says: "Where Ana, Ben and Cem answer.", URL: "/inbox"}, {Name: "The customers' side", Says: "What Priya sees: her requests, and a form for a new one.", URL: "/portal"},
			{Name: "The policy", Says: "The page customers read, and the rules the desk runs on. They are the same document.", URL: "/support"}, {Name: "Mail sent", Says: "Every mail that would have left.", URL: "/demo/outbox"}},
		SignIns: []demo.SignIn{{Person: ana, Role: "Administrator", Password: "harbour at nine"}, {Person: ben, Role: "Agent", Password: "field at noon"}},
		Address: "support@harbourfield.example", From: "priya@greenway.example", Subject: "The donation page sends people back", Body: "Hello,\n\nsince this morning the donation page sends people back to the start page.\n\nPriya",
		Line: "swaks --server 127.0.0.1:2525 --from priya@greenway.example --to support@harbourfield.example \\\n      --header 'Subject: Hello' --body 'Is anybody there?'",
		Sent: "Your mail is request #4815", SentURL: "/tickets/4815",
		Tries: []string{"Write to the desk, and see it in the inbox before you can look.", "Answer it and send it as Pending. Then press \"What happens next\" three times: two reminders, and the request closes.", "Answer the closed request as the customer. A follow-up begins.", "Change \"24h\" to \"1bd\" in the policy, apply it, and read the policy page again."},
	}
}

func codeSent() signin.Code { return signin.Code{Email: "priya@greenway.example", Sent: true} }
func once() signin.Once {
	return signin.Once{Title: "Sign in", Says: "The button signs you in as Priya Raman. The link works once.", Button: "Sign in", Action: "/sign-in/link/sample"}
}

func newPassword() signin.Once {
	return signin.Once{Title: "Welcome, Cem", Says: "Choose the password you sign in with.", Button: "Open the desk", Action: "/join/sample", Password: true, Wrong: "It has 6 characters and needs 8. A few words are easiest to remember."}
}

func setup() signin.Setup {
	return signin.Setup{Token: "7KQ2-M9XD-4TRW", Errors: []shared.FormError{{Field: "password", Says: "The password needs 8 characters or more"}}, Wrong: map[string]string{"password": "It has 6. A few words are easiest to remember."}, Name: "Ana Ruiz", Email: "ana@harbourfield.example", Company: "Harbour & Field"}
}
