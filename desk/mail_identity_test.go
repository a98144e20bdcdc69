package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// Threats by mail: forged senders, strangers, spraying, and mail that is used to carry somebody else's secrets (group C).

// recipients are all addresses that any mail about a ticket went to.
func (o *office) recipients(id int64) string {
	var all []string
	for _, m := range o.mails(id) {
		all = append(all, m.to)
	}
	return strings.Join(all, " ")
}

func TestC1_AForgedSenderCanAppendButNeverMakesAnybodyRead(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		got := o.arrives(letter{
			from: maria, cc: "attacker@evil.example", answers: o.last(id), body: "Please add my colleague.",
			headers: "Authentication-Results: mx.agency.example; spf=fail smtp.mailfrom=evil.example; dkim=none; dmarc=fail header.from=greenfund.example\r\n",
		})
		if got.Outcome != "threaded" {
			t.Fatalf("the mail became %+v", got)
		}
		page := o.sees(o.ben.Actor(), id)
		if last := page.Comments[len(page.Comments)-1]; !last.Unverified {
			t.Error("nothing marks the sender as unverified")
		}
		if len(page.Ticket.CCs) != 0 {
			t.Errorf("on copy now: %+v", page.Ticket.CCs)
		}
		if len(page.Tasks) != 1 || !strings.Contains(page.Tasks[0].Says, "attacker@evil.example") {
			t.Errorf("agents are not asked about the new address: %+v", page.Tasks)
		}
		o.answers(o.ben, id, "Here is the history of your ticket.", "pending")
		if to := o.recipients(id); strings.Contains(to, "evil.example") {
			t.Errorf("mails went to %s", to)
		}
	})
}

func TestC1_OnlyTheMailThatOpensATicketCopiesAnybody(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		opened := o.arrives(letter{from: maria, cc: jonas, subject: "Redirect broken", body: "Look."}).Ticket
		if ccs := o.ticket(opened).CCs; len(ccs) != 1 || ccs[0].Address != "jonas@greenfund.example" {
			t.Errorf("on copy: %+v", ccs)
		}
		forged := o.arrives(letter{
			from: maria, cc: "attacker@evil.example", subject: "Redirect broken", body: "Look.",
			headers: "Authentication-Results: mx.agency.example; dmarc=fail header.from=greenfund.example\r\n",
		}).Ticket
		if ccs := o.ticket(forged).CCs; len(ccs) != 0 {
			t.Errorf("a forged mail put %+v on copy", ccs)
		}
		if mails := o.mails(forged); len(mails) != 0 {
			t.Errorf("whoever was impersonated got %q", mails[0].subject)
		}
	})
}

func TestC2_AThirdPartysMailInATicketStaysInternal(t *testing.T) {
	const code = "Your verification code is 493817"
	for name, from := range map[string]string{
		"from nobody known":                  "Accounts <security@idp.example>",
		"from a machine":                     "noreply@idp.example",
		"from somebody the customer copied":  "Login <login@idp.example>",
		"from a machine the customer copied": "no-reply@login.example",
	} {
		t.Run(name, func(t *testing.T) {
			each(t, "2026-11-20 16:00", func(o *office) {
				id := o.arrives(letter{from: maria, cc: "login@idp.example, no-reply@login.example", subject: "Redirect broken", body: "Look."}).Ticket
				door := o.last(id).replyTo
				o.arrives(letter{from: from, to: door, subject: "Verify your account", body: code})
				o.arrives(letter{from: from, subject: "Verify " + door, body: code + " " + door})
				for _, c := range o.sees(o.customer("maria@"), id).Comments {
					if strings.Contains(c.Text, "493817") {
						t.Error("the customer can read the third party's code")
					}
				}
				o.answers(o.ben, id, "Done.", "pending")
				for _, m := range o.mails(id) {
					if strings.Contains(string(m.raw), "493817") {
						t.Error("the code was mailed on")
					}
				}
				o.in(id, "pending")
			})
		})
	}
}

// Two strangers at the same provider are no colleagues: what is sent to one of them stays theirs.
func TestC2_TheSameProviderMakesNobodyAColleague(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for domain, outcome := range map[string]string{"gmail.com": "held", "riverside-clinic.example": "threaded"} {
			id := o.arrives(letter{from: "Noor <noor@" + domain + ">", cc: "pia@" + domain, subject: "Booking broken", body: "Look."}).Ticket
			got := o.arrives(letter{from: "Pia <pia@" + domain + ">", to: o.last(id).replyTo, subject: "Reset your password", body: "Here is the link."})
			o.is("a new mail by whoever is on copy at "+domain, got.Outcome, outcome)
		}
	})
}

// A mail to a thousand people makes no thousand customers.
func TestOnlyWhoComesOntoTheTicketBecomesKnown(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		var many []string
		for i := range 300 {
			many = append(many, fmt.Sprintf("member%d@choir.example", i))
		}
		id := o.arrives(letter{from: maria, cc: strings.Join(many, ", "), subject: "Rehearsal", body: "Look."}).Ticket
		if got := len(o.ticket(id).CCs); got != 20 {
			t.Errorf("%d people are on copy", got)
		}
		o.must(o.db.Read(t.Context(), func(tx *store.Tx) error {
			person, err := tx.PersonByAddress("member150@choir.example")
			if err == nil && person.ID != 0 {
				t.Error("somebody who is on no ticket has become a customer")
			}
			return nil
		}))
	})
}

func TestC3_AMailInTheNameOfAnAgentNeverReachesACustomer(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		other := o.arrives(letter{from: jonas, subject: "Another", body: "Look."}).Ticket
		real := o.last(id)
		before := len(o.mails(0))
		ben := "Ben Okafor <ben@agency.example>"
		for name, l := range map[string]letter{
			"a valid answer":        {from: ben, answers: real},
			"another ticket's":      {from: ben, to: o.last(other).replyTo, headers: "In-Reply-To: " + real.messageID + "\r\n"},
			"truncated":             {from: ben, headers: "In-Reply-To: " + strings.Replace(real.messageID, "@", "x@", 1) + "\r\n"},
			"upper case":            {from: ben, headers: "In-Reply-To: " + strings.ToUpper(real.messageID) + "\r\n"},
			"a token nobody made":   {from: ben, to: "support+t.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@agency.example"},
			"a number in the words": {from: ben, to: "support+" + itoa(id) + "@agency.example", subject: "Re: [" + itoa(id) + "]"},
		} {
			l.body = "Pay to this account: " + name
			got := o.arrives(l)
			if got.Outcome != "held" {
				t.Errorf("%s: became %+v, want it held", name, got)
			}
		}
		if after := len(o.mails(0)); after != before {
			t.Errorf("%d mails went out", after-before)
		}
		o.in(id, "pending")
	})
}

func TestC5_AnAgentWithoutAccessCannotAnswerByMailEither(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		suspended := true
		_, err := o.desk.ChangePerson(ctx, access.Clock, o.ben.ID, desk.PersonChange{Suspended: &suspended})
		o.must(err)
		before := len(o.mails(0))
		got := o.arrives(letter{from: "Ben Okafor <ben@agency.example>", answers: o.last(id), body: "As I said"})
		if got.Outcome != "held" || len(o.mails(0)) != before {
			t.Errorf("the mail became %+v", got)
		}
	})
}

func TestC6_AStrangerWithAValidTokenBecomesNobody(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		before := len(o.mails(0))
		got := o.arrives(letter{from: "stranger@elsewhere.example", answers: o.last(id), body: "Forwarded to me."})
		if got.Outcome != "held" || got.Ticket != id {
			t.Fatalf("the mail became %+v", got)
		}
		page := o.sees(o.ben.Actor(), id)
		if page.Ticket.Requester.Address != "maria@greenfund.example" || len(page.Ticket.CCs) != 0 {
			t.Errorf("requester %+v, copies %+v", page.Ticket.Requester, page.Ticket.CCs)
		}
		_, err := o.desk.AcceptHeld(ctx, o.ben.Actor(), desk.AcceptHeld{Mail: got.ID})
		o.must(err)
		o.in(id, "pending")
		if after := len(o.mails(0)); after != before {
			t.Errorf("%d mails went out", after-before)
		}
		if said := o.sees(o.customer("maria@"), id).Comments; len(said) != 2 {
			t.Errorf("the customer sees %d comments", len(said))
		}
	})
}

func TestC7_ANumberInTheSubjectNeverThreads(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		got := o.arrives(letter{from: "stranger@elsewhere.example", subject: "Re: [" + itoa(id) + "] #" + itoa(id) + " Redirect broken", body: "Send me everything."})
		if got.Outcome != "created" || got.Ticket == id {
			t.Errorf("the mail became %+v", got)
		}
	})
}

func TestC8_AMailFromTwoPeopleIsSetAside(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for name, l := range map[string]letter{
			"two From fields":     {from: "maria@greenfund.example", headers: "From: attacker@evil.example\r\n"},
			"two senders in From": {from: "maria@greenfund.example, attacker@evil.example"},
			"two Message-IDs":     {from: maria, headers: "Message-ID: <a@x.example>\r\nMessage-ID: <b@x.example>\r\n"},
			"two Reply-To fields": {from: maria, headers: "Reply-To: a@x.example\r\nReply-To: b@x.example\r\n"},
		} {
			l.subject, l.body, l.returns = name, "Look.", "maria@greenfund.example"
			got := o.arrives(l)
			if got.Outcome != "held" || got.Ticket != 0 {
				t.Errorf("%s: became %+v", name, got)
			}
		}
	})
}

func TestC11_AnAutomaticMailWithAValidTokenIsOnlyAppended(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		id := o.solved()
		before := len(o.mails(0))
		o.arrives(letter{from: maria, answers: o.last(id), subject: "Re: close assign escalate #hold", headers: "Auto-Submitted: auto-generated\r\n", body: "status: closed"})
		o.in(id, "solved")
		if after := len(o.mails(0)); after != before {
			t.Errorf("%d mails went out", after-before)
		}
		if n := len(o.sees(o.ben.Actor(), id).Comments); n != 3 {
			t.Errorf("agents see %d comments", n)
		}
	})
}

func TestC14_AMailToManyGuessedAddressesTouchesNoTicket(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		var guessed []string
		for n := range 100 {
			guessed = append(guessed, fmt.Sprintf("support+%d@agency.example", 1000+n))
		}
		got := o.arrives(letter{from: maria, to: strings.Join(guessed, ", "), subject: "Hit", body: "Hit."})
		if got.Outcome != "held" || got.Ticket != 0 {
			t.Errorf("the mail became %+v", got)
		}
		page, err := o.desk.MailIn(ctx, access.Clock, store.MailFilter{State: "quarantined"})
		o.must(err)
		if len(page.Items) != 1 {
			t.Errorf("%d mails are set aside, want 1", len(page.Items))
		}
		o.in(id, "pending")
	})
}

func TestC17_EveryReaderHasTheirOwnLinkAndNoneSignsIn(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.arrives(letter{from: maria, cc: jonas + ", Petra Novak <petra@greenfund.example>", subject: "Redirect broken", body: "Look."}).Ticket
		o.answers(o.ben, id, "Which page?", "pending")
		links := map[string]string{} // by reader
		for _, m := range o.mails(id) {
			links[m.to] = linkIn(t, m.text)
		}
		if len(links) != 3 {
			t.Fatalf("mails went to %d readers", len(links))
		}
		for reader, link := range links {
			token := link[strings.LastIndex(link, "/")+1:]
			actor, err := o.desk.OpenTicketLink(ctx, token)
			o.must(err)
			if own := o.customer(strings.Split(reader, "@")[0] + "@"); actor.Person != own.Person || actor.Ticket != id {
				t.Errorf("the link mailed to %s opens ticket %d as person %d", reader, actor.Ticket, actor.Person)
			}
			if _, err := o.desk.SignInByLink(ctx, token, desk.SignIn{}); err == nil {
				t.Errorf("the ticket link of %s signs in", reader)
			}
			if access.May(actor, access.OwnTickets) || access.May(actor, access.OwnAccount) {
				t.Error("the link opens more than one ticket")
			}
			for i := range token {
				other := byte('A')
				if token[i] == other {
					other = 'B'
				}
				if _, err := o.desk.OpenTicketLink(ctx, token[:i]+string(other)+token[i+1:]); err == nil {
					t.Errorf("the link still opens something when letter %d is another", i)
				}
			}
		}
	})
}

// linkIn finds the only link in a mail.
func linkIn(t testing.TB, text string) string {
	t.Helper()
	i := strings.Index(text, "https://agency.example/")
	if i < 0 {
		t.Fatalf("there is no link in:\n%s", text)
	}
	return strings.Fields(text[i:])[0]
}

func TestS4_20_ATicketLinkEndsThirtyDaysAfterClosing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		link := linkIn(t, o.last(id).text)
		token := link[strings.LastIndex(link, "/")+1:]
		o.at("2026-12-27 16:29")
		_, err := o.desk.OpenTicketLink(ctx, token)
		o.must(err)
		o.at("2026-12-28 16:31")
		if _, err := o.desk.OpenTicketLink(ctx, token); err == nil {
			t.Fatal("the link still works 31 days after closing")
		}
		o.must(o.desk.MailTicketLink(ctx, token, "192.0.2.7"))
		mails := o.mails(0)
		fresh := mails[len(mails)-1]
		if fresh.to != "maria@greenfund.example" || fresh.template != "ticket-link" {
			t.Fatalf("a new link went to %s as %s", fresh.to, fresh.template)
		}
		link = linkIn(t, fresh.text)
		_, err = o.desk.OpenTicketLink(ctx, link[strings.LastIndex(link, "/")+1:])
		o.must(err)
	})
}

// Whoever was suspended writes by no way: not by mail, not signed in, and not by a link they still hold.
func TestB5_ASuspendedCustomersLinkIsDead(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		link := linkIn(t, o.last(id).text)
		token := link[strings.LastIndex(link, "/")+1:]
		suspended := true
		_, err := o.desk.ChangePerson(ctx, access.Clock, o.customer("maria@").Person, desk.PersonChange{Suspended: &suspended})
		o.must(err)
		if _, err := o.desk.OpenTicketLink(ctx, token); !fault.Is(err, fault.NotFound) {
			t.Errorf("the link opens: %v", err)
		}
		if err := o.desk.MailTicketLink(ctx, token, "192.0.2.7"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a new link is mailed: %v", err)
		}
	})
}

func TestX08_TheSameMailTwiceIsOneComment(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		l := letter{from: maria, answers: o.last(id), headers: "Message-ID: <once@greenfund.example>\r\n", body: "The donation page."}
		raw := o.raw(l)
		first, err := o.desk.Accept(ctx, l.envelope(raw), raw)
		o.must(err)
		o.receives(first)
		again := append([]byte("Received: from relay.example by mx.agency.example; Fri, 20 Nov 2026 16:31:00 -0500\r\n"), raw...)
		second, err := o.desk.Accept(ctx, l.envelope(raw), again)
		o.must(err)
		if !second.Duplicate || second.ID != first.ID {
			t.Errorf("the second delivery is %+v, want the first one's number", second)
		}
		relabelled := []byte(strings.Replace(string(raw), "Subject:", "X-List-Footer: yes\r\nSubject:", 1))
		third, err := o.desk.Accept(ctx, l.envelope(raw), relabelled)
		o.must(err)
		if got := o.receives(third); got.Outcome != "duplicate" || got.Ticket != id {
			t.Errorf("the third delivery became %+v", got)
		}
		other := []byte(strings.Replace(string(raw), "The donation page.", "No, the home page.", 1))
		fourth, err := o.desk.Accept(ctx, l.envelope(raw), other)
		o.must(err)
		if got := o.receives(fourth); got.Outcome != "threaded" {
			t.Errorf("another mail with the same Message-ID became %+v", got)
		}
		if n := len(o.sees(o.ben.Actor(), id).Comments); n != 4 {
			t.Errorf("the ticket has %d comments, want the question, Ben's, and two answers", n)
		}
	})
}

func TestD5_OurOwnAddressesBelongToNobody(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		for _, own := range []string{support, "SUPPORT@Agency.example", "support+t.abc@agency.example", "bounce+abc@agency.example"} {
			if got := o.arrives(letter{from: own, subject: "Loop", body: "Loop."}); got.Outcome != "held" || got.Ticket != 0 {
				t.Errorf("a mail from %s became %+v", own, got)
			}
			if _, err := o.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: own, Role: access.Agent}); err == nil {
				t.Errorf("%s became an agent", own)
			}
			if _, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: id, CCs: &[]string{own}}); err == nil {
				t.Errorf("%s was put on copy", own)
			}
			if _, err := o.desk.Create(ctx, o.ben.Actor(), desk.Request{Requester: own, Subject: "x", Text: "x"}); err == nil {
				t.Errorf("%s became a requester", own)
			}
		}
		if _, err := o.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: "maria@greenfund.example"}); err == nil {
			t.Error("a customer's address became a mailbox")
		}
	})
}

func TestAMailThatCannotBeReadIsAVisibleRecord(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		bomb := "From: maria@greenfund.example\r\nTo: " + support + "\r\nSubject: x\r\n"
		for range 2000 {
			bomb += "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
		}
		accepted, err := o.desk.Accept(ctx, desk.Envelope{From: "maria@greenfund.example", To: []string{support}}, []byte(bomb))
		o.must(err)
		got := o.receives(accepted)
		if got.Outcome != "unreadable" || got.Reason == "" {
			t.Fatalf("the mail became %+v", got)
		}
		_, raw, err := o.desk.RawMail(ctx, o.ana.Actor(), accepted.ID)
		o.must(err)
		if string(raw) != bomb {
			t.Error("its source is not kept as it came")
		}
		o.must(o.desk.ReadAgain(ctx, o.ben.Actor(), accepted.ID))
		if again, _, err := o.desk.RawMail(ctx, o.ana.Actor(), accepted.ID); err != nil || string(again.State) != "unreadable" || again.Reason != got.Reason {
			t.Errorf("read again it became %+v, %v", again, err)
		}
		readable := o.accepts(letter{from: maria, subject: "Redirect broken", body: "Please have a look."})
		o.receives(readable)
		if err := o.desk.ReadAgain(ctx, o.ben.Actor(), readable.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("a mail that was read is read again: %v", err)
		}
	})
}

func TestAReplyThePolicyHasNoRuleForIsHeldAndNotLost(t *testing.T) {
	each(t, "2026-11-23 16:00", func(o *office) {
		var lines []string
		for _, line := range strings.Split(string(example(t, "customer-support-center")), "\n") {
			if !strings.Contains(line, "follow_up:") {
				lines = append(lines, line)
			}
		}
		o.apply([]byte(strings.Join(lines, "\n")))
		id := o.solved()
		o.at("2026-11-24 18:00")
		got := o.arrives(letter{from: maria, answers: o.last(id), body: "Still broken."})
		if got.Outcome != "held" || got.Ticket != id || got.Reason == "" {
			t.Fatalf("the reply became %+v", got)
		}
		done, err := o.desk.OpenHeld(ctx, o.ben.Actor(), got.ID)
		o.must(err)
		if done.Ticket.Requester.Address != "maria@greenfund.example" || done.Ticket.ID == id {
			t.Errorf("opening it made %+v", done.Ticket)
		}
	})
}

func TestManyMailsAreReceivedSideBySide(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		for n := range 40 {
			o.accepts(letter{from: fmt.Sprintf("c%d@customers.example", n%7), subject: "Question", body: fmt.Sprintf("Number %d.", n)})
		}
		taken, err := o.desk.ReceivePending(ctx, 100)
		o.must(err)
		page, err := o.desk.MailIn(ctx, access.Clock, store.MailFilter{State: "done", Limit: 100})
		o.must(err)
		if taken != 40 || len(page.Items) != 40 {
			t.Errorf("%d were taken and %d are done", taken, len(page.Items))
		}
		var people []account.Person
		list, err := o.desk.People(ctx, access.Clock, store.PeopleFilter{Role: access.Customer, Limit: 100})
		o.must(err)
		if people = list.Items; len(people) != 7 {
			t.Errorf("there are %d customers, want 7", len(people))
		}
	})
}
