package desk

import (
	"slices"
	"strings"

	"hark/account"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// The steps of a mail that answers a ticket.

// answersTicket finds the ticket by a token only we can make or by a Message-ID that is provably ours. The subject never
// counts (C7), and neither does anything written in the text.
func (r *receiving) answersTicket() (bool, error) {
	match, ok := r.d.keys.ring(r.now).Thread(r.mail, r.arrival(), r.now)
	if match.Held != "" { // sent to many of our addresses, or to several tickets (C14)
		return r.aside(match.Held)
	}
	if !ok {
		return false, nil
	}
	t, err := r.tx.TicketForUpdate(match.Ticket)
	if err != nil {
		return false, notFoundIsNothing(err)
	}
	if a, is := r.calendarAnswer(); is {
		r.ticket = t
		return r.answersCall(a)
	}
	if r.ticket, err = r.current(t); err != nil {
		return false, err
	}
	return r.belongs()
}

// current follows a closed ticket to the one that continues it. A mail that was ours before the closing stays with the
// closed one, because it takes the closing back (S2-18).
func (r *receiving) current(t ticket.Ticket) (ticket.Ticket, error) {
	for hops := 0; t.FollowedBy != 0 && !r.inTime(t) && hops < 1000; hops++ {
		next, err := r.tx.TicketForUpdate(t.FollowedBy)
		if err != nil {
			return t, err
		}
		t = next
	}
	return t, nil
}

func (r *receiving) inTime(t ticket.Ticket) bool {
	return t.Memory.ClosedBefore != nil && !r.in.ReceivedAt.After(t.Memory.ClosedBefore.At)
}

// belongs decides by who wrote: participants reply, machines are only noted, and everybody else waits for a person.
func (r *receiving) belongs() (bool, error) {
	participant := r.sender.ID != 0 && takesPart(r.ticket, r.sender.ID)
	switch {
	case participant && r.mail.Automatic != mail.AutoNo:
		return r.machineAnswers(r.mail.AutomaticWhy)
	case participant && !r.isReply():
		return r.holdFor(r.sender.Email + " is on copy, and this mail answers none of ours")
	case participant:
		return r.reply()
	case r.sender.Actor().Staff() && r.sender.ID != 0:
		return r.holdFor("replies by mail from staff are switched off; " + r.sender.Display() + " can answer on the ticket page")
	case r.mail.Automatic != mail.AutoNo:
		return r.holdFor("a machine that is not on this ticket sent it: " + r.mail.AutomaticWhy)
	}
	return r.holdFor(r.mail.From.Email + " is not on this ticket")
}

// isReply reports whether a participant's mail is an answer and not just sent to a ticket's address. The requester and
// their colleagues may write whenever they like. Of everybody else on copy only a mail that names one of ours counts:
// otherwise whoever is copied could be made to send codes and links of third parties into a ticket that its requester reads (C2).
func (r *receiving) isReply() bool {
	requester, domain := r.ticket.Requester, mail.Domain(r.sender.Email)
	if r.sender.ID == requester.ID || domain == mail.Domain(requester.Address) && !mail.Shared(domain) {
		return true
	}
	if r.sender.Organization != 0 && r.sender.Organization == r.ticket.Organization {
		return true
	}
	for _, id := range append(slices.Clone(r.mail.InReplyTo), r.mail.References...) {
		if stamp, ok := r.d.keys.ring(r.now).ReadMessageID(id, r.now); ok && stamp.Ticket != 0 {
			return true
		}
	}
	return false
}

// reply is the ordinary case: the requester or somebody copied answers.
func (r *receiving) reply() (bool, error) {
	loop, err := loops(r.tx, r.ticket.ID, r.sender.Email, r.now)
	if err != nil {
		return false, err
	}
	if loop {
		return r.machineAnswers("more mails within an hour than a person writes")
	}
	if err := r.reachable(); err != nil {
		return false, err
	}
	h := r.happening(ticket.CustomerReplies)
	h.notes, err = r.proposeCopies()
	if err != nil {
		return false, err
	}
	return r.becomes(h, threaded)
}

// reachable forgets that mail did not reach somebody who now writes from that very address.
func (r *receiving) reachable() (err error) {
	if r.sender.Unreachable == "" || r.unverified() {
		return nil
	}
	if r.sender, err = r.tx.PersonForUpdate(r.sender.ID); err != nil {
		return err
	}
	r.sender.Unreachable = ""
	return r.tx.SavePerson(&r.sender)
}

// machineAnswers notes a machine's answer where agents see it. It moves nothing and nothing is answered (C11, S2-09).
func (r *receiving) machineAnswers(why string) (bool, error) {
	if r.ticket.Category == ticket.Closed {
		return r.settle(store.Ignored, held, r.ticket.ID, "a machine wrote to a closed ticket: "+why)
	}
	h := r.happening(ticket.AutoReply)
	h.machine, h.comment.Public = why, false
	return r.becomes(h, threaded)
}

// holdFor keeps a mail with a valid token from somebody who is not on the ticket: the token may have been forwarded. An
// agent decides; until then it is on no page a customer sees, and the sender is told nothing (C2, C3, C6, S2-31).
func (r *receiving) holdFor(reason string) (bool, error) {
	if r.ticket.Category != ticket.Closed {
		h := happening{event: r.event(ticket.StrangerReplies), now: r.now, via: viaMail, machine: "it is held",
			notes: internally(ticket.Held, "", "a mail from "+r.mail.From.Email+" waits for a decision: "+reason)}
		h.event.By = ticket.Person{}
		if _, err := r.d.happen(r.tx, r.ticket, h); err != nil {
			return false, err
		}
	}
	return r.settle(store.HeldMail, held, r.ticket.ID, reason)
}

// proposeCopies asks agents about people a reply copies who are not on the ticket. They are not added: whoever copies
// somebody into a thread may be forging the sender, and the history is not theirs to give (C1).
func (r *receiving) proposeCopies() ([]ticket.AuditEvent, error) {
	var names []string
	for _, a := range r.copied() {
		person, err := r.tx.PersonByAddress(account.FoldAddress(a.Email))
		if notFoundIsNothing(err) != nil {
			return nil, err
		}
		if person.ID == 0 || !takesPart(r.ticket, person.ID) && !person.Actor().Staff() {
			names = append(names, a.Email)
		}
	}
	if len(names) == 0 || r.ticket.Category == ticket.Closed {
		return nil, nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	says := "The reply also went to " + strings.Join(names[:min(len(names), mostCopies)], ", ") + ". Copy them on the ticket if the customer wants that."
	_, err := r.tx.AddTask(&store.Task{Key: "copies/" + itoa(r.in.ID), Ticket: r.ticket.ID, Says: says, Created: r.now})
	return internally(ticket.TaskAdded, "", says), err
}
