// Package trackertest is a small tracker of engineers for tests: one server that speaks as GitHub, as GitLab, as Jira Cloud and as
// Jira Data Center, over TLS under their names, each with one project of the agency. It signs what it tells as they do.
package trackertest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/desk"
	"hark/engineers"
	"hark/mail/mailtest"
	"hark/reach"
	"hark/tracker"
)

// The projects, as people copy their addresses.
const (
	GitHub = "https://github.com/agency/shop"
	GitLab = "https://gitlab.agency.example/agency/web/shop"
	Cloud  = "https://agency.atlassian.net/browse/SHOP"
	Jira   = "https://jira.agency.example/tools/projects/SHOP"
)

// Addresses are all of them.
var Addresses = []string{GitHub, GitLab, Cloud, Jira}

// What opens them.
const (
	User  = "ana@agency.example"
	Token = "token-of-the-engineers"
)

// Issue is one in a tracker.
type Issue struct {
	Number   int
	Title    string
	Text     string
	Closed   bool
	Reason   string // why it was closed, as GitHub says it; "" when it is done
	Comments []string
	Updated  time.Time
}

// Server is the trackers. One project is enough for a test, so all of them show the same issues.
type Server struct {
	Before func(w http.ResponseWriter, r *http.Request) (answered bool) // nil, or what happens to a request first
	Stored func()                                                       // nil, or what happens when something has been stored, before it is answered

	mu     sync.Mutex
	now    time.Time
	issues []*Issue
	asked  []string
	wire   reach.Wire
}

// Start begins the server; it ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{now: time.Date(2026, 11, 16, 15, 0, 0, 0, time.UTC)}
	authority := mailtest.NewAuthority(t)
	web := httptest.NewUnstartedServer(s.handler())
	web.TLS = authority.Server("api.github.com", "gitlab.agency.example", "agency.atlassian.net", "jira.agency.example")
	web.StartTLS()
	t.Cleanup(web.Close)
	s.wire = reach.Wire{Roots: authority.Pool, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, web.Listener.Addr().String())
	}}
	return s
}

// Account is what an administrator types for an address.
func Account(t testing.TB, address string) engineers.Account {
	t.Helper()
	p, err := engineers.ProjectAt(address, "")
	if err != nil {
		t.Fatal(err)
	}
	return engineers.Account{Project: p, User: User, Token: Token}
}

// Open opens a tracker that leads here.
func (s *Server) Open(a engineers.Account) (desk.Engineers, error) { return tracker.Open(a, s.wire) }

// Issues are all issues, the oldest first.
func (s *Server) Issues() (all []Issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.issues {
		one := *i
		one.Comments = slices.Clone(i.Comments)
		all = append(all, one)
	}
	return all
}

// Add opens an issue as the engineers do themselves, and returns its number.
func (s *Server) Add(title string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(title, "").Number
}

func (s *Server) add(title, text string) *Issue {
	i := &Issue{Number: 812 + len(s.issues), Title: title, Text: text, Updated: s.now}
	s.issues = append(s.issues, i)
	return i
}

// Set closes an issue or opens it again, a minute after what happened before.
func (s *Server) Set(number int, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Minute)
	i := s.find(strconv.Itoa(number))
	i.Closed, i.Updated = closed, s.now
}

// Decline closes an issue that will not be done, for a reason of GitHub's: "not_planned", "duplicate".
func (s *Server) Decline(number int, reason string) {
	s.Set(number, true)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.find(strconv.Itoa(number)).Reason = reason
}

// Asked are the requests as they came: "POST api.github.com/repos/agency/shop/issues".
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Tells is what the tracker of a project sends when an issue has changed, signed with the secret.
func (s *Server) Tells(p engineers.Project, number int, secret string) engineers.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(strconv.Itoa(number))
	told := map[engineers.Kind]any{
		engineers.GitHub: map[string]any{"action": "edited", "issue": gitHub(i), "repository": map[string]any{"full_name": p.Name}},
		engineers.GitLab: map[string]any{"object_kind": "issue", "object_attributes": gitLab(i), "project": map[string]any{"path_with_namespace": p.Name}},
		engineers.Jira:   map[string]any{"webhookEvent": "jira:issue_updated", "timestamp": i.Updated.UnixMilli(), "issue": jira(p.Name, i)},
	}[p.Kind]
	body, err := json.Marshal(told)
	if err != nil {
		panic(err) // maps of texts are always JSON
	}
	return Signed(p.Kind, body, secret)
}

// Signed is a body with the headers of its tracker.
func Signed(kind engineers.Kind, body []byte, secret string) engineers.Delivery {
	h := http.Header{}
	switch kind {
	case engineers.GitHub:
		h.Set("X-GitHub-Event", "issues")
		h.Set("X-Hub-Signature-256", engineers.Sign(body, secret))
	case engineers.GitLab:
		h.Set("X-Gitlab-Event", "Issue Hook")
		h.Set("X-Gitlab-Token", secret)
	case engineers.Jira:
		h.Set("X-Hub-Signature", engineers.Sign(body, secret))
	}
	return engineers.Delivery{Body: body, Header: h.Get}
}

func (s *Server) find(number string) *Issue {
	for _, i := range s.issues {
		if strconv.Itoa(i.Number) == strings.TrimPrefix(number, "SHOP-") {
			return i
		}
	}
	return nil
}

// handler is the addresses of the four.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range map[string]func(*http.Request, said) any{
		"GET api.github.com/repos/agency/shop":                            func(*http.Request, said) any { return record{"has_issues": true} },
		"GET api.github.com/repos/agency/shop/issues":                     func(*http.Request, said) any { return each(s.issues, gitHub) },
		"POST api.github.com/repos/agency/shop/issues":                    func(_ *http.Request, in said) any { return gitHub(s.add(in.Title, in.Body)) },
		"GET api.github.com/repos/agency/shop/issues/{n}":                 s.one(gitHub),
		"GET api.github.com/repos/agency/shop/issues/{n}/comments":        s.comments(func(all []record) any { return all }),
		"POST api.github.com/repos/agency/shop/issues/{n}/comments":       s.comment,
		"GET gitlab.agency.example/api/v4/projects/{p}":                   func(*http.Request, said) any { return record{"issues_enabled": true} },
		"GET gitlab.agency.example/api/v4/projects/{p}/issues":            s.searchGitLab,
		"POST gitlab.agency.example/api/v4/projects/{p}/issues":           func(_ *http.Request, in said) any { return gitLab(s.add(in.Title, in.Description)) },
		"GET gitlab.agency.example/api/v4/projects/{p}/issues/{n}":        s.one(gitLab),
		"GET gitlab.agency.example/api/v4/projects/{p}/issues/{n}/notes":  s.comments(func(all []record) any { return all }),
		"POST gitlab.agency.example/api/v4/projects/{p}/issues/{n}/notes": s.comment,
		"GET agency.atlassian.net/rest/api/2/search/jql":                  s.searchJira,
		"GET jira.agency.example/tools/rest/api/2/search":                 s.searchJira,
	} {
		mux.HandleFunc(pattern, s.answer(answer))
	}
	for _, base := range []string{"agency.atlassian.net", "jira.agency.example/tools"} {
		at := base + "/rest/api/2/"
		mux.HandleFunc("GET "+at+"project/SHOP", s.answer(func(*http.Request, said) any { return project }))
		mux.HandleFunc("POST "+at+"issue", s.answer(func(_ *http.Request, in said) any {
			return record{"id": "10042", "key": key(s.add(in.Fields.Summary, in.Fields.Description))}
		}))
		mux.HandleFunc("GET "+at+"issue/{n}", s.answer(s.one(inShop)))
		mux.HandleFunc("GET "+at+"issue/{n}/comment", s.answer(s.comments(func(all []record) any { return record{"comments": all} })))
		mux.HandleFunc("POST "+at+"issue/{n}/comment", s.answer(s.comment))
	}
	return mux
}

type record = map[string]any

// said is what is posted, in whichever of the shapes.
type said struct {
	Title, Body, Description string
	Fields                   struct{ Summary, Description string }
}

var project = record{"key": "SHOP", "name": "The shop", "issueTypes": []record{{"id": "3", "name": "Sub-task", "subtask": true}, {"id": "1", "name": "Task"}, {"id": "2", "name": "Bug"}}}

// answer looks at the token, notes what was asked and answers.
func (s *Server) answer(with func(*http.Request, said) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked = append(s.asked, r.Method+" "+r.Host+r.URL.Path)
		if s.Before != nil && s.Before(w, r) {
			return
		}
		if !authorized(r) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var in said
		if r.Method == http.MethodPost {
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
		}
		answer := with(r, in)
		if answer == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.Method == http.MethodPost && s.Stored != nil {
			s.Stored()
		}
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// authorized looks for the token where each of the four wants it.
func authorized(r *http.Request) bool {
	switch {
	case strings.HasPrefix(r.Host, "gitlab."):
		return r.Header.Get("Private-Token") == Token
	case strings.HasSuffix(r.Host, ".atlassian.net"):
		user, token, _ := r.BasicAuth()
		return user == User && token == Token
	}
	return r.Header.Get("Authorization") == "Bearer "+Token
}

func (s *Server) one(shape func(*Issue) record) func(*http.Request, said) any {
	return func(r *http.Request, _ said) any {
		if i := s.find(r.PathValue("n")); i != nil {
			return shape(i)
		}
		return nil
	}
}

func (s *Server) comments(shape func([]record) any) func(*http.Request, said) any {
	return func(r *http.Request, _ said) any {
		i := s.find(r.PathValue("n"))
		if i == nil {
			return nil
		}
		all := []record{}
		for _, text := range i.Comments {
			all = append(all, record{"body": text})
		}
		return shape(all)
	}
}

func (s *Server) comment(r *http.Request, in said) any {
	i := s.find(r.PathValue("n"))
	if i == nil {
		return nil
	}
	i.Comments = append(i.Comments, in.Body)
	return record{"id": 1, "body": in.Body}
}

func (s *Server) searchGitLab(r *http.Request, _ said) any {
	return each(s.having(r.FormValue("search")), gitLab)
}

var words = regexp.MustCompile(`^project = "SHOP" AND description ~ "\\"(\w+)\\""$`)

func (s *Server) searchJira(r *http.Request, _ said) any {
	found := words.FindStringSubmatch(r.FormValue("jql"))
	if found == nil {
		return nil
	}
	return record{"issues": each(s.having(found[1]), inShop)}
}

// having are the issues in whose text a word stands.
func (s *Server) having(word string) (all []*Issue) {
	for _, i := range s.issues {
		if strings.Contains(i.Text, word) {
			all = append(all, i)
		}
	}
	return all
}

func each(issues []*Issue, shape func(*Issue) record) []record {
	all := []record{}
	for _, i := range issues {
		all = append(all, shape(i))
	}
	return all
}

func gitHub(i *Issue) record {
	r := record{"number": i.Number, "html_url": GitHub + "/issues/" + strconv.Itoa(i.Number), "title": i.Title, "body": i.Text, "state": "open", "state_reason": nil, "updated_at": i.Updated.Format(time.RFC3339)}
	if i.Closed {
		r["state"], r["state_reason"] = "closed", cmp.Or(i.Reason, "completed")
	}
	return r
}

func gitLab(i *Issue) record {
	state := map[bool]string{false: "opened", true: "closed"}[i.Closed]
	return record{"iid": i.Number, "web_url": GitLab + "/-/issues/" + strconv.Itoa(i.Number), "title": i.Title, "description": i.Text, "state": state, "updated_at": i.Updated.Format("2006-01-02 15:04:05 UTC")}
}

func inShop(i *Issue) record { return jira("SHOP", i) }

func key(i *Issue) string { return fmt.Sprintf("SHOP-%d", i.Number) }

func jira(project string, i *Issue) record {
	status := record{"name": "In progress", "statusCategory": record{"key": "indeterminate"}}
	if i.Closed {
		status = record{"name": "Released", "statusCategory": record{"key": "done"}}
	}
	return record{"id": "10042", "key": project + "-" + strconv.Itoa(i.Number), "fields": record{"summary": i.Title, "status": status, "updated": i.Updated.Format("2006-01-02T15:04:05.000-0700")}}
}
