// Package issue is the known problem: one fault behind the tickets of many customers.
//
// Ten customers report it in ten ways, and the desk knows it once. What helps until it is fixed, and roughly when that will
// be, is written down here and nowhere else; each linked ticket takes it from here, so that all ten read the same. How far the
// desk may say when depends on the policy: some have four words for it and name no day (seed 000, 0.23), others give an
// estimate (seed 004). A problem outlives its tickets. It ends when somebody has seen the fix work in production, and then
// everybody who reported it hears of it once, whatever has become of their ticket (seed 004, 4.15).
//
// How the engineers mend it is theirs: an issue holds the address of their page, and what they call done ends no problem here. What
// they say of it is kept beside it (package engineers).
package issue

import (
	"cmp"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"hark/calendar"
	"hark/fault"
	"hark/ticket"
)

// Reach says who is affected.
type Reach string

// The reaches. A fault of one site is nobody else's, and a policy may want only the others logged (seed 000, 0.21).
const (
	SystemWide Reach = "system-wide"
	Local      Reach = "local"
)

// Severity says how bad it is for whoever is affected.
type Severity string

// The severities, the worst first.
const (
	Critical Severity = "critical" // work stands still
	Serious  Severity = "serious"  // something important does not work
	Minor    Severity = "minor"    // it is in the way
)

// Severities are all of them, the worst first.
var Severities = []Severity{Critical, Serious, Minor}

// State says whether it is still there.
type State string

// The states. Fixed means seen to work in production, and nothing less: what the engineers call done is not yet at a customer's.
const (
	Open  State = "open"
	Fixed State = "fixed"
)

// Issue is one known problem of a brand.
type Issue struct {
	ID           int64
	Brand        int64
	Title        string // customers read it
	Product      string // of which of the brand's products it is, "" for all or when nobody has said; customers read it
	Happens      string // for colleagues: what happens, and to whom
	Reach        Reach
	Severity     Severity
	Workaround   string        // what helps until it is fixed; customers read it
	Plan         string        // how it will be solved; customers read it where the policy has a phase for it
	Horizon      string        // roughly when, in the policy's words; "" when nobody has said
	Estimate     calendar.Date // the day, where the policy gives any; zero when nobody has said
	Tracker      string        // the address of it with the engineers
	Announcement string        // where the fix was announced
	State        State
	Public       bool  // whoever is about to ask reads of it; otherwise only whoever has reported it
	Customers    int64 // how many people have reported it, each counted once
	Tickets      int64 // on how many tickets
	Opened       time.Time
	Fixed        time.Time // when somebody confirmed it, zero while it is open
	FixedBy      ticket.Person
	Fixes        int64 // how often it was confirmed: a fix that did not hold is confirmed anew
}

// IsFixed reports whether the fix was seen to work in production.
func (i Issue) IsFixed() bool { return i.State == Fixed }

// FixWindow is how long a confirmed fix is told nobody. Thousands may be mailed of it, and a mail is not taken back.
const FixWindow = time.Minute

// ToldFrom is when the telling of a fix begins.
func (i Issue) ToldFrom() time.Time { return i.Fixed.Add(FixWindow) }

// IsTold reports whether the fix may be known outside of the desk: it was confirmed, and is not taken back unseen any more.
func (i Issue) IsTold(now time.Time) bool { return i.IsFixed() && !now.Before(i.ToldFrom()) }

// Outside is a known problem as whoever does not work here knows it. Until its fix is told, it is still there.
func (i Issue) Outside(now time.Time) Issue {
	if i.IsFixed() && !i.IsTold(now) {
		i.State, i.Fixed, i.FixedBy, i.Announcement = Open, time.Time{}, ticket.Person{}, ""
	}
	return i
}

// The longest texts, in characters. A workaround travels in every ticket and in mails.
const (
	LongestTitle = 120
	LongestText  = 2000
)

// Tidy is the issue without the spaces around its words. A title is one line.
func (i Issue) Tidy() Issue {
	i.Title = strings.Join(strings.Fields(i.Title), " ")
	for _, text := range []*string{&i.Product, &i.Happens, &i.Workaround, &i.Plan, &i.Horizon, &i.Tracker, &i.Announcement} {
		*text = strings.TrimSpace(*text)
	}
	i.Reach, i.Severity, i.State = cmp.Or(i.Reach, SystemWide), cmp.Or(i.Severity, Serious), cmp.Or(i.State, Open)
	return i
}

// Check returns a [Wrong] that names the first value that cannot be kept, nil when all can. What the policy says about horizons and
// days is the policy's to check.
func (i Issue) Check() error {
	if i.Title == "" {
		return Wrongly("title", "a known problem needs a title; customers read it when it is fixed")
	}
	if n := utf8.RuneCountInString(i.Title); n > LongestTitle {
		return Wrongly("title", "a title has at most %d characters; this one has %d", LongestTitle, n)
	}
	for _, part := range []struct{ field, text string }{{"happens", i.Happens}, {"workaround", i.Workaround}, {"plan", i.Plan}} {
		if n := utf8.RuneCountInString(part.text); n > LongestText {
			return Wrongly(part.field, "this has %d characters, and there is room for %d", n, LongestText)
		}
	}
	if i.Reach != SystemWide && i.Reach != Local {
		return Wrongly("reach", "a known problem is system-wide or local, not %q", i.Reach)
	}
	if i.Severity != Critical && i.Severity != Serious && i.Severity != Minor {
		return Wrongly("severity", "a known problem is critical, serious or minor, not %q", i.Severity)
	}
	for _, link := range []struct{ field, address string }{{"tracker", i.Tracker}, {"announcement", i.Announcement}} {
		if link.address != "" && !isAddress(link.address) {
			return Wrongly(link.field, "this is no address of a page; one begins with https:// or http://")
		}
	}
	return nil
}

// longestAddress bounds an address; browsers take no longer ones.
const longestAddress = 2000

// isAddress reports whether a link leads to a page. Nothing else is ever made a link (a javascript: address would be a way in).
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= longestAddress
}

// Wrong is a value of a known problem that cannot be kept, by its field: title, product, happens, reach, severity, workaround, plan, horizon,
// estimate, tracker, announcement.
type Wrong struct {
	Field string
	error
}

// Unwrap is the fault itself.
func (w *Wrong) Unwrap() error { return w.error }

// Wrongly makes a Wrong of kind [fault.Invalid].
func Wrongly(field, format string, args ...any) error {
	return &Wrong{field, fault.New(fault.Invalid, format, args...)}
}

// Facts is what a linked ticket's policy may look at and its messages can tell. What nobody has said is not among them.
func (i Issue) Facts() map[string]any {
	facts := map[string]any{
		"issue.link": true, "issue.title": i.Title, "issue.severity": string(i.Severity), "issue.customers": i.Customers, "issue.system_wide": i.Reach == SystemWide,
	}
	for fact, text := range map[string]string{
		"issue.workaround": i.Workaround, "issue.plan": i.Plan, "issue.horizon": i.Horizon, "issue.announcement": i.Announcement,
	} {
		if text != "" {
			facts[fact] = text
		}
	}
	if !i.Estimate.IsZero() {
		facts["issue.estimate"] = i.Estimate.String()
	}
	return facts
}

// FactNames are all facts that an issue can supply: a ticket that is linked no more has none of them from it.
var FactNames = []string{
	"issue.link", "issue.title", "issue.severity", "issue.customers", "issue.system_wide", "issue.workaround", "issue.plan", "issue.horizon", "issue.announcement",
	"issue.estimate", "issue.confirmed_in_production",
}

// Change is one thing that became different: of what, from what to what, by whom.
type Change struct {
	ID   int64
	Who  ticket.Person
	At   time.Time
	What string // a field, or "opened", "answered", "fixed", "reopened"
	Was  string
	Is   string
}

// Differences are the values that are other after a change than before, in the order of a form.
func Differences(was, is Issue) (all []Change) {
	for _, f := range fields {
		if before, after := f.of(was), f.of(is); before != after {
			all = append(all, Change{What: f.name, Was: before, Is: after})
		}
	}
	return all
}

var fields = []struct {
	name string
	of   func(Issue) string
}{
	{"title", func(i Issue) string { return i.Title }},
	{"product", func(i Issue) string { return i.Product }},
	{"happens", func(i Issue) string { return i.Happens }},
	{"reach", func(i Issue) string { return string(i.Reach) }},
	{"severity", func(i Issue) string { return string(i.Severity) }},
	{"workaround", func(i Issue) string { return i.Workaround }},
	{"plan", func(i Issue) string { return i.Plan }},
	{"horizon", func(i Issue) string { return i.Horizon }},
	{"estimate", func(i Issue) string {
		if i.Estimate.IsZero() {
			return ""
		}
		return i.Estimate.String()
	}},
	{"tracker", func(i Issue) string { return i.Tracker }},
	{"announcement", func(i Issue) string { return i.Announcement }},
	{"public", func(i Issue) string { return map[bool]string{true: "yes"}[i.Public] }},
}
