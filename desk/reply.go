package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// Reply is what a customer writes on the page of their ticket, signed in or through its link.
type Reply struct {
	Ticket int64
	HTML   string
	Text   string
	Key    string
	Files  []File
}

// Reply adds a customer's message to their ticket. It does what a mail from them would do: the same states move, and on a
// closed ticket it opens a follow-up.
func (d *Desk) Reply(ctx context.Context, a access.Actor, in Reply) (Done, error) {
	if err := may(a, access.OneTicket); err != nil {
		return Done{}, err
	}
	return d.write(ctx, a, writing{in.HTML, in.Text, in.Files, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.reply(tx, a, in, w, files, now)
	})
}

func (d *Desk) reply(tx *store.Tx, a access.Actor, in Reply, w words, files attachments, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if !takesPart(t, a.Person) {
		return Done{}, notYours()
	}
	author, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	h := happening{
		event: ticket.Event{Kind: ticket.CustomerReplies, At: now, By: author, Text: w.text}, now: now, via: "portal",
		comment: saidPublicly(author, w, files, "portal", now),
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	result := Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}
	if did.follow != 0 {
		result.Ticket, err = tx.Ticket(access.Clock, did.follow)
	}
	return result, err
}

// notYours is how somebody learns nothing about a ticket that is not theirs.
func notYours() error { return fault.New(fault.NotFound, "there is no such ticket") }
