// Package feedback is where compliments and complaints are read: the sentences of ratings, mail to the address for them, and calls.
// They are few and each deserves to be read by somebody, so that the list is one of words and not of tickets.
package feedback

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is one page of them.
type View struct {
	All   bool // also what was dealt with
	List  []Said
	Pager shared.Pager
	Write bool // the reader may say that they have dealt with it
}

// Said is one compliment or complaint.
type Said struct {
	ID    string
	Sense string // good, fair, bad; "" while nobody has said which it is
	Words string
	From  string
	Way   string // "With a rating of Ben's answer"
	At    shared.Time
	About string // what its link is called
	URL   string
	Done  string // "Ben, Fri 20 Nov", "" while it waits
}

// kind is what it is, in a word.
func (s Said) kind(ctx context.Context) string {
	switch s.Sense {
	case "good":
		return say.It(ctx, "Compliment")
	case "bad":
		return say.It(ctx, "Complaint")
	case "fair":
		return say.It(ctx, "Remark")
	}
	return say.It(ctx, "Compliment or complaint")
}

// look is how it is marked.
func (s Said) look() string {
	if s.Sense == "" {
		return "said-unread"
	}
	return "said-" + s.Sense
}
