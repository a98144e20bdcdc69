package send_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hark/mail/mailtest"
	"hark/mail/peer"
	"hark/mail/send"
)

const reply = "From: Acme support <support@acme.test>\r\nTo: laura@customer.test\r\nSubject: Re: Invoice\r\n\r\nHere it is.\r\n"

var toLaura = send.Message{From: "bounce+7@acme.test", To: "laura@customer.test", Raw: []byte(reply)}

// hasty gives up soon, for tests of servers that never answer; patient is for all others.
var (
	hasty   = evenly(250*time.Millisecond, 3*time.Second)
	patient = evenly(20*time.Second, time.Minute)
)

func evenly(step, total time.Duration) send.Patience {
	return send.Patience{Connect: step, Command: step, Block: step, Dot: step, Total: total}
}

// through is a sender that uses the server at the URL.
func through(t testing.TB, url string, options ...func(*peer.Server)) *send.SMTP {
	t.Helper()
	server, err := peer.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range options {
		option(&server)
	}
	return &send.SMTP{Name: "mx.acme.test", Smarthost: &server, Patience: patient}
}

func ignore(send.Phase) error { return nil }

func attempt(t testing.TB, s send.Sender, m send.Message) send.Result {
	t.Helper()
	return s.Send(t.Context(), m, ignore)
}

func expect(t testing.TB, r send.Result, state send.State, phase send.Phase, words string) {
	t.Helper()
	if r.State != state || r.Phase != phase || !strings.Contains(fmt.Sprintf("%d %s %s", r.Code, r.Enhanced, r.Text), words) {
		t.Errorf("expected %s in %s with %q, got %+v", state, phase, words, r)
	}
}

func TestAMailIsSentAndEveryPhaseIsAnnouncedBeforeItBegins(t *testing.T) {
	catcher := mailtest.Catch(t)
	var phases []send.Phase
	r := through(t, "smtp://"+catcher.Addr).Send(t.Context(), toLaura, func(p send.Phase) error {
		if p == send.FinalDot {
			catcher.None(t)
		}
		phases = append(phases, p)
		return nil
	})
	expect(t, r, send.Sent, send.Done, "")
	m := catcher.Next(t)
	if m.From != toLaura.From || fmt.Sprint(m.To) != "[laura@customer.test]" || m.Raw != reply {
		t.Errorf("arrived: %+v", m)
	}
	want := []send.Phase{send.Connect, send.Banner, send.Hello, send.StartTLS, send.SignIn, send.MailFrom, send.RcptTo, send.Data, send.Body, send.FinalDot}
	if !slices.Equal(phases, want) {
		t.Errorf("phases %v", phases)
	}
}

func TestAutomaticMailHasTheNullSender(t *testing.T) {
	catcher := mailtest.Catch(t)
	expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), send.Message{To: "laura@customer.test", Raw: []byte(reply)}), send.Sent, send.Done, "")
	if m := catcher.Next(t); m.From != "" {
		t.Errorf("from %q", m.From)
	}
}

// TestAMailWhosePhaseCannotBeRecordedIsNotSent: another node may have taken over the mail while this one slept.
func TestAMailWhosePhaseCannotBeRecordedIsNotSent(t *testing.T) {
	for _, lost := range []send.Phase{send.Connect, send.MailFrom, send.FinalDot} {
		catcher := mailtest.Catch(t)
		r := through(t, "smtp://"+catcher.Addr).Send(t.Context(), toLaura, func(p send.Phase) error {
			if p == lost {
				return errors.New("the lease is somebody else's now")
			}
			return nil
		})
		catcher.Settle(t)
		if r.State != send.Deferred || catcher.Count() != 0 {
			t.Errorf("lease lost before %s: %+v, %d mails", lost, r, catcher.Count())
		}
	}
}

// TestC16_DotsAndLineEndsArriveAsTheyWereMeant sends what could end a mail too early.
func TestC16_DotsAndLineEndsArriveAsTheyWereMeant(t *testing.T) {
	for raw, want := range map[string]string{
		".\r\nA: b\r\n\r\n.\r\n..\r\n.x\r\n":                     ".\r\nA: b\r\n\r\n.\r\n..\r\n.x\r\n",
		"A: b\n\nHello\n.\nMAIL FROM:<boss@acme.test>\n":         "A: b\r\n\r\nHello\r\n.\r\nMAIL FROM:<boss@acme.test>\r\n",
		"A: b\r\n\r\nHello\n.\r\nMAIL FROM:<boss@acme.test>\r\n": "A: b\r\n\r\nHello\r\n.\r\nMAIL FROM:<boss@acme.test>\r\n",
		"A: b\r\n\r\nHello\r.\rMAIL FROM:<boss@acme.test>":       "A: b\r\n\r\nHello\r\n.\r\nMAIL FROM:<boss@acme.test>\r\n",
		"A: b\r\n\r\nno end":                                     "A: b\r\n\r\nno end\r\n",
		"A: b\r\n\r\n" + strings.Repeat("x", 998) + "\r\n.":      "A: b\r\n\r\n" + strings.Repeat("x", 998) + "\r\n.\r\n",
	} {
		catcher := mailtest.Catch(t)
		expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), send.Message{To: "laura@customer.test", Raw: []byte(raw)}), send.Sent, send.Done, "")
		if m := catcher.Next(t); m.Raw != want {
			t.Errorf("got %q, want %q", m.Raw, want)
		}
		catcher.Settle(t)
		catcher.None(t)
	}
}

func TestH8_NothingCanBeAddedToTheDialogueThroughAnAddress(t *testing.T) {
	catcher := mailtest.Catch(t)
	for _, bad := range []string{"laura@customer.test>\r\nRCPT TO:<eve@evil.test", "laura@customer.test\n", "laura@customer.test> SIZE=1", "", "laura", "a@b@c", "\x00@customer.test", "laura@"} {
		expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), send.Message{To: bad, Raw: []byte(reply)}), send.Failed, send.Connect, "address")
		if bad != "" {
			expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), send.Message{From: bad, To: "laura@customer.test", Raw: []byte(reply)}), send.Failed, send.Connect, "return path")
		}
	}
	long := send.Message{To: "laura@customer.test", Raw: []byte("A: b\r\n\r\n" + strings.Repeat("x", 999) + "\r\n")}
	expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), long), send.Failed, send.Connect, "line 3 of this mail has 999 octets")
	catcher.Settle(t)
	catcher.None(t)
}

func TestMailBeyondASCIIGoesOnlyWhereItIsTaken(t *testing.T) {
	catcher := mailtest.Catch(t, func(s *smtp.Server) { s.EnableSMTPUTF8 = true })
	umlaut := send.Message{To: "jürgen@müller.test", Raw: []byte("A: b\r\n\r\nGrüße\r\n")}
	expect(t, attempt(t, through(t, "smtp://"+catcher.Addr), umlaut), send.Sent, send.Done, "")
	if m := catcher.Next(t); m.To[0] != umlaut.To || !strings.Contains(m.Raw, "Grüße") {
		t.Errorf("arrived: %+v", m)
	}
	plain := mailtest.Speak(t, polite(nil))
	expect(t, attempt(t, through(t, "smtp://"+plain), umlaut), send.Failed, send.MailFrom, "only mail in ASCII")
}

// polite is a server by the book, which does something else in the given phases.
func polite(instead map[send.Phase]func(*mailtest.Voice)) func(*mailtest.Voice) {
	return func(v *mailtest.Voice) {
		turn := func(p send.Phase, usual string) (asUsual bool) {
			if act := instead[p]; act != nil {
				act(v)
				return false
			}
			v.Say(usual)
			return true
		}
		turn(send.Banner, "220 mail.customer.test at your service\r\n")
		for line := v.Hear(); line != ""; line = v.Hear() {
			switch verb, _, _ := strings.Cut(line, " "); verb {
			case "EHLO", "HELO":
				turn(send.Hello, "250-mail.customer.test\r\n250-AUTH PLAIN\r\n250 SIZE 1000000\r\n")
			case "AUTH":
				turn(send.SignIn, "235 2.7.0 welcome\r\n")
			case "MAIL":
				turn(send.MailFrom, "250 2.1.0 fine\r\n")
			case "RCPT":
				turn(send.RcptTo, "250 2.1.5 fine\r\n")
			case "DATA":
				if turn(send.Data, "354 go on\r\n") {
					v.HearMail()
					turn(send.FinalDot, "250 2.0.0 queued as 4711\r\n")
				}
			case "QUIT":
				v.Say("221 2.0.0 bye\r\n")
				return
			}
		}
	}
}

func says(text string) func(*mailtest.Voice) { return func(v *mailtest.Voice) { v.Say(text) } }

// TestItem8_EveryKindOfBadPeerInEveryPhase: nothing hangs, nothing is called sent or failed that is not, and only silence
// after the dot is uncertain.
func TestItem8_EveryKindOfBadPeerInEveryPhase(t *testing.T) {
	phases := []send.Phase{send.Banner, send.Hello, send.SignIn, send.MailFrom, send.RcptTo, send.Data, send.FinalDot}
	silent := func(p send.Phase) send.State { return p.Interrupted() }
	deferred := func(send.Phase) send.State { return send.Deferred }
	refused := func(p send.Phase) send.State {
		if slices.Index(phases, p) < slices.Index(phases, send.MailFrom) {
			return send.Deferred
		}
		return send.Failed
	}
	for name, bad := range map[string]struct {
		act  func(*mailtest.Voice)
		want func(send.Phase) send.State
		slow bool
	}{
		"hangs":              {func(v *mailtest.Voice) { v.Hang() }, silent, true},
		"hangs up":           {func(v *mailtest.Voice) { v.Conn.Close() }, silent, false},
		"one octet a moment": {func(v *mailtest.Voice) { v.Drip(20 * time.Millisecond) }, silent, true},
		"garbage":            {says("HTTP/1.1 400 Bad Request\r\n"), silent, false},
		"binary garbage":     {says("\x16\x03\x01\x00\xff\xfe\r\n\r\n"), silent, false},
		"2 MB line":          {says("250-" + strings.Repeat("x", 2<<20) + "\r\n"), silent, false},
		"2 MB of lines":      {says(strings.Repeat("250-again and again\r\n", 100_000)), silent, false},
		"two codes at once":  {says("250-yes\r\n550 no\r\n"), silent, false},
		"421":                {says("421 4.3.2 shutting down\r\n"), deferred, false},
		"451":                {says("451 4.7.1 greylisted\r\n"), deferred, false},
		"452":                {says("452-4.2.2 mailbox\r\n452 4.2.2 full\r\n"), deferred, false},
		"5.2.2":              {says("552 5.2.2 mailbox full\r\n"), deferred, false},
		"535":                {says("535 5.7.8 wrong password\r\n"), deferred, false},
		"550":                {says("550 5.1.1 no such user\r\n"), refused, false},
	} {
		for _, phase := range phases {
			t.Run(name+" in "+string(phase), func(t *testing.T) {
				t.Parallel()
				addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){phase: bad.act}))
				begun := time.Now()
				s := through(t, "smtp://hark:secret@"+addr+"?tls=off")
				if bad.slow {
					s.Patience = hasty
				}
				r := attempt(t, s, toLaura)
				ended := phase
				if ended == send.FinalDot && r.Code != 0 {
					ended = send.Done
				}
				expect(t, r, bad.want(phase), ended, "")
				if r.Text == "" || r.Host != "127.0.0.1" || time.Since(begun) > patient.Total {
					t.Errorf("after %v: %+v", time.Since(begun), r)
				}
			})
		}
	}
}

func TestItem8_APeerThatHangsOnQuitHasTakenTheMail(t *testing.T) {
	addr := mailtest.Speak(t, func(v *mailtest.Voice) {
		v.Say("220 hi\r\n")
		for _, answer := range []string{"250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"} {
			v.Hear()
			v.Say(answer)
		}
		v.HearMail()
		v.Say("250 ok\r\n")
		v.Hang()
	})
	expect(t, attempt(t, through(t, "smtp://"+addr), toLaura), send.Sent, send.Done, "")
}

func TestItem8_TheTotalBoundHoldsWhenEachStepIsJustQuickEnough(t *testing.T) {
	addr := mailtest.Speak(t, func(v *mailtest.Voice) {
		v.Say("220 hi\r\n")
		v.Hear()
		for range 30 {
			v.Say("250-still thinking\r\n")
			time.Sleep(20 * time.Millisecond)
		}
	})
	s := through(t, "smtp://"+addr)
	s.Patience.Command, s.Patience.Total = time.Hour, 200*time.Millisecond
	expect(t, attempt(t, s, toLaura), send.Deferred, send.Hello, "did not answer in time")
}

func TestItem8_AServerThatHasEnoughInTheMiddleOfAMailIsHeard(t *testing.T) {
	big := send.Message{To: "laura@customer.test", Raw: []byte("A: b\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 200_000))}
	for name, end := range map[string]func(*mailtest.Voice){
		"answers": func(v *mailtest.Voice) { v.Say("552 5.3.4 too big\r\n") },
		"stops":   func(v *mailtest.Voice) { time.Sleep(2 * hasty.Block) },
	} {
		t.Run(name, func(t *testing.T) {
			addr := mailtest.Speak(t, func(v *mailtest.Voice) {
				v.Say("220 hi\r\n")
				for _, answer := range []string{"250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"} {
					v.Hear()
					v.Say(answer)
				}
				v.Hear()
				end(v)
			})
			s := through(t, "smtp://"+addr)
			s.Patience = hasty
			r := attempt(t, s, big)
			if r.State == send.Sent || r.State == send.Uncertain || r.Phase != send.Body {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// TestItem8_CutAtEveryOctet cuts the connection after every single octet, either way, and compares what we believe with what
// the other server has.
func TestItem8_CutAtEveryOctet(t *testing.T) {
	m := send.Message{From: "b@acme.test", To: "l@customer.test", Raw: []byte("A: b\r\n\r\n.x\r\n")}
	for _, way := range []string{"from us", "to us"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			seen := map[send.State]int{}
			for octets := int64(0); seen[send.Sent] < 3; octets++ {
				catcher := mailtest.Catch(t)
				fromUs, toUs := octets, int64(-1)
				if way == "to us" {
					fromUs, toUs = toUs, fromUs
				}
				r := attempt(t, through(t, "smtp://"+mailtest.Proxy(t, catcher.Addr, fromUs, toUs)), m)
				catcher.Settle(t)
				seen[r.State]++
				arrived := catcher.Count()
				if r.State == send.Sent && arrived != 1 || r.State == send.Deferred && arrived != 0 || r.State == send.Failed || arrived > 1 {
					t.Fatalf("cut after %d: %+v, and %d arrived", octets, r, arrived)
				}
			}
			if seen[send.Deferred] < 50 || seen[send.Uncertain] < 1 {
				t.Errorf("the cuts hit too little: %v", seen)
			}
		})
	}
}

func TestStoppingBeforeTheDotDefersAndAfterItIsUncertain(t *testing.T) {
	for phase, want := range map[send.Phase]send.State{send.RcptTo: send.Deferred, send.FinalDot: send.Uncertain} {
		ctx, stop := context.WithCancel(t.Context())
		addr := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){phase: func(v *mailtest.Voice) { stop(); v.Hang() }}))
		s := through(t, "smtp://"+addr)
		s.Patience = send.Patience{}
		expect(t, s.Send(ctx, toLaura, ignore), want, phase, "was ended here")
	}
}

// signing is a server that asks for a name and password.
func signing(t *testing.T, config *tls.Config) (addr string, asked *int) {
	t.Helper()
	asked = new(int)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &signingSession{asked: asked}, nil }))
	server.Domain, server.TLSConfig, server.AllowInsecureAuth = "mail.acme.test", config, true
	server.ErrorLog = quiet{}
	return mailtest.Serve(t, server), asked
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type signingSession struct {
	smtp.Session
	asked *int
}

func (s *signingSession) Reset()                   {}
func (s *signingSession) Logout() error            { return nil }
func (s *signingSession) AuthMechanisms() []string { return []string{"PLAIN"} }
func (s *signingSession) Auth(string) (sasl.Server, error) {
	*s.asked++
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "hark" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *signingSession) Mail(string, *smtp.MailOptions) error {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "signed in and refused"}
}

// TestF15_NoPasswordGoesToAServerThatIsNotTheOne counts how often a server was offered a password.
func TestF15_NoPasswordGoesToAServerThatIsNotTheOne(t *testing.T) {
	ca, other := mailtest.NewAuthority(t), mailtest.NewAuthority(t)
	expired := &tls.Config{Certificates: []tls.Certificate{ca.Certificate(time.Now().Add(-time.Hour), "127.0.0.1")}}
	right := ca.Server("127.0.0.1")
	pin := peer.Fingerprint(right.Certificates[0].Leaf)
	trusted := func(s *peer.Server) { s.Roots = ca.Pool }
	nobody := func(*peer.Server) {}
	for name, c := range map[string]struct {
		server *tls.Config
		option func(*peer.Server)
		query  string
		words  string
		signs  bool
	}{
		"right":              {right, trusted, "", "signed in and refused", true},
		"pinned":             {right, nobody, "?pin=" + pin, "signed in and refused", true},
		"another pin":        {right, trusted, "?pin=" + strings.Repeat("ab", 32), "shows another public key than the pinned one", false},
		"self-signed":        {right, nobody, "", "add pin=" + pin, false},
		"another authority":  {other.Server("127.0.0.1"), trusted, "", "Nobody we trust vouches", false},
		"wrong name":         {ca.Server("mail.evil.test"), trusted, "", "is not for 127.0.0.1", false},
		"expired":            {expired, trusted, "", "has expired", false},
		"STARTTLS stripped":  {nil, trusted, "", "offers no encryption", false},
		"stripped, required": {nil, trusted, "?tls=required", "offers no encryption", false},
	} {
		t.Run(name, func(t *testing.T) {
			addr, asked := signing(t, c.server)
			r := attempt(t, through(t, "smtp://hark:right@"+addr+c.query, c.option), toLaura)
			if !strings.Contains(r.Text, c.words) || (*asked > 0) != c.signs || r.State == send.Sent {
				t.Errorf("asked %d times, got %+v", *asked, r)
			}
		})
	}
}

func TestAWrongPasswordKeepsTheMailAndSaysWhatTheServerSaid(t *testing.T) {
	ca := mailtest.NewAuthority(t)
	addr, _ := signing(t, ca.Server("127.0.0.1"))
	r := attempt(t, through(t, "smtp://hark:wrong@"+addr, func(s *peer.Server) { s.Roots = ca.Pool }), toLaura)
	expect(t, r, send.Deferred, send.SignIn, "535 5.7.8 Authentication failed")
}

func TestI8_ThePasswordIsInNoTextAboutTheServer(t *testing.T) {
	server, err := peer.Parse("smtp://hark:pa55word@mail.acme.test:587")
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s", server, server, server, server.Login.Password)
	_, odd := peer.Parse("pop3://hark:pa55word@mail.acme.test")
	_, broken := peer.Parse("smtp://hark:pa55word@mail acme.test:xx")
	if all := shown + odd.Error() + broken.Error(); strings.Contains(all, "pa55word") {
		t.Error(all)
	}
}

// dns is a resolver that knows what it is told.
type dns map[string][]*net.MX

func (d dns) LookupMX(_ context.Context, domain string) ([]*net.MX, error) {
	if domain == "broken.test" {
		return nil, &net.DNSError{Err: "server misbehaving", Name: domain, IsTemporary: true}
	}
	if mx, ok := d[domain]; ok {
		return mx, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
}

// direct delivers to the servers that DNS names; hosts says where they are.
func direct(zone dns, hosts map[string]string) *send.SMTP {
	return &send.SMTP{Name: "mx.acme.test", Patience: patient, Resolver: zone,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			at, ok := hosts[addr]
			if !ok {
				return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
			}
			return new(net.Dialer).DialContext(ctx, network, at)
		}}
}

func TestDirectMailAsksTheServersOfTheDomainInTheirOrder(t *testing.T) {
	catcher := mailtest.Catch(t)
	busy := mailtest.Speak(t, says("421 4.3.2 too busy\r\n"))
	zone := dns{"customer.test": {{Host: "second.customer.test.", Pref: 20}, {Host: "first.customer.test.", Pref: 10}, {Host: "third.customer.test.", Pref: 30}}}
	s := direct(zone, map[string]string{"first.customer.test:25": busy, "second.customer.test:25": catcher.Addr})
	r := attempt(t, s, toLaura)
	expect(t, r, send.Sent, send.Done, "")
	if r.Host != "second.customer.test" || s.Host(toLaura) != "customer.test" {
		t.Errorf("host %q, counted by %q", r.Host, s.Host(toLaura))
	}
	catcher.Next(t)

	s = direct(nil, map[string]string{"customer.test:25": catcher.Addr})
	expect(t, attempt(t, s, toLaura), send.Sent, send.Done, "")
}

func TestWhatOneServerSaysAboutTheMailIsNotAskedAgainElsewhere(t *testing.T) {
	catcher := mailtest.Catch(t)
	for answer, want := range map[string]send.State{"550 5.1.1 no such user\r\n": send.Failed, "450 4.2.0 greylisted\r\n": send.Deferred} {
		first := mailtest.Speak(t, polite(map[send.Phase]func(*mailtest.Voice){send.RcptTo: says(answer)}))
		zone := dns{"customer.test": {{Host: "a.test.", Pref: 1}, {Host: "b.test.", Pref: 2}}}
		expect(t, attempt(t, direct(zone, map[string]string{"a.test:25": first, "b.test:25": catcher.Addr}), toLaura), want, send.RcptTo, "")
	}
	catcher.None(t)
}

func TestADomainWithoutMailIsSaidSo(t *testing.T) {
	null := dns{"customer.test": {{Host: ".", Pref: 0}}}
	expect(t, attempt(t, direct(null, nil), toLaura), send.Failed, send.Connect, "5.1.10 customer.test says that it takes no mail")
	expect(t, attempt(t, direct(nil, nil), send.Message{To: "x@broken.test", Raw: []byte(reply)}), send.Deferred, send.Connect, "cannot be looked up")
	expect(t, attempt(t, direct(nil, nil), toLaura), send.Deferred, send.Connect, "There is no host customer.test")
}

func TestBetweenServersEncryptionIsUsedWhereItWorks(t *testing.T) {
	ca := mailtest.NewAuthority(t)
	good := mailtest.Catch(t, func(s *smtp.Server) { s.TLSConfig = ca.Server("whoever.test") })
	expect(t, attempt(t, direct(nil, map[string]string{"customer.test:25": good.Addr}), toLaura), send.Sent, send.Done, "")
	if !good.Next(t).TLS {
		t.Error("sent without encryption")
	}
	bad := mailtest.Catch(t, func(s *smtp.Server) { s.TLSConfig = &tls.Config{} })
	expect(t, attempt(t, direct(nil, map[string]string{"customer.test:25": bad.Addr}), toLaura), send.Sent, send.Done, "")
	if bad.Next(t).TLS {
		t.Error("encrypted without a certificate")
	}
}

func TestADomainCannotSendUsIntoOurOwnNetwork(t *testing.T) {
	for _, inside := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "192.168.1.1", "0.0.0.0", "[::ffff:127.0.0.1]"} {
		s := &send.SMTP{Name: "mx.acme.test", Patience: patient, Resolver: dns{"customer.test": {{Host: strings.Trim(inside, "[]"), Pref: 1}}}}
		expect(t, attempt(t, s, toLaura), send.Deferred, send.Connect, "not on the public internet")
	}
}
