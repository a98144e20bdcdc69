package gallery

import (
	"maps"

	"github.com/a-h/templ"

	"hark/article"
	"hark/web/admin"
	"hark/web/call"
	"hark/web/customers"
	"hark/web/editor"
	"hark/web/feedback"
	"hark/web/inbox"
	"hark/web/maillog"
	"hark/web/merge"
	"hark/web/phone"
	"hark/web/portal"
	"hark/web/problems"
	"hark/web/procedure"
	"hark/web/rating"
	"hark/web/replay"
	"hark/web/reports"
	cases "hark/web/review"
	"hark/web/roadmap"
	"hark/web/search"
	"hark/web/shared"
	"hark/web/ticket"
	"hark/web/whatsnew"
)

// Hostile returns the pages that show mail, with every field a mail can fill set to the given text.
func Hostile(text string) map[string]templ.Component {
	who := shared.Person{Name: text, Email: text, Organization: text, Initials: "<b", Warning: text}
	row := shared.Row{Number: "1", URL: "/tickets/1", Subject: text, Line: text, Reason: text, Requester: who, Kind: text, Status: statusNew}
	message := shared.Message{ID: "comment-1", From: who, Text: text, Quoted: text, Via: text, Files: []shared.Attachment{{Name: text, Size: text, URL: "/files/1", Note: text}}}
	all := map[string]templ.Component{
		"inbox":  inbox.Page(inbox.View{Title: text, Rows: []shared.Row{row}}),
		"search": search.Page(search.View{Query: text, Rows: []shared.Row{row}}),
		"ticket": ticket.Page(ticket.View{Number: "1", Subject: text, Arrived: text, Talk: []ticket.Item{{Message: &message}, {Events: []shared.Event{{Who: text, Says: text}}}},
			Properties: ticket.Properties{Tags: []string{text}, Followers: []shared.Person{who}}, Customer: ticket.Customer{Person: who, Project: &ticket.Project{Name: text, Says: text, Gap: true, Options: []shared.Option{{Label: text}}}, Others: []shared.Row{row}}, Rated: &ticket.Rated{Label: text, Sense: "bad", Words: text}, Composer: &shared.Composer{Ticket: "1", Draft: "1", Body: text, To: []shared.Person{who}}}),
		"request":    portal.TicketPage(portal.Ticket{Number: "1", Subject: text, Talk: []shared.Message{message}, Reply: "/t/x/reply"}),
		"escalation": portal.EscalationPage(portal.Escalation{Number: "1", Subject: text, Back: "/t/x", Post: "/t/x/escalation", Says: text, Draft: text, May: true, Look: portal.Look{With: text, News: text}}),
		"escalated":  portal.EscalationPage(portal.Escalation{Number: "1", Subject: text, Back: "/t/x", Post: "/t/x/escalation", Why: text, Twice: text, Mailed: text, Look: portal.Look{With: text, News: text}}),
		"outside": ticket.Page(ticket.View{Number: "1", Subject: text, Composer: &shared.Composer{Ticket: "1", Draft: "1"}, Scope: &ticket.Scope{Title: text, Says: text, Instead: text, Outside: true, May: true,
			Options: []shared.Option{{Value: text, Label: text, Hint: text}}, Answer: &ticket.ScopeAnswer{Message: text, Name: text, Text: text, Own: true}, Change: &ticket.Change{ID: text, Says: text, Note: []string{text}, First: text, Noted: []string{text}, Word: text, Wrong: text}}}),
		"call":      call.Page(call.View{Base: "/t/x/call", Back: "/t/x", Number: "1", Subject: text, Why: text, Phone: text, Offered: []string{text}, Booked: &call.Booked{Day: text, Time: text, Host: text, Phone: text}}),
		"desk call": call.DeskPage(call.Desk{Number: "1", Subject: text, Customer: text, Phone: text, AnswerSays: text, Result: text, Booked: &call.Booked{Day: text, Phone: text, Host: text}}),
		"calls":     call.ListPage(call.List{Days: []call.ListDay{{Name: "Today", Calls: []call.Row{{Customer: text, Subject: text, Number: "1", Phone: text, Host: text}}}}, Waiting: []call.Waiting{{Number: "1", Customer: text, Subject: text}}}),
		"mail":      maillog.InPage(maillog.In{List: []maillog.Arrival{{ID: "1", URL: "/mail/in/1", From: who, To: text, Subject: text, Says: text}}}),
		"replay":    replay.Page(replay.View{Brand: "1", Wrong: text, Result: &replay.Result{Says: text, Moves: []replay.Move{{Number: "1", URL: "/tickets/1", Subject: text, Try: "/admin/policy/edit?ticket=1"}}}}),
		"trial":     editor.EditPage(editor.Edit{Brand: "1", Trial: editor.Trial{Ticket: "1", About: text, Wrong: text, Draft: []editor.Line{{Says: text, Mail: &editor.Mail{Subject: text, Body: text}}}}}),
		"rating":    rating.Page(rating.View{Number: "1", Subject: text, Base: "/t/x", Words: text, Given: &rating.Given{Label: text, Words: text, Glad: text}}),
		"feedback":  feedback.Page(feedback.View{Write: true, List: []feedback.Said{{ID: "1", Words: text, From: text, Way: text, About: text, URL: "/tickets/1", Done: text}}}),
		"numbers":   reports.ListPage(reports.List{Title: text, Rows: []shared.Row{row}}),
		"customers": customers.FindPage(customers.Find{Query: text, Says: text, Any: true, Hits: []customers.Hit{{URL: "/customers/1", Title: text, What: text, Says: text, Whose: text}}}),
		"record": customers.RecordPage(customers.Record{Name: text, Email: text, Belongs: &customers.Link{Label: text, URL: "/organizations/1"}, Path: "/customers/1", Keep: true,
			About:  []customers.Said{{Name: text, Value: text, From: text, Field: shared.Field{Name: "said:x", Label: text, Value: text}}},
			Things: []customers.Thing{{ID: "licence-1", Name: text, Says: text, Level: text, Because: text, Facts: []customers.Fact{{Name: text, Value: text}}, Edit: &customers.Licence{ID: "1", Product: text, Site: text}}},
			Leads:  []shared.Option{{Label: text}}, Projects: []customers.Project{{ID: "1", Name: text, Says: text, Gap: true, Leads: []shared.Option{{Value: text, Label: text}}}},
			Plans: []customers.Plan{{ID: "1", Label: text}}, Orders: []customers.Order{{Number: text, Lines: text, Notes: text}}, Contacts: []customers.Contact{{ID: "1", Number: text}}, Tickets: []shared.Row{row}}),
		"about": portal.NewPage(portal.New{SignedIn: true, Which: &portal.Which{Email: text, Things: []portal.Thing{{Value: text, Name: text, Says: text, Level: text, Because: text}}}}),
		"procedure": procedure.Page(procedure.View{Title: text, About: text, From: text, Never: []string{text}, Steps: []procedure.Step{{ID: "a", Title: text, Text: text, Ways: []procedure.Way{{Key: text, Label: text, Text: text}}}},
			Findings: []procedure.Finding{{Line: "1", URL: "/admin/policy", Says: text, Mend: text}}, History: []procedure.Revision{{When: text, By: text, Says: text}}}),
		"merge": merge.Page(merge.View{Title: "One", Back: merge.Link{Label: text, URL: "/customers/1"}, Stays: merge.Link{Label: text, URL: "/customers/1"}, Goes: merge.Link{Label: text, URL: "/customers/2"}, Path: "/customers/1/merge",
			Rows: []merge.Row{{Name: "Name", Stays: []string{text}, Goes: []string{text}}}, Follows: []string{text}, Asks: shared.Field{Name: "reason", Label: "Why", Value: text}, Box: &merge.Box{Name: "copy", Label: text, Hint: text}, Does: "Merge"}),
		"merge find": merge.FindPage(merge.Find{Says: text, Query: text, Label: "Name", Hits: []merge.Hit{{URL: "/customers/1", Title: text, Says: text}}}),
		"review":     cases.Page(cases.View{Number: "1", Subject: text, Who: text, Wrote: text, Procedure: text, Wrong: text, May: true, Base: "1", Step: phone.Step{Title: text, Hint: text, Choices: []phone.Choice{{Key: "1", Value: "1", Label: text, Hint: text, Does: []string{text}}}}, Ticked: []phone.Ticked{{Title: text, Answer: text}}}),
		"phone":      phone.Page(hostileCall(text)),
		"phones":     phone.ListPage(phone.List{Says: text, Rows: []phone.Row{{Caller: text, Site: text, Number: text, Level: text, Problem: text, Outcome: text, Agent: text, Task: text}}, Waiting: []phone.Row{{Caller: text, Why: text}}}),
		"telephones": admin.TelephonesPage(hostileTelephones(text)),
		"report": reports.Page(reports.View{Title: text, Tickets: 1, Rows: []shared.Row{row}, Agents: []reports.Number{{Label: text, Count: 1, URL: "/reports/list"}},
			After: []reports.Number{{Label: text, Says: text}}, Groups: []reports.Groups{{Title: text, List: []reports.Group{{Label: text}}}}}),
		"entry":   whatsnew.EntryPage(whatsnew.One{Entry: whatsnew.Entry{Title: text, Says: text, HTML: article.Beside(text).HTML}}),
		"entries": whatsnew.DeskPage(whatsnew.Desk{Rows: []whatsnew.Row{{URL: "/whats-new/entries/1", Title: text, Says: text, Line: text}}}),
		"writing": whatsnew.WritePage(whatsnew.Write{ID: "1", Title: text, Body: text, Product: text, Banner: text, History: []whatsnew.Change{{Who: text, Title: text, Body: text}}}),
		"roadmap": roadmap.Page(roadmap.View{Reader: text, Columns: []roadmap.Column{{ID: "c", Title: "Considered", Cards: []roadmap.Card{{ID: "1", Title: text, What: text, Why: text, Estimate: text, Reason: text, Decided: text}}}}}),
		"card": roadmap.DeskPage(roadmap.Desk{ID: "1", May: true, Title: text, What: text, Why: text, People: []roadmap.Person{{Person: who, Organization: text, Plans: text, Ticket: "1", Subject: text}},
			Decided: []roadmap.Decision{{State: text, Reason: text, Who: text}}}),
		"known": portal.TicketPage(portal.Ticket{Number: "1", Subject: text, Problem: &portal.Problem{Title: text, Product: text, Others: text, Workaround: text, When: text, Why: text}}),
		"problem": problems.RecordPage(problems.Record{ID: "1", Title: text, Says: text, Happens: text, Workaround: text, Plan: text, Rows: []shared.Row{row}, History: []problems.Entry{{Who: text, Says: text}},
			Errors: []shared.FormError{{Says: text}}}),
		"problem form":   problems.FormPage(problems.Form{Ticket: "1", Subject: text, Values: map[string]string{"title": text, "happens": text, "workaround": text, "tracker": text}, Wrong: map[string]string{"title": text}}),
		"problem answer": problems.AnswerPage(problems.Answer{ID: "1", Title: text, Text: text, Missing: text, Tickets: []problems.AnswerTicket{{Number: "1", URL: "/tickets/1", Subject: text, Who: text, Follows: text}}}),
		"problem there":  problems.RecordPage(problems.Record{ID: "1", Title: text, There: problems.There{URL: "https://github.com/acme/shop/issues/1", Name: text, State: text, Asks: true, Asked: text, Says: text}}),
		"problem log":    problems.RecordPage(problems.Record{ID: "1", Title: text, There: problems.There{Wrong: text, Log: &problems.Log{Where: text, Title: text, Text: text}}}),
		"engineers":      admin.EngineersPage(admin.Engineers{List: []admin.Tracker{{URL: "/admin/engineers/1", Project: text, Where: text, For: text, Wrong: text}}}),
		"tracker":        admin.EngineersFormPage(admin.EngineersForm{ID: "1", Name: text, Address: text, User: text, Test: &admin.Test{Lines: []string{text}}}),
		"problem link":   problems.LinkPage(problems.Link{Ticket: "1", Subject: text, Query: text, Follows: text, Hits: []problems.Row{{URL: "/problems/1", Title: text, Says: text, When: text}}, IDs: []string{"1"}}),
		"ticket problem": ticket.Page(ticket.View{Number: "1", Subject: text, Problem: &ticket.Problem{Title: text, URL: "/problems/1", Says: text, Workaround: text, Unlink: "1"}, Composer: &shared.Composer{Ticket: "1", Draft: "1", Sends: composer().Sends}}),
		"raw":            maillog.ArrivalPage(maillog.ArrivalView{Arrival: maillog.Arrival{Subject: text, Says: text}, Facts: []maillog.Fact{{Name: text, Value: text}}, Defects: []string{text}, Raw: text}),
	}
	maps.Copy(all, hostileHours(text))
	maps.Copy(all, hostileHelp(text))
	maps.Copy(all, hostileCommunity(text))
	return all
}

// FullList is a list with as many rows as one page shows.
func FullList() templ.Component {
	v := inboxView()
	v.Rows, v.Topics = rowsAtPlay(), nil // it is about rows
	return inbox.Page(v)
}
