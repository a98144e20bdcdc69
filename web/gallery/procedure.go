package gallery

import (
	"hark/web/portal"
	"hark/web/procedure"
)

func procedureSamples() []Sample {
	return []Sample{
		{Name: "procedure", Title: "A procedure as colleagues work by it", Page: procedure.Page(answering())},
		{Name: "procedure-draft", Title: "A procedure in a draft, with what leads nowhere", Page: procedure.Page(unfinished())},
		{Name: "portal-phone", Title: "On the phone: the way to a number", Page: portal.PhonePage(portal.Spoken{}), Public: true},
		{Name: "portal-spoken", Title: "On the phone: the number to read out", Page: portal.PhonePage(portal.Spoken{Number: "4071"}), Public: true},
		{Name: "portal-proved", Title: "On the phone: the number was taken", Page: portal.PhonePage(portal.Spoken{Proved: true}), Public: true},
	}
}

func answering() procedure.View {
	v := procedure.View{
		Title: "Answer a call", About: "Find the account, find out the level of support, send the right instructions.", Never: []string{"give technical support"},
		From: "Procedures for phone support, version 2010-06-02", Back: "/phone", Says: "Phone",
		Others: []procedure.Tab{{Label: "Answer a call", URL: "/handbook/procedures/inbound-call", Current: true}, {Label: "Review a new case", URL: "/handbook/procedures/new-case"}},
		Steps: []procedure.Step{
			{ID: "identify", Title: "Who is calling?", Text: "“Thank you for calling. Which licensed website are you calling about?” (wait) “An order number will do as well.” (wait)", Ways: []procedure.Way{
				{Key: "1", Label: "Has named a website or something else", To: 2},
				{Key: "2", Label: "Is evaluating", Text: "ask for the name under which it was downloaded", To: 2},
				{Key: "3", Label: "Cannot say", To: 1}}},
			{ID: "cannot-help", Title: "No account, no help", Text: "“Without an account there is nothing I can do. Please ask the person who bought it to contact us.”", End: "not identified"},
			{ID: "find", Title: "Find the account", Text: "Search orders and users by website, order number, name, company, email or licence key; a part of it is enough.", Ways: []procedure.Way{
				{Key: "1", Label: "Found", To: 3}, {Key: "2", Label: "Not found", To: 0}}},
			{ID: "view", Title: "Look at the orders", Text: "The order shows its date and version.", Ways: []procedure.Way{
				{Label: "Active support plan", To: 4}, {Label: "Unsupported version", To: 6}}},
			{ID: "live", Title: "There is support", Text: "Ask: “What is it about, in a few words?”", Ways: []procedure.Way{
				{Key: "1", Label: "Licence key", Text: "send “FAQ - How to request a key”", To: 7},
				{Key: "2", Label: "Installation or anything about the shop", Text: "send “FAQ - How to open a support case”", To: 7},
				{Key: "3", Label: "Wants another administrator", Text: "only with a caller who is verified", Needs: "verified", To: 5}}},
			{ID: "admins", Title: "Change the administrators", Needs: "verified", Text: "Only with a caller who is verified. Ask: “Whose rights change, and to what?”", Ways: []procedure.Way{{Key: "1", Label: "Done", To: 7}}},
			{ID: "old-version", Title: "Version 5 or older", Text: "Send “FAQ - Support for versions 5.x and older”.", End: "sent options"},
			{ID: "assure", Title: "Reassure", Text: "“The mail I have just sent tells you how to get help. Is there anything else?”", Ways: []procedure.Way{{To: 8}}},
			{ID: "goodbye", Title: "Say goodbye", Text: "“Thank you for your call.”", End: "done"},
		},
		History: []procedure.Revision{
			{When: "26 Nov 2026", ISO: "2026-11-26", By: "Ana Ruiz", Says: "Administrators are changed for callers who have proved who they are"},
			{When: "2 Jun 2010", ISO: "2010-06-02", By: "KLR", Says: "First procedures for phone support."}},
	}
	for i := range v.Steps {
		v.Steps[i].Reached = true
	}
	return v
}

func unfinished() procedure.View {
	v := answering()
	v.Draft, v.Back, v.Says = true, "/admin/policy/edit?brand=1", "The draft"
	v.Steps[4].Ways[0].To, v.Steps[7].Ways = -1, nil
	v.Steps[8].Reached, v.Steps[5].Title = false, "Change the administrators of the account, which somebody has to ask for who may decide it"
	for i, s := range v.Steps {
		v.Steps[i].Line = "/admin/policy/edit?brand=1&at=procedures.inbound-call.steps." + s.ID
	}
	v.Findings = []procedure.Finding{
		{Line: "147", URL: "/admin/policy/edit?brand=1&at=147", Severity: "error", Says: "This choice leads nowhere.", Mend: "Add go: ..."},
		{Line: "168", URL: "/admin/policy/edit?brand=1&at=168", Severity: "error", Says: "The step assure leads nowhere.", Mend: "Add go:, choices: or end:."},
		{Line: "171", URL: "/admin/policy/edit?brand=1&at=171", Severity: "warning", Says: "Nothing leads to the step goodbye.", Mend: "Let a choice go there, or remove it."}}
	return v
}
