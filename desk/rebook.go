package desk

import (
	"time"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Call is a booked call that other hours would not allow, and why.
type Call struct {
	Ticket  int64
	Subject string
	At      time.Time
	Why     string
}

// troubledCall finds a booked call that was possible before and is not under another policy. Calendars are corrected for every
// ticket, so it does not matter whether this one goes along (S0-22).
func troubledCall(own, p *policy.Policy, t ticket.Ticket, from time.Time) (Call, bool) {
	at := t.Memory.Call
	if at.IsZero() || !at.After(from) {
		return Call{}, false
	}
	facts := policy.FactsIn(t.Facts)
	if _, possible := own.MayCall(facts, at, from); !possible {
		return Call{}, false // an exception somebody has made, which stays one
	}
	why, possible := p.MayCall(facts, at, from)
	return Call{t.ID, t.Subject, at, why.Sentence()}, !possible
}

// askToRebook gives somebody the task to find another time for each call that a version does not allow. Nothing is cancelled:
// the call stands until the customer has another.
func (d *Desk) askToRebook(tx *store.Tx, version store.PolicyVersion, p *policy.Policy, now time.Time) error {
	ids, err := tx.OpenTickets(version.Brand)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.askToRebookOne(tx, version, p, id, now); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) askToRebookOne(tx *store.Tx, version store.PolicyVersion, p *policy.Policy, id int64, now time.Time) error {
	t, err := tx.Ticket(access.Clock, id)
	if err != nil || t.Memory.Call.IsZero() {
		return err
	}
	own, err := d.rules.of(tx, t.Policy)
	if err != nil {
		return err
	}
	call, troubled := troubledCall(own, p, t, version.Effective)
	if !troubled {
		return nil
	}
	if t, err = tx.TicketForUpdate(id); err != nil {
		return err
	}
	says := "Ask the customer for another time: " + call.Why
	if _, err := tx.AddTask(&store.Task{Key: "rebook/" + itoa(version.ID) + "/" + itoa(id), Ticket: id, Says: says, Rule: "calls.calendar", Created: now}); err != nil {
		return err
	}
	_, err = d.keep(tx, p, t, policy.Outcome{Ticket: t}, happening{event: ticket.Event{At: now}, now: now, via: viaRule, notes: internally(ticket.TaskAdded, "calls.calendar", says)})
	return err
}
