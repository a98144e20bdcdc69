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
	"hark/ticket"
)

// eachSolved opens an office under the policy of seed 000, in which Maria has asked something and Ben has solved it on a Monday at ten.
func eachSolved(t *testing.T, story func(o *office, id int64)) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		id := o.asks(maria, "Where is the receipt?")
		o.takes(o.ben, id)
		o.answers(o.ben, id, "Under Settings, Receipts.", "solved")
		story(o, id)
	})
}

func (o *office) takes(agent account.Person, id int64) {
	o.t.Helper()
	_, err := o.desk.Set(ctx, agent.Actor(), desk.Set{Ticket: id, Assignee: &agent.ID})
	o.must(err)
}

// rates is Maria saying how it went, by the link of her ticket.
func (o *office) rates(id int64, score, words string) error {
	return o.desk.RateTicket(ctx, o.ticketActor(id), desk.Rate{Ticket: id, Score: score, Words: words})
}

// said is what colleagues read on the ticket of its rating.
func (o *office) said(id int64) string {
	o.t.Helper()
	r := o.sees(o.ben.Actor(), id).Rating
	if r == nil {
		return "never asked"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Score, r.Sense, r.Words))
}

// voices are the compliments and complaints that somebody reads, one a line.
func (o *office) voices(as access.Actor, all bool) string {
	o.t.Helper()
	page, err := o.desk.Feedback(ctx, as, store.FeedbackFilter{All: all})
	o.must(err)
	var lines []string
	for _, f := range page.Items {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{f.Source, f.Sense, "from", f.From, "about", f.Agent + ":", f.Words}, " ")))
	}
	return strings.Join(lines, "\n")
}

func TestS0_14_TheMailThatAsksHowItWentGoesOnce(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		o.is("mails", o.posted(id), `
Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example
Mon 2026-11-16 10:00:00 EST reply to maria@greenfund.example
Mon 2026-11-16 10:00:00 EST rating to maria@greenfund.example`)
		link := o.desk.TicketLink(id, o.ticket(id).Requester.ID, o.clock.Now())
		o.lastSays(id, "It is solved, and we are dancing.")
		o.lastSays(id, "Good: "+link+"/rating?score=good")
		o.lastSays(id, "Bad: "+link+"/rating?score=bad")
		if auto := string(o.last(id).raw); !strings.Contains(auto, "Auto-Submitted: auto-generated") {
			t.Error("machines are not told that a machine asks")
		}
		o.is("before she answers", o.said(id), "")
		o.at("2026-11-16 11:00")
		o.arrives(letter{from: maria, answers: o.last(id), body: "One more thing."})
		o.answers(o.ben, id, "That as well.", "solved")
		if n := strings.Count(o.posted(id), "rating to"); n != 1 {
			t.Errorf("she was asked %d times", n)
		}
	})
}

// A solving that is taken back has asked nobody, and asks when it is done in earnest.
func TestS2_32_UndoTakesTheQuestionBack(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		_, err := o.desk.Undo(ctx, o.ben.Actor(), id, o.sees(o.ben.Actor(), id).Undo.Audit)
		o.must(err)
		o.is("mails", o.posted(id), "Mon 2026-11-16 10:00:00 EST received to maria@greenfund.example")
		o.is("asked", o.said(id), "never asked")
		if err := o.rates(id, "good", ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("she rates what nobody asked about: %v", err)
		}
		o.at("2026-11-16 10:05")
		o.answers(o.ben, id, "Under Settings, Receipts, at the top.", "solved")
		o.lastSays(id, "How did we do?")
	})
}

func TestARatingStandsInTheTicketAndCanBeChangedForAWeek(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		o.at("2026-11-16 12:00")
		before := o.ticket(id)
		o.must(o.rates(id, "bad", "I still do not find it."))
		o.must(o.rates(id, "bad", "I still do not find it.")) // pressed twice
		o.is("colleagues read", o.said(id), "bad bad I still do not find it.")
		if after := o.ticket(id); after.State != before.State || !after.Updated.Equal(before.Updated) || !after.Next().Equal(before.Next()) {
			t.Errorf("the ticket moved: %s to %s", before.State, after.State)
		}
		o.at("2026-11-20 09:00") // the ticket has been closed meanwhile, and a rating is no message
		o.in(id, "closed")
		o.must(o.rates(id, "good", "Found it, thank you."))
		var told []string
		for _, audit := range o.sees(o.ben.Actor(), id).Audits {
			for _, e := range audit.Events {
				if e.Type == ticket.Rated {
					told = append(told, audit.Author.Name+" "+e.Says)
				}
			}
		}
		o.is("the conversation tells", strings.Join(told, "\n"), "Maria Lopez rated our help: Bad, “I still do not find it.”\nMaria Lopez changed the rating of our help to Good, “Found it, thank you.”")
		o.at("2026-11-23 12:00") // seven days after the first answer
		if err := o.rates(id, "bad", ""); !fault.Is(err, fault.Refused) || !strings.Contains(fault.Says(err), "stays as it is") {
			t.Errorf("changed after a week: %v", err)
		}
		o.is("in the end", o.said(id), "good good Found it, thank you.")
	})
}

// The time in which a rating can be changed is the policy's, and so is the scale.
func TestThePolicySaysHowARatingIsGiven(t *testing.T) {
	eachUnder(t, "soapbox-phone-support", "2026-11-16 10:00", func(o *office) {
		source := strings.Replace(string(example(t, "soapbox-phone-support")), "scale: good_bad_comment", "scale: one_to_five, change_within: 1d", 1)
		o.apply([]byte(source))
		id := o.asks(maria, "Where is the receipt?")
		o.answers(o.ben, id, "Under Settings.", "solved")
		o.lastSays(id, "Very good: ")
		if err := o.rates(id, "good", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("an answer of another scale is taken: %v", err)
		}
		o.must(o.rates(id, "3", ""))
		o.is("colleagues read", o.said(id), "3 fair")
		o.at("2026-11-17 10:00")
		if err := o.rates(id, "5", ""); !fault.Is(err, fault.Refused) {
			t.Errorf("changed after a day: %v", err)
		}
	})
}

// B1: only the requester rates, and everybody else learns nothing, not even whether anybody was asked.
func TestB1_OnlyTheRequesterRates(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		other := o.asks(jonas, "Another question")
		jonasOn := access.Actor{Person: o.ticket(other).Requester.ID, Role: access.Customer}
		answers := map[string]bool{}
		for _, a := range []access.Actor{jonasOn, {Person: jonasOn.Person, Role: access.Customer, Ticket: id}, {Person: o.ticket(id).Requester.ID, Role: access.Customer, Ticket: other}, o.ben.Actor()} {
			err := o.desk.RateTicket(ctx, a, desk.Rate{Ticket: id, Score: "bad"})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v rates: %v", a, err)
			}
			answers[fault.Says(err)] = true
			if _, err := o.desk.RatingPage(ctx, a, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v reads: %v", a, err)
			}
		}
		if len(answers) != 1 {
			t.Errorf("they are told apart: %v", answers)
		}
		o.is("rated", o.said(id), "")
		page, err := o.desk.RatingPage(ctx, o.ticketActor(id), id)
		o.must(err)
		if page.Agent != 0 {
			t.Error("a customer learns who has the ticket")
		}
	})
}

// A sentence is a compliment or a complaint. It is read by whoever may see its ticket, and waits until somebody has dealt with it.
func TestTheSentenceOfARatingIsReadAndDealtWith(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		o.must(o.rates(id, "bad", "Nobody called back."))
		silent := o.asks(jonas, "Another question")
		o.answers(o.ben, silent, "Here.", "solved")
		o.must(o.rates(silent, "bad", "")) // a number alone
		o.is("Ben reads", o.voices(o.ben.Actor(), false), "rating bad from Maria Lopez about Ben Okafor: Nobody called back.")
		support, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Support", Members: []int64{o.cem.ID}})
		o.must(err)
		_, err = o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Assignee: new(int64), Group: &support.ID})
		if err == nil {
			o.is("Ben, who is not in its group, reads", o.voices(o.ben.Actor(), true), "")
		}
		for what, a := range map[string]access.Actor{"Maria": o.ticketActor(id), "a customer": o.customer("maria@"), "a stranger": {}} {
			if _, err := o.desk.Feedback(ctx, a, store.FeedbackFilter{}); err == nil {
				t.Errorf("%s reads what customers said", what)
			}
		}
		page, err := o.desk.Feedback(ctx, o.ana.Actor(), store.FeedbackFilter{})
		o.must(err)
		o.must(o.desk.SettleFeedback(ctx, o.ana.Actor(), page.Items[0].ID, true))
		o.is("what waits", o.voices(o.ana.Actor(), false), "")
		o.is("all", o.voices(o.ana.Actor(), true), "rating bad from Maria Lopez about Ben Okafor: Nobody called back.")
		o.must(o.rates(id, "bad", "Nobody called back, and it rains in."))
		o.is("what waits when she says more", o.voices(o.ana.Actor(), false), "rating bad from Maria Lopez about Ben Okafor: Nobody called back, and it rains in.")
		o.must(o.rates(id, "good", ""))
		o.is("what is left when she takes it back", o.voices(o.ana.Actor(), true), "")
	})
}

// 1.34: mail to the policy's address for it and calls of that outcome stand beside the sentences of ratings.
func TestS1_23_MailAndCallsAreReadWithTheComplaints(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		_, err := p.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "support-admin@ablecommerce.com"})
		p.must(err)
		box := "support-admin@ablecommerce.com"
		raw := p.raw(letter{from: maria, to: box, subject: "A week without an answer", body: "I have waited for a week."})
		accepted, err := p.desk.Accept(ctx, desk.Envelope{From: "maria@greenfund.example", To: []string{box}, Remote: "192.0.2.7"}, raw)
		p.must(err)
		p.receives(accepted)
		p.asks(jonas, "A usual question")
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		p.at("2026-11-17 14:00")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id, Outcome: "complaint", Note: "Eve was kind."}))
		p.is("what waits", p.voices(p.ana.Actor(), false), "call  from Carla Acme about Eve Marsh: Eve was kind.\nmail  from Maria Lopez about : I have waited for a week.")
		p.must(p.desk.PassOnCall(ctx, p.ana.Actor(), id))
		p.is("what waits once the record went on", p.voices(p.ana.Actor(), false), "mail  from Maria Lopez about : I have waited for a week.")
		light := p.hire("dora@agency.example", "Dora Lind", access.Light)
		p.is("whoever hears of no calls reads", p.voices(light.Actor(), true), "mail  from Maria Lopez about : I have waited for a week.")
	})
}

// A report says how many of those who were asked answered, and how many answers are good; each number has its list.
func TestReportsCountWhatCustomersSaid(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		o.must(o.rates(id, "good", "Quick."))
		ids := []int64{id}
		for i, agent := range []account.Person{o.ben, o.cem, o.cem} {
			next := o.asks(jonas, fmt.Sprintf("Question %d", i))
			o.takes(agent, next)
			o.answers(agent, next, "Here.", "solved")
			ids = append(ids, next)
		}
		o.must(o.rates(ids[1], "bad", ""))
		o.must(o.rates(ids[2], "good", ""))
		r := o.report(o.ana).Rated
		o.is("asked, good, bad, answered", fmt.Sprint(r.Asked, r.Good, r.Bad, r.Answered()), "4 2 1 3")
		o.is("this month", fmt.Sprint(r.Months[len(r.Months)-1].Good), "2")
		for what, want := range map[string]string{"rating:asked": "4", "rating:answered": "3", "rating:unanswered": "1", "rating:good": "2", "rating:bad": "1", "rating:fair": "0", "rating:good:" + itoa(o.cem.ID): "1"} {
			o.is("behind "+what, fmt.Sprint(len(strings.Fields(o.behind(o.ana, what)))), want)
		}
		if _, _, err := o.desk.ReportTickets(ctx, o.ana.Actor(), desk.ReportList{What: "rating:splendid"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a number that there is not: %v", err)
		}
		agents := func(as account.Person) string {
			var all []string
			for _, one := range o.report(as).Rated.Agents {
				all = append(all, fmt.Sprintf("%s %d of %d", one.Person.Name, one.Good, one.Answered()))
			}
			return strings.Join(all, ", ")
		}
		o.is("Ana, who leads, reads", agents(o.ana), "Ben Okafor 1 of 2, Cem Yildiz 1 of 1")
		o.is("Ben reads", agents(o.ben), "Ben Okafor 1 of 2")
		o.is("what Ben lists of Cem's", o.behind(o.ben, "rating:good:"+itoa(o.cem.ID)), "")
	})
}

func TestTheSearchFindsTicketsByTheirRating(t *testing.T) {
	eachSolved(t, func(o *office, id int64) {
		finds := func(query string) string {
			page, err := o.desk.Search(ctx, o.ben.Actor(), query, "")
			o.must(err)
			var all []string
			for _, row := range page.Items {
				all = append(all, itoa(row.ID))
			}
			return strings.Join(all, " ")
		}
		o.is("asked and not answered", finds("rating:none"), itoa(id))
		o.must(o.rates(id, "bad", ""))
		o.is("bad", finds("rating:bad receipt"), itoa(id))
		o.is("good", finds("rating:good"), "")
		o.is("not answered", finds("rating:none"), "")
	})
}

// S1-14: the policy's own groups are queues, and so is what nobody has reviewed, under any policy and without a word of code for one.
func TestS1_14_TheQueuesAreThoseOfThePolicy(t *testing.T) {
	eachUnder(t, ableCommerce, "2026-11-17 15:00", func(o *office) {
		files := func(subject, kind string, facts map[string]any) int64 {
			done, err := o.desk.Create(ctx, o.ana.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: subject, Text: "Please look.", Kind: kind, Facts: facts})
			o.must(err)
			return done.Ticket.ID
		}
		files("Key", "licence_key", nil)
		files("Down", "hosting", nil)
		files("Crash", "bug", nil)
		files("Urgent", "support", map[string]any{"plan.priority": true})
		queues, hears, err := o.desk.Queues(ctx, o.ana.Actor())
		o.must(err)
		if !hears {
			t.Error("complaints have no list, though the policy has an address for them")
		}
		var names []string
		for _, q := range queues {
			page, err := o.desk.Inbox(ctx, o.ana.Actor(), q.Filter())
			o.must(err)
			var subjects []string
			for _, row := range page.Items {
				subjects = append(subjects, row.Subject)
			}
			names = append(names, q.Label+": "+strings.Join(subjects, ", "))
		}
		o.is("queues", strings.Join(names, "\n"), "Review a new case: Key, Down, Crash, Urgent\nLevel two: Crash, Urgent\nHosting: Down\nSales: \nLevel one: Key")
		o.answers(o.ben, 1, "Sign in and press Request key.", "answered")
		first, err := o.desk.QueueNamed(ctx, o.ana.Actor(), itoa(o.brand.ID)+".level_one")
		o.must(err)
		page, err := o.desk.Inbox(ctx, o.ana.Actor(), first.Filter())
		o.must(err)
		if len(page.Items) != 0 {
			t.Errorf("an answered case waits on: %+v", page.Items)
		}
	})
}
