package web

import (
	"cmp"
	"fmt"
	"strings"

	"hark/access"
	"hark/desk"
	"hark/store"
	"hark/web/maillog"
	"hark/web/shared"
	"hark/web/visit"
)

// shownRaw is how much of a source a page shows; the whole is a file.
const shownRaw = 20_000

// mailIn lists the mail that arrived and what became of it.
func (h *house) mailIn(v *visit.Visit) error {
	filter := v.Query("show")
	page, err := h.desk.MailIn(v.Context(), v.Actor, store.MailFilter{State: filter, After: v.Query("after")})
	if err != nil {
		return err
	}
	view := maillog.In{Filter: cmp.Or(filter, "all"), Pager: pager(v, page.Next), Empty: emptyMail[filter]}
	for _, tab := range []struct{ state, label string }{{"", "All"}, {string(store.HeldMail), "Held"}, {string(store.Unreadable), "Unreadable"}, {string(store.BounceMail), "Bounced"}} {
		view.Tabs = append(view.Tabs, maillog.Tab{Label: tab.label, URL: "/mail/in" + showing(tab.state), Current: tab.state == filter})
	}
	for _, in := range page.Items {
		view.List = append(view.List, h.arrivalRow(v, in))
	}
	return h.show(v, maillog.InPage(view))
}

// emptyMail is what each list of mail says while nothing is in it.
var emptyMail = map[string]maillog.Empty{
	"":                       {Title: "No mail yet", Says: "Every mail that reaches one of our mailboxes is listed here, also one that nobody can read."},
	string(store.HeldMail):   {Title: "Nothing is held", Says: "A stranger's mail on somebody else's ticket, and one that may not be from whom it says, wait here until somebody decides."},
	string(store.Unreadable): {Title: "Every mail could be read", Says: "What cannot be understood is kept here with its source. Nothing is thrown away."},
	string(store.BounceMail): {Title: "Nothing came back", Says: "When another server returns a mail of ours, it is listed here and on its ticket."},
}

var emptyOut = map[string]maillog.Empty{
	"":                      {Title: "No mail yet", Says: "Answers and reminders are listed here from the moment they are written, with what became of them."},
	string(store.Queued):    {Title: "Nothing waits to be sent", Says: "A mail waits here while its sender can still take it back, and until its turn comes."},
	string(store.Deferred):  {Title: "Nothing is delayed", Says: "When a server asks us to come back later, its mail is listed here with the next try."},
	string(store.Uncertain): {Title: "Nothing is uncertain", Says: "A mail whose last answer was lost may have arrived. It is sent once more after a quarter of an hour, or at once when somebody says so."},
	string(store.Failed):    {Title: "Nothing failed", Says: "What another server refused for good is listed here, in that server's words."},
}

func showing(state string) string {
	if state == "" {
		return ""
	}
	return "?show=" + state
}

func (h *house) arrivalRow(v *visit.Visit, in store.Incoming) maillog.Arrival {
	row := maillog.Arrival{
		ID: number(in.ID), URL: "/mail/in/" + number(in.ID), At: h.time(v, in.ReceivedAt), To: strings.Join(in.Recipients, ", "), Subject: in.Subject,
		From: shared.Person{Name: cmp.Or(in.FromAddress, "No sender"), Initials: initials(in.FromAddress)}, Outcome: outcome(in), Says: arrivalSays(in),
	}
	if in.Ticket != 0 {
		row.Ticket = "/tickets/" + number(in.Ticket)
	}
	if in.Waits() && access.May(v.Actor, access.DecideHeld) {
		row.Accept, row.Discard = "/held/"+number(in.ID)+"/accept", "/held/"+number(in.ID)+"/discard"
	}
	return row
}

// outcome is what became of a mail. One that was set aside, and about which nobody has to decide, is not held any more.
func outcome(in store.Incoming) string {
	if in.Outcome == "held" && !in.Waits() {
		return string(in.State)
	}
	return cmp.Or(in.Outcome, string(in.State))
}

// arrivalSays is what became of a mail, in words.
func arrivalSays(in store.Incoming) string {
	about := "#" + number(in.Ticket)
	switch outcome(in) {
	case "created":
		return "Opened " + about
	case "threaded":
		return "Added to " + about
	case "duplicate":
		return "The same mail as before"
	case "held":
		return "Held: " + in.Reason
	case string(store.Ignored):
		return "Nothing to decide: " + in.Reason
	case "unreadable":
		return "Could not be read: " + in.Reason
	case "bounce":
		return "A mail of ours came back: " + in.Reason
	case string(store.Received):
		return "Waits to be read"
	}
	return in.Reason
}

// arrival is one mail with everything that is known about it.
func (h *house) arrival(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	in, raw, err := h.desk.RawMail(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	view := maillog.ArrivalView{Arrival: h.arrivalRow(v, in), Raw: string(raw[:min(len(raw), shownRaw)]), RawURL: "/mail/in/" + number(id) + "/raw"}
	view.Facts = []maillog.Fact{{Name: "Return path", Value: returnPathSays(in.EnvelopeFrom)}, {Name: "To", Value: strings.Join(in.Recipients, ", ")}, {Name: "Handed over by", Value: in.Remote}, {Name: "Size", Value: size(in.Size)}}
	if in.State == store.Unreadable && access.May(v.Actor, access.DecideHeld) {
		view.Again = "/mail/in/" + number(id) + "/again"
	}
	if in.MessageID != "" {
		view.Facts = append(view.Facts, maillog.Fact{Name: "Message-ID", Value: in.MessageID})
	}
	if read, err := h.desk.ReadMail(v.Context(), v.Actor, id); err == nil {
		view.Defects = read.Defects
	} else {
		view.Defects = []string{sentence(visit.Says(err))}
	}
	return h.show(v, maillog.ArrivalPage(view))
}

func returnPathSays(path string) string {
	switch path {
	case "":
		return "empty, as of a report or an automatic answer"
	case desk.Unstated:
		return "not stated"
	}
	return path
}

// readAgain lets a mail that could not be read have another turn.
func (h *house) readAgain(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	if err := h.desk.ReadAgain(v.Context(), v.Actor, id); err != nil {
		return err
	}
	return v.SeeOther("/mail/in/" + number(id))
}

// rawMail hands out a mail's source as a file.
func (h *house) rawMail(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	_, raw, err := h.desk.RawMail(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	v.Writer.Header().Set("Content-Type", "application/octet-stream")
	v.Writer.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	v.Writer.Header().Set("Content-Disposition", disposition("attachment", "mail-"+number(id)+".eml"))
	_, err = v.Writer.Write(raw)
	return err
}

// mailOut lists the mail that leaves.
func (h *house) mailOut(v *visit.Visit) error {
	filter := v.Query("show")
	page, err := h.desk.MailOut(v.Context(), v.Actor, store.MailFilter{State: filter, After: v.Query("after")})
	if err != nil {
		return err
	}
	view := maillog.Out{Filter: cmp.Or(filter, "all"), Pager: pager(v, page.Next), Empty: emptyOut[filter]}
	for _, tab := range []struct{ state, label string }{{"", "All"}, {string(store.Queued), "Waiting"}, {string(store.Deferred), "Delayed"}, {string(store.Uncertain), "Uncertain"}, {string(store.Failed), "Failed"}} {
		view.Tabs = append(view.Tabs, maillog.Tab{Label: tab.label, URL: "/mail/out" + showing(tab.state), Current: tab.state == filter})
	}
	for _, o := range page.Items {
		view.List = append(view.List, h.departureRow(v, o))
	}
	return h.show(v, maillog.OutPage(view))
}

func (h *house) departureRow(v *visit.Visit, o store.Outgoing) maillog.Departure {
	row := maillog.Departure{ID: number(o.ID), URL: "/mail/out/" + number(o.ID), At: h.time(v, o.CreatedAt), To: o.To, Subject: o.Subject, State: string(o.State), Says: h.deliverySays(v, o)}
	if o.Ticket != 0 {
		row.Ticket = "/tickets/" + number(o.Ticket)
	}
	return row
}

// departure is one mail to one recipient with every attempt.
func (h *house) departure(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	o, raw, err := h.desk.SentMail(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	view := maillog.DepartureView{Departure: h.departureRow(v, o), Head: string(raw[:min(len(raw), shownRaw)])}
	for _, attempt := range o.Results {
		view.Attempts = append(view.Attempts, maillog.Attempt{At: h.time(v, attempt.At), Phase: attempt.Phase, Says: strings.TrimSpace(fmt.Sprintf("%s %s", attempt.Code, attempt.Says))})
	}
	view.Facts = []maillog.Fact{{Name: "From", Value: o.From}, {Name: "Return path", Value: cmp.Or(o.EnvelopeFrom, "none: an automatic mail")}, {Name: "Message-ID", Value: o.MessageID}}
	if (o.State == store.Failed || o.State == store.Uncertain) && access.May(v.Actor, access.ReplyPublicly) {
		view.Retry = "/mail/out/" + number(id) + "/retry"
	}
	return h.show(v, maillog.DeparturePage(view))
}

// sendAgain tries a mail once more because a person says so.
func (h *house) sendAgain(v *visit.Visit) error {
	id, err := pressed(v)
	if err != nil {
		return err
	}
	if err := h.desk.SendAgain(v.Context(), v.Actor, id); err != nil {
		return err
	}
	return v.SeeOther("/mail/out/" + number(id))
}
