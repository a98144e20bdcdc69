package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// SayFact is something an agent has found out about a ticket and the policy asks for: the topic, how many users are affected.
type SayFact struct {
	Ticket int64
	Fact   string
	Value  string // as typed or chosen; "" takes back what was said
	Key    string
	Via    string
}

// SayFact sets a fact, and the policy reacts to it at once: a limit of the scope, an escalation, another level or route. Only facts
// that the policy asks people for can be said; what stands in records is changed there.
func (d *Desk) SayFact(ctx context.Context, a access.Actor, in SayFact) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.sayFact(tx, a, in, now) })
}

func (d *Desk) sayFact(tx *store.Tx, a access.Actor, in SayFact, now time.Time) (Done, error) {
	t, p, err := d.underItsRules(tx, a, in.Ticket, now)
	if err != nil {
		return Done{}, err
	}
	value, err := d.sayable(p, t, in)
	if err != nil {
		return Done{}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	told := factTold(p, t, in.Fact, value)
	if told.From == told.To {
		return Done{Ticket: t}, nil
	}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: map[string]any{in.Fact: value}}, now: now, via: viaOr(in.Via), notes: []ticket.AuditEvent{told}, undo: true,
	})
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, nil
}

// sayable is the value of a fact that may be said about this ticket now.
func (d *Desk) sayable(p *policy.Policy, t ticket.Ticket, in SayFact) (any, error) {
	switch {
	case t.Category == ticket.Closed:
		return nil, fault.New(fault.Refused, "this ticket is closed and can no longer be changed; start a follow-up instead")
	case !p.MaySay(in.Fact):
		return nil, fault.New(fault.Invalid, "the policy does not ask anybody for %q", shortened(in.Fact, 60))
	}
	return p.Said(in.Fact, in.Value)
}

// factTold is what the audit tells of a fact that somebody says.
func factTold(p *policy.Policy, t ticket.Ticket, fact string, value any) ticket.AuditEvent {
	return ticket.AuditEvent{Type: ticket.Change, Field: "facts." + fact, From: factSaid(t.Facts[fact]), To: factSaid(value), Says: factSays(p, fact, value), Internal: true}
}

// factSaid is a fact as the audit keeps it.
func factSaid(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func factSays(p *policy.Policy, fact string, value any) string {
	if value == nil {
		return "it is no longer known: " + p.FactSays(fact)
	}
	return p.Says(policy.Condition{fact: value})
}

// FactMissing is a refusal that a fact would mend, which somebody has to say first.
type FactMissing struct {
	Fact string
	error
}

// Unwrap is the refusal itself, of kind fault.Refused.
func (e *FactMissing) Unwrap() error { return e.error }

// MissingFact is the fact that somebody has to say before what was refused becomes possible; "" when it was refused otherwise.
func MissingFact(err error) string {
	var missing *FactMissing
	if errors.As(err, &missing) {
		return missing.Fact
	}
	return ""
}

// refusedBy is a refusal of the policy as an error.
func refusedBy(out policy.Outcome) error {
	err := fault.New(fault.Refused, "%s", out.Refused)
	if out.Refusal.Fact != "" {
		return &FactMissing{out.Refusal.Fact, err}
	}
	if out.Refusal.Because == policy.NoSuchKind {
		return inField("kind", err)
	}
	return err
}
