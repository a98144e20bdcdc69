package policy

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/ticket"
)

var everyEvent = []ticket.EventKind{
	ticket.CustomerReplies, ticket.AgentReplies, ticket.AgentReplies, ticket.AgentSets, ticket.AgentNote, ticket.AgentMoves, ticket.AgentMoves, ticket.AutoReply, ticket.Bounce,
	ticket.StrangerReplies, ticket.TimersResumed, ticket.FactChanged, ticket.FactChanged, ticket.CustomerAsks, ticket.ReviewStarted, ticket.IssueLinked, ticket.IssueFixed,
	ticket.CallBooked, ticket.CallBooked, ticket.CallMoved, ticket.CallEnded, ticket.CallCancelled, ticket.ScopeRefused, ticket.TimePasses, ticket.TimePasses,
}

// someFacts are what agents, customers and data may say, under whichever policy.
var someFacts = []map[string]any{
	nil, nil,
	{"subscription.phone_support": true, "customer.stage": "active"}, {"subscription.phone_support": false},
	{"customer.region": "uk"}, {"customer.region": "nowhere"}, {"subscription.plan": "enterprise", "customer.representative": ana.Address},
	{"ticket.users_affected": 3}, {"ticket.topic": "development"}, {"product.version_supported": false}, {"ticket.cause": "another system"}, {"ticket.staff_change": "timezone"},
	{"issue.horizon": "weeks"}, {"issue.horizon": "tomorrow"}, {"issue.plan": "a plan"}, {"issue.system_wide": true}, {"issue.announcement": "2027.1"},
	{"feature.decision": "not now"}, {"feature.decision": "planned"}, {"ticket.training_could_help": true}, {"call.result": "talked", "call.outcome": "solved"},
	{"licence.ordered_on": "2026-10-20", "licence.version_major": 7}, {"licence.version_major": 5}, {"customer.evaluating": true, "customer.evaluation_began_on": "2026-06-01"},
}

func wildEvent(t *rapid.T, p *Policy, now time.Time) ticket.Event {
	return ticket.Event{
		Kind: rapid.SampledFrom(everyEvent).Draw(t, "kind"), At: now,
		By:         rapid.SampledFrom([]ticket.Person{{}, ana, ben, paula}).Draw(t, "by"),
		Status:     rapid.SampledFrom(append(p.States(), "", "", "lost")).Draw(t, "status"),
		TicketKind: rapid.SampledFrom(append(p.Kinds(), "", "", "", "joke")).Draw(t, "ticket kind"),
		Phase:      rapid.SampledFrom(append(phaseNames(p), "nowhere")).Draw(t, "phase"),
		Outcome:    rapid.SampledFrom([]string{"", "solved", "more-work", "no-answer", "complaint", "unheard"}).Draw(t, "outcome"),
		Start:      now.Add(time.Duration(rapid.IntRange(-100, 10_000).Draw(t, "start in minutes")) * time.Minute),
		Confirmed:  rapid.Bool().Draw(t, "confirmed"),
		Permanent:  rapid.Bool().Draw(t, "permanent"),
		Facts:      rapid.SampledFrom(someFacts).Draw(t, "facts"),
	}
}

func phaseNames(p *Policy) (ids []string) {
	for _, tracker := range p.Keys("trackers") {
		ids = append(ids, p.Keys("trackers."+tracker+".phases")...)
	}
	return ids
}

// TestWildHistoriesUnderEveryPolicy holds under each built-in policy, whatever happens: React leaves its arguments alone; what
// is refused has a reason and changes nothing; a locked ticket keeps its state; nothing is due in the past once time has
// passed; everything that is planned can be explained; and another version can take the ticket over.
func TestWildHistoriesUnderEveryPolicy(t *testing.T) {
	for _, name := range Examples() {
		p := builtIn(t, name)
		start := at(t, "2026-10-28 09:00")
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				now := start
				kind := rapid.SampledFrom(p.Kinds()).Draw(rt, "first kind")
				one := p.React(ticket.Ticket{ID: 1, Requester: paula}, ticket.Event{Kind: ticket.CustomerCreates, At: now, TicketKind: kind, Facts: rapid.SampledFrom(someFacts).Draw(rt, "first facts")}, now).Ticket
				for range rapid.IntRange(1, 30).Draw(rt, "events") {
					now = now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(rt, "minutes")) * time.Minute)
					one = p.lives(rt, one, wildEvent(rt, p, now), now)
				}
			})
		})
	}
}

// TestManySmallStepsEqualOneBigOneUnderEveryPolicy: as for the support centre, with calls, phases and reviews planned too.
func TestManySmallStepsEqualOneBigOneUnderEveryPolicy(t *testing.T) {
	for _, name := range Examples() {
		p := builtIn(t, name)
		start := at(t, "2026-10-28 09:00")
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				often := p.React(ticket.Ticket{ID: 1, Requester: paula}, ticket.Event{Kind: ticket.CustomerCreates, At: start, TicketKind: rapid.SampledFrom(p.Kinds()).Draw(rt, "kind")}, start).Ticket
				for range rapid.IntRange(1, 4).Draw(rt, "events") {
					often = p.React(often, wildEvent(rt, p, start), start).Ticket
				}
				seldom := often
				var told [2][]Entry
				for rounds := 0; !seldom.Next().IsZero() && rounds < 50; rounds++ {
					due := seldom.Next()
					end := due.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "late by")) * time.Second)
					for now := due.Add(-5 * time.Second); now.Before(end); now = now.Add(7 * time.Second) {
						told[0] = take(p, &often, now, told[0])
					}
					told[0] = take(p, &often, end, told[0])
					told[1] = take(p, &seldom, end, told[1])
				}
				if plainly(rt, often) != plainly(rt, seldom) || !reflect.DeepEqual(told[0], told[1]) {
					rt.Fatalf("often\n%s\n%+v\nseldom\n%s\n%+v", plainly(rt, often), told[0], plainly(rt, seldom), told[1])
				}
			})
		})
	}
}

func (p *Policy) lives(t *rapid.T, one ticket.Ticket, e ticket.Event, now time.Time) ticket.Ticket {
	before, wasLocked := plainly(t, one), p.Doc.Lifecycle.States[one.State].Locked
	out := p.React(one, e, now)
	undone := slices.ContainsFunc(out.Entries, func(e Entry) bool { return e.Kind == IsUndone })
	switch {
	case plainly(t, one) != before:
		t.Fatalf("React changed its argument from\n%s to\n%s", before, plainly(t, one))
	case out.Refused != "" && (plainly(t, out.Ticket) != before || out.Refusal.Because == ""):
		t.Fatalf("refused (%s), and yet changed, or without a reason", out.Refused)
	case wasLocked && !undone && out.Ticket.State != one.State:
		t.Fatalf("%s took a locked ticket from %s to %s", e.Kind, one.State, out.Ticket.State)
	case e.Kind == ticket.TimePasses && !out.Ticket.Next().IsZero() && !out.Ticket.Next().After(now):
		t.Fatalf("after time has passed, %s is still due", out.Ticket.Next())
	}
	for _, why := range p.Explain(out.Ticket) {
		if why.Sentence == "" || why.At.IsZero() {
			t.Fatalf("no reason is given for %+v", why)
		}
	}
	if adopted := p.Adopt(out.Ticket, now); adopted.Refused != "" || adopted.Ticket.State != out.Ticket.State {
		t.Fatalf("its own policy does not take the ticket over: %+v", adopted)
	}
	return out.Ticket
}
