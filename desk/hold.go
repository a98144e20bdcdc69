package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// AcceptHeld says what a held mail is to be.
type AcceptHeld struct {
	Mail     int64
	AsAnswer bool // it counts as the customer's own answer and is shown to them; else it is filed as an internal note
}

// AcceptHeld files a mail that waited for a decision on its ticket. Its sender stays a third party: the requester does
// not change, nobody is put on copy, and nothing is mailed to the sender (C6). Until an agent says that it is the
// customer's answer, the customer does not see it (C2).
func (d *Desk) AcceptHeld(ctx context.Context, a access.Actor, in AcceptHeld) (Done, error) {
	if err := may(a, access.DecideHeld); err != nil {
		return Done{}, err
	}
	return d.decide(ctx, a, in.Mail, func(r *receiving) (Done, error) { return r.accept(a, in) })
}

// decide reads a mail that waited for a person once more, and does with it what they decided.
func (d *Desk) decide(ctx context.Context, a access.Actor, mail int64, do func(*receiving) (Done, error)) (result Done, err error) {
	var read receiving
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		row, err := tx.Incoming(a, mail)
		read = receiving{d: d, in: row, now: d.now()}
		return err
	})
	if err != nil {
		return result, err
	}
	if err := read.read(ctx); err != nil {
		return result, err
	}
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		r := read
		r.tx = tx
		result, err = do(&r)
		return err
	})
	return result, err
}

func (r *receiving) accept(a access.Actor, in AcceptHeld) (Done, error) {
	t, err := r.heldOn(a)
	if err != nil {
		return Done{}, err
	}
	if err := r.lookUp(); err != nil {
		return Done{}, err
	}
	if r.broken != nil || r.mail.From == nil {
		return Done{}, fault.New(fault.Refused, "this mail cannot be read; its source is kept")
	}
	by, err := r.d.person(r.tx, a)
	if err != nil {
		return Done{}, err
	}
	h := r.acceptance(in, t, by)
	did, err := r.d.happen(r.tx, t, h)
	if err != nil {
		return Done{}, err
	}
	r.in.Comment = h.comment.ID
	id := t.ID
	if did.follow != 0 {
		id = did.follow
	}
	r.settle(store.Done, threaded, id, "accepted by "+by.Name)
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}, r.tx.SaveIncoming(&r.in)
}

// heldOn is the ticket a held mail waits on, when the actor may see it.
func (r *receiving) heldOn(a access.Actor) (ticket.Ticket, error) {
	row, err := r.tx.IncomingForUpdate(r.in.ID)
	if err != nil {
		return ticket.Ticket{}, err
	}
	r.in = row
	if row.State != store.HeldMail || row.Ticket == 0 {
		return ticket.Ticket{}, notWaiting()
	}
	return r.d.load(r.tx, a, row.Ticket)
}

func notWaiting() error { return fault.New(fault.Conflict, "this mail no longer waits for a decision") }

// acceptance is a stranger's mail as it is filed: by the agent, in the third party's words. As an answer it counts from
// now, because the agent says so now; only a ticket that closed after the mail had come is reopened by it (A8).
func (r *receiving) acceptance(in AcceptHeld, t ticket.Ticket, by ticket.Person) happening {
	c := r.comment()
	c.Author, c.Public, c.ThirdParty = ticket.Person{}, in.AsAnswer, r.mail.From.Email+" (not on this ticket)"
	h := happening{event: ticket.Event{Kind: ticket.AgentNote, At: r.now, By: by}, author: &by, now: r.now, via: viaMail, comment: c,
		machine: "it came from somebody who is not on this ticket"}
	if in.AsAnswer {
		h.event = ticket.Event{Kind: ticket.CustomerReplies, At: r.now, By: t.Requester, Text: r.mail.TextTrimmed}
		if r.inTime(t) {
			h.event.At = r.in.ReceivedAt
		}
	}
	return h
}

// DiscardHeld decides that a mail that waited is nothing for us, whether it waits on a ticket or was set aside without one. It stays
// in the mail log with its source.
func (d *Desk) DiscardHeld(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.DecideHeld); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Incoming(a, id); err != nil {
			return err
		}
		row, err := tx.IncomingForUpdate(id)
		if err != nil {
			return err
		}
		by, err := d.person(tx, a)
		if err != nil {
			return err
		}
		r := receiving{d: d, tx: tx, in: row, now: now}
		return r.discard(a, by)
	})
}

// ReadAgain lets a mail that could not be read have its turn once more, as when this program has become better at it.
func (d *Desk) ReadAgain(ctx context.Context, a access.Actor, id int64) error {
	if err := may(a, access.DecideHeld); err != nil {
		return err
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Incoming(a, id); err != nil {
			return err
		}
		in, err := tx.IncomingForUpdate(id)
		if err != nil {
			return err
		}
		if in.State != store.Unreadable {
			return fault.New(fault.Conflict, "this mail has been read already")
		}
		in.State, in.Outcome, in.Reason, in.Tries, in.Again = store.Received, "", "", 0, time.Time{}
		return tx.SaveIncoming(&in)
	})
	if err != nil {
		return err
	}
	_, err = d.Receive(ctx, id)
	return err
}

func (r *receiving) discard(a access.Actor, by ticket.Person) error {
	if !r.in.Waits() {
		return notWaiting()
	}
	on := r.in.Ticket
	r.settle(store.Ignored, held, on, "discarded by "+by.Name)
	if err := r.tx.SaveIncoming(&r.in); err != nil || on == 0 {
		return err
	}
	t, err := r.d.load(r.tx, a, on)
	if err != nil || t.Category == ticket.Closed {
		return err
	}
	r.tx.Changed(on)
	return r.tx.AddAudit(&ticket.Audit{Ticket: on, Author: by, At: r.now, Via: "web", Events: internally(ticket.Held, "", "a held mail was discarded")})
}

// OpenHeld makes a ticket of a mail that was set aside, when a person sees that it is a request after all. Its sender is
// marked as unverified.
func (d *Desk) OpenHeld(ctx context.Context, a access.Actor, id int64) (Done, error) {
	if err := may(a, access.DecideHeld); err != nil {
		return Done{}, err
	}
	return d.decide(ctx, a, id, func(r *receiving) (Done, error) {
		r.doubtful = true
		return r.open()
	})
}

func (r *receiving) open() (Done, error) {
	row, err := r.tx.IncomingForUpdate(r.in.ID)
	if err != nil {
		return Done{}, err
	}
	if !row.Waits() {
		return Done{}, notWaiting()
	}
	if err := r.lookUp(); err != nil {
		return Done{}, err
	}
	if r.broken != nil || r.mail.From == nil {
		return Done{}, fault.New(fault.Refused, "this mail does not say who wrote it, so no ticket can be made of it")
	}
	if own, err := r.d.isOwn(r.tx, r.mail.From.Email); err != nil || own {
		return Done{}, orElse(err, ownAddress(r.mail.From.Email))
	}
	r.mail.Automatic, r.mail.AutomaticWhy = mail.AutoGenerated, "it had been set aside"
	if _, err := r.opensTicket(); err != nil {
		return Done{}, err
	}
	t, err := r.tx.Ticket(access.Clock, r.in.Ticket)
	return Done{Ticket: t, Comment: r.in.Comment}, orElse(err, r.tx.SaveIncoming(&r.in))
}
