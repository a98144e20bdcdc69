package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"hark/access"
	"hark/fault"
	"hark/promise"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// crowd is a desk with tickets in every relation to every person, and what each of them should see: decided here by
// plain Go, not by the SQL that is tested.
type crowd struct {
	*storetest.Cast
	tickets []ticket.Ticket
	actors  map[string]access.Actor
}

func newCrowd(t testing.TB, db *store.DB) *crowd {
	c := &crowd{Cast: storetest.NewCast(t, db)}
	categories := []ticket.Category{ticket.New, ticket.Open, ticket.Pending, ticket.Hold, ticket.Solved, ticket.Closed}
	groups := []int64{c.Support.ID, c.Billing.ID, 0}
	assignees := []int64{0, c.Ben.ID, c.Cem.ID}
	n := 0
	for _, category := range categories {
		for _, group := range groups {
			for _, assignee := range assignees {
				n++
				c.tickets = append(c.tickets, open(t, db, c.Cast, fmt.Sprintf("common case %d", n), func(tk *ticket.Ticket) {
					c.vary(tk, n, category, group, assignee)
				}))
			}
		}
	}
	for _, tk := range c.tickets {
		write(t, db, func(tx *store.Tx) error {
			return tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: ticket.Person{ID: c.Cem.ID}, Text: "secret remark", Created: at(1)})
		})
	}
	c.actors = map[string]access.Actor{
		"Ana": c.Ana.Actor(), "Ben": c.Ben.Actor(), "Cem": c.Cem.Actor(), "Dora": c.Dora.Actor(),
		"Maria": c.Maria.Actor(), "Tomas": c.Tomas.Actor(),
		"a stranger":       {},
		"Maria's link":     {Person: c.Maria.ID, Role: access.Customer, Ticket: c.tickets[4].ID},
		"an agent's link":  {Person: c.Ben.ID, Role: access.Agent, Groups: c.Ben.Groups, Ticket: c.tickets[9].ID},
		"an unknown role":  {Person: c.Ben.ID, Role: "auditor", Groups: c.Ben.Groups},
		"Ben, moved":       {Person: c.Ben.ID, Role: access.Agent, Groups: []int64{c.Billing.ID}},
		"Ben, in no group": {Person: c.Ben.ID, Role: access.Agent},
		"the clock":        access.Clock,
	}
	return c
}

func (c *crowd) vary(tk *ticket.Ticket, n int, category ticket.Category, group, assignee int64) {
	tk.Category, tk.State, tk.Group, tk.Assignee.ID = category, string(category), group, assignee
	tk.Updated, tk.Memory.Entered = at(float64(n)), at(float64(n))
	tk.Tags = []string{"tagged"}
	if n%2 == 0 {
		tk.Requester.ID = c.Tomas.ID
	}
	if n%5 == 0 {
		tk.CCs = []ticket.Person{{ID: c.Maria.ID}}
	}
	if n%7 == 0 {
		tk.Followers = []ticket.Person{{ID: c.Dora.ID}, {ID: c.Ben.ID}}
	}
	if n%3 == 0 && category != ticket.Closed {
		tk.Memory.Targets = []promise.Target{{Rule: "question", Strength: promise.Promise, State: promise.Running, Started: monday, Due: at(2)}}
	}
}

// sees is the rule in words: see package access.
func (c *crowd) sees(a access.Actor, tk ticket.Ticket) bool {
	has := func(people []ticket.Person) bool {
		return slices.ContainsFunc(people, func(p ticket.Person) bool { return p.ID == a.Person })
	}
	switch {
	case a.Desk:
		return true
	case a.Ticket != 0:
		return tk.ID == a.Ticket
	case a.Role == access.Admin:
		return true
	case a.Role == access.Agent, a.Role == access.Light:
		return tk.Group == 0 || slices.Contains(a.Groups, tk.Group) || tk.Assignee.ID == a.Person || has(tk.Followers)
	case a.Role == access.Customer:
		return tk.Requester.ID == a.Person || has(tk.CCs)
	}
	return false
}

// everyList returns the ids of every way there is to list or find tickets.
func everyList(t testing.TB, tx *store.Tx, c *crowd, a access.Actor) map[string][]int64 {
	lists := map[string][]int64{}
	all := func(name string, f store.Filter) {
		for page := 0; page < 100; page++ {
			got, err := tx.Tickets(a, f)
			must(t, err)
			for _, row := range got.Items {
				lists[name] = append(lists[name], row.ID)
			}
			if f.After = got.Next; f.After == "" {
				return
			}
		}
		t.Fatalf("%s does not end", name)
	}
	for _, view := range []store.View{store.Next, store.Mine, store.Team, store.Unassigned, store.Waiting, store.All, ""} {
		all("view "+string(view), store.Filter{View: view, Now: at(3), Limit: 7})
		all("search in "+string(view), store.Filter{View: view, Now: at(3), Query: "common", Limit: 7})
	}
	for _, tk := range c.tickets {
		all(fmt.Sprintf("number %d", tk.ID), store.Filter{Query: fmt.Sprintf("#%d", tk.ID)})
	}
	for _, query := range []string{"status:open", "assignee:me", "assignee:none", "requester:tomas@becker.example", "tag:tagged", "kind:question", "secret", "common tag:tagged"} {
		all("query "+query, store.Filter{Query: query, Limit: 7})
	}
	all("filter", store.Filter{Category: ticket.Open, Kind: "question", Tag: "tagged"})
	for _, person := range []int64{c.Maria.ID, c.Tomas.ID} {
		rows, err := tx.TicketsOfRequester(a, person, 200)
		must(t, err)
		for _, row := range rows {
			lists["requester"] = append(lists["requester"], row.ID)
		}
	}
	for _, tk := range c.tickets {
		if _, err := tx.Ticket(a, tk.ID); err == nil {
			lists["ticket"] = append(lists["ticket"], tk.ID)
		} else {
			is(t, err, fault.NotFound)
		}
		if comments, err := tx.Comments(a, tk.ID); len(comments) > 0 {
			must(t, err)
			lists["comments"] = append(lists["comments"], tk.ID)
		}
		if may, err := tx.MaySee(a, tk.ID); may {
			must(t, err)
			lists["may see"] = append(lists["may see"], tk.ID)
		}
	}
	return lists
}

func TestB2_NoListShowsMoreThanTheActorMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(t, db)
		for name, a := range c.actors {
			var want []int64
			for _, tk := range c.tickets {
				if c.sees(a, tk) {
					want = append(want, tk.ID)
				}
			}
			find(t, db, func(tx *store.Tx) error {
				lists := everyList(t, tx, c, a)
				for list, ids := range lists {
					for _, id := range ids {
						if !slices.Contains(want, id) {
							t.Errorf("%s sees ticket %d in %q", name, id, list)
						}
					}
				}
				for _, complete := range []string{"view all", "view ", "ticket", "comments", "may see", "search in all"} {
					got := lists[complete]
					slices.Sort(got)
					if !slices.Equal(got, want) {
						t.Errorf("%s sees %v in %q, want %v", name, got, complete, want)
					}
				}
				return nil
			})
		}
	})
}

// B4: as B2, with the restriction put on at runtime: what Ben sees follows the groups he has now.
func TestB4_LosingAGroupTakesEffectAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(t, db)
		write(t, db, func(tx *store.Tx) error {
			c.Ben.Groups = nil
			return tx.SavePerson(&c.Ben)
		})
		read(t, db, func(tx *store.Tx) error {
			ben, err := tx.Person(c.Ben.ID)
			must(t, err)
			for list, ids := range everyList(t, tx, c, ben.Actor()) {
				for _, id := range ids {
					if tk := c.tickets[id-c.tickets[0].ID]; !c.sees(ben.Actor(), tk) {
						t.Errorf("Ben, out of his group, still sees ticket %d in %q", id, list)
					}
				}
			}
			return nil
		})
	})
}

func TestI10_CountsAgreeWithWhatIsShown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(t, db)
		for name, a := range c.actors {
			read(t, db, func(tx *store.Tx) error {
				for _, view := range []store.View{store.Next, store.Mine, store.Team, store.Unassigned, store.Waiting, store.All} {
					for _, query := range []string{"", "common", "tag:tagged"} {
						f := store.Filter{View: view, Now: at(3), Limit: 200, Query: query}
						page, err := tx.Tickets(a, f)
						must(t, err)
						count, err := tx.CountView(a, f)
						must(t, err)
						if int(count) != len(page.Items) {
							t.Errorf("%s: %s %q shows %d rows and counts %s", name, view, query, len(page.Items), count)
						}
					}
				}
				return nil
			})
		}
	})
}

// B5: having written something is no right to see it later.
func TestB5_AnAuthorWithoutAccessSeesNothingOfTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: ticket.Person{ID: c.Ben.ID}, Text: "Ben's note", Created: at(1)}))
			return tx.SaveDraft(store.Draft{Ticket: tk.ID, Person: c.Ben.ID, Kind: store.NoteDraft, Body: "Ben's draft", Updated: at(1)})
		})
		moved := access.Actor{Person: c.Ben.ID, Role: access.Agent, Groups: []int64{c.Billing.ID}}
		read(t, db, func(tx *store.Tx) error {
			if _, found, err := tx.Draft(c.Ben.Actor(), tk.ID, store.NoteDraft); !found || err != nil {
				t.Errorf("Ben, in his group, has no draft (%v)", err)
			}
			_, found, err := tx.Draft(moved, tk.ID, store.NoteDraft)
			must(t, err)
			drafts, err := tx.Drafts(moved)
			must(t, err)
			comments, err := tx.Comments(moved, tk.ID)
			must(t, err)
			if found || len(drafts) > 0 || len(comments) > 0 {
				t.Errorf("Ben, in another group, still sees draft=%v drafts=%d comments=%d", found, len(drafts), len(comments))
			}
			return nil
		})
	})
}

// B6 and B7: an id below a ticket means nothing with another ticket's number.
func TestB7_AFileIsReachedThroughItsOwnTicketOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		hers := open(t, db, c, "Maria's")
		his := open(t, db, c, "Tomas's", func(tk *ticket.Ticket) { tk.Requester.ID = c.Tomas.ID })
		file := func(name string) []ticket.Attachment {
			return []ticket.Attachment{{Name: name, Type: "text/plain", Size: 5, SHA256: fmt.Sprintf("%064d", 1)}}
		}
		public := ticket.Comment{Ticket: his.ID, Author: ticket.Person{ID: c.Tomas.ID}, Public: true, Text: "see file", Created: at(1), Attachments: file("invoice.txt")}
		note := ticket.Comment{Ticket: his.ID, Author: ticket.Person{ID: c.Ben.ID}, Text: "internal", Created: at(2), Attachments: file("internal.txt")}
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddComment(&public))
			return tx.AddComment(&note)
		})
		open, secret := public.Attachments[0].ID, note.Attachments[0].ID
		for _, try := range []struct {
			who    string
			a      access.Actor
			ticket int64
			file   int64
			ok     bool
		}{
			{"Tomas, his own", c.Tomas.Actor(), his.ID, open, true},
			{"Ben, the note's", c.Ben.Actor(), his.ID, secret, true},
			{"Tomas, the note's", c.Tomas.Actor(), his.ID, secret, false},
			{"Maria, his", c.Maria.Actor(), his.ID, open, false},
			{"Maria, his file under her ticket", c.Maria.Actor(), hers.ID, open, false},
			{"Ana, his file under her ticket", c.Ana.Actor(), hers.ID, open, false},
			{"Maria's link, his file", access.Actor{Person: c.Maria.ID, Role: access.Customer, Ticket: hers.ID}, his.ID, open, false},
			{"a stranger", access.Actor{}, his.ID, open, false},
		} {
			read(t, db, func(tx *store.Tx) error {
				f, err := tx.Attachment(try.a, try.ticket, try.file)
				if try.ok && (err != nil || f.ID != try.file) {
					t.Errorf("%s: %v", try.who, err)
				}
				if !try.ok {
					is(t, err, fault.NotFound)
				}
				return nil
			})
		}
	})
}

func TestCustomersReadPublicThingsOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect", func(tk *ticket.Ticket) {
			tk.Tags = []string{"difficult"}
			tk.Followers = []ticket.Person{{ID: c.Dora.ID}}
			tk.ExternalID = "crm-7"
			tk.Memory.Targets = []promise.Target{{Rule: "own aim", Strength: promise.Unstated, State: promise.Running, Started: monday, Due: at(2)}}
		})
		write(t, db, func(tx *store.Tx) error {
			must(t, tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: ticket.Person{ID: c.Ben.ID}, Text: "She is difficult", Created: at(1)}))
			must(t, tx.AddAudit(&ticket.Audit{Ticket: tk.ID, At: at(1), Via: "web", Author: ticket.Person{ID: c.Ben.ID}, Events: []ticket.AuditEvent{
				{Type: ticket.Change, Field: "tags", To: "difficult"},
				{Type: ticket.CommentAdded, Comment: 2},
			}}))
			must(t, tx.AddAudit(&ticket.Audit{Ticket: tk.ID, At: at(2), Via: "web", Author: ticket.Person{ID: c.Ben.ID}, Events: []ticket.AuditEvent{
				{Type: ticket.Change, Field: "status", From: "new", To: "open"},
				{Type: ticket.Change, Field: "assignee_id", To: "2"},
				{Type: ticket.Change, Field: "status", From: "open", To: "hold", Internal: true},
				{Type: ticket.Notification, Recipients: []string{"cem@larkspur.example"}},
				{Type: ticket.TaskAdded, Says: "call her"},
				{Type: "SomethingNew", Says: "added later"},
			}}))
			_, err := tx.AddTask(&store.Task{Key: "call", Ticket: tk.ID, Says: "call her", Created: at(2)})
			return err
		})
		for name, a := range map[string]access.Actor{
			"Maria":        c.Maria.Actor(),
			"Maria's link": {Person: c.Maria.ID, Role: access.Customer, Ticket: tk.ID},
		} {
			read(t, db, func(tx *store.Tx) error {
				comments, err := tx.Comments(a, tk.ID)
				must(t, err)
				if len(comments) != 1 || !comments[0].Public {
					t.Errorf("%s reads %+v", name, comments)
				}
				audits, err := tx.Audits(a, tk.ID)
				must(t, err)
				if len(audits) != 1 || len(audits[0].Events) != 1 || audits[0].Events[0].To != "open" {
					t.Errorf("%s reads the history %+v", name, audits)
				}
				got, err := tx.Ticket(a, tk.ID)
				must(t, err)
				if got.Tags != nil || got.Followers != nil || got.ExternalID != "" {
					t.Errorf("%s gets %v %v %q", name, got.Tags, got.Followers, got.ExternalID)
				}
				tasks, err := tx.Tasks(a, tk.ID)
				must(t, err)
				found, err := tx.Search(a, "difficult", "", 10)
				must(t, err)
				page, err := tx.Tickets(a, store.Filter{})
				must(t, err)
				if len(tasks) != 0 || len(found.Items) != 0 {
					t.Errorf("%s gets %d tasks and finds %d tickets by a word of an internal note", name, len(tasks), len(found.Items))
				}
				if row := page.Items[0]; !row.Due.IsZero() || row.Strength != "" || row.Snippet != "First message about Redirect" {
					t.Errorf("%s's row is %+v", name, row)
				}
				return nil
			})
		}
		read(t, db, func(tx *store.Tx) error {
			audits, err := tx.Audits(c.Ben.Actor(), tk.ID)
			must(t, err)
			tasks, err := tx.Tasks(c.Ben.Actor(), tk.ID)
			must(t, err)
			last, err := tx.LastAudit(tk.ID)
			if len(audits) != 3 || len(audits[2].Events) != 6 || len(tasks) != 1 || last != audits[2].ID {
				t.Errorf("Ben reads %+v and %+v", audits, tasks)
			}
			return err
		})
	})
}

// B9: what is announced carries ids and nothing else, and only once it is true.
func TestB9_AnnouncedChangesCarryIdsOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect")
		changes := db.Changes(t.Context())
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			tx.Changed(tk.ID)
			return fault.New(fault.Refused, "not like this")
		})
		is(t, err, fault.Refused)
		write(t, db, func(tx *store.Tx) error {
			tk.Assignee = ticket.Person{ID: c.Ben.ID}
			must(t, tx.SaveTicket(&tk))
			tx.Changed(tk.ID)
			tx.Changed(tk.ID)
			return nil
		})
		want := store.Change{Ticket: tk.ID, Group: c.Support.ID, Assignee: c.Ben.ID, Requester: c.Maria.ID}
		if got := hear(t, changes); got != want {
			t.Errorf("heard %+v, want %+v", got, want)
		}
	})
}

// hear waits for the next change; a change that is never announced fails the test.
func hear(t testing.TB, changes <-chan store.Change) store.Change {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	select {
	case change := <-changes:
		return change
	case <-ctx.Done():
		t.Fatal("nothing was announced")
		return store.Change{}
	}
}
