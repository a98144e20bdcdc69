package exchange

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/mail/mailtest"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
)

// office is a desk that answers the phone, on a real database. Carla alone has the number +12065550142.
type office struct {
	t     *testing.T
	desk  *desk.Desk
	eve   account.Person
	carla account.Person
}

func newOffice(t *testing.T) *office {
	t.Helper()
	db := storetest.SQLite(t)
	o := &office{t: t, desk: desktest.Open(t, db, desktest.At(time.Date(2026, 11, 17, 18, 0, 0, 0, time.UTC)))}
	brand, err := o.desk.AddBrand(t.Context(), access.Clock, account.Brand{Name: "The Agency", Slug: "agency"})
	o.must(err)
	source, _ := policy.Example("ablecommerce-phone-procedures")
	_, err = o.desk.ApplyPolicy(t.Context(), access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "we answer the phone"})
	o.must(err)
	o.eve, err = o.desk.AddPerson(t.Context(), access.Clock, desk.NewPerson{Email: "eve@agency.example", Name: "Eve Marsh", Role: access.LevelOne})
	o.must(err)
	o.must(db.Write(t.Context(), func(tx *store.Tx) (err error) {
		if o.carla, err = tx.EnsureCustomer("carla@acme-shop.example", "Carla Acme", brand.ID, o.desk.Now()); err != nil {
			return err
		}
		return tx.SaveContact(&account.Contact{Person: o.carla.ID, Kind: account.Phone, Value: "+12065550142"})
	}))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) hears(ctx context.Context, told desk.CallTold) error {
	_, err := o.desk.HearCall(ctx, desk.HeardSIP, told)
	return err
}

func (o *office) calls() []store.PhoneCall {
	o.t.Helper()
	var all []store.PhoneCall
	for after := ""; ; {
		page, err := o.desk.PhoneCalls(o.t.Context(), o.eve.Actor(), store.PhoneFilter{Limit: 100, After: after})
		o.must(err)
		all = append(all, page.Items...)
		if after = page.Next; after == "" {
			return all
		}
	}
}

// eventually waits for what another process does.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 1000 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it never came to be that %s", what)
}

// sipp runs sipp, a SIP peer that shares nothing with us, and returns what it said when it failed.
func sipp(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sipp", append(args, "-i", "127.0.0.1", "-nostdin", "-timeout", "60s", "-timeout_error")...)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), "TERM=dumb")
	for i, arg := range cmd.Args {
		if strings.HasPrefix(arg, "testdata/") {
			cmd.Args[i], _ = filepath.Abs(arg)
		}
	}
	return cmd
}

func freePort(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, port, _ := net.SplitHostPort(c.LocalAddr().String())
	return port
}

// registrar is an exchange of sipp's that asks for the password of extension 299.
func registrar(t *testing.T) (server string) {
	t.Helper()
	port := freePort(t)
	cmd := sipp(t, "-sf", "testdata/registrar.xml", "-p", port, "-m", "1")
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: sipp is Debian's package sip-tester", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	eventually(t, "sipp listens", func() bool {
		c, err := net.ListenPacket("udp", "127.0.0.1:"+port)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	return "127.0.0.1:" + port
}

// Two hundred calls, fifty in a second, from an exchange that is somebody else's program. Each is recorded once, none identifies anybody.
func TestS1_18_TwoHundredCallsAreHeardOnceAndIdentifyNobody(t *testing.T) {
	o := newOffice(t)
	e := &Extension{Line: desk.Line{Server: registrar(t), Transport: "udp", User: "299", Password: "secret-299"}, Hear: o.hears, Now: o.desk.Now}
	s, err := e.connect(t.Context())
	o.must(err)
	defer s.cancel()
	_, err = s.register(t.Context(), registerFor)
	o.must(err)
	people, err := o.desk.People(t.Context(), access.Clock, store.PeopleFilter{Limit: 100})
	o.must(err)

	numbers := filepath.Join(t.TempDir(), "numbers.csv")
	o.must(os.WriteFile(numbers, []byte("SEQUENTIAL\n+12065550142\n+12065550143\nanonymous\n201\n"), 0o600))
	out, err := sipp(t, "-sf", "testdata/callers.xml", "-inf", numbers, "-s", s.door.token, "-r", "50", "-m", "200", "-p", freePort(t), s.local.String()).CombinedOutput()
	if err != nil {
		t.Fatalf("sipp: %v\n%s", err, out)
	}
	missed := func() (n int) {
		for _, c := range o.calls() {
			if c.State == store.PhoneMissed {
				n++
			}
		}
		return n
	}
	eventually(t, "all 200 calls have ended", func() bool { return missed() == 200 })
	from := map[string]int{}
	for _, c := range o.calls() {
		if from[c.Number]++; c.Person != 0 || c.Agent != 0 || c.Attested {
			t.Errorf("%s from %q is of person %d, for agent %d", c.External, c.Number, c.Person, c.Agent)
		}
	}
	if got := fmt.Sprint(from); got != "map[:100 +12065550142:50 +12065550143:50]" {
		t.Errorf("the calls came from %s", got)
	}
	after, err := o.desk.People(t.Context(), access.Clock, store.PeopleFilter{Limit: 100})
	o.must(err)
	if len(after.Items) != len(people.Items) {
		t.Errorf("%d people were made by calls", len(after.Items)-len(people.Items))
	}
}

func TestAWrongPasswordIsSaidInWords(t *testing.T) {
	e := &Extension{Line: desk.Line{Server: registrar(t), Transport: "udp", User: "299", Password: "wrong"}, Now: time.Now}
	says, ok := e.Try(t.Context())
	if ok || !strings.Contains(says, "does not let the desk in: 403 Forbidden") {
		t.Errorf("trying says %v, %q", ok, says)
	}
}

// pbx is the other end of an extension that listens, written down word by word.
type pbx struct {
	t     *testing.T
	s     *session
	told  chan desk.CallTold
	wire  net.Conn
	local string
}

// called opens an extension that is registered nowhere and can be called all the same.
func called(t *testing.T, hear func(ctx context.Context, told desk.CallTold) error) *pbx {
	t.Helper()
	p := &pbx{t: t, told: make(chan desk.CallTold, 100)}
	if hear == nil {
		hear = func(_ context.Context, told desk.CallTold) error { p.told <- told; return nil }
	}
	e := &Extension{Line: desk.Line{Server: "127.0.0.1:" + freePort(t), Transport: "udp", User: "299", Country: "+49"}, Hear: hear, Now: time.Now}
	var err error
	if p.s, err = e.connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.s.leave)
	if p.wire, err = net.Dial("udp", p.s.local.String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.wire.Close() })
	p.local = p.wire.LocalAddr().String()
	return p
}

// request is a request about a call, with lines of its own.
func (p *pbx) request(method, call, user string, lines ...string) string {
	seq := "1 " + method
	if method == "BYE" {
		seq = "2 BYE"
	}
	branch := "z9hG4bK-" + call
	if method == "BYE" || method == "OPTIONS" {
		branch += method
	}
	all := append([]string{
		method + " sip:" + user + "@" + p.s.local.String() + " SIP/2.0", "Via: SIP/2.0/UDP " + p.local + ";branch=" + branch, "Call-ID: " + call,
		"CSeq: " + seq, "Max-Forwards: 70", "Content-Length: 0",
	}, lines...)
	for name, usual := range map[string]string{"From": "<sip:030123456@pbx.example>;tag=a", "To": "<sip:201@pbx.example>"} {
		if !strings.Contains(strings.Join(all, "\n"), "\n"+name+":") {
			all = append(all, name+": "+usual)
		}
	}
	return strings.Join(all, "\r\n") + "\r\n\r\n"
}

func (p *pbx) sends(message string) {
	p.t.Helper()
	if _, err := p.wire.Write([]byte(message)); err != nil {
		p.t.Fatal(err)
	}
}

// answers are the codes of the next responses, but for 100.
func (p *pbx) answers(n int) string {
	p.t.Helper()
	var codes []string
	buffer := make([]byte, 4096)
	for len(codes) < n {
		_ = p.wire.SetReadDeadline(time.Now().Add(10 * time.Second))
		size, err := p.wire.Read(buffer)
		if err != nil {
			p.t.Fatalf("after %v nobody answers: %v", codes, err)
		}
		if code := strings.Fields(string(buffer[:size]))[1]; code != "100" {
			codes = append(codes, code)
		}
	}
	return strings.Join(codes, " ")
}

func (p *pbx) is(what, got, want string) {
	p.t.Helper()
	if got != want {
		p.t.Errorf("%s is %q, want %q", what, got, want)
	}
}

// heard is the next thing that the desk was told.
func (p *pbx) heard() string {
	p.t.Helper()
	select {
	case told := <-p.told:
		return strings.Join([]string{told.Call, told.What, told.From, told.Agent}, " ")
	case <-time.After(10 * time.Second):
		p.t.Fatal("the desk was told nothing")
		return ""
	}
}

func TestACallRingsUntilTheExchangeTakesItAway(t *testing.T) {
	p := called(t, nil)
	p.sends(p.request("INVITE", "one", p.s.door.token))
	p.is("the answer", p.answers(1), "180")
	p.is("heard", p.heard(), "sip/one ringing +4930123456 201")
	p.sends(p.request("INVITE", "one", p.s.door.token)) // it was not sure whether we heard it
	p.is("the answer again", p.answers(1), "180")
	p.sends(p.request("CANCEL", "one", p.s.door.token))
	p.is("the end", p.answers(2), "200 487")
	p.sends(p.request("ACK", "one", p.s.door.token))
	p.is("heard", p.heard(), "sip/one ended +4930123456 201")

	p.sends(p.request("INVITE", "two", p.s.door.token, "Diversion: <sip:202@pbx.example>;reason=no-answer"))
	p.is("the answer", p.answers(1), "180")
	p.is("heard", p.heard(), "sip/two ringing +4930123456 202")
	p.sends(p.request("CANCEL", "two", p.s.door.token, `Reason: SIP ;cause=200 ;text="Call completed elsewhere"`))
	p.is("the end", p.answers(2), "200 487")
	p.sends(p.request("ACK", "two", p.s.door.token))
	p.is("heard", p.heard(), "sip/two answered +4930123456 202")

	p.sends(p.request("INVITE", "three", p.s.door.token))
	p.is("the answer", p.answers(1), "180")
	p.is("heard", p.heard(), "sip/three ringing +4930123456 201")
	p.sends(p.request("BYE", "three", p.s.door.token))
	if got := p.answers(2); got != "200 487" && got != "487 200" {
		t.Errorf("the end is %s", got)
	}
	p.sends(p.request("ACK", "three", p.s.door.token))
	p.is("heard", p.heard(), "sip/three ended +4930123456 201")
}

func TestWhatTheDeskDoesNotTake(t *testing.T) {
	p := called(t, nil)
	p.sends(p.request("OPTIONS", "alive", p.s.door.token))
	p.is("is it there", p.answers(1), "200")
	p.sends(p.request("INVITE", "talk", p.s.door.token, "To: <sip:201@pbx.example>;tag=b"))
	p.is("a call that goes on", p.answers(1), "481")
	p.sends(p.request("ACK", "talk", p.s.door.token))
	p.sends(p.request("BYE", "never", p.s.door.token))
	p.is("the end of no call", p.answers(1), "481")
	p.sends(p.request("REGISTER", "there", p.s.door.token))
	p.is("another request", p.answers(1), "405")
	if len(p.told) != 0 {
		t.Errorf("the desk was told %s", p.heard())
	}
}

// Nobody but the exchange knows under which name the desk registered; whoever guesses hears nothing, and broken words harm nobody.
func TestWhoeverDoesNotKnowTheNameGetsNoAnswer(t *testing.T) {
	p := called(t, nil)
	good := p.request("INVITE", "good", p.s.door.token)
	for _, forged := range []string{
		p.request("INVITE", "forged", "299"), p.request("INVITE", "forged", ""), p.request("OPTIONS", "scan", "100"), p.request("CANCEL", "good", "299"),
		"", "\r\n\r\n", "\x00\xff\xfe", "INVITE", "INVITE sip:" + p.s.door.token + "@127.0.0.1 SIP/2.0\r\n\r\n", strings.Replace(good, "Call-ID: good\r\n", "", 1), strings.Replace(good, "CSeq: 1 INVITE", "CSeq: x", 1),
		strings.Replace(good, "From: <sip:030123456@pbx.example>;tag=a\r\n", "", 1), strings.Replace(good, "Via:", "Vai:", 1), strings.Replace(p.request("ACK", "x", p.s.door.token), "Call-ID: x\r\n", "", 1),
		"SIP/2.0 200 OK\r\n\r\n", strings.Repeat("A", 60000), strings.Replace(good, "Content-Length: 0", "Content-Length: -1", 1) + "x",
	} {
		p.sends(forged)
	}
	p.sends(p.request("INVITE", "after", p.s.door.token))
	p.is("the answer", p.answers(1), "180")
	p.is("heard", p.heard(), "sip/after ringing +4930123456 201")
	if len(p.told) != 0 {
		t.Errorf("the desk was told %s as well", p.heard())
	}
}

// A call that cannot be kept is not said to ring.
func TestADeskWithoutItsDatabaseIsUnavailable(t *testing.T) {
	p := called(t, func(context.Context, desk.CallTold) error { return os.ErrDeadlineExceeded })
	p.sends(p.request("INVITE", "lost", p.s.door.token))
	p.is("the answer", p.answers(1), "480")
	p.sends(p.request("ACK", "lost", p.s.door.token))
}

func TestMoreCallsThanAnybodyHearsAreTurnedAway(t *testing.T) {
	p := called(t, nil)
	for n := range mostRinging {
		p.s.calls.begin(fmt.Sprint("call ", n))
	}
	p.sends(p.request("INVITE", "more", p.s.door.token))
	p.is("the answer", p.answers(1), "486")
	p.sends(p.request("ACK", "more", p.s.door.token))
}

// streamExchange is an exchange over TCP or TLS that lets everybody register and then calls them over the same connection.
func streamExchange(t *testing.T, secure *tls.Config, heard chan<- string) (server string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure != nil {
		listener = tls.NewListener(listener, secure)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		for {
			text, err := nextMessage(in)
			if err != nil {
				return
			}
			if strings.TrimSpace(string(text)) == "" {
				continue // we are still here, it says
			}
			message, err := sip.ParseMessage(text)
			if err != nil {
				heard <- err.Error()
				return
			}
			switch m := message.(type) {
			case *sip.Request:
				res := sip.NewResponseFromRequest(m, 200, "OK", nil)
				fmt.Fprint(conn, res.String())
				if contact := m.Contact(); contact != nil && m.GetHeader("Expires").Value() != "0" {
					fmt.Fprintf(conn, "\r\n\r\nbroken\r\n\r\nINVITE sip:%s@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP %s;branch=z9hG4bK-1\r\nFrom: <sip:+12065550142@pbx>;tag=a\r\nTo: <sip:201@pbx>\r\nCall-ID: stream\r\nCSeq: 1 INVITE\r\nContent-Length: 3\r\n\r\nv=0",
						contact.Address.User, listener.Addr())
				}
			case *sip.Response:
				if m.StatusCode != 100 {
					heard <- fmt.Sprint(m.StatusCode)
				}
			}
		}
	}()
	return listener.Addr().String()
}

func TestTheDeskRingsAlongOverTCPAndTLS(t *testing.T) {
	authority := mailtest.NewAuthority(t)
	for transport, secure := range map[string]*tls.Config{"tcp": nil, "tls": {Certificates: []tls.Certificate{authority.Certificate(time.Now().Add(time.Hour), "127.0.0.1")}}} {
		t.Run(transport, func(t *testing.T) {
			answers, told, stands := make(chan string, 10), make(chan desk.CallTold, 10), make(chan string, 10)
			e := &Extension{
				Line: desk.Line{Server: streamExchange(t, secure, answers), Transport: transport, User: "299"}, Now: time.Now, Roots: authority.Pool,
				Hear:  func(_ context.Context, c desk.CallTold) error { told <- c; return nil },
				State: func(good bool, says string) { stands <- fmt.Sprint(good, " ", says) },
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); e.Run(ctx) }()
			if got := <-stands; got != "true Registered at "+e.Line.Server+" as 299" {
				t.Errorf("the line stands so: %s", got)
			}
			if got := <-answers; got != "180" {
				t.Errorf("the call is answered %s", got)
			}
			if c := <-told; c.Call != "sip/stream" || c.From != "+12065550142" {
				t.Errorf("heard %+v", c)
			}
			cancel()
			<-done
		})
	}
}

// Nobody else's certificate is trusted, and the password is not even asked for.
func TestF15_AnExchangeHasToProveThatItIsTheOne(t *testing.T) {
	authority, other := mailtest.NewAuthority(t), mailtest.NewAuthority(t)
	server := streamExchange(t, &tls.Config{Certificates: []tls.Certificate{other.Certificate(time.Now().Add(time.Hour), "127.0.0.1")}}, make(chan string, 10))
	e := &Extension{Line: desk.Line{Server: server, Transport: "tls", User: "299"}, Now: time.Now, Roots: authority.Pool}
	if says, ok := e.Try(t.Context()); ok || !strings.Contains(says, "cannot be reached over tls") || !strings.Contains(says, "certificate") {
		t.Errorf("trying says %v, %q", ok, says)
	}
}
