package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var ctx = context.Background()

// eastern is the zone in which the stories are told.
var eastern = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

// when reads "2026-11-20 16:30" or "2026-11-20 16:30:06" in Eastern Time.
func when(local string) time.Time {
	layout := "2006-01-02 15:04:05"
	t, err := time.ParseInLocation(layout[:len(local)], local, eastern)
	if err != nil {
		panic(err)
	}
	return t
}

// shown is an instant as the stories write it.
func shown(t time.Time) string { return t.In(eastern).Format("Mon 2006-01-02 15:04:05 MST") }

// office is a small agency with its desk: Ana Ruiz leads, Ben Okafor and Cem Yildiz answer.
type office struct {
	t     testing.TB
	db    *store.DB
	desk  *desk.Desk
	clock *desktest.Clock
	brand account.Brand
	box   account.Mailbox

	ana, ben, cem account.Person

	letters int    // written so far
	begins  string // the example it begins with; the support center when empty
}

const (
	support = "support@agency.example"
	maria   = "Maria Lopez <maria@greenfund.example>"
	jonas   = "Jonas Weber <jonas@greenfund.example>"
)

// each opens an office at a local time, once on every database, and lets the story happen in it.
func each(t *testing.T, opens string, story func(*office)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { story(open(t, db, opens)) })
}

// eachUnder is each in an office that begins with another example.
func eachUnder(t *testing.T, policy, opens string, story func(*office)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := &office{t: t, db: db, clock: desktest.At(when(opens)), begins: policy}
		o.furnish()
		story(o)
	})
}

func open(t *testing.T, db *store.DB, opens string) *office {
	t.Helper()
	o := &office{t: t, db: db, clock: desktest.At(when(opens))}
	o.furnish()
	return o
}

// furnish gives the office its people, its mailbox and its policy.
func (o *office) furnish() {
	o.t.Helper()
	var err error
	o.desk = desktest.Open(o.t, o.db, o.clock)
	o.brand, err = o.desk.AddBrand(ctx, access.Clock, account.Brand{Name: "The Agency", Slug: "agency"})
	o.must(err)
	o.box, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: support})
	o.must(err)
	o.ana = o.hire("ana@agency.example", "Ana Ruiz", access.Admin)
	o.ben = o.hire("ben@agency.example", "Ben Okafor", access.Agent)
	o.cem = o.hire("cem@agency.example", "Cem Yildiz", access.Agent)
	o.apply(example(o.t, orElse(o.begins, "customer-support-center")))
}

func example(t testing.TB, name string) []byte {
	t.Helper()
	src, ok := policy.Example(name)
	if !ok {
		t.Fatalf("there is no example policy %s; there are %v", name, policy.Examples())
	}
	return src
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) hire(email, name string, role access.Role) account.Person {
	o.t.Helper()
	p, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: email, Name: name, Role: role})
	o.must(err)
	return p
}

func (o *office) apply(source []byte) {
	o.t.Helper()
	_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "the story needs it"})
	o.must(err)
}

// at moves the clock to a local time; what is due on the way happens on the way.
func (o *office) at(local string) {
	o.t.Helper()
	_, err := o.desk.AdvanceTo(ctx, access.Clock, when(local))
	o.must(err)
}

// letter is a mail as customers send them.
type letter struct {
	from    string
	to      string // support when empty
	cc      string
	subject string
	answers *sent  // the mail of ours it answers
	headers string // further lines, each with \r\n
	body    string
	returns string // the envelope sender; the From address when empty, "<>" for none
}

// raw writes a letter down.
func (o *office) raw(l letter) []byte {
	o.letters++
	to, subject, thread := l.to, l.subject, ""
	if l.answers != nil {
		to, thread = orElse(to, l.answers.replyTo), "In-Reply-To: "+l.answers.messageID+"\r\n"
		subject = orElse(subject, "Re: "+l.answers.subject)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\n", l.from, orElse(to, support))
	if l.cc != "" {
		fmt.Fprintf(&b, "Cc: %s\r\n", l.cc)
	}
	if !strings.Contains(l.headers, "Message-ID:") {
		fmt.Fprintf(&b, "Message-ID: <letter-%d@customers.example>\r\n", o.letters)
	}
	fmt.Fprintf(&b, "Subject: %s\r\nDate: Fri, 20 Nov 2026 12:00:00 -0500\r\n%s%s\r\n%s\r\n", subject, thread, l.headers, l.body)
	return []byte(b.String())
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// envelope is what the other mail server says about the letter.
func (l letter) envelope(raw []byte) desk.Envelope {
	m, err := mail.Parse(raw)
	if err != nil {
		return desk.Envelope{From: "sender@elsewhere.example", To: []string{support}}
	}
	e := desk.Envelope{From: l.returns, Remote: "192.0.2.7"}
	switch {
	case l.returns == "<>":
		e.From = ""
	case l.returns == "" && m.From != nil:
		e.From = m.From.Email
	}
	for _, to := range append(m.To, m.Cc...) {
		if strings.HasSuffix(to.Email, "@agency.example") {
			e.To = append(e.To, to.Email)
		}
	}
	if len(e.To) == 0 {
		e.To = []string{support}
	}
	return e
}

// arrives accepts a letter now and receives it at once.
func (o *office) arrives(l letter) desk.Received {
	o.t.Helper()
	return o.receives(o.accepts(l))
}

// accepts takes a letter in, without looking into it.
func (o *office) accepts(l letter) desk.Accepted {
	o.t.Helper()
	raw := o.raw(l)
	accepted, err := o.desk.Accept(ctx, l.envelope(raw), raw)
	o.must(err)
	return accepted
}

func (o *office) receives(a desk.Accepted) desk.Received {
	o.t.Helper()
	got, err := o.desk.Receive(ctx, a.ID)
	o.must(err)
	return got
}

// asks is the usual beginning: somebody writes, and there is a ticket.
func (o *office) asks(from, subject string) int64 {
	o.t.Helper()
	got := o.arrives(letter{from: from, subject: subject, body: "Please have a look."})
	if got.Outcome != "created" {
		o.t.Fatalf("%s's mail became %+v, want a ticket", from, got)
	}
	return got.Ticket
}

// answers sends an agent's reply, with the state to choose.
func (o *office) answers(by account.Person, id int64, text, status string) desk.Done {
	o.t.Helper()
	done, err := o.desk.Answer(ctx, by.Actor(), desk.Answer{Ticket: id, Text: text, Status: status})
	o.must(err)
	return done
}

// sent is a mail that left the desk, as its reader sees it.
type sent struct {
	id        int64
	state     store.OutgoingState
	at        time.Time
	template  string
	to        string
	from      string
	envelope  string
	replyTo   string
	subject   string
	text      string
	messageID string
	raw       []byte
	mail      *mail.Message
}

// mails are all mails about a ticket, oldest first; 0 means all there are.
func (o *office) mails(ticketID int64) (all []sent) {
	o.t.Helper()
	page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Ticket: ticketID, Limit: 200})
	o.must(err)
	for i := len(page.Items) - 1; i >= 0; i-- {
		all = append(all, o.read(page.Items[i]))
	}
	return all
}

func (o *office) read(row store.Outgoing) sent {
	o.t.Helper()
	_, raw, err := o.desk.SentMail(ctx, access.Clock, row.ID)
	o.must(err)
	m, err := mail.Parse(raw)
	o.must(err)
	s := sent{id: row.ID, state: row.State, at: row.CreatedAt, template: row.Template, to: row.To, from: m.From.Email, envelope: row.EnvelopeFrom,
		subject: m.Subject, text: m.Text, messageID: m.MessageID, raw: raw, mail: m}
	if len(m.ReplyTo) > 0 {
		s.replyTo = m.ReplyTo[0].Email
	}
	return s
}

// last is the newest mail about a ticket.
func (o *office) last(ticketID int64) *sent {
	o.t.Helper()
	all := o.mails(ticketID)
	if len(all) == 0 {
		o.t.Fatalf("ticket %d has no mail", ticketID)
	}
	return &all[len(all)-1]
}

// posted writes down the mails about a ticket, one a line: when, to whom, which message.
func (o *office) posted(ticketID int64) string {
	o.t.Helper()
	var b strings.Builder
	for _, m := range o.mails(ticketID) {
		if m.state == store.Cancelled {
			continue
		}
		fmt.Fprintf(&b, "%s %s to %s\n", shown(m.at), orElse(m.template, "reply"), m.to)
	}
	return b.String()
}

// sees is the page of a ticket as somebody sees it.
func (o *office) sees(a access.Actor, id int64) desk.TicketPage {
	o.t.Helper()
	page, err := o.desk.TicketPage(ctx, a, id)
	o.must(err)
	return page
}

// ticket is a ticket as it stands.
func (o *office) ticket(id int64) ticket.Ticket {
	o.t.Helper()
	return o.sees(access.Clock, id).Ticket
}

// story writes down what happened to a ticket, one line for each change of state and each tag.
func (o *office) story(id int64) string {
	o.t.Helper()
	var b strings.Builder
	for _, audit := range o.sees(access.Clock, id).Audits {
		for _, e := range audit.Events {
			switch {
			case e.Field == "status" || e.Field == "tags":
				fmt.Fprintf(&b, "%s %s %s\n", shown(audit.At), e.Field, e.To)
			case e.Type == ticket.Skipped || e.Type == ticket.Undone:
				fmt.Fprintf(&b, "%s %s: %s\n", shown(audit.At), strings.ToLower(e.Type), e.Says)
			}
		}
	}
	return b.String()
}

// is compares what was seen with what was meant.
func (o *office) is(what, got, want string) {
	o.t.Helper()
	if got := strings.TrimSpace(got); got != strings.TrimSpace(want) {
		o.t.Errorf("%s:\n%s\nwant:\n%s", what, got, strings.TrimSpace(want))
	}
}

// in checks the state of a ticket.
func (o *office) in(id int64, state string) {
	o.t.Helper()
	if got := o.ticket(id).State; got != state {
		o.t.Errorf("at %s ticket %d is %s, want %s", shown(o.clock.Now()), id, got, state)
	}
}

// customer is the person behind an address, as an actor.
func (o *office) customer(address string) access.Actor {
	o.t.Helper()
	page, err := o.desk.People(ctx, access.Clock, store.PeopleFilter{Query: address})
	o.must(err)
	if len(page.Items) != 1 {
		o.t.Fatalf("%s is %d people", address, len(page.Items))
	}
	return page.Items[0].Actor()
}

// claims takes the mails that are due, as a worker would, and hands them over.
func (o *office) claims() []store.Outgoing {
	o.t.Helper()
	mails, err := o.desk.ClaimMail(ctx, 100, time.Minute)
	o.must(err)
	for _, m := range mails {
		o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "sent", Phase: "done", Code: 250, Host: "mx.elsewhere.example"}))
	}
	return mails
}

// bounce is what another mail server sends when it cannot deliver a mail of ours (RFC 3464).
func bounce(of *sent, status string) letter {
	action := "failed"
	if status[0] == '4' {
		action = "delayed"
	}
	return letter{
		from: "Mail Delivery System <MAILER-DAEMON@mx.greenfund.example>", to: orElse(of.envelope, support), returns: "<>", subject: "Undelivered Mail Returned to Sender",
		headers: "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"cut\"\r\n",
		body: "--cut\r\nContent-Type: text/plain\r\n\r\nThis mail could not be delivered.\r\n" +
			"--cut\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.greenfund.example\r\n\r\n" +
			"Final-Recipient: rfc822; " + of.to + "\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 " + status + " no such user\r\n\r\n" +
			"--cut\r\nContent-Type: message/rfc822-headers\r\n\r\nMessage-ID: " + of.messageID + "\r\n\r\n--cut--\r\n",
	}
}

func minute(n int) time.Duration { return time.Duration(n) * time.Minute }

func itoa(n int64) string { return fmt.Sprint(n) }

func brandNamed(name string) account.Brand {
	return account.Brand{Name: name, Slug: strings.ToLower(name)}
}
