// Package call is where a call gets its time.
// A customer comes with a link, sees the free times of one day on their own clock, and leaves with a call in their calendar; an agent
// books, moves and ends the same call on the ticket's page, and sees all calls to come in one list. Every step is a plain form.
package call

import (
	"context"
	"strings"

	"hark/web/shared"
	"hark/web/shared/say"
)

// Picker is the days of the weeks to come and the free times of one of them.
type Picker struct {
	Weeks  []Week
	Day    string // "Wednesday 18 November"
	Parts  []Part // of the day
	None   string // why there are no times at all
	Nearby []Time // when a time was just taken: the nearest ones that can still be had
}

// Week is one line of the calendar, Monday first.
type Week struct {
	Month string // "November" where a month begins, else ""
	Days  []Day
}

// Day is one day of a week. Without a URL nothing is free on it.
type Day struct {
	Number string
	Name   string // "Wednesday 18 November, 12 times"
	URL    string
	Chosen bool
}

// Part is the morning, the afternoon or the evening of a day.
type Part struct {
	Label string
	Times []Time
}

// Time is one time on offer.
type Time struct {
	Value   string // the instant, as RFC 3339 writes it
	Here    string // on the reader's clock: "11:00", or with the day where it stands alone
	Company string // on the company's, "" when it is the same
	Chosen  bool
}

// Booked is a call in words, as its reader sees it.
type Booked struct {
	Day     string // "Wednesday 18 November 2026"
	Time    string // "11:00 to 11:30"
	Zone    string // "Chicago time"
	Company string // "12:00 EST for us", "" when it is the same
	Host    string // "Cem calls you"
	With    string // "Cem", "" when nobody is named
	Phone   string
}

// now is a call in one line, for whoever is about to move it or to hand it over.
func (b Booked) now(ctx context.Context) string {
	says := say.It(ctx, "Booked: %s, %s %s", b.Day, b.Time, b.Zone)
	if b.Company != "" {
		says = say.It(ctx, "%s (%s)", says, b.Company)
	}
	if b.With != "" {
		says = say.It(ctx, "%s, with %s", says, b.With)
	}
	return says + "."
}

// Ask is a field for a time that somebody offers.
type Ask struct{ Name, Value string }

// View is the page of a customer.
type View struct {
	Base     string // address of the page
	Back     string // the request
	Number   string
	Subject  string
	Key      string
	Moving   bool
	Changes  bool   // the reader may move the call; else they see it only
	Begun    bool   // the time of the call has come; nobody calls it off any more
	Why      string // why nothing can be booked, "" when it can
	Booked   *Booked
	Held     *Booked // the time that is kept while the reader decides
	Until    string  // until when
	Start    string  // the instant that is kept
	Host     string
	Length   string          // in minutes, carried along
	Lengths  []shared.Option // to choose from, none where there is one
	Zone     string          // IANA name, carried along
	Zones    []shared.Option
	Picker   Picker
	Phone    string
	Offered  []string // times the reader has offered
	Asks     []Ask    // the fields in which times are offered
	Offering bool     // they are being offered: the fields are unfolded
	Words    string   // what is said beside them
	Errors   []shared.FormError
	Taken    bool // the chosen time went to somebody else
	Done     string
	Download string
}

func (v View) title(ctx context.Context) string {
	switch {
	case v.Why != "" && v.Booked == nil:
		return say.It(ctx, "No calls here yet")
	case v.Held != nil:
		return say.It(ctx, "Book this call?")
	case v.Booked != nil && !v.Moving:
		return say.It(ctx, "Your call is booked")
	case v.Moving:
		return say.It(ctx, "Choose another time")
	}
	return say.It(ctx, "Choose a time for a call")
}

// says is the line under the title of the picker.
func (v View) says(ctx context.Context) string {
	if v.Moving && v.Booked != nil {
		return v.Booked.now(ctx)
	}
	if v.Host != "" {
		return say.It(ctx, "%s calls you. Times are shown on your clock.", v.Host)
	}
	return say.It(ctx, "We call you. Times are shown on your clock.")
}

// act is what the form of the picker does.
func (v View) act() string {
	if v.Moving {
		return "move"
	}
	return "hold"
}

// Desk is a ticket's call as an agent works on it.
type Desk struct {
	Number     string
	Subject    string
	Key        string
	Customer   string
	Public     string // the customer's own page for it
	Plan       string // why the customer could not book alone, "" when they can
	Booked     *Booked
	Begun      bool   // its time has come
	Answer     string // "Accepted", "No answer yet"
	AnswerSays string
	Proposed   string // "Fri 20 Nov 2026, 15:00 EST", "" for none
	Start      string // the proposed instant
	Reminders  string
	Unwritten  bool // a call has ended and is not written up
	Outcomes   []shared.Option
	Minutes    string
	Result     string
	Offered    []Time
	Hosts      []shared.Option
	Length     string
	Lengths    []shared.Option
	Picker     Picker
	Phone      string
	Moving     bool
	Limits     string // what the policy says, in a line
	Zone       string // in which the exception's time is read: "New York"
	Past       []Past
	Errors     []shared.FormError
	Closed     bool
}

// Past is a call that took place.
type Past struct {
	At      string
	Outcome string
	Length  string
}

func (v Desk) path() string { return "/tickets/" + v.Number + "/call" }

func (v Desk) act() string {
	if v.Booked != nil {
		return "move"
	}
	return "book"
}

// List is all calls to come and all requests that wait for a time.
type List struct {
	Mine     bool
	Days     []ListDay
	Waiting  []Waiting
	Says     string   // what an empty list says
	Off      bool     // no brand has calls
	Own      bool     // the reader has calls, and so hours of their own
	Troubled []string // calendars of theirs elsewhere that cannot be read: "Home cannot be read"
	Feed     string   // since when the reader's calendar has an address, "" without one
	Address  string   // the address itself, shown once
	Team     string
}

// ListDay is one day of the list.
type ListDay struct {
	Name  string // "Today, Wednesday 18 November"
	Calls []Row
}

// Row is one call in the list.
type Row struct {
	URL      string // of the call, or of its ticket for whoever may not work on the call
	Time     string
	End      string
	Theirs   string // on the customer's clock, "" when it is the same
	Customer string
	Subject  string
	Number   string
	Phone    string
	Tel      string
	Host     string
	Answer   string
	Proposed string
	Over     bool // its time has passed and nobody has ended it
}

// Waiting is one request without a time.
type Waiting struct {
	URL      string // as of a Row
	Number   string
	Subject  string
	Customer string
	Since    shared.Time
	Offered  []Offer
}

// Offer is a time a customer has offered, in both zones.
type Offer struct {
	Here   string
	Theirs string
	Value  string
}

// SideView is the call beside a ticket's conversation.
type SideView struct {
	Number string
	When   string // "Wed 18 Nov 2026, 11:00 EST", "" when none is booked
	Says   string
	Phone  string
	Answer string
	Label  string // of the button
	Change bool   // whether the reader may do anything about it
}

func (v Desk) title(ctx context.Context) string {
	switch {
	case v.Unwritten:
		return say.It(ctx, "A call to write up")
	case v.Moving:
		return say.It(ctx, "Move the call")
	case v.Booked != nil:
		return say.It(ctx, "The call")
	}
	return say.It(ctx, "Book a call")
}

func (v Desk) label(ctx context.Context) string {
	if v.Moving {
		return say.It(ctx, "Move the call")
	}
	return say.It(ctx, "Book the call")
}

func (v List) tab() string {
	if v.Mine {
		return "mine"
	}
	return "all"
}

func (v List) emptyTitle(ctx context.Context) string {
	if v.Off {
		return say.It(ctx, "No calls here yet")
	}
	return say.It(ctx, "No calls to come")
}

// telOf is a number as a link wants it (RFC 3966): digits and a plus; "" when something else is in it, such as an extension.
func telOf(phone string) string {
	tel := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "").Replace(phone)
	if strings.Trim(tel, "+0123456789") != "" || strings.LastIndex(tel, "+") > 0 {
		return ""
	}
	return tel
}
