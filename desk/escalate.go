package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Escalation is a customer asking that somebody senior looks at their ticket, in their own words (seed 003, 3.12; S3-14).
type Escalation struct {
	Ticket int64
	Words  string // what it stops them from doing
	Key    string
}

// AskForEscalation lets the policy decide what follows: who looks a second time, what is mailed, until when there is news. The words
// stay in the conversation. Whoever has asked already is told so, as fault.Conflict, and nothing happens again; where the policy
// does not offer it, or not yet, it is fault.Refused.
func (d *Desk) AskForEscalation(ctx context.Context, a access.Actor, in Escalation) (Done, error) {
	if err := may(a, access.OneTicket); err != nil {
		return Done{}, err
	}
	if strings.TrimSpace(in.Words) == "" {
		return Done{}, fault.New(fault.Invalid, "please write what it stops you from doing; a sentence is enough")
	}
	return d.write(ctx, a, writing{"", in.Words, nil, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.askForEscalation(tx, a, in, w, now)
	})
}

func (d *Desk) askForEscalation(tx *store.Tx, a access.Actor, in Escalation, w words, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if !takesPart(t, a.Person) {
		return Done{}, notYours()
	}
	p, err := d.rules.forTicket(tx, t.Policy, t.Brand, now)
	if err != nil {
		return Done{}, err
	}
	if p.SecondLook(t, now).Asked {
		return Done{}, fault.New(fault.Conflict, "this was asked for already, and counts once")
	}
	author, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	h := happening{
		event: ticket.Event{Kind: ticket.CustomerAsks, At: now, By: author, Text: w.text, Reason: w.text}, now: now, via: "portal",
		comment: saidPublicly(author, w, attachments{}, "portal", now),
		notes:   []ticket.AuditEvent{{Type: ticket.Change, Field: escalationField, To: "asked", Says: "asked for escalation"}},
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID}, nil
}

// escalationField is what the audit calls a request for escalation.
const escalationField = "escalation"

// groups gives the ticket to the group that a rule has just chosen: for a second look, or because a route says so. A group is meant
// by its name; where the desk has none of that name, the ticket stays where it is.
func (k *keeping) groups() error {
	raised, route := k.after.Memory.Raised, k.after.Memory.Route
	called, routed := strings.CutPrefix(route, "group: ")
	switch {
	case raised.To != "" && raised != k.before.Memory.Raised:
		return k.giveTo(raised.To, true)
	case routed && route != k.before.Memory.Route:
		return k.giveTo(called, false)
	}
	return nil
}

// giveTo gives the ticket to a group. For a second look it waits for whoever of them takes it first, and whoever had it follows it.
func (k *keeping) giveTo(called string, again bool) error {
	group, err := groupCalled(k.tx, called)
	if err != nil || group.ID == 0 {
		return err
	}
	k.after.Group, k.group = group.ID, group.Name
	if had := k.after.Assignee; again && had.Known() && !slices.Contains(group.Members, had.ID) {
		k.after.Assignee = ticket.Person{}
		if !hasPerson(k.after.Followers, had.ID) {
			k.after.Followers = append(slices.Clone(k.after.Followers), had)
		}
	}
	return nil
}

func groupCalled(tx *store.Tx, called string) (account.Group, error) {
	groups, err := tx.Groups()
	i := slices.IndexFunc(groups, func(g account.Group) bool { return policy.SameName(called, g.Name) })
	if err != nil || i < 0 {
		return account.Group{}, err
	}
	return groups[i], nil
}

// escalatedBecause is what the policy says of the step that gave the ticket to a second look.
func (k *keeping) escalatedBecause() string { return k.policy.SecondLook(k.after, k.h.now).Why }

// groupName is what a group is called, "" for none.
func groupName(tx *store.Tx, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	groups, err := tx.Groups()
	for _, g := range groups {
		if g.ID == id {
			return g.Name, err
		}
	}
	return "", err
}

// raise tells that the ticket went to a second look. Where the desk has no such group, a person has to see to it.
func (k *keeping) raise(e policy.Entry) ([]ticket.AuditEvent, error) {
	if k.group == "" && k.after.Memory.Raised != k.before.Memory.Raised {
		e.Says = "Give this to the " + spokenName(e.To) + ": no group of this desk is called so."
		return k.task(e)
	}
	gone, err := k.changed(e, "assignee_id", true, func(t *ticket.Ticket) { t.Assignee = k.after.Assignee })
	if err != nil {
		return nil, err
	}
	follows, err := k.changed(e, "followers", true, func(t *ticket.Ticket) { t.Followers = k.after.Followers })
	if err != nil {
		return nil, err
	}
	given, err := k.given(e)
	return slices.Concat(gone, follows, given), err
}

// given tells of the group that a rule chose.
func (k *keeping) given(e policy.Entry) ([]ticket.AuditEvent, error) {
	if k.group == "" {
		return nil, nil
	}
	events, err := k.changed(e, "group_id", true, func(t *ticket.Ticket) { t.Group = k.after.Group })
	for i := range events {
		events[i].Subject = k.group
	}
	return events, err
}

// spokenName is how people say a name of the policy: senior technicians.
func spokenName(called string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(called) }
