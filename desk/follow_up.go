package desk

import (
	"context"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// FollowUp is a new ticket that an agent starts from a closed one, because closed is final (S2-22).
type FollowUp struct {
	Of   int64
	HTML string // an internal note to begin with; may be empty
	Text string
	Key  string
}

// FollowUp starts the ticket that continues a closed one. When one is open already, that is returned. The customer hears
// of it with the first answer, not before: they have not asked for anything.
func (d *Desk) FollowUp(ctx context.Context, a access.Actor, in FollowUp) (result Done, err error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.followUp(tx, a, in, now) })
}

func (d *Desk) followUp(tx *store.Tx, a access.Actor, in FollowUp, now time.Time) (Done, error) {
	old, err := d.load(tx, a, in.Of)
	if err != nil {
		return Done{}, err
	}
	if old.Category != ticket.Closed {
		return Done{}, fault.New(fault.Refused, "ticket %d is not closed; answer it instead", old.ID)
	}
	if old.FollowedBy != 0 {
		t, err := d.load(tx, a, old.FollowedBy)
		return Done{Ticket: t}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	next, err := d.next(tx, old, by, now)
	if err != nil {
		return Done{}, err
	}
	h := happening{event: ticket.Event{Kind: ticket.CustomerCreates, At: now, By: by}, now: now, via: "web", machine: "an agent started it", notes: followsNote(old.ID)}
	if in.HTML+in.Text != "" {
		w, err := wordsOf(in.HTML, in.Text)
		if err != nil {
			return Done{}, err
		}
		h.comment = said(by, w, attachments{}, "web", now)
	}
	did, err := d.happen(tx, next, h)
	if err != nil {
		return Done{}, err
	}
	old.FollowedBy = did.ticket.ID
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, tx.SaveTicket(&old)
}

// next is what the policy keeps of the closed ticket, begun by an agent who so takes it.
func (d *Desk) next(tx *store.Tx, old ticket.Ticket, by ticket.Person, now time.Time) (ticket.Ticket, error) {
	p, err := d.rules.forTicket(tx, old.Policy, old.Brand, now)
	if err != nil {
		return old, err
	}
	out := p.React(old, ticket.Event{Kind: ticket.CustomerReplies, At: now, By: old.Requester}, now)
	for _, e := range out.Entries {
		if e.FollowUp != nil {
			next, err := d.continuation(tx, old, *e.FollowUp, now)
			next.Assignee, next.Submitter = by, by
			return next, err
		}
	}
	next, err := d.continuation(tx, old, ticket.Ticket{Subject: old.Subject, Kind: old.Kind, Requester: old.Requester}, now)
	next.Assignee, next.Submitter = by, by
	return next, err
}

// continuation fills in what the policy leaves to the desk. The new ticket begins under the policy that runs now.
func (d *Desk) continuation(tx *store.Tx, old, next ticket.Ticket, at time.Time) (ticket.Ticket, error) {
	running, err := d.rules.running(tx, old.Brand, at)
	next.Policy, next.FollowUpOf = running, old.ID
	next.Brand, next.Group, next.Organization = old.Brand, old.Group, old.Organization
	next.CCs = withoutRequester(append(old.CCs, next.CCs...), next.Requester.ID)
	next.Channel = old.Channel
	next.Created, next.Updated = at, at
	return next, err
}

// withoutRequester is everybody on copy once, and the requester not at all.
func withoutRequester(people []ticket.Person, requester int64) (others []ticket.Person) {
	for _, p := range people {
		if p.ID != requester && !hasPerson(others, p.ID) {
			others = append(others, p)
		}
	}
	return others
}

func followsNote(old int64) []ticket.AuditEvent {
	return []ticket.AuditEvent{{Type: ticket.FollowedUp, From: itoa(old), Says: "continues ticket " + itoa(old)}}
}
