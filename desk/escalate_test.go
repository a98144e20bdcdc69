package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/promise"
	"hark/store"
	"hark/ticket"
)

// seniors makes the group that the policy raises tickets to, with Cem in it.
func (o *office) seniors() account.Group {
	o.t.Helper()
	group, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Senior technicians", Members: []int64{o.cem.ID}})
	o.must(err)
	o.cem, err = o.desk.Person(ctx, access.Clock, o.cem.ID) // with the group
	o.must(err)
	return group
}

// escalates lets a customer ask that somebody senior looks.
func (o *office) escalates(a access.Actor, id int64, words string) (desk.Done, error) {
	return o.desk.AskForEscalation(ctx, a, desk.Escalation{Ticket: id, Words: words})
}

// Two answers did not help, and Maria asks for escalation: the senior technicians have it, Ben follows it, one mail says until when
// she hears, and her words stand in the conversation. Asked again it is said, and nothing more happens.
func TestS3_14_TheCustomerAsksOnTheDesk(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		group := o.seniors()
		id := o.asks(maria, "Import fails")
		o.at("2026-11-17 09:30")
		o.answers(o.ben, id, "Please try again.", "open")
		o.at("2026-11-17 11:00")
		marias := o.customer("maria@")
		if look := o.sees(marias, id).Look; !look.May || look.With != "senior technicians" || shown(look.News.Due) != "Fri 2026-11-20 09:30:00 EST" {
			t.Errorf("before she asks, her page offers %+v", look)
		}
		_, err := o.escalates(marias, id, "We cannot send invoices.")
		o.must(err)

		got := o.ticket(id)
		if got.Group != group.ID || got.Assignee.Known() || len(got.Followers) != 1 || got.Followers[0].ID != o.ben.ID {
			t.Errorf("it is with group %d, %+v, followed by %+v", got.Group, got.Assignee, got.Followers)
		}
		o.is("the priority", got.Priority, "") // a review is promised, not a place in front
		page := o.sees(marias, id)
		if !page.Look.Asked || page.Look.May || shown(page.Look.Since) != "Tue 2026-11-17 11:00:00 EST" || page.Look.News.Strength != promise.Aim {
			t.Errorf("afterwards her page tells %+v", page.Look)
		}
		o.lastSays(id, "A senior technician reviews your case. We aim to write to you by Friday 20 November 2026, 09:30 EST.")
		if last := page.Comments[len(page.Comments)-1]; last.Text != "We cannot send invoices." || !last.Public {
			t.Errorf("the last message is %+v", last)
		}
		if why := fmt.Sprint(o.sees(o.cem.Actor(), id).Why); !strings.Contains(why, "Update aimed at by Fri 20 Nov 09:30") {
			t.Errorf("Cem reads of no update: %s", why)
		}

		before := o.comesTo(id)
		_, err = o.escalates(marias, id, "Still nothing.")
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		o.is("what is there after asking twice", o.comesTo(id), before)
	})
}

// comesTo is what a ticket, its conversation and its mails come to.
func (o *office) comesTo(id int64) string {
	o.t.Helper()
	page := o.sees(access.Clock, id)
	return fmt.Sprintf("%+v\n%d comments\n%d audits\n%s", page.Ticket, len(page.Comments), len(page.Audits), o.posted(id))
}

// The same form sent twice counts once, and both answers are the same (D7).
func TestD7_EscalationIsAskedForOnceHoweverOftenTheFormIsSent(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		form := desk.Escalation{Ticket: id, Words: "We cannot send invoices.", Key: "one form"}
		first, err := o.desk.AskForEscalation(ctx, o.customer("maria@"), form)
		o.must(err)
		second, err := o.desk.AskForEscalation(ctx, o.customer("maria@"), form)
		o.must(err)
		if first.Comment != second.Comment || !second.Again {
			t.Errorf("the first made comment %d, the second %d", first.Comment, second.Comment)
		}
	})
}

// What waits for the customer is our turn again when they ask, so that the time that is promised runs.
func TestS3_14_AskingWhileWeWaitMakesItOurTurn(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.answers(o.ben, id, "Which file?", "pending")
		o.at("2026-11-18 09:00")
		_, err := o.escalates(o.customer("maria@"), id, "All of them, and nobody can work.")
		o.must(err)
		o.in(id, "open")
		if news := o.sees(o.customer("maria@"), id).Look.News; news.State != promise.Running {
			t.Errorf("the update is %+v", news)
		}
	})
}

// Where no group is called so, nothing gets lost: a person is asked to see to it.
func TestS3_14_WithoutAGroupATaskSaysSo(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		_, err := o.escalates(o.customer("maria@"), id, "Nobody can work.")
		o.must(err)
		if tasks := strings.Join(o.tasks(id), "\n"); !strings.Contains(tasks, "Give this to the senior technicians: no group of this desk is called so.") {
			t.Errorf("the tasks are %q", tasks)
		}
	})
}

// Words are asked for, strangers and colleagues of others learn nothing, and what is closed stays closed.
func TestB1_EscalationIsTheCustomersOwn(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.asks(jonas, "Another thing")
		before := o.comesTo(id)
		for name, try := range map[string]struct {
			who   access.Actor
			words string
			want  fault.Kind
		}{
			"no words":         {o.customer("maria@"), "  ", fault.Invalid},
			"somebody else":    {o.customer("jonas@"), "x", fault.NotFound},
			"an agent":         {o.ben.Actor(), "x", fault.NotFound},
			"nobody":           {access.Actor{}, "x", fault.Unsigned},
			"another's link":   {access.Actor{Person: o.customer("jonas@").Person, Role: access.Customer, Ticket: id}, "x", fault.NotFound},
			"a link elsewhere": {access.Actor{Person: o.customer("maria@").Person, Role: access.Customer, Ticket: id + 1}, "x", fault.NotFound},
		} {
			if _, err := o.escalates(try.who, id, try.words); fault.KindOf(err) != try.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		o.is("the ticket", o.comesTo(id), before)
		o.answers(o.ben, id, "Done.", "solved")
		o.at("2026-11-25 10:00")
		if _, err := o.escalates(o.customer("maria@"), id, "Again."); !fault.Is(err, fault.Refused) {
			t.Errorf("on a closed ticket: %v", err)
		}
	})
}

// Three people have the problem, said in the request form: it goes to the senior technicians at once, first of all, and Maria reads so.
func TestS3_13_SaidInTheFormItEscalatesAtOnce(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		group := o.seniors()
		o.asks(maria, "Hello")
		done, err := o.desk.Create(ctx, o.customer("maria@"), desk.Request{Subject: "Nothing works", Text: "Since this morning.", Kind: "technical", Facts: map[string]any{"ticket.users_affected": 3}})
		o.must(err)
		got := o.ticket(done.Ticket.ID)
		if got.Group != group.ID || got.Priority != "urgent" {
			t.Errorf("it is %s, with group %d", got.Priority, got.Group)
		}
		look := o.sees(o.customer("maria@"), got.ID).Look
		if look.With != "senior technicians" || look.Asked || !strings.Contains(look.Why, "A problem of several users") {
			t.Errorf("her page tells %+v", look)
		}
		o.is("what she gets", o.posted(got.ID), "Tue 2026-11-17 10:00:00 EST received to maria@greenfund.example\nTue 2026-11-17 10:00:00 EST escalated to maria@greenfund.example")
		seen, err := o.desk.Inbox(ctx, o.cem.Actor(), store.Filter{Limit: 50})
		o.must(err)
		if len(seen.Items) == 0 || seen.Items[0].ID != got.ID {
			t.Errorf("Cem's list begins with %+v", seen.Items)
		}
	})
}

// Told again under the same policy, a ticket whose customer asked is raised again.
func TestAStoryTellsThatEscalationWasAskedFor(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.at("2026-11-17 11:00")
		_, err := o.escalates(o.customer("maria@"), id, "Nobody can work.")
		o.must(err)
		told, _, err := o.desk.Story(ctx, o.ana.Actor(), id)
		o.must(err)
		if last := told.Events[len(told.Events)-1]; last.Kind != ticket.CustomerAsks {
			t.Errorf("the last event is %s", last.Kind)
		}
	})
}
