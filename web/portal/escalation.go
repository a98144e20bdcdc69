package portal

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// Look is a second look at a request as its page tells of it: who has it and until when there is news, or where to ask for one.
type Look struct {
	With string      // "our senior technicians", "" while nobody looks again
	At   shared.Time // since when they have it
	News string      // "We aim to write to you by Fri 20 Nov 2026, 11:00 EST.", "" where no time is stated
	Ask  string      // where to ask for it, "" when that is not possible
	URL  string      // where it is told in full
}

// Escalation is the page on which a customer asks that somebody senior looks at their request, and reads what came of it.
type Escalation struct {
	Number, Subject string
	Back            string // the request
	Post            string
	Key             string // makes the form count once, however often it is sent

	Says   string // what the policy says of it
	Look   Look
	Why    string // why it went there, in the policy's words
	May    bool
	Not    string // why it cannot be asked for now, as a sentence
	Mailed string // the address at which it is confirmed, "" on a later visit

	Twice  string // what was written when it had been asked for before: it was not sent
	Draft  string
	Errors []shared.FormError
}

func (v Escalation) title(ctx context.Context) string {
	if v.Look.With != "" && !v.May {
		return say.It(ctx, "Somebody senior looks at it")
	}
	return say.It(ctx, "Ask for escalation")
}

// reviews says who looks, and until when there is news.
func (l Look) reviews(ctx context.Context) string {
	if l.With == "" {
		return l.News
	}
	return say.It(ctx, "It goes to %s.", l.With) + " " + l.News
}
