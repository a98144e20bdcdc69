package shared

import (
	"context"
	"strconv"

	"hark/web/shared/say"
)

// place is one entry of the rail. Letter is what follows g; the phone has a key of its own, because it rings.
type place struct {
	section string
	label   string
	url     string
	icon    Icon
	letter  string
	count   int
}

// places lists where an agent can go, in the order of a day. A new page of the desk is one line here.
func (f Frame) places(ctx context.Context) []place {
	all := []place{{"inbox", say.It(ctx, "Inbox"), "/inbox", IconInbox, "i", f.Counts.Inbox}}
	if f.Phone {
		all = append(all, place{"phone", say.It(ctx, "Phone"), "/phone", IconRings, "", f.Counts.Phone})
	}
	if f.Calls {
		all = append(all, place{"calls", say.It(ctx, "Booked calls"), "/calls", IconClock, "c", 0})
	}
	if f.Problems {
		all = append(all, place{"problems", say.It(ctx, "Known problems"), "/problems", IconBug, "k", 0})
	}
	all = append(all, place{"customers", say.It(ctx, "Customers"), "/customers", IconPeople, "u", 0})
	if f.Articles != "" {
		all = append(all, place{"articles", say.It(ctx, "Articles"), f.Articles, IconArticles, "h", 0})
	} else if f.Look != "" {
		all = append(all, place{"articles", say.It(ctx, "Community"), f.Look, IconArticles, "h", 0})
	}
	if url := f.policy(); url != "" {
		all = append(all, place{"policy", say.It(ctx, "Policy"), url, IconPolicy, "p", 0})
	}
	if f.Publishes {
		all = append(all, place{"news", say.It(ctx, "What’s new"), "/whats-new/entries", IconNews, "o", 0})
	}
	all = append(all, place{"reports", say.It(ctx, "Reports"), "/reports", IconReports, "r", 0})
	if f.Admin {
		all = append(all,
			place{"mail", say.It(ctx, "Mail log"), "/mail/in", IconMail, "m", f.Counts.Held},
			place{"admin", say.It(ctx, "Settings"), "/admin/mailboxes", IconSettings, "s", 0})
	}
	if f.Demo != nil {
		all = append(all, place{"demo", say.It(ctx, "Demo"), "/demo", IconDemo, "d", 0})
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

func (p place) countText() string {
	if p.count == 0 {
		return ""
	}
	return strconv.Itoa(p.count)
}

// Page is what a page tells the frame about itself.
type Page struct {
	Title   string
	Section string // which place of the rail is current
	Class   string // for the page's own style
	Style   string // a style sheet beside the usual one ("call", "catcher", "help", "news", "phone", "rules"), for pages that need more than most; "" for none
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
