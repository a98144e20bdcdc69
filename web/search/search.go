// Package search finds tickets by their words, by people and by number.
// Words and operators stand in one field; what was understood is repeated above the result, newest first, so that a wrong guess is seen and mended in one glance.
package search

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is what was found.
type View struct {
	Query string
	Says  string // "12 tickets, the newest first"
	Rows  []shared.Row
	Pager shared.Pager
	Near  []Hint // other ways to ask, when little or nothing was found
	Wrong string // what could not be understood in the question, "" for nothing
}

// Hint is a way to ask, with what it finds.
type Hint struct {
	Query string
	Says  string
	URL   string
}

// keys names what the keys of a list of results do: one moves, and opens with Enter.
func keys(ctx context.Context) map[string]string {
	return map[string]string{"j": say.It(ctx, "Next row"), "k": say.It(ctx, "Row before")}
}
