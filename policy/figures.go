package policy

import (
	"slices"
	"time"

	"hark/calendar"
)

// FirstReply is one ticket for the published figures: when it came, and when a person first answered it publicly; the
// zero time when nobody has. An acknowledgement is not an answer.
type FirstReply struct {
	Came     time.Time
	Answered time.Time
}

// ShareFirstReplyWithin is how many tickets of 100 got an answer within limit, rounded, and of how many tickets that is
// said (seed 002, 2.4; A33, S2-25). The limit itself still counts. A ticket without an answer counts against it once it
// is older than the limit, and is left out before: otherwise silence would improve the number.
func ShareFirstReplyWithin(tickets []FirstReply, limit time.Duration, now time.Time) (percent, counted int) {
	within := 0
	for _, t := range tickets {
		switch {
		case t.Answered.IsZero() && now.Sub(t.Came) <= limit:
			continue
		case !t.Answered.IsZero() && t.Answered.Sub(t.Came) <= limit:
			within++
		}
		counted++
	}
	if counted == 0 {
		return 0, 0
	}
	return (200*within + counted) / (2 * counted), counted
}

// The steps in which first answers are counted. OneDay is one business day of the desk.
const (
	QuarterHour = iota
	OneHour
	FourHours
	OneDay
	Later
	Unanswered // nobody has answered
	AnswerSteps
)

// AnswerStep says in which step a first answer came. What takes exactly as long as a step still belongs to it (A33).
func (p *Policy) AnswerStep(r FirstReply) int {
	took := r.Answered.Sub(r.Came)
	switch {
	case r.Answered.IsZero():
		return Unanswered
	case took <= 15*time.Minute:
		return QuarterHour
	case took <= time.Hour:
		return OneHour
	case took <= 4*time.Hour:
		return FourHours
	case !r.Answered.After(p.nextDay(r.Came)):
		return OneDay
	}
	return Later
}

// nextDay is one business day after an instant, by the policy's first calendar; without one, a day.
func (p *Policy) nextDay(from time.Time) time.Time {
	for _, id := range p.Keys("calendars") {
		if c, err := p.Calendar(id); err == nil {
			if at, err := c.Add(from, calendar.Duration{N: 1, Unit: calendar.BusinessDays}); err == nil {
				return at
			}
		}
	}
	return from.Add(24 * time.Hour)
}

// AnswerLimit is the time whose share this policy publishes: that of its first such figure, an hour when there is none.
func (p *Policy) AnswerLimit() calendar.Duration {
	for _, f := range p.Doc.Figures {
		if f.Metric == "share_first_reply_within" && f.Within != nil {
			return *f.Within
		}
	}
	return calendar.Duration{N: 1, Unit: calendar.Hours}
}

// Quantile is the length of time that so many of a hundred do not exceed: the middle at 50. Zero of none.
func Quantile(lengths []time.Duration, percent int) time.Duration {
	if len(lengths) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(lengths))
	return sorted[(len(sorted)*percent+99)/100-1]
}

// ShareKept is how many of a hundred promises were kept, rounded, of those that were kept or missed. What is excluded or still
// runs counts neither way; a late answer is a missed one.
func ShareKept(kept, missed int) (percent, counted int) {
	if kept+missed == 0 {
		return 0, 0
	}
	return (200*kept + kept + missed) / (2 * (kept + missed)), kept + missed
}

// GivesUp are the tags that a ticket gets when it is closed because its customer never answered (seed 002, 2.22).
func (p *Policy) GivesUp() (tags []string) {
	for _, t := range p.Doc.Lifecycle.Timers {
		if p.Doc.Lifecycle.States[t.In].WaitsOn != "customer" || !p.Doc.Lifecycle.States[t.leadsTo()].Locked {
			continue
		}
		for _, a := range t.Do {
			if a.Tag != "" && !slices.Contains(tags, a.Tag) {
				tags = append(tags, a.Tag)
			}
		}
	}
	return tags
}
