package gallery

import (
	"hark/web/feedback"
	"hark/web/portal"
	"hark/web/rating"
	"hark/web/shared"
	"hark/web/ticket"
)

// customerSolved is a request that has just been solved, and its customer is asked how it went.
func customerSolved() portal.Ticket {
	v := customerTicket()
	v.Asks, v.Status, v.Says = nil, shared.Status{Category: "solved", Label: "Solved"}, "We consider it done. Without an answer this request closes on Mon 23 Nov 2026, 09:31 EST."
	v.Rating = &portal.Rating{URL: "/t/sample/rating", Scores: []shared.Button{{Label: "Good", Href: "/t/sample/rating?score=good", Small: true}, {Label: "Bad", Href: "/t/sample/rating?score=bad", Small: true}}}
	return v
}

// ratedTicket is the same request for an agent, a moment after its customer has said that it went well.
func ratedTicket() ticket.View {
	v := pendingTicket()
	v.Status, v.Dues, v.Undo, v.Cheer = statusSolved, nil, nil, true
	v.Rated = &ticket.Rated{Label: "Good", Sense: "good", Words: ratingGiven().Words, At: at("16:31", "Fri 20 Nov 2026, 16:31 EST", "2026-11-20T16:31:00-05:00")}
	return v
}

func ratingAsked() rating.View {
	return rating.View{Number: "4812", Subject: "The donation page sends people back to the start", Base: "/t/sample", Scores: []shared.Option{{Value: "good", Label: "Good", Chosen: true}, {Value: "bad", Label: "Bad"}}}
}

func ratingRefused() rating.View {
	v := ratingAsked()
	v.Scores = []shared.Option{{Value: "5", Label: "Very good"}, {Value: "4", Label: "Good"}, {Value: "3", Label: "Fair"}, {Value: "2", Label: "Bad"}, {Value: "1", Label: "Very bad"}}
	v.Words, v.Errors = "It took long, but it is mended now.", []shared.FormError{{Field: "score", Says: "Please choose one of the answers."}}
	return v
}

func ratingGiven() rating.View {
	v := ratingAsked()
	v.Words = "Ana wrote back within the hour, and she knew what she was talking about."
	v.Given = &rating.Given{Label: "Good", Words: v.Words, Glad: "It is solved, and we are dancing.", Until: at("Fri 27 Nov", "Fri 27 Nov 2026, 09:31 EST", "2026-11-27T09:31:00-05:00")}
	return v
}

func ratingStays() rating.View {
	v := ratingGiven()
	v.Given.Label, v.Given.Glad, v.Given.Stays = "Bad", "", true
	return v
}

func feedbackView() feedback.View {
	when := func(relative, day, iso string) shared.Time { return at(relative, day, iso) }
	return feedback.View{Write: true, Pager: shared.Pager{Older: "/feedback?after=x"}, List: []feedback.Said{
		{ID: "9", Sense: "bad", From: "Priya Raman", Way: "about Ben Adler’s help", Words: "I asked twice, and twice I was asked the same question back.", At: when("09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), About: "#4812 The donation page sends people back to the start", URL: "/tickets/4812"},
		{ID: "8", Sense: "good", From: "ليلى حداد", Way: "about Ana Ruiz’s help", Words: "شكرا جزيلا على المساعدة السريعة.", At: when("yesterday", "Thu 19 Nov 2026, 14:02 EST", "2026-11-19T14:02:00-05:00"), About: "#4807 طلب تعديل صفحة الكتب الجديدة", URL: "/tickets/4807"},
		{ID: "7", From: "Margarethe von Hohenstein-Wittgenbach", Way: "by mail", Words: "Dear all,\n\nI write to you because nobody has answered for a week. This has not happened in all the years.\n\nMargarethe von Hohenstein-Wittgenbach", At: when("Wed 18 Nov", "Wed 18 Nov 2026, 10:00 EST", "2026-11-18T10:00:00-05:00"), About: "#4790 A week without an answer", URL: "/tickets/4790"},
		{ID: "6", Sense: "fair", From: "Tomás Ó Briain", Way: "with a rating", Words: "Fine.", At: when("Tue 17 Nov", "Tue 17 Nov 2026, 10:00 EST", "2026-11-17T10:00:00-05:00"), About: "The record of the call", URL: "/phone/12", Done: "Ben Adler, Tue 17 Nov"},
	}}
}

// widgetView is the form for somebody who is signed in on a page of the company.
func widgetView() portal.Widget {
	form := newRequest()
	form.SignedIn, form.Action = true, "/widget?user=sample"
	return portal.Widget{Form: form, Requests: requests(), Sent: "4812"}
}
