// Package phone is the screen of a telephone call: what to say next, in large words, and everything the answer needs, while somebody
// is on the line.
//
// One step is shown at a time. Whoever reads it has a caller in the ear and one hand free: each choice is one key, nothing has to be
// scrolled to, and what must never be said stands where it can always be seen. The screen fills the record in by itself; at the end
// it is read once and kept.
package phone

import (
	"strconv"

	"hark/web/shared"
)

// View is one call.
type View struct {
	ID      string
	Title   string // "Call with Carla Acme"
	State   string // ringing open parked over recorded missed
	Mine    bool   // the reader has it
	Takes   bool   // the reader may take it up
	Seen    string // how the call stands, for the form that takes it up
	Agent   string
	Since   string // the newest thing the page shows
	Began   shared.Time
	Length  string // "42 s", "3 min 10 s"
	Running bool   // the line is open: the length goes on
	Spoken  int    // seconds so far

	Direction string // "Incoming call"
	Number    string // "+1 206 555 0142", "" when nobody knows it
	Tel       string
	Doubt     string   // "not verified by the network"
	MayNumber bool     // an agent can write the number down
	Wrong     string   // what could not be done, and how to mend it
	Elsewhere bool     // it was answered at a telephone that is nobody's here
	Left      []string // mails that had left when somebody else was chosen
	Key       string   // of the form that sends a message elsewhere
	Unkept    string   // a note that was typed and cannot be kept any more

	Ticked  []Ticked
	Step    *Step
	Mails   []Mail
	MustNot []string
	Policy  string // "Answer a call, version 2010-06-02"
	Base    string

	Query  string
	Search bool // somebody else is looked for
	Found  []Candidate
	Looked bool // a search was made, so nothing found is an answer

	Caller  *Caller
	Sure    *Sure // how one becomes sure of the caller; nil when one is, or cannot
	Earlier []Earlier
	Tickets []Ticket
	Ticket  *Link // the one that was made of this call, or that it was made from
	Makes   bool  // the reader can make one of it: it has none, and somebody is chosen
	Note    string
	Reason  string // why it was parked or handed over
	Happens []Line

	Wrap   *Wrap
	Record []Fact
	Task   string // left to do, "" for nothing
	Done   string // what was done about it
	Groups []shared.Option
}

// Step is the step the call stands at.
type Step struct {
	ID      string
	Title   string
	Say     []string // what to say, with a pause between the parts
	Ask     string   // a question to ask, in words
	Hint    string
	Files   []File
	Field   string // the label of what the caller says; "" when nothing is to be written
	Finds   bool   // the step looks for the caller
	Choices []Choice
	Locked  string // what is needed before the step is gone into, "" when it is open
	Back    bool
	Ended   bool
}

// File is a file that a step names, or that a mail carries.
type File struct {
	Name string
	Size string
	URL  string // "" when the library does not have it
}

// Choice is one key.
type Choice struct {
	Key    string // what is pressed
	Value  string // what is sent
	Label  string
	Hint   string
	Does   []string // "Sends “FAQ - How to request a key”"
	Locked string   // what is needed first, "" when it is free
}

// Ticked is a step that is behind.
type Ticked struct {
	Title  string
	Answer string // "Found"; "known" where nobody had to answer
	Known  bool
}

// Candidate is somebody the caller may be.
type Candidate struct {
	Key     string
	Person  string // number
	About   string
	Name    string
	Company string
	Site    string
	Says    string
	Found   string // "by the website"
	Shared  bool
	Doubt   string // "One letter differs"
	Level   Level
}

// Level is a level of support with its reason.
type Level struct {
	Label   string
	Support bool
	Because string
	Rule    string
}

// Caller is who calls.
type Caller struct {
	Person  shared.Person
	Company string
	Site    string
	Grade   string // claimed matched verified
	Sure    string // the same in words
	Level   Level
	URL     string
}

// Sure is how one becomes sure of a caller: they read a number to the agent, out of a mail or from a page of their own.
type Sure struct {
	Address string // where a code goes, as it can be said aloud; "" when nothing can be mailed
	Until   string // until when the code counts that is on its way, "" while there is none
	Young   string // an address that proves nothing yet, "" when there is none
	Since   string // since when that one is on file
	Rests   string // from when on it counts
	Key     string // of the form that sends a code
	Here    bool   // what stands in the middle of the screen waits for it
}

// Mail is a message that left during the call.
type Mail struct {
	ID        string
	Message   string
	Name      string
	To        string
	State     string // held queued sending sent deferred uncertain failed cancelled, or unsent
	Says      string
	Undo      int // seconds left to take it back, 0 when it is too late
	Elsewhere bool
	Text      string // for reading aloud
	Files     []File // that it carries
}

// troubled reports whether somebody has to do something about the mail.
func (m Mail) troubled() bool { return m.State == "failed" || m.State == "unsent" }

// Earlier is a call of the same person.
type Earlier struct {
	URL, When, Says string
}

// Link leads somewhere.
type Link struct{ Label, URL string }

// Ticket is one of the caller's tickets.
type Ticket struct {
	Number, Subject string
	Status          shared.Status
}

// Line is something that happened on the call.
type Line struct {
	At   shared.Time
	Who  string
	Says string
}

// Fact is one line of the record.
type Fact struct{ Name, Value, Note string }

// Wrap is the end of a call: the record as it is, to be confirmed.
type Wrap struct {
	Says     string // the whole record in one line
	Outcomes []shared.Option
}

func (v View) path(verb string) string {
	if verb == "" {
		return "/phone/" + v.ID
	}
	return "/phone/" + v.ID + "/" + verb
}

// Typed keeps a note that was refused: in its field, or below what was refused when the record has none any more.
func (v *View) Typed(note string) {
	switch {
	case note == "":
	case v.acts():
		v.Note = note
	default:
		v.Unkept = note
	}
}

// live reports whether the call can still go on.
func (v View) live() bool { return v.State != "recorded" && v.State != "missed" }

// acts reports whether the reader is the one who acts on it.
func (v View) acts() bool { return v.Mine && (v.State == "open" || v.State == "over") }

func seconds(n int) string { return strconv.Itoa(n) }

// List is the list of calls.
type List struct {
	Waiting  []Row // for the reader: theirs, and those handed to their group
	Rows     []Row
	Tabs     []Tab
	Outcomes []shared.Option
	Levels   []shared.Option
	Brands   []shared.Option // more than one brand answers the phone
	Tab      string
	Key      string // of the form that begins a call
	Counts   []Count
	Says     string // "Of 14 calls in the last 30 days, 12 needed no ticket."
	Pager    shared.Pager
	Connects bool // the reader may connect telephones
	Script   *Tab // the procedure for calls as a whole, nil when there is none
}

// Row is one call in the list.
type Row struct {
	URL     string
	At      shared.Time
	Caller  string
	Site    string
	Number  string
	Level   string
	Problem string
	Outcome string
	Agent   string
	Length  string
	State   string // in words, "" for one that is recorded
	Why     string // why it waits
	Take    string // address of the form that takes it up, "" for none
	Seen    string // how it stands, for that form
	Task    string
}

// Tab is one way to look at the list.
type Tab struct {
	Label   string
	URL     string
	Count   string
	Current bool
}

// Count is one line of the report of calls.
type Count struct{ Outcome, Level, Calls, Share, Length, Without string }
