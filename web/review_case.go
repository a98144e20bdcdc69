package web

import (
	"cmp"
	"net/http"
	"strconv"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/ticket"
	"hark/web/phone"
	"hark/web/review"
	"hark/web/visit"
)

// reviewPage is the review of a ticket's case.
func (h *house) reviewPage(v *visit.Visit) error { return h.showReview(v, http.StatusOK, nil) }

func (h *house) showReview(v *visit.Visit, status int, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	r, err := h.desk.CaseReview(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, r.Brand); err != nil {
		return err
	}
	view := h.reviewView(v, r)
	if refused != nil {
		view.Wrong = sentence(fault.Says(refused))
	}
	return h.showStatus(v, status, review.Page(view))
}

func (h *house) reviewView(v *visit.Visit, r desk.CaseReview) review.View {
	t := r.Ticket
	view := review.View{
		Number: number(t.ID), Subject: subjectOr(t.Subject), Who: cmp.Or(t.Requester.Name, t.Requester.Address), Wrote: cmp.Or(r.First.Trimmed, r.First.Text),
		Procedure: r.Procedure.Label, Version: "version " + r.Policy.Version, MustNot: r.Procedure.MustNot, Level: levelView(r.Policy, r.Run.Level, r.Run.Because, r.Run.Row),
		Ticked: walked(r.Policy, r.Run), Step: phone.Step{ID: r.Run.At, Title: cmp.Or(r.Run.Step.Title, "Next"), Hint: r.Run.Step.Hint, Ended: r.Run.End != ""}, Base: strconv.Itoa(r.Base),
		May: access.May(v.Actor, access.ChangeTicket) && t.Category != ticket.Closed, Ended: h.reviewedSays(v, r), Queue: "/inbox?queue=" + number(t.Brand) + ".review",
	}
	for _, o := range r.Run.Offers {
		view.Step.Choices = append(view.Step.Choices, choiceView(r.Policy, r.Files, o))
	}
	return view
}

func (h *house) reviewedSays(v *visit.Visit, r desk.CaseReview) string {
	if r.Ended.IsZero() {
		return ""
	}
	return "Reviewed by " + r.By + ", " + h.time(v, r.Ended).Exact
}

// answerReview takes a key, or goes back.
func (h *house) answerReview(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Step string `form:"step"`
		Base int64  `form:"base"`
		Key  string `form:"key"`
		Do   string `form:"do"` // back
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "back" {
		err = h.desk.ReviewBack(v.Context(), v.Actor, id, int(in.Base))
	} else {
		err = h.desk.ReviewCase(v.Context(), v.Actor, desk.ReviewAnswer{Ticket: id, Step: in.Step, Base: int(in.Base), Key: in.Key})
	}
	if fault.Is(err, fault.Refused) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return h.showReview(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	r, err := h.desk.CaseReview(v.Context(), v.Actor, id)
	if isNotFound(err) { // it went to a group that the reader is not in
		return h.done(v, "reviewed", "/inbox")
	}
	if err != nil {
		return err
	}
	return v.SeeOther("/tickets/" + number(r.Ticket.ID) + "/review")
}

// sideReview is the review on the ticket's page: while a case is new the way to it, and afterwards what came of it; nil where there is none.
func (h *house) sideReview(v *visit.Visit, p desk.TicketPage) (*review.Side, error) {
	if p.Policy.Doc.Intake.Review == "" {
		return nil, nil
	}
	r, err := h.desk.CaseReview(v.Context(), v.Actor, p.Ticket.ID)
	if err != nil || r.Ended.IsZero() && (p.Ticket.Category != ticket.New || !access.May(v.Actor, access.ChangeTicket)) {
		return nil, err
	}
	side := &review.Side{URL: "/tickets/" + number(p.Ticket.ID) + "/review", Says: h.reviewedSays(v, r), Ended: !r.Ended.IsZero(), Lines: walked(r.Policy, r.Run)}
	if !side.Ended {
		side.Lines, side.Says = nil, r.Procedure.About
	}
	return side, nil
}

// walked are the steps that are behind, with what was answered.
func walked(p *policy.Policy, run policy.Run) (all []phone.Ticked) {
	for _, l := range run.Lines {
		switch l.Kind {
		case policy.WalkStep:
			all = append(all, phone.Ticked{Title: cmp.Or(l.Title, l.Step), Known: l.Known})
		case policy.WalkChoice:
			all[len(all)-1].Answer = l.Label
		case policy.WalkLevel:
			all[len(all)-1].Answer = p.LevelLabel(l.Level)
		}
	}
	return all[:max(0, len(all)-1)] // the last one is where it stands
}
