package visit

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/fault"
)

// ana signs in with the token "ana"; everybody else is a stranger.
func ana(_ context.Context, token string) (account.Person, string, error) {
	if token == "ana" {
		return account.Person{ID: 1, Email: "ana@agency.example", Role: access.Agent}, "session-1", nil
	}
	return account.Person{}, "", fault.New(fault.Unsigned, "Your session has ended.")
}

func house(routes ...Route) (http.Handler, *Guard) {
	guard := &Guard{Key: []byte("a key only this desk has")}
	h := &House{Guard: guard, Who: ana, ErrorPage: func(v *Visit, status int, says string) error {
		v.Writer.WriteHeader(status)
		_, err := io.WriteString(v.Writer, says)
		return err
	}}
	return h.Handler(routes), guard
}

type ask struct {
	method, path string
	form         url.Values
	header       map[string]string
	cookies      map[string]string
}

func (a ask) of(h http.Handler) *httptest.ResponseRecorder {
	request := httptest.NewRequest(a.method, a.path, strings.NewReader(a.form.Encode()))
	if a.form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range a.header {
		request.Header.Set(name, value)
	}
	for name, value := range a.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	return answer
}

func note(saved *string) Route {
	return Route{Method: "POST", Pattern: "/tickets/{id}/note", Right: access.WriteNote, Do: func(v *Visit) error {
		var in struct {
			Body string `form:"body"`
		}
		if err := v.Form(&in); err != nil {
			return err
		}
		*saved = in.Body
		return v.SeeOther("/tickets/1")
	}}
}

func TestF13_FormsFromOtherSitesAreRefused(t *testing.T) {
	var saved string
	h, guard := house(note(&saved))
	token := mask(guard.token("session:session-1"))
	signedIn := map[string]string{SessionCookie: "ana"}
	good := url.Values{"body": {"hello"}, "csrf": {token}}
	cases := []struct {
		name string
		ask  ask
	}{
		{"no token", ask{form: url.Values{"body": {"hello"}}}},
		{"somebody else's token", ask{form: url.Values{"body": {"hello"}, "csrf": {mask(guard.token("session:session-2"))}}}},
		{"another site's Origin", ask{form: good, header: map[string]string{"Origin": "https://evil.example"}}},
		{"Origin null", ask{form: good, header: map[string]string{"Origin": "null"}}},
		{"cross-site fetch", ask{form: good, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}},
		{"same-site sibling", ask{form: good, header: map[string]string{"Sec-Fetch-Site": "same-site"}}},
		{"plain text", ask{form: good, header: map[string]string{"Content-Type": "text/plain"}}},
	}
	for _, c := range cases {
		c.ask.method, c.ask.path, c.ask.cookies = "POST", "/tickets/1/note", signedIn
		if answer := c.ask.of(h); answer.Code < 400 || saved != "" {
			t.Errorf("%s: answered %d and saved %q", c.name, answer.Code, saved)
		}
	}
	own := ask{method: "POST", path: "/tickets/1/note", form: good, cookies: signedIn, header: map[string]string{"Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}}
	if answer := own.of(h); answer.Code != http.StatusSeeOther || saved != "hello" {
		t.Errorf("our own form: answered %d and saved %q", answer.Code, saved)
	}
}

func TestB8_UnknownAndRepeatedFieldsAreRefused(t *testing.T) {
	var saved string
	h, guard := house(note(&saved))
	token := mask(guard.token("session:session-1"))
	for _, form := range []url.Values{
		{"csrf": {token}, "body": {"x"}, "role": {"admin"}},
		{"csrf": {token}, "body": {"x", "y"}},
		{"csrf": {token}, "body[]": {"x"}},
	} {
		answer := ask{method: "POST", path: "/tickets/1/note", form: form, cookies: map[string]string{SessionCookie: "ana"}}.of(h)
		if answer.Code != http.StatusBadRequest || saved != "" {
			t.Errorf("%v: answered %d and saved %q", form, answer.Code, saved)
		}
	}
}

// A family of names, such as the boxes of a form, is taken as a whole; a name outside of it is not.
func TestB8_OnlyTheNamedFamilyOfFieldsIsTaken(t *testing.T) {
	var in struct {
		Set map[string][]string `form:"set:*"`
	}
	fill := func(form url.Values) error {
		in.Set = nil
		return (&Visit{Request: &http.Request{PostForm: form}}).Form(&in)
	}
	if err := fill(url.Values{"set:a.b": {"1", "b\x00d"}}); err != nil || len(in.Set["a.b"]) != 2 || in.Set["a.b"][1] != "bd" {
		t.Errorf("set:a.b gives %q: %v", in.Set, err)
	}
	for _, name := range []string{"get:a", "set", "reset:a", ":*"} {
		if err := fill(url.Values{name: {"1"}}); err == nil {
			t.Errorf("%s was taken: %q", name, in.Set)
		}
	}
}

func TestF5_RepeatedQueryParametersAreRefused(t *testing.T) {
	h, _ := house(Route{Method: "GET", Pattern: "/search", Right: access.Public, Do: func(v *Visit) error { return v.SeeOther("/") }})
	if answer := (ask{method: "GET", path: "/search?q=a&q=b"}).of(h); answer.Code != http.StatusBadRequest {
		t.Errorf("answered %d", answer.Code)
	}
}

func TestA10_EveryAnswerCarriesTheSamePolicy(t *testing.T) {
	h, _ := house(
		Route{Method: "GET", Pattern: "/fine", Right: access.Public, Do: func(v *Visit) error { return v.SeeOther("/elsewhere") }},
		Route{Method: "GET", Pattern: "/panic", Right: access.Public, Do: func(*Visit) error { panic("a mistake of ours") }},
		Route{Method: "GET", Pattern: "/inbox", Right: access.SeeTickets, Do: func(*Visit) error { return nil }},
	)
	for path, status := range map[string]int{"/fine": 303, "/panic": 500, "/inbox": 303, "/nowhere": 404, "/fine/x.css": 404} {
		answer := ask{method: "GET", path: path}.of(h)
		policy := answer.Header().Get("Content-Security-Policy")
		if answer.Code != status || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe-inline") {
			t.Errorf("%s: status %d (want %d), policy %q", path, answer.Code, status, policy)
		}
		if answer.Header().Get("X-Content-Type-Options") != "nosniff" || answer.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, answer.Header())
		}
	}
}

func TestI3_AbsentAndForbiddenLookTheSame(t *testing.T) {
	h, _ := house(Route{Method: "GET", Pattern: "/admin/people", Right: access.Administer, Do: func(*Visit) error { return nil }})
	signedIn := map[string]string{SessionCookie: "ana"}
	forbidden := ask{method: "GET", path: "/admin/people", cookies: signedIn}.of(h)
	absent := ask{method: "GET", path: "/admin/nothing", cookies: signedIn}.of(h)
	if forbidden.Code != absent.Code || forbidden.Body.String() != absent.Body.String() {
		t.Errorf("forbidden: %d %q; absent: %d %q", forbidden.Code, forbidden.Body, absent.Code, absent.Body)
	}
}

func TestH10_RedirectsStayOnThisHost(t *testing.T) {
	for _, path := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x=y"} {
		if got := LocalPath(path, "/inbox"); got != "/inbox" {
			t.Errorf("LocalPath(%q) = %q", path, got)
		}
	}
	if got := LocalPath("/tickets/7?x=1", "/inbox"); got != "/tickets/7?x=1" {
		t.Errorf("a local path became %q", got)
	}
}

func TestA9_F11_ProxyHeadersAreBelievedOnlyFromOurProxies(t *testing.T) {
	request := httptest.NewRequest("GET", "/", nil)
	request.RemoteAddr = "203.0.113.9:1234"
	request.Header.Set("X-Forwarded-For", "198.51.100.7")
	guard := &Guard{}
	if got := guard.Remote(request).String(); got != "203.0.113.9" {
		t.Errorf("an unknown peer's header was believed: %s", got)
	}
	guard.Proxies = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")}
	if got := guard.Remote(request).String(); got != "198.51.100.7" {
		t.Errorf("our proxy's header was not believed: %s", got)
	}
	request.Header.Add("X-Forwarded-For", "198.51.100.8")
	if got := guard.Remote(request).String(); got != "198.51.100.8" {
		t.Errorf("a first line that anybody can write was believed over our proxy's: %s", got)
	}
	request.Header.Add("X-Forwarded-For", "203.0.113.77")
	if got := guard.Remote(request).String(); got != "198.51.100.8" {
		t.Errorf("a chain of our own proxies leads to %s", got)
	}
	request.Header.Set("X-Forwarded-For", "<img src=x onerror=alert(1)>")
	if got := guard.Remote(request).String(); got != "203.0.113.9" {
		t.Errorf("a header that is no address became %s", got)
	}
}

func TestF8_StrangersAndEndedSessionsAreShownTheWayIn(t *testing.T) {
	h, _ := house(Route{Method: "GET", Pattern: "/inbox", Right: access.SeeTickets, Do: func(*Visit) error { return nil }})
	answer := ask{method: "GET", path: "/inbox?view=mine", cookies: map[string]string{SessionCookie: "ended"}}.of(h)
	if answer.Code != 303 || answer.Header().Get("Location") != "/sign-in?next=%2Finbox%3Fview%3Dmine" {
		t.Errorf("answered %d, %q", answer.Code, answer.Header().Get("Location"))
	}
}

// A compressed page betrays by its length whether a guess stands in it twice. So the form token never stands in two pages in
// the same characters, while each of them is good for the form.
func TestF13_TheFormTokenIsWrittenAnewInEveryAnswer(t *testing.T) {
	var saved string
	page := Route{Method: "GET", Pattern: "/tickets/{id}", Right: access.SeeTickets, Do: func(v *Visit) error {
		if v.Token() != v.Token() {
			t.Error("two forms of one page have different tokens")
		}
		_, err := io.WriteString(v.Writer, v.Token())
		return err
	}}
	h, guard := house(page, note(&saved))
	signedIn := map[string]string{SessionCookie: "ana"}
	send := func(token string) int {
		form := url.Values{"body": {"hello"}, "csrf": {token}}
		return ask{method: "POST", path: "/tickets/1/note", form: form, cookies: signedIn}.of(h).Code
	}
	seen := map[string]bool{}
	for range 50 {
		token := ask{method: "GET", path: "/tickets/1", cookies: signedIn}.of(h).Body.String()
		for i := range len(token) - 7 {
			if part := token[i : i+8]; seen[part] {
				t.Fatalf("%q stands in two pages", part)
			}
		}
		for i := range len(token) - 7 {
			seen[token[i:i+8]] = true
		}
		if status := send(token); status != http.StatusSeeOther {
			t.Fatalf("a page's token is answered %d", status)
		}
	}
	bare := base64.RawURLEncoding.EncodeToString(guard.token("session:session-1"))
	for _, token := range []string{bare, strings.Repeat("A", 48), mask(make([]byte, tokenSize)), "", "A", bare + bare, "%"} {
		if status := send(token); status != http.StatusForbidden {
			t.Errorf("the token %q is answered %d", token, status)
		}
	}
}
