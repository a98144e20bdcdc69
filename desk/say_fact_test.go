package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/desk"
	"hark/fault"
)

// says lets Ben say a fact of a ticket.
func (o *office) says(id int64, fact, value string) {
	o.t.Helper()
	_, err := o.desk.SayFact(ctx, o.ben.Actor(), desk.SayFact{Ticket: id, Fact: fact, Value: value})
	o.must(err)
}

// Ben finds out that three people have the problem: the policy puts it first, raises it and tells the customer, and the ticket says
// who said so.
func TestS3_13_AnAgentSaysHowManyAreAffected(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.says(id, "ticket.users_affected", "1")
		o.is("priority with one user", o.ticket(id).Priority, "")
		o.says(id, "ticket.users_affected", "3")
		o.is("priority with three users", o.ticket(id).Priority, "urgent")
		o.at("2026-11-17 10:05")
		o.lastSays(id, "A senior technician reviews your case.")
		told := ""
		for _, audit := range o.sees(o.ben.Actor(), id).Audits {
			for _, e := range audit.Events {
				if e.Field == "facts.ticket.users_affected" && e.Internal {
					told += fmt.Sprintf("%s: %s -> %s\n", audit.Author.Name, e.From, e.To)
				}
			}
		}
		o.is("the audit", told, "\nBen Okafor:  -> 1\nBen Okafor: 1 -> 3\n")
		for _, audit := range o.sees(o.customer("maria@"), id).Audits {
			for _, e := range audit.Events {
				if strings.HasPrefix(e.Field, "facts.") {
					t.Errorf("Maria reads %+v", e)
				}
			}
		}
	})
}

// A machine may propose, a person declines: the topic prepares the answer (S3-16).
func TestS3_16_AnAgentMarksTheTopic(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		mails := len(o.mails(id))
		o.says(id, "ticket.topic", "development")
		if tasks := strings.Join(o.tasks(id), "\n"); !strings.Contains(tasks, "Development, scripts and advanced programming.") || !strings.Contains(tasks, "is prepared; look at it and send it") {
			t.Errorf("the tasks are %s", tasks)
		}
		if n := len(o.mails(id)); n != mails {
			t.Errorf("%d mails went out by themselves", n-mails)
		}
		o.says(id, "ticket.topic", "")
		if _, said := o.ticket(id).Facts["ticket.topic"]; said && o.ticket(id).Facts["ticket.topic"] != nil {
			t.Errorf("the topic is still %v", o.ticket(id).Facts["ticket.topic"])
		}
	})
}

// B8 for facts: what stands in records, what the policy does not ask for, what is no value of it, and what a customer or a light
// agent would say on a ticket, is refused, and nothing changes.
func TestB8_OnlyWhatThePolicyAsksForCanBeSaid(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		before := fmt.Sprint(o.ticket(id).Facts)
		for _, x := range []struct {
			fact, value string
		}{{"subscription.plan", "enterprise"}, {"customer.region", "uk"}, {"ticket.priority", "urgent"}, {"no.such", "1"}, {"ticket.topic", "weather"}, {"ticket.users_affected", "many"}, {"ticket.topic", strings.Repeat("x", 5000)}} {
			if _, err := o.desk.SayFact(ctx, o.ben.Actor(), desk.SayFact{Ticket: id, Fact: x.fact, Value: x.value}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s = %.20s: %v", x.fact, x.value, err)
			}
		}
		if _, err := o.desk.SayFact(ctx, o.customer("maria@"), desk.SayFact{Ticket: id, Fact: "ticket.topic", Value: "network"}); err == nil {
			t.Error("the customer says it herself")
		}
		if after := fmt.Sprint(o.ticket(id).Facts); after != before {
			t.Errorf("the facts were %s and are %s", before, after)
		}
		o.answers(o.ben, id, "Done.", "solved")
		o.at("2026-11-25 10:00")
		if _, err := o.desk.SayFact(ctx, o.ben.Actor(), desk.SayFact{Ticket: id, Fact: "ticket.topic", Value: "network"}); !fault.Is(err, fault.Refused) {
			t.Errorf("on a closed ticket: %v", err)
		}
	})
}

// A stranger's answers in the form wait with the request, and only those the policy asks customers for.
func TestWhatAStrangerSaysInTheFormIsKnownOnTheTicket(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		o.must(o.desk.Ask(ctx, desk.Request{Requester: "olga@kitlab.example", Subject: "Nothing works", Text: "Since this morning.", Kind: "technical", Facts: map[string]any{"ticket.users_affected": 5, "ticket.topic": "network", "subscription.plan": "enterprise"}}))
		all := o.mails(0)
		done, err := o.desk.Confirm(ctx, linkToken(t, all[len(all)-1].text))
		o.must(err)
		facts := o.ticket(done.Ticket.ID).Facts
		if fmt.Sprint(facts["ticket.users_affected"]) != "5" || facts["ticket.topic"] != nil || facts["subscription.plan"] != nil {
			t.Errorf("the ticket knows %v", facts)
		}
		o.is("priority", o.ticket(done.Ticket.ID).Priority, "urgent")
	})
}

// Solving is refused until the result of the call is written down, and the refusal says which fact is missing (S0-15).
func TestS0_15_TheRefusalNamesTheMissingFact(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-12-14 10:00", func(o *office) {
		id := o.asks(maria, "A call, please")
		o.booked(id, "2026-12-15 10:00")
		o.at("2026-12-15 10:30")
		_, err := o.desk.CallEndsForTest(ctx, id)
		o.must(err)
		solved := "solved"
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &solved})
		if missing := desk.MissingFact(err); !fault.Is(err, fault.Refused) || missing != "call.result" {
			t.Fatalf("the refusal is %v, missing %q", err, missing)
		}
		if asks := o.sees(o.ben.Actor(), id).Asks; !strings.Contains(fmt.Sprint(asks), "call.result") {
			t.Errorf("the page does not ask for it: %+v", asks)
		}
		o.says(id, "call.result", "They will send the log.")
		o.is("the result", fmt.Sprint(o.ticket(id).Facts["call.result"]), "They will send the log.")
	})
}
