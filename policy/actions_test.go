package policy

import (
	"testing"

	"hark/ticket"
)

func TestEveryActionDoesItsOneThing(t *testing.T) {
	yes := true
	for _, one := range []struct {
		does Action
		want Entry
		then func(ticket.Ticket) bool
	}{
		{Action{Send: "received"}, Entry{Kind: IsSend, Message: "received", To: "requester"}, nil},
		{Action{Status: "hold"}, Entry{Kind: IsStatus, Status: "hold"}, func(t ticket.Ticket) bool { return t.State == "hold" && t.Category == ticket.Hold }},
		{Action{Tag: "late"}, Entry{Kind: IsTag, Tag: "late"}, func(t ticket.Ticket) bool { return t.Tags[0] == "late" }},
		{Action{Assign: "agent: project.lead"}, Entry{Kind: IsAssign, To: ana.Address}, func(t ticket.Ticket) bool { return t.Assignee.Address == ana.Address }},
		{Action{Assign: "cem@desk.example"}, Entry{Kind: IsAssign, To: cem.Address}, func(t ticket.Ticket) bool { return t.Assignee.Address == cem.Address }},
		{Action{RaiseTo: "seniors"}, Entry{Kind: IsAssign, To: "seniors"}, nil},
		{Action{Notify: "csm"}, Entry{Kind: IsNotify, To: "csm", Says: "Look at this ticket."}, nil},
		{Action{Priority: "urgent"}, Entry{Kind: IsPriority, Priority: "urgent"}, func(t ticket.Ticket) bool { return t.Priority == "urgent" }},
		{Action{AskRating: &yes}, Entry{Kind: IsRating, To: "requester"}, nil},
		{Action{Task: "Call back"}, Entry{Kind: IsTask, Says: "Call back", To: ben.Address}, nil},
		{Action{Note: "Seen"}, Entry{Kind: IsNote, Says: "Seen"}, nil},
		{Action{Publish: "news"}, Entry{Kind: IsPublish, Says: "news"}, nil},
		{Action{OpenIssue: &yes}, Entry{Kind: IsTask, Says: "Open an issue with the engineers and link it.", To: ben.Address}, nil},
	} {
		l := asked(t)
		l.t.Facts = map[string]any{"project.lead": ana.Address}
		r := l.p.reaction(l.t, ticket.Event{Kind: ticket.TimePasses}, at(t, "2026-11-20 17:00"))
		r.rule = "lifecycle.timers.test"
		r.do([]Action{one.does})
		one.want.At, one.want.Rule, one.want.Anchor = r.at, r.rule, r.anchor
		if len(r.entries) != 1 || r.entries[0] != one.want || one.then != nil && !one.then(r.t) {
			t.Errorf("%+v\n got %+v\nwant %+v", one.does, r.entries, one.want)
		}
	}
}

// A29: what is for customers only is not sent to others, and that is noted.
func TestAMessageForSomeOnly(t *testing.T) {
	l := asked(t)
	m := l.p.Doc.Messages["received"]
	m.OnlyFor = Condition{"caller.is_customer": true}
	l.p.Doc.Messages["received"] = m
	for customer, want := range map[bool]EntryKind{true: IsSend, false: IsSkipped} {
		l.t.Facts = map[string]any{"caller.is_customer": customer}
		r := l.p.reaction(l.t, ticket.Event{Kind: ticket.TimePasses}, at(t, "2026-11-20 17:00"))
		r.send("received")
		if r.entries[0].Kind != want || r.entries[0].Message != "received" {
			t.Errorf("customer %t: %+v", customer, r.entries)
		}
	}
}

// The move and the channel both acknowledge a new ticket; the customer hears it once.
func TestAChannelAcknowledgesOnce(t *testing.T) {
	for _, via := range []string{"email", "portal", "api", ""} {
		l := newLife(t, nil)
		l.t.Channel = via
		l.event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula})
		n := 0
		for _, e := range l.last.Entries {
			if e.Kind == IsSend {
				n++
			}
		}
		if n != 1 {
			t.Errorf("by %q: %d mails", via, n)
		}
	}
	quiet := newLife(t, nil)
	quiet.p.Doc.Lifecycle.Moves[0].Do = nil
	quiet.t.Channel = "email"
	quiet.event("2026-11-20 15:00", ticket.Event{Kind: ticket.CustomerCreates, By: paula})
	if !quiet.has(IsSend, func(e Entry) bool { return e.Message == "received" && e.Rule == "channels.email" }) {
		t.Errorf("when only the channel acknowledges: %+v", quiet.last.Entries)
	}
}
