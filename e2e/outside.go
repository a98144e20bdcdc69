package e2e

import (
	"io"
	"log"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"hark/mail/mailtest"
)

// Outside is everybody else's mail server: it takes what the desk sends and remembers every copy.
type Outside struct {
	Addr string // host:port

	mu          sync.Mutex
	copies      map[string][]string // raw mails by Message-ID
	hangups     int
	heard       func(Letter)
	atRecipient func()
}

// Letter is a mail that reached somebody outside.
type Letter struct {
	To, MessageID, Subject, ReplyTo string
}

// OpenOutside starts it. heard is called with each mail that comes, before it is acknowledged; nil for nobody.
func OpenOutside(t testing.TB, heard func(Letter)) *Outside {
	t.Helper()
	o := &Outside{copies: map[string][]string{}, heard: heard}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{at: o}, nil }))
	server.Domain = "outside.example"
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0) // a peer that is killed hangs up in the middle
	o.Addr = mailtest.Serve(t, server)
	return o
}

// Copies are the mails that came under a Message-ID.
func (o *Outside) Copies(messageID string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.copies[messageID]
}

// Mails is how many came, copies counted.
func (o *Outside) Mails() (n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, copies := range o.copies {
		n += len(copies)
	}
	return n
}

// Hangups is how many connections have ended.
func (o *Outside) Hangups() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.hangups
}

// AtRecipient lets do run before a recipient is answered. It is set before anybody connects.
func (o *Outside) AtRecipient(do func()) { o.atRecipient = do }

// delivery is one connection to Outside.
type delivery struct {
	at *Outside
	to string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Reset()                               {}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	if d.at.atRecipient != nil {
		d.at.atRecipient()
	}
	d.to = to
	return nil
}

func (d *delivery) Logout() error {
	d.at.mu.Lock()
	defer d.at.mu.Unlock()
	d.at.hangups++
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	id := m.Header.Get("Message-Id")
	d.at.mu.Lock()
	d.at.copies[id] = append(d.at.copies[id], string(raw))
	d.at.mu.Unlock()
	if d.at.heard != nil {
		d.at.heard(Letter{d.to, id, m.Header.Get("Subject"), m.Header.Get("Reply-To")})
	}
	return nil
}

// Sender is one SMTP connection to the desk, over which mail after mail is delivered.
type Sender struct{ conn *textproto.Conn }

// DialMail connects and says EHLO.
func DialMail(address string) (*Sender, error) {
	conn, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(10 * time.Minute))
	s := &Sender{textproto.NewConn(conn)}
	if _, _, err := s.conn.ReadResponse(220); err != nil {
		s.Close()
		return nil, err
	}
	return s, s.say(250, "EHLO load.example")
}

// Close hangs up.
func (s *Sender) Close() { s.conn.Close() }

func (s *Sender) say(code int, line string) error {
	if err := s.conn.PrintfLine("%s", line); err != nil {
		return err
	}
	_, _, err := s.conn.ReadResponse(code)
	return err
}

// Send delivers one mail, whose lines end in CR LF, and returns how long that took from MAIL to the answer to the dot.
// Without an error the desk has acknowledged it.
func (s *Sender) Send(from, to, raw string) (time.Duration, error) {
	began := time.Now()
	if err := s.Begin(from, to); err != nil {
		return 0, err
	}
	err := s.Finish(raw)
	return time.Since(began), err
}

// Finish says the mail and the dot.
func (s *Sender) Finish(raw string) error {
	if _, err := io.WriteString(s.conn.W, raw); err != nil {
		return err
	}
	return s.say(250, "\r\n.")
}

// Begin says everything up to DATA.
func (s *Sender) Begin(from, to string) error {
	if err := s.say(250, "MAIL FROM:<"+from+">"); err != nil {
		return err
	}
	if err := s.say(250, "RCPT TO:<"+to+">"); err != nil {
		return err
	}
	return s.say(354, "DATA")
}

// Mail is a plain text mail as mail programs write it.
func Mail(from, to, subject, messageID, text string, headers ...string) string {
	more := strings.Join(append(headers, ""), "\r\n")
	return "From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\nMessage-ID: " + messageID +
		"\r\nDate: Wed, 25 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" + more + "\r\n" + text
}
