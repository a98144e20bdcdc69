// Package review is the review of a new case: what the customer wrote, and beside it one step of the policy's procedure at a time, each
// choice one key. It says beforehand what a choice does, and does nothing before the end.
package review

import "hark/web/phone"

// View is one case under review.
type View struct {
	Number    string
	Subject   string
	Who       string
	Wrote     string // the first message
	Procedure string // "Review a new case"
	Version   string // of the policy it goes by: "version 2010-06-02"
	MustNot   []string
	Level     phone.Level
	Ticked    []phone.Ticked
	Step      phone.Step
	Base      string
	May       bool   // the reader may answer
	Ended     string // "Reviewed by Dora Lind, Fri 20 Nov 2026, 10:00 EST", "" while it goes on
	Queue     string // where the other cases wait
	Wrong     string // why the last answer could not be taken
}

func (v View) path() string { return "/tickets/" + v.Number + "/review" }

// Side is the review on the ticket's own page.
type Side struct {
	URL   string
	Says  string // "Reviewed by Dora Lind", "3 steps done"
	Ended bool
	Lines []phone.Ticked // what was asked and answered
}
