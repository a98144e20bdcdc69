package desk_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/store"
	"hark/store/storetest"
)

// eachRaw is each with a second hand in the database, past the store.
func eachRaw(t *testing.T, opens string, story func(o *office, raw *sql.DB)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, storetest.Open(t, store.Config{Dir: dir, Unsafe: true}), opens)
		story(o, rawly(t, "sqlite", "file:"+filepath.Join(dir, "hark.db")+"?_pragma=busy_timeout(5000)"))
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.Database(t)
		o := open(t, storetest.Open(t, store.Config{Dir: t.TempDir(), URL: url, Unsafe: true}), opens)
		story(o, rawly(t, "pgx", url))
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

// More tickets than one round takes are broken and due first. Maria's still gets its reminder in time; the broken ones are
// named to the operator, and tried again less and less often until somebody has mended them.
func TestTicketsThatFailStepAsideForTheOthers(t *testing.T) {
	eachRaw(t, "2026-11-20 16:00", func(o *office, raw *sql.DB) {
		var broken []int64
		for range 101 {
			done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "jonas@greenfund.example", Subject: "Broken", Text: "By phone."})
			o.must(err)
			_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: done.Ticket.ID, Status: ref("pending")})
			o.must(err)
			broken = append(broken, done.Ticket.ID)
		}
		id := o.asks(maria, "Redirect broken")
		o.clock.Pass(time.Minute)
		o.answers(o.ben, id, "Which page?", "pending")
		whole := o.damage(raw, broken)

		o.at("2026-11-22 16:00")
		if posted := o.posted(id); strings.Count(posted, "\n") < 3 {
			o.t.Errorf("Maria's mails while others are stuck:\n%s", posted)
		}
		found := o.findings("timers")
		if len(found) != 20 || !strings.Contains(found[0].Says, "ticket "+itoa(broken[0])+" stands still since 2026-11-21T") || !strings.Contains(found[0].Says, "memory") {
			o.t.Fatalf("the operator is told %d things, first: %+v", len(found), found)
		}
		var backlog store.Backlog
		o.must(o.db.Read(ctx, func(tx *store.Tx) (err error) { backlog, err = tx.Backlog(); return err }))
		if backlog.Stuck != int64(len(broken)) {
			o.t.Errorf("the metrics count %d tickets that stand still, want %d", backlog.Stuck, len(broken))
		}
		before := o.tries(broken[0])
		o.at("2026-11-23 16:00")
		if more := o.tries(broken[0]) - before; more < 3 || more > 5 {
			o.t.Errorf("after a day of failing it was tried %d times in another day, want every six hours", more)
		}
		o.mend(raw, broken, whole)
		o.at("2026-11-24 00:00")
		if found := o.findings("timers"); len(found) != 0 {
			o.t.Errorf("all are mended, and the operator is told: %+v", found)
		}
		if posted := o.posted(broken[0]); !strings.Contains(posted, "reminder") {
			o.t.Errorf("the mended ticket has sent\n%s", posted)
		}
	})
}

func ref[T any](v T) *T { return &v }

// damage makes the tickets' memory unreadable, as a tool that wrote into the database might, and returns what one held.
func (o *office) damage(raw *sql.DB, ids []int64) (memory map[int64]string) {
	o.t.Helper()
	memory = map[int64]string{}
	for _, id := range ids {
		var was string
		o.must(raw.QueryRow("SELECT memory FROM tickets WHERE id = $1", id).Scan(&was))
		memory[id] = was
		_, err := raw.Exec("UPDATE tickets SET memory = 'not JSON' WHERE id = $1", id)
		o.must(err)
	}
	return memory
}

func (o *office) mend(raw *sql.DB, ids []int64, memory map[int64]string) {
	o.t.Helper()
	for _, id := range ids {
		_, err := raw.Exec("UPDATE tickets SET memory = $1 WHERE id = $2", memory[id], id)
		o.must(err)
	}
}

// findings are what the doctor says about one thing.
func (o *office) findings(what string) (found []store.Finding) {
	for _, f := range o.db.Doctor(ctx, o.clock.Now()) {
		if f.What == what {
			found = append(found, f)
		}
	}
	return found
}

// tries is how often a ticket's turn has failed.
func (o *office) tries(id int64) (n int64) {
	o.t.Helper()
	o.must(o.db.Read(ctx, func(tx *store.Tx) error {
		s, err := tx.Stuck(id)
		n = s.Tries
		return err
	}))
	return n
}

func TestAMailThatAWorkerHasIsNotSentAgain(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Redirect broken")
		m := o.next()
		err := o.desk.SendAgain(ctx, o.ben.Actor(), m.ID)
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "sending") {
			o.t.Errorf("while it is being sent: %v", err)
		}
		o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "rcpt", Code: 550, Text: "no"}))
		o.must(o.desk.SendAgain(ctx, o.ben.Actor(), m.ID))
		again := o.next()
		if err := o.desk.MailAttempted(ctx, m, desk.Attempted{State: "sent", Phase: "done"}); !fault.Is(err, fault.Conflict) {
			o.t.Errorf("the worker of the first attempt settles the second: %v", err)
		}
		o.must(o.desk.MailAttempted(ctx, again, desk.Attempted{State: "sent", Phase: "done"}))
	})
}

func TestALongSubjectIsCutAndStaysWithItsMail(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		long := strings.Repeat("Überall ist etwas kaputt. ", 400)
		id := o.arrives(letter{from: maria, subject: long, body: "Look."}).Ticket
		subject := o.ticket(id).Subject
		if n := len([]rune(subject)); n > 250 || n < 240 || !strings.HasPrefix(long, strings.TrimSuffix(subject, "…")) || !strings.HasSuffix(subject, "…") {
			o.t.Errorf("the ticket is called %q", subject)
		}
		logged, err := o.desk.MailIn(ctx, access.Clock, store.MailFilter{Ticket: id})
		o.must(err)
		if len(logged.Items[0].Subject) > 600 {
			o.t.Errorf("the log shows %d bytes of subject", len(logged.Items[0].Subject))
		}
		_, raw, err := o.desk.RawMail(ctx, access.Clock, logged.Items[0].ID)
		o.must(err)
		if !strings.Contains(string(raw), long) {
			o.t.Error("the mail has lost its subject")
		}
		if m := o.last(id); len([]rune(m.subject)) > 300 {
			o.t.Errorf("the customer is answered under %q", m.subject)
		}
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Subject: &long})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "at most 250 characters") {
			o.t.Errorf("an agent who calls it so is told %v", err)
		}
	})
}

// More mails than one round takes cannot be worked on, because somebody has damaged the policy their ticket keeps. Jonas, who writes
// after them, gets his ticket at once; theirs are tried less and less often, and become answers once the policy is mended.
func TestMailsThatFailStepAsideForTheOthers(t *testing.T) {
	eachRaw(t, "2026-11-20 16:00", func(o *office, raw *sql.DB) {
		id := o.asks(maria, "Redirect broken")
		o.answers(o.ben, id, "Which page?", "pending")
		question := o.last(id)
		o.apply(append(example(o.t, "customer-support-center"), "\n# the second\n"...))
		var source string
		o.must(raw.QueryRow("SELECT source FROM policy_versions ORDER BY id LIMIT 1").Scan(&source))
		keeps := func(source string) {
			_, err := raw.Exec("UPDATE policy_versions SET source = $1 WHERE id = (SELECT min(id) FROM policy_versions)", source)
			o.must(err)
		}
		keeps("this is: [no policy")
		fresh := desktest.Open(o.t, o.db, o.clock)
		for n := range 8 {
			o.accepts(letter{from: maria, answers: question, body: "The donation page, for the " + itoa(int64(n)) + "th time."})
		}
		o.accepts(letter{from: "jonas@greenfund.example", subject: "I am new", body: "Hello."})
		for range 2 {
			_, err := fresh.ReceivePending(ctx, 8)
			o.must(err)
		}
		if waiting := o.unread(); len(waiting) != 8 || waiting[0].Tries != 1 || !strings.Contains(waiting[0].Reason, "can no longer be read") {
			o.t.Fatalf("%d mails wait, the newest is %+v", len(waiting), waiting)
		}
		for range 120 {
			o.clock.Pass(time.Minute)
			_, err := fresh.ReceivePending(ctx, 8)
			o.must(err)
		}
		if waiting := o.unread(); len(waiting) != 8 || waiting[0].Tries < 8 || waiting[0].Tries > 15 {
			o.t.Errorf("after two hours %d mails wait, the newest tried %d times", len(waiting), waiting[0].Tries)
		}
		keeps(source)
		o.clock.Pass(15 * time.Minute)
		_, err := fresh.ReceivePending(ctx, 8)
		o.must(err)
		if waiting := o.unread(); len(waiting) != 0 {
			o.t.Errorf("the policy is mended, and %d mails wait", len(waiting))
		}
	})
}

// unread are the mails that are safe and not understood yet, the newest first.
func (o *office) unread() []store.Incoming {
	o.t.Helper()
	page, err := o.desk.MailIn(ctx, access.Clock, store.MailFilter{State: "received", Limit: 200})
	o.must(err)
	return page.Items
}
