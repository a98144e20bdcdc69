package web_test

import (
	"strings"
	"testing"
	"time"

	"hark/desk"
)

// The report says where support ended: by clause, how far, and by month; each number leads to its tickets, and all of it is a table.
func TestTheReportSaysWhereSupportEnded(t *testing.T) {
	eachRated(t, func(t *testing.T, o *solved) {
		ana := o.as(o.ana)
		ana.get("/reports").never(t, "Where support ended")
		o.clock.Pass(time.Minute) // a report is remembered for a moment
		gateway := o.asks("Tomas Becker <tomas@becker.example>", "The payment gateway", o.support.ID)
		for id, clause := range map[int64]string{gateway: "limits.other-systems", o.id: "covers.configuration"} {
			_, err := o.desk.DecideScope(ctx, o.ben.Actor(), desk.DecideScope{Ticket: id, Clause: clause})
			o.must(err)
		}
		ana.get("/reports").reads(t, "Where support ended", "2 tickets decided on, 1 of them declined or helped in part.", "Other systems", "Where another system is the cause", "In part 1", "Configuration", "Inside 1")
		ana.get("/reports/list?what=scope:limits.other-systems").reads(t, "Other systems", "The payment gateway")
		ana.get("/reports/list?what=scope:partly").reads(t, "We support this in part", "The payment gateway")
		if got := ana.get("/reports/list?what=scope:nothing"); got.status != 404 {
			t.Errorf("a number that is none answers %d", got.status)
		}
		if csv := ana.get("/reports/export?what=scope").body; !strings.Contains(csv, "clause,limits.other-systems,partly,") || !strings.Contains(csv, "month,2026-11,declined,,1") {
			t.Errorf("the table says\n%s", csv)
		}
		o.as(o.cem).get("/reports").never(t, "Where support ended")
	})
}
