// Package search finds tickets by their words, by people and by number.
// Words and operators stand in one field; what was understood is repeated above the result, newest first, so that a wrong guess is seen and mended in one glance.
package search

import "hark/web/shared"

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
