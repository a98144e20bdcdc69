package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"hark/access"
	"hark/fault"
	"hark/policy"
	"hark/store"
)

// Telephone calls as they happen. A call is a record of its own: it may belong to a ticket or to none, to somebody known or to
// nobody. The policy's procedure leads through it, by the version it began with (S1-21), and fills the record in: who it was,
// what support they have and why, what it was about, which mails left (S1-22). Nobody types any of that.

// calling is a call at hand: the record, its run, and what the policy makes of them.
type calling struct {
	d      *Desk
	tx     *store.Tx
	a      access.Actor
	now    time.Time
	call   store.PhoneCall
	kept   store.ProcedureRun
	policy *policy.Policy
	run    policy.Run
	mails  []store.PhoneMail
	codes  []store.PhoneMail // mails with a code: their words are the caller's alone
	unsent bool              // the newest message could not be sent at all
	closed bool              // the record was kept before; the run says nothing new to it
}

// onLine lets something happen on a call of the actor's own that is not over yet, in one transaction. A record stays as it was kept.
func (d *Desk) onLine(ctx context.Context, a access.Actor, id int64, do func(c *calling) error) error {
	return d.withCall(ctx, a, id, func(c *calling) error {
		if err := c.mine(); err != nil {
			return err
		}
		if err := c.going(); err != nil {
			return err
		}
		return do(c)
	})
}

func (c *calling) mine() error {
	if c.call.Agent != c.a.Person {
		return fault.New(fault.Refused, "%s has this call; take it over first", cmp.Or(c.call.AgentName, "nobody"))
	}
	return nil
}

// withCall is onLine for whatever may happen on anybody's call.
func (d *Desk) withCall(ctx context.Context, a access.Actor, id int64, do func(c *calling) error) error {
	if err := may(a, access.TakeCalls); err != nil {
		return err
	}
	now := d.now()
	return d.db.Write(ctx, func(tx *store.Tx) error {
		call, err := tx.PhoneCallForUpdate(a, id)
		if err != nil {
			return err
		}
		c, err := d.calling(tx, a, call, now)
		if err != nil {
			return err
		}
		if err := do(c); err != nil {
			return err
		}
		return c.save()
	})
}

// calling reads what belongs to a call.
func (d *Desk) calling(tx *store.Tx, a access.Actor, call store.PhoneCall, now time.Time) (c *calling, err error) {
	c = &calling{d: d, tx: tx, a: a, now: now, call: call, closed: call.State == store.PhoneRecorded}
	if call.Run == 0 {
		return c, c.withoutRun()
	}
	if c.kept, err = tx.ProcedureRun(call.Run); err != nil {
		return c, err
	}
	if c.policy, err = d.rules.of(tx, c.kept.Policy); err != nil {
		return c, err
	}
	return c, c.think()
}

// withoutRun is a call of a brand whose policy says nothing about calls: it has a record all the same.
func (c *calling) withoutRun() error {
	version, err := c.d.rules.running(c.tx, c.call.Brand, c.now)
	if err == nil {
		c.policy, err = c.d.rules.of(c.tx, version)
	}
	return err
}

// think works out where the run stands.
func (c *calling) think() (err error) {
	if err = c.readLetters(); err != nil {
		return err
	}
	if err = c.look(); err != nil || c.call.Run == 0 {
		return err
	}
	answers := make([]policy.RunAnswer, len(c.kept.Answers))
	for i, a := range c.kept.Answers {
		answers[i] = policy.RunAnswer{Step: a.Step, Key: a.Key, Said: a.Said}
	}
	c.run, err = c.policy.Run(c.kept.Procedure, c.facts(), answers, c.call.Began)
	return err
}

// readLetters reads the mails of the call, those with a code apart.
func (c *calling) readLetters() error {
	all, err := c.tx.PhoneMails(access.Clock, c.call.ID)
	c.mails, c.codes = nil, nil
	for _, m := range all {
		if m.Message == "" {
			c.codes = append(c.codes, m)
		} else {
			c.mails = append(c.mails, m)
		}
	}
	return err
}

// look sees whether the newest message could not even be planned.
func (c *calling) look() error {
	events, err := c.tx.PhoneEvents(access.Clock, c.call.ID)
	for _, e := range events {
		switch e.What {
		case eventMailed:
			c.unsent = false
		case eventUnsent:
			c.unsent = true
		}
	}
	return err
}

// facts are what the run may look at: what is known of the caller, how sure that is, and how the newest mail stands.
func (c *calling) facts() map[string]any {
	facts := maps.Clone(c.kept.Facts)
	if facts == nil {
		facts = map[string]any{}
	}
	facts[policy.CallerGrade] = cmp.Or(c.call.Grade, policy.Claimed)
	if c.call.Person != 0 {
		facts[policy.CallerKnown] = true
	}
	if state := c.mailState(); state != "" {
		facts[policy.CallMail] = state
	}
	return facts
}

// mailState is how the newest mail of the call stands, in the words of the policy; "" while there is none.
func (c *calling) mailState() string {
	if c.unsent {
		return "rejected"
	}
	for _, m := range slices.Backward(c.mails) {
		if m.State != store.Cancelled {
			return MailStands(m.State)
		}
	}
	return ""
}

// MailStands is a mail's state as the policy speaks of it on a call: leaving, delivered, delayed, rejected.
func MailStands(s store.OutgoingState) string {
	switch s {
	case store.Sent:
		return "delivered"
	case store.Deferred, store.Uncertain:
		return "delayed"
	case store.Failed:
		return "rejected"
	}
	return "leaving"
}

// save stores the call with what the run has found out.
func (c *calling) save() error {
	if c.call.Run != 0 && !c.closed {
		c.call.Level, c.call.Row, c.call.Because, c.call.Problem = c.run.Level, c.run.Row, c.run.Because, c.run.Problem
		if c.call.State != store.PhoneRecorded {
			c.call.Outcome = c.policy.CallOutcome(c.run.End)
		}
		c.kept.Step, c.kept.Ended = c.run.At, c.run.End
		switch {
		case c.run.End == "":
			c.kept.EndedAt = time.Time{}
		case c.kept.EndedAt.IsZero():
			c.kept.EndedAt = c.now
		}
		if err := c.tx.SaveProcedureRun(&c.kept); err != nil {
			return err
		}
	}
	return c.tx.SavePhoneCall(&c.call)
}

// What happened on a call, as its lines say it.
const (
	eventBegan    = "began"
	eventChose    = "chose"
	eventAnswered = "answered"
	eventBack     = "back"
	eventMailed   = "mailed"
	eventUnsent   = "unsent"
	eventTaken    = "taken back"
	eventLeft     = "left"
	eventNoted    = "noted"
	eventParked   = "parked"
	eventResumed  = "resumed"
	eventHanded   = "handed over"
	eventHungUp   = "hung up"
	eventRecorded = "recorded"
	eventSure     = "verified"
	eventCode     = "code"
	eventWrong    = "wrong code"
	eventTask     = "passed on"
	eventTicketed = "ticketed"
)

// tell adds a line to the call's own history.
func (c *calling) tell(what, says string) error {
	return c.tx.AddPhoneEvent(&store.PhoneEvent{Call: c.call.ID, Author: c.a.Person, At: c.now, What: what, Says: says})
}

// goes on from how the run stood before: what is new in it is done, and what is gone from it is taken back where it can be.
func (c *calling) goOn(before policy.Run) error {
	if err := c.think(); err != nil {
		return err
	}
	c.prune()
	for _, gone := range newLines(before.Lines, c.run.Lines) {
		if err := c.takeBack(gone); err != nil {
			return err
		}
	}
	for _, line := range newLines(c.run.Lines, before.Lines) {
		if err := c.do(line); err != nil {
			return err
		}
	}
	return c.think()
}

// prune forgets answers to steps that the run does not come to any more.
func (c *calling) prune() {
	var kept []store.PhoneAnswer
	for _, i := range c.run.Taken {
		kept = append(kept, c.kept.Answers[i])
	}
	c.kept.Answers = kept
}

// newLines are the lines that the others do not have.
func newLines(lines, others []policy.WalkLine) (fresh []policy.WalkLine) {
	type line struct {
		kind                    policy.WalkKind
		step, message, says, to string
	}
	count := map[line]int{}
	for _, l := range others {
		count[line{l.Kind, l.Step, l.Message, l.Says, l.To}]++
	}
	for _, l := range lines {
		this := line{l.Kind, l.Step, l.Message, l.Says, l.To}
		if count[this]--; count[this] < 0 {
			fresh = append(fresh, l)
		}
	}
	return fresh
}

// do makes one line of the procedure real.
func (c *calling) do(line policy.WalkLine) error {
	switch line.Kind {
	case policy.WalkSend:
		return c.send(line)
	case policy.WalkNote:
		return c.tell(eventNoted, line.Says)
	case policy.WalkTask:
		c.call.Task = line.Says
		return c.tell(eventNoted, "To do: "+line.Says)
	case policy.WalkAssign:
		return c.tell(eventNoted, "For "+strings.ReplaceAll(line.To, "_", " "))
	}
	return nil
}

// Mark is another number after everything that a screen should show.
func (p PhonePage) Mark() (mark int64) {
	mark = int64(len(p.Events)) * 100
	for _, m := range slices.Concat(p.Mails, p.Codes) {
		mark += int64(slices.Index([]store.OutgoingState{store.HeldBack, store.Queued, store.Sending, store.Deferred, store.Uncertain, store.Sent, store.Failed, store.Cancelled}, m.State))
	}
	return mark
}

// mostEarlier is how many earlier calls a screen shows.
const mostEarlier = 5

// PhonePage reads a call for whoever answers the phone. query is what somebody looks for; without one, the website that the caller
// named or the number that rings.
func (d *Desk) PhonePage(ctx context.Context, a access.Actor, id int64, query string) (page PhonePage, err error) {
	if err := may(a, access.TakeCalls); err != nil {
		return page, err
	}
	now := d.now()
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		call, err := tx.PhoneCall(a, id)
		if err != nil {
			return err
		}
		c, err := d.calling(tx, a, call, now)
		if err == nil && call.Run == 0 {
			err = c.think()
		}
		if err != nil {
			return err
		}
		page, err = c.page(query)
		return err
	})
	return page, err
}

// countedCalls is how far back the report of calls looks.
const countedCalls = 30 * 24 * time.Hour
