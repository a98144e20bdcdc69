package exchange

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// What comes over the wire is looked at before the library sees it. A message that cannot be read, or lacks what every message has (RFC
// 3261, 8.1.1), is dropped as if it were lost on the way, and so is one by somebody who knows nothing of us.

// door is what somebody has to know who wants to be heard.
type door struct {
	token string        // our name: who asks has it from the exchange
	call  string        // the Call-ID of our registrations: who answers has been asked
	open  chan struct{} // closed when the library has begun to listen
	once  *sync.Once
}

func newDoor() door {
	return door{token: "hark-" + rand.Text(), call: rand.Text(), open: make(chan struct{}), once: &sync.Once{}}
}

func (d door) listens() { d.once.Do(func() { close(d.open) }) }

// lets reports whether a message is whole, and meant for us.
func (d door) lets(message []byte) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	if promisesMore(message) {
		return false
	}
	read, err := sip.ParseMessage(bytes.Clone(message))
	if err != nil {
		return false
	}
	if req, isRequest := read.(*sip.Request); isRequest {
		return req.Recipient.User == d.token && whole(req.Via(), req.From(), req.To(), req.CallID(), req.CSeq())
	}
	res, isResponse := read.(*sip.Response)
	return isResponse && whole(res.Via(), res.From(), res.To(), res.CallID(), res.CSeq()) && res.CallID().Value() == d.call
}

func whole(via *sip.ViaHeader, from *sip.FromHeader, to *sip.ToHeader, call *sip.CallIDHeader, seq *sip.CSeqHeader) bool {
	return via != nil && from != nil && to != nil && call != nil && call.Value() != "" && seq != nil
}

// promisesMore reports whether a line of a message says that more follows than there is. The library makes room for what is promised
// before it looks, wherever the line stands.
func promisesMore(message []byte) bool {
	for line := range bytes.Lines(message) {
		if bodyLength(line) > len(message) {
			return true
		}
	}
	return false
}

// packets are the messages that the door lets through.
type packets struct {
	net.PacketConn
	door door
}

// ReadFrom reads the next one of them.
func (c *packets) ReadFrom(p []byte) (n int, from net.Addr, err error) {
	c.door.listens()
	for {
		n, from, err = c.PacketConn.ReadFrom(p)
		if err != nil || c.door.lets(p[:n]) {
			return n, from, err
		}
	}
}

// stream are the messages of a connection that the door lets through, each whole.
type stream struct {
	net.Conn
	door door
	in   *bufio.Reader
	rest []byte      // of the message that is being read
	lost func(error) // hears that the connection has ended
}

func newStream(conn net.Conn, d door, lost func(error)) *stream {
	return &stream{Conn: conn, door: d, in: bufio.NewReader(conn), lost: lost}
}

// Read reads what comes next of them.
func (c *stream) Read(p []byte) (int, error) {
	c.door.listens()
	for len(c.rest) == 0 {
		message, err := nextMessage(c.in)
		if err != nil {
			c.lost(err)
			return 0, err
		}
		if len(bytes.TrimSpace(message)) == 0 {
			_, _ = io.WriteString(c.Conn, "\r\n") // it asks whether we are still here (RFC 5626, 3.5.1)
		} else if c.door.lets(message) {
			c.rest = message
		}
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// mostMessage is how long a message is at most.
const mostMessage = 64 << 10

var errTooLong = errors.New("a message is longer than any of an exchange")

// nextMessage reads one message of a stream: lines up to an empty one, and as much as they say follows (RFC 3261, 18.3). Empty lines
// before it are a message of their own.
func nextMessage(in *bufio.Reader) (message []byte, err error) {
	for {
		line, err := in.ReadSlice('\n')
		message = append(message, line...)
		if len(message) > mostMessage || errors.Is(err, bufio.ErrBufferFull) {
			return nil, errTooLong
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	length := bodyLength(message)
	if length > mostMessage-len(message) {
		return nil, errTooLong
	}
	body := make([]byte, length)
	_, err = io.ReadFull(in, body)
	return append(message, body...), err
}

// bodyLength is what the lines of a message say about its length; 0 when they do not.
func bodyLength(head []byte) int {
	for line := range strings.Lines(string(head)) {
		name, value, _ := strings.Cut(line, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "content-length" && name != "l" {
			continue
		}
		switch n, err := strconv.Atoi(strings.TrimSpace(value)); {
		case errors.Is(err, strconv.ErrRange):
			return math.MaxInt
		case err == nil && n >= 0:
			return n
		}
	}
	return 0
}

// once is a listener at which one connection has arrived, and no other ever does. The library serves what arrives, so a connection that
// we have made ourselves, with our own care for certificates and time, is served as well.
type once struct {
	conn   net.Conn
	given  chan net.Conn
	closed chan struct{}
	shut   sync.Once
}

func newOnce(conn net.Conn) *once {
	o := &once{conn: conn, given: make(chan net.Conn, 1), closed: make(chan struct{})}
	o.given <- conn
	return o
}

// Accept returns the connection, and then nothing until the listener is closed.
func (o *once) Accept() (net.Conn, error) {
	select {
	case conn := <-o.given:
		return conn, nil
	case <-o.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the waiting.
func (o *once) Close() error {
	o.shut.Do(func() { close(o.closed) })
	return nil
}

// Addr is our end of the connection.
func (o *once) Addr() net.Addr { return o.conn.LocalAddr() }
