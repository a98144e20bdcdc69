package web_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/internal/effort"
	"hark/store"
	"hark/store/storetest"
	"hark/web"
	"hark/web/visit"
)

// eachRaw is each with a second, reading view of the database, past the store.
func eachRaw(t *testing.T, story func(t *testing.T, o *office, raw *sql.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, storetest.Open(t, store.Config{Dir: dir, Unsafe: true}))
		story(t, o, rawly(t, "sqlite", "file:"+filepath.Join(dir, "hark.db")+"?mode=ro"))
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.Database(t)
		o := open(t, storetest.Open(t, store.Config{Dir: t.TempDir(), URL: url, Unsafe: true}))
		story(t, o, rawly(t, "pgx", url))
	})
}

func rawly(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	raw, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

// mine may change by reading: which tickets somebody has looked at, and when a session was last used.
var mine = []string{"ticket_reads", "sessions"}

// pieces are how the full-text index lies in its file, which is put together in quiet moments. What it holds is compared as words.
var pieces = []string{"comment_words_data", "comment_words_idx"}

// spoken is every word of the full-text index with in how many comments it stands, nothing on PostgreSQL, where words are in a column.
func spoken(t *testing.T, raw *sql.DB) string {
	t.Helper()
	settled(t, raw)
	conn, err := raw.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.spoken USING fts5vocab(main, comment_words, row)"); err != nil {
		return ""
	}
	var words string
	if err := conn.QueryRowContext(ctx, "SELECT count(*) || ' words: ' || coalesce(group_concat(term || ' ' || doc), '') FROM (SELECT term, doc FROM temp.spoken ORDER BY term)").Scan(&words); err != nil {
		t.Fatal(err)
	}
	return words
}

// settled waits until the index holds the words of every comment; they follow in commits of their own.
func settled(t *testing.T, raw *sql.DB) {
	t.Helper()
	for range 500 {
		var due int
		if err := raw.QueryRowContext(ctx, "SELECT count(*) FROM comment_words_due").Scan(&due); err != nil || due == 0 {
			return // on PostgreSQL there is no such table
		}
		pause := time.NewTimer(20 * time.Millisecond)
		<-pause.C
	}
	t.Fatal("the words of comments do not get into the index")
}

// rows is a hash of every row of every table, by table.
func rows(t *testing.T, raw *sql.DB) map[string]string {
	t.Helper()
	hashes := map[string]string{"the words of the index": spoken(t, raw)}
	for _, table := range tables(t, raw) {
		if slices.Contains(mine, table) || slices.Contains(pieces, table) {
			continue
		}
		var lines []string
		found, err := raw.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := found.Columns()
		for found.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := found.Scan(values...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			for _, v := range values {
				fmt.Fprintf(&line, "%v|", *v.(*any))
			}
			lines = append(lines, line.String())
		}
		found.Close()
		slices.Sort(lines)
		hashes[table] = fmt.Sprintf("%d rows, %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return hashes
}

func tables(t *testing.T, raw *sql.DB) (names []string) {
	t.Helper()
	found, err := raw.Query("SELECT name FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		found, err = raw.Query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var name string
		if err := found.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func TestI5_LooksChangeNothing(t *testing.T) {
	eachRaw(t, func(t *testing.T, o *office, raw *sql.DB) {
		maria, ana := o.as(o.maria), o.as(o.ana)
		links := o.mailedLinks()
		if len(links) < 4 {
			t.Fatalf("the mails hold only the links %v", links)
		}
		if err := o.db.Find(ctx, func(*store.Tx) error { return nil }); err != nil { // the index has caught up
			t.Fatal(err)
		}
		before := rows(t, raw)
		for _, r := range web.Routes(o.desk, o.options) {
			if r.Method != "GET" {
				continue
			}
			path := o.address(r, who{token: strings.TrimPrefix(o.link(o.marias, o.maria), "/t/")})
			for _, method := range []string{"GET", "HEAD"} {
				ana.do(method, path, nil, nil)
				maria.do(method, path, nil, nil)
			}
		}
		var together sync.WaitGroup
		for range 5 {
			for _, link := range links {
				for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
					together.Go(func() { o.stranger().do(method, link, nil, nil) })
				}
			}
			together.Wait()
		}
		for table, hash := range rows(t, raw) {
			if before[table] != hash {
				t.Errorf("looking changed %s: %s before, %s after", table, before[table], hash)
			}
		}
	})
}

var ourLink = regexp.MustCompile(`https://agency\.example(/[^\s"<>]+)`)

// mailedLinks are the paths of all links of ours in all mails that were sent, one-time links among them.
func (o *office) mailedLinks() []string {
	o.t.Helper()
	_, err := o.desk.Invite(ctx, o.ana.Actor(), desk.NewPerson{Name: "Eva Novak", Email: "eva@agency.example", Role: access.Agent})
	o.must(err)
	o.must(o.desk.MailPasswordLink(ctx, o.ben.Email, "192.0.2.1"))
	o.must(o.desk.MailSignInLink(ctx, o.maria.Email, "192.0.2.1"))
	o.must(o.desk.Ask(ctx, desk.Request{Requester: "noor@elsewhere.example", Name: "Noor", Subject: "S", Text: "B", Remote: "192.0.2.1"}))
	var links []string
	for _, raw := range o.mails() {
		for _, found := range ourLink.FindAllStringSubmatch(string(unfolded(raw)), -1) {
			links = append(links, strings.TrimRight(found[1], ".,)"))
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// mails are the sources of all mails the desk has written.
func (o *office) mails() (sources [][]byte) {
	o.t.Helper()
	for after := ""; ; {
		page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{After: after})
		o.must(err)
		for _, m := range page.Items {
			_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
			o.must(err)
			sources = append(sources, raw)
		}
		if after = page.Next; after == "" {
			return sources
		}
	}
}

func TestB8_NoFormTakesAColumn(t *testing.T) {
	eachRaw(t, func(t *testing.T, o *office, raw *sql.DB) {
		columns := columnNames(t, raw)
		ana, maria, byLink := o.as(o.ana), o.as(o.maria), o.stranger()
		token := strings.TrimPrefix(o.link(o.marias, o.maria), "/t/")
		if err := o.db.Find(ctx, func(*store.Tx) error { return nil }); err != nil { // the index has caught up
			t.Fatal(err)
		}
		before := rows(t, raw)
		for _, r := range web.Routes(o.desk, o.options) {
			if r.Method != "POST" {
				continue
			}
			c := cells[r.Method+" "+r.Pattern]
			visitor := ana
			if r.Right == access.OwnTickets {
				visitor = maria
			} else if r.Right == access.OneTicket {
				visitor = byLink
			}
			values := form()
			for name, value := range c.form {
				values[name] = value
			}
			for _, column := range columns {
				values.Set(column, "1")
			}
			got := visitor.post(o.address(r, who{token: token}), values)
			if unheard(r, got.status) {
				continue // nothing of it is read without a signature
			}
			if got.status != http.StatusBadRequest {
				t.Errorf("%s took every column: answered %d: %s", r.Pattern, got.status, excerpt(got.body))
			}
		}
		for table, hash := range rows(t, raw) {
			if before[table] != hash && table != "attempts" {
				t.Errorf("columns in forms changed %s: %s before, %s after", table, before[table], hash)
			}
		}
	})
}

func columnNames(t *testing.T, raw *sql.DB) (names []string) {
	t.Helper()
	for _, table := range tables(t, raw) {
		found, err := raw.Query("SELECT * FROM " + table + " WHERE 1 = 0")
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := found.Columns()
		found.Close()
		names = append(names, columns...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// signed reports whether a route is for programs that sign what they send.
func signed(r visit.Route) bool { return r.Open && strings.HasPrefix(r.Pattern, "/api/") }

// unheard reports whether such a route has looked no further than at the signature. Engineers' trackers get one answer whatever they
// send.
func unheard(r visit.Route, status int) bool {
	return signed(r) && (status == http.StatusUnauthorized || status == http.StatusNoContent && r.Pattern == "/api/engineers/{id}")
}

func TestF13_EveryUnsafeRouteRefusesOtherSites(t *testing.T) {
	o := open(t, sqlite(t))
	ana, maria, theirs := o.as(o.ana), o.as(o.maria), o.as(o.cem).token()
	urlencoded := "application/x-www-form-urlencoded"
	for _, r := range web.Routes(o.desk, o.options) {
		if r.Method == "GET" {
			continue
		}
		visitor := ana
		if r.Right == access.OwnTickets {
			visitor = maria
		}
		path := o.address(r, who{token: strings.TrimPrefix(o.link(o.marias, o.maria), "/t/")})
		good := cells[r.Method+" "+r.Pattern].form
		withToken := url.Values{"csrf": {visitor.token()}}
		for name, value := range good {
			withToken[name] = value
		}
		for name, attack := range map[string]struct {
			form   url.Values
			header map[string]string
		}{
			"a form of another site":        {withToken, map[string]string{"Content-Type": urlencoded, "Origin": "https://evil.example"}},
			"a cross-site fetch":            {withToken, map[string]string{"Content-Type": urlencoded, "Sec-Fetch-Site": "cross-site"}},
			"no token":                      {good, map[string]string{"Content-Type": urlencoded}},
			"somebody else's token":         {url.Values{"csrf": {theirs}}, map[string]string{"Content-Type": urlencoded}},
			"plain text that would be JSON": {withToken, map[string]string{"Content-Type": "text/plain"}},
		} {
			if r.Open && (name == "no token" || name == "somebody else's token") {
				continue // signing in is its own proof; what another site could do with it is refused by its origin
			}
			got := visitor.do(r.Method, path, strings.NewReader(attack.form.Encode()), attack.header)
			if unheard(r, got.status) && name == "plain text that would be JSON" {
				continue // a browser has no secret to sign with; what comes from another site is refused before that
			}
			if got.status != http.StatusForbidden && got.status != http.StatusBadRequest {
				t.Errorf("%s with %s: answered %d", r.Pattern, name, got.status)
			}
			if got.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s lets other sites read: %v", r.Pattern, got.header)
			}
		}
	}
}

func TestD7_AFormCountsOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		maria, ben := o.as(o.maria), o.as(o.ben)
		before := o.count()
		replay(50, func() {
			maria.post("/requests/new", form("csrf", maria.token(), "subject", "Once", "body", "Only once.", "key", "the form's key"))
		})
		replay(50, func() {
			ben.post("/tickets/new", form("csrf", ben.token(), "requester", "phone@elsewhere.example", "subject", "By phone", "body", "Once.", "key", "another form's key"))
		})
		if after := o.count(); after != before+2 {
			t.Errorf("two forms sent fifty times each made %d tickets", after-before)
		}
		said := len(o.page(o.marias).Comments)
		replay(50, func() {
			maria.post("/requests/"+strconv.FormatInt(o.marias, 10)+"/reply", form("csrf", maria.token(), "body", "The page about us.", "key", "the answer's key"))
		})
		if now := len(o.page(o.marias).Comments); now != said+1 {
			t.Errorf("one answer sent fifty times was said %d times", now-said)
		}
	})
}

// TestD7_PagesGiveTheirFormsAKey keeps the key in the forms themselves.
func TestD7_PagesGiveTheirFormsAKey(t *testing.T) {
	o := open(t, sqlite(t))
	for path, visitor := range map[string]*visitor{
		"/requests/new": o.as(o.maria), "/tickets/new": o.as(o.ben),
		"/requests/" + strconv.FormatInt(o.marias, 10): o.as(o.maria), o.link(o.marias, o.maria): o.stranger(),
	} {
		key := regexp.MustCompile(`name="key" value="([^"]{16,})"`)
		first, second := key.FindStringSubmatch(visitor.get(path).body), key.FindStringSubmatch(visitor.get(path).body)
		if first == nil || second == nil || first[1] == second[1] {
			t.Errorf("%s: the form's key is %v, then %v", path, first, second)
		}
	}
}

func replay(times int, send func()) {
	var together sync.WaitGroup
	for range times {
		together.Go(send)
	}
	together.Wait()
}

func (o *office) count() int {
	o.t.Helper()
	page, err := o.desk.Inbox(ctx, o.ana.Actor(), store.Filter{View: store.All, Limit: 200})
	o.must(err)
	return len(page.Items)
}

func (o *office) page(id int64) desk.TicketPage {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, o.ana.Actor(), id)
	o.must(err)
	return page
}

func TestD1_AFormMailsNobodyAStrangersWords(t *testing.T) {
	o := open(t, sqlite(t))
	attacker := o.stranger()
	token, before := attacker.token(), len(o.mails())
	for i := range 1000 {
		attacker.post("/requests/new", form("csrf", token, "subject", "BUY NOW "+strconv.Itoa(i), "body", "BUY NOW at evil.example", "name", "BUY NOW", "email", "victim@elsewhere.example", "key", strconv.Itoa(i)))
	}
	mails := o.mails()
	if len(mails)-before != 1 {
		t.Errorf("a thousand posts for one victim sent %d mails, want 1", len(mails)-before)
	}
	for _, raw := range mails {
		if bytes.Contains(raw, []byte("BUY NOW")) || bytes.Contains(raw, []byte("evil.example")) {
			t.Errorf("a stranger's words were mailed:\n%.800s", raw)
		}
	}
}

// guesses are what people send in the hope that it means "any token": wildcards, nothing, too much, and what a query would be.
var guesses = []string{"%25", "*", "_", "%20", "%00", strings.Repeat("a", 10_000), "''", "%27%20OR%201=1--", "%20" + nobodysToken, nobodysToken + "%00", strings.ToUpper(nobodysToken)}

func TestF1_F2_NoTokenIsGuessedByItsForm(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.mailedLinks() // tokens of every kind exist
		for _, place := range []string{"/join/", "/sign-in/link/", "/sign-in/password/", "/confirm/", "/t/"} {
			ask := func(token string) (int, string) {
				v := o.stranger()
				var got answer
				switch place {
				case "/t/":
					got = v.get(place + token)
				case "/join/", "/sign-in/password/":
					got = v.post(place+token, form("password", "a sentence is good, too"))
				default:
					got = v.post(place+token, form())
				}
				if strings.Contains(got.header.Get("Set-Cookie"), visit.SessionCookie) {
					t.Errorf("%s%.20s signs in", place, token)
				}
				return got.status, formAddress.ReplaceAllString(nonceless(got.body), "")
			}
			status, never := ask(nobodysToken) // as long as a real one, and never made
			if status != http.StatusNotFound || len(never) < 500 {
				t.Fatalf("%s with a token that was never made answers %d: %s", place, status, excerpt(never))
			}
			for _, token := range guesses {
				if got, says := ask(token); got != status || says != never {
					t.Errorf("%s%.20s answers %d, a token that was never made %d:\n%s\n%s", place, token, got, status, excerpt(says), excerpt(never))
				}
			}
		}
	})
}

// formAddress is where a page's forms go, which for a link's page is the link itself.
var formAddress = regexp.MustCompile(`action="[^"]*"|name="link" value="[^"]*"`)

func TestF5_ArraysAndRepeatsAreRefused(t *testing.T) {
	o := open(t, sqlite(t))
	v := o.stranger()
	for _, body := range []string{"email=a&email=b&password=x", "email[]=a&password=x", "email=a&password=x&password=y"} {
		if got := v.do("POST", "/sign-in", strings.NewReader(body), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}); got.status != http.StatusBadRequest {
			t.Errorf("%s answered %d, want 400", body, got.status)
		}
	}
	for _, body := range []string{`{"email":["x"],"password":true}`, `true`, `0`, `null`} {
		if got := v.do("POST", "/sign-in", strings.NewReader(body), map[string]string{"Content-Type": "application/json"}); got.status != http.StatusBadRequest {
			t.Errorf("JSON %s answered %d, want 400", body, got.status)
		}
	}
	if got := o.as(o.ben).get("/search?q=a&q=b"); got.status != http.StatusBadRequest {
		t.Errorf("two questions in one address answered %d", got.status)
	}
}

func TestF7_KnownAndUnknownAreAnsweredAlike(t *testing.T) {
	o := open(t, sqlite(t))
	signIn := func(email string) string {
		v := o.stranger()
		got := v.do("POST", "/sign-in", strings.NewReader(form("email", email, "password", "wrong sentence").Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		return fmt.Sprint(got.status, strings.ReplaceAll(nonceless(got.body), email, "EMAIL"))
	}
	off := true
	_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.cem.ID, desk.PersonChange{Suspended: &off})
	o.must(err)
	says := map[string]string{}
	for _, email := range []string{o.ben.Email, "nobody@agency.example", o.cem.Email, o.maria.Email} {
		says[email] = signIn(email)
	}
	for email, body := range says {
		if body != says[o.ben.Email] {
			t.Errorf("%s is answered unlike %s:\n%s\n%s", email, o.ben.Email, excerpt(body), excerpt(says[o.ben.Email]))
		}
	}
	code := func(email string) string {
		return strings.ReplaceAll(nonceless(o.stranger().post("/portal/code", form("email", email)).body), email, "EMAIL")
	}
	forgot := func(email string) string {
		return strings.ReplaceAll(nonceless(o.stranger().post("/sign-in/forgot", form("email", email)).body), email, "EMAIL")
	}
	for name, ask := range map[string]func(string) string{"a sign-in link": code, "a new password": forgot} {
		known := ask(o.maria.Email)
		for _, email := range []string{"nobody@elsewhere.example", o.cem.Email, o.ben.Email} {
			if says := ask(email); says != known {
				t.Errorf("asking for %s tells who is known: %s is answered\n%s\nand Maria\n%s", name, email, excerpt(says), excerpt(known))
			}
		}
	}
}

func TestF8_SigningInChangesTheSession(t *testing.T) {
	o := open(t, sqlite(t))
	v := o.stranger()
	v.session = "chosen-by-an-attacker-beforehand"
	got := v.do("POST", "/sign-in", strings.NewReader(form("email", o.ben.Email, "password", password).Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	cookie := got.header.Get("Set-Cookie")
	if got.status != http.StatusSeeOther || !strings.Contains(cookie, visit.SessionCookie+"=") || strings.Contains(cookie, "chosen-by") {
		t.Fatalf("signing in answered %d with the cookie %q", got.status, cookie)
	}
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("the session's cookie is %q", cookie)
	}
	if got := v.get("/inbox"); got.status != http.StatusSeeOther {
		t.Errorf("the session from before is good for %d", got.status)
	}
	first := o.as(o.ben)
	for _, path := range []string{"/inbox", "/tickets/" + strconv.FormatInt(o.marias, 10), "/mail/out"} {
		if strings.Contains(first.get(path).body, first.session) {
			t.Errorf("%s shows the session", path)
		}
	}
	first.post("/sign-out", nil)
	if got := first.get("/inbox"); got.status != http.StatusSeeOther {
		t.Errorf("after signing out the old cookie is good for %d", got.status)
	}
}

func TestF10_HugePasswordsAreRefusedQuickly(t *testing.T) {
	o := open(t, sqlite(t))
	huge := form("email", o.ben.Email, "password", strings.Repeat("p", 1<<20-200)).Encode()
	before := effort.Spent()
	for range 20 {
		got := o.stranger().do("POST", "/sign-in", strings.NewReader(huge), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		if got.status < 400 || got.status >= 500 {
			t.Fatalf("a password of a megabyte answered %d", got.status)
		}
	}
	if work := effort.Spent() - before; work > 5*time.Second {
		t.Errorf("twenty of them were %v of work", work)
	}
}

func TestF11_HeadersSignNobodyIn(t *testing.T) {
	o := open(t, sqlite(t))
	for _, name := range []string{"X-Remote-User", "Remote-User", "X-Forwarded-User", "X-On-Behalf-Of", "X-Auth-Request-Email"} {
		if got := o.stranger().do("GET", "/inbox", nil, map[string]string{name: o.ana.Email}); got.status != http.StatusSeeOther {
			t.Errorf("%s opened the inbox: %d", name, got.status)
		}
	}
}

func TestH10_NoRedirectLeavesTheDesk(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	for _, to := range []string{"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "javascript:alert(1)", "/%09/evil.example", "///evil.example", "http:evil.example"} {
		v := o.stranger()
		locations := []string{
			ana.get("/sign-in?next=" + url.QueryEscape(to)).header.Get("Location"),
			v.do("POST", "/sign-in", strings.NewReader(form("email", o.ben.Email, "password", password, "next", to).Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}).header.Get("Location"),
			ana.post("/inbox/bulk", form("tag", "x", "return", to)).header.Get("Location"),
			ana.post("/demo/next", form("back", to)).header.Get("Location"),
		}
		for _, location := range locations {
			if location != "" && visit.LocalPath(location, "") == "" {
				t.Errorf("%q leads away, to %q", to, location)
			}
		}
	}
}

// Words in an address are not the desk's: only what it told this browser itself is shown as its own.
func TestH10_WordsInAnAddressAreNotTheDesks(t *testing.T) {
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	if page := ana.get("/inbox?refused=" + url.QueryEscape("Call 0900 1234 to go on.")).body; strings.Contains(page, "0900 1234 to go on") && strings.Contains(page, "Not everything could be done") {
		t.Error("the inbox says what somebody put into its address")
	}
}

// A file is called what its letters say, in their order (G1).
func TestG1_NoSignTurnsANameRound(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.arrives("Maria Lopez <maria@greenfund.example>", "The \u202egnp.exe picture", "", "Here.")
	page := o.as(o.ana).get("/tickets/" + strconv.FormatInt(got.Ticket, 10)).body
	if !strings.Contains(page, "The gnp.exe picture") || strings.Contains(page, "\u202e") {
		t.Error("the subject is turned round")
	}
}

func TestA5_A6_A7_FilesAreSavedAndNotShown(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="canary()"/>`
	html := "<script>canary()</script>"
	pdf := "%PDF-1.4 /JavaScript (canary())"
	for _, f := range []struct{ name, kind, bytes string }{
		{"logo.svg", "image/svg+xml", svg}, {"logo.png", "image/png", svg}, {"page.html", "text/html", html}, {"page.png", "image/png", html},
		{"page.xhtml", "application/xhtml+xml", html}, {"feed.xml", "text/xml", html}, {"none", "", html}, {"utf7.html", "text/html;charset=utf-7", html},
		{"paper.txt", "text/plain", pdf}, {"paper.png", "image/png", pdf}, {"text.pdf", "application/pdf", "only text"}, {"evil\u202egnp.exe", "application/x-msdownload", "MZ"},
	} {
		got := ben.get(o.mailed(f.name, f.kind, f.bytes))
		disposition := got.header.Get("Content-Disposition")
		if got.status != 200 || got.header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(disposition, "attachment;") ||
			got.header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s as %q: %d, %v", f.name, f.kind, got.status, got.header)
		}
		if strings.ContainsAny(disposition, "\u202e\r\n") {
			t.Errorf("%q is named %q", f.name, disposition)
		}
	}
	gif := "GIF89a" + strings.Repeat("\x00", 40)
	if got := ben.get(o.mailed("photo.txt", "text/plain", gif)); got.header.Get("Content-Type") != "image/gif" || got.header.Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Errorf("a picture is served as %v", got.header)
	}
}

// mailed sends a file by mail and returns the path it is downloaded from.
func (o *office) mailed(name, kind, content string) string {
	o.t.Helper()
	letters++
	raw := fmt.Sprintf("From: Maria Lopez <maria@greenfund.example>\r\nTo: %s\r\nSubject: A file\r\nMessage-ID: <file-%d@customers.example>\r\nDate: Fri, 20 Nov 2026 12:00:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename*=UTF-8''%s\r\n\r\n%s\r\n--b--\r\n", address, letters, kind, url.PathEscape(name), content)
	got := o.deliver("maria@greenfund.example", raw)
	o.must(func() error {
		_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: got.Ticket, Group: &o.support.ID})
		return err
	}())
	file, _ := fileAndMail(o.page(got.Ticket))
	if file == 0 {
		o.t.Fatalf("%s is no file of its ticket", name)
	}
	return fmt.Sprintf("/tickets/%d/files/%d", got.Ticket, file)
}

func TestA8_A9_A10_A11_EveryAnswerIsGuarded(t *testing.T) {
	o := open(t, sqlite(t))
	nonce := regexp.MustCompile(`nonce-[A-Za-z0-9_-]+`)
	for _, v := range []*visitor{o.stranger(), o.as(o.maria), o.as(o.ana)} {
		for _, path := range o.everyPage() {
			got := v.do("GET", path, nil, map[string]string{"Accept": "text/html", "User-Agent": "<img src=x onerror=canary()>"})
			policy := nonce.ReplaceAllString(got.header.Get("Content-Security-Policy"), "nonce-X")
			sandboxed := strings.HasPrefix(policy, "sandbox") && strings.Contains(policy, "default-src 'none'")
			if !sandboxed && (!strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "unsafe-eval")) {
				t.Errorf("%s (%d) has the policy %q", path, got.status, policy)
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s may be sniffed", path)
			}
			if strings.HasSuffix(path, ".json") && got.status == 200 && !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
				t.Errorf("%s is %q", path, got.header.Get("Content-Type"))
			}
			if strings.Contains(got.body, "<img src=x onerror=canary()>") {
				t.Errorf("%s shows a header as HTML", path)
			}
		}
	}
}

// everyPage is one address for every GET route, and some that are none.
func (o *office) everyPage() []string {
	paths := []string{"/nowhere", "/tickets/999999", "/inbox?after=nonsense", "/search?q=" + url.QueryEscape(`"unbalanced`), "/assets/nothing.js"}
	for _, r := range web.Routes(o.desk, o.options) {
		if r.Method == "GET" {
			paths = append(paths, o.address(r, who{token: strings.TrimPrefix(o.link(o.marias, o.maria), "/t/")}))
		}
	}
	return paths
}

// Feed readers draw a title as HTML whatever it says it is. What a customer wrote is escaped for them too.
func TestA13_ATitleInAFeedIsNoHTML(t *testing.T) {
	o := open(t, sqlite(t))
	hostile := "<script>canary()</script> & <b>bold</b>"
	if asked := o.as(o.maria).post("/community/ask", form("kind", "question", "title", hostile, "body", "Which of them?", "key", "k1")); asked.status != http.StatusSeeOther {
		t.Fatalf("the question is answered %d %s", asked.status, excerpt(asked.body))
	}
	for _, path := range []string{"/whats-new.atom", "/community.atom"} {
		var feed struct {
			Titles []struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"entry>title"`
		}
		o.must(xml.Unmarshal([]byte(o.stranger().get(path).body), &feed))
		if len(feed.Titles) == 0 || path == "/community.atom" && !strings.Contains(feed.Titles[0].Text, "&lt;script&gt;canary()") {
			t.Errorf("%s has %v", path, feed.Titles)
		}
		for _, title := range feed.Titles {
			if title.Type != "html" || strings.Contains(title.Text, "<") {
				t.Errorf("%s hands out the title %s %q", path, title.Type, title.Text)
			}
		}
	}
}

// Whoever controls the headers of a request writes into no log line, and into no record of where somebody came from.
func TestA9_HeadersReachNoLogLine(t *testing.T) {
	var log lockedLog
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	o := open(t, sqlite(t))
	const evil = "<img src=x onerror=canary()>"
	headers := map[string]string{"Accept": "text/html"}
	for _, name := range []string{"User-Agent", "X-Forwarded-For", "CF-Connecting-IP", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP", "X-Request-Id", "Referer", "Accept-Language", "From", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		headers[name] = evil
	}
	post := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for name, value := range headers {
		post[name] = value
	}
	ana := o.as(o.ana)
	got := o.stranger().do("POST", "/sign-in", strings.NewReader(form("email", o.ben.Email, "password", password).Encode()), post)
	if got.status != http.StatusSeeOther {
		t.Fatalf("Ben cannot sign in by such a browser: %d", got.status)
	}
	sessions, err := o.desk.Sessions(ctx, o.ben.Actor())
	o.must(err)
	for _, s := range sessions {
		if _, err := netip.ParseAddr(s.Remote); err != nil {
			t.Errorf("a session came from %q, which is no address", s.Remote)
		}
	}
	for _, path := range o.everyPage() {
		if page := ana.do("GET", path, nil, headers); strings.Contains(page.body, evil) {
			t.Errorf("%s shows a header as HTML", path)
		}
	}
	o.must(o.db.Close())
	for _, path := range o.everyPage() {
		ana.do("GET", path, nil, headers) // now there is something to log
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) < 20 {
		t.Fatalf("only %d lines were logged, so little is shown", len(lines))
	}
	for _, line := range lines {
		if strings.Contains(line, "canary") || strings.Contains(line, "onerror") || !json.Valid([]byte(line)) {
			t.Errorf("the log holds %.300s", line)
		}
	}
}

func TestB9_NewsIsForThoseWhoMaySeeIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ben, cem := o.as(o.ben), o.as(o.cem)
		for _, subject := range []string{"ticket:%25", "ticket:_", "ticket:" + strconv.FormatInt(o.marias, 10), "list:%25", "%25", "ticket:1%20OR%201=1"} {
			heard := cem.listen(subject)
			o.arrivesFor(o.marias)
			if news := heard.until(2 * time.Second); strings.Contains(news, "event: ticket") || strings.Contains(news, `"count":1`) {
				t.Errorf("Cem, who may not see it, heard through %s: %s", subject, news)
			}
		}
		heard := ben.listen("ticket:" + strconv.FormatInt(o.marias, 10))
		o.arrivesFor(o.marias)
		if news := heard.until(5*time.Second, "event: ticket"); !strings.Contains(news, "event: ticket") || strings.Contains(news, "Something more") {
			t.Fatalf("Ben heard %q", news)
		}
		lists, heard := ben.listen("list:next"), ben.listen("ticket:"+strconv.FormatInt(o.marias, 10))
		none := []int64{}
		_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.ben.ID, desk.PersonChange{Groups: &none})
		o.must(err)
		o.arrivesFor(o.marias)
		for _, e := range []*ears{heard, lists} {
			if news := e.until(10 * time.Second); strings.Contains(news, "event: ticket") || strings.Contains(news, `"count":1`) || !e.ended {
				t.Errorf("after he left the group Ben heard %q (ended: %t)", news, e.ended)
			}
		}
	})
}

// Whatever changes what somebody may see ends what they listen to, at once and not at the next piece of news.
func TestB9_AStreamEndsWhenItsReaderMaySeeOtherThings(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		yes, light := true, access.Light
		for name, change := range map[string]func() error{
			"the group": func() error {
				_, err := o.desk.SaveGroup(ctx, o.ana.Actor(), account.Group{ID: o.support.ID, Name: "Support", Members: []int64{o.dora.ID}})
				return err
			},
			"the role": func() error {
				_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.ben.ID, desk.PersonChange{Role: &light})
				return err
			},
			"the account": func() error {
				_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.ben.ID, desk.PersonChange{Suspended: &yes})
				return err
			},
		} {
			agent, no := access.Agent, false
			groups := []int64{o.support.ID}
			_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), o.ben.ID, desk.PersonChange{Role: &agent, Suspended: &no, Groups: &groups})
			o.must(err)
			heard, others := o.as(o.ben).listen("list:next"), o.as(o.cem).listen("list:next")
			o.must(change())
			if news := heard.until(10 * time.Second); !heard.ended {
				t.Errorf("%s changed, and Ben's stream goes on: %q", name, news)
			}
			if news := others.until(200 * time.Millisecond); others.ended {
				t.Errorf("%s of Ben's changed, and Cem's stream ended: %q", name, news)
			}
		}
	})
}

// arrivesFor is one more mail of the ticket's customer.
func (o *office) arrivesFor(id int64) {
	o.t.Helper()
	page := o.page(id)
	last := page.Outgoing[len(page.Outgoing)-1]
	got := o.arrives("Maria Lopez <maria@greenfund.example>", "Re: Redirect broken", "In-Reply-To: "+last.MessageID+"\r\n", "Something more.")
	if got.Ticket != id {
		o.t.Fatalf("the answer became %+v", got)
	}
}

// ears are an open event stream.
type ears struct {
	news  chan string
	text  string
	ended bool // by the desk
	stop  func()
}

func (v *visitor) listen(subject string) *ears {
	v.o.t.Helper()
	request, err := http.NewRequest("GET", v.o.server.URL+"/live?subject="+subject, nil)
	v.o.must(err)
	request.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: v.session})
	response, err := (&http.Client{}).Do(request)
	v.o.must(err)
	e := &ears{news: make(chan string, 100), stop: func() { response.Body.Close() }}
	go func() {
		defer close(e.news)
		buffer := make([]byte, 4096)
		for {
			n, err := response.Body.Read(buffer)
			if n > 0 {
				e.news <- string(buffer[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	for !strings.Contains(e.text, ": here") {
		more, open := <-e.news
		if e.text += more; !open {
			v.o.t.Fatalf("nobody speaks about %s: %d %s", subject, response.StatusCode, excerpt(e.text))
		}
	}
	return e
}

// until collects what is heard for a while, or until it was said.
func (e *ears) until(atMost time.Duration, said ...string) string {
	defer e.stop()
	end := time.NewTimer(atMost)
	defer end.Stop()
	for {
		select {
		case more, open := <-e.news:
			e.text += more
			e.ended = !open
			if !open || len(said) > 0 && strings.Contains(e.text, said[0]) {
				return e.text
			}
		case <-end.C:
			return e.text
		}
	}
}

// Scanners look at every link of a mail, and some send forms. Only what RFC 8058 says ends a letter: a POST, without a cookie, of
// List-Unsubscribe=One-Click, in either form.
func TestI7_OnlyOneClickEndsALetter(t *testing.T) {
	o := open(t, sqlite(t))
	maria, ben := o.stranger(), o.as(o.ben)
	maria.post("/whats-new/follow", form("email", "maria@greenfund.example"))
	maria.post(regexp.MustCompile(`/whats-new/confirm/[A-Za-z0-9_-]+`).FindString(o.mailTo("maria@greenfund.example")), nil)
	ben.post("/reports/mail", form("brand", "1", "weekday", "5", "hour", "16", "do", "begin"))
	_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(10*24*time.Hour))
	o.must(err)
	for link, asks := range map[string]string{`/whats-new/end/[A-Za-z0-9_-]+`: "End this letter?", `/reports/end/[A-Za-z0-9_-]+`: "End this weekly mail?"} {
		end := regexp.MustCompile(link).FindString(string(unfolded(bytes.Join(o.mails(), nil))))
		scanner := o.stranger()
		for said, got := range map[string]answer{
			"looking": scanner.get(end), "an empty form": scanner.post(end, nil), "another value": scanner.post(end, form("List-Unsubscribe", "yes")),
		} {
			if got.status != 200 || !strings.Contains(got.body, asks) {
				t.Errorf("%s at %s is answered %d %s", said, end, got.status, excerpt(got.body))
			}
		}
		clicked := scanner.do("POST", end, strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"), map[string]string{"Content-Type": "multipart/form-data; boundary=b"})
		if clicked.status != 200 || !strings.Contains(clicked.body, "is ended") {
			t.Errorf("the click at %s is answered %d %s", end, clicked.status, excerpt(clicked.body))
		}
	}
}

func TestI2_MailsGoToOnePersonAndNameNoColleague(t *testing.T) {
	o := open(t, sqlite(t))
	to := regexp.MustCompile(`(?mi)^To: (.*)\r$`)
	for _, raw := range o.mails() {
		recipients := to.FindAllSubmatch(raw, -1)
		if len(recipients) != 1 || strings.Count(string(recipients[0][1]), "@") != 1 || bytes.Contains(bytes.ToLower(raw), []byte("\r\ncc:")) {
			t.Errorf("a mail goes to %q", recipients)
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		for _, private := range []string{"ben@agency.example", "X-Mailer", "Received:"} {
			if strings.Contains(head, private) {
				t.Errorf("a mail's header shows %q:\n%s", private, head)
			}
		}
	}
}

func TestI8_LogsKeepNoSecrets(t *testing.T) {
	var log lockedLog
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	o := open(t, sqlite(t))
	ana := o.as(o.ana)
	const canary = "canary-secret-7319"
	ana.post("/admin/mailboxes/new", form("address", "second@agency.example", "imap", "imaps://u@mail.example", "imap_password", canary))
	ana.post("/sign-in", form("email", o.ben.Email, "password", canary))
	o.stranger().post("/join/"+canary, form("password", canary))
	o.stranger().get("/t/" + canary)
	o.stranger().get("/setup/" + canary)
	o.desk.MailSignInLink(ctx, o.maria.Email, "192.0.2.4")
	slog.Debug("the log is listened to")
	text := log.String()
	if !strings.Contains(text, "the log is listened to") {
		t.Fatal("nothing was logged, so nothing is shown")
	}
	secrets := []string{canary, password, ana.session, ana.token()}
	for _, link := range o.mailedLinks() {
		secrets = append(secrets, link[strings.LastIndexByte(link, '/')+1:])
	}
	for _, secret := range secrets {
		if len(secret) > 8 && strings.Contains(text, secret) {
			t.Errorf("the log shows the secret %.12s…", secret)
		}
	}
	for _, path := range o.everyPage() {
		if strings.Contains(ana.get(path).body, canary) {
			t.Errorf("%s shows a mailbox's password (B14)", path)
		}
	}
}

type lockedLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestF12_ThereIsNoCredentialToBeginWith(t *testing.T) {
	db := sqlite(t)
	d, err := desk.Open(ctx, db, desk.RealClock{}, desk.WithSecret(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"admin", "admin@example.com", "root@localhost", ""} {
		for _, secret := range []string{"", "admin", "password", "changeme", "hark"} {
			if _, err := d.SignIn(ctx, desk.SignIn{Email: email, Password: secret, Remote: "192.0.2.1"}); err == nil {
				t.Errorf("%q signs in with %q on a fresh desk", email, secret)
			}
		}
	}
}

// Somebody on copy writes to a closed ticket through their own link. They go on by a link of their own: the requester's
// would let them write in the requester's name.
func TestC17_WhoeverIsOnCopyGoesOnAsThemselves(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		got := o.arrives("Maria Lopez <maria@greenfund.example>", "Copied", "Cc: Bob Marsh <bob@elsewhere.example>\r\n", "Please have a look.")
		bob := o.customer("bob@elsewhere.example")
		_, err := o.desk.Answer(ctx, o.ana.Actor(), desk.Answer{Ticket: got.Ticket, Text: "Done.", Status: "solved"})
		o.must(err)
		_, err = o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(96*time.Hour))
		o.must(err)
		guest := o.stranger()
		answer := guest.post(o.link(got.Ticket, bob)+"/reply", form("csrf", guest.token(), "body", "One more thing."))
		path, _, _ := strings.Cut(answer.header.Get("Location"), "?")
		actor, err := o.desk.OpenTicketLink(ctx, strings.TrimPrefix(path, "/t/"))
		if err != nil || actor.Person != bob.ID || actor.Ticket == got.Ticket {
			t.Errorf("answered %d, to %s, which is %+v (%v); want a follow-up for Bob, who is %d", answer.status, path, actor, err, bob.ID)
		}
	})
}

// A link opens its reader's page for whoever has it, so no page of the desk shows one: not the mail log, not the ticket, and not the look
// at the customer's page, on which nothing can be pressed.
func TestC17_StaffSeeNoLinkOfSomebodyElse(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.arrives("Maria Lopez <maria@greenfund.example>", "The form", "", "It is empty.")
	_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: got.Ticket, Text: "Which form?", Status: "pending"})
	o.must(err)
	links := o.mailedLinks()
	if len(links) < 4 {
		t.Fatalf("the mails hold %d links, so this shows little", len(links))
	}
	ben, ticketPath := o.as(o.ben), "/tickets/"+strconv.FormatInt(got.Ticket, 10)
	pages := []string{ticketPath, ticketPath + "/customer"}
	mails, err := o.desk.MailOut(ctx, o.ben.Actor(), store.MailFilter{Limit: 200})
	o.must(err)
	for _, m := range mails.Items {
		pages = append(pages, "/mail/out/"+strconv.FormatInt(m.ID, 10))
	}
	for _, path := range pages {
		page := ben.get(path)
		for _, link := range links {
			if page.status != 200 || strings.Contains(page.body, link) {
				t.Errorf("%s (%d) shows %s", path, page.status, link)
			}
		}
	}
	look := ben.get(ticketPath + "/customer").body
	_, look, _ = strings.Cut(look, "<main")
	look, _, _ = strings.Cut(look, "</main>")
	if !strings.Contains(look, "This is what Maria Lopez sees") || strings.Contains(look, "<form") || strings.Contains(look, "/t/") {
		t.Errorf("the look at the customer's page is\n%s", look)
	}
}

// What signs in, confirms or lets choose a password is mailed alone to one person, never as part of a ticket's mail; and what
// stands in one person's mail opens nothing for anybody in another's name.
func TestC17_WhatSignsInIsMailedAloneToItsOwner(t *testing.T) {
	o := open(t, sqlite(t))
	got := o.arrives("Maria Lopez <maria@greenfund.example>", "Copied", "Cc: Bob Marsh <bob@elsewhere.example>, Petra Novak <petra@greenfund.example>\r\n", "Please have a look.")
	_, err := o.desk.Answer(ctx, o.ana.Actor(), desk.Answer{Ticket: got.Ticket, Text: "Which page?", Status: "pending"})
	o.must(err)
	_, err = o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(8*24*time.Hour)) // reminders and the closing
	o.must(err)
	o.must(o.desk.MailSignInLink(ctx, "bob@elsewhere.example", "192.0.2.1"))
	o.must(o.desk.MailSignInLink(ctx, "petra@greenfund.example", "192.0.2.1"))
	o.mailedLinks()
	page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 200})
	o.must(err)
	alone, ofTickets := 0, map[string]string{} // the links of tickets, by reader
	for _, m := range page.Items {
		_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
		o.must(err)
		for _, link := range ourLink.FindAllStringSubmatch(string(unfolded(raw)), -1) {
			path := strings.TrimRight(link[1], ".,)")
			if strings.HasPrefix(path, "/t/") {
				if m.Ticket == got.Ticket {
					if reader, known := ofTickets[path]; known && reader != m.To {
						t.Errorf("%s and %s were mailed the same link", reader, m.To)
					}
					ofTickets[path] = m.To
				}
				continue
			}
			if alone++; m.Ticket != 0 || bytes.Contains(bytes.ToLower(raw), []byte("\r\ncc:")) || strings.Count(m.To, "@") != 1 {
				t.Errorf("%s was mailed to %s with ticket %d (%s)", path[:12], m.To, m.Ticket, m.Template)
			}
		}
	}
	if alone < 5 || len(ofTickets) < 3 {
		t.Fatalf("%d links of persons and %d of the ticket were mailed", alone, len(ofTickets))
	}
	for path, reader := range ofTickets {
		actor, err := o.desk.OpenTicketLink(ctx, strings.TrimPrefix(path, "/t/"))
		if err != nil || actor.Person != o.customer(reader).ID {
			t.Errorf("the link mailed to %s opens the ticket as person %d (%v)", reader, actor.Person, err)
		}
		v := o.stranger()
		opened := v.get(path)
		if opened.status != http.StatusOK || strings.Contains(opened.header.Get("Set-Cookie"), visit.SessionCookie) {
			t.Errorf("the link of %s is answered %d with %q", reader, opened.status, opened.header.Get("Set-Cookie"))
		}
		for _, other := range []string{"/portal", "/requests/" + strconv.FormatInt(got.Ticket, 10), "/inbox"} {
			if after := v.get(other); after.status == http.StatusOK && strings.Contains(after.body, "Copied") {
				t.Errorf("after the link of %s was opened, %s shows tickets", reader, other)
			}
		}
	}
}
