package store_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// named are the projects with who leads them, as somebody reads them.
func named(all []account.Project) (says []string) {
	for _, p := range all {
		says = append(says, fmt.Sprintf("%s: %s, led %t, ended %t", p.Name, p.LeadName, p.Led(), p.Ended))
	}
	return says
}

// Acme's catalogue is led by Ben. It is read by colleagues and by whoever belongs to Acme, and is nothing at all to anybody else (B1).
func TestAProjectIsKnownToItsOrganisationAndTheDeskAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		read(t, db, func(tx *store.Tx) error {
			link := access.Actor{Person: c.Maria.ID, Role: access.Customer, Ticket: 7}
			for who, x := range map[string]struct {
				actor access.Actor
				sees  bool
			}{
				"Ben": {c.Ben.Actor(), true}, "Dora": {c.Dora.Actor(), true}, "Maria of Acme": {c.Maria.Actor(), true},
				"Tomas": {c.Tomas.Actor(), false}, "whoever holds a link": {link, false}, "nobody": {access.Actor{}, false},
			} {
				all, err := tx.Projects(x.actor, store.OwnerOf(c.Maria), c.Brand.ID)
				must(t, err)
				_, err = tx.Project(x.actor, s.catalogue.ID)
				if (len(all) == 1) != x.sees || (err == nil) != x.sees || err != nil && !fault.Is(err, fault.NotFound) {
					t.Errorf("%s reads %q, and of the one: %v", who, named(all), err)
				}
			}
			theirs, err := tx.Projects(access.Clock, store.OwnerOf(c.Tomas), 0)
			if len(theirs) != 0 || err != nil {
				t.Errorf("Tomas has %q, %v", named(theirs), err)
			}
			elsewhere, err := tx.Projects(access.Clock, store.OwnerOf(c.Maria), c.Brand.ID+1)
			if len(elsewhere) != 0 || err != nil {
				t.Errorf("another brand has %q, %v", named(elsewhere), err)
			}
			return nil
		})
	})
}

// A project that has ended stands below those that run, and one whose lead has left says so and keeps their name.
func TestAProjectKeepsWhoLedItAndThatTheyHaveLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		of := func() (all []account.Project) {
			read(t, db, func(tx *store.Tx) (err error) {
				all, err = tx.Projects(c.Ben.Actor(), account.Owner{Organization: s.acme.ID}, 0)
				return err
			})
			return all
		}
		write(t, db, func(tx *store.Tx) error {
			shop := account.Project{Brand: c.Brand.ID, Owner: s.catalogue.Owner, Name: "New shop"}
			must(t, tx.SaveProject(&shop))
			s.catalogue.Ended = true
			return tx.SaveProject(&s.catalogue)
		})
		if got := fmt.Sprint(named(of())); got != "[New shop: , led false, ended false Spring catalogue: Ben Okafor, led true, ended true]" {
			t.Error(got)
		}
		if running := account.Running(of()); len(running) != 1 || running[0].Name != "New shop" {
			t.Errorf("what runs is %q", named(running))
		}
		c.Ben.Suspended = true
		write(t, db, func(tx *store.Tx) error { return tx.SavePerson(&c.Ben) })
		if got := of()[1]; got.Led() || !got.LeadGone || got.LeadName != "Ben Okafor" {
			t.Errorf("Ben has left, and it is %+v", got)
		}
		write(t, db, func(tx *store.Tx) error {
			s.catalogue.Lead = c.Dora.ID // who reads and writes notes, and answers nobody
			return tx.SaveProject(&s.catalogue)
		})
		if got := of()[1]; got.Led() {
			t.Errorf("Dora leads %+v", got)
		}
	})
}

// Two records of one customer become one, and a project of the one that goes is the other's.
func TestAMergeCarriesProjects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.SaveProject(&account.Project{Brand: c.Brand.ID, Owner: account.Owner{Person: c.Tomas.ID}, Name: "Season programme", Lead: c.Cem.ID}))
			_, err := tx.MergePeople(&c.Maria, c.Tomas.ID, monday)
			return err
		})
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.Projects(c.Maria.Actor(), store.OwnerOf(c.Maria), 0)
			if len(all) != 1 || all[0].Name != "Season programme" {
				t.Errorf("Maria has %q", named(all))
			}
			return err
		})
	})
}

// A project is somebody's, and has a name.
func TestAProjectNeedsAnOwnerAndAName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		for says, p := range map[string]account.Project{
			"say whose this is":      {Brand: c.Brand.ID, Name: "Nobody's"},
			"a project needs a name": {Brand: c.Brand.ID, Owner: account.Owner{Person: c.Tomas.ID}},
		} {
			err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveProject(&p) })
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), says) {
				t.Errorf("instead of %q: %v", says, err)
			}
		}
	})
}
