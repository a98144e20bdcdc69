package policy

import (
	"time"

	"hark/calendar"
	"hark/promise"
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
	cal := r.calendar("", businessDay)
	first := calendar.Resolve(nextQuarter(calendar.DateOf(after, cal.Zone)), 0, cal.Zone)
	if now := cal.At(first); !now.Open && !now.Until.IsZero() {
		return now.Until
	}
	return first
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
