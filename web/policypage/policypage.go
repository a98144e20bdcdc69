// Package policypage is the promise in print: the policy as customers read it, with every number leading to its rule.
// Nothing on it is written twice: the page is printed from the rules that the desk runs on, and says since when they hold.
package policypage

import (
	"strings"

	"hark/web/shared"
)

// View is one version of one page of the policy.
type View struct {
	Title    string
	Since    shared.Time // valid since
	Version  string
	Now      []Line // what holds at this minute: open or closed, "if you write now ..."
	Sections []Section
	Versions []Version
	JSON     string // the same as data, "" for none
	Hours    string // the opening hours as a calendar file, "" for none
	Coming   bool   // it does not hold yet
	Old      string // set on a version that is not in force: "Tickets that began under it keep it."
	OldTitle string // "An earlier version"
	OldURL   string
	Draft    bool     // it is the example a new desk begins with, and shown to staff alone
	Open     []string // unconfirmed assumptions; only an administrator is given them
	Regions  *Regions // to choose from where hours go by region, nil elsewhere

	Compared string          // set on a version of its own: "What is different from 2026-11-01"
	Changes  []shared.Change // and what is
}

// Line is one sentence about this minute, with the rule it comes from.
type Line struct {
	Says  string
	Bound *Bound // nil for none
}

// Reach is the page of a desk that has published nothing yet.
type Reach struct {
	Address string // of its mailbox, "" while there is none
	Ask     string // where a request is written
}

// Section is a heading with what stands below it.
type Section struct {
	ID     string // anchor, "pending"
	Title  string
	Blocks []Block
}

// Block is a paragraph, or one of the things a page can show; exactly one is set.
type Block struct {
	Text    []Run
	States  []State
	Scale   *Scale
	Figures []Figure
	Table   *Table
	Note    string // what a number in the sentence above rests on
	Rule    string // the rule of that number
	Behind  *Bound // the rules behind the paragraph, where its numbers do not lead to all of them
}

// Regions is the choice of whose hours are shown: a plain form that asks for the same page again.
type Regions struct {
	Path    string
	Options []shared.Option
}

// Run is a piece of a sentence; a bound one has a mark that opens the rule.
type Run struct {
	Text  string
	Rule  string // the path of the rule its sentence comes from, "" for words that state none
	Bound *Bound
}

// Bound is what a mark opens: the rules behind a number, a row or a sentence.
type Bound struct {
	ID    string // unique on the page
	Rules []Rule // at least one
}

// Rule is a rule as its reader knows it.
type Rule struct {
	Name string // "First reminder"
	Says string // in words
	Path string // "lifecycle.timers.reminder-1"
	Edit string // where it is changed, "" for a reader who may not change it
}

// Name names the rules behind a mark.
func (b *Bound) Name() string {
	var names []string
	for _, r := range b.Rules {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

// State is one state of a ticket's life, with what leads out of it.
type State struct {
	ID     string
	Status shared.Status
	Text   []Run
	Ways   []Way // what leads out of it, one line each
	Bound  *Bound
}

// Way is one way out of a state, and the rule it comes from.
type Way struct{ Says, Rule string }

// Scale is a stretch of time with what happens on it, to scale.
type Scale struct {
	Title string
	Marks []Mark
	Bound *Bound
}

// Mark is one point of a scale; At is its share of the whole, 0 to 1.
type Mark struct {
	At   float64
	When string
	Says string
}

// Figure is a measured number, with its sample and date.
type Figure struct {
	Value string // "59 %"
	Says  string
	Note  string // "Measured on 20 November 2026, last 90 days, 1204 tickets"
	Share int    // in percent, when the figure is a part of a whole; it is drawn as a bar
	Bound *Bound
}

// Table is a small table, such as who has which level of support.
type Table struct {
	Caption string
	Columns []string
	Rows    []Row
}

// Row is one row, with the rule it comes from; nil for none.
type Row struct {
	Cells []string
	URL   string // where it leads, "" for nowhere
	Bound *Bound
}

// Rows are rows that state no rule.
func Rows(rows ...[]string) (all []Row) {
	for _, cells := range rows {
		all = append(all, Row{Cells: cells})
	}
	return all
}

// Version is one entry of the page's history.
type Version struct {
	Name    string
	Since   shared.Time
	URL     string
	Current bool
	Coming  bool // it does not hold yet, and customers have been told
	Changes []shared.Change
}

// bounds lists what the marks of a paragraph open, in their order; it stands below the paragraph.
func bounds(text []Run, behind *Bound) []*Bound {
	var all []*Bound
	for _, r := range text {
		if r.Bound != nil {
			all = append(all, r.Bound)
		}
	}
	if behind != nil {
		all = append(all, behind)
	}
	return all
}

// path is the rule that a row or a line leads to first, "" for none.
func (b *Bound) path() string {
	if b == nil {
		return ""
	}
	return b.Rules[0].Path
}

// Plain is the block's text without its marks, for comparing it with another version's.
func (b Block) Plain() string {
	var text strings.Builder
	for _, r := range b.Text {
		text.WriteString(r.Text)
	}
	for _, s := range b.States {
		text.WriteString(s.ID + Block{Text: s.Text}.Plain())
		for _, way := range s.Ways {
			text.WriteString(way.Says + "\n")
		}
	}
	if b.Table != nil {
		for _, row := range b.Table.Rows {
			text.WriteString(strings.Join(row.Cells, "\t") + "\n")
		}
	}
	return text.String()
}

// closes are the signs right behind a bound number: a comma, the end of the sentence. "" when something else follows.
func closes(text []Run, bound int) string {
	if bound < 0 || text[bound].Bound == nil || bound+1 == len(text) || text[bound+1].Bound != nil {
		return ""
	}
	next := text[bound+1].Text
	return next[:len(next)-len(strings.TrimLeft(next, ".,;:!?)%"))]
}

// lastWord is where the last word of a text begins. A word that may need to be broken, such as an address, is left where it is.
func lastWord(text string) int {
	const whole = 20
	if at := strings.LastIndexByte(text, ' ') + 1; len(text)-at <= whole {
		return at
	}
	return len(text)
}
