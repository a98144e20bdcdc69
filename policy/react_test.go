package policy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Ana, Ben and Cem are agents; Paula Field writes to them.
var (
	ana   = ticket.Person{ID: 1, Address: "ana@desk.example", Name: "Ana"}
	ben   = ticket.Person{ID: 2, Address: "ben@desk.example", Name: "Ben"}
	cem   = ticket.Person{ID: 3, Address: "cem@desk.example", Name: "Cem"}
	paula = ticket.Person{ID: 10, Address: "paula@fieldandsons.example", Name: "Paula Field"}
)

func supportCenter(t testing.TB) *Policy {
	t.Helper()
	src, _ := Example("customer-support-center")
	p, findings := Parse("customer-support-center", src)
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets(src))
	}
	return p
}

// at reads a local time in New York.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	zone, _ := time.LoadLocation("America/New_York")
	when, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
	if err != nil {
		if when, err = time.ParseInLocation("2006-01-02 15:04", text, zone); err != nil {
			t.Fatal(err)
		}
	}
	return when.UTC()
}

// life is a ticket under way, for tests that tell a story.
type life struct {
	testing.TB
	p    *Policy
	t    ticket.Ticket
	last Outcome
}

func (l *life) event(when string, e ticket.Event) *life {
	l.Helper()
	e.At = at(l, when)
	return l.eventAt(e, e.At)
}

// eventAt lets something happen that the desk learns of later.
func (l *life) eventAt(e ticket.Event, now time.Time) *life {
	l.Helper()
	l.last = l.p.React(l.t, e, now)
	l.t = l.last.Ticket
	return l
}

func (l *life) passes(until string) *life {
	l.Helper()
	return l.eventAt(ticket.Event{Kind: ticket.TimePasses}, at(l, until))
}

func (l *life) has(kind EntryKind, what func(Entry) bool) bool {
	return slices.ContainsFunc(l.last.Entries, func(e Entry) bool { return e.Kind == kind && what(e) })
}

func newLife(t testing.TB, facts map[string]any) *life {
	return &life{TB: t, p: supportCenter(t), t: ticket.Ticket{ID: 7, Subject: "Two photos are missing", Requester: paula, Facts: facts}}
}

func asked(t testing.TB) *life {
	return newLife(t, nil).
		event("2026-11-20 15:45", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "question"}).
		event("2026-11-20 16:30", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", Text: "Which photos?"})
}

func solved(t testing.TB) *life {
	return newLife(t, map[string]any{"project.name": "Spring catalogue"}).
		event("2026-11-23 16:50", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "question"}).
		event("2026-11-23 17:00", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "open", Text: "Done."}).
		event("2026-11-23 17:10", ticket.Event{Kind: ticket.AgentSets, By: ben, Status: "solved"})
}

func TestS2_18_MailThatWasLateOnlyOnOurSide(t *testing.T) {
	l := solved(t).event("2026-11-24 10:00", ticket.Event{Kind: ticket.AgentSets, By: ben, Tags: []string{"invoice"}}).passes("2026-11-24 17:10:01")
	if l.t.State != "closed" {
		t.Fatalf("the ticket is %s", l.t.State)
	}
	l.eventAt(ticket.Event{Kind: ticket.CustomerReplies, By: paula, At: at(t, "2026-11-24 17:09:30")}, at(t, "2026-11-24 17:12"))
	if l.t.State != "open" || l.t.Memory.ClosedBefore != nil {
		t.Errorf("the ticket is %s", l.t.State)
	}
	if !slices.Equal(l.t.Tags, []string{"invoice"}) {
		t.Errorf("tags are %v", l.t.Tags)
	}
	if !l.has(IsUndone, func(e Entry) bool { return e.Why == "closing undone: reply was accepted at 17:09:30" }) {
		t.Errorf("the audit does not say why: %+v", l.last.Entries)
	}
	if l.has(IsFollowUp, func(Entry) bool { return true }) {
		t.Error("a follow-up was made all the same")
	}
	if !l.t.Next().IsZero() {
		t.Errorf("something is still planned at %s", l.t.Next())
	}
}

func TestS2_18_TheNoResponseTagIsTakenBack(t *testing.T) {
	l := asked(t).passes("2026-11-21 16:30").passes("2026-11-25 16:30").passes("2026-11-27 16:30")
	if l.t.State != "closed" || !slices.Contains(l.t.Tags, "No Response") {
		t.Fatalf("%s %v", l.t.State, l.t.Tags)
	}
	l.eventAt(ticket.Event{Kind: ticket.CustomerReplies, By: paula, At: at(t, "2026-11-27 16:30")}, at(t, "2026-11-27 16:31"))
	if l.t.State != "open" || len(l.t.Tags) != 0 {
		t.Errorf("after a reply at the very instant the ticket is %s with tags %v", l.t.State, l.t.Tags)
	}
}

func TestS2_17_TheClosedTicketIsUnchanged(t *testing.T) {
	l := solved(t).passes("2026-11-24 17:10")
	closed := l.t
	l.event("2026-11-24 17:10:01", ticket.Event{Kind: ticket.CustomerReplies, By: paula, Text: "One more thing"})
	same(t, closed, l.t)
	i := slices.IndexFunc(l.last.Entries, func(e Entry) bool { return e.Kind == IsFollowUp })
	if i < 0 {
		t.Fatal("no follow-up")
	}
	next := l.last.Entries[i].FollowUp
	if next.FollowUpOf != 7 || next.Subject != "Two photos are missing" || next.Kind != "question" || next.Requester != paula || next.Assignee != ben || len(next.Tags) != 0 || next.Facts["project.name"] != "Spring catalogue" {
		t.Errorf("the follow-up is %+v", next)
	}
	next.ID = 8
	begun := l.p.React(*next, ticket.Event{Kind: ticket.CustomerCreates, By: paula, At: at(t, "2026-11-24 17:10:01")}, at(t, "2026-11-24 17:10:01"))
	if begun.Ticket.State != "new" || begun.Ticket.Memory.Targets[0].Started != at(t, "2026-11-24 17:10:01") {
		t.Errorf("it begins as %s, counted from %s", begun.Ticket.State, begun.Ticket.Memory.Targets[0].Started)
	}
	var sent []string
	for _, e := range begun.Entries {
		if e.Kind == IsSend {
			sent = append(sent, e.Message)
		}
	}
	if !slices.Equal(sent, []string{"follow-up"}) {
		t.Errorf("mailed: %v", sent)
	}
}

func TestS2_19_AReplyJoinsTheOpenFollowUp(t *testing.T) {
	l := solved(t).passes("2026-11-24 17:10")
	l.t.FollowedBy = 8
	l.event("2026-11-24 17:15", ticket.Event{Kind: ticket.CustomerReplies, By: paula})
	if !l.has(IsFollowUp, func(e Entry) bool { return e.Joined && e.Ticket == 8 && e.FollowUp == nil }) {
		t.Errorf("%+v", l.last.Entries)
	}
}

func TestS2_26_WhoGetsIt(t *testing.T) {
	facts := func(kv ...any) map[string]any {
		m := map[string]any{"project.lead": ana.Address, "client.usual_agent": cem.Address}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return m
	}
	for _, one := range []struct {
		name, kind, to, rule string
		facts                map[string]any
	}{
		{"a message about Ana's project", "project", ana.Address, "routing.project", facts()},
		{"a project without a lead", "project", "pool: everyone, next available", "routing.project", nil},
		{"work for Cem's client", "work_request", cem.Address, "routing.continuity", facts()},
		{"a new question", "question", "pool: everyone, next available", "routing.new", facts()},
	} {
		l := newLife(t, one.facts).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: one.kind})
		if !l.has(IsRoute, func(e Entry) bool { return e.To == one.to && e.Rule == one.rule }) {
			t.Errorf("%s: %+v", one.name, l.last.Entries)
		}
		if agent := strings.HasSuffix(one.to, "desk.example"); agent != (l.t.Assignee.Address == one.to) {
			t.Errorf("%s: assigned to %q", one.name, l.t.Assignee.Address)
		}
	}
	reply := asked(t).event("2026-11-20 17:00", ticket.Event{Kind: ticket.AgentSets, By: cem, Assignee: &ticket.Person{}}).
		event("2026-11-20 18:00", ticket.Event{Kind: ticket.CustomerReplies, By: paula})
	if reply.t.Assignee.Address != ben.Address {
		t.Errorf("a reply to a ticket that Ben answered first goes to %q", reply.t.Assignee.Address)
	}
	handed := asked(t).event("2026-11-20 17:00", ticket.Event{Kind: ticket.AgentSets, By: ben, Assignee: &cem}).
		event("2026-11-20 18:00", ticket.Event{Kind: ticket.CustomerReplies, By: paula})
	if handed.t.Assignee != cem {
		t.Errorf("a ticket handed to Cem goes back to %q", handed.t.Assignee.Address)
	}
}

func TestS2_27_ContinuityNeedsHistory(t *testing.T) {
	p := supportCenter(t)
	year := calendar.Duration{N: 365, Unit: calendar.Days}
	now := at(t, "2026-11-20 12:00")
	answers := func(who string, n int, daysAgo int) (list []Answered) {
		for i := range n {
			list = append(list, Answered{who, now.Add(-time.Duration(daysAgo+i) * 24 * time.Hour)})
		}
		return list
	}
	for _, one := range []struct {
		name    string
		history []Answered
		want    string
	}{
		{"five by Cem and three by Ben", append(answers("cem", 5, 20), answers("ben", 3, 1)...), "cem"},
		{"two by Cem", answers("cem", 2, 10), ""},
		{"four each, Ben more recently", append(answers("cem", 4, 30), answers("ben", 4, 2)...), "ben"},
		{"nine by Cem, all older than a year", answers("cem", 9, 366), ""},
		{"nothing", nil, ""},
	} {
		if who, why := UsualAgent(one.history, year, 3, p.clock, now); who != one.want || why == "" {
			t.Errorf("%s: %q because %s", one.name, who, why)
		}
	}
	away := map[string]any{"client.usual_agent": cem.Address, "client.usual_agent_away": "until Mon 30 Nov"}
	l := newLife(t, away).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "work_request"})
	if l.t.Assignee.Known() || !l.has(IsRoute, func(e Entry) bool { return e.To == "pool: everyone, next available" }) ||
		!l.has(IsNote, func(e Entry) bool { return e.Says == "usual agent cem@desk.example is away until Mon 30 Nov" }) {
		t.Errorf("while Cem is away: %+v", l.last.Entries)
	}
}

func TestS2_25_ThePublished59Percent(t *testing.T) {
	now := at(t, "2026-11-25 12:00")
	came := now.Add(-48 * time.Hour)
	var tickets []FirstReply
	for _, minutes := range []int{4, 12, 18, 25, 31, 33, 47, 52, 58, 60, 61, 75, 240, 1380, 1500, 1700, 1790} {
		tickets = append(tickets, FirstReply{came, came.Add(time.Duration(minutes) * time.Minute)})
	}
	if percent, n := ShareFirstReplyWithin(tickets, time.Hour, now); percent != 59 || n != 17 {
		t.Errorf("%d %% of %d", percent, n)
	}
	young := append(slices.Clone(tickets), FirstReply{Came: now.Add(-time.Hour)})
	if percent, n := ShareFirstReplyWithin(young, time.Hour, now); percent != 59 || n != 17 {
		t.Errorf("with a ticket that is an hour old: %d %% of %d", percent, n)
	}
	silent := append(slices.Clone(tickets), FirstReply{Came: now.Add(-time.Hour - time.Minute)})
	if percent, n := ShareFirstReplyWithin(silent, time.Hour, now); percent != 56 || n != 18 {
		t.Errorf("with one that nobody answers: %d %% of %d", percent, n)
	}
}

func TestS2_31_AColleaguesReplyCounts(t *testing.T) {
	l := asked(t)
	l.t.CCs = []ticket.Person{{Address: "tom@fieldandsons.example"}}
	l.event("2026-11-20 18:00", ticket.Event{Kind: ticket.CustomerReplies, By: l.t.CCs[0]})
	if l.t.State != "open" || len(l.t.Memory.Timers) != 0 {
		t.Errorf("%s %v", l.t.State, l.t.Memory.Timers)
	}
}

func TestS2_32_ClocksCountFromPressingSend(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:45", ticket.Event{Kind: ticket.CustomerCreates, By: paula})
	l.eventAt(ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: at(t, "2026-11-20 16:30")}, at(t, "2026-11-20 16:30:10"))
	if got := l.t.Memory.Timers[0].At; got != at(t, "2026-11-21 16:30") {
		t.Errorf("the first reminder is planned for %s", got)
	}
}

// the policy is a value; a ticket that is asked about under the version it began with knows nothing of a later one.
func TestX01_OpenTicketsKeepThePolicyTheyBeganWith(t *testing.T) {
	l := asked(t)
	newer := supportCenter(t)
	newer.Doc.Lifecycle.Timers[0].After = calendar.Duration{N: 48, Unit: calendar.Hours}
	l.event("2026-11-21 10:00", ticket.Event{Kind: ticket.AgentNote, By: ben})
	l.passes("2026-11-21 16:30")
	if !l.has(IsSend, func(e Entry) bool { return e.Message == "reminder-1" && e.At == at(t, "2026-11-21 16:30") }) {
		t.Errorf("%+v", l.last.Entries)
	}
	later := asked(t)
	later.p, later.t = newer, ticket.Ticket{ID: 9}
	later.event("2026-11-21 11:00", ticket.Event{Kind: ticket.CustomerCreates}).event("2026-11-21 12:00", ticket.Event{Kind: ticket.AgentReplies, Status: "pending"})
	if later.t.Memory.Timers[0].At != at(t, "2026-11-23 12:00") {
		t.Errorf("a later ticket is reminded at %s", later.t.Memory.Timers[0].At)
	}
}

// a company that dislikes mail on holidays writes 1bd instead of 24h.
func TestX02_OneBusinessDayInsteadOf24Hours(t *testing.T) {
	src, _ := Example("customer-support-center")
	text := strings.Replace(string(src), "in: pending, after: 24h,", "in: pending, after: 1bd,", 1)
	p, findings := Parse("changed", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	l := &life{TB: t, p: p, t: ticket.Ticket{ID: 7}}
	l.event("2026-11-25 09:00", ticket.Event{Kind: ticket.CustomerCreates}).event("2026-11-25 10:00", ticket.Event{Kind: ticket.AgentReplies, Status: "pending"})
	if got := l.t.Memory.Timers[0].At; got != at(t, "2026-11-27 10:00") {
		t.Errorf("the first reminder is planned for %s, not for Friday after Thanksgiving", got)
	}
}

// The same reply again changes no state and plans nothing twice: the desk keeps one comment, and React the state.
func TestX08_TheSameReplyAgainChangesNothing(t *testing.T) {
	reply := ticket.Event{Kind: ticket.CustomerReplies, By: paula, At: at(t, "2026-11-21 09:00")}
	l := asked(t).eventAt(reply, reply.At)
	before := l.t
	l.eventAt(reply, reply.At)
	same(t, before, l.t)
	if l.has(IsStatus, func(Entry) bool { return true }) || l.has(IsSend, func(Entry) bool { return true }) {
		t.Errorf("%+v", l.last.Entries)
	}
}

func TestEveryEffectOfARuleHasItsOwnKey(t *testing.T) {
	l := asked(t).passes("2026-11-21 16:30").passes("2026-11-25 16:30").passes("2026-11-27 16:30")
	seen := map[string]bool{}
	for _, e := range l.last.Entries {
		if seen[e.Key(l.t.ID)] {
			t.Errorf("two effects share the key %s", e.Key(l.t.ID))
		}
		seen[e.Key(l.t.ID)] = true
	}
}

func TestS2_02_TheClosingTimeIsKnownToTheReminder(t *testing.T) {
	l := asked(t).passes("2026-11-21 16:30").passes("2026-11-25 16:30")
	if got := l.p.ClosesAt(l.t); got != at(t, "2026-11-27 16:30") {
		t.Errorf("it closes at %s", got)
	}
	if l.t.Memory.LastQuestion != "Which photos?" {
		t.Errorf("the question was %q", l.t.Memory.LastQuestion)
	}
}

func TestPendingWithoutAMessageCountsFromThen(t *testing.T) {
	l := newLife(t, nil).
		event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).
		event("2026-11-20 15:30", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "open"}).
		event("2026-11-20 17:00", ticket.Event{Kind: ticket.AgentSets, By: ben, Status: "pending"})
	if l.last.Refused != "" || l.t.Memory.Timers[0].At != at(t, "2026-11-21 17:00") {
		t.Errorf("%q %v", l.last.Refused, l.t.Memory.Timers)
	}
}

func TestAReplyWithoutAChosenState(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).
		event("2026-11-20 15:30", ticket.Event{Kind: ticket.AgentReplies, By: ben})
	if l.t.State != "open" || l.t.Assignee != ben {
		t.Errorf("a new ticket becomes %s and belongs to %s", l.t.State, l.t.Assignee.Name)
	}
	l.event("2026-11-20 15:40", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending"}).
		event("2026-11-20 15:50", ticket.Event{Kind: ticket.AgentReplies, By: ben})
	if l.t.State != "pending" || l.t.Memory.Timers[0].At != at(t, "2026-11-21 15:50") {
		t.Errorf("a pending one stays %s, and the new question has its own waits: %v", l.t.State, l.t.Memory.Timers)
	}
}

func TestTheWhyOfADueTime(t *testing.T) {
	l := newLife(t, nil).event("2026-11-17 17:30", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "work_request"})
	all := l.p.Explain(l.t)
	if len(all) != 1 || all[0].At != at(t, "2026-11-19 17:00") || all[0].Rule != "targets.other" || all[0].Strength != promise.Usual {
		t.Fatalf("%+v", all)
	}
	const want = "Answer usual by Thu 19 Nov 17:00. You wrote Tue 17:30, after closing (17:00). The clock starts Wed 18 Nov 09:00. The close of the next business day is Thu 19 Nov 17:00. Rule: targets.other, policy 2026-11-01, page section 2."
	if all[0].Sentence != want {
		t.Errorf("\n got %s\nwant %s", all[0].Sentence, want)
	}
}

func TestTheWhyOfATimer(t *testing.T) {
	all := asked(t).p.Explain(asked(t).t)
	var timers []string
	for _, e := range all {
		if e.Strength == "" {
			timers = append(timers, e.Sentence)
		}
	}
	want := "First reminder Sat 21 Nov 16:30. We asked Fri 16:30. 24 hours later is Sat 21 Nov 16:30. Rule: lifecycle.timers.reminder-1, policy 2026-11-01, page section 4."
	if len(timers) != 3 || timers[0] != want {
		t.Errorf("\n got %v\nwant %s", timers, want)
	}
}

func TestChoicesNameWhatFollows(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula})
	var got []string
	for _, c := range l.p.Choices(l.t, at(t, "2026-11-20 16:30")) {
		got = append(got, c.Label+": "+c.Follows)
	}
	want := []string{
		"Solved: closes tomorrow 16:30",
		"Open: nothing happens by itself",
		"Pending: first reminder tomorrow 16:30, second reminder Wed 25 Nov 16:30, closes Fri 27 Nov 16:30",
		"On hold: nothing happens by itself",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	closed := solved(t).passes("2026-11-24 17:10")
	if c := closed.p.Choices(closed.t, at(t, "2026-11-25 09:00")); len(c) != 0 {
		t.Errorf("a closed ticket offers %v", c)
	}
}

func TestAnAnswerAtTheDueInstantIsInTime(t *testing.T) {
	for when, want := range map[string]promise.TargetState{"2026-11-20 16:00": promise.Kept, "2026-11-20 16:00:01": promise.Missed} {
		l := newLife(t, nil).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).passes("2026-11-20 16:00").
			event(when, ticket.Event{Kind: ticket.AgentReplies, By: ben})
		if got := l.t.Memory.Targets[0].State; got != want {
			t.Errorf("answered at %s: %s, not %s", when, got, want)
		}
	}
}

// S3-18: our own acknowledgement, a note and a change of fields are no answers.
func TestOnlyAPublicMessageByAPersonAnswers(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).
		event("2026-11-20 15:01", ticket.Event{Kind: ticket.AgentNote, By: ben}).
		event("2026-11-20 15:02", ticket.Event{Kind: ticket.AgentSets, By: ben, Tags: []string{"photos"}})
	if got := l.t.Memory.Targets[0]; got.State != promise.Running {
		t.Errorf("%+v", got)
	}
}

func TestANewKindHasItsOwnTarget(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).
		event("2026-11-20 15:30", ticket.Event{Kind: ticket.AgentSets, By: ben, TicketKind: "work_request"})
	if !l.has(IsDue, func(e Entry) bool { return e.Target == "other" && e.Due == at(t, "2026-11-23 17:00") }) || len(l.t.Memory.Targets) != 1 {
		t.Errorf("%+v", l.last.Entries)
	}
}

// On hold before anybody has answered, the time to the first answer stands still.
func TestATargetStandsStillOnHold(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 10:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "work_request"}).
		event("2026-11-20 11:00", ticket.Event{Kind: ticket.AgentSets, By: ben, Status: "hold"})
	if l.t.Memory.Targets[0].State != promise.Paused || !l.t.Next().IsZero() {
		t.Fatalf("%+v", l.t.Memory.Targets[0])
	}
	l.event("2026-11-23 11:00", ticket.Event{Kind: ticket.CustomerReplies, By: paula}) // a business day later
	if got := l.t.Memory.Targets[0]; got.State != promise.Running || got.Due != at(t, "2026-11-24 17:00") {
		t.Errorf("it is %s, due %s", got.State, got.Due)
	}
}

func TestAReplyEndsWhatABounceBegan(t *testing.T) {
	l := asked(t).event("2026-11-20 16:31", ticket.Event{Kind: ticket.Bounce, Permanent: true}).
		event("2026-11-20 18:00", ticket.Event{Kind: ticket.CustomerReplies, By: paula}).
		event("2026-11-20 18:30", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending"})
	if l.t.Next() != at(t, "2026-11-21 18:30") {
		t.Errorf("the next thing to happen is at %s", l.t.Next())
	}
}

func TestTwoFuturesOfOneTicketDoNotMix(t *testing.T) {
	l := asked(t)
	l.t.Tags = append(make([]string, 0, 8), "photos")
	now := at(t, "2026-11-20 17:00")
	one := l.p.React(l.t, ticket.Event{Kind: ticket.AgentSets, Tags: []string{"red"}, At: now}, now)
	two := l.p.React(l.t, ticket.Event{Kind: ticket.AgentSets, Tags: []string{"blue"}, At: now}, now)
	if !slices.Equal(one.Ticket.Tags, []string{"photos", "red"}) || !slices.Equal(two.Ticket.Tags, []string{"photos", "blue"}) {
		t.Errorf("%v and %v", one.Ticket.Tags, two.Ticket.Tags)
	}
}

// The desk calls React for every event, so it stays cheap: fifty allocations at most, and far fewer as a rule.
func TestReactIsCheap(t *testing.T) {
	l := asked(t)
	now := at(t, "2026-11-20 17:00")
	for _, e := range []ticket.Event{
		{Kind: ticket.CustomerReplies, By: paula, At: now},
		{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: now},
		{Kind: ticket.AgentSets, By: ben, Status: "solved", At: now},
		{Kind: ticket.TimePasses},
	} {
		if n := testing.AllocsPerRun(100, func() { l.p.React(l.t, e, now) }); n > 50 {
			t.Errorf("%s: %.0f allocations", e.Kind, n)
		}
	}
}

func TestWhatAPolicyDoesNotHaveIsRefused(t *testing.T) {
	for kind, why := range map[ticket.EventKind]string{
		ticket.CustomerAsks:  "This policy has no escalation that customers can ask for.",
		ticket.CallBooked:    "This policy has no calls.",
		ticket.CallEnded:     "This policy has no calls.",
		ticket.IssueLinked:   "This policy has no issues to link.",
		ticket.ReviewStarted: `This policy has no phases for tickets of the kind "question".`,
		ticket.AgentMoves:    `This policy has no phases for tickets of the kind "question".`,
		"agent_sings":        `There is no event "agent_sings".`,
	} {
		l := asked(t)
		before := l.t
		l.event("2026-11-20 17:00", ticket.Event{Kind: kind})
		if l.last.Refused != why {
			t.Errorf("%s: %q", kind, l.last.Refused)
		}
		same(t, before, l.t)
	}
}

func TestAStateThatDoesNotFollowIsRefused(t *testing.T) {
	l := solved(t)
	for status, why := range map[string]string{
		"new":  "New cannot be chosen from Solved; you may choose Open, Pending or On hold.",
		"lost": `There is no status "lost"; from Solved you may choose Open, Pending or On hold.`,
	} {
		l.event("2026-11-23 18:00", ticket.Event{Kind: ticket.AgentSets, Status: status, By: ben})
		if l.last.Refused != why || l.t.State != "solved" {
			t.Errorf("%q", l.last.Refused)
		}
	}
}

func TestNextHappening(t *testing.T) {
	l := asked(t)
	when, says := l.p.NextHappening(l.t)
	if when != at(t, "2026-11-21 16:30") || says != "first reminder" || when != l.t.Next() {
		t.Errorf("%s: %s", when, says)
	}
}

// longer is the support centre with the first reminder after 48 hours.
func longer(t testing.TB) *Policy {
	t.Helper()
	src, _ := Example("customer-support-center")
	text := strings.Replace(string(src), "in: pending, after: 24h,", "in: pending, after: 48h,", 1)
	p, findings := Parse("longer", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	return p
}

func TestX01_OpenTicketsMayGoOnUnderTheNewPolicy(t *testing.T) {
	early := asked(t)
	early.t = longer(t).Adopt(early.t, at(t, "2026-11-21 10:00")).Ticket
	if got := early.t.Next(); got != at(t, "2026-11-22 16:30") {
		t.Errorf("asked on Friday 16:30, it is reminded %s and not after 48 hours", got)
	}
	reminded := asked(t).passes("2026-11-21 16:30")
	reminded.t = longer(t).Adopt(reminded.t, at(t, "2026-11-21 17:00")).Ticket
	if got := reminded.t.Next(); got != at(t, "2026-11-25 16:30") {
		t.Errorf("it has been reminded once, and is again %s", got)
	}
}

// a corrected calendar moves what is planned; the rule and its anchor stay.
func TestX09_AHolidayIsAddedLate(t *testing.T) {
	src, _ := Example("customer-support-center")
	text := strings.Replace(string(src), "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: \"2026-11-25\", hours: closed, why: Stocktaking}]\n", 1)
	corrected, findings := Parse("corrected", []byte(text))
	if findings.Errors() > 0 {
		t.Fatal(findings.Carets([]byte(text)))
	}
	l := newLife(t, nil).event("2026-11-24 10:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "work_request"})
	if l.t.Memory.Targets[0].Due != at(t, "2026-11-25 17:00") {
		t.Fatal(l.t.Memory.Targets[0].Due)
	}
	l.last = corrected.Adopt(l.t, at(t, "2026-11-24 12:00"))
	if got := l.last.Ticket.Memory.Targets[0]; got.Due != at(t, "2026-11-27 17:00") || !strings.Contains(got.Why, "Wed 25 Nov does not count (Stocktaking)") {
		t.Errorf("due %s. %s", got.Due, got.Why)
	}
	if !l.has(IsDue, func(e Entry) bool { return e.Due == at(t, "2026-11-27 17:00") }) {
		t.Errorf("%+v", l.last.Entries)
	}
}

// The usual end of a phase is derived from a calendar too, and moves with it.
func TestX09_AHolidayIsAddedLateInTheMiddleOfAPhase(t *testing.T) {
	src, _ := Example("what-happens-next")
	running, _ := Parse("running", src)
	l := &life{TB: t, p: running, t: ticket.Ticket{ID: 7, Subject: "The list is empty", Requester: paula}}
	l.event("2026-11-16 10:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "bug"})
	if got := l.t.Memory.Phase.To; got != at(t, "2026-11-19 17:00") {
		t.Fatal(got)
	}
	text := strings.Replace(string(src), "    holidays: [us-federal]\n", "    holidays: [us-federal]\n    except: [{date: \"2026-11-18\", hours: closed, why: Stocktaking}]\n", 1)
	corrected, findings := Parse("corrected", []byte(text))
	if findings.Errors() > 0 || text == string(src) {
		t.Fatal(findings.Carets([]byte(text)))
	}
	l.last = running.WithCalendars(corrected).Adopt(l.t, at(t, "2026-11-17 12:00"))
	if got := l.last.Ticket.Memory.Phase; got.To != at(t, "2026-11-20 17:00") || got.Entered != at(t, "2026-11-16 10:00") {
		t.Errorf("the phase usually ends %s", got.To)
	}
	if l.has(IsSend, func(Entry) bool { return true }) {
		t.Error("somebody is written to because of it")
	}
}

// A timer that has acted does not act again because a fact changes.
func TestAFactDoesNotRepeatAReminder(t *testing.T) {
	l := asked(t).passes("2026-11-21 16:30").
		event("2026-11-21 16:30", ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"project.lead": ana.Address}})
	if len(l.t.Memory.Timers) != 2 || l.t.Next() != at(t, "2026-11-25 16:30") {
		t.Errorf("%+v", l.t.Memory.Timers)
	}
}

// What waits for nobody goes on: a solved ticket closes although the mail about it came back.
func TestS2_30_ASolvedTicketClosesAllTheSame(t *testing.T) {
	l := solved(t).event("2026-11-23 17:11", ticket.Event{Kind: ticket.Bounce, Permanent: true}).passes("2026-11-24 17:10")
	if l.t.State != "closed" {
		t.Errorf("the ticket is %s", l.t.State)
	}
}

// The address is known to be dead before the question is asked: its timers do not begin.
func TestS2_30_AQuestionToADeadAddress(t *testing.T) {
	l := newLife(t, nil).event("2026-11-20 15:45", ticket.Event{Kind: ticket.CustomerCreates, By: paula}).
		event("2026-11-20 15:46", ticket.Event{Kind: ticket.Bounce, Permanent: true, Recipient: paula.Address, Reason: "5.1.1, no such user"}).
		event("2026-11-20 16:30", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending"})
	if !l.t.Next().IsZero() || l.t.Memory.Unreachable != at(t, "2026-11-20 15:46") {
		t.Errorf("next is %s", l.t.Next())
	}
	l.event("2026-11-23 16:30", ticket.Event{Kind: ticket.TimersResumed, By: ben})
	if l.t.Next() != at(t, "2026-11-24 16:30") {
		t.Errorf("after they are resumed, the first reminder is at %s", l.t.Next())
	}
	if e := l.p.Explain(l.t); e[len(e)-1].Rule != "targets.question" || !strings.Contains(e[0].Sentence, "Moved because mail did not reach the customer; an agent resumed the timers.") {
		t.Errorf("%+v", e[0])
	}
}

// A closed ticket stays as it is, whatever becomes known about its customer's address.
func TestS2_30_ANewAddressChangesNothingOnAClosedTicket(t *testing.T) {
	l := solved(t).event("2026-11-23 17:11", ticket.Event{Kind: ticket.Bounce, Permanent: true}).passes("2026-11-24 17:10")
	before := plainly(t, l.t)
	l.event("2026-11-25 09:00", ticket.Event{Kind: ticket.FactChanged, Facts: map[string]any{"customer.address": "new"}})
	if after := plainly(t, l.t); l.t.State != "closed" || after != before {
		t.Errorf("the ticket went from\n%s to\n%s", before, after)
	}
}

func TestS2_30_AColleaguesDeadAddressStopsNothing(t *testing.T) {
	l := asked(t).event("2026-11-20 16:31", ticket.Event{Kind: ticket.Bounce, Permanent: true, Recipient: "tom@fieldandsons.example"})
	if l.t.Next() != at(t, "2026-11-21 16:30") || !l.has(IsTask, func(e Entry) bool {
		return e.Says == "Mail does not reach tom@fieldandsons.example: it came back." && e.To == ben.Address
	}) {
		t.Errorf("%s %+v", l.t.Next(), l.last.Entries)
	}
}
