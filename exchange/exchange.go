// Package exchange registers the desk at a telephone exchange as one more extension, which rings along and never answers (SIP, RFC
// 3261). When a call comes in, the exchange lets several telephones ring; the desk is one of them, reads who calls, says that it rings
// (180) and waits until the exchange takes the call away, because somebody has answered elsewhere or nobody is left on the line. There is
// no audio: the desk accepts no call and offers none.
//
// Whatever it hears becomes the same events that any exchange can tell (desk.HearCall). Two things are not believed. A number is only a
// number: what an exchange lets through from outside, anybody can have written. And whoever sends a request to the desk has to know the
// name under which it registered, which is made up anew each time and told to the exchange alone; everything else gets no answer.
package exchange

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"hark/desk"
)

// Extension is the desk at its exchange.
type Extension struct {
	Line  desk.Line
	Hear  func(ctx context.Context, told desk.CallTold) error // keeps an event; it may be told twice
	State func(good bool, says string)                        // hears how the registration stands; may be nil
	Now   func() time.Time
	Roots *x509.CertPool // authorities to trust, nil for those of the machine

	Resolver *net.Resolver // says where an exchange is; nil for that of the machine
	failures int           // how often registering has failed
}

// The library writes lines of what it receives; nothing that people wrote goes into a log (I8).
func init() { sip.SetDefaultLogger(slog.New(slog.DiscardHandler)) }

const (
	firstPause = 2 * time.Second // before registering is tried again
	mostPause  = time.Minute
)

// Run registers, and hears calls, until ctx ends. What fails is said and tried again, later and later up to a minute.
func (e *Extension) Run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		err := e.stay(ctx)
		if ctx.Err() != nil {
			return
		}
		e.failures++
		if time.Since(began) > mostPause {
			pause = firstPause
		}
		e.says(false, fmt.Sprintf("%s It is tried again in %d seconds.", e.words(err), int(pause.Seconds())))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, mostPause)
	}
}

// stay connects, registers again and again, and ends when that fails.
func (e *Extension) stay(ctx context.Context) error {
	s, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer s.leave()
	for {
		again, err := s.register(ctx, registerFor)
		if err != nil {
			return err
		}
		e.says(true, fmt.Sprintf("Registered at %s as %s", e.Line.Server, e.Line.User))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-s.failed:
			return err
		case <-time.After(again):
		}
	}
}

// Try asks the exchange whether it would let the desk register, and changes nothing there: a registration that names no place only asks
// for those that are known (RFC 3261, 10.2.3).
func (e *Extension) Try(ctx context.Context) (says string, ok bool) {
	s, err := e.connect(ctx)
	if err == nil {
		defer s.leave()
		_, err = s.register(ctx, 0)
	}
	if err != nil {
		return e.words(err), false
	}
	return fmt.Sprintf("%s lets the desk in as %s.", e.Line.Server, e.Line.User), true
}

func (e *Extension) says(good bool, words string) {
	if e.State != nil {
		e.State(good, words)
	}
}

// refusal is what the exchange answered instead of yes.
type refusal struct {
	code   int
	reason string
}

func (r refusal) Error() string { return fmt.Sprintf("%d %s", r.code, r.reason) }

// words say what went wrong, and how to mend it.
func (e *Extension) words(err error) string {
	var no refusal
	switch {
	case errors.As(err, &no) && (no.code == 401 || no.code == 403 || no.code == 407):
		return fmt.Sprintf("%s does not let the desk in: %s. See that the extension and its password are right there.", e.Line.Server, clip(no.Error()))
	case errors.As(err, &no) && no.code == 404:
		return fmt.Sprintf("%s knows no extension %s.", e.Line.Server, e.Line.User)
	case errors.As(err, &no):
		return fmt.Sprintf("%s answered %s.", e.Line.Server, clip(no.Error()))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, sip.ErrTransactionTimeout):
		return fmt.Sprintf("%s does not answer over %s. See that the address and the way are right, and that no firewall is between.", e.Line.Server, e.Line.Transport)
	}
	return fmt.Sprintf("%s cannot be reached over %s: %s.", e.Line.Server, e.Line.Transport, clip(err.Error()))
}

// clip keeps a sentence readable that quotes what another machine said.
func clip(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// calls are those that ring now, by their Call-ID.
type calls struct {
	mu   sync.Mutex
	ring map[string]chan string // takes the event with which a call ends
}

// mostRinging is how many calls may ring at once; more are told that the desk is busy.
const mostRinging = 500

// begin notes that a call rings. full says that too many do already; known that this one does.
func (c *calls) begin(id string) (ends chan string, known, full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known = c.ring[id]; known || len(c.ring) >= mostRinging {
		return nil, known, !known
	}
	ends = make(chan string, 1)
	c.ring[id] = ends
	return ends, false, false
}

func (c *calls) over(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ring, id)
}

// end lets a call end that rings, and reports whether there is one.
func (c *calls) end(id, event string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ends, rings := c.ring[id]
	if rings {
		select {
		case ends <- event:
		default: // it is ending already
		}
	}
	return rings
}
