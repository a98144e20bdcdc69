// Package rating is where a customer says how it went: one step, a sentence if they like, and nothing else. They come by a link in a
// mail, which programs follow too, so that opening the page says nothing; its button does.
package rating

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is the question about one request, and the answer once there is one.
type View struct {
	Number  string
	Subject string
	Base    string // address of the request
	Scores  []shared.Option
	Words   string
	Errors  []shared.FormError
	Wrong   map[string]string // what is wrong with a field
	Given   *Given            // nil while nothing was said
	Changes bool              // the link they came by says something else than they have said
}

// Given is what was said.
type Given struct {
	Label string
	Words string
	Glad  string      // what the company says to a good one, "" for nothing
	Until shared.Time // until when it can be changed
	Stays bool        // it can be changed no longer
}

func (v View) title(ctx context.Context) string {
	if v.Given != nil {
		return say.It(ctx, "Thank you")
	}
	return say.It(ctx, "How did we do?")
}
