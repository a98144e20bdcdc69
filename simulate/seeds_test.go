package simulate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hark/policy"
)

// The scenarios of seeds 000, 001, 003 and 004, and those of 002 that came later: each file under policy/scenarios is run on
// the built-in policy that it names, as `hark simulate` runs it.

// seeded plays a scenario by its id, "S0-01" or "S0-02-friday".
func seeded(t testing.TB, id string) Result {
	t.Helper()
	return seededUnder(t, id, nil)
}

// seededUnder plays it under another policy than the one it names.
func seededUnder(t testing.TB, id string, p *policy.Policy) Result {
	t.Helper()
	file, src := scenarioText(t, id)
	if p == nil {
		p = builtIn(t, PolicyIn(src))
	}
	return playText(t, p, file, string(src))
}

func scenarioText(t testing.TB, id string) (file string, src []byte) {
	t.Helper()
	file = filepath.Join("..", "policy", "scenarios", "00"+id[1:2], id+".yaml")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, src
}

func scenarioOf(t testing.TB, id string) (*policy.Policy, Scenario) {
	t.Helper()
	file, src := scenarioText(t, id)
	p := builtIn(t, PolicyIn(src))
	s, findings := Parse(file, src, p.Zone)
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets(src))
	}
	return p, s
}

var builtIns = map[string]*policy.Policy{} // read once: many scenarios play under each

func builtIn(t testing.TB, name string) *policy.Policy {
	t.Helper()
	if builtIns[name] == nil {
		builtIns[name] = exampleWith(t, name)
	}
	return builtIns[name]
}

// exampleWith is a built-in policy with some words replaced; each must be there.
func exampleWith(t testing.TB, name string, pairs ...string) *policy.Policy {
	t.Helper()
	src, ok := policy.Example(name)
	if !ok {
		t.Fatalf("no built-in policy is called %q", name)
	}
	text := string(src)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s does not say %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, findings := policy.Parse(name+".yaml", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	return p
}

// dueFirst is when the first target of a scenario is due when it begins, and how strongly that is meant.
func dueFirst(t *testing.T, id string) string {
	t.Helper()
	for _, l := range seeded(t, id).Lines {
		if l.Kind == policy.IsDue {
			return l.local(l.Due) + ", " + string(l.Strength)
		}
	}
	return "nothing is due"
}

func expectDue(t *testing.T, wanted map[string]string) {
	t.Helper()
	for id, want := range wanted {
		if got := dueFirst(t, id); got != want {
			t.Errorf("%s: due %s, not %s", id, got, want)
		}
	}
}

// ranges are the usual times of the phases that a scenario goes through: name, from and to.
func ranges(r Result) (lines []string) {
	for _, l := range r.Lines {
		if l.Kind != policy.IsPhase || l.State != "running" {
			continue
		}
		text := l.Phase
		if l.From != nil {
			text += " from " + l.local(*l.From)
		}
		if l.Until != nil {
			text += " to " + l.local(*l.Until)
		}
		lines = append(lines, text)
	}
	return lines
}

// passed are the phases that a scenario ends or leaves out.
func passed(r Result) (lines []string) {
	for _, l := range r.Lines {
		if l.Kind == policy.IsPhase && l.State != "running" {
			lines = append(lines, l.Phase+" "+l.State)
		}
	}
	return lines
}

// sent are the messages of a scenario, by id.
func sent(r Result) (ids []string) {
	for _, l := range r.Lines {
		if l.Kind == policy.IsSend {
			ids = append(ids, l.Message)
		}
	}
	return ids
}

func TestEveryScenarioFileNamesAPolicyAndRuns(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "policy", "scenarios", "*", "*.yaml"))
	if err != nil || len(files) < 90 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		r := seeded(t, strings.TrimSuffix(filepath.Base(file), ".yaml"))
		if len(r.Lines) == 0 || r.Stopped != "" {
			t.Errorf("%s: %d lines, %s", file, len(r.Lines), r.Stopped)
		}
	}
}

// Seed 000: phone support as an add-on.

func TestS0_01_ARequestForACall(t *testing.T) {
	r := seeded(t, "S0-01")
	expect(t, of(r, policy.IsStatus, policy.IsSend, policy.IsPhase),
		"Mon 2026-11-09 10:05 EST status new",
		"Mon 2026-11-09 10:05 EST phase reviewing running",
		"Mon 2026-11-09 10:05 EST mail received to the requester")
	expectDue(t, map[string]string{"S0-01": "Tue 2026-11-10 10:05 EST, unstated"})
}

func TestS0_02_RequestsAtTheWeekendAndOnHolidays(t *testing.T) {
	expectDue(t, map[string]string{
		"S0-02-friday":           "Mon 2026-11-23 16:30 EST, unstated",
		"S0-02-saturday":         "Tue 2026-11-24 08:00 EST, unstated",
		"S0-02-before-a-holiday": "Thu 2026-11-12 15:00 EST, unstated",
		"S0-02-at-closing":       "Mon 2026-11-30 08:00 EST, unstated",
	})
}

func TestS0_11_WithoutTheAddOn(t *testing.T) {
	r := seeded(t, "S0-11")
	expect(t, sent(r), "received", "no-phone-plan", "call-booked")
	expect(t, refusals(r), "call_booked: Calls are part of Phone support, which this customer does not have. An agent can offer one as an exception.")
	expect(t, of(r, policy.IsNote), "Mon 2026-11-09 11:00 EST note: The call is an exception: the customer does not have Phone support.")
}

func TestS0_12_ProspectsCanHaveItTooAndOthersCannot(t *testing.T) {
	expect(t, of(seeded(t, "S0-12-prospective"), policy.IsStatus),
		"Mon 2026-11-09 10:05 EST status new", "Mon 2026-11-09 11:00 EST status scheduled")
	r := seeded(t, "S0-12-active-without")
	expect(t, of(r, policy.IsStatus), "Mon 2026-11-09 10:05 EST status new")
	if len(refusals(r)) != 1 {
		t.Errorf("refused: %v", refusals(r))
	}
}

// Nobody has said whether the customer pays for calls: an agent's booking stands, and somebody is asked to find out.
func TestS0_12_NobodyHasSaidWhetherTheyPay(t *testing.T) {
	p := exampleWith(t, "soapbox-phone-support")
	r := playText(t, p, "unknown.yaml", `
events:
  - {at: "2026-11-09 10:05", event: customer_creates, kind: call}
  - {at: "2026-11-09 11:00", event: call_booked, start: "2026-11-18 11:00", host: cem@example.com}
until: "2026-11-10 00:00"`)
	expect(t, of(r, policy.IsTask), "Mon 2026-11-09 11:00 EST task: Find out whether the customer has Phone support; nobody has said so.")
	if p.MayBookCalls(policy.FactsIn(nil)) {
		t.Error("a customer of whom nothing is known books calls alone")
	}
	if !p.MayBookCalls(policy.FactsIn(map[string]any{"subscription.phone_support": true, "customer.stage": "prospective"})) {
		t.Error("a prospect who pays cannot book")
	}
}

func TestS0_13_TheAddOnEndsBetweenBookingAndCall(t *testing.T) {
	r := seeded(t, "S0-13")
	expect(t, of(r, policy.IsStatus, policy.IsReminder),
		"Wed 2026-11-25 10:00 EST status new",
		"Wed 2026-11-25 11:00 EST status scheduled",
		"Tue 2026-12-01 11:00 EST reminder of the call at Wed 2026-12-02 11:00 EST",
		"Wed 2026-12-02 10:00 EST reminder of the call at Wed 2026-12-02 11:00 EST",
		"Wed 2026-12-02 11:25 EST status open")
	expect(t, refusals(r), "call_booked: Calls are part of Phone support, which this customer does not have. An agent can offer one as an exception.")
}

// A company that writes cancel instead does not call: the ticket is somebody's turn again, and the customer is to be told.
func TestS0_13_UnlessThePolicyCancels(t *testing.T) {
	r := seededUnder(t, "S0-13", exampleWith(t, "soapbox-phone-support", "if_plan_ends: honour", "if_plan_ends: cancel"))
	expect(t, of(r, policy.IsStatus, policy.IsReminder, policy.IsTask)[2:],
		"Tue 2026-12-01 00:00 EST status open",
		"Tue 2026-12-01 00:00 EST task: Tell the customer that the call does not take place: Phone support has ended.")
}

func TestS0_14_SolvedWithoutACall(t *testing.T) {
	r := seeded(t, "S0-14")
	expect(t, ranges(r), "reviewing", "in_ticket", "solved")
	expect(t, of(r, policy.IsStatus, policy.IsRating),
		"Mon 2026-11-09 10:05 EST status new",
		"Mon 2026-11-09 11:30 EST status solved",
		"Mon 2026-11-09 11:30 EST asked how we did")
}

func TestS0_15_TheResultMustBeWritten(t *testing.T) {
	r := seeded(t, "S0-15")
	const missing = "The record of the call is not complete: call result is missing. Write it down, then solve the ticket."
	expect(t, refusals(r), "agent_replies: "+missing, "agent_sets: "+missing)
	expect(t, of(r, policy.IsStatus, policy.IsTask),
		"Mon 2026-11-16 09:00 EST status new",
		"Mon 2026-11-16 09:30 EST status scheduled",
		"Wed 2026-11-18 10:24 EST status open",
		"Wed 2026-11-18 10:24 EST task: Write the result of the call into the ticket",
		"Wed 2026-11-18 10:30 EST status solved")
	expect(t, ranges(r), "reviewing", "booked", "documented", "solved")
}

// However the call ended and wherever its ticket has got to: what came of the call is written down first.
func TestS0_15_AfterMoreWorkTheResultIsStillOwed(t *testing.T) {
	r := playText(t, builtIn(t, "soapbox-phone-support"), "more-work.yaml", `
facts: {subscription.phone_support: true, customer.stage: active}
events:
  - {at: "2026-11-16 09:00", event: customer_creates, kind: call}
  - {at: "2026-11-16 09:30", event: call_booked, start: "2026-11-18 10:00", host: cem@example.com}
  - {at: "2026-11-18 10:24", event: call_ended, outcome: more-work}
  - {at: "2026-11-18 11:00", event: agent_replies, status: solved}
  - {at: "2026-11-18 11:05", event: fact_changed, facts: {call.result: "The importer is set up"}}
  - {at: "2026-11-18 11:06", event: agent_replies, status: solved}
until: "2026-11-19 00:00"`)
	if got := refusals(r); len(got) != 1 || !strings.Contains(got[0], "call result is missing") {
		t.Errorf("refused: %v", got)
	}
	statuses := of(r, policy.IsStatus)
	expect(t, statuses[len(statuses)-1:], "Wed 2026-11-18 11:06 EST status solved")
}

func TestS0_16_MovingACall(t *testing.T) {
	r := seeded(t, "S0-16")
	expect(t, of(r, policy.IsReminder, policy.IsNote),
		"Tue 2026-11-10 09:00 EST note: The call moves from Wed 18 Nov 11:00 to Thu 19 Nov 14:00.",
		"Wed 2026-11-18 14:00 EST reminder of the call at Thu 2026-11-19 14:00 EST",
		"Thu 2026-11-19 13:00 EST reminder of the call at Thu 2026-11-19 14:00 EST")
}

func TestS0_18_DeclinedInTheCalendar(t *testing.T) {
	r := seeded(t, "S0-18")
	expect(t, of(r, policy.IsStatus, policy.IsTask, policy.IsReminder),
		"Mon 2026-11-09 10:05 EST status new",
		"Mon 2026-11-09 11:00 EST status scheduled",
		"Tue 2026-11-10 09:00 EST status open",
		"Tue 2026-11-10 09:00 EST task: Find a new time")
	expect(t, ranges(r), "reviewing", "booked", "reviewing") // no customer reads of a call that is not booked
}

func TestS0_21_NobodyAnswers(t *testing.T) {
	r := seeded(t, "S0-21")
	expect(t, refusals(r), "call_ended: “Nobody answered” can be said from 14:10 on: that long the policy waits for the customer.")
	expect(t, sent(r), "received", "call-booked", "missed-call")
	expect(t, of(r, policy.IsStatus, policy.IsTask)[2:], "Wed 2026-11-18 14:10 EST status pending") // there is nothing to write up
	expect(t, ranges(r), "reviewing", "booked", "reviewing")
}

func TestS0_22_NoCallsOnClosedDays(t *testing.T) {
	expect(t, refusals(seeded(t, "S0-22")),
		"call_booked: There are no calls at Thu 26 Nov 10:00: holiday: Thanksgiving Day.",
		"call_booked: There are no calls at Sat 21 Nov 10:00: closed on Saturdays.",
		"call_booked: There are no calls at Wed 18 Nov 16:45: the call would not end by closing, Wed 18 Nov 17:00.",
		"call_moved: There are no calls at Thu 26 Nov 10:00: holiday: Thanksgiving Day.")
	closed := exampleWith(t, "soapbox-phone-support", "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: \"2026-11-18\", hours: closed, why: \"we move house\"}]\n")
	got := refusals(seededUnder(t, "S0-22", closed))
	expect(t, got[3:4], "call_booked: There are no calls at Wed 18 Nov 16:30: we move house.")
}

func TestS0_23_AFaultOfEverybody(t *testing.T) {
	r := seeded(t, "S0-23")
	const horizon = `agent_moves: "You know what to expect" needs issue horizon first: immediately, weeks, months or not in the foreseeable future.`
	expect(t, refusals(r), horizon, horizon)
	expect(t, of(r, policy.IsStatus, policy.IsSend, policy.IsTask),
		"Thu 2026-11-19 09:00 EST status new",
		"Thu 2026-11-19 09:00 EST mail received to the requester",
		"Thu 2026-11-19 09:30 EST task: Open an issue with the engineers and link it.",
		"Thu 2026-11-19 11:00 EST mail bug-answer to the requester",
		"Thu 2026-11-19 11:00 EST status solved",
		"Sun 2026-11-22 11:00 EST status closed")
}

func TestS0_24_TheFaultIsMended(t *testing.T) {
	r := seeded(t, "S0-24")
	expectAfter(t, r, "2026-11-22 00:00",
		"Sun 2026-11-22 11:00 EST status closed",
		"Mon 2027-01-11 15:20 EST phase answered done: You know what to expect",
		"Mon 2027-01-11 15:20 EST phase fixed running",
		"Thu 2027-01-14 10:00 EST phase fixed done: Fixed",
		"Thu 2027-01-14 10:00 EST phase announced running",
		"Thu 2027-01-14 10:00 EST published in release_announcements") // and no mail (A31)
}

func TestS0_25_AnotherSystemIsTheCause(t *testing.T) {
	r := seeded(t, "S0-25")
	expect(t, of(r, policy.IsTask), "Mon 2026-11-16 10:00 EST task: We support this in part: Where another system is the cause, we help to find that out or to rule our product out, and stop there. We tell you what we saw, so that you can take it to them. “Another system is the cause” is prepared; look at it and send it.")
	expect(t, sent(r), "received") // nothing is declined by itself
	expect(t, of(r, policy.IsStatus)[1:], "Mon 2026-11-16 10:05 EST status solved")
	r = seeded(t, "S0-25-declined")
	expect(t, sent(r), "received", "out-of-scope")
	expect(t, ranges(r), "reviewing", "out_of_scope")
}

func TestS0_26_AChangeOnlyTheStaffCanMake(t *testing.T) {
	const change = "The time zone of your account. Write down: who asked; the old time zone; the new time zone."
	expect(t, of(seeded(t, "S0-26"), policy.IsTask), "Mon 2026-11-16 10:00 EST task: "+change)
	expect(t, of(seeded(t, "S0-26-not-an-administrator"), policy.IsTask), "Mon 2026-11-16 10:00 EST task: First get the word of an administrator of the account. "+change)
}

// Seed 001: level-one technicians.

func levelOf(t *testing.T, id string) string {
	t.Helper()
	for _, l := range seeded(t, id).Lines {
		if l.Kind == policy.IsLevel {
			return l.Level + " by " + l.Row
		}
	}
	return "no level"
}

func TestS1_01_ThirtyDays(t *testing.T) {
	for id, want := range map[string]string{
		"S1-01-thirty-days": "active by recent", "S1-01-thirty-one-days": "no_plan by none",
		"S1-05-90-days": "active by evaluating", "S1-05-91-days": "sales by long-evaluation", "S1-05-120-days": "sales by long-evaluation",
		"S1-06": "active by hosted", "S1-07": "unsupported by old-version",
	} {
		if got := levelOf(t, id); got != want {
			t.Errorf("%s: %s, not %s", id, got, want)
		}
	}
}

func TestS1_14_WhichNewCasesGoToLevelTwo(t *testing.T) {
	for id, want := range map[string]string{
		"S1-14-priority": "group: level_two", "S1-14-evaluating": "group: level_two", "S1-14-bug": "group: level_two", "S1-14-question": "group: level_one",
	} {
		if got := of(seeded(t, id), policy.IsRoute); len(got) != 1 || !strings.HasSuffix(got[0], "goes to "+want) {
			t.Errorf("%s: %v, not %s", id, got, want)
		}
	}
}

func TestS1_23_AComplaintIsPassedOn(t *testing.T) {
	expect(t, of(seeded(t, "S1-23"), policy.IsTask), "Tue 2026-11-17 10:10 PST task: Pass it on to support-admin@ablecommerce.com")
}

// Seed 002: more of the support centre.

func TestS2_24_WorkRequestsFromTheirFiles(t *testing.T) {
	expectDue(t, map[string]string{
		"S2-24-friday-before-closing": "Mon 2026-11-23 17:00 EST, usual",
		"S2-24-friday-after-closing":  "Tue 2026-11-24 17:00 EST, usual",
		"S2-24-saturday":              "Tue 2026-11-24 17:00 EST, usual",
		"S2-24-before-thanksgiving":   "Fri 2026-11-27 17:00 EST, usual",
	})
}

func TestS2_26_WhoGetsWhat(t *testing.T) {
	for id, want := range map[string]string{
		"S2-26-project": "ana@example.com", "S2-26-existing": "ben@example.com", "S2-26-work": "cem@example.com", "S2-26-question": "pool: everyone, next available",
		"S2-27-away": "pool: everyone, next available",
	} {
		routes := of(seeded(t, id), policy.IsRoute)
		if !strings.HasSuffix(routes[len(routes)-1], "goes to "+want) {
			t.Errorf("%s: %v, not %s", id, routes, want)
		}
	}
	expect(t, of(seeded(t, "S2-27-away"), policy.IsNote), "Mon 2026-11-16 10:00 EST note: usual agent cem@example.com is away until Mon 23 Nov")
}

// Seed 003: support by region.

func TestS3_01_ToS3_07_OneBusinessDayOfTheCustomersRegion(t *testing.T) {
	expectDue(t, map[string]string{
		"S3-01":          "Wed 2026-11-18 15:00 EST, usual",
		"S3-02-friday":   "Mon 2026-11-23 15:00 EST, usual",
		"S3-02-saturday": "Tue 2026-11-24 09:00 EST, usual",
		"S3-02-evening":  "Thu 2026-11-19 09:00 EST, usual",
		"S3-02-early":    "Wed 2026-11-18 09:00 EST, usual",
		"S3-04":          "Fri 2026-11-27 16:00 EST, usual",
		"S3-07":          "Mon 2026-11-23 16:30 AEDT, usual",
		"S3-11":          "Wed 2026-11-18 15:00 EST, usual",
	})
	for _, l := range seeded(t, "S3-01").Lines {
		if l.Kind == policy.IsDue && l.State == "running" && l.local(l.Warn) != "Wed 2026-11-18 13:00 EST" {
			t.Errorf("amber at %s", l.local(l.Warn))
		}
	}
	expect(t, of(seeded(t, "S3-11"), policy.IsTask), "Tue 2026-11-17 15:00 EST task: Fill in the customer region; until then times are counted in the default region.")
}

func TestS3_10_EnterpriseCustomersAreAnsweredByTheirRepresentative(t *testing.T) {
	expectDue(t, map[string]string{"S3-10-us-east": "Wed 2026-11-18 11:00 EST, unstated", "S3-10-us-west": "Mon 2026-11-23 12:30 PST, unstated"})
	expect(t, of(seeded(t, "S3-10-us-east"), policy.IsRoute, policy.IsAssign), "Tue 2026-11-17 15:00 EST goes to ana@example.com", "Tue 2026-11-17 15:00 EST assigned to ana@example.com")
	expect(t, of(seeded(t, "S3-10-us-west"), policy.IsRoute, policy.IsAssign), "Fri 2026-11-20 16:30 PST goes to group: enterprise")
}

func TestS3_13_HighImpactEscalatesByItself(t *testing.T) {
	expect(t, of(seeded(t, "S3-13-one-user"), policy.IsPriority, policy.IsAssign))
	for _, id := range []string{"S3-13-two-users", "S3-13-function-down"} {
		r := seeded(t, id)
		expect(t, of(r, policy.IsPriority, policy.IsAssign),
			"Tue 2026-11-17 10:00 EST priority urgent",
			"Tue 2026-11-17 10:00 EST assigned to senior_technicians")
		expect(t, sent(r), "received", "escalated")
		expect(t, due(r, "keep-informed"), "Tue 2026-11-17 10:00 EST running until Fri 2026-11-20 10:00 EST") // the mail says when there is news
	}
}

func TestS3_14_TheCustomerAsksForEscalation(t *testing.T) {
	r := seeded(t, "S3-14")
	expectAfter(t, r, "2026-11-17 10:31",
		"Tue 2026-11-17 11:00 EST note: The customer asked for escalation",
		"Tue 2026-11-17 11:00 EST mail escalated to the requester")
	expect(t, of(r, policy.IsAssign), "Tue 2026-11-17 11:00 EST assigned to senior_technicians")
	expect(t, of(r, policy.IsPriority))
}

func TestS3_15_AnUpdateIsOwed(t *testing.T) {
	expect(t, due(seeded(t, "S3-15"), "keep-informed"),
		"Tue 2026-11-17 10:00 EST running until Fri 2026-11-20 10:00 EST",
		"Thu 2026-11-19 10:00 EST running until Tue 2026-11-24 10:00 EST")
	r := seeded(t, "S3-15-no-news")
	expect(t, of(r, policy.IsOverdue), "Fri 2026-11-20 10:00 EST overdue: keep-informed")
	expect(t, sent(r), "received")
}

func TestS3_16_OutsideOfTheLimits(t *testing.T) {
	r := seeded(t, "S3-16")
	expect(t, of(r, policy.IsTask), "Tue 2026-11-17 11:00 EST task: Outside of what we support: Development, scripts and advanced programming. A developer of your choice can help. “Outside of standard support” is prepared; look at it and send it.")
	expect(t, sent(r), "received")
	expect(t, of(r, policy.IsStatus)[1:], "Tue 2026-11-17 11:10 EST status solved")
}

func TestS3_17_AnUnsupportedVersion(t *testing.T) {
	r := seeded(t, "S3-17")
	expect(t, of(r, policy.IsTask), "Tue 2026-11-17 10:00 EST task: Outside of what we support: Versions of the platform that are no longer supported. Move to a supported version, and we can help again. “Outside of standard support” is prepared; look at it and send it.")
	expect(t, sent(r), "received")
	expect(t, of(seeded(t, "S3-01"), policy.IsTask)) // nobody has said which version: nothing is assumed
}

func TestS3_18_TheAcknowledgementIsNoAnswer(t *testing.T) {
	expect(t, due(seeded(t, "S3-18"), "standard"),
		"Tue 2026-11-17 15:00 EST running until Wed 2026-11-18 15:00 EST",
		"Wed 2026-11-18 14:00 EST kept until Wed 2026-11-18 15:00 EST")
}

func TestS3_20_ThePolicyChanges(t *testing.T) {
	later := exampleWith(t, "piperocks-crm", `version: "2026-11-01"`, `version: "2026-12-01"`, `effective: "2026-11-01T00:00"`, `effective: "2026-12-01T00:00"`,
		`week: {mon-fri: "09:00-17:00"}`, `week: {mon-fri: "08:00-18:00"}`)
	expect(t, due(seeded(t, "S3-20-before"), "standard")[:1], "Mon 2026-11-30 16:00 EST running until Tue 2026-12-01 16:00 EST")
	expect(t, due(seededUnder(t, "S3-20-after", later), "standard")[:1], "Tue 2026-12-01 08:15 EST running until Wed 2026-12-02 08:15 EST")
}

// Seed 004: phases.

func TestS4_01_ToS4_12_TheUsualTimesOfPhases(t *testing.T) {
	for id, want := range map[string]string{
		"S4-01": "received from Mon 2026-11-16 12:00 EST to Thu 2026-11-19 17:00 EST",
		"S4-02": "received from Mon 2026-11-23 10:00 EST to Wed 2026-11-25 17:00 EST",
		"S4-04": "received from Mon 2026-11-23 11:00 EST to Fri 2026-11-27 17:00 EST",
		"S4-06": "review from Mon 2026-11-23 09:30 EST to Wed 2026-12-02 17:00 EST",
		"S4-08": "identified from Tue 2026-11-24 14:00 EST to Tue 2026-12-08 17:00 EST",
		"S4-12": "received from Tue 2026-11-17 10:00 EST to Tue 2026-12-01 17:00 EST",
	} {
		got := ranges(seeded(t, id))
		expect(t, got[len(got)-1:], want)
	}
}

func TestS4_06_TheCustomerHearsOfEveryPhaseOnce(t *testing.T) {
	expect(t, sent(seeded(t, "S4-06")), "received", "phase-moved")
}

func TestS4_08_WithoutALinkedIssueNothingIsIdentified(t *testing.T) {
	r := seeded(t, "S4-08")
	expect(t, refusals(r), `agent_moves: "Bug identified" needs issue link first.`)
	expect(t, sent(r), "received", "phase-moved", "phase-moved")
}

func TestS4_09_ThePlanNamesNoTimeAndTheTrackerGoesOn(t *testing.T) {
	r := seeded(t, "S4-09")
	got := ranges(r)
	expect(t, got[len(got)-1:], "plan")
	statuses := of(r, policy.IsStatus)
	expect(t, statuses[len(statuses)-1:], "Tue 2026-11-24 11:00 EST status solved")
}

func TestS4_10_AConfirmedFixReachesTheReporterOfAClosedTicket(t *testing.T) {
	expectAfter(t, seeded(t, "S4-10"), "2026-12-01 00:00",
		"Tue 2026-12-08 11:00 EST status closed",
		"Mon 2027-01-11 15:20 EST mail fixed to the requester", // at 14:00 nobody had confirmed it
		"Mon 2027-01-11 15:20 EST published in whats_new")
}

func TestS4_11_LongerThanUsual(t *testing.T) {
	r := seeded(t, "S4-11")
	happened := of(r, policy.IsOverdue, policy.IsTask)
	expect(t, happened, "Thu 2026-11-19 17:00 EST overdue: received", "Thu 2026-11-19 17:00 EST task: Write to the customer how it stands")
	expect(t, sent(r), "received")
	for _, l := range r.Lines {
		if l.Kind == policy.IsOverdue && l.Say != "Taking longer than usual" {
			t.Errorf("the tracker says %q", l.Say)
		}
	}
}

func TestS4_13_OnePhaseMayBeSkipped(t *testing.T) {
	r := seeded(t, "S4-13")
	expect(t, refusals(r), `agent_moves: "Review complete" does not follow "Request received"; from there it goes to review.`)
	expect(t, passed(r), "received done", "review done", "considered skipped")
}

func TestS4_14_ARequestComesBackAtTheNextReview(t *testing.T) {
	r := seeded(t, "S4-14")
	expectAfter(t, r, "2026-12-17 00:00",
		"Wed 2026-12-30 10:05 EST status closed",
		"Mon 2027-01-04 09:00 EST task: Weigh this request again: it was put off until this review.")
	declined := exampleWith(t, "what-happens-next", "keep_declined_for_next_review: true", "keep_declined_for_next_review: false")
	expect(t, of(seededUnder(t, "S4-14", declined), policy.IsTask))
}

func TestS4_16_AnsweredStraightAway(t *testing.T) {
	r := seeded(t, "S4-16")
	expect(t, ranges(r), "received from Mon 2026-11-16 14:00 EST to Thu 2026-11-19 17:00 EST", "answered")
	expect(t, passed(r), "received done", "review skipped")
	expect(t, sent(r), "received") // and the answer itself makes two
}

func TestS4_17_ReopeningForTwoWeeks(t *testing.T) {
	expectAfter(t, seeded(t, "S4-17-in-time"), "2026-11-30 00:00",
		"Wed 2026-12-02 11:59 EST status open",
		"Wed 2026-12-02 11:59 EST phase answered done: Answered",
		"Wed 2026-12-02 11:59 EST phase review running, usually until Mon 2026-12-07 17:00 EST: 2 to 3 business days",
		"Wed 2026-12-02 11:59 EST mail phase-moved to the requester")
	r := seeded(t, "S4-17-too-late")
	expect(t, of(r, policy.IsStatus, policy.IsFollowUp)[2:],
		"Wed 2026-12-02 12:00 EST status closed",
		"Wed 2026-12-02 12:00 EST continues as ticket 2",
		"Wed 2026-12-02 12:00 EST status new")
}

func TestS4_19_ABugTurnsOutToBeAWish(t *testing.T) {
	got := ranges(seeded(t, "S4-19"))
	expect(t, got[len(got)-1:], "review from Mon 2026-11-30 10:00 EST to Mon 2026-12-07 17:00 EST")
}

func TestS4_22_TheSuccessManagerHearsThatTrainingCouldHelp(t *testing.T) {
	r := seeded(t, "S4-22")
	expect(t, of(r, policy.IsNotify, policy.IsNote),
		"Tue 2026-11-17 10:00 EST told mia@example.com: Look at this ticket.",
		"Tue 2026-11-17 10:00 EST note: Training could help")
	expect(t, sent(r), "received", "phase-moved") // the customer hears nothing of it
}
