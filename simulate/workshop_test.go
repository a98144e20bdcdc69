package simulate

import (
	"os"
	"slices"
	"strings"
	"testing"

	"hark/policy"
)

// Tests of what the support centre does not use: regions, levels, phases, escalation, issues, calls. The figures are
// those of seeds 000, 001, 003 and 004; the policy under testdata holds their rules.

func workshop(t testing.TB) *policy.Policy {
	t.Helper()
	src, err := os.ReadFile("testdata/workshop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, findings := policy.Parse("workshop.yaml", src)
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets(src))
	}
	return p
}

func inWorkshop(t testing.TB, scenario string) Result {
	t.Helper()
	return playText(t, workshop(t), "scenario.yaml", scenario)
}

// of picks the lines of some kinds, in short.
func of(r Result, kinds ...policy.EntryKind) (lines []string) {
	for _, l := range r.Lines {
		if slices.Contains(kinds, l.Kind) {
			lines = append(lines, l.Local()+" "+strings.TrimSpace(words[l.Kind](l)))
		}
	}
	return lines
}

// due picks the target lines without their sentences: when, which, how it stands, until when.
func due(r Result, target string) (lines []string) {
	for _, l := range r.Lines {
		if l.Kind == policy.IsDue && l.Target == target {
			lines = append(lines, l.Local()+" "+l.State+" until "+l.local(l.Due))
		}
	}
	return lines
}

func TestS3_01_OneBusinessDayAndItsAmber(t *testing.T) {
	r := inWorkshop(t, `
facts: {customer.region: us-east}
events: [{at: "2026-11-17 15:00", event: customer_creates}]`)
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Target == "standard" })
	if got := r.Lines[i].local(r.Lines[i].Warn); got != "Wed 2026-11-18 13:00 EST" {
		t.Errorf("amber at %s", got)
	}
	expect(t, due(r, "standard"),
		"Tue 2026-11-17 15:00 EST running until Wed 2026-11-18 15:00 EST",
		"Wed 2026-11-18 15:00 EST missed until Wed 2026-11-18 15:00 EST")
	expect(t, of(r, policy.IsPriority), "Wed 2026-11-18 15:00 EST priority high")
}

func TestS3_07_AndS3_10_EachRegionHasItsHours(t *testing.T) {
	for _, one := range []struct{ facts, at, target, due string }{
		{"customer.region: sydney", "2026-11-20T05:30:00Z", "standard", "Mon 2026-11-23 00:30 EST"},
		{"customer.region: us-east, subscription.plan: enterprise", "2026-11-17T20:00:00Z", "enterprise", "Wed 2026-11-18 11:00 EST"},
		{"customer.region: us-west, subscription.plan: enterprise", "2026-11-21T00:30:00Z", "enterprise", "Mon 2026-11-23 15:30 EST"},
	} {
		r := inWorkshop(t, `{facts: {`+one.facts+`}, events: [{at: "`+one.at+`", event: customer_creates}]}`)
		i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Target == one.target })
		if i < 0 || r.Lines[i].local(r.Lines[i].Due) != one.due {
			t.Errorf("%s: not due %s", one.facts, one.due)
		}
	}
}

func TestS3_10_TheRepresentativeOrTheGroup(t *testing.T) {
	r := inWorkshop(t, `{facts: {customer.region: us-east, subscription.plan: enterprise, customer.representative: ana}, events: [{at: "2026-11-17 10:00", event: customer_creates}]}`)
	expect(t, of(r, policy.IsRoute, policy.IsAssign), "Tue 2026-11-17 10:00 EST goes to ana", "Tue 2026-11-17 10:00 EST assigned to ana")
	r = inWorkshop(t, `{facts: {customer.region: us-east, subscription.plan: enterprise}, events: [{at: "2026-11-17 10:00", event: customer_creates}]}`)
	expect(t, of(r, policy.IsRoute, policy.IsAssign), "Tue 2026-11-17 10:00 EST goes to group: enterprise")
}

func TestS3_11_NoRegionOnTheCustomer(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-17T20:00:00Z", event: customer_creates}
  - {at: "2026-11-17T21:00:00Z", event: fact_changed, facts: {customer.region: sydney}}`)
	expect(t, of(r, policy.IsTask), "Tue 2026-11-17 15:00 EST task: Fill in the customer region; until then times are counted in the default region.")
	expect(t, due(r, "standard")[:2],
		"Tue 2026-11-17 15:00 EST running until Wed 2026-11-18 15:00 EST",
		"Tue 2026-11-17 16:00 EST running until Wed 2026-11-18 17:00 EST") // Wednesday 07:00 there: from opening to opening
}

func TestS3_13_HighImpactEscalatesByItselfAndOnce(t *testing.T) {
	r := inWorkshop(t, `
facts: {customer.region: us-east}
events:
  - {at: "2026-11-17 10:00", event: customer_creates, facts: {ticket.users_affected: 1}}
  - {at: "2026-11-17 10:10", event: fact_changed, facts: {ticket.users_affected: 2}}
  - {at: "2026-11-17 10:20", event: fact_changed, facts: {ticket.users_affected: 3}}
until: "2026-11-17 12:00"`)
	expect(t, of(r, policy.IsPriority, policy.IsAssign), "Tue 2026-11-17 10:10 EST priority urgent", "Tue 2026-11-17 10:10 EST assigned to seniors")
}

func TestS3_14_AskingTwiceDoesNothingMore(t *testing.T) {
	r := inWorkshop(t, `
facts: {customer.region: us-east}
events:
  - {at: "2026-11-17 10:00", event: customer_creates}
  - {at: "2026-11-17 10:10", event: customer_asks}
  - {at: "2026-11-17 10:20", event: customer_asks}
until: "2026-11-17 12:00"`)
	expect(t, of(r, policy.IsAssign, policy.IsNote, policy.IsPriority, policy.IsSend),
		"Tue 2026-11-17 10:00 EST mail received to the requester",
		"Tue 2026-11-17 10:10 EST assigned to seniors",
		"Tue 2026-11-17 10:10 EST note: Customer asked for escalation",
		"Tue 2026-11-17 10:10 EST mail escalated to the requester")
}

func TestS3_15_KeepingTheCustomerInformed(t *testing.T) {
	r := inWorkshop(t, `
facts: {customer.region: us-east}
events:
  - {at: "2026-11-17 09:00", event: customer_creates}
  - {at: "2026-11-17 10:00", event: agent_replies}
  - {at: "2026-11-18 10:00", event: customer_replies}
  - {at: "2026-11-19 10:00", event: agent_replies}
  - {at: "2026-11-20 10:00", event: agent_replies, status: pending}
  - {at: "2026-11-23 10:00", event: customer_replies}
  - {at: "2026-11-23 11:00", event: agent_replies, status: solved}`)
	expect(t, due(r, "keep-informed"),
		"Tue 2026-11-17 10:00 EST running until Fri 2026-11-20 10:00 EST",
		"Thu 2026-11-19 10:00 EST running until Tue 2026-11-24 10:00 EST",
		"Fri 2026-11-20 10:00 EST paused until Wed 2026-11-25 10:00 EST",
		"Mon 2026-11-23 10:00 EST running until Fri 2026-11-27 10:00 EST")
	expect(t, due(r, "again"),
		"Wed 2026-11-18 10:00 EST running until Thu 2026-11-19 10:00 EST",
		"Thu 2026-11-19 10:00 EST kept until Thu 2026-11-19 10:00 EST",
		"Mon 2026-11-23 10:00 EST running until Tue 2026-11-24 10:00 EST",
		"Mon 2026-11-23 11:00 EST kept until Tue 2026-11-24 10:00 EST")
}

// A solution that was none goes on being owed; the time it counted as solved is not counted.
func TestASolutionIsOwedAgainWhenTheTicketIsReopened(t *testing.T) {
	r := inWorkshop(t, `
facts: {customer.region: us-east}
events:
  - {at: "2026-11-09 10:00", event: customer_creates}
  - {at: "2026-11-09 11:00", event: agent_replies, status: solved}
  - {at: "2026-11-10 11:00", event: customer_replies}
until: "2026-11-11 00:00"`)
	expect(t, due(r, "solution"),
		"Mon 2026-11-09 10:00 EST running until Tue 2026-11-24 10:00 EST", // ten business days, Veterans Day left out
		"Mon 2026-11-09 11:00 EST kept until Tue 2026-11-24 10:00 EST",
		"Tue 2026-11-10 11:00 EST running until Wed 2026-11-25 10:00 EST")
}

func TestS1_01_LevelsFollowFromDates(t *testing.T) {
	for ordered, want := range map[string]string{
		"2026-10-18": "Tue 2026-11-17 10:00 EST level active: Ordered in the last 30 days",
		"2026-10-17": "Tue 2026-11-17 10:00 EST level no_plan: Has no plan",
	} {
		r := inWorkshop(t, `{facts: {customer.region: us-east, licence.ordered_on: "`+ordered+`"}, events: [{at: "2026-11-17 10:00", event: customer_creates}], until: "2026-11-17 12:00"}`)
		expect(t, of(r, policy.IsLevel), want)
	}
}

// phases picks the phase lines: state and usual end.
func phases(r Result) []string { return of(r, policy.IsPhase) }

func TestS4_01_ToS4_04_TheFirstPhaseOfABug(t *testing.T) {
	for _, one := range []struct{ at, from, to string }{
		{"2026-11-16 10:00", "Mon 2026-11-16 12:00 EST", "Thu 2026-11-19 17:00 EST"},
		{"2026-11-20 16:00", "Mon 2026-11-23 10:00 EST", "Wed 2026-11-25 17:00 EST"},
		{"2026-11-21 10:00", "Mon 2026-11-23 11:00 EST", "Fri 2026-11-27 17:00 EST"},
	} {
		r := inWorkshop(t, `{events: [{at: "`+one.at+`", event: customer_creates, kind: bug}]}`)
		i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Kind == policy.IsPhase })
		l := r.Lines[i]
		if from, to := l.local(*l.From), l.local(*l.Until); from != one.from || to != one.to || l.State != "running" {
			t.Errorf("a bug of %s: %s from %s to %s", one.at, l.State, from, to)
		}
	}
}

func TestS4_06_ToS4_11_ABugGoesThroughItsPhases(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: bug}
  - {at: "2026-11-17 09:30", event: review_started}
  - {at: "2026-11-18 09:30", event: agent_moves, phase: identified}
  - {at: "2026-11-23 14:00", event: issue_linked}
  - {at: "2026-11-24 10:00", event: agent_moves, phase: received}
  - {at: "2026-12-10 10:00", event: agent_moves, phase: plan, facts: {issue.plan: "A new driver"}}
  - {at: "2027-01-11 15:20", event: issue_fixed}
  - {at: "2027-01-11 15:21", event: issue_fixed, confirmed: true}`)
	expect(t, phases(r),
		"Mon 2026-11-16 10:00 EST phase received running, usually until Thu 2026-11-19 17:00 EST: 2 hours to 3 business days",
		"Tue 2026-11-17 09:30 EST phase received done: Received",
		"Tue 2026-11-17 09:30 EST phase review running, usually until Wed 2026-12-02 17:00 EST: 4 to 10 business days",
		"Mon 2026-11-23 14:00 EST phase review done: Under review",
		"Mon 2026-11-23 14:00 EST phase identified running, usually until Tue 2026-12-08 17:00 EST: 1 to 10 business days",
		"Thu 2026-12-10 10:00 EST phase identified done: Identified",
		"Thu 2026-12-10 10:00 EST phase plan running")
	expect(t, refusals(r),
		`agent_moves: "Identified" needs issue link first.`,
		`agent_moves: "Received" does not follow "Identified"; from there it goes to plan.`)
	expect(t, of(r, policy.IsOverdue, policy.IsTask), // longer than usual is no breach: a task, and nothing is sent
		"Tue 2026-12-08 17:00 EST overdue: identified",
		"Tue 2026-12-08 17:00 EST task: Write the customer an update")
	expect(t, of(r, policy.IsSend, policy.IsPublish)[3:],
		"Mon 2027-01-11 15:21 EST mail fixed to the requester",
		"Mon 2027-01-11 15:21 EST published in whats_new")
}

func TestS4_10_AFixReachesTheReporterOfAClosedTicket(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: bug}
  - {at: "2026-11-16 11:00", event: agent_replies, status: solved}
  - {at: "2027-01-11 15:20", event: issue_fixed, confirmed: true}`)
	expectAfter(t, r, "2026-11-17 00:00",
		"Mon 2026-11-30 11:00 EST status closed",
		"Mon 2027-01-11 15:20 EST mail fixed to the requester",
		"Mon 2027-01-11 15:20 EST published in whats_new")
}

func TestA22_WaitingForTheCustomerMovesTheEndOfAPhase(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: bug}
  - {at: "2026-11-16 12:00", event: agent_replies, status: pending}
  - {at: "2026-11-17 12:00", event: customer_replies}
until: "2026-11-18 00:00"`)
	expect(t, phases(r)[1:],
		"Mon 2026-11-16 12:00 EST phase received waiting: We need something from you",
		"Tue 2026-11-17 12:00 EST phase received running, usually until Fri 2026-11-20 17:00 EST: 2 hours to 3 business days")
}

func TestS4_13_AWishMaySkipAPhaseButNotTwo(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: feature}
  - {at: "2026-11-17 10:00", event: agent_moves, phase: complete, facts: {feature.decision: planned}}
  - {at: "2026-11-18 10:00", event: review_started}
  - {at: "2026-11-19 10:00", event: agent_moves, phase: complete, facts: {feature.decision: planned}}
until: "2026-11-20 00:00"`)
	expect(t, refusals(r), `agent_moves: "Decided" does not follow "Received"; from there it goes to review.`)
	expect(t, phases(r)[3:],
		"Thu 2026-11-19 10:00 EST phase review done: Under review",
		"Thu 2026-11-19 10:00 EST phase considered skipped: Considered",
		"Thu 2026-11-19 10:00 EST phase complete running")
}

func TestS4_16_AnsweredStraightAwayAndS4_17_Reopened(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: other}
  - {at: "2026-11-17 09:30", event: agent_replies, status: solved}
  - {at: "2026-12-01 09:29", event: customer_replies}
until: "2026-12-02 00:00"`)
	expect(t, phases(r)[1:],
		"Tue 2026-11-17 09:30 EST phase received done: Received",
		"Tue 2026-11-17 09:30 EST phase review skipped: Under review",
		"Tue 2026-11-17 09:30 EST phase answered running",
		"Tue 2026-12-01 09:29 EST phase answered done: Response sent",
		"Tue 2026-12-01 09:29 EST phase review running, usually until Fri 2026-12-04 17:00 EST: 2 to 3 business days")
}

func TestS4_19_FromABugToAWish(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-16 10:00", event: customer_creates, kind: bug}
  - {at: "2026-11-16 11:00", event: agent_sets, kind: feature}
  - {at: "2026-11-16 12:00", event: agent_sets, kind: bug}
  - {at: "2026-11-17 09:30", event: review_started}
  - {at: "2026-11-18 14:00", event: issue_linked}
  - {at: "2026-11-20 10:00", event: agent_sets, kind: feature}
until: "2026-11-21 00:00"`)
	got := phases(r)
	expect(t, []string{got[1], got[len(got)-1]},
		"Mon 2026-11-16 11:00 EST phase received running, usually until Tue 2026-12-01 17:00 EST: 1 to 10 business days", // same meaning: counted from 10:00 as before
		"Fri 2026-11-20 10:00 EST phase review running, usually until Mon 2026-12-07 17:00 EST: 5 to 10 business days")   // no such phase: the review begins now
}

func TestS0_01_ToS0_21_ACall(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-09 10:05", event: customer_creates, kind: call}
  - {at: "2026-11-09 11:00", event: call_booked, start: "2026-11-18 11:00", host: cem}
  - {at: "2026-11-10 11:00", event: call_moved, start: "2026-11-19 14:00"}
  - {at: "2026-11-19 14:10", event: call_ended, outcome: no-answer}
  - {at: "2026-11-19 15:00", event: call_moved, start: "2026-11-20 14:00"}
  - {at: "2026-11-19 16:00", event: call_booked, start: "2026-11-20 14:00"}
  - {at: "2026-11-20 09:00", event: call_cancelled}
until: "2026-11-21 00:00"`)
	expect(t, due(r, "offer"),
		"Mon 2026-11-09 10:05 EST running until Tue 2026-11-10 10:05 EST",
		"Mon 2026-11-09 11:00 EST kept until Tue 2026-11-10 10:05 EST")
	expect(t, of(r, policy.IsStatus, policy.IsReminder, policy.IsTask)[1:],
		"Mon 2026-11-09 11:00 EST status scheduled",
		"Wed 2026-11-18 14:00 EST reminder of the call at Thu 2026-11-19 14:00 EST",
		"Thu 2026-11-19 13:00 EST reminder of the call at Thu 2026-11-19 14:00 EST",
		"Thu 2026-11-19 14:10 EST status open",
		"Thu 2026-11-19 14:10 EST task: Write the call up",
		"Thu 2026-11-19 14:10 EST status pending",
		"Thu 2026-11-19 16:00 EST status scheduled",
		"Fri 2026-11-20 09:00 EST status open",
		"Fri 2026-11-20 09:00 EST task: Find a new time for the call.")
	expect(t, refusals(r), "call_moved: No call is booked that could be moved.")
}

func TestS0_14_TheRatingIsAskedOnce(t *testing.T) {
	r := inWorkshop(t, `
events:
  - {at: "2026-11-09 10:05", event: customer_creates, kind: call}
  - {at: "2026-11-09 11:00", event: call_booked, start: "2026-11-18 11:00"}
  - {at: "2026-11-18 11:20", event: call_ended, outcome: solved}
until: "2026-11-19 00:00"`)
	expect(t, of(r, policy.IsRating), "Wed 2026-11-18 11:20 EST asked how we did")
}
