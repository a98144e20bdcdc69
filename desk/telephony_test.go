package desk_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/store"
)

const (
	twilioToken = "12345678901234567890123456789012"
	twilioURL   = "https://agency.example/api/calls/twilio"
)

// Twilio's own example of a signature (https://www.twilio.com/docs/usage/security).
func TestTheSignatureIsTwiliosOwn(t *testing.T) {
	form := url.Values{"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"}}
	if got := desk.SignTwilio("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form); got != "RSOYDt4T1cUTdK1PDd93/VVr8B8=" {
		t.Errorf("signed as %s", got)
	}
}

// callback lets Twilio post a callback, signed as it should be.
func (p *telephone) callback(fields ...string) (int64, error) {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return p.desk.HearTwilio(ctx, twilioURL, []byte(form.Encode()), desk.SignTwilio(twilioToken, twilioURL, form))
}

func (p *telephone) leg(status, at string, fields ...string) int64 {
	p.t.Helper()
	id, err := p.callback(append([]string{"CallSid", "CA-leg-" + fields[1], "CallStatus", status, "Timestamp", when("2026-11-17 " + at).UTC().Format(time.RFC1123Z), "From", "+12065550142"}, fields...)...)
	p.must(err)
	return id
}

// Somebody calls the number at Twilio, which lets Eve's telephone ring and Ben's. Ben answers.
func TestTwilioTellsOfACallWithSeveralTelephones(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), twilioToken))
		p.must(p.desk.SaveExtensions(ctx, p.ana.Actor(), "+1 503 555 0101 eve@agency.example\nclient:ben ben@agency.example\n"))
		legs := []func() int64{
			func() int64 { return p.leg("ringing", "13:00", "To", "+12065550100", "Direction", "inbound") },
			func() int64 { return p.leg("in-progress", "13:00", "To", "+12065550100", "Direction", "inbound") },
			func() int64 {
				return p.leg("ringing", "13:01", "To", "+15035550101", "ParentCallSid", "CA-leg-+12065550100")
			},
			func() int64 {
				return p.leg("ringing", "13:01", "To", "client:ben", "ParentCallSid", "CA-leg-+12065550100")
			},
			func() int64 {
				return p.leg("in-progress", "13:02", "To", "client:ben", "ParentCallSid", "CA-leg-+12065550100")
			},
			func() int64 {
				return p.leg("canceled", "13:02", "To", "+15035550101", "ParentCallSid", "CA-leg-+12065550100")
			},
		}
		var id int64
		for _, told := range legs {
			if got := told(); got != 0 {
				id = got
			}
		}
		c := p.screen(id).Call
		p.is("call", fmt.Sprintf("%s %s %s", c.State, c.Number, c.AgentName), "open +12065550142 Ben Okafor")
		if c.Person != 0 {
			p.t.Error("the number has chosen somebody")
		}
		p.leg("completed", "13:04", "To", "client:ben", "ParentCallSid", "CA-leg-+12065550100")
		p.leg("completed", "13:04", "To", "+12065550100", "Direction", "inbound")
		for _, told := range legs { // all of it once more, long after
			told()
		}
		c = p.screen(id).Call
		p.is("call", fmt.Sprintf("%s %s %s", c.State, c.AgentName, c.Length(p.clock.Now())), "over Ben Okafor 2m0s")
		p.is("calls", fmt.Sprint(len(p.calls())), "1")
	})
}

func (p *telephone) calls() []store.PhoneCall {
	p.t.Helper()
	page, err := p.desk.PhoneCalls(ctx, p.eve.Actor(), store.PhoneFilter{Limit: 200})
	p.must(err)
	return page.Items
}

func TestNobodyAtTwilioAnswersIsMissed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), twilioToken))
		id := p.leg("ringing", "13:00", "To", "+12065550100", "Direction", "inbound")
		p.leg("no-answer", "13:01", "To", "+15035550101", "ParentCallSid", "CA-leg-+12065550100")
		p.is("while it rings elsewhere", string(p.screen(id).Call.State), "ringing")
		p.leg("completed", "13:02", "To", "+12065550100", "Direction", "inbound")
		p.is("afterwards", string(p.screen(id).Call.State), "missed")
	})
}

// An agent calls from their own telephone at Twilio: the other side is the number that is called.
func TestACallOutThroughTwilio(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), twilioToken))
		p.must(p.desk.SaveExtensions(ctx, p.ana.Actor(), "client:ben ben@agency.example"))
		p.leg("in-progress", "13:02", "To", "+12065550142", "ParentCallSid", "CA-leg-app", "From", "+12065550100")
		id := p.leg("in-progress", "13:00", "To", "app", "From", "client:ben", "Direction", "inbound")
		c := p.screen(id).Call
		p.is("call", fmt.Sprintf("%s %s %s %s", c.Direction, c.State, c.Number, c.AgentName), "out open +12065550142 Ben Okafor")
	})
}

func TestAForgedCallbackChangesNothing(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		form := url.Values{"CallSid": {"CA1"}, "CallStatus": {"ringing"}, "From": {"+12065550142"}}
		body, right := form.Encode(), desk.SignTwilio(twilioToken, twilioURL, form)
		refused := func(name, address, body, signature string) {
			p.t.Helper()
			if _, err := p.desk.HearTwilio(ctx, address, []byte(body), signature); !fault.Is(err, fault.Unsigned) {
				p.t.Errorf("%s: %v", name, err)
			}
		}
		refused("before a token is set", twilioURL, body, right)
		refused("with no token at all", twilioURL, body, desk.SignTwilio("", twilioURL, form))
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), twilioToken))
		refused("no signature", twilioURL, body, "")
		refused("another account's", twilioURL, body, desk.SignTwilio(strings.Repeat("9", 32), twilioURL, form))
		refused("another address", twilioURL+"?brand=shop", body, right)
		refused("another number", twilioURL, strings.Replace(body, "0142", "0143", 1), right)
		refused("a field more", twilioURL, body+"&StirVerstat=TN-Validation-Passed-A", right)
		refused("no form", twilioURL, "%zz", right)
		p.is("calls", fmt.Sprint(len(p.calls())), "0")
		for range 3 { // replayed, it is the one call it was
			_, err := p.desk.HearTwilio(ctx, twilioURL, []byte(body), right)
			p.must(err)
		}
		p.is("calls", fmt.Sprint(len(p.calls())), "1")
		events := p.screen(p.calls()[0].ID).Events
		p.is("lines", fmt.Sprint(len(events)), "2")
		if err := p.desk.SaveTwilio(ctx, p.eve.Actor(), ""); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("Eve disconnects Twilio: %v", err)
		}
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), ""))
		refused("after it was disconnected", twilioURL, body, right)
	})
}

// What is secret is sealed in the database, and no page gets it back.
func TestB14_SecretsOfTelephonesStaySealed(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		const password = "extension-299-password"
		p.must(p.desk.SaveTwilio(ctx, p.ana.Actor(), twilioToken))
		p.must(p.desk.SaveLine(ctx, p.ana.Actor(), desk.Line{Server: "PBX.example:5080", Transport: "tls", User: "299", Password: password, Country: "+49"}))
		page, err := p.desk.Telephony(ctx, p.ana.Actor())
		p.must(err)
		if shown := fmt.Sprintf("%+v", page); strings.Contains(shown, password) || strings.Contains(shown, twilioToken) || !page.HasTwilio || !page.HasPassword || page.Line.Server != "pbx.example:5080" {
			p.t.Errorf("a page gets %s", shown)
		}
		p.must(p.db.Read(ctx, func(tx *store.Tx) error {
			kept, err := tx.Setting("telephony")
			if text := string(kept); strings.Contains(text, password) || strings.Contains(text, twilioToken) || len(text) == 0 {
				p.t.Errorf("it is kept as %q", text)
			}
			return err
		}))
		if _, err := p.desk.Telephony(ctx, p.eve.Actor()); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("Eve looks at the settings: %v", err)
		}
		p.must(p.desk.SaveLine(ctx, p.ana.Actor(), desk.Line{Server: "pbx.example:5080", Transport: "udp", User: "299"}))
		line, err := p.desk.ExtensionLine(ctx)
		p.must(err)
		p.is("the password stays", line.Transport+" "+line.Password, "udp "+password)
		if err := p.desk.SaveLine(ctx, p.ana.Actor(), desk.Line{Server: "evil.example", Transport: "udp", User: "299"}); !fault.Is(err, fault.Invalid) {
			p.t.Errorf("another server is given the password: %v", err)
		}
		for name, bad := range map[string]desk.Line{
			"a scheme": {Server: "sip://pbx.example", Transport: "udp", User: "299", Password: "p"}, "no extension": {Server: "pbx.example", Transport: "udp", Password: "p"},
			"another way": {Server: "pbx.example", Transport: "ws", User: "299", Password: "p"}, "a header": {Server: "pbx.example", Transport: "udp", User: "299\r\nVia: x", Password: "p"},
			"two lines": {Server: "pbx.example", Transport: "udp", User: "299", Password: "p\r\nq"}, "no country": {Server: "pbx.example", Transport: "udp", User: "299", Password: "p", Country: "Germany"},
		} {
			if err := p.desk.SaveLine(ctx, p.ana.Actor(), bad); !fault.Is(err, fault.Invalid) {
				p.t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestANumberBelongsToWhoeverHasItsTelephone(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		for lines, says := range map[string]string{
			"201": "needs a number and a mail address", "201 nobody@agency.example": "nobody with the address", "201 eve@agency.example\n2 01 ben@agency.example": "stands there twice",
		} {
			if err := p.desk.SaveExtensions(ctx, p.ana.Actor(), lines); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Says(err), says) {
				p.t.Errorf("%q: %v", lines, err)
			}
		}
		p.must(p.desk.SaveExtensions(ctx, p.ana.Actor(), "\n201 eve@agency.example\r\n 202   ben@agency.example \n"))
		id := p.tell(desk.CallTold{Call: "x", Event: "1", What: "ringing", At: p.clock.Now(), Agent: "202"})
		p.is("rung", p.screen(id).Call.AgentName, "Ben Okafor")
	})
}

// Several nodes run, and one of them is the extension. When it goes, another takes its place.
func TestOneNodeHoldsTheLine(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		holds := func(node string, good bool, says string) string {
			held, err := p.desk.HoldLine(ctx, node, good, says)
			p.must(err)
			return fmt.Sprint(held)
		}
		p.is("the first", holds("a", true, "Registered at pbx.example as 299"), "true")
		p.is("the second", holds("b", true, "Registered at pbx.example as 299"), "false")
		p.clock.Pass(30 * time.Second)
		p.is("the first, again", holds("a", true, "Registered at pbx.example as 299"), "true")
		p.clock.Pass(30 * time.Second)
		p.is("the second, still", holds("b", true, "Registered at pbx.example as 299"), "false")
		p.clock.Pass(30 * time.Second)
		p.is("the first has gone", holds("b", true, "Registered at pbx.example as 299"), "true")
		p.must(p.desk.LeaveLine(ctx, "b"))
		p.is("the second has left", holds("a", false, "pbx.example does not answer."), "true")
		page, err := p.desk.Telephony(ctx, p.ana.Actor())
		p.must(err)
		p.is("the page", page.Stands.Says, "pbx.example does not answer.")
	})
}

// A call that an administrator lets ring is heard like any other, and nobody else is rung.
func TestATriedCallRingsAtWhoeverTries(t *testing.T) {
	onThePhone(t, "2026-11-17 13:05", func(p *telephone) {
		id, err := p.desk.TryCall(ctx, p.ana.Actor())
		p.must(err)
		waiting, err := p.desk.OpenPhoneCalls(ctx, p.ana.Actor())
		p.must(err)
		others, err := p.desk.OpenPhoneCalls(ctx, p.eve.Actor())
		p.must(err)
		if len(waiting) != 1 || waiting[0].ID != id || waiting[0].State != store.PhoneRinging || len(others) != 0 {
			p.t.Errorf("Ana sees %+v, Eve %+v", waiting, others)
		}
		if _, err := p.desk.TryCall(ctx, p.eve.Actor()); !fault.Is(err, fault.Forbidden) {
			p.t.Errorf("Eve tries: %v", err)
		}
	})
}
