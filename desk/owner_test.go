package desk_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
)

// shop sends events as a shop does that knows the secret.
func (o *office) shop(body string) desk.ShopHeard {
	o.t.Helper()
	secret, err := o.desk.ShopSecret(ctx, o.ana.Actor())
	o.must(err)
	now := o.clock.Now()
	heard, err := o.desk.HearShop(ctx, []byte(body), strconv.FormatInt(now.Unix(), 10), desk.SignExchange(secret, now, []byte(body)))
	o.must(err)
	return heard
}

func (o *office) unknown(address string) {
	o.t.Helper()
	people, err := o.desk.FindCustomers(ctx, o.ben.Actor(), address, 5)
	o.must(err)
	if len(people) > 0 {
		o.t.Errorf("%s is left behind: %+v", address, people)
	}
}

// What cannot be taken leaves nothing behind, no person and no company, and the event is heard once it is corrected.
func TestARefusedSaleLeavesNothingBehind(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		first := o.shop(`{"id": "e1", "sales": [{"email": "nora@harbour.example", "organization": "Harbour", "order": "7"}, {"email": "maria@acme.example", "order": "8", "ordered": "2026-11-02", "product": "AbleCommerce"}]}`)
		if first.New != 1 || len(first.Refused) != 1 || first.Refused[0].Sale != 1 {
			t.Errorf("the event is %+v", first)
		}
		o.unknown("nora@harbour.example")
		o.unknown("harbour")
		corrected := o.shop(`{"id": "e1", "sales": [{"email": "nora@harbour.example", "organization": "Harbour", "order": "7", "ordered": "2026-11-03"}]}`)
		if corrected.New != 1 || len(corrected.Refused) != 0 {
			t.Errorf("the corrected event is %+v", corrected)
		}
		table, err := desk.ReadCustomers("email,company,order,website\nnils@dock.example,Dock,9,dock.example\n")
		o.must(err)
		done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		o.is("a line without its day", done.Says("line", "customer"), "1 line read: 0 new customers, 0 added to what was there, 0 known already, 1 left out.")
		o.unknown("nils@dock.example")
		o.unknown("dock")
	})
}

// A refund that is heard before the purchase stays one: what happened last counts, in whatever order it is told.
func TestAnOlderEventOfAShopUndoesNothing(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		tell := func(id, at, says string) string {
			heard := o.shop(`{"id": "` + id + `", ` + at + `"sales": [{"email": "maria@acme.example", ` + says + `}]}`)
			return fmt.Sprintf("%d new, %d changed, %d known, %d refused", heard.New, heard.Changed, heard.Known, len(heard.Refused))
		}
		stands := func() string {
			owned := o.record(mail1).Owned
			return fmt.Sprintf("%s, %q, until %s", owned.Licences[0].Status, owned.Orders[0].Notes, owned.Subscriptions[0].Until)
		}
		bought := `"order": "8", "ordered": "2026-11-02", "product": "AbleCommerce", "site": "acme-shop.example", "plan": "priority", "from": "2026-11-02", "until": "2027-11-02"`
		o.is("bought", tell("e1", `"at": "2026-11-02T09:00:00Z", `, bought), "1 new, 0 changed, 0 known, 0 refused")
		refunded := `"order": "8", "site": "acme-shop.example", "status": "refunded", "notes": "Money back", "plan": "priority", "from": "2026-11-02", "until": "2026-11-09"`
		o.is("refunded", tell("e2", `"at": "2026-11-09T09:00:00Z", `, refunded), "0 new, 1 changed, 0 known, 0 refused")
		o.is("older", tell("e3", `"at": "2026-11-09T08:59:59+00:00", `, bought+`, "status": "active", "notes": "Paid"`), "0 new, 0 changed, 1 known, 0 refused")
		o.is("stands", stands(), `ended, "Money back", until 2026-11-09`)
		o.is("the same again, later", tell("e4", `"at": "2026-11-12T09:00:00Z", `, refunded), "0 new, 0 changed, 1 known, 0 refused")
		tell("e5", `"at": "2026-11-10T09:00:00Z", `, bought+`, "status": "active", "notes": "Paid"`)
		o.is("stands", stands(), `ended, "Money back", until 2026-11-09`)
		o.is("without a time it is now", tell("e6", "", bought+`, "status": "active", "notes": "Bought again"`), "0 new, 1 changed, 0 known, 0 refused")
		o.is("stands", stands(), `active, "Bought again", until 2027-11-02`)
	})
}

// Ben corrects what stands about Maria while an event of the shop is on its way. What he corrected stays, and the rest of the event counts. What
// happens at the shop after that is news again.
func TestAnOlderEventOfAShopUndoesNoCorrection(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 15:00", func(o *office) {
		tell := func(id, at, says string) {
			o.t.Helper()
			if heard := o.shop(`{"id": "` + id + `", "at": "` + at + `", "sales": [{"email": "maria@greenfund.example", ` + says + `}]}`); len(heard.Refused) > 0 {
				o.t.Errorf("%s was refused: %+v", id, heard.Refused)
			}
		}
		stands := func() string {
			c := o.record("maria@greenfund.example")
			l, order, plan := c.Owned.Licences[0], c.Owned.Orders[0], c.Owned.Subscriptions[0]
			return fmt.Sprintf("%s %s %s at %s, %q of %s, until %s, %v", l.ProductName, l.VersionName, l.Status, l.Site, order.Notes, order.PlacedOn, plan.Until, c.Person.Facts["customer.region"])
		}
		bought := `"order": "8", "ordered": "2026-11-02", "product": "PipeRocks CRM", "version": "3.1", "site": "greenfund.example", "external": "L-8", "region": "us-east"`
		plan := `"plan": "enterprise", "from": "2026-11-02", "external": "P-8", `
		tell("e1", "2026-11-02T09:00:00Z", bought)
		tell("e2", "2026-11-02T09:00:00Z", plan+`"until": "2027-11-02"`)
		o.is("bought", stands(), `PipeRocks CRM 3.1 active at greenfund.example, "" of 2026-11-02, until 2027-11-02, us-east`)

		owned := o.record("maria@greenfund.example").Owned
		o.owns(desk.Sale{Licence: owned.Licences[0].ID, Site: "shop.greenfund.example", Version: "3.2"})
		o.owns(desk.Sale{Subscription: owned.Subscriptions[0].ID, Until: "2028-01-31"})
		o.owns(desk.Sale{Email: "maria@greenfund.example", Order: "8", Ordered: "2026-11-03"})
		o.must(o.desk.KeepRecord(ctx, o.ben.Actor(), desk.KeepRecord{Person: o.customer("maria@").Person, Facts: map[string]string{"customer.region": "uk"}}))
		tell("e3", "2026-11-17T19:59:00Z", bought+`, "status": "ended", "notes": "Gift wrapped"`) // 14:59 in New York, a minute before
		tell("e4", "2026-11-17T19:59:00Z", plan+`"until": "2026-12-31"`)
		o.is("told late", stands(), `PipeRocks CRM 3.2 ended at shop.greenfund.example, "Gift wrapped" of 2026-11-03, until 2028-01-31, uk`)

		o.at("2026-11-17 15:10")
		tell("e5", "2026-11-17T20:05:00Z", bought)
		tell("e6", "2026-11-17T20:05:00Z", plan+`"until": "2026-12-31"`)
		o.is("told of what came later", stands(), `PipeRocks CRM 3.1 ended at greenfund.example, "Gift wrapped" of 2026-11-02, until 2026-12-31, us-east`)
	})
}

// A shop and a table hand nothing to somebody else; a colleague does, and it is written down who did.
func TestOnlyAPersonHandsAnOrderToSomebodyElse(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		o.shop(`{"id": "e1", "sales": [{"email": "maria@acme.example", "name": "Maria Lopez", "order": "8", "ordered": "2026-11-02", "product": "AbleCommerce", "site": "acme-shop.example", "key": "AC7K-99QX-11ZZ"}]}`)
		moved := o.shop(`{"id": "e2", "sales": [{"email": "nora@harbour.example", "order": "8"}, {"email": "nora@harbour.example", "product": "AbleCommerce", "key": "AC7K-99QX-11ZZ"}]}`)
		if len(moved.Refused) != 2 || !strings.Contains(moved.Refused[0].Says, "order 8 belongs to Maria Lopez") || !strings.Contains(moved.Refused[1].Says, "acme-shop.example belongs to Maria Lopez") {
			t.Errorf("a shop hands Maria's order to Nora: %+v", moved)
		}
		o.unknown("nora@harbour.example")
		if more := o.shop(`{"id": "e3", "sales": [{"email": "maria@acme.example", "organization": "Acme", "order": "8"}]}`); more.New != 1 || len(more.Refused) != 0 {
			t.Errorf("the company of an owner is %+v", more)
		}
		o.owns(desk.Sale{Email: "nora@harbour.example", Name: "Nora Berg", Order: "8", Notes: "Nora bought Acme's shop"})
		c := o.record("nora@harbour.example")
		var said []string
		for _, change := range c.Changes {
			said = append(said, fmt.Sprintf("%s %s: %s > %s, %s %s", change.About[:5], change.What, change.Was, change.Is, change.Source, change.ByName))
		}
		o.is("what changed", strings.Join(said, "\n"), "order owner: Maria Lopez, Acme > Nora Berg, hand Ben Okafor\norder notes:  > Nora bought Acme's shop, hand Ben Okafor\norder owner: Maria Lopez > Maria Lopez, Acme, shop \norder added:  > , shop ")
	})
}

// A table belongs to the brand that whoever imports it has chosen.
func TestATableIsOfTheChosenBrand(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		north, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Northbound", Slug: "northbound"})
		o.must(err)
		table, err := desk.ReadCustomers("email,order,order date\nnora@harbour.example,9,2026-11-02\n")
		o.must(err)
		columns := table.Guess()
		columns.Brand = north.ID
		_, err = o.desk.ImportCustomers(ctx, o.ana.Actor(), table, columns, false)
		o.must(err)
		if orders := o.record("nora@harbour.example").Owned.Orders; len(orders) != 1 || orders[0].Brand != north.ID {
			t.Errorf("Nora's order is %+v, want one of Northbound", orders)
		}
		columns.Brand = 99
		if _, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, columns, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("a brand that is not there is answered with %v", err)
		}
	})
}

// A desk that has no ticket and owes a weekly report has something planned.
func TestWhatHappensNextKnowsTheWeeklyReport(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.must(o.desk.MailReport(ctx, o.ana.Actor(), desk.ReportMail{Brand: o.brand.ID, Weekday: 1, Hour: 8}))
		at, id, says, err := o.desk.NextHappening(ctx)
		o.must(err)
		next, err := o.desk.NextDue(ctx)
		o.must(err)
		if at.IsZero() || !at.Equal(next) || id != 0 || says != "the weekly report is mailed" {
			t.Errorf("next is %s, #%d, %q; NextDue is %s", at, id, says, next)
		}
	})
}

// What a form shows can be emptied; a sale that is silent about it takes nothing away.
func TestAFieldOfARecordCanBeEmptied(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		sold := o.owns(desk.Sale{Email: "maria@acme.example", Product: "AbleCommerce", Version: "7.0.2", Site: "wrong.example", Ordered: "2026-11-02", Order: "8"})
		o.owns(desk.Sale{Licence: sold.Licence, Product: "AbleCommerce"})
		o.is("silent", o.record("maria@acme.example").Owned.Licences[0].Site, "wrong.example")
		o.owns(desk.Sale{Licence: sold.Licence, Product: "AbleCommerce", Ordered: "2026-11-02", Whole: true})
		l := o.record("maria@acme.example").Owned.Licences[0]
		if l.Site != "" || l.VersionName != "" || l.OrderNumber != "" || l.OrderedOn.String() != "2026-11-02" {
			t.Errorf("after emptying it is %+v", l)
		}
		hosting := o.owns(desk.Sale{Email: "maria@acme.example", Plan: "Hosting", From: "2026-11-01", Until: "2026-12-31"})
		o.owns(desk.Sale{Subscription: hosting.Subscription, Whole: true})
		if s := o.record("maria@acme.example").Owned.Subscriptions[0]; !s.Until.IsZero() {
			t.Errorf("the plan still ends on %s", s.Until)
		}
	})
}
