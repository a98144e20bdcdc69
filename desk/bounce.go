package desk

import (
	"time"

	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// cameBack handles a report that a mail of ours was not delivered. Only a report that carries our own token, or the
// provable id of one of our mails, is about anything; every other one is set aside, because such reports are easily forged
// and would otherwise switch off anybody's address. Whom the mail had been sent to is known from our own row, never from
// the report.
func (r *receiving) cameBack() (bool, error) {
	if r.mail.Automatic != mail.AutoBounce && r.mail.Bounce == nil {
		return false, nil
	}
	outbox, ok := r.d.keys.ring(r.now).Bounced(r.mail, r.arrival(), r.now)
	if !ok {
		if r.mail.Bounce == nil {
			return false, nil // a machine without a sender, but no report: it may still belong to a ticket
		}
		return r.aside("a delivery report that belongs to no mail of this desk")
	}
	sent, err := r.tx.OutgoingByID(outbox)
	if isNotFound(err) {
		return r.aside("a delivery report about a mail this desk no longer knows")
	}
	if err != nil {
		return false, err
	}
	return r.undelivered(sent)
}

func (r *receiving) undelivered(sent store.Outgoing) (bool, error) {
	b := r.mail.Bounce
	switch b.Action {
	case "delivered", "relayed", "expanded":
		return r.settle(store.BounceMail, bounced, sent.Ticket, "delivered, says "+r.mail.From.Email)
	}
	reason := saysBounce(b)
	if b.Action == "failed" {
		sent.State, sent.NextAt, sent.LastError, sent.LastCode = store.Failed, time.Time{}, reason, b.Status
		if _, err := r.tx.SaveOutgoing(&sent, sent.Lease); err != nil {
			return false, err
		}
		if err := r.d.unreachable(r.tx, sent.To, reason, b.Hard(), r.now); err != nil {
			return false, err
		}
	}
	if err := tellCall(r.tx, sent.ID); err != nil {
		return false, err
	}
	if err := r.tellTicket(sent, b, reason); err != nil {
		return false, err
	}
	return r.settle(store.BounceMail, bounced, sent.Ticket, sent.To+": "+reason)
}

func saysBounce(b *mail.Bounce) string {
	switch {
	case b.Status != "" && b.Diagnostic != "":
		return b.Status + ", " + b.Diagnostic
	case b.Status != "":
		return b.Status
	}
	return "it came back without a reason"
}

// tellTicket lets the ticket know. A temporary failure is only noted; a permanent one stops what waits for the customer (S2-30).
func (r *receiving) tellTicket(sent store.Outgoing, b *mail.Bounce, reason string) error {
	if sent.Ticket == 0 {
		return nil
	}
	t, err := r.tx.TicketForUpdate(sent.Ticket)
	if err != nil || t.Category == ticket.Closed {
		return notFoundIsNothing(err)
	}
	return r.d.tellFailure(r.tx, t, sent, reason, b.Hard(), r.in.ReceivedAt, r.now)
}

// tellFailure is one event for every way in which a mail turns out not to have arrived.
func (d *Desk) tellFailure(tx *store.Tx, t ticket.Ticket, sent store.Outgoing, reason string, permanent bool, at, now time.Time) error {
	_, err := d.happen(tx, t, happening{
		event:   ticket.Event{Kind: ticket.Bounce, At: at, Permanent: permanent, Recipient: sent.To, Reason: reason},
		now:     now,
		via:     viaMail,
		machine: "a mail came back",
		notes:   []ticket.AuditEvent{mailFailed(sent, reason)},
	})
	return err
}

// resumeTimersOf lets time go on for somebody whose address was corrected (S2-30).
func (d *Desk) resumeTimersOf(tx *store.Tx, person account.Person, now time.Time) error {
	ids, err := tx.OpenTicketsOf(person.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t, err := tx.TicketForUpdate(id)
		if err != nil {
			return err
		}
		if t.Memory.Unreachable.IsZero() {
			continue
		}
		e := ticket.Event{Kind: ticket.FactChanged, At: now, Facts: map[string]any{"customer.address": person.Email}}
		if _, err := d.happen(tx, t, happening{event: e, now: now, via: viaRule}); err != nil && !fault.Is(err, fault.Refused) {
			return err
		}
	}
	return nil
}
