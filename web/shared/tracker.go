package shared

import "slices"

// Tracker is where a ticket stands on its way, phase by phase, as customers follow it.
type Tracker struct {
	Stages []Stage
	About  string // address of the page that says what the times mean, "" when there is none
	Zone   string // in which the days are told; "" leaves the foot out
}

// timed reports whether any of its phases has a usual time.
func (t Tracker) timed() bool {
	return slices.ContainsFunc(t.Stages, func(s Stage) bool { return s.Usual != "" })
}

// Stage is one phase on the way. Days are told in the reader's zone; what is not known is not told.
type Stage struct {
	Title    string
	State    string // done now next skipped
	Usual    string // how long it usually takes: "1 to 10 business days"
	Began    Time   // of what is done and of what runs
	Says     string // of what runs: that it waits, or takes longer than usual
	Until    Time   // of what runs: until when that is usual
	From     Time   // and the earliest
	Estimate string // of what runs: the day somebody gave, "Fri 15 Jan 2027"
	Means    string
	Next     string // what comes next
	Heard    *Heard // our newest message
}

// Heard is when we last wrote, and where that stands.
type Heard struct {
	Who string
	At  Time
	URL string
}
