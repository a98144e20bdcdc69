package gallery

import (
	"github.com/a-h/templ"

	"hark/article"
	"hark/web/community"
	"hark/web/help"
	"hark/web/shared"
)

func communitySamples() []Sample {
	return []Sample{
		{Name: "community", Title: "Community", Page: community.ListPage(threadList()), Public: true},
		{Name: "community-found", Title: "Community, searched", Page: community.ListPage(threadsFound()), Public: true},
		{Name: "community-none", Title: "Community, nothing yet", Page: community.ListPage(community.List{Tabs: threadList().Tabs, None: "Nobody has asked anything yet. Yours would be the first.", Ask: "/requests/new"}), Public: true},
		{Name: "community-ask", Title: "A question to other customers", Page: community.AskPage(community.Ask{Kind: "question", Name: "Priya", Mails: true, Key: "1", Waits: true}), Public: true},
		{Name: "community-refused", Title: "An idea, refused", Page: community.AskPage(refusedIdea()), Public: true},
		{Name: "community-thread", Title: "A question with the answer that helped, for a visitor", Page: community.ThreadPage(answeredThread()), Public: true},
		{Name: "community-mine", Title: "One's own question that waits", Page: community.ThreadPage(waitingThread()), Public: true, Brand: "f2b600"},
		{Name: "community-closed", Title: "A thread that was closed meanwhile", Page: community.ThreadPage(closedThread()), Public: true},
		{Name: "community-idea", Title: "An idea on the roadmap", Page: community.ThreadPage(ideaThread()), Public: true},
		{Name: "community-desk", Title: "A thread as a colleague has it", Page: community.ThreadPage(deskThread()), Public: true},
		{Name: "community-look", Title: "Posts to look through", Page: community.LookPage(postsToLookAt())},
		{Name: "community-looked", Title: "No posts to look through", Page: community.LookPage(community.Look{Piles: postsToLookAt().Piles, None: "What somebody writes for the first time waits here, and what leads to many places.", Open: "/community"})},
		{Name: "help-community", Title: "Help, found among customers too", Page: help.HomePage(helpWithThreads()), Public: true},
	}
}

var (
	threeDays = at("3 days ago", "Tue 17 Nov 2026, 09:20 EST", "2026-11-17T09:20:00-05:00")
	twoHours  = at("2 h ago", "Fri 20 Nov 2026, 13:10 EST", "2026-11-20T13:10:00-05:00")
)

func threadList() community.List {
	return community.List{
		Tabs: []community.Tab{{Label: "All", URL: "/community", Current: true}, {Label: "Open questions", URL: "/community?show=unanswered"}, {Label: "Answered", URL: "/community?show=answered"}, {Label: "Ideas", URL: "/community?show=ideas"}},
		Rows: []community.Row{
			{URL: "/community/31", Title: "One receipt for several donations?", Line: "Our donors give each week and want one receipt at the end of the year. How do you do it?", Name: "Priya", At: twoHours, State: "No answer yet"},
			{URL: "/community/28", Title: "A list of donors from the old system", Line: "The file has two columns for one address. Which of them counts when they differ?", Name: "Tomás", At: threeDays, State: "Answered", Helped: true, Counts: "4 answers"},
			{URL: "/community/25", Title: "The monthly list as a spreadsheet", Line: "I copy it line by line every month.", Name: "Ifeoma", At: threeDays, State: "On the roadmap", Counts: "12 people want it"},
			{URL: "/community/24", Title: long.Organization + ", " + leila.Name, Line: long.Organization, Name: leila.Name, At: threeDays, State: "Open", Counts: "1 answer"},
		},
		Pager: shared.Pager{Older: "/community?after=x"}, Ask: "/requests/new", Feed: "/community.atom",
	}
}

func threadsFound() community.List {
	v := threadList()
	v.Query, v.Says, v.Tabs[0].Current, v.Rows = "recipt", "Nothing is spelled like that. This is what we found for “receipt”.", false, v.Rows[:1]
	return v
}

func refusedIdea() community.Ask {
	says := "Give it a title; it is what others read first."
	return community.Ask{Kind: "idea", Body: "A small name beside the line would be enough.", Name: "Sigga", Key: "1", Errors: []shared.FormError{{Field: "title", Says: says}}, Wrong: map[string]string{"title": says}}
}

func saidBy(id, name, words string, when shared.Time) community.Said {
	return community.Said{ID: id, Do: "/community/posts/" + id, Name: name, At: when, HTML: article.OfReaders(words).HTML}
}

func answeredThread() community.Thread {
	helped := saidBy("29", "Sigga", "The **second** one. The first is what people typed years ago.\n\n1. Save the file as CSV.\n2. Name the second column `email`, and the first anything else.\n\n> Nothing is counted twice, so you can try.", threeDays)
	staff := saidBy("30", "Ben", "Sigga is right. We have written it into the [article about imports](/help/importing-a-list-of-donors).", twoHours)
	staff.Team = true
	v := community.Thread{
		Title: "A list of donors from the old system", Kind: "question", State: "Answered", Helped: true, First: saidBy("28", "Tomás", "The file has two columns for one address. Which of them counts when they differ?", threeDays),
		Accepted: &helped, Answers: []community.Said{staff, saidBy("32", leila.Name, long.Organization, twoHours)}, Heads: "More answers", SignIn: "/portal/code?next=/community/28%23answer", Ask: "/requests/new",
	}
	v.First.Changed = true
	return v
}

func waitingThread() community.Thread {
	v := answeredThread()
	v.Title, v.State, v.Helped, v.Accepted, v.SignIn = "One receipt for several donations?", "Open", false, nil, ""
	v.First = saidBy("31", "Priya", "Our donors give each week and want one receipt at the end of the year. How do you do it?", twoHours)
	v.First.Waits, v.First.Remove, v.First.Request = true, true, "/requests/4812"
	v.First.Correct = &community.Correct{Title: v.Title, Body: "Our donors give each week and want one receipt at the end of the year. How do you do it?", First: true, Open: true}
	v.First.Wrong = "Write at least a sentence."
	v.Answers = v.Answers[:1]
	v.Answers[0].Accept, v.Answers[0].Report, v.Heads = "yes", true, "1 answer"
	v.Answer = &community.Answer{Do: "/community/posts/31", Key: "1", Name: "Priya", Waits: true}
	return v
}

// closedThread was closed while somebody wrote.
func closedThread() community.Thread {
	v := answeredThread()
	v.Locked, v.SignIn, v.Answer = true, "", nil
	v.Refused = &community.Refused{Says: "Nobody can answer here any more; what you want to ask us, you can ask us.", Words: "We print from Firefox, with backgrounds switched on."}
	return v
}

func ideaThread() community.Thread {
	return community.Thread{
		Title: "The monthly list as a spreadsheet", Kind: "idea", State: "On the roadmap", First: saidBy("25", "Ifeoma", "I copy it line by line every month.", threeDays), Ask: "/requests/new", Locked: true,
		Card: &community.Card{URL: "/roadmap#card-4", Title: "Lists as spreadsheets", State: "In the next six months", Asking: "14 people want it"}, Want: &community.Want{Do: "/community/posts/25", May: true},
	}
}

func deskThread() community.Thread {
	v := answeredThread()
	v.SignIn, v.Answer = "", &community.Answer{Do: "/community/posts/28", Key: "1"}
	v.First.Desk = &community.DeskSaid{Shown: true, Theirs: true, Back: "/community/28", Ticket: "/tickets/4812"}
	v.Accepted.Accept, v.Accepted.Desk = "no", &community.DeskSaid{Shown: true, Theirs: true, Back: "/community/28"}
	off := saidBy("33", "Bestprice", "Buy receipts at https://receipts.example and https://more.example", twoHours)
	off.Off, off.Hidden, off.Desk = true, "This sells something.", &community.DeskSaid{Theirs: true, Back: "/community/28"}
	v.Answers = append(v.Answers[:1], off)
	v.Answers[0].Desk = &community.DeskSaid{Shown: true, Back: "/community/28", Reports: []string{"Reported: the link leads nowhere"}}
	v.Desk = &community.Desk{Do: "/community/posts/28", Writes: true, Idea: true, Card: "4", Cards: options("Lists as spreadsheets", "A telephone app", "Lists as spreadsheets", "A new card with this title")}
	return v
}

func postsToLookAt() community.Look {
	first := community.LookAt{Title: "One receipt for several donations?", URL: "/community/31", What: "A question", Said: saidBy("31", "Priya", "Our donors give each week and want **one** receipt at the end of the year. How do you do it?", twoHours)}
	first.Desk = &community.DeskSaid{Back: "/articles/community"}
	second := community.LookAt{Title: "A list of donors from the old system", URL: "/community/28#post-33", What: "An answer", Said: saidBy("33", long.Organization, "Buy receipts at https://receipts.example", threeDays)}
	second.Desk = &community.DeskSaid{Shown: true, Back: "/articles/community", Reports: []string{"Reported: this sells something"}}
	return community.Look{
		Brands: options("Harbour & Field", "Harbour & Field", "Cork Cycles"), Articles: true, Open: "/community", List: []community.LookAt{first, second}, Pager: shared.Pager{Older: "/articles/community?after=x"},
		Piles: []community.Tab{{Label: "Waiting", URL: "/articles/community", Current: true}, {Label: "Reported", URL: "/articles/community?show=reported"}, {Label: "Taken off", URL: "/articles/community?show=hidden"}},
	}
}

func helpWithThreads() help.Home {
	v := helpFound()
	v.Found.Says, v.Found.Hits = "2 articles", v.Found.Hits[:2]
	v.Found.Threads, v.Found.More = threadList().Rows[:2], "/community?q=import"
	return v
}

// hostileCommunity are the pages of the community with every field that somebody can fill set to a text.
func hostileCommunity(text string) map[string]templ.Component {
	said := func(id string) community.Said {
		s := saidBy(id, text, text, twoHours)
		s.Off, s.Hidden, s.Wrong, s.Report = true, text, text, true
		s.Correct = &community.Correct{Title: text, Body: text, First: true, Open: true}
		s.Desk = &community.DeskSaid{Shown: true, Theirs: true, Reports: []string{text}, Reason: text, Back: "/community/1", Open: true}
		return s
	}
	helped := said("2")
	return map[string]templ.Component{
		"threads": community.ListPage(community.List{Query: text, Says: text, Rows: []community.Row{{URL: "/community/1", Title: text, Line: text, Name: text, State: text, Counts: text}}, Ask: "/requests/new"}),
		"thread": community.ThreadPage(community.Thread{Title: text, State: text, First: said("1"), Accepted: &helped, Answers: []community.Said{said("3")}, Heads: text, Ask: "/requests/new",
			Card: &community.Card{URL: "/roadmap", Title: text, State: text, Asking: text}, Answer: &community.Answer{Do: "/community/posts/1", Body: text, Name: text, Wrong: text},
			Desk: &community.Desk{Do: "/community/posts/1", Idea: true, Cards: []shared.Option{{Value: "1", Label: text}}}}),
		"asking": community.AskPage(community.Ask{Kind: "idea", Title: text, Body: text, Name: text, Errors: []shared.FormError{{Field: "title", Says: text}}, Wrong: map[string]string{"title": text, "body": text}}),
		"looked": community.LookPage(community.Look{Open: "/community", List: []community.LookAt{{Title: text, URL: "/community/1", What: text, Said: said("4")}}}),
	}
}
