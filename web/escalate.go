package web

import (
	"net/http"
	"net/url"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/promise"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/visit"
)

// escalation is where a signed-in customer asks that somebody senior looks at their request.
func (h *house) escalation(v *visit.Visit) error { return h.ofOwn(v, h.escalationPage) }

// linkedEscalation is the same behind the request's link.
func (h *house) linkedEscalation(v *visit.Visit) error { return h.behindGoodLink(v, h.escalationPage) }

// escalate and linkedEscalate take the form.
func (h *house) escalate(v *visit.Visit) error       { return h.ofOwn(v, h.askForEscalation) }
func (h *house) linkedEscalate(v *visit.Visit) error { return h.behindLink(v, h.askForEscalation) }

const escalationPath = "/escalation"

func (h *house) escalationPage(v *visit.Visit, a access.Actor, id int64, base string) error {
	return h.showEscalation(v, http.StatusOK, a, id, base, portal.Escalation{})
}

// showEscalation shows the page, with what was written where it was refused.
func (h *house) showEscalation(v *visit.Visit, status int, a access.Actor, id int64, base string, view portal.Escalation) error {
	p, err := h.desk.TicketPage(v.Context(), a, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	if p.Look.Says == "" && p.Look.With == "" { // what the policy does not have is not there
		return fault.New(fault.NotFound, "there is no such page")
	}
	view.Number, view.Subject, view.Back, view.Post, view.Key = number(id), subjectOr(p.Ticket.Subject), base, base+escalationPath, visit.Random()
	view.Says, view.May, view.Not = p.Look.Says, p.Look.May, sentence(p.Look.Not)
	if !p.Look.Asked { // whoever asked knows why
		view.Why = p.Look.Why
	}
	view.Look = h.look(v, p, base)
	if view.May {
		view.Look.With = ours(p.Look.With)
	}
	if v.Query("asked") != "" && p.Look.Told && a.Person == p.Ticket.Requester.ID {
		view.Mailed = h.mailedTo(v, a)
	}
	if p.Look.Asked && view.Not == "" {
		view.Not = "You have asked for it, and we have your words."
	}
	return h.showStatus(v, status, portal.EscalationPage(view))
}

// mailedTo is the reader's own address, "" when mail does not reach it.
func (h *house) mailedTo(v *visit.Visit, a access.Actor) string {
	person, err := h.desk.Person(v.Context(), a, a.Person)
	if err != nil {
		v.Note(err)
	}
	if person.Unreachable != "" {
		return ""
	}
	return person.Email
}

// look is what a request's page tells of a second look: who has it, or that it can be asked for.
func (h *house) look(v *visit.Visit, p desk.TicketPage, base string) portal.Look {
	look := portal.Look{News: h.newsSays(v, p), URL: base + escalationPath}
	switch {
	case !p.Look.Since.IsZero():
		look.With, look.At = ours(p.Look.With), h.time(v, p.Look.Since)
	case p.Look.May:
		look.Ask = look.URL
	}
	return look
}

// ours is how a company speaks of its own people.
func ours(who string) string {
	if who == "" {
		return ""
	}
	return "our " + who
}

// newsSays is until when there is news, as strongly as the policy means it; "" when it states no time, or the time has passed.
func (h *house) newsSays(v *visit.Visit, p desk.TicketPage) string {
	news := p.Look.News
	if news.State != promise.Running || news.Due.Before(h.desk.Now()) {
		return ""
	}
	return policy.DueSays(news.Strength, h.time(v, news.Due).Exact)
}

// askForEscalation takes the form. Asked twice it says so and counts once; whoever presses the button twice sees what came of it.
func (h *house) askForEscalation(v *visit.Visit, a access.Actor, id int64, base string) error {
	var in struct {
		Body string `form:"body"`
		Key  string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, err := h.desk.AskForEscalation(v.Context(), a, desk.Escalation{Ticket: id, Words: in.Body, Key: in.Key})
	switch {
	case err == nil:
		return v.SeeOther(base + escalationPath + "?" + url.Values{"asked": {"yes"}}.Encode())
	case fault.Is(err, fault.Conflict):
		return h.showEscalation(v, http.StatusConflict, a, id, base, portal.Escalation{Twice: in.Body})
	case visit.Status(err) >= 500 || isNotFound(err):
		return err
	}
	return h.showEscalation(v, visit.Status(err), a, id, base, portal.Escalation{Draft: in.Body, Errors: []shared.FormError{{Field: "body", Says: sentence(fault.Says(err))}}})
}
