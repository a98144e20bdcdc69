// Package portal is what a customer sees: an answer before a ticket, and the state of what they asked.
// Nobody needs an account: a link in a mail opens one ticket, and a link asked for by address opens all of that person's.
package portal

import (
	"context"
	"strconv"
	"strings"

	"hark/web/help"
	"hark/web/shared"
	"hark/web/shared/say"
)

// Home is the portal's first page, signed in or not.
type Home struct {
	State    string // "Open now, until 17:00 Eastern, 23:00 your time"
	SignedIn bool
	Requests []Request // open ones, the newest first
	Closed   []Request
	Pager    shared.Pager
	Ask      string // one line under the title
	Help     bool   // there are articles to search
	Phone    bool   // we answer the telephone, and ask there who calls
}

// Spoken is a number that whoever is on the phone reads out, so that we know who they are.
type Spoken struct {
	Number string // "4071", "" while there is none
	Proved bool   // it was read out and taken
	Ended  bool   // the last one counts no more
}

// spelled are the digits one by one, as they are read out.
func (s Spoken) spelled() string { return strings.Join(strings.Split(s.Number, ""), " ") }

// Request is one ticket in a customer's list.
type Request struct {
	Number  string
	Subject string
	URL     string
	Status  shared.Status
	Says    string // what they can expect: "You hear from us by Mon 23 Nov, 17:00"
	Updated shared.Time
	Asks    bool // we wait for them
}

// New is the form for a new request.
type New struct {
	Key      string          // makes the form count once, however often it is sent
	Kinds    []shared.Option // each with its usual time as a hint
	Asks     []KindAsks      // what is asked for some kinds only; shown when one of them is chosen
	Subject  string
	Body     string
	Name     string
	Email    string
	SignedIn bool
	Errors   []shared.FormError
	Wrong    map[string]string // by field
	MaxFiles string            // "Up to 10 files, 25 MB together."
	SignIn   string            // where a visitor signs in before anything else, "" when they need not
	Which    *Which            // what it can be about, nil when the policy does not ask
	Action   string            // POST address, "" for the page's own
	Suggest  string            // where what may answer it is found while one types, "" for nowhere
	Known    help.Suggestions  // the known problem that the reader recognised
	Article  string            // the address of the article the reader came from, "" for none
	From     string            // its title
	Searched string            // what they looked for in the help before
}

// Widget is the form in a frame on a page of the company, and what whoever is signed in there has asked before.
type Widget struct {
	Form     New
	Requests []Request
	Sent     string // the number of what was just sent, "" for nothing
	Asked    bool   // a mail is on its way that has to be answered first
	Stale    string // why nobody can tell any more who is signed in, "" when somebody can
}

// Which is the question what a request is about, with what the reader owns as the answers.
type Which struct {
	Things []Thing
	Needed bool   // every kind of request needs an answer
	Error  string // why the answer cannot be taken
	Email  string // of the reader, to find out whose orders these are when there are none
}

// Thing is a licence, an order or an evaluation as its owner chooses it.
type Thing struct {
	Value   string // "licence:12"
	Name    string // "acme-shop.example"
	Says    string // "AbleCommerce 7.0.2, ordered 2 Nov 2026"
	Level   string // "Active support plan", "" when the policy has no levels
	Because string // "Ordered within the last 30 days"
	Support bool   // the level gives support
	Chosen  bool
}

// KindAsks is what the form asks, or advises, for one kind of request. Place is the kind's own among the kinds, from 0.
type KindAsks struct {
	Place  int
	Kind   string
	Advice string
	Fields []AskField
}

// AskField is one fact the policy asks for; Fact names it in the form.
type AskField struct {
	Fact  string
	Field shared.Field
}

// Ticket is one request as its customer sees it. It is made of public things only.
type Ticket struct {
	Key      string // makes the answer count once, however often it is sent
	Number   string
	Subject  string
	Kind     string
	Status   shared.Status
	Says     string          // what happens next and by when, in a sentence
	Way      *shared.Tracker // nil when it has no phases
	Talk     []shared.Message
	Asks     *Asks
	Call     *Call
	Rating   *Rating  // nil when nobody was asked how it went
	Problem  *Problem // nil when it reports no known problem
	Look     Look     // a second look, or where to ask for one
	Scope    *Scope   // nil while nobody has said that it is not supported
	Arrived  bool     // shown right after sending: thanks, number, what now
	Seen     string   // whose page it is, for staff who look at it; "" for the customer
	Back     string   // the ticket, for staff
	Reply    string   // POST address, "" when nothing can be written
	Next     string   // "Open #7": the request that continues this one, "" for none
	NextURL  string
	Closed   string // "Closed on Fri 27 Nov. If you write, a new request begins with this one linked."
	Draft    string
	Errors   []shared.FormError
	MaxFiles string
}

// Asks is the one coloured banner: we need something from the reader.
type Asks struct {
	Title string
	Says  string
}

// Call is the call of a request, or that one can be had.
type Call struct {
	Title string
	Says  string
	Label string
	URL   string
}

// Rating is the question how it went, or what was said.
type Rating struct {
	Given  string          // "Good", "" while nothing was said
	Scores []shared.Button // each leads to the page on which it is chosen
	URL    string
}

// Problem is a known problem as whoever reported it reads of it.
type Problem struct {
	Title      string
	Product    string // of which it is, "" for all
	Others     string // "4 other customers have this too.", "" for nobody
	Workaround string
	When       string // "Weeks.", "" when nobody has said
	Why        string // why no day is named, in the policy's words
	Fixed      shared.Time
	News       string // the address where the fix is announced
}

// Scope is why something is not supported, or only in part, and where else to turn.
type Scope struct {
	Title   string
	Says    string
	Instead string
}

// Ended is a link that no longer opens anything.
type Ended struct {
	Link  string // its path, from which somebody is found for whom it was made
	Next  string // the page of ours that it led on to, "/" for none
	Email string // what was typed
	Wrong string // why no link can be mailed now
	Sent  bool
	Words string // what was written behind the link and not taken
}

func (v Home) title(ctx context.Context) string {
	if v.SignedIn {
		return say.It(ctx, "Your requests")
	}
	return say.It(ctx, "How can we help?")
}

// over is the quiet line above a request's subject.
func (v Ticket) over() string {
	if v.Kind == "" {
		return "#" + v.Number
	}
	return v.Kind + " #" + v.Number
}

// action is where the form is sent.
func (v New) action() string {
	if v.Action != "" {
		return v.Action
	}
	return "/requests/new"
}

// class is how the style sheet knows whose questions these are. It knows the first dozen kinds; later ones are always shown.
func (a KindAsks) class() string { return "kind-asks-" + strconv.Itoa(a.Place) }

// style is the help's own while there is something to search.
func (v Home) style() string {
	if v.Help {
		return "help"
	}
	return ""
}
