package desk

import (
	"context"

	"hark/access"
	"hark/article"
	"hark/community"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// What becomes of a post: a ticket, so that its author is answered alone; a draft of an article, so that the next one finds it; a place
// behind a card of the roadmap.

// TicketOfPost makes a ticket of a post, once: what its author wrote is their request, and is answered to them alone. The post stays where
// it is.
func (d *Desk) TicketOfPost(ctx context.Context, a access.Actor, brand, id int64) (ticketID int64, err error) {
	if err := mayTurn(a, access.ChangeTicket); err != nil {
		return 0, err
	}
	err = d.inCommunity(ctx, a, brand, func(c together) error {
		p, err := c.one(id)
		if err != nil || p.Ticket != 0 {
			ticketID = p.Ticket
			return err
		}
		ticketID, err = c.ticketOf(p)
		return err
	})
	return ticketID, err
}

// mayTurn needs somebody who looks posts through and may do what is made of one.
func mayTurn(a access.Actor, right access.Right) error {
	if err := may(a, access.Moderate); err != nil {
		return err
	}
	return may(a, right)
}

func (c together) ticketOf(p community.Post) (int64, error) {
	title, err := c.threadTitle(p)
	if err != nil {
		return 0, err
	}
	author, err := c.tx.Person(p.Author)
	if err != nil {
		return 0, err
	}
	if author.Role != access.Customer {
		return 0, fault.New(fault.Refused, "a colleague wrote this; a ticket is a customer's")
	}
	w, err := wordsOf("", p.Body)
	if err != nil {
		return 0, err
	}
	done, err := c.desk.create(c.tx, Request{Brand: c.brand.ID, Subject: title, Channel: "community"}, w, attachments{}, author, author, c.now)
	if err != nil {
		return 0, err
	}
	if err := c.tx.TicketOfPost(p.ID, done.Ticket.ID); err != nil {
		return 0, err
	}
	return done.Ticket.ID, c.tellTurned(done.Ticket, title)
}

// tellTurned writes into the ticket's record who made it of a post, for colleagues.
func (c together) tellTurned(t ticket.Ticket, title string) error {
	by, err := c.desk.person(c.tx, c.actor)
	if err != nil {
		return err
	}
	return c.tx.AddAudit(&ticket.Audit{Ticket: t.ID, Author: by, At: c.now, Via: viaOr(""), Events: []ticket.AuditEvent{
		{Type: ticket.Change, Field: "community", To: title, Internal: true},
	}})
}

// ArticleOfPost begins an article with what a thread asks and the answer that helped, once. Nobody reads it before somebody publishes it.
func (d *Desk) ArticleOfPost(ctx context.Context, a access.Actor, brand, id int64) (articleID int64, err error) {
	if err := mayTurn(a, access.WriteArticles); err != nil {
		return 0, err
	}
	err = d.inCommunity(ctx, a, brand, func(c together) error {
		p, err := c.one(id)
		if err == nil && !p.First() {
			err = fault.New(fault.Invalid, "an article is made of a whole thread, not of one answer")
		}
		if err != nil || p.Article != 0 {
			articleID = p.Article
			return err
		}
		if p.Article, err = c.articleOf(p); err != nil {
			return err
		}
		articleID = p.Article
		return c.tx.SavePost(&p)
	})
	return articleID, err
}

func (c together) articleOf(p community.Post) (int64, error) {
	h, err := c.desk.authors(c.tx, c.actor, c.brand.ID, c.now)
	if err != nil {
		return 0, err
	}
	body := p.Body
	if p.Accepted != 0 {
		answer, err := c.tx.Post(access.Clock, c.brand.ID, p.Accepted)
		if err != nil {
			return 0, err
		}
		body += "\n\n" + answer.Body
	}
	in := article.Content{Title: p.Title, Body: body, Audience: article.ForAll, Owner: c.actor.Person}
	sections, err := c.tx.HelpSections(c.brand.ID)
	if err != nil {
		return 0, err
	}
	if len(sections) > 0 {
		in.Section = sections[0].ID
	}
	return h.begin(c.actor, in)
}

// JoinIdea puts an idea behind a card of the roadmap.
type JoinIdea struct {
	Brand int64
	Post  int64
	Card  int64 // 0 makes a new card of it, once: an idea that stands behind a card already stays there
	Leave bool  // takes it away from behind its card instead
}

// JoinIdea counts whoever wrote or wants an idea among the people who want a card, each once, however many ways they have said so. As with
// a ticket or an article of a post, what was made of it is known by the post and not by a form: two colleagues who press at once make
// one card as well.
func (d *Desk) JoinIdea(ctx context.Context, a access.Actor, in JoinIdea) error {
	if err := mayTurn(a, access.ChangeTicket); err != nil {
		return err
	}
	return d.inCommunity(ctx, a, in.Brand, func(c together) error {
		p, err := c.one(in.Post)
		switch {
		case err != nil:
			return err
		case p.Kind != community.Idea:
			return fault.New(fault.Invalid, "only an idea can be on the roadmap")
		case in.Leave:
			p.Card = 0
			return c.tx.SavePost(&p)
		case in.Card == 0 && p.Card != 0:
			return nil
		}
		card, err := d.cardNamed(c.tx, a, c.brand.ID, p.Title, in.Card, c.now)
		if err != nil {
			return err
		}
		p.Card = card.ID
		return c.tx.SavePost(&p)
	})
}

// FromCommunity is the post that a ticket was made of, for whoever may see the ticket; the zero post when it was made of none that still
// stands there.
func (d *Desk) FromCommunity(ctx context.Context, a access.Actor, ticketID int64) (p community.Post, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return p, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(a, ticketID)
		if err != nil || t.Channel != "community" {
			return err
		}
		brand, err := tx.Brand(t.Brand)
		if err != nil || !brand.Community {
			return err
		}
		p, err = tx.PostOfTicket(t.ID)
		if p.State == community.Back {
			p = community.Post{}
		}
		return err
	})
	return p, err
}
