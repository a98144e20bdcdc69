package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// plans puts a card on the roadmap by Ana.
func (o *office) plans(title string) int64 {
	o.t.Helper()
	id, err := o.desk.WriteCard(ctx, o.ana.Actor(), desk.WriteCard{Title: title})
	o.must(err)
	return id
}

func (o *office) cardOf(id int64) desk.CardDesk {
	o.t.Helper()
	c, err := o.desk.CardDesk(ctx, o.ana.Actor(), id, "")
	o.must(err)
	return c
}

func (o *office) decidesCard(id int64, state store.CardState, reason string) {
	o.t.Helper()
	o.must(o.desk.DecideCard(ctx, o.ana.Actor(), desk.DecideCard{Card: id, State: state, Reason: reason, Base: o.cardOf(id).Last}))
}

// columns is the roadmap as a reader sees it: "Considered: Lists (2 asking)".
func (o *office) columns(reader int64) string {
	o.t.Helper()
	m, err := o.desk.Roadmap(ctx, o.brand.ID, reader, "", "")
	o.must(err)
	var all []string
	for _, c := range m.Columns {
		for _, card := range c.Cards {
			line := fmt.Sprintf("%s: %s (%d)", c.Title, card.Title, card.Asking)
			if card.Last.Reason != "" {
				line += " because " + card.Last.Reason
			}
			if card.Voted {
				line += ", wanted"
			}
			if card.Asked {
				line += ", asked for"
			}
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// toWeigh is what the review lists now.
func (o *office) toWeigh() string {
	o.t.Helper()
	r, err := o.desk.Review(ctx, o.ben.Actor(), o.brand.ID)
	o.must(err)
	var titles []string
	for _, c := range r.Cards {
		titles = append(titles, c.Title)
	}
	return strings.Join(titles, ", ")
}

// wish is a feature request that is considered for the quarter.
func (o *office) wish(from, subject string) int64 {
	o.t.Helper()
	id := o.asks(from, subject)
	kind := "feature"
	_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Kind: &kind})
	o.must(err)
	for _, phase := range []string{"review", "considered"} {
		_, err := o.desk.MovePhase(ctx, o.ben.Actor(), desk.MovePhase{Ticket: id, Phase: phase})
		o.must(err)
	}
	return id
}

// A wish is decided "not now" in December. The review of the first quarter begins on the first business day of January; then it is on the
// list again, with everybody who wants it, and its ticket has stayed as it was.
func TestS4_14_ACardThatWasPutOffComesBackAtTheNextReview(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-12-01 10:00", func(o *office) {
		id := o.wish(maria, "The list on my telephone")
		card, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: id})
		o.must(err)
		o.asks(jonas, "Hello")
		o.must(o.desk.Vote(ctx, o.customer("jonas@"), desk.Vote{Brand: o.brand.ID, Card: card}))
		before := o.ticket(id)

		o.at("2026-12-16 10:00")
		o.decidesCard(card, store.CardNotNow, "It would take the whole half-year.")
		o.is("the ticket", o.ticket(id).State, before.State)
		o.is("on the roadmap", o.columns(0), "Not now: The list on my telephone (2) because It would take the whole half-year.")
		o.is("when it comes back", shown(o.cardOf(card).Card.Review), "Mon 2027-01-04 09:00:00 EST")

		o.at("2027-01-04 08:59")
		o.is("before the review", o.toWeigh(), "")
		o.at("2027-01-04 09:00")
		o.is("at the review", o.toWeigh(), "The list on my telephone")
		var asking []string
		for _, p := range o.cardOf(card).Asking {
			asking = append(asking, p.Person.Name)
		}
		o.is("who wants it", strings.Join(asking, ", "), "Maria Lopez, Jonas Weber")

		o.decidesCard(card, store.CardPlanned, "Two of you ask; we begin with the lists.")
		o.is("decided", o.toWeigh(), "")
		o.at("2027-04-01 09:00")
		o.is("at the next one", o.toWeigh(), "The list on my telephone")
	})
}

// What is done closes with the news of it, and not before; when the news is taken back, it is open again.
func TestACardIsDoneWhenWhatsNewTellsOfIt(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists as spreadsheets")
		err := o.desk.DecideCard(ctx, o.ana.Actor(), desk.DecideCard{Card: card, State: store.CardDone, Reason: "Because.", Base: o.cardOf(card).Last})
		if desk.MisfilledField(err) != "state" {
			t.Errorf("it is done without a word: %v", err)
		}
		id := o.writes(desk.WriteNews{Title: "Lists can be saved", Card: card})
		o.is("a draft closes nothing", string(o.cardOf(card).Card.State), "considered")
		o.announces(id)
		o.is("done", o.columns(0), "Done: Lists as spreadsheets (0) because What's New tells of it: Lists can be saved")
		o.is("the entry", o.cardOf(card).Entry.Title, "Lists can be saved")
		if _, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Kind: "new", Title: "Again", Card: card}); desk.MisfilledField(err) != "card" {
			t.Errorf("it is told of twice: %v", err)
		}
		o.takesBack(id)
		o.is("taken back", string(o.cardOf(card).Card.State), "progress")
		o.announces(id)
		o.is("published again", string(o.cardOf(card).Card.State), "done")

		o.at("2027-05-31 12:00")
		o.is("half a year later", o.columns(0), "Done: Lists as spreadsheets (0) because What's New tells of it: Lists can be saved")
		o.at("2027-06-01 12:00") // the roadmap reaches six months, and as far back
		o.is("then it is over", o.columns(0), "")
	})
}

// Everybody counts once: who voted twice, and who voted and wrote a ticket as well.
func TestEverybodyWhoWantsACardIsCountedOnce(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists as spreadsheets")
		first, second := o.wish(maria, "Lists as spreadsheets"), o.wish(maria, "Spreadsheets again")
		for _, id := range []int64{first, second, first} {
			_, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: id, Card: card})
			o.must(err)
		}
		o.asks(jonas, "Hello")
		who, jo := o.customer("maria@"), o.customer("jonas@")
		for _, a := range []access.Actor{who, jo, jo} {
			o.must(o.desk.Vote(ctx, a, desk.Vote{Brand: o.brand.ID, Card: card}))
		}
		o.is("for Maria", o.columns(who.Person), "Considered: Lists as spreadsheets (2), wanted, asked for")
		o.must(o.desk.Vote(ctx, jo, desk.Vote{Brand: o.brand.ID, Card: card, Back: true}))
		o.is("for Jonas", o.columns(jo.Person), "Considered: Lists as spreadsheets (1)")

		other := o.plans("Texts")
		_, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: second, Card: other})
		o.must(err)
		_, err = o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: second, Leave: true})
		o.must(err)
		o.is("the second ticket", fmt.Sprint(o.cardOf(other).Card.Asking), "0")
		var told []string
		for _, audit := range o.sees(access.Clock, second).Audits {
			for _, e := range audit.Events {
				if e.Field == "roadmap" && e.Internal {
					told = append(told, e.From+" > "+e.To)
				}
			}
		}
		o.is("its record", strings.Join(told, ", "), " > Lists as spreadsheets, Lists as spreadsheets > Texts, Texts > ")
		for _, a := range []access.Actor{{}, o.ben.Actor(), {Person: who.Person, Role: access.Customer, Ticket: first}} {
			if err := o.desk.Vote(ctx, a, desk.Vote{Brand: o.brand.ID, Card: card}); err == nil {
				t.Errorf("%+v votes", a)
			}
		}
	})
}

// The link of a letter shows the roadmap to its reader and counts their vote. Altered, ended, another brand's, or made for something else,
// it is answered like one that never was.
func TestARoadmapLinkCountsItsReaderAndNobodyElse(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists as spreadsheets")
		o.follows("maria@greenfund.example")
		o.announces(o.writes(desk.WriteNews{Title: "Texts"}))
		o.at("2026-11-30 12:00")
		_, rest, found := strings.Cut(o.read(o.byTemplate("news")[0]).text, "/roadmap/for/")
		if !found {
			t.Fatal("the letter does not lead to the roadmap")
		}
		token := strings.Fields(rest)[0]
		o.must(o.desk.VoteByLink(ctx, token, desk.Vote{Brand: o.brand.ID, Card: card}))
		o.must(o.desk.VoteByLink(ctx, token, desk.Vote{Brand: o.brand.ID, Card: card}))
		o.is("asking", fmt.Sprint(o.cardOf(card).Card.Asking), "1")

		other, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "Elsewhere", Slug: "elsewhere"})
		o.must(err)
		staff := strings.TrimPrefix(o.desk.RoadmapLinkPath(o.brand.ID, o.ben.ID, o.clock.Now()), "/roadmap/for/")
		gone := strings.TrimPrefix(o.desk.RoadmapLinkPath(o.brand.ID, 9999, o.clock.Now()), "/roadmap/for/")
		says := map[string]bool{}
		for _, wrong := range []struct {
			brand int64
			token string
		}{{o.brand.ID, token[1:]}, {o.brand.ID, token + "A"}, {o.brand.ID, ""}, {other.ID, token}, {o.brand.ID, staff}, {o.brand.ID, gone}} {
			_, err := o.desk.OpenRoadmapLink(ctx, wrong.brand, wrong.token)
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v opens the roadmap: %v", wrong, err)
			}
			says[fault.Says(err)] = true
		}
		o.at("2027-03-05 12:00")
		_, err = o.desk.OpenRoadmapLink(ctx, o.brand.ID, token)
		says[fault.Says(err)] = true
		if !fault.Is(err, fault.NotFound) || len(says) != 1 {
			t.Errorf("an ended link is answered %v, and altogether %v", err, says)
		}
	})
}

// Staff see who wants a card with what they pay for, of tickets only those that are theirs to see; the number counts everybody.
func TestB3_TheTicketsBehindACardAreThoseTheReaderMaySee(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		hidden, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Elsewhere"})
		o.must(err)
		card, id := o.plans("Lists as spreadsheets"), o.wish(maria, "Lists as spreadsheets")
		_, err = o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: id, Card: card})
		o.must(err)
		_, err = o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Group: &hidden.ID})
		o.must(err)
		mine, err := o.desk.CardDesk(ctx, o.ben.Actor(), card, "")
		o.must(err)
		o.is("what Ben sees", fmt.Sprint(mine.Card.Asking, len(mine.Asking)), "1 0")
		o.is("what Ana sees", fmt.Sprint(len(o.cardOf(card).Asking))+" "+o.cardOf(card).Asking[0].Subject, "1 Lists as spreadsheets")
		if _, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: id, Leave: true}); !fault.Is(err, fault.NotFound) {
			t.Errorf("Ben changes what he may not see: %v", err)
		}
		if _, err := o.desk.TicketCard(ctx, o.ben.Actor(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("Ben reads what he may not see: %v", err)
		}
	})
}

// The one step from a ticket to the roadmap is there when the roadmap is decided about the ticket.
func TestARequestThatIsConsideredCanBeJoinedToACard(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		o.plans("Lists as spreadsheets")
		bug := o.asks(jonas, "It is broken")
		kind := "bug"
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: bug, Kind: &kind})
		o.must(err)
		for id, want := range map[int64]string{o.wish(maria, "Lists"): "true 1", bug: "false 0"} {
			c, err := o.desk.TicketCard(ctx, o.ben.Actor(), id)
			o.must(err)
			o.is("offered", fmt.Sprint(c.Weighed, len(c.Choices)), want)
		}
	})
}
