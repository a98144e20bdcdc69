package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/policy"
	"hark/ticket"
	"hark/web/portal"
	"hark/web/shared"
	"hark/web/visit"
)

// maxFiles says what a form takes.
var maxFiles = fmt.Sprintf("Up to %d files, %d MB together", maxFilesAtOnce, desk.MostAttached>>20)

// portal is the customer's first page, signed in or not.
func (h *house) portal(v *visit.Visit) error {
	p, _, err := h.running(v)
	if err != nil {
		return err
	}
	home := portal.Home{SignedIn: v.Session != "", Ask: "Tell us what happened, or what you would like. You get a mail with a link to follow it."}
	if p != nil {
		home.State, home.Help = h.openSays(v, p), helpPath(p) != ""
	}
	if !home.SignedIn {
		return h.show(v, portal.HomePage(home))
	}
	page, err := h.desk.OwnRequests(v.Context(), v.Actor, v.Query("after"))
	if err != nil {
		return err
	}
	for _, row := range page.Items {
		request := h.requestRow(v, p, row)
		if row.Category == ticket.Closed || row.Category == ticket.Solved {
			home.Closed = append(home.Closed, request)
		} else {
			home.Requests = append(home.Requests, request)
		}
	}
	home.Pager = pager(v, page.Next)
	return h.show(v, portal.HomePage(home))
}

func (h *house) requestRow(v *visit.Visit, p *policy.Policy, row desk.OwnRequest) portal.Request {
	r := portal.Request{
		Number: number(row.ID), Subject: subjectOr(row.Subject), URL: "/requests/" + number(row.ID), Updated: h.time(v, row.Updated),
		Asks: row.Category == ticket.Pending, Status: shared.Status{Category: publicCategory(row.Category), Label: row.State},
	}
	if p != nil {
		r.Status.Label = p.StateLabel(row.State)
		r.Says = p.Doc.Lifecycle.States[row.State].Means
	}
	r.Says = cmp.Or(h.standsSays(v, row.Progress, row.Category), r.Says)
	return r
}

// publicCategory hides whether an agent has looked yet: for customers a ticket is open from the start.
func publicCategory(c ticket.Category) string {
	if c == ticket.New {
		return string(ticket.Open)
	}
	return string(c)
}

// openSays is the state line: whether somebody is there, until when, in the desk's zone and in the reader's.
func (h *house) openSays(v *visit.Visit, p *policy.Policy) string {
	if h.untold(v) {
		return ""
	}
	c := h.openNow(v, p)
	if c.Says == "" {
		return ""
	}
	hours := h.hours(v, p)
	status := hours.At(h.desk.Now())
	reader := v.Zone(hours.Zone)
	if status.Until.IsZero() || reader.String() == hours.Zone.String() {
		return c.Says
	}
	return c.Says + ", " + status.Until.In(reader).Format("Mon 15:04") + " your time"
}

// newRequest is the form for something new.
func (h *house) newRequest(v *visit.Visit) error {
	form := portal.New{SignedIn: v.Session != "", Subject: v.Query("subject"), Article: v.Query("article"), Searched: v.Query("searched")}
	return h.requestForm(v, http.StatusOK, form, asked{kind: v.Query("kind"), about: v.Query("about")})
}

// asked is what the request form was told: the kind that is chosen, what it is about, the facts that were said for that kind, and
// why some of them cannot be taken.
type asked struct {
	kind, about string
	said, wrong map[string]string
}

// requestForm shows the form.
func (h *house) requestForm(v *visit.Visit, status int, form portal.New, in asked) error {
	if err := h.fillRequest(v, &form, in); err != nil {
		return err
	}
	return h.showStatus(v, status, portal.NewPage(form))
}

// fillRequest adds what the running policy asks.
func (h *house) fillRequest(v *visit.Visit, form *portal.New, in asked) error {
	form.Key, form.MaxFiles = visit.Random(), maxFiles
	p, brand, err := h.running(v)
	if err == nil {
		err = h.fromHelp(v, p, form)
	}
	if err != nil {
		return err
	}
	if p != nil {
		chosen := cmp.Or(in.kind, p.DefaultKind())
		form.Asks = kindAsks(p, in.said, in.wrong, chosen, v.Zone(p.CallZone()))
		for _, id := range p.Kinds() {
			kind := p.Doc.Kinds[id]
			form.Kinds = append(form.Kinds, shared.Option{Value: id, Label: kind.Label, Hint: kindHint(kind.Means, p.UsuallyBegins(id)), Chosen: id == chosen})
		}
		if !form.SignedIn && p.SignInFirst(chosen) {
			form.SignIn = "/portal/code?next=" + url.QueryEscape("/requests/new")
		}
		if form.Which, err = h.which(v, p, brand.ID, in.about, form.Wrong["about"]); err != nil {
			return err
		}
	}
	return nil
}

// kindHint says what a kind of request is, and how long it usually takes until somebody begins with one.
func kindHint(means, usual string) string {
	if usual == "" {
		return means
	}
	return strings.TrimSpace(means + " Usual time until we begin: " + strings.TrimSuffix(usual, ".") + ".")
}

// which asks what a request is about, with what the reader owns as of today, where the policy wants to know (S1-16).
func (h *house) which(v *visit.Visit, p *policy.Policy, brand int64, chosen, wrong string) (*portal.Which, error) {
	needs := func(kind string) bool { return p.NeedsOrder(kind) }
	if !access.May(v.Actor, access.OwnTickets) || !slices.ContainsFunc(p.Kinds(), needs) {
		return nil, nil
	}
	things, err := h.desk.Things(v.Context(), v.Actor, brand)
	if err != nil {
		return nil, err
	}
	who, err := h.desk.Person(v.Context(), v.Actor, v.Actor.Person)
	if err != nil {
		return nil, err
	}
	which := &portal.Which{Error: wrong, Email: who.Email, Needed: !slices.ContainsFunc(p.Kinds(), func(kind string) bool { return !needs(kind) })}
	for _, t := range things {
		which.Things = append(which.Things, portal.Thing{
			Value: t.About.String(), Name: thingName(t), Says: thingSays(t), Level: t.Level.Label, Because: t.Level.Because, Support: p.Supports(t.Level.Level),
			Chosen: t.About.String() == chosen || len(things) == 1,
		})
	}
	return which, nil
}

// sendRequest takes the form. Somebody who is signed in gets a ticket at once; a stranger gets a mail with a link, and the
// request waits for it (D1). What was written comes back when it cannot be used.
func (h *house) sendRequest(v *visit.Visit) error {
	return h.requestSent(v, portal.New{SignedIn: v.Session != ""}, h.take, h.requestForm)
}

// requestSent reads the form, lets take make a request of it, and shows it again with what was written when it cannot be used.
func (h *house) requestSent(v *visit.Visit, form portal.New, take func(*visit.Visit, desk.Request, string) error, show func(*visit.Visit, int, portal.New, asked) error) error {
	var in struct {
		Kind    string   `form:"kind"`
		About   string   `form:"about"`
		Subject string   `form:"subject"`
		Body    string   `form:"body"`
		Fact    []string `form:"fact"`
		Value   []string `form:"value"`
		Name    string   `form:"name"`
		Email   string   `form:"email"`
		Website string   `form:"website"` // nobody sees this field; machines fill it in
		Key     string   `form:"key"`
		Article string   `form:"article"`
		Search  string   `form:"searched"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	said := saidFor(in.Kind, in.Fact, in.Value)
	clock, err := h.callClock(v)
	if err != nil {
		return err
	}
	facted, times, phone := offered(said, clock)
	facts, wrong, err := h.formFacts(v, in.Kind, facted)
	if err != nil {
		return err
	}
	_, brand, err := h.running(v)
	if err != nil {
		return err
	}
	request := desk.Request{Brand: brand.ID, About: in.About, Requester: in.Email, Name: in.Name, Subject: in.Subject, Text: in.Body, Kind: in.Kind, Facts: facts,
		Times: times, Phone: phone, Zone: clock.String(), Key: in.Key, Channel: "portal", Remote: h.options.Guard.Remote(v.Request).String(), Article: in.Article, Searched: in.Search}
	if len(wrong) == 0 {
		if err = take(v, request, in.Website); err == nil || visit.Status(err) >= 500 {
			return err
		}
	}
	form.Subject, form.Body, form.Name, form.Email, form.Errors = in.Subject, in.Body, in.Name, in.Email, factErrors(in.Kind, wrong)
	form.Article, form.Searched = in.Article, in.Search
	if err != nil {
		field := "body"
		if desk.IsAbout(err) {
			field, form.Wrong = "about", map[string]string{"about": sentence(fault.Says(err))}
		}
		form.Errors = []shared.FormError{{Field: field, Says: sentence(fault.Says(err))}}
	}
	return show(v, visit.Status(cmp.Or(err, errFacts)), form, asked{in.Kind, in.About, said, wrong})
}

// callClock is the clock on which a visitor writes times: their own, else the company's.
func (h *house) callClock(v *visit.Visit) (*time.Location, error) {
	p, _, err := h.running(v)
	if err != nil || p == nil {
		return v.Zone(time.UTC), err
	}
	return v.Zone(p.CallZone()), nil
}

// errNoWords is what an empty request is refused with.
var errNoWords = fault.New(fault.Invalid, "Please write what happened, or what you would like.")

func (h *house) take(v *visit.Visit, request desk.Request, trap string) error {
	if trap != "" {
		return v.SeeOther("/portal")
	}
	if strings.TrimSpace(request.Text) == "" {
		return errNoWords
	}
	if v.Session == "" {
		if err := h.desk.Ask(v.Context(), request); err != nil {
			return err
		}
		return h.show(v, portal.AskedPage(request.Requester))
	}
	files, err := h.keepFiles(v)
	if err != nil {
		return err
	}
	request.Files, request.Requester = files, ""
	done, err := h.desk.Create(v.Context(), v.Actor, request)
	if err != nil {
		return err
	}
	return v.SeeOther("/requests/" + number(done.Ticket.ID) + "?arrived=yes")
}

// request is one of the customer's own tickets.
func (h *house) request(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerTicket(v, v.Actor, id, "/requests/"+number(id), nil)
}

// linked is the ticket a signed link opens, for whoever holds it.
func (h *house) linked(v *visit.Visit) error {
	actor, err := h.desk.OpenTicketLink(v.Context(), v.Path("token"))
	if fault.Is(err, fault.Refused) {
		return h.endedLink(v, err)
	}
	if err == nil {
		err = h.clockOf(v, actor)
	}
	if err != nil {
		return err
	}
	return h.customerTicket(v, actor, actor.Ticket, "/t/"+url.PathEscape(v.Path("token")), nil)
}

// clockOf tells times to the holder of a link on their own clock, when it is on their record.
func (h *house) clockOf(v *visit.Visit, a access.Actor) error {
	person, err := h.desk.Person(v.Context(), a, a.Person)
	v.Person.Zone, v.Person.Facts = person.Zone, person.Facts
	return err
}

// endedLink offers a new link, and keeps what was written behind the old one.
func (h *house) endedLink(v *visit.Visit, ended error) error {
	again := "/t/" + url.PathEscape(v.Path("token")) + "/again"
	return h.showStatus(v, http.StatusGone, portal.EndedPage(portal.Ended{Says: sentence(fault.Says(ended)), Again: again, Words: v.Wrote()}))
}

// customerTicket shows a ticket as its customer sees it. base is the address of the page.
func (h *house) customerTicket(v *visit.Visit, a access.Actor, id int64, base string, draft *portal.Ticket) error {
	p, err := h.desk.TicketPage(v.Context(), a, id)
	if err != nil {
		return err
	}
	if err := h.inBrand(v, p.Brand); err != nil {
		return err
	}
	t := p.Ticket
	view := portal.Ticket{
		Key: visit.Random(), Number: number(id), Subject: subjectOr(t.Subject), Status: shared.Status{Category: publicCategory(t.Category), Label: p.Label},
		Kind: p.Policy.Doc.Kinds[t.Kind].Label, Says: h.expectation(v, p), Arrived: v.Query("arrived") != "", Reply: base + "/reply", MaxFiles: maxFiles,
	}
	if title, says, label, address := h.callOnRequest(v, p, base); title != "" {
		view.Call = &portal.Call{Title: title, Says: says, Label: label, URL: address}
	}
	for _, c := range p.Comments {
		m := h.message(v, p, c, c.Author.ID != t.Requester.ID && !among(t.CCs, c.Author.ID), nil)
		m.Source, m.Files = "", h.linkedFiles(base, c.Attachments)
		view.Talk = append(view.Talk, m)
	}
	view.Rating = askedRating(p, base)
	view.Way, view.Problem = h.customersTracker(v, p, view.Talk), h.customersProblem(v, p)
	view.Look, view.Scope = h.look(v, p, base), customersScope(p)
	switch t.Category {
	case ticket.Pending:
		view.Asks = &portal.Asks{Title: "We need something from you", Says: h.closingSays(v, p, "Please answer below.")}
	case ticket.Closed:
		view.Closed = "If you write, a new request begins, linked to this one."
		if next := t.FollowedBy; next != 0 {
			view.Closed = "It goes on in request #" + number(next) + ". What you write here goes there."
			view.Next, view.NextURL = "Open #"+number(next), h.continuation(v, a, next)
		}
	}
	if draft != nil {
		view.Draft, view.Errors = draft.Draft, draft.Errors
		return h.showStatus(v, http.StatusUnprocessableEntity, portal.TicketPage(view))
	}
	return h.show(v, portal.TicketPage(view))
}

// expectation is what happens next, in the policy's words.
func (h *house) expectation(v *visit.Visit, p desk.TicketPage) string {
	if says := h.standsSays(v, p.Progress, p.Ticket.Category); says != "" {
		return says
	}
	means := p.Policy.Doc.Lifecycle.States[p.Ticket.State].Means
	if p.Ticket.Category == ticket.Solved {
		return h.closingSays(v, p, means)
	}
	return means
}

func (h *house) closingSays(v *visit.Visit, p desk.TicketPage, says string) string {
	if p.Closes.IsZero() {
		return says
	}
	return strings.TrimSpace(says + " Without an answer this request closes on " + h.time(v, p.Closes).Exact + ".")
}

func (h *house) linkedFiles(base string, attachments []ticket.Attachment) []shared.Attachment {
	files := h.files(0, attachments)
	for i := range files {
		files[i].URL = base + "/files/" + number(attachments[i].ID)
	}
	return files
}

// requestReply adds a signed-in customer's message.
func (h *house) requestReply(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.customerReply(v, v.Actor, id, "/requests/"+number(id))
}

// linkedReply adds a message through the ticket's link.
func (h *house) linkedReply(v *visit.Visit) error {
	actor, err := h.desk.OpenTicketLink(v.Context(), v.Path("token"))
	if fault.Is(err, fault.Refused) {
		return h.endedLink(v, err)
	}
	if err != nil {
		return err
	}
	return h.customerReply(v, actor, actor.Ticket, "/t/"+url.PathEscape(v.Path("token")))
}

func (h *house) customerReply(v *visit.Visit, a access.Actor, id int64, base string) error {
	var in struct {
		Body string `form:"body"`
		Key  string `form:"key"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	as := *v
	as.Actor = a
	files, err := h.keepFiles(&as)
	if err == nil {
		var done desk.Done
		done, err = h.desk.Reply(v.Context(), a, desk.Reply{Ticket: id, Text: in.Body, Files: files, Key: in.Key})
		if err == nil && done.Ticket.ID != id {
			return v.SeeOther(h.continuation(v, a, done.Ticket.ID) + "?arrived=yes")
		}
	}
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) {
		return h.customerTicket(v, a, id, base, &portal.Ticket{Draft: in.Body, Errors: []shared.FormError{{Field: "body", Says: sentence(fault.Says(err))}}})
	}
	if err != nil {
		return err
	}
	return v.SeeOther(base)
}

// continuation is where somebody who wrote to a closed ticket goes on: their own list when they are signed in, else a
// link of their own. It is never somebody else's link: whoever holds a link writes as the person it was made for (C17).
func (h *house) continuation(v *visit.Visit, a access.Actor, ticketID int64) string {
	if a.Ticket == 0 {
		return "/requests/" + number(ticketID)
	}
	return h.localTicketLink(ticketID, a.Person)
}

// localTicketLink is one person's link of a ticket as a path on this host.
func (h *house) localTicketLink(ticketID, person int64) string {
	return h.desk.TicketPath(ticketID, person, h.desk.Now())
}

// mailLinkAgain mails a fresh link to the address on file; whoever holds the old one learns nothing.
func (h *house) mailLinkAgain(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.MailTicketLink(v.Context(), v.Path("token"), h.options.Guard.Remote(v.Request).String()); err != nil {
		return err
	}
	return h.show(v, portal.EndedPage(portal.Ended{Sent: true}))
}

// shownInline are the types a browser may show in place, when the bytes really are what they say (A5, A6, A7).
var shownInline = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// file hands out an attachment of a ticket the visitor may read.
func (h *house) file(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	return h.download(v, v.Actor, id)
}

func (h *house) linkedFile(v *visit.Visit) error {
	actor, err := h.desk.OpenTicketLink(v.Context(), v.Path("token"))
	if err != nil {
		return err
	}
	return h.download(v, actor, actor.Ticket)
}

// download decides on content, never on name or claimed type: four kinds of pictures are shown, everything else is saved.
func (h *house) download(v *visit.Visit, a access.Actor, ticketID int64) error {
	id, err := v.Number("file")
	if err != nil {
		return err
	}
	f, content, err := h.desk.Attachment(v.Context(), a, ticketID, id)
	if err != nil {
		return err
	}
	defer content.Close()
	return serveFile(v, f, content)
}

func inlineType(head []byte) string {
	kind := http.DetectContentType(head)
	if slices.Contains(shownInline, kind) {
		return kind
	}
	return ""
}

// disposition names a download by the sender's name, encoded so that nothing in it can be mistaken (RFC 6266, G1).
func disposition(how, name string) string {
	name = strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff || strings.ContainsRune(`/\":*?<>|`, r) {
			return '_'
		}
		return r
	}, name)
	if name == "" || strings.Trim(name, ". ") == "" {
		name = "file"
	}
	return fmt.Sprintf("%s; filename*=UTF-8''%s", how, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}
