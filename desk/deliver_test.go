package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
)

// Mail on its way out: attempts, waiting, doubt, and workers that are lost.

// next takes the one mail that is due.
func (o *office) next() store.Outgoing {
	o.t.Helper()
	mails, err := o.desk.ClaimMail(ctx, 10, 5*time.Minute)
	o.must(err)
	if len(mails) != 1 {
		o.t.Fatalf("at %s %d mails are due, want 1", shown(o.clock.Now()), len(mails))
	}
	return mails[0]
}

// outcome is how the newest mail about a ticket stands.
func (o *office) outcome(id int64) store.Outgoing {
	o.t.Helper()
	all := o.sees(o.ben.Actor(), id).Outgoing
	return all[len(all)-1]
}

// troubles are the lines for agents about mail that did not arrive.
func (o *office) troubles(id int64) (all []string) {
	for _, audit := range o.sees(o.ben.Actor(), id).Audits {
		for _, e := range audit.Events {
			if e.Type == ticket.MailFailed {
				all = append(all, e.Says)
			}
		}
	}
	return all
}

func TestADeferredMailIsTriedEightTimesInAboutADayAndAHalf(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		began := o.clock.Now()
		var at []string
		for o.outcome(id).State != store.Failed {
			m := o.next()
			at = append(at, o.clock.Now().Sub(began).String())
			o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "deferred", Phase: "rcpt", Code: 451, Enhanced: "4.7.1", Text: "try later", Host: "mx.greenfund.example"}))
			if next, err := o.desk.NextMail(ctx); err == nil && !next.IsZero() {
				o.must(o.clock.MoveTo(ctx, next))
			}
		}
		o.is("attempts", strings.Join(at, " "), "0s 2m0s 12m0s 42m0s 2h42m0s 7h42m0s 17h42m0s 31h42m0s")
		troubles := o.troubles(id)
		if len(troubles) != 2 || !strings.Contains(troubles[0], "two hours") || !strings.Contains(troubles[1], "eight attempts") {
			t.Errorf("agents are told %q", troubles)
		}
		if n := len(o.mails(id)); n != 1 {
			t.Errorf("the customer got %d mails about it", n)
		}
	})
}

func TestAnUncertainMailIsSentOnceMoreWithTheSameBytes(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		first := o.next()
		o.must(o.desk.MailPhase(ctx, first, "final-dot"))
		doubt := desk.Attempted{State: "uncertain", Phase: "final-dot", Text: "no answer", Host: "mx.greenfund.example"}
		o.must(o.desk.MailAttempted(ctx, first, doubt))
		if got := o.outcome(id); got.State != store.Uncertain {
			t.Errorf("the mail is shown as %s", got.State)
		}
		o.clock.Pass(10 * time.Minute)
		if mails, err := o.desk.ClaimMail(ctx, 10, time.Minute); err != nil || len(mails) != 0 {
			t.Fatalf("it is tried again before the other server must have answered (%v)", err)
		}
		o.clock.Pass(5 * time.Minute)
		second := o.next()
		if string(second.Raw) != string(first.Raw) || second.MessageID != first.MessageID || len(first.Raw) == 0 {
			t.Error("the second attempt is another mail")
		}
		o.must(o.desk.MailAttempted(ctx, second, doubt))
		o.clock.Pass(30 * 24 * time.Hour)
		if mails, err := o.desk.ClaimMail(ctx, 10, time.Minute); err != nil || len(mails) != 0 {
			t.Errorf("an uncertain mail is sent a third time (%v)", err)
		}
		if got := o.outcome(id); got.State != store.Uncertain {
			t.Errorf("in the end it is shown as %s", got.State)
		}
	})
}

func TestAWorkerThatIsLostLosesNoMailAndSendsNoneTwice(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		early := o.next()
		o.must(o.desk.MailPhase(ctx, early, "rcpt"))
		o.clock.Pass(5 * time.Minute)
		again := o.next()
		if again.ID != early.ID {
			t.Fatal("another mail came back")
		}
		if err := o.desk.MailAttempted(ctx, early, desk.Attempted{State: "sent", Phase: "done"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a worker whose time had run out stored a result: %v", err)
		}
		if err := o.desk.MailPhase(ctx, early, "final-dot"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a worker whose time had run out may send the dot: %v", err)
		}
		o.must(o.desk.MailPhase(ctx, again, "final-dot"))
		o.clock.Pass(5 * time.Minute)
		if mails, err := o.desk.ClaimMail(ctx, 10, time.Minute); err != nil || len(mails) != 0 {
			t.Errorf("a mail that may have arrived is sent again at once (%v)", err)
		}
		if got := o.outcome(id); got.State != store.Uncertain {
			t.Errorf("it is shown as %s", got.State)
		}
	})
}

func TestAFailedMailIsShownAndAWrongAddressStopsWhatWaits(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.claims()
		o.answers(o.ben, id, "Which page?", "pending")
		o.clock.Pass(desk.UndoWindow)
		m := o.next()
		o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "rcpt", Code: 550, Enhanced: "5.1.1", Text: "no such user", Host: "mx.greenfund.example"}))
		if got := o.outcome(id); got.State != store.Failed || got.LastCode != "5.1.1" {
			t.Errorf("the mail is shown as %s %s", got.State, got.LastCode)
		}
		page := o.sees(o.ben.Actor(), id)
		if page.Requester.Unreachable == "" || page.Ticket.Memory.Unreachable.IsZero() || len(page.Tasks) != 1 {
			t.Errorf("nothing says that mail does not reach Maria: %+v", page.Requester)
		}
		o.at("2026-12-20 00:00")
		o.in(id, "pending")
		o.arrives(letter{from: maria, answers: o.last(id), body: "I am back. The donation page."})
		if page := o.sees(o.ben.Actor(), id); page.Requester.Unreachable != "" {
			t.Error("she writes from the address, and it still counts as dead")
		}
		o.must(o.desk.SendAgain(ctx, o.ben.Actor(), m.ID))
		if mails := o.claims(); len(mails) == 0 {
			t.Error("a person cannot have it sent again")
		}
	})
}

// A mail to Maria's old address comes back after Ana has corrected it. That says nothing about the new one.
func TestAFailureOfAnOldAddressSaysNothingAboutTheNewOne(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Opening hours")
		m, who, corrected := o.next(), o.customer("maria@").Person, "maria.lopez@greenfund.example"
		_, err := o.desk.ChangePerson(ctx, o.ana.Actor(), who, desk.PersonChange{Email: &corrected})
		o.must(err)
		o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "rcpt", Code: 550, Enhanced: "5.1.1", Text: "no such user"}))
		person, err := o.desk.Person(ctx, access.Clock, who)
		o.must(err)
		o.is("she is mailed at "+person.Email, person.Unreachable, "")
	})
}

func TestThreeFailuresInAWeekStopAutomaticMail(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for n := range 3 {
			o.clock.Pass(24 * time.Hour)
			o.asks(maria, fmt.Sprintf("Question %d", n))
			m := o.next()
			o.must(o.desk.MailAttempted(ctx, m, desk.Attempted{State: "failed", Phase: "data", Code: 554, Enhanced: "5.7.1", Text: "refused"}))
		}
		person, err := o.desk.Person(ctx, access.Clock, o.customer("maria@").Person)
		o.must(err)
		if person.Unreachable == "" {
			t.Error("three refusals within a week change nothing")
		}
	})
}

func TestI2_EveryMailHasOneReaderAndNamesNoAgent(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.arrives(letter{from: maria, cc: jonas, subject: "Redirect broken", body: "Look."}).Ticket
		o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-29 16:00")
		o.must(o.desk.MailSignInLink(ctx, "maria@greenfund.example", "192.0.2.7"))
		mails := o.mails(0)
		if len(mails) != 7 {
			t.Fatalf("%d mails, want receipt, two answers, two reminders, closing and link", len(mails))
		}
		for _, m := range mails {
			header, _, _ := strings.Cut(string(m.raw), "\r\n\r\n")
			if len(m.mail.To) != 1 || len(m.mail.Cc) != 0 || m.mail.To[0].Email != m.to {
				t.Errorf("%s is addressed to %v, copied to %v", m.template, m.mail.To, m.mail.Cc)
			}
			for _, secret := range []string{"ben@", "Ben", "Okafor", "Received:", "X-Mailer:", "User-Agent:", "Bcc:", "localhost"} {
				if strings.Contains(header, secret) {
					t.Errorf("%s says %q in its header:\n%s", m.template, secret, header)
				}
			}
			if !strings.HasSuffix(m.messageID, "@agency.example>") || m.from != support {
				t.Errorf("%s is from %s with %s", m.template, m.from, m.messageID)
			}
			if answers := m.template == "received" || m.template == "sign-in"; answers != (m.envelope == "") {
				t.Errorf("%s leaves with the return path %q", m.template, m.envelope)
			}
			if auto := m.mail.Header("Auto-Submitted"); (len(auto) == 1) != (m.template != "") {
				t.Errorf("%q says Auto-Submitted: %v", orElse(m.template, "the answer"), auto)
			}
		}
	})
}

func TestAConversationStaysOneThreadInTheReadersMailProgram(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.arrives(letter{from: maria, subject: "Re: Redirect broken", headers: "Message-ID: <first@greenfund.example>\r\n", body: "Look."}).Ticket
		o.clock.Pass(minute(1))
		o.answers(o.ben, id, "Which page?", "pending")
		question := o.last(id)
		if question.subject != "Re: Redirect broken" {
			t.Errorf("the answer is called %q", question.subject)
		}
		o.clock.Pass(minute(1))
		o.arrives(letter{from: maria, answers: question, headers: "Message-ID: <second@greenfund.example>\r\n", body: "This."})
		o.clock.Pass(minute(1))
		o.answers(o.ben, id, "Done.", "solved")
		done := o.mails(id)[2]
		refs := done.mail.References
		if done.mail.InReplyTo[0] != "<second@greenfund.example>" || refs[0] != "<first@greenfund.example>" || refs[2] != question.messageID {
			t.Errorf("in reply to %v, references %v", done.mail.InReplyTo, refs)
		}
		o.arrives(letter{from: maria, headers: "References: " + done.messageID + "\r\n", body: "Without the address."})
		o.in(id, "open")
	})
}
