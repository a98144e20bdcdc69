package gallery

import (
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/ticket"
)

// looked is a second look that began on Friday morning.
func looked() portal.Look {
	return portal.Look{With: "our senior technicians", At: at("11:00", "Fri 20 Nov 2026, 11:00 EST", "2026-11-20T11:00:00-05:00"), News: "We aim to write to you by Wed 25 Nov 2026, 11:00 EST.", URL: "/t/sample/escalation"}
}

// escalating is the question.
func escalating() portal.Escalation {
	look := looked()
	look.At = shared.Time{}
	return portal.Escalation{Number: "4812", Subject: "The donation page sends people back to the start", Back: "/t/sample", Post: "/t/sample/escalation", May: true, Look: look,
		Says: "If that does not solve it, ask for escalation inside the ticket. A senior technician reviews the case."}
}

// escalatingRefused is the question sent without words.
func escalatingRefused() portal.Escalation {
	v := escalating()
	v.Errors = []shared.FormError{{Field: "body", Says: "Please write what it stops you from doing; a sentence is enough."}}
	return v
}

// escalated is what came of it, asked a second time.
func escalated() portal.Escalation {
	v := escalating()
	v.May, v.Look, v.Mailed = false, looked(), priya.Email
	v.Twice = "Our winter appeal goes out on Monday at eight, and nobody can donate."
	return v
}

// customerEscalated is a request that somebody senior looks at, of which a part is not supported.
func customerEscalated() portal.Ticket {
	v := customerFollows()
	v.Way, v.Look = nil, looked()
	v.Says = "It is our turn."
	v.Scope = &portal.Scope{Title: "We support this in part", Says: "Where another system is the cause, we help to find that out or to rule our product out, and stop there. We tell you what we saw, so that you can take it to them.", Instead: "Turn to whoever makes the application."}
	return v
}

// customerMayEscalate is a request on whose page escalation can be asked for.
func customerMayEscalate() portal.Ticket {
	v := customerTicket()
	v.Look = portal.Look{Ask: "/t/sample/escalation"}
	return v
}

var clauses = []shared.Option{
	{Value: "covers.technical", Label: "Technical help", Hint: "We support this. Finding your way around the platform, errors, and setting up integrations."},
	{Value: "limits.other-systems", Label: "Other systems", Hint: "We support this in part. Where another system is the cause, we help to find that out."},
	{Value: "limits.development", Label: "Development", Hint: "Outside of what we support. Development, scripts and advanced programming.", Chosen: true},
}

var staffChanges = []ticket.Change{
	{ID: "redirects", Says: "Redirects of special addresses."}, {ID: "admins", Says: "Changes to people with administrator rights."},
}

// ticketOutside is a ticket that is not supported: the answer waits for a person.
func ticketOutside() ticket.View {
	v := ticketView()
	v.Scope = &ticket.Scope{Title: "Outside of what we support", Says: "Development, scripts and advanced programming.", Instead: "A developer of your choice can help.", Outside: true, Decided: true, May: true,
		Options: clauses, Changes: staffChanges, Answer: &ticket.ScopeAnswer{Message: "out-of-scope", Name: "Outside of standard support", Own: true, Empty: true, Base: "1207", Draft: "33",
			Text:     "What you ask for is outside of standard support. Development, scripts and advanced programming. A developer of your choice can help.",
			Needs:    []ticket.Need{{Field: shared.Field{Name: "said:ticket.other_system", ID: "scope-fact-other", Label: "The other system that is the cause"}}},
			Statuses: []shared.Option{{Value: "solved", Label: "Send as Solved"}, {Value: "open", Label: "Send as Open"}}}}
	return v
}

// ticketWithChange is a ticket on which a change is being made that somebody asked for who may not.
func ticketWithChange() ticket.View {
	v := ticketView()
	v.Scope = &ticket.Scope{May: true, Options: clauses[:2], Changes: staffChanges, Change: &ticket.Change{
		ID: "timezone", Says: "The time zone of your account.", Note: []string{"who asked", "the old time zone", "the new time zone"}, First: "First get the word of an administrator of the account.",
		Noted: []string{"Priya Raman", "UTC"}, Wrong: "Please write down the new time zone too."}}
	return v
}
