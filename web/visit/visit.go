// Package visit is one request by somebody: who asks, what they may do, and how they are answered.
//
// Every page and every form is a function of a Visit. It renders into a buffer first, so that a page that fails half
// way is an error page and not half a page; it answers every failure in one place, from the fault's kind; and it never
// shows an error's inside to a person. What may be visited by whom stands in the route table of package web, nowhere else.
package visit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"

	"hark/access"
	"hark/account"
	"hark/fault"
)

// Visit is one request and the person behind it.
type Visit struct {
	Writer  http.ResponseWriter
	Request *http.Request
	Actor   access.Actor   // what they are, for every query
	Person  account.Person // who they are; zero for strangers
	Session string         // hash of the session's token, "" for strangers
	Nonce   string         // for the few style and script elements a strict CSP must let through
	guard   *Guard
	most    int64 // bytes of a form without files
	kept    map[string]any
}

// Once returns what make makes, and makes it only the first time a visit asks for it under this name: all parts of a page
// then see the same.
func Once[T any](v *Visit, name string, make func() T) T {
	if kept, ok := v.kept[name]; ok {
		return kept.(T)
	}
	made := make()
	if v.kept == nil {
		v.kept = map[string]any{}
	}
	v.kept[name] = made
	return made
}

// Handler answers a visit. A returned error becomes an error page, or an error body for programs.
type Handler func(v *Visit) error

// Context is the request's context.
func (v *Visit) Context() context.Context { return v.Request.Context() }

// Render answers 200 with a page.
func (v *Visit) Render(page templ.Component) error { return v.RenderStatus(http.StatusOK, page) }

// RenderStatus answers with a page and the given status.
func (v *Visit) RenderStatus(status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(templ.WithNonce(v.Context(), v.Nonce), &body); err != nil {
		return err
	}
	v.Writer.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.Writer.Header().Add("Vary", "Accept-Encoding")
	small := strings.Contains(v.Request.Header.Get("Accept-Encoding"), "br")
	if small {
		v.Writer.Header().Set("Content-Encoding", "br")
	}
	v.Writer.WriteHeader(status)
	if v.Request.Method == http.MethodHead {
		return nil
	}
	if small {
		return ignoreGone(v.writeSmall(body.Bytes()))
	}
	_, err := body.WriteTo(v.Writer)
	return ignoreGone(err)
}

// pageLevel packs a page to a fifth in under a millisecond.
const pageLevel = 4

// packers are used again: one costs more to make than a page to pack.
var packers = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, pageLevel) }}

func (v *Visit) writeSmall(page []byte) error {
	packed := packers.Get().(*brotli.Writer)
	defer packers.Put(packed)
	packed.Reset(v.Writer)
	if _, err := packed.Write(page); err != nil {
		return err
	}
	return packed.Close()
}

// SeeOther sends the browser to another page of ours after a form was handled (redirect after post, D7).
// The address must be a local path; anything else becomes the front page (H10).
func (v *Visit) SeeOther(path string) error {
	http.Redirect(v.Writer, v.Request, LocalPath(path, "/"), http.StatusSeeOther)
	return nil
}

// LocalPath returns path when it is a path on this host, and otherwise instead.
func LocalPath(path, instead string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
		return instead
	}
	return path
}

// Path returns a named part of the route's pattern: for "/tickets/{id}", Path("id").
func (v *Visit) Path(name string) string { return v.Request.PathValue(name) }

// Number returns a part of the path as a positive number; anything else is "not found", never "bad request", because
// an address that cannot exist and one that may not be seen must look the same (I3).
func (v *Visit) Number(name string) (int64, error) {
	var n int64
	text := v.Path(name)
	if text == "" || len(text) > 18 {
		return 0, fault.New(fault.NotFound, "There is no such page.")
	}
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return 0, fault.New(fault.NotFound, "There is no such page.")
		}
		n = n*10 + int64(digit-'0')
	}
	return n, nil
}

// Query returns one value of the address's query, "" when absent. Repeated names were refused before (F5).
func (v *Visit) Query(name string) string { return v.Request.URL.Query().Get(name) }

// Zone is the reader's time zone as the person's record or the browser names it, else otherwise. Colleagues share the desk's clock
// unless their record names another: they speak of the same times.
func (v *Visit) Zone(otherwise *time.Location) *time.Location {
	if zone := location(v.Person.Zone); zone != nil {
		return zone
	}
	if cookie, err := v.Request.Cookie("zone"); err == nil && !v.Actor.Staff() {
		if zone := location(cookie.Value); zone != nil {
			return zone
		}
	}
	return otherwise
}

// locations are the zones that were asked for and exist: finding one again costs less than a page has times on it.
var locations sync.Map

// zoneName is how zones are called: one name for each, so that what is kept of them has an end.
var zoneName = regexp.MustCompile(`^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,3}$`)

// location is the zone of that name in the database of zones, nil when there is none.
func location(name string) *time.Location {
	if known, ok := locations.Load(name); ok {
		return known.(*time.Location)
	}
	if name == "Local" || !zoneName.MatchString(name) {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	locations.Store(name, zone)
	return zone
}

// Status says which HTTP status a failure deserves.
func Status(err error) int {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Unsigned:
		return http.StatusUnauthorized
	case fault.Refused:
		return http.StatusUnprocessableEntity
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.Canceled) {
		return 499 // the reader left; nobody sees this
	}
	return http.StatusInternalServerError
}

// Says is the sentence a person reads about a failure: the fault's own, or a general one that shows nothing of the inside.
func Says(err error) string {
	if says := fault.Says(err); says != "" {
		return says
	}
	return "Something went wrong here. It has been written down; please try again."
}

// log writes a failure down for operators: the whole chain for our own mistakes, nothing that people typed.
func (v *Visit) log(err error) {
	if status := Status(err); status >= 500 {
		slog.ErrorContext(v.Context(), "request failed", "method", v.Request.Method, "route", v.Request.Pattern, "status", status, "error", err.Error())
	}
}

// Note writes down a failure that does not keep the page from being shown.
func (v *Visit) Note(err error) {
	slog.WarnContext(v.Context(), "page went on without", "route", v.Request.Pattern, "error", err.Error())
}

// ignoreGone forgets the error of a reader who hung up.
func ignoreGone(err error) error {
	if err != nil {
		slog.Debug("reader left", "error", err)
	}
	return nil
}
