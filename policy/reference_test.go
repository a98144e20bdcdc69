package policy

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hark/calendar"
	"hark/ticket"
)

// reference is the life of a ticket at the support centre told a second time, as plainly as it can be and without the
// engine: states, waits and mails, by hand. Random histories must come out the same in both.
type reference struct {
	state   string
	before  string
	entered time.Time
	asked   time.Time
	acted   int // reminders sent since the question
	told    []string
}

func (m *reference) tell(at time.Time, what string) {
	m.told = append(m.told, at.Format(time.RFC3339)+" "+what)
}

func (m *reference) enter(state string, at time.Time) {
	if state == m.state {
		return
	}
	m.before, m.state, m.entered, m.acted = m.state, state, at, 0
	m.tell(at, "status "+state)
}

// daysAfter is the same clock time in New York, so many days later.
func daysAfter(from time.Time, days int, zone *time.Location) time.Time {
	local := from.In(zone)
	return calendar.Resolve(calendar.DateOf(from, zone).Plus(days), calendar.ClockOf(local.Hour(), local.Minute()), zone).UTC()
}

// since is what the waits of a pending ticket count from.
func (m *reference) since() time.Time {
	if m.asked.Before(m.entered) {
		return m.entered
	}
	return m.asked
}

// waits are the instants of reminder, reminder and closing.
func (m *reference) waits(zone *time.Location) []time.Time {
	switch m.state {
	case "pending":
		return []time.Time{m.since().Add(24 * time.Hour), daysAfter(m.since(), 5, zone), daysAfter(m.since(), 7, zone)}[m.acted:]
	case "solved":
		return []time.Time{m.entered.Add(24 * time.Hour)}
	}
	return nil
}

// pass lets everything happen that is due until then; at the very instant only when nobody goes before.
func (m *reference) pass(until time.Time, customerNext bool, zone *time.Location) {
	for {
		waits := m.waits(zone)
		if len(waits) == 0 || waits[0].After(until) || customerNext && waits[0].Equal(until) {
			return
		}
		m.wait(waits[0])
	}
}

func (m *reference) wait(at time.Time) {
	switch {
	case m.state == "solved":
		m.enter("closed", at)
	case m.acted < 2:
		m.acted++
		m.tell(at, fmt.Sprintf("send reminder-%d", m.acted))
	default:
		m.tell(at, "tag No Response")
		m.enter("closed", at)
		m.tell(at, "send closed-no-response")
	}
}

func (m *reference) happen(e ticket.Event) {
	if m.state == "closed" && e.Kind == ticket.CustomerReplies && e.At.Equal(m.entered) {
		m.state = m.before // the closing is taken back: at one instant the customer comes first
	}
	switch {
	case e.Kind == ticket.CustomerReplies && slices.Contains([]string{"pending", "hold", "solved"}, m.state):
		m.enter("open", e.At)
		m.tell(e.At, "send received-reply")
	case m.state == "closed":
	case e.Kind == ticket.AgentReplies && (e.Status == "new" && m.state != "new" || e.Status == "closed"):
	case e.Kind == ticket.AgentReplies:
		m.reply(e)
	case e.Kind == ticket.AgentSets && slices.Contains([]string{"open", "pending", "hold"}, e.Status):
		m.enter(e.Status, e.At)
	case e.Kind == ticket.AgentSets && e.Status == "solved" && m.state != "solved":
		m.enter("solved", e.At)
		m.tell(e.At, "send solved")
	}
}

func (m *reference) reply(e ticket.Event) {
	to := e.Status
	if to == "" && m.state == "new" {
		to = "open"
	}
	m.asked, m.acted = e.At, 0
	if to != "" {
		m.enter(to, e.At)
	}
	if to == "solved" {
		m.entered = e.At
		m.tell(e.At, "send solved")
	}
}

// TestTheEngineAgreesWithTheReference is the life cycle of seed 002, model against engine.
func TestTheEngineAgreesWithTheReference(t *testing.T) {
	p := supportCenter(t)
	rapid.Check(t, func(rt *rapid.T) {
		now := at(t, "2026-10-28 09:00")
		one := begun(rt, p, now)
		m := &reference{state: "new", entered: now}
		var told []string
		for range rapid.IntRange(1, 20).Draw(rt, "events") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 60, 1439, 1440, 1441, 5 * 1440, 3000}).Draw(rt, "minutes")) * time.Minute)
			e := ticket.Event{
				Kind:   rapid.SampledFrom([]ticket.EventKind{ticket.CustomerReplies, ticket.AgentReplies, ticket.AgentReplies, ticket.AgentSets, ticket.AgentNote, ticket.AutoReply}).Draw(rt, "kind"),
				Status: rapid.SampledFrom([]string{"", "new", "open", "pending", "pending", "hold", "solved", "closed"}).Draw(rt, "status"),
				At:     now,
			}
			for next := one.Next(); !next.IsZero() && (next.Before(now) || next.Equal(now) && !ByCustomer(e.Kind)); next = one.Next() {
				one, told = hear(p, one, ticket.Event{Kind: ticket.TimePasses}, next, told)
			}
			one, told = hear(p, one, e, now, told)
			m.pass(now, e.Kind == ticket.CustomerReplies, p.Zone)
			m.happen(e)
			if one.State != m.state || !slices.Equal(told, m.told) {
				rt.Fatalf("after %s %q at %s\n engine: %s %v\n model:  %s %v", e.Kind, e.Status, e.At, one.State, told, m.state, m.told)
			}
		}
	})
}

// hear lets an event happen and writes down states, mails and tags.
func hear(p *Policy, t ticket.Ticket, e ticket.Event, now time.Time, told []string) (ticket.Ticket, []string) {
	out := p.React(t, e, now)
	for _, entry := range out.Entries {
		if what := entry.Status + entry.Message + entry.Tag; slices.Contains([]EntryKind{IsStatus, IsSend, IsTag}, entry.Kind) {
			told = append(told, fmt.Sprintf("%s %s %s", entry.At.Format(time.RFC3339), entry.Kind, what))
		}
	}
	return out.Ticket, told
}
