package store_test

import (
	"slices"
	"strings"
	"testing"

	"hark/fault"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// library stores a few tickets whose words the search tests look for.
func library(t testing.TB, db *store.DB) *storetest.Cast {
	c := storetest.NewCast(t, db)
	for n, text := range []string{
		"Der Café-Automat zahlt keine Rückerstattung aus",
		"100% of invoices are wrong, see https://shop.example/a_b?x=1",
		"The invoice for March is missing",
		"印刷できません。請求書を送ってください",
		`Robert'); DROP TABLE tickets;-- "quoted" * NEAR(x y) {col}: ^`,
	} {
		tk := open(t, db, c, []string{"Refund", "Numbers", "March", "Printer", "Bobby"}[n], func(tk *ticket.Ticket) {
			tk.Updated = at(float64(n))
			if n == 2 {
				tk.Tags, tk.Assignee.ID, tk.Category, tk.State = []string{"billing"}, c.Ben.ID, ticket.Pending, "waiting for parts"
			}
		})
		write(t, db, func(tx *store.Tx) error {
			return tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: tk.Requester, Public: true, Text: text + "\n> quoted earlier", Trimmed: text, Created: at(float64(n) + 0.5)})
		})
	}
	return c
}

func TestWordsAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := library(t, db)
		find(t, db, func(tx *store.Tx) error {
			for _, search := range []struct {
				typed string
				want  []string
			}{
				{"invoice", []string{"March", "Numbers"}}, // the whole word first, then where it goes on
				{"invoices", []string{"Numbers"}},
				{"INVOICE march", []string{"March"}},
				{"march invoi", []string{"March"}},
				{"cafe", []string{"Refund"}},
				{"ruckerstattung", []string{"Refund"}},
				{"Rückerst", []string{"Refund"}},
				{"請求書", []string{"Printer"}},
				{"refund", []string{"Refund"}}, // the subject
				{"maria lopez printer", []string{"Printer"}},
				{"maria@greenfund.example bobby", []string{"Bobby"}},
				{"#3", []string{"March"}},
				{"3", []string{"March"}},
				{"#0", nil},
				{"earlier", nil}, // stands only in what was quoted
				{"status:pending", []string{"March"}},
				{`status:"waiting for parts"`, []string{"March"}},
				{"tag:billing invoice", []string{"March"}},
				{"assignee:me", []string{"March"}},
				{"assignee:BEN@larkspur.example", []string{"March"}},
				{"assignee:none invoice", []string{"Numbers"}},
				{"kind:question status:pending requester:maria@greenfund.example", []string{"March"}},
				{"https://shop.example/a_b", []string{"Numbers"}},
				{`"tag:billing"`, nil},
			} {
				page, err := tx.Search(c.Ben.Actor(), search.typed, "", 10)
				must(t, err)
				if got := subjects(page.Items); !slices.Equal(got, search.want) {
					t.Errorf("%s finds %v, want %v", search.typed, got, search.want)
				}
			}
			return nil
		})
	})
}

func TestAResultShowsWhereTheWordsStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Long letter")
		write(t, db, func(tx *store.Tx) error {
			return tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: tk.Requester, Public: true, Text: strings.Repeat("bla ", 100) + "the parrot is dead", Created: at(1)})
		})
		find(t, db, func(tx *store.Tx) error {
			page, err := tx.Search(c.Ben.Actor(), "parrot", "", 10)
			must(t, err)
			if row := page.Items[0]; !strings.Contains(row.Snippet, "the parrot is dead") || row.Comment == 0 {
				t.Errorf("the result shows %q of comment %d", row.Snippet, row.Comment)
			}
			return nil
		})
	})
}

func TestARenamedTicketIsFoundByItsNewSubject(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := library(t, db)
		write(t, db, func(tx *store.Tx) error {
			tk, err := tx.TicketForUpdate(1)
			must(t, err)
			tk.Subject = "Vending machine"
			return tx.SaveTicket(&tk)
		})
		find(t, db, func(tx *store.Tx) error {
			for typed, want := range map[string]int{"vending automat": 1, "refund automat": 0, "cafe": 1} {
				page, err := tx.Search(c.Ben.Actor(), typed, "", 10)
				must(t, err)
				if len(page.Items) != want {
					t.Errorf("%s finds %v", typed, subjects(page.Items))
				}
			}
			return nil
		})
	})
}

// The pages of a search hold every ticket once, whether it was found by whole words or by beginnings, and however many
// of its comments match.
func TestSearchPagesHoldEveryTicketOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		const tickets = 40
		for n := range tickets {
			tk := open(t, db, c, "Case")
			write(t, db, func(tx *store.Tx) error {
				for m := range 3 {
					text := []string{"parcel arrived", "parcels arrived", "nothing of the kind"}[(n+m)%3]
					if n%4 == 3 {
						text = strings.ReplaceAll(text, "parcel ", "parcelled ")
					}
					must(t, tx.AddComment(&ticket.Comment{Ticket: tk.ID, Author: tk.Requester, Public: true, Text: text, Created: at(1)}))
				}
				return nil
			})
		}
		for name, a := range map[string]store.PeopleFilter{"Ben": {Role: c.Ben.Role}, "Maria": {Role: c.Maria.Role}} {
			actor := c.Ben.Actor()
			if a.Role == c.Maria.Role {
				actor = c.Maria.Actor()
			}
			var seen []int64
			after := ""
			for range 2 * tickets {
				find(t, db, func(tx *store.Tx) error {
					page, err := tx.Search(actor, "parcel", after, 3)
					must(t, err)
					for _, row := range page.Items {
						seen = append(seen, row.ID)
					}
					after = page.Next
					return nil
				})
				if after == "" {
					break
				}
			}
			slices.Sort(seen)
			if distinct := len(slices.Compact(slices.Clone(seen))); len(seen) != tickets || distinct != tickets {
				t.Errorf("%s saw %d rows of %d tickets, want each of %d once", name, len(seen), distinct, tickets)
			}
		}
	})
}

func TestAnUnknownOperatorIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := library(t, db)
		find(t, db, func(tx *store.Tx) error {
			_, err := tx.Search(c.Ben.Actor(), "password:secret", "", 10)
			is(t, err, fault.Invalid)
			if !strings.Contains(fault.Says(err), `"password:"`) {
				t.Errorf("it says %q", fault.Says(err))
			}
			return nil
		})
	})
}

// H2: whatever is typed into a search or a filter is a value; the answer is that of a desk on which nobody tried.
func TestH2_NothingTypedBecomesSQL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := library(t, db)
		hostile := []string{
			`' OR '1'='1`, `" OR 1=1 --`, `'; DROP TABLE tickets; --`, `1) UNION SELECT password FROM people --`,
			`x' AND (SELECT 1 FROM pg_sleep(5)) --`, `$1`, `:1`, `?`, `\`, `\'`, `%27%20OR%201=1`, "a\x00b", "\xff\xfe", `NEAR("a" "b")`,
			`^a`, `a AND b`, `a NOT b`, `words:a`, `*`, `"`, `""`, `'a':* | 'b'`, `!a`, `a <-> b`, `(`, `)`, strings.Repeat("a ", 2000), strings.Repeat("b", 20000),
		}
		for _, text := range hostile {
			for _, f := range []store.Filter{
				{Query: text}, {Query: `tag:` + text}, {Query: `assignee:"` + text + `"`}, {Query: "status:" + text}, {Tag: text}, {Kind: text},
				{Category: ticket.Category(text)}, {View: store.View(text), Kind: text}, {After: text},
			} {
				err := db.Read(t.Context(), func(tx *store.Tx) error {
					page, err := tx.Tickets(c.Ben.Actor(), f)
					if len(page.Items) > 1 && f.Query == "" {
						t.Errorf("%+v shows %d rows", f, len(page.Items))
					}
					return err
				})
				if err != nil && !fault.Is(err, fault.Invalid) {
					t.Errorf("%q: %v", text, err)
				}
			}
		}
		find(t, db, func(tx *store.Tx) error {
			page, err := tx.Tickets(c.Ana.Actor(), store.Filter{})
			if len(page.Items) != 5 {
				t.Errorf("%d tickets are left", len(page.Items))
			}
			return err
		})
	})
}

// H3: the signs that LIKE knows mean themselves.
func TestH3_WildcardsAreLiteral(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := library(t, db)
		find(t, db, func(tx *store.Tx) error {
			for typed, want := range map[string][]string{"%": nil, "_": nil, "*": nil, "100%": {"Numbers"}, "m%h": nil, "i_voice": nil} {
				page, err := tx.Search(c.Ben.Actor(), typed, "", 10)
				must(t, err)
				if got := subjects(page.Items); !slices.Equal(got, want) {
					t.Errorf("%s finds %v, want %v", typed, got, want)
				}
			}
			return nil
		})
	})
}

func TestARenamedRequesterIsFoundByTheirNewName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := storetest.NewCast(t, db)
		tk := open(t, db, c, "Redirect broken")
		finds := func(text string) (found int) {
			find(t, db, func(tx *store.Tx) error {
				page, err := tx.Search(c.Ana.Actor(), text, "", 10)
				found = len(page.Items)
				return err
			})
			return found
		}
		maria := c.Maria
		maria.Name, maria.Email, maria.Addresses = "Mia Quintero", "quintero@greenfund.example", nil
		write(t, db, func(tx *store.Tx) error { return tx.SaveReaddressed(&maria, monday) })
		for text, want := range map[string]int{"Quintero": 1, "quintero@greenfund.example": 1, c.Maria.Email: 0, "Redirect": 1} {
			if got := finds(text); got != want {
				t.Errorf("%q finds %d tickets, want %d (number %d)", text, got, want, tk.ID)
			}
		}
	})
}

// SQLite writes words a moment after the comment they are of. What was due when the desk stopped is found when it is back.
func TestWordsThatWereDueAreFoundAfterARestart(t *testing.T) {
	config := store.Config{Dir: t.TempDir(), Unsafe: true}
	db, err := store.Open(t.Context(), config)
	must(t, err)
	c := storetest.NewCast(t, db)
	tk := open(t, db, c, "The parrot")
	write(t, db, func(tx *store.Tx) error {
		for range 100 {
			comment := &ticket.Comment{Ticket: tk.ID, Author: tk.Requester, Public: true, Text: "It has ceased to be.", Created: at(1)}
			if err := tx.AddComment(comment); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, db.Close())
	db, err = store.Open(t.Context(), config)
	must(t, err)
	defer db.Close()
	find(t, db, func(tx *store.Tx) error {
		page, err := tx.Search(c.Ben.Actor(), "ceased", "", 10)
		must(t, err)
		if len(page.Items) != 1 {
			t.Errorf("the search finds %d tickets", len(page.Items))
		}
		return nil
	})
}
