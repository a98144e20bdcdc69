package policy

import "time"

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
