package desk_test

import (
	"slices"
	"strings"
	"testing"

	"hark/desk"
	"hark/ticket"
)

// The other built-in policies at work: what a customer reads and an agent sees on a real desk. What needs more than a mail
// and a reply, such as booking a call, is played in package simulate.

// lastSays checks that the newest mail about a ticket says something.
func (o *office) lastSays(id int64, wanted string) {
	o.t.Helper()
	if m := o.last(id); !strings.Contains(m.text, wanted) {
		o.t.Errorf("%s says\n%s\nwant %q", m.template, m.text, wanted)
	}
}

// why is the explanation of a rule on a ticket's page, "" when nothing of it is planned.
func (o *office) why(id int64, rule string) string {
	o.t.Helper()
	for _, e := range o.sees(o.ben.Actor(), id).Why {
		if e.Rule == rule {
			return e.Sentence
		}
	}
	return ""
}

// tasks are what somebody should do about a ticket.
func (o *office) tasks(id int64) (all []string) {
	o.t.Helper()
	for _, task := range o.sees(o.ben.Actor(), id).Tasks {
		all = append(all, task.Says)
	}
	return all
}

func TestS3_01_TheAcknowledgementNamesTheTime(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 15:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.lastSays(id, "You usually hear from us by Wednesday 18 November 2026, 15:00 EST.")
		o.is("why", o.why(id, "targets.standard"), "Answer usual by Wed 18 Nov 15:00. You wrote Tue 15:00. One business day later is Wed 18 Nov 15:00. Rule: targets.standard, policy 2026-11-01, page section 2.")
		o.is("tasks", strings.Join(o.tasks(id), "\n"), "Fill in the customer region; until then times are counted in the default region.") // S3-11
	})
}

func TestS3_02_AMailAtTheWeekendIsCountedFromMonday(t *testing.T) {
	each(t, "2026-11-21 11:00", func(o *office) {
		o.apply(example(t, "piperocks-crm"))
		o.lastSays(o.asks(maria, "Import fails"), "You usually hear from us by Tuesday 24 November 2026, 09:00 EST.")
	})
}

func TestS3_15_TheAgentSeesThatAnUpdateIsDue(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-17 09:00", func(o *office) {
		id := o.asks(maria, "Import fails")
		o.at("2026-11-17 10:00")
		o.answers(o.ben, id, "We are looking into it.", "open")
		o.is("why", o.why(id, "targets.keep-informed"), "Update aimed at by Fri 20 Nov 10:00. We wrote Tue 10:00. Three business days later is Fri 20 Nov 10:00. Rule: targets.keep-informed, policy 2026-11-01, page section 2.")
		o.arrives(letter{from: maria, answers: o.last(id), body: "Any news?"})
		o.at("2026-11-19 10:00")
		o.answers(o.ben, id, "We have found it.", "open")
		if why := o.why(id, "targets.keep-informed"); !strings.Contains(why, "by Tue 24 Nov 10:00") {
			t.Errorf("after the update: %s", why)
		}
		o.at("2026-11-25 00:00")
		if missed := o.sees(o.ben.Actor(), id).Ticket.Memory.Targets; !slices.ContainsFunc(o.sees(o.ben.Actor(), id).Audits, func(a ticket.Audit) bool {
			return slices.ContainsFunc(a.Events, func(e ticket.AuditEvent) bool { return e.Type == ticket.Overdue && e.Rule == "targets.keep-informed" })
		}) {
			t.Errorf("nobody noticed that the update is overdue: %+v", missed)
		}
	})
}

func TestS4_01_TheMailNamesTheUsualTimeOfTheFirstPhase(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Totals are wrong")
		o.lastSays(id, "Until we begin to review it, it usually takes 4 business hours to 3 business days.")
		bug := "bug"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &bug})
		o.must(err)
		o.is("why", o.why(id, "trackers.bug.phases.received"), "Request received: usually until Thu 19 Nov 17:00. It began Mon 10:00. The close of the third business day is Thu 19 Nov 17:00. Rule: trackers.bug.phases.received, policy 2026-11-01, page section 2.")
		o.at("2026-11-19 17:01") // S4-11: longer than usual is a task, and no mail
		if tasks := o.tasks(id); !slices.Contains(tasks, "Write to the customer how it stands") {
			t.Errorf("tasks: %q", tasks)
		}
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example")
	})
}

func TestS4_17_ReopeningForFourteenDays(t *testing.T) {
	each(t, "2026-11-16 10:00", func(o *office) {
		o.apply(example(t, "what-happens-next"))
		id := o.asks(maria, "How do I export?")
		o.at("2026-11-18 12:00")
		o.answers(o.ben, id, "With the menu on the right.", "solved")
		o.at("2026-12-02 11:59")
		o.arrives(letter{from: maria, answers: o.last(id), body: "And as a spreadsheet?"})
		o.in(id, "open")
		o.lastSays(id, "Usual time: 2 to 3 business days.") // the review begins again
		late := o.asks(jonas, "How do I import?")
		o.answers(o.ben, late, "With the menu on the left.", "solved")
		question := o.last(late)
		o.at("2026-12-16 12:00")
		o.in(late, "closed")
		got := o.arrives(letter{from: jonas, answers: question, body: "And from a spreadsheet?"})
		if got.Ticket == late || o.ticket(got.Ticket).FollowUpOf != late {
			t.Errorf("%+v", got)
		}
	})
}

func TestS1_14_ANewCaseIsAcknowledgedAndExplained(t *testing.T) {
	each(t, "2026-11-17 13:00", func(o *office) {
		o.apply(example(t, "ablecommerce-phone-procedures"))
		id := o.asks(maria, "Checkout is broken")
		o.lastSays(id, "We review it and answer in this conversation.")
		page := o.sees(o.ben.Actor(), id)
		why, ok := page.Policy.ExplainRoute(page.Ticket, o.clock.Now())
		if !ok || !strings.HasPrefix(why.Sentence, "It goes to the group level one, because no other rule fits.") {
			t.Errorf("%+v", why)
		}
	})
}
