package gallery

import (
	"hark/web/customers"
	"hark/web/portal"
	"hark/web/shared"
)

func foundCustomers() customers.Find {
	return customers.Find{Query: "acme", Says: "4 found", Keep: true, Any: true, Hits: []customers.Hit{
		{URL: "/customers/7#licence-12", Title: "acme-parts.example", What: "Licence", Says: "AbleCommerce 7.0.2, ordered 1 Mar 2025", Whose: "Priya Raman, Acme Tools"},
		{URL: "/customers/7#licence-11", Title: "acme-shop.example", What: "Licence", Says: "AbleCommerce 7.0.2, ordered 2 Nov 2026", Whose: "Priya Raman, Acme Tools"},
		{URL: "/customers/7", Title: "Order AC-20417", What: "Order", Says: "placed 2 Nov 2026", Whose: "Priya Raman, Acme Tools"},
		{URL: "/organizations/3", Title: "Acme Tools", What: "Organisation"},
	}}
}

func knownLast() customers.Find {
	return customers.Find{Keep: true, Any: true, Some: []customers.Hit{
		{URL: "/customers/7", Title: priya.Name, What: "Person", Says: priya.Email}, {URL: "/customers/8", Title: leila.Name, What: "Person", Says: leila.Email},
		{URL: "/customers/9", Title: long.Name, What: "Person", Says: long.Email}}}
}

func nobodyFound() customers.Find {
	return customers.Find{Query: "zebra", Keep: true, Any: true}
}

func customerRecord() customers.Record {
	because := func(sentence, row string) shared.Why {
		return shared.Why{Sentences: []string{sentence}, Rule: "levels.table." + row}
	}
	return customers.Record{
		ID: "7", Name: priya.Name, Email: priya.Email, Says: "Known since 2 Nov 2026", Belongs: &customers.Link{Label: "Acme Tools", URL: "/organizations/3"}, Path: "/customers/7", Keep: true,
		About: []customers.Said{
			{Name: "The region on the customer's record", Value: "United Kingdom", Field: shared.Field{Name: "said:customer.region", ID: "record-region", Label: "The region on the customer's record", Type: "select", Optional: true,
				Options: []shared.Option{{Value: "", Label: "Nobody has said"}, {Value: "uk", Label: "United Kingdom", Chosen: true}}}},
			{Name: "The customer's own representative", Value: "Cem Yıldız", From: "from Acme Tools", Field: shared.Field{Name: "said:customer.representative", ID: "record-representative", Label: "The customer's own representative", Type: "select", Optional: true,
				Options: []shared.Option{{Value: "", Label: "Nobody has said"}, {Value: "cem@harbourfield.example", Label: "Cem Yıldız"}}}},
			{Name: "The customer success manager", Field: shared.Field{Name: "said:customer.csm", ID: "record-csm", Label: "The customer success manager", Type: "select", Optional: true, Options: []shared.Option{{Value: "", Label: "Nobody has said"}}}},
		},
		Things: []customers.Thing{
			{ID: "licence-11", Kind: "Licence", Name: "acme-shop.example", Says: "AbleCommerce 7.0.2, ordered 2 Nov 2026", Level: "Active support plan", Support: true, Because: "Ordered within the last 30 days",
				Why:   because("Active support plan: Ordered within the last 30 days. The number of days since the licence was ordered is 18. Rule: levels.table.recent, policy 2010-06-02.", "recent"),
				Facts: []customers.Fact{{Name: "Key", Value: "AC7K99QX…"}, {Name: "Order", Value: "AC-20417"}},
				Edit:  &customers.Licence{ID: "11", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example", Order: "AC-20417", Ordered: "2026-11-02", Status: "active"}},
			{ID: "licence-12", Kind: "Licence", Name: "acme-parts.example", Says: "AbleCommerce 5.5, ordered 1 Mar 2009", Level: "Unsupported version", Because: "Version 5 or older; all support has to be paid for",
				Why:   because("Unsupported version: Version 5 or older; all support has to be paid for. The major version of the licence is 5.", "old-version"),
				Facts: []customers.Fact{{Name: "Key", Value: "BB550000…"}, {Name: "Version supported until", Value: "31 Dec 2009"}},
				Edit:  &customers.Licence{ID: "12", Product: "AbleCommerce", Version: "5.5", Site: "acme-parts.example", Ordered: "2009-03-01", Status: "active"}},
			{ID: "evaluation-3", Kind: "Evaluation", Name: "AbleCommerce Gold", Says: "Since 12 Nov 2026", Level: "Active support plan", Support: true, Because: "Is evaluating", Why: because("Active support plan: Is evaluating.", "evaluating")},
		},
		Plans: []customers.Plan{{ID: "1", Label: "Hosting", Says: "since 1 Jan 2026", Runs: true}, {ID: "2", Label: "Priority support", Says: "since 3 Aug 2026, until 3 Sep 2026; does not run today", Until: "2026-09-03"}},
		Leads: leads("", ""),
		Projects: []customers.Project{{ID: "5", Name: "Spring catalogue", Says: "Cem Yıldız leads it", Leads: leads("cem", "Cem Yıldız")}, {ID: "4", Name: "The new shop and everything that belongs to it", Says: "Ben Okafor led it and answers no tickets any more; choose who leads it now", Gap: true, Leads: leads("", "")},
			{ID: "2", Name: "Old website", Says: "Ended; Ana Ruiz led it", Ended: true, Leads: leads("", "")}},
		Orders:   []customers.Order{{Number: "AC-20417", On: "2 Nov 2026", Lines: "2 × AbleCommerce 7.0.2", Notes: "For www.acme-shop.example"}, {Number: "AC-1180", On: "1 Mar 2009", Lines: "AbleCommerce 5.5"}},
		Contacts: []customers.Contact{{ID: "1", Number: "+15035550142", Says: "direct"}, {ID: "2", Number: "+15035550100", Says: "shared: it says which company calls, not who"}},
		Tickets:  rows()[:3],
		Decided: []customers.Decided{{At: at("12:40", "Fri 20 Nov 2026, 12:40 EST", "2026-11-20T12:40:00-05:00"), Says: "acme-shop.example, Active support plan: Ordered within the last 30 days",
			Ticket: &customers.Link{Label: "#4812", URL: "/tickets/4812"}}},
		Changed: []customers.Decided{{At: at("12:31", "Fri 20 Nov 2026, 12:31 EST", "2026-11-20T12:31:00-05:00"), Says: "Plan hosting: ends is 2027-12-31, was 2026-12-31, by Ben Okafor"},
			{At: at("11:02", "Mon 2 Nov 2026, 11:02 EST", "2026-11-02T11:02:00-05:00"), Says: "Order AC-20417: added, by the shop"}},
		Forms: customers.Forms{Products: []shared.Option{{Value: "AbleCommerce"}}, Plans: []shared.Option{{Value: "hosting", Label: "Hosting"}, {Value: "priority", Label: "Priority support"}}},
	}
}

// leads are who can lead a project, with the one who does.
func leads(id, name string) []shared.Option {
	all := []shared.Option{{Value: "", Label: "Nobody yet", Chosen: id == ""}, {Value: "ana", Label: "Ana Ruiz"}}
	if id != "" {
		all = append(all, shared.Option{Value: id, Label: name, Chosen: true})
	}
	return all
}

func refusedRecord() customers.Record {
	v := customerRecord()
	v.Forms.Open, v.Forms.Errors = "licence", []shared.FormError{{Field: "licence-ordered", Says: "“11/02/2026” is no day of an order; write it like 2026-11-27."}}
	v.Forms.Values = map[string]string{"product": "AbleCommerce", "site": "acme-new.example", "ordered": "2026-11-02"}
	return v
}

func barePerson() customers.Record {
	return customers.Record{ID: "8", Name: leila.Name, Email: leila.Email, Says: "Known since 20 Nov 2026", Path: "/customers/8", Keep: true, Tickets: rows()[2:3]}
}

func organizationRecord() customers.Record {
	v := customerRecord()
	v.Name, v.Email, v.Belongs, v.Path, v.Says, v.Contacts, v.Tickets, v.Decided = long.Organization, "", nil, "/organizations/3", "3 people", nil, nil, nil
	v.People = []customers.Link{{Label: priya.Name, URL: "/customers/7"}, {Label: long.Name, URL: "/customers/9"}, {Label: leila.Name, URL: "/customers/8"}}
	return v
}

func requestAbout() portal.New {
	v := newRequest()
	v.SignedIn = true
	v.Which = &portal.Which{Needed: true, Email: priya.Email, Things: []portal.Thing{
		{Value: "licence:11", Name: "acme-shop.example", Says: "AbleCommerce 7.0.2, ordered 2 Nov 2026", Level: "Active support plan", Because: "Ordered within the last 30 days", Support: true, Chosen: true},
		{Value: "licence:12", Name: "acme-parts.example", Says: "AbleCommerce 5.5, ordered 1 Mar 2009", Level: "Unsupported version", Because: "Version 5 or older; all support has to be paid for"},
		{Value: "evaluation:3", Name: "My evaluation of AbleCommerce Gold", Says: "since 12 Nov 2026", Level: "Active support plan", Because: "Is evaluating", Support: true},
	}}
	return v
}

func requestAboutNothing() portal.New {
	v := newRequest()
	v.SignedIn, v.Which = true, &portal.Which{Needed: true, Email: long.Email, Error: "Please choose what this is about: one of the orders, or the evaluation."}
	v.Errors = []shared.FormError{{Field: "about", Says: v.Which.Error}}
	return v
}

func requestBehindTheDoor() portal.New {
	v := newRequest()
	v.SignIn = "/portal/code?next=%2Frequests%2Fnew"
	return v
}
