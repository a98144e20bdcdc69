package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// oldMail is a mailbox file with a conversation, a mail nobody signed, one that a machine wrote and one that goes nowhere.
const oldMail = `From maria@greenfund.example Mon Mar  2 10:00:00 2026
From: Maria Lopez <maria@greenfund.example>
To: support@agency.example
Subject: The old donation page
Message-ID: <old-1@greenfund.example>
Date: Mon, 02 Mar 2026 10:00:00 -0500

Where do I find the old page?

From support@agency.example Mon Mar  2 12:00:00 2026
From: Ana <support@agency.example>
To: Maria Lopez <maria@greenfund.example>
Subject: Re: The old donation page
Message-ID: <old-2@agency.example>
In-Reply-To: <old-1@greenfund.example>
Date: Mon, 02 Mar 2026 12:00:00 -0500

Below the archive.

From nobody Tue Mar  3 10:00:00 2026
Subject: Nobody wrote this
Message-ID: <old-3@nowhere.example>

Hello

From support@agency.example Wed Mar  4 12:00:00 2026
From: support@agency.example
To: support@agency.example
Subject: A note to ourselves
Message-ID: <old-4@agency.example>
Date: Wed, 04 Mar 2026 12:00:00 -0500

Remember the milk.
`

func (o *office) imports(box string) desk.Imported {
	o.t.Helper()
	old, err := desk.ReadMailbox(strings.NewReader(box))
	o.must(err)
	done, err := o.desk.ImportMail(ctx, o.ana.Actor(), old, nil)
	o.must(err)
	return done
}

func TestOldMailBecomesTicketsOfThePastAndNobodyIsMailed(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		done := o.imports(oldMail)
		o.is("the import", done.Says("mail", "ticket"), "4 mails read: 1 new ticket, 1 added to what was there, 0 known already, 2 left out.")
		for i, want := range []string{"3: it does not say who wrote it", "4: it neither comes from a customer nor goes to one"} {
			o.is("what was left out", fmt.Sprintf("%d: %s", done.Troubles[i].Number, done.Troubles[i].Says), want)
		}
		page, err := o.desk.Search(ctx, o.ana.Actor(), "donation", "")
		o.must(err)
		if len(page.Items) != 1 {
			t.Fatalf("%d tickets are found, not one", len(page.Items))
		}
		id := page.Items[0].ID
		old := o.ticket(id)
		o.is("its state", string(old.Category), string(ticket.Solved))
		o.is("when it came", shown(old.Created), "Mon 2026-03-02 10:00:00 EST")
		o.is("what is planned", shown(old.Next()), shown(ticket.Ticket{}.Created))
		if got := o.sees(o.ana.Actor(), id); len(got.Comments) != 2 || got.Comments[1].Trimmed != "Below the archive." {
			t.Errorf("the conversation is %v", got.Comments)
		}
		o.at("2026-12-31 10:00")
		if mails := o.claims(); len(mails) > 0 {
			t.Errorf("%d mails left because of the import", len(mails))
		}
		// It lives on when somebody writes.
		o.answers(o.ben, id, "Hello Maria, did you find it?", "pending")
		o.at("2027-01-01 12:00")
		o.is("the mails since", fmt.Sprint(len(o.mails(id))), "2") // the answer, and the first reminder
	})
}

func TestTheSameFileCanBeImportedAgain(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.imports(oldMail)
		again := o.imports(strings.ReplaceAll(oldMail, "From: Maria", "X-Moved: yes\nFrom: Maria")) // another program exported it
		o.is("the second import", again.Says("mail", "ticket"), "4 mails read: 0 new tickets, 0 added to what was there, 2 known already, 2 left out.")
	})
}

func TestImportedMailChangesNoTicketThatLives(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		got := o.arrives(letter{from: maria, subject: "The new page", headers: "Message-ID: <live@greenfund.example>\r\n", body: "It is empty."})
		forged := "From: Jonas <jonas@elsewhere.example>\nTo: support@agency.example\nSubject: Re: The new page\nMessage-ID: <forged@elsewhere.example>\nIn-Reply-To: <live@greenfund.example>\nDate: Thu, 19 Nov 2026 10:00:00 -0500\n\nSend it to me.\n"
		done := o.imports(forged)
		o.is("new tickets", fmt.Sprint(done.New), "1")
		if page := o.sees(o.ana.Actor(), got.Ticket); len(page.Comments) != 1 {
			t.Errorf("the ticket that lives has %d messages", len(page.Comments))
		}
	})
}

func TestImportedMailCountsInNoFigure(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.imports(strings.ReplaceAll(oldMail, "Mar 2026", "Nov 2026"))
		figures, err := o.desk.Figures(ctx, o.brand.ID)
		o.must(err)
		if len(figures) > 0 {
			t.Errorf("the page tells of the past as if it had been here: %v", figures)
		}
	})
}

// What was brought in was answered elsewhere, under other rules: it is in no report, nobody known from it alone is told of a change of
// policy, and whatever hours or versions come, no answer is due on it.
func TestImportedMailIsOwedNothing(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: edited(t, "piperocks-crm", "announce_on: [website, in_app]", "announce_on: [website, mail]"), Reason: "It tells of changes."})
		o.must(err)
		o.imports(strings.ReplaceAll(oldMail, "Mar 2026", "Nov 2026"))
		report, err := o.desk.Report(ctx, o.ana.Actor(), desk.ReportOn{})
		o.must(err)
		o.is("tickets in the report", fmt.Sprint(report.Answers.Tickets), "0")

		in := desk.NewPolicy{File: "p.yaml", Source: longer(t, "announce_on: [website, in_app]", "announce_on: [website, mail]"), Reason: "Longer.", MoveOpen: true}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if len(plan.Moves)+len(plan.Corrected) > 0 || plan.Told.People > 0 {
			t.Errorf("it would move %v and %v, and tell %d people", plan.Moves, plan.Corrected, plan.Told.People)
		}
		_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		o.at("2026-12-31 10:00")
		if mails := o.claims(); len(mails) > 0 {
			t.Errorf("%d mails left", len(mails))
		}
		page, err := o.desk.Search(ctx, o.ana.Actor(), "donation", "")
		o.must(err)
		if old := o.ticket(page.Items[0].ID); len(old.Memory.Targets) > 0 {
			t.Errorf("an answer is due on it: %+v", old.Memory.Targets)
		}
	})
}

func TestOnlyAdministratorsImport(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		old, err := desk.ReadMailbox(strings.NewReader(oldMail))
		o.must(err)
		if _, err := o.desk.ImportMail(ctx, o.ben.Actor(), old, nil); err == nil {
			t.Error("Ben imported mail")
		}
		if _, err := o.desk.ImportCustomers(ctx, o.ben.Actor(), desk.CustomerTable{}, desk.Columns{}, false); err == nil {
			t.Error("Ben imported customers")
		}
	})
}

const customers = "Name;E-mail;Company\n" +
	"Maria Lopez;maria@greenfund.example;Green Fund\n" +
	"Jonas Weber;jonas@greenfund.example;green fund\n" +
	"No Address;nowhere;Green Fund\n" +
	"Ben;ben@agency.example;The Agency\n"

func TestATableOfCustomersIsImportedWithoutDuplicates(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		table, err := desk.ReadCustomers(customers)
		o.must(err)
		take := func(look bool) desk.Imported {
			done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), look)
			o.must(err)
			return done
		}
		want := "4 lines read: 2 new customers, 0 added to what was there, 0 known already, 2 left out."
		o.is("what would happen", take(true).Says("line", "customer"), want)
		done := take(false)
		o.is("what happened", done.Says("line", "customer"), want)
		o.is("the lines left out", fmt.Sprintf("%d: %s; %d", done.Troubles[0].Number, done.Troubles[0].Says, done.Troubles[1].Number), `4: "nowhere" is no address that mail can be sent to; 5`)
		o.is("once more", take(false).Says("line", "customer"), "4 lines read: 0 new customers, 0 added to what was there, 2 known already, 2 left out.")
		house, err := o.desk.House(ctx, o.ana.Actor())
		o.must(err)
		if len(house.Organizations) != 1 || house.Organizations[0].Name != "Green Fund" {
			t.Errorf("the organisations are %v", house.Organizations)
		}
	})
}

// Maria stands in the first line of a long table and in the last two, of which one says more of her. The look counts her as the import does.
func TestALookAtALongTableCountsEverybodyOnce(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		text := "Name,E-mail,Company\nMaria Lopez,maria@greenfund.example,\n"
		for n := range 250 {
			text += fmt.Sprintf("Reader %d,reader%d@quayside.example,\n", n, n)
		}
		text += "Maria Lopez,maria@greenfund.example,\nMaria Lopez,Maria@greenfund.example,Green Fund\n"
		table, err := desk.ReadCustomers(text)
		o.must(err)
		for _, look := range []bool{true, false} {
			done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), look)
			o.must(err)
			o.is(fmt.Sprintf("with look %v", look), done.Says("line", "customer"), "253 lines read: 251 new customers, 1 added to what was there, 1 known already, 0 left out.")
		}
	})
}

func TestANewDeskIsPreparedStepByStep(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		ana := o.ana.Actor()
		answer := func(step int, change func(*desk.Preparation)) error {
			return o.desk.Prepare(ctx, ana, step, false, change)
		}
		o.must(answer(1, func(p *desk.Preparation) { p.Answers.Company, p.Answers.Address = "Green Field", support }))
		o.must(answer(3, func(p *desk.Preparation) { p.LeaveOpen(3) }))
		draft, err := o.desk.PolicyDraft(ctx, ana, 0)
		o.must(err)
		p, _ := policy.Parse("draft", []byte(draft.Source))
		o.is("the draft's company", p.Doc.Company, "Green Field")
		running, _, err := o.desk.Running(ctx, o.brand.ID)
		o.must(err)
		o.is("what holds", running.Doc.Company, "The agency")

		// A draft that was changed by hand is not written over unasked.
		draft.Source = strings.Replace(draft.Source, "Green Field", "Greener Field", 1)
		o.must(o.desk.SavePolicyDraft(ctx, ana, 0, draft))
		if err := answer(4, func(p *desk.Preparation) {}); err == nil {
			t.Error("what was changed by hand is lost")
		}
		kept, err := o.desk.Preparation(ctx, ana)
		o.must(err)
		o.is("the steps", fmt.Sprint(kept.Answered, kept.Skipped, kept.Changed), "[1] [3] true")
		o.must(o.desk.Prepare(ctx, ana, 4, true, func(p *desk.Preparation) { p.Answers.Reply, p.Answers.Within = "promise", "4bh" }))

		o.must(o.desk.PublishPreparation(ctx, ana))
		running, _, err = o.desk.Running(ctx, o.brand.ID)
		o.must(err)
		o.is("what holds now", running.Doc.Company, "Green Field")
		history, err := o.desk.PolicyHistory(ctx, 0)
		o.must(err)
		o.is("why", history[0].Reason, "First policy")
		if err := o.desk.PublishPreparation(ctx, ana); err == nil {
			t.Error("the same can be published twice")
		}
		for _, who := range []access.Actor{o.ben.Actor(), {}} {
			if _, err := o.desk.Preparation(ctx, who); err == nil {
				t.Errorf("%v sees the preparation", who)
			}
		}
	})
}

// Spreadsheets write in letters of their own, and leave cells empty.
func TestATableIsReadAsItsProgramWroteIt(t *testing.T) {
	for table, want := range map[string]string{
		"name,email,company\nJ\xf6rg M\xfcller,joerg@mueller.example,Acme\n": "Jörg Müller|joerg@mueller.example|Acme",
		"email\tname\tcompany\ntab@acme.example\t\tAcme\n":                   "|tab@acme.example|Acme",
		"\ufeffname;email;company\nŽofie; zofie@acme.example;\n":             "Žofie|zofie@acme.example|",
	} {
		read, err := desk.ReadCustomers(table)
		if err != nil {
			t.Fatal(err)
		}
		c := read.Guess()
		line := read.Lines[0]
		if got := desk.Cell(line, c.Name) + "|" + desk.Cell(line, c.Email) + "|" + desk.Cell(line, c.Organization); got != want {
			t.Errorf("%q is read as %q, want %q", table, got, want)
		}
	}
	if _, err := desk.ReadCustomers("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a picture is read as a table: %v", err)
	}
}

// A quotation mark that nobody closed costs its own line; the next customers go in, and what stands in quotation marks stays whole.
func TestAnOpenQuotationMarkCostsOneLine(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		table, err := desk.ReadCustomers("name,email,company\n\"Vik,\nHanne\",hanne@fjordgarn.example,Fjordgarn\n\n" +
			"\"Rosa Delgado,rosa@acme.example,Acme\nIdris Cole,idris@southbank.example,\"Southbank, London\"\nDana Reyes,dana@harbor.example,Harbor \"Arts\"\n")
		o.must(err)
		done, err := o.desk.ImportCustomers(ctx, o.ana.Actor(), table, table.Guess(), false)
		o.must(err)
		o.is("the import", done.Says("line", "customer"), "4 lines read: 3 new customers, 0 added to what was there, 0 known already, 1 left out.")
		o.is("the line left out", fmt.Sprintf("%d: %s", done.Troubles[0].Number, done.Troubles[0].About), "5: Rosa Delgado,rosa@acme.example,Acme")
	})
}

// mbox is a mailbox file of these mails, in this order.
func mbox(mails ...string) string {
	return "From somebody Mon Mar  2 10:00:00 2026\n" + strings.Join(mails, "\nFrom somebody Mon Mar  2 10:00:00 2026\n")
}

func oldMailOf(n, answers int, from, to, date string) string {
	named := ""
	if answers > 0 {
		named = fmt.Sprintf("In-Reply-To: <talk-%d@greenfund.example>\n", answers)
	}
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: The old donation page\nMessage-ID: <talk-%d@greenfund.example>\nDate: %s\n%s\nMessage %d.\n", from, to, n, date, named, n)
}

// Programs write new mails in front, one folder behind another, and a clock that was wrong. Five mails of one conversation are one
// ticket, in whatever order they stand, and each names only the one it answers.
func TestAConversationIsOneTicketInWhateverOrderTheFileHasIt(t *testing.T) {
	const maria, us = "Maria Lopez <maria@greenfund.example>", "support@agency.example"
	mails := []string{
		oldMailOf(1, 0, maria, us, "Mon, 02 Mar 2026 10:00:00 -0500"),
		oldMailOf(2, 1, us, maria, "Mon, 02 Mar 2026 09:00:00 -0500"), // our clock was an hour slow
		oldMailOf(3, 2, maria, us, "Mon, 02 Mar 2026 12:00:00 -0500"),
		oldMailOf(4, 3, us, maria, "Mon, 02 Mar 2026 13:00:00 -0500"),
		oldMailOf(5, 4, maria, us, "no date at all"),
	}
	for _, order := range [][]int{{4, 3, 2, 1, 0}, {1, 3, 0, 2, 4}, {2, 4, 0, 1, 3}} {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			each(t, "2026-11-20 10:00", func(o *office) {
				var file []string
				for _, i := range order {
					file = append(file, mails[i])
				}
				done := o.imports(mbox(file...))
				o.is("the import", done.Says("mail", "ticket"), "5 mails read: 1 new ticket, 4 added to what was there, 0 known already, 0 left out.")
				page, err := o.desk.Search(ctx, o.ana.Actor(), "donation", "")
				o.must(err)
				old := o.ticket(page.Items[0].ID)
				o.is("who asked", old.Requester.Address, "maria@greenfund.example")
				if got := o.sees(o.ana.Actor(), old.ID); len(got.Comments) != 5 {
					t.Errorf("%v: the conversation has %d mails", order, len(got.Comments))
				}
				o.is("a second time", fmt.Sprint(o.imports(mbox(file...)).Known), "5")
			})
		})
	}
}

// The folder of sent mails of the desk's own mailbox holds what the desk has sent. It is known, and no ticket.
func TestWhatTheDeskHasSentIsKnown(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.clock.Pass(time.Minute)
		o.answers(o.ben, id, "Which page?", "pending")
		o.at("2026-11-20 12:00")
		var sent []string
		out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Ticket: id, Limit: 200})
		o.must(err)
		for _, m := range out.Items {
			_, raw, err := o.desk.SentMail(ctx, access.Clock, m.ID)
			o.must(err)
			sent = append(sent, strings.ReplaceAll(string(raw), "\r\n", "\n"))
		}
		if len(sent) < 2 {
			t.Fatalf("%d mails were sent", len(sent))
		}
		done := o.imports(mbox(sent...))
		o.is("the import", done.Says("mail", "ticket"), fmt.Sprintf("%d mails read: 0 new tickets, 0 added to what was there, %d known already, 0 left out.", len(sent), len(sent)))
	})
}

func TestWhatIsNoMailboxIsSaid(t *testing.T) {
	for says, file := range map[string]string{
		"this is a picture":                          "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
		"this is a packed archive; unpack it":        "PK\x03\x04\x14\x00",
		"does not begin as one. In Thunderbird":      "Dear all,\n\nplease find attached\n",
		"In Thunderbird or Google Takeout, export":   "name: value\nother: value\n",
		"this file is empty":                         "\n \n",
		"this is a mailbox of Outlook; export it as": "!BDN\x00\x00",
	} {
		_, err := desk.ReadMailbox(strings.NewReader(file))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is answered %v", file, err)
		}
	}
	if _, err := desk.ReadMailbox(strings.NewReader("Received: by x\nFrom: maria@greenfund.example\n\nHello\n")); err != nil {
		t.Errorf("a single mail is refused: %v", err)
	}
}
