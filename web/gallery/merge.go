package gallery

import (
	"hark/web/merge"
	"hark/web/shared"
	"hark/web/ticket"
)

// mergeSamples are the last look before two records, or two tickets, become one.
func mergeSamples() []Sample {
	return []Sample{
		{Name: "merge", Title: "Two records of one customer", Page: merge.Page(twoRecords())},
		{Name: "merge-refused", Title: "Two records that stay as they are", Page: merge.Page(recordsApart())},
		{Name: "merge-find", Title: "Which record is the same person", Page: merge.FindPage(sameName())},
		{Name: "merge-nobody", Title: "Nobody of the same name", Page: merge.FindPage(noOther())},
		{Name: "ticket-hand", Title: "A ticket is handed over", Page: ticket.HandPage(handedOver())},
		{Name: "ticket-hand-none", Title: "A ticket, and nobody to hand it to", Page: ticket.HandPage(ticket.Hand{Number: "4812", Subject: "The donation page sends people back to the start"})},
		{Name: "merge-tickets", Title: "Two tickets about one thing", Page: merge.Page(twoTickets())},
	}
}

func twoRecords() merge.View {
	return merge.View{
		Title: "One person, two records", Section: "customers", Back: merge.Link{Label: "Back to the record", URL: "/customers/7"},
		Parts: [2]string{"Stays", "Becomes part of it"}, Stays: merge.Link{Label: priya.Name, URL: "/customers/7"}, Goes: merge.Link{Label: "Priya R.", URL: "/customers/19"},
		Rows: []merge.Row{
			{Name: "Name", Stays: []string{priya.Name}, Goes: []string{"Priya R."}},
			{Name: "Mail goes to", Stays: []string{priya.Email}, Goes: []string{"priya.raman.1984@quite-a-long-private-address.example"}},
			{Name: "Telephone", Stays: []string{"+15035550142"}, Goes: []string{"+15035550177"}, Kept: true},
			{Name: "Organisation", Stays: []string{"Acme Tools"}},
			{Name: "Known since", Stays: []string{"2 Nov 2026"}, Goes: []string{"14 Jan 2025"}, Kept: true},
			{Name: "Tickets", Stays: []string{"12 of their own", "1 on copy", "#4812 The donation page sends people back to the start", "#4790 Can it remind people by itself?", "#4650 An invoice is missing"}, Goes: []string{"2 of their own", "#4809 Schedule a call", "#3102 How do I sign in?"}, Kept: true},
			{Name: "Licences", Stays: []string{"acme-shop.example", "acme-parts.example"}, Goes: []string{"acme-home.example"}, Kept: true},
			{Name: "Calls", Goes: []string{"1 booked call"}, Kept: true},
			{Name: "Signed in", Stays: []string{"2 browsers"}, Goes: []string{"1 browser"}, Kept: true},
		},
		Follows: []string{
			"Mail goes to " + priya.Email + ". What comes from priya.raman.1984@quite-a-long-private-address.example goes on in the same tickets.",
			"Whoever signs in as " + priya.Email + " reads 2 tickets of the other record too. Colleagues see on each that it was merged; nobody is mailed.",
			"Links in mails go on opening the ticket they were made for, and no other.",
			"Where the other record is signed in, it is signed out. Links to sign in that are under way open nothing any more.",
		},
		Swap: "/customers/19/merge?with=7", Other: "/customers/7/merge", Path: "/customers/7/merge", With: "19", Mark: "0f",
		Asks: shared.Field{Name: "reason", Label: "How do you know that they are one person?", Hint: "It stays on the record. Like: she told us on the telephone.", MaxLength: "500", Dir: "auto"},
		Does: "Merge the two records",
	}
}

func recordsApart() merge.View {
	v := twoRecords()
	v.Refused = "One of the two has tickets that you do not see; ask a colleague who sees all of them."
	return v
}

func sameName() merge.Find {
	return merge.Find{
		Title: "One person, two records", Section: "customers", Back: merge.Link{Label: "Back to the record", URL: "/customers/7"}, Says: "Which record is " + priya.Name + " too?",
		Label: "Name, address, company, website or telephone number of the other record", Path: "/customers/7/merge", Heading: "Of a similar name",
		Hits: []merge.Hit{{URL: "/customers/7/merge?with=19", Title: "Priya R.", Says: "priya.raman@home.example"}, {URL: "/customers/7/merge?with=20", Title: long.Name, Says: long.Email + " · Acme Tools"}},
	}
}

func noOther() merge.Find {
	v := sameName()
	v.Hits, v.None = nil, "Nobody else has a similar name. Look for the other record by its address."
	return v
}

func handedOver() ticket.Hand {
	return ticket.Hand{
		Number: "4812", Subject: "The donation page sends people back to the start", Base: "1207", Key: "1",
		Groups: []shared.Option{{Value: "2", Label: "Level two", Hint: "You are not in it, and do not see the ticket any more unless you follow it."}, {Value: "3", Label: "Sales"}},
		Reason: shared.Field{Name: "reason", Label: "Why, and what you have heard", Hint: "They read it first, as an internal note. The customer does not.", Type: "textarea", Rows: 5, Dir: "auto", MaxLength: "4000", Error: "Say why you hand it over and what you have heard; they read it first."},
		Errors: []shared.FormError{{Field: "reason", Says: "Say why you hand it over and what you have heard; they read it first."}},
	}
}

func twoTickets() merge.View {
	return merge.View{
		Title: "One thing, two tickets", Section: "inbox", Back: merge.Link{Label: "Back to the ticket", URL: "/tickets/4815"},
		Parts: [2]string{"Goes on", "Is closed"}, Stays: merge.Link{Label: "#4812 The donation page sends people back to the start", URL: "/tickets/4812"}, Goes: merge.Link{Label: "#4815 Donations?", URL: "/tickets/4815"},
		Rows: []merge.Row{
			{Name: "Requester", Stays: []string{priya.Name}, Goes: []string{leila.Name}, Kept: true},
			{Name: "Status", Stays: []string{"Open"}, Goes: []string{"New"}},
			{Name: "Last message", Stays: []string{"It still happens, also on the telephone."}, Goes: []string{"Nobody can donate since this morning. Is it you or us?"}, Kept: true},
		},
		Follows: []string{
			"#4815 is closed. Both tickets say in their history that they are one, for colleagues alone.",
			"\u2068" + leila.Name + "\u2069 reads nothing of #4812. What they answer to #4815 begins a ticket of its own.",
			"#4812 is linked to the known problem “\u2068Donations are sent back\u2069” too.",
			"No message moves, and nobody is mailed of the merge.",
		},
		Other: "/tickets/4815/merge", Path: "/tickets/4815/merge", With: "4812", Mark: "0f",
		Asks: shared.Field{Name: "reason", Label: "Why are they one?", Hint: "Colleagues read it on both tickets.", MaxLength: "500", Dir: "auto"},
		Box:  &merge.Box{Name: "copy", Value: "yes", Label: "Put \u2068" + leila.Name + "\u2069 on copy of #4812", Hint: "They read that conversation from its beginning, get its mails, and their answers go on there."},
		Does: "Merge the two tickets",
	}
}
