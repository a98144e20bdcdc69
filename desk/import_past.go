package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
)

// Brought says how far the import of another desk has come. Read, New, Added and Known count tickets, and a trouble carries the
// number that the ticket, the person or the organisation has there.
type Brought struct {
	Imported
	Size          PastSize // about how much there is
	Organizations int      // read so far, like all below
	People        int      // those who do not work there
	Comments      int      // of the tickets that are new, or that have more than what is here
	Files         int
	Bytes         int64 // of the files
}

// Says is the import in two sentences.
func (b Brought) Says() string {
	return fmt.Sprintf("%s With %s, %s, %s and %s (%s).", b.Imported.Says("ticket", "ticket"),
		several(b.Organizations, "organisation"), several(b.People, "customer"), several(b.Comments, "message"), several(b.Files, "file"), sizeSays(b.Bytes))
}

func sizeSays(n int64) string {
	for _, unit := range []struct {
		of   int64
		name string
	}{{1 << 30, "GB"}, {1 << 20, "MB"}, {1 << 10, "kB"}} {
		if n >= unit.of {
			return fmt.Sprintf("%.1f %s", float64(n)/float64(unit.of), unit.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// FromPast says what is brought in, and for whom.
type FromPast struct {
	Brand int64 // whose tickets and customers they become, 0 for the first
	Look  bool  // read everything and store nothing
}

// ImportPast brings in another desk: its organisations, its customers, and its tickets with all that was written, in the states
// they have there. Nobody is mailed, nothing is planned and nothing is owed until somebody writes, and what was brought in counts in
// no figure.
//
// Each ticket is stored whole or not at all, under the name and number it has there. So an import that was stopped is gone on with
// by beginning it again: what is here is not fetched once more, and a ticket that has gone on there gets what is missing, as long as
// nobody has touched it here. A record that cannot be taken is told with its number, and the next one is read. told, which may be nil,
// is called after each of them.
func (d *Desk) ImportPast(ctx context.Context, a access.Actor, past Past, in FromPast, told func(Brought)) (Brought, error) {
	if err := may(a, access.Administer); err != nil {
		return Brought{}, err
	}
	b := &bringing{
		d: d, past: past, look: in.Look, brand: in.Brand, by: teller{account.ByImport, a.Person}, told: told,
		organizations: map[int64]string{}, people: map[int64]PastPerson{},
	}
	ctx = store.Patiently(ctx) // people who wait go first
	for _, step := range []func(context.Context) error{b.begin, b.allOrganizations, b.everybody, b.allTickets} {
		if err := step(ctx); err != nil {
			return b.done, err
		}
	}
	b.done.Troubles = slices.SortedStableFunc(slices.Values(b.done.Troubles), func(a, b Trouble) int { return cmp.Compare(a.Number, b.Number) }) // not in place: who was told on the way may still read it
	return b.done, nil
}

// bringing is an import on its way.
type bringing struct {
	d     *Desk
	past  Past
	look  bool
	by    teller
	told  func(Brought)
	done  Brought
	brand int64
	group int64            // for tickets whose group has no namesake here
	named map[string]int64 // groups by their names

	policy  *policy.Policy
	version int64

	organizations map[int64]string     // names, by that desk's ids
	people        map[int64]PastPerson // likewise
	some          []PastPerson         // read and not stored yet
}

func (b *bringing) now() time.Time { return b.d.now() }

func (b *bringing) tell() {
	if b.told != nil {
		b.told(b.done)
	}
}

// begin finds out whose the tickets become and under which policy, and how much there is.
func (b *bringing) begin(ctx context.Context) (err error) {
	now := b.now()
	err = b.d.db.Read(ctx, func(tx *store.Tx) error {
		if b.brand, err = b.d.brandOr(tx, b.brand); err != nil {
			return err
		}
		if b.version, err = b.d.rules.running(tx, b.brand, now); err != nil {
			return err
		}
		if b.policy, err = b.d.rules.of(tx, b.version); err != nil {
			return err
		}
		return b.findGroups(tx)
	})
	if err != nil {
		return err
	}
	b.done.Size, err = b.past.Holds(ctx)
	b.tell()
	return err
}

// findGroups finds groups by their names. A ticket of another group goes where the brand's mail goes.
func (b *bringing) findGroups(tx *store.Tx) error {
	groups, err := tx.Groups()
	if err != nil {
		return err
	}
	b.named = map[string]int64{}
	for _, g := range groups {
		b.named[folded(g.Name)] = g.ID
	}
	boxes, err := b.d.mailboxes(tx)
	if i := slices.IndexFunc(boxes, func(box account.Mailbox) bool { return box.Brand == b.brand }); i >= 0 {
		b.group = boxes[i].Group
	}
	return err
}

// oneOff makes the trouble of one record a line of the report, so that the others go in. What would stop all of them is returned.
func (b *bringing) oneOff(ctx context.Context, id int64, about string, err error) error {
	if err == nil {
		return nil
	}
	if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Refused) || ctx.Err() != nil {
		return err
	}
	b.done.trouble(int(id), about, err)
	return nil
}

func (b *bringing) allOrganizations(ctx context.Context) error {
	return b.past.Organizations(ctx, func(o PastOrganization) error {
		defer b.tell()
		err := o.Wrong
		if err == nil {
			err = b.organization(ctx, o)
		}
		return b.oneOff(ctx, o.ID, named("organisation", o.Name), err)
	})
}

// organization makes a company known by its name. One that is here stays as it is.
func (b *bringing) organization(ctx context.Context, o PastOrganization) error {
	name := shortened(tidyLine(o.Name), longestSubject)
	if name == "" {
		return fault.New(fault.Invalid, "it has no name")
	}
	b.organizations[o.ID] = name
	b.done.Organizations++
	if b.look {
		return nil
	}
	return b.d.db.Write(ctx, func(tx *store.Tx) error {
		if id, err := tx.OrganizationNamed(name); err != nil || id != 0 {
			return err
		}
		return orWithout(tx, account.Organization{Name: name, Domains: o.Domains})
	})
}

// orWithout stores a company with its domains, or without them when one belongs to another company: whose is whose is not for an
// import to change.
func orWithout(tx *store.Tx, o account.Organization) error {
	err := tx.Try(func() error { return tx.SaveOrganization(&o) })
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return tx.SaveOrganization(&account.Organization{Name: o.Name})
}

// everybody makes the customers known. Who works there becomes nobody here: colleagues are added by an administrator.
func (b *bringing) everybody(ctx context.Context) error {
	err := b.past.People(ctx, func(p PastPerson) error {
		if p.Wrong != nil {
			return b.oneOff(ctx, p.ID, named("person", p.Name), p.Wrong)
		}
		p.Name, p.Email = shortened(tidyLine(p.Name), longestSubject), account.FoldAddress(p.Email)
		b.people[p.ID] = p
		if p.Staff || p.Gone || p.Email == "" {
			return nil
		}
		if err := p.usable(); err != nil {
			return b.oneOff(ctx, p.ID, named("person", p.Name), err)
		}
		if b.done.People++; b.look {
			b.tell()
			return nil
		}
		if b.some = append(b.some, p); len(b.some) < linesAtOnce {
			return nil
		}
		return b.storeSome(ctx)
	})
	if err != nil || len(b.some) == 0 {
		return err
	}
	return b.storeSome(ctx)
}

// usable refuses an address that mail cannot be sent to. To have none is no mistake.
func (p PastPerson) usable() error {
	if _, err := mail.NewAddress(p.Email); err != nil && p.Email != "" {
		return fault.New(fault.Invalid, "%q is no address that mail can be sent to", p.Email)
	}
	return nil
}

func (b *bringing) storeSome(ctx context.Context) error {
	defer b.tell()
	var part Imported
	now := b.now()
	err := b.d.db.Write(ctx, func(tx *store.Tx) error {
		part = Imported{}
		for _, p := range b.some {
			if err := b.person(tx, p, now); fault.Is(err, fault.Invalid) {
				part.trouble(int(p.ID), named("person", p.Name), err)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	b.some = b.some[:0]
	b.done.join(part)
	return err
}

// person writes down a customer as a line of a table would. A colleague of ours stays what they are.
func (b *bringing) person(tx *store.Tx, p PastPerson, now time.Time) error {
	here, err := tx.PersonByAddress(p.Email)
	if notFoundIsNothing(err) != nil || here.ID != 0 && here.Role != access.Customer {
		return notFoundIsNothing(err)
	}
	sale := Sale{Brand: b.brand, Email: p.Email, Name: p.Name, Organization: b.organizations[p.Organization], Phone: p.Phone, Shared: p.SharedPhone}
	if _, err := account.PhoneNumber(p.Phone); err != nil {
		sale.Phone = "" // what people type into such a field is often no number
	}
	_, err = b.d.ownLine(tx, sale, b.by, now)
	return err
}

// tidyLine is a text on one line.
func tidyLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// folded is the form in which names are compared.
func folded(name string) string { return strings.ToLower(tidyLine(name)) }

func named(what, name string) string {
	if name == "" {
		return what
	}
	return what + " " + name
}
