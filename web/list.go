package web

import (
	"net/url"
	"slices"

	"hark/store"
	"hark/web/shared"
	"hark/web/visit"
)

// list is the list a ticket was opened from: a view of the inbox, at the page that showed it. It travels in the ticket's
// address, so that going back, the steps to its neighbours and "send and next" mean that list.
type list struct {
	view  store.View
	after string
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
	view := store.View(query.Get("view"))
	if !slices.ContainsFunc(inboxViews, func(i inboxView) bool { return i.view == view }) {
		return list{}
	}
	return list{view, query.Get("after")}
}

// query is what a ticket's address carries of the list, "" for none.
func (l list) query() string {
	if l.view == "" {
		return ""
	}
	values := url.Values{"view": {string(l.view)}}
	if l.after != "" {
		values.Set("after", l.after)
	}
	return "?" + values.Encode()
}

func (l list) path() string { return "/inbox" + l.query() }

func (l list) label() string {
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
	page, err := h.desk.Inbox(v.Context(), v.Actor, store.Filter{View: l.view, After: l.after})
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
