package desk_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"hark/desk"
)

// slower is the policy with later reminders, from a day on.
func slower(o *office, from string) []byte {
	return edited(o.t, "customer-support-center", "after: 24h,", "after: 48h,", `effective: "2026-11-01T00:00"`, `effective: "`+from+`"`)
}

// Thirty tickets are open when a version begins that takes them along, and the memory of two of them cannot be read. The others go
// along, Maria's reminder comes in time, the operator is told of the two, and once they are mended they go along too.
func TestATicketThatCannotMoveHoldsUpNoOther(t *testing.T) {
	eachRaw(t, "2026-11-20 15:00", func(o *office, raw *sql.DB) {
		var calls []int64
		for range 30 {
			done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "jonas@greenfund.example", Subject: "By phone", Text: "Please call."})
			o.must(err)
			_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: done.Ticket.ID, Status: ref("hold")})
			o.must(err)
			calls = append(calls, done.Ticket.ID)
		}
		o.at("2026-11-20 16:00")
		id := o.pending() // without the version it is reminded Sat 16:30
		o.at("2026-11-21 10:00")
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: slower(o, "2026-11-21T12:00"), Reason: "Slower.", MoveOpen: true})
		o.must(err)
		broken := []int64{calls[3], calls[28]}
		whole := o.damage(raw, broken)

		o.at("2026-11-22 17:00")
		for _, other := range []int64{calls[0], calls[4], calls[27], calls[29], id} {
			if o.ticket(other).Policy != applied.Version {
				t.Errorf("ticket %d did not go along", other)
			}
		}
		if posted := o.posted(id); !strings.Contains(posted, "Sun 2026-11-22 16:30:00 EST reminder-1") {
			t.Errorf("Maria is not reminded under the new version:\n%s", posted)
		}
		found := fmt.Sprint(o.findings("timers"))
		for _, one := range broken {
			if !strings.Contains(found, "ticket "+itoa(one)+" stands still since 2026-11-2") {
				t.Errorf("the operator is not told of ticket %d: %s", one, found)
			}
		}
		tries := o.tries(broken[0])
		o.at("2026-11-23 17:00")
		if more := o.tries(broken[0]) - tries; more < 3 || more > 6 {
			t.Errorf("a broken ticket was tried %d times in another day, want about every six hours", more)
		}

		o.mend(raw, broken, whole)
		o.at("2026-11-24 00:00")
		for _, one := range broken {
			if got := o.ticket(one); got.Policy != applied.Version || got.State != "hold" {
				t.Errorf("the mended ticket %d is %s under policy %d", one, got.State, got.Policy)
			}
		}
		if found := o.findings("timers"); len(found) != 0 {
			t.Errorf("all are mended, and the operator is told: %+v", found)
		}
		if n := strings.Count(fmt.Sprint(o.sees(o.ben.Actor(), calls[0]).Audits), "goes on under policy"); n != 1 {
			t.Errorf("a ticket went along %d times", n)
		}
	})
}

// A version that holds at once is planned and applied beside a broken ticket, and its corrected calendar reaches the others.
func TestABrokenTicketHoldsUpNoVersion(t *testing.T) {
	eachRaw(t, "2026-11-20 16:00", func(o *office, raw *sql.DB) {
		broken := o.asks(jonas, "Broken")
		id := o.pending()
		later := o.asks(maria, "Another page, please")
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: later, Kind: ref("work_request")})
		o.must(err)
		o.damage(raw, []int64{broken})
		in := desk.NewPolicy{File: "p.yaml", Source: slower(o, "2026-11-01T00:00"), Reason: "Slower.", MoveOpen: true}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if len(plan.Stay) != 1 || plan.Stay[0].Ticket != broken || !strings.Contains(plan.Stay[0].Why, "cannot be worked on") {
			t.Errorf("the plan names %+v", plan.Stay)
		}
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		if applied.Moved != 2 || applied.Stayed != 1 || o.ticket(id).Policy != applied.Version {
			t.Errorf("%d moved and %d stayed", applied.Moved, applied.Stayed)
		}
		due := o.ticket(later).Memory.Targets[0].Due
		monday := edited(t, "customer-support-center", "after: 24h,", "after: 48h,", "mon-fri:", "tue-fri:")
		_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: monday, Reason: "Closed on Mondays."})
		o.must(err)
		if got := o.ticket(later).Memory.Targets[0].Due; !got.After(due) {
			t.Errorf("the corrected calendar did not reach the others: due %s, was %s", shown(got), shown(due))
		}
		if found := o.findings("timers"); len(found) != 1 {
			t.Errorf("the operator is told %+v", found)
		}
	})
}

// The record of one ticket cannot be read. A replay tells so and replays the others; the operator is told where it is.
func TestABrokenRecordHoldsUpNoReplay(t *testing.T) {
	eachRaw(t, "2026-11-20 15:45", func(o *office, raw *sql.DB) {
		fridays, answered := o.quarter()
		whole := o.replay(example(o.t, "customer-support-center"))
		for _, statement := range []string{"UPDATE audits SET events = 'not JSON' WHERE ticket_id = $1", "UPDATE tickets SET facts = 'not JSON' WHERE id = $1"} {
			_, err := raw.Exec(statement, answered)
			o.must(err)
			r := o.replay(example(o.t, "customer-support-center"))
			if fmt.Sprint(r.Broken) != fmt.Sprint([]int64{answered}) || r.Done != whole.Done || r.Old.Mails == 0 || r.Old.Mails >= whole.Old.Mails {
				t.Errorf("left out %v of %d, %d mails of %d", r.Broken, r.Done, r.Old.Mails, whole.Old.Mails)
			}
		}
		if found := fmt.Sprint(o.findings("records")); !strings.Contains(found, "history of ticket "+itoa(answered)) || !strings.Contains(found, "known in ticket "+itoa(answered)) || strings.Contains(found, "ticket "+itoa(fridays)+" ") {
			t.Errorf("the operator is told %s", found)
		}
	})
}

// The new policy has no place for what is on hold. Each such ticket says so once, however long a broken one keeps the version waiting.
func TestATicketThatStaysSaysSoOnce(t *testing.T) {
	eachRaw(t, "2026-11-20 16:00", func(o *office, raw *sql.DB) {
		broken := o.asks(jonas, "Broken")
		var held []int64
		for range 30 {
			done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "jonas@greenfund.example", Subject: "By phone", Text: "Please call."})
			o.must(err)
			_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: done.Ticket.ID, Status: ref("hold")})
			o.must(err)
			held = append(held, done.Ticket.ID)
		}
		o.damage(raw, []int64{broken})
		_, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: example(t, "piperocks-crm"), Reason: "Another policy.", MoveOpen: true})
		o.must(err)
		o.at("2026-11-22 16:00")
		for _, id := range held {
			if n := strings.Count(fmt.Sprint(o.sees(o.ben.Actor(), id).Audits), "stays under the policy it began with"); n != 1 {
				t.Fatalf("ticket %d says %d times that it stays", id, n)
			}
		}
	})
}
