package desk_test

import (
	"strings"
	"testing"

	"hark/desk"
	"hark/store"
)

// decided are the mails about decisions on cards: to whom, and the subject.
func (o *office) decided() string {
	o.t.Helper()
	var all []string
	for _, m := range o.mails(0) {
		if m.template == "card-decided" {
			all = append(all, m.to+" "+m.subject)
		}
	}
	return strings.Join(all, "\n")
}

// passes lets what is due happen, twice: the second time there is nothing to do.
func (o *office) passes() {
	o.t.Helper()
	for range 2 {
		_, err := o.desk.PassTime(ctx)
		o.must(err)
	}
}

// Maria wrote a ticket about it and votes besides, Jonas votes: each hears of the decision once, with the reason. What is decided without
// another state, and what goes on, mails nobody.
func TestS4_14_WhoeverAskedHearsOfTheDecisionOnce(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists by mail")
		_, err := o.desk.JoinCard(ctx, o.ben.Actor(), desk.JoinCard{Ticket: o.wish(maria, "Mail me the list"), Card: card})
		o.must(err)
		o.asks(jonas, "Another thing")
		o.asks("Nora Wells <nora@quayside.example>", "Nothing to do with it")
		for _, address := range []string{"maria@greenfund.example", "jonas@greenfund.example"} {
			o.must(o.desk.Vote(ctx, o.customer(address), desk.Vote{Brand: o.brand.ID, Card: card}))
		}
		o.decidesCard(card, store.CardNotNow, "It would take the whole half-year.")
		o.passes()
		const put = "maria@greenfund.example “Lists by mail”: not now\njonas@greenfund.example “Lists by mail”: not now"
		o.is("who heard", o.decided(), put)
		mails := o.mails(0)
		text := mails[len(mails)-1].text
		for _, want := range []string{"You asked for “Lists by mail”. We have decided: not now.", "It would take the whole half-year.", "We look at it again at our review that begins on 4 January 2027.", "https://agency.example/roadmap/for/", "You get this once, because you asked for it."} {
			if !strings.Contains(text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, text)
			}
		}
		o.decidesCard(card, store.CardNotNow, "Still so.")
		o.decidesCard(card, store.CardConsidered, "Many of you ask.")
		o.passes()
		o.is("after the same once more", o.decided(), put)
		o.decidesCard(card, store.CardPlanned, "Two of you ask; we begin with the lists.")
		o.passes()
		o.is("after it was planned", o.decided(), put+"\nmaria@greenfund.example “Lists by mail”: in the next six months\njonas@greenfund.example “Lists by mail”: in the next six months")
	})
}

// Jonas has had as many automatic mails as we send within an hour. The decision waits for its end, and is not lost.
func TestADecisionWaitsForWhoeverHasHadEnoughForAnHour(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists by mail")
		for range 20 {
			o.asks(jonas, "Another thing")
		}
		o.must(o.desk.Vote(ctx, o.customer("jonas@greenfund.example"), desk.Vote{Brand: o.brand.ID, Card: card}))
		o.claims() // what he was mailed so far
		o.decidesCard(card, store.CardNotNow, "It would take the whole half-year.")
		o.passes()
		leaving := func() (n int) {
			for _, row := range o.claims() {
				if row.Template == "card-decided" {
					n++
				}
			}
			return n
		}
		o.is("at once", itoa(int64(leaving())), "0")
		o.at("2026-11-24 11:01")
		o.is("an hour later", itoa(int64(leaving())), "1")
	})
}

// Whoever decided wrongly and decides again before the mails have left mails the second decision alone.
func TestADecisionThatIsChangedAtOnceIsMailedAsItIsThen(t *testing.T) {
	eachUnder(t, "what-happens-next", "2026-11-24 10:00", func(o *office) {
		card := o.plans("Lists by mail")
		o.asks(jonas, "Another thing")
		o.must(o.desk.Vote(ctx, o.customer("jonas@greenfund.example"), desk.Vote{Brand: o.brand.ID, Card: card}))
		o.decidesCard(card, store.CardNotNow, "The wrong button.")
		o.decidesCard(card, store.CardPlanned, "We begin with the lists.")
		o.passes()
		o.is("who heard", o.decided(), "jonas@greenfund.example “Lists by mail”: in the next six months")
	})
}
