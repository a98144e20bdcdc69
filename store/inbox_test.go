package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hark/account"
	"hark/fault"
	"hark/promise"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func due(strength promise.Strength, at time.Time) func(*ticket.Ticket) {
	return func(tk *ticket.Ticket) {
		tk.Memory.Targets = append(tk.Memory.Targets, promise.Target{Rule: "question", Strength: strength, State: promise.Running, Started: monday, Due: at})
	}
}

func assigned(p account.Person, category ticket.Category, since time.Time) func(*ticket.Ticket) {
	return func(tk *ticket.Ticket) {
		tk.Assignee.ID, tk.Category, tk.State, tk.Memory.Entered, tk.Updated = p.ID, category, string(category), since, since
	}
}

// The order of "next for me": promises about to break, replies to my tickets, what else is due, then what nobody has.
func TestNextForMeIsInTheOrderOfWhatMattersMost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		ben, cem := c.Ben, c.Cem
		open(t, db, c, "unassigned, newer", assigned(account.Person{}, ticket.New, at(2)))
		open(t, db, c, "unassigned, older", assigned(account.Person{}, ticket.Open, at(1)))
		open(t, db, c, "an update is due", assigned(ben, ticket.Hold, at(0)), due(promise.Usual, at(4)))
		open(t, db, c, "reply to yours, newer", assigned(ben, ticket.Open, at(3)))
		open(t, db, c, "reply to yours, older", assigned(ben, ticket.Open, at(2)))
		open(t, db, c, "promise, later", assigned(ben, ticket.Open, at(0)), due(promise.Promise, at(5)))
		open(t, db, c, "promise, sooner", assigned(account.Person{}, ticket.New, at(0)), due(promise.Promise, at(4)))
		open(t, db, c, "promise, far away", assigned(ben, ticket.Pending, at(0)), due(promise.Promise, at(200)))
		open(t, db, c, "promise of Cem's", assigned(cem, ticket.Open, at(0)), due(promise.Promise, at(4)))
		open(t, db, c, "unassigned in billing", assigned(account.Person{}, ticket.New, at(0)), func(tk *ticket.Ticket) { tk.Group = c.Billing.ID })
		open(t, db, c, "waits for the customer", assigned(ben, ticket.Pending, at(0)))
		open(t, db, c, "done", assigned(ben, ticket.Solved, at(0)))
		want := []string{
			"promise: promise, sooner", "promise: promise, later",
			"reply: reply to yours, older", "reply: reply to yours, newer",
			"due: an update is due",
			"unassigned: unassigned, older", "unassigned: unassigned, newer",
		}
		for _, size := range []int{1, 2, 3, 50} {
			var got []string
			f := store.Filter{View: store.Next, Now: at(3.9), Limit: size}
			for {
				read(t, db, func(tx *store.Tx) error {
					page, err := tx.Tickets(ben.Actor(), f)
					for _, row := range page.Items {
						got = append(got, row.Reason+": "+row.Subject)
					}
					f.After = page.Next
					return err
				})
				if f.After == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("in pages of %d:\n%q, want\n%q", size, got, want)
			}
		}
	})
}

func TestEachViewShowsItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		open(t, db, c, "new", assigned(account.Person{}, ticket.New, at(1)))
		open(t, db, c, "Ben's", assigned(c.Ben, ticket.Open, at(2)))
		open(t, db, c, "Cem's", assigned(c.Cem, ticket.Open, at(3)))
		open(t, db, c, "pending", assigned(c.Ben, ticket.Pending, at(4)))
		open(t, db, c, "hold", assigned(c.Cem, ticket.Hold, at(5)))
		open(t, db, c, "solved", assigned(c.Ben, ticket.Solved, at(6)))
		open(t, db, c, "closed", assigned(c.Ben, ticket.Closed, at(7)), func(tk *ticket.Ticket) { tk.Requester.ID = c.Tomas.ID })
		read(t, db, func(tx *store.Tx) error {
			for _, view := range []struct {
				filter store.Filter
				want   []string
			}{
				{store.Filter{View: store.Mine}, []string{"pending", "Ben's"}},
				{store.Filter{View: store.Team}, []string{"Cem's", "Ben's", "new"}},
				{store.Filter{View: store.Unassigned}, []string{"new"}},
				{store.Filter{View: store.Waiting}, []string{"hold", "pending"}},
				{store.Filter{View: store.All}, []string{"closed", "solved", "hold", "pending", "Cem's", "Ben's", "new"}},
				{store.Filter{View: store.All, Limit: 2}, []string{"closed", "solved"}},
				{store.Filter{View: store.Requester, Requester: c.Tomas.ID}, []string{"closed"}},
				{store.Filter{View: store.Requester}, nil},
				{store.Filter{Category: ticket.Hold}, []string{"hold"}},
				{store.Filter{Assignee: c.Cem.ID, Group: c.Support.ID}, []string{"hold", "Cem's"}},
				{store.Filter{Group: c.Billing.ID}, nil},
				{store.Filter{Kind: "question", Category: ticket.New}, []string{"new"}},
			} {
				page, err := tx.Tickets(c.Ben.Actor(), view.filter)
				must(t, err)
				if got := subjects(page.Items); !slices.Equal(got, view.want) {
					t.Errorf("%+v shows %v, want %v", view.filter, got, view.want)
				}
			}
			return nil
		})
	})
}

func TestARowShowsTheCustomersNewestWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect", assigned(c.Ben, ticket.Open, at(0)), due(promise.Aim, at(3)), due(promise.Promise, at(9)), due(promise.Promise, at(8)), due(promise.Unstated, at(1)))
		row := func(a account.Person) (r store.Row) {
			read(t, db, func(tx *store.Tx) error {
				page, err := tx.Tickets(a.Actor(), store.Filter{})
				r = page.Items[0]
				return err
			})
			return r
		}
		if r := row(c.Ben); !r.Unread || r.Snippet != "First message about Redirect" || r.Strength != promise.Promise || !r.Due.Equal(at(8)) || r.Assignee.Name != "Ben Okafor" {
			t.Errorf("at first the row is %+v", r)
		}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.MarkRead(tk.ID, c.Ben.ID, at(1)))
			must(t, tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: ticket.Person{ID: c.Ben.ID}, Public: true, Text: "Ben's answer", Created: at(2)}))
			return tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: ticket.Person{ID: c.Dora.ID}, Text: "a note", Created: at(2)})
		})
		if r := row(c.Ben); r.Unread || r.Snippet != "First message about Redirect" || r.Comments != 3 {
			t.Errorf("after the answer it is %+v", r)
		}
		write(t, db, func(tx *store.Tx) error {
			return tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: tk.Requester, Public: true, Text: "It  still\nfails\n> quoted", Trimmed: "It  still\nfails", Created: at(3)})
		})
		if r := row(c.Ben); !r.Unread || r.Snippet != "It still fails" {
			t.Errorf("after her reply it is %+v", r)
		}
		if r := row(c.Dora); !r.Unread {
			t.Error("Dora, who has not looked, is not told that it is unread")
		}
	})
}

func TestNobodyCountsFurtherThanAHundred(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		for n := range 103 {
			if n == 99 {
				read(t, db, func(tx *store.Tx) error {
					count, err := tx.CountView(c.Ben.Actor(), store.Filter{View: store.Unassigned})
					if count.String() != "99" {
						t.Errorf("99 tickets count as %s", count)
					}
					return err
				})
			}
			tk := c.Ticket(fmt.Sprint("Case ", n))
			write(t, db, func(tx *store.Tx) error { return tx.InsertTicket(&tk) })
		}
		read(t, db, func(tx *store.Tx) error {
			count, err := tx.CountView(c.Ben.Actor(), store.Filter{View: store.Unassigned})
			if count.String() != "99+" {
				t.Errorf("103 tickets count as %s", count)
			}
			return err
		})
	})
}

func TestABrokenPageLinkSaysSo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		read(t, db, func(tx *store.Tx) error {
			for _, after := range []string{"x", "e30", "bnVsbA", "eyJzIjotMSwiaSI6MX0", "eyJpIjoiYSJ9"} {
				_, err := tx.Tickets(c.Ben.Actor(), store.Filter{After: after})
				is(t, err, fault.Invalid)
			}
			return nil
		})
	})
}

func TestTimePassesForTicketsThatAreDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		timer := func(hours float64) func(*ticket.Ticket) {
			return func(tk *ticket.Ticket) {
				tk.Memory.Timers = []promise.Timer{{Rule: "reminder-1", Anchor: monday, At: at(hours)}}
			}
		}
		later, sooner, never := open(t, db, c, "later", timer(3)), open(t, db, c, "sooner", timer(2)), open(t, db, c, "never")
		write(t, db, func(tx *store.Tx) error {
			next, err := tx.NextDue()
			must(t, err)
			if !next.Equal(at(2)) {
				t.Errorf("the next is at %v", next)
			}
			for hours, want := range map[float64][]int64{1: nil, 2: {sooner.ID}, 4: {sooner.ID, later.ID}} {
				ids, err := tx.DueTickets(at(hours), 10)
				must(t, err)
				if !slices.Equal(ids, want) {
					t.Errorf("after %v hours %v are due, want %v", hours, ids, want)
				}
			}
			sooner.Memory.Timers = nil
			must(t, tx.SaveTicket(&sooner))
			ids, err := tx.DueTickets(at(4), 10)
			if !slices.Equal(ids, []int64{later.ID}) {
				t.Errorf("after the first was done %v are due", ids)
			}
			return err
		})
		_ = never
	})
}

func TestAFollowUpIsFoundWhileItIsOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		old := open(t, db, c, "Old", assigned(c.Ben, ticket.Closed, at(0)))
		next := open(t, db, c, "Next", func(tk *ticket.Ticket) { tk.FollowUpOf = old.ID })
		write(t, db, func(tx *store.Tx) error {
			id, err := tx.OpenFollowUp(old.ID)
			must(t, err)
			if id != next.ID {
				t.Errorf("the open follow-up is %d, want %d", id, next.ID)
			}
			next.Category, next.State = ticket.Closed, "closed"
			must(t, tx.SaveTicket(&next))
			if id, err = tx.OpenFollowUp(old.ID); id != 0 {
				t.Errorf("a closed follow-up is called open: %d", id)
			}
			return err
		})
	})
}

func TestACommentIsFoundByTheMailItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		reply := ticket.Comment{Ticket: tk.ID, Author: ticket.Person{Address: "ben@larkspur.example"}, Public: true, Text: "Hello", Created: at(1)}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddComment(&reply))
			return tx.SetCommentMessageID(reply.ID, "<r1@larkspur.example>")
		})
		read(t, db, func(tx *store.Tx) error {
			comment, of, err := tx.CommentByMessageID("<r1@larkspur.example>")
			must(t, err)
			if comment != reply.ID || of != tk.ID {
				t.Errorf("found comment %d of ticket %d", comment, of)
			}
			if comment, _, err = tx.CommentByMessageID(""); comment != 0 {
				t.Error("no Message-ID finds a comment")
			}
			return err
		})
	})
}
