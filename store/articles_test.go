package store_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// helpDesk is a brand's help with a few articles in it, and who reads.
type helpDesk struct {
	t       *testing.T
	db      *store.DB
	cast    *storetest.Cast
	section article.Section
}

func eachHelp(t *testing.T, story func(l helpDesk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		l := helpDesk{t: t, db: db, cast: storetest.NewCast(t, db), section: article.Section{Name: "First steps", Slug: "first-steps", Position: 1}}
		l.section.Brand = l.cast.Brand.ID
		write(t, db, func(tx *store.Tx) error { return tx.SaveHelpSection(&l.section) })
		story(l)
	})
}

// publishes stores a published article for everybody, unless it is changed.
func (l helpDesk) publishes(title, body string, change ...func(*article.Article)) article.Article {
	l.t.Helper()
	a := article.Article{Brand: l.cast.Brand.ID, State: article.Published, Published: monday, Content: article.Content{
		Title: title, Slug: article.Slug(title), Section: l.section.ID, Body: body, Audience: article.ForAll}}
	for _, c := range change {
		c(&a)
	}
	write(l.t, l.db, func(tx *store.Tx) error { return tx.SaveArticle(&a) })
	return a
}

func (l helpDesk) reader(a access.Actor) store.Reader {
	return store.Reader{Actor: a, Today: day(l.t, "2026-11-16")}
}

// finds are the titles that a search finds, in its order.
func (l helpDesk) finds(a access.Actor, text string) (titles []string) {
	l.t.Helper()
	for _, found := range l.search(a, text, "").Items {
		titles = append(titles, found.Title)
	}
	return titles
}

func (l helpDesk) search(a access.Actor, text, after string) (found store.FoundArticles) {
	l.t.Helper()
	read(l.t, l.db, func(tx *store.Tx) (err error) {
		found, err = tx.FindArticles(l.reader(a), l.cast.Brand.ID, text, after, 20)
		return err
	})
	return found
}

func (l helpDesk) want(what string, got []string, want ...string) {
	l.t.Helper()
	if !slices.Equal(got, want) {
		l.t.Errorf("%s finds %q, want %q", what, got, want)
	}
}

func TestTitlesCountMoreThanHeadingsAndHeadingsMoreThanTheRest(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		l.publishes("Opening hours of a place", "Choose Settings.")
		l.publishes("Settings", "# Opening hours\n\nThey stand below Places.")
		l.publishes("Newsletter", "It tells your opening hours, too.")
		l.publishes("Invoices", "Nothing about that.")
		l.want("opening hours", l.finds(access.Actor{}, "opening hours"), "Opening hours of a place", "Settings", "Newsletter")
		l.want("a question", l.finds(access.Actor{}, "How do I change the opening hours?"), "Opening hours of a place", "Settings", "Newsletter")
		l.want("the beginning of a word", l.finds(access.Actor{}, "open"), "Opening hours of a place", "Newsletter", "Settings")
		l.want("silence", l.finds(access.Actor{}, "?!"))
	})
}

// A link to a page that there is not leads to an empty one, however far it points.
func TestALinkBeyondTheLastPageFindsNothing(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		l.publishes("Donation page", "Where the money goes.")
		if found := l.search(access.Actor{}, "donation", base64.RawURLEncoding.EncodeToString([]byte(`{"s":99,"i":1}`))); len(found.Items) != 0 || found.Next != "" {
			t.Errorf("found %+v", found)
		}
	})
}

func TestAWrongLetterIsForgiven(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		l.publishes("Donation page", "Where the money goes.")
		for _, typed := range []string{"dnation", "donatoin", "donatiom page", "donattion", "xonation"} {
			found := l.search(access.Actor{}, typed, "")
			if len(found.Items) != 1 || !strings.HasPrefix(found.Meant, "donation") {
				t.Errorf("%q finds %d articles, and means %q", typed, len(found.Items), found.Meant)
			}
		}
		l.want("two wrong letters", l.finds(access.Actor{}, "dnotiaon"))
	})
}

func TestSomeOfTheWordsAreBetterThanNothing(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		l.publishes("Importing a list", "A list of donors is imported line by line.")
		l.publishes("Recurring donations", "Ask for them on the page.")
		found := l.search(access.Actor{}, "importer stops at list row 200", "")
		if len(found.Items) == 0 || found.Items[0].Title != "Importing a list" || !found.Some {
			t.Errorf("found %+v, some: %v", found.Items, found.Some)
		}
	})
}

// Who may read is decided inside the search: no count, no near word and no address tells of what may not be read.
func TestI3_WhoMayReadAnArticle(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		s := stocked(t, l.db, l.cast) // Maria's company pays for hosting
		audience := func(of article.Audience, plan string) func(*article.Article) {
			return func(a *article.Article) { a.Audience, a.Plan = of, plan }
		}
		l.publishes("Zebra for all", "zebra")
		l.publishes("Zebra for the signed in", "zebra", audience(article.ForSigned, ""))
		l.publishes("Zebra for plans", "zebra", audience(article.ForPlans, ""))
		l.publishes("Zebra for hosting", "zebra", audience(article.ForPlans, s.hosting.Plan))
		l.publishes("Zebra for gold", "zebra", audience(article.ForPlans, "gold"))
		l.publishes("Zebra for us", "zebra wallaby", audience(article.ForStaff, ""))
		l.publishes("Zebra unfinished", "zebra", func(a *article.Article) { a.State = article.Draft })
		maria, tomas := l.cast.Maria.Actor(), l.cast.Tomas.Actor()
		byLink := maria
		byLink.Ticket = 1
		for who, want := range map[string]struct {
			actor access.Actor
			sees  []string
		}{
			"a stranger":                    {access.Actor{}, []string{"Zebra for all"}},
			"whoever holds a ticket's link": {byLink, []string{"Zebra for all"}},
			"a customer without a plan":     {tomas, []string{"Zebra for all", "Zebra for the signed in"}},
			"a customer with hosting":       {maria, []string{"Zebra for all", "Zebra for the signed in", "Zebra for plans", "Zebra for hosting"}},
			"an agent":                      {l.cast.Ben.Actor(), []string{"Zebra for all", "Zebra for the signed in", "Zebra for plans", "Zebra for hosting", "Zebra for gold", "Zebra for us"}},
		} {
			slices.Reverse(want.sees)
			l.want(who, l.finds(want.actor, "zebra"), want.sees...)
			read(t, l.db, func(tx *store.Tx) error {
				r := l.reader(want.actor)
				counts, err := tx.HelpCounts(r, l.cast.Brand.ID)
				must(t, err)
				page, err := tx.ArticlesIn(r, l.section.ID, "", 0)
				must(t, err)
				if counts[l.section.ID] != len(want.sees) || len(page.Items) != len(want.sees) {
					t.Errorf("%s is told of %d articles, and sees %d", who, counts[l.section.ID], len(page.Items))
				}
				for _, title := range []string{"Zebra for gold", "Zebra for us", "Zebra unfinished"} {
					_, err := tx.ArticleAt(r, l.cast.Brand.ID, article.Slug(title))
					if sees := slices.Contains(want.sees, title); sees != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
						t.Errorf("%s at the address of %q: %v", who, title, err)
					}
				}
				return nil
			})
		}
		if found := l.search(access.Actor{}, "walaby", ""); found.Meant != "" || len(found.Items) != 0 {
			t.Errorf("a stranger learns of the word %q", found.Meant)
		}
		l.want("an agent's wrong letter", l.finds(l.cast.Ben.Actor(), "walaby"), "Zebra for us")
	})
}

func TestAPlanThatHasEndedOpensNothing(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		write(t, l.db, func(tx *store.Tx) error {
			s := account.Subscription{Brand: l.cast.Brand.ID, Owner: account.Owner{Person: l.cast.Tomas.ID}, Plan: "gold", From: day(t, "2026-01-01"), Until: day(t, "2026-11-15")}
			return tx.SaveSubscription(&s)
		})
		l.publishes("Zebra for gold", "zebra", func(a *article.Article) { a.Audience = article.ForPlans })
		l.want("the day after", l.finds(l.cast.Tomas.Actor(), "zebra"))
	})
}

func TestAnOldAddressLeadsToTheArticleForEver(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		a := l.publishes("How to log in", "Ask for a link.")
		a.Title, a.Slug = "How to sign in", "how-to-sign-in"
		write(t, l.db, func(tx *store.Tx) error { return tx.SaveArticle(&a) })
		read(t, l.db, func(tx *store.Tx) error {
			got, err := tx.ArticleAt(l.reader(access.Actor{}), l.cast.Brand.ID, "how-to-log-in")
			if err != nil || got.ID != a.ID || got.Slug != "how-to-sign-in" {
				t.Errorf("the old address leads to %+v, %v", got, err)
			}
			return nil
		})
		other := article.Article{Brand: l.cast.Brand.ID, State: article.Draft, Content: article.Content{Title: "Another", Slug: "how-to-log-in", Audience: article.ForAll}}
		is(t, l.db.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveArticle(&other) }), fault.Conflict)
	})
}

func TestAReaderIsCountedOnceAndMayChangeTheirMind(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		a := l.publishes("How to sign in", "Ask for a link.")
		write(t, l.db, func(tx *store.Tx) error {
			must(t, tx.SaveVote(store.Vote{Article: a.ID, Reader: "maria", Helped: true, At: monday}))
			must(t, tx.SaveVote(store.Vote{Article: a.ID, Reader: "tomas", Helped: false, Reason: "The button is gone", At: at(1)}))
			must(t, tx.SaveVote(store.Vote{Article: a.ID, Reader: "maria", Helped: false, At: at(2)}))
			return tx.SaveVote(store.Vote{Article: a.ID, Reader: "tomas", Helped: true, At: at(3)})
		})
		read(t, l.db, func(tx *store.Tx) error {
			got, err := tx.Article(a.ID)
			must(t, err)
			reasons, err := tx.Reasons(a.ID, 10)
			must(t, err)
			if got.Helped != 1 || got.Unhelped != 1 || len(reasons) != 1 || reasons[0].Reason != "The button is gone" {
				t.Errorf("%d yes, %d no, reasons %+v", got.Helped, got.Unhelped, reasons)
			}
			return nil
		})
	})
}

func TestASearchGoesOnWhereItsPageEnded(t *testing.T) {
	eachHelp(t, func(l helpDesk) {
		for n := range 25 {
			l.publishes(fmt.Sprintf("Zebra %d", n), "Stripes.")
		}
		for n := range 20 {
			l.publishes(fmt.Sprintf("Horse %d", n), "No zebra.")
		}
		seen := map[string]bool{}
		pages := 0
		for after := ""; ; pages++ {
			found := l.search(access.Actor{}, "zebra", after)
			for _, one := range found.Items {
				if seen[one.Title] {
					t.Errorf("%s is shown twice", one.Title)
				}
				seen[one.Title] = true
			}
			if after = found.Next; after == "" {
				break
			}
		}
		if len(seen) != 45 || pages != 2 {
			t.Errorf("%d articles on %d pages", len(seen), pages+1)
		}
	})
}
