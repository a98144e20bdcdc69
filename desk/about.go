package desk

import (
	"context"
	"maps"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// What a ticket is about: one licence, order or evaluation of its requester. The level of support follows from it.

// errNotTheirs is the answer to anything that is not the requester's, whether it is somebody else's or nobody's (threat B1).
var errNotTheirs = inField("about", fault.New(fault.Invalid, "please choose what this is about: one of the orders, or the evaluation"))

// about checks what a new request is about, and puts it among its facts, and the project of its customer that it names. A customer's form
// that needs an order is not taken without one (S1-16); staff may write a ticket down before they know.
func (d *Desk) about(tx *store.Tx, a access.Actor, in Request, requester account.Person, now time.Time) (Request, error) {
	p, brand, err := d.rulesFor(tx, in.Brand, now)
	if err != nil {
		return in, err
	}
	if in, err = ofProject(tx, in, requester, brand); err != nil {
		return in, err
	}
	if in.About == "" {
		if !access.May(a, access.ChangeTicket) && p.NeedsOrder(in.Kind) {
			return in, errNotTheirs
		}
		return in, nil
	}
	about, err := d.theirs(tx, in.About, requester, brand)
	if err != nil {
		return in, err
	}
	in.Facts = with(in.Facts, aboutFact, about.String())
	return in, nil
}

// with are the facts of a request with one more, which was checked and counts before what else is said under its name (threat B1).
func with(facts map[string]any, name string, value any) map[string]any {
	all := map[string]any{}
	maps.Copy(all, facts)
	all[name] = value
	return all
}

// theirs reads what something is about and makes sure that it is the requester's.
func (d *Desk) theirs(tx *store.Tx, text string, requester account.Person, brand int64) (account.About, error) {
	about := account.ParseAbout(text)
	owned, err := tx.Owned(access.Clock, store.OwnerOf(requester), brand)
	if err != nil {
		return about, err
	}
	if !owned.Has(about) {
		return about, errNotTheirs
	}
	return about, nil
}

// SayAbout says what a ticket is about.
type SayAbout struct {
	Ticket int64
	About  string // as [account.About] writes it; "" takes it back
	Key    string
	Via    string
}

// SayAbout sets what a ticket is about, and the policy reacts to it at once: another level of support, another route. Only what the
// requester owns can be chosen.
func (d *Desk) SayAbout(ctx context.Context, a access.Actor, in SayAbout) (result Done, err error) {
	if err := may(a, access.ChangeTicket); err != nil {
		return result, err
	}
	return d.once(ctx, a, in.Key, func(tx *store.Tx, now time.Time) (Done, error) { return d.sayAbout(tx, a, in, now) })
}

func (d *Desk) sayAbout(tx *store.Tx, a access.Actor, in SayAbout, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if t.Category == ticket.Closed {
		return Done{}, fault.New(fault.Refused, "this ticket is closed and can no longer be changed; start a follow-up instead")
	}
	requester, err := tx.Person(t.Requester.ID)
	if err != nil {
		return Done{}, err
	}
	says, err := d.aboutSays(tx, in.About, requester, t.Brand)
	if err != nil || in.About == aboutOf(t).String() {
		return Done{Ticket: t}, err
	}
	by, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	told := ticket.AuditEvent{Type: ticket.Change, Field: "facts." + aboutFact, From: aboutOf(t).String(), To: in.About, Says: says, Internal: true}
	did, err := d.happen(tx, t, happening{
		event: ticket.Event{Kind: ticket.FactChanged, At: now, By: by, Facts: map[string]any{aboutFact: in.About}}, now: now, via: viaOr(in.Via), notes: []ticket.AuditEvent{told}, undo: true,
	})
	if err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Until: now.Add(UndoWindow)}, nil
}

// aboutSays is what the record tells of the choice.
func (d *Desk) aboutSays(tx *store.Tx, text string, requester account.Person, brand int64) (string, error) {
	if text == "" {
		return "it is no longer known what this is about", nil
	}
	about, err := d.theirs(tx, text, requester, brand)
	if err != nil {
		return "", err
	}
	owned, err := tx.Owned(access.Clock, store.OwnerOf(requester), brand)
	return "this is about " + owned.Name(about), err
}
