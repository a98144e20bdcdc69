package desk_test

import (
	"testing"

	"hark/desk"
	"hark/fault"
	"hark/issue"
)

// everybodys is a fault that everybody may read of.
func everybodys() desk.IssueText {
	text := slow
	text.Public = true
	return text
}

// recognised are the known problems that a description brings up, one a line.
func (o *office) recognised(description string) (titles string) {
	o.t.Helper()
	found, _, err := o.desk.RecogniseIssues(ctx, o.brand.ID, description)
	o.must(err)
	for _, i := range found {
		titles += i.Title + "\n"
	}
	return titles
}

// Somebody describes what is known already: it comes up by the words of its title and of what helps, with a wrong letter too. What
// colleagues write for each other, and what is not for everybody, comes up by no word.
func TestAKnownProblemIsRecognisedByItsWords(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-19 09:00", func(o *office) {
		id := o.writesDown(everybodys(), o.bug(maria, "Totals are wrong"))
		hidden := slow
		hidden.Title = "Totals of one site are wrong"
		o.writesDown(hidden, o.bug(jonas, "The sum is off"))
		const found = "Totals are off by a few cents\n"
		for typed, want := range map[string]string{
			"the totals are off":             found,
			"Totls are off by some cents":    found,
			"total":                          found,
			"export of the spreadsheet":      found,
			"export":                         "",
			"a line is rounded before added": "",
			"how do I pay by card":           "",
			"":                               "",
			"%":                              "",
		} {
			o.is(typed, o.recognised(typed), want)
		}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: id}))
		o.clock.Pass(issue.FixWindow)
		o.is("what is fixed", o.recognised("the totals are off"), "")
	})
}

// Jonas recognises it in the form: his request belongs to it from the start, as if Ben had linked it, and the fix is told to him too.
func TestARequestJoinsTheKnownProblemThatWasRecognised(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-19 09:00", func(o *office) {
		id := o.writesDown(everybodys(), o.bug(maria, "Totals are wrong"))
		o.must(o.desk.Ask(ctx, desk.Request{Requester: "noor@elsewhere.example", Subject: "Cents", Text: "I have this too.", Kind: "bug", Problem: id, Remote: "192.0.2.1"}))
		if got := o.issue(id).Issue.Tickets; got != 1 {
			o.t.Errorf("an address that is not proved counts: %d tickets", got)
		}
		done, err := o.desk.Confirm(ctx, linkToken(o.t, o.confirmations()[0]))
		o.must(err)
		if got := o.issue(id).Issue; got.Tickets != 2 || got.Customers != 2 {
			o.t.Errorf("it counts %d customers on %d tickets, want 2 on 2", got.Customers, got.Tickets)
		}
		page := o.sees(o.ben.Actor(), done.Ticket.ID)
		if !page.Issue.Linked || page.Issue.Issue.ID != id {
			o.t.Errorf("Ben reads %+v", page.Issue)
		}
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: id, Announcement: "https://agency.example/new"}))
		o.at("2026-11-19 09:10")
		o.toldIs("fixed", "maria@greenfund.example", "noor@elsewhere.example")
	})
}

// A request that names a problem which is not for everybody, or another brand's, or none, is a request and nothing more.
func TestB2_ARequestJoinsOnlyWhatItsWriterMayReadOf(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-19 09:00", func(o *office) {
		hidden := o.writesDown(slow, o.bug(maria, "Totals are wrong"))
		for _, problem := range []int64{hidden, 4711, -1} {
			if _, _, err := o.desk.PublicIssue(ctx, o.brand.ID, problem); !fault.Is(err, fault.NotFound) {
				o.t.Errorf("known problem %d answers %v", problem, err)
			}
			done, err := o.desk.Create(ctx, o.customer("maria@greenfund.example"), desk.Request{Subject: "Cents", Text: "Me too.", Kind: "bug", Problem: problem})
			o.must(err)
			if o.sees(o.ben.Actor(), done.Ticket.ID).Issue.Linked {
				o.t.Errorf("it belongs to known problem %d", problem)
			}
		}
		if got := o.issue(hidden).Issue.Tickets; got != 1 {
			o.t.Errorf("%d tickets are counted, want one", got)
		}
	})
}
