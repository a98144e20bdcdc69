package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

func TestAPersonIsFoundByAnyOfTheirAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			c.Maria.Addresses = []string{" Maria.Lopez@Home.example "}
			c.Maria.Facts = map[string]any{"customer.region": "us"}
			return tx.SaveReaddressed(&c.Maria, monday)
		})
		read(t, db, func(tx *store.Tx) error {
			p, err := tx.PersonByAddress("MARIA.LOPEZ@home.example")
			must(t, err)
			if p.ID != c.Maria.ID || p.Email != "maria@greenfund.example" || p.Facts["customer.region"] != "us" {
				t.Errorf("found %+v", p)
			}
			_, err = tx.PersonByAddress("nobody@greenfund.example")
			is(t, err, fault.NotFound)
			_, err = tx.Person(4711)
			is(t, err, fault.NotFound)
			return nil
		})
	})
}

// Since when an address is somebody's is kept with it, whatever else changes. Nobody gets another one without that being said.
func TestAnAddressIsTheirsSinceADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		maria := c.Maria
		maria.Email, maria.Addresses = "maria@home.example", []string{c.Maria.Email}
		err := db.Write(t.Context(), func(tx *store.Tx) error { return tx.SavePerson(&maria) })
		is(t, err, fault.Invalid)
		write(t, db, func(tx *store.Tx) error { return tx.SaveReaddressed(&maria, at(3)) })
		maria.Addresses = append(maria.Addresses, "maria@club.example")
		write(t, db, func(tx *store.Tx) error { return tx.SaveReaddressed(&maria, at(5)) })
		maria.Name = "Maria Lopez"
		write(t, db, func(tx *store.Tx) error { return tx.SavePerson(&maria) })
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.AddressesOf(maria.ID)
			want := []account.Address{{Email: "maria@home.example", Since: at(3)}, {Email: "maria@greenfund.example", Since: c.Maria.Created}, {Email: "maria@club.example", Since: at(5)}}
			if !slices.Equal(all, want) {
				t.Errorf("Maria has %v, want %v", all, want)
			}
			return err
		})
	})
}

func TestAnAddressBelongsToOnePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			c.Tomas.Addresses = append(c.Tomas.Addresses, "maria@greenfund.example")
			return tx.SaveReaddressed(&c.Tomas, monday)
		})
		is(t, err, fault.Conflict)
		read(t, db, func(tx *store.Tx) error {
			p, err := tx.PersonByAddress("maria@greenfund.example")
			must(t, err)
			if p.ID != c.Maria.ID {
				t.Error("Maria's address has gone to Tomas")
			}
			tomas, err := tx.Person(c.Tomas.ID)
			must(t, err)
			if !slices.Equal(tomas.Addresses, []string{"tomas@becker.example"}) {
				t.Errorf("Tomas has %v; the refused change left something behind", tomas.Addresses)
			}
			return nil
		})
	})
}

func TestWhoeverWritesBecomesACustomerOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		green := account.Organization{Name: "Green Fund", Domains: []string{"GreenFund.example"}}
		write(t, db, func(tx *store.Tx) error { return tx.SaveOrganization(&green) })
		var wait sync.WaitGroup
		ids := make([]int64, 8)
		for i := range ids {
			wait.Go(func() {
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					p, err := tx.EnsureCustomer("Noor@GreenFund.example", "Noor Haddad", c.Brand.ID, monday)
					ids[i] = p.ID
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 1 {
			t.Errorf("eight mails of Noor's made several people: %v", ids)
		}
		read(t, db, func(tx *store.Tx) error {
			p, err := tx.Person(ids[0])
			must(t, err)
			if p.Role != access.Customer || p.Organization != green.ID || p.Email != "noor@greenfund.example" {
				t.Errorf("Noor is kept as %+v", p)
			}
			return nil
		})
	})
}

func TestALaterMailGivesANameThatWasMissing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			_, err := tx.EnsureCustomer("noor@home.example", "", c.Brand.ID, monday)
			must(t, err)
			p, err := tx.EnsureCustomer("noor@home.example", "Noor Haddad", c.Brand.ID, monday)
			must(t, err)
			if p.Name != "Noor Haddad" {
				t.Errorf("the name is %q", p.Name)
			}
			p, err = tx.EnsureCustomer("noor@home.example", "Somebody Else", c.Brand.ID, monday)
			if p.Name != "Noor Haddad" {
				t.Errorf("a known name was overwritten by %q", p.Name)
			}
			return err
		})
	})
}

func TestStaffListPeopleAndCustomersDoNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		read(t, db, func(tx *store.Tx) error {
			page, err := tx.People(c.Ben.Actor(), store.PeopleFilter{Role: access.Customer, Limit: 1})
			must(t, err)
			if len(page.Items) != 1 || page.Items[0].ID != c.Tomas.ID || page.Next == "" {
				t.Errorf("the first page of customers is %+v", page)
			}
			page, err = tx.People(c.Ben.Actor(), store.PeopleFilter{Role: access.Customer, Limit: 1, After: page.Next})
			must(t, err)
			if len(page.Items) != 1 || page.Items[0].ID != c.Maria.ID || page.Next != "" {
				t.Errorf("the second page of customers is %+v", page)
			}
			for typed, want := range map[string]int{"mar": 1, "MARIA@": 1, "%": 0, "_": 0, "": 6} {
				page, err := tx.People(c.Ben.Actor(), store.PeopleFilter{Query: typed})
				must(t, err)
				if len(page.Items) != want {
					t.Errorf("%q finds %d people, want %d", typed, len(page.Items), want)
				}
			}
			page, err = tx.People(c.Maria.Actor(), store.PeopleFilter{})
			must(t, err)
			if len(page.Items) != 0 {
				t.Errorf("Maria can list %d people", len(page.Items))
			}
			staff, err := tx.Staff()
			must(t, err)
			if len(staff) != 4 || staff[1].ID != c.Ben.ID || !slices.Equal(staff[1].Groups, []int64{c.Support.ID}) {
				t.Errorf("the staff is %+v", staff)
			}
			return nil
		})
	})
}

func TestGroupsBrandsAndMailboxesAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			c.Billing.Members = []int64{c.Cem.ID, c.Ana.ID}
			must(t, tx.SaveGroup(&c.Billing))
			c.Brand.Accent = "#0f766e"
			must(t, tx.SaveBrand(&c.Brand))
			c.Mailbox.Secret = []byte("sealed")
			must(t, tx.SaveMailbox(&c.Mailbox))
			c.Mailbox.Secret, c.Mailbox.Paused = nil, true
			must(t, tx.SaveMailbox(&c.Mailbox))
			return tx.MailboxPosition(c.Mailbox.ID, "77:4711", "")
		})
		read(t, db, func(tx *store.Tx) error {
			groups, err := tx.Groups()
			must(t, err)
			if len(groups) != 2 || groups[0].Name != "Billing" || !slices.Equal(groups[0].Members, []int64{c.Ana.ID, c.Cem.ID}) {
				t.Errorf("groups are %+v", groups)
			}
			brand, err := tx.Brand(c.Brand.ID)
			must(t, err)
			brands, err := tx.Brands()
			must(t, err)
			if brand.Accent != "#0f766e" || len(brands) != 1 {
				t.Errorf("brands are %+v", brands)
			}
			box, err := tx.MailboxByAddress("Help@Larkspur.example")
			must(t, err)
			if string(box.Secret) != "sealed" || !box.Paused || box.Position != "77:4711" || box.Group != c.Support.ID {
				t.Errorf("the mailbox is %+v", box)
			}
			boxes, err := tx.Mailboxes()
			must(t, err)
			again, err := tx.Mailbox(c.Mailbox.ID)
			must(t, err)
			if len(boxes) != 1 || again.Address != box.Address {
				t.Errorf("mailboxes are %+v", boxes)
			}
			return nil
		})
		is(t, db.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveGroup(&account.Group{Name: "Billing"}) }), fault.Conflict)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveMailbox(&account.Mailbox{Address: "HELP@larkspur.example", Brand: c.Brand.ID})
		}), fault.Conflict)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveBrand(&account.Brand{Name: "Other", Slug: "larkspur"}) }), fault.Conflict)
	})
}

func TestADomainBelongsToOneOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.NewCast(t, db)
		green := account.Organization{Name: "Green Fund", Domains: []string{"greenfund.example"}, Facts: map[string]any{"plan": "gold"}}
		write(t, db, func(tx *store.Tx) error { return tx.SaveOrganization(&green) })
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveOrganization(&account.Organization{Name: "Copycat", Domains: []string{"greenfund.example"}})
		}), fault.Conflict)
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.Organizations()
			must(t, err)
			one, err := tx.Organization(green.ID)
			must(t, err)
			if len(all) != 1 || one.Facts["plan"] != "gold" || !slices.Equal(one.Domains, green.Domains) {
				t.Errorf("organisations are %+v", all)
			}
			return nil
		})
	})
}
