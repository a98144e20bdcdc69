package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/rota"
	"hark/ticket"
)

// The projects of Green Fund, for which Maria and Jonas work. Olga works elsewhere.
const (
	greenFund = "Green Fund"
	catalogue = "Spring catalogue"
	website   = "New website"
	olga      = "Olga Kern <olga@kitlab.example>"
)

// leads writes down that a project of Green Fund is led by somebody.
func (o *office) leads(lead account.Person, project string) (number string) {
	o.t.Helper()
	return itoa(o.owns(desk.Sale{Organization: greenFund, Project: project, Lead: lead.Name}).Project)
}

// colleagues are Maria and Jonas.
func (o *office) colleagues() {
	o.t.Helper()
	for _, address := range []string{"maria@greenfund.example", "jonas@greenfund.example"} {
		o.owns(desk.Sale{Email: address, Organization: greenFund})
	}
}

// about is a mail from somebody, after a colleague has read that it is about a project.
func (o *office) about(from, subject string) int64 {
	o.t.Helper()
	id, kind := o.asks(from, subject), "project"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
	o.must(err)
	return id
}

func (o *office) saysProject(id int64, number string) error {
	_, err := o.desk.SayProject(ctx, o.ben.Actor(), desk.SayProject{Ticket: id, Project: number})
	return err
}

// routed is why a ticket goes to whom.
func (o *office) routed(id int64) string {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, o.ben.Actor(), id)
	o.must(err)
	why, _ := page.Policy.ExplainRoute(page.Ticket, o.clock.Now())
	return why.Sentence
}

func (o *office) with(id int64) string { return o.ticket(id).Assignee.Name }

// One project is running: what is about it goes to its lead by itself, by mail as soon as somebody has said the kind, and at once from
// the request form. A question goes to whoever is next.
func TestSeed002_2_8_TheOnlyRunningProjectIsTakenByItself(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		o.leads(o.cem, catalogue)
		id := o.about(maria, "The second round of texts")
		o.is("the mail is with", o.with(id), "Cem Yildiz")
		o.is("because", o.routed(id), "It goes to cem@agency.example, the agent who leads the project “Spring catalogue”, because the kind is Message about a running project. Rule: routing.project, policy 2026-11-01, page section 3.")
		done, err := o.desk.Create(ctx, o.customer("jonas@"), desk.Request{Subject: "Pictures", Text: "Here they are.", Kind: "project"})
		o.must(err)
		o.is("the request is with", o.with(done.Ticket.ID), "Cem Yildiz")
		o.is("a question is with", o.with(o.asks(maria, "What does it cost?")), "")
		o.leads(o.ana, website)
		o.is("the ticket stays about", o.projectOf(id), catalogue)
	})
}

// projectOf is the project that a ticket is about, as its page says.
func (o *office) projectOf(id int64) string {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, o.ben.Actor(), id)
	o.must(err)
	return page.Project.Name
}

// Two are running: nobody guesses. The lead on the record has it as before, and without one the next who is free; once a colleague has said
// which project it is, its lead has it. Whoever has taken it keeps it (A6).
func TestSeed002_2_8_OfSeveralProjectsAColleagueChooses(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		shop, site := o.leads(o.ana, catalogue), o.leads(o.cem, website)
		id := o.about(maria, "The second round of texts")
		o.is("before anybody says", o.with(id)+o.projectOf(id), "")
		o.must(o.saysProject(id, site))
		o.is("the lead of the website", o.with(id), "Cem Yildiz")
		o.must(o.saysProject(id, shop))
		o.is("Cem has it already", o.with(id)+", "+o.projectOf(id), "Cem Yildiz, Spring catalogue")
		o.must(o.saysProject(id, ""))
		o.is("taken back", o.projectOf(id), "")
		of, err := o.desk.Customer(ctx, o.ben.Actor(), o.customer("maria@").Person)
		o.must(err)
		o.must(o.desk.KeepRecord(ctx, o.ben.Actor(), desk.KeepRecord{Organization: of.Organization.ID, Facts: map[string]string{"project.lead": "Ben Okafor"}}))
		id = o.about(jonas, "More texts")
		o.is("the lead on the record", o.with(id), "Ben Okafor")
	})
}

// A lead on the record does not overrule the lead of the project, whichever is written down last.
func TestTheLeadOfTheProjectCountsBeforeTheRecord(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		shop := o.owns(desk.Sale{Organization: greenFund, Project: catalogue}).Project
		id := o.about(maria, "The second round of texts")
		o.is("nobody leads it", o.with(id), "")
		o.records(o.customer("maria@").Person, "project.lead", "Ben Okafor")
		o.is("the lead on the record", o.with(id), "Ben Okafor")
		o.is("because", o.routed(id), "It goes to ben@agency.example, the lead on the customer’s record (nobody leads the project “Spring catalogue”), because the kind is Message about a running project. Rule: routing.project, policy 2026-11-01, page section 3.")
		o.owns(desk.Sale{OfProject: shop, Lead: "Cem Yildiz"})
		o.records(o.customer("maria@").Person, "project.lead", "Ana Ruiz")
		o.is("the next one", o.with(o.about(maria, "The third round")), "Cem Yildiz")
	})
}

// Whoever is written down as lead gets what waits and nobody has taken.
func TestAProjectThatGetsALeadGivesThemWhatWaits(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		o.owns(desk.Sale{Organization: greenFund, Project: catalogue})
		id := o.about(maria, "The second round of texts")
		o.is("nobody leads it", o.with(id), "")
		o.leads(o.cem, catalogue)
		o.is("Cem leads it now", o.with(id), "Cem Yildiz")
		changes := o.record("maria@greenfund.example").Changes
		if len(changes) == 0 || changes[0].What != "lead" || changes[0].Is != "Cem Yildiz" || changes[0].ByName == "" {
			t.Errorf("the record tells %+v", changes)
		}
	})
}

// Cem leads the catalogue and leaves. The record and the ticket show the gap, and nothing goes to somebody who reads no mail any more:
// neither by the project nor by the record.
func TestSeed002_2_8_ALeadWhoHasLeftLeavesAGap(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		o.leads(o.cem, catalogue)
		o.records(o.customer("jonas@").Person, "project.lead", "Cem Yildiz")
		o.suspends(o.cem.ID)
		id := o.about(maria, "The second round of texts")
		o.is("nobody has it", o.with(id), "")
		page, err := o.desk.TicketPage(ctx, o.ben.Actor(), id)
		o.must(err)
		if p := page.Project; p.Name != catalogue || p.Led() || p.LeadName != "Cem Yildiz" || !p.LeadGone {
			t.Errorf("beside the ticket stands %+v", p)
		}
		if all := o.record("maria@greenfund.example").Projects; len(all) != 1 || !all[0].LeadGone {
			t.Errorf("the record shows %+v", all)
		}
		o.is("nor what the record would give him", o.with(o.about(jonas, "Pictures")), "")
		o.records(o.customer("maria@").Person, "project.lead", "Ben Okafor")
		o.is("the lead on the record has it", o.with(id), "Ben Okafor")
	})
}

// Cem is away: whoever is next takes it, and the record says why.
func TestALeadWhoIsAwayIsNotWaitedFor(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		o.leads(o.cem, catalogue)
		o.must(o.desk.GoAway(ctx, o.cem.Actor(), rota.Absence{From: day("2026-11-20"), To: day("2026-11-23")}))
		id := o.about(maria, "The second round of texts")
		o.is("nobody has it", o.with(id), "")
		if says := o.notesOf(id); !strings.Contains(says, "lead cem@agency.example is away until") {
			t.Errorf("the record says:\n%s", says)
		}
	})
}

// A customer chooses among the projects of their organisation that are running. Somebody else's, one that has ended and one there is not
// are refused at their field in the same words, and nothing is stored (B1).
func TestB1_OnlyTheOwnRunningProjectsCanBeChosen(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		site := o.leads(o.cem, website)
		o.leads(o.ana, catalogue)
		theirs := itoa(o.owns(desk.Sale{Email: "olga@kitlab.example", Organization: "Kitlab", Project: "Trade fair", Lead: "Ana Ruiz"}).Project)
		ended := itoa(o.owns(desk.Sale{Organization: greenFund, Project: "Old website", Underway: "ended"}).Project)
		marias := o.customer("maria@")
		offered, err := o.desk.Projects(ctx, marias, o.brand.ID)
		o.must(err)
		o.is("Maria is offered", fmt.Sprintf("%d: %s, %s", len(offered), offered[0].Name, offered[1].Name), "2: Spring catalogue, New website")
		asks := func(project string) (desk.Done, error) {
			return o.desk.Create(ctx, marias, desk.Request{Subject: "Texts", Text: "Here they are.", Kind: "project", Project: project})
		}
		done, err := asks(site)
		o.must(err)
		o.is("hers goes to", o.with(done.Ticket.ID), "Cem Yildiz")
		for name, number := range map[string]string{"Olga's": theirs, "an ended one": ended, "none": "999", "nonsense": "0x1"} {
			if _, err := asks(number); desk.WrongField(err) != "project" || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "one of the projects that are running") {
				t.Errorf("%s in the form: %v", name, err)
			}
			if err := o.saysProject(done.Ticket.ID, number); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s beside the ticket: %v", name, err)
			}
		}
		o.is("it is still about", o.projectOf(done.Ticket.ID), website)
		facts := map[string]any{"project.number": theirs}
		smuggled, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Texts", Text: "Here.", Kind: "project", Facts: facts})
		o.must(err)
		o.is("a fact of somebody else's", o.with(smuggled.Ticket.ID)+o.projectOf(smuggled.Ticket.ID), "")
	})
}

// Who changes no tickets says nothing of projects, and who keeps no customers writes none down.
func TestOnlyWhoChangesTicketsSaysTheProject(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		shop := o.leads(o.cem, catalogue)
		id := o.asks(maria, "Texts")
		dora := o.hire("dora@agency.example", "Dora Lind", access.Light)
		for name, a := range map[string]access.Actor{"Dora": dora.Actor(), "Maria": o.customer("maria@")} {
			if _, err := o.desk.SayProject(ctx, a, desk.SayProject{Ticket: id, Project: shop}); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s says the project: %v", name, err)
			}
			if _, err := o.desk.Own(ctx, a, desk.Sale{Organization: greenFund, Project: "Mine"}); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s writes one down: %v", name, err)
			}
		}
		if _, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Organization: greenFund, Project: "Mine", Lead: "Dora Lind"}); desk.WrongField(err) != "lead" {
			t.Errorf("Dora, who answers nobody, leads: %v", err)
		}
	})
}

// A table says projects with their leads. A lead without a project stands on the record as before; the table can be imported again.
func TestATableSaysProjects(t *testing.T) {
	each(t, "2026-11-17 10:00", func(o *office) {
		table, err := desk.ReadCustomers("email,organisation,project,project lead,project status\n" +
			"maria@greenfund.example,Green Fund,Spring catalogue,Cem Yildiz,\n,Green Fund,Old website,ana@agency.example,ended\n" +
			"olga@kitlab.example,,,Ben Okafor,\nmaria@greenfund.example,,New website,Nobody Known,\nmaria@greenfund.example,,New website,,sometimes\n")
		o.must(err)
		done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		if len(done.Troubles) != 2 || !strings.Contains(fmt.Sprint(done.Troubles), "a project is running or ended, not \"sometimes\"") {
			t.Errorf("the import came to %+v", done)
		}
		of := o.record("maria@greenfund.example")
		var says []string
		for _, p := range of.Projects {
			says = append(says, fmt.Sprintf("%s by %s, ended %t", p.Name, p.LeadName, p.Ended))
		}
		o.is("the projects", strings.Join(says, "; "), "Spring catalogue by Cem Yildiz, ended false; Old website by Ana Ruiz, ended true")
		if lead := of.Organization.Facts["project.lead"]; lead != nil {
			t.Errorf("the record names %v as well", lead)
		}
		o.is("Olga's record", fmt.Sprint(o.record("olga@kitlab.example").Person.Facts["project.lead"]), "ben@agency.example")
		again, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		if again.Known != 3 {
			t.Errorf("imported again it came to %+v", again)
		}
	})
}

// A message after the ticket has closed begins a new one, which is about the same project.
func TestAFollowUpIsAboutTheSameProject(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.colleagues()
		site := o.leads(o.cem, website)
		o.leads(o.ana, catalogue)
		id := o.about(maria, "Texts")
		o.must(o.saysProject(id, site))
		o.answers(o.cem, id, "They are in.", "solved")
		o.at("2026-11-21 12:00")
		o.is("it is", string(o.ticket(id).Category), string(ticket.Closed))
		if err := o.saysProject(id, ""); !fault.Is(err, fault.Refused) {
			t.Errorf("a closed ticket is about another project: %v", err)
		}
		o.arrives(letter{from: maria, answers: o.last(id), body: "And these."})
		o.is("the next is about", o.projectOf(o.ticket(id).FollowedBy), website)
	})
}

// Olga had a project before anybody knew that she is Maria, and it is Maria's afterwards.
func TestAMergeOfCustomersCarriesTheirProjects(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.asks(maria, "Texts")
		o.asks(olga, "More texts")
		o.owns(desk.Sale{Email: "olga@kitlab.example", Project: "Trade fair", Lead: "Cem Yildiz"})
		o.must(o.merges(o.ana, o.person("maria@greenfund.example").ID, o.person("olga@kitlab.example").ID, "She told us."))
		o.is("what is about it goes to", o.with(o.about(maria, "The stand")), "Cem Yildiz")
	})
}
