package desk_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// writes keeps an entry by Ben and returns its number.
func (o *office) writes(in desk.WriteNews) int64 {
	o.t.Helper()
	if in.Kind == "" {
		in.Kind = "new"
	}
	id, err := o.desk.WriteNews(ctx, o.ben.Actor(), in)
	o.must(err)
	return id
}

func (o *office) entry(id int64) desk.NewsDesk {
	o.t.Helper()
	n, err := o.desk.NewsDesk(ctx, o.ana.Actor(), id, 0)
	o.must(err)
	return n
}

func (o *office) announces(id int64) {
	o.t.Helper()
	o.must(o.desk.PublishNews(ctx, o.ana.Actor(), desk.ChangeNews{Entry: id, Base: o.entry(id).Last}))
}

func (o *office) takesBack(id int64) {
	o.t.Helper()
	o.must(o.desk.TakeBackNews(ctx, o.ana.Actor(), desk.ChangeNews{Entry: id, Base: o.entry(id).Last}))
}

// public is what everybody reads, a title each.
func (o *office) public() string {
	o.t.Helper()
	page, err := o.desk.PublicNews(ctx, store.NewsFilter{Brand: o.brand.ID})
	o.must(err)
	var titles []string
	for _, e := range page.Items {
		titles = append(titles, e.Title)
	}
	return strings.Join(titles, ", ")
}

// byTemplate are the mails of a sort that have been planned, the oldest first.
func (o *office) byTemplate(template string) (mails []store.Outgoing) {
	o.t.Helper()
	page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 200})
	o.must(err)
	for i := len(page.Items) - 1; i >= 0; i-- {
		if m := page.Items[i]; m.Template == template {
			mails = append(mails, m)
		}
	}
	return mails
}

var confirmLink = regexp.MustCompile(`/whats-new/confirm/([A-Za-z0-9_-]+)`)

// follows lets somebody ask for the letter and confirm it.
func (o *office) follows(email string) {
	o.t.Helper()
	o.must(o.desk.FollowNews(ctx, desk.FollowNews{Brand: o.brand.ID, Email: email, Remote: "192.0.2.7"}))
	asked := o.byTemplate("news-confirm")
	found := confirmLink.FindStringSubmatch(o.read(asked[len(asked)-1]).text)
	if found == nil {
		o.t.Fatalf("the mail has no link: %s", o.read(asked[len(asked)-1]).text)
	}
	o.must(o.desk.ConfirmNews(ctx, found[1]))
}

func on(t testing.TB, day string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Ben writes an entry. Nobody reads it until Ana publishes it; a correction is read at once and what it said before is kept; taken back it
// is gone for everybody but colleagues.
func TestWhatsNewIsWrittenPublishedCorrectedAndTakenBack(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		id := o.writes(desk.WriteNews{Title: "Lists as spreadsheets", Product: "Ledger", Version: "2026.12", Body: "Under **Lists**."})
		o.is("before", o.public(), "")
		if _, err := o.desk.NewsEntry(ctx, o.brand.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("a draft is read by everybody: %v", err)
		}
		o.announces(id)
		o.is("published", o.public(), "Lists as spreadsheets")
		before := o.entry(id).Entry
		o.is("its day", before.Day.String(), "2026-11-24")

		o.at("2026-11-25 09:00")
		_, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Entry: id, Base: o.entry(id).Last, Kind: "new", Title: "Lists as spreadsheets, and as text", Body: "Under **Lists**.", Day: before.Day})
		o.must(err)
		o.is("corrected", o.public(), "Lists as spreadsheets, and as text")
		after := o.entry(id)
		if after.Entry.UID != before.UID || !after.Entry.Changed.After(before.Changed) {
			t.Errorf("a feed would not know it again: %+v", after.Entry)
		}
		title, body := desk.WhatItSaid(after.Changes[0])
		o.is("what it said before", after.Changes[0].Name+" "+after.Changes[0].What+": "+title+" "+body, "Ben Okafor corrected it: Lists as spreadsheets Under **Lists**.")

		o.takesBack(id)
		o.is("taken back", o.public(), "")
		page, err := o.desk.News(ctx, o.cem.Actor(), store.NewsFilter{Brand: o.brand.ID})
		o.must(err)
		o.is("for colleagues", fmt.Sprint(len(page.Items))+" "+string(page.Items[0].State), "1 withdrawn")
	})
}

// Two colleagues have the same entry open. The second one is stopped, and learns who was first.
func TestAnOlderPageOverwritesNoEntry(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		id := o.writes(desk.WriteNews{Title: "Lists"})
		base := o.entry(id).Last
		_, err := o.desk.WriteNews(ctx, o.cem.Actor(), desk.WriteNews{Entry: id, Base: base, Kind: "new", Title: "Lists as spreadsheets"})
		o.must(err)
		_, err = o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Entry: id, Base: base, Kind: "new", Title: "Lists as text"})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Cem Yildiz") {
			t.Errorf("the second one is told %v", err)
		}
		if err := o.desk.PublishNews(ctx, o.ana.Actor(), desk.ChangeNews{Entry: id, Base: base}); !fault.Is(err, fault.Conflict) {
			t.Errorf("what somebody has not read is published: %v", err)
		}
		o.is("what is kept", o.entry(id).Entry.Title, "Lists as spreadsheets")
	})
}

func TestAnEntryThatCannotBeTakenSaysWhy(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		for field, in := range map[string]desk.WriteNews{
			"title":   {Kind: "new", Title: " \n "},
			"kind":    {Kind: "better", Title: "Lists"},
			"version": {Kind: "new", Title: "Lists", Version: strings.Repeat("9", 81)},
			"body":    {Kind: "new", Title: "Lists", Body: strings.Repeat("long ", 20_000)},
			"banner":  {Kind: "new", Title: "Lists", Banner: strings.Repeat("b", 201), Until: on(t, "2026-12-01")},
			"until":   {Kind: "new", Title: "Lists", Banner: "Look", From: on(t, "2026-12-02"), Until: on(t, "2026-12-01")},
			"card":    {Kind: "new", Title: "Lists", Card: 77},
		} {
			_, err := o.desk.WriteNews(ctx, o.ben.Actor(), in)
			if desk.MisfilledField(err) != field || !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v (at %q)", field, err, desk.MisfilledField(err))
			}
		}
		o.asks(maria, "Hello")
		for who, a := range map[string]access.Actor{"a customer": o.customer("maria@"), "a stranger": {}, "a light agent": {Person: o.ben.ID, Role: access.Light}} {
			if _, err := o.desk.WriteNews(ctx, a, desk.WriteNews{Kind: "new", Title: "Lists"}); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
				t.Errorf("%s writes news: %v", who, err)
			}
		}
	})
}

// Maria and Jonas asked for the letter, Jonas never pressed the button of his mail. What is published in a week is in one letter on Monday,
// once for each reader, however often the desk looks; what was taken back before is not in it, and a correction makes no second one.
func TestTheLetterWithWhatIsNewComesOnMondays(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		o.follows("maria@greenfund.example")
		o.follows("maria@greenfund.example") // twice is once
		o.must(o.desk.FollowNews(ctx, desk.FollowNews{Brand: o.brand.ID, Email: "jonas@greenfund.example", Remote: "192.0.2.7"}))
		first := o.writes(desk.WriteNews{Title: "Lists as spreadsheets", Product: "Ledger", Version: "2026.12", Body: "Under **Lists**.", Day: on(t, "2026-11-24")})
		second := o.writes(desk.WriteNews{Title: "Names with umlauts are found", Kind: "fixed", Day: on(t, "2026-11-25")})
		third := o.writes(desk.WriteNews{Title: "A mistake"})
		for _, id := range []int64{first, second, third} {
			o.announces(id)
		}
		o.takesBack(third)
		o.is("when it leaves", shown(o.entry(second).Entry.Due), "Mon 2026-11-30 09:00:00 EST")

		o.at("2026-11-30 08:59")
		o.is("before its hour", fmt.Sprint(len(o.byTemplate("news"))), "0")
		o.at("2026-11-30 12:00")
		for range 3 {
			_, err := o.desk.PassTime(ctx)
			o.must(err)
		}
		letters := o.byTemplate("news")
		o.is("how many left", fmt.Sprint(len(letters)), "1")
		o.is("which", shown(letters[0].CreatedAt)+" "+letters[0].To+" "+letters[0].Subject, "Mon 2026-11-30 09:00:00 EST maria@greenfund.example The Agency: 2 things are new")
		text := o.read(letters[0]).text
		for _, says := range []string{"New in Ledger 2026.12: Lists as spreadsheets", "Under **Lists**.", "https://agency.example" + desk.NewsEntryPath(first), "Fixed: Names with umlauts are found", "https://agency.example/whats-new/end/"} {
			if !strings.Contains(text, says) {
				t.Errorf("the letter does not say %q:\n%s", says, text)
			}
		}
		if strings.Contains(text, "mistake") || strings.Contains(text, "roadmap") {
			t.Errorf("the letter tells of what is not there:\n%s", text)
		}
		_, raw, err := o.desk.SentMail(ctx, access.Clock, letters[0].ID)
		o.must(err)
		for _, field := range []string{"List-Unsubscribe: <https://agency.example/whats-new/end/", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Auto-Submitted: auto-generated"} {
			if !strings.Contains(strings.ReplaceAll(string(raw), "\r\n ", " "), field) {
				t.Errorf("the letter has no %s", field)
			}
		}

		_, err = o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Entry: first, Base: o.entry(first).Last, Kind: "new", Title: "Lists as spreadsheets and text"})
		o.must(err)
		o.takesBack(second)
		o.announces(second) // it has been in a letter
		o.at("2026-12-08 12:00")
		o.is("a week later", fmt.Sprint(len(o.byTemplate("news"))), "1")
	})
}

// A desk that is stopped in the middle of a letter goes on with it, and nobody gets it twice.
func TestALetterThatWasInterruptedGoesOn(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		for n := range 30 {
			o.at(fmt.Sprintf("2026-11-24 %02d:%02d", 10+n/6, n%6*10)) // nobody asks for thirty at once
			o.follows(fmt.Sprintf("reader-%02d@customers.example", n))
		}
		o.announces(o.writes(desk.WriteNews{Title: "Lists"}))
		o.must(o.clock.MoveTo(ctx, when("2026-11-30 09:30")))
		_, err := o.desk.PassTime(ctx)
		o.must(err)
		o.must(o.db.Write(ctx, func(tx *store.Tx) error { // as if only the first ones had been stored
			l, err := tx.NewsLetter(1)
			if err != nil {
				return err
			}
			o.is("how many were mailed", fmt.Sprint(l.Mailed, l.Mails), "30 false")
			l.Mails, l.Reached = true, 0
			return tx.NewsMailed(l)
		}))
		_, err = o.desk.PassTime(ctx)
		o.must(err)
		seen := map[string]int{}
		for _, m := range o.byTemplate("news") {
			seen[m.To]++
		}
		o.is("how many readers", fmt.Sprint(len(seen)), "30")
		for to, n := range seen {
			if n != 1 {
				t.Errorf("%s got it %d times", to, n)
			}
		}
	})
}

// The letter ends with its link: once, for its reader alone. A link that was altered, made for something else or used up ends nothing, and
// all of them are answered alike.
func TestTheLetterEndsWithOneClick(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		o.follows("maria@greenfund.example")
		o.follows("jonas@greenfund.example")
		o.announces(o.writes(desk.WriteNews{Title: "Lists"}))
		o.at("2026-11-30 12:00")
		letters := o.byTemplate("news")
		o.is("how many left", fmt.Sprint(len(letters)), "2")
		_, rest, _ := strings.Cut(o.read(letters[0]).text, "/whats-new/end/")
		token := strings.Fields(rest)[0]
		ticketLink := o.desk.TicketPath(o.brand.ID, letters[0].ID, o.clock.Now())
		var says []string
		for _, wrong := range []string{"", token[1:], token + "A", strings.Repeat("A", len(token)), strings.TrimPrefix(ticketLink, "/t/")} {
			err := o.desk.EndNewsByLink(ctx, wrong)
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%q ends something: %v", wrong, err)
			}
			says = append(says, fault.Says(err))
		}
		o.must(o.desk.EndNewsByLink(ctx, token))
		says = append(says, fault.Says(o.desk.EndNewsByLink(ctx, token)))
		for _, one := range says {
			o.is("every answer", one, says[0])
		}
		o.announces(o.writes(desk.WriteNews{Title: "Texts"}))
		o.at("2026-12-08 12:00")
		letters = o.byTemplate("news")
		o.is("the next one", letters[len(letters)-1].To+" of "+fmt.Sprint(len(letters)), "jonas@greenfund.example of 3")
	})
}

// Whoever types another's address causes one mail with fixed words and nothing else, a few times a day at most; what was asked at another
// brand is not confirmed with it.
func TestD1_AskingForTheLetterFloodsNobody(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		other, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Elsewhere", Slug: "elsewhere"})
		o.must(err)
		o.must(o.desk.FollowNews(ctx, desk.FollowNews{Brand: other.ID, Email: "maria@greenfund.example", Remote: "192.0.2.7"}))
		o.at("2026-11-24 10:05")
		o.follows("maria@greenfund.example")
		readers := func(brand int64) (n int64) {
			o.must(o.db.Read(ctx, func(tx *store.Tx) error { n, err = tx.CountNewsReaders(brand); return err }))
			return n
		}
		o.is("who reads", fmt.Sprint(readers(o.brand.ID), readers(other.ID)), "1 0")

		refused := 0
		for range 12 {
			if err := o.desk.FollowNews(ctx, desk.FollowNews{Brand: o.brand.ID, Email: "jonas@greenfund.example", Remote: "198.51.100.9"}); fault.Is(err, fault.TooMany) {
				refused++
			}
		}
		o.is("how many were refused", fmt.Sprint(refused), "7")
		for _, address := range []string{"", "nobody", "a@b\r\nBcc: c@d.example", support} {
			if err := o.desk.FollowNews(ctx, desk.FollowNews{Brand: o.brand.ID, Email: address, Remote: "203.0.113.4"}); err == nil {
				t.Errorf("%q is mailed", address)
			}
		}
		asked := o.byTemplate("news-confirm")
		if text := o.read(asked[0]).text; strings.Contains(text, "maria") {
			t.Errorf("the mail says who was asked for:\n%s", text)
		}
	})
}

// A banner stands from the beginning of its first day to the end of its last, on the policy's calendar, and while its entry is published.
func TestABannerStandsFromDayToDay(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		banner := func() string {
			shown, err := o.desk.Shown(ctx, o.brand.ID)
			o.must(err)
			return shown.Banner.Banner
		}
		id := o.writes(desk.WriteNews{Title: "Lists", Banner: "Lists can be saved.", From: on(t, "2026-11-26"), Until: on(t, "2026-11-27")})
		o.announces(id)
		for _, one := range []struct{ at, says string }{
			{"2026-11-25 23:59:59", ""}, {"2026-11-26 00:00:00", "Lists can be saved."}, {"2026-11-27 23:59:59", "Lists can be saved."}, {"2026-11-28 00:00:00", ""},
		} {
			o.at(one.at)
			o.is(one.at, banner(), one.says)
		}
		again := o.writes(desk.WriteNews{Title: "Texts", Banner: "Texts too.", Until: on(t, "2026-11-30")})
		o.is("a draft", banner(), "")
		o.announces(again)
		o.is("from today", banner(), "Texts too.")
		o.takesBack(again)
		o.is("taken back", banner(), "")
	})
}

// What comes up by itself is said beforehand, where the demo shows it too.
func TestTheLetterIsAmongWhatHappensNext(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		o.announces(o.writes(desk.WriteNews{Title: "Lists"}))
		at, _, says, err := o.desk.NextHappening(ctx)
		o.must(err)
		o.is("next", shown(at)+" "+says, "Mon 2026-11-30 09:00:00 EST the letter with what is new is mailed")
		next, err := o.desk.NextDue(ctx)
		o.must(err)
		if !next.Equal(at) {
			t.Errorf("due %s, said %s", next, at)
		}
		o.at("2026-11-30 10:00")
		if at, _, _, err := o.desk.NextHappening(ctx); err != nil || !at.Equal(time.Time{}) {
			t.Errorf("it is still to come at %s, %v", at, err)
		}
	})
}
