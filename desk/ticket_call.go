package desk

import (
	"slices"
	"time"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// TicketCall is what the page of a ticket shows of its call; nil where the policy has none.
type TicketCall struct {
	Booked    store.Call // ID 0 without one
	Host      string     // first name of whoever calls, "" while nobody does
	Wants     bool       // for staff: the ticket waits for a time, or could have a call like any other
	Asked     bool       // for staff: it is of a kind that asks for a call
	Offered   []time.Time
	Unwritten bool // for staff: a call has ended and is not written up
	May       bool // the customer may book one alone
}

// ticketCall reads it, with the facts of the ticket as they are before anything is left out for customers.
func (d *Desk) ticketCall(tx *store.Tx, a access.Actor, p *policy.Policy, t ticket.Ticket, now time.Time) (*TicketCall, error) {
	if p.Doc.Calls == nil {
		return nil, nil
	}
	call := &TicketCall{}
	var err error
	if call.Booked, _, err = callsNow(tx, t.ID, now); err != nil {
		return nil, err
	}
	if call.Booked.ID != 0 {
		host, err := tx.Person(call.Booked.Host)
		if err != nil {
			return nil, err
		}
		call.Host = firstName(host.Name)
	}
	if err := d.addFacts(tx, p, &t, happening{now: now}); err != nil {
		return nil, err
	}
	call.May = t.Category != ticket.Closed && p.MayBookCalls(policy.FactsIn(t.Facts))
	if a.Staff() {
		call.Asked = slices.Contains(p.CallKinds(), t.Kind)
		call.Wants, call.Offered, call.Unwritten = p.WantsCall(t), OfferedTimes(t, now), t.Memory.Unwritten
	}
	return call, nil
}
