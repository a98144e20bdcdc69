package policy

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/ticket"
)

func same(t testing.TB, want, got ticket.Ticket) {
	t.Helper()
	if !reflect.DeepEqual(plainly(t, want), plainly(t, got)) {
		t.Errorf("the ticket has changed\n got %s\nwant %s", plainly(t, got), plainly(t, want))
	}
}

// failer is a test, or one draw of a property.
type failer interface {
	Helper()
	Fatal(...any)
}

// plainly is a ticket as text, so that empty and absent lists are the same.
func plainly(t failer, of ticket.Ticket) string {
	t.Helper()
	text, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// anyEvent is something that may happen to a ticket, sensible or not.
func anyEvent(t *rapid.T) ticket.Event {
	states := []string{"", "new", "open", "pending", "hold", "solved", "closed", "lost"}
	return ticket.Event{
		Kind: rapid.SampledFrom([]ticket.EventKind{
			ticket.CustomerReplies, ticket.CustomerReplies, ticket.AgentReplies, ticket.AgentReplies, ticket.AgentReplies, ticket.AgentSets, ticket.AgentNote, ticket.AutoReply,
			ticket.Bounce, ticket.StrangerReplies, ticket.TimersResumed, ticket.FactChanged, ticket.CustomerAsks, ticket.CallBooked, ticket.TimePasses,
		}).Draw(t, "kind"),
		By:         rapid.SampledFrom([]ticket.Person{{}, ana, ben, paula}).Draw(t, "by"),
		Status:     rapid.SampledFrom(states).Draw(t, "status"),
		TicketKind: rapid.SampledFrom([]string{"", "", "", "question", "work_request", "project", "joke"}).Draw(t, "ticket kind"),
		Tags:       rapid.SampledFrom([][]string{nil, {"a"}, {"b", "a"}}).Draw(t, "tags"),
		Untag:      rapid.SampledFrom([][]string{nil, nil, {"a"}}).Draw(t, "untag"),
		Permanent:  rapid.Bool().Draw(t, "permanent"),
		Facts:      rapid.SampledFrom([]map[string]any{nil, nil, {"project.lead": ana.Address}, {"customer.address": "new"}}).Draw(t, "facts"),
	}
}

func begun(t *rapid.T, p *Policy, created time.Time) ticket.Ticket {
	kind := rapid.SampledFrom([]string{"question", "work_request", "project"}).Draw(t, "first kind")
	return p.React(ticket.Ticket{ID: 1}, ticket.Event{Kind: ticket.CustomerCreates, At: created, TicketKind: kind, By: paula}, created).Ticket
}

// TestRandomHistories holds for every history: React leaves its arguments alone, a refusal changes nothing, a closed
// ticket never changes unless its closing is taken back, no timer acts twice for the same anchor, and what is due next
// lies ahead once time has passed.
func TestRandomHistories(t *testing.T) {
	p := supportCenter(t)
	start := at(t, "2026-10-28 09:00")
	rapid.Check(t, func(rt *rapid.T) {
		now, acted := start, map[string]bool{}
		one := begun(rt, p, now)
		for range rapid.IntRange(1, 25).Draw(rt, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(rt, "minutes")) * time.Minute)
			e := anyEvent(rt)
			e.At = now.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 2, 300}).Draw(rt, "read later")) * time.Minute)
			before, wasClosed := plainly(t, one), one.State == "closed"
			out := p.React(one, e, now)
			if plainly(t, one) != before {
				rt.Fatalf("React changed its argument from\n%s to\n%s", before, plainly(t, one))
			}
			if out.Refused != "" && plainly(t, out.Ticket) != before {
				rt.Fatalf("refused (%s), and yet changed", out.Refused)
			}
			undone := slices.ContainsFunc(out.Entries, func(e Entry) bool { return e.Kind == IsUndone })
			if wasClosed && !undone && plainly(t, out.Ticket) != before {
				rt.Fatalf("%s changed a closed ticket from\n%s to\n%s", e.Kind, before, plainly(t, out.Ticket))
			}
			for _, entry := range out.Entries {
				if rule := p.timerOf(entry.Rule); rule == nil {
					continue
				}
				if acted[entry.Key(1)] {
					rt.Fatalf("%s acts twice for %s", entry.Rule, entry.Anchor)
				}
				acted[entry.Key(1)] = true
			}
			one = out.Ticket
			if next := one.Next(); !next.IsZero() && e.Kind == ticket.TimePasses && !next.After(now) {
				rt.Fatalf("after time has passed, %s is still due", next)
			}
		}
	})
}

func (p *Policy) timerOf(rule string) *Timer {
	if len(rule) < len("lifecycle.timers.") {
		return nil
	}
	return p.timer(rule[len("lifecycle.timers."):])
}

// TestManySmallStepsEqualOneBigOne: whether the desk asks once or every few seconds, as long as nothing is late the
// same happens at the same instants.
func TestManySmallStepsEqualOneBigOne(t *testing.T) {
	p := supportCenter(t)
	start := at(t, "2026-10-28 09:00")
	rapid.Check(t, func(rt *rapid.T) {
		one := begun(rt, p, start)
		one = p.React(one, ticket.Event{Kind: ticket.AgentReplies, At: start, Status: rapid.SampledFrom([]string{"pending", "solved", "open"}).Draw(rt, "status")}, start).Ticket
		often, seldom := one, one
		var told [2][]Entry
		for !seldom.Next().IsZero() {
			due := seldom.Next()
			end := due.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "late by")) * time.Second)
			for now := due.Add(-5 * time.Second); now.Before(end); now = now.Add(time.Second * time.Duration(rapid.IntRange(1, 20).Draw(rt, "step"))) {
				told[0] = take(p, &often, now, told[0])
			}
			told[0] = take(p, &often, end, told[0])
			told[1] = take(p, &seldom, end, told[1])
		}
		if plainly(t, often) != plainly(t, seldom) || !reflect.DeepEqual(told[0], told[1]) {
			rt.Fatalf("often\n%s\n%+v\nseldom\n%s\n%+v", plainly(t, often), told[0], plainly(t, seldom), told[1])
		}
	})
}

func take(p *Policy, t *ticket.Ticket, now time.Time, told []Entry) []Entry {
	out := p.React(*t, ticket.Event{Kind: ticket.TimePasses}, now)
	*t = out.Ticket
	return append(told, out.Entries...)
}

// BenchmarkReactUnder is the costliest event of each built-in policy, on a ticket with twenty events behind it.
func BenchmarkReactUnder(b *testing.B) {
	for name, facts := range map[string]map[string]any{
		"soapbox-phone-support":         {"ticket.wants_call": true, "subscription.phone_support": true, "customer.stage": "active"},
		"ablecommerce-phone-procedures": {"licence.ordered_on": "2026-11-10", "licence.version_major": 7},
		"customer-support-center":       {"project.lead": "ana@example.com"},
		"piperocks-crm":                 {"customer.region": "uk", "ticket.users_affected": 3},
		"what-happens-next":             {"customer.csm": "mia@example.com"},
	} {
		p := builtIn(b, name)
		one, now := ticket.Ticket{ID: 1, Requester: paula, Facts: facts}, at(b, "2026-11-16 10:00")
		one = p.React(one, ticket.Event{Kind: ticket.CustomerCreates, At: now, TicketKind: p.Kinds()[0]}, now).Ticket
		for i := range 20 {
			e := ticket.Event{Kind: ticket.CustomerReplies, By: paula}
			if i%2 == 0 {
				e = ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: p.stateOf(ticket.Pending)}
			}
			now = now.Add(3 * time.Hour)
			one = p.React(one, e, now).Ticket
		}
		for _, e := range []ticket.Event{
			{Kind: ticket.AgentReplies, By: ben, Status: p.stateOf(ticket.Pending)},
			{Kind: ticket.FactChanged, Facts: map[string]any{"ticket.topic": "development"}},
			{Kind: ticket.CustomerCreates, TicketKind: p.Kinds()[0]},
		} {
			b.Run(name+"/"+string(e.Kind), func(b *testing.B) {
				b.ReportAllocs()
				t := one
				if e.Kind == ticket.CustomerCreates {
					t = ticket.Ticket{ID: 1, Requester: paula, Facts: facts}
				}
				computing(b, func() {
					for b.Loop() {
						p.React(t, e, now)
					}
				})
			})
		}
	}
}

// BenchmarkReact is a reply on a ticket with a history of twenty events.
func BenchmarkReact(b *testing.B) {
	l := asked(b)
	l.t.CCs = []ticket.Person{paula, ana}
	for i := range 9 {
		day := at(b, "2026-11-21 09:00").Add(time.Duration(i) * 12 * time.Hour)
		l.eventAt(ticket.Event{Kind: ticket.CustomerReplies, By: paula, At: day}, day)
		l.eventAt(ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: day.Add(time.Hour)}, day.Add(time.Hour))
	}
	now := l.t.Memory.LastAgentMessage.Add(time.Hour)
	for _, one := range []struct {
		name  string
		event ticket.Event
	}{
		{"customer replies", ticket.Event{Kind: ticket.CustomerReplies, By: paula, At: now}},
		{"agent asks", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "pending", At: now}},
		{"agent solves", ticket.Event{Kind: ticket.AgentReplies, By: ben, Status: "solved", At: now}},
		{"time passes", ticket.Event{Kind: ticket.TimePasses}},
	} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			computing(b, func() {
				for b.Loop() {
					l.p.React(l.t, one.event, now)
				}
			})
		})
	}
	b.Run("customer creates", func(b *testing.B) {
		b.ReportAllocs()
		e := ticket.Event{Kind: ticket.CustomerCreates, By: paula, TicketKind: "work_request", At: now}
		for b.Loop() {
			l.p.React(ticket.Ticket{ID: 1, Requester: paula}, e, now)
		}
	})
}
