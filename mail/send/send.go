// Package send takes finished mails to other mail servers and says exactly what became of each.
//
// SMTP has one gap that cannot be closed: between the dot that ends a mail and the answer to it, the mail may have arrived
// or not. So a sender has to know at every moment which phase of the dialogue it is in. Before the dot nothing was
// delivered, and trying again is safe. After the answer everything is known. In between the result is "uncertain", which
// people are told, and which is tried again only once and only after the other server must have made up its mind
// (RFC 5321, 4.5.3.2.6), with the same octets, so that it can be recognised as the same mail.
//
// One mail goes to one recipient. A Sender sends one; the Worker takes mails that are due from a Queue and hands them to a
// Sender, a few at a time, and fewer to a host in trouble. What a result means for the ticket, and when a deferred mail is
// tried again, is decided by the desk.
package send

import (
	"context"
	"time"
)

// Message is one mail for one recipient.
type Message struct {
	From string // return path, "" for the null sender of automatic mail (RFC 3834)
	To   string
	Raw  []byte // header and body; line ends become CR LF on the way
	Via  string // which way out, for Routes; "" for the desk's own
}

// Phase is how far a dialogue has come.
type Phase string

// The phases in the order in which they happen.
const (
	Connect  Phase = "connect"
	Banner   Phase = "banner"
	Hello    Phase = "ehlo"
	StartTLS Phase = "starttls"
	SignIn   Phase = "auth"
	MailFrom Phase = "mail"
	RcptTo   Phase = "rcpt"
	Data     Phase = "data"
	Body     Phase = "body"
	FinalDot Phase = "final-dot" // from the dot until its answer: the only phase in which a mail is neither sent nor unsent
	Done     Phase = "done"
)

// Interrupted is what became of a mail whose sender died in phase p, for example because the process was killed.
func (p Phase) Interrupted() State {
	switch p {
	case FinalDot:
		return Uncertain
	case Done:
		return Sent
	}
	return Deferred
}

// State is what became of one attempt.
type State string

// The four outcomes, and Postponed for a mail that was not tried at all.
const (
	Sent      State = "sent"      // the other server has taken it and answered so
	Deferred  State = "deferred"  // not delivered, worth trying again
	Failed    State = "failed"    // not delivered, and it will not be
	Uncertain State = "uncertain" // the dot was sent and not answered
	Postponed State = "postponed" // not tried, because its host is busy or asked for a break; no attempt is counted
)

// Result is one attempt in full.
type Result struct {
	State     State
	Phase     Phase     // where it ended; Done when the server has answered the dot
	Code      int       // of the server's reply, 0 when it gave none
	Enhanced  string    // "5.1.1", "" when the server gave none (RFC 3463)
	Text      string    // the server's words, or ours when it said nothing
	Host      string    // the server asked last
	NotBefore time.Time // earliest next attempt when the host needs a break, else zero
}

// Sender makes one attempt. observe is called when a phase begins; when it returns an error for any phase up to and
// including FinalDot, the dialogue ends there and the dot is never sent. Send returns in bounded time whatever the other
// server does, and sooner when ctx ends.
type Sender interface {
	Send(ctx context.Context, m Message, observe func(Phase) error) Result
	Host(m Message) string // what concurrency and breaks are counted by
}

// Routes is a Sender that takes another way for some messages: mailboxes may have a mail server of their own.
type Routes struct {
	Default Sender
	Find    func(ctx context.Context, via string) (Sender, error)
}

// Send uses the way that m.Via names. When there is none just now, the mail is deferred.
func (r Routes) Send(ctx context.Context, m Message, observe func(Phase) error) Result {
	s, err := r.find(ctx, m)
	if err != nil {
		return Result{State: Deferred, Phase: Connect, Text: err.Error(), Host: m.Via}
	}
	return s.Send(ctx, m, observe)
}

// Host asks the way that m.Via names.
func (r Routes) Host(m Message) string {
	s, err := r.find(context.Background(), m)
	if err != nil {
		return m.Via
	}
	return s.Host(m)
}

func (r Routes) find(ctx context.Context, m Message) (Sender, error) {
	if m.Via == "" {
		return r.Default, nil
	}
	return r.Find(ctx, m.Via)
}
