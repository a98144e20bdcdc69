package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hark/policy"
	"hark/ticket"
)

// followed is a ticket that people take through a policy, step by step, in Eastern Time.
type followed struct {
	t *testing.T
	p *policy.Policy
	ticket.Ticket
}

func follow(t *testing.T, name, kind, at string) *followed {
	f := &followed{t: t, p: example(t, name), Ticket: ticket.Ticket{ID: 4812, Channel: "email", Requester: ticket.Person{ID: 7, Name: "Maria Lopez", Address: "maria@greenfund.example"}}}
	f.do(at, ticket.Event{Kind: ticket.CustomerCreates, TicketKind: kind})
	f.do(at, ticket.Event{Kind: ticket.AgentSets, TicketKind: kind})
	return f
}

func eastern(t *testing.T, at string) time.Time {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func (f *followed) do(at string, e ticket.Event) {
	f.t.Helper()
	e.At = eastern(f.t, at)
	out := f.p.React(f.Ticket, e, e.At)
	if out.Refused != "" {
		f.t.Fatalf("%s at %s: %s", e.Kind, at, out.Refused)
	}
	f.Ticket = out.Ticket
}

func (f *followed) moves(at, phase string) {
	f.t.Helper()
	f.do(at, ticket.Event{Kind: ticket.AgentMoves, Phase: phase})
}

// stands writes down how far the ticket has come, a line for each phase.
func (f *followed) stands(at string, want ...string) {
	f.t.Helper()
	progress, ok := f.p.Progress(f.Ticket, eastern(f.t, at))
	if !ok {
		f.t.Fatal("the ticket has no tracker")
	}
	var got []string
	for _, s := range progress.Stages {
		got = append(got, strings.Join(strings.Fields(fmt.Sprint(s.State, " ", s.ID, " ", day(f, s.Began), " ", day(f, s.Ended), " ", day(f, s.From), " ", day(f, s.To), " ", s.Says)), " "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		f.t.Errorf("at %s it stands\n%s\nwant\n%s", at, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func day(f *followed, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(f.p.Zone).Format("2 Jan 15:04")
}

// A bug goes through its phases; each has its dates, and none has dates that are not true any more.
func TestS4_01_ToS4_11_ProgressSaysWhatCanBeSaid(t *testing.T) {
	f := follow(t, "what-happens-next", "bug", "2026-11-16 10:00")
	f.stands("2026-11-16 10:05", "now received 16 Nov 10:00 16 Nov 12:00 19 Nov 17:00", "next review", "next identified", "next plan")
	f.stands("2026-11-19 17:00", "now received 16 Nov 10:00 16 Nov 12:00 19 Nov 17:00", "next review", "next identified", "next plan") // 17:00 is in time (A33)
	f.stands("2026-11-19 17:01", "now received 16 Nov 10:00 Taking longer than usual", "next review", "next identified", "next plan")

	f.moves("2026-11-17 09:30", "review")
	f.stands("2026-11-17 09:31", "done received 16 Nov 10:00 17 Nov 09:30", "now review 17 Nov 09:30 23 Nov 09:30 2 Dec 17:00", "next identified", "next plan")
	f.do("2026-11-18 10:00", ticket.Event{Kind: ticket.AgentReplies, Status: "pending"})
	f.stands("2026-11-18 10:01", "done received 16 Nov 10:00 17 Nov 09:30", "now review 17 Nov 09:30 We need something from you", "next identified", "next plan")
	f.do("2026-11-19 10:00", ticket.Event{Kind: ticket.CustomerReplies})
	f.stands("2026-11-19 10:01", "done received 16 Nov 10:00 17 Nov 09:30", "now review 17 Nov 09:30 24 Nov 09:30 3 Dec 17:00", "next identified", "next plan")

	f.do("2026-11-23 14:00", ticket.Event{Kind: ticket.IssueLinked})
	f.do("2026-11-24 10:00", ticket.Event{Kind: ticket.AgentMoves, Phase: "plan", Facts: map[string]any{"issue.plan": "A new driver"}})
	f.do("2026-11-24 11:00", ticket.Event{Kind: ticket.AgentReplies, Status: "solved"})
	f.stands("2026-11-24 11:01", "done received 16 Nov 10:00 17 Nov 09:30", "done review 17 Nov 09:30 23 Nov 14:00", "done identified 23 Nov 14:00 24 Nov 10:00", "now plan 24 Nov 10:00")
}

func TestS4_13_APassedOverPhaseIsSaidToBeNotNeeded(t *testing.T) {
	f := follow(t, "what-happens-next", "feature", "2026-11-16 10:00")
	f.moves("2026-11-17 09:30", "review")
	f.do("2026-11-20 10:00", ticket.Event{Kind: ticket.AgentMoves, Phase: "complete", Facts: map[string]any{"feature.decision": "planned"}})
	f.stands("2026-11-20 10:01", "done received 16 Nov 10:00 17 Nov 09:30", "done review 17 Nov 09:30 20 Nov 10:00", "skipped considered", "now complete 20 Nov 10:00")
}

// A bug that turns out to be a wish keeps what it has been through (S4-19).
func TestS4_19_TheWayBeforeIsKept(t *testing.T) {
	f := follow(t, "what-happens-next", "bug", "2026-11-16 10:00")
	f.moves("2026-11-17 09:30", "review")
	f.do("2026-11-18 10:00", ticket.Event{Kind: ticket.AgentSets, TicketKind: "feature"})
	f.stands("2026-11-18 10:01", "done received 16 Nov 10:00 17 Nov 09:30", "now review 17 Nov 09:30 24 Nov 09:30 2 Dec 17:00", "next considered", "next complete")
}

// movesOn is where a ticket may go, with what follows.
func (f *followed) movesOn(at string) (all []string) {
	for _, m := range f.p.PhaseMoves(f.Ticket, eastern(f.t, at)) {
		one := m.Phase + ": " + strings.TrimSpace(m.Mails+" "+m.Follows)
		if m.Begins != "" {
			one += "when " + m.Begins
		}
		for _, a := range m.Needs {
			one += " needs " + a.Fact
		}
		for _, a := range m.May {
			one += " may have " + a.Fact
		}
		all = append(all, one)
	}
	return all
}

// Before an agent moves a ticket on, what comes of it is said: which mail goes to whom, and until when the phase is usual.
func TestAMoveSaysBeforehandWhatFollows(t *testing.T) {
	bug := follow(t, "what-happens-next", "bug", "2026-11-16 10:00")
	expectMoves(t, bug, "2026-11-17 09:30", "review: Mails “Next phase” to Maria Lopez. Usually until Wed 2 Dec 17:00.")
	bug.moves("2026-11-17 09:30", "review")
	expectMoves(t, bug, "2026-11-23 14:00", "identified: when the ticket is linked to a known problem")
	bug.do("2026-11-23 14:00", ticket.Event{Kind: ticket.IssueLinked})
	expectMoves(t, bug, "2026-11-23 14:05", "plan: Mails “The plan” to Maria Lopez. needs issue.plan may have issue.estimate")

	wish := follow(t, "what-happens-next", "feature", "2026-11-16 10:00")
	wish.moves("2026-11-17 09:30", "review")
	expectMoves(t, wish, "2026-11-18 10:00", "considered: Mails “Next phase” to Maria Lopez. Usually until Thu 3 Dec 17:00.",
		"complete: Mails “Decision on your request” to Maria Lopez. Leaves out “Considered for the quarter”. needs feature.decision may have feature.time_frame")

	question := follow(t, "what-happens-next", "other", "2026-11-16 10:00")
	expectMoves(t, question, "2026-11-16 11:00", "review: Mails “Next phase” to Maria Lopez. Usually until Thu 19 Nov 17:00.", "answered: when we answer")

	report := follow(t, "soapbox-phone-support", "bug", "2026-11-16 10:00")
	report.do("2026-11-16 11:00", ticket.Event{Kind: ticket.IssueLinked, Facts: map[string]any{"issue.link": true}})
	expectMoves(t, report, "2026-11-16 12:00", "answered: Mails “What to expect” to Maria Lopez. The ticket becomes Solved. needs issue.horizon")
}

func expectMoves(t *testing.T, f *followed, at string, want ...string) {
	t.Helper()
	if got := f.movesOn(at); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("it may go\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Two agents who move a ticket to the same phase move it once.
func TestMovingToWhereItStandsDoesNothing(t *testing.T) {
	f := follow(t, "what-happens-next", "bug", "2026-11-16 10:00")
	f.moves("2026-11-17 09:30", "review")
	at := eastern(t, "2026-11-17 09:31")
	out := f.p.React(f.Ticket, ticket.Event{Kind: ticket.AgentMoves, Phase: "review", At: at}, at)
	if out.Refused != "" || len(out.Entries) != 1 || out.Ticket.Memory.Phase != f.Memory.Phase {
		t.Errorf("it did something: %q %+v", out.Refused, out.Entries)
	}
}

// Once the fix is confirmed nothing of the phase is late any more, nobody is asked to write, and the way says what is so. Taken up again,
// or when the fix does not hold, the phase runs on.
func TestS4_10_AConfirmedFixEndsThePhase(t *testing.T) {
	fixed := func() *followed {
		f := follow(t, "what-happens-next", "bug", "2026-11-16 10:00")
		f.moves("2026-11-17 09:30", "review")
		f.do("2026-11-23 14:00", ticket.Event{Kind: ticket.IssueLinked})
		f.do("2026-11-24 10:00", ticket.Event{Kind: ticket.IssueFixed, Confirmed: true})
		return f
	}
	past := []string{"done received 16 Nov 10:00 17 Nov 09:30", "done review 17 Nov 09:30 23 Nov 14:00"}
	stands := func(now, plan string) []string { return append(past, now, plan+" plan") }

	f := fixed()
	f.stands("2026-11-24 10:01", stands("now identified 23 Nov 14:00 Fixed: we saw it work in production", "skipped")...)
	f.stands("2027-01-24 10:01", stands("now identified 23 Nov 14:00 Fixed: we saw it work in production", "skipped")...)
	if now, _ := f.p.Progress(f.Ticket, eastern(t, "2027-01-24 10:01")); now.Stages[2].Means != "" || now.Stages[2].Next != "" {
		t.Errorf("beside the fix it says %q, %q", now.Stages[2].Means, now.Stages[2].Next)
	}
	if next := f.Next(); !next.IsZero() {
		t.Errorf("it wants to be asked again at %s", next)
	}

	f = fixed()
	f.do("2026-11-25 10:00", ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"issue.confirmed_in_production": false}})
	f.stands("2026-11-25 10:01", stands("now identified 23 Nov 14:00 24 Nov 14:00 8 Dec 17:00", "next")...)

	f = fixed()
	f.do("2026-11-25 10:00", ticket.Event{Kind: ticket.AgentReplies, Status: "solved"})
	f.do("2026-11-26 10:00", ticket.Event{Kind: ticket.CustomerReplies})
	now, _ := f.p.Progress(f.Ticket, eastern(t, "2026-11-26 10:01"))
	if stage, _ := now.Now(); stage.ID != "review" || stage.Fixed || stage.To.IsZero() {
		t.Errorf("taken up again, it stands at %+v", stage)
	}
}
