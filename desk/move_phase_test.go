package desk_test

import (
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// eachBug opens an office under the phases of seed 004, in which Maria has reported a bug on a Monday at ten.
func eachBug(t *testing.T, story func(o *office, id int64)) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) { story(o, o.reports("bug")) })
}

// reports is Maria writing, and Ben saying of which kind it is.
func (o *office) reports(kind string) int64 {
	o.t.Helper()
	id := o.asks(maria, "Totals are wrong")
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
	o.must(err)
	return id
}

func (o *office) moves(by account.Person, id int64, phase string, said ...string) error {
	o.t.Helper()
	in := desk.MovePhase{Ticket: id, Phase: phase, Said: map[string]string{}}
	for i := 0; i < len(said); i += 2 {
		in.Said[said[i]] = said[i+1]
	}
	_, err := o.desk.MovePhase(ctx, by.Actor(), in)
	return err
}

// A bug is taken through its phases: each move is one mail with the way in words and the link, and the customer's copy says the same.
func TestS4_06_EachMoveIsOneMailWithTheWayInWords(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.at("2026-11-17 09:30")
		o.must(o.moves(o.ben, id, "review"))
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example\nTue 2026-11-17 09:30:00 EST phase-moved to maria@greenfund.example")
		o.lastSays(id, "We read, write down and examine the problem. Usual time: 4 to 10 business days.")
		o.lastSays(id, "Where it stands:\n- Request received, done Tuesday 17 November\n- Under review by support, now, usually until Wednesday 2 December, at the earliest Monday 23 November\n- Bug identified, usually 1 to 10 business days\n- Plan made\n")
		o.lastSays(id, o.desk.TicketLink(id, o.ticket(id).Requester.ID, o.clock.Now()))
		way := o.sees(o.ticketActor(id), id).Progress
		if now, ok := way.Now(); !ok || now.ID != "review" || shown(now.To) != "Wed 2026-12-02 17:00:00 EST" {
			t.Errorf("Maria's copy stands at %+v", now)
		}
	})
}

// ticketActor is the requester as the holder of the ticket's link.
func (o *office) ticketActor(id int64) access.Actor {
	return access.Actor{Person: o.ticket(id).Requester.ID, Role: access.Customer, Ticket: id}
}

func TestS4_08_APhaseThatNeedsAFactSaysWhich(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.at("2026-11-17 09:30")
		o.must(o.moves(o.ben, id, "review"))
		err := o.moves(o.ben, id, "identified")
		if desk.MissingFact(err) != "issue.link" || fault.Says(err) != `"Bug identified" needs issue link first.` {
			t.Errorf("refused with %v, which leads to %q", err, desk.MissingFact(err))
		}
		if got := len(o.mails(id)); got != 2 {
			t.Errorf("%d mails after a refused move, want 2", got)
		}
		o.at("2026-11-23 14:00")
		o.writesDown(slow, id) // the record says it, and the phase begins
		now, _ := o.sees(o.ben.Actor(), id).Progress.Now()
		if now.ID != "identified" || shown(now.From) != "Tue 2026-11-24 14:00:00 EST" || shown(now.To) != "Tue 2026-12-08 17:00:00 EST" {
			t.Errorf("it stands at %s from %s to %s", now.ID, shown(now.From), shown(now.To))
		}
	})
}

func TestS4_09_ThePlanIsToldWithoutATime(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.at("2026-11-17 09:30")
		o.must(o.moves(o.ben, id, "review"))
		o.writesDown(slow, id)
		o.at("2026-11-24 10:00")
		o.must(o.moves(o.ben, id, "plan", "issue.plan", "The next version adds up in cents."))
		o.lastSays(id, "We know how it will be solved: The next version adds up in cents.")
		if text := o.last(id).text; strings.Contains(text, "estimate") || strings.Contains(text, "sually until") {
			t.Errorf("a time is told that nobody gave:\n%s", text)
		}
		o.lastSays(id, "- Plan made, now\n")
		o.answers(o.ben, id, "Thank you for the report.", "solved")
		if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.ID != "plan" || !now.To.IsZero() {
			t.Errorf("solved, it stands at %+v", now)
		}
	})
}

func TestS4_13_OnePhaseIsLeftOutButNotTwo(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		id := o.reports("feature")
		if err := o.moves(o.ben, id, "complete", "feature.decision", "planned"); fault.Says(err) != `"Review complete" does not follow "Request received"; from there it goes to review.` {
			t.Errorf("refused with %v", err)
		}
		o.must(o.moves(o.ben, id, "review"))
		if err := o.moves(o.ben, id, "complete", "feature.decision", "by Christmas"); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Says(err), "planned, not now or declined") {
			t.Errorf("a decision that the policy does not have is refused with %v", err)
		}
		o.must(o.moves(o.ben, id, "complete", "feature.decision", "not now", "feature.time_frame", "Perhaps in spring."))
		o.lastSays(id, "What we decided: not now. Perhaps in spring.")
		o.lastSays(id, "- Considered for the quarter, not needed\n- Review complete, now\n")
	})
}

// A day that an agent gives is told as what it is: an estimate.
func TestS4_09_ADayThatIsGivenIsAnEstimate(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		o.writesDown(slow, id)
		if err := o.moves(o.ben, id, "plan", "issue.plan", "A new driver.", "issue.estimate", "soon"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an estimate that is no day: %v", err)
		}
		o.must(o.moves(o.ben, id, "plan", "issue.plan", "A new driver.", "issue.estimate", "2027-01-15"))
		o.lastSays(id, "A new driver. Our estimate is Friday 15 January 2027; estimates can move.")
		if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.Estimate.String() != "2027-01-15" {
			t.Errorf("the customer's page estimates %s", now.Estimate)
		}
	})
}

// Where mail does not reach the customer, that is said before the move and not after it (S2-30).
func TestS2_30_AMoveSaysThatNobodyIsMailed(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		if got := o.sees(o.ben.Actor(), id).Moves[0].Mails; got != "Mails “Next phase” to Maria Lopez." {
			t.Errorf("it says %q", got)
		}
		o.must(o.desk.MailAttempted(ctx, o.claimed(id), desk.Attempted{State: "failed", Phase: "rcpt", Code: 550, Enhanced: "5.1.1", Text: "no such mailbox", Host: "mx.greenfund.example"}))
		if got := o.sees(o.ben.Actor(), id).Moves[0].Mails; !strings.HasPrefix(got, "Nobody is mailed: mail does not reach maria@greenfund.example") {
			t.Errorf("it says %q", got)
		}
	})
}

// claimed is the mail about a ticket that a worker has taken to send.
func (o *office) claimed(id int64) store.Outgoing {
	o.t.Helper()
	mails, err := o.desk.ClaimMail(ctx, 10, time.Minute)
	o.must(err)
	for _, m := range mails {
		if m.Ticket == id {
			return m
		}
	}
	o.t.Fatal("no mail about the ticket waits to be sent")
	return store.Outgoing{}
}

// A move can be taken back like an answer: its mail never leaves.
func TestAMoveCanBeTakenBack(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		done, err := o.desk.MovePhase(ctx, o.ben.Actor(), desk.MovePhase{Ticket: id, Phase: "review"})
		o.must(err)
		if last := o.last(id); last.state != store.HeldBack {
			t.Errorf("the mail is %s while the move can be undone", last.state)
		}
		_, err = o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example")
		if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.ID != "received" {
			t.Errorf("it stands at %s", now.ID)
		}
	})
}

// Two agents who have the same thought at the same time, and one who presses twice, move a ticket once.
func TestD7_AMoveThatIsMadeTwiceIsOneMail(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		o.at("2026-11-16 10:05")
		o.must(o.moves(o.cem, id, "review"))
		o.writesDown(slow, id)
		for range 2 {
			_, err := o.desk.MovePhase(ctx, o.ben.Actor(), desk.MovePhase{Ticket: id, Phase: "plan", Said: map[string]string{"issue.plan": "A new driver."}, Key: "one form"})
			o.must(err)
		}
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example\nMon 2026-11-16 10:00:00 EST phase-moved to maria@greenfund.example\nMon 2026-11-16 10:05:00 EST phase-moved to maria@greenfund.example\nMon 2026-11-16 10:05:00 EST plan to maria@greenfund.example")
	})
}

// Nobody but agents moves tickets, and no other ticket can be reached.
func TestB1_OnlyAgentsMoveTickets(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		dora := o.hire("dora@agency.example", "Dora Lind", access.Light)
		for who, a := range map[string]access.Actor{"a light agent": dora.Actor(), "the customer": o.ticketActor(id), "a stranger": {}} {
			if _, err := o.desk.MovePhase(ctx, a, desk.MovePhase{Ticket: id, Phase: "review"}); err == nil || len(o.mails(id)) != 1 {
				t.Errorf("%s is answered %v; there are %d mails", who, err, len(o.mails(id)))
			}
		}
		if err := o.moves(o.ben, id+100, "review"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a ticket that does not exist: %v", err)
		}
	})
}

// The record tells of every change of phase, whoever made it, and the story can be told again with it.
func TestTheRecordTellsOfEveryPhase(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		id := o.reports("other")
		o.must(o.moves(o.ben, id, "review"))
		o.at("2026-11-16 11:00")
		o.answers(o.ben, id, "With the menu on the right.", "solved")
		var told []string
		for _, audit := range o.sees(o.ben.Actor(), id).Audits {
			for _, e := range audit.Events {
				if e.Field == "phase" {
					told = append(told, e.Type+" "+e.From+" "+e.To+" "+e.Rule)
				}
			}
		}
		o.is("phases", strings.Join(told, "\n")+"\n", "Create  other.received trackers.other.phases.received\nChange other.received other.review \nChange other.review other.answered trackers.other.phases.answered")
		s, _, err := o.desk.Story(ctx, o.ana.Actor(), id)
		o.must(err)
		var story []string
		for _, e := range s.Events {
			story = append(story, strings.TrimSpace(string(e.Kind)+" "+e.Phase))
		}
		o.is("story", strings.Join(story, "\n")+"\n", "customer_creates\nagent_moves review\nagent_replies")
	})
}

// A request for a call that writing solves quicker (S0-14): the customer sees both moves, the second by itself.
func TestS0_14_WritingIsQuickerThanACall(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-09 10:00", func(o *office) {
		id := o.reports("call")
		if now, ok := o.sees(o.ticketActor(id), id).Progress.Now(); !ok || now.Label != "Reviewing" {
			t.Fatalf("it begins at %q", now.Label)
		}
		o.must(o.moves(o.ben, id, "in_ticket"))
		o.answers(o.ben, id, "You find it under Settings.", "solved")
		way := o.sees(o.ticketActor(id), id).Progress
		if now, _ := way.Now(); now.Label != "Solved" || way.Stages[1].State != "done" {
			t.Errorf("it stands at %q, after %+v", now.Label, way.Stages[1])
		}
	})
}

// What customers see of a ticket's way contains nothing that only colleagues know (I1).
func TestI1_ACustomersListSaysHowFarEachRequestHasCome(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		maria := access.Actor{Person: o.ticket(id).Requester.ID, Role: access.Customer}
		list, err := o.desk.OwnRequests(ctx, maria, "")
		o.must(err)
		if len(list.Items) != 1 || list.Items[0].Assignee.ID != 0 {
			t.Fatalf("her list: %+v", list.Items)
		}
		if now, ok := list.Items[0].Progress.Now(); !ok || now.ID != "review" {
			t.Errorf("in her list it stands at %+v", now)
		}
		other := o.asks(jonas, "How do I export?")
		jonas := access.Actor{Person: o.ticket(other).Requester.ID, Role: access.Customer}
		if list, err := o.desk.OwnRequests(ctx, jonas, ""); err != nil || len(list.Items) != 1 || list.Items[0].ID != other {
			t.Errorf("Jonas sees %+v (%v)", list.Items, err)
		}
	})
}
