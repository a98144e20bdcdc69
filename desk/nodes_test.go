package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// What several desks do on one database at the same instant. On SQLite it is one desk twice, which has to come to the same.

// twoNodes tells a story in which both nodes of a desk work.
func twoNodes(t *testing.T, policy string, story func(o *office, nodes []*desk.Desk)) {
	t.Helper()
	eachUnder(t, policy, "2026-11-17 10:00", func(o *office) {
		nodes := []*desk.Desk{o.desk, o.desk}
		if o.db.Dialect() == store.Postgres {
			nodes[1] = desktest.Open(o.t, o.db, o.clock)
		}
		story(o, nodes)
	})
}

// atOnce lets things happen side by side and returns how each went.
func atOnce(acts ...func() error) []error {
	went := make([]error, len(acts))
	var wait sync.WaitGroup
	begin := make(chan struct{})
	for i, act := range acts {
		wait.Go(func() {
			<-begin
			went[i] = act()
		})
	}
	close(begin)
	wait.Wait()
	return went
}

// all must be done.
func (o *office) all(went []error) {
	o.t.Helper()
	for _, err := range went {
		o.must(err)
	}
}

// Maria writes to two addresses of the agency in one mail, which so comes twice. It is one ticket and one answer, whichever node reads
// which copy.
func TestX08_OneMailToTwoMailboxesAtOnceIsOneTicket(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		sales := "sales@agency.example"
		_, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: sales})
		o.must(err)
		var became []string
		for n := range 12 {
			raw := o.raw(letter{from: maria, to: support + ", " + sales, subject: fmt.Sprintf("To both of you, %d", n), body: "Who of you does websites?"})
			copies := make([]desk.Received, 2)
			var acts []func() error
			for i, to := range []string{support, sales} {
				accepted, err := o.desk.Accept(ctx, desk.Envelope{From: "maria@greenfund.example", To: []string{to}}, raw)
				o.must(err)
				acts = append(acts, func() (err error) { copies[i], err = nodes[i].Receive(ctx, accepted.ID); return err })
			}
			o.all(atOnce(acts...))
			pair := []string{copies[0].Outcome, copies[1].Outcome}
			slices.Sort(pair)
			if became = append(became, pair...); copies[0].Ticket != copies[1].Ticket {
				o.t.Errorf("pair %d became tickets %d and %d", n, copies[0].Ticket, copies[1].Ticket)
			}
			if posted := o.mails(copies[0].Ticket); len(posted) != 1 {
				o.t.Errorf("Maria got %d mails for pair %d, want one", len(posted), n)
			}
		}
		for i, want := range slices.Repeat([]string{"created", "duplicate"}, 12) {
			if became[i] != want {
				o.t.Fatalf("the copies became %v", became)
			}
		}
	})
}

// customerNamed is somebody who has written once.
func (o *office) customerNamed(address string) account.Person {
	o.t.Helper()
	o.asks(address, "Redirect broken")
	found, err := o.desk.People(ctx, access.Clock, store.PeopleFilter{Query: address})
	o.must(err)
	return found.Items[0]
}

func (o *office) known(id int64) account.Person {
	o.t.Helper()
	p, err := o.desk.Person(ctx, o.ana.Actor(), id)
	o.must(err)
	return p
}

// Ben writes down where a customer is while Cem writes down who represents them. Both stand.
func TestTwoFactsThatAreWrittenAtOnceBothStand(t *testing.T) {
	twoNodes(t, "piperocks-crm", func(o *office, nodes []*desk.Desk) {
		for n := range 12 {
			id := o.customerNamed(fmt.Sprintf("noor%d@greenfund.example", n)).ID
			writes := func(node *desk.Desk, by account.Person, fact, value string) func() error {
				return func() error {
					return node.KeepRecord(ctx, by.Actor(), desk.KeepRecord{Person: id, Facts: map[string]string{fact: value}})
				}
			}
			o.all(atOnce(writes(nodes[0], o.ben, "customer.region", "uk"), writes(nodes[1], o.cem, "customer.representative", "Cem Yildiz")))
			if facts := o.known(id).Facts; facts["customer.region"] != "uk" || facts["customer.representative"] != o.cem.Email {
				o.t.Errorf("on the record of customer %d stands %v", n, facts)
			}
		}
	})
}

// The same for a company, which all its people share.
func TestTwoFactsOfACompanyThatAreWrittenAtOnceBothStand(t *testing.T) {
	twoNodes(t, "piperocks-crm", func(o *office, nodes []*desk.Desk) {
		for n := range 12 {
			company, err := o.desk.SaveOrganization(ctx, access.Clock, account.Organization{Name: "Green Fund", Domains: []string{fmt.Sprintf("green%d.example", n)}})
			o.must(err)
			writes := func(node *desk.Desk, fact, value string) func() error {
				return func() error {
					return node.KeepRecord(ctx, o.ben.Actor(), desk.KeepRecord{Organization: company.ID, Facts: map[string]string{fact: value}})
				}
			}
			o.all(atOnce(writes(nodes[0], "customer.region", "uk"), writes(nodes[1], "customer.representative", "Cem Yildiz")))
			storetest.Read(o.t, o.db, func(tx *store.Tx) (err error) { company, err = tx.Organization(company.ID); return err })
			if company.Facts["customer.region"] != "uk" || company.Facts["customer.representative"] != o.cem.Email {
				o.t.Errorf("on the record of company %d stands %v", n, company.Facts)
			}
		}
	})
}

// Ana suspends Dora while Dora gives herself another name, and a manager puts her into a group. None of it undoes the other.
func TestB5_NobodyStaysWhoRenamesThemselvesInTime(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		for n := range 12 {
			dora := o.hire(fmt.Sprintf("dora%d@agency.example", n), "Dora", access.Agent)
			yes, name := true, "Dora Lind"
			o.all(atOnce(
				func() error {
					_, err := nodes[0].ChangePerson(ctx, o.ana.Actor(), dora.ID, desk.PersonChange{Suspended: &yes})
					return err
				},
				func() error { return nodes[1].ChangeSelf(ctx, dora.Actor(), desk.SelfChange{Name: &name}) },
				func() error {
					_, err := nodes[1].SaveGroup(ctx, access.Clock, account.Group{Name: "Leads " + dora.Email, Members: []int64{dora.ID}})
					return err
				},
			))
			if now := o.known(dora.ID); !now.Suspended || now.Name != name || len(now.Groups) != 1 {
				o.t.Errorf("Dora %d is suspended: %v, is called %s and belongs to groups %v", n, now.Suspended, now.Name, now.Groups)
			}
		}
	})
}

// Mail to Maria came back. She writes herself, which ends that, just as Ana suspends her. Her mail is read either way, and she stays
// suspended.
func TestB5_NobodyStaysWhoWritesInTime(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		id := o.customerNamed("maria@greenfund.example").ID
		for n := range 12 {
			storetest.Write(o.t, o.db, func(tx *store.Tx) error {
				p, err := tx.PersonForUpdate(id)
				p.Unreachable, p.Suspended = "it came back", false
				return orErr(err, func() error { return tx.SavePerson(&p) })
			})
			letter, yes := o.accepts(letter{from: "maria@greenfund.example", subject: fmt.Sprintf("Another question, %d", n), body: "Hello."}), true
			var became desk.Received
			o.all(atOnce(
				func() (err error) { became, err = nodes[0].Receive(ctx, letter.ID); return err },
				func() error {
					_, err := nodes[1].ChangePerson(ctx, o.ana.Actor(), id, desk.PersonChange{Suspended: &yes})
					return err
				},
			))
			if became.Outcome != "created" && became.Outcome != "held" {
				o.t.Errorf("mail %d became %+v", n, became)
			}
			if !o.known(id).Suspended {
				o.t.Errorf("after mail %d Maria is not suspended any more", n)
			}
		}
	})
}

func orErr(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// Eva and Uli both apply what Ana proposed: it is applied once. Where one sends it back meanwhile, one of the two has decided.
func TestAProposalIsDecidedOnce(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		eva, uli := o.hire("eva@agency.example", "Eva Brandt", access.Admin), o.hire("uli@agency.example", "Uli Stern", access.Admin)
		for n := range 6 {
			source := append(example(o.t, "customer-support-center"), fmt.Sprintf("\n# draft %d\n", n)...)
			p, err := o.desk.ProposePolicy(ctx, o.ana.Actor(), desk.NewPolicy{Brand: o.brand.ID, File: "policy.yaml", Source: source, Reason: "clearer words"})
			o.must(err)
			before, err := o.desk.PolicyHistory(ctx, o.brand.ID)
			o.must(err)
			second := func() error { _, err := nodes[1].ApproveProposal(ctx, uli.Actor(), o.brand.ID, p.ID); return err }
			if n%2 == 1 {
				second = func() error {
					return nodes[1].SendProposalBack(ctx, uli.Actor(), o.brand.ID, p.ID, "one more sentence, please")
				}
			}
			went := atOnce(func() error { _, err := nodes[0].ApproveProposal(ctx, eva.Actor(), o.brand.ID, p.ID); return err }, second)
			if (went[0] == nil) == (went[1] == nil) {
				o.t.Errorf("round %d: Eva hears %v and Uli %v, want one of them to have decided", n, went[0], went[1])
			}
			after, err := o.desk.PolicyHistory(ctx, o.brand.ID)
			o.must(err)
			if added := len(after) - len(before); added > 1 || n%2 == 0 && added != 1 {
				o.t.Errorf("round %d added %d versions", n, added)
			}
		}
	})
}

// Ana alone administers the desk and cannot switch herself off, nor become an agent. With Eva beside her either may go, and not both.
func TestTheLastAdministratorStays(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		yes, no, agent, admin := true, false, access.Agent, access.Admin
		for _, change := range []desk.PersonChange{{Suspended: &yes}, {Role: &agent}} {
			_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.ana.ID, change)
			if !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "make somebody else an administrator first") {
				o.t.Errorf("Ana hears %v", err)
			}
		}
		eva := o.hire("eva@agency.example", "Eva Brandt", access.Admin)
		for n := range 6 {
			went := atOnce(
				func() error {
					_, err := nodes[0].ChangePerson(ctx, o.ana.Actor(), eva.ID, desk.PersonChange{Suspended: &yes})
					return err
				},
				func() error {
					_, err := nodes[1].ChangePerson(ctx, eva.Actor(), o.ana.ID, desk.PersonChange{Role: &agent})
					return err
				},
			)
			if (went[0] == nil) == (went[1] == nil) {
				o.t.Errorf("round %d: Ana hears %v and Eva %v, want one of them refused", n, went[0], went[1])
			}
			for _, id := range []int64{eva.ID, o.ana.ID} {
				_, err := o.desk.ChangePerson(ctx, access.Clock, id, desk.PersonChange{Suspended: &no, Role: &admin})
				o.must(err)
			}
		}
	})
}
