// Package zendesk reads the past of another desk out of Zendesk, as whoever holds an API token there may read it: organisations,
// people, tickets, conversations, files. It is an edge. It asks Zendesk's public API, translates the answers into the desk's words
// ([desk.Past]) and decides nothing.
//
// The token is kept in memory, in one Client, for as long as somebody holds that. It goes to one host alone, the one that was
// named, which is always something.zendesk.com and always by TLS; no error, log line or page contains it. Zendesk is asked as
// often as it allows: ten pages of an export in a minute, and not again before the time it names.
package zendesk

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"hark/fault"
	"hark/reach"
)

// Account is what somebody needs to read a Zendesk.
type Account struct {
	Address string // "greenfund.zendesk.com", or its first part
	Email   string // of an administrator there
	Token   string // an API token
}

// String hides the token, whatever an Account is printed with.
func (a Account) String() string { return a.Email + " at " + a.Address }

// GoString hides it likewise.
func (a Account) GoString() string { return a.String() }

// Wire is how a client reaches Zendesk. The zero value is the public internet and waits as long as it is told to; tests lead it to
// a server of their own.
type Wire struct {
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Roots *x509.CertPool
	Wait  func(ctx context.Context, d time.Duration) error
}

// Client reads one Zendesk. It may be used by one import at a time.
type Client struct {
	host  string
	user  string
	token string
	http  *http.Client
	wait  func(ctx context.Context, d time.Duration) error

	mu      sync.Mutex
	exports []time.Time // when the last ones were asked for
}

// String is the client's host, so that a client that is printed by mistake tells nothing.
func (c *Client) String() string { return c.host }

// GoString likewise.
func (c *Client) GoString() string { return c.host }

var (
	hostForm  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.zendesk\.com$`)
	emailForm = regexp.MustCompile(`^[^\s:@/]+@[^\s:@/]+$`)
	tokenForm = regexp.MustCompile(`^[!-~]{8,512}$`)
)

// Open makes a client. Nothing is asked yet; what cannot be an account is [fault.Invalid], and the sentence names the value.
func Open(a Account, w Wire) (*Client, error) {
	host, err := hostOf(a.Address)
	if err != nil {
		return nil, err
	}
	email, token := strings.TrimSpace(a.Email), strings.TrimSpace(a.Token)
	switch {
	case !emailForm.MatchString(email):
		return nil, fault.New(fault.Invalid, "%q is no mail address; name the administrator to whom the token belongs", email)
	case !tokenForm.MatchString(token):
		return nil, fault.New(fault.Invalid, "this is no API token; copy it from Zendesk's Admin Center, Apps and integrations, API tokens")
	}
	c := &Client{host: host, user: email + "/token", token: token, wait: w.Wait}
	if c.wait == nil {
		c.wait = wait
	}
	c.http = outward(w).Client(5 * time.Minute) // the largest file on a slow line
	return c, nil
}

// hostOf is the host of an address as people write it.
func hostOf(address string) (string, error) {
	host, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(address)), "https://"), "/")
	if host != "" && !strings.Contains(host, ".") {
		host += ".zendesk.com"
	}
	if !hostForm.MatchString(host) {
		return "", fault.New(fault.Invalid, "%q is not the address of a Zendesk; it reads like greenfund.zendesk.com", strings.TrimSpace(address))
	}
	return host, nil
}

// outward goes to public addresses alone.
func outward(w Wire) reach.Wire { return reach.Wire{Dial: w.Dial, Roots: w.Roots} }

// wait lets the time pass, or ends with the context.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Name is the host, by which everything that comes from it is known.
func (c *Client) Name() string { return c.host }

const (
	exportsAMinute = 10
	minute         = time.Minute
)

// pace waits until one more page of an export may be asked for.
func (c *Client) pace(ctx context.Context) error {
	c.mu.Lock()
	now := time.Now()
	var after time.Duration
	if n := len(c.exports); n >= exportsAMinute {
		after = max(0, minute-now.Sub(c.exports[n-exportsAMinute]))
	}
	c.exports = append(c.exports, now.Add(after))
	c.exports = c.exports[max(0, len(c.exports)-exportsAMinute):]
	c.mu.Unlock()
	if after == 0 {
		return nil
	}
	return c.wait(ctx, after)
}

// says begins a sentence about this Zendesk.
func (c *Client) says(kind fault.Kind, format string, args ...any) error {
	return fault.New(kind, "the Zendesk %s %s", c.host, fmt.Sprintf(format, args...))
}
