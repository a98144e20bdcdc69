// Package replay is the page on which recorded tickets happen again: the last 90 days as the running rules have them, and
// as the draft would. It answers the question that comes before every change, "what would have been different?", in a few
// figures, in the hours at which mails leave, and in a list of the tickets that would have gone otherwise. Nothing on it
// was sent, and nothing really changed.
package replay

import (
	"strconv"

	"hark/web/shared"
)

// View is the page: an invitation, a replay under way, or what the last one found.
type View struct {
	Brand   string
	Wrong   string // why it cannot run: the draft has mistakes, nothing runs yet, another one is under way
	Running *Progress
	Result  *Result
}

// Progress is how far a replay has come.
type Progress struct {
	Done int
	Of   int
}

// Result is what a replay found.
type Result struct {
	At      shared.Time
	Answer  string // "312 of 8,214 tickets would close, or be due, at another time, and 592 fewer mails would leave."
	Says    string // "8,214 tickets that came in since 24 August."
	Earlier string // that it is about an earlier text of the draft, or other running rules
	Stopped string // why not all tickets were replayed
	Broken  string // which tickets were left out, because their record cannot be read
	Rows    []Row
	Days    []Bars // mails by day of the week
	Hours   []Bars // mails by hour of the day
	Zone    string // of the hours and times
	Moves   []Move
	More    string // how many are not listed
}

// Row is one figure, and beside it how long its two bars are.
type Row struct {
	Says   string
	Part   bool // it is part of the row above
	Old    int
	New    int
	Change string // "+312", "" for none
	Bars
}

// Bars are two lengths drawn over each other, in thousandths of the longest of their table.
type Bars struct {
	Label    string
	Today    string // the numbers, as people read them
	Draft    string
	OldShare int
	NewShare int
}

// Move is one time of a ticket that would have been another.
type Move struct {
	Number  string
	URL     string
	Subject string
	What    string
	Before  string
	After   string
	Try     string // where the ticket can be tried step by step
}

func width(share int) string { return strconv.Itoa(share) }

// The drawing of a day: a column for each hour, and the hours that are named under it.
const (
	columnWide = 20
	dayHigh    = 1000
)

func column(hour, in int) string { return strconv.Itoa(hour*columnWide + in) }

func top(share int) string { return strconv.Itoa(dayHigh - share) }

var namedHours = []string{"0:00", "6:00", "12:00", "18:00"}
