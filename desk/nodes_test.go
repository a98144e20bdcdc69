package desk_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/store"
)

// What several desks do on one database at the same instant. On SQLite it is one desk twice, which has to come to the same.

// twoNodes tells a story in which both nodes of a desk work.
func twoNodes(t *testing.T, policy string, story func(o *office, nodes []*desk.Desk)) {
	t.Helper()
	eachUnder(t, policy, "2026-11-17 10:00", func(o *office) {
		nodes := []*desk.Desk{o.desk, o.desk}
		if o.db.Dialect() == store.Postgres {
			nodes[1] = desktest.Open(o.t, o.db, o.clock)
		}
		story(o, nodes)
	})
}

// atOnce lets things happen side by side and returns how each went.
func atOnce(acts ...func() error) []error {
	went := make([]error, len(acts))
	var wait sync.WaitGroup
	begin := make(chan struct{})
	for i, act := range acts {
		wait.Go(func() {
			<-begin
			went[i] = act()
		})
	}
	close(begin)
	wait.Wait()
	return went
}

// all must be done.
func (o *office) all(went []error) {
	o.t.Helper()
	for _, err := range went {
		o.must(err)
	}
}

// Maria writes to two addresses of the agency in one mail, which so comes twice. It is one ticket and one answer, whichever node reads
// which copy.
func TestX08_OneMailToTwoMailboxesAtOnceIsOneTicket(t *testing.T) {
	twoNodes(t, "", func(o *office, nodes []*desk.Desk) {
		sales := "sales@agency.example"
		_, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: sales})
		o.must(err)
		var became []string
		for n := range 12 {
			raw := o.raw(letter{from: maria, to: support + ", " + sales, subject: fmt.Sprintf("To both of you, %d", n), body: "Who of you does websites?"})
			copies := make([]desk.Received, 2)
			var acts []func() error
			for i, to := range []string{support, sales} {
				accepted, err := o.desk.Accept(ctx, desk.Envelope{From: "maria@greenfund.example", To: []string{to}}, raw)
				o.must(err)
				acts = append(acts, func() (err error) { copies[i], err = nodes[i].Receive(ctx, accepted.ID); return err })
			}
			o.all(atOnce(acts...))
			pair := []string{copies[0].Outcome, copies[1].Outcome}
			slices.Sort(pair)
			if became = append(became, pair...); copies[0].Ticket != copies[1].Ticket {
				o.t.Errorf("pair %d became tickets %d and %d", n, copies[0].Ticket, copies[1].Ticket)
			}
			if posted := o.mails(copies[0].Ticket); len(posted) != 1 {
				o.t.Errorf("Maria got %d mails for pair %d, want one", len(posted), n)
			}
		}
		for i, want := range slices.Repeat([]string{"created", "duplicate"}, 12) {
			if became[i] != want {
				o.t.Fatalf("the copies became %v", became)
			}
		}
	})
}
