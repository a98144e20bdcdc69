// Package community is what customers of a brand ask and tell each other where everybody can read it, and what a post has to be before
// anybody does.
//
// A thread begins with a question or an idea; what others write below it are answers. The author of a question, or somebody who works
// here, says which answer helped, and from then on it stands first. An idea can be joined to a card of the roadmap, and whoever wants it
// is counted there. A post is known by the name its author chose and never by an address. What somebody writes for the first time waits
// until a colleague has read it, and so does what leads to many other places, and whatever comes from somebody whose post was taken off:
// the price of a friendly place is that somebody looks. For an hour an author can correct what they wrote; they can take it back for as
// long as nobody has answered.
//
// The package decides these things ([Waits], [Post.Correctable], [Post.Standing]) and knows nothing of pages, mail or a database.
package community

import (
	"regexp"
	"strings"
	"time"
)

// Post is one thing that somebody wrote: the first of a thread, or an answer in one.
type Post struct {
	ID        int64
	Brand     int64
	Thread    int64 // the first post of its thread; its own ID when it is that
	Kind      Kind
	Title     string // "" for an answer
	Body      string // Markdown
	Author    int64
	Name      string // by which its author is known here
	Staff     bool   // the author works here
	At        time.Time
	State     State
	Reason    string    // why it was taken off
	Corrected time.Time // zero for never
	Ticket    int64     // that was made of it, 0 for none

	// Of a first post:
	Locked   bool  // nobody answers any more
	Accepted int64 // the answer that helped, 0 for none
	Answers  int   // that everybody reads
	Mails    bool  // its author hears of answers
	Wants    int   // how many people want an idea; its author is one of them
	Card     int64 // of the roadmap, 0 for none
	Article  int64 // that was begun from it, 0 for none
}

// Kind is what a post is.
type Kind string

const (
	Question Kind = "question"
	Idea     Kind = "idea"
	Answer   Kind = "answer"
)

// State says who has a post.
type State string

const (
	Waiting State = "waiting" // its author, and whoever looks it through
	Shown   State = "shown"   // everybody
	Hidden  State = "hidden"  // taken off by somebody here, with a reason
	Back    State = "back"    // taken back by its author: nobody
)

// Standing is how far a thread has come, in the order in which people look for them.
type Standing string

const (
	Unanswered Standing = "unanswered" // a question without an answer that helped
	Answered   Standing = "answered"
	IdeaStands Standing = "ideas"
)

// Standings lists them.
var Standings = []Standing{Unanswered, Answered, IdeaStands}

// Standing is how far a thread has come.
func (p Post) Standing() Standing {
	switch {
	case p.Kind == Idea:
		return IdeaStands
	case p.Accepted != 0:
		return Answered
	}
	return Unanswered
}

// First reports whether a thread begins with it.
func (p Post) First() bool { return p.Kind != Answer }

// MayCorrect is for how long an author can correct what they wrote: long enough for a slip, too short to make another post of one that
// was answered.
const MayCorrect = time.Hour

// Correctable reports whether its author can still correct it.
func (p Post) Correctable(now time.Time) bool {
	return (p.State == Shown || p.State == Waiting) && now.Before(p.At.Add(MayCorrect))
}

// Sizes that no post needs to exceed.
const (
	MostTitle  = 160 // letters
	MostBody   = 10_000
	MostName   = 40
	MostReason = 500
)

// Past is what became of what somebody wrote before.
type Past struct{ Shown, Hidden int }

// MostLinks is how many addresses a post can lead to before somebody looks at it first.
const MostLinks = 2

// Waits reports whether a post waits until somebody here has read it.
func Waits(past Past, title, body string) bool {
	return past.Shown == 0 || past.Hidden > 0 || Links(title)+Links(body) > MostLinks
}

var link = regexp.MustCompile(`(?i)\bhttps?:|\bwww\.|\]\(\s*\S|\bmailto:`)

// Links is how many addresses a text leads to, as Markdown or as they stand.
func Links(text string) int { return len(link.FindAllStringIndex(text, -1)) }

// Name is how somebody wants to be called, as it is kept: one line of at most [MostName] letters, and never a mail address. "" when
// nothing is left, and then the first name on their record is taken.
func Name(chosen string) string {
	name := strings.Join(strings.Fields(chosen), " ")
	if strings.ContainsAny(name, "@/<>") {
		return ""
	}
	if letters := []rune(name); len(letters) > MostName {
		name = strings.TrimSpace(string(letters[:MostName]))
	}
	return name
}
