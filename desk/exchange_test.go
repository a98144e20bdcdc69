package desk_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// tell lets the exchange tell something, signed as it should be.
func (p *telephone) tell(told desk.CallTold) int64 {
	p.t.Helper()
	id, err := p.tells(told)
	p.must(err)
	return id
}

func (p *telephone) tells(told desk.CallTold) (int64, error) {
	p.t.Helper()
	secret, err := p.desk.ExchangeSecret(ctx, access.Clock)
	p.must(err)
	body, err := json.Marshal(told)
	p.must(err)
	now := p.clock.Now()
	return p.desk.HearExchange(ctx, body, strconv.FormatInt(now.Unix(), 10), desk.SignExchange(secret, now, body))
}

func (p *telephone) rings(call, from string, attested bool) int64 {
	p.t.Helper()
	return p.tell(desk.CallTold{Call: call, Event: "1", What: "ringing", At: p.clock.Now(), From: from, Attested: attested, Agent: p.eve.Email})
}

func TestS1_18_TwoPeopleWithOneNumber(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		carla := p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		teo := p.owns("Teo Parts", "teo@acme-parts.example", "acme-parts.example", "5.5", "2019-10-05")
		p.has(carla, "+12065550142", false)
		p.has(teo, "+12065550142", false)
		id := p.rings("x-1", "+1 206 555 0142", true)
		waiting, err := p.desk.OpenPhoneCalls(ctx, p.eve.Actor())
		p.must(err)
		if len(waiting) != 1 || waiting[0].ID != id || waiting[0].State != store.PhoneRinging {
			p.t.Fatalf("Eve sees %+v", waiting)
		}
		p.must(p.takesUp(p.eve, id))
		page := p.screen(id)
		if len(page.Found) != 2 || page.Call.Person != 0 || !page.Found[0].Shared || !page.Found[1].Shared {
			p.t.Fatalf("chosen is %d of %+v", page.Call.Person, page.Found)
		}
		p.is("levels", page.Found[0].Level+" "+page.Found[1].Level, "active unsupported")
		p.must(p.desk.ChooseCaller(ctx, p.eve.Actor(), desk.Chosen{Call: id, Query: page.Query, Person: carla.ID, About: page.Found[0].About.String()}))
		page = p.screen(id)
		p.is("choosing is the first step", page.Run.At+", "+page.Call.Grade, "live, claimed") // a number that two people have proves nothing
	})
}

func TestS1_18_ANumberIdentifiesNobodyByItself(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		carla := p.owns("Carla Acme", "carla@acme-shop.example", "acme-shop.example", "7.0.2", "2026-11-12")
		p.has(carla, "+12065550142", false)
		for attested, want := range map[bool]string{false: policy.Claimed, true: policy.Matched} {
			id := p.rings(fmt.Sprint("x-", attested), "+12065550142", attested)
			p.must(p.takesUp(p.eve, id))
			if page := p.screen(id); page.Call.Person != 0 || page.Run.At != "identify" {
				p.t.Errorf("the number alone chose %d and led to %s", page.Call.Person, page.Run.At)
			}
			p.is("grade", p.choose(id, "+12065550142").Call.Grade, want)
		}
		p.has(carla, "+12065550199", true) // a switchboard
		id := p.rings("x-shared", "+12065550199", true)
		p.must(p.takesUp(p.eve, id))
		p.is("a switchboard", p.choose(id, "+12065550199").Call.Grade, policy.Claimed)
	})
}

// Whatever an exchange tells, in whatever order and however often, the record of the call is the same afterwards.
func TestEventsOfAnExchangeComeInAnyOrderAndTwice(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		shop, err := p.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "The Shop", Slug: "shop"})
		p.must(err)
		_, err = p.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: shop.ID, File: "policy.yaml", Source: example(p.t, procedures), Reason: "two brands answer the phone"})
		p.must(err)
		began := p.clock.Now()
		p.clock.MoveTo(ctx, began.Add(10*time.Minute))
		calls := 0
		told := func(t *rapid.T, all []desk.CallTold) store.PhoneCall {
			calls++
			var id int64
			for _, one := range all {
				one.Call = fmt.Sprint("order-", calls)
				if id, err = p.tells(one); err != nil {
					t.Fatal(err)
				}
			}
			c := p.screen(id).Call
			c.ID, c.Run, c.External = 0, 0, ""
			return c
		}
		rapid.Check(p.t, func(t *rapid.T) {
			all := anyEvents(began, p.eve.Email, p.ben.Email).Draw(t, "events")
			want := told(t, all)
			again := append(rapid.Permutation(all).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "twice")...)
			if got := told(t, again); got != want {
				t.Fatalf("in another order it is\n%+v, and was\n%+v", got, want)
			}
		})
		page, err := p.desk.PhoneCalls(ctx, p.eve.Actor(), store.PhoneFilter{Limit: 200})
		p.must(err)
		if len(page.Items) != min(calls, 200) {
			p.t.Errorf("%d calls were made of %d", len(page.Items), calls)
		}
	})
}

// anyEvents are events of one call: each of a kind, at its second, and saying as much as exchanges do.
func anyEvents(began time.Time, agents ...string) *rapid.Generator[[]desk.CallTold] {
	return rapid.Custom(func(t *rapid.T) (all []desk.CallTold) {
		for n := range rapid.IntRange(1, 6).Draw(t, "n") {
			all = append(all, desk.CallTold{
				Event: fmt.Sprint(n), What: rapid.SampledFrom([]string{"ringing", "answered", "ended"}).Draw(t, "what"),
				At:   began.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "second")) * time.Second),
				From: rapid.SampledFrom([]string{"", "+12065550142", "+12065550143", "anonymous"}).Draw(t, "from"), To: rapid.SampledFrom([]string{"", "+493055501420"}).Draw(t, "to"),
				Agent: rapid.SampledFrom(append(agents, "", "nobody@agency.example")).Draw(t, "agent"), Brand: rapid.SampledFrom([]string{"", "", "agency", "shop"}).Draw(t, "brand"),
				Outgoing: rapid.IntRange(0, 4).Draw(t, "outgoing") == 0, Attested: rapid.Bool().Draw(t, "attested"),
			})
		}
		return all
	})
}

// The usual story of a call, in an order that nobody would expect.
func TestACallThatIsHeardOfAtItsEndIsWhole(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		began := p.clock.Now()
		p.clock.MoveTo(ctx, began.Add(70*time.Second))
		p.tell(desk.CallTold{Call: "whole", Event: "c", What: "ended", At: began.Add(64 * time.Second)})
		p.tell(desk.CallTold{Call: "whole", Event: "b", What: "answered", At: began.Add(4 * time.Second)})
		id := p.tell(desk.CallTold{Call: "whole", Event: "a", What: "ringing", At: began, From: "+12065550142", Agent: p.eve.Email})
		c := p.screen(id).Call
		p.is("call", fmt.Sprintf("%s %s %s", c.State, c.Number, c.Length(p.clock.Now())), "over +12065550142 1m0s")
	})
}

// What an agent has done on a call stays, whatever is told about it later.
func TestWhatAnAgentDidStaysWhateverIsToldLater(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id := p.rings("mine", "+12065550142", false)
		p.must(p.takesUp(p.eve, id))
		p.must(p.desk.ParkCall(ctx, p.eve.Actor(), id, "looks for the invoice"))
		p.clock.Pass(time.Minute)
		p.tell(desk.CallTold{Call: "mine", Event: "2", What: "answered", At: p.clock.Now(), Agent: p.ben.Email, Brand: "agency"})
		c := p.screen(id).Call
		p.is("call", fmt.Sprintf("%s %s %s", c.State, c.AgentName, c.Reason), "parked Eve Marsh looks for the invoice")
		p.tell(desk.CallTold{Call: "mine", Event: "3", What: "ended", At: p.clock.Now()})
		p.must(p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id, None: true}))
		p.tell(desk.CallTold{Call: "mine", Event: "4", What: "ringing", At: p.clock.Now(), From: "+12065550142"})
		p.is("record", string(p.screen(id).Call.State), "recorded")
	})
}

// The caller hung up before Eve took the call, whose screen she had open. That nobody answered stays true, whatever she presses.
func TestAMissedCallStaysMissed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id := p.rings("gone", "+12065550142", false)
		p.clock.Pass(20 * time.Second)
		p.tell(desk.CallTold{Call: "gone", Event: "2", What: "ended", At: p.clock.Now()})
		if err := p.desk.KeepCall(ctx, p.eve.Actor(), desk.CallRecord{Call: id, None: true}); !fault.Is(err, fault.Refused) {
			t.Errorf("Eve keeps the record of a call that nobody had: %v", err)
		}
		c := p.screen(id).Call
		p.is("call", fmt.Sprintf("%s, %s", c.State, c.Length(p.clock.Now())), "missed, 0s")
	})
}

// A call at nobody in particular is offered to whoever answers the phone, until somebody has it or it has rung for long.
func TestACallAtNobodyInParticularIsOfferedToEverybody(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		waits := func(who account.Person) string {
			all, err := p.desk.OpenPhoneCalls(ctx, who.Actor())
			p.must(err)
			return fmt.Sprint(len(all))
		}
		id := p.tell(desk.CallTold{Call: "all", Event: "1", What: "ringing", At: p.clock.Now(), From: "+12065550142"})
		p.is("waits for Eve and Ben", waits(p.eve)+waits(p.ben), "11")
		p.must(p.takesUp(p.ben, id))
		p.is("waits for Eve and Ben", waits(p.eve)+waits(p.ben), "01")
		lost := p.tell(desk.CallTold{Call: "lost", Event: "1", What: "ringing", At: p.clock.Now()})
		p.clock.Pass(4 * time.Minute)
		p.tell(desk.CallTold{Call: "lost", Event: "2", What: "ringing", At: p.clock.Now()})
		p.clock.Pass(4 * time.Minute)
		p.is("waits for Eve while it is said to ring", waits(p.eve), "1")
		p.clock.Pass(2 * time.Minute)
		p.is("waits for Eve when nothing more is said", waits(p.eve), "0")
		p.must(p.desk.Forget(ctx))
		p.is("a ringing that nobody ended", string(p.screen(lost).Call.State), "missed")
	})
}

// A call rings at Eve alone, and its end is never told. She does not read for ever that it rings.
func TestARingWhoseEndIsNeverToldStops(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.rings("lost", "+12065550142", false)
		waits := func() int {
			all, err := p.desk.OpenPhoneCalls(ctx, p.eve.Actor())
			p.must(err)
			return len(all)
		}
		p.is("at first", fmt.Sprint(waits()), "1")
		p.clock.Pass(6 * time.Minute)
		p.is("after a while", fmt.Sprint(waits()), "0")
	})
}

// Eve's call is over, and she goes home without confirming its record. A day later it is one of those without an outcome.
func TestACallThatNobodyConfirmsIsCountedAsNotRecorded(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id := p.begin()
		p.must(p.desk.HangUp(ctx, p.eve.Actor(), id))
		p.clock.Pass(23 * time.Hour)
		p.must(p.desk.Forget(ctx))
		p.is("the next morning", string(p.screen(id).Call.State), "over")
		p.clock.Pass(2 * time.Hour)
		p.must(p.desk.Forget(ctx))
		call := p.screen(id).Call
		p.is("a day later", string(call.State)+call.Outcome, "recorded")
		var counts []store.PhoneCount
		p.must(p.db.Read(ctx, func(tx *store.Tx) (err error) {
			counts, err = tx.CountPhoneCalls(p.eve.Actor(), call.Brand, call.Began)
			return err
		}))
		p.is("counted", fmt.Sprintf("%d without an outcome", counts[0].Calls), "1 without an outcome")
	})
}

func TestNobodyAnswersIsMissed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		id := p.rings("missed", "", false)
		p.tell(desk.CallTold{Call: "missed", Event: "2", What: "ended", At: p.clock.Now()})
		p.is("state", string(p.screen(id).Call.State), "missed")
	})
}

func TestAForgedEventChangesNothing(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		secret, err := p.desk.ExchangeSecret(ctx, access.Clock)
		p.must(err)
		now := p.clock.Now()
		body := []byte(`{"call":"forged","event":"1","what":"ringing","at":"` + now.Format(time.RFC3339) + `","from":"+12065550142"}`)
		right, stamp := desk.SignExchange(secret, now, body), strconv.FormatInt(now.Unix(), 10)
		old := now.Add(-6 * time.Minute)
		for name, try := range map[string][3]string{
			"no signature":      {string(body), stamp, ""},
			"another signature": {string(body), stamp, strings.Repeat("0", 64)},
			"another body":      {strings.Replace(string(body), "0142", "0143", 1), stamp, right},
			"another time":      {string(body), strconv.FormatInt(now.Unix()+1, 10), right},
			"an old one":        {string(body), strconv.FormatInt(old.Unix(), 10), desk.SignExchange(secret, old, body)},
			"no time":           {string(body), "now", right},
		} {
			if _, err := p.desk.HearExchange(ctx, []byte(try[0]), try[1], try[2]); !fault.Is(err, fault.Unsigned) {
				p.t.Errorf("%s: %v", name, err)
			}
		}
		for name, body := range map[string]string{"no JSON": "ringing", "no call": `{"event":"1","what":"ringing"}`, "another thing": `{"call":"x","event":"1","what":"singing","at":"2026-11-17T18:00:00Z"}`, "no time": `{"call":"x","event":"1","what":"ringing"}`,
			"the first year": `{"call":"x","event":"1","what":"ringing","at":"0001-01-02T00:00:00Z"}`, "a day and a second ago": `{"call":"x","event":"1","what":"ringing","at":"` + now.Add(-24*time.Hour-time.Second).Format(time.RFC3339) + `"}`} {
			if _, err := p.desk.HearExchange(ctx, []byte(body), stamp, desk.SignExchange(secret, now, []byte(body))); !fault.Is(err, fault.Invalid) {
				p.t.Errorf("%s: %v", name, err)
			}
		}
		page, err := p.desk.PhoneCalls(ctx, p.eve.Actor(), store.PhoneFilter{})
		p.must(err)
		if len(page.Items) != 0 {
			p.t.Errorf("%d calls were made of nothing", len(page.Items))
		}
		if _, err := p.desk.ExchangeSecret(ctx, p.eve.Actor()); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("Eve reads the secret: %v", err)
		}
	})
}

func TestS1_17_LevelOneDoesNotGiveTechnicalSupport(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		p.owns("Maria Lopez", "maria@greenfund.example", "greenfund.example", "7.0.2", "2026-05-01")
		done, err := p.desk.Create(ctx, access.Clock, desk.Request{Requester: "maria@greenfund.example", Subject: "Import fails", Text: "It stops half way."})
		p.must(err)
		id := done.Ticket.ID
		if _, err := p.desk.Answer(ctx, p.eve.Actor(), desk.Answer{Ticket: id, Text: "Set the memory limit to 512 MB."}); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("Eve answered in her own words: %v", err)
		}
		if _, err := p.desk.Note(ctx, p.eve.Actor(), desk.Note{Ticket: id, Text: "For the second line: memory?"}); err != nil {
			p.t.Errorf("Eve cannot write a note: %v", err)
		}
		if _, err := p.desk.SendPrepared(ctx, p.eve.Actor(), desk.Prepared{Ticket: id, Message: "received"}); !fault.Is(err, fault.NotFound) {
			p.t.Errorf("the acknowledgement is no prepared message: %v", err)
		}
		_, err = p.desk.SendPrepared(ctx, p.eve.Actor(), desk.Prepared{Ticket: id, Message: "resources", Status: "answered"}) // S1-15
		p.must(err)
		t := p.ticket(id)
		p.is("status", t.State, "answered")
		p.clock.Pass(11 * time.Second)
		if m := p.last(id); !strings.Contains(m.text, "https://ablecommerce.example/resources") || m.to != "maria@greenfund.example" {
			p.t.Errorf("the mail to %s says %q", m.to, m.text)
		}
		light := p.hire("dora@agency.example", "Dora Lind", access.Light)
		if _, err := p.desk.SendPrepared(ctx, light.Actor(), desk.Prepared{Ticket: id, Message: "resources"}); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("a light agent sent a message: %v", err)
		}
	})
}

// A role that a program does not know lets its holder do less and not more.
func TestTheFirstLineIsKeptAsItsOwnRole(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		kept, err := p.desk.Person(ctx, access.Clock, p.eve.ID)
		p.must(err)
		if kept.Role != access.LevelOne || access.May(kept.Actor(), access.ReplyPublicly) || access.May(kept.Actor(), access.Administer) {
			p.t.Errorf("Eve is %q", kept.Role)
		}
		var lines []account.Person
		page, err := p.desk.People(ctx, p.ana.Actor(), store.PeopleFilter{Role: access.LevelOne})
		p.must(err)
		if lines = page.Items; len(lines) != 1 || lines[0].ID != p.eve.ID {
			p.t.Errorf("the first line is %+v", lines)
		}
	})
}

// Forty calls at once, each told by several events in an order of its own, are forty calls.
func TestManyCallsAtOnce(t *testing.T) {
	onThePhone(t, "2026-11-17 13:00", func(p *telephone) {
		var all []desk.CallTold
		for n := range 40 {
			for i, what := range []string{"ringing", "answered", "ended"} {
				all = append(all, desk.CallTold{Call: fmt.Sprint("many-", n), Event: what, What: what, At: p.clock.Now().Add(time.Duration(i) * time.Second), From: "+12065550142"})
			}
		}
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		failed := make(chan error)
		for w := range 4 {
			go func() {
				for i := w; i < len(all); i += 4 {
					if _, err := p.tells(all[i]); err != nil {
						failed <- err
						return
					}
				}
				failed <- nil
			}()
		}
		for range 4 {
			p.must(<-failed)
		}
		page, err := p.desk.PhoneCalls(ctx, p.eve.Actor(), store.PhoneFilter{Limit: 200})
		p.must(err)
		if len(page.Items) != 40 {
			p.t.Errorf("%d calls were made of 40", len(page.Items))
		}
	})
}
