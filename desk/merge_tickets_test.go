package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/ticket"
)

// joins lets somebody merge two tickets after looking at both.
func (o *office) joins(by account.Person, goes, stays int64, reason string, onCopy bool) error {
	o.t.Helper()
	look, err := o.desk.LookAtTicketMerge(ctx, by.Actor(), goes, stays)
	if err != nil {
		return err
	}
	return o.desk.MergeTickets(ctx, by.Actor(), desk.MergeTickets{Goes: goes, Stays: stays, Reason: reason, Copy: onCopy, Seen: look.Mark()})
}

// Maria writes twice about one thing. Ben merges the second into the first: it is closed, nobody is mailed, what she answers to it goes on
// in the first, on her page as by mail, and both tickets tell colleagues of it.
func TestTwoTicketsOfOneCustomerBecomeOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		first, second := o.asks(maria, "Redirect broken"), o.asks(maria, "Donations?")
		asked := *o.last(second)
		o.at("2026-11-20 16:20")
		mails := len(o.mails(first)) + len(o.mails(second))
		o.must(o.joins(o.ben, second, first, "The same donation page", false))
		o.in(second, "closed")
		o.in(first, "new")
		o.is("mails", fmt.Sprint(len(o.mails(first))+len(o.mails(second))), fmt.Sprint(mails))
		o.is("the second says", o.audited(second, "merged_ticket"), fmt.Sprintf("Ben Okafor merged this into #%d: The same donation page", first))
		o.is("the first says", o.audited(first, "merged_ticket"), fmt.Sprintf("Ben Okafor merged #%d into this: The same donation page", second))
		for _, audit := range o.sees(o.customer("maria@"), second).Audits {
			for _, e := range audit.Events {
				if strings.Contains(e.Says, "donation page") {
					t.Errorf("Maria reads colleagues' words: %+v", e)
				}
			}
		}

		got := o.arrives(letter{from: maria, answers: &asked, body: "It still happens."})
		if got.Ticket != first {
			t.Errorf("her answer became %+v, want ticket %d", got, first)
		}
		done, err := o.desk.Reply(ctx, o.customer("maria@"), desk.Reply{Ticket: second, Text: "On the telephone, too."})
		o.must(err)
		o.is("what she writes on its page goes to", fmt.Sprint(done.Ticket.ID), fmt.Sprint(first))
		o.is("and it stays closed after a week", func() string { o.at("2026-11-27 16:00"); return string(o.ticket(second).Category) }(), "closed")
		if _, _, err := o.desk.Story(ctx, access.Clock, second); err != nil {
			t.Errorf("its story cannot be told again: %v", err)
		}
	})
}

// B12: Jonas wrote about the same. Merged without being put on copy he reads nothing of Maria's ticket, and what he answers begins a ticket
// of his own; only when Ben chooses so does he read hers.
func TestB12_AMergeWidensNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		marias := o.asks(maria, "Redirect broken")
		his, another := o.asks(jonas, "Is it down?"), o.asks(jonas, "Down again?")
		asked := *o.last(his)
		o.at("2026-11-20 16:20")
		o.must(o.joins(o.ben, his, marias, "One fault", false))
		jonas := o.customer("jonas@")
		o.is("Jonas reads", fmt.Sprint(o.readsOf(jonas, marias, his)), fmt.Sprint([]int64{his}))
		if page := o.sees(jonas, his); page.Ticket.FollowedBy != 0 {
			t.Errorf("his page leads to #%d", page.Ticket.FollowedBy)
		}
		o.is("Maria reads", fmt.Sprint(o.readsOf(o.customer("maria@"), marias, his)), fmt.Sprint([]int64{marias}))
		got := o.arrives(letter{from: "Jonas Weber <jonas@greenfund.example>", answers: &asked, body: "It works now."})
		if got.Ticket == marias || got.Ticket == his {
			t.Errorf("what he answers became %+v, want a ticket of its own", got)
		}

		o.must(o.joins(o.ben, another, marias, "One fault", true))
		o.is("put on copy he reads", fmt.Sprint(o.readsOf(jonas, marias, another)), fmt.Sprint([]int64{marias, another}))
		o.is("the first has on copy", o.ticket(marias).CCs[0].Address, "jonas@greenfund.example")

		none := []string{}
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: marias, CCs: &none})
		o.must(err)
		if _, err := o.desk.Reply(ctx, jonas, desk.Reply{Ticket: another, Text: "Let me in."}); !fault.Is(err, fault.Refused) {
			t.Errorf("taken off it again he still writes into it: %v", err)
		}
	})
}

// Maria's first ticket reports a known problem, her second says more of it. Ben lets the first go on in the second: that one is linked as
// well, without a mail that its problem is known, and is among those that can be answered. Jonas's belongs to another problem and stays there.
func TestATicketThatGoesOnTakesOverTheKnownProblem(t *testing.T) {
	eachBug(t, func(o *office, first int64) {
		second, jonass := o.bug(maria, "The totals again"), o.bug(jonas, "Lists are empty")
		problem := o.writesDown(slow, first)
		other := slow
		other.Title = "Lists are empty on Mondays"
		another := o.writesDown(other, jonass)
		mails := len(o.mails(0))
		o.must(o.joins(o.ben, first, second, "One fault", false))
		o.is("its page tells of", o.sees(o.ben.Actor(), second).Issue.Issue.Workaround, slow.Workaround)
		look, err := o.desk.IssueAnswer(ctx, o.ben.Actor(), desk.LookAtAnswer{Issue: problem})
		o.must(err)
		if len(look.Tickets) != 1 || look.Tickets[0].Ticket.ID != second {
			t.Errorf("what can be answered is %+v, want #%d alone", look.Tickets, second)
		}
		o.is("its history says", o.audited(second, "issue"), fmt.Sprintf("Ben Okafor linked this, as #%d was, to the known problem “Totals are off by a few cents”", first))
		o.is("the problem counts", fmt.Sprint(o.issue(problem).Issue.Tickets, o.issue(problem).Issue.Customers), "2 1")

		o.must(o.joins(o.ben, second, jonass, "One release", false))
		o.is("Jonas's stays with", fmt.Sprint(o.sees(o.ben.Actor(), jonass).Issue.Issue.ID), fmt.Sprint(another))
		o.is("mails", fmt.Sprint(len(o.mails(0))), fmt.Sprint(mails))
	})
}

// A wish of Maria's stands behind a card. Merged into a ticket of Jonas's, the card counts both people.
func TestATicketThatGoesOnTakesOverTheCard(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-12-01 10:00", func(o *office) {
		marias, jonass := o.wish(maria, "The list on my telephone"), o.wish(jonas, "A list for the road")
		card, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: marias})
		o.must(err)
		o.must(o.joins(o.ben, marias, jonass, "One wish", false))
		var asking []string
		for _, p := range o.cardOf(card).Asking {
			asking = append(asking, fmt.Sprint(p.Person.Name, " in #", p.Ticket))
		}
		o.is("who wants it", strings.Join(asking, ", "), fmt.Sprintf("Maria Lopez in #%d, Jonas Weber in #%d", marias, jonass))
	})
}

// B3: a merge of tickets that is refused changes nothing.
func TestB3_TicketsThatCannotBeMergedStayAsTheyAre(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		hidden := o.teams() // in Ben's group
		seen, closed, waits := o.asks(maria, "Donations?"), o.asks(maria, "Long ago"), o.asks(maria, "With a stranger")
		asked := *o.last(waits)
		o.must(o.joins(o.ben, closed, seen, "One thing", false))
		o.arrives(letter{from: "Eve <eve@elsewhere.example>", answers: &asked, body: "Let me in."})
		first := o.hire("lena@agency.example", "Lena", access.LevelOne)
		before := o.everything()
		for says, try := range map[string]struct {
			by          account.Person
			goes, stays int64
			reason      string
			kind        fault.Kind
		}{
			"into one that Cem does not see": {o.cem, seen, hidden, "x", fault.NotFound},
			"one that Cem does not see":      {o.cem, hidden, seen, "x", fault.NotFound},
			"one that is not there":          {o.ben, 99999, seen, "x", fault.NotFound},
			"the first line":                 {first, seen, waits, "x", fault.Forbidden},
			"a customer":                     {o.person("maria@greenfund.example"), seen, waits, "x", fault.Forbidden},
			"itself":                         {o.ben, seen, seen, "x", fault.Refused},
			"a closed one":                   {o.ben, closed, seen, "x", fault.Refused},
			"into a closed one":              {o.ben, seen, closed, "x", fault.Refused},
			"over a message that waits":      {o.ben, waits, seen, "x", fault.Refused},
			"without a reason":               {o.ben, seen, hidden, " ", fault.Invalid},
		} {
			if err := o.joins(try.by, try.goes, try.stays, try.reason, true); !fault.Is(err, try.kind) {
				t.Errorf("%s: %v, want it refused as %v", says, err, try.kind)
			}
		}
		look, err := o.desk.LookAtTicketMerge(ctx, o.ben.Actor(), seen, hidden)
		o.must(err)
		if after := o.everything(); before != after {
			t.Error("a refused merge changed something")
		}
		o.answers(o.ben, seen, "We look.", "open")
		stale := desk.MergeTickets{Goes: seen, Stays: hidden, Reason: "x", Seen: look.Mark()}
		if err := o.desk.MergeTickets(ctx, o.ben.Actor(), stale); !fault.Is(err, fault.Conflict) {
			t.Errorf("what happened since it was looked at: %v", err)
		}
		if got := o.ticket(seen).Category; got == ticket.Closed {
			t.Error("it is closed all the same")
		}
	})
}
