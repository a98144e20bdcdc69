package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// MergeCustomers makes one record of two that are one person: they wrote from work and from home, or a shop knew them by another address.
// It cannot be taken back, so whoever does it looks at both first.
type MergeCustomers struct {
	Stays  int64  // mail goes to the first address of this one from now on
	Goes   int64  // whose addresses, tickets and things become those of the other
	Reason string // why they are one person, for the record
	Seen   string // [MergeLook.Mark] of what was looked at; what has changed meanwhile has to be looked at again
}

// MergeSide is one of the two as they are before.
type MergeSide struct {
	Customer
	Holds store.Holdings
}

// MergeLook is what one sees before two customers are merged.
type MergeLook struct {
	Stays, Goes MergeSide
	Refused     string // why they cannot be merged, "" when they can
	Takes       account.Person
}

// longestWhy is how much is kept of why two records were merged.
const longestWhy = 500

// LookAtMerge shows both records and what would move, or why they cannot be merged. Each is [fault.NotFound] for whoever may not know of it.
func (d *Desk) LookAtMerge(ctx context.Context, a access.Actor, stays, goes int64) (look MergeLook, err error) {
	if err := may(a, access.MergeRecords); err != nil {
		return look, err
	}
	if look.Stays.Customer, err = d.Customer(ctx, a, stays); err != nil {
		return look, err
	}
	if look.Goes.Customer, err = d.Customer(ctx, a, goes); err != nil {
		return look, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error { return d.weigh(tx, a, &look) })
	return look, err
}

// weigh counts what both hold, and decides whether they may be merged. Looking and doing ask the same.
func (d *Desk) weigh(tx *store.Tx, a access.Actor, look *MergeLook) (err error) {
	now := d.now()
	for _, side := range []*MergeSide{&look.Stays, &look.Goes} {
		if side.Holds, err = tx.Holdings(a, side.Person.ID, now); err != nil {
			return err
		}
	}
	look.Takes = oneOfTwo(look.Stays.Person, look.Goes.Person)
	look.Refused = look.refusal()
	return nil
}

// refusal is why two records cannot become one, "" when they can. A merge lets one customer read what two could, so it takes somebody who
// sees all of it, and it is no way around a suspension or into the house (threat B3).
func (look MergeLook) refusal() string {
	stays, goes := look.Stays.Person, look.Goes.Person
	switch {
	case stays.ID == goes.ID:
		return "this is one record already; choose another one to merge with it"
	case stays.Merged != 0 || goes.Merged != 0:
		return "one of the two is merged already; look for them again"
	case stays.Suspended:
		return stays.Display() + " is suspended; let them in again first, or leave both as they are"
	case goes.Suspended:
		return goes.Display() + " is suspended, and would not be any more; let them in again first"
	case look.Stays.Holds.Hidden+look.Goes.Holds.Hidden > 0:
		return "one of the two has tickets that you do not see; ask a colleague who sees all of them"
	}
	return ""
}

// oneOfTwo is the record that stays, with what it did not know itself.
func oneOfTwo(stays, goes account.Person) account.Person {
	is := stays
	is.Addresses = append(slices.Clone(stays.Addresses), goes.Addresses...)
	is.Name, is.Zone, is.Locale = cmp.Or(stays.Name, goes.Name), cmp.Or(stays.Zone, goes.Zone), cmp.Or(stays.Locale, goes.Locale)
	is.Organization = cmp.Or(stays.Organization, goes.Organization)
	if goes.Created.Before(stays.Created) {
		is.Created = goes.Created
	}
	is.Facts = map[string]any{}
	for _, facts := range []map[string]any{goes.Facts, stays.Facts} {
		for name, value := range facts {
			if value != nil {
				is.Facts[name] = value
			}
		}
	}
	return is
}

// Mark tells one look from another: what both hold, and who they are.
func (look MergeLook) Mark() string {
	h := sha256.New()
	for _, side := range []MergeSide{look.Stays, look.Goes} {
		held := side.Holds
		held.Sessions = 0 // signing in changes nothing about what moves
		fmt.Fprint(h, side.Person.ID, side.Person.Addresses, side.Person.Name, side.Person.Organization, held,
			len(side.Owned.Licences), len(side.Owned.Orders), len(side.Owned.Subscriptions), len(side.Owned.Evaluations), len(side.Projects), len(side.Contacts), ";")
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// MergeCustomers merges them, or changes nothing at all. Both records and every ticket that moves tell of it. The browsers in which the one
// that goes was signed in are signed out, and so are their links to sign in with; a link to a ticket goes on opening that ticket.
func (d *Desk) MergeCustomers(ctx context.Context, a access.Actor, in MergeCustomers) error {
	look, err := d.LookAtMerge(ctx, a, in.Stays, in.Goes)
	if err != nil {
		return err
	}
	in.Reason = strings.Join(strings.Fields(in.Reason), " ")
	switch {
	case look.Refused != "":
		return fault.New(fault.Refused, "%s", look.Refused)
	case in.Reason == "":
		return inField("reason", fault.New(fault.Invalid, "say why these two are one person; it stays on the record"))
	case len([]rune(in.Reason)) > longestWhy:
		return inField("reason", fault.New(fault.Invalid, "a reason has at most %d characters", longestWhy))
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error { return d.mergeCustomers(tx, a, in, look, now) })
}

func (d *Desk) mergeCustomers(tx *store.Tx, a access.Actor, in MergeCustomers, look MergeLook, now time.Time) (err error) {
	first, second := min(in.Stays, in.Goes), max(in.Stays, in.Goes) // always in the same order, so that two merges wait for each other
	for _, id := range []int64{first, second} {
		person, err := tx.PersonForUpdate(id)
		if err != nil {
			return err
		}
		if id == in.Stays {
			look.Stays.Person = person
		} else {
			look.Goes.Person = person
		}
	}
	if err := d.weigh(tx, a, &look); err != nil {
		return err
	}
	if look.Refused != "" { // it became so a moment ago
		return fault.New(fault.Refused, "%s", look.Refused)
	}
	if look.Mark() != in.Seen {
		return fault.New(fault.Conflict, "something about these two has changed since you looked; look once more")
	}
	by, err := d.person(tx, a)
	if err != nil {
		return err
	}
	stays, goes := look.Takes, look.Goes.Person
	if _, err = tx.MergePeople(&stays, goes.ID, now); err != nil {
		return err
	}
	return d.tellMerged(tx, by, stays, goes, in.Reason, now)
}

// tellMerged writes the merge down: on both records, on every ticket that moved, and lets the policy look again at what is open, because
// another organisation or another licence may have become theirs.
func (d *Desk) tellMerged(tx *store.Tx, by ticket.Person, stays, goes account.Person, reason string, now time.Time) error {
	for _, change := range []account.Change{
		{About: "person:" + itoa(goes.ID), What: "merged into", Is: nameAndAddress(stays) + ": " + reason},
		{About: "person:" + itoa(stays.ID), What: "merged", Is: nameAndAddress(goes) + ": " + reason},
	} {
		change.Source, change.By, change.At = account.ByHand, by.ID, now
		if err := tx.AddChange(change); err != nil {
			return err
		}
	}
	told := []ticket.AuditEvent{{Type: ticket.Change, Field: "merged", From: itoa(goes.ID), To: itoa(stays.ID), Internal: true,
		Says: "merged " + nameAndAddress(goes) + " into " + nameAndAddress(stays) + ": " + reason}}
	if err := tx.AuditMerged(goes.ID, ticket.Audit{Author: by, At: now, Via: "web", Events: told}); err != nil {
		return err
	}
	r := recording{d: d, tx: tx, teller: teller{account.ByHand, by.ID}, now: now, facts: stays.Facts}
	return r.reconsider(stays.ID)
}

// nameAndAddress is "Maria Lopez (maria@home.example)".
func nameAndAddress(p account.Person) string {
	if p.Name == "" {
		return p.Email
	}
	return p.Name + " (" + p.Email + ")"
}

// nowCalled is the person that a link was made for, as they are called today: a link that ends something goes on ending it after a merge.
func nowCalled(tx *store.Tx, person int64) (int64, error) {
	p, err := tx.Person(person)
	if err != nil || p.Merged == 0 {
		return person, notFoundIsNothing(err)
	}
	return p.Merged, nil
}
