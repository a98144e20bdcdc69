// Package procedure is one of the policy's procedures to look at as a whole: drawn, told in words beside it, and printed for the wall
// beside a telephone. Whoever writes it sees what leads nowhere; whoever learns it sees where every answer leads.
//
// The drawing and the list say the same. The list is for reading, in any way one reads; the drawing is for seeing the way.
package procedure

import (
	"context"
	"strconv"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is one procedure.
type View struct {
	Title    string
	About    string
	Never    []string // "give technical support"
	From     string   // "Procedures for phone support, version 2010-06-02"
	Draft    bool     // it is the reader's draft, which nobody works by yet
	Back     string   // where the reader came from
	Says     string   // what that is called
	Others   []Tab    // all procedures of the policy; one is no choice
	Steps    []Step
	Findings []Finding
	History  []Revision // the newest first
}

// Tab leads to one procedure.
type Tab struct {
	Label, URL string
	Current    bool
}

// Step is one step. Its number is its place in the list, from 1.
type Step struct {
	ID      string
	Title   string
	Text    string // what is said, asked and done
	Needs   string // "verified", "" for anybody
	Ways    []Way
	End     string // "done", "" where it goes on
	Reached bool   // something leads here
	Line    string // address of its line in the editor, "" for none
}

// Way is one way out of a step.
type Way struct {
	Key   string
	Label string // "" for what simply comes next
	Text  string
	Needs string
	To    int // the place of its step, from 0; -1 when it leads nowhere
}

// Finding is something to mend.
type Finding struct {
	Line     string // "131"
	URL      string
	Severity string // error warning note
	Says     string
	Mend     string
}

// Revision is one change of the procedure.
type Revision struct {
	When string // "2 Jun 2010"
	ISO  string
	By   string
	Says string
}

// named is the label, with a colon where more is said.
func (w Way) named() string {
	if w.Text == "" {
		return w.Label
	}
	return w.Label + ":"
}

// dead reports whether nothing comes after the step although it is no end.
func (s Step) dead() bool { return s.End == "" && len(s.Ways) == 0 }

func anchor(id string) string { return "step-" + id }

// number is a step's place as people count.
func number(place int) string { return strconv.Itoa(place + 1) }

// goal is where a way leads, "3 Find the account".
func (v View) goal(w Way) string { return number(w.To) + " " + v.Steps[w.To].Title }

// onlyWith says for whom a step or a choice is.
func onlyWith(ctx context.Context, grade string) string {
	return map[string]string{
		"claimed": say.It(ctx, "Only when somebody is chosen"), "matched": say.It(ctx, "Only with a caller who is matched"), "verified": say.It(ctx, "Only with a caller who is verified"),
	}[grade]
}

// tone is how loud a finding is.
func (f Finding) tone() shared.Icon {
	if f.Severity == "note" {
		return shared.IconInfo
	}
	return shared.IconWarning
}

// section is the place of the rail: a draft is the policy's, what colleagues work by is the telephone's.
func (v View) section() string {
	if v.Draft {
		return "policy"
	}
	return "phone"
}
