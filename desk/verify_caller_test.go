package desk_test

import (
	"fmt"
	"regexp"
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

// proving is an office whose policy lets administrators be changed for callers who have proved who they are. Carla has been found.
func proving(t *testing.T, story func(p *telephone, id int64, carla account.Person)) {
	t.Helper()
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		source, _ := policy.Example(procedures)
		text := strings.Replace(string(source), "          - {label: Something else, key: \"5\", send: open-case, go: assure}", `          - {label: Something else, key: "5", send: open-case, go: assure}
          - {label: Another administrator, key: "6", go: admins}
      admins: {title: Change the administrators, needs_caller: verified, do: [{note: The administrators were changed}], go: assure}`, 1)
		_, err := p.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(strings.Replace(text, `version: "2010-06-02"`, `version: "2010-06-03"`, 1)), Reason: "administrators are changed on the phone"})
		p.must(err)
		carla := p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		p.clock.Pass(addressRests)
		id := p.begin()
		p.choose(id, "acme-shop")
		story(p, id, carla)
	})
}

var sixDigits = regexp.MustCompile(`(?m)^(\d{3}) (\d{3})\r?$`)

// reads is the code in the newest mail of a call, as its reader sees it.
func (p *telephone) reads(id int64) string {
	p.t.Helper()
	codes := p.screen(id).Codes
	_, raw, err := p.desk.SentMail(ctx, access.Clock, codes[len(codes)-1].ID)
	p.must(err)
	found := sixDigits.FindStringSubmatch(string(raw))
	if found == nil {
		p.t.Fatalf("no code in %s", raw)
	}
	return found[1] + found[2]
}

// wrong is another code than this one.
func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func (p *telephone) sends(id int64) error { return p.desk.MailCallerCode(ctx, p.eve.Actor(), id, "") }

func (p *telephone) types(id int64, said string) error {
	return p.desk.VerifyCaller(ctx, p.eve.Actor(), id, said)
}

func TestACallerProvesByACodeWhoTheyAre(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		page := p.press(id, "6")
		p.is("locked", page.Run.At+", needs "+page.Run.Needs, "admins, needs verified")
		if err := p.presses(p.eve, id, "1", ""); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "send a code to their address") {
			p.t.Errorf("the locked step is answered: %v", err)
		}
		p.is("it goes to", page.Code.To, "c…@acme-shop.example")
		p.must(p.sends(id))
		page = p.screen(id)
		p.is("until", page.Code.Until.Sub(p.clock.Now()).String(), "10m0s")
		p.is("mails", fmt.Sprintf("%d, %s to %s", len(page.Mails), page.Codes[0].State, page.Codes[0].To), "0, queued to carla@acme-shop.example")
		code := p.reads(id)
		p.must(p.types(id, code[:3]+" "+code[3:]))
		page = p.screen(id)
		p.is("then", page.Run.At+", "+page.Call.Grade+" by "+page.Call.SureBy, "assure, verified by code")
		if says := happened(page); !strings.Contains(says, "A code went to c…@acme-shop.example") || !strings.Contains(says, "Carla Acme has proved who they are, by a code in a mail") || !strings.Contains(says, "The administrators were changed") {
			p.t.Errorf("the call says %s", says)
		}
		if err := p.types(id, wrong(code)); err != nil {
			p.t.Errorf("whoever is verified is asked again: %v", err)
		}
		page = p.choose(id, "Carla")
		p.is("another thing of hers", page.Call.Grade, policy.Verified)
	})
}

func happened(page desk.PhonePage) string {
	var all []string
	for _, e := range page.Events {
		all = append(all, e.Says)
	}
	return strings.Join(all, "; ")
}

// Whoever says that they are somebody else has five tries at a code, however they come, and cannot have codes without end.
func TestF7_ACodeIsNotGuessed(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		p.must(p.sends(id))
		code := p.reads(id)
		for try, left := range []string{"4 tries are left", "3 tries are left", "2 tries are left", "one try is left", "it counts no more"} {
			if err := p.types(id, wrong(code)); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), left) {
				p.t.Errorf("try %d: %v", try+1, err)
			}
		}
		if err := p.types(id, code); !fault.Is(err, fault.Refused) {
			p.t.Errorf("after five wrong ones the right one counts: %v", err)
		}
		p.is("grade", p.screen(id).Call.Grade, policy.Matched)
		for range 2 {
			p.must(p.sends(id))
		}
		if err := p.sends(id); !fault.Is(err, fault.TooMany) {
			p.t.Errorf("a fourth code: %v", err)
		}
		for range 2 { // on other calls, so that it is the person who is not disturbed
			other := p.begin()
			p.choose(other, "acme-shop")
			for range 3 {
				_ = p.sends(other)
			}
		}
		third := p.begin()
		p.choose(third, "acme-shop")
		if err := p.sends(third); !fault.Is(err, fault.TooMany) {
			p.t.Errorf("a seventh code to one person within a day: %v", err)
		}
		for range 12 {
			_ = p.types(third, "000000")
		}
		if err := p.types(third, "000000"); !fault.Is(err, fault.TooMany) {
			p.t.Errorf("numbers are tried without end: %v", err)
		}
	})
}

func TestF2_ACodeCountsOnceForItsCallAndItsCaller(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		p.owns("Olga Other", "olga@other.example", "other-shop.example", "7.0.2", "2026-11-12")
		p.must(p.sends(id))
		first := p.reads(id)
		p.must(p.sends(id))
		second := p.reads(id)
		if first != second {
			if err := p.types(id, first); !fault.Is(err, fault.Refused) {
				p.t.Errorf("a code that another has replaced counts: %v", err)
			}
		}
		other := p.begin() // parks the first
		p.choose(other, "acme-shop")
		if err := p.types(other, second); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "mailed for this call") {
			p.t.Errorf("the code of another call counts: %v", err)
		}
		p.must(p.takesUp(p.eve, id))
		page := p.choose(id, "other-shop")
		p.is("somebody else", page.Call.Grade, policy.Matched)
		if err := p.types(id, second); !fault.Is(err, fault.Refused) {
			p.t.Errorf("Carla's code proves that it is Olga: %v", err)
		}
		p.choose(id, "acme-shop")
		if err := p.types(id, second); !fault.Is(err, fault.Refused) {
			p.t.Errorf("it counts again once she is chosen again: %v", err)
		}
		p.must(p.sends(id))
		third := p.reads(id)
		p.clock.Pass(10*time.Minute + time.Second)
		if err := p.types(id, third); !fault.Is(err, fault.Refused) {
			p.t.Errorf("it counts after ten minutes: %v", err)
		}
		p.must(p.desk.Forget(ctx))
		p.is("kept codes", fmt.Sprint(p.keptCodes(carla, id)), "false")
	})
}

// keptCodes reports whether a code of somebody's is still kept, in whatever state.
func (p *telephone) keptCodes(who account.Person, call int64) bool {
	p.t.Helper()
	found := false
	p.must(p.db.Read(ctx, func(tx *store.Tx) error {
		_, err := tx.NewestLink(who.ID, fmt.Sprintf("call-code/%d", call))
		found = err == nil
		return nil
	}))
	return found
}

// Neither the screen nor the mail log nor what is kept tells a code to anybody but its reader.
func TestC17_ACodeIsItsReadersAlone(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		p.must(p.sends(id))
		code, page := p.reads(id), p.screen(id)
		spaced := code[:3] + " " + code[3:]
		if shown := fmt.Sprintf("%+v", page); strings.Contains(shown, code) || strings.Contains(shown, spaced) {
			p.t.Error("the screen holds the code")
		}
		for _, who := range []account.Person{p.eve, p.ben, p.ana} {
			out, raw, err := p.desk.SentMail(ctx, who.Actor(), page.Codes[0].ID)
			if all := fmt.Sprintf("%+v %s", out, raw); err == nil && (strings.Contains(all, code) || strings.Contains(all, spaced)) {
				p.t.Errorf("%s reads the code in the mail log", who.Name)
			}
		}
		p.must(p.db.Read(ctx, func(tx *store.Tx) error {
			link, err := tx.NewestLink(carla.ID, fmt.Sprintf("call-code/%d", id))
			if strings.Contains(fmt.Sprintf("%+v", link), code) || len(link.Code) != 32 {
				p.t.Errorf("kept is %+v", link)
			}
			return err
		}))
		_, letter, err := p.desk.SentMail(ctx, access.Clock, page.Codes[0].ID)
		p.must(err)
		if says := string(letter); !strings.Contains(says, "tell it to nobody") || strings.Contains(says, "Carla Acme") {
			p.t.Errorf("the mail says %s", says)
		}
	})
}

// addressRests is how long an address has to be on file before it proves who calls.
const addressRests = 24 * time.Hour

// Mallory has talked Ana into correcting Carla's address, and rings up as Carla. The code goes to the older address, and what Mallory reads
// on "her" page counts no more than the new address does, for a day.
func TestB1_AnAddressOfTodayProvesNothing(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		mallorys := "carla@acme-shops.example"
		_, err := p.desk.ChangePerson(ctx, p.ana.Actor(), carla.ID, desk.PersonChange{Email: &mallorys})
		p.must(err)
		p.clock.Pass(time.Minute)
		code := p.screen(id).Code
		p.is("a code goes", code.To+", "+code.Young+" counts "+code.Rests.Sub(p.clock.Now()).String()+" later", "c…@acme-shop.example, c…@acme-shops.example counts 23h59m0s later")
		p.must(p.sends(id))
		p.is("it goes to", p.screen(id).Codes[0].To, "carla@acme-shop.example")
		p.must(p.desk.SayOnPhone(ctx, carla.Actor()))
		if err := p.types(id, p.spoken(carla.Actor()).Number); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "on file for less than a day") {
			p.t.Errorf("the page of whoever has the new address: %v", err)
		}
		p.is("grade", p.screen(id).Call.Grade, policy.Matched)
		p.must(p.types(id, p.reads(id)))
		p.is("who has the older one", p.screen(id).Call.Grade, policy.Verified)

		p.clock.Pass(addressRests)
		next := p.begin()
		p.choose(next, "acme-shop")
		code = p.screen(next).Code
		p.is("a day later", code.To+code.Young, "c…@acme-shops.example")
	})
}

// A merge brings addresses along that were never Carla's, and a record of today has none that counts.
func TestB1_AddressesOfAMergeAndOfANewRecordAreYoung(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		mallory := p.owns("Carla Acme", "carla@acme-shops.example", "acme-shops.example", "7.0.2", "2026-11-12")
		fresh := p.begin()
		p.choose(fresh, "acme-shops")
		p.is("a record of today", p.screen(fresh).Code.To, "")
		if err := p.sends(fresh); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "on file for a day") {
			p.t.Errorf("a code for a record of today: %v", err)
		}
		p.clock.Pass(3 * addressRests)
		look, err := p.desk.LookAtMerge(ctx, p.ana.Actor(), carla.ID, mallory.ID)
		p.must(err)
		p.must(p.desk.MergeCustomers(ctx, p.ana.Actor(), desk.MergeCustomers{Stays: carla.ID, Goes: mallory.ID, Reason: "they are one", Seen: look.Mark()}))
		both := p.begin()
		p.choose(both, "acme-shop.example")
		code := p.screen(both).Code
		p.is("after a merge", code.To+", not "+code.Young, "c…@acme-shop.example, not c…@acme-shops.example")
	})
}

// Carla's address was corrected days ago, and a letter was wrong: mail to it comes back. The older address gets the next code. Without
// an older one, none goes out.
func TestACodeGoesWhereMailArrives(t *testing.T) {
	proving(t, func(p *telephone, _ int64, carla account.Person) {
		wrong := "carla@acme-sohp.example"
		_, err := p.desk.ChangePerson(ctx, p.ana.Actor(), carla.ID, desk.PersonChange{Email: &wrong})
		p.must(err)
		p.clock.Pass(2 * addressRests)
		id := p.begin()
		p.choose(id, "acme-shop.example")
		p.is("a code goes", p.screen(id).Code.To, "c…@acme-sohp.example")
		p.must(p.sends(id))
		p.refused(wrong)
		p.is("then it goes", p.screen(id).Code.To, "c…@acme-shop.example")
		p.must(p.sends(id))
		p.is("the second goes to", p.screen(id).Codes[1].To, "carla@acme-shop.example")
		p.must(p.types(id, p.reads(id)))
		p.is("who has the older one", p.screen(id).Call.Grade, policy.Verified)

		only := p.owns("Olga Lind", "olga@lind.example", "lind.example", "7.0.2", "2026-11-12")
		p.clock.Pass(2 * addressRests)
		next := p.begin()
		p.choose(next, "lind.example")
		p.must(p.sends(next))
		p.refused(only.Email)
		p.is("without an older one", p.screen(next).Code.To, "")
		if err := p.sends(next); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "mail does not reach olga@lind.example") {
			p.t.Errorf("a code to where mail does not arrive: %v", err)
		}
	})
}

// refused is the other server knowing nobody at an address, to which a mail is on its way.
func (p *telephone) refused(address string) {
	p.t.Helper()
	mails, err := p.desk.ClaimMail(ctx, 100, time.Minute)
	p.must(err)
	for _, m := range mails {
		if m.To == address {
			p.must(p.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "rcpt", Code: 550, Enhanced: "5.1.1", Text: "no such user"}))
			return
		}
	}
	p.t.Fatalf("no mail is on its way to %s", address)
}

// A code goes nowhere while nobody is chosen, while nobody is on the line, and where mail does not arrive.
func TestACodeNeedsSomebodyToBeSureOf(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		p.must(p.desk.HangUp(ctx, p.eve.Actor(), id))
		for what, err := range map[string]error{"send": p.sends(id), "type": p.types(id, "123456")} {
			if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "nobody is on the line") {
				p.t.Errorf("%s after the call: %v", what, err)
			}
		}
		empty := p.begin()
		for what, err := range map[string]error{"send": p.sends(empty), "type": p.types(empty, "123456")} {
			if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "choose who is calling first") {
				p.t.Errorf("%s for nobody: %v", what, err)
			}
		}
		p.choose(empty, "acme-shop")
		if err := p.types(empty, "12 ab"); !fault.Is(err, fault.Invalid) {
			p.t.Errorf("what is no number: %v", err)
		}
		if err := p.desk.MailCallerCode(ctx, p.ben.Actor(), empty, ""); !fault.Is(err, fault.Refused) {
			p.t.Errorf("Ben sends a code on Eve's call: %v", err)
		}
	})
}

func TestD7_ACodeIsMailedOnce(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		for range 3 {
			p.must(p.desk.MailCallerCode(ctx, p.eve.Actor(), id, "a form"))
		}
		p.is("codes", fmt.Sprint(len(p.screen(id).Codes)), "1")
	})
}

// Whoever is signed in on their own page reads four digits from it.
func TestACallerProvesByTheirOwnPageWhoTheyAre(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		hers := carla.Actor()
		if err := p.types(id, "0000"); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "I am on the phone") {
			p.t.Errorf("without her page: %v", err)
		}
		p.must(p.desk.SayOnPhone(ctx, hers))
		spoken := p.spoken(hers)
		if len(spoken.Number) != 4 || spoken != p.spoken(hers) {
			p.t.Errorf("her page says %+v, then %+v", spoken, p.spoken(hers))
		}
		if err := p.types(id, wrong(spoken.Number)); !fault.Is(err, fault.Refused) {
			p.t.Errorf("another number: %v", err)
		}
		p.must(p.types(id, spoken.Number))
		page := p.screen(id)
		p.is("grade", page.Call.Grade+" by "+page.Call.SureBy, "verified by page")
		p.is("her page", fmt.Sprint(p.spoken(hers).Proved, p.spoken(hers).Number == ""), "true true")
		other := p.begin()
		p.choose(other, "acme-shop")
		if err := p.types(other, spoken.Number); !fault.Is(err, fault.Refused) {
			p.t.Errorf("the number counts twice: %v", err)
		}
	})
}

func (p *telephone) spoken(a access.Actor) desk.Spoken {
	p.t.Helper()
	s, err := p.desk.OnPhone(ctx, a)
	p.must(err)
	return s
}

// The link of a ticket may have been passed on, and staff have no page of their own: neither makes a number.
func TestC17_TheLinkOfATicketProvesNothingOnThePhone(t *testing.T) {
	proving(t, func(p *telephone, id int64, carla account.Person) {
		linked := carla.Actor()
		linked.Ticket = 1
		for name, a := range map[string]access.Actor{"a ticket link": linked, "Ben": p.ben.Actor(), "nobody": {}} {
			_, err := p.desk.OnPhone(ctx, a)
			for what, err := range map[string]error{"make": p.desk.SayOnPhone(ctx, a), "read": err} {
				if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unsigned) {
					p.t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
	})
}
