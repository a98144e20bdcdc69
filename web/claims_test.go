package web_test

import (
	"context"
	"html"
	"net"
	"net/smtp"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/mail/receive"
	"hark/policy"
	"hark/web"
	"hark/web/visit"
)

// fresh is a desk on its first day: the policy it began with, one mailbox, and Ana, who has not published anything.
func fresh(t *testing.T) *office {
	t.Helper()
	db := sqlite(t)
	o := &office{t: t, db: db, clock: desktest.At(time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC))}
	o.desk = desktest.Open(t, db, o.clock)
	o.must(o.desk.Begin(ctx))
	_, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "help@greenfield.example"})
	o.must(err)
	o.ana = o.hire("ana@greenfield.example", "Ana Ruiz", access.Admin)
	o.options = web.Options{Guard: &visit.Guard{Key: []byte("a key only this desk has")}}
	o.opens()
	return o
}

// lacks fails where a page says something it must not.
func (a answer) lacks(t *testing.T, says ...string) {
	t.Helper()
	for _, s := range says {
		if strings.Contains(a.body, s) {
			t.Errorf("the page says %q", s)
		}
	}
}

// The policy a desk begins with is another company's. Strangers read how to reach this one, colleagues the draft; and once a policy is
// applied everybody reads that, and nobody outside what was before.
func TestADeskThatHasPublishedNothingClaimsNothing(t *testing.T) {
	o := fresh(t)
	stranger, ana := o.stranger(), o.as(o.ana)
	claims := []string{"59 %", "400 to 500", "support@example.com", "Thanksgiving", "business day", "Open now", "This is a draft"}
	for _, path := range []string{"/support", "/policy"} {
		page := stranger.get(path)
		page.sees(t, "How to reach us", "mailto:help@greenfield.example", "Nothing is promised here yet", "/requests/new")
		page.lacks(t, claims...)
	}
	if hours := regexp.MustCompile(`\d\d:\d\d|Open now|class="lede"`).FindString(stranger.get("/portal").body); hours != "" {
		t.Errorf("the first page says %q of hours that nobody has set", hours)
	}
	for _, path := range []string{"/policy.json", "/hours.ics", "/policy/versions/1"} {
		if page := stranger.get(path); page.status != 404 {
			t.Errorf("%s answers a stranger %d, want 404: %s", path, page.status, excerpt(page.body))
		}
	}
	ana.get("/support").sees(t, "This is a draft. Only you and your colleagues see it", "59 %")

	source, _ := policy.Example("customer-support-center")
	own := strings.ReplaceAll(strings.ReplaceAll(string(source), "support@example.com", "help@greenfield.example"), "59 %", "61 %")
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: []byte(own), Reason: "Ours"})
	o.must(err)
	page := stranger.get("/support")
	page.sees(t, "61 %", "help@greenfield.example")
	page.lacks(t, "59 %", "This is a draft", `id="versions"`)
	ana.get("/support").lacks(t, "This is a draft")
	if page := stranger.get("/policy/versions/1"); page.status != 404 {
		t.Errorf("the policy the desk began with answers a stranger %d afterwards", page.status)
	}
}

// Whoever copies the second line of the demo's first page sends a mail that becomes a ticket.
func TestTheMailOfTheDemosCurlLineBecomesATicket(t *testing.T) {
	o := open(t, sqlite(t))
	line := html.UnescapeString(o.stranger().get("/demo").body)
	printed := regexp.MustCompile(`printf '([^']*)' \| curl .*--mail-from (\S+) --mail-rcpt (\S+)`).FindStringSubmatch(line)
	if printed == nil {
		t.Fatalf("the page prints no such line: %s", excerpt(line))
	}
	accepted := make(chan int64, 1)
	l := &receive.Listener{Domain: "mx.agency.example", Known: o.desk.KnownRecipient, Now: o.clock.Now, Accept: func(ctx context.Context, e receive.Envelope, raw []byte) error {
		got, err := o.desk.Accept(ctx, desk.Envelope{From: e.From, Unstated: e.Unstated, To: e.To, Remote: e.Remote, At: e.At}, raw)
		accepted <- got.ID
		return err
	}}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	o.must(err)
	go func() { _ = l.Serve(ln) }()
	t.Cleanup(func() { _ = l.Close(context.Background()) })
	o.must(smtp.SendMail(ln.Addr().String(), nil, printed[2], []string{printed[3]}, []byte(strings.ReplaceAll(printed[1], `\r\n`, "\r\n"))))
	got, err := o.desk.Receive(ctx, <-accepted)
	o.must(err)
	if got.Ticket == 0 {
		t.Fatalf("the mail became %+v, want a ticket", got)
	}
	o.as(o.ana).get("/tickets/"+number(got.Ticket)).sees(t, "The map shows the old address", "8 Orchard Street")
}

// Maria looks at a request that was closed. Once it goes on elsewhere, its page says where, and leads there.
func TestAClosedRequestLeadsToTheOneThatContinuesIt(t *testing.T) {
	o := open(t, sqlite(t))
	maria, path := o.as(o.maria), "/requests/"+number(o.closed)
	maria.get(path).sees(t, "If you write, a new request begins")
	done, err := o.desk.Reply(ctx, o.maria.Actor(), desk.Reply{Ticket: o.closed, Text: "It is back."})
	o.must(err)
	next := number(done.Ticket.ID)
	page := maria.get(path)
	page.sees(t, "It goes on in request #"+next+". What you write here goes there.", `href="/requests/`+next+`"`)
	page.lacks(t, "a new request begins")
	linked := o.stranger().get(o.desk.TicketPath(o.closed, o.maria.ID, o.clock.Now()))
	to := regexp.MustCompile(`href="(/t/[^"]+)">Open #` + next).FindStringSubmatch(linked.body)
	if to == nil {
		t.Fatalf("the linked page leads nowhere: %s", excerpt(linked.body))
	}
	o.stranger().get(to[1]).sees(t, "It is back.")
}

// Maria has answered Ben's question, and for days nobody has answered a mail of Tomas. What the list says of its order is what it is.
func TestTheInboxIsInTheOrderItSays(t *testing.T) {
	o := open(t, sqlite(t))
	o.asks("Nora Lind <nora@lind.example>", "Where is my invoice?", o.support.ID)
	o.arrivesFor(o.marias)
	_, err := o.desk.AdvanceTo(ctx, access.Clock, o.clock.Now().Add(10*24*time.Hour))
	o.must(err)
	page := o.as(o.ben).get("/inbox?view=next")
	page.sees(t, "Promises, then replies, other times, new ones")
	reply, late := strings.Index(page.body, "Redirect broken"), strings.Index(page.body, "Where is my invoice?")
	if reply < 0 || late < reply {
		t.Errorf("the reply stands at %d and what is late at %d, want the reply first: %s", reply, late, excerpt(page.body))
	}
}

// The history of a ticket speaks of people and groups by their names, and gives the one rule behind each line.
func TestAHistoryNamesWhomAndWhy(t *testing.T) {
	o := open(t, sqlite(t))
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: o.marias, Assignee: &o.ana.ID, Group: &o.billing.ID})
	o.must(err)
	page := o.as(o.ana).get("/tickets/" + number(o.marias))
	page.sees(t, "gave it to Ana Ruiz", "gave it to Billing", "gave it to Ben Okafor")
	if lost := regexp.MustCompile(`gave it to (group )?\d`).FindString(page.body); lost != "" {
		t.Errorf("the history says %q", lost)
	}
	p, _, err := o.desk.RunningFor(ctx, "")
	o.must(err)
	page.sees(t, html.EscapeString(p.RuleSays("lifecycle.moves.0", false)))
	page.lacks(t, html.EscapeString(p.RuleSays("lifecycle.moves", false)))
}
