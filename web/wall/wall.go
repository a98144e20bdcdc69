// Package wall is what a team sees from across the room: what waits, what is broken, what will be.
//
// It is read from five metres, so there is little on it and that is large. Colour is for promises alone; a calm wall is a
// wall without colour. It names no customer and nobody's work: who answers how much is not for a wall. It refreshes itself
// every quarter of a minute at most, and is not announced, because it is looked at and not listened to.
package wall

import "hark/web/shared"

// View is the wall of one brand.
type View struct {
	Brand    string
	Clock    string // "16:42 ET"
	Open     string // "Open until 17:00 EST"
	Broken   Number
	Late     Number // aims and usual times that have passed
	States   []Number
	Soon     []Number
	Forecast string // "About 4 of the 11 answers we owe will be late.", "" when there is nothing to go by
	Oldest   *Oldest
	Here     string // "Ana, Ben and Cem", "" for nobody
	Reports  string
}

// Number is a count and what it counts.
type Number struct {
	Label string
	Note  string
	Count int
	URL   string
	Mark  *shared.Status
}

// Oldest is the ticket that has waited longest for us.
type Oldest struct {
	Number string
	URL    string
	Since  shared.Time
	Waits  string // "3 h 20 min"
}
