package gallery

import (
	"hark/web/phone"
	cases "hark/web/review"
	"hark/web/shared"
)

func phoneSamples() []Sample {
	return []Sample{
		{Name: "phone-begins", Title: "A call at its first question", Page: phone.Page(callBegins())},
		{Name: "phone-find", Title: "A call, looking for the caller", Page: phone.Page(callFinds())},
		{Name: "phone-rings", Title: "A call that rings, with a number two people have", Page: phone.Page(callRings())},
		{Name: "phone", Title: "A call: what is it about", Page: phone.Page(callView())},
		{Name: "phone-stay", Title: "A call whose mail does not arrive", Page: phone.Page(callStays())},
		{Name: "phone-wrap", Title: "A call at its end", Page: phone.Page(callWraps())},
		{Name: "phone-record", Title: "The record of a call", Page: phone.Page(callRecord())},
		{Name: "phone-prove", Title: "A call whose next step needs a caller who is verified", Page: phone.Page(callProves())},
		{Name: "phone-sure", Title: "A call while a code is on its way", Page: phone.Page(callSure())},
		{Name: "phone-young", Title: "A call while an address of today proves nothing", Page: phone.Page(callOfYoungAddress())},
		{Name: "phone-handed", Title: "A call that was handed over", Page: phone.Page(callHanded())},
		{Name: "review", Title: "A new case under review", Page: cases.Page(reviewing())},
		{Name: "reviewed", Title: "A case that was reviewed", Page: cases.Page(reviewed())},
		{Name: "phones", Title: "Calls", Page: phone.ListPage(phoneList())},
		{Name: "phones-none", Title: "Calls, none yet", Page: phone.ListPage(phone.List{Tabs: phoneList().Tabs, Outcomes: phoneList().Outcomes, Levels: phoneList().Levels})},
	}
}

var (
	carla      = shared.Person{Name: "Carla Nkemelu", Email: "carla@acme-shop.example", Initials: "CN"}
	active     = phone.Level{Label: "Active support plan", Support: true, Because: "Ordered within the last 30 days", Rule: "levels.table.recent"}
	oldVersion = phone.Level{Label: "Unsupported version", Because: "Version 5 or older; all support has to be paid for"}
)

func clockAt(clock string) shared.Time {
	return at(clock, "Tue 17 Nov 2026, "+clock+" PST", "2026-11-17T"+clock+"-08:00")
}

func openCall() phone.View {
	return phone.View{
		ID: "41", Title: "Call with +1 206 555 0142", State: "open", Mine: true, Takes: true, Agent: "Eve Marsh", Since: "100", Began: clockAt("10:04"), Length: "42 s", Spoken: 42, Running: true,
		Direction: "Incoming call", Number: "+12065550142", Tel: "tel:+12065550142", Doubt: "number unverified",
		MustNot: []string{"give technical support"}, Policy: "Answer a call, Procedures for phone support, version 2010-06-02", Base: "1",
		Groups:  []shared.Option{{Value: "group:1", Label: "Second line"}, {Value: "person:2", Label: "Ben Adler"}},
		Happens: []phone.Line{{At: clockAt("10:04:10"), Who: "Eve Marsh", Says: "Somebody calls from +12065550142"}},
	}
}

func callBegins() phone.View {
	v := openCall()
	v.Title, v.Number, v.Doubt, v.MayNumber, v.Length, v.Spoken, v.Base = "Call", "", "", true, "3 s", 3, "0"
	v.Step = &phone.Step{ID: "identify", Title: "Who is calling?", Field: "The website the caller has named",
		Files:   []phone.File{{Name: "Finding an account.pdf", Size: "184 kB", URL: "/phone/41/files/3"}, {Name: "Prices.pdf"}},
		Say:     []string{"Thank you for calling AbleCommerce. To find your account: which licensed website are you calling about?", "An order number will do as well, or a name, a company or an email address."},
		Choices: []phone.Choice{{Key: "1", Value: "1", Label: "Has named a website or something else"}, {Key: "2", Value: "2", Label: "Is evaluating", Hint: "Ask for the name under which it was downloaded."}, {Key: "3", Value: "3", Label: "Cannot say"}}}
	return v
}

func candidates() []phone.Candidate {
	return []phone.Candidate{
		{Key: "1", Person: "7", About: "licence:12", Name: "Carla Nkemelu", Company: "Acme Retail", Site: "acme-shop.example", Says: "AbleCommerce 7.0.2, ordered 12 Nov 2026", Level: active},
		{Key: "2", Person: "7", About: "licence:9", Name: "Carla Nkemelu", Company: "Acme Retail", Site: "acme-parts.example", Says: "AbleCommerce 5.5, ordered 5 Oct 2019", Level: oldVersion},
	}
}

func callFinds() phone.View {
	v := openCall()
	v.Ticked = []phone.Ticked{{Title: "Who is calling?", Answer: "Has named a website or something else"}}
	v.Query, v.Looked, v.Found = "acme", true, candidates()
	v.Step = &phone.Step{ID: "find", Title: "Find the account", Finds: true, Back: true, Hint: "There may be one order, several, or only an evaluation. The search for users looks at more fields.",
		Choices: []phone.Choice{{Key: "0", Value: "2", Label: "Not found"}}}
	return v
}

func callRings() phone.View {
	v := callFinds()
	v.Query, v.Ticked = "+12065550142", nil
	for i := range v.Found {
		v.Found[i].Shared = true
	}
	v.Found[1].Name, v.Found[1].Company = "Teo Lindqvist", "Acme Parts"
	v.Step.Back, v.Base = false, "0"
	return v
}

func callView() phone.View {
	v := openCall()
	v.Title, v.Base = "Call with Carla Nkemelu", "2"
	v.Caller = &phone.Caller{Person: carla, Company: "Acme Retail", Site: "acme-shop.example", Grade: "matched", Sure: "Matched: they know what few know", Level: active}
	v.Ticked = []phone.Ticked{{Title: "Who is calling?", Answer: "Has named a website or something else"}, {Title: "Find the account", Known: true}, {Title: "Look at the orders", Answer: "Active support plan"}}
	v.Tickets = []phone.Ticket{{Number: "4812", Subject: "The donation page sends people back to the start", Status: statusNew}}
	v.Earlier = []phone.Earlier{{URL: "/phone/17", When: "9 Nov", Says: "Installation or anything about AbleCommerce"}}
	v.Happens = append(v.Happens, phone.Line{At: clockAt("10:04:31"), Who: "Eve Marsh", Says: "Carla Nkemelu, acme-shop.example, found by the website"})
	v.Step = &phone.Step{ID: "live", Title: "There is support", Ask: "What is it about, in a few words?", Back: true, Choices: []phone.Choice{
		{Key: "1", Value: "1", Label: "Licence key", Does: []string{"Sends “FAQ - How to request a key” with Request a key.pdf (184 kB), Where the order number stands.png (62 kB)."}},
		{Key: "2", Value: "2", Label: "Installation or anything about AbleCommerce", Does: []string{"Sends “FAQ - How to open a support case”."}},
		{Key: "3", Value: "3", Label: "Customization", Does: []string{"Sends “FAQ - Development resources”."}},
		{Key: "4", Value: "4", Label: "Hosting or website", Does: []string{"Sends “FAQ - How to open a hosting ticket”."}},
		{Key: "5", Value: "5", Label: "Something else", Does: []string{"Sends “FAQ - How to open a support case”."}},
	}}
	return v
}

func callStays() phone.View {
	v := callView()
	v.Caller.Grade, v.Caller.Sure, v.Base = "claimed", "Claimed: they say so", "4"
	v.Ticked = append(v.Ticked, phone.Ticked{Title: "There is support", Answer: "Installation or anything about AbleCommerce"}, phone.Ticked{Title: "Reassure", Answer: "Wants more help, and has a plan"})
	v.Step = &phone.Step{ID: "stay", Title: "Stay with the caller", Hint: "See that the mail arrives, and go through its steps together.", Back: true, Choices: []phone.Choice{
		{Key: "1", Value: "1", Label: "Done"},
		{Key: "2", Value: "2", Label: "The mail does not arrive", Hint: "Offer another address first, and read the steps aloud if there is none."},
		{Key: "3", Value: "3", Label: "Licence key", Locked: "Only for a caller who was found by the website, an order number or a licence key. Look for them by one of these."},
	}}
	v.Mails = []phone.Mail{
		{ID: "98", Message: "resources", Name: "FAQ - Available support resources", To: "carla@acme-shop.example", State: "sent", Says: "Delivered at 10:04:58", Text: "Documentation, the forum and more that is open to you: https://ablecommerce.example/resources"},
		{ID: "99", Message: "open-case", Name: "FAQ - How to open a support case", To: "carla@acme-shop.example", State: "failed", Says: "Rejected: mailbox full", Elsewhere: true, Text: "Sign in, choose your order and describe the problem."},
	}
	return v
}

// callProves stands at a step that needs a surer caller.
func callProves() phone.View {
	v := callView()
	v.Base, v.Sure = "2", &phone.Sure{Address: "c…@acme-shop.example", Key: "k", Here: true}
	v.Ticked = append(v.Ticked, phone.Ticked{Title: "There is support", Answer: "Wants another administrator"})
	v.Step = &phone.Step{ID: "admins", Title: "Change the administrators", Back: true, Locked: "Only for a caller who has proved who they are. Send a code to their address, and type what they read out."}
	return v
}

func callOfYoungAddress() phone.View {
	v := callProves()
	v.Sure.Young, v.Sure.Since, v.Sure.Rests = "c…@acme-shops.example", "Tue 17 Nov, 09:40", "Wed 18 Nov, 09:40"
	return v
}

func callSure() phone.View {
	v := callView()
	v.Sure = &phone.Sure{Address: "c…@acme-shop.example", Until: "10:14", Key: "k"}
	v.Mails = []phone.Mail{{ID: "97", Name: "A code that proves who calls", To: "carla@acme-shop.example", State: "sent", Says: "Delivered at 10:04:40"}}
	return v
}

func callWraps() phone.View {
	v := callView()
	v.Length, v.Base = "1 min 12 s", "4"
	v.Ticked = append(v.Ticked, phone.Ticked{Title: "There is support", Answer: "Licence key"}, phone.Ticked{Title: "Reassure", Answer: "Needs nothing else"})
	v.Step = &phone.Step{ID: "goodbye", Title: "Say goodbye", Say: []string{"Thank you for your call."}, Ended: true, Back: true}
	v.Mails = []phone.Mail{{ID: "99", Message: "request-key", Name: "FAQ - How to request a key", To: "carla@acme-shop.example", State: "held", Says: "Leaves in a moment", Undo: 7, Files: []phone.File{{Name: "Request a key.pdf", Size: "184 kB"}, {Name: "Where the order number stands.png", Size: "62 kB"}}, Text: "Sign in, open your order for acme-shop.example and choose “Request key”."}}
	v.Wrap = &phone.Wrap{Says: "Carla Nkemelu · acme-shop.example · Active support plan · Licence key · “FAQ - How to request a key” · 1 min 12 s",
		Outcomes: []shared.Option{{Value: "-", Label: "No outcome"}, {Value: "instructed", Label: "Instructions sent", Chosen: true}, {Value: "complaint", Label: "Compliment or complaint"}}}
	return v
}

func callRecord() phone.View {
	v := callWraps()
	v.State, v.Running, v.Step, v.Wrap, v.Ticked = "recorded", false, nil, nil, nil
	v.Mails[0].State, v.Mails[0].Says, v.Mails[0].Undo = "sent", "Delivered at 10:05:21", 0
	v.Task = "Pass it on to support-admin@ablecommerce.com"
	v.Record = []phone.Fact{
		{Name: "Caller", Value: "Carla Nkemelu", Note: "Acme Retail"}, {Name: "About", Value: "acme-shop.example", Note: "by the website"}, {Name: "How sure", Value: "Verified: they have proved it", Note: "by a code in a mail to them"},
		{Name: "Number", Value: "+12065550142", Note: "no network vouches for it"}, {Name: "Level of support", Value: "Active support plan", Note: "Ordered within the last 30 days, row “recent” of the table"},
		{Name: "Problem", Value: "Licence key"}, {Name: "Messages", Value: "FAQ - How to request a key"}, {Name: "Outcome", Value: "Compliment or complaint"}, {Name: "Note", Value: "She had waited for a week."},
		{Name: "Began", Value: "Tue 17 Nov 2026, 10:04 PST"}, {Name: "Length", Value: "1 min 12 s"}, {Name: "Answered by", Value: "Eve Marsh"}, {Name: "Procedure", Value: "Answer a call, Procedures for phone support, version 2010-06-02"}}
	return v
}

func callHanded() phone.View {
	v := callView()
	v.State, v.Mine, v.Agent, v.Running, v.Step = "parked", false, "", false, nil
	v.Reason = "Pays for priority, and the shop has been down since this morning"
	return v
}

func phoneList() phone.List {
	row := func(id, clock, caller, site, level, problem, outcome, length string) phone.Row {
		return phone.Row{URL: "/phone/" + id, At: clockAt(clock), Caller: caller, Site: site, Level: level, Problem: problem, Outcome: outcome, Length: length, Agent: "Eve Marsh"}
	}
	l := phone.List{
		Tabs: []phone.Tab{{Label: "All", URL: "/phone", Current: true}, {Label: "Mine", URL: "/phone?show=mine"}, {Label: "Missed", URL: "/phone?show=missed"}, {Label: "To pass on", URL: "/phone?show=tasks"}},
		Rows: []phone.Row{
			row("41", "10:04", "Carla Nkemelu", "acme-shop.example", "Active support plan", "Licence key", "Instructions sent", "1 min 12 s"),
			row("40", "09:51", "", "", "", "", "Caller not identified", "38 s"),
			row("39", "09:20", "Teo Lindqvist", "acme-parts.example", "Unsupported version", "", "Instructions sent", "1 min 2 s"),
			row("38", "08:44", "Hanna Vogt", "evaluation of AbleCommerce", "A case for sales", "", "Sent to sales", "2 min 31 s"),
			row("37", "08:12", "Oluwaseun Adébáyò-Featherstonehaugh", "a-very-long-name-for-a-website-that-sells-things.example", "No active support plan", "Installation or a general question", "Told about priority support", "4 min 9 s")},
		Waiting:  []phone.Row{{URL: "/phone/36", Caller: "Priya Raman", State: "Parked", Why: "Pays for priority, and the shop is down", Take: "/phone/36/take"}},
		Outcomes: []shared.Option{{Value: "-", Label: "Any outcome", Chosen: true}, {Value: "instructed", Label: "Instructions sent"}},
		Levels:   []shared.Option{{Value: "-", Label: "Any level", Chosen: true}, {Value: "active", Label: "Active support plan"}},
		Says:     "Of 14 calls, 12 needed no ticket.",
		Counts:   []phone.Count{{Outcome: "Instructions sent", Level: "Active support plan", Calls: "8", Share: "57 %", Length: "58 s", Without: "7"}, {Outcome: "Caller not identified", Level: "Not decided", Calls: "6", Share: "42 %", Length: "41 s", Without: "5"}},
	}
	l.Rows[1].Number = "+12065550142"
	l.Connects, l.Script = true, &phone.Tab{Label: "Answer a call", URL: "/handbook/procedures/inbound-call"}
	return l
}

// hostileCall is a call each of whose words came from elsewhere.
func hostileCall(text string) phone.View {
	v := callStays()
	v.Title, v.Number, v.Reason, v.Note, v.Query, v.Wrong, v.Agent = text, text, text, text, text, text, text
	v.Caller = &phone.Caller{Person: shared.Person{Name: text, Email: text, Initials: "<b"}, Company: text, Site: text, Sure: text, Level: phone.Level{Label: text, Because: text}}
	v.Ticked = []phone.Ticked{{Title: text, Answer: text}}
	v.Mails[1].To, v.Mails[1].Says, v.Mails[1].Text, v.Mails[1].Name = text, text, text, text
	v.Happens, v.Record = []phone.Line{{Who: text, Says: text}}, []phone.Fact{{Name: text, Value: text, Note: text}}
	v.Search, v.Looked, v.Found = true, true, []phone.Candidate{{Person: "1", About: "licence:1", Name: text, Company: text, Site: text, Says: text}}
	v.Wrap = &phone.Wrap{Says: text, Outcomes: []shared.Option{{Value: text, Label: text}}}
	return v
}
