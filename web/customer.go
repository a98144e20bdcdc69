package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/ticket"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/visit"
)

// maxFiles says what a form takes.
var maxFiles = fmt.Sprintf("Up to %d files, %d MB together", maxFilesAtOnce, desk.MostAttached>>20)

// portal is the customer's first page, signed in or not.
func (h *house) portal(v *visit.Visit) error {
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	home := portal.Home{SignedIn: v.Session != "", Ask: "Tell us what happened, or what you would like. You get a mail with a link to follow it."}
	if p != nil {
		home.State, home.Help = h.openSays(v, p), helpPath(p) != ""
		home.Phone = p.CallProcedure() != ""
	}
	if !home.SignedIn {
		return h.show(v, portal.HomePage(home))
	}
	page, err := h.desk.OwnRequests(v.Context(), v.Actor, v.Query("after"))
	if err != nil {
		return err
	}
	for _, row := range page.Items {
		request := h.requestRow(v, p, row)
		if row.Category == ticket.Closed || row.Category == ticket.Solved {
			home.Closed = append(home.Closed, request)
		} else {
			home.Requests = append(home.Requests, request)
		}
	}
	home.Pager = pager(v, page.Next)
	return h.show(v, portal.HomePage(home))
}

// onPhone is the page on which whoever is on the phone proves who they are.
func (h *house) onPhone(v *visit.Visit) error {
	s, err := h.desk.OnPhone(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	v.Writer.Header().Set("Cache-Control", "no-store")
	return h.show(v, portal.PhonePage(portal.Spoken{Number: s.Number, Proved: s.Proved, Ended: s.Ended}))
}

// sayOnPhone makes a number to read out.
func (h *house) sayOnPhone(v *visit.Visit) error {
	if err := simply(v); err != nil {
		return err
	}
	if err := h.desk.SayOnPhone(v.Context(), v.Actor); err != nil {
		return err
	}
	return v.SeeOther("/portal/phone")
}

func (h *house) requestRow(v *visit.Visit, p *policy.Policy, row desk.OwnRequest) portal.Request {
	r := portal.Request{
		Number: number(row.ID), Subject: subjectOr(row.Subject), URL: "/requests/" + number(row.ID), Updated: h.time(v, row.Updated),
		Asks: row.Category == ticket.Pending, Status: shared.Status{Category: publicCategory(row.Category), Label: row.State},
	}
	if p != nil {
		r.Status.Label = p.StateLabel(row.State)
		r.Says = p.Doc.Lifecycle.States[row.State].Means
	}
	r.Says = cmp.Or(h.standsSays(v, row.Progress, row.Category), r.Says)
	return r
}

// publicCategory hides whether an agent has looked yet: for customers a ticket is open from the start.
func publicCategory(c ticket.Category) string {
	if c == ticket.New {
		return string(ticket.Open)
	}
	return string(c)
}

// openSays is the state line: whether somebody is there, until when, in the desk's zone and in the reader's.
func (h *house) openSays(v *visit.Visit, p *policy.Policy) string {
	if h.untold(v) {
		return ""
	}
	c := h.openNow(v, p)
	if c.Says == "" {
		return ""
	}
	hours := h.hours(v, p)
	status := hours.At(h.desk.Now())
	reader := v.Zone(hours.Zone)
	if status.Until.IsZero() || reader.String() == hours.Zone.String() {
		return c.Says
	}
	return c.Says + ", " + status.Until.In(reader).Format("Mon 15:04") + " your time"
}

// request is one of the customer's own tickets.
func (h *house) request(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerTicket(v, v.Actor, id, "/requests/"+number(id), nil)
}

// linked is the ticket a signed link opens, for whoever holds it.
func (h *house) linked(v *visit.Visit) error {
	return h.behindLink(v, func(v *visit.Visit, a access.Actor, id int64, base string) error {
		if err := h.clockOf(v, a); err != nil {
			return err
		}
		return h.customerTicket(v, a, id, base, nil)
	})
}

// clockOf tells times to the holder of a link on their own clock, when it is on their record.
func (h *house) clockOf(v *visit.Visit, a access.Actor) error {
	person, err := h.desk.Person(v.Context(), a, a.Person)
	v.Person.Zone, v.Person.Facts = person.Zone, person.Facts
	return err
}

// customerTicket shows a ticket as its customer sees it. base is the address of the page.
func (h *house) customerTicket(v *visit.Visit, a access.Actor, id int64, base string, draft *portal.Ticket) error {
	p, err := h.desk.TicketPage(v.Context(), a, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	view := h.customersView(v, p, base)
	if view.Reply = base + "/reply"; view.Next != "" {
		view.NextURL = h.continuation(v, a, p.Ticket.FollowedBy)
	}
	if draft != nil {
		view.Draft, view.Errors = draft.Draft, draft.Errors
		return h.showStatus(v, http.StatusUnprocessableEntity, portal.TicketPage(view))
	}
	return h.show(v, portal.TicketPage(view))
}

// asCustomer shows staff a ticket as its requester sees it, on the requester's clock, with nothing to press. It is no link: whoever holds
// a link writes, and rates the help, as the person it was made for (C17).
func (h *house) asCustomer(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	p, err := h.desk.RequestersPage(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	requester := p.Ticket.Requester
	if err := h.clockOf(v, access.Actor{Person: requester.ID, Role: access.Customer, Ticket: id}); err != nil {
		return err
	}
	view := h.customersView(v, p, "")
	view.Seen, view.Back = cmp.Or(requester.Name, requester.Address), "/tickets/"+number(id)
	return h.show(v, portal.TicketPage(view))
}

// customersView is a ticket as its customer sees it. Without a base it is only looked at, and nothing leads on from it.
func (h *house) customersView(v *visit.Visit, p desk.TicketPage, base string) portal.Ticket {
	t := p.Ticket
	view := portal.Ticket{
		Key: visit.Random(), Number: number(t.ID), Subject: subjectOr(t.Subject), Status: shared.Status{Category: publicCategory(t.Category), Label: p.Label},
		Kind: p.Policy.Doc.Kinds[t.Kind].Label, Says: h.expectation(v, p), Arrived: v.Query("arrived") != "", MaxFiles: maxFiles,
	}
	if title, says, label, address := h.callOnRequest(v, p, base); title != "" {
		view.Call = &portal.Call{Title: title, Says: says, Label: label, URL: address}
	}
	for _, c := range p.Comments {
		m := h.message(v, p, c, c.Author.ID != t.Requester.ID && !among(t.CCs, c.Author.ID), nil)
		m.Source, m.Files = "", h.linkedFiles(cmp.Or(base, "/tickets/"+number(t.ID)), c.Attachments)
		view.Talk = append(view.Talk, m)
	}
	view.Way, view.Problem = h.customersTracker(v, p, view.Talk), h.customersProblem(v, p)
	view.Look, view.Scope = h.look(v, p, base), customersScope(p)
	switch t.Category {
	case ticket.Pending:
		view.Asks = &portal.Asks{Title: "We need something from you", Says: h.closingSays(v, p, "Please answer below.")}
	case ticket.Closed:
		view.Closed = "If you write, a new request begins, linked to this one."
		if next := t.FollowedBy; next != 0 {
			view.Closed = "It goes on in request #" + number(next) + ". What you write here goes there."
			view.Next = "Open #" + number(next)
		}
	}
	if base != "" {
		view.Rating = askedRating(p, base)
	} else if view.Look.Ask, view.Look.URL, view.Next = "", "", ""; view.Call != nil {
		view.Call.URL = ""
	}
	return view
}

// expectation is what happens next, in the policy's words.
func (h *house) expectation(v *visit.Visit, p desk.TicketPage) string {
	if says := h.standsSays(v, p.Progress, p.Ticket.Category); says != "" {
		return says
	}
	means := p.Policy.Doc.Lifecycle.States[p.Ticket.State].Means
	if p.Ticket.Category == ticket.Solved {
		return h.closingSays(v, p, means)
	}
	return means
}

func (h *house) closingSays(v *visit.Visit, p desk.TicketPage, says string) string {
	if p.Closes.IsZero() {
		return says
	}
	return strings.TrimSpace(says + " Without an answer this request closes on " + h.time(v, p.Closes).Exact + ".")
}

func (h *house) linkedFiles(base string, attachments []ticket.Attachment) []shared.Attachment {
	files := h.files(0, attachments)
	for i := range files {
		files[i].URL = base + "/files/" + number(attachments[i].ID)
	}
	return files
}

// requestReply adds a signed-in customer's message.
func (h *house) requestReply(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerReply(v, v.Actor, id, "/requests/"+number(id))
}

// linkedReply adds a message through the ticket's link.
func (h *house) linkedReply(v *visit.Visit) error {
	return h.behindLink(v, h.customerReply)
}

func (h *house) customerReply(v *visit.Visit, a access.Actor, id int64, base string) error {
	var in struct {
		Body string `form:"body"`
		Key  string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	as := *v
	as.Actor = a
	files, err := h.keepFiles(&as)
	if err == nil {
		var done desk.Done
		done, err = h.desk.Reply(v.Context(), a, desk.Reply{Ticket: id, Text: in.Body, Files: files, Key: in.Key})
		if err == nil && done.Ticket.ID != id {
			return v.SeeOther(h.continuation(v, a, done.Ticket.ID) + "?arrived=yes")
		}
	}
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) {
		return h.customerTicket(v, a, id, base, &portal.Ticket{Draft: in.Body, Errors: []shared.FormError{{Field: "body", Says: sentence(fault.Says(err))}}})
	}
	if err != nil {
		return err
	}
	return v.SeeOther(base)
}

// continuation is where somebody who wrote to a closed ticket goes on: their own list when they are signed in, else a
// link of their own. It is never somebody else's link: whoever holds a link writes as the person it was made for (C17).
func (h *house) continuation(v *visit.Visit, a access.Actor, ticketID int64) string {
	if a.Ticket == 0 {
		return "/requests/" + number(ticketID)
	}
	return h.localTicketLink(ticketID, a.Person)
}

// localTicketLink is one person's link of a ticket as a path on this host.
func (h *house) localTicketLink(ticketID, person int64) string {
	return h.desk.TicketPath(ticketID, person, h.desk.Now())
}
