package desk_test

import (
	"fmt"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/issue"
	"hark/store"
	"hark/store/storetest"
)

// BenchmarkConfirmFix is how fast ten thousand tickets are queued to hear of a fix.
func BenchmarkConfirmFix(b *testing.B) {
	config := store.Config{Dir: b.TempDir()}
	db, err := store.Open(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := storetest.Fill(b.Context(), config, 10_000); err != nil {
		b.Fatal(err)
	}
	clock := desktest.At(time.Date(2025, 12, 30, 15, 0, 0, 0, time.UTC))
	d, admin := desktest.Open(b, db, clock), access.Actor{Person: 1, Role: access.Admin}
	i := issue.Issue{Brand: 1, Title: "Totals are off", Opened: clock.Now()}.Tidy()
	storetest.Write(b, db, func(tx *store.Tx) error {
		if err := tx.AddIssue(&i); err != nil {
			return err
		}
		for id := range int64(10_000) {
			if _, err := tx.LinkIssue(i.ID, id+1, 1, clock.Now()); err != nil {
				return err
			}
		}
		return tx.CountReporters(i.ID)
	})
	for b.Loop() {
		if err := d.ConfirmFix(b.Context(), admin, desk.ConfirmFix{Issue: i.ID}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		page, err := d.IssuePage(b.Context(), admin, i.ID, "")
		if err != nil || page.Waits != 10_000 {
			b.Fatal(page.Waits, err)
		}
		if err := d.ReopenIssue(b.Context(), admin, i.ID); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkTellOfFix is how fast queued tickets hear of a fix: the policy is asked, and a mail is rendered, signed and stored for each.
func BenchmarkTellOfFix(b *testing.B) {
	o := &office{t: b, db: storetest.Durable(b), clock: desktest.At(when("2026-11-16 10:00")), begins: "what-happens-next"}
	o.furnish()
	problem := o.writesDown(slow, o.bug(maria, "Totals are wrong"))
	for n := range 200 {
		o.links(problem, o.bug(fmt.Sprintf("A customer <customer-%d@quayside.example>", n), "The sum is off"))
	}
	tickets := 0
	for b.Loop() {
		b.StopTimer()
		o.must(o.desk.ReopenIssue(ctx, o.ben.Actor(), problem))
		o.must(o.desk.ConfirmFix(ctx, o.ben.Actor(), desk.ConfirmFix{Issue: problem}))
		o.clock.Pass(issue.FixWindow)
		b.StartTimer()
		for told := 1; told > 0; {
			var err error
			told, err = o.desk.TellOfFix(ctx)
			o.must(err)
			tickets += told
		}
	}
	b.ReportMetric(float64(tickets)/b.Elapsed().Seconds(), "tickets/s")
}
