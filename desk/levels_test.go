package desk_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

const ableCommerce, soapbox = "ablecommerce-phone-procedures", "soapbox-phone-support"

// owns lets a colleague write down what a customer owns.
func (o *office) owns(sale desk.Sale) desk.Sold {
	o.t.Helper()
	sold, err := o.desk.Own(ctx, o.ben.Actor(), sale)
	o.must(err)
	return sold
}

// record is a customer's record as Ben sees it.
func (o *office) record(email string) desk.Customer {
	o.t.Helper()
	c, err := o.desk.Customer(ctx, o.ben.Actor(), o.customer(email).Person)
	o.must(err)
	return c
}

// levels are the levels of what somebody owns, each with the row that decided.
func levels(c desk.Customer) (all []string) {
	for _, t := range c.Things {
		all = append(all, c.Owned.Name(t.About)+": "+t.Level.Level+" by "+t.Level.Row)
	}
	return all
}

// files opens a case as a customer does who is signed in and has chosen what it is about.
func (o *office) files(email, kind string, about account.About) (desk.Done, error) {
	o.t.Helper()
	return o.desk.Create(ctx, o.customer(email), desk.Request{Subject: "A case", Text: "It does not work", Kind: kind, About: about.String()})
}

const mail1, mail2 = "maria@acme.example", "jonas@becker.example"

// S1-01, 1.14, 1.18 and 1.19 on what is on record: one customer, three licences, three levels.
func TestS1_01_ALevelBelongsToALicence(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Name: "Maria Lopez", Organization: "Acme", Order: "AC-1", Ordered: "2026-10-18", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example"})
		o.owns(desk.Sale{Email: mail1, Order: "AC-2", Ordered: "2026-10-17", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-parts.example"})
		o.owns(desk.Sale{Email: mail1, Ordered: "2026-11-10", Product: "AbleCommerce", Version: "5.5", Site: "acme-old.example"})
		o.is("levels", strings.Join(levels(o.record(mail1)), "\n"), "acme-old.example: unsupported by old-version\nacme-shop.example: active by recent\nacme-parts.example: no_plan by none")
		why := o.record(mail1).Things[1].Level.Sentence
		if !strings.Contains(why, "Active support plan: Ordered within the last 30 days.") || !strings.Contains(why, "30") {
			t.Errorf("the level is explained with %q", why)
		}
		o.clock.Pass(24 * time.Hour)
		o.is("the day after", levels(o.record(mail1))[1], "acme-shop.example: no_plan by none")
	})
}

// S1-05 and S1-06 (1.15 to 1.17).
func TestS1_05_EvaluationsAndHostingAsTheyAreOnRecord(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		for email, began := range map[string]string{"a@eval.example": "2026-08-19", "b@eval.example": "2026-08-18", "c@eval.example": "2026-07-20"} {
			o.owns(desk.Sale{Email: email, Product: "AbleCommerce", Evaluating: began})
		}
		o.is("90 days", strings.Join(levels(o.record("a@eval.example")), ""), "the evaluation of AbleCommerce: active by evaluating")
		o.is("91 days", strings.Join(levels(o.record("b@eval.example")), ""), "the evaluation of AbleCommerce: sales by long-evaluation")
		o.is("120 days", strings.Join(levels(o.record("c@eval.example")), ""), "the evaluation of AbleCommerce: sales by long-evaluation")
		o.owns(desk.Sale{Email: mail1, Ordered: "2025-10-13", Product: "AbleCommerce", Version: "7", Site: "acme.example"})
		o.is("an old order", levels(o.record(mail1))[0], "acme.example: no_plan by none")
		o.owns(desk.Sale{Email: mail1, Plan: "Hosting", From: "2026-01-01"})
		o.is("and hosted", levels(o.record(mail1))[0], "acme.example: active by hosted")
		o.owns(desk.Sale{Email: mail1, Plan: "hosting", Until: "2026-11-16"})
		o.is("hosted until yesterday", levels(o.record(mail1))[0], "acme.example: no_plan by none")
		o.owns(desk.Sale{Email: mail1, Plan: "priority"})
		o.is("priority", levels(o.record(mail1))[0], "acme.example: priority by priority")
	})
}

// 1.20: the same answer on the record, in the form, on the ticket and in routing, and it is kept with what it rested on.
func TestS1_16_TheRecordTheFormAndRoutingDecideAlike(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Order: "AC-1", Ordered: "2026-11-02", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example"})
		o.owns(desk.Sale{Email: mail1, Order: "AC-2", Ordered: "2025-03-01", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-parts.example"})
		record := o.record(mail1)
		form, err := o.desk.Things(ctx, o.customer(mail1), o.brand.ID)
		o.must(err)
		if len(form) != 2 || len(record.Things) != 2 {
			t.Fatalf("the form offers %d things, the record shows %d, want 2", len(form), len(record.Things))
		}
		for i, thing := range form {
			if thing.About != record.Things[i].About || thing.Level.Sentence != record.Things[i].Level.Sentence {
				t.Errorf("the form says %q, the record %q", thing.Level.Sentence, record.Things[i].Level.Sentence)
			}
			done, err := o.files(mail1, "support", thing.About)
			o.must(err)
			m := o.ticket(done.Ticket.ID).Memory
			o.is("the ticket's level", m.Level+" by "+m.Row, thing.Level.Level+" by "+thing.Level.Row)
			var d account.Decision
			o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { d, err = tx.DecisionFor(done.Ticket.ID); return err }))
			if d.About != thing.About || d.Level != thing.Level.Level || d.Row != thing.Level.Row || d.Because != thing.Level.Because || d.Policy == 0 || !d.At.Equal(o.clock.Now()) || d.Facts["licence.version_major"] != 7.0 {
				t.Errorf("kept is %+v", d)
			}
		}
		o.is("routes", o.ticket(1).Memory.Route+", "+o.ticket(2).Memory.Route, "group: level_two, group: level_one")
	})
}

// S1-16 and B1: without one of their own things a case is not taken, and a foreign one answers like one that is not there.
func TestS1_16_ACaseNeedsAnAccountAndAnOrder(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		theirs := o.owns(desk.Sale{Email: mail1, Ordered: "2026-11-02", Product: "AbleCommerce", Site: "acme-shop.example"})
		o.owns(desk.Sale{Email: mail2, Product: "AbleCommerce", Evaluating: "2026-11-01"})
		stranger := o.desk.Ask(ctx, desk.Request{Requester: "nobody@elsewhere.example", Text: "Help", Kind: "support", Remote: "192.0.2.1"})
		if !fault.Is(stranger, fault.Unsigned) || !strings.Contains(fault.Says(stranger), "sign in") {
			t.Errorf("a stranger is told %v", stranger)
		}
		foreign := account.About{Kind: account.AboutLicence, ID: theirs.Licence}
		answers := map[string]bool{}
		for _, about := range []account.About{{}, foreign, {Kind: account.AboutLicence, ID: 99_999}, {Kind: account.AboutOrder, ID: theirs.Licence}} {
			_, err := o.files(mail2, "support", about)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%q is answered with %v", about, err)
			}
			answers[fault.Says(err)] = true
		}
		if len(answers) != 1 {
			t.Errorf("a foreign licence, an absent one and none are told apart: %v", answers)
		}
		own, err := o.desk.Things(ctx, o.customer(mail2), o.brand.ID)
		o.must(err)
		done, err := o.files(mail2, "support", own[0].About)
		o.must(err)
		o.is("the evaluator's level", done.Ticket.Memory.Level, "active")
		if page := o.sees(o.customer(mail2), done.Ticket.ID); page.Ticket.Facts != nil {
			t.Errorf("the customer's page tells %v", page.Ticket.Facts)
		}
	})
}

func TestAnAgentSaysWhatATicketIsAbout(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Ordered: "2026-11-02", Product: "AbleCommerce", Site: "acme-shop.example"})
		old := o.owns(desk.Sale{Email: mail1, Ordered: "2020-11-02", Product: "AbleCommerce", Version: "4", Site: "acme-old.example"})
		other := o.owns(desk.Sale{Email: mail2, Ordered: "2026-11-02", Product: "AbleCommerce", Site: "becker.example"})
		id := o.asks("Maria Lopez <"+mail1+">", "Where is my key?")
		say := func(about int64) error {
			_, err := o.desk.SayAbout(ctx, o.ben.Actor(), desk.SayAbout{Ticket: id, About: account.About{Kind: account.AboutLicence, ID: about}.String()})
			return err
		}
		o.must(say(old.Licence))
		o.is("the level", o.ticket(id).Memory.Level, "unsupported")
		if err := say(other.Licence); !fault.Is(err, fault.Invalid) {
			t.Errorf("another customer's licence is answered with %v", err)
		}
		o.is("the level stays", o.ticket(id).Memory.Level, "unsupported")
		told := false
		for _, audit := range o.sees(o.ben.Actor(), id).Audits {
			told = told || slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return e.Says == "this is about acme-old.example" && e.Internal })
		}
		if !told {
			t.Error("the record does not tell what it is about")
		}
		if _, err := o.desk.SayAbout(ctx, o.customer(mail1), desk.SayAbout{Ticket: id}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a customer is answered with %v", err)
		}
	})
}

// Ben writes a request of Maria down. What it is about was checked to be hers, and no fact that is said with it takes the place of that.
func TestB1_WhatWasCheckedCountsBeforeWhatIsSaid(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		own := o.owns(desk.Sale{Email: mail1, Ordered: "2026-11-02", Product: "AbleCommerce", Site: "acme-shop.example"})
		other := o.owns(desk.Sale{Email: mail2, Ordered: "2026-11-02", Product: "AbleCommerce", Site: "becker.example"})
		about := func(id int64) string { return account.About{Kind: account.AboutLicence, ID: id}.String() }
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{
			Requester: mail1, Subject: "A case", Text: "It does not work", Kind: "other", About: about(own.Licence), Facts: map[string]any{"order.about": about(other.Licence)},
		})
		o.must(err)
		o.is("what it is about", fmt.Sprint(o.ticket(done.Ticket.ID).Facts["order.about"]), about(own.Licence))
	})
}

// wantsCall asks for a call in a request, and says which system mails went out.
func (o *office) wantsCall(email string) (int64, []string) {
	o.t.Helper()
	done, err := o.desk.Create(ctx, o.customer(email), desk.Request{Subject: "Please call me", Text: "The donation form is hard to set up", Kind: "call", Facts: map[string]any{"ticket.wants_call": true}})
	o.must(err)
	var templates []string
	for _, m := range o.mails(done.Ticket.ID) {
		templates = append(templates, m.template)
	}
	slices.Sort(templates)
	return done.Ticket.ID, templates
}

func (o *office) mayCall(id int64) bool {
	o.t.Helper()
	page := o.sees(o.ben.Actor(), id)
	return policy.FactsOf(&page.Ticket) != nil && page.Ticket.Facts["subscription.phone_support"] == true
}

func TestS0_11_WithoutTheAddOnOnRecord(t *testing.T) {
	eachUnder(t, soapbox, "2026-11-09 10:05", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Product: "Soapbox Engage", Site: "greenfund.example", Ordered: "2024-05-02"})
		id, mails := o.wantsCall(mail1)
		if !slices.Contains(mails, "no-phone-plan") || o.mayCall(id) {
			t.Errorf("somebody without phone support gets %v and may have a call: %v", mails, o.mayCall(id))
		}
	})
}

func TestS0_12_ProspectsWithTheAddOnOnRecord(t *testing.T) {
	eachUnder(t, soapbox, "2026-11-09 10:05", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Product: "Soapbox Engage", Evaluating: "2026-11-01"})
		o.owns(desk.Sale{Email: mail1, Plan: "phone", From: "2026-11-01"})
		o.owns(desk.Sale{Email: mail2, Product: "Soapbox Engage", Site: "greenfund.example", Ordered: "2024-05-02"})
		prospect, mails := o.wantsCall(mail1)
		if slices.Contains(mails, "no-phone-plan") || !o.mayCall(prospect) {
			t.Errorf("a prospect who pays for calls gets %v", mails)
		}
		o.is("how far the prospect is", o.ticket(prospect).Facts["customer.stage"].(string), "prospective")
		active, mails := o.wantsCall(mail2)
		if !slices.Contains(mails, "no-phone-plan") || o.mayCall(active) {
			t.Errorf("an active customer who does not pay for calls gets %v", mails)
		}
		o.is("how far the customer is", o.ticket(active).Facts["customer.stage"].(string), "active")
	})
}

func TestS0_13_TheAddOnEndsOnItsLastDay(t *testing.T) {
	eachUnder(t, soapbox, "2026-11-25 10:00", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Product: "Soapbox Engage", Site: "greenfund.example", Ordered: "2024-05-02"})
		o.owns(desk.Sale{Email: mail1, Plan: "Phone support", From: "2025-12-01", Until: "2026-11-30"})
		_, mails := o.wantsCall(mail1)
		if slices.Contains(mails, "no-phone-plan") {
			t.Errorf("five days before its end the add-on counts for nothing: %v", mails)
		}
		o.at("2026-11-30 23:59")
		if _, mails = o.wantsCall(mail1); slices.Contains(mails, "no-phone-plan") {
			t.Errorf("on its last day the add-on counts for nothing: %v", mails)
		}
		o.at("2026-12-01 00:00")
		if _, mails = o.wantsCall(mail1); !slices.Contains(mails, "no-phone-plan") {
			t.Errorf("the add-on has ended and still counts: %v", mails)
		}
	})
}

func TestWhatIsSaidTwiceIsKnownOnce(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		sale := desk.Sale{Email: mail1, Name: "Maria Lopez", Organization: "Acme", Phone: "+1 503 555 0142", Order: "AC-1", Ordered: "2026-11-02", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example", Key: "AC7K-99QX-11ZZ", Notes: "For the new shop"}
		if first := o.owns(sale); !first.New {
			t.Errorf("the first time it is %+v", first)
		}
		if again := o.owns(sale); again.New || again.Changed {
			t.Errorf("the second time it is %+v", again)
		}
		sale.Version = "7.0.3"
		if more := o.owns(sale); more.New || !more.Changed {
			t.Errorf("with another version it is %+v", more)
		}
		c := o.record(mail1)
		if len(c.Owned.Licences) != 1 || len(c.Owned.Orders) != 1 || len(c.Owned.Orders[0].Lines) != 1 || len(c.Contacts) != 1 || c.Organization.Name != "Acme" || c.Owned.Licences[0].VersionName != "7.0.3" || c.Owned.Orders[0].Notes != "For the new shop" {
			t.Errorf("on record is %+v", c.Owned)
		}
		for name, wrong := range map[string]desk.Sale{
			"no day":         {Email: mail1, Order: "AC-2", Product: "AbleCommerce"},
			"an odd day":     {Email: mail1, Order: "AC-2", Ordered: "11/02/2026"},
			"no address":     {Email: "maria", Order: "AC-2", Ordered: "2026-11-02"},
			"nobody's":       {Order: "AC-2", Ordered: "2026-11-02"},
			"no product":     {Email: mail1, Site: "other.example"},
			"no such plan":   {Email: mail1, Plan: "gold"},
			"a local number": {Email: mail1, Phone: "555 0142"},
			"an odd status":  {Email: mail1, Product: "AbleCommerce", Site: "acme-shop.example", Status: "maybe"},
			"our own":        {Email: support, Product: "AbleCommerce", Site: "acme-shop.example"},
			"ends first":     {Email: mail1, Plan: "hosting", From: "2026-11-02", Until: "2026-11-01"},
		} {
			if _, err := o.desk.Own(ctx, o.ben.Actor(), wrong); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "ben@agency.example", Product: "AbleCommerce", Site: "x.example"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a colleague owns something: %v", err)
		}
		for _, a := range []access.Actor{o.customer(mail1), {}, {Person: 9, Role: access.Light}} {
			if _, err := o.desk.Own(ctx, a, sale); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%+v writes down what somebody owns: %v", a, err)
			}
			if _, err := o.desk.FindCustomers(ctx, a, "acme", 5); a.Role != access.Light && err == nil {
				t.Errorf("%+v finds customers", a)
			}
		}
	})
}

const shopTable = "email,name,company,order number,order date,product,version,website,licence key,plan,paid until\n" +
	"maria@acme.example,Maria Lopez,Acme,AC-1,2026-11-02,AbleCommerce,7.0.2,https://www.acme-shop.example/,AC7K-99QX-11ZZ,,\n" +
	"maria@acme.example,,,AC-1,2026-11-02,AbleCommerce,7.0.2,acme-parts.example,BB55-0000-2222,,\n" +
	"jonas@becker.example,Jonas Becker,,,,,,,,Hosting,31.12.2026\n" +
	"jonas@becker.example,,,AC-2,11/02/2026,AbleCommerce,7,becker.example,,,\n" +
	",,,AC-3,2026-11-02,AbleCommerce,7,lost.example,,,\n"

func TestATableOfOrdersIsImportedWithoutDuplicates(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		table, err := desk.ReadCustomers(shopTable)
		o.must(err)
		take := func(look bool) desk.Imported {
			done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), look)
			o.must(err)
			return done
		}
		want := "5 lines read: 3 new customers, 0 added to what was there, 0 known already, 2 left out."
		o.is("what would happen", take(true).Says("line", "customer"), want)
		done := take(false)
		o.is("what happened", done.Says("line", "customer"), want)
		if done.Troubles[0].Number != 5 || !strings.Contains(done.Troubles[0].Says, "write it like 2026-11-27") || done.Troubles[1].Number != 6 {
			t.Errorf("left out are %+v", done.Troubles)
		}
		o.is("once more", take(false).Says("line", "customer"), "5 lines read: 0 new customers, 0 added to what was there, 3 known already, 2 left out.")
		c := o.record(mail1)
		if len(c.Owned.Orders) != 1 || len(c.Owned.Licences) != 2 || c.Organization.Name != "Acme" || c.Owned.Orders[0].Source != account.ByImport {
			t.Errorf("Maria owns %+v", c.Owned)
		}
		jonas := o.record(mail2)
		if len(jonas.Owned.Subscriptions) != 1 || jonas.Owned.Subscriptions[0].Until.String() != "2026-12-31" || len(jonas.Owned.Orders) != 0 {
			t.Errorf("Jonas owns %+v", jonas.Owned)
		}
	})
}

func TestAShopIsHeardWhenItSignsAndOnce(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		secret, err := o.desk.ShopSecret(ctx, o.ana.Actor())
		o.must(err)
		if _, err := o.desk.ShopSecret(ctx, o.ben.Actor()); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent reads the secret: %v", err)
		}
		body := []byte(`{"id": "e1", "sales": [{"email": "maria@acme.example", "order": "20417", "ordered": "2026-11-02T23:30:00Z", "product": "AbleCommerce", "site": "acme-shop.example"}, {"product": "Nobody's"}]}`)
		send := func(body []byte, at time.Time, secret string) (desk.ShopHeard, error) {
			return o.desk.HearShop(ctx, body, strconv.FormatInt(at.Unix(), 10), desk.SignExchange(secret, at, body))
		}
		now := o.clock.Now()
		for name, err := range map[string]error{
			"another secret": wentWrong(send(body, now, "guess")),
			"an old one":     wentWrong(send(body, now.Add(-6*time.Minute), secret)),
			"one to come":    wentWrong(send(body, now.Add(6*time.Minute), secret)),
			"none":           wentWrong(o.desk.HearShop(ctx, body, "", "")),
			"the exchange's": wentWrong(o.desk.HearShop(ctx, body, strconv.FormatInt(now.Unix(), 10), desk.SignExchange(strings.Repeat("0", 64), now, body))),
		} {
			if !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s is answered with %v", name, err)
			}
		}
		if hits, err := o.desk.FindCustomers(ctx, o.ben.Actor(), "acme-shop", 5); err != nil || len(hits) != 0 {
			t.Fatalf("what was not signed has changed something: %v %v", hits, err)
		}
		first, err := send(body, now, secret)
		o.must(err)
		if first.New != 1 || len(first.Refused) != 1 || first.Refused[0].Sale != 2 {
			t.Errorf("the first time it is %+v", first)
		}
		o.is("levels", strings.Join(levels(o.record(mail1)), ""), "acme-shop.example: active by recent")
		o.is("the day is the company's", o.record(mail1).Owned.Orders[0].PlacedOn.String(), "2026-11-02")
		again, err := send(body, now, secret)
		o.must(err)
		o.is("the same event again", fmt.Sprint(again), fmt.Sprint(first))
		ended, err := send([]byte(`{"id": "e2", "sales": [{"email": "maria@acme.example", "site": "acme-shop.example", "status": "refunded"}]}`), now, secret)
		o.must(err)
		if ended.Changed != 1 || o.record(mail1).Owned.Licences[0].Status != account.Ended {
			t.Errorf("a refund is %+v, and the licence %s", ended, o.record(mail1).Owned.Licences[0].Status)
		}
		if got := levels(o.record(mail1)); len(got) != 0 {
			t.Errorf("a licence that was given back still gives %v", got)
		}
		for _, wrong := range []string{`{`, `{"id": "", "sales": []}`, `{"id": "e3", "sales": []}`, `{"id": "e3", "sales": [{"role": "admin"}]}`, `{"id": "e3", "at": "2026-11-18T09:00:00Z", "sales": [{"email": "a@b.example"}]}`, `{"id": "e3", "at": "yesterday", "sales": [{"email": "a@b.example"}]}`, `{"id": "e3", "admin": true, "sales": [{"email": "a@b.example"}]}`, `{"id": "e3", "brand": "nowhere", "sales": [{"email": "a@b.example"}]}`} {
			if _, err := send([]byte(wrong), now, secret); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s is answered with %v", wrong, err)
			}
		}
	})
}

func wentWrong[T any](_ T, err error) error { return err }

// 1.26: Maria's plan has ended. Her question stays with level one, who send her the options; her bug report goes to level two all the same.
func TestSeed001_1_26_WithoutAPlanOneMayReportABug(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		sold := o.owns(desk.Sale{Email: mail1, Name: "Maria Lopez", Order: "AC-1", Ordered: "2026-03-01", Product: "AbleCommerce", Version: "7.0.2", Site: "acme-shop.example"})
		about := account.About{Kind: account.AboutLicence, ID: sold.Licence}
		for kind, route := range map[string]string{"support": "group: level_one", "bug": "group: level_two"} {
			done, err := o.files(mail1, kind, about)
			o.must(err)
			o.is(kind, done.Ticket.Memory.Level+", "+done.Ticket.Memory.Route, "no_plan, "+route)
		}
	})
}
