package desk_test

import (
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

const procedures = "ablecommerce-phone-procedures"

// telephone is an office that answers the phone by the procedures of seed 001. Eve is in the first line, Ben and Cem in the second.
type telephone struct {
	*office
	eve    account.Person
	second account.Group
}

func onThePhone(t *testing.T, opens string, story func(*telephone)) {
	t.Helper()
	eachUnder(t, procedures, opens, func(o *office) {
		p := &telephone{office: o, eve: o.hire("eve@agency.example", "Eve Marsh", access.LevelOne)}
		var err error
		p.second, err = o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Second line", Members: []int64{o.ben.ID, o.cem.ID}})
		o.must(err)
		p.ben, err = o.desk.Person(ctx, access.Clock, o.ben.ID)
		o.must(err)
		story(p)
	})
}

// begin lets Eve answer a call, and returns its number.
func (p *telephone) begin() int64 {
	p.t.Helper()
	id, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{})
	p.must(err)
	return id
}

func (p *telephone) screen(id int64) desk.PhonePage {
	p.t.Helper()
	page, err := p.desk.PhonePage(ctx, p.eve.Actor(), id, "")
	p.must(err)
	return page
}

// press is Eve pressing a key at the step that her screen shows.
func (p *telephone) press(id int64, key string) desk.PhonePage {
	p.t.Helper()
	p.must(p.presses(p.eve, id, key, ""))
	return p.screen(id)
}

func (p *telephone) presses(who account.Person, id int64, key, said string) error {
	p.t.Helper()
	page, err := p.desk.PhonePage(ctx, who.Actor(), id, "")
	p.must(err)
	return p.desk.AnswerStep(ctx, who.Actor(), desk.StepAnswer{Call: id, Step: page.Run.At, Base: page.Base, Key: key, Said: said})
}

// choose is Eve choosing the one account that the words find.
func (p *telephone) choose(id int64, query string) desk.PhonePage {
	p.t.Helper()
	page, err := p.desk.PhonePage(ctx, p.eve.Actor(), id, query)
	p.must(err)
	if len(page.Found) == 0 {
		p.t.Fatalf("%q finds nobody", query)
	}
	one := page.Found[0]
	p.must(p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: query, Person: one.Person.ID, About: one.About.String()}))
	return p.screen(id)
}

// mails are the names of the messages of a call with their states.
func mails(page desk.PhonePage) string {
	var all []string
	for _, m := range page.Mails {
		all = append(all, m.Message+" "+string(m.State))
	}
	return strings.Join(all, ", ")
}

// tries hands the mails that are due to another server, which answers like this.
func (p *telephone) tries(a desk.Attempted) {
	p.t.Helper()
	due, err := p.desk.ClaimMail(ctx, 50, time.Minute)
	p.must(err)
	for _, m := range due {
		p.must(p.desk.MailAttempted(ctx, m, a))
	}
}

// Eve pressed the wrong key and takes the mail back. Nothing has happened then: she chooses again, and reads no sentence about a mail that
// does not come.
func TestAMailThatIsTakenBackTakesItsChoiceAlong(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.must(p.presses(p.eve, id, "1", "acme-shop"))
		p.choose(id, "acme-shop")
		p.must(p.presses(p.eve, id, "1", ""))
		page := p.screen(id)
		p.is("with the mail", page.Run.At+", "+page.Call.Outcome+page.Call.Problem, "assure, Licence key")
		p.must(p.desk.TakeBackPhoneMail(ctx, p.eve.Actor(), id, page.Mails[0].ID))
		page = p.screen(id)
		p.is("without it", page.Run.At+", "+page.Call.Problem, "live, ")
		p.must(p.presses(p.eve, id, "2", ""))
		p.must(p.presses(p.eve, id, "1", ""))
		p.must(p.desk.TakeBackPhoneMail(ctx, p.eve.Actor(), id, p.screen(id).Mails[1].ID))
		if page = p.screen(id); page.Run.At == "live" {
			t.Error("what was answered since is lost")
		}
	})
}

func TestS1_03_FourKeysOnTheDesk(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.is("first", p.screen(id).Run.Step.Title, "Who is calling?")
		p.must(p.presses(p.eve, id, "1", "acme-shop"))
		page := p.screen(id)
		if page.Run.At != "find" || page.Query != "acme-shop" || len(page.Found) != 1 || page.Found[0].Level != "active" {
			p.t.Fatalf("at %s, looking for %q: %+v", page.Run.At, page.Query, page.Found)
		}
		page = p.choose(id, page.Query)
		p.is("then", page.Run.At+", "+page.Call.Level+": "+page.Call.Because, "live, active: Ordered within the last 30 days")
		page = p.press(id, "1")
		p.is("mails", mails(page), "request-key held")
		page = p.press(id, "1")
		p.is("end", page.Run.End, "done")
		p.is("outcome", page.Call.Outcome, "instructed")
		p.clock.Pass(11 * time.Second)
		p.tries(desk.Attempted{State: "sent", Phase: "done", Host: "mx.acme-shop.example"})
		page = p.screen(id)
		p.is("mails", mails(page), "request-key sent")
		if !strings.Contains(page.Mails[0].Text, "open your order for acme-shop.example") {
			p.t.Errorf("the mail says %q", page.Mails[0].Text)
		}
	})
}

func TestS1_10_AnUnknownCallerIsKeptWithoutAnAccount(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{Number: "+1 (206) 555-0142"})
		p.must(err)
		before, err := p.desk.People(ctx, p.ana.Actor(), store.PeopleFilter{})
		p.must(err)
		page := p.press(id, "3")
		p.is("end", page.Run.End+", "+page.Call.Outcome, "not_identified, not-identified")
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id}))
		call := p.screen(id).Call
		if call.Person != 0 || call.Number != "+12065550142" || call.State != store.PhoneRecorded || len(p.screen(id).Mails) != 0 {
			p.t.Errorf("the record: %+v", call)
		}
		after, err := p.desk.People(ctx, p.ana.Actor(), store.PeopleFilter{})
		p.must(err)
		if len(before.Items) != len(after.Items) {
			p.t.Error("a number has become a person")
		}
	})
}

func TestS1_20_TheMailDoesNotArrive(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "2")
		page := p.press(id, "2")
		p.is("step", page.Run.At, "stay")
		p.clock.Pass(11 * time.Second)
		p.tries(desk.Attempted{State: "failed", Phase: "rcpt", Code: 552, Enhanced: "5.2.2", Text: "mailbox full", Host: "mx.acme-shop.example"})
		page = p.screen(id)
		if mails(page) != "open-case failed" || page.Mails[0].LastError != "mailbox full" || len(page.Run.Offers) != 2 {
			p.t.Fatalf("%s: %s; offers %+v", mails(page), page.Mails[0].LastError, page.Run.Offers)
		}
		p.must(p.desk.SendElsewhere(ctx, p.eve.Actor(), desk.Elsewhere{Call: id, Message: "open-case", Address: "carla.acme@home.example"}))
		page = p.screen(id)
		p.is("mails", mails(page), "open-case failed, open-case held")
		if to := page.Mails[1].To; to != "carla.acme@home.example" {
			p.t.Errorf("it goes to %s", to)
		}
		known, err := p.desk.People(ctx, p.ana.Actor(), store.PeopleFilter{Query: "carla.acme@home"})
		p.must(err)
		if len(known.Items) != 0 {
			p.t.Errorf("an address that somebody said on the phone belongs to somebody now: %+v", known.Items)
		}
		if err := p.desk.SendElsewhere(ctx, p.eve.Actor(), desk.Elsewhere{Call: id, Message: "request-key", Address: "x@elsewhere.example"}); !fault.Is(err, fault.NotFound) {
			p.t.Errorf("a message that the call has not come to was sent: %v", err)
		}
	})
}

// What names a licence goes to an address on file, however the caller asks.
func TestAMessageThatNeedsASureCallerGoesToAnAddressOnFile(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "1")
		err := p.desk.SendElsewhere(ctx, p.eve.Actor(), desk.Elsewhere{Call: id, Message: "request-key", Address: "somebody@elsewhere.example"})
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "on file: carla@acme-shop.example") {
			p.t.Errorf("it goes anywhere: %v", err)
		}
	})
}

// Somebody who only knows a name is not told what stands on the account.
func TestWhoOnlyKnowsANameIsClaimedAndTheKeyMailIsLocked(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		page := p.choose(id, "Carla")
		if page.Call.Grade != policy.Claimed || page.Run.Offers[0].Needs != policy.Matched {
			p.t.Fatalf("grade %s, the key mail needs %q", page.Call.Grade, page.Run.Offers[0].Needs)
		}
		if err := p.presses(p.eve, id, "1", ""); !fault.Is(err, fault.Refused) {
			p.t.Errorf("the locked key was taken: %v", err)
		}
		if got := mails(p.screen(id)); got != "" {
			p.t.Errorf("mails: %s", got)
		}
		page = p.choose(id, "acme-shop")
		p.is("grade", page.Call.Grade, policy.Matched)
		p.is("mails", mails(p.press(id, "1")), "request-key held")
	})
}

func TestGoingBackTakesTheMailBackAndAnotherChoiceSendsAnother(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		page := p.press(id, "2")
		p.must(p.desk.StepBack(ctx, p.eve.Actor(), id, page.Run.At, page.Base))
		page = p.screen(id)
		p.is("after going back", page.Run.At+": "+mails(page), "live: open-case cancelled")
		page = p.press(id, "3")
		p.is("mails", mails(page), "open-case cancelled, development held")
		p.clock.Pass(11 * time.Second)
		p.tries(desk.Attempted{State: "sent", Phase: "done"})
		p.must(p.desk.StepBack(ctx, p.eve.Actor(), id, page.Run.At, page.Base))
		p.is("a mail that has left is not sent again", mails(p.press(id, "3")), "open-case cancelled, development sent")
	})
}

func TestAKeyPressedTwiceCountsOnce(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		page := p.choose(id, "acme-shop")
		for range 3 {
			p.must(p.desk.AnswerStep(ctx, p.eve.Actor(), desk.StepAnswer{Call: id, Step: page.Run.At, Base: page.Base, Key: "2"}))
		}
		page = p.screen(id)
		p.is("after three", page.Run.At+": "+mails(page), "assure: open-case held")
	})
}

func TestAForeignCallerIsAnsweredLikeAnAbsentOne(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		other := p.owns("Olga Other", "olga@other.example", "other.example", "7.0.2", "2026-11-12")
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		foreign := p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: "acme-shop", Person: other.ID})
		absent := p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: "acme-shop", Person: 999_999})
		staff := p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: "ana", Person: p.ana.ID})
		for _, err := range []error{foreign, absent, staff} {
			if !fault.Is(err, fault.NotFound) || err.Error() != absent.Error() {
				p.t.Errorf("%v", err)
			}
		}
	})
}

func TestS1_07_AnOldVersionIsSentItsOptionsWhenTheAccountIsFound(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-parts.example", "acme-parts.example", "5.5", "2019-10-05")
		id := p.begin()
		page := p.choose(id, "acme-parts")
		p.is("end", page.Run.End+", "+page.Call.Level+": "+mails(page), "sent_options, unsupported: old-versions held")
	})
}

func TestS1_12_WhoInsistsGetsThePriorityOptions(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-05-01")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "3")
		p.press(id, "3")
		page := p.press(id, "2")
		p.is("end", page.Run.End+", "+page.Call.Outcome+": "+mails(page), "sent_priority_options, options: resources held, priority-options held")
	})
}

// A call goes on by the procedure it began with, whatever is published meanwhile.
func TestS1_21_ACallKeepsItsProcedure(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.apply([]byte(strings.NewReplacer(`version: "2010-06-02"`, `version: "2026-11-17"`, "send: development, go", "send: resources, go").Replace(string(example(t, procedures)))))
		page := p.press(id, "3")
		p.is("mails", mails(page), "development held")
		p.is("version", page.Policy.Version, "2010-06-02")
		p.is("of the next call", p.screen(p.begin()).Policy.Version, "2026-11-17")
	})
}

func TestS1_22_TheRecordOfACallTakesNoTyping(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "1")
		p.press(id, "1")
		p.clock.Pass(42 * time.Second)
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id}))
		page := p.screen(id)
		c := page.Call
		p.is("account", c.Caller+", "+c.Site, "Carla Acme, acme-shop.example")
		p.is("level", c.Level+" by "+c.Row+": "+c.Because, "active by recent: Ordered within the last 30 days")
		p.is("problem", c.Problem, "Licence key")
		p.is("outcome", c.Outcome, "instructed")
		p.is("mails", mails(page), "request-key held")
		p.is("technician", c.AgentName, "Eve Marsh")
		p.is("length", c.Length(p.clock.Now()).String(), "42s")
		p.is("procedure", page.Policy.Version, "2010-06-02")
		if page.Facts["licence.site"] != "acme-shop.example" {
			p.t.Errorf("the facts are %v", page.Facts)
		}
		if err := p.presses(p.eve, id, "1", ""); !fault.Is(err, fault.Refused) || p.screen(id).Run.End != "done" {
			p.t.Errorf("a record changes afterwards: %v", err)
		}
	})
}

func TestS1_23_AComplaintGoesToItsAddressOnce(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id, Outcome: "complaint", Note: "Waited for a week."}))
		todo, err := p.desk.PhoneCalls(ctx, p.ana.Actor(), store.PhoneFilter{Tasks: true})
		p.must(err)
		if len(todo.Items) != 1 || todo.Items[0].Task != "Pass it on to support-admin@ablecommerce.com" {
			p.t.Fatalf("to do: %+v", todo.Items)
		}
		p.must(p.desk.PassOnCall(ctx, p.ana.Actor(), id))
		if err := p.desk.PassOnCall(ctx, p.ana.Actor(), id); !fault.Is(err, fault.Refused) {
			p.t.Errorf("it was passed on twice: %v", err)
		}
		out, err := p.desk.MailOut(ctx, access.Clock, store.MailFilter{})
		p.must(err)
		if len(out.Items) != 1 || out.Items[0].To != "support-admin@ablecommerce.com" || out.Items[0].Subject != "A call: Compliment or complaint" {
			p.t.Errorf("mails: %+v", out.Items)
		}
	})
}

func TestACallIsHandedOverWithEverythingThatWasHeard(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "2")
		if err := p.desk.HandOverCall(ctx, p.eve.Actor(), desk.HandedCall{Call: id, Group: p.second.ID}); !fault.Is(err, fault.Invalid) {
			p.t.Errorf("it was handed over without a reason: %v", err)
		}
		p.must(p.desk.HandOverCall(ctx, p.eve.Actor(), desk.HandedCall{Call: id, Group: p.second.ID, Reason: "Pays for priority, the shop is down"}))
		if err := p.presses(p.eve, id, "1", ""); !fault.Is(err, fault.Refused) {
			p.t.Errorf("Eve still answers: %v", err)
		}
		waiting, err := p.desk.OpenPhoneCalls(ctx, p.ben.Actor())
		p.must(err)
		if len(waiting) != 1 || waiting[0].Reason != "Pays for priority, the shop is down" {
			p.t.Fatalf("Ben sees %+v", waiting)
		}
		p.must(p.takesUp(p.ben, id))
		p.must(p.presses(p.ben, id, "1", ""))
		page := p.screen(id)
		p.is("it goes on", page.Call.AgentName+", "+page.Run.End+", "+mails(page), "Ben Okafor, done, open-case held")
		if err := p.takesUp(p.cem, id); !fault.Is(err, fault.Conflict) {
			p.t.Errorf("Cem takes it from under Ben's hand: %v", err)
		}
	})
}

func TestASecondCallParksTheFirst(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		first, second := p.begin(), p.begin()
		p.is("the first", string(p.screen(first).Call.State), "parked")
		p.must(p.takesUp(p.eve, first))
		p.is("the second", string(p.screen(second).Call.State), "parked")
	})
}

func TestB13_WhoDoesNotAnswerThePhoneKnowsOfNoCall(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.asks(maria, "A question")
		light := p.hire("dora@agency.example", "Dora Lind", access.Light)
		id := p.begin()
		for name, a := range map[string]access.Actor{"a light agent": light.Actor(), "a customer": p.customer("maria@"), "nobody": {}} {
			_, screen := p.desk.PhonePage(ctx, a, id, "")
			_, list := p.desk.PhoneCalls(ctx, a, store.PhoneFilter{})
			_, begin := p.desk.BeginCall(ctx, a, desk.NewCall{})
			for what, err := range map[string]error{"screen": screen, "list": list, "begin": begin, "answer": p.desk.AnswerStep(ctx, a, desk.StepAnswer{Call: id}), "end": p.desk.KeepCall(ctx, a, desk.CallRecord{Call: id}), "take": p.desk.TakeUpCall(ctx, a, id, "")} {
				if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
					p.t.Errorf("%s, %s: %v", name, what, err)
				}
			}
			if calls, _ := p.desk.OpenPhoneCalls(ctx, a); len(calls) != 0 {
				p.t.Errorf("%s has open calls", name)
			}
		}
	})
}
