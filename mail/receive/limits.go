package receive

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// doorkeeper lets connections in while there is room and tells the others to come back.
type doorkeeper struct {
	net.Listener
	hosts  *hosts
	domain string
}

// Accept returns the next connection there is room for.
func (d *doorkeeper) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if g := d.hosts.enter(c); g != nil {
			return g, nil
		}
		turnAway(c, d.domain)
	}
}

func turnAway(c net.Conn, domain string) {
	c.SetWriteDeadline(time.Now().Add(time.Second))
	io.WriteString(c, "421 4.7.0 "+domain+" has too many connections, come back later\r\n")
	c.Close()
}

// hosts counts open connections, in all and by IP address.
type hosts struct {
	most, perHost int

	mu      sync.Mutex
	open    map[*guarded]struct{}
	count   map[string]int
	closing bool
	left    chan struct{} // signalled when a connection ends
}

func newHosts(most, perHost int) *hosts {
	return &hosts{most: most, perHost: perHost, open: map[*guarded]struct{}{}, count: map[string]int{}, left: make(chan struct{}, 1)}
}

func (h *hosts) enter(c net.Conn) *guarded {
	h.mu.Lock()
	defer h.mu.Unlock()
	host := hostOf(c.RemoteAddr())
	if h.closing || len(h.open) >= h.most || h.count[host] >= h.perHost {
		return nil
	}
	g := &guarded{Conn: c, hosts: h, host: host}
	h.open[g] = struct{}{}
	h.count[host]++
	return g
}

func (h *hosts) leave(g *guarded) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.open[g]; !ok {
		return
	}
	delete(h.open, g)
	if h.count[g.host]--; h.count[g.host] == 0 {
		delete(h.count, g.host)
	}
	select {
	case h.left <- struct{}{}:
	default:
	}
}

// wait returns when every connection has ended, or ctx has.
func (h *hosts) wait(ctx context.Context) error {
	for len(h.all()) > 0 {
		select {
		case <-h.left:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// dismissStrangers says goodbye to peers that no session looks after. One that has just begun TLS is cut off without words,
// which it could not read.
func (h *hosts) dismissStrangers(domain string) {
	for _, g := range h.all() {
		switch g.state.Load() {
		case stranger:
			farewell(g, domain)
		case between:
			g.Close()
		}
	}
}

func (h *hosts) closeAll() {
	for _, g := range h.all() {
		g.Close()
	}
}

// all lists the open connections. Whoever asks is closing: nobody enters any more.
func (h *hosts) all() (open []*guarded) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closing = true
	for g := range h.open {
		open = append(open, g)
	}
	return open
}

// guarded is a connection that stays broken once reading has failed. Without that, a mail that stalls until its deadline
// would be given up, and the rest of it would then be read as commands: somebody else's mail, smuggled in (threat C16).
type guarded struct {
	net.Conn
	hosts  *hosts
	host   string
	failed error
	state  atomic.Int32 // stranger, introduced or between
}

const (
	stranger   = iota // has not said EHLO
	introduced        // has a session
	between           // had a session, and has begun TLS since
)

// guardOf finds the guarded connection, under TLS too.
func guardOf(c net.Conn) *guarded {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	return c.(*guarded)
}

// Read is called by one goroutine at a time. Running out of time is reported as the reply it deserves, because the library
// would answer 554 inside BDAT, and the sender would give up.
func (g *guarded) Read(b []byte) (int, error) {
	if g.failed != nil {
		return 0, g.failed
	}
	n, err := g.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = reply(421, 4, 4, 2, "that took too long, come back later")
	}
	g.failed = err
	return n, err
}

func (g *guarded) Close() error {
	g.hosts.leave(g)
	return g.Conn.Close()
}

func hostOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return host
}

// budget bounds the octets of all mails that are in memory at once.
type budget struct {
	limit int64
	used  atomic.Int64
}

// share is what one mail has taken of a budget.
type share struct {
	of   *budget
	size int64
}

func (b *budget) start() *share { return &share{of: b} }

// take adds n octets and reports whether they fit.
func (s *share) take(n int64) bool {
	s.size += n
	return s.of.used.Add(n) <= s.of.limit
}

func (s *share) giveBack() { s.of.used.Add(-s.size) }
