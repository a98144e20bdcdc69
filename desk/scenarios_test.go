package desk_test

import (
	"strings"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/rota"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// The life of a ticket, as the support centre of seed 002 promises it, told from end to end: mail comes in as mail, agents
// press what they press, and the clock on the wall moves. Times are Eastern.

func TestS2_01_ATicketIsAcknowledgedAtOnceDayOrNight(t *testing.T) {
	each(t, "2026-11-21 03:12", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.in(id, "new")
		o.at("2026-11-21 12:00")
		o.is("mails", o.posted(id), `Sat 2026-11-21 03:12:00 EST received to maria@greenfund.example`)
		o.is("what the customer reads", o.sees(o.customer("maria@"), id).Label, "Open / New")
	})
}

// pending is the beginning of many stories: Ben asks Maria something on Friday afternoon.
func (o *office) pending() int64 {
	o.t.Helper()
	id := o.asks(maria, "Redirect broken")
	o.at("2026-11-20 16:30")
	o.answers(o.ben, id, "Which page do you mean?", "pending")
	return id
}

func TestS2_02_PendingOnAFridayAfternoonReminderWhen(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(id), `
Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example
Fri 2026-11-20 16:30:00 EST reply to maria@greenfund.example
Sat 2026-11-21 16:30:00 EST reminder-1 to maria@greenfund.example
Wed 2026-11-25 16:30:00 EST reminder-2 to maria@greenfund.example
Fri 2026-11-27 16:30:00 EST closed-no-response to maria@greenfund.example`)
		o.is("story", o.story(id), `
Fri 2026-11-20 16:00:00 EST status new
Fri 2026-11-20 16:30:00 EST status pending
Fri 2026-11-27 16:30:00 EST tags No Response
Fri 2026-11-27 16:30:00 EST status closed`)
		second := o.mails(id)[3]
		if !strings.Contains(second.text, "Friday 27 November 2026, 16:30 EST") || !strings.Contains(second.text, "Which page do you mean?") {
			t.Errorf("the second reminder names neither the closing time nor the question:\n%s", second.text)
		}
	})
}

func TestS2_03_AHolidayDoesNotDelayAReminder(t *testing.T) {
	each(t, "2026-11-25 09:00", func(o *office) {
		id := o.asks(maria, "Photos")
		o.at("2026-11-25 10:00")
		o.answers(o.ben, id, "Which photos?", "pending")
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(id), `
Wed 2026-11-25 09:00:00 EST received to maria@greenfund.example
Wed 2026-11-25 10:00:00 EST reply to maria@greenfund.example
Thu 2026-11-26 10:00:00 EST reminder-1 to maria@greenfund.example
Mon 2026-11-30 10:00:00 EST reminder-2 to maria@greenfund.example
Wed 2026-12-02 10:00:00 EST closed-no-response to maria@greenfund.example`)
	})
}

func TestS2_04_AnAnswerBeforeTheReminderStopsEverything(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 16:29")
		got := o.arrives(letter{from: maria, answers: o.last(id), body: "The donation page."})
		if got.Outcome != "threaded" || got.Ticket != id {
			t.Fatalf("the answer became %+v", got)
		}
		o.in(id, "open")
		o.at("2026-12-31 00:00")
		o.is("story", o.story(id), `
Fri 2026-11-20 16:00:00 EST status new
Fri 2026-11-20 16:30:00 EST status pending
Sat 2026-11-21 16:29:00 EST status open`)
	})
}

func TestS2_06_AReplyResetsTheTimersANewQuestionStartsThemAnew(t *testing.T) {
	each(t, "2026-11-09 08:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.at("2026-11-09 09:00")
		o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-11 14:00")
		o.arrives(letter{from: maria, answers: o.last(id), body: "The first."})
		o.at("2026-11-12 11:15")
		o.answers(o.ben, id, "And in which browser?", "pending")
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(id), `
Mon 2026-11-09 08:00:00 EST received to maria@greenfund.example
Mon 2026-11-09 09:00:00 EST reply to maria@greenfund.example
Tue 2026-11-10 09:00:00 EST reminder-1 to maria@greenfund.example
Wed 2026-11-11 14:00:00 EST received-reply to maria@greenfund.example
Thu 2026-11-12 11:15:00 EST reply to maria@greenfund.example
Fri 2026-11-13 11:15:00 EST reminder-1 to maria@greenfund.example
Tue 2026-11-17 11:15:00 EST reminder-2 to maria@greenfund.example
Thu 2026-11-19 11:15:00 EST closed-no-response to maria@greenfund.example`)
	})
}

func TestS2_08_AnInternalNoteDoesNotResetAnything(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 09:00")
		_, err := o.desk.Note(ctx, o.cem.Actor(), desk.Note{Ticket: id, Text: "They changed hosts last week."})
		o.must(err)
		o.at("2026-11-21 16:30")
		if m := o.last(id); m.template != "reminder-1" || shown(m.at) != "Sat 2026-11-21 16:30:00 EST" {
			t.Errorf("after the note the last mail is %s at %s", m.template, shown(m.at))
		}
	})
}

func TestS2_09_AnOutOfOfficeAnswerIsNotAnAnswer(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-20 16:31")
		got := o.arrives(letter{from: maria, answers: o.last(id), headers: "Auto-Submitted: auto-replied\r\n", body: "I am away."})
		if got.Outcome != "threaded" || got.Ticket != id {
			t.Fatalf("the automatic answer became %+v", got)
		}
		o.in(id, "pending")
		o.at("2026-12-01 00:00")
		o.is("story", o.story(id), `
Fri 2026-11-20 16:00:00 EST status new
Fri 2026-11-20 16:30:00 EST status pending
Fri 2026-11-27 16:30:00 EST tags No Response
Fri 2026-11-27 16:30:00 EST status closed`)
		comments := o.sees(o.ben.Actor(), id).Comments
		if len(comments) != 3 || comments[2].Automatic != "auto-reply" || comments[2].Public {
			t.Errorf("agents should see the automatic answer as one, internally: %+v", comments)
		}
	})
}

func TestS2_10_ClocksGoBack(t *testing.T) {
	each(t, "2026-10-31 16:00", func(o *office) {
		id := o.asks(maria, "Calendar")
		o.at("2026-10-31 16:30")
		o.answers(o.ben, id, "Which day?", "pending")
		o.at("2026-12-01 00:00")
		o.is("mails", o.posted(id), `
Sat 2026-10-31 16:00:00 EDT received to maria@greenfund.example
Sat 2026-10-31 16:30:00 EDT reply to maria@greenfund.example
Sun 2026-11-01 15:30:00 EST reminder-1 to maria@greenfund.example
Thu 2026-11-05 16:30:00 EST reminder-2 to maria@greenfund.example
Sat 2026-11-07 16:30:00 EST closed-no-response to maria@greenfund.example`)
	})
}

func TestS2_11_ClocksGoForward(t *testing.T) {
	each(t, "2027-03-13 16:00", func(o *office) {
		id := o.asks(maria, "Calendar")
		o.at("2027-03-13 16:30")
		o.answers(o.ben, id, "Which day?", "pending")
		o.at("2027-05-01 00:00")
		o.is("mails", o.posted(id), `
Sat 2027-03-13 16:00:00 EST received to maria@greenfund.example
Sat 2027-03-13 16:30:00 EST reply to maria@greenfund.example
Sun 2027-03-14 17:30:00 EDT reminder-1 to maria@greenfund.example
Thu 2027-03-18 16:30:00 EDT reminder-2 to maria@greenfund.example
Sat 2027-03-20 16:30:00 EDT closed-no-response to maria@greenfund.example`)
	})
}

// solved is a ticket that Ben sets to solved on Monday at 17:10.
func (o *office) solved() int64 {
	o.t.Helper()
	id := o.asks(maria, "Redirect broken")
	o.at("2026-11-23 16:30")
	o.answers(o.ben, id, "It is fixed.", "open")
	o.at("2026-11-23 17:10")
	status := "solved"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &status})
	o.must(err)
	return id
}

func TestS2_14_SolvedClosesAfter24Hours(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.asks("Amelie Roux <amelie@roux.example>", "Redirect broken")
		zone := "Europe/Paris"
		_, err := o.desk.ChangePerson(ctx, access.Clock, o.customer("amelie@").Person, desk.PersonChange{Zone: &zone})
		o.must(err)
		o.at("2026-11-23 17:10")
		status := "solved"
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &status})
		o.must(err)
		if m := o.last(id); m.template != "solved" || !strings.Contains(m.text, "Tuesday 24 November 2026, 23:10 CET") {
			t.Errorf("the mail %q does not name the closing time in the customer's zone:\n%s", m.template, m.text)
		}
		o.at("2026-12-20 00:00")
		o.is("mails", o.posted(id), `
Mon 2026-11-23 16:00:00 EST received to amelie@roux.example
Mon 2026-11-23 17:10:00 EST solved to amelie@roux.example`)
		o.is("story", o.story(id), `
Mon 2026-11-23 16:00:00 EST status new
Mon 2026-11-23 17:10:00 EST status solved
Tue 2026-11-24 17:10:00 EST status closed`)
	})
}

func TestS2_15_AReplyWithin24HoursReopensAndSolvingAgainStartsANew24Hours(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		o.at("2026-11-24 09:00")
		o.arrives(letter{from: maria, answers: o.last(id), body: "Not quite: the second one is still broken."})
		o.in(id, "open")
		if got := o.ticket(id).Assignee.Name; got != "Ben Okafor" {
			t.Errorf("the reopened ticket is %s's, want Ben's", got)
		}
		o.at("2026-11-24 11:00")
		status := "solved"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &status})
		o.must(err)
		o.at("2026-11-24 17:11")
		o.in(id, "solved")
		o.at("2026-11-25 11:00")
		o.in(id, "closed")
	})
}

func TestS2_17_ClosedPlusReplyCreatesAFollowUp(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		answered := o.last(id)
		o.at("2026-11-24 17:10")
		before := o.sees(access.Clock, id)
		o.at("2026-11-24 17:10:01")
		got := o.arrives(letter{from: maria, answers: answered, body: "One more thing."})
		if got.Outcome != "created" || got.Ticket == id {
			t.Fatalf("the reply became %+v, want a new ticket", got)
		}
		after := o.sees(access.Clock, id)
		if len(after.Comments) != len(before.Comments) || len(after.Audits) != len(before.Audits) || !after.Ticket.Updated.Equal(before.Ticket.Updated) || after.Ticket.State != "closed" {
			t.Errorf("the closed ticket changed: %+v", after.Ticket)
		}
		f := o.ticket(got.Ticket)
		if f.State != "new" || f.Subject != "Redirect broken" || f.Requester.Address != "maria@greenfund.example" || f.FollowUpOf != id || after.Ticket.FollowedBy != f.ID {
			t.Errorf("the follow-up is %+v", f)
		}
		if f.Assignee.Name != "Ben Okafor" || len(f.Tags) != 0 {
			t.Errorf("the follow-up is assigned to %q with tags %v", f.Assignee.Name, f.Tags)
		}
		if started := f.Memory.Targets[0].Started; shown(started) != "Tue 2026-11-24 17:10:01 EST" {
			t.Errorf("its first reply counts from %s", shown(started))
		}
		m := o.last(f.ID)
		if m.template != "follow-up" || !strings.Contains(m.subject, itoa(f.ID)) || !strings.Contains(m.text, "Ticket "+itoa(id)) {
			t.Errorf("the mail about it is %s, %q: %s", m.template, m.subject, m.text)
		}
	})
}

func TestS2_18_AMailThatWasLateOnlyOnOurSide(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		o.at("2026-11-24 17:09:30")
		waiting := o.accepts(letter{from: maria, answers: o.last(id), body: "Still broken."})
		o.at("2026-11-24 17:12")
		o.in(id, "closed")
		if got := o.receives(waiting); got.Outcome != "threaded" || got.Ticket != id {
			t.Fatalf("the reply became %+v", got)
		}
		o.in(id, "open")
		if story := o.story(id); !strings.Contains(story, "undone: closing undone: reply was accepted at 17:09:30") {
			t.Errorf("nobody is told that the closing was undone:\n%s", story)
		}
		if f := o.ticket(id).FollowedBy; f != 0 {
			t.Errorf("there is a follow-up %d", f)
		}
	})
}

func TestS2_18_TheInstantIsThatOfOurMailServer(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		l := letter{from: maria, answers: o.last(id), body: "Still broken."}
		o.at("2026-11-24 17:12")
		raw := o.raw(l)
		e := l.envelope(raw)
		e.At = when("2026-11-24 17:09:30")
		late, err := o.desk.Accept(ctx, e, raw)
		o.must(err)
		if got := o.receives(late); got.Outcome != "threaded" || got.Ticket != id {
			t.Errorf("a mail that was on our server in time became %+v", got)
		}
	})
}

func TestS2_19_FurtherRepliesToAClosedTicketJoinTheOpenFollowUp(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		answered := o.last(id)
		o.at("2026-11-24 17:10:01")
		f := o.arrives(letter{from: maria, answers: answered, body: "One more thing."}).Ticket
		o.at("2026-11-24 17:15")
		got := o.arrives(letter{from: maria, answers: answered, body: "And another."})
		if got.Outcome != "threaded" || got.Ticket != f {
			t.Fatalf("the second reply became %+v, want it on %d", got, f)
		}
		done, err := o.desk.Reply(ctx, o.customer("maria@"), desk.Reply{Ticket: id, Text: "And from the page."})
		o.must(err)
		if done.Ticket.ID != f || len(o.sees(access.Clock, f).Comments) != 3 {
			t.Errorf("a reply on the closed ticket's page went to %d", done.Ticket.ID)
		}
		o.answers(o.ben, f, "Done.", "solved")
		o.at("2026-11-30 12:00")
		o.in(f, "closed")
		got = o.arrives(letter{from: maria, answers: answered, body: "And a third."})
		if got.Outcome != "created" || o.ticket(got.Ticket).FollowUpOf != f {
			t.Errorf("the third reply became %+v, want a follow-up of %d", got, f)
		}
	})
}

func TestS2_20_OnHoldWaitsForEverSilently(t *testing.T) {
	each(t, "2026-11-02 10:00", func(o *office) {
		id := o.asks(maria, "New pages")
		o.at("2026-11-02 11:00")
		o.answers(o.ben, id, "Please collect the photos.", "hold")
		o.at("2027-01-11 15:45")
		o.in(id, "hold")
		o.arrives(letter{from: maria, answers: o.last(id), body: "Here they are."})
		o.in(id, "open")
		o.is("mails", o.posted(id), `
Mon 2026-11-02 10:00:00 EST received to maria@greenfund.example
Mon 2026-11-02 11:00:00 EST reply to maria@greenfund.example
Mon 2027-01-11 15:45:00 EST received-reply to maria@greenfund.example`)
	})
}

func TestS2_22_NobodyCanWriteInAClosedTicketAgentsNeither(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		o.at("2026-11-25 08:00")
		before := o.sees(access.Clock, id)
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "By the way"})
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "follow-up") {
			t.Errorf("answering a closed ticket: %v", err)
		}
		if after := o.sees(access.Clock, id); len(after.Audits) != len(before.Audits) || len(after.Choices) != 0 {
			t.Error("something changed, or something can still be chosen")
		}
		done, err := o.desk.FollowUp(ctx, o.ben.Actor(), desk.FollowUp{Of: id})
		o.must(err)
		if f := done.Ticket; f.FollowUpOf != id || f.Assignee.ID != o.ben.ID || o.ticket(id).FollowedBy != f.ID {
			t.Errorf("the follow-up is %+v", f)
		}
		if mails := o.mails(done.Ticket.ID); len(mails) != 0 {
			t.Errorf("the customer got %q for something only the agent did", mails[0].subject)
		}
	})
}

func TestS2_23_ClosedCannotBeChosen(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		for _, c := range o.sees(o.ben.Actor(), id).Choices {
			if c.Category == ticket.Closed {
				t.Errorf("the menu offers %s", c.Label)
			}
		}
		closed := "closed"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &closed})
		if !fault.Is(err, fault.Refused) {
			t.Errorf("setting closed: %v", err)
		}
		_, err = o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Bye", Status: closed})
		if !fault.Is(err, fault.Refused) {
			t.Errorf("answering as closed: %v", err)
		}
		o.in(id, "new")
	})
}

func TestS2_24_WorkRequestsAreUsuallyAnsweredByTheNextBusinessDay(t *testing.T) {
	for arrives, due := range map[string]string{
		"2026-11-20 16:45": "Mon 2026-11-23 17:00:00 EST",
		"2026-11-20 17:30": "Tue 2026-11-24 17:00:00 EST",
		"2026-11-21 08:00": "Tue 2026-11-24 17:00:00 EST",
		"2026-11-25 10:00": "Fri 2026-11-27 17:00:00 EST",
	} {
		o := open(t, storetest.SQLite(t), arrives)
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "New page", Text: "Please.", Kind: "work_request"})
		o.must(err)
		if got := shown(o.ticket(done.Ticket.ID).Memory.Targets[0].Due); got != due {
			t.Errorf("a request of %s is usually answered by %s, want %s", arrives, got, due)
		}
	}
}

func TestS2_25_ThePublished59Percent(t *testing.T) {
	each(t, "2026-11-02 00:00", func(o *office) {
		for _, minutes := range []int{4, 12, 18, 25, 31, 33, 47, 52, 58, 60, 61, 75, 240, 1380, 1500, 1700, 1790} {
			id := o.asks(maria, "Question")
			o.clock.Pass(minute(minutes))
			o.answers(o.ben, id, "Answer.", "hold")
			o.clock.Pass(minute(5))
		}
		figure := func() string {
			figures, err := o.desk.Figures(ctx, o.brand.ID)
			o.must(err)
			return figures["first-hour"].Value + " of " + itoa(int64(figures["first-hour"].Sample))
		}
		o.is("figure", figure(), "59 % of 17")
		o.asks(maria, "Unanswered")
		o.clock.Pass(minute(60))
		o.is("figure while the newest may still be answered in time", figure(), "59 % of 17")
		o.clock.Pass(minute(1))
		o.is("figure when it no longer can", figure(), "56 % of 18")
	})
}

func TestS2_26_WhoGetsIt(t *testing.T) {
	each(t, "2026-11-02 09:00", func(o *office) {
		o.history(5, o.cem)
		o.history(3, o.ben)
		request := func(kind string, facts map[string]any) string {
			done, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Next", Text: "Please.", Kind: kind, Facts: facts})
			o.must(err)
			return done.Ticket.Assignee.Name
		}
		o.is("a message about Ana's project", request("project", map[string]any{"project.lead": "ana@agency.example"}), "Ana Ruiz")
		o.is("a work request", request("work_request", nil), "Cem Yildiz")
		o.is("a question", request("question", nil), "")
		id := o.asks(maria, "Existing")
		o.answers(o.ben, id, "Which?", "pending")
		nobody := int64(0)
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Assignee: &nobody})
		o.must(err)
		o.arrives(letter{from: maria, answers: o.last(id), body: "This."})
		o.is("a reply to a ticket Ben answered first", o.ticket(id).Assignee.Name, "Ben Okafor")
	})
}

// history gives Maria that many tickets an agent answered.
func (o *office) history(n int, by interface{ Actor() access.Actor }) {
	o.t.Helper()
	for range n {
		done, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Earlier", Text: "Please."})
		o.must(err)
		o.clock.Pass(minute(1))
		_, err = o.desk.Answer(ctx, by.Actor(), desk.Answer{Ticket: done.Ticket.ID, Text: "Done.", Status: "solved"})
		o.must(err)
		o.clock.Pass(minute(1))
	}
}

func TestS2_27_ContinuityNeedsHistory(t *testing.T) {
	next := func(o *office) ticket.Ticket {
		done, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "Next", Text: "Please.", Kind: "work_request"})
		o.must(err)
		return done.Ticket
	}
	t.Run("two tickets are too few", func(t *testing.T) {
		each(t, "2026-11-02 09:00", func(o *office) {
			o.history(2, o.cem)
			o.is("assignee", next(o).Assignee.Name, "")
		})
	})
	t.Run("with a tie the more recent counts", func(t *testing.T) {
		each(t, "2026-11-02 09:00", func(o *office) {
			o.history(4, o.cem)
			o.history(4, o.ben)
			o.is("assignee", next(o).Assignee.Name, "Ben Okafor")
		})
	})
	t.Run("what is older than a year does not count", func(t *testing.T) {
		each(t, "2025-10-02 09:00", func(o *office) {
			o.history(9, o.cem)
			o.at("2026-11-02 09:00")
			o.is("assignee", next(o).Assignee.Name, "")
		})
	})
	t.Run("who is away is not asked", func(t *testing.T) {
		each(t, "2026-11-02 09:00", func(o *office) {
			o.history(5, o.cem)
			o.must(o.desk.GoAway(ctx, o.cem.Actor(), rota.Absence{From: day("2026-11-02"), To: day("2026-11-16")}))
			id := next(o)
			o.is("assignee", id.Assignee.Name, "")
			said := o.sees(o.ben.Actor(), id.ID).Comments
			if note := said[len(said)-1]; note.Public || !strings.Contains(note.Text, "away until Mon 16 Nov") {
				t.Errorf("agents read %q", note.Text)
			}
		})
	})
}

func TestS2_28_TheServerWasDownOverTwoReminders(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 16:00")
		o.must(o.clock.MoveTo(ctx, when("2026-11-25 17:00"))) // nobody was there to let time pass
		fired, err := o.desk.PassTime(ctx)
		o.must(err)
		if fired != 1 {
			t.Errorf("%d tickets were worked on", fired)
		}
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(id), `
Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example
Fri 2026-11-20 16:30:00 EST reply to maria@greenfund.example
Wed 2026-11-25 17:00:00 EST reminder-2 to maria@greenfund.example
Fri 2026-11-27 17:00:00 EST closed-no-response to maria@greenfund.example`)
		if story := o.story(id); !strings.Contains(story, "skipped: reminder-1 skipped") {
			t.Errorf("nobody is told that the first reminder was left out:\n%s", story)
		}
	})
}

func TestS2_30_AReminderThatBounces(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 16:31")
		got := o.arrives(bounce(o.last(id), "5.1.1"))
		if got.Outcome != "bounce" || got.Ticket != id {
			t.Fatalf("the bounce became %+v", got)
		}
		page := o.sees(o.ben.Actor(), id)
		if len(page.Tasks) != 1 || !strings.Contains(page.Tasks[0].Says, "Mail does not reach the customer") {
			t.Errorf("tasks: %+v", page.Tasks)
		}
		if last := page.Outgoing[len(page.Outgoing)-1]; last.State != store.Failed {
			t.Errorf("the reminder is shown as %s", last.State)
		}
		o.at("2026-12-20 16:31")
		o.in(id, "pending")

		right := "maria.lopez@greenfund.example"
		_, err := o.desk.ChangePerson(ctx, access.Clock, page.Requester.ID, desk.PersonChange{Email: &right})
		o.must(err)
		o.at("2026-12-24 16:00")
		o.in(id, "pending")
		o.at("2026-12-31 16:00")
		o.in(id, "closed")
		o.is("mails after the address was corrected", strings.Join(strings.Split(strings.TrimSpace(o.posted(id)), "\n")[3:], "\n"), `
Thu 2026-12-24 16:30:00 EST reminder-2 to maria.lopez@greenfund.example
Sat 2026-12-26 16:30:00 EST closed-no-response to maria.lopez@greenfund.example`)
	})
}

func TestS2_30_ATemporaryFailureChangesNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 16:31")
		if got := o.arrives(bounce(o.last(id), "4.2.2")); got.Outcome != "bounce" || got.Ticket != id {
			t.Fatalf("the report became %+v", got)
		}
		o.at("2026-11-28 00:00")
		o.in(id, "closed")
		if tasks := o.sees(o.ben.Actor(), id).Tasks; len(tasks) != 0 {
			t.Errorf("tasks: %+v", tasks)
		}
	})
}

func TestS2_31_AReplyFromAColleague(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.arrives(letter{from: maria, cc: jonas, subject: "Redirect broken", body: "Please have a look."}).Ticket
		o.at("2026-11-20 16:30")
		o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-20 18:00")
		o.arrives(letter{from: jonas, answers: o.last(id), body: "The donation page."})
		o.in(id, "open")
	})
}

func TestS2_31_AStrangersReplyIsHeld(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-20 18:00")
		got := o.arrives(letter{from: "Maria at home <maria@home.example>", answers: o.last(id), body: "It is the donation page."})
		if got.Outcome != "held" || got.Ticket != id {
			t.Fatalf("the stranger's mail became %+v", got)
		}
		o.in(id, "pending")
		page := o.sees(o.ben.Actor(), id)
		if len(page.Held) != 1 || len(page.Comments) != 2 {
			t.Fatalf("agents see %d held mails and %d comments", len(page.Held), len(page.Comments))
		}
		_, err := o.desk.AcceptHeld(ctx, o.ben.Actor(), desk.AcceptHeld{Mail: page.Held[0].ID, AsAnswer: true})
		o.must(err)
		o.in(id, "open")
		page = o.sees(o.ben.Actor(), id)
		last := page.Comments[len(page.Comments)-1]
		if len(page.Held) != 0 || last.ThirdParty != "maria@home.example (not on this ticket)" || !last.Public {
			t.Errorf("after accepting: %d held, comment %+v", len(page.Held), last)
		}
	})
}

func TestS2_32_UndoSend(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.at("2026-11-20 16:30")
		before := o.ticket(id)
		done := o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-20 16:30:06")
		if claimed := o.claims(); len(claimed) != 1 || claimed[0].Template != "received" {
			t.Errorf("within the window %d mails leave", len(claimed))
		}
		if _, err := o.desk.Undo(ctx, o.cem.Actor(), id, done.Audit); !fault.Is(err, fault.NotFound) {
			t.Errorf("Cem took back what Ben sent: %v", err)
		}
		_, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		after := o.sees(o.ben.Actor(), id)
		if after.Ticket.State != "new" || len(after.Ticket.Memory.Timers) != 0 || len(after.Comments) != 1 || !after.Ticket.Memory.FirstReply.IsZero() || after.Ticket.Assignee != before.Assignee {
			t.Errorf("after undo the ticket is %+v with %d comments", after.Ticket, len(after.Comments))
		}
		if after.Draft == nil || after.Draft.Body != "Which page?" {
			t.Errorf("after undo the composer holds %+v", after.Draft)
		}
		o.at("2026-12-20 00:00")
		o.is("mails", o.posted(id), `Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example`)
		if claimed := o.claims(); len(claimed) != 0 {
			t.Errorf("%q leaves after undo", claimed[0].Subject)
		}
	})
}

// What the policy asked for and remarked because of an answer goes with it, and comes again with the next one.
func TestS2_32_UndoTakesThePolicysTasksAndRemarksAlong(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.apply([]byte(strings.Replace(string(example(t, "customer-support-center")),
			"to: solved, do: [{send: solved}]}", `to: solved, do: [{send: solved}, {task: "Tell the project's lead"}, {note: "Solved by an answer"}]}`, 1)))
		id := o.asks(maria, "Redirect broken")
		o.at("2026-11-20 16:30")
		standing := func() (tasks, remarks int) {
			page := o.sees(o.ben.Actor(), id)
			for _, c := range page.Comments {
				if c.Text == "Solved by an answer" {
					remarks++
				}
			}
			return len(page.Tasks), remarks
		}
		done := o.answers(o.ben, id, "It works again.", "solved")
		if tasks, remarks := standing(); tasks != 1 || remarks != 1 {
			t.Fatalf("after the answer there are %d tasks and %d remarks", tasks, remarks)
		}
		_, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		if tasks, remarks := standing(); tasks != 0 || remarks != 0 {
			t.Errorf("after undo there are still %d tasks and %d remarks", tasks, remarks)
		}
		o.answers(o.ben, id, "It works again, since noon.", "solved")
		if tasks, remarks := standing(); tasks != 1 || remarks != 1 {
			t.Errorf("after the second answer there are %d tasks and %d remarks", tasks, remarks)
		}
	})
}

// What was taken back does not stand in the way of what its writer has begun since.
func TestS2_32_UndoLeavesANewerDraft(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.at("2026-11-20 16:30")
		done := o.answers(o.ben, id, "Which page?", "pending")
		o.must(o.desk.SaveDraft(ctx, o.ben.Actor(), desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: "And since when?"}))
		_, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		if draft := o.sees(o.ben.Actor(), id).Draft; draft == nil || draft.Body != "And since when?" {
			t.Errorf("the composer holds %+v", draft)
		}
	})
}

func TestS2_32_WithoutUndoTheMailLeavesAfterTenSecondsAndClocksCountFromSend(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.claims()
		o.at("2026-11-20 16:30")
		done := o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-20 16:30:09")
		if len(o.claims()) != 0 {
			t.Error("the mail left within the window")
		}
		o.at("2026-11-20 16:30:10")
		if _, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit); !fault.Is(err, fault.Refused) {
			t.Errorf("undo after ten seconds: %v", err)
		}
		if len(o.claims()) != 1 {
			t.Error("the mail does not leave after ten seconds")
		}
		if _, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit); !fault.Is(err, fault.Refused) {
			t.Errorf("undo when the mail has left: %v", err)
		}
		if at := o.ticket(id).Memory.Timers[0].At; shown(at) != "Sat 2026-11-21 16:30:00 EST" {
			t.Errorf("the reminder is planned for %s", shown(at))
		}
	})
}
