// Package demo fills a desk with a support team's last nine days: people, tickets, mail, notes, reminders, after a quarter of
// ordinary ones for the reports. It writes nothing into the database itself. It plays a script through the same verbs that mail,
// agents and time use, with a clock that walks from three months ago until now, so that everything in the demo has happened the
// way it would have happened.
package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/mail"
	"hark/store"
)

// What whoever starts the demo needs to know.
const (
	Password   = "lark and field"
	Address    = "support@larkandfield.example"
	FirstAgent = ana
	brandName  = "Lark & Field"
)

// Clock is the time in the script. It stands still until the next thing happens.
type Clock struct{ at time.Time }

// NewClock starts the script's time before its first line.
func NewClock(now time.Time) *Clock { return &Clock{at: now.Add(-reach - 3*day)} }

// Now is the script's time.
func (c *Clock) Now() time.Time { return c.at }

// play is one performance of the script.
type play struct {
	desk    *desk.Desk
	clock   *Clock
	end     time.Time
	staff   map[string]account.Person
	brands  map[string]int64 // the other ones, by slug
	tickets map[*ticketStory]int64
	issues  map[string]int64        // known problems, by title
	tracker int64                   // of Northbound's engineers
	asked   map[*ticketStory]string // Message-ID of the last mail each customer could answer
}

// cue is one thing that happens at one instant.
type cue struct {
	at time.Time
	do func(ctx context.Context) error
}

// Fill plays the script on an empty desk whose clock is given, until now.
func Fill(ctx context.Context, d *desk.Desk, clock *Clock, now time.Time) error {
	p := &play{desk: d, clock: clock, end: now, staff: map[string]account.Person{}, brands: map[string]int64{}, tickets: map[*ticketStory]int64{}, issues: map[string]int64{}, asked: map[*ticketStory]string{}}
	if err := p.hire(ctx); err != nil {
		return err
	}
	for _, c := range p.cues() {
		if err := p.waitUntil(ctx, c.at); err != nil {
			return err
		}
		if err := c.do(ctx); err != nil {
			return err
		}
		if err := p.deliver(ctx); err != nil {
			return err
		}
	}
	return p.waitUntil(ctx, now)
}

// hire makes the brand, the team and the mailbox.
func (p *play) hire(ctx context.Context) error {
	if err := p.desk.NameFirstBrand(ctx, access.Clock, brandName); err != nil {
		return err
	}
	for _, s := range team {
		person, err := p.desk.AddPerson(ctx, access.Clock, desk.NewPerson{Email: s.email, Name: s.name, Role: access.Role(s.role), Password: Password, Zone: "America/New_York"})
		if err != nil {
			return err
		}
		p.staff[s.email] = person
	}
	if _, err := p.desk.AddMailbox(ctx, access.Clock, desk.NewMailbox{Address: Address}); err != nil {
		return err
	}
	if err := p.adopt(ctx); err != nil {
		return err
	}
	if err := p.openOthers(ctx); err != nil {
		return err
	}
	if err := p.stock(ctx); err != nil {
		return err
	}
	if err := p.wire(ctx); err != nil {
		return err
	}
	if err := p.promote(ctx); err != nil {
		return err
	}
	return p.writeHours(ctx)
}

// adopt applies the example policy with the agency's own name and address in it.
func (p *play) adopt(ctx context.Context) error {
	running, err := p.desk.ExportPolicy(ctx, access.Clock, 0)
	if err != nil {
		return err
	}
	own := strings.NewReplacer("support@example.com", Address, "company: The agency", "company: "+brandName)
	_, err = p.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "lark-and-field.yaml", Source: []byte(own.Replace(running.Source)), Reason: "Our own name and address."})
	return err
}

// cues are all lines of the script in the order of their time.
func (p *play) cues() []cue {
	var all []cue
	told := slices.Concat(history(p.end), stories, followedStories, escalatedStories, ratedStories)
	for i := range told {
		s := &told[i]
		began := p.end.Add(-s.ago)
		all = append(all, cue{began, func(ctx context.Context) error { return p.arrive(ctx, s) }})
		for _, one := range s.steps {
			all = append(all, cue{began.Add(one.after), func(ctx context.Context) error { return p.step(ctx, s, one) }})
		}
	}
	all = append(all, p.callCues()...)
	all = append(all, p.phoneCues()...)
	all = append(all, p.heardCues()...)
	all = append(all, p.newsCues()...)
	all = append(all, p.helpCues()...)
	all = append(all, p.engineerCues()...)
	all = append(all, p.communityCues()...)
	slices.SortStableFunc(all, func(a, b cue) int { return a.at.Compare(b.at) })
	return slices.DeleteFunc(all, func(c cue) bool { return c.at.After(p.end) })
}

// waitUntil lets time pass, stopping at everything that is due on the way.
func (p *play) waitUntil(ctx context.Context, to time.Time) error {
	for {
		next, err := p.desk.NextDue(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(to) {
			p.clock.at = to
			return p.deliver(ctx)
		}
		if next.After(p.clock.at) {
			p.clock.at = next
		}
		fired, err := p.desk.PassTime(ctx)
		if err != nil || fired == 0 {
			p.clock.at = to
			return err
		}
		if err := p.deliver(ctx); err != nil {
			return err
		}
	}
}

// arrive is the customer's first mail.
func (p *play) arrive(ctx context.Context, s *ticketStory) error {
	draft := mail.Draft{From: mail.Address{Name: s.name, Email: s.from}, To: mail.Address{Email: s.address()}, Subject: s.subject, Text: s.body, HTML: s.html}
	if s.file != "" {
		draft.Attachments = []mail.Attachment{picture(s.file)}
	}
	received, err := p.mail(ctx, s, draft)
	if err != nil {
		return err
	}
	p.tickets[s] = received.Ticket
	if s.kind == "" {
		return nil
	}
	_, err = p.desk.Set(ctx, p.staff[ana].Actor(), desk.Set{Ticket: received.Ticket, Kind: &s.kind})
	return err
}

func (p *play) mail(ctx context.Context, s *ticketStory, draft mail.Draft) (desk.Received, error) {
	draft.Date = p.clock.at
	draft.MessageID = fmt.Sprintf("<%d.%s@%s>", p.clock.at.UnixMicro(), strings.Split(s.from, "@")[0], strings.Split(s.from, "@")[1])
	raw, err := mail.Compose(draft)
	if err != nil {
		return desk.Received{}, err
	}
	accepted, err := p.desk.Accept(ctx, desk.Envelope{From: s.from, To: []string{draft.To.Email}, Remote: "demo", At: p.clock.at}, raw)
	if err != nil {
		return desk.Received{}, err
	}
	received, err := p.desk.Receive(ctx, accepted.ID)
	if err == nil && received.Ticket == 0 {
		err = fault.New(fault.Refused, "the demo's mail %q became no ticket: %s %s", s.subject, received.Outcome, received.Reason)
	}
	return received, err
}

// step is one later thing in a story.
func (p *play) step(ctx context.Context, s *ticketStory, one step) error {
	actor, id := p.staff[one.by].Actor(), p.tickets[s]
	if one.assign != "" {
		to := p.staff[one.assign].ID
		if _, err := p.desk.Set(ctx, actor, desk.Set{Ticket: id, Assignee: &to}); err != nil {
			return err
		}
	}
	var err error
	switch {
	case one.answer != "":
		_, err = p.desk.Answer(ctx, actor, desk.Answer{Ticket: id, Text: one.answer, Status: one.status, Via: "web"})
		p.clock.at = p.clock.at.Add(desk.UndoWindow) // nobody takes it back, so it leaves
	case one.phase != "":
		_, err = p.desk.MovePhase(ctx, actor, desk.MovePhase{Ticket: id, Phase: one.phase, Said: one.said, Via: "web"})
		p.clock.at = p.clock.at.Add(desk.UndoWindow)
	case one.known != "":
		err = p.report(ctx, actor, id, one.known)
	case one.fixed != "":
		err = p.desk.ConfirmFix(ctx, actor, desk.ConfirmFix{Issue: p.issues[one.fixed]})
	case one.escalates != "":
		err = p.asks(ctx, s, one.escalates)
	case one.clause != "":
		_, err = p.desk.DecideScope(ctx, actor, desk.DecideScope{Ticket: id, Clause: one.clause, Via: "web"})
	case one.sends != "":
		_, err = p.desk.SendPrepared(ctx, actor, desk.Prepared{Ticket: id, Message: one.sends, Status: one.status})
		p.clock.at = p.clock.at.Add(desk.UndoWindow)
	case one.note != "":
		_, err = p.desk.Note(ctx, actor, desk.Note{Ticket: id, Text: one.note, Via: "web"})
	case one.reply != "":
		var received desk.Received
		received, err = p.mail(ctx, s, p.reply(s, one.reply))
		p.tickets[s] = received.Ticket // another one when the first was closed
	case one.rate != "":
		err = p.rates(ctx, s, one)
	case one.machine != "":
		draft := p.reply(s, one.machine)
		draft.Automatic = "auto-replied"
		_, err = p.mail(ctx, s, draft)
	}
	return err
}

// address is where the customer writes to.
func (s *ticketStory) address() string { return cmp.Or(s.to, Address) }

// reply is a customer's answer to the last mail they got.
func (p *play) reply(s *ticketStory, text string) mail.Draft {
	return mail.Draft{From: mail.Address{Name: s.name, Email: s.from}, To: mail.Address{Email: s.address()}, Subject: "Re: " + s.subject, Text: text, InReplyTo: p.asked[s], References: []string{p.asked[s]}}
}

// deliver sends what is due to nobody: the outgoing mail is the demo's letter box.
func (p *play) deliver(ctx context.Context) error {
	for {
		mails, err := p.desk.ClaimMail(ctx, 50, time.Minute)
		if err != nil || len(mails) == 0 {
			return err
		}
		for _, m := range mails {
			p.remember(m)
			if err := p.desk.MailAttempted(ctx, m, desk.Attempted{State: "sent", Phase: "done", Code: 250, Text: "kept for you", Host: "the mail catcher"}); err != nil {
				return err
			}
		}
	}
}

func (p *play) remember(m store.Outgoing) {
	for s, id := range p.tickets {
		if id == m.Ticket {
			p.asked[s] = m.MessageID
		}
	}
}

// picture is a small real image, so that attachments can be opened.
func picture(name string) mail.Attachment {
	kind := "image/png"
	if strings.HasSuffix(name, ".jpg") {
		kind = "image/jpeg"
	}
	return mail.Attachment{Name: name, Type: kind, Content: drawing(kind)}
}
