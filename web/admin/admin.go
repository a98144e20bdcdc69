// Package admin is where an administrator sets what is not policy: mailboxes, people, groups and brands.
// What customers are promised is never set here; it stands in the policy file.
package admin

import "hark/web/shared"

// Mailboxes are the addresses the desk receives for.
type Mailboxes struct{ List []Mailbox }

// Mailbox is one address with how it is doing.
type Mailbox struct {
	URL     string
	Address string
	Brand   string
	Fetch   string      // "Listener", "IMAP at mail.example, idle"
	Sends   string      // "Through smtp.example", "Directly"
	Tried   shared.Time // when a mail that the desk wrote to it arrived last; zero when none has
	Wrong   string      // the other server's own words, "" when all is well
}

// MailboxForm makes or changes a mailbox. Secrets are never sent back to a page.
type MailboxForm struct {
	ID      string // "" for a new one
	Address string
	Brands  []shared.Option
	Groups  []shared.Option
	IMAP    string // imap://user@host
	SMTP    string // smtp://user@host:587
	HasIMAP bool   // a password is stored
	HasSMTP bool
	Errors  []shared.FormError
	Wrong   map[string]string
	Test    *Test
}

// Test is the result of trying a mailbox, one line per step.
type Test struct {
	Good  bool
	Lines []string
}

// People are those who work at the desk.
type People struct {
	List  []Member
	Pager shared.Pager
}

// Member is one of them.
type Member struct {
	URL    string
	Person shared.Person
	Role   string
	Groups string
	Skills string
	Off    bool // may not sign in any more
}

// PersonForm makes or changes a person.
type PersonForm struct {
	ID     string
	Name   string
	Email  string
	Roles  []shared.Option
	Groups []shared.Option
	Skills *string // as written, separated by commas
	Off    bool
	Link   string // a fresh sign-in link to hand over, shown once
	Hours  string // where it stands when they can have calls, "" for whoever has none
	Errors []shared.FormError
	Wrong  map[string]string
}

// Groups are the teams tickets belong to.
type Groups struct{ List []Group }

// Group is one team.
type Group struct {
	URL     string
	Name    string
	Members string // "Ana Ruiz, Ben Adler and 2 more"
}

// GroupForm makes or changes a group.
type GroupForm struct {
	ID      string
	Name    string
	Members []shared.Option
	Errors  []shared.FormError
	Wrong   map[string]string
}

// Brands are the companies the desk speaks for.
type Brands struct{ List []Brand }

// Brand is one of them.
type Brand struct {
	URL    string
	Name   string
	Email  string
	Policy string
	Colour string
}

// BrandForm makes or changes a brand. Day and Night are what its colour becomes where people read.
type BrandForm struct {
	ID       string
	Name     string
	Email    string
	Colour   string
	Policies []shared.Option
	Sample   string // address of a page in the brand's colour, "" while it is new
	Says     string // "Darkened by day, so that text in it can be read."
	Open     bool   // its customers ask and tell each other
	Two      bool   // its policy needs a second administrator
	LessCare string // who wants it to need one only, and waits for another to agree; "" for nobody
	Waits    bool   // that is the reader
	Errors   []shared.FormError
	Wrong    map[string]string

	Sites        string // on which its widget may be shown, one a line
	Secret       string // with which they sign who is signed in there
	Tag          string // what they put into their pages
	WidgetErrors []shared.FormError
}
