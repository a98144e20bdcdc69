package gallery

import (
	"strconv"
	"strings"

	"hark/web/inbox"
	"hark/web/shared"
	"hark/web/ticket"
)

func inboxView() inbox.View {
	return inbox.View{
		Key: "next", Title: "Next for me", Says: "Promises, then replies, other times, new ones",
		Tabs: []inbox.Tab{
			{Label: "Next for me", URL: "/inbox?view=next", Current: true, Letter: "n"},
			{Label: "Mine", Count: "12", URL: "/inbox?view=mine", Letter: "m"},
			{Label: "Team", Count: "31", URL: "/inbox?view=team", Letter: "t"},
			{Label: "Unassigned", Count: "4", URL: "/inbox?view=unassigned", Letter: "u"},
			{Label: "Waiting", Count: "9", URL: "/inbox?view=waiting", Letter: "w"},
			{Label: "All", URL: "/inbox?view=all", Letter: "a"},
		},
		Topics: []inbox.Topics{{Of: "Cork Cycles", All: topics()}},
		Queues: []inbox.Tab{{Label: "Review a new case", Of: "Cork Cycles", Count: "3", URL: "/inbox?queue=review"}, {Label: "Level two", Of: "Cork Cycles", Count: "12", URL: "/inbox?queue=level_two"}, {Label: "Hosting", Of: "Cork Cycles", URL: "/inbox?queue=hosting"}, {Label: "Complaints and compliments", Count: "2", URL: "/feedback"}},
		Rows:   rows(), Pager: shared.Pager{Older: "/inbox?view=next&after=4774"}, Return: "/inbox?view=next", First: "/tickets/4812?view=next&play=1",
		Bulk: inbox.Bulk{Statuses: statuses, Priorities: properties().Priorities, Assignees: []shared.Option{{Value: "1", Label: "Ana Ruiz"}, {Value: "2", Label: "Ben Adler"}, {Value: "3", Label: "Cem Yıldız"}}},
	}
}

// topics are as many as a policy may well have.
func topics() (all []inbox.Tab) {
	for i, label := range strings.Split("Accessories and spare parts, Assembly, Bike fitting, Brakes, Cargo bikes, Cancelling an order, Children’s bikes, Colours, Company bikes and leasing, Delivery abroad, Delivery dates, Discounts, E-bike batteries, E-bike software, Frames, Gears, Gift cards, Helmets, Insurance after a theft, Invoices, Lights, Lost parcels, Opening hours of the shops, Payment, Repairs, Returns, Riding lessons, Test rides, Tyres and tubes, Warranty", ", ") {
		tab := inbox.Tab{Label: label, URL: "/inbox?queue=topic:" + strconv.Itoa(i)}
		if i%4 == 1 {
			tab.Count = strconv.Itoa(i%9 + 1)
		}
		all = append(all, tab)
	}
	return all
}

func emptyInbox() inbox.View {
	v := inboxView()
	v.Rows, v.Pager, v.First = nil, shared.Pager{}, ""
	v.Empty = inbox.Empty{Title: "Nothing waits for you", Says: "New mail and answers to you appear here. 4 tickets in your group belong to nobody yet.",
		Next: &shared.Button{Label: "See the unassigned", Look: shared.Primary, Href: "/inbox?view=unassigned"}}
	return v
}

var messages = struct{ first, answer, note, reply, internal, held, bounced shared.Message }{
	first: shared.Message{ID: "comment-90", From: priya, At: at("09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"), Via: "by mail", Source: "/mail/in/90/raw",
		Text:   "Hello,\n\nsince this morning our donation page sends people back to the start page after they press Donate. We tried three different cards, in Firefox and on a phone.\n\nOur winter appeal goes out on Monday at eight, so I am a little nervous. I attach what we see.\n\nWarmly\nPriya Raman\nGreenway Foundation",
		Quoted: "On Thu 12 Nov 2026, Ben Adler wrote:\n> The new payment settings are in place. Tell us if anything looks odd.",
		Files:  []shared.Attachment{{Name: "donation-page.png", Size: "214 kB", URL: "/files/1"}, {Name: "console.txt", Size: "3 kB", URL: "/files/2"}, {Name: "invoice.pdf", Size: "48 kB", URL: "/files/3", Note: "Not shown: the file is not what its name says"}}},
	answer: shared.Message{ID: "comment-91", From: ana, At: at("09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"),
		Text:     "Good morning Priya, we can see it too, thank you for the pictures.",
		HTML:     "<p>Good morning Priya,</p><p>we can see it too, thank you for the pictures. It happens when the payment service sends people back to an address that has moved. Two quick questions:</p><ol><li>Did anybody change the address of the thank-you page?</li><li>May we make a test donation of one dollar and give it back?</li></ol><p>We will have this ready well before Monday.</p><p>Ana</p>",
		Delivery: &shared.Delivery{State: "sent", Says: "Delivered to mx.greenway.example at 09:31", URL: "/mail/out/91"}},
	note: shared.Message{ID: "comment-92", From: cem, Internal: true, At: at("10:05", "Fri 20 Nov 2026, 10:05 EST", "2026-11-20T10:05:00-05:00"),
		Text: "The return address still points to /thanks-2025. I can change it in five minutes, but only with Priya's word, because the finance team watches that page."},
	reply: shared.Message{ID: "comment-95", From: priya, At: at("10:40", "Fri 20 Nov 2026, 10:40 EST", "2026-11-20T10:40:00-05:00"), Via: "by mail", Source: "/mail/in/95/raw", Unread: true,
		Text: "Yes, our intern renamed the page yesterday, sorry.\n\nPlease go ahead with the test donation."},
	internal: shared.Message{ID: "comment-96", From: ben, Internal: true, At: at("10:44", "Fri 20 Nov 2026, 10:44 EST", "2026-11-20T10:44:00-05:00"), Text: "I have the card for test payments."},
	held: shared.Message{ID: "comment-97", From: fake, At: at("11:02", "Fri 20 Nov 2026, 11:02 EST", "2026-11-20T11:02:00-05:00"), Source: "/mail/in/97/raw",
		Text: "Please send the payment settings to this address from now on.",
		Held: &shared.Held{Why: "This address is not part of the conversation. The message waits here; nobody was told.", Accept: "/held/97/accept", Discard: "/held/97/discard"}},
	bounced: shared.Message{ID: "comment-98", From: ben, At: at("11:20", "Fri 20 Nov 2026, 11:20 EST", "2026-11-20T11:20:00-05:00"), Text: "Tomás, the photo is online.",
		Delivery: &shared.Delivery{State: "bounced", Says: "Came back: mailbox full. Nobody has read this.", URL: "/mail/out/98"}},
}

func events() []shared.Event {
	return []shared.Event{
		{At: at("09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"), Who: "The policy", Says: "confirmed to Priya that her request has arrived", Why: shared.Why{Sentences: []string{"Every new ticket is confirmed once by mail."}, Rule: "messages.received"}},
		{At: at("09:20", "Fri 20 Nov 2026, 09:20 EST", "2026-11-20T09:20:00-05:00"), Who: "Ana Ruiz", Says: "took the ticket"},
		{At: at("09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), Who: "Ana Ruiz", Says: "set Pending"},
	}
}

func composer() *shared.Composer {
	return &shared.Composer{Cites: true, Ticket: "4812", Base: "1207", Draft: "33", Writing: "reply", To: []shared.Person{priya}, From: "Harbour & Field <support@harbourfield.example>",
		Sends: []shared.Send{
			{Status: statusPending, Label: "Send as Pending", Follows: "Reminder tomorrow 16:30, closes Fri 27 Nov"},
			{Status: statusSolved, Label: "Send as Solved", Follows: "Closes tomorrow 16:30 unless Priya answers"},
			{Status: statusOpen, Label: "Send as Open", Follows: "Stays with you; nothing is planned"},
			{Status: statusHold, Label: "Send as On hold", Follows: "Waits until Priya has everything; nobody is reminded"},
		}}
}

func ticketView() ticket.View {
	return ticket.View{
		Number: "4812", Subject: "The donation page sends people back to the start", Status: statusOpen, Base: "1207", Arrived: "Mail to support@harbourfield.example, Fri 20 Nov 2026, 09:12 EST",
		Dues: []shared.Due{dueKept, dueAnswer, dueReminder, dueSecond, dueClose}, Presence: "Ben is reading",
		Talk: []ticket.Item{{Message: &messages.first}, {Events: events()}, {Message: &messages.answer}, {Message: &messages.note}, {Message: &messages.held},
			{Events: []shared.Event{{At: at("10:40", "Fri 20 Nov 2026, 10:40 EST", "2026-11-20T10:40:00-05:00"), Who: "The policy", Says: "set Open, because Priya answered", Why: shared.Why{Sentences: []string{"An answer from the requester opens a pending ticket."}, Rule: "lifecycle.moves"}}}}, {Message: &messages.reply}},
		Composer: composer(), Back: ticket.Link{Label: "Next for me", URL: "/inbox?view=next"}, Previous: "/tickets/4813", Next: "/tickets/4809",
		Properties: properties(), Customer: customer(), PublicURL: "/t/sample", Hand: "/tickets/4812/hand", Merge: "/tickets/4812/merge",
	}
}

func properties() ticket.Properties {
	return ticket.Properties{Statuses: statuses, Assignee: "Ana Ruiz", Group: "Support", Kind: "Question", Priority: "Normal", Tags: []string{"donations", "winter appeal"}, Followers: []shared.Person{tomas},
		Assignees:  []shared.Option{{Value: "1", Label: "Ana Ruiz (you)", Chosen: true}, {Value: "2", Label: "Ben Adler"}, {Value: "3", Label: "Cem Yıldız"}, {Value: "", Label: "Nobody"}},
		Kinds:      []shared.Option{{Value: "question", Label: "Question", Chosen: true}, {Value: "work", Label: "Work request"}, {Value: "project", Label: "Project communication"}},
		Priorities: []shared.Option{{Value: "low", Label: "Low"}, {Value: "normal", Label: "Normal", Chosen: true}, {Value: "high", Label: "High"}, {Value: "urgent", Label: "Urgent"}}}
}

func customer() ticket.Customer {
	return ticket.Customer{Person: priya, Project: &ticket.Project{Name: "Spring catalogue", Says: "Ben Okafor led it and answers no tickets any more; choose who leads it now.", Gap: true, Options: []shared.Option{{Label: "No project"}, {Value: "5", Label: "Spring catalogue", Chosen: true}}}, Facts: []ticket.Fact{{Name: "Works at", Value: "Greenway Foundation"}, {Name: "Phone", Value: "+1 617 555 0142", Phone: "+16175550142"}, {Name: "Local time", Value: "Fri 15:29, same as ours"}}, Others: rows()[7:9]}
}

func pendingTicket() ticket.View {
	v := ticketView()
	v.Status, v.Presence = statusPending, ""
	v.Dues = []shared.Due{dueReminder, dueSecond, dueClose}
	v.Undo = &ticket.Undo{Send: "55", Says: "Sending to Priya Raman, as Pending", Seconds: 10, Until: at("10", "16:30:10", "2026-11-20T16:30:10-05:00")}
	return v
}

func staleTicket() ticket.View {
	v := ticketView()
	v.Stale = &ticket.Stale{New: []shared.Message{messages.reply, messages.internal}, Base: "1209", Sends: composer().Sends[0],
		Draft: "Hello Priya,\n\nmay we make a test donation? Then we will know more.\n\nAna"}
	return v
}

func closedTicket() ticket.View {
	v := ticketView()
	v.Number, v.Subject, v.Status, v.Dues, v.Presence = "4655", "Logo in the footer is blurred on phones", statusClosed, nil, ""
	v.Composer, v.Properties.Locked = nil, true
	v.Customer = ticket.Customer{Person: leila, Note: "First contact. Nothing else is known."}
	v.Talk = []ticket.Item{{Message: &messages.bounced}, {Events: events()[:1]}}
	v.Closed = &ticket.Closed{Title: "Closed on Thu 5 Nov 2026, 16:30 EST", Says: "Nothing here changes any more. An answer from the customer starts a follow-up, and so can you."}
	v.Links = []ticket.Link{{Label: "#4801 Contact form: mails arrive twice", URL: "/tickets/4801"}}
	return v
}

// ticketOnItsWay is a bug under review: it goes on with a known problem.
func ticketOnItsWay() ticket.View {
	v := ticketView()
	v.Way = agentsWay()
	v.Moves, v.Problem = []ticket.Move{{Phase: "identified", Label: "Bug identified", Begins: "the ticket is linked to a known problem"}}, &ticket.Problem{}
	return v
}

// ticketWithMoves may go on in three ways: one is a decision, one begins by itself.
func ticketWithMoves() ticket.View {
	v := ticketView()
	v.Way = agentsWay()
	v.Way.Stages[2].Title, v.Way.Stages[3].Title = "Considered for the quarter", "Review complete"
	choose := []shared.Option{{Label: "Please choose", Chosen: true}, {Value: "planned", Label: "Planned"}, {Value: "not now", Label: "Not now"}}
	v.Moves = []ticket.Move{{Phase: "considered", Label: "Considered for the quarter", Follows: "Mails “Next phase” to Priya Raman. Usually until Fri 4 Dec 17:00."},
		{Phase: "complete", Label: "Review complete", Follows: "Mails “Decision on your request” to Priya Raman. Leaves out “Considered for the quarter”.",
			Needs: []ticket.Need{{Field: shared.Field{ID: "move-complete", Name: "said:feature.decision", Type: "select", Label: "The decision", Options: choose}}, {Field: shared.Field{ID: "move-plan", Name: "said:issue.plan", Type: "textarea", Rows: 3, Label: "How it will be solved"}}, {Field: shared.Field{ID: "move-estimate", Name: "said:issue.estimate", Type: "date", Optional: true, Label: "An estimate of the day on which it is solved"}}}},
		{Phase: "answered", Label: "Answered", Begins: "we answer"}}
	return v
}

// agentsWay is the way as colleagues see it: how far it has come and no more.
func agentsWay() *shared.Tracker {
	w := way()
	w.About, w.Zone = "", ""
	w.Stages[2].Usual = ""
	w.Stages[1].Means, w.Stages[1].Next, w.Stages[1].Heard = "", "", nil
	return w
}
