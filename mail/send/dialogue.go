package send

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"hark/fault"
	"hark/mail/peer"
)

// Patience is how long a server may take. Zero fields have the times of RFC 5321, 4.5.3.2.
type Patience struct {
	Connect time.Duration // to open the connection, 30 seconds
	Command time.Duration // for one reply, 5 minutes
	Block   time.Duration // to take the next part of the mail, 3 minutes
	Dot     time.Duration // to answer the final dot, 10 minutes
	Total   time.Duration // for one mail, whatever happens, 20 minutes
}

func (p Patience) orUsual() Patience {
	for field, usual := range map[*time.Duration]time.Duration{
		&p.Connect: 30 * time.Second, &p.Command: 5 * time.Minute, &p.Block: 3 * time.Minute,
		&p.Dot: 10 * time.Minute, &p.Total: 20 * time.Minute,
	} {
		if *field == 0 {
			*field = usual
		}
	}
	return p
}

// dialogue is one connection to one server, for one mail. It is our own state machine, because the phase has to be known at
// every moment, STARTTLS has to be optional on a running connection, and every single step needs its bound.
type dialogue struct {
	name       string // what we call ourselves
	server     peer.Server
	patience   Patience
	until      time.Time // when all patience ends
	observe    func(Phase) error
	conn       net.Conn
	r          *bufio.Reader
	phase      Phase
	extensions map[string]string // what the server offers, by name in upper case
}

// run says m to the server, step by step. When it fails, d.phase tells where.
func (d *dialogue) run(m Message) error {
	steps := []struct {
		phase Phase
		do    func(Message) error
	}{
		{Banner, d.banner}, {Hello, d.hello}, {StartTLS, d.encrypt}, {SignIn, d.signIn},
		{MailFrom, d.mailFrom}, {RcptTo, d.rcptTo}, {Data, d.data}, {Body, d.body}, {FinalDot, d.dot},
	}
	for _, step := range steps {
		if err := d.observe(step.phase); err != nil {
			return fmt.Errorf("before %s: %w", step.phase, err)
		}
		d.phase = step.phase
		if err := step.do(m); err != nil {
			return err
		}
	}
	return nil
}

func (d *dialogue) banner(Message) error {
	d.within(d.patience.Command)
	return d.expect(220)
}

// hello introduces us. Servers that are too old for EHLO are asked again with HELO (RFC 5321, 3.2).
func (d *dialogue) hello(Message) error {
	d.extensions = map[string]string{}
	reply, err := d.say("EHLO " + d.name)
	if err != nil {
		return err
	}
	if reply.Code/100 == 5 {
		return d.ask(250, "HELO "+d.name)
	}
	if reply.Code != 250 {
		return reply
	}
	for _, line := range reply.lines[1:] {
		name, parameters, _ := strings.Cut(line, " ")
		d.extensions[strings.ToUpper(name)] = parameters
	}
	return nil
}

func (d *dialogue) offers(extension string) bool {
	_, ok := d.extensions[extension]
	return ok
}

var errNoTLS = errors.New("the server offers no encryption, and nothing is sent without it")

// encrypt goes on under TLS when the server offers it, and refuses to go on when it has to and does not. What was read too
// early is dropped with the old buffer: it was not encrypted (CVE-2011-0411).
func (d *dialogue) encrypt(m Message) error {
	security := d.server.Security
	if security == peer.FromTheStart || security == peer.Off {
		return nil
	}
	if !d.offers("STARTTLS") {
		if security == peer.Required {
			return errNoTLS
		}
		return nil
	}
	if err := d.ask(220, "STARTTLS"); err != nil {
		return err
	}
	secure := tls.Client(d.conn, d.server.TLS())
	d.within(d.patience.Command)
	if err := secure.Handshake(); err != nil {
		return err
	}
	d.use(secure)
	return d.hello(m)
}

var errNoMechanism = errors.New("the server offers no way to sign in that we know; PLAIN, LOGIN and, with a token, XOAUTH2 are known")

// signIn proves who we are. peer.Parse makes sure that a login never comes without encryption.
func (d *dialogue) signIn(Message) error {
	if d.server.Login.User == "" {
		return nil
	}
	client := d.server.Login.Mechanism(func(name string) bool { return peer.Has(d.extensions["AUTH"], name) })
	if client == nil {
		return errNoMechanism
	}
	name, first, err := client.Start()
	if err != nil {
		return err
	}
	reply, err := d.say("AUTH " + name + " " + base64.StdEncoding.EncodeToString(first))
	for turns := 0; err == nil && reply.Code == 334 && turns < 5; turns++ {
		reply, err = d.respond(client.Next, reply)
	}
	return is(235, reply, err)
}

func (d *dialogue) respond(next func([]byte) ([]byte, error), challenge *Reply) (*Reply, error) {
	asked, err := base64.StdEncoding.DecodeString(challenge.lines[0])
	if err != nil {
		return nil, errGarbage
	}
	response, err := next(asked)
	if err != nil {
		return nil, err
	}
	return d.say(base64.StdEncoding.EncodeToString(response))
}

// mailFrom names the return path, and asks only for extensions that this mail needs.
func (d *dialogue) mailFrom(m Message) error {
	line := "MAIL FROM:<" + m.From + ">"
	if d.offers("SIZE") {
		line += fmt.Sprintf(" SIZE=%d", len(m.Raw))
	}
	for _, need := range []struct {
		needed               bool
		extension, parameter string
		otherwise            string
	}{
		{!isASCII(m.Raw), "8BITMIME", "BODY=8BITMIME", "the server takes only mail in ASCII, and this one is not"},
		{!isASCII(m.From) || !isASCII(m.To), "SMTPUTF8", "SMTPUTF8", "the server takes only addresses in ASCII, and this one is not"},
	} {
		if need.needed && !d.offers(need.extension) {
			return fault.New(fault.Invalid, "%s", need.otherwise)
		}
		if need.needed {
			line += " " + need.parameter
		}
	}
	return d.ask(250, line)
}

func (d *dialogue) rcptTo(m Message) error {
	reply, err := d.say("RCPT TO:<" + m.To + ">")
	if err == nil && reply.Code/100 == 2 {
		return nil
	}
	return is(250, reply, err)
}

func (d *dialogue) data(Message) error { return d.ask(354, "DATA") }

// body says everything but the dot. A server that has enough may answer in the middle and hang up; its answer counts.
func (d *dialogue) body(m Message) error {
	for rest := stuff(m.Raw); len(rest) > 0; {
		part := rest[:min(len(rest), 32<<10)]
		d.within(d.patience.Block)
		if _, err := d.conn.Write(part); err != nil {
			return d.interjection(err)
		}
		rest = rest[len(part):]
	}
	return nil
}

func (d *dialogue) interjection(err error) error {
	d.within(time.Second)
	if reply, readErr := readReply(d.r); readErr == nil && reply.Code >= 400 {
		return reply
	}
	return err
}

// dot ends the mail. From its first octet on, only an answer says what became of it.
func (d *dialogue) dot(Message) error {
	d.within(d.patience.Dot)
	if _, err := io.WriteString(d.conn, ".\r\n"); err != nil {
		return err
	}
	reply, err := readReply(d.r)
	if err == nil && reply.Code/100 == 3 {
		return errGarbage
	}
	if err == nil && reply.Code/100 == 2 {
		return nil
	}
	return is(250, reply, err)
}

// quit is politeness: the result is known and nobody waits long for the answer.
func (d *dialogue) quit() {
	d.patience.Command = min(d.patience.Command, 2*time.Second)
	d.say("QUIT")
	d.conn.Close()
}

func (d *dialogue) use(c net.Conn) { d.conn, d.r = c, bufio.NewReaderSize(c, maxReplyLine) }

// within bounds what comes next. The bound is for all of it, so that one octet a second does not help.
func (d *dialogue) within(patience time.Duration) {
	end := time.Now().Add(patience)
	if end.After(d.until) {
		end = d.until
	}
	d.conn.SetDeadline(end)
}

// say sends one line and reads the reply to it.
func (d *dialogue) say(line string) (*Reply, error) {
	d.within(d.patience.Command)
	if _, err := io.WriteString(d.conn, line+"\r\n"); err != nil {
		return nil, err
	}
	return readReply(d.r)
}

// ask says one line and wants one code.
func (d *dialogue) ask(code int, line string) error {
	reply, err := d.say(line)
	return is(code, reply, err)
}

func (d *dialogue) expect(code int) error {
	reply, err := readReply(d.r)
	return is(code, reply, err)
}

func is(code int, reply *Reply, err error) error {
	if err != nil {
		return err
	}
	if reply.Code != code {
		return reply
	}
	return nil
}

// closeWith closes the connection when ctx ends, which ends every wait on it.
func closeWith(ctx context.Context, c net.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { c.Close() })
}
