package desk_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// twoShops are Carla's and Olga's.
func (p *telephone) twoShops() {
	p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
	p.owns("Olga Other", "olga@olgas-tea.example", "olgas-tea.example", "7.0.2", "2026-11-12")
}

func TestWhoWasChosenByMistakeGetsNoMail(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "1")
		page := p.choose(id, "olgas-tea")
		if p.is("mails", mails(page), "request-key cancelled, request-key held"); p.t.Failed() {
			return
		}
		if m := page.Mails[1]; m.To != "olga@olgas-tea.example" || !strings.Contains(m.Text, "olgas-tea.example") || len(page.Left) != 0 {
			p.t.Errorf("to %s: %s; left: %v", m.To, m.Text, page.Left)
		}
		p.clock.Pass(11 * time.Second)
		p.tries(desk.Attempted{State: "sent", Phase: "done"})
		page = p.choose(id, "acme-shop")
		p.is("mails", mails(page), "request-key cancelled, request-key sent, request-key held")
		p.is("warned", strings.Join(page.Left, ""), "“FAQ - How to request a key” had left to olga@olgas-tea.example and cannot be taken back")
		if text := page.Mails[1].Text; !strings.Contains(text, "olgas-tea.example") || strings.Contains(text, "acme-shop") {
			p.t.Errorf("the mail to Olga is shown as %q", text)
		}
	})
}

func TestTheRightCallerByNameGoesBackToWhereTheAnswersHold(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "1")
		page := p.choose(id, "Olga")
		p.is("then", page.Call.Caller+", "+page.Call.Grade+", "+page.Run.At+": "+mails(page), "Olga Other, claimed, live: request-key cancelled")
	})
}

// Whatever happens to a call while its agent begins another stays done.
func TestNothingIsLostWhenCallsAreBegunSideBySide(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		for i := range 8 {
			handed := p.begin()
			var wait sync.WaitGroup
			var handing, keeping error
			wait.Go(func() {
				handing = p.desk.HandOverCall(ctx, p.eve.Actor(), desk.HandedCall{Call: handed, Person: p.ben.ID, Reason: "The shop is down"})
			})
			for range 2 {
				wait.Go(func() { _, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{}); p.errs(err) })
			}
			wait.Wait()
			p.must(handing)
			if c := p.screen(handed).Call; c.Agent != p.ben.ID || c.Reason != "The shop is down" {
				p.t.Errorf("%d: handed over to Ben, and %s has it: %s", i, c.AgentName, c.Reason)
			}
			kept := p.begin()
			wait.Go(func() {
				keeping = p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: kept, None: true, Note: "Kept"})
			})
			wait.Go(func() { _, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{}); p.errs(err) })
			wait.Wait()
			p.must(keeping)
			if c := p.screen(kept).Call; c.State != store.PhoneRecorded || c.Note != "Kept" {
				p.t.Errorf("%d: the record is %s with %q", i, c.State, c.Note)
			}
		}
		open := 0
		calls, err := p.desk.OpenPhoneCalls(ctx, p.eve.Actor())
		p.must(err)
		for _, c := range calls {
			if c.State == store.PhoneOpen {
				open++
			}
		}
		if open != 1 {
			p.t.Errorf("Eve is in %d calls at once", open)
		}
	})
}

func (p *telephone) errs(err error) {
	if err != nil {
		p.t.Error(err)
	}
}

func TestD7_ACallBegunTwiceIsOne(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		first, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{Key: "k"})
		p.must(err)
		second, err := p.desk.BeginCall(ctx, p.eve.Actor(), desk.NewCall{Key: "k"})
		p.must(err)
		if first != second || p.screen(first).Call.State != store.PhoneOpen {
			p.t.Errorf("calls %d and %d", first, second)
		}
	})
}

// A key belongs to one form. What another form did with the same one is no call.
func TestD7_AKeyOfAnotherFormBeginsACall(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		_, err := p.desk.Note(ctx, p.ben.Actor(), desk.Note{Ticket: p.asks(maria, "Licence"), Text: "She will ring.", Key: "k"})
		p.must(err)
		id, err := p.desk.BeginCall(ctx, p.ben.Actor(), desk.NewCall{Key: "k"})
		p.must(err)
		p.is("the call", string(p.screen(id).Call.State), string(store.PhoneOpen))
	})
}

func TestARecordStaysAsItWasKept(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "1")
		p.must(p.desk.NoteCall(ctx, p.eve.Actor(), id, "Was friendly"))
		p.must(p.desk.CallNumber(ctx, p.eve.Actor(), id, "+12065550142"))
		p.is("the number leaves the note", p.screen(id).Call.Note, "Was friendly")
		keep := desk.CallRecord{Call: id, Outcome: "complaint", Note: "Waited\r\nfor a week"}
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), keep))
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), keep))
		if err := p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id, Outcome: "complaint", Note: "Another window"}); !fault.Is(err, fault.Conflict) {
			p.t.Errorf("kept again with another note: %v", err)
		}
		page, err := p.desk.PhonePage(ctx, p.eve.Actor(), id, "olgas-tea")
		p.must(err)
		for what, err := range map[string]error{
			"choose": p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: "olgas-tea", Person: page.Found[0].Person.ID, About: page.Found[0].About.String()}),
			"answer": p.presses(p.eve, id, "1", ""), "back": p.desk.StepBack(ctx, p.eve.Actor(), id, page.Run.At, page.Base), "note": p.desk.NoteCall(ctx, p.eve.Actor(), id, "x"),
			"number": p.desk.CallNumber(ctx, p.eve.Actor(), id, "+12065550143"), "undo": p.desk.TakeBackPhoneMail(ctx, p.eve.Actor(), id, page.Mails[0].ID),
			"send": p.desk.SendElsewhere(ctx, p.eve.Actor(), desk.Elsewhere{Call: id, Message: "request-key", Address: "carla@acme-shop.example"}),
		} {
			if !fault.Is(err, fault.Refused) {
				p.t.Errorf("%s: %v", what, err)
			}
		}
		page = p.screen(id)
		p.is("the record", page.Call.Caller+", "+page.Call.Number+", "+page.Call.Note+": "+mails(page), "Carla Acme, +12065550142, Waited\nfor a week: request-key held")
		said := ""
		for _, e := range page.Events {
			if e.What == "noted" {
				said += e.Says + "; "
			}
		}
		p.is("events", said, "Note: Was friendly; Number: +12065550142; Note: Waited\nfor a week; ")
		p.must(p.desk.PassOnCall(ctx, p.ana.Actor(), id))
	})
}

func TestD7_AMessageIsSentElsewhereOnce(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		p.choose(id, "acme-shop")
		p.press(id, "2")
		for range 2 {
			p.must(p.desk.SendElsewhere(ctx, p.eve.Actor(), desk.Elsewhere{Call: id, Message: "open-case", Address: "carla@home.example", Key: "k"}))
		}
		p.is("mails", mails(p.screen(id)), "open-case held, open-case held")
	})
}

func TestWhatOnlyNearlyFitsIsClaimed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		for query, want := range map[string]string{
			"acme-shop": policy.Matched, "https://acme-shop.example/cart?x=1": policy.Matched, "acme-shop.example/cart": policy.Matched,
			"acme-shap": policy.Claimed, "acm": policy.Claimed,
		} {
			page := p.choose(p.begin(), query)
			p.is(query, page.Call.Caller+", "+page.Call.FoundBy+", "+page.Call.Grade, "Carla Acme, website, "+want)
		}
		page, err := p.desk.PhonePage(ctx, p.eve.Actor(), p.begin(), "acme-shap")
		p.must(err)
		p.is("doubt", page.Found[0].Doubt(), "one letter differs")
	})
}

func TestACallIsTakenUpByWhomItIsFor(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id := p.begin()
		p.must(p.desk.HandOverCall(ctx, p.eve.Actor(), desk.HandedCall{Call: id, Group: p.second.ID, Reason: "Pays for priority"}))
		if err := p.takesUp(p.eve, id); !fault.Is(err, fault.Refused) {
			p.t.Errorf("Eve takes a call of the second line: %v", err)
		}
		p.must(p.takesUp(p.ben, id))
		p.must(p.desk.HandOverCall(ctx, p.ben.Actor(), desk.HandedCall{Call: id, Person: p.eve.ID, Reason: "Yours after all"}))
		if err := p.takesUp(p.cem, id); !fault.Is(err, fault.Refused) {
			p.t.Errorf("Cem takes a call that was given to Eve: %v", err)
		}
		p.must(p.takesUp(p.eve, id))
		maya := p.hire("maya@agency.example", "Maya Lindqvist", access.Admin)
		p.must(p.takesUp(maya, id))
		p.is("it is", p.screen(id).Call.AgentName, "Maya Lindqvist")
	})
}

// Eve has the call in two windows. In the one that is behind she presses another key, and reads that it changed nothing.
func TestAnAnswerThatComesTooLateIsNotSilent(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		behind := p.choose(id, "acme-shop")
		late := func(key string) error {
			return p.desk.AnswerStep(ctx, p.eve.Actor(), desk.StepAnswer{Call: id, Step: behind.Run.At, Base: behind.Base, Key: key})
		}
		p.must(late("1"))
		stood := p.screen(id)
		p.must(late("1"))
		if err := late("2"); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Says(err), "the step was answered meanwhile") {
			p.t.Errorf("the other key, too late: %v", err)
		}
		p.is("nothing has changed", p.screen(id).Run.At+": "+mails(p.screen(id)), stood.Run.At+": "+mails(stood))
	})
}

// Eve goes back in the window that is behind, and reads that no answer was taken away. Back pressed twice takes one answer away.
func TestGoingBackTooLateIsNotSilent(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.twoShops()
		id := p.begin()
		p.choose(id, "acme-shop")
		behind := p.press(id, "1")
		back := func(from desk.PhonePage) error {
			return p.desk.StepBack(ctx, p.eve.Actor(), id, from.Run.At, from.Base)
		}
		tooLate := func(what string) {
			t.Helper()
			stood := p.screen(id)
			if err := back(behind); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Says(err), "no answer was taken away") {
				t.Errorf("%s: %v", what, err)
			}
			p.is("nothing has changed", p.screen(id).Run.At+": "+mails(p.screen(id)), stood.Run.At+": "+mails(stood))
		}
		ahead := p.press(id, "1")
		tooLate("one answer more")
		p.must(back(ahead))
		p.must(back(ahead))
		p.is("pressed twice", p.screen(id).Run.At, behind.Run.At)
		p.press(id, "2")
		behind = ahead
		tooLate("another answer")
	})
}

// takesUp presses what a page shows that was opened just now.
func (p *telephone) takesUp(who account.Person, call int64) error {
	p.t.Helper()
	return p.desk.TakeUpCall(ctx, who.Actor(), call, p.screen(call).Call.Standing())
}

// Ben was quicker. Maya, who administers, could take any call away from him, and does not do it from a page that still rings.
func TestNobodyTakesACallAwayThatTheySawRinging(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		maya := p.hire("maya@agency.example", "Maya Lindqvist", access.Admin)
		id := p.rings("quick", "+12065550142", false)
		seen := p.screen(id).Call.Standing()
		p.must(p.desk.TakeUpCall(ctx, p.ben.Actor(), id, seen))
		p.must(p.desk.TakeUpCall(ctx, p.ben.Actor(), id, seen)) // pressed twice
		says := func(seen string) string {
			err := p.desk.TakeUpCall(ctx, maya.Actor(), id, seen)
			if !fault.Is(err, fault.Conflict) {
				p.t.Fatalf("Maya takes what she saw as %q: %v", seen, err)
			}
			return fault.Says(err)
		}
		p.is("it rang", says(seen), "the call is not as your page showed it: Ben Okafor has it; look again whether you still want it")
		p.must(p.desk.ParkCall(ctx, p.ben.Actor(), id, "Looks for the invoice"))
		p.is("it still rang", says(seen), "the call is not as your page showed it: it is parked for Ben Okafor; look again whether you still want it")
		parked := p.screen(id).Call.Standing()
		p.must(p.takesUp(p.ben, id))
		p.is("it was parked", says(parked), "the call is not as your page showed it: Ben Okafor has it; look again whether you still want it")
		p.must(p.takesUp(maya, id))
		p.is("who looks again", p.screen(id).Call.AgentName, "Maya Lindqvist")
	})
}

func TestAnsweredElsewhereIsNotMissed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		now := p.clock.Now()
		p.tell(desk.CallTold{Call: "x", Event: "1", What: "ringing", At: now})
		p.tell(desk.CallTold{Call: "x", Event: "2", What: "answered", At: now})
		id := p.tell(desk.CallTold{Call: "x", Event: "3", What: "ended", At: now})
		missed := p.tell(desk.CallTold{Call: "y", Event: "1", What: "ended", At: now})
		if !p.screen(id).Call.Elsewhere() || p.screen(missed).Call.Elsewhere() {
			p.t.Error("which call was answered elsewhere is not told")
		}
		page, err := p.desk.PhoneCalls(ctx, p.eve.Actor(), store.PhoneFilter{Unheard: true})
		p.must(err)
		if len(page.Items) != 1 || page.Items[0].ID != missed {
			p.t.Errorf("missed are %+v", page.Items)
		}
		if _, err := p.tells(desk.CallTold{Call: "z", Event: "1", What: "ringing", At: now, Brand: "unheard-of"}); !fault.Is(err, fault.Invalid) {
			p.t.Errorf("a brand that there is not: %v", err)
		}
	})
}

func TestAnOrderIsFoundWithoutItsHyphen(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		carla := p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		p.must(p.db.Write(ctx, func(tx *store.Tx) error {
			return tx.SaveOrder(&account.Order{Brand: p.brand.ID, Owner: account.Owner{Person: carla.ID}, Number: "AC-4410", PlacedOn: calendar.Date{Y: 2026, M: 11, D: 12}, Source: account.ByHand})
		}))
		for _, query := range []string{"AC-4410", "ac4410", "AC 4410"} {
			page := p.choose(p.begin(), query)
			p.is(query, page.Call.FoundBy+", "+page.Call.Grade, "order, matched")
		}
	})
}
