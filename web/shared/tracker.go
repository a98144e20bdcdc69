package shared

// Tracker is where a ticket stands on its way, phase by phase, as customers follow it.
type Tracker struct {
	Stages []Stage
	About  string // address of the page that says what the times mean, "" when there is none
	Zone   string // in which the days are told; "" leaves the foot out
}

// Stage is one phase on the way. Days are told in the reader's zone; what is not known is not told.
type Stage struct {
	Title string
	State string // done now next skipped
	Usual string // of what is to come: "1 to 10 business days"
	Began Time   // of what is done and of what runs
	Ended Time   // of what is done
	Says  string // of what runs: that it waits, or takes longer than usual
	Until Time   // of what runs: until when that is usual
	From  Time   // and the earliest
	Means string
	Next  string // what comes next
	Heard *Heard // our newest message
}

// Heard is when we last wrote, and where that stands.
type Heard struct {
	Who string
	At  Time
	URL string
}

// oneDay reports whether a phase that is over took no night.
func (s Stage) oneDay() bool { return s.Began.Relative == s.Ended.Relative }
