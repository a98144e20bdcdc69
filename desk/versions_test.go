package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/desk/desktest"
	"hark/fault"
	"hark/policy"
)

// How a version of a policy comes to hold: announced, on its day, with or without open tickets, and by two people where a brand
// wants that.

// edited is an example with some of its words replaced.
func edited(t testing.TB, name string, pairs ...string) []byte {
	t.Helper()
	text := string(example(t, name))
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s does not say %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

// longer is version 2 of seed 003: open from 8 to 18, from December on.
func longer(t testing.TB, more ...string) []byte {
	return edited(t, "piperocks-crm", append([]string{
		`week: {mon-fri: "09:00-17:00"}`, `week: {mon-fri: "08:00-18:00"}`, `effective: "2026-11-01T00:00"`, `effective: "2026-12-01T05:00"`, `version: "2026-11-01"`, `version: "2026-12-01"`,
	}, more...)...)
}

// changed are the mails that tell of a changed policy.
func (o *office) changed() (all []sent) {
	o.t.Helper()
	for _, m := range o.mails(0) {
		if m.template == "policy-changed" {
			all = append(all, m)
		}
	}
	return all
}

func (o *office) news() desk.News {
	o.t.Helper()
	news, err := o.desk.PolicyNews(ctx, o.brand.ID)
	o.must(err)
	return news
}

func TestS3_20_ThePolicyChanges(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-30 15:00", func(o *office) {
		if news := o.news(); news != (desk.News{}) {
			t.Errorf("the policy before is announced: %+v", news)
		}
		in := desk.NewPolicy{File: "p.yaml", Source: longer(t), Reason: "More of us."}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if told := plan.Told; !told.Website || !told.InApp || told.Mail || told.ShowFor.Says() != "14 days" || shown(told.Until) != "Tue 2026-12-15 00:00:00 EST" {
			t.Errorf("it is to be told as %+v", told)
		}
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		if news := o.news(); news.Version != applied.Version || !news.Website || !news.InApp || shown(news.Begins) != "Tue 2026-12-01 00:00:00 EST" {
			t.Errorf("when the administrator applies it, the news is %+v", news)
		}

		o.at("2026-11-30 16:00")
		first := o.asks(maria, "Import fails")
		o.at("2026-12-01 08:15")
		second := o.asks(jonas, "Export fails")
		o.is("the first ticket's version", o.sees(o.ben.Actor(), first).Policy.Version, "2026-11-01")
		o.is("the second ticket's version", o.sees(o.ben.Actor(), second).Policy.Version, "2026-12-01")
		o.is("the second ticket is due", shown(o.ticket(second).Memory.Targets[0].Due), "Wed 2026-12-02 08:15:00 EST")

		versions, err := o.desk.PublicVersions(ctx, o.brand.ID)
		o.must(err)
		if len(versions) != 2 || len(versions[0].Changes) != 1 || versions[0].Before != "2026-11-01" || !strings.Contains(versions[0].Changes[0].New, "08:00-18:00") {
			t.Errorf("the page's versions are %+v", versions)
		}
		o.at("2026-12-14 23:59")
		if o.news().Version == 0 {
			t.Error("the banner is gone before its time")
		}
		o.at("2026-12-15 00:00")
		if news := o.news(); news.Version != 0 {
			t.Errorf("the banner stays: %+v", news)
		}
		if n := len(o.changed()); n != 0 {
			t.Errorf("%d mails went out, and nobody was promised one", n)
		}
	})
}

// A policy that is announced by mail reaches whoever has an open ticket or wrote lately: each once, as an automatic mail, even when
// the server is killed between two batches and started again.
func TestAChangedPolicyIsMailedOnceToEverybodyItConcerns(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-08-01 10:00", func(o *office) {
		long := o.asks("Long Ago <long.ago@greenfund.example>", "A question of the summer")
		o.answers(o.ben, long, "Like this.", "solved")
		o.at("2026-11-30 10:00")
		for i := range 30 {
			o.asks(fmt.Sprintf("Customer %d <customer%d@greenfund.example>", i, i), "Import fails")
		}
		o.asks("Customer 0 <customer0@greenfund.example>", "And another thing")
		lately := o.asks(maria, "Solved already")
		o.answers(o.ben, lately, "Like this.", "solved")

		source := longer(t, "announce_on: [website, in_app]", "announce_on: [website, mail], look_back: 60d")
		in := desk.NewPolicy{File: "p.yaml", Source: source, Reason: "More of us."}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if plan.Told.People != 31 {
			t.Errorf("the plan counts %d people, want 31", plan.Told.People)
		}
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)

		o.clock.Pass(1)
		mailed, more, err := o.desk.TellSome(ctx, applied.Version)
		if err != nil || mailed != 25 || !more {
			t.Fatalf("the first batch mailed %d, more %v, %v", mailed, more, err)
		}
		o.desk = desktest.Open(t, o.db, o.clock) // the server was killed here, and is started again
		for range 2 {
			_, err = o.desk.PassTime(ctx)
			o.must(err)
		}
		reached := map[string]int{}
		for _, m := range o.changed() {
			reached[m.to]++
			if raw := string(m.raw); !strings.Contains(raw, "Auto-Submitted: auto-generated") || !strings.Contains(raw, "Precedence: bulk") {
				t.Fatalf("the mail does not say that a machine wrote it:\n%s", raw)
			}
		}
		if len(reached) != 31 || reached["customer0@greenfund.example"] != 1 || reached["maria@greenfund.example"] != 1 || reached["long.ago@greenfund.example"] != 0 {
			t.Errorf("reached were %d: %v", len(reached), reached)
		}
		mail := o.changed()[0]
		o.is("subject", mail.subject, "Our support policy changes on 1 December 2026")
		for _, want := range []string{"When we are there", "08:00-18:00", fmt.Sprintf("https://agency.example/policy/versions/%d", applied.Version)} {
			if !strings.Contains(mail.text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, mail.text)
			}
		}
	})
}

// What is announced may be read before its day, and what is not may not.
func TestAnAnnouncedVersionMayBeReadBeforeItHolds(t *testing.T) {
	eachUnder(t, "piperocks-crm", "2026-11-20 10:00", func(o *office) {
		silent := edited(t, "piperocks-crm", `effective: "2026-11-01T00:00"`, `effective: "2027-01-01T00:00"`, "warn_at: 75%", "warn_at: 50%")
		for _, x := range []struct {
			name   string
			source []byte
			public bool
		}{{"nothing that customers read", silent, false}, {"announced", longer(t), true}} {
			applied, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "p.yaml", Source: x.source, Reason: x.name})
			o.must(err)
			_, _, err = o.desk.PolicyVersion(ctx, access.Actor{}, applied.Version)
			if public := err == nil; public != x.public || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: a stranger may read it: %v (%v)", x.name, public, err)
			}
		}
	})
}

// The file names a day long past. What customers read is the day from which it really holds.
func TestAVersionHoldsFromTheDayItWasAppliedAndSaysSo(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		o.at("2026-11-24 10:00")
		_, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: edited(t, "customer-support-center", "after: 24h,", "after: 48h,"), Reason: "Slower."})
		o.must(err)
		p, _, err := o.desk.Running(ctx, o.brand.ID)
		o.must(err)
		page, err := p.Page("", policy.Live{At: o.clock.Now()})
		o.must(err)
		o.is("valid since", shown(page.Since), "Tue 2026-11-24 10:00:00 EST")
	})
}

// Applied on Saturday to hold from Monday, with open tickets: until Monday nothing moves, and what is due before happens by the old
// rules.
func TestOpenTicketsMoveWhenTheVersionBeginsAndNotBefore(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		early := o.pending() // reminded Sat 16:30 and Wed 25 Nov 16:30
		o.at("2026-11-21 10:00")
		source := edited(t, "customer-support-center", "{id: reminder-2, in: pending, after: 5d,", "{id: reminder-2, in: pending, after: 6d,", "after: 24h,", "after: 48h,", `effective: "2026-11-01T00:00"`, `effective: "2026-11-23T00:00"`)
		in := desk.NewPolicy{File: "p.yaml", Source: source, Reason: "Slower.", MoveOpen: true}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if !plan.Later || shown(plan.From) != "Mon 2026-11-23 00:00:00 EST" || len(plan.Moves) != 1 || plan.Moves[0].Rule != "lifecycle.timers.reminder-2" || shown(plan.Moves[0].To) != "Thu 2026-11-26 16:30:00 EST" {
			t.Errorf("the plan is for %s: %+v", shown(plan.From), plan.Moves)
		}
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		if applied.Moved != 0 || o.ticket(early).Policy == applied.Version {
			t.Errorf("%d tickets moved at once", applied.Moved)
		}
		o.at("2026-11-22 23:59")
		if o.ticket(early).Policy == applied.Version {
			t.Error("it moved before its day")
		}
		o.at("2026-11-23 00:00")
		if o.ticket(early).Policy != applied.Version {
			t.Error("it did not move when the version began")
		}
		o.at("2026-12-10 00:00")
		o.is("mails", o.posted(early), `
Fri 2026-11-20 16:00:00 EST received to maria@greenfund.example
Fri 2026-11-20 16:30:00 EST reply to maria@greenfund.example
Sat 2026-11-21 16:30:00 EST reminder-1 to maria@greenfund.example
Thu 2026-11-26 16:30:00 EST reminder-2 to maria@greenfund.example
Fri 2026-11-27 16:30:00 EST closed-no-response to maria@greenfund.example`)
	})
}

// While nobody looked, the version began and a reminder came due before it: the reminder goes by the old rules, then the ticket moves.
func TestWhatWasDueBeforeAVersionBeganHappensByTheOldRules(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.pending()
		o.at("2026-11-21 10:00")
		source := edited(t, "customer-support-center", "after: 24h,", "after: 72h,", `effective: "2026-11-01T00:00"`, `effective: "2026-11-22T00:00"`)
		_, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{File: "p.yaml", Source: source, Reason: "Slower.", MoveOpen: true})
		o.must(err)
		o.must(o.clock.MoveTo(ctx, when("2026-11-22 09:00"))) // the server was off from Saturday on
		_, err = o.desk.PassTime(ctx)
		o.must(err)
		if got := o.posted(id); strings.Count(got, "reminder-1") != 1 {
			t.Errorf("the mails are\n%s", got)
		}
		o.at("2026-11-24 00:00")
		if got := o.posted(id); strings.Count(got, "reminder-1") != 1 {
			t.Errorf("the ticket is reminded again under the new version:\n%s", got)
		}
	})
}

// A ticket stands in a state that the new policy does not know. It stays, says why, and the plan names it.
func TestATicketWithoutAPlaceInTheNewPolicyStays(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		id := o.asks(maria, "Redirect broken")
		o.answers(o.ben, id, "We collect the material.", "hold")
		in := desk.NewPolicy{File: "p.yaml", Source: example(t, "piperocks-crm"), Reason: "Another policy.", MoveOpen: true}
		plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
		o.must(err)
		if len(plan.Stay) != 1 || plan.Stay[0].Ticket != id || !strings.Contains(plan.Stay[0].Why, "no state hold") {
			t.Errorf("the plan says %+v", plan.Stay)
		}
		before := o.ticket(id)
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		after := o.ticket(id)
		if applied.Stayed != 1 || applied.Moved != 0 || after.Policy != before.Policy || after.State != "hold" {
			t.Errorf("stayed %d, moved %d, policy %d, state %s", applied.Stayed, applied.Moved, after.Policy, after.State)
		}
		audits := o.sees(o.ben.Actor(), id).Audits
		if says := fmt.Sprint(audits[len(audits)-1].Events); !strings.Contains(says, "stays under the policy it began with") {
			t.Errorf("agents read %s", says)
		}
	})
}

// S0-22: calls are booked on a day that becomes closed. The plan lists them; they stay as they are, or customers are asked for
// another time. Nothing is cancelled silently.
func TestS0_22_ADayBecomesClosedAfterBookingsExist(t *testing.T) {
	for _, rebook := range []bool{false, true} {
		t.Run(fmt.Sprintf("rebook: %v", rebook), func(t *testing.T) {
			each(t, "2026-12-14 10:00", func(o *office) {
				o.apply(example(t, "soapbox-phone-support"))
				var calls []int64
				for i, hour := range []string{"10:00", "11:00", "14:00"} {
					id := o.asks(fmt.Sprintf("Caller %d <caller%d@greenfund.example>", i, i), "A call, please")
					o.booked(id, "2026-12-24 "+hour)
					calls = append(calls, id)
				}
				o.booked(o.asks(maria, "Another day"), "2026-12-22 10:00")
				source := edited(t, "soapbox-phone-support", "holidays: [us-federal]", "holidays: [us-federal]\n    except: [{date: \"2026-12-24\", hours: closed, why: Christmas Eve}]")
				in := desk.NewPolicy{File: "p.yaml", Source: source, Reason: "We are at home.", Rebook: rebook}
				plan, err := o.desk.PlanApply(ctx, o.ana.Actor(), in)
				o.must(err)
				if len(plan.Calls) != 3 || plan.Calls[0].Ticket != calls[0] || !strings.Contains(plan.Calls[0].Why, "Christmas Eve") {
					t.Fatalf("the plan lists %+v", plan.Calls)
				}
				_, err = o.desk.ApplyPolicy(ctx, o.ana.Actor(), in)
				o.must(err)
				for _, id := range calls {
					if o.ticket(id).Memory.Call.IsZero() {
						t.Errorf("the call of #%d was cancelled", id)
					}
					asked := strings.Contains(strings.Join(o.tasks(id), "\n"), "Ask the customer for another time")
					if asked != rebook {
						t.Errorf("#%d has the tasks %v", id, o.tasks(id))
					}
				}
			})
		})
	}
}

// booked lets a call be booked on a ticket, as the booking page will.
func (o *office) booked(id int64, at string) {
	o.t.Helper()
	_, err := o.desk.BookForTest(ctx, id, when(at))
	o.must(err)
}

// Ana writes, Dora reads and applies. Nobody approves their own, nobody approves what they have not read, and nobody switches the
// second person off alone.
func TestNobodyApprovesTheirOwnPolicy(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		ana := o.ana.Actor()
		if _, err := o.desk.TwoPeople(ctx, ana, o.brand.ID, true); !fault.Is(err, fault.Refused) {
			t.Errorf("one administrator alone can ask for a second: %v", err)
		}
		dora := o.second().Actor()
		_, err := o.desk.TwoPeople(ctx, ana, o.brand.ID, true)
		o.must(err)

		in := desk.NewPolicy{File: "p.yaml", Source: edited(t, "customer-support-center", "after: 24h,", "after: 48h,"), Reason: "People want a weekend."}
		if _, err := o.desk.ApplyPolicy(ctx, ana, in); !fault.Is(err, fault.Refused) {
			t.Errorf("Ana applies alone: %v", err)
		}
		if _, err := o.desk.ProposePolicy(ctx, o.ben.Actor(), in); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agent asks for a policy: %v", err)
		}
		asked, err := o.desk.ProposePolicy(ctx, ana, in)
		o.must(err)
		for name, try := range map[string]struct {
			a    access.Actor
			id   string
			kind fault.Kind
		}{
			"Ana herself": {ana, asked.ID, fault.Refused}, "an agent": {o.ben.Actor(), asked.ID, fault.Forbidden}, "nobody": {access.Clock, asked.ID, fault.Forbidden},
			"Dora, of another text": {dora, "0123456789abcdef", fault.Conflict},
		} {
			if _, err := o.desk.ApproveProposal(ctx, try.a, o.brand.ID, try.id); !fault.Is(err, try.kind) {
				t.Errorf("%s approves: %v", name, err)
			}
		}
		if waits, err := o.desk.TwoPeople(ctx, ana, o.brand.ID, false); err != nil || !waits {
			t.Errorf("Ana switches the second person off alone: %v", err)
		}
		if _, err := o.desk.ApplyPolicy(ctx, ana, in); !fault.Is(err, fault.Refused) {
			t.Errorf("and then applies alone: %v", err)
		}
		if _, err := o.desk.TwoPeople(ctx, ana, o.brand.ID, false); err != nil {
			t.Error(err)
		}
		if _, err := o.desk.ApplyPolicy(ctx, ana, in); !fault.Is(err, fault.Refused) {
			t.Errorf("asking twice is enough: %v", err)
		}

		if err := o.desk.SendProposalBack(ctx, dora, o.brand.ID, asked.ID, " "); !fault.Is(err, fault.Invalid) {
			t.Errorf("it goes back without a word: %v", err)
		}
		o.must(o.desk.SendProposalBack(ctx, dora, o.brand.ID, asked.ID, "Thirty-six hours are enough."))
		back, err := o.desk.PolicyProposal(ctx, ana, o.brand.ID)
		if err != nil || back.Word != "Thirty-six hours are enough." || back.Waits() {
			t.Errorf("Ana reads %+v (%v)", back, err)
		}
		if _, err := o.desk.ApproveProposal(ctx, dora, o.brand.ID, asked.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("what was sent back is approved: %v", err)
		}

		in.Source = edited(t, "customer-support-center", "after: 24h,", "after: 36h,")
		again, err := o.desk.ProposePolicy(ctx, ana, in)
		o.must(err)
		if _, err := o.desk.ApproveProposal(ctx, dora, o.brand.ID, asked.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("Dora approves the text of before: %v", err)
		}
		applied, err := o.desk.ApproveProposal(ctx, dora, o.brand.ID, again.ID)
		o.must(err)
		version, p, err := o.desk.PolicyVersion(ctx, ana, applied.Version)
		o.must(err)
		if version.WrittenBy != ana.Person || version.AppliedBy != dora.Person || version.Reason != "People want a weekend." || p.Doc.Lifecycle.Timers[0].After.String() != "36h" {
			t.Errorf("the version is by %d and %d: %s", version.WrittenBy, version.AppliedBy, version.Reason)
		}
		if left, err := o.desk.PolicyProposal(ctx, ana, o.brand.ID); err != nil || left.ID != "" {
			t.Errorf("it is still asked for: %+v (%v)", left, err)
		}
		if waits, err := o.desk.TwoPeople(ctx, dora, o.brand.ID, false); err != nil || waits {
			t.Errorf("two who agree cannot do without the second person: %v", err)
		}
	})
}

// While Ana's proposal waits, Dora's does not take its place; and what somebody applied on the host meanwhile is not taken back.
func TestAProposalDoesNotOverwriteAnother(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		dora := o.second().Actor()
		_, err := o.desk.TwoPeople(ctx, dora, o.brand.ID, true)
		o.must(err)
		draft, err := o.desk.PolicyDraft(ctx, o.ana.Actor(), o.brand.ID)
		o.must(err)
		in := desk.NewPolicy{File: "p.yaml", Source: edited(t, "customer-support-center", "after: 24h,", "after: 48h,"), Reason: "Slower.", Base: draft.Base}
		asked, err := o.desk.ProposePolicy(ctx, o.ana.Actor(), in)
		o.must(err)
		if _, err := o.desk.ProposePolicy(ctx, dora, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("Dora's takes its place: %v", err)
		}
		o.apply(edited(t, "customer-support-center", "after: 5d,", "after: 6d,"))
		if _, err := o.desk.ApproveProposal(ctx, dora, o.brand.ID, asked.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("the operator's version is taken back: %v", err)
		}
	})
}

// Ana applies what is the newest version already. There is no other version, and her draft, which is in force, is put away.
func TestTheSameTextAppliedAgainChangesNothing(t *testing.T) {
	each(t, "2026-11-20 16:00", func(o *office) {
		slower := edited(t, "customer-support-center", "after: 24h,", "after: 48h,")
		o.apply(slower)
		before, err := o.desk.PolicyHistory(ctx, o.brand.ID)
		o.must(err)
		draft, err := o.desk.PolicyDraft(ctx, o.ana.Actor(), o.brand.ID)
		o.must(err)
		o.must(o.desk.SavePolicyDraft(ctx, o.ana.Actor(), o.brand.ID, draft))
		applied, err := o.desk.ApplyPolicy(ctx, o.ana.Actor(), desk.NewPolicy{Brand: o.brand.ID, File: "p.yaml", Source: slower, Reason: "Once more."})
		if err != nil || !applied.Same || applied.Version != before[0].ID {
			t.Errorf("it became %+v (%v), want version %d", applied, err, before[0].ID)
		}
		if after, err := o.desk.PolicyHistory(ctx, o.brand.ID); err != nil || len(after) != len(before) {
			t.Errorf("there are %d versions, were %d (%v)", len(after), len(before), err)
		}
		if left, err := o.desk.PolicyDraft(ctx, o.ana.Actor(), o.brand.ID); err != nil || !left.Saved.IsZero() {
			t.Errorf("her draft is kept since %v (%v)", left.Saved, err)
		}
	})
}

// second is a second administrator.
func (o *office) second() account.Person {
	return o.hire("dora@agency.example", "Dora Lind", access.Admin)
}

// A page that is read often does not count every ticket each time: for five seconds its figures are those of the first look.
func TestFiguresAreNotCountedForEveryReader(t *testing.T) {
	each(t, "2026-11-20 10:00", func(o *office) {
		sample := func() int {
			figures, err := o.desk.Figures(ctx, o.brand.ID)
			o.must(err)
			return figures["first-hour"].Sample
		}
		o.answers(o.ben, o.asks(maria, "One"), "Yes.", "solved")
		o.clock.Pass(1e9)
		o.is("at first", fmt.Sprint(sample()), "1")
		o.answers(o.ben, o.asks(jonas, "Two"), "Yes.", "solved")
		o.clock.Pass(4e9)
		o.is("a moment later", fmt.Sprint(sample()), "1")
		o.clock.Pass(1e9)
		o.is("after five seconds", fmt.Sprint(sample()), "2")
	})
}
