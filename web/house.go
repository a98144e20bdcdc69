package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"hark/access"
	"hark/account"
	"hark/calendar"
	"hark/desk"
	"hark/policy"
	"hark/store"
	"hark/web/errorpage"
	"hark/web/shared"
	"hark/web/visit"
	"hark/web/when"
)

// Options are what a house is told by whoever starts it.
type Options struct {
	Guard     *visit.Guard
	Demo      *Demo                                              // nil on a real desk
	Metrics   http.Handler                                       // answers /metrics; nil for none
	Ready     func(context.Context) error                        // answers /readyz
	Seen      func(route string, status int, took time.Duration) // counts requests; may be nil
	Try       TryMailbox                                         // tries a mailbox; nil when nobody can
	Engineers desk.OpenEngineers                                 // opens a tracker of engineers; nil when nobody can
	Past      OpenPast                                           // opens another desk; nil when nobody can
	Line      TryLine                                            // tries the desk's extension; nil when nobody can
}

// Demo is what only a demonstration has.
type Demo struct {
	Password string // of everybody in the cast
	SMTP     string // where the mail listener is, host:port
	Address  string // where the desk receives mail
	Brands   []DemoBrand
}

// DemoBrand is a brand beside the first, with pages at a host name of its own.
type DemoBrand struct{ Name, Host, Path, Says string }

// house is the whole of the pages: it holds what they share, and its methods are the pages.
type house struct {
	desk     *desk.Desk
	assets   shared.Assets
	options  Options
	presence *presence
	replays  *replays
	imported importing
	fetched  fetching
}

// New returns the handler for every address of the desk.
func New(d *desk.Desk, options Options) (http.Handler, error) {
	assets, err := Assets()
	if err != nil {
		return nil, err
	}
	h := &house{desk: d, assets: assets, options: options, presence: newPresence(), replays: newReplays()}
	entrance := &visit.House{Guard: options.Guard, Who: h.who, Look: d.Look, ErrorPage: h.errorPage, Seen: options.Seen}
	return entrance.Handler(h.routes()), nil
}

// who finds the person behind a session token.
func (h *house) who(ctx context.Context, token string) (account.Person, string, error) {
	session, _, err := h.desk.Whoever(ctx, token)
	return session.Person, token, err
}

// show answers with a page inside the house's frame.
func (h *house) show(v *visit.Visit, page templ.Component) error {
	return h.showStatus(v, http.StatusOK, page)
}

func (h *house) showStatus(v *visit.Visit, status int, page templ.Component) error {
	frame, err := h.frame(v)
	if err != nil {
		return err
	}
	v.Request = v.Request.WithContext(shared.With(v.Context(), frame))
	return v.RenderStatus(status, page)
}

// frame is what surrounds every page of this visit.
func (h *house) frame(v *visit.Visit) (shared.Frame, error) {
	f := shared.Frame{Assets: h.assets, CSRF: v.Token(), Nonce: v.Nonce, Preferences: preferences(v), Live: "/live", Toasts: h.toasts(v)}
	running, brand, err := h.running(v)
	if err != nil {
		return f, err
	}
	f.Brand = h.brand(v, running, brand)
	if running != nil {
		if !h.untold(v) {
			f.Clock = h.openNow(v, running)
			f.Clock.URL = f.Brand.Policy
		}
		f.Lang = running.Doc.Language
		if f.News, err = h.news(v, running, brand.ID); err != nil {
			return f, err
		}
	}
	if err := h.shown(v, brand, &f); err != nil {
		return f, err
	}
	if v.Session != "" {
		f.Person = pointer(person(v.Person))
		f.Admin = access.May(v.Actor, access.Administer)
		f.Publishes = access.May(v.Actor, access.PublishNews)
	}
	if v.Actor.Staff() {
		if f.Counts, err = h.counts(v); err != nil {
			return f, err
		}
		if f.Calls, err = h.desk.HasCalls(v.Context()); err != nil {
			return f, err
		}
		if f.Articles, err = h.articlesPlace(v); err != nil {
			return f, err
		}
		if f.Articles == "" {
			if f.Look, err = h.lookPlace(v); err != nil {
				return f, err
			}
		}
		if f.Problems, err = h.desk.HasIssues(v.Context()); err != nil {
			return f, err
		}
		f.Phone = access.May(v.Actor, access.TakeCalls)
	}
	if h.options.Demo != nil && access.May(v.Actor, access.MoveClock) {
		f.Demo, err = h.demoClock(v, running)
	}
	return f, err
}

// counts are the numbers beside the rail's entries: what waits for the visitor.
func (h *house) counts(v *visit.Visit) (c shared.Counts, err error) {
	next, err := h.waiting(v)
	if err != nil {
		return c, err
	}
	c.Inbox = beside(next)
	if access.May(v.Actor, access.Administer) {
		held, err := h.desk.MailHeld(v.Context(), v.Actor)
		if err != nil {
			return c, err
		}
		c.Held = beside(held)
	}
	if access.May(v.Actor, access.TakeCalls) {
		open, err := h.desk.OpenPhoneCalls(v.Context(), v.Actor)
		if err != nil {
			return c, err
		}
		c.Phone = beside(store.Count(len(open)))
	}
	return c, nil
}

// beside is a number as it stands beside an entry of the rail: nothing is no number.
func beside(n store.Count) string {
	if n == 0 {
		return ""
	}
	return n.String()
}

// waiting is how many tickets are next for the visitor. The frame shows it, and so does the inbox.
func (h *house) waiting(v *visit.Visit) (store.Count, error) {
	type counted struct {
		next store.Count
		err  error
	}
	c := visit.Once(v, "waiting", func() counted {
		counts, err := h.desk.Counts(v.Context(), v.Actor, store.Next)
		return counted{counts[store.Next], err}
	})
	return c.next, c.err
}

// running is the policy in force for the visitor's brand and its record; nil before the first policy is applied. It is
// asked for once per visit, so that a page does not change its mind half way down.
func (h *house) running(v *visit.Visit) (*policy.Policy, account.Brand, error) {
	r := visit.Once(v, "running", func() (r running) {
		r.policy, r.brand, r.err = h.desk.RunningFor(v.Context(), v.Request.Host)
		return r
	})
	return r.policy, r.brand, r.err
}

// inBrand gives a page the frame of a brand, whatever host it was opened at: a ticket's page speaks as the ticket's brand. It comes
// before anything of the page is made.
func (h *house) inBrand(v *visit.Visit, brand account.Brand) error {
	if brand.ID == 0 {
		return nil
	}
	r := visit.Once(v, "running", func() (r running) {
		r.policy, r.brand, r.err = h.desk.RunningOf(v.Context(), brand.ID)
		return r
	})
	return r.err
}

// policyURL is where customers read a brand's policy: a path at its own host, and the whole address from another one.
func (h *house) policyURL(v *visit.Visit, p *policy.Policy, b account.Brand) string {
	path := publicPath(p)
	if host, _, _ := strings.Cut(v.Request.Host, ":"); path == "" || b.Host == "" || strings.EqualFold(host, b.Host) {
		return path
	}
	return h.desk.BrandURL(b) + path
}

type running struct {
	policy *policy.Policy
	brand  account.Brand
	err    error
}

func (h *house) brand(v *visit.Visit, p *policy.Policy, b account.Brand) shared.Brand {
	out := shared.Brand{Name: b.Name, Home: "/portal"}
	if b.Accent != "" {
		out.Style = "/brands/" + number(b.ID) + "/style.css"
	}
	if p != nil {
		out.Policy, out.Help = h.policyURL(v, p, b), helpPath(p)
		if out.Name == "" {
			out.Name = p.Doc.Company
		}
	}
	if b.Community {
		out.Community = desk.CommunityPath
	}
	return out
}

// openNow says whether somebody is there, by the policy's first calendar.
func (h *house) openNow(v *visit.Visit, p *policy.Policy) shared.Clock {
	hours := h.hours(v, p)
	if hours == nil {
		return shared.Clock{}
	}
	now := h.desk.Now()
	status := hours.At(now)
	says := "Closed"
	if status.Open {
		says = "Open"
	}
	if !status.Until.IsZero() {
		says += " until " + whenOrClock(status.Until, now, hours.Zone)
	}
	return shared.Clock{Open: status.Open, Says: says}
}

// firstCalendar is the policy's first calendar in the order of the file, nil when it has none.
func firstCalendar(p *policy.Policy) *calendar.Calendar {
	for _, id := range p.Keys("calendars") {
		if c, err := p.Calendar(id); err == nil {
			return c
		}
	}
	return nil
}

// whenOrClock is the clock today, and the day and the clock otherwise; the desk's own zone is named.
func whenOrClock(at, now time.Time, zone *time.Location) string {
	local := at.In(zone)
	if local.YearDay() == now.In(zone).YearDay() && at.Sub(now) < 24*time.Hour {
		return local.Format("15:04 MST")
	}
	return local.Format("Mon 15:04 MST")
}

// time says an instant for the visitor.
func (h *house) time(v *visit.Visit, at time.Time) shared.Time {
	return when.Say(at, h.desk.Now(), h.zone(v))
}

// zone is the visitor's, else that of their region for customers, as their mails have it, else the policy's.
func (h *house) zone(v *visit.Visit) *time.Location {
	return visit.Once(v, "zone", func() *time.Location {
		p, _, err := h.running(v)
		if err != nil || p == nil {
			return v.Zone(time.UTC)
		}
		if !v.Actor.Staff() {
			return v.Zone(p.ZoneFor(policy.FactsIn(v.Person.Facts)))
		}
		return v.Zone(p.Zone)
	})
}

// errorPage answers a failed visit; a program that posts events reads the sentence alone.
func (h *house) errorPage(v *visit.Visit, status int, says string) error {
	if strings.HasPrefix(v.Request.URL.Path, "/api/") {
		return toProgram(v, status, says)
	}
	page := errorpage.View{Title: title(status), Says: sentence(says), Drawing: shared.DrawingBell, Next: []shared.Button{{Label: "Go to the start", Href: "/", Look: shared.Primary}}}
	if status == http.StatusNotFound {
		page = errorpage.NotFound()
	}
	if page.Words = v.Wrote(); page.Words != "" && status == http.StatusUnauthorized {
		page.Next = []shared.Button{{Label: "Sign in", Href: "/sign-in?next=" + url.QueryEscape(back(v)), Look: shared.Primary}}
	}
	f := shared.Frame{Assets: h.assets, Nonce: v.Nonce, Preferences: preferences(v)}
	v.Request = v.Request.WithContext(shared.With(v.Context(), f))
	return v.RenderStatus(status, errorpage.Page(page))
}

func title(status int) string {
	switch status {
	case http.StatusForbidden:
		return "This is not yours to do"
	case http.StatusConflict:
		return "Somebody was here first"
	case http.StatusTooManyRequests:
		return "That was a little fast"
	case http.StatusUnauthorized:
		return "Please sign in"
	case http.StatusServiceUnavailable:
		return "Not just now"
	case http.StatusInternalServerError:
		return "Something went wrong here"
	}
	return "That did not work"
}

// sentence begins with a capital and ends with a full stop, as sentences on a page do.
func sentence(says string) string {
	if says == "" {
		return ""
	}
	says = sentenceCase(says)
	if !strings.HasSuffix(says, ".") {
		says += "."
	}
	return says
}

func pointer[T any](value T) *T { return &value }
