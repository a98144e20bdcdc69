package desk

import (
	"context"
	"slices"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Prepared is one of the policy's own messages, sent on a ticket because somebody chose it. It is how the first line answers: they find
// the right words, and write none (seed 001, 1.2; S1-17).
type Prepared struct {
	Ticket  int64
	Message string // an id of the policy
	Status  string // "" leaves it to the policy
	Base    int64  // the newest audit that was seen; 0 does not ask
	Key     string // of the form (D7)
}

// SendPrepared answers a ticket with a message of the policy. It counts as an answer by the actor, and can be taken back like one. A
// message that is for others only is fault.Refused, and so is one that says something nobody knows here.
func (d *Desk) SendPrepared(ctx context.Context, a access.Actor, in Prepared) (result Done, err error) {
	if err := may(a, access.SendPrepared); err != nil {
		return result, err
	}
	now := d.now()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		result, err = once(tx, a, in.Key, now, func() (Done, error) { return d.sendPrepared(tx, a, in, now) })
		return err
	})
	return result, err
}

func (d *Desk) sendPrepared(tx *store.Tx, a access.Actor, in Prepared, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if err := d.fresh(tx, a, t, in.Base); err != nil {
		return Done{}, err
	}
	author, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	text, err := d.preparedText(tx, t, in.Message, now)
	if err != nil {
		return Done{}, err
	}
	h := happening{
		event: ticket.Event{Kind: ticket.AgentReplies, At: now, By: author, Status: in.Status, Text: text}, now: now, via: "web", undo: true,
		comment: saidPublicly(author, words{text: text}, attachments{}, "web", now),
		mail:    &letter{text: text, template: in.Message},
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID, Until: now.Add(UndoWindow)}, nil
}

// preparedText is a message as it reads on this ticket.
func (d *Desk) preparedText(tx *store.Tx, t ticket.Ticket, message string, now time.Time) (string, error) {
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err != nil {
		return "", err
	}
	if !slices.Contains(p.Prepared(), message) {
		return "", fault.New(fault.NotFound, "the policy has no such prepared message")
	}
	h := happening{now: now}
	if err := d.addFacts(tx, p, &t, h); err != nil {
		return "", err
	}
	facts := p.WithAges(policy.FactsIn(t.Facts), now)
	if only := p.Doc.Messages[message].OnlyFor; !only.Holds(facts) {
		return "", fault.New(fault.Refused, "“%s” is only for customers of whom it holds that %s", p.MessageName(message), p.Says(only))
	}
	to, err := tx.Person(t.Requester.ID)
	if err != nil {
		return "", err
	}
	k := &keeping{d: d, tx: tx, policy: p, before: t, after: t, h: h}
	data := k.data(message, to)
	if site, _ := t.Facts["licence.site"].(string); site != "" {
		data["licence.site"] = site
	}
	_, text, err := p.Message(message, data)
	return text, err
}
