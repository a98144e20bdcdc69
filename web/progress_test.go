package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/store/storetest"
)

// followed is an office under the phases of seed 004, on Monday 16 November 2026 at ten in the morning, Eastern Time. Maria has
// written, and Ben has said of which kind it is.
type followed struct {
	*office
	id    int64
	maria account.Person
}

func eachFollowed(t *testing.T, kind string, story func(t *testing.T, o *followed)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := openedAt(t, db, time.Date(2026, 11, 16, 15, 0, 0, 0, time.UTC), func(o *office) {
			source, _ := policy.Example("what-happens-next")
			_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "customers follow their tickets"})
			o.must(err)
		})
		f := &followed{office: o, id: o.asks("Maria Lopez <maria@greenfund.example>", "Totals are wrong", o.support.ID)}
		f.maria = o.customer("maria@greenfund.example")
		_, err := o.desk.Set(ctx, o.ben.Actor(), desk.Set{Ticket: f.id, Kind: &kind})
		o.must(err)
		story(t, f)
	})
}

// at moves the clock; what is due on the way happens on the way.
func (o *followed) at(local string) {
	o.t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	o.must(err)
	at, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	o.must(err)
	_, err = o.desk.AdvanceTo(ctx, access.Clock, at)
	o.must(err)
}

// moves is Ben pressing the button of a move.
func (o *followed) moves(phase string, said ...string) answer {
	o.t.Helper()
	values := form("phase", phase)
	for i := 0; i < len(said); i += 2 {
		values.Set("said:"+said[i], said[i+1])
	}
	return o.as(o.ben).post("/tickets/"+number(o.id)+"/phase", values)
}

// page is what Maria reads behind the link in her mail.
func (o *followed) page() answer { o.t.Helper(); return o.stranger().get(o.link(o.id, o.maria)) }

// never fails when the page says one of these.
func (a answer) never(t *testing.T, words ...string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(text(a.body), word) {
			t.Errorf("the page says %q", word)
		}
	}
}

// As soon as Maria has written she sees where it is, what that means, what comes next and by when, on her own clock.
func TestS4_01_TheCustomerSeesWhereItStands(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		page := o.page()
		page.reads(t, "Request received. We usually move on by Thu 19 Nov.", "since Mon 16 Nov Usually until Thu 19 Nov , at the earliest Mon 16 Nov", "Your request has reached the support team.",
			"What comes next. We write to you when we begin to review it", "Under review by support 4 to 10 business days", "Bug identified 1 to 10 business days", "Plan made",
			"These are usual times, not promises. What they mean . Time zone: America/New York.")
		if !regexp.MustCompile(`(?s)<li[^>]*aria-current="step"[^>]*>\s*<span class="step-title">Request received</span>`).MatchString(page.body) {
			t.Error("the phase that runs is not marked as the current step")
		}
		if !strings.Contains(page.body, `<time datetime="2026-11-19T22:00:00Z" title="Thu 19 Nov 2026, 17:00 EST">Thu 19 Nov</time>`) {
			t.Error("the day is not exact to whoever asks")
		}
		sydney := o.stranger()
		sydney.cookie = &http.Cookie{Name: "zone", Value: "Australia/Sydney"}
		sydney.get(o.link(o.id, o.maria)).reads(t, "We usually move on by Fri 20 Nov.", "Usually until Fri 20 Nov", "Time zone: Australia/Sydney.")
	})
}

// What follows from a move stands beside its button; then it is made, one mail goes out, and both pages say so.
func TestS4_06_BenMovesABugAndMariaSeesIt(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.at("2026-11-17 09:30")
		o.as(o.ben).get("/tickets/"+number(o.id)).reads(t, "Where the customer sees it", "Move to “Under review by support”", "Mails “Next phase” to Maria Lopez. Usually until Wed 2 Dec 17:00.")
		if moved := o.moves("review"); moved.status != 303 {
			t.Fatalf("the move answers %d: %.300s", moved.status, text(moved.body))
		}
		o.as(o.ben).get("/tickets/"+number(o.id)).reads(t, "Sending to Maria Lopez", "Ben Okafor took it to “Under review by support”", "“Bug identified” begins when the ticket is linked to a known problem.")
		o.page().reads(t, "Under review by support. We usually move on by Wed 2 Dec.", "done, began Mon 16 Nov", "since Tue 17 Nov Usually until Wed 2 Dec , at the earliest Mon 23 Nov")
		if got := o.mailed("phase-moved"); got != 1 {
			t.Errorf("%d mails of the move, want one", got)
		}
		o.as(o.maria).get("/portal").reads(t, "Under review by support. We usually move on by Wed 2 Dec.")
	})
}

// mailed is how many mails of this message there are about the ticket.
func (o *followed) mailed(message string) (n int) {
	o.t.Helper()
	out, err := o.desk.MailOut(ctx, access.Clock, store.MailFilter{Ticket: o.id})
	o.must(err)
	for _, m := range out.Items {
		if m.Template == message {
			n++
		}
	}
	return n
}

// What a phase needs is said with the move to it.
func TestS4_08_WhatAPhaseNeedsIsSaidWithTheMove(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		o.writesDown()
		refused := o.moves("plan")
		refused.reads(t, `"Plan made" needs this in words first: how it will be solved.`)
		if refused.status != 422 {
			t.Errorf("without a plan it answers %d", refused.status)
		}
		if moved := o.moves("plan", "issue.plan", "Round after adding."); moved.status != 303 {
			t.Fatalf("with one it answers %d: %.300s", moved.status, text(moved.body))
		}
		o.page().reads(t, "Plan made")
	})
}

// While Maria has the word her page says so and shows no date; when she has answered, the date is back and later.
func TestA22_WhileWeWaitForTheCustomerThereIsNoDate(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.at("2026-11-17 09:30")
		o.moves("review")
		o.at("2026-11-18 10:00")
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.id, Text: "Which month is it?", Status: "pending"})
		o.must(err)
		page := o.page()
		page.reads(t, "We need something from you. The time stands still until you answer.", "Last message from us : Ben")
		page.never(t, "Usually until", "We usually move on", "at the earliest")
		o.at("2026-11-19 10:00")
		_, err = o.desk.Reply(ctx, access.Actor{Person: o.maria.ID, Role: access.Customer, Ticket: o.id}, desk.Reply{Ticket: o.id, Text: "October."})
		o.must(err)
		o.page().reads(t, "We usually move on by Thu 3 Dec.")
	})
}

// A phase that takes longer than usual says so, with our newest message, and without a date that is not true any more.
func TestS4_11_LongerThanUsualIsSaid(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.at("2026-11-19 17:01")
		page := o.page()
		page.reads(t, "Request received. Taking longer than usual.", "Taking longer than usual. We have not written to you yet.")
		page.never(t, "Usually until", "We usually move on")
		if strings.Contains(page.body, "banner-late") || strings.Contains(page.body, "banner-broken") {
			t.Error("what is longer than usual is shown as if a promise were broken")
		}
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.id, Text: "We have not forgotten you.", Status: "open"})
		o.must(err)
		o.page().reads(t, "Taking longer than usual.", "Last message from us : Ben, now")
	})
}

func TestS4_13_APhaseThatWasNotNeededIsSaidToBe(t *testing.T) {
	eachFollowed(t, "feature", func(t *testing.T, o *followed) {
		if early := o.moves("complete", "feature.decision", "planned"); early.status != 422 {
			t.Errorf("two phases at once: answered %d", early.status)
		}
		o.moves("review")
		o.as(o.ben).get("/tickets/"+number(o.id)).reads(t, "Move to “Considered for the quarter”", "Move to “Review complete”", "The decision", "Leaves out “Considered for the quarter”.")
		if moved := o.moves("complete", "feature.decision", "planned"); moved.status != 303 {
			t.Fatalf("answered %d: %.300s", moved.status, text(moved.body))
		}
		o.page().reads(t, "Considered for the quarter not needed", "Review complete now, since Mon 16 Nov")
	})
}

// The last phase has no time, and the way goes on when the ticket is solved.
func TestS4_09_TheLastPhaseHasNoTime(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		o.moves("review")
		o.writesDown()
		o.as(o.ben).get("/tickets/"+number(o.id)).reads(t, "How it will be solved", "An estimate of the day on which it is solved optional")
		o.moves("plan", "issue.plan", "The next version adds up in cents.", "issue.estimate", "2027-01-15")
		_, err := o.desk.Answer(ctx, o.ben.Actor(), desk.Answer{Ticket: o.id, Text: "Thank you.", Status: "solved"})
		o.must(err)
		page := o.page()
		page.reads(t, "Plan made now, since Mon 16 Nov Estimate: Fri 15 Jan 2027. Estimates can move.", "What comes next. We write to you when the fix is seen to work in production.")
		page.never(t, "Usually until", "We usually move on")
	})
}

// Whoever only reads along sees the way and no button; whoever holds a link cannot move anything (C17).
func TestOnlyAgentsAreOfferedMoves(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		dora := o.as(o.dora).get("/tickets/" + number(o.id))
		dora.reads(t, "Where the customer sees it", "Request received")
		dora.never(t, "Move to")
		o.page().never(t, "Move to")
		for name, v := range map[string]*visitor{"Dora": o.as(o.dora), "Maria": o.as(o.maria), "a stranger": o.stranger()} {
			if got := v.post("/tickets/"+number(o.id)+"/phase", form("phase", "review")); got.status < 400 {
				t.Errorf("%s is answered %d", name, got.status)
			}
		}
		if got := o.mailed("phase-moved"); got != 0 {
			t.Errorf("%d mails went out", got)
		}
	})
}

// Pressing twice moves once (D7).
func TestD7_AMoveIsMadeOnce(t *testing.T) {
	eachFollowed(t, "bug", func(t *testing.T, o *followed) {
		ben := o.as(o.ben)
		for range 3 {
			if got := ben.post("/tickets/"+number(o.id)+"/phase", form("phase", "review", "base", "7")); got.status != 303 {
				t.Errorf("answered %d", got.status)
			}
		}
		if got := o.mailed("phase-moved"); got != 1 {
			t.Errorf("%d mails went out, want one", got)
		}
	})
}
