// Package reports answers the question a team asks itself on Friday: do we keep what we say?
//
// Every number leads to the list of its tickets. Distributions stand where others show averages, because an average hides the
// one customer who waited for three days. The share that the policy page publishes stands beside the same share counted here,
// so that nobody has to believe either. Few tickets make no percentages: below [Few] the tickets themselves are shown. Each
// chart is drawn here and has a table behind it, under an address of its own.
package reports

import (
	"context"
	"slices"
	"strconv"

	"hark/web/shared"
	"hark/web/shared/say"
)

// Few is how many tickets it takes before a share of them says anything.
const Few = 20

// View is one period of one brand.
type View struct {
	Title   string // "November 2026", "Last 90 days"
	From    shared.Time
	To      shared.Time
	Earlier string // addresses
	Later   string
	Rolling string // the last ninety days, "" when that is what is shown
	Brands  []Place
	Tables  bool   // tables instead of charts
	Other   string // address of the other form
	Wall    string

	Tickets int
	All     string // the list of all of them
	Newest  string // that only the newest are counted, "" when all are
	Lead    Lead
	Steps   Chart
	Groups  []Groups
	Targets []Target

	TargetsCSV string
	Ledger     string // every promise as a line
	Phases     []Phase
	Recent     string // that only the newest phases are counted, "" when all are
	PhasesCSV  string
	After      []Number
	Rated      *Rated   // nil when nobody was asked how it went
	Decided    *Decided // nil when nobody decided on the scope of a ticket
	Months     Chart
	Versions   []Version
	Agents     []Number
	Alone      bool // Agents holds the reader only
	AgentsCSV  string
	Rows       []shared.Row // the tickets themselves, when they are few
	Mailed     *Mailed      // the reader's weekly mail
}

// Mailed is the weekly mail of this report that a reader gets, or could have.
type Mailed struct {
	Brand string
	Email string
	Zone  string // on whose clocks the hour is meant
	Says  string // "Every Monday at 08:00.", "" for none
	Days  []shared.Option
	Hours []shared.Option
}

// Place is somewhere else to go.
type Place struct {
	Label   string
	URL     string
	Current bool
}

// Lead is the share that is published, counted here, and what the policy page says.
type Lead struct {
	Value     string // "59 %"
	Says      string // "of 17 tickets had an answer within 1 hour"
	Few       bool
	Published []string // "The policy page says the same: 59 % of tickets get an answer within one hour."
	Median    string
	Most      string
}

// Chart is columns of one measure, with a table behind them.
type Chart struct {
	Title   string
	CSV     string
	Columns []Column
}

// Column is one of them.
type Column struct {
	Label string
	Short string // where there is little room; Label when empty
	Count int
	Share string // "12 %", "" where there are too few
	URL   string // the list behind it
	Look  string // "within", "beyond", "waiting", ""; a pattern beside the colour
	Mark  string // number of the policy version that began here, "" for none
}

// most is what the tallest column counts.
func (c Chart) most() int {
	most := 1
	for _, one := range c.Columns {
		most = max(most, one.Count)
	}
	return most
}

// height is a column's height in percent of the chart's.
func (c Chart) height(one Column) float64 { return 100 * float64(one.Count) / float64(c.most()) }

// shares and marks are columns of the table that not every chart has.
func (c Chart) shares() bool {
	return slices.ContainsFunc(c.Columns, func(one Column) bool { return one.Share != "" })
}

func (c Chart) marks() bool {
	return slices.ContainsFunc(c.Columns, func(one Column) bool { return one.Mark != "" })
}

func (c Chart) heads(ctx context.Context) []string {
	heads := []string{c.Title, say.It(ctx, "Tickets")}
	switch {
	case c.shares():
		return append(heads, say.It(ctx, "Share"))
	case c.marks():
		return append(heads, say.It(ctx, "Policy"))
	}
	return heads
}

func (c Column) short() string {
	if c.Short != "" {
		return c.Short
	}
	return c.Label
}

// Groups is first answers by something: by kind, by level.
type Groups struct {
	Title string
	CSV   string
	Limit string // "Within 1 hour"
	List  []Group
}

// Group is one line of it.
type Group struct {
	Label  string
	Count  int
	URL    string
	Within string // "59 %", or "4 of 7" where there are too few
	Few    bool
	Median string
	Most   string
}

// Target is what came of one kind of promise.
type Target struct {
	Label    string // "Answer within 1 business day"
	Strength string // "promised", "aimed at", "usual"
	Promise  bool   // a missed one is a broken promise
	Share    string // "94 %" of those that were kept or missed, "" where there are too few
	Parts    []Part
}

// Part is a part of a whole.
type Part struct {
	Look  string // kept missed running paused excluded
	Label string
	Count int
	URL   string
}

// whole is what the parts add up to.
func (t Target) whole() (n int) {
	for _, p := range t.Parts {
		n += p.Count
	}
	return max(n, 1)
}

// slice is where a part is drawn, in percent.
type slice struct {
	Part
	from, width float64
}

func (t Target) slices() (all []slice) {
	at := 0.0
	for _, p := range t.Parts {
		width := 100 * float64(p.Count) / float64(t.whole())
		if p.Count > 0 {
			all = append(all, slice{p, at, width})
		}
		at += width
	}
	return all
}

// fill is the paint of a part: plain or a pattern, so that colour is never alone.
func (s slice) fill(promise bool) string {
	switch {
	case s.Look == "missed" && promise:
		return "url(#hatch-broken)"
	case s.Look == "missed":
		return "url(#hatch-late)"
	case s.Look == "bad":
		return "url(#hatch-broken)"
	case s.Look == "outside":
		return "url(#hatch-beyond)"
	case s.Look == "running" || s.Look == "paused":
		return "url(#dots)"
	}
	return ""
}

// Phase is how long a phase was planned to take, and took.
type Phase struct {
	Label   string
	Count   int
	Planned string
	Median  string
	Most    string
	Late    string // "3 took longer", "" for none
	Few     bool

	PlannedAt, MedianAt, MostAt float64 // on a line, in percent of the longest
}

// Number is a count with its list.
type Number struct {
	Label string
	Count int
	Share string
	URL   string
	Says  string
}

// Rated is what customers said about the help, of those who were asked.
type Rated struct {
	Good     string // "92 %", or "5 of 6" where there are too few
	Says     string // "of 24 ratings are good"
	Few      bool
	Response string // "24 of 40 customers who were asked have answered, 60 %."
	Parts    []Part // good, fair, bad, not answered
	Months   Chart
	Agents   []RatedAgent
	CSV      string
	Read     string // where their sentences are read
}

// RatedAgent is what customers said about tickets that one person had.
type RatedAgent struct {
	Label string
	Asked Part
	Parts []Part // good, fair, bad
}

func (r Rated) bar() Target { return Target{Parts: r.Parts} }

// Decided is where support ended: how many tickets somebody decided to be inside, partly inside or outside of what is supported.
type Decided struct {
	Says    string // "31 tickets decided on, 12 of them declined or helped in part."
	Parts   []Part // inside, in part, outside
	Months  Chart
	Clauses []Clause
	CSV     string
}

// Clause is how many tickets fell under one sentence of the scope.
type Clause struct {
	Label   string
	Says    string
	Reach   string
	Tickets Part
}

func (d Decided) bar() Target { return Target{Parts: d.Parts} }

// Version is a policy version that began in the time of the months.
type Version struct {
	Mark string
	Name string
	At   shared.Time
	URL  string
}

// List is the tickets behind one number.
type List struct {
	Title string
	Says  string
	Back  string
	Rows  []shared.Row
	Pager shared.Pager
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

// keys names what the keys of a list do: one moves, and opens with Enter.
func keys(ctx context.Context) map[string]string {
	return map[string]string{"j": say.It(ctx, "Next row"), "k": say.It(ctx, "Row before")}
}
