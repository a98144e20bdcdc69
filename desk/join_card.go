package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// JoinCard puts a ticket behind a card of the roadmap.
type JoinCard struct {
	Ticket int64
	Card   int64 // 0 makes a new card of what the ticket asks for
	Leave  bool  // takes it away from behind its card instead
	Key    string
	Via    string
}

// JoinCard counts whoever wrote a ticket among the people who want a card. The customer hears nothing by it, and the ticket stays where
// it is. It returns the card, 0 when the ticket stands behind none any more.
func (d *Desk) JoinCard(ctx context.Context, a access.Actor, in JoinCard) (card int64, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return 0, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		card, err = onceNumbered(tx, a, "join-card", in.Key, now, func() (int64, error) { return d.joinCard(tx, a, in, now) })
		return err
	})
	return card, err
}

func (d *Desk) joinCard(tx *store.Tx, a access.Actor, in JoinCard, now time.Time) (int64, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return 0, err
	}
	was, joined, err := tx.CardOfTicket(t.ID)
	if err != nil {
		return 0, err
	}
	if in.Leave {
		if !joined {
			return 0, nil
		}
		if err := tx.LeaveCard(t.ID); err != nil {
			return 0, err
		}
		return 0, d.tellJoined(tx, a, t, in.Via, was.Title, "", now)
	}
	c, err := d.cardNamed(tx, a, t.Brand, t.Subject, in.Card, now)
	if err != nil || joined && was.ID == c.ID {
		return c.ID, err
	}
	if err := tx.JoinCard(t.ID, c.ID, now); err != nil {
		return 0, err
	}
	return c.ID, d.tellJoined(tx, a, t, in.Via, was.Title, c.Title, now)
}

// cardNamed is the card that something is to stand behind: one of a brand's, or a new one with a title.
func (d *Desk) cardNamed(tx *store.Tx, a access.Actor, brand int64, title string, id int64, now time.Time) (c store.Card, err error) {
	if id == 0 {
		if err := may(a, access.PublishNews); err != nil {
			return c, err
		}
		letters := []rune(oneLine(title))
		if id, err = d.newCard(tx, a, WriteCard{Brand: brand, Title: string(letters[:min(len(letters), mostNewsTitle)])}, now); err != nil {
			return c, err
		}
	}
	c, err = tx.Card(id)
	if err == nil && c.Brand != brand || isNotFound(err) {
		err = fault.New(fault.Invalid, "choose one of the cards of this roadmap")
	}
	return c, err
}

// tellJoined writes into the ticket what its record says of it, for colleagues.
func (d *Desk) tellJoined(tx *store.Tx, a access.Actor, t ticket.Ticket, via, from, to string, now time.Time) error {
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	tx.Changed(t.ID)
	return tx.AddAudit(&ticket.Audit{Ticket: t.ID, Author: by, At: now, Via: viaOr(via), Events: []ticket.AuditEvent{joinedCard(from, to)}})
}

func joinedCard(from, to string) ticket.AuditEvent {
	return ticket.AuditEvent{Type: ticket.Change, Field: "roadmap", From: from, To: to, Internal: true}
}

// TicketCard is which card a ticket stands behind, and which it could.
type TicketCard struct {
	Weighed bool         // the roadmap is decided about this ticket now
	Card    store.Card   // zero for none
	Choices []store.Card // open cards of its brand, the newest first
}

// mostChoices is how many cards are offered beside a ticket.
const mostChoices = 50

// TicketCard reads what a ticket has to do with the roadmap, for staff.
func (d *Desk) TicketCard(ctx context.Context, a access.Actor, id int64) (c TicketCard, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return c, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(a, id)
		if err != nil {
			return err
		}
		p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
		if err != nil {
			return err
		}
		c.Weighed = p.Weighs(t)
		if c.Card, _, err = tx.CardOfTicket(id); err != nil || !c.Weighed {
			return err
		}
		c.Choices, err = openCards(tx, t.Brand)
		return err
	})
	return c, err
}

// openCards are the cards of a brand that are neither done nor put off, then those that were put off.
func openCards(tx *store.Tx, brand int64) (all []store.Card, err error) {
	for _, state := range slices.DeleteFunc(slices.Clone(CardStates), func(s store.CardState) bool { return s == store.CardDone }) {
		page, err := tx.Cards(store.CardFilter{Brand: brand, State: state, Limit: mostChoices})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	return all[:min(len(all), mostChoices)], nil
}

// OpenCards are the cards that an entry of What's New can tell of, for whoever writes it.
func (d *Desk) OpenCards(ctx context.Context, a access.Actor, brand int64) (all []store.Card, err error) {
	if err := may(a, access.PublishNews); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		all, err = openCards(tx, brand)
		return err
	})
	return all, err
}
