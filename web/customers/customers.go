// Package customers is where colleagues find a customer and read what they own.
// Somebody on the phone says part of a website or a number; each hit says whose it is. The record answers what support follows
// from each thing they own, and which row of the policy decided it; what changes is written down beside it in short forms.
package customers

import (
	"strings"

	"hark/web/shared"
)

// Find is the search over customers and what they own.
type Find struct {
	Query string
	Says  string // "3 found", "Nothing has exactly these letters; this is close"
	Hits  []Hit
	Keep  bool    // the reader may write down a new customer
	New   NewForm // for somebody who is not found
	Some  []Hit   // without a question: whom the desk got to know last
	Any   bool    // there is any customer at all
}

// Hit is one thing that was found, with whose it is.
type Hit struct {
	URL   string
	Title string // "acme-shop.example", "Order AC-20417", "Maria Lopez"
	What  string // "Licence", "Order", "Organisation", "Person"
	Says  string // "AbleCommerce 7.0.2, ordered 2 Nov 2026"
	Whose string // "Maria Lopez, Acme Bohrwerk"
}

// NewForm is a customer who is not known yet.
type NewForm struct {
	Email, Name, Organization string
	Errors                    []shared.FormError
}

// Record is one customer, or one organisation.
type Record struct {
	ID       string
	Name     string
	Email    string // "" on the record of an organisation
	Also     string // their further addresses
	Merge    string // the way to merging it with another record, "" where there is none
	Says     string // "Customer since 2 Nov 2026"
	Belongs  *Link  // to the organisation
	Path     string // of the record: forms are sent to Path + "/owns"
	Keep     bool   // the reader may write down what changes
	About    []Said // what the policy looks at and a colleague writes down; none where it asks for nothing
	Things   []Thing
	Plans    []Plan
	Projects []Project
	Leads    []shared.Option // who can lead a new project; nil where projects matter to nobody
	Orders   []Order
	Contacts []Contact
	People   []Link
	Tickets  []shared.Row
	Decided  []Decided
	Changed  []Decided // what became different about what they own
	Forms    Forms
}

// Said is one fact of a record: what stands there, and the field that changes it.
type Said struct {
	Name  string
	Value string
	From  string // "from Green Fund", where the organisation says it
	Field shared.Field
}

// Link leads somewhere.
type Link struct{ Label, URL string }

// Thing is a licence, an order without one, or an evaluation, with the level of support it gives today.
type Thing struct {
	ID      string // "licence-12", to lead to
	Kind    string // "Licence"
	Name    string
	Says    string // "AbleCommerce 7.0.2"
	Facts   []Fact
	Level   string // "" when the policy has no levels
	Support bool
	Because string
	Why     shared.Why // the sentence with its facts, and the row
	Edit    *Licence   // what can be corrected; nil for what is no licence
	Ended   bool
}

// Fact is one line about a thing.
type Fact struct{ Name, Value string }

// Licence are the values of a licence as they stand in its form.
type Licence struct{ ID, Product, Version, Ends, Site, Order, Ordered, Status string }

// Plan is a subscription.
type Plan struct {
	ID    string
	Label string
	Says  string // "since 1 Jan 2026, until 31 Dec 2026"
	Runs  bool
	Until string // as the form has it
}

// Order is a purchase.
type Order struct{ Number, On, Lines, Notes, Source string }

// Contact is a telephone number.
type Contact struct {
	ID     string
	Number string
	Says   string // "direct", "shared: it says which company calls, not who"
}

// Decided is a level of support that was decided once.
type Decided struct {
	At     shared.Time
	Says   string
	Ticket *Link
}

// Forms are what can be written down, and what became of the last try.
type Forms struct {
	Open     string // which form was refused: "licence", "licence-12", "plan", "plan-3", "project", "project-5", "evaluation", "phone"
	Errors   []shared.FormError
	Values   map[string]string // what was typed, by field
	Products []shared.Option
	Plans    []shared.Option
}

// open reports whether a form is shown open, because it was just refused.
func (f Forms) open(name string) bool { return f.Open == name }

// errors are those of one form.
func (f Forms) errors(name string) []shared.FormError {
	if !f.open(name) {
		return nil
	}
	return f.Errors
}

// value is what was typed, where this form was refused, else what is known.
func (f Forms) value(form, field, known string) string {
	if f.open(form) {
		return f.Values[field]
	}
	return known
}

// id names a field of one of several forms on the page.
func id(form, field string) string { return form + "-" + field }

// statuses of a licence.
func statuses(chosen string) []shared.Option {
	return []shared.Option{
		{Value: "active", Label: "Active", Chosen: chosen != "ended"},
		{Value: "ended", Label: "Ended", Hint: "Given back or replaced", Chosen: chosen == "ended"},
	}
}

// more is what a hit says besides its title, in one line.
func (h Hit) more() string {
	return strings.Join(strings.FieldsFunc(h.Says+"\n"+h.Whose, func(r rune) bool { return r == '\n' }), " · ")
}

// empty reports whether nothing at all is known to be theirs.
func (r Record) empty() bool { return len(r.Things)+len(r.Plans)+len(r.Orders) == 0 }
