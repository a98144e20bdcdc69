package desk_test

import (
	"fmt"
	"slices"
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

const mariaAtHome = "Maria <maria@home.example>"

// person is who has an address.
func (o *office) person(address string) (p account.Person) {
	o.t.Helper()
	o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { p, err = tx.PersonByAddress(address); return err }))
	return p
}

// merges lets somebody merge two customers after looking at both.
func (o *office) merges(by account.Person, stays, goes int64, reason string) error {
	o.t.Helper()
	look, err := o.desk.LookAtMerge(ctx, by.Actor(), stays, goes)
	if err != nil {
		return err
	}
	return o.desk.MergeCustomers(ctx, by.Actor(), desk.MergeCustomers{Stays: stays, Goes: goes, Reason: reason, Seen: look.Mark()})
}

// readsOf is which of the tickets an actor can read.
func (o *office) readsOf(a access.Actor, ids ...int64) (all []int64) {
	for _, id := range ids {
		if _, err := o.desk.TicketPage(ctx, a, id); err == nil {
			all = append(all, id)
		}
	}
	return all
}

// Maria writes from work and from home. Ben merges the two, because she told him so on the telephone: her tickets stand in one list, what
// she sends from home goes on where it was, our answers go to work, and both records and each ticket tell of it.
func TestTwoRecordsOfOneCustomerBecomeOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		work, home := o.asks(maria, "Redirect broken"), o.asks(mariaAtHome, "The invoice of October")
		asked := *o.last(home)
		stays, goes := o.person("maria@greenfund.example"), o.person("maria@home.example")
		o.owns(desk.Sale{Email: "maria@home.example", Phone: "+1 503 555 0142"})
		o.at("2026-11-20 16:20")
		o.must(o.merges(o.ben, stays.ID, goes.ID, "She told me on the telephone"))

		merged := o.person("maria@home.example")
		o.is("who writes from home", fmt.Sprint(merged.ID, merged.Email, merged.Addresses), fmt.Sprint(stays.ID, "maria@greenfund.example", []string{"maria@greenfund.example", "maria@home.example"}))
		o.is("her tickets", fmt.Sprint(o.readsOf(merged.Actor(), work, home)), fmt.Sprint([]int64{work, home}))
		if got := o.arrives(letter{from: mariaAtHome, answers: &asked, body: "Here it is."}); got.Ticket != home {
			t.Errorf("her answer from home became %+v, want ticket %d", got, home)
		}
		o.answers(o.ben, home, "Thank you.", "pending")
		o.at("2026-11-20 16:30")
		o.is("our answer goes to", o.last(home).to, "maria@greenfund.example")

		record, err := o.desk.Customer(ctx, o.ben.Actor(), stays.ID)
		o.must(err)
		o.is("her number", record.Contacts[0].Value, "+15035550142")
		o.is("the record tells", record.Changes[0].What+" "+record.Changes[0].Is+" "+record.Changes[0].ByName, "merged Maria (maria@home.example): She told me on the telephone Ben Okafor")
		o.is("and so does the ticket", o.audited(home, "merged"), "Ben Okafor merged Maria (maria@home.example) into Maria Lopez (maria@greenfund.example): She told me on the telephone")
		for _, audit := range o.sees(merged.Actor(), home).Audits {
			for _, e := range audit.Events {
				if strings.Contains(e.Says, "telephone") {
					t.Errorf("Maria reads why she was merged: %+v", e)
				}
			}
		}
		hits, err := o.desk.FindCustomers(ctx, o.ben.Actor(), "maria@home", 5)
		o.must(err)
		if len(hits) != 1 || hits[0].Person.ID != stays.ID {
			t.Errorf("her address from home finds %+v", hits)
		}
	})
}

// What is owned, wanted and said by both is there once afterwards: the earlier evaluation, one vote, one letter, one reporter.
func TestAMergeCountsNothingTwice(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		o.owns(desk.Sale{Email: mail1, Name: "Maria Lopez", Product: "AbleCommerce", Evaluating: "2026-11-10"})
		o.owns(desk.Sale{Email: "maria@home.example", Product: "AbleCommerce", Evaluating: "2026-11-02", Phone: "+1 503 555 0142"})
		o.owns(desk.Sale{Email: mail1, Phone: "+1 503 555 0142"})
		o.owns(desk.Sale{Email: "maria@home.example", Organization: "Acme", Order: "AC-9", Ordered: "2026-11-01", Product: "AbleCommerce", Site: "acme-home.example", Plan: "hosting", From: "2026-11-01"})
		stays, goes := o.person(mail1), o.person("maria@home.example")
		before := o.record("maria@home.example").Owned.Evaluations[0]
		done, err := o.files("maria@home.example", "", account.About{Kind: account.AboutEvaluation, ID: before.ID})
		o.must(err)
		card := o.plans("Import of orders")
		for _, who := range []account.Person{stays, goes} {
			o.must(o.desk.Vote(ctx, who.Actor(), desk.Vote{Brand: o.brand.ID, Card: card}))
		}
		o.follows("maria@home.example")
		o.must(o.merges(o.ana, stays.ID, goes.ID, "One shop"))

		record, err := o.desk.Customer(ctx, o.ben.Actor(), stays.ID)
		o.must(err)
		o.is("evaluations", fmt.Sprint(len(record.Owned.Evaluations), record.Owned.Evaluations[0].BeganOn), "1 2026-11-02")
		o.is("what the case is about", fmt.Sprint(o.sees(o.ben.Actor(), done.Ticket.ID).About), fmt.Sprint(account.About{Kind: account.AboutEvaluation, ID: record.Owned.Evaluations[0].ID}))
		o.is("numbers", fmt.Sprint(len(record.Contacts)), "1")
		o.is("organisation", record.Organization.Name, "Acme")
		o.is("licences and orders", fmt.Sprint(len(record.Owned.Licences), len(record.Owned.Orders), len(record.Owned.Subscriptions)), "1 1 1")
		o.is("who wants the card", o.columns(stays.ID), "Considered: Import of orders (1), wanted")
		var letters int64
		o.must(o.db.Read(ctx, func(tx *store.Tx) error { letters, err = tx.CountNewsReaders(o.brand.ID); return err }))
		o.is("letters", fmt.Sprint(letters), "1")
		for _, f := range o.db.Doctor(ctx, o.clock.Now()) {
			if f.What != "settings" { // those of the database that tests run on
				t.Errorf("the doctor finds %+v", f)
			}
		}
	})
}

// B3: what was signed for the record that went opens what it opened, and nothing that came with the merge; and nobody gets in by it.
func TestB3_ALinkOpensAfterAMergeWhatItOpenedBefore(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		work, home := o.asks(maria, "Redirect broken"), o.asks(mariaAtHome, "The invoice of October")
		third := o.asks(jonas, "Another thing")
		none, one := []string{}, []string{"maria@home.example"}
		stays, goes := o.person("maria@greenfund.example"), o.person("maria@home.example")
		for _, ccs := range []*[]string{&one, &none} { // she was on copy once, and is no more
			_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: work, CCs: ccs})
			o.must(err)
		}
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: third, CCs: &one})
		o.must(err)
		o.must(o.desk.MailSignInLink(ctx, "maria@home.example", "192.0.2.1"))
		signIn := o.wayIn("maria@home.example", "/sign-in/link/")
		session, err := o.desk.SignInByLink(ctx, signIn, desk.SignIn{})
		o.must(err)
		o.at("2026-11-20 16:30")
		o.must(o.desk.MailSignInLink(ctx, "maria@home.example", "192.0.2.1"))
		signIn = o.wayIn("maria@home.example", "/sign-in/link/")
		token := map[int64]string{}
		for _, id := range []int64{work, home, third} {
			token[id] = linkToken(t, o.desk.TicketLink(id, goes.ID, o.clock.Now())+" ")
		}
		roadmap := strings.TrimPrefix(o.desk.RoadmapLinkPath(o.brand.ID, goes.ID, o.clock.Now()), desk.RoadmapPath+"/for/")
		o.must(o.merges(o.ben, stays.ID, goes.ID, "She told me so"))

		opens := func() (all []int64) {
			for _, id := range []int64{work, home, third} {
				a, err := o.desk.OpenTicketLink(ctx, token[id])
				if err != nil {
					continue
				}
				all = append(all, o.readsOf(a, work, home, third)...)
			}
			return all
		}
		o.is("her links from home open", fmt.Sprint(opens()), fmt.Sprint([]int64{home, third}))
		for says, try := range map[string]func() error{
			"a link to sign in": func() error { _, err := o.desk.SignInByLink(ctx, signIn, desk.SignIn{}); return err },
			"a session":         func() error { _, _, err := o.desk.Whoever(ctx, session.Token); return err },
			"a roadmap link":    func() error { _, err := o.desk.OpenRoadmapLink(ctx, o.brand.ID, roadmap); return err },
		} {
			if err := try(); err == nil {
				t.Errorf("%s of the record that went still opens a door", says)
			}
		}
		o.must(o.desk.MailSignInLink(ctx, "maria@home.example", "192.0.2.2"))
		o.wayIn("maria@greenfund.example", "/sign-in/link/") // it goes to the address on file, whichever was typed

		// Merged once more, the chain ends at whoever stays.
		jonas := o.person("jonas@greenfund.example")
		o.must(o.merges(o.ana, jonas.ID, stays.ID, "It was Jonas all along"))
		o.is("and after another merge", fmt.Sprint(opens()), fmt.Sprint([]int64{home, third}))
		if a, err := o.desk.OpenTicketLink(ctx, token[home]); err != nil || a.Person != jonas.ID {
			t.Errorf("the link makes %+v (%v), want Jonas", a, err)
		}
	})
}

// B3: a merge that is refused changes nothing, whoever asks and for whatever reason.
func TestB3_AMergeThatIsRefusedChangesNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		hidden := o.teams() // Maria's, in Ben's group
		o.asks(mariaAtHome, "The invoice of October")
		o.asks(jonas, "Another thing")
		maria, home, jonas := o.person("maria@greenfund.example"), o.person("maria@home.example"), o.person("jonas@greenfund.example")
		first := o.hire("lena@agency.example", "Lena", access.LevelOne)
		light := o.hire("lars@agency.example", "Lars", access.Light)
		o.suspends(jonas.ID)
		one := []string{"maria@home.example"}
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: hidden, CCs: &one})
		o.must(err)
		before := o.everything()
		for says, try := range map[string]struct {
			by          account.Person
			stays, goes int64
			reason      string
			kind        fault.Kind
		}{
			"Cem does not see one of her tickets": {o.cem, maria.ID, home.ID, "x", fault.Refused},
			"nor the other way round":             {o.cem, home.ID, maria.ID, "x", fault.Refused},
			"the first line":                      {first, maria.ID, home.ID, "x", fault.Forbidden},
			"a light agent":                       {light, maria.ID, home.ID, "x", fault.Forbidden},
			"a customer":                          {maria, maria.ID, home.ID, "x", fault.Forbidden},
			"a colleague is no customer":          {o.ana, maria.ID, o.ben.ID, "x", fault.NotFound},
			"nor the other way round, Ana":        {o.ana, o.ben.ID, maria.ID, "x", fault.NotFound},
			"nobody":                              {o.ana, maria.ID, 99999, "x", fault.NotFound},
			"one record":                          {o.ana, maria.ID, maria.ID, "x", fault.Refused},
			"somebody suspended":                  {o.ana, maria.ID, jonas.ID, "x", fault.Refused},
			"into somebody suspended":             {o.ana, jonas.ID, maria.ID, "x", fault.Refused},
			"without a reason":                    {o.ana, maria.ID, home.ID, "  ", fault.Invalid},
		} {
			if err := o.merges(try.by, try.stays, try.goes, try.reason); !fault.Is(err, try.kind) {
				t.Errorf("%s: %v, want it refused as %v", says, err, try.kind)
			}
		}
		look, err := o.desk.LookAtMerge(ctx, o.ben.Actor(), maria.ID, home.ID)
		o.must(err)
		stale := desk.MergeCustomers{Stays: maria.ID, Goes: home.ID, Reason: "x", Seen: look.Mark()}
		if after := o.everything(); before != after {
			t.Error("a refused merge changed something")
		}
		o.asks(mariaAtHome, "And another")
		if err := o.desk.MergeCustomers(ctx, o.ben.Actor(), stale); !fault.Is(err, fault.Conflict) {
			t.Errorf("what has changed since it was looked at: %v", err)
		}
		o.must(o.merges(o.ben, maria.ID, home.ID, "Ben sees all of it"))
		if err := o.merges(o.ben, maria.ID, home.ID, "Again"); !fault.Is(err, fault.Refused) {
			t.Errorf("a record that is merged already: %v", err)
		}
	})
}

// suspends shuts somebody out.
func (o *office) suspends(person int64) {
	o.t.Helper()
	o.must(o.db.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonForUpdate(person)
		if err != nil {
			return err
		}
		p.Suspended = true
		return tx.SavePerson(&p)
	}))
}

// What was being written to the record that went while it was merged follows it within minutes.
func TestWhatComesAMomentAfterAMergeFollows(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Redirect broken")
		id := o.asks(mariaAtHome, "The invoice of October")
		stays, goes := o.person("maria@greenfund.example"), o.person("maria@home.example")
		o.must(o.merges(o.ben, stays.ID, goes.ID, "She told me so"))
		late := o.ticket(id)
		late.ID, late.Requester, late.CCs, late.Subject = 0, ticket.Person{ID: goes.ID}, nil, "Written at that moment"
		o.must(o.db.Write(ctx, func(tx *store.Tx) error { return tx.InsertTicket(&late) }))
		o.clock.Pass(10 * time.Minute)
		o.must(o.desk.Forget(ctx))
		o.is("whose it is", fmt.Sprint(o.ticket(late.ID).Requester.ID), fmt.Sprint(stays.ID))
		if len(o.sees(stays.Actor(), late.ID).Comments) != 0 || !slices.Contains(o.readsOf(stays.Actor(), late.ID), late.ID) {
			t.Error("Maria does not read it")
		}
	})
}

// B3: Eve has somebody on the line who proved to be Maria at home. Ana merges that record into Maria's meanwhile: as her, the caller has
// only said so, and proves it anew before anything is sent that needs it.
func TestB3_ACallerWhoProvedOneRecordIsOnlyClaimedToBeTheOther(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Maria Lopez", "maria@acme.example", "acme-shop.example", "7.0.2", "2026-11-12")
		p.owns("Maria", "maria@home.example", "acme-home.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.must(p.presses(p.eve, id, "1", "acme-home"))
		p.choose(id, "acme-home")
		p.must(p.db.Write(ctx, func(tx *store.Tx) error {
			call, err := tx.PhoneCallForUpdate(access.Clock, id)
			if err != nil {
				return err
			}
			call.Grade, call.SureBy = policy.Verified, "code"
			return tx.SavePhoneCall(&call)
		}))
		stays := p.person("maria@acme.example")
		p.must(p.merges(p.ana, stays.ID, p.person("maria@home.example").ID, "She says so"))
		call := p.screen(id).Call
		p.is("the caller", fmt.Sprint(call.Person, call.Grade, call.SureBy), fmt.Sprint(stays.ID, policy.Claimed, ""))
	})
}
