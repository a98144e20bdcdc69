// Package ticket is the page on which an agent reads quickly and answers rightly.
// The conversation is on the left, what is due and why on the right, and every way of sending says beforehand what will follow from it.
package ticket

import (
	"context"
	"slices"

	"hark/web/call"
	"hark/web/review"
	"hark/web/roadmap"
	"hark/web/shared"
	"hark/web/shared/say"
)

// View is one ticket as an agent sees it.
type View struct {
	Number  string
	Subject string
	Status  shared.Status
	Base    string // id of the newest audit shown
	Arrived string // "Mail to support@northwind.example, Wed 25 Nov 09:12"

	Dues     []shared.Due // the most pressing first
	Presence string       // "Ben is reading", "" for nobody
	Talk     []Item
	Scope    *Scope           // nil where the policy has none
	Prepared *Prepared        // nil where there are none, or where they are not the reader's to send
	Composer *shared.Composer // nil when nothing can be written
	Undo     *Undo
	Stale    *Stale
	Missing  *Missing // something was refused for want of a fact
	Closed   *Closed

	Back     Link // the list it was opened from
	Previous string
	Next     string

	Properties Properties
	Rated      *Rated          // nil when nobody was asked how it went
	Cheer      bool            // it was just solved, or just rated well
	Call       *call.SideView  // nil where there is nothing to say
	Way        *shared.Tracker // where the customer sees it stand, nil when it has no phases
	Moves      []Move          // where it may go from there
	Problem    *Problem        // nil where the policy knows no known problems
	Asks       []Ask           // what the policy asks agents for
	Review     *review.Side    // the review of a new case, nil where the policy has none
	Roadmap    *roadmap.Side   // what it has to do with the roadmap, nil for nothing
	Customer   Customer
	Links      []Link // follow-up of, followed up by, merged
	Hand       string // the way to giving it to another group, "" where there is none
	Merge      string // the way to merging it with another ticket, "" where there is none
	PublicURL  string // the customer's page
	Later      bool   // on the reader's reply-later pile
	New        bool   // one drawn line: the customer's first contact
}

// Rated is how the customer rated the help, or that they were asked.
type Rated struct {
	Label string // "Good", "" while they have not said
	Sense string
	Words string
	At    shared.Time // when they said it, or were asked
}

// Item is one thing in the conversation: a message, or a run of events.
type Item struct {
	Message *shared.Message
	Events  []shared.Event
}

// Undo is the bar after sending: for some seconds the message can be kept back.
type Undo struct {
	Send    string // id of the planned sending
	Says    string // "Sending to Priya Raman"
	Seconds int
	Until   shared.Time // its relative form is the clock with seconds
}

// Stale is a reply that was stopped, because something came in while it was written.
type Stale struct {
	New   []shared.Message
	Draft string   // what was about to be sent
	HTML  string   // the same with its formatting, "" for none
	Files []string // that came with it, by name; they have to be added again
	Base  string   // the newest audit now; sending again with it says "I have seen this"
	Key   string   // makes the form count once when it is pressed twice (D7)
	Sends shared.Send
}

// Closed says since when nothing can be changed, and what a reply does.
type Closed struct {
	Title string
	Says  string
}

// Link leads somewhere.
type Link struct {
	Label string
	URL   string
}

// Properties are what can be set beside the conversation; each is a menu.
type Properties struct {
	Statuses   []shared.Status
	Assignee   string
	Assignees  []shared.Option
	Group      string
	Kind       string
	Kinds      []shared.Option
	Priority   string
	Priorities []shared.Option
	Tags       []string
	Followers  []shared.Person
	Fields     []Fact // what another program or another desk has noted on it
	Locked     bool
}

// Move is a phase to which the ticket may go, and what follows from going there.
type Move struct {
	Phase   string
	Label   string
	Begins  string // what makes it begin, "we answer"; "" when a button does
	Needs   []Need // what has to be said first, and what may be said with it
	Follows string
}

// Need is a fact that a move needs or takes, as a field beside its button.
type Need struct{ Field shared.Field }

// Problem is the known problem that a ticket reports; without a title it reports none yet.
type Problem struct {
	Title      string
	URL        string
	Says       string // "12 customers have it. Roughly when: weeks."
	Workaround string
	Unlink     string // its number, "" when it is not the reader's to unlink
}

// Ask is one fact that the policy asks agents for: a menu where there are values to choose from, else a field.
type Ask struct {
	ID      string // of the control, to lead to: "fact-ticket-topic"
	Fact    string
	Label   string // "The number of users who have the problem"
	Says    string // what was said, "" for nothing
	Type    string // of the field, "" for a menu
	Options []shared.Option
	Missing bool // something was just refused for want of it
}

// Missing is why something was refused, and where to say what it needs.
type Missing struct {
	Says  string
	Do    string // what the way there is called, "Say it" when empty
	Label string
	URL   string
}

// Customer is who asks and what is known about them.
type Customer struct {
	Person  shared.Person
	Facts   []Fact
	Others  []shared.Row // their other tickets, newest first
	Note    string       // "First contact. Nothing else is known."
	About   *About       // what the ticket is about, nil when nothing is known to be theirs
	Project *Project     // nil when it is about none
}

// Project is the project of the customer that a ticket is about.
type Project struct {
	Name    string          // "" when nobody has said
	Says    string          // "Ana Ruiz leads it."
	Gap     bool            // nobody leads it any more
	Options []shared.Option // to choose from, none when it cannot be changed
}

// About is which of the customer's things a ticket is about, and the level of support that gives.
type About struct {
	Name    string // "acme-shop.example", "" when nobody has said
	Level   string
	Because string
	Support bool
	Options []shared.Option // to choose from, none when it cannot be changed
}

// Fact is one line about a customer; Phone makes it a link that calls.
type Fact struct {
	Name  string
	Value string
	Phone string
}

// WhyView is a due time and its reasons on a page of their own, for a list without script.
type WhyView struct {
	Number  string
	Subject string
	Dues    []shared.Due
}

// Form is a new ticket that an agent writes for a customer.
type Form struct {
	Key       string // makes the form count once, however often it is sent
	Brand     string // whose ticket it becomes
	Brands    []BrandChoice
	Requester string
	Subject   string
	Body      string
	Kinds     []shared.Option
	Errors    []shared.FormError
	Wrong     map[string]string // by field
}

// BrandChoice leads to the same form for another brand.
type BrandChoice struct {
	Name    string
	URL     string
	Current bool
}

// group is which group has it, or that none does.
func (v View) group(ctx context.Context) string {
	if v.Properties.Group == "" {
		return say.It(ctx, "None")
	}
	return v.Properties.Group
}

func (v View) path(verb string) string { return "/tickets/" + v.Number + "/" + verb }

// property is the button that shows a value and opens the menu to change it.
func property(value, key, name string) shared.Button {
	return shared.Button{Label: value, Look: shared.Quiet, Small: true, Key: key, Group: "Ticket", Title: name}
}

// solvable is the state that "Solve" sets, "" when this ticket cannot be solved now.
func (v View) solvable() string {
	for _, s := range v.Properties.Statuses {
		if s.Category == "solved" && v.Status.Category != "solved" {
			return s.Value()
		}
	}
	return ""
}

// coming are the due times that still matter: what was kept is history, and stands on the page of all times.
func (v View) coming() []shared.Due {
	return slices.DeleteFunc(slices.Clone(v.Dues), func(d shared.Due) bool { return d.State == shared.Kept })
}

// Prepared are the policy's own messages, to be sent as an answer.
type Prepared struct {
	Only     bool // the reader answers with these alone
	Base     string
	Draft    string
	Messages []shared.Option
	Statuses []shared.Option
}

// answers reports whether the reader can answer the customer.
func (v View) answers() bool { return v.Composer == nil || len(v.Composer.Sends) > 0 }

// said is what was said, or that nobody has.
func (a Ask) said(ctx context.Context) string {
	if a.Says == "" {
		return say.It(ctx, "Nobody has said")
	}
	return a.Says
}

// says is the move as its button says it.
func (m Move) says(ctx context.Context) string { return say.It(ctx, "Move to “%s”", m.Label) }

// moveKey is the key of the first way on that has a button; the others are found by their words.
func (v View) moveKey(i int) string {
	if slices.ContainsFunc(v.Moves[:i], func(m Move) bool { return m.Begins == "" }) {
		return ""
	}
	return "m"
}
