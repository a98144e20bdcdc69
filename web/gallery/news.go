package gallery

import (
	"strings"

	"hark/article"
	"hark/web/roadmap"
	"hark/web/shared"
	"hark/web/whatsnew"
)

// newsSamples are what is new and what may come next, for customers and for colleagues.
func newsSamples() []Sample {
	return []Sample{
		{Name: "whats-new", Title: "What's new", Page: whatsnew.Page(whatsNew()), Public: true},
		{Name: "whats-new-refused", Title: "What's new, an address that is none", Page: whatsnew.Page(followRefused()), Public: true, Brand: "f2b600"},
		{Name: "whats-new-entry", Title: "One entry", Page: whatsnew.EntryPage(whatsnew.One{Brand: "Harbour & Field", Entry: whatsNew().Entries[0], Feed: "/whats-new.atom"}), Public: true},
		{Name: "roadmap", Title: "Roadmap for a visitor", Page: roadmap.Page(roadmapView()), Public: true},
		{Name: "roadmap-reader", Title: "Roadmap for a customer", Page: roadmap.Page(roadmapReader()), Public: true},
		{Name: "news-desk", Title: "Entries", Page: whatsnew.DeskPage(newsDesk())},
		{Name: "news-desk-empty", Title: "Entries, none yet", Page: whatsnew.DeskPage(whatsnew.Desk{Tabs: whatsnew.Tabs{Current: "news"}, New: "/whats-new/entries/new"})},
		{Name: "news-write", Title: "Writing an entry", Page: whatsnew.WritePage(newsWrite())},
		{Name: "news-refused", Title: "Writing an entry, refused", Page: whatsnew.WritePage(newsRefused())},
		{Name: "news-correct", Title: "Correcting an entry", Page: whatsnew.WritePage(newsCorrect())},
		{Name: "news-publish", Title: "Who hears of an entry", Page: whatsnew.PublishPage(newsPublish())},
		{Name: "roadmap-board", Title: "Roadmap for colleagues", Page: roadmap.BoardPage(board())},
		{Name: "roadmap-board-empty", Title: "Roadmap for colleagues, empty", Page: roadmap.BoardPage(roadmap.Board{Tabs: whatsnew.Tabs{Current: "roadmap"}, New: "/roadmap/cards/new"})},
		{Name: "roadmap-card", Title: "A card", Page: roadmap.DeskPage(card())},
		{Name: "roadmap-card-new", Title: "A new card, refused", Page: roadmap.DeskPage(newCard())},
		{Name: "roadmap-review", Title: "Review of the roadmap", Page: roadmap.ReviewPage(review())},
		{Name: "roadmap-review-done", Title: "Review of the roadmap, nothing left", Page: roadmap.ReviewPage(roadmap.Review{Tabs: whatsnew.Tabs{Current: "review"}, Says: review().Says})},
	}
}

func whatsNew() whatsnew.View {
	entry := func(id, title, says, day, iso, text string) whatsnew.Entry {
		return whatsnew.Entry{ID: id, URL: "/whats-new/" + id, Title: title, Says: says, Day: day, ISO: iso, HTML: article.Beside(text).HTML}
	}
	v := whatsnew.View{Brand: "Harbour & Field", Feed: "/whats-new.atom", Roadmap: "/roadmap", Pager: shared.Pager{Older: "/whats-new?after=x"}, Entries: []whatsnew.Entry{
		entry("12", "The monthly list can be saved as a spreadsheet", "New in Ledger 2026.12", "26 November 2026", "2026-11-26",
			"Under **Lists, Save as**, choose the columns you need. They stay chosen for the next month.\n\n- Dates and amounts stay dates and amounts.\n- Notes keep their lines.\n\nLarge lists take a moment; [how large](/support) is written on the page."),
		entry("11", "Search finds names with marks on their letters", "Fixed in Ledger", "19 November 2026", "2026-11-19", "“Müller” finds Müller and Mueller, and so does every other letter that carries a mark."),
		entry("9", "Invoices are rounded once", "Changed", "2 November 2026", "2026-11-02", "The total under a list is the sum of its lines. Until now each line was rounded first, so that a few cents could be missing."),
	}}
	v.Entries[1].Corrected = "20 November 2026"
	return v
}

func followRefused() whatsnew.View {
	v := whatsNew()
	v.Entries, v.Pager = v.Entries[2:], shared.Pager{}
	v.Follow = whatsnew.Follow{Email: "priya at greenway", Wrong: "“priya at greenway” is no mail address."}
	return v
}

func roadmapView() roadmap.View {
	return roadmap.View{
		Brand: "Harbour & Field", SignIn: "/portal/code?next=%2Froadmap", News: "/whats-new",
		Says: "What customers have asked for, and what we have decided about it, for the next 6 months. Plans change; a time is an estimate and no promise.",
		Columns: []roadmap.Column{
			{ID: "column-considered", Title: "Considered", Says: "We have understood the wish and find out how large it is.", More: "/roadmap?state=considered", Cards: []roadmap.Card{
				{ID: "7", Title: "Reminders for unpaid invoices", What: "A polite mail after two weeks, in your own words.", Why: "Small offices write these by hand on Fridays.", Asking: 14, Open: true},
				{ID: "6", Title: "A calendar of all due dates", Asking: 3, Open: true, Voted: true},
			}},
			{ID: "column-planned", Title: "In the next six months", Says: "We mean to make it.", Cards: []roadmap.Card{
				{ID: "5", Title: "Several currencies in one list", What: "Each line keeps its own; the total is told in yours.", Asking: 22, Open: true, Estimate: "spring 2027", Decided: "Ana, 4 January 2027", Reason: "Many of you work across a border, and the groundwork is there since the last release.", Asked: true},
			}},
			{ID: "column-progress", Title: "In progress", Says: "Somebody works on it.", Cards: []roadmap.Card{
				{ID: "4", Title: "Access for a colleague to invoices alone", Asking: 9, Open: true, Decided: "Ben, 10 November 2026", Reason: "It is the wish we hear most often on the telephone."},
			}},
		},
		Over: []roadmap.Column{
			{ID: "column-done", Title: "Done", Says: "It is there.", Cards: []roadmap.Card{{ID: "3", Title: "The monthly list as a spreadsheet", Asking: 31, Decided: "Ana, 26 November 2026", Reason: "The monthly list can be saved as a spreadsheet", Entry: "/whats-new/12"}}},
			{ID: "column-not_now", Title: "Not now", Says: "We have decided against it for the time being. It is weighed again at the next review.", Cards: []roadmap.Card{
				{ID: "2", Title: "A telephone app", What: "The lists on a telephone, without a connection.", Asking: 5, Open: true, Decided: "Ana, 16 December 2026", Reason: "The pages work on a telephone. An app of its own would take the whole half-year."}}},
		},
	}
}

func roadmapReader() roadmap.View {
	v := roadmapView()
	v.SignIn, v.Reader, v.Vote = "", "Priya Raman", "/roadmap/vote"
	return v
}

func newsBrands(path string) []whatsnew.Brand {
	return []whatsnew.Brand{{Label: "Harbour & Field", URL: path + "?brand=1", Current: true}, {Label: "Northbound Software", URL: path + "?brand=2"}}
}

func newsDesk() whatsnew.Desk {
	return whatsnew.Desk{
		Tabs: whatsnew.Tabs{Current: "news", Query: "?brand=1", Due: "3"}, Brands: newsBrands("/whats-new/entries"), New: "/whats-new/entries/new?brand=1", Readers: "12 people get the letter with what is new.",
		Drafts: []whatsnew.Row{{URL: "/whats-new/entries/13", Title: "Reminders can be turned off for one customer", Says: "Changed in Ledger 2026.12", Day: "27 Nov 2026", Line: "On the customer’s page, under Reminders. Until now it was all of them or none."}},
		Rows: []whatsnew.Row{
			{URL: "/whats-new/entries/12", Title: "The monthly list can be saved as a spreadsheet", Says: "New in Ledger 2026.12", Day: "26 Nov 2026", Line: "Under Lists, Save as, choose the columns you need. They stay chosen for the next month."},
			{URL: "/whats-new/entries/10", Title: "Faster lists", Says: "Changed", Day: "20 Nov 2026", State: "Taken back"},
		},
		Pager: shared.Pager{Older: "/whats-new/entries?after=x"},
	}
}

func newsWrite() whatsnew.Write {
	preview := whatsNew().Entries[0]
	return whatsnew.Write{
		ID: "12", Brand: "1", State: "draft", Says: "A draft. Nobody but colleagues reads it.", Base: "31", Title: preview.Title, Product: "Ledger", Version: "2026.12", Day: "2026-11-26",
		Kinds: []shared.Option{{Value: "new", Label: "New", Chosen: true}, {Value: "changed", Label: "Changed"}, {Value: "fixed", Label: "Fixed"}}, Products: []shared.Option{{Value: "Ledger"}, {Value: "Ledger for schools"}},
		Body:  "Under **Lists, Save as**, choose the columns you need. They stay chosen for the next month.\n\n- Dates and amounts stay dates and amounts.\n- Notes keep their lines.",
		Cards: []shared.Option{{Value: "", Label: "Nothing"}, {Value: "3", Label: "The monthly list as a spreadsheet", Chosen: true}}, Banner: "The monthly list can be saved as a spreadsheet.",
		Issues: []shared.Option{{Value: "4", Label: "Totals are a few cents less than their lines", Hint: "Reported by 12 customers", Chosen: true}, {Value: "2", Label: "Dates follow another clock", Hint: "Reported by 1 customer"}}, From: "2026-11-26", Until: "2026-12-03",
		Preview: &preview, History: []whatsnew.Change{
			{Who: "Ben Adler", What: "changed the draft", At: at("10 min ago", "Thu 26 Nov 2026, 10:20 EST", "2026-11-26T10:20:00-05:00"), Title: "Export", Body: "You can export the list."},
			{Who: "Ana Ruiz", What: "wrote the draft", At: at("yesterday", "Wed 25 Nov 2026, 16:02 EST", "2026-11-25T16:02:00-05:00")},
		},
	}
}

func newsRefused() whatsnew.Write {
	v := newsWrite()
	v.Title, v.Until = "", "2026-11-20"
	v.Errors = []shared.FormError{{Field: "until", Says: "The banner ends before it begins; choose a later day."}}
	v.Wrong = map[string]string{"until": "The banner ends before it begins; choose a later day."}
	return v
}

func newsCorrect() whatsnew.Write {
	v := newsWrite()
	v.State, v.Says, v.URL = "published", "Published Thu 26 Nov 2026, 10:31 EST", "https://harbourfield.example/whats-new/12"
	return v
}

func newsPublish() whatsnew.Publish {
	return whatsnew.Publish{ID: "12", Base: "31", Entry: whatsNew().Entries[0], Hears: []string{
		"Everybody who opens What’s new of Harbour & Field, its feed, or the panel inside your product.",
		"12 readers of the letter that leaves on Mon 30 Nov 2026, 09:00 EST.",
		"Every customer who opens a page from 26 November to 3 December 2026: “The monthly list can be saved as a spreadsheet.”",
		"Everybody who opens the roadmap: “The monthly list as a spreadsheet” is done. 31 people want it; they are not mailed for it.",
	}}
}

func cardRows() []roadmap.Row {
	return []roadmap.Row{
		{URL: "/roadmap/cards/2", Title: "A telephone app", Asking: "5 people want it", Decided: "Not now, 19 days ago: The pages work on a telephone. An app of its own would take the whole half-year.", Due: "Put off until this review"},
		{URL: "/roadmap/cards/7", Title: "Reminders for unpaid invoices", Asking: "14 people want it"},
	}
}

func board() roadmap.Board {
	return roadmap.Board{Tabs: whatsnew.Tabs{Current: "roadmap", Query: "?brand=1", Due: "3"}, Brands: newsBrands("/roadmap/cards"), New: "/roadmap/cards/new?brand=1", Columns: []roadmap.Stack{
		{ID: "stack-considered", Title: "Considered", Rows: cardRows()[1:], Pager: shared.Pager{Older: "/roadmap/cards?state=considered&after=x"}},
		{ID: "stack-not_now", Title: "Not now", Rows: cardRows()[:1]},
	}}
}

func review() roadmap.Review {
	return roadmap.Review{Tabs: whatsnew.Tabs{Current: "review", Query: "?brand=1", Due: "2"}, Brands: newsBrands("/roadmap/review"), Rows: cardRows(), First: "/roadmap/cards/2?return=review",
		Says: "This review began Mon 4 Jan 2027, 09:00 EST. The next one begins Thu 1 Apr 2027, 09:00 EDT."}
}

func card() roadmap.Desk {
	return roadmap.Desk{
		ID: "7", Brand: "1", State: "Considered", Public: "https://harbourfield.example/roadmap#card-7", Base: "9", Title: "Reminders for unpaid invoices", What: "A polite mail after two weeks, in your own words.", Why: "Small offices write these by hand on Fridays.", May: true,
		States: []shared.Option{{Value: "considered", Label: "Considered", Chosen: true}, {Value: "planned", Label: "In the next six months"}, {Value: "progress", Label: "In progress"}, {Value: "not_now", Label: "Not now"}},
		Review: "What is decided “Not now” comes up again when the next review begins, Mon 4 Jan 2027, 09:00 EST.", Done: "/whats-new/entries/new?card=7", Asking: "14 people want it", Pager: shared.Pager{Older: "/roadmap/cards/7?after=x"},
		People: []roadmap.Person{
			{Person: shared.Person{Name: "Ifeoma Obi", URL: "/customers/7"}, Organization: "Lagos Library", Plans: "Enterprise", Ticket: "4790", Subject: "Can it remind people by itself?"},
			{Person: shared.Person{Name: "Nadia Rahman", URL: "/customers/9"}, Organization: "Harbour Lights"},
		},
		Decided: []roadmap.Decision{{State: "Considered", Reason: "Fourteen offices ask for it; we look how large it is.", Who: "Ana Ruiz", At: at("3 days ago", "Mon 23 Nov 2026, 11:00 EST", "2026-11-23T11:00:00-05:00")}},
		History: []whatsnew.Change{{Who: "Ana Ruiz", What: "wrote the card", At: at("3 days ago", "Mon 23 Nov 2026, 10:48 EST", "2026-11-23T10:48:00-05:00")}},
	}
}

func newCard() roadmap.Desk {
	return roadmap.Desk{Brand: "1", May: true, What: strings.Repeat("Everything at once. ", 12), Errors: []shared.FormError{{Field: "title", Says: "Give it a title; it is what people read first."}}, Wrong: map[string]string{"title": "Give it a title; it is what people read first."}}
}
