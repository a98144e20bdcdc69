package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// records lets Ben write one fact on a customer's record.
func (o *office) records(person int64, fact, value string) {
	o.t.Helper()
	o.must(o.desk.KeepRecord(ctx, o.ben.Actor(), desk.KeepRecord{Person: person, Facts: map[string]string{fact: value}}))
}

// due is when the first answer to a ticket is due, and by which target.
func (o *office) due(id int64) string {
	o.t.Helper()
	for _, target := range o.ticket(id).Memory.Targets {
		if target.Measure == "first_reply" {
			return target.Rule + " " + target.Due.UTC().Format("Mon 2006-01-02 15:04Z")
		}
	}
	return ""
}

// Nobody has said where Maria is, so the first region counts and a task asks. Ben writes down that she is in New South Wales, and the
// time of her open ticket is counted on Sydney's hours at once.
func TestS3_07_ARegionOnTheRecordMovesTheOpenTicket(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-20 00:30", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.is("without a region", o.due(id), "standard Mon 2026-11-23 14:00Z")
		o.records(o.customer("maria@").Person, "customer.region", "australia-nsw")
		o.is("in New South Wales", o.due(id), "standard Mon 2026-11-23 05:30Z")
		record, err := o.desk.Customer(ctx, o.ben.Actor(), o.customer("maria@").Person)
		o.must(err)
		if len(record.Changes) == 0 || record.Changes[0].Is != "New South Wales" || record.Changes[0].ByName != "Ben Okafor" {
			t.Errorf("the record's history is %+v", record.Changes)
		}
		o.records(o.customer("maria@").Person, "customer.region", "")
		o.is("taken back", o.due(id), "standard Mon 2026-11-23 14:00Z")
	})
}

// The plan and the representative on Maria's record: four business hours, and Cem has her tickets from the start (3.9, 3.10).
func TestS3_10_PlanAndRepresentativeOnTheRecord(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 14:00", func(o *office) {
		_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Organization: "Green Fund", Plan: "enterprise", From: "2026-01-01"})
		o.must(err)
		marias := o.customer("maria@").Person
		o.records(marias, "customer.region", "us-east")
		o.records(marias, "customer.representative", "Cem Yildiz")
		o.at("2026-11-17 15:00")
		id := o.asks(maria, "Import fails")
		o.is("when it is due", o.due(id), "enterprise Wed 2026-11-18 16:00Z")
		if got := o.ticket(id).Assignee; got.ID != o.cem.ID {
			t.Errorf("it is with %+v", got)
		}
		if says := o.last(id).text; strings.Contains(says, "18 November") {
			t.Errorf("a time that nobody states is mailed: %s", says)
		}
	})
}

// A plan that has ended gives nothing any more, and without a representative the enterprise group has it.
func TestS3_10_WithoutARepresentativeTheGroupHasIt(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 15:00", func(o *office) {
		group, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Enterprise", Members: []int64{o.ben.ID}})
		o.must(err)
		_, err = o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Plan: "enterprise", From: "2026-01-01", Until: "2026-12-31"})
		o.must(err)
		id := o.asks(maria, "Import fails")
		if got := o.ticket(id); got.Group != group.ID || got.Assignee.Known() {
			t.Errorf("it is with group %d, %+v", got.Group, got.Assignee)
		}
		o.at("2027-01-04 15:00")
		o.is("after the plan has ended", o.due(o.asks(maria, "Import fails again")), "standard Tue 2027-01-05 20:00Z")
	})
}

// Mail to the address of a plan by somebody who does not have it is pointed out; whoever has it is just answered (3.11).
func TestSeed003_3_11_TheAddressOfAPlanIsChecked(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 15:00", func(o *office) {
		_, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "enterprise@piperocks.com"})
		o.must(err)
		_, err = o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "jonas@greenfund.example", Plan: "enterprise", From: "2026-01-01"})
		o.must(err)
		writes := func(from string) string {
			raw := o.raw(letter{from: from, to: "enterprise@piperocks.com", subject: "Hello", body: "Please have a look."})
			accepted, err := o.desk.Accept(ctx, desk.Envelope{From: from[strings.Index(from, "<")+1 : len(from)-1], To: []string{"enterprise@piperocks.com"}, Remote: "192.0.2.7"}, raw)
			o.must(err)
			return strings.Join(o.open(o.receives(accepted).Ticket), "\n")
		}
		if tasks := writes(maria); !strings.Contains(tasks, "Written to enterprise@piperocks.com, the address of Priority support, which this customer does not have.") {
			t.Errorf("Maria's ticket asks for %q", tasks)
		}
		if tasks := writes(jonas); strings.Contains(tasks, "Written to") {
			t.Errorf("Jonas's ticket asks for %q", tasks)
		}
	})
}

// Written on a Saturday: the acknowledgement says that nobody is there, and from when on somebody is; within the hours it does not.
func TestS3_02_TheAcknowledgementSaysThatWeAreClosed(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-21 11:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.lastSays(id, "Your request is here. We are not there just now, and take it up from Monday 23 November 2026, 09:00 EST on. You usually hear from us by Tuesday 24 November 2026, 09:00 EST.")
		o.at("2026-11-23 10:00")
		o.lastSays(o.asks(jonas, "Import fails"), "Your request is here. You usually hear from us by")
	})
}

// Training could help: the customer success manager of the record is asked by name, may see the ticket, and gets one mail with the way
// there. Maria learns nothing of it.
func TestS4_22_TheSuccessManagerOfTheRecordIsAsked(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		mia := o.hire("mia@agency.example", "Mia Torres", access.Light)
		id := o.asks(maria, "How does this work?")
		kind, group := "other", o.seniors().ID
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind, Group: &group})
		o.must(err)
		o.records(o.customer("maria@").Person, "customer.csm", "mia@agency.example")
		marias := len(o.sees(o.customer("maria@"), id).Audits)
		for range 2 {
			_, err := o.desk.SayFact(ctx, o.ana.Actor(), desk.SayFact{Ticket: id, Fact: "ticket.training_could_help", Value: "true"})
			o.must(err)
		}
		if tasks := strings.Join(o.open(id), "\n"); strings.Count(tasks, "Mia Torres: please look at this ticket.") != 1 {
			t.Errorf("the tasks are %q", tasks)
		}
		if sees, err := o.desk.MaySee(ctx, mia.Actor(), id); err != nil || !sees {
			t.Errorf("Mia may see it: %v, %v", sees, err)
		}
		o.at("2026-11-16 10:05")
		var got []string
		for _, m := range o.mails(id) {
			if m.to == mia.Email {
				got = append(got, m.subject+"\n"+m.text)
			}
		}
		if len(got) != 1 || !strings.Contains(got[0], fmt.Sprintf("https://agency.example/tickets/%d", id)) || !strings.Contains(got[0], "Please look at #") {
			t.Errorf("Mia gets %q", got)
		}
		if n := len(o.sees(o.customer("maria@"), id).Audits); n != marias {
			t.Errorf("Maria sees %d audits, %d before", n, marias)
		}
	})
}

// The lead of a project stands on the record of the organisation, and counts for all its people (2.8).
func TestSeed002_2_8_TheLeadOnTheRecordGetsWhatIsAboutTheProject(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Organization: "Green Fund"})
		o.must(err)
		of, err := o.desk.Customer(ctx, o.ben.Actor(), o.customer("maria@").Person)
		o.must(err)
		o.must(o.desk.KeepRecord(ctx, o.ben.Actor(), desk.KeepRecord{Organization: of.Organization.ID, Facts: map[string]string{"project.lead": "Cem Yildiz"}}))
		id := o.asks(maria, "The new website")
		kind := "project"
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
		o.must(err)
		if got := o.ticket(id).Assignee; got.ID != o.cem.ID {
			t.Errorf("it is with %+v", got)
		}
	})
}

// A line of a table says the same; what is nobody's name is told with its number, and the table can be imported again.
func TestATableSaysRegionAndRepresentative(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		table, err := desk.ReadCustomers("email,region,representative\nmaria@greenfund.example,New South Wales,cem@agency.example\njonas@greenfund.example,Atlantis,\nolga@kitlab.example,uk,Nobody Known\n")
		o.must(err)
		done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		if done.New != 1 || len(done.Troubles) != 2 {
			t.Errorf("the import came to %+v", done)
		}
		of, err := o.desk.Person(ctx, o.ana.Actor(), o.customer("maria@").Person)
		o.must(err)
		if of.Facts["customer.region"] != "australia-nsw" || of.Facts["customer.representative"] != "cem@agency.example" {
			t.Errorf("Maria's record says %v", of.Facts)
		}
		again, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		if again.Known != 1 {
			t.Errorf("imported again it came to %+v", again)
		}
	})
}

// B8 for records: what no policy asks for, a value there is not, a colleague there is not, and who may not keep customers.
func TestB8_OnlyWhatThePolicyAsksForStandsOnARecord(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		o.asks(maria, "Import fails")
		marias := o.customer("maria@").Person
		light := o.hire("dora@agency.example", "Dora Lind", access.Light)
		try := func(a access.Actor, person int64, fact, value string) error {
			return o.desk.KeepRecord(ctx, a, desk.KeepRecord{Person: person, Facts: map[string]string{fact: value}})
		}
		for name, x := range map[string]struct {
			err  error
			want fault.Kind
		}{
			"a plan":          {try(o.ben.Actor(), marias, "subscription.plan", "enterprise"), fault.Invalid},
			"a priority":      {try(o.ben.Actor(), marias, "ticket.priority", "urgent"), fault.Invalid},
			"no region":       {try(o.ben.Actor(), marias, "customer.region", "atlantis"), fault.Invalid},
			"no colleague":    {try(o.ben.Actor(), marias, "customer.representative", "maria@greenfund.example"), fault.Invalid},
			"a light agent":   {try(light.Actor(), marias, "customer.region", "uk"), fault.Forbidden},
			"the customer":    {try(o.customer("maria@"), marias, "customer.region", "uk"), fault.Forbidden},
			"a colleague's":   {try(o.ben.Actor(), o.cem.ID, "customer.region", "uk"), fault.NotFound},
			"nobody's record": {try(o.ben.Actor(), 999, "customer.region", "uk"), fault.NotFound},
		} {
			if fault.KindOf(x.err) != x.want {
				t.Errorf("%s: %v", name, x.err)
			}
		}
		people, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: "maria@"})
		o.must(err)
		if len(people.Items[0].Facts) != 0 {
			t.Errorf("the record says %v", people.Items[0].Facts)
		}
	})
}
