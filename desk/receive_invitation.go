package desk

import (
	"slices"

	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// The steps of a mail in which a calendar program answers an invitation. It is recognised only where it arrives at its ticket's own
// address, and counts only when the person who was invited has sent it. It is never a customer's reply: it adds no comment and touches
// no timer (S0-17).

// calendarAnswer is the answer a mail carries, if it carries one that can be read.
func (r *receiving) calendarAnswer() (calendar.Answer, bool) {
	for _, file := range r.mail.Attachments {
		if file.Type != "text/calendar" {
			continue
		}
		if a, err := calendar.ReadAnswer(file.Content); err == nil {
			return a, true
		}
	}
	return calendar.Answer{}, false
}

// answersCall decides what an answer means: by whom it is, to which version of the invitation, and what it says.
func (r *receiving) answersCall(a calendar.Answer) (bool, error) {
	if !isOurCall(a.UID) { // a person attached it, and has written something beside it
		return r.holdFor("it holds the answer to an invitation that is not ours")
	}
	call, err := bookedCall(r.tx, r.ticket.ID, r.now)
	switch {
	case fault.Is(err, fault.Conflict) || err == nil && call.UID != a.UID:
		return r.lateAnswer(a, "it answers an invitation to a call that is not booked any more")
	case err != nil:
		return false, err
	case r.sender.ID == call.Host && r.sender.ID != 0 && outdated(a, call):
		return r.settle(store.Ignored, held, r.ticket.ID, "the calendar of the host answers an earlier version of the invitation")
	case r.sender.ID == call.Host && r.sender.ID != 0:
		return r.hostAnswers(a, call)
	case r.sender.ID != call.Guest || a.Method == calendar.MethodReply && !slices.Contains(addressesOf(r.sender), a.Attendee):
		return r.holdFor(r.mail.From.Email + " was not invited to the call that this answers")
	case r.unverified():
		return r.holdFor("it answers the invitation to a call, and nobody can tell whether it is from " + r.mail.From.Email)
	case outdated(a, call):
		return r.lateAnswer(a, "it answers an earlier version of the invitation")
	case a.Method == calendar.MethodCounter:
		return r.proposes(a, call)
	case a.Method != calendar.MethodReply: // answers to what nobody here has asked
		return r.settle(store.Ignored, held, r.ticket.ID, "a calendar program says "+a.Method+", which changes no call")
	case a.Status == "declined" && !begun(call, r.in.ReceivedAt):
		return r.declines(a, call)
	}
	return r.remembers(a, call)
}

// outdated reports whether an answer is about another time than the call has now.
func outdated(a calendar.Answer, call store.Call) bool {
	return a.Sequence < call.Sequence && !a.Start.Equal(call.Start)
}

func addressesOf(p account.Person) []string {
	all := []string{account.FoldAddress(p.Email)}
	for _, one := range p.Addresses {
		all = append(all, account.FoldAddress(one))
	}
	return all
}

// lateAnswer is kept in the mail log; words that came with it wait for a person.
func (r *receiving) lateAnswer(a calendar.Answer, why string) (bool, error) {
	if a.Comment != "" {
		return r.holdFor(why)
	}
	return r.settle(store.Ignored, held, r.ticket.ID, why)
}

// hostAnswers takes note of a colleague's calendar; a no is somebody's work.
func (r *receiving) hostAnswers(a calendar.Answer, call store.Call) (bool, error) {
	if a.Status == "declined" && r.unverified() {
		return r.doubtsHost()
	}
	if a.Status != "declined" {
		return r.settle(store.Ignored, held, r.ticket.ID, "the calendar of the host has answered: "+a.Status)
	}
	says := r.sender.Display() + " cannot take the call. Find another host or another time."
	key := "host-declines/" + itoa(call.ID) + "/" + itoa(call.Sequence)
	if _, err := r.tx.AddTask(&store.Task{Key: key, Ticket: r.ticket.ID, Says: says, Created: r.now}); err != nil {
		return false, err
	}
	return r.notes("declined the call; another host or another time is needed")
}

// doubtsHost tells of a no that may be somebody else's: it changes nothing, but nobody should hear of it when the time has come.
func (r *receiving) doubtsHost() (bool, error) {
	says := "a mail says that " + r.sender.Display() + " cannot take the call, and nobody can tell whether it is theirs; ask them"
	if err := r.tells(ticket.Person{}, says); err != nil {
		return false, err
	}
	return r.settle(store.Ignored, held, r.ticket.ID, "it declines the call for its host, and nobody can tell whether it is from "+r.mail.From.Email)
}

// remembers keeps a yes or a perhaps on the call, and a no that comes when it has begun: programs send one when an old entry is deleted.
// The ticket stays as it is.
func (r *receiving) remembers(a calendar.Answer, call store.Call) (bool, error) {
	call.Answer, call.AnswerSays = a.Status, a.Comment
	if _, err := r.tx.SaveCall(call); err != nil {
		return false, err
	}
	return r.notes(answerSays(a.Status))
}

func answerSays(status string) string {
	switch status {
	case "accepted":
		return "accepted the invitation to the call"
	case "tentative":
		return "said perhaps to the invitation to the call"
	case "declined":
		return "declined the call when its time had come; say how it went"
	}
	return "answered the invitation to the call"
}

// notes writes down what the sender's calendar has answered.
func (r *receiving) notes(says string) (bool, error) {
	if err := r.tells(asTicketPerson(r.sender), says); err != nil {
		return false, err
	}
	return r.settle(store.Done, threaded, r.ticket.ID, "it answers the invitation to a call")
}

// tells writes a line for agents, and nothing that a customer or a timer could see.
func (r *receiving) tells(by ticket.Person, says string) error {
	r.tx.Changed(r.ticket.ID)
	events := internally(ticket.Change, "calls.invite", says)
	events[0].Field = "call"
	return r.tx.AddAudit(&ticket.Audit{Ticket: r.ticket.ID, Author: by, At: r.now, Via: viaMail, Events: events})
}

// declines calls the call off, as if the customer had pressed the button (S0-18).
func (r *receiving) declines(a calendar.Answer, call store.Call) (bool, error) {
	call = cancelled(call)
	call.Answer, call.AnswerSays = a.Status, a.Comment
	did, err := r.arranges(ticket.Event{Kind: ticket.CallCancelled}, call)
	if did.refused != "" {
		return r.settle(store.HeldMail, held, r.ticket.ID, did.refused)
	}
	if err != nil {
		return false, err
	}
	return r.settle(store.Done, threaded, r.ticket.ID, "it declines the call")
}

func (r *receiving) arranges(e ticket.Event, call store.Call) (happened, error) {
	e.At, e.By = r.in.ReceivedAt, asTicketPerson(r.sender)
	return r.d.happen(r.tx, r.ticket, happening{event: e, now: r.now, via: viaMail, sender: r.sender, call: &call})
}

// proposes shows the host another time when it is free, and else says no with the way to the times that are (S0-19).
func (r *receiving) proposes(a calendar.Answer, call store.Call) (bool, error) {
	if a.Start.IsZero() {
		return r.holdFor("it proposes another time for the call, in a zone that its program did not name")
	}
	f := finder{tx: r.tx, ticket: r.ticket, now: r.now, length: call.End.Sub(call.Start), host: call.Host, but: call.ID}
	var err error
	if f.policy, err = r.d.rules.forTicket(r.tx, r.ticket.Policy, r.ticket.Brand, r.now); err != nil {
		return false, err
	}
	_, err = f.at(a.Start)
	if _, is := asTaken(err); is {
		return r.declinesCounter(f, a, call, "Somebody else is called then")
	}
	if fault.KindOf(err) != "" {
		return r.declinesCounter(f, a, call, fault.Says(err))
	}
	if err != nil {
		return false, err
	}
	call.Proposed, call.AnswerSays = a.Start, a.Comment
	if _, err := r.tx.SaveCall(call); err != nil {
		return false, err
	}
	return r.notes("proposed " + a.Start.In(f.policy.CallZone()).Format("Mon 2 Jan 2006, 15:04 MST") + " for the call")
}

func (r *receiving) declinesCounter(f finder, a calendar.Answer, call store.Call, why string) (bool, error) {
	proposed := a.Start.In(f.policy.CallZone()).Format("Mon 2 Jan 2006, 15:04 MST")
	if err := r.d.mailNotThen(f, call, a.Start, why, "counter/"+itoa(r.in.ID)); err != nil {
		return false, err
	}
	return r.notes("proposed " + proposed + " for the call, which cannot be had, and was told so: " + why)
}
