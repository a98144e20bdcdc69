package desk

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"time"

	"hark/access"
	"hark/account"
	"hark/article"
	"hark/policy"
	"hark/store"
	"hark/ticket"
)

// What pages read. Each of these takes the actor; the store puts what they may see into the SQL, so no page decides it.

// Inbox is one page of a view.
func (d *Desk) Inbox(ctx context.Context, a access.Actor, f store.Filter) (page store.Page[store.Row], err error) {
	if f.Now.IsZero() {
		f.Now = d.now()
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if page, err = tx.Tickets(a, f); err != nil {
			return err
		}
		return markPile(tx, a, page.Items)
	})
	if !a.Staff() {
		for i := range page.Items {
			page.Items[i] = publicRow(page.Items[i])
		}
	}
	return page, err
}

// publicRow leaves on a customer's copy of a row what they see on the ticket's page.
func publicRow(r store.Row) store.Row {
	return store.Row{
		ID: r.ID, Subject: r.Subject, Snippet: r.Snippet, Requester: r.Requester, Organization: r.Organization,
		Kind: r.Kind, State: r.State, Category: r.Category, Channel: r.Channel, Created: r.Created, Updated: r.Updated, Comment: r.Comment,
	}
}

// TicketPage is everything the page of one ticket shows to one reader. Customers get the public part only: what is not
// theirs is not in it, rather than hidden by the page.
type TicketPage struct {
	Ticket    ticket.Ticket
	Label     string // the state in the policy's words: the public one for customers
	Policy    *policy.Policy
	Brand     account.Brand
	Requester account.Person
	Comments  []ticket.Comment
	Audits    []ticket.Audit
	Updated   time.Time // the last public happening for customers, the last of all for staff
	Closes    time.Time // when it closes if nothing happens; zero when it does not
	Progress  policy.Progress
	Followed  bool // there is a tracker; Progress is empty without one
	Call      *TicketCall
	Rating    *store.Rating // what its requester was asked, nil when nobody was; for customers without whose work it was
	Issue     TicketIssue
	Look      policy.SecondLook // what can be asked for when an answer did not help, and who looks again
	Scope     policy.Scoping    // under which clause of the scope it falls; for customers once they were told

	// For staff only.
	Last     int64 // the newest audit: a reply is written against it
	Choices  []policy.SendAs
	Moves    []policy.PhaseMove // where the ticket may go on its tracker
	Asks     []policy.Ask       // what the policy asks agents for
	Why      []policy.Explanation
	Next     time.Time
	NextSays string
	Outgoing []store.Outgoing
	Held     []store.Incoming
	Tasks    []store.Task
	Draft    *store.Draft
	Note     *store.Draft
	Others   []store.Row     // other tickets of the requester
	Things   []Thing         // what it can be about: what the requester owns
	CameFrom article.Article // that the requester had read when they wrote; zero for none
	About    account.About
	Project  account.Project   // that it is about; the zero value for none
	Projects []account.Project // that it can be about
	Undo     Undoable
	Later    bool // on the reader's own pile
	Group    string
	Desk     ScopeDesk
}

// Undoable is what the reader did a moment ago and may take back.
type Undoable struct {
	Audit int64
	Until time.Time
	Mails bool // somebody is mailed of it when that time is over
}

// TicketPage reads one ticket for a reader: fault.NotFound when there is none, or none for them.
func (d *Desk) TicketPage(ctx context.Context, a access.Actor, id int64) (page TicketPage, err error) {
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = d.ticketPage(tx, a, id, now)
		return err
	})
	return page, err
}

// RequestersPage reads a ticket that staff may see as its requester may: nothing on it is internal.
func (d *Desk) RequestersPage(ctx context.Context, a access.Actor, id int64) (page TicketPage, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(a, id)
		if err != nil {
			return err
		}
		page, err = d.ticketPage(tx, access.Actor{Person: t.Requester.ID, Role: access.Customer, Ticket: id}, id, now)
		return err
	})
	return page, err
}

func (d *Desk) ticketPage(tx *store.Tx, a access.Actor, id int64, now time.Time) (page TicketPage, err error) {
	if page.Ticket, err = tx.Ticket(a, id); err != nil {
		return page, err
	}
	t := page.Ticket
	if page.Policy, err = d.rules.forTicket(tx, t.Policy, t.Brand, now); err != nil {
		return page, err
	}
	page.Closes = page.Policy.ClosesAt(t)
	page.Progress, page.Followed = page.Policy.Progress(t, now)
	page.Look, page.Scope = page.Policy.SecondLook(t, now), page.Policy.Scoping(t)
	if page.Comments, err = tx.Comments(a, id); err != nil {
		return page, err
	}
	if page.Audits, err = tx.Audits(a, id); err != nil {
		return page, err
	}
	if page.Brand, err = tx.Brand(t.Brand); err != nil {
		return page, err
	}
	if page.Call, err = d.ticketCall(tx, a, page.Policy, t, now); err != nil {
		return page, err
	}
	if page.Rating, err = ratingOf(tx, a, t); err != nil {
		return page, err
	}
	if page.Policy.HasIssues() {
		if page.Issue, err = d.issueOfTicket(tx, a, id, now); err != nil {
			return page, err
		}
	}
	if !a.Staff() {
		return publicPage(page), nil
	}
	return d.staffPage(tx, a, page, now)
}

// publicPage leaves nothing on a customer's copy that follows from what customers do not see (I1): who is assigned, how
// it is sorted, what the policy remembers, or when a note was written.
func publicPage(page TicketPage) TicketPage {
	t := &page.Ticket
	page.Label = page.Policy.StateLabel(t.State)
	page.Updated = lastPublic(page)
	t.Updated, t.Assignee, t.Group, t.Priority = page.Updated, ticket.Person{}, 0, ""
	t.Tags, t.Followers, t.Facts, t.Fields, t.ExternalID = nil, nil, nil, nil, ""
	if !page.Look.Told { // a second look that nobody told them of is no business of theirs
		page.Look.With, page.Look.Since, page.Look.Why = "", time.Time{}, ""
	}
	page.Look.News.Why = ""
	if told := !page.Scope.Told.IsZero(); told {
		page.Scope = policy.Scoping{Clause: page.Scope.Clause, Told: page.Scope.Told}
	} else {
		page.Scope = policy.Scoping{}
	}
	phase := t.Memory.Phase
	t.Memory = ticket.Memory{Phase: phase}
	numbers := map[int64]int64{} // of comments: their place, because what lies between two ids is not theirs to count
	for i := range page.Comments {
		c := &page.Comments[i]
		numbers[c.ID] = int64(i + 1)
		c.ID, c.Author, c.Mail, c.MessageID, c.Audit = int64(i+1), publicName(c.Author, *t), 0, "", 0
	}
	for i := range page.Audits {
		audit := &page.Audits[i]
		audit.ID, audit.Author = 0, publicName(audit.Author, *t)
		for j := range audit.Events {
			audit.Events[j].Comment = numbers[audit.Events[j].Comment]
		}
	}
	return page
}

// publicName is how customers see somebody: themselves and each other as they are, staff by first name only (I2).
func publicName(p ticket.Person, t ticket.Ticket) ticket.Person {
	if p.ID == 0 || takesPart(t, p.ID) {
		return p
	}
	return ticket.Person{Name: firstName(p.Name)}
}

func lastPublic(page TicketPage) time.Time {
	last := page.Ticket.Created
	for _, c := range page.Comments {
		last = latest(last, c.Created)
	}
	for _, audit := range page.Audits {
		last = latest(last, audit.At)
	}
	return last
}

func (d *Desk) staffPage(tx *store.Tx, a access.Actor, page TicketPage, now time.Time) (TicketPage, error) {
	page.Ticket.Facts = withIssue(page.Ticket.Facts, page.Issue)
	t, id := page.Ticket, page.Ticket.ID
	page.Label, page.Updated = page.Policy.Doc.Lifecycle.States[t.State].Label, t.Updated
	page.Why = page.Policy.Explain(t)
	page.Next, page.NextSays = page.Policy.NextHappening(t)
	if access.May(a, access.ReplyPublicly) {
		page.Choices, page.Asks, page.Moves = page.Policy.Choices(t, now), asksBeside(page.Policy.Asks(t), page.Issue), page.Policy.PhaseMoves(t, now)
	}
	page.About = aboutOf(t)
	for _, audit := range page.Audits {
		page.Last = max(page.Last, audit.ID)
	}
	var err error
	for _, read := range []func() error{
		func() error { page.Requester, err = tx.Person(t.Requester.ID); return err },
		func() error { return d.sayWhyNotMailed(tx, &page, now) },
		func() error { page.Outgoing, err = tx.OutgoingOf(a, id); return err },
		func() error { page.Held, err = tx.HeldFor(a, id); return err },
		func() error { page.Tasks, err = tx.Tasks(a, id); return err },
		func() error { page.Draft, err = draft(tx, a, id, store.ReplyDraft); return err },
		func() error { page.Note, err = draft(tx, a, id, store.NoteDraft); return err },
		func() error { page.Others, err = others(tx, a, t); return err },
		func() error {
			page.Things, err = d.thingsOf(tx, a, page.Policy, page.Requester, t.Brand, now)
			return err
		},
		func() error { return projectsBeside(tx, a, &page) },
		func() error { page.Undo, err = undoable(tx, a, page.Audits, now); return err },
		func() error { page.Later, err = onPile(tx, a, id); return err },
		func() error { return d.scopeDesk(tx, &page, now) },
		func() error { page.Group, err = groupName(tx, t.Group); return err },
		func() error { page.CameFrom, err = cameFrom(tx, t); return err },
	} {
		if err := read(); err != nil {
			return page, err
		}
	}
	return page, nil
}

// projectsBeside reads the projects that a ticket can be about, and the one that it is about, which may have ended.
func projectsBeside(tx *store.Tx, a access.Actor, page *TicketPage) error {
	if !page.Policy.LooksAtProjects() {
		return nil
	}
	all, err := tx.Projects(a, store.OwnerOf(page.Requester), page.Ticket.Brand)
	page.Project = account.ProjectNumbered(all, projectID(projectOf(page.Ticket.Facts)))
	page.Projects = account.Running(all)
	return err
}

// sayWhyNotMailed says beside each move that would mail the customer, and does not, why it does not (D3).
func (d *Desk) sayWhyNotMailed(tx *store.Tx, page *TicketPage, now time.Time) error {
	if len(page.Moves) == 0 {
		return nil
	}
	why, err := d.gate(tx, automatic{to: page.Requester, ticket: page.Ticket.ID, now: now})
	for i := range page.Moves {
		if why != "" && page.Moves[i].Mails != "" {
			page.Moves[i].Mails = "Nobody is mailed: " + why + "."
		}
	}
	return err
}

func draft(tx *store.Tx, a access.Actor, ticketID int64, kind store.DraftKind) (*store.Draft, error) {
	found, ok, err := tx.Draft(a, ticketID, kind)
	if err != nil || !ok {
		return nil, err
	}
	return &found, nil
}

func others(tx *store.Tx, a access.Actor, t ticket.Ticket) ([]store.Row, error) {
	rows, err := tx.TicketsOfRequester(a, t.Requester.ID, 6)
	return slices.DeleteFunc(rows, func(r store.Row) bool { return r.ID == t.ID }), err
}

// undoable is the reader's last act, while it can be taken back and nothing has happened since.
func undoable(tx *store.Tx, a access.Actor, audits []ticket.Audit, now time.Time) (Undoable, error) {
	if len(audits) == 0 {
		return Undoable{}, nil
	}
	last := audits[len(audits)-1]
	if last.Author.ID != a.Person || now.Sub(last.At) >= UndoWindow {
		return Undoable{}, nil
	}
	var was taking
	if err := readTaking(tx, last.ID, &was); err != nil {
		return Undoable{}, notFoundIsNothing(err)
	}
	return Undoable{last.ID, was.Until, len(was.Mails) > 0}, nil
}

// MaySee reports whether the actor may know of a ticket.
func (d *Desk) MaySee(ctx context.Context, a access.Actor, id int64) (sees bool, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		sees, err = tx.MaySee(a, id)
		return err
	})
	return sees, err
}

// Seen remembers that the actor has looked at a ticket, so that its row is no longer shown as unread. Nothing is written
// when it was not: most pages are opened more than once.
func (d *Desk) Seen(ctx context.Context, a access.Actor, id int64) error {
	now := d.now()
	var unread bool
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		unread, err = tx.Unread(id, a.Person)
		return err
	})
	if err != nil || !unread {
		return err
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Ticket(a, id); err != nil {
			return err
		}
		return tx.MarkRead(id, a.Person, now)
	})
}

// Attachment opens a file of a ticket the actor may read. The file must belong to that very ticket (B6, B7).
func (d *Desk) Attachment(ctx context.Context, a access.Actor, ticketID, id int64) (f ticket.Attachment, content io.ReadCloser, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		f, err = tx.Attachment(a, ticketID, id)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	content, err = d.db.Blobs().Open(ctx, f.SHA256)
	return f, content, err
}

// MailIn is one page of the log of accepted mail.
func (d *Desk) MailIn(ctx context.Context, a access.Actor, f store.MailFilter) (page store.Page[store.Incoming], err error) {
	if err := may(a, access.SeeMailLog); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.IncomingList(a, f)
		return err
	})
	return page, err
}

// MailHeld is how many mails wait for the actor's decision, up to a hundred.
func (d *Desk) MailHeld(ctx context.Context, a access.Actor) (n store.Count, err error) {
	if err := may(a, access.DecideHeld); err != nil {
		return n, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		n, err = tx.CountHeld(a)
		return err
	})
	return n, err
}

// MailOut is one page of the log of mail to be sent.
func (d *Desk) MailOut(ctx context.Context, a access.Actor, f store.MailFilter) (page store.Page[store.Outgoing], err error) {
	if err := may(a, access.SeeMailLog); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.OutgoingList(a, f)
		return err
	})
	return page, err
}

// RawMail is the source of an accepted mail.
func (d *Desk) RawMail(ctx context.Context, a access.Actor, id int64) (in store.Incoming, raw []byte, err error) {
	if err := may(a, access.SeeRawMail); err != nil {
		return in, nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if in, err = tx.Incoming(a, id); err != nil {
			return err
		}
		raw, err = tx.IncomingRaw(a, id)
		return err
	})
	return in, raw, err
}

// wayOut is the field of a head that ends letters for its reader, with its folded lines.
var wayOut = regexp.MustCompile(`(?im)^List-Unsubscribe:[^\n]*\n(?:[ \t][^\n]*\n)*`)

// SentMail is an outgoing mail with the head of its source. The body is the reader's alone: its links sign in, set a password or write in
// their name, for whoever has them (C17). Only the demo's mail catcher, which stands in for the reader, gets the whole.
func (d *Desk) SentMail(ctx context.Context, a access.Actor, id int64) (out store.Outgoing, raw []byte, err error) {
	if err := may(a, access.SeeRawMail); err != nil {
		return out, nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		if out, err = tx.Outgoing(a, id); err != nil {
			return err
		}
		raw, err = tx.OutgoingRaw(a, id)
		return err
	})
	if !a.Desk {
		raw, _, _ = bytes.Cut(raw, []byte("\r\n\r\n"))
		raw = wayOut.ReplaceAll(raw, nil)
	}
	return out, raw, err
}

// People is one page of people, for staff.
func (d *Desk) People(ctx context.Context, a access.Actor, f store.PeopleFilter) (page store.Page[account.Person], err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return page, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.People(a, f)
		return err
	})
	return page, err
}

// Person is somebody by number, for staff; anybody may read themselves.
func (d *Desk) Person(ctx context.Context, a access.Actor, id int64) (p account.Person, err error) {
	if id != a.Person {
		if err := may(a, access.SeeTickets); err != nil {
			return p, err
		}
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		p, err = tx.Person(id)
		return err
	})
	return p, err
}

// Staff lists everybody who works at the desk, for staff.
func (d *Desk) Staff(ctx context.Context, a access.Actor) (staff []account.Person, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		staff, err = tx.Staff()
		return err
	})
	return staff, err
}

// House is what a desk consists of beside its people and tickets.
type House struct {
	Brands        []account.Brand
	Groups        []account.Group
	Mailboxes     []account.Mailbox // without secrets
	Organizations []account.Organization
	Staff         []account.Person
}

// House lists brands, groups, mailboxes, organisations and staff, for staff.
func (d *Desk) House(ctx context.Context, a access.Actor) (h House, err error) {
	if err := may(a, access.SeeTickets); err != nil {
		return h, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		for _, read := range []func() error{
			func() error { h.Brands, err = tx.Brands(); return err },
			func() error { h.Groups, err = tx.Groups(); return err },
			func() error { h.Mailboxes, err = tx.Mailboxes(); return err },
			func() error { h.Organizations, err = tx.Organizations(); return err },
			func() error { h.Staff, err = tx.Staff(); return err },
		} {
			if err := read(); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range h.Mailboxes {
		h.Mailboxes[i].Secret = nil // secrets are write-only (B14)
	}
	return h, err
}
