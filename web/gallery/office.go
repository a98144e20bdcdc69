package gallery

import (
	"hark/web/admin"
	"hark/web/maillog"
	"hark/web/me"
	"hark/web/search"
	"hark/web/shared"
	"hark/web/ticket"
)

func arrivals() maillog.In {
	arrival := func(id string, from shared.Person, subject, outcome, says string) maillog.Arrival {
		return maillog.Arrival{ID: id, URL: "/mail/in/" + id, At: at("today 09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"), From: from, To: "support@harbourfield.example", Subject: subject, Outcome: outcome, Says: says}
	}
	held := arrival("97", fake, "Re: The donation page sends people back to the start", "held", "Held: the sender is not part of #4812")
	held.Accept, held.Discard = "/held/97/accept", "/held/97/discard"
	return maillog.In{Filter: "all", Pager: shared.Pager{Older: "/mail/in?after=88"},
		Tabs: []maillog.Tab{{Label: "All", URL: "/mail/in", Current: true}, {Label: "Held", Count: "2", URL: "/mail/in?show=held"}, {Label: "Unreadable", Count: "1", URL: "/mail/in?show=unreadable"}, {Label: "Came back", URL: "/mail/in?show=bounce"}},
		List: []maillog.Arrival{held,
			arrival("96", shared.Person{Name: "Mail Delivery Subsystem", Email: "mailer-daemon@corkcycles.example"}, "Undelivered Mail Returned to Sender", "bounce", "Came back: the answer in #4809"),
			arrival("95", priya, "Re: The donation page sends people back to the start", "threaded", "Added to #4812"),
			arrival("94", shared.Person{Name: "", Email: "?"}, "", "unreadable", "Could not be read: 4,000 parts inside each other"),
			arrival("93", leila, "طلب تعديل صفحة الكتب الجديدة", "created", "Opened #4807"),
			arrival("92", tomas, "Automatic reply: New team photo for the about page", "automatic", "Automatic, so nothing was answered or reopened"),
			arrival("90", priya, "The donation page sends people back to the start", "created", "Opened #4812")}}
}

func unreadable() maillog.ArrivalView {
	return maillog.ArrivalView{Arrival: maillog.Arrival{ID: "94", Subject: "", Outcome: "unreadable", Says: "Could not be read: 4,000 parts inside each other"}, Again: "/mail/in/94/again", RawURL: "/mail/in/94/raw",
		Facts:   []maillog.Fact{{Name: "Arrived", Value: "Fri 20 Nov 2026, 08:51:07 EST, by the listener"}, {Name: "From the server", Value: "198.51.100.23 (mail.bulk.example)"}, {Name: "Said to be from", Value: "offers@bulk.example"}, {Name: "For", Value: "support@harbourfield.example"}, {Name: "Size", Value: "1.2 MB"}},
		Defects: []string{"4,000 parts stand inside each other; we stop reading at 50.", "It has no Message-ID."},
		Raw:     "Received: from mail.bulk.example (198.51.100.23)\r\nFrom: offers@bulk.example\r\nTo: support@harbourfield.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"a1\"\r\n\r\n--a1\r\nContent-Type: multipart/mixed; boundary=\"a2\"\r\n\r\n--a2\r\n<script>alert(1)</script>\r\n"}
}

func departures() maillog.Out {
	departure := func(id, to, subject, state, says string) maillog.Departure {
		return maillog.Departure{ID: id, URL: "/mail/out/" + id, At: at("today 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), To: to, Subject: subject, State: state, Says: says}
	}
	return maillog.Out{Tabs: []maillog.Tab{{Label: "All", URL: "/mail/out", Current: true}, {Label: "On the way", Count: "1", URL: "/mail/out?show=waiting"}, {Label: "Trouble", Count: "2", URL: "/mail/out?show=trouble"}},
		List: []maillog.Departure{
			departure("99", "olga@kitlab.example", "Re: Contact form: mails arrive twice [#4801]", "queued", "Leaves in 8 seconds"),
			departure("98", "tomas@corkcycles.example", "Re: New team photo [#4809]", "bounced", "Came back: mailbox full"),
			departure("95", "grace.okafor@stbrides.example", "Re: Two open days [#4799]", "uncertain", "Perhaps delivered: the server fell silent at the end"),
			departure("93", "l.wisniewski@zamek.example", "We have your request [#4796]", "deferred", "Next try at 09:46: the server is busy"),
			departure("91", "priya@greenway.example", "Re: The donation page [#4812]", "sent", "Delivered to mx.greenway.example")}}
}

func departure() maillog.DepartureView {
	when := at("09:31", "Fri 20 Nov 2026, 09:31:14 EST", "2026-11-20T09:31:14-05:00")
	return maillog.DepartureView{Departure: maillog.Departure{Subject: "Re: Two open days [#4799]", State: "uncertain", Says: "Perhaps delivered: the server fell silent at the end", Ticket: "/tickets/4799"}, Retry: "/mail/out/95/retry",
		Facts:    []maillog.Fact{{Name: "To", Value: "grace.okafor@stbrides.example"}, {Name: "From", Value: "support@harbourfield.example"}, {Name: "Why", Value: "Answer by Ben Adler"}},
		Attempts: []maillog.Attempt{{At: when, Phase: "after DATA", Says: "no answer for 10 minutes"}},
		Head:     "From: Ben Adler <support@harbourfield.example>\r\nTo: grace.okafor@stbrides.example\r\nSubject: Re: Two open days [#4799]"}
}

func mailboxes() admin.Mailboxes {
	return admin.Mailboxes{List: []admin.Mailbox{
		{URL: "/admin/mailboxes/1", Address: "support@harbourfield.example", Brand: "Harbour & Field", Fetch: "Our listener", Sends: "Directly", Tried: at("12 minutes ago", "Fri 20 Nov 2026, 09:20 EST", "2026-11-20T09:20:00-05:00")},
		{URL: "/admin/mailboxes/2", Address: "help@corkcycles.example", Brand: "Cork Cycles", Fetch: "IMAP at mail.corkcycles.example", Sends: "Through smtp.corkcycles.example", Wrong: "535 5.7.8 authentication failed"}}}
}

func mailboxForm() admin.MailboxForm {
	return admin.MailboxForm{ID: "2", Address: "help@corkcycles.example", IMAP: "imaps://help@mail.corkcycles.example", HasIMAP: true,
		Brands: []shared.Option{{Value: "1", Label: "Harbour & Field"}, {Value: "2", Label: "Cork Cycles", Chosen: true}}, Groups: []shared.Option{{Value: "1", Label: "Support"}},
		Test: &admin.Test{Lines: []string{"connected to mail.corkcycles.example:993, certificate valid until 3 Feb 2027", "LOGIN help@corkcycles.example", "NO [AUTHENTICATIONFAILED] Authentication failed."}}}
}

func people() admin.People {
	return admin.People{List: []admin.Member{
		{URL: "/admin/people/1", Person: ana, Role: "Administrator", Groups: "Support, Projects"},
		{URL: "/admin/people/2", Person: ben, Role: "Agent", Groups: "Support"},
		{URL: "/admin/people/3", Person: cem, Role: "Agent", Groups: "Support"},
		{URL: "/admin/people/4", Person: long, Role: "Light agent", Groups: "Projects", Off: true}}}
}

func personForm() admin.PersonForm {
	return admin.PersonForm{ID: "3", Name: "Cem Yıldız", Email: "cem@harbourfield.example", Hours: "/admin/people/3/hours", Link: "https://desk.harbourfield.example/welcome/5f2c...",
		Roles:  []shared.Option{{Value: "admin", Label: "Administrator", Hint: "Everything, and the settings"}, {Value: "agent", Label: "Agent", Hint: "Answers customers", Chosen: true}, {Value: "light", Label: "Light agent", Hint: "Reads, and writes internal notes"}},
		Groups: []shared.Option{{Value: "1", Label: "Support", Chosen: true}, {Value: "2", Label: "Projects"}}, Skills: new("Setup, Integration")}
}

func groups() admin.Groups {
	return admin.Groups{List: []admin.Group{{URL: "/admin/groups/1", Name: "Support", Members: "Ana Ruiz, Ben Adler, Cem Yıldız"}, {URL: "/admin/groups/2", Name: "Projects", Members: "Ana Ruiz and 1 more"}}}
}

func brandForm() admin.BrandForm {
	return admin.BrandForm{ID: "2", Name: "Cork Cycles", Email: "help@corkcycles.example", Colour: "#f2b600", Policies: []shared.Option{{Value: "customer-support-center", Label: "The Customer Support Center"}}, Sample: "/portal?brand=2", Open: true, Says: "Darkened by day to #8a6800, so that text in it can be read."}
}

func brands() admin.Brands {
	return admin.Brands{List: []admin.Brand{{URL: "/admin/brands/1", Name: "Harbour & Field", Email: "support@harbourfield.example", Policy: "The Customer Support Center", Colour: "#0a6b6b"}, {URL: "/admin/brands/2", Name: "Cork Cycles", Email: "help@corkcycles.example", Policy: "The Customer Support Center", Colour: "#f2b600"}}}
}

func found() search.View {
	return search.View{Query: "donation", Says: "The newest first", Rows: rows()[:4], Near: hints()}
}

func nothingFound() search.View {
	return search.View{Query: "from:priya zebra", Wrong: "\"from:priya\" is no mail address. It was searched as a word.", Near: hints()}
}

func hints() []search.Hint {
	return []search.Hint{{Query: "from:priya@greenway.example", Says: "everything Priya wrote", URL: "/search?q=from:priya@greenway.example"}, {Query: "status:pending", Says: "by status, in the policy's words", URL: "/search?q=status:pending"}, {Query: "#4812", Says: "straight to a ticket", URL: "/tickets/4812"}}
}

func myAccount() me.View {
	return me.View{Staff: true, Name: "Ana Ruiz", Email: "ana@harbourfield.example", Zone: "America/New_York", Zones: []shared.Option{{Value: "America/New_York"}, {Value: "Europe/Berlin"}},
		Sessions: []me.Session{
			{ID: "a1", Device: "Firefox on Linux", Remote: "198.51.100.7", Seen: at("just now", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), Since: at("Mon 08:02", "Mon 16 Nov 2026, 08:02 EST", "2026-11-16T08:02:00-05:00"), Here: true},
			{ID: "b2", Device: "Safari on iPhone", Remote: "203.0.113.80", Seen: at("yesterday 18:40", "Thu 19 Nov 2026, 18:40 EST", "2026-11-19T18:40:00-05:00"), Since: at("12 Nov", "Thu 12 Nov 2026, 07:55 EST", "2026-11-12T07:55:00-05:00")},
		}}
}

func herAccount() me.View {
	v := myAccount()
	v.Staff, v.Name, v.Email, v.Sessions = false, "Priya Raman", "priya@greenway.example", v.Sessions[:1]
	return v
}

func newTicket() ticket.Form {
	return ticket.Form{Key: "sample", Brand: "1", Brands: []ticket.BrandChoice{{Name: "Harbourfield", URL: "/tickets/new?brand=1", Current: true}, {Name: "Cork Cycles", URL: "/tickets/new?brand=2"}},
		Kinds: []shared.Option{{Value: "question", Label: "Question", Chosen: true}, {Value: "problem", Label: "Problem"}}}
}
