// Package community is where customers ask and tell each other: the list of threads, one of them, and the place to begin another.
//
// A reader comes with a question that somebody has perhaps asked before. So the list says of each thread whether it is answered, the
// answer that helped stands first, and whoever works here is marked as that. Below everything stands the way to ask us alone, because
// some things are nobody else's business. What a colleague does with a post stands on the same page, where its author wrote it.
package community

import (
	"context"

	"hark/web/shared"
	"hark/web/shared/say"
)

// List is a page of threads, or what a search found.
type List struct {
	Query string
	Says  string // what was found, "" when nothing was looked for
	Tabs  []Tab
	Rows  []Row
	None  string // why there is nothing
	Pager shared.Pager
	Ask   string // where a reader writes to us alone
	Feed  string
}

// Tab is one of the lists there are.
type Tab struct {
	Label   string
	URL     string
	Current bool
}

// Row is one thread in a list.
type Row struct {
	URL    string
	Title  string
	Line   string
	Name   string
	At     shared.Time
	State  string // "Answered", "No answer yet", "Idea"
	Helped bool   // an answer helped
	Counts string // "3 answers", "12 people want it"
}

// Ask is the form for a new question or idea.
type Ask struct {
	Kind   string // question or idea
	Title  string
	Body   string
	Name   string
	Mails  bool
	Key    string
	Waits  bool // somebody here reads it first
	Errors []shared.FormError
	Wrong  map[string]string
}

// Thread is one thread as its reader has it.
type Thread struct {
	Title    string
	Kind     string // question or idea
	State    string
	Helped   bool
	First    Said
	Accepted *Said
	Answers  []Said
	Heads    string // "3 answers"
	Pager    shared.Pager
	Card     *Card
	Want     *Want
	Answer   *Answer // the place for the next answer, nil when nobody answers any more
	SignIn   string  // where a stranger signs in to answer
	Locked   bool
	Ask      string
	Desk     *Desk // what a colleague can make of it, nil for everybody else
	Refused  *Refused
}

// Refused is what somebody wrote into a form that is not on the page any more: a thread was closed meanwhile, or an hour has passed.
type Refused struct {
	Says  string // why it was not taken
	Words string // to copy from
}

// Said is one post.
type Said struct {
	ID      string
	Do      string // the address below which its forms are sent
	Name    string
	Team    bool // they work here
	At      shared.Time
	Changed bool
	HTML    string // sanitised
	Waits   bool   // its author sees it, and whoever looks posts through
	Hidden  string // why it was taken off, "" when it was not
	Off     bool   // it was taken off
	Accept  string // "yes" where the reader can say that it helped, "no" where they can say that it did not after all
	Correct *Correct
	Remove  bool   // the reader can take it back
	Report  bool   // the reader can report it
	Request string // where its author is answered alone, "" when nowhere
	Desk    *DeskSaid
	Wrong   string // why a form below it was refused
}

// Correct is what its author can still change.
type Correct struct {
	Title string // "" for an answer
	Body  string
	First bool
	Open  bool
}

// DeskSaid is what a colleague can do with a post.
type DeskSaid struct {
	Reports []string
	Shown   bool
	Ticket  string // that was made of it
	Theirs  bool   // a customer wrote it, so a ticket can be made
	Back    string // where the decision leads back to
	Reason  string
	Open    bool
}

// Card is where an idea stands on the roadmap.
type Card struct {
	URL    string
	Title  string
	State  string
	Asking string // "14 people want it"
}

// Want is whether the reader wants an idea.
type Want struct {
	Do     string
	Says   string // "12 people want it"
	Wanted bool
	Mine   bool // they wrote it, and are counted
	May    bool
}

// Answer is the place for the next answer.
type Answer struct {
	Do    string
	Key   string
	Body  string
	Name  string // by which the reader is known; "" for a colleague, who goes by their first name
	Waits bool
	Wrong string
}

// Desk is what a colleague can make of a thread.
type Desk struct {
	Do      string
	Article string // that was begun from it
	Writes  bool   // there is help to write one for
	Idea    bool
	Card    string
	Cards   []shared.Option
	Locked  bool
}

// Look is the list of posts that somebody looks through.
type Look struct {
	Brands   []shared.Option
	Articles bool // there is help to go back to
	Piles    []Tab
	List     []LookAt
	None     string
	Pager    shared.Pager
	Open     string // as readers have it
}

// LookAt is a post that waits for a decision, with where it stands.
type LookAt struct {
	Title string
	URL   string
	What  string // "A question", "An answer"
	Said
}

func (v Ask) title(ctx context.Context) string {
	if v.Kind == "idea" {
		return say.It(ctx, "Share an idea")
	}
	return say.It(ctx, "Ask other customers")
}

func (v Ask) body(ctx context.Context) string {
	if v.Kind == "idea" {
		return say.It(ctx, "What would it be, and what would you use it for?")
	}
	return say.It(ctx, "Your question")
}

func (v Thread) answerSays(ctx context.Context) string {
	if v.Kind == "idea" {
		return say.It(ctx, "What do you think?")
	}
	return say.It(ctx, "Your answer")
}

func (s Said) anchor() string { return "post-" + s.ID }
