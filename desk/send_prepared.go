package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hark/access"
	"hark/account"
	"hark/fault"
	"hark/mail"
	"hark/policy"
	"hark/store"
)

// Prepared messages on a call: the system emails of seed 001. They are the policy's words, sent because a person chose so.

// send plans the message of a line to the caller. What cannot be sent does not stop the call: the screen says why, and offers
// another address.
func (c *calling) send(line policy.WalkLine) error {
	if err := may(c.a, access.SendPrepared); err != nil {
		return err
	}
	if c.call.Person == 0 {
		return c.cannotSend(line.Message, "nobody is chosen, so there is no address")
	}
	to, err := c.tx.Person(c.call.Person)
	if err != nil {
		return err
	}
	if sent, err := c.hasSent(line, to); err != nil || sent {
		return err // it has left before somebody went back
	}
	why, err := c.d.gate(c.tx, automatic{to: to, now: c.now})
	if err != nil {
		return err
	}
	if why == "" && !policy.Surer(c.call.Grade, c.policy.Doc.Messages[line.Message].NeedsCaller) {
		why = "we are not sure enough who calls"
	}
	if why != "" {
		return c.cannotSend(line.Message, why)
	}
	return c.mailCaller(line.Step, line.Message, to)
}

// hasSent reports whether the message of a line has gone to this caller already, in the same words.
func (c *calling) hasSent(line policy.WalkLine, to account.Person) (bool, error) {
	for _, m := range c.mails {
		if m.Step != line.Step || m.State == store.Cancelled {
			continue
		}
		if same, err := c.isSent(m, line.Message, to); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// isSent reports whether a mail is this message to one of somebody's own addresses, in the words that it has for them now.
func (c *calling) isSent(m store.PhoneMail, message string, to account.Person) (bool, error) {
	if m.Message != message || !slices.Contains(append(to.Addresses, account.FoldAddress(to.Email)), account.FoldAddress(m.To)) {
		return false, nil
	}
	_, now, err := c.policy.Message(message, c.data(message, to))
	if err != nil {
		return false, noFault(err)
	}
	was, _, err := c.asSent(m)
	return slices.Equal(strings.Fields(was), strings.Fields(now)), err
}

// noFault lets only errors through that are nobody's words.
func noFault(err error) error {
	if fault.KindOf(err) != "" {
		return nil
	}
	return err
}

// asSent are the words and the files that a mail was planned with, whatever the policy, the library or the caller have become since.
func (c *calling) asSent(m store.PhoneMail) (text string, files []mail.Attachment, err error) {
	raw, err := c.tx.OutgoingRaw(access.Clock, m.ID)
	if err != nil {
		return "", nil, err
	}
	read, err := mail.Parse(raw)
	if err != nil {
		return "", nil, nil
	}
	return strings.TrimSpace(read.Text), read.Attachments, nil
}

func (c *calling) cannotSend(message, why string) error {
	return c.tell(eventUnsent, "“"+c.policy.MessageName(message)+"” was not sent: "+why)
}

// mailCaller plans one message to one address. It waits for as long as it can be taken back.
func (c *calling) mailCaller(step, message string, to account.Person) error {
	n, err := c.written(message, to)
	if fault.KindOf(err) != "" {
		return c.cannotSend(message, fault.Says(err))
	}
	if err != nil {
		return err
	}
	n.key, n.undo = fmt.Sprintf("call/%d/%d/%s/%s", c.call.ID, len(c.mails)+1, step, message), true
	id, err := c.d.mailOne(c.tx, to, c.call.Brand, n, c.now)
	if err != nil {
		return err
	}
	if err := c.tx.AddPhoneMail(c.call.ID, id, step, message); err != nil {
		return err
	}
	if err = c.readLetters(); err != nil {
		return err
	}
	return c.tell(eventMailed, "“"+c.policy.MessageName(message)+"” to "+to.Email)
}

// written is a message of the policy as it reads for this caller, with the files that it carries.
func (c *calling) written(message string, to account.Person) (notice, error) {
	subject, body, err := c.policy.Message(message, c.data(message, to))
	if err != nil {
		return notice{}, err
	}
	files, err := c.d.carried(c.tx, c.call.Brand, c.policy, message)
	return notice{template: message, subject: subject, text: body + "\n", files: files.content}, err
}

// data is what a message of a call can speak of.
func (c *calling) data(message string, to account.Person) map[string]string {
	known := map[string]string{
		"requester.name": to.Display(), "company.name": c.policy.Doc.Company, "agent.name": firstName(c.call.AgentName),
		"licence.site": c.call.Site, "call.number": c.call.Number,
	}
	data := map[string]string{}
	for _, name := range c.policy.Needs(message) {
		if says := known[name]; says != "" {
			data[name] = says
		}
	}
	return data
}

// takeBack takes the mail of a line back that is gone from the run, while it is still here.
func (c *calling) takeBack(gone policy.WalkLine) error {
	if gone.Kind != policy.WalkSend {
		return nil
	}
	for _, m := range c.mails {
		if m.Step == gone.Step && m.Message == gone.Message && m.State == store.HeldBack {
			if _, err := c.cancel(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *calling) cancel(m store.PhoneMail) (taken bool, err error) {
	if taken, err = c.tx.CancelOutgoing(m.ID); err != nil || !taken {
		return taken, err
	}
	if err = c.readLetters(); err != nil {
		return taken, err
	}
	return taken, c.tell(eventTaken, "“"+c.policy.MessageName(m.Message)+"” was taken back before it left")
}

// TakeBackPhoneMail takes a mail of a call back within ten seconds, and with it the choice that has sent it.
func (d *Desk) TakeBackPhoneMail(ctx context.Context, a access.Actor, call, outgoing int64) error {
	return d.onLine(ctx, a, call, func(c *calling) error {
		m, err := c.letter(outgoing)
		if err != nil {
			return err
		}
		taken := false
		if m.State == store.HeldBack {
			taken, err = c.cancel(m)
		}
		if err == nil && !taken {
			err = fault.New(fault.Refused, "it is too late to take this mail back; it has left")
		}
		return orElse(err, c.undone(m))
	})
}

// undone goes back to the choice that sent a mail which was taken back: then nothing has happened, and nobody tells the caller of a mail
// that does not come. Where more was answered since, or the choice has sent something else that stays, the run stays too.
func (c *calling) undone(m store.PhoneMail) error {
	n := len(c.kept.Answers)
	stays := slices.ContainsFunc(c.mails, func(other store.PhoneMail) bool { return other.Step == m.Step && other.State != store.Cancelled })
	if stays || n == 0 || c.kept.Answers[n-1].Step != m.Step {
		return c.think()
	}
	return c.back()
}

func (c *calling) letter(outgoing int64) (store.PhoneMail, error) {
	i := slices.IndexFunc(c.mails, func(m store.PhoneMail) bool { return m.ID == outgoing })
	if i < 0 {
		return store.PhoneMail{}, fault.New(fault.NotFound, "there is no such mail on this call")
	}
	return c.mails[i], nil
}

// SendElsewhere sends a message of a call once more, to another address that the caller names, because it did not arrive (S1-20). The
// address is used for this mail alone and becomes nobody's. A message that needs a sure caller goes to their own addresses only,
// unless they have proved who they are. It passes the gate like every message of the policy, and a form sends it once.
func (d *Desk) SendElsewhere(ctx context.Context, a access.Actor, in Elsewhere) error {
	if err := may(a, access.SendPrepared); err != nil {
		return err
	}
	to, err := mail.NewAddress(strings.TrimSpace(in.Address))
	if err != nil {
		return err
	}
	return d.onLine(ctx, a, in.Call, func(c *calling) error {
		_, err := onceNumbered(c.tx, a, "send-to", in.Key, c.now, func() (int64, error) { return in.Call, c.sendTo(to, in.Message) })
		return orElse(err, c.think())
	})
}

// Elsewhere is a message of a call that goes to another address.
type Elsewhere struct {
	Call    int64
	Message string
	Address string
	Key     string // of the form (D7)
}

func (c *calling) sendTo(address, message string) error {
	if err := c.mayGoTo(message, address); err != nil {
		return err
	}
	person, err := c.tx.Person(c.call.Person)
	if err != nil {
		return err
	}
	person = person.At(address)
	why, err := c.d.gate(c.tx, automatic{to: person, now: c.now})
	if err == nil && why != "" {
		err = fault.New(fault.Refused, "“%s” was not sent: %s", c.policy.MessageName(message), why)
	}
	if err != nil {
		return err
	}
	return c.mailCaller(c.run.At, message, person)
}

func (c *calling) mayGoTo(message, to string) error {
	spoken := slices.ContainsFunc(c.run.Lines, func(l policy.WalkLine) bool { return l.Kind == policy.WalkSend && l.Message == message })
	own, err := c.d.isOwn(c.tx, to)
	switch {
	case err != nil:
		return err
	case !spoken || c.call.Person == 0:
		return fault.New(fault.NotFound, "this call has not come to such a message")
	case own:
		return ownAddress(to)
	}
	person, err := c.tx.Person(c.call.Person)
	onFile := slices.Contains(person.Addresses, account.FoldAddress(to))
	if err == nil && !onFile && c.policy.Doc.Messages[message].NeedsCaller != "" && c.call.Grade != policy.Verified {
		err = fault.New(fault.Refused, "“%s” goes only to an address we have on file: %s. Read it aloud, or make sure of the caller by a code.", c.policy.MessageName(message), strings.Join(person.Addresses, ", "))
	}
	return err
}

// tellCall lets the screen of a call know that one of its mails stands differently.
func tellCall(tx *store.Tx, outgoing int64) error {
	call, err := tx.CallOfMail(outgoing)
	if err == nil && call != 0 {
		tx.CallChanged(call)
	}
	return err
}
