package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/desk"
	"hark/fault"
)

// Eve has Carla on the line and makes a ticket of the call in one step: it is Carla's, about her licence, with the note for
// colleagues alone; the call leads to it, colleagues read which call it came of, and pressing twice makes one ticket.
func TestATicketIsMadeOfACallInOneStep(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		if _, err := p.desk.TicketOfCall(ctx, p.eve.Actor(), desk.TicketOfCall{Call: id, Note: "Somebody"}); !fault.Is(err, fault.Refused) {
			t.Errorf("S1-18: a ticket of a caller whom nobody has chosen: %v", err)
		}
		p.must(p.presses(p.eve, id, "1", "acme-shop"))
		page := p.choose(id, "acme-shop")
		made, err := p.desk.TicketOfCall(ctx, p.eve.Actor(), desk.TicketOfCall{Call: id, Note: "The checkout shows a blank page since Monday."})
		p.must(err)
		again, err := p.desk.TicketOfCall(ctx, p.eve.Actor(), desk.TicketOfCall{Call: id, Note: "The checkout shows a blank page since Monday."})
		p.must(err)
		p.is("pressed twice", fmt.Sprint(again), fmt.Sprint(made))

		ticket := p.sees(p.ana.Actor(), made)
		p.is("whose it is", ticket.Ticket.Requester.Address, "carla@acme-shop.example")
		p.is("what it is about", ticket.About.String(), page.Call.About)
		p.is("its way in", ticket.Ticket.Channel, "phone_in")
		p.is("its level", ticket.Ticket.Memory.Level, "active")
		if note := ticket.Comments[len(ticket.Comments)-1]; note.Public || note.Text != "The checkout shows a blank page since Monday." {
			t.Errorf("the note on the ticket is %+v", note)
		}
		for _, c := range p.sees(p.linkOf(made), made).Comments {
			p.is("what Carla reads", c.Text, "Told on the telephone.")
		}
		p.is("the call leads to it", fmt.Sprint(p.screen(id).Call.Ticket), fmt.Sprint(made))
		if says := p.audited(made, "phone_call"); !strings.Contains(says, "Eve Marsh made it of a telephone call") {
			t.Errorf("its history says %q", says)
		}
		if _, err := p.desk.TicketOfCall(ctx, p.cem.Actor(), desk.TicketOfCall{Call: id}); !fault.Is(err, fault.Refused) {
			t.Errorf("Cem makes one of Eve's call: %v", err)
		}
	})
}

// 1.36: Omar has been evaluating for four months. Whatever of his comes in is one for sales: a ticket made of his call and a case he files
// stand in the list of the sales group, which the policy names, and not with level one.
func TestSeed001_1_36_WhoEvaluatesForMonthsComesToSales(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		_, err := p.desk.Own(ctx, p.ana.Actor(), desk.Sale{Email: "omar@oasis-rugs.example", Name: "Omar Haddad", Product: "AbleCommerce", Evaluating: "2026-07-10"})
		p.must(err)
		id := p.begin()
		p.must(p.presses(p.eve, id, "1", "omar"))
		p.is("his level", p.choose(id, "omar").Call.Level, "sales")
		made, err := p.desk.TicketOfCall(ctx, p.eve.Actor(), desk.TicketOfCall{Call: id, Note: "Would like a quote for three shops."})
		p.must(err)
		filed, err := p.desk.Create(ctx, p.person("omar@oasis-rugs.example").Actor(), desk.Request{Subject: "A quote", Text: "For three shops.", Kind: "other", About: p.sees(p.ana.Actor(), made).About.String()})
		p.must(err)
		sales, err := p.desk.QueueNamed(ctx, p.ana.Actor(), itoa(p.brand.ID)+".sales")
		p.must(err)
		page, err := p.desk.Inbox(ctx, p.ana.Actor(), sales.Filter())
		p.must(err)
		var waits []int64
		for _, row := range page.Items {
			waits = append(waits, row.ID)
		}
		p.is("sales has", fmt.Sprint(waits), fmt.Sprint([]int64{made, filed.Ticket.ID}))
	})
}
