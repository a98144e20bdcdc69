package zendesk

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"hark/desk"
	"hark/fault"
)

// contentHosts are where Zendesk keeps what was attached. A file is fetched from there and from nowhere else, by TLS, and only the
// Zendesk itself is told the token.
var contentHosts = []string{".zendesk.com", ".zdusercontent.com", ".zdassets.com"}

const mostWays = 5 // how often a file may lead to another place

// File fetches a file of at most that many bytes. One that is larger is [fault.TooLarge]; one that lies elsewhere than with Zendesk
// is [fault.Forbidden].
func (c *Client) File(ctx context.Context, f desk.PastFile, most int) ([]byte, error) {
	at := f.From
	for range mostWays {
		place, err := contentAt(at)
		if err != nil {
			return nil, err
		}
		body, kind, err := c.patiently(ctx, place, most)
		var leads *elsewhere
		if !errors.As(err, &leads) {
			return c.whole(f, body, kind, err)
		}
		next, err := place.Parse(leads.to)
		if err != nil {
			return nil, fault.New(fault.Invalid, "it leads to a place that is no address")
		}
		at = next.String()
	}
	return nil, fault.New(fault.Invalid, "it leads from place to place without end")
}

// contentAt reads the address of a file.
func contentAt(address string) (*url.URL, error) {
	at, err := url.Parse(address)
	if err != nil || at.Opaque != "" || at.Host == "" {
		return nil, fault.New(fault.Invalid, "it has no address to fetch it from")
	}
	at.Host, at.User, at.Fragment = strings.ToLower(at.Host), nil, ""
	known := false
	for _, host := range contentHosts {
		known = known || strings.HasSuffix(at.Host, host)
	}
	if at.Scheme != "https" || !known {
		return nil, fault.New(fault.Forbidden, "it lies at %s, and files are fetched from Zendesk alone", at.Host)
	}
	return at, nil
}

// whole refuses a page that came instead of the file: a request to sign in, for instance.
func (c *Client) whole(f desk.PastFile, body []byte, kind string, err error) ([]byte, error) {
	isPage := func(kind string) bool { return strings.HasPrefix(strings.ToLower(kind), "text/html") }
	switch {
	case fault.Is(err, fault.Refused): // of one file; the token has answered other questions
		return nil, fault.Wrap(err, fault.Forbidden, "the Zendesk %s does not hand it out", c.host)
	case err == nil && isPage(kind) && !isPage(f.Type):
		return nil, fault.New(fault.Forbidden, "the Zendesk %s shows a page instead of it", c.host)
	}
	return body, err
}
