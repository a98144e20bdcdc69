package web

import (
	"html"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/store"
	"hark/ticket"
	"hark/web/portal"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// reachSays is how far support goes, as a heading.
var reachSays = map[policy.Reach]string{policy.InScope: "We support this", policy.PartlyInScope: "We support this in part", policy.OutOfScope: "Outside of what we support"}

// scopeView is what an agent sees of the scope; nil where the policy has none.
func (h *house) scopeView(v *visit.Visit, p desk.TicketPage) *page.Scope {
	if len(p.Desk.Clauses) == 0 {
		return nil
	}
	c := p.Scope.Clause
	out := page.Scope{Title: reachSays[c.Reach], Says: c.Says, Still: c.WeStill, Instead: c.Instead, Outside: c.ID != "" && c.Reach != policy.InScope,
		Decided: !p.Scope.Decided.IsZero(), Answered: !p.Scope.Told.IsZero(), May: access.May(v.Actor, access.ChangeTicket)}
	out.Options = clauseOptions(p)
	for _, change := range p.Desk.Changes {
		one := page.Change{ID: change.ID, Says: change.Says, Note: change.Note, First: change.First}
		if change.Marked {
			out.Change = &one
		} else {
			out.Changes = append(out.Changes, one)
		}
	}
	if p.Desk.Ready != "" && access.May(v.Actor, access.SendPrepared) {
		out.Answer = scopeAnswer(v, p)
	}
	return &out
}

// clauseOptions are the clauses as a menu: what is covered, what is in part, what is not.
func clauseOptions(p desk.TicketPage) (options []shared.Option) {
	for _, c := range p.Desk.Clauses {
		decided := !p.Scope.Decided.IsZero() && c.ID == p.Scope.Clause.ID
		options = append(options, shared.Option{Value: c.ID, Label: c.Label, Hint: reachSays[c.Reach] + ". " + c.Says, Chosen: decided})
	}
	if !p.Scope.Decided.IsZero() {
		options = append(options, shared.Option{Value: "", Label: "Nobody has decided", Hint: "Takes the decision back."})
	}
	return options
}

// scopeAnswer is the ready answer of the clause, for a person to send.
func scopeAnswer(v *visit.Visit, p desk.TicketPage) *page.ScopeAnswer {
	a := &page.ScopeAnswer{
		Message: p.Scope.Clause.Message, Name: p.Policy.MessageName(p.Scope.Clause.Message), Text: p.Desk.Ready,
		Base: number(p.Last), Draft: number(lastOf(p.Audits, v.Actor.Person)),
		Files: strings.Join(p.Policy.Doc.Messages[p.Scope.Clause.Message].Files, ", "),
		Own:   access.May(v.Actor, access.ReplyPublicly), Empty: p.Draft == nil,
	}
	for _, ask := range p.Scope.Asks {
		a.Needs = append(a.Needs, page.Need{Field: shared.Field{Name: "said:" + ask.Fact, ID: "scope-" + factID(ask.Fact), Label: sentenceCase(ask.Says), Value: ask.Value, MaxLength: "200"}})
	}
	if p.Scope.Refuses != "" {
		a.Statuses = append(a.Statuses, shared.Option{Value: "", Label: "Send as " + p.Scope.Refuses})
	}
	for _, choice := range p.Choices {
		if choice.Label != p.Scope.Refuses {
			a.Statuses = append(a.Statuses, shared.Option{Value: choice.State, Label: "Send as " + choice.Label})
		}
	}
	return a
}

// customersScope is the clause as a customer reads it, once somebody has written to them; nil before, and for what is supported.
func customersScope(p desk.TicketPage) *portal.Scope {
	c := p.Scope.Clause
	if p.Scope.Told.IsZero() || c.Reach == policy.InScope || c.ID == "" {
		return nil
	}
	return &portal.Scope{Title: reachSays[c.Reach], Says: strings.TrimSpace(c.Says + " " + c.WeStill), Instead: c.Instead}
}

// decideScope records under which clause a ticket falls, or puts the ready answer where it can be changed.
func (h *house) decideScope(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Clause string `form:"clause"`
		Do     string `form:"do"` // "write": change the ready answer before it is sent
		Base   int64  `form:"base"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	back := ticketPath(id, listOf(v, id))
	if in.Do == "write" {
		return h.writeAnswer(v, id, in.Base, back)
	}
	if _, err := h.desk.DecideScope(v.Context(), v.Actor, desk.DecideScope{Ticket: id, Clause: in.Clause, Via: "web"}); err != nil {
		return err
	}
	return v.SeeOther(back + "#scope")
}

// writeAnswer makes the ready answer the reader's draft. What they have begun to write is theirs, and stays.
func (h *house) writeAnswer(v *visit.Visit, id, base int64, back string) error {
	p, err := h.desk.TicketPage(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	if p.Draft == nil && p.Desk.Ready != "" && p.Ticket.Category != ticket.Closed {
		err = h.desk.SaveDraft(v.Context(), v.Actor, desk.Draft{Ticket: id, Kind: store.ReplyDraft, Body: asParagraphs(p.Desk.Ready), Base: base})
	}
	if err != nil {
		return err
	}
	return v.SeeOther(back + "#composer")
}

// asParagraphs is plain text as the composer keeps it.
func asParagraphs(text string) string {
	return "<div>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</div>"
}

// staffChange marks a ticket as asking for a change that the staff make, or writes down that it was made.
func (h *house) staffChange(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	var in struct {
		Change string   `form:"change"`
		Noted  []string `form:"noted"`
		Word   string   `form:"word"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	_, err = h.desk.StaffChange(v.Context(), v.Actor, desk.StaffChange{Ticket: id, Change: in.Change, Noted: in.Noted, Word: in.Word, Via: "web"})
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) {
		return h.changeRefused(v, id, in.Noted, in.Word, err)
	}
	if err != nil {
		return err
	}
	return v.SeeOther(ticketPath(id, listOf(v, id)) + "#changes")
}

// changeRefused shows the ticket again, with what was written down so far and what is missing.
func (h *house) changeRefused(v *visit.Visit, id int64, noted []string, word string, refused error) error {
	view, err := h.ticketView(v, id)
	if err != nil || view.Scope == nil || view.Scope.Change == nil {
		return refused
	}
	view.Scope.Change.Noted, view.Scope.Change.Word, view.Scope.Change.Wrong = noted, word, sentence(fault.Says(refused))
	return h.showStatus(v, visit.Status(refused), page.Page(view))
}
