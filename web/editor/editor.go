// Package editor is where a promise is changed without fear: the policy as text, the page it prints, and what it does to
// one ticket, beside each other. Nothing here runs the desk. A draft is its author's alone; the plan says in words what
// would change, for customers and for every open ticket; applying needs a reason; and every version can be gone back to.
package editor

import "hark/web/shared"

// Home is the policy of one brand: what runs, what comes, what was.
type Home struct {
	Brands   []shared.Option // to choose from; one is no choice
	Brand    string
	Draft    string // "You have a draft, saved 5 min ago.", "" for none
	Versions []Version
	Examples []Example // to begin from while nothing runs, and later as well
	Page     string    // address of the public page, "" before there is one
}

// Version is one entry of the history, the newest first.
type Version struct {
	ID      string
	Name    string // "2026-11-01"
	Since   shared.Time
	By      string
	Reason  string
	Current bool
	Coming  bool
	URL     string
	Changes []shared.Change // from the version before
}

// Example is a policy that comes with the desk.
type Example struct {
	Name string
	Says string
}

// Edit is the editor's page.
type Edit struct {
	Brand    string
	Name     string // of the policy
	Source   string
	Saved    string // "Saved 16:30", "" for what runs
	Findings []Finding
	Errors   int
	Title    string // of the page it prints
	Page     []PageSection
	Marks    []Mark // the list of sections; empty while the text cannot be read
	Unused   []Mark // the sections this policy could have and has not
	Sheet    *Sheet // the section that is shown as a form, nil for the text
	Place    *Place // the lines somebody came for
	Undo     string // what was done last and can be taken back, "" for nothing
	Trial    Trial
	Wrong    string // why a post was refused; the words are kept
}

// PageSection is a heading of the printed page with what stands below it.
type PageSection struct {
	Title  string
	Blocks []Block
}

// Finding is one thing to say about the text.
type Finding struct {
	Line     int
	Severity string // error warning note
	Says     string
	Mend     string
	Excerpt  string // the line with a caret under what is meant
}

// Plan is what applying the draft would do.
type Plan struct {
	Brand     string
	Version   string
	Rules     []shared.Change
	Sentences []shared.Change
	Open      string // "12 tickets are open."
	Moves     []Move // of open tickets, when they go along
	MoreMoves int
	Corrected []Move // whatever is chosen, because a calendar is corrected
	Notes     []Finding
	From      string // when it begins to hold
	Reason    string
	Wrong     string
}

// Move is a deadline of an open ticket that would be another.
type Move struct {
	Number  string
	URL     string
	Subject string
	What    string
	Before  string
	After   string
}
