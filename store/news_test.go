package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// newsroom is a brand with two colleagues' worth of entries.
func newsroom(t *testing.T, db *store.DB, days ...string) (brand int64, entries []store.NewsEntry) {
	t.Helper()
	write(t, db, func(tx *store.Tx) error {
		b := account.Brand{Name: "Northbound", Slug: "northbound"}
		must(t, tx.SaveBrand(&b))
		brand = b.ID
		for i, d := range days {
			e := store.NewsEntry{Brand: brand, UID: fmt.Sprint("uid-", i), State: store.NewsDraft, Kind: "new", Title: fmt.Sprint("Entry ", i), Day: day(t, d), Created: monday, Changed: monday}
			must(t, tx.SaveNewsEntry(&e))
			if e.State, e.Published, e.Due = store.NewsPublished, monday, monday.Add(time.Hour); i == 0 {
				e.State = store.NewsDraft
			}
			must(t, tx.SaveNewsEntry(&e))
			entries = append(entries, e)
		}
		return nil
	})
	return brand, entries
}

// The newest day comes first, and of one day what was written last; page by page nothing is shown twice or left out. Drafts are for
// colleagues.
func TestNewsIsPagedByDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		brand, _ := newsroom(t, db, "2026-12-01", "2026-11-02", "2026-11-03", "2026-11-03", "2025-12-31", "2026-11-03")
		read := func(a access.Actor) string {
			var titles []string
			after := ""
			for {
				var page store.Page[store.NewsEntry]
				storetest.Read(t, db, func(tx *store.Tx) (err error) {
					page, err = tx.NewsEntries(a, store.NewsFilter{Brand: brand, After: after, Limit: 2})
					return err
				})
				for _, e := range page.Items {
					titles = append(titles, strings.TrimPrefix(e.Title, "Entry "))
				}
				if after = page.Next; after == "" {
					return strings.Join(titles, " ")
				}
			}
		}
		if got := read(access.Actor{}); got != "5 3 2 1 4" {
			t.Errorf("everybody reads %s", got)
		}
		if got := read(access.Actor{Person: 1, Role: access.Light}); got != "0 5 3 2 1 4" {
			t.Errorf("colleagues read %s", got)
		}
	})
}

// What is due is put into one letter for each brand, once, and a letter is read back as far as it has come.
func TestALetterIsBegunOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		brand, entries := newsroom(t, db, "2026-11-02", "2026-11-03", "2026-11-04")
		begin := func(now time.Time) (letters []store.NewsLetter) {
			write(t, db, func(tx *store.Tx) (err error) {
				must(t, tx.BeginNewsLetters(now))
				letters, err = tx.NewsMailing()
				return err
			})
			return letters
		}
		if early := begin(monday); len(early) != 0 {
			t.Errorf("before its time there are %+v", early)
		}
		letters := begin(monday.Add(time.Hour))
		again := begin(monday.Add(2 * time.Hour))
		if len(letters) != 1 || len(again) != 1 || letters[0] != again[0] || letters[0].Brand != brand || !letters[0].Due.Equal(entries[1].Due) {
			t.Fatalf("%+v, then %+v", letters, again)
		}
		write(t, db, func(tx *store.Tx) error {
			in, err := tx.NewsInLetter(letters[0].ID)
			must(t, err)
			if len(in) != 2 || in[0].Title != "Entry 1" {
				t.Errorf("in it: %+v", in)
			}
			l := letters[0]
			l.Reached, l.Mailed, l.Mails = 7, 5, false
			must(t, tx.NewsMailed(l))
			kept, err := tx.NewsLetter(l.ID)
			if kept != l {
				t.Errorf("kept %+v, want %+v", kept, l)
			}
			next, wrong := tx.NextNews()
			must(t, wrong)
			if !next.IsZero() {
				t.Errorf("the next one leaves %s", next)
			}
			return err
		})
		if left := begin(monday.Add(3 * time.Hour)); len(left) != 0 {
			t.Errorf("left to mail: %+v", left)
		}
	})
}

// Who asked twice reads once. Asked within the time of a link, what was asked first stands; only that is confirmed.
func TestReadersOfNews(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		brand, _ := newsroom(t, db)
		write(t, db, func(tx *store.Tx) error {
			iris, err := tx.EnsureCustomer("iris@elsewhere.example", "Iris", brand, monday)
			must(t, err)
			for _, ask := range []struct{ now, after, asked time.Time }{
				{monday, monday.Add(-time.Hour), monday},
				{monday.Add(time.Minute), monday.Add(-time.Hour), monday},
				{monday.Add(time.Minute), monday, monday.Add(time.Minute)},
			} {
				asked, err := tx.AskForNews(brand, iris.ID, ask.now, ask.after)
				must(t, err)
				if !asked.Equal(ask.asked) {
					t.Errorf("asked at %s it was asked at %s, want %s", ask.now, asked, ask.asked)
				}
			}
			for _, step := range []struct {
				asked time.Time
				brand int64
				count int64
			}{{monday, 0, 0}, {monday.Add(time.Minute), brand, 1}, {monday.Add(time.Minute), brand, 1}} {
				got, err := tx.ConfirmNews(iris.ID, step.asked, monday.Add(time.Hour))
				must(t, err)
				n, err := tx.CountNewsReaders(brand)
				must(t, err)
				if got != step.brand || n != step.count {
					t.Errorf("asked %s: brand %d and %d readers, want %d and %d", step.asked, got, n, step.brand, step.count)
				}
			}
			iris.Unreachable = "no such mailbox"
			must(t, tx.SavePerson(&iris))
			ids, err := tx.NewsReaders(brand, 0, 10)
			must(t, err)
			if len(ids) != 0 {
				t.Errorf("whom mail does not reach is mailed: %v", ids)
			}
			for i, want := range []bool{true, false} {
				if ended, err := tx.EndNews(brand, iris.ID); err != nil || ended != want {
					t.Errorf("ending it the %d. time: %v %v", i+1, ended, err)
				}
			}
			return nil
		})
	})
}

func TestCardsAreKeptAndPaged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		brand, _ := newsroom(t, db)
		write(t, db, func(tx *store.Tx) error {
			for i := range 5 {
				c := store.Card{Brand: brand, Title: fmt.Sprint("Card ", i), What: "w", Why: "y", State: store.CardConsidered, Estimate: "spring", Decided: monday.Add(time.Duration(i/2) * time.Hour), Created: monday}
				must(t, tx.SaveCard(&c))
				c.Review = monday.Add(time.Hour)
				must(t, tx.SaveCard(&c))
				if kept, err := tx.CardForUpdate(c.ID); err != nil || kept != c {
					t.Errorf("kept %+v, want %+v: %v", kept, c, err)
				}
			}
			var titles []string
			for after := ""; ; {
				page, err := tx.Cards(store.CardFilter{Brand: brand, State: store.CardConsidered, After: after, Limit: 2})
				must(t, err)
				for _, c := range page.Items {
					titles = append(titles, strings.TrimPrefix(c.Title, "Card "))
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if got := strings.Join(titles, " "); got != "4 3 2 1 0" {
				t.Errorf("paged: %s", got)
			}
			if _, err := tx.Card(99); !fault.Is(err, fault.NotFound) {
				t.Errorf("a card that is not there: %v", err)
			}
			return nil
		})
	})
}
