package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// kills is how often the desk is killed on each database; HARK_KILLS=1000 for a night.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("HARK_KILLS")); err == nil {
		return n
	}
	return 10
}

// The desk is killed again and again while mail comes in, agents answer, reminders fall due and mail goes out. Whoever was
// told "yes" must find that it happened, once; and no mail may be lost, or sent twice without a reason.
func TestTheDeskSurvivesBeingKilled(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { survives(t, "", func() {}) })
	t.Run("PostgreSQL", func(t *testing.T) {
		survives(t, storetest.LastingDatabase(t), func() { storetest.Crash(t) })
	})
}

func survives(t *testing.T, database string, crash func()) {
	b := newBusyDay(t, database)
	for kill := range kills() {
		pause(300, 2200)
		if kill%3 == 1 {
			b.server.Hark(t, "", "clock", "advance", "2m") // reminders fall due, and undo times end
		}
		if kill == kills()/2 {
			crash()
			pause(200, 800)
		}
		b.server.Kill()
		b.server.Restart(t)
	}
	b.evening()
	b.check()
}

func pause(from, to int) { <-time.After(time.Duration(from+rand.IntN(to-from)) * time.Millisecond) }

// busyDay is the load, and what was promised to whom during it.
type busyDay struct {
	t       *testing.T
	server  *Server
	outside *Outside
	over    chan struct{} // closed when nobody writes any more
	people  sync.WaitGroup
	replies chan Letter // acknowledgements that customers answer

	mu       sync.Mutex
	door     string            // where mail is delivered
	mails    map[string]string // subject or text by Message-ID, of every mail whose sender was told 250
	answers  map[string]int64  // ticket by text, of every reply the page took
	doubtful map[string]bool   // texts of replies whose sender was never told
}

const atTheDesk = "support@agency.example"

func newBusyDay(t *testing.T, database string) *busyDay {
	b := &busyDay{t: t, over: make(chan struct{}), replies: make(chan Letter, 10000), mails: map[string]string{}, answers: map[string]int64{}, doubtful: map[string]bool{}}
	b.outside = OpenOutside(t, func(l Letter) {
		if !strings.HasPrefix(l.Subject, "Re:") || len(b.replies) == cap(b.replies) {
			return
		}
		b.replies <- l
	})
	dir := t.TempDir()
	movable(t, store.Config{Dir: dir, URL: database})
	b.server = Start(t, "serve", In(dir), On(database), With("--smtp-out", "smtp://"+b.outside.Addr))
	b.server.Hark(t, "a long enough password\n", "user", "add", "ana@agency.example", "--name", "Ana Ruiz", "--role", "admin", "--password-stdin")
	b.server.Hark(t, "", "mailbox", "add", atTheDesk)
	b.remindSoon()
	b.deliverTo(b.server.SMTP)
	for n := range 3 {
		b.people.Go(func() { b.writes(n) })
	}
	b.people.Go(b.repliesByMail)
	for n := range 2 {
		b.people.Go(func() { b.agent(n) })
	}
	return b
}

// movable gives a new desk the clock of a demo, so that a quarter of an hour need not be waited for.
func movable(t *testing.T, config store.Config) {
	db, err := store.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	storetest.Write(t, db, func(tx *store.Tx) error { return tx.SetSetting("demo", []byte("yes")) })
}

// remindSoon applies a policy whose first reminder comes after a minute.
func (b *busyDay) remindSoon() {
	source, _ := policy.Example("customer-support-center")
	source = bytes.Replace(source, []byte("{id: reminder-1, in: pending, after: 24h"), []byte("{id: reminder-1, in: pending, after: 1m"), 1)
	file := b.t.TempDir() + "/policy.yaml"
	if err := os.WriteFile(file, source, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.server.Hark(b.t, "", "policy", "apply", file, "--reason", "Reminders within a test.")
}

func (b *busyDay) isOver() bool {
	select {
	case <-b.over:
		return true
	default:
		return false
	}
}

// deliver hands a mail over as mail servers do: again and again, the same octets, until it is acknowledged.
func (b *busyDay) deliver(connection **Sender, from, to, raw string) {
	for ; ; pause(20, 60) {
		if *connection == nil {
			fresh, err := DialMail(b.delivers())
			if err != nil {
				continue
			}
			*connection = fresh
		}
		if _, err := (*connection).Send(from, to, raw); err == nil {
			return
		}
		(*connection).Close()
		*connection = nil
	}
}

func (b *busyDay) delivers() (door string) {
	b.note(func() { door = b.door })
	return door
}

func (b *busyDay) deliverTo(door string) { b.note(func() { b.door = door }) }

// writes is a customer's mail server: new questions, one after the other.
func (b *busyDay) writes(server int) {
	var connection *Sender
	for n := 0; !b.isOver(); n++ {
		from, subject := fmt.Sprintf("maria%d.%d@greenfund.example", server, n), fmt.Sprintf("Question %d of server %d", n, server)
		id := fmt.Sprintf("<question-%d-%d@greenfund.example>", server, n)
		b.deliver(&connection, from, atTheDesk, Mail("Maria Lopez <"+from+">", atTheDesk, subject, id, "The form on our page sends nothing.\r\n"))
		b.note(func() { b.mails[id] = subject })
		pause(20, 60)
	}
}

// repliesByMail answers every third acknowledgement.
func (b *busyDay) repliesByMail() {
	var connection *Sender
	for n := 0; ; n++ {
		select {
		case <-b.over:
			return
		case l := <-b.replies:
			if n%3 != 0 {
				continue
			}
			id, text := fmt.Sprintf("<reply-%d@greenfund.example>", n), fmt.Sprintf("One more thing, number %d.", n)
			b.deliver(&connection, l.To, atTheDesk, Mail("Maria Lopez <"+l.To+">", atTheDesk, l.Subject, id, text+"\r\n", "In-Reply-To: "+l.MessageID, "References: "+l.MessageID))
			b.note(func() { b.mails[id] = text })
		}
	}
}

func (b *busyDay) note(what func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	what()
}

// agent signs in and answers whatever the inbox shows, as Pending.
func (b *busyDay) agent(number int) {
	client := browser()
	for signInAs(client, b.server.URL) != nil && !b.isOver() {
		pause(50, 100)
	}
	for n := 0; !b.isOver(); n++ {
		b.answerOne(client, fmt.Sprintf("Answer %d by agent %d.", n, number))
		pause(20, 80)
	}
}

// browser keeps cookies and shows redirects.
func browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func signInAs(client *http.Client, desk string) error {
	answer, err := client.PostForm(desk+"/sign-in", url.Values{"email": {"ana@agency.example"}, "password": {"a long enough password"}})
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		return errors.New(answer.Status)
	}
	return nil
}

var (
	ticketLink = regexp.MustCompile(`href="/tickets/(\d+)[?"]`)
	hidden     = regexp.MustCompile(`name="(csrf|base|draft)" value="([^"]*)"`)
)

// answerOne opens a ticket that waits and replies. A form whose answer never came is sent again, the very same.
func (b *busyDay) answerOne(client *http.Client, text string) {
	list, err := read(client, b.server.URL+"/inbox?view=unassigned")
	waiting := ticketLink.FindAllStringSubmatch(list, -1)
	if err != nil || len(waiting) == 0 {
		return
	}
	id := waiting[rand.IntN(len(waiting))][1]
	page, err := read(client, b.server.URL+"/tickets/"+id)
	if err != nil {
		return
	}
	form := url.Values{"body": {text}, "status": {"pending"}}
	_, composer, _ := strings.Cut(page, `action="/tickets/`+id+`/reply"`)
	for _, field := range hidden.FindAllStringSubmatch(composer, -1) {
		if !form.Has(field[1]) {
			form.Set(field[1], field[2])
		}
	}
	b.post(client, id, text, form)
}

func (b *busyDay) post(client *http.Client, id, text string, form url.Values) {
	number, _ := strconv.ParseInt(id, 10, 64)
	for tries := 0; tries < 100; tries++ {
		answer, err := client.PostForm(b.server.URL+"/tickets/"+id+"/reply", form)
		if err != nil {
			b.note(func() { b.doubtful[text] = true })
			pause(30, 60)
			continue
		}
		answer.Body.Close()
		if answer.StatusCode == http.StatusSeeOther && answer.Header.Get("Location") == "/tickets/"+id {
			b.note(func() { b.answers[text] = number })
		}
		return
	}
}

func read(client *http.Client, address string) (string, error) {
	answer, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		err = errors.Join(err, errors.New(answer.Status))
	}
	return string(body), err
}

// evening ends the load and waits until nothing is left to do. Whenever nothing moves any more, the clock goes on: past
// undo times, second attempts of uncertain mails, and the first reminders. Thousands of usual times pass with them, of which
// no mail tells; the doctor, who is asked last, knows whether those have been noticed.
func (b *busyDay) evening() {
	close(b.over)
	b.people.Wait()
	last, steady, moves := "", 0, 0
	Eventually(b.t, 5*time.Minute+time.Duration(kills())*time.Second, "nothing is left to read or to send", func() bool {
		now := b.server.waiting(b.t)
		if steady++; now != last {
			last, steady = now, 0
		}
		if steady < 20 {
			return false
		}
		if steady, moves = 0, moves+1; moves > 20 && now != "mail 0 send 0" {
			b.t.Fatalf("what waits does not become less: %s", now)
		}
		if moves > 2 && now == "mail 0 send 0" {
			says, _ := b.server.TryHark("", "doctor")
			return strings.Contains(says, "all is well")
		}
		b.server.Hark(b.t, "", "clock", "advance", "20m")
		return false
	})
	b.server.Stop()
}

var waits = regexp.MustCompile(`(?m)^hark_(mail|send)_waiting (\d+)$`)

// waiting is what has not been read and what has not been sent: "mail 0 send 3".
func (s *Server) waiting(t *testing.T) string {
	_, numbers := s.Get(t, "/metrics")
	var all []string
	for _, m := range waits.FindAllStringSubmatch(numbers, -1) {
		all = append(all, m[1]+" "+m[2])
	}
	return strings.Join(all, " ")
}

// deskAfterwards is everything that the database says afterwards.
type deskAfterwards struct {
	incoming []store.Incoming
	outgoing []store.Outgoing
	tickets  []store.Row
	comments []ticket.Comment
}

// reads looks into the database beside the server.
func (b *busyDay) reads(look func(*store.DB)) {
	b.t.Helper()
	db, err := store.Open(b.t.Context(), store.Config{Dir: b.server.Data, URL: b.server.Database})
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	look(db)
}

func (b *busyDay) afterwards() (d deskAfterwards) {
	b.reads(func(db *store.DB) { d = b.everythingIn(db) })
	return d
}

func (b *busyDay) everythingIn(db *store.DB) (d deskAfterwards) {
	err := db.Read(context.Background(), func(tx *store.Tx) error {
		d.incoming = all(b.t, func(after string) (store.Page[store.Incoming], error) {
			return tx.IncomingList(access.Clock, store.MailFilter{After: after, Limit: 200})
		})
		d.outgoing = all(b.t, func(after string) (store.Page[store.Outgoing], error) {
			return tx.OutgoingList(access.Clock, store.MailFilter{After: after, Limit: 200})
		})
		d.tickets = all(b.t, func(after string) (store.Page[store.Row], error) {
			return tx.Tickets(access.Clock, store.Filter{View: store.All, After: after, Limit: 200})
		})
		for _, row := range d.tickets {
			said, err := tx.Comments(access.Clock, row.ID)
			if err != nil {
				return err
			}
			d.comments = append(d.comments, said...)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// all reads every page of a list.
func all[T any](t *testing.T, page func(after string) (store.Page[T], error)) (items []T) {
	for after := ""; ; {
		p, err := page(after)
		if err != nil {
			t.Fatal(err)
		}
		if items = append(items, p.Items...); p.Next == "" {
			return items
		}
		after = p.Next
	}
}

// check compares what was promised with what there is.
func (b *busyDay) check() {
	d := b.afterwards()
	b.checkMails(d)
	b.checkAnswers(d)
	b.checkSent(d)
	b.checkReminders(d)
	b.t.Logf("%d kills; %d mails and %d replies acknowledged, %d tickets, %d mails out", kills(), len(b.mails), len(b.answers), len(d.tickets), len(d.outgoing))
	if len(b.mails) == 0 || len(b.answers) == 0 {
		b.t.Error("there was no load")
	}
}

// checkMails: every acknowledged mail is one comment, by its Message-ID.
func (b *busyDay) checkMails(d deskAfterwards) {
	comments := map[string]int{}
	for _, c := range d.comments {
		if c.MessageID != "" {
			comments[c.MessageID]++
		}
	}
	for id, what := range b.mails {
		if comments[id] != 1 {
			b.t.Errorf("the mail %s (%s) was acknowledged and is %d comments", id, what, comments[id])
		}
	}
	for _, in := range d.incoming {
		if in.State != store.Done && in.State != store.Duplicate {
			b.t.Errorf("mail %d from %s is %s: %s", in.ID, in.FromAddress, in.State, in.Reason)
		}
	}
}

// checkAnswers: every reply that the page took is there once, and one whose sender was never told is there at most once.
func (b *busyDay) checkAnswers(d deskAfterwards) {
	found := map[string]int{}
	for _, c := range d.comments {
		found[strings.TrimSpace(c.Text)]++
	}
	for text, id := range b.answers {
		if found[text] != 1 {
			b.t.Errorf("the reply %q to ticket %d was acknowledged and is there %d times", text, id, found[text])
		}
	}
	for text := range b.doubtful {
		if found[text] > 1 {
			b.t.Errorf("the reply %q is there %d times", text, found[text])
		}
	}
}

// checkSent: every mail arrived. Only one of which nobody could know may have arrived twice, and then it is the same mail.
func (b *busyDay) checkSent(d deskAfterwards) {
	for _, o := range d.outgoing {
		if o.State == store.Cancelled {
			continue
		}
		copies := b.outside.Copies(o.MessageID)
		allowed := 1
		if slices.ContainsFunc(o.Results, func(a store.Attempt) bool { return a.Phase == "final-dot" }) {
			allowed = 2
		}
		if len(copies) < 1 || len(copies) > allowed {
			b.t.Errorf("mail %d (%s, %s to %s) arrived %d times after %+v", o.ID, o.State, o.Template, o.To, len(copies), o.Results)
		}
		if len(copies) == 2 && copies[0] != copies[1] {
			b.t.Errorf("mail %d was sent twice with different octets", o.ID)
		}
	}
}

// checkReminders: whoever was asked something and did not answer was reminded once, and everybody was acknowledged. An agent who answers
// what was answered already, or a customer who writes after the reminder and is asked again, begins another wait.
func (b *busyDay) checkReminders(d deskAfterwards) {
	asked := map[int64]int{}
	for _, c := range d.comments {
		if c.Mail == 0 { // customers write by mail only
			asked[c.Ticket]++
		}
	}
	sent := map[string]int{}
	for _, o := range d.outgoing {
		sent[o.Template+"/"+strconv.FormatInt(o.Ticket, 10)]++
	}
	reminded := 0
	for _, row := range d.tickets {
		id := strconv.FormatInt(row.ID, 10)
		if n := sent["received/"+id]; n != 1 {
			b.t.Errorf("ticket %s was acknowledged %d times", id, n)
		}
		n := sent["reminder-1/"+id]
		if row.Category == ticket.Pending && n == 0 || n > asked[row.ID] {
			b.t.Errorf("ticket %s (%s) was asked %d times and reminded %d times", id, row.Category, asked[row.ID], n)
		}
		reminded += n
	}
	if reminded == 0 {
		b.t.Error("nobody was reminded of anything")
	}
}
