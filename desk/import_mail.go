package desk

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// Imported says how far an import has come, and what could not be taken.
type Imported struct {
	Read     int // mails, or lines of a table
	New      int // tickets, or customers
	Added    int // mails that went to a ticket which was there, or customers about whom something became known
	Known    int // those that were here already
	Troubles []Trouble
	More     int // troubles beyond those
}

// Trouble is one mail or line that was left out.
type Trouble struct {
	Number int    // which mail or line of the file, counted from 1
	About  string // its subject, or what stands in it
	Says   string // why
}

const mostTroubles = 200

func (i *Imported) trouble(number int, about string, err error) {
	if len(i.Troubles) == mostTroubles {
		i.More++
		return
	}
	i.Troubles = append(i.Troubles, Trouble{number, shortened(about, longestSubject), cmp.Or(fault.Says(err), err.Error())})
}

// OldMail is a mailbox file whose mails can be brought in, what was answered before its answer.
type OldMail struct {
	box    mail.Box
	places []mail.Place
}

// ReadMailbox looks through a mailbox file. What is none is [fault.Invalid], in a sentence for whoever chose it.
func ReadMailbox(box mail.Box) (OldMail, error) {
	places, err := mail.Ordered(box, LargestMail)
	return OldMail{box, places}, err
}

// viaImport marks tickets and comments that are older than the desk. They are counted in no figure.
const viaImport = ticket.ViaImport

// ImportMail turns the mails of an mbox into tickets of the past. Nobody is mailed: the tickets come solved, with nothing planned,
// and live on only when somebody writes. A mail that is here already, by its Message-ID, is left as it is, so that the same file
// can be imported again; one that the desk itself has sent is here as well. A mail that cannot be taken is told with its number, and
// the next one is read. told, which may be nil, is called after each mail.
func (d *Desk) ImportMail(ctx context.Context, a access.Actor, old OldMail, told func(Imported)) (done Imported, err error) {
	if err := may(a, access.Administer); err != nil {
		return done, err
	}
	ctx = store.Patiently(ctx) // people who wait go first
	for _, place := range old.places {
		err := place.At(old.box, LargestMail, func(raw []byte) error { return d.importOne(ctx, &done, place.Number, raw) })
		if err != nil {
			return done, err
		}
		if told != nil {
			told(done)
		}
	}
	slices.SortFunc(done.Troubles, func(a, b Trouble) int { return cmp.Compare(a.Number, b.Number) })
	return done, nil
}

func (d *Desk) importOne(ctx context.Context, done *Imported, number int, raw []byte) error {
	done.Read++
	one := importing{d: d, raw: raw, now: d.now()}
	if err := one.take(ctx); err != nil {
		if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Refused) || ctx.Err() != nil {
			return err
		}
		done.trouble(number, one.subject(), err)
	}
	*one.outcome(done)++
	return nil
}

// importing is one mail of the past on its way into a ticket.
type importing struct {
	d      *Desk
	raw    []byte
	now    time.Time
	mail   *mail.Message
	files  []ticket.Attachment
	in     store.Incoming
	box    account.Mailbox
	own    []string
	ticket ticket.Ticket
	fresh  bool // it began a ticket
	added  bool // it went to one
	known  bool // it was here
}

func (i *importing) subject() string {
	if i.mail == nil {
		return ""
	}
	return i.mail.Subject
}

// outcome is the number that this mail counts for; what was left out counts for none that anybody reads.
func (i *importing) outcome(done *Imported) *int {
	switch {
	case i.fresh:
		return &done.New
	case i.added:
		return &done.Added
	case i.known:
		return &done.Known
	}
	return new(int)
}

func (i *importing) take(ctx context.Context) (err error) {
	if len(i.raw) > LargestMail {
		return fault.New(fault.TooLarge, "it has more than %d MB", LargestMail>>20)
	}
	if i.mail, err = parse(i.raw); err != nil {
		return err
	}
	if i.mail.From == nil {
		return fault.New(fault.Invalid, "it does not say who wrote it")
	}
	for _, a := range i.mail.Attachments {
		sha, size, err := i.d.db.Blobs().Put(ctx, bytes.NewReader(a.Content))
		if err != nil {
			return err
		}
		i.files = append(i.files, ticket.Attachment{Name: a.Name, Type: a.Type, Size: size, SHA256: sha, Inline: a.Inline, ContentID: a.ContentID})
	}
	i.in = i.arrival()
	if err := i.d.db.KeepRaw(ctx, &i.in); err != nil {
		return err
	}
	return i.d.db.Write(ctx, func(tx *store.Tx) error {
		try := *i // the function may run twice, each time from the start
		if err := try.store(tx); err != nil {
			return err
		}
		i.fresh, i.added, i.known = try.fresh, try.added, try.known
		return nil
	})
}

// arrival is the mail as the log has it. It counts as written when it says so, and never as later than now.
func (i *importing) arrival() store.Incoming {
	at := i.mail.Date.UTC().Truncate(time.Microsecond)
	if at.IsZero() || at.After(i.now) || at.Year() < 1980 {
		at = i.now
	}
	in := store.Incoming{
		Key: mail.Key(i.raw), Raw: i.raw, EnvelopeFrom: Unstated, Remote: viaImport, ReceivedAt: at, State: store.Done, Outcome: viaImport,
		MessageID: i.mail.MessageID, FromAddress: i.mail.From.Email, Subject: shortened(i.mail.Subject, longestSubject),
	}
	for _, to := range slices.Concat(i.mail.To, i.mail.Cc) {
		if in.Recipients = append(in.Recipients, to.Email); len(in.Recipients) == mostCopies {
			break
		}
	}
	return in
}

func (i *importing) store(tx *store.Tx) (err error) {
	if i.known, err = i.isHere(tx); err != nil || i.known {
		return err
	}
	if i.own, err = i.d.ownAddresses(tx); err != nil {
		return err
	}
	if i.box, err = i.door(tx); err != nil {
		return err
	}
	i.in.Mailbox = i.box.ID
	if i.known, err = tx.AddIncoming(&i.in); err != nil || i.known {
		return err
	}
	author, customer, err := i.people(tx)
	if err != nil {
		return err
	}
	if i.ticket, err = i.thread(tx); err != nil {
		return err
	}
	if i.added = i.ticket.ID != 0; !i.added {
		i.fresh = true
		if err := i.begin(tx, customer); err != nil {
			return err
		}
	}
	return i.write(tx, author)
}

// isHere reports whether a mail of the same sender with the same Message-ID is here already, from wherever it came, or was sent from
// here: the folder of sent mails holds what this desk wrote as well.
func (i *importing) isHere(tx *store.Tx) (bool, error) {
	if _, err := tx.OutgoingByMessageID(i.mail.MessageID); !isNotFound(err) {
		return err == nil, err
	}
	others, err := tx.LinkedByMessageID(i.mail.MessageID)
	return slices.ContainsFunc(others, func(o store.Incoming) bool { return o.FromAddress == i.mail.From.Email }), err
}

// door is the mailbox the mail was sent to, or left from, or the first there is.
func (i *importing) door(tx *store.Tx) (account.Mailbox, error) {
	for _, address := range append([]string{i.mail.From.Email}, i.in.Recipients...) {
		if box, ok, err := i.d.door(tx, address); err != nil || ok {
			return box, err
		}
	}
	boxes, err := i.d.mailboxes(tx)
	if err == nil && len(boxes) == 0 {
		err = fault.New(fault.Refused, "the desk has no mailbox that old mail could belong to; add one first")
	}
	if err != nil {
		return account.Mailbox{}, err
	}
	return boxes[0], nil
}

// people are who wrote, which is nobody by name when it left from an address of ours, and the customer it is about.
func (i *importing) people(tx *store.Tx) (author ticket.Person, customer account.Person, err error) {
	if ours, err := i.isOurs(tx, i.mail.From.Email); err != nil || ours {
		return author, customer, orElse(err, i.addressee(tx, &customer))
	}
	person, err := tx.EnsureCustomer(i.mail.From.Email, i.mail.From.Name, i.box.Brand, i.in.ReceivedAt)
	if err != nil || person.Role == access.Customer {
		return asTicketPerson(person), person, err
	}
	return asTicketPerson(person), customer, i.addressee(tx, &customer)
}

func (i *importing) isOurs(tx *store.Tx, address string) (bool, error) { return i.d.isOwn(tx, address) }

// addressee is the first customer an outgoing mail went to.
func (i *importing) addressee(tx *store.Tx, customer *account.Person) (err error) {
	for _, to := range slices.Concat(i.mail.To, i.mail.Cc) {
		if ours, err := i.isOurs(tx, to.Email); err != nil || ours {
			if err != nil {
				return err
			}
			continue
		}
		if *customer, err = tx.EnsureCustomer(to.Email, to.Name, i.box.Brand, i.in.ReceivedAt); err != nil || customer.Role == access.Customer {
			return err
		}
	}
	return fault.New(fault.Invalid, "it neither comes from a customer nor goes to one")
}

// thread is the imported ticket that the mail continues, by the Message-IDs it names; zero when it begins one. A ticket that lives
// here is never added to: what a file says proves nothing about it.
func (i *importing) thread(tx *store.Tx) (ticket.Ticket, error) {
	for _, id := range slices.Concat(i.mail.InReplyTo, i.mail.References) {
		linked, err := tx.LinkedByMessageID(id)
		if err != nil {
			return ticket.Ticket{}, err
		}
		for _, in := range linked {
			if in.Ticket == 0 || in.Remote != viaImport {
				continue
			}
			return tx.TicketForUpdate(in.Ticket)
		}
	}
	return ticket.Ticket{}, nil
}

// begin makes the ticket: solved, with nothing planned. It is no happening, because the policy had no say in the past.
func (i *importing) begin(tx *store.Tx, customer account.Person) error {
	version, err := i.d.rules.running(tx, i.box.Brand, i.now)
	if err != nil {
		return err
	}
	p, err := i.d.rules.of(tx, version)
	if err != nil {
		return err
	}
	state, category := stateIn(p, ticket.Solved, ticket.Closed)
	i.ticket = ticket.Ticket{
		Subject: subjectOr(i.mail.Subject), Kind: p.DefaultKind(), State: state, Category: category, Requester: asTicketPerson(customer), Submitter: asTicketPerson(customer),
		Organization: customer.Organization, Brand: i.box.Brand, Group: i.box.Group, Channel: viaImport, Policy: version,
		Memory: ticket.Memory{Entered: i.in.ReceivedAt, Asleep: true}, Created: i.in.ReceivedAt, Updated: i.in.ReceivedAt,
	}
	return tx.InsertTicket(&i.ticket)
}

// stateIn is the policy's state for what comes from elsewhere: the first of the first category that it has any of.
func stateIn(p *policy.Policy, categories ...ticket.Category) (state string, category ticket.Category) {
	for _, wanted := range categories {
		for _, id := range p.States() {
			if p.Category(id) == wanted {
				return id, wanted
			}
		}
	}
	return p.Initial(), p.Category(p.Initial())
}

func (i *importing) write(tx *store.Tx, author ticket.Person) error {
	_, quoted := mail.TrimQuoted(i.mail.Text)
	comment := ticket.Comment{
		Ticket: i.ticket.ID, Author: author, Public: true, HTML: i.mail.HTML, Text: i.mail.Text, Trimmed: i.mail.TextTrimmed, Quoted: quoted,
		Automatic: string(i.mail.Automatic), Via: viaImport, MessageID: i.mail.MessageID, Mail: i.in.ID, Attachments: slices.Clone(i.files), Created: i.in.ReceivedAt,
	}
	if err := tx.AddComment(&comment); err != nil {
		return err
	}
	events := []ticket.AuditEvent{{Type: ticket.CommentAdded, Comment: comment.ID, Public: true}}
	if i.fresh {
		events = append([]ticket.AuditEvent{{Type: ticket.Create, Field: "subject", To: i.ticket.Subject}}, events...)
	}
	audit := ticket.Audit{Ticket: i.ticket.ID, Author: author, At: i.in.ReceivedAt, Via: viaImport, Events: events}
	if err := tx.AddAudit(&audit); err != nil {
		return err
	}
	i.in.Ticket, i.in.Comment = i.ticket.ID, comment.ID
	if err := tx.SaveIncoming(&i.in); err != nil || !i.in.ReceivedAt.After(i.ticket.Updated) {
		return err
	}
	i.ticket.Updated, i.ticket.Memory.Entered = i.in.ReceivedAt, i.in.ReceivedAt
	return tx.SaveTicket(&i.ticket)
}

// Says is the import in one sentence. The words name what was read and what it became, one of them: "mail", "ticket".
func (i Imported) Says(thing, of string) string {
	return fmt.Sprintf("%s read: %s, %d added to what was there, %d known already, %d left out.", several(i.Read, thing), several(i.New, "new "+of), i.Added, i.Known, len(i.Troubles)+i.More)
}

func several(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
