// Package begin is where a new desk is prepared: eight questions, one a page, with the policy they amount to beside them. Each
// answer can be left open, every page is an address one can leave and come back to, and nothing holds before the seventh page
// publishes it. What is asked and what the answers mean stands in package policy; these pages only ask.
package begin

import (
	"github.com/a-h/templ"

	"hark/web/policypage"
	"hark/web/shared"
)

// Steps is how many questions there are.
const Steps = 8

// View is one question with what surrounds it.
type View struct {
	Number int
	Title  string // the question
	Lead   string
	Steps  []Step
	Ask    templ.Component // the fields
	Errors []shared.FormError
	Note   *Note  // what the step before brought
	Edited bool   // the draft was changed by hand, and going on would write it anew
	Next   string // the label of the button that goes on
	Page   Preview
}

// Step is one entry of the way.
type Step struct {
	Number  int
	Label   string
	State   string // answered, open, "" when nobody has been there
	Current bool
}

// Note is news above the question.
type Note struct {
	Tone  shared.Tone
	Title string
	Says  string
}

// Preview is the page as it would read now.
type Preview struct {
	Title    string
	Sections []policypage.Section
	Changed  map[string]bool // texts that read otherwise than what is published
	Open     []string        // what nobody has decided
}

// Name asks whose desk this is.
type Name struct{ Company, Product, Address shared.Field }

// Ways asks how people reach the desk.
type Ways struct {
	Address             string // the mail address of the first step, "" when none was given
	Mail, Portal, Phone shared.Choice
	Number              shared.Field
	Fetch, Send         []shared.Field
	Tried               []Tried
	Again               bool // the mailbox was tried and does not work: going on is offered beside trying again
}

// Tried is one way of a mailbox, with what its server said.
type Tried struct {
	Title  string // "Receiving works", "Sending does not work yet"
	Good   bool
	Says   string
	Causes []string // the three usual ones; empty when it works
}

// Hours asks when people are there.
type Hours struct {
	Zone     shared.Field
	Days     []shared.Field
	Holidays shared.Choice
}

// Promise asks what customers may expect.
type Promise struct {
	Starts                       []Start
	Reply                        shared.Choice
	Within                       shared.Field
	First, Second, Close, Reopen shared.Field
}

// Start is a way of supporting customers to begin from, in words.
type Start struct{ Value, Title, Says string }

// Whom asks who has support.
type Whom struct {
	Whom                  shared.Choice
	Days, Plans, Versions shared.Field
	Columns               []string
	Rows                  [][]string // the table as it stands now
}

// Kinds asks what people may ask for, and what is not done.
type Kinds struct {
	Kinds  []Pair
	Limits []Pair
}

// Pair is a short text and a longer one.
type Pair struct{ Label, Says shared.Field }

// Finish shows the finished page before it is published.
type Finish struct {
	Open      []Open
	Published string // since when it holds, "" before
	Address   string // where the page will stand
	Same      bool   // nothing is different from what is published
	Wrong     string
}

// Open is a point nobody has decided, with the step that asks for it.
type Open struct{ Says, URL string }

// People asks who works here too.
type People struct {
	Known   []string // who is here already
	Rows    []Invitation
	CanMail bool
}

// Invitation is one colleague to invite.
type Invitation struct{ Name, Email, Role shared.Field }

// Ready is what follows the last step.
type Ready struct {
	Published string
	PageURL   string
	Missing   []Open // what was left out
	Moments   []Moment
	Took      string // "14 days in a blink"
	CanMail   bool
	Mail      string // where the test mail goes
}

// Moment is something that happens to the made-up ticket.
type Moment struct {
	At      string
	Who     string // customer, desk, clock
	Says    string
	Subject string // of the mail that is sent, "" for none
	Body    string
}
