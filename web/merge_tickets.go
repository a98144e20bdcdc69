package web

import (
	"cmp"
	"net/http"
	"strings"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/store"
	"hark/ticket"
	page "hark/web/merge"
	"hark/web/shared"
	ticketpage "hark/web/ticket"
	"hark/web/visit"
)

// Two tickets about one thing become one. The address names the one that is closed.

func ticketMergePath(goes int64) string { return "/tickets/" + number(goes) + "/merge" }

// mayMergeTicket is the way from a ticket to merging it, "" where it stays as it is.
func mayMergeTicket(v *visit.Visit, t ticket.Ticket) string {
	if t.Category == ticket.Closed || !access.May(v.Actor, access.MergeRecords) {
		return ""
	}
	return ticketMergePath(t.ID)
}

// mergedLinks lead to the tickets with which this one was merged. Whether the reader may open them is asked there.
func mergedLinks(p desk.TicketPage) (all []ticketpage.Link) {
	id := number(p.Ticket.ID)
	for _, audit := range p.Audits {
		for _, e := range audit.Events {
			switch {
			case e.Field != "merged_ticket":
			case e.To == id:
				all = append(all, ticketpage.Link{Label: "#" + e.From + " was merged into this", URL: "/tickets/" + e.From})
			case e.To != number(p.Ticket.FollowedBy):
				all = append(all, ticketpage.Link{Label: "Merged into #" + e.To, URL: "/tickets/" + e.To})
			}
		}
	}
	return all
}

// mergeTicketPage looks for the ticket to merge into, and shows both once it is chosen.
func (h *house) mergeTicketPage(v *visit.Visit) error {
	if with := v.Query("with"); with != "" {
		return h.bothTickets(v, http.StatusOK, mergeForm{With: numberOr0(with)}, nil)
	}
	return h.whichTicket(v)
}

type mergeForm struct {
	With   int64  `form:"with"`
	Reason string `form:"reason"`
	Copy   string `form:"copy"`
	Seen   string `form:"seen"`
}

func (h *house) bothTickets(v *visit.Visit, status int, in mergeForm, refused error) error {
	goes, err := v.Number("id")
	if err != nil {
		return err
	}
	look, err := h.desk.LookAtTicketMerge(v.Context(), v.Actor, goes, in.With)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, account.Brand{ID: look.Goes.Brand}); err != nil {
		return err
	}
	view := page.View{
		Title: "One thing, two tickets", Section: "inbox", Back: page.Link{Label: "Back to the ticket", URL: "/tickets/" + number(goes)},
		Parts: [2]string{"Goes on", "Is closed"}, Stays: ticketNamed(look.Stays), Goes: ticketNamed(look.Goes), Rows: h.ticketRows(v, look), Follows: ticketFollows(look), Refused: sentence(look.Refused),
		Swap: ticketMergePath(in.With) + "?with=" + number(goes), Other: ticketMergePath(goes), Path: ticketMergePath(goes), With: number(in.With), Mark: look.Mark(),
		Asks: shared.Field{Name: "reason", Label: "Why are they one?", Hint: "Colleagues read it on both tickets.", Value: in.Reason, MaxLength: "500", Dir: "auto"},
		Does: "Merge the two tickets",
	}
	if !look.Same {
		view.Box = &page.Box{
			Name: "copy", Value: "yes", Chosen: in.Copy != "", Label: "Put " + isolated(personName(look.Goes.Requester)) + " on copy of #" + number(in.With),
			Hint: "They read that conversation from its beginning and get its mails, and what they answer goes on there.",
		}
	}
	if refused != nil {
		view.Errors = []shared.FormError{{Field: cmp.Or(desk.WrongField(refused), "reason"), Says: sentence(fault.Says(refused))}}
		if desk.WrongField(refused) != "" {
			view.Asks.Error = view.Errors[0].Says
		}
	}
	return h.showStatus(v, status, page.Page(view))
}

func ticketNamed(t ticket.Ticket) page.Link {
	return page.Link{Label: "#" + number(t.ID) + " " + subjectOr(t.Subject), URL: "/tickets/" + number(t.ID)}
}

func personName(p ticket.Person) string { return cmp.Or(p.Name, p.Address, "somebody") }

func (h *house) ticketRows(v *visit.Visit, look desk.TicketMergeLook) []page.Row {
	var rows []page.Row
	for _, line := range []struct {
		name string
		kept bool
		of   func(ticket.Ticket) []string
	}{
		{"Requester", true, func(t ticket.Ticket) []string { return either(personName(t.Requester), t.Requester.Address) }},
		{"On copy", true, func(t ticket.Ticket) []string { return each(t.CCs, personName) }},
		{"Came", true, func(t ticket.Ticket) []string { return some(h.time(v, t.Created).Exact) }},
		{"Status", false, func(t ticket.Ticket) []string { return some(look.Labels[t.ID]) }},
		{"With", false, func(t ticket.Ticket) []string { return some(cmp.Or(t.Assignee.Name, t.Assignee.Address)) }},
		{"Known problem", false, func(t ticket.Ticket) []string { return some(look.Belongs[t.ID].Problem.Title) }},
		{"On the roadmap", false, func(t ticket.Ticket) []string { return some(look.Belongs[t.ID].Card.Title) }},
		{"Their last message", true, func(t ticket.Ticket) []string { return some(look.Words[t.ID]) }},
	} {
		row := page.Row{Name: line.name, Kept: line.kept, Stays: line.of(look.Stays), Goes: line.of(look.Goes)}
		if len(row.Stays)+len(row.Goes) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// ticketFollows is what comes of it, in sentences.
func ticketFollows(look desk.TicketMergeLook) []string {
	goes, stays := "#"+number(look.Goes.ID), "#"+number(look.Stays.ID)
	all := []string{goes + " is closed. Both tickets say in their history that they are one; colleagues alone read it."}
	if look.Same {
		all = append(all, "What "+isolated(personName(look.Goes.Requester))+" writes to "+goes+" from now on goes on in "+stays+".")
	} else {
		all = append(all, isolated(personName(look.Goes.Requester))+" reads nothing of "+stays+" unless you put them on copy. What they write to "+goes+" then begins a ticket of its own.")
	}
	if says := problemFollows(look); says != "" {
		all = append(all, says)
	}
	if says := cardFollows(look); says != "" {
		all = append(all, says)
	}
	return append(all, "No message moves, and nobody is mailed of the merge.")
}

// problemFollows is what becomes of the known problem of the ticket that is closed, "" where nothing does.
func problemFollows(look desk.TicketMergeLook) string {
	goes, stays := look.Belongs[look.Goes.ID].Problem, look.Belongs[look.Stays.ID].Problem
	to := "#" + number(look.Stays.ID)
	switch {
	case goes.ID == 0 || goes.ID == stays.ID:
		return ""
	case stays.ID != 0:
		return "The two belong to different known problems. " + to + " stays with “" + isolated(stays.Title) + "”."
	case goes.IsFixed():
		return to + " is linked to the known problem “" + isolated(goes.Title) + "” too, and hears that it is fixed."
	}
	return to + " is linked to the known problem “" + isolated(goes.Title) + "” too."
}

// cardFollows is what becomes of the card behind which the ticket that is closed stands, "" where nothing does.
func cardFollows(look desk.TicketMergeLook) string {
	goes, stays := look.Belongs[look.Goes.ID].Card, look.Belongs[look.Stays.ID].Card
	to := "#" + number(look.Stays.ID)
	switch {
	case goes.ID == 0 || goes.ID == stays.ID:
		return ""
	case stays.ID != 0:
		return "The two stand behind different cards of the roadmap. " + to + " stays behind “" + isolated(stays.Title) + "”."
	}
	return to + " stands behind the card “" + isolated(goes.Title) + "” of the roadmap too."
}

// whichTicket looks for the ticket to merge into; without a question it offers the others of the same requester.
func (h *house) whichTicket(v *visit.Visit) error {
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
	q := strings.TrimSpace(v.Query("q"))
	view := page.Find{
		Title: "One thing, two tickets", Section: "inbox", Says: "Which ticket is about the same as #" + number(id) + "?",
		Back: page.Link{Label: "Back to the ticket", URL: "/tickets/" + number(id)}, Label: "Number, words or person of the other ticket",
		Query: q, Path: ticketMergePath(id), Heading: "Open tickets of " + isolated(personName(p.Ticket.Requester)), None: isolated(personName(p.Ticket.Requester)) + " has no other open ticket. Look for the other one by its number or its words.",
	}
	rows := p.Others
	if q != "" {
		found, err := h.desk.Search(v.Context(), v.Actor, q, "")
		if err != nil {
			return err
		}
		rows, view.Heading, view.None = found.Items, "Found", "No open ticket is found by that. Fewer words find more."
	}
	view.Hits = ticketHits(p.Ticket, rows)
	return h.showStatus(v, http.StatusOK, page.FindPage(view))
}

// ticketHits are the tickets that something can go on in.
func ticketHits(goes ticket.Ticket, rows []store.Row) (all []page.Hit) {
	for _, row := range rows {
		if row.ID == goes.ID || row.Category == ticket.Closed || row.Brand != goes.Brand || len(all) == mostFound {
			continue
		}
		all = append(all, page.Hit{URL: ticketMergePath(goes.ID) + "?with=" + number(row.ID), Title: "#" + number(row.ID) + " " + subjectOr(row.Subject), Says: strings.Join(either(personName(row.Requester), row.Snippet), " · ")})
	}
	return all
}

// mergeTicket merges them.
func (h *house) mergeTicket(v *visit.Visit) error {
	goes, err := v.Number("id")
	if err != nil {
		return err
	}
	var in mergeForm
	if err := v.Form(&in); err != nil {
		return err
	}
	err = h.desk.MergeTickets(v.Context(), v.Actor, desk.MergeTickets{Goes: goes, Stays: in.With, Reason: in.Reason, Copy: in.Copy == "yes", Seen: in.Seen})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Refused) {
		return h.bothTickets(v, visit.Status(err), in, err)
	}
	if err != nil {
		return err
	}
	return h.done(v, "tickets-merged", "/tickets/"+number(in.With))
}
