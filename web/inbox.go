package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/store"
	"hark/ticket"
	"hark/web/inbox"
	"hark/web/search"
	"hark/web/shared"
	"hark/web/visit"
)

type inboxView struct {
	view        store.View
	label, says string
	letter      string
	empty       inbox.Empty
}

// inboxViews are the tabs above the list, in the order of a day.
var inboxViews = []inboxView{
	{store.Next, "Next for me", "Promises, then replies, other times, new ones", "n", inbox.Empty{Title: "Nothing waits for you", Says: "New mail appears here within a second. Unassigned tickets of your groups come last."}},
	{store.Mine, "Mine", "The newest first", "m", inbox.Empty{Title: "You have no open tickets", Says: "Tickets you take or answer are listed here until they are solved."}},
	{store.Later, "Later", "What you mean to answer, the longest waiting first", "l", inbox.Empty{Title: "Your pile is empty", Says: "Press l on a ticket to keep it here until you answer it. Nobody else sees your pile."}},
	{store.Team, "Team", "The newest change first", "t", inbox.Empty{Title: "Your groups have no open tickets", Says: "Everything that waits for an agent of your groups is listed here."}},
	{store.Unassigned, "Unassigned", "The oldest first", "u", inbox.Empty{Title: "Every ticket has somebody", Says: "New tickets without an assignee are listed here, the oldest first."}},
	{store.Waiting, "Waiting", "For the customer, the newest change first", "w", inbox.Empty{Title: "Nobody has to answer us", Says: "Pending tickets and those on hold are listed here, with their next reminder."}},
	{store.All, "All", "The newest change first", "a", inbox.Empty{Title: "No tickets yet", Says: "Send a mail to the desk's address, or write a ticket for somebody."}},
}

// elsewhere is the one thing to do where a view is empty.
var elsewhere = map[store.View]shared.Button{
	store.Next: {Label: "See all tickets", Href: "/inbox?view=all"},
	store.All:  {Label: "Write a ticket", Href: "/tickets/new"},
}

// emptied is what a view says while nothing is in it.
func (i inboxView) emptied() inbox.Empty {
	e, next := i.empty, shared.Button{Label: "See what is next", Href: "/inbox?view=next"}
	if other, known := elsewhere[i.view]; known {
		next = other
	}
	e.Next = &next
	return e
}

// inbox lists the tickets of one view.
func (h *house) inbox(v *visit.Visit) error {
	list, filter, err := h.listAsked(v)
	if err != nil {
		return err
	}
	view := filter.View
	page, err := h.desk.Inbox(v.Context(), v.Actor, filter)
	if err != nil {
		return err
	}
	counts, err := h.desk.Counts(v.Context(), v.Actor, store.Mine, store.Later, store.Team, store.Unassigned, store.Waiting)
	if err != nil {
		return err
	}
	if counts[store.Next], err = h.waiting(v); err != nil {
		return err
	}
	out := inbox.View{Key: list.key(), Rows: list.link(h.rows(v, page.Items)), Pager: pager(v, page.Next), Return: v.Request.URL.RequestURI()}
	if v.Query("after") == "" {
		out.Since = newest(page.Items)
	}
	if err := h.tellQueues(v, &out, list.queue); err != nil {
		return err
	}
	if q, known, _ := h.queue(v, list.queue); known {
		i := queueView(q)
		out.Title, out.Says, out.Empty, out.Queue = i.label, i.says, i.emptied(), i.label
	}
	for _, i := range inboxViews {
		current := i.view == view
		tab := inbox.Tab{Label: i.label, URL: "/inbox?view=" + string(i.view), Current: current, Letter: i.letter}
		if n := counts[i.view]; n > 0 {
			tab.Count = n.String()
		}
		out.Tabs = append(out.Tabs, tab)
		if current {
			out.Title, out.Says, out.Empty = i.label, i.says, i.emptied()
		}
	}
	if len(out.Rows) > 0 {
		out.First = out.Rows[0].URL
	} else if next, says := h.toDo(v); next != nil {
		out.Empty.Says, out.Empty.Next = out.Empty.Says+" "+says, next
	}
	if out.Bulk, err = h.bulk(v); err != nil {
		return err
	}
	return h.show(v, inbox.Page(out))
}

// newest is when the newest of the rows changed, in microseconds: what changed later is news.
func newest(rows []store.Row) string {
	var last int64
	for _, r := range rows {
		last = max(last, r.Updated.UnixMicro())
	}
	return number(last)
}

// rows are tickets as lists show them.
func (h *house) rows(v *visit.Visit, items []store.Row) []shared.Row {
	rows := make([]shared.Row, len(items))
	for i, r := range items {
		rows[i] = h.row(v, h.policyOf(v, r.Brand), r)
	}
	return rows
}

// policyOf is the policy whose words the tickets of a brand have, nil where there is none. A page asks once for each brand on it.
func (h *house) policyOf(v *visit.Visit, brand int64) *policy.Policy {
	if p, here, _ := h.running(v); here.ID == brand {
		return p
	}
	return visit.Once(v, "policy of "+number(brand), func() *policy.Policy {
		p, _, err := h.desk.RunningOf(v.Context(), brand)
		if err != nil {
			v.Note(err) // the list is shown with the names that the file has
		}
		return p
	})
}

func (h *house) row(v *visit.Visit, p *policy.Policy, r store.Row) shared.Row {
	number := strconv.FormatInt(r.ID, 10)
	row := shared.Row{
		Number: number, URL: "/tickets/" + number, WhyURL: "/tickets/" + number + "/why",
		Subject: subjectOr(r.Subject), Line: r.Snippet, Requester: ticketPerson(r.Requester, false), Assignee: r.Assignee.Name,
		Unread: r.Unread, Marked: r.Later, Presence: h.presence.says(r.ID, v.Actor.Person, time.Now()), Channel: channelIcon(r.Channel), Updated: h.time(v, r.Updated), Kind: r.Kind, Reason: reason(v, r),
		Status: shared.Status{Category: string(r.Category), Label: r.State},
	}
	row.Requester.Organization = r.Organization
	if p != nil {
		row.Status = h.status(p, r.State)
		if kind, known := p.Doc.Kinds[r.Kind]; known {
			row.Kind = kind.Label
		}
	}
	if !r.Due.IsZero() {
		row.Due = pointer(h.rowDue(v, r))
	}
	return row
}

func (h *house) rowDue(v *visit.Visit, r store.Row) shared.Due {
	due := shared.Due{ID: "due-" + strconv.FormatInt(r.ID, 10), What: "Answer", At: h.time(v, r.Due), Strength: strength(r.Strength), State: shared.Running}
	if r.Due.Before(h.desk.Now()) {
		due.State = shared.Missed
	}
	return due
}

func strength(s promise.Strength) shared.Strength {
	switch s {
	case promise.Promise:
		return shared.Promise
	case promise.Usual, promise.Aim:
		return shared.Usual
	}
	return shared.Planned
}

// reason says why a row stands where it stands.
func reason(v *visit.Visit, r store.Row) string {
	if r.Held > 0 {
		return "A message waits for your decision"
	}
	switch r.Reason {
	case "promise":
		return "A promise is at stake"
	case "reply":
		return "Reply to yours"
	case "due":
		return "Time to answer"
	case "unassigned":
		return "New, nobody has it"
	}
	switch {
	case r.Category == ticket.Pending || r.Category == ticket.Hold:
		return "Waits for the customer"
	case r.Category == ticket.Solved || r.Category == ticket.Closed:
		return ""
	case r.Assignee.ID == v.Actor.Person && r.Assignee.ID != 0:
		return "Yours"
	case r.Assignee.Known():
		return "With " + r.Assignee.Name
	}
	return "Nobody has it"
}

func channelIcon(channel string) string {
	switch channel {
	case "email":
		return "mail"
	case "portal", "widget":
		return "web"
	case "phone_in", "phone_scheduled":
		return "phone"
	}
	return channel
}

func subjectOr(subject string) string {
	if strings.TrimSpace(subject) == "" {
		return "No subject"
	}
	return shared.Straight(subject)
}

// status is a state of the policy as pages show it.
func (h *house) status(p *policy.Policy, state string) shared.Status {
	label := state
	if s, known := p.Doc.Lifecycle.States[state]; known {
		label = s.Label
	}
	return shared.Status{ID: state, Category: string(p.Category(state)), Label: label}
}

// pager leads on in a list that may be long; the browser's back button leads back.
func pager(v *visit.Visit, next string) shared.Pager {
	p := shared.Pager{}
	if v.Query("after") != "" {
		p.Newer = withQuery(v, "after", "")
	}
	if next != "" {
		p.Older = withQuery(v, "after", next)
	}
	return p
}

// withQuery is this page's address with one parameter changed; an empty value removes it.
func withQuery(v *visit.Visit, name, value string) string {
	query := v.Request.URL.Query()
	query.Del("refused")
	if value == "" {
		query.Del(name)
	} else {
		query.Set(name, value)
	}
	return (&url.URL{Path: v.Request.URL.Path, RawQuery: query.Encode()}).String()
}

// assignees are those who can be given a ticket.
func (h *house) assignees(v *visit.Visit, chosen int64) ([]shared.Option, error) {
	staff, err := h.desk.Staff(v.Context(), v.Actor)
	if err != nil {
		return nil, err
	}
	options := []shared.Option{{Value: "", Label: "Nobody", Chosen: chosen == 0}}
	for _, p := range staff {
		if access.May(p.Actor(), access.ReplyPublicly) && !p.Suspended {
			options = append(options, shared.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Display(), Chosen: p.ID == chosen})
		}
	}
	return options, nil
}

func addQuery(path, name, value string) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + url.Values{name: {value}}.Encode()
}

func withoutQuery(path, name string) string {
	bare, query, _ := strings.Cut(path, "?")
	kept := slices.DeleteFunc(strings.Split(query, "&"), func(part string) bool { return part == "" || strings.HasPrefix(part, name+"=") })
	if len(kept) == 0 {
		return bare
	}
	return bare + "?" + strings.Join(kept, "&")
}

// waysToAsk are shown where nothing was asked, or nothing found.
var waysToAsk = []search.Hint{
	asking("#12", "the ticket with this number"),
	asking("status:open", "what waits for us; also new, pending, hold, solved, closed"),
	asking("assignee:me", "what is yours; also none, or a colleague's address"),
	asking("requester:ana@example.com", "what somebody asked, by their address"),
	asking("tag:billing", "what carries a tag"),
	asking("topic:setup", "what is about one of the policy's topics, by its id"),
	asking(`"sold out" status:pending`, "words as they stand, and only what is pending"),
}

func asking(query, says string) search.Hint {
	return search.Hint{Query: query, Says: says, URL: "/search?" + url.Values{"q": {query}}.Encode()}
}

// search finds tickets by words, people and number.
func (h *house) search(v *visit.Visit) error {
	out := search.View{Query: strings.TrimSpace(v.Query("q"))}
	if out.Query != "" {
		page, err := h.desk.Search(v.Context(), v.Actor, out.Query, v.Query("after"))
		switch {
		case fault.Is(err, fault.Invalid):
			out.Wrong = sentence(fault.Says(err))
		case err != nil:
			return err
		}
		out.Rows, out.Pager = h.rows(v, page.Items), pager(v, page.Next)
	}
	if len(out.Rows) > 0 {
		out.Says = "The newest first"
	} else {
		out.Near = waysToAsk
	}
	return h.show(v, search.Page(out))
}
