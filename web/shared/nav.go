package shared

import (
	"context"
	"slices"

	"hark/web/shared/say"
)

// place is one entry of the rail. Letter is what follows g; the phone has a key of its own, because it rings.
type place struct {
	part    part
	section string
	label   string
	url     string
	icon    Icon
	letter  string
	count   string
	shown   bool
	begins  bool // the first of its part, unless the rail begins with it
}

// part is what a place is for. The rail keeps some space between parts, so that a dozen entries read as four short lists.
type part int

const (
	asked     part = iota // who asks and what they have
	known                 // what everybody may know
	agreed                // what was said and what was kept
	inService             // how the desk runs
)

// places lists where an agent can go, in the order of a day. A new page of the desk is one line here.
func (f Frame) places(ctx context.Context) []place {
	articles, called := f.Articles, say.It(ctx, "Articles")
	if articles == "" {
		articles, called = f.Look, say.It(ctx, "Community")
	}
	all := slices.DeleteFunc([]place{
		{part: asked, section: "inbox", label: say.It(ctx, "Inbox"), url: "/inbox", icon: IconInbox, letter: "i", count: f.Counts.Inbox, shown: true},
		{part: asked, section: "phone", label: say.It(ctx, "Phone"), url: "/phone", icon: IconRings, count: f.Counts.Phone, shown: f.Phone},
		{part: asked, section: "calls", label: say.It(ctx, "Booked calls"), url: "/calls", icon: IconClock, letter: "c", shown: f.Calls},
		{part: asked, section: "customers", label: say.It(ctx, "Customers"), url: "/customers", icon: IconPeople, letter: "u", shown: true},
		{part: known, section: "problems", label: say.It(ctx, "Known problems"), url: "/problems", icon: IconBug, letter: "k", shown: f.Problems},
		{part: known, section: "articles", label: called, url: articles, icon: IconArticles, letter: "h", shown: articles != ""},
		{part: known, section: "news", label: say.It(ctx, "What’s new"), url: "/whats-new/entries", icon: IconNews, letter: "o", shown: f.Publishes},
		{part: agreed, section: "policy", label: say.It(ctx, "Policy"), url: f.policy(), icon: IconPolicy, letter: "p", shown: f.policy() != ""},
		{part: agreed, section: "reports", label: say.It(ctx, "Reports"), url: "/reports", icon: IconReports, letter: "r", shown: true},
		{part: inService, section: "mail", label: say.It(ctx, "Mail log"), url: "/mail/in", icon: IconMail, letter: "m", count: f.Counts.Held, shown: f.Admin},
		{part: inService, section: "admin", label: say.It(ctx, "Settings"), url: "/admin/mailboxes", icon: IconSettings, letter: "s", shown: f.Admin},
		{part: inService, section: "demo", label: say.It(ctx, "Demo"), url: "/demo", icon: IconDemo, letter: "d", shown: f.Demo != nil},
	}, func(p place) bool { return !p.shown })
	for i := 1; i < len(all); i++ {
		all[i].begins = all[i].part != all[i-1].part
	}
	return all
}

// policy is where the policy is: to be changed by an administrator, and for everybody else to be read.
func (f Frame) policy() string {
	if f.Admin {
		return "/admin/policy"
	}
	return f.Brand.Policy
}

// key leads to the place.
func (p place) key() string {
	if p.letter == "" {
		return "c"
	}
	return "g " + p.letter
}

// Page is what a page tells the frame about itself.
type Page struct {
	Title   string
	Section string // which place of the rail is current
	Class   string // for the page's own style
	Style   string // a style sheet beside the usual one ("call", "rules", ...: web/*.css), for pages that need more than most; "" for none
	Refresh bool   // may be refreshed in place when something changes
	Query   string // what stands in the search field
	Subject string // what live news is listened for: "list:next", "ticket:4812"
	Since   string // the newest thing the page shows; what came after it is news from the first moment
	Feed    string // address of an Atom feed with the same, "" for none
}

// title is what the browser's tab says.
func (p Page) title(f Frame) string {
	if f.Brand.Name == "" {
		return p.Title
	}
	return p.Title + " - " + f.Brand.Name
}

func (f Frame) lang() string {
	if f.Lang == "" {
		return "en"
	}
	return f.Lang
}

// home is where the company's name leads a customer.
func (b Brand) home() string {
	if b.Home == "" {
		return "/"
	}
	return b.Home
}
