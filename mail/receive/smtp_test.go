package receive_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"hark/fault"
	"hark/mail/mailtest"
	"hark/mail/receive"
)

// monday is when mail arrives in these tests.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// inTray is what the listener hands mail to: it knows support@acme.test and sales@acme.test.
type inTray struct {
	mu        sync.Mutex
	envelopes []receive.Envelope
	mails     []string
	broken    error           // what storing answers
	lost      error           // what looking up a recipient answers
	arrived   chan struct{}   // closed when storing begins, when given
	release   <-chan struct{} // storing waits for it, when given
}

func (i *inTray) accept(_ context.Context, e receive.Envelope, raw []byte) error {
	if i.arrived != nil {
		close(i.arrived)
		<-i.release
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.broken != nil {
		return i.broken
	}
	i.envelopes = append(i.envelopes, e)
	i.mails = append(i.mails, string(raw))
	return nil
}

func (i *inTray) known(_ context.Context, address string) (bool, error) {
	return address == "support@acme.test" || address == "sales@acme.test", i.lost
}

func (i *inTray) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.mails)
}

// listen starts a listener with a tray; the options change it before it starts.
func listen(t testing.TB, tray *inTray, options ...func(*receive.Listener)) (string, *receive.Listener) {
	t.Helper()
	l := &receive.Listener{Domain: "mx.acme.test", Accept: tray.accept, Known: tray.known, Now: func() time.Time { return monday }}
	for _, option := range options {
		option(l)
	}
	ln := mailtest.Listen(t)
	served := make(chan error, 1)
	go func() { served <- l.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(l.Close(ctx), <-served); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return ln.Addr().String(), l
}

const lauras = "From: Laura Weber <laura@customer.test>\r\nTo: support@acme.test\r\nSubject: Invoice\r\n\r\nWhere is it?\r\n"

// inData says everything up to DATA.
func inData(t testing.TB, addr string) *mailtest.Conversation {
	t.Helper()
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Do("DATA", "354")
	return c
}

func TestAMailIsAcceptedWithItsEnvelopeAndATraceOfItsArrival(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray)
	if reply := mailtest.SendRaw(t, addr, "laura@customer.test", "support@acme.test", lauras+".hidden\r\n"); !strings.HasPrefix(reply, "250") {
		t.Fatal(reply)
	}
	want := "Received: from client.test ([127.0.0.1])\r\n\tby mx.acme.test with ESMTP\r\n\tfor <support@acme.test>;\r\n" +
		"\tMon, 02 Mar 2026 09:00:00 +0000\r\n" + lauras + ".hidden\r\n"
	if tray.mails[0] != want {
		t.Errorf("got\n%q, want\n%q", tray.mails[0], want)
	}
	e := tray.envelopes[0]
	if e.From != "laura@customer.test" || fmt.Sprint(e.To) != "[support@acme.test]" || e.Remote != "127.0.0.1" ||
		e.HeloName != "client.test" || e.TLS || !e.At.Equal(monday) || e.Unstated {
		t.Errorf("got %+v", e)
	}
}

func TestTheTraceNamesNoOtherRecipientsAndNothingThatIsNoHostName(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray)
	c := mailtest.Talk(t, addr)
	c.Do("EHLO <script>(x)\t\x01", "250")
	c.Do("MAIL FROM:<>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Do("RCPT TO:<sales@acme.test>", "250")
	c.Do("DATA", "354")
	c.Do(lauras+".", "250")
	head, _, _ := strings.Cut(tray.mails[0], "From:")
	if strings.Contains(head, "@") || strings.Contains(head, "<") || !strings.Contains(head, "from unknown (") {
		t.Errorf("got %q", head)
	}
	if tray.envelopes[0].From != "" || tray.envelopes[0].Unstated {
		t.Errorf("the null sender came as %+v", tray.envelopes[0])
	}
}

// TestC16_OnlyCRLFDotCRLFEndsAMail plays the four ways in which servers were made to see two mails in one, and some more.
func TestC16_OnlyCRLFDotCRLFEndsAMail(t *testing.T) {
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\n", "\r.\r\n", "\r\r\n.\r\r\n", "\n\r.\n\r"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			reply, accepted := smuggle(t, end)
			if !strings.HasPrefix(reply, "550 5.5.2") || accepted != 0 {
				t.Errorf("got %q and %d mails", reply, accepted)
			}
		})
	}
	for _, end := range []string{"\r\n.\r", "\r\n.\r\r\n"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			if reply, accepted := smuggle(t, end); accepted > 1 {
				t.Errorf("got %q and %d mails", reply, accepted)
			}
		})
	}
}

// smuggle sends a mail that has another one behind a doubtful end, and returns the first reply and what was accepted.
func smuggle(t *testing.T, end string) (string, int) {
	t.Helper()
	tray := &inTray{}
	addr, _ := listen(t, tray)
	c := inData(t, addr)
	c.Say("From: laura@customer.test\r\n\r\nHello" + end + "MAIL FROM:<boss@acme.test>\r\nRCPT TO:<support@acme.test>\r\nDATA\r\n" +
		"From: boss@acme.test\r\n\r\nPay him.\r\n.\r\n")
	reply := c.Reply()
	c.Do("NOOP", "250")
	return reply, tray.count()
}

func TestC16_ADoubtfulEndIsRefusedWhenTheTimeIsUp(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.Patience = 100 * time.Millisecond })
	inData(t, addr).Say("From: laura@customer.test\r\n\r\nHello\r\r\n.\r\n").Expect("550 5.5.2")
	if tray.count() != 0 {
		t.Error("accepted")
	}
}

func TestC16_TheRestOfAnAbandonedMailIsNeverReadAsCommands(t *testing.T) {
	for name, begin := range map[string]func(*mailtest.Conversation){
		"DATA": func(c *mailtest.Conversation) { c.Do("DATA", "354") },
		"BDAT": func(c *mailtest.Conversation) { c.Say("BDAT 1000\r\n") },
		"BDAT too large": func(c *mailtest.Conversation) {
			c.Say("BDAT 900000000\r\n").Expect("552")
		},
	} {
		t.Run(name, func(t *testing.T) {
			tray := &inTray{}
			addr, _ := listen(t, tray, func(l *receive.Listener) { l.Patience = 100 * time.Millisecond })
			c := mailtest.Talk(t, addr)
			c.Do("EHLO laptop.customer.test", "250")
			c.Do("MAIL FROM:<laura@customer.test>", "250")
			c.Do("RCPT TO:<support@acme.test>", "250")
			begin(c)
			c.Say("From: laura@customer.test\r\n\r\nHello\r\n")
			if name != "BDAT too large" {
				c.Expect("4")
			}
			fmt.Fprint(c.Conn, "EHLO x\r\nMAIL FROM:<boss@acme.test>\r\nRCPT TO:<support@acme.test>\r\nDATA\r\n\r\nPay him.\r\n.\r\n")
			rest, _ := io.ReadAll(c.Conn)
			if strings.Contains(string(rest), "250") || strings.Contains(string(rest), "354") || tray.count() != 0 {
				t.Errorf("the rest was answered with %q, accepted %d", rest, tray.count())
			}
		})
	}
}

func TestOnlyKnownRecipientsAreTaken(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray)
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<nobody@acme.test>", "550 5.1.1")
	c.Do("RCPT TO:<laura@elsewhere.test>", "550 5.1.1")
	c.Do(`RCPT TO:<"support@acme.test"@evil.test>`, "550 5.1.1")
	c.Do("DATA", "502")
	c.Do("RCPT TO:<sales@acme.test>", "250")
	c.Do(`MAIL FROM:<"victim@corp.test"@evil.test>`, "553 5.1.7")
}

func TestWhenRecipientsCannotBeLookedUpTheSenderIsAskedToComeBack(t *testing.T) {
	addr, _ := listen(t, &inTray{lost: errors.New("database is locked")})
	reply := mailtest.SendRaw(t, addr, "laura@customer.test", "nobody@acme.test", lauras)
	if !strings.HasPrefix(reply, "451 4.3.0") || strings.Contains(reply, "database") {
		t.Errorf("got %q", reply)
	}
}

func TestAMailThatCannotBeStoredStaysWithItsSender(t *testing.T) {
	for want, broken := range map[string]error{
		"452 4.3.1": fault.New(fault.Unavailable, "the disk is full"),
		"451 4.3.0": errors.New("sql: no rows in result set"),
		"552 5.3.4": fault.New(fault.TooLarge, "more than 36 MB"),
		"554 5.6.0": fault.New(fault.Invalid, "no mail at all"),
	} {
		t.Run(want, func(t *testing.T) {
			addr, _ := listen(t, &inTray{broken: broken})
			reply := mailtest.SendRaw(t, addr, "laura@customer.test", "support@acme.test", lauras)
			if !strings.HasPrefix(reply, want) || strings.Contains(reply, "sql") {
				t.Errorf("got %q", reply)
			}
		})
	}
}

func TestAMailCutOffBeforeItsEndIsNotAccepted(t *testing.T) {
	tray := &inTray{}
	addr, l := listen(t, tray)
	c := inData(t, addr)
	c.Say("From: laura@customer.test\r\n\r\nHello")
	c.Conn.Close()
	closeNow(t, l)
	if tray.count() != 0 {
		t.Errorf("accepted %q", tray.mails)
	}
}

func closeNow(t testing.TB, l *receive.Listener) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := l.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestTheSizeLimitIsAnnouncedAndKept(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.MaxBytes = 1000 })
	c := mailtest.Talk(t, addr)
	if reply := c.Do("EHLO laptop.customer.test", "250"); !strings.Contains(reply, "SIZE 1000\r\n") {
		t.Errorf("EHLO says %q", reply)
	}
	c.Do("MAIL FROM:<laura@customer.test> SIZE=1001", "552 5.3.4")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Do("DATA", "354")
	c.Say(lauras + strings.Repeat("0123456789012345678901234567890123456789\r\n", 50) + ".\r\n").Expect("552 5.3.4")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	if tray.count() != 0 {
		t.Error("a mail beyond the limit was accepted")
	}
}

func TestManyLargeMailsAtOnceAreAskedToComeBack(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.MaxInFlight = 64 << 10 })
	body := strings.Repeat("0123456789012345678901234567890123456789\r\n", 2000)
	if reply := mailtest.SendRaw(t, addr, "laura@customer.test", "support@acme.test", lauras+body); !strings.HasPrefix(reply, "452 4.3.1") {
		t.Errorf("got %q", reply)
	}
	if reply := mailtest.SendRaw(t, addr, "laura@customer.test", "support@acme.test", lauras); !strings.HasPrefix(reply, "250") {
		t.Errorf("the room is not given back: %q", reply)
	}
}

func TestRecipientsAndLinesAreBounded(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.MaxRecipients = 2 })
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Do("RCPT TO:<sales@acme.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "452 4.5.3")
	c.Do("DATA", "354")
	c.Say(lauras + strings.Repeat("x", 60_000) + "\r\n.\r\n").Expect("250")

	c = inData(t, addr)
	c.Say(lauras + strings.Repeat("x", 70_000) + "\r\n.\r\n").Expect("554 5.6.0")
	mailtest.Talk(t, addr).Say("EHLO " + strings.Repeat("x", 70_000) + "\r\n").Expect("500")
	if tray.count() != 1 {
		t.Errorf("accepted %d", tray.count())
	}
}

func TestASilentPeerIsLetGo(t *testing.T) {
	addr, _ := listen(t, &inTray{}, func(l *receive.Listener) { l.Patience = 50 * time.Millisecond })
	c := mailtest.Talk(t, addr)
	c.Expect("421")
	c.Gone()
}

func TestADripOfOctetsEndsWithTheTransferTime(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.MaxTransfer = 200 * time.Millisecond })
	c := inData(t, addr)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for _, err := io.WriteString(c.Conn, "x\r\n"); err == nil; _, err = io.WriteString(c.Conn, "x\r\n") {
		}
	}()
	c.Expect("421 4.4.2")
	c.Conn.Close()
	<-gone
	if tray.count() != 0 {
		t.Error("accepted")
	}
}

func TestConnectionsAreCountedByHostAndInAll(t *testing.T) {
	addr, _ := listen(t, &inTray{}, func(l *receive.Listener) { l.MaxPerHost = 2 })
	first := mailtest.Talk(t, addr)
	mailtest.Talk(t, addr)
	third := mailtest.Connect(t, addr)
	third.Expect("421 4.7.0")
	third.Gone()
	first.Do("QUIT", "221")
	first.Gone()
	mailtest.Talk(t, addr).Do("NOOP", "250")

	addr, _ = listen(t, &inTray{}, func(l *receive.Listener) { l.MaxConnections = 1 })
	mailtest.Talk(t, addr)
	mailtest.Connect(t, addr).Expect("421 4.7.0")
}

func TestTheGreetingTellsNoVersionAndNobodyIsAskedToSignIn(t *testing.T) {
	ca := mailtest.NewAuthority(t)
	addr, _ := listen(t, &inTray{}, func(l *receive.Listener) { l.TLS = ca.Server("mx.acme.test") })
	c := mailtest.Connect(t, addr)
	if greeting := c.Expect("220"); greeting != "220 mx.acme.test ESMTP Service Ready\r\n" {
		t.Errorf("the greeting is %q", greeting)
	}
	plain := c.Do("EHLO laptop.customer.test", "250")
	c.Do("AUTH PLAIN AGFuYQBzZWNyZXQ=", "5")
	c.Do("STARTTLS", "220")
	c.Secure(&tls.Config{RootCAs: ca.Pool, ServerName: "mx.acme.test"})
	secure := c.Do("EHLO laptop.customer.test", "250")
	c.Do("AUTH PLAIN AGFuYQBzZWNyZXQ=", "5")
	if strings.Contains(plain+secure, "AUTH") || !strings.Contains(plain, "STARTTLS") || strings.Contains(secure, "STARTTLS") {
		t.Errorf("EHLO says %q, and under TLS %q", plain, secure)
	}
}

func TestNothingSaidBeforeSTARTTLSCounts(t *testing.T) {
	ca := mailtest.NewAuthority(t)
	addr, _ := listen(t, &inTray{}, func(l *receive.Listener) { l.TLS = ca.Server("mx.acme.test") })
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Say("STARTTLS\r\nEHLO evil.test\r\nMAIL FROM:<evil@evil.test>\r\n").Expect("220")
	c.Secure(&tls.Config{RootCAs: ca.Pool, ServerName: "mx.acme.test"})
	c.Do("RCPT TO:<support@acme.test>", "502")
}

func TestMailUnderSTARTTLSIsMarked(t *testing.T) {
	ca, tray := mailtest.NewAuthority(t), &inTray{}
	addr, _ := listen(t, tray, func(l *receive.Listener) { l.TLS = ca.Server("mx.acme.test") })
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("STARTTLS", "220")
	c.Secure(&tls.Config{RootCAs: ca.Pool, ServerName: "mx.acme.test"})
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Do("DATA", "354")
	c.Do(lauras+".", "250")
	if !tray.envelopes[0].TLS || !strings.Contains(tray.mails[0], "with ESMTPS") {
		t.Errorf("got %+v", tray.envelopes[0])
	}
}

func TestAMailInChunksIsTheSameMail(t *testing.T) {
	tray := &inTray{}
	addr, _ := listen(t, tray)
	c := mailtest.Talk(t, addr)
	c.Do("EHLO laptop.customer.test", "250")
	c.Do("MAIL FROM:<laura@customer.test>", "250")
	c.Do("RCPT TO:<support@acme.test>", "250")
	c.Say(fmt.Sprintf("BDAT %d\r\n%s", 20, lauras[:20])).Expect("250")
	c.Say(fmt.Sprintf("BDAT %d LAST\r\n%s", len(lauras)-20, lauras[20:])).Expect("250")
	if !strings.HasSuffix(tray.mails[0], lauras) {
		t.Errorf("got %q", tray.mails[0])
	}
}

func TestClosingFinishesTheMailThatIsArrivingAndSends421ToTheRest(t *testing.T) {
	release := make(chan struct{})
	tray := &inTray{arrived: make(chan struct{}), release: release}
	addr, l := listen(t, tray)
	silent := mailtest.Talk(t, addr)
	idle := mailtest.Talk(t, addr)
	idle.Do("EHLO laptop.customer.test", "250")
	busy := inData(t, addr)
	busy.Say(lauras + ".\r\n")
	<-tray.arrived

	closed := make(chan struct{})
	go func() { defer close(closed); closeNow(t, l) }()
	for _, c := range []*mailtest.Conversation{silent, idle} {
		c.Expect("421 4.3.2")
		c.Gone()
	}
	close(release)
	busy.Expect("250")
	busy.Expect("421 4.3.2")
	busy.Gone()
	<-closed
	if tray.count() != 1 {
		t.Errorf("accepted %d", tray.count())
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Error("still listening")
	}
}

func TestClosingDoesNotWaitForeverForAMailThatStalls(t *testing.T) {
	tray := &inTray{}
	addr, l := listen(t, tray)
	c := inData(t, addr)
	c.Say("From: laura@customer.test\r\n")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	l.Close(ctx)
	io.ReadAll(c.Conn)
	if tray.count() != 0 {
		t.Error("accepted half a mail")
	}
}

// BenchmarkListener shows what the dialogue costs when storing costs nothing: eight peers, one mail per connection.
func BenchmarkListener(b *testing.B) {
	tray := &inTray{}
	addr, _ := listen(b, tray)
	raw := []byte(lauras + strings.Repeat("A line of a usual mail, with some words in it.\r\n", 40))
	var wg sync.WaitGroup
	todo := make(chan struct{})
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range todo {
				if err := deliver(addr, raw); err != nil {
					b.Error(err)
				}
			}
		}()
	}
	for b.Loop() {
		todo <- struct{}{}
	}
	close(todo)
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

func deliver(addr string, raw []byte) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail("laura@customer.test", []string{"support@acme.test"}, bytes.NewReader(raw)); err != nil {
		return err
	}
	return c.Quit()
}

// FuzzC16 puts anything at all between DATA and the end of a mail, and counts what comes in.
func FuzzC16(f *testing.F) {
	for _, seed := range []string{"\n.\n", "\r.\r", "\r\n.\n", ".", "..\r\n", "\r\r\n.\r\r\n"} {
		f.Add("Hello" + seed + "MAIL FROM:<a@b.test>\r\nRCPT TO:<support@acme.test>\r\nDATA\r\nPay him.")
	}
	tray := &inTray{}
	addr, _ := listen(f, tray, func(l *receive.Listener) { l.Patience = 100 * time.Millisecond })
	f.Fuzz(func(t *testing.T, body string) {
		if strings.HasPrefix(body, ".\r\n") || strings.Contains(body, "\r\n.\r\n") {
			return // an honest end
		}
		before := tray.count()
		c := inData(t, addr)
		c.Say("\r\n" + body + "\r\n.\r\nQUIT\r\n")
		io.ReadAll(c.Conn)
		c.Conn.Close()
		if came := tray.count() - before; came > 1 {
			t.Fatalf("%q made %d mails", body, came)
		}
	})
}
