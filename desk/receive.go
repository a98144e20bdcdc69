package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
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
	(*receiving).cameRound,
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
// written side by side, so that many share one commit. One that fails steps aside and is no error of this: an error means that nothing can
// be stored just now.
func (d *Desk) ReceivePending(ctx context.Context, limit int) (taken int, err error) {
	ctx = store.Patiently(ctx) // accepting the next mail goes first: whoever delivers it waits
	var pending []store.Incoming
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) { // each is locked when its turn comes
		pending, err = tx.PendingIncoming(d.now(), limit)
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
			_, wrong := d.receive(ctx, in)
			if wrong == nil {
				return
			}
			if aside := d.mailAside(ctx, in.ID, wrong); aside != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, fmt.Errorf("mail %d: %w", in.ID, aside))
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
	err := read.read(ctx)
	if err == nil {
		err = d.db.Write(ctx, func(tx *store.Tx) error {
			r := read // the function may run twice, each time from the start
			r.tx = tx
			err := r.decide()
			in = r.in
			return err
		})
	}
	return whatBecame(in), err
}

func whatBecame(in store.Incoming) Received {
	return Received{ID: in.ID, Outcome: in.Outcome, Ticket: in.Ticket, Reason: in.Reason}
}

// mostTries is how often a mail may fail for reasons nobody foresaw before it is set aside for good.
const mostTries = 3

// mailAside lets a mail that could not be turned into anything wait, each time twice as long, so that the others have their turn. What
// an operator can mend, a policy that cannot be read or a full disk, is tried again soon; after the third failure of any other
// kind the mail is a record that a person can open.
func (d *Desk) mailAside(ctx context.Context, id int64, cause error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d.log.ErrorContext(ctx, "a mail could not be received", "mail", id, "error", cause)
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		in, err := tx.IncomingForUpdate(id)
		if err != nil || in.State != store.Received { // another node could
			return err
		}
		pause := firstPause
		if fault.Is(cause, fault.Unavailable) {
			pause = untilMended
		}
		in.Again = now.Add(min(pause<<min(in.Tries, 20), longestMailPause))
		in.Reason = "it waits because it could not be worked on: " + shortened(cause.Error(), 300)
		if in.Tries++; in.Tries >= mostTries && !fault.Is(cause, fault.Unavailable) {
			in.State, in.Outcome, in.Reason = store.Unreadable, unreadable, "it could not be worked on three times: "+cause.Error()
		}
		return tx.SaveIncoming(&in)
	})
}

// untilMended is the first pause while an operator has something to mend: soon afterwards all is as before.
const untilMended = 10 * time.Second

// longestMailPause is the longest pause before a mail is tried again: somebody waits for an answer to it.
const longestMailPause = 15 * time.Minute

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
	if r.in.EnvelopeFrom != Unstated {
		a.ReturnPath = &r.in.EnvelopeFrom
	}
	return a
}

// settle writes down what became of the mail.
func (r *receiving) settle(state store.IncomingState, outcome string, ticketID int64, reason string) (bool, error) {
	r.in.State, r.in.Outcome, r.in.Ticket, r.in.Reason = state, outcome, ticketID, reason
	return true, nil
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
