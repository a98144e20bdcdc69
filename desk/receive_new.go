package desk

import (
	"slices"

	"hark/access"
	"hark/account"
	"hark/mail"
	"hark/policy"
	"hark/ticket"
)

// The step of a mail that opens a ticket.

// opensTicket is the rest: somebody writes for the first time about something.
func (r *receiving) opensTicket() (bool, error) {
	if err := r.known(); err != nil {
		return false, err
	}
	if err := r.reachable(); err != nil {
		return false, err
	}
	sender := r.sender
	version, err := r.d.rules.running(r.tx, r.box.Brand, r.in.ReceivedAt)
	if err != nil {
		return false, err
	}
	r.ticket = ticket.Ticket{
		Subject: subjectOr(r.mail.Subject), Requester: asTicketPerson(sender), Submitter: asTicketPerson(sender),
		Organization: sender.Organization, Brand: r.box.Brand, Group: r.box.Group, Channel: viaMail, Policy: version,
		Created: r.in.ReceivedAt, Updated: r.in.ReceivedAt,
	}
	if r.ticket.CCs, err = r.copies(); err != nil {
		return false, err
	}
	h := r.happening(ticket.CustomerCreates)
	if err := r.writtenTo(&h, version); err != nil {
		return false, err
	}
	if r.mail.Automatic != mail.AutoNo {
		h.machine = r.mail.AutomaticWhy
	}
	settled, err := r.becomes(h, created)
	if err != nil || r.in.Ticket == 0 {
		return settled, err
	}
	return settled, r.toComplaints()
}

// writtenTo says to which address of ours the mail was written, where that is the address of a plan (seed 003, 3.11).
func (r *receiving) writtenTo(h *happening, version int64) error {
	p, err := r.d.rules.of(r.tx, version)
	if err == nil && p.HasPlanAt(r.box.Address) {
		h.event.Facts = withFact(h.event.Facts, policy.AddressFact, account.FoldAddress(r.box.Address))
	}
	return err
}

// known makes sure that the sender is somebody: a customer of this brand, when nobody knew them.
func (r *receiving) known() (err error) {
	if r.sender.ID == 0 || r.sender.Name == "" && r.mail.From.Name != "" {
		r.sender, err = r.tx.EnsureCustomer(r.mail.From.Email, r.mail.From.Name, r.box.Brand, r.in.ReceivedAt)
	}
	return err
}

// mostCopies is how many people one mail can put on a ticket.
const mostCopies = 20

// copies are the people a new mail copies, who so hear of the ticket. Only the mail that opens a ticket adds anybody, and
// only when nothing says that its sender is forged (C1).
func (r *receiving) copies() ([]ticket.Person, error) {
	if r.unverified() || r.mail.Automatic != mail.AutoNo {
		return nil, nil
	}
	var people []ticket.Person
	for _, a := range r.copied() {
		person, err := r.tx.EnsureCustomer(a.Email, a.Name, r.box.Brand, r.in.ReceivedAt)
		if err != nil {
			return nil, err
		}
		if person.Role == access.Customer && !person.Suspended && !hasPerson(people, person.ID) && person.ID != r.sender.ID && len(people) < mostCopies {
			people = append(people, asTicketPerson(person))
		}
	}
	return people, nil
}

// copied are the addresses in To and Cc that are neither ours nor a machine's nor the sender's.
func (r *receiving) copied() []mail.Address {
	var others []mail.Address
	for _, a := range append(slices.Clone(r.mail.To), r.mail.Cc...) {
		own, err := r.d.isOwn(r.tx, a.Email)
		if err == nil && !own && !mail.Same(a.Email, r.mail.From.Email) && !isMachine(a) {
			others = append(others, a)
		}
	}
	return others
}
