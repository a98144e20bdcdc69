// Package whatsnew is what a company tells its customers about its product, and where colleagues write it.
//
// For customers it reads like a page of a magazine: the day in the margin, then what it is about, a title and as many words as it takes.
// Nothing is counted and nothing blinks. For colleagues it is a desk with drafts on it, and before an entry is published the page says who
// will hear of it.
package whatsnew

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// View is the page of a brand as everybody reads it.
type View struct {
	Brand   string
	Entries []Entry
	Pager   shared.Pager
	Feed    string // address of the Atom feed
	Roadmap string // "" while there is none
	Follow  Follow
}

// Entry is one thing that is new.
type Entry struct {
	ID        string
	URL       string
	Title     string
	Says      string // what it is about: "New in Ledger 2026.12"
	Day       string // "26 November 2026"
	ISO       string // the same for machines
	HTML      string // drawn by package prose
	Corrected string // the day of a correction, "" for none
}

// Follow is the form that asks for the letter.
type Follow struct {
	Email string
	Wrong string
}

// One is an entry on its own page.
type One struct {
	Brand string
	Entry Entry
	Feed  string
}

// Desk is where colleagues keep the entries of a brand.
type Desk struct {
	Tabs    Tabs
	Brands  []Brand
	New     string // address of the form for a new entry, "" where the reader writes none
	Drafts  []Row
	Rows    []Row // published, and taken back
	Pager   shared.Pager
	Readers string // "12 people read it by mail."
}

// Tabs lead between what is new, the roadmap and its review.
type Tabs struct {
	Current string // news roadmap review
	Query   string // "?brand=2", "" for the first
	Due     string // how many cards wait for the review, "" for none
}

// Brand is one to look at.
type Brand struct {
	Label   string
	URL     string
	Current bool
}

// Row is an entry in the list.
type Row struct {
	URL   string
	Title string
	Says  string
	Day   string
	Line  string // how it begins
	State string // "Taken back", "" for what is as it should be
}

// Write is the form for one entry.
type Write struct {
	ID       string // "" for a new one
	Brand    string // its id
	Of       string // its name, where there are several
	State    string // draft published withdrawn
	Says     string // how it stands, in a sentence
	URL      string // where customers read it, "" while they do not
	Base     string // the newest change that is shown
	Key      string
	Kinds    []shared.Option
	Title    string
	Product  string
	Products []shared.Option
	Version  string
	Body     string
	Day      string
	Cards    []shared.Option // of the roadmap, the first for none; none where there is no roadmap
	Issues   []shared.Option // the known problems whose fix it can tell of
	Banner   string
	From     string
	Until    string
	Preview  *Entry // as customers read it, as it was saved
	History  []Change
	Errors   []shared.FormError
	Wrong    map[string]string
}

// Change is one thing that was done to an entry, and what it said before.
type Change struct {
	Who   string
	What  string
	At    shared.Time
	Title string // before
	Body  string
}

// Publish is the last look before an entry is published.
type Publish struct {
	ID    string
	Base  string
	Entry Entry
	Hears []string // who will hear of it, a sentence each
	Wrong string
}

func (v Write) action() string {
	if v.ID == "" {
		return "/whats-new/entries/new"
	}
	return "/whats-new/entries/" + v.ID
}

func (v Write) published() bool { return v.State == "published" }

func (v Write) title(ctx context.Context) string {
	switch {
	case v.ID == "":
		return say.It(ctx, "A new entry")
	case v.published():
		return say.It(ctx, "Correct an entry")
	}
	return say.It(ctx, "An entry")
}

func one(field, wrong string) []shared.FormError {
	if wrong == "" {
		return nil
	}
	return []shared.FormError{{Field: field, Says: wrong}}
}
