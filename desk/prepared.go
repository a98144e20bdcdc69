package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Prepared is one of the policy's own messages, sent on a ticket because somebody chose it. It is how the first line answers: they find
// the right words, and write none (seed 001, 1.2; S1-17). It is also how something is declined: in the words the policy has for the
// clause of its scope (S3-16), with what an agent saw below them (S0-25).
type Prepared struct {
	Ticket  int64
	Message string            // an id of the policy
	Status  string            // "" leaves it to the policy
	Said    map[string]string // facts that the answer of a clause speaks of, as typed; what is empty is left as it is
	Words   string            // of the agent's own, below the answer of a clause; only for whoever may answer
	Base    int64             // the newest audit that was seen; 0 does not ask
	Key     string            // of the form (D7)
}

// SendPrepared answers a ticket with a message of the policy. It counts as an answer by the actor, and can be taken back like one. A
// message that is for others only is fault.Refused, and so is one that says something nobody knows here.
func (d *Desk) SendPrepared(ctx context.Context, a access.Actor, in Prepared) (result Done, err error) {
	if err := may(a, access.SendPrepared); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.sendPrepared(tx, a, in, now) })
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
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err != nil {
		return Done{}, err
	}
	declining, declines, err := d.declines(p, t, in)
	if err != nil {
		return Done{}, err
	}
	if !declines && !slices.Contains(p.Prepared(), in.Message) {
		return Done{}, fault.New(fault.NotFound, "the policy has no such prepared message")
	}
	text, err := d.preparedText(tx, p, withFacts(t, declining.facts), in.Message, now)
	if err != nil {
		return Done{}, err
	}
	if text, err = withWords(a, text, in.Words, declines); err != nil {
		return Done{}, err
	}
	files, err := d.carried(tx, t.Brand, p, in.Message)
	if err != nil {
		return Done{}, notCarried(p, in.Message, err)
	}
	h := happening{
		event: ticket.Event{Kind: ticket.AgentReplies, At: now, By: author, Status: in.Status, Text: text, Facts: declining.facts}, now: now, via: "web", undo: true,
		comment: saidPublicly(author, words{text: text}, files, "web", now),
		mail:    &letter{text: text, template: in.Message, files: files.content}, notes: declining.notes,
	}
	if declining.scope.Refuses != "" && in.Status == "" {
		h.event.Kind = ticket.ScopeRefused
	}
	did, err := d.happen(tx, t, h)
	if err == nil && declines {
		err = answered(tx, did.ticket, declining.scope.Clause.ID, a.Person, now)
	}
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID, Until: now.Add(UndoWindow)}, nil
}

// withWords puts what an agent saw below the answer of a clause. Whoever answers with prepared words alone adds none.
func withWords(a access.Actor, text, more string, declines bool) (string, error) {
	more = strings.TrimSpace(more)
	switch {
	case more == "":
		return text, nil
	case !declines || !access.May(a, access.ReplyPublicly):
		return "", fault.New(fault.Forbidden, "an answer in your own words is for the second line; send the prepared one as it is")
	}
	return text + "\n\n" + more, nil
}

// preparedText is a message as it reads on this ticket.
func (d *Desk) preparedText(tx *store.Tx, p *policy.Policy, t ticket.Ticket, message string, now time.Time) (string, error) {
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
