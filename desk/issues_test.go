package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/issue"
	"hark/store"
)

// slow is a fault as Ben writes it down.
var slow = desk.IssueText{
	Title: "Totals are off by a few cents", Happens: "Each line is rounded before it is added.", Reach: "system-wide", Severity: "serious",
	Workaround: "Export the list; the spreadsheet adds it up right.", Tracker: "https://tracker.example/issues/812",
}

// writesDown writes a known problem down from a ticket.
func (o *office) writesDown(text desk.IssueText, ticketID int64) int64 {
	o.t.Helper()
	id, err := o.desk.OpenIssue(ctx, o.ben.Actor(), desk.OpenIssue{Ticket: ticketID, Text: text})
	o.must(err)
	return id
}

func (o *office) links(id int64, tickets ...int64) {
	o.t.Helper()
	for _, t := range tickets {
		o.must(o.desk.LinkIssue(ctx, o.ben.Actor(), desk.LinkIssue{Issue: id, Ticket: t}))
	}
}

func (o *office) issue(id int64) desk.IssuePage {
	o.t.Helper()
	page, err := o.desk.IssuePage(ctx, o.ana.Actor(), id, "")
	o.must(err)
	return page
}

// bug is somebody reporting one.
func (o *office) bug(from, subject string) int64 {
	o.t.Helper()
	id, kind := o.asks(from, subject), "bug"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
	o.must(err)
	return id
}

// told are the addresses that were mailed a message, in order.
func (o *office) told(message string) (all []string) {
	o.t.Helper()
	for _, m := range o.mails(0) {
		if m.template == message {
			all = append(all, m.to)
		}
	}
	slices.Sort(all)
	return all
}

func (o *office) toldIs(message string, want ...string) {
	o.t.Helper()
	if got := o.told(message); !slices.Equal(got, want) {
		o.t.Errorf("“%s” went to %q, want %q", message, got, want)
	}
}

// The phase of a bug that is identified begins with the record, and with nothing else.
func TestS4_08_ABugIsIdentifiedWhenItIsLinked(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.at("2026-11-17 09:30")
		o.must(o.moves(o.ben, id, "review"))
		err := o.moves(o.ben, id, "identified", "issue.link", "true")
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("said by hand that it is linked: %v", err)
		}
		if err := o.moves(o.ben, id, "identified"); desk.MissingFact(err) != "issue.link" {
			t.Errorf("without a known problem: %v", err)
		}
		moves := o.sees(o.ben.Actor(), id).Moves
		if len(moves) != 1 || moves[0].Begins != "the ticket is linked to a known problem" {
			t.Errorf("Ben reads that it goes on with %+v", moves)
		}
		o.at("2026-11-23 14:00")
		o.writesDown(slow, id)
		now, _ := o.sees(o.ticketActor(id), id).Progress.Now()
		if now.ID != "identified" || shown(now.To) != "Tue 2026-12-08 17:00:00 EST" {
			t.Errorf("it stands at %s until %s", now.ID, shown(now.To))
		}
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example\nTue 2026-11-17 09:30:00 EST phase-moved to maria@greenfund.example\nMon 2026-11-23 14:00:00 EST phase-moved to maria@greenfund.example")
	})
}

// Three customers hit one bug. They are answered in one step, each in a mail of their own, and no day is named.
func TestS0_23_ManyAreAnsweredInOneStep(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-19 09:00", func(o *office) {
		marias, jonass := o.bug(maria, "Totals are wrong"), o.bug(jonas, "The sum is off")
		noras := o.bug("Nora Wells <nora@quayside.example>", "Cents missing")
		for word, field := range map[string]string{"by Christmas": "horizon", "": "estimate"} {
			wrong := slow
			if wrong.Horizon = word; word == "" {
				wrong.Estimate = "2026-12-24"
			}
			_, err := o.desk.OpenIssue(ctx, o.ben.Actor(), desk.OpenIssue{Ticket: marias, Text: wrong})
			if w := (*issue.Wrong)(nil); !errors.As(err, &w) || w.Field != field {
				t.Errorf("%q is refused with %v", word, err)
			}
		}
		id := o.writesDown(slow, marias)
		o.links(id, jonass, noras)
		answer := desk.AnswerIssue{Issue: id, Tickets: []int64{marias, jonass, noras}, Phase: "answered", Key: "one form"}
		did, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), answer)
		o.must(err)
		if did.Tickets != 0 || did.Left != 3 {
			t.Errorf("without a horizon %d were answered, %d left", did.Tickets, did.Left)
		}
		weeks := slow
		weeks.Horizon = "weeks"
		o.at("2026-11-19 11:00")
		o.must(o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: id, Text: weeks}))

		before, err := o.desk.IssueAnswer(ctx, o.ben.Actor(), desk.LookAtAnswer{Issue: id, Phase: "answered"})
		o.must(err)
		if got := before.Tickets[0].Follows; got != "Mails “What to expect” to Maria Lopez. The ticket becomes Solved." {
			t.Errorf("before, Ben reads %q", got)
		}
		answer.Key = "the next form"
		for range 2 { // pressed twice
			did, err = o.desk.AnswerIssue(ctx, o.ben.Actor(), answer)
			o.must(err)
		}
		o.toldIs("bug-answer", "jonas@greenfund.example", "maria@greenfund.example", "nora@quayside.example")
		for _, id := range []int64{marias, jonass, noras} {
			o.in(id, "solved")
			text := o.answerTo(id)
			if !strings.Contains(text, "When to expect the fix: weeks. Export the list; the spreadsheet adds it up right.") {
				t.Errorf("the answer says\n%s", text)
			}
			if strings.Contains(text, "2026") || strings.Contains(text, "December") {
				t.Errorf("a day is named:\n%s", text)
			}
		}
	})
}

// answerTo is what the mail about a bug told its reporter.
func (o *office) answerTo(id int64) (text string) {
	o.t.Helper()
	for _, m := range o.mails(id) {
		if m.template == "bug-answer" {
			text = m.text
		}
	}
	return text
}

// In one's own words: each of the open tickets gets the answer, and what is not the reader's to see does not.
func TestManyAreAnsweredInOnesOwnWords(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		jonass := o.bug(jonas, "The sum is off")
		problem := o.writesDown(slow, id)
		o.links(problem, jonass)
		stranger := o.bug("Nora Wells <nora@quayside.example>", "Something else")
		did, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), desk.AnswerIssue{Issue: problem, Tickets: []int64{id, jonass, stranger, 4711}, Text: "Please export the list for now.", Status: "open"})
		o.must(err)
		if did != (desk.Answered{Tickets: 2, Left: 2}) {
			t.Errorf("came of it: %+v", did)
		}
		o.lastSays(id, "Please export the list for now.")
		o.lastSays(jonass, "Please export the list for now.")
		if strings.Contains(o.last(stranger).text, "export") {
			t.Error("a ticket that is not linked was answered")
		}
	})
}

// A hundred and two report it. The second step goes on where the first one ended, though all of those are still open.
func TestHundredsAreAnsweredInStepsAndEachOnce(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		for n := range desk.MostAnswered + 1 {
			o.links(problem, o.asks(fmt.Sprintf("Reader %d <reader%d@quayside.example>", n, n), "Totals are wrong"))
		}
		steps := ""
		for after, more := int64(0), true; more && len(steps) < 100; {
			look, err := o.desk.IssueAnswer(ctx, o.ben.Actor(), desk.LookAtAnswer{Issue: problem, After: after})
			o.must(err)
			answer := desk.AnswerIssue{Issue: problem, Text: "Please export the list for now.", Status: "open"}
			for _, one := range look.Tickets {
				answer.Tickets = append(answer.Tickets, one.Ticket.ID)
			}
			did, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), answer)
			o.must(err)
			steps += fmt.Sprintf("%d answered. ", did.Tickets)
			after, more = look.Next, look.Next != 0
		}
		o.is("steps", steps, "100 answered. 2 answered. ")
	})
}

// Maria reports it on 24 tickets, and each answer comes with the question how it went. Nobody gets more than twenty automatic mails within
// an hour: before, Ben reads which tickets wait, and these stay as they are until he answers them later.
func TestMailsThatTheBrakeKeepsBackAreNotPromised(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-19 09:00", func(o *office) {
		weeks := slow
		weeks.Horizon = "weeks"
		all := []int64{o.bug(maria, "Totals are wrong")}
		problem := o.writesDown(weeks, all[0])
		for n := range 23 {
			all = append(all, o.bug(maria, fmt.Sprintf("Wrong on page %d", n)))
		}
		o.links(problem, all...)
		o.at("2026-11-19 12:00")
		answers := func() string {
			look, err := o.desk.IssueAnswer(ctx, o.ben.Actor(), desk.LookAtAnswer{Issue: problem, Phase: "answered"})
			o.must(err)
			promised, waits := 0, ""
			for _, one := range look.Tickets {
				if one.Cannot != "" {
					waits = one.Cannot
				} else if strings.HasPrefix(one.Follows, "Mails “What to expect” to Maria Lopez.") {
					promised++
				}
			}
			did, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), desk.AnswerIssue{Issue: problem, Tickets: all, Phase: "answered"})
			o.must(err)
			return fmt.Sprintf("%d promised, %d answered, %d mailed. %s", promised, did.Tickets, len(o.told("bug-answer")), waits)
		}
		const waits = "Not within this hour: this address had as many automatic mails within an hour as we send."
		o.is("at noon", answers(), "10 promised, 10 answered, 10 mailed. "+waits)
		o.in(all[23], "new")
		o.at("2026-11-19 13:30")
		o.is("an hour later", answers(), "10 promised, 10 answered, 20 mailed. "+waits)
		o.at("2026-11-19 15:00")
		o.is("at three", answers(), "4 promised, 4 answered, 24 mailed. ")
	})
}

// Ben and Ana answer the same tickets at once, and Jonas writes while they do: nobody gets the same mail twice, and Jonas no answer that
// does not know what he wrote.
func TestManyAreNotAnsweredByWordsThatKnowNothingOfTheLast(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		jonass := o.bug(jonas, "The sum is off")
		problem := o.writesDown(slow, id)
		o.links(problem, jonass)
		look, err := o.desk.IssueAnswer(ctx, o.ben.Actor(), desk.LookAtAnswer{Issue: problem})
		o.must(err)
		answer := desk.AnswerIssue{Issue: problem, Text: "Please export the list for now.", Status: "open", Seen: map[int64]int64{}}
		for _, one := range look.Tickets {
			answer.Tickets, answer.Seen[one.Ticket.ID] = append(answer.Tickets, one.Ticket.ID), one.Last
		}
		_, err = o.desk.Reply(ctx, o.customer("jonas@greenfund.example"), desk.Reply{Ticket: jonass, Text: "It is right again."})
		o.must(err)
		bens, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), answer)
		o.must(err)
		anas, err := o.desk.AnswerIssue(ctx, o.ana.Actor(), answer)
		o.must(err)
		o.is("came of it", fmt.Sprint(bens, anas), "{1 1} {0 2}")
	})
}

// Four tickets report it: one is open, one solved, two are closed, and two are Maria's.
func TestS4_10_EverybodyHearsOfTheFixOnce(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		old, again := o.bug(maria, "Totals are wrong"), o.bug(maria, "Totals again")
		jonass, noras := o.bug(jonas, "The sum is off"), o.bug("Nora Wells <nora@quayside.example>", "Cents missing")
		problem := o.writesDown(slow, old)
		o.links(problem, jonass)
		o.answers(o.ben, old, "We know it.", "solved")
		o.answers(o.ben, jonass, "We know it.", "solved")
		o.at("2026-12-08 12:00") // both are closed
		o.links(problem, again, noras)
		o.answers(o.ben, noras, "We know it.", "solved")
		if got := o.issue(problem); got.Issue.Customers != 3 || got.Issue.Tickets != 4 {
			t.Errorf("%d customers on %d tickets", got.Issue.Customers, got.Issue.Tickets)
		}

		o.at("2026-12-15 15:20")
		fixed := desk.ConfirmFix{Issue: problem, Announcement: "https://greenfund.example/new#totals"}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), fixed))
		o.must(o.desk.ConfirmFix(ctx, o.cem.Actor(), fixed)) // Cem had the same thought
		if waits := o.issue(problem).Waits; waits != 4 {
			t.Errorf("%d tickets wait to hear of it", waits)
		}
		o.at("2026-12-15 15:30")
		o.toldIs("fixed", "jonas@greenfund.example", "maria@greenfund.example", "nora@quayside.example")
		for id, state := range map[int64]string{old: "closed", jonass: "closed", again: "new", noras: "solved"} {
			o.in(id, state)
			if found := o.sees(o.ticketActor(id), id).Issue; !found.Issue.IsFixed() || shown(found.Issue.Fixed) != "Tue 2026-12-15 15:20:00 EST" || found.Others != 2 {
				t.Errorf("ticket %d says of the problem %+v", id, found)
			}
		}
		o.lastSays(jonass, "You reported this: Totals are off by a few cents. It is fixed now")
		o.lastSays(jonass, "What is new: https://greenfund.example/new#totals")
		if got := o.last(jonass).subject; got != "Fixed: Totals are off by a few cents" {
			t.Errorf("its subject is %q", got)
		}
		o.at("2026-12-20 10:00")
		o.toldIs("fixed", "jonas@greenfund.example", "maria@greenfund.example", "nora@quayside.example")
	})
}

// Whoever is linked after the fix hears of it as well; whoever was unlinked before does not.
func TestS4_10_LateAndUnlinkedReporters(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		jonass, noras := o.bug(jonas, "The sum is off"), o.bug("Nora Wells <nora@quayside.example>", "Cents missing")
		problem := o.writesDown(slow, id)
		o.links(problem, jonass)
		o.must(o.desk.UnlinkIssue(ctx, o.ben.Actor(), desk.LinkIssue{Issue: problem, Ticket: jonass}))
		if facts := o.ticket(jonass).Facts; facts["issue.link"] != nil || facts["issue.workaround"] != nil {
			t.Errorf("unlinked, it still knows %v", facts)
		}
		if found := o.sees(o.ticketActor(jonass), jonass).Issue; found.Linked {
			t.Errorf("Jonas still reads of %+v", found)
		}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-16 11:00")
		o.links(problem, noras)
		o.at("2026-11-16 12:00")
		o.toldIs("fixed", "maria@greenfund.example", "nora@quayside.example")
	})
}

// The worker is stopped in the middle, and another one goes on: nobody is told twice and nobody is missed.
func TestS4_10_KilledOnTheWay(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-16 10:00", func(o *office) {
		const many = 60
		var want []string
		problem := o.writesDown(slow, o.bug(maria, "Totals are wrong"))
		want = append(want, "maria@greenfund.example")
		for n := range many {
			address := fmt.Sprintf("customer-%02d@quayside.example", n)
			o.links(problem, o.bug("A customer <"+address+">", "The sum is off"))
			want = append(want, address)
		}
		slices.Sort(want)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.clock.Pass(issue.FixWindow)
		first, err := o.desk.TellOfFix(ctx)
		o.must(err)
		if first == 0 || first >= many {
			t.Fatalf("the first batch has %d of %d", first, many+1)
		}
		stopped, stop := context.WithCancel(ctx)
		stop()
		if _, err := o.desk.TellOfFix(stopped); err == nil {
			t.Error("a worker that was stopped says that it did its work")
		}
		other := desktest.Open(t, o.db, o.clock)
		for told := 1; told > 0; {
			told, err = other.TellOfFix(ctx)
			o.must(err)
		}
		o.toldIs("fixed", want...)
	})
}

// Ben presses the wrong button, takes it back, and confirms the fix once he has looked: in the minute before the telling begins nobody hears,
// a late link and an announcement hurry nothing, and everybody hears once.
func TestAFixThatIsTakenBackAtOnceIsToldNobody(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		jonass := o.bug(jonas, "The sum is off")
		problem := o.writesDown(slow, id)
		confirm := func() { o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem})) }
		confirm()
		o.links(problem, jonass)
		announced := slow
		announced.Announcement = "https://agency.example/new"
		o.must(o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: problem, Text: announced}))
		o.is("the telling begins", shown(o.issue(problem).From), "Mon 2026-11-16 10:01:00 EST")
		o.at("2026-11-16 10:00:59")
		o.toldIs("fixed")
		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.at("2026-11-16 10:01:30")
		o.toldIs("fixed")
		confirm()
		o.at("2026-11-16 10:10")
		o.toldIs("fixed", "jonas@greenfund.example", "maria@greenfund.example")
		o.is("afterwards it begins", fmt.Sprint(o.issue(problem).From.IsZero()), "true")
	})
}

// Ben has confirmed the fix, and can still take it back. Until it is told, Maria's page says that the problem is known and what helps, the form
// goes on to recognise it, and an entry of What's New that tells of the fix waits; one minute later all of them say that it is fixed.
func TestAFixIsKnownOutsideOnceItIsTold(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(everybodys(), id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem, Announcement: "https://agency.example/new"}))
		entry := o.writes(desk.WriteNews{Kind: "fixed", Title: "Totals add up", Issues: []int64{problem}})
		outside := func() string {
			maria := o.sees(o.ticketActor(id), id).Issue.Issue
			known, _, err := o.desk.RecogniseIssues(ctx, o.brand.ID, "totals off by cents")
			o.must(err)
			has, err := o.desk.HasPublicIssues(ctx, o.brand.ID)
			o.must(err)
			return fmt.Sprintf("%s %v %q, %d known %v", maria.State, maria.Fixed.IsZero(), maria.Announcement, len(known), has)
		}
		publishes := func() error {
			return o.desk.PublishNews(ctx, o.ana.Actor(), desk.ChangeNews{Entry: entry, Base: o.entry(entry).Last})
		}
		o.at("2026-11-16 10:00:59")
		o.is("while it can be taken back", outside(), `open true "", 1 known true`)
		if err := publishes(); !fault.Is(err, fault.Refused) {
			t.Errorf("everybody reads of a fix that can be taken back: %v", err)
		}
		if !o.issue(problem).Issue.IsFixed() {
			t.Error("Ben does not read that he has confirmed it")
		}
		o.at("2026-11-16 10:01")
		o.is("once it is told", outside(), `fixed false "https://agency.example/new", 0 known false`)
		o.must(publishes())
	})
}

// A fix that did not hold: who has not heard of it yet is spared, and the next one is told to all.
func TestAFixThatDoesNotHold(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.at("2026-11-17 10:00")
		o.toldIs("fixed")
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-17 11:00")
		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-17 12:00")
		o.toldIs("fixed", "maria@greenfund.example", "maria@greenfund.example")
	})
}

// Seed 000 promises the announcement and no mail: the closed ticket's page says that it is fixed, then where it was announced.
func TestS0_24_TheFixIsAnnouncedAndNobodyIsMailed(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-19 09:00", func(o *office) {
		id := o.bug(maria, "Totals are wrong")
		weeks := slow
		weeks.Horizon = "weeks"
		problem := o.writesDown(weeks, id)
		_, err := o.desk.AnswerIssue(ctx, o.ben.Actor(), desk.AnswerIssue{Issue: problem, Tickets: []int64{id}, Phase: "answered"})
		o.must(err)
		o.at("2026-12-01 10:00")
		o.in(id, "closed")
		mails := len(o.mails(id))
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-12-01 10:05")
		o.stands(id, "fixed")
		weeks.Announcement = "https://soapbox.example/releases/2027.1"
		o.must(o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: problem, Text: weeks}))
		o.at("2026-12-01 10:10")
		o.stands(id, "announced")
		o.in(id, "closed")
		if got := len(o.mails(id)); got != mails {
			t.Errorf("%d mails, %d before the fix", got, mails)
		}
		if found := o.sees(o.ticketActor(id), id).Issue.Issue; found.Announcement != weeks.Announcement {
			t.Errorf("Maria is led to %q", found.Announcement)
		}
	})
}

func (o *office) stands(id int64, phase string) {
	o.t.Helper()
	if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.ID != phase {
		o.t.Errorf("ticket %d stands at %q, want %q", id, now.ID, phase)
	}
}

// Colleagues read; agents write; a customer knows nothing but what stands on their own ticket, and nothing of the engineers.
func TestB13_KnownProblemsAreForColleagues(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		light := o.hire("dora@agency.example", "Dora Lind", access.Light).Actor()
		page, err := o.desk.IssuePage(ctx, light, problem, "")
		if o.must(err); page.Issue.Title != slow.Title {
			t.Errorf("Dora reads %+v", page.Issue)
		}
		for who, a := range map[string]access.Actor{"Dora": light, "Maria": o.customer("maria@greenfund.example"), "a link": o.ticketActor(id), "a stranger": {}} {
			_, opens := o.desk.OpenIssue(ctx, a, desk.OpenIssue{Ticket: id, Text: slow})
			_, answers := o.desk.AnswerIssue(ctx, a, desk.AnswerIssue{Issue: problem, Tickets: []int64{id}, Text: "Hello"})
			for what, err := range map[string]error{
				"opens": opens, "answers": answers, "changes": o.desk.ChangeIssue(ctx, a, desk.ChangeIssue{Issue: problem, Text: slow}),
				"links": o.desk.LinkIssue(ctx, a, desk.LinkIssue{Issue: problem, Ticket: id}), "unlinks": o.desk.UnlinkIssue(ctx, a, desk.LinkIssue{Issue: problem, Ticket: id}),
				"confirms": o.desk.ConfirmFix(ctx, a, desk.ConfirmFix{Issue: problem}), "reopens": o.desk.ReopenIssue(ctx, a, problem),
			} {
				if kind := fault.KindOf(err); kind != fault.Forbidden && kind != fault.Unsigned {
					t.Errorf("%s %s: %v", who, what, err)
				}
			}
		}
		for _, a := range []access.Actor{o.customer("maria@greenfund.example"), o.ticketActor(id), {}} {
			if _, err := o.desk.IssuePage(ctx, a, problem, ""); err == nil {
				t.Errorf("%+v reads the record", a)
			}
		}
		found := o.sees(o.ticketActor(id), id).Issue
		if found.Issue != (issue.Issue{Title: slow.Title, Workaround: slow.Workaround, State: issue.Open}) {
			t.Errorf("Maria's page knows %+v", found.Issue)
		}
	})
}

// A ticket in a group that Ben is not in is neither linked by him nor shown to him among a problem's tickets.
func TestB1_AForeignTicketIsNotLinked(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		hidden := o.bug(jonas, "The sum is off")
		billing, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Billing"})
		o.must(err)
		_, err = o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: hidden, Group: &billing.ID})
		o.must(err)
		problem := o.writesDown(slow, id)
		if err := o.desk.LinkIssue(ctx, o.ben.Actor(), desk.LinkIssue{Issue: problem, Ticket: hidden}); !fault.Is(err, fault.NotFound) {
			t.Errorf("Ben links it: %v", err)
		}
		o.must(o.desk.LinkIssue(ctx, o.ana.Actor(), desk.LinkIssue{Issue: problem, Ticket: hidden}))
		page, err := o.desk.IssuePage(ctx, o.ben.Actor(), problem, "")
		o.must(err)
		if len(page.Tickets.Items) != 1 || page.Tickets.Items[0].ID != id || page.Issue.Customers != 2 {
			t.Errorf("Ben sees %d tickets of %d customers", len(page.Tickets.Items), page.Issue.Customers)
		}
	})
}

// What an older page would take back is refused, and what is wrong is named by its field.
func TestAKnownProblemIsWrittenWithCare(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		problem := o.writesDown(slow, id)
		base := o.issue(problem).Base
		better := slow
		better.Workaround = "Round the lines yourself."
		o.must(o.desk.ChangeIssue(ctx, o.cem.Actor(), desk.ChangeIssue{Issue: problem, Text: better, Base: base}))
		if err := o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: problem, Text: slow, Base: base}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an older page: %v", err)
		}
		for field, bend := range map[string]func(*desk.IssueText){
			"title": func(i *desk.IssueText) { i.Title = " \t" }, "tracker": func(i *desk.IssueText) { i.Tracker = "javascript:alert(1)" },
			"severity": func(i *desk.IssueText) { i.Severity = "apocalyptic" }, "reach": func(i *desk.IssueText) { i.Reach = "galactic" },
			"workaround": func(i *desk.IssueText) { i.Workaround = strings.Repeat("x", 2001) }, "estimate": func(i *desk.IssueText) { i.Estimate = "soon" },
			"horizon": func(i *desk.IssueText) { i.Horizon = "weeks" }, // this policy has no such words
		} {
			wrong := better
			bend(&wrong)
			err := o.desk.ChangeIssue(ctx, o.ben.Actor(), desk.ChangeIssue{Issue: problem, Text: wrong})
			if w := (*issue.Wrong)(nil); !errors.As(err, &w) || w.Field != field || !fault.Is(err, fault.Invalid) {
				t.Errorf("a wrong %s: %v", field, err)
			}
		}
		changes := o.issue(problem).Changes
		if len(changes) != 2 || changes[0].What != "workaround" || changes[0].Who.Name != "Cem Yildiz" || changes[1].What != "opened" {
			t.Errorf("its history is %+v", changes)
		}
	})
}

// The list begins with what most customers have; what is fixed comes last, and words find it.
func TestKnownProblemsAreListedByWhoHasThem(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		named := func(title string) desk.IssueText { text := slow; text.Title = title; return text }
		few := o.writesDown(named("Umlauts are not found"), id)
		most := o.writesDown(named("Printing stops"), o.bug(jonas, "It stops"))
		o.links(most, o.bug("Nora Wells <nora@quayside.example>", "No paper"))
		done := o.writesDown(named("Old one"), o.bug(maria, "Again"))
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: done}))
		var got []int64
		for after := ""; ; {
			page, err := o.desk.Issues(ctx, o.cem.Actor(), store.IssueFilter{After: after, Limit: 1})
			o.must(err)
			for _, i := range page.Items {
				got = append(got, i.ID)
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if !slices.Equal(got, []int64{most, few, done}) {
			t.Errorf("the list is %v, want %v", got, []int64{most, few, done})
		}
		page, err := o.desk.Issues(ctx, o.cem.Actor(), store.IssueFilter{Words: "Umlau FOUND", Open: true})
		o.must(err)
		if len(page.Items) != 1 || page.Items[0].ID != few {
			t.Errorf("words find %+v", page.Items)
		}
		if err := o.desk.LinkIssue(ctx, o.ben.Actor(), desk.LinkIssue{Issue: most, Ticket: id}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a ticket of another problem: %v", err)
		}
	})
}

// The story of a ticket tells that it was linked, and that the fix was confirmed, so that other rules can be tried on it.
func TestTheStoryTellsOfTheKnownProblem(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		o.at("2026-11-17 10:00")
		problem := o.writesDown(slow, id)
		o.at("2026-11-18 10:00")
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-18 11:00")
		s, _, err := o.desk.Story(ctx, o.ana.Actor(), id)
		o.must(err)
		var story []string
		for _, e := range s.Events {
			story = append(story, strings.TrimSpace(string(e.Kind)+" "+e.Phase))
		}
		o.is("story", strings.Join(story, "\n"), "customer_creates\nagent_sets\nagent_moves review\nissue_linked\nissue_fixed")
	})
}
