package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/desk"
	"hark/fault"
)

// Eve has Carla on the line and makes a ticket of the call in one step: it is Carla's, about her licence, with the note as its first
// message; the call leads to it, colleagues read which call it came of, and pressing twice makes one ticket.
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
		if text := ticket.Comments[0].Text; !strings.Contains(text, "The checkout shows a blank page since Monday.") {
			t.Errorf("it begins with %q", text)
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
