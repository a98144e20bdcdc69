package send

import (
	"context"
	"sync"
	"time"
)

// longestBreak is how long a host in trouble is left alone at most.
const longestBreak = 30 * time.Minute

// hosts keeps mail to one host from taking everything: a few connections to each, and breaks for those in trouble.
type hosts struct {
	most       int
	firstBreak time.Duration
	now        func() time.Time

	mu    sync.Mutex
	known map[string]*host
}

type host struct {
	slots   chan struct{}
	users   int       // mails that have a slot or wait for one
	trouble int       // attempts in a row that never came as far as the mail
	until   time.Time // end of the break
}

// enter waits for a free connection to the host. It reports false when there is none in time, or when the host has a break,
// and then when it ends.
func (h *hosts) enter(ctx context.Context, name string, patience time.Duration) (ok bool, notBefore time.Time) {
	at := h.arrive(name)
	if h.onBreak(at) {
		return false, h.depart(name, at)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case at.slots <- struct{}{}:
		if !h.onBreak(at) {
			return true, time.Time{}
		}
		<-at.slots
	case <-timer.C:
	case <-ctx.Done():
	}
	return false, h.depart(name, at)
}

func (h *hosts) arrive(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, ok := h.known[name]
	if !ok {
		at = &host{slots: make(chan struct{}, h.most)}
		h.known[name] = at
	}
	at.users++
	return at
}

func (h *hosts) onBreak(at *host) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now().Before(at.until)
}

// depart returns the end of the host's break, and forgets hosts about which nothing needs to be known.
func (h *hosts) depart(name string, at *host) (notBefore time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at.users--
	if at.users == 0 && at.trouble == 0 {
		delete(h.known, name)
	}
	return at.until
}

// leave gives the connection back and learns from the result. A host that speaks about the mail is well. One that is away,
// or says 421, gets a break, longer each time; its end is returned.
func (h *hosts) leave(name string, r Result) (notBefore time.Time) {
	h.mu.Lock()
	at := h.known[name]
	switch {
	case r.Code == 421 || r.State == Deferred && !r.isAboutTheMail():
		at.until = h.now().Add(min(h.firstBreak<<min(at.trouble, 10), longestBreak))
		at.trouble++
	default:
		at.trouble, at.until = 0, time.Time{}
	}
	h.mu.Unlock()
	<-at.slots
	return h.depart(name, at)
}
