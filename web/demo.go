package web

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hark/access"
	"hark/desk"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/web/catcher"
	"hark/web/demo"
	"hark/web/shared"
	"hark/web/visit"
)

// demoClock is the demo's bar: the time, and what would happen next. On a ticket's page it is that ticket's next.
func (h *house) demoClock(v *visit.Visit, p *policy.Policy) (*shared.Demo, error) {
	d := &shared.Demo{Now: h.time(v, h.desk.Now()), Back: v.Request.URL.RequestURI()}
	if v.Request.Method != http.MethodGet {
		d.Back = back(v)
	}
	at, says, err := h.nextAt(v, d.Back)
	if err != nil || at.IsZero() {
		return d, err
	}
	d.At = at.UTC().Format(time.RFC3339Nano)
	d.Next = strings.TrimSpace(at.In(h.zone(v)).Format("Mon 2 Jan 15:04") + ": " + cmp.Or(says, "something is due"))
	return d, nil
}

// nextAt is the next instant at which something happens by itself: on the ticket that a page shows, else anywhere.
func (h *house) nextAt(v *visit.Visit, page string) (time.Time, string, error) {
	if id := ticketOf(page); id != 0 {
		t, err := h.desk.TicketPage(v.Context(), v.Actor, id)
		if err != nil || !t.Next.IsZero() {
			return t.Next, t.NextSays, err
		}
	}
	at, id, says, err := h.desk.NextHappening(v.Context())
	if id != 0 {
		says += ", #" + number(id)
	}
	return at, says, err
}

// ticketOf is the number of the ticket that an agent's page shows, 0 for other pages.
func ticketOf(page string) int64 {
	rest, is := strings.CutPrefix(page, "/tickets/")
	if !is {
		return 0
	}
	digits, _, _ := strings.Cut(rest, "?")
	id, _ := strconv.ParseInt(digits, 10, 64)
	return id
}

// demoNext moves the clock to what happens next, and lets everything on the way happen. Where that has happened already, as after a
// double click, nothing more does.
func (h *house) demoNext(v *visit.Visit) error {
	var in struct {
		Back string `form:"back"`
		At   string `form:"at"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	page := visit.LocalPath(in.Back, "/inbox")
	if meant, err := time.Parse(time.RFC3339Nano, in.At); err == nil && !meant.After(h.desk.Now()) {
		return v.SeeOther(page)
	}
	at, _, err := h.nextAt(v, page)
	if err != nil {
		return err
	}
	if at.IsZero() {
		return fault.New(fault.Refused, "Nothing is planned. Answer a ticket as Pending or Solved first.")
	}
	if _, err := h.desk.AdvanceTo(v.Context(), v.Actor, at); err != nil {
		return err
	}
	return v.SeeOther(page)
}

// demo welcomes whoever starts the demonstration.
func (h *house) demo(v *visit.Visit) error {
	house, err := h.desk.House(v.Context(), access.Clock)
	if err != nil {
		return err
	}
	address := h.options.Demo.Address
	view := demo.View{
		Address: address, From: "iris@bloomandthistle.example", Subject: "The map shows the old address", Sent: v.Query("sent"), SentURL: visit.LocalPath(v.Query("at"), ""),
		Body:      "Hello,\n\nthe map on our contact page still shows the shop in Mill Lane. We moved to 8 Orchard Street in October.\n\nIris",
		Line:      fmt.Sprintf("swaks --server %s --from iris@bloomandthistle.example --to %s --header 'Subject: The map shows the old address' --body 'It should be 8 Orchard Street.'", h.options.Demo.SMTP, address),
		OtherLine: fmt.Sprintf("printf 'From: Iris <iris@bloomandthistle.example>\\r\\nTo: %s\\r\\nSubject: The map shows the old address\\r\\n\\r\\nIt should be 8 Orchard Street.\\r\\n' | curl --url smtp://%s --mail-from iris@bloomandthistle.example --mail-rcpt %s --upload-file -", address, h.options.Demo.SMTP, address),
		Tries: []string{
			"Send the mail on this page, and watch it arrive in the inbox.",
			"Open it, answer, and choose “Send as Pending”.",
			"Press “What happens next”: the first reminder, the second, then “No Response” and closed.",
			"Look at the customer's copies under “Mail sent”, and answer one after the ticket is closed.",
			"Read the policy page, change “24h” to “1bd” in the policy file, apply it, and look again.",
		},
	}
	view.Doors = []demo.Door{
		{Name: "The desk", Says: "Where agents work", URL: "/inbox"}, {Name: "The customer's side", Says: "Ask something, see what became of it", URL: "/portal"},
		{Name: "The policy", Says: "What is promised, and what the desk does", URL: "/support"}, {Name: "Mail sent", Says: "Nothing leaves the demo; it lands here", URL: "/demo/outbox"},
	}
	for _, b := range h.options.Demo.Brands {
		view.Brands = append(view.Brands, demo.Door{Name: b.Name, Says: b.Says, URL: "http://" + b.Host + portOf(v.Request.Host) + b.Path})
	}
	for _, p := range house.Staff {
		view.SignIns = append(view.SignIns, demo.SignIn{Person: person(p), Role: roleSays[p.Role], Password: h.options.Demo.Password})
	}
	return h.show(v, demo.Page(view))
}

// portOf is the port of a host as it stands in an address: ":8025", "" for the usual one.
func portOf(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		return host[i:]
	}
	return ""
}

// demoMail sends the form's mail to the desk, the way any other mail server would hand it over.
func (h *house) demoMail(v *visit.Visit) error {
	var in struct {
		From    string `form:"from"`
		Subject string `form:"subject"`
		Body    string `form:"body"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	received, err := h.deliver(v, mail.Draft{From: mail.Address{Email: in.From}, To: mail.Address{Email: h.options.Demo.Address}, Subject: in.Subject, Text: in.Body}, h.options.Demo.Address)
	if err != nil {
		return err
	}
	says, at := "Your mail is being read.", "/inbox"
	if received.Ticket != 0 {
		says, at = "Your mail is ticket #"+number(received.Ticket), "/tickets/"+number(received.Ticket)
	}
	return v.SeeOther(addQuery(addQuery("/demo", "sent", says), "at", at))
}

// deliver hands a mail that somebody outside would have written to the desk.
func (h *house) deliver(v *visit.Visit, draft mail.Draft, to string) (desk.Received, error) {
	from, err := mail.NewAddress(draft.From.Email)
	if err != nil {
		return desk.Received{}, err
	}
	domain := from[strings.LastIndexByte(from, '@')+1:]
	draft.Date, draft.MessageID = h.desk.Now(), "<"+visit.Random()+"@"+domain+">"
	raw, err := mail.Compose(draft)
	if err != nil {
		return desk.Received{}, err
	}
	accepted, err := h.desk.Accept(v.Context(), desk.Envelope{From: from, To: []string{to}, Remote: "demo"}, raw)
	if err != nil {
		return desk.Received{}, err
	}
	return h.desk.Receive(v.Context(), accepted.ID)
}

// outbox is the demo's letter box: every mail the desk would have sent.
func (h *house) outbox(v *visit.Visit) error {
	page, err := h.desk.MailOut(v.Context(), access.Clock, store.MailFilter{After: v.Query("after")})
	if err != nil {
		return err
	}
	view := catcher.View{Pager: pager(v, page.Next)}
	for _, o := range page.Items {
		view.List = append(view.List, h.caught(v, o))
	}
	return h.show(v, catcher.Page(view))
}

// templateName is the policy's name of a message, and what a mail is that follows none.
func (h *house) templateName(v *visit.Visit, id string) string {
	if p, _, err := h.running(v); err == nil && p != nil && p.Doc.Messages[id].Name != "" {
		return p.Doc.Messages[id].Name
	}
	if name := desk.LetterName(id); name != "" {
		return name
	}
	if id == "" {
		return "An answer"
	}
	return sentenceCase(strings.ReplaceAll(id, "-", " ")) // of another brand's policy
}

func (h *house) caught(v *visit.Visit, o store.Outgoing) catcher.Mail {
	return catcher.Mail{ID: number(o.ID), URL: "/demo/outbox/" + number(o.ID), At: h.time(v, o.CreatedAt), From: o.From, To: cmp.Or(o.ToName, o.To), Subject: o.Subject, Why: h.templateName(v, o.Template)}
}

// letter is one caught mail, opened.
func (h *house) letter(v *visit.Visit) error {
	o, raw, read, err := h.openLetter(v)
	if err != nil {
		return err
	}
	view := catcher.Letter{Mail: h.caught(v, o), Text: read.Text, Source: string(raw)}
	if read.HTML != "" {
		view.HTMLURL = "/demo/outbox/" + number(o.ID) + "/html"
	}
	view.Headers = letterHead(read)
	if o.Ticket != 0 {
		view.Reply = "/demo/outbox/" + number(o.ID) + "/reply"
		view.Ticket = linkIn(read.Text)
	}
	return h.show(v, catcher.LetterPage(view))
}

// letterHead is what a mail program shows above a mail; everything else stands in the source.
func letterHead(m *mail.Message) []catcher.Header {
	head := []catcher.Header{{Name: "Subject", Value: m.Subject}, {Name: "Date", Value: m.Date.Format("Mon, 2 Jan 2006 15:04 -0700")}}
	named := func(name string, all ...mail.Address) {
		for _, a := range all {
			head = append(head, catcher.Header{Name: name, Value: strings.TrimSpace(a.Name + " <" + a.Email + ">")})
		}
	}
	if m.From != nil {
		named("From", *m.From)
	}
	named("To", m.To...)
	named("Reply-To", m.ReplyTo...)
	return head
}

// linkIn is the path of the first ticket link in a mail's text.
func linkIn(text string) string {
	i := strings.Index(text, "/t/")
	if i < 0 {
		return ""
	}
	return strings.TrimRight(strings.FieldsFunc(text[i:], func(r rune) bool { return r == ' ' || r == '\n' || r == '\r' || r == '>' })[0], ".,)")
}

func (h *house) openLetter(v *visit.Visit) (store.Outgoing, []byte, *mail.Message, error) {
	id, err := v.Number("id")
	if err != nil {
		return store.Outgoing{}, nil, nil, err
	}
	o, raw, err := h.desk.SentMail(v.Context(), access.Clock, id)
	if err != nil {
		return o, nil, nil, err
	}
	read, err := mail.Parse(raw)
	return o, raw, read, err
}

// letterHTML is the HTML part of a caught mail in a sandbox of its own.
func (h *house) letterHTML(v *visit.Visit) error {
	_, _, read, err := h.openLetter(v)
	if err != nil {
		return err
	}
	v.Writer.Header().Set("Content-Security-Policy", "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'")
	v.Writer.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = v.Writer.Write([]byte(read.HTML))
	return err
}

// letterReply answers a caught mail as its recipient would, headers and all.
func (h *house) letterReply(v *visit.Visit) error {
	var in struct {
		Body string `form:"body"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	o, _, read, err := h.openLetter(v)
	if err != nil {
		return err
	}
	to := h.options.Demo.Address
	if len(read.ReplyTo) > 0 {
		to = read.ReplyTo[0].Email
	} else if read.From != nil {
		to = read.From.Email
	}
	draft := mail.Draft{From: mail.Address{Name: o.ToName, Email: o.To}, To: mail.Address{Email: to}, Subject: "Re: " + strings.TrimPrefix(o.Subject, "Re: "), Text: in.Body, InReplyTo: o.MessageID, References: []string{o.MessageID}}
	received, err := h.deliver(v, draft, to)
	if err != nil {
		return err
	}
	if received.Ticket != 0 && v.Actor.Staff() {
		return v.SeeOther("/tickets/" + number(received.Ticket))
	}
	return v.SeeOther("/demo/outbox")
}
