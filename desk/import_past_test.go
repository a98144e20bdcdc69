package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	"hark/zendesk/zendesktest"
)

// brings imports the agency's Zendesk.
func (o *office) brings(s *zendesktest.Server) desk.Brought {
	o.t.Helper()
	done, err := o.desk.ImportPast(ctx, o.ana.Actor(), s.Client(o.t), desk.FromPast{}, nil)
	o.must(err)
	return done
}

// brought is the ticket that has that number in the agency's Zendesk.
func (o *office) brought(id int64) ticket.Ticket {
	o.t.Helper()
	page, err := o.desk.Inbox(ctx, o.ana.Actor(), store.Filter{View: "all"})
	o.must(err)
	for _, item := range page.Items {
		if t := o.ticket(item.ID); t.ExternalID == fmt.Sprintf("%s/%d", zendesktest.Host, id) {
			return t
		}
	}
	o.t.Fatalf("ticket %d of the Zendesk is not here", id)
	return ticket.Ticket{}
}

const wholeAgency = "11 tickets read: 8 new tickets, 0 added to what was there, 0 known already, 7 left out. With 2 organisations, 4 customers, 13 messages and 2 files (74 bytes)."

func TestAZendeskIsBroughtInWithItsConversations(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		support, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "support", Members: []int64{o.ben.ID}})
		o.must(err)
		done := o.brings(zendesktest.Start(t))
		o.is("the import", done.Says(), wholeAgency)

		first := o.brought(5001)
		o.is("its state", string(first.Category), "closed")
		o.is("who asks", first.Requester.Name, "Maria Lopez")
		o.is("who answers", first.Assignee.Address, "ben@agency.example")
		o.is("its group", fmt.Sprint(first.Group), fmt.Sprint(support.ID))
		o.is("its tags", strings.Join(first.Tags, ", "), "website, donation page")
		o.is("when it came", shown(first.Created), "Mon 2025-03-03 04:00:00 EST")
		o.is("when it changed", shown(first.Updated), "Tue 2025-03-04 11:00:00 EST")
		page := o.sees(o.ana.Actor(), first.ID)
		var said []string
		for _, c := range page.Comments {
			said = append(said, fmt.Sprintf("%s %s %v: %s", shown(c.Created), c.Author.Name, c.Public, c.Trimmed))
		}
		o.is("the conversation", strings.Join(said, "\n"), "Mon 2025-03-03 04:00:00 EST Maria Lopez true: Since this morning the donation page stays empty.\n"+
			"Mon 2025-03-03 04:20:00 EST Ben Okafor false: The cache again.\nMon 2025-03-03 05:00:00 EST Ben Okafor true: It works again. Thank you for telling us.")
		for id, want := range map[int64]ticket.Category{5002: ticket.Solved, 5003: ticket.Pending, 5004: ticket.Open, 5005: ticket.Hold, 5006: ticket.New} {
			if got := o.brought(id); got.Category != want && !(want == ticket.Hold && got.Category == ticket.Pending) {
				t.Errorf("%d is %s, there it is %s", id, got.Category, want)
			}
		}
		o.is("the priority", o.brought(5002).Priority, "urgent")
		o.is("the fields", fmt.Sprint(o.brought(5002).Fields), "map[Browser:firefox]")

		// Ana is here; a copy to Ben makes him a follower; Priya, who has left, is named.
		invoice := o.brought(5003)
		o.is("the copies", fmt.Sprint(addresses(invoice.CCs), addresses(invoice.Followers)), "[maria@greenfund.example] [ana@agency.example ben@agency.example]")
		checkout := o.sees(o.ana.Actor(), o.brought(5002).ID)
		o.is("an answer by somebody who is not here", fmt.Sprint(checkout.Comments[1].Author.Known()), "false")
		if !slices.ContainsFunc(checkout.Audits, func(a ticket.Audit) bool {
			return len(a.Events) > 1 && strings.Contains(a.Events[1].Says, "Priya Nair")
		}) {
			t.Error("Priya is not named")
		}
		o.is("a message by somebody else", checkout.Comments[2].ThirdParty, "jonas@greenfund.example (not on this ticket)")
		people, err := o.desk.People(ctx, o.ana.Actor(), store.PeopleFilter{Query: "priya"})
		o.must(err)
		o.is("people called Priya", fmt.Sprint(len(people.Items)), "0")
	})
}

func addresses(people []ticket.Person) (all []string) {
	for _, p := range people {
		all = append(all, p.Address)
	}
	return all
}

func TestWhatCannotBeTakenIsToldWithItsNumberAndTheRestGoesIn(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		done := o.brings(zendesktest.Start(t))
		var told []string
		for _, trouble := range done.Troubles {
			told = append(told, fmt.Sprintf("%d %s: %s", trouble.Number, trouble.About, trouble.Says))
		}
		o.is("what was left out", strings.Join(told, "\n"), strings.Join([]string{
			`703 organisation: it has no name`,
			`916 person Rosa Klein: "rosa at klein" is no address that mail can be sent to`,
			`5004 file ../../etc/passwd: it lies at elsewhere.example, and files are fetched from Zendesk alone`,
			`5004 file film.mov: the files of one message may have 50 MB together`,
			`5007 : its record cannot be read`,
			`5010 My address is odd: "rosa at klein" is no address that mail can be sent to`,
			`5012 From somebody who is gone: its requester, person 4242 there, is not among the people who can be read`,
		}, "\n"))
	})
}

// Somebody who has only ever called has no address. Their ticket comes in all the same, and an answer to them says why it stays here.
func TestWhoeverHasNoAddressIsKnownAllTheSame(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.brings(zendesktest.Start(t))
		called := o.brought(zendesktest.Called)
		o.is("who called", called.Requester.Name+" "+called.Requester.Address, "Caller +1 206 555 0142 person-915@agency.zendesk.com.invalid")
		page := o.sees(o.ana.Actor(), called.ID)
		o.is("why they are not mailed", page.Requester.Unreachable, "agency.zendesk.com knew no mail address of theirs")
	})
}

func TestAHostileMessageOfAZendeskIsHarmless(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.brings(zendesktest.Start(t))
		page := o.sees(o.ana.Actor(), o.brought(zendesktest.Hostile).ID)
		got := page.Comments[0].HTML
		for _, bad := range []string{"script", "onclick", "javascript", "<form", "<input", ` src="https`} {
			if strings.Contains(got, bad) {
				t.Errorf("the message still has %s: %s", bad, got)
			}
		}
		if !strings.Contains(got, "<b>stops</b>") {
			t.Errorf("the message has lost its words: %s", got)
		}
		if len(page.Comments[0].Attachments) != 0 {
			t.Errorf("it has the files %v", page.Comments[0].Attachments)
		}
	})
}

func TestFilesOfAZendeskAreHereAndPicturesAreShownFromHere(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.brings(zendesktest.Start(t))
		c := o.sees(o.ana.Actor(), o.brought(5002).ID).Comments[0]
		var files []string
		for _, f := range c.Attachments {
			files = append(files, fmt.Sprintf("%s %d %v", f.Name, f.Size, f.Inline))
		}
		o.is("the files", strings.Join(files, ", "), "checkout.log 44 false, error.png 30 true")
		if !strings.Contains(c.HTML, `src="cid:zendesk-32"`) {
			t.Errorf("the picture is not shown from here: %s", c.HTML)
		}
	})
}

func TestAnImportBegunAgainBringsNothingTwice(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		s := zendesktest.Start(t)
		o.brings(s)
		asked := s.Count("/comments")
		o.is("once more", o.brings(s).Says(), "11 tickets read: 0 new tickets, 0 added to what was there, 8 known already, 5 left out. With 2 organisations, 4 customers, 0 messages and 0 files (0 bytes).")
		if again := s.Count("/comments") - asked; again != 0 {
			t.Errorf("%d conversations were read again", again)
		}
		house, err := o.desk.House(ctx, o.ana.Actor())
		o.must(err)
		o.is("the organisations", fmt.Sprint(len(house.Organizations)), "2")
	})
}

// The import ends in the middle, wherever that is; begun again it is whole.
func TestAnImportThatWasCutOffIsGoneOnWith(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		s := zendesktest.Start(t)
		for cut := 1; cut < 9; cut += 3 {
			stopping, stop := context.WithCancel(ctx)
			part, err := o.desk.ImportPast(stopping, o.ana.Actor(), s.Client(t), desk.FromPast{}, func(so desk.Brought) {
				if so.Read == cut {
					stop()
				}
			})
			if err == nil || part.Read != cut {
				o.t.Fatalf("it was cut after %d tickets and read %d: %v", cut, part.Read, err)
			}
			stop()
		}
		whole := o.brings(s)
		o.is("in the end", fmt.Sprint(whole.New+whole.Known), "8")
		o.is("the conversation that was on its way", fmt.Sprint(len(o.sees(o.ana.Actor(), o.brought(5002).ID).Comments)), "3")
		o.is("once more", fmt.Sprint(o.brings(s).Known), "8")
	})
}

// The old desk goes on for a week. What is said there comes in with the next import, in order; what lives here is left alone.
func TestWhatGoesOnThereComesInUntilSomebodyTouchesItHere(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		s := zendesktest.Start(t)
		o.brings(s)
		open, invoice := o.brought(5006), o.brought(5003)
		o.answers(o.ben, invoice.ID, "Which month, please?", "pending")
		said := func(id int64, text string) {
			s.Comments[id] = append(s.Comments[id], zendesktest.Record{"id": 100 + id, "author_id": zendesktest.Ben, "public": true, "created_at": "2026-11-20T14:30:00Z", "html_body": "<p>" + text + "</p>", "attachments": nil})
		}
		said(5006, "Under Pages, New.")
		said(5003, "For October.")
		for _, record := range s.Tickets {
			if record["id"] == int64(5006) || record["id"] == int64(5003) {
				record["status"], record["updated_at"] = "solved", "2026-11-20T14:30:00Z"
			}
		}
		o.at("2026-11-20 11:00")
		done := o.brings(s)
		o.is("added", fmt.Sprint(done.Added, done.Known, done.Comments), "1 7 1")
		page := o.sees(o.ana.Actor(), open.ID)
		o.is("the last message", page.Comments[len(page.Comments)-1].Trimmed, "Under Pages, New.")
		o.is("its state", string(page.Ticket.Category), "solved")
		o.is("what lives here", string(o.ticket(invoice.ID).Category)+" "+fmt.Sprint(len(o.sees(o.ana.Actor(), invoice.ID).Comments)), "pending 3")
		o.is("once more", fmt.Sprint(o.brings(s).Known), "8")
	})
}

// Nobody is mailed and nothing is owed, whatever hours, facts or versions come, until somebody writes.
func TestWhatWasBroughtInIsOwedNothing(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: edited(t, "piperocks-crm", "announce_on: [website, in_app]", "announce_on: [website, mail]"), Reason: "It tells of changes."})
		o.must(err)
		o.brings(zendesktest.Start(t))
		in := desk.NewPolicy{File: "p.yaml", Source: longer(t, "announce_on: [website, in_app]", "announce_on: [website, mail]"), Reason: "Longer.", MoveOpen: true}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if len(plan.Moves)+len(plan.Corrected) > 0 || plan.Told.People > 0 {
			t.Errorf("it would move %v and %v, and tell %d people", plan.Moves, plan.Corrected, plan.Told.People)
		}
		_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		o.at("2027-01-20 10:00")
		if mails := o.claims(); len(mails) > 0 {
			t.Errorf("%d mails left because of the import", len(mails))
		}
		for _, id := range []int64{5001, 5002, 5003, 5004, 5005, 5006} {
			if got := o.brought(id); len(got.Memory.Targets)+len(got.Memory.Timers) > 0 || !got.Next().IsZero() {
				t.Errorf("%d: owed are %v, planned %v", id, got.Memory.Targets, got.Memory.Timers)
			}
		}
		report, err := o.desk.Report(ctx, o.ana.Actor(), desk.ReportOn{})
		o.must(err)
		o.is("tickets in the report", fmt.Sprint(report.Answers.Tickets), "0")
		figures, err := o.desk.Figures(ctx, o.brand.ID)
		o.must(err)
		if len(figures) > 0 {
			t.Errorf("the page tells of the past as if it had been here: %v", figures)
		}
	})
}

func TestWhatWasBroughtInLivesOnWhenSomebodyWrites(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		o.brings(zendesktest.Start(t))
		open := o.brought(5004)
		o.answers(o.ben, open.ID, "Which browser do you use?", "pending")
		lives := o.ticket(open.ID)
		if lives.Memory.Asleep || len(lives.Memory.Timers) == 0 {
			t.Errorf("after a question nothing is planned: %+v", lives.Memory)
		}
		o.at("2026-11-21 12:00")
		mails := o.mails(open.ID)
		o.is("the mails since", fmt.Sprint(len(mails)), "2") // the question, and its first reminder
	})
}

func TestLookingStoresNothingAndCountsTheSame(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		s := zendesktest.Start(t)
		look, err := o.desk.ImportPast(ctx, o.ana.Actor(), s.Client(t), desk.FromPast{Look: true}, nil)
		o.must(err)
		o.is("the counts", fmt.Sprint(look.Read, look.New, look.Organizations, look.People, look.Comments), "11 8 2 4 13")
		house, err := o.desk.House(ctx, o.ana.Actor())
		o.must(err)
		page, err := o.desk.Inbox(ctx, o.ana.Actor(), store.Filter{View: "all"})
		o.must(err)
		if len(page.Items)+len(house.Organizations) > 0 || s.Count("/attachments") > 0 {
			t.Errorf("looking stored %d tickets and %d organisations and fetched %d files", len(page.Items), len(house.Organizations), s.Count("/attachments"))
		}
	})
}

func TestOnlyAdministratorsBringAnotherDeskIn(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		s := zendesktest.Start(t)
		for _, look := range []bool{true, false} {
			if _, err := o.desk.ImportPast(ctx, o.ben.Actor(), s.Client(t), desk.FromPast{Look: look}, nil); !fault.Is(err, fault.Forbidden) {
				t.Errorf("Ben may: %v", err)
			}
		}
		if len(s.Asked()) > 0 {
			t.Error("the other desk was asked")
		}
	})
}
