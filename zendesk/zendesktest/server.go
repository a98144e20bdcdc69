// Package zendesktest is a small Zendesk for tests: a server that speaks the shape of the public API over TLS under the names of the
// real hosts, with the desk of a web agency in it. It hands out pages of two, asks once to wait, and keeps its files at another host,
// as the real one does.
package zendesktest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/mail/mailtest"
	"hark/zendesk"
)

// Who may read the desk, and where it is.
const (
	Host    = "agency.zendesk.com"
	Content = "p7.zdusercontent.com"
	Email   = "ana@agency.example"
	Token   = "kX9-secret-token-of-the-agency"
)

// Account is what an administrator types.
var Account = zendesk.Account{Address: Host, Email: Email, Token: Token}

// Record is one thing as Zendesk writes it.
type Record = map[string]any

// Asked is one request as it came.
type Asked struct {
	Host, Path string
	Authorized bool // it carried a user and a password
}

// Server is a Zendesk.
type Server struct {
	Organizations, Groups, Fields, Users, Tickets []Record
	Comments                                      map[int64][]Record
	Files                                         map[string][]byte // by their paths at the content host
	Before                                        func(w http.ResponseWriter, r *http.Request) (answered bool)

	mu     sync.Mutex
	asked  []Asked
	waited []time.Duration
	busy   bool // has asked to wait once
	wire   zendesk.Wire
	web    *httptest.Server
}

// Start begins a server with the agency's desk; it ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := Agency()
	authority := mailtest.NewAuthority(t)
	web := httptest.NewUnstartedServer(s)
	web.TLS = authority.Server(Host, Content, "elsewhere.example")
	web.TLS.MinVersion = tls.VersionTLS12
	web.StartTLS()
	t.Cleanup(web.Close)
	s.web = web
	s.wire = zendesk.Wire{
		Roots: authority.Pool,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, web.Listener.Addr().String())
		},
		Wait: func(ctx context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.waited = append(s.waited, d)
			return ctx.Err()
		},
	}
	return s
}

// Open makes a client that reaches this server and waits for nothing.
func (s *Server) Open(account zendesk.Account) (*zendesk.Client, error) {
	return zendesk.Open(account, s.wire)
}

// Client is one for the administrator.
func (s *Server) Client(t testing.TB) *zendesk.Client {
	t.Helper()
	client, err := s.Open(Account)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Where is how another process of the same test finds this server: its address and the file of its certificate.
func (s *Server) Where(t testing.TB) string {
	t.Helper()
	cert, _ := mailtest.Files(t, s.web.TLS.Certificates[0], t.TempDir())
	return s.web.Listener.Addr().String() + " " + cert
}

// Wire leads a client of another process to the server that is there, without any waiting.
func Wire(where string) zendesk.Wire {
	address, file, _ := strings.Cut(where, " ")
	roots := x509.NewCertPool()
	if text, err := os.ReadFile(file); err == nil {
		roots.AppendCertsFromPEM(text)
	}
	return zendesk.Wire{
		Roots: roots,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// Asked is what was asked so far.
func (s *Server) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Count is how many requests had that in their path.
func (s *Server) Count(part string) (n int) {
	for _, asked := range s.Asked() {
		if strings.Contains(asked.Path, part) {
			n++
		}
	}
	return n
}

// Waited is how long clients were told to wait, each time.
func (s *Server) Waited() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.waited)
}

func (s *Server) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _, authorized := r.BasicAuth()
	s.asked = append(s.asked, Asked{r.Host, r.URL.Path, authorized})
}

// ServeHTTP answers as Zendesk would.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.note(r)
	if s.Before != nil && s.Before(w, r) {
		return
	}
	if r.Host == Content {
		s.content(w, r)
		return
	}
	if user, password, _ := r.BasicAuth(); user != Email+"/token" || password != Token {
		w.WriteHeader(http.StatusUnauthorized)
		answer(w, Record{"error": "Couldn't authenticate you"})
		return
	}
	if strings.HasPrefix(r.URL.Path, "/attachments/token/") {
		http.Redirect(w, r, "https://"+Content+r.URL.Path, http.StatusFound)
		return
	}
	s.api(w, r, strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/api/v2/"), ".json"))
}

func (s *Server) content(w http.ResponseWriter, r *http.Request) {
	bytes, ok := s.Files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(bytes)
}

func (s *Server) api(w http.ResponseWriter, r *http.Request, path string) {
	lists := map[string][]Record{"organizations": s.Organizations, "groups": s.Groups, "ticket_fields": s.Fields, "users": s.Users, "tickets": s.Tickets}
	what, rest, _ := strings.Cut(path, "/")
	switch {
	case rest == "count":
		answer(w, Record{"count": Record{"value": len(lists[what]), "refreshed_at": nil}})
	case what == "incremental":
		name, _, _ := strings.Cut(rest, "/")
		s.export(w, r, name, lists[name])
	case what == "tickets" && strings.HasSuffix(rest, "/comments"):
		id, _ := strconv.ParseInt(strings.TrimSuffix(rest, "/comments"), 10, 64)
		s.list(w, r, "comments", s.Comments[id])
	case rest == "" && lists[what] != nil:
		s.list(w, r, what, lists[what])
	default:
		w.WriteHeader(http.StatusNotFound)
		answer(w, Record{"error": "RecordNotFound"})
	}
}

const aPage = 2

// page is the part of a list that begins where the cursor says.
func page(all []Record, cursor string) (some []Record, next string, more bool) {
	from, _ := strconv.Atoi(strings.TrimPrefix(cursor, "after-"))
	from = min(from, len(all))
	to := min(from+aPage, len(all))
	return all[from:to], "after-" + strconv.Itoa(to), to < len(all)
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, what string, all []Record) {
	some, next, more := page(all, r.URL.Query().Get("page[after]"))
	answer(w, Record{what: some, "meta": Record{"has_more": more, "after_cursor": next}, "links": Record{}})
}

// export asks for patience once, in the middle.
func (s *Server) export(w http.ResponseWriter, r *http.Request, what string, all []Record) {
	cursor := r.URL.Query().Get("cursor")
	if what == "tickets" && cursor == "after-4" && s.first() {
		w.Header().Set("Retry-After", "37")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	some, next, more := page(all, cursor)
	answer(w, Record{what: some, "after_cursor": next, "after_url": "https://" + Host + r.URL.Path + "?cursor=" + next, "end_of_stream": !more})
}

func (s *Server) first() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.busy
	s.busy = true
	return !was
}

func answer(w http.ResponseWriter, what Record) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(what)
}
