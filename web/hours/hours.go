// Package hours is when colleagues can have calls: the page on which each writes down their own hours, and the team's week.
//
// Both are words first. A day reads "09:00 to 12:00"; the bar above it shows the same to whoever only glances. Every change is a plain
// form, and what somebody reads stands on the clock that is named beside it.
package hours

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is when one colleague can have calls, for themselves or for an administrator.
type View struct {
	Base     string // where its forms go
	Whose    string // the colleague's name on an administrator's page, "" on one's own
	Company  []string
	Zone     shared.Field
	Whoses   []shared.Option // the company's hours, or own ones
	Days     []shared.Field
	Dates    []Date
	Date     Form // to write another one down
	Away     []Absence
	Absence  Form
	Diaries  []Diary
	Diary    Form
	Outside  []Outside
	Feed     string // since when one's calls have an address for calendar programs, "" without one
	Errors   []shared.FormError
	StandIns []shared.Option
}

// Form is what was typed into a form, by field, and what is wrong with it.
type Form struct {
	Values map[string]string
	Wrong  map[string]string
}

// Date is a single date with other hours.
type Date struct {
	Day   string // "Tue 24 Nov"
	Value string // 2026-11-24
	Says  string // "10:00-11:30", "No calls"
	Why   string
}

// Absence is when somebody is away.
type Absence struct {
	ID      string
	Days    string // "Thu 26 to Fri 27 Nov"
	Note    string
	StandIn string
	Now     bool
}

// Diary is a calendar elsewhere.
type Diary struct {
	ID      string
	Name    string
	Host    string
	Read    shared.Time
	Never   bool   // it was not read yet
	Trouble string // why it cannot be read just now
	Unread  string // what was left out: "2 entries could not be understood: ..."
}

// Outside is a booked call that does not fit what somebody wrote.
type Outside struct {
	When     string
	Customer string
	URL      string
	Why      string
}

func (v View) title(ctx context.Context) string {
	if v.Whose != "" {
		return say.It(ctx, "When %s can have calls", v.Whose)
	}
	return say.It(ctx, "When you can have calls")
}

// Week is the team's.
type Week struct {
	Name   string // "16 to 22 November 2026"
	Before string // addresses of the weeks around it; "" where there is nothing to see
	Next   string
	Now    string // of this week, "" when it is the one that is shown
	Zone   string // "New York"
	Days   []Day
	Lines  []Line
	More   string // address of the colleagues that come next, "" for none
	Own    bool   // the reader has a page of their own hours
	Off    bool   // no brand has calls
}

// Day is the head of a column.
type Day struct {
	Name   string // "Mon 16"
	Long   string // "Monday 16 November"
	Closed string // why there are no calls
	Today  bool
}

// Line is one colleague's week.
type Line struct {
	Name  string
	URL   string // of their hours, for whoever may change them
	Clock string // "10:00 in Lisbon", where theirs is another than the reader's
	Cells []Cell
}

// Cell is one day of it.
type Cell struct {
	Day   string // "Mon 16 Nov", where there is no head above it
	Says  []string
	Away  string // "Away", "Away, Cem stands in"
	Note  string
	None  string // why there is nothing: "No calls", "Closed"
	Bar   []Bar
	Calls []Call
}

// Bar is one part of a day's bar, of which the whole has BarWidth.
type Bar struct {
	X, Width int
	Kind     string // can, busy, call
}

// Call is one that is booked.
type Call struct {
	Time     string
	Customer string
	URL      string
}

func (f Form) filled(field shared.Field) shared.Field {
	field.Value, field.Error = f.Values[field.Name], f.Wrong[field.Name]
	for i := range field.Options {
		field.Options[i].Chosen = field.Options[i].Value == field.Value
	}
	return field
}

// BarWidth is how long the bar of a day is. Which hours it shows is the same for the whole week.
const BarWidth = 960
