// Package roadmap is what customers have asked for and what was decided about it, in the open, and where colleagues decide it.
//
// A card says what, why and how many people want it. It says no date unless somebody estimates one, and then it says that it is an
// estimate. A decision has a day, a name and a reason. What is not wanted now stands there too, because it may come up again.
package roadmap

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
	"hark/web/whatsnew"
)

// View is the roadmap of a brand as everybody reads it.
type View struct {
	Brand   string
	Says    string   // how far it reaches, and that times are estimates
	Columns []Column // those on their way first
	Over    []Column // done, and not now
	Vote    string   // where votes are sent, "" for a reader we do not know
	Reader  string   // whose votes are counted, "" for a reader we do not know
	SignIn  string   // the way in for a reader we do not know
	Back    string   // to all of it, from the page of one column
	News    string   // what is new, "" while nothing is
}

// Column is one column.
type Column struct {
	ID    string
	Title string
	Says  string // what it means that a card stands here
	Cards []Card
	More  string // address of the rest, "" when this is all
	Pager shared.Pager
}

// Card is one wish.
type Card struct {
	ID       string
	Title    string
	What     string
	Why      string
	Asking   int
	Estimate string // roughly when; "" for nobody knows
	Decided  string // "Ana, 16 December 2026"; "" before the first decision
	Reason   string
	Entry    string // address of the entry that tells of it
	Voted    bool
	Asked    bool // the reader wrote a request about it
	Open     bool // it can still be wanted
}

// asking is how many people want it, in words.
func (c Card) asking(ctx context.Context) string {
	switch {
	case !c.Open && c.Asking > 1:
		return say.It(ctx, "%d people asked for this", c.Asking)
	case !c.Open:
		return ""
	}
	switch c.Asking {
	case 0:
		return say.It(ctx, "Nobody has asked yet")
	case 1:
		return say.It(ctx, "One person wants this")
	}
	return say.It(ctx, "%d people want this", c.Asking)
}

// Board is the roadmap of a brand for colleagues.
type Board struct {
	Tabs    whatsnew.Tabs
	Brands  []whatsnew.Brand
	New     string // address of the form for a new card, "" where the reader writes none
	Columns []Stack
}

// Stack is what stands in one column, a line each.
type Stack struct {
	ID    string
	Title string
	Rows  []Row
	Pager shared.Pager
}

// Row is one card in a list.
type Row struct {
	URL     string
	Title   string
	Asking  string
	Decided string // the last decision, in a sentence
	Due     string // why it is to be weighed now, "" when it is not
}

// Desk is one card as colleagues write it and decide about it.
type Desk struct {
	ID       string // "" for a new one
	Brand    string
	Of       string // the brand's name, where there are several
	State    string // what its column is called
	Public   string // where customers read it
	Base     string // the newest change that is shown
	Key      string
	Title    string
	What     string
	Why      string
	Estimate string
	States   []shared.Option // what can be decided; none when it is done
	Reason   string
	Review   string // "Not now" comes up again on this day, in a sentence
	Hears    string // who is mailed what is decided, "" for nobody
	Done     string // address of the form for the entry that closes it, "" where it is closed
	Entry    string // address of the entry that told of it
	Asking   string
	People   []Person
	Pager    shared.Pager
	Decided  []Decision
	History  []whatsnew.Change
	May      bool // the reader may change it
	Errors   []shared.FormError
	Wrong    map[string]string
	Return   string // "review" when the reader came from there
}

// Person is somebody who wants a card.
type Person struct {
	Person       shared.Person
	Organization string
	Plans        string
	Ticket       string // number, "" for a vote
	Subject      string
}

// Decision is one decision about a card.
type Decision struct {
	State  string
	Reason string
	Who    string
	At     shared.Time
}

// Review is the list a review goes through, one card after the other.
type Review struct {
	Tabs   whatsnew.Tabs
	Brands []whatsnew.Brand
	Says   string // when this one began and the next one does
	Rows   []Row
	First  string // address of the first card
}

func (v Desk) action() string {
	if v.ID == "" {
		return "/roadmap/cards/new"
	}
	return "/roadmap/cards/" + v.ID
}

func (v Desk) title(ctx context.Context) string {
	if v.ID == "" {
		return say.It(ctx, "A new card")
	}
	return v.Title
}

// Side is what a ticket has to do with the roadmap, beside its conversation.
type Side struct {
	Ticket string
	Key    string
	Title  string // of the card it stands behind, "" for none
	URL    string
	State  string
	Asking string
	Cards  []shared.Option // to join; the first makes a new one where the reader may
	May    bool
}
