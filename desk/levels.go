package desk

import (
	"context"
	"maps"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Levels of support. They follow from what a customer owns, by the table of the policy, for the one licence, order or evaluation that
// is looked at (seed 001, 1.14 to 1.20). The request form, the call, the customer's record and routing all ask here or through
// facts.go, which ends in the same function.

// Thing is one thing a request or a call can be about, with the level of support that it gives today.
type Thing struct {
	About      account.About
	Licence    account.Licence // the one of these that About names; the others are zero
	Order      account.Order
	Evaluation account.Evaluation
	Level      policy.LevelReason
	Decides    bool // whether the brand's policy has levels at all
}

// Customer is a customer's record: who they are, how they are reached, what they own, and what support follows from it.
type Customer struct {
	Person       account.Person       // zero on the record of an organisation
	Organization account.Organization // zero when they belong to none
	Before       []int64              // the numbers they had before records were merged
	People       []account.Person     // of the organisation; the first fifty
	Contacts     []account.Contact
	Owned        account.Owned
	Projects     []account.Project
	Things       []Thing
	Tickets      []store.Row // the newest ones that the reader may see
	Decisions    []account.Decision
	Changes      []account.Change         // of what they own, the newest first
	Policies     map[int64]*policy.Policy // by brand; a brand without a policy has none
	Brands       []account.Brand
	Products     []account.Product
	Today        time.Time
}

// mostOnRecord is how much of each list a record shows.
const mostOnRecord = 50

// Customer reads the record of a customer by the person's number. Colleagues have none.
func (d *Desk) Customer(ctx context.Context, a access.Actor, id int64) (c Customer, err error) {
	return d.record(ctx, a, func(tx *store.Tx, c *Customer) error {
		if c.Person, err = tx.Person(id); err != nil {
			return err
		}
		if c.Person.Role != access.Customer {
			return fault.New(fault.NotFound, "there is no such customer")
		}
		if c.Contacts, err = tx.Contacts(id); err != nil {
			return err
		}
		if c.Before, err = tx.MergedPeople(id); err != nil {
			return err
		}
		if c.Decisions, err = tx.DecisionsOf(id, mostOnRecord); err != nil {
			return err
		}
		if c.Tickets, err = tx.TicketsOfRequester(a, id, mostOnRecord); err != nil || c.Person.Organization == 0 {
			return err
		}
		c.Organization, err = tx.Organization(c.Person.Organization)
		return err
	})
}

// Organization reads the record of an organisation, with its people.
func (d *Desk) Organization(ctx context.Context, a access.Actor, id int64) (c Customer, err error) {
	return d.record(ctx, a, func(tx *store.Tx, c *Customer) error {
		if c.Organization, err = tx.Organization(id); err != nil {
			return err
		}
		people, err := tx.People(a, store.PeopleFilter{Role: access.Customer, Organization: id, Limit: mostOnRecord})
		c.People = people.Items
		return err
	})
}

func (d *Desk) record(ctx context.Context, a access.Actor, find func(*store.Tx, *Customer) error) (c Customer, err error) {
	if err := may(a, access.SeeCustomers); err != nil {
		return c, err
	}
	c.Today = d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if err := find(tx, &c); err != nil {
			return err
		}
		if c.Brands, err = tx.Brands(); err != nil {
			return err
		}
		if c.Products, err = tx.Products(0); err != nil {
			return err
		}
		who := account.Owner{Person: c.Person.ID, Organization: c.Organization.ID}
		if c.Owned, err = tx.Owned(a, who, 0); err != nil {
			return err
		}
		if c.Projects, err = tx.Projects(a, who, 0); err != nil {
			return err
		}
		if c.Changes, err = tx.ChangesOf(changesOf(&c), mostOnRecord); err == nil {
			c.Things, c.Policies, err = d.things(tx, c.Owned, c.Person, c.Organization, c.Today)
		}
		return err
	})
	return c, err
}

// changesOf names everything whose changes a record shows.
func changesOf(c *Customer) (abouts []string) {
	abouts = kept(c.Owned)
	for _, p := range c.Projects {
		abouts = append(abouts, "project:"+itoa(p.ID))
	}
	if c.Person.ID != 0 {
		abouts = append(abouts, "person:"+itoa(c.Person.ID))
		for _, id := range c.Before {
			abouts = append(abouts, "person:"+itoa(id))
		}
	}
	if c.Organization.ID != 0 {
		abouts = append(abouts, "organization:"+itoa(c.Organization.ID))
	}
	return abouts
}

func kept(o account.Owned) (abouts []string) {
	for _, l := range o.Licences {
		abouts = append(abouts, "licence:"+itoa(l.ID))
	}
	for _, order := range o.Orders {
		abouts = append(abouts, "order:"+itoa(order.ID))
	}
	for _, s := range o.Subscriptions {
		abouts = append(abouts, "subscription:"+itoa(s.ID))
	}
	return abouts
}

// things weighs each thing there is to be about, under the policy of the brand that sold it.
func (d *Desk) things(tx *store.Tx, o account.Owned, person account.Person, organization account.Organization, now time.Time) (all []Thing, policies map[int64]*policy.Policy, err error) {
	policies = map[int64]*policy.Policy{}
	for _, about := range o.Choices() {
		t := Thing{About: about, Licence: o.Licence(idOf(about, account.AboutLicence)), Order: o.Order(idOf(about, account.AboutOrder)), Evaluation: o.Evaluation(idOf(about, account.AboutEvaluation))}
		p, err := d.policyOf(tx, policies, o.BrandOf(about), now)
		if err != nil {
			return nil, nil, err
		}
		if p != nil {
			t.Level, t.Decides = p.ExplainLevel(policy.FactsIn(d.factsAbout(p, o, person, organization, about, now)), now)
		}
		all = append(all, t)
	}
	for _, s := range o.Subscriptions {
		if _, err := d.policyOf(tx, policies, s.Brand, now); err != nil {
			return nil, nil, err
		}
	}
	return all, policies, nil
}

func idOf(about account.About, kind account.AboutKind) int64 {
	if about.Kind != kind {
		return 0
	}
	return about.ID
}

// policyOf is the policy that holds for a brand now, nil while there is none.
func (d *Desk) policyOf(tx *store.Tx, known map[int64]*policy.Policy, brand int64, now time.Time) (*policy.Policy, error) {
	if p, ok := known[brand]; ok {
		return p, nil
	}
	version, err := d.rules.running(tx, brand, now)
	if fault.Is(err, fault.Refused) {
		known[brand] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	known[brand], err = d.rules.of(tx, version)
	return known[brand], err
}

// factsAbout are the facts about a customer and one thing of theirs, as a ticket about it would have them.
func (d *Desk) factsAbout(p *policy.Policy, o account.Owned, person account.Person, organization account.Organization, about account.About, now time.Time) map[string]any {
	facts := map[string]any{}
	maps.Copy(facts, organization.Facts)
	if organization.ID != 0 {
		facts["requester.organisation"] = organization.Name
	}
	maps.Copy(facts, person.Facts)
	p.WithOwned(facts, o.Of(o.BrandOf(about)), about, now)
	return facts
}

// Things are what the actor can write a request about to a brand, each with its level of support as of now (S1-16).
func (d *Desk) Things(ctx context.Context, a access.Actor, brand int64) (all []Thing, err error) {
	if err := may(a, access.OwnTickets); err != nil {
		return nil, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(a.Person)
		if err == nil {
			all, err = d.thingsOf(tx, a, nil, person, brand, now)
		}
		return err
	})
	return all, err
}

// thingsOf are what a person's tickets to a brand can be about, as far as the actor may know. Under a policy that looks at none of it,
// nobody looks.
func (d *Desk) thingsOf(tx *store.Tx, a access.Actor, p *policy.Policy, person account.Person, brand int64, now time.Time) (all []Thing, err error) {
	if p != nil && !p.LooksAtOwned() {
		return nil, nil
	}
	owned, err := tx.Owned(a, store.OwnerOf(person), brand)
	if err != nil || owned.Empty() {
		return nil, err
	}
	organization, err := organizationOf(tx, person)
	if err == nil {
		all, _, err = d.things(tx, owned, person, organization, now)
	}
	return all, err
}

func organizationOf(tx *store.Tx, p account.Person) (account.Organization, error) {
	if p.Organization == 0 {
		return account.Organization{}, nil
	}
	return tx.Organization(p.Organization)
}

// FindCustomers finds customers and what they own by what somebody types or says on the phone (1.6 to 1.12).
func (d *Desk) FindCustomers(ctx context.Context, a access.Actor, text string, most int) (hits []store.CustomerHit, err error) {
	if err := may(a, access.SeeCustomers); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		hits, err = tx.SearchCustomers(a, text, most)
		return err
	})
	return hits, err
}

// decided keeps a level of support when it is new on a ticket, or rests on another row: which policy, which row, and the facts.
func (k *keeping) decided() error {
	m, was := k.after.Memory, k.before.Memory
	about := aboutOf(k.after)
	if m.Row == "" || k.after.Policy == 0 || k.before.ID != 0 && m.Row == was.Row && m.Level == was.Level && about == aboutOf(k.before) {
		return nil
	}
	facts := policy.FactsOf(&k.after)
	_, _, because := k.policy.Level(facts, k.h.now)
	return k.tx.AddDecision(&account.Decision{
		Ticket: k.after.ID, Person: k.after.Requester.ID, About: about, Policy: k.after.Policy,
		Level: m.Level, Row: m.Row, Because: because, Facts: k.policy.LevelFacts(facts, k.h.now), At: k.h.now,
	})
}

// aboutOf is what a ticket is about.
func aboutOf(t ticket.Ticket) account.About {
	text, _ := t.Facts[aboutFact].(string)
	return account.ParseAbout(text)
}
