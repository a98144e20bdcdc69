package desk_test

import (
	"fmt"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
)

// ended is what a report says of the scope, as somebody reads it.
func ended(r desk.Report) (says string) {
	d := r.Decisions
	for _, c := range d.Clauses {
		says += fmt.Sprintf("%s %s: %d\n", c.Reach, c.ID, c.Tickets)
	}
	last := d.Months[len(d.Months)-1]
	return says + fmt.Sprintf("%d inside, %d partly, %d outside; this month %d of %d", d.Reach[policy.InScope], d.Reach[policy.PartlyInScope], d.Reach[policy.OutOfScope], last.Declined, last.Decided)
}

// Ben declines two requests, rules the product out of one because another system is the cause, and says of one that it is ours. The
// report counts each under its clause, behind each number stands its list, and what is taken back counts no more.
func TestS0_25_TheReportCountsWhatWasDeclinedAndRuledOut(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		first, second, cause, ours := o.asks(maria, "Our printer"), o.asks(jonas, "Our router"), o.asks(maria, "The gateway"), o.asks(jonas, "A redirect")
		o.asks(maria, "Nobody decides on this")
		o.decides(first, "limits.our-products")
		o.decides(second, "limits.our-products")
		o.decides(cause, "limits.other-systems")
		o.decides(ours, "covers.configuration")
		o.is("the report", ended(o.report(o.ana)), "inside covers.configuration: 1\noutside limits.our-products: 2\npartly limits.other-systems: 1\n1 inside, 1 partly, 2 outside; this month 3 of 4")
		for what, want := range map[string]string{
			"scope:declined": fmt.Sprintf("%d %d %d", cause, second, first), "scope:decided": fmt.Sprintf("%d %d %d %d", ours, cause, second, first),
			"scope:limits.other-systems": fmt.Sprint(cause), "scope:outside": fmt.Sprintf("%d %d", second, first), "scope:covers.setup": "",
		} {
			o.is(what, o.behind(o.ana, what), want)
		}
		if _, _, err := o.desk.ReportTickets(ctx, o.ana.Actor(), desk.ReportList{What: "scope:nothing"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a number that is none answers %v", err)
		}
		o.at("2026-11-16 10:05")
		o.decides(second, "")
		o.decides(first, "limits.other-systems")
		o.is("after Ben thought again", ended(o.report(o.ana)), "inside covers.configuration: 1\npartly limits.other-systems: 2\n1 inside, 2 partly, 0 outside; this month 2 of 3")
		o.at("2026-12-03 10:00")
		o.is("in the next month", fmt.Sprint(o.report(o.ana).Decisions.Months[11].Declined, o.report(o.ana).Decisions.Months[12].Declined), "2 0")
	})
}

// Of another group's tickets nobody counts the decisions.
func TestB3_DecisionsAreCountedWhereTheTicketIsSeen(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Our printer")
		o.decides(id, "limits.our-products")
		billing, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Billing"})
		o.must(err)
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Group: &billing.ID})
		o.must(err)
		eve := o.hire("eve@agency.example", "Eve Sand", access.Agent)
		if got := o.report(eve).Decisions.Decided(); got != 0 {
			t.Errorf("Eve, who does not see the ticket, counts %d", got)
		}
		o.is("her list", o.behind(eve, "scope:decided"), "")
	})
}
