package desk_test

import (
	"fmt"
	"testing"

	"hark/desk"
	"hark/fault"
)

// Release 2027.1 is announced with an entry that names the fault. The closed ticket stands at "in the release notes" and leads to the entry;
// nobody is mailed. Taken back, the entry leads nowhere any more.
func TestS0_24_TheEntryOfAFixIsWhereItsTicketsLead(t *testing.T) {
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

		_, err = o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Kind: "fixed", Title: "Release 2027.1", Issues: []int64{problem}})
		if desk.MisfilledField(err) != "issue" {
			t.Errorf("it tells of a fix that nobody has confirmed: %v", err)
		}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-12-01 10:05")
		o.stands(id, "fixed")

		entry := o.writes(desk.WriteNews{Kind: "fixed", Title: "Release 2027.1", Version: "2027.1", Body: "Totals add up.", Issues: []int64{problem}})
		o.at("2026-12-01 10:06")
		o.stands(id, "fixed") // a draft tells nobody
		o.announces(entry)
		o.at("2026-12-01 10:10")
		o.stands(id, "announced")
		o.in(id, "closed")
		o.is("mails", fmt.Sprint(len(o.mails(id))), fmt.Sprint(mails))
		leads := func() string { return o.sees(o.ticketActor(id), id).Issue.Issue.Announcement }
		o.is("where Maria is led", leads(), "https://agency.example"+desk.NewsEntryPath(entry))
		o.takesBack(entry)
		o.is("after it was taken back", leads(), "")
	})
}

// Everybody who reported it was mailed when the fix was confirmed. The entry that tells of it mails nobody again.
func TestS4_10_TheEntryOfAFixMailsNobodyAgain(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-19 09:00", func(o *office) {
		first, second := o.bug(maria, "Totals are wrong"), o.bug(jonas, "The sum is wrong")
		problem := o.writesDown(slow, first)
		o.links(problem, second)
		entry := o.writes(desk.WriteNews{Kind: "new", Title: "Lists"})
		o.announces(entry)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.at("2026-11-19 10:00")
		o.toldIs("fixed", "jonas@greenfund.example", "maria@greenfund.example")

		n := o.entry(entry) // published already; the fix is added to it
		_, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Entry: entry, Base: n.Last, Kind: "fixed", Title: "Lists, and totals that add up", Issues: []int64{problem}})
		o.must(err)
		o.at("2026-11-19 11:00")
		o.toldIs("fixed", "jonas@greenfund.example", "maria@greenfund.example")
		o.is("the record leads to", o.issue(problem).Issue.Announcement, "https://agency.example"+desk.NewsEntryPath(entry))

		o.takesBack(entry)
		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		if err := o.desk.PublishNews(ctx, o.ana.Actor(), desk.ChangeNews{Entry: entry, Base: o.entry(entry).Last}); !fault.Is(err, fault.Refused) {
			t.Errorf("it tells of a fix that did not hold: %v", err)
		}
	})
}
