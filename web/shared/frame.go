package shared

import "context"

// Frame is what surrounds every page of one request: who looks, in which light, from which desk. Middleware fills it
// once and puts it into the context with With; pages and parts find it there.
type Frame struct {
	Assets Assets
	CSRF   string // value of the hidden field "csrf" in every form
	Nonce  string // of this response's Content-Security-Policy
	Lang   string // BCP 47, "en" when empty
	Brand  Brand

	Person      *Person // the signed-in agent or customer; nil for a visitor
	Admin       bool    // sees mail log and settings
	Phone       bool    // answers the phone
	Calls       bool    // some brand has calls
	Publishes   bool    // writes what is new and what is to come
	Articles    string  // where an agent finds the help of customers: to write it, or to read it; "" while there is none
	Look        string  // where an agent looks through what customers write to each other, when there are no articles to stand beside; "" otherwise
	Problems    bool    // a policy speaks of known problems
	Preferences Preferences

	Clock  Clock   // whether the desk is open
	Counts Counts  // beside the rail's entries
	Toasts []Toast // what just happened, said once
	Demo   *Demo   // the demo's clock; nil on a real desk
	Live   string  // address of the event stream, "" for none
	News   *News   // one line above the page that the reader has not put away; nil for none
}

// News is one piece of news for everybody: what it is, where to read it, and how to put it away.
type News struct {
	Name  string // the preference that puts it away, "news" when empty
	ID    string
	Says  string // "Our support policy changes on Tue 1 Dec 2026."
	Label string // "Read what is different"
	URL   string
}

func (n News) name() string {
	if n.Name == "" {
		return "news"
	}
	return n.Name
}

// Brand is the company a page speaks for.
type Brand struct {
	Name      string
	Home      string // where its name leads, "/" when empty
	Style     string // address of the style sheet with its accent (Colours.CSS), "" for ours
	Policy    string // address of the public policy page, "" while there is none
	News      string // address of What's New, "" while nothing is published
	Roadmap   string // address of the roadmap, "" while it is empty
	Help      string // address of the articles, "" while there are none to offer
	Community string // address of what customers ask each other, "" where they do not
	Email     string // where a customer writes to
	Statement string // one line under the name on public pages, may be empty
}

// Preferences are what a person has set for themselves.
type Preferences struct {
	Theme      string // "light", "dark" or "" for the device's own
	Compact    bool   // rows of 36 px instead of 52
	LettersOff bool   // single-letter keys do nothing (WCAG 2.2, 2.1.4)
}

// Clock says whether the desk is open, in words ("Open until 17:00 ET").
type Clock struct {
	Open bool
	Says string
	URL  string // where the hours are explained
}

// Counts are the numbers beside the rail's entries, as they are written; "" for none.
type Counts struct {
	Inbox string
	Phone string // calls that wait for the reader
	Held  string // mails that wait for a decision
}

// Demo is the clock of a demonstration: where it stands and what it would bring next.
type Demo struct {
	Now  Time
	Next string // "Sat 16:30: first reminder to Priya Raman"; "" when nothing is planned
	At   string // when that is, RFC 3339
	Back string // the page to return to after a jump
}

type frameKey struct{}

// With puts the frame into ctx for everything that is rendered with it.
func With(ctx context.Context, f Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

// FrameOf returns the frame of ctx, an empty one when none was put there.
func FrameOf(ctx context.Context) Frame {
	f, _ := ctx.Value(frameKey{}).(Frame)
	return f
}

// ContentSecurityPolicy is the header every page is written for. The nonce serves two style elements that Turbo and
// Trix make themselves; scripts and styles of ours are files.
func ContentSecurityPolicy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
}
