package desk

import (
	"slices"

	"hark/account"
	"hark/policy"
	"hark/ticket"
)

// notify tells a colleague whom the policy names by address: a task with their name, and a mail with the way to the ticket, which they
// follow from now on. The customer learns nothing of it (S4-22).
func (k *keeping) notify(e policy.Entry) ([]ticket.AuditEvent, error) {
	who, err := k.tx.PersonByAddress(account.FoldAddress(e.To))
	if notFoundIsNothing(err) != nil {
		return nil, err
	}
	if who.ID == 0 || !who.Actor().Staff() || who.Suspended {
		e.Says = "Tell " + e.To + " of this ticket; nobody of that address works here."
		return k.task(e)
	}
	e.Says = who.Display() + ": please look at this ticket."
	asked, err := k.task(e)
	if err != nil {
		return nil, err
	}
	follows, err := k.follows(e, asTicketPerson(who))
	if err != nil {
		return nil, err
	}
	mailed, err := k.mailColleague(e, who)
	return slices.Concat(asked, follows, mailed), err
}

// follows lets a colleague follow the ticket, so that they may see it.
func (k *keeping) follows(e policy.Entry, who ticket.Person) ([]ticket.AuditEvent, error) {
	if hasPerson(k.after.Followers, who.ID) {
		return nil, nil
	}
	k.after.Followers, k.amended = append(slices.Clone(k.after.Followers), who), true
	return k.changed(e, "followers", true, func(t *ticket.Ticket) { t.Followers = k.after.Followers })
}

// mailColleague is the mail: what the rule says, and the way to the ticket. What holds it back is told.
func (k *keeping) mailColleague(e policy.Entry, who account.Person) ([]ticket.AuditEvent, error) {
	l := letter{key: e.Key(k.after.ID) + "/mail", to: who, subject: "Please look at #" + itoa(k.after.ID) + ": " + subjectOr(k.after.Subject), text: k.policy.RuleSays(e.Rule, false)}
	why, err := k.sendOwn(l)
	if err != nil {
		return nil, err
	}
	if why != "" {
		return internally(ticket.Skipped, e.Rule, who.Display()+" was not mailed: "+why), nil
	}
	return []ticket.AuditEvent{{Type: ticket.Notification, Subject: l.subject, Recipients: []string{who.Email}, Mail: k.posted[len(k.posted)-1], Rule: e.By(), Internal: true}}, nil
}
