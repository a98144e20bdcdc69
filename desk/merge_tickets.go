package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// MergeTickets closes a ticket that is about the same thing as another one, which goes on. No message moves: whoever could read one of
// the two reads that one and no other (B12). It cannot be taken back, because closed is final.
type MergeTickets struct {
	Goes   int64  // it is closed
	Stays  int64  // where it goes on
	Reason string // why they are one; for colleagues, on both
	Copy   bool   // the requester of the one that goes is put on copy of the other, and so reads it from its beginning
	Seen   string // [TicketMergeLook.Mark] of what was looked at
}

// TicketMergeLook is what one sees before two tickets are merged.
type TicketMergeLook struct {
	Goes, Stays ticket.Ticket
	Words       map[int64]string // what the customer wrote last in each
	Labels      map[int64]string // how each stands, in its policy's words
	Belongs     map[int64]Belongs
	Same        bool   // both have one requester, or the one that goes has theirs on the other already
	Refused     string // why they cannot be merged, "" when they can
	last        [2]int64
}

// Mark tells one look from another: what happened last on each.
func (look TicketMergeLook) Mark() string { return fmt.Sprintf("%d-%d", look.last[0], look.last[1]) }

// LookAtTicketMerge shows both tickets. Either is [fault.NotFound] for whoever does not see it (B3).
func (d *Desk) LookAtTicketMerge(ctx context.Context, a access.Actor, goes, stays int64) (look TicketMergeLook, err error) {
	if err := may(a, access.MergeRecords); err != nil {
		return look, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error { look, err = d.lookAtTickets(tx, a, goes, stays, now); return err })
	return look, err
}

// lookAtTickets reads both, and decides whether they may be merged. Looking and doing ask the same.
func (d *Desk) lookAtTickets(tx *store.Tx, a access.Actor, goes, stays int64, now time.Time) (look TicketMergeLook, err error) {
	look.Words, look.Labels, look.Belongs = map[int64]string{}, map[int64]string{}, map[int64]Belongs{}
	for i, one := range []struct {
		id   int64
		into *ticket.Ticket
	}{{goes, &look.Goes}, {stays, &look.Stays}} {
		if *one.into, err = tx.Ticket(a, one.id); err != nil {
			return look, err
		}
		if look.last[i], err = tx.LastAudit(one.id); err != nil {
			return look, err
		}
		p, err := d.rules.forTicket(tx, one.into.Policy, one.into.Brand, now)
		if err != nil {
			return look, err
		}
		look.Labels[one.id] = p.Doc.Lifecycle.States[one.into.State].Label
		if look.Words[one.id], err = lastOfCustomer(tx, a, one.id); err != nil {
			return look, err
		}
		if look.Belongs[one.id], err = belongs(tx, one.id); err != nil {
			return look, err
		}
	}
	look.Same = takesPart(look.Stays, look.Goes.Requester.ID)
	held, err := tx.HeldFor(a, goes)
	look.Refused = look.refusal(len(held) > 0)
	return look, err
}

func lastOfCustomer(tx *store.Tx, a access.Actor, id int64) (words string, err error) {
	comments, err := tx.Comments(a, id)
	for _, c := range comments {
		if c.Public && c.Author.ID != 0 && c.Trimmed != "" {
			words = c.Trimmed
		}
	}
	return shortened(strings.Join(strings.Fields(words), " "), longestSubject), err
}

// refusal is why two tickets stay as they are, "" when they can be merged.
func (look TicketMergeLook) refusal(held bool) string {
	goes, stays := look.Goes, look.Stays
	switch {
	case goes.ID == stays.ID:
		return "this is one ticket already; choose another one"
	case goes.Brand != stays.Brand:
		return "the two belong to different brands, and each answers for itself"
	case goes.Category == ticket.Closed:
		return fmt.Sprintf("#%d is closed, and stays as it is", goes.ID)
	case stays.Category == ticket.Closed:
		return fmt.Sprintf("#%d is closed, so nothing can go on in it; choose one that is open", stays.ID)
	case !goes.Memory.Call.IsZero():
		return fmt.Sprintf("a call is booked on #%d; move it or call it off first", goes.ID)
	case held:
		return fmt.Sprintf("a message waits on #%d until somebody decides about it; decide first", goes.ID)
	}
	return ""
}

// MergeTickets merges them, or changes nothing at all. Both tickets tell colleagues of it, and nobody is mailed; one that stays hears of the
// fix that it was missing. Where the requester of the one that is closed takes part in the other, what they write to the closed one goes on
// there; otherwise it begins a ticket of its own.
func (d *Desk) MergeTickets(ctx context.Context, a access.Actor, in MergeTickets) error {
	if err := may(a, access.MergeRecords); err != nil {
		return err
	}
	in.Reason = strings.Join(strings.Fields(in.Reason), " ")
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range []int64{min(in.Goes, in.Stays), max(in.Goes, in.Stays)} { // always in the same order
			if _, err := tx.TicketForUpdate(id); err != nil {
				return err
			}
		}
		look, err := d.lookAtTickets(tx, a, in.Goes, in.Stays, now)
		switch {
		case err != nil:
			return err
		case look.Refused != "":
			return fault.New(fault.Refused, "%s", look.Refused)
		case in.Reason == "":
			return inField("reason", fault.New(fault.Invalid, "say why these two are one; colleagues read it on both"))
		case len([]rune(in.Reason)) > longestWhy:
			return inField("reason", fault.New(fault.Invalid, "a reason has at most %d characters", longestWhy))
		case look.Mark() != in.Seen:
			return fault.New(fault.Conflict, "something happened on one of the two since you looked; look once more")
		}
		return d.mergeTickets(tx, a, in, look, now)
	})
}

func (d *Desk) mergeTickets(tx *store.Tx, a access.Actor, in MergeTickets, look TicketMergeLook, now time.Time) error {
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	goesOn := look.Same || in.Copy
	note := ticket.AuditEvent{Type: ticket.Change, Field: mergedTicket, From: itoa(in.Goes), To: itoa(in.Stays), Internal: true}
	stays, goes := note, note
	stays.Says = fmt.Sprintf("merged #%d into this: %s", in.Goes, in.Reason)
	goes.Says = fmt.Sprintf("merged this into #%d: %s", in.Stays, in.Reason)
	over, err := d.takeOver(tx, a, look, now)
	if err != nil {
		return err
	}
	_, err = d.happen(tx, look.Stays, happening{
		event: ticket.Event{Kind: ticket.AgentNote, At: now, By: by}, now: now, via: "web", notes: append([]ticket.AuditEvent{stays}, over...),
		amend: func(t *ticket.Ticket) error { return copied(t, look.Goes.Requester, goesOn) },
	})
	if err != nil {
		return err
	}
	_, err = d.happen(tx, look.Goes, happening{
		event: ticket.Event{Kind: ticket.Merged, At: now, By: by}, now: now, via: "web", notes: []ticket.AuditEvent{goes},
		amend: func(t *ticket.Ticket) error {
			if goesOn {
				t.FollowedBy = look.Stays.ID
			}
			return nil
		},
	})
	return err
}

// mergedTicket is the field of an audit that tells of two tickets becoming one.
const mergedTicket = "merged_ticket"

// copied puts somebody on copy who is not on the ticket yet.
func copied(t *ticket.Ticket, who ticket.Person, yes bool) error {
	if !yes || takesPart(*t, who.ID) {
		return nil
	}
	if len(t.CCs) == mostCopies {
		return fault.New(fault.Invalid, "a ticket can have %d people on copy at most", mostCopies)
	}
	t.CCs = append(t.CCs, who)
	return nil
}
