package desk

import (
	"cmp"
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/ticket"
)

// TicketOfCall makes a ticket of a telephone call, in one step: what was heard is there already.
type TicketOfCall struct {
	Call int64
	Kind string // one of the policy's, "" leaves it to triage
	Note string // the free line as the form has it; it is kept on the call too
}

// TicketOfCall makes a ticket of a call, for whoever is calling, about the licence, order or evaluation the call is about. It begins with
// what the caller said, which nobody is mailed as an answer; the note for the record stays among colleagues, as an internal one. The call
// leads to it and it leads to the call. A call has one ticket: asked again, that one is returned. Who is calling has to be chosen first,
// because a number is nobody (S1-18).
func (d *Desk) TicketOfCall(ctx context.Context, a access.Actor, in TicketOfCall) (id int64, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return 0, err
	}
	err = d.withCall(ctx, a, in.Call, func(c *calling) error {
		if err := c.mine(); err != nil {
			return err
		}
		if c.call.Ticket == 0 {
			if err := c.makeTicket(in); err != nil {
				return err
			}
		}
		id = c.call.Ticket
		return nil
	})
	return id, err
}

func (c *calling) makeTicket(in TicketOfCall) error {
	if c.call.Person == 0 {
		return fault.New(fault.Refused, "choose who is calling first; a ticket needs somebody whose it is")
	}
	if !c.closed {
		if err := c.note(in.Note); err != nil {
			return err
		}
	}
	who, err := c.tx.Person(c.call.Person)
	if err != nil {
		return err
	}
	w, err := wordsOf("", c.heard())
	if err != nil {
		return err
	}
	done, err := c.d.createAs(c.tx, c.a, Request{
		Brand: c.call.Brand, Requester: who.Email, Subject: c.subject(), Kind: in.Kind, About: c.call.About, Channel: "phone_in",
	}, true, w, attachments{}, c.now)
	if err != nil {
		return err
	}
	c.call.Ticket = done.Ticket.ID
	if err := c.tell(eventTicketed, "Ticket #"+itoa(done.Ticket.ID)); err != nil {
		return err
	}
	if err := c.noteOn(done.Ticket.ID); err != nil {
		return err
	}
	return c.tellTicket(done.Ticket, c.now)
}

// subject is what the ticket is called: the problem and the website, as far as they were heard.
func (c *calling) subject() string {
	about := cmp.Or(c.call.Problem, "Telephone call")
	if c.call.Site != "" {
		about += ": " + c.call.Site
	}
	return about
}

// heard is the first message of the ticket: what was said, and nothing that colleagues noted about the customer.
func (c *calling) heard() string {
	if c.call.Problem != "" {
		return "Told on the telephone: " + c.call.Problem + "."
	}
	return "Told on the telephone."
}

// noteOn puts the note of the call on its ticket, for colleagues alone: whoever wrote it for the record did not write to the customer.
func (c *calling) noteOn(id int64) error {
	if c.call.Note == "" {
		return nil
	}
	w, err := wordsOf("", c.call.Note)
	if err != nil {
		return err
	}
	_, err = c.d.note(c.tx, c.a, Note{Ticket: id, Via: "phone"}, w, attachments{}, c.now)
	return err
}

// tellTicket lets the ticket's history name the call.
func (c *calling) tellTicket(t ticket.Ticket, now time.Time) error {
	by, err := c.d.person(c.tx, c.a)
	if err != nil {
		return err
	}
	says := "made it of a telephone call, " + minutesSay(c.call.Length(now))
	if label := c.policy.LevelLabel(c.call.Level); label != "" {
		says += "; " + label + ": " + c.call.Because
	}
	told := ticket.AuditEvent{Type: ticket.Change, Field: "phone_call", To: itoa(c.call.ID), Says: says, Internal: true}
	return c.tx.AddAudit(&ticket.Audit{Ticket: t.ID, Author: by, At: now, Via: "phone", Events: []ticket.AuditEvent{told}})
}
