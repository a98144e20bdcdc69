// Package articles is where the help is written: the list of articles, one of them with how it reads beside it, its versions, and
// the sections it is ordered in.
//
// An author wants to see what a reader will see, never to lose a word, and to know which articles are no longer true or do not help.
// The page of one article therefore has the text on one side and the page on the other, saves by itself, and says what keeps it
// from being published in a sentence.
package articles

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// List is one pile of a brand's articles.
type List struct {
	Brand  string
	Brands []shared.Option // more than one when there are several brands
	Piles  []Pile
	Rows   []Row
	Pager  shared.Pager
	Misses []Miss
	Begun  bool          // there is any article at all
	Look   shared.Button // the way to what customers write to each other; no label where they do not
	None   string
}

// Pile is one of the lists there are.
type Pile struct {
	Label   string
	URL     string
	Current bool
}

// Row is one article in a list.
type Row struct {
	URL     string
	Title   string
	Section string
	State   string // "Draft", "Published"
	Draft   bool
	Changed string // "Ben has changed it since", "" when readers have all of it
	For     string
	Updated string
	Review  string // "To be checked since 3 Nov 2026", "" when it is not due
	Helped  string // "12 of 14 say it helped"
	Waiting string // "2 comments wait"
}

// Miss is what readers looked for in vain.
type Miss struct {
	Words string
	Says  string // "9 times, 2 wrote to us instead, last on 20 Nov"
}

// Edit is one article as its author changes it.
type Edit struct {
	ID        string
	Brand     string
	Title     string
	Body      string
	Slug      string
	Drawn     string // mark of the text this page was drawn from
	State     string
	Live      bool   // readers have it
	URL       string // where they read it
	Differs   string // what readers do not have yet, in a sentence
	Saved     string
	Wrong     string // why it was not published
	Findings  []Finding
	HTML      string // as readers would see it
	Facts     []string
	Section   []shared.Option
	Position  string
	Audience  []shared.Option
	Plan      []shared.Option
	Comments  []shared.Option
	Product   string
	Release   string
	Owner     []shared.Option
	Review    string
	Checked   string // "Checked on 3 Nov 2026"
	Videos    []Video
	Pictures  []Picture // that the text can show, the newest first
	NoPicture string    // why one could not be taken
	Waiting   []Said
	Said      []Said
	Reasons   []Reason
	Helped    string
}

// Finding is something to mend, or to know.
type Finding struct {
	Says  string
	Stops bool
}

// Video is one row of the form.
type Video struct{ Title, URL, Transcript string }

// Said is a comment of a reader, to be shown or taken away.
type Said struct {
	ID   string
	Name string
	At   string
	Text string
}

// Reason is what a reader wrote with their judgement.
type Reason struct {
	Helped bool
	Text   string
	At     string
}

// Apart is what was typed on a page that has become old, beside what is kept.
type Apart struct {
	ID      string
	Title   string
	By      string // who wrote what is kept, and when
	Changes []shared.Change
	Fields  []Field // of the form, to be sent again
	Body    string
}

// Field is one value of a form.
type Field struct{ Name, Value string }

// History are the versions of an article.
type History struct {
	ID       string
	Title    string
	Drawn    string
	Versions []Version
}

// Version is one of them.
type Version struct {
	ID      string
	Name    string // "20 Nov 2026, 10:00 EST"
	By      string
	Read    bool // readers have this one
	First   bool
	Changes []shared.Change
}

// Picture is a picture of an article, and how its text names it.
type Picture struct {
	URL      string
	Name     string
	Size     string
	Markdown string
	Shown    bool // the text names it
}

// Synonyms is the list of words that mean the same.
type Synonyms struct {
	Brand string
	Text  string
	Was   string // as it was kept when the page was made
	Wrong string
}

// Sections are the shelves of a brand's help, to be named and ordered.
type Sections struct {
	Brand string
	List  []Section
	Wrong string
	Name  string // what was typed for a new one
}

// Section is one shelf.
type Section struct {
	ID   string
	Name string
	URL  string
}

// Cite is an article that may answer a ticket, to be put into the answer.
type Cite struct{ Title, URL, Text string }

func (v Edit) action() string { return "/articles/" + v.ID }

// name is what the page is called.
func (v Edit) name(ctx context.Context) string {
	if v.Title == "" {
		return say.It(ctx, "A new article")
	}
	return v.Title
}

// stops are the findings that keep it from being published.
func (v Edit) stops() (n int) {
	for _, f := range v.Findings {
		if f.Stops {
			n++
		}
	}
	return n
}
