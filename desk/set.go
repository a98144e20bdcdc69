package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// Set changes several things about a ticket at once, without a message. A nil field stays; only these can be set (B8).
type Set struct {
	Ticket   int64
	Status   *string
	Assignee *int64 // 0 gives it back to nobody
	Group    *int64
	Kind     *string
	Priority *string
	Subject  *string
	Tags     []string // to add
	Untag    []string // to remove
	CCs      *[]string
	Follow   *bool // the actor follows the ticket, or no longer does
	Resume   bool  // let timers go on that a bounce stopped (S2-30)
	Base     int64
	Key      string
	Via      string
}

// Set makes one change of a ticket out of all that is asked, or none when anything of it is refused.
func (d *Desk) Set(ctx context.Context, a access.Actor, in Set) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.set(tx, a, in, now) })
}

func (d *Desk) set(tx *store.Tx, a access.Actor, in Set, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if err := d.fresh(tx, a, t, in.Base); err != nil {
		return Done{}, err
	}
	h := happening{now: now, via: viaOr(in.Via), undo: true}
	if h.event, err = d.setting(tx, a, in, now); err != nil {
		return Done{}, err
	}
	h.amend = func(t *ticket.Ticket) error { return d.amend(tx, a, in, t, now) }
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, nil
}

// setting is the part of a change that the policy decides about.
func (d *Desk) setting(tx *store.Tx, a access.Actor, in Set, now time.Time) (e ticket.Event, err error) {
	e = ticket.Event{Kind: ticket.AgentSets, At: now, Tags: tidyTags(in.Tags), Untag: in.Untag}
	if in.Resume {
		e.Kind = ticket.TimersResumed
	}
	if e.By, err = d.person(tx, a); err != nil {
		return e, err
	}
	set(&e.Status, in.Status)
	set(&e.TicketKind, in.Kind)
	set(&e.Priority, in.Priority)
	if e.Priority != "" && !slices.Contains(priorities, e.Priority) {
		return e, fault.New(fault.Invalid, "%q is not a priority; choose %s", e.Priority, strings.Join(priorities, ", "))
	}
	if in.Assignee != nil {
		e.Assignee, err = assignee(tx, *in.Assignee)
	}
	return e, err
}

var priorities = []string{"low", "normal", "high", "urgent"}

// assignee is somebody who can answer, or nobody.
func assignee(tx *store.Tx, id int64) (*ticket.Person, error) {
	if id == 0 {
		return &ticket.Person{}, nil
	}
	person, err := tx.Person(id)
	if err != nil {
		return nil, err
	}
	if !access.May(person.Actor(), access.ReplyPublicly) || person.Suspended {
		return nil, fault.New(fault.Invalid, "%s cannot answer tickets, so none can be assigned to them", person.Display())
	}
	p := asTicketPerson(person)
	return &p, nil
}

// amend is the part that is the desk's own: who else is on the ticket, and what it is called.
func (d *Desk) amend(tx *store.Tx, a access.Actor, in Set, t *ticket.Ticket, now time.Time) error {
	if in.Subject != nil {
		if t.Subject = strings.Join(strings.Fields(*in.Subject), " "); t.Subject == "" {
			return fault.New(fault.Invalid, "a ticket needs a subject")
		}
		if n := utf8.RuneCountInString(t.Subject); n > longestSubject {
			return fault.New(fault.Invalid, "a subject has at most %d characters; this one has %d", longestSubject, n)
		}
	}
	if in.Group != nil {
		if err := knownGroup(tx, *in.Group); err != nil {
			return err
		}
		t.Group = *in.Group
	}
	if in.Follow != nil {
		t.Followers = followersWith(t.Followers, a.Person, *in.Follow)
	}
	if in.CCs != nil {
		return d.copy(tx, *in.CCs, t, now)
	}
	return nil
}

func knownGroup(tx *store.Tx, id int64) error {
	groups, err := tx.Groups()
	if err != nil || id == 0 || slices.ContainsFunc(groups, func(g account.Group) bool { return g.ID == id }) {
		return err
	}
	return fault.New(fault.Invalid, "there is no group %d", id)
}

func followersWith(followers []ticket.Person, person int64, follow bool) []ticket.Person {
	followers = slices.DeleteFunc(slices.Clone(followers), func(p ticket.Person) bool { return p.ID == person })
	if follow {
		followers = append(followers, ticket.Person{ID: person})
	}
	return followers
}

// copy puts exactly these people on copy. An agent decides that; a mail cannot (C1).
func (d *Desk) copy(tx *store.Tx, addresses []string, t *ticket.Ticket, now time.Time) error {
	var people []ticket.Person
	for _, a := range addresses {
		address, err := mail.NewAddress(a)
		if err != nil {
			return err
		}
		if own, err := d.isOwn(tx, address); err != nil || own {
			return orElse(err, ownAddress(address))
		}
		person, err := tx.EnsureCustomer(account.FoldAddress(address), "", t.Brand, now)
		if err != nil {
			return err
		}
		if person.ID != t.Requester.ID && !hasPerson(people, person.ID) {
			people = append(people, asTicketPerson(person))
		}
	}
	if len(people) > mostCopies {
		return fault.New(fault.Invalid, "a ticket can have %d people on copy at most", mostCopies)
	}
	t.CCs = people
	return nil
}

// tidyTags drops what is no tag at all.
func tidyTags(tags []string) (tidy []string) {
	for _, tag := range tags {
		if tag = strings.Join(strings.Fields(tag), " "); tag != "" {
			tidy = append(tidy, tag)
		}
	}
	return tidy
}
