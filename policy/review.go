package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/calendar"
	"hark/promise"
	"hark/ticket"
)

// Reviews: a request that does not get onto the roadmap now is weighed again at the next review (seed 004, 4.18; S4-14).
// The ticket itself does not change by it, closed or not.

// notNow is the decision that puts a request off; declined is for good.
const notNow = "not now"

// planReview plans the next review for a request that was put off, and forgets it when the decision is another.
func (r *reaction) planReview() {
	if _, decided := r.e.Facts["feature.decision"]; !decided {
		return
	}
	switch {
	case r.told("feature.decision") != notNow || !r.p.reviews():
		r.t.Memory.Review = promise.Timer{}
	default:
		r.t.Memory.Review = promise.Timer{Rule: "issues.roadmap", Anchor: r.at, At: r.nextReview(r.at).UTC()}
	}
}

func (p *Policy) reviews() bool {
	i := p.Doc.Issues
	return i != nil && i.Roadmap != nil && i.Roadmap.KeepDeclinedForNextReview && i.Roadmap.Review == "quarterly"
}

// nextReview is the first opening of the next quarter.
func (r *reaction) nextReview(after time.Time) time.Time {
	return r.opensOn(nextQuarter(calendar.DateOf(after, r.calendar("", businessDay).Zone)))
}

// opensOn is the first opening on a day or after it.
func (r *reaction) opensOn(day calendar.Date) time.Time {
	cal := r.calendar("", businessDay)
	first := calendar.Resolve(day, 0, cal.Zone)
	if now := cal.At(first); !now.Open && !now.Until.IsZero() {
		return now.Until
	}
	return first
}

// NextReview is when the next review of the roadmap begins, seen from an instant: the first opening of the next quarter. ok is false
// for a policy that does not review what it has put off.
func (p *Policy) NextReview(after time.Time) (at time.Time, ok bool) {
	if !p.reviews() {
		return at, false
	}
	r := p.reaction(ticket.Ticket{}, ticket.Event{At: after}, after)
	return r.nextReview(after).UTC(), true
}

// LastReview is when the review began that comes before an instant: the first opening of its quarter, or of the one before where that has
// not come yet.
func (p *Policy) LastReview(now time.Time) (at time.Time, ok bool) {
	if !p.reviews() {
		return at, false
	}
	r := p.reaction(ticket.Ticket{}, ticket.Event{At: now}, now)
	quarter := thisQuarter(calendar.DateOf(now, r.calendar("", businessDay).Zone))
	if at = r.opensOn(quarter).UTC(); at.After(now) {
		at = r.opensOn(thisQuarter(quarter.Plus(-1))).UTC()
	}
	return at, true
}

// thisQuarter is the first day of the quarter of a date.
func thisQuarter(d calendar.Date) calendar.Date {
	return calendar.Date{Y: d.Y, M: (d.M-1)/3*3 + 1, D: 1}
}

// RoadmapWindow is how far the roadmap reaches, in the policy's words ("6 months") and in months: "" and 0 where the policy does not say.
func (p *Policy) RoadmapWindow() (says string, months int) {
	if p.Doc.Issues == nil || p.Doc.Issues.Roadmap == nil {
		return "", 0
	}
	says = p.Doc.Issues.Roadmap.Window
	number, unit, _ := strings.Cut(says, " ")
	if n, err := strconv.Atoi(number); err == nil && n > 0 && strings.HasPrefix(unit, "month") {
		months = n
	}
	return says, months
}

// PlannedSays is until when it is meant to be there what stands on the roadmap as planned: "In the next six months", "" where the policy
// does not say how far it reaches.
func (p *Policy) PlannedSays() string {
	says, _ := p.RoadmapWindow()
	number, unit, counted := strings.Cut(says, " ")
	n, err := strconv.Atoi(number)
	switch {
	case says == "":
		return ""
	case !counted || err != nil: // "quarter", "a quarter"
		return "In the next " + strings.TrimPrefix(says, "a ")
	case n == 1:
		return "In the next " + unit
	case n > 1 && n < len(upToTwelve):
		return "In the next " + upToTwelve[n] + " " + unit
	}
	return "In the next " + says
}

var upToTwelve = [...]string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// Weighs reports whether a ticket is a request that the roadmap is decided about (4.20): its tracker has a phase that needs the decision,
// and it stands in that one or in one from which that one is next.
func (p *Policy) Weighs(t ticket.Ticket) bool {
	tracker, tracked := p.Doc.Trackers[p.Doc.Kinds[t.Kind].Tracker]
	if !tracked || p.Doc.Issues == nil || p.Doc.Issues.Roadmap == nil {
		return false
	}
	at, decides := tracker.phase(t.Memory.Phase.ID), slices.IndexFunc(tracker.Phases, func(f Phase) bool { return slices.Contains(f.Needs, "feature.decision") })
	return at >= 0 && decides >= 0 && (at == decides || tracker.mayGo(at, decides))
}

// nextQuarter is the first day of the quarter after the one of a date.
func nextQuarter(d calendar.Date) calendar.Date {
	month := (d.M-1)/3*3 + 4
	if month > time.December {
		return calendar.Date{Y: d.Y + 1, M: time.January, D: 1}
	}
	return calendar.Date{Y: d.Y, M: month, D: 1}
}

func (r *reaction) review() {
	anchor := r.t.Memory.Review.Anchor
	r.t.Memory.Review = promise.Timer{}
	r.under("issues.roadmap", anchor, func() {
		r.add(Entry{Kind: IsTask, Says: "Weigh this request again: it was put off until this review.", To: address(r.t.Assignee)})
	})
}
