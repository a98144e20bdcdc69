package web

import (
	"net/url"
	"slices"
	"strings"

	"hark/store"
	"hark/web/shared"
	"hark/web/visit"
)

// list is the list a ticket was opened from: a view of the inbox, at the page that showed it. It travels in the ticket's
// address, so that going back, the steps to its neighbours and "send and next" mean that list.
type list struct {
	view  store.View
	queue string // of the policy; view is store.Queue then
	after string
}

// listAsked is the list that the inbox's address asks for, the usual one when it asks for none that there is.
func (h *house) listAsked(v *visit.Visit) (list, store.Filter, error) {
	query := v.Request.URL.Query()
	l := listIn(query)
	if l.view == "" {
		l = list{view: store.Next, after: query.Get("after")}
	}
	f, known, err := h.filterOf(v, l)
	if err == nil && !known { // the policy that named this queue runs no longer
		l = list{view: store.Next}
		f, _, err = h.filterOf(v, l)
	}
	return l, f, err
}

// filterOf says which tickets are in a list, false when there is no such list any more.
func (h *house) filterOf(v *visit.Visit, l list) (store.Filter, bool, error) {
	if l.queue == "" {
		return store.Filter{View: l.view, After: l.after}, true, nil
	}
	q, known, err := h.queue(v, l.queue)
	f := q.Filter()
	f.After = l.after
	return f, known, err
}

// listIn is the list that an address names, none when it names none.
func listIn(query url.Values) list {
	if queue := query.Get("queue"); queue != "" {
		return list{store.Queue, queue, query.Get("after")}
	}
	view := store.View(query.Get("view"))
	if !slices.ContainsFunc(inboxViews, func(i inboxView) bool { return i.view == view }) {
		return list{}
	}
	return list{view: view, after: query.Get("after")}
}

// listOf is the list in the visit's address or, for a form on the ticket's page, in that page's address.
func listOf(v *visit.Visit, ticket int64) list {
	query := v.Request.URL.Query()
	if v.Request.Method == "POST" {
		from, err := url.Parse(back(v))
		if err != nil || from.Path != "/tickets/"+number(ticket) {
			return list{}
		}
		query = from.Query()
	}
	return listIn(query)
}

// key names the list for live news: "next", "queue:level_two".
func (l list) key() string {
	if l.queue != "" {
		return string(store.Queue) + ":" + l.queue
	}
	return string(l.view)
}

// listNamed is the list of a key.
func listNamed(key string) list {
	if queue, is := strings.CutPrefix(key, string(store.Queue)+":"); is {
		return list{view: store.Queue, queue: queue}
	}
	return list{view: store.View(key)}
}

// query is what a ticket's address carries of the list, "" for none.
func (l list) query() string {
	if l.view == "" {
		return ""
	}
	values := url.Values{"view": {string(l.view)}}
	if l.queue != "" {
		values = url.Values{"queue": {l.queue}}
	}
	if l.after != "" {
		values.Set("after", l.after)
	}
	return "?" + values.Encode()
}

func (l list) path() string { return "/inbox" + l.query() }

func (l list) label() string {
	if l.queue != "" {
		return "Queue"
	}
	for _, i := range inboxViews {
		if i.view == l.view {
			return i.label
		}
	}
	return "Inbox"
}

func ticketPath(id int64, l list) string { return "/tickets/" + number(id) + l.query() }

// link lets rows lead to their tickets with the list in the address.
func (l list) link(rows []shared.Row) []shared.Row {
	for i := range rows {
		rows[i].URL += l.query()
	}
	return rows
}

// steps are the addresses of the ticket before and of the one after, as the list stands now; "" at its ends, and both
// when the ticket is not in it any more and the list is empty.
func (h *house) steps(v *visit.Visit, id int64, l list) (previous, next string, err error) {
	if l.view == "" {
		return "", "", nil
	}
	filter, known, err := h.filterOf(v, l)
	if err != nil || !known {
		return "", "", err
	}
	page, err := h.desk.Inbox(v.Context(), v.Actor, filter)
	if err != nil {
		return "", "", err
	}
	at := slices.IndexFunc(page.Items, func(r store.Row) bool { return r.ID == id })
	if at > 0 {
		previous = ticketPath(page.Items[at-1].ID, l)
	}
	if at+1 < len(page.Items) { // one that has left the list is followed by its first
		next = ticketPath(page.Items[at+1].ID, l)
	}
	return previous, next, nil
}

// goesOn is where a form on a ticket's page leads: to the ticket again, or to the next of its list, and from the last one
// back to the list. It is asked before the form is done, because an answered ticket leaves the list.
func (h *house) goesOn(v *visit.Visit, id int64, then string) (string, error) {
	l := listOf(v, id)
	if then != "next" {
		return ticketPath(id, l), nil
	}
	if l.view == "" {
		l.view = store.Next
	}
	_, next, err := h.steps(v, id, l)
	if err != nil || next != "" {
		return next, err
	}
	return l.path(), nil
}
