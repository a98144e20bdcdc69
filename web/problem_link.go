package web

import (
	"cmp"
	"net/http"
	"strings"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/web/portal"
	page "hark/web/problems"
	"hark/web/shared"
	ticketpage "hark/web/ticket"
	"hark/web/visit"
)

// mostKnown is how many known problems a ticket is offered; another word finds others.
const mostKnown = 8

// isItKnown looks for the known problem that a ticket reports.
func (h *house) isItKnown(v *visit.Visit) error { return h.linkPage(v, http.StatusOK, nil) }

func (h *house) linkPage(v *visit.Visit, status int, refused error) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	q := strings.TrimSpace(v.Query("q"))
	found, err := h.desk.TicketToLink(v.Context(), v.Actor, id, q, mostKnown)
	if err == nil {
		err = h.inBrand(v, account.Brand{ID: found.Ticket.Brand})
	}
	if err != nil {
		return err
	}
	view := page.Link{Ticket: number(id), Subject: subjectOr(found.Ticket.Subject), Query: q, Follows: linkSays(found.Follows)}
	for _, i := range found.Issues {
		view.Hits, view.IDs = append(view.Hits, h.problemRow(v, i)), append(view.IDs, number(i.ID))
	}
	if refused != nil {
		view.Errors = []shared.FormError{{Says: sentence(fault.Says(refused))}}
	}
	return h.showStatus(v, status, page.LinkPage(view))
}

// linkSays is what comes of linking a ticket, before it is done.
func linkSays(f policy.Follows) string {
	if f.Refused != "" {
		return f.Refused
	}
	return strings.TrimSpace("When it is linked: " + cmp.Or(f.Mails, "Nobody is mailed.") + " " + f.Says)
}

// linkProblem links a ticket to a known problem, or takes it off.
func (h *house) linkProblem(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Problem int64 `form:"problem"`
		Unlink  int64 `form:"unlink"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	do, what, issueID := h.desk.LinkIssue, "problem-linked", in.Problem
	if in.Unlink != 0 {
		do, what, issueID = h.desk.UnlinkIssue, "problem-unlinked", in.Unlink
	}
	err = do(v.Context(), v.Actor, desk.LinkIssue{Issue: issueID, Ticket: id})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Refused) {
		return h.linkPage(v, visit.Status(err), err)
	}
	if err != nil {
		return err
	}
	return h.done(v, what, ticketPath(id, listOf(v, id))+"#problem")
}

// ticketProblem is the known problem beside a ticket's conversation.
func ticketProblem(v *visit.Visit, p desk.TicketPage) *ticketpage.Problem {
	act := access.May(v.Actor, access.ReplyPublicly)
	switch {
	case p.Issue.Linked:
		i := p.Issue.Issue
		view := &ticketpage.Problem{Title: i.Title, URL: problemPath(i.ID), Says: problemSays(i) + ". " + reportedBy(i) + ".", Workaround: i.Workaround}
		if i.Horizon != "" {
			view.Says += " Roughly when: " + i.Horizon + "."
		}
		if i.IsFixed() {
			view.Says += " Fixed."
		}
		if p.Issue.There.Asks {
			view.Says += " " + engineersAsk(p.Issue.There.Entry).beside
		}
		if act {
			view.Unlink = number(i.ID)
		}
		return view
	case p.Policy.HasIssues() && act:
		return &ticketpage.Problem{}
	}
	return nil
}

// customersProblem is what whoever reported it reads of a known problem.
func (h *house) customersProblem(v *visit.Visit, p desk.TicketPage) *portal.Problem {
	if !p.Issue.Linked {
		return nil
	}
	i := p.Issue.Issue
	view := &portal.Problem{Title: i.Title, Product: i.Product, Workaround: i.Workaround, News: i.Announcement}
	switch {
	case p.Issue.Others == 1:
		view.Others = "One other customer has this too."
	case p.Issue.Others > 1:
		view.Others = number(p.Issue.Others) + " other customers have this too."
	}
	if i.Horizon != "" {
		view.When, view.Why = sentence(i.Horizon), p.Policy.WhyNoDates()
	}
	if i.IsFixed() {
		view.Fixed = h.time(v, i.Fixed)
	}
	return view
}
