// Package merge is the last look before two become one: two records of one customer, or two tickets about one thing.
// What stays and what goes stand side by side, line by line; below is what comes of it, in sentences, and that it cannot be taken back.
// It is one of the few things that are confirmed instead of undone.
package merge

import "hark/web/shared"

// View is the two of them, and the form that merges them.
type View struct {
	Title   string
	Section string // where in the rail
	Back    Link
	Parts   [2]string // what becomes of each: "Stays", "Becomes part of it"
	Stays   Link      // by name, to look at
	Goes    Link
	Rows    []Row
	Follows []string // what comes of it
	Refused string   // why they cannot be merged; then there is no form
	Swap    string   // the same page the other way round, "" where it has only one
	Other   string   // to choose another one
	Path    string   // where the form goes
	With    string   // the one that goes
	Mark    string   // what was looked at
	Asks    shared.Field
	Box     *Box // one thing to decide besides, nil for nothing
	Does    string
	Errors  []shared.FormError
}

// Row is one thing that both have: what each has of it, "" for nothing.
type Row struct {
	Name  string
	Stays []string
	Goes  []string
	Kept  bool // both stand beside each other afterwards; otherwise the first one counts
}

// Box is a question with a yes in it.
type Box struct {
	Name, Value, Label, Hint string
	Chosen                   bool
}

// Link leads somewhere.
type Link struct{ Label, URL string }

// Find is the search for the other one.
type Find struct {
	Title   string
	Section string
	Back    Link
	Says    string // "Merge Maria Lopez with"
	Label   string // of the field
	Query   string
	Path    string
	Heading string // above what is offered without a question
	Hits    []Hit
	None    string // when nothing is offered
}

// Hit is somebody, or a ticket, to merge with.
type Hit struct{ URL, Title, Says string }
