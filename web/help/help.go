// Package help is what a customer reads before they ask: a search, sections of articles, an article, and which versions are supported.
//
// A reader comes with a question and half a word for it. So the search stands first and large, forgives a wrong letter, and never ends
// in nothing: below every result and every article stands the way to us, one press away, with what they had typed.
package help

import (
	"context"

	"hark/web/community"
	"hark/web/shared"
	"hark/web/shared/say"
)

// Home is the first page of a brand's help, and its search.
type Home struct {
	State   string // "Open now, until 17:00 Eastern, 21:00 your time"
	Query   string
	Found   *Found // nil before anything is searched
	Shelves []Shelf
	Also    []Link // pages of the help that are no articles
}

// Found is what a search found.
type Found struct {
	Query string
	Says  string  // "3 articles", "Nothing has these words; these are close"
	Known []Known // known problems that have these words
	Hits  []Hit
	Pager shared.Pager
	Ask   string // where the reader writes to us, with what they looked for
	Miss  bool   // nothing that fits was found

	Threads []community.Row // what customers have written to each other
	More    string          // where more of that is found, "" when this is all
}

// Hit is one article that was found.
type Hit struct {
	URL     string
	Title   string
	Says    string // where the words stand
	Section string
	For     string // whom it is for, "" for everybody
}

// Shelf is a section with its first articles.
type Shelf struct {
	URL   string
	Name  string
	Count int
	Links []Link
}

// Link leads to an article or a page.
type Link struct {
	URL   string
	Label string
	For   string // whom it is for, "" for everybody
}

// Section is all that stands in one section.
type Section struct {
	Name  string
	Says  string // "12 articles"
	Links []Link
	Pager shared.Pager
}

// Article is one article as its reader sees it.
type Article struct {
	Title    string
	Section  Link
	Facts    []string // "Updated 20 Nov 2026", "Checked 24 Nov 2026", "For Soapbox 4.2"
	Contents []Heading
	HTML     string // sanitised
	Videos   []Video
	Judge    Judge
	Others   []Link
	Ask      string // the request form that carries the article
	Said     []Said
	Comment  Comment
	Edit     string // where a colleague changes it, "" for everybody else
	Draft    bool   // shown to its authors only
}

// Heading is an entry of the contents.
type Heading struct {
	URL   string
	Title string
	Deep  bool
}

// Video is shown elsewhere; what is said in it stands here.
type Video struct {
	Title      string
	URL        string
	Host       string // where it leads, so that nobody is surprised
	Transcript string
	Elsewhere  string // the address of the transcript, when it is not here
}

// Judge asks whether an article helped.
type Judge struct {
	URL    string
	Said   string // "yes" or "no" once the reader has said so
	Wrong  string
	Reason string
}

// Said is a comment of a reader.
type Said struct {
	Name string
	Team bool // they work here
	At   shared.Time
	Text string
}

// Comment is the place for the next one.
type Comment struct {
	URL    string // "" when nothing can be written
	Closed string // why not
	SignIn string // where the reader signs in first, "" when they need not
	Name   bool   // a stranger says who they are
	Key    string
	Text   string
	As     string
	Wrong  string
	Waits  bool // what they wrote waits for somebody here
}

// Versions is which versions of which product are supported, and with what they work.
type Versions struct {
	Products []Product
	Covers   []Cover
	// Other systems that the product works with, by name.
	Integrations []Integration
	Policy       string // where the policy stands
}

// Product has its versions, the newest first.
type Product struct {
	Name     string
	Versions []Version
}

// Version is supported until a day.
type Version struct {
	Name     string
	Released string
	Until    string // "31 Dec 2027", "no end is planned"
	Ended    bool
}

// Cover is something that support covers.
type Cover struct{ Name, Says string }

// Integration is another system by name.
type Integration struct {
	Name string
	URL  string // where more is said, "" for nowhere
	Says string
}

// head says what the page is about: search and sections, or what was found.
func (v Home) head(ctx context.Context) string {
	if v.Found != nil {
		return say.It(ctx, "Found in our help")
	}
	return say.It(ctx, "What do you need help with?")
}

// count is how many articles a section has, in words a screen reader can say.
func (s Shelf) count(ctx context.Context) string {
	if s.Count == 1 {
		return say.It(ctx, "1 article")
	}
	return say.It(ctx, "%d articles", s.Count)
}
