package store_test

import (
	"testing"
	"time"

	"hark/promise"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func TestATicketComesBackAsItWasStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		want := c.Ticket("The redirect on the donation page is broken")
		want.Assignee = ticket.Person{Address: "BEN@larkspur.example"}
		want.Tags = []string{"redirect", "donations"}
		want.CCs = []ticket.Person{{ID: c.Tomas.ID}}
		want.Followers = []ticket.Person{{ID: c.Dora.ID}}
		want.Fields = map[string]string{"version": "7"}
		want.Facts = map[string]any{"customer.plan": "gold"}
		want.Memory.Entered = storetest.Monday
		want.Memory.Timers = []promise.Timer{{Rule: "reminder-1", Anchor: storetest.Monday, At: storetest.Monday.Add(24 * time.Hour)}}
		storetest.Write(t, db, func(tx *store.Tx) error { return tx.InsertTicket(&want) })
		storetest.Read(t, db, func(tx *store.Tx) error {
			got, err := tx.Ticket(c.Ana.Actor(), want.ID)
			if err != nil {
				return err
			}
			if got.Assignee.ID != c.Ben.ID || got.Assignee.Name != "Ben Okafor" {
				t.Errorf("assignee is %+v, not Ben", got.Assignee)
			}
			if len(got.Tags) != 2 || got.Tags[0] != "redirect" || len(got.CCs) != 1 || got.CCs[0].ID != c.Tomas.ID || got.Followers[0].ID != c.Dora.ID {
				t.Errorf("tags and people came back as %v %v %v", got.Tags, got.CCs, got.Followers)
			}
			if got.Fields["version"] != "7" || got.Facts["customer.plan"] != "gold" || !got.Memory.Timers[0].At.Equal(want.Memory.Timers[0].At) {
				t.Errorf("fields, facts and memory came back as %v %v %v", got.Fields, got.Facts, got.Memory)
			}
			next, err := tx.NextDue()
			if !next.Equal(storetest.Monday.Add(24 * time.Hour)) {
				t.Errorf("next due is %v, want the reminder a day later", next)
			}
			page, err := tx.Tickets(c.Ben.Actor(), store.Filter{View: store.Mine})
			if err != nil {
				return err
			}
			if len(page.Items) != 1 || page.Items[0].Requester.Name != "Maria Lopez" {
				t.Errorf("Ben's own tickets are %+v", page.Items)
			}
			return nil
		})
	})
}
