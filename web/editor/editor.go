// Package editor is where a promise is changed without fear: the policy as text, the page it prints, and what it does to
// one ticket, beside each other. Nothing here runs the desk. A draft is its author's alone; the plan says in words what
// would change, for customers and for every open ticket; applying needs a reason; and every version can be gone back to.
package editor

import (
	"context"

	"hark/web/policypage"
	"hark/web/shared"
	"hark/web/shared/say"
)

// Home is the policy of one brand: what runs, what comes, what was.
type Home struct {
	Brands   []shared.Option // to choose from; one is no choice
	Brand    string
	Draft    string // "You have a draft, saved 5 min ago.", "" for none
	Versions []Version
	Examples []Example // to begin from while nothing runs, and later as well
	Page     string    // address of the public page, "" before there is one
	Asked    *Asked    // what somebody wants a colleague to apply, nil for nothing
}

// Asked is a policy that one administrator wrote and another is to apply.
type Asked struct {
	ID      string
	Brand   string
	Version string
	By      string
	At      shared.Time
	Reason  string
	Mine    bool   // the reader wrote it, and so cannot apply it
	Word    string // why it was sent back, "" while it waits
	BackBy  string
	URL     string
	Moves   bool   // open tickets are to go along
	Rebook  bool   // customers are to be asked for other times of calls
	Answer  string // what was typed and not taken
}

// Version is one entry of the history, the newest first.
type Version struct {
	ID      string
	Name    string // "2026-11-01"
	Since   shared.Time
	By      string
	Reason  string
	Current bool
	Coming  bool
	URL     string
	Changes []shared.Change // from the version before
}

// Example is a policy that comes with the desk.
type Example struct {
	Name string
	Says string
}

// Edit is the editor's page.
type Edit struct {
	Brand    string
	Name     string // of the policy
	Source   string
	Drawn    string // the mark of the draft it shows
	Saved    string // "Saved 16:30", "" for what runs
	Findings []Finding
	Errors   int
	Title    string            // of the page it prints
	Now      []policypage.Line // when whoever writes now hears from the company
	Page     []PageSection
	Marks    []Mark // the list of sections; empty while the text cannot be read
	Unused   []Mark // the sections this policy could have and has not
	Sheet    *Sheet // the section that is shown as a form, nil for the text
	Place    *Place // the lines somebody came for
	Draws    bool   // it has procedures, which can be looked at as a whole
	Undo     string // what was done last and can be taken back, "" for nothing
	Trial    Trial
	Wrong    string // why a post was refused; the words are kept
}

// PageSection is a heading of the printed page with what stands below it.
type PageSection struct {
	Title  string
	Blocks []Block
}

// Finding is one thing to say about the text.
type Finding struct {
	Line     int
	Severity string // error warning note
	Says     string
	Mend     string
	Excerpt  string // the line with a caret under what is meant
}

// Apart is a page that was drawn before the draft became what it is: what was typed there, and what is kept.
type Apart struct {
	Brand       string
	Drawn       string // the mark of what is kept
	Gone        bool   // there is no draft any more; what is kept is what runs
	Source      string // the text with what was typed and pressed on the older page
	Section     string
	Trial       []Field
	Changes     []shared.Change // from what is kept to what was typed
	Here, There Place           // the lines that are different
	Fresh       string          // the editor with what is kept
	Wrong       string          // what of it could not be written into the text
}

// Field is a value that a form carries on.
type Field struct{ Name, Value string }

// Plan is what applying the draft would do.
type Plan struct {
	Brand      string
	Drawn      string // the mark of the draft it is the plan of
	Version    string
	Rules      []shared.Change
	Sentences  []shared.Change
	Open       string // "12 tickets are open."
	Moves      []Move // of open tickets, when they go along
	MoreMoves  int
	Corrected  []Move // whatever is chosen, because a calendar is corrected
	Notes      []Finding
	From       string // "Holds from the moment it is applied."
	Begins     string // the instant, with its zone
	Later      bool   // that is not now
	Stay       []Stay // open tickets that cannot go along
	Calls      []Call // booked calls that the new hours do not allow
	Told       []string
	NoFiles    []string // that it names and the library does not have
	Heavy      []string // messages whose files are too large together
	Keeps      bool     // the policy in force promises that open tickets keep their rules
	MovesFirst bool     // or that they move
	Two        bool     // a colleague has to apply it
	Asked      *Asked   // set on a colleague's proposal
	Reason     string
	Chosen     string // for open tickets, "" for the policy's own way
	Rebook     bool   // chosen for calls
	Wrong      string
}

// Stay is an open ticket that keeps its rules whatever is chosen.
type Stay struct {
	Number  string
	URL     string
	Subject string
	Why     string
}

// Call is a booked call that the new hours do not allow.
type Call struct {
	Number  string
	URL     string
	Subject string
	At      string
	Why     string
}

// Move is a deadline of an open ticket that would be another.
type Move struct {
	Number  string
	URL     string
	Subject string
	What    string
	Before  string
	After   string
}

// moveSays is what it means for open tickets to go along.
func (v Plan) moveSays(ctx context.Context) string {
	if v.Later {
		return say.It(ctx, "go on under the new ones from %s on", v.Begins)
	}
	return say.It(ctx, "go on under the new ones")
}

// untold says why nobody is told.
func (v Plan) untold(ctx context.Context) string {
	if len(v.Sentences) == 0 {
		return say.It(ctx, "Nobody. Customers read nothing different.")
	}
	return say.It(ctx, "Nobody. The policy names no way in which changes are announced.")
}

// moveHint reminds of what was promised about open tickets.
func (v Plan) moveHint(ctx context.Context) string {
	if v.Keeps {
		return say.It(ctx, "The policy in force promises that open tickets keep the rules they began with.")
	}
	return ""
}

// moves reports whether open tickets are to go along: as it was chosen, else as the policy says first.
func (v Plan) moves() bool {
	if v.Chosen != "" {
		return v.Chosen == "move"
	}
	return v.MovesFirst
}

// lead says how there came to be two texts.
func (v Apart) lead(ctx context.Context) string {
	if v.Gone {
		return say.It(ctx, "The text this page was drawn from was applied, replaced or thrown away since. What you typed is still here; nothing of it is saved.")
	}
	return say.It(ctx, "It was changed on another page since this one was drawn. What you typed here is not saved yet; what is saved was not touched.")
}

func (v Apart) kept(ctx context.Context) string {
	if v.Gone {
		return say.It(ctx, "What holds now")
	}
	return say.It(ctx, "The saved draft")
}

func (v Apart) goOn(ctx context.Context) string {
	if v.Gone {
		return say.It(ctx, "Begin from what holds now")
	}
	return say.It(ctx, "Go on with the saved draft")
}

// same reports whether both texts have the same lines.
func (v Apart) same() bool { return v.Here.Last < v.Here.First && v.There.Last < v.There.First }
