package policy

import (
	"slices"
	"strings"
	"time"

	"hark/promise"
	"hark/ticket"
)

// SecondLook is how a ticket stands with escalation: what its customer may ask for, who looks at it a second time, and until when
// they hear of it (seed 003, 3.12 and 3.13).
type SecondLook struct {
	Says  string // what the policy says of asking for it; "" when customers cannot
	Asked bool   // the customer has asked
	May   bool   // asking would do something now
	Not   string // why it does not, as a sentence

	With  string    // who looks, or would: "senior technicians"; "" when the policy names nobody
	Since time.Time // since when they have it; zero before
	Why   string    // what the policy says of the step that gave it to them
	Told  bool      // the customer was mailed of it

	News promise.Target // until when there is news, now or once it is asked for; the zero target when nothing is said
}

// SecondLook reports how a ticket stands. What asking would do is not described but found out, on a copy of the ticket.
func (p *Policy) SecondLook(t ticket.Ticket, now time.Time) (look SecondLook) {
	step, asks := find(p.Doc.Escalation, Escalation.asked)
	after := t
	if asks {
		look.Says, look.Asked = step.Says, slices.Contains(t.Memory.Escalated, step.ID)
		out := p.React(t, ticket.Event{Kind: ticket.CustomerAsks, At: now, By: t.Requester}, now)
		look.Not, look.May = out.Refused, out.Refused == "" && !look.Asked
		after = out.Ticket
	}
	p.whoLooks(&look, t, after)
	return look
}

func (p *Policy) whoLooks(look *SecondLook, t, after ticket.Ticket) {
	raised := after.Memory.Raised
	look.With, look.Since = spaced(raised.To), t.Memory.Raised.At
	if by, ok := find(p.Doc.Escalation, func(e Escalation) bool { return "escalation."+e.ID == raised.Rule }); ok {
		look.Why, look.Told = by.Says, slices.ContainsFunc(by.Do, func(a Action) bool { return a.Send != "" })
	}
	if i := slices.IndexFunc(after.Memory.Targets, func(t promise.Target) bool { return t.Measure == "update" && t.Done.IsZero() }); i >= 0 {
		look.News = after.Memory.Targets[i]
	}
}

// SameName reports whether a name on the desk means those whom a policy calls so: senior_technicians are the "Senior technicians".
func SameName(called, name string) bool {
	return called != "" && strings.EqualFold(spaced(called), strings.Join(strings.Fields(spaced(name)), " "))
}
