package editor

import (
	"strconv"
	"strings"

	"hark/policy"
	"hark/web/policypage"
)

// Mark is one entry of the list of sections.
type Mark struct {
	ID       string // "" is the text
	Title    string
	Size     int // what waits there: assumptions
	Errors   int
	Warnings int
	Current  bool
}

// Sheet is the section that is shown as a form. Its boxes are the document's own: see [policy.Sheet].
type Sheet struct {
	policy.Sheet
	Section     string
	At          string       // the rule somebody came for
	Decided     []Difference // assumptions this draft has settled
	Assumptions []Assumption // instead of boxes, on their own sheet
}

// Assumption is something nobody has decided yet.
type Assumption struct {
	Path  string // of the assumption
	About string // the rule, in words
	Rule  string // its path, "" when the document has nothing there
	Says  string
	Lines string
}

// Difference is one line of the plan.
type Difference struct{ Where, Was string }

// Place is a piece of the text that somebody came for.
type Place struct {
	Title       string
	First, Last int
	Excerpt     string
}

// Block is a sentence of the page, or what else stands there, with the rules that make it true.
type Block struct {
	Parts   []policypage.Block
	Changed bool // it reads differently from the page in force
	Binds   []Bind
	Own     Bind // where the block itself is written
}

// Bind is a rule behind a block: what it is called and where it stands.
type Bind struct {
	Path, Title string
	First, Last int
}

// lines are the lines of all rules behind a block and its own, for the script that marks it: "87-87 91-95".
func (b Block) lines() string {
	var all []string
	for _, bind := range append(b.Binds, b.Own) {
		all = append(all, span(bind.First, bind.Last))
	}
	return strings.Join(all, " ")
}

func span(first, last int) string { return strconv.Itoa(first) + "-" + strconv.Itoa(last) }

func box(path string) string { return "box-" + path }

// name is what a box's value is sent as.
func name(path string) string { return "set:" + path }

// at is the n-th of several values, "" when there are fewer.
func at(values []string, n int) string {
	if n < len(values) {
		return values[n]
	}
	return ""
}

func joined(values []string) string { return strings.Join(values, "\n") }

func has(values []string, value string) bool {
	for _, v := range values {
		if v == value {
			return true
		}
	}
	return false
}

// units are the clocks a length can be counted on, in groups.
var units = []struct {
	Label string
	Units []policy.Option
}{
	{"By the clock", []policy.Option{{Value: "m", Label: "minutes"}, {Value: "h", Label: "hours"}, {Value: "d", Label: "days"}, {Value: "w", Label: "weeks"}}},
	{"In opening hours", []policy.Option{{Value: "bm", Label: "business minutes"}, {Value: "bh", Label: "business hours"}, {Value: "bd", Label: "business days"}}},
	{"To the edge of a day", []policy.Option{
		{Value: "bd@close", Label: "business days, at the close"}, {Value: "bd@open", Label: "business days, at the opening"},
		{Value: "d@close", Label: "days, at the next close"}, {Value: "d@open", Label: "days, at the next opening"},
		{Value: "w@close", Label: "weeks, at the next close"}, {Value: "w@open", Label: "weeks, at the next opening"},
	}},
}

// strange is a unit that none of the groups has, so that showing a draft with a mistake changes nothing.
func strange(unit string) bool {
	for _, group := range units {
		for _, u := range group.Units {
			if u.Value == unit {
				return false
			}
		}
	}
	return unit != ""
}

// pairs are the intervals of opening hours, from and to.
func pairs(times []string) (list [][2]string) {
	for i := 0; i+1 < len(times); i += 2 {
		list = append(list, [2]string{times[i], times[i+1]})
	}
	if len(list) == 0 {
		list = append(list, [2]string{})
	}
	return list
}

// nameType is the field for the name of something new; a day that differs goes by its date.
func nameType(grows string) string {
	if grows == "date" {
		return "date"
	}
	return "text"
}

// timeType is the kind of field that can hold a time of day: a browser's own knows no 24:00, the end of a day.
func timeType(value string) string {
	if value == "24:00" {
		return "text"
	}
	return "time"
}
