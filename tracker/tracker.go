// Package tracker speaks with the tracker of the engineers: GitHub's issues, GitLab's, and Jira's, each by its own REST API. It is an
// edge: it asks, translates the answers into the words of package engineers, and decides nothing.
//
// The token goes to one host alone, the one that was named, always by TLS; no redirect is followed, no proxy of the environment is
// used, and no error contains it. A host that lies nearer than the public internet is refused when it is connected to, unless the
// operator has named its network (package reach): most companies keep their own GitLab or Jira inside.
//
// Trackers know no "once". Whoever was stopped between sending and noting does not know whether the entry is there, so every
// letter carries a mark, and one that may have arrived is looked for by its mark before it is sent again.
package tracker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"hark/desk"
	"hark/engineers"
	"hark/fault"
	"hark/reach"
)

var (
	tokenForm = regexp.MustCompile(`^[!-~]{8,512}$`)
	userForm  = regexp.MustCompile(`^[^\s:@/]+@[^\s:@/]+$`)
)

// Open makes a tracker of an account. Nothing is asked yet; what cannot be an account is [fault.Invalid].
//
// Errors of what is asked later have kinds: [fault.Unavailable] and [fault.TooMany] pass by themselves, all others need somebody.
func Open(a engineers.Account, w reach.Wire) (desk.Engineers, error) {
	if !tokenForm.MatchString(a.Token) {
		return nil, fault.New(fault.Invalid, "this is no access token; make one at %s and copy it whole", a.Host())
	}
	if a.Kind == engineers.Jira && a.IsCloud() && !userForm.MatchString(a.User) {
		return nil, fault.New(fault.Invalid, "a token of Jira Cloud belongs to somebody; name their mail address")
	}
	c := &client{project: a.Project, http: w.Client(patience)}
	switch a.Kind {
	case engineers.GitHub:
		return newGitHub(c, a), nil
	case engineers.GitLab:
		return newGitLab(c, a), nil
	case engineers.Jira:
		return newJira(c, a), nil
	}
	return nil, fault.New(fault.Invalid, "there is no tracker of the kind %q", a.Kind)
}

const (
	patience  = 30 * time.Second
	mostBytes = 8 << 20         // of one answer: a hundred issues with long texts
	slack     = 5 * time.Minute // how far their clock may be from ours
	atATime   = "100"           // what is listed on one page
)

// client asks one tracker.
type client struct {
	project engineers.Project
	api     string // where its API begins
	http    *http.Client
	sign    func(*http.Request) // puts the token on a question
}

// get asks a question and reads the answer into a value.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.ask(ctx, http.MethodGet, path, query, nil, into)
}

// post sends a value and reads the answer into another, nil for none.
func (c *client) post(ctx context.Context, path string, said, into any) error {
	return c.ask(ctx, http.MethodPost, path, nil, said, into)
}

func (c *client) ask(ctx context.Context, method, path string, query url.Values, said, into any) error {
	request, err := c.request(ctx, method, path, query, said)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return c.unreached(ctx, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1))
	if err != nil {
		return c.unreached(ctx, err)
	}
	if len(body) > mostBytes {
		return c.says(fault.TooLarge, "answers with more than %d MB", mostBytes>>20)
	}
	if err := c.judge(answer, body); err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fault.Wrap(err, fault.Invalid, "what the tracker at %s answers cannot be read; is the address that of a project there?", c.project.Host())
	}
	return nil
}

func (c *client) request(ctx context.Context, method, path string, query url.Values, said any) (*http.Request, error) {
	var body io.Reader
	if said != nil {
		text, err := json.Marshal(said)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	at := c.api + path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, at, body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "this is no address of a tracker")
	}
	request.Header.Set("User-Agent", "Hark")
	request.Header.Set("Accept", "application/json")
	if said != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	c.sign(request)
	return request, nil
}

// unreached is the trouble of a connection, without the address that was asked.
func (c *client) unreached(ctx context.Context, err error) error {
	var told *url.Error
	if errors.As(err, &told) {
		err = told.Err
	}
	switch {
	case fault.Is(err, fault.Refused):
		return err
	case ctx.Err() != nil:
		return fault.Wrap(err, fault.Unavailable, "the tracker at %s did not answer in time", c.project.Host())
	}
	return fault.Wrap(err, fault.Unavailable, "the tracker at %s cannot be reached", c.project.Host())
}

// judge says what an answer means that is not what was asked for.
func (c *client) judge(answer *http.Response, body []byte) error {
	switch status := answer.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests, status == http.StatusForbidden && isLimit(answer.Header):
		return c.says(fault.TooMany, "asks to wait")
	case status >= 500:
		return c.says(fault.Unavailable, "answers %d", status)
	case status == http.StatusUnauthorized:
		return c.says(fault.Refused, "does not accept the token; it may have ended or been revoked")
	case status == http.StatusForbidden:
		return c.says(fault.Forbidden, "does not let the token do this in %s; it needs to read and write issues", c.project.Name)
	case status == http.StatusNotFound:
		return c.says(fault.NotFound, "has no such thing in %s, or hides it from the token", c.project.Name)
	case status == http.StatusGone:
		return c.says(fault.Refused, "has issues switched off for %s", c.project.Name)
	case status >= 300 && status < 400:
		return c.says(fault.Refused, "leads to another place, which is not followed; name the address people there see")
	}
	return c.says(fault.Invalid, "answers %d%s", answer.StatusCode, reason(body))
}

// isLimit reports whether a refusal is only about how often one may ask: GitHub answers 403 then.
func isLimit(h http.Header) bool {
	return h.Get("Retry-After") != "" || h.Get("X-Ratelimit-Remaining") == "0"
}

const mostReason = 200

// reason is what a tracker says about a question it cannot take: GitHub and GitLab call it message, Jira names the fields.
func reason(body []byte) string {
	var told struct {
		Message  any               `json:"message"`
		Messages []string          `json:"errorMessages"`
		Fields   map[string]string `json:"errors"`
	}
	var plain struct {
		Message any `json:"message"`
	}
	if json.Unmarshal(body, &told) != nil { // what GitHub calls errors is a list
		_ = json.Unmarshal(body, &plain)
		told.Message = plain.Message
	}
	words := told.Messages
	if told.Message != nil {
		words = append(words, fmt.Sprint(told.Message))
	}
	for field, says := range told.Fields {
		words = append(words, field+": "+says)
	}
	text := []rune(strings.Join(strings.Fields(strings.Join(words, "; ")), " "))
	if len(text) == 0 {
		return ""
	}
	return ": " + string(text[:min(len(text), mostReason)])
}

// says begins a sentence about this tracker.
func (c *client) says(kind fault.Kind, format string, args ...any) error {
	return fault.New(kind, "the tracker at %s %s", c.project.Host(), fmt.Sprintf(format, args...))
}

// opened is the entry that an answer speaks of; one that says nothing usable is no answer.
func (c *client) opened(e engineers.Entry) (engineers.Entry, error) {
	if e.Name == "" {
		return e, c.says(fault.Invalid, "answers without the number of an issue")
	}
	e.URL = c.project.EntryURL(e.Name) // an address from outside is not made a link
	return e, nil
}

// found says in a sentence what is there.
func (c *client) found(issues bool) (string, error) {
	if !issues {
		return "", c.says(fault.Refused, "has issues switched off for %s", c.project.Name)
	}
	return fmt.Sprintf("The tracker at %s lets the token read %s. Issues are switched on.", c.project.Host(), c.project.Name), nil
}
