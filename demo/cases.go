package demo

import (
	"context"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
)

// opened is a case that a customer of AbleCommerce opened today with the form of the portal (seed 001). Nobody has reviewed it yet.
type opened struct {
	ago           time.Duration
	from          string
	kind          string
	subject, body string
}

var openedToday = []opened{
	{
		ago: 70 * minute, from: "theo@marshbooks.example", kind: "customization",
		subject: "Two addresses on one order",
		body:    "Good morning,\n\na library buys for two of its branches and wants one parcel sent to each. Can an order have two addresses, and where do I switch that on?\n\nTheo Marsh",
	},
	{
		ago: 25 * minute, from: "hanne@fjordgarn.example", kind: "bug",
		subject: "The discount is taken off twice",
		body:    "Hello,\n\nsince we installed 7.0.2, a coupon of ten per cent takes twenty off when the basket holds two kinds of yarn. With one kind it is right.\n\nHanne",
	},
}

// caseCues are the lines of these cases.
func (p *play) caseCues() (all []cue) {
	for _, c := range openedToday {
		all = append(all, cue{p.end.Add(-c.ago), func(ctx context.Context) error { return p.opens(ctx, c) }})
	}
	return all
}

// opens is the customer choosing what the case is about, and sending the form.
func (p *play) opens(ctx context.Context, c opened) error {
	who, err := p.writer(ctx, c.from)
	if err != nil {
		return err
	}
	brand := p.brands["ablecommerce"]
	things, err := p.desk.Things(ctx, who, brand)
	if err != nil {
		return err
	}
	in := desk.Request{Brand: brand, Subject: c.subject, Text: c.body, Kind: c.kind}
	if len(things) > 0 {
		in.About = things[0].About.String()
	}
	_, err = p.desk.Create(ctx, who, in)
	return err
}

// secondLine makes the group to which a review gives what it cannot answer itself.
func (p *play) secondLine(ctx context.Context) error {
	group := account.Group{Name: "Level two"}
	for _, email := range []string{ana, ben, cem} {
		group.Members = append(group.Members, p.staff[email].ID)
	}
	_, err := p.desk.SaveGroup(ctx, access.Clock, group)
	return err
}
