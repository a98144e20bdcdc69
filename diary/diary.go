// Package diary fetches the calendars that colleagues keep elsewhere, from addresses that they have typed.
//
// Such an address can name any host, so nothing is taken on trust: TLS only; the address that a name leads to is looked at when it is
// connected to, for each step anew (package reach); at most three steps to another place; and no more time or bytes than a large
// calendar takes, counted after unpacking. Nothing is sent along but the question. Whoever typed the address reads why it failed,
// never what the other side said.
package diary

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"hark/fault"
	"hark/reach"
)

const (
	patience  = 40 * time.Second // for all steps together
	mostBytes = 8 << 20
	mostSteps = 3 // to another place
)

// Fetch reads what is at an address. What somebody has to mend is [fault.Invalid] or [fault.Refused], what may pass by itself
// [fault.Unavailable].
func Fetch(ctx context.Context, w reach.Wire, address string) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	at, err := url.Parse(address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the address cannot be read; enter it again")
	}
	client := w.Client(patience)
	defer client.CloseIdleConnections()
	for range mostSteps + 1 {
		content, next, err := step(ctx, client, at)
		if err != nil || next == nil {
			return content, err
		}
		at = next
	}
	return nil, fault.New(fault.Invalid, "the address leads on and on; enter the one it leads to")
}

// step asks one address. It returns what is there, or where it leads.
func step(ctx context.Context, client *http.Client, at *url.URL) (content []byte, next *url.URL, err error) {
	if at.Scheme != "https" || at.Hostname() == "" || at.User != nil {
		return nil, nil, fault.New(fault.Refused, "the address leads to one that does not begin with https://")
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.Invalid, "the address cannot be read; enter it again")
	}
	ask.Header.Set("Accept", "text/calendar, */*;q=0.1")
	ask.Header.Set("User-Agent", "Hark")
	answer, err := client.Do(ask)
	if err != nil {
		return nil, nil, unreached(err, at.Hostname())
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		content, err = all(answer.Body, at.Hostname())
		return content, nil, err
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err = answer.Location()
		return nil, next, fault.Wrap(err, fault.Invalid, "%s leads to another place and does not say which", at.Hostname())
	}
	return nil, nil, refused(answer.StatusCode, at.Hostname())
}

// all is everything that is there, if it is not too much.
func all(body io.Reader, host string) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, mostBytes+1))
	switch {
	case err != nil:
		return nil, unreached(err, host)
	case len(content) > mostBytes:
		return nil, fault.New(fault.Invalid, "the calendar is larger than %d MB", mostBytes>>20)
	}
	return content, nil
}

// unreached says why there is no answer. Where inside a name leads is nobody's business who typed it.
func unreached(err error, host string) error {
	if fault.Is(err, fault.Refused) {
		return fault.Wrap(err, fault.Refused, "%s is not on the public internet, and nothing nearer is read", host)
	}
	return fault.Wrap(err, fault.Unavailable, "%s does not answer, or not as a calendar should; it is tried again", host)
}

func refused(status int, host string) error {
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		return fault.New(fault.Invalid, "%s has no calendar at this address any more; enter its new one", host)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fault.New(fault.Invalid, "%s does not let anybody read this calendar; it needs a secret address that works without signing in", host)
	}
	return fault.New(fault.Unavailable, "%s answers with %d; it is tried again", host, status)
}
