package demo

import (
	"context"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// What customers of PipeRocks live through (seed 003): somebody asks for escalation, something is outside of what is supported, and a
// customer with the Enterprise plan is answered by her own representative.

const piperocks = "help@piperocks.example"

// seniors look a second time; the policy calls them senior_technicians.
var seniors = []string{ana, cem}

var escalatedStories = []ticketStory{
	{
		ago: 2*day + 5*hour, name: "Farah Nassar", from: "farah@bluekite.example", to: piperocks, kind: "technical",
		subject: "Contacts disappear after the import",
		body:    "Hello,\n\nsince Monday about forty contacts are gone after each import. The file is fine.\n\nFarah",
		steps: []step{
			{after: 2 * hour, by: ben, assign: ben, answer: "Hello Farah,\n\nplease try the import with “Keep duplicates” switched on and tell me what you see.\n\nBen", status: "open"},
			{after: 20 * hour, reply: "The same forty are gone, I am afraid."},
			{after: 22 * hour, by: ben, answer: "Thank you for trying. I have asked for the log of your last import.\n\nBen", status: "open"},
			{after: 26 * hour, escalates: "We cannot send this week's invitations, because nobody knows who is missing."},
		},
	},
	{
		ago: 30 * hour, name: "Owen Hughes", from: "owen@hughesbros.example", to: piperocks, kind: "customization",
		subject: "A script that mails us every Friday",
		body:    "Hi,\n\ncould you write us a script that mails the open deals to the whole team every Friday at noon?\n\nOwen",
		steps: []step{
			{after: 3 * hour, by: cem, assign: cem, clause: "limits.development"},
			{after: 4 * hour, by: cem, sends: "out-of-scope", status: "solved"},
		},
	},
	{
		ago: 5 * hour, name: "Grace Tan", from: "grace@harbourbank.example", to: piperocks, kind: "technical",
		subject: "Reports are empty for our Sydney office",
		body:    "Good morning,\n\nthe pipeline report is empty for everybody in Sydney, since the weekend.\n\nGrace",
	},
}

// promote makes the groups that the policy speaks of, and writes down what stands on the record of a customer with the Enterprise plan.
func (p *play) promote(ctx context.Context) error {
	group := account.Group{Name: "Senior technicians"}
	for _, email := range seniors {
		group.Members = append(group.Members, p.staff[email].ID)
	}
	if _, err := p.desk.SaveGroup(ctx, access.Clock, group); err != nil {
		return err
	}
	_, err := p.desk.Own(ctx, access.Clock, desk.Sale{
		Brand: p.brands["piperocks"], Name: "Grace Tan", Email: "grace@harbourbank.example", Organization: "Harbour Bank", Plan: "enterprise", From: p.dayAgo(90 * day),
		Record: map[string]string{"region": "australia-nsw", "representative": cem},
	})
	return err
}

// asks is a customer pressing the button on the page of their request.
func (p *play) asks(ctx context.Context, s *ticketStory, words string) error {
	page, err := p.desk.People(ctx, access.Clock, store.PeopleFilter{Query: s.from, Limit: 1})
	if err == nil && len(page.Items) == 0 {
		err = fault.New(fault.NotFound, "the demo does not know %s", s.from)
	}
	if err != nil {
		return err
	}
	_, err = p.desk.AskForEscalation(ctx, page.Items[0].Actor(), desk.Escalation{Ticket: p.tickets[s], Words: words})
	return err
}
