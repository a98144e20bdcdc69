package desk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/store"
	"hark/ticket"
)

// What became of a mail, in the words of `hark mail ingest`.
const (
	created    = "created"
	threaded   = "threaded"
	held       = "held"
	unreadable = "unreadable"
	duplicate  = "duplicate"
	bounced    = "bounce"
)

// Received says what became of one accepted mail.
type Received struct {
	ID      int64
	Outcome string // created, threaded, duplicate, held, unreadable, bounce
	Ticket  int64  // 0 when it belongs to none
	Reason  string
}

// receiving is one accepted mail while it becomes something.
type receiving struct {
	d      *Desk
	tx     *store.Tx
	in     store.Incoming
	raw    []byte
	mail   *mail.Message // nil when it cannot be read
	broken error         // why
	files  []ticket.Attachment
	now    time.Time

	box      account.Mailbox
	doubtful bool // a person took it out of those that were set aside
	own      []string
	sender   account.Person // zero when nobody has written from this address before
	ticket   ticket.Ticket  // the one it answers, zero when it answers none
}

// steps is the whole way of a mail, in order. The first step that knows what to do with it decides.
var steps = []func(*receiving) (decided bool, err error){
	(*receiving).unreadable,
	(*receiving).twice,
	(*receiving).cameBack,
	(*receiving).ambiguous,
	(*receiving).fromOurselves,
	(*receiving).fromSuspended,
	(*receiving).answersTicket,
	(*receiving).pretendsToAnswer,
	(*receiving).machineOutOfNowhere,
	(*receiving).opensTicket,
}

// Receive turns one accepted mail into what it is: a new ticket, a comment, a bounce, something held for a person, or a
// record that says why it cannot be read. A mail that was received before stays what it became.
func (d *Desk) Receive(ctx context.Context, id int64) (Received, error) {
	var in store.Incoming
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		in, err = tx.Incoming(access.Clock, id)
		return err
	})
	if err != nil {
		return Received{}, err
	}
	return d.receive(ctx, in)
}

// ReceivePending receives accepted mails that wait, oldest first, and returns how many it took. Mails are read and
// written side by side, so that many share one commit.
func (d *Desk) ReceivePending(ctx context.Context, limit int) (taken int, err error) {
	ctx = store.Patiently(ctx) // accepting the next mail goes first: whoever delivers it waits
	var pending []store.Incoming
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) { // each is locked when its turn comes
		pending, err = tx.PendingIncoming(limit)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(pending), d.receiveAll(ctx, pending)
}

// sideBySide is how many mails are in work at once: more than there are processors, because most of the time of each is
// spent waiting for the commit it shares with the others.
var sideBySide = 16 * runtime.GOMAXPROCS(0)

func (d *Desk) receiveAll(ctx context.Context, pending []store.Incoming) error {
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	places := make(chan struct{}, sideBySide)
	for _, in := range pending {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			if _, err := d.receive(ctx, in); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, fmt.Errorf("mail %d: %w", in.ID, err))
			}
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}

// receive reads the mail outside the transaction and decides inside it.
func (d *Desk) receive(ctx context.Context, in store.Incoming) (Received, error) {
	if in.State != store.Received {
		return whatBecame(in), nil
	}
	read := receiving{d: d, in: in, now: d.now()}
	if err := read.read(ctx); err != nil {
		return Received{}, err
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error {
		r := read // the function may run twice, each time from the start
		r.tx = tx
		err := r.decide()
		in = r.in
		return err
	})
	if err != nil && !fault.Is(err, fault.Unavailable) && ctx.Err() == nil {
		return d.giveUp(ctx, read.in, err)
	}
	return whatBecame(in), err
}

func whatBecame(in store.Incoming) Received {
	return Received{ID: in.ID, Outcome: in.Outcome, Ticket: in.Ticket, Reason: in.Reason}
}

// mostTries is how often a mail may fail for reasons nobody foresaw before it is set aside.
const mostTries = 3

// giveUp counts a mail that could not be turned into anything. After the third time it is a record that a person can
// open, and no longer in the way of others.
func (d *Desk) giveUp(ctx context.Context, in store.Incoming, cause error) (Received, error) {
	d.log.Error("a mail could not be received", "mail", in.ID, "error", cause)
	in.Tries++
	if in.Tries >= mostTries {
		in.State, in.Outcome, in.Reason = store.Unreadable, unreadable, "it could not be worked on three times: "+cause.Error()
	}
	err := d.db.Write(ctx, func(tx *store.Tx) error { return tx.SaveIncoming(&in) })
	return whatBecame(in), errors.Join(err, cause)
}

// read parses the mail and puts its files where they are kept. A mail that cannot be read is no error here.
func (r *receiving) read(ctx context.Context) error {
	err := r.d.db.Read(ctx, func(tx *store.Tx) (err error) {
		r.raw, err = tx.IncomingRaw(access.Clock, r.in.ID)
		return err
	})
	if err != nil {
		return err
	}
	if r.mail, r.broken = parse(r.raw); r.broken != nil {
		return nil
	}
	for _, a := range r.mail.Attachments {
		sha, size, err := r.d.db.Blobs().Put(ctx, bytes.NewReader(a.Content))
		if err != nil {
			return err
		}
		r.files = append(r.files, ticket.Attachment{Name: a.Name, Type: a.Type, Size: size, SHA256: sha, Inline: a.Inline, ContentID: a.ContentID})
	}
	return nil
}

// parse never lets a hostile mail take the desk down: even a mistake of ours in reading it is only this mail's trouble.
func parse(raw []byte) (m *mail.Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fault.New(fault.Invalid, "reading it failed in a way we did not foresee (%v); its source is kept", p)
		}
	}()
	return mail.Parse(raw)
}

// decide finds out who wrote what about which ticket, and takes the first step that applies.
func (r *receiving) decide() error {
	current, err := r.tx.IncomingForUpdate(r.in.ID)
	if err != nil || current.State != store.Received { // another node was faster
		r.in = current
		return err
	}
	if err := r.lookUp(); err != nil {
		return err
	}
	for _, step := range steps {
		if decided, err := step(r); err != nil || decided {
			return orElse(err, r.tx.SaveIncoming(&r.in))
		}
	}
	return nil
}

func (r *receiving) lookUp() (err error) {
	if r.box, err = r.d.doorOf(r.tx, r.in.Mailbox); err != nil {
		return err
	}
	if r.own, err = r.d.ownAddresses(r.tx); err != nil || r.mail == nil {
		return err
	}
	r.in.MessageID, r.in.Subject = r.mail.MessageID, shortened(r.mail.Subject, longestSubject)
	r.mail.Automatic, r.mail.AutomaticWhy = mail.Classify(r.mail, r.arrival())
	if r.mail.From == nil {
		return nil
	}
	r.in.FromAddress = r.mail.From.Email
	r.sender, err = r.tx.PersonByAddress(account.FoldAddress(r.mail.From.Email))
	return notFoundIsNothing(err)
}

func (r *receiving) arrival() mail.Arrival {
	a := mail.Arrival{Recipients: r.in.Recipients, Own: r.own}
	if r.in.EnvelopeFrom != unstated {
		a.ReturnPath = &r.in.EnvelopeFrom
	}
	return a
}

// settle writes down what became of the mail.
func (r *receiving) settle(state store.IncomingState, outcome string, ticketID int64, reason string) (bool, error) {
	r.in.State, r.in.Outcome, r.in.Ticket, r.in.Reason = state, outcome, ticketID, reason
	return true, nil
}

// aside keeps the mail for a person to look at; it belongs to no ticket and nobody is told anything.
func (r *receiving) aside(reason string) (bool, error) {
	return r.settle(store.Quarantined, held, 0, reason)
}

func (r *receiving) unreadable() (bool, error) {
	if r.broken == nil {
		return false, nil
	}
	return r.settle(store.Unreadable, unreadable, 0, cmp.Or(fault.Says(r.broken), r.broken.Error()))
}

// twice recognises a mail that came before by another way: to another mailbox, or again with other trace fields.
// The same Message-ID alone proves nothing: a mail that says something else is kept beside the first.
func (r *receiving) twice() (bool, error) {
	others, err := r.tx.LinkedByMessageID(r.mail.MessageID)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		same, err := r.same(other)
		if err != nil {
			return false, err
		}
		if same {
			r.in.Comment = other.Comment
			return r.settle(store.Duplicate, duplicate, other.Ticket, fmt.Sprintf("the same mail came before, as number %d", other.ID))
		}
	}
	return false, nil
}

// same reports whether another mail is this one: the same bytes but for trace fields, or the same words by the same sender.
func (r *receiving) same(other store.Incoming) (bool, error) {
	if other.ID == r.in.ID || other.Key == r.in.Key || other.Comment == 0 || other.FromAddress != r.in.FromAddress || other.Subject != r.in.Subject {
		return other.ID != r.in.ID && other.Key == r.in.Key, nil
	}
	said, err := commentsOf(r.tx, access.Clock, other.Ticket, []int64{other.Comment})
	return err == nil && len(said) == 1 && said[0].Text == r.mail.Text && len(said[0].Attachments) == len(r.files), err
}

// ambiguous sets aside what could be from several people (C8).
func (r *receiving) ambiguous() (bool, error) {
	switch {
	case r.mail.Ambiguous != "":
		return r.aside("nobody can tell who wrote it: " + r.mail.Ambiguous)
	case r.mail.From == nil:
		return r.aside("it does not say who wrote it")
	}
	return false, nil
}

// fromOurselves sets aside what claims to come from an address of ours: a loop or a forgery (D5).
func (r *receiving) fromOurselves() (bool, error) {
	own, err := r.d.isOwn(r.tx, r.mail.From.Email)
	if err != nil || !own {
		return false, err
	}
	return r.aside("it claims to come from " + r.mail.From.Email + ", which is an address of this desk")
}

// recipients are all addresses the mail was sent to, on the envelope and inside.
func (r *receiving) recipients() []string {
	all := slices.Clone(r.in.Recipients)
	for _, a := range append(slices.Clone(r.mail.To), r.mail.Cc...) {
		all = append(all, a.Email)
	}
	return all
}

func (r *receiving) fromSuspended() (bool, error) {
	if !r.sender.Suspended {
		return false, nil
	}
	return r.aside(r.sender.Display() + " is suspended")
}

// answersTicket finds the ticket by a token only we can make or by a Message-ID that is provably ours. The subject never
// counts (C7), and neither does anything written in the text.
func (r *receiving) answersTicket() (bool, error) {
	match, ok := r.d.keys.ring(r.now).Thread(r.mail, r.arrival(), r.now)
	if match.Held != "" { // sent to many of our addresses, or to several tickets (C14)
		return r.aside(match.Held)
	}
	if !ok {
		return false, nil
	}
	t, err := r.tx.TicketForUpdate(match.Ticket)
	if err != nil {
		return false, notFoundIsNothing(err)
	}
	if r.ticket, err = r.current(t); err != nil {
		return false, err
	}
	return r.belongs()
}

// current follows a closed ticket to the one that continues it. A mail that was ours before the closing stays with the
// closed one, because it takes the closing back (S2-18).
func (r *receiving) current(t ticket.Ticket) (ticket.Ticket, error) {
	for hops := 0; t.FollowedBy != 0 && !r.inTime(t) && hops < 1000; hops++ {
		next, err := r.tx.TicketForUpdate(t.FollowedBy)
		if err != nil {
			return t, err
		}
		t = next
	}
	return t, nil
}

func (r *receiving) inTime(t ticket.Ticket) bool {
	return t.Memory.ClosedBefore != nil && !r.in.ReceivedAt.After(t.Memory.ClosedBefore.At)
}

// belongs decides by who wrote: participants reply, machines are only noted, and everybody else waits for a person.
func (r *receiving) belongs() (bool, error) {
	participant := r.sender.ID != 0 && takesPart(r.ticket, r.sender.ID)
	switch {
	case participant && r.mail.Automatic != mail.AutoNo:
		return r.machineAnswers(r.mail.AutomaticWhy)
	case participant && !r.isReply():
		return r.holdFor(r.sender.Email + " is on copy, and this mail answers none of ours")
	case participant:
		return r.reply()
	case r.sender.Actor().Staff() && r.sender.ID != 0:
		return r.holdFor("replies by mail from staff are switched off; " + r.sender.Display() + " can answer on the ticket page")
	case r.mail.Automatic != mail.AutoNo:
		return r.holdFor("a machine that is not on this ticket sent it: " + r.mail.AutomaticWhy)
	}
	return r.holdFor(r.mail.From.Email + " is not on this ticket")
}

// isReply reports whether a participant's mail is an answer and not just sent to a ticket's address. The requester and
// their colleagues may write whenever they like. Of everybody else on copy only a mail that names one of ours counts:
// otherwise whoever is copied could be made to send codes and links of third parties into a ticket that its requester reads (C2).
func (r *receiving) isReply() bool {
	requester := r.ticket.Requester
	if r.sender.ID == requester.ID || mail.Domain(r.sender.Email) == mail.Domain(requester.Address) {
		return true
	}
	if r.sender.Organization != 0 && r.sender.Organization == r.ticket.Organization {
		return true
	}
	for _, id := range append(slices.Clone(r.mail.InReplyTo), r.mail.References...) {
		if stamp, ok := r.d.keys.ring(r.now).ReadMessageID(id, r.now); ok && stamp.Ticket != 0 {
			return true
		}
	}
	return false
}

// pretendsToAnswer sets aside what comes in the name of a colleague and refers to a mail of ours that we never sent: a reference
// that proves nothing is how such mails are forged (C3).
func (r *receiving) pretendsToAnswer() (bool, error) {
	if r.sender.ID == 0 || !r.sender.Actor().Staff() {
		return false, nil
	}
	for _, id := range append(slices.Clone(r.mail.InReplyTo), r.mail.References...) {
		if r.isOurDomain(id) {
			return r.aside("it comes in the name of " + r.sender.Display() + " and answers a mail that is not ours")
		}
	}
	for _, to := range r.recipients() {
		if own, err := r.d.isOwn(r.tx, to); err == nil && own && strings.Contains(to, "+") {
			return r.aside("it comes in the name of " + r.sender.Display() + " to an address that we never gave away")
		}
	}
	return false, nil
}

// isOurDomain reports whether a Message-ID claims to be from a domain the desk receives for.
func (r *receiving) isOurDomain(id string) bool {
	return slices.ContainsFunc(r.own, func(own string) bool {
		return strings.HasSuffix(strings.ToLower(id), "@"+mail.Domain(own)+">")
	})
}

// reply is the ordinary case: the requester or somebody copied answers.
func (r *receiving) reply() (bool, error) {
	loop, err := loops(r.tx, r.ticket.ID, r.sender.Email, r.now)
	if err != nil {
		return false, err
	}
	if loop {
		return r.machineAnswers("more mails within an hour than a person writes")
	}
	if err := r.reachable(); err != nil {
		return false, err
	}
	h := r.happening(ticket.CustomerReplies)
	h.notes, err = r.proposeCopies()
	if err != nil {
		return false, err
	}
	return r.becomes(h, threaded)
}

// reachable forgets that mail did not reach somebody who now writes from that very address.
func (r *receiving) reachable() error {
	if r.sender.Unreachable == "" || r.unverified() {
		return nil
	}
	r.sender.Unreachable = ""
	return r.tx.SavePerson(&r.sender)
}

// machineAnswers notes a machine's answer where agents see it. It moves nothing and nothing is answered (C11, S2-09).
func (r *receiving) machineAnswers(why string) (bool, error) {
	if r.ticket.Category == ticket.Closed {
		return r.settle(store.Ignored, held, r.ticket.ID, "a machine wrote to a closed ticket: "+why)
	}
	h := r.happening(ticket.AutoReply)
	h.machine, h.comment.Public = why, false
	return r.becomes(h, threaded)
}

// holdFor keeps a mail with a valid token from somebody who is not on the ticket: the token may have been forwarded. An
// agent decides; until then it is on no page a customer sees, and the sender is told nothing (C2, C3, C6, S2-31).
func (r *receiving) holdFor(reason string) (bool, error) {
	if r.ticket.Category != ticket.Closed {
		h := happening{event: r.event(ticket.StrangerReplies), now: r.now, via: viaMail, machine: "it is held",
			notes: internally(ticket.Held, "", "a mail from "+r.mail.From.Email+" waits for a decision: "+reason)}
		h.event.By = ticket.Person{}
		if _, err := r.d.happen(r.tx, r.ticket, h); err != nil {
			return false, err
		}
	}
	return r.settle(store.HeldMail, held, r.ticket.ID, reason)
}

// machineOutOfNowhere keeps an automatic answer that belongs to no ticket. It is no request, and answering it begins a loop.
func (r *receiving) machineOutOfNowhere() (bool, error) {
	if r.mail.Automatic != mail.AutoReply && r.mail.Automatic != mail.AutoBounce && r.in.EnvelopeFrom != "" {
		return false, nil
	}
	return r.aside("a machine's answer that belongs to no ticket: " + r.mail.AutomaticWhy)
}

// opensTicket is the rest: somebody writes for the first time about something.
func (r *receiving) opensTicket() (bool, error) {
	if err := r.known(); err != nil {
		return false, err
	}
	if err := r.reachable(); err != nil {
		return false, err
	}
	sender := r.sender
	policy, err := r.d.rules.running(r.tx, r.box.Brand, r.in.ReceivedAt)
	if err != nil {
		return false, err
	}
	r.ticket = ticket.Ticket{
		Subject: subjectOr(r.mail.Subject), Requester: asTicketPerson(sender), Submitter: asTicketPerson(sender),
		Organization: sender.Organization, Brand: r.box.Brand, Group: r.box.Group, Channel: viaMail, Policy: policy,
		Created: r.in.ReceivedAt, Updated: r.in.ReceivedAt,
	}
	if r.ticket.CCs, err = r.copies(); err != nil {
		return false, err
	}
	h := r.happening(ticket.CustomerCreates)
	if r.mail.Automatic != mail.AutoNo {
		h.machine = r.mail.AutomaticWhy
	}
	return r.becomes(h, created)
}

// known makes sure that the sender is somebody: a customer of this brand, when nobody knew them.
func (r *receiving) known() (err error) {
	if r.sender.ID == 0 || r.sender.Name == "" && r.mail.From.Name != "" {
		r.sender, err = r.tx.EnsureCustomer(r.mail.From.Email, r.mail.From.Name, r.box.Brand, r.in.ReceivedAt)
	}
	return err
}

const viaMail = "email"

// becomes lets the mail happen to its ticket and notes which one it went to.
func (r *receiving) becomes(h happening, outcome string) (bool, error) {
	did, err := r.d.happen(r.tx, r.ticket, h)
	if did.refused != "" { // no mail is lost because a policy has no rule for it
		return r.settle(store.HeldMail, held, r.ticket.ID, did.refused)
	}
	if err != nil {
		return false, err
	}
	r.in.Comment = h.comment.ID
	id := did.ticket.ID
	if did.follow != 0 {
		id = did.follow
	}
	if did.made {
		outcome = created
	}
	return r.settle(store.Done, outcome, id, "")
}

func (r *receiving) happening(kind ticket.EventKind) happening {
	h := happening{event: r.event(kind), now: r.now, via: viaMail, comment: r.comment(), sender: r.sender}
	if r.unverified() { // an automatic answer would go to whoever was impersonated
		h.machine = "nobody can tell whether it is from " + r.mail.From.Email
	}
	return h
}

func (r *receiving) event(kind ticket.EventKind) ticket.Event {
	return ticket.Event{Kind: kind, At: r.in.ReceivedAt, By: asTicketPerson(r.sender), Text: r.mail.TextTrimmed}
}

func (r *receiving) comment() *ticket.Comment {
	_, quoted := mail.TrimQuoted(r.mail.Text)
	return &ticket.Comment{
		Author: asTicketPerson(r.sender), Public: true, HTML: r.mail.HTML, Text: r.mail.Text, Trimmed: r.mail.TextTrimmed, Quoted: quoted,
		Automatic: string(r.mail.Automatic), Via: viaMail, MessageID: r.mail.MessageID, Mail: r.in.ID, Unverified: r.unverified(),
		Attachments: r.files, Created: r.in.ReceivedAt,
	}
}

// mostCopies is how many people one mail can put on a ticket.
const mostCopies = 20

// copies are the people a new mail copies, who so hear of the ticket. Only the mail that opens a ticket adds anybody, and
// only when nothing says that its sender is forged (C1).
func (r *receiving) copies() ([]ticket.Person, error) {
	if r.unverified() || r.mail.Automatic != mail.AutoNo {
		return nil, nil
	}
	var people []ticket.Person
	for _, a := range r.copied() {
		person, err := r.tx.EnsureCustomer(a.Email, a.Name, r.box.Brand, r.in.ReceivedAt)
		if err != nil {
			return nil, err
		}
		if person.Role == access.Customer && !person.Suspended && !hasPerson(people, person.ID) && person.ID != r.sender.ID && len(people) < mostCopies {
			people = append(people, asTicketPerson(person))
		}
	}
	return people, nil
}

// copied are the addresses in To and Cc that are neither ours nor a machine's nor the sender's.
func (r *receiving) copied() []mail.Address {
	var others []mail.Address
	for _, a := range append(slices.Clone(r.mail.To), r.mail.Cc...) {
		own, err := r.d.isOwn(r.tx, a.Email)
		if err == nil && !own && !mail.Same(a.Email, r.mail.From.Email) && !isMachine(a) {
			others = append(others, a)
		}
	}
	return others
}

// proposeCopies asks agents about people a reply copies who are not on the ticket. They are not added: whoever copies
// somebody into a thread may be forging the sender, and the history is not theirs to give (C1).
func (r *receiving) proposeCopies() ([]ticket.AuditEvent, error) {
	var names []string
	for _, a := range r.copied() {
		person, err := r.tx.PersonByAddress(account.FoldAddress(a.Email))
		if notFoundIsNothing(err) != nil {
			return nil, err
		}
		if person.ID == 0 || !takesPart(r.ticket, person.ID) && !person.Actor().Staff() {
			names = append(names, a.Email)
		}
	}
	if len(names) == 0 || r.ticket.Category == ticket.Closed {
		return nil, nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	says := "The reply also went to " + strings.Join(names[:min(len(names), mostCopies)], ", ") + ". Copy them on the ticket if the customer wants that."
	_, err := r.tx.AddTask(&store.Task{Key: "copies/" + itoa(r.in.ID), Ticket: r.ticket.ID, Says: says, Created: r.now})
	return internally(ticket.TaskAdded, "", says), err
}
