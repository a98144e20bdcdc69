package policy

import (
	"strings"
	"time"

	"hark/calendar"
	"hark/issue"
	"hark/ticket"
)

// Known problems, as far as a policy decides about them: whether there are any, how it may be said when they end, and what their tickets
// do when they are linked and when the fix is confirmed.

// HasIssues reports whether the policy speaks of known problems.
func (p *Policy) HasIssues() bool { return p.Doc.Issues != nil }

// Horizons are the words in which this policy says roughly when a known problem ends, none where it has no words for it.
func (p *Policy) Horizons() []string {
	if p.Doc.Issues == nil {
		return nil
	}
	return p.Doc.Issues.Horizons
}

// GivesDates reports whether a day may be said.
func (p *Policy) GivesDates() bool { return p.Doc.Issues != nil && p.Doc.Issues.GiveDates }

// MaySayWhen checks what somebody wants to say of when a known problem ends: a horizon is one of the policy's own words, and a day is
// named only where the policy gives days (seed 000, 0.23). The error is an [issue.Wrong].
func (p *Policy) MaySayWhen(horizon string, day calendar.Date) error {
	if values := p.Horizons(); horizon != "" && len(values) == 0 {
		return issue.Wrongly("horizon", "this policy has no words for when a known problem ends; leave it open")
	} else if _, err := p.FactValue("issue.horizon", horizon); horizon != "" && err != nil {
		return issue.Wrongly("horizon", "roughly when is %s, not %q", either(values), clip(horizon))
	}
	if !day.IsZero() && !p.GivesDates() {
		return issue.Wrongly("estimate", "this policy names no day: %s", or(strings.TrimSuffix(p.WhyNoDates(), "."), "say it in its own words"))
	}
	return nil
}

// WhyNoDates is why this policy names no day, in its words; "" where it does, or says nothing of it.
func (p *Policy) WhyNoDates() string {
	if p.Doc.Issues == nil || p.Doc.Issues.GiveDates {
		return ""
	}
	return p.Doc.Issues.WhyNoDates
}

// Follows is what would come of an event beyond the event itself.
type Follows struct {
	Refused string // why it is not possible; then nothing else is set
	Mails   string // "Mails “Fixed” to Maria Lopez.", "" when nobody is mailed
	Says    string // "The ticket becomes Solved."
	Sends   int64  // how many mails that are, with the one that asks how it went
}

// LinkFollows is what comes of linking a ticket to a known problem now.
func (p *Policy) LinkFollows(t ticket.Ticket, now time.Time) Follows {
	return p.wouldFollow(t, ticket.Event{Kind: ticket.IssueLinked, At: now}, now)
}

// FixFollows is what comes of confirming the fix of its known problem, for one linked ticket.
func (p *Policy) FixFollows(t ticket.Ticket, now time.Time) Follows {
	return p.wouldFollow(t, ticket.Event{Kind: ticket.IssueFixed, At: now, Confirmed: true}, now)
}

// MoveFollows is what comes of taking a ticket to a phase now.
func (p *Policy) MoveFollows(t ticket.Ticket, phase string, now time.Time) Follows {
	if t.Memory.Phase.ID == phase {
		return Follows{Refused: "It stands there already."}
	}
	return p.wouldFollow(t, ticket.Event{Kind: ticket.AgentMoves, At: now, Phase: phase}, now)
}

// wouldFollow finds out by letting it happen to a copy.
func (p *Policy) wouldFollow(t ticket.Ticket, e ticket.Event, now time.Time) (f Follows) {
	after := p.React(t, e, now)
	if f.Refused = after.Refused; f.Refused == "" {
		f.Mails, f.Says = p.moveFollows(after, now)
		f.Sends = sends(after)
	}
	return f
}

// sends counts the mails to the customer among what comes of an event.
func sends(after Outcome) (n int64) {
	for _, e := range afterEvent(after.Entries) {
		if e.Kind == IsSend || e.Kind == IsRating {
			n++
		}
	}
	return n
}
