package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"hark/fault"
)

const (
	mostJSON  = 32 << 20         // of one answer: a page of two hundred tickets or of a hundred messages is far below
	mostTries = 6                // of one question
	mostWait  = 15 * time.Minute // between two of them; more than Zendesk names
)

// busy is trouble that passes: wait, and ask again.
type busy struct {
	after time.Duration // what Zendesk said, 0 when it said nothing
	why   error
}

func (b *busy) Error() string { return b.why.Error() }
func (b *busy) Unwrap() error { return b.why }

// get asks one question of the API and reads the answer.
func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	at := &url.URL{Scheme: "https", Host: c.host, Path: "/api/v2/" + path, RawQuery: query.Encode()}
	body, _, err := c.patiently(ctx, at, mostJSON)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault.Wrap(err, fault.Invalid, "what the Zendesk %s answers about %s cannot be read", c.host, path)
	}
	return nil
}

// patiently asks until there is an answer: it waits as long as Zendesk says, and longer and longer when it says nothing. When
// nothing helps it is [fault.Unavailable].
func (c *Client) patiently(ctx context.Context, at *url.URL, most int) (body []byte, kind string, err error) {
	pause := 2 * time.Second
	for range mostTries {
		var again *busy
		if body, kind, err = c.ask(ctx, at, most); !errors.As(err, &again) {
			return body, kind, err
		}
		after := again.after
		if after == 0 {
			after, pause = pause, 3*pause
		}
		if err := c.wait(ctx, min(after, mostWait)); err != nil {
			return nil, "", err
		}
	}
	return nil, "", fault.Wrap(err, fault.Unavailable, "the Zendesk %s does not answer just now; go on later, what is here stays", c.host)
}

// ask asks once. The answer has at most that many bytes; its kind is what the server calls it.
func (c *Client) ask(ctx context.Context, at *url.URL, most int) (body []byte, kind string, err error) {
	answer, err := c.send(ctx, at)
	if err != nil {
		return nil, "", err
	}
	defer answer.Body.Close()
	if err := c.judge(answer); err != nil {
		return nil, "", err
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, int64(most)+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "", &busy{why: err}
	case len(body) > most:
		return nil, "", fault.New(fault.TooLarge, "it has more than %d MB", most>>20)
	}
	return body, answer.Header.Get("Content-Type"), nil
}

// send sends the question, with the token to the one host it is for, and follows no way elsewhere.
func (c *Client) send(ctx context.Context, at *url.URL) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "this is no address")
	}
	request.Header.Set("User-Agent", "Hark")
	if at.Host == c.host {
		request.SetBasicAuth(c.user, c.token)
	}
	answer, err := c.http.Do(request)
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var told *url.Error
	if errors.As(err, &told) {
		err = told.Err // without the address, in which the key of a file may stand
	}
	if fault.Is(err, fault.Refused) {
		return nil, err
	}
	return nil, &busy{why: err}
}

// judge says what an answer without content means.
func (c *Client) judge(answer *http.Response) error {
	switch status := answer.StatusCode; {
	case status == http.StatusOK:
		return nil
	case status == http.StatusTooManyRequests:
		return &busy{max(retryAfter(answer), time.Second), c.says(fault.TooMany, "asks to wait")}
	case status >= 500:
		return &busy{retryAfter(answer), c.says(fault.Unavailable, "answers %d", status)}
	case status == http.StatusUnauthorized:
		return c.says(fault.Refused, "does not accept this mail address with this token; look whether token access is on and the token is not revoked")
	case status == http.StatusForbidden:
		return c.says(fault.Forbidden, "does not let this person read it; the token must belong to an administrator")
	case status == http.StatusNotFound, status == http.StatusGone:
		return c.says(fault.NotFound, "no longer has it")
	case status >= 300 && status < 400:
		return &elsewhere{answer.Header.Get("Location"), c.says(fault.Refused, "leads to another place, which is not followed; name the address people there sign in at")}
	}
	return c.says(fault.Invalid, "answers %d", answer.StatusCode)
}

// elsewhere is an answer that leads to another place.
type elsewhere struct {
	to  string
	why error
}

func (e *elsewhere) Error() string { return e.why.Error() }
func (e *elsewhere) Unwrap() error { return e.why }

// retryAfter is how long Zendesk asks to wait (RFC 9110, 10.2.3), 0 when it does not say it in seconds.
func retryAfter(answer *http.Response) time.Duration {
	seconds, err := strconv.ParseFloat(answer.Header.Get("Retry-After"), 64)
	if err != nil || seconds < 0 || seconds > mostWait.Seconds() {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
