package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// HandOver gives a case to another group, as level one does when it has found out who writes and what support they have (seed 001, 1.3).
type HandOver struct {
	Ticket int64
	Group  int64
	Reason string // why, and what was heard; they read it first, as an internal note
	Base   int64
	Key    string
}

// longestHandOver is how many characters whoever hands over has for what they heard.
const longestHandOver = 4000

// HandOver gives it to the group with the reason as a note, in one step. Nobody has it until one of them takes it; somebody of that group
// who had it already keeps it. Without a reason nothing happens. Whoever hands it to a group they are not in may not see it afterwards.
func (d *Desk) HandOver(ctx context.Context, a access.Actor, in HandOver) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	in.Reason = strings.TrimSpace(in.Reason)
	switch n := utf8.RuneCountInString(in.Reason); {
	case n == 0:
		return result, inField("reason", fault.New(fault.Invalid, "say why you hand it over and what you have heard; they read it first"))
	case n > longestHandOver:
		return result, inField("reason", fault.New(fault.Invalid, "what was heard has at most %d characters; this has %d", longestHandOver, n))
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.handOver(tx, a, in, now) })
}

func (d *Desk) handOver(tx *store.Tx, a access.Actor, in HandOver, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if err := d.fresh(tx, a, t, in.Base); err != nil {
		return Done{}, err
	}
	group, err := groupNumbered(tx, in.Group)
	if err != nil {
		return Done{}, err
	}
	if t.Group == group.ID {
		return Done{}, inField("group", fault.New(fault.Refused, "%s has it already; write a note instead", group.Name))
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	w, err := wordsOf("", "For "+group.Name+": "+in.Reason)
	if err != nil {
		return Done{}, err
	}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.AgentSets, At: now, By: by, Assignee: keptBy(t.Assignee, group)}, now: now, via: "web",
		comment: said(by, w, attachments{}, "web", now), amend: func(t *ticket.Ticket) error { t.Group = group.ID; return nil },
	})
	return Done{Ticket: did.ticket, Audit: did.audit.ID}, err
}

// groupNumbered is one of the groups.
func groupNumbered(tx *store.Tx, id int64) (account.Group, error) {
	groups, err := tx.Groups()
	for _, g := range groups {
		if g.ID == id {
			return g, err
		}
	}
	if err == nil {
		err = inField("group", fault.New(fault.Invalid, "choose the group that goes on with it"))
	}
	return account.Group{}, err
}

// keptBy is who has it afterwards: nobody, unless whoever has it is one of the group.
func keptBy(has ticket.Person, group account.Group) *ticket.Person {
	for _, member := range group.Members {
		if member == has.ID {
			return &has
		}
	}
	return &ticket.Person{}
}
