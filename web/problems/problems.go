// Package problems is where colleagues keep what many customers report: what happens, what helps until then, and roughly when it ends.
// A ticket asks one question of this page: is it known? The list answers with what most customers have; the record is written once and
// read by everybody who has it. Answering them all, and telling them all that it is fixed, say beforehand who will be mailed.
package problems

import (
	"context"
	"slices"
	"strconv"

	"hark/web/shared"
	"hark/web/shared/say"
)

// List is all known problems, those that most customers have first.
type List struct {
	Query string
	Says  string // "3 found"
	Open  []Row
	Fixed []Row
	Pager shared.Pager
	New   string // where one is written down, "" when it is not the reader's to do, or no brand speaks of them
	None  string // why there are none and can be none, "" when there can be
}

// Row is one known problem in a list.
type Row struct {
	URL       string
	Title     string
	Customers string // "12"
	Counted   string // "customers", as fits the number
	Says      string // "Serious, system-wide"
	When      string // "weeks", or since when it is fixed
	Helps     bool   // there is a workaround
	Asks      string // the engineers closed it: what somebody is to find out now; "" for nothing
}

// Record is one known problem.
type Record struct {
	ID           string
	Title        string
	Says         string // "Serious, system-wide. Known since Mon 16 Nov."
	Customers    string // "12 customers on 14 tickets"
	Happens      string
	Workaround   string
	When         string // "Weeks", "" when nobody has said
	Readers      string // who reads of it
	WhyNoDates   string // why no day is named, in the policy's words, "" where days are named
	Plan         string
	Estimate     string
	Tracker      string // an address
	Announcement string // an address
	Change       string // where it is changed, "" when it is not the reader's to do
	Answer       string // where its tickets are answered, "" when none can be
	AnswerSays   string // "Answer 12 tickets"
	Rows         []shared.Row
	Pager        shared.Pager
	Hidden       string // "3 more tickets are in groups you are not in", "" for none
	Fix          Fix
	There        There
	History      []Entry
	Errors       []shared.FormError
}

// Fix is what has become of it, and what confirming the fix would do.
type Fix struct {
	Fixed   string // "Ben Okafor saw it work in production on Mon 11 Jan 2027, 15:20 EST.", "" while it is open
	Waits   string // "12 tickets are still to hear of it", "" when all have
	Back    string // what the button that takes it back says
	Follows string // "Mails “Fixed” to everybody who reported it, once: 12 customers."
	Tell    string // where What's New tells of it, "" when it does already or is not the reader's to do
	// While it is open: the title of an entry that tells customers it is fixed, and where that is taken back. "" for none.
	StillTold, Entry string

	Act   bool   // the reader may confirm it, or take that back
	Where string // what stands in the field for the announcement
	Key   string
}

// There is how it stands with the engineers.
type There struct {
	URL      string // of its entry, "" for none
	Name     string // "#812", "SHOP-812"
	State    string // what they say of it: "Closed as completed", "" while nothing was heard
	Since    shared.Time
	Closed   bool
	Asks     bool   // they closed it, and somebody is to look what that means for customers
	Asked    string // "The engineers closed it. Does it work for customers?"
	Says     string // what to do about that
	Declined bool   // they closed it without doing it, so there is no fix to look at
	Waits    string // where it is being logged: "acme/shop at github.com", "" when it is not
	Wrong    string // what went wrong
	Log      *Log   // it can be logged; nil when not
}

// Log is the last look before it is logged with the engineers.
type Log struct {
	Where string // "acme/shop at github.com"
	Title string
	Text  string
}

// Entry is one line of its history.
type Entry struct {
	At   shared.Time
	Who  string
	Says string
}

// Form is a known problem as it is written down or changed.
type Form struct {
	ID         string // "" for a new one
	Ticket     string // the ticket it is found on, "" for none
	Subject    string // of that ticket
	Base       string
	Key        string
	Values     map[string]string // by field
	Wrong      map[string]string
	Errors     []shared.FormError
	Brands     []shared.Option // which ones speak of known problems, when it is not clear
	Products   []shared.Option // of which it can be, none where there is nothing to choose
	Readers    []shared.Option // who reads of it
	Reaches    []shared.Option
	Severities []shared.Option
	Horizons   []shared.Option // none where the policy has no words for it
	WhyNoDates string
	GivesDates bool
	Fixed      bool
}

// Answer is the last look before many tickets are answered.
type Answer struct {
	ID      string
	Title   string
	Key     string
	Ways    []Way
	Phase   string // where they are taken, "" for one's own words
	Text    string
	States  []shared.Option
	Status  string
	Tickets []AnswerTicket
	More    string // "These are 100 of them; the others come after."
	After   string // the last ticket of the step before
	Next    string // the last ticket of this step when another one follows, "0" when none does
	NextURL string // where the next step is, "" when none follows
	Did     string // what came of the step before
	Missing string // what has to be written down first, "" for nothing
	Errors  []shared.FormError
}

// Way is one way to answer.
type Way struct {
	Label   string
	URL     string
	Current bool
}

// AnswerTicket is one of them, and what would come of it.
type AnswerTicket struct {
	Number  string
	URL     string
	Subject string
	Who     string
	Follows string
	Cannot  bool
	Left    bool   // not ticked
	Last    string // what happened last on it
}

// Untick leaves only the tickets ticked that were.
func (v *Answer) Untick(ticked []int64) {
	for i := range v.Tickets {
		n, _ := strconv.ParseInt(v.Tickets[i].Number, 10, 64)
		v.Tickets[i].Left = !slices.Contains(ticked, n)
	}
}

// Link is one ticket and the known problems it may belong to.
type Link struct {
	Ticket  string
	Subject string
	Query   string
	Follows string // what comes of linking it
	Hits    []Row  // each with the id of its problem
	IDs     []string
	Errors  []shared.FormError
}

// able counts the tickets that would be answered.
func (v Answer) able() (n int) {
	for _, t := range v.Tickets {
		if !t.Cannot {
			n++
		}
	}
	return n
}

func (v Answer) path() string { return "/problems/" + v.ID + "/answer" }

// send is what the button of the letter to the engineers says.
func (t There) send(ctx context.Context) string {
	if t.Wrong != "" {
		return say.It(ctx, "Try again")
	}
	return say.It(ctx, "Send it")
}

// title heads the form.
func (v Form) title(ctx context.Context) string {
	if v.ID == "" {
		return say.It(ctx, "A new known problem")
	}
	return say.It(ctx, "Change the known problem")
}

func (v Form) action() string {
	if v.ID == "" {
		return "/problems/new"
	}
	return "/problems/" + v.ID + "/edit"
}

// back is where one comes from.
func (v Form) back() string {
	switch {
	case v.ID != "":
		return "/problems/" + v.ID
	case v.Ticket != "":
		return "/tickets/" + v.Ticket
	}
	return "/problems"
}

// quiet reports whether nothing is written down that helps a customer.
func (v Record) quiet() bool {
	return v.Workaround == "" && v.When == "" && v.Plan == "" && v.Estimate == ""
}

// field is one line of the form.
func (v Form) field(name, label, hint string) shared.Field {
	return shared.Field{Name: name, Label: label, Hint: hint, Value: v.Values[name], Error: v.Wrong[name], MaxLength: "120", Focus: len(v.Errors) == 0}
}

// text is several lines that may stay empty.
func (v Form) text(name, label, hint string, rows int) shared.Field {
	return shared.Field{Name: name, Label: label, Hint: hint, Type: "textarea", Rows: rows, Value: v.Values[name], Error: v.Wrong[name], Optional: true, MaxLength: "2000"}
}
