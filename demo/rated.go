package demo

import (
	"context"

	"hark/access"
	"hark/desk"
)

// What customers of PICnet said when the work was done (seed 000): two were glad, one was not, and one has said nothing.

const picnet = "support@picnet.example"

var ratedStories = []ticketStory{
	{
		ago: 8*day + 3*hour, name: "Solveig Dahl", from: "solveig@dahlquilts.example", to: picnet,
		subject: "The gift form shows the wrong currency",
		body:    "Hello,\n\nour gift form shows dollars since yesterday. It should show kroner.\n\nSolveig",
		steps: []step{
			{after: 30 * minute, by: ana, assign: ana},
			{after: 35 * minute, by: ana, answer: "Hello Solveig,\n\nthe currency of the form had been reset. It shows kroner again.\n\nAna", status: "solved"},
			{after: 3 * hour, rate: "good", words: "Half an hour, and it was done. Thank you, Ana."},
		},
	},
	{
		ago: 6*day + 4*hour, name: "Winston Achebe", from: "winston@achebechoir.example", to: picnet,
		subject: "Tickets for the second concert are sold out too early",
		body:    "Good morning,\n\nthe second concert says sold out after 80 tickets. The hall has 120 seats.\n\nWinston Achebe",
		steps: []step{
			{after: 4 * hour, by: ben, assign: ben},
			{after: 5 * hour, by: ben, answer: "Good morning Mr Achebe,\n\n40 seats were kept back for members. I have given them free.\n\nBen", status: "solved"},
			{after: 26 * hour, rate: "bad", words: "It was right in the end, but I had to ask twice, and we lost an evening of sales."},
		},
	},
	{
		ago: 4*day + 2*hour, name: "Mei-Ling Tan", from: "meiling@harbourgarden.example", to: picnet,
		subject: "How do I add a second administrator?",
		body:    "Hi,\n\nwhere do I add a colleague as an administrator?\n\nMei-Ling",
		steps: []step{
			{after: 15 * minute, by: cem, assign: cem},
			{after: 20 * minute, by: cem, answer: "Hi Mei-Ling,\n\nunder People, Administrators, Add. Your colleague gets a mail with a link.\n\nCem", status: "solved"},
			{after: 45 * minute, rate: "good"},
		},
	},
	{
		ago: 3 * hour, name: "Aroha Ngata", from: "aroha@ngatawines.example", to: picnet,
		subject: "Receipts go to the old address",
		body:    "Hello,\n\nreceipts still go to our old mail address. The new one is in the settings.\n\nAroha",
		steps: []step{
			{after: 50 * minute, by: ana, assign: ana},
			{after: hour, by: ana, answer: "Hello Aroha,\n\nreceipts have an address of their own, under Payments. I have written the new one there too.\n\nAna", status: "solved"},
		},
	},
}

// rates is the customer saying how it went, by the link in the mail that asked.
func (p *play) rates(ctx context.Context, s *ticketStory, one step) error {
	page, err := p.desk.TicketPage(ctx, access.Clock, p.tickets[s])
	if err != nil {
		return err
	}
	customer := access.Actor{Person: page.Ticket.Requester.ID, Role: access.Customer, Ticket: page.Ticket.ID}
	return p.desk.RateTicket(ctx, customer, desk.Rate{Ticket: page.Ticket.ID, Score: one.rate, Words: one.words})
}
