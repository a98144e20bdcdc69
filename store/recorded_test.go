package store_test

import (
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// The record is read in pages, the newest ticket first, each once: also those of one instant, and none of another brand or of
// earlier.
func TestTheRecordIsReadPageByPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		other := account.Brand{Name: "Northbound", Slug: "northbound"}
		write(t, db, func(tx *store.Tx) error { return tx.SaveBrand(&other) })
		for subject, hour := range map[string]float64{"too old": -2, "one": 0, "two": 1, "two as well": 1, "three": 2} {
			open(t, db, c, subject, func(tk *ticket.Ticket) { tk.Created = at(hour) })
		}
		open(t, db, c, "of another brand", func(tk *ticket.Ticket) { tk.Brand = other.ID })
		var seen []string
		read(t, db, func(tx *store.Tx) error {
			var after store.RecordedPlace
			for {
				page, next, err := tx.Recorded(access.Clock, c.Brand.ID, at(0), after, 2)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, r := range page {
					seen = append(seen, strings.TrimSuffix(r.Ticket.Subject, " as well"))
					if len(r.Audits) != 1 || r.Audits[0].Author.ID != c.Maria.ID || len(r.Comments) != 1 {
						t.Errorf("%s comes with %d audits and %d comments", r.Ticket.Subject, len(r.Audits), len(r.Comments))
					}
					for _, w := range r.Comments {
						if !w.Customer || !w.Public || w.Automatic || w.By.ID != c.Maria.ID || !w.At.Equal(r.Ticket.Created) {
							t.Errorf("%s begins with %+v", r.Ticket.Subject, w)
						}
					}
				}
				after = next
			}
		})
		if got := strings.Join(seen, ", "); got != "three, two, two, one" {
			t.Errorf("read %q", got)
		}
	})
}

// Whoever may not see a ticket does not read its record (I3).
func TestTheRecordOfATicketIsForThoseWhoSeeIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		marias := open(t, db, c, "The redirect is broken")
		read(t, db, func(tx *store.Tx) error {
			for _, who := range []account.Person{c.Ana, c.Ben, c.Maria} {
				if r, err := tx.RecordedTicket(who.Actor(), marias.ID); err != nil || r.Ticket.Subject != marias.Subject {
					t.Errorf("%s reads %q: %v", who.Name, r.Ticket.Subject, err)
				}
			}
			for _, who := range []account.Person{c.Cem, c.Tomas} {
				_, err := tx.RecordedTicket(who.Actor(), marias.ID)
				is(t, err, fault.NotFound)
			}
			return nil
		})
	})
}
