package policy

import (
	"cmp"
	"strings"

	"hark/ticket"
)

// Follow-ups: a closed ticket stays as it is. An answer to it becomes a new ticket that continues the old one, or joins
// the one that already does (A7); and an answer that was ours before the closing takes the closing back (A8).

// inTime reports whether the reply was accepted before the ticket closed. At the very instant, the customer wins (A5).
func (r *reaction) inTime() bool {
	closed := r.t.Memory.ClosedBefore
	return closed != nil && !r.e.At.After(closed.At)
}

// undoClosing takes the closing back, with the tags it set (S2-18).
func (r *reaction) undoClosing() {
	was := *r.t.Memory.ClosedBefore
	r.t.Memory.ClosedBefore = nil
	r.add(Entry{Kind: IsUndone, Status: was.State, Why: "closing undone: reply was accepted at " + r.e.At.In(r.p.Zone).Format("15:04:05")})
	r.t.State, r.t.Category, r.t.Tags = was.State, r.p.Category(was.State), was.Tags
}

// followUp answers a reply to a closed ticket, which itself does not change.
func (r *reaction) followUp() {
	m, ok := r.move("")
	if !ok {
		r.refuse(Refusal{Because: NoFollowUp, Rule: "lifecycle.moves", From: strings.ToLower(r.state().Label)})
		return
	}
	r.making(m, func() { r.do(m.Do) })
}

func (r *reaction) continueIn(f *FollowUp) {
	if r.t.FollowedBy != 0 {
		r.add(Entry{Kind: IsFollowUp, Ticket: r.t.FollowedBy, Joined: true})
		return
	}
	next := r.nextTicket(f)
	r.add(Entry{Kind: IsFollowUp, FollowUp: &next})
}

// nextTicket is the ticket to make: what the policy keeps, the agent who knows the matter, and nothing else. Whoever
// wrote the reply is on it.
func (r *reaction) nextTicket(f *FollowUp) ticket.Ticket {
	old := &r.t
	next := ticket.Ticket{FollowUpOf: old.ID, Brand: old.Brand, Organization: old.Organization, Group: old.Group, Requester: r.e.By, Submitter: r.e.By, Created: r.e.At}
	for _, keep := range f.Keep {
		r.keep(&next, keep)
	}
	if !next.Requester.Known() {
		next.Requester = old.Requester
	}
	if r.e.By.Known() && next.Requester != r.e.By {
		next.CCs = []ticket.Person{r.e.By}
	}
	if f.Assign == "last_agent" {
		next.Assignee = r.lastAgent()
	}
	return next
}

func (r *reaction) keep(next *ticket.Ticket, what string) {
	switch what {
	case "requester":
		next.Requester = r.t.Requester
		r.keepFacts(next, "customer.", "client.", "subscription.")
	case "subject":
		next.Subject = r.t.Subject
	case "kind":
		next.Kind = r.t.Kind
	case "priority":
		next.Priority = r.t.Priority
	default: // project, plan, order: what is known about it
		r.keepFacts(next, what+".")
	}
}

func (r *reaction) keepFacts(next *ticket.Ticket, prefixes ...string) {
	for fact, value := range r.t.Facts {
		for _, prefix := range prefixes {
			if strings.HasPrefix(fact, prefix) {
				if next.Facts == nil {
					next.Facts = map[string]any{}
				}
				next.Facts[fact] = value
			}
		}
	}
}

func (r *reaction) lastAgent() ticket.Person {
	who := r.t.Memory.LastAgent
	if who == "" || who == address(r.t.Assignee) {
		return r.t.Assignee
	}
	return ticket.Person{Address: who}
}

// followUpRule is the policy's way of continuing closed tickets, nil when it has none.
func (p *Policy) followUpRule() *FollowUp {
	for i := range p.Doc.Lifecycle.Moves {
		for j := range p.Doc.Lifecycle.Moves[i].Do {
			if f := p.Doc.Lifecycle.Moves[i].Do[j].FollowUp; f != nil {
				return f
			}
		}
	}
	return nil
}

// address is how the engine remembers a person: on the desk by address, in a simulation perhaps only by name.
func address(p ticket.Person) string { return cmp.Or(p.Address, p.Name) }
