package web

import (
	"cmp"

	"hark/access"
	"hark/store"
	"hark/web/feedback"
	"hark/web/visit"
)

const feedbackTitle = "Complaints and compliments"

// feedback lists what customers said about the help.
func (h *house) feedback(v *visit.Visit) error {
	all := v.Query("show") == "all"
	page, err := h.desk.Feedback(v.Context(), v.Actor, store.FeedbackFilter{All: all, After: v.Query("after")})
	if err != nil {
		return err
	}
	view := feedback.View{All: all, Pager: pager(v, page.Next), Write: access.May(v.Actor, access.WriteNote)}
	for _, f := range page.Items {
		view.List = append(view.List, h.saidOf(v, f))
	}
	return h.show(v, feedback.Page(view))
}

func (h *house) saidOf(v *visit.Visit, f store.Feedback) feedback.Said {
	s := feedback.Said{
		ID: number(f.ID), Sense: f.Sense, Words: f.Words, From: cmp.Or(f.From, "Somebody"), At: h.time(v, f.At),
		About: "#" + number(f.Ticket) + " " + subjectOr(f.Subject), URL: "/tickets/" + number(f.Ticket), Way: wayOf(f),
	}
	if f.Call != 0 {
		s.About, s.URL = "The record of the call", "/phone/"+number(f.Call)
	}
	if !f.Done.IsZero() {
		s.Done = cmp.Or(f.DoneName, "somebody") + ", " + h.time(v, f.Done).Relative
	}
	return s
}

// wayOf is by which way it came, and of whose work it speaks.
func wayOf(f store.Feedback) string {
	switch {
	case f.Source == "mail":
		return "by mail"
	case f.Source == "call" && f.Agent != "":
		return "on the phone, to " + f.Agent
	case f.Source == "call":
		return "on the phone"
	case f.Agent != "":
		return "about " + f.Agent + "’s help"
	}
	return "with a rating"
}

// settleFeedback notes that the visitor has dealt with it, or takes that back.
func (h *house) settleFeedback(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Do string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	settled := in.Do != "reopen"
	if err := h.desk.SettleFeedback(v.Context(), v.Actor, id, settled); err != nil {
		return err
	}
	if settled {
		return h.done(v, "settled", "/feedback")
	}
	return v.SeeOther("/feedback")
}
