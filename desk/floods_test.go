package desk_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/store/storetest"
	"hark/ticket"
)

// Loops, floods and duplicates (group D, X-01, X-07, X-10).

func TestD1_TheOpenFormCannotBeUsedToMailAnybody(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		const said = "Buy our wonderful watches"
		for n := range 50 {
			err := o.desk.Ask(ctx, desk.Request{Requester: "victim@elsewhere.example", Name: said, Subject: said, Text: fmt.Sprint(said, n), Remote: fmt.Sprintf("192.0.2.%d", n)})
			if n >= 10 && !fault.Is(err, fault.TooMany) { // it is said, so that nobody's request vanishes silently
				o.t.Fatalf("request %d of the day: %v", n+1, err)
			}
			if n < 10 {
				o.must(err)
			}
		}
		mails := o.mails(0)
		if len(mails) != 1 {
			t.Fatalf("the victim got %d mails in a day, want 1", len(mails))
		}
		if strings.Contains(string(mails[0].raw), "watches") || strings.Contains(mails[0].mail.Subject, said) || strings.Contains(mails[0].text, said) {
			t.Errorf("the mail carries what was typed:\n%s", mails[0].raw)
		}
		if page, err := o.desk.Inbox(ctx, access.Clock, store.Filter{View: store.All}); err != nil || len(page.Items) != 0 {
			t.Errorf("%d tickets were made of unconfirmed requests (%v)", len(page.Items), err)
		}
		refused := 0
		for n := range 50 {
			if err := o.desk.Ask(ctx, desk.Request{Requester: fmt.Sprintf("v%d@elsewhere.example", n), Subject: said, Text: said, Remote: "198.51.100.9"}); fault.Is(err, fault.TooMany) {
				refused++
			}
		}
		if sent := len(o.mails(0)) - 1; sent != 20 || refused != 30 {
			t.Errorf("one source caused %d mails and was refused %d times, want 20 and 30", sent, refused)
		}

		done, err := o.desk.Confirm(ctx, linkToken(t, mails[0].text))
		o.must(err)
		if done.Ticket.Subject != said || done.Ticket.Requester.Address != "victim@elsewhere.example" {
			t.Errorf("confirming made %+v", done.Ticket)
		}
		made := o.subjects()
		again, err := o.desk.Confirm(ctx, linkToken(t, mails[0].text))
		o.must(err)
		o.is("tickets after it is pressed twice", o.subjects(), made)
		if again.Ticket.ID != done.Ticket.ID || !again.Again {
			t.Errorf("pressed twice, it leads to ticket %d and not to %d", again.Ticket.ID, done.Ticket.ID)
		}
		o.clock.Pass(24*time.Hour + time.Second)
		if _, err := o.desk.Confirm(ctx, linkToken(t, mails[0].text)); !fault.Is(err, fault.NotFound) {
			t.Errorf("pressed a day later: %v", err)
		}
	})
}

// Noor writes twice before she opens her mail, and once more after she has pressed the button.
func TestD1_OneLinkConfirmsEverythingThatWaits(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		ask := func(subject string) {
			o.must(o.desk.Ask(ctx, desk.Request{Requester: "Noor@elsewhere.example", Name: "Noor", Subject: subject, Text: "Please help.", Remote: "192.0.2.1", Key: subject}))
		}
		ask("The donation page")
		ask("The newsletter")
		ask("The newsletter") // pressed twice
		if mails := o.mails(0); len(mails) != 1 {
			o.t.Fatalf("she got %d mails before she had confirmed anything", len(mails))
		}
		first := linkToken(o.t, o.mails(0)[0].text)
		done, err := o.desk.Confirm(ctx, first)
		o.must(err)
		o.is("tickets", o.subjects(), "The donation page, The newsletter")
		if done.Ticket.Subject != "The newsletter" {
			o.t.Errorf("she is shown %q, want what she wrote last", done.Ticket.Subject)
		}
		ask("The donation page") // the same words again, and this time they are a new question
		o.is("tickets", o.subjects(), "The donation page, The newsletter")
		second := linkToken(o.t, o.confirmations()[1])
		if _, err := o.desk.Confirm(ctx, first); !fault.Is(err, fault.NotFound) {
			o.t.Errorf("the first link, pressed again: %v", err)
		}
		_, err = o.desk.Confirm(ctx, second)
		o.must(err)
		o.is("tickets", o.subjects(), "The donation page, The newsletter, The donation page")
	})
}

// Requests that come at the same moment are mailed one link, and none of them is lost.
func TestD1_RequestsAtOnceWaitTogether(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		var together sync.WaitGroup
		for n := range 8 {
			together.Go(func() {
				if err := o.desk.Ask(ctx, desk.Request{Requester: "noor@elsewhere.example", Subject: fmt.Sprint("Question ", n), Text: "Please help.", Remote: "192.0.2.1"}); err != nil {
					o.t.Error(err)
				}
			})
		}
		together.Wait()
		links := o.confirmations()
		if len(links) != 1 {
			o.t.Fatalf("eight requests were %d mails", len(links))
		}
		_, err := o.desk.Confirm(ctx, linkToken(o.t, links[0]))
		o.must(err)
		if n := strings.Count(o.subjects(), "Question"); n != 8 {
			o.t.Errorf("eight requests became %d tickets", n)
		}
	})
}

// subjects are those of all tickets, the oldest first.
func (o *office) subjects() string {
	o.t.Helper()
	page, err := o.desk.Inbox(ctx, access.Clock, store.Filter{View: store.All})
	o.must(err)
	slices.SortFunc(page.Items, func(a, b store.Row) int { return int(a.ID - b.ID) })
	var all []string
	for _, row := range page.Items {
		all = append(all, row.Subject)
	}
	return strings.Join(all, ", ")
}

// confirmations are the texts of all mails that ask to confirm, the oldest first.
func (o *office) confirmations() (texts []string) {
	o.t.Helper()
	for _, m := range o.mails(0) {
		if m.template == "confirm" {
			texts = append(texts, m.text)
		}
	}
	return texts
}

func linkToken(t testing.TB, text string) string {
	t.Helper()
	link := linkIn(t, text)
	return link[strings.LastIndex(link, "/")+1:]
}

func TestD2_BouncesOpenNothingAndGetNoAnswer(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		ours := o.last(id)
		foreign := *ours
		foreign.messageID, foreign.envelope = "<somebody@else.example>", support
		before := len(o.mails(0))
		for name, l := range map[string]letter{
			"of a mail of ours":  bounce(ours, "5.7.1"),
			"of nobody's mail":   bounce(&foreign, "5.1.1"),
			"a forged one":       bounce(&sent{to: "maria@greenfund.example", envelope: "bounce+aaaaaaaaaaaa@agency.example", messageID: "<x@y.example>"}, "5.1.1"),
			"in words only":      {from: "MAILER-DAEMON@mx.example", returns: "<>", subject: "failure notice", body: "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n<nobody@greenfund.example>:\r\n550 5.1.1 no such user\r\n"},
			"with a null sender": {from: "Postmaster <postmaster@mx.example>", returns: "<>", subject: "Mail delivery failed", body: "It failed."},
			"marked as failed":   {from: "MAILER-DAEMON@mx.example", headers: "X-Failed-Recipients: nobody@greenfund.example\r\n", subject: "Mail delivery failed: returning message to sender", body: "It failed."},
		} {
			got := o.arrives(l)
			if got.Outcome == "created" || got.Outcome == "threaded" {
				t.Errorf("%s: became %+v", name, got)
			}
		}
		if after := len(o.mails(0)); after != before {
			t.Errorf("%d mails went out", after-before)
		}
		failed := 0
		for _, audit := range o.sees(o.ben.Actor(), id).Audits {
			for _, e := range audit.Events {
				if e.Type == ticket.MailFailed && e.Mail == ours.id {
					failed++
				}
			}
		}
		if failed != 1 {
			t.Errorf("the mail that came back is marked %d times on its ticket", failed)
		}
		if maria, err := o.desk.Person(ctx, access.Clock, o.customer("maria@").Person); err != nil || maria.Unreachable != "" {
			t.Errorf("a report without proof switched off Maria's address: %q", maria.Unreachable)
		}
	})
}

func TestD3_OneGateForAllAutomaticMail(t *testing.T) {
	calls := map[string][]string{`\.AddOutgoing\(`: {"letter.go"}, `\.plan\(`: {"letter.go"}, `\.post\(`: {"answer.go", "send.go"}, `mail\.Compose\(`: {"letter.go"}}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for pattern, allowed := range calls {
		for _, entry := range entries {
			name := entry.Name()
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found := regexp.MustCompile(pattern).Match(text)
			if found && !strings.Contains(strings.Join(allowed, " "), name) {
				t.Errorf("%s calls %s: mail leaves only by %v", name, pattern, allowed)
			}
		}
	}
	send, err := os.ReadFile("send.go")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?s)d\.gate\(.*k\.post\(`).Match(send) {
		t.Error("the policy's mails no longer pass the gate before they are posted")
	}
}

func TestD3_NoTriggerAnswersAMachine(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		machine := "Auto-Submitted: auto-generated\r\n"
		o.arrives(letter{from: maria, subject: "New, by a machine", headers: machine, body: "x"})
		if n := len(o.mails(0)); n != 0 {
			t.Errorf("a machine's new ticket was acknowledged with %d mails", n)
		}
		id := o.pending()
		o.arrives(letter{from: maria, answers: o.last(id), headers: machine, body: "x"})
		closed := o.asks(jonas, "Will be closed")
		o.answers(o.ben, closed, "Done.", "solved")
		answered := o.last(closed)
		o.at("2026-11-22 16:00")
		before := len(o.mails(0))
		got := o.arrives(letter{from: jonas, answers: answered, headers: machine, body: "x"})
		if got.Outcome != "held" {
			t.Errorf("a machine's answer to a closed ticket became %+v", got)
		}
		if after := len(o.mails(0)); after != before {
			t.Errorf("%d mails answered a machine", after-before)
		}
	})
}

// Maria's subject begins like an absence notice, and nothing else about her mail does. An absence notice answers something.
func TestD3_ARequestWhoseSubjectReadsLikeAnAbsenceIsATicketAndGetsNoAnswer(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for _, subject := range []string{"Vacation: please change our opening hours", "Auto-reply: it does not work any more"} {
			got := o.arrives(letter{from: maria, subject: subject, body: "We are open from ten to four in December."})
			if got.Outcome != "created" || o.sees(o.ben.Actor(), got.Ticket).Ticket.Subject != subject {
				t.Errorf("%q became %+v", subject, got)
			}
		}
		for name, l := range map[string]letter{
			"an answer":         {from: maria, subject: "Vacation: back on Monday", headers: "In-Reply-To: <1@elsewhere.example>\r\n"},
			"later in a thread": {from: maria, subject: "Vacation: back on Monday", headers: "References: <1@elsewhere.example>\r\n"},
			"from nobody":       {from: maria, subject: "Vacation: back on Monday", returns: "<>"},
			"marked by Outlook": {from: maria, subject: "Vacation: back on Monday", headers: "X-Auto-Response-Suppress: All\r\n"},
		} {
			l.body = "I am away."
			if got := o.arrives(l); got.Outcome != "held" || got.Ticket != 0 {
				t.Errorf("an absence notice, %s: became %+v", name, got)
			}
		}
		if n := len(o.mails(0)); n != 0 {
			t.Errorf("%d mails answered what may be a machine", n)
		}
	})
}

func TestD4_TwoDesksThatAnswerEachOtherFallSilent(t *testing.T) {
	here := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	there := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	// A person asks here in the name of the other desk's address, as a form with a forged address would.
	there.receivesFor("help@other.example")
	id := here.arrives(letter{from: "Help <help@other.example>", subject: "Hello", body: "Anybody?"}).Ticket
	exchanged, from, to := 0, here, there
	seen := map[*office]int{}
	for range 200 { // thirty virtual days, in steps of a few hours
		moved := false
		for _, m := range from.mails(0)[seen[from]:] {
			seen[from]++
			exchanged++
			moved = true
			raw := stripped(m)
			accepted, err := to.desk.Accept(ctx, desk.Envelope{From: "relay@relay.example", To: []string{to.box.Address}}, raw)
			here.must(err)
			to.receives(accepted)
		}
		from, to = to, from
		if !moved {
			here.clock.Pass(minute(215))
			there.clock.Pass(minute(215))
			here.must(second(here.desk.PassTime(ctx)))
			here.must(second(there.desk.PassTime(ctx)))
		}
	}
	if exchanged > 3 {
		t.Errorf("the two desks exchanged %d mails in thirty days, want 3 at most", exchanged)
	}
	here.in(id, "new")
}

func second(_ int, err error) error { return err }

// receivesFor makes this office the desk of another address.
func (o *office) receivesFor(address string) {
	o.t.Helper()
	brand, err := o.desk.AddBrand(ctx, access.Clock, brandNamed("Other"))
	o.must(err)
	o.box, err = o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: address, Brand: brand.ID})
	o.must(err)
	_, err = o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{Brand: brand.ID, File: "policy.yaml", Source: example(o.t, "customer-support-center"), Reason: "the story needs it"})
	o.must(err)
}

// stripped is a mail after a careless relay: every sign that a machine wrote it is gone.
func stripped(m sent) []byte {
	var kept []string
	for _, line := range strings.Split(string(m.raw), "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch name {
		case "Auto-Submitted", "X-Auto-Response-Suppress", "Precedence":
		default:
			kept = append(kept, line)
		}
	}
	return []byte(strings.Join(kept, "\r\n"))
}

func TestX10_AnAddressThatAnswersEveryMail(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		answered := o.last(id)
		for range 20 {
			o.clock.Pass(minute(1) / 20)
			o.arrives(letter{from: maria, answers: answered, body: "Thank you for your mail."})
		}
		o.is("mails", o.posted(id), `Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example`)
		comments := o.sees(o.ben.Actor(), id).Comments
		if len(comments) != 21 {
			t.Fatalf("%d comments, want every mail kept", len(comments))
		}
		if !comments[10].Public || comments[20].Public {
			t.Error("the first ten answers count and the last does not; it is the other way round, or all do")
		}
	})
}

func TestD4_OneAutomaticAnswerForASenderAndTicketInADay(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		for range 4 { // each answer would be acknowledged, because the ticket waits for one again
			o.clock.Pass(minute(60))
			o.answers(o.ben, id, "Which page?", "pending")
			o.arrives(letter{from: maria, answers: o.last(id), body: "This."})
			o.in(id, "open")
		}
		if got := o.posted(id); strings.Count(got, " received") != 1 {
			t.Errorf("automatic answers within a day:\n%s", got)
		}
		if story := o.story(id); strings.Count(story, "received-reply was not sent: this address had an automatic answer") != 4 {
			t.Errorf("agents are not told what was left out:\n%s", story)
		}
		o.at("2026-11-21 16:01")
		o.answers(o.ben, id, "And which browser?", "pending")
		o.arrives(letter{from: maria, answers: o.last(id), body: "That."})
		if m := o.last(id); m.template != "received-reply" {
			t.Errorf("a day later the last mail is %q", m.template)
		}
	})
}

func TestX10_ANewTicketForEveryAutomaticAnswerStillSendsFewMails(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for n := range 40 {
			o.clock.Pass(minute(1))
			o.arrives(letter{from: maria, subject: fmt.Sprintf("Re: We have your request [%d]", n), body: "Thank you."})
		}
		if n := len(o.mails(0)); n != 20 {
			t.Errorf("%d automatic mails within an hour to one address, want 20 at most", n)
		}
	})
}

func TestD6_SignInAttemptsAreLimitedPerAccountAndPerSource(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		_, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: "dora@agency.example", Name: "Dora Lind", Role: access.Agent, Password: "a long enough one"})
		o.must(err)
		try := func(password, remote string) error {
			_, err := o.desk.SignIn(ctx, desk.SignIn{Email: "dora@agency.example", Password: password, Remote: remote})
			return err
		}
		for range 5 {
			if err := try("wrong", "192.0.2.1"); !fault.Is(err, fault.Unsigned) {
				t.Fatal(err)
			}
		}
		o.must(try("a long enough one", "192.0.2.1")) // success does not reset the count
		for range 4 {
			try("wrong", "192.0.2.2")
		}
		if err := try("a long enough one", "192.0.2.3"); !fault.Is(err, fault.TooMany) {
			t.Errorf("the eleventh attempt: %v", err)
		}
		o.clock.Pass(minute(15))
		o.must(try("a long enough one", "192.0.2.3"))
	})
}

func TestD6_AskingForLinksIsLimitedAndTellsNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		replies := map[string]string{}
		for _, email := range []string{"ben@agency.example", "nobody@agency.example"} {
			for n := range 100 {
				err := o.desk.MailPasswordLink(ctx, email, fmt.Sprintf("192.0.2.%d", n))
				replies[email] += fmt.Sprint(err) + "\n"
			}
		}
		if n := len(o.mails(0)); n != 3 {
			t.Errorf("a hundred requests caused %d mails, want 3", n)
		}
		if replies["ben@agency.example"] != replies["nobody@agency.example"] {
			t.Error("the answers for a known and an unknown address differ")
		}
	})
}

// Whoever asks, from wherever and whenever: no account is mailed more than three links in an hour of the clock, and no source
// causes more than thirty.
func TestD6_NoOrderOfAttemptsGetsPastTheLimits(t *testing.T) {
	o := open(t, storetest.SQLite(t), "2026-11-20 16:00")
	accounts := []string{"ana@agency.example", "ben@agency.example", "cem@agency.example", "nobody@agency.example"}
	random := rand.New(rand.NewPCG(2026, 11))
	mailed, caused, seen := map[string]int{}, map[string]int{}, int64(0)
	for range 300 {
		o.clock.Pass(time.Duration(random.IntN(90)) * time.Second)
		hour := o.clock.Now().Truncate(time.Hour).String()
		account, source := accounts[random.IntN(len(accounts))], fmt.Sprintf("192.0.2.%d", random.IntN(3))
		err := o.desk.MailPasswordLink(ctx, account, source)
		if err != nil && !fault.Is(err, fault.TooMany) {
			t.Fatal(err)
		}
		if err == nil {
			caused[source+hour]++
		}
		newest := o.newestMail()
		if newest.ID == seen || newest.To != account {
			continue
		}
		seen = newest.ID
		mailed[account+hour]++
		if random.IntN(4) == 0 { // success resets nothing
			_, err := o.desk.ChoosePassword(ctx, linkToken(t, o.read(newest).text), "a long enough one", desk.SignIn{Remote: source})
			o.must(err)
		}
	}
	most := 0
	for who, n := range mailed {
		if most = max(most, n); n > 3 {
			t.Errorf("%s: %d mails", who, n)
		}
	}
	for source, n := range caused {
		if n > 30 {
			t.Errorf("%s: %d attempts were let through", source, n)
		}
	}
	if most != 3 {
		t.Errorf("nobody got more than %d mails, so no limit was met", most)
	}
}

// newestMail is the mail that was written last.
func (o *office) newestMail() store.Outgoing {
	o.t.Helper()
	page, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Limit: 1})
	o.must(err)
	if len(page.Items) == 0 {
		return store.Outgoing{}
	}
	return page.Items[0]
}

func TestD7_AFormSentFiftyTimesDoesItOnce(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Earlier")
		customer := o.customer("maria@")
		var wait sync.WaitGroup
		var mu sync.Mutex
		numbers := map[int64]bool{}
		for range 50 {
			wait.Go(func() {
				done, err := o.desk.Create(ctx, customer, desk.Request{Subject: "Once", Text: "Please.", Key: "form-1"})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				numbers[done.Ticket.ID] = true
			})
		}
		wait.Wait()
		if len(numbers) != 1 {
			t.Errorf("one form made %d tickets", len(numbers))
		}
		id := o.asks(maria, "Answer me")
		first := o.answersForm(id, "form-2")
		if again := o.answersForm(id, "form-2"); !again.Again || again.Comment != first.Comment {
			t.Errorf("the second press did %+v", again)
		}
		if n := len(o.sees(access.Clock, id).Comments); n != 2 {
			t.Errorf("%d comments", n)
		}
	})
}

func (o *office) answersForm(id int64, key string) desk.Done {
	o.t.Helper()
	done, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Yes.", Status: "pending", Key: key})
	o.must(err)
	return done
}

func TestX01_OpenTicketsKeepThePolicyTheyBeganWith(t *testing.T) {
	for _, move := range []bool{false, true} {
		t.Run(fmt.Sprintf("move open tickets: %v", move), func(t *testing.T) {
			each(t, "2026-11-20 16:00", func(o *office) {
				id := o.pending()
				o.at("2026-11-21 10:00")
				slower := []byte(strings.Replace(string(example(t, "customer-support-center")), "{id: reminder-1, in: pending, after: 24h,", "{id: reminder-1, in: pending, after: 48h,", 1))
				in := desk.NewPolicy{File: "slower.yaml", Source: slower, Reason: "people want a weekend", MoveOpen: move}
				plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
				o.must(err)
				if plan.Open != 1 || len(plan.Moves) != 1 || plan.Moves[0].Rule != "lifecycle.timers.reminder-1" || shown(plan.Moves[0].To) != "Sun 2026-11-22 16:30:00 EST" {
					t.Errorf("the plan is %+v", plan.Moves)
				}
				_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
				o.must(err)
				later := o.asks(jonas, "Later")
				o.answers(o.ben, later, "Which?", "pending")
				o.at("2026-11-24 00:00")
				reminded := "Sat 2026-11-21 16:30:00 EST reminder-1"
				if move {
					reminded = "Sun 2026-11-22 16:30:00 EST reminder-1"
				}
				if got := o.posted(id); !strings.Contains(got, reminded) || strings.Count(got, "reminder-1") != 1 {
					t.Errorf("the open ticket:\n%swant %s", got, reminded)
				}
				if got := o.posted(later); !strings.Contains(got, "Mon 2026-11-23 10:00:00 EST reminder-1") {
					t.Errorf("the later ticket:\n%s", got)
				}
			})
		})
	}
}

func TestX09_AHolidayThatIsAddedLateCountsForOpenTickets(t *testing.T) {
	each(t, "2026-11-23 10:00", func(o *office) {
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "New page", Text: "Please.", Kind: "work_request"})
		o.must(err)
		id := done.Ticket.ID
		due := func() string { return shown(o.ticket(id).Memory.Targets[0].Due) }
		o.is("due", due(), "Tue 2026-11-24 17:00:00 EST")
		mails := len(o.mails(id))
		closed := []byte(strings.Replace(string(example(t, "customer-support-center")), "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: 2026-11-24, hours: closed, why: the team meets}]\n", 1))
		in := desk.NewPolicy{File: "closed.yaml", Source: closed, Reason: "the team meets"}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if len(plan.Corrected) != 1 || shown(plan.Corrected[0].To) != "Wed 2026-11-25 17:00:00 EST" {
			t.Errorf("the plan is %+v", plan.Corrected)
		}
		_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		o.is("due after the correction", due(), "Wed 2026-11-25 17:00:00 EST")
		if n := len(o.mails(id)); n != mails {
			t.Errorf("%d mails were sent about it", n-mails)
		}
		status := "hold"
		_, err = o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, Status: &status})
		o.must(err)
		o.at("2026-11-23 11:00")
		o.arrives(letter{from: maria, answers: o.last(id), body: "Here."})
		o.is("due after an opening hour on hold", due(), "Fri 2026-11-27 10:00:00 EST")
	})
}

// The correction is applied on Monday and holds from Monday noon. Nobody touches the ticket at noon.
func TestX09_ACorrectionThatHoldsLaterReachesOpenTicketsWhenItBegins(t *testing.T) {
	each(t, "2026-11-23 10:00", func(o *office) {
		done, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: "maria@greenfund.example", Subject: "New page", Text: "Please.", Kind: "work_request"})
		o.must(err)
		id := done.Ticket.ID
		due := func() string { return shown(o.ticket(id).Memory.Targets[0].Due) }
		mails := len(o.mails(id))
		closed := strings.Replace(string(example(t, "customer-support-center")), "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: 2026-11-24, hours: closed, why: the team meets}]\n", 1)
		o.apply([]byte(strings.Replace(closed, `effective: "2026-11-01T00:00"`, `effective: "2026-11-23T12:00"`, 1)))
		o.at("2026-11-23 11:59")
		o.is("due before it holds", due(), "Tue 2026-11-24 17:00:00 EST")
		next, err := o.desk.NextDue(ctx)
		o.must(err)
		o.is("what happens next", shown(next), "Mon 2026-11-23 12:00:00 EST")
		o.at("2026-11-23 12:00")
		o.is("due when it holds", due(), "Wed 2026-11-25 17:00:00 EST")
		page := o.sees(o.ben.Actor(), id)
		if last := page.Audits[len(page.Audits)-1]; last.At != when("2026-11-23 12:00").UTC() || !strings.Contains(fmt.Sprint(last.Events), "a calendar was corrected: targets.other moves from Tue 2026-11-24 17:00 EST to Wed 2026-11-25 17:00 EST") {
			t.Errorf("agents read %+v", last)
		}
		if n := len(o.mails(id)); n != mails {
			t.Errorf("%d mails were sent about it", n-mails)
		}
		if moved, err := o.desk.Correct(ctx); err != nil || len(moved) != 0 {
			t.Errorf("it moves again: %+v (%v)", moved, err)
		}
	})
}

func TestAPolicyWithErrorsNeverTouchesTheRunningOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		_, before, err := o.desk.Running(ctx, o.brand.ID)
		o.must(err)
		broken := []byte(strings.Replace(string(example(t, "customer-support-center")), "after: 24h", "after: 24 parsecs", 1))
		_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "broken.yaml", Source: broken, Reason: "a try"})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "^") || !strings.Contains(err.Error(), "parsecs") {
			t.Errorf("the refusal does not show where: %v", err)
		}
		if _, after, err := o.desk.Running(ctx, o.brand.ID); err != nil || after != before {
			t.Errorf("version %d runs now, before it was %d (%v)", after, before, err)
		}
		_, err = o.desk.ApplyPolicy(ctx, o.ben.Actor(), desk.NewPolicy{File: "p.yaml", Source: example(t, "customer-support-center"), Reason: "I can"})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent applied a policy: %v", err)
		}
	})
}

func TestX07_TwoNodesFireATimerOnce(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		other, err := desk.Open(ctx, o.db, o.clock, desk.WithSecret(desktest.Secret), desk.WithURL("https://agency.example"))
		o.must(err)
		o.must(o.clock.MoveTo(ctx, when("2026-11-21 16:30")))
		var wait sync.WaitGroup
		for _, node := range []*desk.Desk{o.desk, other, o.desk, other} {
			wait.Go(func() {
				if _, err := node.PassTime(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := strings.Count(o.posted(id), "reminder-1"); n != 1 {
			t.Errorf("%d reminders", n)
		}
		if m, err := mail.Parse(o.last(id).raw); err != nil || m.MessageID == "" {
			t.Errorf("the reminder has no Message-ID (%v)", err)
		}
	})
}

// Ben sends a note, goes back, adds the file he had forgotten, and sends the same form again. Sent twice with the same file
// it is one note.
func TestD7_TheSameFormWithAnotherFileIsAnotherForm(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		file := func(name, content string) desk.File {
			f, err := o.desk.Keep(ctx, o.ben.Actor(), name, "text/plain", strings.NewReader(content))
			o.must(err)
			return f
		}
		for _, files := range [][]desk.File{nil, {file("log.txt", "one")}, {file("log.txt", "one")}, {file("log.txt", "two")}, {file("log.txt", "two"), file("more.txt", "two")}} {
			_, err := o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: id, Text: "See the log.", Files: files, Key: "form-1"})
			o.must(err)
		}
		var attached []string
		for _, c := range o.sees(o.ben.Actor(), id).Comments[1:] {
			attached = append(attached, itoa(int64(len(c.Attachments))))
		}
		o.is("files of each note", strings.Join(attached, " "), "0 1 1 2")
	})
}
