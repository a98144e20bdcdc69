package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hark/access"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// Answer is a public reply by an agent, and the state the ticket has afterwards. Only these fields can be set (B8).
type Answer struct {
	Ticket int64
	HTML   string // what was written, with marks; sanitised here
	Text   string // the same without; made from HTML when empty
	Status string // "" leaves it to the policy
	Base   int64  // the newest audit the agent had seen; 0 does not ask
	Key    string // of the form; sending the same form again changes nothing (D7)
	Files  []File
	Via    string // web or api
}

// File is something attached, already kept under the hash of its bytes (see Keep).
type File struct {
	Name   string
	Type   string
	Size   int64
	SHA256 string
}

// Done says what a verb did.
type Done struct {
	Ticket  ticket.Ticket
	Audit   int64
	Comment int64
	Again   bool      // the same form was sent before; nothing happened now
	Until   time.Time // until when it can be taken back; zero when it cannot
}

// UndoWindow is how long a reply can be taken back. Its mail waits that long; its clocks do not (S2-32).
const UndoWindow = 10 * time.Second

// Stale is returned instead of sending a reply that was written without knowing what has happened since. New holds it.
type Stale struct {
	New  []ticket.Comment
	Says []string // what changed besides
}

// Error says that nothing was sent.
func (s *Stale) Error() string { return "this ticket changed while you wrote; nothing was sent" }

// Unwrap gives it a kind: fault.Conflict.
func (s *Stale) Unwrap() error {
	return fault.New(fault.Conflict, "this ticket changed while you wrote; read what is new, then send or change your reply")
}

// Answer sends a reply to the customer and everybody copied, each in a mail of their own. It counts from now, whenever the
// mail leaves. It refuses with fault.Refused what the policy does not allow, with *Stale what was written in ignorance of
// something newer, and with fault.NotFound a ticket the actor cannot see.
func (d *Desk) Answer(ctx context.Context, a access.Actor, in Answer) (Done, error) {
	if err := may(a, access.ReplyPublicly); err != nil {
		return Done{}, err
	}
	return d.write(ctx, a, writing{in.HTML, in.Text, in.Files, in.Key}, func(tx *store.Tx, w words, files attachments, now time.Time) (Done, error) {
		return d.answer(tx, a, in, w, files, now)
	})
}

func (d *Desk) answer(tx *store.Tx, a access.Actor, in Answer, w words, files attachments, now time.Time) (Done, error) {
	t, err := d.load(tx, a, in.Ticket)
	if err != nil {
		return Done{}, err
	}
	if err := d.fresh(tx, a, t, in.Base); err != nil {
		return Done{}, err
	}
	author, err := d.person(tx, a)
	if err != nil {
		return Done{}, err
	}
	via := viaOr(in.Via)
	h := happening{
		event: ticket.Event{Kind: ticket.AgentReplies, At: now, By: author, Status: in.Status, Text: w.text},
		now:   now, via: via, undo: true,
		comment: saidPublicly(author, w, files, via, now),
		mail:    &letter{html: w.html, text: w.text, files: files.content},
	}
	did, err := d.happen(tx, t, h)
	if err != nil {
		return Done{}, err
	}
	if err := tx.NotLater(a.Person, t.ID); err != nil {
		return Done{}, err
	}
	return Done{Ticket: did.ticket, Audit: did.audit.ID, Comment: h.comment.ID, Until: now.Add(UndoWindow)}, tx.DropDraft(t.ID, a.Person, store.ReplyDraft)
}

// fresh refuses a reply that was begun before something the customer sees happened (the guard of screen 2).
func (d *Desk) fresh(tx *store.Tx, a access.Actor, t ticket.Ticket, base int64) error {
	if base == 0 {
		return nil
	}
	audits, err := tx.Audits(access.Clock, t.ID)
	if err != nil {
		return err
	}
	var stale Stale
	var news []int64
	for _, audit := range audits {
		if audit.ID > base {
			news = append(news, told(&stale, audit)...)
		}
	}
	if len(news) == 0 && len(stale.Says) == 0 {
		return nil
	}
	stale.New, err = commentsOf(tx, a, t.ID, news)
	return orElse(err, &stale)
}

// told adds what an audit changed for the customer, and returns the public comments in it.
func told(stale *Stale, audit ticket.Audit) (comments []int64) {
	for _, e := range audit.Events {
		switch {
		case e.Type == ticket.CommentAdded && e.Public:
			comments = append(comments, e.Comment)
		case e.Type == ticket.Change && e.Field == "status":
			stale.Says = append(stale.Says, fmt.Sprintf("%s became %s", e.From, e.To))
		}
	}
	return comments
}

func commentsOf(tx *store.Tx, a access.Actor, ticketID int64, ids []int64) (found []ticket.Comment, err error) {
	all, err := tx.Comments(a, ticketID)
	for _, c := range all {
		if slices.Contains(ids, c.ID) {
			found = append(found, c)
		}
	}
	return found, err
}

// words is what a person wrote, with marks and without.
type words struct{ html, text string }

// mostWritten is how many characters one message has at most that is written on a page: some twenty pages of a book. Everybody who opens
// the ticket reads them; what is longer is a file.
const mostWritten = 60_000

// wordsOf sanitises what was written, and refuses silence and whole books.
func wordsOf(html, text string) (words, error) {
	w := words{html: mail.Sanitise(html), text: strings.TrimSpace(text)}
	if strings.TrimSpace(w.html) == "" {
		w.html = ""
	}
	if w.text == "" && w.html != "" {
		w.text = strings.TrimSpace(mail.PlainText(w.html))
	}
	if w.text == "" && !strings.Contains(w.html, "<img") {
		return w, inField("body", fault.New(fault.Invalid, "there is nothing to send; write something first"))
	}
	if n := utf8.RuneCountInString(w.text); n > mostWritten {
		return w, inField("body", fault.New(fault.Invalid, "a message has at most %d characters and this one has %d; add the rest as a file", mostWritten, n))
	}
	return w, nil
}

func viaOr(via string) string {
	if via == "" {
		return "web"
	}
	return via
}

// deliver writes the mails of a person's message: one for the requester and one for everybody copied, each with its own
// link and to one address only, so that nobody learns of others (I2, C17). The desk's own people hear of it on the page.
func (k *keeping) deliver() ([]ticket.AuditEvent, error) {
	event := ticket.AuditEvent{Type: ticket.Notification, Message: "", Subject: k.after.Subject}
	for _, to := range participants(k.after) {
		person, err := k.h.person(k.tx, to.ID)
		if err != nil {
			return nil, err
		}
		l := *k.h.mail
		l.key = fmt.Sprintf("comment/%d/%d", k.h.comment.ID, person.ID)
		l.to, l.comment, l.subject = person, k.h.comment.ID, answerSubject(k.after.Subject)
		if err := k.post(l); err != nil {
			return nil, err
		}
		event.Recipients = append(event.Recipients, person.Email)
	}
	event.Internal = true // who else got it is nobody's business
	return []ticket.AuditEvent{event}, nil
}

// participants are the requester and everybody copied, each once.
func participants(t ticket.Ticket) []ticket.Person {
	people := []ticket.Person{t.Requester}
	for _, cc := range t.CCs {
		if !hasPerson(people, cc.ID) {
			people = append(people, cc)
		}
	}
	return people
}
