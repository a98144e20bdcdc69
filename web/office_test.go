package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/community"
	"hark/desk"
	"hark/desk/desktest"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
	"hark/web"
	"hark/web/visit"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var ctx = context.Background()

const (
	address  = "support@agency.example"
	password = "a sentence is good"
)

// office is a desk behind its real pages. Ana runs it, Ben answers in support and Cem in billing, Dora reads along in
// support. Maria has a ticket in support and one that is closed; Tomas has one in billing.
type office struct {
	t       testing.TB
	db      *store.DB
	desk    *desk.Desk
	clock   *desktest.Clock
	server  *httptest.Server
	options web.Options

	ana, ben, cem, dora, maria, tomas account.Person
	support, billing                  account.Group

	marias, closed, tomass int64 // tickets
	mariasFile, tomassFile int64 // attachments
	mail                   int64 // Maria's mail in the log
	sent                   int64 // a mail of ours to Maria
	held                   int64 // a stranger's mail on Maria's ticket
	audit                  int64 // of Ben's answer to Maria
	phone                  int64 // a telephone call that Ben is in
	article                int64 // How to sign in, which Ben has published
	comment                int64 // of Maria's, below it
	thread                 int64 // a question of Maria's in the community, which Ben has answered
}

func each(t *testing.T, story func(t *testing.T, o *office)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { story(t, open(t, db)) })
}

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	return opened(t, db, (*office).begin)
}

// opened is an office with its people and policy, in which something has happened before the doors open.
func opened(t *testing.T, db *store.DB, before func(*office)) *office {
	t.Helper()
	return openedAt(t, db, time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC), before)
}

func openedAt(t *testing.T, db *store.DB, at time.Time, before func(*office)) *office {
	t.Helper()
	o := &office{t: t, db: db, clock: desktest.At(at)}
	o.furnish()
	before(o)
	o.opens()
	return o
}

// opens is the moment from which pages are answered.
func (o *office) opens() {
	o.t.Helper()
	handler, err := web.New(o.desk, o.options)
	o.must(err)
	o.server = httptest.NewServer(handler)
	o.t.Cleanup(func() {
		o.server.CloseClientConnections()
		o.server.Close()
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// furnish gives the office its people, groups, mailbox and policy.
func (o *office) furnish() {
	o.t.Helper()
	o.desk = desktest.Open(o.t, o.db, o.clock)
	_, err := o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "The Agency", Slug: "agency"})
	o.must(err)
	_, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: address})
	o.must(err)
	o.support, err = o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Support"})
	o.must(err)
	o.billing, err = o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Billing"})
	o.must(err)
	o.ana = o.hire("ana@agency.example", "Ana Ruiz", access.Admin)
	o.ben = o.hire("ben@agency.example", "Ben Okafor", access.Agent, o.support.ID)
	o.cem = o.hire("cem@agency.example", "Cem Yildiz", access.Agent, o.billing.ID)
	o.dora = o.hire("dora@agency.example", "Dora Lind", access.Light, o.support.ID)
	source, _ := policy.Example("customer-support-center")
	_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "the first one"})
	o.must(err)
	o.options = web.Options{Guard: &visit.Guard{Key: []byte("a key only this desk has")}, Demo: &web.Demo{Password: password, SMTP: "127.0.0.1:25", Address: address}}
}

func (o *office) hire(email, name string, role access.Role, groups ...int64) account.Person {
	o.t.Helper()
	p, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: email, Name: name, Role: role, Groups: groups, Password: password})
	o.must(err)
	return p
}

// begin lets some work come in and be done.
func (o *office) begin() {
	o.t.Helper()
	o.marias = o.asks("Maria Lopez <maria@greenfund.example>", "Redirect broken", o.support.ID)
	o.tomass = o.asks("Tomas Becker <tomas@becker.example>", "Invoice 2211", o.billing.ID)
	o.closed = o.asks("Maria Lopez <maria@greenfund.example>", "An old question", o.support.ID)
	_, err := o.desk.Own(ctx, o.ben.Actor(), desk.Sale{Email: "maria@greenfund.example", Organization: "Green Fund"})
	o.must(err)
	o.maria, o.tomas = o.customer("maria@greenfund.example"), o.customer("tomas@becker.example")
	solved := "solved"
	_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: o.closed, Status: &solved})
	o.must(err)
	_, err = o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(25*time.Hour))
	o.must(err)
	done, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.marias, Text: "Which page?", Status: "pending"})
	o.must(err)
	o.audit = done.Audit
	_, err = o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: o.marias, Text: "INTERNAL only we know this"})
	o.must(err)
	page, err := o.desk.TicketPage(ctx, o.ben.Actor(), o.marias)
	o.must(err)
	o.mariasFile, o.mail = fileAndMail(page)
	theirs, err := o.desk.TicketPage(ctx, o.ana.Actor(), o.tomass)
	o.must(err)
	o.tomassFile, _ = fileAndMail(theirs)
	last := page.Outgoing[len(page.Outgoing)-1]
	o.sent = last.ID
	held := o.arrives("Stranger <stranger@elsewhere.example>", "Re: Redirect broken", "In-Reply-To: "+last.MessageID+"\r\n", "Let me in.")
	page, err = o.desk.TicketPage(ctx, o.ben.Actor(), o.marias)
	o.must(err)
	if len(page.Held) == 0 {
		o.t.Fatalf("the stranger's mail became %+v, want held", held)
	}
	o.held = page.Held[0].ID
	o.phone, err = o.desk.BeginCall(ctx, o.ben.Actor(), desk.NewCall{})
	o.must(err)
	o.must(o.desk.Shelve(ctx, o.ben.Actor(), desk.Shelve{Name: "First steps"}))
	o.article = o.publishes("How to sign in", "Ask for a link.\n\n# When no mail comes\n\nLook into the folder for unwanted mail.")
	_, err = o.desk.CommentArticle(ctx, o.maria.Actor(), desk.Comment{Slug: "how-to-sign-in", Text: "The link came at once."})
	o.must(err)
	e, err := o.desk.EditArticle(ctx, o.ben.Actor(), o.article)
	o.must(err)
	o.comment = e.Said[0].ID
	o.tells()
	o.together()
}

// together opens the community. Maria has asked in it, somebody here has read that, and Ben has answered.
func (o *office) together() {
	o.t.Helper()
	o.must(o.desk.OpenCommunity(ctx, o.ana.Actor(), 1, true))
	var err error
	o.thread, _, err = o.desk.WritePost(ctx, o.maria.Actor(), desk.WritePost{Kind: community.Question, Title: "Which browsers print well?", Body: "Ours leaves the **footer** out.", Mails: true})
	o.must(err)
	_, err = o.desk.ModeratePost(ctx, o.ben.Actor(), desk.ModeratePost{Post: o.thread, Do: desk.ShowPost})
	o.must(err)
	_, _, err = o.desk.AnswerPost(ctx, o.ben.Actor(), desk.AnswerPost{Thread: o.thread, Body: "All of them, with backgrounds switched on."})
	o.must(err)
}

// publishes is an article of Ben's in the first section, for everybody unless it is changed.
func (o *office) publishes(title, body string, change ...func(*article.Content)) int64 {
	o.t.Helper()
	id, err := o.desk.NewArticle(ctx, o.ben.Actor(), 0, title)
	o.must(err)
	e, err := o.desk.EditArticle(ctx, o.ben.Actor(), id)
	o.must(err)
	c := e.Writing
	c.Body = body
	for _, ch := range change {
		ch(&c)
	}
	_, err = o.desk.SaveArticle(ctx, o.ben.Actor(), desk.SaveArticle{ID: id, Content: c, Was: e.Mark, Publish: true})
	o.must(err)
	return id
}

// tells publishes an entry and puts a card on the roadmap, each the first of its kind.
func (o *office) tells() {
	o.t.Helper()
	entry, err := o.desk.WriteNews(ctx, o.ben.Actor(), desk.WriteNews{Kind: "new", Title: "Receipts as PDF", Body: "Every donation page can send one."})
	o.must(err)
	n, err := o.desk.NewsDesk(ctx, o.ben.Actor(), entry, 0)
	o.must(err)
	o.must(o.desk.PublishNews(ctx, o.ben.Actor(), desk.ChangeNews{Entry: entry, Base: n.Last}))
	_, err = o.desk.WriteCard(ctx, o.ben.Actor(), desk.WriteCard{Title: "Donations in several currencies"})
	o.must(err)
}

func fileAndMail(p desk.TicketPage) (file, mail int64) {
	for _, c := range p.Comments {
		for _, f := range c.Attachments {
			file = f.ID
		}
		mail = max(mail, c.Mail)
	}
	return file, mail
}

func (o *office) customer(email string) account.Person {
	o.t.Helper()
	page, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: email})
	o.must(err)
	for _, p := range page.Items {
		if p.Email == email {
			return p
		}
	}
	o.t.Fatalf("%s is not known", email)
	return account.Person{}
}

var letters int

// arrives is a mail from outside, with a text file.
func (o *office) arrives(from, subject, headers, body string) desk.Received {
	o.t.Helper()
	letters++
	raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <web-%d@customers.example>\r\nDate: Fri, 20 Nov 2026 12:00:00 -0500\r\n%sMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\nContent-Type: text/plain\r\n\r\n%s\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=page.html\r\n\r\n<script>canary()</script>\r\n--b--\r\n",
		from, address, subject, letters, headers, body)
	return o.deliver(from, raw)
}

func (o *office) deliver(from, raw string) desk.Received {
	o.t.Helper()
	sender := regexp.MustCompile(`[^ <>]+@[^ <>]+`).FindString(from)
	accepted, err := o.desk.Accept(ctx, desk.Envelope{From: sender, To: []string{address}, Remote: "192.0.2.7"}, []byte(raw))
	o.must(err)
	got, err := o.desk.Receive(ctx, accepted.ID)
	o.must(err)
	return got
}

func (o *office) asks(from, subject string, group int64) int64 {
	o.t.Helper()
	got := o.arrives(from, subject, "", "Please have a look.")
	if got.Ticket == 0 {
		o.t.Fatalf("%s's mail became %+v, want a ticket", from, got)
	}
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: got.Ticket, Group: &group})
	o.must(err)
	return got.Ticket
}

// visitor is a browser without script: it keeps cookies and follows nothing.
type visitor struct {
	o       *office
	session string
	client  *http.Client
	seed    string
	cookie  *http.Cookie // one more that the browser has, nil for none
	host    string       // at which the desk is called, "" for its own address
}

// on is the same browser at another host name of the desk.
func (v *visitor) on(host string) *visitor { v.host = host; return v }

// origin is the scheme and the host of the pages this browser sees.
func (v *visitor) origin() string {
	if v.host == "" {
		return v.o.server.URL
	}
	return "http://" + v.host
}

// stranger is nobody in particular.
func (o *office) stranger() *visitor {
	return &visitor{o: o, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 20 * time.Second}}
}

// as is somebody who has signed in. Customers come by a link, which is made here without a mail.
func (o *office) as(p account.Person) *visitor {
	o.t.Helper()
	v := o.stranger()
	if p.Role == access.Customer {
		v.session = o.customerSession(p)
		return v
	}
	session, err := o.desk.SignIn(ctx, desk.SignIn{Email: p.Email, Password: password, Remote: "192.0.2.9"})
	o.must(err)
	v.session = session.Token
	return v
}

var linkInMail = regexp.MustCompile(`/sign-in/link/([A-Za-z0-9_-]+)`)

// customerSession signs a customer in as they do: by the link in the mail that the desk sends them.
func (o *office) customerSession(p account.Person) string {
	o.t.Helper()
	o.must(o.desk.MailSignInLink(ctx, p.Email, "192.0.2.9"))
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{})
	o.must(err)
	for _, m := range out.Items {
		_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
		o.must(err)
		if found := linkInMail.FindSubmatch(unfolded(raw)); m.To == p.Email && found != nil {
			session, err := o.desk.SignInByLink(ctx, string(found[1]), desk.SignIn{Remote: "192.0.2.9"})
			o.must(err)
			return session.Token
		}
	}
	o.t.Fatalf("no mail to %s holds a sign-in link", p.Email)
	return ""
}

// unfolded takes back the soft line breaks of quoted-printable text.
func unfolded(raw []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("=\r\n"), nil), []byte("=3D"), []byte("="))
}

// link is the path of the signed link of a ticket for one of its people.
func (o *office) link(ticketID int64, p account.Person) string {
	u, err := url.Parse(o.desk.TicketLink(ticketID, p.ID, o.clock.Now()))
	o.must(err)
	return u.Path
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (v *visitor) do(method, path string, form io.Reader, header map[string]string) answer {
	v.o.t.Helper()
	request, err := http.NewRequestWithContext(ctx, method, v.o.server.URL+path, form)
	v.o.must(err)
	request.Host = v.host
	for name, value := range header {
		request.Header.Set(name, value)
	}
	if v.session != "" {
		request.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: v.session})
	}
	if v.seed != "" {
		request.AddCookie(&http.Cookie{Name: "hark_seed", Value: v.seed})
	}
	if v.cookie != nil {
		request.AddCookie(v.cookie)
	}
	response, err := v.client.Do(request)
	v.o.must(err)
	defer response.Body.Close()
	for _, c := range response.Cookies() {
		if c.Name == "hark_seed" {
			v.seed = c.Value
		}
	}
	var body []byte
	if response.Header.Get("Content-Type") != "text/event-stream" {
		body, err = io.ReadAll(response.Body)
		v.o.must(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func (v *visitor) get(path string) answer { v.o.t.Helper(); return v.do("GET", path, nil, nil) }

var hiddenToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// token is the form token of this browser, from any page with a form.
func (v *visitor) token() string {
	v.o.t.Helper()
	for _, page := range []string{"/requests/new", "/sign-in"} {
		if found := hiddenToken.FindStringSubmatch(v.get(page).body); found != nil {
			return found[1]
		}
	}
	v.o.t.Fatal("no page has a form token")
	return ""
}

// post sends a form as the page's own form would.
func (v *visitor) post(path string, form url.Values) answer {
	v.o.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if !form.Has("csrf") {
		form.Set("csrf", v.token())
	}
	return v.do("POST", path, strings.NewReader(form.Encode()), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": v.origin()})
}

func sqlite(t testing.TB) *store.DB { return storetest.SQLite(t) }

var randomParts = regexp.MustCompile(`nonce="[^"]*"|name="csp-nonce" content="[^"]*"|name="csrf(-token)?" (value|content)="[^"]*"|name="key" value="[^"]*"`)

// nonceless is a page without what is different on every request.
func nonceless(page string) string { return randomParts.ReplaceAllString(page, "") }
