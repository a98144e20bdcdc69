package desk_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
)

// Who may do what (group B). Which tickets an actor sees is decided in the store; here, that no verb forgets to ask.

// teams gives the office two groups: Ben answers support, Cem answers billing. The ticket returned is Ben's group's.
func (o *office) teams() (ticketID int64) {
	o.t.Helper()
	supportGroup, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Support", Members: []int64{o.ben.ID}})
	o.must(err)
	billing, err := o.desk.SaveGroup(ctx, access.Clock, account.Group{Name: "Billing", Members: []int64{o.cem.ID}})
	o.must(err)
	o.ben.Groups, o.cem.Groups = []int64{supportGroup.ID}, []int64{billing.ID}
	id := o.asks(maria, "Redirect broken")
	o.groups(id, supportGroup.ID)
	return id
}

func (o *office) groups(id, group int64) {
	o.t.Helper()
	_, err := o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Group: &group})
	o.must(err)
}

// acts are all verbs that change or read one ticket, as an actor would call them.
func (o *office) acts(a access.Actor, id int64) map[string]func() error {
	status := "hold"
	return map[string]func() error{
		"answer": func() error { _, err := o.desk.Answer(ctx, a, desk.Answer{Ticket: id, Text: "x"}); return err },
		"note":   func() error { _, err := o.desk.Note(ctx, a, desk.Note{Ticket: id, Text: "x"}); return err },
		"set":    func() error { _, err := o.desk.Set(ctx, a, desk.Set{Ticket: id, Status: &status}); return err },
		"draft": func() error {
			return o.desk.SaveDraft(ctx, a, desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: "x"})
		},
		"undo":      func() error { _, err := o.desk.Undo(ctx, a, id, 1); return err },
		"follow up": func() error { _, err := o.desk.FollowUp(ctx, a, desk.FollowUp{Of: id}); return err },
		"reply":     func() error { _, err := o.desk.Reply(ctx, a, desk.Reply{Ticket: id, Text: "x"}); return err },
		"escalate": func() error {
			_, err := o.desk.AskForEscalation(ctx, a, desk.Escalation{Ticket: id, Words: "x"})
			return err
		},
		"see":        func() error { _, err := o.desk.TicketPage(ctx, a, id); return err },
		"pile":       func() error { return o.desk.ReplyLater(ctx, a, id, true) },
		"mark seen":  func() error { return o.desk.Seen(ctx, a, id) },
		"do a task":  func() error { return o.desk.DoTask(ctx, a, id, 1) },
		"attachment": func() error { _, _, err := o.desk.Attachment(ctx, a, id, 1); return err },
	}
}

func TestB3_ARefusedVerbChangesNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.teams()
		before := fmt.Sprintf("%+v", o.sees(access.Clock, id))
		for name, act := range o.acts(o.cem.Actor(), id) {
			if err := act(); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
				t.Errorf("Cem may %s on a ticket of another group: %v", name, err)
			}
		}
		for name, act := range o.acts(access.Actor{}, id) {
			if act() == nil {
				t.Errorf("a stranger may %s", name)
			}
		}
		if after := fmt.Sprintf("%+v", o.sees(access.Clock, id)); after != before {
			t.Error("something changed all the same")
		}
	})
}

func TestB5_WhoLosesAccessCanDoNothingWithWhatTheyWrote(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.teams()
		done, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: id, Text: "Which page?", Status: "pending"})
		o.must(err)
		nobody := int64(0)
		_, err = o.desk.Set(ctx, o.ana.Actor(), desk.Set{Ticket: id, Assignee: &nobody})
		o.must(err)
		none := []int64{}
		ben, err := o.desk.ChangePerson(ctx, access.Clock, o.ben.ID, desk.PersonChange{Groups: &none})
		o.must(err)
		for name, act := range o.acts(ben.Actor(), id) {
			if act() == nil {
				t.Errorf("Ben may still %s", name)
			}
		}
		if _, err := o.desk.Undo(ctx, ben.Actor(), id, done.Audit); err == nil {
			t.Error("Ben took back what he wrote")
		}
	})
}

func TestB1_NobodyWritesInTheNameOfSomebodyElse(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Earlier")
		o.asks(jonas, "Earlier")
		_, err := o.desk.Create(ctx, o.customer("maria@"), desk.Request{Requester: "jonas@greenfund.example", Subject: "In his name", Text: "x"})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("Maria wrote as Jonas: %v", err)
		}
		page, err := o.desk.Inbox(ctx, access.Clock, store.Filter{View: store.All})
		o.must(err)
		if len(page.Items) != 2 {
			t.Errorf("%d tickets, want the two there were", len(page.Items))
		}
	})
}

func TestB6_ACustomersActorOpensOnlyTheirOwn(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		hers, his := o.asks(maria, "Hers"), o.asks("Tomas Becker <tomas@becker.example>", "His")
		link := linkToken(t, o.last(hers).text)
		viaLink, err := o.desk.OpenTicketLink(ctx, link)
		o.must(err)
		for who, a := range map[string]access.Actor{"Maria": o.customer("maria@"), "Maria's link": viaLink} {
			for name, act := range o.acts(a, his) {
				if act() == nil {
					t.Errorf("%s may %s on somebody else's ticket", who, name)
				}
			}
			for _, name := range []string{"answer", "note", "set", "draft", "undo", "follow up", "do a task"} {
				if o.acts(a, hers)[name]() == nil {
					t.Errorf("%s may %s like an agent", who, name)
				}
			}
			o.must(o.acts(a, hers)["see"]())
			o.must(o.acts(a, hers)["reply"]())
		}
	})
}

func TestB6_AndB7_AFileIsReachedThroughItsOwnTicketOnly(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		with := o.arrives(letter{from: maria, subject: "A file", headers: "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n",
			body: "--cut\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n--cut\r\nContent-Type: text/plain; name=plan.txt\r\nContent-Disposition: attachment; filename=plan.txt\r\n\r\nThe plan.\r\n--cut--"}).Ticket
		other := o.asks("Tomas Becker <tomas@becker.example>", "His")
		files := o.sees(o.ben.Actor(), with).Comments[0].Attachments
		if len(files) != 1 || files[0].Name != "plan.txt" {
			t.Fatalf("files: %+v", files)
		}
		if _, _, err := o.desk.Attachment(ctx, o.ana.Actor(), other, files[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the file opens through another ticket: %v", err)
		}
		if _, _, err := o.desk.Attachment(ctx, o.customer("tomas@"), with, files[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the file opens for another customer: %v", err)
		}
		_, content, err := o.desk.Attachment(ctx, o.customer("maria@"), with, files[0].ID)
		o.must(err)
		defer content.Close()
	})
}

func TestB8_VerbsTakeOnlyWhatTheyName(t *testing.T) {
	// A field added to one of these is a decision about what a form may set; it is made here as well.
	want := map[string]string{
		"Answer":     "Ticket HTML Text Status Base Key Files Via",
		"Note":       "Ticket HTML Text Key Files Via",
		"Reply":      "Ticket HTML Text Key Files",
		"Set":        "Ticket Status Assignee Group Kind Priority Subject Tags Untag CCs Follow Resume Base Key Via",
		"Request":    "Brand Requester Name Subject HTML Text Kind Priority Tags CCs Facts About Project External Files Times Phone Zone Key Remote Channel Article Searched Problem",
		"NewPerson":  "Email Name Role Groups Skills Zone Password",
		"NewMailbox": "Address Brand Group IMAP SMTPOut",
	}
	for _, in := range []any{desk.Answer{}, desk.Note{}, desk.Reply{}, desk.Set{}, desk.Request{}, desk.NewPerson{}, desk.NewMailbox{}} {
		kind := reflect.TypeOf(in)
		var names []string
		for i := range kind.NumField() {
			names = append(names, kind.Field(i).Name)
		}
		if got := strings.Join(names, " "); got != want[kind.Name()] {
			t.Errorf("%s takes %s", kind.Name(), got)
		}
	}
}

func TestB8_ACustomerCannotSetWhatIsTheDesks(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.asks(maria, "Earlier")
		done, err := o.desk.Create(ctx, o.customer("maria@"), desk.Request{
			Subject: "Mine", Text: "x", Tags: []string{"vip"}, Priority: "urgent", CCs: []string{"someone@elsewhere.example"},
			Facts: map[string]any{"project.lead": "ana@agency.example"}, External: "X-1", Channel: "api",
		})
		o.must(err)
		got := o.ticket(done.Ticket.ID)
		if len(got.Tags) != 0 || got.Priority != "" || got.ExternalID != "" || got.Channel != "portal" || got.Facts["project.lead"] != nil {
			t.Errorf("a customer set tags %v, priority %q, external id %q, channel %q, facts %v", got.Tags, got.Priority, got.ExternalID, got.Channel, got.Facts)
		}
	})
}

func TestALightAgentReadsAndNotesAndNothingElse(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		lena := o.hire("lena@agency.example", "Lena Voss", access.Light)
		allowed := []string{"note", "draft", "see", "mark seen"}
		for name, act := range o.acts(lena.Actor(), id) {
			err := act()
			if may := slices.Contains(allowed, name); may && err != nil || !may && err == nil {
				t.Errorf("%s by a light agent: %v", name, err)
			}
		}
		if choices := o.sees(lena.Actor(), id).Choices; len(choices) != 0 {
			t.Errorf("a light agent is offered %d ways to send", len(choices))
		}
	})
}

func TestTheGuardStopsAReplyWrittenInIgnorance(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		base := o.sees(o.cem.Actor(), id).Last
		o.at("2026-11-20 17:00")
		o.arrives(letter{from: maria, answers: o.last(id), body: "Never mind, it works now."})
		before := len(o.mails(id))
		_, err := o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "Any news?", Status: "pending", Base: base})
		stale, is := err.(*desk.Stale)
		if !is || !fault.Is(err, fault.Conflict) {
			t.Fatalf("the reply was not stopped: %v", err)
		}
		if len(stale.New) != 1 || !strings.Contains(stale.New[0].Text, "it works now") || len(stale.Says) != 1 {
			t.Errorf("Cem is shown %+v", stale)
		}
		if len(o.mails(id)) != before {
			t.Error("a mail went out")
		}
		o.in(id, "open")
		_, err = o.desk.Note(ctx, o.ben.Actor(), desk.Note{Ticket: id, Text: "Good."})
		o.must(err)
		_, err = o.desk.Answer(ctx, o.cem.Actor(), desk.Answer{Ticket: id, Text: "Glad to hear.", Status: "solved", Base: o.sees(o.cem.Actor(), id).Last})
		o.must(err)
	})
}
