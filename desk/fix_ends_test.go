package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
	"hark/ticket"
)

// lines are what the history of a ticket tells of, as Ben reads it.
func (o *office) lines(id int64, kind string) (says []string) {
	o.t.Helper()
	for _, audit := range o.sees(o.ben.Actor(), id).Audits {
		for _, e := range audit.Events {
			if e.Type == kind {
				says = append(says, e.Says)
			}
		}
	}
	return says
}

// Months after the fix Maria reads that it is fixed, and nobody is asked to write to her. Found not to hold, the phase runs on.
func TestS4_10_AFixEndsTheWaiting(t *testing.T) {
	eachBug(t, func(o *office, id int64) {
		o.must(o.moves(o.ben, id, "review"))
		problem := o.writesDown(slow, id)
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		tasks := len(o.lines(id, ticket.TaskAdded))
		o.at("2027-02-16 10:00")
		way := o.sees(o.ticketActor(id), id).Progress
		if now, _ := way.Now(); !now.Fixed || now.Late || !now.To.IsZero() {
			t.Errorf("Maria reads %+v", now)
		}
		if got := o.lines(id, ticket.TaskAdded); len(got) != tasks {
			t.Errorf("Ben is asked to %q", got[tasks:])
		}

		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.at("2027-02-16 10:05")
		if now, _ := o.sees(o.ticketActor(id), id).Progress.Now(); now.Fixed || !now.Late {
			t.Errorf("known again, Maria reads %+v", now)
		}
		if got := strings.Join(o.lines(id, ticket.Change), "\n"); !strings.Contains(got, "noted that this is not fixed after all: “Totals are off by a few cents”") {
			t.Errorf("Ben reads\n%s", got)
		}
		o.toldIs("fixed", "maria@greenfund.example")
	})
}
