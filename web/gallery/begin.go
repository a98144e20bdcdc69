package gallery

import (
	"github.com/a-h/templ"

	"hark/web/admin"
	"hark/web/begin"
	"hark/web/policypage"
	"hark/web/shared"
)

// The setup of a new desk, as a small company meets it.

func beginSamples() []Sample {
	return []Sample{
		{Name: "begin-name", Title: "Setup, whose desk it is", Page: begin.Page(beginView(1, "Whose desk is this?", "Customers read it on every page and in every mail.", begin.Name{
			Company: shared.Field{Name: "company", Label: "Company", Value: "Harbour & Field", Focus: true},
			Product: shared.Field{Name: "product", Label: "What you support", Hint: "Your product or service by its name, when it is not the company's own.", Optional: true},
			Address: shared.Field{Name: "address", Label: "Mail address for customers", Hint: "They write to it, and answers come from it. Like support@example.com.", Type: "email", Value: "support@harbourfield.example", Optional: true, Dir: "ltr"},
		}.View()))},
		{Name: "begin-ways", Title: "Setup, a mailbox that does not work", Page: begin.Page(beginView(2, "How do people reach you?", "Whatever you choose stands on your page. More can follow later.", beginWays().View()))},
		{Name: "begin-hours", Title: "Setup, hours with an error", Page: begin.Page(wrongHours())},
		{Name: "begin-promise", Title: "Setup, what is promised", Page: begin.Page(beginView(4, "What do you promise?", "Only what you call a promise can be broken. Say what you can keep.", beginPromise().View()))},
		{Name: "begin-whom", Title: "Setup, who has support", Page: begin.Page(beginView(5, "Who has support?", "The desk looks at what is known about a customer, and says why.", beginWhom().View()))},
		{Name: "begin-kinds", Title: "Setup, what people ask for", Page: begin.Page(beginView(6, "What can people ask for?", "", beginKinds().View()))},
		{Name: "begin-page", Title: "Setup, the finished page", Page: begin.Page(beginView(7, "This is your page", "Read it as a customer would.", begin.Finish{
			Open: []begin.Open{{Says: "Nobody has said who has support. Everybody has.", URL: "/admin/setup/5"}, {Says: "It is not decided whether people can call. They cannot.", URL: "/admin/setup/2"}}, Address: "/support",
		}.View()))},
		{Name: "begin-people", Title: "Setup, colleagues", Page: begin.Page(beginView(8, "Who works here with you?", "Each gets a mail with a link, chooses a password and is in.", begin.People{Known: []string{ana.Name}, CanMail: true, Rows: []begin.Invitation{invitation("0"), invitation("1"), invitation("2")}}.View()))},
		{Name: "begin-ready", Title: "Setup, a ticket from beginning to end", Page: begin.ReadyPage(beginReady())},
		{Name: "import", Title: "Import", Page: admin.ImportPage(importView())},
		{Name: "import-zendesk", Title: "Import, a Zendesk under way", Page: admin.ImportPage(importOther(otherRunning()))},
		{Name: "import-zendesk-looked", Title: "Import, what a Zendesk holds", Page: admin.ImportPage(importOther(otherLooked()))},
		{Name: "import-zendesk-wrong", Title: "Import, a Zendesk that refuses", Page: admin.ImportPage(importOther(otherRefused()))},
		{Name: "import-zendesk-done", Title: "Import, a Zendesk that is here", Page: admin.ImportPage(importOther(otherDone()))},
		{Name: "import-look", Title: "Import, a table that is looked at", Page: admin.ImportPage(admin.Import{CanMail: true, Most: "25 MB", Look: beginLook()})},
	}
}

func beginView(number int, title, lead string, fields templ.Component) begin.View {
	v := begin.View{Number: number, Title: title, Lead: lead, Ask: fields, Next: "Next", Page: beginPreview()}
	for i, label := range []string{"Name", "Ways in", "Hours", "Answers", "Who", "Requests", "Your page", "People"} {
		step := begin.Step{Number: i + 1, Label: label, Current: i+1 == number}
		switch {
		case i+1 < number && i == 4:
			step.State = "open"
		case i+1 < number:
			step.State = "answered"
		}
		v.Steps = append(v.Steps, step)
	}
	switch number {
	case 7:
		v.Next = "Publish"
	case 8:
		v.Next = "Invite and finish"
	}
	return v
}

func beginPreview() begin.Preview {
	text := func(words string) []policypage.Block {
		return []policypage.Block{{Text: []policypage.Run{{Text: words}}}}
	}
	return begin.Preview{Title: "Support at Harbour & Field", Sections: []policypage.Section{
		{Title: "How to reach us", Blocks: append(text("Write to us when something does not work, when you have a question, or when something could be better."),
			policypage.Block{Table: &policypage.Table{Caption: "How to reach us", Rows: policypage.Rows([]string{"Write an email", "support@harbourfield.example"}, []string{"Use the form on our pages", "New request"})}})},
		{Title: "When we are there", Blocks: text("Monday to Friday 09:00-17:00, Eastern Time, except US federal holidays. You can write at any time.")},
		{Title: "When you hear from us", Blocks: text("You usually have a first answer within 1 business day, counted while we are there. That is what is usual, not a promise.")},
	}}
}

func beginWays() begin.Ways {
	return begin.Ways{
		Address: "support@harbourfield.example", Again: true,
		Mail:   shared.Choice{Name: "mail", Legend: "By mail", Options: []shared.Option{{Value: "yes", Label: "Yes, to support@harbourfield.example", Hint: "Their mail becomes tickets. The mailbox is tried when you go on.", Chosen: true}, {Value: "no", Label: "No"}}},
		Portal: shared.Choice{Name: "portal", Legend: "By a form on your own pages", Options: []shared.Option{{Value: "yes", Label: "Yes", Chosen: true}, {Value: "no", Label: "No"}}},
		Phone:  shared.Choice{Name: "phone", Legend: "By telephone", Options: []shared.Option{{Value: "no", Label: "No", Chosen: true}, {Value: "yes", Label: "Yes, people call us"}, {Value: "add-on", Label: "As a paid extra"}}},
		Number: shared.Field{Name: "number", Label: "Telephone number", Optional: true, Dir: "ltr"},
		Fetch:  []shared.Field{{Name: "imap", Label: "IMAP server", Hint: "Like imaps://user@mail.example", Value: "imaps://support@mail.harbourfield.example", Optional: true, Dir: "ltr", Code: true}, {Name: "imap_password", Label: "Password", Type: "password", Optional: true, Autocomplete: "off"}},
		Send:   []shared.Field{{Name: "smtp", Label: "SMTP server", Hint: "Like smtp://user@mail.example:587", Optional: true, Dir: "ltr", Code: true}, {Name: "smtp_password", Label: "Password", Type: "password", Optional: true, Autocomplete: "off"}},
		Tried: []begin.Tried{
			{Title: "Receiving does not work yet", Says: "mail.harbourfield.example does not let support in: NO [AUTHENTICATIONFAILED] Authentication failed. Check the name and the password.", Causes: []string{
				"The password. Many providers want an app password, made in your account's security settings, and not the one you sign in with.", "IMAP is switched off for the account. Switch it on in the provider's settings.", "The server's name or port. Most providers write it as imaps://, on port 993."}},
			{Title: "Sending works", Good: true, Says: "Mail to ana@harbourfield.example would be taken."},
		},
	}
}

func wrongHours() begin.View {
	hours := begin.Hours{
		Zone: shared.Field{Name: "zone", Label: "Time zone", Hint: "Your browser says it is America/New_York.", Value: "America/New_York", Dir: "ltr"},
		Holidays: shared.Choice{Name: "holidays", Legend: "Public holidays", Hint: "On these days nobody is there.", Options: []shared.Option{
			{Value: "none", Label: "None", Hint: "Open on every day of the week above."}, {Value: "us-federal", Label: "United States, federal", Hint: "Next: Thu 26 Nov, Thanksgiving Day; Fri 25 Dec, Christmas Day; Fri 1 Jan, New Year's Day.", Chosen: true}}},
	}
	for i, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		f := shared.Field{Name: "hours", ID: "hours-" + day, Label: day, Value: "09:00-17:00", Optional: true, Dir: "ltr"}
		switch {
		case i == 1:
			f.Value, f.Error = "from nine", "Write it like 09:00-17:00, with a comma between two times, or leave it empty."
		case i > 4:
			f.Value = ""
		}
		hours.Days = append(hours.Days, f)
	}
	v := beginView(3, "When are you there?", "Answers are counted in these hours. People can write at any time.", hours.View())
	v.Errors = []shared.FormError{{Field: "hours-Tuesday", Says: "Tuesday: write it like 09:00-17:00."}}
	v.Edited = true
	v.Note = &begin.Note{Tone: shared.Note, Title: "Mail works, both ways", Says: "The desk takes mail for support@harbourfield.example."}
	return v
}

func beginPromise() begin.Promise {
	wait := func(name, label, chosen string) shared.Field {
		return shared.Field{Name: name, Label: label, Type: "select", Options: []shared.Option{{Value: "never", Label: "never"}, {Value: "3d", Label: "3 days"}, {Value: "7d", Label: "7 days"}, {Value: chosen, Label: "14 days", Chosen: true}}}
	}
	return begin.Promise{
		Starts: []begin.Start{{Value: "quiet", Title: "Reminded twice, then closed.", Says: "A usual time, two reminders, and a ticket that nobody answers is closed after a week."}, {Value: "phases", Title: "Step by step.", Says: "A usual time that is generous, no reminders: customers see where their request stands."}},
		Reply: shared.Choice{Name: "reply", Legend: "A first answer", Large: true, Options: []shared.Option{
			{Value: "none", Label: "No time is named", Hint: "You answer as soon as you can."}, {Value: "usual", Label: "A usual time", Hint: "People know what to expect. Late answers turn amber for you.", Chosen: true},
			{Value: "promise", Label: "A promise", Hint: "It can be broken. Late answers turn red for you, and are counted."}}},
		Within: shared.Field{Name: "within", Label: "How soon", Hint: "Counted in your hours.", Type: "select", Options: []shared.Option{{Value: "1bd", Label: "1 business day"}}},
		First:  wait("first", "First reminder after", "a"), Second: wait("second", "Second reminder after", "b"), Close: wait("close", "Closed after", "c"),
		Reopen: wait("reopen", "A solved ticket can be opened again for", "d"),
	}
}

func beginWhom() begin.Whom {
	return begin.Whom{
		Whom: shared.Choice{Name: "whom", Legend: "Support is for", Large: true, Options: []shared.Option{{Value: "everyone", Label: "Everybody"}, {Value: "ordered", Label: "Whoever ordered lately", Hint: "By the date of their order.", Chosen: true}, {Value: "plan", Label: "Whoever has a certain plan"}}},
		Days: shared.Field{Name: "days", Label: "Days after the order", Value: "365", Optional: true}, Plans: shared.Field{Name: "plans", Label: "Plans that include support", Optional: true}, Versions: shared.Field{Name: "versions", Label: "Oldest version you support", Optional: true},
		Columns: []string{"If", "Level of support", "Why"},
		Rows: [][]string{{"The number of days since the order is at most 365", "Support", "Ordered within the last 365 days"}, {"The number of days since the order is more than 365", "No support", "Ordered earlier"},
			{"Nothing above fits", "Support once we have asked", "We do not find the order"}},
	}
}

func beginKinds() begin.Kinds {
	pair := func(name, id, label, value, says, means string) begin.Pair {
		return begin.Pair{Label: shared.Field{Name: name, ID: name + id, Label: label, Value: value, Optional: true}, Says: shared.Field{Name: name + "-says", ID: name + "-says" + id, Label: says, Value: means, Optional: true}}
	}
	return begin.Kinds{
		Kinds:  []begin.Pair{pair("kind", "0", "Kind 1", "Question", "What it is", "Something you would like to know."), pair("kind", "1", "Kind 2", "Broken link", "What it is", "")},
		Limits: []begin.Pair{pair("limit", "0", "Not done 1", "We do not write texts", "Where else to turn", "An editor of your choice can.")},
	}
}

func invitation(id string) begin.Invitation {
	return begin.Invitation{Name: shared.Field{Name: "name", ID: "name-" + id, Label: "Name", Optional: true}, Email: shared.Field{Name: "email", ID: "email-" + id, Label: "Mail address", Type: "email", Optional: true, Dir: "ltr"},
		Role: shared.Field{Name: "role", ID: "role-" + id, Label: "Role", Type: "select", Options: []shared.Option{{Value: "agent", Label: "Agent"}, {Value: "admin", Label: "Administrator"}}}}
}

func beginReady() begin.Ready {
	return begin.Ready{
		Published: "Your page is published.", PageURL: "/support", Took: "12 days in a moment", CanMail: true, Mail: "ana@harbourfield.example",
		Missing: []begin.Open{{Says: "Step 5: Who has support?", URL: "/admin/setup/5"}},
		Moments: []begin.Moment{
			{At: "Mon 23 Nov, 09:10", Who: "customer", Says: "Maria writes: “Since this morning the page stays empty.”"},
			{At: "Mon 23 Nov, 09:10", Who: "mail", Says: "A mail to Maria:", Subject: "We have your message [1]", Body: "Your message is here, and somebody will read it. You usually hear from us by Tuesday 24 November, 09:10."},
			{At: "Mon 23 Nov, 10:00", Who: "desk", Says: "Ben answers: “Which page is it, please?”"},
			{At: "Mon 23 Nov, 10:00", Who: "clock", Says: "It is now: Waiting for you"},
			{At: "Thu 26 Nov, 10:00", Who: "mail", Says: "A mail to Maria:", Subject: "We are waiting for your answer [1]", Body: "We cannot go on without your answer. We wrote: “Which page is it, please?”"},
			{At: "Sat 5 Dec, 10:00", Who: "clock", Says: "It is now: Closed"},
		},
	}
}

func importView() admin.Import {
	return admin.Import{CanMail: true, Most: "25 MB", Other: &admin.Other{Form: true},
		Mail:  &admin.Outcome{Running: true, Says: "Under way. 412 mails read: 180 new tickets, 201 added to what was there, 29 known already, 2 left out.", Troubles: []admin.Trouble{{Number: "17", About: "Offers", Says: "It does not say who wrote it."}, {Number: "93", About: "", Says: "It has more than 50 MB."}}},
		Table: &admin.Outcome{Says: "40 lines read: 38 new customers, 0 added to what was there, 2 known already, 0 left out."}}
}

func importOther(o admin.Other) admin.Import {
	return admin.Import{CanMail: true, Most: "25 MB", Other: &o}
}

func otherCounts(number, tickets string) []admin.Count {
	return []admin.Count{{Number: "48", Of: "Organisations"}, {Number: "1530", Of: "Customers"}, {Number: number, Of: tickets}, {Number: "40", Of: "Here already"}, {Number: "21406", Of: "Messages"}, {Number: "902", Of: "Files, 1.3 GB"}}
}

var otherTroubles = []admin.Trouble{{Number: "5007", About: "", Says: "Its record cannot be read."}, {Number: "360021338914", About: "file conference-recording-of-the-whole-afternoon.mov", Says: "The files of one message may have 50 MB together."}}

func otherRunning() admin.Other {
	return admin.Other{Name: "greenway.zendesk.com", Says: "Importing greenway.zendesk.com.", Counts: otherCounts("3120", "Tickets of 9412"), Running: true, Done: 3120, Of: 9412, Stop: true, Troubles: otherTroubles}
}

func otherLooked() admin.Other {
	return admin.Other{Name: "greenway.zendesk.com", Says: "This is what would come from greenway.zendesk.com. Nothing is stored yet.", Counts: otherCounts("9412", "Tickets"), Start: "Import it", Forget: true, Troubles: otherTroubles, More: "And 12 more.", Report: "greenway.zendesk.com\n9412 tickets read."}
}

func otherRefused() admin.Other {
	return admin.Other{
		Form: true, Address: "greenway.zendesk.com", Email: "priya@greenway.example", Brands: []shared.Option{{Value: "1", Label: "Greenway", Chosen: true}, {Value: "2", Label: "Cork Cycles"}},
		Errors: []shared.FormError{{Field: "zendesk-address", Says: "The Zendesk greenway.zendesk.com does not accept this mail address with this token; look whether token access is on and the token is not revoked."}},
	}
}

func otherDone() admin.Other {
	says := "9412 tickets read: 9348 new tickets, 0 added to what was there, 40 known already, 24 left out. With 48 organisations, 1530 customers, 21406 messages and 902 files (1.3 GB)."
	return admin.Other{Form: true, Name: "greenway.zendesk.com", Address: "greenway.zendesk.com", Email: "priya@greenway.example", Says: "Imported from greenway.zendesk.com: 9348 new tickets, 0 with something new, 40 here already.", Counts: otherCounts("9412", "Tickets"), Troubles: otherTroubles, Report: "greenway.zendesk.com\n" + says + "\n5007\t\tits record cannot be read\n"}
}

func beginLook() *admin.Look {
	columns := func(chosen int, none bool) (options []shared.Option) {
		if none {
			options = append(options, shared.Option{Value: "-1", Label: "none", Chosen: chosen < 0})
		}
		for i, head := range []string{"Contact", "E-mail", "Company"} {
			options = append(options, shared.Option{Value: string(rune('0' + i)), Label: head, Chosen: i == chosen})
		}
		return options
	}
	return &admin.Look{Text: "Contact;E-mail;Company\nPriya Raman;priya@greenway.example;Greenway", Name: columns(0, true), Email: columns(1, false), Organization: columns(2, true),
		Head: []string{"Mail address", "Name", "Organisation"}, OwnedOpen: true,
		Owned: []shared.Field{{Name: "owned", ID: "column-order", Label: "Order number", Type: "select", Options: columns(-1, true)}, {Name: "owned", ID: "column-site", Label: "Website", Type: "select", Options: columns(-1, true)}},
		Rows:  [][]string{{"priya@greenway.example", "Priya Raman", "Greenway"}, {"tomas@corkcycles.example", "Tomás Ó Briain", "Cork Cycles"}},
		Says:  "Nothing is stored yet. 40 lines read: 38 new customers, 0 added to what was there, 1 known already, 1 left out.", Troubles: []admin.Trouble{{Number: "12", About: "nowhere", Says: "“nowhere” is no address that mail can be sent to."}}}
}
