// Package maillog shows every mail that came in and every mail that went out, and what became of it. A mail that
// could not be read is here with its raw source: nothing that reached us is ever invisible.
package maillog

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// In is the list of mail that arrived.
type In struct {
	Filter string // all held unreadable bounce
	Tabs   []Tab
	List   []Arrival
	Pager  shared.Pager
	Empty  Empty // shown when nothing is listed
}

// Out is the list of mail that leaves.
type Out struct {
	Filter string // all waiting trouble
	Tabs   []Tab
	List   []Departure
	Pager  shared.Pager
	Empty  Empty // shown when nothing is listed
}

// Empty says what will be listed, and why nothing is.
type Empty struct {
	Title string
	Says  string
}

// Tab is one filter.
type Tab struct {
	Label   string
	Count   string
	URL     string
	Current bool
}

// Arrival is one mail that came in.
type Arrival struct {
	ID      string
	URL     string
	At      shared.Time
	From    shared.Person
	To      string
	Subject string
	Outcome string // created threaded duplicate held ignored unreadable bounce received
	Says    string // "Opened #4812", "Held: the sender is not part of #4812"
	Ticket  string // address, "" for none
	Accept  string // POST addresses of a held mail
	Discard string
}

// ArrivalView is one mail with everything we know about it.
type ArrivalView struct {
	Arrival
	Facts   []Fact
	Defects []string // what is wrong with it, in words
	Raw     string   // the first part of its source, as text
	RawURL  string   // the whole source, as a file
	Again   string   // POST address that reads it once more, "" when that makes no sense
}

// Departure is one mail to one recipient.
type Departure struct {
	ID      string
	URL     string
	At      shared.Time
	To      string
	Subject string
	State   string // queued sending sent uncertain deferred failed bounced
	Says    string // "Delivered to mx.greenway.example", "Next try at 15:40"
	Ticket  string
}

// DepartureView is one mail with all its attempts.
type DepartureView struct {
	Departure
	Attempts []Attempt
	Facts    []Fact
	Head     string // the head of its source
	Retry    string // POST address, "" when there is nothing to do
}

// Attempt is one try at delivery.
type Attempt struct {
	At    shared.Time
	Phase string // "after DATA"
	Says  string // the server's own words
}

// Fact is a name and a value.
type Fact struct {
	Name  string
	Value string
}

// trouble says whether somebody should look at it.
func trouble(state string) bool {
	switch state {
	case "held", "unreadable", "uncertain", "failed", "bounced", "bounce":
		return true
	}
	return false
}

// waits says whether the trouble is only a decision that somebody has to take.
func waits(state string) bool { return state == "held" || state == "uncertain" }

func subject(ctx context.Context, s string) string {
	if s == "" {
		return say.It(ctx, "No subject")
	}
	return s
}

func tone(state string) shared.Tone {
	switch state {
	case "held", "uncertain":
		return shared.Late
	case "unreadable", "failed", "bounced", "bounce":
		return shared.Broken
	}
	return shared.Note
}
