package storetest

import (
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/store"
	"hark/ticket"
)

// Monday is the clock of most tests: Monday, 23 November 2026, 09:00 UTC.
var Monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// Cast is a small desk with people in it.
type Cast struct {
	Brand   account.Brand
	Mailbox account.Mailbox
	Support account.Group
	Billing account.Group
	Ana     account.Person // administrator
	Ben     account.Person // agent in support
	Cem     account.Person // agent in billing
	Dora    account.Person // light agent in support
	Maria   account.Person // customer
	Tomas   account.Person // customer
}

// NewCast stores a small desk: two groups, four colleagues, two customers, one brand with one mailbox.
func NewCast(t testing.TB, db *store.DB) *Cast {
	t.Helper()
	c := &Cast{
		Brand:   account.Brand{Name: "Larkspur", Slug: "larkspur"},
		Support: account.Group{Name: "Support"},
		Billing: account.Group{Name: "Billing"},
		Ana:     account.Person{Name: "Ana Ruiz", Email: "ana@larkspur.example", Role: access.Admin},
		Ben:     account.Person{Name: "Ben Okafor", Email: "ben@larkspur.example", Role: access.Agent},
		Cem:     account.Person{Name: "Cem Yildiz", Email: "cem@larkspur.example", Role: access.Agent},
		Dora:    account.Person{Name: "Dora Lind", Email: "dora@larkspur.example", Role: access.Light},
		Maria:   account.Person{Name: "Maria Lopez", Email: "maria@greenfund.example", Role: access.Customer},
		Tomas:   account.Person{Name: "Tomas Becker", Email: "tomas@becker.example", Role: access.Customer},
	}
	Write(t, db, c.store)
	return c
}

func (c *Cast) store(tx *store.Tx) error {
	if err := tx.SaveBrand(&c.Brand); err != nil {
		return err
	}
	for _, group := range []*account.Group{&c.Support, &c.Billing} {
		if err := tx.SaveGroup(group); err != nil {
			return err
		}
	}
	c.Ben.Groups = []int64{c.Support.ID}
	c.Cem.Groups = []int64{c.Billing.ID}
	c.Dora.Groups = []int64{c.Support.ID}
	for _, person := range []*account.Person{&c.Ana, &c.Ben, &c.Cem, &c.Dora, &c.Maria, &c.Tomas} {
		person.Created, person.Brand = Monday, c.Brand.ID
		if err := tx.SavePerson(person); err != nil {
			return err
		}
	}
	c.Mailbox = account.Mailbox{Address: "help@larkspur.example", Brand: c.Brand.ID, Group: c.Support.ID}
	return tx.SaveMailbox(&c.Mailbox)
}

// Ticket is a new ticket of Maria's for the support group, not yet stored.
func (c *Cast) Ticket(subject string) ticket.Ticket {
	return ticket.Ticket{
		Subject:   subject,
		Kind:      "question",
		State:     "new",
		Category:  ticket.New,
		Requester: ticket.Person{ID: c.Maria.ID},
		Submitter: ticket.Person{ID: c.Maria.ID},
		Group:     c.Support.ID,
		Brand:     c.Brand.ID,
		Channel:   "email",
		Created:   Monday,
		Updated:   Monday,
	}
}
