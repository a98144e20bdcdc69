package editor

import "hark/web/shared"

// Trial is one ticket under both policies: made up, or told again from one that exists.
type Trial struct {
	Start   string // as a datetime-local field wants it
	Zone    string
	Kinds   []shared.Option
	Steps   []Step
	Facts   []Fact
	Ticket  string // the number of the ticket whose story it is, "" for one that is made up
	About   string // what that ticket is about
	Today   []Line // under what runs
	Draft   []Line // under the draft
	Same    bool   // both say the same
	Span    int    // minutes from the first line to the last, for the clock one drags
	Stopped string
	Wrong   string // why it cannot be run, or what was asked cannot be done
	Name    string // of the scenario to keep, when that was refused
}

// Step is something a person does in a trial.
type Step struct {
	Events []Group
	At     string
	Until  string // the second time of an event that has two
}

// Group is what can happen, by who does it.
type Group struct {
	Label  string
	Events []Event
}

// Event is one thing that can happen.
type Event struct {
	shared.Option
	Twice bool // it has a second time: until when, or when the call is
}

// Fact is something that is so in a trial.
type Fact struct {
	Names []shared.Option
	Value string
}

// Line is one thing that happens.
type Line struct {
	At     string
	Minute int // since the first line
	Says   string
	Kind   string // event status send task due ...
	Rule   string
	New    bool // the other policy does not do this, or at another time
	Mail   *Mail
}

// Mail is a message as the customer would read it.
type Mail struct {
	Subject string
	Body    string
	Wrong   string // why it could not be written
}
