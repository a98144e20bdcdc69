package desk

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

func (b *bringing) allTickets(ctx context.Context) error {
	return b.past.Tickets(ctx, func(t PastTicket) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		defer b.tell()
		b.done.Read++
		err := t.Wrong
		if err == nil {
			err = b.ticket(ctx, t)
		}
		return b.oneOff(ctx, t.ID, shortened(tidyLine(t.Subject), longestSubject), err)
	})
}

// ticket brings one ticket in, or what has come to it since.
func (b *bringing) ticket(ctx context.Context, t PastTicket) error {
	requester, known := b.people[t.Requester]
	if !known {
		return fault.New(fault.Invalid, "its requester, person %d there, is not among the people who can be read", t.Requester)
	}
	if err := requester.usable(); err != nil {
		return err
	}
	was, err := b.here(ctx, t)
	if err != nil {
		return err
	}
	if was.has(t) {
		b.done.Known++
		return nil
	}
	talk, err := b.past.Conversation(ctx, t.ID)
	if err != nil {
		return err
	}
	if talk, err = was.since(talk); err != nil {
		return err
	}
	one := bringingOne{b: b, past: t, was: was, now: b.now()}
	if one.talk, err = b.fetch(ctx, t, talk); err != nil {
		return err
	}
	if !b.look {
		err = b.d.db.Write(ctx, func(tx *store.Tx) error {
			try := one // the function may run twice, each time from the start
			return try.store(tx)
		})
	}
	if err == nil {
		b.count(was, one.talk)
	}
	return err
}

func (b *bringing) count(was pastHere, talk []fetched) {
	if was.id == 0 {
		b.done.New++
	} else {
		b.done.Added++
	}
	b.done.Comments += len(talk)
	for _, c := range talk {
		b.done.Files += len(c.files)
		for _, f := range c.files {
			b.done.Bytes += f.Size
		}
	}
}

// pastHere is what is here of a ticket that was brought in before.
type pastHere struct {
	id       int64 // 0 when it is not here
	touched  bool  // somebody here has done something on it
	updated  time.Time
	comments int
	last     time.Time // of them
}

// external is the name under which a ticket of the past is found again.
func (b *bringing) external(id int64) string { return fmt.Sprintf("%s/%d", b.past.Name(), id) }

func (b *bringing) here(ctx context.Context, t PastTicket) (was pastHere, err error) {
	err = b.d.db.Read(ctx, func(tx *store.Tx) error {
		was, err = b.readHere(tx, t)
		return err
	})
	return was, err
}

// readHere reads as much as it takes to know whether something is missing; most often that is little.
func (b *bringing) readHere(tx *store.Tx, t PastTicket) (was pastHere, err error) {
	if was.id, err = tx.ImportedTicket(b.external(t.ID)); err != nil || was.id == 0 {
		return was, err
	}
	audits, err := tx.Audits(access.Clock, was.id)
	if err != nil {
		return was, err
	}
	for _, audit := range audits {
		was.touched = was.touched || audit.Via != viaImport && audit.Via != viaRule
		if cameIn(audit) && audit.At.After(was.updated) {
			was.updated = audit.At
		}
	}
	if was.has(t) {
		return was, nil
	}
	comments, err := tx.Comments(access.Clock, was.id)
	for _, c := range comments {
		if c.Via == viaImport {
			was.comments, was.last = was.comments+1, c.Created
		}
	}
	return was, err
}

// cameIn reports whether an audit says that a ticket was brought in, or brought up to date. It stands at the time of the ticket's last
// change there, which a message that was written meanwhile may be past.
func cameIn(audit ticket.Audit) bool {
	return audit.Via == viaImport && !slices.ContainsFunc(audit.Events, func(e ticket.AuditEvent) bool { return e.Type == ticket.CommentAdded })
}

// has reports whether nothing is to be brought: the ticket has not changed there, or it lives here by now. What another desk says
// about a ticket that lives changes nothing on it.
func (was pastHere) has(t PastTicket) bool {
	return was.id != 0 && (was.touched || !pastInstant(t.Updated).After(was.updated))
}

// since are the messages that are not here yet. Messages are only ever added to a conversation; where the beginning is another one,
// nobody can say which are missing.
func (was pastHere) since(talk []PastComment) ([]PastComment, error) {
	if was.comments == 0 {
		return talk, nil
	}
	if len(talk) < was.comments || !pastInstant(talk[was.comments-1].Created).Equal(was.last) {
		return nil, fault.New(fault.Conflict, "its conversation there no longer begins like the one that was brought in; compare it with %s here", "#"+itoa(was.id))
	}
	return talk[was.comments:], nil
}

// pastInstant is a time as it is kept.
func pastInstant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// fetched is a message whose files are here.
type fetched struct {
	PastComment
	files []ticket.Attachment
}

// fetch gets the files of messages. One that cannot be had is told, and the message goes in without it; when Zendesk as a whole does
// not answer, nothing of the ticket goes in, so that the next try brings all of it.
func (b *bringing) fetch(ctx context.Context, t PastTicket, talk []PastComment) (all []fetched, err error) {
	for _, c := range talk {
		if c.Created.IsZero() {
			return nil, fault.New(fault.Invalid, "its message %d does not say when it was written", c.ID)
		}
		got := fetched{PastComment: c}
		room := int64(LargestMail)
		for _, f := range c.Files {
			file, err := b.file(ctx, f, room)
			if err := b.oneOff(ctx, t.ID, "file "+f.Name, err); err != nil {
				return nil, err
			}
			if err == nil {
				got.files, room = append(got.files, file), room-file.Size
			}
		}
		all = append(all, got)
	}
	return all, nil
}

// file stores one file. The files of a message are together as large as those of a mail may be.
func (b *bringing) file(ctx context.Context, f PastFile, room int64) (ticket.Attachment, error) {
	kept := ticket.Attachment{Name: shortened(tidyLine(f.Name), longestFileName), Type: f.Type, Size: f.Size, Inline: f.Inline, ContentID: f.ContentID}
	switch {
	case f.Wrong != nil:
		return kept, fault.Wrap(f.Wrong, fault.Invalid, "%s", fault.Says(f.Wrong))
	case f.Size > room || room <= 0:
		return kept, fault.New(fault.TooLarge, "the files of one message may have %d MB together", LargestMail>>20)
	case b.look:
		return kept, nil
	}
	content, err := b.past.File(ctx, f, int(room))
	if err != nil {
		return kept, err
	}
	kept.SHA256, kept.Size, err = b.d.db.Blobs().Put(ctx, bytes.NewReader(content))
	return kept, err
}

const longestFileName = 200

// bringingOne is one ticket on its way into the store.
type bringingOne struct {
	b      *bringing
	past   PastTicket
	talk   []fetched
	was    pastHere
	now    time.Time
	tx     *store.Tx
	ticket ticket.Ticket
}

func (o *bringingOne) store(tx *store.Tx) (err error) {
	o.tx = tx
	if err := tx.Alone("import " + o.b.external(o.past.ID)); err != nil {
		return err
	}
	if is, err := o.b.readHere(tx, o.past); err != nil || is != o.was {
		return orElse(err, fault.New(fault.Conflict, "somebody else imported it or worked on it just now"))
	}
	save := tx.InsertTicket
	if o.was.id != 0 {
		save = tx.SaveTicket
		if o.ticket, err = tx.TicketForUpdate(o.was.id); err != nil {
			return err
		}
	}
	if err := o.fill(); err != nil {
		return err
	}
	if err := save(&o.ticket); err != nil {
		return err
	}
	return o.write()
}

// fill makes the ticket what it is there, under the rules of here, asleep.
func (o *bringingOne) fill() (err error) {
	t, past := &o.ticket, o.past
	t.State, t.Category = stateIn(o.b.policy, likenesses[past.Category]...)
	t.Tags, t.Fields, t.Priority = tidyTags(past.Tags), fieldsOf(past), ""
	if slices.Contains(priorities, past.Priority) {
		t.Priority = past.Priority
	}
	if t.Assignee, err = o.colleague(past.Assignee); err != nil {
		return err
	}
	if err := o.copied(); err != nil {
		return err
	}
	t.Updated = o.instant(past.Updated)
	t.Memory.Entered, t.Memory.Asleep = t.Updated, true
	if t.ID != 0 {
		return nil
	}
	return o.first()
}

const mostFields, longestField = 100, 500

// fieldsOf are the custom fields, by their titles. A long text among them is shortened: it is a note beside the ticket.
func fieldsOf(past PastTicket) map[string]string {
	fields := map[string]string{}
	for _, title := range slices.Sorted(maps.Keys(past.Fields)) {
		name, value := shortened(tidyLine(title), longestSubject), shortened(tidyLine(past.Fields[title]), longestField)
		if name != "" && value != "" && len(fields) < mostFields {
			fields[name] = value
		}
	}
	return fields
}

// first is what is settled when a ticket comes in, and stays.
func (o *bringingOne) first() (err error) {
	t, past := &o.ticket, o.past
	requester, err := o.customer(o.b.people[past.Requester])
	if err != nil {
		return err
	}
	t.Requester, t.Organization = asTicketPerson(requester), requester.Organization
	if t.Submitter, _, err = o.author(past.Submitter); err != nil {
		return err
	}
	if id, err := o.tx.OrganizationNamed(o.b.organizations[past.Organization]); err != nil {
		return err
	} else if id != 0 {
		t.Organization = id
	}
	if t.Group = o.b.group; past.Group != "" {
		if id, known := o.b.named[folded(past.Group)]; known {
			t.Group = id
		}
	}
	if t.Kind = o.b.policy.DefaultKind(); slices.Contains(o.b.policy.Kinds(), past.Kind) {
		t.Kind = past.Kind
	}
	t.Subject, t.Brand, t.Channel, t.Policy = subjectOr(tidyLine(past.Subject)), o.b.brand, viaImport, o.b.version
	t.ExternalID, t.Created = o.b.external(past.ID), o.instant(past.Created)
	return nil
}

// instant is when something happened there: never later than now, and now when nobody knows.
func (o *bringingOne) instant(at time.Time) time.Time {
	if at.IsZero() || at.After(o.now) {
		return o.now
	}
	return pastInstant(at)
}

// likenesses are the categories in which a ticket may stand here, the best first: not every policy has all six.
var likenesses = map[ticket.Category][]ticket.Category{
	ticket.New:     {ticket.New, ticket.Open},
	ticket.Open:    {ticket.Open, ticket.New},
	ticket.Pending: {ticket.Pending, ticket.Hold, ticket.Open},
	ticket.Hold:    {ticket.Hold, ticket.Pending, ticket.Open},
	ticket.Solved:  {ticket.Solved, ticket.Closed},
	ticket.Closed:  {ticket.Closed, ticket.Solved},
}

// colleague is somebody who works there and, by the same address, here; else nobody.
func (o *bringingOne) colleague(id int64) (ticket.Person, error) {
	p, known := o.b.people[id]
	if !known || p.Email == "" {
		return ticket.Person{}, nil
	}
	here, err := o.tx.PersonByAddress(p.Email)
	if notFoundIsNothing(err) != nil || here.ID == 0 || !here.Actor().Staff() {
		return ticket.Person{}, notFoundIsNothing(err)
	}
	return asTicketPerson(here), nil
}

// customer is somebody from there as a customer here. Whoever has only ever called there gets an address that leads nowhere, and
// says so: an answer to them is held back, and the record takes a real address.
func (o *bringingOne) customer(p PastPerson) (account.Person, error) {
	unknown := p.Email == ""
	if unknown {
		p.Email = fmt.Sprintf("person-%d@%s.invalid", p.ID, o.b.past.Name())
	}
	address, err := mail.NewAddress(p.Email)
	if err != nil {
		return account.Person{}, fault.New(fault.Invalid, "%q is no address that mail can be sent to", p.Email)
	}
	if own, err := o.b.d.isOwn(o.tx, address); err != nil || own {
		return account.Person{}, orElse(err, ownAddress(address))
	}
	here, err := o.tx.EnsureCustomer(account.FoldAddress(address), p.Name, o.b.brand, o.now)
	if err != nil || !unknown || here.Unreachable != "" {
		return here, err
	}
	if here, err = o.tx.PersonForUpdate(here.ID); err != nil {
		return here, err
	}
	here.Unreachable = o.b.past.Name() + " knew no mail address of theirs"
	return here, o.tx.SavePerson(&here)
}

// author is who wrote something, as far as they are here. A colleague who is not is told by name: a person of ours is nobody whom an
// import could make.
func (o *bringingOne) author(id int64) (author ticket.Person, name string, err error) {
	p, known := o.b.people[id]
	if !known {
		return author, "", nil
	}
	if p.Staff {
		author, err = o.colleague(id)
		if author.ID == 0 {
			name = p.Name
		}
		return author, name, err
	}
	here, err := o.customer(p)
	if fault.Is(err, fault.Invalid) {
		return author, p.Name, nil // an address of ours, or none at all
	}
	return asTicketPerson(here), "", err
}

// copied are the customers and colleagues who read along. Copies to whoever works here make them followers.
func (o *bringingOne) copied() error {
	t := &o.ticket
	t.CCs, t.Followers = nil, nil
	for _, id := range o.past.Followers {
		if p, err := o.colleague(id); err != nil {
			return err
		} else if p.ID != 0 && len(t.Followers) < mostCopies {
			t.Followers = append(t.Followers, p)
		}
	}
	for _, id := range o.past.CCs {
		p, err := o.colleague(id)
		if err != nil {
			return err
		}
		if p.ID != 0 {
			t.Followers = alsoOnce(t.Followers, p)
			continue
		}
		if p, _, err = o.author(id); err != nil {
			return err
		}
		if p.ID != 0 && id != o.past.Requester {
			t.CCs = alsoOnce(t.CCs, p)
		}
	}
	return nil
}

func alsoOnce(all []ticket.Person, p ticket.Person) []ticket.Person {
	if len(all) >= mostCopies || slices.ContainsFunc(all, func(o ticket.Person) bool { return o.ID == p.ID }) {
		return all
	}
	return append(all, p)
}

// write stores the messages, each with its audit, and where the ticket comes from.
func (o *bringingOne) write() error {
	for i, c := range o.talk {
		if err := o.comment(c, o.was.id == 0 && i == 0); err != nil {
			return err
		}
	}
	says := fmt.Sprintf("brought this in from %s, where it is ticket %d and was %s", o.b.past.Name(), o.past.ID, o.past.Category)
	return o.audit(ticket.Person{}, o.ticket.Updated, ticket.AuditEvent{Type: ticket.Change, Says: says, Internal: true})
}

func (o *bringingOne) audit(author ticket.Person, at time.Time, events ...ticket.AuditEvent) error {
	return o.tx.AddAudit(&ticket.Audit{Ticket: o.ticket.ID, Author: author, At: at, Via: viaImport, Events: events})
}

func (o *bringingOne) comment(past fetched, first bool) error {
	author, name, err := o.author(past.Author)
	if err != nil {
		return err
	}
	c := ticket.Comment{
		Ticket: o.ticket.ID, Author: author, Public: past.Public, HTML: mail.Sanitise(past.HTML), Text: strings.TrimSpace(past.Text),
		Via: viaImport, Attachments: slices.Clone(past.files), Created: pastInstant(past.Created), ThirdParty: o.stranger(past.Author, author),
	}
	if c.HTML != "" {
		c.Text = mail.PlainText(c.HTML)
	}
	c.Trimmed, c.Quoted = mail.TrimQuoted(c.Text)
	if err := o.tx.AddComment(&c); err != nil {
		return err
	}
	events := []ticket.AuditEvent{{Type: ticket.CommentAdded, Comment: c.ID, Public: c.Public}}
	if first {
		events = append([]ticket.AuditEvent{{Type: ticket.Create, Field: "subject", To: o.ticket.Subject}}, events...)
	}
	if name != "" {
		events = append(events, ticket.AuditEvent{Type: ticket.Change, Says: "names " + name + " as the author of the message above", Internal: true})
	}
	return o.audit(author, c.Created, events...)
}

// stranger marks what a customer wrote who is neither the requester nor copied any more.
func (o *bringingOne) stranger(id int64, author ticket.Person) string {
	if author.ID == 0 || o.b.people[id].Staff || takesPart(o.ticket, author.ID) {
		return ""
	}
	return author.Address + " (not on this ticket)"
}
