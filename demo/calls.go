package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/mail"
)

// callStory is a customer of the brand that sells calls. They book the free time that is so many along, or, when it is 0, offer two.
type callStory struct {
	ago     time.Duration
	story   ticketStory
	company string
	domain  string
	zone    string
	phone   string
	free    int
	assign  string
}

var callStories = []callStory{
	{
		ago: 22 * hour, company: "Bright Harbor Arts", domain: "brightharborarts.example", zone: "America/Chicago", phone: "+1 312 555 0142", free: 9, assign: cem,
		story: ticketStory{name: "Dana Reyes", from: "dana@brightharborarts.example", subject: "The importer stops at row 200",
			body: "Hello,\n\nour list of donors has 640 rows, and the importer stops at row 200 each time. It is easier to show than to write.\nWe have phone support and would like to use it for this.\n\nDana"},
	},
	{
		ago: 20 * hour, company: "Southbank Food Co-op", domain: "southbankcoop.example", zone: "Europe/London", phone: "+44 20 7946 0142", free: 38, assign: ben,
		story: ticketStory{name: "Idris Cole", from: "idris@southbankcoop.example", subject: "Recurring donations before December",
			body: "Hi,\n\nwe want to ask for recurring donations from the first of December on. Could somebody go through the settings with me on the phone?\n\nIdris"},
	},
	{
		ago: 5 * hour, company: "Vale Youth Theatre", domain: "valeyouth.example", zone: "America/New_York", phone: "+1 802 555 0117",
		story: ticketStory{name: "Marguerite Vale", from: "marguerite@valeyouth.example", subject: "Two ticket forms, or one?",
			body: "Dear team,\n\nshould our two shows share one form? I have questions about both ways, so a call would be best.\n\nMarguerite"},
	},
}

// callCues are the lines of these stories.
func (p *play) callCues() (all []cue) {
	for _, s := range callStories {
		all = append(all, cue{p.end.Add(-s.ago), func(ctx context.Context) error { return p.asksForCall(ctx, s) }})
	}
	return all
}

// asksForCall lets somebody write, get a host, and choose a time on the page behind their link.
func (p *play) asksForCall(ctx context.Context, s callStory) error {
	if _, err := p.desk.SaveOrganization(ctx, access.Clock, account.Organization{Name: s.company, Domains: []string{s.domain}}); err != nil {
		return err
	}
	for _, sale := range []desk.Sale{{Product: "Soapbox Engage", Site: s.domain, Ordered: p.dayAgo(500 * day)}, {Plan: "phone", From: p.dayAgo(200 * day)}} {
		sale.Brand, sale.Organization = p.brands[Others[0].Slug], s.company
		if _, err := p.desk.Own(ctx, access.Clock, sale); err != nil {
			return err
		}
	}
	received, err := p.mail(ctx, &s.story, mail.Draft{From: mail.Address{Name: s.story.name, Email: s.story.from}, To: mail.Address{Email: Others[0].Address}, Subject: s.story.subject, Text: s.story.body})
	if err != nil {
		return err
	}
	kind, host := "call", p.staff[s.assign].ID
	set := desk.Set{Ticket: received.Ticket, Kind: &kind}
	if host != 0 {
		set.Assignee = &host
	}
	done, err := p.desk.Set(ctx, p.staff[ana].Actor(), set)
	if err != nil {
		return err
	}
	p.clock.at = p.clock.at.Add(20 * minute)
	return p.choosesTime(ctx, s, access.Actor{Person: done.Ticket.Requester.ID, Role: access.Customer, Ticket: received.Ticket})
}

func (p *play) choosesTime(ctx context.Context, s callStory, customer access.Actor) error {
	page, err := p.desk.CallPage(ctx, customer, customer.Ticket, desk.CallQuestion{})
	if err != nil {
		return err
	}
	if len(page.Free) < 120 {
		return fault.New(fault.Refused, "the demo finds %d free times for a call: %s%s", len(page.Free), page.Why, page.None)
	}
	if s.free > 0 {
		_, err = p.desk.BookCall(ctx, customer, desk.BookCall{Ticket: customer.Ticket, Start: page.Free[s.free+35].Start, Phone: s.phone, Zone: s.zone})
		return err
	}
	times := []time.Time{page.Free[60].Start, page.Free[100].Start}
	_, err = p.desk.OfferTimes(ctx, customer, desk.OfferTimes{Ticket: customer.Ticket, Times: times, Phone: s.phone, Zone: s.zone, Words: "Either is fine."})
	return err
}
