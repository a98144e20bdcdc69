package desk

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// MovePhase takes a ticket on to another phase of its tracker. Beginning the review is such a move.
type MovePhase struct {
	Ticket int64
	Phase  string            // its id in the policy: "review"
	Said   map[string]string // what the phase needs to know, as typed or chosen; what is empty is left as it is
	Key    string
	Via    string
	mails  bool // stays where it is while the brake keeps the mail of it back
}

// MovePhase lets the policy decide whether a ticket may go there, and does what it says then: the customer hears of it once, the
// page they follow says where it stands, and for a moment it can be undone. Where the phase needs a fact that nobody has said, the
// refusal leads to it ([MissingFact]). Moving to where the ticket stands already does nothing.
func (d *Desk) MovePhase(ctx context.Context, a access.Actor, in MovePhase) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.movePhase(tx, a, in, now) })
}

func (d *Desk) movePhase(tx *store.Tx, a access.Actor, in MovePhase, now time.Time) (Done, error) {
	t, p, err := d.underItsRules(tx, a, in.Ticket, now)
	if err != nil {
		return Done{}, err
	}
	e := ticket.Event{Kind: ticket.AgentMoves, At: now, Phase: in.Phase}
	if e.By, err = d.person(tx, a); err != nil {
		return Done{}, err
	}
	h := happening{now: now, via: viaOr(in.Via), undo: true, mails: in.mails}
	if e.Facts, h.notes, err = d.saidWith(p, t, in); err != nil {
		return Done{}, err
	}
	h.event = e
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, nil
}

// saidWith are the facts that are said with a move, and what the audit tells of them.
func (d *Desk) saidWith(p *policy.Policy, t ticket.Ticket, in MovePhase) (facts map[string]any, notes []ticket.AuditEvent, err error) {
	facts = map[string]any{}
	for _, fact := range slices.Sorted(maps.Keys(in.Said)) {
		if strings.TrimSpace(in.Said[fact]) == "" {
			continue
		}
		value, err := d.sayable(p, t, SayFact{Fact: fact, Value: in.Said[fact]})
		if err != nil {
			return nil, nil, err
		}
		facts[fact] = value
		if told := factTold(p, t, fact, value); told.From != told.To {
			notes = append(notes, told)
		}
	}
	return facts, notes, nil
}
