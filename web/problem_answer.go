package web

import (
	"cmp"
	"fmt"
	"net/http"

	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/issue"
	page "hark/web/problems"
	"hark/web/shared"
	"hark/web/visit"
)

// answerProblem is the last look before its tickets are answered.
func (h *house) answerProblem(v *visit.Visit) error {
	return h.answerPage(v, http.StatusOK, answering{phase: v.Query("phase"), words: v.Query("words") != "", state: v.Query("status")})
}

// answering is what the form was told, and why it was refused.
type answering struct {
	phase   string
	words   bool // in one's own words
	text    string
	state   string
	tickets []int64 // those that are ticked
	refused error
}

func (h *house) answerPage(v *visit.Visit, status int, in answering) error {
	phase, state := in.phase, in.state
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	all, err := h.desk.IssueAnswer(v.Context(), v.Actor, id, phase, state)
	if err == nil && phase == "" && !in.words && len(all.Phases) > 0 { // the policy has a way of its own
		phase = all.Phases[len(all.Phases)-1].Phase
		all, err = h.desk.IssueAnswer(v.Context(), v.Actor, id, phase, state)
	}
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: all.Issue.Brand}); err != nil {
		return err
	}
	view := page.Answer{ID: number(id), Title: all.Issue.Title, Key: visit.Random(), Phase: phase, Text: cmp.Or(in.text, answerWords(all.Issue)), Status: state}
	for _, m := range all.Phases {
		view.Ways = append(view.Ways, page.Way{Label: "Move to “" + m.Label + "”", URL: "?phase=" + m.Phase, Current: m.Phase == phase})
	}
	view.Ways = append(view.Ways, page.Way{Label: "In your own words", URL: "?words=yes", Current: phase == ""})
	for i, s := range all.States {
		view.States = append(view.States, shared.Option{Value: s.State, Label: s.Label, Chosen: s.State == state || state == "" && i == 0})
	}
	h.whoIsAnswered(&view, all)
	if in.refused != nil {
		view.Untick(in.tickets)
		view.Errors = []shared.FormError{{Field: "body", Says: sentence(fault.Says(in.refused))}}
	}
	return h.showStatus(v, status, page.AnswerPage(view))
}

func (h *house) whoIsAnswered(view *page.Answer, all desk.IssueAnswer) {
	for _, t := range all.Tickets {
		view.Tickets = append(view.Tickets, page.AnswerTicket{
			Number: number(t.Ticket.ID), URL: "/tickets/" + number(t.Ticket.ID), Subject: subjectOr(t.Ticket.Subject),
			Who: cmp.Or(t.Ticket.Requester.Name, t.Ticket.Requester.Address), Follows: cmp.Or(t.Cannot, t.Follows), Cannot: t.Cannot != "",
		})
	}
	if all.More {
		view.More = fmt.Sprintf("These are the first %d. Answer them, then go on with the others.", desk.MostAnswered)
	}
	if len(all.Tickets) > 0 && !hasAble(all.Tickets) {
		view.Missing = all.Tickets[0].Cannot
	}
}

func hasAble(all []desk.TicketAnswer) bool {
	for _, t := range all {
		if t.Cannot == "" {
			return true
		}
	}
	return false
}

// answerWords are what an answer in one's own words begins with.
func answerWords(i issue.Issue) string {
	words := "Hello,\n\nwe know this problem: " + i.Title + "."
	if i.Workaround != "" {
		words += "\n\nUntil it is fixed: " + i.Workaround
	}
	if i.Horizon != "" {
		words += "\n\nRoughly when it is fixed: " + i.Horizon + "."
	}
	return words
}

// sendAnswers answers them all.
func (h *house) sendAnswers(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Key    string   `form:"key"`
		Phase  string   `form:"phase"`
		Body   string   `form:"body"`
		Status string   `form:"status"`
		Ticket []string `form:"ticket"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	tickets, err := ticketsIn(in.Ticket)
	if err != nil {
		return err
	}
	did, err := h.desk.AnswerIssue(v.Context(), v.Actor, desk.AnswerIssue{Issue: id, Tickets: tickets, Phase: in.Phase, Text: in.Body, Status: in.Status, Key: in.Key})
	if fault.Is(err, fault.Invalid) {
		return h.answerPage(v, http.StatusUnprocessableEntity, answering{in.Phase, in.Phase == "", in.Body, in.Status, tickets, err})
	}
	if err != nil {
		return err
	}
	if did.Tickets == 0 {
		return v.SeeOther(problemPath(id))
	}
	return h.done(v, "problem-answered", problemPath(id))
}
