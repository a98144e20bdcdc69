// Package demo is the page that welcomes whoever starts the demo: where everything is, and what to try first.
// It has a form that sends a real mail to the desk, the same as a command line, and the button that moves the clock.
package demo

import "hark/web/shared"

// View is the welcome.
type View struct {
	Doors     []Door
	Brands    []Door // the other policies, each on pages of its own
	SignIns   []SignIn
	Address   string // where the desk receives mail, "support@harbourfield.example"
	Line      string // the same as a command, for a terminal
	OtherLine string // a second way, with curl
	From      string // prefilled sender
	Subject   string
	Body      string
	Sent      string // "Your mail is ticket #4815", "" before
	SentURL   string
	Tries     []string // what to do first, as sentences
}

// Door is an address of the demo.
type Door struct {
	Name string
	Says string
	URL  string
}

// SignIn is a person to sign in as.
type SignIn struct {
	Person   shared.Person
	Role     string
	Password string
}
