package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

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
	after, _ := strconv.ParseInt(v.Query("after"), 10, 64) // what is no number is the beginning
	return h.answerPage(v, http.StatusOK, answering{phase: v.Query("phase"), words: v.Query("words") != "", state: v.Query("status"), after: after})
}

// answering is what the form was told, and why it was refused.
type answering struct {
	phase   string
	words   bool // in one's own words
	text    string
	state   string
	after   int64          // the last ticket of the step before
	did     *desk.Answered // what came of that step, nil where none was made
	tickets []int64        // those that are ticked
	refused error
}

func (in answering) look(problem int64) desk.LookAtAnswer {
	return desk.LookAtAnswer{Issue: problem, Phase: in.phase, Status: in.state, After: in.after}
}

func (h *house) answerPage(v *visit.Visit, status int, in answering) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	all, err := h.desk.IssueAnswer(v.Context(), v.Actor, in.look(id))
	if err == nil && in.phase == "" && !in.words && len(all.Phases) > 0 { // the policy has a way of its own
		in.phase = all.Phases[len(all.Phases)-1].Phase
		all, err = h.desk.IssueAnswer(v.Context(), v.Actor, in.look(id))
	}
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: all.Issue.Brand}); err != nil {
		return err
	}
	view := page.Answer{ID: number(id), Title: all.Issue.Title, Key: visit.Random(), Phase: in.phase, Text: cmp.Or(in.text, answerWords(all.Issue)), Status: in.state, After: number(in.after)}
	for _, m := range all.Phases {
		view.Ways = append(view.Ways, page.Way{Label: "Move to “" + m.Label + "”", URL: "?phase=" + m.Phase, Current: m.Phase == in.phase})
	}
	view.Ways = append(view.Ways, page.Way{Label: "In your own words", URL: "?words=yes", Current: in.phase == ""})
	for i, s := range all.States {
		view.States = append(view.States, shared.Option{Value: s.State, Label: s.Label, Chosen: s.State == in.state || in.state == "" && i == 0})
	}
	h.whoIsAnswered(&view, all)
	view.Next, view.NextURL, view.Did = number(all.Next), nextAnswers(in, all.Next), didSays(in.did)
	if in.refused != nil {
		view.Untick(in.tickets)
		view.Errors = []shared.FormError{{Field: desk.WrongField(in.refused), Says: sentence(fault.Says(in.refused))}}
	}
	return h.showStatus(v, status, page.AnswerPage(view))
}

func (h *house) whoIsAnswered(view *page.Answer, all desk.IssueAnswer) {
	for _, t := range all.Tickets {
		view.Tickets = append(view.Tickets, page.AnswerTicket{
			Number: number(t.Ticket.ID), URL: "/tickets/" + number(t.Ticket.ID), Subject: subjectOr(t.Ticket.Subject),
			Who: cmp.Or(t.Ticket.Requester.Name, t.Ticket.Requester.Address), Follows: cmp.Or(t.Cannot, t.Follows), Cannot: t.Cannot != "", Last: number(t.Last),
		})
	}
	if all.Next != 0 {
		view.More = fmt.Sprintf("These are %d of them; the others come after.", desk.MostAnswered)
	}
	if len(all.Tickets) > 0 && !hasAble(all.Tickets) {
		view.Missing = all.Tickets[0].Cannot
		for i := range view.Tickets {
			if view.Tickets[i].Follows == view.Missing {
				view.Tickets[i].Follows = "" // it stands above them all
			}
		}
	}
}

// nextAnswers is where the step after this one is looked at, "" when this is the last one.
func nextAnswers(in answering, after int64) string {
	if after == 0 {
		return ""
	}
	way := url.Values{"after": {number(after)}, "phase": {in.phase}}
	if in.phase == "" {
		way = url.Values{"after": {number(after)}, "words": {"yes"}, "status": {in.state}}
	}
	return "?" + way.Encode()
}

// didSays is what came of the step before.
func didSays(did *desk.Answered) string {
	switch {
	case did == nil || *did == desk.Answered{}: // the form was sent before
		return ""
	case did.Left == 0:
		return counted(did.Tickets, "ticket is", "tickets are") + " answered."
	}
	return counted(did.Tickets, "ticket is", "tickets are") + " answered, " + number(int64(did.Left)) + " could not be: somebody wrote there meanwhile, they have moved on, or their customer has had as many mails as we send within an hour."
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
		Last   []string `form:"last"`  // "178/5023": what the page showed as the last thing on each
		After  int64    `form:"after"` // where this step began
		Next   int64    `form:"next"`  // where the next one does
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	tickets, err := ticketsIn(in.Ticket)
	if err != nil {
		return err
	}
	did, err := h.desk.AnswerIssue(v.Context(), v.Actor, desk.AnswerIssue{Issue: id, Tickets: tickets, Phase: in.Phase, Text: in.Body, Status: in.Status, Key: in.Key, Seen: lastSeen(in.Last)})
	wrote := answering{phase: in.Phase, words: in.Phase == "", text: in.Body, state: in.Status, after: in.After, tickets: tickets}
	if err == nil && did.Tickets == 0 && did.Left > 0 {
		err = fault.New(fault.Conflict, "nobody was answered: somebody wrote on these tickets meanwhile, they have moved on, or their customer has had as many mails as we send within an hour. Look at them again, then answer")
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		wrote.refused = err
		return h.answerPage(v, visit.Status(err), wrote)
	}
	if err != nil {
		return err
	}
	return h.answeredSome(v, id, did, wrote, in.Next)
}

// answeredSome goes on with the next step, in the same words, or says what came of the last one.
func (h *house) answeredSome(v *visit.Visit, problem int64, did desk.Answered, wrote answering, next int64) error {
	switch {
	case next != 0:
		wrote.did, wrote.after, wrote.tickets = &did, next, nil
		return h.answerPage(v, http.StatusOK, wrote)
	case did == desk.Answered{}: // the form was sent before
		return v.SeeOther(problemPath(problem))
	case did.Left > 0:
		return h.done(v, "problem-part", problemPath(problem))
	}
	return h.done(v, "problem-answered", problemPath(problem))
}

// lastSeen reads what the page showed as the last thing on each ticket. What cannot be read is left out.
func lastSeen(pairs []string) map[int64]int64 {
	seen := map[int64]int64{}
	for _, pair := range pairs {
		ticket, last, _ := strings.Cut(pair, "/")
		id, wrong := strconv.ParseInt(ticket, 10, 64)
		audit, also := strconv.ParseInt(last, 10, 64)
		if wrong == nil && also == nil {
			seen[id] = audit
		}
	}
	return seen
}
