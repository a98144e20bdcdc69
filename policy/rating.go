package policy

import (
	"slices"
	"time"

	"hark/calendar"
)

// Rating: what customers are asked when the work is done, and what their answers mean (seed 000, 0.20).

// Sense is what a score amounts to, on whichever scale it was given. Reports count senses, so that a policy can change its scale.
type Sense string

const (
	RatedGood Sense = "good"
	RatedFair Sense = "fair" // neither of the others
	RatedBad  Sense = "bad"
)

// Score is one answer that a customer can give.
type Score struct {
	ID    string // "good", "4"; it is kept with the ticket
	Label string
	Sense Sense
}

// usualScale is what is asked when the policy asks and names no scale.
const usualScale = "good_bad_comment"

// scales are what feedback.scale can name, the best answer first.
var scales = map[string][]Score{
	usualScale:    {{"good", "Good", RatedGood}, {"bad", "Bad", RatedBad}},
	"one_to_five": {{"5", "Very good", RatedGood}, {"4", "Good", RatedGood}, {"3", "Fair", RatedFair}, {"2", "Bad", RatedBad}, {"1", "Very bad", RatedBad}},
}

var usualChange = calendar.Duration{N: 7, Unit: calendar.Days}

func (p *Policy) feedback() Feedback {
	if p.Doc.Feedback == nil {
		return Feedback{}
	}
	return *p.Doc.Feedback
}

// Scores are the answers that customers choose from, the best first.
func (p *Policy) Scores() []Score {
	if scale, known := scales[p.feedback().Scale]; known {
		return scale
	}
	return scales[usualScale]
}

// Score is one of them by its id, false when the scale has none of that name.
func (p *Policy) Score(id string) (Score, bool) {
	all := p.Scores()
	i := slices.IndexFunc(all, func(s Score) bool { return s.ID == id })
	if i < 0 {
		return Score{}, false
	}
	return all[i], true
}

// ScoreLabel is what a score is called, also one of a scale that this policy does not use any more.
func ScoreLabel(id string) string {
	for _, scale := range scales {
		for _, s := range scale {
			if s.ID == id {
				return s.Label
			}
		}
	}
	return id
}

// RatingStays is from when on a rating can no longer be changed, by when it was first given.
func (p *Policy) RatingStays(rated time.Time) time.Time {
	if d := p.feedback().ChangeWithin; d != nil {
		return p.After(rated, *d)
	}
	return p.After(rated, usualChange)
}

// Celebrates is the sentence with which the company is glad with its customer, "" for none (seed 000, 0.19).
func (p *Policy) Celebrates() string { return p.feedback().Celebrate }

// ComplaintsTo is the address for compliments and complaints, "" when the policy names none (seed 001, 1.34).
func (p *Policy) ComplaintsTo() string { return p.feedback().Address }
