package simulate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hark/policy"
	"hark/ticket"
)

// The scenarios of the support centre (seed 002). Each file under policy/scenarios/002 is run as `hark simulate` runs it;
// the tests name every state, mail, tag, task and note that comes of it, in order, so that nothing else may happen.

func supportCenter(t testing.TB) *policy.Policy {
	t.Helper()
	src, ok := policy.Example("customer-support-center")
	if !ok {
		t.Fatal("the example is not built in")
	}
	p, findings := policy.Parse("customer-support-center", src)
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets(src))
	}
	return p
}

func play(t testing.TB, name string) Result {
	t.Helper()
	file := filepath.Join("..", "policy", "scenarios", "002", name+".yaml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return playText(t, supportCenter(t), file, string(src))
}

func playText(t testing.TB, p *policy.Policy, file, src string) Result {
	t.Helper()
	s, findings := Parse(file, []byte(src), p.Zone)
	if len(findings) > 0 {
		t.Fatal(findings.Carets([]byte(src)))
	}
	return Run(p, s, Limits{})
}

// quiet are the lines that tests of states and mails leave out.
var quiet = []policy.EntryKind{policy.IsEvent, policy.IsDue, policy.IsOverdue, policy.IsRoute, policy.IsKind, policy.IsAssign}

// happened is a result in short: "Sat 2026-11-21 16:30 EST mail reminder-1 to the requester".
func happened(r Result, leaveOut []policy.EntryKind) (lines []string) {
	for _, l := range r.Lines {
		if !slices.Contains(leaveOut, l.Kind) {
			text := l.Local() + " " + strings.TrimSpace(words[l.Kind](l))
			if l.Ticket > 1 {
				text = "[2] " + text
			}
			lines = append(lines, text)
		}
	}
	return lines
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: %s", want[i])
		case i >= len(want):
			t.Errorf("too much: %s", got[i])
		case got[i] != want[i]:
			t.Errorf("line %d\n got %s\nwant %s", i+1, got[i], want[i])
		}
	}
}

// expectEnd compares what happened after the ticket was created and first answered.
func expectAfter(t *testing.T, r Result, from string, want ...string) {
	t.Helper()
	got := happened(r, quiet)
	begin, err := time.Parse("2006-01-02 15:04", from)
	if err != nil {
		t.Fatal(err)
	}
	got = slices.DeleteFunc(got, func(line string) bool {
		at, err := time.Parse("Mon 2006-01-02 15:04", strings.TrimPrefix(line, "[2] ")[:len("Mon 2006-01-02 15:04")])
		return err != nil || at.Before(begin)
	})
	expect(t, got, want...)
}

func TestS2_01_AcknowledgedAtOnceDayAndNight(t *testing.T) {
	expect(t, happened(play(t, "S2-01"), quiet),
		"Sat 2026-11-21 03:12 EST status new",
		"Sat 2026-11-21 03:12 EST mail received to the requester")
}

func TestS2_02_PendingOnAFridayAfternoon(t *testing.T) {
	expectAfter(t, play(t, "S2-02"), "2026-11-20 16:30",
		"Fri 2026-11-20 16:30 EST status pending",
		"Sat 2026-11-21 16:30 EST mail reminder-1 to the requester",
		"Wed 2026-11-25 16:30 EST mail reminder-2 to the requester",
		"Fri 2026-11-27 16:30 EST tag No Response",
		"Fri 2026-11-27 16:30 EST status closed",
		"Fri 2026-11-27 16:30 EST mail closed-no-response to the requester")
}

func TestS2_03_AHolidayDoesNotDelayAReminder(t *testing.T) {
	expectAfter(t, play(t, "S2-03"), "2026-11-26 00:00",
		"Thu 2026-11-26 10:00 EST mail reminder-1 to the requester",
		"Mon 2026-11-30 10:00 EST mail reminder-2 to the requester",
		"Wed 2026-12-02 10:00 EST tag No Response",
		"Wed 2026-12-02 10:00 EST status closed",
		"Wed 2026-12-02 10:00 EST mail closed-no-response to the requester")
}

func TestS2_04_AnAnswerBeforeTheReminderStopsEverything(t *testing.T) {
	expectAfter(t, play(t, "S2-04"), "2026-11-20 16:31",
		"Sat 2026-11-21 16:29 EST status open",
		"Sat 2026-11-21 16:29 EST mail received-reply to the requester")
}

func TestS2_04_AnAnswerAtTheInstantOfTheClosingWins(t *testing.T) {
	expectAfter(t, play(t, "S2-04-same-instant"), "2026-11-26 00:00",
		"Fri 2026-11-27 16:30 EST status open",
		"Fri 2026-11-27 16:30 EST mail received-reply to the requester")
}

func TestS2_06_EveryQuestionHasItsOwnFullWaits(t *testing.T) {
	expectAfter(t, play(t, "S2-06"), "2026-11-10 00:00",
		"Tue 2026-11-10 09:00 EST mail reminder-1 to the requester",
		"Wed 2026-11-11 14:00 EST status open",
		"Wed 2026-11-11 14:00 EST mail received-reply to the requester",
		"Thu 2026-11-12 11:15 EST status pending",
		"Fri 2026-11-13 11:15 EST mail reminder-1 to the requester",
		"Tue 2026-11-17 11:15 EST mail reminder-2 to the requester",
		"Thu 2026-11-19 11:15 EST tag No Response",
		"Thu 2026-11-19 11:15 EST status closed",
		"Thu 2026-11-19 11:15 EST mail closed-no-response to the requester")
}

// A note and a machine's answer change nothing: what follows is what follows in S2-02.
func TestS2_08_AnInternalNoteResetsNothing(t *testing.T) {
	expect(t, happened(play(t, "S2-08"), quiet), happened(play(t, "S2-02"), quiet)...)
}

func TestS2_09_AnOutOfOfficeAnswerIsNoAnswer(t *testing.T) {
	r := play(t, "S2-09")
	expect(t, happened(r, quiet), happened(play(t, "S2-02"), quiet)...)
	recorded := slices.ContainsFunc(r.Lines, func(l Line) bool { return l.Event == ticket.AutoReply && l.Refused == "" })
	if !recorded {
		t.Error("the answer is not recorded")
	}
}

func TestS2_10_ClocksGoBack(t *testing.T) {
	expectAfter(t, play(t, "S2-10"), "2026-11-01 00:00",
		"Sun 2026-11-01 15:30 EST mail reminder-1 to the requester",
		"Thu 2026-11-05 16:30 EST mail reminder-2 to the requester",
		"Sat 2026-11-07 16:30 EST tag No Response",
		"Sat 2026-11-07 16:30 EST status closed",
		"Sat 2026-11-07 16:30 EST mail closed-no-response to the requester")
}

func TestS2_11_ClocksGoForward(t *testing.T) {
	expectAfter(t, play(t, "S2-11"), "2027-03-14 00:00",
		"Sun 2027-03-14 17:30 EDT mail reminder-1 to the requester",
		"Thu 2027-03-18 16:30 EDT mail reminder-2 to the requester",
		"Sat 2027-03-20 16:30 EDT tag No Response",
		"Sat 2027-03-20 16:30 EDT status closed",
		"Sat 2027-03-20 16:30 EDT mail closed-no-response to the requester")
}

func TestS2_14_SolvedClosesAfterADay(t *testing.T) {
	expectAfter(t, play(t, "S2-14"), "2026-11-23 17:10",
		"Mon 2026-11-23 17:10 EST status solved",
		"Mon 2026-11-23 17:10 EST mail solved to the requester",
		"Tue 2026-11-24 17:10 EST status closed")
}

func TestS2_15_AReplyReopensAndSolvingAgainBeginsANewDay(t *testing.T) {
	r := play(t, "S2-15")
	expectAfter(t, r, "2026-11-24 00:00",
		"Tue 2026-11-24 09:00 EST status open",
		"Tue 2026-11-24 09:00 EST mail received-reply to the requester",
		"Tue 2026-11-24 11:00 EST status solved",
		"Tue 2026-11-24 11:00 EST mail solved to the requester",
		"Wed 2026-11-25 11:00 EST status closed")
	var who []string
	for _, l := range r.Lines {
		if l.Kind == policy.IsAssign {
			who = append(who, l.To)
		}
	}
	if !slices.Equal(who, []string{"ben@example.com"}) {
		t.Errorf("assigned to %v; Ben has it throughout", who)
	}
}

func TestS2_17_AReplyASecondAfterTheClosingMakesAFollowUp(t *testing.T) {
	r := play(t, "S2-17")
	leaveOut := []policy.EntryKind{policy.IsEvent, policy.IsOverdue, policy.IsRoute}
	got := happened(r, leaveOut)
	got = got[slices.IndexFunc(got, func(l string) bool { return strings.HasSuffix(l, "status closed") }):]
	why := "Answer usual by Tue 24 Nov 18:10. You wrote Tue 17:10. One hour later is Tue 24 Nov 18:10. Rule: targets.question, policy 2026-11-01, page section 2."
	expect(t, got,
		"Tue 2026-11-24 17:10 EST status closed",
		"Tue 2026-11-24 17:10 EST continues as ticket 2",
		"[2] Tue 2026-11-24 17:10 EST status new",
		"[2] Tue 2026-11-24 17:10 EST assigned to ben@example.com",
		"[2] Tue 2026-11-24 17:10 EST target question, due Tue 2026-11-24 18:10 EST: "+why,
		"[2] Tue 2026-11-24 17:10 EST mail follow-up to the requester",
		"[2] Tue 2026-11-24 18:10 EST target question missed")
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Ticket == 2 && l.Kind == policy.IsDue })
	if want := r.Lines[i].At.Add(time.Hour); r.Lines[i].Due != want || r.Lines[i].At.Second() != 1 {
		t.Errorf("the first reply is due %s; its clock starts at 17:10:01", r.Lines[i].Due)
	}
}

func TestS2_19_FurtherRepliesJoinTheOpenFollowUp(t *testing.T) {
	r := play(t, "S2-19")
	var follow []string
	for _, l := range r.Lines {
		if l.Kind == policy.IsFollowUp {
			follow = append(follow, l.Local()+l.says())
		}
	}
	expect(t, follow,
		"Tue 2026-11-24 17:10 EST  continues as ticket 2  (lifecycle.moves)",
		"Tue 2026-11-24 17:15 EST  joins ticket 2  (lifecycle.moves)",
		"Wed 2026-11-25 18:00 EST  ticket 2: continues as ticket 3  (lifecycle.moves)")
}

func TestS2_20_OnHoldWaitsSilently(t *testing.T) {
	expectAfter(t, play(t, "S2-20"), "2026-11-02 11:00",
		"Mon 2026-11-02 11:00 EST status hold",
		"Mon 2027-01-11 15:45 EST status open",
		"Mon 2027-01-11 15:45 EST mail received-reply to the requester")
}

func refusals(r Result) (all []string) {
	for _, l := range r.Lines {
		if l.Refused != "" {
			all = append(all, string(l.Event)+": "+l.Refused)
		}
	}
	return all
}

func TestS2_22_NobodyWritesInAClosedTicket(t *testing.T) {
	r := play(t, "S2-22")
	const why = "This ticket is closed and can no longer be changed. Start a follow-up instead."
	expect(t, refusals(r), "agent_replies: "+why, "agent_note: "+why, "agent_sets: "+why)
	expectAfter(t, r, "2026-11-24 10:00") // nothing changes
}

func TestS2_23_ClosedCannotBeChosen(t *testing.T) {
	r := play(t, "S2-23")
	const why = "Closed cannot be chosen: it comes by itself after 7 days in Pending or after 24 hours in Solved."
	expect(t, refusals(r), "agent_sets: "+why, "agent_replies: "+why)
}

func TestS2_24_WorkRequestsByTheNextBusinessDay(t *testing.T) {
	for at, due := range map[string]string{
		"2026-11-20 16:45": "Mon 2026-11-23 17:00 EST",
		"2026-11-20 17:30": "Tue 2026-11-24 17:00 EST",
		"2026-11-21 08:00": "Tue 2026-11-24 17:00 EST",
		"2026-11-25 10:00": "Fri 2026-11-27 17:00 EST",
	} {
		r := playText(t, supportCenter(t), "work.yaml", `{events: [{at: "`+at+`", event: customer_creates, kind: work_request}]}`)
		i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Kind == policy.IsDue })
		if got := r.Lines[i].local(r.Lines[i].Due); got != due || r.Lines[i].Strength != "usual" {
			t.Errorf("work requested at %s is due %s (%s), not %s (usual)", at, got, r.Lines[i].Strength, due)
		}
		last := r.Lines[len(r.Lines)-1]
		if last.Kind != policy.IsOverdue || last.Local() != due || r.Lines[len(r.Lines)-2].State != "missed" {
			t.Errorf("passing it is noted at %s as %s", last.Local(), last.Kind)
		}
		for _, l := range r.Lines {
			if l.Kind == policy.IsSend && l.Message != "received" {
				t.Errorf("passing a usual time mails %s", l.Message)
			}
		}
	}
}

func TestS2_28_TheServerWasDownOverTwoReminders(t *testing.T) {
	expectAfter(t, play(t, "S2-28"), "2026-11-21 00:00",
		"Wed 2026-11-25 17:00 EST reminder-1 skipped: it was due at Sat 21 Nov 16:30 and a later one is due as well",
		"Wed 2026-11-25 17:00 EST mail reminder-2 to the requester",
		"Fri 2026-11-27 17:00 EST tag No Response",
		"Fri 2026-11-27 17:00 EST status closed",
		"Fri 2026-11-27 17:00 EST mail closed-no-response to the requester")
}

// Nobody is closed without the warning, even when the server sleeps through the closing itself.
func TestS2_28_DownOverTheClosingToo(t *testing.T) {
	r := playText(t, supportCenter(t), "down.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:00", event: server_down, until: "2026-12-01 09:00"}
`)
	expectAfter(t, r, "2026-11-21 00:00",
		"Tue 2026-12-01 09:00 EST reminder-1 skipped: it was due at Sat 21 Nov 16:30 and a later one is due as well",
		"Tue 2026-12-01 09:00 EST mail reminder-2 to the requester",
		"Thu 2026-12-03 09:00 EST tag No Response",
		"Thu 2026-12-03 09:00 EST status closed",
		"Thu 2026-12-03 09:00 EST mail closed-no-response to the requester")
}

// An answer that arrived while the server was down is read first; it makes the late reminders pointless.
func TestS2_28_AnAnswerDuringTheOutage(t *testing.T) {
	r := playText(t, supportCenter(t), "down.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:00", event: server_down, until: "2026-12-01 09:00"}
  - {at: "2026-11-30 12:00", event: customer_replies}
`)
	expectAfter(t, r, "2026-11-21 00:00",
		"Mon 2026-11-30 12:00 EST status open",
		"Mon 2026-11-30 12:00 EST mail received-reply to the requester",
		"Tue 2026-12-01 09:00 EST reminder-1 skipped: the customer had answered before it could be sent",
		"Tue 2026-12-01 09:00 EST reminder-2 skipped: the customer had answered before it could be sent")
}

func TestS2_30_AReminderThatBounces(t *testing.T) {
	expectAfter(t, play(t, "S2-30"), "2026-11-21 00:00",
		"Sat 2026-11-21 16:30 EST mail reminder-1 to the requester",
		"Sat 2026-11-21 16:31 EST task: Mail does not reach the customer: it came back. No timer that waits for their answer runs until the address changes or you resume the timers.")
	soft := playText(t, supportCenter(t), "soft.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:31", event: bounce, permanent: false}
`)
	expectAfter(t, soft, "2026-11-22 00:00",
		"Wed 2026-11-25 16:30 EST mail reminder-2 to the requester",
		"Fri 2026-11-27 16:30 EST tag No Response",
		"Fri 2026-11-27 16:30 EST status closed",
		"Fri 2026-11-27 16:30 EST mail closed-no-response to the requester")
}

func TestS2_30_TheTimersGoOnWhereTheyStood(t *testing.T) {
	for _, resumes := range []string{`event: timers_resumed`, `event: fact_changed, facts: {customer.address: new@example.com}`} {
		r := playText(t, supportCenter(t), "resumed.yaml", `
events:
  - {at: "2026-11-20 16:30", event: agent_replies, status: pending}
  - {at: "2026-11-21 16:31", event: bounce}
  - {at: "2026-11-30 16:31", `+resumes+`}
`)
		expectAfter(t, r, "2026-11-22 00:00",
			"Fri 2026-12-04 16:30 EST mail reminder-2 to the requester",
			"Sun 2026-12-06 16:30 EST tag No Response",
			"Sun 2026-12-06 16:30 EST status closed",
			"Sun 2026-12-06 16:30 EST mail closed-no-response to the requester")
	}
}

func TestS2_31_AStrangersMessageDoesNotMoveTheTicket(t *testing.T) {
	expectAfter(t, play(t, "S2-31"), "2026-11-20 17:00",
		"Fri 2026-11-20 18:00 EST note: A message from somebody who is not on this ticket is held until an agent accepts it.")
}
