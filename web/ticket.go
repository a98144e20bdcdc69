package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/desk"
	"hark/mail"
	"hark/policy"
	"hark/promise"
	"hark/store"
	"hark/ticket"
	"hark/web/shared"
	page "hark/web/ticket"
	"hark/web/visit"
)

// ticket shows one ticket to an agent.
func (h *house) ticket(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	view, err := h.ticketView(v, id)
	if err != nil {
		return err
	}
	seen := make(chan error, 1) // it becomes durable while the page is drawn, and apart from what the page reads
	ctx, reader := context.WithoutCancel(v.Context()), v.Actor
	go func() { seen <- h.desk.Seen(ctx, reader, id) }()
	shown := h.show(v, page.Page(view))
	if err := <-seen; err != nil {
		v.Note(err) // a ticket can be read when the disk is full
	}
	return shown
}

func (h *house) ticketView(v *visit.Visit, id int64) (page.View, error) {
	p, err := h.desk.TicketPage(v.Context(), v.Actor, id)
	if err != nil {
		return page.View{}, err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return page.View{}, err
	}
	t := p.Ticket
	list := listOf(v, id)
	view := page.View{
		Later: p.Later, Presence: h.presence.says(id, v.Actor.Person, time.Now()),
		Number: number(id), Subject: subjectOr(t.Subject), Status: h.status(p.Policy, t.State), Base: number(p.Last),
		Arrived: h.arrived(v, t, p.CameFrom), Back: page.Link{Label: list.label(), URL: list.path()}, New: len(p.Others) == 0 && len(p.Comments) == 1,
		Dues: h.dues(v, p, true), Talk: h.talk(v, p), Links: append(links(t), mergedLinks(p)...), Merge: mayMergeTicket(v, t), Hand: h.mayHand(v, p), PublicURL: "/tickets/" + number(id) + "/customer",
	}
	if view.Properties, err = h.properties(v, p); err != nil {
		return view, err
	}
	if view.Previous, view.Next, err = h.steps(v, id, list); err != nil {
		return view, err
	}
	view.Rated, view.Cheer = h.rated(v, p), h.cheers(p)
	view.Customer, view.Asks, view.Call = h.customer(v, p), asks(p.Asks), h.sideCall(v, p)
	view.Scope = h.scopeView(v, p)
	if view.Links, err = h.fromCommunity(v, t, view.Links); err != nil {
		return view, err
	}
	view.Way, view.Moves, view.Problem = h.agentsTracker(v, p), moves(p.Moves), ticketProblem(v, p)
	if view.Review, err = h.sideReview(v, p); err != nil {
		return view, err
	}
	if view.Roadmap, err = h.onRoadmap(v, p); err != nil {
		return view, err
	}
	if t.Category == ticket.Closed {
		view.Closed = h.closed(v, p)
	} else if access.May(v.Actor, access.WriteNote) {
		view.Composer = h.composer(v, p)
		view.Prepared = prepared(v, p)
	}
	if p.Undo.Audit != 0 {
		view.Undo = &page.Undo{Send: number(p.Undo.Audit), Says: undoSays(p), Seconds: int(p.Undo.Until.Sub(h.desk.Now()).Seconds()), Until: h.toTheSecond(v, p.Undo.Until)}
	}
	return view, nil
}

// undoSays is what is about to happen unless it is taken back.
func undoSays(p desk.TicketPage) string {
	if !p.Undo.Mails {
		return "Done, and nobody is mailed"
	}
	return "Sending to " + cmp.Or(p.Ticket.Requester.Name, p.Ticket.Requester.Address)
}

// toTheSecond is an instant so near that its seconds count.
func (h *house) toTheSecond(v *visit.Visit, at time.Time) shared.Time {
	said := h.time(v, at)
	said.Relative = at.In(h.zone(v)).Format("15:04:05 MST")
	return said
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

func (h *house) arrived(v *visit.Visit, t ticket.Ticket, from article.Article) string {
	by := map[string]string{"email": "By mail", "portal": "From the portal", "api": "By a program", "phone_in": "By phone", "widget": "From the widget", "community": "From the community"}[t.Channel]
	says := cmp.Or(by, "Arrived") + ", " + h.time(v, t.Created).Exact
	if from.ID != 0 {
		says += ", after reading “" + from.Title + "”"
	}
	return says
}

// dues are the times of a ticket, each with its why; owed leaves out what is settled.
func (h *house) dues(v *visit.Visit, p desk.TicketPage, owed bool) []shared.Due {
	var dues []shared.Due
	for i, e := range p.Why {
		if owed && !e.Owed() {
			continue
		}
		due := shared.Due{
			ID: "why-" + strconv.Itoa(i), What: sentenceCase(e.Does), At: h.time(v, e.At), Strength: strength(e.Strength), State: dueState(e, h.desk.Now()),
			Why: shared.Why{Sentences: []string{e.Sentence}, Rule: e.Rule, RuleURL: h.policyURL(v, p.Policy, p.Brand)},
		}
		if due.State == shared.Paused {
			due.Note = "waits for the customer"
		}
		dues = append(dues, due)
	}
	return dues
}

func dueState(e policy.Explanation, now time.Time) shared.DueState {
	switch {
	case e.State == promise.Paused:
		return shared.Paused
	case e.State == promise.Kept:
		return shared.Kept
	case e.State == promise.Missed, e.Strength != "" && e.At.Before(now):
		return shared.Missed
	}
	return shared.Running
}

// talk is the conversation in order: messages, held mail, and what happened between them in quiet lines.
func (h *house) talk(v *visit.Visit, p desk.TicketPage) []page.Item {
	type moment struct {
		at   time.Time
		item page.Item
	}
	var moments []moment
	sent := deliveries(p.Outgoing)
	staff := map[int64]bool{}
	for _, c := range p.Comments {
		staff[c.Author.ID] = c.Author.ID != 0 && c.Author.ID != p.Ticket.Requester.ID && !among(p.Ticket.CCs, c.Author.ID)
		moments = append(moments, moment{c.Created, page.Item{Message: pointer(h.message(v, p, c, staff[c.Author.ID], sent[c.ID]))}})
	}
	for _, audit := range p.Audits {
		for _, e := range h.events(v, p, audit) {
			moments = append(moments, moment{audit.At, page.Item{Events: []shared.Event{e}}})
		}
	}
	for _, in := range p.Held {
		moments = append(moments, moment{in.ReceivedAt, page.Item{Message: pointer(h.heldMessage(v, in))}})
	}
	slices.SortStableFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) })
	var items []page.Item
	for _, m := range moments {
		if last := len(items) - 1; last >= 0 && m.item.Events != nil && items[last].Events != nil {
			items[last].Events = append(items[last].Events, m.item.Events...)
			continue
		}
		items = append(items, m.item)
	}
	return items
}

func among(people []ticket.Person, id int64) bool {
	return slices.ContainsFunc(people, func(p ticket.Person) bool { return p.ID == id })
}

func (h *house) message(v *visit.Visit, p desk.TicketPage, c ticket.Comment, ours bool, sent []store.Outgoing) shared.Message {
	m := shared.Message{
		ID: "comment-" + number(c.ID), From: ticketPerson(c.Author, ours), At: h.time(v, c.Created), Internal: !c.Public,
		Text: c.Trimmed, HTML: c.HTML, Quoted: c.Quoted, Signed: mail.IsSignature(c.Quoted), Via: via(c), Files: h.files(p.Ticket.ID, c.Attachments),
	}
	if !c.Author.Known() && c.Author.Name == "" {
		m.From = shared.Person{Name: "The policy", Initials: "§", Agent: true}
	}
	if !c.Author.Known() && c.Via == ticket.ViaImport { // it left from an address of ours, and nobody knows by whose hand
		m.From = shared.Person{Name: "The team", Initials: "T", Agent: true}
	}
	if c.Unverified {
		m.From.Warning = "It could not be checked that this really comes from this address"
	}
	if c.ThirdParty != "" {
		m.From.Warning = "Not part of this conversation: " + c.ThirdParty
	}
	if c.Mail != 0 && access.May(v.Actor, access.SeeRawMail) {
		m.Source = "/mail/in/" + number(c.Mail)
	}
	m.Delivery = h.delivery(v, sent)
	return folded(v, m, c)
}

// writtenBy says what is known of a machine that may have written a mail.
func writtenBy(automatic string) string {
	switch mail.Automatic(automatic) {
	case "", mail.AutoNo:
		return ""
	case mail.AutoPerhaps:
		return ", perhaps written by a machine"
	}
	return ", written by a machine"
}

func via(c ticket.Comment) string {
	switch c.Via {
	case "email":
		return "by mail" + writtenBy(c.Automatic)
	case "portal":
		return "from the portal"
	case "api":
		return "by a program"
	case ticket.ViaImport:
		if c.Mail == 0 {
			return "imported"
		}
		return "by mail, imported"
	}
	return ""
}

func (h *house) heldMessage(v *visit.Visit, in store.Incoming) shared.Message {
	text, cut := beginning(h.heldText(v, in))
	source, all := "/mail/in/"+number(in.ID), ""
	if cut {
		all = source
	}
	return shared.Message{
		ID: "held-" + number(in.ID), From: shared.Person{Name: in.FromAddress, Email: in.FromAddress, Initials: initials(in.FromAddress)},
		At: h.time(v, in.ReceivedAt), Text: text, All: all, Source: source,
		Held: &shared.Held{Why: sentence(in.Reason), Accept: "/held/" + number(in.ID) + "/accept", Discard: "/held/" + number(in.ID) + "/discard"},
	}
}

// heldText is what the held mail says, read anew from its source.
func (h *house) heldText(v *visit.Visit, in store.Incoming) string {
	read, err := h.desk.ReadMail(v.Context(), v.Actor, in.ID)
	if err != nil {
		return in.Subject
	}
	return read.TextTrimmed
}

func (h *house) files(ticketID int64, attachments []ticket.Attachment) []shared.Attachment {
	var files []shared.Attachment
	for _, a := range attachments {
		files = append(files, shared.Attachment{Name: shared.Straight(a.Name), Size: size(a.Size), URL: "/tickets/" + number(ticketID) + "/files/" + number(a.ID)})
	}
	return files
}

// deliveries are the mails that carry each comment.
func deliveries(all []store.Outgoing) map[int64][]store.Outgoing {
	of := map[int64][]store.Outgoing{}
	for _, o := range all {
		if o.Comment != 0 {
			of[o.Comment] = append(of[o.Comment], o)
		}
	}
	return of
}

// delivery is the worst of what became of a message's mails: one failed copy must not hide behind a delivered one.
func (h *house) delivery(v *visit.Visit, sent []store.Outgoing) *shared.Delivery {
	if len(sent) == 0 {
		return nil
	}
	worst := slices.MaxFunc(sent, func(a, b store.Outgoing) int { return cmp.Compare(badness(a.State), badness(b.State)) })
	return &shared.Delivery{State: string(worst.State), Says: h.deliverySays(v, worst), URL: "/mail/out/" + number(worst.ID)}
}

func badness(s store.OutgoingState) int {
	return slices.Index([]store.OutgoingState{store.Sent, store.HeldBack, store.Queued, store.Sending, store.Deferred, store.Uncertain, store.Failed}, s)
}

func (h *house) deliverySays(v *visit.Visit, o store.Outgoing) string {
	switch o.State {
	case store.Sent:
		return fmt.Sprintf("Delivered to %s at %s", cmp.Or(o.Host, o.To), h.clock(v, o.SentAt))
	case store.HeldBack:
		return "Leaves in a moment"
	case store.Queued, store.Sending:
		return "Being sent"
	case store.Deferred:
		return "Not delivered yet, next try " + h.time(v, o.NextAt).Relative
	case store.Uncertain:
		return "Delivery uncertain: the other server did not answer after taking it"
	case store.Failed:
		return "Not delivered: " + o.LastError
	}
	return string(o.State)
}

func (h *house) clock(v *visit.Visit, at time.Time) string { return at.In(h.zone(v)).Format("15:04") }

func (h *house) closed(v *visit.Visit, p desk.TicketPage) *page.Closed {
	c := &page.Closed{Title: "Closed " + h.time(v, p.Ticket.Memory.Entered).Relative, Says: "Nothing can be changed here any more. If the customer writes again, a linked follow-up begins."}
	if p.Ticket.FollowedBy != 0 {
		c.Says = "It goes on in #" + number(p.Ticket.FollowedBy) + "."
	}
	return c
}

func links(t ticket.Ticket) []page.Link {
	var all []page.Link
	if t.FollowUpOf != 0 {
		all = append(all, page.Link{Label: "Continues #" + number(t.FollowUpOf), URL: "/tickets/" + number(t.FollowUpOf)})
	}
	if t.FollowedBy != 0 {
		all = append(all, page.Link{Label: "Goes on in #" + number(t.FollowedBy), URL: "/tickets/" + number(t.FollowedBy)})
	}
	return all
}

// composer is where the answer is written. The first way to send is the one this state most often needs.
func (h *house) composer(v *visit.Visit, p desk.TicketPage) *shared.Composer {
	c := &shared.Composer{
		Ticket: number(p.Ticket.ID), Base: number(p.Last), Draft: number(lastOf(p.Audits, v.Actor.Person)), Writing: "reply",
		To: []shared.Person{ticketPerson(p.Ticket.Requester, false)}, From: h.from(v, p),
	}
	for _, cc := range p.Ticket.CCs {
		c.To = append(c.To, ticketPerson(cc, false))
	}
	if p.Draft != nil {
		c.BodyHTML, c.Body, c.Saved = p.Draft.Body, plain(p.Draft.Body), "Draft saved "+h.clock(v, p.Draft.Updated)
	}
	if p.Note != nil {
		c.Note = p.Note.Body
	}
	for _, choice := range p.Choices {
		c.Sends = append(c.Sends, shared.Send{
			Status: shared.Status{ID: choice.State, Category: string(choice.Category), Label: choice.Label},
			Label:  "Send as " + choice.Label, Follows: sentenceCase(choice.Follows),
		})
	}
	if c.NotesOnly = !access.May(v.Actor, access.ReplyPublicly); c.NotesOnly {
		c.Sends = nil
	}
	if running, _, err := h.running(v); err == nil && running != nil { // not the one the ticket began with: the help is there today or it is not
		c.Cites = helpPath(running) != ""
	}
	if len(c.Sends) == 0 {
		c.Writing = "note"
	}
	return c
}

// prepared are the policy's messages that the reader can answer with, where they do not write answers of their own.
func prepared(v *visit.Visit, p desk.TicketPage) *page.Prepared {
	ids := p.Policy.Prepared()
	if !access.May(v.Actor, access.SendPrepared) || len(ids) == 0 {
		return nil
	}
	all := page.Prepared{Base: number(p.Last), Draft: number(lastOf(p.Audits, v.Actor.Person)), Only: !access.May(v.Actor, access.ReplyPublicly)}
	for _, id := range ids {
		all.Messages = append(all.Messages, shared.Option{Value: id, Label: messageLabel(p.Policy, id)})
	}
	for _, choice := range p.Choices {
		all.Statuses = append(all.Statuses, shared.Option{Value: choice.State, Label: "Send as " + choice.Label})
	}
	return &all
}

// messageLabel is a message as a menu names it, with the files that it carries.
func messageLabel(p *policy.Policy, id string) string {
	label := p.MessageName(id)
	if files := p.Doc.Messages[id].Files; len(files) > 0 {
		label += ", with " + strings.Join(files, ", ")
	}
	return label
}

// lastOf is the newest thing a person did on a ticket: with it a new composer begins. What others do meanwhile leaves the
// one that is being written in alone.
func lastOf(audits []ticket.Audit, person int64) (last int64) {
	for _, a := range audits {
		if a.Author.ID == person {
			last = max(last, a.ID)
		}
	}
	return last
}

// from is the address the customer will see: the mailbox of the ticket's brand.
func (h *house) from(v *visit.Visit, p desk.TicketPage) string {
	name := cmp.Or(p.Brand.Name, p.Policy.Doc.Company)
	address, err := h.desk.WritesFrom(v.Context(), p.Ticket.Brand)
	if err != nil {
		v.Note(err)
	}
	if address == "" {
		return name
	}
	return name + " <" + address + ">"
}

// properties are what can be set beside the conversation.
func (h *house) properties(v *visit.Visit, p desk.TicketPage) (page.Properties, error) {
	t := p.Ticket
	out := page.Properties{
		Assignee: cmp.Or(t.Assignee.Name, t.Assignee.Address, "Nobody"), Priority: cmp.Or(t.Priority, "Normal"), Tags: t.Tags,
		Locked: t.Category == ticket.Closed || !access.May(v.Actor, access.ChangeTicket), Kind: t.Kind, Group: p.Group,
	}
	for _, name := range slices.Sorted(maps.Keys(t.Fields)) {
		out.Fields = append(out.Fields, page.Fact{Name: name, Value: t.Fields[name]})
	}
	if !out.Locked {
		for _, choice := range p.Choices {
			out.Statuses = append(out.Statuses, shared.Status{ID: choice.State, Category: string(choice.Category), Label: choice.Label})
		}
	}
	for _, id := range p.Policy.Kinds() {
		label := p.Policy.Doc.Kinds[id].Label
		out.Kinds = append(out.Kinds, shared.Option{Value: id, Label: label, Chosen: id == t.Kind})
		if id == t.Kind {
			out.Kind = label
		}
	}
	out.Priorities = priorities(t.Priority)
	for _, cc := range t.CCs {
		out.Followers = append(out.Followers, ticketPerson(cc, false))
	}
	var err error
	out.Assignees, err = h.assignees(v, t.Assignee.ID)
	return out, err
}

// priorities are the choices of one, from the lowest.
func priorities(chosen string) (all []shared.Option) {
	for _, level := range []string{"low", "normal", "high", "urgent"} {
		all = append(all, shared.Option{Value: level, Label: sentenceCase(level), Chosen: level == chosen})
	}
	return all
}

// customer is who asks and what else is known about them.
func (h *house) customer(v *visit.Visit, p desk.TicketPage) page.Customer {
	c := page.Customer{Person: person(p.Requester), Others: h.rows(v, p.Others), About: aboutView(v, p), Project: projectView(v, p)}
	if access.May(v.Actor, access.SeeCustomers) {
		c.Person.URL = customerPath(p.Requester.ID)
	}
	if zone, err := time.LoadLocation(p.Requester.Zone); err == nil && p.Requester.Zone != "" {
		c.Facts = append(c.Facts, page.Fact{Name: "Local time", Value: h.desk.Now().In(zone).Format("Mon 15:04 MST")})
	}
	for name, value := range p.Requester.Facts {
		c.Facts = append(c.Facts, page.Fact{Name: name, Value: fmt.Sprint(value)})
	}
	slices.SortFunc(c.Facts, func(a, b page.Fact) int { return cmp.Compare(a.Name, b.Name) })
	if p.Requester.Unreachable != "" {
		c.Note = "Mail does not reach this address: " + p.Requester.Unreachable
	} else if len(p.Others) == 0 {
		c.Note = "First contact. Nothing else is known."
	}
	for _, task := range p.Tasks {
		if !task.Done.IsZero() {
			continue
		}
		c.Facts = append(c.Facts, page.Fact{Name: "To do", Value: task.Says})
	}
	return c
}

// aboutView is which of the customer's things a ticket is about; nil when they own nothing.
func aboutView(v *visit.Visit, p desk.TicketPage) *page.About {
	if len(p.Things) == 0 {
		return nil
	}
	var out page.About
	about := p.About
	if about == (account.About{}) && len(p.Things) == 1 {
		about = p.Things[0].About
	}
	for _, t := range p.Things {
		if t.About == about {
			out.Name, out.Level, out.Because, out.Support = thingName(t), t.Level.Label, t.Level.Because, p.Policy.Supports(t.Level.Level)
		}
	}
	if !access.May(v.Actor, access.ChangeTicket) || p.Ticket.Category == ticket.Closed {
		return &out
	}
	out.Options = append(out.Options, shared.Option{Value: "", Label: "Nobody has said", Chosen: p.About == (account.About{})})
	for _, t := range p.Things {
		out.Options = append(out.Options, shared.Option{Value: t.About.String(), Label: thingName(t) + ", " + thingSays(t), Chosen: t.About == p.About})
	}
	return &out
}

// why lists every time of a ticket with its reason, on a page of its own.
func (h *house) why(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	p, err := h.desk.TicketPage(v.Context(), v.Actor, id)
	if err != nil {
		return err
	}
	return h.show(v, page.Why(page.WhyView{Number: number(id), Subject: subjectOr(p.Ticket.Subject), Dues: h.dues(v, p, false)}))
}
