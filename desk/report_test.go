package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
)

// Do we keep what we say: the ledger of promises, the reports made from it, and who may read which of their numbers.

// given is what the ledger has about a ticket, a line each.
func (o *office) given(id int64) string {
	o.t.Helper()
	var lines []string
	o.must(o.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Given(id)
		for _, g := range all {
			line := fmt.Sprintf("%s %d %s: %s by %s, %s", g.Measure, g.Number, g.Rule, g.Strength, shown(g.Due), g.State)
			if g.Why != "" {
				line += " because " + g.Why
			}
			lines = append(lines, line)
		}
		return err
	}))
	return strings.Join(lines, "\n")
}

// report is the last ninety days, as somebody reads them.
func (o *office) report(as account.Person) desk.Report {
	o.t.Helper()
	r, err := o.desk.Report(ctx, as.Actor(), desk.ReportOn{})
	o.must(err)
	return r
}

// behind are the numbers of the tickets behind a number of the report, the newest first.
func (o *office) behind(as account.Person, what string) string {
	o.t.Helper()
	page, _, err := o.desk.ReportTickets(ctx, as.Actor(), desk.ReportList{What: what})
	o.must(err)
	var ids []string
	for _, row := range page.Items {
		ids = append(ids, itoa(row.ID))
	}
	return strings.Join(ids, " ")
}

func TestEveryPromiseStandsInTheLedger(t *testing.T) {
	each(t, "2026-11-17 09:00", func(o *office) {
		o.apply(example(t, "piperocks-crm"))
		id := o.asks(maria, "Import fails")
		o.is("after the question", o.given(id), "first_reply 1 standard: usual by Wed 2026-11-18 09:00:00 EST, running")
		o.at("2026-11-17 10:00")
		o.answers(o.ben, id, "We are looking into it.", "open")
		o.is("after the answer", o.given(id), `
first_reply 1 standard: usual by Wed 2026-11-18 09:00:00 EST, kept
update 1 keep-informed: aim by Fri 2026-11-20 10:00:00 EST, running`)
		o.at("2026-11-21 12:00") // the update did not come in time
		o.answers(o.ben, id, "We have found it.", "open")
		o.at("2026-11-23 10:00")
		o.answers(o.ben, id, "It is mended.", "solved")
		o.is("at the end", o.given(id), `
first_reply 1 standard: usual by Wed 2026-11-18 09:00:00 EST, kept
update 1 keep-informed: aim by Fri 2026-11-20 10:00:00 EST, missed
update 2 keep-informed: aim by Fri 2026-11-27 09:00:00 EST, kept`)
		if pages := o.sees(o.ben.Actor(), id).Why; len(pages) > 2 {
			t.Errorf("the ticket's page still explains what is over: %+v", pages)
		}
	})
}

// What a customer was promised and what then fell away is neither kept nor broken, and is not forgotten.
func TestAPromiseThatFellAwayIsLeftOutWithItsReason(t *testing.T) {
	each(t, "2026-11-17 09:00", func(o *office) {
		o.apply(example(t, "piperocks-crm"))
		id := o.asks(maria, "Import fails")
		o.answers(o.ben, id, "We are looking into it.", "open")
		solved := "solved"
		o.clock.Pass(minute(5))
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &solved})
		o.must(err)
		if got := o.given(id); !strings.Contains(got, "excluded because the ticket was solved, and nothing more is to be told") {
			t.Errorf("the ledger says\n%s", got)
		}
	})
}

func TestS2_32_WhatIsTakenBackLeavesNoPromise(t *testing.T) {
	each(t, "2026-11-17 09:00", func(o *office) {
		o.apply(example(t, "piperocks-crm"))
		id := o.asks(maria, "Import fails")
		before := o.given(id)
		done := o.answers(o.ben, id, "Too early.", "open")
		_, err := o.desk.Undo(ctx, o.ben.Actor(), id, done.Audit)
		o.must(err)
		o.is("the ledger", o.given(id), before)
	})
}

// The ledger can be made again from the tickets and says the same then; a ledger that lost something is noticed.
func TestTheLedgerIsMadeAgain(t *testing.T) {
	each(t, "2026-11-17 09:00", func(o *office) {
		o.apply(example(t, "what-happens-next"))
		kind := "bug"
		id := o.asks(maria, "It crashes")
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
		o.must(err)
		o.at("2026-11-25 09:00")
		before := o.given(id)
		if !strings.Contains(before, "phase 1 ") {
			t.Errorf("no phase stands in the ledger:\n%s", before)
		}
		o.must(o.db.Reindex(ctx))
		o.is("made again", o.given(id), before)
	})
}

func TestS2_25_PageAndReportSayTheSame59Percent(t *testing.T) {
	each(t, "2026-11-02 00:00", func(o *office) {
		for _, minutes := range []int{4, 12, 18, 25, 31, 33, 47, 52, 58, 60, 61, 75, 240, 1380, 1500, 1700, 1790} {
			id := o.asks(maria, "Question")
			o.clock.Pass(minute(minutes))
			o.answers(o.ben, id, "Answer.", "hold")
			o.clock.Pass(minute(5))
		}
		r := o.report(o.ana)
		o.is("the report", fmt.Sprintf("%d %% of %d", r.Answers.Percent, r.Answers.Counted), "59 % of 17")
		o.is("what the page says", fmt.Sprintf("%s of %d", r.Published[0].Measured.Value, r.Published[0].Measured.Sample), "59 % of 17")
		o.is("the distribution", fmt.Sprint(r.Steps), "[2 8 3 2 2 0]")
		for step, want := range r.Steps {
			if got := o.behind(o.ana, fmt.Sprintf("answer:%d", step)); len(strings.Fields(got)) != want {
				t.Errorf("step %d counts %d tickets and lists %q", step, want, got)
			}
		}
		o.is("kept and missed", fmt.Sprint(r.Targets[0].Counts[promise.Kept], r.Targets[0].Counts[promise.Missed]), "10 7")
		o.is("behind missed", fmt.Sprint(len(strings.Fields(o.behind(o.ana, "promise:first_reply:question:missed")))), "7")
	})
}

// A number about a person is theirs and their lead's. It is not counted for anybody else, under no name.
func TestB9_NumbersAboutAPersonAreTheirsAndTheirLeads(t *testing.T) {
	each(t, "2026-11-02 09:00", func(o *office) {
		o.history(5, o.cem)
		o.history(3, o.ben)
		names := func(as account.Person) string {
			var all []string
			for _, one := range o.report(as).Agents {
				all = append(all, fmt.Sprintf("%s %d", one.Person.Name, one.Tickets))
			}
			return strings.Join(all, ", ")
		}
		o.is("Ana, who leads, reads", names(o.ana), "Cem Yildiz 5, Ben Okafor 3")
		o.is("Ben reads", names(o.ben), "Ben Okafor 3")
		o.is("Cem reads", names(o.cem), "Cem Yildiz 5")
		o.is("what Ben lists of his own", fmt.Sprint(len(strings.Fields(o.behind(o.ben, "agent:"+itoa(o.ben.ID))))), "3")
		o.is("what Ben lists of Cem's", o.behind(o.ben, "agent:"+itoa(o.cem.ID)), "")
		o.is("what Ana lists of Cem's", fmt.Sprint(len(strings.Fields(o.behind(o.ana, "agent:"+itoa(o.cem.ID))))), "5")
	})
}

// A report counts what its reader may open, and nothing else: not in a sum, and not in a list.
func TestB3_AReportCountsWhatItsReaderMaySee(t *testing.T) {
	each(t, "2026-11-20 09:00", func(o *office) {
		id := o.teams() // in Ben's group
		o.is("Ben's tickets", fmt.Sprint(o.report(o.ben).Answers.Tickets), "1")
		o.is("Cem's tickets", fmt.Sprint(o.report(o.cem).Answers.Tickets), "0")
		o.is("Cem's targets", fmt.Sprint(len(o.report(o.cem).Targets)), "0")
		for _, what := range []string{"all", "kind:question", "answer:5", "promise:first_reply:question:running"} {
			o.is("Ben's "+what, o.behind(o.ben, what), itoa(id))
			o.is("Cem's "+what, o.behind(o.cem, what), "")
		}
		lines, _, err := o.desk.Ledger(ctx, o.cem.Actor(), desk.ReportOn{})
		o.must(err)
		o.is("Cem's ledger", fmt.Sprint(len(lines)), "0")
		wall, err := o.desk.Wall(ctx, o.cem.Actor(), 0)
		o.must(err)
		o.is("Cem's wall", fmt.Sprint(len(wall.States), wall.Oldest), "0 0")
		for what, a := range map[string]access.Actor{"a customer": o.customer("maria@"), "a stranger": {}} {
			if _, err := o.desk.Report(ctx, a, desk.ReportOn{}); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s reads reports: %v", what, err)
			}
		}
	})
}

// Five tickets came, and a report takes three. It counts the newest and says so; so does the ledger, and the plan of a version that
// is mailed to three customers and no more.
func TestAReportSaysWhereItStops(t *testing.T) {
	each(t, "2026-11-20 09:00", func(o *office) {
		for i := range 5 {
			o.arrives(letter{from: fmt.Sprintf("Customer %d <c%d@greenfund.example>", i, i), subject: "A question", body: "Please."})
		}
		all := o.report(o.ana)
		o.is("all are counted", fmt.Sprint(all.Answers.Tickets, all.Newest), "5 0")
		o.desk.CapForTest(3)
		o.clock.Pass(time.Hour)
		newest := o.report(o.ana)
		o.is("the newest are counted", fmt.Sprint(newest.Answers.Tickets, newest.Newest), "3 3")
		lines, more, err := o.desk.Ledger(ctx, o.ana.Actor(), desk.ReportOn{})
		o.must(err)
		o.is("the ledger", fmt.Sprint(len(lines), more), "3 true")
		mails := []string{"announce_on: [website, in_app]", "announce_on: [website, mail]"}
		_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: edited(t, "piperocks-crm", mails...), Reason: "It tells of changes."})
		o.must(err)
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: longer(t, mails...)})
		o.must(err)
		o.is("who is mailed", fmt.Sprint(plan.Told.People, plan.Told.More), "3 true")
	})
}

func TestWhatHappenedAfterwardsIsCounted(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		silent := o.pending() // nobody answers: closed on 27 November
		reopened := o.asks(maria, "Second")
		o.answers(o.ben, reopened, "Done.", "solved")
		o.clock.Pass(minute(30))
		o.arrives(letter{from: maria, answers: o.last(reopened), body: "It is not."})
		o.at("2026-12-02 09:00")
		follow := o.arrives(letter{from: maria, answers: o.last(silent), body: "Sorry, here I am."})
		r := o.report(o.ana)
		o.is("counted", fmt.Sprint(r.Reopened, r.FollowUps, r.GivenUp), "1 1 [{No Response 1}]")
		o.is("opened again", o.behind(o.ana, "reopened"), itoa(reopened))
		o.is("closed without an answer", o.behind(o.ana, "tag:No Response"), itoa(silent))
		o.is("follow-ups", o.behind(o.ana, "follow-ups"), itoa(follow.Ticket))
	})
}

// A report is worked out once for several looks. It says when it was made, and is never older than five seconds once something
// has changed.
func TestAReportIsWorkedOutOnceForAMoment(t *testing.T) {
	each(t, "2026-11-20 09:00", func(o *office) {
		o.asks(maria, "First")
		o.is("at once", fmt.Sprint(o.report(o.ana).Answers.Tickets), "1")
		o.asks(maria, "Second")
		o.clock.Pass(4 * time.Second)
		o.is("a moment later", fmt.Sprint(o.report(o.ana).Answers.Tickets), "1")
		o.is("for another reader", fmt.Sprint(o.report(o.ben).Answers.Tickets), "2")
		o.clock.Pass(time.Second)
		r := o.report(o.ana)
		o.is("after five seconds", fmt.Sprint(r.Answers.Tickets)+" "+shown(r.Made), "2 Fri 2026-11-20 09:00:05 EST")
	})
}

func TestPhasesAreComparedWithWhatWasPlanned(t *testing.T) {
	each(t, "2026-11-16 09:00", func(o *office) {
		o.apply(example(t, "what-happens-next"))
		kind := "bug"
		id := o.asks(maria, "It crashes")
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
		o.must(err)
		o.at("2026-11-18 09:00")
		o.answers(o.ben, id, "Thank you, we look at it.", "solved")
		phases := o.report(o.ana).Phases
		if len(phases) != 1 || phases[0].Tickets != 1 || phases[0].Median.Hours() != 48 || phases[0].Late != 0 || phases[0].Planned <= phases[0].Median {
			t.Errorf("the first phase: %+v", phases)
		}
	})
}

// How long a phase usually takes is measured where the policy publishes it, and not printed before there is anything to measure.
func TestTheUsualTimeOfAPhaseIsMeasured(t *testing.T) {
	each(t, "2026-11-02 09:00", func(o *office) {
		o.apply(example(t, "what-happens-next"))
		page := func() string {
			p, _, err := o.desk.Running(ctx, o.brand.ID)
			o.must(err)
			figures, err := o.desk.Figures(ctx, o.brand.ID)
			o.must(err)
			page, err := p.Page("", policy.Live{At: o.clock.Now(), Figures: figures})
			o.must(err)
			return fmt.Sprint(page.Sections)
		}
		if strings.Contains(page(), "nobody has measured") {
			t.Error("the page tells a time that nobody has measured")
		}
		kind := "bug"
		for range 4 {
			id := o.asks(maria, "It crashes")
			_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
			o.must(err)
			o.clock.Pass(30 * time.Hour)
			o.answers(o.ben, id, "We look at it, and it is mended.", "solved")
		}
		o.clock.Pass(minute(1))
		if got := page(); !strings.Contains(got, "30 hours") || !strings.Contains(got, "4 tickets") {
			t.Errorf("the page does not say how long the first phase took")
		}
	})
}

func TestAPeriodIsAMonthOrTheLastNinetyDays(t *testing.T) {
	now := when("2026-11-20 12:00")
	rolling := desk.ParsePeriod("")
	month := rolling.Earlier(now, eastern)
	var said []string
	for range 3 {
		said = append(said, month.String()+" "+month.Says())
		month = month.Earlier(now, eastern)
	}
	if got := strings.Join(said, ", "); got != "2026-11 November 2026, 2026-10 October 2026, 2026-09 September 2026" {
		t.Error(got)
	}
	if next, more := desk.ParsePeriod("2026-11").Later(now, eastern); !more || next != rolling {
		t.Errorf("after this month comes %s", next)
	}
	if next, more := desk.ParsePeriod("2025-12").Later(now, eastern); !more || next.String() != "2026-01" {
		t.Errorf("after December comes %s", next)
	}
	if _, more := rolling.Later(now, eastern); more {
		t.Error("something comes after now")
	}
	for _, odd := range []string{"2026-13", "1999-01", "x", "2026-1"} {
		if got := desk.ParsePeriod(odd); got != rolling {
			t.Errorf("%q is %s", odd, got)
		}
	}
}

func TestTheWallSaysWhatIsBrokenAndWhatIsDue(t *testing.T) {
	each(t, "2026-11-17 09:00", func(o *office) {
		o.apply([]byte(strings.Replace(string(example(t, "piperocks-crm")), "strength: usual", "strength: promise", 1)))
		first := o.asks(maria, "Import fails")
		o.at("2026-11-18 08:00")
		o.asks(maria, "Another")
		wall := func() desk.Wall {
			w, err := o.desk.Wall(ctx, o.ben.Actor(), 0)
			o.must(err)
			return w
		}
		o.is("before opening", fmt.Sprint(len(wall().Broken), wall().Soon[0].Due, wall().Soon[0].Promise), "0 1 1")
		o.at("2026-11-18 09:01")
		w := wall()
		o.is("after the promise has passed", fmt.Sprint(len(w.Broken), w.Broken[0].Ticket, w.Soon[2].Due), fmt.Sprint(1, first, 0))
		o.is("who waits longest", fmt.Sprint(w.Oldest), fmt.Sprint(first))
		o.is("what is there", fmt.Sprint(w.States), "[{new 2}]")
	})
}

// The forecast goes by how long similar answers took: of twenty of which half took longer than there is time, half will be late.
func TestTheForecastGoesByWhatAnswersTook(t *testing.T) {
	each(t, "2026-11-02 09:00", func(o *office) {
		for i := range 20 {
			id := o.asks(maria, "Question")
			o.clock.Pass(minute(30 + 60*(i%2)))
			o.answers(o.ben, id, "Answer.", "solved")
			o.clock.Pass(minute(10))
		}
		for range 4 {
			o.asks(maria, "Question")
		}
		w, err := o.desk.Wall(ctx, o.ben.Actor(), 0)
		o.must(err)
		o.is("the forecast", fmt.Sprint(w.WillBe, w.Guessed), "2 4")
	})
}

func TestAPolicyPublishesHowManyPromisesWereKept(t *testing.T) {
	each(t, "2026-11-02 09:00", func(o *office) {
		source := strings.Replace(string(example(t, "customer-support-center")), "\nself_help:", `  - {id: kept, metric: promises_kept, target: question, says: "of the questions were answered in time", live: true, look_back: 90d}
  - {id: for-each, metric: tickets_per_agent, says: "tickets a month for each of us", live: true, look_back: 90d}

self_help:`, 1)
		source = strings.Replace(source, `      - section: Who answers`, `          - {text: "{{figures.kept | live}} {{figures.kept.says}}. {{figures.for-each | live}} {{figures.for-each.says}}.", show: figures, binds: [figures.kept, figures.for-each]}
      - section: Who answers`, 1)
		o.apply([]byte(source))
		o.history(6, o.ben)
		o.history(5, o.cem)
		late := o.asks(maria, "Late")
		o.clock.Pass(minute(90))
		o.answers(o.cem, late, "Sorry.", "solved")
		o.asks(maria, "Runs")
		figures, err := o.desk.Figures(ctx, o.brand.ID)
		o.must(err)
		o.is("kept", fmt.Sprintf("%s of %d", figures["kept"].Value, figures["kept"].Sample), "92 % of 12")
		r := o.report(o.ana)
		percent, counted := r.Targets[0].Kept()
		o.is("the report", fmt.Sprintf("%d %% of %d", percent, counted), "92 % of 12")
		o.at("2026-12-03 09:00")
		figures, err = o.desk.Figures(ctx, o.brand.ID)
		o.must(err)
		o.is("a month for each", figures["for-each"].Value, "6") // thirteen tickets in a month, two agents
		if since, first := figures["for-each"].Since, o.sees(o.ana.Actor(), 1).Ticket.Created; !since.Equal(first) {
			t.Errorf("counted since %v, and the first ticket came %v", since, first)
		}
		p, _, err := o.desk.Running(ctx, o.brand.ID)
		o.must(err)
		page, err := p.Page("", policy.Live{At: o.clock.Now(), Figures: figures})
		o.must(err)
		if text := fmt.Sprint(page.Sections); !strings.Contains(text, "85 %") || !strings.Contains(text, "13 promises") {
			t.Error("the page does not say how many promises were kept, and of how many") // the last question is late by now
		}
	})
}
