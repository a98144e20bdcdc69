package store_test

import (
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// shelf is what the customers of these tests own.
type shelf struct {
	acme, green       account.Organization
	product           int64
	order             account.Order
	shop, parts, book account.Licence // two of Acme's, one of Tomas's own
	hosting           account.Subscription
	evaluation        account.Evaluation
	catalogue         account.Project // Acme's, led by Ben
}

func day(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	must(t, err)
	return d
}

// stocked stores a shelf: Maria works for Acme, which has bought twice; Tomas has a licence of his own and evaluates.
func stocked(t testing.TB, db *store.DB, c *storetest.Cast) (s shelf) {
	t.Helper()
	write(t, db, func(tx *store.Tx) (err error) {
		s.acme = account.Organization{Name: "Acme Bohrwerk GmbH", Domains: []string{"bohrwerk.example"}}
		must(t, tx.SaveOrganization(&s.acme))
		c.Maria.Organization = s.acme.ID
		must(t, tx.SavePerson(&c.Maria))
		s.product, err = tx.EnsureProduct(c.Brand.ID, "AbleCommerce")
		must(t, err)
		seven, err := tx.EnsureVersion(s.product, "7.0.2")
		must(t, err)
		acme := account.Owner{Person: c.Maria.ID, Organization: s.acme.ID}
		s.order = account.Order{Brand: c.Brand.ID, Number: "AC-20417", Owner: acme, PlacedOn: day(t, "2026-11-02"), Source: account.ByHand,
			Notes: "Wants it for https://www.fasteners.example, invoice to the office", Lines: []account.OrderLine{{Product: s.product, What: "AbleCommerce, one site", Quantity: 2}}}
		must(t, tx.SaveOrder(&s.order))
		s.shop = account.Licence{Brand: c.Brand.ID, Owner: acme, Product: s.product, Version: seven, Site: "https://www.Acme-Shop.example/", Key: account.KeyOf("AC7K-99QX-11ZZ-TTTT"), Order: s.order.ID, OrderedOn: day(t, "2026-11-02")}
		must(t, tx.SaveLicence(&s.shop))
		s.parts = account.Licence{Brand: c.Brand.ID, Owner: acme, Product: s.product, Site: "acme-parts.example", Key: account.KeyOf("BB55-0000-2222-XXXX"), OrderedOn: day(t, "2025-03-01")}
		must(t, tx.SaveLicence(&s.parts))
		s.book = account.Licence{Brand: c.Brand.ID, Owner: account.Owner{Person: c.Tomas.ID}, Product: s.product, Site: "bücher-becker.example"}
		must(t, tx.SaveLicence(&s.book))
		s.hosting = account.Subscription{Brand: c.Brand.ID, Owner: account.Owner{Organization: s.acme.ID}, Plan: "hosting", From: day(t, "2026-01-01")}
		must(t, tx.SaveSubscription(&s.hosting))
		s.evaluation = account.Evaluation{Brand: c.Brand.ID, Person: c.Tomas.ID, Product: s.product, BeganOn: day(t, "2026-10-01")}
		must(t, tx.SaveEvaluation(&s.evaluation))
		s.catalogue = account.Project{Brand: c.Brand.ID, Owner: account.Owner{Organization: s.acme.ID}, Name: "Spring catalogue", Lead: c.Ben.ID}
		must(t, tx.SaveProject(&s.catalogue))
		return tx.SaveContact(&account.Contact{Person: c.Maria.ID, Kind: account.Phone, Value: "+15035550142"})
	})
	return s
}

func TestWhatIsOwnedIsReadAsItWasStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		read(t, db, func(tx *store.Tx) error {
			o, err := tx.Owned(c.Ben.Actor(), store.OwnerOf(c.Maria), c.Brand.ID)
			must(t, err)
			if len(o.Licences) != 2 || len(o.Orders) != 1 || len(o.Subscriptions) != 1 || len(o.Evaluations) != 0 {
				t.Fatalf("Maria and Acme own %+v", o)
			}
			l := o.Licences[0]
			if l.Site != "acme-shop.example" || l.ProductName != "AbleCommerce" || l.VersionName != "7.0.2" || l.Key.Start != "AC7K99QX" || l.OrderNumber != "AC-20417" || l.OrderedOn != day(t, "2026-11-02") || l.Status != account.Active {
				t.Errorf("the newest licence is %+v", l)
			}
			if old := o.Licences[1]; old.VersionName != "" || old.Order != 0 || old.OrderNumber != "" || !old.SupportedUntil.IsZero() {
				t.Errorf("what nobody has said is told of %+v", old)
			}
			if got := o.Orders[0]; got.Lines[0].Quantity != 2 || got.Lines[0].What != "AbleCommerce, one site" || got.Source != account.ByHand {
				t.Errorf("the order is %+v", got)
			}
			if o.Subscriptions[0].Plan != "hosting" || !o.Subscriptions[0].Until.IsZero() {
				t.Errorf("the subscription is %+v", o.Subscriptions[0])
			}
			tomas, err := tx.Owned(c.Ben.Actor(), store.OwnerOf(c.Tomas), c.Brand.ID)
			must(t, err)
			if len(tomas.Evaluations) != 1 || tomas.Evaluations[0].BeganOn != s.evaluation.BeganOn || len(tomas.Licences) != 1 {
				t.Errorf("Tomas owns %+v", tomas)
			}
			other, err := tx.Owned(c.Ben.Actor(), store.OwnerOf(c.Maria), c.Brand.ID+1)
			must(t, err)
			if !other.Empty() {
				t.Errorf("of another brand Maria owns %+v", other)
			}
			return nil
		})
	})
}

// B1: whatever is not theirs answers a customer like what is not there.
func TestB1_WhatIsForeignIsLikeWhatIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		link := access.Actor{Person: c.Maria.ID, Role: access.Customer, Ticket: 1}
		read(t, db, func(tx *store.Tx) error {
			_, err := tx.Licence(c.Maria.Actor(), s.shop.ID)
			must(t, err)
			_, absent := tx.Licence(c.Maria.Actor(), 99_999)
			for _, a := range []access.Actor{c.Tomas.Actor(), link, {}} {
				_, err := tx.Licence(a, s.shop.ID)
				is(t, err, fault.NotFound)
				if fault.Says(err) != fault.Says(absent) {
					t.Errorf("a foreign licence says %q, one that is not there %q", err, absent)
				}
				_, err = tx.Order(a, s.order.ID)
				is(t, err, fault.NotFound)
				_, err = tx.Subscription(a, s.hosting.ID)
				is(t, err, fault.NotFound)
				theirs, err := tx.Owned(a, store.OwnerOf(c.Maria), 0)
				must(t, err)
				if !theirs.Empty() {
					t.Errorf("%+v reads what Maria owns: %+v", a, theirs)
				}
				hits, err := tx.SearchCustomers(a, "acme", 20)
				must(t, err)
				if len(hits) > 0 {
					t.Errorf("%+v finds %v", a, found(hits))
				}
			}
			evaluations, err := tx.Owned(c.Maria.Actor(), store.OwnerOf(c.Tomas), 0)
			must(t, err)
			if !evaluations.Empty() {
				t.Errorf("Maria reads what Tomas owns: %+v", evaluations)
			}
			return nil
		})
	})
}

// found says what a search found, by the name people know it by.
func found(hits []store.CustomerHit) (all []string) {
	for _, h := range hits {
		switch h.By {
		case store.CustomerLicence:
			all = append(all, h.Licence.Site)
		case store.CustomerOrder:
			all = append(all, h.Order.Number)
		case store.CustomerOrganization:
			all = append(all, h.Organization.Name)
		default:
			all = append(all, h.Person.Email)
		}
	}
	return all
}

func TestS1_19_AnAccountIsFoundByWhatACallerSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		stocked(t, db, c)
		const shop, parts, acme, order, maria, book = "acme-shop.example", "acme-parts.example", "Acme Bohrwerk GmbH", "AC-20417", "maria@greenfund.example", "bücher-becker.example"
		read(t, db, func(tx *store.Tx) error {
			for _, search := range []struct {
				typed string
				want  []string
			}{
				{"acme", []string{parts, shop, acme}},
				{"ACME-sh", []string{shop}},
				{"acme shop", []string{shop}},
				{"acmeshop", []string{shop}},
				{"shop acme", []string{shop}},
				{"https://www.acme-shop.example/cart?x=1", []string{shop}}, // a page of the site
				{"www.acme-shop.example", []string{shop}},
				{"cmesh", []string{shop}},
				{"hop", []string{shop}},
				{"bucher", []string{book}},
				{"BÜCHER", []string{book}},
				{"20417", []string{order}},
				{"ac-20417", []string{order}},
				{"#AC 20417", []string{order}},
				{"fasteners", []string{order}}, // stands in the notes of the order
				{"Maria Lopez", []string{maria}},
				{"lopez maria", []string{maria}},
				{"lope", []string{maria}},
				{"bohrwerk", []string{acme}},
				{"werk", []string{acme}},
				{"maria@greenfund.example", []string{maria}},
				{"greenfund", []string{maria}},
				{"AC7K99QX", []string{shop}},
				{"ac7k-99qx-11zz-tttt", []string{shop}},
				{"+1 503 555 0142", []string{maria}},
				{"(503) 555-0142", []string{maria}},
				{"0503 5550142", []string{maria}},
				{"5550142", []string{maria}},
				{"acmee-shop", []string{shop}}, // one letter too many
				{"akme-shop", []string{shop}},  // another letter
				{"acem-shop", []string{shop}},  // changed places
				{"lopes", []string{maria}},
				{"mraia lopez", []string{maria}},
				{"ben@larkspur.example", nil}, // a colleague is no customer
				{"a", nil},
				{"zz", nil},
				{"%", nil},
				{`x' OR 1=1 --`, nil},
				{"", nil},
			} {
				hits, err := tx.SearchCustomers(c.Ben.Actor(), search.typed, 20)
				must(t, err)
				got := found(hits)
				slices.Sort(got)
				slices.Sort(search.want)
				if !slices.Equal(got, search.want) {
					t.Errorf("%q finds %q, want %q", search.typed, got, search.want)
				}
			}
			hits, err := tx.SearchCustomers(c.Ben.Actor(), "acme", 20)
			must(t, err)
			if got := found(hits); !slices.Equal(got, []string{parts, shop, acme}) {
				t.Errorf("licences come first: %q", got)
			}
			if hits[0].Person.Name != "Maria Lopez" || hits[0].Organization.Name != acme {
				t.Errorf("the licence is shown as that of %+v", hits[0])
			}
			return nil
		})
	})
}

func TestWhatChangesIsFoundByWhatItIsNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		write(t, db, func(tx *store.Tx) error {
			s.parts.Site = "hinges.example"
			must(t, tx.SaveLicence(&s.parts))
			s.acme.Name = "Zenith AG"
			must(t, tx.SaveOrganization(&s.acme))
			c.Maria.Name = "Maria Okonkwo"
			must(t, tx.SavePerson(&c.Maria))
			contacts, err := tx.Contacts(c.Maria.ID)
			must(t, err)
			return tx.DropContact(c.Maria.ID, contacts[0].ID)
		})
		read(t, db, func(tx *store.Tx) error {
			for typed, want := range map[string]string{"acme-parts": "", "hinges": "hinges.example", "bohrwerk gmbh": "", "zenith": "Zenith AG", "lopez": "", "okonkwo": "maria@greenfund.example", "5550142": ""} {
				hits, err := tx.SearchCustomers(c.Ana.Actor(), typed, 20)
				must(t, err)
				if got := strings.Join(found(hits), " "); got != want {
					t.Errorf("%q finds %q, want %q", typed, got, want)
				}
			}
			return nil
		})
	})
}

func TestWhatMustNotExistTwiceDoesNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		s := stocked(t, db, c)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveOrder(&account.Order{Brand: c.Brand.ID, Number: s.order.Number, Owner: account.Owner{Person: c.Tomas.ID}, PlacedOn: s.order.PlacedOn, Source: account.ByHand})
		}), fault.Conflict)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveLicence(&account.Licence{Brand: c.Brand.ID, Owner: account.Owner{Person: c.Tomas.ID}, Product: s.product, Key: account.KeyOf("ac7k 99qx 11zz tttt")})
		}), fault.Conflict)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveLicence(&account.Licence{Brand: c.Brand.ID, Product: s.product})
		}), fault.Invalid)
		is(t, db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SaveSubscription(&account.Subscription{Brand: c.Brand.ID, Owner: account.Owner{Person: c.Tomas.ID}, Plan: "phone", From: day(t, "2026-11-02"), Until: day(t, "2026-11-01")})
		}), fault.Invalid)
		write(t, db, func(tx *store.Tx) error {
			again := account.Evaluation{Brand: c.Brand.ID, Person: c.Tomas.ID, Product: s.product, BeganOn: day(t, "2026-11-20")}
			must(t, tx.SaveEvaluation(&again))
			if again.ID != s.evaluation.ID || again.BeganOn != s.evaluation.BeganOn {
				t.Errorf("downloading again began a new evaluation: %+v", again)
			}
			same, err := tx.EnsureProduct(c.Brand.ID, " ablecommerce ")
			must(t, err)
			if same != s.product {
				t.Error("the same product in other letters is another one")
			}
			return nil
		})
	})
}

func TestS1_18_ANumberNamesEverybodyItBelongsTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.SaveContact(&account.Contact{Person: c.Maria.ID, Kind: account.Phone, Value: "+4930112233", Shared: true}))
			return tx.SaveContact(&account.Contact{Person: c.Tomas.ID, Kind: account.Phone, Value: "+4930112233"})
		})
		read(t, db, func(tx *store.Tx) error {
			all, err := tx.ContactsWith(account.Phone, "+4930112233")
			must(t, err)
			if len(all) != 2 || all[0].Person != c.Tomas.ID || all[0].Shared || !all[1].Shared {
				t.Errorf("the number belongs to %+v; a direct one comes first", all)
			}
			return nil
		})
	})
}

func TestADecisionKeepsWhatItRestedOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Key")
		write(t, db, func(tx *store.Tx) error {
			p := store.PolicyVersion{Brand: c.Brand.ID, Name: "n", Version: "1", Source: "policy", Effective: monday, Applied: monday}
			must(t, tx.AddPolicyVersion(&p))
			for _, level := range []string{"active", "no_plan"} {
				must(t, tx.AddDecision(&account.Decision{Ticket: tk.ID, Person: c.Maria.ID, About: account.About{Kind: account.AboutLicence, ID: 4}, Policy: p.ID, Level: level, Row: "recent", Because: "Ordered", Facts: map[string]any{"licence.ordered_on": "2026-11-02"}, At: monday}))
			}
			d, err := tx.DecisionFor(tk.ID)
			must(t, err)
			if d.Level != "no_plan" || d.About.ID != 4 || d.Facts["licence.ordered_on"] != "2026-11-02" || !d.At.Equal(monday) {
				t.Errorf("the newest decision is %+v", d)
			}
			all, err := tx.DecisionsOf(c.Maria.ID, 10)
			must(t, err)
			if len(all) != 2 {
				t.Errorf("of Maria %d decisions are kept, want 2", len(all))
			}
			return nil
		})
	})
}
