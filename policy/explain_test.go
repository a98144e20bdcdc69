package policy

import (
	"strings"
	"testing"

	"hark/ticket"
)

func builtIn(t testing.TB, name string) *Policy {
	t.Helper()
	src, ok := Example(name)
	if !ok {
		t.Fatalf("no built-in policy is called %q", name)
	}
	p, findings := Parse(name, src)
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets(src))
	}
	return p
}

// lived is a ticket after some events under a policy, each at its own time in New York.
func lived(t testing.TB, p *Policy, facts map[string]any, events ...ticket.Event) ticket.Ticket {
	t.Helper()
	one := ticket.Ticket{ID: 7, Requester: paula, Facts: facts}
	for _, e := range events {
		out := p.React(one, e, e.At)
		if out.Refused != "" {
			t.Fatalf("%s: %s", e.Kind, out.Refused)
		}
		one = out.Ticket
	}
	return one
}

func TestTheWhyOfALevel(t *testing.T) {
	p := builtIn(t, "ablecommerce-phone-procedures")
	why, ok := p.ExplainLevel(FactsIn(map[string]any{"licence.ordered_on": "2026-11-12", "licence.version_major": 7}), at(t, "2026-11-17 12:00"))
	want := "Active support plan: Ordered within the last 30 days. The number of days since the licence was ordered is 5. Rule: levels.table.recent, policy 2010-06-02, page section 4."
	if !ok || why.Sentence != want || strings.Join(why.Passed, " ") != "priority old-version" || why.Facts[0].Value != 5 {
		t.Errorf("%+v", why)
	}
	if _, ok := builtIn(t, "piperocks-crm").ExplainLevel(FactsIn(nil), at(t, "2026-11-17 12:00")); ok {
		t.Error("a policy without levels gives one")
	}
}

func TestTheWhyOfARoute(t *testing.T) {
	p := supportCenter(t)
	made := ticket.Event{Kind: ticket.CustomerCreates, At: at(t, "2026-11-17 12:00"), TicketKind: "project"}
	for _, one := range []struct {
		facts map[string]any
		want  string
	}{
		{map[string]any{"project.lead": ana.Address}, "It goes to " + ana.Address + ", the agent who leads the project, because the kind is Message about a running project. Rule: routing.project, policy 2026-11-01, page section 3."},
		{map[string]any{"project.lead": ana.Address, "project.name": "Spring catalogue"}, "It goes to " + ana.Address + ", the agent who leads the project “Spring catalogue”, because the kind is Message about a running project. Rule: routing.project, policy 2026-11-01, page section 3."},
		{map[string]any{"project.lead": ana.Address, "project.name": "Spring catalogue", "project.without_lead": true}, "It goes to " + ana.Address + ", the lead on the customer’s record (nobody leads the project “Spring catalogue”), because the kind is Message about a running project. Rule: routing.project, policy 2026-11-01, page section 3."},
		{nil, "It goes to the next available person: the agent who leads the project would be next, because the kind is Message about a running project, and nobody is there under that name. Rule: routing.project, policy 2026-11-01, page section 3."},
	} {
		why, ok := p.ExplainRoute(lived(t, p, one.facts, made), made.At)
		if !ok || why.Sentence != one.want || why.Facts[0].Value != "project" {
			t.Errorf("%+v", why)
		}
	}
	made.TicketKind = "question"
	why, _ := p.ExplainRoute(lived(t, p, nil, made), made.At)
	if why.Sentence != "It goes to the next available person, because no other rule fits. Rule: routing.new, policy 2026-11-01, page section 3." {
		t.Errorf("%s", why.Sentence)
	}
}

func TestTheWhyOfARefusal(t *testing.T) {
	p := supportCenter(t)
	l := asked(t)
	out := p.React(l.t, ticket.Event{Kind: ticket.AgentSets, Status: "closed", At: at(t, "2026-11-21 09:00")}, at(t, "2026-11-21 09:00"))
	f := out.Refusal
	if f.Because != ComesByItself || f.About != "Closed" || f.Rule != "lifecycle.moves" || out.Refused != f.Sentence() {
		t.Errorf("%+v, %s", f, out.Refused)
	}
	if want := "Closed cannot be chosen: it comes by itself after 7 days in Pending or after 24 hours in Solved. Rule: lifecycle.moves, policy 2026-11-01, page section 4."; p.WhyRefused(f) != want {
		t.Error(p.WhyRefused(f))
	}
}

// Every reason has a sentence, and every name in it is filled.
func TestEveryRefusalHasASentence(t *testing.T) {
	full := Refusal{Rule: "calls", About: "A", From: "B", Instead: []string{"C", "D"}, Until: "E"}
	for because := range refusalSays {
		full.Because = because
		if says := full.Sentence(); says == "" || strings.ContainsAny(says, "{}") {
			t.Errorf("%s: %q", because, says)
		}
	}
}

func TestTheWhyOfAPhase(t *testing.T) {
	p := builtIn(t, "what-happens-next")
	one := lived(t, p, nil, ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "bug", At: at(t, "2026-11-16 10:00")})
	want := "Request received: usually until Thu 19 Nov 17:00. It began Mon 10:00. The close of the third business day is Thu 19 Nov 17:00. Rule: trackers.bug.phases.received, policy 2026-11-01, page section 2."
	if why := p.Explain(one); len(why) != 1 || why[0].Sentence != want || !why[0].Owed() {
		t.Errorf("%+v", why)
	}
	waits := lived(t, p, nil,
		ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "bug", At: at(t, "2026-11-16 10:00")},
		ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: at(t, "2026-11-16 12:00")})
	if why := p.Explain(waits); len(why) != 0 {
		t.Errorf("the customer has the word, and yet: %+v", why)
	}
}

// A company that does not want to write at night lets its reminders wait for the opening.
func TestATimerMayWaitForOpeningHours(t *testing.T) {
	src, _ := Example("customer-support-center")
	text := strings.Replace(string(src), "{id: reminder-1, in: pending, after: 24h, since: last_agent_message,", "{id: reminder-1, in: pending, after: 24h, since: last_agent_message, deliver_in: office,", 1)
	p, findings := Parse("quiet", []byte(text))
	if findings.Errors() > 0 || p.Lint().Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)), p.Lint().Carets([]byte(text)))
	}
	one := lived(t, p, nil,
		ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "question", At: at(t, "2026-11-20 15:45")},
		ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: at(t, "2026-11-20 16:30")})
	want := "First reminder Mon 23 Nov 09:00. We asked Fri 16:30. 24 hours later is Sat 21 Nov 16:30. Nobody is there at Sat 21 Nov 16:30 (closed on Saturdays), so it waits until Mon 23 Nov 09:00. Rule: lifecycle.timers.reminder-1, policy 2026-11-01, page section 4."
	if why := p.Explain(one)[0]; why.Sentence != want || why.At != at(t, "2026-11-23 09:00") {
		t.Errorf("%s", why.Sentence)
	}
	if says := p.RuleSays("lifecycle.timers.reminder-1", true); says != "After 24 hours in Pending, counted from our last question, in opening hours: we send “First reminder”." {
		t.Error(says)
	}
}

func TestEscalationMayHaveToWaitForAnAnswer(t *testing.T) {
	src, _ := Example("piperocks-crm")
	text := strings.Replace(string(src), "event: customer_asks, says:", "event: customer_asks, when: {ticket.agent_replies: {gte: 1}}, says:", 1)
	p, findings := Parse("patient", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	made := ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "technical", At: at(t, "2026-11-17 09:00")}
	asks := ticket.Event{Kind: ticket.CustomerAsks, At: at(t, "2026-11-17 11:00")}
	if out := p.React(lived(t, p, nil, made), asks, asks.At); out.Refused != "Escalation can be asked for when the number of answers by an agent is at least 1." {
		t.Errorf("%q", out.Refused)
	}
	answered := ticket.Event{Kind: ticket.AgentReplies, By: ben, At: at(t, "2026-11-17 10:00")}
	if out := p.React(lived(t, p, nil, made, answered), asks, asks.At); out.Refused != "" || !strings.Contains(strings.Join(out.Ticket.Memory.Escalated, " "), "ask") {
		t.Errorf("%q, %v", out.Refused, out.Ticket.Memory.Escalated)
	}
}

// a day that is closed late moves the usual time of a phase, and says so.
func TestX09_ACorrectedCalendarMovesAPhase(t *testing.T) {
	p := builtIn(t, "what-happens-next")
	src, _ := Example("what-happens-next")
	text := strings.Replace(string(src), "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: \"2026-11-18\", hours: closed, why: Stocktaking}]\n", 1)
	corrected, findings := Parse("corrected", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	one := lived(t, p, nil, ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "bug", At: at(t, "2026-11-16 10:00")})
	out := p.WithCalendars(corrected).Adopt(one, at(t, "2026-11-17 09:00"))
	if got := out.Ticket.Memory.Phase.To; got != at(t, "2026-11-20 17:00") || len(out.Entries) != 1 || out.Entries[0].Kind != IsPhase {
		t.Errorf("until %s, %+v", got, out.Entries)
	}
	if why := p.WithCalendars(corrected).Explain(out.Ticket)[0].Sentence; !strings.Contains(why, "Wed 18 Nov does not count (Stocktaking)") {
		t.Error(why)
	}
}

func TestTheWhyOfAReminderOfACallAndOfAReview(t *testing.T) {
	p := builtIn(t, "soapbox-phone-support")
	one := lived(t, p, map[string]any{"subscription.phone_support": true, "customer.stage": "active"},
		ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "call", At: at(t, "2026-11-09 10:00")},
		ticket.Event{Kind: ticket.CallBooked, Start: at(t, "2026-11-18 11:00"), At: at(t, "2026-11-09 11:00")})
	why := p.Explain(one)
	if want := "Reminder of the call Tue 17 Nov 11:00. The call begins Wed 18 Nov 11:00, and the reminder goes out 24 hours before. Rule: calls.reminders, policy 2026-11-01, page section 4."; why[len(why)-2].Sentence != want {
		t.Errorf("%+v", why)
	}
	p = builtIn(t, "what-happens-next")
	one = lived(t, p, nil,
		ticket.Event{Kind: ticket.CustomerCreates, TicketKind: "feature", At: at(t, "2026-12-15 10:00")},
		ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"feature.decision": "not now"}, At: at(t, "2026-12-16 10:00")})
	why = p.Explain(one)
	if want := "Weighed again Mon 4 Jan 09:00, when the next quarterly review begins. It was put off Wed 16 Dec 10:00. Rule: issues.roadmap, policy 2026-11-01, page section 3."; why[len(why)-1].Sentence != want {
		t.Errorf("%+v", why)
	}
}
