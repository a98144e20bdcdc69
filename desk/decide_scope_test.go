package desk_test

import (
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/ticket"
)

// decides lets Ben decide under which clause a ticket falls.
func (o *office) decides(id int64, clause string) {
	o.t.Helper()
	_, err := o.desk.DecideScope(ctx, o.ben.Actor(), desk.DecideScope{Ticket: id, Clause: clause})
	o.must(err)
}

// prepares lets Ben send the ready answer of a clause.
func (o *office) prepares(in desk.Prepared) (desk.Done, error) {
	return o.desk.SendPrepared(ctx, o.ben.Actor(), in)
}

// open are the tasks of a ticket that nobody has done.
func (o *office) open(id int64) (all []string) {
	o.t.Helper()
	for _, task := range o.sees(access.Clock, id).Tasks {
		if task.Done.IsZero() {
			all = append(all, task.Says)
		}
	}
	return all
}

// audited are the lines of the audit about a field: who, and what they read.
func (o *office) audited(id int64, field string) string {
	o.t.Helper()
	var lines []string
	for _, audit := range o.sees(o.ben.Actor(), id).Audits {
		for _, e := range audit.Events {
			if e.Field == field {
				lines = append(lines, audit.Author.Name+" "+e.Says)
			}
		}
	}
	return strings.Join(lines, "\n")
}

// Maria asks for a script. Ben decides that this is development, which is recorded and mails nothing; he reads the answer that is
// ready, sends it, and only then does her page say the clause. The ticket can be solved.
func TestS3_16_AnAgentDecidesAndSendsTheReadyAnswer(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		mails := o.posted(id)
		o.decides(id, "limits.development")
		o.is("the mails after deciding", o.posted(id), mails)
		o.is("the audit", o.audited(id, "scope"), "Ben Okafor decided that this is outside of what we support: Development, scripts and advanced programming.")
		page := o.sees(o.ben.Actor(), id)
		o.is("the answer that is ready", page.Desk.Ready, "What you ask for is outside of standard support. Development, scripts and advanced programming. A developer of your choice can help.")
		if scope := o.sees(o.customer("maria@"), id).Scope; scope.Clause.ID != "" {
			t.Errorf("before anybody has written to her, Maria reads %+v", scope)
		}
		if got := o.ticket(id).Facts["ticket.topic"]; got != "development" {
			t.Errorf("the topic is %v", got)
		}

		o.at("2026-11-17 10:20")
		_, err := o.prepares(desk.Prepared{Ticket: id, Message: "out-of-scope", Status: "solved", Base: page.Last})
		o.must(err)
		o.at("2026-11-17 10:30")
		o.lastSays(id, "A developer of your choice can help.")
		o.in(id, "solved")
		if scope := o.sees(o.customer("maria@"), id).Scope; scope.Clause.Reach != policy.OutOfScope || scope.Clause.Says != "Development, scripts and advanced programming." || !scope.Decided.IsZero() {
			t.Errorf("afterwards she reads %+v", scope)
		}
		if left := strings.Join(o.open(id), "\n"); strings.Contains(left, "is prepared") {
			t.Errorf("still to do: %s", left)
		}
	})
}

// What the agent has marked with a topic is pointed out, and whoever sends the answer decides with it.
func TestS3_16_WhoSendsTheAnswerDecides(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		o.says(id, "ticket.topic", "development")
		if scope := o.sees(o.ben.Actor(), id).Scope; scope.Clause.ID != "limits.development" || !scope.Decided.IsZero() {
			t.Errorf("the policy points out %+v", scope)
		}
		_, err := o.prepares(desk.Prepared{Ticket: id, Message: "out-of-scope", Status: "open"})
		o.must(err)
		o.is("the audit", o.audited(id, "scope"), "Ben Okafor decided that this is outside of what we support: Development, scripts and advanced programming.")
	})
}

// A decision can be another one, and can be taken back; what the policy would point out no longer counts against it.
func TestADecisionOnTheScopeCountsBeforeWhatTheRulesPointOut(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		o.says(id, "ticket.topic", "development")
		o.decides(id, "covers.customization")
		if scope := o.sees(o.ben.Actor(), id); scope.Scope.Clause.Reach != policy.InScope || scope.Desk.Ready != "" {
			t.Errorf("decided to be inside, it is %+v with the answer %q", scope.Scope.Clause, scope.Desk.Ready)
		}
		if _, err := o.prepares(desk.Prepared{Ticket: id, Message: "out-of-scope"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the answer of a clause that does not hold: %v", err)
		}
		o.decides(id, "")
		if scope := o.sees(o.ben.Actor(), id).Scope; scope.Clause.ID != "limits.development" || !scope.Decided.IsZero() {
			t.Errorf("taken back, it is %+v", scope)
		}
	})
}

// The payment gateway is the cause: its name and what was seen go with the answer, the ticket may be solved, and Maria's page says
// that this much is done all the same.
func TestS0_25_AnotherSystemIsNamedInTheAnswer(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Card payments fail")
		o.decides(id, "limits.other-systems")
		page := o.sees(o.ben.Actor(), id)
		if page.Scope.Clause.Reach != policy.PartlyInScope || len(page.Scope.Asks) != 1 || page.Scope.Asks[0].Fact != "ticket.other_system" {
			t.Fatalf("the page asks %+v of %+v", page.Scope.Asks, page.Scope.Clause)
		}
		if _, err := o.prepares(desk.Prepared{Ticket: id, Message: "other-system"}); fault.KindOf(err) == "" {
			t.Errorf("without the name of the system: %v", err)
		}
		_, err := o.prepares(desk.Prepared{Ticket: id, Message: "other-system", Status: "solved", Said: map[string]string{"ticket.other_system": "the payment gateway"}, Words: "It answers with error 502."})
		o.must(err)
		o.at("2026-11-16 10:01")
		if says := o.last(id).text; !strings.Contains(says, "It looks as if the payment gateway is the cause.") || !strings.Contains(says, "It answers with error 502.") {
			t.Errorf("the answer says %s", says)
		}
		o.in(id, "solved")
		if told := o.sees(o.customer("maria@"), id).Scope.Clause; told.Reach != policy.PartlyInScope || told.WeStill != "We tell you what we saw, so that you can take it to them." {
			t.Errorf("Maria reads %+v", told)
		}
	})
}

// Where the policy says what declining leads to, sending the answer does it: one mail, the customer's turn, the phase with it.
func TestS0_25_DecliningDoesWhatThePolicySays(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "A site of another company")
		kind := "call"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
		o.must(err)
		o.decides(id, "limits.our-products")
		if refuses := o.sees(o.ben.Actor(), id).Scope.Refuses; refuses != "Waiting for you" {
			t.Errorf("declining leads to %q", refuses)
		}
		before := len(o.mails(id))
		_, err = o.prepares(desk.Prepared{Ticket: id, Message: "out-of-scope"})
		o.must(err)
		o.at("2026-11-16 10:05")
		if n := len(o.mails(id)) - before; n != 1 {
			t.Errorf("%d mails were sent, want one", n)
		}
		o.in(id, "pending")
		if at := o.ticket(id).Memory.Phase.ID; at != "out_of_scope" {
			t.Errorf("the phase is %s", at)
		}
	})
}

// The time zone of an account: marked, the list says what to write down; asked for by somebody else, an administrator's word comes
// first; once made, all of it stands in the audit.
func TestS0_26_AChangeIsMadeAndWrittenDown(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Our clock is wrong")
		change := func(in desk.StaffChange) error {
			in.Ticket, in.Change = id, "timezone"
			_, err := o.desk.StaffChange(ctx, o.ben.Actor(), in)
			return err
		}
		o.must(change(desk.StaffChange{}))
		if tasks := strings.Join(o.open(id), "\n"); !strings.Contains(tasks, "First get the word of an administrator of the account.") || !strings.Contains(tasks, "who asked; the old time zone; the new time zone") {
			t.Errorf("the tasks are %q", tasks)
		}
		noted := []string{"Maria", "UTC", "New York"}
		if err := change(desk.StaffChange{Noted: noted}); !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "First get the word of an administrator of the account.") {
			t.Errorf("without the word of an administrator: %v", err)
		}
		if err := change(desk.StaffChange{Noted: noted[:2], Word: "Jonas Weber"}); !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "the new time zone") {
			t.Errorf("with something missing: %v", err)
		}
		o.must(change(desk.StaffChange{Noted: noted, Word: "Jonas Weber"}))
		o.is("the audit", o.audited(id, "staff_change"), "Ben Okafor marked this as a change that we make: The time zone of your account.\n"+
			"Ben Okafor made the change: The time zone of your account. who asked: Maria; the old time zone: UTC; the new time zone: New York; with the word of Jonas Weber")
		o.is("what is left to do", strings.Join(o.open(id), "\n"), "")

		_, err := o.desk.StaffChange(ctx, o.ben.Actor(), desk.StaffChange{Ticket: id, Change: "moon"})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a change that is not in the catalogue: %v", err)
		}
	})
}

// Somebody whose record says that they administer the account needs nobody's word.
func TestS0_26_AnAdministratorAsks(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Our clock is wrong")
		o.records(o.customer("maria@").Person, "requester.is_administrator", "true")
		for _, c := range o.sees(o.ben.Actor(), id).Desk.Changes {
			if c.First != "" {
				t.Errorf("%s: %s", c.ID, c.First)
			}
		}
		_, err := o.desk.StaffChange(ctx, o.ben.Actor(), desk.StaffChange{Ticket: id, Change: "timezone", Noted: []string{"Maria", "UTC", "New York"}})
		o.must(err)
	})
}

// The version on record is no longer supported: the agent sees the limit and the way out on the ticket, and nothing is sent.
func TestS3_17_TheTicketSaysThatTheVersionIsNotSupported(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Product: "PipeRocks CRM", Version: "3.1", Ends: "2026-06-30", Site: "greenfund.example"})
		o.must(err)
		id := o.asks(maria, "Import fails")
		page := o.sees(o.ben.Actor(), id)
		if c := page.Scope.Clause; c.ID != "limits.old-versions" || c.Instead != "Move to a supported version, and we can help again." || page.Desk.Ready == "" {
			t.Errorf("Ben sees %+v, with the answer %q", c, page.Desk.Ready)
		}
		o.is("what Maria got", o.posted(id), "Tue 2026-11-17 10:00:00 EST received to maria@greenfund.example")
	})
}

// B8 for decisions: what the policy has no clause for, what is closed, and who may not change tickets, change nothing.
func TestB8_OnlyClausesOfThePolicyAreDecided(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		before := o.comesTo(id)
		for _, clause := range []string{"limits.moon", "development", strings.Repeat("x", 5000)} {
			if _, err := o.desk.DecideScope(ctx, o.ben.Actor(), desk.DecideScope{Ticket: id, Clause: clause}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%.20s: %v", clause, err)
			}
		}
		if _, err := o.desk.DecideScope(ctx, o.customer("maria@"), desk.DecideScope{Ticket: id, Clause: "limits.coding"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the customer decides: %v", err)
		}
		if _, err := o.desk.StaffChange(ctx, o.customer("maria@"), desk.StaffChange{Ticket: id, Change: "timezone"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the customer changes: %v", err)
		}
		o.is("the ticket", o.comesTo(id), before)
	})
}

// What Ben decided by mistake he takes back a moment later, and nothing of it is left.
func TestS2_32_ADecisionOnTheScopeCanBeTakenBack(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 10:00", func(o *office) {
		id := o.asks(maria, "A script, please")
		done, err := o.prepares(desk.Prepared{Ticket: id, Message: "out-of-scope"})
		if !fault.Is(err, fault.NotFound) {
			t.Fatalf("nothing speaks for a clause, and the answer is sent: %v", err)
		}
		done, err = o.desk.DecideScope(ctx, o.ben.Actor(), desk.DecideScope{Ticket: id, Clause: "limits.network"})
		o.must(err)
		_, err = o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		if got := o.ticket(id); got.Memory.Scoped != (ticket.Scoped{}) || got.Facts[policy.ClauseFact] != nil {
			t.Errorf("it is still %+v", got.Facts)
		}
	})
}
