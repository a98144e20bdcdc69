package web

import (
	"cmp"
	"net/http"
	"slices"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/ticket"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// A case goes to another group, with what was heard.

type handForm struct {
	Group  int64  `form:"group"`
	Reason string `form:"reason"`
	Base   int64  `form:"base"`
	Key    string `form:"key"`
}

// mayHand is the way from a ticket to handing it over, "" for whoever may not.
func (h *house) mayHand(v *visit.Visit, p desk.TicketPage) string {
	if p.Ticket.Category == ticket.Closed || !access.May(v.Actor, access.ChangeTicket) || len(h.names(v, p).groups) == 0 {
		return ""
	}
	return "/tickets/" + number(p.Ticket.ID) + "/hand"
}

// handPage asks to whom it goes, and why.
func (h *house) handPage(v *visit.Visit) error {
	return h.handForm(v, http.StatusOK, handForm{Key: visit.Random()}, nil)
}

func (h *house) handForm(v *visit.Visit, status int, in handForm, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	p, err := h.desk.TicketPage(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	view := page.Hand{
		Number: number(id), Subject: subjectOr(p.Ticket.Subject), Base: number(cmp.Or(in.Base, p.Last)), Key: in.Key, Groups: handGroups(v.Actor, house.Groups, p.Ticket.Group, in.Group),
		Reason: shared.Field{Name: "reason", Label: "Why, and what you have heard", Hint: "They read it first, as an internal note. The customer does not.", Type: "textarea", Rows: 5, Value: in.Reason, Dir: "auto", MaxLength: "4000"},
	}
	if refused != nil {
		says := sentence(fault.Says(refused))
		view.Errors = []shared.FormError{{Field: cmp.Or(desk.WrongField(refused), "reason"), Says: says}}
		if desk.WrongField(refused) == "reason" {
			view.Reason.Error = says
		}
		if fault.Is(refused, fault.Conflict) { // it was seen now
			view.Base = number(p.Last)
		}
	}
	return h.showStatus(v, status, page.HandPage(view))
}

// handGroups are the groups that could go on with it. Whoever is not in one does not see what only that group sees.
func handGroups(a access.Actor, groups []account.Group, has, chosen int64) (all []shared.Option) {
	for _, g := range groups {
		if g.ID == has {
			continue
		}
		o := shared.Option{Value: number(g.ID), Label: g.Name, Chosen: g.ID == chosen}
		if a.Role != access.Admin && !slices.Contains(a.Groups, g.ID) {
			o.Hint = "You are not in it, and do not see the ticket any more unless you follow it."
		}
		all = append(all, o)
	}
	return all
}

// handOver gives it to them.
func (h *house) handOver(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in handForm
	if err := v.Form(&in); err != nil {
		return err
	}
	_, err = h.desk.HandOver(v.Context(), v.Actor, desk.HandOver{Ticket: id, Group: in.Group, Reason: in.Reason, Base: in.Base, Key: in.Key})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) || fault.Is(err, fault.Conflict) {
		return h.handForm(v, visit.Status(err), in, err)
	}
	if err != nil {
		return err
	}
	sees, err := h.desk.MaySee(v.Context(), v.Actor, id)
	if err != nil || !sees {
		return h.done(v, "handed-over", "/inbox")
	}
	return h.done(v, "handed-over", "/tickets/"+number(id))
}
