// Package mailtest has the other side of every mail conversation, for tests: a server that catches what is sent to it, a
// client that says exactly the given bytes, peers that misbehave on purpose, a proxy that makes a connection slow or cuts
// it, certificates of our own authority, and a real IMAP server (Debian's dovecot) in a directory of its own.
//
// Everything listens on 127.0.0.1 with a free port and ends with the test.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// patience is how long a test waits for something that should come at once.
const patience = 20 * time.Second

// Mail is one message as a server received it.
type Mail struct {
	From string
	To   []string
	Raw  string
	TLS  bool
	User string // who signed in, "" for nobody
}

// Catcher is an SMTP server that takes every mail and keeps it.
type Catcher struct {
	Addr string // host:port

	door  *door
	mails chan Mail
}

// Catch starts a Catcher. The options change the server before it starts, for example to offer STARTTLS.
func Catch(t testing.TB, options ...func(*smtp.Server)) *Catcher {
	t.Helper()
	c := &Catcher{mails: make(chan Mail, 1000)}
	server := smtp.NewServer(smtp.BackendFunc(func(conn *smtp.Conn) (smtp.Session, error) {
		return &catching{catcher: c, conn: conn}, nil
	}))
	server.Domain = "catcher.test"
	server.EnableSMTPUTF8 = true
	server.ErrorLog = quiet{}
	for _, option := range options {
		option(server)
	}
	c.door = &door{Listener: Listen(t)}
	c.Addr = serve(t, server, c.door)
	return c
}

// Serve starts an SMTP server on a free port and returns its address; it ends with the test.
func Serve(t testing.TB, server *smtp.Server) string {
	t.Helper()
	return serve(t, server, Listen(t))
}

func serve(t testing.TB, server *smtp.Server, l net.Listener) string {
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(l) }()
	t.Cleanup(func() { server.Close(); l.Close(); <-done })
	return l.Addr().String()
}

// FreeAddress is an address of 127.0.0.1 on which nobody listens, for a program that takes one itself. It lies below the ports
// that the kernel gives to whoever asks for any, so nobody gets it by chance while that program is down for a moment. No test gets
// one that another of the same program has got.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(lowestGiven()-10_000)))
		if err != nil {
			continue
		}
		defer l.Close()
		if _, had := given.LoadOrStore(l.Addr().String(), true); !had {
			return l.Addr().String()
		}
	}
	t.Fatal("a thousand ports are taken; what listens on this machine?")
	return ""
}

// given are the addresses that [FreeAddress] has handed out.
var given sync.Map

// lowestGiven is the lowest port that the kernel gives away.
func lowestGiven() int {
	var lowest int
	text, _ := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if n, _ := fmt.Sscan(string(text), &lowest); n == 1 && lowest > 12_000 {
		return lowest
	}
	return 32_768
}

// Listen opens a free port of 127.0.0.1.
func Listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// Next returns the next mail, and fails the test when none comes.
func (c *Catcher) Next(t testing.TB) Mail {
	t.Helper()
	select {
	case m := <-c.mails:
		return m
	case <-time.After(patience):
		t.Fatal("no mail came")
		return Mail{}
	}
}

// None fails the test when a mail is waiting.
func (c *Catcher) None(t testing.TB) {
	t.Helper()
	select {
	case m := <-c.mails:
		t.Fatalf("a mail came from %q to %q", m.From, m.To)
	default:
	}
}

// Settle stops listening and waits until every connection has ended, so that nothing more can come.
func (c *Catcher) Settle(t testing.TB) {
	t.Helper()
	c.door.Close()
	for late := time.Now().Add(patience); c.door.open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("a connection does not end")
		}
	}
}

// door counts the connections that are open. One that has been accepted counts before Close returns.
type door struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	open   atomic.Int64
}

func (d *door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if d.enter() {
			return &visitor{Conn: c, door: d}, nil
		}
		c.Close()
	}
}

func (d *door) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.open.Add(1)
	}
	return !d.closed
}

func (d *door) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.Listener.Close()
}

type visitor struct {
	net.Conn
	door *door
	once sync.Once
}

func (v *visitor) Close() error {
	v.once.Do(func() { v.door.open.Add(-1) })
	return v.Conn.Close()
}

// Count says how many mails wait to be looked at.
func (c *Catcher) Count() int { return len(c.mails) }

type catching struct {
	catcher *Catcher
	conn    *smtp.Conn
	mail    Mail
}

func (s *catching) Reset()        { s.mail = Mail{User: s.mail.User} }
func (s *catching) Logout() error { return nil }

func (s *catching) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.From = from
	return nil
}

func (s *catching) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *catching) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Raw = string(raw)
	_, s.mail.TLS = s.conn.TLSConnectionState()
	s.catcher.mails <- s.mail
	return nil
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Conversation is a client that says exactly what it is told to.
type Conversation struct {
	t    testing.TB
	Conn net.Conn
	r    *bufio.Reader
}

// Talk connects to addr and reads the greeting.
func Talk(t testing.TB, addr string) *Conversation {
	t.Helper()
	c := Connect(t, addr)
	c.Expect("220")
	return c
}

// Connect connects to addr and reads nothing.
func Connect(t testing.TB, addr string) *Conversation {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return &Conversation{t: t, Conn: conn, r: bufio.NewReader(conn)}
}

// Secure goes on under TLS.
func (c *Conversation) Secure(config *tls.Config) {
	c.t.Helper()
	conn := tls.Client(c.Conn, config)
	if err := conn.Handshake(); err != nil {
		c.t.Fatal(err)
	}
	c.Conn, c.r = conn, bufio.NewReader(conn)
}

// Say writes the bytes as they are.
func (c *Conversation) Say(bytes string) *Conversation {
	c.t.Helper()
	if _, err := io.WriteString(c.Conn, bytes); err != nil {
		c.t.Fatalf("after %q: %v", bytes, err)
	}
	return c
}

// Reply reads one reply, all its lines, and "" when the connection has ended.
func (c *Conversation) Reply() string {
	c.t.Helper()
	var reply strings.Builder
	for {
		line, err := c.r.ReadString('\n')
		reply.WriteString(line)
		if err != nil || len(line) < 4 || line[3] != '-' {
			return reply.String()
		}
	}
}

// Expect reads one reply and fails the test when it does not begin with code.
func (c *Conversation) Expect(code string) string {
	c.t.Helper()
	reply := c.Reply()
	if !strings.HasPrefix(reply, code) {
		c.t.Fatalf("expected %s, got %q", code, reply)
	}
	return reply
}

// Do says a line and expects a code.
func (c *Conversation) Do(line, code string) string {
	c.t.Helper()
	return c.Say(line + "\r\n").Expect(code)
}

// Gone fails the test when the peer has not closed the connection.
func (c *Conversation) Gone() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.r); err != nil || len(rest) > 0 {
		c.t.Fatalf("expected the end of the connection, got %q, %v", rest, err)
	}
}

// SendRaw sends one mail the plain way, as swaks would, and returns the reply to its last dot or to the command that was
// refused. The raw bytes are sent as they are, with dots doubled and the final dot added.
func SendRaw(t testing.TB, addr, from, to, raw string) string {
	t.Helper()
	c := Talk(t, addr)
	defer c.Conn.Close()
	c.Do("EHLO client.test", "250")
	for _, line := range []string{"MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA"} {
		if reply := c.Say(line + "\r\n").Reply(); reply[0] != '2' && reply[0] != '3' {
			return reply
		}
	}
	if !strings.HasSuffix(raw, "\r\n") {
		raw += "\r\n"
	}
	stuffed := strings.ReplaceAll("\r\n"+raw, "\r\n.", "\r\n..")[2:]
	return c.Say(stuffed + ".\r\n").Reply()
}
